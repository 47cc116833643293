/* deed.c - the collaboration ledger's rules: statements are read strictly, and whatever a thousand random histories try, money stays what it is. */
#include "../../test.h"

#include "apps/finance/deed_asset.h"
#include "apps/finance/deed_step.h"
#include "base/buf.h"
#include "base/json.h"
#include "crypto/base64.h"

#include <inttypes.h>

#define LEDGER "luling.test/journal"

static struct ll_err err;

/* --- a world of deeds, as a history makes it ------------------------------------------------------------------------------- */

enum { DEEDS = 400, STEPS = 120, ORGS = 6 };
static const char *const org[ORGS] = {"SUPPLIER", "CORE", "BANK-A", "BANK-B", "DEPOT", "TRADER"};

struct step {
    struct ll_str payload;
    bool taken;
};
struct world {
    struct ll_arena *arena;
    uint64_t seed, ids;
    struct ll_deed deed[DEEDS];
    size_t n;
    struct step steps[STEPS];
    size_t n_steps;
};

/* splitmix64: the same histories on every machine. */
static uint64_t next(struct world *w)
{
    uint64_t z = w->seed += 0x9E3779B97F4A7C15u;

    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return z ^ z >> 31;
}

static unsigned below(struct world *w, unsigned n)
{
    return (unsigned)(next(w) % n);
}

static const char *new_id(struct world *w)
{
    struct ll_buf b = LL_BUF_INIT(64);
    uint64_t raw[2] = {++w->ids, 7};
    const char *id;

    ll_base64_put(&b, LL_BASE64_URL, raw, sizeof raw);
    id = ll_arena_dup(w->arena, ll_buf_view(&b));
    ll_buf_free(&b);
    return id;
}

static struct ll_deed *find(struct world *w, const char *id)
{
    for (size_t i = 0; i < w->n; i++)
        if (strcmp(w->deed[i].document, id) == 0)
            return &w->deed[i];
    return NULL;
}

static void put_parts(struct world *w, const struct ll_deed *d, struct ll_json *j)
{
    unsigned n = 2 + below(w, 3), wrong = below(w, 4);
    int64_t left = d->amount;

    ll_json_key(j, "parts");
    ll_json_arr(j);
    for (unsigned i = 0; i < n; i++) {
        int64_t part = i + 1 == n ? left : left / (int64_t)(1 + below(w, 3)) - (int64_t)below(w, 3);
        ll_json_obj(j);
        ll_json_ki(j, "amount_fen", part + (wrong == 0 && i == 0));
        ll_json_kz(j, "document", new_id(w));
        ll_json_end_obj(j);
        left -= part;
    }
    ll_json_end_arr(j);
}

static void put_issue(struct world *w, enum ll_deed_kind kind, struct ll_json *j)
{
    ll_json_kz(j, "kind", ll_deed_kind_word(kind));
    ll_json_kz(j, "ledger", LEDGER);
    ll_json_kz(j, "obligor", org[below(w, ORGS)]);
}

/* Any act on any deed, sensible or not: what it says is well-formed, whether it is allowed is for the rules. */
static struct ll_str propose(struct world *w)
{
    struct ll_buf b = LL_BUF_INIT(8192);
    enum ll_deed_act act = w->n && below(w, 8) ? 1 + below(w, LL_DEED_ACT_COUNT - 1) : LL_DEED_DO_ISSUE;
    const struct ll_deed *d = w->n ? &w->deed[below(w, (unsigned)w->n)] : NULL;
    enum ll_deed_kind kind = below(w, 3) ? LL_DEED_RECEIVABLE : below(w, LL_DEED_KIND_COUNT);
    bool issue = act == LL_DEED_DO_ISSUE;
    static const char *const ref[] = {"invoice", "contract", "receipt", "contract", "certificate"};
    struct ll_json j;

