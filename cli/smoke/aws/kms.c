/* AWS KMS, as far as handlers go round: what is encrypted can be decrypted again. It hides nothing, and says so. */
#include "smoke/aws/services.h"

#include "base/digest.h"

#define PLAIN_MOST 4096u         /* bytes (API reference, Encrypt) */
#define KEY_MOST   1024

/* The key's ARN, by id, ARN or alias; false: answered. Keys that AWS manages (alias/aws/...) are always there. */
static bool find_key(aws_call *c, slice *arn) {
    slice id = js_str_of(c->in, "KeyId"), alias = SLICE("alias/");
    if (!aws_need(c, "KeyId")) return false;
    size_t at = slice_find_slice(id, alias);
    const resource *key = world_find(c->run->world, SLICE("AWS::KMS::Key"), id, NULL);
    const templates *set = c->run->graph->set;
    slice called = at != (size_t)-1 ? slice_after(id, at) : SLICE("");
    size_t slash = slice_find_slice(id, SLICE(":key/"));
    if (key == NULL && slash != (size_t)-1) key = world_find(c->run->world, SLICE("AWS::KMS::Key"), slice_after(id, slash + 5), NULL);
    bool there = key != NULL || slice_starts(called, SLICE("alias/aws/"));
    for (size_t t = 0; !there && called.len > 0 && t < set->list.len; t++)
        for (size_t i = 0; !there && i < set->list.at[t]->resources.len; i++) {
            const resource *r = set->list.at[t]->resources.at[i];
            there = slice_is(r->type, "AWS::KMS::Alias") && slice_eq(world_text(c->run->world, resource_written(c->arena, r, SLICE("AliasName")), r->exists, NULL), called);
        }
    *arn = key != NULL ? world_arn(c->run->world, key) : slice_starts(id, SLICE("arn:")) ? id : aws_arn(c, "kms", id);
    if (there) return true;
    aws_note(c, "%s: the templates have no key %.*s", c->operation->name, SLICE_ARG(id));
    aws_fail(c, 400, "NotFoundException", "Key '%.*s' does not exist", SLICE_ARG(*arn));
    return false;
}

static void say_toy(aws_call *c) { aws_note(c, "KMS is a toy here: what is encrypted can be read by anybody"); }

static const doc_node *sealed(arena *a, slice arn, slice plain) {
    slice parts[] = { SLICE("sflint-toy\n"), arn, SLICE("\n"), plain };
    return js_string(a, base64_encode(a, arena_concat(a, parts, COUNT(parts))));
}

static void encrypt(aws_call *c) {
    slice arn, plain;
    if (!find_key(c, &arn)) return;
    if (!base64_decode(c->arena, js_str_of(c->in, "Plaintext"), &plain) || plain.len == 0 || plain.len > PLAIN_MOST) {
        aws_fail(c, 400, "ValidationException", "1 validation error detected: Value at 'plaintext' failed to satisfy constraint: Member must have length between 1 and %u", PLAIN_MOST);
        return;
    }
    say_toy(c);
    js_object o = { 0 };
    js_put(c->arena, &o, "CiphertextBlob", sealed(c->arena, arn, plain));
    js_put(c->arena, &o, "KeyId", js_string(c->arena, arn));
    js_put(c->arena, &o, "EncryptionAlgorithm", js_cstr(c->arena, "SYMMETRIC_DEFAULT"));
    aws_ok(c, js_object_end(c->arena, &o));
}

static void decrypt(aws_call *c) {
    slice bytes, head = SLICE("sflint-toy\n");
    js_object o = { 0 };
    if (!base64_decode(c->arena, js_str_of(c->in, "CiphertextBlob"), &bytes) || !slice_starts(bytes, head)) {
        aws_fail(c, 400, "InvalidCiphertextException", "the ciphertext was not made by this endpoint");
        return;
    }
    say_toy(c);
    bytes = slice_after(bytes, head.len);
    size_t end = slice_find(bytes, '\n');
    js_put(c->arena, &o, "KeyId", js_string(c->arena, slice_from_to(bytes, 0, end)));
    js_put(c->arena, &o, "Plaintext", js_string(c->arena, base64_encode(c->arena, slice_after(bytes, end < bytes.len ? end + 1 : end))));
    js_put(c->arena, &o, "EncryptionAlgorithm", js_cstr(c->arena, "SYMMETRIC_DEFAULT"));
    aws_ok(c, js_object_end(c->arena, &o));
}

static void generate_data_key(aws_call *c) {
    arena *a = c->arena;
    slice arn, spec = js_str_of(c->in, "KeySpec");
    long long bytes = slice_is(spec, "AES_256") ? 32 : slice_is(spec, "AES_128") ? 16 : js_int_of(c->in, "NumberOfBytes", 0);
    if (!find_key(c, &arn)) return;
    if (bytes < 1 || bytes > KEY_MOST) {
        aws_fail(c, 400, "ValidationException", "Please specify either number of bytes or key spec.");
        return;
    }
    say_toy(c);
    slice plain = make_hex(&c->run->maker, a, (size_t)bytes);
    js_object o = { 0 };
    js_put(a, &o, "CiphertextBlob", sealed(a, arn, plain));
    js_put(a, &o, "Plaintext", js_string(a, base64_encode(a, plain)));
    js_put(a, &o, "KeyId", js_string(a, arn));
    aws_ok(c, js_object_end(a, &o));
}

static const aws_operation operations[] = {
    { .name = "Encrypt", .run = encrypt },
    { .name = "Decrypt", .run = decrypt },
    { .name = "GenerateDataKey", .run = generate_data_key },
    { .name = NULL }
};

const aws_service kms_service = { .name = "kms", .target = "TrentService", .operations = operations, .error_namespace = "com.amazonaws.kms" };
