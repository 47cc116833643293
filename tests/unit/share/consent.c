/* consent: what a subject signs is what holds, and no longer than it says; the weaker kind is known as such; others can check all of it. */
#include "../catalog/fixture.h"
#include "../crypto/authenticator.h"
#include "../journal/fixture.h"

#include "base/clock.h"
#include "crypto/jwk.h"
#include "crypto/sdjwt.h"
#include "crypto/statuslist.h"
#include "share/consent.h"

#define COMPANY "91350100M000100Y43"
#define PERSON "11010519491231002X"
#define BASE "https://hub.example"
#define DAY INT64_C(86400000)

static const char *const origins[] = {BASE, NULL};
static const struct ll_webauthn_want site = {.rp_id = "hub.example", .origins = origins};
static const struct ll_actor bank = {
    .account = "zhang", .organisation = "BK001", .roles = LL_DUTY_CONSUMER_STEWARD};
static const struct ll_actor other_bank = {
    .account = "li", .organisation = "JA000", .roles = LL_DUTY_CONSUMER_STEWARD};
static const struct ll_actor system_of_bank = {.client = "bank-1", .organisation = "BK001"};
static const struct ll_consent_who company = {LL_ID_USCC, {COMPANY, 18}, "吉安示例有限公司"};
static const struct ll_consent_who person = {LL_ID_RESIDENT_ID, {PERSON, 18}, "张三丰"};

struct world {
    struct scratch s;
    struct ll_catalog *cat;
    struct ll_keyring *keys;
    struct ll_consent_env env;
    struct passkey pk;
    char key[LL_CREDENTIAL_ID_MAX];
};

static void set_now(int64_t ms)
{
    char text[32];

    snprintf(text, sizeof text, "%lld", (long long)ms);
    setenv("LULING_NOW", text, 1);
}

static void begin(struct world *w)
{
    struct ll_err err;

    assert_ok(ll_txn_begin(w->s.st, true, &w->env.tx, &err));
}

static void commit(struct world *w)
{
    struct ll_err err;

    assert_ok(ll_txn_commit(w->env.tx, &err));
    ll_txn_end(w->env.tx);
    w->env.tx = NULL;
}

static int set_up(void **state)
{
    struct world *w = calloc(1, sizeof *w);
    struct files f;
    struct ll_err err;

    set_now(INT64_C(1795000000000)); /* 2026-11-18 */
    unsetenv("CREDENTIALS_DIRECTORY");
    scratch_open(&w->s);
    files_good(&f);
    assert_ok(scratch_load(&w->s, &f, NULL, NULL, &err));
    files_free(&f);
    w->cat = scratch_catalog(&w->s);
    const struct ll_keyring_opts o = {w->s.dir, NULL};
    assert_ok(ll_keyring_open(&w->keys, &o, &err));
    w->env = (struct ll_consent_env){
        .keys = w->keys, .catalog = w->cat, .actor = &bank, .arena = ll_arena_new(0)};
    passkey_init(&w->pk, LL_ES256);
    *state = w;
    return 0;
}

static int tear_down(void **state)
{
    struct world *w = *state;
    char secret[LL_PATH];

    ll_txn_end(w->env.tx);
    passkey_free(&w->pk);
    ll_arena_free(w->env.arena);
    ll_keyring_close(w->keys);
    ll_catalog_unref(w->cat);
    snprintf(secret, sizeof secret, "%s.secret", w->s.dir);
    scratch_close(&w->s);
    remove(secret);
    unsetenv("LULING_NOW");
    free(w);
    return 0;
}

