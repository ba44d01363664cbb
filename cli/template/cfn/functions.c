/* The intrinsic functions. One line a function in the table at the end.
 * Facts: CloudFormation user guide, "Intrinsic function reference" and "Language extensions". */
#include "template/cfn/reader.h"

/* ---- helpers ---- */

const value *cfn_computed(reader *r, const doc_node *call, slice function) {
    value *v = value_new(r->a, VAL_UNKNOWN, call->at);
    v->end = call->end;
    v->why = UNKNOWN_COMPUTED;
    v->text = function;
    return v;
}

static const value *too_large(reader *r, const doc_node *call) {
    return value_new_unknown(r->a, call->at, UNKNOWN_TOO_LARGE, call->map.at[0].key);
}

static const value *malformed(reader *r, const doc_node *call, const doc_node *at, const char *needs) {
    slice name = call->map.at[0].key;
    cfn_problem(r, PROBLEM_FUNCTION, at->at, at->end, arena_printf(r->a, "%.*s needs %s", SLICE_ARG(name), needs));
    return cfn_computed(r, call, name);
}

#define FORK_MOST  16
#define FORK_DEPTH 8

typedef struct {
    arena *arena;
    pos at;
    const value *(*f)(void *self, const value **args, size_t len);
    void *self;
    unsigned left;
} fork;

static const value *fork_at(fork *k, const value **args, size_t len, size_t from, unsigned depth) {
    size_t i = from;
    while (i < len && args[i]->kind != VAL_CHOICE) i++;
    if (i == len) {
        if (k->left == 0) return value_new_unknown(k->arena, k->at, UNKNOWN_TOO_LARGE, SLICE("alternatives"));
        k->left--;
        return k->f(k->self, args, len);
    }
    const condition *on = args[i]->choice.on;
    const value *side[2];
    for (int s = 0; s < 2; s++) {
        const value **copy = ARENA_ARRAY(k->arena, const value *, len);
        memcpy(copy, args, len * sizeof *copy);
        for (size_t n = i; n < len; n++)
            while (copy[n]->kind == VAL_CHOICE && (copy[n]->choice.on == on || depth == FORK_DEPTH)) {
                if (copy[n]->choice.on == on) copy[n] = s == 0 ? copy[n]->choice.yes : copy[n]->choice.no;
                else copy[n] = value_new_unknown(k->arena, k->at, UNKNOWN_TOO_LARGE, SLICE("alternatives"));
            }
        side[s] = fork_at(k, copy, len, i, depth + 1);
    }
    return value_new_choice(k->arena, k->at, on, side[0], side[1]);
}

const value *cfn_fork(reader *r, pos at, const value **args, size_t len,
                      const value *(*f)(void *self, const value **args, size_t len), void *self) {
    fork k = { r->a, at, f, self, FORK_MOST };
    return fork_at(&k, args, len, 0, 0);
}

/* What functions over resolved arguments get. */
typedef struct {
    reader *r;
    const doc_node *call, *arg;
} context;

static const value *unknown_of(const context *c) { return cfn_computed(c->r, c->call, c->call->map.at[0].key); }

static const value *text_result(const context *c, slice text) {
    if (!cfn_made(c->r, text.len)) return too_large(c->r, c->call);
    value *v = value_new(c->r->a, VAL_STRING, c->call->at);
    v->end = c->call->end;
    v->text = text;
    return v;
}

static const value *list_result(const context *c, const value **items, size_t len) {
    value *v = value_new(c->r->a, VAL_LIST, c->call->at);
    v->end = c->call->end;
    v->list.at = items;
    v->list.len = len;
    return v;
}

/* Resolves the elements of a written list argument, or the argument as a whole when it is made by a function. */
static const value *items_of(reader *r, const doc_node *n) { return cfn_resolve(r, n); }

/* A list with an element that may be absent has no certain positions. */
static bool positions_certain(const value *list, size_t up_to) {
    for (size_t i = 0; i <= up_to && i < list->list.len; i++) {
        const value *v = list->list.at[i];
        for (unsigned depth = 0; v->kind == VAL_CHOICE; depth++) {
            if (depth > 32 || v->choice.no->kind == VAL_ABSENT || v->choice.yes->kind == VAL_ABSENT) return false;
            v = v->choice.yes->kind == VAL_CHOICE ? v->choice.yes : v->choice.no;
        }
    }
    return true;
}

/* ---- Fn::Join ---- */

