/* evidence.c - see evidence.h. */
#include "intake/evidence.h"

#include "base/json.h"
#include "journal/canon.h"
#include "journal/journal.h"

#include <inttypes.h>
#include <stdlib.h>

enum { PAYLOAD_MAX = 8192, NOTES_MAX = 256 };

struct note {
    int64_t seq, rows,
        journal; /* journal: -1 - size from which the entry may be found; 0 when it was never tried */
    const char *type, *object, *resource, *version, *sha256;
};

static int pending(struct ll_txn *tx, size_t limit, struct ll_arena *arena, struct note *list, size_t *ret_n,
                   struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    bool nomem = false;
    int rc = ll_sql(
        tx,
        "SELECT seq, type, object, resource, version, sha256, rows, journal FROM evidence WHERE journal IS NULL OR journal < 0"
        " ORDER BY seq LIMIT $1",
        &s, err);

    *ret_n = 0;
    if (rc < 0)
        return rc;
    ll_bind_int(s, 1, (int64_t)limit);
    while (!nomem && *ret_n < limit && (rc = ll_step(s, err)) > 0)
        list[(*ret_n)++] = (struct note){.seq = ll_col_int(s, 0),
                                         .type = ll_col_dup(s, 1, arena, &nomem),
                                         .object = ll_col_dup(s, 2, arena, &nomem),
                                         .resource = ll_col_dup(s, 3, arena, &nomem),
                                         .version = ll_col_dup(s, 4, arena, &nomem),
                                         .sha256 = ll_col_dup(s, 5, arena, &nomem),
                                         .rows = ll_col_int(s, 6),
                                         .journal = ll_col_null(s, 7) ? 0 : ll_col_int(s, 7)};
    ll_stmt_done(s);
    return nomem ? ll_no_memory(err) : rc < 0 ? rc : LL_OK;
}

static void put(struct ll_json *j, const char *key, const char *value)
{
    if (value)
        ll_json_kz(j, key, value);
}

/* Members in the order of their names: the canonical form. */
static int payload_of(const struct note *n, struct ll_buf *out, struct ll_err *err)
{
    bool pack = n->version != NULL;
    struct ll_buf plain = LL_BUF_INIT(PAYLOAD_MAX);
    struct ll_json j;

    ll_json_init(&j, &plain);
    ll_json_obj(&j);
    put(&j, pack ? "pack" : "batch", n->object);
    ll_json_ki(&j, "event", n->seq);
    put(&j, pack ? "sha256" : "manifest", n->sha256);
    put(&j, "resource", n->resource);
    put(&j, "version", n->version);
    if (!pack)
        ll_json_ki(&j, "rows", n->rows);
    ll_json_end_obj(&j);
    int rc = plain.failed ? ll_no_memory(err) : ll_canon_put(ll_buf_view(&plain), out, err);
    ll_buf_free(&plain);
    return rc;
}

static int mark(struct ll_store *st, const struct note *n, int64_t journal, struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    int rc = ll_txn_begin(st, true, &tx, err);

    if (rc == LL_OK)
        rc = ll_exec(tx, err, "UPDATE evidence SET journal = $1 WHERE seq = $2", "ii", journal, n->seq);
    if (rc == LL_OK)
        rc = ll_txn_commit(tx, err);
    ll_txn_end(tx);
    return rc;
}

/* Is entry `index` the one of this note? */
static int is_entry(struct ll_journal *j, uint64_t index, enum ll_entry_type type, struct ll_str payload,
                    bool *ret, struct ll_err *err)
{
    struct ll_buf text = LL_BUF_INIT(LL_ENTRY_MAX + 1);
    struct ll_entry e;
    int rc = ll_journal_entry(j, index, &text, NULL, err);

    if (rc == LL_OK && (rc = ll_entry_parse(ll_buf_view(&text), &e, err)) == LL_OK)
        *ret = e.type == type && ll_str_eq(e.data, payload);
    ll_buf_free(&text);
    return rc;
}

/* Rule (2): what a crash may have left between the entry and its note.  1: found. */
static int look_for(struct ll_journal *j, const struct note *n, enum ll_entry_type type,
                    struct ll_str payload, uint64_t *ret, struct ll_err *err)
{
    struct ll_journal_status s;
    bool same = false;
    int rc = LL_OK;

    ll_journal_status(j, &s);
    for (uint64_t i = (uint64_t)(-1 - n->journal); n->journal < 0 && i < s.size && rc == LL_OK && !same;
         i++) {
        rc = is_entry(j, i, type, payload, &same, err);
        *ret = i;
    }
    return rc < 0 ? rc : same;
}

static int append_one(struct ll_store *st, struct ll_journal *j, const struct note *n, struct ll_err *err)
{
    struct ll_buf payload = LL_BUF_INIT(PAYLOAD_MAX);
    struct ll_journal_status s;
    struct ll_receipt receipt;
    enum ll_entry_type type;
    uint64_t index = 0;
    int rc = LL_INTERNAL;

    if (ll_entry_type_find(ll_str(n->type), &type))
        rc = payload_of(n, &payload, err);
    else
        ll_fail(err, LL_INTERNAL, "没有条目类型 %s", "there is no type of entry %s", n->type);
    if (rc == LL_OK && (rc = look_for(j, n, type, ll_buf_view(&payload), &index, err)) == 0) {
        ll_journal_status(j, &s);
        if ((rc = mark(st, n, -1 - (int64_t)s.size, err)) == LL_OK &&
            (rc = ll_journal_append(j, type, ll_buf_view(&payload), &receipt, err)) == LL_OK)
            index = receipt.index;
    }
    if (rc >= 0)
        rc = mark(st, n, (int64_t)index, err);
    ll_buf_free(&payload);
    return rc;
}

int ll_evidence_append(struct ll_store *st, struct ll_journal *j, size_t limit, size_t *ret_n,
                       struct ll_err *err)
{
    struct ll_arena *arena = ll_arena_new(4 << 20);
    struct note *list = calloc(NOTES_MAX, sizeof *list);
    struct ll_txn *tx = NULL;
    size_t n = 0;
    int rc = arena && list ? ll_txn_begin(st, false, &tx, err) : ll_no_memory(err);

    *ret_n = 0;
    if (rc == LL_OK)
        rc = pending(tx, limit < NOTES_MAX ? limit : NOTES_MAX, arena, list, &n, err);
    ll_txn_end(tx);
    for (size_t i = 0; i < n && rc == LL_OK; i++)
        if ((rc = append_one(st, j, &list[i], err)) == LL_OK)
            ++*ret_n;
    free(list);
    ll_arena_free(arena);
    return rc;
}
