/* deeds.c - the collaboration ledger as one platform runs it: who signed, who wins, what a refusal proves, what a crash leaves. */
#include "../../test.h"

#include "base/fs.h"
#include "deedkit.h"

#include "apps/finance/deed_file.h"
#include "journal/tlogproof.h"

#include <inttypes.h>
#include <pthread.h>

static struct ll_err err;

struct fixture {
    struct deedkit k;
    struct ll_arena *arena;
    struct ll_buf text;
    struct ll_deed_outcome out;
    char id[LL_DEED_ID + 1], head[LL_DEED_HASH + 1];
};

static int setup(void **state)
{
    struct fixture *fx = calloc(1, sizeof *fx);

    kit_open(&fx->k, NULL, true);
    fx->arena = ll_arena_new(0);
    fx->text = LL_BUF_INIT(LL_DEED_STATEMENT_MAX);
    *state = fx;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *fx = *state;

    ll_buf_free(&fx->text);
    ll_arena_free(fx->arena);
    kit_close(&fx->k);
    free(fx);
    return 0;
}

/* Keeps the statement as the head that the next one follows. */
static int offer(struct fixture *fx, int a, int b)
{
    int rc = kit_offer(&fx->k, ll_buf_view(&fx->text), a, b, fx->arena, &fx->out, &err);

    if (rc == LL_OK && fx->out.entered)
        memcpy(fx->head, fx->out.statement, sizeof fx->head);
    return rc;
}

static void act(struct fixture *fx, const char *name, int64_t seq, const char *mid, const char *tail)
{
    kit_act(&fx->text, name, fx->id, mid, "", fx->head, seq, tail);
}

/* A receivable of ORG-0 against ORG-1, confirmed: its next step is the third. */
static void receivable(struct fixture *fx, const char *invoice)
{
    kit_id(&fx->k, fx->id);
    kit_issue(&fx->text, fx->id, "ORG-0", "ORG-1", invoice, 1000000);
    assert_ok(offer(fx, 0, -1));
    assert_true(fx->out.entered);
    act(fx, "confirm", 2, "", "");
    assert_ok(offer(fx, 1, -1));
    assert_true(fx->out.entered);
}

#define FINANCE(bank) "\"financed_fen\":800000,\"financier\":\"" bank "\","

static void test_a_step_waits_for_all_who_must_sign(void **state)
{
    struct fixture *fx = *state;

    receivable(fx, "INV-1");
    act(fx, "transfer", 3, "", ",\"to\":\"ORG-4\"");
    assert_ok(offer(fx, 0, -1));
    assert_false(fx->out.entered);
    assert_int_equal(fx->out.n_missing, 1);
    assert_string_equal(fx->out.missing[0], "ORG-4");
    assert_ok(offer(fx, 4, -1));
    assert_true(fx->out.entered);
    assert_ok(offer(fx, 4, -1)); /* the answer was lost: the same again */
    assert_true(fx->out.entered);
    act(fx, "transfer", 4, "", ",\"to\":\"ORG-5\"");
    assert_int_equal(offer(fx, 0, -1), LL_DENIED); /* has transferred it already */
    assert_ok(offer(fx, 4, 5));
    assert_true(fx->out.entered);
}

static void test_signatures_of_others_do_not_count(void **state)
{
    struct fixture *fx = *state;

    receivable(fx, "INV-2");
    act(fx, "finance", 3, FINANCE("ORG-2"), "");
    assert_int_equal(offer(fx, 3, -1), LL_NOTFOUND); /* a stranger does not learn that there is such a deed */
    assert_int_equal(offer(fx, 2, -1), LL_NOTFOUND); /* nor does the bank, as long as no party has signed */
    assert_int_equal(offer(fx, 1, -1), LL_DENIED);   /* a party, but not one that signs this */
    assert_int_equal(offer(fx, 0, 3), LL_DENIED);
    kit_sql(&fx->k, "UPDATE client_key SET state = 'retired' WHERE client = 'ORG-2'");
    assert_int_equal(offer(fx, 0, 2), LL_DENIED);
    kit_sql(&fx->k, "UPDATE client_key SET state = 'active' WHERE client = 'ORG-2'");
    kit_sql(&fx->k,
            "INSERT INTO freeze (kind, id, reason, made_at) VALUES ('organisation', 'ORG-2', 'x', 0)");
    assert_int_equal(offer(fx, 0, 2), LL_DENIED);
    kit_sql(&fx->k, "DELETE FROM freeze");
    assert_int_equal(kit_ask(&fx->k, "SELECT count(*) FROM deed_step WHERE act = 'finance'"), 0);
    assert_ok(offer(fx, 0, 2));
}

