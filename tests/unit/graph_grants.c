/* May x call z: permissions of functions, policies of queues and topics, roles; three-valued. */
#include "graph_lines.h"

#define F     "  F: {Type: AWS::Lambda::Function, Properties: {FunctionName: f}}\n  A: {Type: AWS::Lambda::Alias, Properties: {Name: live, FunctionName: !Ref F, FunctionVersion: '1'}}\n"
#define TOPIC "  T: {Type: AWS::SNS::Topic, Properties: {TopicName: orders}}\n"
#define SUB   "  S: {Type: AWS::SNS::Subscription, Properties: {TopicArn: !Ref T, Protocol: lambda, Endpoint: !GetAtt F.Arn}}\n"
#define PERM(function, principal, more) \
    "  P: {Type: AWS::Lambda::Permission, Properties: {FunctionName: " function ", Action: 'lambda:InvokeFunction', Principal: " principal more "}}\n"

typedef struct {
    const char *what, *yaml;
    permission want;
} grant_row;

/* The one edge that needs a grant. */
static const edge *judged(const graph_lines *t) {
    for (size_t i = 0; i < t->graph->edges.len; i++)
        if (t->graph->edges.at[i]->permission != PERMISSION_NOT_NEEDED && t->graph->edges.at[i]->sure)
            return t->graph->edges.at[i];
    return NULL;
}

static void check(const grant_row *rows, size_t len) {
    for (size_t i = 0; i < len; i++) {
        graph_lines t = graph_read(rows[i].yaml);
        const edge *e = judged(&t);
        if (e == NULL || e->permission != rows[i].want)
            fail_msg("%s: want %.*s, got\n%.*s%.*s", rows[i].what, SLICE_ARG(permission_name(rows[i].want)), SLICE_ARG(buf_as_slice(&t.lines)),
                     SLICE_ARG(e == NULL ? SLICE("no edge") : e->permission_reason));
        if (e == NULL) continue;
        if ((e->permission == PERMISSION_MISSING || e->permission == PERMISSION_MISMATCH) && e->permission_reason.len == 0)
            fail_msg("%s: no reason", rows[i].what);
        if (e->permission == PERMISSION_GRANTED && e->permitted_by == NULL && strstr(rows[i].what, "default") == NULL)
            fail_msg("%s: granted by nobody", rows[i].what);
        graph_free(&t);
    }
}

