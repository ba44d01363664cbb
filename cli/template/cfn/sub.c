/* Fn::Sub: text with ${Name}, ${Resource.Attribute} and ${!Literal}, each part at its own place inside the scalar. */
#include "template/cfn/reader.h"

typedef struct {
    reader *r;
    const doc_node *call;
} joining;

static const value *join_parts(void *self, const value **args, size_t len) {
    const joining *j = self;
    for (size_t i = 0; i < len; i++)
        if (args[i]->kind == VAL_LIST || args[i]->kind == VAL_MAP)
            return cfn_computed(j->r, j->call, SLICE("Fn::Sub"));
    const value *v = value_new_joined(j->r->a, j->call->at, args, len);
    size_t bytes = 0;
    if (v->kind == VAL_STRING) bytes = v->text.len;
    else if (v->kind == VAL_JOINED) bytes = v->list.len * sizeof(value *);
    if (!cfn_made(j->r, bytes)) return value_new_unknown(j->r->a, j->call->at, UNKNOWN_TOO_LARGE, SLICE("text"));
    return cfn_placed(j->r, cfn_dynamic(j->r, v), j->call);
}

static bool name_char(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == ':';
}

static bool is_name(slice s) {
    for (size_t i = 0; i < s.len; i++)
        if (!name_char(s.at[i])) return false;
    return s.len > 0;
}

static const value *variable(reader *r, slice name, const value *variables, pos at, pos end, pos inner_end, doc_place *places,
                             size_t offset) {
    if (variables->kind == VAL_MAP)
        for (size_t i = 0; i < variables->map.len; i++)
            if (slice_eq(variables->map.at[i].key, name)) return variables->map.at[i].value;
    size_t dot = slice_starts(name, SLICE("AWS::")) ? name.len : slice_find(name, '.');
    if (dot == name.len || strmap_has(&r->t->by_id, name)) return cfn_refer(r, name, NEED_SUB, at, end);
    pos attr_at = doc_place_at(places, offset + dot + 1);
    return cfn_attribute(r, slice_from_to(name, 0, dot), slice_after(name, dot + 1), NEED_SUB, at, end, attr_at, inner_end);
}

const value *cfn_sub(reader *r, const doc_node *call, const doc_node *arg) {
    const doc_node *text_node = arg;
    const value *variables = &value_absent;
    if (arg->kind == DOC_LIST) {
        if (arg->list.len != 2 || !doc_is_scalar(arg->list.at[0]) || arg->list.at[1]->kind != DOC_MAP) {
            if (arg->list.len == 1 && doc_is_scalar(arg->list.at[0])) return cfn_sub(r, call, arg->list.at[0]);
            cfn_problem(r, PROBLEM_FUNCTION, arg->at, arg->end,
                        SLICE("Fn::Sub needs a text, or a list of a text and a mapping of its variables"));
            return cfn_computed(r, call, SLICE("Fn::Sub"));
        }
        text_node = arg->list.at[0];
        variables = cfn_resolve(r, arg->list.at[1]);
    } else if (!doc_is_scalar(arg)) {
        const value *made = cfn_resolve(r, arg);      /* with AWS::LanguageExtensions the text may be made by a function */
        return made->kind == VAL_STRING ? made : cfn_computed(r, call, SLICE("Fn::Sub"));
    }
    slice text = text_node->text;
    doc_place places = doc_place_of(text_node);
    VEC(const value *) parts = { 0 };
    size_t from = 0, i = 0;
    while (i + 1 < text.len) {
        if (text.at[i] != '$' || text.at[i + 1] != '{') {
            i++;
            continue;
        }
        size_t close = slice_find(slice_after(text, i), '}');
        if (close == text.len - i) break;
        close += i;
        slice inner = slice_from_to(text, i + 2, close);
        if (inner.len > 0 && inner.at[0] == '!') {    /* ${!x} stands for ${x} */
            VEC_PUSH(r->a, &parts, value_new_string(r->a, text_node->at, slice_from_to(text, from, i + 2)));
            from = i + 3;
            i = close + 1;
            continue;
        }
        slice name = slice_trim(inner);
        size_t nested = slice_find_slice(inner, SLICE("${"));
        if (nested != (size_t)-1) {                   /* "${a ${Name}": the outer one is no variable */
            i += 2 + nested;
            continue;
        }
        if (name.len == 0) {
            i = close + 1;
            continue;
        }
        if (i > from) VEC_PUSH(r->a, &parts, value_new_string(r->a, text_node->at, slice_from_to(text, from, i)));
        pos at = doc_place_at(&places, i), name_end;
        if (!is_name(name)) {
            pos end = doc_place_at(&places, close + 1);
            cfn_problem(r, PROBLEM_FUNCTION, at, end,
                        arena_printf(r->a, "${%.*s} in Fn::Sub is no name (letters, digits, '_', '.' and ':'); write ${!%.*s} for the text itself",
                                     SLICE_ARG(name), SLICE_ARG(name)));
            VEC_PUSH(r->a, &parts, value_new_unknown(r->a, at, UNKNOWN_NOTHING, name));
        } else {
            size_t name_from = (size_t)(name.at - text.at);
            doc_place ahead = places;
            name_end = doc_place_at(&ahead, name_from + name.len);
            pos end = doc_place_at(&ahead, close + 1);
            VEC_PUSH(r->a, &parts, variable(r, name, variables, at, end, name_end, &places, name_from));
        }
        from = i = close + 1;
    }
    if (from < text.len) {
        if (from == 0 && text_node->kind == DOC_STRING) {
            return cfn_placed(r, cfn_resolve(r, text_node), call);
        }
        VEC_PUSH(r->a, &parts, value_new_string(r->a, text_node->at, slice_after(text, from)));
    }
    joining j = { r, call };
    return cfn_fork(r, call->at, parts.at, parts.len, join_parts, &j);
}
