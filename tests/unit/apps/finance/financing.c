/* financing.c - whatever random firms, officers, systems and days do to financings and loan cases, money stays what it is, ends are ends, and everybody sees and
 * moves what is theirs alone: random histories against a plain model that knows the platform's table of states, and nothing of the program's. */
#include "../../catalog/fixture.h"

#include "apps/finance/bank_event.h"
#include "apps/finance/deal_sweep.h"
#include "base/clock.h"

#include <inttypes.h>

enum { HISTORIES = 3, STEPS = 900, FIRMS = 3, BANKS = 4, DAY_MS = 86400000, CASES = 400 };
static const int64_t start = INT64_C(1793000000000);

static const char *const firms[FIRMS] = {"s-0", "s-1", "s-2"};
static const char *const banks[BANKS] = {"BANK0", "BANK1", "BANK2", "GUARD"};

static struct scratch s;
static struct ll_catalog *cat;
static struct ll_err err;
static uint64_t seed;
static int64_t now;

/* splitmix64: the same histories on every machine. */
static uint64_t next(void)
{
    uint64_t z = seed += 0x9E3779B97F4A7C15u;

    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return z ^ z >> 31;
}

static unsigned below(unsigned n)
{
    return (unsigned)(next() % n);
}

static void set_now(int64_t ms)
{
    char text[32];

    now = ms;
    snprintf(text, sizeof text, "%lld", (long long)ms);
    setenv("LULING_NOW", text, 1);
}

/* --- the world -------------------------------------------------------------------------------------------------------------- */

static const char codes[] = "code,title,title_en,parent,status,synonyms,basis,source\n%s";

static void put_codes(struct files *f, const char *path, const char *rows)
{
    char text[512];

    snprintf(text, sizeof text, codes, rows);
    files_put(f, path, text);
}

static void run(const char *sql)
{
    struct ll_txn *tx = NULL;

    assert_ok(ll_txn_begin(s.st, true, &tx, &err));
    assert_ok(ll_exec(tx, &err, sql, ""));
    assert_ok(ll_txn_commit(tx, &err));
    ll_txn_end(tx);
}

static int64_t ask(const char *sql)
{
    struct ll_stmt *q = NULL;
    struct ll_txn *tx = NULL;

    assert_ok(ll_txn_begin(s.st, false, &tx, &err));
    assert_ok(ll_sql(tx, sql, &q, &err));
    assert_int_equal(ll_step(q, &err), 1);
    int64_t n = ll_col_int(q, 0);
    ll_stmt_done(q);
    ll_txn_end(tx);
    return n;
}

static void open_world(void)
{
    struct ll_load_result result;
    struct files f;

    set_now(start);
    scratch_open(&s);
    files_start(&f);
    files_put(
        &f, "pack.json",
        "{\"name\": \"deals\", \"version\": \"1.0.0\", \"title\": {\"zh\": \"x\", \"en\": \"x\"}, \"needs\": [], \"sample\": true}");
    put_codes(&f, "codes/FIN_PURPOSE.csv", "01,周转,,,,,own,x\n");
    put_codes(&f, "codes/FIN_REFUSAL_REASON.csv", "15,满,,,,,own,x\n99,其他,,,,,own,x\n");
    put_codes(&f, "codes/LOAN_GUARANTEE_STAT.csv", "D,信用,,,,,own,x\n");
    put_codes(&f, "codes/REGION.csv", "360800,吉安市,,,,,own,x\n");
    files_put(
        &f, "organisations.csv",
        "code,name,name_en,region,parent,role,uscc,basis\nBANK0,银行,,360800,,consumer,,own\nBANK1,银行,,360800,,consumer,,own\n"
        "BANK2,银行,,360800,,consumer,,own\nGUARD,担保,,360800,,consumer,,own\nHUB,平台,,360800,,platform,,own\n");
    assert_ok(scratch_load(&s, &f, &result, NULL, &err));
    files_free(&f);
    cat = scratch_catalog(&s);
    run("INSERT INTO consent_subject (id, scheme, sealed, mask, title, made_at) VALUES ('s-0', 'uscc', '', '', '甲', 0),"
        " ('s-1', 'uscc', '', '', '乙', 0), ('s-2', 'uscc', '', '', '丙', 0)");
}

