/* teller.c - follows what happens to handed-out records, one step a transaction (correction.h, promise 2). */
#include "share/correction_impl.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/ticker.h"
#include "share/objecting.h"
#include "share/recordname.h"

#include <stdlib.h>
#include <string.h>

enum { EVERY_MS = 1000, LATE_MS = 1000 };

struct ll_teller {
    struct ll_gateway *g;
    struct ll_data *d;
    struct ll_ticker *ticker;
    bool complained;
};

/* Something that happened; ids in the step's arena. */
struct happened {
    int64_t seq, at;
    const char *resource, *batch, *act; /* act of a doubt: its action */
    int64_t version;
};

/* --- reading ---------------------------------------------------------------------------------------------------------------- */

static const char next_change[] =
    "SELECT seq, at, resource, batch, act, version FROM change_event WHERE seq > (SELECT change FROM correction_mark)"
    " ORDER BY seq LIMIT 1";
/* Only what opens and ends a doubt. */
static const char next_doubt[] =
    "SELECT f.seq, f.at, o.resource, o.id, CASE WHEN f.to_state IN ('settled', 'withdrawn') THEN 'settled' ELSE 'disputed' END, 0"
    " FROM flow_event f JOIN objection o ON o.id = f.object WHERE f.flow = 'objection' AND f.seq >"
    " (SELECT flow FROM correction_mark) AND (f.from_state IS NULL OR f.to_state IN ('settled', 'withdrawn'))"
    " ORDER BY f.seq LIMIT 1";

/* A record that is no longer shared, or is again: `batch` is where its name is to be opened from. */
static const char next_withheld[] =
    "SELECT seq, at, resource, record, act, 0 FROM withheld WHERE seq > (SELECT withheld FROM correction_mark)"
    " ORDER BY seq LIMIT 1";

/* 1: found, 0: nothing new. */
static int next(struct ll_store *st, const char *sql, struct ll_arena *arena, struct happened *ret,
                struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    struct ll_stmt *s = NULL;
    bool nomem = false;
    int rc = ll_txn_begin(st, false, &tx, err);

    if (rc == LL_OK && (rc = ll_sql(tx, sql, &s, err)) == LL_OK && (rc = ll_step(s, err)) > 0)
        *ret = (struct happened){.seq = ll_col_int(s, 0),
                                 .at = ll_col_int(s, 1),
                                 .resource = ll_col_dup(s, 2, arena, &nomem),
                                 .batch = ll_col_dup(s, 3, arena, &nomem),
                                 .act = ll_col_dup(s, 4, arena, &nomem),
                                 .version = ll_col_int(s, 5)};
    ll_stmt_done(s);
    ll_txn_end(tx);
    return nomem ? ll_no_memory(err) : rc;
}

/* --- a batch ------------------------------------------------------------------------------------------------------------------- */

static int changed_by_batch(struct ll_data *d, const struct happened *h, struct ll_arena *arena,
                            struct ll_changed_list *l, struct ll_notice *n, struct ll_err *err)
{
    bool withdrawn = h->act && strcmp(h->act, "withdrawn") == 0;
    struct ll_batch b;
    int rc = ll_batch_get(d, h->batch, arena, &b, err);

    if (rc < 0)
        return rc;
    *n = (struct ll_notice){.resource = h->resource,
                            .act = withdrawn ? "withdrawn" : "corrected",
                            .corrects = true,
                            .batch = h->batch,
                            .change = withdrawn ? "withdrawn" : "changed",
                            .at = h->at,
                            .got_after = withdrawn ? b.published_at : 0,
                            .got_before = withdrawn ? INT64_MAX : b.published_at + LATE_MS};
    return ll_changed_of(l, d, &b, withdrawn, err);
}

/* --- a doubt ------------------------------------------------------------------------------------------------------------------- */

static int doubted(struct ll_gateway *g, const struct happened *h, struct ll_arena *arena,
                   struct ll_changed_list *l, struct ll_notice *n, struct ll_err *err)
{
    struct ll_objection o = {0};
    struct ll_txn *tx = NULL;
    int rc = ll_txn_begin(g->o.store, false, &tx, err);

    if (rc == LL_OK)
        rc = ll_objection_get(tx, g->o.vault, h->batch, arena, &o, err);
    ll_txn_end(tx);
    if (rc < 0)
        return rc;
    *n = (struct ll_notice){.resource = h->resource,
                            .act = h->act,
                            .change = h->act,
                            .at = h->at,
                            .got_before = INT64_MAX,
                            .whole = !o.record};
    return o.record ? ll_changed_record(g, o.record, arena, l, err) : LL_OK;
}

/* --- no longer shared ---------------------------------------------------------------------------------------------------------- */

static int withheld(struct ll_gateway *g, const struct happened *h, struct ll_arena *arena,
                    struct ll_changed_list *l, struct ll_notice *n, struct ll_err *err)
{
    *n = (struct ll_notice){.resource = h->resource,
                            .act = h->act,
                            .change = h->act,
                            .at = h->at,
                            .got_before = h->at + LATE_MS,
                            .corrects = true};
    return ll_changed_record(g, ll_record_name_open(g->o.vault, h->resource, h->batch, arena), arena, l, err);
}

