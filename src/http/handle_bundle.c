/* handle_bundle.c - credit reports of many subjects over HTTP: asked for, shown, cancelled, and fetched (apps/credit/bundle.h). */
#include "apps/credit/bundle.h"
#include "crypto/random.h"
#include "http/asking.h"
#include "http/bundler.h"
#include "http/download.h"
#include "http/sharing.h"
#include "routes.gen.h"

#include <string.h>

static int find(struct ll_app *app, struct ll_request *rq, const char *id, bool whole, struct ll_bundle *ret,
                struct ll_err *err)
{
    struct ll_sharing s;
    int rc = ll_sharing_open(app, false, &s, err);

    if (rc < 0)
        return rc;
    rc = ll_bundle_get(s.tx, id, rq->arena, ret, err);
    if (rc == LL_OK && rq->only && strcmp(rq->only, ret->organisation) != 0)
        rc = ll_fail(err, LL_NOTFOUND, "没有编号为 %s 的批量报告", "there is no bundle %s", id);
    if (rc == LL_OK && whole)
        rc = ll_bundle_put_whole(s.tx, &rq->json, ret, err);
    ll_sharing_close(&s);
    return rc;
}

/* --- asking -------------------------------------------------------------------------------------------------------------- */

/* Subjects one by one, or a CSV file as text: one of the two. */
static int read_list(struct ll_body *b, struct ll_bundle_list *list, struct ll_err *err)
{
    const char *const *subjects = NULL;
    size_t n = ll_body_texts(b, "subjects", LL_BUNDLE_SUBJECTS, LL_BUNDLE_SUBJECT, &subjects);
    const char *csv = ll_body_text(b, "csv", 1, 4 << 20, false);
    int rc = b->rc;

    if (rc == LL_OK && (n > 0) == (csv != NULL))
        return ll_fail(err, LL_USAGE, "请给出 subjects（标识的数组）或 csv（名单文件的内容）之一",
                       "give either subjects (an array of identifiers) or csv (the content of a list)");
    for (size_t i = 0; rc == LL_OK && i < n; i++)
        rc = ll_bundle_list_add(list, i + 1, ll_str_trim(ll_str(subjects[i])), LL_STR(""), err);
    return rc == LL_OK && csv ? ll_bundle_list_csv(list, ll_str(csv), err) : rc;
}

static int read_ask(struct ll_request *rq, struct ll_bundle_ask *ask, struct ll_bundle_list *list,
                    struct ll_err *err)
{
    bool html = false, en = false;
    struct ll_body b;
    int rc;

    ll_body_open(&b, rq, err);
    ask->purpose = ll_body_text(&b, "purpose", 2, LL_GRANT_PURPOSE_MAX, false);
    ask->officer = ll_body_text(&b, "officer", 1, LL_OFFICER_MAX, false);
    const char *format = ll_body_text(&b, "format", 1, 8, false),
               *lang = ll_body_text(&b, "lang", 1, 8, false);
    int listed = read_list(&b, list, err);
    if ((rc = ll_body_end(&b)) < 0 || (rc = listed) < 0 ||
        (rc = ll_asking_choice(format, "format", "pdf", "html", &html, err)) < 0 ||
        (rc = ll_asking_choice(lang, "lang", "zh", "en", &en, err)) < 0)
        return rc;
    ask->format = html ? LL_ISSUE_HTML : LL_ISSUE_PDF;
    ask->lang = en ? LL_EN : LL_ZH;
    return LL_OK;
}

/* Who has no grant for anything that reports are made of is told so at once, as by a single report. */
static int may_ask(struct ll_app *app, struct ll_request *rq, const struct ll_bundle_ask *ask,
                   struct ll_err *err)
{
    struct ll_serving_call call = {
        .actor = &rq->actor, .purpose = ll_str(ask->purpose), .officer = ll_str(ask->officer)};
    struct ll_catalog *cat = NULL;
    struct ll_serving *sv = NULL;
    struct ll_service reads;
    unsigned char addr[16];
    int rc = ll_catalog_live_get(app->catalog, false, &cat, err);

