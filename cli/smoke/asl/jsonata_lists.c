/* https://docs.jsonata.org/array-functions, object-functions, higher-order-functions. */
#include <math.h>

#include "smoke/asl/jsonata_parts.h"

#define NONE(v) do { if (!jdefined(v)) return jundefined; } while (0)

/* ---- sorting: merges runs of growing width, so that equal ones keep their order ---- */

void jsort(jeval *e, jvalue *at, size_t len, bool (*more)(jeval *e, void *self, jvalue x, jvalue y), void *self) {
    jvalue *other = ARENA_ARRAY(e->arena, jvalue, len), *from = at, *to = other;
    for (size_t width = 1; width < len; width *= 2) {
        for (size_t begin = 0; begin < len; begin += 2 * width) {
            size_t middle = begin + width < len ? begin + width : len, end = begin + 2 * width < len ? begin + 2 * width : len, i = begin, k = middle;
            for (size_t o = begin; o < end; o++) {
                bool right = k < end && (i >= middle || (jspend(e, 1) && more(e, self, from[i], from[k])));
                if (jfailed(e)) return;
                to[o] = right ? from[k++] : from[i++];
            }
        }
        jvalue *t = from;
        from = to;
        to = t;
    }
    if (from != at) memcpy(at, from, len * sizeof *at);
}

static bool natural(jeval *e, void *self, jvalue x, jvalue y) {
    (void)e, (void)self;
    return x.kind == JV_NUMBER ? x.number > y.number : slice_order(x.text, y.text) > 0;
}

typedef struct { const jfunction *f; } chosen;

static bool by_function(jeval *e, void *self, jvalue x, jvalue y) {
    jvalue args[2] = { x, y };
    return jtruth(e, japply(e, ((const chosen *)self)->f, args, 2, jundefined));
}

static jvalue sort(jeval *e, jvalue *args, size_t count, jvalue input) {
    (void)input;
    NONE(args[0]);
    jlist *in = jlist_of(e, args[0]), *out = jlist_new(e, true);
    if (in->len <= 1) return args[0];
    bool given = count > 1 && args[1].kind == JV_FUNCTION;
    for (size_t i = 0; i < in->len && !jfailed(e); i++) {
        if (!given && (in->at[i].kind != in->at[0].kind || (in->at[i].kind != JV_NUMBER && in->at[i].kind != JV_STRING)))
            return jfail(e, "D3070", "The single argument form of the sort function can only be applied to an array of strings or an array of numbers");
        jlist_push(e, out, in->at[i]);
    }
    chosen c = { given ? args[1].function : NULL };
    if (!jfailed(e)) jsort(e, out->at, out->len, given ? by_function : natural, &c);
    return jlist_value(out);
}

/* ---- lists ---- */

static jvalue count_(jeval *e, jvalue *args, size_t count, jvalue input) {
    (void)count, (void)input;
    return jnumber(jdefined(args[0]) ? (double)jlist_of(e, args[0])->len : 0);
}

static jvalue append(jeval *e, jvalue *args, size_t count, jvalue input) { return (void)count, (void)input, jappend(e, args[0], args[1]); }

static jvalue reverse(jeval *e, jvalue *args, size_t count, jvalue input) {
    (void)count, (void)input;
    NONE(args[0]);
    jlist *in = jlist_of(e, args[0]), *out = jlist_new(e, true);
    if (in->len <= 1) return args[0];
    for (size_t i = in->len; i > 0 && !jfailed(e); i--) jlist_push(e, out, in->at[i - 1]);
    return jlist_value(out);
}

static jvalue shuffle(jeval *e, jvalue *args, size_t count, jvalue input) {
    (void)count, (void)input;
    NONE(args[0]);
    jlist *in = jlist_of(e, args[0]), *out = jlist_new(e, true);
    if (in->len <= 1) return args[0];
    for (size_t i = 0; i < in->len && !jfailed(e); i++) jlist_push(e, out, in->at[i]);
    for (size_t i = out->len; i > 1; i--) {
        size_t k = (size_t)(asl_random(e->data->machinery) * (double)i);
        jvalue v = out->at[i - 1];
        out->at[i - 1] = out->at[k];
        out->at[k] = v;
    }
    return jlist_value(out);
}

static jvalue distinct(jeval *e, jvalue *args, size_t count, jvalue input) {
    (void)count, (void)input;
    NONE(args[0]);
    if (args[0].kind != JV_LIST || args[0].list->len <= 1) return args[0];
    jlist *in = jlist_open(e, args[0]), *out = jlist_new(e, args[0].list->sequence);
    for (size_t i = 0; i < in->len && !jfailed(e); i++) {
        bool seen = false;
        for (size_t k = 0; k < out->len && !seen && !jfailed(e); k++) seen = jequal(e, out->at[k], in->at[i]);
        if (!seen) jlist_push(e, out, in->at[i]);
    }
    return jlist_value(out);
}

