/* publicity_stop.c - what ended the publicity of a record early (publicity.h, (4)). */
#include "apps/credit/publicity.h"

#include "base/clock.h"

enum { REASON_MIN = 2, REASON_MAX = 500, DOCUMENT_MAX = 200, RECORD_MAX = 8192, STOPS_MAX = 100 };

static int check_texts(const char *reason, const char *document, struct ll_err *err)
{
    size_t r = reason ? ll_utf8_count(ll_str(reason)) : 0, d = document ? ll_utf8_count(ll_str(document)) : 0;

    if (r < REASON_MIN || r > REASON_MAX)
        return ll_fail(err, LL_USAGE, "请写明理由（%d 到 %d 个字）", "say why, in %d to %d characters",
                       REASON_MIN, REASON_MAX);
    return d >= 1 && d <= DOCUMENT_MAX
               ? LL_OK
               : ll_fail(err, LL_USAGE, "请写明所依据的文书（1 到 %d 个字）",
                         "name the document that decided it, in 1 to %d characters", DOCUMENT_MAX);
}

static const char *person(const struct ll_actor *by)
{
    return !by ? NULL : by->account ? by->account : by->client ? by->client : by->subject;
}

int ll_public_stop(struct ll_txn *tx, const struct ll_public_stop *s, const struct ll_actor *by,
                   int64_t *ret_id, struct ll_err *err)
{
    struct ll_stmt *st = NULL;
    struct ll_err broken;
    int rc = check_texts(s->reason, s->document, err);

    if (rc < 0)
        return rc;
    if (!s->record || s->record[0] != '[' || ll_str(s->record).n > RECORD_MAX)
        return ll_fail(err, LL_USAGE, "记录应以主键的 JSON 数组表示",
                       "a record is named by its key as a JSON array");
    rc = ll_exec(
        tx, &broken,
        "INSERT INTO publicity_stop (resource, record, since, reason, document, account, organisation, made_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        "zzizzzzi", s->resource, s->record, (int64_t)s->since, s->reason, s->document, person(by),
        by ? by->organisation : NULL, ll_now_ms());
    if (rc == LL_CONFLICT)
        return ll_fail(err, LL_CONFLICT, "这条记录已经停止公示", "this record is not shown any more already");
    if (rc < 0) {
        *err = broken;
        return rc;
    }
    if (!ret_id)
        return LL_OK;
    if ((rc = ll_sql(tx, "SELECT max(id) FROM publicity_stop WHERE resource = $1 AND record = $2", &st,
                     err)) < 0)
        return rc;
    ll_bind_z(st, 1, s->resource);
    ll_bind_z(st, 2, s->record);
    if ((rc = ll_step(st, err)) > 0)
        *ret_id = ll_col_int(st, 0);
    ll_stmt_done(st);
    return rc < 0 ? rc : LL_OK;
}

/* --- reading ---------------------------------------------------------------------------------------------------------------- */

static int read_stop(struct ll_stmt *s, struct ll_arena *a, struct ll_public_stop *ret, struct ll_err *err)
{
    bool nomem = false;

    *ret = (struct ll_public_stop){.id = ll_col_int(s, 0),
                                   .resource = ll_col_dup(s, 1, a, &nomem),
                                   .record = ll_col_dup(s, 2, a, &nomem),
                                   .since = (int32_t)ll_col_int(s, 3),
                                   .reason = ll_col_dup(s, 4, a, &nomem),
                                   .document = ll_col_dup(s, 5, a, &nomem),
                                   .account = ll_col_dup(s, 6, a, &nomem),
                                   .organisation = ll_col_dup(s, 7, a, &nomem),
                                   .made_at = ll_col_int(s, 8),
                                   .lifted = ll_col_null(s, 9) ? LL_PUBLIC_NO_DAY : (int32_t)ll_col_int(s, 9),
                                   .lift_reason = ll_col_dup(s, 10, a, &nomem),
                                   .lift_document = ll_col_dup(s, 11, a, &nomem),
                                   .lifted_by = ll_col_dup(s, 12, a, &nomem)};
    return nomem ? ll_no_memory(err) : LL_OK;
}

