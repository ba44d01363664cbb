/* Tables and streams: changes, records, messages of brokers. */
#include "base/digest.h"
#include "smoke/event/plan_parts.h"

static const char plain_data[] = "{\"sflint\":\"smoke\"}";

/* ---- DynamoDB ---- */

slice plan_view(maker *m, const edge *e) {
    slice view = property_text(m, e->from->resource, "StreamSpecification.StreamViewType", e->when);
    return view.len > 0 ? view : SLICE("NEW_AND_OLD_IMAGES");
}

static const doc_node *attribute(arena *a, slice type, slice text) {
    js_object o = { 0 };
    VEC_PUSH(a, &o.entries, (doc_entry){ .key = type, .value = js_string(a, text) });
    return js_object_end(a, &o);
}

static slice key_text(arena *a, slice type) {
    return slice_is(type, "N") ? SLICE("1") : slice_is(type, "B") ? base64_encode(a, SLICE("sflint-smoke")) : SLICE("sflint-smoke");
}

/* The key attributes, each with a value of its type. */
static const doc_node *item_keys(planning *p, const resource *table) {
    arena *a = p->arena;
    const doc_node *schema = property(p->maker, table, "KeySchema", p->edge->when), *types = property(p->maker, table, "AttributeDefinitions", p->edge->when);
    js_object o = { 0 };
    for (size_t i = 0; js_is(schema, DOC_LIST) && i < schema->list.len; i++) {
        slice name = js_str_of(schema->list.at[i], "AttributeName"), type = SLICE("S");
        for (size_t k = 0; js_is(types, DOC_LIST) && k < types->list.len; k++)
            if (slice_eq(js_str_of(types->list.at[k], "AttributeName"), name)) type = js_str_of(types->list.at[k], "AttributeType");
        if (name.len > 0) js_set(a, &o, name, attribute(a, type.len > 0 ? type : SLICE("S"), key_text(a, type)));
    }
    if (o.entries.len == 0) js_set(a, &o, SLICE("id"), attribute(a, SLICE("S"), SLICE("sflint-smoke")));
    return js_object_end(a, &o);
}

/* Keys of its own and of its indexes, and one attribute that says where it came from. */
const doc_node *plan_item(planning *p, const resource *table) {
    const doc_node *item = item_keys(p, table), *types = property(p->maker, table, "AttributeDefinitions", p->edge->when);
    for (size_t i = 0; js_is(types, DOC_LIST) && i < types->list.len; i++) {
        slice name = js_str_of(types->list.at[i], "AttributeName"), type = js_str_of(types->list.at[i], "AttributeType");
        if (name.len > 0 && type.len > 0 && doc_get(item, name) == NULL) item = js_with(p->arena, item, name, attribute(p->arena, type, key_text(p->arena, type)));
    }
    return js_with(p->arena, item, SLICE("sflint"), attribute(p->arena, SLICE("S"), SLICE("smoke")));
}

static const char *const changes[] = { "INSERT", "MODIFY", "REMOVE" };

static happening_change new_change(planning *p, const char *event, bool by_ttl) {
    const resource *table = p->edge->from->resource;
    const doc_node *item = plan_item(p, table);
    bool insert = strcmp(event, "INSERT") == 0, removes = strcmp(event, "REMOVE") == 0;
    const doc_node *after = insert ? item : js_with(p->arena, item, SLICE("sflint"), attribute(p->arena, SLICE("S"), SLICE("changed")));
    return (happening_change){ .event = slice_from(event), .keys = item_keys(p, table), .before = insert ? NULL : item, .after = removes ? NULL : after, .by_ttl = by_ttl };
}

static const doc_node *change_view(planning *p, const happening_change *c) {
    return make_filtered_view(p->arena, make_dynamodb_record(p->maker, p->arena, edge_source_arn(p->maker, p->edge), plan_view(p->maker, p->edge), c));
}

typedef struct { planning *p; const happening_change *change; slice view; } table_source;

