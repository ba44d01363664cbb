/* The formats of `check`: one line each. */
#include "report/report.h"

typedef struct {
    slice name;
    void (*write)(buf *out, const report *r);
    bool fingerprints;       /* has a finding's fingerprint in it */
} format;

static const format formats[] = {
    { SLICE_INIT("text"), report_check_text, false },     { SLICE_INIT("json"), report_check_json, true },
    { SLICE_INIT("sarif"), report_check_sarif, true },    { SLICE_INIT("junit"), report_check_junit, false },
    { SLICE_INIT("github"), report_check_github, false }, { SLICE_INIT("gitlab"), report_check_gitlab, true },
    { SLICE_INIT("markdown"), report_check_markdown, false },
};

static const format *format_named(slice name) {
    for (size_t i = 0; i < COUNT(formats); i++)
        if (slice_eq(name, formats[i].name)) return &formats[i];
    return NULL;
}

bool report_check_write(buf *out, const report *r, slice name) {
    const format *f = format_named(name);
    if (f != NULL) f->write(out, r);
    return f != NULL;
}

bool report_check_has_fingerprints(slice name) {
    const format *f = format_named(name);
    return f != NULL && f->fingerprints;
}
