#include "lint/rule_file.h"

#include <stdlib.h>

#include "base/strmap.h"
#include "doc/doc.h"
#include "lint/vocabulary.h"

struct rule_builder {
    arena *arena;
    rule_builder_options options;
    strmap taken;              /* ids and names, each with the place of its first use in words */
    strmap known_texts;        /* text -> rule_text */
    buf blob, program_blob;
    VEC(rule) rules;
    VEC(rule_text) texts;
    VEC(rule_part) parts;
    VEC(rule_severity) severities;
    VEC(rule_point) points;
    VEC(rule_example_text) examples;
    VEC(rule_program) programs;
    VEC(cel_node) nodes;
    VEC(uint32_t) args;
    VEC(rule_datum) data;
    size_t conditions_len;
    rule_text prelude;
};

/* One file being read. */
typedef struct {
    rule_builder *b;
    diags *d;
    slice path, text;
    const doc_node *doc;
    rule rule;
} reader;

static rule_text put_text(rule_builder *b, slice s) {
    if (s.len == 0)
        return (rule_text){ 0, 0 };
    rule_text *known = strmap_get(&b->known_texts, s);
    if (known == NULL) {
        known = ARENA_NEW(b->arena, rule_text);
        *known = (rule_text){ (uint32_t)b->blob.bytes.len, (uint32_t)s.len };
        buf_slice(&b->blob, s);
        strmap_put(b->arena, &b->known_texts, arena_copy(b->arena, s), known);
    }
    return *known;
}

static void take(rule_builder *b, slice name, slice where) {
    slice *place = ARENA_NEW(b->arena, slice);
    *place = where;
    strmap_put(b->arena, &b->taken, name, place);
}

rule_builder *rule_builder_new(arena *a, rule_builder_options options) {
    rule_builder *b = ARENA_NEW(a, rule_builder);
    b->arena = a;
    b->options = options;
    b->blob.arena = b->program_blob.arena = a;
    for (size_t i = 0; options.beside != NULL && i < options.beside->rules_len; i++) {
        const rule *r = &options.beside->rules[i];
        take(b, rule_text_of(options.beside, r->id), SLICE("a rule of sflint"));
        take(b, rule_text_of(options.beside, r->name), SLICE("a rule of sflint"));
    }
    return b;
}

/* ---- CEL ---- */

static uint32_t put_program(rule_builder *b, const cel_program *p) {
    rule_program out = { (uint32_t)b->nodes.len, p->nodes_len, p->root, (uint32_t)b->args.len, p->args_len,
                         (uint32_t)b->program_blob.bytes.len, p->blob_len };
    for (uint32_t i = 0; i < p->nodes_len; i++)
        VEC_PUSH(b->arena, &b->nodes, p->nodes[i]);
    for (uint32_t i = 0; i < p->args_len; i++)
        VEC_PUSH(b->arena, &b->args, p->args[i]);
    buf_slice(&b->program_blob, (slice){ p->blob, p->blob_len });
    VEC_PUSH(b->arena, &b->programs, out);
    return (uint32_t)(b->programs.len - 1);
}

static bool is_word(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; }

/* `param` has the names that the file gives it, and no others. */
static void check_parameters(reader *r, const doc_node *n, size_t from, size_t len) {
    static const slice word = SLICE_INIT("param.");
    slice text = { n->text.at + from, len };
    for (size_t i = 0, next; i < text.len && (next = slice_find_slice(slice_after(text, i), word)) != (size_t)-1; i += next + word.len) {
        size_t begin = i + next + word.len, end = begin;
        while (end < text.len && is_word(text.at[end]))
            end++;
        if (begin > word.len && (is_word(text.at[begin - word.len - 1]) || text.at[begin - word.len - 1] == '.'))
            continue;
        bool known = false;
        for (uint32_t k = 0; k < r->rule.parameters.count && !known; k += 2) {
            rule_text t = r->b->texts.at[r->rule.parameters.first + k];
            known = slice_eq((slice){ r->b->blob.bytes.at + t.at, t.len }, slice_from_to(text, begin, end));
        }
        if (!known)
            diag_add(r->d, doc_pos_in(n, from + begin), "the rule has no parameter %.*s", SLICE_ARG(slice_from_to(text, begin, end)));
    }
}

