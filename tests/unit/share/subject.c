/* The promises of records and subjects (share/record.h, share/subject.h) over a small catalogue made here. */
#include "../test.h"

#include "base/fs.h"
#include "catalog/segschema.h"
#include "share/subject.h"

#define HUAWEI "914403001922038216"
#define EXAMPLE "91350100M000100Y43"
#define PERSON "11010519491231002X"
#define OTHER_PERSON "440524188001010014"

static char dir[] = "/tmp/ll_subject_XXXXXX";
static struct ll_err err;
static struct ll_store *st;
static struct ll_tables *ts;
static struct ll_arena *arena;
static struct ll_codeset *status;
static char reg_no[16];

/* --- a catalogue --------------------------------------------------------------------------------------------------- */

static const struct ll_element uscc = {.name = "uscc", .type = LL_TYPE_IDENTIFIER, .check = "uscc"};
static const struct ll_element resident = {
    .name = "resident_id", .type = LL_TYPE_IDENTIFIER, .check = "resident_id"};
static const struct ll_element subject = {
    .name = "subject_id", .type = LL_TYPE_IDENTIFIER, .check = "subject_id"};
static const struct ll_element old_no = {.name = "reg_no", .type = LL_TYPE_IDENTIFIER, .check = "reg_no"};
static const struct ll_element household = {.name = "household_no", .type = LL_TYPE_TEXT};
static const struct ll_element text = {.name = "name", .type = LL_TYPE_TEXT};
static const struct ll_element amount = {
    .name = "capital", .type = LL_TYPE_DECIMAL, .precision = 18, .scale = 2};
static const struct ll_element number = {.name = "staff", .type = LL_TYPE_INTEGER};
static const struct ll_element flag = {.name = "listed", .type = LL_TYPE_BOOLEAN};
static const struct ll_element code = {.name = "status", .type = LL_TYPE_CODE, .code_table = "STATUS"};
static const struct ll_element day = {.name = "founded", .type = LL_TYPE_DATE};

#define ITEM(n, e, k, r, ...)                                                                                \
    {                                                                                                        \
        .name = n, .title = n, .element = &e, .key = k, .role = LL_ROLE_##r, __VA_ARGS__                     \
    }
static struct ll_item registration_items[] = {
    ITEM("name", text, 0, SUBJECT_NAME, ),
    ITEM("uscc", uscc, 1, SUBJECT, ),
    ITEM("reg_no", old_no, 0, SUBJECT, ),
    ITEM("legal_rep_id", resident, 0, RELATED, .relation = "legal_representative"),
    ITEM("capital", amount, 0, NONE, ),
    ITEM("staff", number, 0, NONE, ),
    ITEM("listed", flag, 0, NONE, ),
    ITEM("status", code, 0, NONE, ),
    ITEM("founded", day, 0, NONE, ),
};
static struct ll_item old_items[] = {ITEM("reg_no", old_no, 1, SUBJECT, ),
                                     ITEM("old_name", text, 0, SUBJECT_NAME, )};
static struct ll_item court_items[] = {ITEM("case_no", text, 1, NONE, ), ITEM("party_no", number, 2, NONE, ),
                                       ITEM("party", subject, 0, SUBJECT, ),
                                       ITEM("party_name", text, 0, SUBJECT_NAME, )};
static struct ll_item farm_items[] = {ITEM("household_no", household, 1, SUBJECT, ),
                                      ITEM("head_name", text, 0, SUBJECT_NAME, ),
                                      ITEM("head_id", resident, 0, RELATED, .relation = "head")};

#define RESOURCE(n, kind, its, ...)                                                                          \
    {                                                                                                        \
        .name = n, .title = n, .provider = "P", .subject_kind = kind, .items = its,                          \
        .n_items = LL_COUNT(its), .key = (const struct ll_item *[]){__VA_ARGS__},                            \
        .n_key = LL_COUNT(((const struct ll_item *[]){__VA_ARGS__})),                                        \
    }
