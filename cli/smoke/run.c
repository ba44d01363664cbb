#include "smoke/run.h"

#include <stdlib.h>

/* ---- ids and times ---- */

/* splitmix64: the counter's digits must not show in the ids. */
static uint64_t mixed(uint64_t x) {
    x += 0x9e3779b97f4a7c15u;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}

static slice digits_of(maker *m, arena *a, size_t digits, const char *letters, unsigned base) {
    char *at = ARENA_ARRAY(a, char, digits + 1);
    uint64_t bits = 0;
    for (size_t i = 0; i < digits; i++) {
        if (i % 12 == 0) bits = mixed(m->next++);
        at[i] = letters[bits % base];
        bits /= base;
    }
    return (slice){ at, digits };
}

slice make_hex(maker *m, arena *a, size_t digits) { return digits_of(m, a, digits, "0123456789abcdef", 16); }

slice make_digits(maker *m, arena *a, size_t digits) {
    slice s = digits_of(m, a, digits, "0123456789", 10);
    if (s.len > 0 && s.at[0] == '0') ((char *)(uintptr_t)s.at)[0] = '4';
    return s;
}

slice make_uuid(maker *m, arena *a) {
    slice hex = make_hex(m, a, 32);
    return arena_printf(a, "%.8s-%.4s-4%.3s-8%.3s-%.12s", hex.at, hex.at + 8, hex.at + 12, hex.at + 15, hex.at + 18);
}

/* Days since 1970 to a date of the Gregorian calendar: years of March, in eras of 400. */
static void date_of(int64_t days, long *year, unsigned *month, unsigned *day) {
    days += 719468;
    int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    unsigned of_era = (unsigned)(days - era * 146097);
    unsigned years = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    unsigned of_year = of_era - (365 * years + years / 4 - years / 100);
    unsigned from_march = (5 * of_year + 2) / 153;
    *day = of_year - (153 * from_march + 2) / 5 + 1;
    *month = from_march < 10 ? from_march + 3 : from_march - 9;
    *year = (long)(era * 400) + (long)years + (*month <= 2);
}

slice make_time(arena *a, int64_t ms, bool millis) {
    int64_t days = ms / 86400000, left = ms % 86400000;
    if (left < 0) {
        left += 86400000;
        days--;
    }
    long year;
    unsigned month, day, s = (unsigned)(left / 1000), rest = (unsigned)(left % 1000);
    date_of(days, &year, &month, &day);
    if (millis)
        return arena_printf(a, "%04ld-%02u-%02uT%02u:%02u:%02u.%03uZ", year, month, day, s / 3600, s / 60 % 60, s % 60, rest);
    return arena_printf(a, "%04ld-%02u-%02uT%02u:%02u:%02uZ", year, month, day, s / 3600, s / 60 % 60, s % 60);
}

/* ---- the run ---- */

smoke *smoke_new(arena *a, const graph *g, world *w, int64_t now_ms) {
    smoke *s = ARENA_NEW(a, smoke);
    s->arena = a;
    s->graph = g;
    s->world = w;
    s->maker = (maker){ .world = w, .next = 1, .now_ms = now_ms };
    return s;
}

smoke_running *smoke_running_of(smoke *s, const resource *function) {
    if (function == NULL || !slice_is(function->type, "AWS::Lambda::Function")) return NULL;
    smoke_running *f = strmap_get(&s->running, function->id);
    if (f != NULL) return f;
    f = ARENA_NEW(s->arena, smoke_running);
    f->resource = function;
    VEC_PUSH(s->arena, &s->functions, f);
    strmap_put(s->arena, &s->running, function->id, f);
    if (s->prepare != NULL && (s->executor != NULL || s->invoke != NULL)) f->how = s->prepare(s->prepare_self, function, (unsigned)s->functions.len - 1);
    if (f->how != NULL && s->executor != NULL) f->runs = executor_add(s->executor, f->how);
    return f;
}

const runnable *smoke_how(smoke *s, const resource *function) {
    smoke_running *f = smoke_running_of(s, function);
    return f == NULL ? NULL : f->how;
}

