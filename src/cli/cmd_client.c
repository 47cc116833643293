/* cmd_client.c - client ... and freeze ...: the systems that call, and what stops them. */
#include "cli/out.h"
#include "cli/session.h"

#include "base/fs.h"
#include "share/access.h"
#include "share/client.h"

enum { KEY_MOST = 16 << 10, SHOWN = 10000 };

/* Whoever works on the machine itself acts in nobody's name. */
static const struct ll_actor machine = {.account = NULL};

static const struct ll_column columns[] = {
    {"id", "系统", "client", LL_LEFT},
    {"title", "名称", "title", LL_LEFT},
    {"organisation", "机构", "organisation", LL_LEFT},
    {"state", "状态", "state", LL_LEFT},
    {"signed", "调用须签名", "must sign", LL_LEFT},
    {"keys", "公钥", "keys", LL_LEFT},
};

static void put_client(struct ll_cli *c, struct ll_grid *grid, const struct ll_client *v)
{
    struct ll_buf text = LL_BUF_INIT(4096), json = LL_BUF_INIT(4096);
    struct ll_json j;

    ll_grid_z(grid, v->id);
    ll_grid_z(grid, v->title);
    ll_grid_z(grid, v->organisation);
    ll_grid_word(grid, v->state, ll_word_title(c->lang, v->state));
    ll_grid_word(grid, v->must_sign ? "required" : "optional",
                 v->must_sign ? ll_say(c, "是", "yes") : ll_say(c, "否", "no"));
    ll_json_init(&j, &json);
    ll_json_arr(&j);
    for (size_t i = 0; i < v->n_keys; i++) {
        ll_buf_printf(&text, "%s%s%s", i ? " " : "", v->keys[i].kid,
                      v->keys[i].state[0] == 'a' ? "" : ll_say(c, "（停用）", " (retired)"));
        ll_json_z(&j, v->keys[i].kid);
    }
    ll_json_end_arr(&j);
    ll_grid_raw(grid, ll_buf_view(&text), ll_buf_view(&json));
    ll_buf_free(&text);
    ll_buf_free(&json);
}

typedef int (*client_change)(struct ll_cli *c, struct ll_store *st, struct ll_str id, struct ll_err *err);

static int change_and_show(struct ll_cli *c, client_change change, struct ll_err *err)
{
    struct ll_arena *arena = ll_arena_new(0);
    struct ll_str id = ll_str(c->args[0]);
    struct ll_data *d = NULL;
    struct ll_client v;
    int rc = arena ? ll_session_open(c, &d, err) : ll_no_memory(err);

    if (rc == LL_OK && (rc = change(c, ll_data_store(d), id, err)) == LL_OK &&
        (rc = ll_client_get(ll_data_store(d), id, arena, &v, err)) == LL_OK) {
        struct ll_grid *grid = ll_grid_new(c, columns, LL_COUNT(columns));
        put_client(c, grid, &v);
        rc = ll_grid_end_card(grid, err);
    }
    ll_data_close(d);
    ll_arena_free(arena);
    return rc;
}

static int add_key_of(struct ll_store *st, struct ll_str id, const char *file, struct ll_err *err)
{
    struct ll_buf text = LL_BUF_INIT(KEY_MOST);
    char kid[44];
    int rc = ll_fs_read(file, KEY_MOST, &text, err);

    if (rc == LL_OK)
        rc = ll_client_add_key(st, &machine, id, ll_str_trim(ll_buf_view(&text)), kid, err);
    ll_buf_free(&text);
    return rc;
}

static int add(struct ll_cli *c, struct ll_store *st, struct ll_str id, struct ll_err *err)
{
    const char *title = c->opts[LL_OPT_client_add_title], *key = c->opts[LL_OPT_client_add_key];
    int rc = ll_client_add(st, &machine, id, ll_str(c->opts[LL_OPT_client_add_organisation]),
                           ll_str(title ? title : c->args[0]), err);

    if (rc < 0 || !key)
        return rc;
    return (rc = add_key_of(st, id, key, err)) < 0 ? rc : ll_client_enable(st, &machine, id, true, err);
}

int ll_cmd_client_add(struct ll_cli *c, struct ll_err *err)
{
    if (!c->opts[LL_OPT_client_add_organisation])
        return ll_fail(err, LL_USAGE, "请用 --organisation 写明机构代码；luling organisation list 列出全部",
                       "name the organisation with --organisation; luling organisation list shows all");
    return change_and_show(c, add, err);
}

static int add_key(struct ll_cli *c, struct ll_store *st, struct ll_str id, struct ll_err *err)
{
    return add_key_of(st, id, c->args[1], err);
}

int ll_cmd_client_key(struct ll_cli *c, struct ll_err *err)
{
    return change_and_show(c, add_key, err);
}

