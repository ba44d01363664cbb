/* Checks a definition the way CreateStateMachine does, so that what runs later is well formed. Step Functions API reference,
 * "ValidateStateMachineDefinition"; Amazon States Language specification. */
#include <math.h>

#include "base/utf8.h"
#include "smoke/asl/choice.h"
#include "smoke/asl/execution.h"
#include "smoke/asl/jsonata.h"
#include "smoke/asl/payload.h"

#define NAME_CHARACTERS 80u

typedef struct {
    arena *arena;
    slice error;
    strmap names;                /* state names of the whole machine */
    size_t states;
} checker;

static bool refuse(checker *c, slice state, const char *what, slice detail) {
    if (c->error.at != NULL) return false;
    if (state.len > 200) state.len = 200;
    c->error = state.len == 0 ? arena_printf(c->arena, "%s%.*s", what, SLICE_ARG(detail))
        : arena_printf(c->arena, "state `%.*s`: %s%.*s", SLICE_ARG(state), what, SLICE_ARG(detail));
    return false;
}

/* ---- fields ---- */

typedef enum { FIELD_PATH, FIELD_REFERENCE, FIELD_TEMPLATE, FIELD_DATA, FIELD_EXPRESSION, FIELD_NUMBER } field_kind;
typedef enum { IN_JSONPATH = 1, IN_JSONATA = 2, IN_BOTH = 3 } field_language;

/* Fields that are read by one of the query languages; the others are looked at where they are used. */
static const struct { const char *name; field_kind kind; field_language language; } fields[] = {
    { "InputPath", FIELD_PATH, IN_JSONPATH },
    { "OutputPath", FIELD_PATH, IN_JSONPATH },
    { "ItemsPath", FIELD_PATH, IN_JSONPATH },
    { "ResultPath", FIELD_REFERENCE, IN_JSONPATH },
    { "Parameters", FIELD_TEMPLATE, IN_JSONPATH },
    { "ResultSelector", FIELD_TEMPLATE, IN_JSONPATH },
    { "Result", FIELD_DATA, IN_JSONPATH },
    { "SecondsPath", FIELD_PATH, IN_JSONPATH },
    { "TimestampPath", FIELD_PATH, IN_JSONPATH },
    { "TimeoutSecondsPath", FIELD_PATH, IN_JSONPATH },
    { "HeartbeatSecondsPath", FIELD_PATH, IN_JSONPATH },
    { "MaxConcurrencyPath", FIELD_PATH, IN_JSONPATH },
    { "ToleratedFailureCountPath", FIELD_PATH, IN_JSONPATH },
    { "ToleratedFailurePercentagePath", FIELD_PATH, IN_JSONPATH },
    { "ErrorPath", FIELD_EXPRESSION, IN_JSONPATH },
    { "CausePath", FIELD_EXPRESSION, IN_JSONPATH },
    { "Arguments", FIELD_DATA, IN_JSONATA },
    { "Output", FIELD_DATA, IN_JSONATA },
    { "Items", FIELD_DATA, IN_JSONATA },
    { "Assign", FIELD_TEMPLATE, IN_BOTH },
    { "ItemSelector", FIELD_TEMPLATE, IN_BOTH },
    { "Seconds", FIELD_NUMBER, IN_BOTH },
    { "Timestamp", FIELD_DATA, IN_BOTH },
    { "TimeoutSeconds", FIELD_NUMBER, IN_BOTH },
    { "HeartbeatSeconds", FIELD_NUMBER, IN_BOTH },
    { "MaxConcurrency", FIELD_NUMBER, IN_BOTH },
    { "ToleratedFailureCount", FIELD_NUMBER, IN_BOTH },
    { "ToleratedFailurePercentage", FIELD_NUMBER, IN_BOTH },
    { "Error", FIELD_DATA, IN_BOTH },
    { "Cause", FIELD_DATA, IN_BOTH },
};

