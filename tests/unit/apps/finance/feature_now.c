/* feature_now: whatever happens between two questions, the values of a firm are to the bit those computed from the lake at that moment, whether a
 * table tells them, memory, or the lake; which of them tells is what was expected. */
#include "featurekit.h"

#include "apps/finance/feature_auto.h"
#include "apps/finance/feature_bytes.h"
#include "apps/finance/feature_kept.h"
#include "share/withheld.h"

#include <stdlib.h>

enum { KEYS = 6, STEPS = 22, DAY_MS = 86400000, BYTES = 4096, MATTERS = 64, BATCHES = 64 };

static const int64_t begin_ms = INT64_C(1792720800000); /* 2026-10-23T10:00:00+08:00 */
static const char *const days[] = {"2025-10-23", "2025-10-24", "2026-09-30", "2026-10-24", "2026-10-26"};

/* ---- one server, and what happened to its data ---- */

struct world {
    struct folder *f;
    struct ll_marks *marks;
    struct ll_feature_now *now;
    struct ll_catalog *cat;
    const struct ll_feature_set *set;
    uint64_t seed;
    int64_t at;
    const char *batches[BATCHES]; /* of entry, that are published */
    size_t n_batches;
    char matters[MATTERS][16];     /* that withhold a record */
    size_t n_matters, next, firms; /* firms: deliveries of them */
    unsigned by_table, by_lake, by_memory;
};

static unsigned draw(struct world *w, unsigned n)
{
    w->seed = w->seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)(w->seed >> 33) % n;
}

static void clock_to(struct world *w, int64_t ms)
{
    char text[32];

    w->at = ms;
    snprintf(text, sizeof text, "%lld", (long long)ms);
    setenv("LULING_NOW", text, 1);
}

static void serve_again(struct world *w)
{
    struct ll_err err;
    ll_feature_now_close(w->now);
    ll_marks_close(w->marks);
    assert_ok(ll_marks_open(ll_data_store(w->f->d), ll_data_vault(w->f->d), &w->marks, &err));
    assert_ok(ll_feature_now_open(w->f->d, w->marks, &w->now, &err));
}

static void open_world(struct world *w, struct folder *f, uint64_t seed)
{
    *w = (struct world){.f = f, .seed = seed};
    clock_to(w, begin_ms);
    featurekit_load(f, "1.0.0", indicators);
    w->set = featurekit_set(f, &w->cat, LL_OK);
    serve_again(w);
}

static void close_world(struct world *w)
{
    ll_feature_now_close(w->now);
    ll_marks_close(w->marks);
    ll_catalog_unref(w->cat);
    unsetenv("LULING_NOW");
}

/* ---- what may happen ---- */

/* Each time others, so that it is never the same delivery again. */
static void firms_come(struct world *w)
{
    struct ll_buf csv = LL_BUF_INIT(1 << 12);
    const size_t others = 1 + w->firms++ % 3;

    ll_buf_z(&csv, "uscc\n");
    for (size_t i = 0; i < FIRMS; i++)
        if (i == 0 || others & i)
            ll_buf_printf(&csv, "%s\n", firms[i]);
    folder_take(w->f, "register", "snapshot", csv.p, LL_OK);
    ll_buf_free(&csv);
}

static void entries_come(struct world *w)
{
    struct ll_buf csv = LL_BUF_INIT(1 << 12);

    ll_buf_z(&csv, "no,uscc,day,amount,_op\n");
    for (int k = 0; k < KEYS; k++)
        if (k == 0 || draw(w, 2))
            ll_buf_printf(&csv, "K%d,%s,%s,%u.%02u,%s\n", k, firms[draw(w, FIRMS)],
                          days[draw(w, LL_COUNT(days))], draw(w, 90), draw(w, 100),
                          k && draw(w, 5) == 0 ? "D" : "");
    w->batches[w->n_batches++] = folder_take(w->f, "entry", "increment", csv.p, LL_OK);
    ll_buf_free(&csv);
}

static void entries_go(struct world *w)
{
    struct ll_err err;
    if (!w->n_batches)
        return;
    size_t i = draw(w, (unsigned)w->n_batches);
    assert_ok(ll_job_withdraw(w->f->d, w->batches[i], &err));
    w->batches[i] = w->batches[--w->n_batches];
}

