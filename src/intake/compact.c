/* compact.c - merges segments of similar size, so that a look-up asks few files and a row is copied few times.
 *
 * From the newest backwards a segment joins the group while it is no larger than all the newer ones together: sizes then grow
 * geometrically, as in any log-structured merge tree. */
#include "intake/publish.h"

#include "base/clock.h"
#include "base/json.h"
#include "catalog/segschema.h"
#include "intake/segform.h"
#include "store/segmerge.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_SEGMENTS = 1000 };

struct listed {
    char *id, *parts;
    int64_t seq, first, last, rows;
};

struct compaction {
    struct ll_data *d;
    const struct ll_resource *r;
    struct ll_arena *arena;
    struct listed *list; /* newest first */
    size_t n, group;     /* group: how many of the newest are merged */
    struct ll_seg_run *runs;
    struct ll_err *err;
};

static int read_list(struct compaction *k)
{
    struct ll_txn *tx = NULL;
    struct ll_stmt *s = NULL;
    int rc = ll_txn_begin(ll_data_store(k->d), false, &tx, k->err);

    k->list = ll_arena_array(k->arena, MOST_SEGMENTS, sizeof *k->list);
    if (rc == LL_OK && !k->list)
        rc = ll_no_memory(k->err);
    if (rc == LL_OK &&
        (rc = ll_sql(
             tx,
             "SELECT id, parts, seq, first_batch, last_batch, rows FROM segment WHERE resource = $1 AND version = $2 "
             "ORDER BY seq DESC LIMIT 1000",
             &s, k->err)) == LL_OK) {
        ll_bind_z(s, 1, k->r->name);
        ll_bind_int(s, 2, k->r->version);
        while ((rc = ll_step(s, k->err)) > 0 && k->n < MOST_SEGMENTS) {
            k->list[k->n++] = (struct listed){.id = ll_arena_dup(k->arena, ll_col_text(s, 0)),
                                              .parts = ll_arena_dup(k->arena, ll_col_text(s, 1)),
                                              .seq = ll_col_int(s, 2),
                                              .first = ll_col_int(s, 3),
                                              .last = ll_col_int(s, 4),
                                              .rows = ll_col_int(s, 5)};
        }
    }
    ll_stmt_done(s);
    ll_txn_end(tx);
    return rc < 0 ? rc : LL_OK;
}

static void choose(struct compaction *k)
{
    int64_t sum = k->list[0].rows;

    for (k->group = 1; k->group < k->n && k->list[k->group].rows <= sum; k->group++)
        sum += k->list[k->group].rows;
    if (k->group < 2)
        k->group = 2;
}

static int open_run(struct compaction *k, const struct listed *l, struct ll_seg_run *run)
{
    json_t *parts = json_loads(l->parts, 0, NULL), *p;
    char path[LL_PATH];
    size_t i;
    int rc = LL_OK;

    run->parts = ll_arena_array(k->arena, json_array_size(parts) + 1, sizeof *run->parts);
    if (!run->parts)
        rc = ll_no_memory(k->err);
    json_array_foreach(parts, i, p)
    {
        const char *file = json_string_value(json_object_get(p, "file"));
        if (rc < 0 ||
            (rc = ll_data_path(k->d, path, k->err, "service/%s/%s", k->r->name, file ? file : "")) < 0 ||
            (rc = ll_seg_open(path, &run->parts[run->n], k->err)) < 0)
            break;
        run->n++;
    }
    json_decref(parts);
    return rc;
}

static void close_runs(struct compaction *k)
{
    for (size_t i = 0; k->runs && i < k->group; i++)
        for (size_t p = 0; p < k->runs[i].n; p++)
            ll_seg_close(k->runs[i].parts[p]);
}

static int merge(struct compaction *k, const char *path, bool down_to_oldest,
                 struct ll_seg_merge_counts *counts)
{
    struct ll_seg_schema schema;
    struct ll_seg_merge *m = NULL;
    struct ll_seg_build *b = NULL;
    uint64_t rows;
    int rc;

