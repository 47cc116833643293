/* info_states.h - how a resource stands to an item of the sharing list, the worst first: word, zh, en. */
#define LL_INFO_SOURCE_STATES(X)                                                                             \
    X(NOT_CATALOGUED, "not_catalogued", "目录中没有这一资源", "the catalogue has no such resource")          \
    X(LACKS, "lacks_items", "资源缺少所需的信息项", "the resource lacks items that are needed")              \
    X(NEVER, "never_published", "尚未发布过数据", "nothing was ever published")                              \
    X(LATE, "late", "逾期未更新", "behind its update cycle")                                                 \
    X(CURRENT, "current", "按期更新", "published in time")

/* How an item of the list stands. */
#define LL_INFO_STATES(X)                                                                                    \
    X(MISSING, "missing", "缺失", "missing")                                                                 \
    X(PARTIAL, "partial", "部分接入", "partial")                                                             \
    X(CONNECTED, "connected", "已接入", "connected")
