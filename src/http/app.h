/* app.h - what handlers work with: everything that `luling serve` opened. */
#ifndef LL_HTTP_APP_H
#define LL_HTTP_APP_H

#include "apps/finance/deeds.h"
#include "http/figures.h"
#include "http/kept.h"
#include "http/metrics.h"
#include "http/runner.h"
#include "http/site.h"
#include "intake/data.h"
#include "report/issue.h"
#include "share/access.h"
#include "share/gateway.h"
#include "share/journaling.h"
#include "share/nonces.h"
#include "share/sweeper.h"
#include "share/tables.h"
#include "share/throttle.h"
#include "share/tokens.h"

#include <stdatomic.h>

struct ll_feature_job;
struct ll_feature_now;
struct ll_products_live;

struct ll_app {
    struct ll_data *data;
    struct ll_catalog_live *catalog;
    struct ll_tables *tables;
    struct ll_journaling *journaling;
    struct ll_sweeper *sweeper;
    struct ll_access *access;
    struct ll_gateway *gateway;
    struct ll_exporter *exporter;
    struct ll_checker *checker;
    struct ll_courier *courier;
    struct ll_upward_job *upward;
    struct ll_teller *teller;
    struct ll_monitor *monitor;
    struct ll_issuer *issuer;
    struct ll_bundler *bundler;
    struct ll_deeds *deeds;
    struct ll_products_live *products;
    struct ll_feature_now *features; /* indicators of one firm now */
    struct ll_feature_job *feature_job;
    struct ll_tokens *tokens;
    struct ll_codes *codes;       /* of subjects who sign in to other portals */
    struct ll_nonces *nonces;     /* of signed requests */
    struct ll_throttle *attempts; /* to sign in, by address */
    struct ll_rate attempt_rate;
    struct ll_throttle *visitors; /* of routes that ask for no sign-in, by address */
    struct ll_rate public_rate;
    struct ll_site site_storage;
    _Atomic(const struct ll_site *) site; /* NULL until the port is known; see ll_site */
    struct ll_runner *runner;
    struct ll_figures *figures;
    struct ll_kept *overview, *statistics, *wall, *wall_told; /* wall_told: what institutions may see of it */
    struct ll_delivering *delivering;
    struct ll_metrics *metrics;
    int64_t delay_days; /* setting looks_delay_max_days */
    atomic_bool stopping;
    bool
        locked; /* the keys cannot be opened: nothing else of this is there but metrics, and every request is refused */
};

#endif
