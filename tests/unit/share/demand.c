/* From a demand to grants (share/demand.h, share/application.h) on the packs that come with the program; their folder is the argument. */
#include "desk.h"

#include "../catalog/fixture.h"
#include "base/clock.h"
#include "base/fs.h"
#include "share/application.h"
#include "share/demand.h"

static const char *folder;
static struct scratch s;
static struct ll_catalog *cat;
static struct ll_arena *arena;
static struct ll_err err;

/* ICBC's branch asks; JA030 is the tax bureau, JA001 the data bureau, JA023 market regulation. */
static const struct ll_actor icbc = {
    .account = "icbc-1", .organisation = "JB001", .roles = LL_DUTY_CONSUMER_STEWARD};
static const struct ll_actor icbc_head = {
    .account = "icbc-2", .organisation = "JB001", .roles = LL_DUTY_APPROVER};
static const struct ll_actor hub = {.account = "hub-1", .organisation = "JA001", .roles = LL_DUTY_OPERATOR};
static const struct ll_actor taxes = {.account = "tax-1", .organisation = "JA030", .roles = LL_DUTY_APPROVER};
static const struct ll_actor market = {
    .account = "msr-1", .organisation = "JA023", .roles = LL_DUTY_APPROVER};
static const struct ll_actor gas = {
    .account = "gas-1", .organisation = "JA037", .roles = LL_DUTY_SOURCE_STEWARD};

static void load(const char *name)
{
    struct ll_problems *ps = ll_problems_new(0);
    struct ll_catalog *known = scratch_catalog(&s);
    struct ll_load_result result;
    struct ll_pack *p = NULL;
    char dir[1024];

    snprintf(dir, sizeof dir, "%s/%s", folder, name);
    assert_ok(ll_pack_read(dir, known, NULL, ps, &p, &err));
    assert_ok(ll_pack_load(s.st, p, ps, &result, &err));
    ll_pack_free(p);
    ll_catalog_unref(known);
    ll_problems_free(ps);
}

static int open_all(void **state)
{
    (void)state;
    scratch_open(&s);
    load("core");
    load("jian");
    load("credit");
    load("demo");
    cat = scratch_catalog(&s);
    arena = ll_arena_new(0);
    return 0;
}

static int close_all(void **state)
{
    (void)state;
    ll_arena_free(arena);
    ll_catalog_unref(cat);
    scratch_close(&s);
    return 0;
}

static struct ll_txn *begun(void)
{
    struct ll_txn *tx = NULL;

    assert_ok(ll_txn_begin(s.st, true, &tx, &err));
    return tx;
}

static void done(struct ll_txn *tx)
{
    assert_ok(ll_txn_commit(tx, &err));
    ll_txn_end(tx);
}

/* --- demands ------------------------------------------------------------------------------------------------------------ */

static struct ll_demand want(const char *title, const char *items, const char *scenario)
{
    return (struct ll_demand){.title = title,
                              .what = "企业的相关数据",
                              .purpose = "小微企业贷前调查",
                              .legal_basis = "《政务数据共享条例》",
                              .scenario = scenario,
                              .items = items};
}

static void test_matching_finds_what_is_there_and_not_what_is_not(void **state)
{
    static const struct {
        const char *title, *items, *scenario, *best; /* best NULL: unmet */
    } cases[] = {
        {"企业纳税信用等级", "统一社会信用代码,纳税信用级别", NULL, "tax_rating"},
        {"纳税信用评价", "", "贷前调查", "tax_rating"},
        {"行政处罚信息", "", NULL, "administrative_penalty"},
        {"企业欠税", "", NULL, "tax_arrears"},
        {"企业登记信息", "法定代表人", NULL, "enterprise_registration"},
        {"法院失信被执行人", "", NULL, "court_dishonesty"},
        {"企业燃气缴费记录", "", NULL, NULL},
        {"学生学籍", "", NULL, NULL},
        {"农户土地流转面积", "", NULL, NULL},
    };
    struct ll_candidate *list;
    size_t n;
    (void)state;

    for (size_t i = 0; i < LL_COUNT(cases); i++) {
        const struct ll_demand d = want(cases[i].title, cases[i].items, cases[i].scenario);
        assert_ok(ll_demand_candidates(s.st, cat, &d, arena, &list, &n, &err));
        const char *best = n && list[0].score >= LL_MATCH_ENOUGH ? list[0].resource->name : NULL;
        print_message("%s: %s %d (%s)\n", cases[i].title, n ? list[0].resource->name : "-",
                      n ? list[0].score : 0, n ? list[0].zh : "");
        if ((best == NULL) != (cases[i].best == NULL) || (best && strcmp(best, cases[i].best) != 0))
            fail_msg("%s: %s", cases[i].title, best ? best : "nothing");
    }
}

