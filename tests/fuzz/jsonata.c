/* Any text as a JSONata expression, evaluated over a little data. */
#include <stdint.h>

#include "smoke/asl/jsonata.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char shop[] = "{\"a\":1,\"b\":[{\"c\":\"x\",\"d\":[1,2]},{\"c\":\"y\",\"d\":[]},null],\"s\":\"2024-01-01T00:00:00Z\",\"n\":-1.5,\"l\":[3,1,2],\"t\":true}";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    arena *a = arena_make(0, NULL);
    asl_host host = { 0 };
    slice error;
    slice text = arena_copy(a, (slice){ (const char *)data, size });
    const jsonata_program *p = jsonata_parse(a, text, &error);
    const doc_node *focus = js_read(a, SLICE(shop));
    for (int with = 0; p != NULL && with < 2; with++) {
        asl_machinery machinery = { .arena = a, .host = &host, .random = 1, .steps_left = 100000 };
        asl_scope scope = { 0 };
        asl_data d = { .arena = a, .machinery = &machinery, .scope = &scope, .input = focus, .context = focus };
        bool undefined;
        const doc_node *n = jsonata_evaluate(p, &d, with ? focus : NULL, &undefined);
        if (n != NULL && asl_size(n, ASL_PAYLOAD_MOST, NULL) <= ASL_PAYLOAD_MOST) js_text(a, n);
    }
    arena_free(a);
    return 0;
}
