/* Is a pattern one that AWS refuses? One row an operator says who has it and who reads its argument. */
#include "base/strmap.h"
#include "service/pattern_parts.h"

typedef struct {
    arena *arena;
    pattern_dialect dialect;
    pattern_verdict verdict;
    const value *where;
    slice message;
    slice path;                  /* of the leaf at hand, for messages */
    uint64_t combinations;       /* SNS: product of the lengths of the lists */
    unsigned nesting;            /* SNS: deepest key */
    bool has_or;
    size_t values;               /* met so far */
} checker;

#define IN(d) (1u << (d))
#define EVENTS IN(PATTERN_EVENTS)
#define ESM IN(PATTERN_ESM)
#define SNS (IN(PATTERN_SNS_ATTRIBUTES) | IN(PATTERN_SNS_BODY))
#define EVERYWHERE (EVENTS | ESM | SNS)

typedef struct {
    slice name;
    unsigned dialects;
    void (*argument)(checker *c, const value *at, const value *v);
} operator_row;

static void check_text(checker *c, const value *at, const value *v);
static void check_prefix(checker *c, const value *at, const value *v);
static void check_wildcard(checker *c, const value *at, const value *v);
static void check_cidr(checker *c, const value *at, const value *v);
static void check_exists(checker *c, const value *at, const value *v);
static void check_numeric(checker *c, const value *at, const value *v);
static void check_but(checker *c, const value *at, const value *v);

/* EventBridge user guide, "Comparison operators" (table with the columns event bus and pipe); Lambda developer guide, "Filter rule
 * syntax"; SNS developer guide, "Filter policy constraints" and "String value matching", "Numeric value matching". */
static const operator_row operators[] = {
    { SLICE_INIT("prefix"), EVERYWHERE, check_prefix },
    { SLICE_INIT("suffix"), EVERYWHERE, check_prefix },
    { SLICE_INIT("equals-ignore-case"), EVERYWHERE, check_text },
    { SLICE_INIT("anything-but"), EVERYWHERE, check_but },
    { SLICE_INIT("numeric"), EVERYWHERE, check_numeric },
    { SLICE_INIT("exists"), EVERYWHERE, check_exists },
    { SLICE_INIT("cidr"), EVERYWHERE, check_cidr },
    { SLICE_INIT("wildcard"), EVENTS, check_wildcard },
    { SLICE_INIT("exactly"), EVERYWHERE, check_text },
};

/* What may stand in {"anything-but": {...}}. */
static const operator_row but_operators[] = {
    { SLICE_INIT("prefix"), EVERYWHERE, check_prefix },
    { SLICE_INIT("suffix"), EVERYWHERE, check_prefix },
    { SLICE_INIT("equals-ignore-case"), EVENTS | ESM, check_text },
    { SLICE_INIT("wildcard"), EVENTS, check_wildcard },
};

/* Names that $or's branches may not use as keys: operators of today and names kept for tomorrow (aws/event-ruler README, "$or"). */
static const slice reserved[] = {
    SLICE_INIT("exactly"), SLICE_INIT("equals-ignore-case"), SLICE_INIT("prefix"), SLICE_INIT("suffix"), SLICE_INIT("anything-but"),
    SLICE_INIT("exists"), SLICE_INIT("wildcard"), SLICE_INIT("numeric"), SLICE_INIT("cidr"), SLICE_INIT("="), SLICE_INIT("<"),
    SLICE_INIT("<="), SLICE_INIT(">"), SLICE_INIT(">="), SLICE_INIT("regex"), SLICE_INIT("not-wildcard"),
    SLICE_INIT("not-equals-ignore-case"), SLICE_INIT("date-after"), SLICE_INIT("date-on-or-after"), SLICE_INIT("date-before"),
    SLICE_INIT("date-on-or-before"), SLICE_INIT("in-date-range"), SLICE_INIT("ip-address-in-range"), SLICE_INIT("ip-address-not-in-range"),
};

/* SNS developer guide, "Filter policy constraints": keys, combinations, the range of numbers. */
#define SNS_MAX_KEYS 5
#define SNS_MAX_COMBINATIONS 150
#define SNS_MAX_NUMBER 1e9

