/* webhook_due.c - what subscriptions are to be sent now, and what becomes of it (webhook.h, promises 2, 4 and 5). */
#include "share/webhook_impl.h"

#include "base/clock.h"
#include "crypto/random.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

enum { LOOKED_AT = 500, FROZEN_MS = 30000, RETRY_MOST_MS = 3600000, DOUBLINGS = 20, ANSWER_MAX = 4096 };

/* A row of table outbox. */
struct event {
    int64_t seq, ref, at;
    const char *kind, *resource, *organisation, *act, *batch, *level, *object;
    int64_t records;
};

/* --- what is next for a subscription ------------------------------------------------------------------------------------------------ */

/* Events above `after`, oldest first; 1 or 0. */
static int next_event(struct ll_txn *tx, const struct ll_webhook *w, int64_t after, struct ll_arena *arena,
                      struct event *ret, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    bool nomem = false;
    int rc = ll_sql(
        tx,
        "SELECT seq, ref, at, kind, resource, organisation, act, batch, records, level, object FROM outbox WHERE seq > $1"
        " AND (organisation IS NULL OR organisation = $2) AND ($3 IS NULL OR resource = $3)"
        " ORDER BY seq LIMIT 1",
        &s, err);

    if (rc < 0)
        return rc;
    ll_bind_int(s, 1, after);
    ll_bind_z(s, 2, w->organisation);
    ll_bind_z(s, 3, w->resource);
    if ((rc = ll_step(s, err)) > 0)
        *ret = (struct event){.seq = ll_col_int(s, 0),
                              .ref = ll_col_int(s, 1),
                              .at = ll_col_int(s, 2),
                              .kind = ll_col_dup(s, 3, arena, &nomem),
                              .resource = ll_col_dup(s, 4, arena, &nomem),
                              .organisation = ll_col_dup(s, 5, arena, &nomem),
                              .act = ll_col_dup(s, 6, arena, &nomem),
                              .batch = ll_col_dup(s, 7, arena, &nomem),
                              .records = ll_col_int(s, 8),
                              .level = ll_col_dup(s, 9, arena, &nomem),
                              .object = ll_col_dup(s, 10, arena, &nomem)};
    ll_stmt_done(s);
    return nomem ? ll_no_memory(err) : rc;
}

static bool wants(const struct ll_webhook *w, const struct event *e)
{
    unsigned kind = 0;
    struct ll_err ignored;

    return ll_webhook_kinds_parse(ll_str(e->kind), &kind, &ignored) == LL_OK && (w->kinds & kind);
}

/* Whether the organisation may be told of the resource's changes now.  Where it is told from does not matter: no network is asked. */
static bool granted(const struct ll_grants *grants, const char *organisation, const char *resource)
{
    const struct ll_grant_use use = {.now = ll_now_ms(), .mode = LL_USE_SUBSCRIBE};
    size_t n = 0;
    const struct ll_grant *const *list = ll_grants_of(grants, ll_str(organisation), ll_str(resource), &n);

    for (size_t i = 0; i < n; i++) {
        enum ll_grant_refusal r = ll_grant_covers(list[i], &use, NULL);
        if (r == LL_GRANT_COVERS || r == LL_GRANT_NETWORK)
            return true;
    }
    return false;
}

/* --- bodies ---------------------------------------------------------------------------------------------------------------------------- */

static void put_event(struct ll_json *j, const struct ll_webhook *w, const struct event *e, const char *id)
{
    char when[LL_TIME_TEXT], cursor[24];

    snprintf(cursor, sizeof cursor, "%" PRId64, strcmp(e->kind, "changes") == 0 ? e->ref : e->ref - 1);
    ll_json_obj(j);
    ll_json_kz(j, "id", id);
    ll_json_kz(j, "type", e->kind);
    ll_json_kz(j, "subscription", w->id);
    ll_json_ki(j, "sequence", e->seq);
    ll_json_kz(j, "at", ll_time_text(e->at, when));
    ll_json_kz(j, "resource", e->resource[0] ? e->resource : NULL); /* events about lists have none */
    ll_json_kz(j, "act", e->act);
    if (e->level)
        ll_json_kz(j, "level", e->level);
    if (e->object)
        ll_json_kz(j, "case", e->object);
    if (e->batch)
        ll_json_kz(j, "batch", e->batch);
    if (e->organisation)
        ll_json_ki(j, "records", e->records);
    if (!e->object) /* a case is asked for by its number */
        ll_json_kz(j, "cursor", cursor);
    ll_json_end_obj(j);
}

static void put_challenge(struct ll_json *j, const struct ll_webhook *w, const char *id)
{
    ll_json_obj(j);
    ll_json_kz(j, "id", id);
    ll_json_kz(j, "type", "challenge");
    ll_json_kz(j, "subscription", w->id);
    ll_json_kz(j, "challenge", w->challenge);
    ll_json_end_obj(j);
}

