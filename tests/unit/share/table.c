/* The promises of service tables (share/table.h, share/tables.h, store/segmerge.h), most of them against a plain model in memory. */
#include "../test.h"

#include "base/fs.h"
#include "share/tables.h"
#include "store/segmerge.h"

#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

enum { KEYS = 120, MAX_SEGMENTS = 12 };

static char dir[] = "/tmp/ll_table_XXXXXX";
static struct ll_err err;
static struct ll_store *st;
static struct ll_segcache *cache;

static int set_up(void **state)
{
    struct ll_store_opts o = LL_STORE_OPTS_INIT;
    char path[LL_PATH];

    (void)state;
    strcpy(dir + sizeof dir - 7, "XXXXXX");
    if (!mkdtemp(dir) || ll_path(path, &err, "%s/service/firms", dir) < 0 || ll_fs_mkdirs(path, &err) < 0 ||
        ll_path(path, &err, "%s/luling.db", dir) < 0)
        return -1;
    o.path = path;
    return ll_store_open(&st, &o, &err) < 0 || ll_segcache_new(64, &cache, &err) < 0 ? -1 : 0;
}

static int tear_down(void **state)
{
    (void)state;
    cache = ll_segcache_free(cache);
    st = ll_store_close(st);
    return ll_fs_remove_tree(dir, NULL);
}

/* The key is (area, no); owner is indexed. */
static const struct ll_seg_column columns[] = {
    {"no", "INTEGER"}, {"value", "TEXT"}, {"owner", "TEXT"}, {"area", "TEXT"}};
static const unsigned key_columns[] = {3, 0}, indexed[] = {2};
static const struct ll_seg_schema schema = {columns, 4, key_columns, 2, indexed, 1};

struct record {
    enum { ABSENT, PRESENT, DELETED } is;
    unsigned value, owner;
};

/* Keys in their order: four areas of thirty numbers. */
static const char *area_of(unsigned k)
{
    static const char *const areas[] = {"360802", "360803", "360821", "吉安"};
    return areas[k / (KEYS / 4)];
}

static int64_t number_of(unsigned k)
{
    return (int64_t)(k % (KEYS / 4)) * 7 -
           50; /* negative, one and more digits: order of numbers, not of texts */
}

struct key {
    char digits[24];
    struct ll_str parts[2];
};

static const struct ll_str *key_of(unsigned k, struct key *key)
{
    int n = snprintf(key->digits, sizeof key->digits, "%lld", (long long)number_of(k));

    key->parts[0] = ll_str(area_of(k));
    key->parts[1] = (struct ll_str){key->digits, (size_t)n};
    return key->parts;
}

static void put_row(struct ll_seg_build *b, unsigned k, const struct record *r)
{
    char value[24], owner[24];

    ll_seg_int(b, 0, number_of(k));
    ll_seg_text(b, 3, area_of(k), strlen(area_of(k)));
    if (r->is == PRESENT) {
        ll_seg_text(b, 1, value, (size_t)snprintf(value, sizeof value, "v%u", r->value));
        ll_seg_text(b, 2, owner, (size_t)snprintf(owner, sizeof owner, "o%u", r->owner));
    }
    assert_ok(ll_seg_build_row(b, r->is == DELETED, &err));
}

static void path_of(char path[LL_PATH], unsigned seq, unsigned part)
{
    assert_ok(ll_path(path, &err, "%s/service/firms/S%u-%u.db", dir, seq, part));
}

static struct ll_seg_build *build(unsigned seq, unsigned part, const struct ll_seg_schema *s)
{
    struct ll_seg_build *b = NULL;
    char path[LL_PATH];

    path_of(path, seq, part);
    assert_ok(ll_seg_build_open(path, s, &b, &err));
    return b;
}

static void seal(struct ll_seg_build *b)
{
    uint64_t rows;

    assert_ok(ll_seg_build_seal(b, &rows, &err));
}

static void run_sql(const char *sql, const char *types, int64_t a, struct ll_str b)
{
    struct ll_txn *tx = NULL;

    assert_ok(ll_txn_begin(st, true, &tx, &err));
    assert_ok(ll_exec(tx, &err, sql, types, a, b));
    assert_ok(ll_txn_commit(tx, &err));
    ll_txn_end(tx);
}

