/* upward_settle.c - takes in what became of a message: each record's state, and the rows that came back, to their departments. */
#include "share/upward_wire.h"

#include "base/clock.h"
#include "share/admin.h"
#include "share/recordname.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { NAME_MAX_ = 4096, REASON_TEXT = 1000 };

struct back {
    const char *codes, *zh, *en; /* codes NULL: the row was accepted */
};

struct settling {
    struct upward_stream *s;
    const struct upward_answer *a;
    struct ll_txn *tx;
    struct back *backs; /* a row each */
    size_t n;
    int64_t day, returned;
    bool open; /* some row of the stream came back before and is not closed */
};

static const char *plain(struct ll_arena *arena, const char *text)
{
    size_t n = strlen(text);
    char *copy;

    while (n > REASON_TEXT && (text[n] & 0xC0) == 0x80)
        n--;
    copy = ll_arena_dup(arena, (struct ll_str){text, n < REASON_TEXT ? n : REASON_TEXT});
    if (copy)
        ll_hide_numbers(copy);
    return copy;
}

static int one_back(void *ctx, int64_t row, const char *codes, const char *zh, const char *en,
                    struct ll_err *err)
{
    struct settling *t = ctx;
    struct ll_arena *arena = t->s->arena;

    if ((size_t)row > t->n)
        return ll_fail(err, LL_IO, "上级平台退回了第 %" PRId64 " 行，报文只有 %zu 行",
                       "the upper platform returned row %" PRId64 " of a message of %zu", row, t->n);
    t->backs[row - 1] = (struct back){ll_arena_dup(arena, ll_str(codes)), plain(arena, zh), plain(arena, en)};
    return t->backs[row - 1].codes && t->backs[row - 1].zh && t->backs[row - 1].en ? LL_OK
                                                                                   : ll_no_memory(err);
}

/* 1: it is there. */
static int read_message(struct settling *t, const char **ret_sha, struct ll_err *err)
{
    struct upward_stream *s = t->s;
    struct ll_txn *tx = NULL;
    struct ll_stmt *q = NULL;
    bool nomem = false;
    int rc = ll_txn_begin(s->u->store, false, &tx, err);

    if (rc == LL_OK &&
        (rc = ll_sql(
             tx,
             "SELECT day, rows, sha256, EXISTS (SELECT 1 FROM upward_returned WHERE stream = $1 AND closed_at IS NULL)"
             " FROM upward_message WHERE stream = $1 AND sequence = $2 AND state = 'sent'",
             &q, err)) == LL_OK) {
        ll_bind_int(q, 1, s->id);
        ll_bind_int(q, 2, t->a->sequence);
        if ((rc = ll_step(q, err)) > 0) {
            t->day = ll_col_int(q, 0);
            t->n = (size_t)ll_col_int(q, 1);
            *ret_sha = ll_col_dup(q, 2, s->arena, &nomem);
            t->open = ll_col_int(q, 3) != 0;
        }
    }
    ll_stmt_done(q);
    ll_txn_end(tx);
    return nomem ? ll_no_memory(err) : rc;
}

/* --- a row ----------------------------------------------------------------------------------------------------------------- */

#define THE_RECORD " WHERE stream = $1 AND key_a = $2 AND key_b = $3"
#define SETTLED "state = CASE WHEN sequence = $4 AND state = 0 THEN 1 ELSE state END"

static int accepted(struct settling *t, const struct upward_row *r, struct ll_err *err)
{
    int64_t id = t->s->id, sequence = t->a->sequence, a = (int64_t)r->key.a, b = (int64_t)r->key.b;
    int rc;

    if (!r->gone)
        return ll_exec(t->tx, err,
                       "UPDATE upward_record SET up_a = $5, up_b = $6, up_day = $7, " SETTLED THE_RECORD,
                       "iiiiiii", id, a, b, sequence, (int64_t)r->content.a, (int64_t)r->content.b, t->day);
    rc = ll_exec(t->tx, err,
                 "UPDATE upward_record SET up_a = NULL, up_b = NULL, up_day = NULL, " SETTLED THE_RECORD,
                 "iiii", id, a, b, sequence);
    return rc < 0 ? rc
                  : ll_exec(t->tx, err,
                            "DELETE FROM upward_record" THE_RECORD
                            " AND sent_a IS NULL AND up_a IS NULL AND sequence = $4",
                            "iiii", id, a, b, sequence);
}

