/* journaling.c - see journaling.h. */
#include "share/journaling.h"

#include "base/fs.h"
#include "base/json.h"
#include "base/log.h"
#include "crypto/keyring.h"
#include "intake/evidence.h"
#include "journal/canon.h"
#include "share/admin.h"
#include "share/consent.h"
#include "share/flow.h"
#include "share/watch.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ROUND_MS = 500, AT_ONCE = 256, POLICY_MAX = LL_POLICY_MAX };

struct ll_journaling {
    const struct ll_settings *set;
    struct ll_store *st;
    struct ll_keyring *keys;
    struct ll_vkey log, sm2, shadow;
    struct ll_policy *policy;
    struct ll_journal *journal;
    char dir[LL_PATH];
    pthread_mutex_t lock, one; /* one: a single caller brings things in */
    pthread_cond_t wake;
    pthread_t thread;
    bool runs, stop, woken, complained;
};

/* Keys are made where there are none.  Where a journal is there, others have built on its keys: new ones would sign another journal. */
static int open_ring(const struct ll_settings *set, struct ll_keyring **ret, struct ll_err *err)
{
    const struct ll_keyring_opts o = {set->data_dir, set->key_passphrase_file};
    char keys[LL_PATH], latest[LL_PATH];
    int rc;

    if ((rc = ll_path(keys, err, "%s/keys.sealed", set->data_dir)) < 0 ||
        (rc = ll_path(latest, err, "%s/journal/latest", set->data_dir)) < 0)
        return rc;
    if (ll_fs_exists(latest) && !ll_fs_exists(keys))
        return ll_fail(err, LL_NOTFOUND, "有存证日志，但没有签署它的密钥文件 %s；请从备份中恢复",
                       "there is a journal, but not %s, whose keys sign it; put it back from a backup", keys);
    return ll_keyring_open(ret, &o, err);
}

int ll_journaling_unlocked(const struct ll_settings *set, struct ll_err *err)
{
    struct ll_keyring *keys = NULL;
    int rc = open_ring(set, &keys, err);

    ll_keyring_close(keys);
    return rc;
}

static int open_keys(struct ll_journaling *g, struct ll_err *err)
{
    const struct ll_key *ed = NULL, *sm2 = NULL;
    char shadow[LL_NOTE_NAME];
    int rc;

    if ((rc = open_ring(g->set, &g->keys, err)) < 0)
        return rc;
    if (ll_keyring_made_secret(g->keys))
        ll_log(LL_WARN, "key", "made %s, which opens the platform's keys: keep a copy in a safe place",
               ll_keyring_made_secret(g->keys));
    snprintf(shadow, sizeof shadow, "%s/sm3", g->set->journal_origin);
    if ((rc = ll_keyring_signer(g->keys, LL_FOR_JOURNAL, &ed, NULL, err)) < 0 ||
        (rc = ll_keyring_signer(g->keys, LL_FOR_JOURNAL_SM2, &sm2, NULL, err)) < 0 ||
        (rc = ll_vkey_borrow(&g->log, g->set->journal_origin, LL_NOTE_ED25519, ed, err)) < 0 ||
        (rc = ll_vkey_borrow(&g->sm2, g->set->journal_origin, LL_NOTE_SM2, sm2, err)) < 0)
        return rc;
    return ll_vkey_borrow(&g->shadow, shadow, LL_NOTE_SM2, sm2, err);
}

/* The log's keys, and what the operator says of witnesses. */
static int make_policy(struct ll_journaling *g, struct ll_err *err)
{
    const struct ll_vkey *own[] = {&g->log, &g->sm2, &g->shadow};
    struct ll_buf text = LL_BUF_INIT(POLICY_MAX * 4);
    char path[LL_PATH];
    int rc = ll_path(path, err, "%s/policy", g->dir);

    for (size_t i = 0; i < LL_COUNT(own); i++) {
        ll_buf_z(&text, "log ");
        ll_vkey_put(own[i], &text);
        ll_buf_c(&text, '\n');
    }
    if (rc == LL_OK && g->set->journal_witnesses[0])
        rc = ll_fs_read(g->set->journal_witnesses, POLICY_MAX, &text, err);
    else
        ll_buf_z(&text, "quorum none\n");
    if (rc == LL_OK)
        rc = text.failed ? ll_no_memory(err) : ll_policy_parse(ll_buf_view(&text), &g->policy, err);
    if (rc == LL_OK && (rc = ll_fs_mkdirs(g->dir, err)) == LL_OK)
        rc = ll_fs_write_atomic(path, ll_buf_view(&text), err);
    ll_buf_free(&text);
    return rc;
}

