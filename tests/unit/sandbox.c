/* host/sandbox.h: what handlers see, and what becomes of those that misbehave. The handlers are this program itself, called with a word. Each test
 * runs in a process of its own: a sandbox is entered once. */
#define _XOPEN_SOURCE 700      /* realpath */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <netinet/in.h>

#include <cmocka.h>

#include "smoke/host/sandbox.h"

extern char **environ;

#define MARK "sflint-hostile"

static char self_path[4096], self_folder[4096], mark[64];

/* ---- the handlers ---- */

static void sleep_ms(long ms) {
    struct timespec t = { ms / 1000, (ms % 1000) * 1000000 };
    nanosleep(&t, NULL);
}

/* Past what a worker may have, and no further: where nothing stops it, the test must not take the machine. */
static void forks(void) {
    for (int i = 0; i < WORKER_PROCESSES_MOST + 200; i++)
        if (fork() == 0)
            for (;;) sleep_ms(1000);
    for (;;) sleep_ms(1000);
}

static char *volatile taken;       /* so that no compiler thinks it away */

static void take(size_t bytes) {
    taken = malloc(bytes);
    if (taken != NULL) memset(taken, 1, bytes);
}

static void takes_memory(void) {
    for (;;) {
        take(8u << 20);
        sleep_ms(1);
    }
}

/* In four processes, none of which takes too much alone. */
static void takes_memory_together(void) {
    for (int i = 0; i < 4; i++)
        if (fork() == 0) {
            take(48u << 20);
            for (;;) sleep_ms(1000);
        }
    for (;;) sleep_ms(1000);
}

static void fills_disk(void) {
    static char block[1 << 16];
    memset(block, 'x', sizeof block);
    for (int n = 0;; n++) {
        char path[64];
        snprintf(path, sizeof path, "/tmp/fill-%d", n);
        int fd = open(path, O_WRONLY | O_CREAT, 0600);
        while (fd >= 0 && write(fd, block, sizeof block) > 0) {}
        if (fd >= 0) close(fd);
        if (n > 100) sleep_ms(1);
    }
}

