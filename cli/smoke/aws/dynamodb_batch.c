/* DynamoDB: many items in one call. Developer guide, "Working with items: batch operations", "Amazon DynamoDB transactions". */
#include "smoke/aws/dynamodb_parts.h"

#define BATCH_GETS      100u
#define BATCH_WRITES    25u
#define TRANSACT_ITEMS  100u
#define BATCH_BYTES     (16u * 1024 * 1024)  /* that one BatchGetItem gives */
#define TRANSACT_BYTES  (4u * 1024 * 1024)
#define TOKEN_MOST      36u

/* Tables are told apart by their address. False: the item was there already. */
static bool first_time(dynamo_request *q, strmap *seen, const dynamo_table *t, slice place) {
    slice key = arena_concat(q->arena, (const slice[]){ { (const char *)&t, sizeof t }, place }, 2);
    return strmap_put(q->arena, seen, key, q) == NULL;
}

static bool read_items(dynamo_request *q, const doc_node **out) {
    *out = js_get(q->call->in, "RequestItems");
    if (!js_is(*out, DOC_MAP) || (*out)->map.len == 0)
        return dynamo_wrong(&q->fault, "1 validation error detected: Value '{}' at 'requestItems' failed to satisfy constraint: Member must have length greater than or equal to 1");
    return true;
}

/* ---- BatchGetItem ---- */

typedef struct {
    dynamo_table *table;
    const doc_node *asked;
    const dynamo_branch *shown;
    VEC(const doc_node *) keys;
} gets;

static bool read_gets(dynamo_request *q, gets *g, strmap *seen, size_t *all) {
    dynamo_names names;
    dynamo_projection some = { 0 };
    slice text;
    const doc_node *keys = js_get(g->asked, "Keys");
    bool part = dynamo_has(g->asked, "ProjectionExpression");
    if (!js_is(keys, DOC_LIST) || keys->list.len == 0)
        return dynamo_wrong(&q->fault, "1 validation error detected: Value '[]' at 'requestItems.%.*s.member.keys' failed to satisfy constraint: Member must have length greater than or equal to 1",
                            SLICE_ARG(g->table->name));
    *all += keys->list.len;
    if (*all > BATCH_GETS) return dynamo_wrong(&q->fault, "Too many items requested for the BatchGetItem call");
    for (size_t i = 0; i < keys->list.len; i++) {
        const doc_node *key = dynamo_item(q->arena, keys->list.at[i], &q->fault);
        if (key == NULL || !dynamo_check_key(g->table, key, &q->fault)) return false;
        if (!first_time(q, seen, g->table, dynamo_place(q->arena, g->table, &g->table->primary, key))) return dynamo_wrong(&q->fault, "Provided list of item keys contains duplicates");
        VEC_PUSH(q->arena, &g->keys, key);
    }
    if (!dynamo_text(q, g->asked, "ProjectionExpression", &text) || !dynamo_names_read(&names, q->arena, g->asked, part, &q->fault)) return false;
    if (part && !dynamo_read_projection(&names, text, &some, &q->fault)) return false;
    g->shown = some.paths;
    return dynamo_names_all_used(&names, &q->fault);
}

void dynamo_batch_get(aws_call *c) {
    dynamo_request q = dynamo_request_of(c);
    arena *a = c->arena;
    const doc_node *asked;
    strmap seen = { 0 };
    size_t keys = 0, bytes = 0;
    if (!read_items(&q, &asked)) {
        dynamo_failed(&q);
        return;
    }
    if (asked->map.len > BATCH_GETS) {
        dynamo_wrong(&q.fault, "Too many items requested for the BatchGetItem call");
        dynamo_failed(&q);
        return;
    }
    gets *all = ARENA_ARRAY(a, gets, asked->map.len);
    for (size_t i = 0; i < asked->map.len; i++) {
        all[i].asked = asked->map.at[i].value;
        all[i].table = dynamo_table_for(&q, asked->map.at[i].key, "dynamodb:BatchGetItem", SLICE(""));
        if (all[i].table == NULL || dynamo_legacy(&q, all[i].asked)) return;
        if (!read_gets(&q, &all[i], &seen, &keys)) break;
    }
    if (dynamo_failed(&q)) return;
    js_object responses = { 0 }, unprocessed = { 0 }, out = { 0 };
    js_list consumed = { 0 };
    for (size_t i = 0; i < asked->map.len; i++) {
        js_list items = { 0 }, rest = { 0 };
        size_t of_table = 0;
        for (size_t k = 0; k < all[i].keys.len; k++) {
            const doc_node *item = bytes >= BATCH_BYTES ? NULL : dynamo_get(all[i].table, dynamo_place(a, all[i].table, &all[i].table->primary, all[i].keys.at[k]));
            size_t size = item == NULL ? 0 : dynamo_item_size(item);
            if (bytes + size > BATCH_BYTES) bytes = BATCH_BYTES;
            if (bytes >= BATCH_BYTES) {
                js_push(a, &rest, all[i].keys.at[k]);
                continue;
            }
            bytes += size;
            of_table += size;
            if (item != NULL) js_push(a, &items, all[i].shown != NULL ? dynamo_project(a, all[i].shown, item) : item);
        }
        js_set(a, &responses, asked->map.at[i].key, js_list_end(a, &items));
        if (rest.items.len > 0) js_set(a, &unprocessed, asked->map.at[i].key, js_with(a, all[i].asked, SLICE("Keys"), js_list_end(a, &rest)));
        js_push(a, &consumed, dynamo_consumed(&q, all[i].table, dynamo_read_units(of_table, js_bool_of(all[i].asked, "ConsistentRead", false))));
    }
    js_put(a, &out, "Responses", js_object_end(a, &responses));
    js_put(a, &out, "UnprocessedKeys", js_object_end(a, &unprocessed));
    if (consumed.items.len > 0) js_put(a, &out, "ConsumedCapacity", js_list_end(a, &consumed));
    aws_ok(c, js_object_end(a, &out));
}

