/* handle_report.c - reports: issued to operators, to consumers under their grants and to subjects themselves, withdrawn, and verified by anybody who was handed one.
 *
 * The report's own entry in the journal is the trace of the look: it names the subject by pseudonym and is durable before the answer. */
#include "http/asking.h"
#include "http/consenting.h"
#include "http/handing.h"
#include "http/request.h"
#include "http/sharing.h"
#include "routes.gen.h"

#include "apps/credit/report.h"
#include "apps/rural/report.h"
#include "base/clock.h"
#include "base/log.h"
#include "report/html.h"

#include <stdio.h>
#include <string.h>

/* --- issuing -------------------------------------------------------------------------------------------------------- */

static int issue(struct ll_app *app, struct ll_request *rq, const struct ll_credit_ask *ask,
                 struct ll_err *err)
{
    struct ll_issue x = {.number = NULL};
    struct ll_credit_ask named = *ask;
    const struct ll_site *site = NULL;
    struct ll_catalog *cat = NULL;
    int rc;

    if ((rc = ll_site(app, &site, err)) < 0 || (rc = ll_catalog_live_get(app->catalog, false, &cat, err)) < 0)
        return rc;
    const struct ll_credit credit = {app->issuer,  ll_data_store(app->data),      app->tables, cat,
                                     site->origin, ll_gateway_marks(app->gateway)};
    if (!named.asked_by) {
        const struct ll_organisation *o = ll_catalog_organisation(cat, ll_str(rq->actor.organisation));
        named.asked_by = o ? o->name : rq->actor.organisation;
    }
    if ((rc = ll_credit_make(&credit, &named, rq->arena, &x, err)) == LL_OK &&
        (rc = ll_issue_all(app->issuer, &x, 1, err)) == LL_OK)
        rc = ll_hand_out(rq, &x, err);
    ll_buf_free(&x.body);
    ll_catalog_unref(cat);
    return rc;
}

int ll_h_report_issue(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_credit_ask ask = {.actor = &rq->actor, .at = ll_now_ms()};
    bool html = false, en = false;
    struct ll_body b;
    int rc;

    ll_body_open(&b, rq, err);
    const char *subject = ll_body_text(&b, "subject", 1, 400, true);
    ask.purpose = ll_body_text(&b, "purpose", 2, LL_ISSUE_PURPOSE_MAX, true);
    const char *format = ll_body_text(&b, "format", 1, 8, false),
               *lang = ll_body_text(&b, "lang", 1, 8, false);
    if ((rc = ll_body_end(&b)) < 0 ||
        (rc = ll_asking_choice(format, "format", "pdf", "html", &html, err)) < 0 ||
        (rc = ll_asking_choice(lang, "lang", "zh", "en", &en, err)) < 0)
        return rc;
    ask.who = ll_str(subject);
    ask.format = html ? LL_ISSUE_HTML : LL_ISSUE_PDF;
    ask.lang = en ? LL_EN : LL_ZH;
    return issue(app, rq, &ask, err);
}

/* --- to consumers ----------------------------------------------------------------------------------------------------- */

/* A consumer's ask while it is answered. */
struct asking {
    struct ll_serving_call call;
    struct ll_service reads;
    struct ll_serving *sv;
    struct ll_buf grants;
    unsigned char addr[16];
};

static bool shows(void *ctx, struct ll_str resource, struct ll_str item)
{
    return ll_serving_shows(ctx, resource, item);
}

