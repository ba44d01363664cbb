/* The server as a client on a raw socket sees it. Client and server are one thread: the test steps the loop until the answer is there. */
#include "smoke/host/http.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"

#ifndef SFLINT_SMOKE

int main(void) {
    printf("http: this build has no libmicrohttpd\n1..1\nok 1 - skipped\n");
    return 0;
}

#else

#include <zlib.h>

typedef struct {
    arena *arena;
    loop *loop;
    http_server *server;
    unsigned port;
    buf seen;                    /* what the handler was given */
    http_request *held;
    unsigned handled, lost, lost_large, gone;
    size_t body_len;
} bench;

/* Answers with what came; a path that begins with /hold waits. */
static void answer(http_request *r) {
    static const http_pair headers[] = { { SLICE_INIT("X-Seen"), SLICE_INIT("yes") },
                                         { SLICE_INIT("Content-Length"), SLICE_INIT("1") },      /* ours: left out */
                                         { SLICE_INIT("X-Bad"), SLICE_INIT("a\r\nX-Injected: b") } };
    slice text = arena_printf(r->arena, "%.*s %.*s ?%.*s [%.*s]", SLICE_ARG(r->method), SLICE_ARG(r->path), SLICE_ARG(r->query), r->body.len > 100 ? 4 : (int)r->body.len,
                              r->body.len > 0 ? r->body.at : "");
    http_answer(r, 200, headers, COUNT(headers), text);
}

static void on_request(void *self, http_request *r) {
    bench *b = self;
    if (r->preface) {
        b->handled += 100;
        return;
    }
    b->handled++;
    b->body_len = r->body.len;
    if (slice_starts(r->path, SLICE("/hold"))) b->held = r;
    else if (slice_is(r->path, "/drop")) http_drop(r);
    else answer(r);
}

static void on_lost(void *self, slice method, slice path, bool too_large) {
    bench *b = self;
    (void)method;
    (void)path;
    if (too_large) b->lost_large++;
    else b->lost++;
}

static int begin(void **state) {
    arena *a = arena_make(0, NULL);
    bench *b = ARENA_NEW(a, bench);
    b->arena = a;
    b->loop = loop_new(a);
    slice why;
    b->server = http_start(a, b->loop, &why);
    if (b->server == NULL) return -1;
    b->port = http_listen(b->server, on_request, b);
    http_on_lost(b->server, b->port, on_lost);
    *state = b;
    return b->port == 0 ? -1 : 0;
}

static int end(void **state) {
    bench *b = *state;
    http_stop(b->server);
    loop_end(b->loop);
    arena_free(b->arena);
    return 0;
}

static int dial(unsigned port) {
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof to) != 0) {
        if (fd >= 0) close(fd);
        return -1;
    }
    fcntl(fd, F_SETFL, O_NONBLOCK);
    return fd;
}

static void steps(bench *b, unsigned count) {
    while (count-- > 0) assert_true(loop_step(b->loop, 2000));
}

static void say(bench *b, int fd, slice text) {
    for (unsigned idle = 0; text.len > 0 && idle < 5000;) {
        ssize_t sent = send(fd, text.at, text.len, MSG_NOSIGNAL);
        if (sent > 0) text = slice_after(text, (size_t)sent);
        else if (errno != EAGAIN && errno != EWOULDBLOCK) return;
        else idle++;
        loop_step(b->loop, sent > 0 ? 0 : 1000);
    }
}

/* Reads until `until` was seen, the connection ended, or a second has passed. */
static slice hear(bench *b, int fd, const char *until) {
    buf got = { .arena = b->arena };
    int64_t by = loop_now_us(b->loop) + 2000000;
    while (loop_now_us(b->loop) < by) {
        char piece[65536];
        ssize_t len = recv(fd, piece, sizeof piece, 0);
        if (len == 0 || (len < 0 && errno != EAGAIN && errno != EWOULDBLOCK)) break;
        if (len > 0) buf_slice(&got, (slice){ piece, (size_t)len });
        if (slice_find_slice(buf_as_slice(&got), slice_from(until)) != (size_t)-1) break;
        loop_step(b->loop, 1000);
    }
    return buf_as_slice(&got);
}

static bool has(slice text, const char *part) { return slice_find_slice(text, slice_from(part)) != (size_t)-1; }

static void wants(slice text, const char *part) {
    if (!has(text, part)) fail_msg("want %s in: %.*s", part, (int)(text.len > 600 ? 600 : text.len), text.at == NULL ? "" : text.at);
}

