/* rollup.c - leads a roll-up (rollup.h): an engine of its own, who is where, each resource once, then household by household into the file. */
#include "apps/rural/rollup_impl.h"

#include "base/clock.h"
#include "base/fs.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { SLICE = 100000, NAMES = 4, GIVEN = 3, HOUSEHOLD_BYTES = 4 << 20 };

/* ---- the engine ---- */

static int open_engine(struct ll_rollup_work *w, struct ll_err *err)
{
    char temp[LL_PATH], lake[LL_PATH];
    struct ll_lake_opts o = LL_LAKE_OPTS_INIT;
    int rc;

    if ((rc = ll_data_path(w->data, temp, err, "work/rural-%d", (int)getpid())) < 0 ||
        (rc = ll_data_path(w->data, lake, err, "lake")) < 0)
        return rc;
    o.memory_mb = (unsigned)(ll_data_settings(w->data)->duckdb_memory >> 20);
    o.threads = ll_data_threads(w->data);
    o.temp_dir = temp;
    o.no_spill = true; /* what it holds is open */
    o.vault = ll_data_vault(w->data);
    o.folders[0] = lake;
    if ((rc = ll_lake_open(&w->lake, &o, err)) < 0)
        return rc;
    return ll_lake_connect(w->lake, &w->c, err);
}

/* Sources that read the same resource by the same column, for a household or for persons, are read together. */
static int make_groups(struct ll_rollup_work *w, struct ll_err *err)
{
    const struct ll_rural_list *l = w->list;

    if (!(w->group_of = ll_arena_array(w->arena, l->n_sources + 1, sizeof *w->group_of)))
        return ll_no_memory(err);
    for (size_t i = 0; i < l->n_sources; i++) {
        const struct ll_rural_source *s = &l->sources[i];
        bool household = s->whose == LL_RURAL_HOUSEHOLD;
        size_t g = 0;
        w->group_of[i] = LL_ROLLUP_GROUPS_MAX;
        if (!s->resource)
            continue;
        while (g < w->n_groups && (w->groups[g].first->resource != s->resource ||
                                   w->groups[g].first->by != s->by || w->groups[g].household != household))
            g++;
        if (g == LL_ROLLUP_GROUPS_MAX)
            return ll_fail(err, LL_TOOBIG, "清单的数据资源超过 %d 个",
                           "the list reads more than %d resources", LL_ROLLUP_GROUPS_MAX);
        if (g == w->n_groups)
            w->groups[w->n_groups++] = (struct ll_rollup_group){.first = s, .household = household};
        w->group_of[i] = g;
    }
    return LL_OK;
}

/* ---- household by household ---- */

struct settling {
    struct ll_rollup_work *w;
    struct ll_rollup_file *file;
    struct ll_arena *arena;          /* of the household */
    size_t at[LL_RURAL_SOURCES_MAX]; /* where the columns of each source begin; 0: it has none */
};

static bool is_there(const struct ll_rollup_work *w, size_t source)
{
    size_t g = w->group_of[source];

    return g < w->n_groups && w->groups[g].newest;
}

/* Key, number, head's name, village, its name, members; then three columns a source. */
static void slice_sql(const struct ll_rollup_work *w, uint64_t from, size_t *at, struct ll_buf *sql)
{
    size_t n = NAMES + 2;

    ll_buf_z(
        sql,
        "SELECT hh.k, hh.no, hh.head_name, hh.village_code, hh.village_name, coalesce(counts.members, 0)");
    for (size_t i = 0; i < w->list->n_sources; i++) {
        if (!is_there(w, i))
            continue;
        at[i] = n;
        n += GIVEN;
        ll_buf_printf(sql, ", g%zu.v%zu, g%zu.d%zu, g%zu.n%zu", w->group_of[i], i, w->group_of[i], i,
                      w->group_of[i], i);
    }
    ll_buf_printf(sql,
                  " FROM (SELECT * FROM hh WHERE h >= %" PRIu64 " AND h < %" PRIu64
                  ") hh LEFT JOIN counts ON counts.h = hh.h",
                  from, from + SLICE);
    for (size_t g = 0; g < w->n_groups; g++)
        if (w->groups[g].newest)
            ll_buf_printf(sql,
                          " LEFT JOIN (SELECT * FROM g%zu WHERE h >= %" PRIu64 " AND h < %" PRIu64
                          ") g%zu ON g%zu.h = hh.h",
                          g, from, from + SLICE, g, g);
    ll_buf_z(sql, " ORDER BY hh.h");
}

static struct ll_str text(const struct ll_lake_value *v)
{
    return v->kind == LL_LV_TEXT ? v->s : (struct ll_str){NULL, 0};
}

static void give(const struct settling *s, size_t source, const struct ll_lake_value *row,
                 struct ll_rural_given *ret)
{
    const struct ll_rollup_work *w = s->w;
    const struct ll_lake_value *v = row + s->at[source];

    *ret = (struct ll_rural_given){.shown = w->list->sources[source].resource != NULL};
    if (!s->at[source])
        return;
    ret->newest = w->groups[w->group_of[source]].newest;
    ret->records = v[2].kind == LL_LV_INT ? (size_t)v[2].i : 0;
    ret->any = ret->records > 0;
    ret->value = text(&v[0]);
    ret->day = text(&v[1]);
    ret->published_at = ret->newest;
}

