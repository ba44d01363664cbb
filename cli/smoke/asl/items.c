/* Step Functions developer guide, "ItemReader (Map)", "ItemsPath", "ItemBatcher (Map)". */
#include <math.h>

#include "smoke/asl/items.h"

#include "smoke/asl/jsonata.h"
#include "smoke/asl/payload.h"

#define COLUMNS_MOST 10000u

/* ---- CSV (RFC 4180) ---- */

/* One field; *rest begins behind its delimiter. *line_ends: it was the line's last. */
static slice csv_field(arena *a, slice *rest, char delimiter, bool *line_ends) {
    buf out = { .arena = a };
    size_t i = 0;
    bool quoted = rest->len > 0 && rest->at[0] == '"';
    if (quoted) {
        for (i = 1; i < rest->len; i++) {
            if (rest->at[i] != '"') buf_char(&out, rest->at[i]);
            else if (i + 1 < rest->len && rest->at[i + 1] == '"') buf_char(&out, rest->at[i++]);
            else break;
        }
        i += i < rest->len;
    }
    size_t from = i;
    while (i < rest->len && rest->at[i] != delimiter && rest->at[i] != '\n' && rest->at[i] != '\r') i++;
    slice plain = slice_from_to(*rest, from, i);
    if (quoted) buf_slice(&out, plain);
    *line_ends = i >= rest->len || rest->at[i] != delimiter;
    if (i < rest->len && rest->at[i] == '\r' && i + 1 < rest->len && rest->at[i + 1] == '\n') i++;
    *rest = slice_after(*rest, i < rest->len ? i + 1 : i);
    return !quoted ? plain : out.bytes.len == 0 ? SLICE("") : buf_as_slice(&out);
}

typedef VEC(slice) slices;

static const doc_node *csv_items(asl_data *d, slice text, const doc_node *config) {
    static const struct { const char *name; char c; } delimiters[] = { { "COMMA", ',' }, { "PIPE", '|' }, { "SEMICOLON", ';' }, { "SPACE", ' ' }, { "TAB", '\t' } };
    arena *a = d->arena;
    slices header = { 0 };
    js_list out = { 0 };
    char delimiter = ',';
    bool given = slice_is(js_str_of(config, "CSVHeaderLocation"), "GIVEN"), first = !given;
    for (size_t i = 0; i < COUNT(delimiters); i++)
        if (slice_is(js_str_of(config, "CSVDelimiter"), delimiters[i].name)) delimiter = delimiters[i].c;
    const doc_node *names = js_get(config, "CSVHeaders");
    for (size_t i = 0; given && js_is(names, DOC_LIST) && i < names->list.len; i++) VEC_PUSH(a, &header, js_str(names->list.at[i]));
    if (slice_starts(text, SLICE("\xEF\xBB\xBF"))) text = slice_after(text, 3);
    while (text.len > 0) {
        js_object row = { 0 };
        size_t column = 0;
        bool ends = false, blank = text.at[0] == '\n' || text.at[0] == '\r';
        while (!ends) {
            slice field = csv_field(a, &text, delimiter, &ends);
            if (first && column < COLUMNS_MOST) VEC_PUSH(a, &header, field);
            else if (!first && column < header.len) VEC_PUSH(a, &row.entries, ((doc_entry){ .key = header.at[column], .value = js_string(a, field) }));
            column++;
        }
        if (!asl_spend(d, 1 + column)) return NULL;
        if (blank) continue;
        if (!first) js_push(a, &out, js_object_end(a, &row));
        first = false;
    }
    return js_list_end(a, &out);
}

const doc_node *asl_items_read(asl_data *d, slice text, slice input_type, const doc_node *config) {
    if (slice_is(input_type, "CSV")) return csv_items(d, text, config);
    if (slice_is(input_type, "JSON")) {
        const doc_node *n = js_read(d->arena, text);
        return js_is(n, DOC_LIST) ? n : asl_fail(d, asl_error_reader, "the file that ItemReader reads is no JSON array");
    }
    if (slice_is(input_type, "JSONL")) {
        js_list out = { 0 };
        slice line;
        while (slice_cut(&text, '\n', &line)) {
            if (slice_trim(line).len == 0) continue;
            const doc_node *n = js_read(d->arena, slice_trim(line));
            if (n == NULL) return asl_fail(d, asl_error_reader, "line %zu of the file that ItemReader reads is no JSON", out.items.len + 1);
            js_push(d->arena, &out, n);
        }
        return js_list_end(d->arena, &out);
    }
    return asl_fail(d, asl_error_reader, "ItemReader reads InputType CSV, JSON and JSONL here, not `%.*s`", SLICE_ARG(input_type));
}

