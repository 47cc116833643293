/* cmd_verify.c - verify and rebuild: is everything as it was sealed, and the service tables anew from the lake. */
#include "cli/out.h"
#include "cli/session.h"

#include "base/clock.h"
#include "http/fetch.h"
#include "intake/verify.h"
#include "journal/canon.h"
#include "journal/check.h"
#include "journal/looklist.h"

#include <string.h>

struct listing {
    struct ll_cli *c;
    struct ll_grid *table;
};

static void put_problem(void *ctx, const char *what, const struct ll_err *problem)
{
    struct listing *l = ctx;

    ll_grid_z(l->table, what);
    ll_grid_z(l->table, ll_err_text(problem, l->c->lang));
}

/* The policy of the option, or the one that lies in the journal's folder. */
static int read_policy(struct ll_cli *c, const struct ll_log_files *f, struct ll_policy **ret,
                       struct ll_err *err)
{
    const char *given = c->opts[LL_OPT_verify_policy];
    struct ll_buf text = LL_BUF_INIT(LL_POLICY_MAX * 4);
    int rc = given ? ll_fs_read(given, LL_POLICY_MAX, &text, err)
                   : f->get(f->ctx, "policy", LL_POLICY_MAX, &text, err);

    if (rc == LL_OK)
        rc = ll_policy_parse(ll_buf_view(&text), ret, err);
    else if (rc == LL_NOTFOUND && !given)
        rc = LL_OK;
    ll_buf_free(&text);
    return rc;
}

static void put_log_problem(void *ctx, const char *what, const struct ll_err *problem)
{
    put_problem(ctx, what, problem);
}

/* Compares the log behind f and shows what is wrong; dir: its folder, NULL for one that is elsewhere. */
static int compare_log(struct ll_cli *c, const struct ll_log_files *f, const char *dir,
                       struct ll_log_checked *v, struct ll_err *err)
{
    static const struct ll_column columns[] = {{"what", "文件", "file", LL_LEFT},
                                               {"problem", "问题", "problem", LL_LEFT}};
    struct listing l = {c, ll_grid_new(c, columns, LL_COUNT(columns))};
    struct ll_policy *policy = NULL;
    int rc = read_policy(c, f, &policy, err);

    if (rc == LL_OK)
        rc = ll_log_check(f, policy, dir, put_log_problem, &l, v, err);
    rc = ll_grid_done(l.table, rc, err);
    ll_policy_free(policy);
    return rc;
}

static int verify_journal(struct ll_cli *c, const char *where, struct ll_err *err)
{
    bool remote = strncmp(where, "http://", 7) == 0 || strncmp(where, "https://", 8) == 0;
    struct ll_log_files f = ll_log_folder(where);
    struct ll_fetch *fetch = NULL;
    struct ll_log_checked v = {0};
    int rc = remote ? ll_fetch_open(where, &fetch, err) : LL_OK;

    if (remote && rc == LL_OK)
        f = ll_fetch_files(fetch);
    if (rc == LL_OK)
        rc = compare_log(c, &f, remote ? NULL : where, &v, err);
    ll_fetch_close(fetch);
    if (rc < 0)
        return rc;
    ll_out_line(c, "核对了 %llu 条、%llu 个文件，发现 %llu 处问题",
                "%llu entries and %llu files compared, %llu problems found", (unsigned long long)v.entries,
                (unsigned long long)v.files, (unsigned long long)v.problems);
    if (!v.verified)
        ll_out_line(c, "没有核对签名：用 --policy 指定公钥",
                    "signatures were not checked: name the keys with --policy");
    return v.problems
               ? ll_fail(err, LL_INVALID, "日志不完整或被改动", "the journal is not whole, or was changed")
               : LL_OK;
}

/* --- a subject's list of looks ----------------------------------------------------------------------------------------- */

static void put_member(struct ll_grid *t, struct ll_str payload, const char *name)
{
    struct ll_str v;

    if (payload.p && ll_canon_member(payload, name, &v) && v.n >= 2 && v.p[0] == '"')
        ll_grid_str(t, (struct ll_str){v.p + 1, v.n - 2});
    else
        ll_grid_z(t, NULL);
}

static void put_look(void *ctx, const struct ll_look_shown *look)
{
    static const char *const members[] = {"organisation", "resource", "mode", "condition"};
    struct ll_grid *t = ((struct listing *)ctx)->table;
    char when[LL_TIME_TEXT];

    ll_grid_int(t, (int64_t)look->nth);
    if (look->payload.p)
        ll_grid_int(t, (int64_t)look->entry);
    else
        ll_grid_z(t, look->why);
    ll_grid_z(t, look->payload.p ? ll_time_text(look->parsed.time_ms, when) : NULL);
    ll_grid_z(t, look->payload.p ? ll_entry_type_name(look->parsed.type) : NULL);
    for (size_t i = 0; i < LL_COUNT(members); i++)
        put_member(t, look->payload, members[i]);
}

