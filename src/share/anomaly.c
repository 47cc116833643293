/* anomaly.c - counts what anomaly.h calls unusual: one slot a client that was seen lately, and a sketch of who looked at whom today. */
#include "share/anomaly.h"

#include "base/clock.h"
#include "base/log.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    SLOTS = 4096,
    WAYS = 8,
    NAME = 64,
    TAIL = 8,  /* characters of a key that are its number */
    NEAR = 16, /* keys so far apart are neighbours */
    CHECKS = 2,
    AWAY = 2,        /* one that is none takes so many back */
    DAYS = 14,       /* that "other days" means */
    DAYS_LEAST = 3,  /* fewer tell nothing */
    DAYS_CYCLE = 40, /* within which a monthly batch comes again */
    WINDOW_MS = 600000,
    ROWS = 4,
    WIDTH = 1 << 18, /* of the sketch: 2 MB */
    PENDING = 64
};

struct slot {
    char client[NAME], organisation[NAME];
    uint64_t used_us; /* 0: free */
    /* at the moment of the call */
    char last[LL_TRAIL_KEY];
    int64_t run;
    int64_t window_from, looks, misses;
    /* from the journal; keys of an average day (0: not known) and of the busiest one */
    int64_t day, keys, usual, busiest;
    int64_t night, night_calls;
};

struct pending {
    enum ll_anomaly_rule rule;
    char organisation[NAME], client[NAME], officer[NAME], subject[LL_PSEUDONYM_TEXT];
    int64_t measured, threshold, entry;
};

struct ll_anomalies {
    struct ll_store *st;
    struct ll_anomaly_opts o;
    pthread_mutex_t lock;
    struct slot *slots;
    uint16_t *sketch; /* ROWS * WIDTH */
    int64_t sketch_day;
    struct pending pending[PENDING];
    size_t n_pending;
    bool complained;
};

static void set_text(char *out, size_t room, struct ll_str s)
{
    size_t n = s.n < room - 1 ? s.n : room - 1;

    if (n)
        memcpy(out, s.p, n);
    out[n] = 0;
}

/* The client's slot; a client that is new takes the one of its set that was unused longest.  Under the lock. */
static struct slot *slot_of(struct ll_anomalies *a, struct ll_str client, struct ll_str organisation)
{
    struct slot *set = &a->slots[ll_str_hash(client) % (SLOTS / WAYS) * WAYS], *oldest = set;
    char name[NAME];

    set_text(name, sizeof name, client);
    for (size_t i = 0; i < WAYS; i++) {
        if (set[i].used_us && strcmp(set[i].client, name) == 0) {
            oldest = &set[i];
            break;
        }
        if (set[i].used_us < oldest->used_us)
            oldest = &set[i];
    }
    if (!oldest->used_us || strcmp(oldest->client, name) != 0) {
        *oldest = (struct slot){.day = -1, .night = -1};
        memcpy(oldest->client, name, sizeof name);
        set_text(oldest->organisation, sizeof oldest->organisation, organisation);
    }
    oldest->used_us = ll_mono_us() + 1;
    return oldest;
}

static void note(struct ll_anomalies *a, const struct pending *p)
{
    if (a->n_pending < PENDING) /* more in half a second: the next ones are found anew */
        a->pending[a->n_pending++] = *p;
}

static void note_client(struct ll_anomalies *a, const struct slot *s, enum ll_anomaly_rule rule,
                        int64_t measured, int64_t threshold, int64_t entry)
{
    struct pending p = {.rule = rule, .measured = measured, .threshold = threshold, .entry = entry};

    memcpy(p.organisation, s->organisation, sizeof p.organisation);
    memcpy(p.client, s->client, sizeof p.client);
    note(a, &p);
}

/* --- keys in a row ------------------------------------------------------------------------------------------------------ */

static int64_t value_of(const char *s, size_t n)
{
    int64_t v = 0;

    for (size_t i = n > TAIL ? n - TAIL : 0; i < n; i++) {
        char c = s[i];
        int d = c >= '0' && c <= '9'   ? c - '0'
                : c >= 'A' && c <= 'Z' ? c - 'A' + 10
                : c >= 'a' && c <= 'z' ? c - 'a' + 10
                                       : 35;
        v = v * 36 + d;
    }
    return v;
}

