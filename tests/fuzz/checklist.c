/* checklist: a list of households to verify, as a bank's system or its spreadsheet wrote it; and the same packed, and what came of one. */
#include "apps/rural/check_list.h"

#include <stdlib.h>

static struct ll_element text = {.name = "t", .type = LL_TYPE_TEXT};
static struct ll_rural_item items[] = {
    {.code = "010101", .name = "holder_name", .title = {"户主姓名", "Head"}, .element = &text},
    {.code = "020502", .name = "crop_area", .title = {"种植面积", "Crop area"}, .element = &text}};
static const struct ll_rural_list list = {.name = "l", .items = items, .n = 2};

static int count(void *ctx, const struct ll_str *cells, size_t n, struct ll_err *err)
{
    (void)err;
    LL_ASSERT(n == LL_CHECK_TOLD_N && cells[0].n);
    ++*(size_t *)ctx;
    return LL_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    const struct ll_str in = {(const char *)p, n};
    struct ll_arena *a = ll_arena_new(64 << 20);
    struct ll_buf packed = LL_BUF_INIT(16 << 20);
    struct ll_check_list l, again;
    size_t lines = 0;

    if (a && ll_check_list_read(in, &list, 1000, a, &l, NULL) == LL_OK) {
        ll_check_list_pack(&l, 0, l.n, &packed);
        LL_ASSERT(packed.failed ||
                  (ll_check_list_unpack(ll_buf_view(&packed), &list, a, &again, NULL) == LL_OK &&
                   again.n == l.n && again.claims == l.claims));
    }
    (void)!ll_check_list_unpack(in, &list, a, &again, NULL);
    (void)!ll_check_told_each(in, &list, LL_ZH, count, &lines, NULL, NULL);
    ll_buf_free(&packed);
    ll_arena_free(a);
    return 0;
}
