/* Functions: signatures, calls, lambdas, partial application, chaining. */
#include "smoke/asl/jsonata_parts.h"

#define ARGUMENTS_MOST 64u

/* ---- signatures: <s-nn?:s> ---- */

typedef struct {
    char types[10];              /* which of s n b l a o f m it takes */
    char type;                   /* its own letter */
    char items;                  /* a<s>: what the array holds; 0: anything */
    bool optional, context, many;
} jparam;

struct jsignature {
    jparam *params;
    size_t len;
};

static bool param_types(jparam *p, char c) {
    switch (c) {
    case 's': case 'n': case 'b': case 'l': case 'o': {
        char types[] = { c, 'm', '\0' };
        memcpy(p->types, types, sizeof types);
        return true;
    }
    case 'f': memcpy(p->types, "f", 2); return true;
    case 'a': case 'x': memcpy(p->types, "asnblfom", 9); return true;
    case 'j': memcpy(p->types, "asnblom", 8); return true;
    case 'u': memcpy(p->types, "bnslm", 6); return true;
    default:  return false;
    }
}

const jsignature *jsignature_read(arena *a, slice text) {
    jsignature *s = ARENA_NEW(a, jsignature);
    VEC(jparam) params = { 0 };
    for (size_t i = 1; i < text.len && text.at[i] != ':' && text.at[i] != '>'; i++) {
        char c = text.at[i];
        jparam p = { .type = c };
        jparam *last = params.len > 0 ? &params.at[params.len - 1] : NULL;
        if (c == ' ') continue;
        if (c == '-' || c == '?' || c == '+') {
            if (last == NULL) return NULL;
            last->context = last->context || c == '-';
            last->optional = last->optional || c != '+';
            last->many = last->many || c == '+';
            continue;
        }
        if (c == '<') {          /* what the last parameter holds */
            size_t close = slice_find(slice_after(text, i), '>');
            if (last == NULL || (last->type != 'a' && last->type != 'f') || i + close >= text.len) return NULL;
            if (last->type == 'a') last->items = text.at[i + 1];
            i += close;
            continue;
        }
        if (c == '(') {
            size_t close = slice_find(slice_after(text, i), ')'), len = 0;
            if (i + close >= text.len || close > 7) return NULL;
            for (size_t k = i + 1; k < i + close; k++) {
                jparam one = { 0 };
                if (text.at[k] == '<') return NULL;
                if (!param_types(&one, text.at[k])) return NULL;
                if (len < 7) p.types[len++] = text.at[k];
            }
            p.types[len++] = 'm';
            i += close;
        } else if (!param_types(&p, c)) {
            return NULL;
        }
        VEC_PUSH(a, &params, p);
    }
    s->params = params.at;
    s->len = params.len;
    return s;
}

static char symbol(jvalue v) {
    static const char symbols[] = { [JV_UNDEFINED] = 'm', [JV_NULL] = 'l', [JV_BOOL] = 'b', [JV_NUMBER] = 'n', [JV_STRING] = 's', [JV_LIST] = 'a',
        [JV_OBJECT] = 'o', [JV_FUNCTION] = 'f' };
    return symbols[v.kind];
}

static bool takes(const jparam *p, jvalue v) { return strchr(p->types, symbol(v)) != NULL; }

/* Which parameter takes how many arguments (taken[i]); greedy, with a way back. Parameters are few and `+` is rare. */
static bool deal(const jsignature *s, size_t i, const jvalue *args, size_t count, size_t at, size_t *taken) {
    if (i == s->len) return at == count;
    const jparam *p = &s->params[i];
    size_t most = 0, limit = p->many ? count - at : 1;
    while (most < limit && at + most < count && takes(p, args[at + most])) most++;
    for (size_t n = most + 1; n > 0; n--) {
        taken[i] = n - 1;
        if (taken[i] == 0 && !p->optional) break;
        if (deal(s, i + 1, args, count, at + taken[i], taken)) return true;
    }
    return false;
}

static bool holds(jeval *e, jvalue v, char items) {
    jlist *l = jlist_open(e, v);
    for (size_t i = 0; i < l->len && jspend(e, 1); i++)
        if (symbol(l->at[i]) != items) return false;
    return !jfailed(e);
}

