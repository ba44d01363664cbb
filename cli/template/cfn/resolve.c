/* Document nodes to values: each node of a resource is met once, functions are looked up in a table, and what names another resource is
 * noted for the dependencies. */
#include "template/cfn/reader.h"

typedef struct {
    const value *value;
    need_list needs;
} memo;

/* ---- needs ---- */

void cfn_need(reader *r, const resource *to, need_how how, slice attr, pos at, pos end) {
    if (r->now.needs == NULL || r->needs_total >= TEMPLATE_MAX_NEEDS) return;
    r->needs_total++;
    VEC_PUSH(r->a, r->now.needs, (need){ to, how, attr, at, end, r->now.branch, r->now.weak });
}

/* Adds those that say something new: the first one without conditions makes the others for the same resource superfluous. */
void cfn_needs_merge(reader *r, need_list *into, const need *from, size_t len) {
    uint32_t stamp = ++r->stamp;
    for (size_t i = 0; i < into->len; i++)
        if (into->at[i].w.len == 0 && !into->at[i].weak) ((cfn_resource *)(uintptr_t)into->at[i].to)->stamp = stamp;
    for (size_t i = 0; i < len; i++) {
        cfn_resource *to = (cfn_resource *)(uintptr_t)from[i].to;
        if (to->stamp == stamp || r->needs_total >= TEMPLATE_MAX_NEEDS) continue;
        need n = from[i];
        n.weak = n.weak || r->now.weak;
        if (!when_and(r->a, r->now.branch, n.w, &n.w)) continue;
        if (n.w.len == 0 && !n.weak) to->stamp = stamp;
        r->needs_total++;
        VEC_PUSH(r->a, into, n);
    }
}

/* ---- problems ---- */

void cfn_problem(reader *r, problem_kind kind, pos at, pos end, slice message) {
    if (r->now.quiet) return;
    slice key = arena_printf(r->a, "%d:%u:%u:%u:%.*s", (int)kind, at.file, at.line, at.column, SLICE_ARG(message));
    if (strmap_put(r->a, &r->problems_seen, key, r) != NULL) return;
    when w = r->now.branch;
    if (r->now.owner != NULL && !when_and(r->a, r->now.owner->exists, w, &w)) w = r->now.branch;
    VEC_PUSH(r->a, &r->t->problems, (problem){ kind, at, end, message, r->now.owner, w });
}

bool cfn_made(reader *r, size_t bytes) {
    if (bytes <= TEMPLATE_MAX_MADE_TEXT - r->tree->made_text) {
        r->tree->made_text += bytes;
        return true;
    }
    if (!r->too_large_said)
        diag_add(r->d, (pos){ r->t->file, 0, 0 }, "the functions of this template make more than %u MB of text: the rest is taken as unknown",
                 TEMPLATE_MAX_MADE_TEXT / 1024 / 1024);
    r->too_large_said = true;
    return false;
}

/* ---- texts ---- */

const value *cfn_placed(reader *r, const value *v, const doc_node *n) { return value_placed(r->a, v, n->at, n->end); }

#define RESOLVE_OPEN  "{{resolve:"
#define RESOLVE_CLOSE "}}"

/* Cuts the parts of a text at dynamic references; a reference may reach over several parts ({{resolve:secretsmanager:${Secret}}}). */
const value *cfn_dynamic(reader *r, const value *v) {
    const value *one[1] = { v };
    const value **parts = v->kind == VAL_JOINED ? v->list.at : one;
    size_t len = v->kind == VAL_JOINED ? v->list.len : 1;
    bool any = false;
    for (size_t i = 0; i < len && !any; i++)
        any = parts[i]->kind == VAL_STRING && slice_find_slice(parts[i]->text, SLICE(RESOLVE_OPEN)) != (size_t)-1;
    if (!any) return v;
    VEC(const value *) out = { 0 };
    VEC(const value *) inside = { 0 };
    bool open = false;
    for (size_t i = 0; i < len; i++) {
        if (parts[i]->kind != VAL_STRING) {
            if (open) VEC_PUSH(r->a, &inside, parts[i]);
            else VEC_PUSH(r->a, &out, parts[i]);
            continue;
        }
        slice rest = parts[i]->text;
        while (rest.len > 0) {
            size_t cut = slice_find_slice(rest, open ? SLICE(RESOLVE_CLOSE) : SLICE(RESOLVE_OPEN));
            if (cut == (size_t)-1) {
                const value *text = value_new_string(r->a, v->at, rest);
                if (open) VEC_PUSH(r->a, &inside, text);
                else VEC_PUSH(r->a, &out, text);
                break;
            }
            if (!open) {
                if (cut > 0) VEC_PUSH(r->a, &out, value_new_string(r->a, v->at, slice_from_to(rest, 0, cut)));
                rest = slice_after(rest, cut);
                inside.len = 0;
                open = true;
            } else {
                size_t end = cut + sizeof RESOLVE_CLOSE - 1;
                VEC_PUSH(r->a, &inside, value_new_string(r->a, v->at, slice_from_to(rest, 0, end)));
                slice what = value_display(r->a, value_new_joined(r->a, v->at, inside.at, inside.len));
                VEC_PUSH(r->a, &out, value_new_unknown(r->a, v->at, UNKNOWN_DYNAMIC, what));
                rest = slice_after(rest, end);
                open = false;
            }
        }
    }
    if (open) return v;      /* never closed: text as it stands */
    return value_placed(r->a, value_new_joined(r->a, v->at, out.at, out.len), v->at, v->end);
}

