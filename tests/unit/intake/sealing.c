/* Items of grades 3 and 4 at rest: no file of the folder holds their values, and everything that is done with records still works. */
#include "folder.h"

#include "base/clock.h"
#include "base/json.h"
#include "intake/history.h"
#include "intake/inbox.h"
#include "intake/quarantine.h"
#include "intake/verify.h"
#include "share/table.h"

#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

/* Resource `person`: id_no (key, grade 4), name (grade 2), phone (3, unique), born (3), age (3), income (3), poor (3).
 * Resource `ruling`: case_no and who (key; who refers to person.id_no, grade 4), fine (grade 1). */
static const char elements[] = "P1,person_id,证件号码,text,18,[0-9X]{18},4,own\n"
                               "P2,person_name,姓名,text,40,,2,own\n"
                               "P3,person_phone,电话,text,20,[0-9]+,3,own\n"
                               "P4,person_born,出生日期,date,,,3,own\n"
                               "P5,person_age,年龄,integer,,,3,own\n"
                               "P6,person_income,收入,\"decimal(18,2)\",,,3,own\n"
                               "P7,person_poor,低保,boolean,,,3,own\n"
                               "P8,case_no,案号,text,40,,1,own\n";
static const char items[] = "person,id_no,person_id,,1,,\n"
                            "person,name,person_name,Y,,,\n"
                            "person,phone,person_phone,,,Y,\n"
                            "person,born,person_born,,,,\n"
                            "person,age,person_age,,,,\n"
                            "person,income,person_income,,,,\n"
                            "person,poor,person_poor,,,,\n"
                            "ruling,case_no,case_no,,1,,\n"
                            "ruling,who,person_id,,2,,person.id_no\n"
                            "ruling,fine,staff,,,,\n";
static const char resources[] = "person,3081001/00003,人员,O1,人员名册,2,1,0,4,1,increment,30,none\n"
                                "ruling,3081001/00004,裁定,O1,裁定,2,1,0,4,1,increment,30,none\n";

#define PERSON "id_no,name,phone,born,age,income,poor\n"
#define PERSON_OP "id_no,name,phone,born,age,income,poor,_op\n"
#define RULING "case_no,who,fine\n"
#define ZHANG "362401199001010017"
#define LI "362401198505050028"
#define WANG "362401197703030039"
static const char three[] = PERSON ZHANG ",张三,13870600001,1990-01-01,36,120000.50,1\n" LI
                                         ",李四,13870600002,1985-05-05,41,98000.00,0\n" WANG ",王五,,,,,\n";
static const char *const secrets[] = {ZHANG,         LI,           WANG,        "13870600001", "13870600002",
                                      "13870600009", "1990-01-01", "120000.50", "12000050"};

static int open_people(void **state)
{
    int rc = folder_open(state);

    folder_load(*state, &(struct folder_tables){"2.0.0", 1, elements, items, resources});
    return rc;
}

/* ---- files ---- */

static bool holds(const struct ll_buf *file, const char *text)
{
    char wide[256];
    size_t n = strlen(text);

    for (size_t i = 0; i < n; i++) { /* UTF-16, either way round: one lies in the other with a byte before */
        wide[2 * i] = text[i];
        wide[2 * i + 1] = 0;
    }
    return memmem(file->p, file->n, text, n) || memmem(file->p, file->n, wide, 2 * n - 1);
}

static size_t search_file(const char *path, const char *const *texts, size_t n)
{
    struct ll_buf file = LL_BUF_INIT(256 << 20);
    struct ll_err err;
    size_t found = 0;

    assert_ok(ll_fs_read(path, 128 << 20, &file, &err));
    for (size_t i = 0; i < n && file.n; i++)
        if (holds(&file, texts[i])) {
            print_message("%s holds %s\n", path, texts[i]);
            found++;
        }
    ll_buf_free(&file);
    return found;
}

