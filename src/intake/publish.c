/* publish.c - from sealed Parquet to a listed segment.
 *
 * (1) Listing, the batch's and the delivery's state and the closed quarantine rows change in one transaction.
 * (2) What is listed after any sequence of publishing and withdrawing is what a rebuild from the lake would list. */
#include "intake/publish.h"

#include "base/clock.h"
#include "base/log.h"
#include "intake/fixes.h"
#include "intake/newseg.h"
#include "intake/segform.h"

#include <string.h>

/* A segment on its way into the list. */
struct listing {
    struct ll_data *d;
    const struct ll_resource *r;
    const char *id;
    const struct ll_batch *b; /* the batch to publish; NULL: only anew */
    struct ll_newseg *seg;    /* NULL: nothing to list */
    struct ll_batch *live;    /* all that shows, when the segment holds more than the batch */
    size_t n_live;
    bool newest, outdated; /* outdated: a newer version of the resource shows, the batch does not */
    struct ll_fixes *fixes;
    struct ll_arena *arena;
    struct ll_err *err;
};

/* ---- listing ---- */

static int list_segment(struct ll_txn *tx, const struct listing *s, int64_t first, int64_t last)
{
    struct ll_buf parts = LL_BUF_INIT(64 << 20);
    int rc;

    ll_newseg_parts(s->seg, &parts);
    rc = parts.failed ? ll_no_memory(s->err)
                      : ll_exec(tx, s->err, "DELETE FROM segment WHERE id = $1", "z", s->id);
    if (rc == LL_OK)
        rc = ll_exec(
            tx, s->err,
            "INSERT INTO segment (id, resource, version, seq, first_batch, last_batch, rows, built_at, parts) "
            "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            "zziiiiiis", s->id, s->r->name, (int64_t)s->r->version, last, first, last,
            (int64_t)ll_newseg_rows(s->seg), ll_now_ms(), ll_buf_view(&parts));
    ll_buf_free(&parts);
    return rc;
}

static int mark_published(struct ll_txn *tx, const struct ll_batch *b, struct ll_err *err)
{
    int64_t now = ll_now_ms();
    int rc = ll_exec(tx, err, "UPDATE batch SET state = 'published', published_at = $1 WHERE id = $2", "iz",
                     now, b->id);

    return rc < 0
               ? rc
               : ll_exec(
                     tx, err,
                     "UPDATE delivery SET state = 'published', stage = 'done', batch = $1, error_rc = NULL, error_zh = NULL, "
                     "error_en = NULL, updated_at = $2 WHERE id = $3",
                     "ziz", b->id, now, b->id);
}

/* Whether it is the newest batch; it is not when the delivery waited while later ones were published. */
static int find_place(struct listing *s)
{
    const struct ll_batch *b = s->b;
    struct ll_txn *tx = NULL;
    struct ll_stmt *q = NULL;
    int rc;

    if ((rc = ll_txn_begin(ll_data_store(s->d), false, &tx, s->err)) == LL_OK &&
        (rc = ll_sql(
             tx,
             "SELECT count(*), count(*) FILTER (WHERE version > $2) FROM batch WHERE resource = $1 AND state = 'published' AND id <> $4 "
             "AND (version > $2 OR (version = $2 AND seq > $3))",
             &q, s->err)) == LL_OK) {
        ll_bind_z(q, 1, b->resource);
        ll_bind_int(q, 2, b->version);
        ll_bind_int(q, 3, b->seq);
        ll_bind_z(q, 4, b->id);
        if ((rc = ll_step(q, s->err)) > 0)
            s->newest = ll_col_int(q, 0) == 0;
        s->outdated = ll_col_int(q, 1) > 0;
    }
    ll_stmt_done(q);
    ll_txn_end(tx);
    return rc < 0 ? rc : LL_OK;
}

