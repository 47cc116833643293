/* upward_store.c - opening what reports upward, a stream of it, and keeping a message that was made. */
#include "share/upward_impl.h"

#include "base/clock.h"
#include "crypto/digest.h"
#include "share/admin.h"
#include "share/workdays.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const int64_t DAY_MS = 86400000;
static const char salt_for[] = "luling upward salt ";

int ll_upward_open(const struct ll_upward_opts *o, struct ll_upward **ret, struct ll_err *err)
{
    const struct ll_settings *set = ll_data_settings(o->data);
    struct ll_tables_opts tables = LL_TABLES_OPTS_INIT;
    struct ll_upward *u = calloc(1, sizeof *u);
    int rc;

    if (!u)
        return ll_no_memory(err);
    u->data = o->data;
    u->store = ll_data_store(o->data);
    u->vault = ll_data_vault(o->data);
    u->rows_max = (size_t)set->upward_rows;
    u->keep_ms = (int64_t)set->upward_keep_days * DAY_MS;
    tables.data_dir = ll_data_dir(o->data);
    tables.vault = u->vault;
    if ((rc = ll_keyring_secret(o->keys, LL_FOR_INDEX, u->secret, err)) < 0 ||
        (rc = ll_tables_open(u->store, &tables, &u->tables, err)) < 0 ||
        (rc = ll_marks_open(u->store, u->vault, &u->marks, err)) < 0)
        ll_upward_close(u);
    else
        *ret = u;
    return rc;
}

struct ll_upward *ll_upward_close(struct ll_upward *u)
{
    if (!u)
        return NULL;
    ll_marks_close(u->marks);
    ll_tables_close(u->tables);
    explicit_bzero(u->secret, sizeof u->secret);
    free(u);
    return NULL;
}

/* --- a stream -------------------------------------------------------------------------------------------------------------- */

static int read_marks(struct ll_txn *tx, struct upward_stream *s, struct ll_err *err)
{
    struct ll_stmt *q = NULL;
    bool nomem = false;
    int rc = ll_sql(tx,
                    "SELECT id, change, row, phase, withheld, pass, next FROM upward_stream WHERE name = $1",
                    &q, err);

    if (rc < 0)
        return rc;
    ll_bind_z(q, 1, s->plan.layout->stream);
    if ((rc = ll_step(q, err)) > 0) {
        s->id = ll_col_int(q, 0);
        s->change = ll_col_int(q, 1);
        s->row = ll_col_int(q, 2);
        s->phase = ll_col_int(q, 3);
        s->withheld = ll_col_int(q, 4);
        s->pass = ll_col_dup(q, 5, s->arena, &nomem);
        s->next = ll_col_int(q, 6);
    }
    ll_stmt_done(q);
    return nomem ? ll_no_memory(err) : rc;
}

static int begin_stream(struct upward_stream *s, struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    int rc = ll_txn_begin(s->u->store, false, &tx, err);

    if (rc == LL_OK)
        rc = read_marks(tx, s, err);
    ll_txn_end(tx);
    tx = NULL;
    if (rc == 0 && (rc = ll_txn_begin(s->u->store, true, &tx, err)) == LL_OK &&
        (rc = read_marks(tx, s, err)) == 0 &&
        (rc = ll_exec(
             tx, err,
             "INSERT INTO upward_stream (name, change, row, phase, withheld, next) VALUES ($1, 0, -1, 0, 0, 1)",
             "z", s->plan.layout->stream)) == LL_OK &&
        (rc = read_marks(tx, s, err)) > 0)
        rc = ll_txn_commit(tx, err);
    ll_txn_end(tx);
    return rc < 0 ? rc : LL_OK;
}

static int read_plan(struct upward_stream *s, const char *name, struct ll_err *err)
{
    const struct ll_upward_layout *layout;
    const struct ll_resource *r;
    struct ll_txn *tx = NULL;
    int rc = ll_txn_begin(s->u->store, false, &tx, err);

    if (rc == LL_OK)
        rc = ll_upward_layouts_read(tx, s->arena, &s->layouts, err);
    ll_txn_end(tx);
    if (rc < 0)
        return rc;
    if (!(layout = ll_upward_layout_find(&s->layouts, ll_str(name))))
        return ll_fail(err, LL_NOTFOUND, "没有名为 %.64s 的上报（场景包的 upward.csv）",
                       "nothing named %.64s is reported upward (upward.csv of a pack)", name);
    if (!(r = ll_catalog_resource(s->cat, ll_str(layout->resource))))
        return ll_fail(err, LL_NOTFOUND, "上报 %s 的资源 %s 不在目录中",
                       "stream %s: resource %s is not in the catalogue", layout->stream, layout->resource);
    return ll_upward_bind(&s->layouts, layout, r, s->arena, &s->plan, err);
}

/* Each stream of a platform has a salt of its own, the same for ever. */
static void make_salt(struct upward_stream *s)
{
    char info[sizeof salt_for + 64];

    snprintf(info, sizeof info, "%s%.64s", salt_for, s->plan.layout->stream);
    ll_hkdf_sha256((struct ll_str){(const char *)s->u->secret, sizeof s->u->secret}, ll_str(""), ll_str(info),
                   s->salt, sizeof s->salt);
}