/* The department that reported it, where the record names one that the catalogue has; otherwise whoever provides the resource. */
static int department_of(struct settling *t, struct ll_str named, const char **ret, struct ll_err *err)
{
    struct ll_stmt *q = NULL;
    bool nomem = false;
    int rc = ll_sql(t->tx, "SELECT code FROM organisation WHERE uscc = $1 OR name = $1 OR code = $1 LIMIT 1",
                    &q, err);

    *ret = t->s->plan.resource->provider;
    if (rc < 0)
        return rc;
    ll_bind_text(q, 1, named);
    if ((rc = named.n ? ll_step(q, err) : 0) > 0)
        *ret = ll_col_dup(q, 0, t->s->arena, &nomem);
    ll_stmt_done(q);
    return nomem ? ll_no_memory(err) : rc < 0 ? rc : LL_OK;
}

static int returned(struct settling *t, const struct upward_row *r, int64_t row, const struct back *why,
                    struct ll_err *err)
{
    const struct ll_resource *its = t->s->plan.resource;
    const char *record = ll_arena_dup(t->s->arena, r->record), *department = NULL;
    struct ll_buf name = LL_BUF_INIT(NAME_MAX_);
    int rc = record ? ll_record_name_keep(t->s->u->vault, its, record, &name, err) : ll_no_memory(err);

    if (rc == LL_OK && (rc = department_of(t, r->department, &department, err)) == LL_OK &&
        (rc = ll_exec(t->tx, err,
                      "UPDATE upward_record SET state = 2" THE_RECORD " AND sequence = $4 AND state = 0",
                      "iiii", t->s->id, (int64_t)r->key.a, (int64_t)r->key.b, t->a->sequence)) == LL_OK)
        rc = ll_exec(
            t->tx, err,
            "INSERT INTO upward_returned (stream, sequence, row, key_a, key_b, resource, department, record, codes, zh, en,"
            " returned_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
            " ON CONFLICT (stream, sequence, row) DO UPDATE SET zh = excluded.zh, en = excluded.en, codes = excluded.codes,"
            " closed_at = NULL, closed_by = NULL",
            "iiiiizzszzzi", t->s->id, t->a->sequence, row, (int64_t)r->key.a, (int64_t)r->key.b, its->name,
            department, ll_buf_view(&name), why->codes, why->zh, why->en, ll_now_ms());
    ll_buf_free(&name);
    t->returned++;
    return rc;
}

static int one_row(struct settling *t, const struct upward_row *r, int64_t row, struct ll_err *err)
{
    const struct back whole = {"[\"refused\"]", t->a->zh ? t->a->zh : "整份报文被拒收",
                               t->a->en ? t->a->en : "the message was refused"};
    const struct back *why = t->a->state == UPWARD_REFUSED ? &whole : &t->backs[row - 1];
    int rc = LL_OK;

    if (t->open) /* what was said of the record before is answered by this */
        rc = ll_exec(t->tx, err,
                     "UPDATE upward_returned SET closed_at = $4, closed_by = $5" THE_RECORD
                     " AND closed_at IS NULL AND sequence < $5",
                     "iiiii", t->s->id, (int64_t)r->key.a, (int64_t)r->key.b, ll_now_ms(), t->a->sequence);
    if (rc < 0)
        return rc;
    return why->codes ? returned(t, r, row, why, err) : accepted(t, r, err);
}

