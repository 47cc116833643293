/* rollup_read.c - reads a roll-up: one household, those of a village, and which runs there are (rollup.h). */
#include "apps/rural/rollup_impl.h"

#include "apps/rural/register.h"
#include "crypto/random.h"
#include "intake/runs.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct ll_rollup_reader {
    const struct ll_rural_list *list;
    struct ll_seg *seg;
    struct ll_cell *cell, *key;
    struct ll_buf plain;
    int64_t *newest; /* of each source */
    char day[LL_DAY_TEXT_MAX];
};

void ll_rollup_close(struct ll_rollup_reader *r)
{
    if (!r)
        return;
    ll_seg_close(r->seg);
    ll_cell_close(r->cell);
    ll_cell_close(r->key);
    ll_buf_wipe(&r->plain);
    free(r->newest);
    free(r);
}

static int read_sources(struct ll_rollup_reader *r, struct ll_err *err)
{
    json_t *list = json_loads(ll_seg_meta(r->seg, "sources"), 0, NULL);

    r->newest = calloc(r->list->n_sources + 1, sizeof *r->newest);
    for (size_t i = 0; r->newest && i < r->list->n_sources; i++)
        r->newest[i] = json_integer_value(json_array_get(list, i));
    json_decref(list);
    return r->newest ? LL_OK : ll_no_memory(err);
}

static int same_list(const struct ll_rollup *run, const struct ll_rural_list *list, struct ll_err *err)
{
    char sha256[LL_SHA256_HEX];
    int rc = ll_rollup_definition(list, sha256, err);

    if (rc < 0)
        return rc;
    return strcmp(sha256, run->sha256) == 0 && strcmp(list->name, run->list) == 0
               ? LL_OK
               : ll_fail(err, LL_CONFLICT, "信息清单在汇总 %s 之后改过：请重新汇总",
                         "the list was changed after roll-up %s: roll up again", run->id);
}

int ll_rollup_open(struct ll_data *d, const struct ll_rollup *run, const struct ll_rural_list *list,
                   struct ll_rollup_reader **ret, struct ll_err *err)
{
    struct ll_rollup_reader *r;
    char path[LL_PATH];
    int rc = same_list(run, list, err);

    if (rc < 0 || (rc = ll_data_path(d, path, err, "rural/%s.db", run->id)) < 0)
        return rc;
    if (!(r = calloc(1, sizeof *r)))
        return ll_no_memory(err);
    r->list = list;
    r->plain = LL_BUF_INIT(LL_ROLLUP_VALUE);
    snprintf(r->day, sizeof r->day, "%s", run->day);
    if ((rc = ll_seg_open(path, &r->seg, err)) < 0 || (rc = read_sources(r, err)) < 0 ||
        (rc = ll_cell_open(ll_data_vault(d), LL_STR(LL_ROLLUP_AS), LL_STR(LL_ROLLUP_ITEM), &r->cell, err)) <
            0 ||
        (rc = ll_cell_open(ll_data_vault(d), LL_STR(LL_RURAL_REGISTER), LL_STR(""), &r->key, err)) < 0) {
        ll_rollup_close(r);
        return rc;
    }
    *ret = r;
    return LL_OK;
}

/* The row that the file stands on. */
static int get_household(struct ll_rollup_reader *r, struct ll_arena *arena, struct ll_household **ret,
                         struct ll_err *err)
{
    struct ll_household *h = ll_arena_alloc(arena, sizeof *h);
    struct ll_seg_value village = ll_seg_get(r->seg, 1), value = ll_seg_get(r->seg, 2);
    int rc;

    ll_buf_clear(&r->plain);
    if (!h)
        return ll_no_memory(err);
    if ((rc = ll_cell_unseal(r->cell, value.s, &r->plain, err)) < 0)
        return rc;
    const char *copy = ll_arena_dup(arena, ll_buf_view(&r->plain));
    h->village_code = (struct ll_str){ll_arena_dup(arena, village.s), village.s.n};
    h->day = ll_arena_dup(arena, ll_str(r->day));
    if (!copy || !h->village_code.p || !h->day)
        return ll_no_memory(err);
    *ret = h;
    return ll_rollup_get_household((struct ll_str){copy, r->plain.n}, r->list, r->newest, h, arena, err);
}

