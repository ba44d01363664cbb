/* Amazon SES, both APIs: mail is recorded as a word on the firing and goes nowhere. */
#include "smoke/aws/services.h"

#include "smoke/aws/permission.h"
#include "smoke/aws/protocol.h"

#define ADDRESSES_SHOWN 3

/* "Shop <a@b>" -> "a@b" */
static slice address_of(slice text) {
    size_t open = slice_find(text, '<');
    if (open == text.len) return slice_trim(text);
    text = slice_after(text, open + 1);
    return slice_trim(slice_from_to(text, 0, slice_find(text, '>')));
}

/* The identity that is verified may be the address or its domain. */
static bool may_send(aws_call *c, const char *action, slice from) {
    slice address = address_of(from), domain = slice_after(address, slice_find(address, '@'));
    if (domain.len > 0) domain = slice_after(domain, 1);
    slice by_domain = aws_arn(c, "ses", arena_printf(c->arena, "identity/%.*s", SLICE_ARG(domain)));
    if (domain.len > 0 && permission_on_arn(c->run, c->arena, c->caller, slice_from(action), by_domain) != NO) return true;
    return aws_allowed_arn(c, action, aws_arn(c, "ses", arena_printf(c->arena, "identity/%.*s", SLICE_ARG(address))));
}

static void say_to(aws_call *c, const doc_node *to) {
    buf out = { .arena = c->arena };
    size_t n = js_is(to, DOC_LIST) ? to->list.len : 0;
    for (size_t i = 0; i < n && i < ADDRESSES_SHOWN; i++) {
        if (i > 0) buf_text(&out, ", ");
        buf_slice(&out, js_str(to->list.at[i]));
    }
    if (n > ADDRESSES_SHOWN) buf_printf(&out, " and %zu more", n - ADDRESSES_SHOWN);
    slice who = buf_as_slice(&out);
    aws_note(c, "mail%s%.*s: not sent, not followed", who.len > 0 ? " to " : "", SLICE_ARG(who));
}

static void sent(aws_call *c) {
    js_object o = { 0 };
    js_put(c->arena, &o, "MessageId", js_string(c->arena, make_uuid(&c->run->maker, c->arena)));
    aws_ok(c, js_object_end(c->arena, &o));
}

static size_t addresses(const doc_node *destination) {
    return js_len(js_get(destination, "ToAddresses")) + js_len(js_get(destination, "CcAddresses")) + js_len(js_get(destination, "BccAddresses"));
}

static bool need(aws_call *c, bool there, const char *what) {
    if (!there) aws_fail(c, 400, "InvalidParameterValue", "Missing required %s", what);
    return there;
}

/* ---- version 1 ---- */

static void send_email(aws_call *c) {
    const doc_node *destination = js_get(c->in, "Destination"), *message = js_get(c->in, "Message");
    bool body = js_str(js_at(message, "Body.Text.Data")).len + js_str(js_at(message, "Body.Html.Data")).len > 0;
    if (!need(c, js_str_of(c->in, "Source").len > 0, "header 'From'.") || !need(c, addresses(destination) > 0, "header 'To'.") || !need(c, body, "final '@domain' or message body")) return;
    if (!may_send(c, "ses:SendEmail", js_str_of(c->in, "Source"))) return;
    say_to(c, js_get(destination, "ToAddresses"));
    sent(c);
}

static void send_templated(aws_call *c) {
    const doc_node *destination = js_get(c->in, "Destination");
    slice name = js_str_of(c->in, "Template");
    if (!need(c, js_str_of(c->in, "Source").len > 0, "header 'From'.") || !need(c, addresses(destination) > 0, "header 'To'.")) return;
    if (!may_send(c, "ses:SendTemplatedEmail", js_str_of(c->in, "Source"))) return;
    const resource *r = world_find(c->run->world, SLICE("AWS::SES::Template"), name, NULL);
    for (size_t t = 0; r == NULL && t < c->run->graph->set->list.len; t++)
        for (size_t i = 0; r == NULL && i < c->run->graph->set->list.at[t]->resources.len; i++) {
            const resource *one = c->run->graph->set->list.at[t]->resources.at[i];
            if (slice_is(one->type, "AWS::SES::Template") &&
                slice_eq(world_text(c->run->world, resource_written(c->arena, one, SLICE("Template.TemplateName")), one->exists, NULL), name))
                r = one;
        }
    if (r == NULL) {
        aws_fail(c, 400, "TemplateDoesNotExist", "Template %.*s does not exist", SLICE_ARG(name));
        return;
    }
    say_to(c, js_get(destination, "ToAddresses"));
    sent(c);
}

static void send_raw(aws_call *c) {
    if (!need(c, js_str(js_at(c->in, "RawMessage.Data")).len > 0, "message data")) return;
    if (js_str_of(c->in, "Source").len > 0 && !may_send(c, "ses:SendRawEmail", js_str_of(c->in, "Source"))) return;
    say_to(c, js_get(c->in, "Destinations"));
    sent(c);
}

static const aws_operation operations[] = {
    { .name = "SendEmail", .run = send_email },
    { .name = "SendTemplatedEmail", .run = send_templated },
    { .name = "SendRawEmail", .run = send_raw },
    { .name = NULL }
};

const aws_service ses_service = {
    .name = "ses", .version = "2010-12-01", .xmlns = "http://ses.amazonaws.com/doc/2010-12-01/", .operations = operations,
};

/* ---- version 2 ---- */

static void send_email_v2(aws_call *c) {
    const doc_node *content = js_get(c->in, "Content"), *destination = js_get(c->in, "Destination");
    slice from = js_str_of(c->in, "FromEmailAddress");
    if (js_get(content, "Simple") == NULL && js_get(content, "Raw") == NULL && js_get(content, "Template") == NULL) {
        aws_fail(c, 400, "BadRequestException", "Content must have one of Simple, Raw and Template");
        return;
    }
    if (js_get(content, "Raw") == NULL && (from.len == 0 || addresses(destination) == 0)) {
        aws_fail(c, 400, "BadRequestException", "FromEmailAddress and Destination are required");
        return;
    }
    if (from.len > 0 && !may_send(c, "ses:SendEmail", from)) return;
    say_to(c, js_get(destination, "ToAddresses"));
    sent(c);
}

static void whole_v2(aws_call *c) {
    slice label[REST_MAX_LABELS];
    if (slice_is(c->http->method, "POST") && rest_path(c->arena, c->http->path, "/v2/email/outbound-emails", label)) {
        const doc_node *in = json_members(c->arena, c->http->body);
        if (in == NULL) aws_fail(c, 400, "BadRequestException", "the body is not a JSON object");
        else aws_dispatch(c, SLICE("SendEmail"), in);
        return;
    }
    aws_not_built(c, arena_printf(c->arena, "%.*s %.*s", SLICE_ARG(c->http->method), SLICE_ARG(c->http->path)));
}

static const aws_operation operations_v2[] = {
    { .name = "SendEmail", .run = send_email_v2 },
    { .name = NULL }
};

const aws_service sesv2_service = { .name = "sesv2", .operations = operations_v2, .whole = whole_v2 };
