/* share.c - what one question costs in process: a record by its key, and the profile of a subject over forty resources.
 *
 * usage: bench_share [ROWS [SEGMENTS [FOLDER]]]     20000 rows a resource in 3 segments, under the current folder
 *
 * Each resource has eight items, among them subject, subject_name and a related person; a subject has three records in it. */
#include "base/clock.h"
#include "base/fs.h"
#include "catalog/segschema.h"
#include "share/subject.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { RESOURCES = 40, RECORDS = 3, ITEMS = 8, PROFILES = 2000, LOOK_UPS = 100000 };

static struct ll_err err;
static char folder[LL_PATH];
static unsigned long rows = 20000, segments = 3;

static const struct ll_element uscc = {.name = "uscc", .type = LL_TYPE_IDENTIFIER, .check = "uscc"};
static const struct ll_element person = {
    .name = "resident_id", .type = LL_TYPE_IDENTIFIER, .check = "resident_id"};
static const struct ll_element text = {.name = "text", .type = LL_TYPE_TEXT};
static const struct ll_element amount = {
    .name = "amount", .type = LL_TYPE_DECIMAL, .precision = 18, .scale = 2};
static const struct ll_element number = {.name = "number", .type = LL_TYPE_INTEGER};

static struct ll_item items[ITEMS] = {
    {.name = "document", .element = &text, .key = 1},
    {.name = "uscc", .element = &uscc, .role = LL_ROLE_SUBJECT},
    {.name = "name", .element = &text, .role = LL_ROLE_SUBJECT_NAME},
    {.name = "person", .element = &person, .role = LL_ROLE_RELATED, .relation = "representative"},
    {.name = "amount", .element = &amount},
    {.name = "day", .element = &text},
    {.name = "remark", .element = &text},
    {.name = "number", .element = &number},
};
static const struct ll_item *const key[] = {&items[0]};
static struct ll_resource resources[RESOURCES];
static const struct ll_resource *all[RESOURCES];

static void check(int rc)
{
    if (rc >= 0)
        return;
    fprintf(stderr, "%s\n", err.en);
    exit(1);
}

static double cpu_seconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* --- data ---------------------------------------------------------------------------------------------------------- */

/* A credit code that is right: no check of ours may refuse it. */
static void make_uscc(unsigned long i, char out[LL_ID_MAX])
{
    static const char alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    char raw[24];
    size_t n;

    for (const char *org = alphabet; *org; org++)
        for (const char *last = alphabet; *last; last++) {
            snprintf(raw, sizeof raw, "91360800%08lu%c%c", 10000000 + i * 37, *org, *last);
            if (ll_id_check(LL_ID_USCC, ll_str(raw), out, &n) == LL_IDF_OK)
                return;
        }
    abort(); /* some pair of check characters always fits */
}

static void put(struct ll_seg_build *b, size_t at, const char *value)
{
    ll_seg_text(b, at, value, strlen(value));
}

static void build(const struct ll_resource *r, unsigned long segment, char (*codes)[LL_ID_MAX])
{
    struct ll_arena *arena = ll_arena_new(0);
    struct ll_seg_schema schema;
    struct ll_seg_build *b = NULL;
    char path[LL_PATH], name[64], document[64], id[64];
    uint64_t n;

    check(ll_path(path, &err, "%s/service/%s/S%lu.db", folder, r->name, segment));
    check(ll_table_schema(r, &schema, arena, &err));
    check(ll_seg_build_open(path, &schema, &b, &err));
    for (unsigned long i = segment; i < rows; i += segments) {
        put(b, 0, (snprintf(document, sizeof document, "D%08lu", i), document));
        put(b, 1, codes[i / RECORDS]);
        put(b, 2, (snprintf(name, sizeof name, "吉安市第%lu有限公司", i / RECORDS), name));
        put(b, 3, (snprintf(id, sizeof id, "36080219900101%04lu", i % 10000), id));
        put(b, 4, "1234567.80");
        put(b, 5, "2024-05-01");
        put(b, 6, "与本市政务数据共享有关的一条说明文字");
        ll_seg_int(b, 7, (int64_t)i);
        check(ll_seg_build_row(b, false, &err));
    }
    check(ll_seg_build_seal(b, &n, &err));
    ll_arena_free(arena);
}

static void publish(struct ll_store *st, const struct ll_resource *r, char (*codes)[LL_ID_MAX])
{
    struct ll_txn *tx = NULL;
    char path[LL_PATH], id[64], parts[64];

    check(ll_path(path, &err, "%s/service/%s", folder, r->name));
    check(ll_fs_mkdirs(path, &err));
    check(ll_txn_begin(st, true, &tx, &err));
    for (unsigned long s = 0; s < segments; s++) {
        build(r, s, codes);
        snprintf(id, sizeof id, "%s-%lu", r->name, s);
        snprintf(parts, sizeof parts, "[{\"file\":\"S%lu.db\"}]", s);
        check(ll_exec(
            tx, &err,
            "INSERT INTO segment (id, resource, version, seq, first_batch, last_batch, rows, built_at, parts)"
            " VALUES ($1, $2, 1, $3, $3, $3, 0, 0, $4)",
            "zziz", id, r->name, (int64_t)s + 1, parts));
    }
    check(ll_txn_commit(tx, &err));
    ll_txn_end(tx);
}

