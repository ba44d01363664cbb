/* What check and graph share: operands -> files -> templates -> graph. */
#ifndef SFLINT_COMMAND_RUN_H
#define SFLINT_COMMAND_RUN_H

#include "command/command.h"
#include "command/input.h"
#include "command/parallel.h"
#include "lint/lint.h"
#include "report/report.h"

typedef struct {
    const invocation *in;
    arena *arena;                     /* arenas[0] */
    arena *arenas[THREADS_MOST];
    size_t threads;                   /* most that may be used; arenas are there for as many as were */
    inputs inputs;
    diags errors;
    template_options options;
    templates set;
    graph *graph;                     /* NULL when no template could be read */
    bool bad_usage;                   /* found while reading; said already */
    size_t read;                      /* templates read, nested ones too */
    struct settings *settings;        /* command/settings.h */
    struct alone_result **alone;      /* command/alone.h: by input, NULL where there is none; NULL after run_read */
} run;

/* Understands the options that reading takes and finds the files. False after a line about bad usage. */
bool run_start(run *r, invocation *in);

/* Adds the rule files that are named, or lie in folders that are, to `rules`; errors go to r->errors. Gives how many files there were. */
size_t run_add_rules(run *r, lint_rules *rules, const texts *named);

/* Reads the templates and builds the graph, with the nodes' classes filled in. Errors are in r->errors, in order. */
void run_read(run *r);

/* The same for a check: what stands alone is checked at once and its result kept in r->alone; the others are in r->graph. */
void run_check(run *r, const lint_rules *rules, const lint_config *config);

/* Arenas for `threads` threads, at most r->threads; gives the number that may be used. */
size_t run_threads(run *r, size_t wanted);

/* Prints what could not be read on standard error; gives STATUS_BAD when there was an error, else STATUS_OK. */
int run_print_errors(const run *r, const sources *s);

void run_end(run *r);

#endif