/* e NULL: the challenge. */
static int pack(const struct ll_webhook *w, const struct event *e, struct ll_arena *arena,
                struct ll_parcel *ret, struct ll_err *err)
{
    struct ll_buf body = LL_BUF_INIT(16384);
    struct ll_json j;
    const char *id = e ? ll_arena_printf(arena, "%s-%" PRId64, w->id, e->seq)
                       : ll_arena_printf(arena, "%s-challenge", w->id);
    char *text;

    ll_json_init(&j, &body);
    if (e)
        put_event(&j, w, e, id);
    else
        put_challenge(&j, w, id);
    text = body.failed ? NULL : ll_arena_dup(arena, ll_buf_view(&body));
    *ret = (struct ll_parcel){.subscription = w->id,
                              .url = w->url,
                              .challenge = e ? NULL : w->challenge,
                              .id = id,
                              .body = {text, body.n},
                              .event = e ? e->seq : 0,
                              .attempts = w->attempts};
    ll_buf_free(&body);
    return text && id ? LL_OK : ll_no_memory(err);
}

/* --- choosing ---------------------------------------------------------------------------------------------------------------------------- */

struct search {
    struct ll_gateway *g;
    struct ll_txn *tx;
    struct ll_grants *grants;
    struct ll_arena *arena;
    int64_t now;
};

static int move_cursor(struct search *s, const struct ll_webhook *w, int64_t seq, struct ll_err *err)
{
    return ll_exec(s->tx, err, "UPDATE subscription SET cursor = $2 WHERE id = $1 AND cursor < $2", "zi",
                   w->id, seq);
}

/* Writers exclude each other, so that no event can come in between. */
static int move_to_end(struct search *s, const struct ll_webhook *w, struct ll_err *err)
{
    return ll_exec(
        s->tx, err,
        "UPDATE subscription SET cursor = max(cursor, (SELECT coalesce(max(seq), 0) FROM outbox)) WHERE id = $1",
        "z", w->id);
}

static int wait_a_while(struct search *s, const struct ll_webhook *w, struct ll_err *err)
{
    return ll_exec(s->tx, err, "UPDATE subscription SET next_at = $2 WHERE id = $1", "zi", w->id,
                   s->now + FROZEN_MS);
}

/* A dead letter that is to be sent again.  1 or 0. */
static int find_again(struct search *s, const struct ll_webhook *w, struct ll_parcel *ret, struct ll_err *err)
{
    struct ll_stmt *q = NULL;
    struct event e;
    int64_t seq = 0, attempts = 0;
    int rc = ll_sql(
        s->tx,
        "SELECT event, attempts FROM dead_letter WHERE subscription = $1 AND again = 1 AND next_at <= $2"
        " ORDER BY event LIMIT 1",
        &q, err);

    if (rc < 0)
        return rc;
    ll_bind_z(q, 1, w->id);
    ll_bind_int(q, 2, s->now);
    if ((rc = ll_step(q, err)) > 0) {
        seq = ll_col_int(q, 0);
        attempts = ll_col_int(q, 1);
    }
    ll_stmt_done(q);
    if (rc <= 0 || (rc = next_event(s->tx, w, seq - 1, s->arena, &e, err)) <= 0 || e.seq != seq)
        return rc < 0 ? rc : 0;
    if ((rc = pack(w, &e, s->arena, ret, err)) < 0)
        return rc;
    ret->again = true;
    ret->attempts = attempts;
    return 1;
}

/* The next event above the cursor that it wants and may have.  1 or 0. */
static int find_next(struct search *s, const struct ll_webhook *w, struct ll_parcel *ret, struct ll_err *err)
{
    const struct ll_actor actor = {
        .client = w->client, .account = w->account, .organisation = w->organisation};
    struct event e;
    int64_t at = w->cursor;
    int rc = LL_OK;

    for (unsigned i = 0; i < LOOKED_AT && (rc = next_event(s->tx, w, at, s->arena, &e, err)) > 0; i++) {
        bool tell = wants(w, &e) && (e.organisation || granted(s->grants, w->organisation, e.resource));
        if (tell && (rc = ll_access_frozen(s->g->o.access, &actor, e.resource, err)) == LL_DENIED)
            return (rc = wait_a_while(s, w, err)) < 0 ? rc : 0;
        if (rc < 0)
            return rc;
        if (tell) {
            rc = at > w->cursor ? move_cursor(s, w, at, err) : LL_OK;
            return rc < 0 || (rc = pack(w, &e, s->arena, ret, err)) < 0 ? rc : 1;
        }
        at = e.seq;
    }
    if (rc == 0) /* nothing of all that there is: not to be looked at again */
        return (rc = move_to_end(s, w, err)) < 0 ? rc : 0;
    return rc < 0 ? rc : (rc = move_cursor(s, w, at, err)) < 0 ? rc : 0;
}

