/* checkpoint.c - see checkpoint.h. */
#include "journal/checkpoint.h"

#include "crypto/base64.h"

#include <inttypes.h>

bool ll_decimal(struct ll_str s, uint64_t *ret)
{
    uint64_t v = 0;

    if (s.n == 0 || s.n > 19 || (s.n > 1 && s.p[0] == '0'))
        return false;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
        v = v * 10 + (uint64_t)(s.p[i] - '0');
    }
    *ret = v;
    return v <= INT64_MAX;
}

static int malformed(struct ll_err *err, const char *zh, const char *en)
{
    return ll_fail(err, LL_INVALID, "不是检查点（checkpoint）：%.0s%s", "not a checkpoint: %s%.0s", en, zh);
}

/* The further lines: each ends with a line end and none is empty. */
static bool rest_valid(struct ll_str rest)
{
    struct ll_str line;

    if (rest.n && rest.p[rest.n - 1] != '\n')
        return false;
    while (rest.n > 0) {
        ll_str_cut(rest, '\n', &line, &rest);
        if (line.n == 0)
            return false;
    }
    return true;
}

int ll_checkpoint_parse(struct ll_str text, struct ll_checkpoint *ret, struct ll_err *err)
{
    struct ll_str size, root;

    if (!ll_str_cut(text, '\n', &ret->origin, &text) || ret->origin.n == 0)
        return malformed(err, "没有来源行", "no origin line");
    if (!ll_str_cut(text, '\n', &size, &text) || !ll_decimal(size, &ret->size))
        return malformed(err, "第二行不是条目数", "the second line is not a number of entries");
    if (!ll_str_cut(text, '\n', &root, &ret->rest) ||
        !ll_base64_exact(root, LL_BASE64_STD, ret->root.b, sizeof ret->root.b))
        return malformed(err, "第三行不是 base64 的根", "the third line is not a root in base64");
    return rest_valid(ret->rest) ? LL_OK : malformed(err, "有空行", "an empty line");
}

void ll_checkpoint_put(const char *origin, uint64_t size, const struct ll_node *root, struct ll_buf *out)
{
    ll_buf_printf(out, "%s\n%" PRIu64 "\n", origin, size);
    ll_base64_put(out, LL_BASE64_STD, root->b, sizeof root->b);
    ll_buf_c(out, '\n');
}

int ll_checkpoint_open(struct ll_str note, const char *origin, const struct ll_vkey *keys, size_t n,
                       struct ll_note *ret_note, struct ll_checkpoint *ret, struct ll_err *err)
{
    bool good[LL_NOTE_SIGS] = {false};
    int rc;

    LL_ASSERT(n > 0 && n <= LL_COUNT(good));
    if ((rc = ll_note_parse(note, ret_note, err)) < 0 ||
        (rc = ll_note_verify(ret_note, keys, n, good, err)) < 0)
        return rc;
    if (!good[0])
        return ll_fail(err, LL_INVALID, "没有“%s”的签名", "it is not signed by '%s'", keys[0].name);
    if ((rc = ll_checkpoint_parse(ret_note->text, ret, err)) < 0)
        return rc;
    return ll_str_is(ret->origin, origin)
               ? LL_OK
               : ll_fail(err, LL_INVALID, "检查点的来源是“%.*s”，不是“%s”",
                         "the checkpoint's origin is '%.*s', not '%s'", LL_STR_ARG(ret->origin), origin);
}
