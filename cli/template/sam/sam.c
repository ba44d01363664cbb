/* Lowering a SAM template, in the order of the translator: Globals, APIs and the paths that events add to them, then functions, state
 * machines, APIs, the others, and connectors last. */
#include "template/sam/sam.h"

#include "template/cfn/cfn.h"
#include "template/physical.h"
#include "template/sam/lower.h"

static const sam_type types[] = {
#define TYPE(type, lowering, properties) { SLICE_INIT(type), SLICE_INIT(properties), sam_lower_##lowering },
#include "template/sam/type.def"
#undef TYPE
};
_Static_assert(COUNT(types) <= COUNT(((sam *)0)->globals), "a row of type.def has its Globals");

const sam_type *sam_type_of(slice type) {
    for (size_t i = 0; i < COUNT(types); i++)
        if (slice_eq(types[i].type, type))
            return &types[i];
    return NULL;
}

size_t sam_type_row(const sam_type *type) { return (size_t)(type - types); }

static bool has_sam_resource(const doc_node *resources) {
    for (size_t i = 0; resources != NULL && resources->kind == DOC_MAP && i < resources->map.len; i++) {
        const doc_node *type = doc_get(resources->map.at[i].value, SLICE("Type"));
        if (type != NULL && type->kind == DOC_STRING && slice_starts(type->text, SLICE("AWS::Serverless::")))
            return true;
    }
    return false;
}

/* The transform says so, or a resource does: the part of a template that another one includes has no transform of its own. */
bool sam_detect(const doc_node *doc, slice path) {
    if (doc == NULL || doc->kind != DOC_MAP)
        return false;
    return has_sam_resource(doc_get(doc, SLICE("Resources"))) || (cfn_transform(doc, SLICE("AWS::Serverless-")) != NULL && cfn_detect(doc, path));
}

/* ---- reading ---- */

static void read_resource(sam *s, const doc_entry *e) {
    const doc_node *type = sam_get(e->value, "Type");
    sam_resource *r = ARENA_NEW(s->a, sam_resource);
    *r = (sam_resource){ .id = e->key, .at = e->key_at, .end = e->key_end, .body = e->value };
    r->type = type != NULL && type->kind == DOC_STRING ? type->text : (slice){ "", 0 };
    r->row = sam_type_of(r->type);
    s->now = r;
    const doc_node *own = doc_get(e->value, SLICE("Properties")), *on = sam_get(e->value, "Condition"), *ignore = sam_get(e->value, "IgnoreGlobals");
    bool map = own != NULL && own->kind == DOC_MAP;
    if (r->row != NULL && own != NULL && !map)
        sam_refuse(s, own, "Properties of %.*s must be a map", SLICE_ARG(e->key));
    if (r->row != NULL && on != NULL && on->kind != DOC_STRING)
        sam_refuse(s, on, "Condition of a resource must be the name of a condition");
    if (r->row != NULL && !sam_alphanumeric(e->key))
        sam_refuse_at(s, e->key_at, e->key_end, "the logical id %.*s must be letters and digits only", SLICE_ARG(e->key));
    r->spoilt = own != NULL && !map;
    r->condition = on != NULL && on->kind == DOC_STRING ? on : NULL;
    r->props = map ? own : doc_new_map(s->a, e->value->at, NULL, 0);
    if (r->row != NULL)
        r->props = sam_globals_merge(s, r->row, r->props, ignore);
    strmap_put(s->a, &s->by_id, r->id, r);
    VEC_PUSH(s->a, &s->all, r);
    draft_put_node(&s->drafts, s->out, e->key, e->key_at, e->key_end, e->value);
}

static void read_resources(sam *s, const doc_node *resources) {
    for (size_t i = 0; resources != NULL && resources->kind == DOC_MAP && i < resources->map.len; i++) {
        const doc_entry *e = &resources->map.at[i];
        if (e->value->kind == DOC_MAP)
            read_resource(s, e);
        else
            sam_refuse(s, e->value, "the resource %.*s must be a map with Type and Properties", SLICE_ARG(e->key));
    }
    s->now = NULL;
}

/* ---- lowering ---- */

static unsigned turn_of(const sam_resource *r) {
    static const char *const order[] = { "AWS::Serverless::Function", "AWS::Serverless::StateMachine", "AWS::Serverless::Api" };
    for (unsigned i = 0; i < COUNT(order); i++)
        if (slice_is(r->type, order[i]))
            return i;
    if (r->api != NULL || slice_is(r->type, "AWS::Serverless::WebSocketApi"))
        return 2;
    return slice_is(r->type, "AWS::Serverless::Connector") ? 4 : 3;
}

static void lower_all(sam *s) {
    for (unsigned turn = 0; turn <= 4; turn++)
        for (size_t i = 0; i < s->all.len; i++) {
            sam_resource *r = s->all.at[i];
            if (r->row == NULL || turn_of(r) != turn)
                continue;
            s->now = r;
            s->event_name = (slice){ "", 0 };
            s->quiet = r->spoilt;
            sam_check_properties(s, r->row->properties, r->props, r->at, r->end, r->id);
            r->row->lower(s, r);
            s->quiet = false;
        }
    s->event_name = (slice){ "", 0 };
}