static const value *join_apply(void *self, const value **args, size_t len) {
    const context *c = self;
    reader *r = c->r;
    if (args[0]->kind != VAL_STRING) return unknown_of(c);
    VEC(const value *) parts = { 0 };
    size_t items = 0;
    for (size_t i = 1; i < len; i++) {
        if (value_is_absent(args[i])) continue;
        if (items++ > 0 && args[0]->text.len > 0) VEC_PUSH(r->a, &parts, args[0]);
        VEC_PUSH(r->a, &parts, args[i]);
    }
    const value *v = value_new_joined(r->a, c->call->at, parts.at, parts.len);
    size_t bytes = v->kind == VAL_STRING ? v->text.len : v->kind == VAL_JOINED ? v->list.len * sizeof(value *) : 0;
    if (!cfn_made(r, bytes)) return too_large(r, c->call);
    return cfn_placed(r, cfn_dynamic(r, v), c->call);
}

typedef struct {
    const context *c;
    const value *delimiter;
} join_list;

static const value *join_over(void *self, const value *list) {
    const join_list *j = self;
    reader *r = j->c->r;
    if (list->kind != VAL_LIST) return unknown_of(j->c);
    const value **args = ARENA_ARRAY(r->a, const value *, list->list.len + 1);
    args[0] = j->delimiter;
    if (list->list.len > 0) memcpy(args + 1, list->list.at, list->list.len * sizeof *args);
    return cfn_fork(r, j->c->call->at, args, list->list.len + 1, join_apply, (void *)(uintptr_t)j->c);
}

static const value *join(reader *r, const doc_node *call, const doc_node *arg) {
    if (arg->kind != DOC_LIST || arg->list.len != 2) return malformed(r, call, arg, "a delimiter and a list: `!Join [':', [a, b]]`");
    context c = { r, call, arg };
    const value *delimiter = cfn_resolve(r, arg->list.at[0]);
    if (delimiter->kind != VAL_STRING && doc_is_scalar(arg->list.at[0]))
        delimiter = value_new_string(r->a, arg->list.at[0]->at, arg->list.at[0]->text);
    join_list j = { &c, delimiter };
    return value_map(r->a, items_of(r, arg->list.at[1]), join_over, &j);
}

/* ---- Fn::Select ---- */

static const value *select_apply(void *self, const value **args, size_t len) {
    const context *c = self;
    (void)len;
    long long index;
    const value *list = args[1];
    if (list->kind != VAL_LIST || value_as_int(c->r->a, args[0], &index) != YES) return unknown_of(c);
    if (index < 0 || (unsigned long long)index >= list->list.len) {
        const doc_node *written = c->arg->list.at[1];
        if (written->kind == DOC_LIST && doc_is_scalar(c->arg->list.at[0]) && positions_certain(list, list->list.len))
            cfn_problem(c->r, PROBLEM_FUNCTION, c->arg->list.at[0]->at, c->arg->list.at[0]->end,
                        arena_printf(c->r->a, "Fn::Select asks for element %lld of a list of %zu (the first is 0)", index, list->list.len));
        return unknown_of(c);
    }
    if (!positions_certain(list, (size_t)index)) return unknown_of(c);
    const value *v = list->list.at[index];
    return v->kind == VAL_ABSENT ? v : cfn_placed(c->r, v, c->call);
}

static const value *select(reader *r, const doc_node *call, const doc_node *arg) {
    if (arg->kind != DOC_LIST || arg->list.len != 2) {
        /* An index and the elements side by side are not taken either, but a made list is. */
        if (arg->kind == DOC_MAP) return cfn_computed(r, call, SLICE("Fn::Select"));
        return malformed(r, call, arg, "an index and a list: `!Select [0, [a, b]]`");
    }
    context c = { r, call, arg };
    const value **args = ARENA_ARRAY(r->a, const value *, 2);
    args[0] = cfn_resolve(r, arg->list.at[0]);
    args[1] = items_of(r, arg->list.at[1]);
    return cfn_fork(r, call->at, args, 2, select_apply, &c);
}

/* ---- Fn::Split ---- */

static const value *split_apply(void *self, const value **args, size_t len) {
    const context *c = self;
    reader *r = c->r;
    (void)len;
    slice by, text;
    if (!value_text(r->a, args[0], &by) || by.len == 0 || !value_text(r->a, args[1], &text)) return unknown_of(c);
    VEC(const value *) items = { 0 };
    for (;;) {
        size_t cut = slice_find_slice(text, by);
        VEC_PUSH(r->a, &items, value_new_string(r->a, c->call->at, cut == (size_t)-1 ? text : slice_from_to(text, 0, cut)));
        if (cut == (size_t)-1) break;
        text = slice_after(text, cut + by.len);
    }
    if (!cfn_made(r, items.len * sizeof(value))) return too_large(r, c->call);
    return list_result(c, items.at, items.len);
}

