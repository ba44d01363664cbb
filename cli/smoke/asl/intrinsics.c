/* Step Functions developer guide, "Intrinsic functions". */
#include <math.h>

#include "base/utf8.h"
#include "smoke/asl/digest.h"
#include "smoke/asl/payload.h"
#include "base/digest.h"

#define ENCODED_CHARACTERS 10000u     /* base64 and hash: "up to 10,000 characters" */
#define RANGE_ITEMS        1000.0     /* States.ArrayRange: "up to 1000 items" */
#define ARGUMENTS_MOST     1000u

typedef struct function function;

typedef struct {
    const doc_node *literal;
    const asl_path *path;
    const asl_intrinsic *call;
} argument;

struct asl_intrinsic {
    const function *function;
    const argument *args;
    size_t count;
};

struct function {
    const char *name;
    size_t least, most;
    const doc_node *(*run)(asl_data *d, const doc_node **args, size_t count);
};

/* ---- the functions ---- */

static const doc_node *refuse(asl_data *d, const char *what) { return asl_fail(d, asl_error_intrinsic, "%s", what); }

static bool whole(const doc_node *n, double *out) {
    if (!js_is_number(n)) return false;
    *out = floor(js_double_of(n) + 0.5);    /* Java's Math.round, as AWS answers: 2.5 -> 3, -3.5 -> -3 */
    return isfinite(*out);
}

/* As Java prints it: States.Format writes objects as {a=1, b=[]}. */
static void java_text(buf *b, const doc_node *n) {
    if (n->kind == DOC_STRING) {
        buf_slice(b, n->text);
    } else if (n->kind < DOC_LIST) {
        buf_slice(b, js_text(b->arena, n));
    } else {
        buf_char(b, n->kind == DOC_LIST ? '[' : '{');
        for (size_t i = 0; i < js_len(n); i++) {
            if (i > 0) buf_text(b, ", ");
            if (n->kind == DOC_MAP) {
                buf_slice(b, n->map.at[i].key);
                buf_char(b, '=');
            }
            java_text(b, n->kind == DOC_LIST ? n->list.at[i] : n->map.at[i].value);
        }
        buf_char(b, n->kind == DOC_LIST ? ']' : '}');
    }
}

static const doc_node *format(asl_data *d, const doc_node **args, size_t count) {
    if (!js_is(args[0], DOC_STRING)) return refuse(d, "States.Format: the first argument must be a text");
    buf out = { .arena = d->arena };
    slice t = args[0]->text;
    size_t used = 1;
    for (size_t i = 0; i < t.len; i++) {
        if (t.at[i] == '{' && i + 1 < t.len && t.at[i + 1] == '}') {
            if (used == count) return refuse(d, "States.Format: the text has more {} than there are arguments");
            java_text(&out, args[used++]);
            i++;
        } else if (t.at[i] == '\\' && i + 1 < t.len && (t.at[i + 1] == '{' || t.at[i + 1] == '}')) {
            buf_char(&out, t.at[++i]);
        } else {
            buf_char(&out, t.at[i]);
        }
        if (out.bytes.len > ASL_PAYLOAD_MOST) return asl_fail(d, asl_error_limit, "States.Format gives more than %u bytes", ASL_PAYLOAD_MOST);
    }
    if (used != count) return refuse(d, "States.Format: there are more arguments than {} in the text");
    return js_string(d->arena, buf_as_slice(&out));
}

static const doc_node *string_to_json(asl_data *d, const doc_node **args, size_t count) {
    (void)count;
    const doc_node *n = js_is(args[0], DOC_STRING) ? js_read(d->arena, args[0]->text) : NULL;
    return n != NULL ? n : refuse(d, "States.StringToJson: the argument is no JSON text");
}

static const doc_node *json_to_string(asl_data *d, const doc_node **args, size_t count) {
    (void)count;
    return js_string(d->arena, js_text(d->arena, args[0]));
}

