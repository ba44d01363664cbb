/* The register's entries and their order; what each format makes of them is in decisions_text.c, decisions_markdown.c, decisions_json.c. */
#include "report/decisions.h"

#include <stdlib.h>

typedef struct {
    VEC(const finding *) list;
} covered;

typedef struct {
    arena *arena;
    strmap of;                 /* address of a waiver -> covered */
} taking;

static slice address(const waiver *const *w) { return (slice){ (const char *)(const void *)w, sizeof *w }; }

static covered *covered_of(taking *t, const waiver *w) {
    covered *c = strmap_get(&t->of, address(&w));
    if (c != NULL) return c;
    const waiver **key = ARENA_NEW(t->arena, const waiver *);
    *key = w;
    c = ARENA_NEW(t->arena, covered);
    strmap_put(t->arena, &t->of, address((const waiver *const *)key), c);
    return c;
}

static bool same(const finding *x, const finding *y) {
    return x->at.file == y->at.file && slice_eq(x->rule, y->rule) && slice_eq(x->message, y->message);
}

static void put(taking *t, const waiver *w, const finding *f) {
    covered *c = covered_of(t, w);
    /* Findings are in order: the same words stand together. */
    if (f != NULL && (c->list.len == 0 || !same(c->list.at[c->list.len - 1], f))) VEC_PUSH(t->arena, &c->list, f);
}

static int by_kind(const void *x, const void *y) {
    const decision *p = x, *q = y;
    if (p->kind != q->kind) return p->kind < q->kind ? -1 : 1;
    if (p->waiver->ends_s != q->waiver->ends_s) return p->waiver->ends_s < q->waiver->ends_s ? -1 : 1;
    if (p->waiver->at.file != q->waiver->at.file) return p->waiver->at.file < q->waiver->at.file ? -1 : 1;
    if (p->waiver->at.line != q->waiver->at.line) return p->waiver->at.line < q->waiver->at.line ? -1 : 1;
    return p->waiver->at.column < q->waiver->at.column ? -1 : p->waiver->at.column > q->waiver->at.column;
}

void decisions_make(arena *a, const lint_result *found, const waiver *const *configured, size_t configured_len, const lint_config *config,
                    int64_t within_s, decisions_report *out) {
    taking t = { .arena = a };
    VEC(const waiver *) ended = { 0 };
    VEC(const finding *) open = { 0 };
    int64_t now_s = config->now_s;
    for (size_t i = 0; i < found->waivers_len + configured_len; i++) {
        const waiver *w = i < found->waivers_len ? found->waivers[i] : configured[i - found->waivers_len];
        if (!waiver_ended(w, now_s) || w->ends_s == INT64_MIN) continue;
        put(&t, w, NULL);      /* what has ended is told of, whatever it allowed */
        if (w->source != WAIVER_IN_CONFIG) VEC_PUSH(a, &ended, w);
    }
    for (size_t i = 0; i < found->findings_len; i++) {
        const finding *f = &found->findings[i];
        if (f->waiver != NULL) {
            put(&t, f->waiver, f);
            continue;
        }
        if (slice_is(f->pillar, "serverless-first")) VEC_PUSH(a, &open, f);
        const lint_config *own = lint_config_of(config, f->root);
        for (size_t k = 0; k < ended.len + own->waivers_len; k++) {
            const waiver *w = k < ended.len ? ended.at[k] : own->waivers[k - ended.len];
            if (waiver_ended(w, now_s) && w->ends_s != INT64_MIN && waiver_covers(w, f) && waiver_is_at(a, w, own, source_path(out->sources, f->at.file)))
                put(&t, w, f);
        }
    }
    decision *all = ARENA_ARRAY(a, decision, t.of.len);
    size_t n = 0;
    for (size_t i = 0; i < t.of.len; i++) {
        const waiver *w = *(const waiver *const *)(const void *)t.of.at[i].key.at;
        const covered *c = t.of.at[i].value;
        if (w->ends_s > within_s) continue;
        all[n] = (decision){ .waiver = w, .ended = waiver_ended(w, now_s), .allows = c->list.at, .allows_len = c->list.len };
        all[n].kind = waiver_kind_of(w, &all[n].guessed);
        n++;
    }
    qsort(all, n, sizeof *all, by_kind);
    out->decisions = all;
    out->decisions_len = n;
    out->open = open.at;
    out->open_len = within_s == INT64_MAX ? open.len : 0;
}
