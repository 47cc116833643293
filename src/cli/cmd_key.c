/* cmd_key.c - key: the platform's own keys. */
#include "cli/out.h"

#include "base/log.h"
#include "cli/session.h"
#include "crypto/jwk.h"
#include "crypto/keyring.h"
#include "report/issue.h"
#include "share/admin.h"

enum { DAY_S = 86400, OVERLAP_DAYS = 30, OVERLAP_MAX = 3650 };

static int ring_open(struct ll_cli *c, struct ll_keyring **ret, struct ll_err *err)
{
    const struct ll_keyring_opts o = {c->set->data_dir, c->set->key_passphrase_file};

    if (!ll_session_there(c))
        return ll_fail(err, LL_NOTFOUND, "%s 不是数据目录；用 --data 指定，或先用 luling pack load 建立",
                       "%s is no data folder; name one with --data, or make one with luling pack load",
                       c->set->data_dir);
    int rc = ll_keyring_open(ret, &o, err);
    if (rc == LL_OK && ll_keyring_made_secret(*ret))
        ll_log(LL_WARN, "key", "made %s, which opens the platform's keys: keep a copy in a safe place",
               ll_keyring_made_secret(*ret));
    return rc;
}

static int find_purpose(const char *name, enum ll_purpose *ret, struct ll_err *err)
{
    if (ll_purpose_find(ll_str(name), ret))
        return LL_OK;
    return ll_fail(err, LL_NOTFOUND, "没有名为“%s”的密钥用途；luling key list 列出全部",
                   "no purpose of keys is named '%s'; luling key list shows all", name);
}

static const char *state_title(const struct ll_cli *c, enum ll_ring_state s)
{
    static const char *const zh[] = {"在用", "退役中", "已退役"};

    return ll_say(c, zh[s], ll_ring_state_name(s));
}

static const struct ll_column columns[] = {
    {"purpose", "用途", "purpose", LL_LEFT},     {"id", "编号", "id", LL_LEFT},
    {"kind", "种类", "kind", LL_LEFT},           {"state", "状态", "state", LL_LEFT},
    {"made_at", "生成时间", "made at", LL_LEFT}, {"until", "退役时间", "retires at", LL_LEFT},
    {"meaning", "含义", "meaning", LL_LEFT},     {"jwk", "公钥（JWK）", "public key (JWK)", LL_LEFT},
};
enum { WITHOUT_PUBLIC = LL_COUNT(columns) - 1 };

static void put_key(struct ll_cli *c, struct ll_grid *t, const struct ll_ring_key *k)
{
    ll_grid_z(t, ll_purpose_name(k->purpose));
    ll_grid_z(t, k->id);
    ll_grid_z(t, ll_purpose_kind(k->purpose));
    ll_grid_word(t, ll_ring_state_name(k->state), state_title(c, k->state));
    ll_grid_time(t, k->made_at);
    ll_grid_time(t, k->until);
    ll_grid_z(t, ll_purpose_title(k->purpose, c->lang));
}

/* A purpose whose key was not needed yet. */
static void put_unmade(struct ll_cli *c, struct ll_grid *t, enum ll_purpose p)
{
    ll_grid_z(t, ll_purpose_name(p));
    ll_grid_z(t, NULL);
    ll_grid_z(t, ll_purpose_kind(p));
    ll_grid_word(t, "unmade", ll_say(c, "尚未生成", "not made yet"));
    ll_grid_time(t, 0);
    ll_grid_time(t, 0);
    ll_grid_z(t, ll_purpose_title(p, c->lang));
}

int ll_cmd_key_list(struct ll_cli *c, struct ll_err *err)
{
    struct ll_keyring *r = NULL;
    struct ll_ring_key k;
    int rc = ring_open(c, &r, err);

    if (rc < 0)
        return rc;
    struct ll_grid *t = ll_grid_new(c, columns, WITHOUT_PUBLIC);
    for (int p = 0; p < LL_PURPOSE_COUNT; p++) {
        size_t shown = 0;
        for (size_t i = 0; ll_keyring_at(r, i, &k); i++)
            if (k.purpose == (enum ll_purpose)p) {
                put_key(c, t, &k);
                shown++;
            }
        if (!shown)
            put_unmade(c, t, (enum ll_purpose)p);
    }
    ll_keyring_close(r);
    return ll_grid_end(t, err);
}

