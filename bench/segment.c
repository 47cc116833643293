/* segment.c - what service tables cost: building, look-up, scan and merge, each beside bare SQLite doing the same.
 *
 * usage: bench_segment [ROWS [FOLDER]]     1000000 rows a part, in the current folder
 *
 * The shape is that of an enterprise registration: 12 columns, key of 18 characters, two indexed columns.  Twelve columns are read at
 * every look-up, with and without us. */
#include "base/clock.h"
#include "base/fs.h"
#include "store/segmerge.h"
#include "store/sq.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { COLUMNS = 12, LOOK_UPS = 300000 };

static const struct ll_seg_column columns[COLUMNS] = {
    {"uscc", "TEXT"},   {"name", "TEXT"},     {"founded", "TEXT"}, {"capital", "TEXT"},
    {"type", "TEXT"},   {"industry", "TEXT"}, {"region", "TEXT"},  {"representative", "TEXT"},
    {"rep_id", "TEXT"}, {"address", "TEXT"},  {"phone", "TEXT"},   {"staff", "INTEGER"},
};
static const unsigned key[] = {0}, indexed[] = {1, 8};
static const struct ll_seg_schema plain = {columns, COLUMNS, key, 1, NULL, 0};
static const struct ll_seg_schema with_indexes = {columns, COLUMNS, key, 1, indexed, 2};

static struct ll_err err;
static const char *folder = ".";
static unsigned long rows = 1000000;

static void check(int rc)
{
    if (rc >= 0)
        return;
    fprintf(stderr, "%s\n", err.en);
    exit(1);
}

/* Time that passed and time of the processor: the latter tells on a machine that has other work. */
struct span {
    uint64_t wall_us;
    double cpu;
};

static double cpu_seconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static struct span begin(void)
{
    return (struct span){ll_mono_us(), cpu_seconds()};
}

/* The processor's seconds. */
static double report(const char *what, struct span since, double n)
{
    double wall = (double)(ll_mono_us() - since.wall_us) / 1e6, cpu = cpu_seconds() - since.cpu;

    printf("%-52s %7.2f s %7.0f k/s   cpu %6.2f s %7.0f k/s\n", what, wall, n / wall / 1e3, cpu,
           n / cpu / 1e3);
    fflush(stdout);
    return cpu;
}

/* --- rows ---------------------------------------------------------------------------------------------------------- */

struct row {
    char text[COLUMNS][128];
    int n[COLUMNS];
};

static int put_key(char *out, unsigned long i)
{
    return sprintf(out, "9136%08luMA35AB", i);
}

static void make_row(struct row *r, unsigned long i)
{
    unsigned long mixed = (unsigned long)((i * 2654435761u) % 100000000);

    r->n[0] = put_key(r->text[0], i);
    r->n[1] = sprintf(r->text[1], "吉安市%08lu科技有限公司", mixed);
    r->n[2] = sprintf(r->text[2], "20%02lu-%02lu-%02lu", i % 24, i % 12 + 1, i % 28 + 1);
    r->n[3] = sprintf(r->text[3], "%lu.50", mixed % 1000000);
    r->n[4] = sprintf(r->text[4], "%lu", 1000 + i % 9);
    r->n[5] = sprintf(r->text[5], "F%02lu", i % 97);
    r->n[6] = sprintf(r->text[6], "3608%02lu", i % 30);
    r->n[7] = sprintf(r->text[7], "张%s", i % 2 ? "三丰" : "伟");
    r->n[8] = sprintf(r->text[8], "36080219%08lu12", mixed);
    r->n[9] = sprintf(r->text[9], "江西省吉安市吉州区井冈山大道%lu号某某小区%lu栋", mixed % 1000, i % 60);
    r->n[10] = sprintf(r->text[10], "0796-8%06lu", mixed % 1000000);
}

/* Rows are made before they are measured. */
enum { MADE = 256 };
static struct row made[MADE];

static const struct row *row_of(unsigned long i)
{
    struct row *r = &made[i % MADE];

    r->n[0] = put_key(r->text[0], i);
    return r;
}

/* --- building ------------------------------------------------------------------------------------------------------ */

static void build_path(char path[LL_PATH], const char *name)
{
    check(ll_path(path, &err, "%s/bench-%s.db", folder, name));
}

