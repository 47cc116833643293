/* The promises of segments (segment.h): what is built comes back, in key order, by key and by indexed column; anything out of order
 * is refused; a file that was not sealed is never left behind by a failure. */
#include "../test.h"

#include "base/fs.h"
#include "store/segment.h"

#include <signal.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static char dir[] = "/tmp/ll_segment_XXXXXX";
static char path[LL_PATH];
static struct ll_err err;

static int set_up(void **state)
{
    (void)state;
    strcpy(dir + sizeof dir - 7, "XXXXXX");
    if (!mkdtemp(dir))
        return -1;
    return ll_path(path, NULL, "%s/s%%1?#.db", dir); /* characters that a URI would take for something else */
}

static int tear_down(void **state)
{
    (void)state;
    return ll_fs_remove_tree(dir, NULL);
}

/* id, name, amount, owner; key id; name and owner indexed */
static const struct ll_seg_column columns[] = {
    {"id", "TEXT"}, {"name", "TEXT"}, {"amount", "INTEGER"}, {"owner", "TEXT"}};
static const unsigned key_id[] = {0}, by_name_owner[] = {1, 3};
static const struct ll_seg_schema simple = {columns, 4, key_id, 1, by_name_owner, 2};

static struct ll_seg_build *building(const struct ll_seg_schema *schema)
{
    struct ll_seg_build *b = NULL;

    assert_ok(ll_seg_build_open(path, schema, &b, &err));
    return b;
}

static void text(struct ll_seg_build *b, size_t at, const char *z)
{
    ll_seg_text(b, at, z, z ? strlen(z) : 0);
}

static int row(struct ll_seg_build *b, const char *id, const char *name, int64_t amount, const char *owner)
{
    text(b, 0, id);
    text(b, 1, name);
    ll_seg_int(b, 2, amount);
    text(b, 3, owner);
    return ll_seg_build_row(b, false, &err);
}

static void sealed(struct ll_seg_build *b, uint64_t want)
{
    uint64_t rows = 0;

    assert_ok(ll_seg_build_seal(b, &rows, &err));
    assert_int_equal(rows, want);
}

static struct ll_seg *opened(void)
{
    struct ll_seg *s = NULL;

    assert_ok(ll_seg_open(path, &s, &err));
    return s;
}

static int find(struct ll_seg *s, const char *id, bool *deleted)
{
    struct ll_str key = ll_str(id);

    return ll_seg_find(s, &key, 1, deleted, &err);
}

static void assert_sound(int64_t rows)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *st = NULL;

    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, "PRAGMA integrity_check", -1, &st, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(st), SQLITE_ROW);
    assert_string_equal(sqlite3_column_text(st, 0), "ok");
    sqlite3_finalize(st);
    assert_int_equal(sqlite3_prepare_v2(db, "SELECT count(*) FROM record", -1, &st, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(st), SQLITE_ROW);
    assert_int_equal(sqlite3_column_int64(st, 0), rows);
    sqlite3_finalize(st);
    sqlite3_close(db);
}

static void test_a_row_comes_back_by_its_key(void **state)
{
    struct ll_seg_build *b = building(&simple);
    bool deleted = true;

    (void)state;
    assert_ok(row(b, "a", "甲公司", -5, NULL));
    text(b, 0, "b");
    assert_ok(ll_seg_build_row(b, true, &err)); /* what is not set is NULL */
    assert_ok(ll_seg_build_meta(b, "batch", "B1", &err));
    assert_ok(ll_seg_build_meta(b, "batch", "B2", &err));
    sealed(b, 2);
    assert_sound(2);

    struct ll_seg *s = opened();
    assert_int_equal(ll_seg_columns(s), 4);
    assert_string_equal(ll_seg_column_name(s, 3), "owner");
    assert_int_equal(ll_seg_column_kind(s, 2), LL_SV_INT);
    assert_int_equal(ll_seg_key_columns(s), 1);
    assert_int_equal(ll_seg_key_at(s, 0), 0);
    assert_string_equal(ll_seg_meta(s, "batch"), "B2");
    assert_string_equal(ll_seg_meta(s, "no such"), "");
    assert_int_equal(find(s, "a", &deleted), 1);
    assert_false(deleted);
    assert_str(ll_seg_get(s, 1).s, "甲公司");
    assert_true(ll_seg_get(s, 2).kind == LL_SV_INT && ll_seg_get(s, 2).i == -5);
    assert_true(ll_seg_get(s, 3).kind == LL_SV_NULL);
    assert_int_equal(find(s, "b", &deleted), 1);
    assert_true(deleted);
    assert_true(ll_seg_get(s, 1).kind == LL_SV_NULL && ll_seg_get(s, 2).kind == LL_SV_NULL);
    assert_int_equal(find(s, "c", &deleted), 0);
    assert_int_equal(find(s, "", &deleted), 0);
    ll_seg_close(s);
}

