#include "graph/index.h"

bool arn_open(slice encoded) { return slice_find(encoded, '\1') < encoded.len; }

/* \1#id\2, \1@id\2, \1N:what\2, \1?..\2 as ${id}, ${id.Arn}, ${what}, ${unknown}. */
slice arn_display(arena *a, slice encoded) {
    if (!arn_open(encoded))
        return encoded;
    buf b = { .arena = a };
    for (size_t i = 0; i < encoded.len; i++) {
        if (encoded.at[i] != '\1') {
            buf_char(&b, encoded.at[i]);
            continue;
        }
        slice open = slice_after(encoded, i + 1);
        open = slice_from_to(open, 0, slice_find(open, '\2'));
        i += open.len + 1;
        char kind = open.len > 0 ? open.at[0] : '?';
        slice what = kind == '#' || kind == '@' ? slice_after(open, 1) : slice_after(open, slice_find(open, ':') < open.len ? slice_find(open, ':') + 1 : 0);
        if (kind == '?')
            what = SLICE("unknown");
        buf_text(&b, "${");
        buf_slice(&b, what);
        buf_text(&b, kind == '@' ? ".Arn}" : "}");
    }
    return buf_as_slice(&b);
}

/* ---- taking apart ---- */

/* End of the name: the first of `ends` outside an open part. */
static size_t name_end(slice rest, size_t from, slice ends) {
    bool open = false;
    for (size_t i = from; i < rest.len; i++) {
        char c = rest.at[i];
        open = c == '\1' ? true : c == '\2' ? false : open;
        if (!open && slice_find(ends, c) < ends.len)
            return i;
    }
    return rest.len;
}

/* Cuts at the next `:` outside an open part. */
static bool cut_field(slice *text, slice *field) {
    if (text->at == NULL)
        return false;
    size_t end = name_end(*text, 0, SLICE(":"));
    *field = slice_from_to(*text, 0, end);
    *text = end < text->len ? slice_after(*text, end + 1) : (slice){ NULL, 0 };
    return true;
}

/* rule/BUS/NAME: the name of a rule on a bus of its own is its last part (EventBridge user guide, "Rules"). */
static void split_rest(const scope *s, arn *x, slice type) {
    size_t prefix;
    x->type = arn_type_at(x->service, x->rest, type, &prefix);
    if (x->type == NULL)
        return;
    size_t end = name_end(x->rest, prefix, x->type->ends);
    if (slice_is(x->type->type, "AWS::Events::Rule"))
        for (size_t i = prefix; i < x->rest.len; i = name_end(x->rest, i, SLICE("/")) + 1)
            prefix = i;
    if (slice_is(x->service, "kafka") && slice_starts(x->rest, SLICE("topic/")))
        end = name_end(x->rest, prefix, SLICE("/"));
    x->name = slice_from_to(x->rest, prefix, end);
    x->tail = slice_after(x->rest, end);
    if (slice_find(x->name, '*') < x->name.len || slice_find(x->name, '?') < x->name.len)
        return;                              /* a pattern; `?` is also part of an open text that nothing else equals */
    if (arn_same_account(s, x))
        x->of = index_named(s, x->type, x->name);
}

bool arn_same_account(const scope *s, const arn *x) {
    const template_options *o = s->here->t->set->options;
    if (o == NULL)
        return true;
    return !(o->account.len > 0 && x->account.len > 0 && !arn_open(x->account) && !slice_glob(x->account, o->account)) &&
           !(o->region.len > 0 && x->region.len > 0 && !arn_open(x->region) && !slice_glob(x->region, o->region));
}

static arn arn_of_folded(const scope *s, const resource *r, unsigned depth);
static void set_tail(arena *a, arn *x, slice more);

#define FOLD_DEPTH 8

/* Text that begins with the ARN of a resource (\1@id\2), or with an alias, version, ... that stands for its ARN (\1#id\2). */
static bool begins_with_resource(const scope *s, slice text, arn *x) {
    if (text.len < 3 || text.at[0] != '\1' || (text.at[1] != '@' && text.at[1] != '#'))
        return false;
    size_t end = slice_find(text, '\2');
    if (end == text.len)
        return false;
    const resource *r = strmap_get(&s->index->by_id, slice_from_to(text, 2, end));
    slice main;
    if (r == NULL || (text.at[1] == '#' && fold_property(r->type, &main).len == 0))
        return false;
    *x = arn_of_folded(s, r, FOLD_DEPTH - 1);
    set_tail(s->arena, x, slice_after(text, end + 1));
    return true;
}

