/* issued.c - documents that were handed out: found by number, still true or not, withdrawn (issue.h). */
#include "report/issue_impl.h"

#include "base/clock.h"
#include "crypto/base64.h"
#include "crypto/hash.h"
#include "crypto/random.h"
#include "share/marks.h"
#include "store/rows.h"

#include <string.h>

static int unknown(struct ll_err *err)
{
    return ll_fail(err, LL_NOTFOUND, "没有这个编号的文书", "no document has this number");
}

#define COLUMNS                                                                                                  \
    "number, kind, format, purpose, organisation, account, sha256, certificate, bytes, issued_at, withdrawn_at," \
    " journal, reason, stale_at"

#define COLUMN(kind, member) LL_ROW(kind, ll_issued, member)
static const struct ll_row_column columns[] = {
    COLUMN(TEXT, number),       COLUMN(TEXT, kind),     COLUMN(TEXT, format),      COLUMN(TEXT, purpose),
    COLUMN(TEXT, organisation), COLUMN(TEXT, account),  COLUMN(TEXT, sha256),      COLUMN(TEXT, certificate),
    COLUMN(INT, bytes),         COLUMN(INT, issued_at), COLUMN(INT, withdrawn_at), COLUMN(INT, entry),
    COLUMN(TEXT, reason),       COLUMN(INT, stale_at)};
static const struct ll_row_form rows = {columns, LL_COUNT(columns), sizeof(struct ll_issued), NULL};

int ll_issued_get(struct ll_txn *tx, const char *number, struct ll_arena *arena, struct ll_issued *ret,
                  struct ll_err *err)
{
    int rc = ll_row_get(tx, &rows, "SELECT " COLUMNS " FROM report WHERE number = $1", number, arena, ret,
                        err);

    return rc ? (rc < 0 ? rc : LL_OK) : unknown(err);
}

#define WHERE                                                                                                 \
    " FROM report WHERE ($1 IS NULL OR organisation = $1) AND ($2 IS NULL OR $2 = CASE WHEN withdrawn_at > 0" \
    " THEN 'withdrawn' WHEN stale_at > 0 THEN 'stale' ELSE 'valid' END)"

static const struct ll_row_order order_list[] = {
    {"issued", "issued_at"}, {"purpose", "purpose"}, {"format", "format"}, {"number", "number"}};
static const struct ll_row_orders orders = {order_list, LL_COUNT(order_list), "issued_at DESC", "number"};

int ll_issued_list(struct ll_txn *tx, const struct ll_issued_query *q, struct ll_arena *arena,
                   struct ll_issued **ret, size_t *ret_n, int64_t *ret_total, struct ll_err *err)
{
    const struct ll_row_arg args[] = {LL_ARG_Z(q->organisation), LL_ARG_Z(q->state)};
    const struct ll_row_page page = LL_ROW_PAGE(COLUMNS, WHERE, orders, args, q);
    void *list = NULL;
    int rc = ll_row_list(tx, &rows, &page, arena, &list, ret_n, ret_total, err);

    *ret = list;
    return rc;
}

/* One text of the row, in arena. */
static int column(struct ll_txn *tx, const char *sql, const char *number, struct ll_arena *arena,
                  const char **ret, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    bool nomem = false;
    int rc = ll_sql(tx, sql, &s, err);

    if (rc < 0)
        return rc;
    ll_bind_z(s, 1, number);
    if ((rc = ll_step(s, err)) > 0)
        *ret = ll_col_dup(s, 0, arena, &nomem);
    else if (rc == 0)
        rc = unknown(err);
    ll_stmt_done(s);
    return rc < 0 ? rc : nomem || !*ret ? ll_no_memory(err) : LL_OK;
}

int ll_issued_code(struct ll_txn *tx, const char *number, struct ll_str code, bool *ret, struct ll_err *err)
{
    struct ll_arena *arena = ll_arena_new(1 << 16);
    const char *kept = NULL;
    char hex[LL_SHA256_HEX];
    int rc = arena ? column(tx, "SELECT code FROM report WHERE number = $1", number, arena, &kept, err)
                   : ll_no_memory(err);

    if (rc == LL_OK && (rc = ll_hash_str(code, hex, err)) == LL_OK)
        *ret = ll_str_equal_ct(ll_str(hex), ll_str(kept));
    ll_arena_free(arena);
    return rc;
}

int ll_issued_subject(struct ll_issuer *i, struct ll_txn *tx, const char *number, struct ll_arena *arena,
                      struct ll_str *ret, struct ll_err *err)
{
    struct ll_buf sealed = LL_BUF_INIT(2048), plain = LL_BUF_INIT(2048);
    const char *text = NULL;
    int rc = column(tx, "SELECT subject FROM report WHERE number = $1", number, arena, &text, err);

    if (rc == LL_OK && (rc = ll_base64_get(ll_str(text), LL_BASE64_URL, &sealed, err)) == LL_OK)
        rc = ll_keyring_unseal(ll_journaling_keys(i->o.journaling), ll_str(number), ll_buf_view(&sealed),
                               &plain, err);
    if (rc == LL_OK) {
        *ret = (struct ll_str){ll_arena_dup(arena, ll_buf_view(&plain)), plain.n};
        rc = ret->p ? LL_OK : ll_no_memory(err);
    }
    ll_buf_wipe(&plain);
    ll_buf_free(&sealed);
    return rc;
}

/* --- still true? ----------------------------------------------------------------------------------------------------- */