static jvalue zip(jeval *e, jvalue *args, size_t count, jvalue input) {
    jlist *out = jlist_new(e, false);
    size_t len = count == 0 ? 0 : (size_t)-1;
    (void)input;
    for (size_t i = 0; i < count; i++) {
        size_t one = jdefined(args[i]) ? jlist_of(e, args[i])->len : 0;
        if (one < len) len = one;
    }
    for (size_t i = 0; i < len && !jfailed(e); i++) {
        jlist *tuple = jlist_new(e, false);
        for (size_t k = 0; k < count && !jfailed(e); k++) jlist_push(e, tuple, jlist_of(e, args[k])->at[i]);
        jlist_push(e, out, jlist_value(tuple));
    }
    return jlist_value(out);
}

/* ---- objects ---- */

static void keys_into(jeval *e, jvalue v, strmap *seen, jlist *out, unsigned depth) {
    if (depth > 100 || jfailed(e)) return;
    if (v.kind == JV_LIST) {
        jlist *l = jlist_open(e, v);
        for (size_t i = 0; i < l->len && jspend(e, 1); i++) keys_into(e, l->at[i], seen, out, depth + 1);
    } else if (v.kind == JV_OBJECT) {
        jobject *o = jobject_open(e, v);
        for (size_t i = 0; i < o->len && !jfailed(e); i++)
            if (strmap_put(e->arena, seen, o->keys[i], e) == NULL) jlist_push(e, out, jstring(o->keys[i]));
    }
}

static jvalue keys(jeval *e, jvalue *args, size_t count, jvalue input) {
    strmap seen = { 0 };
    jlist *out = jlist_new(e, true);
    (void)count, (void)input;
    keys_into(e, args[0], &seen, out, 0);
    return jlist_value(out);
}

static jvalue lookup(jeval *e, jvalue *args, size_t count, jvalue input) {
    (void)count, (void)input;
    return args[1].kind == JV_STRING ? jsingle(jlookup(e, args[0], args[1].text), false) : jundefined;
}

static jvalue spread(jeval *e, jvalue *args, size_t count, jvalue input) {
    (void)count, (void)input;
    if (args[0].kind != JV_LIST && args[0].kind != JV_OBJECT) return args[0];
    jlist *in = jlist_of(e, args[0]), *out = jlist_new(e, true);
    for (size_t i = 0; i < in->len && !jfailed(e); i++) {
        jobject *o = in->at[i].kind == JV_OBJECT ? jobject_open(e, in->at[i]) : NULL;
        if (o == NULL) jlist_push(e, out, in->at[i]);
        for (size_t k = 0; o != NULL && k < o->len && !jfailed(e); k++) {
            jobject *one = jobject_new(e);
            jobject_set(e, one, o->keys[k], o->values[k]);
            jlist_push(e, out, jobject_value(one));
        }
    }
    return jlist_value(out);
}

static jvalue merge(jeval *e, jvalue *args, size_t count, jvalue input) {
    (void)count, (void)input;
    NONE(args[0]);
    jlist *in = jlist_of(e, args[0]);
    jobject *out = jobject_new(e);
    for (size_t i = 0; i < in->len && !jfailed(e); i++) {
        jobject *o = in->at[i].kind == JV_OBJECT ? jobject_open(e, in->at[i]) : NULL;
        for (size_t k = 0; o != NULL && k < o->len && !jfailed(e); k++) jobject_set(e, out, o->keys[k], o->values[k]);
    }
    return jobject_value(out);
}

static jvalue each(jeval *e, jvalue *args, size_t count, jvalue input) {
    (void)count, (void)input;
    NONE(args[0]);
    jobject *o = jobject_open(e, args[0]);
    jlist *out = jlist_new(e, true);
    for (size_t i = 0; i < o->len && !jfailed(e); i++) {
        jvalue v = japply_item(e, args[1].function, o->values[i], jstring(o->keys[i]), args[0]);
        if (jdefined(v)) jlist_push(e, out, v);
    }
    return jlist_value(out);
}

static jvalue sift(jeval *e, jvalue *args, size_t count, jvalue input) {
    (void)input;
    NONE(args[0]);
    if (count < 2 || args[1].kind != JV_FUNCTION) return jfail(e, "T0410", "Argument 2 of function $sift must be a function");
    jobject *o = jobject_open(e, args[0]), *out = jobject_new(e);
    for (size_t i = 0; i < o->len && !jfailed(e); i++)
        if (jtruth(e, japply_item(e, args[1].function, o->values[i], jstring(o->keys[i]), args[0]))) jobject_set(e, out, o->keys[i], o->values[i]);
    return out->len == 0 ? jundefined : jobject_value(out);
}

/* ---- higher-order functions ---- */

