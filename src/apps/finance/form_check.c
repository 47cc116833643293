/* form_check.c - what a form says: every fault with the field it is in, and its rules in plain words (form.h). */
#include "apps/finance/form_impl.h"

#include "base/clock.h"
#include "standard/codes.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct checking {
    const struct ll_form *form;
    const struct ll_form_env *env;
    struct ll_form_fault *faults;
    size_t n;
    bool nomem;
};

static void fault(struct checking *c, const char *field, const char *zh, const char *en)
{
    struct ll_form_fault *f = &c->faults[c->n];

    if (c->n == LL_FORM_FAULTS)
        return;
    *f = (struct ll_form_fault){
        .field = ll_arena_dup(c->env->arena, ll_str(field)),
        .text = {ll_arena_dup(c->env->arena, ll_str(zh)), ll_arena_dup(c->env->arena, ll_str(en))}};
    c->nomem = c->nomem || !f->field || !f->text[LL_ZH] || !f->text[LL_EN];
    c->n++;
}

static bool listed(const char *words, struct ll_str word)
{
    struct ll_str rest = ll_str(words), one;

    while (rest.n) {
        ll_str_cut(rest, '|', &one, &rest);
        if (ll_str_eq(one, word))
            return true;
    }
    return false;
}

static bool in_table(const struct checking *c, const struct ll_form_field *field, struct ll_str code)
{
    const struct ll_codeset *codes = ll_catalog_codeset(c->env->cat, ll_str(field->words));

    return codes && ll_codeset_by_code(codes, code);
}

static bool may_list(const struct checking *c, const struct ll_form_field *field, struct ll_str one)
{
    switch (field->type) {
    case LL_FORM_CODES:
        return in_table(c, field, one);
    case LL_FORM_WORDS:
        return listed(field->words, one);
    case LL_FORM_NAMES:
        return !c->env->known || c->env->known(c->env->ctx, one);
    default:
        return ll_utf8_count(one) <= LL_FORM_LINE_BYTES / 3;
    }
}

static void check_list(struct checking *c, const struct ll_form_field *field, struct ll_str text)
{
    struct ll_str rest = text, one;

    while (rest.n) {
        char zh[LL_ERR_TEXT], en[LL_ERR_TEXT];
        ll_str_cut(rest, '|', &one, &rest);
        if (may_list(c, field, one))
            continue;
        if (field->type == LL_FORM_LINES) {
            fault(c, field->name, "有一行过长", "a line is too long");
            return;
        }
        snprintf(zh, sizeof zh, "没有代码 %.*s", LL_STR_ARG(one));
        snprintf(en, sizeof en, "there is no code %.*s", LL_STR_ARG(one));
        fault(c, field->name, zh, en);
        return;
    }
}

/* NAN: no such number. */
static double number(struct ll_str s, bool whole)
{
    char *end = NULL;
    int64_t i = 0;

    if (whole)
        return ll_str_i64(s, 0, INT64_C(1000000000), &i) ? (double)i : NAN;
    if (!s.n || s.n > 20 || strspn(s.p, "0123456789.") != s.n)
        return NAN;
    const double v = strtod(s.p, &end);
    return end == s.p + s.n ? v : NAN;
}

/* The field before, where it is the first of a pair with this one. */
static const struct ll_form_field *first_of_pair(const struct ll_form *form, size_t f)
{
    const struct ll_form_field *field = &form->kind->fields[f], *before = f ? field - 1 : NULL;

    if (!before || before->type != field->type || field->type == LL_FORM_DAY_COUNT)
        return NULL;
    return field->type == LL_FORM_DAY || strncmp(before->name, field->name, 4) == 0 ? before : NULL;
}

static void check_number(struct checking *c, size_t f)
{
    const struct ll_form_field *field = &c->form->kind->fields[f];
    const bool whole = field->type != LL_FORM_DECIMAL;
    const double v = number(c->form->text[f], whole), least = whole ? 1 : 0;
    char zh[LL_ERR_TEXT], en[LL_ERR_TEXT];

    if (!(v >= least && v <= (double)field->most)) {
        snprintf(zh, sizeof zh, "应为 %d 至 %lld 的%s", (int)least, (long long)field->most,
                 whole ? "整数" : "数");
        snprintf(en, sizeof en, "a %snumber from %d to %lld", whole ? "whole " : "", (int)least,
                 (long long)field->most);
        fault(c, field->name, zh, en);
    } else if (first_of_pair(c->form, f) && v < number(c->form->text[f - 1], whole)) {
        fault(c, field->name, "不能小于下限", "is below the lower bound");
    }
}

static bool is_day(struct ll_str s)
{
    enum { DAY_CHARS = 10 };
    int y = 0;
    unsigned m = 0, d = 0;
    char text[DAY_CHARS + 1];

    if (s.n != DAY_CHARS)
        return false;
    memcpy(text, s.p, DAY_CHARS);
    text[DAY_CHARS] = '\0';
    return strspn(text, "0123456789-") == DAY_CHARS && text[4] == '-' && text[7] == '-' &&
           sscanf(text, "%4d-%2u-%2u", &y, &m, &d) == 3 && ll_civil_valid(y, m, d);
}

