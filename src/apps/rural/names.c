/* names.c - see names.h. */
#include "apps/rural/names.h"

#include "apps/rural/rating.h"
#include "crypto/random.h"

#include <stdio.h>

static void hex(const unsigned char *bytes, size_t n, char *out)
{
    for (size_t i = 0; i < n; i++)
        snprintf(out + 2 * i, 3, "%02x", bytes[i]);
}

int ll_rural_new_id(char id[LL_RURAL_ID], struct ll_err *err)
{
    unsigned char bytes[LL_RURAL_ID / 2];
    int rc = ll_random(bytes, sizeof bytes, err);

    if (rc == LL_OK)
        hex(bytes, sizeof bytes, id);
    return rc;
}

int ll_rural_key(struct ll_data *d, struct ll_str household, char key[LL_RURAL_KEY], struct ll_err *err)
{
    unsigned char bytes[LL_BLIND];
    int rc = ll_rating_key(d, household, bytes, err);

    if (rc == LL_OK)
        hex(bytes, sizeof bytes, key);
    return rc;
}