static const doc_node *array(asl_data *d, const doc_node **args, size_t count) {
    js_list l = { 0 };
    for (size_t i = 0; i < count; i++) js_push(d->arena, &l, args[i]);
    return js_list_end(d->arena, &l);
}

static const doc_node *array_partition(asl_data *d, const doc_node **args, size_t count) {
    double n;
    (void)count;
    if (!js_is(args[0], DOC_LIST) || !whole(args[1], &n) || n < 1) return refuse(d, "States.ArrayPartition takes an array and a size above 0");
    js_list out = { 0 }, part = { 0 };
    for (size_t i = 0; i < args[0]->list.len; i++) {
        js_push(d->arena, &part, args[0]->list.at[i]);
        if ((double)part.items.len >= n || i + 1 == args[0]->list.len) {
            js_push(d->arena, &out, js_list_end(d->arena, &part));
            part = (js_list){ 0 };
        }
    }
    return js_list_end(d->arena, &out);
}

static const doc_node *array_contains(asl_data *d, const doc_node **args, size_t count) {
    (void)count;
    if (!js_is(args[0], DOC_LIST)) return refuse(d, "States.ArrayContains takes an array");
    for (size_t i = 0; i < args[0]->list.len; i++) {
        if (!asl_spend(d, 1)) return NULL;
        if (js_same(args[0]->list.at[i], args[1])) return js_bool(true);
    }
    return js_bool(false);
}

static const doc_node *array_range(asl_data *d, const doc_node **args, size_t count) {
    double from, to, by;
    (void)count;
    if (!whole(args[0], &from) || !whole(args[1], &to) || !whole(args[2], &by) || by == 0)
        return refuse(d, "States.ArrayRange takes three numbers, a step that is not 0");
    if ((to - from) / by >= RANGE_ITEMS) return refuse(d, "States.ArrayRange gives more than 1000 items");
    js_list l = { 0 };
    for (double v = from; by > 0 ? v <= to : v >= to; v += by) {
        if (l.items.len > (size_t)RANGE_ITEMS) return refuse(d, "States.ArrayRange: a step is too small");
        js_push(d->arena, &l, js_double(d->arena, v));
    }
    return js_list_end(d->arena, &l);
}

static const doc_node *array_get_item(asl_data *d, const doc_node **args, size_t count) {
    double i;
    (void)count;
    if (!js_is(args[0], DOC_LIST) || !whole(args[1], &i)) return refuse(d, "States.ArrayGetItem takes an array and an index");
    if (i < 0 || i >= (double)args[0]->list.len) return refuse(d, "States.ArrayGetItem: there is no such index");
    return args[0]->list.at[(size_t)i];
}

static const doc_node *array_length(asl_data *d, const doc_node **args, size_t count) {
    (void)count;
    if (!js_is(args[0], DOC_LIST)) return refuse(d, "States.ArrayLength takes an array");
    return js_int(d->arena, (long long)args[0]->list.len);
}

static const doc_node *array_unique(asl_data *d, const doc_node **args, size_t count) {
    js_list l = { 0 };
    (void)count;
    if (!js_is(args[0], DOC_LIST)) return refuse(d, "States.ArrayUnique takes an array");
    for (size_t i = 0; i < args[0]->list.len; i++) {
        bool seen = false;
        if (!asl_spend(d, 1 + l.items.len)) return NULL;
        for (size_t k = 0; k < l.items.len && !seen; k++) seen = js_same(l.items.at[k], args[0]->list.at[i]);
        if (!seen) js_push(d->arena, &l, args[0]->list.at[i]);
    }
    return js_list_end(d->arena, &l);
}

static bool encodable(const doc_node *n) { return js_is(n, DOC_STRING) && utf8_count(n->text) <= ENCODED_CHARACTERS; }

static const doc_node *encode(asl_data *d, const doc_node **args, size_t count) {
    (void)count;
    if (!encodable(args[0])) return refuse(d, "States.Base64Encode takes a text of at most 10,000 characters");
    return js_string(d->arena, base64_encode(d->arena, args[0]->text));
}