static void close_world(void)
{
    ll_catalog_unref(cat);
    scratch_close(&s);
    unsetenv("LULING_NOW");
}

/* Products without rules, one or two a bank; GUARD's is a guarantee. */
static const struct ll_product products[] = {
    {.name = "p0", .title = {"p0", "p0"}, .organisation = "BANK0"},
    {.name = "p1", .title = {"p1", "p1"}, .organisation = "BANK1"},
    {.name = "p1b", .title = {"p1b", "p1b"}, .organisation = "BANK1"},
    {.name = "p2", .title = {"p2", "p2"}, .organisation = "BANK2"},
    {.name = "g", .title = {"g", "g"}, .organisation = "GUARD", .kind = LL_PRODUCT_GUARANTEE},
    {.name = "nobody", .title = {"n", "n"}, .organisation = ""}};

/* --- who acts ----------------------------------------------------------------------------------------------------------------- */

enum { OFFICER, APPROVER, SYSTEM, KINDS };

static struct ll_actor bank_actor(unsigned bank, unsigned kind)
{
    static const char *const names[BANKS][KINDS] = {
        {"o0", "a0", "c0"}, {"o1", "a1", "c1"}, {"o2", "a2", "c2"}, {"o3", "a3", "c3"}};
    struct ll_actor a = {.organisation = banks[bank]};

    if (kind == SYSTEM)
        a.client = names[bank][kind];
    else
        a.account = names[bank][kind];
    a.roles = kind == OFFICER ? LL_DUTY_CONSUMER_STEWARD : kind == APPROVER ? LL_DUTY_APPROVER : 0;
    return a;
}

/* --- the model ------------------------------------------------------------------------------------------------------------------ */

/* The platform's table of states (codes), with what is ours: repeated draws and repayments, a firm that withdraws later, money that comes after it went bad. */
static const struct {
    const char *from, *to;
} moves[] = {{"00", "10"}, {"00", "99"}, {"10", "20"}, {"10", "31"}, {"10", "99"}, {"20", "30"},
             {"20", "31"}, {"20", "40"}, {"20", "99"}, {"30", "40"}, {"30", "31"}, {"30", "99"},
             {"40", "50"}, {"40", "41"}, {"40", "99"}, {"50", "60"}, {"50", "70"}, {"50", "80"},
             {"60", "70"}, {"60", "80"}, {"80", "60"}, {"80", "70"}, {"80", "81"}, {"81", "70"}};

struct seen {
    char id[LL_FLOW_ID_TEXT], financing[LL_FLOW_ID_TEXT];
    const char *code, *organisation, *subject;
    int64_t granted, drawn, repaid;
};
static struct seen model[CASES];
static size_t n_model;

static bool may_move(const char *from, const char *to)
{
    for (size_t i = 0; i < LL_COUNT(moves); i++)
        if (strcmp(moves[i].from, from) == 0 && strcmp(moves[i].to, to) == 0)
            return true;
    return strcmp(from, to) == 0;
}

static const char *keep(const char *const *list, size_t n, const char *text)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(list[i], text) == 0)
            return list[i];
    fail_msg("nobody is called %s", text);
    return NULL;
}

