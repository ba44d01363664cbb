/* The text behind a place: file name, source line, caret. */
#ifndef SFLINT_REPORT_SOURCE_H
#define SFLINT_REPORT_SOURCE_H

#include "base/buf.h"
#include "base/pos.h"
#include "template/template.h"

typedef struct sources sources;

/* The files of a run and the texts of its templates; borrowed. */
sources *sources_new(arena *a, const templates *set);

/* The text of a file that is no template (a configuration); borrowed. */
void sources_add(sources *s, uint32_t file, slice text);

size_t source_files(const sources *s);
slice source_path(const sources *s, uint32_t file);

/* The line without its end; false when the text is not there (the file was not read, UTF-16). */
bool source_line(sources *s, pos at, slice *line);

/* "path:line:column: "; a place in a file as a whole is written as 1:1. */
void source_place(buf *out, const sources *s, pos at, bool color);

/* "file", "line" and "column" of an object. */
void source_place_json(json_out *j, const sources *s, pos at);

/* Two lines: the source line behind its number, and carets under at .. end (to the end of the line where end is on another). Tabs are
 * widened, wide characters take two columns, a long line is cut around the place. Nothing when there is no text. */
void source_show(buf *out, sources *s, pos at, pos end, bool color);

#endif
