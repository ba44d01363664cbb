#include "lint/judge.h"

/* ---- evaluation ---- */

void judge_words(judge_vocabulary *v) {
    for (unsigned l = 0; l < LOOKS_COUNT; l++)
        v->env[l] = vocabulary_environment((looks)l, v->variables[l]);
}

void judge_start(judge_thread *j, arena *a, const lint_index *index, const lint_config *config, const judge_vocabulary *words, void **kept) {
    j->arena = a;
    j->config = config;
    j->ev = (evaluation){ .index = index, .own = *index->graph, .now_s = config->now_s };
    j->ev.own.arena = a;
    j->ev.cel = (cel_context){ .arena = a, .host = &j->ev };
    j->words = words;
    j->kept = kept;
    if (kept != NULL)
        cel_reopen(&j->ev.cel, *kept);
}

void judge_end(judge_thread *j) {
    if (j->kept != NULL)
        *j->kept = j->ev.cel.private_;
    else
        cel_close(&j->ev.cel);
}

void lint_forget(void *kept) {
    cel_context c = { .private_ = kept };
    cel_close(&c);
}

/* ---- param ---- */

static cel_value param_field(cel_context *c, const void *object, slice name, bool *absent) {
    const judge_thread *j = object;
    long long n;
    (void)c;
    for (const lint_config *config = j->now_by; config != NULL; config = config->under)
        for (size_t i = config->parameters_len; i > 0; i--) {
            const lint_parameter *p = &config->parameters[i - 1];
            if (slice_eq(p->name, name) && (slice_same_letters(p->rule, rule_ref_text(j->now, j->now.rule->id)) ||
                                            slice_same_letters(p->rule, rule_ref_text(j->now, j->now.rule->name))))
                return cel_int(p->number);
        }
    for (uint32_t i = 0; i < j->now.rule->parameters.count; i += 2) {
        const rule_text *pair = &j->now.set->texts[j->now.rule->parameters.first + i];
        if (slice_eq(rule_ref_text(j->now, pair[0]), name) && slice_int(rule_ref_text(j->now, pair[1]), &n))
            return cel_int(n);
    }
    *absent = true;
    return cel_null();
}

static const cel_object_kind param_kind = { SLICE_INIT("param"), param_field, NULL, NULL, NULL, NULL };

/* One judgement of one rule. */
typedef struct {
    judge_thread *j;
    rule_ref ref;
    const lint_item *item;
    unsigned evaluations;
    const value *culprit;      /* what the deciding condition found fault with */
} judgement;

/* Values of the variables, in the order of lint/vocabulary.def. */
void judge_item(judge_thread *j, const lint_item *it) {
    evaluation *ev = &j->ev;
    size_t n = 0;
    j->item = it;
    j->now_by = it->config;
    j->values[n++] = bind_graph(ev->index->graph);
    j->values[n++] = bind_template(it->in);
    j->values[n++] = bind_tables();
    j->values[n++] = (cel_value){ .kind = CEL_TIMESTAMP, .integer = j->config->now_s };
    j->values[n++] = cel_object(&param_kind, j);
    if (it->looks == LOOKS_RESOURCE || it->looks == LOOKS_NODE || it->looks == LOOKS_PROBLEM)
        j->values[n++] = bind_resource(it->resource);
    if (it->looks == LOOKS_RESOURCE || it->looks == LOOKS_NODE)
        j->values[n++] = bind_node(it->node);
    if (it->looks == LOOKS_EDGE)
        j->values[n++] = bind_edge(it->edge);
    if (it->looks == LOOKS_PATH || it->looks == LOOKS_CYCLE)
        j->values[n++] = bind_edges_as_they_are(&ev->cel, it->edges.at, it->edges.len);
    if (it->looks == LOOKS_PROBLEM)
        j->values[n++] = bind_problem(it->problem);
    ev->cel.variables = j->values;
    ev->cel.env = &j->words->env[it->looks];
    ev->in = it->in;
    ev->tables = &rules_built_in;
}

static cel_value evaluate(judgement *g, uint32_t program, when w) {
    cel_program p = rule_program_of(g->ref.set, program);
    evaluation_reset(&g->j->ev, w);
    return cel_evaluate(&p, &g->j->ev.cel);
}

