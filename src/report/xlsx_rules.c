/* xlsx_rules.c - what a workbook checks while it is filled in: drop-down lists, lists that follow another column, formulas; and its further
 * sheets.
 *
 * Cells are text (xlsx_write.h), so a spreadsheet's own checks of numbers and dates would refuse everything: every check is a formula over the
 * text.  A value outside a list is warned about, not refused: intake also takes the synonyms of a code table.
 *
 * Formulas may use three names: LL_POS (1 to 17), LL_RID and LL_USCC (weights of the check characters of a resident identity number, GB 11643,
 * and of a unified social credit code, GB 32100): a rule may not hold lists of numbers itself, and is kept short. */
#include "report/xlsx_write_impl.h"

#include <stdio.h>
#include <string.h>

enum { FORMULA = 512, PLACES = 17 };

/* ---- the hidden sheet of lists: for column c of the data, choices in column 2c and what they follow in column 2c + 1 ---- */

static size_t longest_list(const struct ll_xlsx_write_opts *o)
{
    size_t longest = 0;

    for (size_t c = 0; c < o->n_columns; c++)
        if (o->columns[c].n_choices > longest)
            longest = o->columns[c].n_choices;
    return longest;
}

static bool has_rules(const struct ll_xlsx_write_opts *o)
{
    for (size_t c = 0; c < o->n_columns; c++)
        if (o->columns[c].rule)
            return true;
    return false;
}

/* Of the check characters: place, and weight of it in either identifier. */
static const unsigned char weights[PLACES][3] = {
    {1, 7, 1},   {2, 9, 3},   {3, 10, 9},  {4, 5, 27},  {5, 8, 19},  {6, 4, 26},
    {7, 2, 16},  {8, 1, 17},  {9, 6, 20},  {10, 3, 29}, {11, 7, 25}, {12, 9, 13},
    {13, 10, 8}, {14, 5, 24}, {15, 8, 10}, {16, 4, 30}, {17, 2, 28}};

static int put_weights(const struct ll_xlsx_write_opts *o, lxw_worksheet *sheet, uint32_t row,
                       struct ll_err *err)
{
    for (size_t i = 0; i < 3; i++) {
        lxw_error e = worksheet_write_number(sheet, row, (lxw_col_t)(2 * o->n_columns + i), weights[row][i],
                                             NULL);
        if (e != LXW_NO_ERROR)
            return ll_xlsx_lib_fail(e, err);
    }
    return LL_OK;
}

static int put_choices(struct ll_xlsx_write *w, const struct ll_xlsx_write_opts *o, lxw_worksheet *sheet,
                       size_t row, struct ll_err *err)
{
    int rc = LL_OK;

    for (size_t c = 0; rc == LL_OK && c < o->n_columns; c++) {
        const struct ll_xlsx_column *column = &o->columns[c];
        if (row >= column->n_choices)
            continue;
        rc = ll_xlsx_put(w, sheet, (uint32_t)row, 2 * c, ll_str(column->choices[row]), NULL, err);
        if (rc == LL_OK && column->groups)
            rc = ll_xlsx_put(w, sheet, (uint32_t)row, 2 * c + 1, ll_str(column->groups[row]), NULL, err);
    }
    return rc;
}

static int define_names(struct ll_xlsx_write *w, const struct ll_xlsx_write_opts *o, struct ll_err *err)
{
    static const char *const names[] = {"LL_POS", "LL_RID", "LL_USCC"};
    char formula[128], column[4];

    for (size_t i = 0; i < LL_COUNT(names); i++) {
        ll_xlsx_column_name((uint32_t)(2 * o->n_columns + i), column);
        snprintf(formula, sizeof formula, "='" CHOICES_SHEET "'!$%s$1:$%s$%d", column, column, PLACES);
        lxw_error e = workbook_define_name(w->book, names[i], formula);
        if (e != LXW_NO_ERROR)
            return ll_xlsx_lib_fail(e, err);
    }
    return LL_OK;
}

