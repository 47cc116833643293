/* cmd_template.c - resource template: the workbook in which a department fills a resource in. */
#include "cli/out.h"
#include "cli/session.h"

#include "report/template.h"

int ll_cmd_resource_template(struct ll_cli *c, struct ll_err *err)
{
    const char *name = c->args[0], *path = c->args[1];
    struct ll_catalog *cat = NULL;
    struct ll_data *d = NULL;
    int rc = ll_session_open(c, &d, err);

    if (rc == LL_OK)
        rc = ll_data_catalog(d, &cat, err);
    const struct ll_resource *r = rc == LL_OK ? ll_catalog_resource(cat, ll_str(name)) : NULL;
    if (rc == LL_OK && !r)
        rc = ll_fail(err, LL_NOTFOUND, "没有数据资源 %s", "there is no resource %s", name);
    if (rc == LL_OK && (rc = ll_template_xlsx(r, c->lang, path, err)) == LL_OK)
        ll_out_line(c, "已写入 %s", "written to %s", path);
    ll_catalog_unref(cat);
    ll_data_close(d);
    return rc;
}
