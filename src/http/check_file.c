/* check_file.c - see check_file.h. */
#include "http/check_file.h"

#include "base/clock.h"
#include "base/csv.h"
#include "report/xlsx_write.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { COLUMNS_MAX = 500, CELL_MAX = 64 };

/* ---- in ---- */

struct reading {
    const struct ll_rural_list *list;
    struct ll_arena *arena;
    const struct ll_rural_item *items[COLUMNS_MAX]; /* of the columns; NULL: household or subject */
    size_t n, household, subject;                   /* household, subject: which column; n: none */
    struct ll_check_file *f;
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

static int read_row(struct reading *g, const struct ll_csv_record *r, struct ll_err *err)
{
    struct ll_check_ask *ask = &g->f->asks[g->f->n];
    struct ll_check_claim *claims = ll_arena_array(g->arena, g->n, sizeof *claims);
    int rc = claims ? LL_OK : ll_no_memory(err);

    if (r->marks || r->n > g->n)
        return bad_line(r, "引号不成对，或列数多于首行",
                        "a quote is not closed, or there are more cells than columns", err);
    if (rc < 0 || (rc = keep(g, r, g->household, &ask->household, err)) < 0 ||
        (rc = keep(g, r, g->subject, &ask->subject, err)) < 0)
        return rc;
    if (ask->subject.n)
        ask->household = LL_STR("");
    if (!ask->household.n && !ask->subject.n)
        return bad_line(r, "没有户号，也没有公民身份号码", "neither household nor subject", err);
    if (ask->household.n > CELL_MAX || ask->subject.n > CELL_MAX)
        return bad_line(r, "户号或公民身份号码过长", "household or subject is too long", err);
    for (size_t i = 0; i < g->n && i < r->n && rc == LL_OK; i++) {
        if (!g->items[i] || !ll_str_trim(r->cells[i]).n)
            continue;
        if (r->cells[i].n > LL_CHECK_VALUE_MAX)
            return bad_line(r, "有值过长", "a value is too long", err);
        claims[ask->n].item = g->items[i];
        rc = keep(g, r, i, &claims[ask->n++].value, err);
    }
    if (rc == LL_OK && !ask->n)
        return bad_line(r, "没有要核查的值", "nothing to verify", err);
    ask->claims = claims;
    g->f->lines[g->f->n++] = r->line;
    return rc;
}

static int read_rows(struct reading *g, struct ll_csv *c, struct ll_csv_record *r, struct ll_err *err)
{
    int more, rc = LL_OK;

    while (rc == LL_OK && (more = ll_csv_next(c, r)) > 0) {
        if (r->n == 1 && !r->cells[0].n)
            continue;
        if (!g->n)
            rc = read_head(g, r, err);
        else if (g->f->n == LL_CHECK_FILE_ROWS)
            rc = ll_fail(err, LL_TOOBIG, "一次至多 %d 户，请拆分文件",
                         "at most %d households a file; divide it", LL_CHECK_FILE_ROWS);
        else
            rc = read_row(g, r, err);
    }
    if (rc == LL_OK && more < 0)
        return ll_no_memory(err);
    return rc == LL_OK && !g->f->n ? ll_fail(err, LL_USAGE, "文件中没有户", "the file has no household") : rc;
}

int ll_check_file_read(struct ll_str csv, const struct ll_rural_list *list, struct ll_arena *arena,
                       struct ll_check_file *ret, struct ll_err *err)
{
    struct reading *g = ll_arena_alloc(arena, sizeof *g);
    size_t bom = csv.n >= 3 && memcmp(csv.p, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    struct ll_csv_record r = {0};
    struct ll_csv c = {0};
    int rc;

    ret->n = 0;
    ret->asks = ll_arena_array(arena, LL_CHECK_FILE_ROWS, sizeof *ret->asks);
    ret->lines = ll_arena_array(arena, LL_CHECK_FILE_ROWS, sizeof *ret->lines);
    if (!g || !ret->asks || !ret->lines)
        return ll_no_memory(err);
    g->list = list;
    g->arena = arena;
    g->f = ret;
    ll_csv_init(&c, csv.p + bom, csv.n - bom, (struct ll_csv_dialect){',', '"'}, true);
    rc = read_rows(g, &c, &r, err);
    ll_csv_record_free(&r);
    ll_csv_free(&c);
    return rc;
}

/* ---- out ---- */

/* id, zh, en */
#define OUT_COLUMNS(X)                                                                                       \
    X(LINE, "行号", "line")                                                                                  \
    X(HOUSEHOLD, "户号", "household")                                                                        \
    X(STATUS, "核查", "status")                                                                              \
    X(CONSENT, "授权方式", "consent")                                                                        \
    X(CODE, "代码", "code")                                                                                  \
    X(ITEM, "信息项", "item")                                                                                \
    X(RESULT, "结果", "result")                                                                              \
    X(AGREES, "值是否相符", "agrees")                                                                        \
    X(PROVIDER, "来源部门", "provider")                                                                      \
    X(AS_OF, "数据日期", "as of")                                                                            \
    X(PUBLISHED, "发布时间", "published")
#define X(id, ...) OUT_##id,
enum { OUT_COLUMNS(X) OUT_N };
#undef X
#define X(id, zh, en) {zh, en},
static const char *const out_titles[OUT_N][2] = {OUT_COLUMNS(X)};
#undef X

typedef int put_fn(void *ctx, const struct ll_str *cells, size_t n, struct ll_err *err);

struct writing {
    const struct ll_check_file *f;
    const struct ll_checked *all;
    enum ll_lang lang;
    put_fn *put;
    void *ctx;
};

static const char *status_of(const struct ll_checked *c, enum ll_lang lang)
{
    static const char *const texts[][2] = {
        {"已核查", "checked"}, {"查无此户", "not found"}, {"未获同意", "refused"}};

    return texts[c->condition ? 2 : c->found ? 0 : 1][lang];
}

static int put_line(const struct writing *w, size_t at, size_t claim, struct ll_err *err)
{
    const struct ll_checked *c = &w->all[at];
    const struct ll_check_ask *ask = &w->f->asks[at];
    const struct ll_check_item *x = c->found && !c->condition ? &c->items[claim] : NULL;
    const struct ll_rural_item *item = ask->claims[claim].item;
    char line[24], published[LL_TIME_TEXT] = "";
    struct ll_str cells[OUT_N] = {{NULL, 0}};

    snprintf(line, sizeof line, "%" PRIu64, w->f->lines[at]);
    cells[OUT_LINE] = ll_str(line);
    cells[OUT_HOUSEHOLD] = ask->household;
    cells[OUT_STATUS] = ll_str(status_of(c, w->lang));
    if (c->said.consented)
        cells[OUT_CONSENT] = ll_str(ll_consent_kind_title(c->said.kind, w->lang));
    cells[OUT_CODE] = ll_str(item->code);
    cells[OUT_ITEM] = ll_str(item->title[w->lang]);
    if (x) {
        cells[OUT_RESULT] = ll_str(ll_check_result_title(x->result, w->lang));
        if (x->compared)
            cells[OUT_AGREES] = x->agrees ? (w->lang == LL_ZH ? LL_STR("是") : LL_STR("yes"))
                                          : (w->lang == LL_ZH ? LL_STR("否") : LL_STR("no"));
        if (x->source)
            cells[OUT_PROVIDER] = ll_str(x->source->resource->provider_name);
        cells[OUT_AS_OF] = x->day;
        if (x->published_at)
            cells[OUT_PUBLISHED] = ll_str(ll_time_text(x->published_at, published));
    }
    return w->put(w->ctx, cells, OUT_N, err);
}

static int put_all(const struct writing *w, struct ll_err *err)
{
    struct ll_str head[OUT_N];
    int rc;

    for (size_t i = 0; i < OUT_N; i++)
        head[i] = ll_str(out_titles[i][w->lang]);
    rc = w->put(w->ctx, head, OUT_N, err);
    for (size_t i = 0; i < w->f->n && rc == LL_OK; i++)
        for (size_t k = 0; k < w->f->asks[i].n && rc == LL_OK; k++)
            rc = put_line(w, i, k, err);
    return rc;
}

static int put_csv(void *ctx, const struct ll_str *cells, size_t n, struct ll_err *err)
{
    struct ll_buf *out = ctx;

    ll_buf_csv_row(out, cells, n);
    return out->failed ? ll_no_memory(err) : LL_OK;
}

struct book {
    const char *path;
    enum ll_lang lang;
    struct ll_xlsx_write *w; /* opened by the titles */
};

static int put_xlsx(void *ctx, const struct ll_str *cells, size_t n, struct ll_err *err)
{
    struct ll_xlsx_column columns[OUT_N] = {{0}};
    struct book *b = ctx;

    if (b->w)
        return ll_xlsx_write_row(b->w, cells, n, err);
    for (size_t i = 0; i < n; i++)
        columns[i].title = cells[i].p; /* titles are literals */
    const struct ll_xlsx_write_opts o = {.sheet = b->lang == LL_ZH ? "核查结果" : "results",
                                         .columns = columns,
                                         .n_columns = n,
                                         .lang = b->lang,
                                         .cut = true};
    return ll_xlsx_write_open(&b->w, b->path, &o, err);
}

/* Made beside the data, sent from there, and gone with its descriptor. */
static int send_xlsx(struct ll_app *app, struct ll_request *rq, struct writing *w, struct ll_err *err)
{
    char path[LL_PATH];
    struct book b = {.path = path, .lang = w->lang};
    struct stat st;
    int fd, rc = ll_data_path(app->data, path, err, "work/check-%d-%s", (int)getpid(), rq->id);

    if (rc < 0)
        return rc;
    w->put = put_xlsx;
    w->ctx = &b;
    if ((rc = put_all(w, err)) == LL_OK)
        rc = ll_xlsx_write_finish(b.w, err);
    ll_xlsx_write_free(b.w);
    if (rc < 0)
        return rc;
    fd = open(path, O_RDONLY | O_CLOEXEC);
    unlink(path);
    if (fd < 0 || fstat(fd, &st) < 0) {
        rc = ll_fail_errno(err, LL_IO, "无法读取临时文件", "cannot read a temporary file");
        if (fd >= 0)
            close(fd);
        return rc;
    }
    ll_reply_file(rq, fd, st.st_size, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
    return LL_OK;
}

int ll_check_file_reply(struct ll_app *app, struct ll_request *rq, const struct ll_check_file *f,
                        const struct ll_checked *all, enum ll_lang lang, bool xlsx, struct ll_err *err)
{
    struct writing w = {.f = f, .all = all, .lang = lang, .put = put_csv, .ctx = &rq->out};
    char name[64];
    int rc;

    snprintf(name, sizeof name, lang == LL_ZH ? "联网核查结果.%s" : "verification.%s", xlsx ? "xlsx" : "csv");
    if ((rc = ll_reply_download(rq, name, err)) < 0)
        return rc;
    if (xlsx)
        return send_xlsx(app, rq, &w, err);
    rq->type = "text/csv; charset=utf-8";
    ll_buf_z(&rq->out, "\xEF\xBB\xBF");
    return put_all(&w, err);
}
