/* AWS STS: API reference. */
#include "smoke/aws/services.h"

#include "smoke/aws/permission.h"

#define ROLE "AWS::IAM::Role"

static void get_caller_identity(aws_call *c) {
    arena *a = c->arena;
    js_object o = { 0 };
    slice session = c->caller != NULL && c->caller->resource != NULL ? world_name(c->run->world, c->caller->resource) : SLICE("unknown");
    js_put(a, &o, "Arn", js_string(a, permission_identity(c->run, a, c->caller)));
    js_put(a, &o, "UserId", js_format(a, "AROASFLINT0000000000:%.*s", SLICE_ARG(session)));
    js_put(a, &o, "Account", js_string(a, c->run->world->account));
    aws_ok(c, js_object_end(a, &o));
}

/* The key that the caller signs with: what it does with the role's credentials is still known to be its own doing. */
static slice own_key(aws_call *c) {
    slice text = c->http == NULL ? SLICE("") : http_header(c->http, "Authorization"), mark = SLICE("Credential=");
    size_t at = slice_find_slice(text, mark);
    if (at == (size_t)-1) return SLICE("SFLINT00000000000000");
    text = slice_after(text, at + mark.len);
    return slice_from_to(text, 0, slice_find(text, '/'));
}

static void assume_role(aws_call *c) {
    arena *a = c->arena;
    slice arn = js_str_of(c->in, "RoleArn"), session = js_str_of(c->in, "RoleSessionName");
    if (!aws_need(c, "RoleArn") || !aws_need(c, "RoleSessionName")) return;
    const resource *as = world_find(c->run->world, SLICE(ROLE), arn, NULL);
    if (!slice_starts(arn, SLICE("arn:"))) {
        aws_fail(c, 400, "ValidationError", "%.*s is invalid", SLICE_ARG(arn));
        return;
    }
    /* To go on with, the role's policies would have to be asked instead of the caller's own. */
    if (as == NULL) aws_note(c, "assumes %.*s, which the templates do not have: what it may do is not known", SLICE_ARG(arn));
    else aws_note(c, "assumes %.*s: calls made with it are held against the caller's own role", SLICE_ARG(as->id));
    size_t slash = arn.len;
    while (slash > 0 && arn.at[slash - 1] != '/') slash--;
    js_object credentials = { 0 }, user = { 0 }, o = { 0 };
    js_put(a, &credentials, "AccessKeyId", js_string(a, own_key(c)));
    js_put(a, &credentials, "SecretAccessKey", js_cstr(a, "sflint"));
    js_put(a, &credentials, "SessionToken", js_cstr(a, "sflint"));
    js_put(a, &credentials, "Expiration", js_string(a, make_time(a, c->run->maker.now_ms + 365LL * 24 * 3600 * 1000, false)));
    js_put(a, &user, "Arn", js_string(a, arena_printf(a, "arn:%.*s:sts::%.*s:assumed-role/%.*s/%.*s", SLICE_ARG(c->run->world->partition), SLICE_ARG(c->run->world->account),
                                                      SLICE_ARG(slice_after(arn, slash)), SLICE_ARG(session))));
    js_put(a, &user, "AssumedRoleId", js_format(a, "AROASFLINT0000000000:%.*s", SLICE_ARG(session)));
    js_put(a, &o, "Credentials", js_object_end(a, &credentials));
    js_put(a, &o, "AssumedRoleUser", js_object_end(a, &user));
    aws_ok(c, js_object_end(a, &o));
}

static const aws_operation operations[] = {
    { .name = "GetCallerIdentity", .run = get_caller_identity },
    { "AssumeRole", assume_role, "sts:AssumeRole", "RoleArn", ROLE, NULL, NULL, 0 },
    { .name = NULL }
};

const aws_service sts_service = {
    .name = "sts", .version = "2011-06-15", .xmlns = "https://sts.amazonaws.com/doc/2011-06-15/", .operations = operations,
};