/* ---- writes together ---- */

typedef VEC(dynamo_write) writes;

/* All or none were looked at before; now each is done. What is told goes after everything is done. */
static bool do_all(dynamo_request *q, writes *all) {
    for (size_t i = 0; i < all->len; i++)
        if (!dynamo_write_do(q, &all->at[i])) return false;
    for (size_t i = 0; i < all->len; i++) dynamo_write_tell(q, &all->at[i]);
    return true;
}

static const doc_node *consumed_by(dynamo_request *q, const writes *all, double times) {
    js_list out = { 0 };
    strmap seen = { 0 };
    for (size_t i = 0; i < all->len; i++) {
        const dynamo_table *t = all->at[i].table;
        double units = 0;
        if (!first_time(q, &seen, t, SLICE(""))) continue;
        for (size_t k = i; k < all->len; k++)
            if (all->at[k].table == t) units += times * dynamo_write_units(all->at[k].after != NULL ? dynamo_item_size(all->at[k].after) : 0);
        js_push(q->arena, &out, dynamo_consumed(q, t, units));
    }
    return out.items.len > 0 ? js_list_end(q->arena, &out) : NULL;
}

static bool read_batch_write(dynamo_request *q, dynamo_table *t, const doc_node *one, dynamo_write *w) {
    bool put = dynamo_has(one, "PutRequest"), take = dynamo_has(one, "DeleteRequest");
    if (put == take)
        return dynamo_wrong(&q->fault, "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes");
    const doc_node *in = js_get(one, put ? "PutRequest" : "DeleteRequest");
    js_object only = { 0 };      /* no conditions here, whatever is written */
    js_put(q->arena, &only, put ? "Item" : "Key", js_get(in, put ? "Item" : "Key"));
    return dynamo_write_read(q, js_object_end(q->arena, &only), put ? WRITE_PUT : WRITE_DELETE, t, w);
}

void dynamo_batch_write(aws_call *c) {
    dynamo_request q = dynamo_request_of(c);
    arena *a = c->arena;
    const doc_node *asked;
    strmap seen = { 0 };
    writes all = { 0 };
    bool good = read_items(&q, &asked);
    for (size_t i = 0; good && i < asked->map.len; i++) {
        const doc_node *list = asked->map.at[i].value;
        if (!js_is(list, DOC_LIST) || list->list.len == 0) {
            good = dynamo_wrong(&q.fault, "The batch write request list for a table cannot be null or empty");
            break;
        }
        if (all.len + list->list.len > BATCH_WRITES) {
            good = dynamo_wrong(&q.fault, "Too many items requested for the BatchWriteItem call");
            break;
        }
        dynamo_table *t = dynamo_table_for(&q, asked->map.at[i].key, "dynamodb:BatchWriteItem", SLICE(""));
        if (t == NULL) return;
        for (size_t k = 0; good && k < list->list.len; k++) {
            dynamo_write w = { .kind = WRITE_CHECK };
            good = read_batch_write(&q, t, list->list.at[k], &w) && dynamo_write_try(&q, &w);
            if (good && !first_time(&q, &seen, t, w.place)) good = dynamo_wrong(&q.fault, "Provided list of item keys contains duplicates");
            if (good) VEC_PUSH(a, &all, w);
        }
    }
    if (good) do_all(&q, &all);
    if (dynamo_failed(&q)) return;
    js_object out = { 0 };
    js_put(a, &out, "UnprocessedItems", js_empty_object());
    js_put(a, &out, "ConsumedCapacity", consumed_by(&q, &all, 1));
    aws_ok(c, js_object_end(a, &out));
}