static void requests_and_answers(void **state) {
    bench *b = *state;
    static const struct { const char *sent, *want; } cases[] = {
        { "GET /a%2Fb/c+d?x=%20y&z HTTP/1.1\r\nHost: h\r\n\r\n", "GET /a%2Fb/c+d ?x=%20y&z []" },
        { "GET http://h:1/p?q HTTP/1.1\r\nHost: h\r\n\r\n", "GET /p ?q []" },
        { "PUT /k HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello", "PUT /k ? [hello]" },
        { "POST /c HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n", "POST /c ? [abcde]" },
        { "POST /e HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n", "POST /e ? []" },
        { "DELETE /d HTTP/1.1\r\nHost: h\r\n\r\n", "DELETE /d ? []" },
        { "PATCH /p HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\nx", "PATCH /p ? [x]" },
        { "GET /old HTTP/1.0\r\n\r\n", "GET /old ? []" },
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        int fd = dial(b->port);
        say(b, fd, slice_from(cases[i].sent));
        slice got = hear(b, fd, "]");
        wants(got, cases[i].want);
        wants(got, "X-Seen: yes\r\n");
        assert_false(has(got, "X-Injected"));
        assert_false(has(got, "Content-Length: 1\r\n"));
        close(fd);
    }
}

static void a_connection_is_used_again(void **state) {
    bench *b = *state;
    int fd = dial(b->port);
    for (unsigned i = 0; i < 50; i++) {
        say(b, fd, SLICE("POST /again HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nok"));
        wants(hear(b, fd, "]"), "POST /again ? [ok]");
    }
    /* two at once, in one write */
    say(b, fd, SLICE("GET /one HTTP/1.1\r\nHost: h\r\n\r\nGET /two HTTP/1.1\r\nHost: h\r\n\r\n"));
    slice got = hear(b, fd, "/two ? []");
    wants(got, "GET /one ? []");
    wants(got, "GET /two ? []");
    close(fd);
}

static void an_answer_may_come_later(void **state) {
    bench *b = *state;
    int fd = dial(b->port), other = dial(b->port);
    say(b, fd, SLICE("POST /hold HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nhi"));
    steps(b, 5);
    assert_non_null(b->held);
    say(b, other, SLICE("GET /x HTTP/1.1\r\nHost: h\r\n\r\n"));
    wants(hear(b, other, "]"), "GET /x");
    assert_false(b->held->client_gone);
    answer(b->held);
    wants(hear(b, fd, "]"), "POST /hold ? [hi]");
    say(b, fd, SLICE("GET /y HTTP/1.1\r\nHost: h\r\n\r\n"));
    wants(hear(b, fd, "]"), "GET /y ? []");
    close(fd);
    close(other);
}

static void waiting_costs_nothing(void **state) {
    bench *b = *state;
    int fd = dial(b->port);
    say(b, fd, SLICE("GET /hold HTTP/1.1\r\nHost: h\r\n\r\n"));
    steps(b, 5);
    int64_t begun = loop_now_us(b->loop), worked = loop_worked_us(b->loop);
    unsigned rounds = 0;
    while (loop_now_us(b->loop) - begun < 200000) {
        loop_step(b->loop, 200000);
        rounds++;
    }
    assert_true(rounds <= 5);
    assert_true(loop_worked_us(b->loop) - worked < 20000);
    answer(b->held);
    wants(hear(b, fd, "]"), "GET /hold");
    close(fd);
}

static void a_client_that_left_is_noticed(void **state) {
    bench *b = *state;
    int fd = dial(b->port);
    say(b, fd, SLICE("GET /hold HTTP/1.1\r\nHost: h\r\n\r\n"));
    steps(b, 5);
    close(fd);
    for (unsigned i = 0; i < 50 && !b->held->client_gone; i++) loop_step(b->loop, 2000);
#ifdef __linux__
    assert_true(b->held->client_gone);
#endif
    answer(b->held);
    steps(b, 5);
}

static void a_client_may_close_its_own_half(void **state) {
    bench *b = *state;
    int fd = dial(b->port);
    say(b, fd, SLICE("GET /hold HTTP/1.1\r\nHost: h\r\n\r\n"));
    shutdown(fd, SHUT_WR);
    steps(b, 10);
    assert_non_null(b->held);
    answer(b->held);
    wants(hear(b, fd, "]"), "GET /hold ? []");
    close(fd);
}