/* The subject's passkey, registered before an officer. */
static void bind(struct world *w, const struct ll_consent_who *who)
{
    struct ll_webauthn_want want = site;
    struct ll_webauthn_credential c;
    const char *const *ids;
    size_t n;
    struct ll_err err;

    want.challenge = LL_STR("a registration's challenge, 32 b.");
    want.need_uv = true;
    passkey_register(&w->pk, "none", want.challenge);
    assert_ok(
        ll_webauthn_register(&want, ll_buf_view(&w->pk.client_data), ll_buf_view(&w->pk.object), &c, &err));
    assert_ok(ll_consent_key_add(&w->env, who, &c,
                                 who->scheme == LL_ID_USCC ? "legal_representative" : "self",
                                 "柜面核验身份证原件", &err));
    assert_int_equal(ll_consent_key_add(&w->env, who, &c, "agent", "again", &err), LL_CONFLICT);
    assert_ok(ll_consent_keys(&w->env, who, &ids, &n, &err));
    assert_int_equal(n, 1);
    snprintf(w->key, sizeof w->key, "%s", ids[0]);
}

static const char *const two_items[] = {"permit_no", "kind"};
static const struct ll_consent_scope scopes[] = {{"permit", two_items, 2}, {"inspection", NULL, 0}};

static struct ll_consent_ask ask_of(const struct ll_consent_who *who)
{
    return (struct ll_consent_ask){.who = *who,
                                   .organisation = "BK001",
                                   .purpose = "贷前审查",
                                   .scopes = scopes,
                                   .n_scopes = 2,
                                   .from_at = ll_now_ms(),
                                   .until_at = ll_now_ms() + 30 * DAY,
                                   .uses = 2};
}

static int sign(struct world *w, const struct ll_consent_offer *o)
{
    struct ll_err err;

    w->pk.count++;
    passkey_use(&w->pk, (struct ll_str){(const char *)o->challenge, LL_DIGEST});
    struct ll_webauthn_use use = passkey_sent(&w->pk);
    return ll_consent_sign(&w->env, o->id, &site, w->key, &use, &err);
}

static const char *give(struct world *w, const struct ll_consent_who *who)
{
    struct ll_consent_ask ask = ask_of(who);
    struct ll_consent_offer o;
    struct ll_err err;

    assert_ok(ll_consent_ask(&w->env, &ask, &o, &err));
    assert_int_equal(sign(w, &o), LL_OK);
    return o.id;
}

static enum ll_consent_refusal use_with(struct world *w, const char *purpose, const char *resource,
                                        const char *item, unsigned strength)
{
    const struct ll_str items[] = {ll_str(item)};
    const struct ll_consent_use use = {LL_ID_USCC, LL_STR(COMPANY), "BK001", purpose, resource, items,
                                       1,          ll_now_ms(),     strength};
    struct ll_consent_used used;
    struct ll_err err = {0};
    int rc = ll_consent_use(&w->env, &use, &used, &err);

    assert_int_equal(rc, used.why == LL_CONSENT_COVERS ? LL_OK : LL_DENIED);
    return used.why;
}

static enum ll_consent_refusal use_one(struct world *w)
{
    return use_with(w, "贷前审查", "permit", "kind", 0);
}

/* --- the tests -------------------------------------------------------------------------------------------------------- */

static void test_the_text_says_what_holds(void **state)
{
    static const char *const said[] = {
        "授权人：吉安示例有限公司（统一社会信用代码 9",
        "被授权机构：某银行（BK001）\n用途：贷前审查\n",
        "  1. 行政许可信息（吉安市行政审批局）：许可证编号、许可类别\n",
        "  2. 监督检查记录（吉州区市场监督管理局）：检查编号、许可证编号、检查日期\n",
        "次数：最多 2 次\n",
        "随时撤回"};
    struct world *w = *state;
    struct ll_consent_ask ask = ask_of(&company);
    struct ll_consent_offer o, again;
    struct ll_err err;

    begin(w);
    assert_ok(ll_consent_ask(&w->env, &ask, &o, &err));
    for (size_t i = 0; i < LL_COUNT(said); i++)
        if (!strstr(o.text, said[i]))
            fail_msg("'%s' is not in\n%s", said[i], o.text);
    assert_non_null(strstr(o.text, o.id));
    assert_null(strstr(o.text, COMPANY));
    assert_ok(ll_consent_offer(&w->env, o.id, &again, &err));
    assert_string_equal(o.text, again.text);
    assert_memory_equal(o.challenge, again.challenge, sizeof o.challenge);
    commit(w);
}

