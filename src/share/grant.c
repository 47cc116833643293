/* grant.c - what a grant says and whether it covers a use: texts of its columns, conditions in their order.  Rows: grant_store.c. */
#include "share/grant.h"

#include "share/licence.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

static const struct {
    const char *word, *zh, *en;
} modes_table[] = {
#define X(name, word, zh, en) {word, zh, en},
    LL_USE_MODES(X)
#undef X
};

/* --- words --------------------------------------------------------------------------------------------------------- */

/* The next run of anything but blanks and commas; false at the end. */
static bool next_word(struct ll_str *text, struct ll_str *ret)
{
    size_t at = 0, end;

    while (at < text->n && (text->p[at] == ' ' || text->p[at] == ','))
        at++;
    for (end = at; end < text->n && text->p[end] != ' ' && text->p[end] != ','; end++)
        ;
    *ret = (struct ll_str){text->p + at, end - at};
    *text = (struct ll_str){text->p + end, text->n - end};
    return ret->n > 0;
}

static size_t count_words(struct ll_str text)
{
    struct ll_str word;
    size_t n = 0;

    while (next_word(&text, &word))
        n++;
    return n;
}

int ll_use_modes_parse(struct ll_str text, unsigned *ret, struct ll_err *err)
{
    unsigned modes = 0;
    struct ll_str word;

    while (next_word(&text, &word)) {
        unsigned at = 0;
        while (at < LL_USE_MODE_COUNT && !ll_str_is(word, modes_table[at].word))
            at++;
        if (at == LL_USE_MODE_COUNT)
            return ll_fail(
                err, LL_USAGE, "没有使用方式“%.*s”；可用：query、verify、batch、changes、export、subscribe",
                "there is no mode '%.*s'; there are query, verify, batch, changes, export, subscribe",
                LL_STR_ARG(word));
        modes |= 1u << at;
    }
    *ret = modes;
    return LL_OK;
}

void ll_use_modes_text(unsigned modes, struct ll_buf *out)
{
    const char *gap = "";

    for (unsigned i = 0; i < LL_USE_MODE_COUNT; i++)
        if (modes & 1u << i) {
            ll_buf_printf(out, "%s%s", gap, modes_table[i].word);
            gap = " ";
        }
}

const char *ll_use_mode_word(unsigned at)
{
    return at < LL_USE_MODE_COUNT ? modes_table[at].word : NULL;
}

const char *ll_use_mode_title(unsigned at, enum ll_lang lang)
{
    return at >= LL_USE_MODE_COUNT ? NULL : lang == LL_ZH ? modes_table[at].zh : modes_table[at].en;
}

int ll_grant_items_parse(struct ll_str text, struct ll_arena *arena, struct ll_grant_item **ret,
                         size_t *ret_n, struct ll_err *err)
{
    size_t n = count_words(text);
    struct ll_grant_item *items;
    struct ll_str word;

    if (n > LL_GRANT_ITEMS_MAX)
        return ll_fail(err, LL_TOOBIG, "信息项超过 %d 个", "more than %d items", LL_GRANT_ITEMS_MAX);
    if (!(items = ll_arena_array(arena, n ? n : 1, sizeof *items)))
        return ll_no_memory(err);
    for (size_t i = 0; next_word(&text, &word); i++) {
        items[i].plain = word.p[0] == '=';
        items[i].name = ll_arena_dup(arena, items[i].plain ? (struct ll_str){word.p + 1, word.n - 1} : word);
        if (!items[i].name)
            return ll_no_memory(err);
    }
    *ret = items;
    *ret_n = n;
    return LL_OK;
}

void ll_grant_items_text(const struct ll_grant_item *items, size_t n, struct ll_buf *out)
{
    for (size_t i = 0; i < n; i++)
        ll_buf_printf(out, "%s%s%s", i ? " " : "", items[i].plain ? "=" : "", items[i].name);
}

/* --- networks ------------------------------------------------------------------------------------------------------ */

