/* Commands and what a user asked of one. The table in command.c is the one place that knows them: parsing, --help, completion and
 * "did you mean" all come from it. */
#ifndef SFLINT_COMMAND_COMMAND_H
#define SFLINT_COMMAND_COMMAND_H

#include <stdint.h>

#include "base/buf.h"

#ifndef SFLINT_VERSION
#define SFLINT_VERSION "unknown"
#endif

enum {
    STATUS_OK = 0,         /* nothing at or above --fail-on */
    STATUS_FINDINGS = 1,   /* findings, failed examples */
    STATUS_BAD = 2         /* bad usage or unreadable input */
};

typedef enum {
#define OPTION(id, name, letter, argument, choices, help) OPTION_##id,
#include "command/option.def"
#undef OPTION
    OPTION_COUNT
} option_id;

typedef struct {
    const char *name;
    char letter;               /* 0: only the long form */
    const char *argument, *choices, *help;
} option;
extern const option options[OPTION_COUNT];

typedef struct invocation invocation;

typedef struct {
    const char *name, *operands;
    const char *summary;       /* one line */
    const char *text;          /* --help: a paragraph under the usage line, in lines of at most 79 characters */
    const char *formats;       /* --format: separated by a space, the first is the default; "" = the option is not taken */
    uint64_t options;          /* bits by option_id */
    bool any_operands;         /* false: an operand is bad usage */
    int (*run)(invocation *in);
    bool defaults_hold;        /* parameters that are not given have their defaults, and conditions are decided by them */
} command;

extern const command commands[];
extern const size_t command_count;
#define command_default (&commands[0])

/* Words that are commands of the design but not of this version; separated by a space. */
extern const char commands_later[];

typedef VEC(const char *) texts;

/* argv, understood. */
struct invocation {
    arena *arena;
    const command *command;
    texts given[OPTION_COUNT];     /* values in order; a switch's are its own name */
    texts operands;
    bool color_out, color_err;     /* standard output, standard error: colours wanted */
};

static inline bool invocation_has(const invocation *in, option_id o) { return in->given[o].len > 0; }
/* The last value, or NULL. */
static inline const char *invocation_text(const invocation *in, option_id o) {
    return in->given[o].len == 0 ? NULL : in->given[o].at[in->given[o].len - 1];
}
/* --format, or the command's default. */
slice invocation_format(const invocation *in);

/* What `main` calls. Gives the exit status. */
int command_main(int argc, char **argv);

/* What arenas call: says so and ends the process with STATUS_BAD. */
void command_out_of_memory(void);

/* The run's date: --now, or today. False after a line about a wrong one. */
bool command_now(const invocation *in, int64_t *now_s);

/* Fills *in from argv; false after having said on standard error what is wrong. */
bool command_parse(int argc, char **argv, invocation *in);

/* One line "sflint COMMAND: ..." on standard error; gives STATUS_BAD. */
int command_usage(const invocation *in, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The line about a command of commands_later; gives STATUS_BAD. */
int command_later(slice word);

/* Standard output, standard error. False (said on standard error) when the bytes could not be written. */
bool output_write(slice bytes);
void output_error(slice bytes);
/* A file, made or overwritten. False when it could not be written; said on standard error. */
bool output_file(const invocation *in, const char *path, slice bytes);
/* Ends the run: flushes; gives `status`, or STATUS_BAD when something could not be written. */
int output_end(int status);

const command *command_find(slice name);
/* The command nearest to a mistyped word; "" when none is near. */
slice command_nearest(slice typed);
/* Is it a command of the design that this version lacks? */
bool command_is_later(slice word);

/* The word of `words` (separated by a space) nearest to `typed`; "" when none is near. */
slice nearest_word(slice typed, slice words);
/* "a, b, c" of "a b c". */
slice words_listed(arena *a, slice words);
/* The same for one candidate: its distance, or NEAREST_NONE when it is too far to be suggested. */
#define NEAREST_NONE SIZE_MAX
size_t nearest_distance(slice typed, slice candidate);

/* Help screens and completion scripts, into a buf. */
void help_all(buf *out);
void help_command(buf *out, const command *c);
bool completion_write(buf *out, slice shell);

/* The commands. */
int command_check(invocation *in);
int command_graph(invocation *in);
int command_match(invocation *in);
int command_schedule(invocation *in);
int command_decisions(invocation *in);
int command_config(invocation *in);
int command_smoke(invocation *in);
int command_event(invocation *in);
int command_rules(invocation *in);
int command_explain(invocation *in);
int command_help(invocation *in);
int command_version(invocation *in);

#endif
