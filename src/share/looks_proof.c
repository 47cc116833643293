/* looks_proof.c - a subject's list of looks as a file that anybody can check: links of its chain, each with the entry it stands for, the
 * path from the chain's end to a root, and the entry of the journal that commits to that root (journal/looklist.h). */
#include "share/looks.h"

#include "base/clock.h"
#include "crypto/base64.h"
#include "journal/canon.h"
#include "journal/tlogproof.h"
#include "share/delay.h"
#include "share/gateway_impl.h"
#include "share/lookrow.h"

struct row {
    int64_t entry;
    const char *link;
};

struct proof {
    struct ll_gateway *g;
    const struct ll_looks_proof *q;
    char subject[LL_PSEUDONYM_TEXT];
    struct ll_look_place place;
    struct ll_look_head from; /* where the chain stood before the first that is shown */
    struct row *rows;
    size_t n;
    struct ll_delay *delays;
    size_t n_delays;
};

static void put_hash(struct ll_json *j, const char *key, const struct ll_node *hash)
{
    struct ll_buf text = LL_BUF_INIT(64);

    ll_base64_put(&text, LL_BASE64_URL, hash->b, sizeof hash->b);
    ll_json_ks(j, key, ll_buf_view(&text));
    ll_buf_free(&text);
}

/* --- what the store has -------------------------------------------------------------------------------------------------- */

static int add_row(void *ctx, int64_t entry, struct ll_str link, struct ll_err *err)
{
    struct proof *p = ctx;
    const char *text = ll_arena_dup(p->q->arena, link);

    if (!text)
        return ll_no_memory(err);
    p->rows[p->n++] = (struct row){entry, text};
    return LL_OK;
}

static int read_rows(struct proof *p, struct ll_txn *tx, struct ll_err *err)
{
    if (!(p->rows = ll_arena_array(p->q->arena, p->q->limit + 1, sizeof *p->rows)))
        return ll_no_memory(err);
    return ll_look_links(tx, p->subject, (uint64_t)p->q->after, p->place.entries, p->q->limit, add_row, p,
                         err);
}

static int read_chain(struct proof *p, struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    int rc = ll_txn_begin(p->g->o.store, false, &tx, err);

    if (rc == LL_OK && p->q->after > (int64_t)p->place.own.looks)
        rc = ll_fail(err, LL_NOTFOUND, "清单只有 %llu 次查看", "the list has %llu looks",
                     (unsigned long long)p->place.own.looks);
    if (rc == LL_OK)
        rc = ll_delay_list(tx, p->subject, p->q->arena, &p->delays, &p->n_delays, err);
    if (rc == LL_OK && (rc = ll_look_chain_at(tx, p->subject, p->place.entries, (uint64_t)p->q->after,
                                              &p->from, err)) == LL_OK)
        rc = read_rows(p, tx, err);
    ll_txn_end(tx);
    return rc;
}

/* --- the file -------------------------------------------------------------------------------------------------------------- */

static void put_from(const struct proof *p, struct ll_json *j)
{
    ll_json_key(j, "from");
    ll_json_obj(j);
    put_hash(j, "head", &p->from.head);
    ll_json_ki(j, "looks", p->q->after);
    ll_json_end_obj(j);
}

/* A link says nothing without what it is made of. */
static bool withheld(const struct proof *p, struct ll_str entry, struct ll_str sealed)
{
    const struct ll_delay *d = NULL;
    struct ll_entry e;
    struct ll_str v;

    if (!p->q->all && p->n_delays && ll_entry_parse(entry, &e, NULL) == LL_OK && sealed.n > LL_SALT &&
        ll_canon_member((struct ll_str){sealed.p + LL_SALT, sealed.n - LL_SALT}, "organisation", &v) &&
        v.n >= 2)
        d = ll_delay_of(p->delays, p->n_delays, (struct ll_str){v.p + 1, v.n - 2}, e.time_ms);
    return d && ll_delay_holds(d, ll_now_ms());
}

