/* Help screens: one 80x24 screen each, made from the tables. */
#include "command/command.h"

#define WIDTH 26        /* of the column with option and argument */
#define HELP_WIDTH 50   /* of what is said about it */

void help_all(buf *out) {
    buf_text(out, "sflint - serverless-first linter for infrastructure templates\n\n"
                  "usage: sflint [COMMAND] [OPTION...] [PATH...]\n\n");
    for (size_t i = 0; i < command_count; i++) {
        slice left = arena_printf(out->arena, "%s %s", commands[i].name, commands[i].operands);
        buf_printf(out, "  %-24.*s%s\n", SLICE_ARG(left), commands[i].summary);
    }
    buf_text(out, "\nWithout a command: check. A PATH is a template, a folder that is searched for\n"
                  "templates, or - for standard input.\n");
    slice words = slice_from(commands_later), word;
    for (bool first = true; words.len > 0 && slice_cut(&words, ' ', &word); first = false)
        buf_printf(out, "%s%.*s%s", first ? "Not in this version: " : ", ", SLICE_ARG(word), words.at == NULL ? ".\n" : "");
    buf_text(out, "\nsflint COMMAND --help lists the options of a command, sflint(1) says it all.\n"
                  "Exit status: 0 nothing found, 1 findings, 2 bad usage or unreadable input.\n");
}

/* "text (default), json or dot"; where that is too long, only the words: the first is the default. */
static slice choice_list(arena *a, const char *words) {
    buf b = { .arena = a }, plain = { .arena = a };
    slice rest = slice_from(words), word;
    size_t n = 0;
    while (slice_cut(&rest, ' ', &word)) {
        buf_printf(&b, "%s%.*s%s", n == 0 ? "" : rest.at == NULL ? " or " : ", ", SLICE_ARG(word), n == 0 ? " (default)" : "");
        buf_printf(&plain, "%s%.*s", n == 0 ? "" : ", ", SLICE_ARG(word));
        n++;
    }
    return b.bytes.len > HELP_WIDTH ? buf_as_slice(&plain) : buf_as_slice(&b);
}

/* Options that almost every command takes share the last line, and those that are seldom needed the one before. */
static bool on_last_line(int o) { return o == OPTION_COLOR || o == OPTION_HELP || o == OPTION_VERSION; }
static bool is_rare(int o) { return o == OPTION_FILES_FROM || o == OPTION_THREADS || o == OPTION_ONLY_TEMPLATES || o == OPTION_NO_CONFIG; }

static slice left_column(arena *a, const option *o) {
    const char *between = o->argument[0] == '[' || o->argument[0] == '\0' ? "" : " ";
    return o->letter != 0 ? arena_printf(a, "-%c, --%s%s%s", o->letter, o->name, between, o->argument)
                          : arena_printf(a, "    --%s%s%s", o->name, between, o->argument);
}

void help_command(buf *out, const command *c) {
    buf_printf(out, "sflint %s - %s\nusage: sflint %s%s%s%s\n\n%s\n", c->name, c->summary, c->name, c->options != 0 ? " [OPTION...]" : "",
               c->operands[0] != '\0' ? " " : "", c->operands, c->text);
    for (int i = 0; i < OPTION_COUNT; i++) {
        if (((c->options >> i) & 1) == 0 || on_last_line(i) || is_rare(i)) continue;
        const option *o = &options[i];
        slice left = left_column(out->arena, o);
        slice help = i == OPTION_FORMAT ? choice_list(out->arena, c->formats) : slice_from(o->help);
        buf_printf(out, "  %-*.*s %.*s\n", WIDTH, SLICE_ARG(left), SLICE_ARG(help));
    }
    bool any = false;
    for (int i = 0; i < OPTION_COUNT; i++) {
        if (((c->options >> i) & 1) == 0 || !is_rare(i)) continue;
        buf_printf(out, "%s--%s%s%s", any ? ", " : "  also ", options[i].name, options[i].argument[0] == '\0' ? "" : " ", options[i].argument);
        any = true;
    }
    if (any) buf_text(out, "\n");
    if (((c->options >> OPTION_COLOR) & 1) != 0) buf_text(out, "  -h, --help, -V, --version, --color auto|always|never\n");
}

int command_help(invocation *in) {
    buf out = { .arena = in->arena };
    const char *shell = invocation_text(in, OPTION_COMPLETION);
    if (shell != NULL) {
        completion_write(&out, slice_from(shell));
    } else if (in->operands.len == 0) {
        help_all(&out);
    } else if (in->operands.len > 1) {
        return command_usage(in, "of one command at a time: sflint help %s", in->operands.at[0]);
    } else {
        slice word = slice_from(in->operands.at[0]);
        const command *c = command_find(word);
        if (c == NULL) {
            slice near = command_nearest(word);
            if (command_is_later(word)) return command_later(word);
            if (near.len > 0) return command_usage(in, "there is no command %.*s; did you mean %.*s?", SLICE_ARG(word), SLICE_ARG(near));
            return command_usage(in, "there is no command %.*s; sflint help lists them", SLICE_ARG(word));
        }
        help_command(&out, c);
    }
    output_write(buf_as_slice(&out));
    return STATUS_OK;
}

int command_version(invocation *in) {
    (void)in;
    output_write(SLICE("sflint " SFLINT_VERSION "\n"));
    return STATUS_OK;
}
