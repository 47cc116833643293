/* cmd_export.c - export ...: files that organisations had made of what they are granted. */
#include "cli/cmd_actor.h"

#include "share/export.h"

static const struct ll_column columns[] = {
    {"id", "导出", "export", LL_LEFT},
    {"organisation", "机构", "organisation", LL_LEFT},
    {"resource", "资源", "resource", LL_LEFT},
    {"service", "自建服务", "made service", LL_LEFT},
    {"format", "格式", "format", LL_LEFT},
    {"state", "状态", "state", LL_LEFT},
    {"rows", "行数", "rows", LL_RIGHT},
    {"left_out", "略去", "left out", LL_LEFT},
    {"bytes", "字节", "bytes", LL_RIGHT},
    {"entry", "存证", "entry", LL_RIGHT},
    {"created_at", "发起", "asked for", LL_LEFT},
    {"expires_at", "到期", "ends", LL_LEFT},
    {"why", "原因", "why", LL_LEFT},
};

static void put(struct ll_cli *c, struct ll_grid *t, const struct ll_export *e)
{
    struct ll_str left_out = ll_str(e->left_out ? e->left_out : "{}");

    ll_grid_z(t, e->id);
    ll_grid_z(t, e->organisation);
    ll_grid_z(t, e->resource);
    ll_grid_z(t, e->service);
    ll_grid_z(t, ll_export_format_extension(e->format));
    ll_grid_word(t, ll_export_state_word(e->state), ll_export_state_title(e->state, c->lang));
    ll_grid_int(t, e->rows);
    ll_grid_raw(t, left_out.n > 2 ? left_out : LL_STR(""), left_out);
    ll_grid_int(t, e->bytes < 0 ? 0 : e->bytes);
    if (e->entry < 0)
        ll_grid_z(t, NULL);
    else
        ll_grid_int(t, e->entry);
    ll_grid_time(t, e->created_at);
    ll_grid_time(t, e->expires_at > 0 ? e->expires_at : 0);
    ll_grid_z(t, c->lang == LL_ZH ? e->error_zh : e->error_en);
}

static int rows(struct ll_cli *c, struct ll_desk *d, struct ll_grid *t, int64_t *total, struct ll_err *err)
{
    const struct ll_export_query q = {.organisation = c->opts[LL_OPT_export_list_organisation],
                                      .state = c->opts[LL_OPT_export_list_state],
                                      .limit = LL_DESK_SHOWN};
    struct ll_export *list;
    size_t n;
    int rc = ll_export_list(d->tx, &q, d->arena, &list, &n, total, err);

    for (size_t i = 0; rc == LL_OK && i < n; i++)
        put(c, t, &list[i]);
    return rc;
}

int ll_cmd_export_list(struct ll_cli *c, struct ll_err *err)
{
    return ll_desk_list(c, columns, LL_COUNT(columns), rows, err);
}

int ll_cmd_export_cancel(struct ll_cli *c, struct ll_err *err)
{
    struct ll_arena *arena = ll_arena_new(0);
    struct ll_data *d = NULL;
    struct ll_txn *tx = NULL;
    struct ll_export e;
    int rc = arena ? ll_session_open(c, &d, err) : ll_no_memory(err);

    if (rc == LL_OK && (rc = ll_export_cancel(d, c->args[0], err)) == LL_OK &&
        (rc = ll_txn_begin(ll_data_store(d), false, &tx, err)) == LL_OK &&
        (rc = ll_export_get(tx, c->args[0], arena, &e, err)) == LL_OK) {
        struct ll_grid *t = ll_grid_new(c, columns, LL_COUNT(columns));
        put(c, t, &e);
        rc = ll_grid_end_card(t, err);
    }
    ll_txn_end(tx);
    ll_data_close(d);
    ll_arena_free(arena);
    return rc;
}
