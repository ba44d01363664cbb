/* References to what SAM makes, by the names it gives them: F.Alias, F.Version, A.Stage, ..., layers (whose ids change) and connectors. AWS
 * SAM developer guide, "Referencing generated resources". */
#include "template/pointers.h"
#include "template/sam/lower.h"

typedef struct {
    sam *s;
    pointers done;
} rewriting;

static const doc_node *rewrite(rewriting *w, const doc_node *n, unsigned depth);

/* "F.Alias.Arn" as what it is called in CloudFormation: "FAliaslive.Arn". False: it is called that already. */
static bool renamed(sam *s, slice name, slice *out) {
    size_t dot = slice_find(name, '.');
    slice id = slice_from_to(name, 0, dot), rest = dot < name.len ? slice_after(name, dot + 1) : (slice){ "", 0 };
    const draft *other = strmap_get(&s->renamed, id);
    if (other != NULL && other->kind == DOC_STRING) {
        *out = rest.len > 0 ? sam_print(s, "%.*s.%.*s", SLICE_ARG(other->node->text), SLICE_ARG(rest)) : other->node->text;
        return true;
    }
    const sam_resource *r = rest.len > 0 ? sam_resource_of(s, id) : NULL;
    if (r == NULL || r->refers.len == 0)
        return false;
    dot = slice_find(rest, '.');
    const draft *made = strmap_get(&r->refers, slice_from_to(rest, 0, dot));
    if (made == NULL)
        return false;
    *out = dot < rest.len ? sam_print(s, "%.*s%.*s", SLICE_ARG(made->node->text), SLICE_ARG(slice_after(rest, dot))) : made->node->text;
    return true;
}

static const doc_node *text_as(sam *s, const doc_node *like, slice text) {
    doc_node *made = doc_new_string(s->a, like->at, text);
    made->end = like->end;
    made->quoted = true;
    return made;
}

static const doc_node *reference(rewriting *w, const doc_node *arg) {
    slice other;
    return arg->kind == DOC_STRING && renamed(w->s, arg->text, &other) ? text_as(w->s, arg, other) : arg;
}

static const doc_node *attribute(rewriting *w, const doc_node *arg) {
    sam *s = w->s;
    slice whole, other;
    if (arg->kind == DOC_STRING)
        whole = arg->text;
    else if (arg->kind == DOC_LIST && arg->list.len == 2 && arg->list.at[0]->kind == DOC_STRING && arg->list.at[1]->kind == DOC_STRING)
        whole = sam_print(s, "%.*s.%.*s", SLICE_ARG(arg->list.at[0]->text), SLICE_ARG(arg->list.at[1]->text));
    else
        return arg;
    if (!renamed(s, whole, &other))
        return arg;
    size_t dot = slice_find(other, '.');
    if (dot == other.len)
        return arg;
    const doc_node *like = arg->kind == DOC_LIST ? arg->list.at[0] : arg;
    const doc_node *parts[] = { text_as(s, like, slice_from_to(other, 0, dot)),
                                text_as(s, arg->kind == DOC_LIST ? arg->list.at[1] : arg, slice_after(other, dot + 1)) };
    doc_node *made = doc_new_list(s->a, arg->at, parts, 2);
    made->end = arg->end;
    return made;
}

static const doc_node *in_text(rewriting *w, const doc_node *n) {
    sam *s = w->s;
    buf b = { .arena = s->a };
    slice text = n->text;
    size_t kept = 0;
    for (size_t i = 0; i + 2 < text.len; i++) {
        if (text.at[i] != '$' || text.at[i + 1] != '{' || text.at[i + 2] == '!')
            continue;
        slice name = slice_after(text, i + 2), other;
        name = slice_from_to(name, 0, slice_find(name, '}'));
        if (renamed(s, slice_trim(name), &other)) {
            buf_slice(&b, slice_from_to(text, kept, i + 2));
            buf_slice(&b, other);
            kept = i + 2 + name.len;
        }
    }
    if (kept == 0)
        return n;
    buf_slice(&b, slice_after(text, kept));
    return text_as(s, n, buf_as_slice(&b));
}

static const doc_node *substitution(rewriting *w, const doc_node *arg, unsigned depth) {
    if (arg->kind == DOC_STRING)
        return in_text(w, arg);
    if (arg->kind != DOC_LIST || arg->list.len != 2 || arg->list.at[0]->kind != DOC_STRING)
        return rewrite(w, arg, depth);
    const doc_node *parts[] = { in_text(w, arg->list.at[0]), rewrite(w, arg->list.at[1], depth) };
    if (parts[0] == arg->list.at[0] && parts[1] == arg->list.at[1])
        return arg;
    doc_node *made = doc_new_list(w->s->a, arg->at, parts, 2);
    made->end = arg->end;
    return made;
}