static bool field_check(checker *c, slice state, const char *name, field_kind kind, bool jsonata_state, const doc_node *n) {
    slice why = SLICE("");
    const char *said = arena_printf(c->arena, "%s: ", name).at;
    if (jsonata_state) return jsonata_check(c->arena, n, &why) || refuse(c, state, said, why);
    switch (kind) {
    case FIELD_PATH:
        if (n->kind == DOC_NULL && slice_ends(slice_from(name), SLICE("putPath"))) return true;
        if (n->kind != DOC_STRING || !asl_expression_check(c->arena, n->text, &why))
            return refuse(c, state, said, n->kind != DOC_STRING ? SLICE("a path should stand") : why);
        return true;
    case FIELD_EXPRESSION:
        return (n->kind == DOC_STRING && asl_expression_check(c->arena, n->text, &why)) ||
            refuse(c, state, said, n->kind != DOC_STRING ? SLICE("a path should stand") : why);
    case FIELD_REFERENCE: {
        const asl_path *p = n->kind == DOC_STRING ? asl_path_parse(c->arena, n->text, &why) : NULL;
        return n->kind == DOC_NULL || (p != NULL && p->reference) || refuse(c, state, said, SLICE("a reference path (`$.a.b`) or null should stand"));
    }
    case FIELD_TEMPLATE: return asl_template_check(c->arena, n, &why) || refuse(c, state, said, why);
    case FIELD_NUMBER:   return js_is_number(n) || refuse(c, state, said, SLICE("a number should stand"));
    case FIELD_DATA:     return true;
    }
    return true;
}

static bool fields_check(checker *c, slice state, const doc_node *n, bool jsonata_state) {
    for (size_t i = 0; i < COUNT(fields); i++) {
        const doc_node *v = js_get(n, fields[i].name);
        if (v == NULL) continue;
        if ((fields[i].language & (jsonata_state ? IN_JSONATA : IN_JSONPATH)) == 0)
            return refuse(c, state, jsonata_state ? "a JSONata state takes no " : "a JSONPath state takes no ", slice_from(fields[i].name));
        if (!field_check(c, state, fields[i].name, fields[i].kind, jsonata_state, v)) return false;
    }
    return true;
}

/* ---- variables, retriers, catchers ---- */

static bool assign_check(checker *c, slice state, const doc_node *assign) {
    for (size_t i = 0; js_is(assign, DOC_MAP) && i < assign->map.len; i++) {
        slice name = assign->map.at[i].key;
        if (slice_ends(name, SLICE(".$"))) name.len -= 2;
        if (name.len == 0 || utf8_count(name) > NAME_CHARACTERS || slice_is(name, "states") || (name.at[0] >= '0' && name.at[0] <= '9'))
            return refuse(c, state, "Assign: this is no name for a variable: ", name);
    }
    return assign == NULL || js_is(assign, DOC_MAP) || refuse(c, state, "Assign must be an object", SLICE(""));
}

static bool handlers_check(checker *c, slice state, const doc_node *list, const char *field, const doc_node *states, bool jsonata_state) {
    if (list == NULL) return true;
    if (list->kind != DOC_LIST) return refuse(c, state, "a list should stand at ", slice_from(field));
    for (size_t i = 0; i < list->list.len; i++) {
        const doc_node *h = list->list.at[i], *names = js_get(h, "ErrorEquals");
        slice next = js_str_of(h, "Next"), why = SLICE("");
        if (!js_is(names, DOC_LIST) || names->list.len == 0) return refuse(c, state, field, SLICE(": ErrorEquals must be a list that is not empty"));
        for (size_t k = 0; k < names->list.len; k++) {
            if (!js_is(names->list.at[k], DOC_STRING)) return refuse(c, state, field, SLICE(": ErrorEquals holds error names"));
            bool all = slice_eq(names->list.at[k]->text, asl_error_all);
            if (all && (names->list.len > 1 || i + 1 < list->list.len)) return refuse(c, state, field, SLICE(": States.ALL stands alone and in the last place"));
        }
        if (strcmp(field, "Retry") == 0) {
            static const struct { const char *name; double least; } numbers[] = { { "IntervalSeconds", 1 }, { "MaxAttempts", 0 }, { "BackoffRate", 1 },
                { "MaxDelaySeconds", 1 } };
            for (size_t k = 0; k < COUNT(numbers); k++) {
                const doc_node *n = js_get(h, numbers[k].name);
                if (n != NULL && (!js_is_number(n) || !(js_double_of(n) >= numbers[k].least)))
                    return refuse(c, state, "Retry: this number is too small or none: ", slice_from(numbers[k].name));
            }
            continue;
        }
        if (doc_get(states, next) == NULL) return refuse(c, state, "Catch: there is no state of the name of its Next: ", next);
        const doc_node *path = js_get(h, "ResultPath");
        if (path != NULL && (jsonata_state || !field_check(c, state, "ResultPath", FIELD_REFERENCE, false, path)))
            return refuse(c, state, "Catch: a JSONata state takes no ResultPath", SLICE(""));
        if (!assign_check(c, state, js_get(h, "Assign"))) return false;
        if (jsonata_state ? !jsonata_check(c->arena, h, &why) : !asl_template_check(c->arena, js_get(h, "Assign"), &why)) return refuse(c, state, "Catch: ", why);
    }
    return true;
}

