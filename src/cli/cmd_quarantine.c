/* cmd_quarantine.c - quarantine and quality: what was refused, and how good a delivery was. */
#include "cli/out.h"
#include "cli/session.h"

#include "intake/quality.h"
#include "intake/quarantine.h"
#include "report/quarantine_xlsx.h"
#include "report/returned.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

enum { SHOWN = 20 };

struct listing {
    struct ll_cli *c;
    struct ll_grid *table;
};

static int put_row(void *ctx, const struct ll_refused *r, struct ll_err *err)
{
    struct listing *l = ctx;

    (void)err;
    ll_grid_int(l->table, r->row);
    ll_grid_int(l->table, r->line);
    ll_grid_bool(l->table, r->closed);
    ll_grid_str(l->table, l->c->lang == LL_ZH ? r->zh : r->en);
    return LL_OK;
}

static int list_rows(struct ll_cli *c, struct ll_data *d, const char *batch, struct ll_err *err)
{
    static const struct ll_column columns[] = {{"row", "行", "row", LL_RIGHT},
                                               {"line", "行号", "line", LL_RIGHT},
                                               {"closed", "已更正", "mended", LL_LEFT},
                                               {"reasons", "原因", "reasons", LL_LEFT}};
    struct ll_arena *arena = ll_arena_new(0);
    struct listing l = {c, ll_grid_new(c, columns, LL_COUNT(columns))};
    struct ll_quarantine q;
    int64_t limit = c->opts[LL_OPT_quarantine_all] ? -1 : SHOWN;
    int rc = ll_quarantine_open(d, batch, arena, &q, err);

    if (rc == LL_OK)
        rc = ll_quarantine_each(d, batch, false, 0, limit, put_row, &l, err);
    rc = ll_grid_done(l.table, rc, err);
    if (rc == LL_OK && limit >= 0 && q.total > limit)
        ll_out_line(
            c, "共 %lld 行，尚未更正 %lld 行；--csv FILE 导出，改好后用 luling intake 再次交付",
            "%lld rows, %lld not mended yet; --csv FILE exports them to be corrected and taken in again",
            (long long)q.total, (long long)q.open);
    ll_arena_free(arena);
    return rc;
}

static int write_piece(void *ctx, struct ll_str piece, struct ll_err *err)
{
    int fd = *(int *)ctx;

    while (piece.n) {
        ssize_t n = write(fd, piece.p, piece.n);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return ll_fail_errno(err, LL_IO, "无法写入文件", "cannot write the file");
        piece.p += n;
        piece.n -= (size_t)n;
    }
    return LL_OK;
}

static int export_csv(struct ll_cli *c, struct ll_data *d, const char *batch, const char *path,
                      struct ll_err *err)
{
    bool out = strcmp(path, "-") == 0;
    int fd = out ? STDOUT_FILENO : open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);

    if (fd < 0)
        return ll_fail_errno(err, LL_IO, "无法写入 %s", "cannot write %s", path);
    int rc = ll_quarantine_csv(d, batch, c->lang, write_piece, &fd, err);
    if (!out)
        close(fd);
    if (rc == LL_OK && !out)
        ll_out_line(c, "已写入 %s", "written to %s", path);
    return rc;
}

static int export_xlsx(struct ll_cli *c, struct ll_data *d, const char *batch, const char *path,
                       struct ll_err *err)
{
    int rc = ll_quarantine_xlsx(d, batch, c->lang, path, err);

    if (rc == LL_OK)
        ll_out_line(c, "已写入 %s", "written to %s", path);
    return rc;
}

static int return_workbook(struct ll_cli *c, struct ll_data *d, const char *batch, const char *path,
                           struct ll_err *err)
{
    size_t faults = 0;
    char tmp[LL_PATH];
    int rc = ll_path(tmp, err, "%s.new", path);

    if (rc == LL_OK && (rc = ll_returned_workbook(d, batch, c->lang, tmp, &faults, err)) == LL_OK)
        rc = ll_fs_move(tmp, path, err);
    if (rc == LL_OK)
        ll_out_line(c, "已写入 %s（%zu 处批注）", "written to %s (%zu comments)", path, faults);
    return rc;
}