/* Every step-th row from the first. */
static void build_ours(const char *name, const struct ll_seg_schema *schema, unsigned long first,
                       unsigned long step)
{
    struct ll_seg_build *b = NULL;
    char path[LL_PATH], unique[2][64];
    uint64_t n;

    build_path(path, name);
    unlink(path);
    check(ll_seg_build_open(path, schema, &b, &err));
    for (unsigned long i = first; i < rows; i += step) {
        const struct row *r = row_of(i);
        char own[32];
        ll_seg_text(b, 0, own, (size_t)put_key(own, i));
        for (size_t at = 1; at < 11; at++)
            ll_seg_text(b, at, r->text[at], (size_t)r->n[at]);
        if (schema->n_indexed) { /* distinct values, in another order than the keys */
            unsigned long mixed = (i * 2654435761u) % 100000000;
            ll_seg_text(b, 1, unique[0], (size_t)sprintf(unique[0], "吉安市%08lu科技有限公司", mixed));
            ll_seg_text(b, 8, unique[1], (size_t)sprintf(unique[1], "36080219%08lu12", mixed));
        }
        ll_seg_int(b, 11, (int64_t)(i % 500));
        check(ll_seg_build_row(b, false, &err));
    }
    check(ll_seg_build_seal(b, &n, &err));
}

static void *build_in_thread(void *name)
{
    build_ours(name, &plain, 0, 1);
    return NULL;
}

static void sql(sqlite3 *db, const char *text)
{
    check(ll_sq_exec(db, "bench", text, &err));
}

static void build_bare(void)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *st = NULL;
    char path[LL_PATH];

    build_path(path, "bare");
    unlink(path);
    sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL);
    sql(db,
        "PRAGMA page_size=16384; PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA locking_mode=EXCLUSIVE;"
        "CREATE TABLE record (a TEXT PRIMARY KEY,b TEXT,c TEXT,d TEXT,e TEXT,f TEXT,g TEXT,h TEXT,i TEXT,j TEXT,k TEXT,l INTEGER,"
        " ll_deleted INTEGER NOT NULL) WITHOUT ROWID; BEGIN");
    check(ll_sq_prepare(db, path, "INSERT INTO record VALUES (?,?,?,?,?,?,?,?,?,?,?,?,0)", &st, &err));
    for (unsigned long i = 0; i < rows; i++) {
        const struct row *r = row_of(i);
        for (int at = 0; at < 11; at++)
            sqlite3_bind_text(st, at + 1, r->text[at], r->n[at], SQLITE_STATIC);
        sqlite3_bind_int64(st, 12, (int64_t)(i % 500));
        if (sqlite3_step(st) != SQLITE_DONE)
            abort();
        sqlite3_reset(st);
    }
    sql(db, "COMMIT");
    sqlite3_finalize(st);
    sqlite3_close(db);
    check(ll_fs_sync_file(path, &err));
}

static void bench_build(void)
{
    pthread_t threads[2];
    char one[] = "a", two[] = "b";
    struct span t = begin();

    build_bare();
    report("bare SQLite: INSERT in key order, sync", t, (double)rows);
    t = begin();
    build_ours("a", &plain, 0, 1);
    report("segment, no indexes, sealed", t, (double)rows);
    t = begin();
    pthread_create(&threads[0], NULL, build_in_thread, one);
    pthread_create(&threads[1], NULL, build_in_thread, two);
    pthread_join(threads[0], NULL);
    pthread_join(threads[1], NULL);
    report("two such at once", t, 2 * (double)rows);
    t = begin();
    build_ours("indexed", &with_indexes, 0, 1);
    report("segment with two indexes, sealed", t, (double)rows);
}

/* --- reading ------------------------------------------------------------------------------------------------------- */

static unsigned long nth(unsigned long i)
{
    return (i * 2654435761u) % rows;
}

static size_t look_up_bare(sqlite3_stmt *st, const char *k, int n)
{
    size_t sum = 0;

    sqlite3_bind_text(st, 1, k, n, SQLITE_STATIC);
    if (sqlite3_step(st) != SQLITE_ROW)
        abort();
    for (int at = 0; at < COLUMNS; at++) {
        const char *p = (const char *)sqlite3_column_text(st, at);
        sum += (size_t)p[0] + (size_t)sqlite3_column_bytes(st, at);
    }
    sqlite3_reset(st);
    return sum;
}

