/* May one event match two patterns? Path by path: a witness value that both lists of matchers take says yes; two lists that no scalar
 * can satisfy together say no where the field is known to be one scalar, and "unknown" elsewhere, since a list of values could meet
 * both. */
#include <float.h>

#include "base/strmap.h"
#include "service/pattern_parts.h"

#define WITNESSES_MAX 4096          /* fields tried for one pair of clauses */
#define PAIRS_MAX 200000            /* pairs of clauses, and of matchers */
#define MATCHERS_MAX 256            /* of one clause, beyond: not judged */

typedef VEC(field) field_vec;

static void add_text(arena *a, field_vec *out, slice s) { VEC_PUSH(a, out, field_of_text(s)); }

static slice joined(arena *a, slice head, slice tail) {
    slice parts[] = { head, tail };
    return arena_concat(a, parts, COUNT(parts));
}

static slice glob_text(arena *a, const pattern_glob *g) { return arena_concat(a, g->pieces, g->len); }

static slice ip_text(arena *a, const pattern_ip *ip) {
    if (ip->len == 4) return arena_printf(a, "%d.%d.%d.%d", ip->bytes[0], ip->bytes[1], ip->bytes[2], ip->bytes[3]);
    buf b = { .arena = a };
    for (size_t i = 0; i < 16; i += 2) buf_printf(&b, "%s%02x%02x", i > 0 ? ":" : "", ip->bytes[i], ip->bytes[i + 1]);
    return buf_as_slice(&b);
}

/* A text no list of a template is likely to name: for anything-but and exists. */
static const slice odd_text = SLICE_INIT("\x7fsflint");

/* Values that satisfy one matcher. */
static void witnesses(arena *a, const matcher *m, field_vec *out) {
    switch (m->op) {
    case MATCH_TEXT: case MATCH_FOLD: case MATCH_PREFIX: case MATCH_SUFFIX: case MATCH_PREFIX_FOLD: case MATCH_SUFFIX_FOLD:
        add_text(a, out, m->text);
        break;
    case MATCH_IP: case MATCH_CIDR:
        add_text(a, out, ip_text(a, &m->ip));
        break;
    case MATCH_WILDCARD:
        add_text(a, out, glob_text(a, &m->glob));
        break;
    case MATCH_LITERAL:
        VEC_PUSH(a, out, (field){ .kind = FIELD_LITERAL, .text = m->text });
        break;
    case MATCH_NUMBER:
        VEC_PUSH(a, out, field_of_number(m->low));
        break;
    case MATCH_RANGE: {
        bool below = m->low == -DBL_MAX, above = m->high == DBL_MAX;
        if (!below) VEC_PUSH(a, out, field_of_number(m->low));
        if (!above) VEC_PUSH(a, out, field_of_number(m->high));
        VEC_PUSH(a, out, field_of_number(below ? m->high - 1 : above ? m->low + 1 : m->low + (m->high - m->low) / 2));
        break;
    }
    default:
        add_text(a, out, odd_text);
        VEC_PUSH(a, out, field_of_number(-987654321.5));
        break;
    }
}

static slice head_of(const matcher *m) {
    switch (m->op) {
    case MATCH_PREFIX: case MATCH_PREFIX_FOLD: return m->text;
    case MATCH_WILDCARD: return m->glob.pieces[0];
    default: return SLICE("");
    }
}

static slice tail_of(const matcher *m) {
    switch (m->op) {
    case MATCH_SUFFIX: case MATCH_SUFFIX_FOLD: return m->text;
    case MATCH_WILDCARD: return m->glob.pieces[m->glob.len - 1];
    default: return SLICE("");
    }
}

