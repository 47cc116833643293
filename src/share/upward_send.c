/* upward_send.c - sends messages in their order, asks what became of them, and takes the answers in.
 *
 * (1) A message is `made`, `sent` when the upper platform has it durable, then `accepted` (with or without rows that came back) or `refused` as a
 *     whole.  Each change is one transaction.
 * (2) Whatever was cut short is done again: the upper platform answers a message that it has already as it did the first time.
 * (3) An upper platform that has fewer messages than it once had (it was put back from a copy) is sent them again as long as they are kept. */
#include "share/upward_impl.h"
#include "share/upward_wire.h"

#include "base/clock.h"
#include "share/admin.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { WINDOW = 32, IN_FLIGHT = 16, STEPS = 256 };

struct message {
    int64_t sequence, day, rows, deletes;
    const char *sha256;
};

static int one_number(struct upward_stream *s, const char *sql, int64_t arg, int64_t *ret, struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    struct ll_stmt *q = NULL;
    int rc = ll_txn_begin(s->u->store, false, &tx, err);

    if (rc == LL_OK && (rc = ll_sql(tx, sql, &q, err)) == LL_OK) {
        ll_bind_int(q, 1, s->id);
        ll_bind_int(q, 2, arg);
        if ((rc = ll_step(q, err)) > 0)
            *ret = ll_col_int(q, 0);
    }
    ll_stmt_done(q);
    ll_txn_end(tx);
    return rc < 0 ? rc : LL_OK;
}

int upward_count_open(struct upward_stream *s, int64_t *ret, struct ll_err *err)
{
    return one_number(
        s, "SELECT count(*) FROM upward_message WHERE stream = $1 AND state IN ('made', 'sent') AND $2 = 0",
        0, ret, err);
}

/* --- making ---------------------------------------------------------------------------------------------------------------- */

static int make(struct upward_stream *s, struct ll_upward_done *ret, struct ll_err *err)
{
    int64_t open = 0;
    bool made = false;
    int rc = upward_count_open(s, &open, err), steps = 0;

    if (rc < 0)
        return rc;
    for (; steps < STEPS && open < WINDOW && (rc = upward_cut(s, &made, err)) > 0; steps++) {
        open += made;
        ret->made += made;
    }
    ret->more = rc > 0 || open >= WINDOW || steps == STEPS;
    return rc < 0 ? rc : LL_OK;
}

/* --- sending --------------------------------------------------------------------------------------------------------------- */

/* The first message with a state.  1: there is one. */
static int first(struct upward_stream *s, const char *state, struct message *ret, struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    struct ll_stmt *q = NULL;
    bool nomem = false;
    int rc = ll_txn_begin(s->u->store, false, &tx, err);

    if (rc == LL_OK &&
        (rc = ll_sql(
             tx,
             "SELECT sequence, day, rows, deletes, sha256 FROM upward_message"
             " WHERE stream = $1 AND state = $2 AND state IN ('made', 'sent') ORDER BY sequence LIMIT 1",
             &q, err)) == LL_OK) {
        ll_bind_int(q, 1, s->id);
        ll_bind_z(q, 2, state);
        if ((rc = ll_step(q, err)) > 0)
            *ret = (struct message){ll_col_int(q, 0), ll_col_int(q, 1), ll_col_int(q, 2), ll_col_int(q, 3),
                                    ll_col_dup(q, 4, s->arena, &nomem)};
    }
    ll_stmt_done(q);
    ll_txn_end(tx);
    return nomem ? ll_no_memory(err) : rc;
}

static int write_one(struct upward_stream *s, const char *sql, int64_t sequence, int64_t now,
                     struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    int rc = ll_txn_begin(s->u->store, true, &tx, err);

    if (rc == LL_OK && (rc = ll_exec(tx, err, sql, "iii", s->id, sequence, now)) == LL_OK)
        rc = ll_txn_commit(tx, err);
    ll_txn_end(tx);
    return rc;
}

