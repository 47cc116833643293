/* cmd_account.c - account ...: people who sign in, made on the machine itself. */
#include "cli/out.h"
#include "cli/session.h"

#include "share/account_key.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { SHOWN = 10000 };

/* Whoever works on the machine itself acts in nobody's name. */
static const struct ll_actor machine = {.account = NULL};

static const struct ll_column columns[] = {
    {"id", "账号", "account", LL_LEFT},
    {"name", "姓名", "name", LL_LEFT},
    {"organisation", "机构", "organisation", LL_LEFT},
    {"state", "状态", "state", LL_LEFT},
    {"duties", "职责", "duties", LL_LEFT},
    {"seen_at", "上次登录", "last sign-in", LL_LEFT},
};

static void put_duties(struct ll_cli *c, struct ll_grid *grid, unsigned duties)
{
    struct ll_buf text = LL_BUF_INIT(1024), json = LL_BUF_INIT(1024);
    struct ll_json j;

    ll_json_init(&j, &json);
    ll_json_arr(&j);
    for (unsigned i = 0; i < LL_DUTY_COUNT; i++)
        if (duties & 1u << i) {
            if (text.n)
                ll_buf_z(&text, ll_say(c, "、", ", "));
            ll_buf_z(&text, ll_duty_title(i, c->lang));
            ll_json_z(&j, ll_duty_name(i));
        }
    ll_json_end_arr(&j);
    ll_grid_raw(grid, ll_buf_view(&text), ll_buf_view(&json));
    ll_buf_free(&text);
    ll_buf_free(&json);
}

static void put_account(struct ll_cli *c, struct ll_grid *grid, const struct ll_account *a)
{
    ll_grid_z(grid, a->id);
    ll_grid_z(grid, a->name);
    ll_grid_z(grid, a->organisation);
    ll_grid_word(grid, a->state, ll_word_title(c->lang, a->state));
    put_duties(c, grid, a->duties);
    ll_grid_time(grid, a->seen_at);
}

/* What is done to one account, by its id; then the account is shown. */
typedef int (*account_change)(struct ll_store *st, struct ll_str id, void *ctx, struct ll_err *err);

static int change_and_show(struct ll_cli *c, account_change change, void *ctx, struct ll_err *err)
{
    struct ll_arena *arena = ll_arena_new(0);
    struct ll_str id = ll_str(c->args[0]);
    struct ll_data *d = NULL;
    struct ll_account a;
    int rc = arena ? ll_session_open(c, &d, err) : ll_no_memory(err);

    if (rc == LL_OK && (rc = change(ll_data_store(d), id, ctx, err)) == LL_OK &&
        (rc = ll_account_get(ll_data_store(d), id, arena, &a, err)) == LL_OK) {
        struct ll_grid *grid = ll_grid_new(c, columns, LL_COUNT(columns));
        put_account(c, grid, &a);
        rc = ll_grid_end_card(grid, err);
    }
    ll_data_close(d);
    ll_arena_free(arena);
    return rc;
}

int ll_cmd_account_list(struct ll_cli *c, struct ll_err *err)
{
    struct ll_arena *arena = ll_arena_new(0);
    struct ll_account *list = NULL;
    struct ll_data *d = NULL;
    int64_t total = 0;
    size_t n = 0;
    int rc = arena ? ll_session_open(c, &d, err) : ll_no_memory(err);

    if (rc == LL_OK)
        rc = ll_account_list(ll_data_store(d), &(struct ll_account_query){.limit = SHOWN}, arena, &list, &n,
                             &total, err);
    if (rc == LL_OK) {
        struct ll_grid *grid = ll_grid_new(c, columns, LL_COUNT(columns));
        for (size_t i = 0; i < n; i++)
            put_account(c, grid, &list[i]);
        rc = ll_grid_end(grid, err);
    }
    ll_data_close(d);
    ll_arena_free(arena);
    return rc;
}

