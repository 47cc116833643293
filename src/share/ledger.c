/* ledger.c - see ledger.h.  Reads whole bundles of the journal and sums up what they say in memory (ledger_write.c writes it). */
#include "share/ledger_impl.h"

#include "base/clock.h"
#include "base/log.h"
#include "journal/canon.h"
#include "journal/reader.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ROUND_MS = 500, BUNDLES_AT_ONCE = 64, KEY_MAX = 512 };

struct ll_ledger {
    struct ll_store *st;
    struct ll_journal *journal;
    struct ll_log_files files;
    char dir[LL_PATH];
    pthread_mutex_t lock, one; /* one: a single reader */
    pthread_cond_t wake;
    pthread_t thread;
    bool runs, stop, complained;
    void (*watch_entry)(void *ctx, const struct ll_ledger_seen *e); /* under `one` */
    void (*watch_round)(void *ctx);
    void *watch_ctx;
    int64_t watched; /* entries that it was told of */
};

/* --- one entry ----------------------------------------------------------------------------------------------------- */

/* Members of a payload that the tables are made of; texts with their quotes. */
enum {
    P_GRANT,
    P_ORGANISATION,
    P_CLIENT,
    P_RESOURCE,
    P_MODE,
    P_CONDITION,
    P_KEYS,
    P_FOUND,
    P_SUBJECTS,
    P_PART,
    P_GIVEN,
    P_OFFICER,
    P_ACCOUNT,
    P_COUNT
};
static const char *const members[P_COUNT] = {"grant",     "organisation", "client", "resource", "mode",
                                             "condition", "keys",         "found",  "subjects", "part",
                                             "given",     "officer",      "account"};

static struct ll_str unquote(struct ll_str v)
{
    return v.n >= 2 && v.p[0] == '"' ? (struct ll_str){v.p + 1, v.n - 2} : LL_STR("");
}

static int64_t number_of(struct ll_str v)
{
    int64_t n = 0;

    return v.p && ll_str_i64(v, 0, INT64_MAX, &n) ? n : 0;
}

static bool full(const struct ll_ledger_round *r)
{
    return r->n_sums >= LL_LEDGER_SLOTS / 2 || r->n_looks >= LL_LEDGER_LOOKS - 2048;
}

static struct ll_ledger_sum *sum_of(struct ll_ledger_round *r, int64_t day, struct ll_str key)
{
    size_t at = (ll_str_hash(key) + (uint64_t)day) % LL_LEDGER_SLOTS;

    for (; r->sums[at].key; at = (at + 1) % LL_LEDGER_SLOTS)
        if (r->sums[at].day == day && r->sums[at].n_key == key.n &&
            memcmp(r->sums[at].key, key.p, key.n) == 0)
            return &r->sums[at];
    if (!(r->sums[at].key = ll_arena_dup(r->arena, key)))
        return NULL;
    r->sums[at].n_key = key.n;
    r->sums[at].day = day;
    r->n_sums++;
    return &r->sums[at];
}

/* How many a list of pseudonyms has. */
static int64_t length_of(struct ll_str list)
{
    int64_t n = list.n > 2;

    for (size_t i = 0; i < list.n; i++)
        n += list.p[i] == ',';
    return n;
}

static int add_sum(struct ll_ledger_round *r, int64_t time_ms, const struct ll_str *m, struct ll_err *err)
{
    struct ll_buf key = LL_BUF_INIT(KEY_MAX);
    struct ll_ledger_sum *s;

    for (size_t i = P_GRANT; i <= P_MODE; i++) {
        ll_buf_str(&key, unquote(m[i]));
        ll_buf_c(&key, 0);
    }
    ll_buf_str(&key, m[P_CONDITION].p ? unquote(m[P_CONDITION]) : LL_STR("answered"));
    ll_buf_c(&key, 0);
    s = key.failed ? NULL : sum_of(r, ll_local_day(time_ms), ll_buf_view(&key));
    ll_buf_free(&key);
    if (!s)
        return ll_no_memory(err);
    s->calls++;
    s->keys += number_of(m[P_KEYS]);
    s->records += number_of(m[P_FOUND]);
    s->subjects += length_of(m[P_SUBJECTS]);
    if (time_ms > s->last_at)
        s->last_at = time_ms;
    return LL_OK;
}

