/* From bytes to UTF-8 text, and from bytes to places in it. Private to doc/. */
#ifndef SFLINT_DOC_TEXT_H
#define SFLINT_DOC_TEXT_H

#include "base/diag.h"

/* As diag_add; nothing when d is NULL. */
#define DOC_SAY(d, at, ...) do { if ((d) != NULL) diag_add((d), (at), __VA_ARGS__); } while (0)

/* Takes the byte order mark off and turns UTF-16 into UTF-8 (in the arena). False after a line in d: too large, broken UTF-16. */
bool text_open(arena *a, slice raw, uint32_t file, diags *d, slice *out);

/* Is every byte something that may stand in a YAML file? False after a line in d at the byte. *ascii: nothing above 0x7F. */
bool text_is_yaml(slice text, uint32_t file, diags *d, bool *ascii);

/* Moves `at` over the bytes: lines end with LF, CR LF or CR, columns count code points. `end` is the end of the whole text. */
void text_walk(pos *at, const char *from, const char *to, const char *end);

static inline bool text_is_blank(char c) { return c == ' ' || c == '\t'; }
static inline bool text_is_break(char c) { return c == '\n' || c == '\r'; }

/* A piece of input fit for a message: cut after `SHOWN_MOST` bytes, control characters as `?`. */
#define SHOWN_MOST 80
typedef struct { char text[SHOWN_MOST + 8]; } shown;
shown text_shown(slice s);

#endif
