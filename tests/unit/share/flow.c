/* The state table (share/tbl/workflow_states.h) walked whole: every action in every state by everybody, and reminders over time. */
#include "desk.h"

#include "base/clock.h"
#include "share/flow_sweep.h"
#include "share/objection.h"
#include "share/workdays.h"

static struct desk d;
static struct ll_err err;

static int set_up(void **state)
{
    (void)state;
    desk_open(&d);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    desk_close(&d);
    return 0;
}

static const struct ll_actor subject = {.subject = "s-1"}, other_subject = {.subject = "s-2"};
static const struct ll_actor tax_officer = {.account = "a-tax-3",
                                            .organisation = "TAX",
                                            .roles = LL_DUTY_CONSUMER_STEWARD},
                             tax_system = {.client = "c-tax", .organisation = "TAX"},
                             other_system = {.client = "c-other", .organisation = "BANK"};

/* Who acts, and as what the table calls them when BANK asks, or subject s-1 does, and TAX provides. */
static const struct {
    const struct ll_actor *actor;
    unsigned part;
} people[] = {
    {&bank_steward, 1u << LL_PART_APPLICANT},
    {&bank_approver, 1u << LL_PART_ENDORSER},
    {&tax_steward, 1u << LL_PART_PROVIDER},
    {&tax_approver, 1u << LL_PART_DECIDER | 1u << LL_PART_LENDER_DECIDER},
    {&tax_officer, 1u << LL_PART_LENDER},
    {&tax_system, 1u << LL_PART_LENDER_SYSTEM},
    {&other_system, 0},
    {&hub_operator, 1u << LL_PART_OPERATOR},
    {&security, 1u << LL_PART_SECURITY},
    {NULL, 1u << LL_PART_SYSTEM},
    {&other_approver, 0},
    {&subject, 1u << LL_PART_SUBJECT},
    {&other_subject, 0},
};

/* The rows of the table, counted as the table stands: an action there for these parts, with facts that hold. */
static const struct ll_flow_step *row_of(enum ll_state from, const char *action, unsigned part,
                                         unsigned facts)
{
    for (size_t i = 0; i < ll_flow_step_count; i++) {
        const struct ll_flow_step *s = &ll_flow_steps[i];
        if (s->from == from && strcmp(s->action, action) == 0 && s->parts & part && (s->when & ~facts) == 0)
            return s;
    }
    return NULL;
}

static void take(const struct ll_flow_object *o, const struct ll_flow_act *act, unsigned part,
                 size_t counts[2])
{
    const struct ll_flow_step *want = row_of(o->state, act->action, part, o->facts), *got = NULL;
    struct ll_txn *tx = NULL;

    assert_ok(ll_txn_begin(d.st, true, &tx, &err));
    int rc = ll_flow_take(tx, o, act, &got, &err);
    ll_txn_end(tx);
    if (want && (rc < 0 || got->to != want->to))
        fail_msg("%s in %s: %s", act->action, ll_state_word(o->state), err.en);
    if (!want && rc != LL_CONFLICT && rc != LL_DENIED)
        fail_msg("%s in %s by nobody who may: %d", act->action, ll_state_word(o->state), rc);
    counts[want != NULL]++;
}

