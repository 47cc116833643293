/* cmd_identify.c - identify: what an identifier is, whether it is valid, and what each part of it says. */
#include "cli/out.h"
#include "cli/session.h"

#include "standard/ident.h"

#include <stdio.h>
#include <string.h>

struct identity {
    enum ll_scheme scheme;
    enum ll_id_fault fault;
    char canon[LL_ID_MAX];
    size_t n;
    char why[256]; /* of the fault, in the language of output */
};

static int identify(const struct ll_cli *c, struct ll_str raw, struct identity *id, struct ll_err *err)
{
    const char *wanted = c->opts[LL_OPT_identify_scheme];

    *id = (struct identity){0};
    if (wanted) {
        if (!ll_scheme_parse(ll_str(wanted), &id->scheme))
            return ll_fail(err, LL_USAGE, "没有标识方案“%s”", "there is no scheme '%s'", wanted);
        id->fault = ll_id_check(id->scheme, raw, id->canon, &id->n);
    } else if (!ll_id_detect(raw, &id->scheme, id->canon, &id->n)) {
        id->fault = ll_id_nearest(raw, &id->scheme, id->canon, &id->n);
    }
    if (id->fault != LL_IDF_OK)
        ll_id_explain(id->scheme, (struct ll_str){id->canon, id->n}, id->fault, c->lang, id->why,
                      sizeof id->why);
    return LL_OK;
}

/* The table of regions, where a data folder holds one: without it a region is shown by its code alone. */
static const struct ll_codeset *open_regions(struct ll_cli *c, struct ll_data **data,
                                             struct ll_catalog **catalog)
{
    if (!ll_session_there(c) || ll_session_open(c, data, NULL) < 0 ||
        ll_data_catalog(*data, catalog, NULL) < 0)
        return NULL;
    return ll_catalog_codeset(*catalog, LL_STR("REGION"));
}

/* "江西省吉安市吉州区" */
static void region_name(const struct ll_codeset *regions, const char *code, char *out, size_t n)
{
    const struct ll_code *chain[4], *at = ll_codeset_by_code(regions, ll_str(code));
    size_t depth = 0;

    for (; at && depth < LL_COUNT(chain); at = at->parent.n ? ll_codeset_by_code(regions, at->parent) : NULL)
        chain[depth++] = at;
    out[0] = 0;
    while (depth-- > 0) {
        size_t used = strlen(out);
        snprintf(out + used, n - used, LL_STR_FMT, LL_STR_ARG(chain[depth]->title));
    }
}

/* Fills in what the identifier alone cannot tell; name holds the text. */
static void name_region(const struct ll_codeset *regions, struct ll_id_part *parts, size_t n, char *name,
                        size_t size)
{
    for (size_t i = 0; regions && i < n; i++) {
        if (strcmp(parts[i].en, "region") != 0)
            continue;
        region_name(regions, parts[i].value, name, size);
        if (name[0])
            parts[i].meaning_zh = parts[i].meaning_en = name;
    }
}

static void json_parts(struct ll_json *j, const struct ll_cli *c, const struct ll_id_part *parts, size_t n)
{
    ll_json_key(j, "parts");
    ll_json_arr(j);
    for (size_t i = 0; i < n; i++) {
        ll_json_obj(j);
        ll_json_kz(j, "name", parts[i].en);
        ll_json_kz(j, "title", ll_say(c, parts[i].zh, parts[i].en));
        ll_json_kz(j, "value", parts[i].value);
        ll_json_kz(j, "meaning", ll_say(c, parts[i].meaning_zh, parts[i].meaning_en));
        ll_json_end_obj(j);
    }
    ll_json_end_arr(j);
}

