/* check_list.h - a list of households to verify (check.h), as a table that a bank's system or its spreadsheet wrote, and what came of it as another.
 *
 * In: the first line names the columns: 户号 (household) or 公民身份号码 (subject), and items by code, name or title; each further line is a household, an
 * empty cell no claim.  Out: a line for each claim.  Between the two, and until it is fetched, both are packed (packed.h): whoever keeps them seals them. */
#ifndef LL_APPS_RURAL_CHECK_LIST_H
#define LL_APPS_RURAL_CHECK_LIST_H

#include "apps/rural/check.h"

enum { LL_CHECK_LIST_MAX = 100000, LL_CHECK_LIST_CLAIMS = 1000000 };

struct ll_check_list {
    struct ll_check_ask *asks;
    uint64_t *lines; /* where each stood */
    size_t n, claims;
};

/* most: households; in arena.  LL_USAGE says in which line and column, LL_TOOBIG that there are too many. */
int ll_check_list_read(struct ll_str csv, const struct ll_rural_list *list, size_t most,
                       struct ll_arena *arena, struct ll_check_list *ret, struct ll_err *err) LL_MUST;

void ll_check_list_pack(const struct ll_check_list *l, size_t from, size_t n, struct ll_buf *out);
/* Texts are those of packed.  LL_INVALID: it is none, or the list of items has lost one since. */
int ll_check_list_unpack(struct ll_str packed, const struct ll_rural_list *list, struct ll_arena *arena,
                         struct ll_check_list *ret, struct ll_err *err) LL_MUST;

/* How many came to what: household by household, and claim by claim. */
#define LL_CHECK_STATUSES(X)                                                                                 \
    X(CHECKED, "checked", "已核查", "checked")                                                               \
    X(NOT_FOUND, "not_found", "查无此户", "not found")                                                       \
    X(REFUSED, "refused", "未获同意", "refused")                                                             \
    X(LIMITED, "limited", "核查次数过多", "asked too often")
#define X(id, ...) LL_CHECK_##id,
enum ll_check_status { LL_CHECK_STATUSES(X) LL_CHECK_STATUS_COUNT };
#undef X
struct ll_check_counts {
    uint64_t status[LL_CHECK_STATUS_COUNT], result[LL_CHECK_RESULT_COUNT];
};
void ll_check_counts_add(struct ll_check_counts *to, const struct ll_check_counts *more);
/* {"checked": 12, ..., "match": 80, ...} */
void ll_check_counts_put(struct ll_json *j, const struct ll_check_counts *c);

/* What came of a household is appended. */
void ll_check_told_pack(struct ll_buf *out, uint64_t line, const struct ll_check_ask *ask,
                        const struct ll_checked *c);

#define LL_CHECK_TOLD_COLUMNS(X)                                                                             \
    X(LINE, "行号", "line")                                                                                  \
    X(HOUSEHOLD, "户号", "household")                                                                        \
    X(STATUS, "核查", "status")                                                                              \
    X(CONSENT, "授权方式", "consent")                                                                        \
    X(CODE, "代码", "code")                                                                                  \
    X(ITEM, "信息项", "item")                                                                                \
    X(RESULT, "结果", "result")                                                                              \
    X(AGREES, "值是否相符", "agrees")                                                                        \
    X(PROVIDER, "来源部门", "provider")                                                                      \
    X(AS_OF, "数据日期", "as of")                                                                            \
    X(PUBLISHED, "发布时间", "published")
#define X(id, ...) LL_CHECK_TOLD_##id,
enum { LL_CHECK_TOLD_COLUMNS(X) LL_CHECK_TOLD_N };
#undef X
void ll_check_told_titles(enum ll_lang lang, struct ll_str ret[LL_CHECK_TOLD_N]);
/* Each line of a table, in that language; counts (NULL: not wanted) are added up. */
typedef int ll_check_told_fn(void *ctx, const struct ll_str *cells, size_t n, struct ll_err *err);
int ll_check_told_each(struct ll_str packed, const struct ll_rural_list *list, enum ll_lang lang,
                       ll_check_told_fn *fn, void *ctx, struct ll_check_counts *counts,
                       struct ll_err *err) LL_MUST;

#endif
