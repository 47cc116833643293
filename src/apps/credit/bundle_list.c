/* bundle_list.c - lists of subjects whose reports are asked for together (bundle.h). */
#include "apps/credit/bundle_impl.h"

#include "base/csv_list.h"

#include <inttypes.h>
#include <stdlib.h>

void ll_bundle_list_init(struct ll_bundle_list *l)
{
    *l = (struct ll_bundle_list){.text = LL_BUF_INIT(LL_BUNDLE_LIST_BYTES + LL_BUNDLE_SUBJECT)};
}

static bool plain(struct ll_str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] < 0x20 || s.p[i] == 0x7f)
            return false;
    return ll_utf8_bad(s) == s.n;
}

int ll_bundle_list_add(struct ll_bundle_list *l, uint64_t row, struct ll_str subject, struct ll_str reference,
                       struct ll_err *err)
{
    if (l->n == LL_BUNDLE_SUBJECTS)
        return ll_fail(err, LL_TOOBIG, "一次至多 %d 个主体：请分成几次",
                       "at most %d subjects at once: ask in parts", LL_BUNDLE_SUBJECTS);
    if (!subject.n || subject.n > LL_BUNDLE_SUBJECT || !plain(subject))
        return ll_fail(err, LL_INVALID, "第 %" PRIu64 " 行：主体标识应为 1 到 %d 个字符",
                       "row %" PRIu64 ": a subject has 1 to %d characters", row, LL_BUNDLE_SUBJECT);
    if (reference.n > LL_BUNDLE_REFERENCE || !plain(reference))
        return ll_fail(err, LL_INVALID, "第 %" PRIu64 " 行：客户编号至多 %d 字节",
                       "row %" PRIu64 ": a reference has at most %d bytes", row, LL_BUNDLE_REFERENCE);
    ll_buf_str(&l->text, subject);
    ll_buf_c(&l->text, '\t');
    ll_buf_str(&l->text, reference);
    ll_buf_c(&l->text, '\n');
    l->n++;
    return l->text.failed ? ll_no_memory(err) : LL_OK;
}

static int one_row(void *ctx, uint64_t line, const struct ll_str *cells, const struct ll_err *wrong,
                   struct ll_err *err)
{
    if (wrong)
        return ll_fail(err, LL_INVALID, "第 %" PRIu64 " 行：%s%.0s", "line %" PRIu64 ": %.0s%s", line,
                       wrong->zh, wrong->en);
    return ll_bundle_list_add(ctx, line, cells[0], cells[1], err);
}

int ll_bundle_list_csv(struct ll_bundle_list *l, struct ll_str csv, struct ll_err *err)
{
    static const char *const titles[][3] = {{"subject", "主体标识", "统一社会信用代码"},
                                            {"reference", "客户编号", "备注编号"}};
    const struct ll_csv_list list = {.titles = titles,
                                     .n = LL_COUNT(titles),
                                     .most = LL_BUNDLE_SUBJECTS,
                                     .plain = true,
                                     .row = one_row,
                                     .ctx = l};

    return ll_csv_list_read(csv, &list, err);
}

static int by_subject(const void *a, const void *b)
{
    return ll_str_cmp(((const struct ll_bundle_row *)a)->subject, ((const struct ll_bundle_row *)b)->subject);
}

/* From 1; errors do not repeat identifiers. */
static size_t place_of(const struct ll_bundle_list *l, const char *at)
{
    size_t n = 1;

    for (const char *p = l->text.p; p < at; p++)
        n += *p == '\n';
    return n;
}

int ll_bundle_list_done(const struct ll_bundle_list *l, struct ll_err *err)
{
    struct ll_bundle_row *rows = calloc(l->n + 1, sizeof *rows);
    int rc = !rows  ? ll_no_memory(err)
             : l->n ? LL_OK
                    : ll_fail(err, LL_INVALID, "名单是空的", "the list is empty");

    if (rc == LL_OK) {
        ll_bundle_rows(ll_buf_view(&l->text), rows, l->n);
        qsort(rows, l->n, sizeof *rows, by_subject);
    }
    for (size_t i = 1; rc == LL_OK && i < l->n; i++)
        if (by_subject(&rows[i - 1], &rows[i]) == 0)
            rc = ll_fail(err, LL_INVALID, "名单中第 %zu 个主体出现不止一次",
                         "subject %zu of the list is there more than once", place_of(l, rows[i].subject.p));
    free(rows);
    return rc;
}

void ll_bundle_rows(struct ll_str text, struct ll_bundle_row *rows, size_t n)
{
    struct ll_str line;

    for (size_t i = 0; i < n; i++) {
        ll_str_cut(text, '\n', &line, &text);
        ll_str_cut(line, '\t', &rows[i].subject, &rows[i].reference);
    }
}
