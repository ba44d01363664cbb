/* `sflint schedule`: is an expression valid, and when does it fire next? */
#ifndef SFLINT_REPORT_SCHEDULE_REPORT_H
#define SFLINT_REPORT_SCHEDULE_REPORT_H

#include "report/report.h"
#include "service/timetable.h"

typedef struct {
    const report *base;
    const timetable_entry *at;
    size_t len;
    const time_zone *shown;        /* times of text are given in this zone too; NULL: not */
    slice shown_name;
} schedule_report;

void report_schedule_text(buf *out, const schedule_report *r);
void report_schedule_json(buf *out, const schedule_report *r);

#endif