/* Every file below dir but those of `except`; how many of the texts are found. */
static size_t search(const char *dir, const char *except, const char *const *texts, size_t n)
{
    DIR *d = opendir(dir);
    size_t found = 0;

    assert_non_null(d);
    for (struct dirent *e; (e = readdir(d));) {
        char path[LL_PATH];
        struct stat st;
        snprintf(path, sizeof path, "%s/%s", dir, e->d_name);
        if (e->d_name[0] == '.' || strcmp(e->d_name, except) == 0 || lstat(path, &st) < 0)
            continue;
        found += S_ISDIR(st.st_mode) ? search(path, except, texts, n) : search_file(path, texts, n);
    }
    closedir(d);
    return found;
}

/* Parquet is packed: every value of every column, as the engine shows it. */
static int search_row(void *ctx, const struct ll_lake_value *row, size_t n, struct ll_err *err)
{
    (void)err;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < LL_COUNT(secrets) && row[i].kind >= LL_LV_TEXT && row[i].s.n; k++)
            if (memmem(row[i].s.p, row[i].s.n, secrets[k], strlen(secrets[k])))
                ++*(size_t *)ctx;
    return LL_OK;
}

static size_t search_parquet(struct folder *f, const char *pattern)
{
    struct ll_lake *lake = NULL;
    struct ll_lake_conn *c = NULL;
    struct ll_err err;
    size_t found = 0;

    assert_ok(ll_data_lake(f->d, &lake, &err));
    assert_ok(ll_lake_connect(lake, &c, &err));
    const char *sql = ll_arena_printf(
        f->arena, "SELECT COLUMNS(*)::VARCHAR FROM read_parquet('%s/%s', union_by_name = true)", f->dir,
        pattern);
    int rc = ll_lake_each(c, sql, search_row, &found, &err);
    if (rc < 0)
        fail_msg("%s", err.en);
    ll_lake_disconnect(c);
    return found;
}

static void assert_nothing_shows(struct folder *f)
{
    assert_int_equal(search(f->dir, "", secrets, LL_COUNT(secrets)), 0);
    assert_int_equal(search_parquet(f, "lake/*/*/*.parquet"), 0);
    assert_true(folder_count(f, "work") <= 2); /* where the engines would spill; empty, or it was searched */
}

/* ---- records ---- */

static struct ll_table *table_of(struct folder *f, const char *resource, struct ll_segcache **cache)
{
    struct ll_table *t = NULL;
    struct ll_err err;

    assert_ok(ll_segcache_new(8, cache, &err));
    assert_ok(ll_table_open(ll_data_store(f->d), *cache, f->dir, resource, &t, &err));
    ll_table_use(t, ll_data_vault(f->d));
    return t;
}

/* Values of the record with that key, joined; "-" when there is none. */
static const char *found(struct folder *f, const char *resource, const char *k0, const char *k1)
{
    const struct ll_str key[] = {ll_str(k0), ll_str(k1)};
    struct ll_segcache *cache = NULL;
    struct ll_table *t = table_of(f, resource, &cache);
    struct ll_buf out = LL_BUF_INIT(4096);
    struct ll_err err;
    int rc = ll_table_find(t, key, k1 ? 2 : 1, &err);

    assert_ok(rc);
    for (size_t i = 0; rc > 0 && i < ll_table_columns(t); i++) {
        struct ll_seg_value v = ll_table_get(t, i);
        ll_buf_z(&out, i ? "|" : "");
        if (v.kind == LL_SV_INT)
            ll_buf_printf(&out, "%lld", (long long)v.i);
        else
            ll_buf_str(&out, v.s);
    }
    const char *text = rc > 0 ? ll_arena_dup(f->arena, ll_buf_view(&out)) : "-";
    ll_table_close(t);
    ll_segcache_free(cache);
    ll_buf_free(&out);
    return text;
}

#define ZHANG_AS_STORED ZHANG "|张三|13870600001|1990-01-01|36|120000.50|1"

