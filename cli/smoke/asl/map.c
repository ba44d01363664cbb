/* Map: inline, and distributed as far as it can be run in one place. Step Functions developer guide, "Map workflow state". Also what Parallel
 * and Map share: their children's ends. */
#include "smoke/asl/items.h"
#include "smoke/asl/jsonata.h"
#include "smoke/asl/payload.h"

#define WIDTH_INLINE      40.0      /* "up to 40 concurrent iterations" */
#define WIDTH_DISTRIBUTED 10000.0

void asl_map_block(const doc_node *state, const doc_node **block, bool *distributed) {
    *block = js_get(state, "ItemProcessor");
    if (*block == NULL) *block = js_get(state, "Iterator");
    *distributed = slice_is(js_str_of(js_get(*block, "ProcessorConfig"), "Mode"), "DISTRIBUTED");
}

/* $$.Map for an item. */
static const doc_node *item_context(arena *a, size_t index, const doc_node *value) {
    js_object item = { 0 }, map = { 0 };
    js_put(a, &item, "Index", js_int(a, (long long)index));
    js_put(a, &item, "Value", value);
    js_put(a, &map, "Item", js_object_end(a, &item));
    return js_object_end(a, &map);
}

/* What each item's run is given: the item, or what ItemSelector makes of it. */
static const doc_node *selected(asl_visit *v, asl_data *d, const doc_node *items) {
    const doc_node *selector = asl_field_of(v, "ItemSelector"), *context = d->context;
    if (selector == NULL && !v->jsonata) selector = asl_field_of(v, "Parameters");
    if (selector == NULL) return items;
    js_list out = { 0 };
    for (size_t i = 0; i < items->list.len && !asl_failed(d); i++) {
        d->context = js_with(d->arena, context, SLICE("Map"), item_context(d->arena, i, items->list.at[i]));
        const doc_node *one = v->jsonata ? jsonata_field(d, selector, "ItemSelector") : asl_template(d, selector);
        if (one != NULL && asl_size_check(d, one, "what ItemSelector makes")) js_push(d->arena, &out, one);
    }
    d->context = context;
    return asl_failed(d) ? NULL : js_list_end(d->arena, &out);
}

static const doc_node *cut(asl_visit *v, const doc_node *items) {
    asl_execution *x = v->run->execution;
    size_t most = x->host.items_most > 0 ? x->host.items_most : ASL_ITEMS_MOST;
    if (items->list.len <= most) return items;
    js_list first = { 0 };
    for (size_t i = 0; i < most; i++) js_push(x->arena, &first, items->list.at[i]);
    x->trace.at[v->step].note = arena_printf(x->arena, "%zu of %zu items were run", most, items->list.len);
    return js_list_end(x->arena, &first);
}

static void launch(asl_visit *v) {
    asl_execution *x = v->run->execution;
    while (v->started < v->count && v->started - v->ended < v->width && x->outcome.status == ASL_RUNNING) {
        size_t i = v->started++;
        asl_run_begin(x, v, i, v->block, v->inputs[i], item_context(x->arena, i, v->items[i]), v->run->jsonata);
    }
}

/* Distributed: what ResultWriter was given. NULL: it failed. */
static const doc_node *written(asl_visit *v, asl_data *d, const doc_node *results) {
    asl_execution *x = v->run->execution;
    const doc_node *writer = asl_field_of(v, "ResultWriter"), *arguments = js_get(writer, v->jsonata ? "Arguments" : "Parameters");
    if (!v->separate || writer == NULL) return results;
    slice resource = js_str_of(writer, "Resource"), cause = SLICE("nothing here writes it");
    if (resource.len == 0) return results;
    if (arguments != NULL) arguments = v->jsonata ? jsonata_field(d, arguments, "ResultWriter.Arguments") : asl_template(d, arguments);
    if (asl_failed(d)) return NULL;
    if (x->host.write == NULL || !x->host.write(x->host.self, resource, arguments, results, &cause))
        return asl_fail(d, asl_error_writer, "%.*s: %.*s", SLICE_ARG(resource), SLICE_ARG(cause));
    js_object o = { 0 }, details = { 0 };
    js_put(x->arena, &o, "MapRunArn", js_format(x->arena, "%.*s:maprun", SLICE_ARG(js_str_of(x->about, "Id"))));
    js_put(x->arena, &details, "Bucket", js_get(arguments, "Bucket"));
    js_put(x->arena, &details, "Key", js_format(x->arena, "%.*s/manifest.json", SLICE_ARG(js_str_of(arguments, "Prefix"))));
    js_put(x->arena, &o, "ResultWriterDetails", js_object_end(x->arena, &details));
    return js_object_end(x->arena, &o);
}

