/* Edges of the core event services, one row a mechanism. */
#include "graph_lines.h"

#include "service/services.h"

#define HEAD "Resources:\n  Q: {Type: AWS::SQS::Queue}\n  D: {Type: AWS::SQS::Queue}\n  T: {Type: AWS::SNS::Topic}\n" \
             "  F: {Type: AWS::Lambda::Function, Properties: {Role: 'arn:aws:iam::111122223333:role/f'}}\n"

static const graph_row lambda[] = {
    { "a mapping polls its queue",
      HEAD "  M: {Type: AWS::Lambda::EventSourceMapping, Properties: {EventSourceArn: !GetAtt Q.Arn, FunctionName: !Ref F}}\n",
      "Q -poll-> F via M not-needed\n" },
    { "a filter of a mapping is parsed, and Enabled false is off",
      HEAD "  M: {Type: AWS::Lambda::EventSourceMapping, Properties: {EventSourceArn: !GetAtt Q.Arn, FunctionName: !Ref F, Enabled: false, "
      "FilterCriteria: {Filters: [{Pattern: '{\"body\":{\"n\":[1]}}'}]}}}\n",
      "Q -poll-> F via M {\"patterns\":[{\"body\":{\"n\":[1]}}]} not-needed off\n" },
    { "an alias is its function, and a table's stream its table",
      HEAD "  Tab: {Type: AWS::DynamoDB::Table}\n  A: {Type: AWS::Lambda::Alias, Properties: {Name: live, FunctionName: !Ref F, FunctionVersion: '1'}}\n"
      "  M: {Type: AWS::Lambda::EventSourceMapping, Properties: {EventSourceArn: !GetAtt Tab.StreamArn, FunctionName: !Ref A, "
      "DestinationConfig: {OnFailure: {Destination: !GetAtt D.Arn}}}}\n",
      "F -dead-letter-> D via M unknown\nTab -stream-> F via M as live not-needed\n" },
    { "a consumer is its stream",
      HEAD "  S: {Type: AWS::Kinesis::Stream}\n  C: {Type: AWS::Kinesis::StreamConsumer, Properties: {StreamARN: !GetAtt S.Arn, ConsumerName: c}}\n"
      "  M: {Type: AWS::Lambda::EventSourceMapping, Properties: {EventSourceArn: !Ref C, FunctionName: !GetAtt F.Arn}}\n",
      "S -stream-> F via M not-needed\n" },
    { "destinations and the dead-letter queue of a function",
      HEAD "  G: {Type: AWS::Lambda::Function, Properties: {DeadLetterConfig: {TargetArn: !GetAtt D.Arn}}}\n"
      "  I: {Type: AWS::Lambda::EventInvokeConfig, Properties: {FunctionName: !Ref G, Qualifier: $LATEST, "
      "DestinationConfig: {OnSuccess: {Destination: !Ref T}, OnFailure: {Destination: !GetAtt Q.Arn}}}}\n",
      "G -dead-letter-> D not-needed\nG -destination-> Q via I not-needed\nG -destination-> T via I not-needed\n" },
    { "a function URL is called from outside",
      HEAD "  U: {Type: AWS::Lambda::Url, Properties: {AuthType: AWS_IAM, TargetFunctionArn: !Ref F}}\n",
      "caller -sync-> F via U not-needed\n" },
    { "a function writes its own log group, by name",
      "Resources:\n  F: {Type: AWS::Lambda::Function}\n  L: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: !Sub '/aws/lambda/${F}'}}\n",
      "F -write-> L not-needed\n" },
};

