/* complaint.c - whatever random people do on random days, a complaint moves by its table alone, is extended once and reopened once, and ends are ends; codes
 * cannot be guessed, limits are working days, and small figures tell nobody. */
#include "../../catalog/fixture.h"

#include "apps/finance/complaint_figures.h"
#include "apps/finance/deal_sweep.h"
#include "base/clock.h"

#include <math.h>

enum { COMPLAINTS = 60, STEPS = 1500, DAY_MS = 86400000 };
static const int64_t start = INT64_C(1793066400000); /* a Tuesday, 27 October 2026, 10 o'clock in China */

static struct scratch s;
static struct ll_catalog *cat;
static struct ll_vault *vault;
static struct ll_arena *arena;
static struct ll_err err;
static uint64_t seed = 83;
static int64_t now;

/* splitmix64: the same histories on every machine. */
static unsigned below(unsigned n)
{
    uint64_t z = seed += 0x9E3779B97F4A7C15u;

    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return (unsigned)((z ^ z >> 31) % n);
}

static void set_now(int64_t ms)
{
    char text[32];

    now = ms;
    snprintf(text, sizeof text, "%lld", (long long)ms);
    setenv("LULING_NOW", text, 1);
}

static const struct ll_product products[] = {{.name = "p0", .title = {"p0", "p0"}, .organisation = "BANK0"},
                                             {.name = "p1", .title = {"p1", "p1"}, .organisation = "BANK1"}};
static const struct ll_products all = {.list = (struct ll_product *)products, .n = LL_COUNT(products)};

static struct ll_complaint_env begin(bool write, const struct ll_actor *actor)
{
    struct ll_complaint_env env = {
        .vault = vault, .cat = cat, .products = &all, .actor = actor, .arena = arena};

    assert_ok(ll_txn_begin(s.st, write, &env.tx, &err));
    return env;
}

static void keep(struct ll_complaint_env *env)
{
    assert_ok(ll_txn_commit(env->tx, &err));
    ll_txn_end(env->tx);
}

static int set_up(void **state)
{
    struct ll_load_result result;
    struct ll_txn *tx = NULL;
    struct files f;
    (void)state;

    set_now(start);
    scratch_open(&s);
    files_start(&f);
    files_put(
        &f, "pack.json",
        "{\"name\": \"complaints\", \"version\": \"1.0.0\", \"title\": {\"zh\": \"x\", \"en\": \"x\"}, \"needs\": [], \"sample\": true}");
    files_put(
        &f, "codes/FIN_COMPLAINT_KIND.csv",
        "code,title,title_en,parent,status,synonyms,basis,source\n01,收费,,,,,own,x\n02,催收,,,,,own,x\n");
    files_put(&f, "codes/REGION.csv",
              "code,title,title_en,parent,status,synonyms,basis,source\n360800,吉安市,,,,,own,x\n");
    files_put(
        &f, "organisations.csv",
        "code,name,name_en,region,parent,role,uscc,basis\nBANK0,银行,,360800,,consumer,,own\nBANK1,银行,,360800,,consumer,,own\n"
        "HUB,平台,,360800,,platform,,own\n");
    assert_ok(scratch_load(&s, &f, &result, NULL, &err));
    files_free(&f);
    cat = scratch_catalog(&s);
    arena = ll_arena_new(0);
    assert_ok(
        ll_vault_open(s.st, &(struct ll_vault_opts){.data_dir = s.dir, .alg = LL_AES256_GCM}, &vault, &err));
    assert_ok(ll_complaint_prepare(vault, &err));
    assert_ok(ll_txn_begin(s.st, true, &tx, &err));
    assert_ok(ll_exec(tx, &err,
                      "INSERT INTO consent_subject (id, scheme, sealed, mask, title, made_at) VALUES"
                      " ('s-0', 'uscc', '', '', '甲', 0)",
                      ""));
    assert_ok(ll_txn_commit(tx, &err));
    ll_txn_end(tx);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    vault = ll_vault_close(vault);
    ll_catalog_unref(cat);
    ll_arena_free(arena);
    scratch_close(&s);
    unsetenv("LULING_NOW");
    return 0;
}

static const struct ll_actor
    nobody = {.account = NULL},
    subject = {.subject = "s-0"},
    officer = {.account = "b0", .organisation = "BANK0", .roles = LL_DUTY_CONSUMER_STEWARD},
    other = {.account = "b1", .organisation = "BANK1", .roles = LL_DUTY_CONSUMER_STEWARD},
    operators[] = {{.account = "h0", .organisation = "HUB", .roles = LL_DUTY_OPERATOR},
                   {.account = "h1", .organisation = "HUB", .roles = LL_DUTY_OPERATOR}};

