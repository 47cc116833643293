/* cmd_actor.c - see cmd_actor.h. */
#include "cli/cmd_actor.h"

#include <inttypes.h>
#include <string.h>

int ll_desk_open(struct ll_cli *c, enum ll_desk_use use, struct ll_desk *ret, struct ll_err *err)
{
    int rc;

    *ret = (struct ll_desk){.arena = ll_arena_new(0)};
    if (!ret->arena)
        return ll_no_memory(err);
    if ((rc = ll_session_open(c, &ret->data, err)) == LL_OK &&
        (rc = ll_data_catalog(ret->data, &ret->catalog, err)) == LL_OK && use != LL_DESK_STORE)
        rc = ll_txn_begin(ll_data_store(ret->data), use == LL_DESK_WRITE, &ret->tx, err);
    if (rc < 0)
        ll_desk_close(ret);
    return rc;
}

void ll_desk_close(struct ll_desk *d)
{
    ll_txn_end(d->tx);
    ll_catalog_unref(d->catalog);
    ll_data_close(d->data);
    ll_arena_free(d->arena);
}

int ll_desk_actor(struct ll_cli *c, enum ll_option_id as, struct ll_actor *ret, struct ll_err *err)
{
    const char *account = c->opts[as], *organisation = c->opts[as + 1], *duties = c->opts[as + 2];

    *ret = (struct ll_actor){.account = account, .organisation = organisation};
    if (!account || !organisation || !duties)
        return ll_fail(err, LL_USAGE, "须用 --as、--organisation、--duties 写明以谁的名义",
                       "say who acts with --as, --organisation and --duties");
    return ll_duties_parse(ll_str(duties), &ret->roles, err);
}

struct ll_flow_act ll_desk_act(const struct ll_cli *c, const char *action, const struct ll_actor *actor,
                               enum ll_option_id reason)
{
    return (struct ll_flow_act){
        .action = action, .actor = actor, .reason = c->opts[reason], .legal_basis = c->opts[reason + 1]};
}

int ll_desk_list(struct ll_cli *c, const struct ll_column *columns, size_t n, ll_desk_rows_fn *rows,
                 struct ll_err *err)
{
    struct ll_desk d;
    int64_t total = 0;
    int rc = ll_desk_open(c, LL_DESK_READ, &d, err);

    if (rc < 0)
        return rc;
    struct ll_grid *t = ll_grid_new(c, columns, n);
    rc = rows(c, &d, t, &total, err);
    size_t shown = ll_grid_rows(t);
    rc = ll_grid_done(t, rc, err);
    if (rc == LL_OK && total > (int64_t)shown)
        ll_out_line(c, "共 %" PRId64 " 个，只列出前 %zu 个", "%" PRId64 " in all; the first %zu are shown",
                    total, shown);
    ll_desk_close(&d);
    return rc;
}

int ll_desk_show(struct ll_cli *c, const char *id, ll_desk_show_fn *show, struct ll_err *err)
{
    struct ll_desk d;
    int rc = ll_desk_open(c, LL_DESK_READ, &d, err);

    if (rc < 0)
        return rc;
    rc = show(c, &d, id, err);
    ll_desk_close(&d);
    return rc;
}

int ll_desk_step(struct ll_cli *c, const char *action, const char *id, enum ll_option_id as,
                 enum ll_option_id reason, ll_desk_step_fn *step, struct ll_err *err)
{
    struct ll_actor actor;
    struct ll_desk d;
    int rc = ll_desk_actor(c, as, &actor, err);

    if (rc < 0 || (rc = ll_desk_open(c, LL_DESK_WRITE, &d, err)) < 0)
        return rc;
    const struct ll_flow_act act = ll_desk_act(c, action, &actor, reason);
    if ((rc = step(c, &d, id, &act, err)) == LL_OK)
        rc = ll_txn_commit(d.tx, err);
    ll_desk_close(&d);
    return rc;
}

int ll_desk_number(const struct ll_cli *c, enum ll_option_id option, int64_t *ret, struct ll_err *err)
{
    const char *text = c->opts[option];

    *ret = 0;
    if (!text || ll_str_i64(ll_str(text), 1, 1000000000000, ret))
        return LL_OK;
    return ll_fail(err, LL_USAGE, "“%s”不是正整数", "'%s' is not a positive number", text);
}

void ll_grid_state(struct ll_cli *c, struct ll_grid *t, enum ll_state s)
{
    ll_grid_word(t, ll_state_word(s), ll_state_title(s, c->lang));
}

int ll_desk_history(struct ll_cli *c, struct ll_desk *d, enum ll_flow flow, const char *id,
                    struct ll_err *err)
{
    static const struct ll_column columns[] = {
        {"at", "时间", "when", LL_LEFT},
        {"action", "操作", "action", LL_LEFT},
        {"to", "状态", "state", LL_LEFT},
        {"account", "账号", "account", LL_LEFT},
        {"organisation", "机构", "organisation", LL_LEFT},
        {"reason", "理由", "reason", LL_LEFT},
        {"legal_basis", "依据", "legal basis", LL_LEFT},
    };
    struct ll_flow_event *list;
    size_t n;
    int rc = ll_flow_history(d->tx, flow, id, d->arena, &list, &n, err);

    if (rc < 0)
        return rc;
    ll_buf_c(&c->out, '\n');
    struct ll_grid *t = ll_grid_new(c, columns, LL_COUNT(columns));
    for (size_t i = 0; i < n; i++) {
        ll_grid_time(t, list[i].at);
        ll_grid_z(t, list[i].action);
        ll_grid_state(c, t, ll_state_parse(flow, ll_str(list[i].to)));
        ll_grid_z(t, list[i].account);
        ll_grid_z(t, list[i].organisation);
        ll_grid_z(t, list[i].reason);
        ll_grid_z(t, list[i].legal_basis);
    }
    return ll_grid_end(t, err);
}

int ll_desk_history_json(struct ll_desk *d, struct ll_json *j, enum ll_flow flow, const char *id,
                         struct ll_err *err)
{
    struct ll_flow_event *list;
    size_t n;
    int rc = ll_flow_history(d->tx, flow, id, d->arena, &list, &n, err);

    if (rc < 0)
        return rc;
    ll_json_key(j, "history");
    ll_json_arr(j);
    for (size_t i = 0; i < n; i++)
        ll_flow_event_json(j, &list[i]);
    ll_json_end_arr(j);
    return LL_OK;
}
