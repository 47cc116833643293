/* enterprise.c - see enterprise.h: the profile from base resources by look-ups, and how it is told. */
#include "apps/finance/enterprise_impl.h"

#include "base/clock.h"
#include "catalog/pack.h"
#include "share/record.h"
#include "standard/convert.h"

#include <stdlib.h>
#include <string.h>

enum { SOURCES_MAX = 64, RECORDS_MAX = 200, KEY_TEXT = 1 << 16 };

#define BASE LL_ENT_BASE
#define EITHER LL_ENT_EITHER
#define FIRM LL_ENT_FIRM
#define X(id, name, zh, en, who, most) {name, {zh, en}, who, most},
const struct ll_enterprise_about ll_enterprise_fields[LL_ENT_FIELDS] = {LL_ENTERPRISE_FIELDS(X)};
#undef X
#undef BASE
#undef EITHER
#undef FIRM

const char *ll_enterprise_field_name(enum ll_enterprise_field f)
{
    return ll_enterprise_fields[f].name;
}

/* ---- where fields come from ---- */

enum column { FIELD, RESOURCE, ITEM, LATEST_BY, COLUMNS };
static const char *const columns[COLUMNS] = {"field", "resource", "item", "latest_by"};

struct source {
    size_t field;
    const struct ll_resource *resource;
    const struct ll_item *item, *latest_by;
};
struct reading {
    const struct ll_enterprise_env *env;
    struct source sources[SOURCES_MAX];
    size_t n;
};

static int take_source(void *ctx, const char *pack, const struct ll_str *cells, struct ll_err *err)
{
    struct reading *r = ctx;
    const struct ll_resource *res = ll_catalog_resource(r->env->cat, cells[RESOURCE]);
    struct source s = {.resource = res, .item = res ? ll_resource_item(res, cells[ITEM]) : NULL};

    (void)pack;
    while (s.field < LL_ENT_FIELDS && !ll_str_is(cells[FIELD], ll_enterprise_fields[s.field].name))
        s.field++;
    if (s.field == LL_ENT_FIELDS || ll_enterprise_fields[s.field].who == LL_ENT_FIRM)
        return ll_fail(err, LL_INVALID, "enterprise_fields.csv：没有可由基础数据填写的字段 %.*s",
                       "enterprise_fields.csv: there is no field %.*s that base resources tell",
                       LL_STR_ARG(cells[FIELD]));
    if (!s.item)
        return LL_OK;
    if (r->n == SOURCES_MAX)
        return ll_fail(err, LL_TOOBIG, "enterprise_fields.csv 超过 %d 行",
                       "enterprise_fields.csv has more than %d rows", SOURCES_MAX);
    s.latest_by = cells[LATEST_BY].n ? ll_resource_item(res, cells[LATEST_BY]) : NULL;
    r->sources[r->n++] = s;
    return LL_OK;
}

/* ---- the records ---- */

static const struct ll_item *subject_item(const struct ll_resource *r)
{
    for (size_t i = 0; i < r->n_items; i++)
        if (r->items[i].role == LL_ROLE_SUBJECT)
            return &r->items[i];
    return NULL;
}

static struct ll_str text_of(struct ll_seg_value v, struct ll_arena *arena)
{
    char *text = v.kind == LL_SV_TEXT  ? ll_arena_dup(arena, v.s)
                 : v.kind == LL_SV_INT ? ll_arena_printf(arena, "%lld", (long long)v.i)
                                       : NULL;

    return ll_str(text);
}

/* Numbers by their value, anything else by its text. */
static int order_of(struct ll_seg_value a, struct ll_str latest)
{
    char *end = NULL;
    double x = a.kind == LL_SV_INT    ? (double)a.i
               : a.kind == LL_SV_TEXT ? strtod(a.s.p, &end)
                                      : 0,
           y = latest.n ? strtod(latest.p, NULL) : 0;

    if (!latest.p)
        return 1;
    if (a.kind == LL_SV_TEXT && (end == a.s.p || *end))
        return ll_str_cmp(a.s, latest);
    return x > y ? 1 : x < y ? -1 : 0;
}

