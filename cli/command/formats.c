#include "command/formats.h"

#include "base/strmap.h"

static bool is_format(const invocation *in, slice name) {
    slice words = slice_from(in->command->formats), word;
    while (slice_cut(&words, ' ', &word))
        if (slice_eq(word, name)) return true;
    return false;
}

/* FORMAT=FILE */
static bool take_one(const invocation *in, slice text, destination *out) {
    size_t equals = slice_find(text, '=');
    slice format = slice_from_to(text, 0, equals), formats = slice_from(in->command->formats);
    if (equals == text.len || equals + 1 == text.len) {
        command_usage(in, "--output takes FORMAT=FILE, as sarif=sflint.sarif, not %.*s", SLICE_ARG(text));
        return false;
    }
    if (!is_format(in, format)) {
        slice near = nearest_word(format, formats);
        if (near.len > 0) command_usage(in, "--output: there is no format %.*s; did you mean %.*s?", SLICE_ARG(format), SLICE_ARG(near));
        else command_usage(in, "--output: there is no format %.*s; it is one of: %.*s", SLICE_ARG(format), SLICE_ARG(words_listed(in->arena, formats)));
        return false;
    }
    slice file = slice_after(text, equals + 1);
    *out = (destination){ format, slice_is(file, "-") ? NULL : file.at };
    return true;
}

bool formats_take(const invocation *in, destinations *all) {
    strmap files = { 0 };
    bool standard = invocation_has(in, OPTION_FORMAT);
    for (size_t i = 0; i < in->given[OPTION_OUTPUT].len; i++) {
        destination d;
        if (!take_one(in, slice_from(in->given[OPTION_OUTPUT].at[i]), &d)) return false;
        if (d.file == NULL && standard) {
            command_usage(in, "--output %s: standard output has a format already; write one of them to a file", in->given[OPTION_OUTPUT].at[i]);
            return false;
        }
        if (d.file == NULL) standard = true;
        else if (strmap_put(in->arena, &files, slice_from(d.file), all) != NULL) {
            command_usage(in, "--output: two formats go to %s; give each a file of its own", d.file);
            return false;
        }
        VEC_PUSH(in->arena, all, d);
    }
    if (!standard || invocation_has(in, OPTION_FORMAT)) VEC_PUSH(in->arena, all, (destination){ invocation_format(in), NULL });
    return true;
}

bool formats_need_fingerprints(const destinations *all) {
    for (size_t i = 0; i < all->len; i++)
        if (report_check_has_fingerprints(all->at[i].format)) return true;
    return false;
}

bool formats_write(const invocation *in, const destinations *all, const report *r) {
    bool good = true;
    for (size_t i = 0; i < all->len; i++) {
        const destination *d = &all->at[i];
        report one = *r;
        buf out = { .arena = in->arena };
        one.color = r->color && d->file == NULL;
        /* People have read the errors already; there is nothing more to say to them. */
        if (one.files > 0 || !slice_is(d->format, "text")) report_check_write(&out, &one, d->format);
        if (d->file == NULL) good = output_write(buf_as_slice(&out)) && good;
        else good = output_file(in, d->file, buf_as_slice(&out)) && good;
    }
    return good;
}