/* EventBridge user guide, "Wildcard matching", refuses wildcards that are too complex and gives six stars as the example; where the
 * line is exactly is not said. */
#define WILDCARD_MAX_STARS 5

static const char *const dialect_names[] = {
    [PATTERN_EVENTS] = "EventBridge patterns",
    [PATTERN_ESM] = "filters of event source mappings and pipes",
    [PATTERN_SNS_ATTRIBUTES] = "SNS filter policies",
    [PATTERN_SNS_BODY] = "SNS filter policies",
};

/* ---- reporting ---- */

static bool over(const checker *c) { return c->verdict == PATTERN_REFUSED || c->values > PATTERN_MAX_VALUES; }

static void report(checker *c, pattern_verdict verdict, const value *where, slice message) {
    if (c->verdict >= verdict) return;       /* the first of the worst */
    c->verdict = verdict;
    c->where = where;
    c->message = message;
}

#define REFUSE(c, where, ...) report((c), PATTERN_REFUSED, (where), arena_printf((c)->arena, __VA_ARGS__))

#define SHOWN_BYTES 80
static slice shown(checker *c, const value *v) {
    buf b = { .arena = c->arena };
    json_out j = { .out = &b };
    value_write_json(c->arena, v, true, &j);
    slice s = buf_as_slice(&b);
    if (s.len <= SHOWN_BYTES) return s;
    size_t to = SHOWN_BYTES;
    while (to > 0 && ((unsigned char)s.at[to] & 0xC0) == 0x80) to--;
    return arena_printf(c->arena, "%.*s...", (int)to, s.at);
}

/* ---- operators ---- */

/* Runs a check over what a value may be: nothing for what is not known, both branches of Fn::If. */
static void each_known(checker *c, const value *at, const value *v, void (*check)(checker *, const value *, const value *), unsigned depth) {
    c->values++;
    if (over(c)) return;
    if (v->kind == VAL_CHOICE && depth < PATTERN_MAX_DEPTH) {
        if (v->choice.yes->kind != VAL_ABSENT) each_known(c, at, v->choice.yes, check, depth + 1);
        if (v->choice.no->kind != VAL_ABSENT) each_known(c, at, v->choice.no, check, depth + 1);
    } else if (!pattern_is_open(v)) {
        check(c, at, v);
    }
}

static void text_known(checker *c, const value *at, const value *v) {
    (void)at;
    if (v->kind != VAL_STRING) REFUSE(c, v, "%.*s: the operator takes a text, not %.*s", SLICE_ARG(c->path), SLICE_ARG(shown(c, v)));
}
static void check_text(checker *c, const value *at, const value *v) { each_known(c, at, v, text_known, 0); }

static void prefix_known(checker *c, const value *at, const value *v) {
    if (v->kind != VAL_MAP) {
        text_known(c, at, v);
    } else if (v->map.len != 1 || !slice_is(v->map.at[0].key, "equals-ignore-case")) {
        REFUSE(c, v, "%.*s: inside prefix or suffix stands a text or {\"equals-ignore-case\": text}, not %.*s", SLICE_ARG(c->path),
               SLICE_ARG(shown(c, v)));
    } else {
        check_text(c, at, v->map.at[0].value);
    }
}
static void check_prefix(checker *c, const value *at, const value *v) { each_known(c, at, v, prefix_known, 0); }

static void wildcard_known(checker *c, const value *at, const value *v) {
    text_known(c, at, v);
    if (over(c)) return;
    pattern_glob glob;
    const char *problem = pattern_glob_read(c->arena, v->text, &glob);
    if (problem != NULL)
        REFUSE(c, v, "%.*s: wildcard %.*s: %s", SLICE_ARG(c->path), SLICE_ARG(shown(c, v)), problem);
    else if (glob.len - 1 > WILDCARD_MAX_STARS)
        REFUSE(c, v, "%.*s: wildcard %.*s is too complex for EventBridge: use fewer *", SLICE_ARG(c->path), SLICE_ARG(shown(c, v)));
}
static void check_wildcard(checker *c, const value *at, const value *v) { each_known(c, at, v, wildcard_known, 0); }