arn arn_of_text(const scope *s, slice text, slice type) {
    arn x = { .rest = text };
    if (begins_with_resource(s, text, &x))
        return x;
    if (!slice_starts(text, SLICE("arn:")))
        return x;
    slice fields[4], left = slice_after(text, 4);
    for (size_t i = 0; i < COUNT(fields); i++) {
        if (!cut_field(&left, &fields[i])) {
            /* "arn:aws:sqs:*": a star at the end stands for all that is missing */
            if (i == 0 || !slice_ends(fields[i - 1], SLICE("*")))
                return x;
            fields[i] = SLICE("*");
        }
    }
    x.known = true;
    x.partition = fields[0];
    x.service = fields[1];
    x.region = fields[2];
    x.account = fields[3];
    x.rest = left.at == NULL ? (slice_ends(fields[3], SLICE("*")) ? SLICE("*") : SLICE("")) : left;
    split_rest(s, &x, type);
    return x;
}

static void set_tail(arena *a, arn *x, slice more) {
    if (more.len == 0)
        return;
    slice parts[] = { x->tail, more };
    x->tail = arena_concat(a, parts, 2);
    slice whole[] = { x->rest, more };
    x->rest = arena_concat(a, whole, 2);
}

static arn value_at_depth(const scope *s, const value *v, slice type, unsigned depth) {
    const value *first = v->kind == VAL_JOINED && v->list.len > 0 ? v->list.at[0] : v;
    if (first->kind == VAL_REF) {
        const resource *r = first->ref.to;
        const arn_type *t = arn_type_of(r->type);
        slice main;
        bool folded = fold_property(r->type, &main).len > 0;
        if ((v->kind == VAL_REF && (t != NULL || folded)) || (t != NULL && arn_type_gives_arn(t, first->ref.attr)) ||
            (folded && (slice_is(first->ref.attr, "Ref") || slice_ends(first->ref.attr, SLICE("Arn"))))) {
            arn x = arn_of_folded(s, r, depth);
            /* DescribeLogGroups: the ARN of a log group ends in :* */
            if (slice_is(r->type, "AWS::Logs::LogGroup") && slice_is(first->ref.attr, "Arn"))
                set_tail(s->arena, &x, SLICE(":*"));
            if (slice_is(first->ref.attr, "StreamArn") && slice_starts(r->type, SLICE("AWS::DynamoDB::")))
                set_tail(s->arena, &x, arena_printf(s->arena, "/stream/\1#%.*s/stream\2", SLICE_ARG(r->id)));
            if (v->kind == VAL_JOINED) {
                value more = *v;
                more.list.at = v->list.at + 1;
                more.list.len = v->list.len - 1;
                slice tail = arn_encode(s, &more);
                /* `${LogGroup.Arn}:*` is written too */
                if (!(slice_ends(x.tail, SLICE(":*")) && slice_is(tail, ":*")))
                    set_tail(s->arena, &x, tail);
            }
            return x;
        }
    }
    return arn_of_text(s, arn_encode(s, v), type);
}

arn arn_of_value(const scope *s, const value *v, slice type) { return value_at_depth(s, v, type, FOLD_DEPTH); }

/* As arn_open_part writes it: it is asked for all the time. */
_Static_assert(UNKNOWN_PSEUDO == 1, "the number in PSEUDO");
#define PSEUDO(given, name) ((given).len > 0 ? (given) : SLICE("\1" "1:" name "\2"))