static const doc_node *read_items(asl_visit *v, asl_data *d, const doc_node *reader) {
    asl_execution *x = v->run->execution;
    slice resource = js_str_of(reader, "Resource"), cause = SLICE("nothing here reads it");
    const doc_node *arguments = js_get(reader, v->jsonata ? "Arguments" : "Parameters"), *config = js_get(reader, "ReaderConfig");
    if (arguments != NULL) arguments = v->jsonata ? jsonata_field(d, arguments, "ItemReader.Arguments") : asl_template(d, arguments);
    if (config != NULL && v->jsonata) config = jsonata_field(d, config, "ItemReader.ReaderConfig");
    if (asl_failed(d)) return NULL;
    const doc_node *n = x->host.read == NULL ? NULL : x->host.read(x->host.self, x->arena, resource, arguments, &cause);
    if (n == NULL) return asl_fail(d, asl_error_reader, "%.*s: %.*s", SLICE_ARG(resource), SLICE_ARG(cause));
    if (n->kind == DOC_STRING) n = asl_items_read(d, n->text, js_str_of(config, "InputType"), config);
    if (n == NULL) return NULL;
    if (n->kind != DOC_LIST) return asl_fail(d, asl_error_reader, "%.*s gives no list of items", SLICE_ARG(resource));
    const doc_node *most = js_get(config, "MaxItems"), *most_path = js_get(config, "MaxItemsPath");
    if (most_path != NULL && (most = asl_expression(d, js_str(most_path), "MaxItemsPath")) == NULL) return NULL;
    if (!js_is_number(most) || js_double_of(most) >= (double)n->list.len) return n;
    js_list first = { 0 };
    for (size_t i = 0; (double)i < js_double_of(most); i++) js_push(d->arena, &first, n->list.at[i]);
    return js_list_end(d->arena, &first);
}

const doc_node *asl_items(asl_visit *v, asl_data *d, bool distributed) {
    const doc_node *reader = asl_field_of(v, "ItemReader"), *items = v->effective;
    if (reader != NULL) return read_items(v, d, reader);
    if (v->jsonata) {
        const doc_node *given = asl_field_of(v, "Items");
        if (given != NULL && (items = jsonata_field(d, given, "Items")) == NULL) return NULL;
    } else if ((items = asl_select(d, asl_field_of(v, "ItemsPath"), "ItemsPath", v->effective)) == NULL) {
        return NULL;
    }
    if (items->kind == DOC_LIST) return items;
    if (items->kind == DOC_MAP && distributed && !v->jsonata) {
        js_list out = { 0 };
        for (size_t i = 0; i < items->map.len; i++) {
            js_object pair = { 0 };
            js_put(d->arena, &pair, "Key", js_string(d->arena, items->map.at[i].key));
            js_put(d->arena, &pair, "Value", items->map.at[i].value);
            js_push(d->arena, &out, js_object_end(d->arena, &pair));
        }
        return js_list_end(d->arena, &out);
    }
    return asl_fail(d, v->jsonata ? asl_error_query : asl_error_runtime, "a Map runs over the items of an array, not over %.*s",
        SLICE_ARG(asl_shown(d->arena, items)));
}

/* A number of ItemBatcher, or 0. */
static double batch_number(asl_visit *v, asl_data *d, const doc_node *batcher, const char *key, double most) {
    const doc_node *n = js_get(batcher, key);
    const char *path_key = arena_printf(d->arena, "%sPath", key).at;
    const doc_node *path = js_get(batcher, path_key);
    if (n != NULL && v->jsonata) n = jsonata_field(d, n, key);
    else if (path != NULL) n = asl_expression(d, js_str(path), path_key);
    if (n == NULL) return 0;
    double value = js_double_of(n);
    if (js_is_number(n) && value >= 1 && value <= most && floor(value) == value) return value;
    asl_fail(d, v->jsonata ? asl_error_query : asl_error_runtime, "%s must be a whole number from 1 to %.0f", key, most);
    return 0;
}

static const doc_node *batch_of(arena *a, js_list *items, const doc_node *input) {
    js_object o = { 0 };
    js_put(a, &o, "BatchInput", input);
    js_put(a, &o, "Items", js_list_end(a, items));
    *items = (js_list){ 0 };
    return js_object_end(a, &o);
}

const doc_node *asl_batches(asl_visit *v, asl_data *d, const doc_node *batcher, const doc_node *items) {
    arena *a = d->arena;
    double count = batch_number(v, d, batcher, "MaxItemsPerBatch", 1e9), bytes = batch_number(v, d, batcher, "MaxInputBytesPerBatch", ASL_PAYLOAD_MOST);
    const doc_node *input = js_get(batcher, "BatchInput");
    if (input != NULL && !asl_failed(d)) input = v->jsonata ? jsonata_field(d, input, "BatchInput") : asl_template(d, input);
    if (asl_failed(d)) return NULL;
    if (bytes == 0) bytes = ASL_PAYLOAD_MOST;
    js_list out = { 0 }, batch = { 0 };
    size_t around = asl_size(input, ASL_PAYLOAD_MOST, NULL) + sizeof "{\"BatchInput\":,\"Items\":[]}", size = around;
    for (size_t i = 0; i < items->list.len; i++) {
        size_t one = asl_size(items->list.at[i], ASL_PAYLOAD_MOST, NULL) + 1;
        if (batch.items.len > 0 && ((count > 0 && (double)batch.items.len >= count) || (double)(size + one) > bytes)) {
            js_push(a, &out, batch_of(a, &batch, input));
            size = around;
        }
        if ((double)(size + one) > bytes) return asl_fail(d, asl_error_limit, "item %zu is larger than a batch may be (%.0f bytes)", i, bytes);
        js_push(a, &batch, items->list.at[i]);
        size += one;
    }
    if (batch.items.len > 0) js_push(a, &out, batch_of(a, &batch, input));
    return js_list_end(a, &out);
}
