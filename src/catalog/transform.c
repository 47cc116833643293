/* transform.c - see transform.h. */
#include "catalog/transform.h"

#include "standard/ident.h"

#include <string.h>

struct transform_row {
    const char *name;
    unsigned types, may, must;
    const char *title[2];
};

#define X(id, name_, types_, may_, must_, zh, en)                                                            \
    [LL_TR_##id] = {.name = name_, .types = types_, .may = may_, .must = must_, .title = {zh, en}},
static const struct transform_row transforms[] = {LL_TRANSFORMS(X)};
#undef X

#define X(id, name, zh, en) [LL_ARG_##id] = name,
static const char *const arguments[] = {LL_ARGUMENTS(X)};
#undef X

static const struct {
    const char *name;
    unsigned power;
} units[] = {
#define X(name, power) {name, power},
    LL_UNITS(X)
#undef X
};

bool ll_transform_parse(struct ll_str name, enum ll_transform *ret)
{
    for (size_t i = 0; i < LL_TR_COUNT; i++)
        if (ll_str_is(name, transforms[i].name)) {
            *ret = (enum ll_transform)i;
            return true;
        }
    return false;
}

const char *ll_transform_name(enum ll_transform t)
{
    return transforms[t].name;
}

const char *ll_transform_title(enum ll_transform t, enum ll_lang lang)
{
    return transforms[t].title[lang];
}

static enum ll_transform of_scheme(const char *check)
{
    enum ll_transform t;

    return check && ll_transform_parse(ll_str(check), &t) ? t : LL_TR_TEXT;
}

enum ll_transform ll_transform_default(const struct ll_element *e)
{
    switch (e->type) {
    case LL_TYPE_INTEGER:
        return e->unit ? LL_TR_AMOUNT : LL_TR_INTEGER;
    case LL_TYPE_DECIMAL:
        return e->unit ? LL_TR_AMOUNT : LL_TR_DECIMAL;
    case LL_TYPE_DATE:
        return LL_TR_DATE;
    case LL_TYPE_DATETIME:
        return LL_TR_DATETIME;
    case LL_TYPE_BOOLEAN:
        return LL_TR_BOOLEAN;
    case LL_TYPE_CODE:
        return LL_TR_CODE;
    case LL_TYPE_IDENTIFIER:
        return of_scheme(e->check);
    default:
        return e->code_table ? LL_TR_CODES : LL_TR_TEXT;
    }
}

/* A transform that is named after a scheme yields identifiers of that scheme. */
static bool scheme_fits(enum ll_transform t, const struct ll_element *e)
{
    enum ll_scheme made, wanted;
    const char *name = t == LL_TR_USCC_FROM_ORG_CODE ? "uscc" : transforms[t].name;

    if (e->type != LL_TYPE_IDENTIFIER || !e->check || !ll_scheme_parse(ll_str(name), &made))
        return true;
    if (!ll_scheme_parse(ll_str(e->check), &wanted))
        return true;
    return made == wanted ||
           (wanted == LL_ID_SUBJECT_ID && (made == LL_ID_USCC || made == LL_ID_RESIDENT_ID));
}

/* Two transforms yield codes of one table; a text of codes is made by the one that knows its table, and by no other. */
static bool table_fits(enum ll_transform t, const struct ll_element *e)
{
    if (e->type == LL_TYPE_TEXT && (t == LL_TR_CODES || e->code_table))
        return e->code_table && (t == LL_TR_CODES || t == LL_TR_CONSTANT);
    const char *table = t == LL_TR_REGION_FROM_ADDRESS ? "REGION" : t == LL_TR_CURRENCY ? "CURRENCY" : NULL;

    return !table || e->type != LL_TYPE_CODE || (e->code_table && strcmp(e->code_table, table) == 0);
}

int ll_transform_fits(enum ll_transform t, const struct ll_element *e, struct ll_err *err)
{
    const char *usual = transforms[ll_transform_default(e)].name;

    if ((transforms[t].types & 1u << e->type) && scheme_fits(t, e) && table_fits(t, e))
        return LL_OK;
    return ll_fail(err, LL_INVALID, "变换 %s 不能得到数据元 %s（类型 %s）；一般用 %s，或留空",
                   "transform %s cannot fill element %s (type %s); use %s, or leave it empty",
                   transforms[t].name, e->name, ll_type_name(e->type), usual);
}

bool ll_unit_parse(struct ll_str s, unsigned *ret_power)
{
    for (size_t i = 0; i < LL_COUNT(units); i++)
        if (ll_str_is(s, units[i].name)) {
            *ret_power = units[i].power;
            return true;
        }
    return false;
}

static bool digits(struct ll_str s, size_t n)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
    return n ? s.n == n : s.n > 0;
}

