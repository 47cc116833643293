/* handle_deed.c - the collaboration ledger: deeds with their steps, statements that wait, signatures in, and the file that proves a deed. */
#include "apps/finance/deed_file.h"
#include "apps/finance/deeds.h"
#include "http/sharing.h"
#include "http/write.h"
#include "routes.gen.h"

#include <inttypes.h>
#include <stdio.h>

enum { WAITING_MOST = 100, EVIDENCE_MAX = 1 << 20 };

static void put_words(struct ll_json *j, const char *word, const char *zh, const char *en)
{
    char key[48];

    snprintf(key, sizeof key, "%s_title", word);
    ll_json_kz(j, key, zh);
    snprintf(key, sizeof key, "%s_title_en", word);
    ll_json_kz(j, key, en);
}

static void put_act(struct ll_json *j, const char *word)
{
    enum ll_deed_act act = LL_DEED_DO_ISSUE;

    (void)ll_deed_act_find(ll_str(word), &act);
    ll_json_kz(j, "act", word);
    put_words(j, "act", ll_deed_act_title(act, LL_ZH), ll_deed_act_title(act, LL_EN));
}

static void put_card(const struct ll_deed_row *r, struct ll_json *j)
{
    const struct ll_deed *d = &r->d;

    ll_json_kz(j, "document", d->document);
    ll_json_kz(j, "kind", r->kind);
    put_words(j, "kind", ll_deed_kind_title(d->kind, LL_ZH), ll_deed_kind_title(d->kind, LL_EN));
    ll_json_kz(j, "state", r->state);
    put_words(j, "state", ll_deed_state_title(d->state, LL_ZH), ll_deed_state_title(d->state, LL_EN));
    ll_json_ki(j, "amount_fen", d->amount);
    ll_json_ki(j, "financed_fen", d->financed);
    ll_json_kz(j, "holder", d->holder);
    ll_json_kz(j, "obligor", d->obligor);
    ll_json_kz(j, "financier", d->financier);
    ll_json_kz(j, "due", d->due);
    ll_write_time(j, "created_at", r->created_at);
    ll_write_time(j, "changed_at", r->changed_at);
}

/* --- signatures ------------------------------------------------------------------------------------------------------------ */

/* What was signed, and by whom: "said" and, for a step, "signatures". */
static int put_signed(struct ll_request *rq, const char *signatures, bool who, struct ll_err *err)
{
    struct ll_str lines = ll_str(signatures), organisation, jws, said = {NULL, 0};
    struct ll_json *j = &rq->json;
    char kid[LL_DEED_KID + 1];
    int rc = LL_OK;

    if (who) {
        ll_json_key(j, "signatures");
        ll_json_arr(j);
    }
    while (rc == LL_OK && ll_deed_signature_next(&lines, &organisation, &jws)) {
        rc = ll_deed_open(jws, rq->arena, kid, &said, err);
        if (rc == LL_OK && who) {
            ll_json_obj(j);
            ll_json_ks(j, "organisation", organisation);
            ll_json_kz(j, "kid", kid);
            ll_json_end_obj(j);
        }
    }
    if (who)
        ll_json_end_arr(j);
    ll_json_key(j, "said");
    if (said.p)
        ll_json_raw(j, said);
    else
        ll_json_null(j);
    return rc;
}

static int put_step(struct ll_request *rq, const struct ll_deed_step_row *s, struct ll_err *err)
{
    struct ll_json *j = &rq->json;

    ll_json_obj(j);
    ll_json_kz(j, "document", s->deed);
    ll_json_ki(j, "seq", s->seq);
    put_act(j, s->act);
    ll_write_time(j, "at", s->at);
    ll_json_kz(j, "statement", s->statement);
    int rc = put_signed(rq, s->signatures, true, err);
    ll_json_key(j, "entry");
    if (s->journal >= 0)
        ll_json_int(j, s->journal);
    else
        ll_json_null(j);
    ll_json_end_obj(j);
    return rc;
}

static int put_proposal(struct ll_txn *tx, struct ll_request *rq, const struct ll_deed_proposal *p,
                        struct ll_err *err)
{
    struct ll_deed_signer signer[LL_DEED_ROLE_COUNT];
    struct ll_json *j = &rq->json;
    size_t n = 0;
    int rc = ll_deed_signers_of(tx, p->statement, rq->arena, signer, LL_COUNT(signer), &n, err);

