/* Every trigger against every record. */
#include "service/match.h"

#include "service/match_parts.h"

typedef struct {
    arena *arena;
    const record *record;
    const routes *routes;
    const edge *edge;
    const value *filter;         /* one alternative of the edge's filter; &value_absent = everything */
} asking;

static const value *part(const asking *q, const char *key) { return value_get(q->arena, q->filter, slice_from(key)); }

static answer not_known(const asking *q, const char *what, const value *v) {
    return answer_unknown(arena_printf(q->arena, "%s: %.*s cannot be known from the template", what, SLICE_ARG(match_json(q->arena, v))));
}

static answer from_node(const asking *q, const char *what, record_kind k) { return match_name(q->arena, what, q->record->origin[k], q->edge->from); }

/* One text against one text of the filter. */
static answer same_text(const asking *q, const char *what, maybe_text is, const value *wanted) {
    slice text;
    if (value_is_absent(wanted)) return answer_yes();
    if (!value_text(q->arena, wanted, &text)) return not_known(q, what, wanted);
    if (is.there && slice_eq(is.text, text)) return answer_yes();
    return answer_no(is.there ? arena_printf(q->arena, "%s: %.*s is not %.*s", what, SLICE_ARG(match_quoted(q->arena, is.text)), SLICE_ARG(match_quoted(q->arena, text)))
                              : arena_printf(q->arena, "%s: is not there, and must be %.*s", what, SLICE_ARG(match_quoted(q->arena, text))));
}

/* ---- patterns ---- */

#define OPEN_MOST 5000     /* values of a pattern that are looked at for what is not known */

/* What is not known in a pattern, when it is one thing only; else NULL. */
static const value *one_unknown(arena *a, const value *top) {
    const value *found = NULL;
    VEC(const value *) stack = { 0 };
    VEC_PUSH(a, &stack, top);
    for (size_t steps = 0; stack.len > 0; steps++) {
        const value *v = stack.at[--stack.len];
        size_t len = v->kind == VAL_LIST || v->kind == VAL_JOINED ? v->list.len : v->kind == VAL_MAP ? v->map.len : 0;
        if (steps + len > OPEN_MOST || v->kind == VAL_CHOICE) return NULL;
        if (v->kind == VAL_UNKNOWN && found != NULL && (found->why != v->why || !slice_eq(found->text, v->text))) return NULL;
        if (v->kind == VAL_UNKNOWN) found = v;
        for (size_t i = 0; i < len; i++) VEC_PUSH(a, &stack, v->kind == VAL_MAP ? v->map.at[i].value : v->list.at[i]);
    }
    return found;
}

static answer pattern(const asking *q, pattern_dialect d, const value *v, const pattern_event *event) {
    slice because;
    tri is = pattern_matches(q->arena, pattern_compile(q->arena, d, match_with_names(q->arena, v, q->record)), event, &because);
    const value *open = is == UNKNOWN ? one_unknown(q->arena, v) : NULL;
    if (open != NULL) because = arena_printf(q->arena, "%.*s (%.*s)", SLICE_ARG(because), SLICE_ARG(value_why(q->arena, open)));
    return (answer){ is, because };
}

static answer ask_events(const asking *q) {
    if (value_is_absent(q->filter)) return answer_yes();
    return pattern(q, PATTERN_EVENTS, q->filter, q->record->seen[KIND_EVENTS]);
}

#define FILTERS_SAID 3

/* Any one of the patterns. */
static answer patterns(const asking *q, record_kind k) {
    const value *list = part(q, "patterns");
    if (value_is_absent(q->filter)) return answer_yes();
    if (list->kind != VAL_LIST) return not_known(q, "filters", list);
    answer any = answer_no(SLICE("there is no filter that could match"));
    buf said = { .arena = q->arena };
    for (size_t i = 0; i < list->list.len && any.is != YES; i++) {
        answer one = pattern(q, PATTERN_ESM, list->list.at[i], q->record->seen[k]);
        any = i == 0 ? one : answer_or(any, one);
        if (one.is != NO || i >= FILTERS_SAID) continue;
        if (list->list.len > 1) buf_printf(&said, "%sfilter %zu: ", i == 0 ? "" : "; ", i + 1);
        buf_slice(&said, one.because);
    }
    if (any.is == NO && list->list.len > 1) {
        if (list->list.len > FILTERS_SAID) buf_text(&said, "; ...");
        any.because = buf_as_slice(&said);
    }
    return any;
}

