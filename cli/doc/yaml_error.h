/* libyaml's problems in the user's words. Private to doc/. */
#ifndef SFLINT_DOC_YAML_ERROR_H
#define SFLINT_DOC_YAML_ERROR_H

#include "base/slice.h"

/* One sentence for a problem at which the parser stopped.
 *   problem   yaml_parser_t.problem; may be NULL
 *   context   yaml_parser_t.context, or NULL
 *   rest      the text from the problem's place on
 *   begins_line   nothing but white space stands before it on its line */
const char *yaml_error_words(const char *problem, const char *context, slice rest, bool begins_line);

/* Did the parser stop at a tab where it wanted spaces? */
bool yaml_error_is_tab(const char *problem, slice rest);

#endif
