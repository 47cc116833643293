/* item_states.h - what is said of every item of a household, so that silence is never taken for "there is none": name, word, there is a value, zh, en. */
#define LL_RURAL_ITEM_STATES(X)                                                                              \
    X(PRESENT, "present", true, "有值", "present")                                                           \
    X(CONFLICTING, "conflicting", true, "来源之间不一致", "sources differ")                                  \
    X(OUT_OF_DATE, "out_of_date", true, "已过时效", "out of date")                                           \
    X(DISPUTED, "disputed", true, "存在疑义", "disputed")                                                    \
    X(ABSENT, "absent", false, "来源没有该值", "absent at the source")                                       \
    X(SOURCE_LATE, "source_late", false, "来源逾期未更新", "the source is late")                             \
    X(NOT_CONNECTED, "not_connected", false, "来源未接入", "the source is not connected")                    \
    X(NOT_GRANTED, "not_granted", false, "未获授权", "not granted")
