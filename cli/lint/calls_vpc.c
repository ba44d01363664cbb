/* Functions in a VPC: what they reach from there, and what for they are there.
 * VPC user guide, "Configure route tables", "Connect to the internet or other networks using NAT devices"; AWS PrivateLink guide, "AWS
 * services that integrate with AWS PrivateLink"; Lambda developer guide, "Giving Lambda functions access to resources in an Amazon VPC". */
#include "lint/calls.h"

static const value *seen(cel_context *c, const value *v) { return value_under(v, evaluation_of(c)->when); }

static const value *seen_property(cel_context *c, const resource *r, const char *path) {
    return seen(c, resource_written(c->arena, r, slice_from(path)));
}

/* ---- is there a way out? ---- */

static bool is_default_route(cel_context *c, const resource *route, tri *known) {
    slice text;
    const value *to = seen_property(c, route, "DestinationCidrBlock");
    *known = YES;
    if (value_is_absent(to)) return false;
    if (!value_text(c->arena, to, &text)) {
        *known = UNKNOWN;
        return false;
    }
    return slice_is(text, "0.0.0.0/0");
}

/* Does the route lead a function's packets out? An internet gateway does not: a function's interface has no public address. */
static tri leads_out(cel_context *c, const resource *route) {
    const value *gateway = seen_property(c, route, "GatewayId");
    if (value_is_absent(gateway)) return YES;        /* NAT gateway or instance, transit gateway, ... */
    if (gateway->kind == VAL_REF) return slice_is(gateway->ref.to->type, "AWS::EC2::InternetGateway") ? NO : YES;
    slice text;
    return value_text(c->arena, gateway, &text) && slice_starts(text, SLICE("igw-")) ? NO : UNKNOWN;
}

static tri table_leads_out(cel_context *c, const resource *table) {
    size_t len;
    bool open;
    const resource *const *routes = call_users_by_reference(c, table, SLICE("AWS::EC2::Route"), SLICE("RouteTableId"), &len, &open);
    tri any = open ? UNKNOWN : NO;
    for (size_t i = 0; i < len; i++) {
        tri known;
        bool is = is_default_route(c, routes[i], &known);
        tri out = is ? leads_out(c, routes[i]) : NO;
        if (out == YES) return YES;
        if (known == UNKNOWN || out == UNKNOWN || (is && routes[i]->exists.len > 0)) any = UNKNOWN;
    }
    return any;
}

/* A subnet of a VPC of the templates; without an association it has the VPC's main table, which has the local route only: no template can name
 * it to add another. */
static tri subnet_leads_out(cel_context *c, const resource *subnet) {
    size_t len;
    bool open;
    const resource *const *of = call_users_by_reference(c, subnet, SLICE("AWS::EC2::SubnetRouteTableAssociation"), SLICE("SubnetId"), &len, &open);
    if (open) return UNKNOWN;
    for (size_t i = 0; i < len; i++) {
        const value *table = seen_property(c, of[i], "RouteTableId");
        if (table->kind != VAL_REF || !slice_is(table->ref.to->type, "AWS::EC2::RouteTable")) return UNKNOWN;
        tri out = table_leads_out(c, table->ref.to);
        if (out != NO) return out;
    }
    return NO;
}

/* ---- endpoints ---- */

/* IAM prefix -> the last word of the endpoint's service name. What Lambda itself does for a function (logs, traces, interfaces) needs none. */
static const struct { slice calls, endpoint, name; } services[] = {
    { SLICE_INIT("dynamodb"), SLICE_INIT("dynamodb"), SLICE_INIT("DynamoDB") },
    { SLICE_INIT("events"), SLICE_INIT("events"), SLICE_INIT("EventBridge") },
    { SLICE_INIT("firehose"), SLICE_INIT("kinesis-firehose"), SLICE_INIT("Firehose") },
    { SLICE_INIT("kinesis"), SLICE_INIT("kinesis-streams"), SLICE_INIT("Kinesis") },
    { SLICE_INIT("lambda"), SLICE_INIT("lambda"), SLICE_INIT("Lambda") },
    { SLICE_INIT("s3"), SLICE_INIT("s3"), SLICE_INIT("S3") },
    { SLICE_INIT("secretsmanager"), SLICE_INIT("secretsmanager"), SLICE_INIT("Secrets Manager") },
    { SLICE_INIT("sns"), SLICE_INIT("sns"), SLICE_INIT("SNS") },
    { SLICE_INIT("sqs"), SLICE_INIT("sqs"), SLICE_INIT("SQS") },
    { SLICE_INIT("ssm"), SLICE_INIT("ssm"), SLICE_INIT("Systems Manager") },
    { SLICE_INIT("states"), SLICE_INIT("states"), SLICE_INIT("Step Functions") },
};

