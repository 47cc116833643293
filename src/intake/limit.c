/* limit.c - see limit.h.  Keys are joined, contents compared by their hash; an increment too small to matter is not compared at all. */
#include "intake/limit.h"

#include "intake/stored.h"

#include <string.h>

enum {
    SMALL = 100
}; /* records: below it any share is a few records, and a limit in percent would only annoy */

struct side {
    struct ll_data *d;
    const struct ll_resource *r;
    struct ll_err *err;
};

/* One integer of a query, whose text is freed. */
static int ask(struct side *s, struct ll_buf *sql, int64_t *ret)
{
    struct ll_lake_conn *c = NULL;
    struct ll_lake *lake = NULL;
    int rc = sql->failed ? ll_no_memory(s->err) : ll_data_lake(s->d, &lake, s->err);

    if (rc == LL_OK && (rc = ll_lake_connect(lake, &c, s->err)) == LL_OK)
        rc = ll_lake_int(c, sql->p, ret, s->err);
    ll_lake_disconnect(c);
    ll_buf_free(sql);
    return rc;
}

static void content_hash(struct ll_buf *sql, const struct ll_resource *r)
{
    ll_buf_z(sql, "hash(");
    for (size_t i = 0; i < r->n_items; i++) {
        ll_buf_z(sql, i ? ", " : "");
        ll_stored_value(sql, r, &r->items[i]); /* a sealed value is never the same twice */
    }
    ll_buf_z(sql, ")");
}

/* "(SELECT keys, h FROM (current)) a JOIN (SELECT keys, h, gone FROM batch) b USING (keys)" */
static int put_join(struct side *s, struct ll_buf *sql, const struct ll_batch *live, size_t n,
                    const struct ll_batch *b, const char *join)
{
    int rc;

    ll_buf_z(sql, " FROM (SELECT ");
    ll_stored_key(sql, s->r);
    ll_buf_z(sql, ", ");
    content_hash(sql, s->r);
    ll_buf_z(sql, " AS h FROM (");
    if ((rc = ll_batch_current_sql(s->d, s->r, live, n, sql, s->err)) < 0)
        return rc;
    ll_buf_printf(sql, ")) a %s (SELECT ", join);
    ll_stored_key(sql, s->r);
    ll_buf_z(sql, ", ");
    content_hash(sql, s->r);
    ll_buf_z(sql, " AS h, ll_deleted AS gone FROM (");
    if ((rc = ll_batch_versions_sql(s->d, s->r, b, sql, s->err)) < 0)
        return rc;
    ll_buf_z(sql, ")) b USING (");
    ll_stored_key(sql, s->r);
    ll_buf_z(sql, ")");
    return LL_OK;
}

static int count(struct side *s, const char *what, const char *join, const struct ll_batch *live, size_t n,
                 const struct ll_batch *b, int64_t *ret)
{
    struct ll_buf sql = LL_BUF_INIT(64 << 20);

    ll_buf_printf(&sql, "SELECT count(*) FILTER (%s)", what);
    int rc = put_join(s, &sql, live, n, b, join);
    if (rc < 0) {
        ll_buf_free(&sql);
        return rc;
    }
    return ask(s, &sql, ret);
}

static int count_current(struct side *s, const struct ll_batch *live, size_t n, int64_t *ret)
{
    struct ll_buf sql = LL_BUF_INIT(64 << 20);
    int rc;

    if (n == 1) { /* a single snapshot: its own count */
        *ret = live[0].rows - live[0].deletes;
        return LL_OK;
    }
    ll_buf_z(&sql, "SELECT count(*) FROM (");
    if ((rc = ll_batch_current_sql(s->d, s->r, live, n, &sql, s->err)) < 0) {
        ll_buf_free(&sql);
        return rc;
    }
    ll_buf_z(&sql, ")");
    return ask(s, &sql, ret);
}

/* The rows of all live batches are an upper bound that costs nothing: enough to see that an increment is too small to matter. */
static bool clearly_small(const struct ll_batch *b, const struct ll_batch *live, size_t n, unsigned limit)
{
    int64_t largest = 0;

    for (size_t i = 0; i < n; i++)
        if (live[i].rows - live[i].deletes > largest)
            largest =
                live[i].rows -
                live[i].deletes; /* at least so many records are there, unless later batches deleted them */
    return strcmp(b->mode, "increment") == 0 && b->rows * 100 <= largest * (int64_t)limit;
}

static int measure(struct side *s, const struct ll_batch *b, const struct ll_batch *live, size_t n,
                   struct ll_change *c)
{
    bool snapshot = strcmp(b->mode, "snapshot") == 0;
    int rc = count_current(s, live, n, &c->current);

    if (rc < 0 || c->current < SMALL)
        return rc;
    if ((rc = count(s, snapshot ? "b.gone IS NULL" : "b.gone", snapshot ? "LEFT JOIN" : "JOIN", live, n, b,
                    &c->deletes)) < 0)
        return rc;
    return count(s, "NOT b.gone AND a.h <> b.h", "JOIN", live, n, b, &c->changes);
}

int ll_change_of(struct ll_data *d, const struct ll_resource *r, const struct ll_batch *b,
                 struct ll_change *ret, struct ll_err *err)
{
    struct side s = {d, r, err};
    struct ll_arena *arena = ll_arena_new(0);
    struct ll_batch *live = NULL;
    size_t n = 0;
    int rc = arena ? LL_OK : ll_no_memory(err);

    *ret = (struct ll_change){.limit = r->change_limit};
    if (rc == LL_OK)
        rc = ll_batch_live(d, r->name, r->version, -1, NULL, arena, &live, &n, err);
    if (rc == LL_OK && n && !clearly_small(b, live, n, ret->limit))
        rc = measure(&s, b, live, n, ret);
    ret->too_much = (ret->deletes + ret->changes) * 100 > ret->current * (int64_t)ret->limit;
    ll_arena_free(arena);
    return rc;
}
