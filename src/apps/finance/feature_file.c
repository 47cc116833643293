/* feature_file.c - the file of a run: one row a firm, all its values in one sealed value (feature_file.h, feature_bytes.h). */
#include "apps/finance/feature_file.h"

#include "apps/finance/feature_basis.h"
#include "apps/finance/feature_bytes.h"
#include "base/clock.h"
#include "base/fs.h"
#include "crypto/hash.h"
#include "crypto/random.h"
#include "intake/runs.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { VALUE_MAX = 1 << 20, META_MAX = 16 << 20 };
#define SEALED_AS "finance_features" /* as which values are sealed (vault.h) */
#define SEALED_ITEM "values"

/* What a value means depends on the indicators in their order. */
static int definition(const struct ll_feature_set *set, char sha256[LL_SHA256_HEX], struct ll_err *err)
{
    struct ll_buf text = LL_BUF_INIT(META_MAX);
    int rc;

    for (size_t i = 0; i < set->n; i++) {
        const struct ll_feature *f = &set->features[i];
        ll_buf_printf(&text, "%s\t%s\t%u\t%s\t%s\t%s\t%u\t%s\t%d\n", f->name, f->resource_name,
                      f->resource ? f->resource->version : 0, ll_combine_word(f->combine), f->value, f->where,
                      f->months, f->missing, f->code);
    }
    rc = text.failed ? ll_no_memory(err) : ll_hash_str(ll_buf_view(&text), sha256, err);
    ll_buf_free(&text);
    return rc;
}

/* ---- writing ---- */

struct writing {
    const struct ll_feature_set *set;
    struct ll_seg_build *build;
    struct ll_cell *cell;
    struct ll_buf plain, sealed;
    uint64_t firms;
    bool cut; /* a code was too long */
};

static int add_firm(void *ctx, struct ll_str firm, const struct ll_feature_value *values, struct ll_err *err)
{
    struct writing *w = ctx;
    int rc;

    w->cut |= !ll_feature_bytes_put(&w->plain, values, w->set->n);
    ll_buf_clear(&w->sealed);
    rc = w->plain.failed ? ll_no_memory(err) : ll_cell_seal(w->cell, ll_buf_view(&w->plain), &w->sealed, err);
    if (rc < 0)
        return rc;
    w->firms++;
    ll_seg_text(w->build, 0, firm.p, firm.n);
    ll_seg_blob(w->build, 1, w->sealed.p, w->sealed.n);
    return ll_seg_build_row(w->build, false, err);
}

static const char *lineage_of(const struct ll_feature_set *set, const struct ll_feature_rows *rows,
                              struct ll_arena *arena)
{
    struct ll_buf out = LL_BUF_INIT(META_MAX);
    struct ll_json j;

    ll_json_init(&j, &out);
    ll_json_obj(&j);
    for (size_t g = 0; g < set->n_groups; g++) {
        ll_json_key(&j, set->groups[g]->name);
        ll_json_arr(&j);
        for (size_t i = 0; i < rows[g].n; i++)
            ll_json_z(&j, rows[g].batches[i].id);
        ll_json_end_arr(&j);
    }
    ll_json_end_obj(&j);
    const char *text = out.failed ? NULL : ll_arena_dup(arena, ll_buf_view(&out));
    ll_buf_free(&out);
    return text;
}

static int put_meta(struct ll_seg_build *build, const struct ll_feature_run *run, struct ll_err *err)
{
    char numbers[4][32];
    const char *const pairs[][2] = {
        {"as_of", numbers[0]},     {"day", run->as_of.day}, {"sha256", run->sha256},
        {"lineage", run->lineage}, {"basis", run->basis},   {"automatic", run->automatic ? "Y" : ""},
        {"made_at", numbers[1]},   {"firms", numbers[2]},   {"indicators", numbers[3]}};
    int rc = LL_OK;

    snprintf(numbers[0], sizeof numbers[0], "%" PRId64, run->as_of.ms);
    snprintf(numbers[1], sizeof numbers[1], "%" PRId64, run->made_at);
    snprintf(numbers[2], sizeof numbers[2], "%" PRIu64, run->firms);
    snprintf(numbers[3], sizeof numbers[3], "%" PRIu64, run->indicators);
    for (size_t i = 0; i < LL_COUNT(pairs) && rc == LL_OK; i++)
        rc = ll_seg_build_meta(build, pairs[i][0], pairs[i][1], err);
    return rc;
}

