/* statistics.h - the figures of the finance platform and what they may be told by: tables that the statements, the answers and the files follow.
 *
 * Counts: member, what of an event counts (SQL over the rows of events `x`, statistic_sql.c), zh, en.
 * Funnel: the stages in their order, by the event that reaches each; counted once a financing.
 * Dimensions: id, word, SQL of the key, zh, en.
 * Bands of an amount, told where the amount itself would tell whose it is: word, less than so many fen, zh, en; ours, of no standard. */
#define LL_STAT_COUNTS(X)                                                                                    \
    X(registered, "count(*) FILTER (WHERE kind = 'registered') - count(*) FILTER (WHERE kind = 'deregistered')",   \
      "注册企业", "firms registered")                                                                        \
    X(products, "count(*) FILTER (WHERE kind = 'product_listed') - count(*) FILTER (WHERE kind = 'product_ended')", \
      "金融产品", "products")                                                                                \
    X(demands, "count(*) FILTER (WHERE kind = 'published')", "融资需求", "financings published")             \
    X(applied, "count(*) FILTER (WHERE kind = 'applied')", "申请", "applications")                           \
    X(refused, "count(*) FILTER (WHERE kind = 'refused')", "拒绝", "refused")                                \
    X(granted, "count(*) FILTER (WHERE kind = 'granted')", "授信笔数", "grants")                             \
    X(granted_fen, "CAST(coalesce(sum(amount) FILTER (WHERE kind = 'granted'), 0) * 100 AS BIGINT)",         \
      "授信金额（分）", "granted (fen)")                                                                     \
    X(lent, "count(*) FILTER (WHERE kind = 'drawn')", "放款笔数", "loans drawn")                             \
    X(lent_fen, "CAST(coalesce(sum(amount) FILTER (WHERE kind = 'drawn'), 0) * 100 AS BIGINT)",              \
      "放款金额（分）", "lent (fen)")                                                                        \
    X(repaid_fen, "CAST(coalesce(sum(amount) FILTER (WHERE kind = 'repaid'), 0) * 100 AS BIGINT)", \
      "还款金额（分）", "repaid (fen)")                                                                      \
    X(first_loans, "count(*) FILTER (WHERE kind = 'drawn' AND first)", "首贷笔数", "first loans drawn")      \
    X(renewals, "count(*) FILTER (WHERE kind = 'drawn' AND renewal)", "无还本续贷笔数", "renewals drawn")    \
    X(overdue, "count(DISTINCT c) FILTER (WHERE kind = 'overdue')", "曾逾期", "ever overdue")                \
    X(firms, "count(DISTINCT firm)", "涉及企业", "firms concerned")

#define LL_STAT_FUNNEL(X)                                                                                    \
    X(published, "发布", "published")                                                                        \
    X(applied, "申请", "applied")                                                                            \
    X(accepted, "受理", "accepted")                                                                          \
    X(due_diligence, "尽调", "due diligence")                                                                \
    X(granted, "授信", "granted")                                                                            \
    X(drawn, "放款", "drawn")

#define LL_STAT_DIMENSIONS(X)                                                                                \
    X(TOTAL, "total", "''", "合计", "in all")                                                                \
    X(REGION, "region", "coalesce(left(region, 6), '')", "区县", "county")                                   \
    X(INDUSTRY, "industry", "coalesce(left(industry, 1), '')", "行业门类", "industry")                       \
    X(SIZE, "size", "coalesce(size, '')", "企业规模", "size")                                                \
    X(INSTITUTION, "institution", "coalesce(org, '')", "金融机构", "institution")                            \
    X(PRODUCT, "product", "coalesce(product, '')", "产品", "product")                                        \
    X(MONTH, "month", "strftime(day, '%Y-%m')", "月份", "month")

#define LL_STAT_BANDS(X)                                                                                     \
    X("under_100", INT64_C(100000000), "100 万元以下", "under 1 million yuan")                               \
    X("under_500", INT64_C(500000000), "100 万至 500 万元", "1 to 5 million yuan")                           \
    X("under_1000", INT64_C(1000000000), "500 万至 1000 万元", "5 to 10 million yuan")                       \
    X("over", INT64_MAX, "1000 万元以上", "10 million yuan and over")
