/* pack_table.c - see pack_table.h. */
#include "catalog/pack_table.h"

#include "base/clock.h"
#include "base/csv.h"
#include "catalog/name.h"

#include <stdio.h>
#include <string.h>

struct reader {
    struct ll_pack_table *t;
    struct ll_arena *arena;
    struct ll_problems *ps;
    struct ll_csv csv;
    struct ll_csv_record record;
    int column_at[512]; /* position in the file, from 0, to column number; NOTE or UNKNOWN */
    size_t width;
};

enum { COLUMN_NOTE = -1, COLUMN_UNKNOWN = -2, HEADERS_MAX = 512 };

static struct ll_place at_column(const struct ll_pack_table *t, uint64_t line, size_t column)
{
    return (struct ll_place){t->file, line, t->position[column], t->columns[column].name};
}

struct ll_place ll_pack_table_at(const struct ll_pack_table *t, const struct ll_pack_row *row, size_t column)
{
    return at_column(t, row->line, column);
}

const struct ll_pack_row *ll_pack_table_row(const struct ll_pack_table *t, size_t i)
{
    return (const struct ll_pack_row *)(const void *)(t->rows + i * t->stride);
}

static uint64_t line_of(struct ll_str text, size_t offset)
{
    uint64_t line = 1;

    for (size_t i = 0; i < offset; i++)
        line += text.p[i] == '\n';
    return line;
}

/* Blanks around a cell are never meant; U+3000 is how a Chinese keyboard types them. */
static struct ll_str trimmed(struct ll_str s)
{
    for (;;) {
        s = ll_str_trim(s);
        if (ll_str_starts(s, LL_STR("\u3000"))) {
            s.p += 3;
            s.n -= 3;
        } else if (ll_str_ends(s, LL_STR("\u3000"))) {
            s.n -= 3;
        } else {
            return s;
        }
    }
}

static void known_columns(const struct ll_pack_table *t, struct ll_buf *out)
{
    for (size_t i = 0; i < t->n_columns; i++) {
        if (i)
            ll_buf_z(out, ", ");
        ll_buf_z(out, t->columns[i].name);
    }
}

static void unknown_column(struct reader *r, struct ll_str name, unsigned position)
{
    struct ll_near near = ll_near_start(name);
    struct ll_buf known = LL_BUF_INIT(4096);
    char shown[128];

    for (size_t i = 0; i < r->t->n_columns; i++)
        ll_near_try(&near, ll_str(r->t->columns[i].name));
    known_columns(r->t, &known);
    snprintf(shown, sizeof shown, "%.*s", LL_STR_ARG(name));
    struct ll_place at = {r->t->file, 1, position, shown};
    if (near.best.n)
        ll_problem_error(r->ps, at, "没有列“%.*s”，是否应为“%.*s”？可用的列：%s（以 # 开头的列是备注）",
                         "there is no column '%.*s'; did you mean '%.*s'?  Known columns: %s (a column that "
                         "starts with # is a note)",
                         LL_STR_ARG(name), LL_STR_ARG(near.best), ll_buf_view(&known).p);
    else
        ll_problem_error(
            r->ps, at, "没有列“%.*s”。可用的列：%s（以 # 开头的列是备注）",
            "there is no column '%.*s'.  Known columns: %s (a column that starts with # is a note)",
            LL_STR_ARG(name), ll_buf_view(&known).p);
    ll_buf_free(&known);
}

static int column_named(const struct ll_pack_table *t, struct ll_str name)
{
    for (size_t i = 0; i < t->n_columns; i++)
        if (ll_str_is(name, t->columns[i].name))
            return (int)i;
    return COLUMN_UNKNOWN;
}

static int header_cell(struct reader *r, size_t i)
{
    struct ll_pack_table *t = r->t;
    struct ll_str name = trimmed(r->record.cells[i]);
    unsigned position = (unsigned)i + 1;

    if (name.n == 0 || name.p[0] == '#')
        return COLUMN_NOTE;
    int column = column_named(t, name);
    if (column == COLUMN_UNKNOWN) {
        unknown_column(r, name, position);
    } else if (t->position[column]) {
        ll_problem_error(r->ps, (struct ll_place){t->file, 1, position, t->columns[column].name},
                         "列“%s”出现了两次，请删去一个", "column '%s' is there twice; remove one",
                         t->columns[column].name);
        column = COLUMN_UNKNOWN;
    } else {
        t->position[column] = position;
    }
    return column;
}