static int open_journal(struct ll_journaling *g, ll_witness_post_fn *post, void *post_ctx, struct ll_err *err)
{
    struct ll_journal_opts o = LL_JOURNAL_OPTS_INIT;

    o.dir = g->dir;
    o.log = &g->log;
    o.sm2 = &g->sm2;
    o.publish_ms = (unsigned)g->set->journal_publish_ms;
    if (g->set->journal_witnesses[0]) {
        o.witnesses = g->policy;
        o.post = post;
        o.post_ctx = post_ctx;
    }
    return ll_journal_open(&o, &g->journal, err);
}

/* Members in the order of their names. */
static int flow_payload(const struct ll_flow_event *e, const char *delegate, struct ll_buf *out,
                        struct ll_err *err)
{
    struct ll_buf plain = LL_BUF_INIT(LL_ENTRY_MAX);
    struct ll_json j;

    ll_json_init(&j, &plain);
    ll_json_obj(&j);
    ll_json_kz(&j, "account", e->account);
    ll_json_kz(&j, "act", e->action);
    if (e->approval)
        ll_json_kz(&j, "approval", e->approval);
    ll_json_kz(&j, "client", e->client);
    if (delegate)
        ll_json_kz(&j, "delegate", delegate);
    ll_json_ki(&j, "event", e->seq);
    ll_json_kz(&j, "from", e->from);
    ll_json_kz(&j, strcmp(e->flow, "grant") == 0 ? "grant" : "object", e->object);
    ll_json_kz(&j, "flow", e->flow);
    ll_json_kz(&j, "legal_basis", e->legal_basis);
    ll_json_kz(&j, "organisation", e->organisation);
    ll_json_kz(&j, "reason", e->reason);
    ll_json_kz(&j, "to", e->to);
    ll_json_end_obj(&j);
    int rc = plain.failed ? ll_no_memory(err) : ll_canon_put(ll_buf_view(&plain), out, err);
    ll_buf_free(&plain);
    return rc;
}

/* Who acted for the subject, as the journal names persons. */
static int name_delegate(struct ll_journaling *g, const char *subject, char name[LL_PSEUDONYM_TEXT],
                         struct ll_err *err)
{
    struct ll_consent_env env = {.keys = g->keys};
    int rc = ll_txn_begin(g->st, false, &env.tx, err);

    if (rc == LL_OK)
        rc = ll_consent_pseudonym(&env, subject, name, err);
    ll_txn_end(env.tx);
    return rc;
}

static int append_flow(struct ll_journaling *g, const struct ll_flow_event *e, struct ll_err *err)
{
    struct ll_buf payload = LL_BUF_INIT(LL_ENTRY_MAX);
    struct ll_receipt receipt;
    struct ll_txn *tx = NULL;
    enum ll_entry_type type = strcmp(e->flow, "grant") == 0 ? LL_ENTRY_GRANT : LL_ENTRY_ADMINISTRATION;
    char delegate[LL_PSEUDONYM_TEXT];
    int rc = e->delegate ? name_delegate(g, e->delegate, delegate, err) : LL_OK;

    if (rc == LL_OK && (rc = flow_payload(e, e->delegate ? delegate : NULL, &payload, err)) == LL_OK)
        rc = ll_journal_append(g->journal, type, ll_buf_view(&payload), &receipt, err);
    if (rc == LL_OK && (rc = ll_txn_begin(g->st, true, &tx, err)) == LL_OK &&
        (rc = ll_flow_journalled(tx, e->seq, (int64_t)receipt.index, err)) == LL_OK)
        rc = ll_txn_commit(tx, err);
    ll_txn_end(tx);
    ll_buf_free(&payload);
    return rc;
}

/* Steps of workflows; one may come twice after a crash, which its event number tells. */
static int append_flows(struct ll_journaling *g, size_t *ret_n, struct ll_err *err)
{
    struct ll_arena *arena = ll_arena_new(8 << 20);
    struct ll_flow_event *list = NULL;
    struct ll_txn *tx = NULL;
    size_t n = 0;
    int rc = arena ? ll_txn_begin(g->st, false, &tx, err) : ll_no_memory(err);

    if (rc == LL_OK)
        rc = ll_flow_pending(tx, AT_ONCE, arena, &list, &n, err);
    ll_txn_end(tx);
    for (size_t i = 0; i < n && rc == LL_OK; i++)
        rc = append_flow(g, &list[i], err);
    *ret_n = n;
    ll_arena_free(arena);
    return rc;
}

