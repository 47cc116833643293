/* cmd_consent.c - consent: what subjects have allowed, and whether their signatures hold. */
#include "cli/out.h"

#include "base/log.h"
#include "cli/session.h"
#include "crypto/keyring.h"
#include "share/consent.h"
#include "standard/ident.h"

#include <string.h>

enum { SHOWN = 100, HOST_MAX = 256 };

/* What a command needs that only reads. */
struct reading {
    struct ll_data *data;
    struct ll_keyring *keys;
    struct ll_consent_env env;
};

static void reading_close(struct reading *r)
{
    ll_txn_end(r->env.tx);
    ll_keyring_close(r->keys);
    ll_data_close(r->data);
    ll_arena_free(r->env.arena);
}

static int reading_open(struct ll_cli *c, struct reading *r, struct ll_err *err)
{
    const struct ll_keyring_opts o = {c->set->data_dir, c->set->key_passphrase_file};
    int rc;

    *r = (struct reading){.env = {.arena = ll_arena_new(0)}};
    if (!r->env.arena)
        return ll_no_memory(err);
    if ((rc = ll_session_open(c, &r->data, err)) == LL_OK &&
        (rc = ll_keyring_open(&r->keys, &o, err)) == LL_OK &&
        (rc = ll_txn_begin(ll_data_store(r->data), false, &r->env.tx, err)) == LL_OK) {
        r->env.keys = r->keys;
        return LL_OK;
    }
    reading_close(r);
    return rc;
}

static const struct ll_column columns[] = {
    {"id", "编号", "id", LL_LEFT},
    {"kind", "种类", "kind", LL_LEFT},
    {"state", "状态", "state", LL_LEFT},
    {"subject", "授权人", "subject", LL_LEFT},
    {"subject_title", "名称", "name", LL_LEFT},
    {"organisation", "被授权机构", "organisation", LL_LEFT},
    {"purpose", "用途", "purpose", LL_LEFT},
    {"from", "自", "from", LL_LEFT},
    {"until", "至", "until", LL_LEFT},
    {"uses", "次数上限", "uses allowed", LL_RIGHT},
    {"used", "已用", "used", LL_RIGHT},
};

static void put_row(struct ll_cli *c, struct ll_grid *t, const struct ll_consent *v)
{
    ll_grid_z(t, v->id);
    ll_grid_word(t, ll_consent_kind_word(v->kind), ll_consent_kind_title(v->kind, c->lang));
    ll_grid_word(t, v->withdrawn ? "withdrawn" : "active",
                 v->withdrawn ? ll_say(c, "已撤回", "withdrawn") : ll_say(c, "有效", "active"));
    ll_grid_z(t, v->mask);
    ll_grid_z(t, v->title);
    ll_grid_z(t, v->organisation);
    ll_grid_z(t, v->purpose);
    ll_grid_time(t, v->from_at);
    ll_grid_time(t, v->until_at);
    ll_grid_int(t, v->uses);
    ll_grid_int(t, v->used);
}

static int query_of(const struct ll_cli *c, struct ll_consent_who *who, struct ll_consent_query *q,
                    struct ll_err *err)
{
    const char *given = c->opts[LL_OPT_consent_list_subject];
    char canon[LL_ID_MAX];
    size_t n;

    *q = (struct ll_consent_query){.organisation = c->opts[LL_OPT_consent_list_organisation], .limit = SHOWN};
    if (!given)
        return LL_OK;
    who->value = ll_str(given);
    if (!ll_id_detect(who->value, &who->scheme, canon, &n))
        return ll_fail(err, LL_INVALID, "“%s”不是有效的统一社会信用代码或公民身份号码",
                       "'%s' is no valid credit code or resident number", given);
    q->who = who;
    return LL_OK;
}

int ll_cmd_consent_list(struct ll_cli *c, struct ll_err *err)
{
    struct ll_consent_query q;
    struct ll_consent_who who = {0};
    struct ll_consent *list = NULL;
    struct reading r;
    size_t n = 0;
    int64_t total = 0;
    int rc;

    if ((rc = query_of(c, &who, &q, err)) < 0 || (rc = reading_open(c, &r, err)) < 0)
        return rc;
    if ((rc = ll_consent_list(&r.env, &q, &list, &n, &total, err)) == LL_OK) {
        struct ll_grid *t = ll_grid_new(c, columns, LL_COUNT(columns));
        for (size_t i = 0; i < n; i++)
            put_row(c, t, &list[i]);
        rc = ll_grid_end(t, err);
        if (total > (int64_t)n)
            ll_out_line(c, "共 %lld 份授权，只列出最近 %zu 份",
                        "%lld consents in all; the newest %zu are shown", (long long)total, n);
    }
    reading_close(&r);
    return rc;
}

int ll_cmd_consent_show(struct ll_cli *c, struct ll_err *err)
{
    struct ll_consent v;
    struct ll_json j;
    struct reading r;
    int rc = reading_open(c, &r, err);

    if (rc < 0)
        return rc;
    rc = ll_consent_get(&r.env, c->args[0], &v, err);
    if (rc == LL_OK && c->json) {
        ll_json_init(&j, &c->out);
        rc = ll_consent_json(&r.env, &v, &j, err);
        ll_buf_c(&c->out, '\n');
    } else if (rc == LL_OK) {
        ll_out_line(c, "%s\n种类：%s（%s）", "%s\nkind: %s (%s)", v.text,
                    ll_consent_kind_title(v.kind, c->lang), ll_consent_kind_proves(v.kind, c->lang));
        ll_out_line(c, "已用 %lld 次%s", "used %lld times%s", (long long)v.used,
                    v.withdrawn ? ll_say(c, "；已撤回", "; withdrawn") : "");
    }
    reading_close(&r);
    return rc;
}

/* "https://hub.example:8443" to its host, which is the relying party's name. */
static int host_of(const char *origin, char out[HOST_MAX], struct ll_err *err)
{
    const char *from = strstr(origin, "://");
    size_t n = from ? strcspn(from + 3, ":/?#") : 0;

    if (!n || n >= HOST_MAX || strchr(from + 3, '/'))
        return ll_fail(err, LL_USAGE, "--site 须写成 https://hub.example 的样子",
                       "--site takes the form https://hub.example");
    memcpy(out, from + 3, n);
    out[n] = 0;
    return LL_OK;
}

int ll_cmd_consent_verify(struct ll_cli *c, struct ll_err *err)
{
    const char *origins[] = {c->opts[LL_OPT_consent_verify_site], NULL};
    char host[HOST_MAX];
    struct reading r;
    int rc;

    if (!origins[0])
        return ll_fail(err, LL_USAGE, "用 --site 写明签署时所在的网站",
                       "name the site where it was signed with --site");
    if ((rc = host_of(origins[0], host, err)) < 0 || (rc = reading_open(c, &r, err)) < 0)
        return rc;
    const struct ll_webauthn_want site = {.rp_id = host, .origins = origins};
    if ((rc = ll_consent_verify(&r.env, c->args[0], &site, err)) == LL_OK)
        ll_out_line(c, "签名有效：授权人签署的正是所存的文本",
                    "the signature holds: the subject signed the very text that is stored");
    reading_close(&r);
    return rc;
}
