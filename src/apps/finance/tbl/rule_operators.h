/* rule_operators.h - operators of a rule over an indicator: id, word, whether it compares codes (otherwise numbers), what it says in zh and en before its value. */
#define LL_RULE_OPERATORS(X)                         \
    X(GE, "ge", false, "不少于", "at least")         \
    X(GT, "gt", false, "大于", "more than")          \
    X(LE, "le", false, "不超过", "at most")          \
    X(LT, "lt", false, "小于", "less than")          \
    X(EQ, "eq", false, "为", "exactly")              \
    X(NE, "ne", false, "不为", "not")                \
    X(IN, "in", true, "为", "one of")                \
    X(NOT_IN, "not_in", true, "不为", "none of")     \
    X(STARTS, "starts", true, "属于", "within")      \
    X(NOT_STARTS, "not_starts", true, "不属于", "outside")

/* What a rule comes to for a firm: id, word. */
#define LL_RULE_RESULTS(X) \
    X(PASS, "pass")        \
    X(MISS, "miss")        \
    X(UNKNOWN, "unknown")

/* Units of indicators in English: zh, one, many. */
#define LL_RULE_UNITS(X)                           \
    X("年", "year", "years")                  \
    X("月", "month", "months")                \
    X("天", "day", "days")                    \
    X("万元", "ten thousand yuan", "ten thousand yuan") \
    X("人", "person", "persons")              \
    X("件", "case", "cases")                  \
    X("份", "report", "reports")              \
    X("次", "time", "times")                  \
    X("分", "point", "points")                \
    X("项", "title", "titles")                \
    X("种", "kind", "kinds")                  \
    X("家", "party", "parties")               \
    X("单", "declaration", "declarations")    \
    X("千瓦时", "kWh", "kWh")                 \
    X("立方米", "m³", "m³")
