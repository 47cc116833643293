/* licence.h - the terms under which a resource was bought from a commercial source: from whom, for which uses and scenarios, until when, at what price.
 *
 * (1) Terms are never changed: whoever states new ones adds a row, and the newest row of a resource is what holds.  What a day cost is worked out by the
 *     terms that held at its end, so that later terms change no earlier month.
 * (2) A grant covers no use that the licence does not (grant.h): the terms are read with the grant, and a new row makes every grant of the resource be read anew.
 * (3) What is bought costs per key that was answered, and per month.  The month's price is shared by keys; what that leaves over, and the whole where nobody
 *     asked, is a line of nobody's: lines always add up to what is owed.  Amounts are fen. */
#ifndef LL_SHARE_LICENCE_H
#define LL_SHARE_LICENCE_H

#include "share/actor.h"
#include "share/month.h"
#include "share/tbl/redistributions.h"

enum {
    LL_LICENCE_LINES = 10000,
    LL_LICENCE_COLUMNS = 9,
    LL_LICENCE_TEXT_MAX = 200,
    LL_LICENCE_SCENARIOS_MAX = 20
};

struct ll_licence {
    const char *resource, *supplier, *contract, *scenarios, *redistribution, *note;
    unsigned modes;                          /* enum ll_use_mode */
    int64_t from_at, until_at;               /* ms; [from, until) */
    int64_t call_fen, month_fen, budget_fen; /* budget a month; 0: none */
    int64_t made_at;
};

/* Adds terms; LL_INVALID says what is wrong with them.  scenarios: names divided by |, "": any. */
int ll_licence_put(struct ll_txn *tx, const struct ll_actor *by, const struct ll_licence *l,
                   struct ll_err *err) LL_MUST;
/* The terms that hold: 1, or 0. */
int ll_licence_get(struct ll_txn *tx, const char *resource, struct ll_arena *arena, struct ll_licence *ret,
                   struct ll_err *err) LL_MUST;
/* How they stand: "in_force", "not_yet", "ended". */
const char *ll_licence_state(const struct ll_licence *l, int64_t now);
/* Whether a list of scenarios has this one; scenario may be NULL. */
bool ll_licence_for(const char *scenarios, const char *scenario);
/* Members of an object that is open; costs: with what only those may see who pay. */
void ll_licence_json(struct ll_json *j, const struct ll_licence *l, int64_t now, bool costs);

/* ---- what a month cost (licence_cost.c) ---- */

/* organisation NULL: what of the month's price is nobody's. */
struct ll_licence_cost {
    const char *resource, *title, *supplier, *organisation, *organisation_name;
    int64_t keys, call_fen, month_fen;
};
struct ll_licence_costs {
    struct ll_month_span span;
    const struct ll_licence_cost *lines; /* by resource, organisation */
    size_t n;
    int64_t keys, fen;
};
/* only: this organisation's lines; NULL: all. */
int ll_licence_costs_read(struct ll_txn *tx, struct ll_str month, const char *only, struct ll_arena *arena,
                          struct ll_licence_costs *ret, struct ll_err *err) LL_MUST;
void ll_licence_costs_put(const struct ll_licence_costs *c, struct ll_json *j);
/* As a table: titles, lines, the sum. */
int ll_licence_costs_rows(const struct ll_licence_costs *c, enum ll_lang lang, ll_month_row_fn *put,
                          void *ctx, struct ll_err *err) LL_MUST;
/* What this month has cost so far of the resource, for its budget. */
int ll_licence_spent(struct ll_txn *tx, const char *resource, int64_t *ret_fen, struct ll_err *err) LL_MUST;

#endif