/* ---- the finding ---- */

static slice text_of(judgement *g, rule_range parts, when w) {
    arena *a = g->j->arena;
    slice *texts = ARENA_ARRAY(a, slice, parts.count);
    for (uint32_t i = 0; i < parts.count; i++) {
        const rule_part *p = &g->ref.set->parts[parts.first + i];
        texts[i] = p->program == RULE_NONE ? rule_text_of(g->ref.set, p->text) : bind_display(&g->j->ev.cel, evaluate(g, p->program, w));
    }
    return arena_concat(a, texts, parts.count);
}

static const resource *resource_at(const lint_item *it, point_base base) {
    const edge *e = it->looks == LOOKS_EDGE ? it->edge : it->edges.len > 0 ? it->edges.at[0] : NULL;
    switch (base) {
        case POINT_FROM: return e != NULL ? e->from->resource : NULL;
        case POINT_TO: return e != NULL ? e->to->resource : NULL;
        case POINT_VIA: return e != NULL ? e->via : NULL;
        case POINT_PROBLEM: return it->problem != NULL ? it->problem->in : NULL;
        case POINT_RESOURCE:
        case POINT_NODE: return it->resource;
        default: return NULL;
    }
}

/* The place, when the author wrote something there. */
static bool point_at(judgement *g, const rule_point *p, when w, finding *f) {
    const lint_item *it = g->item;
    const resource *r = resource_at(it, (point_base)p->base);
    if (p->base == POINT_EDGE) {
        const edge *e = it->looks == LOOKS_EDGE ? it->edge : it->edges.len > 0 ? it->edges.at[0] : NULL;
        if (e == NULL)
            return false;
        f->at = e->at;
        f->end = e->end;
        return true;
    }
    if (p->base == POINT_PROBLEM && p->path.len == 0) {
        f->at = it->problem->at;
        f->end = it->problem->end;
        return true;
    }
    if (r == NULL)
        return false;
    if (p->path.len == 0) {
        f->at = r->at;
        f->end = r->end;
    } else {
        const value *v = value_under(resource_written(g->j->arena, r, rule_text_of(g->ref.set, p->path)), w);
        if (value_is_absent(v) || v->at.line == 0)
            return false;
        f->at = v->at;
        f->end = v->end;
    }
    f->resource = r->id;
    return true;
}

static void set_place(judgement *g, when w, finding *f) {
    static const point_base usual[LOOKS_COUNT] = {
        [LOOKS_RESOURCE] = POINT_RESOURCE, [LOOKS_NODE] = POINT_NODE, [LOOKS_EDGE] = POINT_EDGE,
        [LOOKS_PATH] = POINT_EDGE,         [LOOKS_CYCLE] = POINT_EDGE, [LOOKS_PROBLEM] = POINT_PROBLEM,
    };
    const lint_item *it = g->item;
    const edge *e = it->looks == LOOKS_EDGE ? it->edge : it->edges.len > 0 ? it->edges.at[0] : NULL;
    const rule *r = g->ref.rule;
    bool done = false;
    for (uint32_t i = 0; i < r->points.count && !done; i++)
        done = point_at(g, &g->ref.set->points[r->points.first + i], w, f);
    if (!done && it->looks != LOOKS_TEMPLATE)
        done = point_at(g, &(rule_point){ { 0, 0 }, (uint8_t)usual[it->looks] }, w, f);
    if (!done)
        f->at = f->end = (pos){ it->in != NULL ? it->in->file : 0, 1, 1 };
    if (f->resource.len > 0)
        return;
    if (e != NULL)
        f->resource = e->via != NULL ? e->via->id : !e->from->external ? e->from->id : e->to->id;
    else if (it->node != NULL)
        f->resource = it->node->id;
    else if (it->looks == LOOKS_PROBLEM && it->problem->in != NULL)
        f->resource = it->problem->in->id;
}

