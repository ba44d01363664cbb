/* AWS::SecretsManager::RotationSchedule. Secrets Manager user guide, "Rotate AWS Secrets Manager secrets". */
#include "service/declare.h"
#include "service/services.h"

void secrets_rotation_edges(builder *b, const resource *r) {
    arena *a = build_arena(b);
    const value *expression = resource_written(a, r, SLICE("RotationRules.ScheduleExpression"));
    const value *days = resource_written(a, r, SLICE("RotationRules.AutomaticallyAfterDays")), *secret = resource_written(a, r, SLICE("SecretId"));
    long long n;
    if (value_is_absent(expression) && value_as_int(a, days, &n) == YES)
        expression = value_new_string(a, days->at, arena_printf(a, "rate(%lld day%s)", n, n == 1 ? "" : "s"));
    edge_spec s = {
        .from = build_clock(b), .via = r, .kind = EDGE_SCHEDULE, .service = SLICE("secrets"), .when = r->exists, .enabled = EDGE_ON,
        .principal = SLICE("secretsmanager.amazonaws.com"), .source_arn = value_is_absent(secret) ? NULL : secret,
        .filter = value_is_absent(expression) ? NULL : build_map(b, expression->at, (build_pair[]){ { "schedule", expression } }, 1),
    };
    declare_edges(b, &s, resource_written(a, r, SLICE("RotationLambdaARN")), SLICE("AWS::Lambda::Function"), NULL, NULL);
}
