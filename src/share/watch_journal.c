/* watch_journal.c - registrations, ends and events of the watch list as looks in the journal, up to a thousand subjects an entry (watch.h, promise 3).
 *
 * As in intake/evidence.c: before an entry is appended its page says from which size of the journal on it may be found, and a page that a crash left like that is looked for
 * there first.  So none comes twice, and an event is shown (table outbox, ll_watch_events_put) only once its page has its entry. */
#include "share/watch_impl.h"

#include "base/clock.h"
#include "journal/canon.h"
#include "journal/journal.h"

#include <stdio.h>
#include <string.h>

enum { AT_ONCE = 16 };

struct pending {
    int64_t seq, journal; /* -1 - size from which the entry may be found; 0: it was never tried */
    struct ll_watch_page page;
};

static int read_pending(struct ll_txn *tx, struct ll_arena *arena, struct pending *list, size_t *ret_n,
                        struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    bool nomem = false;
    int rc = ll_sql(
        tx,
        "SELECT seq, act, organisation, account, client, purpose, resource, batch, subjects, journal FROM"
        " watch_page WHERE journal IS NULL OR journal < 0 ORDER BY seq LIMIT 16",
        &s, err);

    *ret_n = 0;
    if (rc < 0)
        return rc;
    while (!nomem && *ret_n < AT_ONCE && (rc = ll_step(s, err)) > 0)
        list[(*ret_n)++] = (struct pending){.seq = ll_col_int(s, 0),
                                            .journal = ll_col_null(s, 9) ? 0 : ll_col_int(s, 9),
                                            .page = {.act = ll_col_dup(s, 1, arena, &nomem),
                                                     .organisation = ll_col_dup(s, 2, arena, &nomem),
                                                     .account = ll_col_dup(s, 3, arena, &nomem),
                                                     .client = ll_col_dup(s, 4, arena, &nomem),
                                                     .purpose = ll_col_dup(s, 5, arena, &nomem),
                                                     .resource = ll_col_dup(s, 6, arena, &nomem),
                                                     .batch = ll_col_dup(s, 7, arena, &nomem),
                                                     .subjects = ll_str(ll_col_dup(s, 8, arena, &nomem))}};
    ll_stmt_done(s);
    return nomem ? ll_no_memory(err) : rc < 0 ? rc : LL_OK;
}

static void put_said(struct ll_json *j, const char *key, const char *text)
{
    if (text)
        ll_json_kz(j, key, text);
}

/* Members in the order of their names: the form that the journal takes. */
static int payload_of(const struct pending *p, struct ll_buf *out, struct ll_err *err)
{
    struct ll_json j;
    char mode[32];

    snprintf(mode, sizeof mode, "watch.%s", p->page.act);

    ll_json_init(&j, out);
    ll_json_obj(&j);
    put_said(&j, "account", p->page.account);
    put_said(&j, "batch", p->page.batch);
    put_said(&j, "client", p->page.client);
    ll_json_ki(&j, "event", p->seq);
    ll_json_kz(&j, "mode", mode);
    ll_json_kz(&j, "organisation", p->page.organisation);
    put_said(&j, "purpose", p->page.purpose);
    put_said(&j, "resource", p->page.resource);
    ll_json_key(&j, "subjects");
    ll_json_arr(&j);
    ll_json_raw(&j, p->page.subjects);
    ll_json_end_arr(&j);
    ll_json_end_obj(&j);
    return out->failed ? ll_no_memory(err) : LL_OK;
}

/* One transaction for all of them. */
static int mark(struct ll_store *st, const struct pending *list, size_t n, struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    int rc = ll_txn_begin(st, true, &tx, err);

    for (size_t i = 0; i < n && rc == LL_OK; i++)
        rc = ll_exec(tx, err, "UPDATE watch_page SET journal = $1 WHERE seq = $2", "ii", list[i].journal,
                     list[i].seq);
    if (rc == LL_OK)
        rc = ll_txn_commit(tx, err);
    ll_txn_end(tx);
    return rc;
}

/* Is entry `index` the one of this page?  Its payload is sealed and has the page's number. */
static int is_entry(struct ll_journal *j, uint64_t index, struct ll_str payload, bool *ret,
                    struct ll_err *err)
{
    struct ll_buf text = LL_BUF_INIT(LL_ENTRY_MAX + 1), sealed = LL_BUF_INIT(LL_SEALED_MAX + 1);
    struct ll_entry e;
    int rc = ll_journal_entry(j, index, &text, &sealed, err);