/* The ends of an edge, where they are not the place itself. */
static void set_related(judgement *g, finding *f) {
    const lint_item *it = g->item;
    arena *a = g->j->arena;
    size_t edges = it->looks == LOOKS_EDGE ? 1 : it->edges.len;
    finding_related *out = ARENA_ARRAY(a, finding_related, 2 * edges);
    for (size_t i = 0; i < edges; i++) {
        const edge *e = it->looks == LOOKS_EDGE ? it->edge : it->edges.at[i];
        const node *ends[] = { e->from, e->to };
        for (size_t k = 0; k < (it->looks == LOOKS_EDGE ? 2u : 1u); k++) {
            const resource *r = ends[k]->resource;
            if (r != NULL && (r->at.line != f->at.line || r->at.file != f->at.file))
                out[f->related_len++] = (finding_related){ r->at, r->end, r->id };
        }
    }
    f->related = out;
}

/* "; serverless first: DynamoDB Table (Azure: ...; Google: ...)" */
static slice equivalents(judgement *g) {
    const node *n = g->item->node;
    const resource *r = g->item->resource;
    static const node nothing = { .facts = NULL };
    node for_type = nothing;
    arena *a = g->j->arena;
    cel_context *c = &g->j->ev.cel;
    if (n == NULL && r != NULL) {
        for_type.type = r->type;
        for_type.resource = r;
        for_type.facts = &value_absent;
        n = &for_type;
    }
    if (n == NULL)
        return SLICE("");
    bool absent = false;
    cel_value words[] = { bind_node_kind.field(c, n, SLICE("alternative"), &absent), bind_node_kind.field(c, n, SLICE("azure"), &absent),
                          bind_node_kind.field(c, n, SLICE("google"), &absent) };
    buf out = { a, { 0 } };
    slice cloud = g->item->config->cloud;
    for (unsigned i = 1; i < 3 && cloud.len > 0; i++)
        if (!slice_is(cloud, i == 1 ? "azure" : "google"))
            words[i].text = SLICE("");
    if (words[0].text.len > 0)
        buf_printf(&out, "; serverless first: %.*s", SLICE_ARG(words[0].text));
    if (words[1].text.len > 0 || words[2].text.len > 0) {
        buf_printf(&out, "%s", words[0].text.len > 0 ? " (" : "; elsewhere (");
        if (words[1].text.len > 0)
            buf_printf(&out, "Azure: %.*s", SLICE_ARG(words[1].text));
        if (words[2].text.len > 0)
            buf_printf(&out, "%sGoogle: %.*s", words[1].text.len > 0 ? "; " : "", SLICE_ARG(words[2].text));
        buf_char(&out, ')');
    }
    return buf_as_slice(&out);
}

static severity severity_under(judgement *g, when w) {
    const rule *r = g->ref.rule;
    for (uint32_t i = 0; i < r->severities.count; i++) {
        const rule_severity *s = &g->ref.set->severities[r->severities.first + i];
        if (s->program == RULE_NONE)
            return (severity)s->severity;
        cel_value v = evaluate(g, s->program, w);
        if (v.kind == CEL_BOOL && v.boolean)
            return (severity)s->severity;
    }
    return (severity)r->worst;
}

static void add_finding(judgement *g, when w) {
    const rule *r = g->ref.rule;
    const rule_set *s = g->ref.set;
    const value *culprit = g->culprit;     /* before further evaluations */
    finding f = { .rule = rule_text_of(s, r->id), .name = rule_text_of(s, r->name), .title = rule_text_of(s, r->title),
                  .pillar = pillar_name((pillar)r->pillar), .edge = g->item->looks == LOOKS_EDGE ? g->item->edge : NULL, .when = w };
    if (!judge_severity(g->item->config, g->ref, &f.severity))
        f.severity = severity_under(g, w);
    f.message = text_of(g, r->message, w);
    if (r->equivalents) {
        slice parts[] = { f.message, equivalents(g) };
        f.message = arena_concat(g->j->arena, parts, COUNT(parts));
    }
    f.fix = text_of(g, r->fix, w);
    set_place(g, w, &f);
    f.root = g->item->in != NULL ? lint_index_root(g->item->in)->file : f.at.file;
    if (culprit != NULL) {
        f.at = culprit->at;
        f.end = culprit->end;
    }
    set_related(g, &f);
    VEC_PUSH(g->j->arena, &g->j->findings, f);
}