static void missing_columns(struct reader *r)
{
    for (size_t i = 0; i < r->t->n_columns; i++)
        if (r->t->columns[i].need != LL_NEED_MAY && !r->t->position[i])
            ll_problem_error(r->ps, (struct ll_place){r->t->file, 1, 0, r->t->columns[i].name},
                             "缺少必需的列“%s”", "the required column '%s' is missing",
                             r->t->columns[i].name);
}

static bool read_header(struct reader *r)
{
    if (ll_csv_next(&r->csv, &r->record) <= 0) {
        ll_problem_error(r->ps, (struct ll_place){.file = r->t->file}, "文件是空的，第一行应为列名",
                         "the file is empty; its first row must name the columns");
        return false;
    }
    r->width = r->record.n;
    if (r->width > HEADERS_MAX) {
        ll_problem_error(r->ps, (struct ll_place){.file = r->t->file, .line = 1}, "列数 %zu 超过上限 %d",
                         "%zu columns are over the limit of %d", r->width, HEADERS_MAX);
        return false;
    }
    for (size_t i = 0; i < r->width; i++)
        r->column_at[i] = header_cell(r, i);
    missing_columns(r);
    return true;
}

static void name_fault(struct reader *r, struct ll_place at, struct ll_str v)
{
    switch (ll_name_check(v)) {
    case LL_NAME_FORM:
        ll_problem_error(r->ps, at,
                         "“%.*s”不能作名称：应以小写字母开头，只含小写字母、数字和下划线，至多 48 个字符",
                         "'%.*s' cannot be a name: it must start with a small letter and hold only small "
                         "letters, digits and underscores, at most 48",
                         LL_STR_ARG(v));
        break;
    case LL_NAME_KEYWORD:
        ll_problem_error(r->ps, at, "“%.*s”是 SQL 关键字，请换一个名称，例如 %.*s_value",
                         "'%.*s' is an SQL keyword; choose another name, for example %.*s_value",
                         LL_STR_ARG(v), LL_STR_ARG(v));
        break;
    default:
        ll_problem_error(r->ps, at, "名称“%.*s”不能以 ll_ 开头（系统保留）",
                         "name '%.*s' must not start with ll_ (kept for the system)", LL_STR_ARG(v));
    }
}

static bool count_ok(struct ll_str v, const char *range)
{
    long long min = 0, max = 0;
    int64_t got;

    sscanf(range, "%lld..%lld", &min, &max);
    return ll_str_i64(v, min, max, &got);
}

static bool word_ok(struct ll_str v, const char *words, struct ll_near *near)
{
    struct ll_str word, rest = ll_str(words);

    while (rest.n) {
        ll_str_cut(rest, '|', &word, &rest);
        if (ll_str_eq(word, v))
            return true;
        ll_near_try(near, word);
    }
    return false;
}

static bool day_ok(struct ll_str v)
{
    int y;
    unsigned m, d;
    char text[16], tail;

    if (v.n != 10)
        return false;
    snprintf(text, sizeof text, "%.*s", LL_STR_ARG(v));
    return sscanf(text, "%4d-%2u-%2u%c", &y, &m, &d, &tail) == 3 && ll_civil_valid(y, m, d);
}

static void word_fault(struct reader *r, struct ll_place at, struct ll_str v, const char *words,
                       const struct ll_near *near)
{
    if (near->best.n)
        ll_problem_error(r->ps, at, "“%.*s”不在可用的值（%s）之中，是否应为“%.*s”？",
                         "'%.*s' is not one of %s; did you mean '%.*s'?", LL_STR_ARG(v), words,
                         LL_STR_ARG(near->best));
    else
        ll_problem_error(r->ps, at, "“%.*s”不在可用的值（%s）之中", "'%.*s' is not one of %s", LL_STR_ARG(v),
                         words);
}

