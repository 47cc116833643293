/* upward_cut.c - follows what is published, and makes messages of what differs from what was last sent.
 *
 * (1) The feed is table change_event, as in gateway_changes.c: a batch that was published, or withdrawn.  Rows of a batch come in its order; of a
 *     snapshot then those records that it no longer has; of a withdrawn batch what holds now in their place, and where it was a snapshot all
 *     records are looked through.
 * (2) A record that is no longer shared (withheld.h) goes up as a deletion; when it is shared again it goes up anew.
 * (3) Every row is compared with table upward_record before it is taken, so that a page that is read again adds nothing. */
#include "share/upward_impl.h"

#include "intake/batch.h"
#include "intake/differ.h"
#include "intake/rows.h"
#include "share/record.h"
#include "share/recordname.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DIGITS = 24, HASHED_MAX = 4 << 20, KEY_MAX = 1 << 16, SCRATCH_MAX = 64 << 20 };
static const int64_t DAY_MS = 86400000, CHINA_MS = 8 * 3600000;

enum phase { ROWS, GONE };

struct cutter {
    struct upward_stream *s;
    struct upward_draft draft;
    struct ll_txn *tx; /* reads what was sent */
    struct ll_arena *scratch;
    struct ll_str *values; /* an item each */
    char (*digits)[DIGITS];
    struct ll_buf hashed, key;
    struct ll_table *table; /* what holds now; NULL: rows say it themselves */
    int64_t row;
    size_t seen;
    bool full, marked;
};

static const struct ll_resource *resource(const struct cutter *c)
{
    return c->s->plan.resource;
}

/* --- a record -------------------------------------------------------------------------------------------------------------- */

static struct ll_str number_text(struct cutter *c, size_t i, int64_t v)
{
    return (struct ll_str){c->digits[i], (size_t)snprintf(c->digits[i], DIGITS, "%" PRId64, v)};
}

static void values_of_row(struct cutter *c, const struct ll_lake_value *items)
{
    for (size_t i = 0; i < resource(c)->n_items; i++)
        c->values[i] = items[i].kind == LL_LV_INT    ? number_text(c, i, items[i].i)
                       : items[i].kind == LL_LV_TEXT ? items[i].s
                                                     : (struct ll_str){NULL, 0};
}

static void values_of_table(struct cutter *c)
{
    for (size_t i = 0; i < resource(c)->n_items; i++) {
        struct ll_seg_value v = ll_record_value(resource(c), i, c->table);
        c->values[i] = v.kind == LL_SV_INT    ? number_text(c, i, v.i)
                       : v.kind == LL_SV_TEXT ? v.s
                                              : (struct ll_str){NULL, 0};
    }
}

/* The key as a JSON array of texts. */
static void put_key(struct cutter *c)
{
    const struct ll_resource *r = resource(c);
    struct ll_json j;

    ll_buf_clear(&c->key);
    ll_json_init(&j, &c->key);
    ll_json_arr(&j);
    for (size_t i = 0; i < r->n_key; i++)
        ll_json_str(&j, c->values[r->key[i] - r->items]);
    ll_json_end_arr(&j);
}

/* 1: it goes up; 0: the upper platform was told already. */
static int differs(struct cutter *c, const struct upward_entry *e, struct ll_err *err)
{
    struct ll_stmt *q = NULL;
    bool there, same = false;
    int rc = ll_sql(
        c->tx,
        "SELECT sent_a, sent_b, state FROM upward_record WHERE stream = $1 AND key_a = $2 AND key_b = $3", &q,
        err);

    if (rc < 0)
        return rc;
    ll_bind_int(q, 1, c->s->id);
    ll_bind_int(q, 2, (int64_t)e->key.a);
    ll_bind_int(q, 3, (int64_t)e->key.b);
    if ((rc = ll_step(q, err)) > 0 && ll_col_int(q, 2) != UPWARD_RESEND) {
        there = !ll_col_null(q, 0);
        same = e->gone ? !there
                       : there && (uint64_t)ll_col_int(q, 0) == e->content.a &&
                             (uint64_t)ll_col_int(q, 1) == e->content.b;
    } else if (rc == 0) {
        same = e->gone;
    }
    ll_stmt_done(q);
    return rc < 0 ? rc : !same;
}

