/* handle_template.c - workbooks to be filled in, and the delivered one as it goes back with its faults marked. */
#include "apps/collect/fill.h"
#include "http/handed.h"
#include "http/look.h"
#include "report/returned.h"
#include "routes.gen.h"

#include <stdio.h>
#include <unistd.h>

int ll_h_resource_template(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const struct ll_fill f = {.resource = ll_arg(rq, LL_P_RESOURCE_TEMPLATE_NAME)->s,
                              .area = ll_arg(rq, LL_P_RESOURCE_TEMPLATE_AREA)->s.p,
                              .lang = (enum ll_lang)ll_arg(rq, LL_P_RESOURCE_TEMPLATE_LANG)->i,
                              .rows = (size_t)ll_arg(rq, LL_P_RESOURCE_TEMPLATE_ROWS)->i,
                              .known = ll_arg(rq, LL_P_RESOURCE_TEMPLATE_KNOWN)->i != 0};
    struct ll_filled made;
    char path[LL_PATH];
    int rc = ll_handed_path(app, rq, path, err);

    if (rc < 0)
        return rc;
    if ((rc = ll_fill_write(app->data, &f, path, rq->arena, &made, err)) < 0) {
        unlink(path);
        return rc;
    }
    rq->looked_for = f.known && f.area ? ll_arena_printf(rq->arena, "template %s", f.area) : NULL;
    return ll_handed_reply(rq, path, made.name, made.zip ? "application/zip" : LL_TYPE_XLSX, err);
}

int ll_h_delivery_workbook(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const char *id = ll_arg(rq, LL_P_DELIVERY_WORKBOOK_ID)->s.p;
    enum ll_lang lang = (enum ll_lang)ll_arg(rq, LL_P_DELIVERY_WORKBOOK_LANG)->i;
    char path[LL_PATH], name[128];
    int rc = ll_handed_path(app, rq, path, err);

    if (rc < 0)
        return rc;
    if ((rc = ll_returned_workbook(app->data, id, lang, path, NULL, err)) < 0) {
        unlink(path);
        return rc;
    }
    snprintf(name, sizeof name, lang == LL_ZH ? "退回更正-%s.xlsx" : "to-correct-%s.xlsx", id);
    return ll_handed_reply(rq, path, name, LL_TYPE_XLSX, err);
}