static void is_deaf(void) {
    signal(SIGTERM, SIG_IGN);
    signal(SIGINT, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
    for (;;) sleep_ms(1000);
}

static void floods(void) {
    static char block[1 << 16];
    memset(block, 'y', sizeof block);
    for (long n = 0; n < (1L << 30); n += (long)sizeof block)
        if (write(1, block, sizeof block) < 0) _exit(9);
}

/* Leaves a process of another session behind and ends. */
static void leaves_an_orphan(void) {
    if (fork() == 0) {
        setsid();
        if (fork() == 0)
            for (;;) sleep_ms(1000);
        _exit(0);
    }
    sleep_ms(30);
}

static void sleeps(void) {
    for (;;) sleep_ms(1000);
}

static void dies_of_a_signal(void) { raise(SIGSEGV); }

static void tells_environment(void) {
    for (char **e = environ; *e != NULL; e++) printf("%s\n", *e);
}

static const char *opened(const char *path, int flags) {
    int fd = open(path, flags, 0600);
    if (fd < 0) return errno == EROFS ? "read-only" : errno == ENOENT ? "absent" : "refused";
    close(fd);
    return "opened";
}

static void tells_what_it_sees(void) {
    struct sockaddr_in out = { .sin_family = AF_INET, .sin_port = htons(53) };
    char room[64] = "";
    int net = socket(AF_INET, SOCK_STREAM, 0), highest = 2, fd = open("/proc/1/environ", O_RDONLY);
    printf("init %zd\n", fd < 0 ? (ssize_t)0 : read(fd, room, sizeof room));
    close(fd);
    out.sin_addr.s_addr = htonl(0x08080808);
    printf("network %s\n", connect(net, (struct sockaddr *)&out, sizeof out) == 0 ? "there" : errno == ENETUNREACH ? "none" : "refused");
    close(net);
    for (int i = 3; i < 256; i++)
        if (fcntl(i, F_GETFD) >= 0) highest = i;
    printf("descriptors %d\n", highest);
    printf("stdin %zd\n", read(0, room, 1));
    printf("task %s\n", opened("/var/task/here.txt", O_RDONLY));
    printf("write task %s\n", opened("/var/task/new", O_WRONLY | O_CREAT));
    printf("write root %s\n", opened("/new", O_WRONLY | O_CREAT));
    printf("write usr %s\n", opened("/usr/new", O_WRONLY | O_CREAT));
    printf("write tmp %s\n", opened("/tmp/new", O_WRONLY | O_CREAT));
    printf("write sys %s\n", opened("/proc/sys/kernel/core_pattern", O_WRONLY));
    printf("shadow %s\n", opened("/etc/shadow", O_RDONLY));
    printf("home %s\n", opened("/home", O_RDONLY));
    printf("boot %s\n", opened("/var/runtime/boot.py", O_RDONLY));
    printf("null %s\n", opened("/dev/null", O_RDWR));
    printf("cwd %s\n", getcwd(room, sizeof room) == NULL ? "?" : room);
}

static void tell_file(const char *path) {
    char room[64];
    int fd = open(path, O_RDONLY);
    ssize_t got = fd < 0 ? -1 : read(fd, room, sizeof room);
    printf("%s: %.*s\n", path, got < 0 ? 6 : (int)got, got < 0 ? "absent" : room);
    if (fd >= 0) close(fd);
}

static void tells_layers(void) {
    tell_file("/opt/python/a.py");
    tell_file("/opt/python/b.py");
    tell_file("/opt/python/both.py");
    tell_file("/opt/python/deep/c.py");
    tell_file("/opt/python/deep/d.py");
}

static const struct { const char *word; void (*does)(void); } handlers[] = {
    { "forks", forks }, { "memory", takes_memory }, { "together", takes_memory_together }, { "disk", fills_disk }, { "deaf", is_deaf }, { "floods", floods },
    { "orphan", leaves_an_orphan }, { "sleeps", sleeps }, { "signal", dies_of_a_signal }, { "environment", tells_environment }, { "sees", tells_what_it_sees },
    { "layers", tells_layers },
};

static int handle(const char *word) {
    for (size_t i = 0; i < COUNT(handlers); i++)
        if (strcmp(handlers[i].word, word) == 0) handlers[i].does();
    fflush(stdout);
    _exit(strcmp(word, "three") == 0 ? 3 : 0);
}

/* ---- running them ---- */

#define CHECK(is, ...) do { if (!(is)) { fprintf(stderr, "%s:%d: ", __FILE__, __LINE__); fprintf(stderr, __VA_ARGS__); fprintf(stderr, "\n"); _exit(1); } } while (0)

static int64_t now_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Processes whose command line has the mark of this run. */
static int processes_left(void) {
    int left = 0;
    DIR *d = opendir("/proc");
    const struct dirent *e;
    while (d != NULL && (e = readdir(d)) != NULL) {
        char path[300], text[8192];
        snprintf(path, sizeof path, "/proc/%.200s/cmdline", e->d_name);
        int fd = e->d_name[0] >= '1' && e->d_name[0] <= '9' ? open(path, O_RDONLY) : -1;
        ssize_t got = fd < 0 ? 0 : read(fd, text, sizeof text);
        if (fd >= 0) close(fd);
        for (ssize_t i = 0; i + (ssize_t)strlen(mark) <= got; i++)
            if (memcmp(text + i, mark, strlen(mark)) == 0) {
                left++;
                break;
            }
    }
    if (d != NULL) closedir(d);
    return left;
}

static void nothing_is_left(const char *folder) {
    int64_t until = now_ms() + 3000;
    while ((processes_left() > 0 || access(folder, F_OK) == 0) && now_ms() < until) sleep_ms(5);
    CHECK(processes_left() == 0, "%d processes are left", processes_left());
    CHECK(access(folder, F_OK) != 0, "%s is left", folder);
}

typedef struct {
    worker_state state;
    int code;
    char output[16384];
    size_t output_len;
    uint64_t wrote;
    int64_t took_ms;
} result;

/* Until it ends or `most_ms` have passed or it wrote `most` bytes; then it is killed. */
static void run_to_end(worker *w, int64_t most_ms, uint64_t most, result *r) {
    static char room[1 << 16];
    int64_t from = now_ms();
    memset(r, 0, sizeof *r);
    for (;;) {
        struct pollfd p = { worker_out(w), POLLIN, 0 };
        poll(&p, 1, 10);
        for (;;) {
            ssize_t got = read(worker_out(w), room, sizeof room);
            if (got <= 0) break;
            r->wrote += (uint64_t)got;
            for (ssize_t i = 0; i < got && r->output_len + 1 < sizeof r->output; i++) r->output[r->output_len++] = room[i];
            if (r->wrote > most) break;
        }
        r->state = worker_look(w, &r->code);
        if (r->state != WORKER_RUNS || now_ms() - from > most_ms || r->wrote > most) break;
    }
    for (ssize_t got; r->state != WORKER_RUNS && (got = read(worker_out(w), room, sizeof room)) > 0;)
        for (ssize_t i = 0; i < got && r->output_len + 1 < sizeof r->output; i++) r->output[r->output_len++] = room[i];
    from = now_ms();
    worker_kill(w);
    r->took_ms = now_ms() - from;
}

static const slice plain_environment[] = { SLICE_INIT("PATH=/usr/bin:/bin"), SLICE_INIT("A=b") };

static runnable handler_of(const char *const *argv, const slice *visible) {
    return (runnable){ .task_root = slice_from(self_folder), .argv = argv, .environment = plain_environment, .environment_len = COUNT(plain_environment),
                       .visible = visible, .visible_len = 1, .memory_mb = 128, .tmp_mb = 16, .timeout_s = 3 };
}

/* Enters, runs one handler, leaves; nothing may be left. */
static void run_one(sandbox_wish wish, const char *word, int64_t most_ms, uint64_t most, result *r) {
    slice why, visible = slice_from(self_folder);
    arena *a = arena_make(0, NULL);
    sandbox *s = sandbox_enter(a, wish, &why);
    CHECK(s != NULL, "no sandbox: %.*s", SLICE_ARG(why));
    const char *folder = arena_copy(a, sandbox_folder(s)).at, *argv[] = { self_path, MARK, word, mark, NULL };
    runnable f = handler_of(argv, &visible);
    worker *w = worker_start(s, a, &f, NULL, 0, &why);
    CHECK(w != NULL, "not started: %.*s", SLICE_ARG(why));
    run_to_end(w, most_ms, most, r);
    CHECK(worker_failure(w).len == 0, "%.*s", SLICE_ARG(worker_failure(w)));
    sandbox_end(s);
    nothing_is_left(folder);
}

/* A test in a process of its own. */
static void apart(void (*test)(sandbox_wish wish), sandbox_wish wish) {
    int status;
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        alarm(60);
        test(wish);
        _exit(0);
    }
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {}
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) fail_msg("%s", wish == SANDBOX_OFF ? "without namespaces" : "with namespaces");
}

