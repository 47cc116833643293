/* rollup_file.c - the file of a roll-up: one row a household, what is known of it in one sealed value (rollup_value.c), and counts by village. */
#include "apps/rural/rollup_impl.h"
#include "apps/rural/villages.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { META_MAX = 64 << 20, FIXED = 3 };
enum counted { HOUSEHOLDS, MEMBERS, KNOWN };

struct ll_rollup_file {
    struct ll_rollup_work *w;
    struct ll_seg_build *build;
    pthread_mutex_t lock;         /* of the counts */
    struct ll_villages *villages; /* households, members, [items with a value, by category] */
    size_t category_of[LL_RURAL_ITEMS_MAX], n_categories;
};

static int find_categories(struct ll_rollup_file *f, struct ll_err *err)
{
    const struct ll_rural_list *l = f->w->list;

    for (size_t i = 0; i < l->n; i++) {
        size_t k = 0;
        while (k < i && strcmp(l->items[k].category, l->items[i].category) != 0)
            k++;
        f->category_of[i] = k < i ? f->category_of[k] : f->n_categories++;
    }
    return f->n_categories <= LL_ROLLUP_CATEGORIES_MAX
               ? LL_OK
               : ll_fail(err, LL_INVALID, "清单的类别超过 %d 个", "the list has more than %d categories",
                         LL_ROLLUP_CATEGORIES_MAX);
}

static int count_by_village(struct ll_rollup_file *f, struct ll_err *err)
{
    const struct ll_village_part parts[] = {{2, false}, {f->n_categories, true}};

    return ll_villages_new(parts, LL_COUNT(parts), f->w->arena, &f->villages, err);
}

int ll_rollup_file_open(struct ll_rollup_work *w, const char *path, struct ll_rollup_file **ret,
                        struct ll_err *err)
{
    static const unsigned key[] = {0}, indexed[] = {1};
    static const struct ll_seg_column columns[FIXED] = {
        {"ll_key", "BLOB"}, {"village_code", "TEXT"}, {"ll_sealed_household", "BLOB"}};
    const struct ll_seg_schema schema = {columns, FIXED, key, 1, indexed, 1};
    struct ll_rollup_file *f = calloc(1, sizeof *f);
    int rc = f ? LL_OK : ll_no_memory(err);

    if (rc < 0)
        return rc;
    f->w = w;
    pthread_mutex_init(&f->lock, NULL);
    if ((rc = find_categories(f, err)) == LL_OK && (rc = count_by_village(f, err)) == LL_OK &&
        (rc = ll_vault_prepare(ll_data_vault(w->data), LL_ROLLUP_AS, err)) == LL_OK)
        rc = ll_seg_build_open(path, &schema, &f->build, err);
    if (rc < 0) {
        pthread_mutex_destroy(&f->lock);
        free(f);
        return rc;
    }
    *ret = f;
    return LL_OK;
}

int ll_rollup_file_count(struct ll_rollup_file *f, const struct ll_household *h, struct ll_err *err)
{
    uint64_t *counts = NULL;
    int rc;

    pthread_mutex_lock(&f->lock);
    if ((rc = ll_villages_of(f->villages, h, &counts, err)) == LL_OK) {
        counts[HOUSEHOLDS]++;
        counts[MEMBERS] += h->n_members;
        for (size_t i = 0; i < h->n_items; i++)
            counts[KNOWN + f->category_of[i]] += ll_rural_has_value(h->items[i].state);
    }
    pthread_mutex_unlock(&f->lock);
    return rc;
}

int ll_rollup_file_add(struct ll_rollup_file *f, struct ll_str key, struct ll_str village,
                       struct ll_str sealed, struct ll_err *err)
{
    ll_seg_blob(f->build, 0, key.p, key.n);
    ll_seg_text(f->build, 1, village.p, village.n);
    ll_seg_blob(f->build, 2, sealed.p, sealed.n);
    return ll_seg_build_row(f->build, false, err);
}

/* When each source's resource was published last. */
static void put_sources(const struct ll_rollup_file *f, struct ll_buf *out)
{
    const struct ll_rollup_work *w = f->w;
    struct ll_json j;

    ll_json_init(&j, out);
    ll_json_arr(&j);
    for (size_t i = 0; i < w->list->n_sources; i++)
        ll_json_int(&j, w->group_of[i] < w->n_groups ? w->groups[w->group_of[i]].newest : 0);
    ll_json_end_arr(&j);
}

static int put_meta(struct ll_rollup_file *f, struct ll_rollup *run, struct ll_err *err)
{
    struct ll_buf villages = LL_BUF_INIT(META_MAX), sources = LL_BUF_INIT(META_MAX);
    struct ll_json j;
    char numbers[3][32];
    int rc = LL_OK;

    ll_json_init(&j, &villages);
    ll_villages_put(f->villages, &j);
    put_sources(f, &sources);
    snprintf(numbers[0], sizeof numbers[0], "%" PRId64, run->made_at);
    snprintf(numbers[1], sizeof numbers[1], "%" PRIu64, run->households);
    snprintf(numbers[2], sizeof numbers[2], "%" PRIu64, run->members);
    run->villages = ll_arena_dup(f->w->arena, ll_buf_view(&villages));
    if (villages.failed || sources.failed || !run->villages)
        rc = ll_no_memory(err);
    const char *const pairs[][2] = {{"list", run->list},         {"day", run->day},
                                    {"sha256", run->sha256},     {"made_at", numbers[0]},
                                    {"households", numbers[1]},  {"members", numbers[2]},
                                    {"villages", run->villages}, {"sources", sources.p}};
    for (size_t i = 0; i < LL_COUNT(pairs) && rc == LL_OK; i++)
        rc = ll_seg_build_meta(f->build, pairs[i][0], pairs[i][1], err);
    ll_buf_free(&villages);
    ll_buf_free(&sources);
    return rc;
}

static int count_sealed(struct ll_rollup_file *f, uint64_t rows, struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    int rc = ll_txn_begin(ll_data_store(f->w->data), true, &tx, err);

    if (rc == LL_OK && (rc = ll_vault_used(tx, LL_ROLLUP_AS, (int64_t)rows, err)) == LL_OK)
        rc = ll_txn_commit(tx, err);
    ll_txn_end(tx);
    return rc;
}

int ll_rollup_file_end(struct ll_rollup_file *f, struct ll_rollup *run, int rc, struct ll_err *err)
{
    uint64_t rows = 0;

    if (rc == LL_OK)
        rc = put_meta(f, run, err);
    if (rc == LL_OK && (rc = ll_seg_build_seal(f->build, &rows, err)) == LL_OK)
        rc = count_sealed(f, rows, err);
    else
        ll_seg_build_abort(f->build);
    pthread_mutex_destroy(&f->lock);
    free(f);
    return rc;
}

/* What a value means depends on the list: its items in their order, and their sources. */
int ll_rollup_definition(const struct ll_rural_list *l, char sha256[LL_SHA256_HEX], struct ll_err *err)
{
    struct ll_buf text = LL_BUF_INIT(META_MAX);
    int rc;

    for (size_t i = 0; i < l->n_sources; i++) {
        const struct ll_rural_source *s = &l->sources[i];
        ll_buf_printf(&text, "%s %s %s %s %d %d %u %u %u\n", l->items[s->item].code, l->items[s->item].name,
                      s->resource_name, s->from ? s->from->name : "-", (int)s->whose, (int)s->combine,
                      s->within, s->precedence, s->fresh);
    }
    rc = text.failed ? ll_no_memory(err) : ll_hash_str(ll_buf_view(&text), sha256, err);
    ll_buf_free(&text);
    return rc;
}
