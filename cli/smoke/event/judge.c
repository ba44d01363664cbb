#include "smoke/event/judge.h"

#include "base/digest.h"
#include "smoke/event/make.h"

typedef struct {
    arena *arena;
    const edge *edge;
    const probe *probe;
    const doc_node *event, *answer;  /* answer NULL: no JSON */
    slice payload, trigger;
    slice *why, *note;
} judging;

static bool refuse(judging *j, slice why) {
    *j->why = why;
    return false;
}
#define REFUSE(j, ...) refuse((j), arena_printf((j)->arena, __VA_ARGS__))

static bool remark(judging *j, slice note) {
    *j->note = note;
    return true;
}
#define REMARK(j, ...) remark((j), arena_printf((j)->arena, __VA_ARGS__))

static const char *kind_of(const doc_node *n) {
    static const char *const words[] = { [DOC_NULL] = "nothing", [DOC_BOOL] = "true or false", [DOC_INT] = "a number", [DOC_DOUBLE] = "a number", [DOC_STRING] = "a text",
                                         [DOC_LIST] = "a list", [DOC_MAP] = "an object" };
    return n == NULL ? "no JSON" : words[n->kind];
}

static bool is_nothing(const doc_node *n) { return n == NULL || n->kind == DOC_NULL; }

/* A property of the resource that declares the trigger, where it is known. */
static slice via_text(const judging *j, const char *path) {
    slice text;
    const value *v = j->edge->via == NULL ? &value_absent : value_under(value_at(j->arena, j->edge->via->properties, slice_from(path)), j->edge->when);
    return !value_is_absent(v) && value_text(j->arena, v, &text) ? text : SLICE("");
}

static bool is_via(const judging *j, const char *type) { return j->edge->via != NULL && slice_is(j->edge->via->type, type); }

/* ---- batches. Lambda developer guide, "Implementing partial batch responses" of each source ---- */

/* What an itemIdentifier names. Pipes user guide, "Batching and concurrency": eventID for streams. */
static slice item_id(const judging *j, const doc_node *record) {
    slice source = js_str_of(record, "eventSource");
    bool stream = slice_is(source, "aws:kinesis") || slice_is(source, "aws:dynamodb");
    if (!stream) return js_str_of(record, "messageId");
    if (is_via(j, "AWS::Pipes::Pipe")) return js_str_of(record, "eventID");
    return slice_is(source, "aws:kinesis") ? js_str(js_at(record, "kinesis.sequenceNumber")) : js_str(js_at(record, "dynamodb.SequenceNumber"));
}

static bool has_item(const judging *j, slice id) {
    const doc_node *records = js_is(j->event, DOC_LIST) ? j->event : js_get(j->event, "Records");
    if (!js_is(records, DOC_LIST)) return true;
    for (size_t i = 0; i < records->list.len; i++)
        if (slice_eq(item_id(j, records->list.at[i]), id)) return true;
    return false;
}

static tri partial(const judging *j) {
    bool on;
    const value *v = j->edge->facts == NULL ? &value_absent : value_at(j->arena, j->edge->facts, SLICE("batch.partial"));
    tri known = value_as_bool(j->arena, value_under(v, j->edge->when), &on);
    return known != YES ? known : on ? YES : NO;
}

static bool judge_batch(judging *j) {
    const doc_node *failures = js_get(j->answer, "batchItemFailures");
    bool pipe = is_via(j, "AWS::Pipes::Pipe");
    if (pipe && j->edge->kind == EDGE_SYNC) return true;         /* an enrichment: its answer goes on, whatever it is */
    if (partial(j) != YES) {
        if (js_len(failures) > 0 && partial(j) == NO)
            return REMARK(j, "batchItemFailures is returned, but ReportBatchItemFailures is off: it is ignored, and what failed is lost");
        return true;
    }
    if (j->answer == NULL && slice_trim(j->payload).len > 0) return REFUSE(j, "the answer is no JSON: the whole batch fails");
    if (is_nothing(j->answer) || (pipe && failures == NULL)) return true;
    if (j->answer->kind != DOC_MAP)
        return REMARK(j, "ReportBatchItemFailures is on, but the function returned %s, not {\"batchItemFailures\": []}: every item counts as done", kind_of(j->answer));
    if (failures == NULL && j->answer->map.len > 0)
        return REMARK(j, "ReportBatchItemFailures is on, but the answer has no batchItemFailures: every item counts as done");
    if (is_nothing(failures)) return true;
    if (failures->kind != DOC_LIST) return REFUSE(j, "batchItemFailures is %s, not a list: the whole batch fails", kind_of(failures));
    for (size_t i = 0; i < failures->list.len; i++) {
        const doc_node *id = js_get(failures->list.at[i], "itemIdentifier");
        if (js_is(id, DOC_MAP)) continue;                        /* Kafka: partition and offset */
        if (!js_is(id, DOC_STRING) || id->text.len == 0)
            return REFUSE(j, "an entry of batchItemFailures has no itemIdentifier: the whole batch fails");
        if (!has_item(j, id->text)) return REFUSE(j, "batchItemFailures names %.*s, which is no item of the batch: the whole batch fails", SLICE_ARG(id->text));
    }
    return true;
}

