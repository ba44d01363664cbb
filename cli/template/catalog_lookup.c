#include "template/catalog.h"

static const slice role_names[] = {
#define ROLE(name, text) SLICE_INIT(text),
#include "template/role.def"
#undef ROLE
};

slice role_name(role r) { return role_names[r]; }

/* How many bytes of one text are not in the other, wherever they stand: the two are never nearer than that. */
static size_t bytes_apart(const uint8_t counts[256], size_t len, slice other) {
    uint8_t left[256];
    size_t missing = 0;
    memcpy(left, counts, sizeof left);
    for (size_t i = 0; i < other.len; i++) {
        uint8_t *n = &left[(unsigned char)other.at[i]];
        if (*n > 0) (*n)--;
        else missing++;
    }
    size_t extra = len - (other.len - missing);
    return missing > extra ? missing : extra;
}

slice catalog_nearest(slice type) {
    slice near = { "", 0 };
    uint8_t counts[256] = { 0 };
    if (type.len > UINT8_MAX) return near;      /* no type's name is that long */
    for (size_t i = 0; i < type.len; i++) counts[(unsigned char)type.at[i]]++;
    for (size_t i = 0, best = 3; i < catalog_row_count; i++) {
        slice other = catalog_text(catalog_rows[i].type);
        if (other.len + 2 < type.len || type.len + 2 < other.len) continue;
        if (bytes_apart(counts, type.len, other) >= best) continue;
        size_t d = slice_distance(type, other, best - 1);
        if (d >= best) continue;
        best = d;
        near = other;
    }
    return near;
}

const catalog_row *catalog_find(slice type) {
    size_t low = 0, high = catalog_row_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = slice_order(catalog_text(catalog_rows[middle].type), type);
        if (order == 0) return &catalog_rows[middle];
        if (order < 0) low = middle + 1;
        else high = middle;
    }
    return NULL;
}

/* Types whose attributes are made up by what they stand for (CloudFormation user guide, "Return values" of each). */
static const slice open_attributes[] = {
    SLICE_INIT("AWS::CloudFormation::CustomResource"),
    SLICE_INIT("AWS::CloudFormation::Stack"),
    SLICE_INIT("AWS::CloudFormation::Macro"),
    SLICE_INIT("AWS::ServiceCatalog::CloudFormationProvisionedProduct"),
};

/* Types whose properties can be asked for as well; with all others CloudFormation takes only what the type itself sets ("must be a
 * readonly property in schema"). Sorted. Fact: types from before the registry, as aws-cloudformation/cfn-lint lists them. */
