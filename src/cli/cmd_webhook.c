/* cmd_webhook.c - webhook ...: subscriptions of other organisations' systems, as the operator sees and stops them. */
#include "cli/cmd_actor.h"

#include "share/admin.h"
#include "share/webhook.h"

static const struct ll_column columns[] = {
    {"id", "订阅", "subscription", LL_LEFT},    {"organisation", "机构", "organisation", LL_LEFT},
    {"url", "接收地址", "endpoint", LL_LEFT},   {"resource", "资源", "resource", LL_LEFT},
    {"state", "状态", "state", LL_LEFT},        {"cursor", "游标", "cursor", LL_RIGHT},
    {"attempts", "失败", "failures", LL_RIGHT}, {"delivered_at", "最近送达", "delivered", LL_LEFT},
    {"next_at", "下次", "next", LL_LEFT},       {"why", "原因", "why", LL_LEFT},
};

static void put(struct ll_cli *c, struct ll_grid *t, const struct ll_webhook *w)
{
    ll_grid_z(t, w->id);
    ll_grid_z(t, w->organisation);
    ll_grid_z(t, w->url);
    ll_grid_z(t, w->resource);
    ll_grid_word(t, ll_webhook_state_word(w->state), ll_webhook_state_title(w->state, c->lang));
    ll_grid_int(t, w->cursor);
    ll_grid_int(t, w->attempts);
    ll_grid_time(t, w->delivered_at > 0 ? w->delivered_at : 0);
    ll_grid_time(t, w->next_at > 0 ? w->next_at : 0);
    ll_grid_z(t, c->lang == LL_ZH ? w->error_zh : w->error_en);
}

static int rows(struct ll_cli *c, struct ll_desk *d, struct ll_grid *t, int64_t *total, struct ll_err *err)
{
    const struct ll_webhook_query q = {.organisation = c->opts[LL_OPT_webhook_list_organisation],
                                       .state = c->opts[LL_OPT_webhook_list_state],
                                       .limit = LL_DESK_SHOWN};
    struct ll_webhook *list;
    size_t n;
    int rc = ll_webhook_list(d->tx, &q, d->arena, &list, &n, total, err);

    for (size_t i = 0; rc == LL_OK && i < n; i++)
        put(c, t, &list[i]);
    return rc;
}

int ll_cmd_webhook_list(struct ll_cli *c, struct ll_err *err)
{
    return ll_desk_list(c, columns, LL_COUNT(columns), rows, err);
}

typedef int change_fn(struct ll_cli *c, struct ll_desk *d, struct ll_err *err);

static int change_and_show(struct ll_cli *c, change_fn *change, struct ll_err *err)
{
    struct ll_webhook w;
    struct ll_desk d;
    int rc = ll_desk_open(c, LL_DESK_WRITE, &d, err);

    if (rc < 0)
        return rc;
    if ((rc = ll_webhook_get(d.tx, c->args[0], d.arena, &w, err)) == LL_OK &&
        (rc = change(c, &d, err)) == LL_OK &&
        (rc = ll_webhook_get(d.tx, c->args[0], d.arena, &w, err)) == LL_OK &&
        (rc = ll_txn_commit(d.tx, err)) == LL_OK) {
        struct ll_grid *t = ll_grid_new(c, columns, LL_COUNT(columns));
        put(c, t, &w);
        rc = ll_grid_end_card(t, err);
    }
    ll_desk_close(&d);
    return rc;
}

/* The same words stand in the journal when a system or the console asks. */
static int note_it(struct ll_cli *c, struct ll_desk *d, enum ll_admin_act act, const char *event,
                   struct ll_err *err)
{
    const struct ll_admin_note note = {
        .act = act, .object = ll_str(c->args[0]), .detail = event ? ll_str(event) : (struct ll_str){NULL, 0}};

    return ll_admin_note(d->tx, &(struct ll_actor){.account = NULL}, &note, err);
}

static int pause_it(struct ll_cli *c, struct ll_desk *d, struct ll_err *err)
{
    int rc = ll_webhook_act(d->tx, c->args[0], LL_STR("pause"), err);

    return rc < 0 ? rc : note_it(c, d, LL_ADMIN_WEBHOOK_PAUSED, NULL, err);
}

int ll_cmd_webhook_pause(struct ll_cli *c, struct ll_err *err)
{
    return change_and_show(c, pause_it, err);
}

static int resume_it(struct ll_cli *c, struct ll_desk *d, struct ll_err *err)
{
    int rc = ll_webhook_act(d->tx, c->args[0], LL_STR("resume"), err);

    return rc < 0 ? rc : note_it(c, d, LL_ADMIN_WEBHOOK_RESUMED, NULL, err);
}

int ll_cmd_webhook_resume(struct ll_cli *c, struct ll_err *err)
{
    return change_and_show(c, resume_it, err);
}

static int redeliver_it(struct ll_cli *c, struct ll_desk *d, struct ll_err *err)
{
    const char *text = c->opts[LL_OPT_webhook_redeliver_event];
    int64_t event = 0, n;
    int rc;

    if (text && !ll_str_i64(ll_str(text), 1, INT64_MAX, &event))
        return ll_fail(err, LL_USAGE, "--event 应为死信的编号", "--event takes the number of a dead letter");
    rc = ll_webhook_redeliver(d->tx, c->args[0], event, &n, err);
    return rc < 0 ? rc : note_it(c, d, LL_ADMIN_WEBHOOK_REDELIVERED, text, err);
}

int ll_cmd_webhook_redeliver(struct ll_cli *c, struct ll_err *err)
{
    return change_and_show(c, redeliver_it, err);
}
