/* deed_decide.c - one offer of signatures, inside the transaction of its group: refused, kept as a proposal, or a step; see deeds.h. */
#include "apps/finance/deeds_impl.h"

#include <string.h>

/* What is known of an offer while it is decided. */
struct deciding {
    const struct ll_deed_deciding *c;
    struct ll_deed_work *w;
    struct ll_txn *tx;
    struct ll_deed_row row;
    const struct ll_deed *before; /* NULL: no such deed */
    struct ll_deed_proposal proposal;
    bool proposed;
    const char *who[LL_DEED_ROLE_COUNT]; /* who must sign, and the signatures that are there */
    struct ll_str have[LL_DEED_ROLE_COUNT];
    size_t n_who, n_have;
    const char *holder, *obligor; /* of one that is issued: as identities of assets name them */
    bool writing;                 /* what fails from here on fails the whole group */
};

static bool same(const char *a, const char *b)
{
    return a && b && strcmp(a, b) == 0;
}

/* --- who is there ---------------------------------------------------------------------------------------------------------- */

static int registered(struct ll_txn *tx, const char *kid, const char *organisation, bool *ret,
                      struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int rc = ll_sql(
        tx,
        "SELECT 1 FROM client_key k JOIN client c ON c.id = k.client WHERE k.kid = $1 AND k.state = 'active'"
        " AND c.state = 'active' AND c.organisation = $2 AND NOT EXISTS (SELECT 1 FROM freeze f WHERE"
        " (f.kind = 'organisation' AND f.id = c.organisation) OR (f.kind = 'client' AND f.id = c.id) OR f.kind = 'gateway')",
        &s, err);

    if (rc < 0)
        return rc;
    ll_bind_z(s, 1, kid);
    ll_bind_z(s, 2, organisation);
    rc = ll_step(s, err);
    *ret = rc > 0;
    ll_stmt_done(s);
    return rc < 0 ? rc : LL_OK;
}

/* Rule (5): a party of the deed, somebody to whom a party has signed already, or who brings a party's signature. */
static int admitted(struct deciding *d, bool *ret, struct ll_err *err)
{
    const char *now[] = {d->before->holder, d->before->obligor, d->before->financier};
    int rc = ll_deed_is_party(d->tx, d->w->organisation, d->before->document, ret, err);

    if (rc < 0 || *ret || d->proposed) {
        *ret |= d->proposed;
        return rc;
    }
    for (size_t i = 0; rc == LL_OK && !*ret && i < LL_COUNT(now); i++)
        for (size_t k = 0; rc == LL_OK && now[i] && !*ret && k < d->w->n; k++)
            rc = registered(d->tx, d->w->signature[k].kid, now[i], ret, err);
    return rc;
}

static int no_deed(struct deciding *d, struct ll_err *err)
{
    return ll_fail(err, LL_NOTFOUND, "没有单证 %s", "there is no deed %s", d->w->s->document);
}

static int look_up(struct deciding *d, struct ll_err *err)
{
    struct ll_deed_work *w = d->w;
    bool may = true;
    int rc = ll_deed_get(d->tx, w->s->document, w->arena, &d->row, err);

    if (rc < 0 && rc != LL_NOTFOUND)
        return rc;
    d->before = rc == LL_OK ? &d->row.d : NULL;
    if ((rc = ll_deed_proposal_get(d->tx, w->s->id, w->arena, &d->proposal, err)) < 0)
        return rc;
    d->proposed = rc > 0;
    if (!d->before && w->s->act != LL_DEED_DO_ISSUE)
        return no_deed(d, err);
    if (d->before && (rc = admitted(d, &may, err)) < 0)
        return rc;
    return may ? LL_OK : no_deed(d, err);
}

/* --- signatures ------------------------------------------------------------------------------------------------------------ */

/* What the proposal has already; those who signed were registered when they did. */
static void take_proposed(struct deciding *d)
{
    struct ll_str lines = ll_str(d->proposed ? d->proposal.signatures : ""), organisation, jws;

    while (ll_deed_signature_next(&lines, &organisation, &jws))
        for (size_t i = 0; i < d->n_who; i++)
            if (ll_str_is(organisation, d->who[i])) {
                d->have[i] = jws;
                d->n_have++;
            }
}

