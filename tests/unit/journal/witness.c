/* witness: it signs what is consistent and nothing else, remembers it over a restart; the log publishes what its quorum cosigned. */
#include "fixture.h"

#include "crypto/base64.h"
#include "journal/reader.h"
#include "journal/witness.h"

#include <inttypes.h>
#include <time.h>
#include <unistd.h>

struct pair {
    struct fixture fx;
    char dir[LL_PATH];
    struct ll_vkey key;
    struct ll_witness *w;
};

static void pair_open(struct pair *p)
{
    struct ll_key *k = NULL;
    struct ll_err err;

    fixture_open(&p->fx);
    snprintf(p->dir, sizeof p->dir, "%s/witness", p->fx.base);
    assert_ok(ll_key_generate(LL_ED25519, &k, &err));
    assert_ok(ll_vkey_make(&p->key, "bank.example/witness", LL_NOTE_COSIGNATURE, k, &err));
    assert_ok(ll_witness_open(p->dir, p->fx.policy, &p->key, &p->w, &err));
}

static void pair_close(struct pair *p)
{
    ll_witness_close(p->w);
    ll_vkey_free(&p->key);
    fixture_close(&p->fx);
}

static void latest(struct fixture *fx, struct ll_buf *note, uint64_t *size)
{
    struct ll_err err;

    assert_ok(ll_journal_publish(fx->j, &err));
    ll_buf_clear(note);
    assert_ok(ll_journal_peek(fx->dir, note, size, &err));
}

/* A request from `old` to the newest checkpoint. */
static void request(struct fixture *fx, uint64_t old, struct ll_buf *out)
{
    struct ll_buf note = LL_BUF_INIT(LL_NOTE_MAX);
    struct ll_log_files f = ll_log_folder(fx->dir);
    struct ll_tree *tree = NULL;
    struct ll_proof proof = {.n = 0};
    struct ll_err err;
    uint64_t size = 0;

    latest(fx, &note, &size);
    assert_ok(ll_tree_open(&f, LL_SHA256, size, &tree, &err));
    struct ll_node_source src = ll_tree_source(tree);
    if (old <= size)
        assert_ok(ll_prove_consistency(&src, old, size, &proof, &err));
    ll_buf_clear(out);
    ll_buf_printf(out, "old %" PRIu64 "\n", old);
    for (unsigned i = 0; i < proof.n; i++) {
        ll_base64_put(out, LL_BASE64_STD, proof.node[i].b, LL_DIGEST);
        ll_buf_c(out, '\n');
    }
    ll_buf_c(out, '\n');
    ll_buf_str(out, ll_buf_view(&note));
    ll_tree_close(tree);
    ll_buf_free(&note);
}

static unsigned ask(struct pair *p, struct ll_str body, struct ll_buf *answer)
{
    const char *type;

    ll_buf_clear(answer);
    unsigned status = ll_witness_add(p->w, body, 1764000000, answer, &type);
    if (status == 409)
        assert_string_equal(type, "text/x.tlog.size");
    return status;
}

static void it_signs_a_growing_log_and_remembers_over_a_restart(void **state)
{
    struct pair p;
    struct ll_buf body = LL_BUF_INIT(LL_WITNESS_REQUEST), answer = LL_BUF_INIT(8192);
    struct ll_receipt r;
    struct ll_err err;

    (void)state;
    pair_open(&p);
    fixture_append(&p.fx, 3, &r);
    request(&p.fx, 0, &body);
    assert_int_equal(ask(&p, ll_buf_view(&body), &answer), 200);
    assert_true(ll_str_starts(ll_buf_view(&answer), LL_STR("\xe2\x80\x94 bank.example/witness ")));
    fixture_append(&p.fx, 300, &r);
    request(&p.fx, 0, &body); /* from a size that it is past */
    assert_int_equal(ask(&p, ll_buf_view(&body), &answer), 409);
    assert_str(ll_buf_view(&answer), "3\n");
    ll_witness_close(p.w);
    assert_ok(ll_witness_open(p.dir, p.fx.policy, &p.key, &p.w, &err));
    request(&p.fx, 3, &body);
    assert_int_equal(ask(&p, ll_buf_view(&body), &answer), 200);
    request(&p.fx, 303, &body); /* the same again */
    assert_int_equal(ask(&p, ll_buf_view(&body), &answer), 200);
    request(&p.fx, 304, &body); /* old beyond new */
    assert_int_equal(ask(&p, ll_buf_view(&body), &answer), 400);
    ll_buf_free(&body);
    ll_buf_free(&answer);
    pair_close(&p);
}

