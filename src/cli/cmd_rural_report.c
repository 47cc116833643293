/* cmd_rural_report.c - rural report: the special credit report of a household.  It writes to the journal, which a running server holds: beside one its route
 * is used instead. */
#include "apps/rural/check.h"
#include "apps/rural/report.h"
#include "base/clock.h"
#include "base/fs.h"
#include "cli/cmd_actor.h"
#include "cli/cmd_report.h"
#include "standard/ident.h"

/* What the report is made with. */
struct making {
    struct ll_reporting k;
    struct ll_rural r;
    struct ll_arena *arena;
    struct ll_rural_section *sections;
    struct ll_rural_report_ask ask;
};

static int read_list(struct ll_cli *c, struct making *m, struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    int rc = ll_txn_begin(m->k.credit.store, false, &tx, err);

    if (rc == LL_OK)
        rc = ll_rural_list_read(tx, m->k.catalog, NULL, m->arena, &m->r.list, err);
    if (rc == LL_OK)
        rc = ll_rural_sections(tx, m->r.list, m->ask.actor->organisation,
                               c->opts[LL_OPT_rural_report_sections], m->arena, &m->sections,
                               &m->ask.n_sections, err);
    ll_txn_end(tx);
    m->ask.sections = m->sections;
    return rc;
}

static int find(struct ll_cli *c, struct making *m, struct ll_err *err)
{
    struct ll_serving_person speaks;
    struct ll_household *h = NULL;
    struct ll_str who = ll_str(c->args[0]), none = {NULL, 0};
    char canon[LL_ID_MAX];
    size_t n = 0;
    bool person = ll_id_check(LL_ID_RESIDENT_ID, who, canon, &n) == LL_IDF_OK;
    int rc = ll_household_spoken(&m->r, person ? none : who, person ? who : none, m->arena, &h, &speaks, err);

    if (rc == 0)
        return ll_fail(err, LL_NOTFOUND, "户籍信息中没有这一户，或此人今天不在任何户中",
                       "the register has no such household, or the person is in none today");
    if (rc > 0)
        m->ask.household = h->no;
    return rc < 0 ? rc : LL_OK;
}

static int make(struct ll_cli *c, struct making *m, const char *path, struct ll_err *err)
{
    const struct ll_rural_report report = {m->k.credit.issuer, &m->r, m->k.origin};
    struct ll_issue x = {.number = NULL};
    int rc = ll_rural_report_make(&report, &m->ask, m->arena, &x, err);

    if (rc == LL_OK && (rc = ll_issue_all(m->k.credit.issuer, &x, 1, err)) == LL_OK &&
        (rc = ll_fs_write_secret(path, ll_buf_view(&x.body), err)) == LL_OK)
        rc = ll_reporting_put(c, &x, path, err);
    ll_buf_free(&x.body);
    return rc;
}

int ll_cmd_rural_report(struct ll_cli *c, struct ll_err *err)
{
    const char *pdf = c->opts[LL_OPT_rural_report_pdf], *html = c->opts[LL_OPT_rural_report_html];
    struct making m = {.arena = ll_arena_new(0)};
    struct ll_actor actor;
    int rc = m.arena ? LL_OK : ll_no_memory(err);

    if (rc == LL_OK && !pdf == !html)
        rc = ll_fail(err, LL_USAGE, "用 --pdf 或 --html 给出一个文件名",
                     "give one file name, with --pdf or --html");
    if (rc == LL_OK && (rc = ll_desk_actor(c, LL_OPT_rural_report_as, &actor, err)) == LL_OK &&
        (rc = ll_reporting_open(c, &m.k, err)) == LL_OK) {
        m.r = (struct ll_rural){.tables = m.k.credit.tables, .cat = m.k.catalog, .marks = m.k.credit.marks};
        m.ask = (struct ll_rural_report_ask){.purpose = c->opts[LL_OPT_rural_report_purpose],
                                             .actor = &actor,
                                             .asked_by = ll_reporting_by(&m.k, &actor),
                                             .format = pdf ? LL_ISSUE_PDF : LL_ISSUE_HTML,
                                             .lang = c->lang,
                                             .at = ll_now_ms()};
        if ((rc = read_list(c, &m, err)) == LL_OK && (rc = find(c, &m, err)) == LL_OK)
            rc = make(c, &m, pdf ? pdf : html, err);
        ll_reporting_close(&m.k);
    }
    ll_arena_free(m.arena);
    return rc;
}