static int enable(struct ll_cli *c, struct ll_store *st, struct ll_str id, struct ll_err *err)
{
    return ll_client_enable(st, &machine, id, ll_command_id(c->command) == LL_CMD_client_enable, err);
}

int ll_cmd_client_enable(struct ll_cli *c, struct ll_err *err)
{
    return change_and_show(c, enable, err);
}

int ll_cmd_client_disable(struct ll_cli *c, struct ll_err *err)
{
    return change_and_show(c, enable, err);
}

static int signing(struct ll_cli *c, struct ll_store *st, struct ll_str id, struct ll_err *err)
{
    struct ll_str word = ll_str(c->args[1]);

    if (!ll_str_is(word, "required") && !ll_str_is(word, "optional"))
        return ll_fail(err, LL_USAGE, "应为 required（须签名）或 optional（可签名）",
                       "say required or optional");
    return ll_client_require_signing(st, &machine, id, ll_str_is(word, "required"), err);
}

int ll_cmd_client_signing(struct ll_cli *c, struct ll_err *err)
{
    return change_and_show(c, signing, err);
}

int ll_cmd_client_list(struct ll_cli *c, struct ll_err *err)
{
    struct ll_arena *arena = ll_arena_new(0);
    struct ll_client *list = NULL;
    struct ll_data *d = NULL;
    int64_t total = 0;
    size_t n = 0;
    int rc = arena ? ll_session_open(c, &d, err) : ll_no_memory(err);

    if (rc == LL_OK)
        rc = ll_client_list(ll_data_store(d), &(struct ll_client_query){.limit = SHOWN}, arena, &list, &n,
                            &total, err);
    if (rc == LL_OK) {
        struct ll_grid *grid = ll_grid_new(c, columns, LL_COUNT(columns));
        for (size_t i = 0; i < n; i++)
            put_client(c, grid, &list[i]);
        rc = ll_grid_end(grid, err);
    }
    ll_data_close(d);
    ll_arena_free(arena);
    return rc;
}

/* ---- freeze ---- */

static int list_freezes(struct ll_cli *c, struct ll_data *d, struct ll_err *err)
{
    static const struct ll_column frozen[] = {{"kind", "种类", "kind", LL_LEFT},
                                              {"id", "编号", "id", LL_LEFT},
                                              {"reason", "理由", "reason", LL_LEFT},
                                              {"made_by", "操作者", "by", LL_LEFT},
                                              {"made_at", "时间", "since", LL_LEFT}};
    struct ll_arena *arena = ll_arena_new(0);
    struct ll_frozen *list = NULL;
    int64_t total = 0;
    size_t n = 0;
    int rc = arena ? ll_freeze_list(ll_data_store(d), &(struct ll_freeze_query){.limit = SHOWN}, arena, &list,
                                    &n, &total, err)
                   : ll_no_memory(err);

    if (rc == LL_OK) {
        struct ll_grid *grid = ll_grid_new(c, frozen, LL_COUNT(frozen));
        for (size_t i = 0; i < n; i++) {
            ll_grid_z(grid, list[i].kind);
            ll_grid_z(grid, list[i].id);
            ll_grid_z(grid, list[i].reason);
            ll_grid_z(grid, list[i].made_by);
            ll_grid_time(grid, list[i].made_at);
        }
        rc = ll_grid_end(grid, err);
    }
    ll_arena_free(arena);
    return rc;
}

int ll_cmd_freeze_list(struct ll_cli *c, struct ll_err *err)
{
    struct ll_data *d = NULL;
    int rc = ll_session_open(c, &d, err);

    if (rc == LL_OK)
        rc = list_freezes(c, d, err);
    ll_data_close(d);
    return rc;
}

int ll_cmd_freeze(struct ll_cli *c, struct ll_err *err)
{
    const char *reason = c->opts[LL_OPT_freeze_reason];
    struct ll_data *d = NULL;
    int rc;

    if (!reason || !reason[0])
        return ll_fail(err, LL_USAGE, "请用 --reason 写明理由", "say why with --reason");
    if ((rc = ll_session_open(c, &d, err)) == LL_OK &&
        (rc = ll_freeze(ll_data_store(d), &machine, ll_str(c->args[0]), ll_str(c->args[1]), ll_str(reason),
                        err)) == LL_OK)
        rc = list_freezes(c, d, err);
    ll_data_close(d);
    return rc;
}

int ll_cmd_thaw(struct ll_cli *c, struct ll_err *err)
{
    struct ll_data *d = NULL;
    int rc = ll_session_open(c, &d, err);

    if (rc == LL_OK &&
        (rc = ll_thaw(ll_data_store(d), &machine, ll_str(c->args[0]), ll_str(c->args[1]), err)) == LL_OK)
        rc = list_freezes(c, d, err);
    ll_data_close(d);
    return rc;
}
