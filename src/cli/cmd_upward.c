/* cmd_upward.c - upward ...: reporting to the platform above, by hand and beside a running server. */
#include "base/clock.h"
#include "base/fs.h"
#include "cli/cmd_actor.h"
#include "crypto/jwk.h"
#include "http/upward_link.h"
#include "share/upward.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ANSWER_MAX = 64 << 20, SHOWN = 200, WAIT_S = 600, TICK_MS = 200 };

/* A folder with its keys, and the way up where a command takes it. */
struct desk {
    struct ll_desk desk;
    struct ll_keyring *keys;
    struct ll_upward *upward;
    struct ll_upward_http *http;
    struct ll_upward_link link;
};

static void desk_close(struct desk *d)
{
    ll_upward_http_close(d->http);
    ll_upward_close(d->upward);
    ll_keyring_close(d->keys);
    ll_desk_close(&d->desk);
}

static int desk_open(struct ll_cli *c, bool links, struct desk *d, struct ll_err *err)
{
    const struct ll_keyring_opts ring = {c->set->data_dir, c->set->key_passphrase_file};
    int rc;

    *d = (struct desk){.keys = NULL};
    if ((rc = ll_desk_open(c, LL_DESK_STORE, &d->desk, err)) < 0)
        return rc;
    if ((rc = ll_keyring_open(&d->keys, &ring, err)) == LL_OK)
        rc = ll_upward_open(&(struct ll_upward_opts){d->desk.data, d->keys}, &d->upward, err);
    if (rc == LL_OK && links && (rc = ll_upward_http_open(c->set, d->keys, NULL, &d->http, err)) == LL_OK)
        d->link = ll_upward_http_link(d->http);
    if (rc < 0)
        desk_close(d);
    return rc;
}

/* --- what is shown --------------------------------------------------------------------------------------------------------- */

/* The items of a JSON object as a table: a column a member; an error in the language of output. */
static int put_items(struct ll_cli *c, const struct ll_buf *text, const struct ll_column *columns, size_t n,
                     struct ll_err *err)
{
    json_t *root = text->failed ? NULL : json_loadb(text->p, text->n, 0, NULL), *item;
    struct ll_grid *g;
    size_t at;

    if (!root)
        return ll_no_memory(err);
    g = ll_grid_new(c, columns, n);
    json_array_foreach(json_object_get(root, "items"), at, item) for (size_t i = 0; i < n; i++)
    {
        const json_t *v = json_object_get(item, columns[i].key);
        int64_t ms;
        if (json_is_object(v))
            v = json_object_get(v, c->lang == LL_ZH ? "zh" : "en");
        if (json_is_integer(v))
            ll_grid_int(g, json_integer_value(v));
        else if (json_is_string(v) && strchr(json_string_value(v), 'T') &&
                 ll_time_parse(json_string_value(v), &ms))
            ll_grid_time(g, ms);
        else
            ll_grid_z(g, json_string_value(v));
    }
    int rc = ll_grid_end(g, err);
    json_decref(root);
    return rc;
}

static const struct ll_column stream_columns[] = {
    {"stream", "上报", "stream", LL_LEFT},
    {"resource", "资源", "resource", LL_LEFT},
    {"upper_resource", "上级资源", "above", LL_LEFT},
    {"last", "报文", "messages", LL_RIGHT},
    {"open", "无回执", "open", LL_RIGHT},
    {"accepted", "收下", "accepted", LL_RIGHT},
    {"returned", "退回", "returned", LL_RIGHT},
    {"contact_at", "最近联系", "contact", LL_LEFT},
    {"reconciled_at", "对账", "reconciled", LL_LEFT},
    {"days_differing", "有差异的日", "days differing", LL_RIGHT},
    {"error", "错误", "error", LL_LEFT}};

int ll_cmd_upward_status(struct ll_cli *c, struct ll_err *err)
{
    struct ll_buf text = LL_BUF_INIT(ANSWER_MAX);
    struct ll_desk d;
    struct ll_json j;
    int rc = ll_desk_open(c, LL_DESK_STORE, &d, err);

    if (rc < 0)
        return rc;
    ll_json_init(&j, &text);
    ll_json_obj(&j);
    rc = ll_upward_streams_json(ll_data_store(d.data), &j, err);
    ll_json_end_obj(&j);
    if (rc == LL_OK)
        rc = put_items(c, &text, stream_columns, LL_COUNT(stream_columns), err);
    ll_buf_free(&text);
    ll_desk_close(&d);
    return rc;
}