    ll_json_init(&j, &b);
    ll_json_obj(&j); /* names in their order */
    ll_json_kz(&j, "act", ll_deed_act_word(act));
    if (issue)
        ll_json_ki(&j, "amount_fen", 1 + (int64_t)(next(w) % 1000000));
    ll_json_kz(&j, "document", issue ? new_id(w) : d->document);
    if (issue)
        ll_json_kz(&j, "due", "2027-03-31");
    if (act == LL_DEED_DO_FINANCE || act == LL_DEED_DO_SECURE) {
        ll_json_ki(&j, "financed_fen", 1 + (int64_t)(next(w) % (uint64_t)(d->amount + d->amount / 4 + 1)));
        ll_json_kz(&j, "financier", org[2 + below(w, 2)]);
    }
    if (issue) {
        ll_json_kz(&j, "holder", org[below(w, ORGS)]);
        put_issue(w, kind, &j);
    } else {
        ll_json_kz(&j, "ledger", LEDGER);
    }
    if (act == LL_DEED_DO_DIVIDE)
        put_parts(w, d, &j);
    if (!issue)
        ll_json_kz(&j, "prev", below(w, 12) ? d->head : w->deed[0].head);
    if (issue) {
        ll_json_key(&j, "references");
        ll_json_arr(&j);
        ll_json_obj(&j);
        ll_json_kz(&j, "number", "44002100111-07654321");
        ll_json_kz(&j, "type", ref[kind]);
        ll_json_end_obj(&j);
        ll_json_end_arr(&j);
    }
    ll_json_ki(&j, "seq", issue ? 1 : d->seq + 1 + (below(w, 20) == 0));
    if (act == LL_DEED_DO_TRANSFER)
        ll_json_kz(&j, "to", org[below(w, ORGS)]);
    ll_json_end_obj(&j);
    struct ll_str text = {ll_arena_dup(w->arena, ll_buf_view(&b)), b.n};
    ll_buf_free(&b);
    return text;
}

/* LL_OK when the statement was taken. */
static int take(struct world *w, struct ll_str payload)
{
    struct ll_deed_statement *s = ll_arena_alloc(w->arena, sizeof *s);
    struct ll_deed after, *before;
    enum ll_deed_claim claim;
    int rc = ll_deed_read(payload, w->arena, s, &err);

    if (rc < 0)
        return rc;
    before = find(w, s->document);
    if ((rc = ll_deed_apply(before, s, LEDGER, &after, &claim, &err)) < 0)
        return rc;
    if (before)
        *before = after;
    else
        w->deed[w->n++] = after;
    assert_true(w->n + s->n_parts <= DEEDS);
    for (size_t i = 0; i < s->n_parts; i++)
        ll_deed_part(&after, s, i, &w->deed[w->n++]);
    return LL_OK;
}

static void run(struct world *w, uint64_t seed)
{
    *w = (struct world){.arena = ll_arena_new(64 << 20), .seed = seed};
    for (; w->n_steps < STEPS && w->n + 8 < DEEDS; w->n_steps++) {
        struct step *s = &w->steps[w->n_steps];
        s->payload = propose(w);
        s->taken = take(w, s->payload) == LL_OK;
    }
}

/* --- what holds after whatever was tried ----------------------------------------------------------------------------------- */