static void cidr_known(checker *c, const value *at, const value *v) {
    text_known(c, at, v);
    if (over(c)) return;
    pattern_ip ip;
    unsigned bits;
    const char *problem = pattern_cidr_read(v->text, &ip, &bits);
    if (problem != NULL) REFUSE(c, v, "%.*s: cidr %.*s: %s", SLICE_ARG(c->path), SLICE_ARG(shown(c, v)), problem);
}
static void check_cidr(checker *c, const value *at, const value *v) { each_known(c, at, v, cidr_known, 0); }

static void exists_known(checker *c, const value *at, const value *v) {
    (void)at;
    if (v->kind == VAL_BOOL) return;
    REFUSE(c, v, "%.*s: exists is true or false (without quotes), not %.*s", SLICE_ARG(c->path), SLICE_ARG(shown(c, v)));
}
static void check_exists(checker *c, const value *at, const value *v) { each_known(c, at, v, exists_known, 0); }

static bool is_number(const value *v) { return v->kind == VAL_INT || v->kind == VAL_DOUBLE; }

static void number_known(checker *c, const value *at, const value *v) {
    (void)at;
    double n;
    slice text = pattern_scalar_text(c->arena, v);
    if (!is_number(v)) {
        REFUSE(c, v, "%.*s: %.*s is no number", SLICE_ARG(c->path), SLICE_ARG(shown(c, v)));
    } else if (!pattern_number(text, &n)) {
        REFUSE(c, v, "%.*s: %.*s has more digits than can be compared", SLICE_ARG(c->path), SLICE_ARG(text));
    } else if (c->dialect >= PATTERN_SNS_ATTRIBUTES && (n > SNS_MAX_NUMBER || n < -SNS_MAX_NUMBER)) {
        REFUSE(c, v, "%.*s: %.*s is out of range: SNS compares numbers from -10^9 to 10^9", SLICE_ARG(c->path), SLICE_ARG(text));
    }
}

/* [op, n] or [low op, n, high op, n]; "=" stands alone, a range begins below. */
static void numeric_known(checker *c, const value *at, const value *v) {
    static const char form[] = "write [\"=\", 5], [\"<\", 5] or [\">\", 0, \"<=\", 5]";
    (void)at;
    if (v->kind != VAL_LIST || (v->list.len != 2 && v->list.len != 4)) {
        REFUSE(c, v, "%.*s: numeric takes a list of an operator and a number, or two of each: %s", SLICE_ARG(c->path), form);
        return;
    }
    double bounds[2] = { 0, 0 };
    bool known = true;
    for (size_t i = 0; i < v->list.len && !over(c); i += 2) {
        const value *op = v->list.at[i], *n = v->list.at[i + 1];
        each_known(c, n, n, number_known, 0);
        if (is_number(n)) known &= pattern_number(pattern_scalar_text(c->arena, n), &bounds[i / 2]);
        else known = false;
        if (over(c) || pattern_is_open(op)) continue;
        bool up = op->kind == VAL_STRING && (slice_is(op->text, ">") || slice_is(op->text, ">="));
        bool down = op->kind == VAL_STRING && (slice_is(op->text, "<") || slice_is(op->text, "<="));
        bool equal = op->kind == VAL_STRING && slice_is(op->text, "=");
        if (!up && !down && !equal)
            REFUSE(c, op, "%.*s: %.*s is no numeric operator: %s", SLICE_ARG(c->path), SLICE_ARG(shown(c, op)), form);
        else if (v->list.len == 4 && !(i == 0 ? up : down))
            REFUSE(c, op, "%.*s: a numeric range begins with > or >= and ends with < or <=: %s", SLICE_ARG(c->path), form);
    }
    if (!over(c) && v->list.len == 4 && known && bounds[0] >= bounds[1])
        REFUSE(c, v, "%.*s: no number is in the range %.*s: the lower bound comes first and is less than the upper", SLICE_ARG(c->path),
               SLICE_ARG(shown(c, v)));
}
static void check_numeric(checker *c, const value *at, const value *v) { each_known(c, at, v, numeric_known, 0); }

