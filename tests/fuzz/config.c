/* config: luling.conf lines and --set assignments; a refused value leaves what was there, and what is shown reads back the same. */
#include "base/config.h"

#include <stdlib.h>
#include <string.h>

static void shown_reads_back(struct ll_config *c)
{
    struct ll_buf text = LL_BUF_INIT(4096), again = LL_BUF_INIT(4096);

    for (size_t i = 0; i < ll_setting_count(); i++) {
        ll_buf_clear(&text);
        ll_buf_clear(&again);
        ll_config_show(c, i, &text);
        LL_ASSERT(ll_config_set(c, ll_str(ll_setting_at(i)->name), ll_buf_view(&text), LL_FROM_ARGS, NULL) ==
                  LL_OK);
        ll_config_show(c, i, &again);
        LL_ASSERT(ll_str_eq(ll_buf_view(&text), ll_buf_view(&again)));
    }
    ll_buf_free(&text);
    ll_buf_free(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ll_config *c = NULL;
    char *text = malloc(size + 1);

    if (!text || ll_config_new(&c, NULL) < 0) {
        free(text);
        return 0;
    }
    memcpy(text, data, size);
    text[size] = 0;
    struct ll_str rest = {text, size}, line;
    while (rest.n) {
        ll_str_cut(rest, '\n', &line, &rest);
        text[line.p + line.n - text] = 0;
        if (ll_config_assign(c, line.p, NULL) == LL_OK)
            shown_reads_back(c);
    }
    ll_config_free(c);
    free(text);
    return 0;
}
