#include "base/slice.h"

#include <limits.h>
#include <stdint.h>

int slice_order(slice a, slice b) {
    size_t shorter = a.len < b.len ? a.len : b.len;
    int order = shorter == 0 ? 0 : memcmp(a.at, b.at, shorter);
    if (order != 0) return order;
    return a.len < b.len ? -1 : a.len > b.len;
}

static char lower(char c) { return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c; }

bool slice_same_letters(slice a, slice b) {
    if (a.len != b.len) return false;
    for (size_t i = 0; i < a.len; i++)
        if (lower(a.at[i]) != lower(b.at[i])) return false;
    return true;
}

size_t slice_find(slice a, char c) {
    const char *hit = a.len == 0 ? NULL : memchr(a.at, c, a.len);
    return hit == NULL ? a.len : (size_t)(hit - a.at);
}

size_t slice_find_slice(slice a, slice part) {
    if (part.len == 0) return 0;
    for (size_t from = 0; from + part.len <= a.len; from++) {
        size_t next = slice_find(slice_after(a, from), part.at[0]);
        from += next;
        if (from + part.len > a.len) break;
        if (memcmp(a.at + from, part.at, part.len) == 0) return from;
    }
    return (size_t)-1;
}

static bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v'; }

slice slice_trim(slice a) {
    while (a.len > 0 && is_space(a.at[0])) a = slice_after(a, 1);
    while (a.len > 0 && is_space(a.at[a.len - 1])) a.len--;
    return a;
}

bool slice_cut(slice *rest, char c, slice *part) {
    if (rest->at == NULL) return false;
    size_t end = slice_find(*rest, c);
    *part = slice_from_to(*rest, 0, end);
    *rest = end == rest->len ? (slice){ NULL, 0 } : slice_after(*rest, end + 1);
    return true;
}

bool slice_glob(slice glob, slice text) {
    size_t g = 0, t = 0, star = (size_t)-1, mark = 0;
    while (t < text.len) {
        if (g < glob.len && glob.at[g] == '*') {
            star = g++;
            mark = t;
        } else if (g < glob.len && (glob.at[g] == '?' || glob.at[g] == text.at[t])) {
            g++;
            t++;
        } else if (star != (size_t)-1) {
            g = star + 1;
            t = ++mark;
        } else {
            return false;
        }
    }
    while (g < glob.len && glob.at[g] == '*') g++;
    return g == glob.len;
}

bool slice_int(slice a, long long *out) {
    bool minus = a.len > 0 && a.at[0] == '-';
    size_t i = minus || (a.len > 0 && a.at[0] == '+') ? 1 : 0;
    if (i == a.len) return false;
    unsigned long long value = 0, most = minus ? (unsigned long long)LLONG_MAX + 1 : LLONG_MAX;
    for (; i < a.len; i++) {
        if (a.at[i] < '0' || a.at[i] > '9') return false;
        unsigned digit = (unsigned)(a.at[i] - '0');
        if (value > (most - digit) / 10) return false;
        value = value * 10 + digit;
    }
    *out = !minus ? (long long)value : value == 0 ? 0 : -(long long)(value - 1) - 1;
    return true;
}

#define DISTANCE_MAX_LEN 128

size_t slice_distance(slice a, slice b, size_t most) {
    if (a.len > DISTANCE_MAX_LEN || b.len > DISTANCE_MAX_LEN) return most + 1;
    size_t rows[3][DISTANCE_MAX_LEN + 1];
    size_t *before = rows[0], *last = rows[1], *now = rows[2];
    for (size_t j = 0; j <= b.len; j++) last[j] = before[j] = j;
    for (size_t i = 1; i <= a.len; i++) {
        now[0] = i;
        size_t least = i;
        for (size_t j = 1; j <= b.len; j++) {
            size_t cost = a.at[i - 1] == b.at[j - 1] ? 0 : 1;
            size_t best = last[j - 1] + cost;
            if (last[j] + 1 < best) best = last[j] + 1;
            if (now[j - 1] + 1 < best) best = now[j - 1] + 1;
            if (i > 1 && j > 1 && a.at[i - 1] == b.at[j - 2] && a.at[i - 2] == b.at[j - 1] && before[j - 2] + 1 < best)
                best = before[j - 2] + 1;
            now[j] = best;
            if (best < least) least = best;
        }
        if (least > most) return most + 1;
        size_t *spare = before;
        before = last;
        last = now;
        now = spare;
    }
    return last[b.len] > most ? most + 1 : last[b.len];
}

static uint64_t mix(uint64_t x) {
    x ^= x >> 32;
    x *= 0xD6E8FEB86659FD93u;
    x ^= x >> 32;
    return x;
}

unsigned long long slice_hash(slice a) {
    uint64_t hash = mix(a.len + 0x9E3779B97F4A7C15u), word;
    const char *p = a.at;
    size_t left = a.len;
    for (; left >= 8; p += 8, left -= 8) {
        memcpy(&word, p, 8);
        hash = (hash ^ word) * 0x9E3779B97F4A7C15u;
        hash ^= hash >> 32;
    }
    if (left > 0) {
        word = 0;
        memcpy(&word, p, left);
        hash = mix(hash ^ word) * 0x9E3779B97F4A7C15u;
    }
    return mix(hash);
}

unsigned long long slice_digest(slice a) {
    unsigned long long hash = 14695981039346656037ull;
    for (size_t i = 0; i < a.len; i++) hash = (hash ^ (unsigned char)a.at[i]) * 1099511628211ull;
    return hash;
}
