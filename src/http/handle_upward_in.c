/* handle_upward_in.c - reporting upward, as the platform above sees it (share/upward_in.h).  Every request is a system's of the organisation that provides
 * the resource, and signed: who sent what can be shown afterwards. */
#include "base/clock.h"
#include "http/app.h"
#include "http/request.h"
#include "routes.gen.h"
#include "share/upward_in.h"

#include <string.h>

static int read_day(struct ll_str text, int64_t *ret, struct ll_err *err)
{
    int64_t ms;

    if (text.n != 10 || !ll_time_parse(text.p, &ms))
        return ll_fail(err, LL_USAGE, "day：“%.20s”不是日期（如 2026-11-30）",
                       "day: '%.20s' is no date (2026-11-30)", text.p);
    *ret = ms / 86400000;
    return LL_OK;
}

int ll_h_upward_in_take(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_upward_in m = {.resource = ll_arg(rq, LL_P_UPWARD_IN_TAKE_NAME)->s.p,
                             .sequence = ll_arg(rq, LL_P_UPWARD_IN_TAKE_SEQUENCE)->i,
                             .rows = ll_arg(rq, LL_P_UPWARD_IN_TAKE_ROWS)->i,
                             .deletes = ll_arg(rq, LL_P_UPWARD_IN_TAKE_DELETES)->i,
                             .sha256 = ll_arg(rq, LL_P_UPWARD_IN_TAKE_SHA256)->s,
                             .body = rq->body,
                             .from = &rq->actor};
    bool again = false, run = false;
    char id[LL_ID_TEXT];
    int rc;

    if ((rc = read_day(ll_arg(rq, LL_P_UPWARD_IN_TAKE_DAY)->s, &m.day, err)) < 0 ||
        (rc = ll_upward_in_take(app->data, &m, id, &again, &run, err)) < 0)
        return rc;
    if (run) {
        ll_journaling_wake(app->journaling);
        if ((rc = ll_runner_submit(app->runner, id, m.resource, false, err)) < 0)
            return rc;
    }
    rq->status = 202;
    ll_json_obj(&rq->json);
    ll_json_ki(&rq->json, "sequence", m.sequence);
    ll_json_kz(&rq->json, "delivery", id);
    ll_json_kb(&rq->json, "again", again);
    ll_json_end_obj(&rq->json);
    return LL_OK;
}

int ll_h_upward_in_status(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    return ll_upward_in_status(app->data, rq->actor.organisation, ll_arg(rq, LL_P_UPWARD_IN_STATUS_NAME)->s.p,
                               ll_arg(rq, LL_P_UPWARD_IN_STATUS_AFTER)->i,
                               ll_arg(rq, LL_P_UPWARD_IN_STATUS_LIMIT)->i, &rq->json, err);
}

int ll_h_upward_in_returned(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    return ll_upward_in_returned(
        app->data, rq->actor.organisation, ll_arg(rq, LL_P_UPWARD_IN_RETURNED_NAME)->s.p,
        ll_arg(rq, LL_P_UPWARD_IN_RETURNED_SEQUENCE)->i, ll_arg(rq, LL_P_UPWARD_IN_RETURNED_OFFSET)->i,
        ll_arg(rq, LL_P_UPWARD_IN_RETURNED_LIMIT)->i, &rq->json, err);
}

static int read_salt(struct ll_str text, unsigned char out[LL_UPWARD_SALT], struct ll_err *err)
{
    bool ok = text.n == LL_UPWARD_SALT_TEXT;

    for (size_t i = 0; ok && i < text.n; i++) {
        static const char digits[] = "0123456789abcdef";
        const char *at = strchr(digits, text.p[i]);
        ok = at && *at;
        if (ok)
            out[i / 2] = (unsigned char)(i % 2 ? out[i / 2] << 4 | (at - digits) : at - digits);
    }
    return ok ? LL_OK
              : ll_fail(err, LL_USAGE, "salt 应为 64 个小写十六进制字符",
                        "salt takes 64 small hexadecimal characters");
}

int ll_h_upward_in_days(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_upward_in_days ask = {.organisation = rq->actor.organisation,
                                    .resource = ll_arg(rq, LL_P_UPWARD_IN_DAYS_NAME)->s.p,
                                    .day = INT64_MIN,
                                    .parts = 1};
    int rc;

    if ((rc = read_salt(ll_arg(rq, LL_P_UPWARD_IN_DAYS_SALT)->s, ask.salt, err)) < 0)
        return rc;
    return ll_upward_in_days(app->data, &ask, &rq->json, err);
}

int ll_h_upward_in_day(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_upward_in_days ask = {.organisation = rq->actor.organisation,
                                    .resource = ll_arg(rq, LL_P_UPWARD_IN_DAY_NAME)->s.p,
                                    .part = (uint64_t)ll_arg(rq, LL_P_UPWARD_IN_DAY_PART)->i,
                                    .parts = (uint64_t)ll_arg(rq, LL_P_UPWARD_IN_DAY_PARTS)->i};
    int rc;

    if ((rc = read_day(ll_arg(rq, LL_P_UPWARD_IN_DAY_DAY)->s, &ask.day, err)) < 0 ||
        (rc = read_salt(ll_arg(rq, LL_P_UPWARD_IN_DAY_SALT)->s, ask.salt, err)) < 0)
        return rc;
    return ll_upward_in_days(app->data, &ask, &rq->json, err);
}