/* ---- transactions ---- */

static bool read_transaction(dynamo_request *q, const doc_node **out) {
    *out = js_get(q->call->in, "TransactItems");
    size_t len = js_len(*out);
    if (js_is(*out, DOC_LIST) && len >= 1 && len <= TRANSACT_ITEMS) return true;
    return dynamo_wrong(&q->fault, "1 validation error detected: Value '%zu items' at 'transactItems' failed to satisfy constraint: Member must have length %s", len,
                        len == 0 ? "greater than or equal to 1" : "less than or equal to 100");
}

void dynamo_transact_get(aws_call *c) {
    dynamo_request q = dynamo_request_of(c);
    arena *a = c->arena;
    const doc_node *list;
    js_list responses = { 0 };
    js_object out = { 0 };
    strmap seen = { 0 };
    size_t bytes = 0;
    bool good = read_transaction(&q, &list);
    for (size_t i = 0; good && i < list->list.len; i++) {
        const doc_node *in = js_get(list->list.at[i], "Get"), *key = NULL;
        slice text = SLICE("");
        dynamo_names names;
        dynamo_projection some = { 0 };
        if (!js_is(in, DOC_MAP)) {
            good = dynamo_wrong(&q.fault, "1 validation error detected: Value null at 'transactItems.%zu.member.get' failed to satisfy constraint: Member must not be null", i + 1);
            break;
        }
        dynamo_table *t = dynamo_table_for(&q, js_str_of(in, "TableName"), "dynamodb:GetItem", SLICE(""));
        if (t == NULL) return;
        bool part = dynamo_has(in, "ProjectionExpression");
        good = (key = dynamo_item(a, js_get(in, "Key"), &q.fault)) != NULL && dynamo_check_key(t, key, &q.fault) && dynamo_text(&q, in, "ProjectionExpression", &text) &&
               dynamo_names_read(&names, a, in, part, &q.fault) && (!part || dynamo_read_projection(&names, text, &some, &q.fault)) && dynamo_names_all_used(&names, &q.fault);
        if (!good) break;
        slice place = dynamo_place(a, t, &t->primary, key);
        if (!first_time(&q, &seen, t, place)) good = dynamo_wrong(&q.fault, "Transaction request cannot include multiple operations on one item");
        const doc_node *item = dynamo_get(t, place);
        js_object one = { 0 };
        js_put(a, &one, "Item", item != NULL && part ? dynamo_project(a, some.paths, item) : item);
        js_push(a, &responses, js_object_end(a, &one));
        bytes += item == NULL ? 0 : dynamo_item_size(item);
    }
    if (good && bytes > TRANSACT_BYTES) dynamo_wrong(&q.fault, "Collection size exceeded: a transaction may read at most 4 MB");
    if (dynamo_failed(&q)) return;
    js_put(a, &out, "Responses", js_list_end(a, &responses));
    aws_ok(c, js_object_end(a, &out));
}

static const struct { const char *name, *action; dynamo_write_kind kind; } transact_kinds[] = {
    { "Put", "dynamodb:PutItem", WRITE_PUT }, { "Update", "dynamodb:UpdateItem", WRITE_UPDATE }, { "Delete", "dynamodb:DeleteItem", WRITE_DELETE },
    { "ConditionCheck", "dynamodb:ConditionCheckItem", WRITE_CHECK },
};

/* Reads item i; false: with the fault, or (*gone) answered. */
static bool read_transact_write(dynamo_request *q, const doc_node *one, size_t i, dynamo_write *w, bool *gone) {
    const doc_node *in = NULL;
    size_t kind = 0;
    for (size_t k = 0; k < COUNT(transact_kinds); k++) {
        if (!dynamo_has(one, transact_kinds[k].name)) continue;
        if (in != NULL) return dynamo_wrong(&q->fault, "TransactItems can only contain one of Check, Put, Update or Delete");
        in = js_get(one, transact_kinds[k].name);
        kind = k;
    }
    if (in == NULL) return dynamo_wrong(&q->fault, "Invalid Request: TransactWriteRequest should contain Delete or Put or Update request (item %zu)", i + 1);
    dynamo_table *t = dynamo_table_for(q, js_str_of(in, "TableName"), transact_kinds[kind].action, SLICE(""));
    *gone = t == NULL;
    if (t == NULL) return false;
    if (transact_kinds[kind].kind == WRITE_UPDATE && !dynamo_has(in, "UpdateExpression"))
        return dynamo_wrong(&q->fault, "The parameter 'UpdateExpression' is required but was not present in the request");
    return dynamo_write_read(q, in, transact_kinds[kind].kind, t, w);
}