static struct ll_resource registration = RESOURCE("registration", "enterprise", registration_items,
                                                  &registration_items[1]);
static struct ll_resource old_register = RESOURCE("old_register", "any", old_items, &old_items[0]);
static struct ll_resource court = RESOURCE("court", "any", court_items, &court_items[0], &court_items[1]);
static struct ll_resource farm = RESOURCE("farm", "household", farm_items, &farm_items[0]);
static const struct ll_resource *const all[] = {&court, &farm, &old_register, &registration};

/* --- data ---------------------------------------------------------------------------------------------------------- */

/* cells divided by '|', an empty one is NULL; rows in key order, ended by NULL. */
static void publish(const struct ll_resource *r, int64_t seq, const char *const *rows)
{
    struct ll_seg_schema schema;
    struct ll_seg_build *b = NULL;
    struct ll_txn *tx = NULL;
    char path[LL_PATH], parts[64];
    uint64_t n;

    assert_ok(ll_path(path, &err, "%s/service/%s", dir, r->name));
    assert_ok(ll_fs_mkdirs(path, &err));
    assert_ok(ll_path(path, &err, "%s/service/%s/S%d.db", dir, r->name, (int)seq));
    assert_ok(ll_table_schema(r, &schema, arena, &err));
    assert_ok(ll_seg_build_open(path, &schema, &b, &err));
    for (; *rows; rows++) {
        struct ll_str rest = ll_str(*rows), cell;
        for (size_t at = 0; at < schema.n; at++) {
            ll_str_cut(rest, '|', &cell, &rest);
            int64_t v;
            if (strcmp(schema.columns[at].sql_type, "INTEGER") == 0 &&
                ll_str_i64(cell, INT64_MIN, INT64_MAX, &v))
                ll_seg_int(b, at, v);
            else if (cell.n)
                ll_seg_text(b, at, cell.p, cell.n);
        }
        assert_ok(ll_seg_build_row(b, false, &err));
    }
    assert_ok(ll_seg_build_seal(b, &n, &err));
    snprintf(parts, sizeof parts, "[{\"file\":\"S%d.db\"}]", (int)seq);
    assert_ok(ll_txn_begin(st, true, &tx, &err));
    assert_ok(ll_exec(
        tx, &err,
        "INSERT INTO batch VALUES ($1, $2, $3, 1, '', 'increment', 'published', 0, 0, 0, 0, $4, NULL, '', NULL)",
        "zizi", path, seq, r->name, seq * 1000));
    assert_ok(ll_exec(tx, &err, "INSERT INTO segment VALUES ($1, $2, 1, $3, $3, $3, 0, 0, $4)", "zziz", path,
                      r->name, seq, parts));
    assert_ok(ll_txn_commit(tx, &err));
    ll_txn_end(tx);
}

static void make_data(void)
{
    char row[256], old_row[64];

    snprintf(row, sizeof row, "吉安甲公司|" EXAMPLE "|%s|" PERSON "|100.50|-3|1|1|2020-01-31", reg_no);
    snprintf(old_row, sizeof old_row, "%s|吉安老甲公司", reg_no);
    publish(&registration, 1, (const char *[]){row, "吉安乙公司|" HUAWEI "|||007|5|0|9|", NULL});
    publish(&old_register, 2, (const char *[]){old_row, NULL});
    publish(&court, 3,
            (const char *[]){"C1|1|" EXAMPLE "|吉安甲公司", "C1|2|" PERSON "|张三", "C2|1|" PERSON "|张三",
                             "C3|1|" OTHER_PERSON "|张三", NULL});
    publish(&farm, 4, (const char *[]){"H001|李四|" PERSON, NULL});
}

static void make_codes(void)
{
    const struct ll_code normal = {
        .code = LL_STR("1"), .title = LL_STR("存续"), .title_en = LL_STR("active")};

    status = ll_codeset_new(arena, "STATUS", 4);
    assert_ok(ll_codeset_add(status, &normal, LL_STR(""), &err));
    registration_items[7].codes = status;
    for (char c = '0'; c <= '9'; c++) {
        char canon[LL_ID_MAX];
        size_t n;
        snprintf(reg_no, sizeof reg_no, "36080021000123%c", c);
        if (ll_id_check(LL_ID_REG_NO, ll_str(reg_no), canon, &n) == LL_IDF_OK)
            return;
    }
    fail();
}

