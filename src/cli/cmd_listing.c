/* cmd_listing.c - listing list, show: who is on a list of reward or punishment by a document (apps/credit/listing.h).  Lists by rule follow from records, and have no entries here. */
#include "cli/cmd_actor.h"

#include "apps/credit/listing.h"
#include "apps/credit/publicity.h"
#include "standard/convert.h"

static const struct ll_column columns[] = {
    {"id", "条目", "entry", LL_LEFT},          {"list", "名单", "list", LL_LEFT},
    {"subject", "主体", "subject", LL_LEFT},   {"provider", "认定方", "provider", LL_LEFT},
    {"document", "文书", "document", LL_LEFT}, {"decided", "认定日", "decided", LL_LEFT},
    {"until", "止于", "until", LL_LEFT},       {"state", "状态", "state", LL_LEFT},
    {"basis", "依据", "legal basis", LL_LEFT},
};

static void put_day(struct ll_grid *t, int32_t day)
{
    char text[16];

    ll_grid_str(t, day == LL_PUBLIC_NO_DAY ? LL_STR("") : (struct ll_str){text, ll_date_text(day, text)});
}

static void put(struct ll_cli *c, struct ll_grid *t, const struct ll_listing *l)
{
    ll_grid_z(t, l->id);
    ll_grid_z(t, l->list);
    ll_grid_z(t, l->subject_mask);
    ll_grid_z(t, l->provider);
    ll_grid_z(t, l->document);
    put_day(t, l->decided_day);
    put_day(t, l->until_day);
    ll_grid_state(c, t, l->state);
    ll_grid_z(t, l->legal_basis);
}

static struct ll_listing_env env_of(struct ll_desk *d)
{
    return (struct ll_listing_env){.tx = d->tx, .cat = d->catalog, .arena = d->arena};
}

static int rows(struct ll_cli *c, struct ll_desk *d, struct ll_grid *t, int64_t *total, struct ll_err *err)
{
    const struct ll_listing_query q = {.provider = c->opts[LL_OPT_listing_list_provider],
                                       .list = c->opts[LL_OPT_listing_list_list],
                                       .state = c->opts[LL_OPT_listing_list_state],
                                       .limit = LL_DESK_SHOWN};
    const struct ll_listing_env env = env_of(d);
    struct ll_listing *list;
    size_t n;
    int rc = ll_listing_list(&env, &q, &list, &n, total, err);

    for (size_t i = 0; rc == LL_OK && i < n; i++)
        put(c, t, &list[i]);
    return rc;
}

int ll_cmd_listing_list(struct ll_cli *c, struct ll_err *err)
{
    return ll_desk_list(c, columns, LL_COUNT(columns), rows, err);
}

static int show(struct ll_cli *c, struct ll_desk *d, const char *id, struct ll_err *err)
{
    struct ll_listing_env env = env_of(d);
    struct ll_credit_rules rules;
    struct ll_listing l;
    struct ll_json j;
    int rc = ll_credit_rules_read(d->tx, d->arena, &rules, err);

    env.rules = &rules;
    if (rc < 0 || (rc = ll_listing_get(&env, id, &l, err)) < 0)
        return rc;
    if (c->json) {
        ll_json_init(&j, &c->out);
        ll_json_obj(&j);
        ll_listing_put(&env, &l, &j);
        if ((rc = ll_desk_history_json(d, &j, LL_FLOW_LISTING, id, err)) < 0)
            return rc;
        ll_json_end_obj(&j);
        ll_buf_c(&c->out, '\n');
        return LL_OK;
    }
    struct ll_grid *t = ll_grid_new(c, columns, LL_COUNT(columns));
    put(c, t, &l);
    if ((rc = ll_grid_end_card(t, err)) < 0)
        return rc;
    ll_out_line(c, "理由：%s", "reason: %s", l.reason);
    if (l.exit_basis)
        ll_out_line(c, "移出依据：%s", "basis of the removal: %s", l.exit_basis);
    return ll_desk_history(c, d, LL_FLOW_LISTING, id, err);
}

int ll_cmd_listing_show(struct ll_cli *c, struct ll_err *err)
{
    return ll_desk_show(c, c->args[0], show, err);
}
