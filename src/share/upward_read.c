/* upward_read.c - what went up, when, what became of it, and how both sides compare: for the console and the command line. */
#include "share/upward.h"

#include "base/clock.h"
#include "share/recordname.h"

#include <stdio.h>
#include <string.h>

enum { SCRATCH = 1 << 20 };

static void put_time(struct ll_json *j, const char *key, struct ll_stmt *q, int at)
{
    char when[LL_TIME_TEXT];

    ll_json_kz(j, key, ll_col_null(q, at) ? NULL : ll_time_text(ll_col_int(q, at), when));
}

static void put_text(struct ll_json *j, const char *key, struct ll_stmt *q, int at)
{
    ll_json_key(j, key);
    if (ll_col_null(q, at))
        ll_json_null(j);
    else
        ll_json_str(j, ll_col_text(q, at));
}

static void put_count(struct ll_json *j, const char *key, struct ll_stmt *q, int at)
{
    ll_json_key(j, key);
    if (ll_col_null(q, at))
        ll_json_null(j);
    else
        ll_json_int(j, ll_col_int(q, at));
}

static void put_error(struct ll_json *j, struct ll_stmt *q, int at)
{
    ll_json_key(j, "error");
    if (ll_col_null(q, at)) {
        ll_json_null(j);
        return;
    }
    ll_json_obj(j);
    ll_json_ks(j, "zh", ll_col_text(q, at));
    ll_json_ks(j, "en", ll_col_text(q, at + 1));
    ll_json_end_obj(j);
}

/* --- streams --------------------------------------------------------------------------------------------------------------- */

static const char stream_sql[] =
    "SELECT (SELECT max(m.sequence) FROM upward_message m WHERE m.stream = s.id),"
    " (SELECT count(*) FROM upward_message m WHERE m.stream = s.id AND m.state IN ('made', 'sent')),"
    " (SELECT sum(m.accepted) FROM upward_message m WHERE m.stream = s.id),"
    " (SELECT count(*) FROM upward_returned b WHERE b.stream = s.id AND b.closed_at IS NULL),"
    " s.contact_at, s.failed_at, (SELECT max(d.at) FROM upward_day d WHERE d.stream = s.id),"
    " (SELECT count(*) FROM upward_day d WHERE d.stream = s.id AND (d.rows <> d.upper_rows OR d.hash <> d.upper_hash)),"
    " s.error_zh, s.error_en FROM (SELECT $1 AS wanted) LEFT JOIN upward_stream s ON s.name = wanted";

static int put_stream(struct ll_txn *tx, const struct ll_upward_layout *l, struct ll_json *j,
                      struct ll_err *err)
{
    char since[LL_UPWARD_DAY_TEXT];
    struct ll_stmt *q = NULL;
    int rc = ll_sql(tx, stream_sql, &q, err);

    if (rc < 0)
        return rc;
    ll_bind_z(q, 1, l->stream);
    if ((rc = ll_step(q, err)) > 0) {
        ll_json_obj(j);
        ll_json_kz(j, "stream", l->stream);
        ll_json_kz(j, "title", l->title);
        ll_json_kz(j, "title_en", l->title_en);
        ll_json_kz(j, "resource", l->resource);
        ll_json_kz(j, "upper_resource", l->upper);
        ll_json_kz(j, "since", l->since == INT32_MIN ? NULL : ll_upward_day_text(l->since, since));
        ll_json_kz(j, "basis", l->basis);
        ll_json_kz(j, "source", l->source);
        put_count(j, "last", q, 0);
        ll_json_ki(j, "open", ll_col_int(q, 1));
        ll_json_ki(j, "accepted", ll_col_int(q, 2));
        ll_json_ki(j, "returned", ll_col_int(q, 3));
        put_time(j, "contact_at", q, 4);
        put_time(j, "failed_at", q, 5);
        put_time(j, "reconciled_at", q, 6);
        ll_json_ki(j, "days_differing", ll_col_int(q, 7));
        put_error(j, q, 8);
        ll_json_end_obj(j);
    }
    ll_stmt_done(q);
    return rc < 0 ? rc : LL_OK;
}

