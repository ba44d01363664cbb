/* Partial batch responses. Lambda developer guide, "Implementing partial batch responses": SQS and streams. */
#include "smoke/flow/parts.h"

static bool none_at_all(const doc_node *answer) {
    const doc_node *list = js_get(answer, "batchItemFailures");
    return answer == NULL || answer->kind == DOC_NULL || (answer->kind == DOC_MAP && answer->map.len == 0) || js_is(list, DOC_NULL) ||
           (js_is(list, DOC_LIST) && list->list.len == 0);
}

bool flow_partial(smoke *s, slice payload, const slice *ids, size_t len, bool *failed, slice *why) {
    const doc_node *answer = js_read(s->arena, payload), *list = js_get(answer, "batchItemFailures");
    memset(failed, 0, len * sizeof *failed);
    *why = SLICE("");
    if (payload.len > 0 && answer == NULL) {
        *why = SLICE("the answer is no JSON: the whole batch counts as failed");
        return false;
    }
    if (none_at_all(answer) || list == NULL) return true;       /* no list: all have succeeded, whatever was meant (the judge says so) */
    if (list->kind != DOC_LIST) {
        *why = SLICE("batchItemFailures is no list: the whole batch counts as failed");
        return false;
    }
    for (size_t i = 0; i < list->list.len; i++) {
        slice id = js_str_of(list->list.at[i], "itemIdentifier");
        bool found = false;
        for (size_t k = 0; k < len; k++)
            if (slice_eq(ids[k], id)) failed[k] = found = true;
        if (id.len > 0 && found) continue;
        *why = id.len == 0 ? SLICE("an item of batchItemFailures has no itemIdentifier: the whole batch counts as failed")
                           : arena_printf(s->arena, "batchItemFailures names %.*s, which is not in the batch: the whole batch counts as failed", SLICE_ARG(id));
        return false;
    }
    return true;
}

bool flow_reports(smoke *s, const edge *e) {
    const value *b = e->facts == NULL ? &value_absent : value_get(s->arena, e->facts, SLICE("batch"));
    return js_bool_of(world_json(s->world, b, e->when, NULL), "partial", false);
}
