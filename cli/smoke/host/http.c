/* The server: ports that are ours, libmicrohttpd for what goes over their connections. A connection is looked at before the library gets it (an
 * HTTP/2 client speaks first); requests wait suspended until they are answered. */
#if defined(__linux__) && !defined(_GNU_SOURCE)
#define _GNU_SOURCE 1   /* accept4 */
#endif
#include "smoke/host/http.h"

#ifdef SFLINT_SMOKE

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>
#include <zlib.h>

#include "base/buf.h"
#include "smoke/host/http_library.h"

#define PREFACE       "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
#define PREFACE_HEAD  4                     /* "PRI " begins no request of HTTP/1.1 that anybody sends */
#define PEEK_AGAIN_US 5000                  /* for the rest of those four bytes */
#define GOODBYE_US    200000                /* for a refused client to read the refusal */
#define PAUSE_US      50000                 /* when the system has no more descriptors */
#define POOL_BYTES    ((size_t)128 * 1024)  /* a connection's: the head of a request must fit */
#define DISCARD_MOST  (4ull * HTTP_MAX_BODY) /* what is read of a body that is too large, so that the client gets to read the 413 */
#define HELD_MOST     ((size_t)512 * 1024 * 1024) /* all bodies together: past it requests are told to come again */
#define RESERVE_MOST  ((size_t)1024 * 1024) /* taken at once on the word of a Content-Length */
#define PORT_MOST     512                   /* connections of one port: a function alone must not use up those of all */
#define ALL_MOST      8000
#define SPARE_FDS     200

/* Not in every system's headers; there SIGPIPE is kept off by the library's own means. */
#ifndef MSG_NOSIGNAL
#define MSG_NOSIGNAL 0
#endif

typedef struct port port;
typedef struct connection connection;
typedef struct request request;

typedef enum { CONNECTION_PEEKED, CONNECTION_SERVED, CONNECTION_LEAVING } connection_stage;

struct connection {
    port *port;
    int fd;
    connection_stage stage;
    request *now;                    /* the request being read or answered */
    loop_timer *timer;               /* of peeking or leaving; NULL */
    connection *before, *after;      /* of the port */
};

struct port {
    http_server *server;
    int fd;                          /* -1: closed */
    unsigned number;
    http_handler fn;
    void (*lost)(void *self, slice method, slice path, bool too_large);
    void *self;
    size_t open;
    bool paused;
    loop_timer *timer;
    connection *first, *last;
    port *next;
};

struct http_server {
    arena *arena;
    loop *loop;
    http_library library;
    struct MHD_Daemon *daemon;
    port *ports;
    connection *spare;               /* used before, linked by `after` */
    VEC(connection *) by_fd;
    size_t open, most;
    size_t held;                     /* bytes of bodies */
};

struct request {
    http_request is;                 /* first: a pointer to it is a pointer to this */
    connection *connection;
    struct MHD_Connection *mhd;
    const http_library *library;
    buf body;
    unsigned long long discarded;
    size_t held;                     /* of the server's */
    bool begun, too_large, crowded, handled, answered, dropped, suspended;
    unsigned status;
    struct MHD_Response *response;
};

/* ---- connections ---- */

static connection *connection_new(port *p, int fd) {
    http_server *s = p->server;
    connection *c = s->spare;
    if (c != NULL) s->spare = c->after;
    else c = ARENA_NEW(s->arena, connection);
    *c = (connection){ .port = p, .fd = fd, .before = p->last };
    if (p->last != NULL) p->last->after = c;
    else p->first = c;
    p->last = c;
    p->open++;
    s->open++;
    while (s->by_fd.len <= (size_t)fd) VEC_PUSH(s->arena, &s->by_fd, NULL);
    s->by_fd.at[fd] = c;
    return c;
}

static void port_resume(void *self);

