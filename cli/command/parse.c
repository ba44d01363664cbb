/* argv -> invocation, by the tables. Options and operands may stand in any order; `--` ends the options. */
#include <stdlib.h>
#include <unistd.h>

#include "command/command.h"

slice invocation_format(const invocation *in) {
    const char *given = invocation_text(in, OPTION_FORMAT);
    if (given != NULL) return slice_from(given);
    slice formats = slice_from(in->command->formats), first = { "", 0 };
    slice_cut(&formats, ' ', &first);
    return first;
}

/* An option as it stood in argv, before the command was known. */
typedef struct {
    option_id id;
    const char *value;
} occurrence;

static int option_by_name(slice name) {
    for (int i = 0; i < OPTION_COUNT; i++)
        if (slice_is(name, options[i].name)) return i;
    return -1;
}

static int option_by_letter(char letter) {
    for (int i = 0; i < OPTION_COUNT; i++)
        if (letter != '\0' && options[i].letter == letter) return i;
    return -1;
}

static bool takes(const command *c, int o) { return ((c->options >> o) & 1) != 0; }

/* The nearest option of the command (or, before it is known, of any). */
static const char *nearest_option(const command *c, slice typed) {
    const char *best = NULL;
    size_t best_distance = NEAREST_NONE;
    for (int i = 0; i < OPTION_COUNT; i++) {
        if (c != NULL && !takes(c, i)) continue;
        size_t d = nearest_distance(typed, slice_from(options[i].name));
        if (d < best_distance) {
            best_distance = d;
            best = options[i].name;
        }
    }
    return best;
}

static bool unknown_option(const invocation *in, const command *c, slice name, const char *dashes) {
    const char *near = nearest_option(c, name);
    if (near != NULL) command_usage(in, "there is no option %s%.*s; did you mean --%s?", dashes, SLICE_ARG(name), near);
    else command_usage(in, "there is no option %s%.*s; sflint %s --help lists them", dashes, SLICE_ARG(name), c == NULL ? command_default->name : c->name);
    return false;
}

static bool exists(const char *path) { return access(path, F_OK) == 0; }

/* The first operand: a command, or the first PATH of the default one. False after an error line. */
static bool choose(invocation *in, const char *word, bool *is_command) {
    slice typed = slice_from(word);
    const command *c = command_find(typed);
    *is_command = c != NULL;
    in->command = c;
    if (c != NULL) return true;
    if (command_is_later(typed)) {
        command_later(typed);
        return false;
    }
    /* A word that is no file and looks like no path was meant as a command. */
    if (*word != '\0' && !exists(word) && strcmp(word, "-") != 0 && strpbrk(word, "/.") == NULL) {
        slice near = command_nearest(typed);
        if (near.len > 0) command_usage(in, "%s is neither a command nor a file; did you mean sflint %.*s?", word, SLICE_ARG(near));
        else command_usage(in, "%s is neither a command nor a file; sflint help lists the commands", word);
        return false;
    }
    in->command = command_default;
    return true;
}

static bool allowed(const invocation *in, slice choices, const occurrence *o) {
    slice rest = choices, word, typed = slice_from(o->value);
    while (slice_cut(&rest, ' ', &word))
        if (slice_eq(word, typed)) return true;
    slice near = nearest_word(typed, choices);
    if (near.len > 0) command_usage(in, "--%s cannot be %s; did you mean %.*s?", options[o->id].name, o->value, SLICE_ARG(near));
    else command_usage(in, "--%s cannot be %s; it is one of: %.*s", options[o->id].name, o->value, SLICE_ARG(words_listed(in->arena, choices)));
    return false;
}

static bool settle(invocation *in, const occurrence *o) {
    const option *op = &options[o->id];
    if (!takes(in->command, (int)o->id)) {
        const char *of = NULL;
        for (size_t i = 0; i < command_count && of == NULL; i++)
            if (takes(&commands[i], (int)o->id)) of = commands[i].name;
        command_usage(in, "--%s is no option of this command (sflint %s has it)", op->name, of == NULL ? "help" : of);
        return false;
    }
    slice choices = slice_from(op->choices);
    if (slice_is(choices, "formats")) choices = slice_from(in->command->formats);
    if (choices.len > 0 && !allowed(in, choices, o)) return false;
    VEC_PUSH(in->arena, &in->given[o->id], o->value);
    return true;
}

/* Standard input can be read once. */
static bool one_stdin(const invocation *in) {
    static const option_id files[] = { OPTION_FILES_FROM, OPTION_PARAMETERS, OPTION_EVENT, OPTION_CONFIG, OPTION_BASELINE, OPTION_ENV_FILE };
    slice first = SLICE("");
    for (size_t i = 0; i < in->operands.len && first.len == 0; i++)
        if (strcmp(in->operands.at[i], "-") == 0) first = SLICE("a template");
    for (size_t i = 0; i < COUNT(files); i++)
        for (size_t k = 0; k < in->given[files[i]].len; k++) {
            slice name = arena_printf(in->arena, "--%s", options[files[i]].name);
            if (strcmp(in->given[files[i]].at[k], "-") != 0) continue;
            if (first.len > 0) {
                command_usage(in, "standard input cannot be both %.*s and %.*s", SLICE_ARG(first), SLICE_ARG(name));
                return false;
            }
            first = name;
        }
    return true;
}

