/* demand.c - demands stated, matched, published and answered; matching: demand_match.c, rows: demand_store.c. */
#include "share/demand_impl.h"

#include "base/clock.h"

#include <stdio.h>
#include <string.h>

struct ll_flow_object ll_demand_object(const struct ll_demand *d)
{
    return (struct ll_flow_object){.flow = LL_FLOW_DEMAND,
                                   .id = d->id,
                                   .state = d->state,
                                   .applicant = d->organisation,
                                   .provider = d->provider};
}

/* --- stating ----------------------------------------------------------------------------------------------------------- */

static int check_text(const char *text, size_t least, const char *zh, const char *en, struct ll_err *err)
{
    size_t n = text ? ll_utf8_count(ll_str_trim(ll_str(text))) : 0;
    char zh_all[128], en_all[128];

    if (n >= least && n <= LL_DEMAND_TEXT_MAX && ll_utf8_bad(ll_str(text)) == strlen(text))
        return LL_OK;
    snprintf(zh_all, sizeof zh_all, "%s应有 %zu 到 %d 个字符", zh, least, LL_DEMAND_TEXT_MAX);
    snprintf(en_all, sizeof en_all, "%s must have %zu to %d characters", en, least, LL_DEMAND_TEXT_MAX);
    return ll_fail_texts(err, LL_INVALID, zh_all, en_all);
}

static int check_draft(const struct ll_catalog *cat, const struct ll_demand *d, const struct ll_actor *actor,
                       struct ll_err *err)
{
    int rc;

    if (!actor->account || !(actor->roles & (LL_DUTY_CONSUMER_STEWARD | LL_DUTY_OPERATOR)))
        return ll_fail(err, LL_DENIED, "只有用数专员和平台运营员可以提出需求",
                       "only a consumer steward or a platform operator can state a demand");
    if (!ll_catalog_organisation(cat, ll_str(d->organisation)))
        return ll_fail(err, LL_INVALID, "目录中没有机构 %s", "the catalogue has no organisation %s",
                       d->organisation ? d->organisation : "-");
    if (d->provider && !ll_catalog_organisation(cat, ll_str(d->provider)))
        return ll_fail(err, LL_INVALID, "目录中没有机构 %s", "the catalogue has no organisation %s",
                       d->provider);
    if (strcmp(d->urgency, "normal") != 0 && strcmp(d->urgency, "urgent") != 0)
        return ll_fail(err, LL_INVALID, "紧急程度应为 normal 或 urgent", "urgency is normal or urgent");
    if ((rc = check_text(d->title, 2, "标题", "the title", err)) < 0 ||
        (rc = check_text(d->what, 2, "需求内容", "what is needed", err)) < 0 ||
        (rc = check_text(d->purpose, 4, "使用用途", "the purpose", err)) < 0)
        return rc;
    return ll_flow_names_rule(d->legal_basis)
               ? LL_OK
               : ll_fail(err, LL_INVALID, "必须写明法律、法规、规章或协议依据，如《政务数据共享条例》",
                         "the legal basis must be named by its title in 《》, e.g. 《政务数据共享条例》");
}

static int store_candidates(struct ll_txn *tx, const char *id, const struct ll_candidate *list, size_t n,
                            struct ll_err *err)
{
    struct ll_buf reasons = LL_BUF_INIT(32 << 10);
    int rc = ll_exec(tx, err, "DELETE FROM demand_candidate WHERE demand = $1", "z", id);

    for (size_t i = 0; rc == LL_OK && i < n; i++) {
        struct ll_json j;
        ll_buf_clear(&reasons);
        ll_json_init(&j, &reasons);
        ll_json_obj(&j);
        ll_json_kz(&j, "zh", list[i].zh);
        ll_json_kz(&j, "en", list[i].en);
        ll_json_end_obj(&j);
        rc = ll_exec(
            tx, err,
            "INSERT INTO demand_candidate (demand, resource, score, reasons) VALUES ($1, $2, $3, $4)", "zzis",
            id, list[i].resource->name, (int64_t)list[i].score, ll_buf_view(&reasons));
    }
    ll_buf_free(&reasons);
    return rc;
}

