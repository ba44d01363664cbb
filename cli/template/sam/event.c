/* Events of functions and state machines: the table, and the common parts. */
#include "template/sam/lower.h"

#define holder_function false
#define holder_machine true
static const sam_event_type types[] = {
#define EVENT(holder, type, lowering, properties) \
    { SLICE_INIT(type), SLICE_INIT(properties), holder_##holder, sam_event_##lowering, SLICE_INIT(""), SLICE_INIT("") },
#define PULL(type, source, managed, properties) \
    { SLICE_INIT(type), SLICE_INIT(properties), false, sam_event_pull, SLICE_INIT(source), SLICE_INIT(managed) },
#include "template/sam/event.def"
#undef EVENT
#undef PULL
};

const sam_event_type *sam_event_type_of(slice type, bool machine) {
    for (size_t i = 0; i < COUNT(types); i++)
        if (types[i].machine == machine && slice_eq(types[i].type, type))
            return &types[i];
    return NULL;
}

draft *sam_target_arn(sam *s, const sam_target *t) { return t->arn_by_ref ? sam_ref(s, t->id) : sam_att(s, t->id, "Arn"); }
draft *sam_target_name(sam *s, const sam_target *t) { return sam_ref(s, t->id); }

static slice nearest_type(sam *s, slice wrong, bool machine) {
    slice best = { "", 0 };
    size_t least = wrong.len / 2 + 1;
    for (size_t i = 0; i < COUNT(types); i++) {
        size_t far = types[i].machine != machine ? least : slice_same_letters(types[i].type, wrong) ? 0 : slice_distance(types[i].type, wrong, least);
        if (far < least) {
            least = far;
            best = types[i].type;
        }
    }
    return best.len == 0 ? best : sam_print(s, "; did you mean %.*s?", SLICE_ARG(best));
}

static void one_event(sam *s, const doc_entry *e, const sam_target *target) {
    s->event_name = e->key;
    s->event_at = e->key_at;
    s->event_end = e->key_end;
    if (e->value->kind != DOC_MAP) {
        sam_refuse(s, e->value, "the event %.*s must be a map with Type and Properties", SLICE_ARG(e->key));
        return;
    }
    const doc_node *type = sam_get(e->value, "Type"), *props = sam_get(e->value, "Properties");
    if (type == NULL || type->kind != DOC_STRING) {
        sam_refuse(s, type, "the event %.*s needs a Type", SLICE_ARG(e->key));
        return;
    }
    const sam_event_type *row = sam_event_type_of(type->text, target->machine);
    if (row == NULL) {
        sam_refuse(s, type, "a %s has no events of Type %.*s%.*s", target->machine ? "state machine" : "function", SLICE_ARG(type->text),
                   SLICE_ARG(nearest_type(s, type->text, target->machine)));
        return;
    }
    if (props != NULL && props->kind != DOC_MAP) {
        sam_refuse(s, props, "Properties of the event %.*s must be a map", SLICE_ARG(e->key));
        return;
    }
    if (props == NULL)
        props = doc_new_map(s->a, e->value->at, NULL, 0);
    slice parts[] = { s->now->id, e->key };
    slice id = arena_concat(s->a, parts, 2);
    if (!sam_alphanumeric(e->key)) {
        sam_refuse_at(s, e->key_at, e->key_end, "the name of an event becomes part of logical ids: %.*s must be letters and digits only", SLICE_ARG(e->key));
        return;
    }
    sam_check_properties(s, row->properties, props, e->key_at, e->key_end, sam_print(s, "the %.*s event %.*s", SLICE_ARG(type->text), SLICE_ARG(e->key)));
    row->lower(s, &(sam_event){ .body = e->value, .props = props, .id = id, .target = target });
}

void sam_events(sam *s, const doc_node *events, const sam_target *target) {
    for (size_t i = 0; events != NULL && events->kind == DOC_MAP && !sam_is_intrinsic(events) && i < events->map.len; i++)
        one_event(s, &events->map.at[i], target);
    s->event_name = (slice){ "", 0 };
}

draft *sam_permission(sam *s, const sam_event *e, slice id, const char *principal, draft *source_arn) {
    draft *p = sam_add(s, id, "AWS::Lambda::Permission");
    sam_put_word(s, p, "Action", "lambda:InvokeFunction");
    sam_put(s, p, "FunctionName", sam_target_name(s, e->target));
    sam_put_word(s, p, "Principal", principal);
    sam_put(s, p, "SourceArn", source_arn);
    return p;
}
