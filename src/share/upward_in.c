/* upward_in.c - see upward_in.h: taking messages, and telling what became of them.
 *
 * A number is reserved with the hash of its message before the delivery is received, and gets the delivery's id after it: whatever a crash cuts short
 * is found again by the same message, since the intake knows bytes that it has. */
#include "share/upward_in.h"

#include "base/clock.h"
#include "crypto/digest.h"
#include "intake/delivery.h"
#include "intake/quarantine.h"
#include "share/admin.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { SHA_TEXT = 2 * LL_DIGEST + 1, TICK_NS = 500000 };

/* --- taking ---------------------------------------------------------------------------------------------------------------- */

static int check_body(const struct ll_upward_in *m, struct ll_err *err)
{
    unsigned char sha[LL_DIGEST];
    char text[SHA_TEXT];

    ll_sha256(m->body.p, m->body.n, sha);
    for (size_t i = 0; i < LL_DIGEST; i++)
        snprintf(text + 2 * i, 3, "%02x", sha[i]);
    if (!m->body.n || !ll_str_is(m->sha256, text))
        return ll_fail(err, LL_INVALID, "报文与所写的 sha256 不符（收到的是 %s）",
                       "the message is not what its sha256 says (received: %s)", text);
    return LL_OK;
}

struct place {
    int64_t last, received_at; /* of the newest message */
    bool there, same;
    char delivery[LL_ID_TEXT];
};

static int find_place(struct ll_txn *tx, const struct ll_upward_in *m, struct place *ret, struct ll_err *err)
{
    struct ll_stmt *q = NULL;
    int rc = ll_sql(
        tx,
        "SELECT coalesce(max(sequence), 0), coalesce(max(received_at), 0),"
        " (SELECT sha256 FROM upward_received WHERE organisation = $1 AND resource = $2 AND sequence = $3),"
        " (SELECT delivery FROM upward_received WHERE organisation = $1 AND resource = $2 AND sequence = $3)"
        " FROM upward_received WHERE organisation = $1 AND resource = $2",
        &q, err);

    *ret = (struct place){0};
    if (rc < 0)
        return rc;
    ll_bind_z(q, 1, m->from->organisation);
    ll_bind_z(q, 2, m->resource);
    ll_bind_int(q, 3, m->sequence);
    if ((rc = ll_step(q, err)) > 0) {
        ret->last = ll_col_int(q, 0);
        ret->received_at = ll_col_int(q, 1);
        ret->there = !ll_col_null(q, 2);
        ret->same = ret->there && ll_str_eq(ll_col_text(q, 2), m->sha256);
        snprintf(ret->delivery, sizeof ret->delivery, LL_STR_FMT, LL_STR_ARG(ll_col_text(q, 3)));
    }
    ll_stmt_done(q);
    return rc < 0 ? rc : LL_OK;
}

/* (1) */
static int check_place(const struct ll_upward_in *m, const struct place *p, struct ll_err *err)
{
    if (p->there && !p->same)
        return ll_fail(
            err, LL_CONFLICT, "第 %" PRId64 " 号报文已经收到，内容与此不同；下一份应为第 %" PRId64 " 号",
            "message %" PRId64 " was received with other contents; number %" PRId64 " is expected next",
            m->sequence, p->last + 1);
    if (!p->there && m->sequence != p->last + 1)
        return ll_fail(err, LL_CONFLICT, "收到第 %" PRId64 " 号报文，应为第 %" PRId64 " 号",
                       "message %" PRId64 " came, number %" PRId64 " is expected", m->sequence, p->last + 1);
    return LL_OK;
}

static int reserve(struct ll_store *st, const struct ll_upward_in *m, struct place *ret, struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    int rc = ll_txn_begin(st, true, &tx, err);

    if (rc == LL_OK && (rc = find_place(tx, m, ret, err)) == LL_OK &&
        (rc = check_place(m, ret, err)) == LL_OK && !ret->there &&
        (rc = ll_exec(
             tx, err,
             "INSERT INTO upward_received (organisation, resource, sequence, sha256, day, rows, deletes, client, received_at)"
             " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
             "zzisiiizi", m->from->organisation, m->resource, m->sequence, m->sha256, m->day, m->rows,
             m->deletes, m->from->client, ll_now_ms())) == LL_OK)
        rc = ll_txn_commit(tx, err);
    ll_txn_end(tx);
    return rc;
}

/* Jobs that a crash cut short go on in the order in which their deliveries were received, by the millisecond. */
static void after(int64_t ms)
{
    const struct timespec tick = {0, TICK_NS};

    for (int i = 0; i < 10 && ll_now_ms() <= ms; i++)
        nanosleep(&tick, NULL);
}