static void test_rows_out_of_order_are_refused(void **state)
{
    struct ll_seg_build *b = building(&simple);

    (void)state;
    assert_ok(row(b, "b", "x", 1, NULL));
    assert_int_equal(row(b, "b", "x", 1, NULL), LL_CONFLICT);
    assert_int_equal(row(b, "a", "x", 1, NULL), LL_CONFLICT);
    assert_int_equal(row(b, NULL, "x", 1, NULL), LL_INVALID);
    assert_ok(row(b, "bb", "x", 1, NULL));
    assert_ok(row(b, "\xe4\xb8\xad", "x", 1, NULL)); /* bytes are unsigned */
    sealed(b, 3);
    assert_sound(3);
}

static void test_a_file_that_is_there_is_not_written_over(void **state)
{
    struct ll_seg_build *b = building(&simple), *other = NULL;

    (void)state;
    sealed(b, 0);
    assert_sound(0);
    assert_int_equal(ll_seg_build_open(path, &simple, &other, &err), LL_CONFLICT);
}

static void test_an_aborted_build_leaves_no_file(void **state)
{
    struct ll_seg_build *b = building(&simple);
    struct ll_seg *s = NULL;

    (void)state;
    assert_ok(row(b, "a", "x", 1, NULL));
    ll_seg_build_abort(b);
    ll_seg_build_abort(NULL);
    assert_false(ll_fs_exists(path));
    assert_int_equal(ll_seg_open(path, &s, &err), LL_NOTFOUND);
    assert_ok(ll_fs_write_atomic(path, LL_STR("no segment"), &err));
    assert_int_equal(ll_seg_open(path, &s, &err), LL_IO);
}

/* Ids of a scan, joined. */
static char *joined(struct ll_seg *s)
{
    static char out[65536];
    size_t used = 0;
    bool deleted;
    int rc;

    out[0] = 0;
    while ((rc = ll_seg_next(s, &deleted, &err)) > 0)
        used += (size_t)snprintf(out + used, sizeof out - used, "%.*s ", LL_STR_ARG(ll_seg_get(s, 0).s));
    assert_int_equal(rc, 0);
    assert_int_equal(ll_seg_next(s, &deleted, &err), 0); /* the end stays the end */
    return out;
}

static void test_scans_by_key_by_column_and_by_prefix(void **state)
{
    struct ll_seg_build *b = building(&simple);
    struct ll_str after = LL_STR("b");

    (void)state;
    assert_ok(row(b, "a", "吉安甲", 1, "p"));
    assert_ok(row(b, "b", "吉安乙", 1, NULL));
    assert_ok(row(b, "c", "赣州", 1, "p"));
    assert_ok(row(b, "d", NULL, 1, "q"));
    assert_ok(row(b, "e", "吉安", 1, "p"));
    sealed(b, 5);
    struct ll_seg *s = opened();
    assert_ok(ll_seg_scan(s, NULL, (struct ll_str){0}, NULL, &err));
    assert_string_equal(joined(s), "a b c d e ");
    assert_ok(ll_seg_scan(s, NULL, (struct ll_str){0}, &after, &err));
    assert_string_equal(joined(s), "c d e ");
    assert_ok(ll_seg_scan(s, "owner", LL_STR("p"), NULL, &err));
    assert_string_equal(joined(s), "a c e ");
    assert_ok(ll_seg_scan(s, "owner", LL_STR("none"), NULL, &err));
    assert_string_equal(joined(s), "");
    assert_ok(ll_seg_scan(s, "id", LL_STR("c"), NULL, &err));
    assert_string_equal(joined(s), "c ");
    assert_ok(ll_seg_scan_prefix(s, "name", LL_STR("吉安"), &err));
    assert_string_equal(joined(s), "e b a ");
    assert_ok(ll_seg_scan_prefix(s, "name", LL_STR(""), &err));
    assert_string_equal(joined(s), "e b a c ");
    assert_true(ll_seg_has_index(s, "owner") && ll_seg_has_index(s, "id") && !ll_seg_has_index(s, "amount"));
    assert_int_equal(ll_seg_scan(s, "amount", LL_STR("1"), NULL, &err), LL_INVALID);
    assert_int_equal(ll_seg_scan(s, "nothing", LL_STR("1"), NULL, &err), LL_INVALID);
    ll_seg_close(s);
}

