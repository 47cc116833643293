/* check.h - networked verification (联网核查): whether what an applicant says of a household is what the departments have, item by item, without showing
 * what they have.
 *
 * (1) Who asks does so under its grants (share/serving.h, mode verify): an item of which no source is granted is answered as such.
 * (2) The farmer speaks for the household: his consent counts, the head's where the household alone is named (a rule of ours).  A resource that the
 *     consent leaves out is as good as not granted; where it covers none of those asked for, nothing is read.
 * (3) A claim is compared with the value that counts (settle.c), in the item's unit and within its tolerance; of a list each value claimed must be in it.
 *     What is out of date is called so, and whether it agrees is said beside it.  No value is ever in a result.
 * (4) Everybody in the household stands in the journal as looked at, and one check is one attempt at the household (gateway.h). */
#ifndef LL_APPS_RURAL_CHECK_H
#define LL_APPS_RURAL_CHECK_H

#include "apps/rural/household.h"
#include "apps/rural/tbl/check_results.h"
#include "share/serving.h"

#define X(id, ...) LL_CHECK_##id,
enum ll_check_result { LL_CHECK_RESULTS(X) LL_CHECK_RESULT_COUNT };
#undef X
const char *ll_check_result_word(enum ll_check_result r);
const char *ll_check_result_title(enum ll_check_result r, enum ll_lang lang);

enum {
    LL_CHECK_AT_ONCE = 100, /* households under one set of entries */
    LL_CHECK_PERSONS = 900, /* in all of them: what an entry of the journal holds */
    LL_CHECK_VALUE_MAX = 2000
};

struct ll_check_claim {
    const struct ll_rural_item *item;
    struct ll_str value;
};

struct ll_check_ask {
    struct ll_str household,
        subject; /* its number, or the identity number of the one of it who speaks: one of the two */
    const struct ll_check_claim *claims;
    size_t n;
};

struct ll_check_item {
    enum ll_check_result result;
    enum ll_rural_state state;
    bool compared, agrees;
    struct ll_str day; /* of what it was compared with */
    int64_t published_at;
    const struct ll_rural_source *source; /* the same; NULL: none */
    size_t others;                        /* values from other sources */
};

/* A household that was asked about.  condition: why it was refused; NULL: it was not. */
struct ll_checked {
    const char *condition;
    bool found;
    struct ll_str household;
    const char *day;
    struct ll_serving_said said;
    struct ll_check_item *items; /* one a claim */
};

/* What claims read, as a service over its resources; in arena. */
int ll_check_reads(const struct ll_rural_list *l, const struct ll_check_ask *asks, size_t n,
                   struct ll_arena *arena, struct ll_service *ret, struct ll_err *err) LL_MUST;

/* alone: what refuses the household refuses the call.  sv was opened for LL_CHECK_AT_ONCE households at most; viewer: who asks, an organisation. */
struct ll_check_run {
    const struct ll_rural *r;
    struct ll_serving *sv;
    const char *viewer;
    bool alone;
};
int ll_rural_check(const struct ll_check_run *run, const struct ll_check_ask *asks, size_t n,
                   struct ll_arena *arena, struct ll_checked *ret, struct ll_err *err) LL_MUST;

/* Whether a claim agrees with a value of the item; pure. */
bool ll_check_agrees(const struct ll_rural_item *item, enum ll_rural_combine combine, struct ll_str claim,
                     struct ll_str value);

/* Members of an object that is open. */
void ll_checked_put(struct ll_json *j, const struct ll_check_ask *ask, const struct ll_checked *c);
/* The consent that was used, as "consent": kind and strength always with it. */
void ll_consent_said_put(struct ll_json *j, const struct ll_serving_said *s);

/* Who is looked at, for ll_serving_note; the household itself comes first. */
int ll_household_persons(const struct ll_household *h, struct ll_arena *arena, struct ll_serving_person **ret,
                         size_t *ret_n, struct ll_err *err) LL_MUST;
/* Finds the household and whose word counts; 1, or 0: there is none.  *ret holds members only. */
int ll_household_spoken(const struct ll_rural *r, struct ll_str household, struct ll_str subject,
                        struct ll_arena *arena, struct ll_household **ret, struct ll_serving_person *speaks,
                        struct ll_err *err) LL_MUST;

#endif
