/* xlsx_styles.c - see xlsx_styles.h. */
#include "intake/decode/xlsx_styles.h"

#include "intake/decode/xlsx_xml.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Excel itself allows some 250 and 65 490; the product bounds the work of looking ids up. */
enum { MOST_FORMATS = 1 << 12, MOST_STYLES = 1 << 17 };

struct builtin {
    unsigned char from, to, look;
};

static const struct builtin builtins[] = {
    {14, 17, LL_XLSX_DATE}, {18, 21, LL_XLSX_TIME}, {22, 22, LL_XLSX_DATETIME}, {27, 31, LL_XLSX_DATE},
    {32, 35, LL_XLSX_TIME}, {36, 36, LL_XLSX_DATE}, {45, 45, LL_XLSX_TIME},     {46, 46, LL_XLSX_ELAPSED},
    {47, 47, LL_XLSX_TIME}, {50, 54, LL_XLSX_DATE}, {55, 56, LL_XLSX_TIME},     {57, 58, LL_XLSX_DATE},
};

struct ll_xlsx_format ll_xlsx_format_builtin(unsigned id)
{
    for (size_t i = 0; i < LL_COUNT(builtins); i++)
        if (id >= builtins[i].from && id <= builtins[i].to)
            return (struct ll_xlsx_format){builtins[i].look, id == 47 ? 1 : 0};
    return (struct ll_xlsx_format){LL_XLSX_NUMBER, 0};
}

/* What the letters of a format's first section were. */
struct letters {
    bool date, time, elapsed, month_or_minute;
    bool number; /* digits, or General */
    unsigned zeros, others, fraction;
};

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static bool word_at(struct ll_str s, size_t i, const char *word)
{
    size_t n = ll_str(word).n;

    return s.n - i >= n && strncasecmp(s.p + i, word, n) == 0;
}

/* [h], [mm], [ss] count beyond the clock; any other bracket is a colour, a condition or a locale. */
static size_t bracket(struct ll_str s, size_t i, struct letters *l)
{
    size_t end = i + 1;

    while (end < s.n && s.p[end] != ']')
        end++;
    bool same = end > i + 1;
    for (size_t k = i + 1; k < end; k++)
        same = same && lower(s.p[k]) == lower(s.p[i + 1]);
    if (same && strchr("hms", lower(s.p[i + 1])))
        l->elapsed = true;
    return end + 1;
}

static size_t quoted(struct ll_str s, size_t i)
{
    do
        i++;
    while (i < s.n && s.p[i] != '"');
    return i + 1;
}

/* Words that stand for themselves: their letters are no date parts.  Returns the length of the word at i, or 0. */
static size_t word(struct ll_str s, size_t i, struct letters *l)
{
    static const struct {
        const char *text;
        bool time;
    } words[] = {
        {"General", false}, {"G/通用格式", false}, {"AM/PM", true}, {"A/P", true}, {"上午/下午", true}};

    for (size_t k = 0; k < LL_COUNT(words); k++)
        if (word_at(s, i, words[k].text)) {
            l->time = l->time || words[k].time;
            l->number = l->number || !words[k].time;
            return ll_str(words[k].text).n;
        }
    return 0;
}

static void digit(struct ll_str s, size_t i, struct letters *l)
{
    bool after_seconds = l->time && (l->fraction || (i > 0 && s.p[i - 1] == '.'));

    if (after_seconds && s.p[i] == '0')
        l->fraction++;
    else if (s.p[i] == '0')
        l->zeros++;
    else
        l->others++;
}

/* One character that is neither quoted nor escaped; returns how many were used. */
static size_t plain(struct ll_str s, size_t i, struct letters *l)
{
    switch (lower(s.p[i])) {
    case 'y':
    case 'd':
    case 'g':
    case 'a': /* aaa, aaaa: the day of the week in Chinese */
    case 'b':
        l->date = true;
        return 1;
    case 'e': /* the year in East Asian formats; 0.0E+00 is a number */
        if (i + 1 < s.n && (s.p[i + 1] == '+' || s.p[i + 1] == '-')) {
            l->others++;
            return 2;
        }
        l->date = true;
        return 1;
    case 'm':
        l->month_or_minute = true;
        return 1;
    case 'h':
    case 's':
        l->time = true;
        return 1;
    case '0':
    case '#':
    case '?':
        digit(s, i, l);
        return 1;
    case '.':
    case ',':
    case '%':
    case '/':
        l->others += lower(s.p[i]) != '/' && !l->time && !l->date && !l->month_or_minute;
        return 1;
    default:
        return 1;
    }
}

static struct letters read_section(struct ll_str s)
{
    struct letters l = {0};

    for (size_t i = 0; i < s.n && s.p[i] != ';';) {
        size_t n = word(s, i, &l);
        if (n)
            i += n;
        else if (s.p[i] == '"')
            i = quoted(s, i);
        else if (s.p[i] == '[')
            i = bracket(s, i, &l);
        else if (s.p[i] == '\\' || s.p[i] == '_' || s.p[i] == '*')
            i += 2;
        else
            i += plain(s, i, &l);
    }
    return l;
}