static void put_signed(struct ll_buf *out, const char *origin, uint64_t size, const struct ll_node *root,
                       const struct ll_vkey *key)
{
    struct ll_buf text = LL_BUF_INIT(4096), sig = LL_BUF_INIT(4096);
    struct ll_err err;

    ll_checkpoint_put(origin, size, root, &text);
    assert_ok(ll_note_sign(key, ll_buf_view(&text), 0, &sig, &err));
    ll_buf_str(out, ll_buf_view(&text));
    ll_buf_c(out, '\n');
    ll_buf_str(out, ll_buf_view(&sig));
    ll_buf_free(&text);
    ll_buf_free(&sig);
}

static void what_is_wrong_gets_the_status_that_the_protocol_says(void **state)
{
    struct pair p;
    struct ll_buf body = LL_BUF_INIT(LL_WITNESS_REQUEST), answer = LL_BUF_INIT(8192);
    struct ll_key *k = NULL;
    struct ll_vkey stranger;
    struct ll_node root = {{1}};
    struct ll_receipt r;
    struct ll_err err;

    (void)state;
    pair_open(&p);
    assert_ok(ll_key_generate(LL_ED25519, &k, &err));
    assert_ok(ll_vkey_make(&stranger, ORIGIN, LL_NOTE_ED25519, k, &err));
    const struct {
        const char *head, *origin;
        uint64_t size;
        const struct ll_vkey *key;
        unsigned status;
    } cases[] = {
        {"old 0\n\n", "elsewhere.example/log", 5, &p.fx.log, 404},
        {"old 0\n\n", ORIGIN, 5, &stranger, 403},
        {"old 6\n\n", ORIGIN, 5, &p.fx.log, 400},
        {"old 2\n\n", ORIGIN, 5, &p.fx.log, 409},
        {"old 0\n\n", ORIGIN, 0, &p.fx.log, 422}, /* an empty tree with the root of another */
        {"old 0\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\n", ORIGIN, 5, &p.fx.log, 422},
        {"old 00\n\n", ORIGIN, 5, &p.fx.log, 400},
        {"old\n\n", ORIGIN, 5, &p.fx.log, 400},
        {"old 0\nnonsense\n\n", ORIGIN, 5, &p.fx.log, 400},
    };
    for (size_t i = 0; i < LL_COUNT(cases); i++) {
        ll_buf_clear(&body);
        ll_buf_z(&body, cases[i].head);
        put_signed(&body, cases[i].origin, cases[i].size, &root, cases[i].key);
        assert_int_equal(ask(&p, ll_buf_view(&body), &answer), cases[i].status);
    }
    assert_int_equal(ask(&p, LL_STR(""), &answer), 400);

    /* a log that shows another past is refused, and what was signed stays */
    fixture_append(&p.fx, 4, &r);
    request(&p.fx, 0, &body);
    assert_int_equal(ask(&p, ll_buf_view(&body), &answer), 200);
    ll_buf_clear(&body);
    ll_buf_z(&body, "old 4\n\n");
    put_signed(&body, ORIGIN, 4, &root, &p.fx.log);
    assert_int_equal(ask(&p, ll_buf_view(&body), &answer), 422);
    ll_buf_clear(&body);
    ll_buf_z(&body, "old 4\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\n");
    put_signed(&body, ORIGIN, 5, &root, &p.fx.log);
    assert_int_equal(ask(&p, ll_buf_view(&body), &answer), 422);
    fixture_append(&p.fx, 4, &r);
    request(&p.fx, 4, &body);
    assert_int_equal(ask(&p, ll_buf_view(&body), &answer), 200);
    ll_vkey_free(&stranger);
    ll_buf_free(&body);
    ll_buf_free(&answer);
    pair_close(&p);
}

