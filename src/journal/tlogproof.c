/* tlogproof.c - see tlogproof.h. */
#include "journal/tlogproof.h"

#include "crypto/base64.h"

#include <inttypes.h>

#define HEAD "c2sp.org/tlog-proof@v1"

static int malformed(struct ll_err *err, const char *zh, const char *en)
{
    return ll_fail(err, LL_INVALID, "不是存证证明（tlog-proof）：%.0s%s", "not a tlog-proof: %s%.0s", en, zh);
}

/* The value of a line "<word> <value>". */
static bool valued(struct ll_str line, struct ll_str word, struct ll_str *ret)
{
    if (!ll_str_starts(line, word))
        return false;
    *ret = (struct ll_str){line.p + word.n, line.n - word.n};
    return true;
}

static int parse_extra(struct ll_str extra, struct ll_err *err)
{
    struct ll_buf raw = LL_BUF_INIT(LL_TLOGPROOF_MAX);
    int rc = ll_base64_get(extra, LL_BASE64_STD, &raw, err);

    ll_buf_free(&raw);
    return rc < 0 ? malformed(err, "extra 行不是 base64", "the extra line is not base64") : LL_OK;
}

int ll_tlogproof_parse(struct ll_str text, struct ll_tlogproof *ret, struct ll_err *err)
{
    struct ll_str line = {0}, index;
    int rc;

    ret->extra = (struct ll_str){0};
    ret->path.n = 0;
    if (text.n > LL_TLOGPROOF_MAX)
        return malformed(err, "过长", "too long");
    if (!ll_str_cut(text, '\n', &line, &text) || !ll_str_is(line, HEAD))
        return malformed(err, "第一行不是 " HEAD, "the first line is not " HEAD);
    if (!ll_str_cut(text, '\n', &line, &text))
        return malformed(err, "没有 index 行", "no index line");
    if (valued(line, LL_STR("extra "), &ret->extra)) {
        if ((rc = parse_extra(ret->extra, err)) < 0)
            return rc;
        if (!ll_str_cut(text, '\n', &line, &text))
            return malformed(err, "没有 index 行", "no index line");
    }
    if (!valued(line, LL_STR("index "), &index) || !ll_decimal(index, &ret->index))
        return malformed(err, "index 行没有编号", "no index line with a number");
    for (;;) {
        if (!ll_str_cut(text, '\n', &line, &text))
            return malformed(err, "没有空行和检查点", "no empty line and checkpoint");
        if (line.n == 0)
            break;
        if (ret->path.n == LL_PROOF_MAX)
            return malformed(err, "路径过长", "the path is too long");
        if (!ll_base64_exact(line, LL_BASE64_STD, ret->path.node[ret->path.n++].b, LL_DIGEST))
            return malformed(err, "路径中有一行不是散列值", "a line of the path is not a hash");
    }
    ret->note = text;
    return LL_OK;
}

void ll_tlogproof_put(uint64_t index, const struct ll_proof *path, struct ll_str note, struct ll_buf *out)
{
    ll_buf_printf(out, HEAD "\nindex %" PRIu64 "\n", index);
    for (unsigned i = 0; i < path->n; i++) {
        ll_base64_put(out, LL_BASE64_STD, path->node[i].b, LL_DIGEST);
        ll_buf_c(out, '\n');
    }
    ll_buf_c(out, '\n');
    ll_buf_str(out, note);
}

int ll_tlogproof_verify(const struct ll_tlogproof *p, struct ll_str entry, const struct ll_policy *policy,
                        struct ll_checkpoint *ret, struct ll_err *err)
{
    struct ll_node leaf;
    int rc = ll_policy_check(policy, p->note, ret, NULL, err);

    if (rc < 0)
        return rc;
    ll_merkle_leaf(LL_SHA256, entry, &leaf);
    return ll_check_inclusion(LL_SHA256, &leaf, p->index, ret->size, p->path.node, p->path.n, &ret->root,
                              err);
}
