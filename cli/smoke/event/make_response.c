/* What a front makes of a function's answer. API Gateway developer guide, "Set up Lambda proxy integrations: output format", "Working with AWS Lambda
 * proxy integrations for HTTP APIs: Lambda function response format"; Elastic Load Balancing, "Respond to the load balancer"; Lambda developer guide,
 * "Invoking Lambda function URLs: Response payload format". What each refuses: facts of the three, as they answer with 502 or 500. */
#include "base/digest.h"
#include "smoke/event/make.h"

/* One line a front: what it lets pass. */
typedef struct {
    const char *version, *named;
    bool needs_status;           /* an answer without statusCode is refused */
    bool whole;                  /* ... is the body itself (payload 2.0) */
    bool strict;                 /* no other members; header values are texts or booleans */
    bool wants_encoded;          /* isBase64Encoded belongs to it */
    bool cookies, many;          /* members it knows: cookies, multiValueHeaders */
} front_rule;

static const front_rule fronts[] = {
    { "rest",      "a REST API's answer", false, false, true,  false, false, true },
    { "1.0",       "format 1.0 answer",   true,  false, false, false, false, true },
    { "2.0",       "format 2.0 answer",   false, true,  false, false, true,  false },
    { "url",       "a function URL's answer", false, true, false, false, true, false },
    { "websocket", "a WebSocket API's answer", true, false, false, false, false, true },
    { "alb",       "a load balancer's answer", true, false, false, true,  false, true },
};

static const front_rule *rule_of(slice version) {
    for (size_t i = 0; i < COUNT(fronts); i++)
        if (slice_same_letters(version, slice_from(fronts[i].version))) return &fronts[i];
    return &fronts[0];
}

static const char *kind_word(const doc_node *n) {
    static const char *const words[] = { [DOC_NULL] = "null", [DOC_BOOL] = "a boolean", [DOC_INT] = "a number", [DOC_DOUBLE] = "a number",
                                         [DOC_STRING] = "a text", [DOC_LIST] = "a list", [DOC_MAP] = "an object" };
    return words[n->kind];
}

static bool say(arena *a, slice *why, const char *format, const front_rule *f, const char *more) {
    buf out = { .arena = a };
    buf_printf(&out, format, f->named, more);
    *why = buf_as_slice(&out);
    return false;
}

static bool status_of(const doc_node *n, unsigned *out) {
    long long code;
    if (js_is(n, DOC_INT)) code = n->integer;
    else if (js_is(n, DOC_DOUBLE) && n->number >= 100 && n->number < 1000 && n->number == (double)(long long)n->number) code = (long long)n->number;
    else if (!js_is(n, DOC_STRING) || !slice_int(n->text, &code)) return false;
    if (code < 100 || code > 999) return false;
    *out = (unsigned)code;
    return true;
}

/* The members that an answer has. */
static bool is_member(const front_rule *f, slice key) {
    static const char *const always[] = { "statusCode", "headers", "body", "isBase64Encoded" };
    for (size_t i = 0; i < COUNT(always); i++)
        if (slice_is(key, always[i])) return true;
    return (f->many && slice_is(key, "multiValueHeaders")) || (f->cookies && slice_is(key, "cookies")) ||
           (f->wants_encoded && slice_is(key, "statusDescription"));
}

static bool check_members(arena *a, const front_rule *f, const doc_node *n, slice *why) {
    for (size_t i = 0; f->strict && i < n->map.len; i++)
        if (!is_member(f, n->map.at[i].key)) {
            *why = arena_printf(a, "%s has a member `%.*s` that it may not have: only statusCode, headers, multiValueHeaders, body, isBase64Encoded",
                                f->named, SLICE_ARG(n->map.at[i].key));
            return false;
        }
    return true;
}

/* ---- headers ---- */

/* Numbers: the service writes them as text (aws-samples/serverless-patterns has an API that lives on it). */
static bool add_headers(arena *a, const front_rule *f, const doc_node *n, js_object *out, slice *why) {
    const doc_node *headers = js_get(n, "headers"), *many = f->many ? js_get(n, "multiValueHeaders") : NULL;
    if (headers != NULL && headers->kind != DOC_NULL && headers->kind != DOC_MAP)
        return say(a, why, "%s: headers is %s, not an object", f, kind_word(headers));
    if (many != NULL && many->kind != DOC_NULL && many->kind != DOC_MAP)
        return say(a, why, "%s: multiValueHeaders is %s, not an object of lists", f, kind_word(many));
    for (size_t i = 0; js_is(headers, DOC_MAP) && i < headers->map.len; i++) {
        const doc_node *v = headers->map.at[i].value;
        if (!doc_is_scalar(v) || v->kind == DOC_NULL) {
            *why = arena_printf(a, "%s: header %.*s is %s, not a text", f->named, SLICE_ARG(headers->map.at[i].key), kind_word(v));
            return false;
        }
        js_set(a, out, headers->map.at[i].key, js_string(a, v->text));
    }
    for (size_t i = 0; js_is(many, DOC_MAP) && i < many->map.len; i++) {
        const doc_node *v = many->map.at[i].value;
        js_list texts = { 0 };
        if (v->kind != DOC_LIST) {
            *why = arena_printf(a, "%s: multiValueHeaders.%.*s is %s, not a list", f->named, SLICE_ARG(many->map.at[i].key), kind_word(v));
            return false;
        }
        for (size_t k = 0; k < v->list.len; k++) js_push(a, &texts, js_string(a, doc_is_scalar(v->list.at[k]) ? v->list.at[k]->text : js_text(a, v->list.at[k])));
        js_set(a, out, many->map.at[i].key, js_list_end(a, &texts));
    }
    return true;
}

