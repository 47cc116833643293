/* rollup_gather.c - each resource once: its shared rows as values, each record found its household and put aside for that (rollup_parts.h).
 *
 * The statements only read and open; threads of ours read different resources, in an engine without threads of its own, the largest first. */
#include "apps/rural/rollup_impl.h"

#include "apps/rural/register.h"
#include "crypto/random.h"
#include "intake/batch.h"
#include "intake/stored.h"
#include "share/shared_sql.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RECORD_MAX = 4 << 20, NUMBER_TEXT = 24, FIXED = 2 };

/* ---- statements ---- */

int ll_rollup_exec(struct ll_rollup_work *w, struct ll_buf *sql, struct ll_err *err)
{
    int rc = sql->failed ? ll_no_memory(err) : ll_lake_exec(w->c, sql->p, err);

    ll_buf_clear(sql);
    return rc;
}

int ll_rollup_rows_sql(struct ll_rollup_work *w, const struct ll_resource *r, struct ll_buf *sql,
                       int64_t *newest, int64_t *rows, struct ll_err *err)
{
    struct ll_buf condition = LL_BUF_INIT(LL_ROLLUP_SQL);
    struct ll_batch *live = NULL;
    size_t n = 0;
    int rc = ll_batch_live(w->data, r->name, r->version, -1, NULL, w->arena, &live, &n, err);

    *newest = *rows = 0;
    for (size_t i = 0; i < n; i++) {
        *rows += live[i].rows;
        if (live[i].published_at > *newest)
            *newest = live[i].published_at;
    }
    if (rc < 0 || !n)
        return rc;
    ll_buf_z(sql, "(SELECT * FROM (");
    rc = ll_batch_current_sql(w->data, r, live, n, sql, err);
    ll_buf_c(sql, ')');
    if (rc == LL_OK && w->marks)
        rc = ll_shared_rows_sql(w->marks, r, w->arena, &condition, err);
    if (condition.n) {
        ll_buf_z(sql, " WHERE ");
        ll_buf_str(sql, ll_buf_view(&condition));
    }
    ll_buf_c(sql, ')');
    if (rc == LL_OK && condition.failed)
        rc = ll_no_memory(err);
    ll_buf_free(&condition);
    return rc;
}

/* ---- groups ---- */

/* Where the column of an item stands, which is added. */
static int column_of(struct ll_rollup_group *g, const struct ll_item *item)
{
    size_t i = 0;

    if (!item)
        return -1;
    while (i < g->n_columns && g->columns[i] != item)
        i++;
    if (i == g->n_columns && i < LL_ROLLUP_COLUMNS_MAX)
        g->columns[g->n_columns++] = item;
    return i < LL_ROLLUP_COLUMNS_MAX ? (int)i : -2;
}

static int find_group(struct ll_rollup_work *w, const struct ll_rural_source *s, size_t *ret,
                      struct ll_err *err)
{
    bool household = s->whose == LL_RURAL_HOUSEHOLD;
    size_t g = 0;

    while (g < w->n_groups && (w->groups[g].first->resource != s->resource ||
                               w->groups[g].first->by != s->by || w->groups[g].household != household))
        g++;
    *ret = g;
    if (g < w->n_groups)
        return LL_OK;
    if (g == LL_ROLLUP_GROUPS_MAX)
        return ll_fail(err, LL_TOOBIG, "清单的数据资源超过 %d 个", "the list reads more than %d resources",
                       LL_ROLLUP_GROUPS_MAX);
    w->groups[g] = (struct ll_rollup_group){
        .first = s,
        .household = household,
        .describes = !household && strcmp(s->resource->name, LL_RURAL_MEMBERS) == 0,
        .reads = ll_arena_array(w->arena, w->list->n_sources, sizeof *w->groups[g].reads)};
    if (!w->groups[g].reads)
        return ll_no_memory(err);
    w->n_groups++;
    return LL_OK;
}

static int add_read(struct ll_rollup_group *g, const struct ll_rural_source *s, size_t source,
                    struct ll_err *err)
{
    struct ll_rollup_read read = {source, column_of(g, s->from), column_of(g, s->date),
                                  column_of(g, s->only)};