static const unsigned char v4_prefix[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

/* IPv4 becomes ::ffff:a.b.c.d; *ret_v4 tells that it was written so. */
static bool read_address(struct ll_str text, unsigned char ret[16], bool *ret_v4)
{
    char z[INET6_ADDRSTRLEN];

    if (!text.n || text.n >= sizeof z || memchr(text.p, 0, text.n))
        return false;
    memcpy(z, text.p, text.n);
    z[text.n] = 0;
    *ret_v4 = memchr(z, ':', text.n) == NULL;
    if (!*ret_v4)
        return inet_pton(AF_INET6, z, ret) == 1;
    memcpy(ret, v4_prefix, sizeof v4_prefix);
    return inet_pton(AF_INET, z, ret + sizeof v4_prefix) == 1;
}

bool ll_address_parse(struct ll_str text, unsigned char ret[16])
{
    bool v4;

    return read_address(text, ret, &v4);
}

static unsigned char mask_of(unsigned bits, unsigned at)
{
    unsigned before = at * 8;

    return bits >= before + 8 ? 0xff : bits <= before ? 0 : (unsigned char)(0xff << (before + 8 - bits));
}

bool ll_network_has(const struct ll_network *net, const unsigned char addr[16])
{
    for (unsigned i = 0; i < 16 && i * 8 < net->bits; i++)
        if ((net->addr[i] ^ addr[i]) & mask_of(net->bits, i))
            return false;
    return true;
}

int ll_network_parse(struct ll_str text, struct ll_network *ret, struct ll_err *err)
{
    struct ll_str head, tail;
    struct ll_network net = {.bits = 128};
    bool cut = ll_str_cut(text, '/', &head, &tail), v4 = false;
    int64_t bits = 0;

    if (!read_address(head, net.addr, &v4) || (cut && !ll_str_i64(tail, 0, v4 ? 32 : 128, &bits)))
        return ll_fail(err, LL_INVALID, "“%.*s”不是网段，应如 10.1.0.0/16 或 2001:db8::/32",
                       "'%.*s' is no network; write 10.1.0.0/16 or 2001:db8::/32", LL_STR_ARG(text));
    if (cut)
        net.bits = (unsigned)bits + (v4 ? 96 : 0);
    for (unsigned i = 0; i < 16; i++)
        if (net.addr[i] & (unsigned char)~mask_of(net.bits, i))
            return ll_fail(err, LL_INVALID, "网段“%.*s”在前缀之外还有地址位，应为 0",
                           "the network '%.*s' has address bits beyond its prefix; they must be 0",
                           LL_STR_ARG(text));
    *ret = net;
    return LL_OK;
}

int ll_networks_parse(struct ll_str text, struct ll_arena *arena, struct ll_network **ret, size_t *ret_n,
                      struct ll_err *err)
{
    size_t n = count_words(text);
    struct ll_network *list;
    struct ll_str word;
    int rc;

    if (n > LL_GRANT_NETWORKS_MAX)
        return ll_fail(err, LL_TOOBIG, "网段超过 %d 个", "more than %d networks", LL_GRANT_NETWORKS_MAX);
    if (!(list = ll_arena_array(arena, n ? n : 1, sizeof *list)))
        return ll_no_memory(err);
    for (size_t i = 0; next_word(&text, &word); i++)
        if ((rc = ll_network_parse(word, &list[i], err)) < 0)
            return rc;
    *ret = list;
    *ret_n = n;
    return LL_OK;
}

void ll_networks_text(const struct ll_network *list, size_t n, struct ll_buf *out)
{
    for (size_t i = 0; i < n; i++) {
        bool v4 = list[i].bits >= 96 && memcmp(list[i].addr, v4_prefix, sizeof v4_prefix) == 0;
        char z[INET6_ADDRSTRLEN];
        inet_ntop(v4 ? AF_INET : AF_INET6, list[i].addr + (v4 ? 12 : 0), z, sizeof z);
        ll_buf_printf(out, "%s%s/%u", i ? " " : "", z, list[i].bits - (v4 ? 96 : 0));
    }
}

/* --- conditions ---------------------------------------------------------------------------------------------------- */

static bool licence_stands(const struct ll_grant *g, int64_t now)
{
    return !g->licensed || (now >= g->licence_from_at && now < g->licence_until_at);
}

unsigned ll_grant_modes(const struct ll_grant *g)
{
    if (!g->licensed)
        return g->modes;
    return ll_licence_for(g->licence_scenarios, g->scenario) ? g->modes & g->licence_modes : 0;
}

bool ll_grant_in_force(const struct ll_grant *g, int64_t now)
{
    return g->state == LL_STATE_ACTIVE && now >= g->from_at && now < g->until_at && licence_stands(g, now);
}

const struct ll_grant_item *ll_grant_item_of(const struct ll_grant *g, struct ll_str name)
{
    for (size_t i = 0; i < g->n_items; i++)
        if (ll_str_is(name, g->items[i].name))
            return &g->items[i];
    return NULL;
}

static bool network_covers(const struct ll_grant *g, const unsigned char *addr)
{
    for (size_t i = 0; addr && i < g->n_networks; i++)
        if (ll_network_has(&g->networks[i], addr))
            return true;
    return g->n_networks == 0;
}

static bool purpose_covers(const struct ll_grant *g, struct ll_str purpose)
{
    return !purpose.n || ll_str_is(purpose, g->purpose) || (g->scenario && ll_str_is(purpose, g->scenario));
}

static enum ll_grant_refusal standing(const struct ll_grant *g, int64_t now)
{
    if (g->state == LL_STATE_REVOKED)
        return LL_GRANT_REVOKED;
    if (g->state == LL_STATE_EXPIRED || now >= g->until_at)
        return LL_GRANT_ENDED;
    if (g->state == LL_STATE_SUSPENDED)
        return LL_GRANT_SUSPENDED;
    if (now < g->from_at)
        return LL_GRANT_NOT_YET;
    return licence_stands(g, now) ? LL_GRANT_COVERS : LL_GRANT_LICENCE_OVER;
}

enum ll_grant_refusal ll_grant_covers(const struct ll_grant *g, const struct ll_grant_use *use,
                                      struct ll_str *ret_item)
{
    enum ll_grant_refusal r = standing(g, use->now);

    if (r != LL_GRANT_COVERS)
        return r;
    if (!(g->modes & (unsigned)use->mode))
        return LL_GRANT_MODE;
    if (!(ll_grant_modes(g) & (unsigned)use->mode))
        return LL_GRANT_LICENCE_USE;
    if (!purpose_covers(g, use->purpose))
        return LL_GRANT_PURPOSE;
    if (!network_covers(g, use->addr))
        return LL_GRANT_NETWORK;
    for (size_t i = 0; i < use->n_items; i++)
        if (!ll_grant_item_of(g, use->items[i])) {
            if (ret_item)
                *ret_item = use->items[i];
            return LL_GRANT_ITEM;
        }
    return LL_GRANT_COVERS;
}

static const struct {
    const char *word, *zh, *en;
} refusals[] = {
    [LL_GRANT_COVERS] = {"covered", "允许", "covers it"},
    [LL_GRANT_NOT_YET] = {"not_yet", "尚未生效", "has not begun"},
    [LL_GRANT_ENDED] = {"expired", "已到期", "has ended"},
    [LL_GRANT_SUSPENDED] = {"suspended", "已暂停", "is suspended"},
    [LL_GRANT_REVOKED] = {"revoked", "已收回", "is revoked"},
    [LL_GRANT_LICENCE_OVER] = {"licence", "所用资源来自商业来源，其许可不在有效期内",
                               "is for data that were bought, whose licence is not in force"},
    [LL_GRANT_LICENCE_USE] =
        {"licence_use", "所用资源来自商业来源，其许可不含这种使用方式或场景",
         "is for data that were bought, whose licence does not have this mode or scenario"},
    [LL_GRANT_MODE] = {"mode", "不含这种使用方式", "does not have this mode"},
    [LL_GRANT_PURPOSE] = {"purpose", "不用于这一用途", "is for another purpose"},
    [LL_GRANT_NETWORK] = {"network", "不允许从这一地址使用", "does not allow this address"},
    [LL_GRANT_ITEM] = {"item", "不含信息项 ", "does not have item "},
};

const char *ll_grant_refusal_word(enum ll_grant_refusal r)
{
    return refusals[r].word;
}

int ll_grant_refuse(enum ll_grant_refusal r, const struct ll_grant *g, struct ll_str item, struct ll_err *err)
{
    char zh[256], en[256];

    if (r == LL_GRANT_COVERS)
        return LL_OK;
    if (r != LL_GRANT_ITEM)
        item = LL_STR("");
    snprintf(zh, sizeof zh, "授权 %s %s%.*s", g->id, refusals[r].zh, LL_STR_ARG(item));
    snprintf(en, sizeof en, "grant %s %s%.*s", g->id, refusals[r].en, LL_STR_ARG(item));
    return ll_fail_texts(err, LL_DENIED, zh, en);
}