static void repaired(struct world *w)
{
    struct ll_err err;
    const struct ll_resource *r = ll_catalog_resource(w->cat, LL_STR("entry"));
    char *matter = w->matters[w->n_matters++], record[16];
    struct ll_txn *tx = NULL;

    snprintf(matter, sizeof w->matters[0], "M%zu", w->next++);
    snprintf(record, sizeof record, "[\"K%u\"]", draw(w, KEYS));
    assert_ok(ll_txn_begin(ll_data_store(w->f->d), true, &tx, &err));
    assert_ok(ll_withhold(tx, ll_data_vault(w->f->d), r, record, matter, &err));
    assert_ok(ll_txn_commit(tx, &err));
    ll_txn_end(tx);
}

static void shared_again(struct world *w)
{
    struct ll_err err;
    struct ll_txn *tx = NULL;

    if (!w->n_matters)
        return;
    assert_ok(ll_txn_begin(ll_data_store(w->f->d), true, &tx, &err));
    assert_ok(ll_withhold_end(tx, w->matters[--w->n_matters], &err));
    assert_ok(ll_txn_commit(tx, &err));
    ll_txn_end(tx);
}

static void table_made(struct world *w)
{
    struct ll_err err;
    struct ll_feature_run run;

    assert_ok(ll_feature_auto_make(w->f->d, w->marks, w->set, w->f->arena, &run, &err));
    assert_true(run.automatic && run.basis[0]);
}

static void something_else(struct world *w)
{
    folder_sql(w->f, "UPDATE delivery SET updated_at = updated_at");
}

static void day_turns(struct world *w)
{
    clock_to(w, w->at + DAY_MS);
}

/* The clock was wrong: batches of the last hours have not come yet. */
static void clock_back(struct world *w)
{
    clock_to(w, w->at - 5000);
}

static const struct {
    void (*happens)(struct world *w);
    unsigned weight;
} events[] = {{firms_come, 1},  {entries_come, 4},   {entries_go, 2}, {repaired, 2},  {shared_again, 1},
              {serve_again, 1}, {something_else, 2}, {day_turns, 1},  {clock_back, 1}};

static void something(struct world *w)
{
    unsigned all = 0, i = 0, drawn;

    for (size_t k = 0; k < LL_COUNT(events); k++)
        all += events[k].weight;
    for (drawn = draw(w, all); drawn >= events[i].weight; i++)
        drawn -= events[i].weight;
    clock_to(w, w->at + 1000);
    events[i].happens(w);
}

/* ---- the values, twice ---- */

struct got {
    size_t n; /* firms */
    char firm[FIRMS][24], bytes[FIRMS][BYTES];
    size_t len[FIRMS];
};
struct keeping {
    struct got *got;
    size_t values;
};

static int keep(void *ctx, struct ll_str firm, const struct ll_feature_value *values, struct ll_err *err)
{
    struct keeping *k = ctx;
    struct got *g = k->got;
    struct ll_buf bytes = LL_BUF_INIT(BYTES);

    (void)err;
    assert_true(ll_feature_bytes_put(&bytes, values, k->values));
    snprintf(g->firm[g->n], sizeof g->firm[0], "%.*s", LL_STR_ARG(firm));
    memcpy(g->bytes[g->n], bytes.p, bytes.n);
    g->len[g->n++] = bytes.n;
    ll_buf_free(&bytes);
    return LL_OK;
}

static struct ll_feature_told ask(struct world *w, const char *firm, struct got *got)
{
    struct keeping k = {got, w->set->n};
    struct ll_feature_told told;

    *got = (struct got){.n = 0};
    if (ll_feature_now(w->now, w->set, ll_str(firm), w->f->arena, keep, &k, &told, &w->f->err) < 0)
        fail_msg("%s", w->f->err.en);
    assert_int_equal(told.found, got->n);
    assert_int_equal(told.as_of.ms, w->at);
    w->by_table += !told.computed;
    w->by_memory += told.kept;
    w->by_lake += told.computed && !told.kept;
    return told;
}

static void all_from_lake(struct world *w, struct got *ret)
{
    struct ll_err err;
    struct ll_features_asked a = {.data = w->f->d, .marks = w->marks, .set = w->set};
    struct keeping k = {ret, w->set->n};

    *ret = (struct got){.n = 0};
    assert_ok(ll_as_of_read(NULL, &a.as_of, &err));
    assert_ok(ll_features_each(&a, w->f->arena, NULL, keep, &k, &err));
}