static const graph_row messages[] = {
    { "a redrive policy, as text too",
      HEAD "  A: {Type: AWS::SQS::Queue, Properties: {RedrivePolicy: {deadLetterTargetArn: !GetAtt D.Arn, maxReceiveCount: 3}}}\n"
      "  B: {Type: AWS::SQS::Queue, Properties: {RedrivePolicy: !Sub '{\"deadLetterTargetArn\":\"${D.Arn}\",\"maxReceiveCount\":3}'}}\n",
      "A -dead-letter-> D not-needed\nB -dead-letter-> D not-needed\n" },
    { "subscriptions by protocol",
      HEAD "  S1: {Type: AWS::SNS::Subscription, Properties: {TopicArn: !Ref T, Protocol: sqs, Endpoint: !GetAtt Q.Arn, RedrivePolicy: {deadLetterTargetArn: !GetAtt D.Arn}}}\n"
      "  S2: {Type: AWS::SNS::Subscription, Properties: {TopicArn: !Ref T, Protocol: email, Endpoint: a@example.com}}\n"
      "  S3: {Type: AWS::SNS::Subscription, Properties: {TopicArn: !Ref T, Protocol: https, Endpoint: 'https://example.com/in'}}\n"
      "  S4: {Type: AWS::SNS::Subscription, Properties: {TopicArn: !Ref T, Protocol: lambda, Endpoint: !GetAtt F.Arn, FilterPolicy: {k: [v]}}}\n",
      "T -dead-letter-> D via S1 missing\nT -async-> F via S4 {\"policy\":{\"k\":[\"v\"]},\"scope\":\"MessageAttributes\"} missing\nT -async-> Q via S1 missing\n"
      "T -async-> mail:a@example.com via S2 not-needed\nT -async-> url:https://example.com/in via S3 not-needed\n" },
    { "subscriptions inside the topic have no via",
      HEAD "  U: {Type: AWS::SNS::Topic, Properties: {Subscription: [{Protocol: sqs, Endpoint: !GetAtt Q.Arn}]}}\n",
      "U -async-> Q missing\n" },
};