static int set_up(void **state)
{
    struct ll_store_opts o = LL_STORE_OPTS_INIT;
    struct ll_tables_opts to = LL_TABLES_OPTS_INIT;
    char path[LL_PATH];

    (void)state;
    strcpy(dir + sizeof dir - 7, "XXXXXX");
    if (!mkdtemp(dir) || ll_path(path, &err, "%s/luling.db", dir) < 0 || !(arena = ll_arena_new(0)))
        return -1;
    o.path = path;
    to.data_dir = dir;
    if (ll_store_open(&st, &o, &err) < 0 || ll_tables_open(st, &to, &ts, &err) < 0)
        return -1;
    make_codes();
    make_data();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    ts = ll_tables_close(ts);
    st = ll_store_close(st);
    arena = ll_arena_free(arena);
    return ll_fs_remove_tree(dir, NULL);
}

/* --- records ------------------------------------------------------------------------------------------------------- */

static char *record(const struct ll_resource *r, const char *key, bool mask)
{
    struct ll_buf out = LL_BUF_INIT(1 << 20);
    struct ll_str *k;
    size_t n;

    assert_ok(ll_key_parse(ll_str(key), arena, &k, &n, &err));
    int rc = ll_record_json(ts, r, k, n, mask, &out, &err);
    assert_ok(rc);
    char *copy = rc ? ll_arena_dup(arena, ll_buf_view(&out)) : NULL;
    ll_buf_free(&out);
    return copy;
}

static void test_a_record_has_the_types_of_its_items(void **state)
{
    char want[1024];

    (void)state;
    snprintf(
        want, sizeof want,
        "{\"resource\":\"registration\",\"key\":[\"" EXAMPLE
        "\"],\"batch\":1,\"published_at\":\"1970-01-01T00:00:01.000Z\","
        "\"record\":{\"name\":\"吉安甲公司\",\"uscc\":\"" EXAMPLE
        "\",\"reg_no\":\"%s\",\"legal_rep_id\":\"" PERSON "\","
        "\"capital\":100.50,\"staff\":-3,\"listed\":true,\"status\":{\"code\":\"1\",\"title\":\"存续\",\"title_en\":\"active\"},"
        "\"founded\":\"2020-01-31\"}}",
        reg_no);
    assert_string_equal(record(&registration, EXAMPLE, false), want);
    assert_null(record(&registration, "no such key", false));
}

static void test_what_is_no_number_or_known_code_stays_text(void **state)
{
    (void)state;
    char *json = record(&registration, HUAWEI, false);
    assert_non_null(strstr(json, "\"capital\":\"007\""));
    assert_non_null(strstr(json, "\"listed\":false"));
    assert_non_null(strstr(json, "\"status\":{\"code\":\"9\",\"title\":null}"));
    assert_non_null(strstr(json, "\"founded\":null"));
}

static void test_a_mask_hides_persons_only(void **state)
{
    (void)state;
    char *json = record(&registration, EXAMPLE, true);
    assert_null(strstr(json, PERSON));
    assert_non_null(strstr(json, EXAMPLE));
    assert_null(strstr(record(&court, "[\"C2\",\"1\"]", true), PERSON));
    assert_non_null(strstr(record(&court, "[\"C1\",\"1\"]", true), EXAMPLE));
}

/* --- subjects ------------------------------------------------------------------------------------------------------ */

static struct ll_subject *profile(const char *who)
{
    struct ll_subject_opts o = LL_SUBJECT_OPTS_INIT;
    struct ll_subject *s = NULL;

    assert_ok(ll_subject_profile(ts, all, LL_COUNT(all), ll_str(who), &o, arena, &s, &err));
    return s;
}

