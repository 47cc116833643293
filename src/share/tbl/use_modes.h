/* use_modes.h - the ways in which a granted resource may be used: name, word, zh, en. */
#define LL_USE_MODES(X)                                                                                      \
    X(QUERY, "query", "查询", "query")                                                                       \
    X(VERIFY, "verify", "核验", "verify")                                                                    \
    X(BATCH, "batch", "批量查询", "batch query")                                                             \
    X(CHANGES, "changes", "增量获取", "changes")                                                             \
    X(EXPORT, "export", "导出", "export")                                                                    \
    X(SUBSCRIBE, "subscribe", "推送订阅", "subscription")