static const doc_node *decode(asl_data *d, const doc_node **args, size_t count) {
    slice bytes;
    (void)count;
    if (!encodable(args[0]) || !asl_base64_decode(d->arena, args[0]->text, &bytes))
        return refuse(d, "States.Base64Decode takes base64 of at most 10,000 characters");
    if (utf8_first_bad(bytes) != bytes.len) return refuse(d, "States.Base64Decode: the bytes are no UTF-8");
    return js_string(d->arena, bytes);
}

static const doc_node *hash(asl_data *d, const doc_node **args, size_t count) {
    slice text = js_is(args[0], DOC_STRING) ? args[0]->text : js_text(d->arena, args[0]), hex;
    (void)count;
    if (utf8_count(text) > ENCODED_CHARACTERS) return refuse(d, "States.Hash takes at most 10,000 characters");
    if (!js_is(args[1], DOC_STRING) || !asl_digest(d->arena, text, args[1]->text, &hex))
        return refuse(d, "States.Hash takes MD5, SHA-1, SHA-256, SHA-384 or SHA-512");
    return js_string(d->arena, hex);
}

static const doc_node *json_merge(asl_data *d, const doc_node **args, size_t count) {
    (void)count;
    if (!js_is(args[0], DOC_MAP) || !js_is(args[1], DOC_MAP)) return refuse(d, "States.JsonMerge takes two objects");
    if (!js_is(args[2], DOC_BOOL) || args[2]->boolean) return refuse(d, "States.JsonMerge: the third argument must be false, deep merges are not supported");
    js_object o = { 0 };
    const doc_node *x = args[0], *y = args[1];
    for (size_t i = 0; i < x->map.len; i++) {
        const doc_node *v = doc_get(y, x->map.at[i].key);
        VEC_PUSH(d->arena, &o.entries, ((doc_entry){ .key = x->map.at[i].key, .value = v != NULL ? v : x->map.at[i].value }));
    }
    for (size_t i = 0; i < y->map.len; i++)
        if (doc_get(x, y->map.at[i].key) == NULL) VEC_PUSH(d->arena, &o.entries, ((doc_entry){ .key = y->map.at[i].key, .value = y->map.at[i].value }));
    return js_object_end(d->arena, &o);
}

static const doc_node *math_random(asl_data *d, const doc_node **args, size_t count) {
    double from, to, seed;
    if (!whole(args[0], &from) || !whole(args[1], &to) || from >= to) return refuse(d, "States.MathRandom takes two numbers, the first one smaller");
    if (count == 3 && !whole(args[2], &seed)) return refuse(d, "States.MathRandom: the seed must be a number");
    asl_machinery seeded = { .host = &(asl_host){ 0 }, .random = 0 };
    if (count == 3) seeded.random = (uint64_t)fabs(fmod(seed, 9007199254740992.0)) * 2654435761u + 1;
    if (count == 3) asl_random(&seeded);
    return js_double(d->arena, floor(from + asl_random(count == 3 ? &seeded : d->machinery) * (to - from)));
}

static const doc_node *math_add(asl_data *d, const doc_node **args, size_t count) {
    double x, y;
    (void)count;
    if (!whole(args[0], &x) || !whole(args[1], &y)) return refuse(d, "States.MathAdd takes two numbers");
    if (fabs(x) > 2147483648.0 || fabs(y) > 2147483648.0) return refuse(d, "States.MathAdd takes numbers from -2147483648 to 2147483647");
    return js_double(d->arena, x + y + 0.0);
}