/* ---- nodes ---- */

static const value *scalar(reader *r, const doc_node *n) {
    static const value_kind kinds[] = { [DOC_NULL] = VAL_NULL, [DOC_BOOL] = VAL_BOOL, [DOC_INT] = VAL_INT, [DOC_DOUBLE] = VAL_DOUBLE,
                                        [DOC_STRING] = VAL_STRING };
    value *v = value_new(r->a, kinds[n->kind], n->at);
    v->end = n->end;
    v->text = n->text;
    v->node = n;
    if (n->kind == DOC_BOOL) v->boolean = n->boolean;
    else if (n->kind == DOC_INT) v->integer = n->integer;
    else if (n->kind == DOC_DOUBLE) v->number = n->number;
    return n->kind == DOC_STRING ? cfn_dynamic(r, v) : v;
}

static const value *list(reader *r, const doc_node *n) {
    const value **items = ARENA_ARRAY(r->a, const value *, n->list.len);
    size_t len = 0;
    for (size_t i = 0; i < n->list.len; i++) {
        const value *item = cfn_resolve(r, n->list.at[i]);
        if (item->kind != VAL_ABSENT) items[len++] = item;
    }
    value *v = value_new(r->a, VAL_LIST, n->at);
    v->end = n->end;
    v->list.at = items;
    v->list.len = len;
    return v;
}

static const value *map(reader *r, const doc_node *n) {
    value_entry *entries = ARENA_ARRAY(r->a, value_entry, n->map.len);
    size_t len = 0;
    for (size_t i = 0; i < n->map.len; i++) {
        const doc_entry *e = &n->map.at[i];
        /* A loop over something unknown is left as it stands: what the mapping holds can't be said. */
        if (slice_starts(e->key, SLICE("Fn::ForEach::"))) {
            value *v = value_new(r->a, VAL_UNKNOWN, n->at);
            v->end = n->end;
            v->why = UNKNOWN_COMPUTED;
            v->text = SLICE("Fn::ForEach");
            return v;
        }
        if (slice_is(e->key, "Fn::Transform")) continue;   /* the macro gets the rest, which stays as written */
        const value *item = cfn_resolve(r, e->value);
        if (item->kind != VAL_ABSENT) entries[len++] = (value_entry){ e->key, e->key_at, e->key_end, item };
    }
    value *v = value_new(r->a, VAL_MAP, n->at);
    v->end = n->end;
    v->map.at = entries;
    v->map.len = len;
    return v;
}

static const value *resolve_plain(reader *r, const doc_node *n) {
    if (n->kind == DOC_LIST) return list(r, n);
    if (n->kind != DOC_MAP) return scalar(r, n);
    cfn_function f = cfn_function_of(r, n);
    return f == NULL ? map(r, n) : f(r, n, n->map.at[0].value);
}

/* Recursion is bounded by DOC_MAX_DEPTH. A shared node is resolved once, in no branch and for nobody; whoever meets it takes over what
 * it needs. */
const value *cfn_resolve(reader *r, const doc_node *n) {
    if (!n->shared || doc_is_scalar(n)) return resolve_plain(r, n);
    pointers *known = &r->memo[r->now.in_condition];
    memo *m = pointers_get(known, n);
    need_list needs = { 0 };
    if (m == NULL) {
        m = ARENA_NEW(r->a, memo);
        place outer = r->now;
        r->now.branch = WHEN_ALWAYS;
        r->now.weak = false;
        r->now.needs = &needs;
        m->value = resolve_plain(r, n);
        r->now = outer;
        place bare = r->now;
        r->now.branch = WHEN_ALWAYS;
        r->now.weak = false;
        cfn_needs_merge(r, &m->needs, needs.at, needs.len);
        r->now = bare;
        pointers_put(r->a, known, n, m);
    }
    if (r->now.needs != NULL) {
        if (r->now.branch.len == 0 && !r->now.weak)
            for (size_t i = 0; i < m->needs.len && r->needs_total < TEMPLATE_MAX_NEEDS; i++, r->needs_total++)
                VEC_PUSH(r->a, r->now.needs, m->needs.at[i]);
        else
            cfn_needs_merge(r, r->now.needs, m->needs.at, m->needs.len);
    }
    return m->value;
}
