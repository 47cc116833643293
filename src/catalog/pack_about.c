/* pack_about.c - pack.json, and the packs that it needs. */
#include "catalog/pack_reader.h"

#include "catalog/name.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

static const char file[] = "pack.json";

enum about_kind { ABOUT_TEXT, ABOUT_BOTH, ABOUT_LIST, ABOUT_BOOL };
static const struct {
    const char *name;
    enum about_kind kind;
    bool must;
} fields[] = {
    {"name", ABOUT_TEXT, true},   {"version", ABOUT_TEXT, true}, {"title", ABOUT_BOTH, true},
    {"needs", ABOUT_LIST, false}, {"sample", ABOUT_BOOL, false}, {"description", ABOUT_BOTH, false},
};
static const char *const forms[] = {"\"...\"", "{\"zh\": \"...\", \"en\": \"...\"}", "[\"...\"]",
                                    "true / false"};

/* jansson keeps no positions: the line of a field is where its quoted name first stands. */
static struct ll_place at_field(const struct ll_pr *pr, const char *name)
{
    const struct ll_pack_file *f = ll_pr_file(pr, file);
    struct ll_place at = {.file = file};
    char quoted[80];

    int n = snprintf(quoted, sizeof quoted, "\"%s\"", name);
    bool fits = n > 0 && (size_t)n < sizeof quoted;
    const char *p = f && fits ? memmem(f->text.p, f->text.n, quoted, (size_t)n) : NULL;
    if (!p)
        return at;
    at.line = at.column = 1;
    for (const char *q = f->text.p; q < p; q++) {
        at.line += *q == '\n';
        at.column = *q == '\n' ? 1 : at.column + 1;
    }
    at.column_name = name;
    return at;
}

static bool kind_ok(json_t *v, enum about_kind kind)
{
    size_t i;
    json_t *each;
    const char *key;

    switch (kind) {
    case ABOUT_TEXT:
        return json_is_string(v) && json_string_length(v) > 0 && json_string_length(v) < 4000;
    case ABOUT_BOTH:
        json_object_foreach(v, key, each) if ((strcmp(key, "zh") != 0 && strcmp(key, "en") != 0) ||
                                              !json_is_string(each)) return false;
        return json_is_string(json_object_get(v, "zh"));
    case ABOUT_LIST:
        json_array_foreach(v, i, each) if (!json_is_string(each)) return false;
        return json_is_array(v) && json_array_size(v) <= 64;
    default:
        return json_is_boolean(v);
    }
}

static void unknown_field(struct ll_pr *pr, const char *name)
{
    struct ll_near near = ll_near_start(ll_str(name));

    for (size_t i = 0; i < LL_COUNT(fields); i++)
        ll_near_try(&near, ll_str(fields[i].name));
    ll_problem_error(pr->ps, at_field(pr, name),
                     "没有字段“%s”%s%.*s；可用的字段：name, version, title, needs, sample, description",
                     "there is no field '%s'%s%.*s; known fields: name, version, title, needs, sample, "
                     "description",
                     name, near.best.n ? " -> " : "", LL_STR_ARG(near.best));
}

static void check_fields(struct ll_pr *pr, json_t *root)
{
    const char *key;
    json_t *v;

    json_object_foreach(root, key, v)
    {
        size_t i = 0;
        while (i < LL_COUNT(fields) && strcmp(fields[i].name, key) != 0)
            i++;
        if (i == LL_COUNT(fields))
            unknown_field(pr, key);
        else if (!kind_ok(v, fields[i].kind))
            ll_problem_error(pr->ps, at_field(pr, key), "字段“%s”应写成 %s",
                             "field '%s' must be of the form %s", key, forms[fields[i].kind]);
    }
    for (size_t i = 0; i < LL_COUNT(fields); i++)
        if (fields[i].must && !json_object_get(root, fields[i].name))
            ll_problem_error(pr->ps, (struct ll_place){.file = file, .column_name = fields[i].name},
                             "缺少字段“%s”", "field '%s' is missing", fields[i].name);
}

static const char *text_of(struct ll_pr *pr, json_t *v)
{
    const char *z = json_string_value(v);

    return z && z[0] ? ll_arena_dup(pr->arena, ll_str(z)) : NULL;
}

static bool version_ok(const char *v)
{
    unsigned a, b, c;
    char tail;

    return strlen(v) < 24 && sscanf(v, "%u.%u.%u%c", &a, &b, &c, &tail) == 3 &&
           strspn(v, "0123456789.") == strlen(v);
}

