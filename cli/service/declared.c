/* Mechanisms that are one property each: "this property of this type names what it makes act". A new one is a line here and, for a new type, a
 * line in service/services.def.
 *
 * Sources: CloudFormation user guide (property paths) and, for who calls and how, the developer guide of each service. */
#include "service/declare.h"
#include "service/services.h"

typedef struct {
    const char *type;
    const char *path;            /* of the property; `[]` any element, `{}` any entry */
    const char *names;           /* type that a plain name means; "" = ARNs and references only */
    const char *service;         /* edge.service, and the outside node "service:NAME" where the resource is no node itself */
    edge_kind kind;
    const char *from;            /* "" = the resource; "clock"; "service"; ".Property" names the source; "<" = the property names the source and the resource acts */
    const char *trigger;         /* filter {"trigger": ...}; "@Name" = the property beside the target; "" = none */
    const char *role;            /* property path of the role, "@Name" = beside the target; "" = none */
    const char *principal;       /* of the Lambda permission; "" = none needed */
    const char *only;            /* "Name=VALUE": the property beside the target must be so; "" = always */
    int wait_s;                  /* how long the caller waits; 0 = not said */
} declared;

#define ROW(type, path, names, service, kind, from, trigger, role, principal, only, wait) \
    { type, path, names, service, EDGE_##kind, from, trigger, role, principal, only, wait }

#define FUNCTION "AWS::Lambda::Function"
#define TOPIC    "AWS::SNS::Topic"
#define QUEUE    "AWS::SQS::Queue"
#define BUCKET   "AWS::S3::Bucket"
#define LOGS     "AWS::Logs::LogGroup"
#define STREAM   "AWS::Kinesis::Stream"
#define FIREHOSE "AWS::KinesisFirehose::DeliveryStream"
#define BUS      "AWS::Events::EventBus"

/* Amazon Cognito developer guide, "Customizing user pool workflows with Lambda triggers": synchronous, 5 s. */
#define COGNITO(path, trigger) \
    ROW("AWS::Cognito::UserPool", "LambdaConfig." path, "", "cognito", SYNC, "", trigger, "", "cognito-idp.amazonaws.com", "", 5), \
    ROW("AWS::Cognito::UserPoolRegionalConfigurationAttachment", "LambdaConfig." path, "", "cognito", SYNC, ".UserPoolId", trigger, "", "cognito-idp.amazonaws.com", "", 5)

/* IoT Events: one list of actions in each kind of event of a state. */
#define IOT_EVENT_ACTIONS(type, path) \
    ROW(type, path "[].Lambda.FunctionArn", "", "iotevents", ASYNC, "", "", "RoleArn", "", "", 0), \
    ROW(type, path "[].Sns.TargetArn", TOPIC, "iotevents", ASYNC, "", "", "RoleArn", "", "", 0), \
    ROW(type, path "[].Sqs.QueueUrl", QUEUE, "iotevents", ASYNC, "", "", "RoleArn", "", "", 0), \
    ROW(type, path "[].Firehose.DeliveryStreamName", FIREHOSE, "iotevents", WRITE, "", "", "RoleArn", "", "", 0), \
    ROW(type, path "[].DynamoDB.TableName", "AWS::DynamoDB::Table", "iotevents", WRITE, "", "", "RoleArn", "", "", 0), \
    ROW(type, path "[].DynamoDBv2.TableName", "AWS::DynamoDB::Table", "iotevents", WRITE, "", "", "RoleArn", "", "", 0)

static const declared rows[] = {
    COGNITO("PreSignUp", "PreSignUp"),
    COGNITO("PostConfirmation", "PostConfirmation"),
    COGNITO("PreAuthentication", "PreAuthentication"),
    COGNITO("PostAuthentication", "PostAuthentication"),
    COGNITO("PreTokenGeneration", "PreTokenGeneration"),
    COGNITO("PreTokenGenerationConfig.LambdaArn", "PreTokenGeneration"),
    COGNITO("CustomMessage", "CustomMessage"),
    COGNITO("UserMigration", "UserMigration"),
    COGNITO("DefineAuthChallenge", "DefineAuthChallenge"),
    COGNITO("CreateAuthChallenge", "CreateAuthChallenge"),
    COGNITO("VerifyAuthChallengeResponse", "VerifyAuthChallengeResponse"),
    COGNITO("CustomSMSSender.LambdaArn", "CustomSMSSender"),
    COGNITO("CustomEmailSender.LambdaArn", "CustomEmailSender"),
    COGNITO("InboundFederation.LambdaArn", "InboundFederation"),
    ROW("AWS::Cognito::LogDeliveryConfiguration", "LogConfigurations[].CloudWatchLogsConfiguration.LogGroupArn", LOGS, "cognito", WRITE, ".UserPoolId", "", "", "", "", 0),
    ROW("AWS::Cognito::LogDeliveryConfiguration", "LogConfigurations[].FirehoseConfiguration.StreamArn", FIREHOSE, "cognito", WRITE, ".UserPoolId", "", "", "", "", 0),
    ROW("AWS::Cognito::LogDeliveryConfiguration", "LogConfigurations[].S3Configuration.BucketArn", BUCKET, "cognito", WRITE, ".UserPoolId", "", "", "", "", 0),

    ROW("AWS::IoT::Authorizer", "AuthorizerFunctionArn", "", "iot", SYNC, "service", "authorizer", "", "iot.amazonaws.com", "", 5),
    ROW("AWS::IoT::ProvisioningTemplate", "PreProvisioningHook.TargetArn", "", "iot", SYNC, "service", "PreProvisioningHook", "", "iot.amazonaws.com", "", 5),
    ROW("AWS::IoT::CertificateProvider", "LambdaFunctionArn", "", "iot", SYNC, "service", "CertificateProvider", "", "iot.amazonaws.com", "", 5),
    ROW("AWS::IoT::DomainConfiguration", "ServerCertificateConfig.OcspLambdaArn", "", "iot", SYNC, "service", "Ocsp", "", "iot.amazonaws.com", "", 0),
    ROW("AWS::IoT::DomainConfiguration", "ClientCertificateConfig.ClientCertificateCallbackArn", "", "iot", SYNC, "service", "ClientCertificate", "", "iot.amazonaws.com", "", 0),
    IOT_EVENT_ACTIONS("AWS::IoTEvents::DetectorModel", "DetectorModelDefinition.States[].OnInput.Events[].Actions"),
    IOT_EVENT_ACTIONS("AWS::IoTEvents::DetectorModel", "DetectorModelDefinition.States[].OnInput.TransitionEvents[].Actions"),
    IOT_EVENT_ACTIONS("AWS::IoTEvents::DetectorModel", "DetectorModelDefinition.States[].OnEnter.Events[].Actions"),
    IOT_EVENT_ACTIONS("AWS::IoTEvents::DetectorModel", "DetectorModelDefinition.States[].OnExit.Events[].Actions"),
    IOT_EVENT_ACTIONS("AWS::IoTEvents::AlarmModel", "AlarmEventActions.AlarmActions"),
    ROW("AWS::IoTAnalytics::Pipeline", "PipelineActivities[].Lambda.LambdaName", FUNCTION, "iotanalytics", SYNC, "", "", "", "iotanalytics.amazonaws.com", "", 0),
    ROW("AWS::IoTSiteWise::Portal", "Alarms.NotificationLambdaArn", "", "iotsitewise", ASYNC, "", "", "", "", "", 0),
    ROW("AWS::IoTTwinMaker::ComponentType", "Functions{}.ImplementedBy.Lambda.Arn", "", "iottwinmaker", SYNC, "", "", "", "", "", 0),
    ROW("AWS::Greengrass::FunctionDefinition", "InitialVersion.Functions[].FunctionArn", "", "greengrass", ASYNC, "", "", "", "", "", 0),
    ROW("AWS::Greengrass::FunctionDefinitionVersion", "Functions[].FunctionArn", "", "greengrass", ASYNC, "", "", "", "", "", 0),
    ROW("AWS::GreengrassV2::ComponentVersion", "LambdaFunction.LambdaArn", "", "greengrass", ASYNC, "", "", "", "", "", 0),

    ROW("AWS::AutoScaling::AutoScalingGroup", "NotificationConfigurations[].TopicARN", TOPIC, "autoscaling", ASYNC, "", "", "", "", "", 0),
    ROW("AWS::AutoScaling::AutoScalingGroup", "NotificationConfiguration.TopicARN", TOPIC, "autoscaling", ASYNC, "", "", "", "", "", 0),
    ROW("AWS::AutoScaling::AutoScalingGroup", "LifecycleHookSpecificationList[].NotificationTargetARN", "", "autoscaling", ASYNC, "", "@LifecycleTransition", "@RoleARN", "", "", 0),
    ROW("AWS::AutoScaling::LifecycleHook", "NotificationTargetARN", "", "autoscaling", ASYNC, ".AutoScalingGroupName", "@LifecycleTransition", "@RoleARN", "", "", 0),

    ROW("AWS::CloudFormation::CustomResource", "ServiceToken", FUNCTION, "cloudformation", ASYNC, "service", "", "", "", "", 0),
    ROW("AWS::CloudFormation::Macro", "FunctionName", FUNCTION, "cloudformation", SYNC, "service", "Macro", "", "", "", 0),
    ROW("AWS::CloudFormation::LambdaHook", "LambdaFunction", FUNCTION, "cloudformation", SYNC, "service", "Hook", "ExecutionRole", "", "", 0),
    ROW("AWS::CloudFormation::Stack", "NotificationARNs[]", TOPIC, "cloudformation", ASYNC, "service", "", "", "", "", 0),

    ROW("AWS::CodeCommit::Repository", "Triggers[].DestinationArn", "", "codecommit", ASYNC, "", "", "", "codecommit.amazonaws.com", "", 0),
    ROW("AWS::CodeDeploy::DeploymentGroup", "TriggerConfigurations[].TriggerTargetArn", TOPIC, "codedeploy", ASYNC, "", "", "", "", "", 0),
    ROW("AWS::CodeStarNotifications::NotificationRule", "Targets[].TargetAddress", TOPIC, "codestar-notifications", ASYNC, ".Resource", "", "", "", "", 0),
    ROW("AWS::ECS::Service", "DeploymentConfiguration.LifecycleHooks[].HookTargetArn", FUNCTION, "ecs", SYNC, "", "LifecycleHook", "@RoleArn", "", "", 0),

    ROW("AWS::Config::OrganizationConfigRule", "OrganizationCustomRuleMetadata.LambdaFunctionArn", FUNCTION, "config", ASYNC, "", "", "", "", "", 0),
    ROW("AWS::Config::RemediationConfiguration", "TargetId", "AWS::SSM::Document", "config", ASYNC, ".ConfigRuleName", "", "", "", "TargetType=SSM_DOCUMENT", 0),
    ROW("AWS::Config::DeliveryChannel", "S3BucketName", BUCKET, "config", WRITE, "", "", "", "", "", 0),
    ROW("AWS::Config::DeliveryChannel", "SnsTopicARN", TOPIC, "config", ASYNC, "", "", "", "", "", 0),

    ROW("AWS::SSM::MaintenanceWindowTask", "TaskArn", FUNCTION, "ssm", SCHEDULE, "clock", "", "", "", "TaskType=LAMBDA", 0),
    ROW("AWS::SSM::MaintenanceWindowTask", "TaskArn", "AWS::StepFunctions::StateMachine", "ssm", SCHEDULE, "clock", "", "", "", "TaskType=STEP_FUNCTIONS", 0),
    ROW("AWS::SSM::MaintenanceWindowTask", "TaskArn", "AWS::SSM::Document", "ssm", SCHEDULE, "clock", "", "", "", "TaskType=AUTOMATION", 0),
    ROW("AWS::SSM::MaintenanceWindowTask", "TaskArn", "AWS::SSM::Document", "ssm", SCHEDULE, "clock", "", "", "", "TaskType=RUN_COMMAND", 0),
    ROW("AWS::AppConfig::ConfigurationProfile", "Validators[].Content", "", "appconfig", SYNC, "service", "validator", "", "appconfig.amazonaws.com", "Type=LAMBDA", 0),
    ROW("AWS::AppConfig::Extension", "Actions{}[].Uri", "", "appconfig", ASYNC, "service", "", "@RoleArn", "", "", 0),

    ROW("AWS::CloudFront::RealtimeLogConfig", "EndPoints[].KinesisStreamConfig.StreamArn", STREAM, "cloudfront", WRITE, "", "", "@RoleArn", "", "", 0),
    ROW("AWS::RefactorSpaces::Service", "LambdaEndpoint.Arn", FUNCTION, "refactor-spaces", SYNC, "", "", "", "", "", 0),
    ROW("AWS::EC2::ClientVpnEndpoint", "ClientConnectOptions.LambdaFunctionArn", FUNCTION, "ec2", SYNC, "", "ClientConnect", "", "", "", 30),
    ROW("AWS::EC2::VPCEndpointConnectionNotification", "ConnectionNotificationArn", TOPIC, "ec2", ASYNC, "", "", "", "", "", 0),

    ROW("AWS::SES::ConfigurationSetEventDestination", "EventDestination.SnsDestination.TopicARN", TOPIC, "ses", ASYNC, "", "", "", "", "", 0),
    ROW("AWS::SES::ConfigurationSetEventDestination", "EventDestination.KinesisFirehoseDestination.DeliveryStreamARN", FIREHOSE, "ses", WRITE, "", "", "@IAMRoleARN", "", "", 0),
    ROW("AWS::SES::ConfigurationSetEventDestination", "EventDestination.EventBridgeDestination.EventBusArn", BUS, "ses", ASYNC, "", "", "", "", "", 0),
    ROW("AWS::SES::MailManagerRuleSet", "Rules[].Actions[].InvokeLambda.FunctionArn", "", "ses", ASYNC, "", "", "@RoleArn", "", "InvocationType=EVENT", 0),
    ROW("AWS::SES::MailManagerRuleSet", "Rules[].Actions[].InvokeLambda.FunctionArn", "", "ses", SYNC, "", "", "@RoleArn", "", "InvocationType=REQUEST_RESPONSE", 0),
    ROW("AWS::SES::MailManagerRuleSet", "Rules[].Actions[].PublishToSns.TopicArn", TOPIC, "ses", ASYNC, "", "", "@RoleArn", "", "", 0),
    ROW("AWS::SES::MailManagerRuleSet", "Rules[].Actions[].WriteToS3.S3Bucket", BUCKET, "ses", WRITE, "", "", "@RoleArn", "", "", 0),

    ROW("AWS::Lex::BotAlias", "BotAliasLocaleSettings[].BotAliasLocaleSetting.CodeHookSpecification.LambdaCodeHook.LambdaArn", "", "lex", SYNC, "", "CodeHook", "", "lexv2.amazonaws.com", "", 30),
    ROW("AWS::Lex::Bot", "TestBotAliasSettings.BotAliasLocaleSettings[].BotAliasLocaleSetting.CodeHookSpecification.LambdaCodeHook.LambdaArn", "", "lex", SYNC, "", "CodeHook", "", "lexv2.amazonaws.com", "", 30),
    ROW("AWS::Connect::IntegrationAssociation", "IntegrationArn", "", "connect", SYNC, "", "", "", "connect.amazonaws.com", "IntegrationType=LAMBDA_FUNCTION", 8),
    ROW("AWS::Connect::IntegrationAssociation", "IntegrationArn", "", "connect", SYNC, "", "", "", "", "IntegrationType=LEX_BOT", 0),
    ROW("AWS::Connect::InstanceStorageConfig", "KinesisStreamConfig.StreamArn", STREAM, "connect", WRITE, "", "", "", "", "", 0),
    ROW("AWS::Connect::InstanceStorageConfig", "KinesisFirehoseConfig.FirehoseArn", FIREHOSE, "connect", WRITE, "", "", "", "", "", 0),
    ROW("AWS::Connect::InstanceStorageConfig", "S3Config.BucketName", BUCKET, "connect", WRITE, "", "", "", "", "", 0),
    ROW("AWS::Pinpoint::ApplicationSettings", "CampaignHook.LambdaFunctionName", FUNCTION, "pinpoint", SYNC, "", "", "", "", "", 0),
    ROW("AWS::Pinpoint::Campaign", "CampaignHook.LambdaFunctionName", FUNCTION, "pinpoint", SYNC, "", "", "", "", "", 0),
    ROW("AWS::Pinpoint::EventStream", "DestinationStreamArn", "", "pinpoint", WRITE, "", "", "RoleArn", "", "", 0),
    ROW("AWS::Chime::SipMediaApplication", "Endpoints[].LambdaArn", "", "chime", SYNC, "", "", "", "", "", 0),
    ROW("AWS::Chatbot::SlackChannelConfiguration", "SnsTopicArns[]", TOPIC, "chatbot", ASYNC, "<", "", "", "", "", 0),
    ROW("AWS::Chatbot::MicrosoftTeamsChannelConfiguration", "SnsTopicArns[]", TOPIC, "chatbot", ASYNC, "<", "", "", "", "", 0),
    ROW("AWS::IVSChat::Room", "MessageReviewHandler.Uri", FUNCTION, "ivschat", SYNC, "", "", "", "", "", 0),

    ROW("AWS::Transfer::Workflow", "Steps[].CustomStepDetails.Target", FUNCTION, "transfer", ASYNC, "", "step", "", "", "", 0),
    ROW("AWS::Transfer::Workflow", "OnExceptionSteps[].CustomStepDetails.Target", FUNCTION, "transfer", ASYNC, "", "exception", "", "", "", 0),
    ROW("AWS::Transfer::Workflow", "Steps[].CopyStepDetails.DestinationFileLocation.S3FileLocation.Bucket", BUCKET, "transfer", WRITE, "", "", "", "", "", 0),
    ROW("AWS::Transfer::Server", "WorkflowDetails.OnUpload[].WorkflowId", "AWS::Transfer::Workflow", "transfer", ASYNC, "", "upload", "", "", "", 0),
    ROW("AWS::Transfer::Server", "WorkflowDetails.OnPartialUpload[].WorkflowId", "AWS::Transfer::Workflow", "transfer", ASYNC, "", "partial upload", "", "", "", 0),
    ROW("AWS::Transfer::Server", "IdentityProviderDetails.Function", FUNCTION, "transfer", SYNC, "", "authorizer", "", "transfer.amazonaws.com", "", 0),
    ROW("AWS::Transfer::Server", "IdentityProviderDetails.Url", "", "transfer", SYNC, "", "authorizer", "", "", "", 0),

    ROW("AWS::Bedrock::Agent", "ActionGroups[].ActionGroupExecutor.Lambda", "", "bedrock", SYNC, "", "action group", "", "bedrock.amazonaws.com", "", 0),
    ROW("AWS::Bedrock::Agent", "PromptOverrideConfiguration.OverrideLambda", "", "bedrock", SYNC, "", "parser", "", "bedrock.amazonaws.com", "", 0),
    ROW("AWS::Bedrock::Agent", "CustomOrchestration.Executor.Lambda", "", "bedrock", SYNC, "", "orchestration", "", "bedrock.amazonaws.com", "", 0),
    ROW("AWS::Bedrock::Agent", "KnowledgeBases[].KnowledgeBaseId", "AWS::Bedrock::KnowledgeBase", "bedrock", SYNC, "", "", "", "", "", 0),
    ROW("AWS::Bedrock::Flow", "Definition.Nodes[].Configuration.LambdaFunction.LambdaArn", "", "bedrock", SYNC, "", "", "ExecutionRoleArn", "", "", 0),
    ROW("AWS::Bedrock::Flow", "Definition.Nodes[].Configuration.Storage.ServiceConfiguration.S3.BucketName", BUCKET, "bedrock", WRITE, "", "", "ExecutionRoleArn", "", "", 0),
    ROW("AWS::BedrockAgentCore::GatewayTarget", "TargetConfiguration.Mcp.Lambda.LambdaArn", "", "bedrock-agentcore", SYNC, ".GatewayIdentifier", "", "", "", "", 0),
    ROW("AWS::BedrockAgentCore::Evaluator", "EvaluatorConfig.CodeBased.LambdaConfig.LambdaArn", "", "bedrock-agentcore", SYNC, "", "", "", "", "", 0),
    ROW("AWS::Kendra::DataSource", "CustomDocumentEnrichmentConfiguration.PreExtractionHookConfiguration.LambdaArn", "", "kendra", SYNC, "", "", "", "", "", 0),
    ROW("AWS::Kendra::DataSource", "CustomDocumentEnrichmentConfiguration.PostExtractionHookConfiguration.LambdaArn", "", "kendra", SYNC, "", "", "", "", "", 0),
    ROW("AWS::QBusiness::DataSource", "DocumentEnrichmentConfiguration.PreExtractionHookConfiguration.LambdaArn", "", "qbusiness", SYNC, "", "", "", "", "", 0),
    ROW("AWS::QBusiness::DataSource", "DocumentEnrichmentConfiguration.PostExtractionHookConfiguration.LambdaArn", "", "qbusiness", SYNC, "", "", "", "", "", 0),
    ROW("AWS::AppFlow::Flow", "DestinationFlowConfigList[].DestinationConnectorProperties.S3.BucketName", BUCKET, "appflow", WRITE, "", "", "", "", "", 0),
    ROW("AWS::AppFlow::Connector", "ConnectorProvisioningConfig.Lambda.LambdaArn", "", "appflow", SYNC, "", "", "", "", "", 0),
    ROW("AWS::Location::TrackerConsumer", "ConsumerArn", "", "location", ASYNC, ".TrackerName", "", "", "", "", 0),
    ROW("AWS::HealthLake::FHIRDatastore", "IdentityProviderConfiguration.IdpLambdaArn", "", "healthlake", SYNC, "", "authorizer", "", "", "", 0),
    ROW("AWS::LookoutMetrics::Alert", "Action.LambdaConfiguration.LambdaArn", "", "lookoutmetrics", ASYNC, "", "", "@RoleArn", "", "", 0),
    ROW("AWS::LookoutMetrics::Alert", "Action.SNSConfiguration.SnsTopicArn", TOPIC, "lookoutmetrics", ASYNC, "", "", "@RoleArn", "", "", 0),

    ROW("AWS::Glue::Crawler", "Targets.S3Targets[].EventQueueArn", QUEUE, "glue", POLL, "<", "", "Role", "", "", 0),
    ROW("AWS::Glue::Crawler", "Targets.S3Targets[].DlqEventQueueArn", QUEUE, "glue", DEAD_LETTER, "", "", "Role", "", "", 0),
    ROW("AWS::Timestream::ScheduledQuery", "NotificationConfiguration.SnsConfiguration.TopicArn", TOPIC, "timestream", ASYNC, "", "", "ScheduledQueryExecutionRoleArn", "", "", 0),
    ROW("AWS::Timestream::ScheduledQuery", "ErrorReportConfiguration.S3Configuration.BucketName", BUCKET, "timestream", DEAD_LETTER, "", "", "ScheduledQueryExecutionRoleArn", "", "", 0),
    ROW("AWS::RDS::EventSubscription", "SnsTopicArn", TOPIC, "rds", ASYNC, "", "", "", "", "", 0),
    ROW("AWS::DMS::EventSubscription", "SnsTopicArn", TOPIC, "dms", ASYNC, "", "", "", "", "", 0),
    ROW("AWS::Redshift::EventSubscription", "SnsTopicArn", TOPIC, "redshift", ASYNC, "", "", "", "", "", 0),
    ROW("AWS::RDS::Integration", "SourceArn", "", "rds", STREAM, "<", "", "", "", "", 0),
    ROW("AWS::RDS::Integration", "TargetArn", "", "rds", STREAM, "", "", "", "", "", 0),
    ROW("AWS::Glue::Integration", "SourceArn", "", "glue", STREAM, "<", "", "", "", "", 0),
    ROW("AWS::Glue::Integration", "TargetArn", "", "glue", STREAM, "", "", "", "", "", 0),
    ROW("AWS::QLDB::Stream", "KinesisConfiguration.StreamArn", STREAM, "qldb", STREAM, "", "", "RoleArn", "", "", 0),
    ROW("AWS::MSK::Replicator", "ReplicationInfoList[].SourceKafkaClusterArn", "", "kafka", STREAM, "<", "", "", "", "", 0),
    ROW("AWS::MSK::Replicator", "ReplicationInfoList[].TargetKafkaClusterArn", "", "kafka", STREAM, "", "", "", "", "", 0),
    ROW("AWS::KinesisAnalyticsV2::ApplicationOutput", "Output.LambdaOutput.ResourceARN", "", "kinesisanalytics", SYNC, ".ApplicationName", "", "", "", "", 0),
    ROW("AWS::KinesisAnalyticsV2::ApplicationOutput", "Output.KinesisStreamsOutput.ResourceARN", STREAM, "kinesisanalytics", WRITE, ".ApplicationName", "", "", "", "", 0),
    ROW("AWS::KinesisAnalyticsV2::ApplicationOutput", "Output.KinesisFirehoseOutput.ResourceARN", FIREHOSE, "kinesisanalytics", WRITE, ".ApplicationName", "", "", "", "", 0),
    ROW("AWS::KinesisAnalytics::ApplicationOutput", "Output.LambdaOutput.ResourceARN", "", "kinesisanalytics", SYNC, ".ApplicationName", "", "@RoleARN", "", "", 0),
    ROW("AWS::KinesisAnalytics::ApplicationOutput", "Output.KinesisStreamsOutput.ResourceARN", STREAM, "kinesisanalytics", WRITE, ".ApplicationName", "", "@RoleARN", "", "", 0),
    ROW("AWS::KinesisAnalytics::ApplicationOutput", "Output.KinesisFirehoseOutput.ResourceARN", FIREHOSE, "kinesisanalytics", WRITE, ".ApplicationName", "", "@RoleARN", "", "", 0),
    ROW("AWS::KinesisAnalytics::Application", "Inputs[].KinesisStreamsInput.ResourceARN", STREAM, "kinesisanalytics", STREAM, "<", "", "@RoleARN", "", "", 0),
    ROW("AWS::KinesisAnalytics::Application", "Inputs[].KinesisFirehoseInput.ResourceARN", FIREHOSE, "kinesisanalytics", STREAM, "<", "", "@RoleARN", "", "", 0),
    ROW("AWS::KinesisAnalytics::Application", "Inputs[].InputProcessingConfiguration.InputLambdaProcessor.ResourceARN", "", "kinesisanalytics", SYNC, "", "", "@RoleARN", "", "", 0),
    ROW("AWS::Backup::BackupVault", "Notifications.SNSTopicArn", TOPIC, "backup", ASYNC, "", "", "", "", "", 0),
    ROW("AWS::Budgets::Budget", "NotificationsWithSubscribers[].Subscribers[].Address", TOPIC, "budgets", ASYNC, "", "", "", "", "SubscriptionType=SNS", 0),
    ROW("AWS::CE::AnomalySubscription", "Subscribers[].Address", TOPIC, "ce", ASYNC, "", "", "", "", "Type=SNS", 0),
    ROW("AWS::CloudTrail::Trail", "S3BucketName", BUCKET, "cloudtrail", WRITE, "", "", "", "", "", 0),
    ROW("AWS::CloudTrail::Trail", "SnsTopicName", TOPIC, "cloudtrail", ASYNC, "", "", "", "", "", 0),
    ROW("AWS::CloudTrail::Trail", "CloudWatchLogsLogGroupArn", LOGS, "cloudtrail", WRITE, "", "", "CloudWatchLogsRoleArn", "", "", 0),
    ROW("AWS::DevOpsGuru::NotificationChannel", "Config.Sns.TopicArn", TOPIC, "devops-guru", ASYNC, "", "", "", "", "", 0),
    ROW("AWS::ImageBuilder::InfrastructureConfiguration", "SnsTopicArn", TOPIC, "imagebuilder", ASYNC, "", "", "", "", "", 0),
    ROW("AWS::ElastiCache::CacheCluster", "NotificationTopicArn", TOPIC, "elasticache", ASYNC, "", "", "", "", "", 0),
    ROW("AWS::ElastiCache::ReplicationGroup", "NotificationTopicArn", TOPIC, "elasticache", ASYNC, "", "", "", "", "", 0),
};

typedef struct {
    const resource *r;
    const declared *row;
} declaring_row;

/* `@Name` stands beside the target, a plain path at the top of the properties. */
static const value *named(builder *b, const resource *r, const leaf *l, const char *path) {
    arena *a = build_arena(b);
    if (path[0] == '\0')
        return &value_absent;
    return value_under(path[0] == '@' ? value_get(a, l->beside, slice_from(path + 1)) : resource_written(a, r, slice_from(path)), l->when);
}

/* NO only when it is certain that the property is something else. */
static tri holds(builder *b, const leaf *l, const char *only) {
    arena *a = build_arena(b);
    slice name, wanted = slice_from(only), is;
    if (wanted.len == 0)
        return YES;
    slice_cut(&wanted, '=', &name);
    const value *v = value_under(value_get(a, l->beside, name), l->when);
    if (value_is_absent(v))
        return NO;
    return !value_text(a, v, &is) ? UNKNOWN : slice_eq(is, wanted) ? YES : NO;
}

static void wait_fact(builder *b, edge *e, const void *self) {
    const declared *row = self;
    if (row->wait_s > 0)
        build_edge_fact(b, e, SLICE("wait"), value_new_int(build_arena(b), e->at, row->wait_s));
}

/* The ARN of the resource, when its type has one to ask for. */
static const value *own_arn(builder *b, const resource *r) {
    if (r->row == NULL || !r->row->typed)
        return NULL;
    if (slice_is(catalog_text(r->row->ref), "Arn"))
        return declare_attribute(b, r, "Ref");
    return catalog_has_attribute(r->row, SLICE("Arn")) == YES ? declare_attribute(b, r, "Arn") : NULL;
}

typedef struct {
    edge_spec *spec;
    const value *target;
    slice names;
    const declared *row;
} from_each;

static void from_end(builder *b, end e, void *self) {
    const from_each *k = self;
    edge_spec s = *k->spec;
    s.from = e.node;
    s.when = e.when;
    declare_edges(b, &s, k->target, k->names, wait_fact, k->row);
}

static void declared_leaf(builder *b, const leaf *l, void *self) {
    const declaring_row *k = self;
    const declared *row = k->row;
    if (holds(b, l, row->only) != YES)
        return;
    const value *by = named(b, k->r, l, row->role);
    slice of = slice_from(row->service), names = slice_from(row->names), trigger = slice_from(row->trigger);
    if (row->trigger[0] == '@') {
        const value *v = named(b, k->r, l, row->trigger);
        if (value_is_absent(v) || !value_text(build_arena(b), v, &trigger))
            trigger = (slice){ "", 0 };
    }
    node *self_node = build_node(b, k->r);
    edge_spec s = {
        .via = self_node == NULL || row->from[0] != '\0' ? k->r : NULL, .kind = row->kind, .service = of, .when = l->when, .enabled = EDGE_ON,
        .filter = declare_filter(b, l->value->at, "trigger", trigger), .role = value_is_absent(by) ? NULL : by,
        .principal = slice_from(row->principal), .source_arn = row->principal[0] != '\0' ? own_arn(b, k->r) : NULL,
    };
    if (row->from[0] == '<') {
        s.to = self_node != NULL ? self_node : build_aws_service(b, of);
        s.via = self_node != NULL ? NULL : k->r;
        s.action = (slice){ "", 0 };
        s.role = NULL;                       /* what the reader needs is judged with its own identity */
        declare_edges_from(b, &s, l->value, names, wait_fact, row);
    } else if (row->from[0] == '.') {
        const value *source = resource_written(build_arena(b), k->r, slice_from(row->from + 1));
        from_each f = { &s, l->value, names, row };
        if (!value_is_absent(source))
            build_each_end(b, source, SLICE(""), l->when, from_end, &f);
    } else {
        bool service_acts = strcmp(row->from, "service") == 0 || (row->from[0] == '\0' && self_node == NULL);
        s.from = strcmp(row->from, "clock") == 0 ? build_clock(b) : service_acts ? build_aws_service(b, of) : self_node;
        declare_edges(b, &s, l->value, names, wait_fact, row);
    }
}

void declared_edges(builder *b, const resource *r) {
    bool custom = slice_starts(r->type, SLICE("Custom::"));
    slice type = custom ? SLICE("AWS::CloudFormation::CustomResource") : r->type;
    for (size_t i = 0; i < COUNT(rows); i++)
        if (slice_is(type, rows[i].type)) {
            declaring_row k = { r, &rows[i] };
            declare_walk(b, r->properties, r->exists, rows[i].path, declared_leaf, &k);
        }
}
