#include "template/sam/body.h"

slice body_lower(sam *s, slice text) {
    char *made = ARENA_ARRAY(s->a, char, text.len + 1);
    for (size_t i = 0; i < text.len; i++)
        made[i] = text.at[i] >= 'A' && text.at[i] <= 'Z' ? (char)(text.at[i] - 'A' + 'a') : text.at[i];
    return (slice){ made, text.len };
}

slice body_method(sam *s, slice method) {
    slice lower = body_lower(s, method);
    return slice_is(lower, "any") ? SLICE(BODY_ANY) : lower;
}

draft *body_skeleton(sam *s, bool rest) {
    draft *body = draft_map(&s->drafts, sam_at(s)), *info = sam_pair(s, "version", sam_word(s, "1.0"));
    sam_put(s, info, "title", sam_ref(s, SLICE("AWS::StackName")));
    sam_put_word(s, body, rest ? "swagger" : "openapi", rest ? "2.0" : "3.0.1");
    sam_put(s, body, "info", info);
    sam_put(s, body, "paths", draft_map(&s->drafts, sam_at(s)));
    return body;
}

bool body_is_3(slice v) { return v.len >= 3 && v.at[0] == '3' && v.at[1] == '.' && v.at[2] >= '0' && v.at[2] <= '9'; }

slice body_version(sam *s, draft *body, const char *key) {
    draft *v = draft_get(&s->drafts, body, slice_from(key));
    return v != NULL && v->node != NULL && v->kind <= DOC_STRING && v->kind != DOC_NULL ? v->node->text : (slice){ "", 0 };
}

bool body_valid(sam *s, draft *body, bool rest) {
    if (!draft_is_map(draft_get(&s->drafts, body, SLICE("paths"))))
        return false;
    return (rest && body_version(s, body, "swagger").len > 0) || body_is_3(body_version(s, body, "openapi"));
}

draft *body_paths(sam *s, const sam_api *api) {
    draft *paths = draft_get(&s->drafts, api->body, SLICE("paths"));
    return draft_is_map(paths) ? paths : NULL;
}

size_t body_branches(sam *s, draft *item, draft *out[2]) {
    if (item == NULL)
        return 0;
    draft *branches = draft_get(&s->drafts, item, SLICE("Fn::If"));
    if (branches == NULL) {
        out[0] = item;
        return 1;
    }
    size_t len = 0;
    if (!draft_is_list(branches) || !draft_open(&s->drafts, branches))
        return 0;
    for (size_t i = 1; i < branches->entries.len && len < 2; i++) {
        draft *one = draft_at(&s->drafts, branches, i);
        draft *ref = draft_get(&s->drafts, one, SLICE("Ref"));
        if (!slice_is(draft_text(ref), "AWS::NoValue"))
            out[len++] = one;
    }
    return len;
}

bool body_check(sam *s, const sam_api *api) {
    draft *paths = body_paths(s, api);
    if (paths == NULL || !draft_open(&s->drafts, paths))
        return false;
    bool good = true;
    for (size_t i = 0; i < paths->entries.len; i++) {
        draft_entry *e = &paths->entries.at[i];
        draft *branches = draft_get(&s->drafts, draft_value(&s->drafts, e), SLICE("Fn::If"));
        if (branches != NULL && branches->kind != DOC_LIST) {
            sam_refuse_at(s, branches->at, branches->end, "Fn::If takes a list: a condition and two values");
            good = false;
            continue;
        }
        draft *items[2];
        size_t len = body_branches(s, draft_value(&s->drafts, e), items);
        for (size_t k = 0; k < len; k++)
            if (items[k]->kind != DOC_MAP) {
                sam_refuse_at(s, e->key_at, e->key_end, "the path %.*s of an OpenAPI body must be a map of methods", SLICE_ARG(e->key));
                good = false;
            }
    }
    return good;
}

static bool is_excluded(slice key) {
    static const char *const fields[] = { "summary", "description", "parameters", "servers", "$ref" };
    for (size_t i = 0; i < COUNT(fields); i++)
        if (slice_is(key, fields[i]))
            return true;
    return false;
}

void body_add_path(sam *s, const sam_api *api, const body_place *p) {
    draft *paths = body_paths(s, api);
    if (paths == NULL)
        return;
    if (draft_get(&s->drafts, paths, p->path) == NULL)
        draft_put_at(&s->drafts, paths, p->path, p->path_at, p->path_end, draft_map(&s->drafts, p->path_at));
    draft *items[2];
    size_t len = body_branches(s, draft_get(&s->drafts, paths, p->path), items);
    for (size_t i = 0; i < len; i++)
        if (items[i]->kind == DOC_MAP && draft_get(&s->drafts, items[i], p->method) == NULL)
            draft_put_at(&s->drafts, items[i], p->method, p->method_at, p->method_end, draft_map(&s->drafts, p->method_at));
}

