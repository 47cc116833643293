/* cmd_delivery.c - delivery and batch: what came in and what became of it. */
#include "cli/out.h"
#include "cli/session.h"

#include "intake/batch.h"

#include <stdlib.h>

enum { SHOWN = 50 };

static const struct ll_column delivery_columns[] = {
    {"id", "交付", "delivery", LL_LEFT},
    {"resource", "资源", "resource", LL_LEFT},
    {"file_name", "文件", "file", LL_LEFT},
    {"mode", "方式", "mode", LL_LEFT},
    {"state", "状态", "state", LL_LEFT},
    {"stage", "阶段", "stage", LL_LEFT},
    {"received", "收到", "received", LL_RIGHT},
    {"published", "发布", "published", LL_RIGHT},
    {"quarantined", "隔离", "quarantined", LL_RIGHT},
    {"received_at", "接收时间", "received at", LL_LEFT},
    {"error", "说明", "note", LL_LEFT},
};

static void put_count(struct ll_grid *t, int64_t v)
{
    if (v < 0)
        ll_grid_z(t, NULL);
    else
        ll_grid_int(t, v);
}

static void put_delivery(struct ll_cli *c, struct ll_grid *t, const struct ll_delivery *v)
{
    ll_grid_z(t, v->id);
    ll_grid_z(t, v->resource);
    ll_grid_z(t, v->file_name);
    ll_grid_word(t, v->mode, ll_word_title(c->lang, v->mode));
    ll_grid_word(t, v->state, ll_word_title(c->lang, v->state));
    ll_grid_word(t, v->stage, ll_word_title(c->lang, v->stage));
    put_count(t, v->received);
    put_count(t, v->published);
    put_count(t, v->quarantined);
    ll_grid_time(t, v->received_at);
    ll_grid_z(t, v->error_rc ? ll_say(c, v->error_zh, v->error_en) : NULL);
}

int ll_cmd_delivery_list(struct ll_cli *c, struct ll_err *err)
{
    const struct ll_delivery_filter which = {.resource = c->opts[LL_OPT_delivery_list_resource],
                                             .state = c->opts[LL_OPT_delivery_list_state]};
    struct ll_arena *arena = ll_arena_new(0);
    struct ll_delivery *list = NULL;
    struct ll_data *d = NULL;
    size_t n = 0;
    int64_t total = 0;
    int rc = ll_session_open(c, &d, err);

    if (rc == LL_OK && (rc = ll_delivery_list(d, &which, 0, SHOWN, arena, &list, &n, &total, err)) == LL_OK) {
        struct ll_grid *t = ll_grid_new(c, delivery_columns, LL_COUNT(delivery_columns));
        for (size_t i = 0; i < n; i++)
            put_delivery(c, t, &list[i]);
        rc = ll_grid_end(t, err);
        if (total > (int64_t)n)
            ll_out_line(c, "共 %lld 个交付，只列出最近 %zu 个",
                        "%lld deliveries in all; the newest %zu are shown", (long long)total, n);
    }
    ll_data_close(d);
    ll_arena_free(arena);
    return rc;
}

static int show(struct ll_cli *c, struct ll_data *d, const char *id, struct ll_err *err)
{
    struct ll_arena *arena = ll_arena_new(0);
    struct ll_delivery v;
    int rc = ll_delivery_get(d, id, arena, &v, err);

    if (rc == LL_OK) {
        struct ll_grid *t = ll_grid_new(c, delivery_columns, LL_COUNT(delivery_columns));
        put_delivery(c, t, &v);
        rc = ll_grid_end_card(t, err);
    }
    ll_arena_free(arena);
    return rc;
}

int ll_cmd_delivery_show(struct ll_cli *c, struct ll_err *err)
{
    struct ll_data *d = NULL;
    int rc = ll_session_open(c, &d, err);

    if (rc == LL_OK)
        rc = show(c, d, c->args[0], err);
    ll_data_close(d);
    return rc;
}