static const grant_row functions[] = {
    { "no permission", "Resources:\n" F TOPIC SUB, PERMISSION_MISSING },
    { "the right one", "Resources:\n" F TOPIC SUB PERM("!Ref F", "sns.amazonaws.com", ", SourceArn: !Ref T"), PERMISSION_GRANTED },
    { "without a source", "Resources:\n" F TOPIC SUB PERM("!GetAtt F.Arn", "sns.amazonaws.com", ""), PERMISSION_GRANTED },
    { "by the function's name", "Resources:\n" F TOPIC SUB PERM("f", "sns.amazonaws.com", ", SourceArn: 'arn:aws:sns:eu-west-1:111122223333:orders'"), PERMISSION_GRANTED },
    { "a source with a star", "Resources:\n" F TOPIC SUB PERM("f", "sns.amazonaws.com", ", SourceArn: 'arn:aws:sns:*:*:ord*'"), PERMISSION_GRANTED },
    { "another service", "Resources:\n" F TOPIC SUB PERM("!Ref F", "s3.amazonaws.com", ""), PERMISSION_MISSING },
    { "another source", "Resources:\n" F TOPIC SUB PERM("!Ref F", "sns.amazonaws.com", ", SourceArn: 'arn:aws:sns:eu-west-1:111122223333:other'"), PERMISSION_MISMATCH },
    { "for the alias only", "Resources:\n" F TOPIC SUB PERM("!Ref A", "sns.amazonaws.com", ", SourceArn: !Ref T"), PERMISSION_MISMATCH },
    { "the alias is called and permitted",
      "Resources:\n" F TOPIC "  S: {Type: AWS::SNS::Subscription, Properties: {TopicArn: !Ref T, Protocol: lambda, Endpoint: !Ref A}}\n"
      PERM("!Ref A", "sns.amazonaws.com", ""), PERMISSION_GRANTED },
    { "the alias is called, the function permitted",
      "Resources:\n" F TOPIC "  S: {Type: AWS::SNS::Subscription, Properties: {TopicArn: !Ref T, Protocol: lambda, Endpoint: !Ref A}}\n"
      PERM("!Ref F", "sns.amazonaws.com", ""), PERMISSION_MISMATCH },
    { "an unknown source", "Parameters:\n  X: {Type: String}\nResources:\n" F TOPIC SUB PERM("!Ref F", "sns.amazonaws.com", ", SourceArn: !Ref X"), PERMISSION_UNKNOWN },
    { "an unknown function", "Parameters:\n  X: {Type: String}\nResources:\n" F TOPIC SUB PERM("!Ref X", "sns.amazonaws.com", ""), PERMISSION_UNKNOWN },
    { "an unknown principal", "Parameters:\n  X: {Type: String}\nResources:\n" F TOPIC SUB PERM("!Ref F", "!Ref X", ""), PERMISSION_UNKNOWN },
    { "objects are not the bucket",
      "Resources:\n" F "  B: {Type: AWS::S3::Bucket, Properties: {BucketName: b, NotificationConfiguration: {LambdaConfigurations: [{Event: 's3:ObjectCreated:*', Function: !GetAtt F.Arn}]}}}\n"
      PERM("!Ref F", "s3.amazonaws.com", ", SourceArn: 'arn:aws:s3:::b/*'"), PERMISSION_MISMATCH },
    { "a bucket by the same text",
      "Resources:\n" F "  B: {Type: AWS::S3::Bucket, Properties: {BucketName: !Sub 'b-${AWS::AccountId}', NotificationConfiguration: {LambdaConfigurations: [{Event: 's3:ObjectCreated:*', Function: !GetAtt F.Arn}]}}}\n"
      PERM("!Ref F", "s3.amazonaws.com", ", SourceArn: !Sub 'arn:aws:s3:::b-${AWS::AccountId}'"), PERMISSION_GRANTED },
    { "a log group with its star",
      "Resources:\n" F "  L: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: l}}\n  S: {Type: AWS::Logs::SubscriptionFilter, Properties: {LogGroupName: !Ref L, FilterPattern: '', DestinationArn: !GetAtt F.Arn}}\n"
      PERM("!Ref F", "logs.eu-west-1.amazonaws.com", ", SourceArn: 'arn:aws:logs:eu-west-1:111122223333:log-group:l:*'"), PERMISSION_GRANTED },
    { "a rule on a bus of its own, by ARN text",
      "Resources:\n" F "  R: {Type: AWS::Events::Rule, Properties: {Name: r, EventBusName: b, EventPattern: {source: [x]}, Targets: [{Id: a, Arn: !GetAtt F.Arn}]}}\n"
      PERM("!Ref F", "events.amazonaws.com", ", SourceArn: !Sub 'arn:aws:events:${AWS::Region}:${AWS::AccountId}:rule/b/r'"), PERMISSION_GRANTED },
    { "a permission that is there in one branch only",
      "Parameters:\n  E: {Type: String}\nConditions:\n  C: !Equals [!Ref E, x]\nResources:\n" F TOPIC SUB
      "  P: {Type: AWS::Lambda::Permission, Condition: C, Properties: {FunctionName: !Ref F, Action: 'lambda:InvokeFunction', Principal: sns.amazonaws.com}}\n", PERMISSION_UNKNOWN },
};

#define Q         "  Q: {Type: AWS::SQS::Queue, Properties: {QueueName: q}}\n"
#define QSUB      "  S: {Type: AWS::SNS::Subscription, Properties: {TopicArn: !Ref T, Protocol: sqs, Endpoint: !GetAtt Q.Arn}}\n"
#define QPOLICY(statement) "  QP: {Type: AWS::SQS::QueuePolicy, Properties: {Queues: [!Ref Q], PolicyDocument: {Statement: [" statement "]}}}\n"

