/* facets.h - by what a list of resources can be narrowed: name, zh, en, code table of its values (NULL: they speak for
 * themselves or are looked up otherwise). */
#define LL_FACETS(X)                                                                                         \
    X(PROVIDER, "provider", "提供方", "provider", NULL)                                                      \
    X(REGION, "region", "行政区划", "region", "REGION")                                                      \
    X(SHARE_TYPE, "share_type", "共享类型", "share type", "SHARE_TYPE")                                      \
    X(OPEN, "open", "开放属性", "openness", "OPEN_ATTR")                                                     \
    X(UPDATE_CYCLE, "update_cycle", "更新周期", "update cycle", "UPDATE_CYCLE")                              \
    X(GRADE, "grade", "级别", "grade", NULL)                                                                 \
    X(SCENARIO, "scenario", "场景", "scenario", NULL)