    ll_json_obj(j);
    ll_json_kz(j, "statement", p->statement);
    ll_json_kz(j, "document", p->deed);
    put_act(j, p->act);
    ll_json_kz(j, "state", p->state);
    if (rc == LL_OK)
        rc = put_signed(rq, p->signatures, false, err);
    ll_json_key(j, "signers");
    ll_json_arr(j);
    for (size_t i = 0; i < n; i++) {
        ll_json_obj(j);
        ll_json_kz(j, "organisation", signer[i].organisation);
        ll_json_kb(j, "signed", signer[i].has);
        ll_json_end_obj(j);
    }
    ll_json_end_arr(j);
    ll_json_kz(j, "made_by", p->made_by);
    ll_write_time(j, "made_at", p->made_at);
    ll_write_time(j, "changed_at", p->changed_at);
    ll_json_end_obj(j);
    return rc;
}

/* --- rules ----------------------------------------------------------------------------------------------------------------- */

static void put_rule(struct ll_json *j, const struct ll_deed_rule *r)
{
    ll_json_obj(j);
    put_act(j, ll_deed_act_word(r->act));
    ll_json_kz(j, "from", ll_deed_state_word(r->from));
    ll_json_kz(j, "to", ll_deed_state_word(r->to));
    ll_json_key(j, "kinds");
    ll_json_arr(j);
    for (unsigned k = 0; k < LL_DEED_KIND_COUNT; k++)
        if (r->kinds >> k & 1)
            ll_json_z(j, ll_deed_kind_word(k));
    ll_json_end_arr(j);
    ll_json_key(j, "signers");
    ll_json_arr(j);
    for (unsigned role = 0; role < LL_DEED_ROLE_COUNT; role++)
        if (r->signers >> role & 1)
            ll_json_z(j, ll_deed_role_word(role));
    ll_json_end_arr(j);
    ll_json_end_obj(j);
}

/* Those that apply to a deed as it stands; NULL: all. */
static void put_rules(struct ll_json *j, const char *key, const struct ll_deed *d)
{
    struct ll_deed_rule r;

    ll_json_key(j, key);
    ll_json_arr(j);
    for (size_t i = 0; ll_deed_rule(i, &r); i++)
        if (!d || (r.from == d->state && r.kinds >> d->kind & 1))
            put_rule(j, &r);
    ll_json_end_arr(j);
}

int ll_h_ledger_rules(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    (void)err;
    ll_json_obj(&rq->json);
    ll_json_kz(&rq->json, "ledger", ll_deeds_ledger(app->deeds));
    put_rules(&rq->json, "rules", NULL);
    ll_json_end_obj(&rq->json);
    return LL_OK;
}

/* --- reading --------------------------------------------------------------------------------------------------------------- */

static int begin(struct ll_app *app, struct ll_txn **ret, struct ll_err *err)
{
    *ret = NULL;
    return ll_txn_begin(ll_data_store(app->data), false, ret, err);
}

int ll_h_deeds_list(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const struct ll_deed_query q = {.organisation = rq->only,
                                    .kind = ll_arg(rq, LL_P_DEEDS_LIST_KIND)->s.p,
                                    .state = ll_arg(rq, LL_P_DEEDS_LIST_STATE)->s.p,
                                    .role = ll_arg(rq, LL_P_DEEDS_LIST_ROLE)->s.p,
                                    .sort = ll_arg(rq, LL_P_DEEDS_LIST_SORT)->s.p,
                                    .offset = (size_t)ll_arg(rq, LL_P_DEEDS_LIST_OFFSET)->i,
                                    .limit = (size_t)ll_arg(rq, LL_P_DEEDS_LIST_LIMIT)->i};
    struct ll_deed_row *list = NULL;
    struct ll_txn *tx;
    int64_t total = 0;
    size_t n = 0;
    int rc = begin(app, &tx, err);

    if (rc == LL_OK && (rc = ll_deed_list(tx, &q, rq->arena, &list, &n, &total, err)) == LL_OK) {
        ll_sharing_page(rq, total, (int64_t)q.offset, (int64_t)q.limit);
        for (size_t i = 0; i < n; i++) {
            ll_json_obj(&rq->json);
            put_card(&list[i], &rq->json);
            ll_json_end_obj(&rq->json);
        }
        ll_sharing_page_end(rq);
    }
    ll_txn_end(tx);
    return rc;
}