static void demand_state(const char *id, enum ll_state want_state, struct ll_demand *d)
{
    struct ll_txn *tx = begun();

    assert_ok(ll_demand_get(tx, id, arena, d, &err));
    ll_txn_end(tx);
    assert_string_equal(ll_state_word(d->state), ll_state_word(want_state));
}

static int demand_act(const char *id, const char *action, const struct ll_actor *actor, const char *provider,
                      const char *resource)
{
    const struct ll_flow_act act = {
        .action = action, .actor = actor, .reason = "进展", .legal_basis = "《数据安全法》"};
    struct ll_txn *tx = begun();
    int rc = ll_demand_act(tx, cat, id, &act, provider, resource, &err);

    if (rc == LL_OK)
        rc = ll_txn_commit(tx, &err);
    ll_txn_end(tx);
    return rc;
}

static void test_an_unmet_demand_goes_on_the_list_and_a_source_answers(void **state)
{
    struct ll_demand draft = want("企业燃气缴费记录", "", NULL), d;
    char id[LL_FLOW_ID_TEXT], list[LL_FLOW_ID_TEXT];
    const struct ll_demand_query waiting = {.waiting = true, .limit = 10};
    struct ll_demand *found;
    int64_t total;
    size_t n;
    (void)state;

    assert_ok(ll_demand_add(s.st, cat, &draft, &icbc, id, &err));
    demand_state(id, LL_STATE_UNMET, &d);
    struct ll_txn *tx = begun();
    assert_int_equal(ll_demand_publish(tx, "2026年第一批供需对接清单", &icbc, list, &n, &err), LL_DENIED);
    ll_txn_end(tx);
    tx = begun();
    assert_ok(ll_demand_publish(tx, "2026年第一批供需对接清单", &hub, list, &n, &err));
    done(tx);
    assert_int_equal(n, 1);
    demand_state(id, LL_STATE_LISTED, &d);
    assert_string_equal(d.list, list);
    assert_true(d.due_at > ll_now_ms());
    assert_int_equal(demand_act(id, "assign", &hub, "JX999", NULL), LL_INVALID);
    assert_ok(demand_act(id, "assign", &hub, "JA037", NULL));
    assert_int_equal(demand_act(id, "promise", &taxes, NULL, NULL), LL_DENIED);
    assert_ok(demand_act(id, "promise", &gas, NULL, NULL));
    assert_ok(demand_act(id, "progress", &gas, NULL, NULL));
    tx = begun();
    assert_ok(ll_demand_list(tx, &waiting, arena, &found, &n, &total, &err));
    assert_int_equal(n, 1);
    assert_string_equal(found[0].progress, "进展");
    ll_txn_end(tx);
    assert_int_equal(demand_act(id, "supply", &gas, NULL, NULL), LL_USAGE);
    assert_ok(demand_act(id, "supply", &gas, NULL, "water_payment"));
    assert_ok(demand_act(id, "accept", &icbc, NULL, NULL));
    demand_state(id, LL_STATE_SETTLED, &d);
    tx = begun();
    assert_int_equal(ll_demand_publish(tx, "第二批", &hub, list, &n, &err), LL_CONFLICT);
    assert_ok(ll_demand_list(tx, &waiting, arena, &found, &n, &total, &err));
    assert_int_equal(n, 0);
    ll_txn_end(tx);
}

