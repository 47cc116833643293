/* institution.c - see institution.h. */
#include "apps/finance/institution_change.h"

#include "base/clock.h"
#include "standard/codes.h"
#include "store/rows.h"

#include <stdio.h>
#include <string.h>

enum { REGIONS_BYTES = LL_INSTITUTION_REGIONS * 16 };
#define KINDS "FIN_INSTITUTION_KIND" /* code table of pack finance */

/* ---- rows ---- */

#define COLUMNS                                                                                                              \
    "i.id, i.organisation, o.name, o.name_en, i.kind, i.licence, i.parent, i.contact, i.phone, i.about, i.about_en,"         \
    " i.regions, i.created_at, i.changed_at,"                                                                                \
    " (SELECT count(*) FROM finance_product p WHERE p.organisation = i.organisation AND p.state = 'published') AS products," \
    " coalesce(c.asked_at, 0), c.kind, c.licence, c.parent, i.state"
#define FROM                                                                                                 \
    " FROM finance_institution i JOIN organisation o ON o.code = i.organisation LEFT JOIN"                   \
    " finance_institution_change c ON c.institution = i.id AND c.state = 'open'"

static int read_rest(struct ll_stmt *s, struct ll_arena *arena, void *row, struct ll_err *err)
{
    struct ll_institution *i = row;

    (void)arena, (void)err;
    i->state = ll_state_parse(LL_FLOW_INSTITUTION, ll_col_text(s, 19));
    return LL_OK;
}

static const struct ll_row_column columns[] = {
    LL_ROW(TEXT, ll_institution, id),          LL_ROW(TEXT, ll_institution, organisation),
    LL_ROW(TEXT, ll_institution, title),       LL_ROW(TEXT, ll_institution, title_en),
    LL_ROW(TEXT, ll_institution, kind),        LL_ROW(TEXT, ll_institution, licence),
    LL_ROW(TEXT, ll_institution, parent),      LL_ROW(TEXT, ll_institution, contact),
    LL_ROW(TEXT, ll_institution, phone),       LL_ROW(TEXT, ll_institution, about),
    LL_ROW(TEXT, ll_institution, about_en),    LL_ROW(TEXT, ll_institution, regions),
    LL_ROW(INT, ll_institution, created_at),   LL_ROW(INT, ll_institution, changed_at),
    LL_ROW(INT, ll_institution, products),     LL_ROW(INT, ll_institution, asked_at),
    LL_ROW(TEXT, ll_institution, asked_kind),  LL_ROW(TEXT, ll_institution, asked_licence),
    LL_ROW(TEXT, ll_institution, asked_parent)};
static const struct ll_row_form form = {columns, LL_COUNT(columns), sizeof(struct ll_institution), read_rest};

static int find(const struct ll_market_env *env, const char *organisation, struct ll_institution *ret,
                struct ll_err *err)
{
    return ll_row_get(env->tx, &form, "SELECT " COLUMNS FROM " WHERE i.organisation = $1", organisation,
                      env->arena, ret, err);
}

int ll_institution_get(const struct ll_market_env *env, const char *organisation, struct ll_institution *ret,
                       struct ll_err *err)
{
    int rc = find(env, organisation, ret, err);

    if (rc == 0)
        return ll_fail(err, LL_NOTFOUND, "%.40s 不是本平台的金融机构",
                       "%.40s is no financial institution of this platform", organisation);
    return rc < 0 ? rc : LL_OK;
}

