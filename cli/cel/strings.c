/* Functions on strings. Positions count code points; text from the host that is not UTF-8 counts its bad bytes as one each. */
#include "base/utf8.h"
#include "cel/functions.h"

#define NOT_FOUND ((size_t)-1)

static size_t character(slice s, size_t at) {
    size_t len = utf8_len(slice_after(s, at));
    return len == 0 ? 1 : len;
}

static size_t characters(slice s) {
    size_t count = 0;
    for (size_t at = 0; at < s.len; at += character(s, at)) count++;
    return count;
}

/* Offset of the n-th character; NOT_FOUND past the end. n == number of characters gives s.len. */
static size_t offset_of(slice s, int64_t n) {
    size_t at = 0;
    if (n < 0) return NOT_FOUND;
    for (; n > 0 && at < s.len; n--) at += character(s, at);
    return n == 0 ? at : NOT_FOUND;
}

/* First `part` at or behind `from`. A search may cost len(s) * len(part) at worst: memchr runs to each first byte, memcmp from there;
 * the steps for it are taken beforehand. */
static size_t find_from(slice s, slice part, size_t from) {
    size_t hit = slice_find_slice(slice_after(s, from), part);
    return hit == NOT_FOUND ? NOT_FOUND : hit + from;
}

static bool pay_search(cel_context *c, slice s, slice part) {
    size_t least = part.len < 32 ? 1 : part.len / 32;
    return least <= CEL_MAX_STEPS && s.len / 32 <= CEL_MAX_STEPS / least && cel_spend(c, s.len / 32 * least);
}

#define PAY_SEARCH(c, s, part) do { if (!pay_search((c), (s), (part))) return cel_spent(); } while (0)

cel_value cel_f_contains(cel_context *c, const cel_value *args) {
    PAY_SEARCH(c, args[0].text, args[1].text);
    return cel_bool(slice_find_slice(args[0].text, args[1].text) != NOT_FOUND);
}

cel_value cel_f_starts_with(cel_context *c, const cel_value *args) {
    (void)c;
    return cel_bool(slice_starts(args[0].text, args[1].text));
}

cel_value cel_f_ends_with(cel_context *c, const cel_value *args) {
    (void)c;
    return cel_bool(slice_ends(args[0].text, args[1].text));
}

static cel_value out_of_range(cel_context *c, int64_t n) { return cel_error(c, "position %lld is outside the string", (long long)n); }

cel_value cel_f_char_at(cel_context *c, const cel_value *args) {
    slice s = args[0].text;
    size_t at = offset_of(s, args[1].integer);
    if (!cel_spend(c, s.len / 32)) return cel_spent();
    if (at == NOT_FOUND) return out_of_range(c, args[1].integer);
    return cel_string(at == s.len ? SLICE("") : slice_from_to(s, at, at + character(s, at)));
}

static cel_value index_of(cel_context *c, const cel_value *args, int64_t first) {
    slice s = args[0].text;
    PAY_SEARCH(c, s, args[1].text);
    size_t from = offset_of(s, first);
    if (from == NOT_FOUND) return out_of_range(c, first);
    size_t hit = find_from(s, args[1].text, from);
    return cel_int(hit == NOT_FOUND ? -1 : (int64_t)characters(slice_from_to(s, 0, hit)));
}

cel_value cel_f_index_of(cel_context *c, const cel_value *args) { return index_of(c, args, 0); }
cel_value cel_f_index_of_from(cel_context *c, const cel_value *args) { return index_of(c, args, args[2].integer); }

/* The last hit that begins at or before `most`. */
static cel_value last_index_of(cel_context *c, slice s, slice part, size_t most) {
    PAY_SEARCH(c, s, part);
    if (part.len > s.len) return cel_int(-1);
    if (most > s.len - part.len) most = s.len - part.len;
    for (size_t at = most + 1; at-- > 0;)
        if (slice_starts(slice_after(s, at), part)) return cel_int((int64_t)characters(slice_from_to(s, 0, at)));
    return cel_int(-1);
}

cel_value cel_f_last_index_of(cel_context *c, const cel_value *args) { return last_index_of(c, args[0].text, args[1].text, args[0].text.len); }

cel_value cel_f_last_index_of_to(cel_context *c, const cel_value *args) {
    size_t most = offset_of(args[0].text, args[2].integer);
    return most == NOT_FOUND ? out_of_range(c, args[2].integer) : last_index_of(c, args[0].text, args[1].text, most);
}

static cel_value join(cel_context *c, const cel_value *list, slice with) {
    cel_sequence s;
    if (!cel_sequence_of(c, list, &s)) return cel_error(c, "join() is for lists");
    buf out = { .arena = c->arena };
    cel_value kept = cel_null();
    for (size_t i = 0; i < s.len; i++) {
        cel_value item = cel_sequence_item(c, &s, i);
        if (!is_trouble(&item) && item.kind != CEL_STRING) item = cel_error(c, "join() is for lists of strings");
        if (is_trouble(&item)) {
            keep_trouble(&kept, &item);
            continue;
        }
        if (!cel_spend(c, 1 + (item.text.len + with.len) / 4)) return cel_spent();
        if (i > 0) buf_slice(&out, with);
        buf_slice(&out, item.text);
    }
    return kept.kind != CEL_NULL ? kept : cel_string(buf_as_slice(&out));
}

cel_value cel_f_join(cel_context *c, const cel_value *args) { return join(c, &args[0], SLICE("")); }
cel_value cel_f_join_with(cel_context *c, const cel_value *args) { return join(c, &args[0], args[1].text); }

