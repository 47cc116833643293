/* cmd_journal.c - journal show, journal status, proof: what the evidence log of the data folder says.  They read its files, so that they
 * work beside a running server. */
#include "cli/out.h"
#include "cli/session.h"

#include "journal/journal.h"
#include "journal/reader.h"

#include <inttypes.h>
#include <stdlib.h>

enum { SHOWN = 20 };

static int journal_dir(struct ll_cli *c, char out[LL_PATH], struct ll_err *err)
{
    int rc = ll_path(out, err, "%s/journal", c->set->data_dir);

    if (rc == LL_OK && !ll_fs_exists(out))
        rc = ll_fail(err, LL_NOTFOUND, "%s 中还没有日志；luling serve 启动时建立",
                     "%s has no journal yet; luling serve makes it", c->set->data_dir);
    return rc;
}

static int index_of(const char *text, uint64_t *ret, struct ll_err *err)
{
    return ll_decimal(ll_str(text), ret)
               ? LL_OK
               : ll_fail(err, LL_USAGE, "“%s”不是条目的编号", "'%s' is not the number of an entry", text);
}

int ll_cmd_proof(struct ll_cli *c, struct ll_err *err)
{
    char dir[LL_PATH];
    uint64_t index = 0;
    int rc;

    if ((rc = journal_dir(c, dir, err)) < 0 || (rc = index_of(c->args[0], &index, err)) < 0)
        return rc;
    return ll_log_proof(dir, index, &c->out, err);
}

static const struct ll_column entry_columns[] = {
    {"index", "编号", "index", LL_RIGHT},      {"time", "时间", "time", LL_LEFT},
    {"type", "类型", "type", LL_LEFT},         {"data", "内容", "content", LL_LEFT},
    {"commit", "承诺", "commitment", LL_LEFT},
};

/* The payload where it is kept, otherwise the commitment alone. */
static int put_entry(struct ll_cli *c, struct ll_grid *t, const struct ll_log_files *f, uint64_t index,
                     uint64_t size, struct ll_err *err)
{
    struct ll_buf text = LL_BUF_INIT(LL_ENTRY_MAX + 1), sealed = LL_BUF_INIT(LL_SEALED_MAX + 1);
    struct ll_str payload = {0};
    struct ll_entry e;
    int rc;

    if ((rc = ll_log_entry(f, index, size, &text, err)) < 0 ||
        (rc = ll_entry_parse(ll_buf_view(&text), &e, err)) < 0)
        goto done;
    if (!ll_entry_type_sealed(e.type))
        payload = e.data;
    else if ((rc = ll_log_payload(f, index, size, &sealed, err)) == LL_OK)
        rc = ll_entry_unseal(&e, ll_buf_view(&sealed), &payload, err);
    if (rc < 0 && rc != LL_NOTFOUND)
        goto done;
    rc = LL_OK;
    ll_grid_int(t, (int64_t)index);
    ll_grid_time(t, e.time_ms);
    ll_grid_word(t, ll_entry_type_name(e.type), ll_entry_type_title(e.type, c->lang));
    if (payload.p)
        ll_grid_raw(t, payload, payload);
    else
        ll_grid_z(t, NULL);
    ll_grid_str(t, e.commit);
done:
    ll_buf_free(&text);
    ll_buf_free(&sealed);
    return rc;
}

int ll_cmd_journal_show(struct ll_cli *c, struct ll_err *err)
{
    struct ll_buf note = LL_BUF_INIT(LL_NOTE_MAX);
    struct ll_grid *t = NULL;
    struct ll_log_files f;
    char dir[LL_PATH];
    uint64_t size = 0, from = 0, to;
    int rc;

    if ((rc = journal_dir(c, dir, err)) < 0 || (rc = ll_journal_peek(dir, &note, &size, err)) < 0 ||
        (c->n_args && (rc = index_of(c->args[0], &from, err)) < 0))
        goto done;
    f = ll_log_folder(dir);
    to = c->n_args ? from + 1 : size;
    from = c->n_args ? from : size > SHOWN ? size - SHOWN : 0;
    t = ll_grid_new(c, entry_columns, LL_COUNT(entry_columns));
    for (uint64_t i = from; i < to && rc == LL_OK; i++)
        rc = put_entry(c, t, &f, i, size, err);
    if (c->n_args && rc == LL_OK)
        rc = ll_grid_end_card(t, err);
    else
        rc = ll_grid_done(t, rc, err);
done:
    ll_buf_free(&note);
    return rc;
}

int ll_cmd_journal_status(struct ll_cli *c, struct ll_err *err)
{
    static const struct ll_column columns[] = {
        {"origin", "名称", "origin", LL_LEFT},          {"size", "条目数", "entries", LL_RIGHT},
        {"published", "已公布", "published", LL_RIGHT}, {"witnesses", "见证者", "witnesses", LL_RIGHT},
        {"cosigned", "已联署", "cosigned", LL_RIGHT},   {"quorum", "达到法定数", "quorum met", LL_LEFT}};
    struct ll_buf note = LL_BUF_INIT(LL_NOTE_MAX), policy_text = LL_BUF_INIT(LL_POLICY_MAX * 4);
    struct ll_policy *policy = NULL;
    struct ll_checkpoint cp = {0};
    struct ll_quorum q = {0};
    struct ll_log_files f;
    char dir[LL_PATH];
    uint64_t size = 0;
    int rc;

    if ((rc = journal_dir(c, dir, err)) < 0 || (rc = ll_journal_peek(dir, &note, &size, err)) < 0)
        goto done;
    f = ll_log_folder(dir);
    ll_buf_clear(&note);
    if ((rc = f.get(f.ctx, "policy", LL_POLICY_MAX, &policy_text, err)) < 0 ||
        (rc = ll_policy_parse(ll_buf_view(&policy_text), &policy, err)) < 0 ||
        (rc = f.get(f.ctx, "checkpoint", LL_NOTE_MAX, &note, err)) < 0 ||
        (rc = ll_policy_check(policy, ll_buf_view(&note), &cp, &q, err)) < 0)
        goto done;
    struct ll_grid *t = ll_grid_new(c, columns, LL_COUNT(columns));
    ll_grid_str(t, cp.origin);
    ll_grid_int(t, (int64_t)size);
    ll_grid_int(t, (int64_t)cp.size);
    ll_grid_int(t, q.witnesses);
    ll_grid_int(t, q.cosigned);
    ll_grid_bool(t, q.met);
    rc = ll_grid_end_card(t, err);
done:
    ll_policy_free(policy);
    ll_buf_free(&note);
    ll_buf_free(&policy_text);
    return rc;
}