/* Compiles text.[from, from + len) of a scalar. */
static uint32_t compile_cel(reader *r, const doc_node *n, size_t from, size_t len) {
    cel_field variables[VOCABULARY_MAX_VARIABLES];
    cel_environment env = vocabulary_names((looks)r->rule.looks, variables);
    cel_problem problem = { 0 };
    const cel_program *p = cel_compile(r->b->arena, (slice){ n->text.at + from, len }, &env, &problem);
    if (p == NULL) {
        diag_add(r->d, doc_pos_in(n, from + problem.at), "%.*s", SLICE_ARG(problem.message));
        return RULE_NONE;
    }
    check_parameters(r, n, from, len);
    return put_program(r->b, p);
}

bool rule_builder_condition(rule_builder *b, slice cel, pos at, diags *d) {
    cel_environment env = vocabulary_catalog_names();
    cel_problem problem = { 0 };
    const cel_program *p = cel_compile(b->arena, cel, &env, &problem);
    if (p == NULL) {
        at.column += (uint32_t)problem.at;
        diag_add(d, at, "%.*s", SLICE_ARG(problem.message));
        return false;
    }
    put_program(b, p);
    b->conditions_len = b->programs.len;
    return true;
}

/* ---- values of the keys ---- */

static bool scalar(reader *r, const doc_entry *e) {
    if (doc_is_scalar(e->value) && e->value->text.len > 0)
        return true;
    diag_add(r->d, e->value->at, "%.*s is a text", SLICE_ARG(e->key));
    return false;
}

static bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
static bool is_digit(char c) { return c >= '0' && c <= '9'; }

/* An id or name that nobody else has. */
static void claim(reader *r, const doc_node *n) {
    const slice *where = strmap_get(&r->b->taken, n->text);
    if (where != NULL)
        diag_add(r->d, n->at, "%.*s is taken already: by %.*s", SLICE_ARG(n->text), SLICE_ARG(*where));
    else
        take(r->b, n->text, arena_printf(r->b->arena, "%.*s", SLICE_ARG(r->path)));
}

static void read_id(reader *r, const doc_entry *e) {
    if (!scalar(r, e))
        return;
    slice id = e->value->text;
    size_t letters = 0;
    while (letters < id.len && is_letter(id.at[letters]))
        letters++;
    size_t end = letters;
    while (end < id.len && is_digit(id.at[end]))
        end++;
    if (letters == 0 || end == letters || end != id.len)
        diag_add(r->d, e->value->at, "a rule's id is letters and then digits, as SF117 or SHOP12: not %.*s", SLICE_ARG(id));
    r->rule.id = put_text(r->b, id);
    claim(r, e->value);
}

static void read_name(reader *r, const doc_entry *e) {
    if (!scalar(r, e))
        return;
    for (size_t i = 0; i < e->value->text.len; i++) {
        char c = e->value->text.at[i];
        if (!(c >= 'a' && c <= 'z') && !is_digit(c) && c != '-') {
            diag_add(r->d, doc_pos_in(e->value, i), "a rule's name is small letters, digits and hyphens");
            return;
        }
    }
    r->rule.name = put_text(r->b, e->value->text);
    claim(r, e->value);
}

static void read_title(reader *r, const doc_entry *e) {
    if (scalar(r, e))
        r->rule.title = put_text(r->b, e->value->text);
}

static void read_why(reader *r, const doc_entry *e) {
    if (scalar(r, e))
        r->rule.why = put_text(r->b, slice_trim(e->value->text));
}