struct made {
    char id[LL_FLOW_ID_TEXT], code[LL_COMPLAINT_CODE];
};

static struct made add(const struct ll_actor *who, const char *organisation, const char *kind)
{
    const struct ll_complaint_new n = {.kind = kind,
                                       .organisation = organisation,
                                       .told = {"宣传年利率3%，实际收了5%。", NULL},
                                       .contact = {"郑某某", "13912345678"}};
    struct ll_complaint_env env = begin(true, who);
    struct made m;

    assert_ok(ll_complaint_add(&env, &n, m.id, m.code, &err));
    keep(&env);
    return m;
}

static struct ll_complaint get(const char *id)
{
    struct ll_complaint_env env = begin(false, &nobody);
    struct ll_complaint c;

    assert_ok(ll_complaint_get(&env, id, &c, &err));
    ll_txn_end(env.tx);
    return c;
}

static int act(const char *id, const struct ll_actor *who, const char *action)
{
    const struct ll_complaint c = get(id);
    const struct ll_complaint_act a = {.flow = {.action = action,
                                                .actor = who,
                                                .reason = strcmp(action, "rate") ? "理由" : NULL,
                                                .legal_basis = "《某某办法》"},
                                       .rating = strcmp(action, "rate") ? 0 : 1 + below(5)};
    struct ll_complaint_env env = begin(true, who);
    int rc = ll_complaint_act(&env, &c, &a, &err);

    if (rc == LL_OK)
        assert_ok(ll_txn_commit(env.tx, &err));
    ll_txn_end(env.tx);
    return rc;
}

static struct ll_swept sweep(void)
{
    struct ll_swept swept;

    assert_ok(ll_flow_sweep(s.st, now, ll_deal_swept, LL_DEAL_SWEPT, &swept, &err));
    return swept;
}

/* ---- random histories ---- */

/* O: operator, B: the institution's officer, C: who complained.  "@" institution, "#" platform; what stands here is all that may happen. */
static const struct {
    const char *from, *action, *to;
    char who, about;
} moves[] = {
    {"received", "forward", "with_institution", 'O', '@'},
    {"received", "take_up", "with_platform", 'O', '#'},
    {"received", "reject", "rejected", 'O', 0},
    {"received", "withdraw", "withdrawn", 'C', 0},
    {"with_institution", "answer", "answered", 'B', '@'},
    {"with_institution", "extend", "extended", 'B', '@'},
    {"with_institution", "withdraw", "withdrawn", 'C', 0},
    {"extended", "answer", "answered", 'B', '@'},
    {"extended", "withdraw", "withdrawn", 'C', 0},
    {"with_platform", "answer", "answered", 'O', '#'},
    {"with_platform", "withdraw", "withdrawn", 'C', 0},
    {"answered", "rate", "closed", 'C', 0},
    {"answered", "reopen", "mediation", 'C', 0},
    {"mediation", "mediate", "mediated", 'O', 0},
    {"mediation", "withdraw", "withdrawn", 'C', 0},
    {"mediated", "rate", "closed", 'C', 0},
};
static const char *const actions[] = {"forward", "take_up", "reject", "withdraw", "answer",
                                      "extend",  "reopen",  "rate",   "mediate",  "lapse"};

struct told {
    struct made made;
    bool own; /* the subject's */
    const char *organisation;
    const struct ll_actor *answered; /* by which operator */
    char state[24];
    int extended, reopened;
};

static const char *expected(const struct told *x, const char *action, char who, const struct ll_actor *actor)
{
    for (size_t i = 0; i < LL_COUNT(moves); i++)
        if (strcmp(moves[i].from, x->state) == 0 && strcmp(moves[i].action, action) == 0 &&
            moves[i].who == who && (!moves[i].about || (moves[i].about == '@') == (x->organisation != NULL)))
            return strcmp(action, "mediate") == 0 && x->answered == actor ? NULL : moves[i].to;
    return NULL;
}