/* Whose signature it is among those who must sign: each key signs for one. */
static int take_offered(struct deciding *d, const struct ll_deed_signature *sig, bool *ret_own,
                        struct ll_err *err)
{
    bool theirs = false;
    int rc = LL_OK;

    for (size_t i = 0; i < d->n_who; i++) {
        if ((rc = registered(d->tx, sig->kid, d->who[i], &theirs, err)) < 0)
            return rc;
        if (!theirs)
            continue;
        if (!d->have[i].p) {
            d->have[i] = sig->jws;
            d->n_have++;
        }
        *ret_own |= same(d->who[i], d->w->organisation);
        return LL_OK;
    }
    return ll_fail(err, LL_DENIED, "密钥 %s 不是须签署的机构已登记的公钥",
                   "the key %s is not registered for any of those who must sign", sig->kid);
}

static int take_signatures(struct deciding *d, struct ll_err *err)
{
    bool own = false;
    int rc = LL_OK;

    take_proposed(d);
    for (size_t i = 0; rc == LL_OK && i < d->w->n; i++)
        rc = take_offered(d, &d->w->signature[i], &own, err);
    if (rc == LL_OK && !own)
        rc = ll_fail(err, LL_DENIED, "须有本机构的签名", "your organisation's signature must be among them");
    return rc;
}

static const char *join_signatures(struct deciding *d)
{
    struct ll_buf text = LL_BUF_INIT((LL_DEED_JWS_MAX + 128) * LL_DEED_ROLE_COUNT);
    const char *ret;

    for (size_t i = 0; i < d->n_who; i++)
        if (d->have[i].p) {
            ll_buf_z(&text, d->who[i]);
            ll_buf_c(&text, ' ');
            ll_buf_str(&text, d->have[i]);
            ll_buf_c(&text, '\n');
        }
    ret = text.failed ? NULL : ll_arena_dup(d->w->arena, ll_buf_view(&text));
    ll_buf_free(&text);
    return ret;
}

/* --- what it rests on ------------------------------------------------------------------------------------------------------ */

struct asset_row {
    const char *tag, *opening, *identity;
    const char *root; /* that has the claim; NULL: nobody */
    int64_t journal;
};
static const struct ll_row_column asset_columns[] = {
    LL_ROW(TEXT, asset_row, tag), LL_ROW(TEXT, asset_row, opening), LL_ROW(TEXT, asset_row, identity),
    LL_ROW(TEXT, asset_row, root), LL_ROW(INT, asset_row, journal)};
static const struct ll_row_form asset_rows = {asset_columns, LL_COUNT(asset_columns),
                                              sizeof(struct asset_row), NULL};

static int assets(struct deciding *d, const char *root, struct asset_row **ret, size_t *ret_n,
                  struct ll_err *err)
{
    const struct ll_row_arg args[] = {LL_ARG_Z(root)};
    const struct ll_row_page page = {
        .sql =
            "SELECT a.tag, a.opening, a.identity, c.root, s.journal FROM deed_asset a LEFT JOIN deed_claim c ON c.tag = a.tag"
            " LEFT JOIN deed_step s ON s.deed = c.deed AND s.seq = c.seq WHERE a.root = $1 ORDER BY a.nth LIMIT $2 OFFSET $3",
        .args = args,
        .n_args = LL_COUNT(args),
        .limit = LL_DEED_REFS};
    void *list = NULL;
    int rc = ll_row_list(d->tx, &asset_rows, &page, d->w->arena, &list, ret_n, NULL, err);

    *ret = list;
    return rc;
}

static int encumbered(struct deciding *d, const struct asset_row *a, struct ll_err *err)
{
    struct ll_deed_encumbrance *e = &d->w->out->encumbrance;

    d->w->out->encumbered = true;
    memcpy(e->asset.tag, a->tag, sizeof e->asset.tag);
    memcpy(e->asset.opening, a->opening, sizeof e->asset.opening);
    e->asset.identity = a->identity;
    e->journal = a->journal;
    return ll_fail(err, LL_CONFLICT, "单证所据的资产已在别处转让、融资或出质，不能再次设立",
                   "what the deed rests on was transferred, financed or pledged already");
}

