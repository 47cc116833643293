/* gate_conditions.h - why the gateway refuses a call, beside the conditions of the grant itself (share/grant.h): name, word, zh, en.
 * The words stand in the journal and in the answer. */
#define LL_GATE_CONDITIONS(X)                                                                                \
    X(GRANT, "grant", "没有对该数据资源的授权", "there is no grant for this resource")                       \
    X(SIGNATURE, "signature", "请求须签名（RFC 9421）", "the request must be signed (RFC 9421)")             \
    X(FROZEN, "frozen", "已被冻结", "frozen")                                                                \
    X(RATE, "rate", "超过每秒的次数", "more calls a second than granted")                                    \
    X(THROTTLED, "throttled", "因调用异常被限速，待安全管理员处置",                                          \
      "slowed down for what was unusual, until the security administrator decides")                          \
    X(QUOTA_DAY, "quota_day", "超过每日的次数", "more calls a day than granted")                             \
    X(QUOTA_TOTAL, "quota_total", "超过授权的总次数", "more calls than granted in all")                      \
    X(CONSENT, "consent", "没有主体的同意", "the subject has not consented")                                 \
    X(WITHHELD, "withheld", "其中有记录在导出之后停止共享，请重新导出",                                      \
      "a record in it stopped being shared after it was made; ask for a new export")                        \
    X(EXPORTS, "exports", "未完成的导出过多，请等它们完成或先取消",                                          \
      "too many exports are under way; wait for them or cancel one")                                         \
    X(ATTEMPTS, "attempts", "核验同一对象的次数过多", "too many attempts to verify the same subject")
