#include "smoke/aws/dynamodb_table.h"

const doc_node *dynamo_next(const dynamo_index *ix, slice from, bool forward, slice *place) {
    const ordered_entry *e = ordered_next(&ix->items, from, forward);
    if (e == NULL) return NULL;
    *place = e->key;
    return e->value;
}

/* ---- places ---- */

/* Text and bytes: 0 becomes 0 255, the end is 0 1: no place begins another, and order stays. */
static void put_bytes(buf *out, slice s, bool open) {
    for (size_t i = 0; i < s.len; i++) {
        buf_char(out, s.at[i]);
        if (s.at[i] == '\0') buf_char(out, '\xff');
    }
    if (!open) buf_slice(out, (slice){ "\0\1", 2 });
}

/* Sign, exponent, digits, an end that is less than any digit; all turned round for negative ones. */
static void put_number(buf *out, const dynamo_number *n) {
    if (n->len == 0) {
        buf_char(out, '\x80');
        return;
    }
    unsigned char turn = n->negative ? 0xFF : 0;
    unsigned exponent = (unsigned)(n->exponent + 1000);
    buf_char(out, n->negative ? '\x40' : '\xC0');
    buf_char(out, (char)(unsigned char)((exponent >> 8) ^ turn));
    buf_char(out, (char)(unsigned char)((exponent & 255) ^ turn));
    for (unsigned i = 0; i < n->len; i++) buf_char(out, (char)(unsigned char)((n->digit[i] + 1u) ^ turn));
    buf_char(out, (char)turn);
}

static void put_value(buf *out, const doc_node *v, bool open) {
    if (dynamo_type_of(v) == DYNAMO_N) {
        dynamo_number n = dynamo_number_in(v);
        put_number(out, &n);
    } else put_bytes(out, dynamo_bytes(out->arena, v), open);
}

/* A scan gives partitions in no order that a client could count on: they lie by a digest. */
slice dynamo_place_hash(arena *a, const doc_node *hash) {
    buf bytes = { .arena = a }, out = { .arena = a };
    put_value(&bytes, hash, false);
    unsigned long long digest = slice_digest(buf_as_slice(&bytes));
    digest = (digest ^ digest >> 33) * 0xff51afd7ed558ccdull;
    digest = (digest ^ digest >> 33) * 0xc4ceb9fe1a85ec53ull;
    for (int i = 0; i < 8; i++) buf_char(&out, (char)(unsigned char)(digest >> (56 - 8 * i) & 255));
    buf_slice(&out, buf_as_slice(&bytes));
    return buf_as_slice(&out);
}

slice dynamo_place_range(arena *a, const doc_node *range, bool open) {
    buf out = { .arena = a };
    put_value(&out, range, open);
    return buf_as_slice(&out);
}

slice dynamo_place_behind(arena *a, slice place) {
    while (place.len > 0 && place.at[place.len - 1] == '\xff') place.len--;
    slice out = arena_copy(a, place);
    if (place.len > 0) ((char *)(uintptr_t)out.at)[place.len - 1]++;
    return out;
}

slice dynamo_place_segment(arena *a, uint32_t i, uint32_t of) {
    uint64_t at = i >= of ? UINT64_MAX : ((uint64_t)i << 32) / of << 32;
    char bytes[9];
    for (int k = 0; k < 8; k++) bytes[k] = (char)(unsigned char)(at >> (56 - 8 * k) & 255);
    bytes[8] = '\xff';
    return arena_copy(a, (slice){ bytes, i >= of ? 9 : 8 });
}

bool dynamo_in_index(const dynamo_index *ix, const doc_node *item) {
    return doc_get(item, ix->hash.name) != NULL && (ix->range.name.len == 0 || doc_get(item, ix->range.name) != NULL);
}

slice dynamo_place(arena *a, const dynamo_table *t, const dynamo_index *ix, const doc_node *item) {
    buf out = { .arena = a };
    buf_slice(&out, dynamo_place_hash(a, doc_get(item, ix->hash.name)));
    if (ix->range.name.len > 0) put_value(&out, doc_get(item, ix->range.name), false);
    if (ix != &t->primary) {
        put_value(&out, doc_get(item, t->primary.hash.name), false);
        if (t->primary.range.name.len > 0) put_value(&out, doc_get(item, t->primary.range.name), false);
    }
    return buf_as_slice(&out);
}

/* ---- tables ---- */

static dynamo_key_part key_part(const doc_node *schema, const doc_node *definitions, const char *type) {
    dynamo_key_part part = { .name = SLICE("") };
    for (size_t i = 0; js_is(schema, DOC_LIST) && i < schema->list.len; i++)
        if (slice_is(js_str_of(schema->list.at[i], "KeyType"), type)) part.name = js_str_of(schema->list.at[i], "AttributeName");
    for (size_t i = 0; js_is(definitions, DOC_LIST) && i < definitions->list.len; i++)
        if (slice_eq(js_str_of(definitions->list.at[i], "AttributeName"), part.name)) dynamo_type_named(js_str_of(definitions->list.at[i], "AttributeType"), &part.type);
    return part;
}