    if (read.from < -1 || read.date < -1 || read.only < -1)
        return ll_fail(err, LL_TOOBIG, "清单读取一个数据资源的信息项超过 %d 个",
                       "the list reads more than %d items of one resource", LL_ROLLUP_COLUMNS_MAX);
    g->reads[g->n_reads++] = read;
    return LL_OK;
}

/* hash of the number, hash of what tells the row apart, then the columns */
static int write_sql(struct ll_rollup_work *w, struct ll_rollup_group *g, struct ll_err *err)
{
    const struct ll_resource *r = g->first->resource;
    struct ll_buf sql = LL_BUF_INIT(LL_ROLLUP_SQL), rows = LL_BUF_INIT(LL_ROLLUP_SQL);
    int rc = ll_rollup_rows_sql(w, r, &rows, &g->newest, &g->rows, err);

    if (rc == LL_OK && g->newest) {
        ll_buf_z(&sql, "SELECT hash(");
        ll_stored_opened(&sql, r, g->first->by);
        ll_buf_z(&sql, "), ");
        if (g->describes) {
            ll_buf_z(&sql, "hash(");
            ll_stored_opened(&sql, r, ll_resource_item(r, LL_STR("household_no")));
            ll_buf_z(&sql, " || chr(31) || CAST(");
            ll_stored_opened(&sql, r, ll_resource_item(r, LL_STR("member_since")));
            ll_buf_z(&sql, " AS VARCHAR))");
        } else {
            ll_buf_z(&sql, "0");
        }
        for (size_t i = 0; i < g->n_columns; i++) {
            ll_buf_z(&sql, ", ");
            ll_stored_opened(&sql, r, g->columns[i]);
        }
        ll_buf_z(&sql, " FROM ");
        ll_buf_str(&sql, ll_buf_view(&rows));
        g->sql = sql.failed || rows.failed ? NULL : ll_arena_dup(w->arena, ll_buf_view(&sql));
        rc = g->sql ? LL_OK : ll_no_memory(err);
    }
    ll_buf_free(&rows);
    ll_buf_free(&sql);
    return rc;
}

/* Sources that read the same resource by the same column, for a household or for persons, are read together. */
int ll_rollup_groups(struct ll_rollup_work *w, struct ll_err *err)
{
    const struct ll_rural_list *l = w->list;
    int rc = LL_OK;

    if (!(w->group_of = ll_arena_array(w->arena, l->n_sources + 1, sizeof *w->group_of)))
        return ll_no_memory(err);
    for (size_t i = 0; i < l->n_sources && rc == LL_OK; i++) {
        w->group_of[i] = LL_ROLLUP_GROUPS_MAX;
        if (l->sources[i].resource && (rc = find_group(w, &l->sources[i], &w->group_of[i], err)) == LL_OK)
            rc = add_read(&w->groups[w->group_of[i]], &l->sources[i], i, err);
    }
    for (size_t g = 0; g < w->n_groups && rc == LL_OK; g++)
        rc = write_sql(w, &w->groups[g], err);
    return rc;
}

/* ---- records ---- */

struct gathering {
    struct ll_rollup_work *w;
    struct ll_lake *lake;
    size_t order[LL_ROLLUP_GROUPS_MAX], n; /* groups, the largest first */
    atomic_size_t next;
};

/* A thread that reads one resource after the other. */
struct reader {
    const struct ll_rollup_work *w;
    const struct ll_rollup_group *group;
    struct ll_rollup_putter *putter;
    struct ll_buf record;
    size_t number; /* of the group */
};

/* A value as a text, as reading a single record gives it (text_of of household.c), one longer than it is; 0: none. */
static void put_value(struct ll_buf *out, const struct ll_item *item, const struct ll_lake_value *v)
{
    char digits[NUMBER_TEXT];
    struct ll_str s = v->kind == LL_LV_TEXT ? v->s : (struct ll_str){NULL, 0};

    if (v->kind == LL_LV_INT)
        s = (struct ll_str){digits, (size_t)snprintf(digits, sizeof digits, "%" PRId64, v->i)};
    if (s.n && item->element->type == LL_TYPE_BOOLEAN)
        s = ll_str_is(s, "1") || ll_str_is(s, "true") ? LL_STR("true") : LL_STR("false");
    ll_packed_put_text(out, s);
}