/* A deed of which the caller's organisation is a party; there is no other. */
static int find(struct ll_txn *tx, struct ll_request *rq, const char *id, struct ll_deed_row *ret,
                struct ll_err *err)
{
    bool party = true;
    int rc = rq->only ? ll_deed_is_party(tx, rq->only, id, &party, err) : LL_OK;

    if (rc == LL_OK && !party)
        rc = ll_fail(err, LL_NOTFOUND, "没有单证 %s", "there is no deed %s", id);
    return rc < 0 ? rc : ll_deed_get(tx, id, rq->arena, ret, err);
}

static int put_steps(struct ll_txn *tx, struct ll_request *rq, const struct ll_deed *d, struct ll_err *err)
{
    struct ll_deed_step_row *list = NULL;
    size_t n = 0;
    int rc = ll_deed_steps(tx, d, rq->arena, &list, &n, err);

    ll_json_key(&rq->json, "steps");
    ll_json_arr(&rq->json);
    for (size_t i = 0; rc == LL_OK && i < n; i++)
        rc = put_step(rq, &list[i], err);
    ll_json_end_arr(&rq->json);
    return rc;
}

static int put_waiting(struct ll_txn *tx, struct ll_request *rq, const struct ll_deed *d, struct ll_err *err)
{
    const struct ll_deed_proposal_query q = {
        .organisation = rq->only, .state = "waiting", .deed = d->document, .limit = WAITING_MOST};
    struct ll_deed_proposal *list = NULL;
    size_t n = 0;
    int rc = ll_deed_proposal_list(tx, &q, rq->arena, &list, &n, NULL, err);

    ll_json_key(&rq->json, "waiting");
    ll_json_arr(&rq->json);
    for (size_t i = 0; rc == LL_OK && i < n; i++)
        rc = put_proposal(tx, rq, &list[i], err);
    ll_json_end_arr(&rq->json);
    return rc;
}

int ll_h_deed_show(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_json *j = &rq->json;
    struct ll_deed_row row;
    struct ll_txn *tx;
    int rc = begin(app, &tx, err);

    if (rc == LL_OK && (rc = find(tx, rq, ll_arg(rq, LL_P_DEED_SHOW_ID)->s.p, &row, err)) == LL_OK) {
        ll_json_obj(j);
        put_card(&row, j);
        ll_json_kz(j, "parent", row.d.parent);
        ll_json_kz(j, "root", row.d.root);
        ll_json_kz(j, "secures", row.d.secures);
        ll_json_ki(j, "seq", row.d.seq);
        ll_json_kz(j, "head", row.d.head);
        if ((rc = put_steps(tx, rq, &row.d, err)) == LL_OK)
            rc = put_waiting(tx, rq, &row.d, err);
        put_rules(j, "next", &row.d);
        ll_json_end_obj(j);
    }
    ll_txn_end(tx);
    return rc;
}

int ll_h_deed_file(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const char *id = ll_arg(rq, LL_P_DEED_FILE_ID)->s.p;
    struct ll_deed_row row;
    struct ll_txn *tx;
    char name[64];
    int rc = begin(app, &tx, err);

    if (rc == LL_OK && (rc = find(tx, rq, id, &row, err)) == LL_OK &&
        (rc = ll_deed_file_put(tx, ll_journaling_journal(app->journaling), &row, rq->arena, &rq->json,
                               err)) == LL_OK) {
        snprintf(name, sizeof name, "deed-%s.json", id);
        rc = ll_reply_download(rq, name, err);
    }
    ll_txn_end(tx);
    return rc;
}

int ll_h_deed_proposals(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const struct ll_deed_proposal_query q = {.organisation = rq->only,
                                             .state = ll_arg(rq, LL_P_DEED_PROPOSALS_STATE)->s.p,
                                             .mine = ll_arg(rq, LL_P_DEED_PROPOSALS_MINE)->i != 0,
                                             .sort = ll_arg(rq, LL_P_DEED_PROPOSALS_SORT)->s.p,
                                             .offset = (size_t)ll_arg(rq, LL_P_DEED_PROPOSALS_OFFSET)->i,
                                             .limit = (size_t)ll_arg(rq, LL_P_DEED_PROPOSALS_LIMIT)->i};
    struct ll_deed_proposal *list = NULL;
    struct ll_txn *tx;
    int64_t total = 0;
    size_t n = 0;
    int rc = begin(app, &tx, err);

    if (rc == LL_OK && (rc = ll_deed_proposal_list(tx, &q, rq->arena, &list, &n, &total, err)) == LL_OK) {
        ll_sharing_page(rq, total, (int64_t)q.offset, (int64_t)q.limit);
        for (size_t i = 0; rc == LL_OK && i < n; i++)
            rc = put_proposal(tx, rq, &list[i], err);
        ll_sharing_page_end(rq);
    }
    ll_txn_end(tx);
    return rc;
}

