/* upward_days.c - compares day by day what the upper platform has with what it was told and took, and has it sent again where it differs.
 *
 * A record belongs to the day of the message that last brought it up.  Both sides count and add up hashes of the records as they stand; only of a
 * day that differs are the single hashes asked for, in parts of about PART records. */
#include "share/upward_wire.h"

#include "base/clock.h"
#include "share/admin.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DAYS_MAX = 20000, PART = 20000, SALTED = 2 * LL_UPWARD_SALT + 1 };

struct sum {
    int64_t day, rows, upper_rows, missing, surplus, different;
    struct ll_upward_hash hash, upper_hash;
};
struct record {
    struct ll_upward_hash key, content;
    const struct ll_str *texts; /* of the upper platform's: its key */
};
struct comparing {
    struct upward_stream *s;
    const struct ll_upward_link *link;
    struct sum *days;
    size_t n, key_columns;
    char salt[SALTED];
    int64_t foreign;
    struct upward_surplus *surplus;
    size_t n_surplus, room;
};

static struct sum *day_of(struct comparing *c, int64_t day)
{
    size_t at = c->n;

    while (at > 0 && c->days[at - 1].day > day)
        at--;
    if (at > 0 && c->days[at - 1].day == day)
        return &c->days[at - 1];
    if (c->n == DAYS_MAX)
        return NULL;
    memmove(&c->days[at + 1], &c->days[at], (c->n - at) * sizeof *c->days);
    c->days[at] = (struct sum){.day = day};
    c->n++;
    return &c->days[at];
}

static int too_many(struct ll_err *err)
{
    return ll_fail(err, LL_TOOBIG, "对账的天数超过 %d", "more than %d days to reconcile", (int)DAYS_MAX);
}

/* --- both sides' sums ------------------------------------------------------------------------------------------------------ */

static int own_sums(struct comparing *c, struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    struct ll_stmt *q = NULL;
    struct sum *d = NULL;
    int rc = ll_txn_begin(c->s->u->store, false, &tx, err);

    if (rc == LL_OK &&
        (rc = ll_sql(tx,
                     "SELECT up_day, up_a, up_b FROM upward_record WHERE stream = $1 AND up_day IS NOT NULL",
                     &q, err)) == LL_OK) {
        ll_bind_int(q, 1, c->s->id);
        while ((rc = ll_step(q, err)) > 0) {
            int64_t day = ll_col_int(q, 0);
            if ((!d || d->day != day) && !(d = day_of(c, day))) {
                rc = too_many(err);
                break;
            }
            d->rows++;
            ll_upward_add(&d->hash,
                          (struct ll_upward_hash){(uint64_t)ll_col_int(q, 1), (uint64_t)ll_col_int(q, 2)});
        }
    }
    ll_stmt_done(q);
    ll_txn_end(tx);
    return rc < 0 ? rc : LL_OK;
}

static int upper_day(void *ctx, int64_t day, int64_t rows, struct ll_upward_hash hash, struct ll_err *err)
{
    struct sum *d = day_of(ctx, day);

    if (!d)
        return too_many(err);
    d->upper_hash = hash;
    d->upper_rows = rows;
    return LL_OK;
}

static int upper_sums(struct comparing *c, struct ll_err *err)
{
    return upward_wire_days(c->link, c->s->plan.layout->upper, c->salt, upper_day, c, &c->foreign, err);
}

static bool same(const struct sum *d)
{
    return d->rows == d->upper_rows && d->hash.a == d->upper_hash.a && d->hash.b == d->upper_hash.b;
}

/* --- a day that differs ---------------------------------------------------------------------------------------------------- */

static int by_key(const void *a, const void *b)
{
    const struct record *x = a, *y = b;

    return x->key.a != y->key.a ? (x->key.a > y->key.a) - (x->key.a < y->key.a)
                                : (x->key.b > y->key.b) - (x->key.b < y->key.b);
}

struct records {
    struct record *list;
    size_t n, room;
};

static int add(struct records *l, struct record r, struct ll_err *err)
{
    if (l->n == l->room) {
        size_t room = l->room ? 2 * l->room : 1024;
        struct record *p = realloc(l->list, room * sizeof *p);
        if (!p)
            return ll_no_memory(err);
        l->list = p;
        l->room = room;
    }
    l->list[l->n++] = r;
    return LL_OK;
}

static int own_part(struct comparing *c, int64_t day, uint64_t part, uint64_t parts, struct records *l,
                    struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    struct ll_stmt *q = NULL;
    int rc = ll_txn_begin(c->s->u->store, false, &tx, err);

    if (rc == LL_OK &&
        (rc = ll_sql(tx,
                     "SELECT key_a, key_b, up_a, up_b FROM upward_record WHERE stream = $1 AND up_day = $2",
                     &q, err)) == LL_OK) {
        ll_bind_int(q, 1, c->s->id);
        ll_bind_int(q, 2, day);
        while ((rc = ll_step(q, err)) > 0) {
            const struct record r = {{(uint64_t)ll_col_int(q, 0), (uint64_t)ll_col_int(q, 1)},
                                     {(uint64_t)ll_col_int(q, 2), (uint64_t)ll_col_int(q, 3)},
                                     NULL};
            if (r.key.a % parts == part && (rc = add(l, r, err)) < 0)
                break;
        }
    }
    ll_stmt_done(q);
    ll_txn_end(tx);
    return rc < 0 ? rc : LL_OK;
}

