/* Inside the schedule engine. */
#ifndef SFLINT_SERVICE_SCHEDULE_PARTS_H
#define SFLINT_SERVICE_SCHEDULE_PARTS_H

#include "base/buf.h"
#include "service/schedule.h"

/* What stands between the parentheses of cron(). */
bool schedule_cron_parse(arena *a, slice inside, schedule *out, slice *error);

#endif