static jvalue map(jeval *e, jvalue *args, size_t count, jvalue input) {
    (void)count, (void)input;
    NONE(args[0]);
    jlist *in = jlist_of(e, args[0]), *out = jlist_new(e, true);
    for (size_t i = 0; i < in->len && !jfailed(e); i++) {
        jvalue v = japply_item(e, args[1].function, in->at[i], jnumber((double)i), args[0]);
        if (jdefined(v)) jlist_push(e, out, v);
    }
    return jlist_value(out);
}

static jvalue filter(jeval *e, jvalue *args, size_t count, jvalue input) {
    (void)count, (void)input;
    NONE(args[0]);
    jlist *in = jlist_of(e, args[0]), *out = jlist_new(e, true);
    for (size_t i = 0; i < in->len && !jfailed(e); i++)
        if (jtruth(e, japply_item(e, args[1].function, in->at[i], jnumber((double)i), args[0]))) jlist_push(e, out, in->at[i]);
    return jlist_value(out);
}

static jvalue single(jeval *e, jvalue *args, size_t count, jvalue input) {
    (void)input;
    NONE(args[0]);
    jlist *in = jlist_of(e, args[0]);
    jvalue found = jundefined;
    for (size_t i = 0; i < in->len && !jfailed(e); i++) {
        if (count > 1 && args[1].kind == JV_FUNCTION && !jtruth(e, japply_item(e, args[1].function, in->at[i], jnumber((double)i), args[0]))) continue;
        if (jdefined(found)) return jfail(e, "D3138", "The $single() function expected exactly 1 matching result. Instead it matched more");
        found = in->at[i];
    }
    return jdefined(found) || jfailed(e) ? found : jfail(e, "D3139", "The $single() function expected exactly 1 matching result. Instead it matched 0");
}

static jvalue reduce(jeval *e, jvalue *args, size_t count, jvalue input) {
    (void)input;
    NONE(args[0]);
    jlist *in = jlist_of(e, args[0]);
    size_t arity = jarity(args[1].function), i = 0;
    if (arity < 2) return jfail(e, "D3050", "The second argument of reduce function must be a function with at least two arguments");
    jvalue so_far = count > 2 ? args[2] : jundefined;
    if (!jdefined(so_far) && in->len > 0) so_far = in->at[i++];
    for (; i < in->len && !jfailed(e); i++) {
        jvalue given[4] = { so_far, in->at[i], jnumber((double)i), args[0] };
        so_far = japply(e, args[1].function, given, arity > 4 ? 4 : arity, jundefined);
    }
    return so_far;
}

/* ---- the rest ---- */

static jvalue type(jeval *e, jvalue *args, size_t count, jvalue input) {
    (void)e, (void)count, (void)input;
    NONE(args[0]);
    return jstring(slice_from(jtype_name(args[0])));
}

static jvalue error(jeval *e, jvalue *args, size_t count, jvalue input) {
    (void)input;
    slice said = count > 0 && args[0].kind == JV_STRING ? args[0].text : SLICE("$error() function evaluated");
    return jfail(e, "D3137", "%.*s", SLICE_ARG(said));
}

static jvalue assert_(jeval *e, jvalue *args, size_t count, jvalue input) {
    (void)input;
    slice said = count > 1 && args[1].kind == JV_STRING ? args[1].text : SLICE("$assert() statement failed");
    return args[0].kind == JV_BOOL && args[0].boolean ? jundefined : jfail(e, "D3141", "%.*s", SLICE_ARG(said));
}

static jvalue clone(jeval *e, jvalue *args, size_t count, jvalue input) { return (void)e, (void)count, (void)input, args[0]; }

const jbuiltin jfunctions_lists[] = {
    { "count", "<a:n>", 1, count_ },
    { "append", "<xx:a>", 2, append },
    { "sort", "<af?:a>", 2, sort },
    { "reverse", "<a:a>", 1, reverse },
    { "shuffle", "<a:a>", 1, shuffle },
    { "distinct", "<x:x>", 1, distinct },
    { "zip", "<a+>", 0, zip },
    { "keys", "<x-:a<s>>", 1, keys },
    { "lookup", "<x-s:x>", 2, lookup },
    { "spread", "<x-:a<o>>", 1, spread },
    { "merge", "<a<o>:o>", 1, merge },
    { "each", "<o-f:a>", 2, each },
    { "sift", "<o-f?:o>", 2, sift },
    { "map", "<af>", 2, map },
    { "filter", "<af>", 2, filter },
    { "single", "<af?>", 2, single },
    { "reduce", "<afj?:j>", 3, reduce },
    { "type", "<x:s>", 1, type },
    { "error", "<s?:x>", 1, error },
    { "assert", "<bs?:x>", 2, assert_ },
    { "clone", "<(oa)-:o>", 1, clone },
    { NULL, NULL, 0, NULL },
};