static const char *const pillars[] = {
#define PILLAR(name, text, digit) text,
#include "lint/pillar.def"
#undef PILLAR
};
static const char pillar_digits[] = {
#define PILLAR(name, text, digit) digit,
#include "lint/pillar.def"
#undef PILLAR
};
static const char *const looks_words[] = {
#define LOOKS(name, text, filter) text,
#include "lint/looks.def"
#undef LOOKS
};
static const char *const role_words[] = {
#define ROLE(name, text) text,
#include "template/role.def"
#undef ROLE
};
static const char *const edge_words[] = {
#define EDGE(name, text) text,
#include "graph/edge.def"
#undef EDGE
};
static const char *const problem_words[] = {
#define PROBLEM(name, text) text,
#include "template/problem.def"
#undef PROBLEM
};
static const char *const severity_words[] = { "info", "warning", "error" };
static const char *const point_words[] = {
    [POINT_RESOURCE] = "resource", [POINT_NODE] = "node", [POINT_EDGE] = "edge",       [POINT_FROM] = "from",
    [POINT_VIA] = "via",           [POINT_TO] = "to",     [POINT_PROBLEM] = "problem",
};

/* Number of a word in a list; `len` with an error that names the nearest one. */
static size_t word_of(reader *r, pos at, slice word, const char *const *words, size_t len, const char *what) {
    size_t best = len, distance = 3;
    for (size_t i = 0; i < len; i++) {
        if (slice_is(word, words[i]))
            return i;
        size_t far = slice_distance(word, slice_from(words[i]), distance);
        if (far < distance) {
            distance = far;
            best = i;
        }
    }
    if (best < len)
        diag_add(r->d, at, "no %s is called %.*s: did you mean %s?", what, SLICE_ARG(word), words[best]);
    else
        diag_add(r->d, at, "no %s is called %.*s", what, SLICE_ARG(word));
    return len;
}

static void read_pillar(reader *r, const doc_entry *e) {
    if (!scalar(r, e))
        return;
    size_t p = word_of(r, e->value->at, e->value->text, pillars, COUNT(pillars), "pillar");
    r->rule.pillar = (uint8_t)p;
}

static void read_severity(reader *r, const doc_entry *e) {
    r->rule.severities.first = (uint32_t)r->b->severities.len;
    size_t len = e->value->kind == DOC_LIST ? e->value->list.len : 1;
    for (size_t i = 0; i < len; i++) {
        const doc_node *item = e->value->kind == DOC_LIST ? e->value->list.at[i] : e->value;
        const doc_node *word = item->kind == DOC_MAP ? doc_get(item, SLICE("severity")) : item;
        const doc_node *condition = item->kind == DOC_MAP ? doc_get(item, SLICE("if")) : NULL;
        if (!doc_is_scalar(word) || (condition != NULL && !doc_is_scalar(condition)) || (item->kind == DOC_MAP && item->map.len != (condition != NULL ? 2u : 1u))) {
            diag_add(r->d, item->at, "severity is error, warning or info, or a list of {severity: error, if: CEL}");
            continue;
        }
        size_t s = word_of(r, word->at, word->text, severity_words, COUNT(severity_words), "severity");
        if (s == COUNT(severity_words))
            continue;
        if ((condition == NULL) != (i + 1 == len))
            diag_add(r->d, item->at, "the last severity has no `if`, and only the last");
        rule_severity out = { RULE_NONE, (uint8_t)s };
        if (condition != NULL)
            out.program = compile_cel(r, condition, 0, condition->text.len);
        VEC_PUSH(r->b->arena, &r->b->severities, out);
        if (s > r->rule.worst)
            r->rule.worst = (uint8_t)s;
    }
    r->rule.severities.count = (uint32_t)r->b->severities.len - r->rule.severities.first;
}