static bool namespaces_are_had(void) {
    int status;
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        slice why;
        sandbox *s = sandbox_enter(arena_make(0, NULL), SANDBOX_REQUIRE, &why);
        if (s == NULL) printf("skipped with namespaces: %.*s\n", SLICE_ARG(why));
        fflush(stdout);
        if (s != NULL) sandbox_end(s);
        _exit(s == NULL);
    }
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {}
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static bool namespaces;

static void both(void (*test)(sandbox_wish wish)) {
    if (namespaces) apart(test, SANDBOX_REQUIRE);
#ifdef __linux__
    apart(test, SANDBOX_OFF);
#endif
}

/* ---- how they end ---- */

static void ends(sandbox_wish wish) {
    static const struct { const char *word; worker_state state; int code; } rows[] = {
        { "nothing", WORKER_EXITED, 0 }, { "three", WORKER_EXITED, 3 }, { "signal", WORKER_SIGNALED, SIGSEGV },
    };
    slice why, visible = slice_from(self_folder);
    arena *a = arena_make(0, NULL);
    sandbox *s = sandbox_enter(a, wish, &why);
    result r;
    CHECK(s != NULL, "no sandbox: %.*s", SLICE_ARG(why));
    for (size_t i = 0; i < COUNT(rows); i++) {
        const char *argv[] = { self_path, MARK, rows[i].word, mark, NULL };
        runnable f = handler_of(argv, &visible);
        worker *w = worker_start(s, a, &f, NULL, 0, &why);
        CHECK(w != NULL, "not started: %.*s", SLICE_ARG(why));
        run_to_end(w, 5000, 1 << 20, &r);
        /* The sanitizers turn a signal into an exit. */
        CHECK((r.state == rows[i].state && r.code == rows[i].code) || (rows[i].state == WORKER_SIGNALED && r.state == WORKER_EXITED && r.code > 0),
              "%s: state %d code %d", rows[i].word, (int)r.state, r.code);
    }
    sandbox_end(s);
}
static void exit_statuses_and_signals_are_told(void **state) {
    (void)state;
    both(ends);
}

