/* A configuration file, .sflint.yaml: its text as what it says (sflint.yaml(5)). What it means for a template is command/settings.h. */
#ifndef SFLINT_COMMAND_CONFIG_FILE_H
#define SFLINT_COMMAND_CONFIG_FILE_H

#include "lint/waiver.h"

#define CONFIG_NAME ".sflint.yaml"
#define CONFIG_NOT_NAME ".sflint.yml"      /* near enough to be meant, and not read: that is said */

/* A value and where it is written; at.line 0: it is not. */
typedef struct {
    slice text;
    pos at;
} config_text;

typedef struct {
    slice name;                /* of a rule: id, name or pillar */
    pos at;
    bool off, on;              /* on: without a word about its severity */
    severity severity;         /* when neither */
} config_rule;

typedef struct {
    lint_parameter is;         /* rule, name, number */
    pos at;
} config_parameter;

typedef struct {
    slice glob;                /* from the file's folder, as .gitignore has it */
    pos at;
    const given_parameter *parameters;
    const pos *places;         /* of each */
    size_t len;
} config_parameters;

typedef struct {
    uint32_t file;             /* pos.file */
    slice text;
    slice folder;              /* absolute: what globs and folders in it are named from */
    VEC(config_rule) rules;
    VEC(config_parameter) rule_parameters;
    VEC(config_text) rule_folders, exclude;
    VEC(config_parameters) parameters;
    config_text cloud, fail_on, region, account;
    waiver_reading allow;
    /* command/settings.h, settings_lint: */
    const lint_config *lint;   /* with the command line's on top */
} config_file;

/* Reads a text (borrowed). What is wrong is said in d, and the rest holds. */
void config_read(arena *a, config_file *c, slice text, diags *d);

/* Does a glob of the file match a path? Both are from the file's folder. Without a slash it is the name of a file or folder at any depth; a
 * folder that matches takes in what is in it. */
bool config_glob(slice glob, slice path);

#endif