/* It is ended: its descriptor is closed by whoever calls. Ports that had stopped accepting go on. */
static void connection_over(connection *c) {
    port *p = c->port;
    http_server *s = p->server;
    if (c->before != NULL) c->before->after = c->after;
    else p->first = c->after;
    if (c->after != NULL) c->after->before = c->before;
    else p->last = c->before;
    p->open--;
    s->open--;
    if (s->by_fd.at[c->fd] == c) s->by_fd.at[c->fd] = NULL;
    loop_cancel(s->loop, c->timer);
    loop_forget(s->loop, c->fd);
    c->fd = -1;
    c->after = s->spare;
    s->spare = c;
    for (port *each = s->ports; each != NULL; each = each->next)
        if (each->paused) port_resume(each);
}

static void connection_close(connection *c) {
    int fd = c->fd;
    connection_over(c);
    close(fd);
}

/* ---- an HTTP/2 client ---- */

static void leave_in_time(void *self) { connection_close(self); }

static void leave(void *self, int fd) {
    char sink[4096];
    ssize_t got;
    while ((got = recv(fd, sink, sizeof sink, MSG_DONTWAIT)) > 0) {}
    if (got == 0 || (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR)) connection_close(self);
}

/* RFC 9113: our SETTINGS (6.5), then GOAWAY with HTTP_1_1_REQUIRED (6.8, 7). What the client has sent is read before closing, else the
 * system would reset the connection and the client might not get to read this. */
static void refuse_http2(connection *c) {
    static const char goodbye[] = "\0\0\0\4\0\0\0\0\0" "\0\0\10\7\0\0\0\0\0" "\0\0\0\0" "\0\0\0\15";
    port *p = c->port;
    http_server *s = p->server;
    loop_forget(s->loop, c->fd);
    request r = { .is = { .arena = arena_make(0, NULL), .preface = true }, .answered = true };
    p->fn(p->self, &r.is);
    arena_free(r.is.arena);
    if (c->fd < 0) return;           /* the handler has closed the port */
    ssize_t sent = send(c->fd, goodbye, sizeof goodbye - 1, MSG_NOSIGNAL);
    (void)sent;
    shutdown(c->fd, SHUT_WR);
    c->stage = CONNECTION_LEAVING;
    loop_cancel(s->loop, c->timer);
    c->timer = loop_after(s->loop, GOODBYE_US, leave_in_time, c);
    loop_watch(s->loop, c->fd, leave, c);
}

/* ---- before the library gets it ---- */

static void peek(connection *c);
static void peek_again(void *self) { peek(self); }
static void peek_ready(void *self, int fd) {
    (void)fd;
    peek(self);
}

static void serve(connection *c) {
    http_server *s = c->port->server;
    loop_forget(s->loop, c->fd);
    loop_cancel(s->loop, c->timer);
    c->stage = CONNECTION_SERVED;
    struct sockaddr_in from = { .sin_family = AF_INET };
    int fd = c->fd;
    /* A refusal closes the descriptor; whether it told us depends on how far it came. */
    if (s->library.add_connection(s->daemon, fd, (struct sockaddr *)&from, (socklen_t)sizeof from) != MHD_YES && s->by_fd.at[fd] == c) connection_over(c);
}

static void peek(connection *c) {
    char head[sizeof PREFACE - 1];
    loop *l = c->port->server->loop;
    ssize_t got = recv(c->fd, head, sizeof head, MSG_PEEK | MSG_DONTWAIT);
    if (got == 0) {
        connection_close(c);
        return;
    }
    if (got < 0) {
        if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR) loop_watch(l, c->fd, peek_ready, c);
        else connection_close(c);
        return;
    }
    size_t len = (size_t)got < PREFACE_HEAD ? (size_t)got : PREFACE_HEAD;
    if (memcmp(head, PREFACE, len) != 0) {
        serve(c);
    } else if (len == PREFACE_HEAD) {
        refuse_http2(c);
    } else {        /* "P", "PR": they stay unread, so that waiting for more to read would not wait */
        loop_forget(l, c->fd);
        if (c->timer == NULL) c->timer = loop_after(l, PEEK_AGAIN_US, peek_again, c);
        else loop_again(l, c->timer, PEEK_AGAIN_US);
    }
}

/* ---- ports ---- */

static void port_ready(void *self, int fd);

