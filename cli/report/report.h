/* What is printed: findings, graphs, rules, errors of the input, as text and as JSON (sflint-json(7)). Everything fills a buf. */
#ifndef SFLINT_REPORT_REPORT_H
#define SFLINT_REPORT_REPORT_H

#include "base/diag.h"
#include "graph/graph.h"
#include "lint/lint.h"
#include "report/score.h"
#include "report/source.h"

/* What a run found. Borrowed. */
typedef struct {
    sources *sources;
    const diags *errors;           /* in order of files and lines */
    const graph *graph;            /* graphs: NULL when no template could be read */
    const templates *templates;    /* those that were read; of some only path, file and text are there */
    size_t files;                  /* templates read */
    const lint_result *lint;       /* NULL for graphs */
    report_counts counts;
    bool color, show_unknown;
    slice version;                 /* of the program */
    const lint_rules *rules;       /* for what there is to say about a finding's rule */
    const slice *fingerprints;     /* of check: one for each finding, all different within a path (lint/fingerprint.h) */
    const bool *fails;             /* for each finding: does it make the exit status 1? */
    bool baseline;                 /* findings of a baseline are left out of lint */
    size_t known, gone;            /* left out; in the baseline, but not found any more */
} report;

#define REPORT_VERSION 1           /* of the JSON: changed only by adding */

/* Errors and notes of the input, one line each. */
void report_errors_text(buf *out, const sources *s, const diags *errors, bool color);
/* The value of "errors": [{"file","line","column","message"}]; notes are left out. */
void report_errors_json(json_out *j, const sources *s, const diags *errors);

void report_check_text(buf *out, const report *r);
void report_check_json(buf *out, const report *r);
void report_check_sarif(buf *out, const report *r);
void report_check_junit(buf *out, const report *r);
void report_check_github(buf *out, const report *r);
void report_check_gitlab(buf *out, const report *r);
void report_check_markdown(buf *out, const report *r);
/* What allows a finding, as JSON; null for NULL. */
void report_waiver_json(json_out *j, const sources *s, const struct waiver *w);
/* By the format's name; false when there is none. */
bool report_check_write(buf *out, const report *r, slice format);
/* Does the format say which finding is which? */
bool report_check_has_fingerprints(slice format);

/* Text about a place in a file: with several templates ids carry their file's path, which says nothing new there. */
slice report_without_path(arena *a, const report *r, slice text, uint32_t file);

void report_graph_text(buf *out, const report *r);
void report_graph_json(buf *out, const report *r);
void report_graph_dot(buf *out, const report *r);
void report_graph_mermaid(buf *out, const report *r);

/* A graph's edge and filter in words, for text and labels: "POST /orders", "s3:ObjectCreated:Put prefix in/". "" when everything passes. */
slice report_filter_words(arena *a, const edge *e);

/* One rule (explain). */
void report_rule_text(buf *out, const rule_info *r, bool color);
void report_rule_json(json_out *j, const rule_info *r);
/* A line of the list of rules. */
void report_rule_line(buf *out, const rule_info *r, bool color);

#endif