static void head_sends_the_length_alone(void **state) {
    bench *b = *state;
    int fd = dial(b->port);
    say(b, fd, SLICE("HEAD /h HTTP/1.1\r\nHost: h\r\n\r\n"));
    slice got = hear(b, fd, "\r\n\r\n");
    wants(got, "Content-Length: 12\r\n");
    assert_true(slice_ends(got, SLICE("\r\n\r\n")));
    close(fd);
}

static void expect_100_continue(void **state) {
    bench *b = *state;
    int fd = dial(b->port);
    say(b, fd, SLICE("PUT /x HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n"));
    wants(hear(b, fd, "\r\n\r\n"), "HTTP/1.1 100 Continue");
    say(b, fd, SLICE("abc"));
    wants(hear(b, fd, "]"), "PUT /x ? [abc]");
    say(b, fd, SLICE("PUT /x HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 99999999\r\n\r\n"));
    wants(hear(b, fd, "}"), "HTTP/1.1 413");
    assert_int_equal(b->lost_large, 1);
    close(fd);
}

/* Sends `total` bytes of body, as told by `head`. */
static slice send_large(bench *b, const char *head, size_t total, bool chunked) {
    char *zeros = ARENA_ARRAY(b->arena, char, 1u << 20);
    int fd = dial(b->port);
    say(b, fd, slice_from(head));
    for (size_t sent = 0; sent < total; sent += 1u << 20) {
        size_t len = total - sent < (1u << 20) ? total - sent : 1u << 20;
        if (chunked) say(b, fd, arena_printf(b->arena, "%zx\r\n", len));
        say(b, fd, (slice){ zeros, len });
        if (chunked) say(b, fd, SLICE("\r\n"));
    }
    if (chunked) say(b, fd, SLICE("0\r\n\r\n"));
    slice got = hear(b, fd, "\r\n\r\n");
    close(fd);
    steps(b, 3);
    return got;
}

static void bodies_have_a_limit(void **state) {
    bench *b = *state;
    wants(send_large(b, "PUT /large HTTP/1.1\r\nHost: h\r\nContent-Length: 67108864\r\n\r\n", 67108864, false), "HTTP/1.1 200");
    assert_int_equal(b->body_len, 67108864);
    wants(send_large(b, "PUT /large HTTP/1.1\r\nHost: h\r\nContent-Length: 67108865\r\n\r\n", 67108865, false), "HTTP/1.1 413");
    wants(send_large(b, "PUT /large HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n", 67108865, true), "HTTP/1.1 413");
    assert_int_equal(b->handled, 1);
    assert_int_equal(b->lost_large, 2);
}

/* Ten clients that each send 60 MB and keep back the last byte: the last ones are told to come again, and the others are served. */
static void all_bodies_together_have_a_limit(void **state) {
    bench *b = *state;
    enum { CLIENTS = 10, MB = 60 };
    char *zeros = ARENA_ARRAY(b->arena, char, 1u << 20);
    int fds[CLIENTS];
    for (size_t i = 0; i < CLIENTS; i++) {
        fds[i] = dial(b->port);
        say(b, fds[i], arena_printf(b->arena, "PUT /x HTTP/1.1\r\nHost: h\r\nContent-Length: %u\r\n\r\n", (MB << 20) + 1));
        for (size_t mb = 0; mb < MB; mb++) say(b, fds[i], (slice){ zeros, 1u << 20 });
    }
    for (size_t i = 0; i < CLIENTS; i++) {
        say(b, fds[i], SLICE("x"));
        wants(hear(b, fds[i], "\r\n\r\n"), i < 8 ? "HTTP/1.1 200" : "HTTP/1.1 503");
        close(fds[i]);
    }
    wants(send_large(b, "PUT /large HTTP/1.1\r\nHost: h\r\nContent-Length: 67108864\r\n\r\n", 67108864, false), "HTTP/1.1 200");
}

static slice zipped(arena *a, slice text) {
    z_stream z = { 0 };
    size_t most = text.len + 1024;
    char *out = ARENA_ARRAY(a, char, most);
    assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY), Z_OK);
    z.next_in = (unsigned char *)(uintptr_t)text.at;
    z.avail_in = (unsigned)text.len;
    z.next_out = (unsigned char *)out;
    z.avail_out = (unsigned)most;
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    size_t len = most - z.avail_out;
    deflateEnd(&z);
    return (slice){ out, len };
}

