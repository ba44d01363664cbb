#include "lint/waiver.h"

#include <stdlib.h>

#include "doc/doc.h"
#include "lint/index.h"
#include "lint/rules.h"
#include "lint/waiver_parts.h"
#include "service/timezone.h"

/* ---- words ---- */

static const slice source_names[] = { SLICE_INIT("metadata"), SLICE_INIT("comment"), SLICE_INIT("config") };
slice waiver_source_name(waiver_source s) { return source_names[s]; }

static const struct { slice name, words; } kinds[] = {
#define KIND(id, name, words) { SLICE_INIT(name), SLICE_INIT(words) },
#include "lint/waiver_kind.def"
#undef KIND
};
slice waiver_kind_name(waiver_kind k) { return kinds[k].name; }

bool waiver_is_kind(slice word) {
    for (size_t k = 0; k < COUNT(kinds); k++)
        if (slice_same_letters(word, kinds[k].name))
            return true;
    return false;
}

static bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

/* How many words of the text begin with one of `begins`. */
static size_t words_like(slice text, slice begins) {
    size_t found = 0;
    for (size_t i = 0; i < text.len;) {
        size_t start = i;
        while (i < text.len && is_letter(text.at[i]))
            i++;
        slice word = slice_from_to(text, start, i), rest = begins, begin;
        while (word.len > 0 && slice_cut(&rest, ' ', &begin))
            if (begin.len > 0 && word.len >= begin.len && slice_same_letters(slice_from_to(word, 0, begin.len), begin)) {
                found++;
                break;
            }
        if (i == start)
            i++;
    }
    return found;
}

waiver_kind waiver_kind_of(const waiver *w, bool *guessed) {
    waiver_kind best = WAIVER_KIND_OTHER;
    size_t most = 0;
    *guessed = false;
    for (size_t k = 0; k < COUNT(kinds); k++)
        if (slice_same_letters(w->kind, kinds[k].name))
            return (waiver_kind)k;
    *guessed = true;
    for (size_t k = 0; k < COUNT(kinds); k++) {
        size_t n = words_like(w->reason, kinds[k].words);
        if (n > most) {
            most = n;
            best = (waiver_kind)k;
        }
    }
    return best;
}

slice waiver_suggest(arena *a, slice typed, const slice *names, size_t len) {
    size_t distance = typed.len / 3 + 2;
    slice best = SLICE("");
    for (size_t i = 0; i < len; i++) {
        size_t far = slice_distance(typed, names[i], distance);
        if (far < distance) {
            distance = far;
            best = names[i];
        }
    }
    return best.len == 0 ? best : arena_printf(a, "; did you mean %.*s?", SLICE_ARG(best));
}

bool waiver_end(slice until, int64_t *ends_s) {
    long long part[3];
    for (size_t i = 0; i < until.len; i++)
        if ((until.at[i] < '0' || until.at[i] > '9') && until.at[i] != '-')
            return false;
    if (until.len != 10 || until.at[4] != '-' || until.at[7] != '-' || !slice_int(slice_from_to(until, 0, 4), &part[0]) ||
        !slice_int(slice_from_to(until, 5, 7), &part[1]) || !slice_int(slice_from_to(until, 8, 10), &part[2]))
        return false;
    if (part[0] < 1970 || part[1] < 1 || part[1] > 12 || part[2] < 1 || part[2] > civil_month_days((int)part[0], (int)part[1]))
        return false;
    *ends_s = (civil_days((int)part[0], (int)part[1], (int)part[2]) + 1) * 86400;
    return true;
}

/* ---- reading ---- */

static void add_problem(arena *a, waiver_reading *out, problem_kind kind, pos at, pos end, slice message) {
    if (out->full)
        return;
    VEC_PUSH(a, &out->problems, (problem){ .kind = kind, .at = at, .end = end, .message = message, .w = WHEN_ALWAYS });
}

void waiver_malformed(arena *a, waiver_reading *out, pos at, pos end, slice message) {
    add_problem(a, out, PROBLEM_WAIVER_FORM, at, end, message);
}

size_t waiver_room(arena *a, waiver_reading *out, pos at, pos end) {
    size_t taken = out->list.len > out->problems.len ? out->list.len : out->problems.len;
    if (taken < WAIVER_MOST)
        return WAIVER_MOST - taken;
    if (!out->full)
        waiver_malformed(a, out, at, end, arena_printf(a, "more than %u waivers in one file: the rest is not read", WAIVER_MOST));
    out->full = true;
    return 0;
}