/* "edge poll, stream": what, then what it is filtered by. Read before everything else, since it says which variables there are. */
static void read_looks(reader *r, const doc_entry *e) {
    if (!scalar(r, e))
        return;
    slice text = e->value->text, word;
    r->rule.looks_text = put_text(r->b, text);
    r->rule.types.first = (uint32_t)r->b->texts.len;
    bool first = true;
    for (size_t i = 0; i < text.len;) {
        size_t start = i;
        while (i < text.len && text.at[i] != ' ' && text.at[i] != ',' && text.at[i] != '\n')
            i++;
        word = slice_from_to(text, start, i);
        while (i < text.len && (text.at[i] == ' ' || text.at[i] == ',' || text.at[i] == '\n'))
            i++;
        if (word.len == 0)
            continue;
        pos at = doc_pos_in(e->value, start);
        if (first) {
            size_t l = word_of(r, at, word, looks_words, COUNT(looks_words), "thing to look at");
            r->rule.looks = (uint8_t)(l < COUNT(looks_words) ? l : 0);
            first = false;
            if (l == COUNT(looks_words))
                return;
            continue;
        }
        size_t k = 64;
        switch ((looks)r->rule.looks) {
            case LOOKS_RESOURCE:
                if (r->b->options.known_type != NULL && slice_starts(word, SLICE("AWS::")) && !r->b->options.known_type(r->b->options.known_type_self, word))
                    diag_add(r->d, at, "no resource type is called %.*s", SLICE_ARG(word));
                VEC_PUSH(r->b->arena, &r->b->texts, put_text(r->b, word));
                continue;
            case LOOKS_NODE: k = word_of(r, at, word, role_words, COUNT(role_words), "role"); break;
            case LOOKS_EDGE: k = word_of(r, at, word, edge_words, COUNT(edge_words), "edge kind"); break;
            case LOOKS_PROBLEM: k = word_of(r, at, word, problem_words, COUNT(problem_words), "kind of problem"); break;
            default: diag_add(r->d, at, "%s takes no filter: %.*s", looks_words[r->rule.looks], SLICE_ARG(word)); return;
        }
        if (k < 64)
            r->rule.kinds |= (uint64_t)1 << k;
    }
    r->rule.types.count = (uint32_t)r->b->texts.len - r->rule.types.first;
}

/* {least: 5}: numbers that a configuration may give otherwise. Read before every CEL text. */
static void read_parameters(reader *r, const doc_entry *e) {
    r->rule.parameters.first = (uint32_t)r->b->texts.len;
    for (size_t i = 0; e->value->kind == DOC_MAP && i < e->value->map.len; i++) {
        const doc_entry *one = &e->value->map.at[i];
        bool name = one->key.len > 0;
        for (size_t k = 0; k < one->key.len; k++)
            name = name && is_word(one->key.at[k]);
        if (!name || one->value->kind != DOC_INT) {
            diag_add(r->d, one->key_at, "a parameter is a name of letters and a whole number: {least: 5}");
            continue;
        }
        VEC_PUSH(r->b->arena, &r->b->texts, put_text(r->b, one->key));
        VEC_PUSH(r->b->arena, &r->b->texts, put_text(r->b, one->value->text));
    }
    if (e->value->kind != DOC_MAP)
        diag_add(r->d, e->value->at, "parameters are a mapping: {least: 5}");
    r->rule.parameters.count = (uint32_t)r->b->texts.len - r->rule.parameters.first;
}

static void read_where(reader *r, const doc_entry *e) {
    if (!scalar(r, e))
        return;
    r->rule.where_text = put_text(r->b, slice_trim(e->value->text));
    r->rule.where = compile_cel(r, e->value, 0, e->value->text.len);
}

static void read_require(reader *r, const doc_entry *e) {
    if (!scalar(r, e))
        return;
    r->rule.require_text = put_text(r->b, slice_trim(e->value->text));
    r->rule.require = compile_cel(r, e->value, 0, e->value->text.len);
}

/* End of the CEL text that begins at `from`, just behind a `{`: the offset of its `}`; strings and inner braces are skipped. */
static size_t braces_end(slice text, size_t from) {
    unsigned depth = 0;
    char quote = 0;
    for (size_t i = from; i < text.len; i++) {
        char c = text.at[i];
        if (quote != 0) {
            if (c == '\\')
                i++;
            else if (c == quote)
                quote = 0;
        } else if (c == '"' || c == '\'') {
            quote = c;
        } else if (c == '{') {
            depth++;
        } else if (c == '}' && depth-- == 0) {
            return i;
        }
    }
    return text.len;
}

