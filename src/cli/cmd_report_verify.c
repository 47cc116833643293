/* cmd_report_verify.c - report verify: is a file one that a platform handed out?  Needs the file, and the keys that sign the journal. */
#include "cli/out.h"

#include "base/fs.h"
#include "report/issue.h"

static int read_policy(struct ll_cli *c, struct ll_policy **ret, struct ll_err *err)
{
    const char *given = c->opts[LL_OPT_report_verify_policy];
    struct ll_buf text = LL_BUF_INIT(LL_POLICY_MAX * 4);
    char own[LL_PATH];
    int rc = ll_path(own, err, "%s/journal/policy", c->set->data_dir);

    if (rc == LL_OK && (given || ll_fs_exists(own))) {
        rc = ll_fs_read(given ? given : own, LL_POLICY_MAX, &text, err);
        if (rc == LL_OK)
            rc = ll_policy_parse(ll_buf_view(&text), ret, err);
    }
    ll_buf_free(&text);
    return rc;
}

static const struct ll_column columns[] = {{"number", "编号", "number", LL_LEFT},
                                           {"kind", "种类", "kind", LL_LEFT},
                                           {"purpose", "用途", "purpose", LL_LEFT},
                                           {"issued_at", "出具时间", "issued", LL_LEFT},
                                           {"signed", "电子签名", "signed", LL_LEFT},
                                           {"signer", "签名者", "signer", LL_LEFT},
                                           {"certificate", "证书指纹", "certificate", LL_LEFT},
                                           {"proven", "存证核实", "in the journal", LL_LEFT},
                                           {"origin", "日志", "journal", LL_LEFT},
                                           {"entry", "条目", "entry", LL_RIGHT}};

static int show(struct ll_cli *c, const struct ll_issue_checked *v, struct ll_err *err)
{
    struct ll_grid *t = ll_grid_new(c, columns, LL_COUNT(columns));

    ll_grid_z(t, v->number);
    ll_grid_z(t, v->kind);
    ll_grid_z(t, v->purpose);
    ll_grid_time(t, v->at);
    bool is_signed = ll_issue_format_signs(v->format);
    ll_grid_bool(t, is_signed);
    ll_grid_z(t, is_signed ? v->cert.subject : NULL);
    ll_grid_z(t, is_signed ? v->cert.fingerprint : NULL);
    ll_grid_bool(t, v->proven);
    ll_grid_z(t, v->origin);
    if (v->proven)
        ll_grid_int(t, (int64_t)v->index);
    else
        ll_grid_z(t, NULL);
    return ll_grid_end_card(t, err);
}

int ll_cmd_report_verify(struct ll_cli *c, struct ll_err *err)
{
    struct ll_buf file = LL_BUF_INIT((size_t)LL_PDF_MAX * 2);
    struct ll_arena *arena = ll_arena_new(0);
    struct ll_policy *policy = NULL;
    struct ll_issue_checked v;
    int rc = arena ? ll_fs_read(c->args[0], LL_PDF_MAX, &file, err) : ll_no_memory(err);

    if (rc == LL_OK && (rc = read_policy(c, &policy, err)) == LL_OK &&
        (rc = ll_issue_check(ll_buf_view(&file), policy, arena, &v, err)) == LL_OK &&
        (rc = show(c, &v, err)) == LL_OK) {
        if (!v.proven && !policy)
            rc = ll_fail(
                err, LL_INVALID,
                "内容与所附收据相符，但没有核对日志的签名：用 --policy 指定平台的日志公钥（<平台地址>/journal/policy）",
                "the content fits the receipt, but the journal's signature was not checked: name its keys with --policy (<platform>/journal/policy)");
        else if (!v.proven)
            rc = ll_fail(
                err, LL_INVALID, "所附收据没有日志的证明（出具时见证者尚未联署），请向平台核验",
                "the receipt has no proof of the journal, whose witnesses had not cosigned when it was issued: ask the platform");
        else
            ll_out_line(
                c, "文件是平台出具的原件，未经改动。是否已撤回或更正，须向平台核验。",
                "The file is as the platform issued it.  Whether it was withdrawn or corrected since, the platform tells.");
    }
    ll_policy_free(policy);
    ll_arena_free(arena);
    ll_buf_free(&file);
    return rc;
}