static void test_what_was_signed_holds_and_no_more(void **state)
{
    struct world *w = *state;
    struct ll_consent c;
    struct ll_err err;

    begin(w);
    assert_int_equal(use_one(w), LL_CONSENT_NONE);
    bind(w, &company);
    const char *id = give(w, &company);
    assert_int_equal(use_with(w, "贷后管理", "permit", "kind", 0), LL_CONSENT_OTHER_PURPOSE);
    assert_int_equal(use_with(w, "贷前审查", "permit", "person_id", 0), LL_CONSENT_OTHER_ITEM);
    assert_int_equal(use_with(w, "贷前审查", "nothing", "kind", 0), LL_CONSENT_OTHER_ITEM);
    assert_int_equal(use_with(w, "贷前审查", "inspection", "inspected", 2), LL_CONSENT_COVERS);
    assert_ok(ll_consent_get(&w->env, id, &c, &err));
    assert_int_equal(c.used, 1);
    assert_int_equal(use_one(w), LL_CONSENT_COVERS);
    assert_int_equal(use_one(w), LL_CONSENT_USED_UP);
    commit(w);
}

static int enrolled(struct world *w, const struct ll_consent_enrolment *e, const char *token)
{
    const char *key;
    struct ll_err err;

    passkey_register(&w->pk, "none", (struct ll_str){(const char *)e->challenge, LL_DIGEST});
    return ll_consent_enrolled(&w->env, token, &site, ll_buf_view(&w->pk.client_data),
                               ll_buf_view(&w->pk.object), &key, &err);
}

static void test_a_token_makes_one_passkey_in_time(void **state)
{
    struct world *w = *state;
    const struct ll_actor approver = {.account = "wu", .organisation = "BK001", .roles = LL_DUTY_APPROVER};
    struct ll_consent_enrolment late, e, seen;
    struct ll_err err;

    begin(w);
    w->env.actor = &approver;
    assert_int_equal(ll_consent_enrol(&w->env, &person, "self", "柜面核验", &e, &err), LL_DENIED);
    w->env.actor = &system_of_bank; /* it has identified nobody */
    assert_int_equal(ll_consent_enrol(&w->env, &person, "self", "柜面核验", &e, &err), LL_DENIED);
    w->env.actor = &bank;
    assert_int_equal(ll_consent_enrol(&w->env, &company, "self", "柜面核验", &e, &err), LL_INVALID);
    assert_ok(ll_consent_enrol(&w->env, &person, "self", "柜面核验", &late, &err));
    assert_ok(ll_consent_enrol(&w->env, &person, "self", "柜面核验", &e, &err));
    w->env.actor = NULL; /* the device is nobody's */
    assert_ok(ll_consent_enrolment(&w->env, e.token, &seen, &err));
    assert_memory_equal(seen.challenge, e.challenge, LL_DIGEST);
    assert_string_equal(seen.organisation, "BK001");
    assert_int_equal(enrolled(w, &late, e.token), LL_INVALID); /* another token's challenge */
    assert_ok(enrolled(w, &e, e.token));
    assert_int_equal(enrolled(w, &e, e.token), LL_NOTFOUND);
    set_now(ll_now_ms() + LL_CONSENT_OFFER_MS);
    assert_int_equal(enrolled(w, &late, late.token), LL_NOTFOUND);
    commit(w);
}

