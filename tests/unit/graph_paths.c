/* Cycles, reach and synchronous paths; sizes grow, times must not grow with their square. */
#include "graph_lines.h"

static bool all_edges(const edge *e) {
    (void)e;
    return true;
}
static bool no_writes(const edge *e) { return e->kind != EDGE_WRITE; }

/* "A>B>A": the nodes of a cycle. */
static slice cycle_text(arena *a, const edge_list *c) {
    buf b = { .arena = a };
    for (size_t i = 0; i < c->len; i++)
        buf_printf(&b, "%.*s>", SLICE_ARG(c->at[i]->from->id));
    buf_slice(&b, c->at[c->len - 1]->to->id);
    return buf_as_slice(&b);
}

#define QUEUE(id, to) "  " id ": {Type: AWS::SQS::Queue, Properties: {RedrivePolicy: {deadLetterTargetArn: !GetAtt " to ".Arn, maxReceiveCount: 3}}}\n"

static const struct { const char *yaml, *want; } cycles[] = {
    { "Resources:\n" QUEUE("A", "B") QUEUE("B", "C") QUEUE("C", "A"), "A>B>C>A" },
    { "Resources:\n" QUEUE("A", "A"), "A>A" },
    { "Resources:\n" QUEUE("A", "B") "  B: {Type: AWS::SQS::Queue}\n", "" },
    { "Resources:\n" QUEUE("A", "B") QUEUE("B", "A") QUEUE("C", "D") QUEUE("D", "C") QUEUE("E", "A"), "A>B>A C>D>C" },
    /* what is not known is not one thing */
    { "Resources:\n  F: {Type: AWS::Lambda::Function, Properties: {DeadLetterConfig: {TargetArn: !Select [0, !Ref P]}}}\n"
      "  M: {Type: AWS::Lambda::EventSourceMapping, Properties: {EventSourceArn: !Select [1, !Ref P], FunctionName: !Ref F}}\n"
      "Parameters:\n  P: {Type: CommaDelimitedList}\n", "" },
};

static void cycles_are_found_once(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(cycles); i++) {
        graph_lines t = graph_read(cycles[i].yaml);
        edge_list *found;
        size_t len = graph_cycles(t.graph, t.arena, all_edges, &found);
        buf b = { .arena = t.arena };
        for (size_t k = 0; k < len; k++) {
            buf_text(&b, k > 0 ? " " : "");
            buf_slice(&b, cycle_text(t.arena, &found[k]));
        }
        if (!slice_is(buf_as_slice(&b), cycles[i].want))
            fail_msg("want %s, got %.*s", cycles[i].want, SLICE_ARG(buf_as_slice(&b)));
        graph_free(&t);
    }
}

static void the_shortest_cycle_is_shown(void **state) {
    (void)state;
    /* T -> F (subscription), F -> T (destination): two, beside a longer way round by Q */
    graph_lines t = graph_read(
        "Resources:\n  T: {Type: AWS::SNS::Topic}\n  Q: {Type: AWS::SQS::Queue}\n  F: {Type: AWS::Lambda::Function}\n  G: {Type: AWS::Lambda::Function}\n"
        "  S: {Type: AWS::SNS::Subscription, Properties: {TopicArn: !Ref T, Protocol: lambda, Endpoint: !GetAtt F.Arn}}\n"
        "  I: {Type: AWS::Lambda::EventInvokeConfig, Properties: {FunctionName: !Ref F, Qualifier: $LATEST, DestinationConfig: {OnSuccess: {Destination: !GetAtt Q.Arn}, OnFailure: {Destination: !Ref T}}}}\n"
        "  M: {Type: AWS::Lambda::EventSourceMapping, Properties: {EventSourceArn: !GetAtt Q.Arn, FunctionName: !Ref G}}\n"
        "  J: {Type: AWS::Lambda::EventInvokeConfig, Properties: {FunctionName: !Ref G, Qualifier: $LATEST, DestinationConfig: {OnSuccess: {Destination: !Ref T}}}}\n");
    edge_list *found;
    assert_int_equal(graph_cycles(t.graph, t.arena, all_edges, &found), 1);
    assert_true(slice_is(cycle_text(t.arena, &found[0]), "F>Q>G>T>F") || found[0].len == 2);
    assert_int_equal(graph_node(t.graph, SLICE("T"))->component, graph_node(t.graph, SLICE("G"))->component);
    graph_free(&t);
}

