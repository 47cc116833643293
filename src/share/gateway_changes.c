/* gateway_changes.c - what changed since a cursor, so that a consumer's copy follows the source (gateway.h).
 *
 * Table change_event has a row for every batch that was published or withdrawn.  A cursor names an event and the last row of its batch
 * that was given, both of things that never change: the same cursor gives the same answer for ever, and a consumer that stores the
 * cursor with what it made of the answer has applied every change exactly once.
 *
 *   put      the record as it is after this batch (of a withdrawn batch: as it is now)
 *   delete   there is no such record any more
 *   reset    a snapshot begins: what is not put again before the next event is gone
 *   resync   a snapshot was withdrawn, and with it what it had replaced is back: the copy is to be taken anew (an export) */
#include "share/gateway_impl.h"

#include "base/clock.h"
#include "intake/rows.h"
#include "share/subject_impl.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { EVENT_TEXT = 48 };

struct event {
    int64_t seq;
    bool withdrawn, snapshot;
    struct ll_batch batch;
};

struct feed {
    struct ll_gate *gate;
    struct ll_json *j;
    const struct event *event;
    int64_t seq, row; /* the cursor as it moves */
    size_t n, limit;
    bool marked; /* something is to be said of its records (marks.h) */
};

/* "17.400": event 17, row 400; "17": nothing of it was given. */
static int read_cursor(struct ll_str text, struct feed *f, struct ll_err *err)
{
    struct ll_str head, rest;

    f->row = -1;
    ll_str_cut(text, '.', &head, &rest);
    if (!text.n)
        return LL_OK;
    if (!ll_str_i64(head, 0, INT64_MAX - 1, &f->seq) ||
        (rest.n && !ll_str_i64(rest, 0, INT64_MAX - 1, &f->row)))
        return ll_fail(err, LL_USAGE, "游标不是本接口给出的", "the cursor is not one that this service gave");
    return LL_OK;
}

static int read_event(struct feed *f, struct ll_stmt *s, struct event *ret, struct ll_err *err)
{
    bool nomem = false, listing;

    ll_bind_z(s, 1, f->gate->resource->name);
    ll_bind_int(s, 2, f->gate->resource->version);
    ll_bind_int(s, 3, f->seq);
    int rc = ll_step(s, err);
    if (rc <= 0)
        return rc;
    ret->seq = ll_col_int(s, 0);
    ret->batch.id = ll_col_dup(s, 1, f->gate->arena, &nomem);
    ret->withdrawn = ll_str_is(ll_col_text(s, 2), "withdrawn");
    listing = ll_col_int(s, 3) != 0;
    if (nomem)
        return ll_no_memory(err);
    return ret->withdrawn && listing
               ? 0
               : 1; /* what shows does not follow the withdrawal yet: it comes next time */
}

/* The event of the cursor, or the next one.  1, or 0 when nothing more has happened. */
static int next_event(struct feed *f, struct event *ret, struct ll_err *err)
{
    struct ll_gate *gate = f->gate;
    struct ll_txn *tx = NULL;
    struct ll_stmt *s = NULL;
    int rc = ll_txn_begin(gate->g->o.store, false, &tx, err);

    if (rc == LL_OK &&
        (rc = ll_sql(
             tx,
             "SELECT seq, batch, act, EXISTS (SELECT 1 FROM segment WHERE resource = $1 AND built_at = 0)"
             " FROM change_event WHERE resource = $1 AND version = $2 AND seq >= $3 ORDER BY seq LIMIT 1",
             &s, err)) == LL_OK)
        rc = read_event(f, s, ret, err);
    ll_stmt_done(s);
    ll_txn_end(tx);
    if (rc <= 0)
        return rc;
    if ((rc = ll_batch_get(gate->g->o.data, ret->batch.id, gate->arena, &ret->batch, err)) < 0)
        return rc;
    ret->snapshot = strcmp(ret->batch.mode, "snapshot") == 0;
    return 1;
}