static int what_is_read(struct ll_app *app, struct ll_request *rq, struct ll_service *ret, struct ll_err *err)
{
    struct ll_catalog *cat = NULL;
    int rc = ll_catalog_live_get(app->catalog, false, &cat, err);

    if (rc < 0)
        return rc;
    const struct ll_credit credit = {.store = ll_data_store(app->data), .cat = cat};
    rc = ll_credit_reads(&credit, rq->arena, ret, err);
    for (size_t i = 0; rc == LL_OK && i < ret->n_resources; i++) /* the catalogue may be gone by then */
        if (!(ret->resources[i] = ll_arena_dup(rq->arena, ll_str(ret->resources[i]))))
            rc = ll_no_memory(err);
    for (size_t i = 0; rc == LL_OK && i < ret->n_items; i++) {
        struct ll_service_item *it = &ret->items[i];
        it->resource = ll_arena_dup(rq->arena, ll_str(it->resource));
        it->name = it->item = ll_arena_dup(rq->arena, ll_str(it->item));
        if (!it->resource || !it->item)
            rc = ll_no_memory(err);
    }
    ll_catalog_unref(cat);
    return rc;
}

static int give(struct ll_app *app, struct ll_request *rq, struct asking *k, struct ll_credit_ask *ask,
                struct ll_err *err)
{
    const char *purpose = NULL;
    int rc = what_is_read(app, rq, &k->reads, err);

    if (rc < 0)
        return rc;
    if ((rc = ll_serving_open_granted(app->gateway, &k->call, &k->reads, rq->arena, &k->sv, err)) == LL_OK)
        rc = ll_serving_look(k->sv, ask->who, err);
    if (k->sv)
        rc = ll_asking_enter(rq, k->sv, rc, err);
    if (rc < 0)
        return rc;
    ll_serving_grants(k->sv, &k->grants, &purpose);
    ask->purpose = k->call.purpose.n ? k->call.purpose.p : purpose;
    ask->grants = k->grants.failed ? NULL : k->grants.p;
    ask->shows = shows;
    ask->shows_ctx = k->sv;
    return ask->grants ? issue(app, rq, ask, err) : ll_no_memory(err);
}

int ll_h_report_ask(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_credit_ask ask = {.actor = &rq->actor, .at = ll_now_ms()};
    struct asking k = {.grants = LL_BUF_INIT(1 << 16)};
    bool html = false, en = false;
    struct ll_body b;
    int rc;

    ll_body_open(&b, rq, err);
    ask.who = ll_str(ll_body_text(&b, "subject", 1, 64, true));
    ll_asking_read(&b, rq, &k.call, k.addr);
    const char *format = ll_body_text(&b, "format", 1, 8, false),
               *lang = ll_body_text(&b, "lang", 1, 8, false);
    if ((rc = ll_body_end(&b)) < 0 ||
        (rc = ll_asking_choice(format, "format", "pdf", "html", &html, err)) < 0 ||
        (rc = ll_asking_choice(lang, "lang", "zh", "en", &en, err)) < 0)
        return rc;
    ask.format = html ? LL_ISSUE_HTML : LL_ISSUE_PDF;
    ask.lang = en ? LL_EN : LL_ZH;
    rc = give(app, rq, &k, &ask, err);
    ll_serving_close(k.sv);
    ll_buf_free(&k.grants);
    return rc;
}

static void put_row(struct ll_json *j, const struct ll_issued *r)
{
    char when[LL_TIME_TEXT];

    ll_json_obj(j);
    ll_json_kz(j, "number", r->number);
    ll_json_kz(j, "kind", r->kind);
    ll_json_kz(j, "format", r->format);
    ll_json_kz(j, "purpose", r->purpose);
    ll_json_kz(j, "organisation", r->organisation);
    ll_json_kz(j, "by", r->account);
    ll_json_kz(j, "state", r->withdrawn_at ? "withdrawn" : r->stale_at ? "stale" : "valid");
    ll_json_kz(j, "issued_at", ll_time_text(r->issued_at, when));
    ll_json_kz(j, "stale_at", r->stale_at ? ll_time_text(r->stale_at, when) : NULL);
    ll_json_kz(j, "withdrawn_at", r->withdrawn_at ? ll_time_text(r->withdrawn_at, when) : NULL);
    ll_json_ki(j, "entry", r->entry);
    ll_json_end_obj(j);
}

