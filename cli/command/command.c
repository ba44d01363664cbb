#include "command/command.h"

#define BIT(o) ((uint64_t)1 << OPTION_##o)
/* What reads templates takes these. */
#define READING (BIT(PARAMETER) | BIT(PARAMETERS) | BIT(REGION) | BIT(ACCOUNT) | BIT(FILES_FROM) | BIT(THREADS) | BIT(CONFIG) | BIT(NO_CONFIG))
#define ALWAYS  (BIT(COLOR) | BIT(HELP) | BIT(VERSION))

const option options[OPTION_COUNT] = {
#define OPTION(id, name, letter, argument, choices, help) { name, letter, argument, choices, help },
#include "command/option.def"
#undef OPTION
};

const command commands[] = {
    { "check", "[PATH...]", "is it serverless-first, and will its events survive?",
      "A PATH is a template, a folder to be searched, or -; without one the folder .\n",
      "text json sarif junit github gitlab markdown",
      BIT(FORMAT) | BIT(OUTPUT) | BIT(BASELINE) | BIT(WRITE_BASELINE) | BIT(ONLY_TEMPLATES) | BIT(CHANGED) | READING | BIT(RULES) | BIT(DISABLE) | BIT(ENABLE) | BIT(FAIL_ON) | BIT(SHOW_UNKNOWN) | BIT(NOW) | ALWAYS, true,
      command_check, false },
    { "graph", "[PATH...]", "what triggers what?",
      "Prints the event graph: when x happens, trigger y, to run service z. A PATH is\n"
      "a template, a folder that is searched for templates, or - for standard input.\n",
      "text json dot mermaid", BIT(FORMAT) | READING | ALWAYS, true, command_graph, false },
    { "match", "[PATH...]", "which triggers does an event fire?",
      "Says which triggers of the templates the event of --event FILE fires and, for\n"
      "each other one, the clause that stops it. The event is what is delivered: an\n"
      "EventBridge event, an SNS message, an SQS, Kinesis or DynamoDB record, an S3\n"
      "notification, a request {\"method\": ..., \"path\": ...}. Exit status 1: none.\n",
      "text json", BIT(FORMAT) | BIT(EVENT) | READING | ALWAYS, true, command_match, false },
    { "smoke", "[PATH...]", "if x really happens, does z really run?",
      "Fires every declared trigger here, without a cloud: makes x happen, runs the\n"
      "handlers in a sandbox, follows what they write, and judges what they return.\n"
      "Exit status 1: a trigger failed.\n",
      "text json junit", BIT(FORMAT) | BIT(EVENT) | BIT(ONLY) | BIT(PLAN) | BIT(INSTALL) | BIT(ENV_FILE) | BIT(SANDBOX) | BIT(TIMING) | BIT(NOW) | READING | ALWAYS, true,
      command_smoke, true },
    { "event", "TRIGGER [PATH...]", "what would a trigger's event look like?",
      "Prints the event with which smoke fires a trigger, as its function gets it.\n",
      "", BIT(NOW) | READING | ALWAYS, true, command_event, true },
    { "schedule", "[EXPR|PATH...]", "when does it fire next?",
      "Says of a schedule expression, and of those in templates, whether AWS takes it\n"
      "and when it fires next. Exit status 1: one is not valid.\n",
      "text json", BIT(FORMAT) | BIT(FROM) | BIT(TZ) | BIT(TIMES) | READING | ALWAYS, true, command_schedule, false },
    { "decisions", "[PATH...]", "which exceptions do we allow, why, until when?",
      "Prints the register of decisions: what is waived, why, by whom, until when, and\n"
      "what is not serverless without a reason. Exit status 1: one has ended.\n",
      "text markdown json", BIT(FORMAT) | BIT(WITHIN) | READING | BIT(RULES) | BIT(NOW) | ALWAYS, true, command_decisions, false },
    { "config", "[FILE...]", "what is set for a template, and where?",
      "Prints which configuration file applies to a template or folder, every setting\n"
      "that it has, and where each comes from.\n",
      "text json", BIT(FORMAT) | BIT(PARAMETER) | BIT(REGION) | BIT(ACCOUNT) | BIT(RULES) | BIT(DISABLE) | BIT(ENABLE) | BIT(FAIL_ON) | BIT(CONFIG) | BIT(NO_CONFIG) | ALWAYS, true, command_config, false },
    { "rules", "[PATH...]", "which rules exist, and do their examples hold?",
      "Lists the rules and runs their examples as tests. With PATHs (rule files, or\n"
      "folders of them), only the rules in those: are my own rule files right?\n",
      "text json", BIT(FORMAT) | BIT(RULES) | BIT(NOW) | ALWAYS, true, command_rules, false },
    { "explain", "RULE...", "why is this a rule, and how do I fix it?",
      "Prints why a rule is one, how to fix what it finds, its sources and its\n"
      "examples. RULE is an id (SF117) or a name.\n",
      "text json", BIT(FORMAT) | BIT(RULES) | ALWAYS, true, command_explain, false },
    { "help", "[COMMAND]", "this text, or the options of a command", "Prints the options of a command.\n", "",
      BIT(COMPLETION) | ALWAYS, true, command_help, false },
    { "version", "", "the version", "Prints the version.\n", "", ALWAYS, false, command_version, false },
};
const size_t command_count = COUNT(commands);
const char commands_later[] = "";

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
        if (w.len > 0 && slice_eq(w, word)) return true;
    return false;
}
