/* pack_load.c - applies a pack to the store in one transaction, or not at all.
 *
 * (1) The pack was checked against one state of the catalogue; if that is no longer the state, nothing is done (LL_BUSY).
 * (2) Same content: nothing is done.  Lower version, or other content under the same version: refused.
 * (3) What would break is collected first; if there is any, nothing is done (LL_CONFLICT).
 * (4) The search index is made anew from the catalogue as it is inside the transaction. */
#include "catalog/body.h"
#include "catalog/pack_diff.h"
#include "catalog/search.h"
#include "catalog/service.h"

#include "base/clock.h"

#include <stdio.h>
#include <string.h>

enum { BODY_MAX = 64 << 20, NEEDS_MAX = 64 << 10 };

struct loading {
    struct ll_txn *tx;
    const struct ll_pack *p;
    struct ll_pack *old; /* as it is loaded now; NULL: it is not */
    struct ll_problems *breaks;
    struct ll_load_result *result;
    struct ll_err *err;
};

static int check_fresh(struct loading *l)
{
    uint64_t now;
    struct ll_stmt *s = NULL;
    int rc = ll_catalog_store_generation(l->tx, &now, l->err);

    if (rc < 0)
        return rc;
    if (l->p->known && ll_catalog_generation(l->p->known) == now)
        return LL_OK;
    if (!l->p->known) {
        rc = ll_sql(l->tx, "SELECT 1 FROM pack LIMIT 1", &s, l->err);
        if (rc == LL_OK)
            rc = ll_step(s, l->err);
        ll_stmt_done(s);
        if (rc <= 0)
            return rc;
    }
    return ll_fail(l->err, LL_BUSY, "读取场景包之后目录已有变化，请重试",
                   "the catalogue changed since the pack was read; try again");
}

static int version_order(const char *a, const char *b)
{
    unsigned x[3] = {0}, y[3] = {0};

    sscanf(a, "%u.%u.%u", &x[0], &x[1], &x[2]);
    sscanf(b, "%u.%u.%u", &y[0], &y[1], &y[2]);
    for (int i = 0; i < 3; i++)
        if (x[i] != y[i])
            return x[i] < y[i] ? -1 : 1;
    return 0;
}

/* 1: there is something to do; 0: nothing. */
static int check_version(struct loading *l)
{
    const struct ll_pack_info *old = l->old ? &l->old->info : NULL, *new = &l->p->info;

    if (!old)
        return 1;
    snprintf(l->result->old_version, sizeof l->result->old_version, "%s", old->version);
    if (strcmp(old->sha256, new->sha256) == 0)
        return 0;
    int order = version_order(new->version, old->version);
    if (order < 0)
        return ll_fail(l->err, LL_CONFLICT, "场景包 %s 已加载版本 %s，不能换成较低的 %s",
                       "pack %s is loaded in version %s and cannot go back to %s", new->name, old->version,
                       new->version);
    if (order == 0)
        return ll_fail(
            l->err, LL_CONFLICT, "场景包 %s 的内容变了而版本仍是 %s；请提高 pack.json 中的 version",
            "the content of pack %s changed but its version is still %s; raise version in pack.json",
            new->name, old->version);
    return 1;
}

/* Deliveries are what makes a resource someone's. */
static int deliveries(struct loading *l, const char *resource, int64_t *n)
{
    struct ll_stmt *s = NULL;
    int rc = ll_sql(l->tx, "SELECT count(*) FROM delivery WHERE resource = $1", &s, l->err);

    if (rc < 0)
        return rc;
    ll_bind_z(s, 1, resource);
    rc = ll_step(s, l->err);
    if (rc > 0)
        *n = ll_col_int(s, 0);
    ll_stmt_done(s);
    return rc < 0 ? rc : LL_OK;
}

static const char *file_of(enum ll_change_kind kind)
{
    static const char *const files[LL_CHANGE_KINDS] = {
        [LL_CHANGE_PACK] = "pack.json",
        [LL_CHANGE_ELEMENT] = "elements.csv",
        [LL_CHANGE_CODE] = "codes",
        [LL_CHANGE_ORGANISATION] = "organisations.csv",
        [LL_CHANGE_RESOURCE] = "resources.csv",
        [LL_CHANGE_ITEM] = "items.csv",
        [LL_CHANGE_MAPPING] = "mappings",
        [LL_CHANGE_CHECK] = "checks.csv",
        [LL_CHANGE_VIEW] = "views",
        [LL_CHANGE_SERVICE] = "services.csv",
        [LL_CHANGE_PAGE] = "pages.json",
    };

    return files[kind];
}