/* --- the message ----------------------------------------------------------------------------------------------------------- */

static int all_rows(struct settling *t, struct ll_str list, struct ll_err *err)
{
    struct upward_row r;
    int64_t row = 0;
    int rc = LL_OK;

    while (rc == LL_OK && row < (int64_t)t->n && upward_row_next(&list, &r))
        rc = one_row(t, &r, ++row, err);
    if (rc == LL_OK && row != (int64_t)t->n)
        rc = ll_fail(err, LL_INTERNAL, "第 %" PRId64 " 号报文的行数与记载不符",
                     "message %" PRId64 " has not as many rows as is noted", t->a->sequence);
    return rc;
}

static int close_message(struct settling *t, const char *sha, struct ll_err *err)
{
    struct ll_admin_note note = {.act = LL_ADMIN_UPWARD_SETTLED};
    const struct upward_answer *a = t->a;
    char object[96], detail[200];
    int64_t accepted_n = (int64_t)t->n - t->returned;
    int rc = ll_exec(
        t->tx, err,
        "UPDATE upward_message SET state = $3, settled_at = $4, accepted = $5, returned = $6, delivery = $7,"
        " error_zh = $8, error_en = $9 WHERE stream = $1 AND sequence = $2",
        "iiziiizzz", t->s->id, a->sequence, a->state == UPWARD_REFUSED ? "refused" : "accepted", ll_now_ms(),
        accepted_n, t->returned, a->delivery, a->zh, a->en);

    snprintf(object, sizeof object, "%.64s/%" PRId64, t->s->plan.layout->stream, a->sequence);
    snprintf(detail, sizeof detail, "accepted %" PRId64 ", returned %" PRId64 ", sha256 %.64s, as %.32s",
             accepted_n, t->returned, sha, a->delivery ? a->delivery : "-");
    note.object = ll_str(object);
    note.detail = ll_str(detail);
    return rc < 0 ? rc : ll_admin_note(t->tx, NULL, &note, err);
}

static int check_answer(const struct settling *t, const char *sha, struct ll_err *err)
{
    if (!sha || !t->a->sha256 || strcmp(sha, t->a->sha256) != 0)
        return ll_fail(err, LL_CONFLICT, "上级平台的第 %" PRId64 " 号报文与本平台的不同（sha256 %.64s）",
                       "message %" PRId64 " of the upper platform is not ours (sha256 %.64s)", t->a->sequence,
                       t->a->sha256 ? t->a->sha256 : "-");
    return LL_OK;
}

int upward_settle(struct upward_stream *s, const struct ll_upward_link *link, const struct upward_answer *a,
                  struct ll_err *err)
{
    struct settling t = {.s = s, .a = a};
    struct ll_buf rows = LL_BUF_INIT(UPWARD_ROWS_FILE);
    const char *sha = NULL;
    int rc = read_message(&t, &sha, err);

    if (rc <= 0) /* it was settled before */
        return rc;
    if ((rc = check_answer(&t, sha, err)) < 0)
        return rc;
    if (!(t.backs = ll_arena_array(s->arena, t.n + 1, sizeof *t.backs)))
        return ll_no_memory(err);
    if (a->state == UPWARD_TAKEN && a->returned)
        rc = upward_wire_returned(link, s->plan.layout->upper, a->sequence, one_back, &t, err);
    else
        rc = LL_OK;
    if (rc == LL_OK &&
        (rc = upward_file_read(s, a->sequence, "rows", UPWARD_ROWS_FILE, &rows, err)) == LL_OK &&
        (rc = ll_txn_begin(s->u->store, true, &t.tx, err)) == LL_OK &&
        (rc = all_rows(&t, ll_buf_view(&rows), err)) == LL_OK && (rc = close_message(&t, sha, err)) == LL_OK)
        rc = ll_txn_commit(t.tx, err);
    ll_txn_end(t.tx);
    ll_buf_free(&rows);
    return rc;
}