/* The platform's own step: matched when the best candidate is good enough. */
static int settle_match(struct ll_txn *tx, const struct ll_demand *d, const struct ll_candidate *list,
                        size_t n, struct ll_err *err)
{
    const struct ll_flow_act act = {.action = n && list[0].score >= LL_MATCH_ENOUGH ? "match" : "miss"};
    struct ll_flow_object o = ll_demand_object(d);
    const struct ll_flow_step *step = NULL;
    int rc = store_candidates(tx, d->id, list, n, err);

    if (rc == LL_OK && (rc = ll_flow_take(tx, &o, &act, &step, err)) == LL_OK)
        rc = ll_demand_enter(tx, d, step->to, err);
    return rc;
}

static int add_in(struct ll_txn *tx, const struct ll_demand *d, const struct ll_candidate *list, size_t n,
                  const struct ll_actor *actor, struct ll_err *err)
{
    struct ll_flow_object o = ll_demand_object(d);
    int rc = ll_demand_insert(tx, d, d->id, err);

    if (rc == LL_OK && (rc = ll_flow_begin(tx, &o, actor, err)) == LL_OK)
        rc = settle_match(tx, d, list, n, err);
    return rc;
}

int ll_demand_add(struct ll_store *st, const struct ll_catalog *cat, const struct ll_demand *draft,
                  const struct ll_actor *actor, char id[LL_FLOW_ID_TEXT], struct ll_err *err)
{
    struct ll_arena *arena = ll_arena_new(0);
    struct ll_demand d = *draft;
    struct ll_candidate *list;
    struct ll_txn *tx = NULL;
    size_t n;
    int rc;

    d.organisation = actor->organisation;
    d.urgency = d.urgency ? d.urgency : "normal";
    d.items = d.items ? d.items : "";
    d.state = LL_STATE_OPEN;
    d.id = id;
    ll_flow_new_id('D', id);
    rc = arena ? check_draft(cat, &d, actor, err) : ll_no_memory(err);
    if (rc == LL_OK && (rc = ll_demand_candidates(st, cat, &d, arena, &list, &n, err)) == LL_OK &&
        (rc = ll_txn_begin(st, true, &tx, err)) == LL_OK &&
        (rc = add_in(tx, &d, list, n, actor, err)) == LL_OK)
        rc = ll_txn_commit(tx, err);
    ll_txn_end(tx);
    ll_arena_free(arena);
    return rc;
}

static int read_one(struct ll_store *st, const char *id, struct ll_arena *arena, struct ll_demand *d,
                    struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    int rc = ll_txn_begin(st, false, &tx, err);

    if (rc == LL_OK)
        rc = ll_demand_get(tx, id, arena, d, err);
    ll_txn_end(tx);
    return rc;
}

int ll_demand_match(struct ll_store *st, const struct ll_catalog *cat, const char *id, struct ll_err *err)
{
    struct ll_arena *arena = ll_arena_new(0);
    struct ll_candidate *list;
    struct ll_txn *tx = NULL;
    struct ll_demand d;
    size_t n;
    int rc = arena ? read_one(st, id, arena, &d, err) : ll_no_memory(err);

    if (rc == LL_OK && (rc = ll_demand_candidates(st, cat, &d, arena, &list, &n, err)) == LL_OK &&
        (rc = ll_txn_begin(st, true, &tx, err)) == LL_OK &&
        (rc = ll_demand_get(tx, id, arena, &d, err)) == LL_OK && /* it may have moved meanwhile */
        (rc = settle_match(tx, &d, list, n, err)) == LL_OK)
        rc = ll_txn_commit(tx, err);
    ll_txn_end(tx);
    ll_arena_free(arena);
    return rc;
}

/* --- steps -------------------------------------------------------------------------------------------------------------- */

