/* lookrow.c - see lookrow.h. */
#include "share/lookrow.h"

#include "crypto/base64.h"

#include <inttypes.h>
#include <string.h>

enum { HASH_TEXT = 64 };

static int damaged(struct ll_err *err)
{
    return ll_fail(err, LL_INVALID, "表 look 有误：请由日志重建",
                   "table look is damaged: rebuild it from the journal");
}

/* --- an entry ------------------------------------------------------------------------------------------------------------ */

int ll_look_entry_write(struct ll_txn *tx, const struct ll_look_entry *e, struct ll_err *err)
{
    struct ll_buf link = LL_BUF_INIT(HASH_TEXT);
    int rc;

    ll_base64_put(&link, LL_BASE64_URL, e->link.b, sizeof e->link.b);
    rc = link.failed
             ? ll_no_memory(err)
             : ll_exec(tx, err,
                       "INSERT INTO look_entry (entry, link, resource, organisation, access_grant, at)"
                       " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (entry) DO NOTHING",
                       "iszzzi", e->entry, ll_buf_view(&link), e->resource, e->organisation, e->grant, e->at);
    ll_buf_free(&link);
    return rc;
}

static int add_link(struct ll_txn *tx, int64_t entry, struct ll_look_head *h, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    struct ll_node link;
    int rc = ll_sql(tx, "SELECT link FROM look_entry WHERE entry = $1", &s, err);

    if (rc < 0)
        return rc;
    ll_bind_int(s, 1, entry);
    rc = ll_step(s, err);
    if (rc == 0 || (rc > 0 && !ll_base64_exact(ll_col_text(s, 0), LL_BASE64_URL, link.b, sizeof link.b)))
        rc = damaged(err);
    ll_stmt_done(s);
    if (rc > 0)
        ll_look_add(h, &link);
    return rc < 0 ? rc : LL_OK;
}

/* --- a run --------------------------------------------------------------------------------------------------------------- */

void ll_look_run_add(struct ll_buf *run, int64_t entry, bool given)
{
    ll_buf_printf(run, "%s%s%" PRId64, run->n ? "," : "", given ? "" : "!", entry);
}

bool ll_look_run_next(struct ll_str *run, int64_t *entry, bool *given)
{
    struct ll_str one;

    if (!run->n)
        return false;
    ll_str_cut(*run, ',', &one, run);
    *given = !ll_str_starts(one, LL_STR("!"));
    if (!*given)
        one = (struct ll_str){one.p + 1, one.n - 1};
    return ll_str_i64(one, 0, INT64_MAX, entry);
}

int ll_look_run_write(struct ll_txn *tx, const char *subject, int64_t first, int64_t last,
                      const struct ll_look_head *h, struct ll_str run, struct ll_err *err)
{
    struct ll_buf head = LL_BUF_INIT(HASH_TEXT);
    int rc;

    ll_base64_put(&head, LL_BASE64_URL, h->head.b, sizeof h->head.b);
    rc = head.failed ? ll_no_memory(err)
                     : ll_exec(tx, err,
                               "INSERT INTO look (subject, entry, last, nth, head, entries)"
                               " VALUES ($1, $2, $3, $4, $5, $6)",
                               "ziiiss", subject, first, last, (int64_t)h->looks, ll_buf_view(&head), run);
    ll_buf_free(&head);
    return rc;
}

/* --- a chain ------------------------------------------------------------------------------------------------------------- */

static int start_chain(const char *subject, struct ll_look_head *h, struct ll_err *err)
{
    if (!ll_look_subject(ll_str(subject), h->subject))
        return ll_fail(err, LL_INVALID, "日志中有不是假名的主体",
                       "the journal names a subject that is no pseudonym");
    ll_look_start(h);
    return LL_OK;
}

/* nth and head of a row, from column `at` on. */
static int read_head(struct ll_stmt *s, int at, struct ll_look_head *h, struct ll_err *err)
{
    h->looks = (uint64_t)ll_col_int(s, at);
    return ll_base64_exact(ll_col_text(s, at + 1), LL_BASE64_URL, h->head.b, sizeof h->head.b) ? LL_OK
                                                                                               : damaged(err);
}

int ll_look_chain_end(struct ll_txn *tx, const char *subject, struct ll_look_head *ret, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int rc = start_chain(subject, ret, err);

    if (rc < 0 ||
        (rc = ll_sql(tx, "SELECT nth, head FROM look WHERE subject = $1 ORDER BY entry DESC LIMIT 1", &s,
                     err)) < 0)
        return rc;
    ll_bind_z(s, 1, subject);
    if ((rc = ll_step(s, err)) > 0)
        rc = read_head(s, 0, ret, err);
    ll_stmt_done(s);
    return rc < 0 ? rc : LL_OK;
}

/* The part of a run that is asked for. */
static int replay(struct ll_txn *tx, struct ll_str run, int64_t before, uint64_t looks,
                  struct ll_look_head *h, struct ll_err *err)
{
    int64_t entry = 0;
    bool given;
    int rc = LL_OK;

    while (rc == LL_OK && h->looks < looks && ll_look_run_next(&run, &entry, &given) && entry < before)
        rc = add_link(tx, entry, h, err);
    return rc;
}

