/* statistic: figures as of an instant over random histories of events, delivered late, out of order and withdrawn, against a plain model that saw nothing
 * later; what is held back where few firms are. */
#include "../../intake/folder.h"

#include "apps/finance/event_deliver.h"
#include "apps/finance/statistic.h"
#include "base/clock.h"
#include "catalog/county.h"

#include <math.h>
#include <unistd.h>

enum { EVENTS = 60, STEPS = 6, HISTORIES = 3, FINANCINGS = 9, FIRMS = 5, KINDS = 6, REGIONS = 3 };
static const int64_t DAY = 86400000;
static const char *const kinds[KINDS] = {"published", "applied", "accepted", "granted", "drawn", "refused"};
static const char *const regions[REGIONS] = {"360802", "360803", "360881"};

static void load(struct folder *f)
{
    const struct ll_pack_file files[] = {
        {"elements.csv", LL_STR("code,name,title,type,length,format,check,grade,basis\n"
                                "E1,word,文本,text,40,,,1,own\n"
                                "E2,instant,时刻,integer,,,0..,1,own\n"
                                "E3,day,日期,date,,,,1,own\n"
                                "E4,amount,金额,\"decimal(20,2)\",,,,2,own\n"
                                "E5,rate,利率,\"decimal(9,6)\",,,,2,own\n"
                                "E6,yes,是否,boolean,,,,1,own\n")},
        {"items.csv", LL_STR("resource,item,element,required,key,role\n"
                             "finance_case_event,event_no,word,Y,1,\n"
                             "finance_case_event,event_ms,instant,Y,,\n"
                             "finance_case_event,event_day,day,Y,,\n"
                             "finance_case_event,event_kind,word,Y,,\n"
                             "finance_case_event,event_financing,word,,,\n"
                             "finance_case_event,event_case,word,,,\n"
                             "finance_case_event,firm_key,word,,,\n"
                             "finance_case_event,handling_organisation,word,,,\n"
                             "finance_case_event,event_product,word,,,\n"
                             "finance_case_event,event_amount,amount,,,\n"
                             "finance_case_event,event_rate,rate,,,\n"
                             "finance_case_event,event_reason,word,,,\n"
                             "finance_case_event,first_loan,yes,,,\n"
                             "finance_case_event,renewed_without_repayment,yes,,,\n"
                             "finance_case_event,event_region,word,,,\n"
                             "finance_case_event,event_industry,word,,,\n"
                             "finance_case_event,event_size,word,,,\n")},
        {"pack.json",
         LL_STR(
             "{\"name\": \"events\", \"version\": \"1.0.0\", \"title\": {\"zh\": \"事件\", \"en\": \"events\"}, "
             "\"needs\": [\"firms\"]}")},
        {"resources.csv",
         LL_STR(
             "name,code,title,provider,summary,format,share_type,share_condition,open,update_cycle,version,mode,change_limit,"
             "subject_kind\n"
             "finance_case_event,3081001/00021,事件,O1,事件,2,2,自用,0,4,1,increment,100,none\n")},
    };

    folder_add(f, files, LL_COUNT(files));
}

/* ---- a history ---- */

struct event {
    int64_t ms, fen, rate; /* rate: hundredths of a percent */
    int kind, financing, firm, region;
    bool first;
    int batch; /* which delivered it; -1: none yet */
};
struct history {
    uint64_t seed;
    struct event events[EVENTS];
    const char *batches[STEPS];
    bool withdrawn[STEPS];
    size_t n; /* batches */
    struct {
        int64_t at;
        bool delivered[EVENTS];
    } known[STEPS];
};

static unsigned draw(struct history *h, unsigned n)
{
    h->seed = h->seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)(h->seed >> 33) % n;
}

/* What happened over forty days, the last part of it yet to come. */
static void make(struct history *h, int64_t now)
{
    for (int i = 0; i < EVENTS; i++) {
        const int f = (int)draw(h, FINANCINGS);
        h->events[i] = (struct event){.ms = now - 40 * DAY + (int64_t)draw(h, 41 * 24) * DAY / 24,
                                      .fen = 100 * (1 + (int64_t)draw(h, 9999)) + draw(h, 100),
                                      .rate = 300 + draw(h, 400),
                                      .kind = (int)draw(h, KINDS),
                                      .financing = f,
                                      .firm = f % FIRMS,
                                      .region = f % FIRMS % REGIONS,
                                      .first = f % 2 == 0,
                                      .batch = -1};
    }
}