static void test_a_look_up_in_the_middle_of_a_scan_does_no_harm(void **state)
{
    struct ll_seg_build *b = building(&simple);
    bool deleted;

    (void)state;
    assert_ok(row(b, "a", "x", 1, NULL));
    assert_ok(row(b, "b", "x", 1, NULL));
    sealed(b, 2);
    struct ll_seg *s = opened();
    assert_ok(ll_seg_scan(s, NULL, (struct ll_str){0}, NULL, &err));
    assert_int_equal(ll_seg_next(s, &deleted, &err), 1);
    assert_int_equal(find(s, "b", &deleted), 1);
    assert_str(ll_seg_get(s, 0).s, "b");
    assert_int_equal(ll_seg_next(s, &deleted, &err), 1);
    assert_str(ll_seg_get(s, 0).s, "b");
    assert_int_equal(ll_seg_next(s, &deleted, &err), 0);
    ll_seg_close(s);
}

static void test_a_key_of_several_parts_and_of_numbers(void **state)
{
    static const struct ll_seg_column cols[] = {{"v", "TEXT"}, {"year", "INTEGER"}, {"id", "TEXT"}};
    static const unsigned key[] = {2, 1}, indexed[] = {1};
    static const struct ll_seg_schema schema = {cols, 3, key, 2, indexed, 1};
    struct ll_seg_build *b = building(&schema);
    bool deleted;

    (void)state;
    for (int id = 0; id < 3; id++)
        for (int64_t year = -1; year < 12; year++) {
            char name[2] = {(char)('a' + id), 0};
            text(b, 2, name);
            ll_seg_int(b, 1, year);
            text(b, 0, "value");
            assert_ok(ll_seg_build_row(b, false, &err));
        }
    sealed(b, 39);
    assert_sound(39);
    struct ll_seg *s = opened();
    assert_int_equal(ll_seg_key_at(s, 0), 2);
    struct ll_str k[] = {LL_STR("b"), LL_STR("10")};
    assert_int_equal(ll_seg_find(s, k, 2, &deleted, &err), 1);
    assert_int_equal(ll_seg_get(s, 1).i, 10);
    assert_int_equal(ll_seg_find(s, k, 1, &deleted, &err), LL_USAGE);
    assert_ok(ll_seg_scan(s, NULL, (struct ll_str){0}, k, &err));
    assert_int_equal(ll_seg_next(s, &deleted, &err), 1);
    assert_str(ll_seg_get(s, 2).s, "b");
    assert_int_equal(ll_seg_get(s, 1).i, 11);
    assert_int_equal(ll_seg_next(s, &deleted, &err), 1);
    assert_str(ll_seg_get(s, 2).s, "c");
    assert_ok(ll_seg_scan(s, "year", LL_STR("-1"), NULL, &err));
    assert_int_equal(ll_seg_next(s, &deleted, &err), 1);
    assert_str(ll_seg_get(s, 2).s, "a");
    ll_seg_close(s);
}

