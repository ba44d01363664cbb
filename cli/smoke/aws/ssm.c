/* Parameter Store: AWS Systems Manager API reference. */
#include "smoke/aws/services.h"

#include <stdlib.h>

#define PARAMETER  "AWS::SSM::Parameter"
#define NAMES_MOST 10
#define VALUE_MOST 8192u         /* bytes, advanced tier (user guide, "Managing parameter tiers") */
#define KEPT_MOST  10000u        /* parameters that handlers may make (quota of the standard tier) */

typedef struct {
    slice name, type, text;
    const resource *resource;    /* NULL: made by PutParameter */
    long long version;
    int64_t changed_ms;
} held;

typedef struct {
    VEC(held *) all;             /* by name */
    strmap by_name;
} store;

static int by_name(const void *x, const void *y) { return slice_order((*(held *const *)x)->name, (*(held *const *)y)->name); }

static void add(aws_call *c, store *s, held h) {
    arena *a = c->run->arena;
    held *kept = ARENA_NEW(a, held);
    *kept = h;
    VEC_PUSH(a, &s->all, kept);
    strmap_put(a, &s->by_name, kept->name, kept);
    size_t i = s->all.len - 1;
    for (; i > 0 && slice_order(kept->name, s->all.at[i - 1]->name) < 0; i--) s->all.at[i] = s->all.at[i - 1];
    s->all.at[i] = kept;
}

static store *store_of(aws_call *c) {
    void **slot = endpoint_slot(c->of, "ssm");
    if (*slot != NULL) return *slot;
    arena *a = c->run->arena;
    world *w = c->run->world;
    store *s = *slot = ARENA_NEW(a, store);
    const templates *set = c->run->graph->set;
    for (size_t t = 0; t < set->list.len; t++)
        for (size_t i = 0; i < set->list.at[t]->resources.len; i++) {
            const resource *r = set->list.at[t]->resources.at[i];
            if (!slice_is(r->type, PARAMETER) || strmap_has(&s->by_name, world_name(w, r))) continue;
            slice type = world_text(w, resource_get(a, r, SLICE("Type")), r->exists, NULL);
            held *h = ARENA_NEW(a, held);
            *h = (held){ world_name(w, r), type.len > 0 ? type : SLICE("String"), world_text(w, resource_get(a, r, SLICE("Value")), r->exists, NULL), r, 1, c->run->maker.now_ms };
            VEC_PUSH(a, &s->all, h);
            strmap_put(a, &s->by_name, h->name, h);
        }
    if (s->all.len > 0) qsort(s->all.at, s->all.len, sizeof *s->all.at, by_name);
    return s;
}

/* "/a/b", "/a/b:3", an ARN: the name that parameters have here. */
static slice bare_name(aws_call *c, slice named, slice *selector) {
    slice mark = SLICE(":parameter/");
    size_t at = slice_starts(named, SLICE("arn:")) ? slice_find_slice(named, mark) : (size_t)-1;
    const store *s = store_of(c);
    slice name = named;
    if (at != (size_t)-1) {
        name = slice_after(named, at + mark.len);
        slice with = slice_after(named, at + mark.len - 1);      /* names with slashes have no second one in the ARN */
        if (strmap_has(&s->by_name, slice_from_to(with, 0, slice_find(with, ':')))) name = with;
    }
    size_t colon = slice_find(name, ':');
    *selector = colon < name.len ? slice_after(name, colon + 1) : SLICE("");
    return slice_from_to(name, 0, colon);
}

static slice arn_of(aws_call *c, const held *h) {
    bool slash = h->name.len > 0 && h->name.at[0] == '/';
    return aws_arn(c, "ssm", arena_printf(c->arena, "parameter%s%.*s", slash ? "" : "/", SLICE_ARG(h->name)));
}

static bool may(aws_call *c, const char *action, const held *h) {
    return h->resource != NULL ? aws_allowed(c, action, h->resource) : aws_allowed_arn(c, action, arn_of(c, h));
}

static const held *find(aws_call *c, slice named) {
    slice selector;
    long long version;
    const held *h = strmap_get(&store_of(c)->by_name, bare_name(c, named, &selector));
    return h != NULL && selector.len > 0 && (!slice_int(selector, &version) || version != h->version) ? NULL : h;
}

static const doc_node *shown(aws_call *c, const held *h) {
    arena *a = c->arena;
    js_object o = { 0 };
    js_put(a, &o, "Name", js_string(a, h->name));
    js_put(a, &o, "Type", js_string(a, h->type));
    js_put(a, &o, "Value", js_string(a, h->text));
    js_put(a, &o, "Version", js_int(a, h->version));
    js_put(a, &o, "LastModifiedDate", js_double(a, (double)h->changed_ms / 1000));
    js_put(a, &o, "ARN", js_string(a, arn_of(c, h)));
    js_put(a, &o, "DataType", js_cstr(a, "text"));
    return js_object_end(a, &o);
}

static void get_parameter(aws_call *c) {
    slice named = js_str_of(c->in, "Name");
    if (!aws_need(c, "Name")) return;
    const held *h = find(c, named);
    if (h == NULL) {
        aws_note(c, "GetParameter: the templates have no parameter %.*s", SLICE_ARG(named));
        aws_fail(c, 400, "ParameterNotFound", "Parameter %.*s not found.", SLICE_ARG(named));
        return;
    }
    if (!may(c, "ssm:GetParameter", h)) return;
    js_object o = { 0 };
    js_put(c->arena, &o, "Parameter", shown(c, h));
    aws_ok(c, js_object_end(c->arena, &o));
}