static bool has_id(const struct ll_subject *s, const char *type, const char *value)
{
    for (size_t i = 0; i < s->n_ids; i++)
        if (strcmp(s->ids[i].type, type) == 0 && ll_str_is(s->ids[i].value, value))
            return true;
    return false;
}

static const struct ll_subject_group *group(const struct ll_subject *s, const struct ll_resource *r)
{
    for (size_t i = 0; i < s->n_groups; i++)
        if (s->groups[i].resource == r)
            return &s->groups[i];
    return NULL;
}

static void assert_is_example(const struct ll_subject *s)
{
    assert_int_equal(s->n_hits, 0);
    assert_true(s->has_kind && s->kind == LL_KIND_ENTERPRISE);
    assert_true(has_id(s, "uscc", EXAMPLE) && has_id(s, "reg_no", reg_no) &&
                has_id(s, "org_code", "M000100Y4"));
    assert_int_equal(s->n_ids, 3);
    assert_int_equal(s->n_groups, 3);
    assert_int_equal(group(s, &registration)->n, 1);
    assert_int_equal(group(s, &court)->n, 1);
    assert_int_equal(group(s, &old_register)->n,
                     1); /* known there by the number that the registration ties to the code */
    assert_int_equal(group(s, &old_register)->published_at, 2000);
    assert_null(group(s, &registration)->records[0].relation);
    assert_int_equal(s->n_names, 2);
}

static void test_any_identifier_and_the_name_find_the_same_subject(void **state)
{
    (void)state;
    assert_is_example(profile(EXAMPLE));
    assert_is_example(profile(" 91350100m000100y43 "));
    assert_is_example(profile(reg_no));
    assert_is_example(profile("吉安甲公司"));
    assert_is_example(profile("吉安老甲公司"));
}

static void test_a_person_is_found_where_others_mention_them(void **state)
{
    (void)state;
    const struct ll_subject *s = profile(PERSON);
    assert_true(s->has_kind && s->kind == LL_KIND_PERSON);
    assert_int_equal(group(s, &court)->n, 2);
    assert_string_equal(group(s, &registration)->records[0].relation, "legal_representative");
    assert_string_equal(group(s, &farm)->records[0].relation, "head");
    assert_int_equal(s->n_ids, 1); /* the firm's identifiers are not the person's */
    assert_int_equal(s->n_names, 1);
    assert_str(s->names[0], "张三");
}

static void test_a_number_of_a_department_s_own_finds_its_subject(void **state)
{
    (void)state;
    const struct ll_subject *s = profile("H001");
    assert_int_equal(s->n_groups, 1);
    assert_true(has_id(s, "household_no", "H001"));
    assert_true(s->has_kind && s->kind == LL_KIND_HOUSEHOLD);
}

static void test_a_shared_name_gives_the_choice(void **state)
{
    (void)state;
    const struct ll_subject *s = profile("张三");
    assert_int_equal(s->n_hits, 2);
    assert_int_equal(s->n_groups, 0);
}

static void test_an_unknown_subject_has_nothing(void **state)
{
    (void)state;
    assert_int_equal(profile("无此公司")->n_groups, 0);
    assert_int_equal(profile("无此公司")->n_ids, 0);
    assert_int_equal(profile("9144030071526726XG")->n_groups, 0);
    assert_int_equal(profile("")->n_groups, 0);
}

static void test_records_are_bounded_and_counted(void **state)
{
    struct ll_subject_opts o = LL_SUBJECT_OPTS_INIT;
    const char *rows[1201];
    struct ll_subject *s = NULL;

    (void)state;
    for (int i = 0; i < 1200; i++)
        rows[i] = ll_arena_printf(arena, "D%04d|1|" HUAWEI "|吉安乙公司", i);
    rows[1200] = NULL;
    publish(&court, 5, rows);
    o.max_records = 2;
    assert_ok(ll_subject_profile(ts, all, LL_COUNT(all), LL_STR(HUAWEI), &o, arena, &s, &err));
    assert_int_equal(group(s, &court)->n, 2);
    assert_int_equal(group(s, &court)->total, 1000);
    assert_true(group(s, &court)->more);
    assert_false(group(s, &registration)->more);
}

