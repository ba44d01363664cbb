/* Completion scripts for shells, made from the tables of commands and options. */
#include "command/command.h"

static void words_of_options(buf *out, const command *c) {
    for (int o = 0; o < OPTION_COUNT; o++)
        if (((c->options >> o) & 1) != 0) buf_printf(out, " --%s", options[o].name);
}

/* All commands but one, which may be NULL. */
static void words_of_commands(buf *out, const char *between, const command *but) {
    bool any = false;
    for (size_t i = 0; i < command_count; i++) {
        if (&commands[i] == but) continue;
        buf_printf(out, "%s%s", any ? between : "", commands[i].name);
        any = true;
    }
}

/* The formats as the begin of FORMAT=FILE. */
static void words_of_outputs(buf *out, const command *c) {
    slice rest = slice_from(c->formats), word;
    while (slice_cut(&rest, ' ', &word)) buf_printf(out, " %.*s=", SLICE_ARG(word));
}

/* bash and zsh: `give` stands before the words, `given` behind them, `open` where more than a word follows at once. */
typedef struct {
    const char *give, *given, *open;
} shell_case;

/* What may stand behind an option, and behind `help`. The shell matches $name:$before, command and word before. */
static void values(buf *out, const shell_case *s) {
    for (size_t i = 0; i < command_count; i++) {
        const command *c = &commands[i];
        if (c->formats[0] != '\0') buf_printf(out, "    %s:--format|%s:-f) %s%s%s ;;\n", c->name, c->name, s->give, c->formats, s->given);
        if (((c->options >> OPTION_OUTPUT) & 1) != 0) {
            buf_printf(out, "    %s:--output|%s:-o) %s", c->name, c->name, s->open);
            words_of_outputs(out, c);
            buf_printf(out, "%s ;;\n", s->given);
        }
    }
    for (int o = 0; o < OPTION_COUNT; o++)
        if (options[o].choices[0] != '\0' && o != OPTION_FORMAT)
            buf_printf(out, "    *:--%s) %s%s%s ;;\n", options[o].name, s->give, options[o].choices, s->given);
}

static void names(buf *out, const shell_case *s, const char *indent) {
    for (size_t i = 0; i < command_count; i++) {
        buf_printf(out, "%s%s:-*) %s", indent, commands[i].name, s->give);
        words_of_options(out, &commands[i]);
        buf_printf(out, "%s ;;\n", s->given);
    }
    buf_printf(out, "%shelp:*) %s", indent, s->give);
    words_of_commands(out, " ", NULL);
    buf_printf(out, "%s ;;\n", s->given);
}

static void bash(buf *out) {
    static const shell_case s = { "files= words='", "'", "compopt -o nospace 2>/dev/null; files= words='" };
    buf_text(out, "_sflint() {\n"
                  "    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} name=check w words files=yes\n"
                  "    for w in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
                  "        case $w in\n        ");
    words_of_commands(out, "|", NULL);
    buf_text(out, ") name=$w; break ;;\n        esac\n    done\n    case $name:$before in\n");
    values(out, &s);
    buf_text(out, "    *)\n        case $name:$word in\n");
    names(out, &s, "        ");
    buf_text(out, "        *) [ \"$COMP_CWORD\" = 1 ] && words='");
    words_of_commands(out, " ", NULL);
    buf_text(out, "' ;;\n        esac ;;\n    esac\n"
                  "    COMPREPLY=($(compgen -W \"$words\" -- \"$word\") $([ -z \"$files\" ] || compgen -f -- \"$word\"))\n"
                  "}\ncomplete -o filenames -F _sflint sflint\n");
}

/* To be sourced, or put into a folder of fpath as _sflint. */
static void zsh(buf *out) {
    static const shell_case s = { "compadd -- ", "; return", "compadd -S '' --" };
    buf_text(out, "#compdef sflint\n"
                  "_sflint() {\n"
                  "    local word=${words[CURRENT]} before=${words[CURRENT-1]} name=check w\n"
                  "    for w in ${words[2,CURRENT-1]}; do\n"
                  "        case $w in\n        ");
    words_of_commands(out, "|", NULL);
    buf_text(out, ") name=$w; break ;;\n        esac\n    done\n    case $name:$before in\n");
    values(out, &s);
    buf_text(out, "    esac\n    case $name:$word in\n");
    names(out, &s, "    ");
    buf_text(out, "    esac\n    (( CURRENT == 2 )) && compadd -- ");
    words_of_commands(out, " ", NULL);
    buf_text(out, "\n    _files\n}\n"
                  "if [[ ${funcstack[1]} == _sflint ]]; then _sflint \"$@\"; else compdef _sflint sflint; fi\n");
}

/* In single quotes, as fish reads them. */
static void fish_quoted(buf *out, const char *text) {
    buf_char(out, '\'');
    for (; *text != '\0'; text++) {
        if (*text == '\'' || *text == '\\') buf_char(out, '\\');
        buf_char(out, *text);
    }
    buf_char(out, '\'');
}

static void fish_option(buf *out, const command *c, int o) {
    const option *op = &options[o];
    const char *choices = o == OPTION_FORMAT ? c->formats : op->choices;
    buf_text(out, "complete -c sflint -n '");
    if (c == command_default) {
        buf_text(out, "not __fish_seen_subcommand_from ");
        words_of_commands(out, " ", c);
    } else {
        buf_printf(out, "__fish_seen_subcommand_from %s", c->name);
    }
    buf_printf(out, "' -l %s", op->name);
    if (op->letter != 0) buf_printf(out, " -s %c", op->letter);
    if (op->argument[0] != '\0' && op->argument[0] != '[') buf_text(out, " -r");
    if (o == OPTION_OUTPUT) {
        buf_text(out, " -a '");
        words_of_outputs(out, c);
        buf_char(out, '\'');
    } else if (choices[0] != '\0') {
        buf_printf(out, " -f -a '%s'", choices);
    }
    buf_text(out, " -d ");
    fish_quoted(out, o == OPTION_FORMAT ? "how to print" : op->help);
    buf_char(out, '\n');
}

static void fish(buf *out) {
    for (size_t i = 0; i < command_count; i++) {
        buf_printf(out, "complete -c sflint -n __fish_use_subcommand -a %s -d ", commands[i].name);
        fish_quoted(out, commands[i].summary);
        buf_char(out, '\n');
    }
    buf_text(out, "complete -c sflint -n '__fish_seen_subcommand_from help' -f -a '");
    words_of_commands(out, " ", NULL);
    buf_text(out, "'\n");
    for (size_t i = 0; i < command_count; i++)
        for (int o = 0; o < OPTION_COUNT; o++)
            if (((commands[i].options >> o) & 1) != 0) fish_option(out, &commands[i], o);
}

static const struct {
    slice shell;
    void (*write)(buf *out);
} shells[] = { { SLICE_INIT("bash"), bash }, { SLICE_INIT("zsh"), zsh }, { SLICE_INIT("fish"), fish } };

bool completion_write(buf *out, slice shell) {
    for (size_t i = 0; i < COUNT(shells); i++)
        if (slice_eq(shell, shells[i].shell)) {
            shells[i].write(out);
            return true;
        }
    return false;
}
