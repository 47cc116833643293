/* handle_rural_report.c - special credit reports of rural households: to operators, and to consumers under their grants and with the farmer's consent.
 *
 * As with the public credit report (handle_report.c) the entries of the looks are durable, or due, before anything is made of them. */
#include "http/asking.h"
#include "http/handing.h"
#include "routes.gen.h"

#include "apps/rural/check.h"
#include "apps/rural/report.h"
#include "base/clock.h"
#include "http/rural_view.h"

#include <string.h>

enum { NO_MAX = 40, ID_MAX = 18, SECTIONS_MAX = 200 };

/* An ask while it is answered. */
struct asking {
    struct ll_asking_rural rural;
    struct ll_serving_call call;
    struct ll_service reads;
    struct ll_serving *sv;
    struct ll_serving_said said;
    struct ll_buf grants;
    unsigned char addr[16];
    struct ll_str household, subject;
    const char *only;
    struct ll_rural_section *sections;
    struct ll_rural_report_ask ask;
    struct ll_rural_told told;
};

static int read_form(const char *format, struct asking *k, struct ll_err *err)
{
    for (int f = LL_ISSUE_PDF; format && f <= LL_ISSUE_JSON; f++)
        if (strcmp(format, ll_issue_format_word((enum ll_issue_format)f)) == 0) {
            k->ask.format = (enum ll_issue_format)f;
            return LL_OK;
        }
    return format ? ll_fail(err, LL_USAGE, "format 应为 pdf、html 或 json", "format takes pdf, html or json")
                  : LL_OK;
}

static int read_body(struct ll_request *rq, struct asking *k, struct ll_err *err)
{
    bool en = false;
    struct ll_body b;
    int rc;

    ll_body_open(&b, rq, err);
    ll_asking_read(&b, rq, &k->call, k->addr);
    k->household = ll_str(ll_body_text(&b, "household", 1, NO_MAX, false));
    k->subject = ll_str(ll_body_text(&b, "subject", 1, ID_MAX, false));
    k->only = ll_body_text(&b, "sections", 1, SECTIONS_MAX, false);
    const char *format = ll_body_text(&b, "format", 1, 8, false),
               *lang = ll_body_text(&b, "lang", 1, 8, false);
    if ((rc = ll_body_end(&b)) < 0 || (rc = read_form(format, k, err)) < 0 ||
        (rc = ll_asking_choice(lang, "lang", "zh", "en", &en, err)) < 0)
        return rc;
    k->ask.lang = en ? LL_EN : LL_ZH;
    return (k->household.n > 0) != (k->subject.n > 0)
               ? LL_OK
               : ll_fail(err, LL_USAGE,
                         "household（户号）与 subject（成员的公民身份号码）须给出一个，且只给一个",
                         "give either household or subject, and only one of them");
}

static int read_sections(struct ll_app *app, struct ll_request *rq, struct asking *k, struct ll_err *err)
{
    const struct ll_rural_list *l = k->rural.r.list;
    struct ll_txn *tx = NULL;
    int rc = ll_txn_begin(ll_data_store(app->data), false, &tx, err);

    if (rc == LL_OK)
        rc = ll_rural_sections(tx, l, rq->actor.organisation, k->only, rq->arena, &k->sections,
                               &k->ask.n_sections, err);
    ll_txn_end(tx);
    k->ask.sections = k->sections;
    return rc < 0 ? rc : ll_rural_section_reads(l, k->sections, k->ask.n_sections, rq->arena, &k->reads, err);
}

static int begin(struct ll_app *app, struct ll_request *rq, struct asking *k, struct ll_err *err)
{
    int rc;

    *k = (struct asking){.grants = LL_BUF_INIT(1 << 16),
                         .ask = {.actor = &rq->actor, .at = ll_now_ms(), .said = &k->said}};
    if ((rc = ll_asking_rural(app, rq, &k->rural, err)) < 0 || (rc = read_body(rq, k, err)) < 0)
        return rc;
    const struct ll_organisation *o = ll_catalog_organisation(k->rural.cat, ll_str(rq->actor.organisation));
    k->ask.asked_by = o ? o->name : rq->actor.organisation;
    return read_sections(app, rq, k, err);
}

static void end(struct asking *k)
{
    ll_serving_close(k->sv);
    ll_buf_free(&k->grants);
    ll_asking_rural_end(&k->rural);
}

/* ---- handing out ---- */

/* What the newest rating says of the household, and for a bank that it had the report: a loan that follows counts as assisted. */
static int read_rating(struct ll_app *app, struct ll_request *rq, struct asking *k, struct ll_err *err)
{
    const struct ll_rural_card *card = NULL;
    struct ll_txn *tx = NULL;
    int rc = ll_txn_begin(ll_data_store(app->data), false, &tx, err);

    if (rc == LL_OK && (rc = ll_rural_card_read(tx, k->rural.r.list, rq->arena, &card, err)) == LL_NOTFOUND) {
        card = NULL; /* the packs have no rating */
        rc = LL_OK;
    }
    if (rc == LL_OK)
        rc = ll_rural_told_read(app->data, tx, k->rural.cat, card, k->ask.household, rq->arena, &k->told,
                                err);
    ll_txn_end(tx);
    k->ask.rating = rc > 0 ? &k->told : NULL;
    return rc < 0 ? rc : LL_OK;
}

