/* check_list.c - see check_list.h. */
#include "apps/rural/check_list.h"

#include "apps/rural/packed.h"
#include "base/csv.h"

#include <inttypes.h>
#include <string.h>

enum { COLUMNS_MAX = 500, CELL_MAX = 64 };

/* ---- the table ---- */

struct reading {
    const struct ll_rural_list *list;
    struct ll_arena *arena;
    const struct ll_rural_item *items[COLUMNS_MAX]; /* of the columns; NULL: household or subject */
    size_t n, household, subject;                   /* household, subject: which column; n: none */
    struct ll_check_list *f;
    size_t most;
};

static const struct ll_rural_item *item_of(const struct ll_rural_list *l, struct ll_str name)
{
    const struct ll_rural_item *x = ll_rural_item(l, name);

    for (size_t i = 0; !x && i < l->n; i++)
        if (ll_str_is(name, l->items[i].title[LL_ZH]) || ll_str_is(name, l->items[i].title[LL_EN]))
            x = &l->items[i];
    return x;
}

static int read_head(struct reading *g, const struct ll_csv_record *r, struct ll_err *err)
{
    if (r->n < 2 || r->n > COLUMNS_MAX)
        return ll_fail(err, LL_USAGE, "首行应有 2 到 %d 列：户号或公民身份号码，以及信息项",
                       "the first line has 2 to %d columns: household or subject, and items", COLUMNS_MAX);
    g->n = g->household = g->subject = r->n;
    for (size_t i = 0; i < r->n; i++) {
        struct ll_str name = ll_str_trim(r->cells[i]);
        if (ll_str_is(name, "household") || ll_str_is(name, "户号"))
            g->household = i;
        else if (ll_str_is(name, "subject") || ll_str_is(name, "公民身份号码"))
            g->subject = i;
        else if (!(g->items[i] = item_of(g->list, name)))
            return ll_fail(err, LL_USAGE, "第 %zu 列“%.60s”不是户号、公民身份号码或清单中的信息项",
                           "column %zu, '%.60s', is neither household, subject nor an item of the list",
                           i + 1, name.n ? ll_arena_dup(g->arena, name) : "");
    }
    return g->household < g->n || g->subject < g->n ? LL_OK
                                                    : ll_fail(err, LL_USAGE, "缺少“户号”或“公民身份号码”一列",
                                                              "a column household or subject is missing");
}

static int keep(struct reading *g, const struct ll_csv_record *r, size_t at, struct ll_str *ret,
                struct ll_err *err)
{
    struct ll_str cell = at < r->n ? ll_str_trim(r->cells[at]) : LL_STR("");

    *ret = (struct ll_str){ll_arena_dup(g->arena, cell), cell.n};
    return ret->p ? LL_OK : ll_no_memory(err);
}

static int bad_line(const struct ll_csv_record *r, const char *zh, const char *en, struct ll_err *err)
{
    return ll_fail(err, LL_USAGE, "第 %" PRIu64 " 行：%s%.0s", "line %" PRIu64 ": %.0s%s", r->line, zh, en);
}

/* How many cells claim something. */
static size_t claims_of(const struct reading *g, const struct ll_csv_record *r)
{
    size_t n = 0;

    for (size_t i = 0; i < g->n && i < r->n; i++)
        n += g->items[i] && ll_str_trim(r->cells[i]).n;
    return n;
}

static int read_claims(struct reading *g, const struct ll_csv_record *r, struct ll_check_ask *ask,
                       struct ll_err *err)
{
    size_t n = claims_of(g, r);
    struct ll_check_claim *claims = ll_arena_array(g->arena, n + 1, sizeof *claims);
    int rc = claims ? LL_OK : ll_no_memory(err);

    if (rc == LL_OK && (g->f->claims += n) > LL_CHECK_LIST_CLAIMS)
        return ll_fail(err, LL_TOOBIG, "一次至多核查 %d 个值，请拆分文件",
                       "at most %d values a file; divide it", LL_CHECK_LIST_CLAIMS);
    for (size_t i = 0; i < g->n && i < r->n && rc == LL_OK; i++) {
        if (!g->items[i] || !ll_str_trim(r->cells[i]).n)
            continue;
        if (r->cells[i].n > LL_CHECK_VALUE_MAX)
            return bad_line(r, "有值过长", "a value is too long", err);
        claims[ask->n].item = g->items[i];
        rc = keep(g, r, i, &claims[ask->n++].value, err);
    }
    ask->claims = claims;
    return rc;
}

static int read_row(struct reading *g, const struct ll_csv_record *r, struct ll_err *err)
{
    struct ll_check_ask *ask = &g->f->asks[g->f->n];
    int rc;

    if (r->marks || r->n > g->n)
        return bad_line(r, "引号不成对，或列数多于首行",
                        "a quote is not closed, or there are more cells than columns", err);
    if ((rc = keep(g, r, g->household, &ask->household, err)) < 0 ||
        (rc = keep(g, r, g->subject, &ask->subject, err)) < 0)
        return rc;
    if (ask->subject.n)
        ask->household = LL_STR("");
    if (!ask->household.n && !ask->subject.n)
        return bad_line(r, "没有户号，也没有公民身份号码", "neither household nor subject", err);
    if (ask->household.n > CELL_MAX || ask->subject.n > CELL_MAX)
        return bad_line(r, "户号或公民身份号码过长", "household or subject is too long", err);
    if ((rc = read_claims(g, r, ask, err)) < 0)
        return rc;
    if (!ask->n)
        return bad_line(r, "没有要核查的值", "nothing to verify", err);
    g->f->lines[g->f->n++] = r->line;
    return LL_OK;
}

