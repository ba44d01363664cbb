/* matches(): RE2's dialect on PCRE2. What RE2 does not have (look-around, back references, recursion, atomic groups, possessive
 * quantifiers, verbs) is refused before PCRE2 sees it, so a rule means the same here as in other CEL implementations.
 * RE2 syntax: https://github.com/google/re2/wiki/Syntax */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdlib.h>

#include "cel/functions.h"

#define PATTERN_MAX_BYTES 4096
#define CACHE_SLOTS       64           /* a power of two */
#define HEAP_LIMIT_KB     (16u * 1024)
#define DEPTH_LIMIT       50000u
#define MATCH_BUDGET      20000000u    /* tries of one call: PCRE2 counts them anew at each place of the text, so each gets its share */
#define MATCH_LEAST       2000u

typedef struct {
    char *pattern;                     /* malloc'd, len bytes */
    size_t len;
    pcre2_code *code;
    pcre2_match_data *data;
    bool paid;                 /* by this context: steps must not depend on what another one had compiled */
} entry;

typedef struct {
    pcre2_match_context *limits;
    entry entries[CACHE_SLOTS];
} cache;

/* ---- the dialect ---- */

/* Escapes of PCRE2 that RE2 lacks or reads otherwise; digits are back references. \0 and \x are characters in both. */
static const char *escape_refused(char c) {
    if (c >= '1' && c <= '9') return "back references";
    switch (c) {
    case 'k': case 'g':           return "back references";
    case 'K': case 'G': case 'Z': return "\\K, \\G and \\Z";
    case 'R': case 'X': case 'C': case 'N': case 'h': case 'H': case 'V': return "\\R, \\X, \\C, \\N, \\h, \\H and \\V";
    default:                      return NULL;
    }
}

/* Behind "(": NULL, or what it is. */
static const char *group_refused(slice rest) {
    if (slice_starts(rest, SLICE("*"))) return "(*verbs)";
    if (!slice_starts(rest, SLICE("?"))) return NULL;
    rest = slice_after(rest, 1);
    if (slice_starts(rest, SLICE("P<"))) return NULL;
    if (slice_starts(rest, SLICE("=")) || slice_starts(rest, SLICE("!")) || slice_starts(rest, SLICE("<=")) || slice_starts(rest, SLICE("<!")))
        return "look-around";
    if (slice_starts(rest, SLICE("<"))) return NULL;
    if (slice_starts(rest, SLICE("P="))) return "back references";
    for (size_t i = 0; i < rest.len; i++) {    /* flags: (?i) (?i:...) (?s-m:...) */
        char c = rest.at[i];
        if (c == ')' || c == ':') return NULL;
        if (c != 'i' && c != 'm' && c != 's' && c != 'U' && c != '-') break;
    }
    return "this kind of (?...) group";
}

static const char *dialect_refused(slice p) {
    bool quantified = false, in_class = false;
    for (size_t i = 0; i < p.len; i++) {
        char c = p.at[i];
        bool quantifier = false;
        if (c == '\\') {
            if (++i == p.len) break;
            if (p.at[i] == 'Q') {
                size_t end = slice_find_slice(slice_after(p, i), SLICE("\\E"));
                if (end == (size_t)-1) return NULL;
                i += end + 1;
            } else if (!in_class || !(p.at[i] >= '1' && p.at[i] <= '9')) {
                const char *why = escape_refused(p.at[i]);
                if (why != NULL) return why;
            }
        } else if (in_class) {
            if (c == '[' && i + 1 < p.len && p.at[i + 1] == ':') {
                size_t end = slice_find_slice(slice_after(p, i), SLICE(":]"));
                if (end != (size_t)-1) i += end + 1;
            } else if (c == ']') {
                in_class = false;
            }
        } else if (c == '[') {
            in_class = true;
            if (i + 1 < p.len && p.at[i + 1] == '^') i++;
            if (i + 1 < p.len && p.at[i + 1] == ']') i++;    /* a ] in first place is a character */
        } else if (c == '(') {
            const char *why = group_refused(slice_after(p, i + 1));
            if (why != NULL) return why;
            if (i + 1 < p.len && p.at[i + 1] == '?') i++;
        } else if (c == '+' && quantified) {
            return "possessive quantifiers";
        } else if (c == '*' || c == '+' || c == '?') {
            quantifier = !quantified;                         /* x*? is lazy; what follows that is PCRE2's to judge */
        } else if (c == '{') {
            size_t end = slice_find(slice_after(p, i), '}');
            bool counts = end > 1 && i + end < p.len;
            for (size_t k = i + 1; counts && k < i + end; k++) counts = (p.at[k] >= '0' && p.at[k] <= '9') || p.at[k] == ',';
            if (counts) {
                quantifier = true;
                i += end;
            }
        }
        quantified = quantifier;
    }
    return NULL;
}