static void test_a_period_begins_and_ends(void **state)
{
    struct world *w = *state;
    int64_t start = ll_now_ms();
    struct ll_consent_ask ask = ask_of(&company);
    struct ll_consent_offer o;
    struct ll_err err;

    begin(w);
    bind(w, &company);
    ask.from_at = start + DAY;
    ask.until_at = start + 2 * DAY;
    ask.uses = 0;
    assert_ok(ll_consent_ask(&w->env, &ask, &o, &err));
    assert_int_equal(sign(w, &o), LL_OK);
    assert_int_equal(use_one(w), LL_CONSENT_NOT_YET);
    set_now(start + DAY - 1);
    assert_int_equal(use_one(w), LL_CONSENT_NOT_YET);
    set_now(start + DAY);
    for (unsigned i = 0; i < 5; i++)
        assert_int_equal(use_one(w), LL_CONSENT_COVERS);
    set_now(start + 2 * DAY - 1);
    assert_int_equal(use_one(w), LL_CONSENT_COVERS);
    set_now(start + 2 * DAY);
    assert_int_equal(use_one(w), LL_CONSENT_ENDED);
    commit(w);
}

static void test_withdrawal_is_signed_and_holds_at_once(void **state)
{
    struct world *w = *state;
    struct ll_consent_offer o;
    struct ll_consent c;
    struct ll_err err;

    begin(w);
    bind(w, &company);
    const char *id = give(w, &company);
    assert_int_equal(use_one(w), LL_CONSENT_COVERS);
    w->env.actor = NULL; /* the subject has no account */
    assert_ok(ll_consent_ask_withdrawal(&w->env, id, &o, &err));
    assert_non_null(strstr(o.text, id));
    assert_int_equal(use_one(w), LL_CONSENT_COVERS);
    assert_int_equal(sign(w, &o), LL_OK);
    assert_int_equal(use_one(w), LL_CONSENT_WITHDRAWN);
    assert_int_equal(ll_consent_ask_withdrawal(&w->env, id, &o, &err), LL_CONFLICT);
    assert_ok(ll_consent_get(&w->env, id, &c, &err));
    assert_true(c.withdrawn && c.withdrawn_at == ll_now_ms());
    commit(w);
}

static void test_signatures_that_do_not_count(void **state)
{
    struct world *w = *state;
    struct ll_consent_ask ask = ask_of(&company);
    struct ll_consent_offer o, other;
    struct ll_err err;
    struct ll_webauthn_use use;
    char key[LL_CREDENTIAL_ID_MAX];

    begin(w);
    bind(w, &company);
    snprintf(key, sizeof key, "%s", w->key);
    assert_ok(ll_consent_ask(&w->env, &ask, &o, &err));
    assert_ok(ll_consent_ask(&w->env, &ask, &other, &err));
    assert_string_not_equal(o.id, other.id);

    w->pk.count = 10; /* signed, but the other text */
    passkey_use(&w->pk, (struct ll_str){(const char *)other.challenge, LL_DIGEST});
    use = passkey_sent(&w->pk);
    assert_int_equal(ll_consent_sign(&w->env, o.id, &site, key, &use, &err), LL_INVALID);

    w->pk.flags = LL_WEBAUTHN_UP; /* not recognised */
    passkey_use(&w->pk, (struct ll_str){(const char *)o.challenge, LL_DIGEST});
    use = passkey_sent(&w->pk);
    assert_int_equal(ll_consent_sign(&w->env, o.id, &site, key, &use, &err), LL_INVALID);
    w->pk.flags |= LL_WEBAUTHN_UV;

    passkey_use(&w->pk, (struct ll_str){(const char *)o.challenge, LL_DIGEST});
    use = passkey_sent(&w->pk);
    assert_int_equal(ll_consent_sign(&w->env, o.id, &site, "c29tZW9uZQ", &use, &err), LL_NOTFOUND);
    assert_ok(ll_consent_sign(&w->env, o.id, &site, key, &use, &err));
    assert_int_equal(ll_consent_sign(&w->env, o.id, &site, key, &use, &err),
                     LL_NOTFOUND); /* an offer is signed once */
    passkey_use(&w->pk, (struct ll_str){(const char *)other.challenge, LL_DIGEST});
    use = passkey_sent(&w->pk);
    assert_int_equal(ll_consent_sign(&w->env, other.id, &site, key, &use, &err),
                     LL_CONFLICT); /* the counter stood still */

    set_now(ll_now_ms() + LL_CONSENT_OFFER_MS);
    assert_int_equal(sign(w, &other), LL_NOTFOUND);
    assert_ok(ll_consent_ask(&w->env, &ask, &other, &err));
    assert_ok(ll_consent_key_end(&w->env, key, &err));
    assert_int_equal(sign(w, &other), LL_NOTFOUND);
    commit(w);
}