/* The first line of a file, or of standard input. */
static int read_password(const char *path, char out[LL_PASSWORD_MOST + 2], struct ll_err *err)
{
    FILE *f = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
    bool got;

    if (!f)
        return ll_fail_errno(err, LL_NOTFOUND, "无法读取 %s", "cannot read %s", path);
    got = fgets(out, LL_PASSWORD_MOST + 2, f) != NULL;
    if (f != stdin)
        fclose(f);
    if (!got)
        return ll_fail(err, LL_USAGE, "%s 中没有密码", "there is no password in %s", path);
    out[strcspn(out, "\r\n")] = 0;
    return LL_OK;
}

static int show_invitation(struct ll_cli *c, const char *id, const char *token, struct ll_err *err)
{
    static const struct ll_column invitation[] = {
        {"account", "账号", "account", LL_LEFT},
        {"link", "邀请链接（只显示这一次）", "invitation (shown this once)", LL_LEFT}};
    struct ll_grid *grid = ll_grid_new(c, invitation, LL_COUNT(invitation));
    char link[96];

    snprintf(link, sizeof(link), "/invitation#%s", token);
    ll_grid_z(grid, id);
    ll_grid_z(grid, link);
    return ll_grid_end_card(grid, err);
}

static int add(struct ll_cli *c, struct ll_store *st, const char *password, struct ll_err *err)
{
    const char *name = c->opts[LL_OPT_account_add_name], *words = c->opts[LL_OPT_account_add_duties];
    const char *organisation = c->opts[LL_OPT_account_add_organisation];
    struct ll_str id = ll_str(c->args[0]);
    unsigned duties = 0;
    char token[44];
    int rc = ll_duties_parse(ll_str(words), &duties, err);

    if (rc < 0 ||
        (rc = ll_account_add(st, &machine, id, ll_str(organisation), ll_str(name ? name : c->args[0]), err)) <
            0 ||
        (rc = ll_account_empower(st, &machine, id, duties, err)) < 0)
        return rc;
    if (password)
        return ll_account_set_password(st, &machine, id, ll_str(password), err);
    if ((rc = ll_account_invite(st, &machine, id, token, err)) < 0)
        return rc;
    return show_invitation(c, c->args[0], token, err);
}

int ll_cmd_account_add(struct ll_cli *c, struct ll_err *err)
{
    const char *file = c->opts[LL_OPT_account_add_password_file];
    char password[LL_PASSWORD_MOST + 2] = "";
    struct ll_data *d = NULL;
    int rc;

    if (!c->opts[LL_OPT_account_add_organisation])
        return ll_fail(err, LL_USAGE, "请用 --organisation 写明机构代码；luling organisation list 列出全部",
                       "name the organisation with --organisation; luling organisation list shows all");
    if (file && (rc = read_password(file, password, err)) < 0)
        return rc;
    if ((rc = ll_session_open(c, &d, err)) == LL_OK)
        rc = add(c, ll_data_store(d), file ? password : NULL, err);
    ll_data_close(d);
    explicit_bzero(password, sizeof(password));
    return rc;
}

int ll_cmd_account_invite(struct ll_cli *c, struct ll_err *err)
{
    struct ll_data *d = NULL;
    char token[44];
    int rc = ll_session_open(c, &d, err);

    if (rc == LL_OK &&
        (rc = ll_account_invite(ll_data_store(d), &machine, ll_str(c->args[0]), token, err)) == LL_OK)
        rc = show_invitation(c, c->args[0], token, err);
    ll_data_close(d);
    return rc;
}

static int set_duties(struct ll_store *st, struct ll_str id, void *ctx, struct ll_err *err)
{
    unsigned duties;
    int rc = ll_duties_parse(ll_str(ctx), &duties, err);

    return rc < 0 ? rc : ll_account_empower(st, &machine, id, duties, err);
}

int ll_cmd_account_duties(struct ll_cli *c, struct ll_err *err)
{
    return change_and_show(c, set_duties, (void *)c->args[1], err);
}