static double bench_bare(const char *what, const char *setup)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *st = NULL;
    char path[LL_PATH], k[32];
    size_t sum = 0;

    build_path(path, "a");
    sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL);
    sql(db, setup);
    check(ll_sq_prepare(db, path, "SELECT * FROM record WHERE uscc = ?1", &st, &err));
    struct span t = begin();
    for (unsigned long i = 0; i < LOOK_UPS; i++)
        sum += look_up_bare(st, k, put_key(k, nth(i)));
    double s = report(what, t, LOOK_UPS);
    sqlite3_finalize(st);
    sqlite3_close(db);
    return sum ? s : 0;
}

static size_t look_up_ours(struct ll_seg *seg, struct ll_str k)
{
    bool deleted;
    size_t sum = 0;

    if (ll_seg_find(seg, &k, 1, &deleted, &err) != 1)
        abort();
    for (size_t at = 0; at < COLUMNS; at++) {
        struct ll_seg_value v = ll_seg_get(seg, at);
        sum += v.kind == LL_SV_TEXT ? (size_t)v.s.p[0] + v.s.n : (size_t)v.i;
    }
    return sum;
}

static double bench_find(void)
{
    struct ll_seg *seg = NULL;
    char path[LL_PATH], k[32];
    size_t sum = 0;

    build_path(path, "a");
    check(ll_seg_open(path, &seg, &err));
    struct span t = begin();
    for (unsigned long i = 0; i < LOOK_UPS; i++)
        sum += look_up_ours(seg, (struct ll_str){k, (size_t)put_key(k, nth(i))});
    double s = report("ll_seg_find, twelve columns read", t, LOOK_UPS);
    ll_seg_close(seg);
    return sum ? s : 0;
}

static void bench_open(void)
{
    struct ll_seg *seg = NULL;
    char path[LL_PATH];
    struct span t = begin();

    build_path(path, "a");
    for (int i = 0; i < 2000; i++) {
        check(ll_seg_open(path, &seg, &err));
        ll_seg_close(seg);
    }
    report("ll_seg_open and close", t, 2000);
}

/* --- merging ------------------------------------------------------------------------------------------------------- */

static void bench_merge(unsigned long n)
{
    struct ll_seg *readers[16];
    struct ll_seg_run runs[16];
    struct ll_seg_merge *m = NULL;
    struct ll_seg_build *b = NULL;
    struct ll_seg_merge_counts counts;
    char path[LL_PATH], name[80];
    uint64_t sealed;

    for (unsigned long i = 0; i < n; i++) {
        snprintf(name, sizeof name, "m%lu", i);
        build_ours(name, &with_indexes, i, n);
        build_path(path, name);
        check(ll_seg_open(path, &readers[i], &err));
        runs[i] = (struct ll_seg_run){&readers[i], 1};
    }
    build_path(path, "merged");
    unlink(path);
    struct span t = begin();
    check(ll_seg_merge_open(runs, n, NULL, NULL, &m, &err));
    check(ll_seg_build_open(path, &with_indexes, &b, &err));
    check(ll_seg_merge_into(m, b, &with_indexes, true, &counts, &err));
    check(ll_seg_build_seal(b, &sealed, &err));
    snprintf(name, sizeof name, "merge of %lu segments, two indexes, sealed", n);
    report(name, t, (double)counts.rows);
    ll_seg_merge_close(m);
    for (unsigned long i = 0; i < n; i++)
        ll_seg_close(readers[i]);
}

static void remove_files(void)
{
    static const char *const names[] = {"bare", "a",  "b",  "indexed", "merged", "m0", "m1",
                                        "m2",   "m3", "m4", "m5",      "m6",     "m7"};
    char path[LL_PATH];

    for (size_t i = 0; i < LL_COUNT(names); i++) {
        build_path(path, names[i]);
        unlink(path);
    }
}

int main(int argc, char **argv)
{
    if (argc > 1)
        rows = strtoul(argv[1], NULL, 10);
    if (argc > 2)
        folder = argv[2];
    for (unsigned long i = 0; i < MADE; i++)
        make_row(&made[i], i);
    ll_sq_init();
    bench_build();
    double bare = bench_bare("bare SQLite: prepared SELECT", "SELECT 1");
    double mapped = bench_bare("bare SQLite: the same, file mapped, locked once",
                               "PRAGMA mmap_size = 1099511627776; PRAGMA locking_mode = EXCLUSIVE");
    double ours = bench_find();
    printf("ll_seg_find against bare SQLite, by processor: %.2f, mapped: %.2f\n", bare / ours, mapped / ours);
    bench_open();
    bench_merge(2);
    bench_merge(8);
    remove_files();
    return 0;
}