/* ---- states ---- */

static bool block_check(checker *c, slice owner, const doc_node *block, bool jsonata_around, unsigned depth);

static bool choice_check(checker *c, slice name, const doc_node *n, const doc_node *states, bool jsonata_state) {
    const doc_node *choices = js_get(n, "Choices"), *otherwise = js_get(n, "Default");
    slice why = SLICE("");
    if (!js_is(choices, DOC_LIST) || choices->list.len == 0) return refuse(c, name, "Choices must be a list that is not empty", SLICE(""));
    for (size_t i = 0; i < choices->list.len; i++) {
        const doc_node *rule = choices->list.at[i];
        if (!asl_rule_check(c->arena, rule, jsonata_state, true, &why)) return refuse(c, name, "", why);
        if (doc_get(states, js_str_of(rule, "Next")) == NULL) return refuse(c, name, "there is no state of the name of a rule's Next: ", js_str_of(rule, "Next"));
        if (!assign_check(c, name, js_get(rule, "Assign"))) return false;
    }
    if (otherwise != NULL && doc_get(states, js_str(otherwise)) == NULL) return refuse(c, name, "there is no state of the name of its Default: ", js_str(otherwise));
    return true;
}

static bool children_check(checker *c, slice name, const doc_node *n, bool parallel, bool jsonata_around, unsigned depth) {
    const doc_node *branches = js_get(n, "Branches"), *block;
    bool distributed;
    if (!parallel) {
        asl_map_block(n, &block, &distributed);
        return block != NULL ? block_check(c, name, block, jsonata_around, depth + 1) : refuse(c, name, "a Map has no ItemProcessor", SLICE(""));
    }
    if (!js_is(branches, DOC_LIST) || branches->list.len == 0) return refuse(c, name, "Branches must be a list that is not empty", SLICE(""));
    for (size_t i = 0; i < branches->list.len; i++)
        if (!block_check(c, name, branches->list.at[i], jsonata_around, depth + 1)) return false;
    return true;
}

static bool goes_on_check(checker *c, slice name, const doc_node *n, const doc_node *states) {
    const doc_node *next = js_get(n, "Next"), *end = js_get(n, "End");
    bool ends = js_is(end, DOC_BOOL) && end->boolean;
    if (next == NULL && !ends) return refuse(c, name, "it has neither Next nor `End: true`", SLICE(""));
    if (next != NULL && ends) return refuse(c, name, "it has both Next and End", SLICE(""));
    if (next != NULL && doc_get(states, js_str(next)) == NULL) return refuse(c, name, "there is no state of the name of its Next: ", js_str(next));
    return true;
}

static bool wait_check(checker *c, slice name, const doc_node *n) {
    static const char *const ways[] = { "Seconds", "SecondsPath", "Timestamp", "TimestampPath" };
    size_t count = 0;
    for (size_t i = 0; i < COUNT(ways); i++) count += js_get(n, ways[i]) != NULL;
    return count == 1 || refuse(c, name, "a Wait takes exactly one of Seconds, SecondsPath, Timestamp and TimestampPath", SLICE(""));
}

