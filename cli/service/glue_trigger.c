/* AWS::Glue::Trigger. Glue developer guide, "AWS Glue triggers". */
#include "service/declare.h"
#include "service/services.h"

static const struct { const char *property, *names; } works[] = { { "JobName", "AWS::Glue::Job" }, { "CrawlerName", "AWS::Glue::Crawler" } };

typedef struct {
    const resource *r;
    edge_spec spec;
    size_t conditions;
} trigger;

static void from_watched(builder *b, end e, void *self) {
    trigger one = *(const trigger *)self;
    one.spec.from = e.node;
    const value *actions = resource_written(build_arena(b), one.r, SLICE("Actions"));
    for (size_t i = 0; actions->kind == VAL_LIST && i < actions->list.len && i < 50; i++)
        for (size_t w = 0; w < COUNT(works); w++) {
            one.spec.when = e.when;
            declare_edges(b, &one.spec, value_get(build_arena(b), actions->list.at[i], slice_from(works[w].property)), slice_from(works[w].names),
                          NULL, NULL);
        }
}

static void condition_found(builder *b, const leaf *l, void *self) {
    trigger *k = self;
    for (size_t w = 0; w < COUNT(works); w++) {
        const value *v = value_get(build_arena(b), l->value, slice_from(works[w].property));
        if (!value_is_absent(v)) {
            k->conditions++;
            build_each_end(b, v, slice_from(works[w].names), l->when, from_watched, k);
        }
    }
}

void glue_trigger_edges(builder *b, const resource *r) {
    arena *a = build_arena(b);
    slice type = declare_text(b, r->properties, "Type", NULL);
    bool scheduled = slice_is(type, "SCHEDULED"), conditional = slice_is(type, "CONDITIONAL");
    const value *schedule = resource_written(a, r, SLICE("Schedule"));
    trigger k = { .r = r, .spec = { .via = r, .kind = scheduled ? EDGE_SCHEDULE : EDGE_ASYNC, .service = SLICE("glue"), .when = r->exists,
                                    .enabled = EDGE_ON } };
    /* "StartOnCreation: not supported for ON_DEMAND triggers"; without it the trigger is created and never activated. */
    if (scheduled || conditional)
        k.spec.enabled = build_enabled_bool(b, resource_written(a, r, SLICE("StartOnCreation")), false);
    if (scheduled && !value_is_absent(schedule))
        k.spec.filter = build_map(b, schedule->at, (build_pair[]){ { "schedule", schedule } }, 1);
    if (conditional)
        declare_walk(b, r->properties, r->exists, "Predicate.Conditions[]", condition_found, &k);
    if (k.conditions == 0)
        from_watched(b, (end){ .node = scheduled ? build_clock(b) : build_aws_service(b, SLICE("glue")), .when = r->exists }, &k);
}
