/* The parts of the SAM lowering that stand by themselves: hashes, drafts of documents. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/digest.h"
#include "template/sam/draft.h"

/* FIPS 180-4 examples, and lengths around a block. */
static void sha1_is_that_of_the_standard(void **state) {
    (void)state;
    static const struct { const char *text, *hex; } rows[] = {
        { "", "da39a3ee5e6b4b0d3255bfef95601890afd80709" },
        { "abc", "a9993e364706816aba3e25717850c26c9cd0d89d" },
        { "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", "84983e441c3bd26ebaae4aa1f95129e5e54670f1" },
        { "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "c1c8bbdc22796e28c0e15163d20899b65621d65a" },
        { "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "0098ba824b5c16427bd7a1122a5a442a25ec644d" },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        arena *a = arena_make(0, NULL);
        unsigned char digest[20];
        sha1_bytes(slice_from(rows[i].text), digest);
        assert_true(slice_is(hex_of(a, digest, sizeof digest), rows[i].hex));
        arena_free(a);
    }
}

static const char *json(arena *a, const doc_node *n) {
    buf b = { .arena = a };
    json_out out = { .out = &b };
    doc_write_json(n, &out, 100);
    return arena_copy(a, buf_as_slice(&b)).at;
}

static void a_draft_changes_its_copy_and_not_the_document(void **state) {
    (void)state;
    arena *a = arena_make(0, NULL);
    drafts d = { .a = a };
    const doc_node *read = doc_parse_yaml(a, SLICE("a: {b: [1, 2]}\nc: {d: e}\n"), 0, NULL);
    draft *m = draft_of(&d, read);
    draft_push(&d, draft_get(&d, draft_get(&d, m, SLICE("a")), SLICE("b")), draft_int(&d, m->at, 3));
    draft_put(&d, m, SLICE("f"), draft_string(&d, m->at, SLICE("g")));
    draft_remove(&d, m, SLICE("nothing"));
    const doc_node *made = draft_freeze(&d, m);
    assert_string_equal(json(a, made), "{\"a\":{\"b\":[1,2,3]},\"c\":{\"d\":\"e\"},\"f\":\"g\"}");
    assert_string_equal(json(a, read), "{\"a\":{\"b\":[1,2]},\"c\":{\"d\":\"e\"}}");
    assert_ptr_equal(doc_get(made, SLICE("c")), doc_get(read, SLICE("c")));      /* not opened: the same */
    arena_free(a);
}

static void a_draft_in_two_places_is_one_shared_node(void **state) {
    (void)state;
    arena *a = arena_make(0, NULL);
    drafts d = { .a = a };
    draft *one = draft_map(&d, (pos){ 0, 1, 1 }), *m = draft_map(&d, (pos){ 0, 1, 1 });
    draft_put(&d, m, SLICE("x"), one);
    draft_put(&d, m, SLICE("y"), one);
    const doc_node *made = draft_freeze(&d, m);
    assert_ptr_equal(doc_get(made, SLICE("x")), doc_get(made, SLICE("y")));
    assert_true(doc_get(made, SLICE("x"))->shared);
    arena_free(a);
}

static void keys_of_large_drafts_are_found_after_removals(void **state) {
    (void)state;
    arena *a = arena_make(0, NULL);
    drafts d = { .a = a };
    draft *m = draft_map(&d, (pos){ 0, 1, 1 });
    for (int i = 0; i < 100; i++)
        draft_put(&d, m, arena_printf(a, "k%d", i), draft_int(&d, m->at, i));
    draft_remove(&d, m, SLICE("k10"));
    assert_null(draft_get(&d, m, SLICE("k10")));
    assert_int_equal(draft_get(&d, m, SLICE("k11"))->node->integer, 11);
    assert_int_equal(draft_get(&d, m, SLICE("k99"))->node->integer, 99);
    draft_put(&d, m, SLICE("k11"), draft_int(&d, m->at, 7));
    assert_int_equal(draft_get(&d, m, SLICE("k11"))->node->integer, 7);
    assert_int_equal(m->entries.len, 99);
    arena_free(a);
}

static void what_is_opened_is_limited(void **state) {
    (void)state;
    arena *a = arena_make(0, NULL);
    drafts d = { .a = a, .opened = DRAFT_MAX_OPENED - 2 };
    const doc_node *read = doc_parse_yaml(a, SLICE("x: {a: 1, b: 2}\ny: {a: 1, b: 2}\n"), 0, NULL);
    draft *x = draft_of(&d, doc_get(read, SLICE("x"))), *y = draft_of(&d, doc_get(read, SLICE("y")));
    assert_non_null(draft_get(&d, x, SLICE("a")));
    assert_false(d.too_large);
    assert_null(draft_get(&d, y, SLICE("a")));
    assert_true(d.too_large);
    arena_free(a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sha1_is_that_of_the_standard),
        cmocka_unit_test(a_draft_changes_its_copy_and_not_the_document),
        cmocka_unit_test(a_draft_in_two_places_is_one_shared_node),
        cmocka_unit_test(keys_of_large_drafts_are_found_after_removals),
        cmocka_unit_test(what_is_opened_is_limited),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
