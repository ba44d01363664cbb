/* A program as C tables. Numbers only: string literals of C end at 4095 characters. */
#include "cel/program.h"

#define PER_LINE 16

static void table(buf *out, const char *type, slice name, const char *part) {
    buf_printf(out, "static const %s %.*s_%s[] = {", type, SLICE_ARG(name), part);
}

void cel_write_c(const cel_program *p, slice name, buf *out) {
    table(out, "cel_node", name, "nodes");
    for (uint32_t i = 0; i < p->nodes_len; i++) {
        const cel_node *n = &p->nodes[i];
        buf_printf(out, "\n    { %u, %u, %u, %uu, %uu, %uu, %uu },", n->op, n->flags, n->count, n->a, n->b, n->c, n->at);
    }
    buf_text(out, "\n};\n");
    if (p->args_len > 0) {
        table(out, "uint32_t", name, "args");
        for (uint32_t i = 0; i < p->args_len; i++) buf_printf(out, "%s%uu,", i % PER_LINE == 0 ? "\n    " : " ", p->args[i]);
        buf_text(out, "\n};\n");
    }
    if (p->blob_len > 0) {
        table(out, "char", name, "blob");
        for (uint32_t i = 0; i < p->blob_len; i++)    /* '\xHH' is a char, whatever its sign; a number above 127 would not be */
            buf_printf(out, "%s'\\x%02x',", i % PER_LINE == 0 ? "\n    " : " ", (unsigned)(unsigned char)p->blob[i]);
        buf_text(out, "\n};\n");
    }
    buf_printf(out, "static const cel_program %.*s = { %.*s_nodes, %uu, %uu, ", SLICE_ARG(name), SLICE_ARG(name), p->nodes_len, p->root);
    if (p->args_len > 0) buf_printf(out, "%.*s_args, %uu, ", SLICE_ARG(name), p->args_len);
    else buf_text(out, "0, 0u, ");
    if (p->blob_len > 0) buf_printf(out, "%.*s_blob, %uu };\n", SLICE_ARG(name), p->blob_len);
    else buf_text(out, "0, 0u };\n");
}
