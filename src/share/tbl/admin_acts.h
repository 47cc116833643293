/* admin_acts.h - what administrators and the owners of accounts do that leaves an entry in the journal: id, word, entry type, zh, en.
 *
 * KEY_CHANGE entries are open to every reader of the journal, so their object is a key and never a person; ADMINISTRATION entries are
 * sealed. */
#define LL_ADMIN_ACTS(X)                                                                                     \
    X(ACCOUNT_MADE, "account-made", ADMINISTRATION, "建立账号", "account made")                              \
    X(ACCOUNT_INVITED, "account-invited", ADMINISTRATION, "发出邀请", "account invited")                     \
    X(ACCOUNT_EMPOWERED, "account-empowered", ADMINISTRATION, "授予职责", "duties given")                    \
    X(ACCOUNT_ENABLED, "account-enabled", ADMINISTRATION, "启用账号", "account enabled")                     \
    X(ACCOUNT_DISABLED, "account-disabled", ADMINISTRATION, "停用账号", "account disabled")                  \
    X(ACCOUNT_LOCKED, "account-locked", ADMINISTRATION, "密码多次错误而锁定", "locked after wrong passwords") \
    X(ACCOUNT_UNLOCKED, "account-unlocked", ADMINISTRATION, "解除锁定", "lock lifted")                       \
    X(PASSWORD_SET, "password-set", ADMINISTRATION, "设置密码", "password set")                              \
    X(PASSKEY_ADDED, "passkey-added", ADMINISTRATION, "登记通行密钥", "passkey registered")                  \
    X(PASSKEY_REMOVED, "passkey-removed", ADMINISTRATION, "停用通行密钥", "passkey removed")                 \
    X(PASSKEY_WARNED, "passkey-warned", ADMINISTRATION, "通行密钥可能被复制", "passkey may have been copied") \
    X(CLIENT_MADE, "client-made", ADMINISTRATION, "登记系统", "client registered")                           \
    X(CLIENT_ENABLED, "client-enabled", ADMINISTRATION, "启用系统", "client enabled")                        \
    X(CLIENT_DISABLED, "client-disabled", ADMINISTRATION, "停用系统", "client disabled")                     \
    X(CLIENT_SIGNING, "client-signing", ADMINISTRATION, "改变系统是否须签名", "whether a client must sign")  \
    X(CLIENT_PORTAL, "client-portal", ADMINISTRATION, "登记门户的返回地址", "portal's addresses registered")  \
    X(PORTAL_ENTERED, "portal-entered", ADMINISTRATION, "主体登录其他门户", "subject signed in to another portal") \
    X(CLIENT_KEY_ADDED, "client-key-added", KEY_CHANGE, "登记系统公钥", "client's key registered")           \
    X(CLIENT_KEY_RETIRED, "client-key-retired", KEY_CHANGE, "停用系统公钥", "client's key retired")          \
    X(KEY_ROTATED, "key-rotated", KEY_CHANGE, "更换平台密钥", "key of the platform rotated")                 \
    X(MEASURE_REPORTED, "measure-reported", ADMINISTRATION, "反馈奖惩措施", "measure reported")             \
    X(REPORTS_ASKED, "reports-asked", ADMINISTRATION, "批量取得信用报告", "credit reports asked for together") \
    X(REPORTS_FETCHED, "reports-fetched", ADMINISTRATION, "下载批量信用报告", "bundle of credit reports fetched") \
    X(REPORTS_CANCELLED, "reports-cancelled", ADMINISTRATION, "取消批量信用报告", "bundle of credit reports cancelled") \
    X(AREA_GIVEN, "area-given", ADMINISTRATION, "分配采集区域", "area given to a collector")                \
    X(AREA_ENDED, "area-ended", ADMINISTRATION, "收回采集区域", "area taken from a collector")              \
    X(CAMPAIGN_MADE, "campaign-made", ADMINISTRATION, "发起采集任务", "campaign of collection started")      \
    X(CAMPAIGN_ENDED, "campaign-ended", ADMINISTRATION, "结束采集任务", "campaign of collection ended")      \
    X(ROUND_OPENED, "round-opened", ADMINISTRATION, "发起村级评议", "review of a village opened")             \
    X(ROUND_CLOSED, "round-closed", ADMINISTRATION, "结束村级评议", "review of a village closed")             \
    X(OFFER_MADE, "offer-made", ADMINISTRATION, "公布信贷优惠", "bank's offer for a rating made")             \
    X(OFFER_ENDED, "offer-ended", ADMINISTRATION, "终止信贷优惠", "bank's offer for a rating ended")          \
    X(LOAN_RECORDED, "loan-recorded", ADMINISTRATION, "记录贷款事件", "event of a rural loan recorded")       \
    X(LICENCE_STATED, "licence-stated", ADMINISTRATION, "登记商业来源的许可", "licence of a commercial source stated")  \
    X(STUDY_OPENED, "study-opened", ADMINISTRATION, "开设建模数据期", "study of the model kit opened")         \
    X(KIT_ASKED, "kit-asked", ADMINISTRATION, "查询建模统计", "statistics of the model kit asked for")          \
    X(FROZEN, "frozen", ADMINISTRATION, "冻结", "frozen")                                                    \
    X(THAWED, "thawed", ADMINISTRATION, "解冻", "thawed")                                                    \
    X(WEBHOOK_PAUSED, "webhook-pause", ADMINISTRATION, "暂停订阅", "subscription paused")                    \
    X(WEBHOOK_RESUMED, "webhook-resume", ADMINISTRATION, "恢复订阅", "subscription resumed")                 \
    X(WEBHOOK_REDELIVERED, "webhook-redeliver", ADMINISTRATION, "重发死信", "dead letters sent again")       \
    X(SERVICE_MADE, "service-made", ADMINISTRATION, "由授权建立服务", "service made from a grant")           \
    X(SERVICE_ENDED, "service-ended", ADMINISTRATION, "停用自建服务", "made service ended") \
    X(UPWARD_MADE, "upward-made", ADMINISTRATION, "编成上报报文", "message to the upper platform made")      \
    X(UPWARD_SETTLED, "upward-settled", ADMINISTRATION, "上报报文有了回执", "message acknowledged by the upper platform") \
    X(UPWARD_RECONCILED, "upward-reconciled", ADMINISTRATION, "与上级平台对账", "reconciled with the upper platform") \
    X(UPWARD_RESENT, "upward-resent", ADMINISTRATION, "重新上报退回的记录", "returned records sent up again") \
    X(UPWARD_RECEIVED, "upward-received", ADMINISTRATION, "收到下级平台的报文", "message of a lower platform received")