/* --- signing --------------------------------------------------------------------------------------------------------------- */

/* The refusal leaves with its proof, and its entry in the journal (members in the order of their names). */
static int refuse(struct ll_app *app, struct ll_request *rq, const struct ll_deed_outcome *o, int rc,
                  struct ll_err *err)
{
    struct ll_buf evidence = LL_BUF_INIT(EVIDENCE_MAX);
    struct ll_err why;
    struct ll_json j;

    ll_json_init(&j, &evidence);
    if (ll_deeds_put_encumbrance(app->deeds, &o->encumbrance, &j, &why) == LL_OK && !evidence.failed)
        rq->evidence = (struct ll_str){ll_arena_dup(rq->arena, ll_buf_view(&evidence)), evidence.n};
    ll_buf_free(&evidence);
    rq->condition = "encumbered";
    rq->due.type = LL_ENTRY_REFUSAL;
    rq->due.payload = LL_BUF_INIT(LL_ENTRY_MAX + 1);
    ll_json_init(&j, &rq->due.payload);
    ll_json_obj(&j);
    ll_json_kz(&j, "client", rq->actor.client);
    ll_json_kz(&j, "condition", rq->condition);
    ll_json_kz(&j, "mode", rq->route->id);
    ll_json_kz(&j, "organisation", rq->actor.organisation);
    ll_json_kz(&j, "statement", o->statement);
    ll_json_end_obj(&j);
    if (rq->due.payload.failed)
        return ll_no_memory(err);
    rq->due.set = true;
    return rc;
}

static void put_outcome(struct ll_json *j, const struct ll_deed_outcome *o)
{
    ll_json_obj(j);
    ll_json_kz(j, "statement", o->statement);
    ll_json_kz(j, "document", o->document);
    ll_json_ki(j, "seq", o->seq);
    ll_json_kb(j, "entered", o->entered);
    ll_json_key(j, "entry");
    if (o->entered)
        ll_json_int(j, (int64_t)o->journal);
    else
        ll_json_null(j);
    ll_json_key(j, "missing");
    ll_json_arr(j);
    for (size_t i = 0; i < o->n_missing; i++)
        ll_json_z(j, o->missing[i]);
    ll_json_end_arr(j);
    ll_json_end_obj(j);
}

int ll_h_deed_offer(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const char *const *list = NULL;
    struct ll_str jws[LL_DEED_ROLE_COUNT];
    struct ll_deed_outcome o;
    struct ll_body b;
    int rc;

    ll_body_open(&b, rq, err);
    size_t n = ll_body_texts(&b, "signatures", LL_DEED_ROLE_COUNT, LL_DEED_JWS_MAX, &list);
    for (size_t i = 0; i < n; i++)
        jws[i] = ll_str(list[i]);
    if ((rc = ll_body_end(&b)) < 0)
        return rc;
    if ((rc = ll_deeds_offer(app->deeds, rq->actor.organisation, jws, n, rq->arena, &o, err)) < 0)
        return o.encumbered ? refuse(app, rq, &o, rc, err) : rc;
    put_outcome(&rq->json, &o);
    rq->status = o.entered ? 201 : 202;
    return LL_OK;
}

int ll_h_deed_withdraw(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const char *statement = ll_arg(rq, LL_P_DEED_WITHDRAW_STATEMENT)->s.p;
    struct ll_deed_proposal p;
    struct ll_txn *tx = NULL;
    int rc = ll_deeds_withdraw(app->deeds, rq->actor.organisation, statement, err);

    if (rc == LL_OK && (rc = begin(app, &tx, err)) == LL_OK &&
        (rc = ll_deed_proposal_get(tx, statement, rq->arena, &p, err)) > 0)
        rc = put_proposal(tx, rq, &p, err);
    ll_txn_end(tx);
    return rc;
}