static probe_room table_room(void *self, arena *a, const slice *path, size_t len, slice *without) {
    static const char *const made[] = { "eventID", "eventName", "eventVersion", "eventSource", "awsRegion", "eventSourceARN", "userIdentity" };
    const table_source *s = self;
    for (size_t i = 0; i < COUNT(made); i++)
        if (slice_is(path[0], made[i])) return ROOM_FIXED;
    if (!slice_is(path[0], "dynamodb")) {
        *without = arena_printf(a, "a DynamoDB record has no key `%.*s`", SLICE_ARG(path[0]));
        return ROOM_NONE;
    }
    bool after = len > 1 && slice_is(path[1], "NewImage"), before = len > 1 && slice_is(path[1], "OldImage");
    if (!after && !before && !(len > 2 && slice_is(path[1], "Keys"))) return ROOM_FIXED;
    const happening_change *c = s->change;
    bool shown = slice_is(s->view, "NEW_AND_OLD_IMAGES") || (after && slice_is(s->view, "NEW_IMAGE")) || (before && slice_is(s->view, "OLD_IMAGE"));
    if ((after || before) && !shown) {
        *without = arena_printf(a, "records of a %.*s stream have no `dynamodb.%.*s`", SLICE_ARG(s->view), SLICE_ARG(path[1]));
        return ROOM_NONE;
    }
    if ((after && c->after == NULL) || (before && c->before == NULL)) {
        *without = arena_printf(a, "a DynamoDB record of a %.*s has no `dynamodb.%.*s`", SLICE_ARG(c->event), SLICE_ARG(path[1]));
        return ROOM_NONE;
    }
    return ROOM_FREE;
}

/* An attribute value has one type; numbers are text. What a filter laid there otherwise is put right, and what is empty goes. */
static const doc_node *image(arena *a, const doc_node *n, const doc_node *keys) {
    js_object o = { 0 };
    for (size_t i = 0; js_is(n, DOC_MAP) && i < n->map.len; i++) {
        const doc_node *v = n->map.at[i].value, *number = js_get(v, "N"), *text = js_get(v, "S");
        if (js_len(v) == 0 || v->kind != DOC_MAP) continue;
        if (js_is_number(number)) v = js_with(a, v, SLICE("N"), js_string(a, number->text));
        if (text != NULL && text->kind != DOC_STRING) v = js_with(a, v, SLICE("S"), js_string(a, doc_is_scalar(text) ? text->text : js_text(a, text)));
        js_set(a, &o, n->map.at[i].key, v);
    }
    for (size_t i = 0; js_is(keys, DOC_MAP) && i < keys->map.len; i++) js_set(a, &o, keys->map.at[i].key, keys->map.at[i].value);
    return js_object_end(a, &o);
}

static happening_change change_of(planning *p, const happening_change *base, const doc_node *view) {
    arena *a = p->arena;
    const doc_node *record = js_get(view, "dynamodb"), *after = js_get(record, "NewImage"), *before = js_get(record, "OldImage");
    happening_change c = *base;
    js_object keys = { 0 };
    for (size_t i = 0; js_is(base->keys, DOC_MAP) && i < base->keys->map.len; i++) {
        slice name = base->keys->map.at[i].key;
        const doc_node *was = base->keys->map.at[i].value, *of_keys = doc_get(js_get(record, "Keys"), name);
        const doc_node *of_image = doc_get(after != NULL ? after : before, name);
        const doc_node *v = of_keys != NULL && !js_same(of_keys, was) ? of_keys : of_image != NULL ? of_image : was;
        VEC_PUSH(a, &keys.entries, (doc_entry){ .key = name, .value = v });
    }
    c.keys = image(a, js_object_end(a, &keys), NULL);
    if (base->after != NULL) c.after = image(a, after != NULL ? after : base->after, c.keys);
    if (base->before != NULL) c.before = image(a, before != NULL ? before : base->before, c.keys);
    return c;
}

static tri change_fits(planning *p, const doc_node *const *patterns, size_t len, const happening_change *c) {
    return len == 0 ? YES : probe_matches(p->arena, PATTERN_ESM, patterns, len, change_view(p, c));
}