static void report(struct loading *l, const struct ll_change *ch)
{
    static const char *const zh[] = {"新增", "删除", "修改"}, *const en[] = {"added", "removed", "changed"};

    if (l->breaks)
        ll_problem_error(l->breaks, (struct ll_place){.file = file_of(ch->kind)}, "%s%.0s%s%.0s %s：%s%.0s",
                         "%.0s%s %.0s%s %s: %.0s%s", zh[ch->what], en[ch->what],
                         ll_change_kind_title(ch->kind, LL_ZH), ll_change_kind_title(ch->kind, LL_EN),
                         ch->name, ch->zh, ch->en);
}

static int collect_breaks(struct loading *l, const struct ll_diff *d, size_t *n)
{
    for (size_t i = 0; i < d->n; i++) {
        const struct ll_change *ch = &d->list[i];
        int64_t used = 0;
        int rc = LL_OK;
        if (ch->breaks) {
            report(l, ch);
            ++*n;
        } else if (ch->kind == LL_CHANGE_RESOURCE && ch->what == LL_CHANGE_REMOVED) {
            rc = deliveries(l, ch->name, &used);
        }
        if (rc < 0)
            return rc;
        if (used) {
            report(l, ch);
            ++*n;
        }
    }
    return LL_OK;
}

static int check_breaks(struct loading *l)
{
    struct ll_diff *d = NULL;
    size_t n = 0;
    int rc = ll_pack_diff(l->old, l->p, l->p->known, &d, l->err);

    if (rc == LL_OK)
        rc = collect_breaks(l, d, &n);
    ll_diff_free(d);
    if (rc < 0 || !n)
        return rc;
    return ll_fail(
        l->err, LL_CONFLICT, "场景包 %s 有 %zu 处改动会破坏已有的使用；请改回，或提高相应数据资源的 version",
        "pack %s has %zu changes that would break what is in use; undo them, or raise the version of "
        "the resources concerned",
        l->p->info.name, n);
}

static int put_pack(struct loading *l)
{
    const struct ll_pack_info *p = &l->p->info;
    struct ll_buf needs = LL_BUF_INIT(NEEDS_MAX);
    struct ll_json j;

    ll_json_init(&j, &needs);
    ll_json_arr(&j);
    for (size_t i = 0; i < p->n_needs; i++)
        ll_json_z(&j, p->needs[i]);
    ll_json_end_arr(&j);
    int rc = ll_exec(
        l->tx, l->err,
        "INSERT INTO pack (name, version, title, title_en, description, description_en, sample, sha256,"
        " loaded_at, needs) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
        " ON CONFLICT (name) DO UPDATE SET version = excluded.version, title = excluded.title,"
        " title_en = excluded.title_en, description = excluded.description,"
        " description_en = excluded.description_en, sample = excluded.sample, sha256 = excluded.sha256,"
        " loaded_at = excluded.loaded_at, needs = excluded.needs",
        "zzzzzzizis", p->name, p->version, p->title, p->title_en, p->description, p->description_en,
        (int64_t)p->sample, p->sha256, ll_now_ms(), ll_buf_view(&needs));
    ll_buf_free(&needs);
    return rc;
}

static int put_elements(struct loading *l)
{
    char type[LL_TYPE_TEXT_MAX];
    int rc = ll_exec(l->tx, l->err, "DELETE FROM element WHERE pack = $1", "z", l->p->info.name);

    for (size_t i = 0; i < l->p->n_elements && rc == LL_OK; i++) {
        const struct ll_element *e = &l->p->elements[i];
        rc = ll_exec(
            l->tx, l->err,
            "INSERT INTO element (code, name, title, title_en, type, length, format, code_table, \"check\","
            " grade, unit, synonyms, basis, source, pack)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
            "zzzzzizzzizzzzz", e->code, e->name, e->title, e->title_en, ll_element_type(e, type),
            (int64_t)e->length, e->format, e->code_table, e->check, (int64_t)e->grade, e->unit, e->synonyms,
            e->basis, e->source, l->p->info.name);
        l->result->elements += rc == LL_OK;
    }
    return rc;
}

/* How far a pack stands above those that need nothing: its codes come after theirs. */
static int64_t depth(const struct ll_catalog *cat, const struct ll_pack_info *p, int limit)
{
    int64_t most = 0;

    for (size_t i = 0; i < p->n_needs && cat && limit; i++) {
        const struct ll_pack_info *need = ll_catalog_pack(cat, ll_str(p->needs[i]));
        int64_t d = need ? 1 + depth(cat, need, limit - 1) : 1;
        most = d > most ? d : most;
    }
    return most;
}