int ll_cmd_quarantine(struct ll_cli *c, struct ll_err *err)
{
    const char *csv = c->opts[LL_OPT_quarantine_csv], *xlsx = c->opts[LL_OPT_quarantine_xlsx],
               *book = c->opts[LL_OPT_quarantine_workbook];
    struct ll_data *d = NULL;
    int rc = ll_session_open(c, &d, err);

    if (rc == LL_OK)
        rc = csv    ? export_csv(c, d, c->args[0], csv, err)
             : xlsx ? export_xlsx(c, d, c->args[0], xlsx, err)
             : book ? return_workbook(c, d, c->args[0], book, err)
                    : list_rows(c, d, c->args[0], err);
    ll_data_close(d);
    return rc;
}

/* One line a batch, oldest last, with the six dimensions in percent. */
static int trend(struct ll_cli *c, struct ll_data *d, const char *resource, struct ll_err *err)
{
    struct ll_column columns[3 + LL_DIM_COUNT] = {{"batch", "批次", "batch", LL_LEFT},
                                                  {"published_at", "发布时间", "published at", LL_LEFT},
                                                  {"quarantined", "隔离", "quarantined", LL_RIGHT}};
    struct ll_arena *arena = ll_arena_new(0);
    struct ll_batch *list = NULL;
    double share[LL_DIM_COUNT];
    size_t n = 0;
    int64_t total;

    for (unsigned i = 0; i < LL_DIM_COUNT; i++)
        columns[3 + i] = (struct ll_column){ll_dimension_name((enum ll_dimension)i),
                                            ll_dimension_title((enum ll_dimension)i, LL_ZH),
                                            ll_dimension_title((enum ll_dimension)i, LL_EN), LL_RIGHT};
    int rc = ll_batch_list(d, resource, 0, 100, arena, &list, &n, &total, err);
    struct ll_grid *t = ll_grid_new(c, columns, LL_COUNT(columns));
    for (size_t k = 0; k < n && rc == LL_OK; k++) {
        rc = ll_quality_dimensions(ll_str(list[k].quality), share, err);
        ll_grid_z(t, list[k].id);
        ll_grid_time(t, list[k].published_at > 0 ? list[k].published_at : 0);
        ll_grid_int(t, list[k].quarantined);
        for (unsigned i = 0; i < LL_DIM_COUNT && rc == LL_OK; i++) {
            if (share[i] < 0)
                ll_grid_z(t, NULL);
            else
                ll_grid_num(t, share[i] * 100, 3);
        }
    }
    rc = ll_grid_done(t, rc, err);
    ll_arena_free(arena);
    return rc;
}

static int show_quality(struct ll_cli *c, struct ll_str quality, struct ll_err *err)
{
    const char *html = c->opts[LL_OPT_quality_html];
    struct ll_buf page = LL_BUF_INIT(64 << 20);
    int rc = LL_OK;

    if (html) {
        if ((rc = ll_quality_html(quality, c->lang, &page, err)) == LL_OK &&
            (rc = ll_fs_write_atomic(html, ll_buf_view(&page), err)) == LL_OK)
            ll_out_line(c, "已写入 %s", "written to %s", html);
    } else if (c->json) {
        ll_buf_str(&c->out, quality);
        ll_buf_c(&c->out, '\n');
    } else {
        rc = ll_quality_text(quality, c->lang, &c->out, err);
    }
    ll_buf_free(&page);
    return rc;
}

static int is_resource(struct ll_data *d, const char *name, bool *ret, struct ll_err *err)
{
    struct ll_catalog *cat = NULL;
    int rc = ll_data_catalog(d, &cat, err);

    *ret = rc == LL_OK && ll_catalog_resource(cat, ll_str(name)) != NULL;
    ll_catalog_unref(cat);
    return rc;
}

int ll_cmd_quality(struct ll_cli *c, struct ll_err *err)
{
    struct ll_arena *arena = ll_arena_new(0);
    struct ll_data *d = NULL;
    struct ll_batch b;
    bool resource = false;
    int rc = ll_session_open(c, &d, err);

    if (rc == LL_OK && (rc = is_resource(d, c->args[0], &resource, err)) == LL_OK) {
        if (resource)
            rc = trend(c, d, c->args[0], err);
        else if ((rc = ll_batch_get(d, c->args[0], arena, &b, err)) == LL_OK)
            rc = show_quality(c, ll_str(b.quality), err);
    }
    ll_data_close(d);
    ll_arena_free(arena);
    return rc;
}
