/* household.h - one rural household as a subject: who belongs to it on a day, and what is known of it, item by item of a list (list.h).
 *
 * (1) Members follow from the register, the register of members and the changes (place.h); every member's records roll up into the household.
 * (2) Of an item the source with the best precedence that has a fresh value counts, of equal precedence the later one; the others are kept beside
 *     it with their own source and date.  What is not there is told apart (tbl/item_states.h).
 * (3) It is read by look-ups in the service tables: no engine, a few milliseconds.  What is withheld is not read; `shows` confines a caller to what
 *     its grants cover (share/serving.h: ll_serving_shows).  Whoever shows it to anybody writes the journal's entry first.
 * (4) What banks deliver names whose it is (an item of element LL_RURAL_OWNER).  A viewer sees its own records in full, and of others' what they come to
 *     with all others (sum, count, most, least), unless `shows` gives it the very item that names them: then grant and consent both say so.
 * (5) ll_rollup_run (rollup.h) gives the same for all households at once. */
#ifndef LL_APPS_RURAL_HOUSEHOLD_H
#define LL_APPS_RURAL_HOUSEHOLD_H

#include "apps/rural/list.h"
#include "apps/rural/tbl/item_states.h"
#include "base/json.h"
#include "share/marks.h"
#include "share/tables.h"

#define X(id, ...) LL_RURAL_##id,
enum ll_rural_state { LL_RURAL_ITEM_STATES(X) LL_RURAL_STATE_COUNT };
#undef X
const char *ll_rural_state_word(enum ll_rural_state s);
const char *ll_rural_state_title(enum ll_rural_state s, enum ll_lang lang);
/* Whether there is a value. */
bool ll_rural_has_value(enum ll_rural_state s);

enum { LL_HOUSEHOLD_MEMBERS_MAX = 64, LL_HOUSEHOLD_RECORDS_MAX = 2000, LL_HOUSEHOLD_OWN_MAX = 100 };

/* What a read is made with; everything borrowed.  Threads may share one. */
struct ll_rural {
    struct ll_tables *tables;
    const struct ll_catalog *cat;
    const struct ll_rural_list *list;
    struct ll_marks *marks; /* NULL: nothing is disputed or withheld */
};

struct ll_household_ask {
    struct ll_str no;
    const char *day; /* 2026-11-30; NULL: today */
    /* What may be shown; NULL: everything.  Sources that may not are passed over, as if they were not there. */
    bool (*shows)(void *ctx, struct ll_str resource, struct ll_str item);
    void *shows_ctx;
    const char *viewer; /* organisation that asks; NULL: everything that is shown is shown in full */
    bool members_only;  /* no items */
    const bool
        *items; /* one an item of the list: which are read, the others are as if not granted; NULL: all */
    const struct ll_household *known; /* the same read before with members_only, on the same day; NULL */
};

struct ll_household_member {
    struct ll_str id, name, kinship, sex, birth_date, since; /* kinship, sex: codes; n 0: not known */
    struct ll_str row_household, row_since; /* of the row of the register that describes him */
    bool head;
};

/* A value of an item from one of its sources. */
struct ll_household_value {
    const struct ll_rural_source *source;
    struct ll_str value;  /* a code, digits, a day, "true"; of a list its values with ； between */
    struct ll_str day;    /* of what it says, as the source has it; n 0: not told */
    int32_t on;           /* the same as a day since 1970; of one that is not told the day of publication */
    int64_t published_at; /* ms; 0: not known */
    int64_t batch;
    size_t records;                /* how many it was made of */
    bool fresh, disputed, differs; /* differs: from the value that counts, by more than the tolerance */
    struct ll_str
        own; /* what the viewer's own records alone come to; n 0: it has none, or nobody's are named */
    size_t own_records;
};

/* A record that the viewer delivered itself. */
struct ll_household_own {
    const struct ll_resource *resource;
    const struct ll_household_member *member; /* NULL: of the household */
    struct ll_str *values;                    /* one an item of the resource */
};

struct ll_household_item {
    const struct ll_rural_item *item;
    enum ll_rural_state state;
    struct ll_household_value *values; /* the one that counts first, then those that lost */
    size_t n;
    int64_t newest; /* when the newest of its sources was published; 0: none was */
};

struct ll_household {
    struct ll_str no, head_id, head_name, village_code, village_name, address, register_date;
    const char *day;
    struct ll_household_member *members; /* the head first, then by kinship and birth */
    size_t n_members;
    struct ll_household_item *items; /* in the list's order; n_items 0 with members_only */
    size_t n_items;
    struct ll_household_own *own; /* at most LL_HOUSEHOLD_OWN_MAX */
    size_t n_own;
    const struct ll_rural_list *list;
};

/* In arena.  LL_NOTFOUND: there is no such household in the register. */
int ll_household_read(const struct ll_rural *r, const struct ll_household_ask *ask, struct ll_arena *arena,
                      struct ll_household **ret, struct ll_err *err) LL_MUST;
/* NULL: the list has no such item, by code or by name. */
const struct ll_household_item *ll_household_item(const struct ll_household *h, struct ll_str code);
/* The household's number for a member's resident identity number on a day; 1, or 0: in none.  In arena. */
int ll_household_of_person(const struct ll_rural *r, struct ll_str id, const char *day,
                           struct ll_arena *arena, struct ll_str *ret, struct ll_err *err) LL_MUST;

/* Values of a list stand with this between them. */
#define LL_RURAL_BETWEEN "；"
/* Cuts the next one off; false at the end. */
bool ll_rural_list_next(struct ll_str *rest, struct ll_str *ret);

/* Members of an object that is open: "household_no", "day", "head", "village", "members", "counts", "categories": [{"code", "title", ...,
 * "items": [{"code", "state", "value", "source", ..., "others"}]}].  mask: identity numbers of persons show their ends. */
struct ll_household_put {
    bool mask, others; /* others: values that lost */
};
void ll_household_put(struct ll_json *j, const struct ll_household *h, const struct ll_household_put *o);
/* In short: "household_no", "village_code", "member_count", "items": [{"item", "state", "values": [{"value", "resource", "as_of"}]}]. */
void ll_household_put_short(struct ll_json *j, const struct ll_household *h);

#endif