static struct ll_str inside(struct ll_str list)
{
    return list.n >= 2 && list.p[0] == '[' ? (struct ll_str){list.p + 1, list.n - 2} : LL_STR("");
}

/* Whether a list of rising numbers goes on with this one, which is then taken off. */
static bool is_next(struct ll_str *list, int64_t nth)
{
    struct ll_str head, rest;
    int64_t n = 0;

    ll_str_cut(*list, ',', &head, &rest);
    if (!list->n || !ll_str_i64(head, 0, INT64_MAX, &n) || n != nth)
        return false;
    *list = rest;
    return true;
}

/* What an entry says of itself; whom a later correction concerns only where something was handed out. */
static struct ll_ledger_about *about_of(struct ll_ledger_round *r, enum ll_entry_type type, int64_t time_ms,
                                        const struct ll_str *m)
{
    struct ll_ledger_about *a = ll_arena_alloc(r->arena, sizeof *a);
    bool gave = (type == LL_ENTRY_CALL || type == LL_ENTRY_EXPORT) && !m[P_CONDITION].p && m[P_RESOURCE].p &&
                m[P_ORGANISATION].p && m[P_GRANT].p && (m[P_PART].p || number_of(m[P_FOUND]));

    if (!a)
        return NULL;
    *a = (struct ll_ledger_about){.entry.at = time_ms};
    if (!gave)
        return a;
    a->entry.resource = ll_arena_dup(r->arena, unquote(m[P_RESOURCE]));
    a->entry.organisation = ll_arena_dup(r->arena, unquote(m[P_ORGANISATION]));
    a->entry.grant = ll_arena_dup(r->arena, unquote(m[P_GRANT]));
    return a->entry.resource && a->entry.organisation && a->entry.grant ? a : NULL;
}

/* ["a","b"]: pseudonyms, which need no escapes. */
static int add_looks(struct ll_ledger_round *r, const struct ll_str *m, struct ll_ledger_about *a,
                     struct ll_str entry, struct ll_str salt, struct ll_err *err)
{
    struct ll_str list = inside(m[P_SUBJECTS]), given = inside(m[P_GIVEN]), part;
    size_t before = r->n_looks;
    struct ll_node leaf;
    int64_t nth = 0;

    if (!a)
        return ll_no_memory(err);
    ll_merkle_leaf(LL_SHA256, entry, &leaf);
    ll_look_link(salt, (uint64_t)a->entry.entry, &leaf, &a->entry.link);
    for (; list.n && r->n_looks < LL_LEDGER_LOOKS; nth++) {
        bool has = !m[P_GIVEN].p || is_next(&given, nth);
        ll_str_cut(list, ',', &part, &list);
        if (part.n != LL_PSEUDONYM_TEXT - 1 + 2)
            continue;
        struct ll_ledger_look *s = &r->looks[r->n_looks++];
        memcpy(s->subject, part.p + 1, LL_PSEUDONYM_TEXT - 1);
        s->subject[LL_PSEUDONYM_TEXT - 1] = 0;
        s->about = a;
        s->given = has && a->entry.resource;
    }
    if (r->n_looks > before) {
        *(r->newest ? &r->newest->next : &r->abouts) = a;
        r->newest = a;
    }
    return LL_OK;
}

static void tell(struct ll_ledger *l, int64_t index, const struct ll_entry *e, const struct ll_str *m)
{
    const struct ll_ledger_seen seen = {.type = e->type,
                                        .index = index,
                                        .time_ms = e->time_ms,
                                        .keys = number_of(m[P_KEYS]),
                                        .organisation = unquote(m[P_ORGANISATION]),
                                        .client = unquote(m[P_CLIENT]),
                                        .officer = unquote(m[P_OFFICER]),
                                        .account = unquote(m[P_ACCOUNT]),
                                        .resource = unquote(m[P_RESOURCE]),
                                        .subjects = m[P_SUBJECTS]};

    if (!l->watch_entry || index < l->watched) /* a round that failed is read again */
        return;
    l->watched = index + 1;
    l->watch_entry(l->watch_ctx, &seen);
}

