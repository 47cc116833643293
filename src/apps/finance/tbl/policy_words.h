/* policy_words.h - levels, units and standing of policies: id, word, zh, en. */
#define LL_POLICY_LEVELS(X)                \
    X(NATIONAL, "national", "国家级", "national") \
    X(PROVINCE, "province", "省级", "provincial") \
    X(CITY, "city", "市级", "municipal")   \
    X(COUNTY, "county", "县级", "county")

/* What the amount is in. */
#define LL_POLICY_UNITS(X)                                  \
    X(WAN, "wan", "万元", "× 10,000 yuan")                  \
    X(YUAN, "yuan", "元", "yuan")                           \
    X(PERCENT, "percent", "%", "%")                         \
    X(POINTS, "points", "个百分点", "percentage points")

/* By the day: nothing of it is stored. */
#define LL_POLICY_TIMES(X)                          \
    X(OPEN, "open", "受理中", "open")               \
    X(COMING, "coming", "尚未开始", "not yet open") \
    X(ENDED, "ended", "已结束", "ended")
