/* fixture.c - see fixture.h. */
#include "fixture.h"

#include "base/clock.h"

static struct ll_element elements[] = {
    {.code = "T1", .name = "uscc", .type = LL_TYPE_IDENTIFIER, .check = "uscc", .length = 18, .grade = 1},
    {.code = "T2", .name = "name", .type = LL_TYPE_TEXT, .length = 20, .grade = 1},
    {.code = "T3", .name = "founded", .type = LL_TYPE_DATE, .check = "1949-10-01..today", .grade = 1},
    {.code = "T4",
     .name = "capital",
     .type = LL_TYPE_DECIMAL,
     .precision = 18,
     .scale = 2,
     .unit = "元",
     .grade = 1},
    {.code = "T5", .name = "region", .type = LL_TYPE_CODE, .code_table = "REGION", .grade = 1},
    {.code = "T6", .name = "staff", .type = LL_TYPE_INTEGER, .check = "0..", .grade = 1},
    {.code = "T7", .name = "phone", .type = LL_TYPE_TEXT, .format = "[0-9-]{7,13}", .grade = 2},
};

static struct ll_item items[] = {
    {.name = "uscc",
     .title = "统一社会信用代码",
     .title_en = "credit code",
     .element = &elements[0],
     .required = true,
     .key = 1,
     .role = LL_ROLE_SUBJECT,
     .grade = 1},
    {.name = "name",
     .title = "企业名称",
     .title_en = "name",
     .element = &elements[1],
     .required = true,
     .role = LL_ROLE_SUBJECT_NAME,
     .grade = 1},
    {.name = "founded", .title = "成立日期", .title_en = "founded", .element = &elements[2], .grade = 1},
    {.name = "capital", .title = "注册资本", .title_en = "capital", .element = &elements[3], .grade = 1},
    {.name = "region", .title = "行政区划", .title_en = "region", .element = &elements[4], .grade = 1},
    {.name = "staff", .title = "从业人数", .title_en = "staff", .element = &elements[5], .grade = 1},
    {.name = "phone", .title = "电话", .title_en = "phone", .element = &elements[6], .grade = 2},
};

static struct ll_map_row rows[] = {
    {"统一社会信用代码|信用代码", &items[0], NULL, NULL},
    {"企业名称", &items[1], "company", NULL},
    {"成立日期", &items[2], NULL, NULL},
    {"注册资本", &items[3], "amount", "unit=万元"},
    {"行政区划", &items[4], NULL, NULL},
    {"从业人数", &items[5], NULL, NULL},
    {"电话", &items[6], "phone", NULL},
};
static struct ll_mapping mapping = {NULL, rows, LL_COUNT(rows)};
static struct ll_check checks[] = {
    {"idle_firm", "capital > 0 OR staff = 0", "注册资本为零的企业不应有从业人员",
     "a firm without capital has no staff", LL_SEV_ERROR, LL_DIM_CONSISTENCY},
    {"old_firm", "founded >= DATE '1960-01-01'", "成立日期过早", "founded long ago", LL_SEV_WARNING,
     LL_DIM_ACCURACY},
};
static const struct ll_item *key[] = {&items[0]};

static void add_code(struct fixture *fx, const char *code, const char *title, const char *parent,
                     bool historical)
{
    struct ll_code c = {ll_str(code), ll_str(title), LL_STR(""), ll_str(parent), historical};
    struct ll_err err;

    assert_ok(ll_codeset_add(fx->regions, &c, LL_STR(""), &err));
}

int fixture_open(void **state)
{
    struct fixture *fx = calloc(1, sizeof *fx);
    struct ll_err err;
    char temp[128];

    strcpy(fx->dir, "/tmp/ll_intake_XXXXXX");
    assert_non_null(mkdtemp(fx->dir));
    fx->arena = ll_arena_new(0);
    fx->regions = ll_codeset_new(fx->arena, "REGION", 8);
    add_code(fx, "360000", "江西省", "", false);
    add_code(fx, "360800", "吉安市", "360000", false);
    add_code(fx, "360802", "吉州区", "360800", false);
    add_code(fx, "360825", "永丰县", "360800", false);
    add_code(fx, "362421", "吉安县", "360800", true);
    items[4].codes = fx->regions;
    snprintf(temp, sizeof temp, "%s/spill", fx->dir);
    struct ll_lake_opts o = {.memory_mb = 512, .threads = 2, .temp_dir = temp, .folders = {fx->dir}};
    assert_ok(ll_lake_open(&fx->lake, &o, &err));
    fx->resource = (struct ll_resource){.name = "firm",
                                        .title = "企业",
                                        .version = 1,
                                        .update_cycle = "4",
                                        .items = items,
                                        .n_items = LL_COUNT(items),
                                        .key = key,
                                        .n_key = 1,
                                        .mappings = &mapping,
                                        .n_mappings = 1,
                                        .checks = checks,
                                        .n_checks = LL_COUNT(checks)};
    *state = fx;
    return 0;
}