static void test_every_action_in_every_state_by_everybody(void **state)
{
    static const unsigned facts[] = {LL_FACT_CONDITIONAL | LL_FACT_UNLINKED | LL_FACT_BY_ORGANISATION |
                                         LL_FACT_FULFILLED | LL_FACT_ABOUT_INSTITUTION,
                                     LL_FACT_UNCONDITIONAL | LL_FACT_LINKED | LL_FACT_BY_SUBJECT |
                                         LL_FACT_REORGANISED | LL_FACT_ABOUT_PLATFORM};
    size_t counts[2] = {0};
    (void)state;

    for (unsigned s = 0; s < LL_STATE_COUNT; s++)
        for (size_t a = 0; a < ll_flow_step_count; a++) {
            if (ll_flow_steps[a].flow != ll_flow_states[s].flow)
                continue;
            for (size_t p = 0; p < LL_COUNT(people) * LL_COUNT(facts); p++) {
                const struct ll_flow_object o = {.flow = ll_flow_states[s].flow,
                                                 .id = "X-1",
                                                 .state = (enum ll_state)s,
                                                 .applicant = "BANK",
                                                 .provider = "TAX",
                                                 .subject = "s-1",
                                                 .facts = facts[p % LL_COUNT(facts)]};
                const struct ll_flow_act act = {.action = ll_flow_steps[a].action,
                                                .actor = people[p / LL_COUNT(facts)].actor,
                                                .reason = "理由",
                                                .legal_basis = "《政务数据共享条例》第十五条"};
                take(&o, &act, people[p / LL_COUNT(facts)].part, counts);
            }
        }
    print_message("%zu steps taken, %zu refused\n", counts[1], counts[0]);
    assert_true(counts[1] > 100 && counts[0] > 1000);
}

/* An end has no way out; every other state has one, and is reached. */
static void test_no_state_is_a_trap_and_none_is_out_of_reach(void **state)
{
    static const enum ll_state first[] = {LL_STATE_OPEN,
                                          LL_STATE_DRAFT,
                                          LL_STATE_ACTIVE,
                                          LL_STATE_QUALITY_FEEDBACK,
                                          LL_STATE_RAISED,
                                          LL_STATE_PROPOSED,
                                          LL_STATE_REPAIR_DRAFT,
                                          LL_STATE_ENTRY_PROPOSED,
                                          LL_STATE_INVITED,
                                          LL_STATE_FINANCING_DRAFT,
                                          LL_STATE_CASE_DRAFT,
                                          LL_STATE_MODEL_PROPOSED,
                                          LL_STATE_INSTITUTION_PROPOSED,
                                          LL_STATE_PRODUCT_DRAFT,
                                          LL_STATE_COMPLAINT_RECEIVED};

    (void)state;

    for (unsigned s = 0; s < LL_STATE_COUNT; s++) {
        bool in = false, out = false;
        for (size_t i = 0; i < LL_COUNT(first); i++)
            in |= first[i] == s;
        for (size_t i = 0; i < ll_flow_step_count; i++) {
            in |= ll_flow_steps[i].to == s && ll_flow_steps[i].from != s;
            out |= ll_flow_steps[i].from == s && ll_flow_steps[i].to != s;
            assert_int_equal(ll_flow_steps[i].flow, ll_flow_states[ll_flow_steps[i].to].flow);
        }
        if (!in || out == ll_flow_states[s].end)
            fail_msg("%s", ll_state_word((enum ll_state)s));
    }
}

static void test_a_refusal_names_its_reason_and_its_legal_basis(void **state)
{
    const struct ll_flow_object o = {.flow = LL_FLOW_APPLICATION,
                                     .id = "A-1",
                                     .state = LL_STATE_PROVIDER_REVIEW,
                                     .applicant = "BANK",
                                     .provider = "TAX"};
    struct ll_flow_act act = {.action = "refuse", .actor = &tax_approver, .reason = "涉密"};
    static const char *const vague[] = {NULL, "", "依法", "《》", "《法", "根据有关规定"};
    const struct ll_flow_step *step;
    struct ll_txn *tx = NULL;
    (void)state;

    assert_ok(ll_txn_begin(d.st, true, &tx, &err));
    for (size_t i = 0; i < LL_COUNT(vague); i++) {
        act.legal_basis = vague[i];
        assert_int_equal(ll_flow_take(tx, &o, &act, &step, &err), LL_INVALID);
    }
    act.legal_basis = "《保守国家秘密法》第二十九条";
    act.reason = "";
    assert_int_equal(ll_flow_take(tx, &o, &act, &step, &err), LL_INVALID);
    act.reason = "涉密";
    assert_ok(ll_flow_take(tx, &o, &act, &step, &err));
    assert_int_equal(step->to, LL_STATE_REJECTED);
    ll_txn_end(tx);
}