static int set_enabled(struct ll_store *st, struct ll_str id, void *ctx, struct ll_err *err)
{
    return ll_account_enable(st, &machine, id, ctx != NULL, err);
}

int ll_cmd_account_enable(struct ll_cli *c, struct ll_err *err)
{
    return change_and_show(c, set_enabled, c, err);
}

int ll_cmd_account_disable(struct ll_cli *c, struct ll_err *err)
{
    return change_and_show(c, set_enabled, NULL, err);
}

static int unlock(struct ll_store *st, struct ll_str id, void *ctx, struct ll_err *err)
{
    (void)ctx;
    return ll_account_unlock(st, &machine, id, err);
}

int ll_cmd_account_unlock(struct ll_cli *c, struct ll_err *err)
{
    return change_and_show(c, unlock, NULL, err);
}

/* ---- passkeys ---- */

static void put_passkey(struct ll_cli *c, struct ll_grid *grid, const struct ll_account_key *k)
{
    ll_grid_z(grid, k->id);
    ll_grid_z(grid, k->name);
    ll_grid_word(grid, k->backup ? "synced" : "bound",
                 k->backup ? ll_say(c, "可同步", "synced") : ll_say(c, "只在一台设备", "on one device"));
    ll_grid_time(grid, k->made_at);
    ll_grid_time(grid, k->used_at);
    ll_grid_time(grid, k->warned_at);
}

static int list_passkeys(struct ll_cli *c, struct ll_data *d, struct ll_err *err)
{
    static const struct ll_column shown[] = {{"id", "编号", "id", LL_LEFT},
                                             {"name", "名称", "name", LL_LEFT},
                                             {"kind", "种类", "kind", LL_LEFT},
                                             {"made_at", "登记时间", "registered", LL_LEFT},
                                             {"used_at", "上次使用", "last used", LL_LEFT},
                                             {"warned_at", "可能被复制", "may be copied", LL_LEFT}};
    struct ll_arena *arena = ll_arena_new(0);
    struct ll_account_key *list = NULL;
    struct ll_txn *tx = NULL;
    struct ll_account a;
    size_t n = 0;
    int rc = arena ? ll_account_get(ll_data_store(d), ll_str(c->args[0]), arena, &a, err) : ll_no_memory(err);

    if (rc == LL_OK && (rc = ll_txn_begin(ll_data_store(d), false, &tx, err)) == LL_OK)
        rc = ll_account_key_list(tx, ll_str(c->args[0]), arena, &list, &n, err);
    ll_txn_end(tx);
    if (rc == LL_OK) {
        struct ll_grid *grid = ll_grid_new(c, shown, LL_COUNT(shown));
        for (size_t i = 0; i < n; i++)
            put_passkey(c, grid, &list[i]);
        rc = ll_grid_end(grid, err);
    }
    ll_arena_free(arena);
    return rc;
}

int ll_cmd_account_passkeys(struct ll_cli *c, struct ll_err *err)
{
    struct ll_data *d = NULL;
    int rc = ll_session_open(c, &d, err);

    if (rc == LL_OK)
        rc = list_passkeys(c, d, err);
    ll_data_close(d);
    return rc;
}

int ll_cmd_account_passkey_remove(struct ll_cli *c, struct ll_err *err)
{
    struct ll_data *d = NULL;
    struct ll_txn *tx = NULL;
    int rc = ll_session_open(c, &d, err);

    if (rc == LL_OK && (rc = ll_txn_begin(ll_data_store(d), true, &tx, err)) == LL_OK &&
        (rc = ll_account_key_remove(tx, &machine, ll_str(c->args[0]), ll_str(c->args[1]), err)) == LL_OK)
        rc = ll_txn_commit(tx, err);
    ll_txn_end(tx);
    if (rc == LL_OK)
        rc = list_passkeys(c, d, err);
    ll_data_close(d);
    return rc;
}