static void port_resume(void *self) {
    port *p = self;
    p->paused = false;
    if (p->fd >= 0) loop_watch(p->server->loop, p->fd, port_ready, p);
}

static void port_pause(port *p, bool timed) {
    loop_forget(p->server->loop, p->fd);
    p->paused = true;
    if (!timed) return;
    if (p->timer == NULL) p->timer = loop_after(p->server->loop, PAUSE_US, port_resume, p);
    else loop_again(p->server->loop, p->timer, PAUSE_US);
}

/* All are taken: the oldest that nobody uses makes room. */
static void evict(http_server *s) {
    for (port *p = s->ports; p != NULL; p = p->next)
        for (connection *c = p->first; c != NULL; c = c->after) {
            if (c->now != NULL || c->stage == CONNECTION_LEAVING) continue;
            if (c->stage == CONNECTION_PEEKED) connection_close(c);
            else shutdown(c->fd, SHUT_RDWR);
            return;
        }
}

static int accept_one(int fd) {
#ifdef __linux__
    return accept4(fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
#else
    int one = accept(fd, NULL, NULL);
    if (one >= 0 && (fcntl(one, F_SETFL, O_NONBLOCK) != 0 || fcntl(one, F_SETFD, FD_CLOEXEC) != 0)) {
        close(one);
        errno = ECONNABORTED;
        return -1;
    }
    return one;
#endif
}

static void port_ready(void *self, int fd) {
    port *p = self;
    http_server *s = p->server;
    for (unsigned i = 0; i < 64 && p->fd == fd; i++) {
        if (s->open >= s->most) evict(s);
        if (s->open >= s->most || p->open >= PORT_MOST) {
            port_pause(p, true);
            return;
        }
        int one = accept_one(fd);
        if (one < 0) {
            if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) port_pause(p, true);
            return;
        }
        peek(connection_new(p, one));
    }
}

unsigned http_listen(http_server *s, http_handler fn, void *self) {
    struct sockaddr_in at = { .sin_family = AF_INET };
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t len = sizeof at;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0) return 0;
    if (fcntl(fd, F_SETFD, FD_CLOEXEC) != 0 || fcntl(fd, F_SETFL, O_NONBLOCK) != 0 || bind(fd, (struct sockaddr *)&at, len) != 0 || listen(fd, 256) != 0 ||
        getsockname(fd, (struct sockaddr *)&at, &len) != 0) {
        close(fd);
        return 0;
    }
    port *p = ARENA_NEW(s->arena, port);
    *p = (port){ .server = s, .fd = fd, .number = ntohs(at.sin_port), .fn = fn, .self = self, .next = s->ports };
    s->ports = p;
    loop_watch(s->loop, fd, port_ready, p);
    return p->number;
}

static port *port_of(http_server *s, unsigned number) {
    for (port *p = s->ports; p != NULL; p = p->next)
        if (p->number == number && p->fd >= 0) return p;
    return NULL;
}

void http_on_lost(http_server *s, unsigned number, void (*fn)(void *self, slice method, slice path, bool too_large)) {
    port *p = port_of(s, number);
    if (p != NULL) p->lost = fn;
}

static void port_close(port *p) {
    loop_forget(p->server->loop, p->fd);
    loop_cancel(p->server->loop, p->timer);
    close(p->fd);
    p->fd = -1;
    p->lost = NULL;
    p->paused = false;
    for (connection *c = p->first, *after; c != NULL; c = after) {
        after = c->after;
        if (c->stage != CONNECTION_SERVED) connection_close(c);
        else if (c->now != NULL && c->now->suspended) http_drop(&c->now->is);
        else shutdown(c->fd, SHUT_RDWR);    /* the library sees its end and closes it */
    }
}

/* Closed ports stay in the list until their last connection is gone, then they are taken out: a function has a new one with each process. */
static void sweep(http_server *s) {
    for (port **at = &s->ports; *at != NULL;)
        if ((*at)->fd < 0 && (*at)->open == 0) *at = (*at)->next;
        else at = &(*at)->next;
}