static void test_nothing_of_grade_3_or_4_shows_and_the_record_is_found(void **state)
{
    struct folder *f = *state;

    folder_take(f, "person", NULL, three, LL_OK);
    folder_take(f, "ruling", NULL, RULING "c1," ZHANG ",5\nc1," LI ",6\nc2," ZHANG ",7\n", LL_OK);
    assert_string_equal(found(f, "person", ZHANG, NULL), ZHANG_AS_STORED);
    assert_string_equal(found(f, "person", WANG, NULL), WANG "|王五|||||");
    assert_string_equal(found(f, "person", "362401199001010018", NULL), "-");
    assert_string_equal(found(f, "ruling", "c1", LI), "c1|" LI "|6");
    assert_string_equal(found(f, "ruling", "c2", LI), "-");
    assert_nothing_shows(f);
    /* the search finds what is there to find */
    const char *const open[] = {"张三"};
    assert_true(search(f->dir, "", open, 1) > 0);
}

/* Pages of one record each, by the key of the last: every record once. */
static void test_a_cursor_by_key_survives_the_order_of_blind_indexes(void **state)
{
    struct folder *f = *state;
    struct ll_segcache *cache = NULL;
    char last[64], seen[256] = "";
    bool more = true;
    struct ll_err err;

    folder_take(f, "person", NULL, three, LL_OK);
    for (int page = 0; more; page++) {
        struct ll_table *t = table_of(f, "person", &cache);
        struct ll_str key = ll_str(last);
        assert_ok(ll_table_scan(t, page ? &key : NULL, &err));
        int rc = ll_table_next(t, &err);
        assert_ok(rc);
        more = rc > 0;
        if (more) {
            struct ll_str id = ll_table_get(t, 0).s;
            snprintf(last, sizeof last, LL_STR_FMT, LL_STR_ARG(id));
            assert_null(strstr(seen, last));
            strcat(strcat(seen, last), " ");
        }
        ll_table_close(t);
        ll_segcache_free(cache);
    }
    assert_int_equal(strlen(seen), 3 * 19);
}

static const char *folder_sha(struct folder *f, const char *id)
{
    struct ll_delivery v;
    struct ll_err err;

    assert_ok(ll_delivery_get(f->d, id, f->arena, &v, &err));
    return v.sha256;
}

static void folder_copy(const char *from, const char *to)
{
    struct ll_buf bytes = LL_BUF_INIT(64 << 20);
    struct ll_err err;

    assert_ok(ll_fs_read(from, 32 << 20, &bytes, &err));
    assert_ok(ll_fs_write_atomic(to, ll_buf_view(&bytes), &err));
    ll_buf_free(&bytes);
}

static void folder_flip(const char *path, size_t at)
{
    struct ll_buf bytes = LL_BUF_INIT(64 << 20);
    struct ll_err err;

    assert_ok(ll_fs_read(path, 32 << 20, &bytes, &err));
    assert_true(at < bytes.n);
    bytes.p[at] ^= 1;
    assert_ok(ll_fs_write_atomic(path, ll_buf_view(&bytes), &err));
    ll_buf_free(&bytes);
}

static void folder_take_bytes(struct folder *f, const char *resource, struct ll_str bytes)
{
    struct ll_receive *r = NULL;
    char id[LL_ID_TEXT];
    struct ll_err err;
    bool again;

    assert_ok(ll_receive_open(f->d, resource, NULL, "delivery.csv", &r, &err));
    assert_ok(ll_receive_add(r, bytes.p, bytes.n, &err));
    assert_ok(ll_receive_done(r, id, &again, &err));
    assert_ok(folder_run(f, id, false));
}

static void count_problem(void *ctx, const char *what, const struct ll_err *problem)
{
    (void)what, (void)problem;
    ++*(unsigned *)ctx;
}

static unsigned problems(struct folder *f)
{
    struct ll_verified v;
    struct ll_err err;
    unsigned n = 0;

    assert_ok(ll_data_verify(f->d, NULL, count_problem, &n, &v, &err));
    return n;
}

/* ---- all that is done with batches ---- */

static int put_piece(void *ctx, struct ll_str piece, struct ll_err *err)
{
    (void)err;
    ll_buf_str(ctx, piece);
    return LL_OK;
}

static const char *exported(struct folder *f, const char *batch)
{
    struct ll_buf out = LL_BUF_INIT(1 << 20);
    struct ll_err err;
    int rc = ll_quarantine_csv(f->d, batch, LL_ZH, put_piece, &out, &err);

    if (rc < 0)
        fail_msg("%s", err.en);
    const char *text = ll_arena_dup(f->arena, ll_buf_view(&out));
    ll_buf_free(&out);
    return text;
}

