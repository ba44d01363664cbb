#include "cel/program.h"

const cel_program *cel_compile(arena *a, slice text, const cel_environment *env, cel_problem *problem) {
    static const cel_environment nothing = { 0 };
    cel_problem ignored = { 0, { NULL, 0 } };
    cel_draft d = { .arena = a, .problem = problem != NULL ? problem : &ignored };
    uint32_t root = cel_parse(&d, text);
    if (root == CEL_NONE || !cel_check(&d, root, env != NULL ? env : &nothing)) return NULL;
    cel_program *p = ARENA_NEW(a, cel_program);
    *p = (cel_program){
        .nodes = d.nodes.at, .nodes_len = (uint32_t)d.nodes.len, .root = root,
        .args = d.args.at,   .args_len = (uint32_t)d.args.len,
        .blob = d.blob.at,   .blob_len = (uint32_t)d.blob.len,
    };
    return p;
}
