/* What Step Functions adds to JSONata. Step Functions developer guide, "Transforming data with JSONata": JSONata functions provided by
 * Step Functions. $eval is not offered. */
#include <math.h>

#include "smoke/asl/digest.h"
#include "smoke/asl/jsonata_parts.h"

#define NONE(v) do { if (!jdefined(v)) return jundefined; } while (0)

static jvalue partition(jeval *e, jvalue *args, size_t count, jvalue input) {
    (void)count, (void)input;
    NONE(args[0]);
    jlist *in = jlist_of(e, args[0]), *out = jlist_new(e, false), *part = NULL;
    double size = args[1].kind == JV_NUMBER ? floor(args[1].number) : 0;
    if (size < 1) return jfail(e, "D3137", "$partition takes a size above 0");
    for (size_t i = 0; i < in->len && !jfailed(e); i++) {
        if (part == NULL || (double)part->len >= size) {
            part = jlist_new(e, false);
            jlist_push(e, out, jlist_value(part));
        }
        jlist_push(e, part, in->at[i]);
    }
    return jlist_value(out);
}

static jvalue range(jeval *e, jvalue *args, size_t count, jvalue input) {
    (void)count, (void)input;
    for (size_t i = 0; i < 3; i++)
        if (args[i].kind != JV_NUMBER) return jfail(e, "T0410", "Argument %zu of function $range must be a number", i + 1);
    double from = args[0].number, to = args[1].number, by = args[2].number;
    if (by == 0) return jfail(e, "D3137", "$range: the step must not be 0");
    if ((to - from) / by >= JSONATA_ITEMS) return jfail(e, "D2014", "$range gives more than %u items", JSONATA_ITEMS);
    jlist *out = jlist_new(e, true);
    for (double i = 0; (by > 0 ? from + i * by <= to : from + i * by >= to) && !jfailed(e); i++) jlist_push(e, out, jnumber(from + i * by));
    return jlist_value(out);
}

static jvalue hash(jeval *e, jvalue *args, size_t count, jvalue input) {
    slice hex;
    (void)count, (void)input;
    NONE(args[0]);
    slice text = jtext(e, args[0], false);
    if (jfailed(e) || !jspend(e, text.len / 4)) return jundefined;
    if (args[1].kind != JV_STRING || !asl_digest(e->arena, text, args[1].text, &hex))
        return jfail(e, "D3137", "$hash takes MD5, SHA-1, SHA-256, SHA-384 or SHA-512");
    return jstring(hex);
}

static jvalue random_(jeval *e, jvalue *args, size_t count, jvalue input) {
    (void)input;
    if (count == 0 || args[0].kind != JV_NUMBER) return jnumber(asl_random(e->data->machinery));
    asl_host none = { 0 };
    asl_machinery seeded = { .host = &none, .random = (uint64_t)fabs(fmod(args[0].number, 9007199254740992.0)) * 2654435761u + 1 };
    asl_random(&seeded);
    return jnumber(asl_random(&seeded));
}

static jvalue uuid(jeval *e, jvalue *args, size_t count, jvalue input) {
    char text[37];
    (void)args, (void)count, (void)input;
    asl_uuid(e->data->machinery, text);
    return jstring(arena_copy(e->arena, slice_from(text)));
}

static jvalue parse(jeval *e, jvalue *args, size_t count, jvalue input) {
    (void)count, (void)input;
    NONE(args[0]);
    const doc_node *n = jspend(e, args[0].text.len / 8) ? js_read(e->data->arena, args[0].text) : NULL;
    return n != NULL ? jfrom_node(e, n) : jfail(e, "D3120", "$parse: the text is no JSON");
}

const jbuiltin jfunctions_states[] = {
    { "partition", "<an:a>", 2, partition },
    { "range", "<xxx:a>", 3, range },
    { "hash", "<xs:s>", 2, hash },
    { "random", "<n?:n>", 0, random_ },
    { "uuid", "<:s>", 0, uuid },
    { "parse", "<s-:x>", 1, parse },
    { NULL, NULL, 0, NULL },
};
