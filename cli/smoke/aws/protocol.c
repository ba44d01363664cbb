/* Where a request goes: aws-wire's routing order, first match wins. */
#include "smoke/aws/protocol.h"

#include "smoke/aws/services.h"

/* ---- who and what was signed ---- */

/* "AKID/20260101/us-east-1/sqs/aws4_request"; SigV4A leaves the region out. */
static void read_scope(slice scope, slice *key, slice *service) {
    slice parts[8], rest = scope;
    size_t n = 0;
    while (n < COUNT(parts) && slice_cut(&rest, '/', &parts[n])) n++;
    if (n >= 1) *key = parts[0];
    if (n >= 4) *service = parts[n - 2];
}

static void read_credential(arena *a, const aws_request *r, slice *key, slice *service) {
    slice mark = SLICE("Credential="), scope;
    size_t at = slice_find_slice(r->authorization, mark);
    if (at != (size_t)-1) {
        scope = slice_after(r->authorization, at + mark.len);
        size_t end = slice_find(scope, ',');
        scope = slice_trim(slice_from_to(scope, 0, end));
        read_scope(slice_from_to(scope, 0, slice_find(scope, ' ')), key, service);
    } else if (query_field(a, r->query, "X-Amz-Credential", &scope)) {
        read_scope(scope, key, service);
    }
}

/* ---- paths that belong to one service ---- */

static const struct { const char *head; const char *signed_as; const aws_service *service; } paths[] = {
    { "/2015-03-31/functions", NULL, &lambda_service },
    { "/2021-11-15/functions", NULL, &lambda_service },
    { "/2014-11-13/functions", NULL, &lambda_service },
    { "/v2/email/", "ses", &sesv2_service },
    { "/TraceSegments", NULL, &xray_service },
    { "/SamplingTargets", NULL, &xray_service },
    { "/GetSamplingRules", NULL, &xray_service },
    { "/schedules", "scheduler", &scheduler_service },
    { "/schedule-groups", "scheduler", &scheduler_service },
    { "/configuration", "appconfig", &appconfig_service },
};

/* "/@connections/ID", behind a stage or not. */
static bool is_connection(slice path) {
    size_t second = 1 + slice_find(slice_after(path, path.len > 0), '/');
    return slice_starts(path, SLICE("/@connections/")) || slice_starts(path, SLICE("/%40connections/")) ||
           (second < path.len && (slice_starts(slice_after(path, second), SLICE("/@connections/")) || slice_starts(slice_after(path, second), SLICE("/%40connections/"))));
}

static const aws_service *by_path(slice path, slice signed_as) {
    for (size_t i = 0; i < COUNT(paths); i++)
        if (slice_starts(path, slice_from(paths[i].head)) && (paths[i].signed_as == NULL || slice_is(signed_as, paths[i].signed_as))) return paths[i].service;
    return is_connection(path) ? &connections_service : NULL;
}

static bool is_form(slice type) {
    slice form = SLICE("application/x-www-form-urlencoded");
    return type.len >= form.len && slice_same_letters(slice_from_to(type, 0, form.len), form);
}

static bool is_one_of(slice s, const char *const *names, size_t len) {
    for (size_t i = 0; i < len; i++)
        if (slice_is(s, names[i])) return true;
    return false;
}

static void route_json(aws_route *at, const aws_request *r) {
    size_t dot = slice_find(r->target, '.');
    slice head = slice_from_to(r->target, 0, dot);
    at->protocol = slice_find_slice(r->content_type, SLICE("json-1.1")) != (size_t)-1 ? PROTOCOL_JSON11 : PROTOCOL_JSON10;
    at->service = aws_service_by_target(head);
    at->service_name = head;
    at->operation = dot < r->target.len ? slice_after(r->target, dot + 1) : SLICE("");
}

static void route_query(arena *a, aws_route *at, slice signed_as) {
    slice version = SLICE("");
    query_field(a, at->form, "Version", &version);
    at->protocol = PROTOCOL_QUERY;
    at->service = aws_service_named(signed_as);
    if (at->service == NULL || at->service->version == NULL) at->service = aws_service_by_version(version);
    at->service_name = at->service != NULL ? slice_from(at->service->name) : signed_as.len > 0 ? signed_as : version;
}

aws_route aws_route_of(arena *a, const aws_request *r) {
    static const char *const plain[] = { "GET", "PUT", "HEAD", "DELETE" };
    aws_route at = { .protocol = PROTOCOL_REST_JSON, .operation = SLICE("") };
    slice signed_as = SLICE(""), version;
    read_credential(a, r, &at.key, &signed_as);
    at.service_name = signed_as;
    if (r->target.len > 0) {
        route_json(&at, r);
        return at;
    }
    if (r->smithy_protocol.len > 0) {
        slice label[REST_MAX_LABELS];
        at.protocol = PROTOCOL_CBOR;
        if (rest_path(a, r->path, "/service/{}/operation/{}", label)) {
            at.service_name = label[0];
            at.operation = label[1];
        }
        return at;
    }
    at.form = is_form(r->content_type) ? r->body : r->query;
    if (query_field(a, at.form, "Action", &at.operation) && (is_form(r->content_type) || query_field(a, at.form, "Version", &version))) {
        route_query(a, &at, signed_as);
        return at;
    }
    at.operation = SLICE("");
    at.service = by_path(r->path, signed_as);
    if (at.service == NULL) at.service = aws_service_named(signed_as);
    if (at.service != NULL && at.service->whole == NULL) at.service = NULL;
    if (at.service == NULL && signed_as.len == 0 && is_one_of(r->method, plain, COUNT(plain))) at.service = aws_service_named(SLICE("s3"));
    if (at.service != NULL) {
        at.service_name = slice_from(at.service->name);
        if (at.service->rest_xml) at.protocol = PROTOCOL_REST_XML;
    }
    return at;
}