static void is_not_there(sandbox_wish wish) {
    slice why, visible = slice_from(self_folder);
    arena *a = arena_make(0, NULL);
    sandbox *s = sandbox_enter(a, wish, &why);
    const char *argv[] = { "/no/such/program", mark, NULL };
    runnable f = handler_of(argv, &visible);
    result r;
    worker *w = worker_start(s, a, &f, NULL, 0, &why);
    CHECK(w != NULL, "not started: %.*s", SLICE_ARG(why));
    run_to_end(w, 5000, 1 << 20, &r);
    CHECK(r.state == WORKER_EXITED && r.code != 0, "state %d code %d", (int)r.state, r.code);
    CHECK(slice_is(worker_failure(w), "/no/such/program: No such file or directory"), "%.*s", SLICE_ARG(worker_failure(w)));
    sandbox_end(s);
}
static void a_program_that_is_not_there_is_named(void **state) {
    (void)state;
    both(is_not_there);
}

/* ---- what they see ---- */

static void environment_is_clean(sandbox_wish wish) {
    result r;
    setenv("AWS_SECRET_ACCESS_KEY", "leaks", 1);
    run_one(wish, "environment", 5000, 1 << 20, &r);
    CHECK(strstr(r.output, "leaks") == NULL, "%s", r.output);
    CHECK(strncmp(r.output, "PATH=/usr/bin:/bin\nA=b\n", 23) == 0, "%s", r.output);
    CHECK(wish == SANDBOX_OFF || r.output_len == 23, "%s", r.output);
}
static void nothing_of_the_environment_leaks_in(void **state) {
    (void)state;
    both(environment_is_clean);
}

static void sees_little(sandbox_wish wish) {
    static const char *const want[] = {
        "network none\n", "descriptors 2\n", "stdin 0\n", "write task read-only\n", "write root read-only\n", "write usr read-only\n",
        "write tmp opened\n", "shadow absent\n", "home absent\n", "boot opened\n", "null opened\n", "cwd /var/task\n", "init 0\n",
    };
    result r;
    run_one(wish, "sees", 5000, 1 << 20, &r);
    CHECK(strstr(r.output, "write sys opened") == NULL, "%s", r.output);
    for (size_t i = 0; i < COUNT(want); i++) CHECK(strstr(r.output, want[i]) != NULL, "wanted %s in\n%s", want[i], r.output);
}
static void a_handler_sees_its_code_read_only_and_no_network(void **state) {
    (void)state;
    if (namespaces) apart(sees_little, SANDBOX_REQUIRE);
}

static void write_text(const char *folder, const char *name, const char *text) {
    char path[4200];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    for (char *p = path + strlen(folder) + 1; *p != '\0'; p++)
        if (*p == '/') {
            *p = '\0';
            mkdir(path, 0755);
            *p = '/';
        }
    FILE *f = fopen(path, "w");
    CHECK(f != NULL, "%s: %s", path, strerror(errno));
    fputs(text, f);
    fclose(f);
}