static answer source(const asking *q, record_kind k) { return answer_and(from_node(q, "eventSourceARN", k), patterns(q, k)); }

static answer ask_sqs(const asking *q) { return source(q, KIND_SQS); }
static answer ask_kinesis(const asking *q) { return source(q, KIND_KINESIS); }
static answer ask_dynamodb(const asking *q) { return source(q, KIND_DYNAMODB); }
static answer ask_mq(const asking *q) { return source(q, KIND_MQ); }
static answer ask_docdb(const asking *q) { return source(q, KIND_DOCDB); }
static answer ask_kafka(const asking *q) { return source(q, KIND_KAFKA); }

/* A source outside the templates: of the kinds that have filters, whatever the record is. */
static answer ask_any_source(const asking *q) {
    for (record_kind k = KIND_SQS; k <= KIND_DOCDB; k++)
        if ((q->record->kinds & KIND_BIT(k)) != 0)
            return answer_and(source(q, k), answer_unknown(arena_printf(q->arena, "what %.*s delivers cannot be known from the template", SLICE_ARG(q->edge->from->id))));
    return answer_no(SLICE("not this kind of event"));
}

static answer ask_sns(const asking *q) {
    answer from = from_node(q, "TopicArn", KIND_SNS);
    if (from.is == NO || value_is_absent(q->filter)) return from;
    const value *policy = part(q, "policy"), *scope = part(q, "scope");
    slice text;
    if (!value_text(q->arena, scope, &text)) return answer_and(from, not_known(q, "FilterPolicyScope", scope));
    bool body = slice_is(text, "MessageBody");
    answer is = pattern(q, body ? PATTERN_SNS_BODY : PATTERN_SNS_ATTRIBUTES, policy, body ? q->record->body : q->record->attributes);
    if (is.is == NO) is.because = arena_printf(q->arena, "%s %.*s", body ? "Message," : "MessageAttributes,", SLICE_ARG(is.because));
    return answer_and(from, is);
}

/* ---- S3 ---- */

static answer s3_event(const asking *q) {
    const value *events = part(q, "events");
    const value *const *items;
    size_t len;
    slice wanted;
    tri any = NO;
    if (!q->record->s3_event.there)
        return answer_no(arena_printf(q->arena, "eventName: is not there, and must be one of %.*s", SLICE_ARG(match_json(q->arena, events))));
    value_as_list(q->arena, events, &items, &len);
    for (size_t i = 0; i < len; i++) {
        if (!value_text(q->arena, value_under(items[i], q->edge->when), &wanted)) any = UNKNOWN;
        else if (slice_glob(wanted, q->record->s3_event.text)) return answer_yes();
    }
    if (any == UNKNOWN) return not_known(q, "eventName", events);
    return answer_no(arena_printf(q->arena, "eventName: %.*s is not one of %.*s", SLICE_ARG(match_quoted(q->arena, q->record->s3_event.text)), SLICE_ARG(match_json(q->arena, events))));
}

/* Prefix and suffix are plain texts: `*` in one is a star. S3 user guide, "Filtering event notifications". */
static answer s3_key(const asking *q, const char *end) {
    const value *v = value_under(part(q, end), q->edge->when);
    slice text, key = q->record->s3_key.text;
    if (value_is_absent(v)) return answer_yes();
    if (!value_text(q->arena, v, &text)) return not_known(q, "s3.object.key", v);
    if (!q->record->s3_key.there) return answer_no(SLICE("s3.object.key: is not there"));
    bool fits = end[0] == 'p' ? slice_starts(key, text) : slice_ends(key, text);
    if (fits) return answer_yes();
    return answer_no(arena_printf(q->arena, "s3.object.key: %.*s does not %s with %.*s", SLICE_ARG(match_quoted(q->arena, key)), end[0] == 'p' ? "begin" : "end",
                                  SLICE_ARG(match_quoted(q->arena, text))));
}