int upward_stream_open(struct ll_upward *u, const char *name, struct upward_stream *ret, struct ll_err *err)
{
    char path[LL_PATH];
    int rc;

    *ret = (struct upward_stream){.u = u, .arena = ll_arena_new(0), .lock = -1};
    if (!ret->arena)
        return ll_no_memory(err);
    if ((rc = ll_data_path(u->data, path, err, "locks/upward")) == LL_OK &&
        (rc = ll_fs_lock(path, &ret->lock, err)) == LL_OK &&
        (rc = ll_data_catalog(u->data, &ret->cat, err)) == LL_OK &&
        (rc = read_plan(ret, name, err)) == LL_OK && (rc = begin_stream(ret, err)) == LL_OK)
        make_salt(ret);
    if (rc < 0)
        upward_stream_close(ret);
    return rc;
}

void upward_stream_close(struct upward_stream *s)
{
    ll_fs_unlock(s->lock);
    ll_catalog_unref(s->cat);
    ll_arena_free(s->arena);
    *s = (struct upward_stream){.lock = -1};
}

int upward_stream_write(struct ll_txn *tx, const struct upward_stream *s, struct ll_err *err)
{
    return ll_exec(
        tx, err,
        "UPDATE upward_stream SET change = $2, row = $3, phase = $4, withheld = $5, pass = $6, next = $7"
        " WHERE id = $1",
        "iiiiizi", s->id, s->change, s->row, s->phase, s->withheld, s->pass, s->next);
}

/* --- a message ------------------------------------------------------------------------------------------------------------- */

#define RECORD_SENT                                                                                          \
    " ON CONFLICT (stream, key_a, key_b) DO UPDATE SET sent_a = excluded.sent_a, sent_b = excluded.sent_b,"  \
    " sequence = excluded.sequence, state = excluded.state"

static int mark_sent(struct ll_txn *tx, const struct upward_stream *s, const struct upward_entry *e,
                     struct ll_err *err)
{
    if (e->gone)
        return ll_exec(
            tx, err,
            "INSERT INTO upward_record (stream, key_a, key_b, sequence, state) VALUES ($1, $2, $3, $4, 0)" RECORD_SENT,
            "iiii", s->id, (int64_t)e->key.a, (int64_t)e->key.b, s->next);
    return ll_exec(tx, err,
                   "INSERT INTO upward_record (stream, key_a, key_b, sequence, state, sent_a, sent_b)"
                   " VALUES ($1, $2, $3, $4, 0, $5, $6)" RECORD_SENT,
                   "iiiiii", s->id, (int64_t)e->key.a, (int64_t)e->key.b, s->next, (int64_t)e->content.a,
                   (int64_t)e->content.b);
}

static void sha256_text(struct ll_str body, char out[2 * LL_DIGEST + 1])
{
    unsigned char sha[LL_DIGEST];

    ll_sha256(body.p, body.n, sha);
    for (size_t i = 0; i < LL_DIGEST; i++)
        snprintf(out + 2 * i, 3, "%02x", sha[i]);
}

static int insert_message(struct ll_txn *tx, const struct upward_stream *s, const struct upward_draft *d,
                          struct ll_err *err)
{
    char sha[2 * LL_DIGEST + 1], object[96], detail[160];
    int64_t now = ll_now_ms();
    struct ll_admin_note note = {.act = LL_ADMIN_UPWARD_MADE};
    int rc;

    sha256_text(ll_buf_view(&d->body), sha);
    snprintf(object, sizeof object, "%.64s/%" PRId64, s->plan.layout->stream, s->next);
    snprintf(detail, sizeof detail, "rows %zu, deletes %zu, sha256 %s", d->n, d->deletes, sha);
    note.object = ll_str(object);
    note.detail = ll_str(detail);
    if ((rc = ll_exec(
             tx, err,
             "INSERT INTO upward_message (stream, sequence, day, batch, rows, deletes, bytes, sha256, state, made_at)"
             " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'made', $9)",
             "iiiziiizi", s->id, s->next, (int64_t)ll_workday_of(now), d->batch, (int64_t)d->n,
             (int64_t)d->deletes, (int64_t)d->body.n, sha, now)) < 0)
        return rc;
    return ll_admin_note(tx, NULL, &note, err);
}

int upward_draft_keep(struct upward_stream *s, struct upward_draft *d, struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    int rc = LL_OK;

    if (d->body.failed || d->rows.failed)
        return ll_fail(err, LL_TOOBIG, "上报报文超过上限", "a message to the upper platform is too long");
    if (d->n && ((rc = upward_file_write(s, s->next, "body", ll_buf_view(&d->body), err)) < 0 ||
                 (rc = upward_file_write(s, s->next, "rows", ll_buf_view(&d->rows), err)) < 0))
        return rc;
    if ((rc = ll_txn_begin(s->u->store, true, &tx, err)) < 0)
        return rc;
    for (size_t i = 0; i < d->n && rc == LL_OK; i++)
        rc = mark_sent(tx, s, &d->list[i], err);
    if (rc == LL_OK && d->n) {
        rc = insert_message(tx, s, d, err);
        s->next++;
    }
    if (rc == LL_OK && (rc = upward_stream_write(tx, s, err)) == LL_OK)
        rc = ll_txn_commit(tx, err);
    ll_txn_end(tx);
    return rc;
}

void upward_draft_free(struct upward_draft *d)
{
    free(d->list);
    ll_buf_free(&d->body);
    ll_buf_free(&d->rows);
}
