/* handle_rural_list.c - long lists of households to verify: handed in, looked after, fetched (apps/rural/check_job.h). */
#include "http/asking.h"
#include "http/check_file.h"
#include "http/checker.h"
#include "http/sharing.h"
#include "routes.gen.h"

#include "apps/rural/check_job.h"

#include <string.h>

enum { LIST_ARENA = 1 << 30 };

static int find(struct ll_app *app, struct ll_request *rq, const char *id, struct ll_check_job *ret,
                struct ll_err *err)
{
    struct ll_sharing s;
    int rc = ll_sharing_open(app, false, &s, err);

    if (rc < 0)
        return rc;
    rc = ll_check_job_get(s.tx, id, rq->arena, ret, err);
    ll_sharing_close(&s);
    if (rc == LL_OK && strcmp(rq->actor.organisation, ret->organisation) != 0)
        return ll_fail(err, LL_NOTFOUND, "没有编号为 %s 的核查名单", "there is no list %s", id);
    return rc;
}

static int show(struct ll_app *app, struct ll_request *rq, const char *id, struct ll_err *err)
{
    struct ll_check_job job;
    int rc = find(app, rq, id, &job, err);

    if (rc == LL_OK)
        ll_check_job_put(&rq->json, &job);
    return rc;
}

int ll_h_rural_list_ask(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const struct ll_arg *purpose = ll_arg(rq, LL_P_RURAL_LIST_ASK_PURPOSE),
                        *officer = ll_arg(rq, LL_P_RURAL_LIST_ASK_OFFICER);
    const struct ll_check_job_ask ask = {.actor = &rq->actor,
                                         .purpose = purpose->given ? purpose->s : LL_STR(""),
                                         .officer = officer->given ? officer->s : LL_STR(""),
                                         .remote = rq->remote};
    struct ll_arena *arena = ll_arena_new(LIST_ARENA);
    struct ll_check_list list = {.n = 0};
    struct ll_asking_rural rural = {.cat = NULL};
    char id[LL_CHECK_JOB_ID];
    int rc = arena ? ll_access_frozen(app->access, &rq->actor, NULL, err) : ll_no_memory(err);

    if (rc == LL_OK && (rc = ll_asking_rural(app, rq, &rural, err)) == LL_OK &&
        (rc = ll_check_list_read(rq->body, rural.r.list, LL_CHECK_LIST_MAX, arena, &list, err)) == LL_OK)
        rc = ll_check_job_ask(app->data, &ask, &list, id, err);
    ll_asking_rural_end(&rural);
    ll_arena_free(arena);
    if (rc < 0)
        return rc;
    ll_checker_wake(app->checker);
    rq->status = 202;
    rq->location = ll_arena_printf(rq->arena, "/v1/rural/check-lists/%s", id);
    return rq->location ? show(app, rq, id, err) : ll_no_memory(err);
}

int ll_h_rural_lists(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    int64_t offset = ll_arg(rq, LL_P_RURAL_LISTS_OFFSET)->i, limit = ll_arg(rq, LL_P_RURAL_LISTS_LIMIT)->i,
            total;
    struct ll_check_job *list = NULL;
    struct ll_sharing s;
    size_t n = 0;
    int rc = ll_sharing_open(app, false, &s, err);

    if (rc < 0)
        return rc;
    if ((rc = ll_check_job_list(s.tx, rq->actor.organisation, (size_t)offset, (size_t)limit, rq->arena, &list,
                                &n, &total, err)) == LL_OK) {
        ll_sharing_page(rq, total, offset, limit);
        for (size_t i = 0; i < n; i++)
            ll_check_job_put(&rq->json, &list[i]);
        ll_sharing_page_end(rq);
    }
    ll_sharing_close(&s);
    return rc;
}

int ll_h_rural_list_show(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    return show(app, rq, ll_arg(rq, LL_P_RURAL_LIST_SHOW_ID)->s.p, err);
}

int ll_h_rural_list_cancel(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const char *id = ll_arg(rq, LL_P_RURAL_LIST_CANCEL_ID)->s.p;
    struct ll_check_job job;
    int rc = find(app, rq, id, &job, err);

    if (rc < 0 || (rc = ll_check_job_cancel(app->data, id, err)) < 0)
        return rc;
    return show(app, rq, id, err);
}

/* ---- the answers ---- */

static int open_answers(struct ll_app *app, struct ll_request *rq, struct ll_check_job *job,
                        struct ll_err *err)
{
    int rc = find(app, rq, ll_arg(rq, LL_P_RURAL_LIST_FILE_ID)->s.p, job, err);

    if (rc < 0 || (rc = ll_access_frozen(app->access, &rq->actor, NULL, err)) < 0)
        return rc;
    return job->ended_at && job->done && strcmp(job->state, "expired") != 0
               ? LL_OK
               : ll_fail(err, LL_CONFLICT, "名单 %s 没有可下载的结果：%s",
                         "list %s has no answers to fetch: %s", job->id, job->state);
}

int ll_h_rural_list_file(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const struct ll_arg *format = ll_arg(rq, LL_P_RURAL_LIST_FILE_FORMAT),
                        *lang = ll_arg(rq, LL_P_RURAL_LIST_FILE_LANG);
    struct ll_asking_rural rural = {.cat = NULL};
    struct ll_check_job job;
    int rc = open_answers(app, rq, &job, err);

    if (rc < 0 || (rc = ll_asking_rural(app, rq, &rural, err)) < 0)
        return rc;
    const struct ll_check_answer answer = {.list = rural.r.list,
                                           .lang = ll_str_is(lang->s, "en") ? LL_EN : LL_ZH,
                                           .xlsx = ll_str_is(format->s, "xlsx")};
    rc = ll_check_job_reply(app, rq, &job, &answer, err);
    ll_asking_rural_end(&rural);
    return rc;
}