static const doc_node *rewrite_map(rewriting *w, const doc_node *n, unsigned depth) {
    doc_entry *entries = NULL;
    for (size_t i = 0; i < n->map.len; i++) {
        const doc_entry *e = &n->map.at[i];
        const doc_node *other;
        if (n->map.len == 1 && slice_is(e->key, "Ref"))
            other = reference(w, e->value);
        else if (n->map.len == 1 && slice_is(e->key, "Fn::GetAtt"))
            other = attribute(w, e->value);
        else if (n->map.len == 1 && slice_is(e->key, "Fn::Sub"))
            other = substitution(w, e->value, depth + 1);
        else
            other = rewrite(w, e->value, depth + 1);
        if (other == e->value)
            continue;
        if (entries == NULL) {
            entries = ARENA_ARRAY(w->s->a, doc_entry, n->map.len);
            memcpy(entries, n->map.at, n->map.len * sizeof *entries);
        }
        entries[i].value = other;
    }
    if (entries == NULL)
        return n;
    doc_node *made = ARENA_NEW(w->s->a, doc_node);
    *made = *n;     /* the same keys in the same order */
    made->map.at = entries;
    return made;
}

static const doc_node *rewrite_list(rewriting *w, const doc_node *n, unsigned depth) {
    const doc_node **items = NULL;
    for (size_t i = 0; i < n->list.len; i++) {
        const doc_node *other = rewrite(w, n->list.at[i], depth + 1);
        if (other == n->list.at[i])
            continue;
        if (items == NULL) {
            items = ARENA_ARRAY(w->s->a, const doc_node *, n->list.len);
            memcpy(items, n->list.at, n->list.len * sizeof *items);
        }
        items[i] = other;
    }
    if (items == NULL)
        return n;
    doc_node *made = ARENA_NEW(w->s->a, doc_node);
    *made = *n;
    made->list.at = items;
    return made;
}

/* As deep as a document that was read, and what lowering puts around it. */
#define REWRITE_MAX_DEPTH (DOC_MAX_DEPTH + 32)

static const doc_node *rewrite(rewriting *w, const doc_node *n, unsigned depth) {
    if (n->kind < DOC_LIST || depth > REWRITE_MAX_DEPTH)
        return n;
    const doc_node *known = n->shared ? pointers_get(&w->done, n) : NULL;
    if (known != NULL)
        return known;
    const doc_node *made = n->kind == DOC_MAP ? rewrite_map(w, n, depth) : rewrite_list(w, n, depth);
    if (n->shared)
        pointers_put(w->s->a, &w->done, n, (void *)(uintptr_t)made);
    return made;
}

/* ---- DependsOn ---- */

static void add_depends(sam *s, draft *list, const doc_node *n) {
    draft *other = n->kind == DOC_STRING ? strmap_get(&s->renamed, n->text) : NULL;
    if (other == NULL)
        draft_push(&s->drafts, list, draft_of(&s->drafts, n));
    else if (other->kind == DOC_STRING)
        draft_push(&s->drafts, list, draft_string(&s->drafts, n->at, other->node->text));
    else
        for (size_t i = 0; i < other->entries.len; i++)
            draft_push(&s->drafts, list, draft_string(&s->drafts, n->at, draft_text(draft_at(&s->drafts, other, i))));
}

static bool names_renamed(sam *s, const doc_node *n) {
    for (size_t i = 0; n->kind == DOC_LIST && i < n->list.len; i++)
        if (names_renamed(s, n->list.at[i]))
            return true;
    return n->kind == DOC_STRING && strmap_has(&s->renamed, n->text);
}

void sam_rewrite_depends(sam *s, draft *whole) {
    draft *old = draft_get(&s->drafts, whole, SLICE("DependsOn"));
    if (s->renamed.len == 0 || old == NULL)
        return;
    const doc_node *n = draft_freeze(&s->drafts, old);
    if (!names_renamed(s, n))
        return;
    draft *list = draft_list(&s->drafts, n->at);
    for (size_t i = 0; i < (n->kind == DOC_LIST ? n->list.len : 1); i++)
        add_depends(s, list, n->kind == DOC_LIST ? n->list.at[i] : n);
    sam_put(s, whole, "DependsOn", list);
}

const doc_node *sam_rewritten(sam *s, const doc_node *doc) {
    bool wanted = s->renamed.len > 0;
    for (size_t i = 0; !wanted && i < s->all.len; i++)
        wanted = s->all.at[i]->refers.len > 0;
    rewriting w = { .s = s };
    return wanted ? rewrite(&w, doc, 0) : doc;
}