/* Another statement's bytes under the signature, or one changed bit of it. */
static void test_a_signature_holds_for_its_statement_alone(void **state)
{
    struct fixture *fx = *state;
    struct ll_buf jws = LL_BUF_INIT(LL_DEED_JWS_MAX);

    int64_t before = kit_ask(&fx->k, "SELECT count(*) FROM deed");
    kit_id(&fx->k, fx->id);
    kit_issue(&fx->text, fx->id, "ORG-0", "ORG-1", "INV-3", 5);
    kit_sign(&fx->k, 0, ll_buf_view(&fx->text), &jws);
    jws.p[jws.n / 2] = jws.p[jws.n / 2] == 'A' ? 'B' : 'A';
    struct ll_str one = ll_buf_view(&jws);
    assert_true(ll_deeds_offer(fx->k.deeds, "ORG-0", &one, 1, fx->arena, &fx->out, &err) < 0);
    assert_int_equal(kit_ask(&fx->k, "SELECT count(*) FROM deed"), before);
    ll_buf_free(&jws);
}

static void test_the_same_invoice_is_not_financed_under_another_deed(void **state)
{
    struct fixture *fx = *state;
    struct ll_buf json = LL_BUF_INIT(1 << 20);
    struct ll_json j;

    receivable(fx, "4400210111 07654321");
    act(fx, "finance", 3, FINANCE("ORG-2"), "");
    assert_ok(offer(fx, 0, 2));
    receivable(fx, "4400-210111-07654321"); /* registered once more, in another spelling */
    act(fx, "finance", 3, FINANCE("ORG-3"), "");
    assert_int_equal(offer(fx, 0, 3), LL_CONFLICT);
    assert_true(fx->out.encumbered);
    ll_json_init(&j, &json);
    assert_ok(ll_deeds_put_encumbrance(fx->k.deeds, &fx->out.encumbrance, &j, &err));
    assert_null(strstr(json.p, "ORG-2")); /* by whom, it does not say */
    assert_non_null(strstr(json.p, "c2sp.org/tlog-proof@v1"));
    ll_buf_free(&json);
}

static void test_what_was_voided_may_be_registered_anew_and_what_was_paid_may_not(void **state)
{
    struct fixture *fx = *state;

    receivable(fx, "INV-5");
    act(fx, "transfer", 3, "", ",\"to\":\"ORG-4\"");
    assert_ok(offer(fx, 0, 4));
    act(fx, "void", 4, "", "");
    assert_ok(offer(fx, 4, 1));
    receivable(fx, "INV-5");
    act(fx, "finance", 3, FINANCE("ORG-2"), "");
    assert_ok(offer(fx, 0, 2));
    act(fx, "settle", 4, "", "");
    assert_ok(offer(fx, 0, 2));
    receivable(fx, "INV-5");
    act(fx, "finance", 3, FINANCE("ORG-3"), "");
    assert_int_equal(offer(fx, 0, 3), LL_CONFLICT);
    assert_true(fx->out.encumbered);
}