/* What became of a case since it was last seen: only what the table allows, only forward, only within the grant. */
static void compare(const struct ll_loan_case *c, const struct ll_financing *f)
{
    struct seen *m = NULL;

    for (size_t i = 0; i < n_model && !m; i++)
        if (strcmp(model[i].id, c->id) == 0)
            m = &model[i];
    if (!m) {
        assert_true(n_model < CASES);
        m = &model[n_model++];
        *m = (struct seen){.code = "00",
                           .organisation = keep(banks, BANKS, c->organisation),
                           .subject = keep(firms, FIRMS, c->subject),
                           .granted = -1};
        snprintf(m->id, sizeof m->id, "%s", c->id);
        snprintf(m->financing, sizeof m->financing, "%s", c->financing);
    }
    if (!may_move(m->code, ll_case_code(c->state)))
        fail_msg("%s went from %s to %s", c->id, m->code, ll_case_code(c->state));
    assert_string_equal(m->organisation, c->organisation);
    assert_string_equal(m->subject, f->subject);
    if (m->granted >= 0)
        assert_int_equal(m->granted, c->granted);
    assert_true(c->granted <= f->amount);
    assert_true(c->drawn >= m->drawn && c->repaid >= m->repaid);
    assert_true(c->drawn <= (c->granted > 0 ? c->granted : 0) && c->repaid <= c->drawn);
    if (strcmp(ll_case_code(c->state), "70") == 0 && c->lost < 0)
        assert_int_equal(c->drawn, c->repaid);
    if (c->state == LL_STATE_CASE_DILIGENCE)
        assert_non_null(c->consent);
    m->code = ll_case_code(c->state);
    m->granted = c->granted;
    m->drawn = c->drawn;
    m->repaid = c->repaid;
}

static void check_all(void)
{
    struct ll_arena *arena = ll_arena_new(0);
    struct ll_deal_env env = {.cat = cat, .arena = arena};
    const struct ll_loan_query q = {.limit = CASES};
    struct ll_loan_case *list = NULL;
    struct ll_financing f;
    int64_t total;
    size_t n = 0;

    assert_ok(ll_txn_begin(s.st, false, &env.tx, &err));
    assert_ok(ll_loan_list(&env, &q, &list, &n, &total, &err));
    assert_int_equal(n, total);
    for (size_t i = 0; i < n; i++) {
        assert_ok(ll_financing_get(&env, list[i].financing, &f, &err));
        compare(&list[i], &f);
    }
    assert_int_equal(n, n_model); /* none is ever gone */
    ll_txn_end(env.tx);
    ll_arena_free(arena);
}

/* What the tables must say together, whatever happened. */
static void check_sums(void)
{
    static const char *const never[] = {
        "SELECT count(*) FROM loan_case c WHERE drawn <> (SELECT coalesce(sum(amount), 0) FROM loan_draw d WHERE d.loan_case = c.id)",
        "SELECT count(*) FROM loan_case c WHERE repaid <> (SELECT coalesce(sum(principal), 0) FROM loan_repayment r WHERE r.loan_case = c.id)",
        "SELECT count(*) FROM loan_case c WHERE drawn <> (SELECT coalesce(sum(amount), 0) FROM finance_event e WHERE e.loan_case = c.id AND e.kind = 'drawn')",
        /* a repayment is one more row, whoever reported it */
        "SELECT count(*) FROM loan_case c WHERE (SELECT count(*) FROM loan_repayment r WHERE r.loan_case = c.id) <>"
        " (SELECT count(*) FROM finance_event e WHERE e.loan_case = c.id AND e.kind = 'repaid')",
        "SELECT count(*) FROM (SELECT 1 FROM loan_case GROUP BY financing, organisation HAVING count(*) > 1)",
        "SELECT count(*) FROM (SELECT financing FROM loan_case WHERE drawn > 0 GROUP BY financing HAVING count(*) > 1)",
        "SELECT count(*) FROM financing f WHERE f.mode = 'open' AND (SELECT count(*) FROM loan_case c WHERE c.financing = f.id AND c.way = 'taken'"
        " AND c.state NOT IN ('withdrawn', 'refused', 'lapsed')) > f.open_most",
        /* the first money ends the rest */
        "SELECT count(*) FROM financing f JOIN loan_case c ON c.financing = f.id WHERE f.state = 'met' AND c.drawn = 0"
        " AND c.state NOT IN ('withdrawn', 'refused', 'lapsed')",
        "SELECT count(*) FROM financing f WHERE f.state <> 'met' AND EXISTS (SELECT 1 FROM loan_case c WHERE c.financing = f.id AND c.drawn > 0)",
        "SELECT count(*) FROM financing f JOIN loan_case c ON c.financing = f.id WHERE f.state IN ('withdrawn', 'closed')"
        " AND c.state NOT IN ('withdrawn', 'refused', 'lapsed')",
        /* handed on: one at a time, after a refusal, as the firm said */
        "SELECT count(*) FROM loan_case c WHERE c.way IN ('next', 'guarantee') AND c.before_case NOT IN (SELECT id FROM loan_case WHERE state = 'refused')",
        /* due diligence rests on a consent to this institution, for such a purpose */
        "SELECT count(*) FROM loan_case c WHERE c.consent IS NOT NULL AND NOT EXISTS (SELECT 1 FROM consent k WHERE k.id = c.consent AND k.subject = c.subject"
        " AND k.organisation = c.organisation AND k.purpose LIKE '%贷前%')",
        "SELECT count(*) FROM loan_case WHERE state = 'refused' AND refusal IS NULL",
        /* the bank's system is told once that a case came, and once that it went */
        "SELECT count(*) FROM loan_case c WHERE (c.applied_at IS NOT NULL) <> (SELECT count(*) FROM outbox o WHERE o.kind = 'cases' AND o.object = c.id"
        " AND o.act = 'applied' AND o.organisation = c.organisation)",
        "SELECT count(*) FROM loan_case c WHERE (c.applied_at IS NOT NULL AND c.state = 'withdrawn') <> (SELECT count(*) FROM outbox o WHERE o.kind ="
        " 'cases' AND o.object = c.id AND o.act = 'withdrawn')",
        "SELECT count(*) FROM loan_case WHERE state <> 'draft' AND state <> 'withdrawn' AND applied_at IS NULL",
        "SELECT count(*) FROM flow_event e JOIN loan_case c ON c.id = e.object WHERE e.organisation IS NOT NULL AND e.organisation NOT IN (c.organisation, 'HUB')",
        /* four eyes */
        "SELECT count(*) FROM flow_event g JOIN flow_event a ON a.object = g.object AND a.account = g.account AND a.part = 'lender'"
        " WHERE g.flow = 'loan_case' AND g.action = 'grant' AND g.account IS NOT NULL"};

    for (size_t i = 0; i < LL_COUNT(never); i++)
        if (ask(never[i]))
            fail_msg("%s", never[i]);
}

