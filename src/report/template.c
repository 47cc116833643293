/* template.c - see template.h. */
#include "report/template.h"

#include "base/buf.h"
#include "base/clock.h"
#include "catalog/region.h"
#include "intake/decode/xlsx_form.h"
#include "report/template_guide.h"
#include "report/xlsx_write.h"

#include <string.h>

enum {
    MOST_CHOICES = 20000, /* a longer list is left to intake */
    GROUPED_FROM = 60,    /* a list of regions that is longer is chosen from county by county */
    MARKS = 2,
    TOKEN = 8
};

struct draft {
    const struct ll_template *t;
    struct ll_arena *arena;
    struct ll_xlsx_column *columns;
    int *field; /* of each column; -1: none */
    size_t n;
    bool failed; /* memory is out */
};

static const char *dup(struct draft *d, struct ll_buf *b)
{
    const char *text = ll_arena_dup(d->arena, ll_buf_view(b));

    d->failed = d->failed || b->failed || !text;
    ll_buf_free(b);
    return text;
}

/* ---- what may be chosen ---- */

static bool is_regions(const struct ll_codeset *codes)
{
    return strcmp(ll_codeset_name(codes), "REGION") == 0;
}

static bool offered(const struct draft *d, const struct ll_field *f, const struct ll_code *code)
{
    if (code->historical)
        return false;
    return !is_regions(f->codes) || !d->t->region || ll_region_within(code->code, ll_str(d->t->region));
}

static const char *choice(struct draft *d, const struct ll_field *f, const struct ll_code *code)
{
    struct ll_buf b = LL_BUF_INIT(4096);

    ll_field_choice(&b, f, code);
    return dup(d, &b);
}

/* The county that a region is, or lies in. */
static const struct ll_code *county_of(const struct ll_codeset *codes, const struct ll_code *code)
{
    struct ll_region_path path;

    if (ll_region_level(code->code) < LL_REGION_COUNTY || !ll_region_path(codes, code->code, &path))
        return NULL;
    return path.at[LL_REGION_COUNTY];
}

static size_t count_offered(const struct draft *d, const struct ll_field *f)
{
    size_t n = 0;

    for (size_t i = 0; i < ll_codeset_size(f->codes); i++)
        n += offered(d, f, ll_codeset_at(f->codes, i));
    return n;
}

static void add_choices(struct draft *d, struct ll_xlsx_column *c, const struct ll_field *f, bool grouped)
{
    size_t n = count_offered(d, f);
    const char **titles, **groups;

    if (n == 0 || n > MOST_CHOICES)
        return;
    titles = ll_arena_array(d->arena, n, sizeof *titles);
    groups = grouped ? ll_arena_array(d->arena, n, sizeof *groups) : NULL;
    d->failed = d->failed || !titles || (grouped && !groups);
    for (size_t i = 0; !d->failed && i < ll_codeset_size(f->codes); i++) {
        const struct ll_code *code = ll_codeset_at(f->codes, i);
        const struct ll_code *county = grouped ? county_of(f->codes, code) : NULL;
        if (!offered(d, f, code) || (grouped && !county))
            continue;
        if (grouped)
            groups[c->n_choices] = choice(d, f, county);
        titles[c->n_choices++] = choice(d, f, code);
    }
    c->choices = titles;
    c->groups = groups;
}

/* Before a long list of regions stands the county, by which the list is cut down. */
static void add_county(struct draft *d, const struct ll_field *f)
{
    struct ll_xlsx_column *c = &d->columns[d->n];
    const char **titles = ll_arena_array(d->arena, ll_codeset_size(f->codes), sizeof *titles);

    d->failed = d->failed || !titles;
    for (size_t i = 0; !d->failed && i < ll_codeset_size(f->codes); i++) {
        const struct ll_code *code = ll_codeset_at(f->codes, i);
        if (offered(d, f, code) && ll_region_level(code->code) == LL_REGION_COUNTY)
            titles[c->n_choices++] = choice(d, f, code);
    }
    c->title = ll_arena_printf(d->arena, d->t->lang == LL_ZH ? "_县（先选）·%s" : "_county first: %s",
                               f->title);
    c->note = d->t->lang == LL_ZH
                  ? "先选县区，右边一列就只列出该县区的乡镇；这一列不入库"
                  : "Choose the county first: the next column then lists its towns. Not stored.";
    c->choices = titles;
    d->failed = d->failed || !c->title;
    d->field[d->n++] = -1;
}

/* ---- what is checked while typing; what does not fit a formula is left to intake ---- */

