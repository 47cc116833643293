/* A delivery that would delete or change more of a resource than its limit waits for a person. */
#include "folder.h"

enum { MANY = 120 };

/* Firms F000 to F<n-1>; those below `changed` have other staff. */
static const char *many(struct folder *f, unsigned n, unsigned changed)
{
    struct ll_buf out = LL_BUF_INIT(1 << 20);

    ll_buf_z(&out, FIRM);
    for (unsigned i = 0; i < n; i++)
        ll_buf_printf(&out, "F%03u,Firm %u,%u,\n", i, i, i < changed ? 1000 + i : i);
    const char *text = ll_arena_dup(f->arena, ll_buf_view(&out));
    ll_buf_free(&out);
    return text;
}

static int64_t shown(struct folder *f)
{
    const char *text = folder_shows(f, "firm");
    int64_t n = 0;

    for (const char *at = text; (at = strstr(at, "|Firm ")) != NULL; at++)
        n++;
    return n;
}

static void test_a_small_change_is_published_at_once(void **state)
{
    struct folder *f = *state;

    folder_take(f, "firm", NULL, many(f, MANY, 0), LL_OK);
    folder_take(f, "firm", NULL, many(f, MANY, 30), LL_OK); /* 25 % */
    folder_take(f, "firm", NULL, many(f, 90, 30), LL_OK);   /* 25 % fewer */
    assert_int_equal(shown(f), 90);
}

static void test_a_large_deletion_waits_and_a_word_publishes_it(void **state)
{
    struct folder *f = *state;

    folder_take(f, "firm", NULL, many(f, MANY, 0), LL_OK);
    const char *id = folder_take(f, "firm", NULL, many(f, 60, 0), LL_WAITING);
    assert_non_null(strstr(f->err.en, "delete 60 and change 0 of the 120 records"));
    assert_non_null(strstr(f->err.zh, "将删除 60 条、改动 0 条"));
    assert_string_equal(folder_state(f, id), "waiting");
    assert_int_equal(shown(f), MANY);
    assert_int_equal(folder_run(f, id, false), LL_WAITING); /* asking again changes nothing */
    assert_int_equal(folder_run(f, id, true), LL_OK);
    assert_string_equal(folder_state(f, id), "published");
    assert_int_equal(shown(f), 60);
}

static void test_a_large_change_waits_and_a_refusal_leaves_all_as_it_was(void **state)
{
    struct folder *f = *state;
    struct ll_err err;

    folder_take(f, "firm", NULL, many(f, MANY, 0), LL_OK);
    const char *before = folder_shows(f, "firm");
    const char *id = folder_take(f, "firm", "increment", many(f, 50, 50), LL_WAITING);
    assert_non_null(strstr(f->err.en, "delete 0 and change 50 of the 120 records"));
    assert_ok(ll_job_refuse(f->d, id, &err));
    assert_string_equal(folder_state(f, id), "failed");
    assert_string_equal(folder_shows(f, "firm"), before);
    assert_int_equal(ll_job_refuse(f->d, id, &err), LL_CONFLICT);
    assert_int_equal(folder_run(f, id, true), LL_CONFLICT);
    assert_string_equal(folder_shows(f, "firm"), before);
    /* The same bytes may be sent again. */
    const char *again = folder_take(f, "firm", "increment", many(f, 50, 50), LL_WAITING);
    assert_string_not_equal(again, id);
}

static void test_delete_marks_count(void **state)
{
    struct folder *f = *state;
    struct ll_buf out = LL_BUF_INIT(1 << 20);

    folder_take(f, "firm", NULL, many(f, MANY, 0), LL_OK);
    ll_buf_z(&out, FIRM_OP);
    for (unsigned i = 0; i < 40; i++)
        ll_buf_printf(&out, "F%03u,,,,D\n", i);
    const char *id = folder_take(f, "firm", "increment", out.p, LL_WAITING);
    ll_buf_free(&out);
    assert_non_null(strstr(f->err.en, "delete 40 and change 0"));
    assert_int_equal(folder_run(f, id, true), LL_OK);
    assert_int_equal(shown(f), MANY - 40);
}

/* What waited was delivered before what came since: it shows below it, as a rebuild from the lake says. */
static void test_what_waited_shows_below_what_came_since(void **state)
{
    struct folder *f = *state;
    struct ll_err err;
    unsigned n;

    folder_take(f, "firm", NULL, many(f, MANY, 0), LL_OK);
    const char *waited = folder_take(f, "firm", "increment", many(f, 50, 50), LL_WAITING);
    folder_take(f, "firm", "increment", FIRM "F000,New,7,\n", LL_OK);
    assert_int_equal(folder_run(f, waited, true), LL_OK);
    const char *shows = folder_shows(f, "firm");
    assert_non_null(strstr(shows, "F000|New|7|"));
    assert_non_null(strstr(shows, "F001|Firm 1|1001|"));
    assert_ok(ll_job_rebuild(f->d, "firm", &n, &err));
    assert_string_equal(folder_shows(f, "firm"), shows);
}

static void test_what_waited_does_not_show_through_a_later_snapshot(void **state)
{
    struct folder *f = *state;
    struct ll_err err;
    unsigned n;

    folder_take(f, "firm", NULL, many(f, MANY, 0), LL_OK);
    const char *waited = folder_take(f, "firm", "increment", many(f, 50, 50), LL_WAITING);
    folder_take(f, "firm", NULL, many(f, MANY, 20), LL_OK);
    const char *shows = folder_shows(f, "firm");
    assert_int_equal(folder_run(f, waited, true), LL_OK);
    assert_string_equal(folder_shows(f, "firm"), shows);
    assert_ok(ll_job_rebuild(f->d, "firm", &n, &err));
    assert_string_equal(folder_shows(f, "firm"), shows);
}

static void test_few_records_never_wait(void **state)
{
    struct folder *f = *state;

    folder_take(f, "firm", NULL, many(f, 99, 0), LL_OK);
    folder_take(f, "firm", NULL, many(f, 1, 1), LL_OK);
    assert_int_equal(shown(f), 1);
}

#define T(name) cmocka_unit_test_setup_teardown(name, folder_open, folder_close)
int main(void)
{
    const struct CMUnitTest tests[] = {
        T(test_a_small_change_is_published_at_once),
        T(test_a_large_deletion_waits_and_a_word_publishes_it),
        T(test_a_large_change_waits_and_a_refusal_leaves_all_as_it_was),
        T(test_delete_marks_count),
        T(test_what_waited_shows_below_what_came_since),
        T(test_what_waited_does_not_show_through_a_later_snapshot),
        T(test_few_records_never_wait),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