int ll_look_chain_at(struct ll_txn *tx, const char *subject, int64_t before, uint64_t looks,
                     struct ll_look_head *ret, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    bool whole = true;
    int rc = start_chain(subject, ret, err);

    if (rc < 0 ||
        (rc = ll_sql(
             tx, "SELECT last, nth, head, entries FROM look WHERE subject = $1 AND entry < $2 ORDER BY entry",
             &s, err)) < 0)
        return rc;
    ll_bind_z(s, 1, subject);
    ll_bind_int(s, 2, before);
    while (whole && (rc = ll_step(s, err)) > 0) {
        whole = ll_col_int(s, 0) < before && (uint64_t)ll_col_int(s, 1) <= looks;
        rc = whole ? read_head(s, 1, ret, err) : replay(tx, ll_col_text(s, 3), before, looks, ret, err);
        if (rc < 0)
            break;
    }
    ll_stmt_done(s);
    return rc < 0 ? rc : LL_OK;
}

/* --- links of a chain -------------------------------------------------------------------------------------------------------- */

static int give_link(struct ll_txn *tx, int64_t entry, ll_look_link_fn *fn, void *ctx, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int rc = ll_sql(tx, "SELECT link FROM look_entry WHERE entry = $1", &s, err);

    if (rc < 0)
        return rc;
    ll_bind_int(s, 1, entry);
    rc = ll_step(s, err);
    rc = rc > 0 ? fn(ctx, entry, ll_col_text(s, 0), err) : rc == 0 ? damaged(err) : rc;
    ll_stmt_done(s);
    return rc;
}

/* How many looks a run has. */
static uint64_t length_of(struct ll_str run)
{
    uint64_t n = run.n > 0;

    for (size_t i = 0; i < run.n; i++)
        n += run.p[i] == ',';
    return n;
}

int ll_look_links(struct ll_txn *tx, const char *subject, uint64_t after, int64_t before, size_t limit,
                  ll_look_link_fn *fn, void *ctx, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int rc = ll_sql(
        tx, "SELECT nth, entries FROM look WHERE subject = $1 AND nth > $2 AND entry < $3 ORDER BY entry", &s,
        err);

    if (rc < 0)
        return rc;
    ll_bind_z(s, 1, subject);
    ll_bind_int(s, 2, (int64_t)after);
    ll_bind_int(s, 3, before);
    while (limit && (rc = ll_step(s, err)) > 0) {
        struct ll_str run = ll_col_text(s, 1);
        uint64_t nth = (uint64_t)ll_col_int(s, 0) - length_of(run);
        int64_t entry = 0;
        bool given;
        for (rc = LL_OK; rc == LL_OK && limit && ll_look_run_next(&run, &entry, &given);)
            if (++nth > after && entry < before) {
                rc = give_link(tx, entry, fn, ctx, err);
                limit--;
            }
        if (rc < 0)
            break;
    }
    ll_stmt_done(s);
    return rc < 0 ? rc : LL_OK;
}

/* --- recipients -------------------------------------------------------------------------------------------------------------- */

static struct ll_recipient *recipient_of(struct ll_recipients *r, struct ll_str organisation)
{
    for (size_t i = 0; i < r->n; i++)
        if (ll_str_is(organisation, r->list[i].organisation))
            return &r->list[i];
    if (r->n == r->room) {
        size_t more = r->room ? r->room * 2 : 8;
        struct ll_recipient *fresh = ll_arena_array(r->arena, more, sizeof *fresh);
        if (!fresh)
            return NULL;
        if (r->n)
            memcpy(fresh, r->list, r->n * sizeof *fresh);
        r->list = fresh;
        r->room = more;
    }
    struct ll_recipient *one = &r->list[r->n];
    *one = (struct ll_recipient){.organisation = ll_arena_dup(r->arena, organisation), .entry = -1};
    r->n += one->organisation != NULL;
    return one->organisation ? one : NULL;
}

static int add_recipient(struct ll_recipients *r, struct ll_stmt *s, int64_t entry, struct ll_err *err)
{
    struct ll_recipient *one = recipient_of(r, ll_col_text(s, 0));
    bool nomem = false;

    if (!one)
        return ll_no_memory(err);
    if (one->entry >= entry)
        return LL_OK;
    one->grant = ll_col_dup(s, 1, r->arena, &nomem);
    one->entry = entry;
    one->at = ll_col_int(s, 2);
    return nomem ? ll_no_memory(err) : LL_OK;
}

int ll_recipients_add(struct ll_recipients *r, struct ll_txn *tx, const char *resource, struct ll_str run,
                      struct ll_err *err)
{
    int64_t entry = 0;
    bool given;
    int rc = LL_OK;

    while (rc == LL_OK && ll_look_run_next(&run, &entry, &given)) {
        struct ll_stmt *s = NULL;
        if (!given)
            continue;
        if ((rc = ll_sql(
                 tx,
                 "SELECT organisation, access_grant, at FROM look_entry WHERE entry = $1 AND resource = $2",
                 &s, err)) < 0)
            return rc;
        ll_bind_int(s, 1, entry);
        ll_bind_z(s, 2, resource);
        if ((rc = ll_step(s, err)) > 0)
            rc = add_recipient(r, s, entry, err);
        ll_stmt_done(s);
    }
    return rc < 0 ? rc : LL_OK;
}
