/* duties.h - the duties an account may hold: name, zh, en, administrator.
 *
 * The three administrators (系统管理员, 安全管理员, 审计员) exclude each other and every other duty: who makes accounts does not give
 * them rights, who gives rights does not read the journal of it, and none of the three sees data (GB/T 22239-2019, 8.1.5 "安全管理中心":
 * 系统管理, 审计管理, 安全管理; the exclusion is our reading of it, recalled). */
#define LL_DUTIES(X)                                                                                          \
    X(SOURCE_STEWARD, "source_steward", "数源专员", "source steward", false)                                 \
    X(CONSUMER_STEWARD, "consumer_steward", "用数专员", "consumer steward", false)                           \
    X(OPERATOR, "operator", "平台运营员", "platform operator", false)                                        \
    X(APPROVER, "approver", "审批员", "approver", false)                                                     \
    X(SYSADMIN, "system_administrator", "系统管理员", "system administrator", true)                          \
    X(SECADMIN, "security_administrator", "安全管理员", "security administrator", true)                      \
    X(AUDITOR, "auditor", "审计员", "auditor", true) \
    X(COLLECTOR, "collector", "采集员", "collector", false) \
    X(RURAL_OFFICER, "rural_officer", "农村信用专员", "rural credit officer", false)