static void test_parts_are_financed_each_by_another_bank_and_no_more_than_the_whole(void **state)
{
    struct fixture *fx = *state;
    char one[LL_DEED_ID + 1], two[LL_DEED_ID + 1], parts[256];

    receivable(fx, "INV-6");
    kit_id(&fx->k, one);
    kit_id(&fx->k, two);
    snprintf(
        parts, sizeof parts,
        "\"parts\":[{\"amount_fen\":600000,\"document\":\"%s\"},{\"amount_fen\":400000,\"document\":\"%s\"}],",
        one, two);
    kit_act(&fx->text, "split", fx->id, "", parts, fx->head, 3, "");
    assert_ok(offer(fx, 0, -1));
    char split[LL_DEED_HASH + 1];
    memcpy(split, fx->head, sizeof split);
    kit_act(&fx->text, "finance", one, FINANCE("ORG-2"), "", split, 4, "");
    assert_int_equal(offer(fx, 0, 2), LL_INVALID); /* 8000 of 6000 yuan */
    kit_act(&fx->text, "finance", one, "\"financed_fen\":600000,\"financier\":\"ORG-2\",", "", split, 4, "");
    assert_ok(offer(fx, 0, 2));
    kit_act(&fx->text, "finance", two, "\"financed_fen\":400000,\"financier\":\"ORG-3\",", "", split, 4, "");
    assert_ok(offer(fx, 0, 3));
    kit_act(&fx->text, "finance", two, "\"financed_fen\":400000,\"financier\":\"ORG-2\",", "", fx->head, 5,
            "");
    assert_int_equal(offer(fx, 0, 2), LL_CONFLICT);
    assert_true(fx->out.encumbered);
}

/* --- files ----------------------------------------------------------------------------------------------------------------- */

static void export(struct fixture *fx, const char *id, struct ll_buf *out)
{
    struct ll_deed_row row;
    struct ll_txn *tx = NULL;
    struct ll_json j;

    ll_buf_clear(out);
    ll_json_init(&j, out);
    assert_ok(ll_txn_begin(fx->k.st, false, &tx, &err));
    assert_ok(ll_deed_get(tx, id, fx->arena, &row, &err));
    assert_ok(ll_deed_file_put(tx, fx->k.journal, &row, fx->arena, &j, &err));
    ll_txn_end(tx);
}

static int check_file(struct fixture *fx, struct ll_str text, struct ll_deed_checked *v)
{
    return ll_deed_file_verify(text, fx->k.policy, NULL, NULL, fx->arena, v, &err);
}

/* Issued, confirmed, transferred and split: the file of one of the parts. */
static void a_part(struct fixture *fx, const char *invoice, struct ll_buf *out)
{
    char one[LL_DEED_ID + 1], two[LL_DEED_ID + 1], parts[256];

    receivable(fx, invoice);
    act(fx, "transfer", 3, "", ",\"to\":\"ORG-4\"");
    assert_ok(offer(fx, 0, 4));
    kit_id(&fx->k, one);
    kit_id(&fx->k, two);
    snprintf(
        parts, sizeof parts,
        "\"parts\":[{\"amount_fen\":1,\"document\":\"%s\"},{\"amount_fen\":999999,\"document\":\"%s\"}],",
        one, two);
    kit_act(&fx->text, "split", fx->id, "", parts, fx->head, 4, "");
    assert_ok(offer(fx, 4, -1));
    export(fx, two, out);
}

static void test_a_file_shows_how_its_deed_stands_without_anybody(void **state)
{
    struct fixture *fx = *state;
    struct ll_buf text = LL_BUF_INIT(LL_DEED_FILE_MAX);
    struct ll_deed_checked v;

    a_part(fx, "INV-11", &text);
    assert_ok(check_file(fx, ll_buf_view(&text), &v));
    assert_int_equal(v.steps, 4);
    assert_int_equal(v.signatures, 5);
    assert_int_equal(v.deed.amount, 999999);
    assert_int_equal(v.deed.state, LL_DEED_IS_CONFIRMED);
    assert_string_equal(v.deed.holder, "ORG-4");
    export(fx, fx->id, &text); /* what was split, too */
    assert_ok(check_file(fx, ll_buf_view(&text), &v));
    assert_int_equal(v.deed.state, LL_DEED_IS_SPLIT);
    ll_buf_free(&text);
}