void waiver_add(arena *a, const waiver *w, slice rules, pos (*place)(void *self, size_t n), void *self, waiver_reading *out) {
    waiver made = *w;
    made.reason = slice_trim(w->reason);
    made.ends_s = INT64_MAX;
    if (w->until.len > 0 && !waiver_end(w->until, &made.ends_s)) {
        made.ends_s = INT64_MIN;
        waiver_malformed(a, out, w->at, w->end, arena_printf(a, "a waiver ends on a day as 2027-06-30, not on %.*s", SLICE_ARG(w->until)));
    }
    if (w->kind.len > 0 && !waiver_is_kind(w->kind)) {
        slice names[WAIVER_KIND_COUNT];
        for (size_t k = 0; k < COUNT(names); k++)
            names[k] = kinds[k].name;
        slice near = waiver_suggest(a, w->kind, names, COUNT(names));
        waiver_malformed(a, out, w->at, w->end, arena_printf(a, "there is no kind of reason %.*s%.*s", SLICE_ARG(w->kind),
                         SLICE_ARG(near.len > 0 ? near : SLICE(": time, skills, load, cost, compliance, migration or other"))));
    }
    bool any = false;
    slice rest = rules, part;
    while (slice_cut(&rest, ',', &part)) {
        slice word = slice_trim(part);
        if (word.len == 0)
            continue;
        any = true;
        if (waiver_room(a, out, w->at, w->end) == 0)
            return;
        waiver *one = ARENA_NEW(a, waiver);
        *one = made;
        one->rule = arena_copy(a, word);
        one->at = place(self, (size_t)(word.at - rules.at));
        one->end = place(self, (size_t)(word.at - rules.at) + word.len);
        VEC_PUSH(a, &out->list, one);
        if (made.reason.len == 0)
            add_problem(a, out, PROBLEM_WAIVER_REASON, one->at, one->end,
                        arena_printf(a, "%.*s is allowed here, but not why", SLICE_ARG(one->rule)));
    }
    if (!any)
        waiver_malformed(a, out, w->at, w->end, SLICE("this waiver names no rule: write an id, a name or a pillar"));
}

static pos place_in(void *self, size_t n) { return doc_pos_in(self, n); }

static const slice item_keys[] = { SLICE_INIT("rule"), SLICE_INIT("reason"), SLICE_INIT("owner"), SLICE_INIT("until"),
                                   SLICE_INIT("kind"), SLICE_INIT("path"), SLICE_INIT("resource") };
#define METADATA_KEYS 5        /* of them; the rest is for configurations */

static void one_item(arena *a, const doc_node *item, const waiver *from, waiver_reading *out) {
    size_t keys = from->source == WAIVER_IN_CONFIG ? COUNT(item_keys) : METADATA_KEYS;
    waiver w = *from;
    w.at = item->at;
    w.end = item->end;
    if (item->kind != DOC_MAP) {
        waiver_malformed(a, out, item->at, item->end, SLICE("a waiver is a mapping: {rule: SF301, reason: why, owner: who, until: 2027-06-30}"));
        return;
    }
    slice *values[] = { NULL, &w.reason, &w.owner, &w.until, &w.kind, &w.path, &w.resources };
    const doc_node *rules = NULL;
    for (size_t i = 0; i < item->map.len; i++) {
        const doc_entry *e = &item->map.at[i];
        size_t k = 0;
        while (k < keys && !slice_eq(e->key, item_keys[k]))
            k++;
        if (k == keys) {
            slice near = waiver_suggest(a, e->key, item_keys, keys);
            waiver_malformed(a, out, e->key_at, e->key_end, arena_printf(a, "a waiver has no key %.*s%.*s", SLICE_ARG(e->key), SLICE_ARG(near)));
        } else if (k == 0) {
            rules = e->value;
        } else if (doc_is_scalar(e->value)) {
            *values[k] = arena_copy(a, e->value->text);
        } else {
            waiver_malformed(a, out, e->value->at, e->value->end, arena_printf(a, "%.*s of a waiver is a text", SLICE_ARG(e->key)));
        }
    }
    if (rules == NULL)
        waiver_malformed(a, out, item->at, item->end, SLICE("this waiver names no rule: add rule: with an id, a name or a pillar"));
    for (size_t i = 0; rules != NULL && i < (rules->kind == DOC_LIST ? rules->list.len : 1); i++) {
        const doc_node *n = rules->kind == DOC_LIST ? rules->list.at[i] : rules;
        if (doc_is_scalar(n))
            waiver_add(a, &w, n->text, place_in, (void *)(uintptr_t)n, out);
        else
            waiver_malformed(a, out, n->at, n->end, SLICE("rule of a waiver is an id, a name or a pillar"));
    }
}

