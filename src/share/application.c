/* application.c - submission and steps of applications; rows: application_store.c, form: compliance.c. */
#include "share/application_impl.h"

#include "base/clock.h"

#include <string.h>

#define UNCONDITIONAL "1" /* code table SHARE_TYPE: 无条件共享 */

struct ll_flow_object ll_application_object(const struct ll_application *a)
{
    return (struct ll_flow_object){.flow = LL_FLOW_APPLICATION,
                                   .id = a->id,
                                   .state = a->state,
                                   .applicant = a->organisation,
                                   .provider = a->provider,
                                   .facts = a->unconditional ? LL_FACT_UNCONDITIONAL : LL_FACT_CONDITIONAL};
}

/* --- submission ------------------------------------------------------------------------------------------------------ */

static int check_form(struct ll_txn *tx, const struct ll_catalog *cat, const struct ll_application *draft,
                      struct ll_arena *arena, struct ll_err *err)
{
    struct ll_finding *list;
    size_t n;
    int rc = ll_application_check(tx, cat, draft, arena, &list, &n, err);

    for (size_t i = 0; rc == LL_OK && i < n; i++)
        if (list[i].error)
            rc = ll_fail_texts(err, LL_INVALID, list[i].zh, list[i].en);
    return rc;
}

/* Where a resource belongs: its source, and whether it is shared unconditionally. */
static bool unconditional(const struct ll_resource *r)
{
    return r->share_type && strcmp(r->share_type, UNCONDITIONAL) == 0;
}

static bool belongs(const struct ll_application *part, const struct ll_resource *r)
{
    return part->unconditional == unconditional(r) && strcmp(part->provider, r->provider) == 0;
}

/* The part that r belongs to, begun where there is none. */
static struct ll_application *part_of(struct ll_application *parts, size_t *n,
                                      const struct ll_application *draft, const struct ll_resource *r,
                                      struct ll_arena *arena)
{
    for (size_t i = 0; i < *n; i++)
        if (belongs(&parts[i], r))
            return &parts[i];
    struct ll_application *part = &parts[(*n)++];
    *part = *draft;
    part->provider = r->provider;
    part->unconditional = unconditional(r);
    part->n_resources = 0;
    part->resources = ll_arena_array(arena, draft->n_resources, sizeof *part->resources);
    return part->resources ? part : NULL;
}

static bool has_resource(const struct ll_application *part, const char *name)
{
    for (size_t i = 0; i < part->n_resources; i++)
        if (strcmp(part->resources[i].resource, name) == 0)
            return true;
    return false;
}

static int split(const struct ll_catalog *cat, const struct ll_application *draft, struct ll_arena *arena,
                 struct ll_application **ret, size_t *ret_n, struct ll_err *err)
{
    struct ll_application *parts = ll_arena_array(arena, draft->n_resources, sizeof *parts);

    *ret_n = 0;
    for (size_t i = 0; parts && i < draft->n_resources; i++) {
        const struct ll_resource *r = ll_catalog_resource(cat, ll_str(draft->resources[i].resource));
        struct ll_application *part = part_of(parts, ret_n, draft, r, arena);
        if (!part)
            return ll_no_memory(err);
        if (has_resource(part, r->name))
            return ll_fail(err, LL_INVALID, "数据资源 %s 写了两次", "resource %s is named twice", r->name);
        part->resources[part->n_resources] = draft->resources[i];
        part->resources[part->n_resources++].version = r->version;
    }
    *ret = parts;
    return parts ? LL_OK : ll_no_memory(err);
}

static int create_in(struct ll_txn *tx, const struct ll_catalog *cat, const struct ll_application *draft,
                     const struct ll_actor *actor, const char *scene, struct ll_arena *arena,
                     struct ll_err *err)
{
    struct ll_application whole = *draft, *parts;
    size_t n;
    int rc;

    whole.id = whole.scene = NULL;
    whole.organisation = actor->organisation;
    if ((rc = check_form(tx, cat, &whole, arena, err)) < 0 ||
        (rc = split(cat, &whole, arena, &parts, &n, err)) < 0)
        return rc;
    for (size_t i = 0; rc == LL_OK && i < n; i++) {
        parts[i].scene = scene;
        rc = ll_application_insert(tx, &parts[i], actor, err);
    }
    return rc;
}

