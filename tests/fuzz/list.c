/* list: a list of subjects that a bank hands in, as CSV. */
#include "apps/credit/bundle_impl.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    struct ll_bundle_list list;

    ll_bundle_list_init(&list);
    if (ll_bundle_list_csv(&list, (struct ll_str){(const char *)p, n}, NULL) == LL_OK &&
        ll_bundle_list_done(&list, NULL) == LL_OK) {
        struct ll_bundle_row *rows = calloc(list.n, sizeof *rows);
        LL_ASSERT(rows && list.n > 0 && list.n <= LL_BUNDLE_SUBJECTS);
        ll_bundle_rows(ll_buf_view(&list.text), rows, list.n);
        for (size_t i = 0; i < list.n; i++)
            LL_ASSERT(rows[i].subject.n > 0 && rows[i].subject.n <= LL_BUNDLE_SUBJECT &&
                      rows[i].reference.n <= LL_BUNDLE_REFERENCE);
        free(rows);
    }
    ll_buf_free(&list.text);
    return 0;
}