/* --- what may happen ------------------------------------------------------------------------------------------------------------ */

struct doing {
    struct ll_deal_env env;
    struct ll_actor actor;
    char financing[LL_FLOW_ID_TEXT], loan[LL_FLOW_ID_TEXT];
    const struct seen *target; /* of loan */
};

static void some_id(struct ll_txn *tx, const char *sql, char out[LL_FLOW_ID_TEXT])
{
    struct ll_stmt *q = NULL;

    snprintf(out, LL_FLOW_ID_TEXT, "F-none");
    assert_ok(ll_sql(tx, sql, &q, &err));
    ll_bind_int(q, 1, (int64_t)below(1000000));
    if (ll_step(q, &err) > 0)
        snprintf(out, LL_FLOW_ID_TEXT, "%.*s", LL_STR_ARG(ll_col_text(q, 0)));
    ll_stmt_done(q);
}

static int firm_begins(struct doing *d)
{
    const struct ll_financing_told told = {.mode = (enum ll_financing_mode)below(LL_MODE_COUNT),
                                           .pass_on = (enum ll_pass_on)below(LL_PASS_COUNT),
                                           .amount = 1000000 + (int64_t)below(1000000),
                                           .term = 12,
                                           .rate_most = -1,
                                           .open_most = 1 + below(2),
                                           .purpose = "01"};
    struct ll_financing_told t = told;
    struct ll_financing_fit fits[LL_COUNT(products)];
    const struct ll_financing_known k = {.fits = fits, .n = LL_COUNT(products), .loans = -1};
    char id[LL_FLOW_ID_TEXT];
    int rc;

    for (size_t i = 0; i < LL_COUNT(products); i++)
        fits[i] = (struct ll_financing_fit){.match = {.product = &products[i], .misses = below(4) == 0}};
    if (t.mode == LL_MODE_DIRECT)
        t.product = products[below(LL_COUNT(products))].name;
    rc = ll_financing_add(&d->env, &t, id, &err);
    return rc < 0 ? rc : ll_financing_publish(&d->env, id, &k, &err);
}