static const struct {
    const char *scheme, *rule;
    const char *text[2];
} identifiers[] = {
    {"resident_id",
     "AND(LEN(@)=18,MID(\"10X98765432\",MOD(SUMPRODUCT(MID(@,LL_POS,1)*LL_RID),11)+1,1)=UPPER(RIGHT(@,1)))",
     {"身份证号须为18位，且最后一位要与前17位相符，请对照证件核对",
      "An identity number has 18 digits and the last one must fit the others: compare it with the card"}},
    {"uscc",
     "AND(LEN(@)=18,MID(\"0123456789ABCDEFGHJKLMNPQRTUWXY\",MOD(31-MOD(SUMPRODUCT((FIND(MID(@,LL_POS,1),"
     "\"0123456789ABCDEFGHJKLMNPQRTUWXY\")-1)*LL_USCC),31),31)+1,1)=RIGHT(@,1))",
     {"统一社会信用代码须为18位，且最后一位校验码要与前17位相符，请对照执照核对",
      "A credit code has 18 characters and the last one must fit the others: compare it with the licence"}},
};

static void put_bound(struct ll_buf *b, const char *op, struct ll_str bound, bool date)
{
    if (!bound.n)
        return;
    if (ll_str_is(bound, "today"))
        ll_buf_printf(b, ",DATEVALUE(@)%sTODAY()", op);
    else if (date)
        ll_buf_printf(b, ",DATEVALUE(@)%sDATEVALUE(\"" LL_STR_FMT "\")", op, LL_STR_ARG(bound));
    else
        ll_buf_printf(b, ",VALUE(@)%s" LL_STR_FMT, op, LL_STR_ARG(bound));
}

/* A number or a date, within the element's range. */
static void value_rule(struct ll_buf *b, const struct ll_element *e)
{
    bool date = e->type == LL_TYPE_DATE;
    struct ll_str min, max;

    ll_buf_z(b, date ? "AND(ISNUMBER(DATEVALUE(@))" : "AND(ISNUMBER(VALUE(@))");
    if (e->type == LL_TYPE_INTEGER)
        ll_buf_z(b, ",VALUE(@)=INT(VALUE(@))");
    if (e->check && ll_range_split(e->check, &min, &max)) {
        put_bound(b, ">=", min, date);
        put_bound(b, "<=", max, date);
    }
    ll_buf_c(b, ')');
}

static void add_rule(struct draft *d, struct ll_xlsx_column *c, const struct ll_field *f)
{
    const struct ll_element *e = f->item->element;
    struct ll_buf b = LL_BUF_INIT(1024);

    for (size_t i = 0; f->identifier && i < LL_COUNT(identifiers); i++)
        if (strcmp(identifiers[i].scheme, ll_scheme_name(f->scheme)) == 0) {
            c->rule = identifiers[i].rule;
            c->rule_text = identifiers[i].text[d->t->lang];
            c->strict = true;
        }
    if (c->rule || !f->plain)
        return;
    c->rule_text = c->note;
    if (e->type == LL_TYPE_INTEGER || e->type == LL_TYPE_DECIMAL || e->type == LL_TYPE_DATE) {
        value_rule(&b, e);
    } else if (e->type == LL_TYPE_TEXT && e->length) {
        ll_buf_printf(&b, "LEN(@)<=%u", e->length);
        c->strict = true;
    }
    if (b.n)
        c->rule = dup(d, &b);
    ll_buf_free(&b);
}

/* ---- columns ---- */

static void add_field(struct draft *d, size_t at, bool fixed)
{
    const struct ll_field *f = &d->t->form->fields[at];
    bool listed = f->codes && !fixed && ll_codeset_size(f->codes) > 0;
    bool grouped = listed && is_regions(f->codes) && count_offered(d, f) > GROUPED_FROM;
    struct ll_buf note = LL_BUF_INIT(4096);

    if (grouped)
        add_county(d, f);
    struct ll_xlsx_column *c = &d->columns[d->n];
    ll_field_note(&note, f, d->t->lang);
    *c = (struct ll_xlsx_column){.title = f->title,
                                 .note = dup(d, &note),
                                 .required = f->required,
                                 .locked = fixed,
                                 .group_by = d->n - 1};
    if (listed)
        add_choices(d, c, f, grouped);
    else if (!fixed)
        add_rule(d, c, f);
    d->field[d->n++] = (int)at;
}

static size_t area_field(const struct ll_template *t)
{
    for (size_t i = 0; t->area_item && i < t->form->n; i++)
        if (strcmp(t->form->fields[i].item->name, t->area_item) == 0)
            return i;
    return t->form->n;
}

static void make_columns(struct draft *d)
{
    static const char *const marks[MARKS] = {"_batch", "_row"};
    size_t area = area_field(d->t);

    if (area < d->t->form->n)
        add_field(d, area, true);
    for (size_t i = 0; i < d->t->form->n && !d->failed; i++)
        if (i != area)
            add_field(d, i, false);
    for (size_t i = 0; i < MARKS; i++) {
        d->columns[d->n] = (struct ll_xlsx_column){.title = marks[i], .locked = true, .hidden = true};
        d->field[d->n++] = -1;
    }
}

/* ---- rows ---- */

