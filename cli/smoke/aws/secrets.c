/* AWS Secrets Manager: API reference; developer guide, "Secret versions" (staging labels). */
#include "smoke/aws/services.h"

#include "base/digest.h"

#define SECRET      "AWS::SecretsManager::Secret"
#define VALUE_MOST  65536u
#define LABELS_MOST 20u
#define PASSWORD_MOST 4096

typedef struct {
    slice id;
    slice text, binary;          /* one of both; binary as base64 */
    VEC(slice) labels;
} version;

typedef struct {
    const resource *resource;
    VEC(version *) versions;
    int64_t made_ms, changed_ms;
} secret;

/* ---- values of the templates ---- */

/* API reference, GetRandomPassword: the punctuation that is left in unless excluded. */
static const char lower_case[] = "abcdefghijklmnopqrstuvwxyz", upper_case[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ", digits[] = "0123456789",
                  marks[] = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";

static void add_kind(buf *out, const char *kind, bool excluded, slice without) {
    for (; !excluded && *kind != '\0'; kind++)
        if (slice_find(without, *kind) == without.len) buf_char(out, *kind);
}

/* Made of the name of what it is for: the same in every run. "" when everything is excluded. */
static slice made_password(arena *a, const doc_node *how, slice seed) {
    const char *const kinds[] = { lower_case, upper_case, digits, marks, " " };
    const bool excluded[] = { js_bool_of(how, "ExcludeLowercase", false), js_bool_of(how, "ExcludeUppercase", false), js_bool_of(how, "ExcludeNumbers", false),
                              js_bool_of(how, "ExcludePunctuation", false), !js_bool_of(how, "IncludeSpace", false) };
    slice without = js_str_of(how, "ExcludeCharacters");
    long long length = js_int_of(how, "PasswordLength", 32);
    buf all = { .arena = a }, out = { .arena = a };
    for (size_t k = 0; k < COUNT(kinds); k++) add_kind(&all, kinds[k], excluded[k], without);
    if (length < 1 || length > PASSWORD_MOST || all.bytes.len == 0) return SLICE("");
    unsigned long long state = slice_digest(seed) | 1;
    for (long long i = 0; i < length; i++) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        buf one = { .arena = a };
        size_t k = (size_t)i % COUNT(kinds);
        /* The first ones are of each kind that is asked for (RequireEachIncludedType). */
        if (i < (long long)COUNT(kinds) - 1) add_kind(&one, kinds[k], excluded[k], without);
        const buf *from = one.bytes.len > 0 ? &one : &all;
        buf_char(&out, from->bytes.at[(state >> 11) % from->bytes.len]);
    }
    return buf_as_slice(&out);
}

static slice template_value(aws_call *c, const resource *r) {
    arena *a = c->run->arena;
    world *w = c->run->world;
    const value *text = resource_written(a, r, SLICE("SecretString")), *how = resource_written(a, r, SLICE("GenerateSecretString"));
    if (!value_is_absent(text)) return world_text(w, text, r->exists, NULL);
    if (value_is_absent(how)) return SLICE("");
    const doc_node *h = world_json(w, how, r->exists, NULL);
    slice password = made_password(a, h, world_arn(w, r)), key = js_str_of(h, "GenerateStringKey");
    const doc_node *form = js_read(a, js_str_of(h, "SecretStringTemplate"));
    if (key.len == 0) return password;
    return js_text(a, js_with(a, js_is(form, DOC_MAP) ? form : js_empty_object(), key, js_string(a, password)));
}

/* ---- the store ---- */

static version *add_version(aws_call *c, secret *s, slice id, slice text, slice binary) {
    arena *a = c->run->arena;
    version *v = ARENA_NEW(a, version);
    *v = (version){ .id = id.len > 0 ? arena_copy(a, id) : make_uuid(&c->run->maker, a), .text = arena_copy(a, text), .binary = arena_copy(a, binary) };
    VEC_PUSH(a, &s->versions, v);
    return v;
}

static secret *secret_of(aws_call *c, const resource *r) {
    arena *a = c->run->arena;
    void **slot = endpoint_slot(c->of, "secretsmanager");
    if (*slot == NULL) *slot = ARENA_NEW(a, strmap);
    strmap *all = *slot;
    secret *s = strmap_get(all, r->id);
    if (s != NULL) return s;
    s = ARENA_NEW(a, secret);
    *s = (secret){ .resource = r, .made_ms = c->run->maker.now_ms, .changed_ms = c->run->maker.now_ms };
    slice text = template_value(c, r);
    if (text.len > 0) {
        version *first = add_version(c, s, SLICE(""), text, SLICE(""));
        VEC_PUSH(a, &first->labels, SLICE("AWSCURRENT"));
    }
    strmap_put(a, all, r->id, s);
    return s;
}

static bool has_label(const version *v, slice label) {
    for (size_t i = 0; i < v->labels.len; i++)
        if (slice_eq(v->labels.at[i], label)) return true;
    return false;
}

static void drop_label(version *v, slice label) {
    size_t kept = 0;
    for (size_t i = 0; i < v->labels.len; i++)
        if (!slice_eq(v->labels.at[i], label)) v->labels.at[kept++] = v->labels.at[i];
    v->labels.len = kept;
}