static void deliver(struct folder *f, struct history *h)
{
    struct ll_buf csv = LL_BUF_INIT(1 << 18);
    char day[LL_TIME_TEXT];
    bool any = false;

    ll_buf_z(
        &csv,
        "event_no,event_ms,event_day,event_kind,event_financing,event_case,firm_key,handling_organisation,event_product,"
        "event_amount,event_rate,event_reason,first_loan,renewed_without_repayment,event_region,event_industry,event_size\n");
    for (int i = 0; i < EVENTS; i++) {
        struct event *e = &h->events[i];
        if (e->batch >= 0 || (draw(h, 3) && any))
            continue;
        any = true;
        e->batch = (int)h->n;
        ll_buf_printf(
            &csv,
            "S%llu-%d,%lld,%.10s,%s,F%d,L%d,firm%d,B%d,P1,%lld.%02lld,%lld.%02lld,0%d,%s,N,%s,C13,micro\n",
            (unsigned long long)h->known[0].at, i, (long long)e->ms, ll_time_text(e->ms, day), kinds[e->kind],
            e->financing, e->financing, e->firm, e->financing % 2, (long long)(e->fen / 100),
            (long long)(e->fen % 100), (long long)(e->rate / 100), (long long)(e->rate % 100), e->firm % 3,
            e->first ? "Y" : "N", regions[e->region]);
    }
    h->batches[h->n++] = any ? folder_take(f, "finance_case_event", "increment", csv.p, LL_OK) : NULL;
    ll_buf_free(&csv);
}

static void step(struct folder *f, struct history *h, size_t at)
{
    const size_t b = h->n ? draw(h, (unsigned)h->n) : 0;
    struct ll_err err;

    if (h->n && h->batches[b] && !h->withdrawn[b] && draw(h, 4) == 0) {
        assert_ok(ll_job_withdraw(f->d, h->batches[b], &err));
        h->withdrawn[b] = true;
        for (int i = 0; i < EVENTS; i++) /* it is free to come again */
            if (h->events[i].batch == (int)b)
                h->events[i].batch = -1;
    } else {
        deliver(f, h);
    }
    usleep(3000);
    h->known[at].at = ll_now_ms();
    usleep(3000);
    for (int i = 0; i < EVENTS; i++)
        h->known[at].delivered[i] = h->events[i].batch >= 0;
}

/* ---- the same figures, the plain way ---- */

static int by_size(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return x < y ? -1 : x > y;
}

static void days_of(const struct history *h, const bool *in, int financing, int64_t *published,
                    int64_t *drawn)
{
    *published = *drawn = INT64_MAX;
    for (int i = 0; i < EVENTS; i++) {
        const struct event *e = &h->events[i];
        if (!in[i] || e->financing != financing)
            continue;
        if (e->kind == 0 && e->ms < *published)
            *published = e->ms;
        if (e->kind == 4 && e->ms < *drawn)
            *drawn = e->ms;
    }
}

static struct ll_stat_row expect(const struct history *h, const bool *in, int region)
{
    struct ll_stat_row r = {.rate = NAN, .days_mid = -1, .days_p90 = -1};
    bool firms[FIRMS] = {false}, reached[KINDS][FINANCINGS] = {{false}};
    int64_t days[FINANCINGS];
    double weighted = 0;
    size_t n = 0;

