/* Expressions and items of DynamoDB: line 1 is an expression, the rest an item as JSON; the expression is read as a condition, an update and a projection, and
 * used on the item. */
#include <stdlib.h>

#include "smoke/aws/dynamodb_expression.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len) {
    static const char placeholders[] =
        "{\"ExpressionAttributeNames\":{\"#n\":\"n\",\"#s\":\"status\"},\"ExpressionAttributeValues\":{\":n\":{\"N\":\"1.5\"},\":s\":{\"S\":\"a\"},\":l\":{\"L\":[{\"N\":\"7\"}]},"
        "\":x\":{\"SS\":[\"x\",\"y\"]},\":y\":{\"NS\":[\"1\",\"2\"]},\":m\":{\"M\":{\"k\":{\"NULL\":true}}},\":b\":{\"B\":\"AAEC\"},\":t\":{\"S\":\"SS\"}}}";
    arena *a = arena_make((size_t)256 * 1024 * 1024, NULL);
    slice text = { (const char *)bytes, len };
    size_t end = slice_find(text, '\n');
    slice expression = slice_from_to(text, 0, end), rest = end < len ? slice_after(text, end + 1) : SLICE("");
    dynamo_fault f = { .arena = a };
    dynamo_names names;
    const doc_node *wire = js_read(a, rest), *item = wire == NULL ? NULL : dynamo_item(a, wire, &f);
    if (item == NULL) item = js_empty_object();
    if (!dynamo_names_read(&names, a, js_read(a, slice_from(placeholders)), true, &f) && f.code == NULL) abort();
    f = (dynamo_fault){ .arena = a };
    const dynamo_condition *c = dynamo_read_condition(&names, expression, "ConditionExpression", &f);
    if ((c == NULL) != (f.code != NULL)) abort();
    if (c != NULL) dynamo_holds(a, c, item);
    f = (dynamo_fault){ .arena = a };
    dynamo_update u;
    if (dynamo_read_update(&names, expression, &u, &f)) {
        const doc_node *after = dynamo_apply(a, &u, item, &f);
        if ((after == NULL) != (f.code != NULL)) abort();
        if (after != NULL && !dynamo_same_item(a, after, after)) abort();
        if (after != NULL) dynamo_item_size(after);
    } else if (f.code == NULL) abort();
    f = (dynamo_fault){ .arena = a };
    dynamo_projection p;
    if (dynamo_read_projection(&names, expression, &p, &f)) {
        const doc_node *some = dynamo_project(a, p.paths, item);
        if (dynamo_item_size(some) > dynamo_item_size(item)) abort();
    } else if (f.code == NULL) abort();
    arena_free(a);
    return 0;
}