int fixture_close(void **state)
{
    struct fixture *fx = *state;
    struct ll_err err;

    ll_lake_close(fx->lake);
    ll_arena_free(fx->arena);
    assert_ok(ll_fs_remove_tree(fx->dir, &err));
    free(fx);
    return 0;
}

static int nothing_else(void *ctx, const struct ll_item *item, bool *sealed, struct ll_buf *sql,
                        struct ll_err *err)
{
    (void)ctx, (void)item, (void)sealed, (void)sql, (void)err;
    return 0;
}

struct ll_sealed fixture_seal(struct fixture *fx, const char *name, const char *text, size_t n,
                              unsigned threads, int want, struct ll_err *ret_err)
{
    char path[LL_PATH], work[LL_PATH], out[LL_PATH];
    struct ll_source_opts opts = LL_SOURCE_OPTS_INIT;
    struct ll_plan_env env = {.region_codes = fx->regions, .today = (int32_t)(ll_now_ms() / 86400000)};
    struct ll_source *source = NULL;
    struct ll_sealed sealed = {0};
    struct ll_plan *plan = NULL;
    struct ll_err err = {0};
    int rc;

    assert_ok(ll_path(path, &err, "%s/%s", fx->dir, name));
    assert_ok(ll_path(work, &err, "%s/work", fx->dir));
    assert_ok(ll_path(out, &err, "%s/out", fx->dir));
    assert_ok(ll_fs_remove_tree(work, &err));
    assert_ok(ll_fs_remove_tree(out, &err));
    assert_ok(ll_fs_mkdirs(work, &err));
    assert_ok(ll_fs_mkdirs(out, &err));
    assert_ok(ll_fs_write_atomic(path, (struct ll_str){text, n}, &err));
    if ((rc = ll_source_open(path, name, work, &opts, &source, &err)) == LL_OK) {
        const struct ll_source_info *info = ll_source_info(source);
        rc = ll_plan_make(fx->arena, &fx->resource, LL_INCREMENT, info->names, info->n_columns, &env, &plan,
                          &err);
    }
    if (rc == LL_OK) {
        struct ll_seal_job job = {.lake = fx->lake,
                                  .lanes = fx->lake,
                                  .source = source,
                                  .plan = plan,
                                  .work_dir = work,
                                  .out_dir = out,
                                  .threads = threads,
                                  .current = nothing_else};
        rc = ll_seal(&job, fx->arena, &sealed, &err);
    }
    ll_source_close(source);
    if (rc != want)
        fail_msg("sealing %s gave %s: %s", name, ll_rc_name(rc), rc < 0 ? err.en : "");
    *ret_err = err;
    return sealed;
}

struct answer {
    char text[65536];
    int64_t i;
};

static int take(void *ctx, const struct ll_lake_value *row, size_t n, struct ll_err *err)
{
    struct answer *a = ctx;

    (void)n, (void)err;
    a->i = row[0].i;
    snprintf(a->text, sizeof a->text, LL_STR_FMT, LL_STR_ARG(row[0].s));
    return LL_OK;
}

static struct answer *ask(struct fixture *fx, const char *sql)
{
    static struct answer a;
    struct ll_buf text = LL_BUF_INIT(1 << 16);
    struct ll_lake_conn *c = NULL;
    struct ll_err err;

    for (const char *mark; (mark = strstr(sql, "{out}")) != NULL; sql = mark + 5)
        ll_buf_printf(&text, "%.*s%s/out", (int)(mark - sql), sql, fx->dir);
    ll_buf_z(&text, sql);
    a = (struct answer){0};
    assert_ok(ll_lake_connect(fx->lake, &c, &err));
    assert_ok(ll_lake_each(c, text.p, take, &a, &err));
    ll_lake_disconnect(c);
    ll_buf_free(&text);
    return &a;
}

int64_t fixture_ask(struct fixture *fx, const char *sql)
{
    return ask(fx, sql)->i;
}

const char *fixture_text(struct fixture *fx, const char *sql)
{
    return ask(fx, sql)->text;
}
