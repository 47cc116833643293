/* infer_column.c - what one column is: an element that is known, or a new one whose type its values tell. */
#include "catalog/infer_parts.h"

#include "catalog/name.h"

#include <stdio.h>
#include <string.h>

/* A type is proposed when nearly all values are of it; single misprints are what checking is for. */
static const double NEARLY_ALL = 0.97, MOSTLY = 0.8;
enum { BOOLEAN_DISTINCT = 2, CODE_DISTINCT = 20, CODE_ROWS = 50, LONG_INTEGER = 15, AMOUNT_DIGITS = 20 };

static double share(const struct ll_stats *s, enum ll_look look)
{
    return ll_stats_share(s, s->looks[look]);
}

/* The texts of both languages, from formats that take the same arguments. */
static int reason(struct ll_inferring *in, struct ll_guess *g, const char *zh, const char *en, ...)
    __attribute__((format(printf, 3, 5), format(printf, 4, 5)));
static int reason(struct ll_inferring *in, struct ll_guess *g, const char *zh, const char *en, ...)
{
    struct ll_err text;
    va_list ap;

    va_start(ap, en);
    ll_vfail(&text, LL_OK, zh, en, ap);
    va_end(ap);
    g->reason[LL_ZH] = ll_arena_dup(in->arena, ll_str(text.zh));
    g->reason[LL_EN] = ll_arena_dup(in->arena, ll_str(text.en));
    return g->reason[LL_ZH] && g->reason[LL_EN] ? LL_OK : ll_inferring_nomem(in);
}

/* --- a known element --------------------------------------------------------------------------------------------- */

/* Text that has its own clean-up, told by the header. */
static const char *text_transform(const struct ll_header *h, const struct ll_stats *s)
{
    if (ll_header_ends(h, "phone") || (ll_header_has(h, "phone") && share(s, LL_LOOK_PHONE) > MOSTLY))
        return "phone";
    if (ll_header_ends(h, "address"))
        return "address";
    bool of_company = ll_header_has(h, "enterprise") || ll_header_has(h, "organisation") ||
                      ll_header_has(h, "subject");
    return of_company && ll_header_ends(h, "name") ? "company" : NULL;
}

static void choose_transform(struct ll_guess *g, const struct ll_header *h, const struct ll_stats *s)
{
    const struct ll_element *e = g->element;

    if (e->type == LL_TYPE_TEXT)
        g->transform = text_transform(h, s);
    else if (ll_transform_default(e) == LL_TR_AMOUNT && h->unit && strcmp(h->unit, e->unit) != 0)
        g->transform = "amount";
    else if (e->type == LL_TYPE_IDENTIFIER && e->check && strcmp(e->check, "subject_id") != 0)
        g->transform = NULL;
}

static int choose_arguments(struct ll_inferring *in, struct ll_guess *g, const struct ll_header *h)
{
    if (!g->transform || strcmp(g->transform, "amount") != 0 || !h->unit)
        return LL_OK;
    g->arguments = ll_arena_printf(in->arena, "unit=%s", h->unit);
    return g->arguments ? LL_OK : ll_inferring_nomem(in);
}

static int percent(double share_of)
{
    return (int)(share_of * 100 + 0.5);
}

static int explain_match(struct ll_inferring *in, struct ll_guess *g, const struct ll_match *m)
{
    const struct ll_element *e = m->element;
    char type[LL_TYPE_TEXT_MAX];
    const char *what = ll_element_type(e, type);

    if (e->type == LL_TYPE_CODE)
        what = e->code_table;
    else if (e->type == LL_TYPE_IDENTIFIER)
        what = e->check;

    if (m->header >= 1)
        return reason(in, g, "表头即“%s”；%d%% 的值符合 %s", "the header is '%s'; %d%% of the values fit %s",
                      m->known_as, percent(m->values), what);
    if (m->header > 0.5)
        return reason(in, g, "表头近似“%s”（%d%%）；%d%% 的值符合 %s",
                      "the header is like '%s' (%d%%); %d%% of the values fit %s", m->known_as,
                      percent(m->header), percent(m->values), what);
    return reason(in, g, "表头不像，但 %d%% 的值是有效的 %s",
                  "the header is not like it, but %d%% of the values are valid %s", percent(m->values), what);
}

static int take_match(struct ll_inferring *in, size_t at, const struct ll_match *m)
{
    struct ll_guess *g = &in->inf->columns[at];

    g->element = m->element;
    g->confidence = (unsigned)percent(m->score);
    choose_transform(g, &in->columns[at].header, &in->columns[at].stats);
    int rc = choose_arguments(in, g, &in->columns[at].header);
    return rc < 0 ? rc : explain_match(in, g, m);
}

/* --- a new element ------------------------------------------------------------------------------------------------ */

static unsigned round_length(size_t chars)
{
    static const unsigned steps[] = {10, 20, 50, 100, 200, 500, 1000, 2000, 4000};

    for (size_t i = 0; i < LL_COUNT(steps); i++)
        if (chars <= steps[i])
            return steps[i];
    return 0;
}

static bool is_identifier(const struct ll_stats *s, struct ll_element *e)
{
    for (int scheme = 0; scheme < LL_ID_COUNT; scheme++)
        if (ll_stats_share(s, s->schemes[scheme]) >= 0.9) {
            e->type = LL_TYPE_IDENTIFIER;
            e->check = ll_scheme_name((enum ll_scheme)scheme);
            e->grade = scheme == LL_ID_RESIDENT_ID ? 4 : 1;
            return true;
        }
    return false;
}