static void one_step(struct told *x)
{
    const struct ll_actor self = {.subject = x->own ? "s-0" : x->made.id};
    const struct ll_actor *const people[] = {&operators[0], &operators[1], &officer, &other, &self, &subject};
    const unsigned at = below(LL_COUNT(people));
    const char who = at < 2                           ? 'O'
                     : at == 2 && x->organisation     ? 'B'
                     : at == 4 || (at == 5 && x->own) ? 'C'
                                                      : 'X';
    const char *action = actions[below(LL_COUNT(actions))];
    const char *to = expected(x, action, who, people[at]);
    const int rc = act(x->made.id, people[at], action);
    const struct ll_complaint c = get(x->made.id);

    if ((rc == LL_OK) != (to != NULL))
        fail_msg("%s in %s by %c: %d %s", action, x->state, who, rc, err.en);
    if (to)
        snprintf(x->state, sizeof x->state, "%s", to);
    if (to && strcmp(action, "answer") == 0)
        x->answered = people[at];
    x->extended += to && strcmp(action, "extend") == 0;
    x->reopened += to && strcmp(action, "reopen") == 0;
    assert_string_equal(ll_state_word(c.state), x->state);
    assert_true(x->extended <= 1 && x->reopened <= 1);
    assert_int_equal(c.answered_at != 0, x->answered != NULL);
    assert_int_equal(c.reopened_at != 0, x->reopened);
    assert_int_equal(c.due_at != 0, !ll_flow_states[c.state].end);
}

/* An answer that nobody rates is closed by time, and nothing else is. */
static void days_pass(struct told *list, size_t n)
{
    set_now(now + (int64_t)below(4) * DAY_MS);
    sweep();
    for (size_t i = 0; i < n; i++) {
        const struct ll_complaint c = get(list[i].made.id);
        const char *state = ll_state_word(c.state);
        if (strcmp(state, list[i].state) == 0)
            continue;
        assert_string_equal(state, "closed");
        assert_true(strcmp(list[i].state, "answered") == 0 || strcmp(list[i].state, "mediated") == 0);
        assert_int_equal(c.rating, -1);
        snprintf(list[i].state, sizeof list[i].state, "closed");
    }
}

static void test_random_histories_keep_to_the_table(void **state)
{
    static struct told list[COMPLAINTS];
    size_t n = 0, own = 0;
    (void)state;

    for (unsigned i = 0; i < STEPS; i++) {
        if (n < COMPLAINTS && below(12) == 0) {
            struct told x = {.own = own < LL_COMPLAINT_OPEN && below(3) == 0,
                             .organisation = below(3) ? "BANK0" : NULL,
                             .state = "received"};
            own += x.own;
            x.made = add(x.own ? &subject : &nobody, x.organisation, "01");
            assert_int_equal(x.made.code[0] == 0, x.own);
            list[n++] = x;
        } else if (below(25) == 0) {
            days_pass(list, n);
        } else if (n) {
            one_step(&list[below((unsigned)n)]);
        }
        if (i % 100 == 0)
            ll_arena_reset(arena);
    }
    assert_int_equal(n, COMPLAINTS);
}

/* ---- limits ---- */

static void test_limits_are_working_days_and_the_sweep_says_each_once(void **state)
{
    const struct made m = add(&nobody, "BANK0", "01");
    const struct ll_settings set = {
        .complaint_accept_days = 1, .complaint_answer_days = 5, .complaint_extension_days = 2};
    struct ll_complaint_env env;
    struct ll_swept swept;
    (void)state;

    assert_true(get(m.id).due_at ==
                start + 3 * (int64_t)DAY_MS + 14 * 3600000); /* to the end of Friday in China */
    assert_int_equal(sweep().reminded, 0);
    set_now(start + 2 * (int64_t)DAY_MS);
    assert_int_equal(sweep().reminded, 1);
    set_now(start + 7 * (int64_t)DAY_MS);
    swept = sweep();
    assert_true(swept.escalated == 1 && swept.reminded == 0);
    swept = sweep();
    assert_true(swept.escalated == 0 && swept.reminded == 0 && swept.lapsed == 0);
    assert_ok(act(m.id, &operators[0], "forward"));
    const int64_t ten = get(m.id).due_at;

    const struct ll_complaint c = get(add(&nobody, "BANK0", "01").id);
    const struct ll_complaint_act a = {.flow = {.action = "forward", .actor = &operators[0]}};
    env = begin(true, &operators[0]);
    env.settings = &set;
    assert_ok(ll_complaint_act(&env, &c, &a, &err));
    keep(&env);
    assert_true(get(c.id).due_at == start + (int64_t)14 * DAY_MS + 14 * 3600000 && ten > get(c.id).due_at);

    assert_ok(act(m.id, &officer, "answer"));
    set_now(ten + 30 * (int64_t)DAY_MS);
    assert_int_equal(sweep().lapsed, 1);
    assert_string_equal(ll_state_word(get(m.id).state), "closed");
}

/* ---- codes ---- */

static int open_by(const char *id, const char *code)
{
    struct ll_complaint_env env = begin(true, &nobody);
    struct ll_complaint c;
    int rc = ll_complaint_open(&env, id, code, &c, &err);

    keep(&env);
    return rc;
}