struct ll_xlsx_format ll_xlsx_format_of(struct ll_str code)
{
    struct letters l = read_section(code);
    unsigned char fraction = (unsigned char)(l.fraction > 3 ? 3 : l.fraction);

    if (l.number)
        return (struct ll_xlsx_format){LL_XLSX_NUMBER, 0};
    if (l.elapsed)
        return (struct ll_xlsx_format){LL_XLSX_ELAPSED, fraction};
    if (l.date || l.time || l.month_or_minute) {
        if (l.zeros)
            return (struct ll_xlsx_format){LL_XLSX_NUMBER, 0};
        if (!l.time)
            return (struct ll_xlsx_format){LL_XLSX_DATE, 0};
        return (struct ll_xlsx_format){l.date ? LL_XLSX_DATETIME : LL_XLSX_TIME, fraction};
    }
    if (l.zeros > 1 && !l.others && l.zeros <= 32)
        return (struct ll_xlsx_format){LL_XLSX_PADDED, (unsigned char)l.zeros};
    return (struct ll_xlsx_format){LL_XLSX_NUMBER, 0};
}

struct custom {
    unsigned id;
    struct ll_xlsx_format format;
};

struct ll_xlsx_styles {
    struct ll_buf customs; /* struct custom */
    struct ll_buf formats; /* struct ll_xlsx_format, by style number */
    struct ll_xml *xml;
};

enum { SHEET = 1, NUM_FMTS, NUM_FMT, CELL_XFS, XF };

static unsigned number_of(const char *value)
{
    int64_t n = 0;

    return value && ll_str_i64(ll_str(value), 0, UINT32_MAX, &n) ? (unsigned)n : 0;
}

static struct ll_xlsx_format format_by_id(const struct ll_xlsx_styles *s, unsigned id)
{
    const struct custom *c = (const void *)s->customs.p;

    for (size_t i = 0; i < s->customs.n / sizeof *c; i++)
        if (c[i].id == id)
            return c[i].format;
    return ll_xlsx_format_builtin(id);
}

static void on_start(void *ctx, unsigned state, const char **atts)
{
    struct ll_xlsx_styles *s = ctx;

    if (state == NUM_FMT) {
        const char *code = ll_xml_att(atts, "formatCode");
        struct custom c = {number_of(ll_xml_att(atts, "numFmtId")), ll_xlsx_format_of(ll_str(code))};
        ll_buf_add(&s->customs, &c, sizeof c);
    } else if (state == XF) {
        struct ll_xlsx_format f = format_by_id(s, number_of(ll_xml_att(atts, "numFmtId")));
        ll_buf_add(&s->formats, &f, sizeof f);
    }
    if (s->customs.failed || s->formats.failed)
        ll_xml_stop(s->xml, ll_fail(ll_xml_err(s->xml), LL_TOOBIG, "工作簿的样式过多",
                                    "the workbook has too many styles"));
}

static const struct ll_xml_rule rules[] = {
    {CELL_XFS, XF, "xf"},         {NUM_FMTS, NUM_FMT, "numFmt"}, {SHEET, NUM_FMTS, "numFmts"},
    {SHEET, CELL_XFS, "cellXfs"}, {0, SHEET, "styleSheet"},
};
static const struct ll_xml_grammar grammar = {rules, LL_COUNT(rules), on_start, NULL, NULL};

static int load(struct ll_xlsx_styles *s, struct ll_xlsx_zip *z, const char *part, struct ll_err *err)
{
    int rc = ll_xml_open(&s->xml, z, part, LL_XLSX_META_MAX, &grammar, s, err);

    while (rc >= 0 && (rc = ll_xml_run(s->xml, err)) > 0)
        continue;
    s->xml = ll_xml_close(s->xml);
    return rc;
}

int ll_xlsx_styles_load(struct ll_xlsx_styles **ret, struct ll_xlsx_zip *z, const char *part,
                        struct ll_err *err)
{
    struct ll_xlsx_styles *s = calloc(1, sizeof *s);

    if (!s)
        return ll_fail(err, LL_NOMEM, "内存不足", "out of memory");
    s->customs = LL_BUF_INIT(MOST_FORMATS * sizeof(struct custom));
    s->formats = LL_BUF_INIT(MOST_STYLES * sizeof(struct ll_xlsx_format));
    int rc = part ? load(s, z, part, err) : LL_OK;
    if (rc < 0) {
        ll_xlsx_styles_free(s);
        return rc;
    }
    *ret = s;
    return LL_OK;
}

struct ll_xlsx_styles *ll_xlsx_styles_free(struct ll_xlsx_styles *s)
{
    if (!s)
        return NULL;
    ll_buf_free(&s->customs);
    ll_buf_free(&s->formats);
    free(s);
    return NULL;
}

struct ll_xlsx_format ll_xlsx_style(const struct ll_xlsx_styles *s, size_t i)
{
    const struct ll_xlsx_format *f = (const void *)s->formats.p;

    return i < s->formats.n / sizeof *f ? f[i] : (struct ll_xlsx_format){LL_XLSX_NUMBER, 0};
}