/* Does the act lay claim to something that another deed has, or that this one has given out? */
static int check_claims(struct deciding *d, enum ll_deed_claim claim, struct asset_row *list, size_t n,
                        struct ll_err *err)
{
    for (size_t i = 0; claim == LL_CLAIM_TAKE && i < n; i++)
        if (list[i].root && !same(list[i].root, d->before->root))
            return encumbered(d, &list[i], err);
    return LL_OK;
}

/* A second financing of this very deed, whether or not the statement still fits its place. */
static int check_twice(struct deciding *d, struct asset_row *list, size_t n, struct ll_err *err)
{
    bool again = d->w->s->act == LL_DEED_DO_FINANCE || d->w->s->act == LL_DEED_DO_SECURE,
         bound = d->before &&
                 (d->before->state == LL_DEED_IS_FINANCED || d->before->state == LL_DEED_IS_PLEDGED);

    for (size_t i = 0; again && bound && i < n; i++)
        if (list[i].root)
            return encumbered(d, &list[i], err);
    return LL_OK;
}

/* As the identity of an asset names an organisation: the same whatever code it was given here. */
static int legal_name(struct deciding *d, const char *code, const char **ret, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    bool nomem = false;
    int rc = ll_sql(d->tx, "SELECT coalesce(nullif(uscc, ''), code) FROM organisation WHERE code = $1", &s,
                    err);

    if (rc < 0)
        return rc;
    ll_bind_z(s, 1, code);
    if ((rc = ll_step(s, err)) > 0)
        *ret = ll_col_dup(s, 0, d->w->arena, &nomem);
    ll_stmt_done(s);
    return rc < 0  ? rc
           : nomem ? ll_no_memory(err)
           : rc > 0
               ? LL_OK
               : ll_fail(err, LL_INVALID, "目录中没有机构 %s", "the catalogue has no organisation %s", code);
}

/* Both are there before anything is written. */
static int legal_names(struct deciding *d, struct ll_err *err)
{
    int rc = d->before ? LL_OK : legal_name(d, d->w->s->holder, &d->holder, err);

    return rc < 0 || d->before ? rc : legal_name(d, d->w->s->obligor, &d->obligor, err);
}

static int put_assets(struct deciding *d, struct ll_err *err)
{
    const struct ll_deed_statement *s = d->w->s;
    struct ll_deed_asset a;
    int rc = LL_OK;

    for (size_t i = 0; rc == LL_OK && i < s->n_refs; i++)
        if ((rc = ll_deed_asset_make(d->c->asset_key, &s->refs[i], d->holder, d->obligor, d->w->arena, &a,
                                     err)) == LL_OK)
            rc = ll_exec(
                d->tx, err,
                "INSERT INTO deed_asset (root, nth, tag, opening, identity) VALUES ($1, $2, $3, $4, $5)",
                "zizzz", s->document, (int64_t)i, a.tag, a.opening, a.identity);
    return rc;
}

static int put_claims(struct deciding *d, const struct ll_deed *after, enum ll_deed_claim claim,
                      const struct asset_row *list, size_t n, struct ll_err *err)
{
    int rc = LL_OK;

    if (claim == LL_CLAIM_FREE && !after->parent)
        return ll_exec(d->tx, err, "DELETE FROM deed_claim WHERE root = $1", "z", after->root);
    for (size_t i = 0; rc == LL_OK && claim == LL_CLAIM_TAKE && i < n; i++)
        rc = ll_exec(d->tx, err,
                     "INSERT INTO deed_claim (tag, root, deed, seq) VALUES ($1, $2, $3, $4)"
                     " ON CONFLICT (tag) DO UPDATE SET deed = excluded.deed, seq = excluded.seq",
                     "zzzi", list[i].tag, after->root, after->document, after->seq);
    return rc;
}

/* --- a step ---------------------------------------------------------------------------------------------------------------- */