static int send_one(struct upward_stream *s, const struct ll_upward_link *link, const struct message *m,
                    struct ll_err *err)
{
    struct ll_buf body = LL_BUF_INIT(UPWARD_BODY_MAX + 4096);
    char day[LL_UPWARD_DAY_TEXT], target[512];
    int rc = upward_file_read(s, m->sequence, "body", UPWARD_BODY_MAX, &body, err);

    snprintf(target, sizeof target,
             "/v1/upward/in/%.64s/%" PRId64 "?sha256=%s&day=%s&rows=%" PRId64 "&deletes=%" PRId64,
             s->plan.layout->upper, m->sequence, m->sha256, ll_upward_day_text(m->day, day), m->rows,
             m->deletes);
    if (rc == LL_OK)
        rc = upward_wire_call(
            link, &(struct ll_upward_request){.method = "POST", .target = target, .body = ll_buf_view(&body)},
            202, NULL, err);
    if (rc == LL_OK)
        rc = write_one(
            s, "UPDATE upward_message SET state = 'sent', sent_at = $3 WHERE stream = $1 AND sequence = $2",
            m->sequence, ll_now_ms(), err);
    ll_buf_free(&body);
    return rc;
}

static int send(struct upward_stream *s, const struct ll_upward_link *link, struct ll_upward_done *ret,
                struct ll_err *err)
{
    struct message m = {0};
    int64_t flying = 0;
    int rc = one_number(s,
                        "SELECT count(*) FROM upward_message WHERE stream = $1 AND state = 'sent' AND $2 = 0",
                        0, &flying, err);

    for (; rc == LL_OK && flying < IN_FLIGHT && (rc = first(s, "made", &m, err)) > 0; flying++) {
        if ((rc = send_one(s, link, &m, err)) < 0)
            return rc;
        ret->sent++;
    }
    ret->more = ret->more || flying >= IN_FLIGHT;
    return rc < 0 ? rc : LL_OK;
}

/* --- what became of them --------------------------------------------------------------------------------------------------- */

/* (3) */
static int rewind_to(struct upward_stream *s, int64_t last, struct ll_err *err)
{
    int64_t gone = 0;
    int rc = one_number(
        s, "SELECT count(*) FROM upward_message WHERE stream = $1 AND sequence > $2 AND kept = 0", last,
        &gone, err);

    if (rc == LL_OK && gone)
        return ll_fail(err, LL_INVALID,
                       "上级平台只有到第 %" PRId64 " 号的报文，而此后有 %" PRId64
                       " 份已不再保留（设置 upward_keep_days），不能重发",
                       "the upper platform has messages up to %" PRId64 " only, and %" PRId64
                       " after it are no longer kept (setting upward_keep_days) and cannot be sent again",
                       last, gone);
    return rc < 0
               ? rc
               : write_one(
                     s,
                     "UPDATE upward_message SET state = 'made' WHERE stream = $1 AND sequence > $2 AND state <> 'made' AND $3 = 0",
                     last, 0, err);
}

static int settle_all(struct upward_stream *s, const struct ll_upward_link *link, struct ll_upward_done *ret,
                      struct ll_err *err)
{
    struct upward_status status = {0};
    struct message m = {0};
    int rc = first(s, "sent", &m, err);

    if (rc <= 0)
        return rc;
    if ((rc = upward_wire_status(link, s->plan.layout->upper, m.sequence - 1, s->arena, &status, err)) < 0)
        return rc;
    if (status.last < m.sequence || status.last + 1 < s->next) {
        int64_t sent = 0;
        rc = one_number(
            s, "SELECT count(*) FROM upward_message WHERE stream = $1 AND sequence > $2 AND state <> 'made'",
            status.last, &sent, err);
        if (rc < 0 || (sent && (rc = rewind_to(s, status.last, err)) < 0))
            return rc;
    }
    for (size_t i = 0; i < status.n && rc == LL_OK; i++) {
        const struct upward_answer *a = &status.list[i];
        if (a->state == UPWARD_AT_WORK)
            break; /* in their order, so that a later answer never meets an earlier one's */
        if ((rc = upward_settle(s, link, a, err)) == LL_OK) {
            ret->settled++;
            ret->accepted += a->accepted;
            ret->returned += a->returned;
        }
    }
    ret->more = ret->more || (rc == LL_OK && ret->settled > 0);
    return rc;
}