static const graph_row events[] = {
    { "a rule listens on the default bus",
      HEAD "  R: {Type: AWS::Events::Rule, Properties: {EventPattern: {source: [x]}, Targets: [{Id: a, Arn: !GetAtt F.Arn}]}}\n",
      "bus:default -async-> F via R {\"source\":[\"x\"]} missing\n" },
    { "a bus by reference, by name and by a parameter",
      "Parameters:\n  P: {Type: String}\n" HEAD "  B: {Type: AWS::Events::EventBus, Properties: {Name: trade}}\n"
      "  R1: {Type: AWS::Events::Rule, Properties: {EventBusName: !Ref B, EventPattern: {source: [x]}, Targets: [{Id: a, Arn: !GetAtt F.Arn}]}}\n"
      "  R2: {Type: AWS::Events::Rule, Properties: {EventBusName: trade, EventPattern: {source: [x]}, Targets: [{Id: a, Arn: !GetAtt F.Arn}]}}\n"
      "  R3: {Type: AWS::Events::Rule, Properties: {EventBusName: !Ref P, EventPattern: {source: [x]}, Targets: [{Id: a, Arn: !GetAtt F.Arn}]}}\n",
      "B -async-> F via R1 {\"source\":[\"x\"]} missing\nB -async-> F via R2 {\"source\":[\"x\"]} missing\nparam:P -async-> F via R3 {\"source\":[\"x\"]} missing\n" },
    { "a rule of one bucket's events comes from the bucket",
      HEAD "  B: {Type: AWS::S3::Bucket}\n"
      "  R: {Type: AWS::Events::Rule, Properties: {EventPattern: {source: [aws.s3], detail: {bucket: {name: [!Ref B]}}}, Targets: [{Id: a, Arn: !GetAtt F.Arn}]}}\n",
      "B -async-> F via R {\"source\":[\"aws.s3\"],\"detail\":{\"bucket\":{\"name\":[\"${B}\"]}}} missing\n" },
    { "a bus as a target, a scheduled rule, a dead letter, switched off",
      HEAD "  B: {Type: AWS::Events::EventBus, Properties: {Name: b}}\n"
      "  R: {Type: AWS::Events::Rule, Properties: {ScheduleExpression: rate(1 day), State: DISABLED, Targets: [{Id: a, Arn: !GetAtt B.Arn, DeadLetterConfig: {Arn: !GetAtt D.Arn}}]}}\n",
      "clock -schedule-> B via R {\"schedule\":\"rate(1 day)\"} not-needed off\nclock -dead-letter-> D via R missing\n" },
    { "an ECS target is its task definition",
      HEAD "  C: {Type: AWS::ECS::Cluster}\n  TD: {Type: AWS::ECS::TaskDefinition}\n"
      "  R: {Type: AWS::Events::Rule, Properties: {ScheduleExpression: rate(1 day), Targets: [{Id: a, Arn: !GetAtt C.Arn, EcsParameters: {TaskDefinitionArn: !Ref TD}}]}}\n",
      "clock -schedule-> TD via R {\"schedule\":\"rate(1 day)\"} not-needed\n" },
    { "branches of Fn::If are edges of their own",
      "Parameters:\n  E: {Type: String}\nConditions:\n  Prod: !Equals [!Ref E, prod]\n" HEAD
      "  R: {Type: AWS::Events::Rule, Properties: {ScheduleExpression: rate(1 day), Targets: [{Id: a, Arn: !If [Prod, !GetAtt F.Arn, !GetAtt Q.Arn]}]}}\n",
      "clock -schedule-> F via R {\"schedule\":\"rate(1 day)\"} missing when Prod is true\n"
      "clock -schedule-> Q via R {\"schedule\":\"rate(1 day)\"} missing when Prod is false\n" },
    { "a schedule, and a universal target that names its queue in the input",
      HEAD "  S: {Type: AWS::Scheduler::Schedule, Properties: {ScheduleExpression: 'rate(1 hour)', ScheduleExpressionTimezone: Europe/Paris, "
      "Target: {Arn: !GetAtt F.Arn, RoleArn: 'arn:aws:iam::111122223333:role/s'}}}\n"
      "  U: {Type: AWS::Scheduler::Schedule, Properties: {ScheduleExpression: 'rate(1 hour)', Target: {Arn: 'arn:aws:scheduler:::aws-sdk:sqs:sendMessage', "
      "RoleArn: 'arn:aws:iam::111122223333:role/s', Input: !Sub '{\"QueueUrl\":\"${Q}\"}'}}}\n",
      "clock -schedule-> F via S {\"schedule\":\"rate(1 hour)\",\"timezone\":\"Europe/Paris\"} unknown\n"
      "clock -schedule-> Q via U {\"schedule\":\"rate(1 hour)\"} unknown\n" },
    { "a pipe is looked through",
      HEAD "  P: {Type: AWS::Pipes::Pipe, Properties: {RoleArn: 'arn:aws:iam::111122223333:role/p', Source: !GetAtt Q.Arn, Enrichment: !GetAtt F.Arn, Target: !Ref T, DesiredState: STOPPED}}\n",
      "Q -sync-> F via P unknown off\nQ -poll-> T via P unknown off\n" },
    { "an archive keeps, an API destination sends on",
      HEAD "  B: {Type: AWS::Events::EventBus, Properties: {Name: b}}\n  A: {Type: AWS::Events::Archive, Properties: {SourceArn: !GetAtt B.Arn}}\n"
      "  X: {Type: AWS::Events::ApiDestination, Properties: {InvocationEndpoint: 'https://example.com/x'}}\n",
      "B -write-> A not-needed\nX -async-> url:https://example.com/x not-needed\n" },
};