/* Lists the segment of the newest batch: beside what is listed, or instead of it. */
static int list_newest(struct ll_txn *tx, const struct listing *s)
{
    const struct ll_batch *b = s->b;
    int rc;

    LL_ASSERT(b != NULL); /* what is newest is a batch */
    /* a new version of the resource starts empty: its columns may mean something else */
    if ((rc = ll_exec(tx, s->err, "DELETE FROM segment WHERE resource = $1 AND version < $2", "zi",
                      s->r->name, (int64_t)s->r->version)) < 0)
        return rc;
    if (strcmp(b->mode, "snapshot") == 0 &&
        (rc = ll_exec(tx, s->err, "DELETE FROM segment WHERE resource = $1 AND seq < $2", "zi", s->r->name,
                      b->seq)) < 0)
        return rc;
    return list_segment(tx, s, b->seq, b->seq);
}

/* Lists the one segment that holds all that shows. */
static int list_instead(struct ll_txn *tx, const struct listing *s)
{
    int rc = ll_exec(tx, s->err, "DELETE FROM segment WHERE resource = $1", "z", s->r->name);

    return rc < 0 || !s->n_live ? rc : list_segment(tx, s, s->live[0].seq, s->live[s->n_live - 1].seq);
}

/* Promise (1). */
static int list(const struct listing *s)
{
    struct ll_txn *tx = NULL;
    int rc = ll_txn_begin(ll_data_store(s->d), true, &tx, s->err);

    if (rc == LL_OK && !s->outdated)
        rc = s->newest ? list_newest(tx, s) : list_instead(tx, s);
    if (rc == LL_OK && s->b && (rc = mark_published(tx, s->b, s->err)) == LL_OK)
        rc = ll_fixes_apply(s->fixes, tx, s->b->id, s->err);
    if (rc == LL_OK)
        rc = ll_txn_commit(tx, s->err);
    ll_txn_end(tx);
    return rc;
}

/* ---- building ---- */

/* The segment of everything that shows, the batch to publish counted in. */
static int build_current(struct listing *s)
{
    int rc = ll_batch_live(s->d, s->r->name, s->r->version, -1, s->b ? s->b->id : NULL, s->arena, &s->live,
                           &s->n_live, s->err);

    if (rc < 0 || !s->n_live)
        return rc;
    if ((rc = ll_newseg_add_current(s->seg, s->live, s->n_live)) < 0)
        return rc;
    return ll_newseg_build(s->seg, NULL, NULL, 0);
}

static int build(struct listing *s, ll_seal_progress *progress, void *ctx)
{
    bool fits = true;
    int rc = s->b ? find_place(s) : LL_OK;

    /* a grade was changed: what is listed is stored anew, with the batch, rather than be read beside it in another form */
    if (rc == LL_OK && s->newest && (rc = ll_segform_is_current(s->d, s->r, &fits, s->err)) == LL_OK && !fits)
        s->newest = false;
    if (rc < 0 || s->outdated || (rc = ll_newseg_open(s->d, s->r, s->id, &s->seg, s->err)) < 0)
        return rc;
    if (!s->newest)
        return build_current(s);
    if ((rc = ll_newseg_add_batch(s->seg, s->b)) < 0)
        return rc;
    rc = ll_newseg_build(s->seg, progress, ctx, (uint64_t)s->b->rows);
    /* What the lake holds is what readers get: a promise that is checked every time. */
    if (rc == LL_OK && ll_newseg_rows(s->seg) != (uint64_t)s->b->rows)
        rc = ll_fail(s->err, LL_INTERNAL, "批次 %s 有 %lld 行，服务表只得到 %llu 行",
                     "batch %s has %lld rows, the service table got %llu", s->b->id, (long long)s->b->rows,
                     (unsigned long long)ll_newseg_rows(s->seg));
    return rc;
}

static int run(struct listing *s, ll_seal_progress *progress, void *ctx)
{
    int rc;

    if (!(s->arena = ll_arena_new(0)))
        return ll_no_memory(s->err);
    if ((rc = build(s, progress, ctx)) == LL_OK &&
        (!s->b || (rc = ll_fixes_find(s->d, s->r, s->b, &s->fixes, s->err)) == LL_OK))
        rc = list(s);
    ll_fixes_free(s->fixes);
    ll_newseg_close(s->seg);
    ll_arena_free(s->arena);
    /* what readers see stands: files left over wait for the next sweep */
    struct ll_err why = {0};
    if (rc == LL_OK && ll_publish_sweep(s->d, s->r->name, &why) < 0)
        ll_log(LL_WARN, "intake", "%s could not be swept: %s", s->r->name, why.en);
    return rc;
}

