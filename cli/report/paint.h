/* Text for a terminal: colours, and bytes of the input that must not reach it as they are. */
#ifndef SFLINT_REPORT_PAINT_H
#define SFLINT_REPORT_PAINT_H

#include <stdint.h>

#include "base/buf.h"

typedef enum { PAINT_BOLD, PAINT_DIM, PAINT_RED, PAINT_YELLOW, PAINT_CYAN, PAINT_BLUE, PAINT_GREEN, PAINT_COUNT } paint;

/* Colour on and off; nothing when color is false. */
void paint_on(buf *out, bool color, paint p);
void paint_off(buf *out, bool color);
void paint_text(buf *out, bool color, paint p, slice text);

/* Text of the input on one line: control characters and bytes that are no UTF-8 become U+FFFD, white space one blank. (An escape
 * sequence in a template must not be able to drive a terminal.) */
void text_safe(buf *out, slice text);

/* Columns that a character takes on a terminal: 0 (combining), 1, 2 (wide). */
unsigned char_columns(uint32_t code_point);
/* Columns of text as text_safe writes it. */
size_t text_columns(slice text);

/* Blanks up to `to` columns when the text before takes `columns`. At least one when `gap` is set. */
void text_pad(buf *out, size_t columns, size_t to, bool gap);

/* Breaks text into lines of at most `width` columns between words; every line begins with `indent` blanks. Lines of the text that begin with
 * a blank (examples in prose) are left as they are. */
void text_wrap(buf *out, slice text, size_t indent, size_t width);

#endif
