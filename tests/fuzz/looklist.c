/* looklist: a file with a subject's list of looks, from whoever hands it over. */
#include "journal/looklist.h"

#include <stdlib.h>

static void count(void *ctx, const struct ll_look_shown *look)
{
    size_t *n = ctx;

    LL_ASSERT(look->nth > 0 && (look->payload.p != NULL) == (look->why == NULL));
    ++*n;
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    static const char keys[] =
        "log luling.local/journal+f51ce5e8+AZqgogeVEEtOQFyq2kQkx8+aMfOKjH0JZaBEznSsuUY+\nquorum none\n";
    struct ll_looklist_checked v;
    struct ll_policy *policy = NULL;
    size_t looks = 0;

    if (ll_policy_parse(LL_STR(keys), &policy, NULL) == LL_OK &&
        ll_looklist_verify((struct ll_str){(const char *)p, n}, policy, NULL, count, &looks, &v, NULL) ==
            LL_OK)
        LL_ASSERT(v.looks >= looks && v.shown <= looks);
    ll_policy_free(policy);
    return 0;
}