/* Where the upper platform's records of a part go. */
struct taking {
    struct comparing *c;
    struct records *l;
};

static int take_record(void *ctx, struct ll_upward_hash key, struct ll_upward_hash content,
                       const json_t *texts, struct ll_err *err)
{
    struct taking *t = ctx;
    struct ll_str *copy = ll_arena_array(t->c->s->arena, t->c->key_columns, sizeof *copy);

    if (!copy)
        return ll_no_memory(err);
    for (size_t i = 0; i < t->c->key_columns; i++) {
        const char *text = json_string_value(json_array_get(texts, i));
        const char *kept = text ? ll_arena_dup(t->c->s->arena, ll_str(text)) : NULL;
        if (text && !kept)
            return ll_no_memory(err);
        copy[i] = text ? ll_str(kept) : (struct ll_str){NULL, 0};
    }
    return add(t->l, (struct record){.key = key, .content = content, .texts = copy}, err);
}

static int upper_part(struct comparing *c, int64_t day, uint64_t part, uint64_t parts, struct records *l,
                      struct ll_err *err)
{
    const struct upward_wire_part of = {c->s->plan.layout->upper, c->salt, day, part, parts, c->key_columns};
    struct taking t = {c, l};

    return upward_wire_records(c->link, &of, take_record, &t, err);
}

/* --- what follows of a difference ------------------------------------------------------------------------------------------ */

#define THE_RECORD " WHERE stream = $1 AND key_a = $2 AND key_b = $3"

/* The record goes up again with the next pass.  1: we know it. */
static int again(struct comparing *c, struct ll_txn *tx, const struct record *r, struct ll_err *err)
{
    int rc = ll_exec(tx, err, "UPDATE upward_record SET state = 3" THE_RECORD " AND sent_a IS NOT NULL",
                     "iii", c->s->id, (int64_t)r->key.a, (int64_t)r->key.b);

    return rc < 0 ? rc : ll_txn_changes(tx) > 0;
}

static int only_above(struct comparing *c, const struct record *r, struct ll_err *err)
{
    if (c->n_surplus == c->room) {
        size_t room = c->room ? 2 * c->room : 256;
        struct upward_surplus *p = realloc(c->surplus, room * sizeof *p);
        if (!p)
            return ll_no_memory(err);
        c->surplus = p;
        c->room = room;
    }
    c->surplus[c->n_surplus++] = (struct upward_surplus){r->key, r->texts};
    return LL_OK;
}

static int merge(struct comparing *c, struct ll_txn *tx, struct sum *d, const struct records *own,
                 const struct records *upper, struct ll_err *err)
{
    size_t i = 0, k = 0;
    int rc = LL_OK;

    while (rc >= 0 && (i < own->n || k < upper->n)) {
        int order = i == own->n ? 1 : k == upper->n ? -1 : by_key(&own->list[i], &upper->list[k]);
        if (order < 0) {
            d->missing++;
            rc = again(c, tx, &own->list[i++], err);
        } else if (order > 0) {
            if ((rc = again(c, tx, &upper->list[k], err)) == 0) {
                d->surplus++;
                rc = only_above(c, &upper->list[k], err);
            } else
                d->different++;
            k++;
        } else {
            if (own->list[i].content.a != upper->list[k].content.a ||
                own->list[i].content.b != upper->list[k].content.b) {
                d->different++;
                rc = again(c, tx, &own->list[i], err);
            }
            i++;
            k++;
        }
    }
    return rc < 0 ? rc : LL_OK;
}

static int name_part(struct comparing *c, struct sum *d, uint64_t part, uint64_t parts, struct ll_err *err)
{
    struct records own = {NULL, 0, 0}, upper = {NULL, 0, 0};
    struct ll_txn *tx = NULL;
    int rc;

    if ((rc = own_part(c, d->day, part, parts, &own, err)) == LL_OK &&
        (rc = upper_part(c, d->day, part, parts, &upper, err)) == LL_OK &&
        (rc = ll_txn_begin(c->s->u->store, true, &tx, err)) == LL_OK) {
        if (own.n)
            qsort(own.list, own.n, sizeof *own.list, by_key);
        if (upper.n)
            qsort(upper.list, upper.n, sizeof *upper.list, by_key);
        c->s->pass = ""; /* before the records are marked, so that a crash between finds them */
        if ((rc = upward_stream_write(tx, c->s, err)) == LL_OK &&
            (rc = merge(c, tx, d, &own, &upper, err)) == LL_OK)
            rc = ll_txn_commit(tx, err);
    }
    ll_txn_end(tx);
    free(own.list);
    free(upper.list);
    return rc;
}

