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

/* By what a list of resources can be put in order: name, field of struct ll_resource, zh, en.  Found words come by relevance unless an
 * order is asked for; without words the order is that of titles. */
#define LL_SORTS(X)                                                                                          \
    X(TITLE, "title", title, "名称", "title")                                                                \
    X(NAME, "name", name, "英文名", "name")                                                                  \
    X(PROVIDER, "provider", provider, "提供方", "provider")                                                  \
    X(GRADE, "grade", grade, "级别", "grade")                                                                \
    X(PUBLISHED, "published", published, "发布日期", "day of publication")                                   \
    X(UPDATE_CYCLE, "update_cycle", update_cycle, "更新周期", "update cycle")
