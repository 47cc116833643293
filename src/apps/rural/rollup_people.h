/* rollup_people.h - the households of a roll-up and who is in them, found by a hash of a number: what is kept in memory while every resource is read.
 *
 * Households stand in the order of their keys, which is that of the file. */
#ifndef LL_APPS_RURAL_ROLLUP_PEOPLE_H
#define LL_APPS_RURAL_ROLLUP_PEOPLE_H

#include "base/arena.h"
#include "base/err.h"
#include "crypto/aead.h"

enum { LL_ROLLUP_NO, LL_ROLLUP_HEAD_NAME, LL_ROLLUP_VILLAGE, LL_ROLLUP_VILLAGE_NAME, LL_ROLLUP_TEXTS };

struct ll_rollup_home {
    unsigned char key[LL_BLIND];
    const char *texts; /* one behind the other */
    uint16_t n[LL_ROLLUP_TEXTS];
    uint32_t members;
};
struct ll_str ll_rollup_home_text(const struct ll_rollup_home *h, size_t which);

struct ll_rollup_person {
    uint64_t id, row; /* hashes of his number, and of which row of the register describes him */
    uint32_t home;
    unsigned char rank; /* among the members, in lists */
    bool head;
};

struct ll_rollup_people;
int ll_rollup_people_new(size_t homes, size_t persons, struct ll_rollup_people **ret,
                         struct ll_err *err) LL_MUST;
struct ll_rollup_people *ll_rollup_people_free(struct ll_rollup_people *p); /* NULL is fine; returns NULL */

/* at: its place in the order, each once. */
int ll_rollup_people_home(struct ll_rollup_people *p, size_t at, uint64_t no, struct ll_str key,
                          const struct ll_str texts[LL_ROLLUP_TEXTS], struct ll_err *err) LL_MUST;
/* order: how he stands among the members who are no head (ll_member_order, without its first letter); as_head: whether his kinship is a head's. */
int ll_rollup_people_person(struct ll_rollup_people *p, const struct ll_rollup_person *who,
                            struct ll_str order, bool as_head, struct ll_err *err) LL_MUST;
/* All are in: ranks them, and makes a head where the register's is no member (sort_members of household.c). */
int ll_rollup_people_done(struct ll_rollup_people *p, struct ll_err *err) LL_MUST;

/* Threads may ask once all are in. */
size_t ll_rollup_homes(const struct ll_rollup_people *p);
size_t ll_rollup_persons(const struct ll_rollup_people *p);
const struct ll_rollup_home *ll_rollup_home(const struct ll_rollup_people *p, size_t at);
bool ll_rollup_home_of(const struct ll_rollup_people *p, uint64_t no, uint32_t *ret);
const struct ll_rollup_person *ll_rollup_person_of(const struct ll_rollup_people *p,
                                                   uint64_t id); /* NULL: none */

#endif