static int firm_steers(struct doing *d)
{
    char id[LL_FLOW_ID_TEXT];

    switch (below(6)) {
    case 0:
        return ll_financing_withdraw(&d->env, d->financing, NULL, &err);
    case 1:
        return ll_financing_pass_on(&d->env, d->financing, (enum ll_pass_on)below(LL_PASS_COUNT), &err);
    default:
        return ll_loan_apply(&d->env, d->financing, products[below(LL_COUNT(products))].name, id, &err);
    }
}

static int offered(struct doing *d)
{
    static const char *const actions[] = {"take", "invite", "assign"};
    char id[LL_FLOW_ID_TEXT];

    return ll_loan_offer(&d->env, d->financing, actions[below(3)], products[below(LL_COUNT(products))].name,
                         below(3) ? "理由" : NULL, id, &err);
}

static void fill(struct ll_loan_act *a, char loan_no[LL_LOAN_NO_MAX])
{
    static int64_t loans;
    const int64_t today = now / DAY_MS;

    snprintf(loan_no, LL_LOAN_NO_MAX, "J%lld", (long long)(below(8) ? ++loans : loans));
    a->refusal = below(3) ? "15" : below(2) ? "99" : "77";
    a->amount = below(10) ? (int64_t)below(1500000) : -1;
    a->interest = below(2) ? (int64_t)below(1000) : -1;
    a->rate = 43500;
    a->term = 12;
    a->overdue_days = 1 + below(30);
    a->day = below(4) ? 0 : today - (int64_t)below(3);
    a->due_day = today + 100;
    a->valid_day = today + (int64_t)below(12);
    a->loan_no = loan_no;
}

/* What would come next, by code: half of what is tried is sensible. */
static const struct {
    const char *code, *actions[4];
} sensible[] = {{"00", {"apply"}},
                {"10", {"accept"}},
                {"20", {"investigate"}},
                {"30", {"grant", "grant", "grant", "refuse"}},
                {"40", {"draw"}},
                {"50", {"repay", "draw", "overdue"}},
                {"60", {"repay", "settle"}},
                {"80", {"cure", "repay", "bad", "settle"}},
                {"81", {"settle", "repay"}}};

static const char *sensible_action(const char *code)
{
    for (size_t i = 0; i < LL_COUNT(sensible); i++)
        if (strcmp(sensible[i].code, code) == 0) {
            const char *action = sensible[i].actions[below(4)];
            return action ? action : sensible[i].actions[0];
        }
    return "repay";
}

static int case_moves(struct doing *d)
{
    static const char *const actions[] = {"apply",   "accept", "investigate", "refuse", "grant", "draw",
                                          "repay",   "repay",  "draw",        "cure",   "bad",   "settle",
                                          "overdue", "grant",  "withdraw",    "lapse",  "drop",  "hand_on"};
    char loan_no[LL_LOAN_NO_MAX];
    struct ll_loan_act a = {.flow = {.action = actions[below(LL_COUNT(actions))],
                                     .actor = &d->actor,
                                     .reason = below(3) ? "理由" : NULL}};

    if (d->target && below(2))
        a.flow.action = sensible_action(d->target->code);
    fill(&a, loan_no);
    if (d->target && strcmp(a.flow.action, "repay") == 0 && below(2))
        a.amount = d->target->drawn - d->target->repaid; /* all of it */
    return ll_loan_act(&d->env, d->loan, &a, &err);
}

static int system_reports(struct doing *d)
{
    static const char *const events[] = {"accepted", "due_diligence", "refused", "granted", "drawn",
                                         "repaid",   "overdue",       "cured",   "bad",     "settled"};
    char number[16], loan_no[LL_LOAN_NO_MAX], said[64];
    struct ll_bank_event e = {
        .number = number, .loan_case = d->loan, .event = events[below(LL_COUNT(events))]};
    struct ll_bank_event_taken taken;

    if (!d->actor.client)
        return LL_DENIED; /* the route is for systems */
    fill(&e.act, loan_no);
    snprintf(number, sizeof number, "E%u", below(40));
    snprintf(said, sizeof said, "%s %s %u", e.event, d->loan, below(2));
    e.said = ll_str(said);
    return ll_bank_event_take(&d->env, &e, &taken, &err);
}