int ll_cmd_delivery_confirm(struct ll_cli *c, struct ll_err *err)
{
    struct ll_drawing drawing;
    struct ll_data *d = NULL;
    int rc = ll_session_open(c, &d, err);

    if (rc < 0)
        return rc;
    struct ll_job_opts o = ll_job_drawing(c, &drawing);
    o.confirm = true;
    rc = ll_job_run(d, c->args[0], &o, err);
    ll_job_drawn(&drawing);
    if (rc == LL_OK)
        rc = show(c, d, c->args[0], err);
    ll_data_close(d);
    return rc;
}

int ll_cmd_delivery_refuse(struct ll_cli *c, struct ll_err *err)
{
    struct ll_data *d = NULL;
    int rc = ll_session_open(c, &d, err);

    if (rc == LL_OK && (rc = ll_job_refuse(d, c->args[0], err)) == LL_OK)
        rc = show(c, d, c->args[0], err);
    ll_data_close(d);
    return rc;
}

static const struct ll_column batch_columns[] = {
    {"id", "批次", "batch", LL_LEFT},
    {"resource", "资源", "resource", LL_LEFT},
    {"version", "版本", "version", LL_RIGHT},
    {"mode", "方式", "mode", LL_LEFT},
    {"state", "状态", "state", LL_LEFT},
    {"rows", "行", "rows", LL_RIGHT},
    {"deletes", "删除", "deletes", LL_RIGHT},
    {"quarantined", "隔离", "quarantined", LL_RIGHT},
    {"published_at", "发布时间", "published at", LL_LEFT},
};

static void put_batch(struct ll_cli *c, struct ll_grid *t, const struct ll_batch *b)
{
    ll_grid_z(t, b->id);
    ll_grid_z(t, b->resource);
    ll_grid_int(t, b->version);
    ll_grid_word(t, b->mode, ll_word_title(c->lang, b->mode));
    ll_grid_word(t, b->state, ll_word_title(c->lang, b->state));
    ll_grid_int(t, b->rows);
    ll_grid_int(t, b->deletes);
    ll_grid_int(t, b->quarantined);
    ll_grid_time(t, b->published_at > 0 ? b->published_at : 0);
}

int ll_cmd_batch_list(struct ll_cli *c, struct ll_err *err)
{
    struct ll_arena *arena = ll_arena_new(0);
    struct ll_batch *list = NULL;
    struct ll_data *d = NULL;
    size_t n = 0;
    int64_t total = 0;
    int rc = ll_session_open(c, &d, err);

    if (rc == LL_OK && (rc = ll_batch_list(d, c->opts[LL_OPT_batch_list_resource], 0, SHOWN, arena, &list, &n,
                                           &total, err)) == LL_OK) {
        struct ll_grid *t = ll_grid_new(c, batch_columns, LL_COUNT(batch_columns));
        for (size_t i = 0; i < n; i++)
            put_batch(c, t, &list[i]);
        rc = ll_grid_end(t, err);
    }
    ll_data_close(d);
    ll_arena_free(arena);
    return rc;
}

int ll_cmd_batch_show(struct ll_cli *c, struct ll_err *err)
{
    struct ll_arena *arena = ll_arena_new(0);
    struct ll_data *d = NULL;
    struct ll_batch b;
    int rc = ll_session_open(c, &d, err);

    if (rc == LL_OK && (rc = ll_batch_get(d, c->args[0], arena, &b, err)) == LL_OK) {
        struct ll_grid *t = ll_grid_new(c, batch_columns, LL_COUNT(batch_columns));
        put_batch(c, t, &b);
        rc = ll_grid_end_card(t, err);
    }
    ll_data_close(d);
    ll_arena_free(arena);
    return rc;
}

int ll_cmd_withdraw(struct ll_cli *c, struct ll_err *err)
{
    struct ll_data *d = NULL;
    int rc = ll_session_open(c, &d, err);

    if (rc == LL_OK && (rc = ll_job_withdraw(d, c->args[0], err)) == LL_OK)
        rc = show(c, d, c->args[0], err);
    ll_data_close(d);
    return rc;
}