/* The document with what was made. */
static const doc_node *assemble(sam *s) {
    draft *resources = draft_map_for(&s->drafts, s->doc->at, s->out->entries.len);
    const doc_node *old = doc_get(s->doc, SLICE("Resources"));
    resources->at = old->at;
    resources->end = old->end;
    for (size_t i = 0; i < s->out->entries.len; i++) {
        draft_entry *e = &s->out->entries.at[i];
        if (strmap_has(&s->dropped, e->key))
            continue;
        if (s->renamed.len > 0)
            sam_rewrite_depends(s, draft_value(&s->drafts, e));
        if (e->value == NULL)
            draft_put_node(&s->drafts, resources, e->key, e->key_at, e->key_end, e->node);
        else
            draft_put_at(&s->drafts, resources, e->key, e->key_at, e->key_end, e->value);
    }
    VEC(doc_entry) entries = { 0 };
    bool conditions = false;
    for (size_t i = 0; i < s->doc->map.len; i++) {
        doc_entry e = s->doc->map.at[i];
        if (slice_is(e.key, "Globals"))
            continue;
        if (slice_is(e.key, "Resources"))
            e.value = draft_freeze(&s->drafts, resources);
        if (slice_is(e.key, "Conditions") && s->conditions != NULL) {
            e.value = draft_freeze(&s->drafts, s->conditions);
            conditions = true;
        }
        VEC_PUSH(s->a, &entries, e);
    }
    if (!conditions && s->conditions != NULL)
        VEC_PUSH(s->a, &entries, (doc_entry){ .key = SLICE("Conditions"), .key_at = s->doc->at, .key_end = s->doc->at,
                                              .value = draft_freeze(&s->drafts, s->conditions) });
    return doc_new_map(s->a, s->doc->at, entries.at, entries.len);
}

/* ---- reading what was made ---- */

static void mark_resource(const void *self, resource *r) {
    const sam *s = self;
    const sam_mark *m = strmap_get(&s->marks, r->logical_id);
    if (m == NULL)
        return;
    r->generated = m->generated;
    r->event_name = m->event_name;
    if (!m->generated)
        r->body = m->body;
}

/* Where something was refused, what it would have become is missing, and references to that are not wrong. */
static bool refused_before(const void *self, slice id) {
    const sam *s = self;
    for (size_t i = 0; i < s->problems.len; i++) {
        slice of = s->problems.at[i].id;
        if (of.len > 0 && slice_starts(id, of))
            return true;
    }
    return false;
}

static void hand_over_problems(const sam *s) {
    for (size_t i = 0; i < s->problems.len; i++) {
        problem p = s->problems.at[i].problem;
        slice id = s->problems.at[i].id;
        p.in = id.len == 0 ? NULL : template_resource(s->t, id);
        VEC_PUSH(s->t->arena, &s->t->problems, p);
    }
}

bool sam_read(template *t, diags *d) {
    const doc_node *doc = cfn_expand(t, t->doc, d);
    sam *s = ARENA_NEW(t->arena, sam);
    *s = (sam){ .t = t, .a = t->arena, .d = d, .drafts = { .a = t->arena }, .doc = doc, .refuses = PROBLEM_SAM };
    const template_options *o = t->set == NULL ? NULL : t->set->options;
    s->partition = o == NULL ? (slice){ "", 0 } : o->partition.len > 0 ? o->partition : partition_of(o->region);
    if (s->partition.len == 0)
        s->partition = SLICE("aws");
    const doc_node *resources = doc_get(doc, SLICE("Resources")), *conditions = doc_get(doc, SLICE("Conditions"));
    const doc_node *mappings = doc_get(doc, SLICE("Mappings"));
    if (resources == NULL || resources->kind != DOC_MAP || resources->map.len == 0) {
        diag_add(d, resources == NULL ? doc->at : resources->at, "a SAM template needs Resources: a map with at least one resource");
        return false;
    }
    if (mappings != NULL && mappings->kind != DOC_MAP)
        sam_refuse(s, mappings, "Mappings must be a map");
    s->out = draft_map_for(&s->drafts, resources->at, resources->map.len * 2);
    s->conditions = conditions != NULL && conditions->kind == DOC_MAP ? draft_of(&s->drafts, conditions) : NULL;
    sam_globals_read(s, doc_get(doc, SLICE("Globals")));
    read_resources(s, resources);
    sam_embedded_connectors(s);
    sam_apis_prepare(s);
    lower_all(s);
    sam_deployments_finish(s);
    s->now = NULL;
    if (s->drafts.too_large || s->visited > SAM_MAX_VISITED)
        diag_add(d, resources->at, "this SAM template becomes too large (more than %u entries in bodies of APIs and the like): some of it is not read", DRAFT_MAX_OPENED);
    bool read = cfn_read(t, sam_rewritten(s, assemble(s)), &(cfn_options){ .made_later = refused_before, .self = s, .marked = mark_resource }, d);
    hand_over_problems(s);
    return read;
}