static void test_numbers_keep_their_value_at_every_width(void **state)
{
    static const struct ll_seg_column cols[] = {{"n", "INTEGER"}, {"m", "INTEGER"}};
    static const unsigned key[] = {0}, indexed[] = {1};
    static const struct ll_seg_schema schema = {cols, 2, key, 1, indexed, 1};
    int64_t values[300];
    size_t n = 0;
    bool deleted;

    (void)state;
    values[n++] = INT64_MIN;
    for (int bit = 62; bit >= 0; bit--)
        values[n++] = -((int64_t)1 << bit) - 1, values[n++] = -((int64_t)1 << bit);
    values[n++] = 0;
    for (int bit = 0; bit < 63; bit++)
        if (bit > 1 || bit == 0)
            values[n++] = ((int64_t)1 << bit) - (bit > 1), values[n++] = ((int64_t)1 << bit) + (bit <= 1);
    values[n++] = INT64_MAX;
    struct ll_seg_build *b = building(&schema);
    uint64_t kept = 0;
    int64_t last = 0;
    for (size_t i = 0; i < n; i++) {
        if (i && values[i] <= last)
            continue;
        last = values[i];
        ll_seg_int(b, 0, values[i]);
        ll_seg_int(b, 1, values[i]);
        assert_ok(ll_seg_build_row(b, false, &err));
        kept++;
    }
    sealed(b, kept);
    assert_sound((int64_t)kept);
    struct ll_seg *s = opened();
    for (size_t i = 0; i < n; i++) {
        char digits[32];
        snprintf(digits, sizeof digits, "%lld", (long long)values[i]);
        if (find(s, digits, &deleted) == 1)
            assert_true(ll_seg_get(s, 1).i == values[i]);
    }
    ll_seg_close(s);
}

static void test_nul_bytes_long_texts_and_empty_texts(void **state)
{
    static const size_t sizes[] = {0, 1, 57, 58, 8000, 16000, 16384, 70000, 3000000};
    struct ll_seg_build *b = building(&simple);
    char *big = malloc(3000000);
    bool deleted;

    (void)state;
    for (size_t i = 0; i < 3000000; i++)
        big[i] = (char)(i % 251);
    for (size_t i = 0; i < LL_COUNT(sizes); i++) {
        char id[3] = {'k', 0, (char)('a' + i)};
        ll_seg_text(b, 0, id, 3);
        ll_seg_text(b, 1, big, sizes[i]);
        ll_seg_text(b, 3, "", 0);
        assert_ok(ll_seg_build_row(b, false, &err));
    }
    sealed(b, LL_COUNT(sizes));
    assert_sound(LL_COUNT(sizes));
    struct ll_seg *s = opened();
    for (size_t i = 0; i < LL_COUNT(sizes); i++) {
        char id[3] = {'k', 0, (char)('a' + i)};
        struct ll_str key = {id, 3};
        assert_int_equal(ll_seg_find(s, &key, 1, &deleted, &err), 1);
        assert_true(ll_str_eq(ll_seg_get(s, 1).s, (struct ll_str){big, sizes[i]}));
        assert_true(ll_seg_get(s, 3).kind == LL_SV_TEXT && ll_seg_get(s, 3).s.n == 0);
        assert_ok(ll_seg_scan(s, "name", (struct ll_str){big, sizes[i]}, NULL, &err));
        assert_int_equal(ll_seg_next(s, &deleted, &err), 1);
        assert_true(ll_str_eq(ll_seg_get(s, 0).s, key));
    }
    ll_seg_close(s);
    free(big);
}

static void test_two_hundred_columns(void **state)
{
    struct ll_seg_column cols[200];
    char names[200][64];
    unsigned key[] = {7, 3}, indexed[] = {199, 0, 100};
    struct ll_seg_schema schema = {cols, 200, key, 2, indexed, 3};
    bool deleted;

    (void)state;
    for (int i = 0; i < 200; i++) {
        snprintf(names[i], sizeof names[i], "a_rather_long_name_of_an_item_in_a_resource_%d", i);
        cols[i] = (struct ll_seg_column){names[i], i % 3 ? "TEXT" : "INTEGER"};
    }
    struct ll_seg_build *b = building(&schema);
    for (int r = 0; r < 500; r++) {
        char values[200][32];
        for (size_t i = 0; i < 200; i++) {
            int n = snprintf(values[i], sizeof values[i], i == 7 ? "%06d" : "%06d/%zu", r, i);
            if (i % 3 == 0)
                ll_seg_int(b, i, r * 1000 + (int)i);
            else
                ll_seg_text(b, i, values[i], (size_t)n);
        }
        assert_ok(ll_seg_build_row(b, false, &err));
    }
    sealed(b, 500);
    assert_sound(500);
    struct ll_seg *s = opened();
    struct ll_str k[] = {LL_STR("000499"), LL_STR("499003")};
    assert_int_equal(ll_seg_find(s, k, 2, &deleted, &err), 1);
    assert_str(ll_seg_get(s, 199).s, "000499/199");
    assert_ok(ll_seg_scan(s, names[100], LL_STR("000123/100"), NULL, &err));
    assert_int_equal(ll_seg_next(s, &deleted, &err), 1);
    assert_str(ll_seg_get(s, 7).s, "000123");
    ll_seg_close(s);
}