/* Each word of a list that takes only these. */
static bool words_ok(struct reader *r, struct ll_place at, struct ll_str v, const char *words)
{
    struct ll_str rest = v, one;
    bool ok = true;

    while (rest.n) {
        ll_str_cut(rest, '|', &one, &rest);
        struct ll_near near = ll_near_start(one);
        if (word_ok(one, words, &near))
            continue;
        word_fault(r, at, one, words, &near);
        ok = false;
    }
    return ok;
}

/* Checks one value that is there; false (and a problem) when it is not of its kind. */
static bool value_ok(struct reader *r, const struct ll_pack_column *c, struct ll_place at, struct ll_str v)
{
    struct ll_near near;

    switch (c->kind) {
    case LL_CELL_NAME:
        if (ll_name_check(v) == LL_NAME_OK)
            return true;
        name_fault(r, at, v);
        return false;
    case LL_CELL_TOKEN:
        if (ll_token_ok(v))
            return true;
        ll_problem_error(r->ps, at, "“%.*s”只能含字母、数字和 . - _，至多 64 个字符",
                         "'%.*s' may hold only letters, digits and . - _, at most 64 of them", LL_STR_ARG(v));
        return false;
    case LL_CELL_COUNT:
        if (count_ok(v, c->argument))
            return true;
        ll_problem_error(r->ps, at, "“%.*s”应为 %s 之间的整数", "'%.*s' must be a whole number in %s",
                         LL_STR_ARG(v), c->argument);
        return false;
    case LL_CELL_WORD:
        near = ll_near_start(v);
        if (word_ok(v, c->argument, &near))
            return true;
        word_fault(r, at, v, c->argument, &near);
        return false;
    case LL_CELL_LIST:
        return !c->argument || words_ok(r, at, v, c->argument);
    case LL_CELL_DAY:
        if (day_ok(v))
            return true;
        ll_problem_error(r->ps, at, "“%.*s”不是日期，应写成 2024-01-31",
                         "'%.*s' is not a date; write it as 2024-01-31", LL_STR_ARG(v));
        return false;
    default:
        return true;
    }
}

static bool length_ok(struct reader *r, struct ll_place at, struct ll_str v)
{
    if (v.n <= LL_PACK_CELL_MAX || ll_utf8_count(v) <= LL_PACK_CELL_MAX)
        return true;
    ll_problem_error(r->ps, at, "内容超过 %d 个字符", "longer than %d characters", LL_PACK_CELL_MAX);
    return false;
}

static int read_cell(struct reader *r, struct ll_pack_row *row, int column, struct ll_str raw)
{
    const struct ll_pack_column *c = &r->t->columns[column];
    struct ll_str v = trimmed(raw);
    struct ll_place at = at_column(r->t, row->line, (size_t)column);

    if (v.n == 0 || !length_ok(r, at, v) || !value_ok(r, c, at, v))
        return LL_OK;
    row->cell[column] = ll_arena_dup(r->arena, v);
    return row->cell[column] ? LL_OK : LL_NOMEM;
}

static bool was_given(const struct reader *r, size_t column)
{
    unsigned position = r->t->position[column];

    return position && position <= r->record.n && trimmed(r->record.cells[position - 1]).n > 0;
}

static void empty_cells(struct reader *r, const struct ll_pack_row *row)
{
    for (size_t i = 0; i < r->t->n_columns; i++)
        if (r->t->columns[i].need == LL_NEED_MUST && r->t->position[i] && !was_given(r, i))
            ll_problem_error(r->ps, at_column(r->t, row->line, i), "“%s”不能为空", "'%s' must not be empty",
                             r->t->columns[i].name);
}

static bool record_whole(struct reader *r)
{
    const struct ll_csv_record *rec = &r->record;
    struct ll_place at = {.file = r->t->file, .line = rec->line};

    if (rec->marks & LL_CSV_OPEN_QUOTE)
        ll_problem_error(r->ps, at, "引号没有闭合", "a quote is opened and never closed");
    else if (rec->marks & LL_CSV_LONG)
        ll_problem_error(r->ps, at, "这一行过长", "the line is too long");
    else if (rec->marks & LL_CSV_NUL)
        ll_problem_error(r->ps, at, "含有空字节（NUL）", "holds a NUL byte");
    else if (rec->marks & LL_CSV_STRAY)
        ll_problem_error(r->ps, at, "闭合的引号之后还有文字；内容里的引号应写两遍",
                         "there is text after a closing quote; a quote inside a value is written twice");
    else
        return true;
    return false;
}