static int64_t open_rows(struct folder *f, const char *batch)
{
    struct ll_quarantine q;
    struct ll_err err;

    assert_ok(ll_quarantine_open(f->d, batch, f->arena, &q, &err));
    return q.open;
}

static void test_refused_rows_are_sealed_too_and_are_mended_by_their_key(void **state)
{
    struct folder *f = *state;
    const char *id = folder_take(f, "person", NULL,
                                 PERSON ZHANG ",,13870600001,1990-01-01,36,,\n" /* no name */
                                 LI ",李四,13870600002,x1985,41,,\n"            /* no date */
                                 WANG ",王五,13870600009,,,,\n"
                                              "362401197703030040,赵六,13870600009,,,,\n",
                                 LL_OK);
    const char *text = exported(f, id);

    assert_string_equal(found(f, "person", WANG, NULL), WANG "|王五|13870600009||||");
    assert_int_equal(open_rows(f, id), 3);
    assert_non_null(strstr(text, ZHANG ",,13870600001,1990-01-01,36"));
    assert_non_null(strstr(text, "x1985"));
    assert_non_null(strstr(text, "赵六")); /* the phone is another's */
    assert_nothing_shows(f);
    folder_take(f, "person", NULL, PERSON ZHANG ",张三,13870600001,1990-01-01,36,120000.50,1\n", LL_OK);
    assert_int_equal(open_rows(f, id), 2);
    assert_null(strstr(exported(f, id), ZHANG));
    assert_nothing_shows(f);
}

static void test_a_sealed_reference_is_checked(void **state)
{
    struct folder *f = *state;

    folder_take(f, "person", NULL, three, LL_OK);
    const char *id = folder_take(f, "ruling", NULL, RULING "c1," ZHANG ",5\nc2,362401199001010099,6\n",
                                 LL_OK);
    assert_int_equal(open_rows(f, id), 1);
    assert_non_null(strstr(exported(f, id), "362401199001010099"));
    assert_string_equal(found(f, "ruling", "c1", ZHANG), "c1|" ZHANG "|5");
    folder_take(f, "ruling", NULL, RULING "c3," LI ",5\nc3," LI ",6\n", LL_OK); /* twice the same key */
    assert_string_equal(found(f, "ruling", "c3", LI), "c3|" LI "|5");
}

static const char *as_of(struct folder *f, const char *id_no, int64_t when)
{
    const struct ll_str key[] = {ll_str(id_no)};
    struct ll_buf out = LL_BUF_INIT(1 << 16);
    const char *text = "-";
    struct ll_json j;
    struct ll_err err;

    ll_json_init(&j, &out);
    int rc = ll_history_as_of(f->d, folder_resource(f, "person"), key, 1, when, false, &j, &err);
    if (rc == LL_OK)
        text = ll_arena_dup(f->arena, ll_buf_view(&out));
    else if (rc != LL_NOTFOUND)
        fail_msg("%s", err.en);
    ll_buf_free(&out);
    return text;
}

static void test_later_batches_deletions_withdrawal_history_and_rebuild(void **state)
{
    struct folder *f = *state;
    struct ll_err err;
    unsigned n;

    folder_take(f, "person", NULL, three, LL_OK);
    int64_t before = ll_now_ms();
    usleep(2000);
    const char *id = folder_take(f, "person", NULL,
                                 PERSON_OP ZHANG ",张三,13870600003,1990-01-01,37,1.00,0,\n" LI ",,,,,,,D\n",
                                 LL_OK);
    for (int again = 0; again < 2; again++) {
        assert_string_equal(found(f, "person", ZHANG, NULL), ZHANG "|张三|13870600003|1990-01-01|37|1.00|0");
        assert_string_equal(found(f, "person", LI, NULL), "-");
        assert_non_null(strstr(as_of(f, LI, before), "\"phone\":\"13870600002\""));
        assert_non_null(strstr(as_of(f, ZHANG, before), "\"income\":120000.50,\"poor\":true"));
        assert_string_equal(as_of(f, LI, -1), "-");
        assert_ok(ll_job_rebuild(f->d, "person", &n, &err));
        folder_again(f);
    }
    assert_ok(ll_job_withdraw(f->d, id, &err));
    assert_string_equal(found(f, "person", LI, NULL), LI "|李四|13870600002|1985-05-05|41|98000.00|0");
    assert_nothing_shows(f);
}

