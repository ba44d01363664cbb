#include "service/aws_call.h"

#define CALL(of, action, parameters, type, kind, grant) \
    { SLICE_INIT(of), SLICE_INIT(action), parameters, type, EDGE_##kind, grant }

/* Sorted by service, then action: found by bisection. Parameters: the API reference of each service (request parameters); what names a
 * target in a state machine: Step Functions developer guide, "Integrating services". A call that starts work is ASYNC (SYNC when the caller gets
 * the work's result), one that stores data is WRITE. */
static const aws_call calls[] = {
    CALL("athena",         "StartQueryExecution",     "WorkGroup",                      "AWS::Athena::WorkGroup",               ASYNC, NULL),
    CALL("batch",          "SubmitJob",               "JobQueue",                       "AWS::Batch::JobQueue",                 ASYNC, NULL),
    CALL("bedrock",        "InvokeAgent",             "AgentId",                        "AWS::Bedrock::Agent",                  SYNC,  NULL),
    CALL("bedrock",        "InvokeFlow",              "FlowIdentifier",                 "AWS::Bedrock::Flow",                   SYNC,  NULL),
    CALL("bedrock",        "Retrieve",                "KnowledgeBaseId",                "AWS::Bedrock::KnowledgeBase",          SYNC,  NULL),
    CALL("bedrock",        "StartIngestionJob",       "KnowledgeBaseId",                "AWS::Bedrock::KnowledgeBase",          ASYNC, NULL),
    CALL("codebuild",      "StartBuild",              "ProjectName",                    "AWS::CodeBuild::Project",              ASYNC, NULL),
    CALL("codebuild",      "StartBuildBatch",         "ProjectName",                    "AWS::CodeBuild::Project",              ASYNC, NULL),
    CALL("codepipeline",   "StartPipelineExecution",  "Name",                           "AWS::CodePipeline::Pipeline",          ASYNC, NULL),
    CALL("cognito-idp",    "AdminConfirmSignUp",      "UserPoolId",                     "AWS::Cognito::UserPool",               WRITE, NULL),
    CALL("cognito-idp",    "AdminCreateUser",         "UserPoolId",                     "AWS::Cognito::UserPool",               WRITE, NULL),
    CALL("databrew",       "StartJobRun",             "Name",                           "AWS::DataBrew::Job",                   ASYNC, NULL),
    CALL("dynamodb",       "BatchWriteItem",          "RequestItems{}",                 "AWS::DynamoDB::Table",                 WRITE, NULL),
    CALL("dynamodb",       "DeleteItem",              "TableName",                      "AWS::DynamoDB::Table",                 WRITE, NULL),
    CALL("dynamodb",       "PutItem",                 "TableName",                      "AWS::DynamoDB::Table",                 WRITE, NULL),
    CALL("dynamodb",       "TransactWriteItems",      "TransactItems[].Put.TableName TransactItems[].Update.TableName TransactItems[].Delete.TableName",
                                                                                        "AWS::DynamoDB::Table",                 WRITE, "dynamodb:PutItem"),
    CALL("dynamodb",       "UpdateItem",              "TableName",                      "AWS::DynamoDB::Table",                 WRITE, NULL),
    CALL("ecs",            "RunTask",                 "TaskDefinition",                 "AWS::ECS::TaskDefinition",             ASYNC, NULL),
    CALL("emr-serverless", "StartJobRun",             "ApplicationId",                  "AWS::EMRServerless::Application",      ASYNC, NULL),
    CALL("events",         "PutEvents",               "Entries[].EventBusName",         "AWS::Events::EventBus",                ASYNC, NULL),
    CALL("firehose",       "PutRecord",               "DeliveryStreamName",             "AWS::KinesisFirehose::DeliveryStream", WRITE, NULL),
    CALL("firehose",       "PutRecordBatch",          "DeliveryStreamName",             "AWS::KinesisFirehose::DeliveryStream", WRITE, NULL),
    CALL("glue",           "StartCrawler",            "Name",                           "AWS::Glue::Crawler",                   ASYNC, NULL),
    CALL("glue",           "StartJobRun",             "JobName",                        "AWS::Glue::Job",                       ASYNC, NULL),
    CALL("glue",           "StartWorkflowRun",        "Name",                           "AWS::Glue::Workflow",                  ASYNC, NULL),
    CALL("kinesis",        "PutRecord",               "StreamARN StreamName",           "AWS::Kinesis::Stream",                 WRITE, NULL),
    CALL("kinesis",        "PutRecords",              "StreamARN StreamName",           "AWS::Kinesis::Stream",                 WRITE, NULL),
    CALL("lambda",         "Invoke",                  "FunctionName",                   "AWS::Lambda::Function",                SYNC,  "lambda:InvokeFunction"),
    CALL("lambda",         "InvokeAsync",             "FunctionName",                   "AWS::Lambda::Function",                ASYNC, "lambda:InvokeFunction"),
    CALL("logs",           "PutLogEvents",            "LogGroupName",                   "AWS::Logs::LogGroup",                  WRITE, NULL),
    CALL("rds-data",       "BatchExecuteStatement",   "ResourceArn",                    "AWS::RDS::DBCluster",                  WRITE, NULL),
    CALL("rds-data",       "ExecuteStatement",        "ResourceArn",                    "AWS::RDS::DBCluster",                  WRITE, NULL),
    CALL("s3",             "CopyObject",              "Bucket",                         "AWS::S3::Bucket",                      WRITE, "s3:PutObject"),
    CALL("s3",             "DeleteObject",            "Bucket",                         "AWS::S3::Bucket",                      WRITE, NULL),
    CALL("s3",             "DeleteObjects",           "Bucket",                         "AWS::S3::Bucket",                      WRITE, "s3:DeleteObject"),
    CALL("s3",             "PutObject",               "Bucket",                         "AWS::S3::Bucket",                      WRITE, NULL),
    CALL("s3",             "PutObjectTagging",        "Bucket",                         "AWS::S3::Bucket",                      WRITE, NULL),
    CALL("sagemaker",      "InvokeEndpoint",          "EndpointName",                   "AWS::SageMaker::Endpoint",             SYNC,  NULL),
    CALL("sagemaker",      "StartPipelineExecution",  "PipelineName",                   "AWS::SageMaker::Pipeline",             ASYNC, NULL),
    CALL("secretsmanager", "RotateSecret",            "SecretId",                       "AWS::SecretsManager::Secret",          WRITE, NULL),
    CALL("sns",            "Publish",                 "TopicArn TargetArn",             "AWS::SNS::Topic",                      ASYNC, NULL),
    CALL("sns",            "PublishBatch",            "TopicArn",                       "AWS::SNS::Topic",                      ASYNC, "sns:Publish"),
    CALL("sqs",            "SendMessage",             "QueueUrl",                       "AWS::SQS::Queue",                      ASYNC, NULL),
    CALL("sqs",            "SendMessageBatch",        "QueueUrl",                       "AWS::SQS::Queue",                      ASYNC, "sqs:SendMessage"),
    CALL("ssm",            "SendCommand",             "DocumentName",                   "AWS::SSM::Document",                   ASYNC, NULL),
    CALL("ssm",            "StartAutomationExecution", "DocumentName",                  "AWS::SSM::Document",                   ASYNC, NULL),
    CALL("states",         "SendTaskFailure",         "",                               "",                                     ASYNC, NULL),
    CALL("states",         "SendTaskSuccess",         "",                               "",                                     ASYNC, NULL),
    CALL("states",         "StartExecution",          "StateMachineArn",                "AWS::StepFunctions::StateMachine",     ASYNC, NULL),
    CALL("states",         "StartSyncExecution",      "StateMachineArn",                "AWS::StepFunctions::StateMachine",     SYNC,  NULL),
};

const aws_call *aws_call_of(slice service_name, slice action) {
    size_t low = 0, high = COUNT(calls);
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = slice_order(calls[middle].of, service_name);
        if (order == 0)
            order = slice_order(calls[middle].action, action);
        if (order == 0)
            return &calls[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

bool aws_call_reads(slice action) {
    static const slice heads[] = {
        SLICE_INIT("BatchGet"), SLICE_INIT("Check"), SLICE_INIT("Describe"), SLICE_INIT("Get"), SLICE_INIT("Head"), SLICE_INIT("List"),
        SLICE_INIT("Lookup"), SLICE_INIT("Query"), SLICE_INIT("Receive"), SLICE_INIT("Scan"), SLICE_INIT("Search"), SLICE_INIT("Select"),
        SLICE_INIT("TransactGet"), SLICE_INIT("DeleteMessage"), SLICE_INIT("PurgeQueue"), SLICE_INIT("Stop"),
    };
    for (size_t i = 0; i < COUNT(heads); i++)
        if (slice_starts(action, heads[i]))
            return true;
    return false;
}

slice aws_call_prefix(slice sdk_name) {
    /* AWS SDK for Java 2 service names (which Step Functions uses) against the Service Authorization Reference. */
    static const struct { slice sdk, prefix; } names[] = {
        { SLICE_INIT("apigatewaymanagementapi"), SLICE_INIT("execute-api") },
        { SLICE_INIT("bedrockagentruntime"), SLICE_INIT("bedrock") },
        { SLICE_INIT("bedrockruntime"), SLICE_INIT("bedrock") },
        { SLICE_INIT("bedrockagent"), SLICE_INIT("bedrock") },
        { SLICE_INIT("cloudwatchlogs"), SLICE_INIT("logs") },
        { SLICE_INIT("cognitoidentityprovider"), SLICE_INIT("cognito-idp") },
        { SLICE_INIT("elasticloadbalancingv2"), SLICE_INIT("elasticloadbalancing") },
        { SLICE_INIT("emrserverless"), SLICE_INIT("emr-serverless") },
        { SLICE_INIT("eventbridge"), SLICE_INIT("events") },
        { SLICE_INIT("rdsdata"), SLICE_INIT("rds-data") },
        { SLICE_INIT("redshiftdata"), SLICE_INIT("redshift-data") },
        { SLICE_INIT("runtime.sagemaker"), SLICE_INIT("sagemaker") },
        { SLICE_INIT("sagemakerruntime"), SLICE_INIT("sagemaker") },
        { SLICE_INIT("sesv2"), SLICE_INIT("ses") },
        { SLICE_INIT("sfn"), SLICE_INIT("states") },
        { SLICE_INIT("stepfunctions"), SLICE_INIT("states") },
    };
    for (size_t i = 0; i < COUNT(names); i++)
        if (slice_same_letters(names[i].sdk, sdk_name))
            return names[i].prefix;
    return sdk_name;
}

slice aws_call_action(arena *a, slice lower_camel) {
    if (lower_camel.len == 0 || lower_camel.at[0] < 'a' || lower_camel.at[0] > 'z')
        return lower_camel;
    return arena_printf(a, "%c%.*s", lower_camel.at[0] - 32, SLICE_ARG(slice_after(lower_camel, 1)));
}

slice aws_call_grant(arena *a, const aws_call *c) {
    if (c->grant != NULL)
        return slice_from(c->grant);
    return arena_printf(a, "%.*s:%.*s", SLICE_ARG(c->of), SLICE_ARG(c->action));
}
