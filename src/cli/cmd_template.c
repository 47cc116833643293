/* cmd_template.c - resource template: the workbook in which a department, or whoever collects for it, fills a resource in. */
#include "cli/out.h"
#include "cli/session.h"

#include "apps/collect/fill.h"

#include <unistd.h>

enum { ROWS = 300 };

static int write_template(struct ll_cli *c, struct ll_data *d, const struct ll_fill *f, struct ll_err *err)
{
    struct ll_arena *arena = ll_arena_new(0);
    const char *path = c->args[1];
    struct ll_filled made;
    char tmp[LL_PATH];
    int rc = arena ? ll_path(tmp, err, "%s.new", path) : ll_no_memory(err);

    if (rc == LL_OK && (rc = ll_fill_write(d, f, tmp, arena, &made, err)) == LL_OK)
        rc = ll_fs_move(tmp, path, err);
    else
        unlink(tmp);
    if (rc == LL_OK && made.zip)
        ll_out_line(c, "已写入 %s（%zu 份模板）", "written to %s (%zu templates)", path, made.files);
    else if (rc == LL_OK)
        ll_out_line(c, "已写入 %s", "written to %s", path);
    ll_arena_free(arena);
    return rc;
}

int ll_cmd_resource_template(struct ll_cli *c, struct ll_err *err)
{
    const char *rows = c->opts[LL_OPT_resource_template_rows];
    struct ll_fill f = {.resource = ll_str(c->args[0]),
                        .area = c->opts[LL_OPT_resource_template_area],
                        .lang = c->lang,
                        .rows = ROWS,
                        .known = c->opts[LL_OPT_resource_template_known] != NULL};
    struct ll_data *d = NULL;
    int64_t n = 0;
    int rc = ll_session_open(c, &d, err);

    if (rc == LL_OK && rows && !ll_str_i64(ll_str(rows), 0, 5000, &n))
        rc = ll_fail(err, LL_USAGE, "--rows 应为 0 到 5000", "--rows is 0 to 5000");
    else if (rows)
        f.rows = (size_t)n;
    if (rc == LL_OK)
        rc = write_template(c, d, &f, err);
    ll_data_close(d);
    return rc;
}