/* ---- requests ---- */

/* A streamed answer: JSON, eight NUL bytes, the body. Without them all of it is the body. */
static bool judge_stream(judging *j) {
    static const char marks[8] = { 0 };
    size_t at = slice_find_slice(j->payload, (slice){ marks, sizeof marks });
    if (at == (size_t)-1) return true;
    const doc_node *head = js_read(j->arena, slice_from_to(j->payload, 0, at));
    return js_is(head, DOC_MAP) ? true : REFUSE(j, "the head of the streamed answer is no JSON object");
}

static bool judge_http(judging *j) {
    slice service = j->edge->service, version = service;
    made_response r;
    if (j->edge->kind != EDGE_SYNC) return true;
    if (is_via(j, "AWS::ApiGateway::Method") && slice_is(via_text(j, "Integration.Type"), "AWS")) return true;
    if (is_via(j, "AWS::Lambda::Url") && slice_is(via_text(j, "InvokeMode"), "RESPONSE_STREAM")) return judge_stream(j);
    if (slice_is(service, "http")) version = slice_is(js_str_of(j->event, "version"), "1.0") ? SLICE("1.0") : SLICE("2.0");
    if (slice_is(service, "websocket")) {
        slice type = js_str(js_at(j->event, "requestContext.eventType"));
        if (!slice_is(type, "CONNECT")) return true;
        if (!make_response(j->arena, version, j->payload, &r, j->why)) return false;
        if (r.status < 200 || r.status > 299) return REFUSE(j, "the connection is refused: $connect answered %u", r.status);
        return true;
    }
    if (!make_response(j->arena, version, j->payload, &r, j->why)) return false;
    if (r.status >= 500) return REMARK(j, "the client gets %u", r.status);
    return remark(j, r.note);
}

/* ---- authorizers. API Gateway developer guide, "Output from an API Gateway Lambda authorizer", "Lambda authorizer response format" ---- */

static bool flat_context(judging *j, const doc_node *context, bool nested) {
    if (is_nothing(context)) return true;
    if (context->kind != DOC_MAP) return REFUSE(j, "context is %s, not an object", kind_of(context));
    for (size_t i = 0; !nested && i < context->map.len; i++) {
        const doc_node *v = context->map.at[i].value;
        if (v->kind == DOC_MAP || v->kind == DOC_LIST)
            return REFUSE(j, "context.%.*s is %s: only texts, numbers and booleans may stand there", SLICE_ARG(context->map.at[i].key), kind_of(v));
    }
    return true;
}

static bool without_token(const judging *j) { return j->probe != NULL && slice_is(j->probe->what, "without a token"); }

static bool allowed_or_not(judging *j, bool allows) {
    if (allows && without_token(j)) return REMARK(j, "allows a request without a token");
    if (!allows && !without_token(j) && j->probe != NULL && j->probe->given.len == 0) return REMARK(j, "denies the made-up token: give a real one with --event");
    return true;
}