static void test_another_subjects_passkey_signs_nothing(void **state)
{
    struct world *w = *state;
    struct ll_consent_ask ask = ask_of(&company);
    struct ll_consent_offer o;
    struct ll_err err;

    begin(w);
    bind(w, &person);
    assert_ok(ll_consent_ask(&w->env, &ask, &o, &err));
    assert_int_equal(sign(w, &o), LL_DENIED);
    assert_int_equal(use_one(w), LL_CONSENT_NONE);
    commit(w);
}

static void test_paper_is_a_weaker_kind(void **state)
{
    static const char document[] = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    struct world *w = *state;
    struct ll_consent_ask ask = ask_of(&company);
    struct ll_buf out = LL_BUF_INIT(65536);
    char id[LL_CONSENT_ID];
    struct ll_consent c;
    struct ll_json j;
    struct ll_err err;

    begin(w);
    assert_int_equal(ll_consent_record(&w->env, &ask, "abc", id, &err), LL_INVALID);
    w->env.actor = &system_of_bank;
    assert_int_equal(ll_consent_record(&w->env, &ask, document, id, &err), LL_DENIED);
    w->env.actor = &other_bank;
    assert_int_equal(ll_consent_record(&w->env, &ask, document, id, &err), LL_DENIED);
    w->env.actor = &bank;
    assert_ok(ll_consent_record(&w->env, &ask, document, id, &err));
    assert_int_equal(use_with(w, "贷前审查", "permit", "kind", 2), LL_CONSENT_TOO_WEAK);
    assert_int_equal(use_one(w), LL_CONSENT_COVERS);
    assert_ok(ll_consent_get(&w->env, id, &c, &err));
    assert_int_equal(c.kind, LL_CONSENT_IN_PERSON);
    assert_int_equal(ll_consent_verify(&w->env, id, &site, &err), LL_INVALID);
    ll_json_init(&j, &out);
    assert_ok(ll_consent_json(&w->env, &c, &j, &err));
    assert_non_null(strstr(out.p, "\"kind\":\"in_person\""));
    assert_non_null(strstr(out.p, "\"strength\":1"));
    assert_non_null(strstr(out.p, "当面书面授权，由机构人员登记"));
    assert_non_null(strstr(out.p, "{\"resource\":\"permit\",\"items\":[\"kind\",\"permit_no\"]}"));
    ll_buf_free(&out);

    assert_int_equal(ll_consent_withdraw(&w->env, id, " ", &err), LL_INVALID);
    w->env.actor = &other_bank;
    assert_int_equal(ll_consent_withdraw(&w->env, id, "客户来电", &err), LL_DENIED);
    w->env.actor = &bank;
    assert_ok(ll_consent_withdraw(&w->env, id, "客户来电", &err));
    assert_int_equal(use_one(w), LL_CONSENT_WITHDRAWN);
    assert_int_equal(ll_consent_withdraw(&w->env, id, "客户来电", &err), LL_CONFLICT);
    commit(w);
}