int ll_application_create(struct ll_txn *tx, const struct ll_catalog *cat, const struct ll_application *draft,
                          const struct ll_actor *actor, char scene[LL_FLOW_ID_TEXT], struct ll_err *err)
{
    struct ll_arena *arena;
    int rc;

    if (!(actor->roles & LL_DUTY_CONSUMER_STEWARD) || !actor->account || !actor->organisation)
        return ll_fail(err, LL_DENIED, "只有用数专员可以提出申请", "only a consumer steward can apply");
    if (draft->n_resources > LL_APPLICATION_RESOURCES_MAX)
        return ll_fail(err, LL_TOOBIG, "一次申请最多 %d 个数据资源",
                       "at most %d resources in one application", LL_APPLICATION_RESOURCES_MAX);
    if (!(arena = ll_arena_new(0)))
        return ll_no_memory(err);
    ll_flow_new_id('S', scene);
    rc = create_in(tx, cat, draft, actor, scene, arena, err);
    ll_arena_free(arena);
    return rc;
}

/* --- grants ------------------------------------------------------------------------------------------------------------ */

/* All items of the resource, masked where their grade asks for it. */
static int all_items(const struct ll_resource *r, struct ll_arena *arena, struct ll_grant *g,
                     struct ll_err *err)
{
    if (!(g->items = ll_arena_array(arena, r->n_items, sizeof *g->items)))
        return ll_no_memory(err);
    for (size_t i = 0; i < r->n_items; i++)
        g->items[i].name = r->items[i].name;
    g->n_items = r->n_items;
    return LL_OK;
}

static int grant_one(struct ll_txn *tx, const struct ll_catalog *cat, const struct ll_application *a,
                     const struct ll_application_resource *asked, const struct ll_actor *actor,
                     struct ll_arena *arena, struct ll_err *err)
{
    const struct ll_resource *r = ll_catalog_resource_version(cat, ll_str(asked->resource), asked->version);
    struct ll_grant g = {.organisation = a->organisation,
                         .resource = asked->resource,
                         .provider = a->provider,
                         .application = a->id,
                         .purpose = a->purpose,
                         .scenario = a->scenario,
                         .legal_basis = a->legal_basis,
                         .version = asked->version,
                         .modes = a->modes,
                         .items = asked->items,
                         .n_items = asked->n_items,
                         .per_second = a->per_second,
                         .per_day = a->per_day,
                         .total = a->total,
                         .from_at = a->from_at,
                         .until_at = a->until_at,
                         .networks = a->networks,
                         .n_networks = a->n_networks,
                         .consent = a->consent,
                         .must_sign = a->must_sign};

    if (!r)
        return ll_fail(err, LL_CONFLICT, "数据资源 %s 的第 %u 版已不在目录中",
                       "resource %s of version %u is not in the catalogue any more", asked->resource,
                       asked->version);
    if (!g.n_items) {
        int rc = all_items(r, arena, &g, err);
        if (rc < 0)
            return rc;
    }
    return ll_grant_create(tx, &g, actor, NULL, err);
}

static int grant_all(struct ll_txn *tx, const struct ll_catalog *cat, const struct ll_application *a,
                     const struct ll_actor *actor, struct ll_arena *arena, struct ll_err *err)
{
    int rc = LL_OK;

    if (a->until_at <= ll_now_ms())
        return ll_fail(err, LL_CONFLICT, "申请的使用期限已过，应重新申请",
                       "the period applied for is over; apply again");
    for (size_t i = 0; rc == LL_OK && i < a->n_resources; i++)
        rc = grant_one(tx, cat, a, &a->resources[i], actor, arena, err);
    return rc;
}

/* --- steps ------------------------------------------------------------------------------------------------------------- */

