/* value_states.h - what an answer says of every value that was asked for, so that silence is never mistaken for "there is none":
 * name, word, zh, en. */
#define LL_VALUE_STATES(X)                                                                                   \
    X(PRESENT, "present", "有值", "present")                                                                 \
    X(ABSENT, "absent", "来源没有该值", "absent at the source")                                              \
    X(MASKED, "masked", "已脱敏", "masked")                                                                  \
    X(NOT_GRANTED, "not_granted", "未获授权", "not granted")                                                 \
    X(DISPUTED, "disputed", "存在疑义", "disputed")                                                          \
    X(WITHHELD, "withheld", "已停止共享", "no longer shared")                                               \
    X(SOURCE_LATE, "source_late", "来源逾期未更新", "the source is late")                                    \
    X(TIMED_OUT, "timed_out", "超时未查", "timed out")