static void check_identity(struct ll_pr *pr, const struct ll_pack_info *info)
{
    if (info->name && ll_name_check(ll_str(info->name)) != LL_NAME_OK)
        ll_problem_error(pr->ps, at_field(pr, "name"),
                         "场景包名称“%s”应以小写字母开头，只含小写字母、数字和下划线，且不是 SQL 关键字",
                         "pack name '%s' must start with a small letter, hold only small letters, digits and "
                         "underscores, and be no SQL keyword",
                         info->name);
    if (info->version && !version_ok(info->version))
        ll_problem_error(pr->ps, at_field(pr, "version"), "版本“%s”应写成三段数字，如 1.2.0",
                         "version '%s' must be three numbers, like 1.2.0", info->version);
}

/* A needed pack and all that it needs in turn. */
static int need(struct ll_pr *pr, const char *name)
{
    const struct ll_pack_info *there = pr->known ? ll_catalog_pack(pr->known, ll_str(name)) : NULL;

    if (!there) {
        pr->incomplete = true;
        ll_problem_error(pr->ps, at_field(pr, "needs"),
                         "需要的场景包 %s 尚未加载；请先加载它（或把它放在同一文件夹下）。对它的引用未核对",
                         "the needed pack %s is not loaded; load it first (or put it beside this one).  "
                         "References into it were not checked",
                         name);
        return LL_OK;
    }
    int rc = ll_index_add(&pr->needed, ll_str(there->name), there);
    if (rc <= 0)
        return rc < 0 ? ll_pr_nomem(pr) : LL_OK;
    for (size_t i = 0; i < there->n_needs; i++)
        if ((rc = need(pr, there->needs[i])) < 0)
            return rc;
    return LL_OK;
}

static int read_needs(struct ll_pr *pr, struct ll_pack_info *info, json_t *list)
{
    size_t n = json_is_array(list) ? json_array_size(list) : 0;
    int rc = LL_OK;

    info->needs = ll_arena_array(pr->arena, n, sizeof *info->needs);
    if (!info->needs)
        return ll_pr_nomem(pr);
    for (size_t i = 0; i < n && rc == LL_OK; i++) {
        const char *name = text_of(pr, json_array_get(list, i));
        if (!name || (info->name && strcmp(name, info->name) == 0)) {
            ll_problem_error(pr->ps, at_field(pr, "needs"), "needs 中有空名或场景包自身",
                             "needs holds an empty name, or the pack itself");
            continue;
        }
        info->needs[info->n_needs++] = name;
        rc = need(pr, name);
    }
    return rc;
}

static int read_info(struct ll_pr *pr, json_t *root)
{
    struct ll_pack_info *info = &pr->pack->info;
    json_t *title = json_object_get(root, "title"), *about = json_object_get(root, "description");

    info->name = text_of(pr, json_object_get(root, "name"));
    info->version = text_of(pr, json_object_get(root, "version"));
    info->title = text_of(pr, json_object_get(title, "zh"));
    info->title_en = text_of(pr, json_object_get(title, "en"));
    info->description = text_of(pr, json_object_get(about, "zh"));
    info->description_en = text_of(pr, json_object_get(about, "en"));
    info->sample = json_is_true(json_object_get(root, "sample"));
    check_fields(pr, root);
    check_identity(pr, info);
    return read_needs(pr, info, json_object_get(root, "needs"));
}

int ll_pr_about(struct ll_pr *pr)
{
    const struct ll_pack_file *f = ll_pr_file(pr, file);
    json_error_t why;

    if (!f) {
        ll_problem_error(pr->ps, (struct ll_place){.file = file}, "缺少 pack.json：每个场景包都要有",
                         "pack.json is missing; every pack has one");
        return LL_OK;
    }
    struct ll_str text = f->text;
    if (ll_str_starts(text, LL_STR("\xef\xbb\xbf"))) {
        text.p += 3;
        text.n -= 3;
    }
    json_t *root = json_loadb(text.p, text.n, JSON_REJECT_DUPLICATES, &why);
    if (!json_is_object(root)) {
        struct ll_place at = {file, root ? 1 : (uint64_t)(why.line > 0 ? why.line : 0), 0, NULL};
        ll_problem_error(pr->ps, at, "不是有效的 JSON 对象：%s", "not a valid JSON object: %s",
                         root ? "{...}" : why.text);
        json_decref(root);
        return LL_OK;
    }
    int rc = read_info(pr, root);
    json_decref(root);
    return rc;
}
