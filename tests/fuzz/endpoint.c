/* What a client may send to the AWS endpoint. The first byte says how the rest is read:
 *   even   a request, its parts in lines: method, path, query, X-Amz-Target, Authorization, Content-Type; then the body. It is routed, its members
 *          are read, and are written as an answer.
 *   odd    a call of an operation: a byte for the service, one for the operation; then the members as JSON. Queues, tables and all are those of a template. */
#include <stdint.h>

#include "base/utf8.h"
#include "smoke/aws/protocol.h"
#include "smoke/aws/services.h"

static const char template_text[] =
    "{\"Resources\":{"
    "\"Que\":{\"Type\":\"AWS::SQS::Queue\"},\"Fif\":{\"Type\":\"AWS::SQS::Queue\",\"Properties\":{\"FifoQueue\":true}},"
    "\"Top\":{\"Type\":\"AWS::SNS::Topic\"},\"Bus\":{\"Type\":\"AWS::Events::EventBus\",\"Properties\":{\"Name\":\"b\"}},"
    "\"Low\":{\"Type\":\"AWS::Lambda::Function\",\"Properties\":{\"Runtime\":\"python3.12\",\"Handler\":\"a.b\",\"Code\":{\"ZipFile\":\"\"}}},"
    "\"Mac\":{\"Type\":\"AWS::StepFunctions::StateMachine\",\"Properties\":{\"StateMachineType\":\"EXPRESS\",\"Definition\":{\"StartAt\":\"A\",\"States\":{\"A\":{\"Type\":\"Pass\",\"End\":true}}}}},"
    "\"Sec\":{\"Type\":\"AWS::SecretsManager::Secret\",\"Properties\":{\"SecretString\":\"x\"}},\"Par\":{\"Type\":\"AWS::SSM::Parameter\",\"Properties\":{\"Type\":\"String\",\"Value\":\"v\"}},"
    "\"Dat\":{\"Type\":\"AWS::DynamoDB::Table\",\"Properties\":{\"TableName\":\"ddd\",\"KeySchema\":[{\"AttributeName\":\"p\",\"KeyType\":\"HASH\"}],"
    "\"AttributeDefinitions\":[{\"AttributeName\":\"p\",\"AttributeType\":\"S\"}]}},\"Kin\":{\"Type\":\"AWS::Kinesis::Stream\"},"
    "\"Gro\":{\"Type\":\"AWS::Logs::LogGroup\"},\"Enc\":{\"Type\":\"AWS::KMS::Key\"}}}";

static bool cut_line(slice *rest, slice *line) {
    *line = SLICE("");
    return rest->at != NULL && slice_cut(rest, '\n', line);
}

static void one_request(arena *a, slice text) {
    static const char *const path_forms[] = { "/schedules/{}", "/{}/@connections/{}", "/topics/{+}", "/a" };
    slice rest = text, label[REST_MAX_LABELS], why, parts[6];
    for (size_t i = 0; i < COUNT(parts); i++) cut_line(&rest, &parts[i]);
    aws_request r = { .method = parts[0], .path = parts[1], .query = parts[2], .target = parts[3], .authorization = parts[4], .content_type = parts[5],
                      .smithy_protocol = SLICE(""), .body = rest.at != NULL ? rest : SLICE("") };
    aws_route at = aws_route_of(a, &r);
    for (size_t i = 0; i < COUNT(path_forms); i++) rest_path(a, r.path, path_forms[i], label);
    const doc_node *in = at.protocol == PROTOCOL_QUERY ? query_read(a, at.service, at.operation, at.form, &why) : json_members(a, r.body);
    if (in == NULL) return;
    slice xml = query_answer(a, at.service, SLICE("Op"), in, SLICE("r")), json = json_error(a, at.service, at.operation, r.body, in);
    slice text_only = rest_json_error(a, r.body, in), error = query_error(a, at.service, at.operation, r.body, SLICE("r"));
    if (js_read(a, json) == NULL || utf8_first_bad(text_only) != text_only.len || utf8_first_bad(error) != error.len || xml.len == 0) __builtin_trap();
}

typedef struct {
    arena *arena;
    size_t answers;
} answer_count;

static void answered(void *self, const doc_node *out, slice error, slice message) {
    answer_count *n = self;
    if (++n->answers > 1 || (out == NULL && error.len == 0)) __builtin_trap();
    js_text(n->arena, out);
    if (utf8_first_bad(error) != error.len) __builtin_trap();
    (void)message;
}

static void one_call(arena *a, slice text) {
    size_t services = 0, operations = 0;
    while (aws_services[services] != NULL) services++;
    if (text.len < 2 || services == 0) return;
    const aws_service *service = aws_services[(unsigned char)text.at[0] % services];
    while (service->operations != NULL && service->operations[operations].name != NULL) operations++;
    const doc_node *in = js_read(a, slice_after(text, 2));
    if (operations == 0 || in == NULL) return;

    templates set = { 0 };
    template_options options = { .region = SLICE("us-east-1"), .account = SLICE("123456789012"), .partition = SLICE("aws") };
    slice written = { template_text, sizeof template_text - 1 };
    set.options = &options;
    VEC_PUSH(a, &set.files, SLICE("t.json"));
    template *t = template_read(&set, a, SLICE("t.json"), 0, written, doc_parse(a, written, SLICE("t.json"), 0, NULL), SLICE(""), NULL);
    if (t == NULL) __builtin_trap();
    VEC_PUSH(a, &set.list, t);
    templates_join(&set, a, NULL);
    graph *g = graph_build(&set, &a, 1);
    smoke *s = smoke_new(a, g, world_new(a, g, SLICE(""), SLICE("")), 1767225600000);
    s->flow = flow_new(s);
    s->endpoint = endpoint_new(s);
    answer_count n = { .arena = a };
    const char *name = service->operations[(unsigned char)text.at[1] % operations].name;
    endpoint_call(s->endpoint, graph_node(g, SLICE("Low")), NULL, slice_from(service->name), slice_from(name), in, answered, &n);
    for (size_t i = 0; i < 100 && smoke_do(s); i++) {}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len) {
    if (len < 1) return 0;
    arena *a = arena_make((size_t)1 << 30, NULL);
    slice text = { (const char *)bytes + 1, len - 1 };
    if (bytes[0] % 2 == 0) one_request(a, text);
    else one_call(a, text);
    arena_free(a);
    return 0;
}