static void put_line(struct cutter *c, const struct ll_upward_pair *pairs, bool gone)
{
    struct ll_json j;

    ll_json_init(&j, &c->draft.body);
    ll_json_obj(&j);
    ll_json_ki(
        &j, "_seq",
        c->s->next); /* no two messages have the same bytes: the upper intake would take them for one */
    ll_json_kz(&j, "_op", gone ? "D" : "U");
    for (size_t i = 0; i < c->s->plan.n; i++) {
        ll_json_key(&j, pairs[i].name);
        if (pairs[i].value.p)
            ll_json_str(&j, pairs[i].value);
        else
            ll_json_null(&j);
    }
    ll_json_end_obj(&j);
    ll_buf_c(&c->draft.body, '\n');
}

static int grow(struct upward_draft *d, struct ll_err *err)
{
    size_t room = d->room ? 2 * d->room : 1024;
    struct upward_entry *p = d->n < d->room ? d->list : realloc(d->list, room * sizeof *p);

    if (!p)
        return ll_no_memory(err);
    d->room = d->n < d->room ? d->room : room;
    d->list = p;
    return LL_OK;
}

static int take(struct cutter *c, const struct upward_entry *e, const struct ll_upward_pair *pairs,
                struct ll_err *err)
{
    const struct ll_upward_plan *p = &c->s->plan;
    int rc = grow(&c->draft, err);

    if (rc < 0)
        return rc;
    c->draft.list[c->draft.n++] = *e;
    c->draft.deletes += e->gone;
    put_line(c, pairs, e->gone);
    upward_row_put(&c->draft.rows,
                   &(struct upward_row){e->key, e->content, e->gone,
                                        p->department < SIZE_MAX ? c->values[p->department] : LL_STR(""),
                                        ll_buf_view(&c->key)});
    c->full = c->draft.n >= c->s->u->rows_max || c->draft.body.n >= UPWARD_BODY_SOFT;
    return LL_OK;
}

/* What stands in c->values; gone: only its key is known. */
static int consider(struct cutter *c, bool gone, struct ll_err *err)
{
    const struct ll_upward_plan *p = &c->s->plan;
    struct ll_upward_pair pairs[LL_UPWARD_COLUMNS_MAX] = {{0}}, keys[LL_UPWARD_COLUMNS_MAX];
    struct upward_entry e;
    size_t n = 0;
    int rc;

    ll_arena_reset(c->scratch);
    put_key(c);
    e.gone = gone ||
             (c->marked && ll_marks_withheld(c->s->u->marks, resource(c)->name, ll_buf_view(&c->key)));
    for (size_t i = 0; i < p->n; i++) {
        bool known = !e.gone || p->columns[i].from->key;
        pairs[i] = (struct ll_upward_pair){p->columns[i].from->column,
                                           known ? ll_upward_value(&p->columns[i], c->values, c->scratch)
                                                 : (struct ll_str){NULL, 0}};
        if (p->columns[i].from->key)
            keys[n++] = pairs[i];
    }
    e.key = ll_upward_hash(c->s->salt, "key", keys, n, &c->hashed);
    e.content = ll_upward_hash(c->s->salt, "record", pairs, p->n, &c->hashed);
    if (c->hashed.failed || c->key.failed)
        return ll_no_memory(err);
    rc = differs(c, &e, err);
    return rc > 0 ? take(c, &e, pairs, err) : rc;
}

/* What holds now of the record whose key c->values has. */
static int consider_now(struct cutter *c, struct ll_err *err)
{
    const struct ll_resource *r = resource(c);
    struct ll_str *key = ll_arena_array(c->scratch, r->n_key, sizeof *key);
    int rc;

    for (size_t i = 0; key && i < r->n_key; i++)
        key[i] = c->values[r->key[i] - r->items];
    if (!key)
        return ll_no_memory(err);
    if ((rc = ll_table_find(c->table, key, r->n_key, err)) > 0)
        values_of_table(c);
    return rc < 0 ? rc : consider(c, rc == 0, err);
}