#define LIST "INSERT INTO segment VALUES ('S' || $1, 'firms', 1, $1, $1, $1, 0, 0, $2)"

/* Lists a segment whose parts begin at the given keys. */
static void list_segment(unsigned seq, const unsigned *starts, unsigned n)
{
    struct ll_buf parts = LL_BUF_INIT(1 << 16);

    for (unsigned i = 0; i < n; i++)
        ll_buf_printf(&parts, "%c{\"file\":\"S%u-%u.db\",\"min\":[\"%s\",\"%lld\"]}", i ? ',' : '[', seq, i,
                      area_of(starts[i]), (long long)number_of(starts[i]));
    ll_buf_z(&parts, n ? "]" : "[]");
    run_sql(LIST, "is", seq, ll_buf_view(&parts));
    ll_buf_free(&parts);
}

/* Writes records as a segment of up to three parts. */
static void add_segment(unsigned seq, const struct record *records)
{
    struct ll_seg_build *b = NULL;
    unsigned starts[3], n = 0, in_part = 0;

    for (unsigned k = 0; k < KEYS; k++) {
        if (records[k].is == ABSENT)
            continue;
        if (!b || (in_part > 15 && n < 3)) {
            if (b)
                seal(b);
            b = build(seq, n, &schema);
            starts[n++] = k;
            in_part = 0;
        }
        put_row(b, k, &records[k]);
        in_part++;
    }
    if (b)
        seal(b);
    list_segment(seq, starts, n);
}

static struct ll_table *opened(void)
{
    struct ll_table *t = NULL;

    assert_ok(ll_table_open(st, cache, dir, "firms", &t, &err));
    return t;
}

static int find(struct ll_table *t, unsigned k)
{
    struct key key;

    return ll_table_find(t, key_of(k, &key), 2, &err);
}

static void assert_record(struct ll_table *t, unsigned k, const struct record *r)
{
    char want[24];

    assert_true(ll_table_get(t, 0).i == number_of(k));
    assert_str(ll_table_get(t, 3).s, area_of(k));
    snprintf(want, sizeof want, "v%u", r->value);
    assert_str(ll_table_get(t, 1).s, want);
    snprintf(want, sizeof want, "o%u", r->owner);
    assert_str(ll_table_get(t, 2).s, want);
}

static void assert_finds(struct ll_table *t, const struct record *model)
{
    for (unsigned k = 0; k < KEYS; k++) {
        assert_int_equal(find(t, k), model[k].is == PRESENT);
        if (model[k].is == PRESENT)
            assert_record(t, k, &model[k]);
    }
}

static unsigned next_present(const struct record *model, unsigned k)
{
    while (k < KEYS && model[k].is != PRESENT)
        k++;
    return k;
}

static void assert_scans(struct ll_table *t, const struct record *model, int after)
{
    struct key key;
    unsigned k = (unsigned)(after + 1);
    int rc;

    assert_ok(ll_table_scan(t, after >= 0 ? key_of((unsigned)after, &key) : NULL, &err));
    while ((rc = ll_table_next(t, &err)) > 0) {
        k = next_present(model, k);
        assert_true(k < KEYS);
        assert_record(t, k, &model[k]);
        k++;
    }
    assert_int_equal(rc, 0);
    assert_int_equal(next_present(model, k), KEYS);
}

static void assert_owners(struct ll_table *t, const struct record *model)
{
    for (unsigned owner = 0; owner < 10; owner++) {
        char name[24];
        unsigned want = 0, got = 0;
        int rc;
        for (unsigned k = 0; k < KEYS; k++)
            want += model[k].is == PRESENT && model[k].owner == owner;
        snprintf(name, sizeof name, "o%u", owner);
        assert_ok(ll_table_scan_by(t, "owner", ll_str(name), false, &err));
        while ((rc = ll_table_next(t, &err)) > 0) {
            assert_str(ll_table_get(t, 2).s, name);
            got++;
        }
        assert_int_equal(rc, 0);
        assert_int_equal(got, want);
    }
}