/* "queue {edge.from.id} hides it": `{{` is a brace. */
static rule_range read_parts(reader *r, const doc_node *n) {
    rule_range out = { (uint32_t)r->b->parts.len, 0 };
    slice text = n->text;
    while (text.len > 0 && text.at[text.len - 1] == '\n')
        text.len--;
    size_t literal = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] != '{')
            continue;
        bool brace = i + 1 < text.len && text.at[i + 1] == '{';
        size_t end = i + (brace ? 1 : 0);
        if (end > literal)
            VEC_PUSH(r->b->arena, &r->b->parts, (rule_part){ put_text(r->b, slice_from_to(text, literal, end)), RULE_NONE });
        if (brace) {
            literal = ++i + 1;
            continue;
        }
        end = braces_end(text, i + 1);
        if (end == text.len) {
            diag_add(r->d, doc_pos_in(n, i), "this { has no }: write {{ for a brace");
            return out;
        }
        uint32_t program = compile_cel(r, n, i + 1, end - i - 1);
        VEC_PUSH(r->b->arena, &r->b->parts, (rule_part){ put_text(r->b, slice_from_to(text, i + 1, end)), program });
        literal = end + 1;
        i = end;
    }
    if (literal < text.len)
        VEC_PUSH(r->b->arena, &r->b->parts, (rule_part){ put_text(r->b, slice_after(text, literal)), RULE_NONE });
    out.count = (uint32_t)r->b->parts.len - out.first;
    return out;
}

static void read_message(reader *r, const doc_entry *e) {
    if (!scalar(r, e))
        return;
    r->rule.message_text = put_text(r->b, slice_trim(e->value->text));
    r->rule.message = read_parts(r, e->value);
}

static void read_fix(reader *r, const doc_entry *e) {
    if (!scalar(r, e))
        return;
    r->rule.fix_text = put_text(r->b, slice_trim(e->value->text));
    r->rule.fix = read_parts(r, e->value);
}

/* What a rule of this kind can point at. */
static const unsigned points_of[LOOKS_COUNT] = {
    [LOOKS_RESOURCE] = 1u << POINT_RESOURCE,
    [LOOKS_NODE] = 1u << POINT_RESOURCE | 1u << POINT_NODE,
    [LOOKS_EDGE] = 1u << POINT_EDGE | 1u << POINT_FROM | 1u << POINT_VIA | 1u << POINT_TO,
    [LOOKS_PATH] = 1u << POINT_EDGE | 1u << POINT_FROM | 1u << POINT_VIA | 1u << POINT_TO,      /* of the first edge */
    [LOOKS_CYCLE] = 1u << POINT_EDGE | 1u << POINT_FROM | 1u << POINT_VIA | 1u << POINT_TO,
    [LOOKS_TEMPLATE] = 0,
    [LOOKS_PROBLEM] = 1u << POINT_PROBLEM | 1u << POINT_RESOURCE,
};

/* "from.VisibilityTimeout | via.EventSourceArn | edge" */
static void read_point(reader *r, const doc_entry *e) {
    if (!scalar(r, e))
        return;
    r->rule.points.first = (uint32_t)r->b->points.len;
    slice rest = e->value->text, part;
    while (slice_cut(&rest, '|', &part)) {
        slice word = slice_trim(part), base;
        pos at = doc_pos_in(e->value, (size_t)(word.at - e->value->text.at));
        slice path = word;
        slice_cut(&path, '.', &base);
        size_t p = word_of(r, at, base, point_words, COUNT(point_words), "place to point at");
        if (p == COUNT(point_words))
            continue;
        if (!(points_of[r->rule.looks] & (1u << p)))
            diag_add(r->d, at, "a rule that looks at %s has no %s to point at", looks_words[r->rule.looks], point_words[p]);
        rule_point out = { path.at != NULL ? put_text(r->b, path) : (rule_text){ 0, 0 }, (uint8_t)p };
        VEC_PUSH(r->b->arena, &r->b->points, out);
    }
    r->rule.points.count = (uint32_t)r->b->points.len - r->rule.points.first;
}

