/* HTTP/1.1 on loopback with libmicrohttpd: requests are handed over whole, answers may come later. One thread (host/loop.h).
 * Bodies are limited (HTTP_MAX_BODY); past it the request is answered with 413 without a handler. "Expect: 100-continue" and chunked
 * bodies are the library's. */
#ifndef SFLINT_SMOKE_HOST_HTTP_H
#define SFLINT_SMOKE_HOST_HTTP_H

#include "base/arena.h"
#include "smoke/host/loop.h"

#define HTTP_MAX_BODY (64u * 1024 * 1024)

typedef struct http_server http_server;
typedef struct http_request http_request;
typedef void (*http_handler)(void *self, http_request *r);

struct http_request {
    arena *arena;                /* of this request: freed after the answer was sent */
    slice method, path, query;   /* path and query as sent: still percent-encoded; the query without `?` */
    slice body;                  /* a body with "Content-Encoding: gzip" is inflated where it can be */
    slice sent;                  /* the body's bytes as they came: differs from `body` only when that was inflated (an S3 object is kept as sent) */
    bool client_gone;            /* nobody waits for the answer any more, as far as can be seen (who closes only its own half looks the same) */
    bool preface;                /* the bytes were an HTTP/2 preface (PRI * HTTP/2.0): nothing else is set; it needs no answer (GOAWAY is sent) */
    void *state;                 /* of the handler */
};

/* NULL with *why when no port of 127.0.0.1 can be had, or sflint was built without libmicrohttpd. */
http_server *http_start(arena *a, loop *l, slice *why);
/* Another port on 127.0.0.1 with a handler of its own; 0 when none can be had. Any number (one a function). */
unsigned http_listen(http_server *s, http_handler fn, void *self);
/* Requests of the port that never reach its handler: cut off halfway, or past the limit (answered with 413). `self` is the handler's. */
void http_on_lost(http_server *s, unsigned port, void (*fn)(void *self, slice method, slice path, bool too_large));
/* Breaks all connections of the port; requests that wait for their answer are dropped and must not be answered any more. */
void http_close_port(http_server *s, unsigned port);
void http_stop(http_server *s);

/* Header by name, case aside; "" when absent. Of several, the first. */
slice http_header(const http_request *r, const char *name);
/* The same of the trailers behind a chunked body. */
slice http_trailer(const http_request *r, const char *name);
void http_each_header(const http_request *r, void (*fn)(void *self, slice name, slice value), void *self);
/* A parameter of the query, percent-decoded; false when absent. */
bool http_query(const http_request *r, const char *name, slice *out);
/* Percent-decoding ('+' stays, or is a blank with `form`). */
slice http_decode(arena *a, slice text, bool form);
slice http_encode(arena *a, slice text, bool keep_slashes);

typedef struct { slice name, value; } http_pair;
/* Answers; once for each request, from the handler or later. Bodies are copied. HEAD sends no body but its length. Content-Length, Transfer-Encoding
 * and Date are made here. */
void http_answer(http_request *r, unsigned status, const http_pair *headers, size_t headers_len, slice body);
/* Breaks the connection without an answer. */
void http_drop(http_request *r);

#endif
