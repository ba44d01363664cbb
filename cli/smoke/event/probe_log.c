#include "base/digest.h"
#include "smoke/event/parts.h"

/* ---- plain terms: all of them, one of those with `?`, none of those with `-` ---- */

typedef struct { slice text; char sign; } term;
typedef VEC(term) terms;
#define LOG_MAX_PATTERN 4096     /* Logs API reference, PutSubscriptionFilter: 1,024 characters; a little more is read */

/* False for what is not understood. */
static bool terms_of(arena *a, slice p, terms *out) {
    p = slice_trim(p);
    while (p.len > 0) {
        char sign = p.at[0] == '-' || p.at[0] == '?' ? p.at[0] : '+';
        if (sign != '+') p = slice_after(p, 1);
        if (p.len == 0) return false;
        if (p.at[0] != '"') {
            size_t to = 0;
            while (to < p.len && p.at[to] != ' ' && p.at[to] != '\t') to++;
            VEC_PUSH(a, out, (term){ slice_from_to(p, 0, to), sign });
            p = slice_trim(slice_after(p, to));
            continue;
        }
        buf text = { .arena = a };
        size_t i = 1;
        while (i < p.len && p.at[i] != '"') {
            if (p.at[i] == '\\' && i + 1 < p.len) i++;
            buf_char(&text, p.at[i++]);
        }
        if (i == p.len) return false;
        VEC_PUSH(a, out, (term){ buf_as_slice(&text), sign });
        p = slice_trim(slice_after(p, i + 1));
    }
    return true;
}

static tri terms_fit(const terms *list, slice line) {
    bool any = false, optional = false;
    for (size_t i = 0; i < list->len; i++) {
        bool there = slice_find_slice(line, list->at[i].text) != (size_t)-1;
        if (list->at[i].sign == '?') {
            optional = true;
            any = any || there;
        } else if (there != (list->at[i].sign == '+')) {
            return NO;
        }
    }
    return optional && !any ? NO : YES;
}

/* ---- { $.a.b = "x" && $.n > 5 } and [a, b = x, ...] ---- */

typedef struct { slice path, op, want; } condition_of_log;
typedef VEC(condition_of_log) conditions_of_log;

static slice unquoted(slice s) { return s.len > 1 && s.at[0] == '"' && s.at[s.len - 1] == '"' ? slice_from_to(s, 1, s.len - 1) : s; }

/* Cuts `text` at the first of the operators. */
static bool comparison(slice text, condition_of_log *out) {
    static const char *const ops[] = { "!=", "<=", ">=", "=", "<", ">" };
    bool quoted = false;
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] == '"') quoted = !quoted;
        for (size_t k = 0; !quoted && k < COUNT(ops); k++)
            if (slice_starts(slice_after(text, i), slice_from(ops[k]))) {
                *out = (condition_of_log){ slice_trim(slice_from_to(text, 0, i)), slice_from(ops[k]), slice_trim(slice_after(text, i + strlen(ops[k]))) };
                return out->want.len > 0;
            }
    }
    return false;
}

/* One alternative (`||`) of a JSON pattern, joined by `&&`; parentheses, IS and regular expressions are not understood. */
static bool json_conditions(arena *a, slice p, conditions_of_log *out) {
    size_t or_at = slice_find_slice(p, SLICE("||"));
    if (or_at != (size_t)-1) p = slice_from_to(p, 0, or_at);
    while (p.len > 0) {
        size_t and_at = slice_find_slice(p, SLICE("&&"));
        slice one = slice_trim(and_at == (size_t)-1 ? p : slice_from_to(p, 0, and_at));
        condition_of_log c;
        while (one.len > 1 && one.at[0] == '(' && one.at[one.len - 1] == ')') one = slice_trim(slice_from_to(one, 1, one.len - 1));
        bool path = comparison(one, &c) && slice_starts(c.path, SLICE("$.")) && slice_find(c.path, '[') == c.path.len && slice_find(c.path, '(') == c.path.len;
        if (!path || c.want.at[0] == '%') return false;
        c.path = slice_after(c.path, 2);
        VEC_PUSH(a, out, c);
        p = and_at == (size_t)-1 ? SLICE("") : slice_after(p, and_at + 2);
    }
    return out->len > 0;
}

