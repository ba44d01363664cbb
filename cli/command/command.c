#include "command/command.h"

#define BIT(o) ((uint32_t)1 << OPTION_##o)
/* What reads templates takes these. */
#define READING (BIT(PARAMETER) | BIT(PARAMETERS) | BIT(REGION) | BIT(ACCOUNT) | BIT(FILES_FROM) | BIT(THREADS))
#define ALWAYS  (BIT(COLOR) | BIT(HELP) | BIT(VERSION))

const option options[OPTION_COUNT] = {
#define OPTION(id, name, letter, argument, choices, help) { name, letter, argument, choices, help },
#include "command/option.def"
#undef OPTION
};

const command commands[] = {
    { "check", "[PATH...]", "is it serverless-first, and will its events survive?",
      "Judges templates by the rules. A PATH is a template, a folder that is searched\n"
      "for templates, or - for standard input; without one, the current folder.\n",
      "text json",
      BIT(FORMAT) | READING | BIT(RULES) | BIT(DISABLE) | BIT(ENABLE) | BIT(FAIL_ON) | BIT(SHOW_UNKNOWN) | BIT(NOW) | ALWAYS, true,
      command_check },
    { "graph", "[PATH...]", "what triggers what?",
      "Prints the event graph: when x happens, trigger y, to run service z. A PATH is\n"
      "a template, a folder that is searched for templates, or - for standard input.\n",
      "text json dot mermaid", BIT(FORMAT) | READING | ALWAYS, true, command_graph },
    { "rules", "[PATH...]", "which rules exist, and do their examples hold?",
      "Lists the rules and runs their examples as tests. With PATHs (rule files, or\n"
      "folders of them), only the rules in those: are my own rule files right?\n",
      "text json", BIT(FORMAT) | BIT(RULES) | BIT(NOW) | ALWAYS, true, command_rules },
    { "explain", "RULE...", "why is this a rule, and how do I fix it?",
      "Prints why a rule is one, how to fix what it finds, its sources and its\n"
      "examples. RULE is an id (SF117) or a name.\n",
      "text json", BIT(FORMAT) | BIT(RULES) | ALWAYS, true, command_explain },
    { "help", "[COMMAND]", "this text, or the options of a command", "Prints the options of a command.\n", "",
      BIT(COMPLETION) | ALWAYS, true, command_help },
    { "version", "", "the version", "Prints the version.\n", "", ALWAYS, false, command_version },
};
const size_t command_count = COUNT(commands);
const char commands_later[] = "smoke match schedule decisions config";

const command *command_find(slice name) {
    for (size_t i = 0; i < command_count; i++)
        if (slice_is(name, commands[i].name)) return &commands[i];
    return NULL;
}

slice command_nearest(slice typed) {
    slice best = { "", 0 };
    size_t best_distance = SIZE_MAX;
    for (size_t i = 0; i < command_count; i++) {
        size_t d = nearest_distance(typed, slice_from(commands[i].name));
        if (d < best_distance && d != NEAREST_NONE) {
            best_distance = d;
            best = slice_from(commands[i].name);
        }
    }
    return best;
}

bool command_is_later(slice word) {
    slice words = slice_from(commands_later), w;
    while (slice_cut(&words, ' ', &w))
        if (slice_eq(w, word)) return true;
    return false;
}