static void read_indexes(dynamo_store *st, dynamo_table *t, const doc_node *list, const doc_node *definitions, bool global) {
    for (size_t i = 0; js_is(list, DOC_LIST) && i < list->list.len; i++) {
        const doc_node *one = list->list.at[i], *schema = js_get(one, "KeySchema"), *included = js_at(one, "Projection.NonKeyAttributes");
        slice projected = js_str(js_at(one, "Projection.ProjectionType"));
        dynamo_index *ix = ARENA_NEW(st->arena, dynamo_index);
        *ix = (dynamo_index){ .name = js_str_of(one, "IndexName"), .global = global, .hash = key_part(schema, definitions, "HASH"),
                              .range = key_part(schema, definitions, "RANGE") };
        ix->projected = slice_is(projected, "KEYS_ONLY") ? PROJECT_KEYS : slice_is(projected, "INCLUDE") ? PROJECT_INCLUDE : PROJECT_ALL;
        for (size_t k = 0; js_is(included, DOC_LIST) && k < included->list.len; k++) VEC_PUSH(st->arena, &ix->included, js_str(included->list.at[k]));
        if (ix->name.len > 0 && ix->hash.name.len > 0) VEC_PUSH(st->arena, &t->indexes, ix);
    }
}

static const doc_node *property(smoke *s, const resource *r, slice name) { return world_json(s->world, resource_get(s->arena, r, name), r->exists, NULL); }

dynamo_table *dynamo_table_of(dynamo_store *st, smoke *s, const resource *r) {
    slice here = { (const char *)&r, sizeof r };
    dynamo_table *t = strmap_get(&st->tables, here);
    if (t == NULL) {
        const doc_node *definitions = property(s, r, SLICE("AttributeDefinitions")), *schema = property(s, r, SLICE("KeySchema"));
        t = ARENA_NEW(st->arena, dynamo_table);
        *t = (dynamo_table){ .resource = r, .name = world_name(s->world, r), .arn = world_arn(s->world, r) };
        t->primary.hash = key_part(schema, definitions, "HASH");
        t->primary.range = key_part(schema, definitions, "RANGE");
        t->streams = js_is(property(s, r, SLICE("StreamSpecification")), DOC_MAP);
        read_indexes(st, t, property(s, r, SLICE("GlobalSecondaryIndexes")), definitions, true);
        read_indexes(st, t, property(s, r, SLICE("LocalSecondaryIndexes")), definitions, false);
        strmap_put(st->arena, &st->tables, arena_copy(st->arena, here), t);
    }
    return t->primary.hash.name.len > 0 ? t : NULL;
}

dynamo_index *dynamo_index_of(dynamo_table *t, slice name) {
    for (size_t i = 0; i < t->indexes.len; i++)
        if (slice_eq(t->indexes.at[i]->name, name)) return t->indexes.at[i];
    return NULL;
}

/* ---- keys ---- */

static bool check_part(const dynamo_key_part *part, const doc_node *item, bool hash, bool key_only, dynamo_fault *f) {
    const doc_node *v = doc_get(item, part->name);
    if (v == NULL)
        return key_only ? dynamo_wrong(f, "The provided key element does not match the schema")
                        : dynamo_wrong(f, "One or more parameter values were invalid: Missing the key %.*s in the item", SLICE_ARG(part->name));
    if (dynamo_type_of(v) != part->type)
        return key_only ? dynamo_wrong(f, "The provided key element does not match the schema")
                        : dynamo_wrong(f, "One or more parameter values were invalid: Type mismatch for key %.*s expected: %s actual: %s", SLICE_ARG(part->name),
                                       dynamo_type_name(part->type), dynamo_type_name(dynamo_type_of(v)));
    size_t size = dynamo_size(v);
    if (size == 0)
        return dynamo_wrong(f, "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty %s value. Key: %.*s",
                            part->type == DYNAMO_S ? "string" : "binary", SLICE_ARG(part->name));
    if (size > (hash ? 2048u : 1024u))
        return dynamo_wrong(f, "One or more parameter values were invalid: %s",
                            hash ? "Size of hashkey has exceeded the maximum size limit of2048 bytes" : "Aggregated size of all range keys has exceeded the size limit of 1024 bytes");
    return true;
}

static bool check_index_part(const dynamo_index *ix, const dynamo_key_part *part, const doc_node *item, dynamo_fault *f) {
    const doc_node *v = part->name.len == 0 ? NULL : doc_get(item, part->name);
    if (v == NULL) return true;
    if (dynamo_type_of(v) != part->type)
        return dynamo_wrong(f, "One or more parameter values were invalid: Type mismatch for Index Key %.*s Expected: %s Actual: %s IndexName: %.*s", SLICE_ARG(part->name),
                            dynamo_type_name(part->type), dynamo_type_name(dynamo_type_of(v)), SLICE_ARG(ix->name));
    size_t size = dynamo_size(v);
    if (size == 0)
        return dynamo_wrong(f, "One or more parameter values are not valid. A value specified for a secondary index key is not supported. The AttributeValue for a key attribute "
                               "cannot contain an empty %s value. IndexName: %.*s, IndexKey: %.*s",
                            part->type == DYNAMO_S ? "string" : "binary", SLICE_ARG(ix->name), SLICE_ARG(part->name));
    if (size > 2048) return dynamo_wrong(f, "One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes");
    return true;
}

