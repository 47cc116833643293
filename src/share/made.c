/* made.c - see made.h. */
#include "share/made.h"

#include "base/clock.h"
#include "catalog/name.h"
#include "catalog/service.h"
#include "share/admin.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { BODY_MAX = 1 << 20 };

/* Of every name the newest version, whether it ended or not. */
#define NEWEST                                                                                               \
    "SELECT organisation, access_grant, made_by, body, made_at, ended_at FROM made_service m WHERE"          \
    " organisation = $1 AND version = (SELECT max(version) FROM made_service WHERE organisation = $1"        \
    " AND name = m.name) AND ended_at IS NULL"

/* --- reading ----------------------------------------------------------------------------------------------------------- */

static int read_row(struct ll_stmt *s, struct ll_arena *arena, struct ll_made *ret, struct ll_err *err)
{
    bool nomem = false;

    *ret = (struct ll_made){.organisation = ll_col_dup(s, 0, arena, &nomem),
                            .grant = ll_col_dup(s, 1, arena, &nomem),
                            .made_by = ll_col_dup(s, 2, arena, &nomem),
                            .made_at = ll_col_int(s, 4),
                            .ended_at = ll_col_int(s, 5)};
    return nomem ? ll_no_memory(err) : ll_service_read(ll_col_text(s, 3), arena, &ret->service, err);
}

int ll_made_find(struct ll_txn *tx, const char *organisation, struct ll_str name, struct ll_arena *arena,
                 struct ll_made *ret, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int found = 0, rc = ll_sql(tx, NEWEST " AND name = $2", &s, err);

    if (rc < 0)
        return rc;
    ll_bind_z(s, 1, organisation);
    ll_bind_text(s, 2, name);
    if ((found = ll_step(s, err)) > 0)
        rc = read_row(s, arena, ret, err);
    ll_stmt_done(s);
    return rc < 0 ? rc : found;
}

int ll_made_list(struct ll_txn *tx, const char *organisation, const char *grant, struct ll_arena *arena,
                 struct ll_made **ret, size_t *ret_n, struct ll_err *err)
{
    struct ll_made *list = ll_arena_array(arena, LL_MADE_MOST, sizeof *list);
    struct ll_stmt *s = NULL;
    size_t n = 0;
    int more = 0, rc = list ? ll_sql(tx,
                                     NEWEST " AND ($2 IS NULL OR access_grant = $2)"
                                            " ORDER BY name LIMIT $3",
                                     &s, err)
                            : ll_no_memory(err);

    if (rc < 0)
        return rc;
    ll_bind_z(s, 1, organisation);
    ll_bind_z(s, 2, grant);
    ll_bind_int(s, 3, LL_MADE_MOST);
    while (rc == LL_OK && n < LL_MADE_MOST && (more = ll_step(s, err)) > 0)
        rc = read_row(s, arena, &list[n++], err);
    ll_stmt_done(s);
    *ret = list;
    *ret_n = n;
    return rc < 0 ? rc : more < 0 ? more : LL_OK;
}

bool ll_made_has(const struct ll_made *m, struct ll_str item)
{
    for (size_t i = 0; i < m->service.n_items; i++)
        if (ll_str_is(item, m->service.items[i].item))
            return true;
    return false;
}

void ll_made_json(struct ll_json *j, const struct ll_made *m)
{
    const struct ll_service *s = &m->service;
    char when[LL_TIME_TEXT];

    ll_json_obj(j);
    ll_json_kz(j, "name", s->name);
    ll_json_ki(j, "version", s->version);
    ll_json_kz(j, "title", s->title);
    ll_json_kz(j, "title_en", s->title_en);
    ll_json_kz(j, "resource", s->n_resources ? s->resources[0] : NULL);
    ll_json_kz(j, "grant", m->grant);
    ll_json_key(j, "items");
    ll_json_arr(j);
    for (size_t i = 0; i < s->n_items; i++)
        ll_json_z(j, s->items[i].item);
    ll_json_end_arr(j);
    ll_json_kz(j, "made_by", m->made_by);
    ll_json_kz(j, "made_at", ll_time_text(m->made_at, when));
    ll_json_end_obj(j);
}

/* --- making ------------------------------------------------------------------------------------------------------------ */