static arn arn_with_name(const scope *s, const arn_type *t, slice name) {
    const template_options *o = s->here->t->set->options;
    static const template_options none;
    if (o == NULL)
        o = &none;
    arn x = { .known = true, .service = t->service, .type = t, .name = name };
    x.partition = PSEUDO(o->partition, "AWS::Partition");
    bool global = slice_is(t->service, "s3") || slice_is(t->service, "iam");
    x.region = global ? SLICE("") : PSEUDO(o->region, "AWS::Region");
    x.account = slice_is(t->service, "s3") ? SLICE("") : PSEUDO(o->account, "AWS::AccountId");
    slice parts[] = { t->prefix, name };
    x.rest = arena_concat(s->arena, parts, 2);
    x.tail = slice_after(x.rest, x.rest.len);
    return x;
}

arn arn_of_name(const scope *s, slice encoded, const arn_type *t) {
    arn x = arn_with_name(s, t, encoded);
    x.of = index_named(s, t, encoded);
    return x;
}

static slice rule_bus(const scope *s, const resource *rule) {
    const value *bus = value_get(s->arena, rule->properties, SLICE("EventBusName"));
    if (value_is_absent(bus))
        return SLICE("");
    arn x = arn_of_value(s, bus, SLICE("AWS::Events::EventBus"));
    slice name = x.known ? x.name : x.rest;
    return slice_is(name, "default") ? SLICE("") : name;
}

/* The name as written; AWS makes one of the logical id otherwise. */
static slice alias_name(const scope *s, const resource *r) {
    const value *name = value_get(s->arena, r->properties, SLICE("Name"));
    return value_is_absent(name) ? arena_printf(s->arena, "\1#%.*s\2", SLICE_ARG(r->id)) : arn_encode(s, name);
}

static arn arn_of_folded(const scope *s, const resource *r, unsigned depth) {
    slice main, property = fold_property(r->type, &main);
    if (property.len > 0) {
        const value *of = value_at(s->arena, r->properties, property);
        if (value_is_absent(of) && slice_is(r->type, "AWS::StepFunctions::StateMachineAlias"))
            of = value_at(s->arena, r->properties, SLICE("DeploymentPreference.StateMachineVersionArn"));
        arn x = { .rest = arena_printf(s->arena, "\1@%.*s\2", SLICE_ARG(r->id)) };
        if (depth == 0 || (of->kind != VAL_REF && of->kind != VAL_JOINED && of->kind != VAL_STRING && of->kind != VAL_UNKNOWN))
            return x;
        x = value_at_depth(s, of, main, depth - 1);
        const arn_type *t = arn_type_of(main);
        if (!x.known && t != NULL)
            x = arn_of_name(s, x.rest, t);
        if (slice_is(r->type, "AWS::Lambda::Alias"))
            set_tail(s->arena, &x, arena_printf(s->arena, ":%.*s", SLICE_ARG(alias_name(s, r))));
        else if (slice_is(r->type, "AWS::StepFunctions::StateMachineAlias")) {
            x.rest = slice_from_to(x.rest, 0, x.rest.len - x.tail.len);      /* without the version that it stands for */
            x.tail = SLICE("");
            set_tail(s->arena, &x, arena_printf(s->arena, ":%.*s", SLICE_ARG(alias_name(s, r))));
        } else if (slice_is(r->type, "AWS::StepFunctions::StateMachineVersion"))
            set_tail(s->arena, &x, arena_printf(s->arena, ":\1#%.*s\2", SLICE_ARG(r->id)));
        else if (slice_is(r->type, "AWS::Lambda::Version"))
            set_tail(s->arena, &x, arena_printf(s->arena, ":\1#%.*s.Version\2", SLICE_ARG(r->id)));
        else if (slice_is(r->type, "AWS::Kinesis::StreamConsumer"))
            set_tail(s->arena, &x, arena_printf(s->arena, "/consumer/\1#%.*s\2", SLICE_ARG(r->id)));
        return x;
    }
    const arn_type *t = arn_type_of(r->type);
    if (t == NULL)
        return (arn){ .rest = arena_printf(s->arena, "\1@%.*s\2", SLICE_ARG(r->id)) };
    arn x = arn_with_name(s, t, name_of(s, r));
    if (slice_is(r->type, "AWS::Events::Rule") && rule_bus(s, r).len > 0) {
        slice parts[] = { t->prefix, rule_bus(s, r), SLICE("/"), x.name };
        x.rest = arena_concat(s->arena, parts, COUNT(parts));
        x.tail = slice_after(x.rest, x.rest.len);
    }
    named *self = ARENA_NEW(s->arena, named);
    self->r = r;
    x.of = self;
    return x;
}

