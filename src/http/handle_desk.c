/* handle_desk.c - what a desk begins with: the platform in figures, what waits for whoever asks, the packs that are loaded. */
#include "base/clock.h"
#include "http/kept.h"
#include "http/sharing.h"
#include "http/write.h"
#include "routes.gen.h"
#include "share/overview.h"
#include "share/tasks.h"

/* --- the platform in figures -------------------------------------------------------------------------------------------- */

static int write_overview(struct ll_app *app, struct ll_request *rq, struct ll_json *j, struct ll_err *err)
{
    struct ll_overview_resource *list;
    struct ll_figure_of *figures;
    struct ll_sharing s;
    size_t n;
    int rc = ll_figures_all(app->figures, rq->arena, &figures, &n, err);

    if (rc < 0)
        return rc;
    if (!(list = ll_arena_array(rq->arena, n + 1, sizeof *list)))
        return ll_no_memory(err);
    for (size_t i = 0; i < n; i++)
        list[i] = (struct ll_overview_resource){.resource = figures[i].resource,
                                                .records = figures[i].figure.records,
                                                .published_at = figures[i].figure.published_at,
                                                .quality = figures[i].figure.quality};
    if ((rc = ll_ledger_catch_up(ll_gateway_ledger(app->gateway), err)) < 0 ||
        (rc = ll_sharing_open(app, false, &s, err)) < 0)
        return rc;
    rc = ll_overview_put(s.tx, s.cat, list, n, rq->arena, j, err);
    ll_sharing_close(&s);
    return rc;
}

int ll_h_overview(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    return ll_kept_answer(app->overview, write_overview, app, rq, err);
}

/* --- what waits ----------------------------------------------------------------------------------------------------------- */

static void count_tasks(struct ll_json *j, const struct ll_task *list, size_t n, int64_t now)
{
    int64_t counts[LL_TASK_KIND_COUNT] = {0}, overdue = 0;

    for (size_t i = 0; i < n; i++) {
        counts[list[i].kind]++;
        overdue += list[i].due_at && list[i].due_at < now;
    }
    ll_json_key(j, "counts");
    ll_json_obj(j);
    for (unsigned k = 0; k < LL_TASK_KIND_COUNT; k++)
        ll_json_ki(j, ll_task_word(k), counts[k]);
    ll_json_ki(j, "overdue", overdue);
    ll_json_end_obj(j);
}

int ll_h_tasks_list(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const struct ll_arg *kind = ll_arg(rq, LL_P_TASKS_LIST_KIND);
    const struct ll_task_query q = {
        .actor = &rq->actor, .only = rq->only, .all = ll_arg(rq, LL_P_TASKS_LIST_OF)->i != 0};
    int64_t limit = ll_arg(rq, LL_P_TASKS_LIST_LIMIT)->i, offset = ll_arg(rq, LL_P_TASKS_LIST_OFFSET)->i;
    int64_t now = ll_now_ms(), shown = 0;
    struct ll_task *list;
    struct ll_sharing s;
    size_t n;
    int rc = ll_sharing_open(app, false, &s, err);

    if (rc < 0)
        return rc;
    rc = ll_tasks(s.tx, s.cat, &q, rq->arena, &list, &n, err);
    ll_sharing_close(&s);
    if (rc < 0)
        return rc;
    ll_json_obj(&rq->json);
    ll_json_key(&rq->json, "items");
    ll_json_arr(&rq->json);
    for (size_t i = 0; i < n; i++) {
        if (kind->given && list[i].kind != (enum ll_task_kind)kind->i)
            continue;
        if (shown >= offset && shown < offset + limit)
            ll_task_json(&rq->json, &list[i], now);
        shown++;
    }
    ll_json_end_arr(&rq->json);
    ll_json_ki(&rq->json, "total", shown);
    ll_json_ki(&rq->json, "offset", offset);
    ll_json_ki(&rq->json, "limit", limit);
    count_tasks(&rq->json, list, n, now);
    ll_json_end_obj(&rq->json);
    return LL_OK;
}

/* --- packs ---------------------------------------------------------------------------------------------------------------- */

static int64_t resources_of(const struct ll_catalog *cat, const struct ll_pack_info *p)
{
    size_t n;
    const struct ll_resource *const *list = ll_catalog_resources(cat, &n);
    int64_t count = 0;

    for (size_t i = 0; i < n; i++)
        count += ll_str_is(ll_str(list[i]->pack), p->name);
    return count;
}

static void write_pack(struct ll_json *j, const struct ll_catalog *cat, const struct ll_pack_info *p)
{
    ll_json_obj(j);
    ll_json_kz(j, "name", p->name);
    ll_json_kz(j, "version", p->version);
    ll_json_kz(j, "title", p->title);
    ll_json_kz(j, "title_en", p->title_en);
    ll_json_kb(j, "sample", p->sample);
    ll_json_kz(j, "sha256", p->sha256);
    ll_write_time(j, "loaded_at", p->loaded_at);
    ll_json_ki(j, "resources", resources_of(cat, p));
    ll_json_end_obj(j);
}

int ll_h_packs_list(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const struct ll_pack_info *const *list;
    struct ll_catalog *cat;
    size_t n;
    int rc = ll_catalog_live_get(app->catalog, false, &cat, err);

    if (rc < 0)
        return rc;
    list = ll_catalog_packs(cat, &n);
    ll_json_obj(&rq->json);
    ll_json_key(&rq->json, "items");
    ll_json_arr(&rq->json);
    for (size_t i = 0; i < n; i++)
        write_pack(&rq->json, cat, list[i]);
    ll_json_end_arr(&rq->json);
    ll_json_ki(&rq->json, "total", (int64_t)n);
    ll_json_end_obj(&rq->json);
    ll_catalog_unref(cat);
    return LL_OK;
}

/* --- the states of a kind of matter, as a list's filter names them ------------------------------------------------------ */

int ll_h_flow_show(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_str word = ll_arg(rq, LL_P_FLOW_SHOW_FLOW)->s;
    struct ll_json *j = &rq->json;
    enum ll_flow flow = 0;
    (void)app;

    while (flow < LL_FLOW_COUNT && !ll_str_is(word, ll_flow_word(flow)))
        flow++;
    if (flow == LL_FLOW_COUNT)
        return ll_fail(err, LL_NOTFOUND, "没有事项种类 %s", "there is no kind of matter %s", word.p);
    ll_json_obj(j);
    ll_json_kz(j, "flow", word.p);
    ll_json_kz(j, "title", ll_flow_title(flow, LL_ZH));
    ll_json_kz(j, "title_en", ll_flow_title(flow, LL_EN));
    ll_json_key(j, "states");
    ll_json_arr(j);
    for (enum ll_state s = 0; s < LL_STATE_COUNT; s++) {
        if (ll_flow_states[s].flow != flow)
            continue;
        ll_json_obj(j);
        ll_state_put(j, s);
        ll_json_kb(j, "end", ll_flow_states[s].end);
        ll_json_end_obj(j);
    }
    ll_json_end_arr(j);
    ll_json_end_obj(j);
    return LL_OK;
}