static version *version_with(const secret *s, slice label) {
    for (size_t i = s->versions.len; i > 0; i--)
        if (has_label(s->versions.at[i - 1], label)) return s->versions.at[i - 1];
    return NULL;
}

static version *version_called(const secret *s, slice id) {
    for (size_t i = 0; i < s->versions.len; i++)
        if (slice_eq(s->versions.at[i]->id, id)) return s->versions.at[i];
    return NULL;
}

/* What AWSCURRENT leaves becomes AWSPREVIOUS. */
static void move_label(aws_call *c, secret *s, slice label, version *to) {
    arena *a = c->run->arena;
    version *from = version_with(s, label);
    if (from == to) return;
    if (from != NULL) drop_label(from, label);
    if (from != NULL && slice_is(label, "AWSCURRENT")) {
        version *older = version_with(s, SLICE("AWSPREVIOUS"));
        if (older != NULL) drop_label(older, SLICE("AWSPREVIOUS"));
        VEC_PUSH(a, &from->labels, SLICE("AWSPREVIOUS"));
    }
    if (to != NULL) VEC_PUSH(a, &to->labels, arena_copy(a, label));
}

/* ---- operations ---- */

/* By name, ARN, or an ARN without the six characters behind the name. NULL: answered. */
static secret *named_secret(aws_call *c, const char *action) {
    slice id = js_str_of(c->in, "SecretId"), mark = SLICE(":secret:");
    if (!aws_need(c, "SecretId")) return NULL;
    c->target = world_find(c->run->world, SLICE(SECRET), id, NULL);
    size_t at = slice_find_slice(id, mark);
    if (c->target == NULL && at != (size_t)-1) c->target = world_find(c->run->world, SLICE(SECRET), slice_after(id, at + mark.len), NULL);
    if (c->target == NULL) {
        aws_note(c, "%s: the templates have no secret %.*s", c->operation->name, SLICE_ARG(id));
        aws_fail(c, 400, "ResourceNotFoundException", "Secrets Manager can't find the specified secret.");
        return NULL;
    }
    return aws_allowed(c, action, c->target) ? secret_of(c, c->target) : NULL;
}

static void put_names(aws_call *c, js_object *o, const secret *s) {
    js_put(c->arena, o, "ARN", js_string(c->arena, world_arn(c->run->world, s->resource)));
    js_put(c->arena, o, "Name", js_string(c->arena, world_name(c->run->world, s->resource)));
}

static const doc_node *labels_of(arena *a, const version *v) {
    js_list l = { 0 };
    for (size_t i = 0; i < v->labels.len; i++) js_push(a, &l, js_string(a, v->labels.at[i]));
    return js_list_end(a, &l);
}

static const doc_node *seconds_of(arena *a, int64_t ms) { return js_double(a, (double)ms / 1000); }

static void get_secret_value(aws_call *c) {
    arena *a = c->arena;
    const secret *s = named_secret(c, "secretsmanager:GetSecretValue");
    if (s == NULL) return;
    slice id = js_str_of(c->in, "VersionId"), label = js_str_of(c->in, "VersionStage");
    const version *v = id.len > 0 ? version_called(s, id) : version_with(s, label.len > 0 ? label : SLICE("AWSCURRENT"));
    if (v != NULL && id.len > 0 && label.len > 0 && !has_label(v, label)) v = NULL;
    if (v == NULL) {
        if (s->versions.len == 0) aws_note(c, "the secret %.*s has no value in the templates", SLICE_ARG(s->resource->id));
        aws_fail(c, 400, "ResourceNotFoundException", "Secrets Manager can't find the specified secret value for %s: %.*s", id.len > 0 ? "VersionId" : "staging label",
                 SLICE_ARG(id.len > 0 ? id : label.len > 0 ? label : SLICE("AWSCURRENT")));
        return;
    }
    js_object o = { 0 };
    put_names(c, &o, s);
    js_put(a, &o, "VersionId", js_string(a, v->id));
    if (v->binary.len > 0) js_put(a, &o, "SecretBinary", js_string(a, v->binary));
    else js_put(a, &o, "SecretString", js_string(a, v->text));
    js_put(a, &o, "VersionStages", labels_of(a, v));
    js_put(a, &o, "CreatedDate", seconds_of(a, s->made_ms));
    aws_ok(c, js_object_end(a, &o));
}