static const value *split(reader *r, const doc_node *call, const doc_node *arg) {
    if (arg->kind != DOC_LIST || arg->list.len != 2) return malformed(r, call, arg, "a delimiter and a text: `!Split [',', 'a,b']`");
    context c = { r, call, arg };
    const value **args = ARENA_ARRAY(r->a, const value *, 2);
    args[0] = cfn_resolve(r, arg->list.at[0]);
    args[1] = cfn_resolve(r, arg->list.at[1]);
    return cfn_fork(r, call->at, args, 2, split_apply, &c);
}

/* ---- Fn::FindInMap ---- */

static const value *find_apply(void *self, const value **args, size_t len) {
    const context *c = self;
    reader *r = c->r;
    slice key[3];
    const value *otherwise = len == 4 ? args[3] : NULL;
    for (size_t i = 0; i < 3; i++)
        if (!value_text(r->a, args[i], &key[i])) return unknown_of(c);
    const doc_node *mapping = strmap_get(&r->mappings, key[0]);
    bool written = true;
    for (size_t i = 0; i < 3; i++) written = written && doc_is_scalar(c->arg->list.at[i]);
    if (mapping == NULL) {
        const doc_node *name = c->arg->list.at[0];
        if (doc_is_scalar(name) && !r->names_open && !strmap_has(&r->mappings, SLICE("Fn::Transform")))
            cfn_problem(r, PROBLEM_MAPPING, name->at, name->end,
                        arena_printf(r->a, "there is no mapping %.*s in the template%.*s", SLICE_ARG(key[0]),
                                     SLICE_ARG(cfn_suggest_in(r, key[0], &r->mappings))));
        return otherwise != NULL ? otherwise : unknown_of(c);
    }
    const doc_node *row = doc_get(mapping, key[1]);
    const doc_node *cell = row == NULL ? NULL : doc_get(row, key[2]);
    if (cell != NULL) return cfn_placed(r, cfn_resolve(r, cell), c->call);
    if (otherwise != NULL) return otherwise;
    if (written && !r->names_open && mapping->kind == DOC_MAP && doc_get(mapping, SLICE("Fn::Transform")) == NULL) {
        size_t wrong = row == NULL ? 1 : 2;
        const doc_node *at = c->arg->list.at[wrong];
        cfn_problem(r, PROBLEM_MAPPING, at->at, at->end,
                    arena_printf(r->a, "mapping %.*s has no key %.*s%s%.*s", SLICE_ARG(key[0]), SLICE_ARG(key[wrong]),
                                 wrong == 2 ? " under " : "", SLICE_ARG(wrong == 2 ? key[1] : SLICE(""))));
    }
    return unknown_of(c);
}

static const value *find_in_map(reader *r, const doc_node *call, const doc_node *arg) {
    if (arg->kind != DOC_LIST || arg->list.len < 3 || arg->list.len > 4)
        return malformed(r, call, arg, "a mapping and two keys: `!FindInMap [Sizes, !Ref Stage, Memory]`");
    context c = { r, call, arg };
    const value **args = ARENA_ARRAY(r->a, const value *, 4);
    for (size_t i = 0; i < 3; i++) args[i] = cfn_resolve(r, arg->list.at[i]);
    const doc_node *otherwise = arg->list.len == 4 ? doc_get(arg->list.at[3], SLICE("DefaultValue")) : NULL;
    if (otherwise != NULL) args[3] = cfn_resolve(r, otherwise);
    return cfn_fork(r, call->at, args, otherwise != NULL ? 4 : 3, find_apply, &c);
}

/* ---- Fn::If ---- */

static const value *if_branch(reader *r, const doc_node *n, const condition *on, bool is) {
    place outer = r->now;
    /* A branch that is never taken is read for its mistakes only. */
    if (!when_and_literal(r->a, outer.branch, on, is, &r->now.branch)) {
        r->now = outer;
        r->now.needs = NULL;
    }
    const value *v = cfn_resolve(r, n);
    r->now = outer;
    return v;
}