static void test_merged_segments_hold_the_values_as_they_were_sealed(void **state)
{
    struct folder *f = *state;
    struct ll_err err;

    folder_take(f, "person", NULL, three, LL_OK);
    folder_take(f, "person", NULL, PERSON LI ",李四,13870600009,,,,\n", LL_OK);
    assert_int_equal(folder_segments(f, "person"), 2);
    assert_ok(ll_publish_compact(f->d, folder_resource(f, "person"), 1, &err));
    assert_int_equal(folder_segments(f, "person"), 1);
    assert_string_equal(found(f, "person", ZHANG, NULL), ZHANG_AS_STORED);
    assert_string_equal(found(f, "person", LI, NULL), LI "|李四|13870600009||||");
    assert_nothing_shows(f);
}

/* ---- what was received ---- */

/* Packed and in another encoding, a delivery is unpacked and decoded on its way; as a workbook it is read at many places. */
static void test_what_was_received_is_sealed_and_still_verified(void **state)
{
    struct folder *f = *state;
    struct ll_bytes b = LL_BYTES_INIT;
    struct ll_err err;

    const char *id = folder_take(f, "person", NULL, three, LL_OK);
    const char *sha = folder_sha(f, id);
    assert_false(ll_fs_exists(folder_path(f, "inbox/%s", sha)));
    const char *file = folder_path(f, "inbox/%s.person.sealed", sha);
    assert_true(ll_fs_exists(file));
    assert_int_equal(problems(f), 0);
    /* who may deliver to another resource cannot have it read there */
    folder_copy(file, folder_path(f, "inbox/%s.ruling.sealed", sha));
    assert_int_equal(ll_inbox_open(f->d, "ruling", sha, &b, &err), LL_INVALID);
    folder_flip(file, 300);
    assert_int_equal(problems(f), 1);
}

static void test_a_delivery_in_another_encoding_leaves_nothing_behind(void **state)
{
    struct folder *f = *state;
    struct ll_buf wide = LL_BUF_INIT(1 << 20);
    struct ll_str text = LL_STR(three);
    int32_t cp;

    ll_buf_add(&wide, "\xff\xfe", 2);
    for (size_t at = 0; (cp = ll_utf8_next(text, &at)) >= 0;) {
        ll_buf_c(&wide, (char)cp);
        ll_buf_c(&wide, (char)(cp >> 8));
    }
    folder_take_bytes(f, "person", ll_buf_view(&wide));
    ll_buf_free(&wide);
    assert_string_equal(found(f, "person", ZHANG, NULL), ZHANG_AS_STORED);
    assert_nothing_shows(f);
}

/* What was taken for column names may be the first record. */
static void test_a_refusal_does_not_quote_numbers(void **state)
{
    struct folder *f = *state;

    folder_take(f, "person", NULL, "n" ZHANG ",phone13870600001,born\n" LI ",13870600002,x\n", LL_INVALID);
    assert_null(strstr(f->err.en, ZHANG));
    assert_int_equal(search(f->dir, "", secrets, LL_COUNT(secrets)), 0);
}

/* A hundred and more records: the limit compares values, not what they are sealed as. */
static void test_an_unchanged_snapshot_changes_nothing(void **state)
{
    struct folder *f = *state;
    struct ll_buf text = LL_BUF_INIT(1 << 20);

    ll_buf_z(&text, PERSON);
    for (unsigned i = 0; i < 150; i++)
        ll_buf_printf(&text, "3624011990%08u,甲,138%08u,,,,\n", i * 7919 % 100000000, i);
    folder_take(f, "person", "snapshot", text.p, LL_OK);
    ll_buf_c(&text, '\n'); /* other bytes, the same records */
    folder_take(f, "person", "snapshot", text.p, LL_OK);
    ll_buf_free(&text);
}

