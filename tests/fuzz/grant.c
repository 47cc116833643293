/* grant: items, modes and networks as an application states them; what is accepted is written as it reads back, and a network has its own
 * address. */
#include "share/grant.h"

#include <string.h>

static void networks(struct ll_arena *arena, struct ll_str text)
{
    struct ll_buf once = LL_BUF_INIT(1 << 20), again = LL_BUF_INIT(1 << 20);
    struct ll_network *list, *back;
    size_t n, m;

    if (ll_networks_parse(text, arena, &list, &n, NULL) < 0)
        return;
    ll_networks_text(list, n, &once);
    LL_ASSERT(ll_networks_parse(ll_buf_view(&once), arena, &back, &m, NULL) == LL_OK && m == n);
    ll_networks_text(back, m, &again);
    LL_ASSERT(ll_str_eq(ll_buf_view(&once), ll_buf_view(&again)));
    for (size_t i = 0; i < n; i++)
        LL_ASSERT(ll_network_has(&list[i], list[i].addr) && list[i].bits <= 128);
    ll_buf_free(&once);
    ll_buf_free(&again);
}

static void items(struct ll_arena *arena, struct ll_str text)
{
    struct ll_buf once = LL_BUF_INIT(1 << 20);
    struct ll_grant_item *list, *back;
    size_t n, m;

    if (ll_grant_items_parse(text, arena, &list, &n, NULL) < 0)
        return;
    ll_grant_items_text(list, n, &once);
    LL_ASSERT(ll_grant_items_parse(ll_buf_view(&once), arena, &back, &m, NULL) == LL_OK);
    ll_buf_free(&once);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct ll_str text = {(const char *)data, size};
    struct ll_arena *arena = ll_arena_new(64 << 20);
    unsigned char addr[16];
    unsigned modes;

    if (!arena || size > 4096) {
        ll_arena_free(arena);
        return 0;
    }
    networks(arena, text);
    items(arena, text);
    LL_ASSERT(ll_use_modes_parse(text, &modes, NULL) < 0 || modes < 1u << LL_USE_MODE_COUNT);
    (void)ll_address_parse(text, addr);
    ll_arena_free(arena);
    return 0;
}