static int put_codes(struct loading *l)
{
    enum { DEPTH_MAX = 16, STRIDE = 1000000000 };
    int64_t first = depth(l->p->known, &l->p->info, DEPTH_MAX) * STRIDE;
    int rc = ll_exec(l->tx, l->err, "DELETE FROM code WHERE pack = $1", "z", l->p->info.name);

    for (size_t t = 0; t < l->p->n_tables; t++) {
        const struct ll_code_table *table = &l->p->tables[t];
        for (size_t i = 0; i < table->n && rc == LL_OK; i++) {
            const struct ll_code_row *c = &table->rows[i];
            rc = ll_exec(
                l->tx, l->err,
                "INSERT INTO code (code_table, code, seq, title, title_en, parent, historical, synonyms, basis,"
                " source, pack) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
                "zzizzzizzzz", table->name, c->code, first + (int64_t)i, c->title, c->title_en, c->parent,
                (int64_t)c->historical, c->synonyms, c->basis, c->source, l->p->info.name);
            l->result->codes += rc == LL_OK;
        }
    }
    l->result->code_tables = l->p->n_tables;
    return rc;
}

static int put_organisations(struct loading *l)
{
    int rc = LL_OK;

    for (size_t i = 0; i < l->p->n_organisations && rc == LL_OK; i++) {
        const struct ll_organisation *o = &l->p->organisations[i];
        rc = ll_exec(l->tx, l->err,
                     "INSERT INTO organisation (code, name, name_en, region, parent, role, uscc, basis, pack)"
                     " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
                     " ON CONFLICT (code) DO UPDATE SET name = excluded.name, name_en = excluded.name_en,"
                     " region = excluded.region, parent = excluded.parent, role = excluded.role,"
                     " uscc = excluded.uscc, basis = excluded.basis, pack = excluded.pack",
                     "zzzzzzzzz", o->code, o->name, o->name_en, o->region, o->parent, o->role, o->uscc,
                     o->basis, l->p->info.name);
        l->result->organisations += rc == LL_OK;
    }
    return rc;
}

static bool has_organisation(const struct ll_pack *p, const char *code)
{
    for (size_t i = 0; i < p->n_organisations; i++)
        if (strcmp(p->organisations[i].code, code) == 0)
            return true;
    return false;
}

/* After the resources, some of which may have had it as their provider. */
static int drop_organisations(struct loading *l)
{
    int rc = LL_OK;

    for (size_t i = 0; l->old && i < l->old->n_organisations && rc == LL_OK; i++)
        if (!has_organisation(l->p, l->old->organisations[i].code))
            rc = ll_exec(l->tx, l->err, "DELETE FROM organisation WHERE code = $1", "z",
                         l->old->organisations[i].code);
    return rc;
}

static const struct ll_resource *resource_of(const struct ll_pack *p, const char *name)
{
    for (size_t i = 0; p && i < p->n_resources; i++)
        if (strcmp(p->resources[i].name, name) == 0)
            return &p->resources[i];
    return NULL;
}

static int put_resource(struct loading *l, const struct ll_resource *r)
{
    const struct ll_resource *old = resource_of(l->old, r->name);
    struct ll_buf body = LL_BUF_INIT(BODY_MAX);

    ll_body_write(r, &body);
    if (body.failed) {
        ll_buf_free(&body);
        return ll_fail(l->err, LL_NOMEM, "内存不足", "out of memory");
    }
    int rc = ll_exec(l->tx, l->err, "UPDATE resource SET current = 0 WHERE name = $1", "z", r->name);
    if (rc == LL_OK)
        rc = ll_exec(
            l->tx, l->err,
            "INSERT INTO resource (name, version, code, title, title_en, provider, grade, mode, subject_kind,"
            " current, body, loaded_at, pack) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1, $10, $11, $12)"
            " ON CONFLICT (name, version) DO UPDATE SET code = excluded.code, title = excluded.title,"
            " title_en = excluded.title_en, provider = excluded.provider, grade = excluded.grade,"
            " mode = excluded.mode, subject_kind = excluded.subject_kind, current = 1, body = excluded.body,"
            " loaded_at = excluded.loaded_at, pack = excluded.pack",
            "zizzzzizzsiz", r->name, (int64_t)r->version, r->code, r->title, r->title_en, r->provider,
            (int64_t)r->grade, r->mode == LL_INCREMENT ? "increment" : "snapshot", r->subject_kind,
            ll_buf_view(&body), ll_now_ms(), l->p->info.name);
    ll_buf_free(&body);
    l->result->resources += rc == LL_OK;
    l->result->new_versions += rc == LL_OK && old && r->version > old->version;
    return rc;
}

static int put_resources(struct loading *l)
{
    int rc = LL_OK;

    for (size_t i = 0; i < l->p->n_resources && rc == LL_OK; i++)
        rc = put_resource(l, &l->p->resources[i]);
    for (size_t i = 0; l->old && i < l->old->n_resources && rc == LL_OK; i++)
        if (!resource_of(l->p, l->old->resources[i].name))
            rc = ll_exec(l->tx, l->err, "DELETE FROM resource WHERE name = $1", "z",
                         l->old->resources[i].name);
    return rc;
}

