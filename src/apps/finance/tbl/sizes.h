/* sizes.h - size classes of enterprises, the smallest first: id, word, code of ENT_SIZE, zh, en; and why there is none. */
#define LL_SIZES(X)                                                                                          \
    X(NONE, "none", NULL, "未划型", "not classified")                                                        \
    X(MICRO, "micro", "CS04", "微型", "micro")                                                               \
    X(SMALL, "small", "CS03", "小型", "small")                                                               \
    X(MEDIUM, "medium", "CS02", "中型", "medium")                                                            \
    X(LARGE, "large", "CS01", "大型", "large")

#define LL_SIZE_REASONS(X)                                                                                   \
    X(FOUND, "found", "按限额划定", "by the limits")                                                         \
    X(NO_INDUSTRY, "no_industry", "没有行业代码", "the industry is not known")                               \
    X(NO_RULE, "no_rule", "办法没有规定该行业的限额", "the rule has no limits for the industry")             \
    X(COARSE, "coarse", "行业代码不够细，对应的限额不止一种", "the code of the industry is too coarse to tell which limits apply") \
    X(MISSING, "missing", "缺少划型所需的指标", "a measure that the limits need is missing")