static int open_file(struct ll_data *d, const char *path, struct writing *w, struct ll_err *err)
{
    static const unsigned key[] = {0};
    static const struct ll_seg_column columns[] = {{"uscc", "TEXT"}, {"ll_sealed_values", "BLOB"}};
    const struct ll_seg_schema schema = {columns, LL_COUNT(columns), key, 1, NULL, 0};
    int rc = ll_vault_prepare(ll_data_vault(d), SEALED_AS, err);

    w->plain = w->sealed = LL_BUF_INIT(VALUE_MAX);
    if (rc == LL_OK)
        rc = ll_cell_open(ll_data_vault(d), LL_STR(SEALED_AS), LL_STR(SEALED_ITEM), &w->cell, err);
    return rc == LL_OK ? ll_seg_build_open(path, &schema, &w->build, err) : rc;
}

static int count_sealed(struct ll_data *d, uint64_t rows, struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    int rc = ll_txn_begin(ll_data_store(d), true, &tx, err);

    if (rc == LL_OK && (rc = ll_vault_used(tx, SEALED_AS, (int64_t)rows, err)) == LL_OK)
        rc = ll_txn_commit(tx, err);
    ll_txn_end(tx);
    return rc;
}

/* What a run rests on is told only when nothing moved while it was computed: its parts were read one after the other. */
static int compute(const struct ll_features_asked *a, struct ll_arena *arena, struct ll_feature_rows *rows,
                   struct writing *w, struct ll_feature_run *run, struct ll_err *err)
{
    struct ll_feature_basis *basis = ll_arena_alloc(arena, sizeof *basis);
    int64_t before = 0, after = 0;
    int rc = basis ? ll_feature_generation(a->data, &before, err) : ll_no_memory(err);

    if (rc == LL_OK &&
        (rc = ll_feature_basis_read(a->data, a->set, &a->as_of, a->marks != NULL, arena, basis, err)) ==
            LL_OK &&
        (rc = ll_features_each(a, arena, rows, add_firm, w, err)) == LL_OK)
        rc = ll_feature_generation(a->data, &after, err);
    run->basis = rc == LL_OK && before == after && !w->cut ? basis->sha256 : "";
    run->firms = w->firms;
    return rc;
}

static int write_file(const struct ll_features_asked *a, const char *path, struct ll_arena *arena,
                      struct ll_feature_run *run, struct ll_err *err)
{
    struct ll_feature_rows *rows = ll_arena_array(arena, LL_FEATURE_GROUPS_MAX, sizeof *rows);
    struct writing w = {.set = a->set};
    uint64_t written = 0;
    int rc = rows ? open_file(a->data, path, &w, err) : ll_no_memory(err);

    if (rc == LL_OK && (rc = compute(a, arena, rows, &w, run, err)) == LL_OK) {
        rc = (run->lineage = lineage_of(a->set, rows, arena)) ? put_meta(w.build, run, err)
                                                              : ll_no_memory(err);
    }
    if (rc == LL_OK)
        rc = ll_seg_build_seal(w.build, &written, err);
    else
        ll_seg_build_abort(w.build);
    ll_cell_close(w.cell);
    ll_buf_wipe(&w.plain);
    ll_buf_free(&w.sealed);
    return rc == LL_OK ? count_sealed(a->data, written, err) : rc;
}

int ll_feature_run_make(const struct ll_features_asked *a, bool automatic, struct ll_arena *arena,
                        struct ll_feature_run *ret, struct ll_err *err)
{
    struct ll_feature_run run = {
        .as_of = a->as_of, .automatic = automatic, .made_at = ll_now_ms(), .indicators = a->set->n};
    char folder[LL_PATH], aside[LL_PATH], path[LL_PATH];
    char *sha256 = ll_arena_alloc(arena, LL_SHA256_HEX);
    int rc = sha256 ? definition(a->set, sha256, err) : ll_no_memory(err);

    run.sha256 = sha256;
    ll_data_new_id(run.id);
    if (rc < 0 || (rc = ll_data_path(a->data, folder, err, "features")) < 0 ||
        (rc = ll_data_path(a->data, aside, err, "features/.%s", run.id)) < 0 ||
        (rc = ll_data_path(a->data, path, err, "features/%s.db", run.id)) < 0 ||
        (rc = ll_fs_mkdirs(folder, err)) < 0 || (rc = write_file(a, aside, arena, &run, err)) < 0 ||
        (rc = ll_fs_move(aside, path, err)) < 0 || (rc = ll_feature_generation_bump(a->data, err)) < 0)
        return rc;
    *ret = run;
    return LL_OK;
}

