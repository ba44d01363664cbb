/* Schedules and zone files: an expression, a line feed, the bytes of a zone file (its header is put before them). */
#include <stdint.h>
#include <stdlib.h>

#include "service/schedule.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    arena *a = arena_make(0, NULL);
    slice text = size == 0 ? SLICE("") : (slice){ (const char *)data, size };
    size_t cut = slice_find(text, '\n');
    slice parts[] = { SLICE("TZif"), slice_after(text, cut < text.len ? cut + 1 : cut) };
    const time_zone *z = timezone_parse(a, arena_concat(a, parts, COUNT(parts)));
    for (int d = SCHEDULE_RULE; d <= SCHEDULE_SCHEDULER; d++) {
        schedule s;
        slice error;
        if (!schedule_parse(a, slice_from_to(text, 0, cut), (schedule_dialect)d, &s, &error)) {
            if (error.len == 0) abort();
            continue;
        }
        int64_t now = 1790000000, next;
        for (int i = 0; i < 20 && schedule_next(&s, z, now, SCHEDULE_NO_TIME, SCHEDULE_NO_TIME, &next); i++) {
            if (next <= now) abort();
            now = next;
        }
        if (schedule_period(&s) < 0) abort();
    }
    int64_t utc;
    for (int64_t local = -3000000000; local < 6000000000; local += 97654321) timezone_to_utc(z, local, &utc);
    arena_free(a);
    return 0;
}