int ll_issued_sources(struct ll_txn *tx, const char *number, struct ll_arena *arena,
                      const struct ll_issued_source **ret, size_t *ret_n, struct ll_err *err)
{
    struct ll_issued_source *list = ll_arena_array(arena, LL_ISSUE_SOURCES, sizeof *list);
    struct ll_stmt *s = NULL;
    bool nomem = !list;
    size_t n = 0;
    int rc =
        nomem
            ? ll_no_memory(err)
            : ll_sql(tx,
                     "SELECT resource, items, sha256 FROM report_source WHERE report = $1 ORDER BY resource",
                     &s, err);

    if (rc < 0)
        return rc;
    ll_bind_z(s, 1, number);
    for (; n < LL_ISSUE_SOURCES && (rc = ll_step(s, err)) > 0; n++) {
        list[n].resource = ll_col_dup(s, 0, arena, &nomem);
        list[n].items = ll_col_null(s, 1) ? NULL : ll_col_dup(s, 1, arena, &nomem);
        if (!ll_hex_exact(ll_col_text(s, 2), list[n].hash, sizeof list[n].hash))
            memset(list[n].hash, 0, sizeof list[n].hash); /* fits nothing */
    }
    ll_stmt_done(s);
    *ret = list;
    *ret_n = n;
    return rc < 0 ? rc : nomem ? ll_no_memory(err) : LL_OK;
}

static bool same(const struct ll_subject *s, const struct ll_resource *r, const unsigned char hash[LL_DIGEST])
{
    struct ll_subject_group none = {.resource = r};
    const struct ll_subject_group *g = &none;
    struct ll_issue_source now;

    for (size_t i = 0; i < s->n_groups; i++)
        if (strcmp(s->groups[i].resource->name, r->name) == 0)
            g = &s->groups[i];
    ll_issue_source_of(g, &now);
    return memcmp(hash, now.hash, sizeof now.hash) == 0;
}

int ll_issued_compare(struct ll_issuer *i, struct ll_txn *tx, struct ll_tables *ts, struct ll_marks *marks,
                      const struct ll_catalog *cat, const char *number, struct ll_arena *arena,
                      struct ll_issued_now *ret, struct ll_err *err)
{
    struct ll_subject_opts o = {.max_records = LL_REPORT_RECORDS, /* as documents show them */
                                .mask = true,
                                .marks = ll_marks_record,
                                .marks_ctx = marks};
    const struct ll_issued_source *list = NULL;
    const struct ll_resource *resources[LL_ISSUE_SOURCES];
    const char **stale = ll_arena_array(arena, LL_ISSUE_SOURCES, sizeof *stale);
    struct ll_subject *s = NULL;
    size_t n = 0, n_resources = 0, n_stale = 0;
    struct ll_str who = {NULL, 0};
    int rc = stale ? ll_issued_sources(tx, number, arena, &list, &n, err) : ll_no_memory(err);

    if (rc < 0 || (rc = ll_issued_subject(i, tx, number, arena, &who, err)) < 0)
        return rc;
    for (size_t at = 0; at < n; at++)
        if ((resources[n_resources] = ll_catalog_resource(cat, ll_str(list[at].resource))))
            n_resources++;
    if ((rc = ll_subject_profile(ts, resources, n_resources, who, &o, arena, &s, err)) < 0)
        return rc;
    for (size_t at = 0; at < n; at++) {
        const struct ll_resource *r = ll_catalog_resource(cat, ll_str(list[at].resource));
        if (!r || !same(s, r, list[at].hash))
            stale[n_stale++] = list[at].resource;
    }
    *ret = (struct ll_issued_now){s, stale, n_stale};
    return LL_OK;
}

/* --- withdrawing ------------------------------------------------------------------------------------------------------ */

static int withdrawal(const char *number, const struct ll_actor *actor, const char *reason,
                      struct ll_buf *out, struct ll_err *err)
{
    struct ll_json j;

    ll_json_init(&j, out);
    ll_json_obj(&j);
    ll_json_kz(&j, "account", actor->account);
    ll_json_kz(&j, "act", "report-withdrawn");
    ll_json_kz(&j, "number", number);
    ll_json_kz(&j, "organisation", actor->organisation);
    ll_json_kz(&j, "reason", reason);
    ll_json_end_obj(&j);
    return out->failed ? ll_no_memory(err) : LL_OK;
}

int ll_issued_withdraw(struct ll_issuer *i, const char *number, const struct ll_actor *actor,
                       const char *reason, struct ll_err *err)
{
    struct ll_buf payload = LL_BUF_INIT(LL_ENTRY_MAX);
    struct ll_arena *arena = ll_arena_new(1 << 20);
    struct ll_issued row = {.number = NULL};
    struct ll_receipt receipt;
    struct ll_txn *tx = NULL;
    int rc = arena ? ll_txn_begin(i->o.store, true, &tx, err) : ll_no_memory(err);

    if (rc < 0 || (rc = ll_issued_get(tx, number, arena, &row, err)) < 0)
        goto done;
    if (row.withdrawn_at) {
        rc = ll_fail(err, LL_CONFLICT, "文书 %s 已经撤回", "document %s was withdrawn before", number);
        goto done;
    }
    if ((rc = ll_exec(tx, err,
                      "UPDATE report SET withdrawn_at = $2, withdrawn_by = $3, reason = $4 WHERE number = $1",
                      "zizz", number, ll_now_ms(), actor->account, reason)) == LL_OK &&
        (rc = withdrawal(number, actor, reason, &payload, err)) == LL_OK &&
        (rc = ll_journal_append(ll_journaling_journal(i->o.journaling), LL_ENTRY_ADMINISTRATION,
                                ll_buf_view(&payload), &receipt, err)) == LL_OK)
        rc = ll_txn_commit(tx, err);
done:
    ll_txn_end(tx);
    ll_arena_free(arena);
    ll_buf_free(&payload);
    return rc;
}
