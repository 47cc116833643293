/* browse: entries come newest first, in parts that follow each other without a gap; bounds of time are found without reading all that
 * lies between; what was erased, or is not kept, is told as such. */
#include "journal/browse.h"

#include "../test.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { MANY = 5000, STEP_MS = 60000, ERASED = 4321, LATE = 3000 };
static const int64_t start = 1700000000000;

struct log {
    bool no_payloads;
    size_t reads;
    uint64_t seen[MANY];
    size_t n, most, with_payload;
};

/* One a minute; entry LATE waited half a minute longer for its place than the one after it. */
static int64_t time_of(uint64_t i)
{
    return start + (int64_t)i * STEP_MS - (i == LATE ? STEP_MS / 2 * 3 : 0);
}

static void put_length(struct ll_buf *out, uint32_t n, int bytes)
{
    for (int i = bytes - 1; i >= 0; i--)
        ll_buf_c(out, (char)(n >> (8 * i)));
}

static void put_item(const struct ll_tile *t, uint64_t i, struct ll_buf *out)
{
    struct ll_buf entry = LL_BUF_INIT(4096), sealed = LL_BUF_INIT(4096);
    bool open = i % 10 == 0;
    struct ll_err err;

    assert_int_equal(
        ll_entry_make(open ? LL_ENTRY_BATCH_WITHDRAWN : LL_ENTRY_CALL,
                      open ? LL_STR("{\"batch\":\"b\",\"resource\":\"r\"}") : LL_STR("{\"n\":1}"), time_of(i),
                      &entry, &sealed, &err),
        LL_OK);
    if (t->level == LL_TILE_ENTRIES) {
        put_length(out, (uint32_t)entry.n, 2);
        ll_buf_str(out, ll_buf_view(&entry));
    } else if (i == ERASED) {
        put_length(out, UINT32_MAX, 4);
    } else {
        put_length(out, (uint32_t)sealed.n, 4);
        ll_buf_str(out, ll_buf_view(&sealed));
    }
    ll_buf_free(&entry);
    ll_buf_free(&sealed);
}

static int get(void *ctx, const char *path, size_t max, struct ll_buf *out, struct ll_err *err)
{
    struct log *log = ctx;
    struct ll_tile t;

    (void)max;
    assert_true(ll_tile_parse(ll_str(path), &t));
    if (t.level == LL_TILE_PAYLOAD && log->no_payloads)
        return ll_fail(err, LL_NOTFOUND, "没有", "none");
    log->reads += t.level == LL_TILE_ENTRIES;
    for (unsigned i = 0; i < t.width; i++)
        put_item(&t, t.n * LL_TILE_WIDTH + i, out);
    return LL_OK;
}

static int note(void *ctx, uint64_t index, const struct ll_entry *e, struct ll_str text, struct ll_str sealed,
                struct ll_err *err)
{
    struct log *log = ctx;

    (void)err;
    assert_int_equal(e->time_ms, time_of(index));
    assert_true(text.n > 0);
    log->with_payload += sealed.n > LL_SALT;
    log->seen[log->n++] = index;
    return log->n < log->most;
}

static struct ll_browse all(struct log *log)
{
    return (struct ll_browse){.before = UINT64_MAX,
                              .from_ms = 0,
                              .to_ms = INT64_MAX,
                              .payloads = true,
                              .bundles = MANY,
                              .entry = note,
                              .ctx = log};
}

static uint64_t browse(struct log *log, const struct ll_browse *b)
{
    const struct ll_log_files f = {get, log};
    uint64_t next = 99;
    struct ll_err err;

    assert_int_equal(ll_browse_back(&f, MANY, b, &next, &err), LL_OK);
    return next;
}

static void test_parts_follow_each_other_without_a_gap(void **state)
{
    struct log log = {.most = MANY};
    struct ll_browse b = all(&log);
    uint64_t next = UINT64_MAX;

    (void)state;
    b.bundles = 2;
    while (next) {
        b.before = next;
        next = browse(&log, &b);
    }
    assert_int_equal(log.n, MANY);
    for (size_t i = 0; i < MANY; i++)
        assert_int_equal(log.seen[i], MANY - 1 - i);
    assert_int_equal(log.with_payload, MANY - MANY / 10 - 1); /* open ones have none, and one was erased */
}

static void test_it_ends_where_enough_is_found_and_goes_on_there(void **state)
{
    struct log log = {.most = 7};
    struct ll_browse b = all(&log);

    (void)state;
    b.before = browse(&log, &b);
    assert_int_equal(b.before, MANY - 7);
    log.most = 14;
    assert_int_equal(browse(&log, &b), MANY - 14);
    assert_int_equal(log.seen[7], MANY - 8);
    b.before = 0;
    assert_int_equal(browse(&log, &b), 0);
    assert_int_equal(log.n, 14);
}

static void test_times_are_found_by_halving(void **state)
{
    struct log log = {.most = MANY};
    struct ll_browse b = all(&log);

    (void)state;
    b.from_ms = time_of(1000);
    b.to_ms = time_of(1004);
    assert_int_equal(browse(&log, &b), 0);
    assert_int_equal(log.n, 5);
    assert_int_equal(log.seen[0], 1004);
    assert_true(log.reads < 10); /* of 20 bundles */

    log.n = 0; /* one that was overtaken on its way is found at its own time */
    b.from_ms = b.to_ms = time_of(LATE);
    assert_int_equal(browse(&log, &b), 0);
    assert_int_equal(log.n, 1);
    assert_int_equal(log.seen[0], LATE);

    log.n = 0;
    b.from_ms = 0;
    b.to_ms = start - 2 * STEP_MS;
    assert_int_equal(browse(&log, &b), 0);
    assert_int_equal(log.n, 0);
}

static void test_a_copy_without_payloads_is_read_all_the_same(void **state)
{
    struct log log = {.most = MANY, .no_payloads = true};
    struct ll_browse b = all(&log);

    (void)state;
    assert_int_equal(browse(&log, &b), 0);
    assert_int_equal(log.n, MANY);
    assert_int_equal(log.with_payload, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parts_follow_each_other_without_a_gap),
        cmocka_unit_test(test_it_ends_where_enough_is_found_and_goes_on_there),
        cmocka_unit_test(test_times_are_found_by_halving),
        cmocka_unit_test(test_a_copy_without_payloads_is_read_all_the_same),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