static void same(const struct world *w, const char *firm, const struct got *one, const struct got *all)
{
    size_t i = 0;

    while (i < all->n && strcmp(all->firm[i], firm) != 0)
        i++;
    assert_int_equal(one->n, i < all->n);
    if (i < all->n && (one->len[0] != all->len[i] || memcmp(one->bytes[0], all->bytes[i], all->len[i]) != 0))
        fail_msg("seed %llu: %s differs from the lake", (unsigned long long)w->seed, firm);
}

static void compare(struct world *w)
{
    struct ll_err err;
    struct got all, one;
    bool stands = false;
    size_t known;

    all_from_lake(w, &all);
    assert_ok(ll_feature_now_stands(w->now, w->set, &stands, &known, &err));
    const char *firm = firms[draw(w, FIRMS)];
    for (int i = 0; i < 2; i++) {
        struct ll_feature_told told = ask(w, firm, &one);
        same(w, firm, &one, &all);
        assert_int_equal(told.computed, !stands);
        assert_true(!i || told.kept == !stands); /* the second look costs nothing */
    }
    if (!stands)
        return;
    for (int i = 0; i < FIRMS; i++) { /* a table tells of all of them at once */
        ask(w, firms[i], &one);
        same(w, firms[i], &one, &all);
    }
    assert_false(ask(w, "91360802YL0000400X", &one).found);
}

static void test_whoever_tells_a_firm_tells_what_the_lake_has_at_that_moment(void **state)
{
    struct world w;

    open_world(&w, *state, 20261023);
    firms_come(&w);
    for (int i = 0; i < STEPS; i++) {
        something(&w);
        if (draw(&w, 4) == 0)
            table_made(&w);
        compare(&w);
    }
    if (!w.by_table || !w.by_lake || !w.by_memory)
        fail_msg("table %u, lake %u, memory %u", w.by_table, w.by_lake, w.by_memory);
    close_world(&w);
}

/* ---- what each change does ---- */

static void expect(struct world *w, bool table, const char *after)
{
    struct got one, all;
    struct ll_feature_told told = ask(w, firms[0], &one);

    all_from_lake(w, &all);
    same(w, firms[0], &one, &all);
    if (told.computed == table)
        fail_msg("after %s: from the %s", after, ll_feature_from_word(&told));
}

static void the_first_goes(struct world *w)
{
    struct ll_err err;

    assert_ok(ll_job_withdraw(w->f->d, w->batches[0], &err));
    w->batches[0] = w->batches[--w->n_batches];
}

static void test_a_table_counts_until_something_that_it_rests_on_changes(void **state)
{
    static const struct {
        void (*happens)(struct world *w);
        const char *what;
        bool table;
    } cases[] = {{something_else, "a commit of something else", true},
                 {serve_again, "a new start", true},
                 {entries_come, "a delivery", false},
                 {the_first_goes, "a withdrawal", false},
                 {firms_come, "other firms", false},
                 {repaired, "a repair", false},
                 {shared_again, "the end of a repair", true}, /* the table of before it was made */
                 {day_turns, "midnight", false},
                 {clock_back, "the clock was set back", true}};
    struct world w;

    open_world(&w, *state, 7);
    firms_come(&w);
    entries_come(&w);
    for (size_t i = 0; i < LL_COUNT(cases); i++) {
        clock_to(&w, w.at + 20000);
        table_made(&w);
        expect(&w, true, "a table");
        clock_to(&w, w.at + 10000);
        cases[i].happens(&w);
        expect(&w, cases[i].table, cases[i].what);
    }
    /* what is withdrawn leaves what was there before: the table of that counts again */
    clock_to(&w, w.at + 10000);
    table_made(&w);
    entries_come(&w);
    expect(&w, false, "a delivery");
    w.batches[0] = w.batches[--w.n_batches];
    clock_to(&w, w.at + 1000);
    the_first_goes(&w);
    expect(&w, true, "its withdrawal");
    close_world(&w);
}

static void test_other_indicators_are_not_taken_from_a_table_of_these(void **state)
{
    struct world w;

    open_world(&w, *state, 11);
    firms_come(&w);
    entries_come(&w);
    table_made(&w);
    expect(&w, true, "a table");
    featurekit_load(
        w.f, "1.0.1",
        "indicator,title,title_en,category,type,resource,combine,value,where,date,months,missing,basis\n"
        "entries,笔数,entries,x,number,entry,count,,amount > 40,,,0,own\n");
    ll_catalog_unref(w.cat);
    w.set = featurekit_set(w.f, &w.cat, LL_OK);
    expect(&w, false, "another pack");
    close_world(&w);
}