int ll_upward_streams_json(struct ll_store *st, struct ll_json *j, struct ll_err *err)
{
    struct ll_arena *arena = ll_arena_new(0);
    struct ll_upward_layouts l;
    struct ll_txn *tx = NULL;
    int rc = arena ? ll_txn_begin(st, false, &tx, err) : ll_no_memory(err);

    if (rc == LL_OK && (rc = ll_upward_layouts_read(tx, arena, &l, err)) == LL_OK) {
        ll_json_key(j, "items");
        ll_json_arr(j);
        for (size_t i = 0; i < l.n_layouts && rc == LL_OK; i++)
            rc = put_stream(tx, &l.layouts[i], j, err);
        ll_json_end_arr(j);
    }
    ll_txn_end(tx);
    ll_arena_free(arena);
    return rc;
}

/* --- pages ----------------------------------------------------------------------------------------------------------------- */

/* Rows of a statement whose last column is how many there are in all. */
struct listing {
    const char *sql;
    int total; /* column of it */
    void (*put)(struct ll_json *j, struct ll_stmt *q);
};

static int put_list(struct ll_store *st, const struct listing *l, const struct ll_upward_page *p,
                    struct ll_json *j, struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    struct ll_stmt *q = NULL;
    int64_t total = 0;
    int rc = ll_txn_begin(st, false, &tx, err);

    if (rc == LL_OK && (rc = ll_sql(tx, l->sql, &q, err)) == LL_OK) {
        ll_bind_z(q, 1, p->stream);
        ll_bind_int(q, 2, p->limit);
        ll_bind_int(q, 3, p->offset);
        ll_json_key(j, "items");
        ll_json_arr(j);
        while ((rc = ll_step(q, err)) > 0) {
            total = ll_col_int(q, l->total);
            l->put(j, q);
        }
        ll_json_end_arr(j);
        ll_json_ki(j, "total", total);
    }
    ll_stmt_done(q);
    ll_txn_end(tx);
    return rc < 0 ? rc : LL_OK;
}

static void put_message(struct ll_json *j, struct ll_stmt *q)
{
    char day[LL_UPWARD_DAY_TEXT];

    ll_json_obj(j);
    ll_json_ki(j, "sequence", ll_col_int(q, 0));
    ll_json_kz(j, "day", ll_upward_day_text(ll_col_int(q, 1), day));
    put_text(j, "batch", q, 2);
    ll_json_ki(j, "rows", ll_col_int(q, 3));
    ll_json_ki(j, "deletes", ll_col_int(q, 4));
    ll_json_ki(j, "bytes", ll_col_int(q, 5));
    ll_json_ks(j, "sha256", ll_col_text(q, 6));
    ll_json_ks(j, "state", ll_col_text(q, 7));
    put_time(j, "made_at", q, 8);
    put_time(j, "sent_at", q, 9);
    put_time(j, "settled_at", q, 10);
    put_count(j, "accepted", q, 11);
    put_count(j, "returned", q, 12);
    put_text(j, "delivery", q, 13);
    put_error(j, q, 14);
    ll_json_end_obj(j);
}

int ll_upward_messages_json(struct ll_store *st, const struct ll_upward_page *p, struct ll_json *j,
                            struct ll_err *err)
{
    static const struct listing messages = {
        "SELECT m.sequence, m.day, m.batch, m.rows, m.deletes, m.bytes, m.sha256, m.state, m.made_at, m.sent_at, m.settled_at,"
        " m.accepted, m.returned, m.delivery, m.error_zh, m.error_en,"
        " (SELECT count(*) FROM upward_message c WHERE c.stream = s.id)"
        " FROM upward_stream s JOIN upward_message m ON m.stream = s.id WHERE s.name = $1"
        " ORDER BY m.sequence DESC LIMIT $2 OFFSET $3",
        16, put_message};

    return put_list(st, &messages, p, j, err);
}

static void put_day(struct ll_json *j, struct ll_stmt *q)
{
    char day[LL_UPWARD_DAY_TEXT];

    ll_json_obj(j);
    ll_json_kz(j, "day", ll_upward_day_text(ll_col_int(q, 0), day));
    ll_json_ki(j, "rows", ll_col_int(q, 1));
    ll_json_ks(j, "hash", ll_col_text(q, 2));
    ll_json_ki(j, "upper_rows", ll_col_int(q, 3));
    ll_json_ks(j, "upper_hash", ll_col_text(q, 4));
    ll_json_ki(j, "missing", ll_col_int(q, 5));
    ll_json_ki(j, "surplus", ll_col_int(q, 6));
    ll_json_ki(j, "different", ll_col_int(q, 7));
    put_time(j, "at", q, 8);
    ll_json_end_obj(j);
}

