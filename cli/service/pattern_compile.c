/* A pattern as the template has it -> branches of clauses of matchers. Tolerant: what is not valid becomes an open part, since nobody
 * can say what it would do (pattern_error says that it is refused). */
#include <float.h>

#include "service/pattern_parts.h"

typedef struct {
    const clause **at;           /* in order of the text; later ones win */
    size_t len, cap;
} draft;

typedef struct {
    arena *arena;
    pattern_dialect dialect;
    size_t clauses;              /* of all drafts together */
    size_t values;               /* met so far */
    uint32_t order;
    bool open, too_large;
} compiler;

bool pattern_dialect_of(slice name, pattern_dialect *out) {
    static const slice names[] = {
        [PATTERN_EVENTS] = SLICE_INIT("events"),
        [PATTERN_ESM] = SLICE_INIT("esm"),
        [PATTERN_SNS_ATTRIBUTES] = SLICE_INIT("sns-attributes"),
        [PATTERN_SNS_BODY] = SLICE_INIT("sns-body"),
    };
    for (size_t i = 0; i < COUNT(names); i++) {
        if (slice_eq(name, names[i])) {
            *out = (pattern_dialect)i;
            return true;
        }
    }
    return false;
}

const value *pattern_structure(arena *a, const value *v) {
    if (v->kind != VAL_STRING && v->kind != VAL_JOINED) return v;
    bool bad = false;
    const value *read = value_from_json_text(a, v, &bad);
    return bad ? NULL : read;
}

bool pattern_is_open(const value *v) {
    return v->kind == VAL_UNKNOWN || v->kind == VAL_CHOICE || v->kind == VAL_REF || v->kind == VAL_JOINED;
}

slice pattern_scalar_text(arena *a, const value *v) {
    switch (v->kind) {
    case VAL_NULL: return SLICE("null");
    case VAL_BOOL: return v->boolean ? SLICE("true") : SLICE("false");
    case VAL_INT: return v->text.len > 0 ? v->text : arena_printf(a, "%lld", v->integer);
    case VAL_DOUBLE:
        if (v->text.len > 0) return v->text;
        else {
            buf b = { .arena = a };
            json_out j = { .out = &b };
            json_double(&j, v->number);
            return buf_as_slice(&b);
        }
    default: return v->text;
    }
}

/* ---- matchers ---- */

/* One value more; false when that is too many. */
static bool met(compiler *c) {
    if (++c->values > PATTERN_MAX_VALUES) c->open = c->too_large = true;
    return !c->open;
}

typedef VEC(matcher) matcher_vec;

static void compile_value(compiler *c, const value *v, bool plain, matcher_vec *out, unsigned depth);

static const value *text_of(const value *v) { return v->kind == VAL_STRING ? v : NULL; }

/* Text operators over one text that may be unknown in parts. */
static void compile_text(compiler *c, match_op op, const value *v, matcher_vec *out) {
    matcher m = { .op = MATCH_OPEN };
    if (text_of(v) != NULL) {
        m.op = op;
        m.text = v->text;
        if (op == MATCH_WILDCARD && pattern_glob_read(c->arena, v->text, &m.glob) != NULL) m.op = MATCH_OPEN;
        if (op == MATCH_CIDR && pattern_cidr_read(v->text, &m.ip, &m.bits) != NULL) m.op = MATCH_OPEN;
    } else if (op == MATCH_TEXT && (v->kind == VAL_JOINED || v->kind == VAL_REF)) {
        m.op = MATCH_PARTLY;
        m.text = value_glob(c->arena, v);
    }
    VEC_PUSH(c->arena, out, m);
}

static matcher number_matcher(compiler *c, const value *v) {
    matcher m = { .op = MATCH_NUMBER, .text = pattern_scalar_text(c->arena, v) };
    if (!pattern_number(m.text, &m.low)) m.op = MATCH_LITERAL;
    return m;
}

static bool is_number(const value *v) { return v->kind == VAL_INT || v->kind == VAL_DOUBLE; }

static matcher compile_numeric(compiler *c, const value *v) {
    matcher m = { .op = MATCH_RANGE, .low = -DBL_MAX, .high = DBL_MAX };
    const matcher open = { .op = MATCH_OPEN };
    if (v->kind != VAL_LIST || (v->list.len != 2 && v->list.len != 4)) return open;
    for (size_t i = 0; i < v->list.len; i += 2) {
        const value *op = v->list.at[i], *n = v->list.at[i + 1];
        double number;
        if (op->kind != VAL_STRING || !is_number(n) || !pattern_number(pattern_scalar_text(c->arena, n), &number)) return open;
        if (slice_is(op->text, "=")) m.low = m.high = number;
        else if (slice_is(op->text, ">") || slice_is(op->text, ">=")) m.low = number, m.low_open = op->text.len == 1;
        else if (slice_is(op->text, "<") || slice_is(op->text, "<=")) m.high = number, m.high_open = op->text.len == 1;
        else return open;
    }
    return m;
}