static const graph_row data[] = {
    { "notifications of a bucket, with prefix and suffix",
      HEAD "  B: {Type: AWS::S3::Bucket, Properties: {NotificationConfiguration: {QueueConfigurations: [{Event: 's3:ObjectCreated:*', Queue: !GetAtt Q.Arn, "
      "Filter: {S3Key: {Rules: [{Name: prefix, Value: in/}, {Name: suffix, Value: .csv}]}}}]}}}\n",
      "B -async-> Q {\"events\":[\"s3:ObjectCreated:*\"],\"prefix\":\"in/\",\"suffix\":\".csv\"} missing\n" },
    { "a table's changes into a stream, a stream into Firehose, Firehose into a bucket through a function",
      HEAD "  S: {Type: AWS::Kinesis::Stream}\n  Tab: {Type: AWS::DynamoDB::Table, Properties: {KinesisStreamSpecification: {StreamArn: !GetAtt S.Arn}}}\n  B: {Type: AWS::S3::Bucket}\n"
      "  H: {Type: AWS::KinesisFirehose::DeliveryStream, Properties: {KinesisStreamSourceConfiguration: {KinesisStreamARN: !GetAtt S.Arn}, "
      "ExtendedS3DestinationConfiguration: {BucketARN: !GetAtt B.Arn, ProcessingConfiguration: {Processors: [{Type: Lambda, Parameters: [{ParameterName: LambdaArn, ParameterValue: !GetAtt F.Arn}]}]}}}}\n",
      "H -write-> B not-needed\nH -sync-> F not-needed\nS -stream-> H not-needed\nTab -write-> S not-needed\n" },
    { "a log subscription, and one of a group outside",
      HEAD "  L: {Type: AWS::Logs::LogGroup}\n  S: {Type: AWS::Logs::SubscriptionFilter, Properties: {LogGroupName: !Ref L, FilterPattern: x, DestinationArn: !GetAtt F.Arn}}\n",
      "L -async-> F via S {\"pattern\":\"x\"} missing\n" },
    { "an alarm's actions",
      HEAD "  A: {Type: AWS::CloudWatch::Alarm, Properties: {AlarmActions: [!Ref T, 'arn:aws:automate:eu-west-1:ec2:stop'], OKActions: [!Ref T], ActionsEnabled: false}}\n",
      "A -async-> T {\"state\":[\"ALARM\"]} granted off\nA -async-> T {\"state\":[\"OK\"]} granted off\n" },
};

static void mechanisms_become_edges(void **state) {
    (void)state;
    graph_check_only(lambda, COUNT(lambda));
    graph_check_only(messages, COUNT(messages));
    graph_check_only(events, COUNT(events));
    graph_check_only(data, COUNT(data));
}

/* ---- ends ---- */

