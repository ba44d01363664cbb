#include "cel/functions.h"

#define STRING  BIT(CEL_STRING)
#define BYTES   BIT(CEL_BYTES)
#define LIST    BIT(CEL_LIST)
#define MAP     BIT(CEL_MAP)
#define BOOL    BIT(CEL_BOOL)
#define INT     BIT(CEL_INT)
#define UINT    BIT(CEL_UINT)
#define DOUBLE  BIT(CEL_DOUBLE)
#define MOMENT  BIT(CEL_TIMESTAMP)
#define SPAN    BIT(CEL_DURATION)
#define TYPE    BIT(CEL_TYPE)
#define ANY     (BIT(CEL_UNKNOWN) - 1)

#define PLAIN   CALL_PLAIN
#define METHOD  CALL_METHOD
#define BOTH    (CALL_PLAIN | CALL_METHOD)

/* CEL specification, "List of Standard Definitions"; then the strings extension. */
const cel_standard_function cel_standard[] = {
    { SLICE_INIT("size"),            BOTH,   1, { STRING | BYTES | LIST | MAP }, INT, cel_f_size },
    { SLICE_INIT("contains"),        METHOD, 2, { STRING, STRING }, BOOL, cel_f_contains },
    { SLICE_INIT("startsWith"),      METHOD, 2, { STRING, STRING }, BOOL, cel_f_starts_with },
    { SLICE_INIT("endsWith"),        METHOD, 2, { STRING, STRING }, BOOL, cel_f_ends_with },
    { SLICE_INIT("matches"),         BOTH,   2, { STRING, STRING }, BOOL, cel_f_matches },

    { SLICE_INIT("type"),            PLAIN,  1, { ANY }, TYPE, cel_f_type },
    { SLICE_INIT("dyn"),             PLAIN,  1, { ANY }, ANY, cel_f_same },
    { SLICE_INIT("bool"),            PLAIN,  1, { BOOL | STRING }, BOOL, cel_f_bool },
    { SLICE_INIT("int"),             PLAIN,  1, { INT | UINT | DOUBLE | STRING | MOMENT }, INT, cel_f_int },
    { SLICE_INIT("uint"),            PLAIN,  1, { INT | UINT | DOUBLE | STRING }, UINT, cel_f_uint },
    { SLICE_INIT("double"),          PLAIN,  1, { INT | UINT | DOUBLE | STRING }, DOUBLE, cel_f_double },
    { SLICE_INIT("string"),          PLAIN,  1, { BOOL | INT | UINT | DOUBLE | STRING | BYTES | MOMENT | SPAN }, STRING, cel_f_string },
    { SLICE_INIT("bytes"),           PLAIN,  1, { BYTES | STRING }, BYTES, cel_f_bytes },
    { SLICE_INIT("timestamp"),       PLAIN,  1, { MOMENT | STRING | INT }, MOMENT, cel_f_timestamp },
    { SLICE_INIT("duration"),        PLAIN,  1, { SPAN | STRING }, SPAN, cel_f_duration },

    { SLICE_INIT("getFullYear"),     METHOD, 1, { MOMENT }, INT, cel_f_year },
    { SLICE_INIT("getFullYear"),     METHOD, 2, { MOMENT, STRING }, INT, cel_f_year_in },
    { SLICE_INIT("getMonth"),        METHOD, 1, { MOMENT }, INT, cel_f_month },
    { SLICE_INIT("getMonth"),        METHOD, 2, { MOMENT, STRING }, INT, cel_f_month_in },
    { SLICE_INIT("getDate"),         METHOD, 1, { MOMENT }, INT, cel_f_date },
    { SLICE_INIT("getDate"),         METHOD, 2, { MOMENT, STRING }, INT, cel_f_date_in },
    { SLICE_INIT("getDayOfMonth"),   METHOD, 1, { MOMENT }, INT, cel_f_day_of_month },
    { SLICE_INIT("getDayOfMonth"),   METHOD, 2, { MOMENT, STRING }, INT, cel_f_day_of_month_in },
    { SLICE_INIT("getDayOfWeek"),    METHOD, 1, { MOMENT }, INT, cel_f_day_of_week },
    { SLICE_INIT("getDayOfWeek"),    METHOD, 2, { MOMENT, STRING }, INT, cel_f_day_of_week_in },
    { SLICE_INIT("getDayOfYear"),    METHOD, 1, { MOMENT }, INT, cel_f_day_of_year },
    { SLICE_INIT("getDayOfYear"),    METHOD, 2, { MOMENT, STRING }, INT, cel_f_day_of_year_in },
    { SLICE_INIT("getHours"),        METHOD, 1, { MOMENT }, INT, cel_f_hours },
    { SLICE_INIT("getHours"),        METHOD, 1, { SPAN }, INT, cel_f_duration_hours },
    { SLICE_INIT("getHours"),        METHOD, 2, { MOMENT, STRING }, INT, cel_f_hours_in },
    { SLICE_INIT("getMinutes"),      METHOD, 1, { MOMENT }, INT, cel_f_minutes },
    { SLICE_INIT("getMinutes"),      METHOD, 1, { SPAN }, INT, cel_f_duration_minutes },
    { SLICE_INIT("getMinutes"),      METHOD, 2, { MOMENT, STRING }, INT, cel_f_minutes_in },
    { SLICE_INIT("getSeconds"),      METHOD, 1, { MOMENT }, INT, cel_f_seconds },
    { SLICE_INIT("getSeconds"),      METHOD, 1, { SPAN }, INT, cel_f_duration_seconds },
    { SLICE_INIT("getSeconds"),      METHOD, 2, { MOMENT, STRING }, INT, cel_f_seconds_in },
    { SLICE_INIT("getMilliseconds"), METHOD, 1, { MOMENT }, INT, cel_f_milliseconds },
    { SLICE_INIT("getMilliseconds"), METHOD, 1, { SPAN }, INT, cel_f_duration_milliseconds },
    { SLICE_INIT("getMilliseconds"), METHOD, 2, { MOMENT, STRING }, INT, cel_f_milliseconds_in },

    { SLICE_INIT("charAt"),          METHOD, 2, { STRING, INT }, STRING, cel_f_char_at },
    { SLICE_INIT("indexOf"),         METHOD, 2, { STRING, STRING }, INT, cel_f_index_of },
    { SLICE_INIT("indexOf"),         METHOD, 3, { STRING, STRING, INT }, INT, cel_f_index_of_from },
    { SLICE_INIT("lastIndexOf"),     METHOD, 2, { STRING, STRING }, INT, cel_f_last_index_of },
    { SLICE_INIT("lastIndexOf"),     METHOD, 3, { STRING, STRING, INT }, INT, cel_f_last_index_of_to },
    { SLICE_INIT("join"),            METHOD, 1, { LIST }, STRING, cel_f_join },
    { SLICE_INIT("join"),            METHOD, 2, { LIST, STRING }, STRING, cel_f_join_with },
    { SLICE_INIT("lowerAscii"),      METHOD, 1, { STRING }, STRING, cel_f_lower_ascii },
    { SLICE_INIT("upperAscii"),      METHOD, 1, { STRING }, STRING, cel_f_upper_ascii },
    { SLICE_INIT("replace"),         METHOD, 3, { STRING, STRING, STRING }, STRING, cel_f_replace },
    { SLICE_INIT("replace"),         METHOD, 4, { STRING, STRING, STRING, INT }, STRING, cel_f_replace_some },
    { SLICE_INIT("reverse"),         METHOD, 1, { STRING }, STRING, cel_f_reverse },
    { SLICE_INIT("split"),           METHOD, 2, { STRING, STRING }, LIST, cel_f_split },
    { SLICE_INIT("split"),           METHOD, 3, { STRING, STRING, INT }, LIST, cel_f_split_some },
    { SLICE_INIT("substring"),       METHOD, 2, { STRING, INT }, STRING, cel_f_substring },
    { SLICE_INIT("substring"),       METHOD, 3, { STRING, INT, INT }, STRING, cel_f_substring_to },
    { SLICE_INIT("trim"),            METHOD, 1, { STRING }, STRING, cel_f_trim },
};
const size_t cel_standard_len = COUNT(cel_standard);

size_t cel_standard_find(slice name, cel_call_style style, size_t count) {
    for (size_t i = 0; i < COUNT(cel_standard); i++) {
        const cel_standard_function *f = &cel_standard[i];
        if (f->count == count && (f->style & style) != 0 && slice_eq(f->name, name)) return i;
    }
    return COUNT(cel_standard);
}

char *cel_new_text(cel_context *c, size_t len) {
    return cel_spend(c, len / 8) ? arena_alloc(c->arena, 1, 1, len + 1) : NULL;
}

cel_value *cel_new_values(cel_context *c, size_t count) {
    return cel_spend(c, count * 4) ? ARENA_ARRAY(c->arena, cel_value, count) : NULL;
}