int ll_upward_days_json(struct ll_store *st, const char *stream, struct ll_json *j, struct ll_err *err)
{
    static const struct listing days = {
        "SELECT d.day, d.rows, d.hash, d.upper_rows, d.upper_hash, d.missing, d.surplus, d.different, d.at,"
        " count(*) OVER () FROM upward_stream s JOIN upward_day d ON d.stream = s.id WHERE s.name = $1"
        " ORDER BY d.day DESC LIMIT $2 OFFSET $3",
        9, put_day};
    const struct ll_upward_page all = {stream, 0, 20000};

    return put_list(st, &days, &all, j, err);
}

/* --- what came back -------------------------------------------------------------------------------------------------------- */

static int one_returned(struct ll_stmt *q, struct ll_vault *v, struct ll_arena *arena,
                        ll_upward_returned_fn *fn, void *ctx, struct ll_err *err)
{
    bool nomem = false;
    struct ll_upward_returned r = {.stream = ll_col_dup(q, 0, arena, &nomem),
                                   .resource = ll_col_dup(q, 1, arena, &nomem),
                                   .department = ll_col_dup(q, 2, arena, &nomem),
                                   .record = ll_col_dup(q, 3, arena, &nomem),
                                   .codes = ll_col_dup(q, 4, arena, &nomem),
                                   .zh = ll_col_dup(q, 5, arena, &nomem),
                                   .en = ll_col_dup(q, 6, arena, &nomem),
                                   .sequence = ll_col_int(q, 7),
                                   .returned_at = ll_col_int(q, 8),
                                   .closed_at = ll_col_null(q, 9) ? -1 : ll_col_int(q, 9)};

    if (nomem)
        return ll_no_memory(err);
    r.record = ll_record_name_open(v, r.resource, r.record, arena);
    return fn(ctx, &r, err);
}

/* A department sees its own, and whoever provides the resource all of it. */
#define THEIRS                                                                                                              \
    " FROM upward_returned b JOIN upward_stream s ON s.id = b.stream WHERE s.name = $1 AND ($2 = 0 OR b.closed_at IS NULL)" \
    " AND ($3 IS NULL OR b.department = $3 OR b.resource IN (SELECT name FROM resource WHERE provider = $3))"

static void bind_theirs(struct ll_stmt *q, const struct ll_upward_page *p, bool open, const char *only)
{
    ll_bind_z(q, 1, p->stream);
    ll_bind_int(q, 2, open);
    ll_bind_z(q, 3, only);
}

static int count_returned(struct ll_txn *tx, const struct ll_upward_page *p, bool open, const char *only,
                          int64_t *ret, struct ll_err *err)
{
    struct ll_stmt *q = NULL;
    int rc = ll_sql(tx, "SELECT count(*)" THEIRS, &q, err);

    if (rc < 0)
        return rc;
    bind_theirs(q, p, open, only);
    if ((rc = ll_step(q, err)) > 0)
        *ret = ll_col_int(q, 0);
    ll_stmt_done(q);
    return rc < 0 ? rc : LL_OK;
}

int ll_upward_returned_each(struct ll_store *st, struct ll_vault *v, const struct ll_upward_page *p,
                            bool open, const char *only, ll_upward_returned_fn *fn, void *ctx,
                            int64_t *ret_total, struct ll_err *err)
{
    struct ll_arena *arena = ll_arena_new(SCRATCH);
    struct ll_txn *tx = NULL;
    struct ll_stmt *q = NULL;
    int rc = arena ? ll_txn_begin(st, false, &tx, err) : ll_no_memory(err);

    if (rc == LL_OK && (rc = count_returned(tx, p, open, only, ret_total, err)) == LL_OK &&
        (rc = ll_sql(
             tx,
             "SELECT s.name, b.resource, b.department, b.record, b.codes, b.zh, b.en, b.sequence, b.returned_at,"
             " b.closed_at" THEIRS " ORDER BY b.sequence DESC, b.row LIMIT $4 OFFSET $5",
             &q, err)) == LL_OK) {
        bind_theirs(q, p, open, only);
        ll_bind_int(q, 4, p->limit);
        ll_bind_int(q, 5, p->offset);
        while ((rc = ll_step(q, err)) > 0) {
            ll_arena_reset(arena);
            if ((rc = one_returned(q, v, arena, fn, ctx, err)) < 0)
                break;
        }
    }
    ll_stmt_done(q);
    ll_txn_end(tx);
    ll_arena_free(arena);
    return rc < 0 ? rc : LL_OK;
}