/* Every count of rows around the places where a page, and then a level of pages, is full. */
static void test_every_size_is_sound(void **state)
{
    static const unsigned sizes[] = {1,   2,   3,   50,  150, 151, 152,  153,   154,
                                     155, 156, 157, 158, 159, 160, 1000, 20000, 60000};

    (void)state;
    for (size_t i = 0; i < LL_COUNT(sizes); i++) {
        struct ll_seg_build *b = building(&simple);
        bool deleted;
        for (unsigned r = 0; r < sizes[i]; r++) {
            char id[24], name[90];
            snprintf(id, sizeof id, "%08u", r);
            snprintf(name, sizeof name, "%060u", (r * 7919) % 1000);
            assert_ok(row(b, id, name, r, r % 2 ? id : NULL));
        }
        sealed(b, sizes[i]);
        assert_sound(sizes[i]);
        struct ll_seg *s = opened();
        for (unsigned r = 0; r < sizes[i]; r += 1 + r / 50) {
            char id[24];
            snprintf(id, sizeof id, "%08u", r);
            assert_int_equal(find(s, id, &deleted), 1);
            assert_int_equal(ll_seg_get(s, 2).i, r);
        }
        ll_seg_close(s);
        unlink(path);
    }
}

/* Records of any size, so that every way of splitting one between pages occurs, at every level of the tree. */
static void test_records_of_any_size_are_sound(void **state)
{
    enum { LONGEST = 60000 };
    char *big = malloc(LONGEST);

    (void)state;
    memset(big, 'x', LONGEST);
    for (unsigned round = 0; round < 12; round++) {
        struct ll_seg_build *b = building(&simple);
        unsigned n = 100 + (unsigned)rand() % 700, most = round % 3 ? 5000 : LONGEST;
        bool deleted;
        srand(round);
        for (unsigned r = 0; r < n; r++) {
            char id[4200];
            int size = snprintf(id, sizeof id, "%08u%*s", r, rand() % 4000,
                                ""); /* the keys are long as well */
            ll_seg_text(b, 0, id, (size_t)size);
            ll_seg_text(b, 1, big, (unsigned)rand() % most);
            ll_seg_text(b, 3, big, rand() % 9 ? 3 : (unsigned)rand() % most);
            assert_ok(ll_seg_build_row(b, false, &err));
        }
        sealed(b, n);
        assert_sound(n);
        struct ll_seg *s = opened();
        assert_ok(ll_seg_scan(s, NULL, (struct ll_str){0}, NULL, &err));
        for (unsigned r = 0; r < n; r++) {
            assert_int_equal(ll_seg_next(s, &deleted, &err), 1);
            assert_int_equal(strtoul(ll_seg_get(s, 0).s.p, NULL, 10), r);
        }
        ll_seg_close(s);
        unlink(path);
    }
    free(big);
}

static void test_a_value_of_another_type_than_its_column_is_refused(void **state)
{
    struct ll_seg_build *b = building(&simple);

    (void)state;
    text(b, 0, "a");
    text(b, 2, "five");
    assert_int_equal(ll_seg_build_row(b, false, &err), LL_INTERNAL);
    text(b, 0, "a");
    ll_seg_int(b, 1, 5);
    assert_int_equal(ll_seg_build_row(b, false, &err), LL_INTERNAL);
    assert_ok(row(b, "a", "x", 1, NULL));
    sealed(b, 1);
}