static void check_operator(checker *c, const operator_row *rows, size_t len, const char *inside, const value *map) {
    if (map->map.len == 0) {
        REFUSE(c, map, "%.*s: an empty {} is no condition", SLICE_ARG(c->path));
        return;
    }
    slice name = map->map.at[0].key;
    if (map->map.len > 1) {
        REFUSE(c, map, "%.*s: one {} holds one operator: write {\"%.*s\": ...} and {\"%.*s\": ...} as two (one of them must hold)",
               SLICE_ARG(c->path), SLICE_ARG(name), SLICE_ARG(map->map.at[1].key));
        return;
    }
    const operator_row *row = NULL, *near = NULL;
    size_t nearest = 4;
    for (size_t i = 0; i < len; i++) {
        size_t distance = slice_distance(name, rows[i].name, nearest);
        if (distance == 0) row = &rows[i];
        if (distance < nearest) {
            nearest = distance;
            near = &rows[i];
        }
    }
    if (row == NULL) {
        for (size_t i = 0; i < len && near == NULL; i++)
            if (slice_same_letters(name, rows[i].name)) near = &rows[i];
        if (near != NULL)
            REFUSE(c, map, "%.*s: there is no operator \"%.*s\"%s; did you mean \"%.*s\"?", SLICE_ARG(c->path), SLICE_ARG(name), inside,
                   SLICE_ARG(near->name));
        else
            REFUSE(c, map, "%.*s: there is no operator \"%.*s\"%s (a key one level deeper must stand outside the list)", SLICE_ARG(c->path),
                   SLICE_ARG(name), inside);
        return;
    }
    row->argument(c, map, map->map.at[0].value);
    if (!(row->dialects & IN(c->dialect)))
        report(c, PATTERN_INFO, map,
               arena_printf(c->arena, "%.*s: %s do not list the operator \"%.*s\"%s; EventBridge rules have it", SLICE_ARG(c->path),
                            dialect_names[c->dialect], SLICE_ARG(name), inside));
}

static void but_plain(checker *c, const value *at, const value *v) {
    if (is_number(v)) number_known(c, at, v);
    else if (v->kind != VAL_STRING)
        REFUSE(c, v, "%.*s: anything-but takes texts or numbers, not %.*s", SLICE_ARG(c->path), SLICE_ARG(shown(c, v)));
}

static void but_text(checker *c, const value *at, const value *v) {
    (void)at;
    if (v->kind != VAL_STRING) REFUSE(c, v, "%.*s: anything-but takes texts here, not %.*s", SLICE_ARG(c->path), SLICE_ARG(shown(c, v)));
}

static void but_affix(checker *c, const value *at, const value *v) {
    but_text(c, at, v);
    if (!over(c) && v->text.len == 0)
        REFUSE(c, v, "%.*s: every text has the empty prefix and suffix, so anything-but would never match", SLICE_ARG(c->path));
}

static void but_list(checker *c, const value *v, void (*check)(checker *, const value *, const value *)) {
    bool texts = false, numbers = false;
    if (v->kind != VAL_LIST) {
        each_known(c, v, v, check, 0);
        return;
    }
    if (v->list.len == 0 && check == but_plain) REFUSE(c, v, "%.*s: anything-but needs at least one value", SLICE_ARG(c->path));
    for (size_t i = 0; i < v->list.len && !over(c); i++) {
        const value *item = v->list.at[i];
        each_known(c, item, item, check, 0);
        texts |= item->kind == VAL_STRING;
        numbers |= is_number(item);
    }
    if (!over(c) && texts && numbers)
        REFUSE(c, v, "%.*s: anything-but takes a list of texts or a list of numbers, not both in one", SLICE_ARG(c->path));
}

