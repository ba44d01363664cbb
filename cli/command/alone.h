/* Templates that stand alone are checked one by one, in memory that is used again for the next: a run over a thousand templates then
 * costs what they cost, not the pages to hold them all. A template stands alone when it exports and imports nothing and has no nested
 * stacks, so no other template can change what is found in it. */
#ifndef SFLINT_COMMAND_ALONE_H
#define SFLINT_COMMAND_ALONE_H

#include "command/run.h"

/* What was found in one template. Lies in the arena of the thread that did it; `source` is a template of which only path, file and text
 * are there. */
typedef struct alone_result {
    template source;
    bool read;
    lint_result found;
    report_counts counts;
    VEC(slice) files;            /* files it read beside itself: paths, by number as in pos.file (holes are empty) */
} alone_result;

/* Templates of one folder ask for the same files. */
typedef struct {
    const template_options *through;
    arena *keep;
    strmap paths;
} looked;

typedef struct {
    run *run;
    const lint_rules *rules;
    lint_config config;               /* with its plan */
    arena *scratch[THREADS_MOST];     /* made when a thread first needs it */
    looked looked[THREADS_MOST];      /* what stood at paths beside the templates */
    void *kept[THREADS_MOST];         /* lint_config.kept of each thread */
    alone_result **results;           /* by input; NULL: not done here */
} alone;

/* Does the text name nothing that ties templates together? A look before parsing: most that is not likely is held with the others. */
bool alone_likely(slice text);

/* May the template be done by itself? */
bool alone_may(slice text, const doc_node *doc);

/* The arena of a thread for what is given back after each template. */
arena *alone_scratch(alone *x, size_t thread);

/* Reads, checks and notes one template. Errors and notes go to `errors`, whose arena is that of the result. */
void alone_check(alone *x, size_t thread, uint32_t file, slice text, const doc_node *doc, diags *errors);

void alone_end(alone *x);

#endif
