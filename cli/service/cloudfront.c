/* AWS::CloudFront::Distribution. CloudFront developer guide, "Customize at the edge with functions", "Use various origins". */
#include "service/declare.h"
#include "service/services.h"
#include "service/text.h"

/* Seconds that an association may take: viewer events 5, origin events 30 ("Quotas on Lambda@Edge"). */
static void wait_fact(builder *b, edge *e, const void *self) {
    const slice *event = self;
    long long wait = slice_starts(*event, SLICE("viewer")) ? 5 : 30;
    build_edge_fact(b, e, SLICE("wait"), value_new_int(build_arena(b), e->at, wait));
}

static void association(builder *b, const leaf *l, void *self) {
    const edge_spec *base = self;
    edge_spec s = *base;
    slice event = declare_text(b, l->beside, "EventType", NULL);
    s.when = l->when;
    s.filter = declare_filter(b, l->value->at, "trigger", event);
    declare_edges(b, &s, l->value, SLICE(""), wait_fact, &event);
}

/* A host name that begins with a resource's address or id: bucket, load balancer, API. A plain host is nothing of the templates. */
static void origin(builder *b, const leaf *l, void *self) {
    edge_spec s = *(const edge_spec *)self;
    open_text t = text_of(build_arena(b), l->value);
    if (t.flat.len == 0 || t.flat.at[0] != '\0')
        return;
    s.when = l->when;
    s.at = l->value->at;
    s.end = l->value->end;
    declare_edges(b, &s, text_piece(&t, 0, 1), SLICE(""), NULL, NULL);
}

void cloudfront_distribution_edges(builder *b, const resource *r) {
    edge_spec s = { .from = build_node(b, r), .kind = EDGE_SYNC, .service = SLICE("cloudfront"), .when = r->exists, .enabled = EDGE_ON };
    if (s.from == NULL)
        return;
    build_edge(b, &(edge_spec){ .from = build_caller(b), .to = s.from, .kind = EDGE_SYNC, .service = SLICE("cloudfront"), .when = r->exists,
                                .at = r->at, .end = r->end, .enabled = EDGE_ON });
    static const char *const associations[] = {
        "DistributionConfig.DefaultCacheBehavior.LambdaFunctionAssociations[].LambdaFunctionARN",
        "DistributionConfig.CacheBehaviors[].LambdaFunctionAssociations[].LambdaFunctionARN",
        "DistributionConfig.DefaultCacheBehavior.FunctionAssociations[].FunctionARN",
        "DistributionConfig.CacheBehaviors[].FunctionAssociations[].FunctionARN",
    };
    for (size_t i = 0; i < COUNT(associations); i++)
        declare_walk(b, r->properties, r->exists, associations[i], association, &s);
    declare_walk(b, r->properties, r->exists, "DistributionConfig.Origins[].DomainName", origin, &s);
}