executor_function *smoke_function(smoke *s, const resource *function) {
    smoke_running *f = smoke_running_of(s, function);
    return f == NULL ? NULL : f->runs;
}

const resource *smoke_function_by_key(smoke *s, slice key) {
    long long i;
    if (!slice_starts(key, SLICE("SFLINT")) || !slice_int(slice_after(key, 6), &i)) return NULL;
    return i >= 0 && (size_t)i < s->functions.len ? s->functions.at[i]->resource : NULL;
}

firing *smoke_current(smoke *s, const resource *function) {
    smoke_running *f = smoke_running_of(s, function);
    return f == NULL || f->head >= f->line.len ? NULL : f->line.at[f->head];
}

/* ---- firings ---- */

static slice node_id(const node *n) { return n == NULL ? SLICE("") : n->id; }

static bool same_way(const firing *x, const firing *y) {
    return x->edge != NULL || y->edge != NULL ? x->edge == y->edge : slice_eq(x->from, y->from) && slice_eq(x->to, y->to);
}

/* "Photos -> Resize -> Photos" along the causes, oldest first. */
static slice loop_path(smoke *s, const firing *f) {
    buf out = { .arena = s->arena };
    const firing *line[SMOKE_MAX_AGAIN * 64];
    size_t n = 0;
    for (const firing *at = f; at != NULL && n < COUNT(line); at = at->parent) {
        line[n++] = at;
        if (at != f && same_way(at, f)) break;
    }
    while (n > 0) {
        const firing *at = line[--n];
        if (out.bytes.len == 0) buf_slice(&out, at->from);
        buf_text(&out, " -> ");
        buf_slice(&out, at->to);
    }
    return buf_as_slice(&out);
}

static void stop(smoke *s, slice why) {
    s->stopped = true;
    if (s->stopped_why.len == 0) s->stopped_why = why;
}

bool smoke_room(smoke *s, size_t bytes) {
    static const size_t overhead = 1024;      /* nodes, ids, notes of the least happening */
    if (bytes > SMOKE_MAX_BYTES || s->bytes + bytes + overhead > SMOKE_MAX_BYTES) {
        stop(s, arena_printf(s->arena, "more than %zu MB were written in one run", SMOKE_MAX_BYTES / 1024 / 1024));
        return false;
    }
    s->bytes += bytes + overhead;
    return true;
}

bool firing_halted(const smoke *s, const firing *f) { return s->stopped || (f != NULL && f->root != NULL && f->root->looped); }

/* One firing stands for all past the limit: a handler may go on writing until its time is over, and that must leave nothing behind. */
static firing *one_beyond(smoke *s) {
    if (s->beyond == NULL) {
        s->beyond = ARENA_NEW(s->arena, firing);
        s->beyond->root = s->beyond;
        stop(s, arena_printf(s->arena, "more than %u deliveries in one run", SMOKE_MAX_FIRINGS));
    }
    s->beyond->notes.len = s->beyond->then.len = 0;
    s->beyond->edge = NULL;
    s->beyond->status = FIRING_SKIPPED;
    s->beyond->reason = s->stopped_why;
    return s->beyond;
}

/* What stands in its way: a loop, a limit. */
static void hold(smoke *s, firing *f) {
    unsigned again = 0;
    for (const firing *up = f->parent; up != NULL; up = up->parent) again += same_way(up, f);
    if (again >= SMOKE_MAX_AGAIN && !f->root->looped) {
        slice why = arena_printf(s->arena, "a loop: %.*s; the event causes itself, %u times here", SLICE_ARG(loop_path(s, f)), again);
        firing_fail(s, f, why);
        firing_fail(s, f->root, why);         /* whoever began it is at fault as well */
        f->root->looped = true;
    } else if (f->root->looped) {
        firing_skip(s, f, SLICE("not delivered: an event of this story causes itself, which was stopped"));
    } else if (s->stopped) {
        firing_skip(s, f, arena_printf(s->arena, "not delivered: the run was stopped (%.*s)", SLICE_ARG(s->stopped_why)));
    }
}