    if ((rc = ll_table_schema(k->r, &schema, k->arena, k->err)) < 0 ||
        (rc = ll_seg_merge_open(k->runs, k->group, NULL, NULL, &m, k->err)) < 0)
        return rc;
    if ((rc = ll_seg_build_open(path, &schema, &b, k->err)) == LL_OK) {
        rc = ll_seg_merge_into(m, b, &schema, down_to_oldest, counts, k->err);
        if (rc == LL_OK && (rc = ll_table_meta(k->r, b, k->err)) == LL_OK)
            rc = ll_seg_build_seal(b, &rows, k->err);
        else
            ll_seg_build_abort(b);
    }
    ll_seg_merge_close(m);
    return rc;
}

static int list_merged(struct compaction *k, const char *id, const char *file, uint64_t rows)
{
    const struct listed *newest = &k->list[0], *oldest = &k->list[k->group - 1];
    struct ll_buf parts = LL_BUF_INIT(4096);
    struct ll_txn *tx = NULL;
    struct ll_json j;
    int rc;

    ll_json_init(&j, &parts);
    ll_json_arr(&j);
    ll_json_obj(&j);
    ll_json_kz(&j, "file", file);
    ll_json_ki(&j, "rows", (int64_t)rows);
    ll_json_end_obj(&j);
    ll_json_end_arr(&j);
    rc = ll_txn_begin(ll_data_store(k->d), true, &tx, k->err);
    for (size_t i = 0; i < k->group && rc == LL_OK; i++)
        rc = ll_exec(tx, k->err, "DELETE FROM segment WHERE id = $1", "z", k->list[i].id);
    if (rc == LL_OK &&
        (rc = ll_exec(
             tx, k->err,
             "INSERT INTO segment (id, resource, version, seq, first_batch, last_batch, rows, built_at, parts) "
             "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
             "zziiiiiis", id, k->r->name, (int64_t)k->r->version, newest->seq, oldest->first, newest->last,
             (int64_t)rows, ll_now_ms(), ll_buf_view(&parts))) == LL_OK)
        rc = ll_txn_commit(tx, k->err);
    ll_txn_end(tx);
    ll_buf_free(&parts);
    return rc;
}

static int compact_once(struct compaction *k)
{
    struct ll_seg_merge_counts counts = {0};
    char id[LL_ID_TEXT], file[64], path[LL_PATH];
    int rc = LL_OK;

    choose(k);
    ll_data_new_id(id);
    snprintf(file, sizeof file, "%s-0.db", id);
    if (!(k->runs = ll_arena_array(k->arena, k->group, sizeof *k->runs)))
        return ll_no_memory(k->err);
    for (size_t i = 0; i < k->group && rc == LL_OK; i++)
        rc = open_run(k, &k->list[i], &k->runs[i]);
    if (rc == LL_OK && (rc = ll_data_path(k->d, path, k->err, "service/%s/%s", k->r->name, file)) == LL_OK)
        rc = merge(k, path, k->group == k->n, &counts);
    close_runs(k);
    return rc < 0 ? rc : list_merged(k, id, file, counts.rows);
}

int ll_publish_compact(struct ll_data *d, const struct ll_resource *r, unsigned most, struct ll_err *err)
{
    struct compaction k = {.d = d, .r = r, .arena = ll_arena_new(0), .err = err};
    int rc = k.arena ? read_list(&k) : ll_no_memory(k.err);
    bool fits = true, merged = rc == LL_OK && k.n > most && k.n > 1;

    if (merged && (rc = ll_segform_is_current(d, r, &fits, err)) == LL_OK && !fits) {
        ll_arena_free(k.arena);
        return ll_publish_again(d, r, err);
    }

    if (rc == LL_OK && merged)
        rc = compact_once(&k);
    ll_arena_free(k.arena);
    return rc == LL_OK && merged ? ll_publish_sweep(d, r->name, err) : rc;
}