/* --- a step ---------------------------------------------------------------------------------------------------------------------- */

static int write_step(struct ll_gateway *g, const char *mark, const struct happened *h,
                      const struct ll_notice *n, struct ll_changed_list *l, struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    int rc = ll_vault_prepare(g->o.vault, LL_CORRECTIONS_AS, err);

    if (rc < 0 || (rc = ll_txn_begin(g->o.store, true, &tx, err)) < 0)
        return rc;
    if (n)
        rc = ll_correction_tell(g, tx, n, l, err);
    if (rc == LL_OK && (rc = ll_exec(tx, err, mark, "i", h->seq)) == LL_OK)
        rc = ll_txn_commit(tx, err);
    ll_txn_end(tx);
    return rc;
}

/* What is followed, and how far: by column of correction_mark. */
enum source { CHANGES, DOUBTS, WITHHELD };
static const struct {
    const char *next, *mark;
} sources[] = {
    [CHANGES] = {next_change, "UPDATE correction_mark SET change = $1"},
    [DOUBTS] = {next_doubt, "UPDATE correction_mark SET flow = $1"},
    [WITHHELD] = {next_withheld, "UPDATE correction_mark SET withheld = $1"},
};

static int find_changed(struct ll_gateway *g, struct ll_data *d, enum source of, const struct happened *h,
                        struct ll_arena *arena, struct ll_changed_list *l, struct ll_notice *n,
                        struct ll_err *err)
{
    switch (of) {
    case CHANGES:
        return changed_by_batch(d, h, arena, l, n, err);
    case DOUBTS:
        return doubted(g, h, arena, l, n, err);
    case WITHHELD:
        return withheld(g, h, arena, l, n, err);
    }
    return LL_OK;
}

static int tell_of(struct ll_gateway *g, struct ll_data *d, struct ll_catalog *cat, enum source of,
                   const struct happened *h, struct ll_arena *arena, struct ll_err *err)
{
    struct ll_changed_list l = {.g = g,
                                .resource = ll_catalog_resource(cat, ll_str(h->resource)),
                                .keys = LL_BUF_INIT((size_t)1 << 30),
                                .scratch = ll_arena_new(16 << 20)};
    struct ll_notice n = {0};
    bool known = l.resource && (of != CHANGES || h->version == (int64_t)l.resource->version);
    int rc = l.scratch ? LL_OK : ll_no_memory(err);

    if (rc == LL_OK && known)
        rc = find_changed(g, d, of, h, arena, &l, &n, err);
    if (rc == LL_OK)
        rc = write_step(g, sources[of].mark, h, known ? &n : NULL, &l, err);
    ll_changed_free(&l);
    return rc;
}

/* Whoever got something before it happened must be known: the ledger reads first.  1: there may be more. */
static int step(struct ll_gateway *g, struct ll_data *d, enum source of, struct ll_err *err)
{
    struct ll_arena *arena = ll_arena_new(0);
    struct ll_catalog *cat = NULL;
    struct happened h = {0};
    int rc = arena ? next(g->o.store, sources[of].next, arena, &h, err) : ll_no_memory(err);

    if (rc > 0 && (rc = ll_ledger_catch_up(g->ledger, err)) == LL_OK &&
        (rc = ll_catalog_live_get(g->o.catalog, false, &cat, err)) == LL_OK &&
        (rc = tell_of(g, d, cat, of, &h, arena, err)) == LL_OK)
        rc = 1;
    ll_catalog_unref(cat);
    ll_arena_free(arena);
    return rc;
}

static int catch_up(struct ll_gateway *g, struct ll_data *d, enum source of, struct ll_err *err)
{
    int rc;

    while ((rc = step(g, d, of, err)) > 0)
        ;
    return rc;
}

int ll_teller_catch_up(struct ll_gateway *g, struct ll_data *d, struct ll_err *err)
{
    int rc = catch_up(g, d, CHANGES, err);

    if (rc == LL_OK)
        rc = ll_objecting_settle(g, err);
    if (rc == LL_OK)
        rc = catch_up(g, d, DOUBTS, err);
    return rc == LL_OK ? catch_up(g, d, WITHHELD, err) : rc;
}

/* --- the thread --------------------------------------------------------------------------------------------------------------------- */

static unsigned round_of(void *ctx)
{
    struct ll_teller *t = ctx;
    struct ll_err err;
    int rc = ll_teller_catch_up(t->g, t->d, &err);

    if (rc < 0 && !t->complained)
        ll_log(LL_ERROR, "correction", "%s", err.en);
    t->complained = rc < 0;
    return EVERY_MS;
}

int ll_teller_open(struct ll_gateway *g, struct ll_data *d, struct ll_teller **ret, struct ll_err *err)
{
    struct ll_teller *t = calloc(1, sizeof *t);
    int rc;

    if (!t)
        return ll_no_memory(err);
    t->g = g;
    t->d = d;
    if ((rc = ll_ticker_open(round_of, t, &t->ticker, err)) < 0) {
        free(t);
        return rc;
    }
    *ret = t;
    return LL_OK;
}

struct ll_teller *ll_teller_close(struct ll_teller *t)
{
    if (!t)
        return NULL;
    ll_ticker_close(t->ticker);
    free(t);
    return NULL;
}
