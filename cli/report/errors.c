#include "report/paint.h"
#include "report/report.h"

void report_errors_text(buf *out, const sources *s, const diags *errors, bool color) {
    for (size_t i = 0; i < errors->list.len; i++) {
        const diag *d = &errors->list.at[i];
        bool note = d->level == DIAG_INFO;
        source_place(out, s, d->at, color);
        paint_on(out, color, note ? PAINT_BLUE : PAINT_RED);
        buf_text(out, note ? "note" : "error");
        paint_off(out, color);
        buf_text(out, ": ");
        text_safe(out, d->message);
        buf_char(out, '\n');
    }
}

void report_errors_json(json_out *j, const sources *s, const diags *errors) {
    json_list(j);
    for (size_t i = 0; i < errors->list.len; i++) {
        const diag *d = &errors->list.at[i];
        if (d->level == DIAG_INFO) continue;
        json_object(j);
        source_place_json(j, s, d->at);
        json_key_text(j, "message");
        json_string(j, d->message);
        json_object_end(j);
    }
    json_list_end(j);
}
