/* cmd_witness.c - witness: what a bank or an audit office runs so that a log cannot show different people different pasts. */
#include "cli/out.h"

#include "base/fs.h"
#include "base/log.h"
#include "crypto/keyring.h"
#include "http/witness_serve.h"
#include "journal/witness.h"

#include <string.h>

struct telling {
    struct ll_cli *c;
    const struct ll_vkey *key;
};

static void ready(void *ctx, const char *url)
{
    static const struct ll_column columns[] = {{"url", "地址", "address", LL_LEFT},
                                               {"key", "公钥", "key", LL_LEFT}};
    struct telling *t = ctx;
    struct ll_grid *grid = ll_grid_new(t->c, columns, LL_COUNT(columns));
    struct ll_buf key = LL_BUF_INIT(1024);
    struct ll_err err;

    ll_vkey_put(t->key, &key);
    ll_grid_z(grid, url);
    ll_grid_str(grid, ll_buf_view(&key));
    if (ll_grid_end_card(grid, &err) < 0 || ll_out_flush(t->c, &err) < 0) /* nobody reads; it goes on */
        ll_buf_clear(&t->c->out);
    ll_buf_free(&key);
}

static int read_logs(const char *file, struct ll_policy **ret, struct ll_err *err)
{
    struct ll_buf text = LL_BUF_INIT(LL_POLICY_MAX * 4);
    int rc = ll_fs_read(file, LL_POLICY_MAX, &text, err);

    /* only its log lines count here, so a file without a quorum will do */
    if (rc == LL_OK && !(text.n >= 6 && memmem(text.p, text.n, "quorum", 6)))
        ll_buf_z(&text, "\nquorum none\n");
    if (rc == LL_OK)
        rc = ll_policy_parse(ll_buf_view(&text), ret, err);
    ll_buf_free(&text);
    return rc;
}

static int port_of(const char *text, unsigned *ret, struct ll_err *err)
{
    int64_t v = 0;

    if (!ll_str_i64(ll_str(text), 0, 65535, &v))
        return ll_fail(err, LL_USAGE, "“%s”不是端口", "'%s' is not a port", text);
    *ret = (unsigned)v;
    return LL_OK;
}

int ll_cmd_witness(struct ll_cli *c, struct ll_err *err)
{
    const char *dir = c->args[0], *name = c->opts[LL_OPT_witness_name], *logs = c->opts[LL_OPT_witness_logs];
    const char *port = c->opts[LL_OPT_witness_port], *address = c->opts[LL_OPT_witness_address];
    const struct ll_keyring_opts ring = {dir, c->set->key_passphrase_file};
    const struct ll_key *k = NULL;
    struct ll_keyring *keys = NULL;
    struct ll_policy *policy = NULL;
    struct ll_vkey key = {0};
    struct telling t = {c, &key};
    struct ll_witness_serve o = {
        .address = address ? address : "127.0.0.1", .port = 8781, .ready = ready, .ctx = &t};
    int rc;

    if (!name || !logs)
        return ll_fail(err, LL_USAGE, "要用 --name 给出见证者的名称，用 --logs 给出认可的日志",
                       "name the witness with --name and the logs it knows with --logs");
    if ((port && (rc = port_of(port, &o.port, err)) < 0) || (rc = ll_fs_mkdirs(dir, err)) < 0 ||
        (rc = read_logs(logs, &policy, err)) < 0 || (rc = ll_keyring_open(&keys, &ring, err)) < 0)
        goto done;
    if (ll_keyring_made_secret(keys))
        ll_log(LL_WARN, "key", "made %s, which opens the witness's key: keep a copy in a safe place",
               ll_keyring_made_secret(keys));
    if ((rc = ll_keyring_signer(keys, LL_FOR_WITNESS, &k, NULL, err)) < 0 ||
        (rc = ll_vkey_borrow(&key, name, LL_NOTE_COSIGNATURE, k, err)) < 0 ||
        (rc = ll_witness_open(dir, policy, &key, &o.witness, err)) < 0)
        goto done;
    rc = ll_witness_serve(&o, err);
done:
    ll_witness_close(o.witness);
    ll_keyring_close(keys);
    ll_policy_free(policy);
    return rc;
}