/* --- a batch --------------------------------------------------------------------------------------------------------------- */

/* A message that is full ends the page: not an error, c->full tells. */
static int one_row(void *ctx, const struct ll_lake_value *items, int64_t row, bool deleted,
                   struct ll_err *err)
{
    struct cutter *c = ctx;
    int rc;

    if (c->full)
        return LL_FAIL;
    values_of_row(c, items);
    rc = c->table ? consider_now(c, err) : consider(c, deleted, err);
    c->row = row;
    c->seen++;
    return rc;
}

static int one_gone(void *ctx, const struct ll_lake_value *items, int64_t row, bool gone, struct ll_err *err)
{
    struct cutter *c = ctx;

    (void)row;
    if (!gone)
        return LL_OK;
    if (c->full)
        return LL_FAIL;
    values_of_row(c, items);
    return consider(c, true, err);
}

static int rows_gone(struct cutter *c, const struct ll_batch *b, struct ll_err *err)
{
    struct ll_batch *live = NULL;
    size_t n = 0;
    int rc = ll_batch_live(c->s->u->data, b->resource, b->version, b->published_at - 1, NULL, c->s->arena,
                           &live, &n, err);

    return rc < 0 ? rc : ll_batch_differs(c->s->u->data, resource(c), b, live, n, one_gone, c, err);
}

struct event {
    int64_t seq;
    bool withdrawn;
    const char *batch;
};

/* 1: there is one.  What shows does not follow a withdrawal yet: it comes next time. */
static int next_event(struct upward_stream *s, struct event *ret, struct ll_err *err)
{
    int64_t since = s->plan.layout->since == INT32_MIN ? INT64_MIN
                                                       : s->plan.layout->since * DAY_MS - CHINA_MS;
    struct ll_txn *tx = NULL;
    struct ll_stmt *q = NULL;
    bool nomem = false;
    int rc = ll_txn_begin(s->u->store, false, &tx, err);

    if (rc == LL_OK &&
        (rc = ll_sql(
             tx,
             "SELECT seq, batch, act, EXISTS (SELECT 1 FROM segment WHERE resource = $1 AND built_at = 0)"
             " FROM change_event WHERE resource = $1 AND version = $2 AND seq >= $3 AND at >= $4"
             " ORDER BY seq LIMIT 1",
             &q, err)) == LL_OK) {
        ll_bind_z(q, 1, s->plan.resource->name);
        ll_bind_int(q, 2, s->plan.resource->version);
        ll_bind_int(q, 3, s->change);
        ll_bind_int(q, 4, since);
        if ((rc = ll_step(q, err)) > 0) {
            *ret = (struct event){ll_col_int(q, 0), ll_str_is(ll_col_text(q, 2), "withdrawn"),
                                  ll_col_dup(q, 1, s->arena, &nomem)};
            rc = !(ret->withdrawn && ll_col_int(q, 3));
        }
    }
    ll_stmt_done(q);
    ll_txn_end(tx);
    return nomem ? ll_no_memory(err) : rc;
}

static void past(struct cutter *c, const struct event *e, bool all)
{
    c->s->change = e->seq + 1;
    c->s->row = -1;
    c->s->phase = ROWS;
    if (all)
        c->s->pass = "";
}

