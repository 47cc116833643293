/* combine.h - several values of one source become one, as rural_sources.csv says (latest, sum, list, ...). */
#ifndef LL_APPS_RURAL_COMBINE_H
#define LL_APPS_RURAL_COMBINE_H

#include "apps/rural/settle.h"

struct ll_rural_part {
    struct ll_str order, value, day;
};

/* What a source has given so far. */
struct ll_rural_sum {
    struct ll_rural_given given;
    ll_i128 total;
    struct ll_rural_part *parts; /* of a list */
    size_t n, room;
};

/* A record's value.  order: where it stands in a list, of the person whose it is.  Texts are kept as they are: in arena. */
struct ll_rural_seen {
    struct ll_str value, day, order;
    int64_t published_at, batch;
    bool disputed;
};

/* The first day that counts, as text; "" where every day does. */
void ll_rural_since(const struct ll_rural_source *s, int32_t today, char *out, size_t size);
/* Whether the source counts a record that says this, on the day `upto`. */
bool ll_rural_counts(const struct ll_rural_source *s, struct ll_str only, struct ll_str day,
                     struct ll_str upto, struct ll_str since);
int ll_rural_sum_add(struct ll_rural_sum *sum, const struct ll_rural_source *s,
                     const struct ll_rural_seen *seen, struct ll_arena *arena, struct ll_err *err) LL_MUST;
/* Completes sum->given. */
int ll_rural_sum_end(struct ll_rural_sum *sum, const struct ll_rural_source *s, struct ll_arena *arena,
                     struct ll_err *err) LL_MUST;

enum { LL_RURAL_LIST_TEXT = 4000 }; /* most bytes of one */

#endif
