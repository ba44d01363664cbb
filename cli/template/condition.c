#include "template/condition.h"

/* ---- three-valued truth ---- */

static const tri tri_and[3][3] = {
    [NO]      = { [NO] = NO, [YES] = NO,      [UNKNOWN] = NO },
    [YES]     = { [NO] = NO, [YES] = YES,     [UNKNOWN] = UNKNOWN },
    [UNKNOWN] = { [NO] = NO, [YES] = UNKNOWN, [UNKNOWN] = UNKNOWN },
};
static const tri tri_not[3] = { [NO] = YES, [YES] = NO, [UNKNOWN] = UNKNOWN };

static tri tri_or(tri x, tri y) { return tri_not[tri_and[tri_not[x]][tri_not[y]]]; }

/* ---- what involves what ----
 * The question "can these hold together" is answered by trying: every free variable takes each text that it is compared with, and one that
 * it is not compared with. What is compared with something that can't be said (an import, a mapping by region) is free to be true or
 * false, the same everywhere in one condition. Small numbers, by design: past them the answer is "it can". */

#define MOST_CONDITIONS 64
#define MOST_VARIABLES  12
#define MOST_TEXTS      24
#define MOST_OPAQUE     8
#define MOST_TRIES      4096
#define SETTLE_TRIES    64      /* for each condition of a template */
#define MOST_STEPS      200000
#define MOST_DEPTH      200

typedef struct {
    const free_variable *variable;
    slice texts[MOST_TEXTS];
    size_t texts_len;
    bool other;                /* may be a text that is not in `texts` */
    size_t now;                /* the one that is tried; texts_len: the other */
} trial;

typedef struct {
    const condition *conditions[MOST_CONDITIONS];
    tri values[MOST_CONDITIONS];
    bool known[MOST_CONDITIONS], doing[MOST_CONDITIONS];
    size_t conditions_len;
    trial variables[MOST_VARIABLES];
    size_t variables_len;
    const condition_expr *opaque[MOST_OPAQUE];
    bool opaque_now[MOST_OPAQUE];
    size_t opaque_len;
    bool given_up;
    unsigned steps;
} question;

static trial *trial_of(question *q, const free_variable *v) {
    for (size_t i = 0; i < q->variables_len; i++)
        if (q->variables[i].variable == v) return &q->variables[i];
    if (q->variables_len == MOST_VARIABLES) {
        q->given_up = true;
        return NULL;
    }
    trial *t = &q->variables[q->variables_len++];
    t->variable = v;
    t->texts_len = 0;
    return t;
}

static bool is_allowed(const free_variable *v, slice text) {
    if (!v->closed) return true;
    for (size_t i = 0; i < v->allowed_len; i++)
        if (slice_eq(v->allowed[i], text)) return true;
    return false;
}

static void try_text(question *q, trial *t, slice text) {
    if (t == NULL || !is_allowed(t->variable, text)) return;
    for (size_t i = 0; i < t->texts_len; i++)
        if (slice_eq(t->texts[i], text)) return;
    if (t->texts_len == MOST_TEXTS) q->given_up = true;
    else t->texts[t->texts_len++] = text;
}

static void gather(question *q, const condition_expr *e, unsigned depth);

static size_t gather_condition(question *q, const condition *c, unsigned depth) {
    for (size_t i = 0; i < q->conditions_len; i++)
        if (q->conditions[i] == c) return i;
    if (q->conditions_len == MOST_CONDITIONS || depth == MOST_DEPTH) {
        q->given_up = true;
        return MOST_CONDITIONS;
    }
    size_t index = q->conditions_len++;
    q->conditions[index] = c;
    if (c->fixed == UNKNOWN && c->expr != NULL) gather(q, c->expr, depth + 1);
    return index;
}

static void gather_equals(question *q, const condition_expr *e) {
    if (e->x.kind == OPERAND_OPAQUE || e->y.kind == OPERAND_OPAQUE) {
        for (size_t i = 0; i < q->opaque_len; i++)
            if (q->opaque[i] == e) return;
        if (q->opaque_len == MOST_OPAQUE) q->given_up = true;
        else q->opaque[q->opaque_len++] = e;
        return;
    }
    trial *x = e->x.kind == OPERAND_FREE ? trial_of(q, e->x.variable) : NULL;
    trial *y = e->y.kind == OPERAND_FREE ? trial_of(q, e->y.variable) : NULL;
    if (x != NULL && e->y.kind == OPERAND_TEXT) try_text(q, x, e->y.text);
    if (y != NULL && e->x.kind == OPERAND_TEXT) try_text(q, y, e->x.text);
    if (x != NULL && y != NULL && x != y) {
        for (size_t i = 0; i < x->texts_len; i++) try_text(q, y, x->texts[i]);
        for (size_t i = 0; i < y->texts_len; i++) try_text(q, x, y->texts[i]);
    }
}