static void test_a_matched_demand_may_be_turned_down(void **state)
{
    struct ll_demand draft = want("企业纳税信用等级", "", NULL), d;
    char id[LL_FLOW_ID_TEXT];
    (void)state;

    assert_ok(ll_demand_add(s.st, cat, &draft, &icbc, id, &err));
    demand_state(id, LL_STATE_MATCHED, &d);
    assert_ok(ll_demand_match(s.st, cat, id, &err));
    assert_ok(demand_act(id, "reject", &icbc, NULL, NULL));
    demand_state(id, LL_STATE_UNMET, &d);
    draft.legal_basis = "有关规定";
    assert_int_equal(ll_demand_add(s.st, cat, &draft, &icbc, id, &err), LL_INVALID);
    draft = want("x", "", NULL);
    assert_int_equal(ll_demand_add(s.st, cat, &draft, &icbc, id, &err), LL_INVALID);
    draft = want("企业登记", "", NULL);
    assert_int_equal(ll_demand_add(s.st, cat, &draft, &taxes, id, &err), LL_DENIED);
}

/* --- applications ------------------------------------------------------------------------------------------------------- */

static struct ll_application ask(struct ll_application_resource *resources, size_t n)
{
    return (struct ll_application){.title = "小微企业贷前调查",
                                   .purpose = "小微企业贷前调查",
                                   .scenario = "贷前调查",
                                   .legal_basis = "《政务数据共享条例》第十条",
                                   .modes = LL_USE_QUERY | LL_USE_VERIFY,
                                   .per_day = 2000,
                                   .from_at = ll_now_ms(),
                                   .until_at = ll_now_ms() + 365LL * DAY_MS,
                                   .resources = resources,
                                   .n_resources = n};
}

static int act(const char *id, const char *action, const struct ll_actor *actor)
{
    const struct ll_flow_act a = {
        .action = action, .actor = actor, .reason = "说明", .legal_basis = "《政务数据共享条例》第十五条"};
    struct ll_txn *tx = begun();
    int rc = ll_application_act(tx, cat, id, &a, &err);

    if (rc == LL_OK)
        rc = ll_txn_commit(tx, &err);
    ll_txn_end(tx);
    return rc;
}

static size_t applications(const char *scene, struct ll_application **list)
{
    const struct ll_application_query q = {.scene = scene, .limit = 20};
    struct ll_txn *tx = begun();
    int64_t total;
    size_t n;

    assert_ok(ll_application_list(tx, &q, arena, list, &n, &total, &err));
    ll_txn_end(tx);
    return n;
}

static struct ll_application *of_provider(const char *scene, const char *provider, bool unconditional)
{
    struct ll_application *list;
    size_t n = applications(scene, &list);

    for (size_t i = 0; i < n; i++)
        if (strcmp(list[i].provider, provider) == 0 && list[i].unconditional == unconditional)
            return &list[i];
    fail_msg("no application to %s", provider);
    return NULL;
}

static size_t grants(const char *resource)
{
    const struct ll_grant_query q = {.organisation = "JB001", .resource = resource, .limit = 10};
    struct ll_txn *tx = begun();
    struct ll_grant *list;
    int64_t total;
    size_t n;

    assert_ok(ll_grant_list(tx, &q, arena, &list, &n, &total, &err));
    ll_txn_end(tx);
    return n;
}

static void publish_something(const char *resource)
{
    struct ll_txn *tx = begun();

    assert_ok(
        ll_exec(tx, &err, "INSERT INTO segment VALUES ($1, $1, 1, 1, 1, 1, 0, 0, '[]')", "z", resource));
    done(tx);
}

static void submitted(struct ll_application *draft, char scene[LL_FLOW_ID_TEXT])
{
    struct ll_txn *tx = begun();

    assert_ok(ll_application_create(tx, cat, draft, &icbc, scene, &err));
    done(tx);
    assert_ok(act(scene, "submit", &icbc));
}

/* tax_rating and enterprise_registration are conditional or not as the pack says; the test follows the pack. */
static bool unconditional(const char *resource)
{
    return strcmp(ll_catalog_resource(cat, ll_str(resource))->share_type, "1") == 0;
}