static void put_secret_value(aws_call *c) {
    arena *a = c->arena;
    secret *s = named_secret(c, "secretsmanager:PutSecretValue");
    if (s == NULL) return;
    slice text = js_str_of(c->in, "SecretString"), binary = js_str_of(c->in, "SecretBinary"), id = js_str_of(c->in, "ClientRequestToken"), decoded;
    const doc_node *labels = js_get(c->in, "VersionStages");
    if (text.len + binary.len == 0 || (text.len > 0 && binary.len > 0) || (binary.len > 0 && !base64_decode(a, binary, &decoded))) {
        aws_fail(c, 400, "InvalidRequestException", "You must provide either SecretString or SecretBinary.");
        return;
    }
    if (text.len > VALUE_MOST || binary.len > VALUE_MOST * 4 / 3 + 4 || js_len(labels) > LABELS_MOST) {
        aws_fail(c, 400, "ValidationException", "1 validation error detected: a secret value has at most %u bytes, a version at most %u labels", VALUE_MOST, LABELS_MOST);
        return;
    }
    version *v = id.len > 0 ? version_called(s, id) : NULL;
    if (v != NULL && (!slice_eq(v->text, text) || !slice_eq(v->binary, binary))) {
        aws_fail(c, 400, "ResourceExistsException", "You can't use ClientRequestToken %.*s because that value is already in use for a version of secret %.*s.", SLICE_ARG(id),
                 SLICE_ARG(world_arn(c->run->world, s->resource)));
        return;
    }
    if (v == NULL) v = add_version(c, s, id, text, binary);
    for (size_t i = 0; js_is(labels, DOC_LIST) && i < labels->list.len; i++) move_label(c, s, js_str(labels->list.at[i]), v);
    if (js_len(labels) == 0) move_label(c, s, SLICE("AWSCURRENT"), v);
    s->changed_ms = c->run->maker.now_ms;
    js_object o = { 0 };
    put_names(c, &o, s);
    js_put(a, &o, "VersionId", js_string(a, v->id));
    js_put(a, &o, "VersionStages", labels_of(a, v));
    aws_ok(c, js_object_end(a, &o));
}

static void describe_secret(aws_call *c) {
    arena *a = c->arena;
    const secret *s = named_secret(c, "secretsmanager:DescribeSecret");
    if (s == NULL) return;
    js_object o = { 0 }, stages = { 0 };
    bool rotates = false;
    for (size_t i = 0; i < s->resource->in->resources.len && !rotates; i++) {
        const resource *r = s->resource->in->resources.at[i];
        for (size_t k = 0; slice_is(r->type, "AWS::SecretsManager::RotationSchedule") && k < r->depends_len; k++) rotates |= r->depends[k] == s->resource;
    }
    for (size_t i = 0; i < s->versions.len; i++)
        if (s->versions.at[i]->labels.len > 0)
            VEC_PUSH(a, &stages.entries, (doc_entry){ .key = s->versions.at[i]->id, .value = labels_of(a, s->versions.at[i]) });
    put_names(c, &o, s);
    js_put(a, &o, "RotationEnabled", js_bool(rotates));
    js_put(a, &o, "LastChangedDate", seconds_of(a, s->changed_ms));
    js_put(a, &o, "CreatedDate", seconds_of(a, s->made_ms));
    js_put(a, &o, "VersionIdsToStages", js_object_end(a, &stages));
    aws_ok(c, js_object_end(a, &o));
}

static void update_version_stage(aws_call *c) {
    arena *a = c->arena;
    secret *s = named_secret(c, "secretsmanager:UpdateSecretVersionStage");
    if (s == NULL || !aws_need(c, "VersionStage")) return;
    slice label = js_str_of(c->in, "VersionStage"), to_id = js_str_of(c->in, "MoveToVersionId"), from_id = js_str_of(c->in, "RemoveFromVersionId");
    version *to = version_called(s, to_id), *from = version_with(s, label);
    if (to_id.len > 0 && to == NULL) {
        aws_fail(c, 400, "ResourceNotFoundException", "Secrets Manager can't find the specified secret version: %.*s", SLICE_ARG(to_id));
        return;
    }
    if (from != NULL && from != to && !slice_eq(from->id, from_id)) {
        aws_fail(c, 400, "InvalidParameterException",
                 "The parameter RemoveFromVersionId can't be empty. Staging label %.*s is currently attached to version %.*s, so you must explicitly reference that version in "
                 "RemoveFromVersionId.", SLICE_ARG(label), SLICE_ARG(from->id));
        return;
    }
    move_label(c, s, label, to);
    s->changed_ms = c->run->maker.now_ms;
    js_object o = { 0 };
    put_names(c, &o, s);
    aws_ok(c, js_object_end(a, &o));
}

static void get_random_password(aws_call *c) {
    slice password = made_password(c->arena, c->in, make_uuid(&c->run->maker, c->arena));
    js_object o = { 0 };
    if (password.len == 0) {
        aws_fail(c, 400, "InvalidParameterException", "The password length is not between 1 and %d, or no character is left to make it of.", PASSWORD_MOST);
        return;
    }
    js_put(c->arena, &o, "RandomPassword", js_string(c->arena, password));
    aws_ok(c, js_object_end(c->arena, &o));
}

static const aws_operation operations[] = {
    { .name = "GetSecretValue", .run = get_secret_value },
    { .name = "PutSecretValue", .run = put_secret_value },
    { .name = "DescribeSecret", .run = describe_secret },
    { .name = "UpdateSecretVersionStage", .run = update_version_stage },
    { .name = "GetRandomPassword", .run = get_random_password },
    { .name = NULL }
};

const aws_service secretsmanager_service = { .name = "secretsmanager", .target = "secretsmanager", .operations = operations };