static const doc_node *string_split(asl_data *d, const doc_node **args, size_t count) {
    (void)count;
    if (!js_is(args[0], DOC_STRING) || !js_is(args[1], DOC_STRING)) return refuse(d, "States.StringSplit takes two texts");
    slice text = args[0]->text, by = args[1]->text;
    js_list l = { 0 };
    size_t from = 0;
    if (!asl_spend(d, text.len)) return NULL;
    for (size_t i = 0; i <= text.len; i++) {    /* every character of `by` is a delimiter, and empty pieces are left out */
        size_t len = i < text.len ? utf8_len(slice_after(text, i)) : 0;
        if (i < text.len && (len == 0 || slice_find_slice(by, slice_from_to(text, i, i + len)) == (size_t)-1)) {
            i += len > 1 ? len - 1 : 0;
            continue;
        }
        if (i > from) js_push(d->arena, &l, js_string(d->arena, slice_from_to(text, from, i)));
        if (len > 1) i += len - 1;
        from = i + 1;
    }
    return js_list_end(d->arena, &l);
}

static const doc_node *uuid(asl_data *d, const doc_node **args, size_t count) {
    char text[37];
    (void)args, (void)count;
    asl_uuid(d->machinery, text);
    return js_string(d->arena, arena_copy(d->arena, slice_from(text)));
}

static const function functions[] = {
    { "Format", 1, ARGUMENTS_MOST, format },
    { "StringToJson", 1, 1, string_to_json },
    { "JsonToString", 1, 1, json_to_string },
    { "Array", 0, ARGUMENTS_MOST, array },
    { "ArrayPartition", 2, 2, array_partition },
    { "ArrayContains", 2, 2, array_contains },
    { "ArrayRange", 3, 3, array_range },
    { "ArrayGetItem", 2, 2, array_get_item },
    { "ArrayLength", 1, 1, array_length },
    { "ArrayUnique", 1, 1, array_unique },
    { "Base64Encode", 1, 1, encode },
    { "Base64Decode", 1, 1, decode },
    { "Hash", 2, 2, hash },
    { "JsonMerge", 3, 3, json_merge },
    { "MathRandom", 2, 3, math_random },
    { "MathAdd", 2, 2, math_add },
    { "StringSplit", 2, 2, string_split },
    { "UUID", 0, 0, uuid },
};

/* ---- reading a call ---- */

typedef struct {
    arena *arena;
    slice rest, error;
    unsigned depth;
} reader;

static bool fails(reader *r, slice why) {
    if (r->error.at == NULL) r->error = why;
    return false;
}

static void blanks(reader *r) {
    while (r->rest.len > 0 && (r->rest.at[0] == ' ' || r->rest.at[0] == '\t' || r->rest.at[0] == '\n' || r->rest.at[0] == '\r')) r->rest = slice_after(r->rest, 1);
}
static bool take(reader *r, char c) {
    blanks(r);
    if (r->rest.len == 0 || r->rest.at[0] != c) return false;
    r->rest = slice_after(r->rest, 1);
    return true;
}

/* Behind the opening quote. `\{` and `\}` stay for States.Format; elsewhere a backslash before them means nothing. */
static bool text(reader *r, bool for_format, const doc_node **out) {
    buf b = { .arena = r->arena };
    for (size_t i = 0; i < r->rest.len; i++) {
        char c = r->rest.at[i];
        if (c == '\'') {
            r->rest = slice_after(r->rest, i + 1);
            *out = js_string(r->arena, b.bytes.len == 0 ? SLICE("") : buf_as_slice(&b));
            return true;
        }
        if (c == '\\' && i + 1 < r->rest.len) {
            c = r->rest.at[++i];
            bool brace = c == '{' || c == '}';
            if (!brace && c != '\'' && c != '\\') {
                static const char from[] = "nrtbf", to[] = "\n\r\t\b\f";
                size_t known = slice_find(SLICE(from), c);
                if (known < 5) c = to[known];
                else buf_char(&b, '\\');
            } else if (brace && for_format) {
                buf_char(&b, '\\');
            }
        }
        buf_char(&b, c);
    }
    return fails(r, SLICE("a text in single quotes is not closed"));
}

static const asl_intrinsic *call(reader *r);