static bool judge_policy(judging *j) {
    const doc_node *document = js_get(j->answer, "policyDocument"), *statements = js_get(document, "Statement");
    bool allows = false;
    if (!js_is(js_get(j->answer, "principalId"), DOC_STRING)) return REFUSE(j, "the policy answer has no principalId");
    if (!js_is(document, DOC_MAP)) return REFUSE(j, "the policy answer has no policyDocument");
    if (js_is(statements, DOC_MAP)) allows = slice_is(js_str_of(statements, "Effect"), "Allow");
    else if (!js_is(statements, DOC_LIST)) return REFUSE(j, "policyDocument has no Statement");
    for (size_t i = 0; js_is(statements, DOC_LIST) && i < statements->list.len; i++) {
        const doc_node *s = statements->list.at[i];
        slice effect = js_str_of(s, "Effect");
        if (!slice_is(effect, "Allow") && !slice_is(effect, "Deny")) return REFUSE(j, "a Statement of policyDocument has no Effect Allow or Deny");
        if (js_get(s, "Action") == NULL && js_get(s, "NotAction") == NULL) return REFUSE(j, "a Statement of policyDocument has no Action");
        if (js_get(s, "Resource") == NULL && js_get(s, "NotResource") == NULL) return REFUSE(j, "a Statement of policyDocument has no Resource");
        allows = allows || slice_is(effect, "Allow");
    }
    return flat_context(j, js_get(j->answer, "context"), false) && allowed_or_not(j, allows);
}

static bool fact_is(const judging *j, const char *path) {
    bool is = false;
    const value *v = j->edge->facts == NULL ? &value_absent : value_at(j->arena, j->edge->facts, slice_from(path));
    return value_as_bool(j->arena, value_under(v, j->edge->when), &is) == YES && is;
}

static bool judge_authorizer(judging *j) {
    const doc_node *is = js_get(j->answer, "isAuthorized");
    bool second = slice_is(js_str_of(j->event, "version"), "2.0"), simple = fact_is(j, "authorizer.simple");
    if (!js_is(j->answer, DOC_MAP)) return REFUSE(j, "an authorizer must return a policy%s; it returned %s", simple ? " or {\"isAuthorized\": ...}" : "", kind_of(j->answer));
    if (is == NULL) return judge_policy(j);
    if (!second) return REFUSE(j, "{\"isAuthorized\"} is for payload format 2.0: this authorizer must return a policy");
    if (!simple) return REFUSE(j, "EnableSimpleResponses is off: the authorizer must return a policy, not {\"isAuthorized\"}");
    if (is->kind != DOC_BOOL) return REFUSE(j, "isAuthorized is %s, not true or false", kind_of(is));
    return flat_context(j, js_get(j->answer, "context"), true) && allowed_or_not(j, is->boolean);
}

static bool judge_appsync_authorizer(judging *j) {
    const doc_node *is = js_get(j->answer, "isAuthorized");
    if (!js_is(is, DOC_BOOL)) return REFUSE(j, "the authorizer must return {\"isAuthorized\": true or false}; it returned %s", js_is(j->answer, DOC_MAP) ? "an object without it" : kind_of(j->answer));
    return flat_context(j, js_get(j->answer, "resolverContext"), false) && allowed_or_not(j, is->boolean);
}

static bool judge_appsync(judging *j) {
    if (!js_is(j->event, DOC_LIST)) return true;
    if (!js_is(j->answer, DOC_LIST)) return REFUSE(j, "a batch resolver must return a list, one result for each of the %zu; it returned %s", j->event->list.len, kind_of(j->answer));
    if (j->answer->list.len != j->event->list.len)
        return REFUSE(j, "a batch resolver must return one result for each of the %zu; it returned %zu", j->event->list.len, j->answer->list.len);
    return true;
}

/* ---- Cognito ---- */

static bool judge_cognito(judging *j) {
    if (slice_is(j->trigger, "CustomSMSSender") || slice_is(j->trigger, "CustomEmailSender")) return true;
    if (!js_is(j->answer, DOC_MAP)) return REFUSE(j, "unrecognizable lambda output: a user pool trigger must return the event; it returned %s", kind_of(j->answer));
    const doc_node *response = js_get(j->answer, "response");
    if (js_get(j->answer, "request") == NULL || js_get(j->answer, "triggerSource") == NULL)
        return REFUSE(j, "unrecognizable lambda output: a user pool trigger must return the event itself");
    if (response != NULL && response->kind != DOC_MAP) return REFUSE(j, "unrecognizable lambda output: response is %s", kind_of(response));
    slice code = js_str(js_at(j->event, "request.codeParameter"));
    static const char *const texts[] = { "smsMessage", "emailMessage" };
    for (size_t i = 0; slice_is(j->trigger, "CustomMessage") && i < COUNT(texts); i++) {
        slice text = js_str_of(response, texts[i]);
        if (text.len > 0 && slice_find_slice(text, code) == (size_t)-1 && slice_find_slice(text, SLICE("{##")) == (size_t)-1)
            return REFUSE(j, "%s does not hold the code parameter %.*s", texts[i], SLICE_ARG(code));
    }
    return true;
}