/* Whether every resource has published records. */
static int linked(struct ll_txn *tx, const struct ll_application *a, bool *ret, struct ll_err *err)
{
    int rc = LL_OK;

    *ret = true;
    for (size_t i = 0; rc == LL_OK && *ret && i < a->n_resources; i++) {
        struct ll_stmt *s = NULL;
        if ((rc = ll_sql(tx, "SELECT 1 FROM segment WHERE resource = $1 LIMIT 1", &s, err)) < 0)
            return rc;
        ll_bind_z(s, 1, a->resources[i].resource);
        int more = ll_step(s, err);
        *ret = more > 0;
        rc = more < 0 ? more : LL_OK;
        ll_stmt_done(s);
    }
    return rc;
}

static int enter(struct ll_txn *tx, const struct ll_catalog *cat, struct ll_application *a, enum ll_state to,
                 const struct ll_actor *actor, struct ll_arena *arena, struct ll_err *err)
{
    int rc = to == LL_STATE_GRANTED ? grant_all(tx, cat, a, actor, arena, err) : LL_OK;

    if (rc == LL_OK)
        rc = ll_application_enter(tx, a, to, err);
    a->state = to;
    return rc;
}

/* What is approved and published already needs nobody to open it. */
static int open_if_linked(struct ll_txn *tx, const struct ll_catalog *cat, struct ll_application *a,
                          const struct ll_actor *actor, struct ll_arena *arena, struct ll_err *err)
{
    const struct ll_flow_act act = {.action = "open"};
    struct ll_flow_object o = ll_application_object(a);
    const struct ll_flow_step *step = NULL;
    bool there = false;
    int rc = linked(tx, a, &there, err);

    if (rc < 0 || !there)
        return rc;
    o.facts |= LL_FACT_LINKED;
    if ((rc = ll_flow_take(tx, &o, &act, &step, err)) == LL_OK)
        rc = enter(tx, cat, a, step->to, actor, arena, err);
    return rc;
}

static int act_on(struct ll_txn *tx, const struct ll_catalog *cat, struct ll_application *a,
                  const struct ll_flow_act *act, struct ll_arena *arena, struct ll_err *err)
{
    struct ll_flow_object o = ll_application_object(a);
    const struct ll_flow_step *step = NULL;
    int rc = ll_flow_take(tx, &o, act, &step, err);

    if (rc == LL_OK && (rc = enter(tx, cat, a, step->to, act->actor, arena, err)) == LL_OK &&
        step->to == LL_STATE_APPROVED)
        rc = open_if_linked(tx, cat, a, act->actor, arena, err);
    return rc;
}

/* All of the scene for which the actor can; when there is none, the first one's reason. */
static int act_on_scene(struct ll_txn *tx, const struct ll_catalog *cat, const char *scene,
                        const struct ll_flow_act *act, struct ll_arena *arena, struct ll_err *err)
{
    const struct ll_application_query q = {.scene = scene, .limit = LL_APPLICATION_RESOURCES_MAX};
    struct ll_application *list;
    size_t n, taken = 0;
    int64_t total;
    int rc = ll_application_list(tx, &q, arena, &list, &n, &total, err);

    if (rc == LL_OK && !n)
        return ll_fail(err, LL_NOTFOUND, "没有编号为 %s 的申请", "there is no application %s", scene);
    for (size_t i = 0; rc == LL_OK && i < n; i++) {
        struct ll_flow_object o = ll_application_object(&list[i]);
        if (!ll_flow_find(&o, act->action, ll_flow_parts(&o, act->actor)))
            continue;
        rc = act_on(tx, cat, &list[i], act, arena, err);
        taken++;
    }
    return rc < 0 || taken ? rc : act_on(tx, cat, &list[0], act, arena, err);
}

int ll_application_act(struct ll_txn *tx, const struct ll_catalog *cat, const char *id,
                       const struct ll_flow_act *act, struct ll_err *err)
{
    struct ll_arena *arena = ll_arena_new(0);
    struct ll_application a;
    int rc;

    if (!arena)
        return ll_no_memory(err);
    if (id[0] == 'S')
        rc = act_on_scene(tx, cat, id, act, arena, err);
    else if ((rc = ll_application_get(tx, id, arena, &a, err)) == LL_OK)
        rc = act_on(tx, cat, &a, act, arena, err);
    ll_arena_free(arena);
    return rc;
}
