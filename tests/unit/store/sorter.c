/* The sorter's promises (sorter.h, strsort.h): every order of input comes out sorted and stable, in memory or in runs. */
#include "../test.h"

#include "base/buf.h"
#include "store/sorter.h"
#include "store/sqrecord.h"
#include "store/strsort.h"

#include <signal.h>
#include <sys/resource.h>

static struct ll_err err;

/* --- texts --------------------------------------------------------------------------------------------------------- */

struct texts {
    struct ll_str *of;
};

static struct ll_str text_at(const void *ctx, uint32_t at)
{
    return ((const struct texts *)ctx)->of[at];
}

static void assert_sorts(struct ll_str *of, uint32_t n)
{
    struct texts t = {of};
    struct ll_strref *refs = calloc(n + 1, sizeof *refs);

    for (uint32_t i = 0; i < n; i++)
        refs[i].at = n - 1 - i;
    ll_strsort(refs, n, text_at, &t);
    for (uint32_t i = 1; i < n; i++) {
        int order = ll_str_cmp(of[refs[i - 1].at], of[refs[i].at]);
        assert_true(order < 0 || (order == 0 && refs[i - 1].at < refs[i].at));
    }
    free(refs);
}

static void test_texts_of_every_kind_are_sorted(void **state)
{
    enum { N = 3000 };
    static char bytes[N][40];
    struct ll_str of[N];

    (void)state;
    for (unsigned round = 0; round < 40; round++) {
        unsigned letters = 1 + round % 4, longest = 1 + round * 2 % 39;
        srand(round);
        for (unsigned i = 0; i < N; i++) {
            of[i] = (struct ll_str){bytes[i], (unsigned)rand() % longest};
            for (size_t b = 0; b < of[i].n;
                 b++) /* few letters, NUL among them: long common beginnings, many equals */
                bytes[i][b] = (char)((unsigned)rand() % letters * 85);
        }
        assert_sorts(of, round % 5 ? N : round);
    }
}

static void test_long_equal_texts_do_not_exhaust_the_stack(void **state)
{
    size_t n = 4 << 20;
    char *long_text = malloc(n);
    struct ll_str of[20];

    (void)state;
    memset(long_text, 'x', n);
    for (unsigned i = 0; i < 20; i++)
        of[i] = (struct ll_str){long_text, n - i % 3};
    assert_sorts(of, 20);
    free(long_text);
}

/* --- records ------------------------------------------------------------------------------------------------------- */

struct checked {
    struct ll_buf last;
    bool numbers;
    size_t n;
};

/* A record of the test is (key, number in the order of adding). */
static struct ll_seg_value parse_key(struct ll_str record, bool is_int, uint64_t *number)
{
    const uint8_t *p = (const uint8_t *)record.p;
    uint64_t header, type, number_type;
    struct ll_seg_value v = {.kind = LL_SV_TEXT};
    unsigned at = ll_sqrec_read_varint(p, &header);

    at += ll_sqrec_read_varint(p + at, &type);
    ll_sqrec_read_varint(p + at, &number_type);
    assert_int_equal(number_type, 6);
    *number = 0;
    for (size_t i = record.n - 8; i < record.n; i++)
        *number = *number << 8 | p[i];
    v.s = (struct ll_str){record.p + header, record.n - 8 - header};
    if (is_int) {
        assert_true(type >= 1 && type <= 9);
        v.kind = LL_SV_INT;
        v.i = v.s.n ? (int8_t)v.s.p[0] : type == 9;
        for (size_t i = 1; i < v.s.n; i++)
            v.i = (int64_t)((uint64_t)v.i << 8 | (uint8_t)v.s.p[i]);
    }
    return v;
}

static int check_next(void *ctx, struct ll_str record, struct ll_err *e)
{
    struct checked *c = ctx;
    uint64_t number, last_number;

    (void)e;
    struct ll_seg_value v = parse_key(record, c->numbers, &number);
    if (c->n++) {
        struct ll_seg_value last = parse_key(ll_buf_view(&c->last), c->numbers, &last_number);
        int order = ll_seg_value_cmp(&last, &v);
        assert_true(order < 0 || (order == 0 && last_number < number));
    }
    ll_buf_clear(&c->last);
    ll_buf_str(&c->last, record);
    return LL_OK;
}