static bool add_cookies(arena *a, const front_rule *f, const doc_node *n, js_object *out, slice *why) {
    const doc_node *cookies = f->cookies ? js_get(n, "cookies") : NULL;
    if (cookies == NULL || cookies->kind == DOC_NULL) return true;
    if (cookies->kind != DOC_LIST) return say(a, why, "%s: cookies is %s, not a list of texts", f, kind_word(cookies));
    for (size_t i = 0; i < cookies->list.len; i++)
        if (!js_is(cookies->list.at[i], DOC_STRING)) return say(a, why, "%s: cookies holds %s, not only texts", f, kind_word(cookies->list.at[i]));
    js_set(a, out, SLICE("set-cookie"), cookies);
    return true;
}

/* ---- bodies ---- */

static bool add_body(arena *a, const front_rule *f, const doc_node *n, made_response *out, slice *why) {
    const doc_node *body = js_get(n, "body"), *encoded = js_get(n, "isBase64Encoded");
    if (encoded != NULL && encoded->kind != DOC_BOOL && encoded->kind != DOC_NULL)
        return say(a, why, "%s: isBase64Encoded is %s, not true or false", f, kind_word(encoded));
    if (body == NULL || body->kind == DOC_NULL) return true;
    if (body->kind != DOC_STRING)
        return say(a, why, body->kind == DOC_MAP || body->kind == DOC_LIST ? "%s: body is %s, not a text: write it as JSON text" : "%s: body is %s, not a text",
                   f, kind_word(body));
    out->body = body->text;
    if (js_is(encoded, DOC_BOOL) && encoded->boolean && !base64_decode(a, body->text, &out->body))
        return say(a, why, "%s: isBase64Encoded is true and body is no base64%s", f, "");
    return true;
}

/* Payload 2.0 without statusCode: the answer itself is the body. */
static bool take_whole(arena *a, const front_rule *f, const doc_node *n, slice payload, made_response *out) {
    js_object headers = { 0 };
    js_put(a, &headers, "content-type", js_cstr(a, "application/json"));
    *out = (made_response){ .status = 200, .headers = js_object_end(a, &headers), .body = slice_trim(payload), .note = SLICE_INIT("") };
    if (js_get(n, "body") != NULL || js_get(n, "headers") != NULL)
        out->note = arena_printf(a, "%s has no statusCode: the client gets the whole object, body and headers included, as JSON", f->named);
    else if (n->kind == DOC_NULL)
        out->note = SLICE("the function returned nothing: the client gets 200 and the body null");
    return true;
}

bool make_response(arena *a, slice version, slice payload, made_response *out, slice *why) {
    const front_rule *f = rule_of(version);
    const doc_node *n = js_read(a, payload), *status = js_get(n, "statusCode");
    *out = (made_response){ .status = 200, .headers = js_empty_object(), .body = SLICE_INIT(""), .note = SLICE_INIT("") };
    if (n == NULL) {
        if (slice_trim(payload).len > 0) return say(a, why, "%s is no JSON%s", f, "");
        n = js_null();
    }
    if (f->whole && (n->kind != DOC_MAP || status == NULL)) return take_whole(a, f, n, slice_trim(payload).len > 0 ? payload : SLICE("null"), out);
    if (n->kind == DOC_NULL) return say(a, why, "%s is empty: the function returned nothing%s", f, "");
    if (n->kind != DOC_MAP) return say(a, why, "%s is %s, not an object", f, kind_word(n));
    if (status == NULL && f->needs_status) return say(a, why, "%s has no statusCode%s", f, "");
    if (status == NULL) out->note = arena_printf(a, "%s has no statusCode: the client gets 200", f->named);
    else if (!status_of(status, &out->status))
        return say(a, why, "%s: statusCode is %s, not a number from 100 to 999", f, js_is(status, DOC_STRING) ? "another text" : js_is_number(status) ? "another number" : kind_word(status));
    js_object headers = { 0 };
    if (!check_members(a, f, n, why) || !add_headers(a, f, n, &headers, why) || !add_cookies(a, f, n, &headers, why) || !add_body(a, f, n, out, why)) return false;
    const doc_node *given = js_get(n, "headers");
    for (size_t i = 0; js_is(given, DOC_MAP) && i < given->map.len; i++)
        if (f->strict && js_is_number(given->map.at[i].value))
            out->note = arena_printf(a, "%s: header %.*s is a number: the client gets it as text", f->named, SLICE_ARG(given->map.at[i].key));
    if (f->wants_encoded && js_get(n, "isBase64Encoded") == NULL) out->note = arena_printf(a, "%s has no isBase64Encoded", f->named);
    out->headers = js_object_end(a, &headers);
    return true;
}