static const grant_row queues[] = {
    { "no policy", "Resources:\n" Q TOPIC QSUB, PERMISSION_MISSING },
    { "the right one", "Resources:\n" Q TOPIC QSUB QPOLICY("{Effect: Allow, Principal: {Service: sns.amazonaws.com}, Action: 'sqs:SendMessage', Resource: !GetAtt Q.Arn, Condition: {ArnEquals: {'aws:SourceArn': !Ref T}}}"), PERMISSION_GRANTED },
    { "anybody", "Resources:\n" Q TOPIC QSUB QPOLICY("{Effect: Allow, Principal: '*', Action: 'SQS:*', Resource: '*'}"), PERMISSION_GRANTED },
    { "another topic", "Resources:\n" Q TOPIC QSUB QPOLICY("{Effect: Allow, Principal: '*', Action: 'sqs:SendMessage', Resource: '*', Condition: {ArnEquals: {'aws:SourceArn': 'arn:aws:sns:eu-west-1:111122223333:other'}}}"), PERMISSION_MISMATCH },
    { "another queue", "Resources:\n" Q TOPIC QSUB QPOLICY("{Effect: Allow, Principal: '*', Action: 'sqs:SendMessage', Resource: 'arn:aws:sqs:eu-west-1:111122223333:other'}"), PERMISSION_MISMATCH },
    { "another service", "Resources:\n" Q TOPIC QSUB QPOLICY("{Effect: Allow, Principal: {Service: events.amazonaws.com}, Action: 'sqs:SendMessage', Resource: '*'}"), PERMISSION_MISSING },
    { "a condition that is not known", "Resources:\n" Q TOPIC QSUB QPOLICY("{Effect: Allow, Principal: '*', Action: 'sqs:SendMessage', Resource: '*', Condition: {StringEquals: {'aws:PrincipalOrgID': o-1}}}"), PERMISSION_UNKNOWN },
    { "denied", "Resources:\n" Q TOPIC QSUB QPOLICY("{Effect: Allow, Principal: '*', Action: '*', Resource: '*'}, {Effect: Deny, Principal: '*', Action: 'sqs:Send*', Resource: '*'}"), PERMISSION_MISSING },
    { "not without TLS", "Resources:\n" Q TOPIC QSUB QPOLICY("{Effect: Allow, Principal: '*', Action: '*', Resource: '*'}, {Effect: Deny, Principal: '*', Action: '*', Resource: '*', Condition: {Bool: {'aws:SecureTransport': false}}}"), PERMISSION_GRANTED },
    { "a policy for an unknown queue", "Parameters:\n  X: {Type: String}\nResources:\n" Q TOPIC QSUB
      "  QP: {Type: AWS::SQS::QueuePolicy, Properties: {Queues: [!Ref X], PolicyDocument: {Statement: []}}}\n", PERMISSION_UNKNOWN },
    { "an alarm by the default policy", "Resources:\n" TOPIC "  A: {Type: AWS::CloudWatch::Alarm, Properties: {AlarmActions: [!Ref T]}}\n", PERMISSION_GRANTED },
    { "an alarm, but a policy replaces the default one", "Resources:\n" TOPIC "  A: {Type: AWS::CloudWatch::Alarm, Properties: {AlarmActions: [!Ref T]}}\n"
      "  TP: {Type: AWS::SNS::TopicPolicy, Properties: {Topics: [!Ref T], PolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: s3.amazonaws.com}, Action: 'sns:Publish', Resource: !Ref T}]}}}\n", PERMISSION_MISSING },
};

#define ROLE(trust, more) "  R: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: " trust "}, Action: 'sts:AssumeRole'}]}" more "}}\n"
#define INLINE(statement) ", Policies: [{PolicyName: p, PolicyDocument: {Statement: [" statement "]}}]"
#define SCHEDULE(target) "  S: {Type: AWS::Scheduler::Schedule, Properties: {ScheduleExpression: 'rate(1 hour)', Target: {Arn: " target ", RoleArn: !GetAtt R.Arn}}}\n"
#define INVOKE(on) "{Effect: Allow, Action: 'lambda:InvokeFunction', Resource: " on "}"