static int put_entry(struct deciding *d, const struct ll_deed *after, enum ll_deed_claim claim,
                     const struct asset_row *list, size_t n, struct ll_err *err)
{
    struct ll_buf entry = LL_BUF_INIT(LL_ENTRY_MAX);
    struct ll_deed_signature sig[LL_DEED_ROLE_COUNT] = {{.organisation = NULL}};
    const char *tags[LL_DEED_REFS];
    char step[LL_DEED_HASH + 1];

    for (size_t i = 0; i < d->n_who; i++)
        sig[i] = (struct ll_deed_signature){.organisation = d->who[i], .jws = d->have[i]};
    for (size_t i = 0; i < n; i++)
        tags[i] = list[i].tag;
    ll_deed_step_hash(sig, d->n_who, step);
    if (claim == LL_CLAIM_FREE && after->parent)
        claim = LL_CLAIM_NOTHING;
    ll_deed_put_entry(step, claim, tags, n, &entry);
    d->w->entry = (struct ll_str){ll_arena_dup(d->w->arena, ll_buf_view(&entry)), entry.n};
    bool ok = !entry.failed && d->w->entry.p;
    ll_buf_free(&entry);
    return ok ? LL_OK : ll_no_memory(err);
}

static int put_parts(struct deciding *d, const struct ll_deed *after, struct ll_err *err)
{
    struct ll_deed part;
    int rc = LL_OK;

    for (size_t i = 0; rc == LL_OK && i < d->w->s->n_parts; i++) {
        ll_deed_part(after, d->w->s, i, &part);
        rc = ll_deed_put(d->tx, NULL, &part, d->c->now, err);
    }
    return rc;
}

/* The ids of parts are chosen by whoever splits: one that is taken is theirs to change. */
static int check_parts(struct deciding *d, struct ll_err *err)
{
    struct ll_deed_row taken;
    int rc = LL_NOTFOUND;

    for (size_t i = 0; rc == LL_NOTFOUND && i < d->w->s->n_parts; i++)
        if ((rc = ll_deed_get(d->tx, d->w->s->parts[i].document, d->w->arena, &taken, err)) == LL_OK)
            return ll_fail(err, LL_CONFLICT, "编号 %s 已用过", "the id %s is taken",
                           d->w->s->parts[i].document);
    return rc == LL_NOTFOUND ? LL_OK : rc;
}

static int put_step(struct deciding *d, const struct ll_deed *after, enum ll_deed_claim claim,
                    struct asset_row *list, size_t n, struct ll_err *err)
{
    struct ll_deed_work *w = d->w;
    struct ll_deed_step_row step = {.deed = w->s->document,
                                    .seq = w->s->seq,
                                    .act = ll_deed_act_word(w->s->act),
                                    .statement = w->s->id,
                                    .signatures = join_signatures(d),
                                    .at = d->c->now,
                                    .journal = -1 - d->c->journal_size};
    int rc;

    if (!step.signatures)
        return ll_no_memory(err);
    d->writing = true;
    if ((rc = put_entry(d, after, claim, list, n, err)) < 0 ||
        (rc = ll_deed_put(d->tx, d->before, after, d->c->now, err)) < 0 ||
        (!d->before && (rc = put_assets(d, err)) < 0) || (rc = put_parts(d, after, err)) < 0 ||
        (rc = put_claims(d, after, claim, list, n, err)) < 0)
        return rc;
    step.entry = w->entry.p;
    if ((rc = ll_deed_step_put(d->tx, &step, &w->step, err)) < 0 ||
        (rc = ll_exec(
             d->tx, err,
             "UPDATE deed_proposal SET state = CASE WHEN statement = $2 THEN 'entered' ELSE 'overtaken' END,"
             " changed_at = $3 WHERE deed = $1 AND state = 'waiting'",
             "zzi", w->s->document, w->s->id, d->c->now)) < 0)
        return rc;
    w->out->entered = true;
    return LL_OK;
}

/* --- a proposal ------------------------------------------------------------------------------------------------------------ */

