/* What the SAM translator refuses is a problem at the text that a person would change; what it takes is none. */
#include "template_fixture.h"

#define FUNCTION "Runtime: python3.12, Handler: app.handler, CodeUri: src/"
#define EVENT(text) "F: {Type: AWS::Serverless::Function, Properties: {" FUNCTION ", Events: {E: {" text "}}}}"

/* One resource on line 3; where in it the problem stands (the first such text), and words of its message. No words: it is fine. */
static const struct { const char *text, *at, *words; } rows[] = {
    { "F: {Type: AWS::Serverless::Function, Properties: {" FUNCTION "}}", NULL, NULL },
    { "F: {Type: AWS::Serverless::Function, Properties: {Handler: a.b, CodeUri: src/}}", "F:", "needs Runtime" },
    { "F: {Type: AWS::Serverless::Function, Properties: {" FUNCTION ", TimeOut: 3}}", "TimeOut", "did you mean Timeout?" },
    { "F: {Type: AWS::Serverless::Function, Properties: x}", "x}", "must be a map" },
    { "F: {Type: AWS::Serverless::Function, Properties: {" FUNCTION ", Layers: x}}", "x}", "must be a list" },
    { "F: {Type: AWS::Serverless::Function, Properties: {" FUNCTION ", Layers: !Ref X}}", NULL, NULL },
    { "F: {Type: AWS::Serverless::Function, Properties: {" FUNCTION ", AutoPublishAlias: '12'}}", "'12'", "an alias needs a name" },
    { "F: {Type: AWS::Serverless::Function, Properties: {" FUNCTION ", Policies: [{SQSSendMessagePolicy: {}}]}}", "SQSSend", "needs the parameter QueueName" },
    { "F: {Type: AWS::Serverless::Function, Properties: {" FUNCTION ", FunctionUrlConfig: {AuthType: OPEN}}}", "OPEN", "AWS_IAM or NONE" },
    { EVENT("Type: Queue"), "Queue", "no events of Type Queue" },
    { EVENT("Type: SQS"), "E: {Type", "needs the property Queue" },
    { EVENT("Type: SQS, Properties: {Queue: a, Batchsize: 3}"), "Batchsize", "did you mean BatchSize?" },
    { EVENT("Type: S3, Properties: {Bucket: b, Events: x}"), "b, Events", "must be a Ref to a bucket" },
    { EVENT("Type: Schedule, Properties: {Schedule: rate(1 hour), Enabled: true, State: ENABLED}"), "Enabled", "can't be set together" },
    { EVENT("Type: Api, Properties: {Path: /a}"), "E: {Type", "needs Method" },
    { EVENT("Type: Api, Properties: {Path: /a, Method: get, RestApiId: !Ref Nothing}"), "!Ref Nothing", "is nothing" },
    { EVENT("Type: Api, Properties: {Path: /a, Method: get, Auth: {Authorizer: Mine}}"), "Mine", "has no Authorizers" },
    { EVENT("Type: Schedule, Properties: {Schedule: rate(1 hour), DeadLetterConfig: {Type: SNS}}"), "SNS", "must be SQS" },
    { "A: {Type: AWS::Serverless::Api, Properties: {Name: x}}", "A:", "needs the property StageName" },
    { "A: {Type: AWS::Serverless::Api, Properties: {StageName: p, Cors: {AllowOrigins: x}}}", "AllowOrigins", "no property AllowOrigins" },
    { "A: {Type: AWS::Serverless::Api, Properties: {StageName: p, Auth: {DefaultAuthorizer: Mine}}}", "Mine", "not among the Authorizers" },
    { "M: {Type: AWS::Serverless::StateMachine, Properties: {Name: m}}", "M:", "needs Definition or DefinitionUri" },
    { "T: {Type: AWS::Serverless::SimpleTable, Properties: {PrimaryKey: {Name: i, Type: Text}}}", "Text", "String, Number or Binary" },
    { "C: {Type: AWS::Serverless::Connector, Properties: {Source: {Id: X}, Destination: {Id: X}, Permissions: [Read]}}", "X}, Permissions", "there is no resource X" },
    { "W: {Type: AWS::Serverless::WebSocketApi, Properties: {RouteSelectionExpression: x, Routes: {a-b: {FunctionArn: a}}}}", "a-b", "letters and digits" },
};

