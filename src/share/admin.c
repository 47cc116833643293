/* admin.c - see admin.h. */
#include "share/admin.h"

#include "base/clock.h"
#include "base/json.h"
#include "journal/canon.h"
#include "journal/journal.h"

#include <string.h>

enum { PAYLOAD_MAX = 16384, BATCH_MAX = 256 };

static const struct {
    const char *word;
    enum ll_entry_type type;
} acts[] = {
#define X(id, word, type, zh, en) {word, LL_ENTRY_##type},
    LL_ADMIN_ACTS(X)
#undef X
};

static struct ll_str some(struct ll_str s)
{
    return s.n ? s : (struct ll_str){NULL, 0};
}

int ll_admin_note(struct ll_txn *tx, const struct ll_actor *by, const struct ll_admin_note *n,
                  struct ll_err *err)
{
    return ll_exec(tx, err,
                   "INSERT INTO admin_event (act, object, of, detail, account, organisation, approval, at)"
                   " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
                   "zssszzzi", acts[n->act].word, n->object, some(n->of), some(n->detail),
                   by ? by->account : NULL, by ? by->organisation : NULL, by ? by->approval : NULL,
                   ll_now_ms());
}

/* --- into the journal ------------------------------------------------------------------------------------------------ */

struct event {
    int64_t seq, at;
    const char *act, *object, *of, *detail, *account, *organisation, *approval;
};

static int pending(struct ll_txn *tx, size_t limit, struct ll_arena *arena, struct event **ret, size_t *ret_n,
                   struct ll_err *err)
{
    struct event *list = ll_arena_array(arena, limit, sizeof *list);
    struct ll_stmt *s = NULL;
    bool nomem = !list;
    size_t n = 0;
    int rc = ll_sql(tx,
                    "SELECT seq, at, act, object, of, detail, account, organisation, approval"
                    " FROM admin_event WHERE journal IS NULL ORDER BY seq LIMIT $1",
                    &s, err);

    if (rc < 0)
        return rc;
    ll_bind_int(s, 1, (int64_t)limit);
    while (!nomem && n < limit && (rc = ll_step(s, err)) == 1)
        list[n++] = (struct event){ll_col_int(s, 0),
                                   ll_col_int(s, 1),
                                   ll_col_dup(s, 2, arena, &nomem),
                                   ll_col_dup(s, 3, arena, &nomem),
                                   ll_col_dup(s, 4, arena, &nomem),
                                   ll_col_dup(s, 5, arena, &nomem),
                                   ll_col_dup(s, 6, arena, &nomem),
                                   ll_col_dup(s, 7, arena, &nomem),
                                   ll_col_dup(s, 8, arena, &nomem)};
    ll_stmt_done(s);
    *ret = list;
    *ret_n = n;
    return nomem ? ll_no_memory(err) : rc < 0 ? rc : LL_OK;
}

static enum ll_entry_type type_of(const char *act)
{
    for (size_t i = 0; i < LL_COUNT(acts); i++)
        if (strcmp(acts[i].word, act) == 0)
            return acts[i].type;
    return LL_ENTRY_ADMINISTRATION; /* of a program that knew more acts */
}

static int payload_of(const struct event *e, bool key_change, struct ll_buf *out, struct ll_err *err)
{
    struct ll_buf text = LL_BUF_INIT(PAYLOAD_MAX);
    char when[LL_TIME_TEXT];
    struct ll_json j;

    ll_json_init(&j, &text);
    ll_json_obj(&j);
    ll_json_kz(&j, "act", e->act);
    ll_json_kz(&j, "at", ll_time_text(e->at, when));
    ll_json_ki(&j, "event", e->seq);
    ll_json_kz(&j, key_change ? "key" : "object", e->object);
    if (e->of)
        ll_json_kz(&j, "of", e->of);
    if (e->detail)
        ll_json_kz(&j, "detail", e->detail);
    if (e->approval)
        ll_json_kz(&j, "approval", e->approval);
    if (!key_change) { /* an open entry names no person */
        ll_json_kz(&j, "account", e->account);
        ll_json_kz(&j, "organisation", e->organisation);
    }
    ll_json_end_obj(&j);
    int rc = text.failed ? ll_no_memory(err) : ll_canon_put(ll_buf_view(&text), out, err);
    ll_buf_free(&text);
    return rc;
}

/* The journal waits for its disk: no transaction is open meanwhile. */
static int append(struct ll_store *st, struct ll_journal *journal, const struct event *e, struct ll_err *err)
{
    struct ll_buf payload = LL_BUF_INIT(PAYLOAD_MAX);
    enum ll_entry_type type = type_of(e->act);
    struct ll_receipt receipt;
    struct ll_txn *tx = NULL;
    int rc = payload_of(e, type == LL_ENTRY_KEY_CHANGE, &payload, err);

    if (rc == LL_OK &&
        (rc = ll_journal_append(journal, type, ll_buf_view(&payload), &receipt, err)) == LL_OK &&
        (rc = ll_txn_begin(st, true, &tx, err)) == LL_OK &&
        (rc = ll_exec(tx, err, "UPDATE admin_event SET journal = $2 WHERE seq = $1", "ii", e->seq,
                      (int64_t)receipt.index)) == LL_OK)
        rc = ll_txn_commit(tx, err);
    ll_txn_end(tx);
    ll_buf_free(&payload);
    return rc;
}

int ll_admin_journal(struct ll_store *st, struct ll_journal *journal, size_t limit, size_t *ret_n,
                     struct ll_err *err)
{
    struct ll_arena *arena = ll_arena_new(0);
    struct ll_txn *tx = NULL;
    struct event *list = NULL;
    size_t n = 0;
    int rc = arena ? ll_txn_begin(st, false, &tx, err) : ll_no_memory(err);

    if (rc == LL_OK)
        rc = pending(tx, limit < BATCH_MAX ? limit : BATCH_MAX, arena, &list, &n, err);
    ll_txn_end(tx);
    for (*ret_n = 0; rc == LL_OK && *ret_n < n; ++*ret_n)
        if ((rc = append(st, journal, &list[*ret_n], err)) < 0)
            break;
    ll_arena_free(arena);
    return rc;
}