static bool is_number(const struct ll_stats *s, const struct ll_header *h, struct ll_element *e)
{
    bool codes = s->looks[LL_LOOK_LEADING_ZERO] > 0 || ll_header_ends(h, "no");

    if (!codes && share(s, LL_LOOK_INTEGER) >= NEARLY_ALL && s->max_chars <= LONG_INTEGER && !s->scale &&
        !h->unit) {
        e->type = LL_TYPE_INTEGER;
        return true;
    }
    double amounts = ll_stats_share(s, s->looks[LL_LOOK_AMOUNT] + s->looks[LL_LOOK_DECIMAL]);
    bool money = h->unit || s->looks[LL_LOOK_AMOUNT];
    if (codes || (share(s, LL_LOOK_DECIMAL) < NEARLY_ALL && !(money && amounts >= NEARLY_ALL)))
        return false;
    e->type = LL_TYPE_DECIMAL;
    e->precision = AMOUNT_DIGITS;
    e->scale = money && s->scale < 2 ? 2 : s->scale;
    if (money) {
        e->unit = "元";
        e->grade = 2;
    }
    return true;
}

static unsigned text_grade(const struct ll_header *h)
{
    if (ll_header_has(h, "resident_id"))
        return 4;
    if (ll_header_has(h, "person_name") || ll_header_has(h, "phone") || ll_header_has(h, "email"))
        return 3;
    return ll_header_has(h, "legal_rep") || ll_header_has(h, "contact") ? 2 : 1;
}

/* The type that the values tell, most particular first. */
static void type_of_values(const struct ll_stats *s, const struct ll_header *h, struct ll_element *e)
{
    e->grade = 1;
    if (s->rows > s->nulls) {
        if (is_identifier(s, e))
            return;
        if (share(s, LL_LOOK_BOOLEAN) >= NEARLY_ALL && s->distinct <= BOOLEAN_DISTINCT &&
            ll_header_has(h, "is")) {
            e->type = LL_TYPE_BOOLEAN;
            return;
        }
        if (share(s, LL_LOOK_DATETIME) >= NEARLY_ALL) {
            e->type = LL_TYPE_DATETIME;
            return;
        }
        if (share(s, LL_LOOK_DATE) >= NEARLY_ALL) {
            e->type = LL_TYPE_DATE;
            return;
        }
        if (is_number(s, h, e))
            return;
    }
    e->type = LL_TYPE_TEXT;
    e->length = round_length(s->max_chars);
    e->grade = text_grade(h);
}

static bool name_taken(const struct ll_inferring *in, size_t at, const char *name)
{
    if (ll_catalog_element(in->cat, ll_str(name)))
        return true;
    for (size_t i = 0; i < at; i++)
        if (in->inf->columns[i].is_new && strcmp(in->inf->columns[i].element->name, name) == 0)
            return true;
    return false;
}

static char *new_name(struct ll_inferring *in, size_t at)
{
    char base[49];
    char *name;

    if (!ll_header_name(&in->columns[at].header, base))
        snprintf(base, sizeof base, "column_%zu", at + 1);
    name = ll_arena_dup(in->arena, ll_str(base));
    for (unsigned k = 2; name && name_taken(in, at, name); k++)
        name = ll_arena_printf(in->arena, "%.44s_%u", base, k);
    return name;
}

static int explain_new(struct ll_inferring *in, struct ll_guess *g, const struct ll_stats *s)
{
    char type[LL_TYPE_TEXT_MAX];

    ll_element_type(g->element, type);
    if (s->rows == s->nulls)
        return reason(in, g, "没有相近的数据元，样本中也没有值；请定类型",
                      "no element is like it and the sample has no value; settle the type");
    bool few = g->element->type == LL_TYPE_TEXT && s->distinct <= CODE_DISTINCT && s->rows >= CODE_ROWS;
    if (few)
        return reason(in, g, "没有相近的数据元；只有 %llu 种值，宜建代码表",
                      "no element is like it; only %llu different values: consider a code table",
                      (unsigned long long)s->distinct);
    return reason(in, g, "没有相近的数据元；由值看是 %s", "no element is like it; its values look like %s",
                  type);
}

static int take_new(struct ll_inferring *in, size_t at)
{
    struct ll_guess *g = &in->inf->columns[at];
    const struct ll_stats *s = &in->columns[at].stats;
    struct ll_element *e = ll_arena_alloc(in->arena, sizeof *e);

    if (!e)
        return ll_inferring_nomem(in);
    type_of_values(s, &in->columns[at].header, e);
    e->name = new_name(in, at);
    e->code = ll_arena_printf(in->arena, "NEW-%s-%03zu", in->inf->name, at + 1);
    e->title = g->header[0] ? g->header : e->name;
    e->basis = "own";
    if (!e->name || !e->code)
        return ll_inferring_nomem(in);
    g->element = e;
    g->is_new = true;
    g->confidence = s->rows == s->nulls ? 10 : 40;
    choose_transform(g, &in->columns[at].header, s);
    int rc = choose_arguments(in, g, &in->columns[at].header);
    return rc < 0 ? rc : explain_new(in, g, s);
}

int ll_infer_column(struct ll_inferring *in, size_t at)
{
    struct ll_match m;
    int rc = ll_matcher_best(in->matcher, &in->columns[at].header, &in->columns[at].stats, &m);

    if (rc < 0)
        return ll_inferring_nomem(in);
    return m.element ? take_match(in, at, &m) : take_new(in, at);
}
