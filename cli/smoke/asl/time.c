#include "smoke/asl/time.h"

#include "service/timezone.h"

/* Exactly `count` digits at *rest. */
static bool digits(slice *rest, size_t count, int *out) {
    if (rest->len < count) return false;
    *out = 0;
    for (size_t i = 0; i < count; i++) {
        if (rest->at[i] < '0' || rest->at[i] > '9') return false;
        *out = *out * 10 + (rest->at[i] - '0');
    }
    *rest = slice_after(*rest, count);
    return true;
}

static bool mark(slice *rest, char c) {
    if (rest->len == 0 || rest->at[0] != c) return false;
    *rest = slice_after(*rest, 1);
    return true;
}

bool asl_time_parse(slice rest, int64_t *seconds, int32_t *nanos) {
    int year, month, day, hour, minute, second, east = 0;
    if (!digits(&rest, 4, &year) || !mark(&rest, '-') || !digits(&rest, 2, &month) || !mark(&rest, '-') || !digits(&rest, 2, &day) ||
        !mark(&rest, 'T') || !digits(&rest, 2, &hour) || !mark(&rest, ':') || !digits(&rest, 2, &minute) || !mark(&rest, ':') ||
        !digits(&rest, 2, &second))
        return false;
    if (month < 1 || month > 12 || day < 1 || day > civil_month_days(year, month) || hour > 23 || minute > 59 || second > 60) return false;
    *nanos = 0;
    if (mark(&rest, '.')) {
        int32_t unit = 100000000;
        if (rest.len == 0 || rest.at[0] < '0' || rest.at[0] > '9') return false;
        for (; rest.len > 0 && rest.at[0] >= '0' && rest.at[0] <= '9'; rest = slice_after(rest, 1), unit /= 10)
            *nanos += unit * (rest.at[0] - '0');
    }
    if (!mark(&rest, 'Z')) {
        bool west = rest.len > 0 && rest.at[0] == '-';
        int hours, minutes;
        if (!mark(&rest, west ? '-' : '+') || !digits(&rest, 2, &hours) || !mark(&rest, ':') || !digits(&rest, 2, &minutes) || hours > 23 || minutes > 59)
            return false;
        east = (hours * 60 + minutes) * (west ? -60 : 60);
    }
    *seconds = civil_days(year, month, day) * 86400 + hour * 3600 + minute * 60 + second - east;
    return rest.len == 0;
}

slice asl_time_text(arena *a, int64_t ms) {
    int64_t seconds = asl_floor_div(ms, 1000);
    civil_time t = civil_of(seconds);
    return arena_printf(a, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", t.year, t.month, t.day, t.hour, t.minute, t.second, (int)(ms - seconds * 1000));
}
