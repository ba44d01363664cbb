/* String functions that take a text or a regular expression: $contains, $split, $match, $replace. */
#include <math.h>

#include "base/utf8.h"
#include "smoke/asl/jsonata_parts.h"

#define NONE(v) do { if (!jdefined(v)) return jundefined; } while (0)

/* The next match at or behind `from`. False: none, or an error. */
static bool find(jeval *e, jvalue pattern, slice text, size_t from, asl_match *m) {
    if (!jspend(e, 4 + (text.len - from) / 64)) return false;
    if (pattern.kind == JV_STRING) {
        size_t at = slice_find_slice(slice_after(text, from), pattern.text);
        *m = (asl_match){ .start = from + at, .end = from + at + pattern.text.len };
        return at != (size_t)-1;
    }
    if (pattern.kind != JV_FUNCTION || pattern.function->regex == NULL) {
        jfail(e, "T1010", "The matcher must be a string or a regular expression");
        return false;
    }
    int found = asl_regex_match(e->arena, pattern.function->regex, text, from, m);
    if (found < 0) jfail(e, "U1001", "a regular expression takes too long");
    if (found > 0 && m->start == m->end) jfail(e, "D1004", "Regular expression matches zero length string");
    return found > 0 && !jfailed(e);
}

static jvalue contains(jeval *e, jvalue *args, size_t count, jvalue input) {
    asl_match m;
    (void)count, (void)input;
    NONE(args[0]);
    NONE(args[1]);
    bool found = find(e, args[1], args[0].text, 0, &m);
    return jbool(found);
}

/* Limits are whole and not negative. -1: none given; -2 after an error. */
static double limit_of(jeval *e, const jvalue *args, size_t count, size_t at, const char *code) {
    if (at >= count || !jdefined(args[at])) return -1;
    if (args[at].number >= 0) return floor(args[at].number);
    jfail(e, code, "a limit must be a positive number");
    return -2;
}

static jvalue split(jeval *e, jvalue *args, size_t count, jvalue input) {
    (void)input;
    NONE(args[0]);
    double limit = limit_of(e, args, count, 2, "D3020");
    slice s = args[0].text;
    jlist *out = jlist_new(e, false);
    size_t from = 0;
    asl_match m;
    if (args[1].kind == JV_STRING && args[1].text.len == 0) {    /* into characters */
        for (size_t len; from < s.len && !jfailed(e) && (limit < 0 || (double)out->len < limit); from += len) {
            len = utf8_len(slice_after(s, from));
            if (len == 0) len = 1;
            jlist_push(e, out, jstring(slice_from_to(s, from, from + len)));
        }
        return jlist_value(out);
    }
    while ((limit < 0 || (double)out->len < limit) && find(e, args[1], s, from, &m)) {
        jlist_push(e, out, jstring(slice_from_to(s, from, m.start)));
        from = m.end;
    }
    if ((limit < 0 || (double)out->len < limit) && !jfailed(e)) jlist_push(e, out, jstring(slice_after(s, from)));
    return jlist_value(out);
}

/* Indexes count UTF-16 units, as JavaScript's do. */
static double units(slice s) {
    double n = 0;
    for (size_t i = 0, len; i < s.len; i += len == 0 ? 1 : len) n += utf8_decode(slice_after(s, i), &len) > 0xFFFF ? 2 : 1;
    return n;
}

static jvalue groups_of(jeval *e, const asl_match *m) {
    jlist *groups = jlist_new(e, false);
    for (size_t i = 0; i < m->count; i++) jlist_push(e, groups, m->groups[i].at == NULL ? jundefined : jstring(m->groups[i]));
    return jlist_value(groups);
}

