/* deed_store.c - see deed_store.h. */
#include "apps/finance/deed_store.h"

#include <string.h>

/* --- deeds ----------------------------------------------------------------------------------------------------------------- */

#define COLUMNS                                                                                                          \
    "d.id, d.kind, d.state, d.root, d.parent, d.holder, d.obligor, d.financier, d.amount, d.financed, d.due, d.secures," \
    " d.seq, d.head, d.created_at, d.changed_at"

static int read_rest(struct ll_stmt *s, struct ll_arena *arena, void *row, struct ll_err *err)
{
    struct ll_deed_row *r = row;

    (void)s;
    (void)arena;
    if (!ll_deed_kind_find(ll_str(r->kind), &r->d.kind) ||
        !ll_deed_state_find(ll_str(r->state), &r->d.state) || strlen(r->head) != LL_DEED_HASH)
        return ll_fail(err, LL_INTERNAL, "单证 %s 的状态无法识别", "deed %s has an unknown state",
                       r->d.document);
    memcpy(r->d.head, r->head, sizeof r->d.head);
    return LL_OK;
}

#define COLUMN(kind, member) LL_ROW(kind, ll_deed_row, member)
static const struct ll_row_column columns[] = {
    COLUMN(TEXT, d.document), COLUMN(TEXT, kind),      COLUMN(TEXT, state),     COLUMN(TEXT, d.root),
    COLUMN(TEXT, d.parent),   COLUMN(TEXT, d.holder),  COLUMN(TEXT, d.obligor), COLUMN(TEXT, d.financier),
    COLUMN(INT, d.amount),    COLUMN(INT, d.financed), COLUMN(TEXT, d.due),     COLUMN(TEXT, d.secures),
    COLUMN(INT, d.seq),       COLUMN(TEXT, head),      COLUMN(INT, created_at), COLUMN(INT, changed_at)};
#undef COLUMN
static const struct ll_row_form rows = {columns, LL_COUNT(columns), sizeof(struct ll_deed_row), read_rest};

int ll_deed_get(struct ll_txn *tx, const char *id, struct ll_arena *arena, struct ll_deed_row *ret,
                struct ll_err *err)
{
    int rc = ll_row_get(tx, &rows, "SELECT " COLUMNS " FROM deed d WHERE d.id = $1", id, arena, ret, err);

    return rc != 0 ? rc < 0 ? rc : LL_OK
                   : ll_fail(err, LL_NOTFOUND, "没有单证 %s", "there is no deed %s", id);
}

static int put_party(struct ll_txn *tx, const char *organisation, const char *deed, struct ll_err *err)
{
    return organisation ? ll_exec(tx, err,
                                  "INSERT INTO deed_party (organisation, deed) VALUES ($1, $2)"
                                  " ON CONFLICT (organisation, deed) DO NOTHING",
                                  "zz", organisation, deed)
                        : LL_OK;
}

/* LL_CONFLICT of the database: a party that it does not know. */
static int no_party(int rc, const struct ll_deed *d, struct ll_err *err)
{
    return rc == LL_CONFLICT
               ? ll_fail(err, LL_INVALID, "单证 %s 的当事方须是目录中的机构",
                         "the parties of deed %s must be organisations of the catalogue", d->document)
               : rc;
}

