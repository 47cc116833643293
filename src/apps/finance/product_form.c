/* product_form.c - see product_form.h. */
#include "apps/finance/product_impl.h"

#include "standard/codes.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WORD_OF(id, word, zh, en) word "|"
#define LL_PRODUCT_KIND_WORDS LL_PRODUCT_KINDS(WORD_OF)

enum { CELL_BYTES = 4000, FIELD_SHOWN = 32, CODE_CHARS = 64, VALUE_CHARS = 400 };

enum field_kind { TEXT, WORD, DECIMAL, COUNT, DAY_COUNT, CODES, WORDS, FLAG };
static const struct {
    const char *name;
    enum field_kind kind;
    bool must;
    int64_t most;
    const char *words; /* or the code table */
    const char *title[2];
} fields[LL_PF_COUNT] = {
#define X(id, name, kind, must, most, words, zh, en) {name, kind, must, most, words, {zh, en}},
    LL_PRODUCT_FIELDS(X)
#undef X
};

const char *ll_product_field_name(enum ll_product_field f)
{
    return fields[f].name;
}

/* ---- reading ---- */

static int wrong_shape(const char *field, struct ll_err *err)
{
    return ll_fail(err, LL_USAGE, "%.40s：没有这一项，或写法不对",
                   "%.40s: there is no such field, or it is of another shape", field);
}

static bool is_list(enum field_kind k)
{
    return k == CODES || k == WORDS;
}

/* The words of an array, divided by |. */
static int read_list(const char *field, const json_t *list, int64_t most, struct ll_arena *arena,
                     struct ll_str *ret, struct ll_err *err)
{
    char text[CELL_BYTES];
    size_t at = 0;

    if (!json_is_array(list) || json_array_size(list) > (size_t)most)
        return wrong_shape(field, err);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *one = json_array_get(list, i);
        const size_t n = json_string_length(one);
        if (!json_is_string(one) || !n || n > CODE_CHARS || strchr(json_string_value(one), '|'))
            return wrong_shape(field, err);
        at += (size_t)snprintf(text + at, sizeof text - at, "%s%s", at ? "|" : "", json_string_value(one));
    }
    *ret = ll_str(ll_arena_dup(arena, (struct ll_str){text, at}));
    return ret->p ? LL_OK : ll_no_memory(err);
}

static int read_field(size_t f, const json_t *value, struct ll_arena *arena, struct ll_str *ret,
                      struct ll_err *err)
{
    if (is_list(fields[f].kind))
        return read_list(fields[f].name, value, fields[f].most, arena, ret, err);
    if (fields[f].kind == FLAG) {
        *ret = json_is_true(value) ? LL_STR("Y") : LL_STR("N");
        return json_is_boolean(value) ? LL_OK : wrong_shape(fields[f].name, err);
    }
    if (!json_is_string(value) || json_string_length(value) > CELL_BYTES)
        return wrong_shape(fields[f].name, err);
    const struct ll_str text = ll_str_trim(
        (struct ll_str){json_string_value(value), json_string_length(value)});
    *ret = ll_str(ll_arena_dup(arena, text));
    return ret->p ? LL_OK : ll_no_memory(err);
}

static int read_rule(const json_t *json, size_t group, struct ll_arena *arena, struct ll_form_rule *ret,
                     struct ll_err *err)
{
    const struct {
        const char *name;
        struct ll_str *to;
        size_t most;
    } members[] = {{"indicator", &ret->indicator, CODE_CHARS},
                   {"operator", &ret->op, CODE_CHARS},
                   {"value", &ret->value, VALUE_CHARS}};

    if (!json_is_object(json) || json_object_size(json) != LL_COUNT(members))
        return wrong_shape("groups", err);
    ret->group = group;
    for (size_t i = 0; i < LL_COUNT(members); i++) {
        const json_t *v = json_object_get(json, members[i].name);
        if (!json_is_string(v) || json_string_length(v) > members[i].most)
            return wrong_shape("groups", err);
        *members[i].to = ll_str(
            ll_arena_dup(arena, ll_str_trim((struct ll_str){json_string_value(v), json_string_length(v)})));
        if (!members[i].to->p)
            return ll_no_memory(err);
    }
    return LL_OK;
}

