#include "service/asl.h"

/* ---- substitutions ---- */

static bool is_name(slice s) {
    for (size_t i = 0; i < s.len; i++) {
        char c = s.at[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.'))
            return false;
    }
    return s.len > 0;
}

/* Text parts are texts or references: a substitution of another kind becomes its text or an unknown. */
static const value *as_part(arena *a, const value *v) {
    switch (v->kind) {
    case VAL_STRING: case VAL_REF: case VAL_UNKNOWN: case VAL_JOINED:
        return v;
    case VAL_BOOL: case VAL_INT: case VAL_DOUBLE:
        return value_new_string(a, v->at, v->text);
    case VAL_ABSENT: case VAL_NULL: case VAL_LIST: case VAL_MAP: case VAL_CHOICE:
        break;
    }
    return value_new_unknown(a, v->at, UNKNOWN_COMPUTED, SLICE("DefinitionSubstitutions"));
}

static const value *substituted(arena *a, const value *substitutions, const value *v) {
    if ((v->kind != VAL_STRING && v->kind != VAL_JOINED) || (substitutions->kind != VAL_MAP && substitutions->kind != VAL_UNKNOWN && substitutions->kind != VAL_CHOICE))
        return v;
    open_text t = text_of(a, v);
    if (slice_find_slice(t.flat, SLICE("${")) == (size_t)-1)
        return v;
    VEC(const value *) parts = { 0 };
    size_t from = 0, i = 0;
    while (i + 1 < t.flat.len) {
        size_t open = slice_find_slice(slice_after(t.flat, i), SLICE("${"));
        if (open == (size_t)-1)
            break;
        open += i;
        size_t close = open + slice_find(slice_after(t.flat, open), '}');
        if (close >= t.flat.len)
            break;
        slice name = slice_from_to(t.flat, open + 2, close);
        const value *by = is_name(name) ? value_get(a, substitutions, name) : &value_absent;
        i = close + 1;
        if (value_is_absent(by))
            continue;
        if (open == 0 && i == t.flat.len)
            return by;
        if (open > from)
            VEC_PUSH(a, &parts, text_piece(&t, from, open));
        VEC_PUSH(a, &parts, as_part(a, by));
        from = i;
    }
    if (parts.len == 0)
        return v;
    if (from < t.flat.len)
        VEC_PUSH(a, &parts, text_piece(&t, from, t.flat.len));
    return value_new_joined(a, v->at, parts.at, parts.len);
}

const value *asl_value(const asl_machine *m, const value *v) { return substituted(m->arena, m->substitutions, v); }

const value *asl_field(const asl_machine *m, const asl_state *s, slice name) { return asl_value(m, value_get(m->arena, s->body, name)); }

static bool is_expression(const value *v) { return v->kind == VAL_STRING && slice_starts(v->text, SLICE("{%")); }

const value *asl_argument(const asl_machine *m, const asl_state *s, slice name) {
    static const slice holders[] = { SLICE_INIT("Parameters"), SLICE_INIT("Arguments") };
    for (size_t i = 0; i < COUNT(holders); i++) {
        const value *in = value_get(m->arena, s->body, holders[i]);
        if (is_expression(in))
            return value_new_unknown(m->arena, in->at, UNKNOWN_COMPUTED, in->text);
        const value *v = asl_value(m, value_at(m->arena, in, name));
        if (is_expression(v))
            return value_new_unknown(m->arena, v->at, UNKNOWN_COMPUTED, v->text);
        if (!value_is_absent(v))
            return v;
        slice last = name, rest = name;
        while (slice_cut(&rest, '.', &last))
            ;
        const value *above = last.len < name.len ? value_at(m->arena, in, slice_from_to(name, 0, name.len - last.len - 1)) : in;
        const value *path = value_get(m->arena, above, arena_printf(m->arena, "%.*s.$", SLICE_ARG(last)));
        if (!value_is_absent(path))
            return value_new_unknown(m->arena, path->at, UNKNOWN_COMPUTED, path->text);
    }
    return &value_absent;
}

/* ---- reading ---- */

#define MAX_RULES 4096          /* entries of one Retry, Catch or Choices that are looked at */

static bool has_error(const asl_machine *m) { return m->error.len > 0; }

static void set_error(asl_machine *m, slice state, pos at, pos at_end, slice what) {
    if (has_error(m))
        return;
    m->error = what;
    m->error_state = state;
    m->error_at = at;
    m->error_end = at_end;
}

#define STATE_ERROR(m, s, ...) set_error((m), (s)->name, (s)->at, (s)->end, arena_printf((m)->arena, __VA_ARGS__))

/* What each type of state may and must have. */
typedef enum { GOES_ON, BRANCHES, ENDS } transition;
static const struct { slice type; transition how; slice needs, or_needs; } types[] = {
    { SLICE_INIT("Choice"),   BRANCHES, SLICE_INIT("Choices"),       SLICE_INIT("") },
    { SLICE_INIT("Fail"),     ENDS,     SLICE_INIT(""),              SLICE_INIT("") },
    { SLICE_INIT("Map"),      GOES_ON,  SLICE_INIT("ItemProcessor"), SLICE_INIT("Iterator") },
    { SLICE_INIT("Parallel"), GOES_ON,  SLICE_INIT("Branches"),      SLICE_INIT("") },
    { SLICE_INIT("Pass"),     GOES_ON,  SLICE_INIT(""),              SLICE_INIT("") },
    { SLICE_INIT("Succeed"),  ENDS,     SLICE_INIT(""),              SLICE_INIT("") },
    { SLICE_INIT("Task"),     GOES_ON,  SLICE_INIT("Resource"),      SLICE_INIT("") },
    { SLICE_INIT("Wait"),     GOES_ON,  SLICE_INIT(""),              SLICE_INIT("") },
};

/* One `States` block while it is judged. */
typedef struct {
    asl_machine *m;
    strmap names;            /* of the states -> their index + 1 */
    bool *reached;
    VEC(size_t) todo;
    bool certain;            /* every name and every transition is known */
} block;

/* The index of the state that `target` names; certain is cleared when it can't be said. */
static void go_to(block *k, const asl_state *from, const char *field, const value *target) {
    asl_machine *m = k->m;
    target = asl_value(m, target);
    if (value_is_absent(target))
        return;
    if (target->kind != VAL_STRING) {
        k->certain = k->certain && !value_is_open(target);
        return;
    }
    const size_t *found = strmap_get(&k->names, target->text);
    if (found != NULL) {
        if (!k->reached[*found]) {
            k->reached[*found] = true;
            VEC_PUSH(m->arena, &k->todo, *found);
        }
        return;
    }
    set_error(m, from != NULL ? from->name : (slice){ "", 0 }, target->at, target->end,
              from != NULL ? arena_printf(m->arena, "%s of state %.*s names no state beside it: %.*s", field, SLICE_ARG(from->name), SLICE_ARG(target->text))
                           : arena_printf(m->arena, "StartAt names no state: %.*s", SLICE_ARG(target->text)));
}

typedef struct {
    strmap names;            /* every state of the machine */
    unsigned depth;
    bool full;               /* ASL_MAX_STATES is reached: shared nodes (YAML aliases) must not multiply without end */
} reading;

static void read_block(asl_machine *m, reading *r, const value *holder, const char *what, slice inside, when w);

/* States.ALL stands alone and last (Amazon States Language, "Retrying", "Catching"). */
static void check_errors(asl_machine *m, const asl_state *s, const char *field) {
    const value *list = value_get(m->arena, s->body, slice_from(field));
    for (size_t i = 0; list->kind == VAL_LIST && i < list->list.len && i < MAX_RULES; i++) {
        const value *names = value_get(m->arena, list->list.at[i], SLICE("ErrorEquals"));
        for (size_t n = 0; names->kind == VAL_LIST && n < names->list.len && n < 64; n++)
            if (names->list.at[n]->kind == VAL_STRING && slice_is(names->list.at[n]->text, "States.ALL")) {
                if (names->list.len > 1)
                    STATE_ERROR(m, s, "%s of state %.*s has States.ALL beside other errors", field, SLICE_ARG(s->name));
                else if (i + 1 < list->list.len)
                    STATE_ERROR(m, s, "%s of state %.*s has States.ALL before its last entry", field, SLICE_ARG(s->name));
            }
        if (names->kind == VAL_ABSENT && list->list.at[i]->kind == VAL_MAP)
            STATE_ERROR(m, s, "%s of state %.*s has an entry without ErrorEquals", field, SLICE_ARG(s->name));
    }
}

static void check_choices(block *k, const asl_state *s) {
    arena *a = k->m->arena;
    const value *choices = value_get(a, s->body, SLICE("Choices"));
    if (choices->kind == VAL_LIST && choices->list.len == 0)
        STATE_ERROR(k->m, s, "Choices of state %.*s is empty", SLICE_ARG(s->name));
    k->certain = k->certain && choices->kind == VAL_LIST;
    for (size_t i = 0; choices->kind == VAL_LIST && i < choices->list.len && i < MAX_RULES; i++) {
        const value *rule = choices->list.at[i], *next = value_get(a, rule, SLICE("Next"));
        if (rule->kind == VAL_MAP && next->kind == VAL_ABSENT)
            STATE_ERROR(k->m, s, "a rule in Choices of state %.*s has no Next", SLICE_ARG(s->name));
        go_to(k, s, "Choices", next);
    }
    go_to(k, s, "Default", value_get(a, s->body, SLICE("Default")));
}

static void check_transitions(block *k, const asl_state *s) {
    asl_machine *m = k->m;
    arena *a = m->arena;
    size_t t = 0;
    while (t < COUNT(types) && !slice_eq(types[t].type, s->type))
        t++;
    if (t == COUNT(types)) {
        if (s->type.len > 0)
            STATE_ERROR(m, s, "state %.*s has a type that does not exist: %.*s", SLICE_ARG(s->name), SLICE_ARG(s->type));
        k->certain = false;
        return;
    }
    if (types[t].needs.len > 0 && value_get(a, s->body, types[t].needs)->kind == VAL_ABSENT
        && (types[t].or_needs.len == 0 || value_get(a, s->body, types[t].or_needs)->kind == VAL_ABSENT))
        STATE_ERROR(m, s, "state %.*s is a %.*s without %.*s", SLICE_ARG(s->name), SLICE_ARG(s->type), SLICE_ARG(types[t].needs));
    const value *next = value_get(a, s->body, SLICE("Next")), *ends = asl_field(m, s, SLICE("End"));
    bool end_here = false, has_next = next->kind != VAL_ABSENT;
    tri known = value_as_bool(a, ends, &end_here);
    if (types[t].how == GOES_ON && known != UNKNOWN && next->kind != VAL_UNKNOWN) {
        end_here = known == YES && end_here;
        if (end_here && has_next)
            STATE_ERROR(m, s, "state %.*s has both Next and End", SLICE_ARG(s->name));
        else if (!end_here && !has_next)
            STATE_ERROR(m, s, "state %.*s has neither Next nor End", SLICE_ARG(s->name));
    }
    if (types[t].how == GOES_ON)
        go_to(k, s, "Next", next);
    else if (types[t].how == BRANCHES)
        check_choices(k, s);
    check_errors(m, s, "Retry");
    check_errors(m, s, "Catch");
    const value *catches = value_get(a, s->body, SLICE("Catch"));
    k->certain = k->certain && (catches->kind == VAL_LIST || catches->kind == VAL_ABSENT);
    for (size_t i = 0; catches->kind == VAL_LIST && i < catches->list.len && i < MAX_RULES; i++)
        go_to(k, s, "Catch", value_get(a, catches->list.at[i], SLICE("Next")));
}

static void read_inside(asl_machine *m, reading *r, const asl_state *s) {
    arena *a = m->arena;
    if (slice_is(s->type, "Parallel")) {
        const value *branches = value_get(a, s->body, SLICE("Branches"));
        for (size_t i = 0; branches->kind == VAL_LIST && i < branches->list.len && !r->full; i++)
            read_block(m, r, branches->list.at[i], "a branch of state ", s->name, s->when);
        m->open = m->open || value_is_open(branches);
    } else if (slice_is(s->type, "Map")) {
        const value *each = value_get(a, s->body, SLICE("ItemProcessor"));
        if (value_is_absent(each))
            each = value_get(a, s->body, SLICE("Iterator"));
        if (!value_is_absent(each))
            read_block(m, r, each, "the processor of state ", s->name, s->when);
    }
}

typedef struct {
    asl_machine *m;
    reading *r;
    const value_entry *entry;
} state_choice;

/* One alternative of a state. */
static void read_state(void *self, const value *body, when w) {
    state_choice *k = self;
    asl_machine *m = k->m;
    arena *a = m->arena;
    asl_state s = { .name = k->entry->key, .body = body, .resource = &value_absent, .at = k->entry->key_at, .end = k->entry->key_end, .when = w };
    if (body->kind != VAL_MAP)
        return;
    const value *type = asl_value(m, value_get(a, body, SLICE("Type")));
    if (type->kind == VAL_STRING)
        s.type = type->text;
    else if (type->kind == VAL_ABSENT)
        STATE_ERROR(m, &s, "state %.*s has no Type", SLICE_ARG(s.name));
    if (slice_is(s.type, "Task"))
        s.resource = asl_value(m, value_get(a, body, SLICE("Resource")));
    if (slice_is(s.type, "Map")) {
        const value *mode = asl_value(m, value_at(a, body, SLICE("ItemProcessor.ProcessorConfig.Mode")));
        s.distributed = mode->kind == VAL_STRING && slice_is(mode->text, "DISTRIBUTED");
    }
    VEC_PUSH(a, &m->states, s);
    read_inside(m, k->r, &s);
}

/* A machine, a branch or a processor: its own states first, each followed by what is inside it. */
static void read_block(asl_machine *m, reading *r, const value *holder, const char *what, slice inside, when w) {
    arena *a = m->arena;
    const value *states = value_get(a, holder, SLICE("States"));
    if (holder->kind != VAL_MAP || (states->kind != VAL_MAP && states->kind != VAL_ABSENT)) {
        m->open = m->open || value_is_open(holder) || value_is_open(states);
        if (holder->kind == VAL_MAP && !value_is_open(states))
            set_error(m, inside, states->at, states->end, arena_printf(a, "States of %s%.*s is no map", what, SLICE_ARG(inside)));
        return;
    }
    if (states->kind == VAL_ABSENT || states->map.len == 0) {
        set_error(m, inside, holder->at, holder->end, arena_printf(a, "%s%.*s has no States", what, SLICE_ARG(inside)));
        return;
    }
    if (r->depth == ASL_MAX_DEPTH || m->states.len + states->map.len > ASL_MAX_STATES) {
        r->full = m->open = true;
        return;
    }
    r->depth++;
    block k = { .m = m, .reached = ARENA_ARRAY(a, bool, states->map.len), .certain = true };
    size_t *first = ARENA_ARRAY(a, size_t, states->map.len), *index = ARENA_ARRAY(a, size_t, states->map.len);
    for (size_t i = 0; i < states->map.len; i++) {
        const value_entry *entry = &states->map.at[i];
        first[i] = m->states.len;
        index[i] = i;
        strmap_put(a, &k.names, entry->key, &index[i]);
        if (strmap_put(a, &r->names, entry->key, m) != NULL)
            set_error(m, entry->key, entry->key_at, entry->key_end, arena_printf(a, "two states are called %.*s", SLICE_ARG(entry->key)));
        k.certain = k.certain && entry->value->kind == VAL_MAP;
        state_choice choice = { m, r, entry };
        value_each(a, entry->value, w, read_state, &choice);
    }
    const value *start = value_get(a, holder, SLICE("StartAt"));
    if (start->kind == VAL_ABSENT)
        set_error(m, inside, holder->at, holder->end, arena_printf(a, "%s%.*s has no StartAt", what, SLICE_ARG(inside)));
    go_to(&k, NULL, "StartAt", start);
    for (size_t done = 0; done < k.todo.len; done++) {
        size_t i = k.todo.at[done];
        size_t next = i + 1 < states->map.len ? first[i + 1] : m->states.len;
        if (first[i] < next) {
            asl_state s = m->states.at[first[i]];
            check_transitions(&k, &s);
        }
    }
    for (size_t i = 0; i < states->map.len; i++)
        if (!k.reached[i] && k.certain && !has_error(m) && !m->open)
            VEC_PUSH(a, &m->unreachable, states->map.at[i].key);
    r->depth--;
}

const asl_machine *asl_read(arena *a, const value *definition, const value *substitutions, when w) {
    bool bad = false;
    asl_machine *m = ARENA_NEW(a, asl_machine);
    m->arena = a;
    m->substitutions = substitutions;
    if (definition->kind == VAL_STRING || definition->kind == VAL_JOINED) {
        const value *read = value_from_json_text(a, definition, &bad);
        if (bad) {
            /* `${name}` outside of strings stands for numbers and objects */
            bad = false;
            read = value_from_json_text(a, substituted(a, substitutions, definition), &bad);
        }
        if (bad) {
            /* Text with unknown parts may become JSON at deployment. */
            if (definition->kind == VAL_JOINED || substitutions->kind != VAL_ABSENT)
                return NULL;
            set_error(m, (slice){ "", 0 }, definition->at, definition->end, SLICE("the definition is not JSON"));
            return m;
        }
        definition = read;
    }
    if (definition->kind != VAL_MAP)
        return NULL;
    m->definition = definition;
    reading r = { .depth = 0 };
    read_block(m, &r, definition, "the state machine", (slice){ "", 0 }, w);
    return m;
}

/* ---- definitions in files of their own ---- */

typedef struct {
    arena *arena;
    pos at;
    strmap shared;           /* address of a shared node -> its value */
} conversion;

/* Depth is the document's (doc/limits.h). */
static const value *converted(conversion *c, const doc_node *n) {
    arena *a = c->arena;
    slice address = { (const char *)&n, sizeof n };
    if (n->shared) {
        const value *done = strmap_get(&c->shared, address);
        if (done != NULL)
            return done;
    }
    const value *made = &value_absent;
    switch (n->kind) {
    case DOC_NULL: made = value_new(a, VAL_NULL, c->at); break;
    case DOC_BOOL: made = value_new_bool(a, c->at, n->boolean); break;
    case DOC_INT: made = value_new_int(a, c->at, n->integer); break;
    case DOC_DOUBLE: {
        value *v = value_new(a, VAL_DOUBLE, c->at);
        v->text = n->text;
        v->number = n->number;
        made = v;
        break;
    }
    case DOC_STRING: made = value_new_string(a, c->at, n->text); break;
    case DOC_LIST: {
        const value **items = ARENA_ARRAY(a, const value *, n->list.len);
        for (size_t i = 0; i < n->list.len; i++)
            items[i] = converted(c, n->list.at[i]);
        made = value_new_list(a, c->at, items, n->list.len);
        break;
    }
    case DOC_MAP: {
        value_entry *entries = ARENA_ARRAY(a, value_entry, n->map.len);
        for (size_t i = 0; i < n->map.len; i++)
            entries[i] = (value_entry){ n->map.at[i].key, c->at, c->at, converted(c, n->map.at[i].value) };
        made = value_new_map(a, c->at, entries, n->map.len);
        break;
    }
    }
    if (n->shared)
        strmap_put(a, &c->shared, arena_copy(a, address), (void *)(uintptr_t)made);
    return made;
}

const value *asl_from_file(arena *a, slice text, slice name, pos at) {
    diags unheard = { .arena = a };      /* the file's own mistakes are reported where the file is read as an input */
    const doc_node *n = doc_parse(a, text, name, at.file, &unheard);
    conversion c = { .arena = a, .at = at };
    return n == NULL ? &value_absent : converted(&c, n);
}
