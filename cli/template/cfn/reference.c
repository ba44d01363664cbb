/* What a name means: pseudo parameters, parameters, resources and their attributes. */
#include "template/cfn/reader.h"

#define MOST_SUGGESTIONS 100   /* of one template: the search for the nearest name looks at all of them */

/* ---- names that are nearly right ---- */

typedef struct {
    slice wrong, best;
    size_t distance;
} nearest;

static void consider(nearest *n, slice name) {
    if (n->distance <= 1 || slice_eq(name, n->wrong)) return;
    size_t d = slice_same_letters(n->wrong, name) ? 1 : slice_distance(n->wrong, name, n->distance - 1);
    if (d < n->distance) {
        n->distance = d;
        n->best = name;
    }
}

static nearest nearest_to(slice wrong) {
    size_t most = wrong.len < 3 ? 0 : wrong.len / 3 < 3 ? wrong.len / 3 : 3;
    return (nearest){ wrong, { "", 0 }, most + 1 };
}

static slice suggestion(arena *a, const nearest *n) {
    return n->best.len == 0 ? SLICE("") : arena_printf(a, "; did you mean %.*s?", SLICE_ARG(n->best));
}

slice template_suggest(arena *a, slice wrong, const slice *names, size_t len) {
    nearest n = nearest_to(wrong);
    for (size_t i = 0; i < len; i++) consider(&n, names[i]);
    return suggestion(a, &n);
}

slice cfn_suggest(reader *r, slice wrong, bool parameters, bool resources) {
    if (r->suggestions++ >= MOST_SUGGESTIONS) return SLICE("");
    nearest n = nearest_to(wrong);
    if (parameters)
        for (size_t i = 0; i < r->parameters.len; i++) consider(&n, r->parameters.at[i].key);
    if (resources)
        for (size_t i = 0; i < r->t->by_id.len; i++) consider(&n, r->t->by_id.at[i].key);
    return suggestion(r->a, &n);
}

slice cfn_suggest_in(reader *r, slice wrong, const strmap *names) {
    if (r->suggestions++ >= MOST_SUGGESTIONS) return SLICE("");
    nearest n = nearest_to(wrong);
    for (size_t i = 0; i < names->len; i++) consider(&n, names->at[i].key);
    return suggestion(r->a, &n);
}

static slice suggest_attribute(reader *r, slice wrong, const catalog_row *row) {
    if (r->suggestions++ >= MOST_SUGGESTIONS) return SLICE("");
    nearest n = nearest_to(wrong);
    for (size_t i = 0; i < row->attributes_count; i++) consider(&n, catalog_text(catalog_attributes[row->attributes_first + i]));
    if (n.best.len > 0) return suggestion(r->a, &n);
    if (row->attributes_count == 0 || row->attributes_count > 8) return SLICE("");
    buf b = { .arena = r->a };
    buf_text(&b, "; it has ");
    for (size_t i = 0; i < row->attributes_count; i++) {
        if (i > 0) buf_text(&b, ", ");
        buf_slice(&b, catalog_text(catalog_attributes[row->attributes_first + i]));
    }
    return buf_as_slice(&b);
}

/* ---- what may come later ---- */

bool cfn_may_exist(const reader *r, slice id) {
    if (r->names_open) return true;
    for (size_t i = 0; i < r->open_ids.len; i++)
        if (slice_glob(r->open_ids.at[i], id)) return true;
    return r->options.made_later != NULL && r->options.made_later(r->options.self, id);
}

static const value *nothing(reader *r, slice name, pos at, pos end) {
    value *v = value_new(r->a, VAL_UNKNOWN, at);
    v->end = end;
    v->why = UNKNOWN_NOTHING;
    v->text = name;
    return v;
}

/* ---- Ref ---- */

static const value *ref_to(reader *r, const cfn_resource *c, slice attr, pos at, pos end) {
    value *v = value_new(r->a, VAL_REF, at);
    v->end = end;
    v->ref.to = &c->public;
    v->ref.attr = attr;
    return v;
}

static const value *open_parameter(reader *r, slice name, pos at, pos end) {
    value *v = value_new(r->a, VAL_UNKNOWN, at);
    v->end = end;
    v->why = UNKNOWN_PARAMETER;
    v->text = name;
    return v;
}

const value *cfn_refer(reader *r, slice name, need_how how, pos at, pos end) {
    if (slice_starts(name, SLICE("AWS::"))) {
        const value *v = cfn_pseudo(r, name, at);
        if (v != NULL) return v->kind == VAL_ABSENT ? v : value_placed(r->a, v, at, end);
    }
    const cfn_parameter *p = strmap_get(&r->parameters, name);
    if (p != NULL) {
        if (r->now.in_condition && p->operand.kind != OPERAND_TEXT) return open_parameter(r, name, at, end);
        /* Where a branch is taken only with another text than the default, the default is not what Ref gives there. */
        slice preset;
        if (r->now.branch.len > 0 && p->operand.kind == OPERAND_FREE && value_text(r->a, p->value, &preset)
            && condition_excludes(r->now.branch.at, r->now.branch.len, p->operand.variable, preset))
            return open_parameter(r, name, at, end);
        return value_placed(r->a, p->value, at, end);
    }
    cfn_resource *c = strmap_get(&r->t->by_id, name);
    if (c != NULL) {
        cfn_need(r, &c->public, how, SLICE("Ref"), at, end);
        return ref_to(r, c, SLICE("Ref"), at, end);
    }
    if (!cfn_may_exist(r, name)) {
        const char *what = slice_starts(name, SLICE("AWS::")) ? "pseudo parameter" : "parameter or resource";
        slice hint = strmap_has(&r->mappings, name)     ? SLICE("; a mapping is read with Fn::FindInMap")
                     : strmap_has(&r->conditions, name) ? SLICE("; a condition is used in Fn::If or Condition")
                                                        : cfn_suggest(r, name, true, true);
        cfn_problem(r, PROBLEM_REFERENCE, at, end,
                    arena_printf(r->a, "there is no %s %.*s in the template%.*s", what, SLICE_ARG(name), SLICE_ARG(hint)));
    }
    return nothing(r, name, at, end);
}