static int find(struct search *s, const struct ll_webhook *w, struct ll_parcel *ret, struct ll_err *err)
{
    int rc;

    if (w->state == LL_WEBHOOK_PENDING)
        return (rc = pack(w, NULL, s->arena, ret, err)) < 0 ? rc : 1;
    rc = find_again(s, w, ret, err);
    return rc ? rc : find_next(s, w, ret, err);
}

static bool is_busy(const char *id, const char *const *busy, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(busy[i], id) == 0)
            return true;
    return false;
}

static int candidates(struct search *s, struct ll_webhook **ret, size_t *ret_n, struct ll_err *err)
{
    struct ll_stmt *q = NULL;
    struct ll_webhook *list = ll_arena_array(s->arena, LOOKED_AT, sizeof *list);
    const char **ids = ll_arena_array(s->arena, LOOKED_AT, sizeof *ids);
    bool nomem = !list || !ids;
    size_t n = 0;
    int rc = ll_sql(s->tx,
                    "SELECT id FROM subscription WHERE state IN ('pending', 'active') AND next_at <= $1"
                    " ORDER BY next_at, id LIMIT 500",
                    &q, err);

    if (rc < 0)
        return rc;
    ll_bind_int(q, 1, s->now);
    while (!nomem && n < LOOKED_AT && (rc = ll_step(q, err)) > 0)
        ids[n++] = ll_col_dup(q, 0, s->arena, &nomem);
    ll_stmt_done(q);
    for (size_t i = 0; !nomem && rc >= 0 && i < n; i++)
        rc = ll_webhook_get(s->tx, ids[i], s->arena, &list[i], err);
    *ret = list;
    *ret_n = n;
    return nomem ? ll_no_memory(err) : rc < 0 ? rc : LL_OK;
}

/* Whether it is worth the writer's lock to look closer: nothing to say is the usual case. */
static int anything(struct ll_store *st, int64_t now, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    struct ll_txn *tx = NULL;
    int rc = ll_txn_begin(st, false, &tx, err);

    if (rc == LL_OK &&
        (rc = ll_sql(
             tx,
             "SELECT 1 FROM subscription s WHERE state IN ('pending', 'active') AND next_at <= $1 AND (state = 'pending'"
             " OR cursor < (SELECT coalesce(max(seq), 0) FROM outbox) OR EXISTS (SELECT 1 FROM dead_letter d WHERE"
             " d.subscription = s.id AND d.again = 1 AND d.next_at <= $1)) LIMIT 1",
             &s, err)) == LL_OK) {
        ll_bind_int(s, 1, now);
        rc = ll_step(s, err);
    }
    ll_stmt_done(s);
    ll_txn_end(tx);
    return rc;
}

int ll_webhook_due(struct ll_gateway *g, const char *const *busy, size_t n_busy, struct ll_arena *arena,
                   struct ll_parcel *ret, size_t room, size_t *ret_n, struct ll_err *err)
{
    struct search s = {.g = g, .arena = arena, .now = ll_now_ms()};
    struct ll_webhook *list = NULL;
    size_t n = 0;
    int rc = anything(g->o.store, s.now, err);

    *ret_n = 0;
    if (rc <= 0 || (rc = ll_grants_current(g->grants, &s.grants, err)) < 0)
        return rc;
    if (rc == LL_OK && (rc = ll_txn_begin(g->o.store, true, &s.tx, err)) == LL_OK)
        rc = candidates(&s, &list, &n, err);
    for (size_t i = 0; i < n && rc >= 0 && *ret_n < room; i++)
        if (!is_busy(list[i].id, busy, n_busy)) {
            rc = find(&s, &list[i], &ret[*ret_n], err);
            *ret_n += rc > 0;
        }
    if (rc >= 0)
        rc = ll_txn_commit(s.tx, err);
    ll_txn_end(s.tx);
    ll_grants_unref(s.grants);
    return rc;
}

/* --- what became of it --------------------------------------------------------------------------------------------------------------------- */

/* Twice as long with every failure, up to an hour, and half of it by chance, lest all come at once when an endpoint is back. */
static int64_t wait_ms(int64_t first, int64_t failures)
{
    int64_t ms = first << (failures < DOUBLINGS ? failures : DOUBLINGS);
    uint32_t chance = 0;

    ms = ms < RETRY_MOST_MS ? ms : RETRY_MOST_MS;
    if (ll_random(&chance, sizeof chance, NULL) < 0)
        chance = UINT32_MAX / 2;
    int64_t half = ms / 2, rest = ms - half;
    return half + (int64_t)((double)rest * chance / UINT32_MAX);
}