static slice send_zipped(bench *b, slice body) {
    int fd = dial(b->port);
    say(b, fd, arena_printf(b->arena, "POST /z HTTP/1.1\r\nHost: h\r\nContent-Encoding: gzip\r\nContent-Length: %zu\r\n\r\n", body.len));
    say(b, fd, body);
    slice got = hear(b, fd, "\r\n\r\n");
    close(fd);
    return got;
}

static void gzip_is_inflated_within_the_limit(void **state) {
    bench *b = *state;
    wants(send_zipped(b, zipped(b->arena, SLICE("{\"a\":1}"))), "[{\"a\":1}]");
    slice two[] = { zipped(b->arena, SLICE("one,")), zipped(b->arena, SLICE("two")) };
    wants(send_zipped(b, arena_concat(b->arena, two, 2)), "[one,two]");
    wants(send_zipped(b, SLICE("no gzip")), "[no gzip]");
    slice cut = zipped(b->arena, SLICE("cut short"));
    wants(send_zipped(b, slice_from_to(cut, 0, cut.len - 6)), "HTTP/1.1 200");
    size_t bomb = (size_t)HTTP_MAX_BODY + 1;
    wants(send_zipped(b, zipped(b->arena, (slice){ ARENA_ARRAY(b->arena, char, bomb), bomb })), "HTTP/1.1 413");
}

static void trailers_can_be_read(void **state) {
    bench *b = *state;
    int fd = dial(b->port);
    say(b, fd, SLICE("POST /hold HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nTrailer: X-Err\r\n\r\n3\r\nabc\r\n0\r\nX-Err: broke\r\n\r\n"));
    steps(b, 8);
    assert_non_null(b->held);
    assert_true(slice_is(http_trailer(b->held, "x-err"), "broke"));
    assert_true(slice_is(http_trailer(b->held, "host"), ""));
    assert_true(slice_is(http_header(b->held, "HOST"), "h"));
    answer(b->held);
    wants(hear(b, fd, "]"), "[abc]");
    close(fd);
}

static void query_parameters(void **state) {
    bench *b = *state;
    http_request r = { .arena = b->arena, .query = SLICE("list-type=2&prefix=a%2Fb&empty=&flag&x=1&x=2&p+q=r%zz+s") };
    static const struct { const char *name, *want; } cases[] = { { "list-type", "2" }, { "prefix", "a/b" }, { "empty", "" }, { "flag", "" },
                                                                 { "x", "1" }, { "p q", "r%zz s" }, { "none", NULL } };
    for (size_t i = 0; i < COUNT(cases); i++) {
        slice got = SLICE("");
        bool there = http_query(&r, cases[i].name, &got);
        if (there != (cases[i].want != NULL) || (there && !slice_is(got, cases[i].want))) fail_msg("%s: %.*s", cases[i].name, SLICE_ARG(got));
    }
    assert_true(slice_is(http_encode(b->arena, SLICE("a b/\xc3\xa9~"), true), "a%20b/%C3%A9~"));
    assert_true(slice_is(http_encode(b->arena, SLICE("a/b"), false), "a%2Fb"));
}

static void http2_is_refused_in_its_own_words(void **state) {
    bench *b = *state;
    int fd = dial(b->port);
    say(b, fd, SLICE("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0"));
    slice got = hear(b, fd, "never");
    assert_int_equal(b->handled, 100);
    assert_int_equal(got.len, 26);
    assert_int_equal(got.at[3], 4);          /* SETTINGS */
    assert_int_equal(got.at[9 + 3], 7);      /* GOAWAY */
    assert_int_equal(got.at[25], 13);        /* HTTP_1_1_REQUIRED */
    close(fd);
    /* what only begins like it, and comes piece by piece */
    fd = dial(b->port);
    say(b, fd, SLICE("P"));
    steps(b, 10);
    say(b, fd, SLICE("OST /slow HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\nx"));
    wants(hear(b, fd, "]"), "POST /slow ? [x]");
    close(fd);
}