static int firm_consents(struct doing *d)
{
    static int64_t n;
    char id[32];

    snprintf(id, sizeof id, "k-%lld", (long long)++n);
    return ll_exec(
        d->env.tx, &err,
        "INSERT INTO consent (id, subject, organisation, purpose, kind, state, from_at, until_at, uses, used, text, made_at, status_index)"
        " VALUES ($1, $2, $3, $4, 'passkey', 'active', $5, $6, 0, 0, '', $5, $7)",
        "zzzziii", id, d->actor.subject,
        d->target && below(4) ? d->target->organisation : banks[below(BANKS)],
        below(4) ? "小微企业贷前调查" : "开户", now, now + 60 * (int64_t)DAY_MS, n);
}

static const struct {
    int (*fn)(struct doing *d);
    unsigned weight;
    bool
        firm; /* done by a firm; otherwise by a bank's people or system, a firm, or the platform's operator */
} doings[] = {{firm_begins, 3, true},  {firm_steers, 3, true},     {offered, 3, false},
              {case_moves, 14, false}, {system_reports, 6, false}, {firm_consents, 2, true}};

static struct ll_actor somebody(bool firm)
{
    unsigned who = below(12);

    if (firm || who < 3)
        return (struct ll_actor){.subject = firms[below(FIRMS)]};
    if (who == 3)
        return (struct ll_actor){.account = "hub", .organisation = "HUB", .roles = LL_DUTY_OPERATOR};
    return bank_actor(below(BANKS), below(KINDS));
}

/* One that goes on, mostly. */
static const struct seen *some_case(void)
{
    const struct seen *m = NULL;

    for (unsigned tries = 0; n_model && tries < 6; tries++) {
        m = &model[below((unsigned)n_model)];
        if (!strstr("31 41 70 99", m->code))
            break;
    }
    return m;
}

/* Half of what is aimed at a case is done by somebody whose it is: otherwise little would happen. */
static void aim(struct doing *d, bool firm)
{
    d->actor = somebody(firm);
    some_id(
        d->env.tx,
        "SELECT id FROM financing WHERE state = 'published' ORDER BY ($1 + rowid * 7919) % 977, id LIMIT 1",
        d->financing);
    d->target = some_case();
    snprintf(d->loan, sizeof d->loan, "%s", d->target ? d->target->id : "L-none");
    if (d->target && firm && below(2))
        d->actor.subject = d->target->subject;
    if (d->target && !firm && below(4)) {
        for (unsigned b = 0; b < BANKS; b++)
            if (strcmp(banks[b], d->target->organisation) == 0)
                d->actor = bank_actor(b, below(KINDS));
        if (strcmp(d->target->code, "00") == 0)
            d->actor = (struct ll_actor){.subject = d->target->subject};
    }
}

/* Whoever it is not of moved nothing. */
static void check_theirs(const struct doing *d, size_t what, int rc)
{
    if (rc < 0 || !d->target || (doings[what].fn != case_moves && doings[what].fn != system_reports))
        return;
    if (d->actor.subject)
        assert_string_equal(d->actor.subject, d->target->subject);
    else
        assert_string_equal(d->actor.organisation, d->target->organisation);
}

static int one_step(unsigned long counts[2])
{
    struct doing d = {.env = {.cat = cat, .arena = ll_arena_new(0)}};
    unsigned at = 0, pick = below(31);
    int rc;

    while (pick >= doings[at].weight)
        pick -= doings[at++].weight;
    assert_ok(ll_txn_begin(s.st, true, &d.env.tx, &err));
    aim(&d, doings[at].firm);
    d.env.actor = &d.actor;
    rc = doings[at].fn(&d);
    check_theirs(&d, at, rc);
    if (rc == LL_OK)
        assert_ok(ll_txn_commit(d.env.tx, &err));
    else if (rc == LL_FAIL || rc == LL_INTERNAL || rc == LL_NOMEM)
        fail_msg("%d: %s", rc, err.en);
    ll_txn_end(d.env.tx);
    ll_arena_free(d.env.arena);
    counts[rc == LL_OK]++;
    return rc;
}

