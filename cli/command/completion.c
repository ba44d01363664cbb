/* Completion scripts for shells, made from the tables of commands and options. */
#include "command/command.h"

static void words_of_options(buf *out, const command *c) {
    for (int o = 0; o < OPTION_COUNT; o++)
        if (((c->options >> o) & 1) != 0) buf_printf(out, " --%s", options[o].name);
}

static void words_of_commands(buf *out) {
    for (size_t i = 0; i < command_count; i++) buf_printf(out, "%s%s", i == 0 ? "" : " ", commands[i].name);
}

static void bash(buf *out) {
    buf_text(out, "_sflint() {\n"
                  "    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} name=check w words files=yes\n"
                  "    for w in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
                  "        case $w in\n        ");
    for (size_t i = 0; i < command_count; i++) buf_printf(out, "%s%s", i == 0 ? "" : "|", commands[i].name);
    buf_text(out, ") name=$w; break ;;\n        esac\n    done\n    case $name:$before in\n");
    for (size_t i = 0; i < command_count; i++)
        if (commands[i].formats[0] != '\0') buf_printf(out, "    %s:--format|%s:-f) words='%s' files= ;;\n", commands[i].name, commands[i].name, commands[i].formats);
    for (int o = 0; o < OPTION_COUNT; o++)
        if (options[o].choices[0] != '\0' && o != OPTION_FORMAT) buf_printf(out, "    *:--%s) words='%s' files= ;;\n", options[o].name, options[o].choices);
    buf_text(out, "    *)\n        case $name:$word in\n");
    for (size_t i = 0; i < command_count; i++) {
        buf_printf(out, "        %s:-*) files= words='", commands[i].name);
        words_of_options(out, &commands[i]);
        buf_text(out, "' ;;\n");
    }
    buf_text(out, "        *) [ \"$COMP_CWORD\" = 1 ] && words='");
    words_of_commands(out);
    buf_text(out, "' ;;\n        esac ;;\n    esac\n"
                  "    COMPREPLY=($(compgen -W \"$words\" -- \"$word\") $([ -z \"$files\" ] || compgen -f -- \"$word\"))\n"
                  "}\ncomplete -o filenames -F _sflint sflint\n");
}

static void fish(buf *out) {
    for (size_t i = 0; i < command_count; i++)
        buf_printf(out, "complete -c sflint -n __fish_use_subcommand -a %s -d '%s'\n", commands[i].name, commands[i].summary);
    for (size_t i = 0; i < command_count; i++)
        for (int o = 0; o < OPTION_COUNT; o++) {
            if (((commands[i].options >> o) & 1) == 0) continue;
            const option *op = &options[o];
            const char *choices = o == OPTION_FORMAT ? commands[i].formats : op->choices;
            buf_printf(out, "complete -c sflint -n '__fish_seen_subcommand_from %s' -l %s", commands[i].name, op->name);
            if (op->letter != 0) buf_printf(out, " -s %c", op->letter);
            if (op->argument[0] != '\0') buf_text(out, " -r");
            if (choices[0] != '\0') buf_printf(out, " -f -a '%s'", choices);
            buf_printf(out, " -d '%s'\n", o == OPTION_FORMAT ? "how to print" : op->help);
        }
}

bool completion_write(buf *out, slice shell) {
    if (slice_is(shell, "fish")) {
        fish(out);
        return true;
    }
    if (slice_is(shell, "zsh")) buf_text(out, "autoload -U +X bashcompinit && bashcompinit\n");
    bash(out);
    return slice_is(shell, "bash") || slice_is(shell, "zsh");
}