    for (int i = 0; i < EVENTS; i++) {
        const struct event *e = &h->events[i];
        if (!in[i] || (region >= 0 && e->region != region))
            continue;
        firms[e->firm] = true;
        reached[e->kind][e->financing] = true;
        r.demands += e->kind == 0;
        r.applied += e->kind == 1;
        r.granted += e->kind == 3;
        r.granted_fen += e->kind == 3 ? e->fen : 0;
        r.lent += e->kind == 4;
        r.lent_fen += e->kind == 4 ? e->fen : 0;
        r.first_loans += e->kind == 4 && e->first;
        weighted += e->kind == 4 ? (double)(e->fen * e->rate) : 0;
        r.refused += e->kind == 5;
    }
    for (int i = 0; i < FIRMS; i++)
        r.firms += firms[i];
    for (int f = 0; f < FINANCINGS; f++) {
        int64_t published, drawn;
        r.f_published += reached[0][f];
        r.f_granted += reached[3][f];
        r.f_drawn += reached[4][f];
        days_of(h, in, f, &published, &drawn);
        if (published != INT64_MAX && drawn != INT64_MAX && (region < 0 || f % FIRMS % REGIONS == region))
            days[n++] = (drawn - published) / DAY;
    }
    qsort(days, n, sizeof *days, by_size);
    if (n) {
        r.days_mid = days[(n + 1) / 2 - 1];
        r.days_p90 = days[(n * 9 + 9) / 10 - 1];
    }
    if (r.lent)
        r.rate = weighted / 100 / (double)r.lent_fen;
    return r;
}

static void compare(const struct history *h, const struct ll_stat_row *got, const struct ll_stat_row *want)
{
    const int64_t pairs[][2] = {{got->demands, want->demands},
                                {got->applied, want->applied},
                                {got->refused, want->refused},
                                {got->granted, want->granted},
                                {got->granted_fen, want->granted_fen},
                                {got->lent, want->lent},
                                {got->lent_fen, want->lent_fen},
                                {got->first_loans, want->first_loans},
                                {got->firms, want->firms},
                                {got->f_published, want->f_published},
                                {got->f_granted, want->f_granted},
                                {got->f_drawn, want->f_drawn},
                                {got->days_mid, want->days_mid},
                                {got->days_p90, want->days_p90}};

    for (size_t i = 0; i < LL_COUNT(pairs); i++)
        if (pairs[i][0] != pairs[i][1])
            fail_msg("seed %llu: figure %zu is %lld, not %lld", (unsigned long long)h->seed, i,
                     (long long)pairs[i][0], (long long)pairs[i][1]);
    if (isnan(got->rate) != isnan(want->rate) || fabs(got->rate - want->rate) > 1e-9)
        fail_msg("seed %llu: the rate is %.12f, not %.12f", (unsigned long long)h->seed, got->rate,
                 want->rate);
}

static void check(struct folder *f, const struct ll_catalog *cat, const struct history *h, size_t at)
{
    struct ll_stat_ask a = {.data = f->d, .cat = cat, .by = LL_STAT_REGION};
    bool in[EVENTS];
    struct ll_stat s;

    a.as_of.ms = h->known[at].at;
    snprintf(a.as_of.day, sizeof a.as_of.day, "2099-12-31");
    if (ll_stat_read(&a, f->arena, &s, &f->err) < 0)
        fail_msg("%s", f->err.en);
    for (int i = 0; i < EVENTS; i++)
        in[i] = h->known[at].delivered[i] && h->events[i].ms <= a.as_of.ms;
    struct ll_stat_row want = expect(h, in, -1);
    compare(h, &s.total, &want);
    for (size_t i = 0; i < s.n; i++)
        for (int r = 0; r < REGIONS; r++)
            if (strcmp(s.rows[i].key, regions[r]) == 0) {
                want = expect(h, in, r);
                compare(h, &s.rows[i], &want);
            }
}

static void test_what_comes_later_or_late_changes_no_earlier_figure(void **state)
{
    struct folder *f = *state;
    struct ll_catalog *cat = NULL;
    struct ll_err err;

    load(f);
    assert_ok(ll_data_catalog(f->d, &cat, &err));
    for (uint64_t seed = 1; seed <= HISTORIES; seed++) {
        struct history h = {.seed = seed * 7919};
        make(&h, ll_now_ms());
        h.known[0].at = (int64_t)seed; /* names the events of this history */
        for (size_t i = 0; i < STEPS; i++)
            step(f, &h, i);
        for (size_t i = 0; i < STEPS; i++)
            check(f, cat, &h, i);
        for (size_t b = 0; b < h.n; b++) /* the next history starts from nothing */
            if (h.batches[b] && !h.withdrawn[b])
                assert_ok(ll_job_withdraw(f->d, h.batches[b], &err));
    }
    ll_catalog_unref(cat);
}

