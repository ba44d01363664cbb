/* Inside cel/: the standard functions, one table. */
#ifndef SFLINT_CEL_FUNCTIONS_H
#define SFLINT_CEL_FUNCTIONS_H

#include "cel/values.h"

typedef enum { CALL_PLAIN = 1, CALL_METHOD = 2 } cel_call_style;

#define CEL_STANDARD_ARGS 4

/* One row an overload; rows of one name stand together. Arguments are of the given kinds when `call` is called, none unknown or an error. */
typedef struct {
    slice name;
    uint8_t style;                          /* size(x) and x.size() */
    uint8_t count;                          /* arguments, a receiver included */
    uint16_t args[CEL_STANDARD_ARGS];       /* BITs */
    uint16_t result;                        /* BITs, for the checker */
    cel_value (*call)(cel_context *c, const cel_value *args);
} cel_standard_function;

extern const cel_standard_function cel_standard[];
extern const size_t cel_standard_len;

/* First row of a name with this style and number of arguments, or cel_standard_len. */
size_t cel_standard_find(slice name, cel_call_style style, size_t count);

/* Text that a function makes: the steps for it are taken first. NULL when there are none left. */
char *cel_new_text(cel_context *c, size_t len);
cel_value *cel_new_values(cel_context *c, size_t count);

/* strings.c, conversions.c, times.c, regex.c */
cel_value cel_f_contains(cel_context *c, const cel_value *args);
cel_value cel_f_starts_with(cel_context *c, const cel_value *args);
cel_value cel_f_ends_with(cel_context *c, const cel_value *args);
cel_value cel_f_matches(cel_context *c, const cel_value *args);
cel_value cel_f_char_at(cel_context *c, const cel_value *args);
cel_value cel_f_index_of(cel_context *c, const cel_value *args);
cel_value cel_f_index_of_from(cel_context *c, const cel_value *args);
cel_value cel_f_last_index_of(cel_context *c, const cel_value *args);
cel_value cel_f_last_index_of_to(cel_context *c, const cel_value *args);
cel_value cel_f_join(cel_context *c, const cel_value *args);
cel_value cel_f_join_with(cel_context *c, const cel_value *args);
cel_value cel_f_lower_ascii(cel_context *c, const cel_value *args);
cel_value cel_f_upper_ascii(cel_context *c, const cel_value *args);
cel_value cel_f_replace(cel_context *c, const cel_value *args);
cel_value cel_f_replace_some(cel_context *c, const cel_value *args);
cel_value cel_f_reverse(cel_context *c, const cel_value *args);
cel_value cel_f_split(cel_context *c, const cel_value *args);
cel_value cel_f_split_some(cel_context *c, const cel_value *args);
cel_value cel_f_substring(cel_context *c, const cel_value *args);
cel_value cel_f_substring_to(cel_context *c, const cel_value *args);
cel_value cel_f_trim(cel_context *c, const cel_value *args);

cel_value cel_f_size(cel_context *c, const cel_value *args);
cel_value cel_f_type(cel_context *c, const cel_value *args);
cel_value cel_f_same(cel_context *c, const cel_value *args);       /* dyn(x), and conversions to the kind it has */
cel_value cel_f_bool(cel_context *c, const cel_value *args);
cel_value cel_f_int(cel_context *c, const cel_value *args);
cel_value cel_f_uint(cel_context *c, const cel_value *args);
cel_value cel_f_double(cel_context *c, const cel_value *args);
cel_value cel_f_string(cel_context *c, const cel_value *args);
cel_value cel_f_bytes(cel_context *c, const cel_value *args);

cel_value cel_f_timestamp(cel_context *c, const cel_value *args);
cel_value cel_f_duration(cel_context *c, const cel_value *args);
cel_value cel_f_year(cel_context *c, const cel_value *args);
cel_value cel_f_month(cel_context *c, const cel_value *args);
cel_value cel_f_date(cel_context *c, const cel_value *args);
cel_value cel_f_day_of_month(cel_context *c, const cel_value *args);
cel_value cel_f_day_of_week(cel_context *c, const cel_value *args);
cel_value cel_f_day_of_year(cel_context *c, const cel_value *args);
cel_value cel_f_hours(cel_context *c, const cel_value *args);
cel_value cel_f_minutes(cel_context *c, const cel_value *args);
cel_value cel_f_seconds(cel_context *c, const cel_value *args);
cel_value cel_f_milliseconds(cel_context *c, const cel_value *args);
cel_value cel_f_year_in(cel_context *c, const cel_value *args);
cel_value cel_f_month_in(cel_context *c, const cel_value *args);
cel_value cel_f_date_in(cel_context *c, const cel_value *args);
cel_value cel_f_day_of_month_in(cel_context *c, const cel_value *args);
cel_value cel_f_day_of_week_in(cel_context *c, const cel_value *args);
cel_value cel_f_day_of_year_in(cel_context *c, const cel_value *args);
cel_value cel_f_hours_in(cel_context *c, const cel_value *args);
cel_value cel_f_minutes_in(cel_context *c, const cel_value *args);
cel_value cel_f_seconds_in(cel_context *c, const cel_value *args);
cel_value cel_f_milliseconds_in(cel_context *c, const cel_value *args);
cel_value cel_f_duration_hours(cel_context *c, const cel_value *args);
cel_value cel_f_duration_minutes(cel_context *c, const cel_value *args);
cel_value cel_f_duration_seconds(cel_context *c, const cel_value *args);
cel_value cel_f_duration_milliseconds(cel_context *c, const cel_value *args);

/* Arithmetic on times; the kinds are checked already. */
cel_value cel_time_add(cel_context *c, const cel_value *x, const cel_value *y);
cel_value cel_time_subtract(cel_context *c, const cel_value *x, const cel_value *y);

void cel_timestamp_text(buf *out, const cel_value *v);
void cel_duration_text(buf *out, const cel_value *v);
void cel_number_text(buf *out, double d);

/* Why a pattern is refused, for a pattern that stands in the program; false when it is fine. */
bool cel_regex_refused(arena *a, slice pattern, slice *why);

#endif
