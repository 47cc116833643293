/* cmd_application.c - application: asking for resources, and every step until there are grants. */
#include "cli/cmd_actor.h"

#include "base/clock.h"
#include "base/fs.h"
#include "share/application.h"
#include "share/workdays.h"

#include <string.h>

enum { YEAR_DAYS = 365, DAY_MS = 86400000 };

static const struct ll_column columns[] = {
    {"id", "申请", "application", LL_LEFT},
    {"scene", "提交", "submission", LL_LEFT},
    {"title", "标题", "title", LL_LEFT},
    {"organisation", "机构", "organisation", LL_LEFT},
    {"provider", "提供方", "provider", LL_LEFT},
    {"resources", "资源", "resources", LL_LEFT},
    {"state", "状态", "state", LL_LEFT},
    {"due_at", "时限", "due", LL_LEFT},
    {"changed_at", "更新时间", "changed at", LL_LEFT},
};

static void put(struct ll_cli *c, struct ll_grid *t, const struct ll_application *a)
{
    struct ll_buf names = LL_BUF_INIT(64 << 10);

    for (size_t i = 0; i < a->n_resources; i++)
        ll_buf_printf(&names, "%s%s", i ? " " : "", a->resources[i].resource);
    ll_grid_z(t, a->id);
    ll_grid_z(t, a->scene);
    ll_grid_z(t, a->title);
    ll_grid_z(t, a->organisation);
    ll_grid_z(t, a->provider);
    ll_grid_str(t, ll_buf_view(&names));
    ll_grid_state(c, t, a->state);
    ll_grid_time(t, a->due_at);
    ll_grid_time(t, a->changed_at);
    ll_buf_free(&names);
}

static int put_found(struct ll_cli *c, struct ll_desk *d, const struct ll_application_query *q,
                     struct ll_grid *t, int64_t *total, struct ll_err *err)
{
    struct ll_application *list;
    size_t n;
    int rc = ll_application_list(d->tx, q, d->arena, &list, &n, total, err);

    for (size_t i = 0; rc == LL_OK && i < n; i++)
        put(c, t, &list[i]);
    return rc;
}

static int rows(struct ll_cli *c, struct ll_desk *d, struct ll_grid *t, int64_t *total, struct ll_err *err)
{
    const struct ll_application_query q = {.either = c->opts[LL_OPT_application_list_organisation],
                                           .scene = c->opts[LL_OPT_application_list_scene],
                                           .state = c->opts[LL_OPT_application_list_state],
                                           .limit = LL_DESK_SHOWN};

    return put_found(c, d, &q, t, total, err);
}

int ll_cmd_application_list(struct ll_cli *c, struct ll_err *err)
{
    return ll_desk_list(c, columns, LL_COUNT(columns), rows, err);
}

/* --- show --------------------------------------------------------------------------------------------------------------- */

static int put_findings(struct ll_desk *d, const struct ll_application *a, struct ll_json *j,
                        struct ll_err *err)
{
    struct ll_finding *found;
    size_t n;
    int rc = ll_application_check(d->tx, d->catalog, a, d->arena, &found, &n, err);

    if (rc < 0)
        return rc;
    ll_findings_put(j, "compliance", found, n);
    return LL_OK;
}

static int show_json(struct ll_cli *c, struct ll_desk *d, const struct ll_application *a, struct ll_err *err)
{
    struct ll_json j;
    int rc;

    ll_json_init(&j, &c->out);
    ll_json_obj(&j);
    ll_application_put(&j, a);
    if ((rc = put_findings(d, a, &j, err)) < 0 ||
        (rc = ll_attachments_put(d->tx, a->scene, &j, "attachments", d->arena, err)) < 0 ||
        (rc = ll_desk_history_json(d, &j, LL_FLOW_APPLICATION, a->id, err)) < 0)
        return rc;
    ll_json_end_obj(&j);
    ll_buf_c(&c->out, '\n');
    return LL_OK;
}