static int name_day(struct comparing *c, struct sum *d, struct ll_err *err)
{
    int64_t most = d->rows > d->upper_rows ? d->rows : d->upper_rows;
    uint64_t parts = (uint64_t)most / PART + 1;
    int rc = LL_OK;

    for (uint64_t part = 0; part < parts && rc == LL_OK; part++)
        rc = name_part(c, d, part, parts, err);
    return rc;
}

/* --- the whole ------------------------------------------------------------------------------------------------------------- */

static int write_day(struct ll_txn *tx, const struct comparing *c, const struct sum *d, int64_t now,
                     struct ll_err *err)
{
    char own[LL_UPWARD_HASH_TEXT], upper[LL_UPWARD_HASH_TEXT];

    return ll_exec(
        tx, err,
        "INSERT INTO upward_day (stream, day, rows, hash, upper_rows, upper_hash, missing, surplus, different, sequence, at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        "iiiziziiiii", c->s->id, d->day, d->rows, ll_upward_hash_text(d->hash, own), d->upper_rows,
        ll_upward_hash_text(d->upper_hash, upper), d->missing, d->surplus, d->different, c->s->next - 1, now);
}

static int write_result(struct comparing *c, const struct ll_actor *by, const struct ll_upward_check *r,
                        struct ll_err *err)
{
    struct ll_admin_note note = {.act = LL_ADMIN_UPWARD_RECONCILED,
                                 .object = ll_str(c->s->plan.layout->stream)};
    char detail[240], own[LL_UPWARD_HASH_TEXT], upper[LL_UPWARD_HASH_TEXT];
    struct ll_txn *tx = NULL;
    int64_t now = ll_now_ms();
    int rc = ll_txn_begin(c->s->u->store, true, &tx, err);

    snprintf(detail, sizeof detail,
             "days %" PRId64 ", differing %" PRId64 ", records %" PRId64 "/%" PRId64 ", hash %s/%s", r->days,
             r->wrong, r->own_rows, r->upper_rows, ll_upward_hash_text(r->own, own),
             ll_upward_hash_text(r->upper, upper));
    note.detail = ll_str(detail);
    if (rc == LL_OK)
        rc = ll_exec(tx, err, "DELETE FROM upward_day WHERE stream = $1", "i", c->s->id);
    for (size_t i = 0; i < c->n && rc == LL_OK; i++)
        rc = write_day(tx, c, &c->days[i], now, err);
    if (rc == LL_OK && (rc = ll_admin_note(tx, by, &note, err)) == LL_OK)
        rc = ll_txn_commit(tx, err);
    ll_txn_end(tx);
    return rc;
}

static int compare(struct comparing *c, struct ll_upward_check *r, struct ll_err *err)
{
    int rc;

    if ((rc = own_sums(c, err)) < 0 || (rc = upper_sums(c, err)) < 0)
        return rc;
    for (size_t i = 0; i < c->n && rc == LL_OK; i++) {
        struct sum *d = &c->days[i];
        r->days++;
        r->own_rows += d->rows;
        r->upper_rows += d->upper_rows;
        ll_upward_add(&r->own, d->hash);
        ll_upward_add(&r->upper, d->upper_hash);
        if (same(d))
            continue;
        r->wrong++;
        rc = name_day(c, d, err);
        r->missing += d->missing;
        r->surplus += d->surplus;
        r->different += d->different;
    }
    r->foreign = c->foreign;
    for (size_t i = 0; i < c->n_surplus && rc == LL_OK; i += c->s->u->rows_max) {
        size_t left = c->n_surplus - i;
        rc = upward_cut_surplus(c->s, c->surplus + i, left < c->s->u->rows_max ? left : c->s->u->rows_max,
                                err);
    }
    return rc;
}

static int comparing_open(struct comparing *c, struct ll_err *err)
{
    int64_t open = 0;
    int rc = upward_count_open(c->s, &open, err);

    if (rc == LL_OK && open)
        rc = ll_fail(err, LL_BUSY, "还有 %" PRId64 " 份报文没有回执，收齐后再对账",
                     "%" PRId64 " messages are not acknowledged yet: reconcile after that", open);
    if (rc == LL_OK && !(c->days = ll_arena_array(c->s->arena, DAYS_MAX + 1, sizeof *c->days)))
        rc = ll_no_memory(err);
    for (size_t i = 0; i < LL_UPWARD_SALT; i++)
        snprintf(c->salt + 2 * i, 3, "%02x", c->s->salt[i]);
    for (size_t i = 0; i < c->s->plan.n; i++)
        c->key_columns += c->s->plan.columns[i].from->key;
    return rc;
}

int ll_upward_reconcile(struct ll_upward *u, const struct ll_upward_link *link, const char *stream,
                        const struct ll_actor *by, struct ll_upward_check *ret, struct ll_err *err)
{
    struct upward_stream s;
    struct comparing c = {.s = &s, .link = link};
    int rc = upward_stream_open(u, stream, &s, err);

    *ret = (struct ll_upward_check){0};
    if (rc < 0)
        return rc;
    if ((rc = comparing_open(&c, err)) == LL_OK && (rc = compare(&c, ret, err)) == LL_OK)
        rc = write_result(&c, by, ret, err);
    free(c.surplus);
    upward_stream_close(&s);
    return rc;
}