static int write_rows(struct draft *d, struct ll_xlsx_write *book, struct ll_err *err)
{
    const struct ll_template *t = d->t;
    size_t area = area_field(t), blank = area < t->form->n ? t->rows : 0;
    struct ll_str *cells = ll_arena_array(d->arena, d->n, sizeof *cells);
    int rc = cells ? LL_OK : ll_fail(err, LL_NOMEM, "内存不足", "out of memory");

    for (size_t row = 0; rc == LL_OK && row < t->n_known + blank; row++) {
        for (size_t c = 0; c < d->n; c++) {
            bool fixed = d->field[c] >= 0 && (size_t)d->field[c] == area;
            cells[c] = fixed ? ll_str(t->area)
                       : row < t->n_known && d->field[c] >= 0
                           ? t->known[row * t->form->n + (size_t)d->field[c]]
                           : (struct ll_str){NULL, 0};
        }
        rc = ll_xlsx_write_row(book, cells, d->n, err);
    }
    return rc;
}

/* What the workbook says of itself. */
static void make_token(struct draft *d, const char *sheet, struct ll_xlsx_side *side)
{
    const struct ll_resource *r = d->t->form->resource;
    bool fixed = area_field(d->t) < d->t->form->n;
    const char *pairs[TOKEN][2] = {
        {LL_XLSX_FORM_MARK, "1"},
        {"resource", r->name},
        {"version", ll_arena_printf(d->arena, "%u", r->version)},
        {"area", fixed ? d->t->area : NULL},
        {"sheet", sheet},
        {"header", "2"},
        {"fixed", fixed ? "1" : "0"},
        {"marks", ll_arena_printf(d->arena, "%zu", d->n - MARKS)},
    };
    const char **cells = ll_arena_array(d->arena, sizeof pairs / sizeof *cells, sizeof *cells);

    d->failed = d->failed || !cells || !pairs[2][1] || !pairs[7][1];
    if (d->failed)
        return;
    memcpy(cells, pairs, sizeof pairs);
    *side = (struct ll_xlsx_side){LL_XLSX_FORM_SHEET, cells, TOKEN, 2, true};
}

static const char *banner(struct draft *d)
{
    const struct ll_resource *r = d->t->form->resource;
    bool zh = d->t->lang == LL_ZH;
    struct ll_buf b = LL_BUF_INIT(4096);

    if (d->t->area)
        ll_buf_printf(&b, zh ? "%s（%s）　" : "%s (%s)  ", d->t->area_title ? d->t->area_title : "",
                      d->t->area);
    ll_buf_z(&b, zh || !r->title_en ? r->title : r->title_en);
    ll_buf_printf(&b, zh ? "　第 %u 版　%s" : "  version %u  %s", r->version,
                  r->provider_name ? r->provider_name : r->provider);
    return dup(d, &b);
}

static int write_book(struct draft *d, const char *path, struct ll_err *err)
{
    static const char *const sheets[] = {[LL_ZH] = "填报", [LL_EN] = "Data"};
    struct ll_xlsx_side sides[3];
    struct ll_xlsx_write *book = NULL;
    const char *const sheet = sheets[d->t->lang];

    d->failed = d->failed || !ll_template_guide(d->arena, d->t, LL_ZH, &sides[0]) ||
                !ll_template_guide(d->arena, d->t, LL_EN, &sides[1]);
    make_token(d, sheet, &sides[2]);
    struct ll_xlsx_write_opts o = {.sheet = sheet,
                                   .columns = d->columns,
                                   .n_columns = d->n,
                                   .lang = d->t->lang,
                                   .banner = banner(d),
                                   .protect = true,
                                   .sides = sides,
                                   .n_sides = LL_COUNT(sides)};
    if (d->failed)
        return ll_fail(err, LL_NOMEM, "内存不足", "out of memory");
    int rc = ll_xlsx_write_open(&book, path, &o, err);
    if (rc == LL_OK && (rc = write_rows(d, book, err)) == LL_OK)
        rc = ll_xlsx_write_finish(book, err);
    ll_xlsx_write_free(book);
    return rc;
}

int ll_template_xlsx(const struct ll_template *t, const char *path, struct ll_err *err)
{
    struct draft d = {.t = t, .arena = ll_arena_new(0)};
    size_t most = 2 * t->form->n + MARKS;
    int rc;

    d.columns = d.arena ? ll_arena_array(d.arena, most, sizeof *d.columns) : NULL;
    d.field = d.arena ? ll_arena_array(d.arena, most, sizeof *d.field) : NULL;
    d.failed = !d.columns || !d.field;
    if (!d.failed)
        make_columns(&d);
    if (t->rows > LL_TEMPLATE_ROWS)
        rc = ll_fail(err, LL_TOOBIG, "模板至多预备 %d 行", "a template prepares at most %d rows",
                     LL_TEMPLATE_ROWS);
    else
        rc = write_book(&d, path, err);
    ll_arena_free(d.arena);
    return rc;
}