static void assert_equals_model(struct ll_table *t, const struct record *model)
{
    uint64_t count = 0, want = 0;

    for (unsigned k = 0; k < KEYS; k++)
        want += model[k].is == PRESENT;
    assert_ok(ll_table_count(t, &count, &err));
    assert_int_equal(count, want);
    assert_finds(t, model);
    assert_scans(t, model, -1);
    for (int after = 0; after < KEYS; after += 13)
        assert_scans(t, model, after);
    assert_owners(t, model);
}

static void randomise(struct record *records, unsigned percent)
{
    for (unsigned k = 0; k < KEYS; k++) {
        records[k] = (struct record){.is = ABSENT};
        if ((unsigned)rand() % 100 < percent)
            records[k] = (struct record){rand() % 5 ? PRESENT : DELETED, (unsigned)rand() % 1000,
                                         (unsigned)rand() % 10};
    }
}

static void apply(struct record *model, const struct record *records)
{
    for (unsigned k = 0; k < KEYS; k++)
        if (records[k].is != ABSENT)
            model[k] = records[k];
}

static int append(void *ctx, struct ll_str line, struct ll_err *e)
{
    (void)e;
    ll_buf_str(ctx, line);
    return LL_OK;
}

/* Merges segments 1 to n in one range of keys into one part of segment 99. */
static void merge_range(unsigned n, unsigned part, const struct ll_str *after, const struct ll_str *upto)
{
    struct ll_seg *readers[MAX_SEGMENTS][3];
    struct ll_seg_run runs[MAX_SEGMENTS];
    struct ll_seg_merge_counts counts;
    struct ll_seg_merge *m = NULL;
    char path[LL_PATH];

    for (unsigned i = 0; i < n; i++) {
        runs[i] = (struct ll_seg_run){readers[i], 0};
        for (unsigned p = 0; p < 3; p++) {
            path_of(path, n - i, p);
            if (ll_fs_exists(path))
                assert_ok(ll_segcache_take(cache, path, &readers[i][runs[i].n++], &err));
        }
    }
    assert_ok(ll_seg_merge_open(runs, n, after, upto, &m, &err));
    struct ll_seg_build *b = build(99, part, &schema);
    assert_ok(ll_seg_merge_into(m, b, &schema, true, &counts, &err));
    assert_int_equal(counts.deletes, 0);
    seal(b);
    ll_seg_merge_close(m);
    for (unsigned i = 0; i < n; i++)
        for (size_t p = 0; p < runs[i].n; p++)
            ll_segcache_give(cache, readers[i][p]);
}

static void merge_all(unsigned n)
{
    static const unsigned starts[] = {0, KEYS / 2};
    struct key key;

    merge_range(n, 0, NULL, key_of(KEYS / 2 - 1, &key));
    merge_range(n, 1, key_of(KEYS / 2 - 1, &key), NULL);
    list_segment(99, starts, 2);
    run_sql("DELETE FROM segment WHERE seq < $1", "i", 99, LL_STR(""));
}

static void one_random_history(unsigned seed)
{
    struct record model[KEYS] = {{.is = ABSENT}}, records[KEYS];
    struct ll_buf before = LL_BUF_INIT(1 << 20), after = LL_BUF_INIT(1 << 20);

    srand(seed);
    unsigned n = 1 + (unsigned)rand() % (MAX_SEGMENTS - 1);
    for (unsigned i = 1; i <= n; i++) {
        randomise(records, i == 1 ? 80 : (unsigned)rand() % 60);
        apply(model, records);
        add_segment(i, records);
    }
    struct ll_table *t = opened();
    assert_int_equal(ll_table_segments(t), n);
    assert_equals_model(t, model);
    assert_ok(ll_table_dump(t, append, &before, &err));
    merge_all(n);
    struct ll_table *merged = opened();
    assert_int_equal(ll_table_segments(merged), 1);
    assert_equals_model(merged, model);
    assert_ok(ll_table_dump(merged, append, &after, &err));
    assert_true(ll_str_eq(ll_buf_view(&before), ll_buf_view(&after)));
    assert_equals_model(t, model); /* the old handle still reads the old files */
    ll_table_close(t);
    ll_table_close(merged);
    ll_buf_free(&before);
    ll_buf_free(&after);
}

