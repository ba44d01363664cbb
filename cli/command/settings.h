/* What applies to each template of a run: the nearest configuration file above it, under what the command line says. */
#ifndef SFLINT_COMMAND_SETTINGS_H
#define SFLINT_COMMAND_SETTINGS_H

#include "command/config_file.h"
#include "command/run.h"

/* One input's, or one file's that `sflint config` is asked about. */
typedef struct {
    const config_file *config;           /* NULL: there is none */
    slice path;                          /* from the configuration's folder */
    const template_options *options;     /* region, account and parameters of the command line and of the file */
    const lint_config *lint;             /* after settings_lint; NULL without a configuration */
} applied;

typedef struct settings {
    run *run;
    slice here;                          /* the current folder: absolute */
    strmap by_folder;                    /* absolute folder -> found */
    VEC(config_file *) files;            /* those found, in the order in which they were met */
    applied *inputs;                     /* by input; NULL when no configuration applies to any */
    const lint_config *lint;             /* the command line's */
} settings;

/* Finds the configuration of each input (or takes --config; none with --no-config) and leaves out what it excludes: of files that were found
 * in folders, or named with --only-templates. What is wrong with a file is in r->errors. False after a line about a wrong --config. */
bool settings_start(run *r);

/* What applies to one more path, which may be a folder. */
applied settings_of(settings *s, slice path, bool is_folder);

/* Says what is wrong with the names and folders of rules in the files found so far, where nothing is judged (settings_lint says it too). */
void settings_check(run *r);

/* Makes *config (the command line's) ask each template's own: plans, rules of rule_folders, waivers. Unknown rules are errors. Gives the rules
 * to tell about in reports: those of all folders. Before reading; without configuration files nothing changes. */
const lint_rules *settings_lint(run *r, const lint_rules *rules, lint_config *config);

/* The options that an input is read with. */
const template_options *settings_options(const run *r, uint32_t file);

/* Whether a finding makes the exit status 1: by --fail-on, or the file's fail_on, or the default. */
bool settings_fails(const run *r, const finding *f);

/* The texts of the configuration files, for the lines under findings in them. */
void settings_sources(const run *r, sources *s);

/* Adds what there is to say about the waivers of configuration files. `partly`: not all that lies in the folders was checked. */
void settings_waivers(run *r, const lint_rules *rules, bool partly, lint_result *found);

#endif