/* The record that the table stands on gives the fields that its resource has and that nothing before it told. */
static int take_record(struct reading *r, const struct ll_resource *res, struct ll_table *t,
                       struct ll_str *latest, struct ll_enterprise *e, struct ll_err *err)
{
    for (size_t i = 0; i < r->n; i++) {
        const struct source *s = &r->sources[i];
        struct ll_enterprise_value *v = &e->values[s->field];
        if (s->resource != res || (v->from == LL_ENT_FROM_BASE && v->resource != res))
            continue;
        struct ll_seg_value by = s->latest_by ? ll_record_value(res, (size_t)(s->latest_by - res->items), t)
                                              : (struct ll_seg_value){.kind = LL_SV_NULL};
        struct ll_seg_value value = ll_record_value(res, (size_t)(s->item - res->items), t);
        if (value.kind == LL_SV_NULL || (value.kind == LL_SV_TEXT && !value.s.n) ||
            (v->from == LL_ENT_FROM_BASE && (!s->latest_by || order_of(by, latest[i]) <= 0)))
            continue;
        latest[i] = text_of(by, r->env->arena);
        *v = (struct ll_enterprise_value){.from = LL_ENT_FROM_BASE,
                                          .text = text_of(value, r->env->arena),
                                          .resource = res,
                                          .item = s->item,
                                          .published_at = ll_table_published_at(t)};
        if (!v->text.p)
            return ll_no_memory(err);
    }
    return LL_OK;
}

/* 1: it is shared. */
static int is_shared(const struct reading *r, const struct ll_resource *res, struct ll_table *t,
                     struct ll_buf *key, struct ll_err *err)
{
    struct ll_json j;

    if (!r->env->marks)
        return 1;
    ll_buf_clear(key);
    ll_json_init(&j, key);
    ll_record_put_key(res, t, false, &j);
    return key->failed ? ll_no_memory(err) : !ll_marks_withheld(r->env->marks, res->name, ll_buf_view(key));
}

static int scan(struct reading *r, const struct ll_resource *res, struct ll_table *t, struct ll_str uscc,
                struct ll_enterprise *e, struct ll_err *err)
{
    const struct ll_item *subject = subject_item(res);
    struct ll_str latest[SOURCES_MAX] = {{NULL, 0}};
    struct ll_buf key = LL_BUF_INIT(KEY_TEXT);
    int more = 0, rc = subject ? ll_table_scan_by(t, subject->name, uscc, false, err) : LL_OK;

    for (size_t n = 0; subject && rc >= 0 && n < RECORDS_MAX && (more = ll_table_next(t, err)) > 0; n++)
        if ((rc = is_shared(r, res, t, &key, err)) > 0)
            rc = take_record(r, res, t, latest, e, err);
    ll_table_rewind(t);
    ll_buf_free(&key);
    return more < 0 ? more : rc < 0 ? rc : LL_OK;
}

/* Each resource once, in the order of the rows. */
static int read_base(struct reading *r, struct ll_str uscc, struct ll_enterprise *e, struct ll_err *err)
{
    int rc = LL_OK;

    for (size_t i = 0; i < r->n && rc == LL_OK; i++) {
        const struct ll_resource *res = r->sources[i].resource;
        struct ll_table *t = NULL;
        size_t first = 0;
        bool any = false;
        while (r->sources[first].resource != res)
            first++;
        if (first < i)
            continue;
        if (r->env->marks && (rc = ll_marks_any(r->env->marks, res->name, &any, err)) < 0)
            break;
        if ((rc = ll_tables_take(r->env->tables, res->name, &t, err)) == LL_OK)
            rc = scan(r, res, t, uscc, e, err);
        ll_tables_give(r->env->tables, t);
    }
    return rc;
}

/* ---- the whole ---- */

static int64_t number_of(const struct ll_enterprise_value *v)
{
    return v->from == LL_ENT_FROM_NOBODY ? -1 : (int64_t)strtod(v->text.p, NULL);
}

