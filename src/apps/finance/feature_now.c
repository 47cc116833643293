/* feature_now.c - see feature_now.h.
 *
 * What holds is a state: the basis of now, and the table that rests on it, if any.  It is asked in three steps, each dearer than the one before: has the store
 * committed anything (ll_store_stamp), did anything move that values rest on (ll_feature_generation), is the basis another one. */
#include "apps/finance/feature_now.h"

#include "apps/finance/feature_basis.h"
#include "apps/finance/feature_bytes.h"
#include "apps/finance/feature_file.h"
#include "apps/finance/feature_kept.h"
#include "crypto/random.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { IDLE_MAX = 4, TRIES = 3, BYTES_MAX = 1 << 20, SCRATCH = 64 << 20 };

struct state {
    unsigned refs;
    char definition[LL_SHA256_HEX], day[LL_DAY_CHARS];
    struct ll_feature_basis basis;
    int64_t from, generation; /* from: when the basis was read */
    struct ll_store_stamp stamp;
    struct ll_arena *arena;
    bool has_table;
    struct ll_feature_run run;
    struct ll_feature_reader *idle[IDLE_MAX];
    size_t n_idle;
};

struct ll_feature_now {
    struct ll_data *data;
    struct ll_marks *marks;
    struct ll_feature_kept *kept;
    pthread_mutex_t lock; /* of state and what changes in it; held for moments only */
    pthread_mutex_t reading;
    struct state *state;
};

const char *ll_feature_from_word(const struct ll_feature_told *t)
{
    return t->computed ? "lake" : "table";
}

int ll_feature_now_open(struct ll_data *d, struct ll_marks *marks, struct ll_feature_now **ret,
                        struct ll_err *err)
{
    struct ll_feature_now *now = calloc(1, sizeof *now);
    int rc = now ? ll_feature_kept_new(&now->kept, err) : ll_no_memory(err);

    if (rc < 0) {
        free(now);
        return rc;
    }
    now->data = d;
    now->marks = marks;
    pthread_mutex_init(&now->lock, NULL);
    pthread_mutex_init(&now->reading, NULL);
    *ret = now;
    return LL_OK;
}

/* ---- the state ---- */

static void state_free(struct state *s)
{
    for (size_t i = 0; i < s->n_idle; i++)
        ll_feature_run_close(s->idle[i]);
    ll_arena_free(s->arena);
    free(s);
}

static void let_go(struct ll_feature_now *now, struct state *s)
{
    if (!s)
        return;
    pthread_mutex_lock(&now->lock);
    const bool last = --s->refs == 0;
    pthread_mutex_unlock(&now->lock);
    if (last)
        state_free(s);
}

struct ll_feature_now *ll_feature_now_close(struct ll_feature_now *now)
{
    if (!now)
        return NULL;
    let_go(now, now->state);
    ll_feature_kept_free(now->kept);
    pthread_mutex_destroy(&now->lock);
    pthread_mutex_destroy(&now->reading);
    free(now);
    return NULL;
}

static bool holds_at(const struct state *s, const struct ll_as_of *at)
{
    return strcmp(s->day, at->day) == 0 && s->from <= at->ms && at->ms < s->basis.until;
}

/* One reference where nothing was committed since it was seen to hold. */
static struct state *current(struct ll_feature_now *now, const struct ll_feature_set *set,
                             const struct ll_as_of *at)
{
    struct ll_store_stamp stamp;
    struct state *s;

    ll_store_stamp(ll_data_store(now->data), &stamp);
    pthread_mutex_lock(&now->lock);
    s = now->state;
    if (s && memcmp(&stamp, &s->stamp, sizeof stamp) == 0 && holds_at(s, at) &&
        strcmp(s->definition, set->definition) == 0)
        s->refs++;
    else
        s = NULL;
    pthread_mutex_unlock(&now->lock);
    return s;
}

/* The newest table that rests on it.  A folder of tables that cannot be read is no table: there is the lake. */
static int find_table(struct ll_feature_now *now, const struct ll_feature_set *set, struct state *s,
                      struct ll_err *err)
{
    struct ll_feature_run *list = NULL;
    size_t n = 0, i = 0;
    int rc = ll_feature_run_list(now->data, s->arena, &list, &n, err);

    while (rc == LL_OK && i < n && strcmp(list[i].basis, s->basis.sha256) != 0)
        i++;
    if (rc == LL_OK && i < n &&
        (rc = ll_feature_run_open(now->data, &list[i], set, &s->idle[0], err)) == LL_OK) {
        s->run = list[i];
        s->has_table = true;
        s->n_idle = 1;
    }
    return rc == LL_NOMEM ? rc : LL_OK;
}