int ll_rollup_household(struct ll_rollup_reader *r, struct ll_str no, struct ll_arena *arena,
                        struct ll_household **ret, struct ll_err *err)
{
    unsigned char index[LL_BLIND];
    struct ll_str key = {(const char *)index, sizeof index};
    bool deleted;
    int rc = ll_cell_blind(r->key, &no, 1, index, err);

    if (rc < 0 || (rc = ll_seg_find(r->seg, &key, 1, &deleted, err)) <= 0)
        return rc;
    rc = get_household(r, arena, ret, err);
    return rc < 0 ? rc : 1;
}

int ll_rollup_each(struct ll_rollup_reader *r, struct ll_str village, ll_rollup_fn *fn, void *ctx,
                   struct ll_err *err)
{
    struct ll_arena *arena = ll_arena_new(0);
    bool deleted;
    int rc = !arena      ? ll_no_memory(err)
             : village.n ? ll_seg_scan_prefix(r->seg, "village_code", village, err)
                         : ll_seg_scan(r->seg, NULL, village, NULL, err);

    while (rc >= 0 && (rc = ll_seg_next(r->seg, &deleted, err)) > 0) {
        struct ll_household *h = NULL;
        if ((rc = get_household(r, arena, &h, err)) == LL_OK)
            rc = fn(ctx, h, err);
        ll_arena_reset(arena);
        if (rc < 0)
            ll_seg_rewind(r->seg);
    }
    ll_arena_free(arena);
    return rc < 0 ? rc : LL_OK;
}

/* ---- runs ---- */

struct listing {
    struct ll_arena *arena;
    struct ll_rollup *list;
    size_t n;
};

static int read_run(struct ll_seg *seg, const char *id, struct ll_arena *arena, struct ll_rollup *r,
                    struct ll_err *err)
{
    const char **texts[] = {&r->list, &r->day, &r->sha256, &r->villages};
    static const char *const names[] = {"list", "day", "sha256", "villages"};

    *r = (struct ll_rollup){.made_at = strtoll(ll_seg_meta(seg, "made_at"), NULL, 10),
                            .households = strtoull(ll_seg_meta(seg, "households"), NULL, 10),
                            .members = strtoull(ll_seg_meta(seg, "members"), NULL, 10)};
    snprintf(r->id, sizeof r->id, "%s", id);
    for (size_t i = 0; i < LL_COUNT(names); i++)
        if (!(*texts[i] = ll_arena_dup(arena, ll_str(ll_seg_meta(seg, names[i])))))
            return ll_no_memory(err);
    return LL_OK;
}

static int list_one(void *ctx, const char *id, struct ll_seg *seg, struct ll_err *err)
{
    struct listing *l = ctx;

    return read_run(seg, id, l->arena, &l->list[l->n++], err);
}

static int newest_first(const void *a, const void *b)
{
    const struct ll_rollup *x = a, *y = b;

    if (x->made_at != y->made_at)
        return x->made_at > y->made_at ? -1 : 1;
    return -strcmp(x->id, y->id);
}

int ll_rollup_list(struct ll_data *d, struct ll_arena *arena, struct ll_rollup **ret, size_t *ret_n,
                   struct ll_err *err)
{
    struct listing l = {arena, ll_arena_array(arena, LL_RUNS_MAX, sizeof *l.list), 0};
    int rc = l.list ? ll_runs_each(d, "rural", list_one, &l, err) : ll_no_memory(err);

    if (l.n)
        qsort(l.list, l.n, sizeof *l.list, newest_first);
    *ret = l.list;
    *ret_n = l.n;
    return rc;
}