int ll_institutions_list(const struct ll_market_env *env, const struct ll_institution_query *q,
                         struct ll_institution **ret, size_t *ret_n, int64_t *ret_total, struct ll_err *err)
{
#define WHERE                                                                                                     \
    " WHERE ($1 IS NULL OR i.organisation = $1) AND ($2 IS NULL OR i.state = $2) AND ($3 IS NULL OR i.kind = $3)" \
    " AND ($4 IS NULL OR instr(o.name, $4) > 0 OR instr(o.name_en, $4) > 0)"
    const struct ll_row_arg args[] = {LL_ARG_Z(q->organisation), LL_ARG_Z(q->state), LL_ARG_Z(q->kind),
                                      LL_ARG_Z(q->q)};
    static const struct ll_row_order list[] = {{"title", "o.name"},      {"kind", "i.kind"},
                                               {"licence", "i.licence"}, {"products", "products"},
                                               {"state", "i.state"},     {"changed", "i.changed_at"}};
    static const struct ll_row_orders orders = {list, LL_COUNT(list),
                                                "i.state = 'proposed' OR c.asked_at IS NOT NULL DESC, o.name",
                                                "i.organisation"};
    const struct ll_row_page page = LL_ROW_PAGE(COLUMNS, FROM WHERE, orders, args, q);
    void *rows = NULL;
    int rc = ll_row_list(env->tx, &form, &page, env->arena, &rows, ret_n, ret_total, err);

    *ret = rows;
    return rc;
#undef WHERE
}

/* ---- what it says ---- */

static bool has(const struct ll_catalog *cat, const char *table, const char *code)
{
    const struct ll_codeset *codes = ll_catalog_codeset(cat, ll_str(table));

    return codes && ll_codeset_by_code(codes, ll_str(code));
}

static int check(const struct ll_market_env *env, const char *organisation,
                 const struct ll_institution_said *said, char regions[REGIONS_BYTES], struct ll_err *err)
{
    size_t at = 0;

    if (!ll_catalog_organisation(env->cat, ll_str(organisation)))
        return ll_fail(err, LL_NOTFOUND, "没有机构 %.40s", "there is no organisation %.40s", organisation);
    if (!has(env->cat, KINDS, said->kind))
        return ll_fail(err, LL_INVALID, "kind：没有机构类型 %.8s", "kind: there is no kind %.8s", said->kind);
    if (said->parent &&
        (strcmp(said->parent, organisation) == 0 || !ll_catalog_organisation(env->cat, ll_str(said->parent))))
        return ll_fail(err, LL_INVALID, "parent：没有上级机构 %.40s",
                       "parent: there is no such organisation above it: %.40s", said->parent);
    if (!said->n_regions)
        return ll_fail(err, LL_INVALID, "regions：至少写一个服务区域", "regions: at least one is served");
    regions[0] = 0;
    for (size_t i = 0; i < said->n_regions; i++) {
        if (!has(env->cat, "REGION", said->regions[i]))
            return ll_fail(err, LL_INVALID, "regions：没有行政区划 %.16s",
                           "regions: there is no region %.16s", said->regions[i]);
        at += (size_t)snprintf(regions + at, REGIONS_BYTES - at, "%s%s", at ? "|" : "", said->regions[i]);
    }
    return LL_OK;
}

struct ll_flow_object ll_institution_object(const struct ll_institution *i)
{
    return (struct ll_flow_object){.flow = LL_FLOW_INSTITUTION,
                                   .id = i->id,
                                   .state = i->state,
                                   .applicant = i->organisation,
                                   .facts = i->asked_at ? LL_FACT_ASKED : LL_FACT_ALWAYS};
}

static int step(const struct ll_market_env *env, struct ll_institution *i, const struct ll_flow_act *act,
                struct ll_err *err)
{
    const struct ll_flow_object o = ll_institution_object(i);
    const struct ll_flow_step *taken = NULL;
    int rc = ll_flow_take(env->tx, &o, act, &taken, err);

    if (rc == LL_OK)
        i->state = taken->to;
    return rc;
}