int ll_h_reports_list(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const struct ll_issued_query q = {.organisation = rq->only,
                                      .state = ll_arg(rq, LL_P_REPORTS_LIST_STATE)->s.p,
                                      .sort = ll_arg(rq, LL_P_REPORTS_LIST_SORT)->s.p,
                                      .offset = (size_t)ll_arg(rq, LL_P_REPORTS_LIST_OFFSET)->i,
                                      .limit = (size_t)ll_arg(rq, LL_P_REPORTS_LIST_LIMIT)->i};
    struct ll_issued *list = NULL;
    struct ll_sharing s;
    int64_t total = 0;
    size_t n = 0;
    int rc = ll_sharing_open(app, false, &s, err);

    if (rc < 0)
        return rc;
    if ((rc = ll_issued_list(s.tx, &q, rq->arena, &list, &n, &total, err)) == LL_OK) {
        ll_sharing_page(rq, total, (int64_t)q.offset, (int64_t)q.limit);
        for (size_t i = 0; i < n; i++)
            put_row(&rq->json, &list[i]);
        ll_sharing_page_end(rq);
    }
    ll_sharing_close(&s);
    return rc;
}

/* --- to the subject --------------------------------------------------------------------------------------------------- */

int ll_h_me_report(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    bool en = ll_arg(rq, LL_P_ME_REPORT_LANG)->i == LL_EN;
    struct ll_credit_ask ask = {
        .purpose = en ? "the subject's own" : "本人查询",
        .actor = &rq->actor,
        .asked_by = en ? "the subject" : "主体本人",
        .format = ll_str_is(ll_arg(rq, LL_P_ME_REPORT_FORMAT)->s, "html") ? LL_ISSUE_HTML : LL_ISSUE_PDF,
        .lang = en ? LL_EN : LL_ZH,
        .at = ll_now_ms()};
    struct ll_consent_self me;
    struct ll_consenting c;
    int rc = ll_consenting_self(app, rq, false, &c, &me, err);

    if (rc < 0)
        return rc;
    ll_consenting_close(&c); /* what was read lives in the request's arena */
    ask.who = me.value;
    return issue(app, rq, &ask, err);
}

/* --- verifying ------------------------------------------------------------------------------------------------------- */

/* What can be said of a report; names only where the code was right. */
struct verified {
    struct ll_catalog *cat;
    struct ll_issued row;
    struct ll_issued_now now;
    const char *state, *code, *sha256, *subject; /* subject NULL: not to be told */
};

static const char *compared(bool given, bool match)
{
    return !given ? "not_given" : match ? "match" : "mismatch";
}

static const char *name_of(const struct ll_subject *s, struct ll_arena *arena)
{
    char *masked = ll_arena_alloc(arena, 512);

    if (!s->n_names)
        return NULL;
    return s->has_kind && s->kind == LL_KIND_PERSON && masked ? ll_mask(s->names[0], masked, 512)
                                                              : s->names[0].p;
}

/* Whether its records are still the same, as its kind is read. */
static int compare(struct ll_app *app, struct ll_request *rq, struct ll_txn *tx, struct verified *v,
                   struct ll_err *err)
{
    struct ll_asking_rural rural = {.cat = NULL};
    int rc;

    if (strcmp(v->row.kind, LL_RURAL_REPORT_KIND) != 0)
        return ll_issued_compare(app->issuer, tx, app->tables, ll_gateway_marks(app->gateway), v->cat,
                                 v->row.number, rq->arena, &v->now, err);
    if ((rc = ll_asking_rural(app, rq, &rural, err)) == LL_OK)
        rc = ll_rural_report_compare(app->issuer, tx, &rural.r, &v->row, rq->arena, &v->now, err);
    ll_asking_rural_end(&rural);
    return rc;
}

static int verify(struct ll_app *app, struct ll_request *rq, struct ll_str code, struct ll_str sha256,
                  struct verified *v, struct ll_err *err)
{
    const char *number = ll_arg(rq, 0)->s.p;
    struct ll_txn *tx = NULL;
    bool right = false;
    int rc;