void plan_table(planning *p) {
    arena *a = p->arena;
    const doc_node *const *patterns;
    size_t len;
    if (!plan_patterns(p, &patterns, &len)) return;
    VEC(probe) refused = { 0 };
    slice why = SLICE("");
    bool never = true;
    for (size_t i = 0; i < COUNT(changes) + 1; i++) {
        bool ttl = i == COUNT(changes);
        if (ttl && p->list.len > 0) break;
        happening_change base = new_change(p, ttl ? "REMOVE" : changes[i], ttl);
        happening_change c = base;
        if (len > 0) {
            table_source self = { p, &base, plan_view(p->maker, p->edge) };
            probe_source s = { .dialect = PATTERN_ESM, .base = change_view(p, &base), .room = table_room, .self = &self };
            probed out = probe_patterns(a, &s, patterns, len);
            if (out.accepted != NULL) c = change_of(p, &base, out.accepted);
            if (out.accepted == NULL || change_fits(p, patterns, len, &c) != YES) {
                never = never && out.never;
                if (why.len == 0) why = out.accepted == NULL ? out.why : SLICE("sflint finds no change that passes the filter");
                if (!ttl && change_fits(p, patterns, len, &base) == NO)
                    VEC_PUSH(a, &refused, (probe){ .trigger = p->edge, .kind = HAPPENS_CHANGE, .change = base, .must_not_arrive = true, .what = slice_from(changes[i]),
                                                   .cannot = SLICE_INIT(""), .given = SLICE_INIT("") });
                continue;
            }
            happening_change other = change_of(p, &base, out.refused);
            if (out.refused != NULL && change_fits(p, patterns, len, &other) == NO)
                VEC_PUSH(a, &refused, (probe){ .trigger = p->edge, .kind = HAPPENS_CHANGE, .change = other, .must_not_arrive = true,
                                               .what = arena_printf(a, "%s refused by the filter", changes[ttl ? 2 : i]), .cannot = SLICE_INIT(""), .given = SLICE_INIT("") });
        }
        plan_add(p, HAPPENS_CHANGE, ttl ? SLICE("REMOVE by time to live") : slice_from(changes[i]))->change = c;
    }
    if (p->list.len == 0) {
        plan_cannot(p, why, never);
        return;
    }
    /* one that is refused will do: an event of another kind before one of the same */
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < refused.len; i++)
            if (slice_ends(refused.at[i].what, SLICE(" filter")) == (pass == 1)) {
                VEC_PUSH(a, &p->list, refused.at[i]);
                return;
            }
}

/* ---- Kinesis ---- */

static const doc_node *record_view(planning *p, const happening_record *r) {
    return make_filtered_view(p->arena, make_kinesis_record(p->maker, p->arena, edge_source_arn(p->maker, p->edge), SLICE("1"), r));
}

static probe_room stream_room(void *self, arena *a, const slice *path, size_t len, slice *without) {
    static const char *const made[] = { "kinesisSchemaVersion", "sequenceNumber", "approximateArrivalTimestamp", "eventSource", "eventVersion", "eventID", "eventName",
                                        "invokeIdentityArn", "awsRegion", "eventSourceARN" };
    (void)self;
    (void)len;
    if (slice_is(path[0], "data") || slice_is(path[0], "partitionKey")) return ROOM_FREE;
    for (size_t i = 0; i < COUNT(made); i++)
        if (slice_is(path[0], made[i])) return ROOM_FIXED;
    *without = arena_printf(a, "a Kinesis record has no key `%.*s`", SLICE_ARG(path[0]));
    return ROOM_NONE;
}

static happening_record record_of(planning *p, const doc_node *view) {
    const doc_node *data = js_get(view, "data"), *key = js_get(view, "partitionKey");
    return (happening_record){ .key = key != NULL && doc_is_scalar(key) ? key->text : SLICE("sflint-smoke"),
                               .data = data == NULL ? SLICE("") : js_is(data, DOC_STRING) ? data->text : js_text(p->arena, data) };
}

