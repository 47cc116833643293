/* feature: point in time over random histories of deliveries, corrections and withdrawals; one firm and all of them; what expressions may not be. */
#include "featurekit.h"

#include "base/clock.h"

#include <unistd.h>

enum { KEYS = 8, STEPS = 6, HISTORIES = 3 };

static const char *const names[VALUES] = {"entries", "total", "recent", "last_amount", "big", "share"};
static const char *const days[] = {"2024-02-29", "2025-11-30", "2026-03-01", "2026-09-30"};

/* ---- a history, and what was known at each of its instants ---- */

struct entry {
    bool there;
    int firm, day, amount;
};
struct batch {
    const char *id;
    bool snapshot, withdrawn;
    int state[KEYS]; /* 0 untouched, 1 put, 2 deleted */
    struct entry put[KEYS];
};
struct known {
    int64_t at;
    struct entry entries[KEYS];
};
struct history {
    uint64_t seed;
    struct batch batches[STEPS];
    size_t n;
    struct known known[STEPS];
};

static unsigned draw(struct history *h, unsigned n)
{
    h->seed = h->seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)(h->seed >> 33) % n;
}

/* What all batches that are not withdrawn come to, the plain way. */
static void state_now(const struct history *h, struct entry *out)
{
    size_t first = 0;

    for (size_t b = 0; b < h->n; b++)
        if (h->batches[b].snapshot && !h->batches[b].withdrawn)
            first = b;
    memset(out, 0, KEYS * sizeof *out);
    for (size_t b = first; b < h->n; b++)
        for (size_t k = 0; k < KEYS && !h->batches[b].withdrawn; k++)
            if (h->batches[b].state[k])
                out[k] = h->batches[b].state[k] == 1 ? h->batches[b].put[k] : (struct entry){.there = false};
}

static void deliver(struct folder *f, struct history *h)
{
    struct batch *b = &h->batches[h->n++];
    struct ll_buf csv = LL_BUF_INIT(1 << 16);

    *b = (struct batch){.snapshot = draw(h, 4) == 0 ||
                                    h->n == 1}; /* the first hides what other histories left */
    ll_buf_z(&csv, b->snapshot ? "no,uscc,day,amount\n" : "no,uscc,day,amount,_op\n");
    for (int k = 0; k < KEYS; k++) {
        if (draw(h, 2) && k) /* the first is always there: no delivery is empty */
            continue;
        struct entry e = {true, (int)draw(h, FIRMS), (int)draw(h, LL_COUNT(days)), 10 + (int)draw(h, 90)};
        b->state[k] = !b->snapshot && draw(h, 4) == 0 ? 2 : 1;
        b->put[k] = e;
        ll_buf_printf(&csv, "K%d,%s,%s,%d.25%s\n", k, firms[e.firm], days[e.day], e.amount,
                      b->snapshot        ? ""
                      : b->state[k] == 2 ? ",D"
                                         : ",");
    }
    b->id = folder_take(f, "entry", b->snapshot ? "snapshot" : "increment", csv.p, LL_OK);
    ll_buf_free(&csv);
}

static void step(struct folder *f, struct history *h, size_t at)
{
    struct batch *b = h->n > 1 ? &h->batches[1 + draw(h, (unsigned)h->n - 1)] : NULL;
    struct ll_err err;

    if (b && !b->withdrawn && draw(h, 3) == 0) {
        assert_ok(ll_job_withdraw(f->d, b->id, &err));
        b->withdrawn = true;
    } else {
        deliver(f, h);
    }
    usleep(3000);
    h->known[at].at = ll_now_ms();
    usleep(3000);
    state_now(h, h->known[at].entries);
}

/* ---- the same indicators, the plain way ---- */

static void expect(const struct entry *entries, int firm, const char *as_of, double *v)
{
    double last_day = -1;

    v[0] = v[1] = v[2] = v[4] = 0;
    v[3] = -1;
    for (int k = 0; k < KEYS; k++) {
        const struct entry *e = &entries[k];
        if (!e->there || e->firm != firm)
            continue;
        v[0]++;
        if (strcmp(days[e->day], as_of) > 0)
            continue;
        v[1] += e->amount + 0.25;
        v[2] += e->day > 0 ? e->amount + 0.25
                           : 0; /* the first is more than a year before any day that is asked for */
        v[4] = v[4] || e->amount >= 50;
        if (e->day > last_day || (e->day == last_day && e->amount + 0.25 > v[3])) {
            last_day = e->day;
            v[3] = e->amount + 0.25;
        }
    }
    v[5] = v[1] > 0 ? v[2] / v[1] : -1;
}