int ll_feature_run_remove(struct ll_data *d, const char *id, struct ll_err *err)
{
    char path[LL_PATH];
    int rc = ll_data_path(d, path, err, "features/%s.db", id);

    if (rc < 0 || unlink(path) == 0)
        return rc;
    return errno == ENOENT
               ? ll_fail(err, LL_NOTFOUND, "没有指标表 %s", "there is no table of indicators %s", id)
               : ll_fail_errno(err, LL_IO, "无法删除 %s", "cannot remove %s", path);
}

/* ---- runs ---- */

struct listing {
    struct ll_arena *arena;
    struct ll_feature_run *list;
    size_t n;
};

static int read_run(struct ll_seg *seg, struct ll_arena *arena, struct ll_feature_run *r, struct ll_err *err)
{
    r->as_of.ms = strtoll(ll_seg_meta(seg, "as_of"), NULL, 10);
    snprintf(r->as_of.day, sizeof r->as_of.day, "%s", ll_seg_meta(seg, "day"));
    r->made_at = strtoll(ll_seg_meta(seg, "made_at"), NULL, 10);
    r->firms = strtoull(ll_seg_meta(seg, "firms"), NULL, 10);
    r->indicators = strtoull(ll_seg_meta(seg, "indicators"), NULL, 10);
    r->sha256 = ll_arena_dup(arena, ll_str(ll_seg_meta(seg, "sha256")));
    r->lineage = ll_arena_dup(arena, ll_str(ll_seg_meta(seg, "lineage")));
    r->basis = ll_arena_dup(arena, ll_str(ll_seg_meta(seg, "basis")));
    r->automatic = ll_seg_meta(seg, "automatic")[0] != 0;
    return r->sha256 && r->lineage && r->basis ? LL_OK : ll_no_memory(err);
}

static int list_one(void *ctx, const char *id, struct ll_seg *seg, struct ll_err *err)
{
    struct listing *l = ctx;
    struct ll_feature_run *r = &l->list[l->n++];

    snprintf(r->id, sizeof r->id, "%s", id);
    return read_run(seg, l->arena, r, err);
}

static int newest_first(const void *a, const void *b)
{
    const struct ll_feature_run *x = a, *y = b;

    if (x->made_at != y->made_at)
        return x->made_at > y->made_at ? -1 : 1;
    return -strcmp(x->id, y->id);
}

int ll_feature_run_list(struct ll_data *d, struct ll_arena *arena, struct ll_feature_run **ret, size_t *ret_n,
                        struct ll_err *err)
{
    struct listing l = {arena, ll_arena_array(arena, LL_RUNS_MAX + 1, sizeof *l.list), 0};
    int rc = l.list ? ll_runs_each(d, "features", list_one, &l, err) : ll_no_memory(err);

    if (l.n)
        qsort(l.list, l.n, sizeof *l.list, newest_first);
    *ret = l.list;
    *ret_n = l.n;
    return rc;
}

int ll_feature_run_get(struct ll_data *d, const char *id, struct ll_arena *arena, struct ll_feature_run *ret,
                       struct ll_err *err)
{
    struct ll_feature_run *list = NULL;
    size_t n = 0;
    int rc = ll_feature_run_list(d, arena, &list, &n, err);

    for (size_t i = 0; rc == LL_OK && i < n; i++)
        if (!id || strcmp(list[i].id, id) == 0) {
            *ret = list[i];
            return LL_OK;
        }
    if (rc < 0)
        return rc;
    return id ? ll_fail(err, LL_NOTFOUND, "没有指标表 %s", "there is no table of indicators %s", id)
              : ll_fail(err, LL_NOTFOUND, "还没有算过指标：请数据中心先运行 luling indicator run",
                        "no indicators were computed yet: the data centre runs luling indicator run");
}

/* ---- reading ---- */

struct ll_feature_reader {
    size_t n; /* indicators */
    struct ll_seg *seg;
    struct ll_cell *cell;
    struct ll_buf plain;
    struct ll_feature_value values[LL_FEATURES_MAX];
};

void ll_feature_run_close(struct ll_feature_reader *r)
{
    if (!r)
        return;
    ll_seg_close(r->seg);
    ll_cell_close(r->cell);
    ll_buf_wipe(&r->plain);
    free(r);
}

int ll_feature_run_open(struct ll_data *d, const struct ll_feature_run *run, const struct ll_feature_set *set,
                        struct ll_feature_reader **ret, struct ll_err *err)
{
    struct ll_feature_reader *r;
    char path[LL_PATH], sha256[LL_SHA256_HEX];
    int rc = definition(set, sha256, err);