void plan_stream(planning *p) {
    arena *a = p->arena;
    const doc_node *const *patterns;
    size_t len;
    happening_record base = { .key = SLICE_INIT("sflint-smoke"), .data = slice_from(plain_data) };
    if (!plan_patterns(p, &patterns, &len)) return;
    if (len == 0) {
        plan_add(p, HAPPENS_RECORD, SLICE(""))->record = base;
        return;
    }
    probe_source s = { .dialect = PATTERN_ESM, .base = record_view(p, &base), .room = stream_room };
    probed out = probe_patterns(a, &s, patterns, len);
    happening_record passes = record_of(p, out.accepted), refused = record_of(p, out.refused), plain = { base.key, SLICE("plain") };
    if (out.accepted == NULL || probe_matches(a, PATTERN_ESM, patterns, len, record_view(p, &passes)) != YES) {
        plan_cannot(p, out.accepted == NULL ? out.why : SLICE("sflint finds no record that passes the filter"), out.never);
        return;
    }
    plan_add(p, HAPPENS_RECORD, SLICE(""))->record = passes;
    if (out.refused != NULL && probe_matches(a, PATTERN_ESM, patterns, len, record_view(p, &refused)) == NO) {
        probe *one = plan_add(p, HAPPENS_RECORD, SLICE("refused by the filter"));
        one->record = refused;
        one->must_not_arrive = true;
    }
    if (js_is(js_get(patterns[out.which], "data"), DOC_MAP) && probe_matches(a, PATTERN_ESM, patterns, len, record_view(p, &plain)) == NO) {
        probe *one = plan_add(p, HAPPENS_RECORD, SLICE("data that is no JSON"));
        one->record = plain;
        one->must_not_arrive = true;
    }
}

/* ---- brokers: the event is made whole, because nothing of the templates keeps its messages ---- */

static const doc_node *coded(arena *a, const doc_node *v) {
    slice text = v == NULL ? SLICE("") : js_is(v, DOC_STRING) ? v->text : js_text(a, v);
    return js_string(a, base64_encode(a, text));
}

/* `record` with the member that filters open (`name`) in the clear: laid over by the patterns, then encoded. NULL after a probe that says why. */
static const doc_node *filtered(planning *p, const doc_node *record, const char *name, const doc_node *source) {
    const doc_node *const *patterns;
    size_t len;
    if (!plan_patterns(p, &patterns, &len)) return NULL;
    const doc_node *view = js_with(p->arena, record, SLICE("eventSource"), source);
    view = js_with(p->arena, view, slice_from(name), js_read(p->arena, slice_from(plain_data)));
    if (len > 0) {
        probe_source s = { .dialect = PATTERN_ESM, .base = view };
        probed out = probe_patterns(p->arena, &s, patterns, len);
        if (out.accepted == NULL) {
            plan_cannot(p, out.why, out.never);
            return NULL;
        }
        view = out.accepted;
    }
    const doc_node *made = js_with(p->arena, view, slice_from(name), coded(p->arena, js_get(view, name)));
    const doc_node *key = js_get(made, "key");
    if (js_is(key, DOC_MAP)) made = js_with(p->arena, made, SLICE("key"), coded(p->arena, key));
    return is_pipe(p->edge) ? made : js_without(p->arena, made, SLICE("eventSource"));
}

static slice first_of(planning *p, const char *name, const char *otherwise) {
    const value *v = value_at(p->maker->world->arena, p->edge->settings, slice_from(name));
    slice text = value_is_absent(v) ? SLICE("") : world_text(p->maker->world, v, p->edge->when, NULL);
    return text.len > 0 ? text : slice_from(otherwise);
}

static void broker_event(planning *p, const doc_node *record, const doc_node *whole) {
    js_list list = { 0 };
    if (record == NULL) return;
    js_push(p->arena, &list, record);
    plan_add(p, HAPPENS_DIRECT, SLICE(""))->event = is_pipe(p->edge) ? js_list_end(p->arena, &list) : whole;
}

/* Lambda developer guide, "Using Lambda with Amazon MSK", "... with self-managed Apache Kafka". */
void plan_kafka(planning *p) {
    arena *a = p->arena;
    bool own = slice_starts(p->edge->from->id, SLICE("url:kafka"));
    slice topic = first_of(p, "Topics[0]", "");
    if (topic.len == 0) topic = first_of(p, "TopicName", "sflint-smoke");
    const doc_node *source = js_cstr(a, own ? "SelfManagedKafka" : "aws:kafka"), *arn = js_string(a, edge_source_arn(p->maker, p->edge));
    const doc_node *record = filtered(p, SHAPE(p->maker, a,
        "{'topic':'$topic','partition':0,'offset':1,'timestamp':'$epoch_ms','timestampType':'CREATE_TIME','key':'$key','value':'','headers':[{'sflint':[115,109,111,107,101]}]}",
        { "topic", js_string(a, topic) }, { "key", js_string(a, base64_encode(a, SLICE("sflint-smoke"))) }), "value", source);
    js_list list = { 0 };
    js_push(a, &list, record);
    broker_event(p, record, SHAPE(p->maker, a,
        "{'eventSource':'$source','eventSourceArn':'$arn','bootstrapServers':'b-1.sflint.kafka.${region}.amazonaws.com:9092','records':'$records'}",
        { "source", source }, { "arn", own ? NULL : arn },
        { "records", js_with(a, NULL, arena_printf(a, "%.*s-0", SLICE_ARG(topic)), js_list_end(a, &list)) }));
}