static const struct ll_column message_columns[] = {
    {"sequence", "序号", "number", LL_RIGHT},    {"day", "日期", "day", LL_LEFT},
    {"rows", "记录", "records", LL_RIGHT},       {"deletes", "其中删除", "deletions", LL_RIGHT},
    {"state", "状态", "state", LL_LEFT},         {"accepted", "收下", "accepted", LL_RIGHT},
    {"returned", "退回", "returned", LL_RIGHT},  {"sent_at", "送达", "sent", LL_LEFT},
    {"settled_at", "回执", "answered", LL_LEFT}, {"sha256", "SHA-256", "SHA-256", LL_LEFT},
    {"error", "错误", "error", LL_LEFT}};
static const struct ll_column day_columns[] = {{"day", "日期", "day", LL_LEFT},
                                               {"rows", "本级", "here", LL_RIGHT},
                                               {"upper_rows", "上级", "above", LL_RIGHT},
                                               {"missing", "上级缺", "missing", LL_RIGHT},
                                               {"surplus", "上级多", "surplus", LL_RIGHT},
                                               {"different", "不同", "different", LL_RIGHT},
                                               {"hash", "本级哈希", "hash here", LL_LEFT},
                                               {"upper_hash", "上级哈希", "hash above", LL_LEFT}};

static int show_stream(struct ll_cli *c, bool days, struct ll_err *err)
{
    const struct ll_upward_page p = {c->args[0], 0, SHOWN};
    struct ll_buf text = LL_BUF_INIT(ANSWER_MAX);
    const char *resource;
    struct ll_desk d;
    struct ll_json j;
    int rc = ll_desk_open(c, LL_DESK_STORE, &d, err);

    if (rc < 0)
        return rc;
    ll_json_init(&j, &text);
    ll_json_obj(&j);
    if ((rc = ll_upward_stream_resource(ll_data_store(d.data), p.stream, d.arena, &resource, err)) == LL_OK)
        rc = days ? ll_upward_days_json(ll_data_store(d.data), p.stream, &j, err)
                  : ll_upward_messages_json(ll_data_store(d.data), &p, &j, err);
    ll_json_end_obj(&j);
    if (rc == LL_OK)
        rc = days ? put_items(c, &text, day_columns, LL_COUNT(day_columns), err)
                  : put_items(c, &text, message_columns, LL_COUNT(message_columns), err);
    ll_buf_free(&text);
    ll_desk_close(&d);
    return rc;
}

int ll_cmd_upward_messages(struct ll_cli *c, struct ll_err *err)
{
    return show_stream(c, false, err);
}

int ll_cmd_upward_days(struct ll_cli *c, struct ll_err *err)
{
    return show_stream(c, true, err);
}

int ll_cmd_upward_key(struct ll_cli *c, struct ll_err *err)
{
    static const struct ll_column columns[] = {{"kid", "编号", "kid", LL_LEFT},
                                               {"jwk", "公钥", "public key", LL_LEFT}};
    struct ll_buf jwk = LL_BUF_INIT(LL_JWK_MAX);
    const struct ll_key *key = NULL;
    char kid[LL_THUMBPRINT];
    struct ll_json j;
    struct desk d;
    int rc = desk_open(c, false, &d, err);

    if (rc < 0)
        return rc;
    if ((rc = ll_keyring_signer(d.keys, LL_FOR_UPWARD, &key, NULL, err)) == LL_OK) {
        ll_jwk_thumbprint(key, kid);
        ll_json_init(&j, &jwk);
        ll_jwk_put(key, kid, &j);
        struct ll_grid *g = ll_grid_new(c, columns, LL_COUNT(columns));
        ll_grid_z(g, kid);
        ll_grid_raw(g, ll_buf_view(&jwk), ll_buf_view(&jwk));
        rc = ll_grid_end_card(g, err);
    }
    ll_buf_free(&jwk);
    desk_close(&d);
    return rc;
}

/* --- sending --------------------------------------------------------------------------------------------------------------- */

static void add(struct ll_upward_done *sum, const struct ll_upward_done *one)
{
    sum->made += one->made;
    sum->sent += one->sent;
    sum->settled += one->settled;
    sum->accepted += one->accepted;
    sum->returned += one->returned;
    sum->open = one->open;
    sum->more = one->more;
}

/* Until everything is answered, or the time is over: what is open then is answered later. */
static int until_settled(struct desk *d, const char *stream, int64_t wait_s, struct ll_upward_done *sum,
                         struct ll_err *err)
{
    const struct timespec tick = {0, TICK_MS * 1000000L};
    uint64_t until = ll_mono_us() + (uint64_t)wait_s * 1000000;
    struct ll_upward_done one;
    int rc;

