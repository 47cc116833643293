/* note: signed notes, checkpoints, policies and tlog-proofs, with the examples of their specifications. */
#include "../test.h"

#include "base/fs.h"
#include "crypto/base64.h"
#include "journal/tlogproof.h"

#define DASH "\xe2\x80\x94 "
/* C2SP signed-note */
#define FOO_KEY "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
#define FOO_SIG "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM="
#define FOO_NOTE "This is an example message.\n\n" DASH "example.com/foo " FOO_SIG "\n"
/* transparency-dev/tessera, testdata/log */
#define TESSERA_KEY "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx"
#define TESSERA_TEXT "example.com/log/testdata\n15\nrKbDipCvhuX1GZ7g5BBe8sA6BbJ7ja/1nk427v383cs=\n"
#define TESSERA_NOTE                                                                                         \
    TESSERA_TEXT                                                                                             \
    "\n" DASH "example.com/log/testdata "                                                                    \
    "M9e0luh4jTG+UMBqOUo9/q+yAEvx1ilBEniMvjf1zfcBOhg+CKubMt53MvIt/uEWP6zdkdIQzd/fmwlM/dlPWF74ewI=\n"

static struct ll_vkey key_of(const char *vkey)
{
    struct ll_vkey v;
    struct ll_err err;

    assert_ok(ll_vkey_parse(&v, ll_str(vkey), &err));
    return v;
}

static struct ll_vkey new_key(const char *name, enum ll_note_type type)
{
    struct ll_vkey v;
    struct ll_key *k = NULL;
    struct ll_err err;

    assert_ok(ll_key_generate(type == LL_NOTE_SM2 ? LL_SM2 : LL_ED25519, &k, &err));
    assert_ok(ll_vkey_make(&v, name, type, k, &err));
    return v;
}

static void the_published_note_verifies(void **state)
{
    struct ll_vkey v = key_of(FOO_KEY);
    struct ll_note note;
    struct ll_err err;
    struct ll_buf again = LL_BUF_INIT(1000);

    (void)state;
    assert_ok(ll_note_parse(ll_str(FOO_NOTE), &note, &err));
    assert_str(note.text, "This is an example message.\n");
    assert_ok(ll_note_verify(&note, &v, 1, NULL, &err));
    ll_vkey_put(&v, &again);
    assert_str(ll_buf_view(&again), FOO_KEY);
    ll_buf_free(&again);
    ll_vkey_free(&v);
}

static void a_changed_byte_anywhere_is_refused(void **state)
{
    struct ll_vkey v = key_of(FOO_KEY);
    struct ll_err err;
    char text[] = FOO_NOTE;

    (void)state;
    for (size_t i = 0; i < sizeof text - 1; i++)
        for (unsigned bit = 0; bit < 8; bit++) {
            struct ll_note note;
            text[i] = (char)(text[i] ^ 1 << bit);
            assert_true(ll_note_parse((struct ll_str){text, sizeof text - 1}, &note, &err) < 0 ||
                        ll_note_verify(&note, &v, 1, NULL, &err) < 0);
            text[i] = (char)(text[i] ^ 1 << bit);
        }
    ll_vkey_free(&v);
}

static void unknown_signatures_are_passed_over_and_bad_ones_refuse_the_note(void **state)
{
    struct ll_vkey v = key_of(FOO_KEY), other = new_key("example.com/foo", LL_NOTE_ED25519);
    struct ll_note note;
    struct ll_err err;
    struct ll_buf b = LL_BUF_INIT(LL_NOTE_MAX);

    (void)state;
    ll_buf_z(&b, FOO_NOTE);
    for (unsigned i = 0; i < 20; i++)
        assert_ok(ll_note_sign(&other, LL_STR("something else\n"), 0, &b, &err));
    assert_ok(ll_note_parse(ll_buf_view(&b), &note, &err));
    assert_int_equal(note.n_sigs, 21);
    assert_ok(ll_note_verify(&note, &v, 1, NULL, &err));
    /* the same name, another id: as soon as that key is known the signature counts, and is wrong */
    struct ll_vkey both[] = {v, other};
    assert_int_equal(ll_note_verify(&note, both, 2, NULL, &err), LL_INVALID);
    /* nobody known */
    assert_ok(ll_note_parse(ll_str(TESSERA_NOTE), &note, &err));
    assert_int_equal(ll_note_verify(&note, &v, 1, NULL, &err), LL_INVALID);
    ll_buf_free(&b);
    ll_vkey_free(&v);
    ll_vkey_free(&other);
}

