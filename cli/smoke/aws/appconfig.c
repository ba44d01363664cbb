/* AWS AppConfig Data: API reference. Configurations are the hosted ones of the templates. */
#include "smoke/aws/services.h"

#include "smoke/aws/protocol.h"

#define PROFILE "AWS::AppConfig::ConfigurationProfile"
#define HOSTED  "AWS::AppConfig::HostedConfigurationVersion"

typedef struct {
    const resource *hosted;
    bool told;                   /* a client that has the latest one gets nothing */
} session;

static strmap *sessions(aws_call *c) {
    void **slot = endpoint_slot(c->of, "appconfig");
    if (*slot == NULL) *slot = ARENA_NEW(c->run->arena, strmap);
    return *slot;
}

static bool is_called(aws_call *c, const resource *r, slice asked) {
    return slice_eq(asked, world_name(c->run->world, r)) || slice_eq(asked, world_attribute(c->run->world, r, SLICE("Ref"))) || slice_eq(asked, r->logical_id);
}

static bool names(const resource *r, const resource *other) {
    for (size_t i = 0; i < r->depends_len; i++)
        if (r->depends[i] == other) return true;
    return false;
}

/* The last version that belongs to a profile called so; *profile is NULL when there is none. */
static const resource *find_hosted(aws_call *c, slice asked, const resource **profile) {
    const templates *set = c->run->graph->set;
    const resource *found = NULL;
    *profile = NULL;
    for (size_t t = 0; t < set->list.len; t++) {
        const template *in = set->list.at[t];
        for (size_t i = 0; i < in->resources.len; i++) {
            const resource *p = in->resources.at[i];
            if (!slice_is(p->type, PROFILE) || !is_called(c, p, asked)) continue;
            *profile = p;
            for (size_t k = 0; k < in->resources.len; k++)
                if (slice_is(in->resources.at[k]->type, HOSTED) && names(in->resources.at[k], p)) found = in->resources.at[k];
        }
    }
    return found;
}

static slice new_token(aws_call *c, session *s) {
    slice token = make_uuid(&c->run->maker, c->run->arena);
    strmap_put(c->run->arena, sessions(c), token, s);
    return token;
}

static void start_session(aws_call *c) {
    static const char *const required[] = { "ApplicationIdentifier", "EnvironmentIdentifier", "ConfigurationProfileIdentifier" };
    const resource *profile;
    for (size_t i = 0; i < COUNT(required); i++)
        if (js_str_of(c->in, required[i]).len == 0) {
            aws_fail(c, 400, "BadRequestException", "%s is required", required[i]);
            return;
        }
    slice asked = js_str_of(c->in, "ConfigurationProfileIdentifier");
    const resource *hosted = find_hosted(c, asked, &profile);
    if (hosted == NULL) {
        aws_note(c, "StartConfigurationSession: the templates have no %s of %.*s", profile == NULL ? "configuration profile" : "hosted configuration", SLICE_ARG(asked));
        aws_fail(c, 404, "ResourceNotFoundException", "Configuration profile %.*s could not be found", SLICE_ARG(asked));
        return;
    }
    session *s = ARENA_NEW(c->run->arena, session);
    s->hosted = hosted;
    js_object o = { 0 };
    js_put(c->arena, &o, "InitialConfigurationToken", js_string(c->arena, new_token(c, s)));
    slice body = js_text(c->arena, js_object_end(c->arena, &o));
    http_pair type = { SLICE("Content-Type"), SLICE("application/json") };
    aws_raw(c, 201, &type, 1, body);
}

static void get_latest(aws_call *c) {
    world *w = c->run->world;
    session *s = strmap_get(sessions(c), js_str_of(c->in, "ConfigurationToken"));
    if (s == NULL) {
        aws_fail(c, 400, "BadRequestException", "Request token is invalid");
        return;
    }
    slice text = s->told ? SLICE("") : world_text(w, resource_written(c->arena, s->hosted, SLICE("Content")), s->hosted->exists, NULL);
    slice type = world_text(w, resource_written(c->arena, s->hosted, SLICE("ContentType")), s->hosted->exists, NULL);
    s->told = true;
    http_pair headers[] = {
        { SLICE("Next-Poll-Configuration-Token"), new_token(c, s) },
        { SLICE("Next-Poll-Interval-In-Seconds"), SLICE("60") },
        { SLICE("Content-Type"), type.len > 0 ? type : SLICE("application/json") },
    };
    aws_raw(c, 200, headers, COUNT(headers), text);
}

static void whole(aws_call *c) {
    slice label[REST_MAX_LABELS], token;
    if (slice_is(c->http->method, "POST") && rest_path(c->arena, c->http->path, "/configurationsessions", label)) {
        const doc_node *in = json_members(c->arena, c->http->body);
        if (in == NULL) aws_fail(c, 400, "BadRequestException", "the body is not a JSON object");
        else aws_dispatch(c, SLICE("StartConfigurationSession"), in);
    } else if (slice_is(c->http->method, "GET") && rest_path(c->arena, c->http->path, "/configuration", label) && http_query(c->http, "configuration_token", &token)) {
        js_object in = { 0 };
        js_put(c->arena, &in, "ConfigurationToken", js_string(c->arena, token));
        aws_dispatch(c, SLICE("GetLatestConfiguration"), js_object_end(c->arena, &in));
    } else {
        aws_not_built(c, arena_printf(c->arena, "%.*s %.*s", SLICE_ARG(c->http->method), SLICE_ARG(c->http->path)));
    }
}

static const aws_operation operations[] = {
    { .name = "StartConfigurationSession", .run = start_session },
    { .name = "GetLatestConfiguration", .run = get_latest },
    { .name = NULL }
};

const aws_service appconfig_service = { .name = "appconfig", .operations = operations, .whole = whole };