static void test_one_scene_for_several_sources_becomes_grants(void **state)
{
    struct ll_application_resource resources[] = {
        {.resource = "enterprise_registration"}, {.resource = "annual_report"}, {.resource = "tax_arrears"}};
    struct ll_application draft = ask(resources, 3), *list;
    char scene[LL_FLOW_ID_TEXT];
    (void)state;

    assert_true(!unconditional("enterprise_registration") && unconditional("annual_report"));
    publish_something("enterprise_registration");
    submitted(&draft, scene);
    assert_int_equal(applications(scene, &list), 3); /* two share types of one source, and another source */
    assert_int_equal(act(scene, "endorse", &icbc), LL_DENIED);
    assert_int_equal(act(scene, "pass", &hub), LL_CONFLICT);
    assert_ok(act(scene, "endorse", &icbc_head));
    assert_ok(act(scene, "pass", &hub));
    assert_int_equal(of_provider(scene, "JA023", true)->state, LL_STATE_GRANTED); /* nobody else is asked */
    assert_int_equal(grants("annual_report"), 1);
    struct ll_application *registration = of_provider(scene, "JA023", false);
    assert_int_equal(registration->state, LL_STATE_PROVIDER_REVIEW);
    assert_true(registration->due_at > ll_now_ms());
    assert_int_equal(act(registration->id, "approve", &taxes), LL_DENIED); /* another source */
    assert_int_equal(act(registration->id, "approve", &icbc_head), LL_DENIED);
    assert_ok(act(registration->id, "approve", &market));
    assert_int_equal(of_provider(scene, "JA023", false)->state,
                     LL_STATE_GRANTED); /* published: opened at once */
    assert_int_equal(grants("enterprise_registration"), 1);
}

static void test_refused_appealed_and_overturned(void **state)
{
    struct ll_application_resource resources[] = {{.resource = "enterprise_registration"}};
    struct ll_application draft = ask(resources, 1);
    char scene[LL_FLOW_ID_TEXT];
    (void)state;

    submitted(&draft, scene);
    assert_ok(act(scene, "endorse", &icbc_head));
    assert_ok(act(scene, "pass", &hub));
    assert_ok(act(scene, "extend", &market));
    assert_int_equal(act(scene, "extend", &market), LL_CONFLICT); /* once */
    assert_ok(act(scene, "refuse", &market));
    assert_int_equal(grants("enterprise_registration"), 0);
    assert_ok(act(scene, "appeal", &icbc));
    assert_int_equal(act(scene, "overturn", &market), LL_DENIED);
    assert_ok(act(scene, "overturn", &hub));
    assert_int_equal(of_provider(scene, "JA023", false)->state,
                     LL_STATE_APPROVED); /* nothing is published yet */
    assert_int_equal(grants("enterprise_registration"), 0);
    assert_ok(act(scene, "open", &market));
    assert_int_equal(grants("enterprise_registration"), 1);
    const char *id = of_provider(scene, "JA023", false)->id;
    struct ll_txn *tx = begun();
    struct ll_flow_event *events;
    size_t n;
    assert_ok(ll_flow_history(tx, LL_FLOW_APPLICATION, id, arena, &events, &n, &err));
    ll_txn_end(tx);
    assert_int_equal(n, 9);
    assert_string_equal(events[5].action, "refuse");
    assert_string_equal(events[5].legal_basis, "《政务数据共享条例》第十五条");
}