static const value *if_(reader *r, const doc_node *call, const doc_node *arg) {
    if (arg->kind != DOC_LIST || arg->list.len != 3 || !doc_is_scalar(arg->list.at[0]))
        return malformed(r, call, arg, "the name of a condition and two values: `!If [IsProd, 10, 1]`");
    const condition *on = cfn_condition(r, arg->list.at[0]);
    if (on == NULL) {
        for (size_t i = 1; i < 3; i++) cfn_resolve(r, arg->list.at[i]);
        return cfn_computed(r, call, SLICE("Fn::If"));
    }
    const value *yes = if_branch(r, arg->list.at[1], on, true);
    const value *no = if_branch(r, arg->list.at[2], on, false);
    return value_new_choice(r->a, call->at, on, yes, no);
}

/* ---- Fn::ImportValue ---- */

#define EXPORT_CHAIN 50   /* exports that are made of imports, one behind another */

static const value *import_apply(void *self, const value **args, size_t len) {
    const context *c = self;
    reader *r = c->r;
    (void)len;
    slice name;
    r->tree->imports = true;
    if (value_text(r->a, args[0], &name)) {
        cfn_exports *all = r->tree->exports;
        const cfn_export *e = all == NULL ? NULL : strmap_get(&all->by_name, name);
        if (e != NULL && !e->ambiguous && all->depth < EXPORT_CHAIN) {
            all->depth++;
            cfn_resolve_output(cfn_reader(e->in), e->output);
            all->depth--;
            if (e->output->state == RESOLVE_DONE) return cfn_placed(r, e->output->resolved, c->call);
        }
    } else {
        name = value_display(r->a, args[0]);
    }
    value *v = value_new(r->a, VAL_UNKNOWN, c->call->at);
    v->end = c->call->end;
    v->why = UNKNOWN_IMPORT;
    v->text = name;
    return v;
}

static const value *import_value(reader *r, const doc_node *call, const doc_node *arg) {
    context c = { r, call, arg };
    const value **args = ARENA_ARRAY(r->a, const value *, 1);
    args[0] = cfn_resolve(r, arg);
    return cfn_fork(r, call->at, args, 1, import_apply, &c);
}

/* ---- Fn::Base64 ---- */

static const value *base64_apply(void *self, const value **args, size_t len) {
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const context *c = self;
    (void)len;
    slice text;
    if (!value_text(c->r->a, args[0], &text) || text.len > VALUE_MAX_TEXT / 2) return unknown_of(c);
    if (!cfn_made(c->r, text.len / 3 * 4 + 4)) return too_large(c->r, c->call);
    buf b = { .arena = c->r->a };
    for (size_t i = 0; i < text.len; i += 3) {
        size_t have = text.len - i < 3 ? text.len - i : 3;
        uint32_t bits = (uint32_t)(unsigned char)text.at[i] << 16;
        if (have > 1) bits |= (uint32_t)(unsigned char)text.at[i + 1] << 8;
        if (have > 2) bits |= (unsigned char)text.at[i + 2];
        for (size_t k = 0; k < 4; k++) buf_char(&b, k <= have ? digits[bits >> (18 - 6 * k) & 63] : '=');
    }
    return text_result(c, buf_as_slice(&b));
}

static const value *base64(reader *r, const doc_node *call, const doc_node *arg) {
    context c = { r, call, arg };
    const value **args = ARENA_ARRAY(r->a, const value *, 1);
    args[0] = cfn_resolve(r, arg);
    return cfn_fork(r, call->at, args, 1, base64_apply, &c);
}

/* ---- Fn::Cidr (IPv4; IPv6 blocks are not computed) ---- */

static bool ipv4_block(slice s, uint32_t *address, unsigned *prefix) {
    size_t slash = slice_find(s, '/');
    long long n;
    if (slash == s.len || !slice_int(slice_after(s, slash + 1), &n) || n < 0 || n > 32) return false;
    *prefix = (unsigned)n;
    slice rest = slice_from_to(s, 0, slash), part;
    *address = 0;
    for (int i = 0; i < 4; i++) {
        if (!slice_cut(&rest, '.', &part) || !slice_int(part, &n) || n < 0 || n > 255) return false;
        *address = *address << 8 | (uint32_t)n;
    }
    return rest.at == NULL;
}

