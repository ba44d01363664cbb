/* libmicrohttpd, loaded when a run begins: it brings a dozen libraries along (TLS, which loopback needs not), and a program linked with it would
 * start in three times the time, for every check of a commit hook. Its functions by their names without MHD_. */
#ifndef SFLINT_SMOKE_HOST_HTTP_LIBRARY_H
#define SFLINT_SMOKE_HOST_HTTP_LIBRARY_H

#include <microhttpd.h>

#include "base/slice.h"

#define HTTP_LIBRARY(FUNCTION) \
    FUNCTION(add_connection) FUNCTION(add_response_header) FUNCTION(create_response_from_buffer) FUNCTION(destroy_response) \
    FUNCTION(get_connection_info) FUNCTION(get_connection_values) FUNCTION(get_fdset2) FUNCTION(get_timeout) FUNCTION(is_feature_supported) \
    FUNCTION(lookup_connection_value) FUNCTION(queue_response) FUNCTION(resume_connection) FUNCTION(run) FUNCTION(run_from_select) \
    FUNCTION(start_daemon) FUNCTION(stop_daemon) FUNCTION(suspend_connection)

typedef struct {
#define FUNCTION(name) __typeof__(MHD_##name) *name;
    HTTP_LIBRARY(FUNCTION)
#undef FUNCTION
} http_library;

/* It stays loaded until the process ends. False with *why: it is not on this machine, or is not what it was built against. */
bool http_library_load(http_library *out, slice *why);

#endif
