/* What makes a finding the same finding in two runs: its rule, the resource, the edge and the property that it is about. Not its line, not
 * its message, not what else stands in the template, not the template's path, and not which other templates were read with it. */
#ifndef SFLINT_LINT_FINGERPRINT_H
#define SFLINT_LINT_FINGERPRINT_H

#include "lint/lint.h"

/* Fills finding.fingerprint: 16 hex digits. Findings of a file that only their order tells apart share one. */
void fingerprints_set(arena *a, const graph *g, finding *findings, size_t len);

/* Different ones for the findings of each path (a template that is nested twice has two numbers): with the finding's number among those that
 * share path and fingerprint. One for each, in their order. `paths`: by pos.file. */
slice *fingerprints_unique(arena *a, const slice *paths, const finding *findings, size_t len);

#endif
