#include "graph/types.h"

static const arn_type types[] = {
#define ARN_TYPE(type, service, prefix, ends, name, arns) \
    { SLICE_INIT(type), SLICE_INIT(service), SLICE_INIT(prefix), SLICE_INIT(ends), SLICE_INIT(name), SLICE_INIT(arns) },
#include "graph/types.def"
#undef ARN_TYPE
};

const arn_type *arn_type_of(slice type) {
    size_t low = 0, high = COUNT(types);
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = slice_order(type, types[middle].type);
        if (order == 0)
            return &types[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

/* Further ways to begin: the same resource under another word. Step Functions developer guide (executions), Systems Manager
 * (automation-definition), Elastic Load Balancing (network and gateway load balancers), AppSync (the endpoint of an API). */
static const struct { slice service, prefix, type; } others[] = {
    { SLICE_INIT("ssm"), SLICE_INIT("automation-definition/"), SLICE_INIT("AWS::SSM::Document") },
    { SLICE_INIT("states"), SLICE_INIT("execution:"), SLICE_INIT("AWS::StepFunctions::StateMachine") },
    { SLICE_INIT("states"), SLICE_INIT("express:"), SLICE_INIT("AWS::StepFunctions::StateMachine") },
    { SLICE_INIT("elasticloadbalancing"), SLICE_INIT("loadbalancer/net/"), SLICE_INIT("AWS::ElasticLoadBalancingV2::LoadBalancer") },
    { SLICE_INIT("appsync"), SLICE_INIT("endpoints/graphql-api/"), SLICE_INIT("AWS::AppSync::GraphQLApi") },
    { SLICE_INIT("kafka"), SLICE_INIT("topic/"), SLICE_INIT("AWS::MSK::Cluster") },
};

const arn_type *arn_type_at(slice service, slice rest, slice type, size_t *prefix) {
    const arn_type *best = NULL;
    for (size_t i = 0; i < COUNT(others); i++)
        if (slice_eq(others[i].service, service) && slice_starts(rest, others[i].prefix)) {
            *prefix = others[i].prefix.len;
            return arn_type_of(others[i].type);
        }
    for (size_t i = 0; i < COUNT(types); i++) {
        const arn_type *t = &types[i];
        if (!slice_eq(t->service, service) || !slice_starts(rest, t->prefix))
            continue;
        if (best == NULL || t->prefix.len > best->prefix.len || (t->prefix.len == best->prefix.len && slice_eq(t->type, type)))
            best = t;
    }
    *prefix = best == NULL ? 0 : best->prefix.len;
    return best;
}

bool arn_type_gives_arn(const arn_type *t, slice attr) {
    slice one, all = t->arns;
    if (slice_ends(attr, SLICE("Arn")) || slice_ends(attr, SLICE("ARN")))
        return true;
    while (all.len > 0 && slice_cut(&all, ' ', &one))
        if (slice_eq(one, attr))
            return true;
    return false;
}

static const struct { slice type, property, main; } folds[] = {
    { SLICE_INIT("AWS::ApiGateway::Authorizer"),              SLICE_INIT("RestApiId"),         SLICE_INIT("AWS::ApiGateway::RestApi") },
    { SLICE_INIT("AWS::ApiGateway::Deployment"),              SLICE_INIT("RestApiId"),         SLICE_INIT("AWS::ApiGateway::RestApi") },
    { SLICE_INIT("AWS::ApiGateway::Resource"),                SLICE_INIT("RestApiId"),         SLICE_INIT("AWS::ApiGateway::RestApi") },
    { SLICE_INIT("AWS::ApiGateway::Stage"),                   SLICE_INIT("RestApiId"),         SLICE_INIT("AWS::ApiGateway::RestApi") },
    { SLICE_INIT("AWS::ApiGatewayV2::Authorizer"),            SLICE_INIT("ApiId"),             SLICE_INIT("AWS::ApiGatewayV2::Api") },
    { SLICE_INIT("AWS::ApiGatewayV2::Deployment"),            SLICE_INIT("ApiId"),             SLICE_INIT("AWS::ApiGatewayV2::Api") },
    { SLICE_INIT("AWS::ApiGatewayV2::Stage"),                 SLICE_INIT("ApiId"),             SLICE_INIT("AWS::ApiGatewayV2::Api") },
    { SLICE_INIT("AWS::Bedrock::AgentAlias"),                 SLICE_INIT("AgentId"),           SLICE_INIT("AWS::Bedrock::Agent") },
    { SLICE_INIT("AWS::KMS::Alias"),                          SLICE_INIT("TargetKeyId"),       SLICE_INIT("AWS::KMS::Key") },
    { SLICE_INIT("AWS::Kinesis::StreamConsumer"),             SLICE_INIT("StreamARN"),         SLICE_INIT("AWS::Kinesis::Stream") },
    { SLICE_INIT("AWS::Lambda::Alias"),                       SLICE_INIT("FunctionName"),      SLICE_INIT("AWS::Lambda::Function") },
    { SLICE_INIT("AWS::Lambda::Url"),                         SLICE_INIT("TargetFunctionArn"), SLICE_INIT("AWS::Lambda::Function") },
    { SLICE_INIT("AWS::Lambda::Version"),                     SLICE_INIT("FunctionName"),      SLICE_INIT("AWS::Lambda::Function") },
    { SLICE_INIT("AWS::Logs::LogStream"),                     SLICE_INIT("LogGroupName"),      SLICE_INIT("AWS::Logs::LogGroup") },
    { SLICE_INIT("AWS::S3::AccessPoint"),                     SLICE_INIT("Bucket"),            SLICE_INIT("AWS::S3::Bucket") },
    { SLICE_INIT("AWS::StepFunctions::StateMachineAlias"),    SLICE_INIT("RoutingConfiguration[0].StateMachineVersionArn"), SLICE_INIT("AWS::StepFunctions::StateMachine") },
    { SLICE_INIT("AWS::StepFunctions::StateMachineVersion"),  SLICE_INIT("StateMachineArn"),   SLICE_INIT("AWS::StepFunctions::StateMachine") },
};

slice fold_property(slice type, slice *main) {
    for (size_t i = 0; i < COUNT(folds); i++)
        if (slice_eq(folds[i].type, type)) {
            *main = folds[i].main;
            return folds[i].property;
        }
    return (slice){ "", 0 };
}

bool type_is_node(slice type, const catalog_row *row) {
    slice main;
    if (row == NULL)
        return false;
    switch ((role)row->role) {
    case ROLE_CONFIG: case ROLE_TRIGGER: case ROLE_DEPLOY: case ROLE_PIPE: case ROLE_SCHEDULE:
        return false;
    default:
        return fold_property(type, &main).len == 0;
    }
}
