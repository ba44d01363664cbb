/* Amazon EventBridge Scheduler: API reference, schedules. */
#include "smoke/aws/services.h"

#include "service/schedule.h"
#include "smoke/aws/protocol.h"

#define SCHEDULE       "AWS::Scheduler::Schedule"
#define SCHEDULES_MOST 10000u
#define INPUT_MOST     262144u   /* bytes of Target.Input */

typedef struct {
    slice name, group;
    const doc_node *said;        /* as the client asked; NULL: deleted */
} kept;

static strmap *schedules(aws_call *c) {
    void **slot = endpoint_slot(c->of, "scheduler");
    if (*slot == NULL) *slot = ARENA_NEW(c->run->arena, strmap);
    return *slot;
}

static slice group_of(const aws_call *c) {
    slice group = js_str_of(c->in, "GroupName");
    return group.len > 0 ? group : SLICE("default");
}

static slice arn_of(aws_call *c) {
    return aws_arn(c, "scheduler", arena_printf(c->arena, "schedule/%.*s/%.*s", SLICE_ARG(group_of(c)), SLICE_ARG(js_str_of(c->in, "Name"))));
}

static kept *find(aws_call *c) {
    kept *k = strmap_get(schedules(c), arn_of(c));
    return k != NULL && k->said != NULL ? k : NULL;
}

/* One of the templates. */
static const resource *declared(aws_call *c) { return world_find(c->run->world, SLICE(SCHEDULE), js_str_of(c->in, "Name"), NULL); }

static bool invalid(aws_call *c, slice message) {
    aws_fail_with(c, 400, "ValidationException", message, NULL);
    return false;
}