void waivers_of_list(arena *a, const doc_node *allow, const waiver *from, waiver_reading *out) {
    if (allow->kind != DOC_LIST) {
        waiver_malformed(a, out, allow->at, allow->end, SLICE("allow is a list of waivers: [{rule: SF301, reason: why, owner: who, until: 2027-06-30}]"));
        return;
    }
    for (size_t i = 0; i < allow->list.len && waiver_room(a, out, allow->list.at[i]->at, allow->list.at[i]->end) > 0; i++)
        one_item(a, allow->list.at[i], from, out);
}

/* Metadata: {sflint: {allow: [...]}} */
static void of_metadata(arena *a, const doc_node *body, const waiver *from, waiver_reading *out) {
    static const slice known[] = { SLICE_INIT("allow") };
    const doc_node *sflint = doc_get(doc_get(body, SLICE("Metadata")), SLICE("sflint"));
    if (sflint == NULL)
        return;
    if (sflint->kind != DOC_MAP) {
        waiver_malformed(a, out, sflint->at, sflint->end, SLICE("sflint in Metadata is a mapping: {allow: [{rule: SF301, reason: why}]}"));
        return;
    }
    for (size_t i = 0; i < sflint->map.len; i++) {
        const doc_entry *e = &sflint->map.at[i];
        if (slice_eq(e->key, known[0])) {
            waivers_of_list(a, e->value, from, out);
            continue;
        }
        slice near = waiver_suggest(a, e->key, known, COUNT(known));
        waiver_malformed(a, out, e->key_at, e->key_end, arena_printf(a, "sflint in Metadata has no key %.*s%.*s", SLICE_ARG(e->key), SLICE_ARG(near)));
    }
}

static bool is_wide(slice text) { return slice_starts(text, SLICE("\xFE\xFF")) || slice_starts(text, SLICE("\xFF\xFE")); }

/* Looked for by its fourth letter's neighbourhood: `fl` is far rarer in templates than `s`, so most of a text is passed over at once. */
static bool has_word(slice text) {
    static const char word[] = "sflint";
    const char *at = text.at, *end = text.at + text.len;
    if (text.len < sizeof word - 1)
        return false;
    for (at += 1; at + 5 <= end && (at = memchr(at, 'f', (size_t)(end - at) - 4)) != NULL; at++)
        if (at[1] == 'l' && memcmp(at - 1, word, sizeof word - 1) == 0)
            return true;
    return false;
}

void waivers_of_template(arena *a, const template *t, waiver_reading *out) {
    if (!is_wide(t->text) && !has_word(t->text))
        return;
    waiver whole = { .source = WAIVER_IN_METADATA, .file = t->file };
    of_metadata(a, t->doc, &whole, out);
    strmap seen = { 0 };       /* what lowering makes, and copies of a loop, share the author's text */
    for (size_t i = 0; i < t->resources.len; i++) {
        const resource *r = t->resources.at[i];
        const doc_node *metadata = r->body == NULL || r->body->kind != DOC_MAP ? NULL : doc_get(doc_get(r->body, SLICE("Metadata")), SLICE("sflint"));
        if (metadata == NULL)
            continue;
        slice place = arena_printf(a, "%u:%u", metadata->at.line, metadata->at.column);
        if (strmap_put(a, &seen, place, out) != NULL)
            continue;
        waiver from = { .source = WAIVER_IN_METADATA, .file = t->file, .resource = arena_copy(a, r->id), .first = r->at.line, .last = r->body->end.line };
        of_metadata(a, r->body, &from, out);
    }
    waivers_of_comments(a, t, out);
}

/* ---- judging ---- */

static bool names(slice word, const finding *f) {
    return slice_same_letters(word, f->rule) || slice_same_letters(word, f->name) || slice_same_letters(word, f->pillar);
}

