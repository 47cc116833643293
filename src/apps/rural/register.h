/* register.h - the register of households, their members and their changes: which resources and items hold it, and how a row becomes facts of
 * where a person is (place.h). */
#ifndef LL_APPS_RURAL_REGISTER_H
#define LL_APPS_RURAL_REGISTER_H

#include "apps/rural/household.h"
#include "apps/rural/place.h"

#define LL_RURAL_REGISTER "rural_household"
#define LL_RURAL_MEMBERS "rural_member"
#define LL_RURAL_CHANGES "rural_household_change"

/* id, item of the resource */
#define LL_REGISTER_ITEMS(X)                                                                                 \
    X(NO, "household_no")                                                                                    \
    X(HEAD_ID, "head_id")                                                                                    \
    X(HEAD_NAME, "head_name")                                                                                \
    X(VILLAGE, "village_code")                                                                               \
    X(VILLAGE_NAME, "village_name")                                                                          \
    X(ADDRESS, "home_address")                                                                               \
    X(SINCE, "register_date")
#define LL_MEMBERSHIP_ITEMS(X)                                                                               \
    X(HOUSEHOLD, "household_no")                                                                             \
    X(ID, "resident_id")                                                                                     \
    X(SINCE, "member_since")                                                                                 \
    X(UNTIL, "member_until")                                                                                 \
    X(STATE, "member_state")                                                                                 \
    X(REPORTED, "reported_on")                                                                               \
    X(NAME, "person_name")                                                                                   \
    X(KINSHIP, "kinship")                                                                                    \
    X(SEX, "sex")                                                                                            \
    X(BIRTH, "birth_date")
#define LL_CHANGE_ITEMS(X)                                                                                   \
    X(DAY, "household_change_date")                                                                          \
    X(KIND, "household_change")                                                                              \
    X(FROM, "from_household")                                                                                \
    X(TO, "to_household")                                                                                    \
    X(ID, "resident_id")
#define X(id, item) LL_REGISTER_##id,
enum { LL_REGISTER_ITEMS(X) LL_REGISTER_N };
#undef X
#define X(id, item) LL_MEMBERSHIP_##id,
enum { LL_MEMBERSHIP_ITEMS(X) LL_MEMBERSHIP_N };
#undef X
#define X(id, item) LL_CHANGE_##id,
enum { LL_CHANGE_ITEMS(X) LL_CHANGE_N };
#undef X
enum { LL_RURAL_COLUMNS_MAX = 16 };

/* A row of the register of members as facts: one or two. */
size_t ll_membership_facts(const struct ll_str *row, struct ll_place_fact out[2]);
/* A change as a fact of the person it names; 0: it names none, or is none. */
size_t ll_change_fact(const struct ll_str *row, struct ll_place_fact *out);
/* Whether a change takes a whole household into another. */
bool ll_change_merges(const struct ll_str *row);

/* Members of a household on a day, unsorted. */
struct ll_register;
int ll_register_open(const struct ll_rural *r, struct ll_arena *arena, struct ll_register **ret,
                     struct ll_err *err) LL_MUST;
void ll_register_close(struct ll_register *g); /* NULL is fine; what it gave stays in the arena */
/* 1; 0: the register has no such household. */
int ll_register_find(struct ll_register *g, struct ll_str no, struct ll_household *ret,
                     struct ll_err *err) LL_MUST;
int ll_register_members(struct ll_register *g, struct ll_household *h, struct ll_err *err) LL_MUST;
int ll_register_place(struct ll_register *g, struct ll_str id, struct ll_str day, struct ll_place *ret,
                      struct ll_err *err) LL_MUST;

/* Where a person stands among members: the head first, then by kinship, birth and number. */
void ll_member_order(const struct ll_household_member *m, struct ll_buf *out);

#endif
