/* Domain names of APIs. AWS SAM developer guide, "DomainConfiguration". */
#include "template/sam/domain.h"

typedef struct {
    const doc_node *domain, *route53;
    slice id;                    /* of the domain name resource */
    slice endpoint;              /* REGIONAL, EDGE or PRIVATE */
} domain_of;

static bool read_domain(sam *s, domain_of *d, const char *prefix) {
    const doc_node *domain = sam_resolved(s, sam_prop(s, "Domain"));
    if (domain == NULL)
        return false;
    if (domain->kind != DOC_MAP) {
        sam_refuse(s, domain, "Domain must be a map");
        return false;
    }
    static const char *const needed[] = { "DomainName", "CertificateArn" };
    for (size_t i = 0; i < COUNT(needed); i++)
        if (sam_get(domain, needed[i]) == NULL) {
            sam_refuse(s, domain, "Domain needs %s", needed[i]);
            return false;
        }
    *d = (domain_of){ .domain = domain, .route53 = sam_get(domain, "Route53"), .endpoint = SLICE("REGIONAL") };
    d->id = sam_print(s, "%s%.*s", prefix, SLICE_ARG(sam_hash(s, sam_get(domain, "DomainName"))));
    slice given = sam_text_of(s, sam_get(domain, "EndpointConfiguration"));
    if (given.len > 0)
        d->endpoint = given;
    if (d->route53 != NULL && d->route53->kind != DOC_MAP) {
        sam_refuse(s, d->route53, "Route53 of Domain must be a map");
        d->route53 = NULL;
    } else if (d->route53 != NULL && sam_get(d->route53, "HostedZoneId") == NULL && sam_get(d->route53, "HostedZoneName") == NULL) {
        sam_refuse(s, d->route53, "Route53 of Domain needs HostedZoneId or HostedZoneName");
        d->route53 = NULL;
    }
    return true;
}

static void mutual_tls(sam *s, draft *made, const doc_node *domain) {
    const doc_node *tls = sam_get(domain, "MutualTlsAuthentication");
    if (!sam_truth(tls))
        return;
    if (tls->kind != DOC_MAP) {
        sam_refuse(s, tls, "MutualTlsAuthentication must be a map of TruststoreUri and TruststoreVersion");
        return;
    }
    for (size_t i = 0; i < tls->map.len; i++)
        if (!slice_is(tls->map.at[i].key, "TruststoreUri") && !slice_is(tls->map.at[i].key, "TruststoreVersion"))
            sam_refuse_at(s, tls->map.at[i].key_at, tls->map.at[i].key_end, "MutualTlsAuthentication has no property %.*s", SLICE_ARG(tls->map.at[i].key));
    sam_put(s, made, "MutualTlsAuthentication", sam_draft(s, tls));
}

/* ---- records ---- */

static draft *record(sam *s, const domain_of *d, const char *type) {
    draft *one = draft_map(&s->drafts, sam_at(s)), *alias = draft_map(&s->drafts, sam_at(s));
    bool edge = slice_is(d->endpoint, "EDGE"), closed = slice_is(d->endpoint, "PRIVATE");
    sam_copy(s, one, d->domain, "DomainName>Name");
    sam_put_word(s, one, "Type", type);
    sam_copy(s, alias, d->route53, closed ? "EvaluateTargetHealth VpcEndpointHostedZoneId>HostedZoneId VpcEndpointDomainName>DNSName" : "EvaluateTargetHealth");
    if (edge && sam_get(d->route53, "DistributionDomainName") != NULL)
        sam_copy(s, alias, d->route53, "DistributionDomainName>DNSName");
    else if (edge)
        sam_put(s, alias, "DNSName", sam_att(s, d->id, "DistributionDomainName"));
    if (edge)
        sam_put_word(s, alias, "HostedZoneId", "Z2FDTNDATAQYW2");      /* CloudFront's. Route 53 API reference, AliasTarget */
    if (!edge && !closed) {
        sam_put(s, alias, "HostedZoneId", sam_att(s, d->id, "RegionalHostedZoneId"));
        sam_put(s, alias, "DNSName", sam_att(s, d->id, "RegionalDomainName"));
    }
    sam_put(s, one, "AliasTarget", alias);
    sam_copy(s, one, d->route53, "Region SetIdentifier");
    return one;
}