    *sum = (struct ll_upward_done){0};
    for (;;) {
        if ((rc = ll_upward_round(d->upward, &d->link, stream, &one, err)) < 0)
            return rc;
        add(sum, &one);
        if (!one.more && !one.open)
            return LL_OK;
        if (!one.more || one.sent + one.settled + one.made == 0) {
            if (ll_mono_us() > until)
                return LL_OK;
            nanosleep(&tick, NULL);
        }
    }
}

static int wait_of(const struct ll_cli *c, enum ll_option_id option, int64_t *ret, struct ll_err *err)
{
    int rc = ll_desk_number(c, option, ret, err);

    if (rc == LL_OK && !*ret)
        *ret = WAIT_S;
    return rc;
}

static int send_named(struct ll_cli *c, struct desk *d, int64_t wait_s, struct ll_err *err)
{
    static const struct ll_column columns[] = {
        {"stream", "上报", "stream", LL_LEFT},      {"made", "编成报文", "made", LL_RIGHT},
        {"sent", "送达", "sent", LL_RIGHT},         {"settled", "有回执", "answered", LL_RIGHT},
        {"accepted", "收下", "accepted", LL_RIGHT}, {"returned", "退回", "returned", LL_RIGHT},
        {"open", "无回执", "open", LL_RIGHT}};
    struct ll_grid *g = ll_grid_new(c, columns, LL_COUNT(columns));
    const char *const *names = c->args;
    size_t n = c->n_args;
    int rc = n ? LL_OK : ll_upward_stream_names(ll_data_store(d->desk.data), d->desk.arena, &names, &n, err);

    for (size_t i = 0; i < n && rc == LL_OK; i++) {
        struct ll_upward_done sum;
        if ((rc = until_settled(d, names[i], wait_s, &sum, err)) < 0)
            break;
        ll_grid_z(g, names[i]);
        ll_grid_int(g, sum.made);
        ll_grid_int(g, sum.sent);
        ll_grid_int(g, sum.settled);
        ll_grid_int(g, sum.accepted);
        ll_grid_int(g, sum.returned);
        ll_grid_int(g, sum.open);
    }
    return ll_grid_done(g, rc, err);
}

int ll_cmd_upward_send(struct ll_cli *c, struct ll_err *err)
{
    int64_t wait_s = 0;
    struct desk d;
    int rc = wait_of(c, LL_OPT_upward_send_wait, &wait_s, err);

    if (rc < 0 || (rc = desk_open(c, true, &d, err)) < 0)
        return rc;
    rc = send_named(c, &d, wait_s, err);
    desk_close(&d);
    return rc;
}

/* --- comparing ------------------------------------------------------------------------------------------------------------- */

static int put_check(struct ll_cli *c, const struct ll_upward_check *r, struct ll_err *err)
{
    static const struct ll_column columns[] = {
        {"days", "对账日数", "days", LL_RIGHT},         {"wrong", "有差异", "differing", LL_RIGHT},
        {"rows", "本级记录", "records here", LL_RIGHT}, {"upper_rows", "上级记录", "records above", LL_RIGHT},
        {"missing", "上级缺", "missing", LL_RIGHT},     {"surplus", "上级多", "surplus", LL_RIGHT},
        {"different", "不同", "different", LL_RIGHT},   {"foreign", "来路不明", "foreign", LL_RIGHT},
        {"hash", "本级哈希", "hash here", LL_LEFT},     {"upper_hash", "上级哈希", "hash above", LL_LEFT}};
    const int64_t counts[] = {r->days,    r->wrong,   r->own_rows,  r->upper_rows,
                              r->missing, r->surplus, r->different, r->foreign};
    struct ll_grid *g = ll_grid_new(c, columns, LL_COUNT(columns));
    char own[LL_UPWARD_HASH_TEXT], upper[LL_UPWARD_HASH_TEXT];

    for (size_t i = 0; i < LL_COUNT(counts); i++)
        ll_grid_int(g, counts[i]);
    ll_grid_z(g, ll_upward_hash_text(r->own, own));
    ll_grid_z(g, ll_upward_hash_text(r->upper, upper));
    return ll_grid_end_card(g, err);
}