static void read_sources(reader *r, const doc_entry *e) {
    r->rule.sources.first = (uint32_t)r->b->texts.len;
    size_t len = e->value->kind == DOC_LIST ? e->value->list.len : 1;
    for (size_t i = 0; i < len; i++) {
        const doc_node *item = e->value->kind == DOC_LIST ? e->value->list.at[i] : e->value;
        if (doc_is_scalar(item) && item->text.len > 0)
            VEC_PUSH(r->b->arena, &r->b->texts, put_text(r->b, item->text));
        else
            diag_add(r->d, item->at, "a source is a text: the document and its section");
    }
    r->rule.sources.count = (uint32_t)r->b->texts.len - r->rule.sources.first;
}

static void read_equivalents(reader *r, const doc_entry *e) {
    if (e->value->kind != DOC_BOOL)
        diag_add(r->d, e->value->at, "equivalents is true or false");
    else
        r->rule.equivalents = e->value->boolean;
}

/* ---- examples ---- */

/* Start of a line, counted from 1. */
static size_t line_start(slice text, uint32_t line) {
    size_t at = 0;
    for (uint32_t i = 1; i < line && at < text.len; i++)
        at += slice_find(slice_after(text, at), '\n') + 1;
    return at < text.len ? at : text.len;
}

/* The text of a mapping as it stands in the file, its indentation taken off. */
static slice mapping_text(reader *r, const doc_node *n) {
    buf out = { r->b->arena, { 0 } };
    size_t indent = n->at.column - 1;
    size_t at = line_start(r->text, n->at.line), skip = indent;
    for (uint32_t line = n->at.line; line <= n->end.line && at < r->text.len; line++) {
        size_t len = slice_find(slice_after(r->text, at), '\n');
        slice content = { r->text.at + at, len };
        if (line == n->end.line && n->end.column - 1 < content.len)
            content.len = n->end.column - 1;
        size_t off = 0;
        while (off < content.len && off < skip && (line == n->at.line || content.at[off] == ' '))
            off++;
        buf_slice(&out, slice_after(content, off));
        buf_char(&out, '\n');
        at += len + 1;
    }
    return buf_as_slice(&out);
}

static void read_examples(reader *r, const doc_entry *e) {
    r->rule.examples.first = (uint32_t)r->b->examples.len;
    for (size_t i = 0; e->value->kind == DOC_MAP && i < e->value->map.len; i++) {
        const doc_entry *side = &e->value->map.at[i];
        if ((!slice_is(side->key, "bad") && !slice_is(side->key, "good")) || side->value->kind != DOC_LIST) {
            diag_add(r->d, side->key_at, "examples are two lists: bad and good");
            continue;
        }
        for (size_t k = 0; k < side->value->list.len; k++) {
            const doc_node *item = side->value->list.at[k];
            rule_example_text out = { .line = item->at.line, .bad = slice_is(side->key, "bad") };
            if (item->kind == DOC_MAP)
                out.text = put_text(r->b, mapping_text(r, item));
            else if (item->kind == DOC_STRING && item->text.len > 0)
                out.text = put_text(r->b, item->text);
            else {
                diag_add(r->d, item->at, "an example is the body of Resources, or a whole template");
                continue;
            }
            VEC_PUSH(r->b->arena, &r->b->examples, out);
        }
    }
    if (e->value->kind != DOC_MAP)
        diag_add(r->d, e->value->at, "examples are two lists: bad and good");
    r->rule.examples.count = (uint32_t)r->b->examples.len - r->rule.examples.first;
}

/* ---- a file ---- */