static void test_any_sequence_of_batches_reads_like_the_model(void **state)
{
    for (unsigned seed = 1; seed <= 6; seed++) {
        one_random_history(seed);
        tear_down(state);
        set_up(state);
    }
}

static void test_a_resource_without_segments_is_an_empty_table(void **state)
{
    struct ll_table *t = opened();
    struct ll_str key = LL_STR("x");
    uint64_t n = 1;

    (void)state;
    assert_int_equal(ll_table_columns(t), 0);
    assert_int_equal(ll_table_find(t, &key, 1, &err), 0);
    assert_ok(ll_table_count(t, &n, &err));
    assert_int_equal(n, 0);
    assert_ok(ll_table_scan_by(t, "owner", key, false, &err));
    assert_int_equal(ll_table_next(t, &err), 0);
    ll_table_close(t);
}

static void one_record(unsigned seq, unsigned k, unsigned value)
{
    struct record records[KEYS] = {{.is = ABSENT}};

    records[k] = (struct record){PRESENT, value, 1};
    add_segment(seq, records);
}

static void test_a_key_is_an_array_and_a_cursor(void **state)
{
    struct ll_arena *arena = ll_arena_new(0);
    struct ll_buf text = LL_BUF_INIT(4096);
    struct ll_json j;
    struct ll_str *key;
    size_t n;

    (void)state;
    one_record(1, 5, 9);
    struct ll_table *t = opened();
    assert_int_equal(find(t, 5), 1);
    ll_json_init(&j, &text);
    ll_table_put_key(t, &j);
    assert_string_equal(text.p, "[\"360802\",\"-15\"]");
    assert_ok(ll_key_parse(ll_buf_view(&text), arena, &key, &n, &err));
    assert_int_equal(n, 2);
    assert_int_equal(ll_table_find(t, key, n, &err), 1);
    assert_ok(ll_key_parse(LL_STR("plain"), arena, &key, &n, &err));
    assert_int_equal(n, 1);
    assert_str(key[0], "plain");
    assert_int_equal(ll_table_find(t, key, n, &err), LL_USAGE);
    assert_ok(ll_key_parse(LL_STR("[not json"), arena, &key, &n, &err));
    assert_str(key[0], "[not json");
    assert_int_equal(ll_key_parse(LL_STR("[1]"), arena, &key, &n, &err), LL_USAGE);
    ll_table_close(t);
    ll_buf_free(&text);
    ll_arena_free(arena);
}

static void test_an_older_segment_may_lack_a_column(void **state)
{
    static const struct ll_seg_column old_columns[] = {
        {"area", "TEXT"}, {"no", "INTEGER"}, {"gone", "TEXT"}, {"value", "TEXT"}};
    static const unsigned old_key[] = {0, 1};
    static const struct ll_seg_schema old = {old_columns, 4, old_key, 2, NULL, 0};
    struct ll_seg_build *b = build(1, 0, &old);

    (void)state;
    ll_seg_text(b, 0, area_of(3), strlen(area_of(3)));
    ll_seg_int(b, 1, number_of(3));
    ll_seg_text(b, 2, "lost", 4);
    ll_seg_text(b, 3, "kept", 4);
    assert_ok(ll_seg_build_row(b, false, &err));
    seal(b);
    list_segment(1, (unsigned[]){3}, 1);
    one_record(2, 5, 9);
    struct ll_table *t = opened();
    assert_int_equal(find(t, 3), 1);
    assert_str(ll_table_get(t, 1).s, "kept");
    assert_true(ll_table_get(t, 2).kind == LL_SV_NULL);
    assert_int_equal(ll_table_column(t, "gone"), -1);
    assert_ok(ll_table_scan_by(t, "owner", LL_STR("o1"), false, &err));
    assert_int_equal(ll_table_next(t, &err), 1);
    assert_int_equal(ll_table_next(t, &err), 0);
    ll_table_close(t);
}