static tri endpoint_is_for(cel_context *c, const resource *endpoint, slice wanted) {
    slice name = value_glob(c->arena, seen_property(c, endpoint, "ServiceName")), rest = name, word = SLICE("");
    if (name.at == NULL || name.len == 0) return UNKNOWN;
    while (slice_cut(&rest, '.', &word)) {
        if (slice_is(word, "*") && rest.at == NULL) return UNKNOWN;
        if (slice_eq(word, wanted)) return YES;
    }
    return slice_is(name, "*") ? UNKNOWN : NO;
}

static tri has_endpoint(cel_context *c, const resource *vpc, slice wanted) {
    size_t len;
    bool open;
    const resource *const *at = call_users_by_reference(c, vpc, SLICE("AWS::EC2::VPCEndpoint"), SLICE("VpcId"), &len, &open);
    tri any = open ? UNKNOWN : NO;
    for (size_t i = 0; i < len; i++) {
        tri is = endpoint_is_for(c, at[i], wanted);
        if (is == YES) return YES;
        if (is == UNKNOWN) any = UNKNOWN;
    }
    return any;
}

/* Other stacks put endpoints and databases into a VPC that they are told of. */
static bool handed_on(const resource *vpc) {
    const template *t = vpc->in;
    for (size_t i = 0; i < t->outputs.len; i++) {
        const output *o = &t->outputs.at[i];
        if (o->value->kind == VAL_REF && o->value->ref.to == vpc && (t->parent != NULL || !value_is_absent(o->export_name))) return true;
    }
    return false;
}

/* All subnets of the templates, in one VPC of them that no other stack is told of; NULL when that is not so. */
static const resource *own_vpc(cel_context *c, const resource *function, const value *const **subnets, size_t *len) {
    const value *list = seen_property(c, function, "VpcConfig.SubnetIds");
    const resource *vpc = NULL;
    if (list->kind != VAL_LIST || list->list.len == 0) return NULL;
    value_as_list(c->arena, list, subnets, len);
    for (size_t i = 0; i < *len; i++) {
        const value *s = seen(c, (*subnets)[i]);
        if (s->kind != VAL_REF || !slice_is(s->ref.to->type, "AWS::EC2::Subnet")) return NULL;
        const value *in = seen_property(c, s->ref.to, "VpcId");
        if (in->kind != VAL_REF || !slice_is(in->ref.to->type, "AWS::EC2::VPC") || (vpc != NULL && vpc != in->ref.to)) return NULL;
        vpc = in->ref.to;
    }
    return vpc == NULL || handed_on(vpc) ? NULL : vpc;
}

/* Names of the services that the role grants calls to and that nothing leads to; unknown where a subnet or route is. */
cel_value call_vpc_unreached(cel_context *c, const cel_value *args, size_t count) {
    (void)count;
    const resource *r = bind_as_resource(args[0]);
    const value *const *subnets;
    size_t len = 0;
    const resource *vpc = r == NULL || r->node == NULL ? NULL : own_vpc(c, r, &subnets, &len);
    if (vpc == NULL) return cel_unknown(SLICE("what the subnets lead to"));
    const node *n = r->node;
    for (size_t i = 0; i < len; i++) {
        const value *s = seen(c, subnets[i]);
        tri out = subnet_leads_out(c, s->ref.to);
        if (out == YES) return cel_list(NULL, 0);
        if (out == UNKNOWN) return cel_unknown(SLICE("where the subnets' routes lead"));
    }
    const value *calls = value_get(c->arena, n->facts, SLICE("calls"));
    if (calls->kind != VAL_LIST) return cel_unknown(SLICE("what the role grants"));
    VEC(cel_value) out = { 0 };
    for (size_t i = 0; i < calls->list.len; i++)
        for (size_t k = 0; k < COUNT(services); k++)
            if (calls->list.at[i]->kind == VAL_STRING && slice_eq(calls->list.at[i]->text, services[k].calls) && has_endpoint(c, vpc, services[k].endpoint) == NO)
                VEC_PUSH(c->arena, &out, cel_string(services[k].name));
    return cel_list(out.at, out.len);
}

