/* form.c - see form.h. */
#include "apps/finance/form_impl.h"

#include <stdio.h>
#include <string.h>

enum { CELL_BYTES = 4000, CODE_CHARS = 64, VALUE_CHARS = 400 };

/* ---- reading ---- */

static int wrong_shape(const char *field, struct ll_err *err)
{
    return ll_fail(err, LL_USAGE, "%.40s：没有这一项，或写法不对",
                   "%.40s: there is no such field, or it is of another shape", field);
}

bool ll_form_is_list(enum ll_form_type t)
{
    return t == LL_FORM_CODES || t == LL_FORM_WORDS || t == LL_FORM_NAMES || t == LL_FORM_LINES;
}

/* The words of an array, divided by |. */
static int read_list(const struct ll_form_field *field, const json_t *list, struct ll_arena *arena,
                     struct ll_str *ret, struct ll_err *err)
{
    const size_t longest = field->type == LL_FORM_LINES ? LL_FORM_LINE_BYTES : CODE_CHARS;
    char text[CELL_BYTES];
    size_t at = 0;

    if (!json_is_array(list) || json_array_size(list) > (size_t)field->most)
        return wrong_shape(field->name, err);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *one = json_array_get(list, i);
        const size_t n = json_string_length(one);
        if (!json_is_string(one) || !n || n > longest || strchr(json_string_value(one), '|') ||
            at + n + 2 > sizeof text)
            return wrong_shape(field->name, err);
        at += (size_t)snprintf(text + at, sizeof text - at, "%s%s", at ? "|" : "", json_string_value(one));
    }
    *ret = ll_str(ll_arena_dup(arena, (struct ll_str){text, at}));
    return ret->p ? LL_OK : ll_no_memory(err);
}

static int read_field(const struct ll_form_field *field, const json_t *value, struct ll_arena *arena,
                      struct ll_str *ret, struct ll_err *err)
{
    if (ll_form_is_list(field->type))
        return read_list(field, value, arena, ret, err);
    if (field->type == LL_FORM_FLAG) {
        *ret = json_is_true(value) ? LL_STR("Y") : LL_STR("N");
        return json_is_boolean(value) ? LL_OK : wrong_shape(field->name, err);
    }
    if (!json_is_string(value) || json_string_length(value) > CELL_BYTES)
        return wrong_shape(field->name, err);
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

static int read_groups(const json_t *groups, struct ll_arena *arena, struct ll_form *ret, struct ll_err *err)
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

int ll_form_read(const struct ll_form_kind *kind, const json_t *json, struct ll_arena *arena,
                 struct ll_form *ret, struct ll_err *err)
{
    size_t known = json_object_get(json, "groups") != NULL;
    int rc = json_is_object(json) ? LL_OK : wrong_shape("form", err);

    *ret = (struct ll_form){.kind = kind};
    for (size_t f = 0; f < kind->n && rc == LL_OK; f++) {
        const json_t *value = json_object_get(json, kind->fields[f].name);
        ret->text[f] = kind->fields[f].type == LL_FORM_FLAG ? LL_STR("N") : LL_STR("");
        known += value != NULL;
        if (value)
            rc = read_field(&kind->fields[f], value, arena, &ret->text[f], err);
    }
    if (rc == LL_OK && known != json_object_size(json))
        rc = ll_fail(err, LL_USAGE, "form 中有不认识的项", "form has a field that nobody asked for");
    return rc < 0 ? rc : read_groups(json_object_get(json, "groups"), arena, ret, err);
}

int ll_form_parse(const struct ll_form_kind *kind, struct ll_str text, struct ll_arena *arena,
                  struct ll_form *ret, struct ll_err *err)
{
    json_t *json = json_loadb(text.p, text.n, 0, NULL);
    int rc = ll_form_read(kind, json, arena, ret, err);

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

int ll_form_put_groups(struct ll_json *j, const struct ll_form *form, ll_form_put_rule_fn *put, void *ctx,
                       struct ll_err *err)
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

void ll_form_put(struct ll_json *j, const struct ll_form *form)
{
    ll_json_obj(j);
    for (size_t f = 0; f < form->kind->n; f++) {
        const struct ll_form_field *field = &form->kind->fields[f];
        ll_json_key(j, field->name);
        if (ll_form_is_list(field->type))
            put_words(j, form->text[f]);
        else if (field->type == LL_FORM_FLAG)
            ll_json_bool(j, ll_str_is(form->text[f], "Y"));
        else
            ll_json_str(j, form->text[f]);
    }
    (void)!ll_form_put_groups(j, form, put_written, NULL, NULL);
    ll_json_end_obj(j);
}

/* ---- for whoever makes something of it ---- */

/* basis: what an organisation says of itself is its own. */
void ll_form_cells(const struct ll_form_rule *r, struct ll_str cells[LL_RULE_CELLS])
{
    cells[0] = r->indicator;
    cells[1] = r->op;
    cells[2] = r->value;
    cells[3] = LL_STR("own");
}

struct ll_str ll_form_text(const struct ll_form *form, const char *name)
{
    for (size_t f = 0; f < form->kind->n; f++)
        if (strcmp(name, form->kind->fields[f].name) == 0)
            return f == LL_FORM_TITLE_EN && !form->text[f].n ? form->text[LL_FORM_TITLE] : form->text[f];
    return LL_STR("");
}

int ll_form_rule_cells(const struct ll_form *form, struct ll_arena *arena, struct ll_target_rule_cells **ret,
                       struct ll_err *err)
{
    struct ll_target_rule_cells *rules = ll_arena_array(arena, form->n_rules + 1, sizeof *rules);
    char name[LL_FORM_FIELD_TEXT];

    if (!rules)
        return ll_no_memory(err);
    for (size_t i = 0; i < form->n_rules; i++) {
        snprintf(name, sizeof name, "group%zu", form->rules[i].group);
        if (!(rules[i].group = ll_str(ll_arena_dup(arena, ll_str(name)))).p)
            return ll_no_memory(err);
        ll_form_cells(&form->rules[i], rules[i].cells);
    }
    *ret = rules;
    return LL_OK;
}