static const graph_row ends[] = {
    { "a literal ARN names the resource with that name, and only that",
      "Resources:\n  Q: {Type: AWS::SQS::Queue, Properties: {QueueName: orders}}\n  T: {Type: AWS::SNS::Topic}\n"
      "  A: {Type: AWS::SNS::Subscription, Properties: {TopicArn: !Ref T, Protocol: sqs, Endpoint: 'arn:aws:sqs:eu-west-1:111122223333:orders'}}\n"
      "  B: {Type: AWS::SNS::Subscription, Properties: {TopicArn: !Ref T, Protocol: sqs, Endpoint: 'arn:aws:sqs:eu-west-1:111122223333:other'}}\n",
      "T -async-> Q via A missing\nT -async-> arn:aws:sqs:eu-west-1:111122223333:other via B unknown\n" },
    { "a joined ARN by an attribute, and by the same text as the name",
      "Resources:\n  Q: {Type: AWS::SQS::Queue}\n  N: {Type: AWS::SQS::Queue, Properties: {QueueName: !Sub 'q-${AWS::AccountId}'}}\n  T: {Type: AWS::SNS::Topic}\n"
      "  A: {Type: AWS::SNS::Subscription, Properties: {TopicArn: !Ref T, Protocol: sqs, Endpoint: !Sub 'arn:aws:sqs:${AWS::Region}:${AWS::AccountId}:${Q.QueueName}'}}\n"
      "  B: {Type: AWS::SNS::Subscription, Properties: {TopicArn: !Ref T, Protocol: sqs, Endpoint: !Sub 'arn:aws:sqs:${AWS::Region}:${AWS::AccountId}:q-${AWS::AccountId}'}}\n",
      "T -async-> N via B missing\nT -async-> Q via A missing\n" },
    { "functions by name, partial ARN and ARN with a qualifier",
      "Resources:\n  Q: {Type: AWS::SQS::Queue}\n  F: {Type: AWS::Lambda::Function, Properties: {FunctionName: f}}\n"
      "  A: {Type: AWS::Lambda::EventSourceMapping, Properties: {EventSourceArn: !GetAtt Q.Arn, FunctionName: f}}\n"
      "  B: {Type: AWS::Lambda::EventSourceMapping, Properties: {EventSourceArn: !GetAtt Q.Arn, FunctionName: '111122223333:function:f:2'}}\n"
      "  C: {Type: AWS::Lambda::EventSourceMapping, Properties: {EventSourceArn: !GetAtt Q.Arn, FunctionName: !Sub '${F.Arn}:live'}}\n",
      "Q -poll-> F via A not-needed\nQ -poll-> F via B as 2 not-needed\nQ -poll-> F via C as live not-needed\n" },
    { "what is outside says what it is",
      "Parameters:\n  P: {Type: String}\nResources:\n  F: {Type: AWS::Lambda::Function}\n"
      "  A: {Type: AWS::Lambda::EventSourceMapping, Properties: {EventSourceArn: !Ref P, FunctionName: !Ref F}}\n"
      "  B: {Type: AWS::Lambda::EventSourceMapping, Properties: {EventSourceArn: !ImportValue shared-queue, FunctionName: !Ref F}}\n"
      "  C: {Type: AWS::Lambda::EventSourceMapping, Properties: {EventSourceArn: !Sub 'arn:aws:kinesis:${AWS::Region}:111122223333:stream/s', FunctionName: !Ref F}}\n",
      "arn:aws:kinesis:${AWS::Region}:111122223333:stream/s -stream-> F via C not-needed\nimport:shared-queue -poll-> F via B not-needed\nparam:P -poll-> F via A not-needed\n" },
    { "the default bus by its ARN, and that of another account",
      "Resources:\n  Q: {Type: AWS::SQS::Queue}\n"
      "  A: {Type: AWS::Events::Rule, Properties: {EventBusName: !Sub 'arn:aws:events:${AWS::Region}:${AWS::AccountId}:event-bus/default', EventPattern: {source: [x]}, Targets: [{Id: a, Arn: !GetAtt Q.Arn}]}}\n"
      "  B: {Type: AWS::Events::Rule, Properties: {EventBusName: 'arn:aws:events:eu-west-1:111122223333:event-bus/default', EventPattern: {source: [x]}, Targets: [{Id: a, Arn: !GetAtt Q.Arn}]}}\n",
      "arn:aws:events:eu-west-1:111122223333:event-bus/default -async-> Q via B {\"source\":[\"x\"]} missing\nbus:default -async-> Q via A {\"source\":[\"x\"]} missing\n" },
};

static void values_name_what_they_point_at(void **state) {
    (void)state;
    graph_check_only(ends, COUNT(ends));
}

static void literal_names_meet_across_templates_once(void **state) {
    (void)state;
    static const char *const texts[] = {
        "Resources:\n  Q: {Type: AWS::SQS::Queue, Properties: {QueueName: orders}}\n",
        ("Resources:\n  F: {Type: AWS::Lambda::Function}\n"
         "  M: {Type: AWS::Lambda::EventSourceMapping, Properties: {EventSourceArn: 'arn:aws:sqs:eu-west-1:111122223333:orders', FunctionName: !Ref F}}\n"),
        "Resources:\n  Q: {Type: AWS::SQS::Queue, Properties: {QueueName: orders}}\n",
    };
    static const char *const names[] = { "a.yaml", "b.yaml", "c.yaml" };
    graph_lines two = graph_read_all(texts, names, 2, 1), three = graph_read_all(texts, names, 3, 1);
    assert_true(slice_is(buf_as_slice(&two.lines), "a.yaml#Q -poll-> b.yaml#F via b.yaml#M not-needed\n"));
    assert_true(slice_is(buf_as_slice(&three.lines), "arn:aws:sqs:eu-west-1:111122223333:orders -poll-> b.yaml#F via b.yaml#M not-needed\n"));
    graph_free(&two);
    graph_free(&three);
}