static void malformed_notes_are_refused(void **state)
{
    static const char *const bad[] = {
        "",
        "text\n",
        "text\n\n",
        "text\n\n" DASH "name",
        "text\n\n" DASH "name AAAAAAA=\nx\n",
        "text\n\n" DASH "na+me AAAAAAA=\n",
        "text\n\n" DASH " AAAAAAA=\n",
        "text\n\n" DASH "name AAAA\n",
        "text\n\n" DASH "name A AAAAAAA=\n",
        "text\r\n\n" DASH "name AAAAAAA=\n",
        "\xff\n\n" DASH "name AAAAAAA=\n",
        "text\n\n- name AAAAAAA=\n",
    };
    struct ll_note note;
    struct ll_err err;

    (void)state;
    for (size_t i = 0; i < LL_COUNT(bad); i++)
        if (ll_note_parse(ll_str(bad[i]), &note, &err) == LL_OK)
            fail_msg("taken: %s", bad[i]);
    /* blank lines within the text are part of it */
    assert_ok(ll_note_parse(ll_str("a\n\nb\n\n" DASH "name AAAAAAA=\n"), &note, &err));
    assert_str(note.text, "a\n\nb\n");
}

static void keys_of_three_kinds_sign_and_are_written_and_read(void **state)
{
    static const enum ll_note_type types[] = {LL_NOTE_ED25519, LL_NOTE_COSIGNATURE, LL_NOTE_SM2};
    struct ll_err err;

    (void)state;
    for (size_t i = 0; i < LL_COUNT(types); i++) {
        struct ll_vkey v = new_key("hub.example/log", types[i]), back;
        struct ll_buf text = LL_BUF_INIT(1000), note = LL_BUF_INIT(4000);
        struct ll_note parsed;
        int64_t when = -1;
        ll_buf_z(&note, TESSERA_TEXT "\n");
        assert_ok(ll_note_sign(&v, LL_STR(TESSERA_TEXT), 1700000000, &note, &err));
        ll_vkey_put(&v, &text);
        assert_ok(ll_vkey_parse(&back, ll_buf_view(&text), &err));
        assert_false(ll_key_is_private(back.key));
        assert_ok(ll_note_parse(ll_buf_view(&note), &parsed, &err));
        const struct ll_note_sig *sig = ll_note_find(&parsed, &back);
        assert_non_null(sig);
        assert_ok(ll_note_check(&parsed, &back, sig, &when, &err));
        assert_int_equal(when, types[i] == LL_NOTE_COSIGNATURE ? 1700000000 : 0);
        ll_buf_free(&text);
        ll_buf_free(&note);
        ll_vkey_free(&v);
        ll_vkey_free(&back);
    }
}

static void a_vkey_with_another_id_or_type_is_refused(void **state)
{
    static const char *const bad[] = {
        "example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/fop+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530d903a+AukyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U",
        "example.com/foo+530d903a",
        "+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "",
    };
    struct ll_vkey v;
    struct ll_err err;

    (void)state;
    for (size_t i = 0; i < LL_COUNT(bad); i++)
        assert_int_equal(ll_vkey_parse(&v, ll_str(bad[i]), &err), LL_INVALID);
}

static void checkpoints_are_read_strictly(void **state)
{
    static const char *const bad[] = {
        "",
        "o\n15\n",
        "o\n015\nrKbDipCvhuX1GZ7g5BBe8sA6BbJ7ja/1nk427v383cs=\n",
        "o\n-1\nrKbDipCvhuX1GZ7g5BBe8sA6BbJ7ja/1nk427v383cs=\n",
        "o\n+1\nrKbDipCvhuX1GZ7g5BBe8sA6BbJ7ja/1nk427v383cs=\n",
        "o\n9223372036854775808\nrKbDipCvhuX1GZ7g5BBe8sA6BbJ7ja/1nk427v383cs=\n",
        "\n15\nrKbDipCvhuX1GZ7g5BBe8sA6BbJ7ja/1nk427v383cs=\n",
        "o\n15\nrKbDipCvhuX1GZ7g5BBe8sA6BbJ7ja/1nk427v383c=\n",
        "o\n15\nrKbDipCvhuX1GZ7g5BBe8sA6BbJ7ja/1nk427v383cs\n",
        "o\n15\nrKbDipCvhuX1GZ7g5BBe8sA6BbJ7ja/1nk427v383cs=\n\n",
        "o\n15\nrKbDipCvhuX1GZ7g5BBe8sA6BbJ7ja/1nk427v383cs=\nmore",
    };
    struct ll_checkpoint cp;
    struct ll_err err;
    struct ll_buf b = LL_BUF_INIT(1000);

    (void)state;
    for (size_t i = 0; i < LL_COUNT(bad); i++)
        if (ll_checkpoint_parse(ll_str(bad[i]), &cp, &err) == LL_OK)
            fail_msg("taken: %s", bad[i]);
    assert_ok(ll_checkpoint_parse(LL_STR(TESSERA_TEXT "extension\n"), &cp, &err));
    assert_int_equal(cp.size, 15);
    assert_str(cp.rest, "extension\n");
    ll_checkpoint_put("example.com/log/testdata", cp.size, &cp.root, &b);
    assert_str(ll_buf_view(&b), TESSERA_TEXT);
    ll_buf_free(&b);
}