/* What a value must look like; NULL when it does. */
static const char *value_form(size_t argument, struct ll_str v)
{
    unsigned power;

    switch (argument) {
    case LL_ARG_UNIT:
        return ll_unit_parse(v, &power) ? NULL : "元|千元|万元|百万元|亿元";
    case LL_ARG_AUTHORITY:
        return v.n == 2 ? NULL : "91";
    case LL_ARG_REGION:
        return digits(v, 6) ? NULL : "360800";
    case LL_ARG_WITHIN:
        return digits(v, 0) ? NULL : "360800";
    default:
        return v.n ? NULL : "...";
    }
}

static int one_argument(struct ll_str part, enum ll_transform t, struct ll_arena *arena, struct ll_args *ret,
                        struct ll_err *err)
{
    struct ll_str name, value;
    size_t at = 0;

    if (!ll_str_cut(part, '=', &name, &value))
        return ll_fail(err, LL_INVALID, "参数 %.*s 应写成 名称=值", "argument %.*s must be name=value",
                       LL_STR_ARG(part));
    name = ll_str_trim(name);
    value = ll_str_trim(value);
    while (at < LL_ARG_COUNT && !ll_str_is(name, arguments[at]))
        at++;
    if (at == LL_ARG_COUNT || !(transforms[t].may & 1u << at))
        return ll_fail(err, LL_INVALID, "变换 %s 没有参数 %.*s", "transform %s has no argument %.*s",
                       transforms[t].name, LL_STR_ARG(name));
    if (ret->value[at])
        return ll_fail(err, LL_INVALID, "参数 %s 写了两次", "argument %s is given twice", arguments[at]);
    const char *form = value_form(at, value);
    if (form)
        return ll_fail(err, LL_INVALID, "参数 %s 的值“%.*s”不对，应如 %s",
                       "argument %s has the wrong value '%.*s'; it should be like %s", arguments[at],
                       LL_STR_ARG(value), form);
    ret->value[at] = ll_arena_dup(arena, value);
    return ret->value[at] ? LL_OK : ll_fail(err, LL_NOMEM, "内存不足", "out of memory");
}

int ll_args_parse(const char *text, enum ll_transform t, struct ll_arena *arena, struct ll_args *ret,
                  struct ll_err *err)
{
    struct ll_str part, rest = ll_str(text);
    int rc;

    *ret = (struct ll_args){0};
    while (rest.n) {
        ll_str_cut(rest, ';', &part, &rest);
        part = ll_str_trim(part);
        if (part.n && (rc = one_argument(part, t, arena, ret, err)) < 0)
            return rc;
    }
    for (size_t i = 0; i < LL_ARG_COUNT; i++)
        if ((transforms[t].must & 1u << i) && !ret->value[i])
            return ll_fail(err, LL_INVALID, "变换 %s 必须有参数 %s", "transform %s needs the argument %s",
                           transforms[t].name, arguments[i]);
    return LL_OK;
}

bool ll_range_split(const char *check, struct ll_str *min, struct ll_str *max)
{
    const char *dots = check ? strstr(check, "..") : NULL;

    if (!dots)
        return false;
    *min = ll_str_trim((struct ll_str){check, (size_t)(dots - check)});
    *max = ll_str_trim(ll_str(dots + 2));
    return true;
}