static int show_text(struct ll_cli *c, struct ll_desk *d, const struct ll_application *a, struct ll_err *err)
{
    struct ll_grid *t = ll_grid_new(c, columns, LL_COUNT(columns));
    struct ll_finding *found;
    size_t n;

    put(c, t, a);
    int rc = ll_grid_end_card(t, err);
    if (rc < 0)
        return rc;
    ll_out_line(c, "用途：%s\n依据：%s", "purpose: %s\nlegal basis: %s", a->purpose, a->legal_basis);
    if ((rc = ll_application_check(d->tx, d->catalog, a, d->arena, &found, &n, err)) < 0)
        return rc;
    for (size_t i = 0; i < n; i++)
        ll_out_line(c, "%s%s", "%s%s", found[i].error ? "! " : "- ", ll_say(c, found[i].zh, found[i].en));
    return ll_desk_history(c, d, LL_FLOW_APPLICATION, a->id, err);
}

static int show(struct ll_cli *c, struct ll_desk *d, const char *id, struct ll_err *err)
{
    const struct ll_application_query scene = {.scene = id, .limit = LL_DESK_SHOWN};
    struct ll_application a;
    int64_t total;

    if (id[0] == 'S') {
        struct ll_grid *t = ll_grid_new(c, columns, LL_COUNT(columns));
        return ll_grid_done(t, put_found(c, d, &scene, t, &total, err), err);
    }
    int rc = ll_application_get(d->tx, id, d->arena, &a, err);
    return rc < 0 ? rc : c->json ? show_json(c, d, &a, err) : show_text(c, d, &a, err);
}

int ll_cmd_application_show(struct ll_cli *c, struct ll_err *err)
{
    return ll_desk_show(c, c->args[0], show, err);
}

/* --- submit ------------------------------------------------------------------------------------------------------------- */

/* "tax_rating:uscc,=phone" */
static int read_resources(struct ll_cli *c, struct ll_arena *arena, struct ll_application *a,
                          struct ll_err *err)
{
    int rc = LL_OK;

    if (!(a->resources = ll_arena_array(arena, c->n_args, sizeof *a->resources)))
        return ll_no_memory(err);
    for (size_t i = 0; rc == LL_OK && i < c->n_args; i++) {
        struct ll_str name, items;
        bool some = ll_str_cut(ll_str(c->args[i]), ':', &name, &items);
        struct ll_application_resource *r = &a->resources[a->n_resources++];
        if (!(r->resource = ll_arena_dup(arena, name)))
            return ll_no_memory(err);
        if (some)
            rc = ll_grant_items_parse(items, arena, &r->items, &r->n_items, err);
    }
    return rc;
}

static int read_period(struct ll_cli *c, struct ll_application *a, struct ll_err *err)
{
    const char *until = c->opts[LL_OPT_application_submit_until];
    int64_t day;

    a->from_at = ll_now_ms();
    a->until_at = ll_workday_end(ll_workday_of(a->from_at) + YEAR_DAYS);
    if (!until)
        return LL_OK;
    if (!ll_time_parse(until, &day))
        return ll_fail(err, LL_USAGE, "“%s”不是日期，应如 2027-12-31", "'%s' is no date; write 2027-12-31",
                       until);
    a->until_at = ll_workday_end(ll_workday_of(day));
    return LL_OK;
}

static int read_draft(struct ll_cli *c, struct ll_arena *arena, struct ll_application *a, struct ll_err *err)
{
    const char *modes = c->opts[LL_OPT_application_submit_modes],
               *networks = c->opts[LL_OPT_application_submit_networks];
    int rc;

    *a = (struct ll_application){.title = c->opts[LL_OPT_application_submit_title],
                                 .purpose = c->opts[LL_OPT_application_submit_purpose],
                                 .scenario = c->opts[LL_OPT_application_submit_scenario],
                                 .legal_basis = c->opts[LL_OPT_application_submit_basis],
                                 .demand = c->opts[LL_OPT_application_submit_demand],
                                 .consent = c->opts[LL_OPT_application_submit_consent] != NULL};
    a->title = a->title ? a->title : a->purpose;
    if ((rc = ll_use_modes_parse(ll_str(modes ? modes : "query"), &a->modes, err)) < 0 ||
        (rc = ll_networks_parse(ll_str(networks), arena, &a->networks, &a->n_networks, err)) < 0 ||
        (rc = ll_desk_number(c, LL_OPT_application_submit_per_day, &a->per_day, err)) < 0 ||
        (rc = ll_desk_number(c, LL_OPT_application_submit_per_second, &a->per_second, err)) < 0 ||
        (rc = ll_desk_number(c, LL_OPT_application_submit_total, &a->total, err)) < 0 ||
        (rc = read_period(c, a, err)) < 0)
        return rc;
    return read_resources(c, arena, a, err);
}