static int add_entry(struct ll_ledger *l, struct ll_ledger_round *r, int64_t index, struct ll_str entry,
                     struct ll_str sealed, struct ll_err *err)
{
    struct ll_entry e;
    struct ll_str m[P_COUNT];
    int rc = ll_entry_parse(entry, &e, err);

    r->entries = index + 1;
    if (rc < 0 || !ll_entry_type_sealed(e.type) || sealed.n < LL_SALT) /* the payload was erased */
        return rc;
    if (!ll_canon_members((struct ll_str){sealed.p + LL_SALT, sealed.n - LL_SALT}, members, P_COUNT, m))
        return LL_OK; /* verification tells of it (journal/check.h) */
    if (e.type == LL_ENTRY_CALL || e.type == LL_ENTRY_REFUSAL || e.type == LL_ENTRY_EXPORT ||
        e.type == LL_ENTRY_LOOK_UP)
        tell(l, index, &e, m);
    if (m[P_SUBJECTS].n > 2) {
        struct ll_ledger_about *a = about_of(r, e.type, e.time_ms, m);
        if (a)
            a->entry.entry = index;
        if ((rc = add_looks(r, m, a, entry, (struct ll_str){sealed.p, LL_SALT}, err)) < 0)
            return rc;
    }
    if (m[P_PART].p)
        return LL_OK; /* who is in an export; the entry that says what it came to counts */
    return e.type == LL_ENTRY_CALL || e.type == LL_ENTRY_REFUSAL || e.type == LL_ENTRY_EXPORT
               ? add_sum(r, e.time_ms, m, err)
               : LL_OK;
}

/* --- reading ------------------------------------------------------------------------------------------------------- */

static int read_bundle(struct ll_ledger *l, struct ll_ledger_round *r, uint64_t size, struct ll_err *err)
{
    uint64_t n = (uint64_t)r->entries / LL_TILE_WIDTH;
    struct ll_tile t = {LL_TILE_ENTRIES, n, ll_tile_width(0, n, size)};
    struct ll_buf entries = LL_BUF_INIT(LL_BUNDLE_MAX), payloads = LL_BUF_INIT(LL_PAYLOADS_MAX);
    struct ll_str entry, payload;
    int rc = ll_tile_read(&l->files, LL_SHA256, &t, &entries, err);

    t.level = LL_TILE_PAYLOAD;
    if (rc == LL_OK && (rc = ll_tile_read(&l->files, LL_SHA256, &t, &payloads, err)) == LL_OK) {
        struct ll_str a = ll_buf_view(&entries), b = ll_buf_view(&payloads);
        int64_t index = (int64_t)(n * LL_TILE_WIDTH);
        while (rc >= 0 && !full(r) && (rc = ll_bundle_next(&a, &entry, err)) > 0 &&
               (rc = ll_payloads_next(&b, &payload, err)) > 0) {
            if (index >= r->entries)
                rc = add_entry(l, r, index, entry, payload, err);
            index++;
        }
    }
    ll_buf_free(&entries);
    ll_buf_free(&payloads);
    return rc < 0 ? rc : LL_OK;
}

int ll_ledger_read(struct ll_txn *tx, int64_t *ret, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int rc = ll_sql(tx, "SELECT entries FROM ledger", &s, err);

    if (rc == LL_OK && (rc = ll_step(s, err)) > 0)
        *ret = ll_col_int(s, 0);
    ll_stmt_done(s);
    return rc < 0 ? rc : LL_OK;
}

static int read_mark(struct ll_store *st, int64_t *ret, struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    int rc = ll_txn_begin(st, false, &tx, err);

    if (rc == LL_OK)
        rc = ll_ledger_read(tx, ret, err);
    ll_txn_end(tx);
    return rc;
}

/* --- following ------------------------------------------------------------------------------------------------------ */