/* ---- is it there for anything? ---- */

/* Stand in a VPC, or are ways to what is beyond it. */
static const char *const in_vpc[] = {
    "AWS::RDS::", "AWS::ElastiCache::", "AWS::MemoryDB::", "AWS::DAX::", "AWS::OpenSearchService::", "AWS::Elasticsearch::", "AWS::OpenSearchServerless::VpcEndpoint",
    "AWS::MSK::", "AWS::EFS::", "AWS::FSx::", "AWS::DocDB", "AWS::Neptune", "AWS::Redshift", "AWS::ElasticLoadBalancing", "AWS::ECS::", "AWS::EKS::",
    "AWS::EC2::Instance", "AWS::EC2::LaunchTemplate", "AWS::AutoScaling::", "AWS::EC2::VPCEndpoint", "AWS::EC2::TransitGateway", "AWS::EC2::VPCPeering",
    "AWS::EC2::VPN", "AWS::EC2::EIP", "AWS::EC2::NetworkInterface", "AWS::AmazonMQ::", "AWS::ServiceDiscovery::", "AWS::DMS::", "AWS::Transfer::",
    "AWS::DirectoryService::", "AWS::Timestream::InfluxDB", "AWS::Cassandra::", "AWS::VpcLattice::", "AWS::Batch::", "AWS::WorkSpaces::", "AWS::CloudFormation::Stack",
    "AWS::SecretsManager::", "AWS::EC2::CustomerGateway", "AWS::NetworkFirewall::", "AWS::EC2::PrefixList",
};

/* Anything of the stack that stands in a VPC may be what the function is there for, also when no line leads to it. */
static bool stack_has_something(cel_context *c, const template *root) {
    const lint_index *index = evaluation_of(c)->index;
    for (size_t i = 0; i < index->by_type.len; i++)
        for (size_t k = 0; k < COUNT(in_vpc); k++) {
            if (!slice_starts(index->by_type.at[i].key, slice_from(in_vpc[k]))) continue;
            const lint_resources *of_type = index->by_type.at[i].value;
            for (size_t j = 0; j < of_type->list.len; j++)
                if (lint_index_root(of_type->list.at[j]->in) == root) return true;
        }
    return false;
}

/* A name with dots in it may be a host; so may everything that is not known. */
static bool may_name_a_host(cel_context *c, const value *v) {
    slice text;
    v = seen(c, v);
    if (v->kind == VAL_REF) return false;
    if (!value_text(c->arena, v, &text)) return v->kind != VAL_MAP && v->kind != VAL_LIST;
    return !slice_starts(text, SLICE("arn:")) && (slice_find(text, '.') < text.len || slice_find_slice(text, SLICE("://")) != (size_t)-1);
}

/* Is the function in the VPC for something? Unknown where what it is given may lead anywhere. */
cel_value call_vpc_needed(cel_context *c, const cel_value *args, size_t count) {
    (void)count;
    const resource *r = bind_as_resource(args[0]);
    const value *const *subnets;
    size_t len;
    if (r == NULL || own_vpc(c, r, &subnets, &len) == NULL) return cel_unknown(SLICE("what there is in the VPC"));
    if (stack_has_something(c, lint_index_root(r->in)) || !value_is_absent(seen_property(c, r, "FileSystemConfigs"))) return cel_bool(true);
    const value *variables = seen_property(c, r, "Environment.Variables");
    if (variables->kind == VAL_MAP)
        for (size_t i = 0; i < variables->map.len; i++)
            if (may_name_a_host(c, variables->map.at[i].value)) return cel_unknown(SLICE("what the environment variables name"));
    return variables->kind == VAL_MAP || value_is_absent(variables) ? cel_bool(false) : cel_unknown(SLICE("what the environment variables are"));
}
