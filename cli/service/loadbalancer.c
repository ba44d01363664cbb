/* Load balancers and VPC Lattice services: listeners and their rules send requests to target groups. Elastic Load Balancing, "Application Load
 * Balancers: Lambda functions as targets"; VPC Lattice user guide, "Target groups". */
#include "service/declare.h"
#include "service/services.h"

typedef struct {
    const char *owner, *listener, *rule, *group;   /* types */
    const char *owner_of_listener, *listener_of_rule, *owner_of_rule;   /* properties that name them; "" = none */
    const char *defaults[2], *forwards[2];         /* paths from listener and rule to a target group */
    const char *service, *principal, *kind;        /* kind: the group's property that says what its targets are */
    const char *kind_of_function;
} balancer;

static const balancer alb = {
    .owner = "AWS::ElasticLoadBalancingV2::LoadBalancer", .listener = "AWS::ElasticLoadBalancingV2::Listener",
    .rule = "AWS::ElasticLoadBalancingV2::ListenerRule", .group = "AWS::ElasticLoadBalancingV2::TargetGroup",
    .owner_of_listener = "LoadBalancerArn", .listener_of_rule = "ListenerArn", .owner_of_rule = "",
    .defaults = { "DefaultActions[].TargetGroupArn", "DefaultActions[].ForwardConfig.TargetGroups[].TargetGroupArn" },
    .forwards = { "Actions[].TargetGroupArn", "Actions[].ForwardConfig.TargetGroups[].TargetGroupArn" },
    .service = "alb", .principal = "elasticloadbalancing.amazonaws.com", .kind = "TargetType", .kind_of_function = "lambda",
};

static const balancer lattice = {
    .owner = "AWS::VpcLattice::Service", .listener = "AWS::VpcLattice::Listener", .rule = "AWS::VpcLattice::Rule", .group = "AWS::VpcLattice::TargetGroup",
    .owner_of_listener = "ServiceIdentifier", .listener_of_rule = "ListenerIdentifier", .owner_of_rule = "ServiceIdentifier",
    .defaults = { "DefaultAction.Forward.TargetGroups[].TargetGroupIdentifier", "" },
    .forwards = { "Action.Forward.TargetGroups[].TargetGroupIdentifier", "" },
    /* VPC Lattice adds the permission by itself when the function is registered (VPC Lattice user guide, "Lambda functions as targets"). */
    .service = "lattice", .principal = "", .kind = "Type", .kind_of_function = "LAMBDA",
};

/* Target group -> what registers itself with it. */
typedef struct { VEC(node *) nodes; } members;

typedef struct {
    builder *b;
    const balancer *kind;
    strmap registered;       /* id of a target group -> members */
    const resource *via;
    const value *owner;      /* what names the load balancer */
    const value *filter;
    node *self;              /* while members are gathered */
} listening;

static const resource *group_of(const listening *k, const value *v) {
    return v->kind == VAL_REF && slice_is(v->ref.to->type, k->kind->group) ? v->ref.to : NULL;
}

static void register_member(builder *b, const leaf *l, void *self) {
    listening *k = self;
    const resource *group = group_of(k, l->value);
    if (group == NULL)
        return;
    members *m = strmap_get(&k->registered, group->id);
    if (m == NULL) {
        m = ARENA_NEW(build_arena(b), members);
        strmap_put(build_arena(b), &k->registered, group->id, m);
    }
    VEC_PUSH(build_arena(b), &m->nodes, k->self);
}

static void gather(listening *k) {
    static const struct { const char *type, *path; } sources[] = {
        { "AWS::ECS::Service", "LoadBalancers[].TargetGroupArn" },
        { "AWS::AutoScaling::AutoScalingGroup", "TargetGroupARNs[]" },
    };
    for (size_t i = 0; i < COUNT(sources); i++)
        for (const resource *const *r = build_all(k->b, slice_from(sources[i].type)); *r != NULL; r++) {
            k->self = build_node(k->b, *r);
            if (k->self != NULL)
                declare_walk(k->b, (*r)->properties, (*r)->exists, sources[i].path, register_member, k);
        }
}

typedef struct {
    const listening *k;
    const resource *group;
    node *from;
    when when;
} group_edges;

static edge_spec base_spec(const group_edges *g) {
    return (edge_spec){ .from = g->from, .via = g->k->via, .kind = EDGE_SYNC, .service = slice_from(g->k->kind->service), .when = g->when,
                        .filter = g->k->filter, .enabled = EDGE_ON };
}

static void target_found(builder *b, const leaf *l, void *self) {
    const group_edges *g = self;
    edge_spec s = base_spec(g);
    s.when = l->when;
    bool function = slice_is(declare_text(b, g->group->properties, g->k->kind->kind, NULL), g->k->kind->kind_of_function);
    if (function) {
        s.principal = slice_from(g->k->kind->principal);
        s.source_arn = declare_attribute(b, g->group, slice_is(g->group->type, alb.group) ? "TargetGroupArn" : "Arn");
    } else if (l->value->kind != VAL_REF) {
        return;                              /* addresses are nothing of the templates */
    }
    declare_edges(b, &s, l->value, function ? SLICE("AWS::Lambda::Function") : SLICE("AWS::EC2::Instance"), NULL, NULL);
}