/* What one half of the command line says against the other. */
static bool agrees(const invocation *in) {
    for (size_t i = 0; i < in->operands.len; i++)
        if (in->operands.at[i][0] == '\0') {
            command_usage(in, "an argument is empty: leave it out, or is a variable empty that should name something?");
            return false;
        }
    if (!in->command->any_operands && in->operands.len > 0) {
        command_usage(in, "takes no operand: %s", in->operands.at[0]);
        return false;
    }
    if (invocation_has(in, OPTION_CONFIG) && invocation_has(in, OPTION_NO_CONFIG)) {
        command_usage(in, "--config and --no-config contradict each other: leave one out");
        return false;
    }
    return one_stdin(in);
}

static bool color_wanted(const char *when, int fd) {
    if (when != NULL && strcmp(when, "always") == 0) return true;
    if (when != NULL && strcmp(when, "never") == 0) return false;
    const char *no = getenv("NO_COLOR"), *term = getenv("TERM");
    return (no == NULL || *no == '\0') && (term == NULL || strcmp(term, "dumb") != 0) && isatty(fd) != 0;
}

typedef struct {
    invocation *in;
    const command *named;      /* what the first operand says, if anything */
    VEC(occurrence) seen;
    int argc, at;
    char **argv;
} reading;

/* A long option: --name, --name=value, --name value; one whose value may be left out has it behind `=` only, and "" without. */
static bool long_option(reading *r, slice text) {
    size_t equals = slice_find(text, '=');
    slice name = slice_from_to(text, 0, equals);
    int id = option_by_name(name);
    if (id < 0) return unknown_option(r->in, r->named, name, "--");
    const char *value = options[id].name;
    if (options[id].argument[0] == '\0') {
        if (equals < text.len) {
            command_usage(r->in, "--%s takes no value", options[id].name);
            return false;
        }
    } else if (equals < text.len) {
        value = text.at + equals + 1;
    } else if (options[id].argument[0] == '[') {
        value = "";
    } else if (r->at + 1 < r->argc) {
        value = r->argv[++r->at];
    } else {
        command_usage(r->in, "--%s needs a value: --%s %s", options[id].name, options[id].name, options[id].argument);
        return false;
    }
    VEC_PUSH(r->in->arena, &r->seen, (occurrence){ (option_id)id, value });
    return true;
}

/* Short options: -u, -f json, -fjson. */
static bool short_options(reading *r, const char *text) {
    for (size_t i = 1; text[i] != '\0'; i++) {
        int id = option_by_letter(text[i]);
        if (id < 0) return unknown_option(r->in, r->named, slice_from(i == 1 ? text + 1 : text + i), "-");
        const char *value = options[id].name;
        bool last = true;
        if (options[id].argument[0] == '\0') last = false;
        else if (text[i + 1] != '\0') value = text + i + 1;
        else if (r->at + 1 < r->argc) value = r->argv[++r->at];
        else {
            command_usage(r->in, "-%c needs a value: -%c %s", text[i], text[i], options[id].argument);
            return false;
        }
        VEC_PUSH(r->in->arena, &r->seen, (occurrence){ (option_id)id, value });
        if (last) break;
    }
    return true;
}

bool command_parse(int argc, char **argv, invocation *in) {
    reading r = { .in = in, .argc = argc, .argv = argv };
    bool ended = false, chosen = false;
    for (r.at = 1; r.at < argc; r.at++) {
        const char *word = argv[r.at];
        if (!ended && strcmp(word, "--") == 0) {
            ended = true;
        } else if (!ended && word[0] == '-' && word[1] == '-') {
            if (!long_option(&r, slice_from(word + 2))) return false;
        } else if (!ended && word[0] == '-' && word[1] != '\0') {
            if (!short_options(&r, word)) return false;
        } else if (!chosen && !ended) {
            bool is_command;
            chosen = true;
            if (!choose(in, word, &is_command)) return false;
            r.named = in->command;
            if (!is_command) VEC_PUSH(in->arena, &in->operands, word);
        } else {
            if (!chosen) in->command = command_default;
            chosen = true;
            VEC_PUSH(in->arena, &in->operands, word);
        }
    }
    bool bare = !chosen;
    if (in->command == NULL) in->command = command_default;
    for (size_t i = 0; i < r.seen.len; i++) {
        const char *meant = r.seen.at[i].id == OPTION_HELP ? "help" : r.seen.at[i].id == OPTION_VERSION ? "version" : NULL;
        const command *c = bare && meant != NULL ? command_find(slice_from(meant)) : NULL;
        if (c != NULL) in->command = c;
    }
    for (size_t i = 0; i < r.seen.len; i++)
        if (!settle(in, &r.seen.at[i])) return false;
    if (bare && in->command->run == command_help) in->given[OPTION_HELP].len = 0;      /* its own screen is that of help --help */
    if (!invocation_has(in, OPTION_HELP) && !agrees(in)) return false;
    const char *color = invocation_text(in, OPTION_COLOR);
    in->color_out = color_wanted(color, STDOUT_FILENO);
    in->color_err = color_wanted(color, STDERR_FILENO);
    return true;
}