static void but_known(checker *c, const value *at, const value *v) {
    (void)at;
    if (v->kind != VAL_MAP) {
        but_list(c, v, but_plain);
        return;
    }
    /* The operator's own row judges its name and dialect; its argument may be a list here. */
    if (v->map.len == 1 && !slice_is(v->map.at[0].key, "numeric")) {
        slice name = v->map.at[0].key;
        const value *inner = v->map.at[0].value;
        bool affix = slice_is(name, "prefix") || slice_is(name, "suffix");
        bool wild = slice_is(name, "wildcard");
        if (affix || wild || slice_is(name, "equals-ignore-case")) {
            but_list(c, inner, affix ? but_affix : wild ? wildcard_known : but_text);
            for (size_t i = 0; i < COUNT(but_operators) && !over(c); i++)
                if (slice_eq(but_operators[i].name, name) && !(but_operators[i].dialects & IN(c->dialect)))
                    report(c, PATTERN_INFO, v,
                           arena_printf(c->arena, "%.*s: %s do not list anything-but with \"%.*s\"; EventBridge rules have it",
                                        SLICE_ARG(c->path), dialect_names[c->dialect], SLICE_ARG(name)));
            return;
        }
    }
    check_operator(c, but_operators, COUNT(but_operators), " inside anything-but", v);
}
static void check_but(checker *c, const value *at, const value *v) { each_known(c, at, v, but_known, 0); }

/* ---- leaves and structure ---- */

static void item_known(checker *c, const value *at, const value *v) {
    (void)at;
    if (v->kind == VAL_MAP) check_operator(c, operators, COUNT(operators), "", v);
    else if (v->kind == VAL_LIST)
        REFUSE(c, v, "%.*s: a list inside a list: write the values in one list", SLICE_ARG(c->path));
}

static void check_leaf(checker *c, const value *v) {
    if (v->list.len == 0) {
        REFUSE(c, v, "%.*s: an empty list matches nothing and is refused; for a field that must not exist write [{\"exists\": false}]",
               SLICE_ARG(c->path));
        return;
    }
    if (c->combinations <= UINT32_MAX) c->combinations *= v->list.len;
    for (size_t i = 0; i < v->list.len && !over(c); i++)
        if (v->list.at[i]->kind != VAL_ABSENT) each_known(c, v->list.at[i], v->list.at[i], item_known, 0);
}

static void check_map(checker *c, const value *v, bool in_or, unsigned depth);

static void check_or(checker *c, const value *v, unsigned depth) {
    c->has_or = true;
    if (pattern_is_open(v)) return;
    if (v->kind != VAL_LIST || v->list.len < 2) {
        REFUSE(c, v, "$or takes a list of at least two {...}");
        return;
    }
    for (size_t i = 0; i < v->list.len && !over(c); i++) {
        const value *one = v->list.at[i];
        if (pattern_is_open(one) || one->kind == VAL_ABSENT) continue;
        if (one->kind != VAL_MAP) REFUSE(c, one, "$or takes a list of {...}, not %.*s", SLICE_ARG(shown(c, one)));
        else check_map(c, one, true, depth + 1);
    }
}

/* The value of a key: a list, or a map one level deeper. */
static void check_key(checker *c, slice path, slice key, const value *v, bool in_or, unsigned depth, unsigned branches) {
    c->values++;
    if (over(c) || v->kind == VAL_ABSENT) return;
    if (v->kind == VAL_CHOICE && branches < PATTERN_MAX_DEPTH) {
        check_key(c, path, key, v->choice.yes, in_or, depth, branches + 1);
        check_key(c, path, key, v->choice.no, in_or, depth, branches + 1);
        return;
    }
    if (v->kind == VAL_UNKNOWN || v->kind == VAL_CHOICE) return;
    slice parts[] = { path, SLICE("."), key };
    c->path = path.at == NULL ? key : arena_concat(c->arena, parts, COUNT(parts));
    switch (v->kind) {
    case VAL_MAP:
        check_map(c, v, in_or, depth + 1);
        break;
    case VAL_LIST:
        check_leaf(c, v);
        break;
    case VAL_REF: case VAL_JOINED:
        REFUSE(c, v, "%.*s must be a list: put the value into [ ]", SLICE_ARG(c->path));
        break;
    default:
        REFUSE(c, v, "%.*s must be a list: write [%.*s]", SLICE_ARG(c->path), SLICE_ARG(shown(c, v)));
    }
}

