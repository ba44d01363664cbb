/* Amazon CloudWatch metrics: API reference, PutMetricData. What is put is checked and dropped: it starts nothing here. */
#include "smoke/aws/services.h"

#define METRICS_MOST    1000u
#define DIMENSIONS_MOST 30u
#define NAME_MOST       255u

static bool refused(aws_call *c, const char *what) {
    aws_fail(c, 400, "InvalidParameterValue", "%s", what);
    return false;
}

static bool check_metric(aws_call *c, const doc_node *m) {
    const doc_node *dimensions = js_get(m, "Dimensions");
    slice name = js_str_of(m, "MetricName");
    if (name.len == 0 || name.len > NAME_MOST) return refused(c, "The parameter MetricData.member.MetricName must be a string of 1 to 255 characters.");
    if (js_len(dimensions) > DIMENSIONS_MOST) return refused(c, "The collection MetricData.member.Dimensions must not have a size greater than 30.");
    for (size_t i = 0; js_is(dimensions, DOC_LIST) && i < dimensions->list.len; i++)
        if (js_str_of(dimensions->list.at[i], "Name").len == 0 || js_str_of(dimensions->list.at[i], "Value").len == 0)
            return refused(c, "The value for parameter MetricData.member.Dimensions.member must have a Name and a Value.");
    if (js_get(m, "Value") == NULL && js_get(m, "StatisticValues") == NULL && js_get(m, "Values") == NULL)
        return refused(c, "At least one of the parameters MetricData.member.Value, Values or StatisticValues must be specified.");
    return true;
}

static void put_metric_data(aws_call *c) {
    const doc_node *metrics = js_get(c->in, "MetricData"), *entities = js_get(c->in, "EntityMetricData");
    slice space = js_str_of(c->in, "Namespace");
    if (!aws_allowed(c, "cloudwatch:PutMetricData", NULL)) return;
    if (space.len == 0 || space.len > NAME_MOST) {
        refused(c, "The parameter Namespace is required.");
        return;
    }
    if (slice_starts(space, SLICE("AWS/"))) {
        refused(c, "The value AWS/ for parameter Namespace is invalid: it is reserved.");
        return;
    }
    if (js_len(metrics) + js_len(entities) == 0) {
        refused(c, "The parameter MetricData is required.");
        return;
    }
    if (js_len(metrics) > METRICS_MOST) {
        refused(c, "The collection MetricData must not have a size greater than 1000.");
        return;
    }
    for (size_t i = 0; js_is(metrics, DOC_LIST) && i < metrics->list.len; i++)
        if (!check_metric(c, metrics->list.at[i])) return;
    aws_ok(c, NULL);
}

static const aws_operation operations[] = {
    { .name = "PutMetricData", .run = put_metric_data },
    { .name = NULL }
};

static const aws_error_alias aliases[] = {
    { "InvalidParameterValueException", "InvalidParameterValue", 400 },
    { "AccessDeniedException", "AccessDenied", 403 },
    { NULL, NULL, 0 }
};

const aws_service monitoring_service = {
    .name = "monitoring", .target = "GraniteServiceVersion20100801", .version = "2010-08-01", .xmlns = "http://monitoring.amazonaws.com/doc/2010-08-01/",
    .operations = operations, .error_namespace = "com.amazonaws.cloudwatch", .aliases = aliases,
};