    if ((rc = ll_catalog_live_get(app->catalog, false, &v->cat, err)) < 0 ||
        (rc = ll_txn_begin(ll_data_store(app->data), false, &tx, err)) < 0)
        return rc;
    if ((rc = ll_issued_get(tx, number, rq->arena, &v->row, err)) == LL_OK &&
        (rc = code.n ? ll_issued_code(tx, number, code, &right, err) : LL_OK) == LL_OK)
        rc = compare(app, rq, tx, v, err);
    ll_txn_end(tx);
    if (rc < 0)
        return rc;
    v->code = compared(code.n > 0, right);
    v->sha256 = compared(sha256.n > 0, ll_str_is(sha256, v->row.sha256));
    v->state = v->row.withdrawn_at ? "withdrawn" : v->now.n_stale || v->row.stale_at ? "stale" : "valid";
    v->subject = right ? name_of(v->now.subject, rq->arena) : NULL;
    return LL_OK;
}

static void put_verified(struct ll_app *app, const struct verified *v, struct ll_json *j)
{
    bool right = strcmp(v->code, "match") == 0;
    char when[LL_TIME_TEXT];

    ll_json_obj(j);
    ll_json_kz(j, "number", v->row.number);
    ll_json_kz(j, "kind", v->row.kind);
    ll_json_kz(j, "format", v->row.format);
    ll_json_kz(j, "state", v->state);
    ll_json_kz(j, "issuer", ll_issuer_name(app->issuer));
    ll_json_kz(j, "issued_at", ll_time_text(v->row.issued_at, when));
    ll_json_kz(j, "withdrawn_at", v->row.withdrawn_at ? ll_time_text(v->row.withdrawn_at, when) : NULL);
    ll_json_ki(j, "bytes", v->row.bytes);
    ll_json_kz(j, "sha256", v->sha256);
    ll_json_kz(j, "code", v->code);
    ll_json_key(j, "stale");
    ll_json_arr(j);
    for (size_t i = 0; right && i < v->now.n_stale; i++)
        ll_json_z(j, v->now.stale[i]);
    ll_json_end_arr(j);
    ll_json_kz(j, "subject", v->subject);
    ll_json_kz(j, "purpose", right ? v->row.purpose : NULL);
    ll_json_ki(j, "entry", v->row.entry);
    ll_json_end_obj(j);
}

int ll_h_report_verify(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct verified v = {.cat = NULL};
    int rc = ll_site_limit(app, rq, err);

    if (rc == LL_OK && (rc = verify(app, rq, ll_arg(rq, LL_P_REPORT_VERIFY_CODE)->s,
                                    ll_arg(rq, LL_P_REPORT_VERIFY_SHA256)->s, &v, err)) == LL_OK)
        put_verified(app, &v, &rq->json);
    ll_catalog_unref(v.cat);
    return rc;
}

int ll_h_report_withdraw(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct verified v = {.cat = NULL};
    struct ll_body b;
    int rc;

    ll_body_open(&b, rq, err);
    const char *reason = ll_body_text(&b, "reason", 2, 300, true);
    if ((rc = ll_body_end(&b)) < 0 ||
        (rc = ll_issued_withdraw(app->issuer, ll_arg(rq, 0)->s.p, &rq->actor, reason, err)) < 0)
        return rc;
    if ((rc = verify(app, rq, LL_STR(""), LL_STR(""), &v, err)) == LL_OK)
        put_verified(app, &v, &rq->json);
    ll_catalog_unref(v.cat);
    return rc;
}

/* --- the page --------------------------------------------------------------------------------------------------------- */