static answer ask_s3(const asking *q) {
    if (value_is_absent(part(q, "events"))) return answer_no(SLICE("not this kind of event"));
    return answer_and(answer_and(from_node(q, "s3.bucket.name", KIND_S3), s3_event(q)), answer_and(s3_key(q, "prefix"), s3_key(q, "suffix")));
}

/* ---- the others ---- */

static answer ask_route(const asking *q) { return match_route(q->arena, q->routes, q->record, q->edge); }

/* API Gateway developer guide, "Create routes for WebSocket APIs": a message that selects no route goes to $default. */
static answer ask_websocket(const asking *q) {
    if (value_is_absent(q->filter)) return q->edge->from->role == ROLE_CALLER ? answer_yes() : answer_unknown(SLICE("no route of the templates names this integration"));
    const value *route = part(q, "route");
    slice text;
    if (value_is_absent(route)) return answer_unknown(SLICE("which authorizer the route has is not known"));
    if (value_text(q->arena, route, &text) && slice_is(text, "$default") && q->record->route.there && !slice_is(q->record->route.text, "$default")) {
        if (slice_starts(q->record->route.text, SLICE("$"))) return same_text(q, "routeKey", q->record->route, route);
        for (size_t i = 0; i < q->edge->from->out_len; i++) {
            const edge *other = q->edge->from->out[i];
            slice key;
            const value *v = other->filter == NULL ? &value_absent : value_get(q->arena, other->filter, SLICE("route"));
            if (!value_is_absent(v) && value_text(q->arena, v, &key) && slice_eq(key, q->record->route.text) && when_implied(other->when, q->edge->when))
                return answer_no(arena_printf(q->arena, "routeKey: the route %.*s takes it", SLICE_ARG(key)));
        }
        return answer_yes();
    }
    return same_text(q, "routeKey", q->record->route, route);
}

static answer ask_appsync(const asking *q) {
    if (value_is_absent(q->filter)) return answer_yes();
    if (!value_is_absent(part(q, "trigger"))) return answer_unknown(SLICE("whether the request needs it is not known"));
    answer type = q->record->type.there ? same_text(q, "typeName", q->record->type, part(q, "type")) : answer_yes();
    return answer_and(type, same_text(q, "fieldName", q->record->field, part(q, "field")));
}

static answer ask_cognito(const asking *q) { return same_text(q, "triggerSource", q->record->trigger, part(q, "trigger")); }

static answer ask_alarm(const asking *q) {
    const value *const *items;
    size_t len;
    answer any = answer_no(SLICE("state: there is none"));
    value_as_list(q->arena, part(q, "state"), &items, &len);
    for (size_t i = 0; i < len; i++) any = i == 0 ? same_text(q, "state", q->record->state, items[i]) : answer_or(any, same_text(q, "state", q->record->state, items[i]));
    return answer_and(from_node(q, "alarmName", KIND_ALARM), any);
}

static answer ask_lambda(const asking *q) {
    if (q->edge->kind != EDGE_DESTINATION) return ask_any_source(q);
    if ((q->record->kinds & KIND_BIT(KIND_DESTINATION)) == 0) return answer_no(SLICE("not this kind of event"));
    return same_text(q, "requestContext.condition", q->record->outcome, value_get(q->arena, q->edge->facts, SLICE("outcome")));
}

static answer ask_schedule(const asking *q) {
    if (!q->record->rule.there || q->edge->via == NULL) return answer_no(SLICE("not this kind of event"));
    return match_resource_name(q->arena, "resources", q->record->rule.text, q->edge->via);
}

/* MQTT topic filters: `+` is one level, `#` all that follow. AWS IoT developer guide, "MQTT topics". */
static bool topic_fits(slice filter, slice topic) {
    slice f, t;
    while (filter.at != NULL) {
        slice_cut(&filter, '/', &f);
        if (slice_is(f, "#")) return true;
        if (topic.at == NULL) return false;
        slice_cut(&topic, '/', &t);
        if (!slice_is(f, "+") && !slice_eq(f, t)) return false;
    }
    return topic.at == NULL;
}