/* ---- what an item was before ---- */

static void test_an_item_whose_grade_changes_is_read_as_it_was_stored(void **state)
{
    struct folder *f = *state;
    static const char open_element[] = "P9,note,备注,text,40,,1,own\n";
    static const char rows[] = "diary,no,licence_no,,1,,\ndiary,text,note,,,,\n";
    static const char diary[] = "diary,3081001/00005,日志,O1,日志,2,1,0,4,1,increment,30,none\n";
    struct ll_err err;
    unsigned n;

    folder_load(f, &(struct folder_tables){"3.0.0", 1, open_element, rows, diary});
    folder_take(f, "diary", NULL, "no,text\nd1,first\n", LL_OK);
    folder_load(f, &(struct folder_tables){"3.1.0", 1, "P9,note,备注,text,40,,3,own\n", rows, diary});
    folder_take(f, "diary", NULL, "no,text\nd2,second\n", LL_OK);
    assert_string_equal(folder_shows(f, "diary"), "d1|first d2|second");
    const char *const both[] = {"first", "second"};
    assert_int_equal(search(folder_path(f, "service/diary"), "", both, 2), 0);
    folder_load(f, &(struct folder_tables){"3.2.0", 1, open_element, rows, diary});
    folder_take(f, "diary", NULL, "no,text\nd3,third\n", LL_OK);
    assert_string_equal(folder_shows(f, "diary"), "d1|first d2|second d3|third");
    assert_ok(ll_job_rebuild(f->d, "diary", &n, &err));
    assert_string_equal(folder_shows(f, "diary"), "d1|first d2|second d3|third");
}

/* The same of a key: its order in the files is another one then. */
static void test_a_key_that_becomes_sealed_is_read_before_and_after(void **state)
{
    struct folder *f = *state;
    static const char rows[] = "diary,no,note,,1,,\ndiary,text,person_name,,,,\n";
    static const char diary[] = "diary,3081001/00005,日志,O1,日志,2,1,0,4,1,increment,30,none\n";
    const char *with_people = ll_arena_printf(f->arena, "%s%s", items, rows);
    const char *all = ll_arena_printf(f->arena, "%s%s", resources, diary);
    const char *const numbers[] = {"no-0000001", "no-0000002"};

    folder_load(f, &(struct folder_tables){
                       "3.0.0", 1, ll_arena_printf(f->arena, "%sP9,note,备注,text,40,,1,own\n", elements),
                       with_people, all});
    folder_take(f, "diary", NULL, "no,text\nno-0000001,first\n", LL_OK);
    folder_load(f, &(struct folder_tables){
                       "3.1.0", 1, ll_arena_printf(f->arena, "%sP9,note,备注,text,40,,4,own\n", elements),
                       with_people, all});
    folder_take(f, "diary", NULL, "no,text\nno-0000002,second\n", LL_OK);
    assert_string_equal(found(f, "diary", "no-0000001", NULL), "no-0000001|first");
    assert_string_equal(found(f, "diary", "no-0000002", NULL), "no-0000002|second");
    assert_int_equal(search(folder_path(f, "service/diary"), "", numbers, 2), 0);
    folder_take(f, "diary", NULL, "no,text\nno-0000001,changed\n", LL_OK);
    assert_string_equal(found(f, "diary", "no-0000001", NULL), "no-0000001|changed");
    assert_int_equal(folder_segments(f, "diary"), 2); /* one anew, one beside it */
}

static void test_sm4_seals_as_well_and_beside_what_aes_sealed(void **state)
{
    struct folder *f = *state;
    struct ll_err err;

    folder_take(f, "person", NULL, three, LL_OK);
    assert_ok(ll_config_set(f->config, LL_STR("item_cipher"), LL_STR("sm4-gcm"), LL_FROM_ARGS, &err));
    folder_again(f);
    folder_take(f, "person", NULL, PERSON LI ",李四,13870600009,,,,\n", LL_OK);
    assert_int_equal(folder_int(f, "SELECT count(*) FROM data_key WHERE alg = 2"), 1);
    assert_string_equal(found(f, "person", LI, NULL), LI "|李四|13870600009||||");
    assert_string_equal(found(f, "person", ZHANG, NULL), ZHANG_AS_STORED);
    assert_int_equal(problems(f), 0);
    assert_nothing_shows(f);
}