static void make_resources(struct ll_arena *arena)
{
    for (unsigned i = 0; i < RESOURCES; i++) {
        resources[i] = (struct ll_resource){.name = ll_arena_printf(arena, "resource_%02u", i),
                                            .title = "资源",
                                            .provider = "P",
                                            .subject_kind = "enterprise",
                                            .items = items,
                                            .n_items = ITEMS,
                                            .key = (const struct ll_item **)(uintptr_t)key,
                                            .n_key = 1};
        all[i] = &resources[i];
    }
}

/* --- questions ----------------------------------------------------------------------------------------------------- */

static void bench_profiles(struct ll_tables *ts, char (*codes)[LL_ID_MAX])
{
    struct ll_subject_opts o = LL_SUBJECT_OPTS_INIT;
    struct ll_arena *arena = ll_arena_new(0);
    struct ll_subject *s = NULL;
    size_t groups = 0, records = 0;

    check(
        ll_subject_profile(ts, all, RESOURCES, ll_str(codes[0]), &o, arena, &s, &err)); /* opens the files */
    uint64_t wall = ll_mono_us();
    double cpu = cpu_seconds();
    for (unsigned long i = 0; i < PROFILES; i++) {
        ll_arena_reset(arena);
        check(ll_subject_profile(ts, all, RESOURCES, ll_str(codes[i * 7919 % (rows / RECORDS)]), &o, arena,
                                 &s, &err));
        groups += s->n_groups;
        for (size_t g = 0; g < s->n_groups; g++)
            records += s->groups[g].total;
    }
    printf(
        "profile over %d resources, %lu segments each: %.3f ms, cpu %.3f ms (%.0f groups, %.0f records each)\n",
        RESOURCES, segments, (double)(ll_mono_us() - wall) / 1e3 / PROFILES,
        (cpu_seconds() - cpu) * 1e3 / PROFILES, (double)groups / PROFILES, (double)records / PROFILES);
    ll_arena_free(arena);
}

static void bench_records(struct ll_tables *ts, const char *what)
{
    struct ll_buf out = LL_BUF_INIT(1 << 20);
    char document[64];
    uint64_t wall = ll_mono_us();
    double cpu = cpu_seconds();

    for (unsigned long i = 0; i < LOOK_UPS; i++) {
        struct ll_str k = {document, (size_t)snprintf(document, sizeof document, "D%08lu", i * 7919 % rows)};
        ll_buf_clear(&out);
        check(ll_record_json(ts, &resources[0], &k, 1, false, &out, &err));
    }
    printf("%-60s %.1f us, cpu %.1f us\n", what, (double)(ll_mono_us() - wall) / LOOK_UPS,
           (cpu_seconds() - cpu) * 1e6 / LOOK_UPS);
    ll_buf_free(&out);
}

int main(int argc, char **argv)
{
    struct ll_store_opts o = LL_STORE_OPTS_INIT;
    struct ll_tables_opts to = LL_TABLES_OPTS_INIT;
    struct ll_arena *arena = ll_arena_new(0);
    struct ll_tables *ts = NULL;
    struct ll_store *st = NULL;
    char path[LL_PATH];

    if (argc > 1)
        rows = strtoul(argv[1], NULL, 10);
    if (argc > 2)
        segments = strtoul(argv[2], NULL, 10);
    check(ll_path(folder, &err, "%s/bench-share.tmp", argc > 3 ? argv[3] : "."));
    check(ll_fs_remove_tree(folder, &err));
    check(ll_fs_mkdirs(folder, &err));
    check(ll_path(path, &err, "%s/luling.db", folder));
    o.path = path;
    to.data_dir = folder;
    check(ll_store_open(&st, &o, &err));
    make_resources(arena);
    char(*codes)[LL_ID_MAX] = malloc((rows / RECORDS + 1) * sizeof *codes);
    for (unsigned long i = 0; codes && i <= rows / RECORDS; i++)
        make_uscc(i, codes[i]);
    for (unsigned i = 0; i < RESOURCES; i++)
        publish(st, &resources[i], codes);
    check(ll_tables_open(st, &to, &ts, &err));
    bench_profiles(ts, codes);
    bench_records(ts, "record as JSON, the list asked for at every call");
    ll_tables_close(ts);
    to.fresh_ms = 100;
    check(ll_tables_open(st, &to, &ts, &err));
    bench_records(ts, "record as JSON, the list at most 100 ms old");
    bench_profiles(ts, codes);
    ll_tables_close(ts);
    ll_store_close(st);
    free(codes);
    ll_arena_free(arena);
    check(ll_fs_remove_tree(folder, &err));
    return 0;
}