static int hand_out(struct ll_app *app, struct ll_request *rq, struct asking *k, struct ll_err *err)
{
    struct ll_issue x = {.number = NULL};
    const struct ll_site *site = NULL;
    int rc;

    if ((rc = ll_site(app, &site, err)) < 0 || (rc = read_rating(app, rq, k, err)) < 0)
        return rc;
    const struct ll_rural_report report = {app->issuer, &k->rural.r, site->origin};
    if ((rc = ll_rural_report_make(&report, &k->ask, rq->arena, &x, err)) == LL_OK &&
        (rc = ll_issue_all(app->issuer, &x, 1, err)) == LL_OK)
        rc = ll_hand_out(rq, &x, err);
    ll_buf_free(&x.body);
    return rc;
}

/* ---- to consumers ---- */

static bool shows(void *ctx, struct ll_str resource, struct ll_str item)
{
    return ll_serving_shows(ctx, resource, item);
}

static int no_household(struct ll_err *err)
{
    return ll_fail(err, LL_NOTFOUND, "户籍信息中没有这一户，或此人今天不在任何户中",
                   "the register has no such household, or the person is in none today");
}

/* Whose household it is, whether he consents, and that it is noted. */
static int look(struct ll_request *rq, struct asking *k, struct ll_err *err)
{
    struct ll_serving_about about = {.said = &k->said};
    struct ll_serving_person *whole = NULL, asked = {"household_no", k->household};
    struct ll_household *h = NULL;
    int found = ll_household_spoken(&k->rural.r, k->household, k->subject, rq->arena, &h, &about.speaks, err),
        rc;

    if (found < 0 || (rc = ll_serving_may(k->sv, &about.speaks, &k->said, err)) < 0)
        return found < 0 ? found : rc;
    if (k->subject.n)
        asked = (struct ll_serving_person){ll_scheme_name(LL_ID_RESIDENT_ID), k->subject};
    about.whole = &asked;
    about.n = 1;
    if (found && (rc = ll_household_persons(h, rq->arena, &whole, &about.n, err)) < 0)
        return rc;
    if (found)
        about.whole = whole;
    if (k->said.condition)
        return ll_serving_refuse(k->sv, &about, err);
    if ((rc = ll_serving_note(k->sv, &about, false, err)) < 0)
        return rc;
    k->ask.household = found ? h->no : LL_STR("");
    return LL_OK;
}

static int give(struct ll_app *app, struct ll_request *rq, struct asking *k, struct ll_err *err)
{
    const char *purpose = NULL;
    int rc = ll_serving_open_granted(app->gateway, &k->call, &k->reads, rq->arena, &k->sv, err);

    if (rc == LL_OK)
        rc = look(rq, k, err);
    if (k->sv)
        rc = ll_asking_enter(rq, k->sv, rc, err);
    if (rc < 0)
        return rc;
    if (!k->ask.household.n)
        return no_household(err);
    ll_serving_grants(k->sv, &k->grants, &purpose);
    k->ask.purpose = k->call.purpose.n ? k->call.purpose.p : purpose;
    k->ask.grants = k->grants.failed ? NULL : k->grants.p;
    k->ask.viewer = rq->actor.organisation;
    k->ask.shows = shows;
    k->ask.shows_ctx = k->sv;
    if (!k->ask.grants)
        return ll_no_memory(err);
    rc = hand_out(app, rq, k, err);
    return rc < 0 ? rc : ll_rural_used(app, rq, k->ask.household, "report", err);
}

int ll_h_rural_report_ask(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct asking k;
    int rc = begin(app, rq, &k, err);

    if (rc == LL_OK)
        rc = give(app, rq, &k, err);
    end(&k);
    return rc;
}

/* ---- by operators ---- */

int ll_h_rural_report_issue(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_serving_person speaks;
    struct ll_household *h = NULL;
    struct asking k;
    int rc = begin(app, rq, &k, err);

    if (rc == LL_OK && !k.call.purpose.n)
        rc = ll_fail(err, LL_USAGE, "请写明报告用途", "say what the report is for");
    if (rc == LL_OK &&
        (rc = ll_household_spoken(&k.rural.r, k.household, k.subject, rq->arena, &h, &speaks, err)) >= 0)
        rc = rc ? LL_OK : no_household(err);
    if (rc == LL_OK) {
        k.ask.household = h->no;
        k.ask.purpose = k.call.purpose.p;
        rc = hand_out(app, rq, &k, err);
    }
    end(&k);
    return rc;
}
