/* viewing.h - runs the view of a service (intake/viewsql.h) for a caller: parameters read and bounded, rows limited, time limited. */
#ifndef LL_SHARE_VIEWING_H
#define LL_SHARE_VIEWING_H

#include "base/json.h"
#include "intake/viewsql.h"

#include <jansson.h>

struct ll_view_run {
    struct ll_view_asked asked;
    const char *before, *after; /* around the outputs of the view: "SELECT * FROM (", ") LIMIT 10" */
    const struct ll_lake_param *params;
    size_t n_params;
    uint64_t until_us; /* ll_mono_us */
};

/* Reads the parameters of the service from a JSON object of texts, numbers and booleans (NULL: none were given): LL_USAGE names the one
 * that is missing, unknown, not of its type or out of its bounds.  *ret has room for `more` further ones. */
int ll_view_params(const struct ll_service *s, const struct ll_view_names *names, const json_t *given,
                   size_t more, struct ll_arena *arena, struct ll_lake_param **ret, size_t *ret_n,
                   struct ll_err *err) LL_MUST;
/* Values of the rows are in the order of the service's outputs where `before` leaves them so.  LL_BUSY: as many run as may (intake/data.h). */
int ll_view_run(const struct ll_view_run *v, ll_lake_fn *fn, void *ctx, struct ll_err *err) LL_MUST;
/* The service's view; LL_NOTFOUND when it has none. */
int ll_view_of(const struct ll_catalog *cat, const struct ll_service *s, const struct ll_view **ret,
               struct ll_err *err) LL_MUST;

/* Writes a value as a service answers it: {"status", "value"}.  hidden: it was masked before the view saw it, or its element asks for it;
 * disputed: viewdoubt.h. */
void ll_view_put_value(const struct ll_catalog *cat, const struct ll_service_item *it,
                       const struct ll_lake_value *v, bool hidden, bool disputed, struct ll_json *j);

#endif