static int put_look(const struct proof *p, const struct row *row, struct ll_json *j, struct ll_err *err)
{
    struct ll_buf entry = LL_BUF_INIT(LL_ENTRY_MAX + 1), sealed = LL_BUF_INIT(LL_SEALED_MAX + 1);
    struct ll_buf text = LL_BUF_INIT(LL_SEALED_MAX * 2);
    int rc = ll_journal_entry(ll_journaling_journal(p->g->o.journaling), (uint64_t)row->entry, &entry,
                              &sealed, err);

    if (rc == LL_OK) {
        ll_json_obj(j);
        if (sealed.n && !withheld(p, ll_buf_view(&entry), ll_buf_view(&sealed))) {
            ll_base64_put(&text, LL_BASE64_STD, sealed.p, sealed.n);
            ll_json_ki(j, "entry", row->entry);
            ll_json_kz(j, "link", row->link);
            ll_json_ks(j, "sealed", ll_buf_view(&text));
            ll_json_ks(j, "text", ll_buf_view(&entry));
        } else {
            ll_json_kz(j, "link", row->link);
            ll_json_kz(j, "why", sealed.n ? "withheld" : "erased");
        }
        ll_json_end_obj(j);
    }
    ll_buf_free(&entry);
    ll_buf_free(&sealed);
    ll_buf_free(&text);
    return rc;
}

static void put_tree(const struct proof *p, struct ll_json *j)
{
    static const struct ll_node empty = {{0}};
    struct ll_buf name = LL_BUF_INIT(64);

    ll_json_key(j, "tree");
    ll_json_obj(j);
    ll_json_key(j, "siblings");
    ll_json_arr(j);
    for (unsigned i = 0; i < LL_LOOK_HEIGHT; i++)
        if (!ll_node_eq(&p->place.sibling[i], &empty)) {
            ll_json_obj(j);
            ll_json_ki(j, "at", i);
            put_hash(j, "hash", &p->place.sibling[i]);
            ll_json_end_obj(j);
        }
    ll_json_end_arr(j);
    ll_json_key(j, "others");
    ll_json_arr(j);
    for (size_t i = 0; i < p->place.n_others; i++) {
        const struct ll_look_head *h = &p->place.others[i];
        ll_buf_clear(&name);
        ll_base64_put(&name, LL_BASE64_URL, h->subject, sizeof h->subject);
        ll_json_obj(j);
        ll_json_ks(j, "subject", ll_buf_view(&name));
        ll_json_ki(j, "looks", (int64_t)h->looks);
        put_hash(j, "head", &h->head);
        ll_json_end_obj(j);
    }
    ll_json_end_arr(j);
    ll_json_end_obj(j);
    ll_buf_free(&name);
}

static int put_commitment(const struct proof *p, struct ll_json *j, struct ll_err *err)
{
    struct ll_buf entry = LL_BUF_INIT(LL_ENTRY_MAX + 1), proof = LL_BUF_INIT(LL_TLOGPROOF_MAX);
    struct ll_journal *journal = ll_journaling_journal(p->g->o.journaling);
    int rc = ll_journal_entry(journal, (uint64_t)p->place.entry, &entry, NULL, err);

    if (rc == LL_OK && (rc = ll_journal_proof(journal, (uint64_t)p->place.entry, &proof, err)) == LL_OK) {
        ll_json_key(j, "commitment");
        ll_json_obj(j);
        ll_json_ks(j, "entry", ll_buf_view(&entry));
        ll_json_ks(j, "proof", ll_buf_view(&proof));
        ll_json_end_obj(j);
    }
    ll_buf_free(&entry);
    ll_buf_free(&proof);
    return rc;
}

static int put_file(const struct proof *p, struct ll_json *j, struct ll_err *err)
{
    int rc = LL_OK;

    ll_json_obj(j);
    ll_json_kz(j, "format", "luling-looks/v1");
    ll_json_kz(j, "subject", p->subject);
    ll_json_ki(j, "total", (int64_t)p->place.own.looks);
    put_from(p, j);
    ll_json_key(j, "looks");
    ll_json_arr(j);
    for (size_t i = 0; rc == LL_OK && i < p->n; i++)
        rc = put_look(p, &p->rows[i], j, err);
    ll_json_end_arr(j);
    put_tree(p, j);
    if (rc == LL_OK)
        rc = put_commitment(p, j, err);
    ll_json_end_obj(j);
    return rc;
}

int ll_looks_proof_put(struct ll_gateway *g, const struct ll_looks_proof *q, struct ll_json *j,
                       struct ll_err *err)
{
    struct proof p = {.g = g, .q = q};
    int rc;

    LL_ASSERT(q->limit <= LL_LOOK_PAGE);
    if ((rc = ll_gateway_pseudonym(g, q->scheme, q->value, p.subject, err)) < 0 ||
        (rc = ll_looktree_place(g->looktree, p.subject, q->arena, &p.place, err)) < 0 ||
        (rc = read_chain(&p, err)) < 0)
        return rc;
    return put_file(&p, j, err);
}
