/* desk.h - a store with three organisations, and the people who act in the tests of sharing. */
#ifndef LL_TESTS_UNIT_SHARE_DESK_H
#define LL_TESTS_UNIT_SHARE_DESK_H

#include "../test.h"

#include "share/grants.h"

/* BANK asks, TAX provides, HUB runs the platform. */
struct desk {
    char dir[64], path[128];
    struct ll_store *st;
    struct ll_arena *arena;
};

void desk_open(struct desk *d);
void desk_close(struct desk *d);
struct ll_store *desk_store(struct desk *d); /* another handle, as another process has one */

extern const struct ll_actor bank_steward, bank_approver, tax_steward, tax_approver, hub_operator, security,
    other_approver;

/* A whole grant for BANK on `resource` of TAX, a year long. */
struct ll_grant desk_grant(const char *resource);
void desk_add_grant(struct desk *d, const struct ll_grant *g, char id[LL_FLOW_ID_TEXT]);
int desk_grant_act(struct ll_store *st, const char *id, const char *action, const struct ll_actor *actor,
                   struct ll_err *err);
enum { DAY_MS = 86400000 };
int64_t desk_ask(struct desk *d, const char *sql); /* one integer */
void desk_run(struct desk *d, const char *sql);

#endif