/* `looks` first: it says which variables the others may use. */
static const struct { const char *key; bool needed; void (*read)(reader *r, const doc_entry *e); } keys[] = {
    { "looks", true, read_looks },       { "parameters", false, read_parameters }, { "id", true, read_id },           { "name", true, read_name },
    { "title", true, read_title },       { "pillar", true, read_pillar },   { "severity", true, read_severity },
    { "where", false, read_where },      { "require", false, read_require }, { "point", false, read_point },
    { "message", true, read_message },   { "why", true, read_why },         { "fix", false, read_fix },
    { "sources", false, read_sources },  { "equivalents", false, read_equivalents }, { "examples", false, read_examples },
};

static void check_whole(reader *r) {
    rule *u = &r->rule;
    slice id = { r->b->blob.bytes.at + u->id.at, u->id.len };
    if (r->b->options.built_in && u->pillar < PILLAR_COUNT &&
        (id.len != 5 || !slice_starts(id, SLICE("SF")) || id.at[2] != pillar_digits[u->pillar]))
        diag_add(r->d, r->doc->at, "the id of a rule of %s is SF%c and two digits", pillars[u->pillar], pillar_digits[u->pillar]);
    bool bad = false, good = false;
    for (uint32_t i = 0; i < u->examples.count; i++)
        *(r->b->examples.at[u->examples.first + i].bad ? &bad : &good) = true;
    /* Some problems need several files: they have no example. */
    if ((!bad || !good) && u->looks != LOOKS_PROBLEM)
        diag_add(r->d, r->doc->at, "a rule needs a bad and a good example");
}

bool rule_builder_add(rule_builder *b, slice path, uint32_t file, slice text, diags *d) {
    size_t before = d->list.len;
    reader r = { .b = b, .d = d, .path = path, .text = text, .rule = { .where = RULE_NONE, .require = RULE_NONE } };
    r.doc = doc_parse_yaml(b->arena, text, file, d);
    if (r.doc == NULL || d->list.len > before)
        return false;
    if (r.doc->kind != DOC_MAP) {
        diag_add(d, r.doc->at, "a rule file is a mapping: id, name, title, pillar, severity, looks, where, require, message, why, examples");
        return false;
    }
    const char *own_keys[COUNT(keys)];
    for (size_t i = 0; i < COUNT(keys); i++)
        own_keys[i] = keys[i].key;
    for (size_t i = 0; i < r.doc->map.len; i++)
        word_of(&r, r.doc->map.at[i].key_at, r.doc->map.at[i].key, own_keys, COUNT(own_keys), "key of a rule");
    for (size_t i = 0; i < COUNT(keys); i++) {
        const doc_entry *e = doc_entry_of(r.doc, slice_from(keys[i].key));
        if (e != NULL)
            keys[i].read(&r, e);
        else if (keys[i].needed)
            diag_add(d, r.doc->at, "the rule has no %s", keys[i].key);
    }
    check_whole(&r);
    if (d->list.len > before)
        return false;
    if (!b->options.built_in)
        r.rule.file = put_text(b, path);
    VEC_PUSH(b->arena, &b->rules, r.rule);
    return true;
}

void rule_builder_prelude(rule_builder *b, slice text) {
    b->prelude = put_text(b, text);
}

/* ---- tables ---- */