/* Any byte: either the file is refused, or it says the same, since what was changed is white space or a name that nobody believes. */
static void test_a_changed_file_is_refused_or_says_the_same(void **state)
{
    struct fixture *fx = *state;
    struct ll_buf text = LL_BUF_INIT(LL_DEED_FILE_MAX);
    struct ll_deed_checked v;
    size_t refused = 0, tried = 0;

    a_part(fx, "INV-12", &text);
    for (size_t at = 0; at < text.n; at += 11, tried++) {
        char was = text.p[at];
        text.p[at] = was == 'A' ? 'B' : 'A';
        if (check_file(fx, ll_buf_view(&text), &v) < 0)
            refused++;
        else
            assert_true(v.steps == 4 && v.deed.amount == 999999 && strcmp(v.deed.holder, "ORG-4") == 0);
        text.p[at] = was;
    }
    assert_true(refused > tried * 9 / 10);
    ll_buf_free(&text);
}

static void test_a_refusal_proves_that_it_had_a_reason(void **state)
{
    struct fixture *fx = *state;
    struct ll_buf json = LL_BUF_INIT(1 << 20);
    struct ll_deed_checked v;
    struct ll_json j;

    receivable(fx, "INV-13");
    act(fx, "pledge", 3, FINANCE("ORG-2"), "");
    assert_ok(offer(fx, 0, 2));
    receivable(fx, "INV-13");
    act(fx, "finance", 3, FINANCE("ORG-3"), "");
    assert_int_equal(offer(fx, 0, 3), LL_CONFLICT);
    ll_json_init(&j, &json);
    assert_ok(ll_deeds_put_encumbrance(fx->k.deeds, &fx->out.encumbrance, &j, &err));
    assert_ok(check_file(fx, ll_buf_view(&json), &v));
    assert_true(v.encumbrance);
    char *number = strstr(json.p, "INV13");
    assert_non_null(number);
    number[4] = '4'; /* another invoice */
    assert_int_equal(check_file(fx, ll_buf_view(&json), &v), LL_INVALID);
    ll_buf_free(&json);
}

/* --- at once --------------------------------------------------------------------------------------------------------------- */

struct bank {
    pthread_t thread;
    pthread_barrier_t *start;
    struct deedkit *k;
    int number, rc;
    bool encumbered;
    char id[LL_DEED_ID + 1], head[LL_DEED_HASH + 1];
};

static void *finance(void *ctx)
{
    struct bank *b = ctx;
    struct ll_arena *arena = ll_arena_new(0);
    struct ll_buf text = LL_BUF_INIT(LL_DEED_STATEMENT_MAX);
    struct ll_deed_outcome out;
    struct ll_err mine;
    char mid[128];

    snprintf(mid, sizeof mid, "\"financed_fen\":5,\"financier\":\"ORG-%d\",", b->number);
    kit_act(&text, "finance", b->id, mid, "", b->head, 3, "");
    pthread_barrier_wait(b->start);
    b->rc = kit_offer(b->k, ll_buf_view(&text), 0, b->number, arena, &out, &mine);
    b->encumbered = out.encumbered;
    ll_buf_free(&text);
    ll_arena_free(arena);
    return NULL;
}

static void race(struct fixture *fx, bool same_deed, const char *invoice)
{
    enum { BANKS = 6 };
    struct bank bank[BANKS];
    pthread_barrier_t start;
    int won = 0;

    pthread_barrier_init(&start, NULL, BANKS);
    for (int i = 0; i < BANKS; i++) {
        if (i == 0 || !same_deed)
            receivable(fx, invoice);
        bank[i] = (struct bank){.start = &start, .k = &fx->k, .number = 2 + i};
        memcpy(bank[i].id, fx->id, sizeof fx->id);
        memcpy(bank[i].head, fx->head, sizeof fx->head);
    }
    for (int i = 0; i < BANKS; i++)
        assert_int_equal(pthread_create(&bank[i].thread, NULL, finance, &bank[i]), 0);
    for (int i = 0; i < BANKS; i++) {
        pthread_join(bank[i].thread, NULL);
        won += bank[i].rc == LL_OK;
        assert_true(bank[i].rc == LL_OK || (bank[i].rc == LL_CONFLICT && bank[i].encumbered));
    }
    assert_int_equal(won, 1);
    pthread_barrier_destroy(&start);
}