void http_close_port(http_server *s, unsigned number) {
    sweep(s);
    port *p = port_of(s, number);
    if (p != NULL) port_close(p);
}

/* ---- requests ---- */

static request *request_of(const http_request *r) { return (request *)(uintptr_t)r; }

/* The path and query as sent; a proxy's form (http://host/path) loses what stands before the path. */
static void *request_begin(void *self, const char *uri, struct MHD_Connection *mhd) {
    http_server *s = self;
    const union MHD_ConnectionInfo *info = s->library.get_connection_info(mhd, MHD_CONNECTION_INFO_CONNECTION_FD);
    connection *c = info != NULL && info->connect_fd >= 0 && (size_t)info->connect_fd < s->by_fd.len ? s->by_fd.at[info->connect_fd] : NULL;
    if (c == NULL) return NULL;
    arena *a = arena_make(0, NULL);
    request *r = ARENA_NEW(a, request);
    *r = (request){ .is = { .arena = a }, .connection = c, .mhd = mhd, .library = &s->library, .body = { .arena = a } };
    slice target = arena_copy(a, slice_from(uri));
    if (target.len > 0 && target.at[0] != '/') {
        size_t scheme = slice_find_slice(target, SLICE("://"));
        if (scheme != (size_t)-1) {
            target = slice_after(target, scheme + 3);
            target = slice_after(target, slice_find(target, '/'));
        }
    }
    size_t question = slice_find(target, '?');
    r->is.path = slice_from_to(target, 0, question);
    r->is.query = question < target.len ? slice_after(target, question + 1) : SLICE("");
    c->now = r;
    return r;
}

/* Takes room for more of a body; false when the clients together hold too much. */
static bool hold(request *r, size_t bytes) {
    http_server *s = r->connection->port->server;
    if (bytes > HELD_MOST - s->held) {
        r->crowded = true;
        return false;
    }
    s->held += bytes;
    r->held += bytes;
    return true;
}

static slice value_of(const request *r, enum MHD_ValueKind kind, const char *name) {
    const char *value = r->mhd == NULL ? NULL : r->library->lookup_connection_value(r->mhd, kind, name);
    return value == NULL ? SLICE("") : slice_from(value);
}

slice http_header(const http_request *r, const char *name) { return value_of(request_of(r), MHD_HEADER_KIND, name); }

slice http_trailer(const http_request *r, const char *name) { return value_of(request_of(r), MHD_FOOTER_KIND, name); }

typedef struct { void (*fn)(void *self, slice name, slice value); void *self; } each;

static enum MHD_Result each_value(void *self, enum MHD_ValueKind kind, const char *name, const char *value) {
    (void)kind;
    each *e = self;
    e->fn(e->self, slice_from(name), value == NULL ? SLICE("") : slice_from(value));
    return MHD_YES;
}

void http_each_header(const http_request *r, void (*fn)(void *self, slice name, slice value), void *self) {
    each e = { fn, self };
    if (request_of(r)->mhd != NULL) request_of(r)->library->get_connection_values(request_of(r)->mhd, MHD_HEADER_KIND, each_value, &e);
}

/* False when what comes out is larger than the limit. What can't be inflated stays as it is: it is the handler's to say so. */
static bool inflate_body(request *r) {
    z_stream z = { 0 };
    if (r->is.body.len == 0 || inflateInit2(&z, 16 + MAX_WBITS) != Z_OK) return true;
    buf out = { .arena = r->is.arena };
    slice rest = r->is.body;
    int status = Z_OK;
    while (status == Z_OK && out.bytes.len <= HTTP_MAX_BODY) {
        char piece[16384];
        z.next_in = (unsigned char *)(uintptr_t)rest.at;
        z.avail_in = (unsigned)rest.len;         /* at most HTTP_MAX_BODY */
        z.next_out = (unsigned char *)piece;
        z.avail_out = sizeof piece;
        status = inflate(&z, Z_NO_FLUSH);
        if (!hold(r, sizeof piece)) break;
        buf_slice(&out, (slice){ piece, sizeof piece - z.avail_out });
        rest = slice_after(rest, rest.len - z.avail_in);
        if (status == Z_STREAM_END && rest.len > 0 && inflateReset(&z) == Z_OK) status = Z_OK;     /* members may follow each other */
    }
    inflateEnd(&z);
    if (out.bytes.len > HTTP_MAX_BODY) return false;
    if (status == Z_STREAM_END) r->is.body = buf_as_slice(&out);
    return true;
}