static void test_the_form_is_checked(void **state)
{
    struct ll_grant_item sensitive[] = {{"legal_person_id", true}}, unknown[] = {{"colour", false}};
    struct ll_application_resource resources[] = {{.resource = "enterprise_registration"}};
    struct ll_application good = ask(resources, 1), a;
    char scene[LL_FLOW_ID_TEXT];
    struct ll_txn *tx = begun();
    (void)state;

#define REFUSED(change)                                                                                      \
    do {                                                                                                     \
        a = good;                                                                                            \
        change;                                                                                              \
        assert_int_equal(ll_application_create(tx, cat, &a, &icbc, scene, &err), LL_INVALID);                \
    } while (0)
    REFUSED(a.purpose = "用");
    REFUSED(a.legal_basis = "领导批示");
    REFUSED(a.modes = 0);
    REFUSED(a.per_day = 0);
    REFUSED(a.until_at = a.from_at);
    REFUSED(a.until_at = a.from_at + 2000LL * DAY_MS);
    REFUSED(a.n_resources = 0);
    REFUSED(resources[0].resource = "nothing");
    resources[0] = (struct ll_application_resource){
        .resource = "enterprise_registration", .items = unknown, .n_items = 1};
    REFUSED((void)0);
    const struct ll_resource *r = ll_catalog_resource(cat, LL_STR("enterprise_registration"));
    for (size_t i = 0; i < r->n_items; i++)
        if (r->items[i].grade >= 3)
            sensitive[0].name = r->items[i].name;
    resources[0].items = sensitive;
    REFUSED((void)0); /* plain, without consent */
    a.consent = true;
    assert_ok(ll_application_create(tx, cat, &a, &icbc, scene, &err));
    resources[0] = (struct ll_application_resource){.resource = "enterprise_registration"};
    assert_int_equal(ll_application_create(tx, cat, &good, &market, scene, &err), LL_DENIED);
    struct ll_actor own = icbc;
    own.organisation = "JA023";
    assert_int_equal(ll_application_create(tx, cat, &good, &own, scene, &err), LL_INVALID);
    ll_txn_end(tx);
}

static int attach(struct ll_data *d, const char *scene, const char *name, const char *bytes)
{
    struct ll_attaching *a = NULL;
    struct ll_txn *tx = NULL;
    char sha[LL_SHA256_HEX];
    int rc;

    assert_ok(ll_attaching_open(d, &a, &err));
    assert_ok(ll_attaching_add(a, bytes, strlen(bytes), &err));
    tx = begun();
    if ((rc = ll_attaching_done(a, tx, scene, name, &icbc, sha, &err)) == LL_OK)
        assert_ok(ll_txn_commit(tx, &err));
    ll_txn_end(tx);
    ll_attaching_close(a);
    return rc;
}

static void test_attachments_are_sealed_and_kept_by_their_hash(void **state)
{
    struct ll_application_resource resources[] = {{.resource = "tax_arrears"}};
    struct ll_application draft = ask(resources, 1);
    struct ll_config *config = NULL;
    struct ll_data *d = NULL;
    struct ll_attachment *list;
    struct ll_bytes bytes;
    char scene[LL_FLOW_ID_TEXT], path[LL_PATH], back[32];
    struct ll_buf raw = LL_BUF_INIT(1 << 20);
    struct ll_txn *tx;
    size_t n;
    (void)state;

    assert_ok(ll_config_new(&config, &err));
    assert_ok(ll_config_set(config, LL_STR("data_dir"), ll_str(s.dir), LL_FROM_ARGS, &err));
    assert_ok(ll_data_open(ll_config_values(config), &d, &err));
    submitted(&draft, scene);
    assert_ok(attach(d, scene, "授权书.pdf", "%PDF-1.7 the text of a letter"));
    assert_ok(attach(d, scene, "同一份.pdf", "%PDF-1.7 the text of a letter"));
    assert_int_equal(attach(d, "S-0", "a.pdf", "%PDF-"), LL_NOTFOUND);
    assert_int_equal(attach(d, scene, "a.pdf", ""), LL_INVALID);
    assert_int_equal(attach(d, scene, "a.pdf", "MZ executable"), LL_INVALID);
    assert_int_equal(attach(d, scene, "../a.pdf", "%PDF-"), LL_INVALID);
    tx = begun();
    assert_ok(ll_attachment_list(tx, scene, arena, &list, &n, &err));
    ll_txn_end(tx);
    assert_int_equal(n, 1);
    assert_ok(ll_path(path, &err, "%s/attachments/%s", s.dir, list[0].sha256));
    assert_ok(ll_fs_read(path, 4096, &raw, &err));
    assert_null(memmem(raw.p, raw.n, "letter", 6));
    assert_ok(ll_attachment_open(d, list[0].sha256, &bytes, &err));
    assert_ok(ll_bytes_read(&bytes, back, sizeof back, 0, &n, &err));
    assert_str(((struct ll_str){back, n}), "%PDF-1.7 the text of a letter");
    ll_bytes_close(&bytes);
    raw.p[raw.n - 1] ^= 1;
    assert_ok(ll_fs_write_atomic(path, ll_buf_view(&raw), &err));
    assert_int_equal(ll_attachment_open(d, list[0].sha256, &bytes, &err), LL_INVALID);
    ll_buf_free(&raw);
    ll_data_close(d);
    ll_config_free(config);
}

