/* handle_pages.c - pages that packs declare: which there are, and the rows of a block as JSON, CSV or a workbook. */
#include "base/clock.h"
#include "http/app.h"
#include "http/look.h"
#include "report/xlsx_write.h"
#include "routes.gen.h"
#include "share/gateway.h"
#include "share/pages.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CSV_MAX = 32 << 20 };

int ll_h_pages_list(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_catalog *cat = NULL;
    int rc = ll_catalog_live_get(app->catalog, false, &cat, err);

    if (rc == LL_OK)
        rc = ll_pages_put(cat, &rq->actor, &rq->json, err);
    ll_catalog_unref(cat);
    return rc;
}

/* --- one block -------------------------------------------------------------------------------------------------------- */

struct answering {
    struct ll_app *app;
    struct ll_request *rq;
    struct ll_page_block *block;
    struct ll_xlsx_write *xlsx; /* NULL: CSV */
};

static int note(void *ctx, const char *scheme, struct ll_str value, struct ll_err *err)
{
    struct answering *a = ctx;

    return ll_look_note(a->app, a->rq, scheme, value, err);
}

static int csv_row(void *ctx, const struct ll_str *cells, size_t n, struct ll_err *err)
{
    struct ll_buf *out = &((struct answering *)ctx)->rq->out;

    ll_buf_csv_row(out, cells, n);
    return out->failed
               ? ll_fail(err, LL_TOOBIG, "导出过大，请缩小范围", "the export is too large; ask for less")
               : LL_OK;
}

static int xlsx_row(void *ctx, const struct ll_str *cells, size_t n, struct ll_err *err)
{
    return ll_xlsx_write_row(((struct answering *)ctx)->xlsx, cells, n, err);
}

static int send_json(struct answering *a, const struct ll_page_ask *ask, struct ll_err *err)
{
    struct ll_page_sink sink = {note, NULL, a};
    struct ll_json *j = &a->rq->json;

    ll_json_obj(j);
    ll_json_ks(j, "pack", ask->pack);
    ll_json_ks(j, "page", ask->page);
    ll_json_kb(j, "chart", ll_page_is_chart(a->block));
    int rc = ll_page_run(a->block, &sink, j, err);
    if (rc == LL_OK)
        ll_json_end_obj(j);
    return rc;
}

static int name_download(struct answering *a, const struct ll_page_ask *ask, const char *ending,
                         struct ll_err *err)
{
    char name[160], when[LL_TIME_TEXT];

    snprintf(name, sizeof name, "%.*s-%.*s-%.10s.%s", LL_STR_ARG(ask->page), LL_STR_ARG(ask->block),
             ll_time_text(ll_now_ms(), when), ending);
    return ll_reply_download(a->rq, name, err);
}

static int send_csv(struct answering *a, const struct ll_page_ask *ask, enum ll_lang lang, struct ll_err *err)
{
    struct ll_page_sink sink = {note, csv_row, a};
    size_t n = ll_page_columns(a->block);
    struct ll_str *titles = ll_arena_array(a->rq->arena, n + 1, sizeof *titles);
    int rc = titles ? name_download(a, ask, "csv", err) : ll_no_memory(err);

    if (rc < 0)
        return rc;
    a->rq->type = "text/csv; charset=utf-8";
    ll_buf_z(&a->rq->out, "\xef\xbb\xbf"); /* so that a spreadsheet takes it for UTF-8 */
    for (size_t i = 0; i < n; i++)
        titles[i] = ll_str(ll_page_column_title(a->block, i, lang));
    if ((rc = csv_row(a, titles, n, err)) < 0)
        return rc;
    return ll_page_run(a->block, &sink, NULL, err);
}

static int write_xlsx(struct answering *a, const char *path, enum ll_lang lang, struct ll_err *err)
{
    struct ll_page_sink sink = {note, xlsx_row, a};
    size_t n = ll_page_columns(a->block);
    struct ll_xlsx_column *columns = ll_arena_array(a->rq->arena, n + 1, sizeof *columns);
    struct ll_xlsx_write_opts o = {.sheet = lang == LL_EN ? "data" : "数据",
                                   .columns = columns,
                                   .n_columns = n,
                                   .lang = lang,
                                   .cut = true};
    int rc;

    if (!columns)
        return ll_no_memory(err);
    for (size_t i = 0; i < n; i++)
        columns[i].title = ll_page_column_title(a->block, i, lang);
    if ((rc = ll_xlsx_write_open(&a->xlsx, path, &o, err)) == LL_OK &&
        (rc = ll_page_run(a->block, &sink, NULL, err)) == LL_OK)
        rc = ll_xlsx_write_finish(a->xlsx, err);
    a->xlsx = ll_xlsx_write_free(a->xlsx);
    return rc;
}

static int send_xlsx(struct answering *a, const struct ll_page_ask *ask, enum ll_lang lang,
                     struct ll_err *err)
{
    char path[LL_PATH];
    struct stat st;
    int fd, rc = ll_data_path(a->app->data, path, err, "work/page-%d-%s", (int)getpid(), a->rq->id);