static int receive(struct ll_data *d, const struct ll_upward_in *m, char id[LL_ID_TEXT], bool *again,
                   struct ll_err *err)
{
    struct ll_receive *r = NULL;
    char name[128];
    int rc;

    snprintf(name, sizeof name, "%.48s-%" PRId64 ".jsonl", m->from->organisation, m->sequence);
    if ((rc = ll_receive_open(d, m->resource, "increment", name, &r, err)) < 0)
        return rc;
    if ((rc = ll_receive_add(r, m->body.p, m->body.n, err)) < 0) {
        ll_receive_abort(r);
        return rc;
    }
    return ll_receive_done(r, id, again, err);
}

static int keep(struct ll_store *st, const struct ll_upward_in *m, const char *id, struct ll_err *err)
{
    struct ll_admin_note note = {.act = LL_ADMIN_UPWARD_RECEIVED};
    char object[128], detail[200];
    struct ll_txn *tx = NULL;
    int rc = ll_txn_begin(st, true, &tx, err);

    snprintf(object, sizeof object, "%.48s/%" PRId64, m->resource, m->sequence);
    snprintf(detail, sizeof detail, "rows %" PRId64 ", deletes %" PRId64 ", sha256 " LL_STR_FMT ", as %.32s",
             m->rows, m->deletes, LL_STR_ARG(m->sha256), id);
    note.object = ll_str(object);
    note.of = ll_str(m->from->client);
    note.detail = ll_str(detail);
    if (rc == LL_OK &&
        (rc = ll_exec(
             tx, err,
             "UPDATE upward_received SET delivery = $4 WHERE organisation = $1 AND resource = $2 AND sequence = $3",
             "zziz", m->from->organisation, m->resource, m->sequence, id)) == LL_OK &&
        (rc = ll_admin_note(tx, m->from, &note, err)) == LL_OK)
        rc = ll_txn_commit(tx, err);
    ll_txn_end(tx);
    return rc;
}

int ll_upward_in_take(struct ll_data *d, const struct ll_upward_in *m, char id[LL_ID_TEXT], bool *again,
                      bool *ret_run, struct ll_err *err)
{
    struct place p = {0};
    bool known = false;
    int rc;

    *again = *ret_run = false;
    if ((rc = check_body(m, err)) < 0 || (rc = reserve(ll_data_store(d), m, &p, err)) < 0)
        return rc;
    if (p.delivery[0]) {
        memcpy(id, p.delivery, LL_ID_TEXT);
        *again = true;
        return LL_OK;
    }
    after(p.received_at);
    if ((rc = receive(d, m, id, &known, err)) == LL_OK)
        rc = keep(ll_data_store(d), m, id, err);
    *ret_run = rc == LL_OK;
    return rc;
}

/* --- what became of them --------------------------------------------------------------------------------------------------- */

#define STATUS                                                                                                           \
    "SELECT u.sequence, u.sha256, u.rows, u.deletes, u.delivery, d.state, d.quarantined, d.error_zh, d.error_en, u.day," \
    " u.received_at FROM upward_received u LEFT JOIN delivery d ON d.id = u.delivery"

static const char *state_word(struct ll_str state)
{
    if (ll_str_is(state, "published") || ll_str_is(state, "withdrawn"))
        return "taken";
    return ll_str_is(state, "failed") ? "refused" : ll_str_is(state, "waiting") ? "waiting" : "received";
}

static void put_message(struct ll_stmt *q, struct ll_json *j)
{
    const char *word = state_word(ll_col_text(q, 5));
    bool taken = strcmp(word, "taken") == 0, refused = strcmp(word, "refused") == 0;
    int64_t rows = ll_col_int(q, 2), back = taken ? ll_col_int(q, 6) : refused ? rows : 0;
    char day[LL_UPWARD_DAY_TEXT], when[LL_TIME_TEXT];

    ll_json_obj(j);
    ll_json_ki(j, "sequence", ll_col_int(q, 0));
    ll_json_ks(j, "sha256", ll_col_text(q, 1));
    ll_json_kz(j, "state", word);
    ll_json_kz(j, "day", ll_upward_day_text(ll_col_int(q, 9), day));
    ll_json_kz(j, "received_at", ll_time_text(ll_col_int(q, 10), when));
    ll_json_ki(j, "rows", rows);
    ll_json_ki(j, "deletes", ll_col_int(q, 3));
    ll_json_ki(j, "accepted", taken ? rows - back : 0);
    ll_json_ki(j, "returned", back);
    ll_json_key(j, "delivery");
    if (ll_col_null(q, 4))
        ll_json_null(j);
    else
        ll_json_str(j, ll_col_text(q, 4));
    ll_json_key(j, "error");
    if (refused && !ll_col_null(q, 7)) {
        ll_json_obj(j);
        ll_json_ks(j, "zh", ll_col_text(q, 7));
        ll_json_ks(j, "en", ll_col_text(q, 8));
        ll_json_end_obj(j);
    } else
        ll_json_null(j);
    ll_json_end_obj(j);
}

