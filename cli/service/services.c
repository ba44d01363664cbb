#include "service/services.h"

static const service services[] = {
#define SERVICE(type, function) { SLICE_INIT(type), function },
#include "service/services.def"
#undef SERVICE
};

const service *service_of(slice type) {
    size_t low = 0, high = COUNT(services);
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = slice_order(type, services[middle].type);
        if (order == 0)
            return &services[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

bool services_sorted(void) {
    for (size_t i = 1; i < COUNT(services); i++)
        if (slice_order(services[i - 1].type, services[i].type) >= 0)
            return false;
    return true;
}

void services_finish(builder *b) { lambda_async_failures(b); }