static bool same(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

int ll_deed_put(struct ll_txn *tx, const struct ll_deed *before, const struct ll_deed *after, int64_t now,
                struct ll_err *err)
{
    int rc;

    if (before)
        rc = ll_exec(
            tx, err,
            "UPDATE deed SET state = $1, holder = $2, financier = $3, financed = $4, seq = $5, head = $6,"
            " changed_at = $7 WHERE id = $8",
            "zzziiziz", ll_deed_state_word(after->state), after->holder, after->financier, after->financed,
            after->seq, after->head, now, after->document);
    else
        rc = ll_exec(
            tx, err,
            "INSERT INTO deed (id, kind, state, root, parent, holder, obligor, financier, amount, financed, due,"
            " secures, seq, head, created_at, changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11,"
            " $12, $13, $14, $15, $15)",
            "zzzzzzzziizzizi", after->document, ll_deed_kind_word(after->kind),
            ll_deed_state_word(after->state), after->root, after->parent, after->holder, after->obligor,
            after->financier, after->amount, after->financed, after->due, after->secures, after->seq,
            after->head, now);
    if (rc < 0)
        return no_party(rc, after, err);
    if (!before && (rc = put_party(tx, after->obligor, after->document, err)) < 0)
        return rc;
    if ((!before || !same(before->holder, after->holder)) &&
        (rc = put_party(tx, after->holder, after->document, err)) < 0)
        return rc;
    return before && same(before->financier, after->financier)
               ? LL_OK
               : put_party(tx, after->financier, after->document, err);
}

int ll_deed_is_party(struct ll_txn *tx, const char *organisation, const char *deed, bool *ret,
                     struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int rc = ll_sql(
        tx,
        "SELECT 1 FROM deed_party WHERE organisation = $1 AND deed = $2 UNION ALL SELECT 1 FROM deed_proposal p JOIN deed_signer s"
        " ON s.statement = p.statement AND s.organisation = $1 WHERE p.deed = $2 AND p.state = 'waiting'",
        &s, err);

    if (rc < 0)
        return rc;
    ll_bind_z(s, 1, organisation);
    ll_bind_z(s, 2, deed);
    rc = ll_step(s, err);
    *ret = rc > 0;
    ll_stmt_done(s);
    return rc < 0 ? rc : LL_OK;
}

static const struct ll_row_order deed_orders[] = {{"created", "d.created_at"}, {"changed", "d.changed_at"},
                                                  {"amount", "d.amount"},      {"due", "d.due"},
                                                  {"kind", "d.kind"},          {"state", "d.state"}};
static const struct ll_row_orders orders = {deed_orders, LL_COUNT(deed_orders), "d.created_at DESC", "d.id"};

/* Which organisation's, and of those what it is there. */
#define FROM                                                                                                             \
    " FROM deed d WHERE ($1 IS NULL OR EXISTS (SELECT 1 FROM deed_party p WHERE p.organisation = $1 AND p.deed = d.id))" \
    " AND ($2 IS NULL OR d.kind = $2) AND ($3 IS NULL OR d.state = $3)"                                                  \
    " AND ($4 IS NULL OR $1 = CASE $4 WHEN 'holder' THEN d.holder WHEN 'obligor' THEN d.obligor ELSE d.financier END)"

int ll_deed_list(struct ll_txn *tx, const struct ll_deed_query *q, struct ll_arena *arena,
                 struct ll_deed_row **ret, size_t *ret_n, int64_t *ret_total, struct ll_err *err)
{
    const struct ll_row_arg args[] = {LL_ARG_Z(q->organisation), LL_ARG_Z(q->kind), LL_ARG_Z(q->state),
                                      LL_ARG_Z(q->role)};
    const struct ll_row_page page = LL_ROW_PAGE(COLUMNS, FROM, orders, args, q);
    void *list = NULL;
    int rc = ll_row_list(tx, &rows, &page, arena, &list, ret_n, ret_total, err);

    *ret = list;
    return rc;
}

/* --- steps ----------------------------------------------------------------------------------------------------------------- */

#define STEP "SELECT id, seq, at, journal, deed, act, statement, signatures, entry FROM deed_step"
#define COLUMN(kind, member) LL_ROW(kind, ll_deed_step_row, member)
static const struct ll_row_column step_columns[] = {
    COLUMN(INT, id),         COLUMN(INT, seq),         COLUMN(INT, at),
    COLUMN(INT, journal),    COLUMN(TEXT, deed),       COLUMN(TEXT, act),
    COLUMN(TEXT, statement), COLUMN(TEXT, signatures), COLUMN(TEXT, entry)};
#undef COLUMN
static const struct ll_row_form step_rows = {step_columns, LL_COUNT(step_columns),
                                             sizeof(struct ll_deed_step_row), NULL};

int ll_deed_step_put(struct ll_txn *tx, const struct ll_deed_step_row *s, int64_t *ret_id, struct ll_err *err)
{
    struct ll_stmt *q = NULL;
    int rc = ll_sql(tx,
                    "INSERT INTO deed_step (deed, seq, act, statement, signatures, entry, at, journal)"
                    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id",
                    &q, err);

    if (rc < 0)
        return rc;
    ll_bind_z(q, 1, s->deed);
    ll_bind_int(q, 2, s->seq);
    ll_bind_z(q, 3, s->act);
    ll_bind_z(q, 4, s->statement);
    ll_bind_z(q, 5, s->signatures);
    ll_bind_z(q, 6, s->entry);
    ll_bind_int(q, 7, s->at);
    ll_bind_int(q, 8, s->journal);
    if ((rc = ll_step(q, err)) > 0)
        *ret_id = ll_col_int(q, 0);
    ll_stmt_done(q);
    return rc < 0 ? rc : LL_OK;
}

int ll_deed_step_get(struct ll_txn *tx, const char *deed, int64_t seq, struct ll_arena *arena,
                     struct ll_deed_step_row *ret, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int found = 0, rc = ll_sql(tx, STEP " WHERE deed = $1 AND seq = $2", &s, err);

    if (rc < 0)
        return rc;
    ll_bind_z(s, 1, deed);
    ll_bind_int(s, 2, seq);
    if ((found = ll_step(s, err)) > 0)
        rc = ll_row_read(&step_rows, s, arena, ret, err);
    ll_stmt_done(s);
    return rc < 0 || found > 0 ? rc
           : found < 0         ? found
                               : ll_fail(err, LL_NOTFOUND, "没有这一步", "there is no such step");
}

static int list_steps(struct ll_txn *tx, const char *sql, const struct ll_row_arg *args, size_t n_args,
                      size_t limit, struct ll_arena *arena, struct ll_deed_step_row **ret, size_t *ret_n,
                      struct ll_err *err)
{
    const struct ll_row_page page = {.sql = sql, .args = args, .n_args = n_args, .limit = limit};
    void *list = NULL;
    int rc = ll_row_list(tx, &step_rows, &page, arena, &list, ret_n, NULL, err);

    *ret = list;
    return rc;
}

int ll_deed_steps(struct ll_txn *tx, const struct ll_deed *d, struct ll_arena *arena,
                  struct ll_deed_step_row **ret, size_t *ret_n, struct ll_err *err)
{
    static const char sql[] =
        "WITH RECURSIVE line (id) AS (SELECT $1 UNION ALL SELECT d.parent FROM line l JOIN deed d ON d.id = l.id"
        " WHERE d.parent IS NOT NULL)"
        " SELECT s.id, s.seq, s.at, s.journal, s.deed, s.act, s.statement, s.signatures, s.entry FROM line l"
        " JOIN deed_step s ON s.deed = l.id ORDER BY s.seq LIMIT $2 OFFSET $3";
    const struct ll_row_arg args[] = {LL_ARG_Z(d->document)};

    return list_steps(tx, sql, args, LL_COUNT(args), (size_t)d->seq + 1, arena, ret, ret_n, err);
}

int ll_deed_steps_pending(struct ll_txn *tx, size_t limit, struct ll_arena *arena,
                          struct ll_deed_step_row **ret, size_t *ret_n, struct ll_err *err)
{
    return list_steps(tx, STEP " WHERE journal < 0 ORDER BY id LIMIT $1 OFFSET $2", NULL, 0, limit, arena,
                      ret, ret_n, err);
}

int ll_deed_step_entered(struct ll_txn *tx, int64_t id, int64_t journal, struct ll_err *err)
{
    return ll_exec(tx, err, "UPDATE deed_step SET journal = $1 WHERE id = $2", "ii", journal, id);
}

bool ll_deed_signature_next(struct ll_str *lines, struct ll_str *ret_organisation, struct ll_str *ret_jws)
{
    struct ll_str line;

    return lines->n && ll_str_cut(*lines, '\n', &line, lines) &&
           ll_str_cut(line, ' ', ret_organisation, ret_jws);
}

/* --- proposals ------------------------------------------------------------------------------------------------------------- */

#define PROPOSAL "p.statement, p.deed, p.act, p.state, p.signatures, p.made_by, p.made_at, p.changed_at"
#define COLUMN(kind, member) LL_ROW(kind, ll_deed_proposal, member)
static const struct ll_row_column proposal_columns[] = {
    COLUMN(TEXT, statement),  COLUMN(TEXT, deed),    COLUMN(TEXT, act),    COLUMN(TEXT, state),
    COLUMN(TEXT, signatures), COLUMN(TEXT, made_by), COLUMN(INT, made_at), COLUMN(INT, changed_at)};
#undef COLUMN
static const struct ll_row_form proposal_rows = {proposal_columns, LL_COUNT(proposal_columns),
                                                 sizeof(struct ll_deed_proposal), NULL};

int ll_deed_proposal_get(struct ll_txn *tx, const char *statement, struct ll_arena *arena,
                         struct ll_deed_proposal *ret, struct ll_err *err)
{
    return ll_row_get(tx, &proposal_rows, "SELECT " PROPOSAL " FROM deed_proposal p WHERE p.statement = $1",
                      statement, arena, ret, err);
}

#define PROPOSALS                                                                                              \
    " FROM deed_proposal p WHERE ($1 IS NULL OR EXISTS (SELECT 1 FROM deed_signer s WHERE s.organisation = $1" \
    " AND s.statement = p.statement AND ($2 = 0 OR s.signed = 0))) AND ($3 IS NULL OR p.state = $3) AND ($4 IS NULL OR p.deed = $4)"

static const struct ll_row_order proposal_orders[] = {
    {"made", "p.made_at"}, {"act", "p.act"}, {"state", "p.state"}};
static const struct ll_row_orders proposal_order = {proposal_orders, LL_COUNT(proposal_orders),
                                                    "p.made_at DESC", "p.statement"};

int ll_deed_proposal_list(struct ll_txn *tx, const struct ll_deed_proposal_query *q, struct ll_arena *arena,
                          struct ll_deed_proposal **ret, size_t *ret_n, int64_t *ret_total,
                          struct ll_err *err)
{
    const struct ll_row_arg args[] = {LL_ARG_Z(q->organisation), LL_ARG_I(q->mine), LL_ARG_Z(q->state),
                                      LL_ARG_Z(q->deed)};
    const struct ll_row_page page = LL_ROW_PAGE(PROPOSAL, PROPOSALS, proposal_order, args, q);
    void *list = NULL;
    int rc = ll_row_list(tx, &proposal_rows, &page, arena, &list, ret_n, ret_total, err);

    *ret = list;
    return rc;
}

int ll_deed_signers_of(struct ll_txn *tx, const char *statement, struct ll_arena *arena,
                       struct ll_deed_signer *ret, size_t room, size_t *ret_n, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    bool nomem = false;
    int rc = ll_sql(tx,
                    "SELECT organisation, signed FROM deed_signer WHERE statement = $1 ORDER BY organisation",
                    &s, err);

    *ret_n = 0;
    if (rc < 0)
        return rc;
    ll_bind_z(s, 1, statement);
    while (*ret_n < room && (rc = ll_step(s, err)) > 0)
        ret[(*ret_n)++] = (struct ll_deed_signer){ll_col_dup(s, 0, arena, &nomem), ll_col_int(s, 1) != 0};
    ll_stmt_done(s);
    return nomem ? ll_no_memory(err) : rc < 0 ? rc : LL_OK;
}