/* Days since 1970-01-01 of a date of the Gregorian calendar: years are counted from March, so that leap days come last. */
static int64_t days_of(int64_t year, int64_t month, int64_t day) {
    year -= month <= 2;
    int64_t era = year / 400, of_era = year - era * 400;
    int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

/* YYYY-MM-DD */
static bool date_of(slice s, int64_t *seconds) {
    long long part[3];
    if (s.len != 10 || s.at[4] != '-' || s.at[7] != '-' || !slice_int(slice_from_to(s, 0, 4), &part[0]) ||
        !slice_int(slice_from_to(s, 5, 7), &part[1]) || !slice_int(slice_from_to(s, 8, 10), &part[2]))
        return false;
    if (part[1] < 1 || part[1] > 12 || part[2] < 1 || part[2] > 31 || part[0] < 1970)
        return false;
    *seconds = days_of(part[0], part[1], part[2]) * 86400;
    return true;
}

static void put_datum(rule_builder *b, size_t at, const doc_node *n) {
    rule_datum out = { .kind = DATUM_NULL };
    switch (n->kind) {
        case DOC_NULL: break;
        case DOC_BOOL: out = (rule_datum){ .kind = DATUM_BOOL, .number = n->boolean }; break;
        case DOC_INT: out = (rule_datum){ .kind = DATUM_INT, .number = n->integer }; break;
        case DOC_DOUBLE: out = (rule_datum){ .kind = DATUM_DOUBLE, .real = n->number }; break;
        case DOC_STRING:
            if (!n->quoted && date_of(n->text, &out.number)) {
                out.kind = DATUM_DATE;
            } else {
                rule_text t = put_text(b, n->text);
                out = (rule_datum){ .kind = DATUM_STRING, .at = t.at, .len = t.len };
            }
            break;
        case DOC_LIST:
        case DOC_MAP: {
            bool map = n->kind == DOC_MAP;
            size_t len = map ? n->map.len : n->list.len, first = b->data.len;
            out = (rule_datum){ .kind = map ? DATUM_MAP : DATUM_LIST, .at = (uint32_t)first, .len = (uint32_t)len };
            for (size_t i = 0; i < (map ? 2 * len : len); i++)
                VEC_PUSH(b->arena, &b->data, (rule_datum){ .kind = DATUM_NULL });
            for (size_t i = 0; i < len; i++) {
                if (map) {
                    rule_text t = put_text(b, n->map.at[i].key);
                    b->data.at[first + 2 * i] = (rule_datum){ .kind = DATUM_STRING, .at = t.at, .len = t.len };
                }
                put_datum(b, map ? first + 2 * i + 1 : first + i, map ? n->map.at[i].value : n->list.at[i]);
            }
            break;
        }
    }
    b->data.at[at] = out;
}

bool rule_builder_tables(rule_builder *b, slice text, uint32_t file, diags *d) {
    size_t before = d->list.len;
    const doc_node *doc = doc_parse_yaml(b->arena, text, file, d);
    if (doc == NULL || d->list.len > before)
        return false;
    if (doc->kind != DOC_MAP) {
        diag_add(d, doc->at, "tables are a mapping");
        return false;
    }
    VEC_PUSH(b->arena, &b->data, (rule_datum){ .kind = DATUM_NULL });
    put_datum(b, 0, doc);
    return true;
}

/* ---- the result ---- */

typedef struct {
    rule rule;
    slice id;
} keyed;

static int id_order(const void *x, const void *y) {
    return slice_order(((const keyed *)x)->id, ((const keyed *)y)->id);
}

rule_set rule_builder_finish(rule_builder *b) {
    keyed *order = ARENA_ARRAY(b->arena, keyed, b->rules.len);
    for (size_t i = 0; i < b->rules.len; i++)
        order[i] = (keyed){ b->rules.at[i], { b->blob.bytes.at + b->rules.at[i].id.at, b->rules.at[i].id.len } };
    qsort(order, b->rules.len, sizeof *order, id_order);
    rule *rules = ARENA_ARRAY(b->arena, rule, b->rules.len);
    for (size_t i = 0; i < b->rules.len; i++)
        rules[i] = order[i].rule;
    return (rule_set){ .blob = b->blob.bytes.at, .rules = rules, .rules_len = b->rules.len, .texts = b->texts.at, .parts = b->parts.at,
                       .severities = b->severities.at, .points = b->points.at, .examples = b->examples.at, .programs = b->programs.at,
                       .conditions_len = b->conditions_len, .nodes = b->nodes.at, .args = b->args.at, .program_blob = b->program_blob.bytes.at,
                       .prelude = b->prelude, .data = b->data.at };
}

rule_set_sizes rule_builder_sizes(const rule_builder *b) {
    return (rule_set_sizes){ b->blob.bytes.len, b->rules.len, b->texts.len, b->parts.len, b->severities.len, b->points.len, b->examples.len,
                             b->programs.len, b->nodes.len, b->args.len, b->program_blob.bytes.len, b->data.len };
}