/* The stronger one is used although the other is newer. */
static void test_the_best_consent_is_used(void **state)
{
    struct world *w = *state;
    struct ll_consent_ask ask = ask_of(&company);
    char id[LL_CONSENT_ID];
    struct ll_consent c;
    struct ll_err err;

    begin(w);
    bind(w, &company);
    const char *signed_id = give(w, &company);
    set_now(ll_now_ms() + 1000);
    assert_ok(ll_consent_record(
        &w->env, &ask, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", id, &err));
    for (unsigned i = 0; i < 3; i++)
        assert_int_equal(use_one(w), LL_CONSENT_COVERS);
    assert_ok(ll_consent_get(&w->env, signed_id, &c, &err));
    assert_int_equal(c.used, 2);
    assert_ok(ll_consent_get(&w->env, id, &c, &err));
    assert_int_equal(c.used, 1);
    commit(w);
}

static void test_what_may_not_be_asked(void **state)
{
    static const char *const no_item[] = {"secret"};
    static const struct ll_consent_scope unknown = {"nothing", NULL, 0}, wrong_item = {"permit", no_item, 1};
    struct world *w = *state;
    struct ll_consent_offer o;
    struct ll_err err;
    struct ll_consent_ask cases[10];

    for (size_t i = 0; i < LL_COUNT(cases); i++)
        cases[i] = ask_of(&company);
    cases[0].purpose = "";
    cases[1].purpose = "贷前审查\n用途：一切";
    cases[2].n_scopes = 0;
    cases[3].scopes = &unknown, cases[3].n_scopes = 1;
    cases[4].scopes = &wrong_item, cases[4].n_scopes = 1;
    cases[5].until_at = ll_now_ms();
    cases[6].until_at = ll_now_ms() + 6 * 366 * DAY;
    cases[7].uses = -1;
    cases[8].who.value = LL_STR("91350100M000100Y44");
    cases[9].who.title = "示例\n用途：一切";
    begin(w);
    for (size_t i = 0; i < LL_COUNT(cases); i++)
        if (ll_consent_ask(&w->env, &cases[i], &o, &err) != LL_INVALID)
            fail_msg("case %zu was taken", i);
    cases[0] = ask_of(&company);
    w->env.actor = &other_bank;
    assert_int_equal(ll_consent_ask(&w->env, &cases[0], &o, &err), LL_DENIED);
    commit(w);
}

static void test_anybody_can_verify_it_again(void **state)
{
    struct world *w = *state;
    struct ll_webauthn_want elsewhere = site;
    struct ll_err err;

    begin(w);
    bind(w, &person);
    const char *id = give(w, &person);
    assert_ok(ll_consent_verify(&w->env, id, &site, &err));
    elsewhere.rp_id = "evil.example";
    assert_int_equal(ll_consent_verify(&w->env, id, &elsewhere, &err), LL_INVALID);
    assert_ok(
        ll_exec(w->env.tx, &err, "UPDATE consent SET text = replace(text, '贷前审查', '任何用途')", ""));
    assert_int_equal(ll_consent_verify(&w->env, id, &site, &err), LL_INVALID);
    assert_ok(ll_exec(w->env.tx, &err,
                      "UPDATE consent_evidence SET evidence = replace(evidence, '贷前审查', '任何用途')",
                      ""));
    assert_int_equal(ll_consent_verify(&w->env, id, &site, &err), LL_INVALID);
    assert_int_equal(ll_exec(w->env.tx, &err, "DELETE FROM consent", ""), LL_CONFLICT);
    commit(w);
}

static void test_the_database_shows_no_identifier(void **state)
{
    struct world *w = *state;
    static const char *const suffixes[] = {"", "-wal"};
    char path[LL_PATH];
    struct ll_err err;

    begin(w);
    bind(w, &person);
    give(w, &person);
    commit(w);
    size_t found = 0;
    for (size_t i = 0; i < LL_COUNT(suffixes); i++) {
        struct ll_buf file = LL_BUF_INIT(64 << 20);
        snprintf(path, sizeof path, "%s/luling.db%s", w->s.dir, suffixes[i]);
        if (ll_fs_exists(path)) {
            assert_ok(ll_fs_read(path, 32 << 20, &file, &err));
            assert_null(memmem(file.p, file.n, PERSON, 18));
            assert_null(memmem(file.p, file.n, "张三丰", strlen("张三丰")));
            found += memmem(file.p, file.n, "贷前审查", strlen("贷前审查")) != NULL;
        }
        ll_buf_free(&file);
    }
    assert_true(found > 0);
}

static void test_lists_are_by_holder_and_by_subject(void **state)
{
    struct world *w = *state;
    struct ll_consent *list;
    size_t n;
    int64_t total;
    struct ll_err err;

    begin(w);
    bind(w, &company);
    for (unsigned i = 0; i < 3; i++)
        give(w, &company);
    struct ll_consent_query q = {.organisation = "BK001", .limit = 2};
    assert_ok(ll_consent_list(&w->env, &q, &list, &n, &total, &err));
    assert_int_equal(n, 2);
    assert_int_equal(total, 3);
    q = (struct ll_consent_query){.who = &company};
    assert_ok(ll_consent_list(&w->env, &q, &list, &n, &total, &err));
    assert_int_equal(n, 3);
    q = (struct ll_consent_query){.who = &person};
    assert_ok(ll_consent_list(&w->env, &q, &list, &n, &total, &err));
    assert_int_equal(n, 0);
    q = (struct ll_consent_query){.organisation = "JA000"};
    assert_ok(ll_consent_list(&w->env, &q, &list, &n, &total, &err));
    assert_int_equal(n, 0);
    commit(w);
}

/* What another program sees: the credential, and whether it still holds. */
static void test_a_credential_and_its_status(void **state)
{
    struct world *w = *state;
    struct ll_buf credential = LL_BUF_INIT(LL_SDJWT_MAX), list = LL_BUF_INIT(1 << 17);
    const struct ll_sdjwt_want want = {.typ = "dc+sd-jwt", .now_s = ll_now_ms() / 1000};
    const struct ll_key *issuer = NULL;
    json_t *claims = NULL, *status;
    struct ll_err err;
    unsigned seen = 9;

    begin(w);
    bind(w, &company);
    give(w, &company);
    const char *id = give(w, &company);
    assert_ok(ll_consent_credential(&w->env, id, BASE, w->pk.key, &credential, &err));
    assert_ok(ll_keyring_signer(w->keys, LL_FOR_CREDENTIAL, &issuer, NULL, &err));
    assert_ok(ll_sdjwt_verify(ll_buf_view(&credential), issuer, &want, &claims, &err));
    assert_string_equal(json_string_value(json_object_get(claims, "subject")), COMPANY);
    assert_string_equal(json_string_value(json_object_get(claims, "grantee")), "BK001");
    assert_int_equal(json_array_size(json_object_get(claims, "dataset")), 2);
    status = json_object_get(json_object_get(claims, "status"), "status_list");
    assert_int_equal(json_integer_value(json_object_get(status, "idx")), 1);
    assert_string_equal(json_string_value(json_object_get(status, "uri")), BASE "/status/0");
    json_decref(claims);

    for (unsigned withdrawn = 0; withdrawn < 2; withdrawn++) {
        ll_buf_clear(&list);
        assert_ok(ll_consent_status_list(&w->env, 0, BASE, 600, &list, &err));
        assert_ok(
            ll_status_read(ll_buf_view(&list), issuer, BASE "/status/0", ll_now_ms() / 1000, 1, &seen, &err));
        assert_int_equal(seen, withdrawn ? LL_STATUS_INVALID : LL_STATUS_VALID);
        assert_ok(
            ll_status_read(ll_buf_view(&list), issuer, BASE "/status/0", ll_now_ms() / 1000, 0, &seen, &err));
        assert_int_equal(seen, LL_STATUS_VALID);
        if (!withdrawn)
            assert_ok(ll_consent_withdraw(&w->env, id, "客户来电", &err));
    }
    assert_int_equal(ll_consent_credential(&w->env, id, BASE, NULL, &credential, &err), LL_CONFLICT);
    assert_int_equal(ll_consent_status_list(&w->env, 1, BASE, 600, &list, &err), LL_NOTFOUND);
    commit(w);
    ll_buf_free(&credential);
    ll_buf_free(&list);
}

static void test_every_act_comes_into_the_journal_once(void **state)
{
    struct world *w = *state;
    struct fixture fx;
    struct ll_buf entry = LL_BUF_INIT(LL_ENTRY_MAX), payload = LL_BUF_INIT(LL_ENTRY_MAX);
    struct ll_err err;
    size_t n;

    fixture_open(&fx);
    begin(w);
    bind(w, &person);
    const char *id = give(w, &person);
    assert_ok(ll_consent_withdraw(&w->env, id, "客户来电", &err));
    commit(w);
    assert_ok(ll_consent_journal(w->s.st, w->keys, fx.j, 10, &n, &err));
    assert_int_equal(n, 2);
    assert_ok(ll_consent_journal(w->s.st, w->keys, fx.j, 10, &n, &err));
    assert_int_equal(n, 0);
    for (unsigned i = 0; i < 2; i++) {
        ll_buf_clear(&entry);
        ll_buf_clear(&payload);
        assert_ok(ll_journal_entry(fx.j, i, &entry, &payload, &err));
        assert_non_null(strstr(entry.p, "\"type\":\"consent\""));
        assert_non_null(
            memmem(payload.p, payload.n, i ? "\"act\":\"withdrawn\"" : "\"act\":\"given\"", i ? 17 : 13));
        assert_non_null(memmem(payload.p, payload.n, id, strlen(id)));
        assert_null(memmem(payload.p, payload.n, PERSON, 18));
        assert_int_equal(memmem(payload.p, payload.n, "\"evidence\":", 11) != NULL, i == 0);
    }
    ll_buf_free(&entry);
    ll_buf_free(&payload);
    fixture_close(&fx);
}

static void test_who_vouched_for_a_passkey_is_in_the_journal(void **state)
{
    static const char *const told[] = {"\"act\":\"passkey-bound\"", "\"act\":\"passkey-ended\""};
    struct world *w = *state;
    struct fixture fx;
    struct ll_buf entry = LL_BUF_INIT(LL_ENTRY_MAX), payload = LL_BUF_INIT(LL_ENTRY_MAX);
    struct ll_err err;
    size_t n;

    fixture_open(&fx);
    begin(w);
    bind(w, &person);
    commit(w);
    assert_ok(ll_consent_key_journal(w->s.st, w->keys, fx.j, 10, &n, &err));
    assert_int_equal(n, 1);
    begin(w);
    assert_ok(ll_consent_key_end(&w->env, w->key, &err));
    commit(w);
    assert_ok(ll_consent_key_journal(w->s.st, w->keys, fx.j, 10, &n, &err));
    assert_int_equal(n, 1);
    assert_ok(ll_consent_key_journal(w->s.st, w->keys, fx.j, 10, &n, &err));
    assert_int_equal(n, 0);
    for (unsigned i = 0; i < 2; i++) {
        ll_buf_clear(&entry);
        ll_buf_clear(&payload);
        assert_ok(ll_journal_entry(fx.j, i, &entry, &payload, &err));
        assert_non_null(memmem(payload.p, payload.n, told[i], strlen(told[i])));
        assert_non_null(memmem(payload.p, payload.n, "\"account\":\"zhang\"", 17));
        assert_null(memmem(payload.p, payload.n, PERSON, 18));
    }
    ll_buf_free(&entry);
    ll_buf_free(&payload);
    fixture_close(&fx);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        T(test_the_text_says_what_holds),
        T(test_what_was_signed_holds_and_no_more),
        T(test_a_token_makes_one_passkey_in_time),
        T(test_a_period_begins_and_ends),
        T(test_withdrawal_is_signed_and_holds_at_once),
        T(test_signatures_that_do_not_count),
        T(test_another_subjects_passkey_signs_nothing),
        T(test_paper_is_a_weaker_kind),
        T(test_the_best_consent_is_used),
        T(test_what_may_not_be_asked),
        T(test_anybody_can_verify_it_again),
        T(test_the_database_shows_no_identifier),
        T(test_lists_are_by_holder_and_by_subject),
        T(test_a_credential_and_its_status),
        T(test_every_act_comes_into_the_journal_once),
        T(test_who_vouched_for_a_passkey_is_in_the_journal),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