static void all_ended(asl_visit *v) {
    asl_data d = asl_visit_data(v, v->effective);
    js_list l = { 0 };
    for (size_t i = 0; i < v->count; i++)
        if (v->outputs[i] != NULL) js_push(d.arena, &l, v->outputs[i]);
    v->result = written(v, &d, js_list_end(d.arena, &l));
    v->phase = v->result != NULL ? VISIT_RESULT : VISIT_FAULT;
    v->error = d.error;
    v->cause = d.cause;
    asl_enqueue(v);
}

void asl_map_begin(asl_visit *v) {
    asl_execution *x = v->run->execution;
    asl_data d = asl_visit_data(v, v->raw);
    v->effective = v->jsonata ? v->raw : asl_select(&d, asl_field_of(v, "InputPath"), "InputPath", v->raw);
    d.input = v->effective;
    asl_map_block(v->state, &v->block, &v->separate);
    const doc_node *items = v->effective == NULL ? NULL : asl_items(v, &d, v->separate), *inputs = NULL, *batcher = asl_field_of(v, "ItemBatcher");
    if (items != NULL) items = cut(v, items);
    if (items != NULL) inputs = selected(v, &d, items);
    if (inputs != NULL && v->separate && batcher != NULL) items = inputs = asl_batches(v, &d, batcher, inputs);
    double width = asl_number_of(v, &d, "MaxConcurrency", 0, 1e9, true, 0), most = v->separate ? WIDTH_DISTRIBUTED : WIDTH_INLINE;
    v->tolerated_count = asl_number_of(v, &d, "ToleratedFailureCount", 0, 1e9, true, -1);
    v->tolerated_share = asl_number_of(v, &d, "ToleratedFailurePercentage", 0, 100, false, -1);
    if (v->tolerated_count < 0 && v->tolerated_share < 0) v->tolerated_count = 0;
    if (asl_failed(&d) || inputs == NULL) {
        asl_fault_of(v, &d);
        return;
    }
    v->width = (size_t)(width == 0 || width > most ? most : width);
    v->count = inputs->list.len;
    v->inputs = inputs->list.at;
    v->items = items->list.at;
    v->outputs = ARENA_ARRAY(x->arena, const doc_node *, v->count);
    v->children = ARENA_ARRAY(x->arena, asl_run *, v->count);
    if (v->count == 0) all_ended(v);
    else launch(v);
}

void asl_child_done(asl_visit *v, size_t index, const doc_node *output) {
    v->outputs[index] = output;
    v->ended++;
    if (v->block != NULL) launch(v);
    if (v->ended == v->count) all_ended(v);
}

void asl_child_failed(asl_visit *v, size_t index, slice error, slice cause) {
    if (!v->separate) {
        asl_fault(v, error, cause);
        return;
    }
    v->failed++;
    bool share_over = v->tolerated_share >= 0 && (double)v->failed * 100 > v->tolerated_share * (double)v->count;
    bool count_over = v->tolerated_count >= 0 && (double)v->failed > v->tolerated_count;
    if (count_over || share_over) {    /* either one ends the Map Run */
        asl_fault(v, asl_error_threshold,
                  arena_printf(v->run->execution->arena, "The specified tolerated failure threshold was exceeded: item %zu failed with %.*s: %.*s",
                      index, SLICE_ARG(error), SLICE_ARG(cause)));
        return;
    }
    asl_child_done(v, index, NULL);
}