static bool blank_record(const struct ll_csv_record *rec)
{
    for (size_t i = 0; i < rec->n; i++)
        if (trimmed(rec->cells[i]).n)
            return false;
    return true;
}

static void extra_cells(struct reader *r)
{
    for (size_t i = r->width; i < r->record.n; i++)
        if (trimmed(r->record.cells[i]).n) {
            ll_problem_error(r->ps, (struct ll_place){r->t->file, r->record.line, (unsigned)i + 1, NULL},
                             "这一行有 %zu 列，而表头只有 %zu 列；含逗号的内容要加引号",
                             "the row has %zu cells, the header only %zu; a value with a comma needs quotes",
                             r->record.n, r->width);
            return;
        }
}

static int read_row(struct reader *r)
{
    struct ll_pack_table *t = r->t;

    if (blank_record(&r->record) || !record_whole(r))
        return LL_OK;
    struct ll_pack_row *row = (struct ll_pack_row *)(void *)(t->rows + t->n * t->stride);
    row->line = r->record.line;
    size_t n = r->record.n < r->width ? r->record.n : r->width;
    for (size_t i = 0; i < n; i++)
        if (r->column_at[i] >= 0 && read_cell(r, row, r->column_at[i], r->record.cells[i]) < 0)
            return LL_NOMEM;
    empty_cells(r, row);
    extra_cells(r);
    t->n++;
    return LL_OK;
}

/* A record ends at a line end at the latest, so the lines bound the rows. */
static int rows_for(struct reader *r, struct ll_str text)
{
    size_t lines = 1;

    for (size_t i = 0; i < text.n; i++)
        lines += text.p[i] == '\n' || text.p[i] == '\r';
    if (lines > LL_PACK_ROWS_MAX)
        lines = LL_PACK_ROWS_MAX;
    r->t->stride = sizeof(struct ll_pack_row) + r->t->n_columns * sizeof(char *);
    r->t->rows = ll_arena_array(r->arena, lines, r->t->stride);
    return r->t->rows ? LL_OK : LL_NOMEM;
}

static int read_rows(struct reader *r)
{
    int rc;

    while ((rc = ll_csv_next(&r->csv, &r->record)) > 0) {
        if (r->t->n == LL_PACK_ROWS_MAX) {
            ll_problem_error(r->ps, (struct ll_place){.file = r->t->file, .line = r->record.line},
                             "超过 %d 行", "more than %d rows", LL_PACK_ROWS_MAX);
            return LL_OK;
        }
        if ((rc = read_row(r)) < 0)
            return rc;
    }
    return rc;
}

static bool encoding_ok(struct reader *r, struct ll_str text)
{
    size_t bad = ll_utf8_bad(text);

    if (bad == text.n)
        return true;
    ll_problem_error(r->ps, (struct ll_place){.file = r->t->file, .line = line_of(text, bad)},
                     "不是 UTF-8 编码（第 %zu 个字节）；请另存为“CSV UTF-8”",
                     "not UTF-8 (byte %zu); save the file as 'CSV UTF-8'", bad + 1);
    return false;
}

int ll_pack_table_read(struct ll_pack_table *t, const char *file, struct ll_str text,
                       const struct ll_pack_column *columns, size_t n_columns, struct ll_arena *arena,
                       struct ll_problems *ps)
{
    struct reader r = {.t = t, .arena = arena, .ps = ps};
    int rc = LL_OK;

    LL_ASSERT(n_columns <= LL_PACK_COLUMNS_MAX);
    *t = (struct ll_pack_table){.file = file, .columns = columns, .n_columns = n_columns};
    if (ll_str_starts(text, LL_STR("\xef\xbb\xbf"))) {
        text.p += 3;
        text.n -= 3;
    }
    if (!encoding_ok(&r, text))
        return LL_OK;
    ll_csv_init(&r.csv, text.p, text.n, (struct ll_csv_dialect){',', '"'}, true);
    if ((rc = rows_for(&r, text)) == LL_OK && read_header(&r))
        rc = read_rows(&r);
    ll_csv_free(&r.csv);
    ll_csv_record_free(&r.record);
    return rc;
}