static void test_nobody_approves_their_own(void **state)
{
    struct ll_actor both = {.account = "a-both",
                            .organisation = "BANK",
                            .roles = LL_DUTY_CONSUMER_STEWARD | LL_DUTY_APPROVER | LL_DUTY_OPERATOR};
    struct ll_flow_object o = {.flow = LL_FLOW_APPLICATION,
                               .id = "A-1",
                               .state = LL_STATE_DRAFT,
                               .applicant = "BANK",
                               .provider = "TAX"};
    struct ll_flow_act act = {.action = "endorse", .actor = &both};
    const struct ll_flow_step *step;
    struct ll_txn *tx = NULL;
    (void)state;

    assert_ok(ll_txn_begin(d.st, true, &tx, &err));
    assert_ok(ll_flow_begin(tx, &o, &both, &err));
    o.state = LL_STATE_SUBMITTED;
    assert_int_equal(ll_flow_take(tx, &o, &act, &step, &err), LL_DENIED);
    act.actor = &bank_approver;
    assert_ok(ll_flow_take(tx, &o, &act, &step, &err));
    o.state = LL_STATE_PRECHECK;
    o.facts = LL_FACT_CONDITIONAL;
    act = (struct ll_flow_act){.action = "pass", .actor = &both};
    assert_int_equal(ll_flow_take(tx, &o, &act, &step, &err), LL_DENIED);
    struct ll_actor system = {.client = "c-1", .organisation = "TAX", .roles = LL_DUTY_OPERATOR};
    act.actor = &system; /* a system decides nothing */
    assert_int_equal(ll_flow_take(tx, &o, &act, &step, &err), LL_DENIED);
    ll_txn_end(tx);
}

static int64_t at(const char *text)
{
    int64_t ms;

    assert_true(ll_time_parse(text, &ms));
    return ms;
}

/* A review that begins on 30 September 2026 runs ten working days, over National Day: to the end of 20 October. */
static void test_who_must_act_is_reminded_then_it_is_escalated_each_once(void **state)
{
    struct ll_swept swept;
    (void)state;

    assert_true(ll_flow_due(LL_STATE_PROVIDER_REVIEW, at("2026-09-30T02:00:00.000Z")) ==
                at("2026-10-20T16:00:00.000Z"));
    assert_true(ll_flow_due(LL_STATE_PRECHECK, at("2026-09-30T02:00:00.000Z")) ==
                at("2026-10-09T16:00:00.000Z"));
    assert_true(ll_flow_due(LL_STATE_DRAFT, 0) == 0);
    setenv("LULING_NOW", "1790733600000", 1); /* 2026-09-30T02:00:00Z */
    desk_run(
        &d,
        "INSERT INTO application VALUES ('A-1', 'S-1', 'BANK', 'TAX', NULL, 't', 'p', NULL, 'b', 'query', 0, 1, 0, 0, 1, '', 0, 0,"
        " 'provider_review', 1792512000000, NULL, 1790733600000, 1790733600000, 0)");
    assert_true(desk_ask(&d, "SELECT due_at FROM application") == at("2026-10-20T16:00:00.000Z"));
    assert_ok(ll_flow_sweep(d.st, at("2026-10-14T02:00:00.000Z"), NULL, 0, &swept, &err));
    assert_int_equal(swept.reminded + swept.escalated, 0);
    assert_ok(ll_flow_sweep(d.st, at("2026-10-15T02:00:00.000Z"), NULL, 0, &swept,
                            &err)); /* three working days are left */
    assert_int_equal(swept.reminded, 1);
    assert_ok(ll_flow_sweep(d.st, at("2026-10-20T15:59:59.000Z"), NULL, 0, &swept, &err));
    assert_int_equal(swept.reminded + swept.escalated, 0);
    assert_ok(ll_flow_sweep(d.st, at("2026-10-20T16:00:00.000Z"), NULL, 0, &swept, &err));
    assert_int_equal(swept.escalated, 1);
    assert_ok(ll_flow_sweep(d.st, at("2026-11-20T16:00:00.000Z"), NULL, 0, &swept, &err));
    assert_int_equal(swept.reminded + swept.escalated, 0);
    unsetenv("LULING_NOW");
}