static int check_names(const struct ll_catalog *cat, const struct ll_flow_act *act, const char *provider,
                       const char *resource, struct ll_err *err)
{
    if (strcmp(act->action, "assign") == 0 && !provider)
        return ll_fail(err, LL_USAGE, "应指定责任部门", "name the source responsible");
    if (strcmp(act->action, "supply") == 0 && !resource)
        return ll_fail(err, LL_USAGE, "应写明提供的数据资源", "name the resource that meets it");
    if (provider && !ll_catalog_organisation(cat, ll_str(provider)))
        return ll_fail(err, LL_INVALID, "目录中没有机构 %s", "the catalogue has no organisation %s",
                       provider);
    if (resource && !ll_catalog_resource(cat, ll_str(resource)))
        return ll_fail(err, LL_INVALID, "目录中没有数据资源 %s", "the catalogue has no resource %s",
                       resource);
    return LL_OK;
}

int ll_demand_act(struct ll_txn *tx, const struct ll_catalog *cat, const char *id,
                  const struct ll_flow_act *act, const char *provider, const char *resource,
                  struct ll_err *err)
{
    bool reports = strcmp(act->action, "progress") == 0 || strcmp(act->action, "promise") == 0;
    struct ll_arena *arena = ll_arena_new(0);
    const struct ll_flow_step *step = NULL;
    struct ll_demand d;
    int rc = arena ? ll_demand_get(tx, id, arena, &d, err) : ll_no_memory(err);

    if (rc == LL_OK) {
        struct ll_flow_object o = ll_demand_object(&d);
        if ((rc = ll_flow_take(tx, &o, act, &step, err)) == LL_OK &&
            (rc = check_names(cat, act, provider, resource, err)) == LL_OK &&
            (rc = ll_demand_enter(tx, &d, step->to, err)) == LL_OK)
            rc = ll_exec(
                tx, err,
                "UPDATE demand SET provider = coalesce($1, provider), resource = coalesce($2, resource),"
                " progress = coalesce($3, progress), changed_at = $4 WHERE id = $5",
                "zzziz", provider, resource, reports ? act->reason : NULL, ll_now_ms(), id);
    }
    ll_arena_free(arena);
    return rc;
}

/* Whoever provides the nearest candidate is asked first, where the demand names no source. */
static int put_on_list(struct ll_txn *tx, const struct ll_demand *d, const char *list,
                       const struct ll_actor *actor, struct ll_err *err)
{
    const struct ll_flow_act act = {.action = "publish", .actor = actor};
    struct ll_flow_object o = ll_demand_object(d);
    const struct ll_flow_step *step = NULL;
    int rc = ll_flow_take(tx, &o, &act, &step, err);

    if (rc == LL_OK && (rc = ll_demand_enter(tx, d, step->to, err)) == LL_OK)
        rc = ll_exec(
            tx, err,
            "UPDATE demand SET list = $1, provider = coalesce(provider, (SELECT r.provider FROM demand_candidate c"
            " JOIN resource r ON r.name = c.resource AND r.current = 1 WHERE c.demand = demand.id"
            " ORDER BY c.score DESC, c.resource LIMIT 1)) WHERE id = $2",
            "zz", list, d->id);
    return rc;
}

enum { LIST_MOST = 1000 };

int ll_demand_publish(struct ll_txn *tx, const char *title, const struct ll_actor *actor,
                      char list[LL_FLOW_ID_TEXT], size_t *ret_n, struct ll_err *err)
{
    const struct ll_demand_query q = {.state = ll_state_word(LL_STATE_UNMET), .limit = LIST_MOST};
    struct ll_arena *arena = ll_arena_new(0);
    struct ll_demand *unmet;
    int64_t total;
    int rc = arena ? check_text(title, 2, "清单标题", "the title of the list", err) : ll_no_memory(err);

    *ret_n = 0;
    if (rc == LL_OK && (rc = ll_demand_list(tx, &q, arena, &unmet, ret_n, &total, err)) == LL_OK && !*ret_n)
        rc = ll_fail(err, LL_CONFLICT, "没有未满足的需求可以发布", "there is no unmet demand to publish");
    ll_flow_new_id('L', list);
    if (rc == LL_OK)
        rc = ll_exec(tx, err,
                     "INSERT INTO demand_list (id, title, published_at, account) VALUES ($1, $2, $3, $4)",
                     "zziz", list, title, ll_now_ms(), actor->account);
    for (size_t i = 0; rc == LL_OK && i < *ret_n; i++)
        rc = put_on_list(tx, &unmet[i], list, actor, err);
    ll_arena_free(arena);
    return rc;
}
