/* ledger.c - see ledger.h.  Reads whole bundles of the journal, sums up what they say in memory, and writes the sums in one transaction. */
#include "share/ledger.h"

#include "base/clock.h"
#include "base/log.h"
#include "crypto/base64.h"
#include "journal/canon.h"
#include "journal/looklist.h"
#include "journal/reader.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ROUND_MS = 500, BUNDLES_AT_ONCE = 64, SLOTS = 4096, KEY_MAX = 512, LOOKS_MAX = 1 << 17 };

/* One row of `usage` that grows. */
struct sum {
    const char *key; /* the primary key's texts, each with its NUL; NULL: a free slot */
    size_t n_key;
    int64_t day, calls, keys, records, subjects, last_at;
};

/* Who was given something by an entry; shared by its looks. */
struct got {
    const char *resource, *organisation, *grant;
    int64_t at;
};

struct seen {
    char subject[LL_PSEUDONYM_TEXT];
    int64_t entry;
    const struct got *got; /* NULL: nothing was given of this subject */
    struct ll_node link;   /* journal/looklist.h */
};

/* What was read and is not written yet. */
struct round {
    struct ll_arena *arena;
    struct sum *sums; /* SLOTS, open addressing */
    size_t n_sums;
    struct seen *looks;
    size_t n_looks;
    int64_t entries; /* all below it are in */
};

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

static bool full(const struct round *r)
{
    return r->n_sums >= SLOTS / 2 || r->n_looks >= LOOKS_MAX - 2048;
}

static struct sum *sum_of(struct round *r, int64_t day, struct ll_str key)
{
    size_t at = (ll_str_hash(key) + (uint64_t)day) % SLOTS;