/* As a JWK: one line, and what programs register. */
static void put_public(struct ll_grid *t, const struct ll_ring_key *k)
{
    struct ll_buf jwk = LL_BUF_INIT(LL_JWK_MAX);
    struct ll_json j;

    if (!k->key) {
        ll_grid_z(t, NULL);
        return;
    }
    ll_json_init(&j, &jwk);
    ll_jwk_put(k->key, k->id, &j);
    ll_grid_raw(t, ll_buf_view(&jwk), ll_buf_view(&jwk));
    ll_buf_free(&jwk);
}

int ll_cmd_key_show(struct ll_cli *c, struct ll_err *err)
{
    struct ll_keyring *r = NULL;
    struct ll_ring_key k;
    enum ll_purpose p;
    int rc;

    if ((rc = find_purpose(c->args[0], &p, err)) < 0 || (rc = ring_open(c, &r, err)) < 0)
        return rc;
    struct ll_grid *t = ll_grid_new(c, columns, LL_COUNT(columns));
    for (size_t i = 0; ll_keyring_at(r, i, &k); i++)
        if (k.purpose == p) {
            put_key(c, t, &k);
            put_public(t, &k);
        }
    ll_keyring_close(r);
    return ll_grid_end(t, err);
}

static int overlap(const struct ll_cli *c, uint64_t *ret, struct ll_err *err)
{
    const char *given = c->opts[LL_OPT_key_rotate_overlap];
    int64_t days = OVERLAP_DAYS;

    if (given && !ll_str_i64(ll_str(given), 1, OVERLAP_MAX, &days))
        return ll_fail(err, LL_USAGE, "--overlap 为 1 至 %d 天", "--overlap takes 1 to %d days",
                       (int)OVERLAP_MAX);
    *ret = (uint64_t)days * DAY_S;
    return LL_OK;
}

/* The purpose's newest key, which everybody signs or seals with from now on. */
static void newest(struct ll_keyring *r, enum ll_purpose p, struct ll_ring_key *ret)
{
    struct ll_ring_key k;

    for (size_t i = 0; ll_keyring_at(r, i, &k); i++)
        if (k.purpose == p && k.state == LL_RING_ACTIVE)
            *ret = k;
}

/* For the journal, which a running server or the next one writes. */
static int note(struct ll_cli *c, const struct ll_ring_key *k, struct ll_err *err)
{
    const struct ll_admin_note n = {
        .act = LL_ADMIN_KEY_ROTATED, .object = ll_str(k->id), .of = ll_str(ll_purpose_name(k->purpose))};
    struct ll_data *d = NULL;
    struct ll_txn *tx = NULL;
    int rc = ll_session_open(c, &d, err);

    if (rc == LL_OK && (rc = ll_txn_begin(ll_data_store(d), true, &tx, err)) == LL_OK &&
        (rc = ll_admin_note(tx, NULL, &n, err)) == LL_OK)
        rc = ll_txn_commit(tx, err);
    ll_txn_end(tx);
    ll_data_close(d);
    return rc;
}

int ll_cmd_key_rotate(struct ll_cli *c, struct ll_err *err)
{
    struct ll_ring_key made = {.id = ""};
    struct ll_keyring *r = NULL;
    enum ll_purpose p;
    uint64_t seconds = 0;
    int rc;

    if ((rc = find_purpose(c->args[0], &p, err)) < 0 || (rc = overlap(c, &seconds, err)) < 0 ||
        (rc = ring_open(c, &r, err)) < 0)
        return rc;
    if ((rc = ll_keyring_rotate(r, p, seconds, err)) == LL_OK)
        newest(r, p, &made);
    ll_keyring_close(r);
    if (rc < 0 || (rc = note(c, &made, err)) < 0)
        return rc;
    return ll_cmd_key_show(c, err);
}

int ll_cmd_key_certificate(struct ll_cli *c, struct ll_err *err)
{
    struct ll_keyring *r = NULL;
    int rc = ring_open(c, &r, err);

    if (rc == LL_OK)
        rc = ll_issuer_certificate(c->set, r, &c->out, err);
    ll_keyring_close(r);
    return rc;
}