/* Tries all: the reasons of those that cannot be done, or NULL. */
static const doc_node *reasons(dynamo_request *q, writes *all, slice *codes) {
    arena *a = q->arena;
    js_list out = { 0 };
    buf names = { .arena = a };
    bool any = false;
    for (size_t i = 0; i < all->len; i++) {
        js_object reason = { 0 };
        slice code = SLICE("None");
        if (!dynamo_write_try(q, &all->at[i])) {
            any = true;
            bool failed = strcmp(q->fault.code, "ConditionalCheckFailedException") == 0;
            code = failed ? SLICE("ConditionalCheckFailed") : SLICE("ValidationError");
            js_put(a, &reason, "Item", js_get(q->fault.more, "Item"));
            js_put(a, &reason, "Message", js_string(a, q->fault.message));
            q->fault = (dynamo_fault){ .arena = a };
        }
        js_put(a, &reason, "Code", js_string(a, code));
        js_push(a, &out, js_object_end(a, &reason));
        buf_text(&names, i == 0 ? "" : ", ");
        buf_slice(&names, code);
    }
    *codes = buf_as_slice(&names);
    return any ? js_list_end(a, &out) : NULL;
}

/* A token that was used says that this is the same request again. *again: it is, and was done. */
static bool read_token(dynamo_request *q, bool *again) {
    slice token;
    *again = false;
    if (!dynamo_text(q, q->call->in, "ClientRequestToken", &token)) return false;
    if (token.len == 0) return true;
    if (token.len > TOKEN_MOST)
        return dynamo_wrong(&q->fault, "1 validation error detected: Value at 'clientRequestToken' failed to satisfy constraint: Member must have length less than or equal to 36");
    const unsigned long long *before = strmap_get(&q->store->tokens, token), now = slice_digest(js_text(q->arena, js_get(q->call->in, "TransactItems")));
    if (before == NULL) return true;
    *again = *before == now;
    if (*again) return true;
    q->fault.code = "IdempotentParameterMismatchException";
    q->fault.message = SLICE("The provided client token was used with other parameters before");
    return false;
}

static void keep_token(dynamo_request *q) {
    slice token = js_str_of(q->call->in, "ClientRequestToken");
    if (token.len == 0) return;
    unsigned long long *digest = ARENA_NEW(q->store->arena, unsigned long long);
    *digest = slice_digest(js_text(q->arena, js_get(q->call->in, "TransactItems")));
    strmap_put(q->store->arena, &q->store->tokens, arena_copy(q->store->arena, token), digest);
}

void dynamo_transact_write(aws_call *c) {
    dynamo_request q = dynamo_request_of(c);
    arena *a = c->arena;
    const doc_node *list;
    strmap seen = { 0 };
    writes all = { 0 };
    size_t bytes = 0;
    bool again = false, good = read_transaction(&q, &list) && read_token(&q, &again);
    for (size_t i = 0; good && !again && i < list->list.len; i++) {
        dynamo_write w = { .kind = WRITE_CHECK };
        bool gone = false;
        good = read_transact_write(&q, list->list.at[i], i, &w, &gone);
        if (gone) return;
        if (good && !first_time(&q, &seen, w.table, w.place)) good = dynamo_wrong(&q.fault, "Transaction request cannot include multiple operations on one item");
        if (good && w.item != NULL) bytes += dynamo_item_size(w.item);
        if (good) VEC_PUSH(a, &all, w);
    }
    if (good && bytes > TRANSACT_BYTES) good = dynamo_wrong(&q.fault, "Collection size exceeded: a transaction may write at most 4 MB");
    slice codes = SLICE("");
    const doc_node *why = good && !again ? reasons(&q, &all, &codes) : NULL;
    if (why != NULL) {
        js_object more = { 0 };
        js_put(a, &more, "CancellationReasons", why);
        q.fault.code = "TransactionCanceledException";
        q.fault.message = arena_printf(a, "Transaction cancelled, please refer cancellation reasons for specific reasons [%.*s]", SLICE_ARG(codes));
        q.fault.more = js_object_end(a, &more);
    } else if (good && !again && do_all(&q, &all)) keep_token(&q);
    if (dynamo_failed(&q)) return;
    js_object out = { 0 };
    js_put(a, &out, "ConsumedCapacity", consumed_by(&q, &all, 2));
    aws_ok(c, js_object_end(a, &out));
}
