/* Making resources and values. */
#include "template/sam/lower.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

pos sam_at(const sam *s) { return s->event_name.len > 0 ? s->event_at : s->now->at; }

slice sam_print(sam *s, const char *format, ...) {
    char said[512];
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int len = vsnprintf(said, sizeof said, format, args);
    va_end(args);
    slice made = { "", 0 };
    if (len >= 0 && (size_t)len < sizeof said) {
        made = arena_copy(s->a, (slice){ said, (size_t)len });
    } else if (len >= 0) {
        char *text = ARENA_ARRAY(s->a, char, (size_t)len + 1);
        vsnprintf(text, (size_t)len + 1, format, again);
        made = (slice){ text, (size_t)len };
    }
    va_end(again);
    return made;
}

slice sam_join(sam *s, slice a, const char *b) {
    slice parts[] = { a, slice_from(b) };
    return arena_concat(s->a, parts, 2);
}

draft *sam_string(sam *s, slice text) { return draft_string(&s->drafts, sam_at(s), text); }
draft *sam_word(sam *s, const char *text) { return sam_string(s, slice_from(text)); }
draft *sam_draft(sam *s, const doc_node *n) { return sam_none(n) ? NULL : draft_of(&s->drafts, n); }

draft *sam_pair(sam *s, const char *key, draft *v) {
    draft *m = draft_map(&s->drafts, v == NULL ? sam_at(s) : v->at);
    draft_put(&s->drafts, m, slice_from(key), v);
    return m;
}

draft *sam_list_of(sam *s, draft *one) {
    draft *l = draft_list(&s->drafts, one == NULL ? sam_at(s) : one->at);
    draft_push(&s->drafts, l, one);
    return l;
}

draft *sam_ref(sam *s, slice id) {
    pos at = sam_at(s);
    draft *m = draft_map(&s->drafts, at);
    draft_put_node(&s->drafts, m, SLICE("Ref"), at, at, draft_text_node(&s->drafts, at, id));
    return m;
}

draft *sam_att(sam *s, slice id, const char *attr) {
    pos at = sam_at(s);
    const doc_node *parts[] = { draft_text_node(&s->drafts, at, id), draft_text_node(&s->drafts, at, slice_from(attr)) };
    draft *m = draft_map(&s->drafts, at);
    draft_put_node(&s->drafts, m, SLICE("Fn::GetAtt"), at, at, doc_new_list(s->a, at, parts, 2));
    return m;
}

draft *sam_sub(sam *s, const char *text) { return sam_pair(s, "Fn::Sub", sam_word(s, text)); }

draft *sam_sub_with(sam *s, slice text, const char *name, draft *v) {
    draft *l = sam_list_of(s, sam_string(s, text));
    draft_push(&s->drafts, l, sam_pair(s, name, v));
    return sam_pair(s, "Fn::Sub", l);
}

draft *sam_if(sam *s, slice on, draft *yes, draft *no) {
    draft *l = sam_list_of(s, draft_string(&s->drafts, yes->at, on));
    draft_push(&s->drafts, l, yes);
    draft_push(&s->drafts, l, no == NULL ? sam_pair(s, "Ref", sam_word(s, "AWS::NoValue")) : no);
    return sam_pair(s, "Fn::If", l);
}

void sam_put(sam *s, draft *map, const char *key, draft *v) {
    if (map != NULL)
        draft_put(&s->drafts, map, slice_from(key), v);
}

void sam_put_word(sam *s, draft *map, const char *key, const char *text) {
    pos at = sam_at(s);
    if (map != NULL)
        draft_put_node(&s->drafts, map, slice_from(key), at, at, draft_text_node(&s->drafts, at, slice_from(text)));
}

void sam_copy(sam *s, draft *to, const doc_node *from, const char *names) {
    slice rest = slice_from(names), word;
    while (rest.at != NULL && slice_cut(&rest, ' ', &word)) {
        size_t arrow = slice_find(word, '>');
        const doc_entry *e = doc_entry_of(from, slice_from_to(word, 0, arrow));
        if (e != NULL && !sam_none(e->value) && to != NULL)
            draft_put_node(&s->drafts, to, arrow < word.len ? slice_after(word, arrow + 1) : word, e->key_at, e->key_end, e->value);
    }
}

/* ---- resources ---- */

static void copy_attributes(sam *s, draft *to, const char *names) { sam_copy(s, to, s->now->body, names); }

static void mark(sam *s, slice id, bool generated) {
    sam_mark *m = ARENA_NEW(s->a, sam_mark);
    *m = (sam_mark){ s->no_event ? (slice){ "", 0 } : s->event_name, s->now->body, generated };
    strmap_put(s->a, &s->marks, id, m);
}

static draft *new_resource(sam *s, const char *type, size_t room, draft **props) {
    draft *r = draft_map_for(&s->drafts, sam_at(s), 3);
    sam_put_word(s, r, "Type", type);
    *props = draft_map_for(&s->drafts, sam_at(s), room);
    sam_put(s, r, "Properties", *props);
    return r;
}

