/* ledger_write.c - a round of the ledger into its tables (ledger.h). */
#include "share/ledger_impl.h"

#include <stdlib.h>
#include <string.h>

enum { RUN_MAX = 16 << 10 };

static int write_sum(struct ll_txn *tx, const struct ll_ledger_sum *s, struct ll_err *err)
{
    const char *part[6], *at = s->key;

    for (size_t i = 0; i < LL_COUNT(part); i++, at += strlen(at) + 1)
        part[i] = at;
    return ll_exec(
        tx, err,
        "INSERT INTO usage (day, access_grant, organisation, client, resource, mode, outcome, calls, keys,"
        " records, last_at, subjects) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
        " ON CONFLICT (day, access_grant, client, resource, mode, outcome) DO UPDATE SET calls = calls + $8,"
        " keys = keys + $9, records = records + $10, last_at = max(last_at, $11),"
        " subjects = subjects + $12",
        "izzzzzziiiii", s->day, part[0], part[1], part[2], part[3], part[4], part[5], s->calls, s->keys,
        s->records, s->last_at, s->subjects);
}

static int by_subject(const void *a, const void *b)
{
    const struct ll_ledger_look *x = a, *y = b;
    int c = memcmp(x->subject, y->subject, sizeof x->subject);

    return c ? c
             : (x->about->entry.entry > y->about->entry.entry) -
                   (x->about->entry.entry < y->about->entry.entry);
}

/* The n looks of one subject, in order, as rows of at most LL_LOOK_RUN; an entry that names it twice is one look. */
static int write_chain(struct ll_txn *tx, const struct ll_ledger_look *looks, size_t n, int64_t *more,
                       struct ll_buf *run, struct ll_err *err)
{
    const char *subject = looks[0].subject;
    struct ll_look_head h;
    int rc = ll_look_chain_end(tx, subject, &h, err);

    more[1] += rc == LL_OK && h.looks == 0;
    for (size_t i = 0; rc == LL_OK && i < n;) {
        int64_t first = looks[i].about->entry.entry, last = first - 1;
        ll_buf_clear(run);
        for (size_t k = 0; i < n && k < LL_LOOK_RUN; i++, k++) {
            const struct ll_look_entry *e = &looks[i].about->entry;
            if (e->entry == last)
                continue;
            ll_look_add(&h, &e->link);
            ll_look_run_add(run, e->entry, looks[i].given);
            last = e->entry;
            more[0]++;
        }
        rc = run->failed ? ll_no_memory(err)
                         : ll_look_run_write(tx, subject, first, last, &h, ll_buf_view(run), err);
    }
    return rc;
}

/* In the order of the table, so that neighbours go to the same page.  What changed is told to the tree over all chains by the
 * pseudonym's first letters (looktree.h). */
static int write_looks(struct ll_txn *tx, struct ll_ledger_round *r, struct ll_err *err)
{
    struct ll_buf run = LL_BUF_INIT(RUN_MAX);
    int64_t more[2] = {0, 0}; /* looks, subjects */
    int rc = LL_OK;

    qsort(r->looks, r->n_looks, sizeof *r->looks, by_subject);
    for (size_t at = 0, n; rc == LL_OK && at < r->n_looks; at += n) {
        const struct ll_ledger_look *first = &r->looks[at];
        for (n = 1; at + n < r->n_looks && strcmp(first[n].subject, first->subject) == 0; n++)
            ;
        if ((rc = write_chain(tx, first, n, more, &run, err)) == LL_OK)
            rc = ll_exec(tx, err,
                         "INSERT INTO look_bucket (bucket, changed) VALUES ($1, $2) ON CONFLICT (bucket)"
                         " DO UPDATE SET changed = max(changed, $2)",
                         "si", (struct ll_str){first->subject, LL_LOOK_BUCKET},
                         first[n - 1].about->entry.entry);
    }
    ll_buf_free(&run);
    return rc < 0 || !more[0]
               ? rc
               : ll_exec(tx, err, "UPDATE ledger SET looks = looks + $1, subjects = subjects + $2", "ii",
                         more[0], more[1]);
}

static int write_entries(struct ll_txn *tx, const struct ll_ledger_round *r, struct ll_err *err)
{
    int rc = LL_OK;

    for (const struct ll_ledger_about *a = r->abouts; a && rc == LL_OK; a = a->next)
        rc = ll_look_entry_write(tx, &a->entry, err);
    return rc;
}

int ll_ledger_write(struct ll_store *st, struct ll_ledger_round *r, struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    int rc = ll_txn_begin(st, true, &tx, err);

    for (size_t i = 0; rc == LL_OK && i < LL_LEDGER_SLOTS; i++)
        if (r->sums[i].key)
            rc = write_sum(tx, &r->sums[i], err);
    if (rc == LL_OK && (rc = write_entries(tx, r, err)) == LL_OK && (rc = write_looks(tx, r, err)) == LL_OK &&
        (rc = ll_exec(tx, err, "UPDATE ledger SET entries = $1", "i", r->entries)) == LL_OK)
        rc = ll_txn_commit(tx, err);
    ll_txn_end(tx);
    return rc;
}