static void gather(question *q, const condition_expr *e, unsigned depth) {
    if (q->given_up || q->steps++ > MOST_STEPS || depth > MOST_DEPTH) {
        q->given_up = true;
        return;
    }
    switch (e->kind) {
    case EXPR_EQUALS: gather_equals(q, e); break;
    case EXPR_NAMED: gather_condition(q, e->named, depth); break;
    default:
        for (size_t i = 0; i < e->parts_len; i++) gather(q, e->parts[i], depth + 1);
    }
}

/* ---- one try ---- */

static tri evaluate(question *q, const condition_expr *e, unsigned depth);

static tri evaluate_condition(question *q, const condition *c, unsigned depth) {
    if (c->fixed != UNKNOWN) return c->fixed;
    size_t i = 0;
    while (i < q->conditions_len && q->conditions[i] != c) i++;
    if (i == q->conditions_len || c->expr == NULL || q->doing[i]) return UNKNOWN;
    if (q->known[i]) return q->values[i];
    q->doing[i] = true;
    q->values[i] = evaluate(q, c->expr, depth + 1);
    q->doing[i] = false;
    q->known[i] = true;
    return q->values[i];
}

static tri evaluate_equals(question *q, const condition_expr *e) {
    if (e->x.kind == OPERAND_OPAQUE || e->y.kind == OPERAND_OPAQUE) {
        for (size_t i = 0; i < q->opaque_len; i++)
            if (q->opaque[i] == e) return q->opaque_now[i] ? YES : NO;
        return UNKNOWN;
    }
    const operand *sides[2] = { &e->x, &e->y };
    slice text[2];
    bool other[2] = { false, false };
    for (int s = 0; s < 2; s++) {
        if (sides[s]->kind == OPERAND_TEXT) {
            text[s] = sides[s]->text;
            continue;
        }
        const trial *t = trial_of(q, sides[s]->variable);
        if (t == NULL) return UNKNOWN;
        other[s] = t->now == t->texts_len;
        text[s] = other[s] ? (slice){ "", 0 } : t->texts[t->now];
    }
    if (other[0] && other[1]) return e->x.variable == e->y.variable ? YES : UNKNOWN;
    if (other[0] || other[1]) return NO;
    return slice_eq(text[0], text[1]) ? YES : NO;
}

static tri evaluate(question *q, const condition_expr *e, unsigned depth) {
    if (q->steps++ > MOST_STEPS || depth > MOST_DEPTH) {
        q->given_up = true;
        return UNKNOWN;
    }
    tri result;
    switch (e->kind) {
    case EXPR_CONSTANT: return e->constant;
    case EXPR_EQUALS: return evaluate_equals(q, e);
    case EXPR_NAMED: return evaluate_condition(q, e->named, depth);
    case EXPR_NOT: return e->parts_len == 1 ? tri_not[evaluate(q, e->parts[0], depth + 1)] : UNKNOWN;
    case EXPR_AND:
        result = YES;
        for (size_t i = 0; i < e->parts_len && result != NO; i++) result = tri_and[result][evaluate(q, e->parts[i], depth + 1)];
        return result;
    case EXPR_OR:
        result = NO;
        for (size_t i = 0; i < e->parts_len && result != YES; i++) result = tri_or(result, evaluate(q, e->parts[i], depth + 1));
        return result;
    }
    return UNKNOWN;
}

static bool holds(question *q, const when_literal *literals, size_t len) {
    for (size_t i = 0; i < q->conditions_len; i++) q->known[i] = q->doing[i] = false;
    for (size_t i = 0; i < len; i++) {
        tri t = evaluate_condition(q, literals[i].on, 0);
        if (t == (literals[i].is ? NO : YES)) return false;
    }
    return true;
}

/* Next combination; false after the last. */
static bool next_try(question *q) {
    for (size_t i = 0; i < q->variables_len; i++) {
        trial *t = &q->variables[i];
        size_t last = t->other ? t->texts_len : t->texts_len - 1;
        if (t->now < last) {
            t->now++;
            return true;
        }
        t->now = 0;
    }
    for (size_t i = 0; i < q->opaque_len; i++) {
        q->opaque_now[i] = !q->opaque_now[i];
        if (q->opaque_now[i]) return true;
    }
    return false;
}

static bool possible(const when_literal *literals, size_t len, size_t tries_most) {
    for (size_t i = 0; i < len; i++)
        if (literals[i].on->fixed == (literals[i].is ? NO : YES)) return false;
    if (len == 0) return true;
    question q;
    q.conditions_len = q.variables_len = q.opaque_len = 0;
    q.given_up = false;
    q.steps = 0;
    for (size_t i = 0; i < len; i++) gather_condition(&q, literals[i].on, 0);
    if (q.given_up) return true;
    size_t tries = 1;
    for (size_t i = 0; i < q.variables_len; i++) {
        trial *t = &q.variables[i];
        /* A closed parameter has another text when it allows one that it is not compared with. */
        t->other = !t->variable->closed || t->variable->allowed_len > t->texts_len;
        t->now = 0;
        size_t choices = t->texts_len + t->other;
        if (choices == 0 || tries > tries_most / choices) return true;
        tries *= choices;
    }
    for (size_t i = 0; i < q.opaque_len; i++) {
        q.opaque_now[i] = false;
        if (tries > tries_most / 2) return true;
        tries *= 2;
    }
    do {
        if (holds(&q, literals, len) || q.given_up) return true;
    } while (next_try(&q));
    return false;
}