static void to_group(builder *b, end owner, void *self) {
    group_edges g = *(const group_edges *)self;
    g.from = owner.node;
    if (owner.node == NULL || !when_and(build_arena(b), owner.when, g.group->exists, &g.when))
        return;
    declare_walk(b, g.group->properties, g.when, "Targets[].Id", target_found, &g);
    const members *m = strmap_get(&g.k->registered, g.group->id);
    for (size_t i = 0; m != NULL && i < m->nodes.len; i++) {
        edge_spec s = base_spec(&g);
        s.to = m->nodes.at[i];
        s.at = g.k->via->at;
        s.end = g.k->via->end;
        build_edge(b, &s);
    }
}

static void forward_found(builder *b, const leaf *l, void *self) {
    const listening *k = self;
    group_edges g = { .k = k, .group = group_of(k, l->value), .when = l->when };
    if (g.group != NULL && !value_is_absent(k->owner))
        build_each_end(b, k->owner, slice_from(k->kind->owner), l->when, to_group, &g);
}

/* Paths and methods of a rule's conditions, where there is one of them. */
static const value *rule_filter(builder *b, const resource *r) {
    arena *a = build_arena(b);
    const value *conditions = resource_written(a, r, SLICE("Conditions")), *path = &value_absent, *method = &value_absent;
    for (size_t i = 0; conditions->kind == VAL_LIST && i < conditions->list.len && i < 16; i++) {
        const value *c = conditions->list.at[i];
        slice field = declare_text(b, c, "Field", NULL);
        const value *values = value_get(a, c, SLICE("Values"));
        if (slice_is(field, "path-pattern")) {
            if (value_is_absent(values))
                values = value_at(a, c, SLICE("PathPatternConfig.Values"));
            path = values->kind == VAL_LIST && values->list.len == 1 ? values->list.at[0] : &value_absent;
        } else if (slice_is(field, "http-request-method")) {
            values = value_at(a, c, SLICE("HttpRequestMethodConfig.Values"));
            method = values->kind == VAL_LIST && values->list.len == 1 ? values->list.at[0] : &value_absent;
        }
    }
    if (value_is_absent(path) && value_is_absent(method))
        return NULL;
    return build_map(b, r->at, (build_pair[]){ { "method", value_is_absent(method) ? value_new_string(a, r->at, SLICE("ANY")) : method },
                                               { "path", value_is_absent(path) ? value_new_string(a, r->at, SLICE("*")) : path } }, 2);
}

static void forwards(listening *k, const resource *r, const char *const paths[2]) {
    k->via = r;
    for (size_t i = 0; i < 2; i++)
        if (paths[i][0] != '\0')
            declare_walk(k->b, r->properties, r->exists, paths[i], forward_found, k);
}

/* All listeners and rules of the template are done at the first of them, so that what registers with target groups is gathered once. */
static void balancer_edges(builder *b, const resource *r, const balancer *kind) {
    const resource *const *listeners = build_all(b, slice_from(kind->listener)), *const *rules = build_all(b, slice_from(kind->rule));
    if (r != (listeners[0] != NULL ? listeners[0] : rules[0]))
        return;
    arena *a = build_arena(b);
    listening k = { .b = b, .kind = kind };
    gather(&k);
    for (; *listeners != NULL; listeners++) {
        k.owner = resource_written(a, *listeners, slice_from(kind->owner_of_listener));
        k.filter = NULL;
        forwards(&k, *listeners, kind->defaults);
    }
    for (; *rules != NULL; rules++) {
        k.owner = kind->owner_of_rule[0] != '\0' ? resource_written(a, *rules, slice_from(kind->owner_of_rule)) : &value_absent;
        const value *of = resource_written(a, *rules, slice_from(kind->listener_of_rule));
        if (of->kind == VAL_REF && slice_is(of->ref.to->type, kind->listener))
            k.owner = resource_written(a, of->ref.to, slice_from(kind->owner_of_listener));
        else if (value_is_absent(k.owner))
            k.owner = of;                    /* a listener made elsewhere stands for its load balancer */
        k.filter = rule_filter(b, *rules);
        forwards(&k, *rules, kind->forwards);
    }
}

void elb_listener_edges(builder *b, const resource *r) { balancer_edges(b, r, &alb); }
void lattice_listener_edges(builder *b, const resource *r) { balancer_edges(b, r, &lattice); }

static void caller_edge(builder *b, const resource *r, const char *of) {
    build_edge(b, &(edge_spec){ .from = build_caller(b), .to = build_node(b, r), .kind = EDGE_SYNC, .service = slice_from(of), .when = r->exists,
                                .at = r->at, .end = r->end, .enabled = EDGE_ON });
}

void elb_edges(builder *b, const resource *r) { caller_edge(b, r, "alb"); }
void lattice_service_edges(builder *b, const resource *r) { caller_edge(b, r, "lattice"); }
