/* app.h - what handlers work with: everything that `luling serve` opened. */
#ifndef LL_HTTP_APP_H
#define LL_HTTP_APP_H

#include "http/metrics.h"

#include <stdatomic.h>

struct ll_app {
    const char *data_dir;
    struct ll_metrics *metrics;
    atomic_bool stopping;
};

#endif