static void add_header(request *r, slice name, slice value) {
    static const char *const ours[] = { "Content-Length", "Transfer-Encoding", "Date" };
    for (size_t i = 0; i < COUNT(ours); i++)
        if (slice_same_letters(name, slice_from(ours[i]))) return;
    /* A value that holds a line's end is refused by the library, and left out. */
    (void)r->library->add_response_header(r->response, arena_copy(r->is.arena, name).at, arena_copy(r->is.arena, value).at);
}

static void resume(request *r) {
    if (!r->suspended) return;
    r->suspended = false;
    loop_forget(r->connection->port->server->loop, r->connection->fd);
    r->library->resume_connection(r->mhd);
}

void http_answer(http_request *of, unsigned status, const http_pair *headers, size_t headers_len, slice body) {
    request *r = request_of(of);
    if (r->answered) return;
    r->answered = true;
    r->status = status >= 200 && status <= 999 ? status : 500;
    slice kept = arena_copy(of->arena, body);
    r->response = r->library->create_response_from_buffer(kept.len, (void *)(uintptr_t)kept.at, MHD_RESPMEM_PERSISTENT);
    if (r->response == NULL) r->dropped = true;
    for (size_t i = 0; i < headers_len && r->response != NULL; i++) add_header(r, headers[i].name, headers[i].value);
    resume(r);
}

void http_drop(http_request *of) {
    request *r = request_of(of);
    if (r->answered) return;
    r->answered = r->dropped = true;
    resume(r);
}

static enum MHD_Result send_answer(request *r) {
    if (r->dropped || r->response == NULL) return MHD_NO;
    enum MHD_Result queued = r->library->queue_response(r->mhd, r->status, r->response);
    r->library->destroy_response(r->response);
    r->response = NULL;
    return queued;
}

static void refuse_body(request *r) {
    static const http_pair json[] = { { SLICE_INIT("Content-Type"), SLICE_INIT("application/json") } };
    static const char large[] = "{\"errorMessage\":\"The body is larger than 67108864 bytes.\",\"errorType\":\"RequestEntityTooLarge\"}";
    static const char crowded[] = "{\"errorMessage\":\"Too many large bodies at once.\",\"errorType\":\"ServiceUnavailable\"}";
    port *p = r->connection->port;
    r->handled = true;
    if (p->lost != NULL && !r->crowded) p->lost(p->self, r->is.method, r->is.path, true);
    http_answer(&r->is, r->crowded ? 503 : 413, json, 1, slice_from(r->crowded ? crowded : large));
}

static void client_left(void *self, int fd) {
    request *r = self;
    r->is.client_gone = true;
    loop_forget(r->connection->port->server->loop, fd);
}

/* The request is whole. */
static enum MHD_Result handle(request *r) {
    port *p = r->connection->port;
    r->is.body = r->is.sent = buf_as_slice(&r->body);
    if (!r->too_large && !r->crowded && slice_same_letters(http_header(&r->is, "Content-Encoding"), SLICE("gzip"))) r->too_large = !inflate_body(r);
    if (r->too_large || r->crowded) {
        refuse_body(r);
    } else {
        r->handled = true;
        if (p->fd < 0) http_drop(&r->is);
        else p->fn(p->self, &r->is);
    }
    if (!r->answered && p->fd < 0) http_drop(&r->is);     /* the handler has closed the port */
    if (r->answered) return send_answer(r);
    r->library->suspend_connection(r->mhd);
    r->suspended = true;
    loop_watch_hangup(p->server->loop, r->connection->fd, client_left, r);
    return MHD_YES;
}