/* Lays the arguments out by the parameters: the context for what is left out, arrays around single values. *out has room for all. */
static bool validated(jeval *e, const jsignature *s, const char *name, const jvalue *args, size_t count, jvalue input, jvalue *out, size_t *out_count) {
    size_t taken[16], at = 0;
    *out_count = 0;
    if (s->len > COUNT(taken) || !deal(s, 0, args, count, 0, taken)) {
        size_t wrong = 0;
        while (wrong < count && wrong < s->len && takes(&s->params[wrong], args[wrong])) wrong++;
        jfail(e, "T0410", "Argument %zu of function $%s does not match function signature", wrong + 1, name);
        return false;
    }
    for (size_t i = 0; i < s->len; i++) {
        const jparam *p = &s->params[i];
        if (taken[i] == 0) {
            jvalue given = at < count ? args[at] : jundefined;
            if (!p->context) {
                at++;
            } else {
                if (!takes(p, input)) {
                    jfail(e, "T0411", "Context value is not a compatible type with argument %zu of function $%s", i + 1, name);
                    return false;
                }
                given = input.kind == JV_LIST && input.list->outer && input.list->len > 0 ? input.list->at[0] : input;
            }
            out[(*out_count)++] = given;
        }
        for (size_t k = 0; k < taken[i]; k++) {
            jvalue v = at < count ? args[at] : jundefined;
            at++;
            if (p->type == 'a' && jdefined(v)) {
                bool fits = p->items == '\0' || (v.kind == JV_LIST ? p->items == 'x' || holds(e, v, p->items) : symbol(v) == p->items);
                if (!fits && !jfailed(e))
                    jfail(e, "T0412", "Argument %zu of function $%s must be an array of %s", i + 1, name, p->items == 'n' ? "numbers"
                        : p->items == 's' ? "strings" : "objects");
                if (jfailed(e)) return false;
                if (v.kind != JV_LIST) {
                    jlist *one = jlist_new(e, false);
                    jlist_push(e, one, v);
                    v = jlist_value(one);
                }
            }
            out[(*out_count)++] = v;
        }
    }
    return !jfailed(e);
}

/* ---- calls ---- */

size_t jarity(const jfunction *f) {
    if (f->native != NULL) return f->native->arity;
    if (f->lambda != NULL) return f->lambda->param_count;
    if (f->partial != NULL) {
        size_t open = 0;
        for (size_t i = 0; i < f->given_count; i++) open += f->open[i];
        return open;
    }
    return 1;
}

static jvalue call_native(jeval *e, const jfunction *f, const jvalue *args, size_t count, jvalue input) {
    const jsignature *s = jsignature_read(e->arena, slice_from(f->native->signature));
    size_t room = count + (s == NULL ? 0 : s->len) + 1, laid;
    jvalue *out = ARENA_ARRAY(e->arena, jvalue, room);
    if (s == NULL || !validated(e, s, f->native->name, args, count, input, out, &laid)) return jundefined;
    jvalue v = f->native->run(e, out, laid, input);
    return jfailed(e) ? jundefined : v;
}

static bool plain(const jnode *n) { return n->predicates.len == 0 && !n->has_group && !n->keep_array; }

/* The scope of a lambda's body with its parameters set; NULL after an error. */
static jscope *lambda_scope(jeval *e, const jfunction *f, const jvalue *args, size_t count, jvalue input) {
    const jnode *n = f->lambda;
    if (n->signature != NULL) {
        jvalue *out = ARENA_ARRAY(e->arena, jvalue, count + n->signature->len + 1);
        size_t laid;
        if (!validated(e, n->signature, "lambda", args, count, input, out, &laid)) return NULL;
        args = out;
        count = laid;
    }
    jscope *inside = jscope_new(e, f->scope);
    for (size_t i = 0; i < n->param_count; i++) jbind(e, inside, n->params[i], i < count ? args[i] : jundefined);
    return inside;
}

static bool function_of(jeval *e, const jnode *n, jvalue input, jscope *scope, const jfunction **out);