/* The logical id behind a path and nested stacks: "a/t.yaml#Stack/Orders" -> "Stack/Orders" and "Orders". */
static bool resource_like(slice glob, slice id) {
    for (size_t i = id.len; i > 0; i--)
        if (id.at[i - 1] == '#') {
            id = slice_after(id, i);
            break;
        }
    if (slice_glob(glob, id))
        return true;
    for (size_t i = id.len; i > 0; i--)
        if (id.at[i - 1] == '/')
            return slice_glob(glob, slice_after(id, i));
    return false;
}

bool waiver_covers(const waiver *w, const finding *f) {
    if (!names(w->rule, f))
        return false;
    if (w->source == WAIVER_IN_CONFIG)
        return w->resources.len == 0 || resource_like(w->resources, f->resource);
    if (w->file != f->at.file)
        return false;
    if (w->resource.len > 0 && slice_eq(w->resource, f->resource))
        return true;
    return w->first == 0 || (w->first <= f->at.line && f->at.line <= w->last);
}

/* Waivers by the rule that they name, in small letters. A finding is held against few of them: those of its resource, those whose lines it is
 * in (they lie in one another or apart, as blocks do), and those that are for everything. */
typedef struct {
    VEC(const waiver *) list;
} some_waivers;

typedef struct {
    strmap by_resource;        /* -> some_waivers */
    some_waivers lines, whole;
    uint32_t *reach;           /* of lines, in order: the furthest last line up to there. NULL until they are sorted */
} same_rule;

static slice small_letters(arena *a, slice word) {
    char *at = ARENA_ARRAY(a, char, word.len);
    for (size_t i = 0; i < word.len; i++)
        at[i] = word.at[i] >= 'A' && word.at[i] <= 'Z' ? (char)(word.at[i] - 'A' + 'a') : word.at[i];
    return (slice){ at, word.len };
}

static void put_waiver(arena *a, strmap *by_rule, const waiver *w) {
    slice word = small_letters(a, w->rule);
    same_rule *same = strmap_get(by_rule, word);
    if (same == NULL) {
        same = ARENA_NEW(a, same_rule);
        strmap_put(a, by_rule, word, same);
    }
    if (w->resource.len > 0) {
        some_waivers *of = strmap_get(&same->by_resource, w->resource);
        if (of == NULL) {
            of = ARENA_NEW(a, some_waivers);
            strmap_put(a, &same->by_resource, w->resource, of);
        }
        VEC_PUSH(a, &of->list, w);
    }
    if (w->first > 0)
        VEC_PUSH(a, &same->lines.list, w);
    else
        VEC_PUSH(a, &same->whole.list, w);
}

static int by_first(const void *x, const void *y) {
    const waiver *p = *(const waiver *const *)x, *q = *(const waiver *const *)y;
    if (p->first != q->first)
        return p->first < q->first ? -1 : 1;
    return p->last > q->last ? -1 : p->last < q->last;
}

static void sort_lines(arena *a, same_rule *same) {
    size_t len = same->lines.list.len;
    same->reach = ARENA_ARRAY(a, uint32_t, len + 1);
    if (len > 1)
        qsort(same->lines.list.at, len, sizeof *same->lines.list.at, by_first);
    for (size_t i = 0; i < len; i++) {
        uint32_t last = same->lines.list.at[i]->last;
        same->reach[i] = i > 0 && same->reach[i - 1] > last ? same->reach[i - 1] : last;
    }
}

bool waiver_is_at(arena *a, const waiver *w, const lint_config *config, slice path) {
    return w->path.len == 0 || config->waives_at == NULL || config->waives_at(config->self, a, w, path);
}

/* One finding, and what it takes to waive it. */
typedef struct {
    arena *arena;
    const finding *finding;
    const lint_config *config;
    slice path;                /* of the finding's file */
} question;

static bool allows(const question *q, const waiver *w) {
    return !waiver_ended(w, q->config->now_s) && waiver_covers(w, q->finding) && waiver_is_at(q->arena, w, q->config, q->path);
}

static const waiver *first_of(const question *q, const some_waivers *some) {
    for (size_t i = 0; some != NULL && i < some->list.len; i++)
        if (allows(q, some->list.at[i]))
            return some->list.at[i];
    return NULL;
}