static void get_parameters(aws_call *c) {
    arena *a = c->arena;
    const doc_node *names = js_get(c->in, "Names");
    js_list found = { 0 }, invalid = { 0 };
    js_object o = { 0 };
    if (!aws_need(c, "Names")) return;
    if (!js_is(names, DOC_LIST) || names->list.len == 0 || names->list.len > NAMES_MOST) {
        aws_fail(c, 400, "ValidationException", "1 validation error detected: Value at 'names' failed to satisfy constraint: Member must have length between 1 and %d", NAMES_MOST);
        return;
    }
    for (size_t i = 0; i < names->list.len; i++) {
        const held *h = find(c, js_str(names->list.at[i]));
        if (h != NULL && !may(c, "ssm:GetParameters", h)) return;
        if (h != NULL) js_push(a, &found, shown(c, h));
        else js_push(a, &invalid, names->list.at[i]);
    }
    js_put(a, &o, "Parameters", js_list_end(a, &found));
    js_put(a, &o, "InvalidParameters", js_list_end(a, &invalid));
    aws_ok(c, js_object_end(a, &o));
}

static bool below(slice name, slice path, bool recursive) {
    if (!slice_starts(name, path)) return false;
    slice rest = slice_after(name, path.len);
    if (!slice_ends(path, SLICE("/"))) {
        if (rest.len == 0 || rest.at[0] != '/') return false;
        rest = slice_after(rest, 1);
    }
    return rest.len > 0 && (recursive || slice_find(rest, '/') == rest.len);
}

static void get_parameters_by_path(aws_call *c) {
    arena *a = c->arena;
    const store *s = store_of(c);
    slice path = js_str_of(c->in, "Path");
    long long most = js_int_of(c->in, "MaxResults", NAMES_MOST), from = js_int_of(c->in, "NextToken", 0);
    bool recursive = js_bool_of(c->in, "Recursive", false), more = false;
    if (!aws_need(c, "Path")) return;
    if (path.at[0] != '/' || most < 1 || most > NAMES_MOST || from < 0) {
        aws_fail(c, 400, "ValidationException", "The parameter path must begin with a slash, and MaxResults be between 1 and %d.", NAMES_MOST);
        return;
    }
    if (!aws_allowed_arn(c, "ssm:GetParametersByPath", aws_arn(c, "ssm", arena_printf(a, "parameter%.*s", SLICE_ARG(path))))) return;
    js_list found = { 0 };
    size_t i = (size_t)from < s->all.len ? (size_t)from : s->all.len;
    for (; i < s->all.len; i++) {
        if (!below(s->all.at[i]->name, path, recursive)) continue;
        if ((long long)found.items.len == most) {
            more = true;
            break;
        }
        js_push(a, &found, shown(c, s->all.at[i]));
    }
    js_object o = { 0 };
    js_put(a, &o, "Parameters", js_list_end(a, &found));
    if (more) js_put(a, &o, "NextToken", js_format(a, "%zu", i));
    aws_ok(c, js_object_end(a, &o));
}

static void put_parameter(aws_call *c) {
    arena *a = c->run->arena;
    store *s = store_of(c);
    slice name = js_str_of(c->in, "Name"), text = js_str_of(c->in, "Value"), type = js_str_of(c->in, "Type");
    if (!aws_need(c, "Name") || !aws_need(c, "Value")) return;
    held *old = strmap_get(&s->by_name, name);
    held fresh = { .name = name, .type = type };
    if (!may(c, "ssm:PutParameter", old != NULL ? old : &fresh)) return;
    if (text.len > VALUE_MOST || s->all.len >= KEPT_MOST) {
        aws_fail(c, 400, "ParameterLimitExceeded", "A value has at most %u bytes, and there are at most %u parameters.", VALUE_MOST, KEPT_MOST);
        return;
    }
    if (old != NULL && !js_bool_of(c->in, "Overwrite", false)) {
        aws_fail(c, 400, "ParameterAlreadyExists", "The parameter already exists. To overwrite this value, set the overwrite option in the request to true.");
        return;
    }
    if (old == NULL && type.len == 0) {
        aws_fail(c, 400, "ValidationException", "A parameter type is required when you create a parameter.");
        return;
    }
    if (old != NULL) {
        old->text = arena_copy(a, text);
        if (type.len > 0) old->type = arena_copy(a, type);
        old->version++;
        old->changed_ms = c->run->maker.now_ms;
    } else {
        add(c, s, (held){ arena_copy(a, name), arena_copy(a, type), arena_copy(a, text), NULL, 1, c->run->maker.now_ms });
    }
    js_object o = { 0 };
    js_put(c->arena, &o, "Version", js_int(c->arena, old != NULL ? old->version : 1));
    js_put(c->arena, &o, "Tier", js_cstr(c->arena, "Standard"));
    aws_ok(c, js_object_end(c->arena, &o));
}

static const aws_operation operations[] = {
    { .name = "GetParameter", .run = get_parameter },
    { .name = "GetParameters", .run = get_parameters },
    { .name = "GetParametersByPath", .run = get_parameters_by_path },
    { .name = "PutParameter", .run = put_parameter },
    { .name = NULL }
};

const aws_service ssm_service = { .name = "ssm", .target = "AmazonSSM", .operations = operations };