/* A value that meets one condition, or that does not. */
static const doc_node *log_value(arena *a, const condition_of_log *c, bool fits) {
    long long n;
    bool not_equal = slice_is(c->op, "!="), equal = slice_is(c->op, "=");
    bool text = c->want.at[0] == '"' || !slice_int(c->want, &n);
    if (equal || not_equal) {
        if (equal != fits) return text ? js_cstr(a, "sflint-refused") : js_int(a, n + 1);
        if (!text) return js_number(a, c->want);
        slice want = unquoted(c->want);
        buf out = { .arena = a };
        for (size_t i = 0; i < want.len; i++) {
            if (want.at[i] == '*') buf_text(&out, "smoke");
            else buf_char(&out, want.at[i]);
        }
        return js_string(a, buf_as_slice(&out));
    }
    if (text) return NULL;
    bool above = c->op.at[0] == '>', even = c->op.len == 2;
    long long inside = above ? n + (even ? 0 : 1) : n - (even ? 0 : 1);
    return js_int(a, fits ? inside : above ? inside - 1 : inside + 1);
}

static bool json_lines(arena *a, slice inner, slice *passes, slice *refused) {
    conditions_of_log list = { 0 };
    const doc_node *good = js_empty_object(), *bad;
    if (!json_conditions(a, inner, &list)) return false;
    for (size_t i = 0; i < list.len; i++) {
        const doc_node *v = log_value(a, &list.at[i], true);
        if (v == NULL) return false;
        good = js_with_at(a, good, list.at[i].path, v);
    }
    bad = js_empty_object();
    for (size_t i = 0; i < list.len; i++) bad = js_with_at(a, bad, list.at[i].path, log_value(a, &list.at[i], false));
    *passes = js_text(a, good);
    /* with `||` another alternative could let it pass: an event without any of the members fits none that compares */
    *refused = js_text(a, slice_find_slice(inner, SLICE("||")) == (size_t)-1 ? bad : js_empty_object());
    return true;
}

static bool column_line(arena *a, slice inner, slice *passes, slice *refused) {
    buf good = { .arena = a };
    slice rest = inner, one;
    bool compared = false, any = false;
    while (slice_cut(&rest, ',', &one)) {
        condition_of_log c;
        one = slice_trim(one);
        if (any) buf_char(&good, ' ');
        any = true;
        if (!comparison(one, &c)) {
            buf_text(&good, "smoke");
            continue;
        }
        if (c.want.at[0] == '%' || slice_find_slice(one, SLICE("||")) != (size_t)-1 || slice_find_slice(one, SLICE("&&")) != (size_t)-1) return false;
        compared = true;
        const doc_node *v = log_value(a, &c, true);
        if (v == NULL) return false;
        buf_slice(&good, v->text);
    }
    *passes = buf_as_slice(&good);
    *refused = compared ? SLICE("sflint-refused") : SLICE("");
    return true;
}