static pcre2_code *compile(arena *a, slice pattern, slice *why) {
    const char *refused = dialect_refused(pattern);
    if (pattern.len > PATTERN_MAX_BYTES) {
        *why = arena_printf(a, "a regular expression of more than %d bytes", PATTERN_MAX_BYTES);
        return NULL;
    }
    if (refused != NULL) {
        *why = arena_printf(a, "regular expressions here have no %s", refused);
        return NULL;
    }
    int error;
    PCRE2_SIZE at;
    uint32_t options = PCRE2_UTF | PCRE2_DOLLAR_ENDONLY | PCRE2_NEVER_BACKSLASH_C;
    pcre2_code *code = pcre2_compile((PCRE2_SPTR)(pattern.len == 0 ? "" : pattern.at), pattern.len, options, &error, &at, NULL);
    if (code == NULL) {
        unsigned char text[200];
        if (pcre2_get_error_message(error, text, sizeof text) < 0 && error != PCRE2_ERROR_NOMEMORY) text[0] = '\0';
        *why = arena_printf(a, "not a regular expression: %s at %lu", (const char *)text, (unsigned long)at);
    }
    return code;
}

bool cel_regex_refused(arena *a, slice pattern, slice *why) {
    pcre2_code *code = compile(a, pattern, why);
    pcre2_code_free(code);
    return code == NULL;
}

/* ---- the cache ---- */

static void entry_free(entry *e) {
    pcre2_match_data_free(e->data);
    pcre2_code_free(e->code);
    free(e->pattern);
    *e = (entry){ 0 };
}

void cel_close(cel_context *c) {
    cache *k = c->private_;
    if (k == NULL) return;
    for (size_t i = 0; i < CACHE_SLOTS; i++) entry_free(&k->entries[i]);
    pcre2_match_context_free(k->limits);
    free(k);
    c->private_ = NULL;
}

void cel_reopen(cel_context *c, void *private_) {
    cache *k = c->private_ = private_;
    for (size_t i = 0; k != NULL && i < CACHE_SLOTS; i++) k->entries[i].paid = false;
}

static cache *cache_of(cel_context *c) {
    if (c->private_ != NULL) return c->private_;
    cache *k = calloc(1, sizeof *k);
    if (k == NULL) return NULL;
    k->limits = pcre2_match_context_create(NULL);
    if (k->limits == NULL) {
        free(k);
        return NULL;
    }
    pcre2_set_heap_limit(k->limits, HEAP_LIMIT_KB);
    pcre2_set_depth_limit(k->limits, DEPTH_LIMIT);
    c->private_ = k;
    return k;
}

/* NULL with *why set. A slot holds one pattern: a new one throws the old one out. */
static entry *entry_of(cel_context *c, cache *k, slice pattern, slice *why) {
    entry *e = &k->entries[slice_hash(pattern) & (CACHE_SLOTS - 1)];
    bool there = e->code != NULL && slice_eq((slice){ e->pattern, e->len }, pattern);
    if (there && e->paid) return e;
    if (!cel_spend(c, 50 + pattern.len)) {
        *why = cel_spent().text;
        return NULL;
    }
    e->paid = true;
    if (there) return e;
    pcre2_code *code = compile(c->arena, pattern, why);
    if (code == NULL) return NULL;
    entry_free(e);
    e->paid = true;
    e->code = code;
    e->data = pcre2_match_data_create(1, NULL);
    e->pattern = malloc(pattern.len + 1);
    if (e->pattern == NULL || e->data == NULL) {
        entry_free(e);
        *why = SLICE("out of memory");
        return NULL;
    }
    if (pattern.len > 0) memcpy(e->pattern, pattern.at, pattern.len);
    e->len = pattern.len;
    return e;
}

cel_value cel_f_matches(cel_context *c, const cel_value *args) {
    slice text = args[0].text, why = SLICE("out of memory");
    cache *k = cache_of(c);
    entry *e = k == NULL ? NULL : entry_of(c, k, args[1].text, &why);
    if (e == NULL) return (cel_value){ .kind = CEL_ERROR, .text = why };
    if (!cel_spend(c, text.len / 8)) return cel_spent();
    size_t share = MATCH_BUDGET / (text.len + 1);
    pcre2_set_match_limit(k->limits, share < MATCH_LEAST ? MATCH_LEAST : (uint32_t)share);
    int found = pcre2_match(e->code, (PCRE2_SPTR)(text.len == 0 ? "" : text.at), text.len, 0, 0, e->data, k->limits);
    if (found >= 0) return cel_bool(true);
    if (found == PCRE2_ERROR_NOMATCH) return cel_bool(false);
    if (found <= PCRE2_ERROR_UTF8_ERR1 && found >= PCRE2_ERROR_UTF8_ERR21) return cel_error(c, "matches() on text that is no UTF-8");
    return cel_error(c, "the regular expression takes too long on this text");
}