static void read_all(struct ll_seg *s)
{
    bool deleted;

    for (int i = 0; i < 300; i++) {
        char id[24];
        snprintf(id, sizeof id, "%08d", i);
        if (find(s, id, &deleted) > 0)
            ll_seg_get(s, 1);
    }
    if (ll_seg_scan(s, "name", LL_STR("name"), NULL, &err) == LL_OK)
        while (ll_seg_next(s, &deleted, &err) > 0)
            ll_seg_get(s, 3);
    if (ll_seg_scan(s, NULL, (struct ll_str){0}, NULL, &err) == LL_OK)
        while (ll_seg_next(s, &deleted, &err) > 0)
            for (size_t at = 0; at < ll_seg_columns(s); at++)
                ll_seg_get(s, at);
    ll_seg_meta(s, "rows");
}

/* Bytes changed at random, or the end cut off: whatever is told, the program lives. */
static void test_a_damaged_file_does_no_harm(void **state)
{
    struct ll_seg_build *b = building(&simple);
    struct ll_buf whole = LL_BUF_INIT(16 << 20);
    unsigned refused = 0;

    (void)state;
    for (unsigned r = 0; r < 300; r++) {
        char id[24];
        snprintf(id, sizeof id, "%08u", r);
        assert_ok(row(b, id, "name", r, r % 3 ? id : NULL));
    }
    sealed(b, 300);
    assert_ok(ll_fs_read(path, 16 << 20, &whole, &err));
    for (unsigned round = 0; round < 200; round++) {
        char *copy = malloc(whole.n);
        size_t n = round % 4 ? whole.n : (size_t)rand() % whole.n;
        struct ll_seg *s = NULL;
        memcpy(copy, whole.p, whole.n);
        for (int i = rand() % 30; i >= 0; i--)
            copy[(size_t)rand() % (round % 2 ? whole.n : 400)] = (char)rand();
        assert_ok(ll_fs_write_atomic(path, (struct ll_str){copy, n}, &err));
        if (ll_seg_open(path, &s, &err) == LL_OK)
            read_all(s);
        else
            refused++;
        ll_seg_close(s);
        free(copy);
    }
    assert_true(refused > 0);
    ll_buf_free(&whole);
}

static void test_another_database_is_no_segment(void **state)
{
    static const char *const schemas[] = {
        "CREATE TABLE other (a)", "CREATE TABLE record (a, b)",
        "CREATE TABLE record (a, ll_deleted, b, PRIMARY KEY (a, ll_deleted, b)) WITHOUT ROWID"};

    (void)state;
    for (size_t i = 0; i < LL_COUNT(schemas); i++) {
        struct ll_seg *s = NULL;
        sqlite3 *db = NULL;
        unlink(path);
        assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
        assert_int_equal(sqlite3_exec(db, schemas[i], NULL, NULL, NULL), SQLITE_OK);
        sqlite3_close(db);
        assert_int_equal(ll_seg_open(path, &s, &err), LL_IO);
    }
}

/* A file may not grow, as on a full disk: the failure is told at whatever call meets it, and the file is gone. */
static void test_a_full_disk_leaves_no_file(void **state)
{
    static const rlim_t sizes[] = {1, 40000, 70000, 1100000, 1500000, 2300000};
    struct rlimit was, small;

    (void)state;
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &was);
    for (size_t i = 0; i < LL_COUNT(sizes); i++) {
        struct ll_seg_build *b = NULL;
        uint64_t rows;
        small = (struct rlimit){sizes[i], was.rlim_max};
        setrlimit(RLIMIT_FSIZE, &small);
        int rc = ll_seg_build_open(path, &simple, &b, &err);
        for (unsigned r = 0; rc == LL_OK && r < 20000; r++) {
            char id[24];
            snprintf(id, sizeof id, "%08u", r);
            rc = row(b, id, "name of a firm that is not short", r, id);
        }
        if (rc == LL_OK) {
            rc = ll_seg_build_seal(b, &rows, &err);
            b = NULL;
        }
        setrlimit(RLIMIT_FSIZE, &was);
        assert_int_equal(rc, LL_IO);
        ll_seg_build_abort(b);
        assert_false(ll_fs_exists(path));
    }
}