static const value *cidr_apply(void *self, const value **args, size_t len) {
    const context *c = self;
    reader *r = c->r;
    slice text;
    uint32_t address;
    unsigned prefix;
    long long count, bits = 0;
    if (!value_text(r->a, args[0], &text) || !ipv4_block(text, &address, &prefix) || value_as_int(r->a, args[1], &count) != YES ||
        (len == 3 && value_as_int(r->a, args[2], &bits) != YES) || len != 3 || count < 1 || count > 256 || bits < 1 || bits > 31)
        return unknown_of(c);
    if (prefix + (unsigned)bits > 32 || (uint64_t)count << bits > (uint64_t)1 << (32 - prefix)) return unknown_of(c);
    const value **items = ARENA_ARRAY(r->a, const value *, (size_t)count);
    if (!cfn_made(r, (size_t)count * sizeof(value))) return too_large(r, c->call);
    for (long long i = 0; i < count; i++) {
        uint32_t at = address + (uint32_t)((uint64_t)i << bits);
        items[i] = value_new_string(r->a, c->call->at, arena_printf(r->a, "%u.%u.%u.%u/%u", at >> 24, at >> 16 & 255, at >> 8 & 255, at & 255,
                                                                    32 - (unsigned)bits));
    }
    return list_result(c, items, (size_t)count);
}

static const value *cidr(reader *r, const doc_node *call, const doc_node *arg) {
    if (arg->kind != DOC_LIST || arg->list.len < 2 || arg->list.len > 3)
        return arg->kind == DOC_MAP ? cfn_computed(r, call, SLICE("Fn::Cidr"))
                                    : malformed(r, call, arg, "a block, a count and the bits: `!Cidr [10.0.0.0/16, 4, 8]`");
    context c = { r, call, arg };
    const value **args = ARENA_ARRAY(r->a, const value *, 3);
    for (size_t i = 0; i < arg->list.len; i++) args[i] = cfn_resolve(r, arg->list.at[i]);
    return cfn_fork(r, call->at, args, arg->list.len, cidr_apply, &c);
}

/* ---- Fn::Length, Fn::ToJsonString ---- */

static const value *length_over(void *self, const value *v) {
    const context *c = self;
    if (v->kind != VAL_LIST || !positions_certain(v, v->list.len)) return unknown_of(c);
    return cfn_placed(c->r, value_new_int(c->r->a, c->call->at, (long long)v->list.len), c->call);
}

static const value *length(reader *r, const doc_node *call, const doc_node *arg) {
    context c = { r, call, arg };
    return value_map(r->a, cfn_resolve(r, arg), length_over, &c);
}

/* JSON text in which the open parts stay open: the text is cut where they stand. */
typedef struct {
    const context *c;
    buf text;
    VEC(const value *) parts;
    size_t left;
    bool broken;
} json_parts;

static void json_cut(json_parts *j) {
    if (j->text.bytes.len == 0) return;
    VEC_PUSH(j->c->r->a, &j->parts, value_new_string(j->c->r->a, j->c->call->at, arena_copy(j->c->r->a, buf_as_slice(&j->text))));
    j->text.bytes.len = 0;
}

static void json_quoted(json_parts *j, slice s) {
    json_out one = { .out = &j->text };
    json_string(&one, s);
}

static void json_open(json_parts *j, const value *v) {
    if (v->kind != VAL_JOINED) {
        json_cut(j);
        VEC_PUSH(j->c->r->a, &j->parts, v->kind == VAL_CHOICE ? unknown_of(j->c) : v);
        return;
    }
    for (size_t i = 0; i < v->list.len; i++) {
        const value *part = v->list.at[i];
        if (part->kind != VAL_STRING) {
            json_open(j, part);
            continue;
        }
        size_t from = j->text.bytes.len;
        json_quoted(j, part->text);                          /* escaped; then without its quotes */
        memmove(j->text.bytes.at + from, j->text.bytes.at + from + 1, j->text.bytes.len - from - 2);
        j->text.bytes.len -= 2;
    }
}

static void json_write(json_parts *j, const value *v) {
    if (j->left == 0) {
        j->broken = true;
        return;
    }
    j->left--;
    switch (v->kind) {
    case VAL_ABSENT: case VAL_NULL: buf_text(&j->text, "null"); break;
    case VAL_BOOL: buf_text(&j->text, v->boolean ? "true" : "false"); break;
    case VAL_INT: case VAL_DOUBLE: {
        json_out one = { .out = &j->text };
        if (v->kind == VAL_INT) json_int(&one, v->integer);
        else json_double(&one, v->number);
        break;
    }
    case VAL_STRING: json_quoted(j, v->text); break;
    case VAL_LIST:
        buf_char(&j->text, '[');
        for (size_t i = 0; i < v->list.len && !j->broken; i++) {
            if (i > 0) buf_char(&j->text, ',');
            json_write(j, v->list.at[i]);
        }
        buf_char(&j->text, ']');
        break;
    case VAL_MAP:
        buf_char(&j->text, '{');
        for (size_t i = 0; i < v->map.len && !j->broken; i++) {
            if (i > 0) buf_char(&j->text, ',');
            json_quoted(j, v->map.at[i].key);
            buf_char(&j->text, ':');
            json_write(j, v->map.at[i].value);
        }
        buf_char(&j->text, '}');
        break;
    default:
        buf_char(&j->text, '"');
        json_open(j, v);
        buf_char(&j->text, '"');
    }
    if (j->text.bytes.len > VALUE_MAX_TEXT) j->broken = true;
}

