/* Step Functions developer guide, "Handling errors in Step Functions workflows": retriers and catchers. */
#include <math.h>

#include "smoke/asl/execution.h"

#define ATTEMPTS_DEFAULT 3
#define ATTEMPTS_MOST    99999999ll
#define DELAY_MOST_S     31622400.0     /* MaxDelaySeconds: "less than 31622400" */

static bool name_matches(slice name, slice error) {
    if (slice_eq(name, error)) return true;
    if (slice_eq(name, asl_error_all)) return !slice_eq(error, asl_error_limit) && !slice_eq(error, asl_error_runtime);
    if (slice_eq(name, asl_error_task_failed))
        return !slice_eq(error, asl_error_timeout) && !slice_eq(error, asl_error_heartbeat) && !slice_eq(error, asl_error_limit) &&
            !slice_eq(error, asl_error_runtime);
    return slice_eq(name, asl_error_timeout) && slice_eq(error, asl_error_heartbeat);
}

bool asl_error_matches(const doc_node *handler, slice error) {
    const doc_node *names = js_get(handler, "ErrorEquals");
    for (size_t i = 0; js_is(names, DOC_LIST) && i < names->list.len; i++)
        if (name_matches(js_str(names->list.at[i]), error)) return true;
    return false;
}

static double number(const doc_node *retrier, const char *key, double fallback) {
    const doc_node *n = js_get(retrier, key);
    return js_is_number(n) ? js_double_of(n) : fallback;
}

double asl_retry_delay(asl_visit *v, slice error) {
    const doc_node *retriers = asl_field_of(v, "Retry");
    for (size_t i = 0; js_is(retriers, DOC_LIST) && i < retriers->list.len; i++) {
        const doc_node *r = retriers->list.at[i];
        if (!asl_error_matches(r, error)) continue;
        long long most = js_int_of(r, "MaxAttempts", ATTEMPTS_DEFAULT);
        if (most > ATTEMPTS_MOST || (long long)v->retried[i] >= most) return -1;
        double delay = number(r, "IntervalSeconds", 1) * pow(number(r, "BackoffRate", 2), v->retried[i]);
        v->retried[i]++;
        double longest = number(r, "MaxDelaySeconds", DELAY_MOST_S);
        if (!(delay < longest)) delay = longest;
        if (slice_is(js_str_of(r, "JitterStrategy"), "FULL")) delay *= asl_random(&v->run->execution->machinery);
        return delay < 0 ? 0 : delay;
    }
    return -1;
}

const doc_node *asl_catcher_of(const asl_visit *v, slice error) {
    const doc_node *catchers = asl_field_of(v, "Catch");
    for (size_t i = 0; js_is(catchers, DOC_LIST) && i < catchers->list.len; i++)
        if (asl_error_matches(catchers->list.at[i], error)) return catchers->list.at[i];
    return NULL;
}