static void json_one(struct ll_json *j, const struct ll_cli *c, const char *value, const struct identity *id,
                     const struct ll_id_part *parts, size_t n_parts)
{
    struct ll_str canon = {id->canon, id->n};
    enum ll_kind kind;

    ll_json_obj(j);
    ll_json_kz(j, "value", value);
    ll_json_kz(j, "scheme", ll_scheme_name(id->scheme));
    ll_json_kb(j, "valid", id->fault == LL_IDF_OK);
    ll_json_ks(j, "canonical", canon);
    ll_json_kz(j, "fault", id->fault == LL_IDF_OK ? NULL : id->why);
    ll_json_kz(j, "kind",
               id->fault == LL_IDF_OK && ll_id_kind(id->scheme, canon, &kind) ? ll_kind_name(kind) : NULL);
    json_parts(j, c, parts, n_parts);
    ll_json_end_obj(j);
}

static int text_one(struct ll_cli *c, const char *value, const struct identity *id,
                    const struct ll_id_part *parts, size_t n_parts, struct ll_err *err)
{
    static const struct ll_column columns[] = {{"part", "组成部分", "part", LL_LEFT},
                                               {"value", "值", "value", LL_LEFT},
                                               {"meaning", "含义", "meaning", LL_LEFT}};
    struct ll_str canon = {id->canon, id->n};
    enum ll_kind kind;

    ll_out_safe(&c->out, ll_str(value));
    ll_out_line(c, "：%s，%s", ": %s, %s", ll_scheme_title(id->scheme, c->lang),
                id->fault == LL_IDF_OK ? ll_say(c, "有效", "valid") : id->why);
    if (id->fault == LL_IDF_OK && ll_id_kind(id->scheme, canon, &kind))
        ll_out_line(c, "规范形式 %s，主体类型：%s", "canonical form %s, kind of subject: %s", id->canon,
                    ll_kind_title(kind, c->lang));
    if (n_parts == 0)
        return LL_OK;
    struct ll_grid *t = ll_grid_new(c, columns, LL_COUNT(columns));
    for (size_t i = 0; i < n_parts; i++) {
        ll_grid_z(t, ll_say(c, parts[i].zh, parts[i].en));
        ll_grid_z(t, parts[i].value);
        ll_grid_z(t, ll_say(c, parts[i].meaning_zh, parts[i].meaning_en));
    }
    return ll_grid_end(t, err);
}

static int show_one(struct ll_cli *c, const struct ll_codeset *regions, struct ll_json *j, const char *value,
                    bool *bad, struct ll_err *err)
{
    struct ll_id_part parts[LL_ID_PARTS];
    struct identity id;
    char name[256];
    int rc = identify(c, ll_str(value), &id, err);

    if (rc < 0)
        return rc;
    size_t n = ll_id_parts(id.scheme, (struct ll_str){id.canon, id.n}, parts);
    name_region(regions, parts, n, name, sizeof name);
    *bad = id.fault != LL_IDF_OK;
    if (!c->json)
        return text_one(c, value, &id, parts, n, err);
    json_one(j, c, value, &id, parts, n);
    return LL_OK;
}

int ll_cmd_identify(struct ll_cli *c, struct ll_err *err)
{
    struct ll_catalog *catalog = NULL;
    struct ll_data *data = NULL;
    const struct ll_codeset *regions = open_regions(c, &data, &catalog);
    struct ll_json j;
    size_t bad_ones = 0;
    int rc = LL_OK;

    ll_json_init(&j, &c->out);
    if (c->json)
        ll_json_arr(&j);
    for (size_t i = 0; i < c->n_args && rc == LL_OK; i++) {
        bool bad = false;
        if (i)
            ll_out_line(c, "%s", "%s", "");
        rc = show_one(c, regions, &j, c->args[i], &bad, err);
        bad_ones += bad;
    }
    if (c->json) {
        ll_json_end_arr(&j);
        ll_buf_c(&c->out, '\n');
    }
    ll_catalog_unref(catalog);
    ll_data_close(data);
    if (rc == LL_OK && bad_ones)
        return ll_fail(err, LL_INVALID, "%zu 个标识中有 %zu 个无效", "of %zu identifiers %zu are not valid",
                       c->n_args, bad_ones);
    return rc;
}