    for (; r->sums[at].key; at = (at + 1) % SLOTS)
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

static int add_sum(struct round *r, int64_t time_ms, const struct ll_str *m, struct ll_err *err)
{
    struct ll_buf key = LL_BUF_INIT(KEY_MAX);
    struct sum *s;

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

/* Whom a later correction concerns; NULL where nothing was handed out.  False: out of memory. */
static bool got_of(struct round *r, enum ll_entry_type type, int64_t time_ms, const struct ll_str *m,
                   const struct got **ret)
{
    struct got *got;

    *ret = NULL;
    if ((type != LL_ENTRY_CALL && type != LL_ENTRY_EXPORT) || m[P_CONDITION].p || !m[P_RESOURCE].p ||
        !m[P_ORGANISATION].p || !m[P_GRANT].p || (!m[P_PART].p && !number_of(m[P_FOUND])))
        return true;
    if (!(got = ll_arena_alloc(r->arena, sizeof *got)))
        return false;
    *got = (struct got){ll_arena_dup(r->arena, unquote(m[P_RESOURCE])),
                        ll_arena_dup(r->arena, unquote(m[P_ORGANISATION])),
                        ll_arena_dup(r->arena, unquote(m[P_GRANT])), time_ms};
    *ret = got;
    return got->resource && got->organisation && got->grant;
}

/* ["a","b"]: pseudonyms, which need no escapes. */
static void add_looks(struct round *r, const struct ll_str *m, int64_t index, struct ll_str entry,
                      struct ll_str salt, const struct got *got)
{
    struct ll_str list = m[P_SUBJECTS], given = inside(m[P_GIVEN]), part;
    struct ll_node leaf, link;
    int64_t nth = 0;

    if (list.n < 2)
        return;
    ll_merkle_leaf(LL_SHA256, entry, &leaf);
    ll_look_link(salt, (uint64_t)index, &leaf, &link);
    list = inside(list);
    for (; list.n && r->n_looks < LOOKS_MAX; nth++) {
        bool has = !m[P_GIVEN].p || is_next(&given, nth);
        ll_str_cut(list, ',', &part, &list);
        if (part.n != LL_PSEUDONYM_TEXT - 1 + 2)
            continue;
        struct seen *s = &r->looks[r->n_looks++];
        memcpy(s->subject, part.p + 1, LL_PSEUDONYM_TEXT - 1);
        s->subject[LL_PSEUDONYM_TEXT - 1] = 0;
        s->entry = index;
        s->got = has ? got : NULL;
        s->link = link;
    }
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

static int add_entry(struct ll_ledger *l, struct round *r, int64_t index, struct ll_str entry,
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
    const struct got *got = NULL;
    if (m[P_SUBJECTS].p && !got_of(r, e.type, e.time_ms, m, &got))
        return ll_no_memory(err);
    if (e.type == LL_ENTRY_CALL || e.type == LL_ENTRY_REFUSAL || e.type == LL_ENTRY_EXPORT ||
        e.type == LL_ENTRY_LOOK_UP)
        tell(l, index, &e, m);
    if (m[P_SUBJECTS].p)
        add_looks(r, m, index, entry, (struct ll_str){sealed.p, LL_SALT}, got);
    if (m[P_PART].p)
        return LL_OK; /* who is in an export; the entry that says what it came to counts */
    return e.type == LL_ENTRY_CALL || e.type == LL_ENTRY_REFUSAL || e.type == LL_ENTRY_EXPORT
               ? add_sum(r, e.time_ms, m, err)
               : LL_OK;
}

/* --- reading ------------------------------------------------------------------------------------------------------- */

static int read_bundle(struct ll_ledger *l, struct round *r, uint64_t size, struct ll_err *err)
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

/* --- writing ------------------------------------------------------------------------------------------------------- */

static int write_sum(struct ll_txn *tx, const struct sum *s, struct ll_err *err)
{
    const char *part[6], *at = s->key;

    for (size_t i = 0; i < LL_COUNT(part); i++, at += strlen(at) + 1)
        part[i] = at;
    return ll_exec(
        tx, err,
        "INSERT INTO usage (day, access_grant, organisation, client, resource, mode, outcome, calls, keys,"
        " records, last_at, subjects) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
        " ON CONFLICT (day, access_grant, client, resource, mode, outcome) DO UPDATE SET calls = calls + $8,"
        " keys = keys + $9, records = records + $10, last_at = max(last_at, $11),"
        " subjects = subjects + $12",
        "izzzzzziiiii", s->day, part[0], part[1], part[2], part[3], part[4], part[5], s->calls, s->keys,
        s->records, s->last_at, s->subjects);
}

static int by_subject(const void *a, const void *b)
{
    const struct seen *x = a, *y = b;
    int c = memcmp(x->subject, y->subject, sizeof x->subject);

    return c ? c : x->entry < y->entry ? -1 : x->entry > y->entry;
}

/* Where the chain of the subject ends, and with which entry; without looks it begins (-1). */
static int chain_end(struct ll_txn *tx, const char *subject, struct ll_look_head *h, int64_t *ret_entry,
                     struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int rc = ll_sql(tx, "SELECT entry, nth, head FROM look WHERE subject = $1 ORDER BY entry DESC LIMIT 1",
                    &s, err);

    if (rc < 0)
        return rc;
    if (!ll_look_subject(ll_str(subject), h->subject))
        rc = ll_fail(err, LL_INVALID, "日志中有不是假名的主体",
                     "the journal names a subject that is no pseudonym");
    ll_look_start(h);
    *ret_entry = -1;
    ll_bind_z(s, 1, subject);
    if (rc == LL_OK && (rc = ll_step(s, err)) > 0) {
        *ret_entry = ll_col_int(s, 0);
        h->looks = (uint64_t)ll_col_int(s, 1);
        if (!ll_base64_exact(ll_col_text(s, 2), LL_BASE64_URL, h->head.b, sizeof h->head.b))
            rc = ll_fail(err, LL_INVALID, "表 look 有误：请由日志重建",
                         "table look is damaged: rebuild it from the journal");
    }
    ll_stmt_done(s);
    return rc < 0 ? rc : LL_OK;
}

static int write_look(struct ll_txn *tx, const struct seen *look, const struct ll_look_head *h,
                      struct ll_err *err)
{
    struct ll_buf text = LL_BUF_INIT(128);
    int rc;

    ll_base64_put(&text, LL_BASE64_URL, look->link.b, sizeof look->link.b);
    ll_base64_put(&text, LL_BASE64_URL, h->head.b, sizeof h->head.b);
    rc = text.failed
             ? ll_no_memory(err)
             : ll_exec(tx, err,
                       "INSERT INTO look (subject, entry, nth, link, head) VALUES ($1, $2, $3, $4, $5)",
                       "ziiss", look->subject, look->entry, (int64_t)h->looks,
                       (struct ll_str){text.p, text.n / 2}, (struct ll_str){text.p + text.n / 2, text.n / 2});
    ll_buf_free(&text);
    return rc;
}

/* The n looks of one subject, in order; an entry that names it twice is one look. */
static int write_chain(struct ll_txn *tx, const struct seen *looks, size_t n, int64_t *more,
                       struct ll_err *err)
{
    struct ll_look_head h;
    int64_t last = -1;
    int rc = chain_end(tx, looks[0].subject, &h, &last, err);

    more[1] += rc == LL_OK && last < 0;
    for (size_t i = 0; rc == LL_OK && i < n; i++) {
        if (looks[i].entry <= last)
            continue;
        ll_look_add(&h, &looks[i].link);
        last = looks[i].entry;
        more[0]++;
        rc = write_look(tx, &looks[i], &h, err);
    }
    return rc;
}

/* Who got what, with the newest answer (correction.h); looks are in the order of subjects. */
static int write_recipients(struct ll_txn *tx, const struct round *r, struct ll_err *err)
{
    int rc = LL_OK;

    for (size_t i = 0; rc == LL_OK && i < r->n_looks; i++) {
        const struct seen *s = &r->looks[i];
        if (s->got)
            rc = ll_exec(
                tx, err,
                "INSERT INTO recipient (resource, subject, organisation, access_grant, entry, last_at)"
                " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (resource, subject, organisation) DO UPDATE SET"
                " access_grant = $4, entry = $5, last_at = $6 WHERE recipient.entry < $5",
                "zzzzii", s->got->resource, s->subject, s->got->organisation, s->got->grant, s->entry,
                s->got->at);
    }
    return rc;
}

/* In the order of the table, so that neighbours go to the same page.  What changed is told to the tree over all chains by the
 * pseudonym's first letters (looktree.h). */
static int write_looks(struct ll_txn *tx, struct round *r, struct ll_err *err)
{
    int64_t more[2] = {0, 0}; /* looks, subjects */
    int rc = LL_OK;

    qsort(r->looks, r->n_looks, sizeof *r->looks, by_subject);
    for (size_t at = 0, n; rc == LL_OK && at < r->n_looks; at += n) {
        const struct seen *first = &r->looks[at];
        for (n = 1; at + n < r->n_looks && strcmp(first[n].subject, first->subject) == 0; n++)
            ;
        if ((rc = write_chain(tx, first, n, more, err)) == LL_OK)
            rc = ll_exec(tx, err,
                         "INSERT INTO look_bucket (bucket, changed) VALUES ($1, $2) ON CONFLICT (bucket)"
                         " DO UPDATE SET changed = max(changed, $2)",
                         "si", (struct ll_str){first->subject, LL_LOOK_BUCKET}, first[n - 1].entry);
    }
    return rc < 0 || !more[0]
               ? rc
               : ll_exec(tx, err, "UPDATE ledger SET looks = looks + $1, subjects = subjects + $2", "ii",
                         more[0], more[1]);
}

static int write_round(struct ll_ledger *l, struct round *r, struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    int rc = ll_txn_begin(l->st, true, &tx, err);

    for (size_t i = 0; rc == LL_OK && i < SLOTS; i++)
        if (r->sums[i].key)
            rc = write_sum(tx, &r->sums[i], err);
    if (rc == LL_OK && (rc = write_looks(tx, r, err)) == LL_OK &&
        (rc = write_recipients(tx, r, err)) == LL_OK &&
        (rc = ll_exec(tx, err, "UPDATE ledger SET entries = $1", "i", r->entries)) == LL_OK)
        rc = ll_txn_commit(tx, err);
    ll_txn_end(tx);
    return rc;
}

/* --- following ------------------------------------------------------------------------------------------------------ */

static int one_round(struct ll_ledger *l, int64_t from, uint64_t size, int64_t *ret, struct ll_err *err)
{
    struct round r = {.arena = ll_arena_new(0), .entries = from};
    int rc = LL_OK;

    r.sums = calloc(SLOTS, sizeof *r.sums);
    r.looks = malloc(LOOKS_MAX * sizeof *r.looks);
    if (!r.arena || !r.sums || !r.looks)
        rc = ll_no_memory(err);
    for (unsigned i = 0; rc == LL_OK && i < BUNDLES_AT_ONCE && (uint64_t)r.entries < size && !full(&r); i++)
        rc = read_bundle(l, &r, size, err);
    if (rc == LL_OK && (rc = write_round(l, &r, err)) == LL_OK && l->watch_round)
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
