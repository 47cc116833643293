/* complaint_figures.h - what complaints are counted by and what is counted: tables that the statement, the answers and the files follow.
 *
 * Dimensions: id, word, SQL of the key (over table complaint), zh, en.
 * Counts: member, SQL of 0 or 1, zh, en. */
#define LL_COMPLAINT_DIMENSIONS(X)                                                                           \
    X(TOTAL, "total", "''", "合计", "in all")                                                                \
    X(INSTITUTION, "institution", "coalesce(organisation, '')", "金融机构", "institution")                   \
    X(KIND, "kind", "kind", "类别", "kind")                                                                  \
    X(MONTH, "month", "strftime('%Y-%m', (created_at + 28800000) / 1000, 'unixepoch')", "月份", "month")     \
    X(STATE, "state", "state", "状态", "state")

#define LL_COMPLAINT_COUNTS(X)                                                                               \
    X(received, "1", "收到", "received")                                                                     \
    X(open, "state NOT IN ('closed', 'rejected', 'withdrawn')", "未办结", "open")                            \
    X(answered, "answered_at IS NOT NULL", "已答复", "answered")                                             \
    X(in_time, "answered_at IS NOT NULL AND answered_at <= answer_due", "期限内答复", "answered within the limit") \
    X(reopened, "reopened_at IS NOT NULL", "申请调解", "reopened")                                           \
    X(rated, "rating IS NOT NULL", "已评价", "rated")