static jvalue match(jeval *e, jvalue *args, size_t count, jvalue input) {
    (void)input;
    NONE(args[0]);
    double limit = limit_of(e, args, count, 2, "D3040"), index = 0;
    slice s = args[0].text;
    jlist *out = jlist_new(e, true);
    asl_match m;
    for (size_t from = 0; (limit < 0 || (double)out->len < limit) && find(e, args[1], s, from, &m); from = m.end) {
        jobject *o = jobject_new(e);
        index += units(slice_from_to(s, from, m.start));
        jobject_set(e, o, SLICE("match"), jstring(slice_from_to(s, m.start, m.end)));
        jobject_set(e, o, SLICE("index"), jnumber(index));
        jobject_set(e, o, SLICE("groups"), groups_of(e, &m));
        jlist_push(e, out, jobject_value(o));
        index += units(slice_from_to(s, m.start, m.end));
    }
    return jlist_value(out);
}

/* `$1`, `$0`, `$$` in a replacement. As many digits are read as the number of groups has. */
static void substitute(buf *b, slice with, slice text, const asl_match *m) {
    for (size_t i = 0; i < with.len; i++) {
        char c = i + 1 < with.len ? with.at[i + 1] : '\0';
        if (with.at[i] != '$') {
            buf_char(b, with.at[i]);
        } else if (c == '$') {
            buf_char(b, '$');
            i++;
        } else if (c == '0') {
            buf_slice(b, slice_from_to(text, m->start, m->end));
            i++;
        } else if (c >= '1' && c <= '9') {
            size_t most = m->count >= 10 ? 2 : 1, len = 0, n = 0;
            while (len < most && i + 1 + len < with.len && with.at[i + 1 + len] >= '0' && with.at[i + 1 + len] <= '9')
                n = n * 10 + (size_t)(with.at[i + 1 + len++] - '0');
            if (len > 1 && n > m->count) n /= 10, len--;
            if (n <= m->count && m->groups[n - 1].at != NULL) buf_slice(b, m->groups[n - 1]);
            i += len;
        } else {
            buf_char(b, '$');
        }
    }
}

static jvalue replace(jeval *e, jvalue *args, size_t count, jvalue input) {
    (void)input;
    NONE(args[0]);
    slice s = args[0].text;
    if (args[1].kind == JV_STRING && args[1].text.len == 0) return jfail(e, "D3010", "Second argument of replace function cannot be an empty string");
    double limit = limit_of(e, args, count, 3, "D3011"), done = 0;
    buf b = { .arena = e->arena };
    size_t from = 0;
    asl_match m;
    for (; (limit < 0 || done < limit) && find(e, args[1], s, from, &m); done++, from = m.end) {
        buf_slice(&b, slice_from_to(s, from, m.start));
        if (args[2].kind == JV_FUNCTION) {
            jobject *o = jobject_new(e);
            jobject_set(e, o, SLICE("match"), jstring(slice_from_to(s, m.start, m.end)));
            jobject_set(e, o, SLICE("start"), jnumber(units(slice_from_to(s, 0, m.start))));
            jobject_set(e, o, SLICE("end"), jnumber(units(slice_from_to(s, 0, m.end))));
            jobject_set(e, o, SLICE("groups"), groups_of(e, &m));
            jvalue arg = jobject_value(o), v = japply(e, args[2].function, &arg, 1, jundefined);
            if (jfailed(e)) return jundefined;
            if (v.kind != JV_STRING) return jfail(e, "D3012", "Attempted to replace a matched string with a non-string value");
            buf_slice(&b, v.text);
        } else if (args[1].kind == JV_STRING) {
            buf_slice(&b, args[2].text);
        } else {
            substitute(&b, args[2].text, s, &m);
        }
        if (b.bytes.len > JSONATA_STRING) return jfail(e, "U1001", "a text gets longer than %u bytes", JSONATA_STRING);
    }
    buf_slice(&b, slice_after(s, from));
    return jfailed(e) ? jundefined : jstring(buf_as_slice(&b));
}

const jbuiltin jfunctions_regex[] = {
    { "contains", "<s-(sf):b>", 2, contains },
    { "split", "<s-(sf)n?:a<s>>", 3, split },
    { "match", "<s-f<s:o>n?:a<o>>", 3, match },
    { "replace", "<s-(sf)(sf)n?:s>", 4, replace },
    { NULL, NULL, 0, NULL },
};