static int one_round(struct ll_ledger *l, int64_t from, uint64_t size, int64_t *ret, struct ll_err *err)
{
    struct ll_ledger_round r = {.arena = ll_arena_new(0), .entries = from};
    int rc = LL_OK;

    r.sums = calloc(LL_LEDGER_SLOTS, sizeof *r.sums);
    r.looks = malloc(LL_LEDGER_LOOKS * sizeof *r.looks);
    if (!r.arena || !r.sums || !r.looks)
        rc = ll_no_memory(err);
    for (unsigned i = 0; rc == LL_OK && i < BUNDLES_AT_ONCE && (uint64_t)r.entries < size && !full(&r); i++)
        rc = read_bundle(l, &r, size, err);
    if (rc == LL_OK && (rc = ll_ledger_write(l->st, &r, err)) == LL_OK && l->watch_round)
        l->watch_round(l->watch_ctx);
    *ret = r.entries;
    free(r.sums);
    free(r.looks);
    ll_arena_free(r.arena);
    return rc;
}

static int follow(struct ll_ledger *l, struct ll_err *err)
{
    struct ll_journal_status now;
    int64_t at = 0;
    int rc;

    pthread_mutex_lock(&l->one);
    ll_journal_status(l->journal, &now);
    rc = read_mark(l->st, &at, err);
    while (rc == LL_OK && (uint64_t)at < now.published)
        rc = one_round(l, at, now.published, &at, err);
    pthread_mutex_unlock(&l->one);
    return rc;
}

void ll_ledger_watch(struct ll_ledger *l, void (*entry)(void *ctx, const struct ll_ledger_seen *e),
                     void (*round)(void *ctx), void *ctx)
{
    pthread_mutex_lock(&l->one);
    l->watch_entry = entry;
    l->watch_round = round;
    l->watch_ctx = ctx;
    pthread_mutex_unlock(&l->one);
}

int ll_ledger_catch_up(struct ll_ledger *l, struct ll_err *err)
{
    int rc = ll_journal_publish(l->journal, err);

    return rc < 0 ? rc : follow(l, err);
}

static void *run(void *ctx)
{
    struct ll_ledger *l = ctx;
    struct timespec until;
    struct ll_err err;

    pthread_mutex_lock(&l->lock);
    while (!l->stop) {
        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_nsec += ROUND_MS * 1000000L;
        until.tv_sec += until.tv_nsec / 1000000000;
        until.tv_nsec %= 1000000000;
        pthread_cond_timedwait(&l->wake, &l->lock, &until);
        pthread_mutex_unlock(&l->lock);
        int rc = follow(l, &err);
        if (rc < 0 && !l->complained)
            ll_log(LL_WARN, "ledger", "%s", err.en);
        l->complained = rc < 0;
        pthread_mutex_lock(&l->lock);
    }
    pthread_mutex_unlock(&l->lock);
    return NULL;
}

int ll_ledger_open(struct ll_store *st, struct ll_journal *journal, const char *dir, struct ll_ledger **ret,
                   struct ll_err *err)
{
    struct ll_ledger *l = calloc(1, sizeof *l);
    pthread_condattr_t monotonic;
    int rc;

    if (!l)
        return ll_no_memory(err);
    l->st = st;
    l->journal = journal;
    pthread_mutex_init(&l->lock, NULL);
    pthread_mutex_init(&l->one, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&l->wake, &monotonic);
    pthread_condattr_destroy(&monotonic);
    if ((rc = ll_path(l->dir, err, "%s", dir)) == LL_OK) {
        l->files = ll_log_folder(l->dir);
        rc = ll_ledger_catch_up(l, err);
    }
    if (rc == LL_OK && !(l->runs = pthread_create(&l->thread, NULL, run, l) == 0))
        rc = ll_fail(err, LL_FAIL, "无法启动线程", "cannot start a thread");
    if (rc < 0)
        ll_ledger_close(l);
    else
        *ret = l;
    return rc;
}

struct ll_ledger *ll_ledger_close(struct ll_ledger *l)
{
    struct ll_err err;

    if (!l)
        return NULL;
    pthread_mutex_lock(&l->lock);
    l->stop = true;
    pthread_cond_signal(&l->wake);
    pthread_mutex_unlock(&l->lock);
    if (l->runs) {
        pthread_join(l->thread, NULL);
        if (ll_ledger_catch_up(l, &err) < 0) /* the next start reads on from where it was */
            ll_log(LL_WARN, "ledger", "%s", err.en);
    }
    pthread_cond_destroy(&l->wake);
    pthread_mutex_destroy(&l->one);
    pthread_mutex_destroy(&l->lock);
    free(l);
    return NULL;
}