static bool state_check(checker *c, const doc_entry *e, const doc_node *states, bool jsonata_around, unsigned depth) {
    slice name = e->key, language = js_str_of(e->value, "QueryLanguage"), type = js_str_of(e->value, "Type");
    const doc_node *n = e->value;
    if (utf8_count(name) > NAME_CHARACTERS || name.len == 0) return refuse(c, name, "a state's name has 1 to 80 characters", SLICE(""));
    if (!js_is(n, DOC_MAP)) return refuse(c, name, "a state must be an object", SLICE(""));
    if (strmap_put(c->arena, &c->names, name, c) != NULL) return refuse(c, name, "another state of the machine has this name", SLICE(""));
    if (asl_type_of(type) == NULL) return refuse(c, name, type.len == 0 ? "it has no Type" : "there is no such Type: ", type);
    if (language.len > 0 && !slice_is(language, "JSONata") && !slice_is(language, "JSONPath"))
        return refuse(c, name, "QueryLanguage is JSONPath or JSONata, not ", language);
    if (jsonata_around && slice_is(language, "JSONPath")) return refuse(c, name, "a JSONPath state can't stand in a JSONata machine", SLICE(""));
    bool jsonata_state = jsonata_around || slice_is(language, "JSONata");
    if (!fields_check(c, name, n, jsonata_state) || !assign_check(c, name, js_get(n, "Assign"))) return false;
    if (slice_is(type, "Choice")) return choice_check(c, name, n, states, jsonata_state);
    if (slice_is(type, "Succeed") || slice_is(type, "Fail")) return true;
    if (!goes_on_check(c, name, n, states)) return false;
    if (slice_is(type, "Wait")) return wait_check(c, name, n);
    if (slice_is(type, "Pass")) return true;
    if (!handlers_check(c, name, js_get(n, "Retry"), "Retry", states, jsonata_state) ||
        !handlers_check(c, name, js_get(n, "Catch"), "Catch", states, jsonata_state)) return false;
    if (slice_is(type, "Task")) return js_str_of(n, "Resource").len > 0 || refuse(c, name, "a Task has no Resource", SLICE(""));
    return children_check(c, name, n, slice_is(type, "Parallel"), jsonata_around, depth);
}

static bool block_check(checker *c, slice owner, const doc_node *block, bool jsonata_around, unsigned depth) {
    const doc_node *states = js_get(block, "States"), *start = js_get(block, "StartAt");
    if (depth > ASL_NESTED_MOST) return refuse(c, owner, "Map and Parallel are nested too deep", SLICE(""));
    if (!js_is(states, DOC_MAP) || states->map.len == 0) return refuse(c, owner, "States must be an object that is not empty", SLICE(""));
    if (!js_is(start, DOC_STRING)) return refuse(c, owner, "StartAt is missing", SLICE(""));
    if (doc_get(states, start->text) == NULL) return refuse(c, owner, "there is no state of the name of StartAt: ", start->text);
    for (size_t i = 0; i < states->map.len; i++)
        if (!state_check(c, &states->map.at[i], states, jsonata_around, depth)) return false;
    return true;
}

const asl_program *asl_compile(arena *a, const doc_node *definition, slice *error) {
    checker c = { .arena = a };
    slice language = js_str_of(definition, "QueryLanguage");
    const doc_node *timeout = js_get(definition, "TimeoutSeconds");
    bool deep, known = language.len == 0 || slice_is(language, "JSONata") || slice_is(language, "JSONPath");
    if (!js_is(definition, DOC_MAP)) refuse(&c, SLICE(""), "a state machine's definition must be an object", SLICE(""));
    else if (asl_size(definition, ASL_DEFINITION_MOST, &deep) > ASL_DEFINITION_MOST)
        refuse(&c, SLICE(""), "the definition is larger than 1 MiB or nested too deep", SLICE(""));
    else if (!known) refuse(&c, SLICE(""), "QueryLanguage is JSONPath or JSONata, not ", language);
    else if (timeout != NULL && (!js_is_number(timeout) || !(js_double_of(timeout) >= 1)))
        refuse(&c, SLICE(""), "TimeoutSeconds must be a number of seconds", SLICE(""));
    else block_check(&c, SLICE(""), definition, slice_is(language, "JSONata"), 0);
    *error = c.error;
    if (c.error.at != NULL) return NULL;
    asl_program *p = ARENA_NEW(a, asl_program);
    *p = (asl_program){ definition, slice_is(language, "JSONata"), timeout != NULL ? js_double_of(timeout) : 0 };
    return p;
}