/* ---- Firehose ---- */

static bool judge_firehose(judging *j) {
    const doc_node *sent = js_get(j->event, "records"), *got = js_get(j->answer, "records");
    strmap seen = { 0 };
    if (!js_is(got, DOC_LIST)) return REFUSE(j, "the transformation must return {\"records\": [...]}; it returned %s", js_is(j->answer, DOC_MAP) ? "an object without it" : kind_of(j->answer));
    for (size_t i = 0; i < js_len(sent); i++) strmap_put(j->arena, &seen, js_str_of(sent->list.at[i], "recordId"), j);
    for (size_t i = 0; i < got->list.len; i++) {
        const doc_node *r = got->list.at[i];
        slice id = js_str_of(r, "recordId"), result = js_str_of(r, "result"), bytes;
        void *was = strmap_get(&seen, id);
        if (was == NULL) return REFUSE(j, "recordId %.*s is none that was sent", SLICE_ARG(id));
        if (was == &seen) return REFUSE(j, "recordId %.*s is returned twice", SLICE_ARG(id));
        strmap_put(j->arena, &seen, id, &seen);
        if (!slice_is(result, "Ok") && !slice_is(result, "Dropped") && !slice_is(result, "ProcessingFailed"))
            return REFUSE(j, "result is \"%.*s\", not Ok, Dropped or ProcessingFailed", SLICE_ARG(result));
        const doc_node *data = js_get(r, "data");
        if (slice_is(result, "Ok") && (!js_is(data, DOC_STRING) || !base64_decode(j->arena, data->text, &bytes))) return REFUSE(j, "data of a record that is Ok is no base64");
    }
    if (got->list.len != js_len(sent)) return REFUSE(j, "%zu records were sent, %zu came back: each recordId must come back once", js_len(sent), got->list.len);
    return true;
}

/* ---- the others ---- */

static bool judge_ses(judging *j) {
    slice is = js_str_of(j->answer, "disposition");
    if (j->edge->kind != EDGE_SYNC || is_via(j, "AWS::SES::MailManagerRuleSet")) return true;
    if (slice_same_letters(is, SLICE("STOP_RULE")) || slice_same_letters(is, SLICE("STOP_RULE_SET")) || slice_same_letters(is, SLICE("CONTINUE"))) return true;
    return REMARK(j, "the answer has no disposition STOP_RULE, STOP_RULE_SET or CONTINUE: mail goes on");
}

static bool judge_iot_authorizer(judging *j) {
    const doc_node *is = js_get(j->answer, "isAuthenticated"), *policies = js_get(j->answer, "policyDocuments");
    if (!js_is(is, DOC_BOOL)) return REFUSE(j, "the authorizer must return isAuthenticated, true or false");
    if (!is->boolean) return allowed_or_not(j, false);
    if (!js_is(js_get(j->answer, "principalId"), DOC_STRING)) return REFUSE(j, "the authorizer's answer has no principalId");
    if (!js_is(policies, DOC_LIST)) return REFUSE(j, "the authorizer's answer has no list policyDocuments");
    static const char *const times[] = { "disconnectAfterInSeconds", "refreshAfterInSeconds" };
    for (size_t i = 0; i < COUNT(times); i++)
        if (!js_is_number(js_get(j->answer, times[i]))) return REFUSE(j, "the authorizer's answer has no %s", times[i]);
    return true;
}

static bool judge_iot_hook(judging *j) {
    return js_is(js_get(j->answer, "allowProvisioning"), DOC_BOOL) ? true : REFUSE(j, "the hook must return allowProvisioning, true or false");
}

static bool judge_lex(judging *j) {
    slice type = js_str(js_at(j->answer, "sessionState.dialogAction.type"));
    static const char *const types[] = { "Close", "ConfirmIntent", "Delegate", "ElicitIntent", "ElicitSlot" };
    for (size_t i = 0; i < COUNT(types); i++)
        if (slice_is(type, types[i])) return true;
    return type.len == 0 ? REFUSE(j, "the answer has no sessionState.dialogAction.type") : REFUSE(j, "sessionState.dialogAction.type is \"%.*s\"", SLICE_ARG(type));
}