static int write_lists(struct ll_xlsx_write *w, const struct ll_xlsx_write_opts *o, struct ll_err *err)
{
    size_t rows = longest_list(o);
    bool rules = has_rules(o);
    lxw_worksheet *sheet;
    int rc = LL_OK;

    if (rules && rows < PLACES)
        rows = PLACES;
    if (rows == 0)
        return LL_OK;
    if (rows > LL_XLSX_WRITE_ROWS || !(sheet = workbook_add_worksheet(w->book, CHOICES_SHEET)))
        return ll_xlsx_no_memory(err);
    worksheet_hide(sheet);
    for (size_t row = 0; rc == LL_OK && row < rows; row++)
        if ((rc = put_choices(w, o, sheet, row, err)) == LL_OK && rules && row < PLACES)
            rc = put_weights(o, sheet, (uint32_t)row, err);
    return rc == LL_OK && rules ? define_names(w, o, err) : rc;
}

/* ---- the rules ---- */

/* All choices, or those whose group stands in the other column of the first data row (the spreadsheet moves it along). */
static void list_formula(const struct ll_xlsx_write *w, const struct ll_xlsx_column *column, size_t at,
                         char out[FORMULA])
{
    char name[4], beside[4], by[4];

    ll_xlsx_column_name((uint32_t)(2 * at), name);
    ll_xlsx_column_name((uint32_t)(2 * at + 1), beside);
    ll_xlsx_column_name((uint32_t)column->group_by, by);
    if (!column->groups)
        snprintf(out, FORMULA, "='" CHOICES_SHEET "'!$%s$1:$%s$%zu", name, name, column->n_choices);
    else
        snprintf(out, FORMULA,
                 "=OFFSET('" CHOICES_SHEET "'!$%s$1,MATCH($%s%u,'" CHOICES_SHEET "'!$%s$1:$%s$%zu,0)-1,0,"
                 "COUNTIF('" CHOICES_SHEET "'!$%s$1:$%s$%zu,$%s%u),1)",
                 name, by, w->header + 2, beside, beside, column->n_choices, beside, beside,
                 column->n_choices, by, w->header + 2);
}

static bool rule_formula(const struct ll_xlsx_write *w, const char *rule, size_t at, char out[FORMULA])
{
    char name[4], cell[16];
    size_t n = 1, width;

    width = (size_t)snprintf(cell, sizeof cell, "%s%u", ll_xlsx_column_name((uint32_t)at, name),
                             w->header + 2);
    out[0] = '=';
    for (const char *p = rule; *p; p++) {
        size_t more = *p == '@' ? width : 1;
        if (n + more >= FORMULA)
            return false;
        memcpy(out + n, *p == '@' ? cell : p, more);
        n += more;
    }
    out[n] = 0;
    return true;
}

/* What a box of the spreadsheet can say: 255 characters. */
static void box_text(char out[256 * 4], const char *text)
{
    struct ll_str s = ll_str(text);
    size_t at = 0, n = 0;

    while (at < s.n && n < 250) {
        (void)ll_utf8_next(s, &at);
        n++;
    }
    memcpy(out, text, at);
    out[at] = 0;
}

static int add(struct ll_xlsx_write *w, size_t column, char *formula, const char *title, const char *text,
               bool strict, struct ll_err *err)
{
    char shown[256 * 4], head[64];
    lxw_col_t c = (lxw_col_t)column;

    box_text(shown, text);
    snprintf(head, sizeof head, "%s", title);
    lxw_data_validation rule = {.validate = LXW_VALIDATION_TYPE_CUSTOM_FORMULA,
                                .value_formula = formula,
                                .error_type = strict ? LXW_VALIDATION_ERROR_TYPE_STOP
                                                     : LXW_VALIDATION_ERROR_TYPE_WARNING,
                                .error_title = head,
                                .error_message = shown};
    lxw_error e = worksheet_data_validation_range(w->sheet, w->header + 1, c, LL_XLSX_WRITE_ROWS, c, &rule);
    return e == LXW_NO_ERROR ? LL_OK : ll_xlsx_lib_fail(e, err);
}

