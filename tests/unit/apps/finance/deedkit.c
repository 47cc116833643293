/* deedkit.c - see deedkit.h. */
#include "deedkit.h"

#include "base/clock.h"
#include "base/fs.h"
#include "crypto/base64.h"
#include "crypto/jwk.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct ll_err err;

static void check(int rc)
{
    if (rc >= 0)
        return;
    fprintf(stderr, "%s\n", err.en);
    exit(1);
}

void kit_sql(struct deedkit *k, const char *sql)
{
    struct ll_txn *tx = NULL;

    check(ll_txn_begin(k->st, true, &tx, &err));
    check(ll_exec(tx, &err, sql, ""));
    check(ll_txn_commit(tx, &err));
    ll_txn_end(tx);
}

int64_t kit_ask(struct deedkit *k, const char *sql)
{
    struct ll_stmt *s = NULL;
    struct ll_txn *tx = NULL;

    check(ll_txn_begin(k->st, false, &tx, &err));
    check(ll_sql(tx, sql, &s, &err));
    check(ll_step(s, &err));
    int64_t n = ll_col_int(s, 0);
    ll_stmt_done(s);
    ll_txn_end(tx);
    return n;
}

static void add_party(struct deedkit *k, unsigned i, bool sm2)
{
    static const char *const names[KIT_ORGS] = {"ORG-0", "ORG-1", "ORG-2", "ORG-3",
                                                "ORG-4", "ORG-5", "ORG-6", "ORG-7"};
    struct ll_buf jwk = LL_BUF_INIT(4096);
    struct ll_txn *tx = NULL;
    struct ll_json j;

    k->org[i] = names[i];
    check(ll_key_generate(sm2 && i % 2 ? LL_SM2 : LL_ED25519, &k->key[i], &err));
    ll_jwk_thumbprint(k->key[i], k->kid[i]);
    ll_json_init(&j, &jwk);
    ll_jwk_put(k->key[i], k->kid[i], &j);
    check(ll_txn_begin(k->st, true, &tx, &err));
    check(ll_exec(tx, &err,
                  "INSERT INTO organisation (code, name, role, pack) VALUES ($1, $1, 'consumer', 'p')", "z",
                  names[i]));
    check(ll_exec(
        tx, &err,
        "INSERT INTO client (id, organisation, title, state, made_at) VALUES ($1, $1, $1, 'active', 0)", "z",
        names[i]));
    check(
        ll_exec(tx, &err,
                "INSERT INTO client_key (client, kid, jwk, state, added_at) VALUES ($1, $2, $3, 'active', 0)",
                "zzs", names[i], k->kid[i], ll_buf_view(&jwk)));
    check(ll_txn_commit(tx, &err));
    ll_txn_end(tx);
    ll_buf_free(&jwk);
}

static void make_policy(struct deedkit *k)
{
    struct ll_buf text = LL_BUF_INIT(4096);

    ll_buf_z(&text, "log ");
    ll_vkey_put(&k->log, &text);
    ll_buf_z(&text, "\nquorum none\n");
    check(ll_policy_parse(ll_buf_view(&text), &k->policy, &err));
    ll_buf_free(&text);
}

void kit_start(struct deedkit *k)
{
    struct ll_journal_opts o = LL_JOURNAL_OPTS_INIT;

    snprintf(k->journal_dir, sizeof k->journal_dir, "%s/journal", k->dir);
    o.dir = k->journal_dir;
    o.log = &k->log;
    if (k->quick)
        o.publish_ms = 20;
    check(ll_journal_open(&o, &k->journal, &err));
    check(ll_deeds_open(k->st, k->journal, k->keys, &k->deeds, &err));
}

void kit_stop(struct deedkit *k)
{
    k->deeds = ll_deeds_close(k->deeds);
    k->journal = ll_journal_close(k->journal);
}