struct got {
    size_t n;
    char firm[FIRMS][24];
    double v[FIRMS][VALUES];
};

static int keep(void *ctx, struct ll_str firm, const struct ll_feature_value *values, struct ll_err *err)
{
    struct got *g = ctx;

    (void)err;
    snprintf(g->firm[g->n], sizeof g->firm[0], "%.*s", LL_STR_ARG(firm));
    for (int i = 0; i < VALUES; i++)
        g->v[g->n][i] = values[i].kind == LL_FV_NUMBER ? values[i].number : -1;
    g->n++;
    return LL_OK;
}

static struct got compute(struct folder *f, const struct ll_feature_set *set, int64_t at, const char *day,
                          const char *firm)
{
    struct ll_features_asked a = {.data = f->d, .set = set, .firm = ll_str(firm)};
    struct got g = {0};

    a.as_of.ms = at;
    snprintf(a.as_of.day, sizeof a.as_of.day, "%s", day);
    int rc = ll_features_each(&a, f->arena, NULL, keep, &g, &f->err);
    if (rc < 0)
        fail_msg("%s", f->err.en);
    return g;
}

/* Of equal days the greater text is the latest; amounts of equal length, as here, are in the order of their texts. */
static void compare(const struct history *h, const struct known *k, const char *day, const struct got *g)
{
    for (size_t i = 0; i < g->n; i++) {
        int firm = 0;
        double want[VALUES];
        while (strcmp(firms[firm], g->firm[i]) != 0)
            firm++;
        expect(k->entries, firm, day, want);
        for (int v = 0; v < VALUES; v++)
            if (want[v] > g->v[i][v] + 1e-9 || want[v] < g->v[i][v] - 1e-9)
                fail_msg("seed %llu: %s of %s as of %s: %f, not %f", (unsigned long long)h->seed, names[v],
                         g->firm[i], day, g->v[i][v], want[v]);
    }
}

static void test_no_indicator_uses_what_came_after_its_date(void **state)
{
    struct folder *f = *state;
    struct ll_catalog *cat = NULL;

    featurekit_load(f, "1.0.0", indicators);
    int64_t before = ll_now_ms();
    usleep(3000);
    folder_take(f, "register", "snapshot",
                "uscc\n91360802YL0000397L\n91360802YL000040X5\n91360802YL00004185\n", LL_OK);
    const struct ll_feature_set *set = featurekit_set(f, &cat, LL_OK);
    assert_int_equal(compute(f, set, before, days[3], NULL).n, 0); /* nobody was known yet */
    for (uint64_t seed = 1; seed <= HISTORIES; seed++) {
        struct history h = {.seed = seed * 1000003};
        for (size_t i = 0; i < STEPS; i++)
            step(f, &h, i);
        for (size_t i = 0; i < STEPS; i++) {
            const char *day = days[2 + i % 2];
            struct got all = compute(f, set, h.known[i].at, day, NULL);
            assert_int_equal(all.n, FIRMS);
            compare(&h, &h.known[i], day, &all);
            if (i % 3)
                continue;
            struct got one = compute(f, set, h.known[i].at, day, firms[i % FIRMS]);
            assert_int_equal(one.n, 1);
            for (size_t k = 0; k < all.n; k++)
                if (strcmp(all.firm[k], one.firm[0]) == 0)
                    assert_memory_equal(all.v[k], one.v[0], sizeof one.v[0]);
        }
    }
    ll_catalog_unref(cat);
}

static void test_what_a_resource_never_delivered_is_not_known_rather_than_nothing(void **state)
{
    struct folder *f = *state;
    struct ll_catalog *cat = NULL;

    featurekit_load(f, "1.0.0", indicators);
    folder_take(f, "register", "snapshot", "uscc\n91360802YL0000397L\n91360802YL000040X5\n", LL_OK);
    const struct ll_feature_set *set = featurekit_set(f, &cat, LL_OK);
    struct got g = compute(f, set, ll_now_ms(), "2026-09-30", NULL);
    assert_int_equal(g.n, 2);
    assert_true(g.v[0][0] == -1 && g.v[1][1] == -1);
    folder_take(f, "entry", "increment", "no,uscc,day,amount\nA,91360802YL0000397L,2026-01-31,9.5\n", LL_OK);
    g = compute(f, set, ll_now_ms(), "2026-09-30", NULL);
    assert_string_equal(g.firm[0], firms[0]);
    assert_true(g.v[0][0] == 1 && g.v[0][3] == 9.5);
    assert_true(g.v[1][0] == 0 && g.v[1][3] == -1); /* the other firm: none, and no last one */
    ll_catalog_unref(cat);
}