    if (rc == LL_OK && strcmp(sha256, run->sha256) != 0)
        rc = ll_fail(err, LL_CONFLICT, "指标在 %s 之后改过：请重新计算",
                     "the indicators were changed after %s: compute anew", run->id);
    if (rc < 0 || (rc = ll_data_path(d, path, err, "features/%s.db", run->id)) < 0)
        return rc;
    if (!(r = calloc(1, sizeof *r)))
        return ll_no_memory(err);
    r->n = set->n;
    r->plain = LL_BUF_INIT(VALUE_MAX);
    if ((rc = ll_seg_open(path, &r->seg, err)) < 0 ||
        (rc = ll_cell_open(ll_data_vault(d), LL_STR(SEALED_AS), LL_STR(SEALED_ITEM), &r->cell, err)) < 0) {
        ll_feature_run_close(r);
        return rc;
    }
    *ret = r;
    return LL_OK;
}

/* Of the row that the file stands on. */
static int open_values(struct ll_feature_reader *r, struct ll_err *err)
{
    int rc;

    ll_buf_clear(&r->plain);
    if ((rc = ll_cell_unseal(r->cell, ll_seg_get(r->seg, 1).s, &r->plain, err)) < 0)
        return rc;
    return ll_feature_bytes_get(ll_buf_view(&r->plain), r->values, r->n)
               ? LL_OK
               : ll_fail(err, LL_IO, "指标表中的一行损坏", "a row of the table of indicators is damaged");
}

int ll_feature_run_find(struct ll_feature_reader *r, struct ll_str firm,
                        const struct ll_feature_value **values, struct ll_err *err)
{
    bool deleted;
    int rc = ll_seg_find(r->seg, &firm, 1, &deleted, err);

    if (rc <= 0 || (rc = open_values(r, err)) < 0)
        return rc;
    *values = r->values;
    return 1;
}

int ll_feature_run_each(struct ll_feature_reader *r, ll_features_fn *fn, void *ctx, struct ll_err *err)
{
    bool deleted;
    int rc = ll_seg_scan(r->seg, NULL, (struct ll_str){NULL, 0}, NULL, err);

    while (rc >= 0 && (rc = ll_seg_next(r->seg, &deleted, err)) > 0)
        if ((rc = open_values(r, err)) < 0 || (rc = fn(ctx, ll_seg_get(r->seg, 0).s, r->values, err)) < 0)
            ll_seg_rewind(r->seg);
    return rc < 0 ? rc : LL_OK;
}

/* ---- again ---- */

struct verifying {
    struct ll_feature_reader *reader;
    struct ll_buf here, there;
    uint64_t firms, missing, different;
};

static int compare(void *ctx, struct ll_str firm, const struct ll_feature_value *values, struct ll_err *err)
{
    struct verifying *v = ctx;
    const struct ll_feature_value *kept = NULL;
    size_t n = v->reader->n;
    int rc = ll_feature_run_find(v->reader, firm, &kept, err);

    if (rc < 0)
        return rc;
    v->firms++;
    if (rc == 0) {
        v->missing++;
        return LL_OK;
    }
    ll_feature_bytes_put(&v->here, values, n);
    ll_feature_bytes_put(&v->there, kept, n);
    if (v->here.failed || v->there.failed)
        return ll_no_memory(err);
    v->different += !ll_str_eq(ll_buf_view(&v->here), ll_buf_view(&v->there));
    return LL_OK;
}

int ll_feature_run_verify(const struct ll_features_asked *a, const struct ll_feature_run *run,
                          struct ll_arena *arena, uint64_t *firms, uint64_t *different, struct ll_err *err)
{
    struct ll_features_asked again = *a;
    struct verifying v = {.here = LL_BUF_INIT(VALUE_MAX), .there = LL_BUF_INIT(VALUE_MAX)};
    int rc = ll_feature_run_open(a->data, run, a->set, &v.reader, err);

    if (rc < 0)
        return rc;
    again.as_of = run->as_of;
    again.firm = (struct ll_str){NULL, 0};
    rc = ll_features_each(&again, arena, NULL, compare, &v, err);
    uint64_t found = v.firms - v.missing;
    *firms = v.firms;
    *different = v.different + v.missing + (run->firms > found ? run->firms - found : 0);
    ll_feature_run_close(v.reader);
    ll_buf_wipe(&v.here);
    ll_buf_wipe(&v.there);
    return rc;
}