static int take_record(void *ctx, const struct ll_lake_value *row, size_t n, struct ll_err *err)
{
    struct reader *r = ctx;
    const struct ll_rollup_person *p = NULL;
    const struct ll_rollup_group *g = r->group;
    uint32_t home;

    if (g->household) {
        if (!ll_rollup_home_of(r->w->people, (uint64_t)row[0].i, &home))
            return LL_OK;
    } else {
        p = ll_rollup_person_of(r->w->people, (uint64_t)row[0].i);
        if (!p || (g->describes && p->row != (uint64_t)row[1].i))
            return LL_OK;
        home = p->home;
    }
    ll_buf_clear(&r->record);
    ll_packed_put_number(&r->record, r->number);
    ll_packed_put_number(&r->record, home % LL_ROLLUP_PART);
    ll_buf_c(&r->record, (char)(p ? p->rank : 0));
    ll_buf_c(&r->record, (char)(p ? LL_ROLLUP_PERSON | (p->head ? LL_ROLLUP_HEAD : 0) : 0));
    for (size_t i = 0; i < g->n_columns && FIXED + i < n; i++)
        put_value(&r->record, g->columns[i], &row[FIXED + i]);
    return r->record.failed ? ll_no_memory(err)
                            : ll_rollup_put(r->putter, home / LL_ROLLUP_PART, ll_buf_view(&r->record), err);
}

static int read_groups(struct gathering *k, struct reader *r, struct ll_lake_conn *c, struct ll_err *err)
{
    int rc = LL_OK;

    for (size_t i; rc == LL_OK && (i = atomic_fetch_add(&k->next, 1)) < k->n;) {
        r->number = k->order[i];
        r->group = &k->w->groups[r->number];
        rc = ll_lake_each(c, r->group->sql, take_record, r, err);
    }
    return rc;
}

static int read_some(void *ctx, unsigned which, struct ll_err *err)
{
    struct gathering *k = ctx;
    struct reader r = {.w = k->w, .record = LL_BUF_INIT(RECORD_MAX)};
    struct ll_lake_conn *c = NULL;
    int rc;

    (void)which;
    if ((rc = ll_lake_connect(k->lake, &c, err)) == LL_OK &&
        (rc = ll_rollup_putter_new(k->w->parts, &r.putter, err)) == LL_OK &&
        (rc = read_groups(k, &r, c, err)) == LL_OK)
        rc = ll_rollup_putter_end(r.putter, err);
    ll_rollup_putter_free(r.putter);
    ll_buf_wipe(&r.record);
    ll_lake_disconnect(c);
    return rc;
}

static void put_in_order(struct gathering *k)
{
    for (size_t g = 0; g < k->w->n_groups; g++) {
        size_t at = k->n;
        if (!k->w->groups[g].newest)
            continue;
        for (k->n++; at && k->w->groups[k->order[at - 1]].rows < k->w->groups[g].rows; at--)
            k->order[at] = k->order[at - 1];
        k->order[at] = g;
    }
}

int ll_rollup_gather(struct ll_rollup_work *w, struct ll_err *err)
{
    struct gathering k = {.w = w, .n = 0};
    char folder[LL_PATH];
    int rc;

    put_in_order(&k);
    if ((rc = ll_data_path(w->data, folder, err, "work")) == LL_OK &&
        (rc = ll_rollup_parts_open(folder, ll_rollup_homes(w->people) / LL_ROLLUP_PART + 1, &w->parts,
                                   err)) == LL_OK &&
        (rc = ll_rollup_engine(w, &k.lake, err)) == LL_OK &&
        (rc = ll_parallel(w->threads, read_some, &k, err)) == LL_OK)
        rc = ll_rollup_parts_ready(w->parts, err);
    ll_lake_close(k.lake);
    return rc;
}