static int read_groups(const json_t *groups, struct ll_arena *arena, struct ll_product_form *ret,
                       struct ll_err *err)
{
    int rc = LL_OK;

    if (!groups)
        return LL_OK;
    if (!json_is_array(groups) || json_array_size(groups) > LL_FORM_GROUPS)
        return wrong_shape("groups", err);
    ret->rules = ll_arena_array(arena, LL_FORM_GROUPS * LL_FORM_ALTERNATIVES, sizeof *ret->rules);
    if (!ret->rules)
        return ll_no_memory(err);
    for (size_t g = 0; g < json_array_size(groups); g++) {
        const json_t *rules = json_array_get(groups, g);
        if (!json_is_array(rules) || !json_array_size(rules) || json_array_size(rules) > LL_FORM_ALTERNATIVES)
            return wrong_shape("groups", err);
        for (size_t i = 0; i < json_array_size(rules) && rc == LL_OK; i++)
            if ((rc = read_rule(json_array_get(rules, i), g, arena, &ret->rules[ret->n_rules], err)) == LL_OK)
                ret->n_rules++;
    }
    return rc;
}

int ll_product_form_read(const json_t *json, struct ll_arena *arena, struct ll_product_form *ret,
                         struct ll_err *err)
{
    size_t known = json_object_get(json, "groups") != NULL;
    int rc = json_is_object(json) ? LL_OK : wrong_shape("form", err);

    *ret = (struct ll_product_form){.rules = NULL};
    for (size_t f = 0; f < LL_PF_COUNT && rc == LL_OK; f++) {
        const json_t *value = json_object_get(json, fields[f].name);
        ret->text[f] = fields[f].kind == FLAG ? LL_STR("N") : LL_STR("");
        known += value != NULL;
        if (value)
            rc = read_field(f, value, arena, &ret->text[f], err);
    }
    if (rc == LL_OK && known != json_object_size(json))
        rc = ll_fail(err, LL_USAGE, "form 中有不认识的项", "form has a field that nobody asked for");
    return rc < 0 ? rc : read_groups(json_object_get(json, "groups"), arena, ret, err);
}

int ll_product_form_parse(struct ll_str text, struct ll_arena *arena, struct ll_product_form *ret,
                          struct ll_err *err)
{
    json_t *json = json_loadb(text.p, text.n, 0, NULL);
    int rc = ll_product_form_read(json, arena, ret, err);

    json_decref(json);
    return rc;
}

/* ---- writing ---- */

static void put_words(struct ll_json *j, struct ll_str list)
{
    struct ll_str rest = list, one;

    ll_json_arr(j);
    while (rest.n) {
        ll_str_cut(rest, '|', &one, &rest);
        ll_json_str(j, one);
    }
    ll_json_end_arr(j);
}

/* Groups of rules, each written by put. */
static int put_groups(struct ll_json *j, const struct ll_product_form *form,
                      int (*put)(struct ll_json *j, const struct ll_form_rule *r, void *ctx,
                                 struct ll_err *err),
                      void *ctx, struct ll_err *err)
{
    int rc = LL_OK;

    ll_json_key(j, "groups");
    ll_json_arr(j);
    for (size_t i = 0; i < form->n_rules && rc == LL_OK; i++) {
        const bool first = !i || form->rules[i - 1].group != form->rules[i].group,
                   last = i + 1 == form->n_rules || form->rules[i + 1].group != form->rules[i].group;
        if (first)
            ll_json_arr(j);
        rc = put(j, &form->rules[i], ctx, err);
        if (last)
            ll_json_end_arr(j);
    }
    ll_json_end_arr(j);
    return rc;
}

static int put_written(struct ll_json *j, const struct ll_form_rule *r, void *ctx, struct ll_err *err)
{
    (void)ctx, (void)err;
    ll_json_obj(j);
    ll_json_ks(j, "indicator", r->indicator);
    ll_json_ks(j, "operator", r->op);
    ll_json_ks(j, "value", r->value);
    ll_json_end_obj(j);
    return LL_OK;
}