static void put_state(struct ll_doc *d, const struct verified *v, bool zh)
{
    bool right = strcmp(v->code, "match") == 0, stale = strcmp(v->state, "stale") == 0;

    if (v->row.withdrawn_at)
        ll_doc_note(
            d, LL_TONE_BAD,
            ll_str(zh ? "本报告已撤回，不应再使用。" : "This report was withdrawn and is not to be used."));
    else if (stale)
        ll_doc_note(
            d, LL_TONE_WARN,
            ll_str(
                zh ? "本报告确由平台出具，但所依据的记录此后有新增、更正或撤回，请重新出具。"
                   : "The platform issued this report, but its records were added to, corrected or withdrawn since: ask for a new one."));
    else
        ll_doc_note(d, LL_TONE_GOOD,
                    ll_str(zh ? "本报告由平台出具，所依据的记录没有变化。"
                              : "The platform issued this report, and its records are unchanged."));
    if (strcmp(v->code, "mismatch") == 0)
        ll_doc_note(
            d, LL_TONE_BAD,
            ll_str(
                zh ? "校验码不符：请核对报告上的校验码；不符的报告不可信。"
                   : "The code does not fit: compare it with the one on the report, which is not to be trusted otherwise."));
    else if (!right)
        ll_doc_note(d, LL_TONE_MUTED,
                    ll_str(zh ? "没有给出校验码，因此不显示主体与用途。"
                              : "Without the code neither subject nor purpose is shown."));
}

static const char *local(struct ll_arena *arena, int64_t ms)
{
    char text[LL_TIME_TEXT];

    return ll_arena_dup(arena, ll_str(ll_time_text(ms, text)));
}

static struct ll_doc *write_page(struct ll_app *app, struct ll_request *rq, const struct verified *v, bool zh)
{
    const struct ll_doc_opts o = {.lang = zh ? LL_ZH : LL_EN,
                                  .title = zh ? "报告核验" : "Verification of a report",
                                  .issuer = ll_issuer_name(app->issuer),
                                  .number = v->row.number};
    struct ll_doc *d = ll_doc_new(rq->arena, &o);

    if (!d)
        return NULL;
    put_state(d, v, zh);
    ll_doc_pair(d, zh ? "报告编号" : "Number", ll_str(v->row.number));
    ll_doc_pair(d, zh ? "出具时间（UTC）" : "Issued", ll_str(local(rq->arena, v->row.issued_at)));
    if (v->row.withdrawn_at)
        ll_doc_pair(d, zh ? "撤回时间（UTC）" : "Withdrawn", ll_str(local(rq->arena, v->row.withdrawn_at)));
    if (strcmp(v->code, "match") == 0) {
        ll_doc_pair(d, zh ? "主体" : "Subject", ll_str(v->subject));
        ll_doc_pair_wide(d, zh ? "用途" : "Purpose", ll_str(v->row.purpose));
    }
    ll_doc_pair_wide(d, zh ? "正文摘要" : "SHA-256 of its text", ll_str(v->row.sha256));
    ll_doc_note(
        d, LL_TONE_MUTED,
        ll_str(
            zh ? "请将本页所示与手中的报告逐项对照。文件是否被改动，用 luling report verify 或支持 PDF 签名的阅读器检查。"
               : "Compare what is shown here with the report at hand.  Whether a file was changed is told by luling report verify, or by a reader that "
                 "knows PDF signatures."));
    return d;
}

int ll_h_report_page(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    bool zh = ll_arg(rq, LL_P_REPORT_PAGE_LANG)->i == LL_ZH;
    char *source = ll_arena_alloc(rq->arena, LL_STYLE_SOURCE);
    struct verified v = {.cat = NULL};
    struct ll_doc *d = NULL;
    int rc = source ? ll_site_limit(app, rq, err) : ll_no_memory(err);

    if (rc == LL_OK &&
        (rc = verify(app, rq, ll_arg(rq, LL_P_REPORT_PAGE_CODE)->s, LL_STR(""), &v, err)) == LL_OK)
        rc = (d = write_page(app, rq, &v, zh)) ? ll_html_render(d, &rq->out, err) : ll_no_memory(err);
    ll_catalog_unref(v.cat);
    if (rc < 0)
        return rc;
    rq->type = "text/html; charset=utf-8";
    rq->style_source = ll_html_style_source(source);
    return LL_OK;
}