/* APIs with the same hosted zone share a group, unless one asks for its own. */
static void records(sam *s, const domain_of *d) {
    if (d->route53 == NULL)
        return;
    const doc_node *zone = sam_get(d->route53, "HostedZoneId"), *apart = sam_get(d->route53, "SeparateRecordSetGroup");
    if (zone == NULL)
        zone = sam_get(d->route53, "HostedZoneName");
    if (apart != NULL && apart->kind != DOC_BOOL)
        sam_refuse(s, apart, "SeparateRecordSetGroup must be true or false");
    slice hash = sam_hash(s, zone);
    bool own = sam_truth(apart);
    if (own) {
        draft *both = sam_list_of(s, sam_draft(s, zone));
        draft_push(&s->drafts, both, sam_draft(s, sam_get(d->domain, "DomainName")));
        hash = sam_hash_draft(s, both);
    }
    slice id = sam_print(s, "RecordSetGroup%.*s", SLICE_ARG(hash));
    draft *list = own ? NULL : strmap_get(&s->record_sets, id);
    if (list == NULL) {
        draft *group = sam_add(s, id, "AWS::Route53::RecordSetGroup");
        list = draft_list(&s->drafts, sam_at(s));
        strmap_put(s->a, &s->record_sets, id, list);
        if (group != NULL)
            sam_copy(s, group, d->route53, "HostedZoneId HostedZoneName");
        sam_put(s, group, "RecordSets", list);
    }
    draft_push(&s->drafts, list, record(s, d, "A"));
    if (sam_is_true(s, sam_get(d->route53, "IpV6")))
        draft_push(&s->drafts, list, record(s, d, "AAAA"));
}

/* ---- mappings ---- */

typedef void map_path(sam *s, const domain_of *d, const doc_node *path, slice stage);

static void each_path(sam *s, const domain_of *d, slice stage, map_path *map) {
    const doc_node *paths = sam_resolved(s, sam_get(d->domain, "BasePath"));
    if (sam_truth(paths) && paths->kind == DOC_LIST) {
        for (size_t i = 0; i < paths->list.len; i++) {
            const doc_node *one = sam_resolved(s, paths->list.at[i]);
            if (one->kind == DOC_STRING)
                map(s, d, one, stage);
            else
                sam_refuse(s, one, "each BasePath must be a string");
        }
    } else {
        map(s, d, sam_truth(paths) && paths->kind == DOC_STRING ? paths : NULL, stage);
    }
}

static slice letters(sam *s, slice text) {
    buf b = { .arena = s->a };
    for (size_t i = 0; i < text.len; i++)
        if (sam_alphanumeric(slice_from_to(text, i, i + 1)))
            buf_char(&b, text.at[i]);
    return buf_as_slice(&b);
}

static void rest_mapping(sam *s, const domain_of *d, const doc_node *path, slice stage) {
    bool closed = slice_is(d->endpoint, "PRIVATE");
    const doc_node *plain = doc_get(d->domain, SLICE("NormalizeBasePath"));
    slice short_path = path == NULL ? (slice){ "", 0 } : letters(s, path->text);
    slice id = sam_print(s, "%.*s%.*sBasePathMapping", SLICE_ARG(s->now->id), SLICE_ARG(short_path));
    draft *m = sam_add(s, id, closed ? "AWS::ApiGateway::BasePathMappingV2" : "AWS::ApiGateway::BasePathMapping");
    sam_put(s, m, closed ? "DomainNameArn" : "DomainName", sam_ref(s, d->id));
    sam_put(s, m, "RestApiId", sam_ref(s, s->now->id));
    sam_put(s, m, "Stage", sam_ref(s, stage));
    if (path != NULL)
        sam_put(s, m, "BasePath", draft_string(&s->drafts, path->at, plain == NULL || sam_truth(plain) ? short_path : path->text));
}

static void v2_mapping(sam *s, const domain_of *d, const doc_node *path, slice stage) {
    slice short_path = { "", 0 }, key = path == NULL ? short_path : path->text;
    for (size_t i = 0; i < key.len; i++)
        if (!sam_alphanumeric(slice_from_to(key, i, i + 1)) && strchr("/-_", key.at[i]) == NULL) {
            sam_refuse(s, path, "a BasePath has letters, digits, /, - and _ only");
            return;
        }
    if (path != NULL)
        short_path = letters(s, path->text);
    while (key.len > 0 && key.at[0] == '/')
        key = slice_after(key, 1);
    while (key.len > 0 && key.at[key.len - 1] == '/')
        key.len--;
    draft *m = sam_add(s, sam_print(s, "%.*s%.*sApiMapping", SLICE_ARG(s->now->id), SLICE_ARG(short_path)), "AWS::ApiGatewayV2::ApiMapping");
    sam_put(s, m, "DomainName", sam_ref(s, d->id));
    sam_put(s, m, "ApiId", sam_ref(s, s->now->id));
    sam_put(s, m, "Stage", sam_ref(s, stage));
    if (path != NULL)
        sam_put(s, m, "ApiMappingKey", draft_string(&s->drafts, path->at, key));
}