/* The innermost block: from the last that begins before the line, back to where none reaches it. */
static const waiver *of_lines(const question *q, same_rule *same) {
    uint32_t line = q->finding->at.line;
    size_t low = 0, high = same->lines.list.len;
    if (same->reach == NULL)
        sort_lines(q->arena, same);
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (same->lines.list.at[middle]->first <= line)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low > 0 && same->reach[low - 1] >= line; low--)
        if (allows(q, same->lines.list.at[low - 1]))
            return same->lines.list.at[low - 1];
    return NULL;
}

/* The narrowest word counts first, and the narrowest place. */
static const waiver *waiver_of(const strmap *by_rule, const question *q) {
    const finding *f = q->finding;
    const slice words[] = { f->rule, f->name, f->pillar };
    const waiver *w = NULL;
    for (size_t k = 0; k < COUNT(words) && w == NULL && by_rule->len > 0; k++) {
        same_rule *same = strmap_get(by_rule, small_letters(q->arena, words[k]));
        if (same == NULL)
            continue;
        w = f->resource.len > 0 ? first_of(q, strmap_get(&same->by_resource, f->resource)) : NULL;
        if (w == NULL)
            w = of_lines(q, same);
        if (w == NULL)
            w = first_of(q, &same->whole);
    }
    return w;
}

/* ---- what is to be said about waivers ---- */

typedef struct {
    arena *arena;
    const lint_rules *rules;
    const lint_config *config;
    waiver_reading said;
} review;

static void review_one(review *v, const waiver *w, bool used, bool complete) {
    arena *a = v->arena;
    const slice word = w->rule;
    if (lint_rule_find(v->rules, word) == LINT_NO_RULE && !lint_is_pillar(word)) {
        slice near = lint_nearest(v->rules, word);
        add_problem(a, &v->said, PROBLEM_WAIVER_RULE, w->at, w->end,
                    near.len > 0 ? arena_printf(a, "no rule is called %.*s, so this waiver allows nothing; did you mean %.*s?", SLICE_ARG(word), SLICE_ARG(near))
                                 : arena_printf(a, "no rule is called %.*s, so this waiver allows nothing", SLICE_ARG(word)));
    } else if (w->ends_s == INT64_MIN) {
        return;                /* malformed, and said to be */
    } else if (waiver_ended(w, v->config->now_s)) {
        add_problem(a, &v->said, PROBLEM_WAIVER_EXPIRED, w->at, w->end,
                    w->owner.len > 0 ? arena_printf(a, "the waiver of %.*s ended on %.*s: %.*s decides anew", SLICE_ARG(word), SLICE_ARG(w->until), SLICE_ARG(w->owner))
                                     : arena_printf(a, "the waiver of %.*s ended on %.*s", SLICE_ARG(word), SLICE_ARG(w->until)));
    } else if (!used && complete && lint_names_on(v->rules, v->config, word)) {
        add_problem(a, &v->said, PROBLEM_WAIVER_UNUSED, w->at, w->end, arena_printf(a, "%.*s finds nothing that this waiver covers", SLICE_ARG(word)));
    }
}

/* The waivers that findings name: their addresses are the keys. */
static void used_by(arena *a, const lint_result *r, strmap *used) {
    for (size_t i = 0; i < r->findings_len; i++) {
        const waiver *const *key = &r->findings[i].waiver;
        if (*key != NULL)
            strmap_put(a, used, (slice){ (const char *)(const void *)key, sizeof *key }, used);
    }
}

static bool is_used(const strmap *used, const waiver *w) {
    return strmap_has(used, (slice){ (const char *)(const void *)&w, sizeof w });
}

static int by_place(const void *x, const void *y) { return finding_order(x, y); }

static void add_findings(arena *a, lint_result *result, const lint_result *more) {
    size_t len = result->findings_len + more->findings_len;
    if (more->findings_len == 0)
        return;
    finding *all = ARENA_ARRAY(a, finding, len);
    for (size_t i = 0; i < len; i++)
        all[i] = i < result->findings_len ? result->findings[i] : more->findings[i - result->findings_len];
    result->findings = all;
    result->findings_len = len;
}

/* One template's own. */
typedef struct {
    const template *in;
    strmap by_rule;
    waiver_reading read;
} own_waivers;

/* By file: nested stacks and included files have numbers far apart. */
static own_waivers *own_of(const strmap *by_file, uint32_t file) {
    return by_file->len == 0 ? NULL : strmap_get(by_file, (slice){ (const char *)&file, sizeof file });
}