/* The file, taken in before the transaction that lists it; NULL where none is given. */
static int stage(struct ll_cli *c, struct ll_desk *d, struct ll_attaching **ret, struct ll_err *err)
{
    const char *path = c->opts[LL_OPT_application_submit_attach];
    struct ll_buf bytes = LL_BUF_INIT(LL_ATTACHMENT_MAX + (1 << 20));
    int rc = path ? ll_fs_read(path, LL_ATTACHMENT_MAX, &bytes, err) : LL_OK;

    if (rc == LL_OK && path && (rc = ll_attaching_open(d->data, ret, err)) == LL_OK)
        rc = ll_attaching_add(*ret, bytes.p, bytes.n, err);
    ll_buf_free(&bytes);
    return rc;
}

static int attach(struct ll_cli *c, struct ll_desk *d, struct ll_attaching *file, const char *scene,
                  const struct ll_actor *actor, struct ll_err *err)
{
    const char *path = c->opts[LL_OPT_application_submit_attach], *slash = path ? strrchr(path, '/') : NULL;
    char sha[LL_SHA256_HEX];

    return file ? ll_attaching_done(file, d->tx, scene, slash ? slash + 1 : path, actor, sha, err) : LL_OK;
}

static int submit(struct ll_cli *c, struct ll_desk *d, struct ll_attaching *file,
                  const struct ll_actor *actor, struct ll_err *err)
{
    const struct ll_flow_act act = {.action = "submit", .actor = actor};
    const char *draft_only = c->opts[LL_OPT_application_submit_draft];
    struct ll_application draft;
    char scene[LL_FLOW_ID_TEXT];
    int rc = read_draft(c, d->arena, &draft, err);

    if (rc < 0 || (rc = ll_txn_begin(ll_data_store(d->data), true, &d->tx, err)) < 0 ||
        (rc = ll_application_create(d->tx, d->catalog, &draft, actor, scene, err)) < 0 ||
        (rc = attach(c, d, file, scene, actor, err)) < 0 ||
        (!draft_only && (rc = ll_application_act(d->tx, d->catalog, scene, &act, err)) < 0) ||
        (rc = show(c, d, scene, err)) < 0)
        return rc;
    return ll_txn_commit(d->tx, err);
}

int ll_cmd_application_submit(struct ll_cli *c, struct ll_err *err)
{
    struct ll_attaching *file = NULL;
    struct ll_actor actor;
    struct ll_desk d;
    int rc = ll_desk_actor(c, LL_OPT_application_submit_as, &actor, err);

    if (rc < 0 || (rc = ll_desk_open(c, LL_DESK_STORE, &d, err)) < 0)
        return rc;
    if ((rc = stage(c, &d, &file, err)) == LL_OK)
        rc = submit(c, &d, file, &actor, err);
    ll_attaching_close(file);
    ll_desk_close(&d);
    return rc;
}

/* --- steps -------------------------------------------------------------------------------------------------------------- */

static int step(struct ll_cli *c, struct ll_desk *d, const char *id, const struct ll_flow_act *act,
                struct ll_err *err)
{
    int rc = ll_application_act(d->tx, d->catalog, id, act, err);

    return rc < 0 ? rc : show(c, d, id, err);
}

int ll_cmd_application_approve(struct ll_cli *c, struct ll_err *err)
{
    return ll_desk_step(c, "approve", c->args[0], LL_OPT_application_approve_as,
                        LL_OPT_application_approve_reason, step, err);
}

int ll_cmd_application_refuse(struct ll_cli *c, struct ll_err *err)
{
    return ll_desk_step(c, "refuse", c->args[0], LL_OPT_application_refuse_as,
                        LL_OPT_application_refuse_reason, step, err);
}

int ll_cmd_application_act(struct ll_cli *c, struct ll_err *err)
{
    return ll_desk_step(c, c->args[0], c->args[1], LL_OPT_application_act_as, LL_OPT_application_act_reason,
                        step, err);
}
