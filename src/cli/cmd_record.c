/* cmd_record.c - record, dump: what is published. */
#include "cli/out.h"
#include "cli/reading.h"
#include "cli/show.h"

#include "base/clock.h"
#include "intake/history.h"
#include "share/record.h"

#include <stdlib.h>

enum { FLUSH_AT = 1 << 16 };

/* ---- record ---- */

struct record_query {
    const struct ll_resource *resource;
    struct ll_str *key;
    size_t n_key;
};

static int show_published(struct ll_cli *c, struct ll_reading *k, const struct record_query *q,
                          struct ll_err *err)
{
    struct ll_buf text = LL_BUF_INIT(LL_RECORD_TEXT_MAX);
    json_t *envelope = NULL;
    int rc = ll_record_json(k->tables, q->resource, q->key, q->n_key, c->opts[LL_OPT_record_mask] != NULL,
                            &text, err);

    if (rc == 0)
        rc = ll_fail(err, LL_NOTFOUND, "资源 %s 没有这条记录", "resource %s has no such record",
                     q->resource->name);
    if (rc > 0 && c->json) {
        ll_buf_str(&c->out, ll_buf_view(&text));
        ll_buf_c(&c->out, '\n');
    } else if (rc > 0 && (rc = ll_show_parse(ll_buf_view(&text), &envelope, err)) == LL_OK) {
        char at[LL_LOCAL_TEXT];
        ll_out_line(c, "%s，发布于 %s", "%s, published at %s",
                    ll_say(c, q->resource->title, q->resource->name),
                    ll_show_time(envelope, "published_at", at));
        rc = ll_show_record(c, q->resource, json_object_get(envelope, "record"), err);
    }
    json_decref(envelope);
    ll_buf_free(&text);
    return rc < 0 ? rc : LL_OK;
}

static int show_versions(struct ll_cli *c, const struct ll_resource *r, json_t *versions, struct ll_err *err)
{
    int rc = LL_OK;

    if (json_array_size(versions) == 0)
        return ll_fail(err, LL_NOTFOUND, "资源 %s 从来没有这条记录", "resource %s never had such a record",
                       r->name);
    for (size_t i = 0; i < json_array_size(versions) && rc == LL_OK; i++) {
        json_t *v = json_array_get(versions, i);
        const char *batch = ll_show_text(v, "batch"), *state = ll_show_text(v, "state");
        char at[LL_LOCAL_TEXT];
        bool deleted = json_is_true(json_object_get(v, "deleted"));
        ll_out_line(c, "%s%s，批次 %s（%s）第 %s 行%s", "%s%s, batch %s (%s), row %s%s", i ? "\n" : "",
                    ll_show_time(v, "published_at", at), batch ? batch : "-",
                    state ? ll_word_title(c->lang, state) : "-", ll_show_text(v, "row"),
                    deleted ? ll_say(c, "：删除", ": deleted") : "");
        if (!deleted)
            rc = ll_show_record(c, r, json_object_get(v, "record"), err);
    }
    return rc;
}

static int show_past(struct ll_cli *c, struct ll_reading *k, const struct record_query *q, struct ll_err *err)
{
    const char *as_of = c->opts[LL_OPT_record_as_of];
    struct ll_buf text = LL_BUF_INIT(LL_RECORD_TEXT_MAX);
    json_t *parsed = NULL;
    struct ll_json j;
    int64_t ms = 0;
    int rc;

    if (as_of && !ll_time_parse(as_of, &ms))
        return ll_fail(err, LL_USAGE, "“%s”不是时间；写成 2026-11-23 或 2026-11-23T08:15:30.000Z",
                       "'%s' is no time; write 2026-11-23 or 2026-11-23T08:15:30.000Z", as_of);
    ll_json_init(&j, &text);
    rc = as_of ? ll_history_as_of(k->data, q->resource, q->key, q->n_key, ms, false, &j, err)
               : ll_history_json(k->data, q->resource, q->key, q->n_key, false, &j, err);
    if (rc == LL_OK && c->json) {
        ll_buf_str(&c->out, ll_buf_view(&text));
        ll_buf_c(&c->out, '\n');
    } else if (rc == LL_OK && (rc = ll_show_parse(ll_buf_view(&text), &parsed, err)) == LL_OK) {
        rc = as_of ? ll_show_record(c, q->resource, parsed, err) : show_versions(c, q->resource, parsed, err);
    }
    json_decref(parsed);
    ll_buf_free(&text);
    return rc;
}

int ll_cmd_record(struct ll_cli *c, struct ll_err *err)
{
    bool past = c->opts[LL_OPT_record_history] || c->opts[LL_OPT_record_as_of];
    struct record_query q = {.n_key = c->n_args - 1};
    struct ll_reading k;
    int rc = ll_reading_open(c, &k, err);

    if (rc < 0)
        return rc;
    q.key = calloc(c->n_args, sizeof *q.key);
    if (!q.key)
        rc = ll_fail(err, LL_NOMEM, "内存不足", "out of memory");
    for (size_t i = 0; i < q.n_key && rc == LL_OK; i++)
        q.key[i] = ll_str(c->args[i + 1]);
    if (rc == LL_OK && (rc = ll_session_resource(k.catalog, c->args[0], &q.resource, err)) == LL_OK)
        rc = past ? show_past(c, &k, &q, err) : show_published(c, &k, &q, err);
    free(q.key);
    ll_reading_close(&k);
    return rc;
}

/* ---- dump ---- */

static int put_line(void *ctx, struct ll_str line, struct ll_err *err)
{
    struct ll_cli *c = ctx;

    ll_buf_str(&c->out, line);
    return c->out.n < FLUSH_AT ? LL_OK : ll_out_flush(c, err);
}

int ll_cmd_dump(struct ll_cli *c, struct ll_err *err)
{
    const struct ll_resource *r;
    struct ll_table *t = NULL;
    struct ll_reading k;
    int rc = ll_reading_open(c, &k, err);

    if (rc < 0)
        return rc;
    if ((rc = ll_session_resource(k.catalog, c->args[0], &r, err)) == LL_OK &&
        (rc = ll_tables_take(k.tables, r->name, &t, err)) == LL_OK)
        rc = ll_table_dump(t, put_line, c, err);
    ll_tables_give(k.tables, t);
    ll_reading_close(&k);
    return rc;
}
