/* One record through time: every version with its batch, and what showed at an instant. */
#include "folder.h"

#include "base/clock.h"
#include "intake/history.h"

#include <jansson.h>
#include <unistd.h>

/* "name staff" of the record as it showed then; "-" when there was none. */
static const char *as_of(struct folder *f, const char *code, int64_t when)
{
    struct ll_buf out = LL_BUF_INIT(1 << 16);
    const struct ll_str key[] = {ll_str(code)};
    const char *text = "-";
    struct ll_json j;
    struct ll_err err;

    ll_json_init(&j, &out);
    int rc = ll_history_as_of(f->d, folder_resource(f, "firm"), key, 1, when, false, &j, &err);
    if (rc == LL_OK) {
        json_t *o = json_loadb(out.p, out.n, 0, NULL);
        text = ll_arena_printf(f->arena, "%s %lld", json_string_value(json_object_get(o, "name")),
                               (long long)json_integer_value(json_object_get(o, "staff")));
        json_decref(o);
    } else {
        assert_int_equal(rc, LL_NOTFOUND);
    }
    ll_buf_free(&out);
    return text;
}

/* "state name", newest first; a delete marker is "state x". */
static const char *versions(struct folder *f, const char *code)
{
    struct ll_buf out = LL_BUF_INIT(1 << 16), text = LL_BUF_INIT(1 << 16);
    const struct ll_str key[] = {ll_str(code)};
    struct ll_json j;
    struct ll_err err;
    json_t *v;
    size_t i;

    ll_json_init(&j, &out);
    assert_ok(ll_history_json(f->d, folder_resource(f, "firm"), key, 1, false, &j, &err));
    json_t *list = json_loadb(out.p, out.n, 0, NULL);
    json_array_foreach(list, i, v)
    {
        const char *name = json_string_value(json_object_get(json_object_get(v, "record"), "name"));
        ll_buf_printf(&text, "%s%s %s", i ? ", " : "", json_string_value(json_object_get(v, "state")),
                      json_is_true(json_object_get(v, "deleted")) ? "x" : name);
    }
    json_decref(list);
    const char *copy = ll_arena_dup(f->arena, ll_buf_view(&text));
    ll_buf_free(&out);
    ll_buf_free(&text);
    return copy;
}

static int64_t instant(void)
{
    usleep(3000);
    int64_t now = ll_now_ms();
    usleep(3000);
    return now;
}

static void test_each_instant_shows_what_showed_then(void **state)
{
    struct folder *f = *state;
    struct ll_err err;

    int64_t before = instant();
    folder_take(f, "firm", NULL, FIRM "A,Ann,3,\nB,Bob,5,\n", LL_OK);
    int64_t first = instant();
    const char *second = folder_take(f, "firm", "increment", FIRM_OP "A,Amy,4,,\nB,,,,D\n", LL_OK);
    int64_t changed = instant();
    assert_ok(ll_job_withdraw(f->d, second, &err));
    int64_t withdrawn = instant();
    folder_take(f, "firm", NULL, FIRM "B,Bea,9,\n", LL_OK);
    int64_t replaced = instant();

    assert_string_equal(as_of(f, "A", before), "-");
    assert_string_equal(as_of(f, "A", first), "Ann 3");
    assert_string_equal(as_of(f, "B", first), "Bob 5");
    assert_string_equal(as_of(f, "A", changed), "Amy 4");
    assert_string_equal(as_of(f, "B", changed), "-");
    assert_string_equal(as_of(f, "A", withdrawn), "Ann 3");
    assert_string_equal(as_of(f, "B", withdrawn), "Bob 5");
    assert_string_equal(as_of(f, "A", replaced), "-");
    assert_string_equal(as_of(f, "B", replaced), "Bea 9");
    assert_string_equal(versions(f, "A"), "withdrawn Amy, published Ann");
    assert_string_equal(versions(f, "B"), "published Bea, withdrawn x, published Bob");
    assert_string_equal(versions(f, "none"), "");
}

static void test_a_key_is_a_value_never_sql(void **state)
{
    struct folder *f = *state;

    folder_take(f, "firm", NULL, FIRM "A,Ann,3,\n", LL_OK);
    assert_string_equal(versions(f, "A' OR '1'='1"), "");
    assert_string_equal(as_of(f, "' OR true --", instant()), "-");
}

static void test_a_key_of_another_shape_is_told(void **state)
{
    struct folder *f = *state;
    struct ll_buf out = LL_BUF_INIT(1 << 16);
    const struct ll_str key[] = {LL_STR("A"), LL_STR("B")};
    struct ll_json j;
    struct ll_err err;

    ll_json_init(&j, &out);
    assert_int_equal(ll_history_json(f->d, folder_resource(f, "firm"), key, 2, false, &j, &err), LL_USAGE);
    assert_non_null(strstr(err.en, "has 1 items, 2 were given"));
    ll_buf_free(&out);
}

#define T(name) cmocka_unit_test_setup_teardown(name, folder_open, folder_close)
int main(void)
{
    const struct CMUnitTest tests[] = {
        T(test_each_instant_shows_what_showed_then),
        T(test_a_key_is_a_value_never_sql),
        T(test_a_key_of_another_shape_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
