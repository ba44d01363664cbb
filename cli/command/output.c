/* The one place that writes: to standard output, standard error, and files. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

#include "command/command.h"

bool output_write(slice bytes) {
    if (bytes.len == 0 || fwrite(bytes.at, 1, bytes.len, stdout) == bytes.len) return true;
    fprintf(stderr, "sflint: cannot write to standard output: %s\n", strerror(errno));
    return false;
}

void output_error(slice bytes) {
    if (bytes.len > 0) (void)fwrite(bytes.at, 1, bytes.len, stderr);
}

bool output_file(const invocation *in, const char *path, slice bytes) {
    FILE *file = fopen(path, "wb");
    bool good = file != NULL && (bytes.len == 0 || fwrite(bytes.at, 1, bytes.len, file) == bytes.len);
    int error = errno;
    if (file != NULL && fclose(file) != 0 && good) {
        error = errno;
        good = false;
    }
    if (!good) command_usage(in, "cannot write %s: %s", path, strerror(error));
    return good;
}

int output_end(int status) {
    bool failed = ferror(stdout) != 0;
    if (!failed && fflush(stdout) != 0) {
        fprintf(stderr, "sflint: cannot write to standard output: %s\n", strerror(errno));
        failed = true;
    }
    return failed ? STATUS_BAD : status;
}

int command_usage(const invocation *in, const char *format, ...) {
    va_list args;
    if (in->command != NULL) fprintf(stderr, "sflint %s: ", in->command->name);
    else fputs("sflint: ", stderr);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
    return STATUS_BAD;
}

int command_later(slice word) {
    fprintf(stderr, "sflint %.*s is not in this version\n", SLICE_ARG(word));
    return STATUS_BAD;
}