/* Resources that a lowering writes over: they are the author's own, changed, or shared by several that ask for the same. */
static bool may_stand_twice(const char *type) {
    static const char *const types[] = { "AWS::ApiGateway::DomainName", "AWS::ApiGateway::DomainNameV2", "AWS::ApiGatewayV2::DomainName",
                                         "AWS::ApiGateway::BasePathMapping", "AWS::ApiGateway::BasePathMappingV2", "AWS::SNS::Topic" };
    for (size_t i = 0; i < COUNT(types); i++)
        if (strcmp(types[i], type) == 0)
            return true;
    return false;
}

draft *sam_add(sam *s, slice id, const char *type) {
    draft *props;
    const sam_resource *old = sam_resource_of(s, id);
    if (old != NULL && !(may_stand_twice(type) && slice_is(old->type, type))) {
        sam_refuse(s, NULL, "this makes a resource with the id %.*s (%s), and the template has one with that id already (line %u): give one of them "
                   "another name", SLICE_ARG(id), type, old->at.line);
        return NULL;
    }
    draft *r = new_resource(s, type, 5, &props);
    copy_attributes(s, r, "Condition DeletionPolicy UpdateReplacePolicy");
    pos end = s->event_name.len > 0 ? s->event_end : s->now->end;
    draft_put_at(&s->drafts, s->out, id, sam_at(s), end, r);
    mark(s, id, true);
    return props;
}

draft *sam_main(sam *s, const char *type) {
    draft *props;
    draft *r = new_resource(s, type, s->now->props->map.len + 2, &props);
    const doc_entry *t = doc_entry_of(s->now->body, SLICE("Type"));
    if (t != NULL)
        draft_put_at(&s->drafts, r, SLICE("Type"), t->key_at, t->key_end, draft_string(&s->drafts, t->value->at, slice_from(type)));
    const doc_entry *p = doc_entry_of(s->now->body, SLICE("Properties"));
    if (p != NULL) {
        props->at = p->value->at;
        props->end = p->value->end;
        draft_put_at(&s->drafts, r, SLICE("Properties"), p->key_at, p->key_end, props);
    }
    copy_attributes(s, r, "Condition DeletionPolicy UpdateReplacePolicy UpdatePolicy DependsOn Metadata");
    draft_put_at(&s->drafts, s->out, s->now->id, s->now->at, s->now->end, r);
    mark(s, s->now->id, false);
    return props;
}

draft *sam_made(sam *s, slice id) { return draft_get(&s->drafts, s->out, id); }

void sam_depends_on(sam *s, slice id, slice on) {
    draft *r = sam_made(s, id);
    if (r == NULL)
        return;
    draft *old = draft_get(&s->drafts, r, SLICE("DependsOn"));
    if (!draft_is_list(old)) {
        draft *list = draft_list(&s->drafts, sam_at(s));
        draft_push(&s->drafts, list, old);
        old = list;
        sam_put(s, r, "DependsOn", list);
    }
    draft_push(&s->drafts, old, sam_string(s, on));
}

void sam_set_condition(sam *s, slice id, slice name) {
    draft *r = sam_made(s, id);
    if (r != NULL && name.len > 0)
        sam_put(s, r, "Condition", sam_string(s, name));
    else if (r != NULL)
        draft_remove(&s->drafts, r, SLICE("Condition"));
}

/* ---- conditions ---- */

void sam_condition(sam *s, slice name, draft *expression) {
    if (s->conditions == NULL)
        s->conditions = draft_map(&s->drafts, s->doc->at);
    draft_put(&s->drafts, s->conditions, name, expression);
}

draft *sam_named_condition(sam *s, const char *function, const slice *names, size_t len) {
    draft *list = draft_list(&s->drafts, sam_at(s));
    for (size_t i = 0; i < len; i++)
        draft_push(&s->drafts, list, sam_pair(s, "Condition", sam_string(s, names[i])));
    return sam_pair(s, function, list);
}

void sam_combined_condition(sam *s, slice name, const slice *names, size_t len) {
    const size_t most = 10;
    VEC(slice) left = { 0 };
    for (size_t i = 0; i < len; i++)
        VEC_PUSH(s->a, &left, names[i]);
    size_t number = len < 2 ? 0 : (len - 2) / (most - 1);
    for (size_t first = 0; left.len - first > 1;) {
        size_t take = left.len - first < most ? left.len - first : most;
        slice made = number > 0 ? sam_print(s, "%.*s%zu", SLICE_ARG(name), number) : name;
        number -= number > 0;
        sam_condition(s, made, sam_named_condition(s, "Fn::Or", left.at + first, take));
        first += take;
        VEC_PUSH(s->a, &left, made);
    }
}

draft *sam_tags(sam *s, const doc_node *tags, const char *mark) {
    if (!sam_truth(tags) || tags->kind != DOC_MAP)
        return NULL;
    draft *list = draft_list(&s->drafts, tags->at);
    draft *own = sam_pair(s, "Key", sam_word(s, mark));
    sam_put_word(s, own, "Value", "SAM");
    draft_push(&s->drafts, list, own);
    for (size_t i = 0; i < tags->map.len; i++) {
        const doc_entry *e = &tags->map.at[i];
        draft *tag = draft_map(&s->drafts, e->key_at);
        draft_put_at(&s->drafts, tag, SLICE("Key"), e->key_at, e->key_end, draft_string(&s->drafts, e->key_at, e->key));
        draft_put(&s->drafts, tag, SLICE("Value"), draft_of(&s->drafts, e->value));
        draft_push(&s->drafts, list, tag);
    }
    return list;
}
