#include "doc/scalar.h"

#include <stdlib.h>

static const struct {
    slice text;
    doc_kind kind;
    bool value;
} words[] = {   /* YAML 1.1 types "null" and "bool"; of the latter y and n are left out, as PyYAML and CloudFormation do */
    { SLICE_INIT(""),      DOC_NULL, false }, { SLICE_INIT("~"),     DOC_NULL, false },
    { SLICE_INIT("null"),  DOC_NULL, false }, { SLICE_INIT("Null"),  DOC_NULL, false }, { SLICE_INIT("NULL"),  DOC_NULL, false },
    { SLICE_INIT("true"),  DOC_BOOL, true  }, { SLICE_INIT("True"),  DOC_BOOL, true  }, { SLICE_INIT("TRUE"),  DOC_BOOL, true  },
    { SLICE_INIT("false"), DOC_BOOL, false }, { SLICE_INIT("False"), DOC_BOOL, false }, { SLICE_INIT("FALSE"), DOC_BOOL, false },
    { SLICE_INIT("yes"),   DOC_BOOL, true  }, { SLICE_INIT("Yes"),   DOC_BOOL, true  }, { SLICE_INIT("YES"),   DOC_BOOL, true  },
    { SLICE_INIT("no"),    DOC_BOOL, false }, { SLICE_INIT("No"),    DOC_BOOL, false }, { SLICE_INIT("NO"),    DOC_BOOL, false },
    { SLICE_INIT("on"),    DOC_BOOL, true  }, { SLICE_INIT("On"),    DOC_BOOL, true  }, { SLICE_INIT("ON"),    DOC_BOOL, true  },
    { SLICE_INIT("off"),   DOC_BOOL, false }, { SLICE_INIT("Off"),   DOC_BOOL, false }, { SLICE_INIT("OFF"),   DOC_BOOL, false },
};
#define LONGEST_WORD 5

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

static size_t digits(slice s, size_t from) {
    while (from < s.len && is_digit(s.at[from])) from++;
    return from;
}

typedef enum { NO_NUMBER, WHOLE, FRACTION } number_form;

/* Decimals as YAML 1.1 writes them: an exponent only behind a point (so 1e3 is text, and so is a commit's hash 12e5), no digit behind a
 * leading zero (that would be octal, or an account id). Underscores, hex, base 60 and infinities stay text. */
static number_form form_of(slice s) {
    size_t i = s.len > 0 && (s.at[0] == '-' || s.at[0] == '+') ? 1 : 0;
    size_t whole = digits(s, i), point = whole;
    if (whole - i > 1 && s.at[i] == '0') return NO_NUMBER;
    if (whole == s.len) return whole > i ? WHOLE : NO_NUMBER;
    if (s.at[point] != '.') return NO_NUMBER;
    size_t end = digits(s, point + 1);
    if (end == point + 1 && whole == i) return NO_NUMBER;
    if (end < s.len && (s.at[end] == 'e' || s.at[end] == 'E')) {
        size_t power = end + 1;
        if (power < s.len && (s.at[power] == '-' || s.at[power] == '+')) power++;
        end = digits(s, power);
        if (end == power) return NO_NUMBER;
    }
    return end == s.len ? FRACTION : NO_NUMBER;
}

void scalar_number(arena *a, doc_node *n, bool whole) {
    if (whole && slice_int(n->text, &n->integer)) {
        n->kind = DOC_INT;
        return;
    }
    char small[64];
    n->kind = DOC_DOUBLE;
    if (n->text.len < sizeof small) {
        memcpy(small, n->text.at, n->text.len);
        small[n->text.len] = '\0';
        n->number = strtod(small, NULL);
    } else {
        arena_mark m = arena_mark_take(a);
        n->number = strtod(arena_copy(a, n->text).at, NULL);
        arena_mark_return(a, m);
    }
}

void scalar_resolve(arena *a, doc_node *n) {
    slice s = n->text;
    n->kind = DOC_STRING;
    if (s.len <= LONGEST_WORD) {
        for (size_t i = 0; i < COUNT(words); i++) {
            if (!slice_eq(words[i].text, s)) continue;
            n->kind = words[i].kind;
            n->boolean = words[i].value;
            return;
        }
    }
    char c = s.at[0];
    if (!is_digit(c) && c != '-' && c != '+' && c != '.') return;
    number_form form = form_of(s);
    if (form != NO_NUMBER) scalar_number(a, n, form == WHOLE);
}