const value *cfn_ref(reader *r, const doc_node *call, const doc_node *arg) {
    if (doc_is_scalar(arg) && arg->kind != DOC_NULL) {
        const value *v = cfn_refer(r, arg->text, NEED_REF, arg->at, arg->end);
        return cfn_placed(r, v, call);
    }
    slice name;
    const value *made = cfn_resolve(r, arg);
    if (value_text(r->a, made, &name)) return cfn_refer(r, name, NEED_REF, arg->at, arg->end);
    return cfn_computed(r, call, SLICE("Ref"));
}

/* ---- GetAtt ---- */

#define OUTPUTS "Outputs."

/* Attributes that only the transform of the format knows, or that come with no schema. */
static tri has_attribute(const resource *to, slice attr) {
    if (slice_starts(to->type, SLICE("Custom::")) || slice_ends(to->type, SLICE("::MODULE"))) return UNKNOWN;
    return catalog_has_attribute(to->row, attr);
}

const value *cfn_attribute(reader *r, slice name, slice attr, need_how how, pos at, pos end, pos attr_at, pos attr_end) {
    cfn_resource *c = strmap_get(&r->t->by_id, name);
    if (c == NULL) {
        if (!cfn_may_exist(r, name)) {
            if (strmap_has(&r->parameters, name))
                cfn_problem(r, PROBLEM_REFERENCE, at, end,
                            arena_printf(r->a, "%.*s is a parameter and has no attribute %.*s: use Ref", SLICE_ARG(name), SLICE_ARG(attr)));
            else
                cfn_problem(r, PROBLEM_REFERENCE, at, end,
                            arena_printf(r->a, "there is no resource %.*s in the template%.*s", SLICE_ARG(name),
                                         SLICE_ARG(cfn_suggest(r, name, false, true))));
        }
        return nothing(r, name, at, end);
    }
    cfn_need(r, &c->public, how, attr, at, end);
    if (cfn_is_nested(&c->public) && slice_starts(attr, SLICE(OUTPUTS))) {
        pos output_at = attr_at;
        output_at.column += attr_at.line == 0 ? 0 : (uint32_t)sizeof OUTPUTS - 1;
        slice whole = arena_printf(r->a, "%.*s.%.*s", SLICE_ARG(name), SLICE_ARG(attr));
        return cfn_nested_output(r, c, slice_after(attr, sizeof OUTPUTS - 1), whole, output_at, attr_end);
    }
    if (has_attribute(&c->public, attr) == NO && !r->names_open)
        cfn_problem(r, PROBLEM_ATTRIBUTE, attr_at, attr_end,
                    arena_printf(r->a, "%.*s (%.*s) has no attribute %.*s%.*s", SLICE_ARG(name), SLICE_ARG(c->public.type), SLICE_ARG(attr),
                                 SLICE_ARG(suggest_attribute(r, attr, c->public.row))));
    return ref_to(r, c, attr, at, end);
}

/* The text of a part of GetAtt: written, or made by a function whose value is known. */
static bool part_text(reader *r, const doc_node *n, slice *out) {
    if (n->kind == DOC_STRING || n->kind == DOC_INT) {
        *out = n->text;
        return true;
    }
    return n->kind == DOC_MAP && value_text(r->a, cfn_resolve(r, n), out);
}

const value *cfn_get_att(reader *r, const doc_node *call, const doc_node *arg) {
    slice name, attr;
    if (arg->kind == DOC_STRING) {
        size_t dot = slice_find(arg->text, '.');
        if (dot > 0 && dot + 1 < arg->text.len) {
            name = slice_from_to(arg->text, 0, dot);
            attr = slice_after(arg->text, dot + 1);
            return cfn_placed(r, cfn_attribute(r, name, attr, NEED_GETATT, arg->at, doc_pos_in(arg, dot), doc_pos_in(arg, dot + 1), arg->end), call);
        }
    } else if (arg->kind == DOC_LIST && arg->list.len >= 2) {
        const doc_node *first = arg->list.at[0], *last = arg->list.at[arg->list.len - 1];
        if (!part_text(r, first, &name)) return cfn_computed(r, call, SLICE("Fn::GetAtt"));
        VEC(slice) parts = { 0 };
        for (size_t i = 1; i < arg->list.len; i++) {
            slice part;
            if (!part_text(r, arg->list.at[i], &part)) {
                cfn_resource *c = strmap_get(&r->t->by_id, name);
                if (c != NULL) cfn_need(r, &c->public, NEED_GETATT, SLICE("?"), first->at, first->end);
                return cfn_computed(r, call, SLICE("Fn::GetAtt"));
            }
            if (i > 1) VEC_PUSH(r->a, &parts, SLICE("."));
            VEC_PUSH(r->a, &parts, part);
        }
        attr = parts.len == 1 ? parts.at[0] : arena_concat(r->a, parts.at, parts.len);
        return cfn_placed(r, cfn_attribute(r, name, attr, NEED_GETATT, first->at, first->end, arg->list.at[1]->at, last->end), call);
    }
    cfn_problem(r, PROBLEM_FUNCTION, arg->at, arg->end, SLICE("Fn::GetAtt needs a resource and an attribute: `!GetAtt Orders.Arn`"));
    return cfn_computed(r, call, SLICE("Fn::GetAtt"));
}
