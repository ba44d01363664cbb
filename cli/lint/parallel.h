/* Work over numbered items, shared between threads. */
#ifndef SFLINT_LINT_PARALLEL_H
#define SFLINT_LINT_PARALLEL_H

#include <stddef.h>

/* Fewer items than this are not worth a thread. */
#define LINT_ITEMS_A_THREAD 256

/* Threads worth using: 1 .. threads. */
size_t lint_threads(size_t threads, size_t items);

/* Calls work(self, thread, first, end) until all items are done; `thread` is 0 .. threads - 1, and 0 is the caller's own. Where a thread can't
 * be had, the others do its part. */
void lint_parallel(size_t threads, size_t items, void (*work)(void *self, size_t thread, size_t first, size_t end), void *self);

#endif
