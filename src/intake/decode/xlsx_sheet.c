/* xlsx_sheet.c - see xlsx_sheet.h. */
#include "intake/decode/xlsx_sheet.h"

#include "intake/decode/xlsx_number.h"
#include "intake/decode/xlsx_xml.h"

#include <stdlib.h>
#include <string.h>

enum { WORKSHEET = 1, COLS, COL, DATA, ROW, CELL, FORMULA, VALUE, INLINE, RUN, TEXT, MERGES, MERGE };

static const struct ll_xml_rule rules[] = {
    {ROW, CELL, "c"},
    {CELL, VALUE, "v"},
    {CELL, FORMULA, "f"},
    {DATA, ROW, "row"},
    {CELL, INLINE, "is"},
    {INLINE, TEXT, "t"},
    {INLINE, RUN, "r"},
    {RUN, TEXT, "t"},
    {MERGES, MERGE, "mergeCell"},
    {WORKSHEET, COLS, "cols"},
    {COLS, COL, "col"},
    {WORKSHEET, DATA, "sheetData"},
    {WORKSHEET, MERGES, "mergeCells"},
    {0, WORKSHEET, "worksheet"},
};

/* The cell that is open. */
struct open_cell {
    uint32_t column;
    size_t style;
    char type[12];
    bool formula, value;
};

struct ll_xlsx_sheet {
    const struct ll_xlsx_book *book;
    struct ll_xml *xml;
    struct open_cell cell;
    struct ll_buf value; /* its text */
    uint32_t row, next_row, next_column;
    struct ll_buf cells;  /* struct ll_xlsx_cell; text.p NULL: text.n bytes of `own` from own_at on */
    struct ll_buf starts; /* size_t a cell: where its text starts in `own` */
    struct ll_buf own;    /* texts of the row that are not shared strings */
    struct ll_buf merges; /* struct ll_xlsx_merge */
    uint32_t hidden_rows, hidden_columns;
};

bool ll_xlsx_ref(struct ll_str ref, uint32_t *column, uint32_t *row)
{
    uint32_t c = 0, r = 0;
    size_t i = 0;

    for (; i < ref.n && ((ref.p[i] | 0x20) >= 'a' && (ref.p[i] | 0x20) <= 'z') && c <= LL_XLSX_COLUMNS; i++)
        c = c * 26 + (uint32_t)((ref.p[i] | 0x20) - 'a' + 1);
    for (; i < ref.n && ref.p[i] >= '0' && ref.p[i] <= '9' && r <= LL_XLSX_ROWS; i++)
        r = r * 10 + (uint32_t)(ref.p[i] - '0');
    if (i != ref.n || c == 0 || c > LL_XLSX_COLUMNS || r == 0 || r > LL_XLSX_ROWS)
        return false;
    *column = c - 1;
    *row = r;
    return true;
}

char *ll_xlsx_column_name(uint32_t column, char out[4])
{
    char reversed[4];
    size_t n = 0, i = 0;

    for (uint32_t c = column + 1; c && n < 3; c = (c - 1) / 26)
        reversed[n++] = (char)('A' + (c - 1) % 26);
    while (n)
        out[i++] = reversed[--n];
    out[i] = 0;
    return out;
}

static void fail(struct ll_xlsx_sheet *s, const char *zh, const char *en)
{
    ll_xml_stop(s->xml, ll_fail(ll_xml_err(s->xml), LL_INVALID, "工作表第 %u 行：%s%.0s",
                                "sheet row %u: %.0s%s", s->row, zh, en));
}

static void start_row(struct ll_xlsx_sheet *s, const char **atts)
{
    const char *r = ll_xml_att(atts, "r");
    int64_t number = s->next_row;
    bool valid = !r || ll_str_i64(ll_str(r), 1, LL_XLSX_ROWS, &number);

    s->row = (uint32_t)number;
    if (!valid)
        fail(s, "行号无效", "its row number is not valid");
    else if (number < s->next_row)
        fail(s, "行号乱序，工作簿已损坏",
             "its row number does not follow the one before: the workbook is damaged");
    else if (number > LL_XLSX_ROWS)
        fail(s, "超过 1048576 行", "beyond the 1 048 576 rows of a sheet");
    s->next_row = s->row + 1;
    s->next_column = 0;
    s->hidden_rows += ll_xml_true(ll_xml_att(atts, "hidden"));
    ll_buf_clear(&s->cells);
    ll_buf_clear(&s->starts);
    ll_buf_clear(&s->own);
}