arn arn_of_resource(const scope *s, const resource *r) { return arn_of_folded(s, r, FOLD_DEPTH); }

slice arn_text(arena *a, const arn *x) {
    if (!x->known)
        return arn_display(a, x->rest);
    slice parts[] = { SLICE("arn:"), x->partition, SLICE(":"), x->service, SLICE(":"), x->region, SLICE(":"), x->account, SLICE(":"), x->rest };
    return arn_display(a, arena_concat(a, parts, COUNT(parts)));
}

/* ---- comparing ---- */

#define GLOB_MOST 1024   /* bytes of either side: the comparison of two patterns takes their product */

/* Open parts become `*`. */
static slice loosen(arena *a, slice encoded) {
    buf b = { .arena = a };
    for (size_t i = 0; i < encoded.len; i++) {
        if (encoded.at[i] != '\1') {
            buf_char(&b, encoded.at[i]);
            continue;
        }
        buf_char(&b, '*');
        while (i < encoded.len && encoded.at[i] != '\2')
            i++;
    }
    return buf_as_slice(&b);
}

/* Is there a text that both patterns match? One row of the table of suffixes at a time. */
static bool globs_meet(arena *a, slice x, slice y) {
    if (x.len > GLOB_MOST || y.len > GLOB_MOST)
        return true;
    bool *below = ARENA_ARRAY(a, bool, y.len + 1), *row = ARENA_ARRAY(a, bool, y.len + 1);
    for (size_t i = x.len + 1; i-- > 0;) {
        for (size_t k = y.len + 1; k-- > 0;) {
            bool meet;
            if (i == x.len && k == y.len)
                meet = true;
            else if (i < x.len && x.at[i] == '*')
                meet = below[k] || (k < y.len && row[k + 1]);
            else if (k < y.len && y.at[k] == '*')
                meet = row[k + 1] || (i < x.len && below[k]);
            else
                meet = i < x.len && k < y.len && (x.at[i] == y.at[k] || x.at[i] == '?' || y.at[k] == '?') && below[k + 1];
            row[k] = meet;
        }
        bool *swap = below;
        below = row;
        row = swap;
    }
    return below[0];
}

tri arn_glob(arena *a, slice pattern, slice text) {
    if (slice_eq(pattern, text) || slice_is(pattern, "*"))
        return YES;
    if (pattern.len <= GLOB_MOST && text.len <= GLOB_MOST && slice_glob(pattern, text))
        return YES;
    if (!arn_open(pattern) && !arn_open(text) && slice_find(text, '*') == text.len)
        return NO;
    return globs_meet(a, loosen(a, pattern), loosen(a, text)) ? UNKNOWN : NO;
}

static bool literal(slice s) {
    return s.len > 0 && !arn_open(s) && slice_find(s, '*') == s.len && slice_find(s, '?') == s.len;
}

static bool fields_differ(slice x, slice y) { return literal(x) && literal(y) && !slice_eq(x, y); }

tri arn_covers(arena *a, const arn *pattern, const arn *text) {
    if (!pattern->known || !text->known) {
        if (slice_is(pattern->rest, "*") && !pattern->known)
            return YES;
        if (pattern->known == text->known)
            return arn_glob(a, pattern->rest, text->rest);
        const arn *other = pattern->known ? text : pattern;
        return arn_open(other->rest) ? UNKNOWN : arn_glob(a, other->rest, SLICE("arn:*")) == NO ? NO : UNKNOWN;
    }
    if (arn_glob(a, pattern->service, text->service) == NO)
        return NO;
    if (fields_differ(pattern->region, text->region) || fields_differ(pattern->account, text->account))
        return NO;
    if (slice_is(pattern->rest, "*"))
        return YES;
    if (pattern->of != NULL && text->of != NULL) {
        for (const named *p = pattern->of; p != NULL; p = p->next)
            for (const named *t = text->of; t != NULL; t = t->next)
                if (p->r == t->r)
                    return arn_glob(a, pattern->tail, text->tail);
        return NO;
    }
    return arn_glob(a, pattern->rest, text->rest);
}