/* ---- tables by themselves ---- */

static size_t tables(struct world *w, bool automatic)
{
    struct ll_err err;
    struct ll_feature_run *list = NULL;
    size_t n = 0, found = 0;

    assert_ok(ll_feature_run_list(w->f->d, w->f->arena, &list, &n, &err));
    for (size_t i = 0; i < n; i++)
        found += list[i].automatic == automatic;
    return found;
}

static bool due(struct world *w)
{
    struct ll_err err;
    bool is = false;

    assert_ok(ll_feature_auto_due(w->now, w->set, &is, &err));
    return is;
}

static void test_old_tables_go_but_not_those_that_somebody_needs(void **state)
{
    struct ll_err err;
    struct ll_feature_run run, pinned;
    struct world w;

    open_world(&w, *state, 13);
    assert_false(due(&w)); /* nobody is known */
    firms_come(&w);
    entries_come(&w);
    assert_true(due(&w));
    struct ll_features_asked by_hand = {.data = w.f->d, .marks = w.marks, .set = w.set};
    assert_ok(ll_as_of_read(NULL, &by_hand.as_of, &err));
    assert_ok(ll_feature_run_make(&by_hand, false, w.f->arena, &run, &err));
    assert_false(due(&w)); /* one that was made by hand will do */
    assert_ok(ll_feature_auto_make(w.f->d, w.marks, w.set, w.f->arena, &pinned, &err));
    folder_sql(
        w.f, ll_arena_printf(w.f->arena,
                             "INSERT INTO kit_study VALUES ('K1', '%s', 'x', 'x', 'x', 1, 1, 1, 1, NULL, 1)",
                             pinned.id));
    for (int i = 0; i < LL_FEATURE_AUTO_KEPT + 2; i++) {
        clock_to(&w, w.at + 1000);
        table_made(&w);
    }
    assert_int_equal(tables(&w, false), 1);
    assert_int_equal(tables(&w, true), LL_FEATURE_AUTO_KEPT + 1);
    assert_ok(ll_feature_run_get(w.f->d, pinned.id, w.f->arena, &run, &err));
    close_world(&w);
}

/* ---- memory ---- */

static void test_what_is_kept_is_bounded_and_of_one_basis(void **state)
{
    struct ll_buf out = LL_BUF_INIT(64);
    struct ll_feature_kept *k = NULL;
    struct ll_err err;
    char firm[24];

    (void)state;
    assert_ok(ll_feature_kept_new(&k, &err));
    for (int i = 0; i < 3 * LL_FEATURES_KEPT; i++) {
        snprintf(firm, sizeof firm, "F%d", i);
        ll_feature_kept_put(k, "one", ll_str(firm), ll_str(firm));
    }
    assert_in_range(ll_feature_kept_count(k), LL_FEATURES_KEPT / 2, LL_FEATURES_KEPT);
    assert_true(ll_feature_kept_get(k, "one", ll_str(firm), &out)); /* the last is there */
    assert_true(ll_str_is(ll_buf_view(&out), firm));
    assert_false(ll_feature_kept_get(k, "two", ll_str(firm), &out));
    assert_false(ll_feature_kept_get(k, "one", LL_STR("F0"), &out));
    ll_feature_kept_put(k, "two", LL_STR("none"), LL_STR(""));
    assert_int_equal(ll_feature_kept_count(k), 1);
    ll_buf_clear(&out);
    assert_true(ll_feature_kept_get(k, "two", LL_STR("none"), &out) && out.n == 0);
    ll_feature_kept_put(k, "two", LL_STR("a name that is longer than any"), LL_STR("x"));
    assert_int_equal(ll_feature_kept_count(k), 1);
    ll_feature_kept_clear(k);
    assert_int_equal(ll_feature_kept_count(k), 0);
    ll_feature_kept_free(k);
    ll_buf_free(&out);
}

#define T(name) cmocka_unit_test_setup_teardown(name, folder_open, folder_close)
int main(void)
{
    const struct CMUnitTest tests[] = {
        T(test_whoever_tells_a_firm_tells_what_the_lake_has_at_that_moment),
        T(test_a_table_counts_until_something_that_it_rests_on_changes),
        T(test_other_indicators_are_not_taken_from_a_table_of_these),
        T(test_old_tables_go_but_not_those_that_somebody_needs),
        cmocka_unit_test(test_what_is_kept_is_bounded_and_of_one_basis),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
