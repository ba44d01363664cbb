#include "command/day.h"

static bool digits(slice text, int64_t *n) {
    *n = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] < '0' || text.at[i] > '9') return false;
        *n = *n * 10 + (text.at[i] - '0');
    }
    return text.len > 0;
}

/* Days since 1970-01-01 of the proleptic Gregorian calendar; years are counted from March, so that the leap day is the last. */
static int64_t days_from_civil(int64_t year, int64_t month, int64_t day) {
    if (month <= 2) year--;
    int64_t era = year / 400, in_era = year - era * 400, from_march = (month + 9) % 12;
    return era * 146097 + in_era * 365 + in_era / 4 - in_era / 100 + (153 * from_march + 2) / 5 + day - 1 - 719468;
}

bool day_seconds(slice text, int64_t *seconds) {
    static const int64_t lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    int64_t year, month, day;
    if (text.len != 10 || text.at[4] != '-' || text.at[7] != '-') return false;
    if (!digits(slice_from_to(text, 0, 4), &year) || !digits(slice_from_to(text, 5, 7), &month) || !digits(slice_from_to(text, 8, 10), &day)) return false;
    if (year < 1970 || month < 1 || month > 12 || day < 1) return false;
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    if (day > lengths[month - 1] + (month == 2 && leap ? 1 : 0)) return false;
    *seconds = days_from_civil(year, month, day) * 86400;
    return true;
}