static int along_batch(struct cutter *c, const struct event *e, struct ll_err *err)
{
    struct upward_stream *s = c->s;
    struct ll_batch b;
    bool snapshot;
    int rc = ll_batch_get(s->u->data, e->batch, s->arena, &b, err);

    if (rc < 0)
        return rc;
    snapshot = strcmp(b.mode, "snapshot") == 0;
    if (s->change != e->seq) {
        s->change = e->seq;
        s->row = -1;
        s->phase = ROWS;
    }
    c->draft.batch = b.id;
    c->row = s->row;
    if (e->withdrawn && (rc = ll_tables_take_now(s->u->tables, resource(c)->name, &c->table, err)) < 0)
        return rc;
    rc = s->phase == GONE
             ? rows_gone(c, &b, err)
             : ll_batch_rows(s->u->data, resource(c), &b, s->row, s->u->rows_max, one_row, c, err);
    if (rc < 0 && !c->full)
        return rc;
    s->row = c->row;
    if (c->full || (s->phase == ROWS && c->seen == s->u->rows_max))
        return LL_OK;
    if (s->phase == ROWS && snapshot && !e->withdrawn)
        s->phase = GONE;
    else
        past(c, e, snapshot && e->withdrawn);
    return LL_OK;
}

/* --- all records ----------------------------------------------------------------------------------------------------------- */

static int keep_place(struct cutter *c, struct ll_err *err)
{
    struct ll_buf name = LL_BUF_INIT(KEY_MAX * 2);
    int rc = ll_record_name_keep(c->s->u->vault, resource(c), c->key.p, &name, err);

    if (rc == LL_OK && !(c->s->pass = ll_arena_dup(c->s->arena, ll_buf_view(&name))))
        rc = ll_no_memory(err);
    ll_buf_free(&name);
    return rc;
}

static int along_records(struct cutter *c, struct ll_err *err)
{
    struct upward_stream *s = c->s;
    const char *place = ll_record_name_open(s->u->vault, resource(c)->name, s->pass, s->arena);
    struct ll_str *after = NULL;
    size_t n = 0;
    int rc, more = 1;

    if ((rc = ll_tables_take_now(s->u->tables, resource(c)->name, &c->table, err)) < 0)
        return rc;
    if (*place && (ll_key_parse(ll_str(place), s->arena, &after, &n, NULL) < 0 || n != resource(c)->n_key))
        after = NULL; /* begins anew: what went up already is passed over */
    rc = ll_table_scan(c->table, after, err);
    while (rc == LL_OK && !c->full && c->seen < 4 * s->u->rows_max &&
           (more = ll_table_next(c->table, err)) > 0) {
        values_of_table(c);
        rc = consider(c, false, err);
        c->seen++;
    }
    ll_table_rewind(c->table);
    if (rc < 0 || more < 0)
        return rc < 0 ? rc : more;
    if (more == 0) {
        s->pass = NULL;
        return LL_OK;
    }
    return keep_place(c, err);
}

/* --- no longer shared, or again -------------------------------------------------------------------------------------------- */

/* 1: there is one, *ret its record. */
static int next_withheld(struct upward_stream *s, int64_t *ret_seq, const char **ret, struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    struct ll_stmt *q = NULL;
    bool nomem = false;
    int rc = ll_txn_begin(s->u->store, false, &tx, err);

    if (rc == LL_OK && (rc = ll_sql(tx,
                                    "SELECT seq, record FROM withheld WHERE resource = $1 AND seq > $2"
                                    " ORDER BY seq LIMIT 1",
                                    &q, err)) == LL_OK) {
        ll_bind_z(q, 1, s->plan.resource->name);
        ll_bind_int(q, 2, s->withheld);
        if ((rc = ll_step(q, err)) > 0) {
            *ret_seq = ll_col_int(q, 0);
            *ret = ll_col_dup(q, 1, s->arena, &nomem);
        }
    }
    ll_stmt_done(q);
    ll_txn_end(tx);
    return nomem ? ll_no_memory(err) : rc;
}

static int along_withheld(struct cutter *c, int64_t seq, const char *record, struct ll_err *err)
{
    struct upward_stream *s = c->s;
    const struct ll_resource *r = resource(c);
    const char *name = ll_record_name_open(s->u->vault, r->name, record, s->arena);
    struct ll_str *key = NULL;
    size_t n = 0;
    int rc;

    s->withheld = seq;
    if (ll_key_parse(ll_str(name), s->arena, &key, &n, err) < 0 || n != r->n_key)
        return LL_OK; /* it names no record of the resource as it is now */
    if ((rc = ll_tables_take_now(s->u->tables, r->name, &c->table, err)) < 0)
        return rc;
    memset(c->values, 0, r->n_items * sizeof *c->values);
    for (size_t i = 0; i < n; i++)
        c->values[r->key[i] - r->items] = key[i];
    return consider_now(c, err);
}