static int check_name(const struct ll_catalog *cat, struct ll_str name, struct ll_err *err)
{
    if (ll_name_check(name) != LL_NAME_OK)
        return ll_fail(
            err, LL_INVALID,
            "服务名称“%.*s”应为小写字母开头的小写字母、数字与下划线，至多 48 个，且不是 SQL 的词",
            "'%.*s' is no name: small letters, digits and _, a letter first, 48 at most, no word of SQL",
            LL_STR_ARG(name));
    if (ll_catalog_resource(cat, name) || ll_catalog_service(cat, name))
        return ll_fail(err, LL_CONFLICT, "“%.*s”已是一个数据资源或服务的名称，请换一个",
                       "'%.*s' is the name of a resource or a service; choose another", LL_STR_ARG(name));
    return LL_OK;
}

static int find_grant(struct ll_txn *tx, const struct ll_made_new *m, const struct ll_actor *actor,
                      struct ll_arena *arena, struct ll_grant *ret, struct ll_err *err)
{
    int rc = ll_grant_get(tx, m->grant, arena, ret, err);

    if (rc == LL_OK && (!actor->organisation || strcmp(ret->organisation, actor->organisation) != 0))
        return ll_fail(err, LL_NOTFOUND, "没有编号为 %s 的授权", "there is no grant %s", m->grant);
    if (rc == LL_OK && !ll_grant_in_force(ret, ll_now_ms()))
        return ll_fail(err, LL_CONFLICT, "授权 %s 现在不在有效状态", "grant %s is not in force", m->grant);
    return rc;
}

static int put_item(const struct ll_grant *g, const struct ll_resource *r, struct ll_str name,
                    struct ll_service *s, struct ll_err *err)
{
    const struct ll_item *item = ll_resource_item(r, name);

    if (!item || !ll_grant_item_of(g, name))
        return ll_fail(err, LL_INVALID, "授权 %s 不含信息项 %.*s", "grant %s does not have item %.*s", g->id,
                       LL_STR_ARG(name));
    s->items[s->n_items++] = (struct ll_service_item){
        .name = item->name,
        .title = item->title ? item->title : item->element->title,
        .title_en = item->title_en ? item->title_en : item->element->title_en,
        .use = LL_SERVICE_OUTPUT,
        .resource = r->name,
        .item = item->name,
        .element = item->element->name};
    return LL_OK;
}

/* In the order of the resource, each once, whatever the order in which they were asked for. */
static int put_items(const struct ll_made_new *m, const struct ll_grant *g, const struct ll_resource *r,
                     struct ll_arena *arena, struct ll_service *s, struct ll_err *err)
{
    int rc = LL_OK;

    if (!(s->items = ll_arena_array(arena, r->n_items + 1, sizeof *s->items)))
        return ll_no_memory(err);
    for (size_t k = 0; k < m->n_items; k++)
        if (!ll_grant_item_of(g, ll_str(m->items[k])) || !ll_resource_item(r, ll_str(m->items[k])))
            return put_item(g, r, ll_str(m->items[k]), s, err);
    for (size_t i = 0; i < r->n_items && rc == LL_OK; i++) {
        struct ll_str name = ll_str(r->items[i].name);
        bool wanted = !m->n_items && ll_grant_item_of(g, name);
        for (size_t k = 0; k < m->n_items && !wanted; k++)
            wanted = ll_str_is(name, m->items[k]);
        if (wanted)
            rc = put_item(g, r, name, s, err);
    }
    return rc < 0 || s->n_items ? rc
                                : ll_fail(err, LL_CONFLICT, "授权 %s 的信息项已不在数据资源 %s 中",
                                          "resource %s has no item of grant %s any more", r->name, g->id);
}