static const value *to_json(reader *r, const doc_node *call, const doc_node *arg) {
    context c = { r, call, arg };
    json_parts j = { .c = &c, .text = { .arena = r->a }, .left = VALUE_MAX_OUT };
    json_write(&j, cfn_resolve(r, arg));
    json_cut(&j);
    const value *v = j.broken ? NULL : value_new_joined(r->a, call->at, j.parts.at, j.parts.len);
    if (v == NULL || !cfn_made(r, v->kind == VAL_STRING ? v->text.len : v->list.len * sizeof(value *))) return too_large(r, call);
    return cfn_placed(r, v, call);
}

/* ---- what is known at deployment only ---- */

static const value *at_deployment(reader *r, const doc_node *call, const doc_node *arg) {
    cfn_resolve(r, arg);
    return cfn_computed(r, call, call->map.at[0].key);
}

static const value *transform(reader *r, const doc_node *call, const doc_node *arg) {
    const doc_node *name = doc_get(arg, SLICE("Name"));
    const doc_node *parameters = doc_get(arg, SLICE("Parameters"));
    if (parameters != NULL) cfn_resolve(r, parameters);
    value *v = value_new(r->a, VAL_UNKNOWN, call->at);
    v->end = call->end;
    v->why = UNKNOWN_TRANSFORM;
    v->text = doc_is_scalar(name) ? name->text : SLICE("Fn::Transform");
    return v;
}

/* ---- the table ---- */

static const struct {
    slice name;
    cfn_function f;
} functions[] = {
    { SLICE_INIT("Ref"), cfn_ref },
    { SLICE_INIT("Fn::GetAtt"), cfn_get_att },
    { SLICE_INIT("Fn::Sub"), cfn_sub },
    { SLICE_INIT("Fn::If"), if_ },
    { SLICE_INIT("Fn::Join"), join },
    { SLICE_INIT("Fn::Select"), select },
    { SLICE_INIT("Fn::Split"), split },
    { SLICE_INIT("Fn::FindInMap"), find_in_map },
    { SLICE_INIT("Fn::ImportValue"), import_value },
    { SLICE_INIT("Fn::Base64"), base64 },
    { SLICE_INIT("Fn::Cidr"), cidr },
    { SLICE_INIT("Fn::GetAZs"), at_deployment },
    { SLICE_INIT("Fn::Length"), length },
    { SLICE_INIT("Fn::ToJsonString"), to_json },
    { SLICE_INIT("Fn::Transform"), transform },
    { SLICE_INIT("Fn::And"), at_deployment },
    { SLICE_INIT("Fn::Or"), at_deployment },
    { SLICE_INIT("Fn::Not"), at_deployment },
    { SLICE_INIT("Fn::Equals"), at_deployment },
};

cfn_function cfn_function_of(reader *r, const doc_node *call) {
    if (call->map.len != 1) return NULL;
    slice key = call->map.at[0].key;
    bool named = slice_starts(key, SLICE("Fn::"));
    if (!named && !slice_is(key, "Ref")) return NULL;
    for (size_t i = 0; i < COUNT(functions); i++)
        if (slice_eq(functions[i].name, key)) return functions[i].f;
    if (slice_starts(key, SLICE("Fn::ForEach::"))) return NULL;
    slice names[COUNT(functions)];
    for (size_t i = 0; i < COUNT(functions); i++) names[i] = functions[i].name;
    slice hint = r->names_open ? SLICE("") : template_suggest(r->a, key, names, COUNT(functions));
    if (hint.len > 0)
        cfn_problem(r, PROBLEM_FUNCTION, call->map.at[0].key_at, call->map.at[0].key_end,
                    arena_printf(r->a, "there is no function %.*s%.*s", SLICE_ARG(key), SLICE_ARG(hint)));
    return at_deployment;
}