static void test_segments_with_different_keys_are_refused(void **state)
{
    static const struct ll_seg_column other_columns[] = {{"area", "TEXT"}};
    static const unsigned other_key[] = {0};
    static const struct ll_seg_schema other = {other_columns, 1, other_key, 1, NULL, 0};
    struct ll_table *t = NULL;

    (void)state;
    one_record(1, 5, 9);
    seal(build(2, 0, &other));
    run_sql(LIST, "is", 2, LL_STR("[{\"file\":\"S2-0.db\"}]"));
    assert_int_equal(ll_table_open(st, cache, dir, "firms", &t, &err), LL_INVALID);
    assert_null(t);
}

static void test_a_broken_list_and_a_missing_file_are_told(void **state)
{
    static const char *const lists[] = {"",
                                        "{}",
                                        "[1]",
                                        "[{\"file\":1}]",
                                        "[{\"file\":\"../x\"}]",
                                        "[{\"file\":\"S1-0.db\",\"min\":[1]}]",
                                        "[{\"file\":\"S1-0.db\",\"min\":[\"a\"]}]",
                                        "[{\"file\":\"S1-0.db\"},{\"file\":\"S1-0.db\"}]"};
    struct ll_table *t = NULL;
    struct ll_txn *tx = NULL;
    char path[LL_PATH];

    (void)state;
    one_record(1, 5, 9);
    for (size_t i = 0; i < LL_COUNT(lists); i++) {
        assert_ok(ll_txn_begin(st, true, &tx, &err));
        assert_ok(ll_exec(tx, &err, "UPDATE segment SET parts = $1", "z", lists[i]));
        assert_int_equal(ll_table_open_in(tx, cache, dir, "firms", &t, &err), LL_IO);
        ll_txn_end(tx);
    }
    ll_table_close(opened());
    path_of(path, 1, 0);
    unlink(path);
    ll_segcache_sweep(cache);
    assert_int_equal(ll_table_open(st, cache, dir, "firms", &t, &err), LL_NOTFOUND);
}

/* --- sharing ------------------------------------------------------------------------------------------------------- */

static void test_readers_are_kept_and_bounded(void **state)
{
    struct ll_segcache *small = NULL;
    struct ll_seg *a = NULL, *b = NULL, *again = NULL;
    char one[LL_PATH], two[LL_PATH];

    (void)state;
    one_record(1, 5, 9);
    one_record(2, 5, 9);
    path_of(one, 1, 0);
    path_of(two, 2, 0);
    assert_ok(ll_segcache_new(1, &small, &err));
    assert_ok(ll_segcache_take(small, one, &a, &err));
    ll_segcache_give(small, a);
    assert_ok(ll_segcache_take(small, one, &again, &err));
    assert_ptr_equal(a, again);
    assert_ok(ll_segcache_take(small, one, &b, &err)); /* in use: another is opened */
    assert_ptr_not_equal(a, b);
    ll_segcache_give(small, again);
    ll_segcache_give(small, b);
    assert_int_equal(ll_segcache_idle(small), 1);
    assert_ok(ll_segcache_take(small, two, &a, &err));
    ll_segcache_give(small, a);
    assert_int_equal(ll_segcache_idle(small), 1);
    assert_int_equal(ll_segcache_take(small, "/no/such/file", &a, &err), LL_NOTFOUND);
    unlink(two);
    ll_segcache_sweep(small);
    assert_int_equal(ll_segcache_idle(small), 0);
    ll_segcache_free(small);
}

static struct ll_tables *tables_opened(unsigned fresh_ms)
{
    struct ll_tables_opts o = LL_TABLES_OPTS_INIT;
    struct ll_tables *ts = NULL;

    o.data_dir = dir;
    o.fresh_ms = fresh_ms;
    assert_ok(ll_tables_open(st, &o, &ts, &err));
    return ts;
}

static unsigned value_in(struct ll_table *t, unsigned k)
{
    struct key key;
    struct ll_err e;

    return ll_table_find(t, key_of(k, &key), 2, &e) > 0 ? (unsigned)atoi(ll_table_get(t, 1).s.p + 1) : 0;
}

