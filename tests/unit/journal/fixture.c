/* fixture.c - see fixture.h. */
#include "fixture.h"

#include <inttypes.h>

static void make_key(struct ll_vkey *v, enum ll_note_type type, enum ll_alg alg, struct ll_err *err_)
{
    struct ll_key *k = NULL;
    struct ll_err err;

    (void)err_;
    assert_ok(ll_key_generate(alg, &k, &err));
    assert_ok(ll_vkey_make(v, ORIGIN, type, k, &err));
}

static void make_policy(struct fixture *fx)
{
    struct ll_buf text = LL_BUF_INIT(4096);
    struct ll_vkey shadow;
    struct ll_err err;

    assert_ok(ll_vkey_borrow(&shadow, ORIGIN "/sm3", LL_NOTE_SM2, fx->sm2.key, &err));
    const struct ll_vkey *keys[] = {&fx->log, &fx->sm2, &shadow};
    for (size_t i = 0; i < LL_COUNT(keys); i++) {
        ll_buf_z(&text, "log ");
        ll_vkey_put(keys[i], &text);
        ll_buf_c(&text, '\n');
    }
    ll_buf_z(&text, "quorum none\n");
    assert_ok(ll_policy_parse(ll_buf_view(&text), &fx->policy, &err));
    ll_buf_free(&text);
}

void fixture_open(struct fixture *fx)
{
    *fx = (struct fixture){.base = "/tmp/luling-journal-XXXXXX", .o = LL_JOURNAL_OPTS_INIT};
    assert_non_null(mkdtemp(fx->base));
    snprintf(fx->dir, sizeof fx->dir, "%s/journal", fx->base);
    make_key(&fx->log, LL_NOTE_ED25519, LL_ED25519, &fx->err);
    make_key(&fx->sm2, LL_NOTE_SM2, LL_SM2, &fx->err);
    make_policy(fx);
    fx->o.dir = fx->dir;
    fx->o.log = &fx->log;
    fx->o.sm2 = &fx->sm2;
    fx->o.publish_ms = 20;
    fixture_start(fx);
}

void fixture_close(struct fixture *fx)
{
    fixture_stop(fx);
    ll_policy_free(fx->policy);
    ll_vkey_free(&fx->log);
    ll_vkey_free(&fx->sm2);
    assert_int_equal(ll_fs_remove_tree(fx->base, NULL), LL_OK);
}

void fixture_start(struct fixture *fx)
{
    struct ll_err err;

    assert_ok(ll_journal_open(&fx->o, &fx->j, &err));
}

void fixture_stop(struct fixture *fx)
{
    fx->j = ll_journal_close(fx->j);
}

void fixture_append(struct fixture *fx, unsigned n, struct ll_receipt *last)
{
    struct ll_err err;
    char payload[512];

    for (unsigned i = 0; i < n; i++) {
        int len = snprintf(payload, sizeof payload, "{\"n\":%u,\"purpose\":\"%0200u\"}", i, i);
        assert_ok(ll_journal_append(fx->j, i % 3 ? LL_ENTRY_CALL : LL_ENTRY_REFUSAL,
                                    (struct ll_str){payload, (size_t)len}, last, &err));
    }
}

void fixture_assert_proved(struct fixture *fx, const struct ll_receipt *r)
{
    struct ll_buf text = LL_BUF_INIT(LL_TLOGPROOF_MAX), entry = LL_BUF_INIT(LL_ENTRY_MAX);
    struct ll_tlogproof p;
    struct ll_checkpoint cp;
    struct ll_node leaf;
    struct ll_err err;

    assert_ok(ll_journal_proof(fx->j, r->index, &text, &err));
    assert_ok(ll_journal_entry(fx->j, r->index, &entry, NULL, &err));
    assert_ok(ll_tlogproof_parse(ll_buf_view(&text), &p, &err));
    assert_ok(ll_tlogproof_verify(&p, ll_buf_view(&entry), fx->policy, &cp, &err));
    assert_int_equal(p.index, r->index);
    ll_merkle_leaf(LL_SHA256, ll_buf_view(&entry), &leaf);
    assert_memory_equal(leaf.b, r->leaf, sizeof r->leaf);
    ll_buf_free(&text);
    ll_buf_free(&entry);
}

struct first {
    char *what;
    size_t n;
};

static void note_first(void *ctx, const char *what, const struct ll_err *problem)
{
    struct first *f = ctx;

    if (f->what && !f->what[0])
        snprintf(f->what, f->n, "%s: %s", what, problem->en);
}

uint64_t fixture_check(struct fixture *fx, char *what, size_t n)
{
    struct ll_log_files files = ll_log_folder(fx->dir);
    struct ll_log_checked checked;
    struct first f = {what, n};
    struct ll_err err;
    int rc;

    if (what)
        what[0] = 0;
    rc = ll_log_check(&files, fx->policy, fx->dir, note_first, &f, &checked, &err);
    if (rc < 0) {
        if (what)
            snprintf(what, n, "%s", err.en);
        return UINT64_MAX;
    }
    return checked.problems;
}

void fixture_copy_folder(const struct fixture *fx, const char *to)
{
    char command[LL_PATH * 3];

    snprintf(command, sizeof command, "cp -a '%s' '%s'", fx->dir, to);
    assert_int_equal(system(command), 0);
}