static int put_row(const struct ll_market_env *env, const struct ll_institution *i,
                   const struct ll_institution_said *said, const char *regions, struct ll_err *err)
{
    return ll_exec(
        env->tx, err,
        "INSERT INTO finance_institution (id, organisation, kind, licence, regions, parent, contact, phone,"
        " about, about_en, state, created_at, changed_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12) ON CONFLICT (organisation) DO UPDATE SET"
        " kind = excluded.kind, licence = excluded.licence, regions = excluded.regions, parent = excluded.parent,"
        " contact = excluded.contact, phone = excluded.phone, about = excluded.about, about_en = excluded.about_en,"
        " state = excluded.state, changed_at = excluded.changed_at",
        "zzzzzzzzzzzi", i->id, i->organisation, said->kind, said->licence, regions, said->parent,
        said->contact, said->phone, said->about, said->about_en, ll_state_word(i->state), ll_now_ms());
}

static bool same(const char *a, const char *b)
{
    return strcmp(a ? a : "", b ? b : "") == 0;
}

static bool says_else(const struct ll_institution *now, const struct ll_institution_said *said,
                      const char *regions)
{
    return !same(now->regions, regions) || !same(now->contact, said->contact) ||
           !same(now->phone, said->phone) || !same(now->about, said->about) ||
           !same(now->about_en, said->about_en);
}

static int begin(const struct ll_market_env *env, const char *organisation,
                 const struct ll_institution_said *said, const char *regions, struct ll_err *err)
{
    char id[LL_FLOW_ID_TEXT];
    struct ll_institution i = {
        .id = id, .organisation = organisation, .state = LL_STATE_INSTITUTION_PROPOSED};

    ll_flow_new_id('I', id);
    const struct ll_flow_object o = ll_institution_object(&i);
    int rc = ll_flow_begin(env->tx, &o, env->actor, err);
    return rc < 0 ? rc : put_row(env, &i, said, regions, err);
}

/* What the platform has looked at is asked for, the rest holds at once. */
static int change_listed(const struct ll_market_env *env, struct ll_institution *i,
                         const struct ll_institution_said *said, const char *regions, struct ll_err *err)
{
    const bool asks = !same(i->kind, said->kind) || !same(i->licence, said->licence) ||
                      !same(i->parent, said->parent);
    const struct ll_flow_act act = {.action = "change", .actor = env->actor};
    struct ll_institution_said rest = *said;
    int rc = asks ? ll_institution_change_ask(env, i, said, err) : LL_OK;

    if (rc < 0 || (asks && !says_else(i, said, regions)))
        return rc;
    rest.kind = i->kind;
    rest.licence = i->licence;
    rest.parent = i->parent;
    return (rc = step(env, i, &act, err)) < 0 ? rc : put_row(env, i, &rest, regions, err);
}

int ll_institution_say(const struct ll_market_env *env, const char *organisation,
                       const struct ll_institution_said *said, struct ll_err *err)
{
    char regions[REGIONS_BYTES];
    struct ll_flow_act act = {.action = "change", .actor = env->actor};
    struct ll_institution i;
    int rc = check(env, organisation, said, regions, err);

    if (rc < 0 || (rc = find(env, organisation, &i, err)) < 0)
        return rc;
    if (rc == 0)
        return begin(env, organisation, said, regions, err);
    if (i.state == LL_STATE_INSTITUTION_LISTED || i.state == LL_STATE_INSTITUTION_SUSPENDED)
        return change_listed(env, &i, said, regions, err);
    if (i.state == LL_STATE_INSTITUTION_DELISTED)
        act.action = "propose";
    return (rc = step(env, &i, &act, err)) < 0 ? rc : put_row(env, &i, said, regions, err);
}

int ll_institution_act(const struct ll_market_env *env, const char *organisation,
                       const struct ll_flow_act *act, struct ll_err *err)
{
    struct ll_institution i;
    int rc = ll_institution_get(env, organisation, &i, err);

    if (rc < 0)
        return rc;
    if (strcmp(act->action, "change") == 0 || strcmp(act->action, "propose") == 0 ||
        strcmp(act->action, "ask") == 0)
        return ll_fail(err, LL_USAGE, "修改时须写明内容", "a change has to say what it changes to");
    if ((rc = ll_institution_change_check(&i, act->action, err)) < 0 || (rc = step(env, &i, act, err)) < 0 ||
        (i.asked_at && (rc = ll_institution_change_end(env, &i, act->action, err)) < 0))
        return rc;
    return ll_exec(env->tx, err, "UPDATE finance_institution SET state = $1, changed_at = $2 WHERE id = $3",
                   "ziz", ll_state_word(i.state), ll_now_ms(), i.id);
}