static int post_direct(void *ctx, const char *url, struct ll_str body, struct ll_buf *answer,
                       struct ll_err *err)
{
    struct pair *p = ctx;
    const char *type;

    assert_string_equal(url, "https://bank.example");
    (void)err;
    return (int)ll_witness_add(p->w, body, 1764000000, answer, &type);
}

static int post_nobody(void *ctx, const char *url, struct ll_str body, struct ll_buf *answer,
                       struct ll_err *err)
{
    (void)ctx, (void)url, (void)body, (void)answer;
    return ll_fail(err, LL_IO, "没有应答", "no answer");
}

static struct ll_policy *quorum_policy(struct pair *p)
{
    struct ll_buf text = LL_BUF_INIT(4096);
    struct ll_policy *policy = NULL;
    struct ll_err err;

    ll_buf_z(&text, "log ");
    ll_vkey_put(&p->fx.log, &text);
    ll_buf_z(&text, "\nwitness bank ");
    ll_vkey_put(&p->key, &text);
    ll_buf_z(&text, " https://bank.example\nquorum bank\n");
    assert_ok(ll_policy_parse(ll_buf_view(&text), &policy, &err));
    ll_buf_free(&text);
    return policy;
}

static void the_log_publishes_what_its_quorum_cosigned_and_waits_otherwise(void **state)
{
    struct pair p;
    struct ll_buf text = LL_BUF_INIT(LL_TLOGPROOF_MAX), entry = LL_BUF_INIT(LL_ENTRY_MAX);
    struct ll_tlogproof parsed;
    struct ll_checkpoint cp;
    struct ll_receipt r;
    struct ll_err err;
    int rc = LL_BUSY;

    (void)state;
    pair_open(&p);
    fixture_stop(&p.fx);
    assert_int_equal(ll_fs_remove_tree(p.fx.dir, &err), LL_OK);
    struct ll_policy *policy = quorum_policy(&p);
    p.fx.o.witnesses = policy;
    p.fx.o.witness_ms = 10;
    p.fx.o.post = post_nobody;
    p.fx.o.post_ctx = &p;
    fixture_start(&p.fx);
    fixture_append(&p.fx, 5, &r);
    assert_int_equal(ll_journal_proof(p.fx.j, r.index, &text, &err),
                     LL_NOTFOUND); /* nothing was ever published */
    fixture_stop(&p.fx);
    p.fx.o.post = post_direct;
    fixture_start(&p.fx);
    for (unsigned i = 0; i < 500 && rc < 0; i++) {
        ll_buf_clear(&text);
        rc = ll_journal_proof(p.fx.j, r.index, &text, &err);
        nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
    }
    assert_int_equal(rc, LL_OK);
    assert_ok(ll_journal_entry(p.fx.j, r.index, &entry, NULL, &err));
    assert_ok(ll_tlogproof_parse(ll_buf_view(&text), &parsed, &err));
    assert_ok(ll_tlogproof_verify(&parsed, ll_buf_view(&entry), policy, &cp,
                                  &err)); /* the quorum is in the receipt */
    fixture_stop(&p.fx);
    ll_policy_free(policy);
    ll_buf_free(&text);
    ll_buf_free(&entry);
    pair_close(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_signs_a_growing_log_and_remembers_over_a_restart),
        cmocka_unit_test(what_is_wrong_gets_the_status_that_the_protocol_says),
        cmocka_unit_test(the_log_publishes_what_its_quorum_cosigned_and_waits_otherwise),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