static void add(struct ll_sorter *s, struct ll_seg_value key, uint64_t number)
{
    static const unsigned order[] = {0, 1};
    struct ll_seg_value values[] = {key, {.kind = LL_SV_INT, .i = (int64_t)(number | (uint64_t)1 << 62)}};
    struct ll_buf record = LL_BUF_INIT(8 << 20);

    ll_sqrec_encode(values, order, 2, &record);
    assert_ok(ll_sorter_add(s, &key, ll_buf_view(&record), &err));
    ll_buf_free(&record);
}

static void assert_all_come_back(struct ll_sorter *s, size_t n, bool numbers)
{
    struct checked c = {.last = LL_BUF_INIT(8 << 20), .numbers = numbers};

    assert_ok(ll_sorter_each(s, check_next, &c, &err));
    assert_int_equal(c.n, n);
    ll_buf_free(&c.last);
    ll_sorter_free(s);
}

static struct ll_sorter *sorter(size_t memory)
{
    struct ll_sorter *s = NULL;

    assert_ok(ll_sorter_new("/tmp", memory, &s, &err));
    return s;
}

static void test_records_are_sorted_in_memory_and_in_runs(void **state)
{
    static const size_t sizes[] = {0, 1, 2, 1000, 30000};

    (void)state;
    for (size_t i = 0; i < LL_COUNT(sizes); i++) { /* the least memory: 30000 records make some 20 runs */
        struct ll_sorter *texts = sorter(0), *numbers = sorter(0);
        for (size_t r = 0; r < sizes[i]; r++) {
            char key[32];
            int n = snprintf(key, sizeof key, "吉安%d", rand() % 5000);
            add(texts, (struct ll_seg_value){.kind = LL_SV_TEXT, .s = {key, (size_t)n}}, r);
            add(numbers,
                (struct ll_seg_value){.kind = LL_SV_INT, .i = (rand() % 2000 - 1000) * (1L << rand() % 40)},
                r);
        }
        assert_all_come_back(texts, sizes[i], false);
        assert_all_come_back(numbers, sizes[i], true);
    }
}

static void test_a_record_larger_than_the_memory_is_sorted_too(void **state)
{
    static const size_t sizes[] = {10, 300000, 5, 3000000, 70000, 0};
    struct ll_sorter *s = sorter(0);
    char *text = calloc(1, 3000000);

    (void)state;
    for (size_t i = 0; i < LL_COUNT(sizes); i++)
        add(s, (struct ll_seg_value){.kind = LL_SV_TEXT, .s = {text, sizes[i]}}, i);
    free(text);
    assert_all_come_back(s, LL_COUNT(sizes), false);
}

static void test_a_sorter_that_cannot_write_says_so(void **state)
{
    struct rlimit was, small = {.rlim_cur = 100000};
    struct ll_sorter *s = sorter(0), *nowhere = NULL;
    struct ll_seg_value key = {.kind = LL_SV_TEXT, .s = LL_STR("key")};
    struct ll_str record = LL_STR("\2\0"); /* of no values: only its size matters here */
    int rc = LL_OK;

    (void)state;
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &was);
    small.rlim_max = was.rlim_max;
    setrlimit(RLIMIT_FSIZE, &small);
    for (int i = 0; i < 100000 && rc == LL_OK; i++)
        rc = ll_sorter_add(s, &key, record, &err);
    setrlimit(RLIMIT_FSIZE, &was);
    assert_int_equal(rc, LL_IO);
    ll_sorter_free(s);
    ll_sorter_free(NULL);
    assert_ok(ll_sorter_new("/no/such/folder", 0, &nowhere, &err)); /* a folder is needed only for runs */
    rc = LL_OK;
    for (int i = 0; i < 100000 && rc == LL_OK; i++)
        rc = ll_sorter_add(nowhere, &key, record, &err);
    assert_int_equal(rc, LL_IO);
    ll_sorter_free(nowhere);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_texts_of_every_kind_are_sorted),
        cmocka_unit_test(test_long_equal_texts_do_not_exhaust_the_stack),
        cmocka_unit_test(test_records_are_sorted_in_memory_and_in_runs),
        cmocka_unit_test(test_a_record_larger_than_the_memory_is_sorted_too),
        cmocka_unit_test(test_a_sorter_that_cannot_write_says_so),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