/* The place of a word of SQL, whatever its case; (size_t)-1. */
static size_t sql_word(slice sql, const char *word) {
    size_t len = strlen(word);
    for (size_t i = 0; i + len <= sql.len; i++) {
        bool alone = (i == 0 || strchr(" \t\r\n)'", sql.at[i - 1]) != NULL) && (i + len == sql.len || strchr(" \t\r\n('", sql.at[i + len]) != NULL);
        if (alone && slice_same_letters(slice_from_to(sql, i, i + len), slice_from(word))) return i;
    }
    return (size_t)-1;
}

/* FROM is looked at; what WHERE says is not. AWS IoT developer guide, "AWS IoT SQL reference". */
static answer ask_iot(const asking *q) {
    slice sql;
    const value *v = part(q, "sql");
    if (value_is_absent(v)) return answer_no(SLICE("not this kind of event"));
    if (!value_text(q->arena, v, &sql)) return not_known(q, "sql", v);
    size_t from = sql_word(sql, "from");
    slice rest = from == (size_t)-1 ? SLICE("") : slice_trim(slice_after(sql, from + 4)), topic = SLICE("");
    if (rest.len > 1 && (rest.at[0] == '\'' || rest.at[0] == '"')) {
        topic = slice_after(rest, 1);
        topic = slice_from_to(topic, 0, slice_find(topic, rest.at[0]));
    }
    if (topic.len == 0) return answer_unknown(SLICE("sql: it has no plain FROM"));
    if (!topic_fits(topic, q->record->topic.text))
        return answer_no(arena_printf(q->arena, "topic: %.*s does not match %.*s", SLICE_ARG(match_quoted(q->arena, q->record->topic.text)), SLICE_ARG(match_quoted(q->arena, topic))));
    size_t where = sql_word(rest, "where");
    if (where == (size_t)-1) return answer_yes();
    return answer_unknown(arena_printf(q->arena, "sql: the topic fits; WHERE is not evaluated: %.*s", SLICE_ARG(match_quoted(q->arena, slice_after(rest, where)))));
}

/* Terms of a pattern for unstructured logs; the other forms ({ $.json }, [columns], %regular expression%) are not evaluated. CloudWatch Logs user
 * guide, "Filter pattern syntax": all terms, or one of those with `?`, none of those with `-`. */
static tri line_fits(slice pattern, slice line) {
    bool any = false, optional = false;
    pattern = slice_trim(pattern);
    while (pattern.len > 0) {
        char sign = pattern.at[0];
        if (strchr("{[%", sign) != NULL) return UNKNOWN;
        if (sign == '-' || sign == '?') pattern = slice_after(pattern, 1);
        bool quoted = pattern.len > 0 && pattern.at[0] == '"';
        if (quoted) pattern = slice_after(pattern, 1);
        size_t to = quoted ? slice_find(pattern, '"') : slice_find(pattern, ' ');
        if (quoted && (to == pattern.len || slice_find(slice_from_to(pattern, 0, to), '\\') < to)) return UNKNOWN;
        bool there = slice_find_slice(line, slice_from_to(pattern, 0, to)) != (size_t)-1;
        if (sign == '?') {
            optional = true;
            any = any || there;
        } else if (there != (sign != '-')) {
            return NO;
        }
        pattern = slice_trim(slice_after(pattern, to < pattern.len ? to + 1 : to));
    }
    return !optional || any ? YES : NO;
}