static void exports_join_templates_and_threads_change_nothing(void **state) {
    (void)state;
    static const char *const texts[] = {
        "Resources:\n  Q: {Type: AWS::SQS::Queue}\nOutputs:\n  O: {Value: !GetAtt Q.Arn, Export: {Name: the-queue}}\n",
        "Resources:\n  F: {Type: AWS::Lambda::Function}\n  M: {Type: AWS::Lambda::EventSourceMapping, Properties: {EventSourceArn: !ImportValue the-queue, FunctionName: !Ref F}}\n",
        "Resources:\n  T: {Type: AWS::SNS::Topic}\n  S: {Type: AWS::SNS::Subscription, Properties: {TopicArn: !Ref T, Protocol: sqs, Endpoint: !ImportValue the-queue}}\n",
    };
    static const char *const names[] = { "a.yaml", "b.yaml", "c.yaml" };
    for (size_t threads = 1; threads <= 4; threads++) {
        graph_lines t = graph_read_all(texts, names, 3, threads);
        assert_true(slice_is(buf_as_slice(&t.lines), "a.yaml#Q -poll-> b.yaml#F via b.yaml#M not-needed\nc.yaml#T -async-> a.yaml#Q via c.yaml#S missing\n"));
        assert_true(graph_node(t.graph, SLICE("a.yaml#Q"))->visible);
        graph_free(&t);
    }
}

static void failures_of_asynchronous_triggers_are_known(void **state) {
    (void)state;
    graph_lines t = graph_read(HEAD "  R: {Type: AWS::Events::Rule, Properties: {ScheduleExpression: rate(1 day), Targets: [{Id: a, Arn: !GetAtt F.Arn}]}}\n"
                               "  S: {Type: AWS::SNS::Subscription, Properties: {TopicArn: !Ref T, Protocol: lambda, Endpoint: !GetAtt F.Arn}}\n"
                               "  I: {Type: AWS::Lambda::EventInvokeConfig, Properties: {FunctionName: !Ref F, Qualifier: $LATEST, MaximumRetryAttempts: 0, DestinationConfig: {OnFailure: {Destination: !GetAtt D.Arn}}}}\n");
    const node *f = graph_node(t.graph, SLICE("F")), *d = graph_node(t.graph, SLICE("D"));
    assert_int_equal(f->in_len, 2);
    for (size_t i = 0; i < f->in_len; i++)
        assert_ptr_equal(f->in[i]->on_failure, d);
    long long attempts;
    const value *facts = f->in[0]->kind == EDGE_ASYNC ? f->in[0]->facts : f->in[1]->facts;
    assert_int_equal(value_as_int(t.arena, value_at(t.arena, facts, SLICE("retry.attempts")), &attempts), YES);
    assert_int_equal(attempts, 0);
    graph_free(&t);
}

static void the_table_of_services_is_sorted(void **state) {
    (void)state;
    assert_true(services_sorted());
    assert_non_null(service_of(SLICE("AWS::SQS::Queue")));
    assert_null(service_of(SLICE("AWS::IAM::Role")));
}

static void what_does_nothing_at_run_time_is_no_node(void **state) {
    (void)state;
    graph_lines t = graph_read("Resources:\n  R: {Type: AWS::IAM::Role}\n  X: {Type: 'Custom::Thing'}\n  Y: {Type: AWS::No::Such}\n"
                               "  F: {Type: AWS::Lambda::Function}\n  V: {Type: AWS::Lambda::Version, Properties: {FunctionName: !Ref F}}\n"
                               "  P: {Type: AWS::Pipes::Pipe}\n  S: {Type: AWS::Scheduler::Schedule}\n  Q: {Type: AWS::SQS::Queue}\n");
    assert_int_equal(t.graph->nodes.len, 2);
    assert_true(slice_is(t.graph->nodes.at[0]->id, "F") && slice_is(t.graph->nodes.at[1]->id, "Q"));
    graph_free(&t);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mechanisms_become_edges),
        cmocka_unit_test(values_name_what_they_point_at),
        cmocka_unit_test(literal_names_meet_across_templates_once),
        cmocka_unit_test(exports_join_templates_and_threads_change_nothing),
        cmocka_unit_test(failures_of_asynchronous_triggers_are_known),
        cmocka_unit_test(the_table_of_services_is_sorted),
        cmocka_unit_test(what_does_nothing_at_run_time_is_no_node),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