/* ---- domains ---- */

void sam_rest_domain(sam *s, slice stage) {
    domain_of d;
    bool closed = sam_is(s, sam_get(sam_resolved(s, sam_prop(s, "Domain")), "EndpointConfiguration"), "PRIVATE");
    if (!read_domain(s, &d, closed ? "ApiGatewayDomainNameV2" : "ApiGatewayDomainName"))
        return;
    const doc_node *endpoint = sam_get(d.domain, "EndpointConfiguration");
    bool regional = slice_is(d.endpoint, "REGIONAL");
    if (!regional && !closed && !slice_is(d.endpoint, "EDGE"))
        sam_refuse(s, endpoint, "EndpointConfiguration of Domain must be EDGE, REGIONAL or PRIVATE");
    draft *made = sam_add(s, d.id, closed ? "AWS::ApiGateway::DomainNameV2" : "AWS::ApiGateway::DomainName");
    if (made != NULL) {
        draft *types = sam_pair(s, "Types", sam_list_of(s, endpoint != NULL ? draft_of(&s->drafts, sam_resolved(s, endpoint)) : sam_word(s, "REGIONAL")));
        sam_copy(s, types, d.domain, "IpAddressType");
        sam_copy(s, made, d.domain, regional ? "DomainName CertificateArn>RegionalCertificateArn SecurityPolicy EndpointAccessMode Policy OwnershipVerificationCertificateArn"
                                             : "DomainName CertificateArn SecurityPolicy EndpointAccessMode Policy OwnershipVerificationCertificateArn");
        sam_put(s, made, "EndpointConfiguration", types);
        mutual_tls(s, made, d.domain);
    }
    each_path(s, &d, stage, rest_mapping);
    const doc_node *access = closed ? sam_get(d.domain, "AccessAssociation") : NULL;
    if (access != NULL && access->kind == DOC_MAP) {
        draft *both = draft_list(&s->drafts, sam_at(s));
        draft_push(&s->drafts, both, sam_draft(s, sam_get(access, "VpcEndpointId")));
        draft_push(&s->drafts, both, sam_string(s, d.id));
        draft *a = sam_add(s, sam_print(s, "DomainNameAccessAssociation%.*s", SLICE_ARG(sam_hash_draft(s, both))), "AWS::ApiGateway::DomainNameAccessAssociation");
        sam_put(s, a, "DomainNameArn", sam_ref(s, d.id));
        sam_put_word(s, a, "AccessAssociationSourceType", "VPCE");
        if (a != NULL)
            sam_copy(s, a, access, "VpcEndpointId>AccessAssociationSource");
    }
    records(s, &d);
    strmap_put(s->a, &s->now->refers, closed ? SLICE("DomainNameV2") : SLICE("DomainName"), sam_string(s, d.id));
}

void sam_v2_domain(sam *s, slice stage) {
    domain_of d;
    if (!read_domain(s, &d, "ApiGatewayDomainNameV2"))
        return;
    if (!slice_is(d.endpoint, "REGIONAL"))
        sam_refuse(s, sam_get(d.domain, "EndpointConfiguration"), "EndpointConfiguration of Domain must be REGIONAL");
    draft *made = sam_add(s, d.id, "AWS::ApiGatewayV2::DomainName");
    if (made != NULL) {
        draft *configuration = draft_map(&s->drafts, sam_at(s));
        sam_copy(s, configuration, d.domain, "CertificateArn OwnershipVerificationCertificateArn SecurityPolicy");
        sam_put_word(s, configuration, "EndpointType", "REGIONAL");
        sam_copy(s, made, d.domain, "DomainName");
        sam_put(s, made, "DomainNameConfigurations", sam_list_of(s, configuration));
        mutual_tls(s, made, d.domain);
    }
    each_path(s, &d, stage, v2_mapping);
    records(s, &d);
    strmap_put(s->a, &s->now->refers, SLICE("DomainName"), sam_string(s, d.id));
}