    if (rc == LL_OK && (rc = ll_entry_parse(ll_buf_view(&text), &e, err)) == LL_OK)
        *ret = e.type == LL_ENTRY_LOOK_UP && sealed.n == LL_SALT + payload.n &&
               memcmp(sealed.p + LL_SALT, payload.p, payload.n) == 0;
    ll_buf_free(&text);
    ll_buf_free(&sealed);
    return rc;
}

/* 1: a crash left it there. */
static int look_for(struct ll_journal *j, const struct pending *p, struct ll_str payload, uint64_t *ret,
                    struct ll_err *err)
{
    struct ll_journal_status s;
    bool same = false;
    int rc = LL_OK;

    ll_journal_status(j, &s);
    for (uint64_t i = (uint64_t)(-1 - p->journal); p->journal < 0 && i < s.size && rc == LL_OK && !same;
         i++) {
        rc = is_entry(j, i, payload, &same, err);
        *ret = i;
    }
    return rc < 0 ? rc : same;
}

/* What a crash left is found first; those are the oldest.  *ret_n: how many of the list have their entry now. */
static int find_left(struct ll_journal *j, struct pending *list, size_t n, const struct ll_str *payloads,
                     size_t *ret_n, struct ll_err *err)
{
    uint64_t index = 0;
    int rc = LL_OK;

    for (*ret_n = 0; *ret_n < n && list[*ret_n].journal < 0; ++*ret_n) {
        if ((rc = look_for(j, &list[*ret_n], payloads[*ret_n], &index, err)) <= 0)
            break;
        list[*ret_n].journal = (int64_t)index;
    }
    return rc < 0 ? rc : LL_OK;
}

static int append(struct ll_store *st, struct ll_journal *j, struct pending *list, size_t n,
                  const struct ll_str *payloads, struct ll_err *err)
{
    struct ll_receipt receipts[AT_ONCE];
    struct ll_journal_status s;
    size_t found = 0;
    int rc = find_left(j, list, n, payloads, &found, err);

    ll_journal_status(j, &s);
    for (size_t i = found; i < n; i++)
        list[i].journal = -1 - (int64_t)s.size;
    if (rc == LL_OK && (rc = mark(st, list, n, err)) == LL_OK && found < n &&
        (rc = ll_journal_append_all(j, LL_ENTRY_LOOK_UP, payloads + found, n - found, receipts, err)) ==
            LL_OK) {
        for (size_t i = found; i < n; i++)
            list[i].journal = (int64_t)receipts[i - found].index;
        rc = mark(st, list + found, n - found, err);
    }
    return rc;
}

static int append_next(struct ll_store *st, struct ll_journal *j, size_t *ret_n, struct ll_err *err)
{
    struct ll_arena *arena = ll_arena_new(16 << 20);
    struct pending list[AT_ONCE];
    struct ll_buf texts[AT_ONCE];
    struct ll_str payloads[AT_ONCE];
    struct ll_txn *tx = NULL;
    size_t made = 0;
    int rc = arena ? ll_txn_begin(st, false, &tx, err) : ll_no_memory(err);

    *ret_n = 0;
    if (rc == LL_OK)
        rc = read_pending(tx, arena, list, ret_n, err);
    ll_txn_end(tx);
    for (; rc == LL_OK && made < *ret_n; made++) {
        texts[made] = LL_BUF_INIT(LL_ENTRY_MAX + 1);
        rc = payload_of(&list[made], &texts[made], err);
        payloads[made] = ll_buf_view(&texts[made]);
    }
    if (rc == LL_OK && made)
        rc = append(st, j, list, made, payloads, err);
    while (made > 0)
        ll_buf_free(&texts[--made]);
    ll_arena_free(arena);
    return rc;
}

int ll_watch_journal(struct ll_store *st, struct ll_journal *j, size_t limit, size_t *ret_n,
                     struct ll_err *err)
{
    size_t n = 1;
    int rc = LL_OK;

    for (*ret_n = 0; *ret_n < limit && n > 0 && (rc = append_next(st, j, &n, err)) == LL_OK; *ret_n += n)
        ;
    return rc;
}

int ll_watch_page_add(struct ll_txn *tx, const struct ll_watch_page *p, struct ll_err *err)
{
    return ll_exec(
        tx, err,
        "INSERT INTO watch_page (act, organisation, account, client, purpose, resource, batch, first, records,"
        " level, subjects, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, nullif($10, $11), $12, $13)",
        "zzzzzzziiiisi", p->act, p->organisation, p->account, p->client, p->purpose, p->resource, p->batch,
        p->first, (int64_t)p->n, (int64_t)p->level, (int64_t)LL_WATCH_LEVEL_COUNT, p->subjects, p->at);
}
