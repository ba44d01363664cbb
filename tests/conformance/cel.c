/* CEL's own simple conformance tests: rows of {"id", "expr", "vars", "want"} (the format is told beside the file). */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "cel/cel.h"
#include "conformance.h"
#include "doc/doc.h"

/* ---- a row's typed values ---- */

static slice base64(arena *a, slice text) {
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    buf out = { .arena = a };
    uint32_t bits = 0;
    unsigned have = 0;
    for (size_t i = 0; i < text.len && text.at[i] != '='; i++) {
        bits = bits << 6 | (uint32_t)slice_find(SLICE(digits), text.at[i]);
        have += 6;
        if (have >= 8) {
            have -= 8;
            buf_char(&out, (char)(unsigned char)(bits >> have & 0xFF));
        }
    }
    return buf_as_slice(&out);
}

static cel_value typed(arena *a, const doc_node *n) {
    slice kind = n->map.at[0].key;
    const doc_node *v = n->map.at[0].value;
    if (slice_is(kind, "int")) return cel_int(strtoll(arena_copy(a, v->text).at, NULL, 10));
    if (slice_is(kind, "uint")) return (cel_value){ .kind = CEL_UINT, .natural = strtoull(arena_copy(a, v->text).at, NULL, 10) };
    if (slice_is(kind, "double")) return cel_double(strtod(arena_copy(a, v->text).at, NULL));
    if (slice_is(kind, "string")) return cel_string(v->text);
    if (slice_is(kind, "bytes")) return (cel_value){ .kind = CEL_BYTES, .text = base64(a, v->text) };
    if (slice_is(kind, "bool")) return cel_bool(v->boolean);
    if (slice_is(kind, "null")) return cel_null();
    if (slice_is(kind, "type")) return (cel_value){ .kind = CEL_TYPE, .text = v->text };
    if (slice_is(kind, "list")) {
        cel_value *items = ARENA_ARRAY(a, cel_value, v->list.len);
        for (size_t i = 0; i < v->list.len; i++) items[i] = typed(a, v->list.at[i]);
        return cel_list(items, v->list.len);
    }
    if (slice_is(kind, "map")) {
        cel_value *pairs = ARENA_ARRAY(a, cel_value, 2 * v->list.len);
        for (size_t i = 0; i < v->list.len; i++)
            for (size_t k = 0; k < 2; k++) pairs[2 * i + k] = typed(a, v->list.at[i]->list.at[k]);
        return (cel_value){ .kind = CEL_MAP, .map = { pairs, v->list.len } };
    }
    if (slice_is(kind, "timestamp") || slice_is(kind, "duration")) {
        cel_kind time = slice_is(kind, "timestamp") ? CEL_TIMESTAMP : CEL_DURATION;
        return (cel_value){ .kind = time, .integer = v->list.at[0]->integer, .nanos = (int32_t)v->list.at[1]->integer };
    }
    return cel_unknown(kind);
}

/* Equal and of the same kind: 1 is not 1.0 here, NaN is NaN, and -0.0 is not 0.0. */
static bool identical(cel_context *c, cel_value got, cel_value want) {
    if (got.kind != want.kind) return false;
    if (got.kind == CEL_DOUBLE)
        return isnan(want.number) ? isnan(got.number) : got.number == want.number && !signbit(got.number) == !signbit(want.number);
    if (got.kind == CEL_LIST && got.list.len == want.list.len) {
        for (size_t i = 0; i < got.list.len; i++)
            if (!identical(c, got.list.at[i], want.list.at[i])) return false;
        return true;
    }
    return cel_equal(c, got, want) == YES;
}

/* ---- the environment of a row ---- */

typedef struct { arena *a; const doc_node *vars; } row_host;

static bool lookup(cel_context *c, slice name, cel_value *out) {
    const row_host *h = c->host;
    const doc_node *n = doc_get(h->vars, name);
    if (n != NULL) *out = typed(h->a, n);
    return n != NULL;
}

/* The C library's own time zones. */
static bool zone(cel_context *c, slice name, int64_t at, int32_t *east_s) {
    const row_host *h = c->host;
    buf path = { .arena = h->a };
    buf_text(&path, "/usr/share/zoneinfo/");
    buf_slice(&path, name);
    buf_char(&path, '\0');
    FILE *f = fopen(path.bytes.at, "rb");
    if (f == NULL) return false;
    fclose(f);
    setenv("TZ", arena_copy(h->a, name).at, 1);
    tzset();
    time_t then = (time_t)at;
    struct tm local, utc;
    localtime_r(&then, &local);
    gmtime_r(&then, &utc);
    int day = local.tm_year != utc.tm_year ? (local.tm_year > utc.tm_year ? 1 : -1) : local.tm_yday - utc.tm_yday;
    *east_s = ((day * 24 + local.tm_hour - utc.tm_hour) * 60 + local.tm_min - utc.tm_min) * 60 + local.tm_sec - utc.tm_sec;
    return true;
}

static bool row_passes(arena *a, const doc_node *row, slice *got) {
    static const cel_environment open = { 0 };
    row_host host = { a, doc_get(row, SLICE("vars")) };
    cel_context c = { .arena = a, .env = &open, .lookup = lookup, .zone = zone, .host = &host };
    cel_problem problem;
    const cel_program *p = cel_compile(a, doc_get(row, SLICE("expr"))->text, &open, &problem);
    const doc_node *want = doc_get(doc_get(row, SLICE("want")), SLICE("value"));
    if (p == NULL) {
        *got = problem.message;
        return want == NULL;
    }
    cel_value v = cel_evaluate(p, &c);
    bool passes = want == NULL ? v.kind == CEL_ERROR : identical(&c, v, typed(a, want));
    *got = arena_copy(a, cel_display_in(&c, v));
    cel_close(&c);
    return passes;
}

static slice read_whole(arena *a, const char *path) {
    buf text = { .arena = a };
    char part[65536];
    FILE *f = fopen(path, "rb");
    if (f == NULL) return (slice){ NULL, 0 };
    for (size_t n; (n = fread(part, 1, sizeof part, f)) > 0;) buf_slice(&text, (slice){ part, n });
    fclose(f);
    return buf_as_slice(&text);
}

int conformance_cel(const char *path) {
    arena *a = arena_make(0, NULL);
    slice rest = read_whole(a, path), line, got;
    size_t passed = 0, failed = 0;
    uint32_t number = 0;
    if (rest.at == NULL) {
        printf("%s cannot be read\n", path);
        failed++;
    }
    while (slice_cut(&rest, '\n', &line)) {
        number++;
        if (slice_trim(line).len == 0) continue;
        diags d = { .arena = a };
        arena_mark mark = arena_mark_take(a);
        const doc_node *row = doc_parse_json(a, line, (pos){ 0, number, 1 }, &d);
        if (row == NULL) {
            printf("line %" PRIu32 " is no JSON\n", number);
            failed++;
        } else if (row_passes(a, row, &got)) {
            passed++;
        } else {
            printf("%.*s: %.*s gives %.*s\n", SLICE_ARG(doc_get(row, SLICE("id"))->text), SLICE_ARG(doc_get(row, SLICE("expr"))->text), SLICE_ARG(got));
            failed++;
        }
        arena_mark_return(a, mark);
    }
    printf("%zu passed, %zu failed\n", passed, failed);
    arena_free(a);
    return failed == 0 ? 0 : 1;
}
