/* Random texts of few different bytes, read whole, in chunks, and skipped over: all must agree with csv_reference.h. */
#include "../test.h"

#include "base/clock.h"
#include "csv_reference.h"

struct lehmer {
    uint64_t x;
};

static unsigned below(struct lehmer *g, unsigned n)
{
    g->x = g->x * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(g->x >> 33) % n;
}

static size_t make_text(struct lehmer *g, char *out, size_t max)
{
    static const char bytes[] = "aaaa c,,,\"\"\n\n\r\0";
    unsigned kinds = 4 + below(g, sizeof bytes - 4);
    unsigned runs = 1 + below(g, 40);
    size_t n = below(g, (unsigned)max);

    for (size_t i = 0; i < n; i++)
        out[i] = below(g, runs) ? bytes[below(g, kinds)] : bytes[below(g, sizeof bytes - 1)];
    return n;
}

static void same_record(struct reference *ref, const struct ll_csv_record *r)
{
    size_t at = 0;

    assert_int_equal(r->marks, ref->marks);
    assert_int_equal(r->line, ref->start_line);
    assert_true(ll_str_eq(r->raw, ref->raw));
    for (size_t i = 0; i < r->n; i++) {
        assert_true(at + r->cells[i].n < ref->cells.n);
        assert_true(r->cells[i].n == 0 || memcmp(ref->cells.p + at, r->cells[i].p, r->cells[i].n) == 0);
        at += r->cells[i].n;
        assert_int_equal(ref->cells.p[at++], 0x1f);
    }
    assert_int_equal(at, ref->cells.n);
}

/* Reads the text in chunks of random size; each chunk lies in memory of its own, so that ASan sees a step too far. */
static void read_in_chunks(struct lehmer *g, const char *text, size_t n, size_t max, struct ll_csv_dialect d)
{
    struct reference ref = {.p = text, .n = n, .max = max, .d = d, .line = 1, .cells = LL_BUF_INIT(1 << 20)};
    size_t from = 0, to = below(g, (unsigned)n + 1), step = 1 + below(g, 200);
    char *chunk = malloc(to + 1);
    struct ll_csv c = {0};
    struct ll_csv_record r = {0};

    memcpy(chunk, text, to);
    ll_csv_init(&c, chunk, to, d, to == n);
    c.max_record = max;
    for (;;) {
        int rc = ll_csv_next(&c, &r);
        assert_true(rc >= 0);
        if (rc > 0) {
            assert_true(reference_next(&ref));
            same_record(&ref, &r);
            continue;
        }
        if (to == n)
            break;
        from += (size_t)(c.p - c.base);
        to = to + step < n ? to + step : n;
        char *next = malloc(to - from + 1);
        memcpy(next, text + from, to - from);
        ll_csv_feed(&c, next, to - from, to == n);
        free(chunk);
        chunk = next;
    }
    assert_false(reference_next(&ref));
    assert_ptr_equal(c.p, c.end);
    free(chunk);
    ll_buf_free(&ref.cells);
    ll_csv_free(&c);
    ll_csv_record_free(&r);
}

/* Skips to random stops; each must be the first record at or after it, with the counts of what lies before. */
static void skip_to_stops(struct lehmer *g, const char *text, size_t n, size_t max, struct ll_csv_dialect d)
{
    struct reference ref = {.p = text, .n = n, .max = max, .d = d, .line = 1, .cells = LL_BUF_INIT(1 << 20)};
    struct ll_csv_count have = {0}, want = {0};
    struct ll_csv c = {0};
    struct ll_csv_record r = {0};
    char *copy = malloc(n + 1);
    size_t stop = 0;

    memcpy(copy, text, n);
    ll_csv_init(&c, copy, n, d, true);
    c.max_record = max;
    while (stop < n) {
        stop += 1 + below(g, (unsigned)n);
        stop = stop < n ? stop : n;
        assert_true(ll_csv_skip(&c, copy + stop, &have, &r) >= 0);
        while (ref.at < stop && reference_next(&ref)) {
            want.records += ref.raw.n > 0;
            want.blank += ref.raw.n == 0;
        }
        assert_int_equal(c.p - copy, ref.at);
        assert_int_equal(c.line, ref.line);
        assert_int_equal(have.records, want.records);
        assert_int_equal(have.blank, want.blank);
    }
    free(copy);
    ll_buf_free(&ref.cells);
    ll_csv_free(&c);
    ll_csv_record_free(&r);
}

static void test_random_texts_read_as_the_reference_reads_them(void **state)
{
    static const size_t limits[] = {1 << 20, 300, 129, 40, 16, 3};
    struct lehmer g = {20231101};
    static char text[1500];

    (void)state;
    for (unsigned i = 0; i < 20000; i++) {
        size_t n = make_text(&g, text, i % 10 ? 200 : sizeof text);
        size_t max = limits[below(&g, LL_COUNT(limits))];
        struct ll_csv_dialect d = {',', below(&g, 8) ? '"' : 0};
        read_in_chunks(&g, text, n, max, d);
        skip_to_stops(&g, text, n, max, d);
    }
}

/* a","b on every line: each line opens a quote that the next one closes and opens again, to the end; `final` closes or breaks the last. */
static void takes_linear_time(const char *final, size_t max_record)
{
    enum { LINES = 300000 };
    char *text = malloc((size_t)LINES * 6 + 10), *p = text;
    struct ll_csv c = {0};
    struct ll_csv_record r = {0};
    size_t records = 0;

    for (unsigned i = 0; i < LINES; i++, p += 6)
        memcpy(p, "a\",\"b\n", 6);
    strcpy(p, final);
    p += strlen(final);
    uint64_t before = ll_mono_us();
    ll_csv_init(&c, text, (size_t)(p - text), (struct ll_csv_dialect){',', '"'}, true);
    c.max_record = max_record;
    while (ll_csv_next(&c, &r) > 0)
        records += r.marks == LL_CSV_OPEN_QUOTE;
    assert_in_range(records, LINES - 1, LINES + 1);
    assert_true(ll_mono_us() - before < 20 * 1000 * 1000); /* quadratic takes hours */
    free(text);
    ll_csv_free(&c);
    ll_csv_record_free(&r);
}

static void test_quotes_that_never_close_take_linear_time(void **state)
{
    (void)state;
    takes_linear_time("", 64 << 10);
    takes_linear_time("", 16 << 20);
    takes_linear_time("a\"x\n", 16 << 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_random_texts_read_as_the_reference_reads_them),
        cmocka_unit_test(test_quotes_that_never_close_take_linear_time),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