static int one_round(struct ll_journaling *g, size_t *ret_n, struct ll_err *err)
{
    size_t batches = 0, keys = 0, consents = 0, acts = 0, watches = 0, flows = 0;
    int rc;

    if ((rc = ll_evidence_append(g->st, g->journal, AT_ONCE, &batches, err)) == LL_OK &&
        (rc = ll_consent_key_journal(g->st, g->keys, g->journal, AT_ONCE, &keys, err)) == LL_OK &&
        (rc = ll_consent_journal(g->st, g->keys, g->journal, AT_ONCE, &consents, err)) == LL_OK &&
        (rc = ll_admin_journal(g->st, g->journal, AT_ONCE, &acts, err)) == LL_OK &&
        (rc = ll_watch_journal(g->st, g->journal, AT_ONCE, &watches, err)) == LL_OK)
        rc = append_flows(g, &flows, err);
    *ret_n = batches + keys + consents + acts + watches + flows;
    return rc;
}

int ll_journaling_catch_up(struct ll_journaling *g, struct ll_err *err)
{
    size_t n = 1;
    int rc = LL_OK;

    pthread_mutex_lock(&g->one);
    while (rc == LL_OK && n > 0)
        rc = one_round(g, &n, err);
    pthread_mutex_unlock(&g->one);
    return rc;
}

static bool next_round(struct ll_journaling *g)
{
    struct timespec until;

    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += ROUND_MS * 1000000L;
    until.tv_sec += until.tv_nsec / 1000000000L;
    until.tv_nsec %= 1000000000L;
    pthread_mutex_lock(&g->lock);
    while (!g->stop && !g->woken && pthread_cond_timedwait(&g->wake, &g->lock, &until) == 0)
        ;
    g->woken = false;
    bool go_on = !g->stop;
    pthread_mutex_unlock(&g->lock);
    return go_on;
}

static void *run(void *ctx)
{
    struct ll_journaling *g = ctx;
    struct ll_err err;

    do {
        int rc = ll_journaling_catch_up(g, &err);
        if (rc < 0 && !g->complained)
            ll_log(LL_ERROR, "journal", "%s", err.en);
        g->complained = rc < 0;
    } while (next_round(g));
    return NULL;
}

static void init_sync(struct ll_journaling *g)
{
    pthread_condattr_t attr;

    pthread_mutex_init(&g->lock, NULL);
    pthread_mutex_init(&g->one, NULL);
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&g->wake, &attr);
    pthread_condattr_destroy(&attr);
}

int ll_journaling_open(const struct ll_settings *set, struct ll_store *st, ll_witness_post_fn *post,
                       void *post_ctx, struct ll_journaling **ret, struct ll_err *err)
{
    struct ll_journaling *g = calloc(1, sizeof *g);
    int rc;

    if (!g)
        return ll_no_memory(err);
    g->set = set;
    g->st = st;
    init_sync(g);
    if ((rc = ll_path(g->dir, err, "%s/journal", set->data_dir)) < 0 || (rc = open_keys(g, err)) < 0 ||
        (rc = make_policy(g, err)) < 0 || (rc = open_journal(g, post, post_ctx, err)) < 0)
        goto done;
    g->runs = pthread_create(&g->thread, NULL, run, g) == 0;
    rc = g->runs ? LL_OK : ll_fail(err, LL_FAIL, "无法启动线程", "cannot start a thread");
done:
    if (rc < 0)
        ll_journaling_close(g);
    else
        *ret = g;
    return rc;
}

struct ll_journaling *ll_journaling_close(struct ll_journaling *g)
{
    struct ll_err err;

    if (!g)
        return NULL;
    pthread_mutex_lock(&g->lock);
    g->stop = true;
    pthread_cond_signal(&g->wake);
    pthread_mutex_unlock(&g->lock);
    if (g->runs) {
        pthread_join(g->thread, NULL);
        if (ll_journaling_catch_up(g, &err) < 0) /* it waits in the control database for the next start */
            ll_log(LL_WARN, "journal", "%s", err.en);
    }
    ll_journal_close(g->journal);
    ll_policy_free(g->policy);
    ll_keyring_close(g->keys);
    pthread_cond_destroy(&g->wake);
    pthread_mutex_destroy(&g->one);
    pthread_mutex_destroy(&g->lock);
    free(g);
    return NULL;
}

struct ll_journal *ll_journaling_journal(struct ll_journaling *g)
{
    return g->journal;
}

struct ll_keyring *ll_journaling_keys(struct ll_journaling *g)
{
    return g->keys;
}

void ll_journaling_wake(struct ll_journaling *g)
{
    pthread_mutex_lock(&g->lock);
    g->woken = true;
    pthread_cond_signal(&g->wake);
    pthread_mutex_unlock(&g->lock);
}
