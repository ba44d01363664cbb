/* sflint graph: what triggers what? */
#include "command/run.h"

static const struct { slice name; void (*write)(buf *out, const report *r); } formats[] = {
    { SLICE_INIT("text"), report_graph_text },
    { SLICE_INIT("json"), report_graph_json },
    { SLICE_INIT("dot"), report_graph_dot },
    { SLICE_INIT("mermaid"), report_graph_mermaid },
};

int command_graph(invocation *in) {
    run r;
    if (!run_start(&r, in)) return STATUS_BAD;
    run_read(&r);
    report rep = { .errors = &r.errors, .graph = r.graph, .files = r.read, .color = in->color_out };
    rep.sources = sources_new(in->arena, &r.set);
    int status = run_print_errors(&r, rep.sources);
    buf out = { .arena = in->arena };
    slice format = invocation_format(in);
    for (size_t i = 0; i < COUNT(formats); i++)
        if (slice_eq(formats[i].name, format)) formats[i].write(&out, &rep);
    output_write(buf_as_slice(&out));
    run_end(&r);
    return status;
}