/* Values that may satisfy both of a pair: the head of one, the inside of both, the tail of the other. */
static void pair_witnesses(arena *a, const matcher *x, const matcher *y, field_vec *out) {
    if (x->op == MATCH_RANGE && y->op == MATCH_RANGE) {
        double low = x->low > y->low ? x->low : y->low, high = x->high < y->high ? x->high : y->high;
        if (low <= high) VEC_PUSH(a, out, field_of_number(low == -DBL_MAX ? high - 1 : high == DBL_MAX ? low + 1 : low + (high - low) / 2));
        return;
    }
    slice head = head_of(x).len >= head_of(y).len ? head_of(x) : head_of(y);
    slice tail = tail_of(x).len >= tail_of(y).len ? tail_of(x) : tail_of(y);
    slice middle = SLICE("");
    if (x->op == MATCH_WILDCARD) middle = joined(a, middle, glob_text(a, &x->glob));
    if (y->op == MATCH_WILDCARD) middle = joined(a, middle, glob_text(a, &y->glob));
    if (head.len + tail.len + middle.len == 0) return;
    add_text(a, out, joined(a, head, tail));
    add_text(a, out, joined(a, joined(a, head, odd_text), tail));
    if (middle.len > 0) add_text(a, out, joined(a, joined(a, head, middle), tail));
}

/* Matchers whose witnesses are all they take (one value, up to spelling of addresses). */
static bool single(const matcher *m) { return m->op == MATCH_TEXT || m->op == MATCH_LITERAL || m->op == MATCH_NUMBER || m->op == MATCH_IP; }

static bool takes_numbers_only(const matcher *m) { return m->op == MATCH_RANGE || m->op == MATCH_NUMBER; }
static bool takes_texts_only(const matcher *m) {
    return m->op == MATCH_TEXT || m->op == MATCH_IP || m->op == MATCH_CIDR || m->op == MATCH_PARTLY
           || (m->op >= MATCH_PREFIX && m->op <= MATCH_WILDCARD);
}

/* No scalar satisfies both, surely. */
static bool disjoint(arena *a, const matcher *x, const matcher *y) {
    if (y->op != MATCH_ABSENT && x->op == MATCH_ABSENT) return y->op != MATCH_OPEN && y->op != MATCH_EITHER;
    if (x->op != MATCH_ABSENT && y->op == MATCH_ABSENT) return x->op != MATCH_OPEN && x->op != MATCH_EITHER;
    for (int turn = 0; turn < 2; turn++) {
        const matcher *one = turn == 0 ? x : y, *other = turn == 0 ? y : x;
        if (single(one)) {
            field_vec v = { 0 };
            witnesses(a, one, &v);
            if (one->op == MATCH_IP && other->op != MATCH_CIDR && other->op != MATCH_IP && other->op != MATCH_RANGE
                && other->op != MATCH_NUMBER && other->op != MATCH_LITERAL)
                return false;       /* another spelling of the address might do */
            return matcher_takes(other, &v.at[0]) == NO;
        }
        if (takes_numbers_only(one) && (takes_texts_only(other) || other->op == MATCH_LITERAL)) return true;
        if (one->op == MATCH_LITERAL && takes_texts_only(other)) return true;
    }
    if (x->op == MATCH_RANGE && y->op == MATCH_RANGE) {
        const matcher *low = x->low < y->low ? x : y, *high = low == x ? y : x;
        return low->high < high->low || (low->high == high->low && (low->high_open || high->low_open));
    }
    bool plain = x->op != MATCH_PREFIX_FOLD && y->op != MATCH_PREFIX_FOLD && x->op != MATCH_SUFFIX_FOLD && y->op != MATCH_SUFFIX_FOLD;
    if (plain) {
        slice hx = head_of(x), hy = head_of(y), tx = tail_of(x), ty = tail_of(y);
        if (!slice_starts(hx, hy) && !slice_starts(hy, hx)) return true;
        if (!slice_ends(tx, ty) && !slice_ends(ty, tx)) return true;
    }
    if (x->op == MATCH_CIDR && y->op == MATCH_CIDR) {
        char hex[PATTERN_IP_HEX];
        const matcher *wide = x->bits < y->bits ? x : y, *narrow = wide == x ? y : x;
        size_t len = pattern_ip_hex(&narrow->ip, hex);
        return x->ip.len == y->ip.len && !pattern_ip_within(&wide->ip, wide->bits, (slice){ hex, len });
    }
    return false;
}