static void test_few_firms_are_held_back_and_no_sum_tells_them(void **state)
{
    struct ll_stat_row rows[] = {{.key = "a", .firms = 9},
                                 {.key = "b", .firms = 2},
                                 {.key = "c", .firms = 4},
                                 {.key = "d", .firms = 0}};
    (void)state;

    ll_stat_hold_back(rows, LL_COUNT(rows));
    assert_true(!rows[0].held_back && rows[1].held_back && rows[2].held_back && !rows[3].held_back);
    rows[0].firms = 1;
    ll_stat_hold_back(rows, LL_COUNT(rows));
    assert_true(rows[0].held_back && rows[1].held_back && !rows[2].held_back); /* two hide each other */
    rows[1].firms = 1;
    ll_stat_hold_back(rows, LL_COUNT(rows));
    assert_true(rows[0].held_back && rows[1].held_back &&
                rows[2].held_back); /* the sum of two would tell of two */
    rows[0].firms = rows[1].firms = LL_STAT_LEAST;
    ll_stat_hold_back(rows, LL_COUNT(rows));
    assert_true(!rows[0].held_back && !rows[1].held_back && !rows[2].held_back);
}

/* "360802 0/1, 360803 -": the counties as they come. */
static void counties_are(struct folder *f, const char *want)
{
    struct ll_buf got = LL_BUF_INIT(4096);
    struct ll_county *counties = NULL;
    struct ll_catalog *cat = NULL;
    struct ll_txn *tx = NULL;
    struct ll_err err;
    size_t n = 0;

    assert_ok(ll_data_catalog(f->d, &cat, &err));
    assert_ok(ll_txn_begin(ll_data_store(f->d), false, &tx, &err));
    assert_ok(ll_counties_read(tx, cat, "O9", f->arena, &counties, &n, &err));
    for (size_t i = 0; i < n; i++) {
        const struct ll_county *c = &counties[i];
        ll_buf_printf(&got, "%s%s %d/%d", i ? ", " : "", c->code->code.p, c->row, c->place);
    }
    assert_string_equal(got.p, want);
    ll_txn_end(tx);
    ll_catalog_unref(cat);
    ll_buf_free(&got);
}

static void test_counties_stand_where_a_pack_says_and_else_in_the_order_of_their_codes(void **state)
{
    const struct ll_pack_file places[] = {
        {"codes/REGION.csv",
         LL_STR("code,title,parent,status\n360000,江西省,,\n360800,吉安市,360000,\n"
                "360803,青原区,360800,\n360802,吉州区,360800,\n360804,旧区,360800,historical\n"
                "360881,井冈山市,360800,\n360900,宜春市,360000,\n360902,袁州区,360900,\n")},
        {"organisations.csv", LL_STR("code,name,role,region\nO9,市数据局,source,360800\n")},
        {"pack.json",
         LL_STR("{\"name\": \"places\", \"version\": \"1.0.0\", \"title\": {\"zh\": \"区划\", \"en\": "
                "\"places\"}, \"needs\": [\"firms\"]}")}};
    const struct ll_pack_file tiles[] = {
        {"pack.json",
         LL_STR("{\"name\": \"tiles\", \"version\": \"1.0.0\", \"title\": {\"zh\": \"位置\", \"en\": "
                "\"tiles\"}, \"needs\": [\"places\"]}")},
        {"region_tiles.csv",
         LL_STR("region,row,place,basis\n360802,1,0,own\n360881,0,3,own\n360902,0,0,own\n")}};
    struct folder *f = *state;

    folder_add(f, places, LL_COUNT(places));
    counties_are(f, "360802 -1/-1, 360803 -1/-1, 360881 -1/-1");
    folder_add(f, tiles, LL_COUNT(tiles));
    counties_are(f, "360881 0/3, 360802 1/0, 360803 -1/-1"); /* of another city: none */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_what_comes_later_or_late_changes_no_earlier_figure, folder_open,
                                        folder_close),
        cmocka_unit_test_setup_teardown(
            test_counties_stand_where_a_pack_says_and_else_in_the_order_of_their_codes, folder_open,
            folder_close),
        cmocka_unit_test(test_few_firms_are_held_back_and_no_sum_tells_them),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