static int settle_row(void *ctx, const struct ll_lake_value *row, size_t n, struct ll_err *err)
{
    struct settling *s = ctx;
    const struct ll_rural_list *l = s->w->list;
    struct ll_rural_given given[LL_RURAL_ITEM_SOURCES_MAX];
    struct ll_household h = {.no = text(&row[1]),
                             .head_name = text(&row[2]),
                             .village_code = text(&row[3]),
                             .village_name = text(&row[4]),
                             .n_members = (size_t)row[5].i,
                             .n_items = l->n,
                             .list = l,
                             .items = ll_arena_array(s->arena, l->n, sizeof *h.items)};
    int rc = h.items ? LL_OK : ll_no_memory(err);

    (void)n;
    for (size_t i = 0; i < l->n && rc == LL_OK; i++) {
        const struct ll_rural_item *x = &l->items[i];
        for (size_t k = 0; k < x->n_sources; k++)
            give(s, (size_t)(x->sources - l->sources) + k, row, &given[k]);
        rc = ll_rural_settle(x, given, s->w->today, s->arena, &h.items[i], err);
    }
    if (rc == LL_OK)
        rc = ll_rollup_file_add(s->file, row[0].s, &h, err);
    ll_arena_reset(s->arena);
    return rc;
}

static int settle_all(struct ll_rollup_work *w, struct ll_rollup_file *file, struct ll_err *err)
{
    struct settling *s = ll_arena_alloc(w->arena, sizeof *s);
    struct ll_buf sql = LL_BUF_INIT(LL_ROLLUP_SQL);
    int rc = LL_OK;

    if (!s || !(s->arena = ll_arena_new(HOUSEHOLD_BYTES)))
        return ll_no_memory(err);
    s->w = w;
    s->file = file;
    for (uint64_t from = 0; from < w->households && rc == LL_OK; from += SLICE) {
        ll_buf_clear(&sql);
        slice_sql(w, from, s->at, &sql);
        rc = sql.failed ? ll_no_memory(err) : ll_lake_each(w->c, sql.p, settle_row, s, err);
    }
    ll_buf_free(&sql);
    ll_arena_free(s->arena);
    return rc;
}

/* ---- the run ---- */

static int day_of(struct ll_rollup_work *w, const char *day, struct ll_err *err)
{
    int y;
    unsigned m, d;

    w->today = ll_today();
    if (day && (strlen(day) != 10 || !ll_rural_day(ll_str(day), &w->today)))
        return ll_fail(err, LL_USAGE, "日期应写作 2026-11-30", "a day is written 2026-11-30");
    ll_civil_from_days(w->today, &y, &m, &d);
    snprintf(w->day, sizeof w->day, "%04d-%02u-%02u", y, m, d);
    return LL_OK;
}

static int work(struct ll_rollup_work *w, struct ll_rollup *run, const char *path, struct ll_err *err)
{
    struct ll_rollup_file *file = NULL;
    int rc;

    if ((rc = open_engine(w, err)) < 0 || (rc = ll_rollup_place(w, err)) < 0 ||
        (rc = make_groups(w, err)) < 0)
        return rc;
    for (size_t g = 0; g < w->n_groups && rc == LL_OK; g++)
        rc = ll_rollup_gather(w, g, err);
    if (rc < 0 || (rc = ll_rollup_file_open(w, path, &file, err)) < 0)
        return rc;
    run->households = w->households;
    run->members = w->members;
    rc = settle_all(w, file, err);
    return ll_rollup_file_end(file, run, rc, err);
}

/* The file is built under another name and moved when it is whole: what is listed is complete. */
int ll_rollup_run(struct ll_data *d, const struct ll_catalog *cat, const struct ll_rural_list *list,
                  struct ll_marks *marks, const char *day, struct ll_arena *arena, struct ll_rollup *ret,
                  struct ll_err *err)
{
    struct ll_rollup_work *w = ll_arena_alloc(arena, sizeof *w);
    struct ll_rollup run = {.list = list->name, .made_at = ll_now_ms()};
    char path[LL_PATH], whole[LL_PATH], folder[LL_PATH], *sha256 = ll_arena_alloc(arena, LL_SHA256_HEX);
    int rc = w && sha256 ? LL_OK : ll_no_memory(err);

    if (rc < 0)
        return rc;
    *w = (struct ll_rollup_work){.data = d, .cat = cat, .list = list, .marks = marks, .arena = arena};
    run.day = w->day;
    run.sha256 = sha256;
    ll_data_new_id(run.id);
    if ((rc = day_of(w, day, err)) < 0 || (rc = ll_rollup_definition(list, sha256, err)) < 0 ||
        (rc = ll_data_path(d, folder, err, "rural")) < 0 || (rc = ll_fs_mkdirs(folder, err)) < 0 ||
        (rc = ll_path(path, err, "%s/.%s.tmp", folder, run.id)) < 0 ||
        (rc = ll_path(whole, err, "%s/%s.db", folder, run.id)) < 0)
        return rc;
    rc = work(w, &run, path, err);
    ll_lake_disconnect(w->c);
    ll_lake_close(w->lake);
    if (rc == LL_OK && (rc = ll_fs_move(path, whole, err)) == LL_OK)
        *ret = run;
    return rc;
}