static int classify(const struct ll_enterprise_env *env, struct ll_enterprise *e, struct ll_err *err)
{
    const struct ll_size_rule *rules = NULL;
    const struct ll_size_facts facts = {.industry = e->values[LL_ENT_INDUSTRY].text.p,
                                        .value = {number_of(&e->values[LL_ENT_EMPLOYEES]),
                                                  number_of(&e->values[LL_ENT_REVENUE]),
                                                  number_of(&e->values[LL_ENT_ASSETS])}};
    size_t n = 0;
    int rc = ll_size_rules_read(env->tx, env->arena, &rules, &n, err);

    if (rc == LL_OK)
        e->size = ll_size_of(rules, n, &facts);
    return rc;
}

int ll_enterprise_read(const struct ll_enterprise_env *env, const char *subject, struct ll_str uscc,
                       struct ll_enterprise *ret, struct ll_err *err)
{
    struct reading r = {.env = env};
    int rc;

    *ret = (struct ll_enterprise){.state = LL_STATE_COUNT};
    if ((rc = ll_pack_use_each(env->tx, NULL, "enterprise_fields.csv", columns, COLUMNS, take_source, &r,
                               err)) < 0 ||
        (rc = read_base(&r, uscc, ret, err)) < 0)
        return rc;
    if (ret->values[LL_ENT_USCC].from == LL_ENT_FROM_NOBODY)
        return ll_fail(err, LL_NOTFOUND, "基础数据中没有这家企业",
                       "the base resources do not know this enterprise");
    if ((rc = ll_enterprise_row(env, subject, ret, err)) < 0 || (rc = classify(env, ret, err)) < 0 ||
        (rc = ll_enterprise_verified(env, subject, uscc, ret, err)) < 0)
        return rc;
    for (size_t f = 0; f < LL_ENT_FIELDS; f++)
        ret->known += ret->values[f].from != LL_ENT_FROM_NOBODY;
    return LL_OK;
}

/* ---- told ---- */

static void put_code(const struct ll_enterprise_env *env, const struct ll_enterprise_value *v, size_t field,
                     struct ll_json *j)
{
    const struct ll_codeset *set = v->item ? v->item->codes
                                   : field == LL_ENT_INDUSTRY
                                       ? ll_catalog_codeset(env->cat, LL_STR("INDUSTRY"))
                                       : NULL;
    const struct ll_code *c = set && v->text.n ? ll_codeset_by_code(set, v->text) : NULL;

    ll_json_kz(j, "code_title", c ? c->title.p : NULL);
    ll_json_kz(j, "code_title_en", c && c->title_en.n ? c->title_en.p : NULL);
}

static void put_field(const struct ll_enterprise_env *env, const struct ll_enterprise *e, size_t f,
                      struct ll_json *j)
{
    static const char *const from[] = {NULL, "base", "firm"};
    static const char *const tellers[] = {"base", "either", "firm"};
    const struct ll_enterprise_value *v = &e->values[f];
    const struct ll_enterprise_about *about = &ll_enterprise_fields[f];
    char at[LL_TIME_TEXT];

    ll_json_obj(j);
    ll_json_kz(j, "field", about->name);
    ll_json_kz(j, "title", about->title[LL_ZH]);
    ll_json_kz(j, "title_en", about->title[LL_EN]);
    ll_json_kz(j, "teller", tellers[about->who]);
    ll_json_kb(j, "number", about->most == 0);
    ll_json_key(j, "value");
    if (v->from == LL_ENT_FROM_NOBODY)
        ll_json_null(j);
    else
        ll_json_str(j, v->text);
    put_code(env, v, f, j);
    ll_json_kz(j, "from", from[v->from]);
    ll_json_kz(j, "resource", v->resource ? v->resource->name : NULL);
    ll_json_kz(j, "resource_title", v->resource ? v->resource->title : NULL);
    ll_json_kz(j, "resource_title_en", v->resource ? v->resource->title_en : NULL);
    ll_json_kz(j, "provider_name", v->resource ? v->resource->provider_name : NULL);
    ll_json_kz(j, "published_at", v->published_at ? ll_time_text(v->published_at, at) : NULL);
    ll_json_end_obj(j);
}

