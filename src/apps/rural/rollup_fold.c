/* rollup_fold.c - the records of a part, household by household: combined and settled by the rules of a single household, sealed, and written by rising key.
 *
 * Threads take part after part; each waits with what it made until the parts before it are written. */
#include "apps/rural/rollup_impl.h"

#include "crypto/random.h"

#include <limits.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { HOUSEHOLD_BYTES = 8 << 20, SINCE_TEXT = 16 };
#define PART_BYTES ((size_t)2 << 30)

struct record {
    uint32_t home;
    size_t at; /* where it goes on */
    uint32_t group;
};

struct folding {
    struct ll_rollup_work *w;
    struct ll_rollup_file *file;
    char (*since)[SINCE_TEXT]; /* of each source: the day from which records count */
    size_t n;                  /* parts */
    atomic_size_t next;
    pthread_mutex_t lock;
    pthread_cond_t turned;
    size_t turn; /* the part that is written next */
    bool stopped;
};

/* A thread. */
struct folder {
    struct folding *k;
    struct ll_cell *cell;
    struct ll_arena *arena; /* of the household */
    struct ll_rural_sum *sums;
    struct ll_household_item *items;
    struct ll_buf records, plain, sealed;
    struct record *list; /* of the part, by household */
    size_t n, room;
    size_t first[LL_ROLLUP_PART + 1]; /* of each household in list */
    size_t ends[LL_ROLLUP_PART];      /* of each household in sealed */
};

/* ---- a part's records ---- */

/* Past a record, from behind its household. */
static void skip(struct ll_packed *b, const struct ll_rollup_group *g)
{
    b->p += b->end - b->p < 2 ? b->end - b->p : 2;
    for (size_t i = 0; i < g->n_columns; i++)
        ll_packed_text(b);
}

static bool next_record(const struct folder *f, struct ll_packed *b, struct record *ret)
{
    const struct ll_rollup_work *w = f->k->w;

    if (b->p == b->end)
        return false;
    ret->group = (uint32_t)ll_packed_number(b);
    ret->home = (uint32_t)ll_packed_number(b);
    ret->at = (size_t)((const char *)b->p - f->records.p);
    LL_ASSERT(!b->bad && ret->group < w->n_groups && ret->home < LL_ROLLUP_PART);
    skip(b, &w->groups[ret->group]);
    return true;
}

static struct ll_packed bytes_of(const struct folder *f, size_t at)
{
    return (struct ll_packed){(const unsigned char *)f->records.p + at,
                              (const unsigned char *)f->records.p + f->records.n, false};
}

/* By household: counted, then put where they belong. */
static int sort_records(struct folder *f, struct ll_err *err)
{
    struct ll_packed b = bytes_of(f, 0);
    struct record r;

    memset(f->first, 0, sizeof f->first);
    for (f->n = 0; next_record(f, &b, &r); f->n++)
        f->first[r.home + 1]++;
    for (size_t i = 0; i < LL_ROLLUP_PART; i++)
        f->first[i + 1] += f->first[i];
    if (f->n > f->room) {
        free(f->list);
        f->room = f->n + f->n / 8;
        if (!(f->list = malloc(f->room * sizeof *f->list)))
            return ll_no_memory(err);
    }
    b = bytes_of(f, 0);
    while (next_record(f, &b, &r))
        f->list[f->first[r.home]++] = r;
    for (size_t i = LL_ROLLUP_PART; i > 0; i--)
        f->first[i] = f->first[i - 1];
    f->first[0] = 0;
    return LL_OK;
}

/* ---- a household ---- */

static int add_read(struct folder *f, const struct ll_rollup_read *read, const struct ll_str *cells,
                    struct ll_str order, bool head, struct ll_err *err)
{
    const struct folding *k = f->k;
    const struct ll_rural_source *s = &k->w->list->sources[read->source];
    struct ll_rural_seen seen = {.value = cells[read->from], .order = order};
    struct ll_str only = read->only < 0 ? (struct ll_str){NULL, 0} : cells[read->only];

    if (!seen.value.n || (s->whose == LL_RURAL_HEAD && !head))
        return LL_OK;
    if (read->date >= 0)
        seen.day = cells[read->date];
    if (!ll_rural_counts(s, only, seen.day, ll_str(k->w->day), ll_str(k->since[read->source])))
        return LL_OK;
    return ll_rural_sum_add(&f->sums[read->source], s, &seen, f->arena, err);
}