static int put_proposal(struct deciding *d, struct ll_err *err)
{
    struct ll_deed_work *w = d->w;
    const char *signatures = join_signatures(d);
    int rc = signatures ? LL_OK : ll_no_memory(err);

    d->writing = true;
    if (rc == LL_OK)
        rc = ll_exec(
            d->tx, err,
            "INSERT INTO deed_proposal (statement, deed, act, state, signatures, made_by, made_at, changed_at)"
            " VALUES ($1, $2, $3, 'waiting', $4, $5, $6, $6)"
            " ON CONFLICT (statement) DO UPDATE SET signatures = excluded.signatures, changed_at = excluded.changed_at",
            "zzzzzi", w->s->id, w->s->document, ll_deed_act_word(w->s->act), signatures, w->organisation,
            d->c->now);
    for (size_t i = 0; rc == LL_OK && i < d->n_who; i++) {
        bool has = d->have[i].p != NULL;
        rc = ll_exec(d->tx, err,
                     "INSERT INTO deed_signer (organisation, statement, signed) VALUES ($1, $2, $3)"
                     " ON CONFLICT (organisation, statement) DO UPDATE SET signed = excluded.signed",
                     "zzi", d->who[i], w->s->id, (int64_t)has);
        if (!has)
            w->out->missing[w->out->n_missing++] = d->who[i];
    }
    return rc;
}

/* --- all of it ------------------------------------------------------------------------------------------------------------- */

/* The same statement again, as when an answer was lost.  1: that is what it is. */
static int again(struct deciding *d, struct ll_err *err)
{
    struct ll_deed_work *w = d->w;
    struct ll_deed_step_row step;
    int rc = d->before && w->s->seq <= d->before->seq
                 ? ll_deed_step_get(d->tx, w->s->document, w->s->seq, w->arena, &step, err)
                 : LL_NOTFOUND;

    if (rc == LL_NOTFOUND || (rc == LL_OK && !same(step.statement, w->s->id)))
        return 0;
    if (rc == LL_OK && step.journal < 0)
        rc = ll_fail(err, LL_BUSY, "这一步已写下，存证尚未完成，请稍后再问",
                     "the step is written and not in the journal yet; ask again");
    w->out->entered = rc == LL_OK;
    w->out->journal = rc == LL_OK ? (uint64_t)step.journal : 0;
    return rc < 0 ? rc : 1;
}

static int withdrawn(struct deciding *d, struct ll_err *err)
{
    return d->proposed && same(d->proposal.state, "withdrawn")
               ? ll_fail(err, LL_CONFLICT, "这份声明已被撤回", "this statement was withdrawn")
               : LL_OK;
}

static int decide(struct deciding *d, struct ll_err *err)
{
    enum ll_deed_claim claim = LL_CLAIM_NOTHING;
    struct asset_row *list = NULL;
    struct ll_deed after;
    size_t n = 0;
    int rc;

    if ((rc = look_up(d, err)) < 0 || (rc = again(d, err)) != 0)
        return rc < 0 ? rc : LL_OK;
    if ((rc = withdrawn(d, err)) < 0 ||
        (d->before && (rc = assets(d, d->before->root, &list, &n, err)) < 0) ||
        (rc = check_twice(d, list, n, err)) < 0 ||
        (rc = ll_deed_apply(d->before, d->w->s, d->c->ledger, &after, &claim, err)) < 0)
        return rc;
    d->n_who = ll_deed_signers(d->before, d->w->s, d->who);
    if ((rc = take_signatures(d, err)) < 0 || (rc = check_claims(d, claim, list, n, err)) < 0 ||
        (rc = check_parts(d, err)) < 0 || (rc = legal_names(d, err)) < 0)
        return rc;
    return d->n_have == d->n_who ? put_step(d, &after, claim, list, n, err) : put_proposal(d, err);
}

int ll_deed_decide(const struct ll_deed_deciding *c, struct ll_deed_work *w, struct ll_err *err)
{
    struct deciding d = {.c = c, .w = w, .tx = c->tx};

    w->rc = decide(&d, w->err);
    if (w->rc < 0 &&
        (d.writing || w->rc == LL_IO || w->rc == LL_NOMEM || w->rc == LL_INTERNAL || w->rc == LL_FAIL)) {
        *err = *w->err;
        return w->rc;
    }
    return LL_OK;
}
