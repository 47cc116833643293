/* event_deliver.h - the platform as a source of itself: what happened on it goes through the ordinary intake as deliveries of resource `finance_case_event`,
 * so that statistics are computed from the lake alone, as of any instant (statistic.h).
 *
 * (1) Every row of finance_event, every registration of a firm, and every product that came or went is delivered once at least: the mark moves on when the
 *     delivery is durable, and what a crash lets come twice has the same key and says the same.
 * (2) A firm is a pseudonym by a key of the platform: equal for the same firm, and of use to nobody outside.  Who it is, its name and contact are not delivered. */
#ifndef LL_APPS_FINANCE_EVENT_DELIVER_H
#define LL_APPS_FINANCE_EVENT_DELIVER_H

#include "intake/delivery.h"

struct ll_keyring;
#define LL_EVENT_RESOURCE "finance_case_event"
enum { LL_EVENTS_AT_ONCE = 20000 };

struct ll_event_delivered {
    char delivery[LL_ID_TEXT]; /* "": there was nothing to deliver */
    int64_t events;
    bool more; /* LL_EVENTS_AT_ONCE were delivered: there are others */
};

/* LL_NOTFOUND: the catalogue has no such resource.  Whoever calls carries the delivery on. */
int ll_event_deliver(struct ll_data *d, struct ll_keyring *keys, struct ll_event_delivered *ret,
                     struct ll_err *err) LL_MUST;

#endif