static void halves_and_garbage_do_no_harm(void **state) {
    bench *b = *state;
    static const char *const pieces[] = {
        "", "P", "PRI", "GET", "GET / HTTP/1.1\r\n", "POST /half HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nabc", "\x16\x03\x01\x02", "GET / HTTP/1.1\r\nHost\r\n\r\n",
        "POST /half HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "POST /half HTTP/1.1\r\nHost: h\r\nContent-Length: -4\r\n\r\n",
        "POST /half HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999999999999999999\r\n\r\n",
    };
    for (size_t i = 0; i < COUNT(pieces); i++)
        for (int hard = 0; hard < 2; hard++) {
            int fd = dial(b->port);
            say(b, fd, slice_from(pieces[i]));
            steps(b, 2);
            struct linger reset = { 1, 0 };
            if (hard) setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
            close(fd);
            steps(b, 2);
        }
    assert_int_equal(b->handled, 0);
    assert_true(b->lost >= 2);
    int fd = dial(b->port);
    say(b, fd, SLICE("GET /alive HTTP/1.1\r\nHost: h\r\n\r\n"));
    wants(hear(b, fd, "]"), "GET /alive");
    close(fd);
}

static void a_request_can_be_dropped(void **state) {
    bench *b = *state;
    int now = dial(b->port), later = dial(b->port);
    say(b, now, SLICE("GET /drop HTTP/1.1\r\nHost: h\r\n\r\n"));
    assert_int_equal(hear(b, now, "never").len, 0);
    say(b, later, SLICE("GET /hold HTTP/1.1\r\nHost: h\r\n\r\n"));
    steps(b, 5);
    http_drop(b->held);
    assert_int_equal(hear(b, later, "never").len, 0);
    close(now);
    close(later);
}

static void a_closed_port_breaks_its_connections(void **state) {
    bench *b = *state;
    unsigned other = http_listen(b->server, on_request, b);
    int held = dial(b->port), idle = dial(b->port), silent = dial(b->port), fd = dial(other);
    say(b, held, SLICE("GET /hold HTTP/1.1\r\nHost: h\r\n\r\n"));
    say(b, idle, SLICE("GET /x HTTP/1.1\r\nHost: h\r\n\r\n"));
    wants(hear(b, idle, "]"), "GET /x");
    steps(b, 5);
    http_close_port(b->server, b->port);
    assert_int_equal(hear(b, held, "never").len, 0);
    assert_int_equal(hear(b, idle, "never").len, 0);
    assert_int_equal(hear(b, silent, "never").len, 0);
    assert_int_equal(dial(b->port), -1);
    say(b, fd, SLICE("GET /other HTTP/1.1\r\nHost: h\r\n\r\n"));
    wants(hear(b, fd, "]"), "GET /other");
    close(held);
    close(idle);
    close(silent);
    close(fd);
}

static void stopping_with_requests_that_wait(void **state) {
    bench *b = *state;
    int fds[20];
    for (size_t i = 0; i < COUNT(fds); i++) {
        fds[i] = dial(b->port);
        say(b, fds[i], SLICE("GET /hold HTTP/1.1\r\nHost: h\r\n\r\n"));
    }
    steps(b, 10);
    for (size_t i = 0; i < COUNT(fds); i++) close(fds[i]);
}

static void many_connections_of_one_client_wait_in_line(void **state) {
    bench *b = *state;
    enum { MANY = 600 };
    int *fds = ARENA_ARRAY(b->arena, int, MANY);
    unsigned dialed = 0;
    for (; dialed < MANY; dialed++) {
        fds[dialed] = dial(b->port);
        if (fds[dialed] < 0) break;
        say(b, fds[dialed], SLICE("GET /many HTTP/1.1\r\nHost: h\r\n\r\n"));
    }
    assert_true(dialed > 300);
    for (unsigned i = 0; i < dialed; i++) {
        wants(hear(b, fds[i], "]"), "GET /many");
        close(fds[i]);
    }
}

int main(void) {
#define T(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        T(requests_and_answers), T(a_connection_is_used_again), T(an_answer_may_come_later), T(waiting_costs_nothing), T(a_client_that_left_is_noticed),
        T(a_client_may_close_its_own_half), T(head_sends_the_length_alone), T(expect_100_continue), T(bodies_have_a_limit), T(all_bodies_together_have_a_limit),
        T(gzip_is_inflated_within_the_limit), T(trailers_can_be_read), T(query_parameters), T(http2_is_refused_in_its_own_words),
        T(halves_and_garbage_do_no_harm), T(a_request_can_be_dropped), T(a_closed_port_breaks_its_connections), T(stopping_with_requests_that_wait),
        T(many_connections_of_one_client_wait_in_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#endif