static void layers_of(sandbox_wish wish, const slice *visible, size_t visible_len) {
    slice why, layers[2];
    arena *a = arena_make(0, NULL);
    sandbox *s = sandbox_enter(a, wish, &why);
    CHECK(s != NULL, "no sandbox: %.*s", SLICE_ARG(why));
    for (size_t i = 0; i < 2; i++) {
        layers[i] = arena_printf(a, "%.*s/layer-%zu", SLICE_ARG(sandbox_folder(s)), i);
        mkdir(layers[i].at, 0755);
        write_text(layers[i].at, "python/both.py", i == 0 ? "first" : "second");
        write_text(layers[i].at, i == 0 ? "python/a.py" : "python/b.py", "own");
        write_text(layers[i].at, i == 0 ? "python/deep/c.py" : "python/deep/d.py", "deep");
    }
    const char *argv[] = { self_path, MARK, "layers", mark, NULL };
    runnable f = handler_of(argv, visible);
    f.visible_len = visible_len;
    f.layers = layers;
    f.layers_len = 2;
    result r;
    worker *w = worker_start(s, a, &f, NULL, 0, &why);
    CHECK(w != NULL, "not started: %.*s", SLICE_ARG(why));
    run_to_end(w, 5000, 1 << 20, &r);
    CHECK(worker_failure(w).len == 0, "%.*s", SLICE_ARG(worker_failure(w)));
    CHECK(strcmp(r.output, "/opt/python/a.py: own\n/opt/python/b.py: own\n/opt/python/both.py: second\n/opt/python/deep/c.py: deep\n/opt/python/deep/d.py: deep\n") == 0,
          "%s", r.output);
    sandbox_end(s);
}
static void layers_are_laid(sandbox_wish wish) {
    slice visible = slice_from(self_folder);
    layers_of(wish, &visible, 1);
}
/* Something of the machine has to be seen below /opt too: no overlay can hold that. */
static void layers_are_linked(sandbox_wish wish) {
    slice visible[] = { slice_from(self_folder), SLICE("/opt/sflint-test-none") };
    layers_of(wish, visible, 2);
}
static void layers_are_merged_and_later_ones_win(void **state) {
    (void)state;
    if (!namespaces) return;
    apart(layers_are_laid, SANDBOX_REQUIRE);
    apart(layers_are_linked, SANDBOX_REQUIRE);
}

/* ---- hostile ones ---- */

static void hostile(sandbox_wish wish, const char *word, worker_state want, int64_t most_ms) {
    result r;
    run_one(wish, word, most_ms, 64u << 20, &r);
    CHECK(r.state == want, "%s: state %d code %d", word, (int)r.state, r.code);
    CHECK(r.took_ms < 2000, "%s: killing it took %d ms", word, (int)r.took_ms);
}

static void forks_without_end(sandbox_wish wish) { hostile(wish, "forks", WORKER_TOO_MANY_PROCESSES, 20000); }
static void a_handler_that_forks_without_end_is_killed(void **state) {
    (void)state;
    /* Without namespaces no limit of the kernel holds root back: there a thousand processes would only slow the machine. */
    if (geteuid() != 0) both(forks_without_end);
    else if (namespaces) apart(forks_without_end, SANDBOX_REQUIRE);
}

static void fills_memory(sandbox_wish wish) { hostile(wish, "memory", WORKER_OUT_OF_MEMORY, 20000); }
static void fills_memory_together(sandbox_wish wish) { hostile(wish, "together", WORKER_OUT_OF_MEMORY, 20000); }
static void a_handler_that_fills_memory_is_killed(void **state) {
    (void)state;
    both(fills_memory);
    both(fills_memory_together);
}

static void fills_tmp(sandbox_wish wish) { hostile(wish, "disk", WORKER_TOO_MUCH_DISK, 20000); }
static void a_handler_that_fills_tmp_is_killed(void **state) {
    (void)state;
    if (namespaces) apart(fills_tmp, SANDBOX_REQUIRE);
}

static void ignores_signals(sandbox_wish wish) { hostile(wish, "deaf", WORKER_RUNS, 100); }
static void a_handler_that_ignores_signals_is_killed(void **state) {
    (void)state;
    both(ignores_signals);
}

static void writes_a_gigabyte(sandbox_wish wish) {
    result r;
    run_one(wish, "floods", 20000, 64u << 20, &r);
    CHECK(r.state == WORKER_RUNS && r.wrote > (64u << 20) && r.wrote < (80u << 20), "state %d wrote %llu", (int)r.state, (unsigned long long)r.wrote);
}
static void a_handler_that_writes_a_gigabyte_is_killed(void **state) {
    (void)state;
    both(writes_a_gigabyte);
}