/* May one scalar (or its absence) satisfy both lists? */
static tri lists_meet(arena *a, matcher_list x, matcher_list y, size_t *budget) {
    if (x.len > MATCHERS_MAX || y.len > MATCHERS_MAX) return UNKNOWN;
    if (matchers_want_absent(x) && matchers_want_absent(y)) {
        bool sure_x = false, sure_y = false;
        for (size_t i = 0; i < x.len; i++) sure_x |= x.at[i].op == MATCH_ABSENT;
        for (size_t i = 0; i < y.len; i++) sure_y |= y.at[i].op == MATCH_ABSENT;
        if (sure_x && sure_y) return YES;
    }
    field_vec tries = { 0 };
    bool apart = true;
    for (size_t i = 0; i < x.len; i++) witnesses(a, &x.at[i], &tries);
    for (size_t i = 0; i < y.len; i++) witnesses(a, &y.at[i], &tries);
    for (size_t i = 0; i < x.len; i++) {
        for (size_t k = 0; k < y.len; k++) {
            if (*budget == 0) return UNKNOWN;
            --*budget;
            apart &= disjoint(a, &x.at[i], &y.at[k]);
            if (tries.len < WITNESSES_MAX) pair_witnesses(a, &x.at[i], &y.at[k], &tries);
        }
    }
    if (apart) return NO;
    for (size_t i = 0; i < tries.len; i++)
        if (matchers_take(x, &tries.at[i]) == YES && matchers_take(y, &tries.at[i]) == YES) return YES;
    return UNKNOWN;
}

/* Fields of the envelope that are one scalar in every event (EventBridge user guide, "Event structure"). */
static bool one_scalar(slice path) {
    static const slice paths[] = {
        SLICE_INIT("source"), SLICE_INIT("detail-type"), SLICE_INIT("account"), SLICE_INIT("region"), SLICE_INIT("id"), SLICE_INIT("version"),
        SLICE_INIT("time"), SLICE_INIT("replay-name"),
    };
    for (size_t i = 0; i < COUNT(paths); i++)
        if (slice_eq(path, paths[i])) return true;
    return false;
}

static bool asks_absence(matcher_list l) { return l.len == 1 && l.at[0].op == MATCH_ABSENT; }

/* Is there any value the clause takes? {"exists": false} aside, a branch of anything-but over everything could take none. */
static tri satisfiable(arena *a, matcher_list l) {
    field_vec tries = { 0 };
    if (matchers_want_absent(l)) return YES;
    for (size_t i = 0; i < l.len && i < MATCHERS_MAX; i++) witnesses(a, &l.at[i], &tries);
    for (size_t i = 0; i < tries.len; i++)
        if (matchers_take(l, &tries.at[i]) == YES) return YES;
    return UNKNOWN;
}

static tri branches_meet(arena *a, const branch *x, const branch *y, size_t *budget) {
    tri all = YES;
    size_t i = 0, k = 0;
    while (i < x->len || k < y->len) {
        if (*budget == 0) return UNKNOWN;
        --*budget;
        int order = i == x->len ? 1 : k == y->len ? -1 : slice_order(x->at[i].path, y->at[k].path);
        if (order != 0) {
            const clause *lone = order < 0 ? &x->at[i++] : &y->at[k++];
            size_t cost = lone->any.len < *budget ? lone->any.len : *budget;
            *budget -= cost;
            if (lone->open || satisfiable(a, lone->any) != YES) all = UNKNOWN;
            continue;
        }
        const clause *cx = &x->at[i++], *cy = &y->at[k++];
        tri one = cx->open || cy->open ? UNKNOWN : lists_meet(a, cx->any, cy->any, budget);
        if (one == NO && !one_scalar(cx->path) && !asks_absence(cx->any) && !asks_absence(cy->any)) one = UNKNOWN;
        if (one == NO) return NO;
        if (one == UNKNOWN) all = UNKNOWN;
    }
    return all;
}

tri pattern_overlap(arena *a, const value *p, const value *q) {
    const compiled_pattern *x = pattern_compile(a, PATTERN_EVENTS, p), *y = pattern_compile(a, PATTERN_EVENTS, q);
    if (x->open || y->open) return UNKNOWN;
    size_t budget = PAIRS_MAX;
    tri any = NO;
    for (size_t i = 0; i < x->len; i++) {
        for (size_t k = 0; k < y->len; k++) {
            if (budget == 0) return UNKNOWN;
            --budget;
            tri one = branches_meet(a, &x->branches[i], &y->branches[k], &budget);
            if (one == YES) return YES;
            if (one == UNKNOWN) any = UNKNOWN;
        }
    }
    return any;
}