static const grant_row roles[] = {
    { "trusted and allowed", "Resources:\n" F ROLE("scheduler.amazonaws.com", INLINE(INVOKE("!GetAtt F.Arn"))) SCHEDULE("!GetAtt F.Arn"), PERMISSION_GRANTED },
    { "not trusted", "Resources:\n" F ROLE("lambda.amazonaws.com", INLINE(INVOKE("!GetAtt F.Arn"))) SCHEDULE("!GetAtt F.Arn"), PERMISSION_MISSING },
    { "not allowed", "Resources:\n" F ROLE("scheduler.amazonaws.com", "") SCHEDULE("!GetAtt F.Arn"), PERMISSION_MISSING },
    { "the function does not cover its alias", "Resources:\n" F ROLE("scheduler.amazonaws.com", INLINE(INVOKE("!GetAtt F.Arn"))) SCHEDULE("!Ref A"), PERMISSION_MISSING },
    { "qualifiers by a star", "Resources:\n" F ROLE("scheduler.amazonaws.com", INLINE(INVOKE("!Sub '${F.Arn}:*'"))) SCHEDULE("!Ref A"), PERMISSION_GRANTED },
    { "a star for qualifiers does not cover the function", "Resources:\n" F ROLE("scheduler.amazonaws.com", INLINE(INVOKE("!Sub '${F.Arn}:*'"))) SCHEDULE("!GetAtt F.Arn"), PERMISSION_MISSING },
    { "by name with a star", "Resources:\n" F ROLE("scheduler.amazonaws.com", INLINE(INVOKE("'arn:aws:lambda:*:*:function:f*'"))) SCHEDULE("!GetAtt F.Arn"), PERMISSION_GRANTED },
    { "a policy outside", "Resources:\n" F ROLE("scheduler.amazonaws.com", ", ManagedPolicyArns: ['arn:aws:iam::111122223333:policy/mine']") SCHEDULE("!GetAtt F.Arn"), PERMISSION_UNKNOWN },
    { "a managed policy of AWS", "Resources:\n" F ROLE("scheduler.amazonaws.com", ", ManagedPolicyArns: [!Sub 'arn:${AWS::Partition}:iam::aws:policy/service-role/AWSLambdaRole']") SCHEDULE("!GetAtt F.Arn"), PERMISSION_GRANTED },
    { "a managed policy that does not", "Resources:\n" F ROLE("scheduler.amazonaws.com", ", ManagedPolicyArns: ['arn:aws:iam::aws:policy/AmazonSQSFullAccess']") SCHEDULE("!GetAtt F.Arn"), PERMISSION_MISSING },
    { "an attached policy", "Resources:\n" F ROLE("scheduler.amazonaws.com", "") SCHEDULE("!GetAtt F.Arn")
      "  IP: {Type: AWS::IAM::Policy, Properties: {Roles: [!Ref R], PolicyDocument: {Statement: " INVOKE("!GetAtt F.Arn") "}}}\n", PERMISSION_GRANTED },
    { "a condition", "Resources:\n" F ROLE("scheduler.amazonaws.com", INLINE("{Effect: Allow, Action: 'lambda:*', Resource: '*', Condition: {StringEquals: {'aws:x': y}}}")) SCHEDULE("!GetAtt F.Arn"), PERMISSION_UNKNOWN },
    { "denied", "Resources:\n" F ROLE("scheduler.amazonaws.com", INLINE("{Effect: Allow, Action: '*', Resource: '*'}, {Effect: Deny, Action: 'lambda:*', Resource: '*'}")) SCHEDULE("!GetAtt F.Arn"), PERMISSION_MISSING },
    { "NotAction", "Resources:\n" F ROLE("scheduler.amazonaws.com", INLINE("{Effect: Allow, NotAction: 'lambda:*', Resource: '*'}")) SCHEDULE("!GetAtt F.Arn"), PERMISSION_MISSING },
    { "a service named with its region", "Resources:\n" F ROLE("!Sub 'scheduler.${AWS::Region}.amazonaws.com'", INLINE(INVOKE("!GetAtt F.Arn"))) SCHEDULE("!GetAtt F.Arn"), PERMISSION_GRANTED },
    { "a task definition by reference, which has its revision", "Resources:\n  F: {Type: AWS::ECS::TaskDefinition}\n  C: {Type: AWS::ECS::Cluster}\n"
      ROLE("scheduler.amazonaws.com", INLINE("{Effect: Allow, Action: 'ecs:RunTask', Resource: !Ref F}"))
      "  S: {Type: AWS::Scheduler::Schedule, Properties: {ScheduleExpression: 'rate(1 hour)', Target: {Arn: !GetAtt C.Arn, RoleArn: !GetAtt R.Arn, EcsParameters: {TaskDefinitionArn: !Ref F}}}}\n", PERMISSION_GRANTED },
    { "a role outside", "Resources:\n" F "  S: {Type: AWS::Scheduler::Schedule, Properties: {ScheduleExpression: 'rate(1 hour)', Target: {Arn: !GetAtt F.Arn, RoleArn: 'arn:aws:iam::111122223333:role/r'}}}\n", PERMISSION_UNKNOWN },
};

