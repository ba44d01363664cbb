/* sflint smoke: if x really happens, does z really run? And sflint event: the event that a trigger would be fired with. */
#include "command/smoke.h"

#include "command/file.h"
#include "command/zones.h"
#include "service/timetable.h"
#include "smoke/event/plan.h"
#include "smoke/event/route.h"

/* ---- which triggers ---- */

static bool named(world *w, const edge *e, slice only) {
    slice declared = world_declared_name(w, e);
    if (slice_eq(e->to->id, only) || slice_eq(e->from->id, only) || (declared.len > 0 && slice_eq(declared, only))) return true;
    if (e->via != NULL && slice_eq(e->via->id, only)) return true;
    size_t arrow = slice_find_slice(only, SLICE("->"));
    return arrow != (size_t)-1 && slice_eq(slice_trim(slice_from_to(only, 0, arrow)), e->from->id) &&
           slice_eq(slice_trim(slice_after(only, arrow + 2)), e->to->id);
}

/* "; did you mean X?" among what a trigger may be called by. */
static slice suggestion(arena *a, world *w, const edge *const *all, size_t len, slice wrong) {
    VEC(slice) names = { 0 };
    for (size_t i = 0; i < len; i++) {
        slice declared = world_declared_name(w, all[i]);
        VEC_PUSH(a, &names, all[i]->to->id);
        if (declared.len > 0) VEC_PUSH(a, &names, declared);
    }
    return template_suggest(a, wrong, names.at, names.len);
}

bool smoke_choose(smoke_plan *p, const texts *only) {
    arena *a = p->run.arena;
    const edge *const *all;
    size_t len = plan_triggers(a, p->run.graph, &all);
    VEC(const edge *) chosen = { 0 };
    for (size_t k = 0; k < only->len; k++) {
        slice name = slice_from(only->at[k]);
        bool any = false;
        for (size_t i = 0; i < len && !any; i++) any = named(p->world, all[i], name);
        if (any) continue;
        command_usage(p->run.in, "no trigger is called %.*s%.*s", SLICE_ARG(name), SLICE_ARG(suggestion(a, p->world, all, len, name)));
        return false;
    }
    for (size_t i = 0; i < len; i++) {
        bool wanted = only->len == 0;
        for (size_t k = 0; k < only->len && !wanted; k++) wanted = named(p->world, all[i], slice_from(only->at[k]));
        if (wanted) VEC_PUSH(a, &chosen, all[i]);
    }
    p->triggers = chosen.at;
    p->triggers_len = chosen.len;
    return true;
}

/* ---- events from files ---- */

static const doc_node *read_event(run *r, slice path) {
    slice text, why;
    uint32_t file = (uint32_t)r->set.files.len;
    VEC_PUSH(r->arena, &r->set.files, path);
    if (!file_read(r->arena, path, &text, &why)) {
        diag_add(&r->errors, (pos){ file, 0, 0 }, "%.*s", SLICE_ARG(why));
        return NULL;
    }
    return doc_parse(r->arena, text, path, file, &r->errors);
}

static slice folder_of(slice path) {
    size_t end = path.len;
    while (end > 0 && path.at[end - 1] != '/') end--;
    return slice_from_to(path, 0, end);
}

/* events/NAME.json beside the template, NAME being what a trigger or its function is called. */
static bool beside(smoke_plan *p, const edge *e, const doc_node **file, slice *path) {
    arena *a = p->run.arena;
    const resource *at = e->to->resource != NULL ? e->to->resource : e->via;
    if (at == NULL) return false;
    slice folder = folder_of(at->in->path), names[] = { world_declared_name(p->world, e), e->via != NULL ? e->via->id : SLICE(""), e->to->id };
    for (size_t i = 0; i < COUNT(names); i++) {
        slice text, why;
        if (names[i].len == 0 || slice_find(names[i], '/') != names[i].len) continue;
        *path = arena_printf(a, "%.*sevents/%.*s.json", SLICE_ARG(folder), SLICE_ARG(names[i]));
        if (!file_read(a, *path, &text, &why)) continue;
        *file = read_event(&p->run, *path);
        return *file != NULL;
    }
    return false;
}