static int last_of(struct ll_txn *tx, const char *organisation, const char *resource, int64_t *ret,
                   struct ll_err *err)
{
    struct ll_stmt *q = NULL;
    int rc = ll_sql(
        tx,
        "SELECT coalesce(max(sequence), 0) FROM upward_received WHERE organisation = $1 AND resource = $2",
        &q, err);

    if (rc < 0)
        return rc;
    ll_bind_z(q, 1, organisation);
    ll_bind_z(q, 2, resource);
    if ((rc = ll_step(q, err)) > 0)
        *ret = ll_col_int(q, 0);
    ll_stmt_done(q);
    return rc < 0 ? rc : LL_OK;
}

int ll_upward_in_status(struct ll_data *d, const char *organisation, const char *resource, int64_t after_,
                        int64_t limit, struct ll_json *j, struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    struct ll_stmt *q = NULL;
    int64_t last = 0;
    int rc = ll_txn_begin(ll_data_store(d), false, &tx, err);

    if (rc == LL_OK && (rc = last_of(tx, organisation, resource, &last, err)) == LL_OK &&
        (rc = ll_sql(
             tx,
             STATUS
             " WHERE u.organisation = $1 AND u.resource = $2 AND u.sequence > $3 ORDER BY u.sequence LIMIT $4",
             &q, err)) == LL_OK) {
        ll_bind_z(q, 1, organisation);
        ll_bind_z(q, 2, resource);
        ll_bind_int(q, 3, after_);
        ll_bind_int(q, 4, limit);
        ll_json_obj(j);
        ll_json_kz(j, "resource", resource);
        ll_json_ki(j, "last", last);
        ll_json_key(j, "messages");
        ll_json_arr(j);
        while ((rc = ll_step(q, err)) > 0)
            put_message(q, j);
        ll_json_end_arr(j);
        ll_json_end_obj(j);
    }
    ll_stmt_done(q);
    ll_txn_end(tx);
    return rc < 0 ? rc : LL_OK;
}

/* 1: the message is there and its delivery came to an end. */
static int batch_of(struct ll_data *d, const char *organisation, const char *resource, int64_t sequence,
                    char id[LL_ID_TEXT], struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    struct ll_stmt *q = NULL;
    int rc = ll_txn_begin(ll_data_store(d), false, &tx, err);

    if (rc == LL_OK &&
        (rc = ll_sql(tx,
                     "SELECT b.id FROM upward_received u JOIN batch b ON b.delivery = u.delivery"
                     " WHERE u.organisation = $1 AND u.resource = $2 AND u.sequence = $3",
                     &q, err)) == LL_OK) {
        ll_bind_z(q, 1, organisation);
        ll_bind_z(q, 2, resource);
        ll_bind_int(q, 3, sequence);
        if ((rc = ll_step(q, err)) > 0)
            snprintf(id, LL_ID_TEXT, LL_STR_FMT, LL_STR_ARG(ll_col_text(q, 0)));
    }
    ll_stmt_done(q);
    ll_txn_end(tx);
    return rc;
}

static int put_refused(void *ctx, const struct ll_refused *r, struct ll_err *err)
{
    struct ll_json *j = ctx;

    (void)err;
    ll_json_obj(j);
    ll_json_ki(j, "row", r->row);
    ll_json_key(j, "codes");
    ll_json_raw(j, r->codes);
    ll_json_ks(j, "zh", r->zh);
    ll_json_ks(j, "en", r->en);
    ll_json_end_obj(j);
    return LL_OK;
}

int ll_upward_in_returned(struct ll_data *d, const char *organisation, const char *resource, int64_t sequence,
                          int64_t offset, int64_t limit, struct ll_json *j, struct ll_err *err)
{
    char id[LL_ID_TEXT];
    int rc = batch_of(d, organisation, resource, sequence, id, err);

    if (rc == 0)
        rc = ll_fail(err, LL_NOTFOUND, "第 %" PRId64 " 号报文没有收到，或尚未处理完",
                     "message %" PRId64 " was not received, or is still being worked on", sequence);
    if (rc < 0)
        return rc;
    ll_json_obj(j);
    ll_json_key(j, "items");
    ll_json_arr(j);
    rc = ll_quarantine_each(d, id, false, offset, limit, put_refused, j, err);
    ll_json_end_arr(j);
    ll_json_end_obj(j);
    return rc;
}