static void permissions_of_functions_are_judged(void **state) {
    (void)state;
    check(functions, COUNT(functions));
}
static void policies_of_queues_and_topics_are_judged(void **state) {
    (void)state;
    check(queues, COUNT(queues));
}
static void roles_are_judged(void **state) {
    (void)state;
    check(roles, COUNT(roles));
}

static void rules_can_ask_for_themselves(void **state) {
    (void)state;
    graph_lines t = graph_read("Resources:\n" Q TOPIC ROLE("lambda.amazonaws.com", INLINE("{Effect: Allow, Action: ['sqs:Receive*'], Resource: !GetAtt Q.Arn}"))
                               QPOLICY("{Effect: Allow, Principal: {Service: sns.amazonaws.com}, Action: 'sqs:SendMessage', Resource: '*'}"));
    const resource *r = template_resource(t.set->list.at[0], SLICE("R"));
    const node *q = graph_node(t.graph, SLICE("Q")), *topic = graph_node(t.graph, SLICE("T"));
    assert_int_equal(iam_allows(t.graph, t.arena, r, SLICE("sqs:ReceiveMessage"), q), YES);
    assert_int_equal(iam_allows(t.graph, t.arena, r, SLICE("sqs:DeleteMessage"), q), NO);
    assert_int_equal(iam_allows(t.graph, t.arena, r, SLICE("sns:Publish"), topic), NO);
    assert_int_equal(iam_trusts(t.graph, t.arena, r, SLICE("lambda.amazonaws.com")), YES);
    assert_int_equal(iam_trusts(t.graph, t.arena, r, SLICE("states.amazonaws.com")), NO);
    assert_int_equal(iam_accepts(t.graph, t.arena, q, SLICE("sns.amazonaws.com"), SLICE("sqs:SendMessage"), NULL), YES);
    assert_int_equal(iam_accepts(t.graph, t.arena, q, SLICE("s3.amazonaws.com"), SLICE("sqs:SendMessage"), NULL), NO);
    assert_int_equal(iam_accepts(t.graph, t.arena, topic, SLICE("s3.amazonaws.com"), SLICE("sns:Publish"), NULL), NO);
    graph_free(&t);
}

/* ---- writes ---- */

#define FN(more) "  F: {Type: AWS::Lambda::Function, Properties: {Role: !GetAtt R.Arn" more "}}\n"