/* A request goes to the route that takes it, whichever triggers were asked for. */
static bool route_fits(smoke_plan *p, const edge *e, const probe *one) {
    const doc_node *parameters;
    return one->kind != HAPPENS_REQUEST || !route_is(e) || route_takes(&p->maker, p->run.arena, e, &one->request, &parameters);
}

static void add_given(smoke_plan *p, const edge *e, const doc_node *file, slice path, bool must_fit, bool *fits) {
    arena *a = p->run.arena;
    probe *one = ARENA_NEW(a, probe);
    slice why = SLICE("");
    *fits = plan_given(&p->maker, a, e, file, path, one, &why) && (must_fit || route_fits(p, e, one));
    if (*fits) VEC_PUSH(a, &p->probes, one);
    else if (must_fit) diag_add(&p->run.errors, file->at, "%.*s", SLICE_ARG(why));
}

static void add_made(smoke_plan *p, const edge *e) {
    const probe *made;
    size_t len = plan_probes(&p->maker, p->run.arena, e, &made);
    for (size_t i = 0; i < len; i++) VEC_PUSH(p->run.arena, &p->probes, &made[i]);
}

/* When the clock's probes come: the next time of each schedule, in its zone. One that is over fires no more. */
static void set_times(smoke_plan *p) {
    arena *a = p->run.arena;
    timetable_options o = { .after = p->now_s, .n = 1, .zones = command_zones(a) };
    const timetable_entry *all = NULL;
    strmap entries = { 0 };
    size_t len = p->probes.len == 0 ? 0 : timetable_of(a, &p->run.set, &o, &all);
    for (size_t i = len; i > 0; i--) strmap_put(a, &entries, all[i - 1].resource->id, (void *)(uintptr_t)&all[i - 1]);
    for (size_t i = 0; i < p->probes.len; i++) {
        const probe *one = p->probes.at[i];
        const resource *via = one->trigger->via;
        const timetable_entry *e = one->kind != HAPPENS_TICK || one->cannot.len > 0 || via == NULL ? NULL : strmap_get(&entries, via->id);
        if (e == NULL || e->resource != via || e->valid != YES || !e->next_known) continue;
        probe *timed = ARENA_NEW(a, probe);
        *timed = *one;
        if (e->next_len > 0) timed->what = arena_printf(a, "at %.*s", SLICE_ARG(make_time(a, e->next[0] * 1000, false)));
        else timed->cannot = arena_printf(a, "never fires again: %.*s is over", SLICE_ARG(e->expression));
        p->probes.at[i] = timed;
    }
}

bool smoke_probes(smoke_plan *p, const texts *events) {
    bool any = events->len == 0, named_one = p->triggers_len == 1;
    for (size_t k = 0; k < events->len; k++) {
        slice path = slice_from(events->at[k]);
        const doc_node *file = read_event(&p->run, path);
        if (file == NULL) return false;
        for (size_t i = 0; i < p->triggers_len; i++) {
            bool fits;
            add_given(p, p->triggers[i], file, path, named_one, &fits);
            any |= fits;
        }
    }
    if (!any) {
        if (!named_one) command_usage(p->run.in, "--event: the file fits none of the triggers; --only NAME says which is meant");
        return false;
    }
    for (size_t i = 0; events->len == 0 && i < p->triggers_len; i++) {
        const doc_node *file;
        slice path;
        bool fits = false;
        if (beside(p, p->triggers[i], &file, &path)) add_given(p, p->triggers[i], file, path, true, &fits);
        if (!fits) add_made(p, p->triggers[i]);
    }
    set_times(p);
    return true;
}

/* ---- reading ---- */