static void test_a_record_with_two_identifiers_of_the_subject_counts_once(void **state)
{
    (void)state;
    /* the registration is found by the credit code and again by the registration number */
    assert_int_equal(group(profile(EXAMPLE), &registration)->total, 1);
}

static void test_subjects_are_searched_by_the_start_of_their_name(void **state)
{
    struct ll_subject_hit *hits;
    size_t n;

    (void)state;
    assert_ok(ll_subject_search(ts, all, LL_COUNT(all), LL_STR("吉安"), 10, arena, &hits, &n, &err));
    assert_int_equal(n, 3); /* the old register's entry is a subject of its own until a profile ties it */
    assert_str(hits[0].name, "吉安乙公司");
    assert_str(hits[0].id.value, HUAWEI);
    assert_ok(ll_subject_search(ts, all, LL_COUNT(all), LL_STR("吉安"), 1, arena, &hits, &n, &err));
    assert_int_equal(n, 1);
    assert_ok(ll_subject_search(ts, all, LL_COUNT(all), LL_STR("无"), 10, arena, &hits, &n, &err));
    assert_int_equal(n, 0);
}

static char *written(const struct ll_subject *s)
{
    struct ll_buf out = LL_BUF_INIT(1 << 20);
    struct ll_json j;

    ll_json_init(&j, &out);
    ll_subject_put(s, &j);
    char *copy = ll_arena_dup(arena, ll_buf_view(&out));
    ll_buf_free(&out);
    return copy;
}

static void test_a_profile_is_json(void **state)
{
    struct ll_subject_opts o = LL_SUBJECT_OPTS_INIT;
    struct ll_subject *s = NULL;

    (void)state;
    assert_string_equal(
        written(profile("H001")),
        "{\"kind\":{\"code\":\"household\",\"title\":\"农户\",\"title_en\":\"household\"},\"names\":[\"李四\"],"
        "\"identifiers\":[{\"type\":\"household_no\",\"title\":\"household_no\",\"title_en\":null,\"value\":\"H001\",\"from\":\"farm\"}],"
        "\"groups\":[{\"resource\":\"farm\",\"title\":\"farm\",\"title_en\":null,\"provider\":\"P\",\"provider_name\":null,"
        "\"published_at\":\"1970-01-01T00:00:04.000Z\",\"total\":1,\"more\":false,\"records\":[{\"key\":[\"H001\"],\"relation\":null,"
        "\"record\":{\"household_no\":\"H001\",\"head_name\":\"李四\",\"head_id\":\"" PERSON
        "\"}}]}],\"candidates\":[]}");
    o.mask = true;
    assert_ok(ll_subject_profile(ts, all, LL_COUNT(all), LL_STR(PERSON), &o, arena, &s, &err));
    assert_null(strstr(written(s), PERSON));
    assert_ok(ll_subject_profile(ts, all, LL_COUNT(all), LL_STR("张三"), &o, arena, &s, &err));
    assert_null(strstr(written(s), PERSON));
    assert_non_null(strstr(written(s), "\"candidates\":[{\"name\":\"张三\""));
}

#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(test_a_record_has_the_types_of_its_items),
        T(test_what_is_no_number_or_known_code_stays_text),
        T(test_a_mask_hides_persons_only),
        T(test_any_identifier_and_the_name_find_the_same_subject),
        T(test_a_person_is_found_where_others_mention_them),
        T(test_a_number_of_a_department_s_own_finds_its_subject),
        T(test_a_shared_name_gives_the_choice),
        T(test_an_unknown_subject_has_nothing),
        T(test_records_are_bounded_and_counted),
        T(test_a_record_with_two_identifiers_of_the_subject_counts_once),
        T(test_subjects_are_searched_by_the_start_of_their_name),
        T(test_a_profile_is_json),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