/* A call in the last place of the body goes on here instead of nesting, so a loop written as recursion has no depth. */
static jvalue call_lambda(jeval *e, const jfunction *f, const jvalue *args, size_t count, jvalue context) {
    jscope *scope = lambda_scope(e, f, args, count, context);
    const jnode *n = f->lambda->a;
    jvalue input = f->input;
    while (scope != NULL && n != NULL && jspend(e, 1)) {
        if (n->kind == JN_CONDITION && plain(n)) {
            jvalue v = jevaluate(e, n->a, input, scope);
            if (jfailed(e)) return jundefined;
            n = jtruth(e, v) ? n->b : n->c;
        } else if (n->kind == JN_BLOCK && plain(n) && n->count > 0) {
            scope = jscope_new(e, scope);
            for (size_t i = 0; i + 1 < n->count && !jfailed(e); i++) jevaluate(e, n->items[i], input, scope);
            n = n->items[n->count - 1];
        } else if (n->kind == JN_CALL && plain(n) && n->count <= ARGUMENTS_MOST) {
            jvalue *given = ARENA_ARRAY(e->arena, jvalue, n->count + 1);
            const jfunction *g;
            if (!function_of(e, n, input, scope, &g)) return jundefined;
            for (size_t i = 0; i < n->count && !jfailed(e); i++) given[i] = jevaluate(e, n->items[i], input, scope);
            if (jfailed(e)) return jundefined;
            if (g->lambda == NULL) return jsingle(japply(e, g, given, n->count, input), false);
            scope = lambda_scope(e, g, given, n->count, input);
            input = g->input;
            n = g->lambda->a;
        } else {
            return jevaluate(e, n, input, scope);
        }
    }
    return jundefined;
}

/* A regular expression called as a function gives its first match. */
static jvalue call_regex(jeval *e, const jfunction *f, jvalue text) {
    asl_match m;
    if (text.kind != JV_STRING) return jfail(e, "T1010", "A regular expression is called with a string");
    int found = asl_regex_match(e->arena, f->regex, text.text, 0, &m);
    if (found < 0) return jfail(e, "U1001", "a regular expression takes too long");
    if (found == 0) return jundefined;
    jobject *o = jobject_new(e);
    jlist *groups = jlist_new(e, false);
    jobject_set(e, o, SLICE("match"), jstring(slice_from_to(text.text, m.start, m.end)));
    jobject_set(e, o, SLICE("start"), jnumber((double)m.start));
    jobject_set(e, o, SLICE("end"), jnumber((double)m.end));
    for (size_t i = 0; i < m.count; i++) jlist_push(e, groups, jstring(m.groups[i]));
    jobject_set(e, o, SLICE("groups"), jlist_value(groups));
    return jobject_value(o);
}

jvalue japply(jeval *e, const jfunction *f, jvalue *args, size_t count, jvalue input) {
    if (!jspend(e, 2)) return jundefined;
    if (++e->depth > JSONATA_DEPTH) return jfail(e, "U1001", "calls are nested deeper than %u: does a function call itself without end?", JSONATA_DEPTH);
    jvalue v = jundefined;
    if (f->native != NULL) {
        v = call_native(e, f, args, count, input);
    } else if (f->lambda != NULL) {
        v = call_lambda(e, f, args, count, input);
    } else if (f->partial != NULL) {
        jvalue *all = ARENA_ARRAY(e->arena, jvalue, f->given_count + count);
        size_t used = 0, n = 0;
        for (size_t i = 0; i < f->given_count; i++) all[n++] = !f->open[i] ? f->given[i] : used < count ? args[used++] : jundefined;
        while (used < count) all[n++] = args[used++];
        v = japply(e, f->partial, all, n, input);
    } else if (f->first != NULL) {
        jvalue between = japply(e, f->first, args, count, input);
        if (!jfailed(e)) v = japply(e, f->second, &between, 1, input);
    } else if (f->regex != NULL) {
        v = call_regex(e, f, count > 0 ? args[0] : jundefined);
    } else if (f->transform != NULL) {
        v = jtransform(e, f, count > 0 ? args[0] : jundefined);
    }
    e->depth--;
    return jfailed(e) ? jundefined : v;
}