static void the_checkpoint_of_tessera_opens_under_its_key_and_origin_only(void **state)
{
    struct ll_vkey v = key_of(TESSERA_KEY), foo = key_of(FOO_KEY);
    struct ll_checkpoint cp;
    struct ll_note note;
    struct ll_err err;

    (void)state;
    assert_ok(ll_checkpoint_open(ll_str(TESSERA_NOTE), "example.com/log/testdata", &v, 1, &note, &cp, &err));
    assert_int_equal(cp.size, 15);
    assert_int_equal(ll_checkpoint_open(ll_str(TESSERA_NOTE), "example.com/log", &v, 1, &note, &cp, &err),
                     LL_INVALID);
    assert_int_equal(
        ll_checkpoint_open(ll_str(TESSERA_NOTE), "example.com/log/testdata", &foo, 1, &note, &cp, &err),
        LL_INVALID);
    ll_vkey_free(&v);
    ll_vkey_free(&foo);
}

static void put_vkey(struct ll_buf *out, const char *before, const struct ll_vkey *v)
{
    ll_buf_z(out, before);
    ll_vkey_put(v, out);
    ll_buf_c(out, '\n');
}

enum { WITNESSES = 4 };

/* audit and two banks; two of three, and the enterprise alliance besides. */
static void put_policy(struct ll_buf *out, const struct ll_vkey *log, const struct ll_vkey *w)
{
    static const char *const lines[] = {"witness audit ", "witness bank-a ", "witness bank-b ",
                                        "witness alliance "};

    put_vkey(out, "# who must agree\n\nlog ", log);
    for (size_t i = 0; i < WITNESSES; i++)
        put_vkey(out, lines[i], &w[i]);
    ll_buf_z(out, "group public 2 audit bank-a bank-b\ngroup both all public alliance\nquorum both\n");
}

static void a_quorum_is_counted_as_the_policy_says(void **state)
{
    static const char *const names[] = {"w/audit", "w/a", "w/b", "w/alliance"};
    struct ll_vkey log = new_key("hub.example/log", LL_NOTE_ED25519), w[WITNESSES];
    struct ll_buf text = LL_BUF_INIT(4096), body = LL_BUF_INIT(4096);
    struct ll_policy *policy = NULL;
    struct ll_node root = {{7}};
    struct ll_err err;

    (void)state;
    for (size_t i = 0; i < WITNESSES; i++)
        w[i] = new_key(names[i], LL_NOTE_COSIGNATURE);
    put_policy(&text, &log, w);
    assert_ok(ll_policy_parse(ll_buf_view(&text), &policy, &err));
    ll_checkpoint_put(log.name, 5, &root, &body);
    for (unsigned who = 0; who < 1u << WITNESSES; who++) {
        struct ll_buf note = LL_BUF_INIT(8192);
        struct ll_checkpoint cp;
        struct ll_quorum q;
        unsigned of_public = (who & 1) + (who >> 1 & 1) + (who >> 2 & 1);
        bool want = of_public >= 2 && (who & 8);
        ll_buf_str(&note, ll_buf_view(&body));
        ll_buf_c(&note, '\n');
        assert_ok(ll_note_sign(&log, ll_buf_view(&body), 0, &note, &err));
        for (unsigned i = 0; i < WITNESSES; i++)
            if (who >> i & 1)
                assert_ok(ll_note_sign(&w[i], ll_buf_view(&body), 1700000000 + i, &note, &err));
        assert_int_equal(ll_policy_check(policy, ll_buf_view(&note), &cp, NULL, &err),
                         want ? LL_OK : LL_INVALID);
        assert_ok(ll_policy_check(policy, ll_buf_view(&note), &cp, &q, &err));
        assert_int_equal(q.met, want);
        assert_int_equal(q.cosigned, of_public + (who >> 3));
        assert_int_equal(cp.size, 5);
        ll_buf_free(&note);
    }
    ll_policy_free(policy);
    ll_buf_free(&text);
    ll_buf_free(&body);
    ll_vkey_free(&log);
    for (size_t i = 0; i < WITNESSES; i++)
        ll_vkey_free(&w[i]);
}