static int put_views(struct loading *l)
{
    int rc = ll_exec(l->tx, l->err, "DELETE FROM pack_view WHERE pack = $1", "z", l->p->info.name);

    for (size_t i = 0; i < l->p->n_views && rc == LL_OK; i++) {
        rc = ll_exec(l->tx, l->err, "INSERT INTO pack_view (name, sql, pack) VALUES ($1, $2, $3)", "zzz",
                     l->p->views[i].name, l->p->views[i].sql, l->p->info.name);
        l->result->views += rc == LL_OK;
    }
    return rc;
}

static int put_uses(struct loading *l)
{
    int rc = ll_exec(l->tx, l->err, "DELETE FROM pack_use WHERE pack = $1", "z", l->p->info.name);

    for (size_t i = 0; i < l->p->n_uses && rc == LL_OK; i++)
        rc = ll_exec(l->tx, l->err, "INSERT INTO pack_use (pack, name, text) VALUES ($1, $2, $3)", "zzs",
                     l->p->info.name, l->p->uses[i].path, l->p->uses[i].text);
    return rc;
}

static int put_service(struct loading *l, const struct ll_service *s)
{
    struct ll_buf body = LL_BUF_INIT(1 << 20);
    int rc;

    ll_service_write(s, &body);
    rc = body.failed ? ll_no_memory(l->err)
                     : ll_exec(l->tx, l->err,
                               "INSERT INTO pack_service (name, version, body, pack) VALUES ($1, $2, $3, $4)",
                               "zisz", s->name, (int64_t)s->version, ll_buf_view(&body), l->p->info.name);
    ll_buf_free(&body);
    l->result->services += rc == LL_OK;
    return rc;
}

static int put_services(struct loading *l)
{
    int rc = ll_exec(l->tx, l->err, "DELETE FROM pack_service WHERE pack = $1", "z", l->p->info.name);

    for (size_t i = 0; i < l->p->n_services && rc == LL_OK; i++)
        rc = put_service(l, &l->p->services[i]);
    return rc;
}

static int put_pages(struct loading *l)
{
    int rc = ll_exec(l->tx, l->err, "DELETE FROM pack_page WHERE pack = $1", "z", l->p->info.name);

    for (size_t i = 0; i < l->p->n_pages && rc == LL_OK; i++) {
        rc = ll_exec(l->tx, l->err, "INSERT INTO pack_page (pack, name, body) VALUES ($1, $2, $3)", "zzz",
                     l->p->info.name, l->p->pages[i].name, l->p->pages[i].body);
        l->result->pages += rc == LL_OK;
    }
    return rc;
}

static int index_words(struct loading *l)
{
    struct ll_catalog *cat = NULL;
    int rc = ll_catalog_load_in(l->tx, &cat, l->err);

    if (rc == LL_OK)
        rc = ll_search_index(l->tx, cat, l->err);
    ll_catalog_unref(cat);
    return rc;
}

static int apply(struct loading *l)
{
    static int (*const steps[])(struct loading *) = {
        put_pack,  put_elements, put_codes,    put_organisations, put_resources, drop_organisations,
        put_views, put_uses,     put_services, put_pages,         index_words};
    int rc = LL_OK;

    for (size_t i = 0; i < LL_COUNT(steps) && rc == LL_OK; i++)
        rc = steps[i](l);
    return rc;
}

/* 1: applied, to be committed; 0: nothing to do. */
static int run(struct loading *l)
{
    int rc = check_fresh(l);

    if (rc < 0 || (rc = check_version(l)) <= 0 || (rc = check_breaks(l)) < 0 || (rc = apply(l)) < 0)
        return rc;
    l->result->outcome = l->old ? LL_LOAD_UPDATED : LL_LOAD_NEW;
    return 1;
}

int ll_pack_load(struct ll_store *st, const struct ll_pack *p, struct ll_problems *breaks,
                 struct ll_load_result *ret, struct ll_err *err)
{
    struct loading l = {.p = p, .breaks = breaks, .result = ret, .err = err};
    int rc = LL_OK;

    *ret = (struct ll_load_result){.outcome = LL_LOAD_UNCHANGED};
    if (p->known && ll_catalog_pack(p->known, ll_str(p->info.name)))
        rc = ll_pack_loaded(p->known, ll_str(p->info.name), &l.old, err);
    if (rc == LL_OK)
        rc = ll_txn_begin(st, true, &l.tx, err);
    if (rc == LL_OK && (rc = run(&l)) > 0)
        rc = ll_txn_commit(l.tx, err);
    ll_txn_end(l.tx);
    ll_pack_free(l.old);
    return rc;
}