/* ---- keys ---- */

static void test_without_its_keys_the_folder_says_where_they_are_expected(void **state)
{
    struct folder *f = *state;
    const struct ll_str key = LL_STR(ZHANG);
    struct ll_segcache *cache = NULL;
    struct ll_err err = {0};

    folder_take(f, "person", NULL, three, LL_OK);
    const char *id = folder_receive(f, "person", NULL, PERSON LI ",李四,,,,,\n");
    const char *file = folder_path(f, "keys.sealed");
    assert_int_equal(rename(file, ll_arena_printf(f->arena, "%s.away", file)), 0);
    folder_again(f);
    struct ll_table *t = table_of(f, "person", &cache);
    assert_int_equal(ll_table_find(t, &key, 1, &err), LL_IO);
    assert_non_null(strstr(err.en, file));
    ll_table_close(t);
    ll_segcache_free(cache);
    struct ll_buf out = LL_BUF_INIT(1 << 16);
    struct ll_json j;
    ll_json_init(&j, &out); /* the same words come through the engine */
    assert_int_equal(ll_history_as_of(f->d, folder_resource(f, "person"), &key, 1, -1, false, &j, &err),
                     LL_IO);
    assert_non_null(strstr(err.zh, file));
    ll_buf_free(&out);
    struct ll_receive *r = NULL;
    assert_int_equal(ll_receive_open(f->d, "person", NULL, "x.csv", &r, &err), LL_IO);
    assert_non_null(strstr(err.en, file));
    /* a delivery waits for the key rather than being refused */
    assert_int_equal(folder_run(f, id, false), LL_IO);
    assert_non_null(strstr(f->err.en, file));
    assert_string_equal(folder_state(f, id), "received");
    assert_int_equal(rename(ll_arena_printf(f->arena, "%s.away", file), file), 0);
    assert_ok(folder_run(f, id, false));
    assert_string_equal(found(f, "person", ZHANG, NULL), ZHANG_AS_STORED);
}

/* What a back-up of the control database lacks when the batch came after it: the manifest has it. */
static void test_a_batch_that_is_adopted_brings_its_data_key(void **state)
{
    struct folder *f = *state;
    struct ll_job_opts o = {0};
    struct ll_err err;
    unsigned n;

    const char *id = folder_take(f, "person", NULL, three, LL_OK);
    folder_sql(
        f,
        "DELETE FROM data_key; DELETE FROM batch; DELETE FROM segment; UPDATE delivery SET state = 'received', batch = NULL");
    folder_again(f);
    assert_ok(ll_job_recover(f->d, &o, &n, &err));
    assert_string_equal(folder_state(f, id), "published");
    assert_string_equal(found(f, "person", ZHANG, NULL), ZHANG_AS_STORED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, open_people, folder_close)
        T(test_nothing_of_grade_3_or_4_shows_and_the_record_is_found),
        T(test_a_cursor_by_key_survives_the_order_of_blind_indexes),
        T(test_refused_rows_are_sealed_too_and_are_mended_by_their_key),
        T(test_a_sealed_reference_is_checked),
        T(test_later_batches_deletions_withdrawal_history_and_rebuild),
        T(test_merged_segments_hold_the_values_as_they_were_sealed),
        T(test_what_was_received_is_sealed_and_still_verified),
        T(test_a_delivery_in_another_encoding_leaves_nothing_behind),
        T(test_a_refusal_does_not_quote_numbers),
        T(test_an_unchanged_snapshot_changes_nothing),
        T(test_an_item_whose_grade_changes_is_read_as_it_was_stored),
        T(test_a_key_that_becomes_sealed_is_read_before_and_after),
        T(test_sm4_seals_as_well_and_beside_what_aes_sealed),
        T(test_without_its_keys_the_folder_says_where_they_are_expected),
        T(test_a_batch_that_is_adopted_brings_its_data_key),
#undef T
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
