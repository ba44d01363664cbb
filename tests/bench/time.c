/* Runs a program N times and prints the median of its wall time in milliseconds, and its largest resident memory in MB.
 * usage: bench-time N PROGRAM [ARGUMENT...]     its output is thrown away; exit statuses 0 to 2 are all right */
#define _DEFAULT_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int by_value(const void *x, const void *y) {
    double a = *(const double *)x, b = *(const double *)y;
    return (a > b) - (a < b);
}

static double now_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1000 + (double)t.tv_nsec / 1e6;
}

int main(int argc, char **argv) {
    int runs = argc > 2 ? atoi(argv[1]) : 0;
    if (runs < 1 || runs > 1000) {
        fprintf(stderr, "usage: bench-time N PROGRAM [ARGUMENT...]\n");
        return 2;
    }
    double times[1000];
    for (int i = 0; i < runs; i++) {
        int status;
        double begin = now_ms();
        pid_t child = fork();
        if (child < 0) return 2;
        if (child == 0) {
            int sink = open("/dev/null", O_WRONLY);
            dup2(sink, STDOUT_FILENO);
            dup2(sink, STDERR_FILENO);
            execvp(argv[2], argv + 2);
            _exit(127);
        }
        if (waitpid(child, &status, 0) != child || !WIFEXITED(status) || WEXITSTATUS(status) > 2) {
            fprintf(stderr, "bench-time: %s did not end well\n", argv[2]);
            return 2;
        }
        times[i] = now_ms() - begin;
    }
    struct rusage use;
    getrusage(RUSAGE_CHILDREN, &use);
    qsort(times, (size_t)runs, sizeof times[0], by_value);
#ifdef __APPLE__
    double mb = (double)use.ru_maxrss / 1048576;
#else
    double mb = (double)use.ru_maxrss / 1024;
#endif
    printf("%.3f %.1f\n", times[runs / 2], mb);
    return 0;
}