static int add_record(struct folder *f, const struct record *r, struct ll_err *err)
{
    const struct ll_rollup_group *g = &f->k->w->groups[r->group];
    struct ll_packed b = bytes_of(f, r->at);
    struct ll_str cells[LL_ROLLUP_COLUMNS_MAX] = {{NULL, 0}}, order = {(const char *)b.p, 1};
    bool head = b.p[1] & LL_ROLLUP_HEAD;
    int rc = LL_OK;

    b.p += 2;
    for (size_t i = 0; i < g->n_columns; i++)
        cells[i] = ll_packed_text(&b);
    for (size_t i = 0; i < g->n_reads && rc == LL_OK; i++)
        rc = add_read(f, &g->reads[i], cells, order, head, err);
    return rc;
}

/* A value whose records tell no day carries the time at which the resource was published last. */
static int settle(struct folder *f, struct ll_household *h, struct ll_err *err)
{
    const struct ll_rollup_work *w = f->k->w;
    const struct ll_rural_list *l = w->list;
    struct ll_rural_given given[LL_RURAL_ITEM_SOURCES_MAX];
    int rc = LL_OK;

    for (size_t i = 0; i < l->n && rc == LL_OK; i++) {
        const struct ll_rural_item *x = &l->items[i];
        for (size_t k = 0; k < x->n_sources && rc == LL_OK; k++) {
            size_t source = (size_t)(x->sources - l->sources) + k;
            struct ll_rural_sum *sum = &f->sums[source];
            size_t g = w->group_of[source];
            rc = ll_rural_sum_end(sum, &x->sources[k], f->arena, err);
            given[k] = sum->given;
            given[k].shown = x->sources[k].resource != NULL;
            given[k].newest = given[k].published_at = g < w->n_groups ? w->groups[g].newest : 0;
        }
        if (rc == LL_OK)
            rc = ll_rural_settle(x, given, w->today, f->arena, &h->items[i], err);
    }
    return rc;
}

static int make_household(struct folder *f, const struct ll_rollup_home *home, const struct record *records,
                          size_t n, struct ll_err *err)
{
    const struct ll_rural_list *l = f->k->w->list;
    struct ll_household h = {.no = ll_rollup_home_text(home, LL_ROLLUP_NO),
                             .head_name = ll_rollup_home_text(home, LL_ROLLUP_HEAD_NAME),
                             .village_code = ll_rollup_home_text(home, LL_ROLLUP_VILLAGE),
                             .village_name = ll_rollup_home_text(home, LL_ROLLUP_VILLAGE_NAME),
                             .n_members = home->members,
                             .n_items = l->n,
                             .list = l,
                             .items = f->items};
    int rc = LL_OK;

    memset(f->sums, 0, l->n_sources * sizeof *f->sums);
    for (size_t i = 0; i < n && rc == LL_OK; i++)
        rc = add_record(f, &records[i], err);
    if (rc < 0 || (rc = settle(f, &h, err)) < 0 || (rc = ll_rollup_file_count(f->k->file, &h, err)) < 0)
        return rc;
    ll_buf_clear(&f->plain);
    ll_rollup_put_household(&f->plain, &h);
    ll_arena_reset(f->arena);
    return f->plain.failed ? ll_no_memory(err)
                           : ll_cell_seal(f->cell, ll_buf_view(&f->plain), &f->sealed, err);
}

/* ---- parts ---- */

static size_t homes_of(const struct folding *k, size_t part)
{
    size_t all = ll_rollup_homes(k->w->people), before = part * LL_ROLLUP_PART;

    return before >= all ? 0 : all - before < LL_ROLLUP_PART ? all - before : LL_ROLLUP_PART;
}

static int make_part(struct folder *f, size_t part, struct ll_err *err)
{
    const struct ll_rollup_work *w = f->k->w;
    size_t n = homes_of(f->k, part);
    int rc;

    ll_buf_clear(&f->records);
    ll_buf_clear(&f->sealed);
    if ((rc = ll_rollup_parts_read(w->parts, part, &f->records, err)) < 0 || (rc = sort_records(f, err)) < 0)
        return rc;
    for (size_t i = 0; i < n && rc == LL_OK; i++) {
        rc = make_household(f, ll_rollup_home(w->people, part * LL_ROLLUP_PART + i), f->list + f->first[i],
                            f->first[i + 1] - f->first[i], err);
        f->ends[i] = f->sealed.n;
    }
    return rc;
}