static const slice properties_too[] = {
    SLICE_INIT("AWS::Amplify::Branch"), SLICE_INIT("AWS::Amplify::Domain"), SLICE_INIT("AWS::AppMesh::GatewayRoute"),
    SLICE_INIT("AWS::AppMesh::Mesh"), SLICE_INIT("AWS::AppMesh::Route"), SLICE_INIT("AWS::AppMesh::VirtualGateway"),
    SLICE_INIT("AWS::AppMesh::VirtualNode"), SLICE_INIT("AWS::AppMesh::VirtualRouter"), SLICE_INIT("AWS::AppMesh::VirtualService"),
    SLICE_INIT("AWS::AppSync::DataSource"), SLICE_INIT("AWS::AppSync::DomainName"), SLICE_INIT("AWS::AppSync::FunctionConfiguration"),
    SLICE_INIT("AWS::AppSync::Resolver"), SLICE_INIT("AWS::AutoScaling::AutoScalingGroup"), SLICE_INIT("AWS::Backup::BackupSelection"),
    SLICE_INIT("AWS::Backup::BackupVault"), SLICE_INIT("AWS::Backup::LogicallyAirGappedBackupVault"),
    SLICE_INIT("AWS::Cloud9::EnvironmentEC2"), SLICE_INIT("AWS::CloudWatch::InsightRule"), SLICE_INIT("AWS::CodeArtifact::Domain"),
    SLICE_INIT("AWS::CodeArtifact::Repository"), SLICE_INIT("AWS::DocDB::DBCluster"), SLICE_INIT("AWS::EC2::CapacityReservation"),
    SLICE_INIT("AWS::EC2::Instance"), SLICE_INIT("AWS::EC2::SecurityGroup"), SLICE_INIT("AWS::EC2::Subnet"),
    SLICE_INIT("AWS::EC2::VPC"), SLICE_INIT("AWS::EFS::MountTarget"), SLICE_INIT("AWS::EKS::Nodegroup"),
    SLICE_INIT("AWS::ElastiCache::ReplicationGroup"), SLICE_INIT("AWS::ElasticLoadBalancingV2::LoadBalancer"),
    SLICE_INIT("AWS::EventSchemas::Discoverer"), SLICE_INIT("AWS::EventSchemas::Registry"), SLICE_INIT("AWS::EventSchemas::Schema"),
    SLICE_INIT("AWS::Events::EventBus"), SLICE_INIT("AWS::GameLift::GameSessionQueue"),
    SLICE_INIT("AWS::GameLift::MatchmakingConfiguration"), SLICE_INIT("AWS::GameLift::MatchmakingRuleSet"),
    SLICE_INIT("AWS::Grafana::Workspace"), SLICE_INIT("AWS::Greengrass::ConnectorDefinition"),
    SLICE_INIT("AWS::Greengrass::CoreDefinition"), SLICE_INIT("AWS::Greengrass::DeviceDefinition"),
    SLICE_INIT("AWS::Greengrass::FunctionDefinition"), SLICE_INIT("AWS::Greengrass::Group"),
    SLICE_INIT("AWS::Greengrass::LoggerDefinition"), SLICE_INIT("AWS::Greengrass::ResourceDefinition"),
    SLICE_INIT("AWS::Greengrass::SubscriptionDefinition"), SLICE_INIT("AWS::ImageBuilder::Component"),
    SLICE_INIT("AWS::ImageBuilder::ContainerRecipe"), SLICE_INIT("AWS::ImageBuilder::DistributionConfiguration"),
    SLICE_INIT("AWS::ImageBuilder::ImagePipeline"), SLICE_INIT("AWS::ImageBuilder::ImageRecipe"),
    SLICE_INIT("AWS::ImageBuilder::InfrastructureConfiguration"), SLICE_INIT("AWS::IoT1Click::Device"),
    SLICE_INIT("AWS::IoT1Click::Placement"), SLICE_INIT("AWS::IoT1Click::Project"), SLICE_INIT("AWS::Kinesis::StreamConsumer"),
    SLICE_INIT("AWS::ManagedBlockchain::Member"), SLICE_INIT("AWS::ManagedBlockchain::Node"),
    SLICE_INIT("AWS::MediaConvert::JobTemplate"), SLICE_INIT("AWS::MediaConvert::Preset"), SLICE_INIT("AWS::MediaConvert::Queue"),
    SLICE_INIT("AWS::MediaLive::Input"), SLICE_INIT("AWS::Neptune::DBCluster"), SLICE_INIT("AWS::OpsWorks::Instance"),
    SLICE_INIT("AWS::OpsWorks::UserProfile"), SLICE_INIT("AWS::RDS::DBInstance"), SLICE_INIT("AWS::RDS::DBParameterGroup"),
    SLICE_INIT("AWS::RedshiftServerless::Workgroup"), SLICE_INIT("AWS::RoboMaker::RobotApplication"),
    SLICE_INIT("AWS::RoboMaker::SimulationApplication"), SLICE_INIT("AWS::Route53Resolver::ResolverEndpoint"),
    SLICE_INIT("AWS::Route53Resolver::ResolverRule"), SLICE_INIT("AWS::Route53Resolver::ResolverRuleAssociation"),
    SLICE_INIT("AWS::S3::AccessPoint"), SLICE_INIT("AWS::SNS::Topic"), SLICE_INIT("AWS::SQS::Queue"), SLICE_INIT("AWS::SSM::Parameter"),
    SLICE_INIT("AWS::SageMaker::CodeRepository"), SLICE_INIT("AWS::SageMaker::DataQualityJobDefinition"),
    SLICE_INIT("AWS::SageMaker::Endpoint"), SLICE_INIT("AWS::SageMaker::EndpointConfig"), SLICE_INIT("AWS::SageMaker::Model"),
    SLICE_INIT("AWS::SageMaker::ModelBiasJobDefinition"), SLICE_INIT("AWS::SageMaker::ModelExplainabilityJobDefinition"),
    SLICE_INIT("AWS::SageMaker::ModelQualityJobDefinition"), SLICE_INIT("AWS::SageMaker::MonitoringSchedule"),
    SLICE_INIT("AWS::SageMaker::NotebookInstance"), SLICE_INIT("AWS::SageMaker::NotebookInstanceLifecycleConfig"),
    SLICE_INIT("AWS::SageMaker::Workteam"), SLICE_INIT("AWS::ServiceDiscovery::Service"), SLICE_INIT("AWS::StepFunctions::Activity"),
    SLICE_INIT("AWS::Transfer::User"),
};

/* Names from before that are still taken. */
static const struct {
    slice type, attribute;
} older[] = {
    { SLICE_INIT("AWS::Elasticsearch::Domain"), SLICE_INIT("DomainArn") },
    { SLICE_INIT("AWS::OpenSearchService::Domain"), SLICE_INIT("DomainArn") },
};

static bool has_property(const catalog_row *row, slice name) {
    name.len = slice_find(name, '.');
    for (size_t i = 0; i < row->properties_count; i++)
        if (slice_eq(catalog_text(catalog_properties[row->properties_first + i]), name)) return true;
    return false;
}

static bool takes_properties(slice type) {
    for (size_t i = 0; i < COUNT(properties_too); i++)
        if (slice_eq(properties_too[i], type)) return true;
    return false;
}

tri catalog_has_attribute(const catalog_row *row, slice attribute) {
    if (row == NULL || !row->typed) return UNKNOWN;
    slice type = catalog_text(row->type);
    /* Lowered away before deployment, with attributes of what they become. */
    if (slice_starts(type, SLICE("AWS::Serverless::"))) return UNKNOWN;
    for (size_t i = 0; i < COUNT(open_attributes); i++)
        if (slice_eq(type, open_attributes[i])) return UNKNOWN;
    size_t low = 0, high = row->attributes_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = slice_order(catalog_text(catalog_attributes[row->attributes_first + middle]), attribute);
        if (order == 0) return YES;
        if (order < 0) low = middle + 1;
        else high = middle;
    }
    for (size_t i = 0; i < COUNT(older); i++)
        if (slice_eq(older[i].type, type) && slice_eq(older[i].attribute, attribute)) return YES;
    return takes_properties(type) && has_property(row, attribute) ? YES : NO;
}