static void test_a_code_is_tried_ten_times_a_day(void **state)
{
    const struct made m = add(&nobody, NULL, "01"), own = add(&subject, NULL, "02");
    char lower[LL_COMPLAINT_CODE], wrong[LL_COMPLAINT_CODE];
    (void)state;

    for (size_t i = 0; i < sizeof lower; i++)
        lower[i] = m.code[i] >= 'A' && m.code[i] <= 'Z' ? (char)(m.code[i] + 32) : m.code[i];
    assert_ok(open_by(m.id, lower));
    assert_int_equal(open_by(own.id, ""), LL_NOTFOUND);
    assert_int_equal(open_by("T-20260101-0000000000", m.code), LL_NOTFOUND);
    memcpy(wrong, m.code, sizeof wrong);
    wrong[13] = wrong[13] == '0' ? '1' : '0';
    for (int i = 0; i < LL_COMPLAINT_TRIES; i++)
        assert_int_equal(open_by(m.id, i % 2 ? wrong : ""), LL_NOTFOUND);
    assert_int_equal(open_by(m.id, wrong), LL_TOOMANY);
    assert_int_equal(open_by(m.id, m.code), LL_TOOMANY);
    set_now(now + DAY_MS);
    assert_ok(open_by(m.id, m.code));
    assert_int_equal(open_by(m.id, wrong), LL_NOTFOUND);
    assert_ok(open_by(m.id, m.code));
}

/* ---- what is sealed ---- */

static void test_what_is_personal_opens_only_where_it_belongs(void **state)
{
    const struct made a = add(&nobody, "BANK0", "01");
    struct ll_complaint_contact contact;
    struct ll_complaint_env env;
    struct ll_stmt *q = NULL;
    (void)state;

    env = begin(true, &nobody);
    assert_ok(ll_complaint_contact_of(&env, a.id, &contact, &err));
    assert_string_equal(contact.phone, "13912345678");
    assert_ok(ll_sql(env.tx,
                     "SELECT count(*) FROM complaint WHERE instr(contact, '139') + instr(told, '宣传') +"
                     " instr(code_hash, $1) > 0",
                     &q, &err));
    ll_bind_z(q, 1, a.code);
    assert_int_equal(ll_step(q, &err), 1);
    assert_int_equal(ll_col_int(q, 0), 0);
    ll_stmt_done(q);
    assert_ok(ll_exec(env.tx, &err, "UPDATE complaint SET contact = told WHERE id = $1", "z", a.id));
    assert_true(ll_complaint_contact_of(&env, a.id, &contact, &err) < 0);
    ll_txn_end(env.tx);
}

/* ---- figures ---- */

static struct ll_complaint_figures figures(enum ll_complaint_by by, bool few)
{
    struct ll_complaint_env env = begin(false, &nobody);
    const struct ll_complaint_ask ask = {.by = by, .few = few};
    struct ll_complaint_figures f;

    assert_ok(ll_complaint_figures_read(&env, &ask, &f, &err));
    ll_txn_end(env.tx);
    return f;
}

static void test_figures_count_what_there_is_and_small_ones_tell_nobody(void **state)
{
    struct ll_complaint_row rows[] = {{.received = 9}, {.received = 2}, {.received = 4}, {.received = 0}};
    (void)state;

    for (int i = 0; i < 5; i++) {
        const struct made m = add(&nobody, i < 3 ? "BANK0" : i < 4 ? "BANK1" : NULL, "01");
        if (i > 2)
            continue;
        assert_ok(act(m.id, &operators[0], "forward"));
        set_now(now + (int64_t)i * DAY_MS); /* Tuesday, Wednesday, Thursday */
        assert_ok(act(m.id, &officer, "answer"));
        set_now(start);
    }
    struct ll_complaint_figures f = figures(LL_COMPLAINT_BY_INSTITUTION, false);
    assert_int_equal(f.n, 3); /* the platform, and two institutions */
    assert_true(f.rows[1].received == 3 && f.rows[1].answered == 3 && f.rows[1].in_time == 3);
    assert_true(f.rows[1].days == 1 && isnan(f.rows[1].rating) && f.total.received == 5);
    f = figures(LL_COMPLAINT_BY_INSTITUTION, true);
    assert_true(f.rows[0].held_back && !f.rows[1].held_back && f.rows[2].held_back && !f.total.held_back);
    ll_complaint_hold_back(rows, LL_COUNT(rows));
    assert_true(!rows[0].held_back && rows[1].held_back && rows[2].held_back && !rows[3].held_back);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_random_histories_keep_to_the_table, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_limits_are_working_days_and_the_sweep_says_each_once, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_a_code_is_tried_ten_times_a_day, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_is_personal_opens_only_where_it_belongs, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_figures_count_what_there_is_and_small_ones_tell_nobody, set_up,
                                        tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
