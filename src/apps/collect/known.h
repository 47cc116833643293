/* known.h - the records that a resource shows for one area, as texts of its form: what whoever collects there starts from.
 *
 * A record is sent back whole: so records are given only when `shows` has every item that the form asks for, and the mapping takes back what is
 * given.  Otherwise there are none, and the form begins empty. */
#ifndef LL_APPS_COLLECT_KNOWN_H
#define LL_APPS_COLLECT_KNOWN_H

#include "apps/collect/area.h"
#include "intake/data.h"
#include "intake/form.h"

enum { LL_KNOWN_MAX = 5000 };

struct ll_known {
    const struct ll_str *cells; /* n rows of form->n texts; p NULL: nothing */
    const char **version;       /* of each row: changes when any of its values does */
    size_t n;
};

bool ll_known_may(const struct ll_areas *a, const struct ll_form *form);
/* Everything in arena, in the order of the key.  LL_TOOBIG over LL_KNOWN_MAX records. */
int ll_known_read(struct ll_data *d, const struct ll_areas *a, const struct ll_form *form, const char *area,
                  struct ll_arena *arena, struct ll_known *ret, struct ll_err *err) LL_MUST;

#endif