static unsigned value_at(struct ll_tables *ts, unsigned k)
{
    struct ll_table *t = NULL;

    assert_ok(ll_tables_take(ts, "firms", &t, &err));
    unsigned value = value_in(t, k);
    ll_tables_give(ts, t);
    return value;
}

static void test_a_taken_table_shows_what_was_last_published(void **state)
{
    struct ll_tables *ts = tables_opened(0);
    struct ll_table *a = NULL, *b = NULL;

    (void)state;
    assert_int_equal(value_at(ts, 5), 0);
    one_record(1, 5, 1);
    assert_int_equal(value_at(ts, 5), 1);
    assert_ok(ll_tables_take(ts, "firms", &a, &err));
    one_record(2, 5, 2);
    assert_int_equal(value_at(ts, 5), 2);
    assert_ok(ll_tables_take(ts, "firms", &b, &err));
    assert_int_equal(ll_table_segments(a), 1);
    assert_int_equal(ll_table_segments(b), 2);
    ll_tables_give(ts, b);
    ll_tables_give(ts, a); /* old: not handed out again */
    assert_int_equal(value_at(ts, 5), 2);
    ll_tables_give(ts, NULL);
    ll_tables_close(ts);
}

static void test_a_kept_table_is_at_most_so_old(void **state)
{
    struct ll_tables *ts = tables_opened(50);

    (void)state;
    one_record(1, 5, 1);
    assert_int_equal(value_at(ts, 5), 1);
    one_record(2, 5, 2);
    usleep(60000);
    assert_int_equal(value_at(ts, 5), 2);
    ll_tables_close(ts);
}

struct watch {
    struct ll_tables *ts;
    atomic_bool stop;
    const char *fault;
};

/* Both records of a batch carry its number: a reader that saw different ones saw half a batch. */
static void *watch_batches(void *arg)
{
    struct watch *w = arg;
    unsigned last = 0;

    while (!atomic_load(&w->stop) && !w->fault) {
        struct ll_table *t = NULL;
        struct ll_err e;
        if (ll_tables_take(w->ts, "firms", &t, &e) < 0) {
            fprintf(stderr, "%s\n", e.en);
            w->fault = "take failed";
            break;
        }
        unsigned a = value_in(t, 3), b = value_in(t, 100);
        if (a != b || a < last)
            w->fault = "half a batch, or an older one after a newer";
        last = a;
        ll_tables_give(w->ts, t);
    }
    return NULL;
}

/* As a merge does: the older segments leave the list, then their files go. */
static void drop_older_than(unsigned seq)
{
    char path[LL_PATH];

    run_sql("DELETE FROM segment WHERE seq < $1", "i", seq, LL_STR(""));
    for (unsigned old = 1; old < seq; old++) {
        path_of(path, old, 0);
        unlink(path);
    }
}

static void test_readers_see_whole_batches_while_others_are_published(void **state)
{
    struct watch w = {.ts = tables_opened(0)};
    pthread_t threads[2];

    (void)state;
    for (int i = 0; i < 2; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, watch_batches, &w), 0);
    for (unsigned seq = 1; seq <= 40; seq++) {
        struct record records[KEYS] = {{.is = ABSENT}};
        records[3] = records[100] = (struct record){PRESENT, seq, 1};
        add_segment(seq, records);
        if (seq % 10 == 0)
            drop_older_than(seq);
    }
    atomic_store(&w.stop, true);
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    if (w.fault)
        fail_msg("%s", w.fault);
    ll_tables_close(w.ts);
}

#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(test_any_sequence_of_batches_reads_like_the_model),
        T(test_a_resource_without_segments_is_an_empty_table),
        T(test_a_key_is_an_array_and_a_cursor),
        T(test_an_older_segment_may_lack_a_column),
        T(test_segments_with_different_keys_are_refused),
        T(test_a_broken_list_and_a_missing_file_are_told),
        T(test_readers_are_kept_and_bounded),
        T(test_a_taken_table_shows_what_was_last_published),
        T(test_a_kept_table_is_at_most_so_old),
        T(test_readers_see_whole_batches_while_others_are_published),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
