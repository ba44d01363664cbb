#include "base/diag.h"

#include <stdarg.h>
#include <stdio.h>

#define MESSAGE_MOST 2048

static void add(diags *d, diag_level level, pos at, const char *format, va_list args) {
    char text[MESSAGE_MOST];
    int len = vsnprintf(text, sizeof text, format, args);
    size_t used = len < 0 ? 0 : (size_t)len < sizeof text ? (size_t)len : sizeof text - 1;
    VEC_PUSH(d->arena, &d->list, (diag){ level, at, arena_copy(d->arena, (slice){ text, used }) });
}

void diag_add(diags *d, pos at, const char *format, ...) {
    va_list args;
    va_start(args, format);
    add(d, DIAG_ERROR, at, format, args);
    va_end(args);
}

void diag_info(diags *d, pos at, const char *format, ...) {
    va_list args;
    va_start(args, format);
    add(d, DIAG_INFO, at, format, args);
    va_end(args);
}
