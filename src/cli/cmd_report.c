/* cmd_report.c - report issue, batch, list, withdraw: documents that the platform answers for.  They write to the journal, which a running
 * server holds: beside one, its routes are used instead. */
#include "cli/cmd_report.h"
#include "cli/cmd_actor.h"

#include "base/clock.h"

#include <stdio.h>

void ll_reporting_close(struct ll_reporting *k)
{
    ll_issuer_close(k->credit.issuer);
    ll_journaling_close(k->journaling);
    ll_marks_close(k->credit.marks);
    ll_tables_close(k->credit.tables);
    ll_catalog_unref(k->catalog);
    ll_data_close(k->data);
}

/* As site.h settles it for a server. */
static void set_origin(struct ll_cli *c, struct ll_reporting *k)
{
    if (c->set->public_origin[0])
        snprintf(k->origin, sizeof k->origin, "%s", c->set->public_origin);
    else
        snprintf(k->origin, sizeof k->origin, "http%s://localhost:%u", c->set->tls_certificate[0] ? "s" : "",
                 (unsigned)c->set->listen_port);
    k->credit.origin = k->origin;
}

int ll_reporting_open(struct ll_cli *c, struct ll_reporting *k, struct ll_err *err)
{
    struct ll_tables_opts o = LL_TABLES_OPTS_INIT;
    int rc;

    *k = (struct ll_reporting){.data = NULL};
    if ((rc = ll_session_open(c, &k->data, err)) < 0)
        return rc;
    o.data_dir = c->set->data_dir;
    o.vault = ll_data_vault(k->data);
    o.fresh_ms = 1000;
    k->credit.store = ll_data_store(k->data);
    set_origin(c, k);
    if ((rc = ll_data_catalog(k->data, &k->catalog, err)) == LL_OK &&
        (rc = ll_tables_open(k->credit.store, &o, &k->credit.tables, err)) == LL_OK &&
        (rc = ll_marks_open(k->credit.store, o.vault, &k->credit.marks, err)) == LL_OK &&
        (rc = ll_journaling_open(c->set, k->credit.store, NULL, NULL, &k->journaling, err)) == LL_OK) {
        const struct ll_issuer_opts io = {c->set, k->credit.store, k->journaling};
        rc = ll_issuer_open(&io, &k->credit.issuer, err);
    }
    k->credit.cat = k->catalog;
    if (rc == LL_BUSY)
        ll_fail_in(err, "证据日志正由运行中的服务使用，请改用其接口 /v1/reports 或先停止服务",
                   "the journal is held by a running server: use its route /v1/reports, or stop it");
    if (rc < 0)
        ll_reporting_close(k);
    return rc;
}

/* "JA001 市发展改革委": who asked, as the report names it. */
const char *ll_reporting_by(const struct ll_reporting *k, const struct ll_actor *actor)
{
    const struct ll_organisation *o = ll_catalog_organisation(k->catalog, ll_str(actor->organisation));

    return o ? o->name : actor->organisation;
}

/* ---- issue ---- */

static int check_kind(const char *kind, struct ll_err *err)
{
    return !kind || ll_str_is(ll_str(kind), LL_CREDIT_KIND)
               ? LL_OK
               : ll_fail(err, LL_USAGE, "没有“%s”这种报告；可用：credit",
                         "there is no kind of report '%s'; known: credit", kind);
}

int ll_reporting_put(struct ll_cli *c, const struct ll_issue *x, const char *path, struct ll_err *err)
{
    static const struct ll_column columns[] = {{"number", "编号", "number", LL_LEFT},
                                               {"code", "校验码", "code", LL_LEFT},
                                               {"file", "文件", "file", LL_LEFT},
                                               {"bytes", "字节", "bytes", LL_RIGHT},
                                               {"entry", "日志条目", "journal entry", LL_RIGHT}};
    struct ll_grid *t = ll_grid_new(c, columns, LL_COUNT(columns));

    ll_grid_z(t, x->number);
    ll_grid_z(t, x->code);
    ll_grid_z(t, path);
    ll_grid_int(t, (int64_t)x->body.n);
    ll_grid_int(t, (int64_t)x->entry);
    return ll_grid_end_card(t, err);
}