static const graph_row writes[] = {
    { "a grant on a resource is a write that may be",
      "Resources:\n" Q FN("") ROLE("lambda.amazonaws.com", INLINE("{Effect: Allow, Action: 'sqs:SendMessage', Resource: !GetAtt Q.Arn}")), "F -write-> Q granted unsure\n" },
    { "a grant on everything names nothing",
      "Resources:\n" Q FN("") ROLE("lambda.amazonaws.com", INLINE("{Effect: Allow, Action: 'sqs:SendMessage', Resource: '*'}")), "" },
    { "unless the environment names it",
      "Resources:\n" Q FN(", Environment: {Variables: {URL: !Ref Q}}") ROLE("lambda.amazonaws.com", INLINE("{Effect: Allow, Action: 'sqs:*', Resource: '*'}")), "F -write-> Q granted unsure\n" },
    { "reading is no write", "Resources:\n  T: {Type: AWS::DynamoDB::Table}\n" FN("") ROLE("lambda.amazonaws.com", INLINE("{Effect: Allow, Action: ['dynamodb:GetItem', 'dynamodb:Query'], Resource: !GetAtt T.Arn}")), "" },
    { "receiving and deleting is a poll", "Resources:\n" Q FN("") ROLE("lambda.amazonaws.com", INLINE("{Effect: Allow, Action: ['sqs:ReceiveMessage', 'sqs:DeleteMessage'], Resource: !GetAtt Q.Arn}")), "Q -poll-> F granted unsure\n" },
    { "everything on a queue is a write, not a poll", "Resources:\n" Q FN("") ROLE("lambda.amazonaws.com", INLINE("{Effect: Allow, Action: 'sqs:*', Resource: !GetAtt Q.Arn}")), "F -write-> Q granted unsure\n" },
    { "a function with a mapping does not poll beside it",
      "Resources:\n" Q "  O: {Type: AWS::SQS::Queue}\n" FN("") ROLE("lambda.amazonaws.com", INLINE("{Effect: Allow, Action: ['sqs:ReceiveMessage', 'sqs:DeleteMessage'], Resource: !GetAtt Q.Arn}"))
      "  M: {Type: AWS::Lambda::EventSourceMapping, Properties: {EventSourceArn: !GetAtt O.Arn, FunctionName: !Ref F}}\n", "O -poll-> F via M not-needed\n" },
    { "a task reads what it may read",
      "Resources:\n  S: {Type: AWS::Kinesis::Stream}\n  TD: {Type: AWS::ECS::TaskDefinition, Properties: {TaskRoleArn: !GetAtt R.Arn}}\n"
      ROLE("ecs-tasks.amazonaws.com", INLINE("{Effect: Allow, Action: ['kinesis:GetRecords'], Resource: !GetAtt S.Arn}")), "S -poll-> TD granted unsure\n" },
    { "a declared edge replaces it",
      "Resources:\n" Q FN("") ROLE("lambda.amazonaws.com", INLINE("{Effect: Allow, Action: ['sqs:ReceiveMessage'], Resource: !GetAtt Q.Arn}"))
      "  M: {Type: AWS::Lambda::EventSourceMapping, Properties: {EventSourceArn: !GetAtt Q.Arn, FunctionName: !Ref F}}\n", "Q -poll-> F via M not-needed\n" },
    { "the default bus by its ARN", "Resources:\n" FN("") ROLE("lambda.amazonaws.com", INLINE("{Effect: Allow, Action: 'events:PutEvents', Resource: !Sub 'arn:aws:events:${AWS::Region}:${AWS::AccountId}:event-bus/default'}")),
      "F -write-> bus:default granted unsure\n" },
    { "the ARN of a bucket grants no object",
      "Resources:\n  B: {Type: AWS::S3::Bucket}\n" FN("") ROLE("lambda.amazonaws.com", INLINE("{Effect: Allow, Action: 's3:*', Resource: !GetAtt B.Arn}")), "" },
    { "a name with a star", "Resources:\n" Q FN("") ROLE("lambda.amazonaws.com", INLINE("{Effect: Allow, Action: 'sqs:SendMessage', Resource: 'arn:aws:sqs:*:*:q*'}")), "F -write-> Q granted unsure\n" },
};

static void grants_become_writes(void **state) {
    (void)state;
    graph_check_only(writes, COUNT(writes));
}

static const struct { const char *resource, *prefix; bool whole; } keys[] = {
    { "!Sub '${B.Arn}/*'", "", true },
    { "!Sub 'arn:aws:s3:::${B}/out/*'", "out/", false },
    { "!Sub '${B.Arn}/one.txt'", "one.txt", false },
    { "!Join ['', ['arn:aws:s3:::', !Ref B, '/a*']]", "a", false },
};

static void grants_on_objects_have_their_prefix(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(keys); i++) {
        char yaml[1024];
        snprintf(yaml, sizeof yaml, "Resources:\n  B: {Type: AWS::S3::Bucket}\n" FN("") ROLE("lambda.amazonaws.com", INLINE("{Effect: Allow, Action: 's3:PutObject', Resource: %s}")), keys[i].resource);
        graph_lines t = graph_read(yaml);
        slice prefix;
        bool whole;
        assert_int_equal(t.graph->edges.len, 1);
        const value *facts = t.graph->edges.at[0]->facts;
        assert_true(value_text(t.arena, value_get(t.arena, facts, SLICE("keyPrefix")), &prefix));
        assert_int_equal(value_as_bool(t.arena, value_get(t.arena, facts, SLICE("wholeBucket")), &whole), YES);
        if (!slice_is(prefix, keys[i].prefix) || whole != keys[i].whole)
            fail_msg("%s: got \"%.*s\"%s", keys[i].resource, SLICE_ARG(prefix), whole ? " whole" : "");
        graph_free(&t);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(permissions_of_functions_are_judged),
        cmocka_unit_test(policies_of_queues_and_topics_are_judged),
        cmocka_unit_test(roles_are_judged),
        cmocka_unit_test(rules_can_ask_for_themselves),
        cmocka_unit_test(grants_become_writes),
        cmocka_unit_test(grants_on_objects_have_their_prefix),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