/* ---- judging ---- */

static void say_unknown(judgement *g, cel_value v) {
    if (!g->j->config->unknown)
        return;
    const lint_item *it = g->item;
    const edge *e = it->looks == LOOKS_EDGE ? it->edge : it->edges.len > 0 ? it->edges.at[0] : NULL;
    lint_unknown u = { .rule = rule_ref_text(g->ref, g->ref.rule->id), .name = rule_ref_text(g->ref, g->ref.rule->name),
                       .why = arena_copy(g->j->arena, v.text) };
    if (it->resource != NULL) {
        u.resource = it->resource->id;
        u.at = it->resource->at;
    } else if (e != NULL) {
        u.resource = e->via != NULL ? e->via->id : e->to->id;
        u.at = e->at;
    } else {
        u.at = (pos){ it->in != NULL ? it->in->file : 0, 1, 1 };
    }
    VEC_PUSH(g->j->arena, &g->j->unknown, u);
}

static bool same_place(const finding *x, const finding *y) {
    return x->at.line == y->at.line && x->at.column == y->at.column && x->severity == y->severity && slice_eq(x->message, y->message) && slice_eq(x->fix, y->fix);
}

static void judge_under(judgement *g, when w, unsigned depth);

/* Both branches of a condition. One finding that both give holds whatever the condition is. */
static void judge_both(judgement *g, const condition *on, when w, unsigned depth) {
    size_t before = g->j->findings.len;
    size_t count[2] = { 0, 0 };
    bool possible[2];
    for (unsigned is = 0; is < 2; is++) {
        when branch;
        size_t start = g->j->findings.len;
        possible[is] = when_and_literal(g->j->arena, w, on, is == 1, &branch);
        if (possible[is])
            judge_under(g, branch, depth + 1);
        count[is] = g->j->findings.len - start;
    }
    finding *f = g->j->findings.at + before;
    if (possible[0] && possible[1] && count[0] == 1 && count[1] == 1 && same_place(&f[0], &f[1])) {
        g->j->findings.len--;
        f[0].when = w;
    } else if (possible[0] != possible[1]) {
        for (size_t i = 0; i < count[0] + count[1]; i++)     /* the other branch can't be: it goes without saying */
            if (f[i].when.len == w.len + 1)
                f[i].when = w;
    }
}

static void judge_under(judgement *g, when w, unsigned depth) {
    const rule *r = g->ref.rule;
    const uint32_t steps[] = { r->where, r->require };
    if (g->evaluations++ >= JUDGE_MOST_EVALUATIONS)
        return;
    for (unsigned i = 0; i < 2; i++) {
        bool wanted = i == 0;              /* where must be true, require false */
        if (steps[i] == RULE_NONE)
            continue;                      /* no where: everything; no require: never met */
        cel_value v = evaluate(g, steps[i], w);
        if (v.kind == CEL_BOOL) {
            if (v.boolean != wanted)
                return;
            g->culprit = g->j->ev.culprit;
            continue;
        }
        const condition *fork = v.kind == CEL_UNKNOWN ? g->j->ev.fork : NULL;
        if (fork != NULL && depth < JUDGE_MOST_FORKS)
            judge_both(g, fork, w, depth);
        else
            say_unknown(g, v.kind == CEL_UNKNOWN || v.kind == CEL_ERROR ? v : cel_unknown(SLICE("the condition is neither true nor false")));
        return;
    }
    add_finding(g, w);
}

void judge_rule(judge_thread *j, rule_ref ref) {
    arena_mark mark = arena_mark_take(j->arena);
    size_t findings = j->findings.len, unknown = j->unknown.len;
    judgement g = { .j = j, .ref = ref, .item = j->item };
    j->now = ref;
    j->ev.handled = NULL;
    judge_under(&g, j->item->when, 0);
    if (j->findings.len == findings && j->unknown.len == unknown && !j->ev.kept)
        arena_mark_return(j->arena, mark);
    j->ev.kept = false;
}