/* *ret: one reference, of what held at one moment with this generation. */
static int state_read(struct ll_feature_now *now, const struct ll_feature_set *set, int64_t generation,
                      const struct ll_as_of *at, struct state **ret, struct ll_err *err)
{
    struct state *s = calloc(1, sizeof *s);
    int64_t after = generation;
    int rc = s && (s->arena = ll_arena_new(SCRATCH)) ? LL_OK : ll_no_memory(err);

    if (rc < 0) {
        free(s);
        return rc;
    }
    s->refs = 1;
    s->from = at->ms;
    s->generation = generation;
    snprintf(s->day, sizeof s->day, "%s", at->day);
    snprintf(s->definition, sizeof s->definition, "%s", set->definition);
    if ((rc = ll_feature_basis_read(now->data, set, at, now->marks != NULL, s->arena, &s->basis, err)) ==
            LL_OK &&
        (rc = ll_feature_generation(now->data, &after, err)) == LL_OK && after != generation)
        rc = ll_fail(err, LL_CONFLICT, "数据正在变化", "the data is changing");
    if (rc == LL_OK)
        rc = find_table(now, set, s, err);
    if (rc < 0)
        state_free(s);
    else
        *ret = s;
    return rc;
}

/* s holds still, or takes the place of what held. */
static void install(struct ll_feature_now *now, struct state *s, int64_t generation,
                    const struct ll_store_stamp *stamp)
{
    struct state *old = NULL;

    pthread_mutex_lock(&now->lock);
    if (now->state != s) {
        old = now->state;
        now->state = s;
    }
    s->stamp = *stamp;
    s->generation = generation;
    s->refs++;
    pthread_mutex_unlock(&now->lock);
    if (old && strcmp(old->basis.sha256, s->basis.sha256) != 0)
        ll_feature_kept_clear(now->kept);
    let_go(now, old);
}

/* Under `reading`, so that one thread alone replaces the state.  The stamp is older than what is read: what is committed between is asked for again. */
static int refresh(struct ll_feature_now *now, const struct ll_feature_set *set, const struct ll_as_of *at,
                   struct state **ret, struct ll_err *err)
{
    struct state *s = now->state;
    struct ll_store_stamp stamp;
    int64_t generation = 0;
    int rc = LL_CONFLICT;

    for (int i = 0; i < TRIES && rc == LL_CONFLICT; i++) {
        ll_store_stamp(ll_data_store(now->data), &stamp);
        if ((rc = ll_feature_generation(now->data, &generation, err)) < 0)
            return rc;
        if (s && s->generation == generation && holds_at(s, at) &&
            strcmp(s->definition, set->definition) == 0)
            rc = LL_OK;
        else
            rc = state_read(now, set, generation, at, &s, err);
    }
    if (rc < 0)
        return rc;
    install(now, s, generation, &stamp);
    *ret = s;
    return LL_OK;
}

/* The state as of this moment, which *at tells, with one reference; *ret_generation: its own.  LL_CONFLICT: everything is moving. */
static int state_get(struct ll_feature_now *now, const struct ll_feature_set *set, struct ll_as_of *at,
                     struct state **ret, int64_t *ret_generation, struct ll_err *err)
{
    struct state *s = NULL;
    int rc = ll_as_of_read(NULL, at, err);

    if (rc == LL_OK && !(s = current(now, set, at))) {
        pthread_mutex_lock(&now->reading);
        if ((rc = ll_as_of_read(NULL, at, err)) == LL_OK && !(s = current(now, set, at)))
            rc = refresh(now, set, at, &s, err);
        pthread_mutex_unlock(&now->reading);
    }
    if (rc < 0)
        return rc;
    LL_ASSERT(s);
    pthread_mutex_lock(&now->lock);
    *ret_generation = s->generation;
    pthread_mutex_unlock(&now->lock);
    *ret = s;
    return LL_OK;
}

int ll_feature_now_stands(struct ll_feature_now *now, const struct ll_feature_set *set, bool *ret,
                          size_t *ret_known, struct ll_err *err)
{
    struct ll_as_of at;
    struct state *s;
    int64_t generation;
    int rc = state_get(now, set, &at, &s, &generation, err);

    if (rc < 0)
        return rc;
    *ret = s->has_table;
    *ret_known = s->basis.known;
    let_go(now, s);
    return LL_OK;
}

/* ---- from the table ---- */

static int reader_take(struct ll_feature_now *now, const struct ll_feature_set *set, struct state *s,
                       struct ll_feature_reader **ret, struct ll_err *err)
{
    *ret = NULL;
    pthread_mutex_lock(&now->lock);
    if (s->n_idle)
        *ret = s->idle[--s->n_idle];
    pthread_mutex_unlock(&now->lock);
    return *ret ? LL_OK : ll_feature_run_open(now->data, &s->run, set, ret, err);
}

static void reader_give(struct ll_feature_now *now, struct state *s, struct ll_feature_reader *r)
{
    pthread_mutex_lock(&now->lock);
    const bool kept = s->n_idle < IDLE_MAX;
    if (kept)
        s->idle[s->n_idle++] = r;
    pthread_mutex_unlock(&now->lock);
    if (!kept)
        ll_feature_run_close(r);
}