jvalue japply_item(jeval *e, const jfunction *f, jvalue value, jvalue index, jvalue whole) {
    jvalue args[3] = { value, index, whole };
    size_t arity = jarity(f);
    return japply(e, f, args, arity < 1 ? 1 : arity > 3 ? 3 : arity, jundefined);
}

static bool function_of(jeval *e, const jnode *n, jvalue input, jscope *scope, const jfunction **out) {
    jvalue v = jevaluate(e, n->a, input, scope);
    if (jfailed(e)) return false;
    if (v.kind == JV_FUNCTION) {
        *out = v.function;
        return true;
    }
    slice name = n->a->kind == JN_PATH ? n->a->items[0]->text : n->a->text;
    if (n->a->kind == JN_PATH && !jdefined(v) && jbuiltin_of(e, name) != NULL)
        jfail(e, "T1005", "Attempted to invoke a non-function. Did you mean $%.*s?", SLICE_ARG(name));
    else jfail(e, "T1006", "Attempted to invoke a non-function: %s%.*s", n->a->kind == JN_VARIABLE ? "$" : "", SLICE_ARG(name));
    return false;
}

jvalue jevaluate_call(jeval *e, const jnode *n, jvalue input, jscope *scope, const jvalue *first) {
    const jfunction *f;
    size_t count = 0;
    if (n->count > ARGUMENTS_MOST) return jfail(e, "U1001", "a call with more than %u arguments", ARGUMENTS_MOST);
    jvalue *args = ARENA_ARRAY(e->arena, jvalue, n->count + 1);
    if (!function_of(e, n, input, scope, &f)) return jundefined;
    if (first != NULL) args[count++] = *first;
    for (size_t i = 0; i < n->count && !jfailed(e); i++) args[count++] = jevaluate(e, n->items[i], input, scope);
    return jfailed(e) ? jundefined : japply(e, f, args, count, input);
}

jvalue jevaluate_partial(jeval *e, const jnode *n, jvalue input, jscope *scope) {
    const jfunction *f;
    if (!function_of(e, n, input, scope, &f)) return jundefined;
    jfunction *p = ARENA_NEW(e->arena, jfunction);
    p->partial = f;
    p->given = ARENA_ARRAY(e->arena, jvalue, n->count);
    p->open = ARENA_ARRAY(e->arena, bool, n->count);
    p->given_count = n->count;
    for (size_t i = 0; i < n->count && !jfailed(e); i++) {
        p->open[i] = n->items[i]->kind == JN_PLACEHOLDER;
        if (!p->open[i]) p->given[i] = jevaluate(e, n->items[i], input, scope);
    }
    return (jvalue){ .kind = JV_FUNCTION, .function = p };
}

jvalue jevaluate_chain(jeval *e, const jnode *n, jvalue input, jscope *scope) {
    jvalue x = jevaluate(e, n->a, input, scope);
    if (jfailed(e)) return jundefined;
    if (n->b->kind == JN_CALL && n->b->predicates.len == 0) return jevaluate_call(e, n->b, input, scope, &x);
    jvalue f = jevaluate(e, n->b, input, scope);
    if (jfailed(e)) return jundefined;
    if (f.kind != JV_FUNCTION) return jfail(e, "T2006", "The right side of the function application operator ~> must be a function");
    if (x.kind != JV_FUNCTION) return japply(e, f.function, &x, 1, jundefined);
    jfunction *both = ARENA_NEW(e->arena, jfunction);
    both->first = x.function;
    both->second = f.function;
    return (jvalue){ .kind = JV_FUNCTION, .function = both };
}

const jfunction *jbuiltin_of(jeval *e, slice name) {
    static const jbuiltin *const tables[] = { jfunctions_strings, jfunctions_numbers, jfunctions_lists, jfunctions_dates, jfunctions_regex, jfunctions_states };
    for (size_t t = 0; t < COUNT(tables); t++)
        for (const jbuiltin *b = tables[t]; b->name != NULL; b++)
            if (slice_is(name, b->name)) {
                jfunction *f = ARENA_NEW(e->arena, jfunction);
                f->native = b;
                return f;
            }
    return NULL;
}