static match_op text_op(slice name) {
    static const struct { slice name; match_op op; } ops[] = {
        { SLICE_INIT("prefix"), MATCH_PREFIX }, { SLICE_INIT("suffix"), MATCH_SUFFIX },
        { SLICE_INIT("equals-ignore-case"), MATCH_FOLD }, { SLICE_INIT("wildcard"), MATCH_WILDCARD },
        { SLICE_INIT("cidr"), MATCH_CIDR }, { SLICE_INIT("exactly"), MATCH_TEXT },
    };
    for (size_t i = 0; i < COUNT(ops); i++)
        if (slice_eq(name, ops[i].name)) return ops[i].op;
    return MATCH_OPEN;
}

/* {"anything-but": x}: none of what x names. */
static matcher compile_but(compiler *c, const value *v, unsigned depth) {
    matcher_vec subs = { 0 };
    match_op op = MATCH_TEXT;
    if (v->kind == VAL_MAP) {
        if (v->map.len != 1) return (matcher){ .op = MATCH_OPEN };
        op = text_op(v->map.at[0].key);
        v = v->map.at[0].value;
    }
    const value *const *items = (const value *const *)&v;
    size_t len = 1;
    if (v->kind == VAL_LIST) {
        items = (const value *const *)v->list.at;
        len = v->list.len;
    }
    for (size_t i = 0; i < len && met(c); i++) {
        if (op == MATCH_OPEN) VEC_PUSH(c->arena, &subs, (matcher){ .op = MATCH_OPEN });
        else if (op == MATCH_TEXT) compile_value(c, items[i], true, &subs, depth + 1);
        else compile_text(c, op, items[i], &subs);
    }
    return (matcher){ .op = MATCH_BUT, .subs = { subs.at, subs.len } };
}

static void compile_operator(compiler *c, slice name, const value *v, matcher_vec *out, unsigned depth) {
    if (slice_is(name, "exists")) {
        match_op op = v->kind != VAL_BOOL ? MATCH_OPEN : v->boolean ? MATCH_EXISTS : MATCH_ABSENT;
        VEC_PUSH(c->arena, out, (matcher){ .op = op });
    } else if (slice_is(name, "numeric")) {
        VEC_PUSH(c->arena, out, compile_numeric(c, v));
    } else if (slice_is(name, "anything-but")) {
        VEC_PUSH(c->arena, out, compile_but(c, v, depth));
    } else {
        match_op op = text_op(name);
        if ((op == MATCH_PREFIX || op == MATCH_SUFFIX) && v->kind == VAL_MAP && v->map.len == 1
            && slice_is(v->map.at[0].key, "equals-ignore-case")) {
            op = op == MATCH_PREFIX ? MATCH_PREFIX_FOLD : MATCH_SUFFIX_FOLD;
            v = v->map.at[0].value;
        }
        compile_text(c, op, v, out);
    }
}

/* One value of a list. `plain`: below anything-but, where a text is never an address. */
static void compile_value(compiler *c, const value *v, bool plain, matcher_vec *out, unsigned depth) {
    matcher m = { .op = MATCH_OPEN };
    if (!met(c) || depth > PATTERN_MAX_DEPTH) {
        VEC_PUSH(c->arena, out, m);
        return;
    }
    switch (v->kind) {
    case VAL_STRING:
        m.op = MATCH_TEXT;
        m.text = v->text;
        if (!plain && pattern_ip_read(v->text, &m.ip)) m.op = MATCH_IP;
        break;
    case VAL_NULL: case VAL_BOOL:
        m.op = MATCH_LITERAL;
        m.text = pattern_scalar_text(c->arena, v);
        break;
    case VAL_INT: case VAL_DOUBLE:
        m = number_matcher(c, v);
        break;
    case VAL_JOINED: case VAL_REF:
        compile_text(c, MATCH_TEXT, v, out);
        return;
    case VAL_CHOICE: {
        matcher_vec subs = { 0 };
        if (v->choice.yes->kind != VAL_ABSENT) compile_value(c, v->choice.yes, plain, &subs, depth + 1);
        if (v->choice.no->kind != VAL_ABSENT) compile_value(c, v->choice.no, plain, &subs, depth + 1);
        m.op = MATCH_EITHER;
        m.subs = (matcher_list){ subs.at, subs.len };
        break;
    }
    case VAL_MAP:
        if (v->map.len == 1 && !plain) {
            compile_operator(c, v->map.at[0].key, v->map.at[0].value, out, depth);
            return;
        }
        break;
    default:
        break;
    }
    VEC_PUSH(c->arena, out, m);
}

/* ---- clauses ---- */

typedef VEC(draft) draft_vec;

static void drafts_add(compiler *c, draft_vec *drafts, const clause *cl) {
    if (drafts->len == 0) VEC_PUSH(c->arena, drafts, (draft){ 0 });
    for (size_t i = 0; i < drafts->len; i++) {
        if (++c->clauses > PATTERN_MAX_CLAUSES) {
            c->open = c->too_large = true;
            return;
        }
        VEC_PUSH(c->arena, &drafts->at[i], cl);
    }
}

