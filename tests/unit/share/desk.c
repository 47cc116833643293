#include "desk.h"

#include "base/clock.h"
#include "base/fs.h"

#include <unistd.h>

const struct ll_actor bank_steward = {
    .account = "a-bank", .organisation = "BANK", .roles = LL_DUTY_CONSUMER_STEWARD};
const struct ll_actor bank_approver = {
    .account = "a-bank-2", .organisation = "BANK", .roles = LL_DUTY_APPROVER};
const struct ll_actor tax_steward = {
    .account = "a-tax", .organisation = "TAX", .roles = LL_DUTY_SOURCE_STEWARD};
const struct ll_actor tax_approver = {.account = "a-tax-2", .organisation = "TAX", .roles = LL_DUTY_APPROVER};
const struct ll_actor hub_operator = {.account = "a-hub", .organisation = "HUB", .roles = LL_DUTY_OPERATOR};
const struct ll_actor security = {.account = "a-sec", .organisation = "HUB", .roles = LL_DUTY_SECADMIN};
const struct ll_actor other_approver = {
    .account = "a-other", .organisation = "POST", .roles = LL_DUTY_APPROVER};

struct ll_store *desk_store(struct desk *d)
{
    struct ll_store_opts o = LL_STORE_OPTS_INIT;
    struct ll_store *st = NULL;
    struct ll_err err;

    o.path = d->path;
    assert_ok(ll_store_open(&st, &o, &err));
    return st;
}

void desk_run(struct desk *d, const char *sql)
{
    struct ll_txn *tx = NULL;
    struct ll_err err;

    assert_ok(ll_txn_begin(d->st, true, &tx, &err));
    assert_ok(ll_exec(tx, &err, sql, ""));
    assert_ok(ll_txn_commit(tx, &err));
    ll_txn_end(tx);
}

int64_t desk_ask(struct desk *d, const char *sql)
{
    struct ll_stmt *s = NULL;
    struct ll_txn *tx = NULL;
    struct ll_err err;

    assert_ok(ll_txn_begin(d->st, false, &tx, &err));
    assert_ok(ll_sql(tx, sql, &s, &err));
    assert_int_equal(ll_step(s, &err), 1);
    int64_t n = ll_col_int(s, 0);
    ll_stmt_done(s);
    ll_txn_end(tx);
    return n;
}

void desk_open(struct desk *d)
{
    *d = (struct desk){.dir = "/tmp/luling-desk-XXXXXX"};
    assert_non_null(mkdtemp(d->dir));
    snprintf(d->path, sizeof d->path, "%s/luling.db", d->dir);
    d->st = desk_store(d);
    d->arena = ll_arena_new(0);
    assert_non_null(d->arena);
    desk_run(
        d,
        "INSERT INTO pack (name, version, title, sample, sha256, loaded_at, needs) VALUES ('p', '1', 'p', 0, '', 0, '')");
    desk_run(
        d,
        "INSERT INTO organisation (code, name, role, pack) VALUES ('BANK', '银行', 'consumer', 'p'), ('TAX', '税务局', 'source', 'p'),"
        " ('HUB', '数据局', 'platform', 'p'), ('POST', '邮储', 'consumer', 'p')");
}

void desk_close(struct desk *d)
{
    struct ll_err err;

    ll_arena_free(d->arena);
    ll_store_close(d->st);
    assert_ok(ll_fs_remove_tree(d->dir, &err));
}

struct ll_grant desk_grant(const char *resource)
{
    static struct ll_grant_item items[] = {{"uscc", false}, {"level", false}, {"phone", true}};

    return (struct ll_grant){.organisation = "BANK",
                             .resource = resource,
                             .provider = "TAX",
                             .purpose = "贷前调查",
                             .legal_basis = "《政务数据共享条例》",
                             .version = 1,
                             .modes = LL_USE_QUERY | LL_USE_VERIFY,
                             .items = items,
                             .n_items = LL_COUNT(items),
                             .from_at = ll_now_ms() - 1000,
                             .until_at = ll_now_ms() + 365LL * DAY_MS};
}

void desk_add_grant(struct desk *d, const struct ll_grant *g, char id[LL_FLOW_ID_TEXT])
{
    struct ll_txn *tx = NULL;
    struct ll_err err;

    assert_ok(ll_txn_begin(d->st, true, &tx, &err));
    assert_ok(ll_grant_create(tx, g, &tax_approver, id, &err));
    assert_ok(ll_txn_commit(tx, &err));
    ll_txn_end(tx);
}

int desk_grant_act(struct ll_store *st, const char *id, const char *action, const struct ll_actor *actor,
                   struct ll_err *err)
{
    const struct ll_flow_act act = {.action = action, .actor = actor, .reason = "测试"};
    struct ll_txn *tx = NULL;
    int rc = ll_txn_begin(st, true, &tx, err);

    if (rc == LL_OK && (rc = ll_grant_act(tx, id, &act, 0, err)) == LL_OK)
        rc = ll_txn_commit(tx, err);
    ll_txn_end(tx);
    return rc;
}