int ll_publish(struct ll_data *d, const struct ll_resource *r, const struct ll_batch *b,
               ll_seal_progress *progress, void *ctx, struct ll_err *err)
{
    struct listing s = {.d = d, .r = r, .id = b->id, .b = b, .err = err};

    return run(&s, progress, ctx);
}

int ll_publish_again(struct ll_data *d, const struct ll_resource *r, struct ll_err *err)
{
    char id[LL_ID_TEXT];
    struct listing s = {.d = d, .r = r, .id = id, .err = err};

    ll_data_new_id(id);
    return run(&s, NULL, NULL);
}

int ll_publish_shown(struct ll_data *d, const char *resource, struct ll_err *err)
{
    struct ll_catalog *cat = NULL;
    int64_t version = 0;
    int rc;

    if ((rc = ll_batch_shown_version(d, resource, &version, err)) < 0 ||
        (rc = ll_data_catalog(d, &cat, err)) < 0)
        return rc;
    const struct ll_resource *r = version
                                      ? ll_catalog_resource_version(cat, ll_str(resource), (unsigned)version)
                                      : ll_catalog_resource(cat, ll_str(resource));
    rc = r ? ll_publish_again(d, r, err)
           : ll_fail(err, LL_NOTFOUND, "目录中没有资源 %s", "resource %s is not in the catalogue", resource);
    ll_catalog_unref(cat);
    return rc;
}

int ll_publish_mend(struct ll_data *d, const char *resource, struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    struct ll_stmt *s = NULL;
    int64_t outdated = 0;
    int rc = ll_txn_begin(ll_data_store(d), false, &tx, err);

    if (rc == LL_OK && (rc = ll_sql(tx, "SELECT count(*) FROM segment WHERE resource = $1 AND built_at = 0",
                                    &s, err)) == LL_OK) {
        ll_bind_z(s, 1, resource);
        if ((rc = ll_step(s, err)) > 0)
            outdated = ll_col_int(s, 0);
    }
    ll_stmt_done(s);
    ll_txn_end(tx);
    return rc < 0 ? rc : outdated ? ll_publish_shown(d, resource, err) : LL_OK;
}

/* ---- files that nobody lists ---- */

struct sweep {
    struct ll_data *d;
    const char *resource;
    struct ll_buf listed; /* every parts column of the resource */
};

static int sweep_one(void *ctx, const char *name, struct ll_err *err)
{
    struct sweep *w = ctx;
    struct ll_buf quoted = LL_BUF_INIT(1024);
    char path[LL_PATH];
    int rc = LL_OK;

    ll_buf_json(&quoted, ll_str(name));
    if (!w->listed.p || !memmem(w->listed.p, w->listed.n, quoted.p, quoted.n))
        if ((rc = ll_data_path(w->d, path, err, "service/%s/%s", w->resource, name)) == LL_OK)
            rc = ll_fs_remove_tree(path, err);
    ll_buf_free(&quoted);
    return rc;
}

static int read_listed(struct sweep *w, struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    struct ll_stmt *s = NULL;
    int rc = ll_txn_begin(ll_data_store(w->d), false, &tx, err);

    if (rc == LL_OK && (rc = ll_sql(tx, "SELECT parts FROM segment WHERE resource = $1", &s, err)) == LL_OK) {
        ll_bind_z(s, 1, w->resource);
        while ((rc = ll_step(s, err)) > 0)
            ll_buf_str(&w->listed, ll_col_text(s, 0));
    }
    ll_stmt_done(s);
    ll_txn_end(tx);
    return rc < 0 ? rc : w->listed.failed ? ll_no_memory(err) : LL_OK;
}

int ll_publish_sweep(struct ll_data *d, const char *resource, struct ll_err *err)
{
    struct sweep w = {d, resource, LL_BUF_INIT(256 << 20)};
    char dir[LL_PATH];
    int rc = ll_data_path(d, dir, err, "service/%s", resource);

    if (rc == LL_OK && ll_fs_exists(dir) && (rc = read_listed(&w, err)) == LL_OK)
        rc = ll_fs_each(dir, sweep_one, &w, err);
    ll_buf_free(&w.listed);
    return rc;
}