static firing *made(smoke *s, firing *parent, const firing *as) {
    if (s->firings >= SMOKE_MAX_FIRINGS && !s->planned) return one_beyond(s);
    firing *f = ARENA_NEW(s->arena, firing);
    s->firings += !s->planned;
    *f = *as;
    f->parent = parent;
    f->root = parent == NULL ? f : parent->root;
    f->made_up = parent != NULL && parent->made_up;
    if (parent != NULL) VEC_PUSH(s->arena, &parent->then, f);
    else VEC_PUSH(s->arena, &s->fired, f);
    hold(s, f);
    return f;
}

firing *firing_new(smoke *s, firing *parent, const edge *e) {
    firing as = { .edge = e };
    if (e != NULL) as = (firing){ .edge = e, .from = node_id(e->from), .to = node_id(e->to), .via = world_declared_name(s->world, e), .kind = e->kind, .at = e->at };
    return made(s, parent, &as);
}

firing *firing_between(smoke *s, firing *parent, slice from, slice to, edge_kind kind, pos at) {
    firing as = { .from = from, .to = to, .kind = kind, .at = at };
    return made(s, parent, &as);
}

#define NOTES_MOST 100u
#define NOTE_BYTES 2000u         /* handlers have a say in them */

void firing_note(smoke *s, firing *f, slice note) {
    if (f == NULL || note.len == 0) return;
    if (note.len > NOTE_BYTES) note.len = NOTE_BYTES;
    for (size_t i = 0; i < f->notes.len; i++)
        if (slice_eq(f->notes.at[i], note)) return;
    if (f->notes.len < NOTES_MOST) VEC_PUSH(s->arena, &f->notes, arena_copy(s->arena, note));
}

void firing_pass(firing *f) {
    if (f->status == FIRING_OPEN) f->status = FIRING_PASSED;
}

void firing_fail(smoke *s, firing *f, slice reason) {
    if (f->status == FIRING_FAILED) return;
    f->status = FIRING_FAILED;
    f->reason = arena_copy(s->arena, reason);
}

void firing_skip(smoke *s, firing *f, slice reason) {
    if (f->status == FIRING_FAILED || f->status == FIRING_SKIPPED) return;
    f->status = FIRING_SKIPPED;
    f->reason = arena_copy(s->arena, reason);
}

/* ---- the agenda ---- */

static bool before(const smoke_task *x, const smoke_task *y) { return x->at_ms != y->at_ms ? x->at_ms < y->at_ms : x->order < y->order; }

void smoke_later(smoke *s, int64_t after_ms, void (*fn)(void *self), void *self) {
    VEC_PUSH(s->arena, &s->agenda, (smoke_task){ s->maker.now_ms + (after_ms > 0 ? after_ms : 0), s->order++, fn, self });
    for (size_t i = s->agenda.len - 1; i > 0 && before(&s->agenda.at[i], &s->agenda.at[(i - 1) / 2]); i = (i - 1) / 2) {
        smoke_task t = s->agenda.at[i];
        s->agenda.at[i] = s->agenda.at[(i - 1) / 2];
        s->agenda.at[(i - 1) / 2] = t;
    }
}

static smoke_task take_first(smoke *s) {
    smoke_task first = s->agenda.at[0], *heap = s->agenda.at;
    heap[0] = heap[--s->agenda.len];
    for (size_t i = 0;;) {
        size_t least = i, left = 2 * i + 1;
        if (left < s->agenda.len && before(&heap[left], &heap[least])) least = left;
        if (left + 1 < s->agenda.len && before(&heap[left + 1], &heap[least])) least = left + 1;
        if (least == i) return first;
        smoke_task t = heap[i];
        heap[i] = heap[least];
        heap[least] = t;
        i = least;
    }
}

bool smoke_do(smoke *s) {
    if (s->agenda.len == 0 || s->agenda.at[0].at_ms > s->maker.now_ms) return false;
    smoke_task t = take_first(s);
    t.fn(t.self);
    return true;
}

bool smoke_advance(smoke *s) {
    if (s->agenda.len == 0) return false;
    if (s->agenda.at[0].at_ms > s->maker.now_ms) s->maker.now_ms = s->agenda.at[0].at_ms;
    return true;
}