/* What differs is sent again and compared once more: the answer says how it was, and how it is. */
int ll_cmd_upward_reconcile(struct ll_cli *c, struct ll_err *err)
{
    struct ll_upward_check r;
    struct ll_upward_done done;
    int64_t wait_s = 0;
    struct desk d;
    int rc = wait_of(c, LL_OPT_upward_reconcile_wait, &wait_s, err);

    if (rc < 0 || (rc = desk_open(c, true, &d, err)) < 0)
        return rc;
    if ((rc = until_settled(&d, c->args[0], wait_s, &done, err)) == LL_OK &&
        (rc = ll_upward_reconcile(d.upward, &d.link, c->args[0], NULL, &r, err)) == LL_OK && r.wrong) {
        ll_out_line(c,
                    "%" PRId64 " 日有差异（上级缺 %" PRId64 "、多 %" PRId64 "、不同 %" PRId64
                    "），已重新上报后再对",
                    "%" PRId64 " days differed (missing %" PRId64 ", surplus %" PRId64 ", different %" PRId64
                    "); sent again, and compared once more",
                    r.wrong, r.missing, r.surplus, r.different);
        if ((rc = until_settled(&d, c->args[0], wait_s, &done, err)) == LL_OK)
            rc = ll_upward_reconcile(d.upward, &d.link, c->args[0], NULL, &r, err);
    }
    if (rc == LL_OK && (rc = put_check(c, &r, err)) == LL_OK && r.wrong)
        rc = ll_fail(err, LL_CONFLICT, "仍有 %" PRId64 " 日与上级平台不一致",
                     "%" PRId64 " days still differ from the upper platform", r.wrong);
    desk_close(&d);
    return rc;
}

int ll_cmd_upward_resend(struct ll_cli *c, struct ll_err *err)
{
    struct desk d;
    int64_t n = 0;
    int rc = desk_open(c, false, &d, err);

    if (rc < 0)
        return rc;
    if ((rc = ll_upward_resend(d.upward, c->args[0], NULL, &n, err)) == LL_OK) {
        static const struct ll_column columns[] = {{"records", "重新上报", "records", LL_RIGHT}};
        struct ll_grid *g = ll_grid_new(c, columns, LL_COUNT(columns));
        ll_grid_int(g, n);
        rc = ll_grid_end_card(g, err);
    }
    desk_close(&d);
    return rc;
}

/* --- what came back -------------------------------------------------------------------------------------------------------- */

struct telling {
    struct ll_grid *grid;
    enum ll_lang lang;
};

static int put_returned(void *ctx, const struct ll_upward_returned *r, struct ll_err *err)
{
    const struct telling *t = ctx;
    struct ll_grid *g = t->grid;

    (void)err;
    ll_grid_int(g, r->sequence);
    ll_grid_z(g, r->department);
    ll_grid_time(g, r->returned_at);
    ll_grid_time(g, r->closed_at > 0 ? r->closed_at : 0);
    ll_grid_z(g, r->codes);
    ll_grid_z(g, t->lang == LL_ZH ? r->zh : r->en);
    return LL_OK;
}

/* Without the records themselves: those have their departments (console, CSV). */
int ll_cmd_upward_returned(struct ll_cli *c, struct ll_err *err)
{
    static const struct ll_column columns[] = {
        {"sequence", "报文", "message", LL_RIGHT},    {"department", "部门", "department", LL_LEFT},
        {"returned_at", "退回", "returned", LL_LEFT}, {"closed_at", "更正", "mended", LL_LEFT},
        {"codes", "代码", "codes", LL_LEFT},          {"why", "原因", "why", LL_LEFT}};
    const struct ll_upward_page p = {c->args[0], 0, SHOWN};
    const char *resource;
    struct ll_desk d;
    int64_t total = 0;
    int rc = ll_desk_open(c, LL_DESK_STORE, &d, err);

    if (rc < 0)
        return rc;
    struct telling t = {ll_grid_new(c, columns, LL_COUNT(columns)), c->lang};
    if ((rc = ll_upward_stream_resource(ll_data_store(d.data), p.stream, d.arena, &resource, err)) == LL_OK)
        rc = ll_upward_returned_each(ll_data_store(d.data), ll_data_vault(d.data), &p,
                                     !c->opts[LL_OPT_upward_returned_all], NULL, put_returned, &t, &total,
                                     err);
    rc = ll_grid_done(t.grid, rc, err);
    if (rc == LL_OK && total > SHOWN)
        ll_out_line(c, "共 %" PRId64 " 条，列出最近 %d 条", "%" PRId64 " in all; the newest %d are shown",
                    total, (int)SHOWN);
    ll_desk_close(&d);
    return rc;
}
