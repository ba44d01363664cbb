#include "doc/yaml_error.h"

/* By problem, then by what the parser was in (NULL: anything); the first row that fits. The left columns are what libyaml 0.2 says. */
static const struct { const char *problem, *context, *words; } rows[] = {
    { "found a tab character that violates indentation", NULL, "a tab stands in the indentation: indent with spaces" },
    { "found a tab character where an indentation space is expected", NULL,
      "a tab stands in the indentation of a block of text: indent with spaces" },
    { "could not find expected ':'", NULL,
      "a key without `:` behind it: write `key: value`, or look at the indentation and the quotes of the lines above" },
    { "mapping values are not allowed in this context", NULL,
      "a `:` where no key can be: look at the indentation, or put the value in quotes if the `:` belongs to it" },
    { "mapping keys are not allowed in this context", NULL, "a `?` where no key can be: look at the indentation" },
    { "block sequence entries are not allowed in this context", NULL,
      "a `-` where no list can begin: begin the list on a line of its own, below its key" },
    { "did not find expected '-' indicator", NULL,
      "a line in a list that begins with no `-`: look at the indentation" },
    { "did not find expected key", NULL,
      "a line that is no `key: value` of the mapping it is indented to: look at the indentation, and at the quotes above" },
    { "did not find expected ',' or ']'", NULL, "a list in brackets is not closed: `,` or `]` should stand here" },
    { "did not find expected ',' or '}'", NULL, "a mapping in braces is not closed: `,` or `}` should stand here" },
    { "did not find expected <document start>", NULL,
      "text follows the end of the document: look at the indentation, or remove it" },
    { "found unexpected end of stream", NULL, "the text ends inside a quoted value: close the quote" },
    { "found unexpected document indicator", NULL, "`---` or `...` inside a quoted value: close the quote above" },
    { "found unknown escape character", NULL,
      "no such escape in double quotes: write `\\\\` for a backslash, or use single quotes" },
    { "did not find expected hexdecimal number", NULL, "an escape in double quotes lacks hexadecimal digits: write `\\\\` for a backslash" },
    { "found invalid Unicode character escape code", NULL, "an escape in double quotes names no character" },
    { "found undefined tag handle", NULL, "a tag with a handle that no %TAG line declares: write `!Name` or put the text in quotes" },
    { "found an indentation indicator equal to 0", NULL, "the number behind `|` or `>` goes from 1 to 9" },
    { "did not find expected comment or line break", "while scanning a block scalar",
      "text stands behind `|` or `>`: the text begins on the next line" },
    { "did not find expected comment or line break", NULL, "the line should end here" },
    { "did not find expected alphabetic or numeric character", "while scanning an alias",
      "a name of letters, digits, `-` and `_` should follow the `*`: put the value in quotes if it is text" },
    { "did not find expected alphabetic or numeric character", NULL,
      "a name of letters, digits, `-` and `_` should follow the `&`: put the value in quotes if it is text" },
    { "found unknown directive name", NULL, "a line that begins with % is a directive of YAML, and this is none: put it in quotes or indent it" },
    { "found incompatible YAML document", NULL, "the %YAML line asks for a version that is not read: 1.1 is" },
    { "found duplicate %YAML directive", NULL, "a second %YAML line: keep one" },
    { "found duplicate %TAG directive", NULL, "a second %TAG line for the same handle: keep one" },
    { NULL, "while scanning a directive", "a line that begins with % is a directive of YAML, and this is none: put it in quotes or indent it" },
    { NULL, "while scanning a %YAML directive", "the %YAML line is not complete: write `%YAML 1.1`" },
    { NULL, "while scanning a %TAG directive", "the %TAG line is not complete: write `%TAG !handle! prefix`" },
    { NULL, "while parsing a %TAG directive", "the %TAG line is not complete: write `%TAG !handle! prefix`" },
    { NULL, "while scanning a tag", "a tag (`!Name`) with characters that no tag has: put the value in quotes if it is text" },
    { NULL, "while parsing a tag", "a tag (`!Name`) with characters that no tag has: put the value in quotes if it is text" },
    { NULL, "while scanning an anchor or alias", "no blank behind the name of an anchor or alias" },
};

#define TWO_TAGS "two tags on one value: CloudFormation's short forms do not nest like this, write the outer one as `Fn::Name:`"

/* What a character does where no value can begin. */
static const struct { char c; const char *words; } starts[] = {
    { '\t', "a tab stands in the indentation: indent with spaces" },
    { '@',  "no plain value begins with `@`: put it in quotes" },
    { '`',  "no plain value begins with a backtick: put it in quotes" },
    { '%',  "no plain value begins with `%`: put it in quotes" },
    { '!',  TWO_TAGS },
    { '&',  "two anchors, or an anchor where no value follows" },
    { '*',  "an alias takes no tag and no anchor" },
    { '-',  "a `-` where a value should stand: begin the list on a line of its own" },
    { ',',  "a value is missing before the `,`" },
    { ']',  "a `]` that closes nothing: remove it, or put the value in quotes" },
    { '}',  "a `}` that closes nothing: remove it, or put the value in quotes" },
};

bool yaml_error_is_tab(const char *problem, slice rest) {
    return problem != NULL && rest.len > 0 && rest.at[0] == '\t' &&
           (strstr(problem, "tab character") != NULL || strcmp(problem, "found character that cannot start any token") == 0);
}

const char *yaml_error_words(const char *problem, const char *context, slice rest, bool begins_line) {
    if (problem != NULL && !begins_line && strcmp(problem, "did not find expected key") == 0)
        return rest.len > 0 && rest.at[0] == '!' ? TWO_TAGS : "text stands behind a value that has ended: put the whole value in quotes";
    bool start = problem != NULL && (strcmp(problem, "found character that cannot start any token") == 0 ||
                                     strcmp(problem, "did not find expected node content") == 0);
    if (start) {
        for (size_t i = 0; i < COUNT(starts); i++)
            if (rest.len > 0 && rest.at[0] == starts[i].c) return starts[i].words;
        return "a value should stand here: look at the indentation and the brackets, or put the text in quotes";
    }
    for (size_t i = 0; i < COUNT(rows); i++) {
        bool same = rows[i].problem == NULL || (problem != NULL && strcmp(rows[i].problem, problem) == 0);
        bool in = rows[i].context == NULL || (context != NULL && strcmp(rows[i].context, context) == 0);
        if (same && in) return rows[i].words;
    }
    return "this is no YAML: look at the indentation, the quotes and the brackets around here";
}
