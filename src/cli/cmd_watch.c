/* cmd_watch.c - watch ...: who watches whom and what was raised, as the operator sees it.  Registering is for the organisations themselves (POST /v1/watches): it takes their grants
 * and is signed for in the journal as theirs. */
#include "cli/cmd_actor.h"

#include "share/watch.h"

#include <jansson.h>

enum { RULES_MAX = 1 << 20 };

static int watch_rows(struct ll_cli *c, struct ll_desk *d, struct ll_grid *t, int64_t *total,
                      struct ll_err *err)
{
    const struct ll_watch_query q = {.organisation = c->opts[LL_OPT_watch_list_organisation],
                                     .state = c->opts[LL_OPT_watch_list_state],
                                     .level = c->opts[LL_OPT_watch_list_level],
                                     .limit = LL_DESK_SHOWN};
    struct ll_watch *list;
    size_t n;
    int rc = ll_watch_list(d->tx, &q, d->arena, &list, &n, total, err);

    for (size_t i = 0; rc == LL_OK && i < n; i++) {
        ll_grid_int(t, list[i].id);
        ll_grid_z(t, list[i].organisation);
        ll_grid_z(t, list[i].mask);
        ll_grid_z(t, list[i].purpose);
        ll_grid_z(t, list[i].state);
        ll_grid_z(t, list[i].why);
        ll_grid_z(t, list[i].level);
        ll_grid_time(t, list[i].until_at);
        ll_grid_time(t, list[i].event_at > 0 ? list[i].event_at : 0);
    }
    return rc;
}

int ll_cmd_watch_list(struct ll_cli *c, struct ll_err *err)
{
    static const struct ll_column columns[] = {
        {"id", "监测", "watch", LL_RIGHT},
        {"organisation", "机构", "organisation", LL_LEFT},
        {"subject", "主体", "subject", LL_LEFT},
        {"purpose", "用途", "purpose", LL_LEFT},
        {"state", "状态", "state", LL_LEFT},
        {"why", "原因", "why", LL_LEFT},
        {"level", "等级", "level", LL_LEFT},
        {"until", "到期", "until", LL_LEFT},
        {"event_at", "最近事件", "latest event", LL_LEFT},
    };

    return ll_desk_list(c, columns, LL_COUNT(columns), watch_rows, err);
}

static int event_rows(struct ll_cli *c, struct ll_desk *d, struct ll_grid *t, int64_t *total,
                      struct ll_err *err)
{
    const char *organisation = c->opts[LL_OPT_watch_events_organisation];
    struct ll_watch_event *list;
    size_t n;
    int rc = ll_watch_event_list(d->tx, organisation, LL_DESK_SHOWN, d->arena, &list, &n, err);

    (void)total;
    for (size_t i = 0; rc == LL_OK && i < n; i++) {
        enum ll_watch_level level = list[i].level >= 0 && list[i].level < LL_WATCH_LEVEL_COUNT
                                        ? (enum ll_watch_level)list[i].level
                                        : LL_WATCH_BLUE;
        ll_grid_int(t, list[i].seq);
        ll_grid_time(t, list[i].at);
        ll_grid_z(t, list[i].organisation);
        ll_grid_z(t, list[i].mask);
        ll_grid_z(t, list[i].act);
        ll_grid_word(t, ll_watch_level_word(level), ll_watch_level_title(level, c->lang));
        ll_grid_z(t, list[i].rule);
        ll_grid_z(t, list[i].resource);
        ll_grid_z(t, list[i].list);
    }
    return rc;
}

int ll_cmd_watch_events(struct ll_cli *c, struct ll_err *err)
{
    static const struct ll_column columns[] = {
        {"event", "事件", "event", LL_RIGHT},
        {"at", "时间", "when", LL_LEFT},
        {"organisation", "机构", "organisation", LL_LEFT},
        {"subject", "主体", "subject", LL_LEFT},
        {"act", "发生了什么", "what", LL_LEFT},
        {"level", "等级", "level", LL_LEFT},
        {"rule", "规则", "rule", LL_LEFT},
        {"resource", "资源", "resource", LL_LEFT},
        {"list", "名单", "list", LL_LEFT},
    };

    return ll_desk_list(c, columns, LL_COUNT(columns), event_rows, err);
}

static void put_rule(struct ll_cli *c, struct ll_grid *t, const json_t *r)
{
    static const char *const shown[] = {"rule", "level", NULL, "resource", "list", "item", "values", "basis"};

    for (size_t i = 0; i < LL_COUNT(shown); i++)
        ll_grid_z(
            t, json_string_value(json_object_get(r, shown[i] ? shown[i] : ll_say(c, "title", "title_en"))));
}

int ll_cmd_watch_rules(struct ll_cli *c, struct ll_err *err)
{
    static const struct ll_column columns[] = {
        {"rule", "规则", "rule", LL_LEFT},     {"level", "等级", "level", LL_LEFT},
        {"title", "名称", "title", LL_LEFT},   {"resource", "资源", "resource", LL_LEFT},
        {"list", "名单", "list", LL_LEFT},     {"item", "信息项", "item", LL_LEFT},
        {"values", "取值", "values", LL_LEFT}, {"basis", "依据", "basis", LL_LEFT},
    };
    struct ll_buf text = LL_BUF_INIT(RULES_MAX);
    struct ll_json j;
    struct ll_desk d;
    json_t *root = NULL;
    int rc = ll_desk_open(c, LL_DESK_READ, &d, err);

    if (rc < 0)
        return rc;
    ll_json_init(&j, &text);
    ll_json_obj(&j);
    rc = ll_watch_rules_put(d.tx, &j, err);
    ll_json_end_obj(&j);
    if (rc == LL_OK && (text.failed || !(root = json_loadb(text.p, text.n, 0, NULL))))
        rc = ll_no_memory(err);
    if (rc == LL_OK) {
        const json_t *rules = json_object_get(root, "rules");
        struct ll_grid *t = ll_grid_new(c, columns, LL_COUNT(columns));
        for (size_t i = 0; i < json_array_size(rules); i++)
            put_rule(c, t, json_array_get(rules, i));
        rc = ll_grid_end(t, err);
    }
    json_decref(root);
    ll_buf_free(&text);
    ll_desk_close(&d);
    return rc;
}

int ll_cmd_watch_status(struct ll_cli *c, struct ll_err *err)
{
    static const struct ll_column columns[] = {
        {"active", "监测中", "watched", LL_RIGHT},
        {"ended", "已结束", "ended", LL_RIGHT},
        {"events", "事件", "events", LL_RIGHT},
        {"waiting", "待处理的变化", "changes to look at", LL_RIGHT},
        {"journal", "待入存证日志的页", "pages that wait for the journal", LL_RIGHT},
        {"pruned", "到期删除的事件", "events removed by their age", LL_RIGHT},
    };
    struct ll_watch_status s = {0};
    struct ll_desk d;
    int rc = ll_desk_open(c, LL_DESK_READ, &d, err);

    if (rc < 0)
        return rc;
    if ((rc = ll_watch_status(d.tx, &s, err)) == LL_OK) {
        struct ll_grid *t = ll_grid_new(c, columns, LL_COUNT(columns));
        ll_grid_int(t, s.active);
        ll_grid_int(t, s.ended);
        ll_grid_int(t, s.events);
        ll_grid_int(t, s.waiting);
        ll_grid_int(t, s.journal);
        ll_grid_int(t, s.pruned);
        rc = ll_grid_end_card(t, err);
    }
    ll_desk_close(&d);
    return rc;
}