static void test_what_is_collected_and_never_called_is_listed(void **state)
{
    const struct ll_idle_query all = {.limit = 20};
    struct ll_txn *tx = begun();
    struct ll_idle *list;
    int64_t total;
    size_t n;
    (void)state;

    assert_ok(ll_exec(
        tx, &err,
        "INSERT INTO batch (id, seq, resource, version, delivery, mode, state, rows, deletes, quarantined, sealed_at,"
        " published_at, manifest_sha256) VALUES ('B1', 1, 'tax_rating', 1, 'd', 'snapshot', 'published', 1, 0, 0, 1, 1000, ''),"
        " ('B2', 2, 'tax_arrears', 1, 'd', 'snapshot', 'published', 1, 0, 0, 1, 500, '')",
        ""));
    struct ll_grant g = desk_grant("tax_arrears");
    char id[LL_FLOW_ID_TEXT];
    g.organisation = "JB001";
    g.provider = "JA030";
    assert_ok(ll_grant_create(tx, &g, &taxes, id, &err));
    assert_ok(ll_idle_list(tx, &all, arena, &list, &n, &total, &err));
    assert_int_equal(n, 2);
    assert_string_equal(list[0].resource, "tax_arrears"); /* the older */
    assert_int_equal(list[0].grants, 1);
    assert_ok(ll_exec(
        tx, &err,
        "INSERT INTO usage (day, access_grant, organisation, client, resource, mode, outcome, calls, keys, records, last_at)"
        " VALUES (20000, $1, 'JB001', 'bank', 'tax_arrears', 'query', 'rate', 3, 3, 0, 5)",
        "z", id));
    assert_ok(ll_idle_list(tx, &all, arena, &list, &n, &total, &err));
    assert_int_equal(n, 2); /* refused is not used */
    assert_ok(ll_exec(
        tx, &err,
        "INSERT INTO usage (day, access_grant, organisation, client, resource, mode, outcome, calls, keys, records, last_at)"
        " VALUES (20000, $1, 'JB001', 'bank', 'tax_arrears', 'query', 'answered', 3, 3, 3, 5)",
        "z", id));
    assert_ok(ll_idle_list(tx, &all, arena, &list, &n, &total, &err));
    assert_int_equal(n, 1);
    assert_string_equal(list[0].resource, "tax_rating");
    ll_txn_end(tx);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_matching_finds_what_is_there_and_not_what_is_not, open_all,
                                        close_all),
        cmocka_unit_test_setup_teardown(test_an_unmet_demand_goes_on_the_list_and_a_source_answers, open_all,
                                        close_all),
        cmocka_unit_test_setup_teardown(test_a_matched_demand_may_be_turned_down, open_all, close_all),
        cmocka_unit_test_setup_teardown(test_one_scene_for_several_sources_becomes_grants, open_all,
                                        close_all),
        cmocka_unit_test_setup_teardown(test_refused_appealed_and_overturned, open_all, close_all),
        cmocka_unit_test_setup_teardown(test_the_form_is_checked, open_all, close_all),
        cmocka_unit_test_setup_teardown(test_attachments_are_sealed_and_kept_by_their_hash, open_all,
                                        close_all),
        cmocka_unit_test_setup_teardown(test_what_is_collected_and_never_called_is_listed, open_all,
                                        close_all),
    };

    if (argc < 2)
        return 77;
    folder = argv[1];
    return cmocka_run_group_tests(tests, NULL, NULL);
}