/* Their ends are close by as numbers, with or without the last characters, which may be check digits (a credit code has two). */
static bool neighbours(const char *a, const char *b)
{
    size_t n = strlen(a);

    if (strlen(b) != n)
        return false;
    for (size_t cut = 0; cut <= CHECKS && cut + 1 < n; cut++) {
        size_t m = n - cut, head = m > TAIL ? m - TAIL : 0;
        int64_t d = value_of(a, m) - value_of(b, m);
        if (d != 0 && d >= -NEAR && d <= NEAR && memcmp(a, b, head) == 0)
            return true;
    }
    return false;
}

/* Asking for the same again is no step. */
static int64_t step(const char *from, const char *to)
{
    return strcmp(from, to) == 0 ? 0 : neighbours(from, to) ? 1 : -AWAY;
}

static int64_t larger(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

void ll_key_trail_add(struct ll_key_trail *t, struct ll_str key, bool found, bool tells)
{
    char text[LL_TRAIL_KEY];

    set_text(text, sizeof text, key);
    if (t->keys) {
        int64_t s = step(t->last, text);
        t->run = larger(0, t->run + s);
        t->sum += s;
        t->most_run = larger(t->most_run, t->run);
        t->most_sum = larger(t->most_sum, t->sum);
    } else
        memcpy(t->first, text, sizeof text);
    memcpy(t->last, text, sizeof text);
    t->keys++;
    t->telling += tells;
    t->misses += tells && !found;
}

/* A step takes a run x to max(0, x + step), so many of them take it to max(run, x + sum). */
static void count_run(struct ll_anomalies *a, struct slot *s, const struct ll_key_trail *t)
{
    /* A batch of one's own customers is sorted as often as not, but they exist. */
    bool tried = t->keys == 1 || t->misses * 2 >= t->keys;

    if (tried) {
        int64_t x = s->last[0] ? larger(0, s->run + step(s->last, t->first)) : 0;
        int64_t most = larger(larger(x, t->most_run), x + t->most_sum);
        s->run = larger(t->run, x + t->sum);
        if (most >= a->o.run) {
            note_client(a, s, LL_ANOMALY_ENUMERATION, most, a->o.run, -1);
            s->run = 0;
        }
    }
    memcpy(s->last, t->last, sizeof s->last);
}

static void count_misses(struct ll_anomalies *a, struct slot *s, const struct ll_key_trail *t)
{
    int64_t now = ll_now_ms();

    if (now - s->window_from > WINDOW_MS || now < s->window_from) {
        s->window_from = now;
        s->looks = s->misses = 0;
    }
    s->looks += t->telling;
    s->misses += t->misses;
    if (s->looks >= a->o.miss_min && s->misses * 100 >= s->looks * a->o.miss_percent) {
        note_client(a, s, LL_ANOMALY_MISSES, s->misses * 100 / s->looks, a->o.miss_percent, -1);
        s->looks = s->misses = 0;
    }
}

void ll_anomalies_call(struct ll_anomalies *a, const struct ll_actor *who, const struct ll_key_trail *t)
{
    if (!t->keys || !who->client)
        return;
    pthread_mutex_lock(&a->lock);
    struct slot *s = slot_of(a, ll_str(who->client), ll_str(who->organisation));
    count_run(a, s, t);
    count_misses(a, s, t);
    pthread_mutex_unlock(&a->lock);
}

/* --- from the journal ----------------------------------------------------------------------------------------------------- */

/* Keys of the day so far, of an average day on which the client called, and of its busiest one.  Exports are no look-ups: they were
 * applied for, and have quotas of their own. */
static int read_days(struct ll_anomalies *a, struct slot *s, int64_t day, struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    struct ll_stmt *q = NULL;
    int rc = ll_txn_begin(a->st, false, &tx, err);

    s->keys = s->usual = s->busiest = 0;
    if (rc == LL_OK &&
        (rc = ll_sql(
             tx,
             "SELECT coalesce(sum(CASE WHEN day = $2 THEN n END), 0),"
             " coalesce(sum(CASE WHEN day < $2 AND day >= $3 THEN n END), 0),"
             " count(CASE WHEN day < $2 AND day >= $3 THEN 1 END),"
             " coalesce(max(CASE WHEN day < $2 THEN n END), 0)"
             " FROM (SELECT day, sum(keys) AS n FROM usage WHERE client = $1 AND day BETWEEN $4 AND $2"
             " AND outcome = 'answered' AND mode <> 'export' GROUP BY day)",
             &q, err)) == LL_OK) {
        ll_bind_z(q, 1, s->client);
        ll_bind_int(q, 2, day);
        ll_bind_int(q, 3, day - DAYS);
        ll_bind_int(q, 4, day - DAYS_CYCLE);
        if ((rc = ll_step(q, err)) > 0) {
            s->keys = ll_col_int(q, 0);
            s->usual = ll_col_int(q, 2) >= DAYS_LEAST ? ll_col_int(q, 1) / ll_col_int(q, 2) : 0;
            s->busiest = ll_col_int(q, 3);
        }
    }
    ll_stmt_done(q);
    ll_txn_end(tx);
    return rc < 0 ? rc : LL_OK;
}

/* The batch of the month is far more than an average day and yet no more than it was last time. */
static void count_volume(struct ll_anomalies *a, struct slot *s, const struct ll_ledger_seen *e)
{
    int64_t before = s->keys, most = larger(s->usual * a->o.volume_times, s->busiest + s->busiest / 4);

    s->keys += e->keys;
    most = larger(most, a->o.volume_min);
    if (s->usual && before <= most && s->keys > most)
        note_client(a, s, LL_ANOMALY_VOLUME, s->keys, most, e->index);
}

static bool at_night(const struct ll_anomaly_opts *o, int64_t time_ms)
{
    time_t t = (time_t)(time_ms / 1000);
    struct tm tm;

    if (o->night_from == o->night_to || !localtime_r(&t, &tm)) /* from 3 to 3: never */
        return false;
    return o->night_from < o->night_to ? tm.tm_hour >= o->night_from && tm.tm_hour < o->night_to
                                       : tm.tm_hour >= o->night_from || tm.tm_hour < o->night_to;
}

static void count_hours(struct ll_anomalies *a, struct slot *s, const struct ll_ledger_seen *e)
{
    /* a night has one number though it has two days */
    int64_t night = ll_local_day(e->time_ms - a->o.night_to * 3600000);

    if (!at_night(&a->o, e->time_ms))
        return;
    if (s->night != night) {
        s->night = night;
        s->night_calls = 0;
    }
    if (++s->night_calls == a->o.night_calls)
        note_client(a, s, LL_ANOMALY_HOURS, s->night_calls, a->o.night_calls, e->index);
}

/* How often this pair was seen today, and once more; never less than it was, more only where all four cells are shared. */
static unsigned count_pair(struct ll_anomalies *a, struct ll_str officer, struct ll_str subject)
{
    uint64_t h = ll_str_hash(officer) * 0x9E3779B97F4A7C15u ^ ll_str_hash(subject), step = h >> 32 | 1;
    uint16_t *cell[ROWS], least = UINT16_MAX;

    for (size_t i = 0; i < ROWS; i++, h += step * 0xD6E8FEB86659FD93u) {
        uint64_t x = (h ^ h >> 29) * 0xBF58476D1CE4E5B9u;
        cell[i] = &a->sketch[i * WIDTH + (x ^ x >> 32) % WIDTH];
        least = *cell[i] < least ? *cell[i] : least;
    }
    if (least < UINT16_MAX)
        for (size_t i = 0; i < ROWS; i++)
            if (*cell[i] == least)
                ++*cell[i];
    return (unsigned)least + (least < UINT16_MAX);
}

static void count_officer(struct ll_anomalies *a, const struct ll_ledger_seen *e)
{
    struct ll_str who = e->officer.n ? e->officer : e->account, list = e->subjects, part;
    struct pending p = {.rule = LL_ANOMALY_OFFICER, .threshold = a->o.officer, .entry = e->index};
    int64_t day = ll_local_day(e->time_ms);
    char name[3 * NAME + 3];

    if (!who.n || list.n < 2)
        return;
    if (a->sketch_day != day) {
        memset(a->sketch, 0, (size_t)ROWS * WIDTH * sizeof *a->sketch);
        a->sketch_day = day;
    }
    set_text(p.organisation, sizeof p.organisation, e->organisation);
    set_text(p.client, sizeof p.client, e->client);
    set_text(p.officer, sizeof p.officer, who);
    /* by resource: one report about a customer takes a look into each of them */
    snprintf(name, sizeof name, "%s/%s/%.*s", p.organisation, p.officer,
             (int)(e->resource.n < NAME ? e->resource.n : NAME), e->resource.n ? e->resource.p : "");
    for (list = (struct ll_str){list.p + 1, list.n - 2}; list.n;) {
        ll_str_cut(list, ',', &part, &list);
        if (part.n != LL_PSEUDONYM_TEXT - 1 + 2)
            continue;
        part = (struct ll_str){part.p + 1, part.n - 2};
        if ((p.measured = count_pair(a, ll_str(name), part)) == a->o.officer) {
            set_text(p.subject, sizeof p.subject, part);
            note(a, &p);
        }
    }
}

static void count_client(struct ll_anomalies *a, const struct ll_ledger_seen *e)
{
    struct slot *s = slot_of(a, e->client, e->organisation);
    int64_t day = ll_local_day(e->time_ms);
    struct ll_err err;

    if (s->day != day) {
        s->day = day;
        if (read_days(a, s, day, &err) < 0)
            s->usual = 0; /* this day's volume is not judged */
    }
    count_volume(a, s, e);
    count_hours(a, s, e);
}

void ll_anomalies_entry(void *ctx, const struct ll_ledger_seen *e)
{
    struct ll_anomalies *a = ctx;

    pthread_mutex_lock(&a->lock);
    if (e->client.n && e->type == LL_ENTRY_CALL)
        count_client(a, e);
    if (e->type == LL_ENTRY_CALL || e->type == LL_ENTRY_LOOK_UP)
        count_officer(a, e);
    pthread_mutex_unlock(&a->lock);
}

/* --- flags ------------------------------------------------------------------------------------------------------------------- */

static const char *given(const char *text)
{
    return text[0] ? text : NULL;
}

static int raise_all(struct ll_anomalies *a, const struct pending *list, size_t n, struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    int rc = ll_txn_begin(a->st, true, &tx, err);

    for (size_t i = 0; rc == LL_OK && i < n; i++) {
        const struct pending *p = &list[i];
        const struct ll_anomaly draft = {.rule = p->rule,
                                         .organisation = p->organisation,
                                         .client = given(p->client),
                                         .officer = given(p->officer),
                                         .subject = given(p->subject),
                                         .measured = p->measured,
                                         .threshold = p->threshold,
                                         .entry = p->entry};
        bool fresh = false;
        rc = ll_anomaly_raise(tx, &draft, &fresh, err);
        if (rc == LL_OK && fresh)
            ll_log(LL_WARN, "anomaly", "%s: %s of %s", ll_anomaly_word(p->rule),
                   p->client[0] ? p->client : "an account", p->organisation);
    }
    if (rc == LL_OK)
        rc = ll_txn_commit(tx, err);
    ll_txn_end(tx);
    return rc;
}

void ll_anomalies_round(void *ctx)
{
    struct ll_anomalies *a = ctx;
    struct pending list[PENDING];
    struct ll_err err;
    size_t n;

    pthread_mutex_lock(&a->lock);
    n = a->n_pending;
    memcpy(list, a->pending, n * sizeof *list);
    a->n_pending = 0;
    pthread_mutex_unlock(&a->lock);
    if (n == 0)
        return;
    int rc = raise_all(a, list, n, &err);
    if (rc < 0 && !a->complained)
        ll_log(LL_WARN, "anomaly", "%s", err.en);
    a->complained = rc < 0;
}

int ll_anomalies_open(struct ll_store *st, const struct ll_anomaly_opts *o, struct ll_anomalies **ret,
                      struct ll_err *err)
{
    struct ll_anomalies *a = calloc(1, sizeof *a);

    if (!a)
        return ll_no_memory(err);
    a->st = st;
    a->o = *o;
    a->sketch_day = -1;
    pthread_mutex_init(&a->lock, NULL);
    a->slots = calloc(SLOTS, sizeof *a->slots);
    a->sketch = calloc((size_t)ROWS * WIDTH, sizeof *a->sketch);
    if (!a->slots || !a->sketch) {
        ll_anomalies_close(a);
        return ll_no_memory(err);
    }
    *ret = a;
    return LL_OK;
}

struct ll_anomalies *ll_anomalies_close(struct ll_anomalies *a)
{
    if (!a)
        return NULL;
    pthread_mutex_destroy(&a->lock);
    free(a->slots);
    free(a->sketch);
    free(a);
    return NULL;
}
