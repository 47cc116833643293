/* cmd_record.c - record, subject, dump: what is published. */
#include "cli/out.h"
#include "cli/session.h"
#include "cli/show.h"

#include "base/clock.h"
#include "intake/history.h"
#include "share/subject.h"

#include <stdlib.h>

enum { RECORD_MAX = 64 << 20, FLUSH_AT = 1 << 16 };

/* What every command here opens. */
struct reading {
    struct ll_data *data;
    struct ll_catalog *catalog;
    struct ll_tables *tables;
};

static void reading_close(struct reading *k)
{
    ll_tables_close(k->tables);
    ll_catalog_unref(k->catalog);
    ll_data_close(k->data);
}

static int reading_open(struct ll_cli *c, struct reading *ret, struct ll_err *err)
{
    struct ll_tables_opts o = LL_TABLES_OPTS_INIT;
    struct reading k = {0};
    int rc;

    o.data_dir = c->set->data_dir;
    if ((rc = ll_session_open(c, &k.data, err)) < 0)
        return rc;
    o.vault = ll_data_vault(k.data);
    if ((rc = ll_data_catalog(k.data, &k.catalog, err)) < 0 ||
        (rc = ll_tables_open(ll_data_store(k.data), &o, &k.tables, err)) < 0) {
        reading_close(&k);
        return rc;
    }
    *ret = k;
    return LL_OK;
}

/* ---- record ---- */

struct record_query {
    const struct ll_resource *resource;
    struct ll_str *key;
    size_t n_key;
};

static int show_published(struct ll_cli *c, struct reading *k, const struct record_query *q,
                          struct ll_err *err)
{
    struct ll_buf text = LL_BUF_INIT(RECORD_MAX);
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

static int show_past(struct ll_cli *c, struct reading *k, const struct record_query *q, struct ll_err *err)
{
    const char *as_of = c->opts[LL_OPT_record_as_of];
    struct ll_buf text = LL_BUF_INIT(RECORD_MAX);
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
    struct reading k;
    int rc = reading_open(c, &k, err);

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
    reading_close(&k);
    return rc;
}

/* ---- subject ---- */

static void show_ids(struct ll_cli *c, json_t *ids)
{
    size_t i;
    json_t *id;

    json_array_foreach(ids, i, id)
    {
        const char *title = ll_show_text(id, ll_say(c, "title", "title_en"));
        ll_out_line(c, "  %s：%s", "  %s: %s", title ? title : ll_show_text(id, "title"),
                    ll_show_text(id, "value"));
    }
}

static void show_group(struct ll_cli *c, struct ll_catalog *catalog, json_t *group)
{
    const struct ll_resource *r = ll_catalog_resource(catalog, ll_str(ll_show_text(group, "resource")));
    json_t *records = json_object_get(group, "records"), *entry;
    long long total = strtoll(ll_show_text(group, "total"), NULL, 10);
    const char *provider = ll_show_text(group, "provider_name");
    size_t i;

    if (!r)
        return;
    ll_out_line(c, "\n%s（%s），%lld 条", "\n%s (%s), %lld records",
                c->lang == LL_EN && r->title_en ? r->title_en : r->title, provider ? provider : r->provider,
                total);
    json_array_foreach(records, i, entry) ll_show_compact(c, r, json_object_get(entry, "record"));
    if (total > (long long)json_array_size(records))
        ll_out_line(c, "    ……另有 %lld 条，用 --limit 多看", "    ... and %lld more; see them with --limit",
                    total - (long long)json_array_size(records));
}

static void show_candidates(struct ll_cli *c, json_t *candidates)
{
    json_t *hit;
    size_t i;

    ll_out_line(c, "这个名称对应多个主体，请用标识查询：",
                "several subjects have this name; ask by identifier:");
    json_array_foreach(candidates, i, hit)
    {
        json_t *id = json_object_get(hit, "identifier");
        ll_out_line(c, "  %s  %s", "  %s  %s", ll_show_text(id, "value"), ll_show_text(hit, "name"));
    }
}

static void show_subject(struct ll_cli *c, struct ll_catalog *catalog, json_t *subject)
{
    json_t *names = json_object_get(subject, "names"), *candidates = json_object_get(subject, "candidates"),
           *group, *name;
    const char *kind = ll_show_text(json_object_get(subject, "kind"), ll_say(c, "title", "title_en"));
    size_t i;

    if (json_array_size(candidates) > 1) {
        show_candidates(c, candidates);
        return;
    }
    json_array_foreach(names, i, name) ll_out_line(c, "%s", "%s", json_string_value(name));
    if (kind)
        ll_out_line(c, "  主体类型：%s", "  kind of subject: %s", kind);
    show_ids(c, json_object_get(subject, "identifiers"));
    json_array_foreach(json_object_get(subject, "groups"), i, group) show_group(c, catalog, group);
}

static int subject_text(struct ll_cli *c, struct reading *k, const struct ll_subject *s, struct ll_err *err)
{
    struct ll_buf text = LL_BUF_INIT(RECORD_MAX);
    json_t *parsed = NULL;
    struct ll_json j;
    int rc;

    ll_json_init(&j, c->json ? &c->out : &text);
    ll_subject_put(s, &j);
    if (c->json) {
        ll_buf_c(&c->out, '\n');
        return LL_OK;
    }
    if ((rc = ll_show_parse(ll_buf_view(&text), &parsed, err)) == LL_OK)
        show_subject(c, k->catalog, parsed);
    json_decref(parsed);
    ll_buf_free(&text);
    return rc;
}

int ll_cmd_subject(struct ll_cli *c, struct ll_err *err)
{
    const char *limit = c->opts[LL_OPT_subject_limit];
    struct ll_subject_opts o = LL_SUBJECT_OPTS_INIT;
    struct ll_arena *arena = ll_arena_new(0);
    struct ll_subject *subject = NULL;
    struct reading k;
    int64_t most = 5;
    size_t n;
    int rc = arena ? LL_OK : ll_fail(err, LL_NOMEM, "内存不足", "out of memory");

    if (rc == LL_OK && limit && !ll_str_i64(ll_str(limit), 1, 10000, &most))
        rc = ll_fail(err, LL_USAGE, "--limit 应为 1 到 10000", "--limit must be 1 to 10000");
    if (rc == LL_OK && (rc = reading_open(c, &k, err)) == LL_OK) {
        const struct ll_resource *const *all = ll_catalog_resources(k.catalog, &n);
        o.max_records = (unsigned)most;
        o.mask = c->opts[LL_OPT_subject_mask] != NULL;
        rc = ll_subject_profile(k.tables, all, n, ll_str(c->args[0]), &o, arena, &subject, err);
        if (rc == LL_OK && subject->n_groups == 0 && subject->n_hits < 2)
            rc = ll_fail(err, LL_NOTFOUND, "没有关于“%s”的记录", "nothing is recorded about '%s'",
                         c->args[0]);
        if (rc == LL_OK)
            rc = subject_text(c, &k, subject, err);
        reading_close(&k);
    }
    ll_arena_free(arena);
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
    struct reading k;
    int rc = reading_open(c, &k, err);

    if (rc < 0)
        return rc;
    if ((rc = ll_session_resource(k.catalog, c->args[0], &r, err)) == LL_OK &&
        (rc = ll_tables_take(k.tables, r->name, &t, err)) == LL_OK)
        rc = ll_table_dump(t, put_line, c, err);
    ll_tables_give(k.tables, t);
    reading_close(&k);
    return rc;
}