/* The table as it is since the event, which a handle of a moment ago may not show. */
static int table_since(struct ll_gate *gate, struct ll_err *err)
{
    ll_tables_give(gate->g->o.tables, gate->table);
    gate->table = NULL;
    return ll_tables_take_now(gate->g->o.tables, gate->resource->name, &gate->table, err);
}

static struct ll_seg_value as_segment(const struct ll_lake_value *v)
{
    struct ll_seg_value out = {.kind = LL_SV_NULL};

    if (v->kind == LL_LV_INT) {
        out.kind = LL_SV_INT;
        out.i = v->i;
    } else if (v->kind == LL_LV_TEXT) {
        out.kind = LL_SV_TEXT;
        out.s = v->s;
    }
    return out;
}

static void open_change(struct feed *f, const char *what)
{
    ll_json_obj(f->j);
    ll_json_kz(f->j, "change", what);
}

/* The key as texts, and as JSON. */
static int key_of(struct feed *f, const struct ll_lake_value *items, struct ll_str *key, struct ll_buf *json,
                  struct ll_err *err)
{
    const struct ll_resource *r = f->gate->resource;
    struct ll_json j;

    ll_json_init(&j, json);
    ll_json_arr(&j);
    for (size_t i = 0; i < r->n_key; i++) {
        const struct ll_lake_value *v = &items[r->key[i] - r->items];
        const char *text = v->kind == LL_LV_INT ? ll_arena_printf(f->gate->arena, "%" PRId64, v->i)
                                                : ll_arena_dup(f->gate->arena, v->s);
        if (!text)
            return ll_no_memory(err);
        key[i] = v->kind == LL_LV_INT ? ll_str(text) : (struct ll_str){text, v->s.n};
        ll_json_str(&j, key[i]);
    }
    ll_json_end_arr(&j);
    return json->failed ? ll_no_memory(err) : LL_OK;
}

static int note(struct feed *f, const struct ll_lake_value *items, const struct ll_str *key,
                struct ll_err *err)
{
    const struct ll_resource *r = f->gate->resource;
    const struct ll_look look = {.key = key, .n_key = r->n_key};
    struct gate_who who = {NULL, {NULL, 0}};

    for (size_t i = 0; i < r->n_items && !who.name; i++)
        if (r->items[i].role == LL_ROLE_SUBJECT && items[i].kind == LL_LV_TEXT && items[i].s.n)
            who = (struct gate_who){ll_subject_id_type(&r->items[i], items[i].s), items[i].s};
    return ll_gate_note(f->gate, &look, &who, err);
}

static void put_key(struct feed *f, struct ll_str key)
{
    if (!ll_gate_key_shown(f->gate))
        return;
    ll_json_key(f->j, "key");
    ll_json_raw(f->j, key);
}

static bool disputed(const struct feed *f, struct ll_str key, const struct ll_item *item)
{
    return f->marked && ll_marks_disputed(f->gate->g->marks, f->gate->resource->name, key, item->name);
}

/* The row as its batch brought it, with what is disputed at this moment. */
static void put_row(struct feed *f, const struct ll_lake_value *items, struct ll_str key)
{
    char when[LL_TIME_TEXT];

    ll_json_key(f->j, "record");
    ll_json_obj(f->j);
    put_key(f, key);
    ll_json_ki(f->j, "batch", f->event->batch.seq);
    ll_json_kz(f->j, "published_at", ll_time_text(f->event->batch.published_at, when));
    ll_json_key(f->j, "values");
    ll_json_obj(f->j);
    for (size_t i = 0; i < f->gate->n_items; i++)
        ll_gate_put_item(&f->gate->items[i], as_segment(&items[f->gate->items[i].at]),
                         disputed(f, key, f->gate->items[i].item), f->j);
    ll_json_end_obj(f->j);
    ll_json_end_obj(f->j);
    f->gate->found++;
}

/* What a withdrawn batch had said of a record no longer holds: what holds now. */
static int put_now(struct feed *f, const struct ll_str *key, struct ll_err *err)
{
    int rc = ll_table_find(f->gate->table, key, f->gate->resource->n_key, err);

    if (rc > 0 && ll_gate_withheld(f->gate))
        rc = 0;
    if (rc < 0)
        return rc;
    open_change(f, rc ? "put" : "delete");
    if (!rc)
        return 0;
    ll_json_key(f->j, "record");
    return ll_gate_put_record(f->gate, f->j, err) < 0 ? LL_FAIL : 1;
}