static size_t style_number(const char *z)
{
    size_t n = 0;

    for (; *z >= '0' && *z <= '9' && n < (1 << 24); z++)
        n = n * 10 + (size_t)(*z - '0');
    return n;
}

/* The attributes of <c> are looked through once: a sheet has millions of them. */
static void start_cell(struct ll_xlsx_sheet *s, const char **atts)
{
    uint32_t row;

    s->cell = (struct open_cell){.column = s->next_column, .style = SIZE_MAX};
    for (; *atts; atts += 2) {
        if (strcmp(*atts, "r") == 0) {
            if (!ll_xlsx_ref(ll_str(atts[1]), &s->cell.column, &row))
                fail(s, "单元格地址无效", "a cell's address is not valid");
        } else if (strcmp(*atts, "s") == 0) {
            s->cell.style = style_number(atts[1]);
        } else if (strcmp(*atts, "t") == 0) {
            strncpy(s->cell.type, atts[1], sizeof s->cell.type - 1);
        }
    }
    if (s->cell.column >= LL_XLSX_COLUMNS)
        fail(s, "超过 16384 列", "beyond the 16 384 columns of a sheet");
    s->next_column = s->cell.column + 1;
    ll_buf_clear(&s->value);
}

static void start_column(struct ll_xlsx_sheet *s, const char **atts)
{
    const char *min = ll_xml_att(atts, "min"), *max = ll_xml_att(atts, "max");
    int64_t from, to;

    if (ll_xml_true(ll_xml_att(atts, "hidden")) && min && max &&
        ll_str_i64(ll_str(min), 1, LL_XLSX_COLUMNS, &from) &&
        ll_str_i64(ll_str(max), from, LL_XLSX_COLUMNS, &to) && s->hidden_columns < LL_XLSX_COLUMNS)
        s->hidden_columns += (uint32_t)(to - from + 1);
}

static void start_merge(struct ll_xlsx_sheet *s, const char **atts)
{
    const char *ref = ll_xml_att(atts, "ref");
    struct ll_str from, to;
    struct ll_xlsx_merge m;
    uint32_t left, right;

    if (!ref || !ll_str_cut(ll_str(ref), ':', &from, &to) || !ll_xlsx_ref(from, &left, &m.top) ||
        !ll_xlsx_ref(to, &right, &m.bottom) || left > right || m.top > m.bottom)
        return; /* one cell, or none: nothing is merged */
    m.left = (uint16_t)left;
    m.right = (uint16_t)right;
    ll_buf_add(&s->merges, &m, sizeof m);
    if (s->merges.failed)
        ll_xml_stop(s->xml, ll_fail(ll_xml_err(s->xml), LL_TOOBIG, "工作表的合并单元格超过 %d 处",
                                    "the sheet has over %d merged ranges", LL_XLSX_MERGES));
}

static void on_start(void *ctx, unsigned state, const char **atts)
{
    struct ll_xlsx_sheet *s = ctx;

    switch (state) {
    case CELL:
        start_cell(s, atts);
        break;
    case FORMULA:
        s->cell.formula = true;
        break;
    case VALUE:
    case INLINE:
        s->cell.value = true;
        break;
    case ROW:
        start_row(s, atts);
        break;
    case COL:
        start_column(s, atts);
        break;
    case MERGE:
        start_merge(s, atts);
        break;
    default:
        break;
    }
}

static void on_text(void *ctx, unsigned state, const char *text, size_t n)
{
    struct ll_xlsx_sheet *s = ctx;

    if (state == VALUE || state == TEXT)
        ll_buf_add(&s->value, text, n);
}

static bool is_type(const struct ll_xlsx_sheet *s, const char *type)
{
    return strcmp(s->cell.type, type) == 0;
}

