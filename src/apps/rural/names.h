/* names.h - how the control database names a household, and what is made here. */
#ifndef LL_APPS_RURAL_NAMES_H
#define LL_APPS_RURAL_NAMES_H

#include "intake/data.h"

enum { LL_RURAL_ID = 17, LL_RURAL_KEY = 33 };

/* A new id: 16 hexadecimal digits. */
int ll_rural_new_id(char id[LL_RURAL_ID], struct ll_err *err) LL_MUST;
/* The blind index of a household's number (rating.h) in hexadecimal: no number of a household stands in a control table. */
int ll_rural_key(struct ll_data *d, struct ll_str household, char key[LL_RURAL_KEY],
                 struct ll_err *err) LL_MUST;

#endif