int ll_cmd_report_issue(struct ll_cli *c, struct ll_err *err)
{
    const char *pdf = c->opts[LL_OPT_report_issue_pdf], *html = c->opts[LL_OPT_report_issue_html],
               *path = pdf ? pdf : html;
    struct ll_arena *arena = ll_arena_new(0);
    struct ll_issue x = {.number = NULL};
    struct ll_reporting k;
    struct ll_actor actor;
    int rc = arena ? check_kind(c->opts[LL_OPT_report_issue_kind], err) : ll_no_memory(err);

    if (rc == LL_OK && !pdf == !html)
        rc = ll_fail(err, LL_USAGE, "用 --pdf 或 --html 给出一个文件名",
                     "give one file name, with --pdf or --html");
    if (rc == LL_OK && (rc = ll_desk_actor(c, LL_OPT_report_issue_as, &actor, err)) == LL_OK &&
        (rc = ll_reporting_open(c, &k, err)) == LL_OK) {
        const struct ll_credit_ask ask = {.who = ll_str(c->args[0]),
                                          .purpose = c->opts[LL_OPT_report_issue_purpose],
                                          .actor = &actor,
                                          .asked_by = ll_reporting_by(&k, &actor),
                                          .format = pdf ? LL_ISSUE_PDF : LL_ISSUE_HTML,
                                          .lang = c->lang,
                                          .at = ll_now_ms()};
        if ((rc = ll_credit_make(&k.credit, &ask, arena, &x, err)) == LL_OK &&
            (rc = ll_issue_all(k.credit.issuer, &x, 1, err)) == LL_OK &&
            (rc = ll_fs_write_secret(path, ll_buf_view(&x.body), err)) == LL_OK)
            rc = ll_reporting_put(c, &x, path, err);
        ll_buf_free(&x.body);
        ll_reporting_close(&k);
    }
    ll_arena_free(arena);
    return rc;
}

/* ---- list, withdraw ---- */

static int list_rows(struct ll_cli *c, struct ll_txn *tx, struct ll_grid *t, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int rc = ll_sql(
        tx,
        "SELECT number, kind, format, purpose, organisation, account, issued_at, withdrawn_at, journal FROM report"
        " ORDER BY issued_at DESC, number LIMIT 1000",
        &s, err);

    (void)c;
    while (rc == LL_OK && (rc = ll_step(s, err)) > 0) {
        for (int i = 0; i < 6; i++)
            ll_grid_str(t, ll_col_text(s, i));
        ll_grid_time(t, ll_col_int(s, 6));
        ll_grid_time(t, ll_col_null(s, 7) ? 0 : ll_col_int(s, 7));
        ll_grid_int(t, ll_col_int(s, 8));
        rc = LL_OK;
    }
    ll_stmt_done(s);
    return rc;
}

int ll_cmd_report_list(struct ll_cli *c, struct ll_err *err)
{
    static const struct ll_column columns[] = {{"number", "编号", "number", LL_LEFT},
                                               {"kind", "种类", "kind", LL_LEFT},
                                               {"format", "格式", "format", LL_LEFT},
                                               {"purpose", "用途", "purpose", LL_LEFT},
                                               {"organisation", "机构", "organisation", LL_LEFT},
                                               {"account", "账号", "account", LL_LEFT},
                                               {"issued_at", "出具时间", "issued", LL_LEFT},
                                               {"withdrawn_at", "撤回时间", "withdrawn", LL_LEFT},
                                               {"entry", "日志条目", "journal entry", LL_RIGHT}};
    struct ll_desk d;
    int rc = ll_desk_open(c, LL_DESK_READ, &d, err);

    if (rc < 0)
        return rc;
    struct ll_grid *t = ll_grid_new(c, columns, LL_COUNT(columns));
    rc = ll_grid_done(t, list_rows(c, d.tx, t, err), err);
    ll_desk_close(&d);
    return rc;
}

int ll_cmd_report_withdraw(struct ll_cli *c, struct ll_err *err)
{
    const char *reason = c->opts[LL_OPT_report_withdraw_reason];
    struct ll_reporting k;
    struct ll_actor actor;
    int rc;

    if (!reason || ll_utf8_count(ll_str(reason)) < 2 || ll_str(reason).n > 1000)
        return ll_fail(err, LL_USAGE, "用 --reason 写明撤回的理由", "say why with --reason");
    if ((rc = ll_desk_actor(c, LL_OPT_report_withdraw_as, &actor, err)) < 0 ||
        (rc = ll_reporting_open(c, &k, err)) < 0)
        return rc;
    if ((rc = ll_issued_withdraw(k.credit.issuer, c->args[0], &actor, reason, err)) == LL_OK)
        ll_out_line(c, "已撤回 %s", "%s is withdrawn", c->args[0]);
    ll_reporting_close(&k);
    return rc;
}