static bool same(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

/* What was issued is there once: in the deed itself, or in the parts that it became. */
static void check_money(struct world *w)
{
    for (size_t i = 0; i < w->n; i++) {
        int64_t leaves = 0, financed = 0;
        if (w->deed[i].parent)
            continue;
        for (size_t k = 0; k < w->n; k++)
            if (same(w->deed[k].root, w->deed[i].document)) {
                leaves += w->deed[k].state == LL_DEED_IS_SPLIT ? 0 : w->deed[k].amount;
                financed += w->deed[k].financed;
            }
        assert_int_equal(leaves, w->deed[i].amount);
        assert_true(financed <= leaves);
    }
}

/* Who financed it stands there exactly while it is financed or pledged, and is neither its holder nor its obligor. */
static void check_financed(struct world *w)
{
    for (size_t i = 0; i < w->n; i++) {
        const struct ll_deed *d = &w->deed[i];
        bool bound = d->state == LL_DEED_IS_FINANCED || d->state == LL_DEED_IS_PLEDGED;
        assert_int_equal(bound, d->financier != NULL);
        assert_int_equal(bound, d->financed > 0);
        assert_true(!bound || (!same(d->financier, d->holder) && !same(d->financier, d->obligor)));
        assert_false(same(d->holder, d->obligor));
    }
}

static void test_amounts_are_conserved_and_nothing_is_financed_twice(void **state)
{
    size_t taken = 0, tried = 0, acts[LL_DEED_ACT_COUNT] = {0};
    static struct world w;

    (void)state;
    for (uint64_t seed = 1; seed <= 300; seed++) {
        run(&w, seed);
        check_money(&w);
        check_financed(&w);
        for (size_t i = 0; i < w.n_steps; i++) {
            struct ll_deed_statement s;
            taken += w.steps[i].taken;
            if (w.steps[i].taken && ll_deed_read(w.steps[i].payload, w.arena, &s, &err) == LL_OK)
                acts[s.act]++;
        }
        tried += w.n_steps;
        ll_arena_free(w.arena);
    }
    assert_true(taken > tried / 20); /* the histories say something: */
    for (size_t i = 0; i < LL_DEED_ACT_COUNT; i++)
        assert_true(acts[i] > 20); /* every act happened */
}

static void test_any_beginning_of_a_history_leads_to_the_same_state_again(void **state)
{
    static struct world w, again;

    (void)state;
    for (uint64_t seed = 1; seed <= 60; seed++) {
        run(&w, seed);
        again = (struct world){.arena = ll_arena_new(64 << 20)};
        for (size_t i = 0; i < w.n_steps; i++)
            assert_int_equal(take(&again, w.steps[i].payload) == LL_OK, w.steps[i].taken);
        assert_int_equal(again.n, w.n);
        for (size_t i = 0; i < w.n; i++) {
            const struct ll_deed *a = &w.deed[i], *b = &again.deed[i];
            assert_string_equal(a->document, b->document);
            assert_string_equal(a->head, b->head);
            assert_int_equal(a->state, b->state);
            assert_int_equal(a->amount, b->amount);
            assert_int_equal(a->financed, b->financed);
            assert_int_equal(a->seq, b->seq);
            assert_true(same(a->holder, b->holder) && same(a->financier, b->financier));
        }
        ll_arena_free(again.arena);
        ll_arena_free(w.arena);
    }
}

static void test_a_statement_is_taken_once_and_an_end_is_an_end(void **state)
{
    static struct world w;
    struct ll_deed_statement s;

    (void)state;
    for (uint64_t seed = 1; seed <= 60; seed++) {
        run(&w, seed);
        for (size_t i = 0; i < w.n_steps; i++)
            if (w.steps[i].taken)
                assert_int_equal(take(&w, w.steps[i].payload), LL_CONFLICT);
        for (size_t i = 0; i < w.n; i++)
            for (unsigned act = 1; ll_deed_state_ends(w.deed[i].state) && act < LL_DEED_ACT_COUNT; act++) {
                const char *who[LL_DEED_ROLE_COUNT];
                s = (struct ll_deed_statement){.act = act, .document = w.deed[i].document};
                assert_int_equal(ll_deed_signers(&w.deed[i], &s, who), 0);
            }
        ll_arena_free(w.arena);
    }
}

static void test_every_act_is_signed_by_those_whom_it_binds(void **state)
{
    struct ll_deed_rule r;

    (void)state;
    for (size_t i = 0; ll_deed_rule(i, &r); i++) {
        bool new_party = r.act == LL_DEED_DO_TRANSFER || r.act == LL_DEED_DO_FINANCE ||
                         r.act == LL_DEED_DO_SECURE;
        assert_int_not_equal(r.signers, 0);
        assert_false(ll_deed_state_ends(r.from));
        /* a right moves, or is burdened, only with its holder's signature and that of whoever gets it */
        if (new_party)
            assert_true(r.signers & 1u << LL_DEED_OF_HOLDER && (r.signers & (r.signers - 1)) &&
                        r.claim == LL_CLAIM_TAKE);
        /* what is financed is let go by who financed it, and by nobody else */
        if (r.from == LL_DEED_IS_FINANCED || r.from == LL_DEED_IS_PLEDGED)
            assert_true(r.signers & 1u << LL_DEED_OF_FINANCIER);
        /* nothing but a release leads from a burdened state back to where it can be burdened again */
        if ((r.from == LL_DEED_IS_FINANCED || r.from == LL_DEED_IS_PLEDGED) && !ll_deed_state_ends(r.to))
            assert_int_equal(r.act, LL_DEED_DO_RELEASE);
    }
}

/* --- statements ------------------------------------------------------------------------------------------------------------ */

#define ID_ "AAAAAAAAAAAAAAAAAAAAAA"
#define HASH_ "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

static void test_statements_are_read_strictly(void **state)
{
    static const char *const bad[] = {
        "",
        "{}",
        "[]",
        "{\"act\":\"confirm\"}",
        /* another order of the names; a blank; a member of another act; one that nobody knows; an id that is too short; seq 0 */
        "{\"document\":\"" ID_ "\",\"act\":\"confirm\",\"ledger\":\"l\",\"prev\":\"" HASH_ "\",\"seq\":2}",
        "{\"act\":\"confirm\", \"document\":\"" ID_ "\",\"ledger\":\"l\",\"prev\":\"" HASH_ "\",\"seq\":2}",
        "{\"act\":\"confirm\",\"document\":\"" ID_ "\",\"ledger\":\"l\",\"prev\":\"" HASH_
        "\",\"seq\":2,\"to\":\"X\"}",
        "{\"act\":\"confirm\",\"document\":\"" ID_ "\",\"ledger\":\"l\",\"prev\":\"" HASH_
        "\",\"seq\":2,\"zzz\":1}",
        "{\"act\":\"confirm\",\"document\":\"AAAA\",\"ledger\":\"l\",\"prev\":\"" HASH_ "\",\"seq\":2}",
        "{\"act\":\"confirm\",\"document\":\"" ID_ "\",\"ledger\":\"l\",\"prev\":\"" HASH_ "\",\"seq\":0}",
        "{\"act\":\"confirm\",\"document\":\"" ID_ "\",\"ledger\":\"l\",\"seq\":2}",
        "{\"act\":\"finance\",\"document\":\"" ID_
        "\",\"financed_fen\":-1,\"financier\":\"B\",\"ledger\":\"l\",\"prev\":\"" HASH_ "\",\"seq\":2}",
        "{\"act\":\"finance\",\"document\":\"" ID_
        "\",\"financed_fen\":1000000000000001,\"financier\":\"B\",\"ledger\":\"l\",\"prev\":\"" HASH_
        "\",\"seq\":2}",
        "{\"act\":\"transfer\",\"document\":\"" ID_ "\",\"ledger\":\"l\",\"prev\":\"" HASH_
        "\",\"seq\":2,\"to\":\"A B\"}",
        "{\"act\":\"split\",\"document\":\"" ID_ "\",\"ledger\":\"l\",\"parts\":[],\"prev\":\"" HASH_
        "\",\"seq\":2}",
    };
    static const char good[] = "{\"act\":\"confirm\",\"document\":\"" ID_
                               "\",\"ledger\":\"l\",\"prev\":\"" HASH_ "\",\"seq\":2}";
    struct ll_arena *arena = ll_arena_new(1 << 20);
    struct ll_deed_statement s;

    (void)state;
    assert_ok(ll_deed_read(LL_STR(good), arena, &s, &err));
    assert_int_equal(s.act, LL_DEED_DO_CONFIRM);
    assert_int_equal(s.seq, 2);
    for (size_t i = 0; i < LL_COUNT(bad); i++)
        assert_int_equal(ll_deed_read(ll_str(bad[i]), arena, &s, &err), LL_INVALID);
    ll_arena_free(arena);
}

/* --- what a deed rests on -------------------------------------------------------------------------------------------------- */

static void number_is(const char *text, const char *want)
{
    struct ll_buf b = LL_BUF_INIT(512);

    ll_deed_asset_number(ll_str(text), &b);
    assert_str(ll_buf_view(&b), want);
    ll_buf_free(&b);
}

static void test_spellings_of_a_number_are_one(void **state)
{
    (void)state;
    number_is("4400-2100 111/07654321", "4400210011107654321");
    number_is("４４００２１００１１１－０７６５４３２１", "4400210011107654321");
    number_is("gd/2026－（07）号", "GD202607号");
    number_is("000123", "123");
    number_is("00", "0");
}

static void test_an_asset_has_one_tag_that_only_its_opening_explains(void **state)
{
    struct ll_arena *arena = ll_arena_new(1 << 20);
    const struct ll_deed_reference a = {LL_DEED_REF_INVOICE, "4400-07654321"},
                                   b = {LL_DEED_REF_INVOICE, "4400 07654321"},
                                   c = {LL_DEED_REF_CONTRACT, "4400-07654321"};
    struct ll_deed_asset x, y, z, other;
    char tag[LL_DEED_HASH + 1];

    (void)state;
    assert_ok(ll_deed_asset_make(LL_STR("key"), &a, "S", "D", arena, &x, &err));
    assert_ok(ll_deed_asset_make(LL_STR("key"), &b, "S", "E", arena, &y,
                                 &err)); /* said to be addressed to another */
    assert_ok(ll_deed_asset_make(LL_STR("key"), &c, "S", "D", arena, &z, &err));
    assert_ok(ll_deed_asset_make(LL_STR("KEY"), &a, "S", "D", arena, &other, &err));
    assert_string_equal(x.tag, y.tag);
    assert_string_not_equal(x.tag, z.tag);
    assert_string_not_equal(x.tag, other.tag);
    assert_true(ll_deed_asset_tag(ll_str(x.opening), ll_str(x.identity), tag));
    assert_string_equal(tag, x.tag);
    assert_true(ll_deed_asset_tag(ll_str(other.opening), ll_str(x.identity), tag));
    assert_string_not_equal(tag, x.tag);
    ll_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_amounts_are_conserved_and_nothing_is_financed_twice),
        cmocka_unit_test(test_any_beginning_of_a_history_leads_to_the_same_state_again),
        cmocka_unit_test(test_a_statement_is_taken_once_and_an_end_is_an_end),
        cmocka_unit_test(test_every_act_is_signed_by_those_whom_it_binds),
        cmocka_unit_test(test_statements_are_read_strictly),
        cmocka_unit_test(test_spellings_of_a_number_are_one),
        cmocka_unit_test(test_an_asset_has_one_tag_that_only_its_opening_explains),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