bool log_lines(arena *a, slice pattern, slice *passes, slice *refused) {
    slice p = slice_trim(pattern);
    *passes = SLICE("{\"sflint\":\"smoke\"}");
    *refused = SLICE("");
    if (p.len == 0) return true;
    if (p.len > LOG_MAX_PATTERN || p.at[0] == '%') return false;
    if (p.at[0] == '{') return p.at[p.len - 1] == '}' && json_lines(a, slice_from_to(p, 1, p.len - 1), passes, refused);
    if (p.at[0] == '[') return p.at[p.len - 1] == ']' && column_line(a, slice_from_to(p, 1, p.len - 1), passes, refused);
    terms list = { 0 };
    if (!terms_of(a, p, &list)) return false;
    buf good = { .arena = a };
    bool optional = false;
    for (size_t i = 0; i < list.len; i++) {
        if (list.at[i].sign == '-' || (list.at[i].sign == '?' && optional)) continue;
        optional = optional || list.at[i].sign == '?';
        if (good.bytes.len > 0) buf_char(&good, ' ');
        buf_slice(&good, list.at[i].text);
    }
    *passes = good.bytes.len > 0 ? buf_as_slice(&good) : SLICE("smoke");
    if (terms_fit(&list, *passes) != YES) return false;
    /* without any term; when only `-` terms are there, with one of them */
    *refused = SLICE("0");
    for (size_t i = 0; i < list.len && terms_fit(&list, *refused) == YES; i++)
        if (list.at[i].sign == '-') *refused = list.at[i].text;
    if (terms_fit(&list, *refused) == YES) *refused = SLICE("");
    return true;
}

/* ---- the event: JSON, gzip, base64. CloudWatch Logs user guide, "Subscription filters with Lambda" ---- */

#define STORED_MOST 65535u

/* gzip (RFC 1952) with stored blocks (RFC 1951, 3.2.4): any reader takes it, and nothing has to be compressed. */
slice log_gzip(arena *a, slice text) {
    buf out = { .arena = a };
    static const char head[] = { 0x1f, (char)0x8b, 8, 0, 0, 0, 0, 0, 0, (char)0xff };
    buf_slice(&out, (slice){ head, sizeof head });
    for (size_t at = 0; at == 0 || at < text.len; at += STORED_MOST) {
        size_t len = text.len - at < STORED_MOST ? text.len - at : STORED_MOST;
        const unsigned sizes[] = { (unsigned)len, ~(unsigned)len };
        buf_char(&out, at + len == text.len);
        for (size_t i = 0; i < COUNT(sizes); i++) {
            buf_char(&out, (char)(sizes[i] & 0xff));
            buf_char(&out, (char)(sizes[i] >> 8 & 0xff));
        }
        buf_slice(&out, slice_from_to(text, at, at + len));
    }
    const uint32_t tail[] = { crc32_of(text), (uint32_t)text.len };
    for (size_t i = 0; i < COUNT(tail); i++)
        for (unsigned shift = 0; shift < 32; shift += 8) buf_char(&out, (char)(tail[i] >> shift & 0xff));
    return buf_as_slice(&out);
}

const doc_node *make_logs_event(maker *m, arena *a, slice group, slice filter, slice line) {
    const doc_node *inside = SHAPE(m, a,
        "{'messageType':'DATA_MESSAGE','owner':'$account','logGroup':'$group','logStream':'sflint-smoke','subscriptionFilters':['$filter'],"
        "'logEvents':[{'id':'$digits56','timestamp':'$epoch_ms','message':'$line'}]}",
        { "group", js_string(a, group) }, { "filter", js_string(a, filter) }, { "line", js_string(a, line) });
    return SHAPE(m, a, "{'awslogs':{'data':'$data'}}", { "data", js_string(a, base64_encode(a, log_gzip(a, js_text(a, inside)))) });
}

void direct_logs(direct *d) {
    maker *m = d->maker;
    arena *a = d->arena;
    slice pattern = edge_filter_text(m, d->edge, "pattern"), passes, refused;
    if (!log_lines(a, pattern, &passes, &refused)) {
        d->cannot = arena_printf(a, "sflint makes no log line for the filter pattern %.*s", SLICE_ARG(pattern));
        return;
    }
    slice group = d->edge->from->resource != NULL ? world_name(m->world, d->edge->from->resource) : d->edge->from->id;
    slice filter = d->edge->via != NULL ? world_name(m->world, d->edge->via) : SLICE("sflint-smoke");
    direct_add(d, SLICE(""), make_logs_event(m, a, group, filter, passes));
    if (refused.len > 0) direct_refused(d, SLICE("a line that the filter refuses"), make_logs_event(m, a, group, filter, refused));
}