static struct ll_xlsx_cell flawed(enum ll_xlsx_kind kind, enum ll_xlsx_flaw flaw, const char *text, size_t n)
{
    return (struct ll_xlsx_cell){.kind = (unsigned char)kind, .flaw = (unsigned char)flaw, .text = {text, n}};
}

static struct ll_xlsx_cell shared_cell(const struct ll_xlsx_sheet *s, struct ll_str v)
{
    int64_t i;

    if (!ll_str_i64(v, 0, INT64_MAX, &i) || (uint64_t)i >= ll_xlsx_strings_count(s->book->strings))
        return flawed(LL_XLSX_TEXT, LL_XLSX_NO_STRING, v.p, v.n);
    struct ll_str text = ll_xlsx_string(s->book->strings, (size_t)i);
    if (text.n > LL_XLSX_CELL)
        return flawed(LL_XLSX_TEXT, LL_XLSX_LONG_TEXT, text.p, 0);
    return flawed(LL_XLSX_TEXT, LL_XLSX_SOUND, text.p, text.n);
}

/* out is room for a number's text. */
static struct ll_xlsx_cell number_cell(const struct ll_xlsx_sheet *s, struct ll_str v, char *out)
{
    static const unsigned char flaws[] = {
        [LL_XLSX_NUMBER_OK] = LL_XLSX_SOUND,
        [LL_XLSX_NUMBER_BAD] = LL_XLSX_NOT_NUMBER,
        [LL_XLSX_NUMBER_DIGITS] = LL_XLSX_LOST_DIGITS,
    };
    size_t n = 0;
    bool day;

    v = ll_str_trim(v);
    if (v.n == 0)
        return flawed(LL_XLSX_EMPTY, LL_XLSX_SOUND, NULL, 0);
    enum ll_xlsx_number is = ll_xlsx_number_text(v, ll_xlsx_style(s->book->styles, s->cell.style),
                                                 s->book->epoch1904, out, &n, &day);
    if (is == LL_XLSX_NUMBER_BAD)
        return flawed(LL_XLSX_TEXT, LL_XLSX_NOT_NUMBER, v.p, v.n);
    return flawed(day ? LL_XLSX_DAY : LL_XLSX_NUMERIC, flaws[is], out, n);
}

static struct ll_xlsx_cell evaluate(struct ll_xlsx_sheet *s, char *out)
{
    struct ll_str v = ll_buf_view(&s->value);

    if (s->value.failed)
        return flawed(LL_XLSX_TEXT, LL_XLSX_LONG_TEXT, "", 0);
    if (!s->cell.value)
        return s->cell.formula ? flawed(LL_XLSX_TEXT, LL_XLSX_NO_RESULT, "", 0)
                               : flawed(LL_XLSX_EMPTY, LL_XLSX_SOUND, NULL, 0);
    if (is_type(s, "s"))
        return shared_cell(s, ll_str_trim(v));
    if (is_type(s, "str") || is_type(s, "inlineStr")) {
        s->value.n = v.n ? ll_xml_unescape(s->value.p, v.n) : 0;
        return flawed(LL_XLSX_TEXT, LL_XLSX_SOUND, v.p, s->value.n);
    }
    if (is_type(s, "b"))
        return ll_xml_true(s->value.p) ? flawed(LL_XLSX_BOOLEAN, LL_XLSX_SOUND, "TRUE", 4)
                                       : flawed(LL_XLSX_BOOLEAN, LL_XLSX_SOUND, "FALSE", 5);
    if (is_type(s, "e")) /* #N/A, #REF! and the like: no value */
        return flawed(LL_XLSX_EMPTY, LL_XLSX_SOUND, NULL, 0);
    if (is_type(s, "d"))
        return flawed(LL_XLSX_DAY, LL_XLSX_SOUND, out,
                      ll_xlsx_iso_text(ll_str_trim(v), ll_xlsx_style(s->book->styles, s->cell.style), out));
    return number_cell(s, v, out);
}