static enum ll_state state_of_objection(const char *id)
{
    struct ll_objection o;
    struct ll_txn *tx = NULL;

    assert_ok(ll_txn_begin(d.st, false, &tx, &err));
    assert_ok(ll_objection_get(tx, NULL, id, d.arena, &o, &err));
    ll_txn_end(tx);
    return o.state;
}

/* What its source upholds stays disputed only as long as somebody may still appeal: ten working days, over National Day. */
static void test_an_objection_that_nobody_appeals_about_ends(void **state)
{
    struct ll_swept swept;
    (void)state;

    desk_run(&d, "INSERT INTO consent_subject VALUES ('s-1', 'uscc', '', '9136**', '甲', 0)");
    desk_run(
        &d,
        "INSERT INTO objection (id, subject, provider, resource, record, doubt, state, due_at, created_at, changed_at)"
        " VALUES ('O-1', 's-1', 'TAX', 'r', 'k', '不对', 'upheld', 1792512000000, 1790733600000, 1790733600000)");
    assert_ok(ll_flow_sweep(d.st, at("2026-10-20T15:59:59.000Z"), NULL, 0, &swept, &err));
    assert_int_equal(swept.lapsed, 0);
    assert_int_equal(state_of_objection("O-1"), LL_STATE_UPHELD);
    assert_ok(ll_flow_sweep(d.st, at("2026-10-20T16:00:00.000Z"), NULL, 0, &swept, &err));
    assert_int_equal(swept.lapsed, 1);
    assert_int_equal(state_of_objection("O-1"), LL_STATE_SETTLED_OBJECTION);
    assert_ok(ll_flow_sweep(d.st, at("2026-10-20T16:00:00.000Z"), NULL, 0, &swept, &err));
    assert_int_equal(swept.lapsed, 0);
}

static void test_events_wait_for_the_journal(void **state)
{
    struct ll_flow_object o = {
        .flow = LL_FLOW_GRANT, .id = "G-1", .state = LL_STATE_ACTIVE, .applicant = "BANK"};
    struct ll_flow_event *list;
    struct ll_txn *tx = NULL;
    size_t n;
    (void)state;

    assert_ok(ll_txn_begin(d.st, true, &tx, &err));
    for (int i = 0; i < 5; i++)
        assert_ok(ll_flow_begin(tx, &o, &bank_steward, &err));
    assert_ok(ll_flow_pending(tx, 3, d.arena, &list, &n, &err));
    assert_int_equal(n, 3);
    assert_ok(ll_flow_journalled(tx, list[0].seq, 77, &err));
    assert_ok(ll_flow_pending(tx, 9, d.arena, &list, &n, &err));
    assert_int_equal(n, 4);
    assert_ok(ll_flow_history(tx, LL_FLOW_GRANT, "G-1", d.arena, &list, &n, &err));
    assert_int_equal(n, 5);
    assert_string_equal(list[4].part, "applicant");
    ll_txn_end(tx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_every_action_in_every_state_by_everybody, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_no_state_is_a_trap_and_none_is_out_of_reach, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_refusal_names_its_reason_and_its_legal_basis, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_nobody_approves_their_own, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_who_must_act_is_reminded_then_it_is_escalated_each_once, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_an_objection_that_nobody_appeals_about_ends, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_events_wait_for_the_journal, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