    if (rc < 0)
        return rc;
    const struct ll_credit credit = {.store = ll_data_store(app->data), .cat = cat};
    if (ll_address_parse(ll_str(rq->remote), addr))
        call.addr = addr;
    if ((rc = ll_credit_reads(&credit, rq->arena, &reads, err)) == LL_OK &&
        (rc = ll_serving_open_granted(app->gateway, &call, &reads, rq->arena, &sv, err)) < 0 && sv)
        rc = ll_asking_enter(rq, sv, rc, err);
    ll_serving_close(sv); /* every quota gets its keys back */
    ll_catalog_unref(cat);
    return rc;
}

int ll_h_bundle_ask(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_bundle_ask ask = {.actor = &rq->actor, .remote = rq->remote};
    struct ll_bundle_list list;
    struct ll_bundle b;
    char id[LL_BUNDLE_ID];
    int rc;

    ll_bundle_list_init(&list);
    ask.list = &list;
    if ((rc = read_ask(rq, &ask, &list, err)) == LL_OK && (rc = may_ask(app, rq, &ask, err)) == LL_OK)
        rc = ll_bundle_ask(app->data, &ask, id, err);
    ll_buf_wipe(&list.text);
    if (rc < 0)
        return rc;
    ll_bundler_wake(app->bundler);
    ll_journaling_wake(app->journaling);
    rq->status = 202;
    rq->location = ll_arena_printf(rq->arena, "/v1/reports/bundles/%s", id);
    return rq->location ? find(app, rq, id, true, &b, err) : ll_no_memory(err);
}

/* --- seeing and cancelling -------------------------------------------------------------------------------------------------- */

int ll_h_bundles_list(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const struct ll_bundle_query q = {.organisation = rq->only,
                                      .sort = ll_arg(rq, LL_P_BUNDLES_LIST_SORT)->s.p,
                                      .offset = (size_t)ll_arg(rq, LL_P_BUNDLES_LIST_OFFSET)->i,
                                      .limit = (size_t)ll_arg(rq, LL_P_BUNDLES_LIST_LIMIT)->i};
    struct ll_bundle *list = NULL;
    struct ll_sharing s;
    int64_t total = 0;
    size_t n = 0;
    int rc = ll_sharing_open(app, false, &s, err);

    if (rc < 0)
        return rc;
    if ((rc = ll_bundle_page(s.tx, &q, rq->arena, &list, &n, &total, err)) == LL_OK) {
        ll_sharing_page(rq, total, (int64_t)q.offset, (int64_t)q.limit);
        for (size_t i = 0; i < n; i++)
            ll_bundle_put(&rq->json, &list[i]);
        ll_sharing_page_end(rq);
    }
    ll_sharing_close(&s);
    return rc;
}

int ll_h_bundle_show(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_bundle b;

    return find(app, rq, ll_arg(rq, LL_P_BUNDLE_SHOW_ID)->s.p, true, &b, err);
}

int ll_h_bundle_cancel(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const char *id = ll_arg(rq, LL_P_BUNDLE_CANCEL_ID)->s.p;
    struct ll_bundle b;
    int rc = find(app, rq, id, false, &b, err);

    if (rc < 0 || (rc = ll_bundle_cancel(app->data, id, &rq->actor, err)) < 0)
        return rc;
    ll_journaling_wake(app->journaling);
    return find(app, rq, id, true, &b, err);
}

/* --- fetching ---------------------------------------------------------------------------------------------------------------- */

int ll_h_bundle_file(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_bytes bytes = LL_BYTES_INIT;
    struct ll_range part;
    struct ll_bundle b;
    bool wanted = false;
    int rc = find(app, rq, ll_arg(rq, LL_P_BUNDLE_FILE_ID)->s.p, false, &b, err);

    if (rc < 0 || (rc = ll_access_frozen(app->access, &rq->actor, NULL, err)) < 0)
        return rc;
    if ((rc = ll_bundle_open(app->data, &b, &rq->actor, &bytes, err)) == LL_CONFLICT)
        ll_bundler_wake(app->bundler); /* what was taken out leaves a file to be made anew */
    ll_journaling_wake(app->journaling);
    if (rc < 0)
        return rc;
    const struct ll_download f = {b.sha256, ll_arena_printf(rq->arena, "reports-%s.zip", b.id),
                                  "application/zip", b.bytes};
    if ((rc = f.name ? ll_download_part(rq, &f, &part, &wanted, err) : ll_no_memory(err)) == LL_OK && wanted)
        return ll_download_send(rq, &f, &bytes, &part, err);
    ll_bytes_close(&bytes);
    return rc;
}
