/* returned.c - see returned.h.  Which cells are wrong: from the quarantine, whose reasons name items; the plan says in which columns they stand. */
#include "report/returned.h"

#include "base/clock.h"
#include "intake/decode/source.h"
#include "intake/delivery.h"
#include "intake/inbox.h"
#include "intake/plan.h"
#include "intake/quarantine.h"
#include "report/tbl/hints.h"
#include "report/xlsx_mark.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

enum { SUMMARY_COLUMNS = 5, SUMMARY_HEAD = 6, SUMMARY_MAX = 20000, SHOWN = 120, FAULTS_MAX = 2000000 };

struct returning {
    struct ll_data *d;
    struct ll_arena *arena;
    enum ll_lang lang;
    struct ll_delivery v;
    struct ll_catalog *cat;
    struct ll_source *source;
    const struct ll_source_info *info;
    struct ll_plan *plan;
    struct ll_xlsx_fault *faults;
    size_t n_faults, cap_faults;
    struct ll_xlsx_bad_row *rows;
    size_t n_rows, cap_rows;
    const char **summary; /* lines of it, SUMMARY_COLUMNS each */
    size_t n_summary, cap_summary;
    size_t comments;
};

static int no_memory(struct ll_err *err)
{
    return ll_fail(err, LL_NOMEM, "批注工作簿时内存不足", "out of memory marking a workbook");
}

static const char *hint(const char *code, enum ll_lang lang)
{
#define X(name, zh, en) {name, {zh, en}},
    static const struct {
        const char *code, *text[2];
    } hints[] = {LL_HINTS(X)};
#undef X

    for (size_t i = 0; i < LL_COUNT(hints); i++)
        if (strcmp(hints[i].code, code) == 0)
            return hints[i].text[lang];
    return "";
}

/* Room for one more in a list that grows by doubling. */
static bool room(void **list, size_t n, size_t *cap, size_t size)
{
    if (n < *cap)
        return true;
    size_t more = *cap ? *cap * 2 : 256;
    void *p = more > FAULTS_MAX * (size_t)2 ? NULL : realloc(*list, more * size);
    if (!p)
        return false;
    *list = p;
    *cap = more;
    return true;
}

/* ---- cells ---- */

static int add_fault(struct returning *k, uint32_t row, uint32_t column, const char *text, struct ll_err *err)
{
    struct ll_xlsx_fault *last = NULL;

    for (size_t i = k->n_faults; i > 0 && k->faults[i - 1].row == row && !last; i--)
        if (k->faults[i - 1].column == column)
            last = &k->faults[i - 1];
    if (last) {
        if (text)
            last->text = last->text ? ll_arena_printf(k->arena, "%s\n%s", last->text, text) : text;
        return last->text || !text ? LL_OK : no_memory(err);
    }
    void *list = k->faults;
    bool fits = room(&list, k->n_faults, &k->cap_faults, sizeof *k->faults);
    k->faults = list;
    if (!fits)
        return no_memory(err);
    k->faults[k->n_faults++] = (struct ll_xlsx_fault){row, column, text};
    return LL_OK;
}

static int column_of(const struct returning *k, const char *item)
{
    for (size_t i = 0; item && i < k->plan->n_cells; i++)
        if (strcmp(k->plan->cells[i].item->name, item) == 0)
            return k->plan->cells[i].column;
    return -1;
}