static bool argument_of(reader *r, bool for_format, argument *out) {
    blanks(r);
    if (take(r, '\'')) return text(r, for_format, &out->literal);
    if (r->rest.len > 0 && r->rest.at[0] == '$') {
        slice why;
        out->path = asl_path_parse_head(r->arena, &r->rest, &why);
        return out->path != NULL || fails(r, why);
    }
    if (slice_starts(r->rest, SLICE("States."))) return (out->call = call(r)) != NULL;
    size_t len = 0;
    while (len < r->rest.len && strchr(",) \t\r\n", r->rest.at[len]) == NULL) len++;
    out->literal = js_read(r->arena, slice_from_to(r->rest, 0, len));
    if (out->literal == NULL || out->literal->kind >= DOC_STRING)
        return fails(r, arena_printf(r->arena, "`%.*s` is no argument: texts stand in single quotes, paths begin with `$`", (int)(len > 60 ? 60 : len), r->rest.at));
    r->rest = slice_after(r->rest, len);
    return true;
}

static const asl_intrinsic *call(reader *r) {
    size_t open = slice_find(r->rest, '(');
    slice name = slice_trim(slice_from_to(r->rest, 0, open));
    asl_intrinsic *i = ARENA_NEW(r->arena, asl_intrinsic);
    VEC(argument) args = { 0 };
    for (size_t k = 0; k < COUNT(functions); k++)
        if (slice_is(slice_after(name, strlen("States.")), functions[k].name)) i->function = &functions[k];
    if (i->function == NULL || open == r->rest.len) {
        fails(r, arena_printf(r->arena, "`%.*s` is no intrinsic function", (int)(name.len > 60 ? 60 : name.len), name.at));
        return NULL;
    }
    if (++r->depth > ASL_INTRINSIC_DEPTH) {
        fails(r, SLICE("more than 10 intrinsic functions inside one another"));
        return NULL;
    }
    r->rest = slice_after(r->rest, open + 1);
    while (!take(r, ')')) {
        argument one = { 0 };
        if (args.len > 0 && !take(r, ',')) {
            fails(r, SLICE("`,` or `)` is missing"));
            return NULL;
        }
        if (!argument_of(r, i->function->run == format, &one)) return NULL;
        VEC_PUSH(r->arena, &args, one);
    }
    if (args.len < i->function->least || args.len > i->function->most) {
        fails(r, arena_printf(r->arena, "States.%s does not take %zu arguments", i->function->name, args.len));
        return NULL;
    }
    r->depth--;
    i->args = args.at;
    i->count = args.len;
    return i;
}

const asl_intrinsic *asl_intrinsic_parse(arena *a, slice source, slice *error) {
    reader r = { .arena = a, .rest = source };
    const asl_intrinsic *i = call(&r);
    if (i != NULL) blanks(&r);
    if (i != NULL && r.rest.len > 0) fails(&r, SLICE("something is left over behind the closing `)`"));
    *error = r.error;
    return r.error.at == NULL ? i : NULL;
}

const doc_node *asl_intrinsic_call(const asl_intrinsic *i, asl_data *d) {
    const doc_node **args = ARENA_ARRAY(d->arena, const doc_node *, i->count);
    for (size_t k = 0; k < i->count; k++) {
        const argument *one = &i->args[k];
        args[k] = one->literal != NULL ? one->literal : one->call != NULL ? asl_intrinsic_call(one->call, d) : asl_path_get(one->path, d);
        if (asl_failed(d)) return NULL;
        if (args[k] == NULL)
            return asl_fail(d, asl_error_runtime, "States.%s: the path %.*s gives nothing in %.*s", i->function->name, SLICE_ARG(one->path->text),
                SLICE_ARG(asl_shown(d->arena, d->input)));
    }
    if (!asl_spend(d, 1 + i->count)) return NULL;
    const doc_node *v = i->function->run(d, args, i->count);
    return v != NULL && asl_size_check(d, v, "what an intrinsic function gives") ? v : NULL;
}
