/* For `make static` with musl on a system of glibc: what its libyaml.a and libpcre2-8.a call where glibc would look at sizes. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void *__memcpy_chk(void *to, const void *from, size_t len, size_t room);
int __sprintf_chk(char *to, int flag, size_t room, const char *format, ...);

void *__memcpy_chk(void *to, const void *from, size_t len, size_t room) {
    if (len > room) abort();
    return memcpy(to, from, len);
}

int __sprintf_chk(char *to, int flag, size_t room, const char *format, ...) {
    va_list args;
    (void)flag;
    va_start(args, format);
    int len = vsnprintf(to, room, format, args);
    va_end(args);
    if (len >= 0 && (size_t)len >= room) abort();
    return len;
}
