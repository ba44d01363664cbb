#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "smoke/asl/regex.h"

#define PATTERN_MAX_BYTES 4096
#define MATCH_LIMIT       200000u
#define DEPTH_LIMIT       20000u
#define HEAP_LIMIT_KB     (8u * 1024)

struct asl_regex {
    pcre2_code *code;
    pcre2_general_context *memory;
    uint32_t groups;
};

/* PCRE2 asks for memory here; it is given back with the arena. */
static void *take(size_t bytes, void *a) { return arena_raw(a, bytes == 0 ? 1 : bytes, _Alignof(max_align_t), 1); }
static void leave(void *at, void *a) { (void)at, (void)a; }

const asl_regex *asl_regex_new(arena *a, slice pattern, slice flags, slice *error) {
    uint32_t options = PCRE2_UTF | PCRE2_NEVER_BACKSLASH_C | PCRE2_DOLLAR_ENDONLY | PCRE2_ALLOW_EMPTY_CLASS | PCRE2_MATCH_UNSET_BACKREF | PCRE2_ALT_BSUX;
    if (pattern.len > PATTERN_MAX_BYTES) {
        *error = arena_printf(a, "a regular expression of more than %d bytes", PATTERN_MAX_BYTES);
        return NULL;
    }
    for (size_t i = 0; i < flags.len; i++) {
        if (flags.at[i] == 'i') options |= PCRE2_CASELESS;
        else if (flags.at[i] == 'm') options |= PCRE2_MULTILINE;
        else if (flags.at[i] == 's') options |= PCRE2_DOTALL;
    }
    asl_regex *r = ARENA_NEW(a, asl_regex);
    r->memory = pcre2_general_context_create(take, leave, a);
    pcre2_compile_context *c = pcre2_compile_context_create(r->memory);
    pcre2_set_parens_nest_limit(c, 100);
    int code;
    PCRE2_SIZE at;
    r->code = pcre2_compile((PCRE2_SPTR)pattern.at, pattern.len, options, &code, &at, c);
    if (r->code == NULL) {
        PCRE2_UCHAR text[160];
        pcre2_get_error_message(code, text, sizeof text);
        *error = arena_printf(a, "%s, at character %zu of the regular expression", (const char *)text, (size_t)at);
        return NULL;
    }
    pcre2_pattern_info(r->code, PCRE2_INFO_CAPTURECOUNT, &r->groups);
    return r;
}

static int match(arena *a, const asl_regex *r, slice text, size_t from, uint32_t options, asl_match *out) {
    pcre2_match_context *limits = pcre2_match_context_create(r->memory);
    pcre2_set_match_limit(limits, MATCH_LIMIT);
    pcre2_set_depth_limit(limits, DEPTH_LIMIT);
    pcre2_set_heap_limit(limits, HEAP_LIMIT_KB);
    pcre2_match_data *data = pcre2_match_data_create_from_pattern(r->code, r->memory);
    int count = pcre2_match(r->code, (PCRE2_SPTR)(text.len == 0 ? "" : text.at), text.len, from, options, data, limits);
    if (count == PCRE2_ERROR_NOMATCH) return 0;
    if (count < 0) return -1;
    PCRE2_SIZE *at = pcre2_get_ovector_pointer(data);
    if (at[1] < at[0]) return 0;    /* \K in a look-ahead */
    *out = (asl_match){ .start = at[0], .end = at[1], .groups = ARENA_ARRAY(a, slice, r->groups), .count = r->groups };
    for (size_t g = 1; g < (size_t)count; g++)
        if (at[2 * g] != PCRE2_UNSET && at[2 * g + 1] >= at[2 * g]) out->groups[g - 1] = slice_from_to(text, at[2 * g], at[2 * g + 1]);
    return 1;
}

int asl_regex_match(arena *a, const asl_regex *r, slice text, size_t from, asl_match *out) { return match(a, r, text, from, 0, out); }

int asl_regex_whole(arena *a, const asl_regex *r, slice text) {
    asl_match m;
    return match(a, r, text, 0, PCRE2_ANCHORED | PCRE2_ENDANCHORED, &m);
}