/* Who may see a financing before the firm agrees (promise 2 of financing.h), said anew. */
static void check_open_to(void)
{
    struct ll_arena *arena = ll_arena_new(0);
    struct ll_deal_env env = {.cat = cat, .arena = arena};
    struct ll_financing *list = NULL;
    const struct ll_financing_query q = {.now = now, .limit = 1000};
    int64_t total;
    size_t n = 0;

    assert_ok(ll_txn_begin(s.st, false, &env.tx, &err));
    assert_ok(ll_financing_list(&env, &q, &list, &n, &total, &err));
    for (size_t i = 0; i < n; i++)
        for (unsigned b = 0; b < BANKS; b++) {
            bool has = false;
            for (size_t c = 0; c < n_model; c++)
                has = has || (strcmp(model[c].financing, list[i].id) == 0 &&
                              strcmp(model[c].organisation, banks[b]) == 0);
            int seen = ll_financing_open_to(&env, list[i].id, banks[b], now, &err);
            assert_true(seen >= 0);
            if (has)
                assert_int_equal(seen, 1);
            else if (list[i].mode == LL_MODE_DIRECT || list[i].state != LL_STATE_FINANCING_PUBLISHED ||
                     list[i].open_until <= now)
                assert_int_equal(seen, 0);
        }
    ll_txn_end(env.tx);
    ll_arena_free(arena);
}

static void test_random_histories_of_financings(void **state)
{
    unsigned long counts[2] = {0};
    struct ll_swept swept;
    (void)state;

    for (unsigned h = 0; h < HISTORIES; h++) {
        open_world();
        n_model = 0;
        seed = 77 + h;
        for (unsigned i = 0; i < STEPS; i++) {
            if (one_step(counts) == LL_OK)
                check_all();
            if (below(40) == 0) {
                set_now(now + (int64_t)(1 + below(4)) * DAY_MS);
                assert_ok(ll_flow_sweep(s.st, now, ll_deal_swept, LL_DEAL_SWEPT, &swept, &err));
                check_all();
            }
            if (i % 20 == 19) {
                check_sums();
                check_open_to();
            }
        }
        print_message("%zu cases, %" PRId64 " drawn, %" PRId64 " settled\n", n_model,
                      ask("SELECT count(*) FROM loan_case WHERE drawn > 0"),
                      ask("SELECT count(*) FROM loan_case WHERE state = 'settled'"));
        close_world();
    }
    print_message("%lu steps taken, %lu refused\n", counts[1], counts[0]);
    assert_true(counts[1] > 500 && counts[0] > 500);
}

static void test_rates_are_read_exactly_and_written_back(void **state)
{
    static const struct {
        const char *text;
        int64_t rate;
        const char *back;
    } good[] = {{"4.35", 43500, "4.35"},
                {"0", 0, "0.00"},
                {"36", 360000, "36.00"},
                {"5.1050", 51050, "5.105"},
                {"3.0001", 30001, "3.0001"}};
    static const char *const bad[] = {"",    ".",       "4.",  ".5",      "-1", "4,35", "4.35%",
                                      "1e1", "36.0001", "100", "4.12345", " 4", "+4",   "０"};
    char text[LL_RATE_TEXT];
    int64_t rate;
    (void)state;

    for (size_t i = 0; i < LL_COUNT(good); i++) {
        assert_ok(ll_rate_read("rate", good[i].text, &rate, &err));
        assert_int_equal(rate, good[i].rate);
        assert_string_equal(ll_rate_text(rate, text), good[i].back);
    }
    for (size_t i = 0; i < LL_COUNT(bad); i++)
        assert_true(ll_rate_read("rate", bad[i], &rate, &err) < 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_random_histories_of_financings),
                                       cmocka_unit_test(test_rates_are_read_exactly_and_written_back)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