static void end_cell(struct ll_xlsx_sheet *s)
{
    char room[LL_XLSX_NUMBER_TEXT];
    struct ll_xlsx_cell c = evaluate(s, room);
    size_t start = s->own.n;

    if (c.kind == LL_XLSX_EMPTY || (c.text.n == 0 && c.flaw == LL_XLSX_SOUND))
        return;
    c.column = s->cell.column;
    if (!is_type(s, "s") || c.flaw == LL_XLSX_NO_STRING) {
        ll_buf_str(&s->own, c.text);
        c.text.p = NULL; /* `own` may move until the row is whole */
    }
    ll_buf_add(&s->cells, &c, sizeof c);
    ll_buf_add(&s->starts, &start, sizeof start);
    if (s->own.failed || s->cells.failed || s->starts.failed)
        fail(s, "一行的内容过多", "too much in one row");
}

static void end_row(struct ll_xlsx_sheet *s)
{
    struct ll_xlsx_cell *cells = (void *)s->cells.p;
    const size_t *starts = (const void *)s->starts.p;
    size_t n = s->cells.n / sizeof *cells;

    if (n == 0)
        return;
    for (size_t i = 0; i < n; i++)
        if (!cells[i].text.p)
            cells[i].text.p = s->own.p ? s->own.p + starts[i] : "";
    ll_xml_pause(s->xml);
}

static void on_end(void *ctx, unsigned state)
{
    struct ll_xlsx_sheet *s = ctx;

    if (state == CELL)
        end_cell(s);
    else if (state == ROW)
        end_row(s);
}

static const struct ll_xml_grammar grammar = {rules, LL_COUNT(rules), on_start, on_end, on_text};

int ll_xlsx_sheet_open(struct ll_xlsx_sheet **ret, struct ll_xlsx_zip *z, const struct ll_xlsx_book *book,
                       const char *part, struct ll_err *err)
{
    struct ll_xlsx_sheet *s = calloc(1, sizeof *s);

    if (!s)
        return ll_fail(err, LL_NOMEM, "内存不足", "out of memory");
    s->book = book;
    s->next_row = 1;
    s->value = LL_BUF_INIT(LL_XLSX_CELL);
    s->cells = LL_BUF_INIT(2 * LL_XLSX_COLUMNS * sizeof(struct ll_xlsx_cell));
    s->starts = LL_BUF_INIT(2 * LL_XLSX_COLUMNS * sizeof(size_t));
    s->own = LL_BUF_INIT(LL_XLSX_ROW_TEXT);
    s->merges = LL_BUF_INIT(LL_XLSX_MERGES * sizeof(struct ll_xlsx_merge));
    int rc = ll_xml_open(&s->xml, z, part, LL_XLSX_SHEET_MAX, &grammar, s, err);
    if (rc < 0) {
        ll_xlsx_sheet_close(s);
        return rc;
    }
    *ret = s;
    return LL_OK;
}

struct ll_xlsx_sheet *ll_xlsx_sheet_close(struct ll_xlsx_sheet *s)
{
    if (!s)
        return NULL;
    ll_xml_close(s->xml);
    ll_buf_free(&s->value);
    ll_buf_free(&s->cells);
    ll_buf_free(&s->starts);
    ll_buf_free(&s->own);
    ll_buf_free(&s->merges);
    free(s);
    return NULL;
}

int ll_xlsx_sheet_next(struct ll_xlsx_sheet *s, struct ll_xlsx_row *row, struct ll_err *err)
{
    int rc = ll_xml_run(s->xml, err);

    if (rc == 1)
        *row = (struct ll_xlsx_row){s->row, (const void *)s->cells.p,
                                    s->cells.n / sizeof(struct ll_xlsx_cell)};
    return rc;
}

const struct ll_xlsx_merge *ll_xlsx_sheet_merges(const struct ll_xlsx_sheet *s, size_t *ret_n)
{
    *ret_n = s->merges.n / sizeof(struct ll_xlsx_merge);
    return (const void *)s->merges.p;
}

uint32_t ll_xlsx_sheet_hidden_rows(const struct ll_xlsx_sheet *s)
{
    return s->hidden_rows;
}

uint32_t ll_xlsx_sheet_hidden_columns(const struct ll_xlsx_sheet *s)
{
    return s->hidden_columns;
}