/* The library calls: once with the head, then with pieces of the body, then with none, and again after the request was resumed. */
static enum MHD_Result on_request(void *self, struct MHD_Connection *mhd, const char *url, const char *method, const char *version, const char *data,
                                  size_t *data_len, void **state) {
    (void)self;
    (void)mhd;
    (void)url;
    (void)version;
    request *r = *state;
    if (r == NULL) return MHD_NO;
    if (!r->begun) {
        r->begun = true;
        r->is.method = arena_copy(r->is.arena, slice_from(method));
        long long length = 0;
        if (!slice_int(http_header(&r->is, "Content-Length"), &length) || length <= 0) return MHD_YES;
        r->too_large = length > (long long)HTTP_MAX_BODY;
        if (r->too_large && http_header(&r->is, "Expect").len > 0) {
            refuse_body(r);
            return send_answer(r);
        }
        if (!r->too_large) buf_reserve(&r->body, (size_t)length < RESERVE_MOST ? (size_t)length : RESERVE_MOST);
        return MHD_YES;
    }
    if (*data_len > 0) {
        size_t len = *data_len;
        *data_len = 0;
        if (!r->too_large && len > HTTP_MAX_BODY - r->body.bytes.len) r->too_large = true;
        if (!r->too_large && !r->crowded && hold(r, len)) buf_slice(&r->body, (slice){ data, len });
        else r->discarded += len;
        return r->discarded > DISCARD_MOST ? MHD_NO : MHD_YES;
    }
    return r->handled ? send_answer(r) : handle(r);
}

static void request_over(void *self, struct MHD_Connection *mhd, void **state, enum MHD_RequestTerminationCode why) {
    (void)self;
    (void)mhd;
    (void)why;
    request *r = *state;
    if (r == NULL) return;
    *state = NULL;
    connection *c = r->connection;
    c->port->server->held -= r->held;
    if (c->now == r) c->now = NULL;
    if (r->suspended) loop_forget(c->port->server->loop, c->fd);
    if (r->begun && !r->handled && c->port->lost != NULL) c->port->lost(c->port->self, r->is.method, r->is.path, r->too_large);
    if (r->response != NULL) r->library->destroy_response(r->response);
    arena_free(r->is.arena);
}

static void on_connection(void *self, struct MHD_Connection *mhd, void **state, enum MHD_ConnectionNotificationCode what) {
    http_server *s = self;
    if (what == MHD_CONNECTION_NOTIFY_STARTED) {
        const union MHD_ConnectionInfo *info = s->library.get_connection_info(mhd, MHD_CONNECTION_INFO_CONNECTION_FD);
        *state = info != NULL && (size_t)info->connect_fd < s->by_fd.len ? s->by_fd.at[info->connect_fd] : NULL;
    } else if (*state != NULL) {
        connection_over(*state);
        *state = NULL;
    }
}

/* Paths are handed on as they were sent. */
static size_t as_sent(void *self, struct MHD_Connection *mhd, char *text) {
    (void)self;
    (void)mhd;
    return strlen(text);
}

/* ---- the daemon in the loop ---- */

static void before_wait(void *self, void *at) {
    http_server *s = self;
    loop_sets *sets = at;
    MHD_socket max = sets->max;
    (void)s->library.get_fdset2(s->daemon, &sets->read, &sets->write, &sets->except, &max, FD_SETSIZE);
    if (max > sets->max) sets->max = max;
    MHD_UNSIGNED_LONG_LONG ms;
    if (s->library.get_timeout(s->daemon, &ms) != MHD_YES) return;
    int64_t us = ms > 60000 ? 60000000 : (int64_t)ms * 1000;
    if (sets->wait_us < 0 || us < sets->wait_us) sets->wait_us = us;
}

static void after_wait(void *self, void *at) {
    http_server *s = self;
    loop_sets *sets = at;
    (void)s->library.run_from_select(s->daemon, &sets->read, &sets->write, &sets->except);
}