static void check_map(checker *c, const value *v, bool in_or, unsigned depth) {
    slice path = c->path;
    c->values++;
    if (depth > PATTERN_MAX_DEPTH) {
        report(c, PATTERN_INFO, v, arena_printf(c->arena, "nested deeper than %d levels: not judged", PATTERN_MAX_DEPTH));
        return;
    }
    if (depth + 1 > c->nesting) c->nesting = depth + 1;
    bool sns_top = path.at == NULL && c->dialect >= PATTERN_SNS_ATTRIBUTES;
    if (v->map.len == 0 && !(sns_top && !in_or)) {     /* an SNS subscription with {} takes every message */
        if (path.at == NULL) REFUSE(c, v, "the pattern is empty: name at least one field, as in {\"source\": [{\"prefix\": \"\"}]}");
        else REFUSE(c, v, "%.*s: an empty {} is refused; for \"is there\" write [{\"exists\": true}]", SLICE_ARG(path));
    }
    for (size_t i = 0; i < v->map.len && !over(c); i++) {
        slice key = v->map.at[i].key;
        const value *inner = v->map.at[i].value;
        c->path = path;
        if (slice_is(key, "$or")) {
            check_or(c, inner, depth);
            continue;
        }
        for (size_t k = 0; in_or && k < COUNT(reserved); k++)
            if (slice_eq(key, reserved[k]))
                REFUSE(c, inner, "\"%.*s\" is an operator: inside $or it can't be the name of a field", SLICE_ARG(key));
        check_key(c, path, key, inner, in_or, depth, 0);
    }
    c->path = path;
}

/* Names of attributes, those of $or's branches too, each once. */
static size_t names_count(arena *a, const value *v) {
    const pattern_key *keys;
    size_t len = pattern_keys(a, v, &keys);
    strmap seen = { 0 };
    for (size_t i = 0; i < len; i++) strmap_put(a, &seen, keys[i].path, a);
    return seen.len;
}

static void check_sns(checker *c, const value *v) {
    if (c->dialect == PATTERN_SNS_ATTRIBUTES && names_count(c->arena, v) > SNS_MAX_KEYS)
        REFUSE(c, v, "the filter policy names more than %d attributes; SNS takes at most %d", SNS_MAX_KEYS, SNS_MAX_KEYS);
    uint64_t all = c->combinations;
    if (c->dialect == PATTERN_SNS_BODY) all *= c->nesting;
    if (!over(c) && !c->has_or && all > SNS_MAX_COMBINATIONS)
        REFUSE(c, v, "the filter policy makes %s%llu combinations (the lengths of its lists multiplied%s); SNS takes at most %d",
               c->combinations > UINT32_MAX ? "more than " : "", (unsigned long long)all,
               c->dialect == PATTERN_SNS_BODY ? ", times its levels of nesting" : "", SNS_MAX_COMBINATIONS);
}

pattern_verdict pattern_error(arena *a, pattern_dialect d, const value *pattern, const value **where, slice *message) {
    checker c = { .arena = a, .dialect = d, .combinations = 1, .path = { NULL, 0 } };
    const value *v = pattern_structure(a, pattern);
    *where = pattern;
    *message = SLICE("");
    if (v == NULL) {
        REFUSE(&c, pattern, "the pattern is a text that is no JSON");
    } else if (pattern_is_open(v) || v->kind == VAL_ABSENT) {
        return PATTERN_FINE;
    } else if (v->kind != VAL_MAP) {
        REFUSE(&c, v, "a pattern is an object, {\"field\": [values]}, not %.*s", SLICE_ARG(shown(&c, v)));
    } else {
        check_map(&c, v, false, 0);
        if (!over(&c) && d >= PATTERN_SNS_ATTRIBUTES) check_sns(&c, v);
        if (c.verdict != PATTERN_REFUSED && (over(&c) || pattern_compile(a, d, v)->too_large))
            report(&c, PATTERN_INFO, v, arena_printf(a, "the pattern is too large to be judged: its $or make more than %d alternatives, or %d clauses "
                                                        "together", PATTERN_MAX_BRANCHES, PATTERN_MAX_CLAUSES));
    }
    if (c.verdict == PATTERN_FINE) return PATTERN_FINE;
    *where = c.where;
    *message = c.message;
    return c.verdict;
}
