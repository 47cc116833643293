/* enterprise_rep.c - whether a person is the legal representative whom the registration names, and how far an enterprise's representative is verified. */
#include "apps/finance/enterprise_impl.h"

#include "catalog/pack.h"
#include "share/delegate.h"
#include "share/record.h"

#include <string.h>

enum { RESOURCES_MAX = 8, RECORDS_MAX = 200, KEY_TEXT = 1 << 16 };

enum column { FIELD, RESOURCE, COLUMNS };
static const char *const columns[COLUMNS] = {"field", "resource"};

struct registry {
    const struct ll_resource *resource;
    const struct ll_item *subject, *person; /* person: whose number the registration gives */
};
struct reading {
    const struct ll_enterprise_env *env;
    struct registry list[RESOURCES_MAX];
    size_t n;
};

/* Resources that tell who the legal representative is, where they give that person's number, too. */
static int take(void *ctx, const char *pack, const struct ll_str *cells, struct ll_err *err)
{
    struct reading *r = ctx;
    const struct ll_resource *res = ll_catalog_resource(r->env->cat, cells[RESOURCE]);
    struct registry found = {.resource = res};

    (void)pack, (void)err;
    if (!res || !ll_str_is(cells[FIELD], ll_enterprise_fields[LL_ENT_LEGAL_REP].name) ||
        r->n == RESOURCES_MAX)
        return LL_OK;
    for (size_t i = 0; i < res->n_items; i++) {
        const struct ll_item *item = &res->items[i];
        if (item->role == LL_ROLE_SUBJECT && !found.subject)
            found.subject = item;
        if (item->role == LL_ROLE_RELATED && item->relation &&
            strcmp(item->relation, "legal_representative") == 0)
            found.person = item;
    }
    if (found.subject && found.person)
        r->list[r->n++] = found;
    return LL_OK;
}

/* Numbers are compared as keyed hashes: a subject's id is one. */
static int is_person(const struct ll_enterprise_env *env, struct ll_seg_value v, const char *person,
                     bool *named, struct ll_err *err)
{
    const struct ll_consent_env keyed = {.tx = env->tx, .keys = env->keys, .arena = env->arena};
    const struct ll_consent_who who = {.scheme = LL_ID_RESIDENT_ID, .value = v.s};
    char canon[LL_ID_MAX];
    const char *id = NULL;
    size_t n;
    int rc;

    if (v.kind != LL_SV_TEXT || ll_id_check(LL_ID_RESIDENT_ID, v.s, canon, &n) != LL_IDF_OK)
        return LL_OK;
    if ((rc = ll_consent_subject_known(&keyed, &who, false, &id, err)) == LL_OK)
        *named |= strcmp(id, person) == 0;
    return rc;
}

static int is_withheld(const struct ll_enterprise_env *env, const struct ll_resource *res, struct ll_table *t,
                       struct ll_buf *key, bool *ret, struct ll_err *err)
{
    struct ll_json j;

    *ret = false;
    if (!env->marks)
        return LL_OK;
    ll_buf_clear(key);
    ll_json_init(&j, key);
    ll_record_put_key(res, t, false, &j);
    if (key->failed)
        return ll_no_memory(err);
    *ret = ll_marks_withheld(env->marks, res->name, ll_buf_view(key));
    return LL_OK;
}

static int ask(const struct ll_enterprise_env *env, const struct registry *g, struct ll_str uscc,
               const char *person, bool *named, struct ll_err *err)
{
    struct ll_buf key = LL_BUF_INIT(KEY_TEXT);
    struct ll_table *t = NULL;
    bool any = false, withheld = false;
    int more = 0, rc = env->marks ? ll_marks_any(env->marks, g->resource->name, &any, err) : LL_OK;

    if (rc < 0 || (rc = ll_tables_take(env->tables, g->resource->name, &t, err)) < 0)
        return rc;
    rc = ll_table_scan_by(t, g->subject->name, uscc, false, err);
    for (size_t n = 0; rc >= 0 && n < RECORDS_MAX && (more = ll_table_next(t, err)) > 0; n++)
        if ((rc = is_withheld(env, g->resource, t, &key, &withheld, err)) == LL_OK && !withheld)
            rc = is_person(env, ll_record_value(g->resource, (size_t)(g->person - g->resource->items), t),
                           person, named, err);
    ll_table_rewind(t);
    ll_tables_give(env->tables, t);
    ll_buf_free(&key);
    return more < 0 ? more : rc;
}

int ll_enterprise_names(const struct ll_enterprise_env *env, struct ll_str uscc, const char *person,
                        bool *ret, struct ll_err *err)
{
    struct reading r = {.env = env};
    int rc = ll_pack_use_each(env->tx, NULL, "enterprise_fields.csv", columns, COLUMNS, take, &r, err);

    *ret = false;
    for (size_t i = 0; i < r.n && rc == LL_OK; i++)
        rc = ask(env, &r.list[i], uscc, person, ret, err);
    return rc;
}

int ll_enterprise_verified(const struct ll_enterprise_env *env, const char *subject, struct ll_str uscc,
                           struct ll_enterprise *e, struct ll_err *err)
{
    const struct ll_consent_env read = {.tx = env->tx, .keys = env->keys, .arena = env->arena};
    struct ll_delegation d;
    bool named = false;
    int rc = env->keys ? ll_delegate_representative(&read, subject, &d, err) : 0;

    e->auth = LL_ENT_AUTH_NONE;
    if (rc <= 0)
        return rc;
    e->auth_at = d.changed_at;
    if (d.state == LL_STATE_ACTING && (rc = ll_enterprise_names(env, uscc, d.person, &named, err)) < 0)
        return rc;
    e->auth = named ? LL_ENT_AUTH_DONE : LL_ENT_AUTH_FAILED;
    return LL_OK;
}