static answer ask_logs(const asking *q) {
    answer from = from_node(q, "logGroup", KIND_LOGS);
    const value *v = part(q, "pattern"), *lines = q->record->log_lines;
    slice text;
    if (value_is_absent(q->filter)) return from;
    if (!value_text(q->arena, v, &text)) return answer_and(from, not_known(q, "filter pattern", v));
    if (slice_trim(text).len == 0) return from;
    if (lines == NULL) return answer_and(from, answer_unknown(SLICE("logEvents: they are compressed, or not there")));
    tri any = NO;
    for (size_t i = 0; i < lines->list.len && any != YES; i++) {
        const value *item = lines->list.at[i], *message = item->kind == VAL_STRING ? item : value_get(q->arena, item, SLICE("message"));
        tri one = message->kind == VAL_STRING ? line_fits(text, message->text) : NO;
        any = one == NO ? any : one;
    }
    if (any == YES) return from;
    if (any == UNKNOWN) return answer_and(from, answer_unknown(arena_printf(q->arena, "a filter pattern of this form is not evaluated: %.*s", SLICE_ARG(match_quoted(q->arena, text)))));
    return answer_and(from, answer_no(arena_printf(q->arena, "logEvents: no message has %.*s", SLICE_ARG(match_quoted(q->arena, text)))));
}

/* One line a service: the kinds of event that fire its triggers, and the question. */
static const struct { slice service; uint32_t kinds; answer (*ask)(const asking *q); } services[] = {
    { SLICE_INIT("alarm"), KIND_BIT(KIND_ALARM), ask_alarm },
    { SLICE_INIT("alb"), KIND_BIT(KIND_HTTP), ask_route },
    { SLICE_INIT("appsync"), KIND_BIT(KIND_GRAPHQL), ask_appsync },
    { SLICE_INIT("cloudfront"), KIND_BIT(KIND_HTTP), ask_route },
    { SLICE_INIT("cognito"), KIND_BIT(KIND_COGNITO), ask_cognito },
    { SLICE_INIT("docdb"), KIND_BIT(KIND_DOCDB), ask_docdb },
    { SLICE_INIT("dynamodb"), KIND_BIT(KIND_DYNAMODB), ask_dynamodb },
    { SLICE_INIT("events"), KIND_BIT(KIND_EVENTS), ask_events },
    { SLICE_INIT("http"), KIND_BIT(KIND_HTTP), ask_route },
    { SLICE_INIT("iot"), KIND_BIT(KIND_IOT), ask_iot },
    { SLICE_INIT("kafka"), KIND_BIT(KIND_KAFKA), ask_kafka },
    { SLICE_INIT("kinesis"), KIND_BIT(KIND_KINESIS), ask_kinesis },
    { SLICE_INIT("lambda"), KIND_BIT(KIND_DESTINATION) | KIND_BIT(KIND_SQS) | KIND_BIT(KIND_KINESIS) | KIND_BIT(KIND_DYNAMODB) | KIND_BIT(KIND_KAFKA) |
                            KIND_BIT(KIND_MQ) | KIND_BIT(KIND_DOCDB), ask_lambda },
    { SLICE_INIT("lattice"), KIND_BIT(KIND_HTTP), ask_route },
    { SLICE_INIT("logs"), KIND_BIT(KIND_LOGS), ask_logs },
    { SLICE_INIT("mq"), KIND_BIT(KIND_MQ), ask_mq },
    { SLICE_INIT("pipes"), KIND_BIT(KIND_SQS) | KIND_BIT(KIND_KINESIS) | KIND_BIT(KIND_DYNAMODB) | KIND_BIT(KIND_KAFKA) | KIND_BIT(KIND_MQ), ask_any_source },
    { SLICE_INIT("rest"), KIND_BIT(KIND_HTTP), ask_route },
    { SLICE_INIT("s3"), KIND_BIT(KIND_S3), ask_s3 },
    { SLICE_INIT("sns"), KIND_BIT(KIND_SNS), ask_sns },
    { SLICE_INIT("sqs"), KIND_BIT(KIND_SQS), ask_sqs },
    { SLICE_INIT("url"), KIND_BIT(KIND_HTTP), ask_route },
    { SLICE_INIT("websocket"), KIND_BIT(KIND_WEBSOCKET), ask_websocket },
};

/* ---- one edge ---- */

typedef struct {
    asking asking;
    answer (*ask)(const asking *q);
    answer folded;
    bool any;
} alternatives;