bool dynamo_check_item(const dynamo_table *t, const doc_node *item, dynamo_fault *f) {
    if (!check_part(&t->primary.hash, item, true, false, f)) return false;
    if (t->primary.range.name.len > 0 && !check_part(&t->primary.range, item, false, false, f)) return false;
    for (size_t i = 0; i < t->indexes.len; i++)
        if (!check_index_part(t->indexes.at[i], &t->indexes.at[i]->hash, item, f) || !check_index_part(t->indexes.at[i], &t->indexes.at[i]->range, item, f)) return false;
    return dynamo_item_size(item) <= DYNAMO_MAX_ITEM || dynamo_wrong(f, "Item size has exceeded the maximum allowed size");
}

bool dynamo_check_key(const dynamo_table *t, const doc_node *key, dynamo_fault *f) {
    bool two = t->primary.range.name.len > 0;
    if (key->map.len != (two ? 2u : 1u)) return dynamo_wrong(f, "The provided key element does not match the schema");
    return check_part(&t->primary.hash, key, true, true, f) && (!two || check_part(&t->primary.range, key, false, true, f));
}

static void put_part(arena *a, js_object *o, const dynamo_key_part *part, const doc_node *item) {
    const doc_node *v = part->name.len == 0 ? NULL : doc_get(item, part->name);
    js_set(a, o, part->name, v);
}

const doc_node *dynamo_key_of(arena *a, const dynamo_index *ix, const doc_node *item) {
    js_object o = { 0 };
    put_part(a, &o, &ix->hash, item);
    put_part(a, &o, &ix->range, item);
    return js_object_end(a, &o);
}

/* ---- items ---- */

const doc_node *dynamo_get(const dynamo_table *t, slice place) {
    const ordered_entry *e = ordered_get(&t->primary.items, place);
    return e == NULL ? NULL : e->value;
}

static void set_in(dynamo_store *st, dynamo_index *ix, slice old, slice now, const doc_node *item) {
    if (old.len > 0 && !slice_eq(old, now)) ordered_take(&ix->items, old);
    if (now.len > 0) ordered_put(st->arena, &ix->items, now, item);
}

bool dynamo_set(dynamo_store *st, dynamo_table *t, slice place, const doc_node *item, const doc_node **stored) {
    arena *a = st->arena;
    const doc_node *old = dynamo_get(t, place);
    size_t before = arena_used(a);
    *stored = NULL;
    if (item != NULL && st->stored > DYNAMO_MAX_STORED) return false;
    if (item != NULL) *stored = item = js_copy(a, item);
    for (size_t i = 0; i < t->indexes.len; i++) {
        dynamo_index *ix = t->indexes.at[i];
        slice from = old != NULL && dynamo_in_index(ix, old) ? dynamo_place(a, t, ix, old) : SLICE("");
        slice to = item != NULL && dynamo_in_index(ix, item) ? dynamo_place(a, t, ix, item) : SLICE("");
        set_in(st, ix, from, to, item);
    }
    set_in(st, &t->primary, old != NULL ? place : SLICE(""), item != NULL ? place : SLICE(""), item);
    st->stored += arena_used(a) - before;
    return true;
}

/* ---- what the plan puts in before anybody asks ---- */

typedef struct { const resource *table; const doc_node *item; } waiting;
/* The slot of the endpoint: the store, and what waits for it until a run is at hand. */
typedef struct {
    dynamo_store *store;
    VEC(waiting) waiting;
} slot;

static slot *slot_of(endpoint *e, arena *a) {
    void **at = endpoint_slot(e, "dynamodb");
    if (*at == NULL) *at = ARENA_NEW(a, slot);
    return *at;
}

dynamo_store *dynamo_store_of(endpoint *e, smoke *s) {
    slot *here = slot_of(e, s->arena);
    if (here->store == NULL) {
        here->store = ARENA_NEW(s->arena, dynamo_store);
        here->store->arena = s->arena;
    }
    for (size_t i = 0; i < here->waiting.len; i++) {
        dynamo_fault f = { .arena = s->arena };
        const doc_node *stored, *item = dynamo_item(s->arena, here->waiting.at[i].item, &f);
        dynamo_table *t = dynamo_table_of(here->store, s, here->waiting.at[i].table);
        if (item != NULL && t != NULL && dynamo_check_item(t, item, &f)) dynamo_set(here->store, t, dynamo_place(s->arena, t, &t->primary, item), item, &stored);
    }
    here->waiting.len = 0;
    return here->store;
}

void endpoint_put_item(endpoint *e, const resource *table, const doc_node *item) {
    arena *a = table->in->arena;
    slot *here = slot_of(e, a);
    waiting one = { table, js_copy(a, item) };
    VEC_PUSH(a, &here->waiting, one);
}