static void check_day(struct checking *c, size_t f)
{
    const char *name = c->form->kind->fields[f].name;
    const struct ll_str day = c->form->text[f], before = f ? c->form->text[f - 1] : (struct ll_str){0};

    if (!is_day(day))
        fault(c, name, "应为日期，如 2026-01-31", "a day such as 2026-01-31");
    else if (first_of_pair(c->form, f) && is_day(before) && memcmp(day.p, before.p, day.n) < 0)
        fault(c, name, "不能早于开始日期", "is before it begins");
}

/* A link that a page may offer: nothing but https, no blanks, no quotes. */
static bool is_link(struct ll_str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] <= ' ' || (unsigned char)s.p[i] > '~' || strchr("\"'<>\\", s.p[i]))
            return false;
    return ll_str_starts(s, LL_STR("https://")) && s.n > strlen("https://");
}

static void check_text(struct checking *c, const struct ll_form_field *field, struct ll_str text)
{
    if (ll_utf8_count(text) > (size_t)field->most)
        fault(c, field->name, "过长", "is too long");
    else if ((field->type == LL_FORM_WORD && !listed(field->words, text)) ||
             (field->type == LL_FORM_CODE && !in_table(c, field, text)))
        fault(c, field->name, "没有这一种", "there is no such kind");
    else if (field->type == LL_FORM_LINK && !is_link(text))
        fault(c, field->name, "应为 https:// 开头的网址", "a link that begins with https://");
}

static void check_field(struct checking *c, size_t f)
{
    const struct ll_form_field *field = &c->form->kind->fields[f];
    const struct ll_str text = c->form->text[f];

    if (!text.n) {
        if (field->must)
            fault(c, field->name, "没有填写", "is missing");
    } else if (ll_form_is_list(field->type)) {
        check_list(c, field, text);
    } else if (field->type == LL_FORM_DECIMAL || field->type == LL_FORM_COUNT ||
               field->type == LL_FORM_DAY_COUNT) {
        check_number(c, f);
    } else if (field->type == LL_FORM_DAY) {
        check_day(c, f);
    } else if (field->type != LL_FORM_FLAG) {
        check_text(c, field, text);
    }
}

static int check_rules(struct checking *c, struct ll_err *err)
{
    size_t at = 0;

    for (size_t i = 0; i < c->form->n_rules; i++) {
        struct ll_str cells[LL_RULE_CELLS];
        char field[LL_FORM_FIELD_TEXT];
        struct ll_err why;
        struct ll_rule rule;
        at = i && c->form->rules[i - 1].group == c->form->rules[i].group ? at + 1 : 0;
        ll_form_cells(&c->form->rules[i], cells);
        const int rc = ll_rule_read(cells, c->env->set, c->env->arena, &rule, &why);
        if (rc == LL_OK)
            continue;
        if (rc != LL_INVALID)
            return ll_fail_texts(err, (enum ll_rc)rc, why.zh, why.en);
        snprintf(field, sizeof field, "groups.%zu.%zu", c->form->rules[i].group, at);
        fault(c, field, why.zh, why.en);
    }
    return LL_OK;
}

int ll_form_check(const struct ll_form *form, const struct ll_form_env *env, struct ll_form_fault **ret,
                  size_t *ret_n, struct ll_err *err)
{
    struct checking c = {.form = form, .env = env};
    int rc;

    if (!(c.faults = ll_arena_array(env->arena, LL_FORM_FAULTS, sizeof *c.faults)))
        return ll_no_memory(err);
    for (size_t f = 0; f < form->kind->n; f++)
        check_field(&c, f);
    if ((rc = check_rules(&c, err)) < 0)
        return rc;
    *ret = c.faults;
    *ret_n = c.n;
    return c.nomem ? ll_no_memory(err) : LL_OK;
}

static int put_said(struct ll_json *j, const struct ll_form_rule *r, void *ctx, struct ll_err *err)
{
    const struct ll_form_env *env = ctx;
    struct ll_str cells[LL_RULE_CELLS];
    struct ll_rule rule;
    int rc;

    ll_form_cells(r, cells);
    if ((rc = ll_rule_read(cells, env->set, env->arena, &rule, err)) == LL_INVALID) {
        ll_json_null(j);
        return LL_OK;
    }
    if (rc < 0)
        return rc;
    ll_json_obj(j);
    rc = ll_rule_put(j, &rule, err);
    ll_json_end_obj(j);
    return rc;
}

int ll_form_put_rules(struct ll_json *j, const struct ll_form *form, const struct ll_form_env *env,
                      struct ll_err *err)
{
    struct ll_form_env on = *env;

    return ll_form_put_groups(j, form, put_said, &on, err);
}

void ll_form_put_faults(struct ll_json *j, const struct ll_form_fault *faults, size_t n)
{
    ll_json_key(j, "faults");
    ll_json_arr(j);
    for (size_t i = 0; i < n; i++) {
        ll_json_obj(j);
        ll_json_kz(j, "field", faults[i].field);
        ll_json_kz(j, "text", faults[i].text[LL_ZH]);
        ll_json_kz(j, "text_en", faults[i].text[LL_EN]);
        ll_json_end_obj(j);
    }
    ll_json_end_arr(j);
}
