#ifdef SFLINT_SMOKE

#include "smoke/host/http_library.h"

#include <dlfcn.h>

/* The version of its interface is part of the name: 12 since 0.9.45. */
static const char *const names[] = { "libmicrohttpd.so.12", "libmicrohttpd.12.dylib", "/opt/homebrew/lib/libmicrohttpd.12.dylib", "/usr/local/lib/libmicrohttpd.12.dylib" };

/* A data pointer becomes one to a function only so (POSIX, dlsym). */
static bool find(void *library, const char *name, void *function, size_t size) {
    void *symbol = dlsym(library, name);
    if (symbol == NULL || size != sizeof symbol) return false;
    memcpy(function, &symbol, size);
    return true;
}

bool http_library_load(http_library *out, slice *why) {
    void *library = NULL;
    for (size_t i = 0; i < COUNT(names) && library == NULL; i++) library = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
    bool all = library != NULL;
#define FUNCTION(name) all = all && find(library, "MHD_" #name, &out->name, sizeof out->name);
    HTTP_LIBRARY(FUNCTION)
#undef FUNCTION
    if (!all) *why = library == NULL ? SLICE("libmicrohttpd is not on this machine (on Debian: apt-get install libmicrohttpd12)") : SLICE("libmicrohttpd is older than the one that sflint was built with");
    return all;
}

#endif