/* As many descriptors as this process may have: each client of each function holds one. */
static size_t connections_most(const http_library *library) {
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) != 0) return 256;
    if (files.rlim_cur < files.rlim_max) {
        struct rlimit more = files;
        more.rlim_cur = files.rlim_max == RLIM_INFINITY || files.rlim_max > ALL_MOST + SPARE_FDS ? ALL_MOST + SPARE_FDS : files.rlim_max;
        if (more.rlim_cur > files.rlim_cur && setrlimit(RLIMIT_NOFILE, &more) == 0) files = more;
    }
    size_t most = files.rlim_cur == RLIM_INFINITY || files.rlim_cur > ALL_MOST + SPARE_FDS ? ALL_MOST : (size_t)files.rlim_cur;
    if (library->is_feature_supported(MHD_FEATURE_EPOLL) != MHD_YES && most > FD_SETSIZE) most = FD_SETSIZE;
    return most > 2 * SPARE_FDS ? most - SPARE_FDS : most / 2;
}

http_server *http_start(arena *a, loop *l, slice *why) {
    http_server *s = ARENA_NEW(a, http_server);
    s->arena = a;
    s->loop = l;
    if (!http_library_load(&s->library, why)) return NULL;
    s->most = connections_most(&s->library);
    s->daemon = s->library.start_daemon(MHD_USE_NO_LISTEN_SOCKET | MHD_USE_AUTO | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, on_request, s,
                                 MHD_OPTION_URI_LOG_CALLBACK, request_begin, s, MHD_OPTION_NOTIFY_COMPLETED, request_over, s,
                                 MHD_OPTION_NOTIFY_CONNECTION, on_connection, s, MHD_OPTION_UNESCAPE_CALLBACK, as_sent, NULL,
                                 MHD_OPTION_CONNECTION_LIMIT, (unsigned)(s->most + 16), MHD_OPTION_CONNECTION_MEMORY_LIMIT, POOL_BYTES, MHD_OPTION_END);
    if (s->daemon == NULL) {
        *why = SLICE("the HTTP server could not be started: libmicrohttpd refused");
        return NULL;
    }
    loop_hook(l, before_wait, after_wait, s);
    unsigned probe = http_listen(s, NULL, NULL);
    if (probe == 0) {
        *why = SLICE("no port of 127.0.0.1 can be had");
        http_stop(s);
        return NULL;
    }
    http_close_port(s, probe);
    return s;
}

/* The library wants no suspended connection when it stops: they are dropped, and it runs once more. */
void http_stop(http_server *s) {
    if (s == NULL) return;
    loop_hook(s->loop, NULL, NULL, s);
    for (port *p = s->ports; p != NULL; p = p->next)
        if (p->fd >= 0) port_close(p);
    s->library.run(s->daemon);
    s->library.stop_daemon(s->daemon);
}

#else

/* Nothing else of this file can be reached without a server. */
http_server *http_start(arena *a, loop *l, slice *why) {
    (void)a;
    (void)l;
    *why = SLICE("this sflint was built without libmicrohttpd, so it cannot run functions: build it where libmicrohttpd and zlib are installed");
    return NULL;
}

unsigned http_listen(http_server *s, http_handler fn, void *self) {
    (void)s;
    (void)fn;
    (void)self;
    return 0;
}

void http_on_lost(http_server *s, unsigned port, void (*fn)(void *self, slice method, slice path, bool too_large)) {
    (void)s;
    (void)port;
    (void)fn;
}

void http_close_port(http_server *s, unsigned port) {
    (void)s;
    (void)port;
}

void http_stop(http_server *s) { (void)s; }

slice http_header(const http_request *r, const char *name) {
    (void)r;
    (void)name;
    return SLICE("");
}

slice http_trailer(const http_request *r, const char *name) { return http_header(r, name); }

void http_each_header(const http_request *r, void (*fn)(void *self, slice name, slice value), void *self) {
    (void)r;
    (void)fn;
    (void)self;
}

void http_answer(http_request *r, unsigned status, const http_pair *headers, size_t headers_len, slice body) {
    (void)r;
    (void)status;
    (void)headers;
    (void)headers_len;
    (void)body;
}

void http_drop(http_request *r) { (void)r; }

#endif