static int one_row(void *ctx, const struct ll_lake_value *items, int64_t row, bool deleted,
                   struct ll_err *err)
{
    struct feed *f = ctx;
    struct ll_str *key = ll_arena_array(f->gate->arena, f->gate->resource->n_key, sizeof *key);
    struct ll_buf text = LL_BUF_INIT(1 << 16);
    int rc = key ? key_of(f, items, key, &text, err) : ll_no_memory(err);

    if (rc == LL_OK)
        rc = note(f, items, key, err);
    if (rc == LL_OK && f->marked &&
        ll_marks_withheld(f->gate->g->marks, f->gate->resource->name, ll_buf_view(&text)))
        deleted = true; /* for whoever follows it is gone */
    if (rc == LL_OK && !deleted)
        rc = ll_gate_give(f->gate, err);
    if (rc == LL_OK && f->event->withdrawn)
        rc = put_now(f, key, err);
    else if (rc == LL_OK) {
        open_change(f, deleted ? "delete" : "put");
        if (!deleted)
            put_row(f, items, ll_buf_view(&text));
        rc = !deleted;
    }
    if (rc == 0)
        put_key(f, ll_buf_view(&text));
    if (rc >= 0)
        ll_json_end_obj(f->j);
    ll_buf_free(&text);
    f->row = row;
    f->n++;
    return rc < 0 ? rc : LL_OK;
}

static void past(struct feed *f)
{
    f->seq++;
    f->row = -1;
}

/* One event, or as much of it as fits. */
static int one_event(struct feed *f, const struct event *e, struct ll_err *err)
{
    size_t before = f->n, room = f->limit - f->n;

    if (f->seq != e->seq)
        f->row = -1;
    f->seq = e->seq;
    f->event = e;
    if (f->row < 0 && e->snapshot) {
        open_change(f, e->withdrawn ? "resync" : "reset");
        ll_json_end_obj(f->j);
    }
    if (e->snapshot && e->withdrawn) {
        f->n++;
        past(f);
        return LL_OK;
    }
    int rc = e->withdrawn ? table_since(f->gate, err) : LL_OK;
    if (rc == LL_OK)
        rc = ll_batch_rows(f->gate->g->o.data, f->gate->resource, &e->batch, f->row, room, one_row, f, err);
    if (rc == LL_OK && f->n - before < room) /* that was all of it */
        past(f);
    return rc;
}

int ll_gate_changes(struct ll_gate *gate, struct ll_str cursor, struct ll_json *j, struct ll_err *err)
{
    struct feed f = {.gate = gate, .j = j, .limit = gate->call->keys};
    char text[EVENT_TEXT];
    struct event e = {.seq = 0};
    int more = 0, rc = read_cursor(cursor, &f, err);

    if (rc == LL_OK && gate->grant->consent) /* who is in it is not known before it is read */
        rc = ll_gate_refuse(gate, LL_GATE_CONSENT, err);
    if (rc == LL_OK)
        rc = ll_marks_any(gate->g->marks, gate->resource->name, &f.marked, err);
    gate->marked = f.marked;
    if (rc < 0)
        return rc;
    ll_json_key(j, "changes");
    ll_json_arr(j);
    while (rc == LL_OK && f.n < f.limit && (more = next_event(&f, &e, err)) > 0)
        rc = one_event(&f, &e, err);
    ll_json_end_arr(j);
    if (rc < 0 || more < 0)
        return rc < 0 ? rc : more;
    snprintf(text, sizeof text, f.row < 0 ? "%" PRId64 : "%" PRId64 ".%" PRId64, f.seq, f.row);
    ll_json_kz(j, "cursor", text);
    ll_json_kb(j, "more", f.n == f.limit);
    ll_gate_charge(gate, f.n ? f.n : 1);
    return LL_OK;
}
