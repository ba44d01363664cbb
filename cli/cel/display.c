/* Values as short texts: for messages, and for string(). */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "cel/functions.h"

#define DISPLAY_MAX_ITEMS 50
#define DISPLAY_MAX_DEPTH 4

void cel_number_text(buf *out, double d) {
    if (isnan(d)) {
        buf_text(out, "NaN");
    } else if (isinf(d)) {
        buf_text(out, d < 0 ? "-Infinity" : "Infinity");
    } else {
        char text[40];
        for (int digits = 15; digits <= 17; digits++) {
            snprintf(text, sizeof text, "%.*g", digits, d);
            if (strtod(text, NULL) == d) break;
        }
        buf_text(out, text);
    }
}

static void show(cel_context *c, buf *out, const cel_value *v, unsigned depth);

static void show_sequence(cel_context *c, buf *out, const cel_sequence *s, unsigned depth) {
    bool bracket = depth > 0 || s->is_map;
    if (bracket) buf_char(out, s->is_map ? '{' : '[');
    for (size_t i = 0; i < s->len; i++) {
        if (i > 0) buf_text(out, ", ");
        if (i >= DISPLAY_MAX_ITEMS || depth >= DISPLAY_MAX_DEPTH) {
            buf_text(out, "...");
            break;
        }
        if (s->is_map) {
            cel_value key = cel_sequence_key(c, s, i);
            show(c, out, &key, depth + 1);
            buf_text(out, ": ");
        }
        cel_value item = cel_sequence_item(c, s, i);
        show(c, out, &item, depth + 1);
    }
    if (bracket) buf_char(out, s->is_map ? '}' : ']');
}

static void show(cel_context *c, buf *out, const cel_value *v, unsigned depth) {
    cel_sequence s;
    switch (v->kind) {
    case CEL_NULL:      buf_text(out, "null"); break;
    case CEL_BOOL:      buf_text(out, v->boolean ? "true" : "false"); break;
    case CEL_INT:       buf_printf(out, "%lld", (long long)v->integer); break;
    case CEL_UINT:      buf_printf(out, "%llu", (unsigned long long)v->natural); break;
    case CEL_DOUBLE:    cel_number_text(out, v->number); break;
    case CEL_STRING:
    case CEL_BYTES:
    case CEL_TYPE:
    case CEL_ERROR:     buf_slice(out, v->text); break;
    case CEL_UNKNOWN:   buf_text(out, "unknown"); break;
    case CEL_TIMESTAMP: cel_timestamp_text(out, v); break;
    case CEL_DURATION:  cel_duration_text(out, v); break;
    case CEL_OBJECT:
        if (c == NULL || (cel_bit_of(v) & (BIT(CEL_LIST) | BIT(CEL_MAP))) == 0) {
            buf_slice(out, v->object.kind->type_name);
            break;
        }
        /* fall through */
    case CEL_LIST:
    case CEL_MAP:
        if (cel_sequence_of(c, v, &s)) show_sequence(c, out, &s, depth);
        break;
    }
}

slice cel_display(arena *a, cel_value v) {
    buf out = { .arena = a };
    show(NULL, &out, &v, 0);
    return buf_as_slice(&out);
}

slice cel_display_in(cel_context *c, cel_value v) {
    buf out = { .arena = c->arena };
    show(c, &out, &v, 0);
    return buf_as_slice(&out);
}