static void broken_policies_are_refused(void **state)
{
    struct ll_vkey log = new_key("hub.example/log", LL_NOTE_ED25519), w = new_key("w/a", LL_NOTE_COSIGNATURE),
                   w2 = new_key("w/b", LL_NOTE_COSIGNATURE);
    struct ll_buf l = LL_BUF_INIT(1000), a = LL_BUF_INIT(1000), b = LL_BUF_INIT(1000);
    const char *const bad[] = {
        "%1$s", /* no quorum */
        ("%2$s"
         "quorum w\n"),                                     /* no log */
        "%1$squorum none\nquorum none\n",                   /* twice */
        "%1$squorum w\n",                                   /* not defined */
        "%1$s%2$s%2$squorum w\n",                           /* defined twice */
        "%1$s%2$sgroup g 2 w\nquorum g\n",                  /* more than there are */
        "%1$s%2$sgroup g 0 w\nquorum g\n",                  /* none at all */
        "%1$s%2$sgroup g any x\nquorum g\n",                /* unknown member */
        "%1$s%2$sgroup g any w\ngroup h any w\nquorum g\n", /* in two groups */
        "%1$s%2$sgroup none any w\nquorum none\n",          /* reserved */
        "%1$sgroup g any h\n%2$sgroup h any w\nquorum g\n", /* used before it is defined */
        "%1$swhatever\nquorum none\n",                      /* unknown word */
    };
    struct ll_err err;

    (void)state;
    put_vkey(&l, "log ", &log);
    put_vkey(&a, "witness w ", &w);
    put_vkey(&b, "witness x ", &w2);
    for (size_t i = 0; i < LL_COUNT(bad); i++) {
        struct ll_policy *p = NULL;
        char text[4096];
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        snprintf(text, sizeof text, bad[i], l.p, a.p, b.p);
#pragma GCC diagnostic pop
        if (ll_policy_parse(ll_str(text), &p, &err) == LL_OK)
            fail_msg("taken: %s", text);
    }
    ll_buf_free(&l);
    ll_buf_free(&a);
    ll_buf_free(&b);
    ll_vkey_free(&log);
    ll_vkey_free(&w);
    ll_vkey_free(&w2);
}

static void a_receipt_stands_by_itself(void **state)
{
    struct ll_vkey log = new_key("hub.example/log", LL_NOTE_ED25519);
    struct ll_buf policy_text = LL_BUF_INIT(1000), note = LL_BUF_INIT(1000), text = LL_BUF_INIT(4000);
    struct ll_policy *policy = NULL;
    struct ll_tlogproof parsed;
    struct ll_checkpoint cp;
    struct ll_node leaf[2], root;
    struct ll_err err;
    struct ll_proof path = {.n = 1};

    (void)state;
    ll_merkle_leaf(LL_SHA256, LL_STR("one"), &leaf[0]);
    ll_merkle_leaf(LL_SHA256, LL_STR("two"), &leaf[1]);
    ll_merkle_node(LL_SHA256, &leaf[0], &leaf[1], &root);
    path.node[0] = leaf[0];
    put_vkey(&policy_text, "log ", &log);
    ll_buf_z(&policy_text, "quorum none\n");
    assert_ok(ll_policy_parse(ll_buf_view(&policy_text), &policy, &err));
    ll_checkpoint_put(log.name, 2, &root, &note);
    struct ll_buf sig = LL_BUF_INIT(1000);
    assert_ok(ll_note_sign(&log, ll_buf_view(&note), 0, &sig, &err));
    ll_buf_c(&note, '\n');
    ll_buf_str(&note, ll_buf_view(&sig));
    ll_tlogproof_put(1, &path, ll_buf_view(&note), &text);
    assert_ok(ll_tlogproof_parse(ll_buf_view(&text), &parsed, &err));
    assert_ok(ll_tlogproof_verify(&parsed, LL_STR("two"), policy, &cp, &err));
    assert_int_equal(ll_tlogproof_verify(&parsed, LL_STR("one"), policy, &cp, &err), LL_INVALID);
    parsed.index = 0;
    assert_int_equal(ll_tlogproof_verify(&parsed, LL_STR("two"), policy, &cp, &err), LL_INVALID);
    ll_buf_free(&sig);
    ll_buf_free(&policy_text);
    ll_buf_free(&note);
    ll_buf_free(&text);
    ll_policy_free(policy);
    ll_vkey_free(&log);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_published_note_verifies),
        cmocka_unit_test(a_changed_byte_anywhere_is_refused),
        cmocka_unit_test(unknown_signatures_are_passed_over_and_bad_ones_refuse_the_note),
        cmocka_unit_test(malformed_notes_are_refused),
        cmocka_unit_test(keys_of_three_kinds_sign_and_are_written_and_read),
        cmocka_unit_test(a_vkey_with_another_id_or_type_is_refused),
        cmocka_unit_test(checkpoints_are_read_strictly),
        cmocka_unit_test(the_checkpoint_of_tessera_opens_under_its_key_and_origin_only),
        cmocka_unit_test(a_quorum_is_counted_as_the_policy_says),
        cmocka_unit_test(broken_policies_are_refused),
        cmocka_unit_test(a_receipt_stands_by_itself),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