static void what_is_refused_is_said_where_it_stands(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        run r = run_new();
        template *t = run_text(&r, arena_printf(r.arena, "Transform: AWS::Serverless-2016-10-31\nResources:\n  %s\n", rows[i].text).at);
        const problem *first = NULL;
        size_t refused = 0;
        for (size_t p = 0; p < t->problems.len; p++)
            if (t->problems.at[p].kind == PROBLEM_SAM || t->problems.at[p].kind == PROBLEM_SAM_BUCKET) {
                refused++;
                first = first == NULL ? &t->problems.at[p] : first;
            }
        if (rows[i].words == NULL) {
            if (refused > 0) fail_msg("%s: refused: %s", rows[i].text, problems_of(&r));
        } else if (refused != 1 || first->at.line != 3 || first->at.column != (size_t)(strstr(rows[i].text, rows[i].at) - rows[i].text) + 3 ||
                   slice_find_slice(first->message, slice_from(rows[i].words)) == (size_t)-1) {
            fail_msg("%s:\nwant %s at %s\ngot %s", rows[i].text, rows[i].words, rows[i].at, problems_of(&r));
        }
        run_free(&r);
    }
}

static void globals_take_what_they_take(void **state) {
    (void)state;
    run r = run_new();
    run_text(&r, "Transform: AWS::Serverless-2016-10-31\nGlobals:\n  Function: {Timeout: 3, Policies: x}\n  Functions: {Timeout: 3}\nResources:\n"
                 "  F: {Type: AWS::Serverless::Function, Properties: {" FUNCTION "}}\n");
    assert_string_equal(problems_of(&r), "3:26 sam-refused Policies of Function can't be set in Globals\n"
                                         "4:3 sam-refused Globals have no section Functions; did you mean Function?\n");
    run_free(&r);
}

/* The rest of a template with a fault is read. */
static void one_fault_does_not_hide_the_rest(void **state) {
    (void)state;
    run r = run_new();
    template *t = run_text(&r, "Transform: AWS::Serverless-2016-10-31\nResources:\n  F: {Type: AWS::Serverless::Function, Properties: {" FUNCTION ", Events: {\n"
                               "    Bad: {Type: Nothing}, Good: {Type: Schedule, Properties: {Schedule: rate(1 hour)}}}}}\n");
    assert_non_null(template_resource(t, SLICE("FGood")));
    assert_int_equal(t->problems.len, 1);
    assert_ptr_equal(t->problems.at[0].in, template_resource(t, SLICE("F")));
    run_free(&r);
}

static void an_id_that_is_taken_is_said_at_what_would_make_it(void **state) {
    (void)state;
    run r = run_new();
    run_text(&r, "Transform: AWS::Serverless-2016-10-31\nResources:\n  F: {Type: AWS::Serverless::Function, Properties: {" FUNCTION ", Events: {\n"
                 "    S: {Type: Schedule, Properties: {Schedule: rate(1 hour)}}}}}\n  FS: {Type: AWS::SQS::Queue}\n");
    assert_non_null(strstr(problems_of(&r), "4:5 sam-refused this makes a resource with the id FS (AWS::Events::Rule)"));
    run_free(&r);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_refused_is_said_where_it_stands),
        cmocka_unit_test(globals_take_what_they_take),
        cmocka_unit_test(one_fault_does_not_hide_the_rest),
        cmocka_unit_test(an_id_that_is_taken_is_said_at_what_would_make_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
