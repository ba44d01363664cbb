/* The same work on many things, by several threads. */
#ifndef SFLINT_COMMAND_PARALLEL_H
#define SFLINT_COMMAND_PARALLEL_H

#include <stddef.h>

#define THREADS_MOST 64

/* Calls work(self, thread, i) once for each i below count, from `threads` threads (numbers 0 .. threads - 1; 0 is the caller's). Things are
 * handed out in order as threads become free. With one thread, or where threads can't be had, the caller does it all. */
void parallel_each(size_t threads, size_t count, void (*work)(void *self, size_t thread, size_t i), void *self);

/* Processors of the machine, 1 .. THREADS_MOST. */
size_t processor_count(void);

#endif