static bool is_integrated(sam *s, draft *method) {
    draft *definitions[2];
    size_t len = body_branches(s, method, definitions);
    for (size_t i = 0; i < len; i++)
        if (draft_get(&s->drafts, definitions[i], SLICE(BODY_INTEGRATION)) != NULL)
            return true;
    return false;
}

bool body_has_integration(sam *s, const sam_api *api, const body_place *p) {
    draft *items[2];
    size_t len = body_branches(s, draft_get(&s->drafts, body_paths(s, api), p->path), items);
    for (size_t i = 0; i < len; i++)
        if (!is_integrated(s, draft_get(&s->drafts, items[i], p->method)))
            return false;
    return len > 0;
}

void body_integrate(sam *s, const sam_api *api, const body_place *p, draft *integration, slice on) {
    body_add_path(s, api, p);
    draft *items[2];
    size_t len = body_branches(s, draft_get(&s->drafts, body_paths(s, api), p->path), items);
    for (size_t i = 0; i < len; i++) {
        if (items[i]->kind != DOC_MAP)
            continue;
        draft *definition = draft_get(&s->drafts, items[i], p->method);
        if (definition == NULL || definition->kind != DOC_MAP)
            definition = draft_map(&s->drafts, p->method_at);
        sam_put(s, definition, BODY_INTEGRATION, integration);
        if (draft_get(&s->drafts, definition, SLICE("responses")) == NULL)
            sam_put(s, definition, "responses", draft_map(&s->drafts, p->method_at));
        draft_put_at(&s->drafts, items[i], p->method, p->method_at, p->method_end, on.len > 0 ? sam_if(s, on, definition, NULL) : definition);
    }
}

void body_path_condition(sam *s, const sam_api *api, slice path, slice on) {
    draft_entry *e = draft_entry_of(&s->drafts, body_paths(s, api), path);
    if (e != NULL)
        e->value = sam_if(s, on, draft_value(&s->drafts, e), NULL);
}

static void methods_of(sam *s, const sam_api *api, draft *item, slice only, body_each *each, void *self) {
    if (item->kind != DOC_MAP || !draft_open(&s->drafts, item))
        return;
    for (size_t i = 0; i < item->entries.len; i++) {
        slice key = item->entries.at[i].key;
        if (only.len > 0 ? !slice_eq(key, only) : is_excluded(key))
            continue;
        draft *definitions[2];
        size_t len = body_branches(s, draft_at(&s->drafts, item, i), definitions);
        for (size_t k = 0; k < len; k++) {
            if (definitions[k]->kind != DOC_MAP)
                sam_refuse_at(s, item->entries.at[i].key_at, item->entries.at[i].key_end, "the method %.*s of an OpenAPI body must be a map", SLICE_ARG(key));
            else if (draft_get(&s->drafts, definitions[k], SLICE(BODY_INTEGRATION)) != NULL)
                each(s, api, body_method(s, key), definitions[k], self);
        }
    }
}

void body_methods(sam *s, const sam_api *api, const body_place *p, body_each *each, void *self) {
    draft *paths = body_paths(s, api);
    if (paths == NULL || !draft_open(&s->drafts, paths))
        return;
    draft *items[2];
    if (p != NULL) {
        size_t len = body_branches(s, draft_get(&s->drafts, paths, p->path), items);
        for (size_t i = 0; i < len; i++)
            methods_of(s, api, items[i], p->method, each, self);
        return;
    }
    for (size_t i = 0; i < paths->entries.len; i++) {
        size_t len = body_branches(s, draft_at(&s->drafts, paths, i), items);
        for (size_t k = 0; k < len; k++)
            methods_of(s, api, items[k], (slice){ "", 0 }, each, self);
    }
}

bool body_secure(sam *s, draft *definition, slice name, draft *scopes) {
    draft *security = draft_get(&s->drafts, definition, SLICE("security"));
    if (security != NULL && security->kind != DOC_LIST) {
        sam_refuse_at(s, security->at, security->end, "security of a method must be a list");
        return false;
    }
    if (security == NULL) {
        security = draft_list(&s->drafts, sam_at(s));
        sam_put(s, definition, "security", security);
    }
    draft *one = draft_map(&s->drafts, sam_at(s));
    draft_put(&s->drafts, one, name, scopes == NULL ? draft_list(&s->drafts, sam_at(s)) : scopes);
    draft_push(&s->drafts, security, one);
    return true;
}
