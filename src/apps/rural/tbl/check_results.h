/* check_results.h - what a claim about a household comes to (check.h): name, word, zh, en. */
#define LL_CHECK_RESULTS(X)                                                                                  \
    X(MATCH, "match", "一致", "match")                                                                       \
    X(DIFFER, "differ", "不一致", "differ")                                                                  \
    X(OUT_OF_DATE, "out_of_date", "数据已过时效", "the data are out of date")                                \
    X(ABSENT, "absent", "来源没有该值", "absent at the source")                                              \
    X(SOURCE_LATE, "source_late", "来源逾期未更新", "the source is late")                                    \
    X(NOT_CONNECTED, "not_connected", "来源未接入", "the source is not connected")                           \
    X(NOT_GRANTED, "not_granted", "未获授权", "not granted")