    if (rc < 0 || (rc = write_xlsx(a, path, lang, err)) < 0)
        return rc;
    fd = open(path, O_RDONLY | O_CLOEXEC);
    unlink(path);
    if (fd < 0 || fstat(fd, &st) < 0) {
        if (fd >= 0)
            close(fd);
        return ll_fail_errno(err, LL_IO, "无法读取临时文件", "cannot read a temporary file");
    }
    if ((rc = name_download(a, ask, "xlsx", err)) < 0)
        close(fd);
    else
        ll_reply_file(a->rq, fd, st.st_size,
                      "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
    return rc;
}

/* A parameter that is a JSON object; *ret NULL when it was not given. */
static int object_of(const struct ll_arg *arg, const char *name, json_t **ret, struct ll_err *err)
{
    *ret = arg->given ? json_loadb(arg->s.p, arg->s.n, JSON_REJECT_DUPLICATES, NULL) : NULL;
    if (arg->given && !json_is_object(*ret))
        return ll_fail(err, LL_USAGE, "%s 应为 JSON 对象，如 {\"region\": \"360802\"}",
                       "%s must be a JSON object, as {\"region\": \"360802\"}", name);
    return LL_OK;
}

static int answer(struct ll_app *app, struct ll_request *rq, const struct ll_page_ask *ask,
                  int (*send)(struct answering *a, const struct ll_page_ask *ask, struct ll_err *err),
                  struct ll_err *err)
{
    struct answering a = {.app = app, .rq = rq};
    struct ll_catalog *cat = NULL;
    int rc = ll_catalog_live_get(app->catalog, false, &cat, err);

    if (rc == LL_OK && (rc = ll_page_open(app->data, cat, ask, rq->arena, &a.block, err)) == LL_OK)
        rc = send(&a, ask, err);
    ll_page_close(a.block);
    ll_catalog_unref(cat);
    return rc;
}

/* What both routes say in the same way. */
static int read_ask(struct ll_app *app, struct ll_request *rq, const struct ll_arg *parameters,
                    const struct ll_arg *filters, struct ll_page_ask *ask, json_t *owned[2],
                    struct ll_err *err)
{
    int rc = object_of(parameters, "parameters", &owned[0], err);

    if (rc == LL_OK)
        rc = object_of(filters, "filters", &owned[1], err);
    ask->actor = &rq->actor;
    ask->marks = ll_gateway_marks(app->gateway);
    ask->parameters = owned[0];
    ask->filters = owned[1];
    return rc;
}

int ll_h_page_data(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    json_t *owned[2] = {NULL, NULL};
    struct ll_page_ask ask = {.pack = ll_arg(rq, LL_P_PAGE_DATA_PACK)->s,
                              .page = ll_arg(rq, LL_P_PAGE_DATA_PAGE)->s,
                              .block = ll_arg(rq, LL_P_PAGE_DATA_BLOCK)->s,
                              .sort = ll_arg(rq, LL_P_PAGE_DATA_SORT)->s,
                              .limit = (size_t)ll_arg(rq, LL_P_PAGE_DATA_LIMIT)->i,
                              .offset = (size_t)ll_arg(rq, LL_P_PAGE_DATA_OFFSET)->i};
    int rc = read_ask(app, rq, ll_arg(rq, LL_P_PAGE_DATA_PARAMETERS), ll_arg(rq, LL_P_PAGE_DATA_FILTERS),
                      &ask, owned, err);

    if (rc == LL_OK)
        rc = answer(app, rq, &ask, send_json, err);
    json_decref(owned[0]);
    json_decref(owned[1]);
    return rc;
}

static int send_file(struct answering *a, const struct ll_page_ask *ask, struct ll_err *err)
{
    enum ll_lang lang = (enum ll_lang)ll_arg(a->rq, LL_P_PAGE_FILE_LANG)->i;

    return ll_str_is(ll_arg(a->rq, LL_P_PAGE_FILE_FORMAT)->s, "xlsx") ? send_xlsx(a, ask, lang, err)
                                                                      : send_csv(a, ask, lang, err);
}

int ll_h_page_file(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    json_t *owned[2] = {NULL, NULL};
    struct ll_page_ask ask = {.pack = ll_arg(rq, LL_P_PAGE_FILE_PACK)->s,
                              .page = ll_arg(rq, LL_P_PAGE_FILE_PAGE)->s,
                              .block = ll_arg(rq, LL_P_PAGE_FILE_BLOCK)->s,
                              .sort = ll_arg(rq, LL_P_PAGE_FILE_SORT)->s,
                              .limit = LL_PAGE_EXPORT_MAX};
    int rc = read_ask(app, rq, ll_arg(rq, LL_P_PAGE_FILE_PARAMETERS), ll_arg(rq, LL_P_PAGE_FILE_FILTERS),
                      &ask, owned, err);

    if (rc == LL_OK)
        rc = answer(app, rq, &ask, send_file, err);
    json_decref(owned[0]);
    json_decref(owned[1]);
    return rc;
}