static void clause_add(compiler *c, draft_vec *drafts, slice path, const value *v) {
    clause *cl = ARENA_NEW(c->arena, clause);
    *cl = (clause){ .path = path, .at = v, .order = c->order++ };
    matcher_vec any = { 0 };
    if (v->kind == VAL_LIST) {
        for (size_t i = 0; i < v->list.len && !c->open; i++) compile_value(c, v->list.at[i], false, &any, 0);
    } else if (!pattern_is_open(v) && c->dialect >= PATTERN_SNS_ATTRIBUTES) {
        compile_value(c, v, false, &any, 0);     /* SNS's subscribers of old: a bare value is a list of one */
    } else {
        VEC_PUSH(c->arena, &any, (matcher){ .op = MATCH_OPEN });
        cl->open = true;
    }
    cl->any = (matcher_list){ any.at, any.len };
    drafts_add(c, drafts, cl);
}

static void compile_map(compiler *c, draft_vec *drafts, slice path, const value *v, unsigned depth);

static void compile_or(compiler *c, draft_vec *drafts, slice path, const value *v, unsigned depth) {
    draft_vec all = { 0 };
    for (size_t i = 0; i < v->list.len; i++) {
        draft_vec one = { 0 };
        for (size_t k = 0; k < drafts->len && !c->open; k++) {
            draft copy = { 0 };
            const draft *from = &drafts->at[k];
            for (size_t n = 0; n < from->len; n++) VEC_PUSH(c->arena, &copy, from->at[n]);
            c->clauses += from->len;
            if (c->clauses > PATTERN_MAX_CLAUSES) c->open = c->too_large = true;
            VEC_PUSH(c->arena, &one, copy);
        }
        compile_map(c, &one, path, v->list.at[i], depth);
        for (size_t k = 0; k < one.len; k++) VEC_PUSH(c->arena, &all, one.at[k]);
        if (all.len > PATTERN_MAX_BRANCHES) c->open = c->too_large = true;
        if (c->open) return;
    }
    *drafts = all;
}

static void compile_map(compiler *c, draft_vec *drafts, slice path, const value *v, unsigned depth) {
    if (v->kind != VAL_MAP || depth > PATTERN_MAX_DEPTH) {
        c->open = true;
        return;
    }
    for (size_t i = 0; i < v->map.len && met(c); i++) {
        slice key = v->map.at[i].key;
        const value *inner = v->map.at[i].value;
        if (slice_is(key, "$or") && inner->kind == VAL_LIST) {
            compile_or(c, drafts, path, inner, depth + 1);
            continue;
        }
        if (inner->kind == VAL_ABSENT) continue;
        slice parts[] = { path, SLICE("."), key };
        slice below = path.at == NULL ? key : arena_concat(c->arena, parts, COUNT(parts));
        if (inner->kind == VAL_MAP) compile_map(c, drafts, below, inner, depth + 1);
        else clause_add(c, drafts, below, inner);
    }
}

/* Merge sort by path, then by order of the text: stable and never quadratic, whatever the input. */
static void sort_clauses(const clause **at, const clause **spare, size_t len) {
    if (len < 2) return;
    size_t half = len / 2, i = 0, k = half, out = 0;
    sort_clauses(at, spare, half);
    sort_clauses(at + half, spare, len - half);
    while (i < half && k < len) spare[out++] = slice_order(at[k]->path, at[i]->path) < 0 ? at[k++] : at[i++];
    while (i < half) spare[out++] = at[i++];
    while (k < len) spare[out++] = at[k++];
    memcpy(at, spare, len * sizeof *at);
}

const compiled_pattern *pattern_compile(arena *a, pattern_dialect d, const value *v) {
    compiled_pattern *p = ARENA_NEW(a, compiled_pattern);
    compiler c = { .arena = a, .dialect = d };
    draft_vec drafts = { 0 };
    v = pattern_structure(a, v);
    p->dialect = d;
    if (v == NULL) {
        p->open = true;
        return p;
    }
    compile_map(&c, &drafts, (slice){ NULL, 0 }, v, 0);
    if (drafts.len == 0) VEC_PUSH(a, &drafts, (draft){ 0 });
    branch *branches = ARENA_ARRAY(a, branch, drafts.len);
    for (size_t i = 0; i < drafts.len; i++) {
        draft *from = &drafts.at[i];
        const clause **spare = ARENA_ARRAY(a, const clause *, from->len);
        sort_clauses(from->at, spare, from->len);
        clause *at = ARENA_ARRAY(a, clause, from->len);
        size_t len = 0;
        for (size_t k = 0; k < from->len; k++) {
            if (len > 0 && slice_eq(at[len - 1].path, from->at[k]->path)) len--;
            at[len++] = *from->at[k];
        }
        branches[i] = (branch){ at, len };
    }
    p->branches = branches;
    p->len = drafts.len;
    p->open = c.open;
    p->too_large = c.too_large;
    return p;
}