static void put_size(const struct ll_size_found *s, struct ll_json *j)
{
    static const char *const measures[] = {"persons", "revenue", "assets"};
    const struct ll_size_rule *any = NULL;

    ll_json_key(j, "size");
    ll_json_obj(j);
    ll_json_kz(j, "class", ll_size_word(s->size));
    ll_json_kz(j, "title", ll_size_title(s->size, LL_ZH));
    ll_json_kz(j, "title_en", ll_size_title(s->size, LL_EN));
    ll_json_kz(j, "code", ll_size_code(s->size));
    ll_json_kz(j, "reason", ll_size_reason_word(s->reason));
    ll_json_kz(j, "reason_title", ll_size_reason_title(s->reason, LL_ZH));
    ll_json_kz(j, "reason_title_en", ll_size_reason_title(s->reason, LL_EN));
    ll_json_key(j, "measures");
    ll_json_arr(j);
    for (size_t m = 0; m < LL_SIZE_MEASURES; m++) {
        if (!s->rule[m])
            continue;
        any = s->rule[m];
        ll_json_obj(j);
        ll_json_kz(j, "measure", measures[m]);
        ll_json_ki(j, "large", any->least[LL_SIZE_LARGE]);
        ll_json_ki(j, "medium", any->least[LL_SIZE_MEDIUM]);
        ll_json_ki(j, "small", any->least[LL_SIZE_SMALL]);
        ll_json_kz(j, "class", ll_size_word(s->by[m]));
        ll_json_end_obj(j);
    }
    ll_json_end_arr(j);
    ll_json_kz(j, "industry", any ? any->industry[LL_ZH] : NULL);
    ll_json_kz(j, "industry_en", any ? any->industry[LL_EN] : NULL);
    ll_json_kz(j, "basis", any ? any->basis : NULL);
    ll_json_kz(j, "source", any ? any->source : NULL);
    ll_json_end_obj(j);
}

static void put_auth(const struct ll_enterprise *e, struct ll_json *j)
{
    static const struct {
        const char *code, *zh, *en;
    } told[] = {
        [LL_ENT_AUTH_NONE] = {"0", "法定代表人未认证", "legal representative not verified"},
        [LL_ENT_AUTH_DONE] = {"1", "法定代表人已认证", "legal representative verified"},
        [LL_ENT_AUTH_FAILED] = {"2", "认证失败：与登记的法定代表人不符",
                                "not verified: not the legal representative whom the registration names"}};
    char at[LL_TIME_TEXT];

    ll_json_kz(j, "auth_status", told[e->auth].code);
    ll_json_kz(j, "auth_title", told[e->auth].zh);
    ll_json_kz(j, "auth_title_en", told[e->auth].en);
    ll_json_kz(j, "auth_at", e->auth_at ? ll_time_text(e->auth_at, at) : NULL);
}

void ll_enterprise_put(const struct ll_enterprise_env *env, const struct ll_enterprise *e, struct ll_json *j)
{
    char at[LL_TIME_TEXT];

    ll_json_kz(j, "id", e->id);
    ll_json_kz(j, "state", e->id ? ll_state_word(e->state) : NULL);
    ll_json_kz(j, "registered_at", e->registered_at ? ll_time_text(e->registered_at, at) : NULL);
    ll_json_kz(j, "changed_at", e->changed_at ? ll_time_text(e->changed_at, at) : NULL);
    ll_json_ki(j, "known", (int64_t)e->known);
    ll_json_ki(j, "of", LL_ENT_FIELDS);
    ll_json_key(j, "fields");
    ll_json_arr(j);
    for (size_t f = 0; f < LL_ENT_FIELDS; f++)
        put_field(env, e, f, j);
    ll_json_end_arr(j);
    put_size(&e->size, j);
    put_auth(e, j);
}