static int delivered(struct ll_txn *tx, const struct ll_parcel *p, const struct ll_parcel_fate *f,
                     struct ll_err *err)
{
    int64_t now = ll_now_ms();
    int rc;

    if (p->challenge)
        return ll_exec(
            tx, err,
            "UPDATE subscription SET state = 'active', attempts = 0, next_at = 0, status = $2, error_zh = NULL,"
            " error_en = NULL, changed_at = $3 WHERE id = $1 AND state = 'pending'",
            "zii", p->subscription, f->status, now);
    if (p->again && (rc = ll_exec(tx, err, "DELETE FROM dead_letter WHERE subscription = $1 AND event = $2",
                                  "zi", p->subscription, p->event)) < 0)
        return rc;
    return ll_exec(
        tx, err,
        "UPDATE subscription SET cursor = max(cursor, $2), attempts = CASE WHEN $3 = 1 THEN attempts ELSE 0 END,"
        " dead = 0, next_at = 0, status = $4, error_zh = NULL, error_en = NULL, delivered_at = $5 WHERE id = $1",
        "ziiii", p->subscription, p->again ? 0 : p->event, (int64_t)p->again, f->status, now);
}

static int again_later(struct ll_txn *tx, const struct ll_parcel *p, const struct ll_parcel_fate *f,
                       struct ll_err *err)
{
    int64_t next = ll_now_ms() + wait_ms(f->retry_ms, p->attempts);

    return ll_exec(
        tx, err,
        "UPDATE subscription SET attempts = $2, next_at = $3, status = $4, error_zh = $5, error_en = $6 WHERE id = $1",
        "ziiizz", p->subscription, p->attempts + 1, next, f->status, f->zh, f->en);
}

/* The next event's turn comes; after several dead letters in a row nothing is sent any more. */
static int bury(struct ll_txn *tx, const struct ll_parcel *p, const struct ll_parcel_fate *f,
                struct ll_err *err)
{
    int64_t now = ll_now_ms();
    int rc = ll_exec(
        tx, err,
        "INSERT INTO dead_letter (subscription, event, at, attempts, status, error_zh, error_en, again, next_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, 0, 0) ON CONFLICT (subscription, event) DO UPDATE SET at = $3,"
        " attempts = $4, status = $5, error_zh = $6, error_en = $7, again = 0",
        "ziiiizz", p->subscription, p->event, now, p->attempts + 1, f->status, f->zh, f->en);

    if (rc < 0 || p->again)
        return rc;
    return ll_exec(
        tx, err,
        "UPDATE subscription SET cursor = $2, attempts = 0, dead = dead + 1, next_at = 0, status = $3,"
        " error_zh = $4, error_en = $5, state = CASE WHEN dead + 1 >= $6 AND state = 'active' THEN 'paused'"
        " ELSE state END, changed_at = $7 WHERE id = $1",
        "ziizzii", p->subscription, p->event, f->status, f->zh, f->en, (int64_t)LL_WEBHOOK_DEAD_MOST, now);
}

/* An endpoint that does not prove itself is sent nothing: it is paused, and may be resumed. */
static int unproven(struct ll_txn *tx, const struct ll_parcel *p, const struct ll_parcel_fate *f,
                    struct ll_err *err)
{
    return ll_exec(
        tx, err,
        "UPDATE subscription SET state = 'paused', status = $2, error_zh = $3, error_en = $4, changed_at = $5"
        " WHERE id = $1 AND state = 'pending'",
        "zizzi", p->subscription, f->status, f->zh, f->en, ll_now_ms());
}

int ll_webhook_settle(struct ll_store *st, const struct ll_parcel *p, const struct ll_parcel_fate *fate,
                      struct ll_err *err)
{
    bool last = p->attempts + 1 >= (int64_t)fate->attempts_most;
    struct ll_txn *tx = NULL;
    int rc = ll_txn_begin(st, true, &tx, err);

    if (rc == LL_OK)
        rc = fate->delivered        ? delivered(tx, p, fate, err)
             : last && p->challenge ? unproven(tx, p, fate, err)
             : p->again || (last)   ? bury(tx, p, fate, err)
                                    : again_later(tx, p, fate, err);
    if (rc == LL_OK)
        rc = ll_txn_commit(tx, err);
    ll_txn_end(tx);
    return rc;
}

bool ll_webhook_answers(struct ll_str body, const char *challenge)
{
    const char *said;
    json_t *root;
    bool same;

    if (!body.p || body.n > ANSWER_MAX)
        return false;
    if (!(root = json_loadb(body.p, body.n, JSON_REJECT_DUPLICATES, NULL)))
        return false;
    said = json_string_value(json_object_get(root, "challenge"));
    same = said && strcmp(said, challenge) == 0;
    json_decref(root);
    return same;
}
