/* Functions of the vocabulary that look beside the template. */
#include "lint/calls.h"
#include "service/local_code.h"

cel_value call_file_exists(cel_context *c, const cel_value *args, size_t count) {
    (void)count;
    const template *t = evaluation_of(c)->in;
    if (args[0].kind != CEL_STRING || t == NULL) return args[0].kind == CEL_NULL ? cel_bool(false) : cel_error(c, "files.exists() takes a path");
    return bind_tri(local_path_exists(c->arena, t, local_beside(c->arena, t, args[0].text)), SLICE("what lies beside the template"));
}

/* The code as its author keeps it: what a build made of it is judged by nobody. */
static bool source_of(cel_context *c, const resource *r, local_code *out) {
    *out = local_code_of(c->arena, r);
    if (out->builder == CODE_CDK_BUILT) return false;
    out->path = out->source;
    out->builder = CODE_AS_WRITTEN;
    return true;
}

/* As files.exists() takes it: relative to the template. */
cel_value call_handler_file(cel_context *c, const cel_value *args, size_t count) {
    (void)count;
    const resource *r = bind_as_resource(args[0]);
    local_code code;
    if (r == NULL || !source_of(c, r, &code)) return cel_null();
    handler_place h = local_code_find_handler(c->arena, r->in, &code);
    bool in_code = code.kind == CODE_FOLDER && h.inside.len > 0 && slice_ends(h.file, h.inside) &&
                   slice_starts(h.file, slice_is(code.path, ".") ? SLICE("") : code.path);
    if (!in_code) return cel_null();
    while (code.written.len > 1 && slice_ends(code.written, SLICE("/"))) code.written.len--;
    return cel_string(code.written.len == 0 ? h.inside : arena_concat(c->arena, (slice[]){ code.written, SLICE("/"), h.inside }, 3));
}

/* Code in the template under another name than index is a matter of its own (SF711); so is a folder that nobody named. */
static slice handler_problem(cel_context *c, const resource *r) {
    local_code code;
    if (!source_of(c, r, &code)) return SLICE("");
    handler_place h = local_code_find_handler(c->arena, r->in, &code);
    bool judged = h.state == HANDLER_NO_NAME || h.state == HANDLER_MALFORMED || (h.state == HANDLER_NO_FILE && code.kind == CODE_FOLDER);
    return !judged || (code.assumed && h.state == HANDLER_NO_FILE) ? SLICE("") : h.why;
}

/* Condition, severity and message of a rule ask the same: files are looked at once. */
cel_value call_handler_problem(cel_context *c, const cel_value *args, size_t count) {
    (void)count;
    evaluation *ev = evaluation_of(c);
    const resource *r = bind_as_resource(args[0]);
    if (r == NULL) return cel_string(SLICE(""));
    if (ev->handled != r) {
        ev->handler_problem = handler_problem(c, r);
        ev->handled = r;
    }
    return cel_string(ev->handler_problem);
}