bool condition_possible(const when_literal *literals, size_t len) { return possible(literals, len, MOST_TRIES); }

/* ---- what is certain from the start ---- */

static tri certain(const condition_expr *e, unsigned depth, uint64_t *touches);

/* Bit 0 says that the condition was met; the last one stands for everything that can't be said. */
#define TOUCHES_OPAQUE ((uint64_t)1 << 63)
static uint64_t bit_of(const free_variable *v) { return (uint64_t)1 << (1 + slice_hash(v->name) % 62); }

static tri certain_operands(const condition_expr *e, uint64_t *touches) {
    const operand *sides[2] = { &e->x, &e->y };
    bool free = false;
    for (int s = 0; s < 2; s++) {
        if (sides[s]->kind == OPERAND_TEXT) continue;
        free = true;
        *touches |= sides[s]->kind == OPERAND_FREE ? bit_of(sides[s]->variable) : TOUCHES_OPAQUE;
    }
    if (!free) return slice_eq(e->x.text, e->y.text) ? YES : NO;
    if (e->x.kind == OPERAND_FREE && e->y.kind == OPERAND_FREE && e->x.variable == e->y.variable) return YES;
    for (int s = 0; s < 2; s++)
        if (sides[s]->kind == OPERAND_FREE && sides[1 - s]->kind == OPERAND_TEXT && !is_allowed(sides[s]->variable, sides[1 - s]->text))
            return NO;
    return UNKNOWN;
}

/* `settled` conditions carry their answer; one that is not yet settled is settled first. */
static void settle(condition *c, unsigned depth) {
    condition_expr *root = (condition_expr *)(uintptr_t)c->expr;
    if (root == NULL || root->touches != 0) return;
    root->touches = 1;                       /* met; also what a circle finds */
    uint64_t touches = 1;
    tri t = certain(root, depth, &touches);
    root->touches = touches;
    c->fixed = t;
}

static tri certain(const condition_expr *e, unsigned depth, uint64_t *touches) {
    if (depth > MOST_DEPTH) {
        *touches = ~(uint64_t)0;
        return UNKNOWN;
    }
    tri result;
    switch (e->kind) {
    case EXPR_CONSTANT: return e->constant;
    case EXPR_EQUALS: return certain_operands(e, touches);
    case EXPR_NAMED: {
        condition *c = (condition *)(uintptr_t)e->named;
        settle(c, depth + 1);
        if (c->expr != NULL) *touches |= c->expr->touches;
        return c->fixed;
    }
    case EXPR_NOT: return e->parts_len == 1 ? tri_not[certain(e->parts[0], depth + 1, touches)] : UNKNOWN;
    case EXPR_AND:
        result = YES;
        for (size_t i = 0; i < e->parts_len; i++) result = tri_and[result][certain(e->parts[i], depth + 1, touches)];
        return result;
    case EXPR_OR:
        result = NO;
        for (size_t i = 0; i < e->parts_len; i++) result = tri_or(result, certain(e->parts[i], depth + 1, touches));
        return result;
    }
    return UNKNOWN;
}

void conditions_settle(condition *const *conditions, size_t len) {
    for (size_t i = 0; i < len; i++) settle(conditions[i], 0);
    /* One that can't be true (prod and dev at once) is as certain as a constant. */
    for (size_t i = 0; i < len; i++) {
        condition *c = conditions[i];
        if (c->fixed != UNKNOWN || c->expr == NULL || c->expr->kind == EXPR_CONSTANT) continue;
        if (!possible(&(when_literal){ c, true }, 1, SETTLE_TRIES)) c->fixed = NO;
        else if (!possible(&(when_literal){ c, false }, 1, SETTLE_TRIES)) c->fixed = YES;
    }
}

bool condition_excludes(const when_literal *literals, size_t len, const free_variable *v, slice text) {
    const condition_expr is = { .kind = EXPR_EQUALS, .x = { .kind = OPERAND_FREE, .variable = v }, .y = { .kind = OPERAND_TEXT, .text = text } };
    const condition with = { .fixed = UNKNOWN, .expr = &is };
    when_literal asked[MOST_CONDITIONS] = { { &with, true } };
    size_t asked_len = 1;
    for (size_t i = 0; i < len && asked_len < MOST_CONDITIONS; i++)
        if (literals[i].on->expr != NULL && (literals[i].on->expr->touches & bit_of(v)) != 0) asked[asked_len++] = literals[i];
    return asked_len > 1 && is_allowed(v, text) && !possible(asked, asked_len, MOST_TRIES);
}