int ll_public_stops(struct ll_txn *tx, const char *resource, const char *record, struct ll_arena *arena,
                    struct ll_public_stop **ret, size_t *ret_n, struct ll_err *err)
{
    struct ll_public_stop *list = ll_arena_array(arena, STOPS_MAX, sizeof *list);
    struct ll_stmt *s = NULL;
    size_t n = 0;
    int rc;

    if (!list)
        return ll_no_memory(err);
    if ((rc = ll_sql(
             tx,
             "SELECT id, resource, record, since, reason, document, account, organisation, made_at, lifted, lift_reason,"
             " lift_document, lifted_by FROM publicity_stop WHERE resource = $1 AND record = $2 ORDER BY id DESC LIMIT 100",
             &s, err)) < 0)
        return rc;
    ll_bind_z(s, 1, resource);
    ll_bind_z(s, 2, record);
    while ((rc = ll_step(s, err)) > 0 && (rc = read_stop(s, arena, &list[n], err)) == LL_OK)
        n++;
    ll_stmt_done(s);
    *ret = list;
    *ret_n = n;
    return rc < 0 ? rc : LL_OK;
}

static bool holds(const struct ll_public_stop *s, int32_t day)
{
    return s->since <= day && (s->lifted == LL_PUBLIC_NO_DAY || day < s->lifted);
}

int ll_public_at(struct ll_txn *tx, const struct ll_public_rules *rules, const struct ll_public_kind *kind,
                 const char *record, const struct ll_public_facts *facts, int32_t day, struct ll_arena *arena,
                 struct ll_public_show *ret, struct ll_err *err)
{
    struct ll_public_stop *stops = NULL;
    size_t n = 0;
    int rc;

    ll_public_by_rule(rules, kind, facts, day, ret);
    if ((rc = ll_public_stops(tx, kind->resource, record, arena, &stops, &n, err)) < 0)
        return rc;
    for (size_t i = 0; i < n && !ret->stop; i++)
        if (holds(&stops[i], day))
            ret->stop = &stops[i];
    if (ret->stop)
        ret->state = LL_PUBLIC_STOPPED;
    return LL_OK;
}

/* --- lifting ---------------------------------------------------------------------------------------------------------------- */

static int check_lift(const struct ll_public_stop *stops, size_t n, int32_t from, struct ll_err *err)
{
    if (n == 0 || stops[0].lifted != LL_PUBLIC_NO_DAY)
        return ll_fail(err, LL_NOTFOUND, "这条记录没有停止公示",
                       "nothing stops this record from being shown");
    if (from < stops[0].since)
        return ll_fail(err, LL_INVALID, "恢复公示不能早于停止公示之日",
                       "it cannot be shown again before it was stopped");
    return LL_OK;
}

int ll_public_lift(struct ll_txn *tx, const char *resource, const char *record, int32_t from,
                   const char *reason, const char *document, const struct ll_actor *by, struct ll_err *err)
{
    struct ll_arena *arena = ll_arena_new(1 << 20);
    struct ll_public_stop *stops = NULL;
    size_t n = 0;
    int rc = arena ? check_texts(reason, document, err) : ll_no_memory(err);

    if (rc == LL_OK && (rc = ll_public_stops(tx, resource, record, arena, &stops, &n, err)) == LL_OK &&
        (rc = check_lift(stops, n, from, err)) == LL_OK)
        rc = ll_exec(
            tx, err,
            "UPDATE publicity_stop SET lifted = $2, lift_reason = $3, lift_document = $4, lifted_by = $5,"
            " lifted_at = $6 WHERE id = $1",
            "iizzzi", stops[0].id, (int64_t)from, reason, document, person(by), ll_now_ms());
    ll_arena_free(arena);
    return rc;
}