bool smoke_start(smoke_plan *p, invocation *in) {
    *p = (smoke_plan){ .run = { .in = in } };
    if (!command_now(in, &p->now_s) || !run_start(&p->run, in)) return false;
    run_read(&p->run);
    if (p->run.graph == NULL) return true;
    p->world = world_new(in->arena, p->run.graph, p->run.options.region, p->run.options.account);
    p->maker = (maker){ .world = p->world, .next = 1, .now_ms = p->now_s * 1000 };
    return true;
}

static void plan_out(smoke_plan *p, const report *rep, buf *out) {
    planned *all = ARENA_ARRAY(p->run.arena, planned, p->probes.len);
    for (size_t i = 0; i < p->probes.len; i++) {
        const probe *one = p->probes.at[i];
        all[i] = (planned){ one, world_declared_name(p->world, one->trigger), one->cannot.len > 0 ? one->event : plan_event(&p->maker, p->run.arena, one) };
    }
    if (slice_is(invocation_format(p->run.in), "json")) report_plan_json(out, rep, all, p->probes.len);
    else report_plan_text(out, rep, all, p->probes.len);
}

int command_smoke(invocation *in) {
    smoke_plan p;
    if (!smoke_start(&p, in)) return STATUS_BAD;
    run *r = &p.run;
    report rep = { .errors = &r->errors, .graph = r->graph, .files = r->read, .color = in->color_out };
    buf out = { .arena = in->arena };
    int status = STATUS_OK;
    bool ready = r->graph == NULL || (smoke_choose(&p, &in->given[OPTION_ONLY]) && (!invocation_has(in, OPTION_PLAN) || smoke_probes(&p, &in->given[OPTION_EVENT])));
    rep.sources = sources_new(in->arena, &r->set);
    status = run_print_errors(r, rep.sources);
    if (!ready) {
        run_end(r);
        return STATUS_BAD;
    }
    if (invocation_has(in, OPTION_PLAN)) {
        plan_out(&p, &rep, &out);
    } else {
        smoke_report found = { .base = &rep };
        int ran = r->graph == NULL ? STATUS_OK : smoke_fire(&p, &rep, &found);
        if (ran == STATUS_BAD) {
            run_end(r);
            return STATUS_BAD;
        }
        if (slice_is(invocation_format(in), "json")) report_smoke_json(&out, &found);
        else if (slice_is(invocation_format(in), "junit")) report_smoke_junit(&out, &found);
        else report_smoke_text(&out, &found);
        if (status == STATUS_OK) status = ran;
    }
    output_write(buf_as_slice(&out));
    run_end(r);
    return status;
}

int command_event(invocation *in) {
    smoke_plan p;
    if (in->operands.len == 0) return command_usage(in, "which trigger? sflint event TRIGGER [PATH...]; sflint smoke --plan lists them");
    texts trigger = { 0 }, none = { 0 };
    VEC_PUSH(in->arena, &trigger, in->operands.at[0]);
    in->operands.at++;
    in->operands.len--;
    in->operands.cap--;
    if (!smoke_start(&p, in)) return STATUS_BAD;
    run *r = &p.run;
    bool ready = r->graph != NULL && smoke_choose(&p, &trigger) && smoke_probes(&p, &none);
    int status = run_print_errors(r, sources_new(in->arena, &r->set));
    if (!ready) {
        if (r->graph == NULL && status == STATUS_OK) command_usage(in, "there is no template to look for the trigger in");
        run_end(r);
        return STATUS_BAD;
    }
    buf out = { .arena = in->arena };
    for (size_t i = 0; i < p.probes.len; i++) {
        const probe *one = p.probes.at[i];
        if (one->cannot.len > 0) {
            status = command_usage(in, "%.*s: %.*s", SLICE_ARG(one->trigger->to->id), SLICE_ARG(one->cannot));
            break;
        }
        if (one->must_not_arrive) continue;
        report_pretty_json(&out, plan_event(&p.maker, in->arena, one));
        break;
    }
    output_write(buf_as_slice(&out));
    run_end(r);
    return status;
}
