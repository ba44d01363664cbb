#include "smoke/aws/services.h"

const aws_service *const aws_services[] = {
    &sqs_service, &sns_service, &events_service, &lambda_service, &states_service, &scheduler_service,
    &secretsmanager_service, &ssm_service, &sts_service, &kms_service, &monitoring_service, &logs_service, &xray_service, &appconfig_service,
    &ses_service, &sesv2_service, &connections_service, &iotdata_service,
    &dynamodb_service, &s3_service, &kinesis_service, &firehose_service,
    NULL
};

const aws_service *aws_service_named(slice name) {
    /* What SDK integrations of state machines and older clients call them. */
    static const struct { const char *other, *name; } others[] = {
        { "eventbridge", "events" }, { "sfn", "states" }, { "cloudwatch", "monitoring" }, { "cloudwatchlogs", "logs" }, { "email", "ses" },
        { "appconfigdata", "appconfig" }, { "apigatewaymanagementapi", "execute-api" }, { "iotdataplane", "iotdata" }, { "iotdevicegateway", "iotdata" },
    };
    for (size_t i = 0; i < COUNT(others); i++)
        if (slice_is(name, others[i].other)) name = slice_from(others[i].name);
    for (size_t i = 0; aws_services[i] != NULL; i++)
        if (slice_is(name, aws_services[i]->name)) return aws_services[i];
    return NULL;
}

const aws_service *aws_service_by_target(slice target) {
    for (size_t i = 0; aws_services[i] != NULL; i++)
        if (aws_services[i]->target != NULL && slice_is(target, aws_services[i]->target)) return aws_services[i];
    return NULL;
}

const aws_service *aws_service_by_version(slice version) {
    for (size_t i = 0; aws_services[i] != NULL; i++)
        if (aws_services[i]->version != NULL && slice_is(version, aws_services[i]->version)) return aws_services[i];
    return NULL;
}