/* The next version of the name; the caller's transaction holds the writer's lock. */
static int next_version(struct ll_txn *tx, const char *organisation, const char *name, unsigned *ret,
                        struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int64_t names = 0;
    int rc = ll_sql(
        tx,
        "SELECT coalesce(max(version) FILTER (WHERE name = $2), 0), count(DISTINCT name) FILTER (WHERE name <> $2)"
        " FROM made_service WHERE organisation = $1",
        &s, err);

    if (rc < 0)
        return rc;
    ll_bind_z(s, 1, organisation);
    ll_bind_z(s, 2, name);
    if ((rc = ll_step(s, err)) > 0) {
        *ret = (unsigned)ll_col_int(s, 0) + 1;
        names = ll_col_int(s, 1);
    }
    ll_stmt_done(s);
    return rc < 0                  ? rc
           : names >= LL_MADE_MOST ? ll_fail(err, LL_TOOBIG, "一个机构至多 %d 个自建服务",
                                             "at most %d services made by an organisation", LL_MADE_MOST)
                                   : LL_OK;
}

static int insert(struct ll_txn *tx, const struct ll_made *m, const struct ll_actor *actor,
                  struct ll_err *err)
{
    struct ll_buf body = LL_BUF_INIT(BODY_MAX), what = LL_BUF_INIT(512);
    int rc = LL_OK;

    ll_service_write(&m->service, &body);
    ll_buf_printf(&what, "version %u, %zu items of %s", m->service.version, m->service.n_items,
                  m->service.resources[0]);
    const struct ll_admin_note note = {.act = LL_ADMIN_SERVICE_MADE,
                                       .object = ll_str(m->service.name),
                                       .of = ll_str(m->grant),
                                       .detail = ll_buf_view(&what)};
    if (body.failed || what.failed)
        rc = ll_no_memory(err);
    else if (
        (rc = ll_exec(
             tx, err,
             "INSERT INTO made_service (organisation, name, version, access_grant, body, made_by, made_at)"
             " VALUES ($1, $2, $3, $4, $5, $6, $7)",
             "zzizszi", m->organisation, m->service.name, (int64_t)m->service.version, m->grant,
             ll_buf_view(&body), m->made_by, m->made_at)) == LL_OK)
        rc = ll_admin_note(tx, actor, &note, err);
    ll_buf_free(&body);
    ll_buf_free(&what);
    return rc;
}

int ll_made_make(struct ll_txn *tx, const struct ll_catalog *cat, const struct ll_made_new *m,
                 const struct ll_actor *actor, struct ll_arena *arena, struct ll_made *ret,
                 struct ll_err *err)
{
    const struct ll_resource *r;
    struct ll_grant g;
    int rc = check_name(cat, ll_str(m->name), err);

    if (rc < 0 || (rc = find_grant(tx, m, actor, arena, &g, err)) < 0)
        return rc;
    if (!(r = ll_catalog_resource(cat, ll_str(g.resource))))
        return ll_fail(err, LL_CONFLICT, "数据资源 %s 已不在目录中",
                       "resource %s is not in the catalogue any more", g.resource);
    *ret = (struct ll_made){.service = {.name = m->name,
                                        .title = m->title ? m->title : r->title,
                                        .title_en = m->title ? m->title_en : r->title_en,
                                        .callable = true},
                            .organisation = g.organisation,
                            .grant = g.id,
                            .made_by = actor->account ? actor->account : actor->client,
                            .made_at = ll_now_ms()};
    if ((rc = put_items(m, &g, r, arena, &ret->service, err)) < 0 ||
        (rc = ll_service_collect(&ret->service, arena, err)) < 0 ||
        (rc = next_version(tx, g.organisation, m->name, &ret->service.version, err)) < 0)
        return rc;
    return insert(tx, ret, actor, err);
}

int ll_made_end(struct ll_txn *tx, const struct ll_actor *actor, struct ll_str name, struct ll_err *err)
{
    const struct ll_admin_note note = {.act = LL_ADMIN_SERVICE_ENDED, .object = name};
    int rc = ll_exec(
        tx, err,
        "UPDATE made_service SET ended_at = $3 WHERE organisation = $1 AND name = $2 AND ended_at IS NULL"
        " AND version = (SELECT max(version) FROM made_service WHERE organisation = $1 AND name = $2)",
        "zsi", actor->organisation, name, ll_now_ms());

    if (rc < 0)
        return rc;
    if (!ll_txn_changes(tx))
        return ll_fail(err, LL_NOTFOUND, "本机构没有名为 %.*s 的自建服务",
                       "this organisation made no service %.*s", LL_STR_ARG(name));
    return ll_admin_note(tx, actor, &note, err);
}