static int check_looks(struct ll_cli *c, struct ll_str text, struct ll_looklist_checked *v,
                       struct ll_err *err)
{
    static const struct ll_column columns[] = {{"nth", "次", "nth", LL_RIGHT},
                                               {"entry", "条目", "entry", LL_RIGHT},
                                               {"at", "时间", "at", LL_LEFT},
                                               {"kind", "种类", "kind", LL_LEFT},
                                               {"organisation", "机构", "organisation", LL_LEFT},
                                               {"resource", "资源", "resource", LL_LEFT},
                                               {"mode", "方式", "mode", LL_LEFT},
                                               {"condition", "拒绝原因", "refused by", LL_LEFT}};
    struct listing l = {c, ll_grid_new(c, columns, LL_COUNT(columns))};
    struct ll_buf keys = LL_BUF_INIT(LL_POLICY_MAX);
    struct ll_policy *policy = NULL;
    int rc = ll_fs_read(c->opts[LL_OPT_verify_policy], LL_POLICY_MAX, &keys, err);

    if (rc == LL_OK && (rc = ll_policy_parse(ll_buf_view(&keys), &policy, err)) == LL_OK)
        rc = ll_looklist_verify(text, policy, c->opts[LL_OPT_verify_subject], put_look, &l, v, err);
    ll_policy_free(policy);
    ll_buf_free(&keys);
    return ll_grid_done(l.table, rc, err);
}

static int verify_looks(struct ll_cli *c, const char *file, struct ll_err *err)
{
    struct ll_buf text = LL_BUF_INIT(LL_LOOKLIST_MAX);
    struct ll_looklist_checked v = {0};
    char when[LL_TIME_TEXT];
    int rc;

    if (!c->opts[LL_OPT_verify_policy])
        return ll_fail(err, LL_USAGE, "请用 --policy 指定日志的公钥（由可信渠道取得的 policy 文件）",
                       "name the journal's keys with --policy (a policy file from a source you trust)");
    if ((rc = ll_fs_read(file, LL_LOOKLIST_MAX, &text, err)) == LL_OK)
        rc = check_looks(c, ll_buf_view(&text), &v, err);
    ll_buf_free(&text);
    if (rc < 0)
        return rc;
    ll_out_line(
        c,
        "主体 %s 的清单无误：第 %llu 至第 %llu 次查看，其中 %llu 次公开内容；承诺见日志第 %llu 条（%s），涵盖此前 %llu 条",
        "the list of %s is right: looks %llu to %llu, %llu of them shown; entry %llu of the journal (%s) "
        "commits to it, for the first %llu entries",
        v.subject, (unsigned long long)v.first, (unsigned long long)v.looks, (unsigned long long)v.shown,
        (unsigned long long)v.index, ll_time_text(v.committed_ms, when), (unsigned long long)v.entries);
    if (!v.whole)
        ll_out_line(c, "此前的查看不在文件中", "earlier looks are not in the file");
    return LL_OK;
}

int ll_cmd_verify(struct ll_cli *c, struct ll_err *err)
{
    if (c->opts[LL_OPT_verify_looks])
        return verify_looks(c, c->opts[LL_OPT_verify_looks], err);
    if (c->opts[LL_OPT_verify_journal])
        return verify_journal(c, c->opts[LL_OPT_verify_journal], err);

    static const struct ll_column columns[] = {{"what", "对象", "what", LL_LEFT},
                                               {"problem", "问题", "problem", LL_LEFT}};
    struct listing l = {c, ll_grid_new(c, columns, LL_COUNT(columns))};
    struct ll_verified v = {0};
    struct ll_data *d = NULL;
    int rc = ll_session_open(c, &d, err);

    if (rc == LL_OK)
        rc = ll_data_verify(d, c->opts[LL_OPT_verify_resource], put_problem, &l, &v, err);
    rc = ll_grid_done(l.table, rc, err);
    ll_data_close(d);
    if (rc < 0)
        return rc;
    ll_out_line(c, "核对了 %llu 个批次、%llu 个交付，发现 %llu 处问题",
                "%llu batches and %llu deliveries compared, %llu problems found",
                (unsigned long long)v.batches, (unsigned long long)v.deliveries,
                (unsigned long long)v.problems);
    return v.problems ? ll_fail(err, LL_INVALID, "存放的数据与清单不一致",
                                "what is stored differs from its manifest")
                      : LL_OK;
}

int ll_cmd_rebuild(struct ll_cli *c, struct ll_err *err)
{
    static const struct ll_column columns[] = {{"resources", "重建的资源", "resources rebuilt", LL_RIGHT}};
    struct ll_data *d = NULL;
    unsigned n = 0;
    int rc = ll_session_open(c, &d, err);

    if (rc == LL_OK && (rc = ll_job_rebuild(d, c->opts[LL_OPT_rebuild_resource], &n, err)) == LL_OK) {
        struct ll_grid *t = ll_grid_new(c, columns, 1);
        ll_grid_int(t, n);
        rc = ll_grid_end_card(t, err);
    }
    ll_data_close(d);
    return rc;
}
