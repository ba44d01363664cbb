/* The services that the endpoint knows. A new one: a file with its aws_service, a line here and a line in services.c. */
#ifndef SFLINT_SMOKE_AWS_SERVICES_H
#define SFLINT_SMOKE_AWS_SERVICES_H

#include "smoke/aws/call.h"

extern const aws_service sqs_service, sns_service, events_service, lambda_service, states_service, scheduler_service;
extern const aws_service secretsmanager_service, ssm_service, sts_service, kms_service;
extern const aws_service monitoring_service, logs_service, xray_service, appconfig_service;
extern const aws_service ses_service, sesv2_service, connections_service, iotdata_service;
/* dynamodb.c, s3.c, kinesis.c, firehose.c */
extern const aws_service dynamodb_service, s3_service, kinesis_service, firehose_service;

/* By signing name ("sqs"), by what stands in front of the dot in X-Amz-Target, by the version of the query protocol; NULL. */
const aws_service *aws_service_named(slice name);
const aws_service *aws_service_by_target(slice target);
const aws_service *aws_service_by_version(slice version);

#endif