static bool judge_connect(judging *j) {
    if (!js_is(j->answer, DOC_MAP)) return REFUSE(j, "a contact flow takes an object of texts; the function returned %s", kind_of(j->answer));
    for (size_t i = 0; i < j->answer->map.len; i++)
        if (!doc_is_scalar(j->answer->map.at[i].value))
            return REMARK(j, "%.*s is %s: a contact flow reads it only with response validation JSON", SLICE_ARG(j->answer->map.at[i].key), kind_of(j->answer->map.at[i].value));
    return true;
}

static bool judge_cloudfront(judging *j) {
    const doc_node *status = js_get(j->answer, "status");
    bool response = slice_ends(j->trigger, SLICE("-response"));
    if (!js_is(j->answer, DOC_MAP)) return REFUSE(j, "a %.*s function must return the %s; it returned %s", SLICE_ARG(j->trigger), response ? "response" : "request or a response", kind_of(j->answer));
    if (status != NULL) return doc_is_scalar(status) && status->kind != DOC_NULL ? true : REFUSE(j, "status is %s", kind_of(status));
    if (response) return REFUSE(j, "the response has no status");
    if (js_get(j->answer, "uri") == NULL || js_get(j->answer, "method") == NULL) return REFUSE(j, "the answer is neither the request (uri, method) nor a response (status)");
    return true;
}

static bool judge_macro(judging *j) {
    slice status = js_str_of(j->answer, "status");
    if (!slice_is(status, "success")) return REFUSE(j, "the macro's status is \"%.*s\", not success", SLICE_ARG(status));
    if (js_get(j->answer, "fragment") == NULL) return REFUSE(j, "the macro's answer has no fragment");
    if (!slice_eq(js_str_of(j->answer, "requestId"), js_str_of(j->event, "requestId"))) return REFUSE(j, "the macro's answer has not the requestId that was sent");
    return true;
}

static bool judge_clientvpn(judging *j) {
    return js_is(js_get(j->answer, "allow"), DOC_BOOL) ? true : REFUSE(j, "the handler must return allow, true or false");
}

/* One line a service and trigger; all others take anything. */
static const struct {
    const char *service, *trigger;       /* "*" any */
    bool (*judge)(judging *j);
} judges[] = {
    { "alb", "*", judge_http },           { "appsync", "authorizer", judge_appsync_authorizer }, { "appsync", "", judge_appsync },
    { "cloudformation", "Macro", judge_macro }, { "cloudfront", "*", judge_cloudfront },         { "cognito", "*", judge_cognito },
    { "connect", "*", judge_connect },    { "dynamodb", "*", judge_batch },                      { "ec2", "ClientConnect", judge_clientvpn },
    { "firehose", "*", judge_firehose },  { "http", "authorizer", judge_authorizer },            { "http", "*", judge_http },
    { "iot", "PreProvisioningHook", judge_iot_hook }, { "iot", "authorizer", judge_iot_authorizer }, { "kafka", "*", judge_batch },
    { "kinesis", "*", judge_batch },      { "lex", "*", judge_lex },                             { "rest", "authorizer", judge_authorizer },
    { "rest", "*", judge_http },          { "ses", "*", judge_ses },                             { "sqs", "*", judge_batch },
    { "url", "*", judge_http },           { "websocket", "authorizer", judge_authorizer },       { "websocket", "*", judge_http },
};

bool judge_answer(arena *a, const edge *trigger, const probe *p, const doc_node *event, slice payload, slice *why, slice *note) {
    *why = *note = SLICE("");
    slice named = SLICE("");
    const value *v = trigger->filter == NULL ? &value_absent : value_get(a, value_under(trigger->filter, trigger->when), SLICE("trigger"));
    if (!value_is_absent(v) && !value_text(a, v, &named)) named = SLICE("");
    judging j = { .arena = a, .edge = trigger, .probe = p, .event = event, .answer = js_read(a, payload), .payload = payload, .trigger = named, .why = why, .note = note };
    for (size_t i = 0; i < COUNT(judges); i++) {
        bool fits = judges[i].trigger[0] == '*' || slice_is(named, judges[i].trigger);
        if (slice_is(trigger->service, judges[i].service) && fits) return judges[i].judge(&j);
    }
    return true;
}
