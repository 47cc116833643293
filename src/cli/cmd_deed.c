/* cmd_deed.c - ledger verify: does a deed's file, or the proof of a refusal, hold?  Needs the file, and the keys that sign the journal. */
#include "cli/out.h"

#include "apps/finance/deed_file.h"
#include "base/fs.h"

static int read_policy(struct ll_cli *c, struct ll_policy **ret, struct ll_err *err)
{
    const char *path = c->opts[LL_OPT_ledger_verify_policy];
    struct ll_buf text = LL_BUF_INIT(LL_POLICY_MAX);
    int rc = path ? ll_fs_read(path, LL_POLICY_MAX, &text, err)
                  : ll_fail(
                        err, LL_USAGE, "请用 --policy 指定平台的日志公钥（<平台地址>/journal/policy）",
                        "name the keys of the platform's journal with --policy (<platform>/journal/policy)");

    if (rc == LL_OK)
        rc = ll_policy_parse(ll_buf_view(&text), ret, err);
    ll_buf_free(&text);
    return rc;
}

static const struct ll_column step_columns[] = {
    {"seq", "步", "step", LL_RIGHT},           {"act", "行为", "act", LL_LEFT},
    {"document", "单证", "deed", LL_LEFT},     {"signers", "签署者", "signed by", LL_LEFT},
    {"at", "存证时间", "journalled", LL_LEFT}, {"entry", "条目", "entry", LL_RIGHT}};

struct listing {
    struct ll_cli *c;
    struct ll_grid *t;
};

static void put_step(void *ctx, const struct ll_deed_file_step *step)
{
    struct listing *l = ctx;
    struct ll_buf signers = LL_BUF_INIT(4 * LL_DEED_PARTY * LL_DEED_ROLE_COUNT);

    for (size_t i = 0; i < step->n_signers; i++)
        ll_buf_printf(&signers, "%s%s", i ? ", " : "", step->signers[i]);
    ll_grid_int(l->t, step->s->seq);
    ll_grid_word(l->t, ll_deed_act_word(step->s->act), ll_deed_act_title(step->s->act, l->c->lang));
    ll_grid_z(l->t, step->s->document);
    ll_grid_str(l->t, ll_buf_view(&signers));
    ll_grid_time(l->t, step->time_ms);
    ll_grid_int(l->t, (int64_t)step->entry);
    ll_buf_free(&signers);
}

static int show_deed(struct ll_cli *c, const struct ll_deed_checked *v, struct ll_err *err)
{
    static const struct ll_column columns[] = {{"document", "单证", "deed", LL_LEFT},
                                               {"kind", "种类", "kind", LL_LEFT},
                                               {"state", "状态", "state", LL_LEFT},
                                               {"amount_fen", "金额（分）", "amount (fen)", LL_RIGHT},
                                               {"financed_fen", "融资（分）", "financed (fen)", LL_RIGHT},
                                               {"holder", "持有人", "holder", LL_LEFT},
                                               {"obligor", "义务人", "obligor", LL_LEFT},
                                               {"financier", "资金方", "financier", LL_LEFT},
                                               {"steps", "步数", "steps", LL_RIGHT},
                                               {"signatures", "签名", "signatures", LL_RIGHT},
                                               {"at", "最近存证", "last journalled", LL_LEFT},
                                               {"ledger", "账本", "ledger", LL_LEFT}};
    struct ll_grid *t = ll_grid_new(c, columns, LL_COUNT(columns));

    ll_grid_z(t, v->deed.document);
    ll_grid_word(t, ll_deed_kind_word(v->deed.kind), ll_deed_kind_title(v->deed.kind, c->lang));
    ll_grid_word(t, ll_deed_state_word(v->deed.state), ll_deed_state_title(v->deed.state, c->lang));
    ll_grid_int(t, v->deed.amount);
    ll_grid_int(t, v->deed.financed);
    ll_grid_z(t, v->deed.holder);
    ll_grid_z(t, v->deed.obligor);
    ll_grid_z(t, v->deed.financier);
    ll_grid_int(t, (int64_t)v->steps);
    ll_grid_int(t, (int64_t)v->signatures);
    ll_grid_time(t, v->time_ms);
    ll_grid_z(t, v->ledger);
    return ll_grid_end_card(t, err);
}

static int show_encumbrance(struct ll_cli *c, const struct ll_deed_checked *v, struct ll_err *err)
{
    static const struct ll_column columns[] = {{"identity", "资产", "asset", LL_LEFT},
                                               {"asset", "标记", "tag", LL_LEFT},
                                               {"at", "占用自", "encumbered since", LL_LEFT},
                                               {"entry", "条目", "entry", LL_RIGHT},
                                               {"ledger", "账本", "ledger", LL_LEFT}};
    struct ll_grid *t = ll_grid_new(c, columns, LL_COUNT(columns));

    ll_grid_z(t, v->identity);
    ll_grid_z(t, v->asset);
    ll_grid_time(t, v->time_ms);
    ll_grid_int(t, (int64_t)v->entry);
    ll_grid_z(t, v->ledger);
    return ll_grid_end_card(t, err);
}

int ll_cmd_ledger_verify(struct ll_cli *c, struct ll_err *err)
{
    struct ll_buf file = LL_BUF_INIT((size_t)LL_DEED_FILE_MAX + 1);
    struct ll_arena *arena = ll_arena_new(0);
    struct listing l = {c, c->json ? NULL : ll_grid_new(c, step_columns, LL_COUNT(step_columns))};
    struct ll_policy *policy = NULL;
    struct ll_deed_checked v = {.steps = 0};
    int rc = arena ? ll_fs_read(c->args[0], LL_DEED_FILE_MAX, &file, err) : ll_no_memory(err);

    if (rc == LL_OK && (rc = read_policy(c, &policy, err)) == LL_OK)
        rc = ll_deed_file_verify(ll_buf_view(&file), policy, l.t ? put_step : NULL, &l, arena, &v, err);
    if (l.t)
        rc = ll_grid_done(l.t, rc, err);
    if (rc == LL_OK)
        rc = v.encumbrance ? show_encumbrance(c, &v, err) : show_deed(c, &v, err);
    if (rc == LL_OK)
        ll_out_line(
            c, "核验通过：签名、先后与存证证明全部成立。此后有无新的步骤，须向平台核实。",
            "It holds: signatures, order and the journal's proofs.  Whether there were steps since, the platform tells.");
    ll_policy_free(policy);
    ll_arena_free(arena);
    ll_buf_free(&file);
    return rc;
}