/* ---- answers ---- */

static void put_kind(struct ll_json *j, const struct ll_catalog *cat, const char *kind)
{
    const struct ll_codeset *kinds = ll_catalog_codeset(cat, LL_STR(KINDS));
    const struct ll_code *c = kinds ? ll_codeset_by_code(kinds, ll_str(kind)) : NULL;

    ll_json_kz(j, "kind", kind);
    ll_json_ks(j, "kind_title", c ? c->title : ll_str(kind));
    ll_json_kz(j, "kind_title_en", c && c->title_en.n ? c->title_en.p : NULL);
}

static void put_parent(struct ll_json *j, const struct ll_catalog *cat, const char *code)
{
    const struct ll_organisation *o = code ? ll_catalog_organisation(cat, ll_str(code)) : NULL;

    ll_json_kz(j, "parent", code);
    ll_json_kz(j, "parent_title", o ? o->name : NULL);
}

static void put_asked(struct ll_json *j, const struct ll_catalog *cat, const struct ll_institution *i)
{
    char at[LL_TIME_TEXT];

    ll_json_key(j, "asked");
    if (!i->asked_at) {
        ll_json_null(j);
        return;
    }
    ll_json_obj(j);
    put_kind(j, cat, i->asked_kind);
    ll_json_kz(j, "licence", i->asked_licence);
    put_parent(j, cat, i->asked_parent);
    ll_json_kz(j, "asked_at", ll_time_text(i->asked_at, at));
    ll_json_end_obj(j);
}

static void put_regions(struct ll_json *j, const struct ll_catalog *cat, const char *list)
{
    const struct ll_codeset *codes = ll_catalog_codeset(cat, LL_STR("REGION"));
    struct ll_str rest = ll_str(list), one;

    ll_json_key(j, "regions");
    ll_json_arr(j);
    while (rest.n) {
        ll_str_cut(rest, '|', &one, &rest);
        const struct ll_code *c = codes ? ll_codeset_by_code(codes, one) : NULL;
        ll_json_obj(j);
        ll_json_ks(j, "code", one);
        ll_json_ks(j, "title", c ? c->title : one);
        ll_json_kz(j, "title_en", c && c->title_en.n ? c->title_en.p : NULL);
        ll_json_end_obj(j);
    }
    ll_json_end_arr(j);
}

void ll_institution_put(struct ll_json *j, const struct ll_catalog *cat, const struct ll_institution *i,
                        bool whole)
{
    char at[LL_TIME_TEXT];

    ll_json_kz(j, "code", i->organisation);
    ll_json_kz(j, "title", i->title);
    ll_json_kz(j, "title_en", i->title_en);
    put_kind(j, cat, i->kind);
    ll_json_kz(j, "licence", i->licence);
    put_regions(j, cat, i->regions);
    put_parent(j, cat, i->parent);
    ll_json_kz(j, "phone", i->phone);
    ll_json_kz(j, "about", i->about);
    ll_json_kz(j, "about_en", i->about_en);
    ll_json_ki(j, "products", i->state == LL_STATE_INSTITUTION_LISTED ? i->products : 0);
    if (!whole)
        return;
    ll_json_kz(j, "id", i->id);
    ll_json_kz(j, "contact", i->contact);
    put_asked(j, cat, i);
    ll_state_put(j, i->state);
    ll_json_kz(j, "created_at", ll_time_text(i->created_at, at));
    ll_json_kz(j, "changed_at", ll_time_text(i->changed_at, at));
}