static void reach_follows_the_edges_that_are_wanted(void **state) {
    (void)state;
    graph_lines t = graph_read("Resources:\n" QUEUE("A", "B") QUEUE("B", "C") "  C: {Type: AWS::SQS::Queue}\n  D: {Type: AWS::SQS::Queue}\n");
    bool *marks = ARENA_ARRAY(t.arena, bool, t.graph->nodes.len);
    graph_reach(t.graph, t.arena, graph_node(t.graph, SLICE("A")), no_writes, marks);
    assert_true(marks[0] && marks[1] && marks[2] && !marks[3]);
    graph_free(&t);
}

static void synchronous_paths_begin_where_nobody_waits(void **state) {
    (void)state;
    graph_lines t = graph_read(
        "Resources:\n  F: {Type: AWS::Lambda::Function}\n  U: {Type: AWS::Lambda::Url, Properties: {AuthType: NONE, TargetFunctionArn: !Ref F}}\n"
        "  B: {Type: AWS::S3::Bucket}\n  Q: {Type: AWS::SQS::Queue}\n"
        "  H: {Type: AWS::KinesisFirehose::DeliveryStream, Properties: {ExtendedS3DestinationConfiguration: {BucketARN: !GetAtt B.Arn, "
        "ProcessingConfiguration: {Processors: [{Type: Lambda, Parameters: [{ParameterName: LambdaArn, ParameterValue: !GetAtt F.Arn}]}]}}}}\n");
    edge_list *found;
    assert_int_equal(graph_sync_paths(t.graph, t.arena, 1, 100, &found), 2);
    assert_int_equal(graph_sync_paths(t.graph, t.arena, 2, 100, &found), 0);
    assert_int_equal(graph_sync_paths(t.graph, t.arena, 1, 1, &found), 1);
    graph_free(&t);
}

/* A chain of queues as long as it gets: walks keep no stack of calls. */
static void long_chains_are_walked(void **state) {
    (void)state;
    enum { LENGTH = 5000 };
    arena *a = arena_make(0, NULL);
    buf b = { .arena = a };
    buf_text(&b, "{\"Resources\":{");
    for (int i = 0; i < LENGTH; i++)
        buf_printf(&b, "\"Q%d\":{\"Type\":\"AWS::SQS::Queue\",\"Properties\":{\"RedrivePolicy\":{\"deadLetterTargetArn\":{\"Fn::GetAtt\":[\"Q%d\",\"Arn\"]},\"maxReceiveCount\":3}}},",
                   i, i == LENGTH - 1 ? 0 : i + 1);
    buf_text(&b, "\"Last\":{\"Type\":\"AWS::SQS::Queue\"}}}");
    buf_char(&b, '\0');
    graph_lines t = graph_read(b.bytes.at);
    edge_list *found;
    assert_int_equal(t.graph->edges.len, LENGTH);
    assert_int_equal(graph_cycles(t.graph, t.arena, all_edges, &found), 1);
    assert_int_equal(found[0].len, LENGTH);
    graph_free(&t);
    arena_free(a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cycles_are_found_once),
        cmocka_unit_test(the_shortest_cycle_is_shown),
        cmocka_unit_test(reach_follows_the_edges_that_are_wanted),
        cmocka_unit_test(synchronous_paths_begin_where_nobody_waits),
        cmocka_unit_test(long_chains_are_walked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