void kit_open(struct deedkit *k, const char *dir, bool sm2)
{
    struct ll_store_opts o = LL_STORE_OPTS_INIT;
    struct ll_keyring_opts ring = {NULL, NULL};
    struct ll_key *log = NULL;
    char path[300];

    *k = (struct deedkit){.quick = !dir};
    snprintf(k->dir, sizeof k->dir, "%s", dir ? dir : "/tmp/luling-deeds-XXXXXX");
    if (!dir && !mkdtemp(k->dir))
        abort();
    check(ll_fs_mkdirs(k->dir, &err));
    snprintf(path, sizeof path, "%s/luling.db", k->dir);
    o.path = path;
    ring.data_dir = k->dir;
    check(ll_store_open(&k->st, &o, &err));
    check(ll_keyring_open(&k->keys, &ring, &err));
    check(ll_key_generate(LL_ED25519, &log, &err));
    check(ll_vkey_make(&k->log, KIT_LEDGER, LL_NOTE_ED25519, log, &err));
    make_policy(k);
    kit_sql(
        k,
        "INSERT INTO pack (name, version, title, sample, sha256, loaded_at, needs) VALUES ('p', '1', 'p', 0, '', 0, '')");
    for (unsigned i = 0; i < KIT_ORGS; i++)
        add_party(k, i, sm2);
    kit_start(k);
}

void kit_close(struct deedkit *k)
{
    char secret[300];

    kit_stop(k);
    for (unsigned i = 0; i < KIT_ORGS; i++)
        ll_key_free(k->key[i]);
    ll_policy_free(k->policy);
    ll_vkey_free(&k->log);
    ll_keyring_close(k->keys);
    ll_store_close(k->st);
    check(ll_fs_remove_tree(k->dir, &err));
    snprintf(secret, sizeof secret, "%s.secret", k->dir);
    remove(secret);
}

/* --- statements ------------------------------------------------------------------------------------------------------------ */

void kit_id(struct deedkit *k, char out[LL_DEED_ID + 1])
{
    struct ll_buf b = LL_BUF_INIT(64);
    uint64_t raw[2] = {__atomic_add_fetch(&k->ids, 1, __ATOMIC_RELAXED), 11};

    ll_base64_put(&b, LL_BASE64_URL, raw, sizeof raw);
    memcpy(out, b.p, LL_DEED_ID + 1);
    ll_buf_free(&b);
}

void kit_issue(struct ll_buf *out, const char *id, const char *holder, const char *obligor,
               const char *invoice, int64_t amount)
{
    ll_buf_clear(out);
    ll_buf_printf(
        out,
        "{\"act\":\"issue\",\"amount_fen\":%" PRId64
        ",\"document\":\"%s\",\"due\":\"2027-03-31\",\"holder\":\"%s\",\"kind\":\"receivable\","
        "\"ledger\":\"" KIT_LEDGER
        "\",\"obligor\":\"%s\",\"references\":[{\"number\":\"%s\",\"type\":\"invoice\"}],\"seq\":1}",
        amount, id, holder, obligor, invoice);
}

void kit_act(struct ll_buf *out, const char *act, const char *id, const char *mid, const char *parts,
             const char *prev, int64_t seq, const char *tail)
{
    ll_buf_clear(out);
    ll_buf_printf(out,
                  "{\"act\":\"%s\",\"document\":\"%s\",%s\"ledger\":\"" KIT_LEDGER
                  "\",%s\"prev\":\"%s\",\"seq\":%" PRId64 "%s}",
                  act, id, mid, parts, prev, seq, tail);
}

void kit_sign(struct deedkit *k, unsigned org, struct ll_str payload, struct ll_buf *jws)
{
    const struct ll_jws_head head = {.typ = LL_DEED_TYP, .kid = k->kid[org]};
    struct ll_err mine;

    ll_buf_clear(jws);
    if (ll_jws_sign(k->key[org], &head, payload, jws, &mine) < 0)
        abort();
}

int kit_offer(struct deedkit *k, struct ll_str payload, int a, int b, struct ll_arena *arena,
              struct ll_deed_outcome *ret, struct ll_err *why)
{
    struct ll_buf jws[2] = {LL_BUF_INIT(LL_DEED_JWS_MAX), LL_BUF_INIT(LL_DEED_JWS_MAX)};
    struct ll_str list[2];
    size_t n = b >= 0 ? 2 : 1;

    kit_sign(k, (unsigned)a, payload, &jws[0]);
    if (b >= 0)
        kit_sign(k, (unsigned)b, payload, &jws[1]);
    for (size_t i = 0; i < n; i++)
        list[i] = (struct ll_str){ll_arena_dup(arena, ll_buf_view(&jws[i])), jws[i].n};
    int rc = ll_deeds_offer(k->deeds, k->org[a], list, n, arena, ret, why);
    ll_buf_free(&jws[0]);
    ll_buf_free(&jws[1]);
    return rc;
}