static int read_rows(struct reading *g, struct ll_csv *c, struct ll_csv_record *r, struct ll_err *err)
{
    int more, rc = LL_OK;

    while (rc == LL_OK && (more = ll_csv_next(c, r)) > 0) {
        if (r->n == 1 && !r->cells[0].n)
            continue;
        if (!g->n)
            rc = read_head(g, r, err);
        else if (g->f->n == g->most)
            rc = ll_fail(err, LL_TOOBIG, "一次至多 %zu 户，请拆分文件",
                         "at most %zu households a file; divide it", g->most);
        else
            rc = read_row(g, r, err);
    }
    if (rc == LL_OK && more < 0)
        return ll_no_memory(err);
    return rc == LL_OK && !g->f->n ? ll_fail(err, LL_USAGE, "文件中没有户", "the file has no household") : rc;
}

/* No table has more lines than it has ends of lines. */
static size_t lines_of(struct ll_str csv, size_t most)
{
    size_t n = 1;

    for (size_t i = 0; i < csv.n && n < most; i++)
        n += csv.p[i] == '\n' || csv.p[i] == '\r';
    return n;
}

int ll_check_list_read(struct ll_str csv, const struct ll_rural_list *list, size_t most,
                       struct ll_arena *arena, struct ll_check_list *ret, struct ll_err *err)
{
    struct reading *g = ll_arena_alloc(arena, sizeof *g);
    size_t bom = csv.n >= 3 && memcmp(csv.p, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0, room = lines_of(csv, most);
    struct ll_csv_record r = {0};
    struct ll_csv c = {0};
    int rc;

    *ret = (struct ll_check_list){.asks = ll_arena_array(arena, room, sizeof *ret->asks),
                                  .lines = ll_arena_array(arena, room, sizeof *ret->lines)};
    if (!g || !ret->asks || !ret->lines)
        return ll_no_memory(err);
    g->list = list;
    g->arena = arena;
    g->f = ret;
    g->most = most;
    ll_csv_init(&c, csv.p + bom, csv.n - bom, (struct ll_csv_dialect){',', '"'}, true);
    rc = read_rows(g, &c, &r, err);
    ll_csv_record_free(&r);
    ll_csv_free(&c);
    return rc;
}

/* ---- packed ---- */

void ll_check_list_pack(const struct ll_check_list *l, size_t from, size_t n, struct ll_buf *out)
{
    ll_packed_put_number(out, n);
    for (size_t i = from; i < from + n; i++) {
        const struct ll_check_ask *ask = &l->asks[i];
        ll_packed_put_number(out, l->lines[i]);
        ll_packed_put_text(out, ask->household);
        ll_packed_put_text(out, ask->subject);
        ll_packed_put_number(out, ask->n);
        for (size_t k = 0; k < ask->n; k++) {
            ll_packed_put_text(out, ll_str(ask->claims[k].item->code));
            ll_packed_put_text(out, ask->claims[k].value);
        }
    }
}

static int unpack_one(struct ll_packed *b, const struct ll_rural_list *list, struct ll_arena *arena,
                      uint64_t *line, struct ll_check_ask *ask, struct ll_err *err)
{
    struct ll_check_claim *claims;

    *line = ll_packed_number(b);
    ask->household = ll_packed_text(b);
    ask->subject = ll_packed_text(b);
    ask->n = ll_packed_number(b);
    if (b->bad || ask->n > list->n)
        return ll_fail(err, LL_INVALID, "不是核查名单", "not a list of households");
    if (!(claims = ll_arena_array(arena, ask->n + 1, sizeof *claims)))
        return ll_no_memory(err);
    for (size_t k = 0; k < ask->n; k++) {
        struct ll_str code = ll_packed_text(b);
        claims[k].item = ll_rural_item(list, code);
        claims[k].value = ll_packed_text(b);
        if (b->bad || !claims[k].item)
            return ll_fail(err, LL_INVALID, "信息清单改过，已没有信息项 %.*s",
                           "the list of items was changed and has no item %.*s any more", LL_STR_ARG(code));
    }
    ask->claims = claims;
    return LL_OK;
}

int ll_check_list_unpack(struct ll_str packed, const struct ll_rural_list *list, struct ll_arena *arena,
                         struct ll_check_list *ret, struct ll_err *err)
{
    struct ll_packed b = ll_packed_of(packed);
    uint64_t n = ll_packed_number(&b);
    int rc = LL_OK;

    if (b.bad || n > LL_CHECK_LIST_MAX)
        return ll_fail(err, LL_INVALID, "不是核查名单", "not a list of households");
    *ret = (struct ll_check_list){.asks = ll_arena_array(arena, n + 1, sizeof *ret->asks),
                                  .lines = ll_arena_array(arena, n + 1, sizeof *ret->lines)};
    if (!ret->asks || !ret->lines)
        return ll_no_memory(err);
    for (; ret->n < n && rc == LL_OK; ret->n++)
        if ((rc = unpack_one(&b, list, arena, &ret->lines[ret->n], &ret->asks[ret->n], err)) == LL_OK)
            ret->claims += ret->asks[ret->n].n;
    return rc;
}