static void mark(arena *a, const graph *g, const strmap *by_file, const lint_config *config, lint_result *result) {
    finding *list = ARENA_ARRAY(a, finding, result->findings_len);
    const lint_config *configured = NULL;      /* whose waivers are in by_rule */
    strmap by_rule = { 0 };
    for (size_t i = 0; i < result->findings_len; i++) {
        finding *f = &list[i];
        *f = result->findings[i];
        own_waivers *own = own_of(by_file, f->at.file);
        const lint_config *c = lint_config_of(config, f->root);
        slice path = f->at.file < g->set->files.len ? g->set->files.at[f->at.file] : SLICE("");
        question q = { a, f, c, path };
        if (own != NULL)
            f->waiver = waiver_of(&own->by_rule, &q);
        if (f->waiver != NULL || c->waivers_len == 0)
            continue;
        if (c != configured) {                 /* findings are sorted by file: seldom */
            configured = c;
            by_rule = (strmap){ 0 };
            for (size_t k = 0; k < c->waivers_len; k++)
                put_waiver(a, &by_rule, c->waivers[k]);
        }
        f->waiver = waiver_of(&by_rule, &q);
    }
    result->findings = list;
}

void lint_waive(arena *a, arena *keep, const graph *g, const lint_rules *rules, const lint_config *config, lint_result *result) {
    strmap by_file = { 0 }, used = { 0 };
    VEC(own_waivers *) all = { 0 };
    VEC(const waiver *) flat = { 0 };
    for (size_t i = 0; i < g->set->list.len; i++) {
        waiver_reading read = { 0 };
        waivers_of_template(keep, g->set->list.at[i], &read);
        if (read.list.len == 0 && read.problems.len == 0)
            continue;
        own_waivers *own = ARENA_NEW(a, own_waivers);
        own->in = g->set->list.at[i];
        own->read = read;
        for (size_t k = 0; k < read.list.len; k++) {
            put_waiver(a, &own->by_rule, read.list.at[k]);
            VEC_PUSH(keep, &flat, read.list.at[k]);
        }
        VEC_PUSH(a, &all, own);
        strmap_put(a, &by_file, (slice){ (const char *)&own->in->file, sizeof own->in->file }, own);
    }
    if (all.len == 0 && config->of == NULL && config->waivers_len == 0)
        return;
    mark(a, g, &by_file, config, result);
    result->waivers = flat.at;
    result->waivers_len = flat.len;
    used_by(a, result, &used);
    size_t before = result->findings_len;
    for (size_t i = 0; i < all.len; i++) {
        const template *t = all.at[i]->in;
        const lint_config *c = lint_config_of(config, lint_index_root(t)->file);
        review v = { .arena = a, .rules = lint_rules_of(rules, c), .config = c, .said = { .problems = { 0 } } };
        for (size_t k = 0; k < all.at[i]->read.problems.len; k++)
            VEC_PUSH(a, &v.said.problems, all.at[i]->read.problems.at[k]);
        for (size_t k = 0; k < all.at[i]->read.list.len; k++)
            review_one(&v, all.at[i]->read.list.at[k], is_used(&used, all.at[i]->read.list.at[k]), true);
        if (v.said.problems.len == 0)
            continue;
        lint_result one = lint_judge_problems(a, rules, c, g, t, v.said.problems.at, v.said.problems.len);
        add_findings(a, result, &one);
    }
    if (result->findings_len > before)
        qsort((finding *)(uintptr_t)result->findings, result->findings_len, sizeof *result->findings, by_place);
}

void lint_waive_config(arena *a, const waiver *const *list, size_t len, const problem *problems, size_t problems_len, const lint_rules *rules,
                       const lint_config *config, bool complete, lint_result *result) {
    review v = { .arena = a, .rules = lint_rules_of(rules, config), .config = config, .said = { .problems = { 0 } } };
    strmap used = { 0 };
    if (complete && len > 0)
        used_by(a, result, &used);
    for (size_t i = 0; i < problems_len; i++)
        VEC_PUSH(a, &v.said.problems, problems[i]);
    for (size_t i = 0; i < len; i++)
        review_one(&v, list[i], complete && is_used(&used, list[i]), complete);
    if (v.said.problems.len == 0)
        return;
    lint_result one = lint_judge_problems(a, rules, config, NULL, NULL, v.said.problems.at, v.said.problems.len);
    add_findings(a, result, &one);
    qsort((finding *)(uintptr_t)result->findings, result->findings_len, sizeof *result->findings, by_place);
}