/* A filter with branches: what all of them say, else UNKNOWN with the condition. */
static void alternative(void *self, const value *v, when w) {
    alternatives *k = self;
    asking q = k->asking;
    q.filter = v;
    answer one = v->kind == VAL_UNKNOWN ? answer_unknown(arena_printf(q.arena, "the filter cannot be known from the template: %.*s", SLICE_ARG(value_why(q.arena, v))))
                                        : k->ask(&q);
    if (!k->any) k->folded = one;
    else if (k->folded.is != one.is) k->folded = answer_unknown(arena_printf(q.arena, "it depends on whether %.*s", SLICE_ARG(when_text(q.arena, w))));
    k->any = true;
}

static answer enabled(const asking *q) {
    if (q->edge->enabled == NO) return answer_no(SLICE("the trigger is disabled"));
    return q->edge->enabled == UNKNOWN ? answer_unknown(SLICE("whether the trigger is enabled cannot be known from the template")) : answer_yes();
}

/* *other_kind: the event is none that this trigger could get. */
static answer one_edge(const asking *q, bool *other_kind) {
    static const slice not_this = SLICE_INIT("not this kind of event");
    alternatives k = { .asking = *q, .folded = { UNKNOWN, SLICE_INIT("the filter cannot be known from the template") } };
    *other_kind = false;
    bool clock = q->edge->kind == EDGE_SCHEDULE;
    if (clock && slice_is(q->edge->service, "events") && q->record->rule.there) k.ask = ask_schedule;
    for (size_t i = 0; !clock && i < COUNT(services); i++)
        if (slice_eq(services[i].service, q->edge->service) && (services[i].kinds & q->record->kinds) != 0) k.ask = services[i].ask;
    if (k.ask == NULL) {
        *other_kind = true;
        return answer_no(not_this);
    }
    if (q->edge->filter == NULL || value_is_absent(q->edge->filter)) {
        k.asking.filter = &value_absent;
        k.folded = k.ask(&k.asking);
    } else if (clock) {
        k.folded = k.ask(&k.asking);
    } else {
        value_each(q->arena, q->edge->filter, q->edge->when, alternative, &k);
    }
    *other_kind = k.folded.is == NO && slice_eq(k.folded.because, not_this);
    return *other_kind ? k.folded : answer_and(k.folded, enabled(q));
}

#define BECAUSE_BYTES 4096     /* of a reason that are kept */

/* What one question takes is given back; only its reason stays. */
static slice kept(arena *a, arena_mark mark, slice because) {
    char text[BECAUSE_BYTES];
    size_t len = because.len < sizeof text ? because.len : sizeof text;
    while (len < because.len && len > 0 && ((unsigned char)because.at[len] & 0xC0) == 0x80) len--;
    if (len > 0) memcpy(text, because.at, len);
    arena_mark_return(a, mark);
    return arena_copy(a, (slice){ text, len });
}

size_t match_all(arena *a, const graph *g, const match_event *m, const match_result **out) {
    match_result *all = ARENA_ARRAY(a, match_result, g->edges.len + 1);
    size_t len = 0;
    const routes **by_record = ARENA_ARRAY(a, const routes *, m->len + 1);
    for (size_t i = 0; i < m->len; i++)
        if ((m->at[i].kinds & KIND_BIT(KIND_HTTP)) != 0) by_record[i] = match_routes(a, g, &m->at[i]);
    for (size_t i = 0; i < g->edges.len; i++) {
        const edge *e = g->edges.at[i];
        if (!e->trigger) continue;
        match_result r = { .edge = e, .matched = NO, .other_kind = true };
        for (size_t k = 0; k < m->len && r.matched != YES; k++) {
            asking q = { a, &m->at[k], by_record[k], e, &value_absent };
            bool other;
            arena_mark mark = arena_mark_take(a);
            answer is = one_edge(&q, &other);
            bool better = k == 0 || (r.other_kind && !other) || is.is == YES || (is.is == UNKNOWN && r.matched == NO);
            if (!better || is.is == YES) arena_mark_return(a, mark);
            if (!better) continue;
            r.matched = is.is;
            r.because = is.is == YES ? SLICE("") : other ? is.because : kept(a, mark, is.because);
            r.other_kind = other;
        }
        all[len++] = r;
    }
    *out = all;
    return len;
}