static void test_of_banks_that_finance_at_the_same_instant_one_wins(void **state)
{
    struct fixture *fx = *state;

    int64_t before = kit_ask(&fx->k, "SELECT count(*) FROM deed WHERE financed > 0");

    race(fx, true, "INV-7");
    race(fx, false, "INV-8");
    assert_int_equal(kit_ask(&fx->k, "SELECT count(*) FROM deed WHERE financed > 0"), before + 2);
}

/* --- after a crash ------------------------------------------------------------------------------------------------------------ */

static void test_what_was_decided_reaches_the_journal_once(void **state)
{
    struct fixture *fx = *state;

    receivable(fx, "INV-9");
    int64_t entry = kit_ask(&fx->k, "SELECT max(journal) FROM deed_step");
    kit_stop(&fx->k);
    /* the first step's note was lost, and the second never reached the journal */
    kit_sql(&fx->k, "UPDATE deed_step SET journal = -1 WHERE id = (SELECT max(id) - 1 FROM deed_step)");
    kit_sql(
        &fx->k,
        "UPDATE deed_step SET journal = -1 - journal, entry = replace(entry, '\"step\":\"', '\"step\":\"X')"
        " WHERE id = (SELECT max(id) FROM deed_step)");
    kit_start(&fx->k);
    assert_int_equal(kit_ask(&fx->k, "SELECT journal FROM deed_step ORDER BY id DESC LIMIT 1 OFFSET 1"),
                     entry - 1);
    assert_int_equal(kit_ask(&fx->k, "SELECT journal FROM deed_step ORDER BY id DESC LIMIT 1"), entry + 1);
    kit_stop(&fx->k);
    kit_start(&fx->k);
    struct ll_journal_status s;
    ll_journal_status(fx->k.journal, &s);
    assert_int_equal(s.size, entry + 2);
}

static void test_a_word_that_is_taken_back_never_counts(void **state)
{
    struct fixture *fx = *state;
    char statement[LL_DEED_HASH + 1];

    receivable(fx, "INV-10");
    act(fx, "finance", 3, FINANCE("ORG-2"), "");
    assert_ok(offer(fx, 0, -1));
    memcpy(statement, fx->out.statement, sizeof statement);
    assert_int_equal(ll_deeds_withdraw(fx->k.deeds, "ORG-2", statement, &err),
                     LL_NOTFOUND); /* has not signed */
    assert_ok(ll_deeds_withdraw(fx->k.deeds, "ORG-0", statement, &err));
    assert_int_equal(offer(fx, 2, -1), LL_CONFLICT);
    assert_int_equal(offer(fx, 0, 2), LL_CONFLICT);
}

#define TEST(name) cmocka_unit_test(test_##name)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_step_waits_for_all_who_must_sign),
        TEST(signatures_of_others_do_not_count),
        TEST(a_signature_holds_for_its_statement_alone),
        TEST(the_same_invoice_is_not_financed_under_another_deed),
        TEST(what_was_voided_may_be_registered_anew_and_what_was_paid_may_not),
        TEST(parts_are_financed_each_by_another_bank_and_no_more_than_the_whole),
        TEST(a_file_shows_how_its_deed_stands_without_anybody),
        TEST(a_changed_file_is_refused_or_says_the_same),
        TEST(a_refusal_proves_that_it_had_a_reason),
        TEST(of_banks_that_finance_at_the_same_instant_one_wins),
        TEST(what_was_decided_reaches_the_journal_once),
        TEST(a_word_that_is_taken_back_never_counts),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