/* Lambda developer guide, "Using Lambda with Amazon MQ". */
void plan_mq(planning *p) {
    arena *a = p->arena;
    bool rabbit = slice_same_letters(property_text(p->maker, p->edge->from->resource, "EngineType", p->edge->when), SLICE("RABBITMQ"));
    slice queue = first_of(p, "Queues[0]", "");
    if (queue.len == 0) queue = first_of(p, "QueueName", "sflint-smoke");
    const doc_node *arn = js_string(a, edge_source_arn(p->maker, p->edge)), *source = js_cstr(a, rabbit ? "aws:rmq" : "aws:mq");
    const char *active =
        "{'messageID':'ID:sflint-smoke-1','messageType':'jms/text-message','timestamp':'$epoch_ms','deliveryMode':1,'correlationID':'','replyTo':'null',"
        "'destination':{'physicalName':'$queue'},'redelivered':false,'type':'','expiration':0,'priority':0,'data':'','brokerInTime':'$epoch_ms','brokerOutTime':'$epoch_ms',"
        "'properties':{'sflint':'smoke'}}";
    const char *rabbits =
        "{'basicProperties':{'contentType':'text/plain','contentEncoding':null,'headers':{'sflint':{'bytes':[115,109,111,107,101]}},'deliveryMode':1,'priority':0,"
        "'correlationId':null,'replyTo':null,'expiration':'60000','messageId':null,'timestamp':'Jan 1, 1970, 12:33:41 AM','type':null,'userId':'sflint','appId':null,"
        "'clusterId':null,'bodySize':18},'redelivered':false,'data':''}";
    const doc_node *record = filtered(p, SHAPE(p->maker, a, rabbit ? rabbits : active, { "queue", js_string(a, queue) }), "data", source);
    js_list list = { 0 };
    js_push(a, &list, record);
    const doc_node *records = js_list_end(a, &list), *by_queue = js_with(a, NULL, arena_printf(a, "%.*s::/", SLICE_ARG(queue)), records);
    broker_event(p, record, SHAPE(p->maker, a, "{'eventSource':'$source','eventSourceArn':'$arn','messages':'$active','rmqMessagesByQueue':'$rabbit'}",
        { "source", source }, { "arn", arn }, { "active", rabbit ? NULL : records }, { "rabbit", rabbit ? by_queue : NULL }));
}

/* Lambda developer guide, "Using Lambda with Amazon DocumentDB". */
void plan_docdb(planning *p) {
    arena *a = p->arena;
    const doc_node *const *patterns;
    size_t len;
    if (!plan_patterns(p, &patterns, &len)) return;
    const doc_node *event = SHAPE_PLAIN(p->maker, a,
        "{'_id':{'_data':'$hex32'},'clusterTime':{'$timestamp':{'t':'$epoch','i':1}},'documentKey':{'_id':{'$oid':'$hex24'}},"
        "'fullDocument':{'_id':{'$oid':'$hex24'},'sflint':'smoke'},'ns':{'db':'sflint','coll':'smoke'},'operationType':'insert'}");
    if (len > 0) {
        probe_source s = { .dialect = PATTERN_ESM, .base = js_with(a, NULL, SLICE("event"), event) };
        probed out = probe_patterns(a, &s, patterns, len);
        if (out.accepted == NULL) {
            plan_cannot(p, out.why, out.never);
            return;
        }
        event = js_get(out.accepted, "event");
    }
    plan_add(p, HAPPENS_DIRECT, SLICE(""))->event = SHAPE(p->maker, a, "{'eventSourceArn':'$arn','events':[{'event':'$event'}],'eventSource':'aws:docdb'}",
        { "arn", js_string(a, edge_source_arn(p->maker, p->edge)) }, { "event", event });
}