static void leaves_one(sandbox_wish wish) { hostile(wish, "orphan", WORKER_EXITED, 5000); }
static void what_a_handler_leaves_behind_ends_with_it(void **state) {
    (void)state;
    both(leaves_one);
}

/* ---- the end of sflint ---- */

static void is_killed(sandbox_wish wish) {
    int told[2];
    char folder[4096] = "";
    CHECK(pipe(told) == 0, "pipe: %s", strerror(errno));
    pid_t run = fork();
    if (run == 0) {
        alarm(30);
        slice why, visible = slice_from(self_folder);
        arena *a = arena_make(0, NULL);
        sandbox *s = sandbox_enter(a, wish, &why);
        const char *argv[] = { self_path, MARK, "deaf", mark, NULL };
        runnable f = handler_of(argv, &visible);
        if (s == NULL || worker_start(s, a, &f, NULL, 0, &why) == NULL || worker_start(s, a, &f, NULL, 0, &why) == NULL) _exit(1);
        if (write(told[1], sandbox_folder(s).at, sandbox_folder(s).len) < 0) _exit(1);
        for (;;) sleep_ms(1000);
    }
    close(told[1]);
    CHECK(read(told[0], folder, sizeof folder - 1) > 0, "it did not start");
    int64_t until = now_ms() + 3000;
    while (processes_left() < 2 && now_ms() < until) sleep_ms(5);
    CHECK(processes_left() >= 2, "the handlers do not run");
    kill(run, SIGKILL);
    while (waitpid(run, NULL, 0) < 0 && errno == EINTR) {}
    nothing_is_left(folder);
}
static void nothing_outlives_a_sflint_that_is_killed(void **state) {
    (void)state;
    both(is_killed);
}

/* What is started and ended a hundred times takes no descriptors. */
static void many_in_turn(sandbox_wish wish) {
    slice why, visible = slice_from(self_folder);
    arena *a = arena_make(0, NULL);
    sandbox *s = sandbox_enter(a, wish, &why);
    const char *argv[] = { self_path, MARK, "nothing", mark, NULL };
    runnable f = handler_of(argv, &visible);
    result r;
    int before = dup(0), after;
    close(before);
    for (int i = 0; i < 30; i++) {
        worker *w = worker_start(s, a, &f, NULL, 0, &why);
        CHECK(w != NULL, "not started: %.*s", SLICE_ARG(why));
        run_to_end(w, 5000, 1 << 20, &r);
        CHECK(r.state == WORKER_EXITED && r.code == 0, "state %d code %d", (int)r.state, r.code);
    }
    after = dup(0);
    CHECK(after == before, "descriptors: %d, then %d", before, after);
    sandbox_end(s);
}
static void workers_give_back_what_they_took(void **state) {
    (void)state;
    both(many_in_turn);
}

int main(int argc, char **argv) {
    if (argc > 2 && strcmp(argv[1], MARK) == 0) return handle(argv[2]);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exit_statuses_and_signals_are_told),
        cmocka_unit_test(a_program_that_is_not_there_is_named),
        cmocka_unit_test(nothing_of_the_environment_leaks_in),
        cmocka_unit_test(a_handler_sees_its_code_read_only_and_no_network),
        cmocka_unit_test(layers_are_merged_and_later_ones_win),
        cmocka_unit_test(a_handler_that_forks_without_end_is_killed),
        cmocka_unit_test(a_handler_that_fills_memory_is_killed),
        cmocka_unit_test(a_handler_that_fills_tmp_is_killed),
        cmocka_unit_test(a_handler_that_ignores_signals_is_killed),
        cmocka_unit_test(a_handler_that_writes_a_gigabyte_is_killed),
        cmocka_unit_test(what_a_handler_leaves_behind_ends_with_it),
        cmocka_unit_test(nothing_outlives_a_sflint_that_is_killed),
        cmocka_unit_test(workers_give_back_what_they_took),
    };
    if (realpath(argv[0], self_path) == NULL) return 1;
    snprintf(self_folder, sizeof self_folder, "%s", self_path);
    *strrchr(self_folder, '/') = '\0';
    snprintf(mark, sizeof mark, "mark-%d", (int)getpid());
    namespaces = namespaces_are_had();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