static int write_part(struct folder *f, size_t part, struct ll_err *err)
{
    size_t n = homes_of(f->k, part), from = 0;
    int rc = LL_OK;

    for (size_t i = 0; i < n && rc == LL_OK; from = f->ends[i++]) {
        const struct ll_rollup_home *h = ll_rollup_home(f->k->w->people, part * LL_ROLLUP_PART + i);
        rc = ll_rollup_file_add(f->k->file, (struct ll_str){(const char *)h->key, sizeof h->key},
                                ll_rollup_home_text(h, LL_ROLLUP_VILLAGE),
                                (struct ll_str){f->sealed.p + from, f->ends[i] - from}, err);
    }
    return rc;
}

/* False: another thread failed, and nothing more is written. */
static bool await_turn(struct folding *k, size_t part)
{
    pthread_mutex_lock(&k->lock);
    while (k->turn != part && !k->stopped)
        pthread_cond_wait(&k->turned, &k->lock);
    bool go = !k->stopped;
    pthread_mutex_unlock(&k->lock);
    return go;
}

static void pass_turn(struct folding *k, int rc)
{
    pthread_mutex_lock(&k->lock);
    k->turn++;
    k->stopped = k->stopped || rc < 0;
    pthread_cond_broadcast(&k->turned);
    pthread_mutex_unlock(&k->lock);
}

static void stop(struct folding *k)
{
    pthread_mutex_lock(&k->lock);
    k->stopped = true;
    pthread_cond_broadcast(&k->turned);
    pthread_mutex_unlock(&k->lock);
}

static void folder_close(struct folder *f)
{
    ll_cell_close(f->cell);
    ll_arena_free(f->arena);
    free(f->sums);
    free(f->items);
    free(f->list);
    ll_buf_wipe(&f->records);
    ll_buf_wipe(&f->plain);
    ll_buf_free(&f->sealed);
    free(f);
}

static int folder_open(struct folding *k, struct folder **ret, struct ll_err *err)
{
    struct folder *f = calloc(1, sizeof *f);
    int rc;

    if (!f)
        return ll_no_memory(err);
    f->k = k;
    f->records = f->sealed = LL_BUF_INIT(PART_BYTES);
    f->plain = LL_BUF_INIT(LL_ROLLUP_VALUE);
    f->arena = ll_arena_new(HOUSEHOLD_BYTES);
    f->sums = calloc(k->w->list->n_sources + 1, sizeof *f->sums);
    f->items = calloc(k->w->list->n + 1, sizeof *f->items);
    rc = f->arena && f->sums && f->items ? LL_OK : ll_no_memory(err);
    if (rc == LL_OK)
        rc = ll_cell_open(ll_data_vault(k->w->data), LL_STR(LL_ROLLUP_AS), LL_STR(LL_ROLLUP_ITEM), &f->cell,
                          err);
    if (rc < 0) {
        folder_close(f);
        return rc;
    }
    *ret = f;
    return LL_OK;
}

static int fold_some(void *ctx, unsigned which, struct ll_err *err)
{
    struct folding *k = ctx;
    struct folder *f = NULL;
    int rc = folder_open(k, &f, err);

    (void)which;
    for (size_t part; rc == LL_OK && (part = atomic_fetch_add(&k->next, 1)) < k->n;) {
        if ((rc = make_part(f, part, err)) < 0)
            break;
        if (!await_turn(k, part))
            break;
        rc = write_part(f, part, err);
        pass_turn(k, rc);
    }
    if (rc < 0)
        stop(k);
    if (f)
        folder_close(f);
    return rc;
}

int ll_rollup_fold(struct ll_rollup_work *w, struct ll_rollup_file *file, struct ll_err *err)
{
    struct folding k = {.w = w, .file = file};
    int rc;

    k.n = (ll_rollup_homes(w->people) + LL_ROLLUP_PART - 1) / LL_ROLLUP_PART;
    if (!(k.since = ll_arena_array(w->arena, w->list->n_sources + 1, sizeof *k.since)))
        return ll_no_memory(err);
    for (size_t i = 0; i < w->list->n_sources; i++)
        ll_rural_since(&w->list->sources[i], w->today, k.since[i], sizeof k.since[i]);
    pthread_mutex_init(&k.lock, NULL);
    pthread_cond_init(&k.turned, NULL);
    rc = ll_parallel(w->threads, fold_some, &k, err);
    pthread_cond_destroy(&k.turned);
    pthread_mutex_destroy(&k.lock);
    return rc;
}
