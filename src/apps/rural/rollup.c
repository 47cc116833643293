/* rollup.c - leads a roll-up (rollup.h): who is where, each resource once, then household by household into the file. */
#include "apps/rural/rollup_impl.h"

#include "base/clock.h"
#include "base/fs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { THREADS_MAX = 16 };

/* ---- engines ---- */

int ll_rollup_engine(struct ll_rollup_work *w, struct ll_lake **ret, struct ll_err *err)
{
    char temp[LL_PATH], lake[LL_PATH];
    struct ll_lake_opts o = LL_LAKE_OPTS_INIT;
    int rc;

    if ((rc = ll_data_path(w->data, temp, err, "work/rural-%d", (int)getpid())) < 0 ||
        (rc = ll_data_path(w->data, lake, err, "lake")) < 0)
        return rc;
    o.memory_mb = (unsigned)(ll_data_settings(w->data)->duckdb_memory >> 20);
    o.threads = 1;
    o.temp_dir = temp;
    o.no_spill = true;
    o.vault = ll_data_vault(w->data);
    o.folders[0] = lake;
    return ll_lake_open(ret, &o, err);
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

    if ((rc = ll_rollup_place(w, err)) < 0 || (rc = ll_rollup_groups(w, err)) < 0 ||
        (rc = ll_rollup_gather(w, err)) < 0 || (rc = ll_rollup_file_open(w, path, &file, err)) < 0)
        return rc;
    run->households = ll_rollup_homes(w->people);
    run->members = ll_rollup_persons(w->people);
    rc = ll_rollup_fold(w, file, err);
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
    w->threads = ll_data_threads(d) < THREADS_MAX ? ll_data_threads(d) : THREADS_MAX;
    run.day = w->day;
    run.sha256 = sha256;
    ll_data_new_id(run.id);
    if ((rc = day_of(w, day, err)) < 0 || (rc = ll_rollup_definition(list, sha256, err)) < 0 ||
        (rc = ll_data_path(d, folder, err, "rural")) < 0 || (rc = ll_fs_mkdirs(folder, err)) < 0 ||
        (rc = ll_path(path, err, "%s/.%s.tmp", folder, run.id)) < 0 ||
        (rc = ll_path(whole, err, "%s/%s.db", folder, run.id)) < 0)
        return rc;
    rc = work(w, &run, path, err);
    ll_rollup_people_free(w->people);
    ll_rollup_parts_close(w->parts);
    if (rc == LL_OK && (rc = ll_fs_move(path, whole, err)) == LL_OK)
        *ret = run;
    return rc;
}