static cel_value each_byte(cel_context *c, slice s, char from, char to, int shift) {
    char *out = cel_new_text(c, s.len);
    if (out == NULL) return cel_spent();
    for (size_t i = 0; i < s.len; i++) out[i] = s.at[i] >= from && s.at[i] <= to ? (char)(s.at[i] + shift) : s.at[i];
    return cel_string((slice){ out, s.len });
}

cel_value cel_f_lower_ascii(cel_context *c, const cel_value *args) { return each_byte(c, args[0].text, 'A', 'Z', 'a' - 'A'); }
cel_value cel_f_upper_ascii(cel_context *c, const cel_value *args) { return each_byte(c, args[0].text, 'a', 'z', 'A' - 'a'); }

/* `most` < 0: every one. An empty `old` stands before every character and at the end. */
static cel_value replace(cel_context *c, slice s, slice old, slice with, int64_t most) {
    PAY_SEARCH(c, s, old);
    buf out = { .arena = c->arena };
    size_t at = 0;
    while (most != 0) {
        size_t hit = find_from(s, old, at);
        if (hit == NOT_FOUND) break;
        if (!cel_spend(c, 1 + (hit - at + with.len) / 4)) return cel_spent();
        buf_slice(&out, slice_from_to(s, at, hit));
        buf_slice(&out, with);
        at = hit + old.len;
        if (most > 0) most--;
        if (old.len > 0) continue;
        if (at >= s.len) break;
        size_t len = character(s, at);
        buf_slice(&out, slice_from_to(s, at, at + len));
        at += len;
    }
    if (!cel_spend(c, (s.len - at) / 4)) return cel_spent();
    buf_slice(&out, slice_after(s, at));
    return cel_string(buf_as_slice(&out));
}

cel_value cel_f_replace(cel_context *c, const cel_value *args) { return replace(c, args[0].text, args[1].text, args[2].text, -1); }
cel_value cel_f_replace_some(cel_context *c, const cel_value *args) {
    return replace(c, args[0].text, args[1].text, args[2].text, args[3].integer);
}

cel_value cel_f_reverse(cel_context *c, const cel_value *args) {
    slice s = args[0].text;
    char *out = cel_new_text(c, s.len);
    if (out == NULL) return cel_spent();
    for (size_t at = 0; at < s.len;) {
        size_t len = character(s, at);
        memcpy(out + s.len - at - len, s.at + at, len);
        at += len;
    }
    return cel_string((slice){ out, s.len });
}

/* `most` < 0: every part; 0: none; the last part holds what is left. Split by "" gives the characters. */
static cel_value split(cel_context *c, slice s, slice by, int64_t most) {
    PAY_SEARCH(c, s, by);
    VEC(cel_value) parts = { 0 };
    size_t at = 0;
    while (most != 0) {
        if (!cel_spend(c, 8)) return cel_spent();
        size_t end;
        if (by.len == 0) {
            if (at >= s.len) break;
            end = at + character(s, at);
            if (end >= s.len) end = NOT_FOUND;
        } else {
            end = find_from(s, by, at);
        }
        if (end == NOT_FOUND || most == 1) {
            VEC_PUSH(c->arena, &parts, cel_string(slice_after(s, at)));
            break;
        }
        VEC_PUSH(c->arena, &parts, cel_string(slice_from_to(s, at, end)));
        at = end + by.len;
        if (most > 0) most--;
    }
    return cel_list(parts.at, parts.len);
}

cel_value cel_f_split(cel_context *c, const cel_value *args) { return split(c, args[0].text, args[1].text, -1); }
cel_value cel_f_split_some(cel_context *c, const cel_value *args) { return split(c, args[0].text, args[1].text, args[2].integer); }

cel_value cel_f_substring(cel_context *c, const cel_value *args) {
    if (!cel_spend(c, args[0].text.len / 32)) return cel_spent();
    size_t from = offset_of(args[0].text, args[1].integer);
    return from == NOT_FOUND ? out_of_range(c, args[1].integer) : cel_string(slice_after(args[0].text, from));
}

cel_value cel_f_substring_to(cel_context *c, const cel_value *args) {
    if (!cel_spend(c, args[0].text.len / 32)) return cel_spent();
    size_t from = offset_of(args[0].text, args[1].integer), to = offset_of(args[0].text, args[2].integer);
    if (from == NOT_FOUND) return out_of_range(c, args[1].integer);
    if (to == NOT_FOUND) return out_of_range(c, args[2].integer);
    return from > to ? cel_error(c, "substring() ends before it begins") : cel_string(slice_from_to(args[0].text, from, to));
}

/* Unicode's White_Space. */
static bool is_space(uint32_t point) {
    return (point >= 0x9 && point <= 0xD) || point == 0x20 || point == 0x85 || point == 0xA0 || point == 0x1680
        || (point >= 0x2000 && point <= 0x200A) || point == 0x2028 || point == 0x2029 || point == 0x202F || point == 0x205F || point == 0x3000;
}

cel_value cel_f_trim(cel_context *c, const cel_value *args) {
    slice s = args[0].text;
    if (!cel_spend(c, s.len / 32)) return cel_spent();
    size_t from = 0, to = 0;
    bool begun = false;
    for (size_t at = 0; at < s.len;) {
        size_t len, step = character(s, at);
        bool space = is_space(utf8_decode(slice_after(s, at), &len));
        if (!space && !begun) from = at, begun = true;
        if (!space) to = at + step;
        at += step;
    }
    return cel_string(slice_from_to(s, from, begun ? to : from));
}