/* Killed at any instant of a build, a process leaves at most a file that nobody lists; building it elsewhere works. */
static void test_a_killed_build_harms_nothing(void **state)
{
    (void)state;
    for (int ms = 1; ms < 40; ms += 6) {
        pid_t child = fork();
        if (child == 0) {
            struct ll_seg_build *b = building(&simple);
            for (unsigned r = 0;; r++) {
                char id[24];
                snprintf(id, sizeof id, "%08u", r);
                if (row(b, id, id, r, id) < 0)
                    _exit(1);
            }
        }
        usleep((useconds_t)ms * 1000);
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
        unlink(path);
        struct ll_seg_build *b = building(&simple);
        assert_ok(row(b, "a", "x", 1, NULL));
        sealed(b, 1);
        assert_sound(1);
        unlink(path);
    }
}

#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

static void test_blobs_are_keys_and_values_like_texts(void **state)
{
    static const struct ll_seg_column shape[] = {
        {"ll_key", "BLOB"}, {"ll_sealed_n", "BLOB INTEGER"}, {"ll_ix_n", "BLOB"}};
    static const unsigned key[] = {0}, by[] = {2};
    static const struct ll_seg_schema schema = {shape, 3, key, 1, by, 1};
    struct ll_seg_build *b = building(&schema);
    struct ll_seg *s = NULL;
    bool deleted;
    uint64_t rows;

    (void)state;
    for (int i = 0; i < 3; i++) { /* bytes that are no text, with NULs */
        const char id[] = {0, (char)(0x7f + i)}, index[] = {(char)0xff, 0, (char)(i / 2)};
        ll_seg_blob(b, 0, id, sizeof id);
        ll_seg_blob(b, 1, "\0x", 2);
        ll_seg_blob(b, 2, index, sizeof index);
        assert_ok(ll_seg_build_row(b, false, &err));
    }
    ll_seg_text(b, 0, "text", 4);
    assert_int_equal(ll_seg_build_row(b, false, &err), LL_INTERNAL);
    ll_seg_build_abort(b);
    b = building(&schema);
    ll_seg_blob(b, 0, "\0\x80", 2);
    ll_seg_blob(b, 2, "\xff\0\1", 3);
    assert_ok(ll_seg_build_row(b, false, &err));
    assert_ok(ll_seg_build_seal(b, &rows, &err));
    assert_ok(ll_seg_open(path, &s, &err));
    assert_int_equal(ll_seg_column_kind(s, 1), LL_SV_BLOB);
    assert_string_equal(ll_seg_column_type(s, 1), "BLOB INTEGER");
    assert_int_equal(ll_seg_find(s, &(struct ll_str){"\0\x80", 2}, 1, &deleted, &err), 1);
    assert_true(ll_seg_get(s, 1).kind == LL_SV_NULL);
    assert_true(ll_seg_get(s, 0).kind == LL_SV_BLOB && ll_seg_get(s, 0).s.n == 2);
    assert_ok(ll_seg_scan(s, "ll_ix_n", (struct ll_str){"\xff\0\1", 3}, NULL, &err));
    assert_int_equal(ll_seg_next(s, &deleted, &err), 1);
    assert_int_equal(ll_seg_next(s, &deleted, &err), 0);
    assert_ok(ll_seg_scan(s, NULL, (struct ll_str){0}, &(struct ll_str){"\0\x7f", 2}, &err));
    assert_int_equal(ll_seg_next(s, &deleted, &err), 1);
    ll_seg_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(test_a_row_comes_back_by_its_key),
        T(test_rows_out_of_order_are_refused),
        T(test_a_file_that_is_there_is_not_written_over),
        T(test_an_aborted_build_leaves_no_file),
        T(test_scans_by_key_by_column_and_by_prefix),
        T(test_a_look_up_in_the_middle_of_a_scan_does_no_harm),
        T(test_a_key_of_several_parts_and_of_numbers),
        T(test_numbers_keep_their_value_at_every_width),
        T(test_nul_bytes_long_texts_and_empty_texts),
        T(test_blobs_are_keys_and_values_like_texts),
        T(test_two_hundred_columns),
        T(test_every_size_is_sound),
        T(test_records_of_any_size_are_sound),
        T(test_a_value_of_another_type_than_its_column_is_refused),
        T(test_a_damaged_file_does_no_harm),
        T(test_another_database_is_no_segment),
        T(test_a_full_disk_leaves_no_file),
        T(test_a_killed_build_harms_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