static bool name_allowed(slice name) {
    for (size_t i = 0; i < name.len; i++) {
        char ch = name.at[i];
        if (!((ch >= '0' && ch <= '9') || (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || ch == '-' || ch == '_' || ch == '.')) return false;
    }
    return name.len > 0 && name.len <= 64;
}

/* False: answered. */
static bool check(aws_call *c) {
    arena *a = c->arena;
    const doc_node *target = js_get(c->in, "Target");
    slice expression = js_str_of(c->in, "ScheduleExpression"), error, group = group_of(c), mode = js_str(js_at(c->in, "FlexibleTimeWindow.Mode"));
    schedule parsed;
    if (!name_allowed(js_str_of(c->in, "Name")))
        return invalid(c, SLICE("1 validation error detected: Value at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: [0-9a-zA-Z-_.]+"));
    if (!schedule_parse(a, expression, SCHEDULE_SCHEDULER, &parsed, &error))
        return invalid(c, arena_printf(a, "Invalid Schedule Expression %.*s.", SLICE_ARG(expression)));
    if (!slice_is(mode, "OFF") && !slice_is(mode, "FLEXIBLE")) return invalid(c, SLICE("FlexibleTimeWindow.Mode must be OFF or FLEXIBLE."));
    if (slice_is(mode, "FLEXIBLE") && js_int_of(js_get(c->in, "FlexibleTimeWindow"), "MaximumWindowInMinutes", 0) < 1)
        return invalid(c, SLICE("FlexibleTimeWindow.MaximumWindowInMinutes is required with the mode FLEXIBLE."));
    if (!slice_starts(js_str_of(target, "Arn"), SLICE("arn:"))) return invalid(c, SLICE("Provided Arn is not in correct format."));
    if (!slice_starts(js_str_of(target, "RoleArn"), SLICE("arn:"))) return invalid(c, SLICE("Provided RoleArn is not in correct format."));
    if (js_str_of(target, "Input").len > INPUT_MOST) return invalid(c, SLICE("Target.Input is too long."));
    if (!slice_is(group, "default") && world_find(c->run->world, SLICE("AWS::Scheduler::ScheduleGroup"), group, NULL) == NULL) {
        aws_fail(c, 404, "ResourceNotFoundException", "Schedule group %.*s does not exist.", SLICE_ARG(group));
        return false;
    }
    return true;
}

/* The role handed over must be one that the caller may pass on (user guide, "Identity-based policies": iam:PassRole). */
static bool may_pass(aws_call *c) {
    const resource *as = world_find(c->run->world, SLICE("AWS::IAM::Role"), js_str(js_at(c->in, "Target.RoleArn")), NULL);
    return as == NULL || aws_allowed(c, "iam:PassRole", as);
}

static void keep(aws_call *c, kept *k) {
    arena *a = c->run->arena;
    const doc_node *target = js_get(c->in, "Target");
    k->said = js_copy(a, c->in);
    if (slice_is(js_str_of(c->in, "State"), "DISABLED")) {
        aws_note(c, "schedule %.*s is disabled: it does not fire", SLICE_ARG(k->name));
    } else {
        flow_schedule(c->run, k->name, arena_copy(a, js_str_of(c->in, "ScheduleExpression")), arena_copy(a, js_str_of(target, "Arn")),
                      arena_copy(a, js_str_of(target, "Input")), c->cause);
    }
    js_object o = { 0 };
    js_put(c->arena, &o, "ScheduleArn", js_string(c->arena, arn_of(c)));
    aws_ok(c, js_object_end(c->arena, &o));
}

static void create(aws_call *c) {
    arena *a = c->run->arena;
    if (!aws_allowed_arn(c, "scheduler:CreateSchedule", arn_of(c)) || !check(c) || !may_pass(c)) return;
    if (find(c) != NULL || declared(c) != NULL) {
        aws_fail(c, 409, "ConflictException", "Schedule %.*s already exists.", SLICE_ARG(js_str_of(c->in, "Name")));
        return;
    }
    if (schedules(c)->len >= SCHEDULES_MOST) {
        aws_fail(c, 402, "ServiceQuotaExceededException", "sflint smoke keeps at most %u schedules", SCHEDULES_MOST);
        return;
    }
    kept *k = ARENA_NEW(a, kept);
    k->name = arena_copy(a, js_str_of(c->in, "Name"));
    k->group = arena_copy(a, group_of(c));
    strmap_put(a, schedules(c), arena_copy(a, arn_of(c)), k);
    keep(c, k);
}

static bool missing(aws_call *c) {
    aws_fail(c, 404, "ResourceNotFoundException", "Schedule %.*s does not exist.", SLICE_ARG(js_str_of(c->in, "Name")));
    return false;
}

static void update(aws_call *c) {
    kept *k = find(c);
    if (!aws_allowed_arn(c, "scheduler:UpdateSchedule", arn_of(c))) return;
    if (k == NULL && declared(c) != NULL) aws_not_built(c, SLICE("UpdateSchedule of a schedule of the templates"));
    else if (k == NULL) missing(c);
    else if (check(c) && may_pass(c)) keep(c, k);
}

static void get(aws_call *c) {
    arena *a = c->arena;
    const kept *k = find(c);
    const resource *r = declared(c);
    if (!aws_allowed_arn(c, "scheduler:GetSchedule", arn_of(c))) return;
    if (k == NULL && r == NULL) {
        missing(c);
        return;
    }
    const doc_node *said = k != NULL ? k->said : world_json(c->run->world, r->properties, r->exists, NULL);
    said = js_without(a, js_without(a, said, SLICE("ClientToken")), SLICE("GroupName"));
    said = js_with(a, said, SLICE("Name"), js_get(c->in, "Name"));
    said = js_with(a, said, SLICE("GroupName"), js_string(a, group_of(c)));
    said = js_with(a, said, SLICE("Arn"), js_string(a, arn_of(c)));
    if (js_get(said, "State") == NULL) said = js_with(a, said, SLICE("State"), js_cstr(a, "ENABLED"));
    aws_ok(c, said);
}

static void delete(aws_call *c) {
    kept *k = find(c);
    if (!aws_allowed_arn(c, "scheduler:DeleteSchedule", arn_of(c))) return;
    if (k == NULL && declared(c) != NULL) {
        aws_not_built(c, SLICE("DeleteSchedule of a schedule of the templates"));
    } else if (k == NULL) {
        missing(c);
    } else {
        k->said = NULL;
        aws_ok(c, NULL);
    }
}

static void whole(aws_call *c) {
    static const struct { const char *method, *operation; } methods[] = {
        { "POST", "CreateSchedule" }, { "PUT", "UpdateSchedule" }, { "GET", "GetSchedule" }, { "DELETE", "DeleteSchedule" },
    };
    slice label[REST_MAX_LABELS], group;
    for (size_t i = 0; i < COUNT(methods); i++) {
        if (!slice_is(c->http->method, methods[i].method) || !rest_path(c->arena, c->http->path, "/schedules/{}", label)) continue;
        const doc_node *in = json_members(c->arena, c->http->body);
        if (in == NULL) {
            aws_fail(c, 400, "ValidationException", "the body is not a JSON object");
            return;
        }
        in = js_with(c->arena, in, SLICE("Name"), js_string(c->arena, label[0]));
        if (http_query(c->http, "groupName", &group)) in = js_with(c->arena, in, SLICE("GroupName"), js_string(c->arena, group));
        aws_dispatch(c, slice_from(methods[i].operation), in);
        return;
    }
    aws_not_built(c, arena_printf(c->arena, "%.*s %.*s", SLICE_ARG(c->http->method), SLICE_ARG(c->http->path)));
}

static const aws_operation operations[] = {
    { .name = "CreateSchedule", .run = create },
    { .name = "UpdateSchedule", .run = update },
    { .name = "GetSchedule", .run = get },
    { .name = "DeleteSchedule", .run = delete },
    { .name = NULL }
};

const aws_service scheduler_service = { .name = "scheduler", .operations = operations, .whole = whole };