/* A cell that could not be read is named in the text: "...：E5（身份证号）...". */
static bool named_cell(const char *text, uint32_t row, uint32_t *column)
{
    uint32_t r;

    for (const char *p = text; p && *p; p++) {
        size_t n = strspn(p, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"), digits = n ? strspn(p + n, "0123456789") : 0;
        if (n && digits && ll_xlsx_ref((struct ll_str){p, n + digits}, column, &r) && r == row)
            return true;
        if (n)
            p += n - 1;
    }
    return false;
}

static const char *short_text(struct returning *k, struct ll_str s)
{
    if (s.n > SHOWN) {
        s.n = SHOWN;
        while (s.n && ((unsigned char)s.p[s.n] & 0xc0) == 0x80)
            s.n--;
    }
    return s.p ? ll_arena_dup(k->arena, s) : NULL;
}

static int add_line(struct returning *k, uint32_t row, uint32_t column, struct ll_str value, const char *what,
                    const char *todo, struct ll_err *err)
{
    char name[4];

    if (k->n_summary / SUMMARY_COLUMNS >= SUMMARY_MAX)
        return LL_OK;
    for (size_t c = 0; c < SUMMARY_COLUMNS; c++) {
        void *list = k->summary;
        bool fits = room(&list, k->n_summary + c, &k->cap_summary, sizeof *k->summary);
        k->summary = list;
        if (!fits)
            return no_memory(err);
    }
    const char **line = k->summary + k->n_summary;
    line[0] = ll_arena_printf(k->arena, "%s%u", ll_xlsx_column_name(column, name), row);
    line[1] = column < k->info->n_columns ? ll_arena_dup(k->arena, k->info->names[column]) : NULL;
    line[2] = short_text(k, value);
    line[3] = what;
    line[4] = todo;
    k->n_summary += SUMMARY_COLUMNS;
    return line[0] ? LL_OK : no_memory(err);
}

/* One reason: a comment on its first cell, colour on all of them. */
static int take_reason(struct returning *k, const struct ll_refused *r, json_t *reason, struct ll_err *err)
{
    bool zh = k->lang == LL_ZH;
    const char *code = json_string_value(json_object_get(reason, "code"));
    const char *text = json_string_value(json_object_get(reason, zh ? "zh" : "en"));
    const char *todo = hint(code ? code : "", k->lang);
    json_t *items = json_object_get(reason, "items"), *item;
    uint32_t row = (uint32_t)r->line, first = UINT32_MAX;
    size_t i;
    int rc = LL_OK;

    json_array_foreach(items, i, item)
    {
        int column = column_of(k, json_string_value(item));
        if (column < 0 || rc < 0)
            continue;
        if (first == UINT32_MAX)
            first = (uint32_t)column;
        else
            rc = add_fault(k, row, (uint32_t)column, NULL, err);
    }
    if (first == UINT32_MAX && !named_cell(text, row, &first))
        first = 0;
    text = ll_arena_dup(k->arena, ll_str(text ? text : ""));
    const char *comment = text ? ll_arena_printf(k->arena, zh ? "%s%s%s" : "%s. To do: %s%s", text,
                                                 todo[0] && zh ? "。怎么改：" : "", todo)
                               : NULL;
    if (!comment)
        return no_memory(err);
    struct ll_str value = first < r->n ? r->cells[first] : LL_STR("");
    if (rc == LL_OK)
        rc = add_fault(k, row, first, comment, err);
    return rc < 0 ? rc : add_line(k, row, first, value, text, todo, err);
}

static int take_row(void *ctx, const struct ll_refused *r, struct ll_err *err)
{
    struct returning *k = ctx;
    json_t *each = r->each.p ? json_loadb(r->each.p, r->each.n, 0, NULL) : NULL, *reason;
    size_t i;
    void *list = k->rows;
    bool fits = room(&list, k->n_rows, &k->cap_rows, sizeof *k->rows);
    int rc = LL_OK;

    k->rows = list;
    if (!fits || r->line < 1 || r->line > LL_XLSX_ROWS) {
        json_decref(each);
        return fits ? LL_OK : no_memory(err);
    }
    k->rows[k->n_rows++] = (struct ll_xlsx_bad_row){(uint32_t)r->line, r->row};
    json_array_foreach(each, i, reason)
    {
        if (rc == LL_OK)
            rc = take_reason(k, r, reason, err);
    }
    if (rc == LL_OK && json_array_size(each) == 0) {
        const char *text = short_text(k, k->lang == LL_ZH ? r->zh : r->en);
        rc = text ? add_fault(k, (uint32_t)r->line, 0, text, err) : no_memory(err);
    }
    json_decref(each);
    return rc;
}

static int by_cell(const void *a, const void *b)
{
    const struct ll_xlsx_fault *x = a, *y = b;

    if (x->row != y->row)
        return x->row < y->row ? -1 : 1;
    return (x->column > y->column) - (x->column < y->column);
}

static int by_row(const void *a, const void *b)
{
    const struct ll_xlsx_bad_row *x = a, *y = b;

    return (x->row > y->row) - (x->row < y->row);
}

/* Comments get the mark by which they are known again; beyond the limit cells are coloured only, and the list has them. */
static int finish_faults(struct returning *k, struct ll_err *err)
{
    if (k->n_faults)
        qsort(k->faults, k->n_faults, sizeof *k->faults, by_cell);
    if (k->n_rows)
        qsort(k->rows, k->n_rows, sizeof *k->rows, by_row);
    for (size_t i = 0; i < k->n_faults; i++) {
        if (!k->faults[i].text)
            continue;
        if (k->comments++ >= LL_XLSX_MARK_COMMENTS)
            k->faults[i].text = NULL;
        else if (!(k->faults[i].text = ll_arena_printf(k->arena, "【核查】%s", k->faults[i].text)))
            return no_memory(err);
    }
    return LL_OK;
}

/* ---- the list ---- */

static int put_head(struct returning *k, const struct ll_quarantine *q, const char ***ret, size_t *ret_rows,
                    struct ll_err *err)
{
    bool zh = k->lang == LL_ZH;
    size_t lines = k->n_summary / SUMMARY_COLUMNS, rows = SUMMARY_HEAD + lines;
    const char **cells = ll_arena_array(k->arena, rows * SUMMARY_COLUMNS, sizeof *cells);
    const char *const heads[][SUMMARY_COLUMNS] = {
        {"单元格", "列", "填的是", "问题", "怎么改"},
        {"Cell", "Column", "It says", "What is wrong", "What to do"}};

    if (!cells)
        return no_memory(err);
    cells[0] = zh ? "核查结果" : "Result of the checks";
    cells[SUMMARY_COLUMNS] = ll_arena_printf(
        k->arena,
        zh ? "收到 %lld 行，合格 %lld 行，不合格 %lld 行（本表列出尚未更正的 %lld 行）"
           : "%lld rows received, %lld good, %lld refused (those not yet corrected are listed: %lld)",
        (long long)k->v.received, (long long)k->v.published, (long long)k->v.quarantined, (long long)q->open);
    cells[2 * SUMMARY_COLUMNS] =
        zh ? "错的格子带批注并标红，所在行标黄。改好后保存，把这份文件再上传一次即可；不必删除批注，也不必只留改过的行。"
           : "Wrong cells have a comment and are red, their rows yellow. Correct them, save, and upload this file again; comments "
             "need not be removed, and good rows may stay.";
    cells[3 * SUMMARY_COLUMNS] = ll_arena_printf(
        k->arena, zh ? "数据资源 %s　批次 %s" : "resource %s, batch %s", k->v.resource, k->v.id);
    for (size_t c = 0; c < SUMMARY_COLUMNS; c++)
        cells[(SUMMARY_HEAD - 1) * SUMMARY_COLUMNS + c] = heads[k->lang][c];
    if (lines)
        memcpy(cells + (size_t)SUMMARY_HEAD * SUMMARY_COLUMNS, k->summary, k->n_summary * sizeof *cells);
    *ret = cells;
    *ret_rows = rows;
    return cells[SUMMARY_COLUMNS] && cells[3 * SUMMARY_COLUMNS] ? LL_OK : no_memory(err);
}

/* ---- the whole ---- */

static int check_state(const struct returning *k, struct ll_err *err)
{
    if (strcmp(k->v.state, "failed") == 0)
        return ll_fail(err, LL_INVALID, "交付 %s 被整份退回：%s", "delivery %s was refused as a whole: %s",
                       k->v.id, k->lang == LL_ZH ? k->v.error_zh : k->v.error_en);
    if (!k->v.batch)
        return ll_fail(err, LL_CONFLICT, "交付 %s 还没有检查完", "delivery %s is not checked yet", k->v.id);
    return LL_OK;
}

static int open_source(struct returning *k, const char *work, struct ll_err *err)
{
    const struct ll_settings *set = ll_data_settings(k->d);
    struct ll_source_opts o = LL_SOURCE_OPTS_INIT;
    struct ll_bytes file = LL_BYTES_INIT;
    int rc = ll_inbox_open(k->d, k->v.resource, k->v.sha256, &file, err);

    o.max_record = (size_t)set->max_record;
    o.max_columns = (size_t)set->max_columns;
    if (rc < 0 || (rc = ll_source_take(&file, k->v.file_name, work, &o, &k->source, err)) < 0)
        return rc;
    k->info = ll_source_info(k->source);
    return k->info->format == LL_FORMAT_XLSX
               ? LL_OK
               : ll_fail(err, LL_INVALID, "交付 %s 不是工作簿（%s）；请下载隔离区文件",
                         "delivery %s is no workbook (%s): download the quarantine file", k->v.id,
                         k->v.file_name);
}

static int make_plan(struct returning *k, struct ll_err *err)
{
    int rc = ll_data_catalog(k->d, &k->cat, err);
    const struct ll_resource *r = rc == LL_OK ? ll_catalog_resource_version(k->cat, ll_str(k->v.resource),
                                                                            (unsigned)k->v.version)
                                              : NULL;
    struct ll_plan_env env = {.today = ll_today()};

    if (rc < 0)
        return rc;
    if (!r)
        return ll_fail(err, LL_NOTFOUND, "资源 %s 第 %lld 版不在目录中",
                       "resource %s version %lld is not in the catalogue", k->v.resource,
                       (long long)k->v.version);
    env.region_codes = ll_catalog_codeset(k->cat, LL_STR("REGION"));
    return ll_plan_make(k->arena, r, strcmp(k->v.mode, "snapshot") == 0 ? LL_SNAPSHOT : LL_INCREMENT,
                        k->info->names, k->info->n_columns, &env, &k->plan, err);
}

static int mark(struct returning *k, const struct ll_quarantine *q, const char *path, struct ll_err *err)
{
    struct ll_xlsx_marks m = {.sheet = k->info->sheet,
                              .header = (uint32_t)k->info->header_line,
                              .n_columns = k->info->n_columns,
                              .batch_column = k->plan->fix_batch_column,
                              .row_column = k->plan->fix_row_column,
                              .batch = k->v.id,
                              .faults = k->faults,
                              .n_faults = k->n_faults,
                              .rows = k->rows,
                              .n_rows = k->n_rows,
                              .summary_columns = SUMMARY_COLUMNS};
    struct ll_bytes file = LL_BYTES_INIT;
    const char **summary = NULL;
    int rc = put_head(k, q, &summary, &m.summary_rows, err);

    if (rc < 0)
        return rc;
    m.summary = summary;
    if ((rc = ll_inbox_open(k->d, k->v.resource, k->v.sha256, &file, err)) == LL_OK)
        rc = ll_xlsx_mark(&file, &m, path, err);
    ll_bytes_close(&file);
    return rc;
}

static int run(struct returning *k, const char *delivery, const char *path, struct ll_err *err)
{
    char work[LL_PATH];
    struct ll_quarantine q;
    int rc;

    if ((rc = ll_delivery_get(k->d, delivery, k->arena, &k->v, err)) < 0 || (rc = check_state(k, err)) < 0 ||
        (rc = ll_data_path(k->d, work, err, "work")) < 0 ||
        (rc = ll_quarantine_open(k->d, delivery, k->arena, &q, err)) < 0)
        return rc;
    if (q.open == 0)
        return ll_fail(err, LL_CONFLICT, "交付 %s 没有待更正的行", "delivery %s has no rows to correct",
                       delivery);
    if ((rc = open_source(k, work, err)) < 0 || (rc = make_plan(k, err)) < 0 ||
        (rc = ll_quarantine_each(k->d, delivery, true, 0, -1, take_row, k, err)) < 0 ||
        (rc = finish_faults(k, err)) < 0)
        return rc;
    return mark(k, &q, path, err);
}

int ll_returned_workbook(struct ll_data *d, const char *delivery, enum ll_lang lang, const char *path,
                         size_t *ret_faults, struct ll_err *err)
{
    struct returning k = {.d = d, .lang = lang, .arena = ll_arena_new(0)};
    int rc = k.arena ? run(&k, delivery, path, err) : no_memory(err);

    if (ret_faults)
        *ret_faults = k.comments;
    ll_source_close(k.source);
    ll_catalog_unref(k.cat);
    free(k.faults);
    free(k.rows);
    free(k.summary);
    ll_arena_free(k.arena);
    return rc;
}