/* --- a round --------------------------------------------------------------------------------------------------------------- */

static int note_contact(struct upward_stream *s, const struct ll_err *why, struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    int rc = ll_txn_begin(s->u->store, true, &tx, err);

    if (rc == LL_OK &&
        (rc =
             why ? ll_exec(
                       tx, err,
                       "UPDATE upward_stream SET failed_at = $2, error_zh = $3, error_en = $4 WHERE id = $1",
                       "iizz", s->id, ll_now_ms(), why->zh, why->en)
                 : ll_exec(
                       tx, err,
                       "UPDATE upward_stream SET contact_at = $2, failed_at = NULL, error_zh = NULL, error_en = NULL"
                       " WHERE id = $1",
                       "ii", s->id, ll_now_ms())) == LL_OK)
        rc = ll_txn_commit(tx, err);
    ll_txn_end(tx);
    return rc;
}

static int talk(struct upward_stream *s, const struct ll_upward_link *link, struct ll_upward_done *ret,
                struct ll_err *err)
{
    int rc = settle_all(s, link, ret, err);

    if (rc == LL_OK && (rc = send(s, link, ret, err)) == LL_OK)
        rc = settle_all(s, link, ret, err);
    return rc;
}

int ll_upward_round(struct ll_upward *u, const struct ll_upward_link *link, const char *stream,
                    struct ll_upward_done *ret, struct ll_err *err)
{
    struct upward_stream s;
    struct ll_err second;
    int rc = upward_stream_open(u, stream, &s, err);

    *ret = (struct ll_upward_done){0};
    if (rc < 0)
        return rc;
    if ((rc = make(&s, ret, err)) == LL_OK && (rc = upward_count_open(&s, &ret->open, err)) == LL_OK &&
        ret->open) {
        rc = talk(&s, link, ret, err);
        if (note_contact(&s, rc < 0 ? err : NULL, &second) < 0 && rc == LL_OK) {
            *err = second;
            rc = second.rc;
        }
    }
    if (rc == LL_OK && (rc = upward_count_open(&s, &ret->open, err)) == LL_OK)
        rc = upward_file_prune(&s, err);
    upward_stream_close(&s);
    return rc;
}

int ll_upward_resend(struct ll_upward *u, const char *stream, const struct ll_actor *by, int64_t *ret_n,
                     struct ll_err *err)
{
    struct ll_admin_note note = {.act = LL_ADMIN_UPWARD_RESENT, .object = ll_str(stream)};
    struct upward_stream s;
    struct ll_txn *tx = NULL;
    char detail[48];
    int rc = upward_stream_open(u, stream, &s, err);

    if (rc < 0)
        return rc;
    if ((rc = ll_txn_begin(u->store, true, &tx, err)) == LL_OK &&
        (rc = ll_exec(tx, err, "UPDATE upward_record SET state = 3 WHERE stream = $1 AND state = 2", "i",
                      s.id)) == LL_OK) {
        *ret_n = ll_txn_changes(tx);
        snprintf(detail, sizeof detail, "records %" PRId64, *ret_n);
        note.detail = ll_str(detail);
        s.pass = "";
        if ((rc = upward_stream_write(tx, &s, err)) == LL_OK &&
            (rc = ll_admin_note(tx, by, &note, err)) == LL_OK)
            rc = ll_txn_commit(tx, err);
    }
    ll_txn_end(tx);
    upward_stream_close(&s);
    return rc;
}