void ll_product_form_put(struct ll_json *j, const struct ll_product_form *form)
{
    ll_json_obj(j);
    for (size_t f = 0; f < LL_PF_COUNT; f++) {
        ll_json_key(j, fields[f].name);
        if (is_list(fields[f].kind))
            put_words(j, form->text[f]);
        else if (fields[f].kind == FLAG)
            ll_json_bool(j, ll_str_is(form->text[f], "Y"));
        else
            ll_json_str(j, form->text[f]);
    }
    (void)!put_groups(j, form, put_written, NULL, NULL);
    ll_json_end_obj(j);
}

/* ---- what it says ---- */

struct checking {
    const struct ll_product_form *form;
    const struct ll_catalog *cat;
    struct ll_arena *arena;
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
        .field = ll_arena_dup(c->arena, ll_str(field)),
        .text = {ll_arena_dup(c->arena, ll_str(zh)), ll_arena_dup(c->arena, ll_str(en))}};
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

static void check_list(struct checking *c, size_t f)
{
    const struct ll_codeset *codes = fields[f].kind == CODES
                                         ? ll_catalog_codeset(c->cat, ll_str(fields[f].words))
                                         : NULL;
    struct ll_str rest = c->form->text[f], one;

    while (rest.n) {
        char zh[LL_ERR_TEXT], en[LL_ERR_TEXT];
        ll_str_cut(rest, '|', &one, &rest);
        if (fields[f].kind == CODES ? codes && ll_codeset_by_code(codes, one) : listed(fields[f].words, one))
            continue;
        snprintf(zh, sizeof zh, "没有代码 %.*s", LL_STR_ARG(one));
        snprintf(en, sizeof en, "there is no code %.*s", LL_STR_ARG(one));
        fault(c, fields[f].name, zh, en);
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

/* The lower and the upper of a pair stand beside each other. */
static void check_number(struct checking *c, size_t f)
{
    const bool whole = fields[f].kind != DECIMAL;
    const double v = number(c->form->text[f], whole), least = whole ? 1 : 0;
    char zh[LL_ERR_TEXT], en[LL_ERR_TEXT];

    if (!(v >= least && v <= (double)fields[f].most)) {
        snprintf(zh, sizeof zh, "应为 %d 至 %lld 的%s", (int)least, (long long)fields[f].most,
                 whole ? "整数" : "数");
        snprintf(en, sizeof en, "a %snumber from %d to %lld", whole ? "whole " : "", (int)least,
                 (long long)fields[f].most);
        fault(c, fields[f].name, zh, en);
    } else if (f && fields[f - 1].kind == fields[f].kind && fields[f].kind != DAY_COUNT &&
               strncmp(fields[f - 1].name, fields[f].name, 4) == 0 &&
               v < number(c->form->text[f - 1], whole)) {
        fault(c, fields[f].name, "不能小于下限", "is below the lower bound");
    }
}

static void check_field(struct checking *c, size_t f)
{
    const struct ll_str text = c->form->text[f];

    if (!text.n) {
        if (fields[f].must)
            fault(c, fields[f].name, "没有填写", "is missing");
        return;
    }
    switch (fields[f].kind) {
    case TEXT:
        if (ll_utf8_count(text) > (size_t)fields[f].most)
            fault(c, fields[f].name, "过长", "is too long");
        break;
    case WORD:
        if (!listed(fields[f].words, text))
            fault(c, fields[f].name, "没有这一种", "there is no such kind");
        break;
    case CODES:
    case WORDS:
        check_list(c, f);
        break;
    case FLAG:
        break;
    default:
        check_number(c, f);
    }
}

/* basis: what an institution says of itself is its own. */
static void rule_cells(const struct ll_form_rule *r, struct ll_str cells[LL_RULE_CELLS])
{
    cells[0] = r->indicator;
    cells[1] = r->op;
    cells[2] = r->value;
    cells[3] = LL_STR("own");
}

static int check_rules(struct checking *c, const struct ll_feature_set *set, struct ll_err *err)
{
    size_t at = 0;

    for (size_t i = 0; i < c->form->n_rules; i++) {
        struct ll_str cells[LL_RULE_CELLS];
        char field[FIELD_SHOWN];
        struct ll_err why;
        struct ll_rule rule;
        at = i && c->form->rules[i - 1].group == c->form->rules[i].group ? at + 1 : 0;
        rule_cells(&c->form->rules[i], cells);
        const int rc = ll_rule_read(cells, set, c->arena, &rule, &why);
        if (rc == LL_OK)
            continue;
        if (rc != LL_INVALID)
            return ll_fail_texts(err, (enum ll_rc)rc, why.zh, why.en);
        snprintf(field, sizeof field, "groups.%zu.%zu", c->form->rules[i].group, at);
        fault(c, field, why.zh, why.en);
    }
    return LL_OK;
}

int ll_product_form_check(const struct ll_product_form *form, const struct ll_feature_set *set,
                          const struct ll_catalog *cat, struct ll_arena *arena, struct ll_form_fault **ret,
                          size_t *ret_n, struct ll_err *err)
{
    struct checking c = {.form = form, .cat = cat, .arena = arena};
    int rc;

    if (!(c.faults = ll_arena_array(arena, LL_FORM_FAULTS, sizeof *c.faults)))
        return ll_no_memory(err);
    for (size_t f = 0; f < LL_PF_COUNT; f++)
        check_field(&c, f);
    if ((rc = check_rules(&c, set, err)) < 0)
        return rc;
    *ret = c.faults;
    *ret_n = c.n;
    return c.nomem ? ll_no_memory(err) : LL_OK;
}

struct wording {
    const struct ll_feature_set *set;
    struct ll_arena *arena;
};

static int put_said(struct ll_json *j, const struct ll_form_rule *r, void *ctx, struct ll_err *err)
{
    const struct wording *w = ctx;
    struct ll_str cells[LL_RULE_CELLS];
    struct ll_rule rule;
    int rc;

    rule_cells(r, cells);
    if ((rc = ll_rule_read(cells, w->set, w->arena, &rule, err)) == LL_INVALID) {
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

int ll_product_form_put_rules(struct ll_json *j, const struct ll_product_form *form,
                              const struct ll_feature_set *set, struct ll_arena *arena, struct ll_err *err)
{
    struct wording w = {.set = set, .arena = arena};

    return put_groups(j, form, put_said, &w, err);
}

/* ---- the product ---- */

struct owned {
    const struct ll_product_form *form;
    const struct ll_product_owner *owner;
};

static struct ll_str cell_of(void *ctx, const char *column)
{
    const struct owned *o = ctx;
    const struct {
        const char *column, *text;
    } given[] = {{"product", o->owner->code},
                 {"institution", o->owner->title[LL_ZH]},
                 {"institution_en", o->owner->title[LL_EN] ? o->owner->title[LL_EN] : o->owner->title[LL_ZH]},
                 {"organisation", o->owner->organisation},
                 {"sample", "N"},
                 {"basis", "own"},
                 {"source", o->owner->title[LL_ZH]}};

    for (size_t i = 0; i < LL_COUNT(given); i++)
        if (strcmp(column, given[i].column) == 0)
            return ll_str(given[i].text);
    for (size_t f = 0; f < LL_PF_COUNT; f++)
        if (strcmp(column, fields[f].name) == 0)
            return f == LL_PF_TITLE_EN && !o->form->text[f].n ? o->form->text[LL_PF_TITLE] : o->form->text[f];
    return LL_STR("");
}

int ll_product_form_add(const struct ll_product_form *form, const struct ll_product_owner *owner,
                        struct ll_products *all, size_t *n_rules, struct ll_arena *arena, struct ll_err *err)
{
    struct ll_product_rule_cells *rules = ll_arena_array(arena, form->n_rules + 1, sizeof *rules);
    char name[FIELD_SHOWN];
    struct owned o = {.form = form, .owner = owner};

    if (!rules)
        return ll_no_memory(err);
    for (size_t i = 0; i < form->n_rules; i++) {
        snprintf(name, sizeof name, "group%zu", form->rules[i].group);
        if (!(rules[i].group = ll_str(ll_arena_dup(arena, ll_str(name)))).p)
            return ll_no_memory(err);
        rule_cells(&form->rules[i], rules[i].cells);
    }
    return ll_product_add(all, n_rules, arena, cell_of, &o, rules, form->n_rules, err);
}