static lxw_data_val_obj *last_rule(const struct ll_xlsx_write *w)
{
    lxw_data_val_obj *last = NULL;

    for (lxw_data_val_obj *r = STAILQ_FIRST(w->sheet->data_validations); r; r = STAILQ_NEXT(r, list_pointers))
        last = r;
    return last;
}

/* The library (1.1.4) copies the formula of a list twice and loses one copy, but that of a rule of one's own once: so a list goes in as the
 * latter and is made one afterwards. */
static int add_list(struct ll_xlsx_write *w, const struct ll_xlsx_column *column, size_t at,
                    struct ll_err *err)
{
    static const char *const titles[] = {[LL_ZH] = "不在列表中", [LL_EN] = "Not in the list"};
    static const char *const texts[] = {
        [LL_ZH] = "该值不在列表中，仍要填写吗？", [LL_EN] = "This value is not in the list. Keep it?"};
    char formula[FORMULA];

    list_formula(w, column, at, formula);
    int rc = add(w, at, formula, titles[w->lang], texts[w->lang], false, err);
    lxw_data_val_obj *rule = rc == LL_OK ? last_rule(w) : NULL;
    if (rule)
        rule->validate = LXW_VALIDATION_TYPE_LIST_FORMULA;
    return rc;
}

static int add_rule(struct ll_xlsx_write *w, const struct ll_xlsx_column *column, size_t at,
                    struct ll_err *err)
{
    static const char *const titles[] = {[LL_ZH] = "请核对", [LL_EN] = "Please check"};
    char formula[FORMULA];

    if (!rule_formula(w, column->rule, at, formula))
        return LL_OK; /* a check that does not fit is left to intake */
    return add(w, at, formula, titles[w->lang], column->rule_text ? column->rule_text : "", column->strict,
               err);
}

int ll_xlsx_rules(struct ll_xlsx_write *w, const struct ll_xlsx_write_opts *o, struct ll_err *err)
{
    int rc = write_lists(w, o, err);

    for (size_t c = 0; rc == LL_OK && c < o->n_columns; c++) {
        if (o->columns[c].n_choices)
            rc = add_list(w, &o->columns[c], c, err);
        else if (o->columns[c].rule)
            rc = add_rule(w, &o->columns[c], c, err);
    }
    return rc;
}

/* ---- further sheets ---- */

static int write_side(struct ll_xlsx_write *w, const struct ll_xlsx_side *side, struct ll_err *err)
{
    lxw_worksheet *sheet = workbook_add_worksheet(w->book, side->name);
    int rc = LL_OK;

    if (!sheet)
        return ll_xlsx_no_memory(err);
    worksheet_set_column(sheet, 0, 0, 24, w->wrapped);
    worksheet_set_column(sheet, 1, 8, 48, w->wrapped);
    for (size_t row = 0; rc == LL_OK && row < side->rows; row++)
        for (size_t c = 0; rc == LL_OK && c < side->columns; c++)
            if (side->cells[row * side->columns + c])
                rc = ll_xlsx_put(w, sheet, (uint32_t)row, c, ll_str(side->cells[row * side->columns + c]),
                                 w->wrapped, err);
    if (side->hidden)
        worksheet_hide(sheet);
    worksheet_protect(sheet, NULL, NULL);
    return rc;
}

int ll_xlsx_sides(struct ll_xlsx_write *w, const struct ll_xlsx_write_opts *o, struct ll_err *err)
{
    int rc = LL_OK;

    for (size_t i = 0; rc == LL_OK && i < o->n_sides; i++)
        rc = write_side(w, &o->sides[i], err);
    return rc;
}