/* One question: what it asks, and to whom it tells. */
struct asking {
    struct ll_feature_now *now;
    const struct ll_feature_set *set;
    struct ll_str firm;
    struct ll_arena *arena;
    ll_features_fn *fn;
    void *ctx;
    struct ll_feature_told *told;
    struct ll_buf bytes;
    bool cut; /* what was computed cannot be kept */
};

static int tell(struct asking *a, const struct ll_feature_value *values, struct ll_err *err)
{
    a->told->found = true;
    return a->fn(a->ctx, a->firm, values, err);
}

/* 1: told, or there is no such firm; 0: the table is gone. */
static int from_table(struct asking *a, struct state *s, struct ll_err *err)
{
    const struct ll_feature_value *values = NULL;
    struct ll_feature_reader *r = NULL;
    int rc = reader_take(a->now, a->set, s, &r, err);

    if (rc < 0)
        return rc == LL_NOTFOUND ? 0 : rc;
    if ((rc = ll_feature_run_find(r, a->firm, &values, err)) > 0)
        rc = tell(a, values, err);
    reader_give(a->now, s, r);
    return rc < 0 ? rc : 1;
}

/* ---- from the lake ---- */

static int take(void *ctx, struct ll_str firm, const struct ll_feature_value *values, struct ll_err *err)
{
    struct asking *a = ctx;

    (void)firm;
    a->cut = !ll_feature_bytes_put(&a->bytes, values, a->set->n);
    return tell(a, values, err);
}

/* The engine takes its thread for long: as many at once as views may run. */
static int compute(struct asking *a, struct ll_err *err)
{
    struct ll_features_asked asked = {
        .data = a->now->data, .marks = a->now->marks, .set = a->set, .firm = a->firm};
    int rc = ll_data_view_begin(a->now->data, err);

    if (rc < 0)
        return rc;
    a->told->computed = true;
    if ((rc = ll_as_of_read(NULL, &asked.as_of, err)) == LL_OK) {
        a->told->as_of = asked.as_of;
        rc = ll_features_each(&asked, a->arena, NULL, take, a, err);
    }
    ll_data_view_end(a->now->data);
    return rc;
}

/* Kept only where nothing moved while it was computed. */
static void keep(struct asking *a, const struct state *before, int64_t generation)
{
    struct state *after = NULL;
    struct ll_as_of at;
    struct ll_err ignored;
    int64_t then = 0;

    if (a->cut || a->bytes.failed || state_get(a->now, a->set, &at, &after, &then, &ignored) < 0)
        return;
    if (then == generation && strcmp(before->basis.sha256, after->basis.sha256) == 0 &&
        holds_at(before, &a->told->as_of))
        ll_feature_kept_put(a->now->kept, before->basis.sha256, a->firm, ll_buf_view(&a->bytes));
    let_go(a->now, after);
}

/* 1: told, or there is no such firm; 0: it is not kept. */
static int from_memory(struct asking *a, const struct state *s, struct ll_err *err)
{
    struct ll_feature_value *values;

    if (!ll_feature_kept_get(a->now->kept, s->basis.sha256, a->firm, &a->bytes))
        return 0;
    a->told->computed = a->told->kept = true;
    if (!a->bytes.n)
        return 1;
    if (!(values = ll_arena_array(a->arena, LL_FEATURES_MAX, sizeof *values)))
        return ll_no_memory(err);
    if (!ll_feature_bytes_get(ll_buf_view(&a->bytes), values, a->set->n))
        return ll_fail(err, LL_FAIL, "内存中的指标损坏", "values in memory are damaged");
    const int rc = tell(a, values, err);
    return rc < 0 ? rc : 1;
}

static int answer(struct asking *a, struct ll_err *err)
{
    struct state *s = NULL;
    int64_t generation = 0;
    int rc = state_get(a->now, a->set, &a->told->as_of, &s, &generation, err);

    if (rc == LL_CONFLICT) /* no moment without a change: computed, and not kept */
        return compute(a, err);
    if (rc < 0)
        return rc;
    rc = s->has_table ? from_table(a, s, err) : from_memory(a, s, err);
    if (rc == 0 && (rc = compute(a, err)) == LL_OK)
        keep(a, s, generation);
    let_go(a->now, s);
    return rc < 0 ? rc : LL_OK;
}

int ll_feature_now(struct ll_feature_now *now, const struct ll_feature_set *set, struct ll_str firm,
                   struct ll_arena *arena, ll_features_fn *fn, void *ctx, struct ll_feature_told *told,
                   struct ll_err *err)
{
    struct asking a = {.now = now,
                       .set = set,
                       .firm = firm,
                       .arena = arena,
                       .fn = fn,
                       .ctx = ctx,
                       .told = told,
                       .bytes = LL_BUF_INIT(BYTES_MAX)};

    *told = (struct ll_feature_told){.found = false};
    int rc = answer(&a, err);
    ll_buf_wipe(&a.bytes);
    return rc;
}
