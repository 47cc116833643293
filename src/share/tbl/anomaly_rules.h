/* anomaly_rules.h - what is held to be unusual: name, word, zh, en.  Thresholds are settings (anomaly_...); anomaly.c has the counting. */
#define LL_ANOMALY_RULES(X)                                                                                  \
    X(VOLUME, "volume", "调用量远超平日", "far more calls than on other days")                               \
    X(HOURS, "hours", "非工作时段大量调用", "many calls at unusual hours")                                   \
    X(ENUMERATION, "enumeration", "按顺序逐个尝试主键", "keys are tried one after the other")                \
    X(MISSES, "misses", "查无记录的比例过高", "too many look-ups find nothing")                              \
    X(OFFICER, "officer", "同一人员反复查看同一主体", "one officer looks at one subject again and again")