/* --- a step ---------------------------------------------------------------------------------------------------------------- */

static int cutter_open(struct cutter *c, struct upward_stream *s, struct ll_err *err)
{
    size_t n = s->plan.resource->n_items;

    *c = (struct cutter){
        .s = s,
        .draft = {.body = LL_BUF_INIT(UPWARD_BODY_MAX), .rows = LL_BUF_INIT(UPWARD_ROWS_FILE)},
        .scratch = ll_arena_new(SCRATCH_MAX),
        .values = ll_arena_array(s->arena, n, sizeof *c->values),
        .digits = ll_arena_array(s->arena, n, sizeof *c->digits),
        .hashed = LL_BUF_INIT(HASHED_MAX),
        .key = LL_BUF_INIT(KEY_MAX)};
    if (!c->scratch || !c->values || !c->digits)
        return ll_no_memory(err);
    int rc = ll_marks_any(s->u->marks, s->plan.resource->name, &c->marked, err);
    return rc < 0 ? rc : ll_txn_begin(s->u->store, false, &c->tx, err);
}

static void cutter_close(struct cutter *c)
{
    ll_txn_end(c->tx);
    ll_tables_give(c->s->u->tables, c->table);
    upward_draft_free(&c->draft);
    ll_arena_free(c->scratch);
    ll_buf_free(&c->hashed);
    ll_buf_free(&c->key);
}

/* 1: it went along; 0: there is nothing to go along. */
static int along(struct cutter *c, struct ll_err *err)
{
    struct upward_stream *s = c->s;
    struct event e = {0};
    const char *record = NULL;
    int64_t seq = 0;
    int rc;

    if (s->pass)
        rc = along_records(c, err);
    else if ((rc = next_event(s, &e, err)) > 0)
        rc = along_batch(c, &e, err);
    else if (rc == 0 && (rc = next_withheld(s, &seq, &record, err)) > 0)
        rc = along_withheld(c, seq, record, err);
    else
        return rc;
    return rc < 0 ? rc : 1;
}

int upward_cut(struct upward_stream *s, bool *ret_made, struct ll_err *err)
{
    struct cutter c;
    int rc = cutter_open(&c, s, err);

    if (rc == LL_OK && (rc = along(&c, err)) > 0) {
        ll_txn_end(c.tx);
        c.tx = NULL;
        *ret_made = c.draft.n > 0;
        int kept = upward_draft_keep(s, &c.draft, err);
        rc = kept < 0 ? kept : rc;
    }
    cutter_close(&c);
    return rc;
}

int upward_cut_surplus(struct upward_stream *s, const struct upward_surplus *list, size_t n,
                       struct ll_err *err)
{
    struct ll_upward_pair pairs[LL_UPWARD_COLUMNS_MAX] = {{0}};
    struct cutter c;
    int rc = cutter_open(&c, s, err);

    ll_buf_z(&c.key, "[]");
    for (size_t i = 0; i < n && rc == LL_OK; i++) {
        const struct upward_entry e = {.key = list[i].key, .gone = true};
        size_t k = 0;
        for (size_t p = 0; p < s->plan.n; p++)
            pairs[p] = (struct ll_upward_pair){s->plan.columns[p].from->column,
                                               s->plan.columns[p].from->key ? list[i].texts[k++]
                                                                            : (struct ll_str){NULL, 0}};
        rc = take(&c, &e, pairs, err);
    }
    ll_txn_end(c.tx);
    c.tx = NULL;
    if (rc == LL_OK)
        rc = upward_draft_keep(s, &c.draft, err);
    cutter_close(&c);
    return rc;
}