static void refused(struct folder *f, const char *version, const char *row, const char *says)
{
    struct ll_features_asked a = {.data = f->d};
    struct ll_catalog *cat = NULL;
    struct got g = {0};
    struct ll_err err;

    featurekit_load(
        f, version,
        ll_arena_printf(
            f->arena,
            "indicator,title,title_en,category,type,resource,combine,value,where,date,months,missing,basis\n%s\n",
            row));
    a.set = featurekit_set(f, &cat, LL_OK);
    assert_ok(ll_as_of_read(NULL, &a.as_of, &err));
    f->err = (struct ll_err){0};
    assert_int_equal(ll_features_each(&a, f->arena, NULL, keep, &g, &f->err), LL_INVALID);
    if (!strstr(f->err.en, says) || !strstr(f->err.en, "indicators.csv, bad"))
        fail_msg("%s: %s", row, f->err.en);
    ll_catalog_unref(cat);
}

static void test_an_expression_reads_its_row_and_nothing_else(void **state)
{
    struct folder *f = *state;

    refused(f, "1.0.1", "bad,x,x,x,number,entry,sum,\"(SELECT max(staff) FROM firm)\",,,,,own",
            "cannot read");
    refused(f, "1.0.2", "bad,x,x,x,number,entry,sum,amount) FROM entry; SELECT (1,,,,,own", "not one whole");
    refused(f, "1.0.3", "bad,x,x,x,number,entry,sum,\"amount, 1\",,,,,own", "not one whole");
    refused(f, "1.0.4", "bad,x,x,x,number,entry,sum,amount -- no,,,,,own", "not one whole");
    refused(f, "1.0.5", "bad,x,x,x,number,entry,sum,length(getenv('HOME')),,,,,own", "getenv");
    refused(f, "1.0.6", "bad,x,x,x,number,entry,count,,now() > as_of,,,,own", "now");
}

static void test_a_row_that_contradicts_itself_is_named(void **state)
{
    struct folder *f = *state;
    static const struct {
        const char *row, *says;
    } rows[] = {
        {"bad,x,x,x,number,,sum,1,,,,,own", "names no resource"},
        {"bad,x,x,x,number,entry,of,1,,,,,own", "names no resource"},
        {"bad,x,x,x,number,entry,sum,,,,,,own", "value is missing"},
        {"bad,x,x,x,number,entry,sum,amount,,,12,,own", "months needs a date"},
        {"bad,x,x,x,number,entry,sum,amount,,amount,,,own", "date is no item"},
        {"bad,x,x,x,code,entry,count,,,,,,own", "is a number"},
        {"bad,x,x,x,number,entry,count,,,,,none,own", "missing is a number"},
        {"bad,x,x,x,number,entry,count,,,,,,own\nbad,x,x,x,number,entry,count,,,,,,own", "stands twice"},
    };
    char version[16];

    for (size_t i = 0; i < LL_COUNT(rows); i++) {
        struct ll_catalog *cat = NULL;
        snprintf(version, sizeof version, "1.0.%zu", i + 1);
        featurekit_load(
            f, version,
            ll_arena_printf(
                f->arena,
                "indicator,title,title_en,category,type,resource,combine,value,where,date,months,missing,basis\n%s\n",
                rows[i].row));
        featurekit_set(f, &cat, LL_INVALID);
        if (!strstr(f->err.en, rows[i].says))
            fail_msg("%s: %s", rows[i].row, f->err.en);
        ll_catalog_unref(cat);
    }
}

static void test_a_day_is_all_of_it_and_never_in_the_future(void **state)
{
    struct ll_as_of at;
    struct ll_err err;

    (void)state;
    assert_ok(ll_as_of_read("2026-05-31", &at, &err));
    assert_string_equal(at.day, "2026-05-31");
    assert_ok(ll_as_of_read("2026-05-31T17:00:00.000Z", &at, &err));
    assert_string_equal(at.day, "2026-06-01"); /* in China */
    assert_int_equal(ll_as_of_read("2999-01-01", &at, &err), LL_USAGE);
    assert_int_equal(ll_as_of_read("yesterday", &at, &err), LL_USAGE);
}

#define T(name) cmocka_unit_test_setup_teardown(name, folder_open, folder_close)
int main(void)
{
    const struct CMUnitTest tests[] = {
        T(test_no_indicator_uses_what_came_after_its_date),
        T(test_what_a_resource_never_delivered_is_not_known_rather_than_nothing),
        T(test_an_expression_reads_its_row_and_nothing_else),
        T(test_a_row_that_contradicts_itself_is_named),
        cmocka_unit_test(test_a_day_is_all_of_it_and_never_in_the_future),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
