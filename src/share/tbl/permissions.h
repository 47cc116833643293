/* permissions.h - every permission a route may ask for: name, who may, who of them for any organisation, zh, en.
 *
 * A role of the second column may act for its own organisation, one of the third for all.  Routes name a permission; a test walks
 * every route with every role and compares with this table.  Which step of a matter is whose stands in workflow_states.h; titles are for readers
 * who do not have the source. */
#define LL_ANY LL_MAY_ANYONE
#define LL_SRC LL_DUTY_SOURCE_STEWARD
#define LL_CON LL_DUTY_CONSUMER_STEWARD
#define LL_OPR LL_DUTY_OPERATOR
#define LL_APP LL_DUTY_APPROVER
#define LL_SYS LL_DUTY_SYSADMIN
#define LL_SEC LL_DUTY_SECADMIN
#define LL_AUD LL_DUTY_AUDITOR
#define LL_COL LL_DUTY_COLLECTOR
#define LL_RUR LL_DUTY_RURAL_OFFICER
#define LL_ACC LL_MAY_ACCOUNT
#define LL_CLI LL_MAY_CLIENT
#define LL_SUB LL_MAY_SUBJECT
#define LL_POR LL_MAY_PORTAL

#define LL_PERMISSIONS(X)                                                                                    \
    X("public", LL_ANY, LL_ANY, "任何人", "anyone")                                                          \
    X("self", LL_ACC, LL_ACC, "管理自己的登录", "manage one's own sign-in")                                  \
    X("passkey.remove", LL_ACC, LL_ACC, "停用自己的通行密钥", "remove one's own passkeys")                   \
    X("approval.read", LL_AUD, LL_AUD, "查看通行密钥确认的材料",                                             \
      "see the evidence of confirmations by passkey")                                                        \
    X("batch.read", LL_ACC | LL_CLI, LL_ACC | LL_CLI, "查看批次与质量", "see batches and their quality")     \
    X("delivery.read", LL_SRC | LL_OPR | LL_AUD, LL_OPR | LL_AUD, "查看交付与批次的状态",                    \
      "see the state of deliveries and batches")                                                             \
    X("timeliness.read", LL_SRC | LL_OPR | LL_AUD, LL_OPR | LL_AUD, "查看双公示的及时率与迟报、重报",           \
      "see how much in time departments report what is to be published")                                     \
    X("delivery.write", LL_SRC | LL_OPR, LL_OPR, "交付数据", "deliver data")                                 \
    X("delivery.decide", LL_SRC, 0, "确认或否决变更过大的交付",                                              \
      "confirm or refuse a delivery that changes much")                                                      \
    X("collect.act", LL_COL, LL_COL, "在分给自己的区域内采集（查看记录，提交条目）",                         \
      "collect in the areas that are one's own (see records, send entries)")                                 \
    X("collect.lead", LL_SRC | LL_OPR, LL_OPR, "发起采集任务，分配采集区域", "start campaigns, give areas to collectors") \
    X("collect.read", LL_SRC | LL_OPR | LL_AUD, LL_SRC | LL_OPR | LL_AUD, "查看采集进度", "see how far campaigns are") \
    X("quarantine.read", LL_SRC | LL_OPR, LL_OPR, "查看被隔离的行", "see the rows that were refused")        \
    X("record.read", LL_SRC | LL_OPR, LL_OPR, "查看记录（记入存证日志）", "look at records (journalled)")    \
    X("report.issue", LL_OPR, LL_OPR, "出具、撤回报告（记入存证日志）",                                      \
      "issue and withdraw reports (journalled)")                                                             \
    X("subject.read", LL_OPR, LL_OPR, "查看主体（记入存证日志）", "look at subjects (journalled)")           \
    X("account.read", LL_SYS | LL_SEC | LL_AUD, LL_SYS | LL_SEC | LL_AUD, "查看账号", "see accounts")        \
    X("account.make", LL_SYS, LL_SYS, "建立、停用账号，发出邀请",                                            \
      "make and disable accounts, send invitations")                                                         \
    X("account.empower", LL_SEC, LL_SEC, "授予账号职责，解除锁定", "give accounts their duties, lift locks") \
    X("client.make", LL_SYS, LL_SYS, "登记系统及其公钥", "register systems and their keys")                  \
    X("client.empower", LL_SEC, LL_SEC, "启用、停用系统", "enable and disable systems")                      \
    X("freeze", LL_SEC, LL_SEC, "冻结与解冻", "freeze and thaw")                                             \
    X("delay.read", LL_SEC | LL_AUD, LL_SEC | LL_AUD, "查看延迟告知", "see delayed disclosures")             \
    X("delay.propose", LL_SEC, LL_SEC, "提出延迟告知", "propose to delay disclosure")                        \
    X("delay.act", LL_SEC | LL_AUD, LL_SEC | LL_AUD, "同意、解除延迟告知", "agree to a delay, lift it")      \
    X("journal.read", LL_SEC | LL_AUD, LL_SEC | LL_AUD, "查看存证日志的条目与签名",                          \
      "look through the journal's entries and signatures")                                                   \
    X("journal.contents", LL_AUD, LL_AUD, "查看存证日志中封存的内容",                                        \
      "see what sealed entries of the journal hold")                                                         \
    X("anomaly.read", LL_SEC | LL_AUD, LL_SEC | LL_AUD, "查看异常", "see what was unusual")                  \
    X("anomaly.act", LL_SEC, LL_SEC, "处置异常", "decide about what was unusual")                            \
    X("usage.read", LL_OPR | LL_AUD | LL_CON | LL_SRC | LL_APP, LL_OPR | LL_AUD, "查看调用量",               \
      "see what was called how often")                                                                       \
    X("overview.read", LL_OPR | LL_AUD, LL_OPR | LL_AUD, "查看平台总览", "see the platform in figures")      \
    X("task.read", LL_SRC | LL_CON | LL_APP | LL_OPR | LL_AUD, LL_OPR | LL_AUD, "查看待办与将到期的事项",    \
      "see what waits and what falls due")                                                                   \
    X("pack.read", LL_OPR | LL_AUD | LL_SYS, LL_OPR | LL_AUD | LL_SYS, "查看已装载的场景包",                 \
      "see the packs that are loaded")                                                                       \
    X("resource.propose", LL_SRC | LL_OPR, LL_OPR, "由文件推断数据资源", "propose a resource from a file")   \
    X("demand.read", LL_SRC | LL_CON | LL_OPR | LL_APP | LL_AUD, LL_SRC | LL_CON | LL_OPR | LL_APP | LL_AUD, \
      "查看需求与供需对接清单", "see demands and the supply-demand list")                                    \
    X("demand.write", LL_CON | LL_OPR, LL_OPR, "提出需求", "state a demand")                                 \
    X("demand.act", LL_SRC | LL_CON | LL_OPR | LL_APP, LL_SRC | LL_CON | LL_OPR | LL_APP,                    \
      "办理需求（每一步由谁办，以流程中该步的规定为准）",                                                          \
      "take steps of a demand (each step is for whom the workflow names)")                                      \
    X("demand.publish", LL_OPR, LL_OPR, "发布供需对接清单", "publish the supply-demand list")                \
    X("application.read", LL_CON | LL_APP | LL_SRC | LL_OPR | LL_AUD, LL_OPR | LL_AUD, "查看申请",           \
      "see applications")                                                                                    \
    X("application.write", LL_CON, 0, "提出、撤回申请，申诉", "apply, take back, appeal")                    \
    X("application.act", LL_CON | LL_APP | LL_SRC | LL_OPR, LL_CON | LL_APP | LL_SRC | LL_OPR,               \
      "办理申请（每一步由谁办，以流程中该步的规定为准）",                                                          \
      "take steps of an application (each step is for whom the workflow names)")                                \
    X("grant.read", LL_CON | LL_APP | LL_SRC | LL_OPR | LL_AUD | LL_SEC | LL_CLI, LL_OPR | LL_AUD | LL_SEC,  \
      "查看授权", "see grants")                                                                              \
    X("grant.act", LL_CON | LL_APP | LL_OPR | LL_SEC, LL_CON | LL_APP | LL_OPR | LL_SEC,                     \
      "暂停、恢复、收回授权（每一步由谁办，以流程中该步的规定为准）",                                              \
      "suspend, resume and revoke grants (each step is for whom the workflow names)")                                      \
    X("consent.read", LL_CON | LL_AUD | LL_CLI, LL_AUD, "查看授权书", "see consents")                        \
    X("consent.write", LL_CON | LL_CLI, 0, "登记当面签署的授权书", "record consents signed in person")       \
    X("objection.read", LL_CON | LL_SRC | LL_APP | LL_OPR | LL_AUD, LL_OPR | LL_AUD, "查看疑义",             \
      "see doubts about data")                                                                               \
    X("objection.write", LL_CON, 0, "提出疑义", "raise a doubt")                                             \
    X("objection.act", LL_CON | LL_SRC | LL_APP | LL_OPR, LL_CON | LL_SRC | LL_APP | LL_OPR,                 \
      "办理疑义（每一步由谁办，以流程中该步的规定为准）",                                                          \
      "take steps of a doubt (each step is for whom the workflow names)")                                       \
    X("score.cards", LL_OPR | LL_SRC | LL_CON | LL_AUD, LL_OPR | LL_SRC | LL_CON | LL_AUD,                   \
      "查看评分卡与评价的分布", "see scorecards and how evaluations spread")                                 \
    X("score.read", LL_OPR, LL_OPR, "查看主体的信用评价", "see the evaluation of subjects")                  \
    X("rural.read", LL_OPR | LL_SRC | LL_APP | LL_AUD | LL_RUR, LL_OPR | LL_SRC | LL_APP | LL_AUD | LL_RUR,                    \
      "查看农户数与信息完整程度", "see how much is known of rural households, in figures")                   \
    X("rural.look", LL_OPR | LL_RUR | LL_COL, LL_OPR, "查看农户的信息（所辖或所采集的区域内，记入存证日志）", \
      "look at rural households, of one's own region or areas (journalled)")                                 \
    X("rural.review", LL_OPR | LL_RUR | LL_COL, LL_OPR, "查看村级评议；为评议小组成员的，评议农户", "see reviews of villages, and mark households as a member") \
    X("rural.round", LL_OPR | LL_RUR, LL_OPR, "发起、结束村级评议", "open and close reviews of villages")    \
    X("rural.offers", LL_OPR | LL_RUR | LL_SRC | LL_APP | LL_AUD | LL_CON | LL_CLI, LL_OPR | LL_RUR | LL_SRC | LL_APP | LL_AUD, \
      "查看各机构按农户等级的信贷优惠", "see what banks offer households by grade")                          \
    X("rural.offer", LL_CON | LL_CLI, 0, "公布、终止本机构的信贷优惠", "make and end one's own offers")      \
    X("rural.loan", LL_CON | LL_CLI, 0, "记录本机构农户贷款的事件", "record events of one's own loans to households") \
    X("rural.effect", LL_OPR | LL_RUR | LL_SRC | LL_APP | LL_AUD | LL_CON | LL_CLI, LL_OPR | LL_RUR | LL_SRC | LL_APP | LL_AUD, \
      "查看农户贷款的成效统计（银行只看本机构的）", "see what recorded loans show (a bank its own only)")    \
    X("finance.read", LL_OPR | LL_SRC | LL_CON | LL_APP | LL_AUD, LL_OPR | LL_SRC | LL_CON | LL_APP | LL_AUD,    \
      "查看金融数据服务中心（共享清单、指标的定义）", "see the finance data service centre: the sharing list, what indicators are") \
    X("market.read", LL_CON | LL_APP | LL_OPR | LL_AUD, LL_OPR | LL_AUD, "查看机构及其产品的各版本（机构只看本机构的）", \
      "see institutions and the versions of their products (an institution its own)")                        \
    X("market.write", LL_CON, 0, "登记本机构，编写本机构的产品", "register one's own institution, write its products") \
    X("market.act", LL_CON | LL_OPR, LL_OPR, "办理机构与产品（每一步由谁办，以流程中该步的规定为准）", \
      "take steps of institutions and products (each step is for whom the workflow names)")                  \
    X("policy.read", LL_SRC | LL_APP | LL_OPR | LL_AUD, LL_OPR | LL_AUD, "查看政策的各版本（部门只看本部门的）", \
      "see the versions of policies (a department its own)")                                                 \
    X("policy.write", LL_SRC, 0, "编写本部门的政策", "write one's own department's policies")                \
    X("policy.act", LL_SRC | LL_OPR, LL_OPR, "办理政策（每一步由谁办，以流程中该步的规定为准）",             \
      "take steps of policies (each step is for whom the workflow names)")                                   \
    X("finance.look", LL_OPR, LL_OPR, "查看企业的指标（记入存证日志）", "look at indicators of firms (journalled)")  \
    X("finance.statistics", LL_OPR | LL_AUD | LL_CON | LL_APP, LL_OPR | LL_AUD, "查看融资统计（金融机构看本机构的与合计）", "see the figures of financing (an institution its own, and the sums)") \
    X("complaint.read", LL_CON | LL_APP | LL_OPR | LL_AUD, LL_OPR | LL_AUD, "查看投诉（金融机构只看对本机构的；不含联系方式）", \
      "see complaints (an institution those about itself; without how to reach who complains)")              \
    X("complaint.contact", LL_CON | LL_OPR, LL_OPR, "查看投诉人的联系方式（记入存证日志）", \
      "see how to reach who complains (journalled)")                                                         \
    X("complaint.act", LL_CON | LL_OPR, LL_OPR, "办理投诉（每一步由谁办，以流程中该步的规定为准）", \
      "take steps of a complaint (each step is for whom the workflow names)")                                \
    X("complaint.figures", LL_CON | LL_APP | LL_OPR | LL_AUD, LL_OPR | LL_AUD, "查看投诉统计（金融机构看本机构的与合计，不足三件的不显示）", \
      "see the figures of complaints (an institution its own and the sums, fewer than three held back)")     \
    X("finance.deliver", LL_OPR, 0, "把平台自身的事件交付入湖", "deliver the platform's own events") \
    X("licence.write", LL_OPR, 0, "登记商业来源的许可与价格", "state the licence and price of commercial sources") \
    X("licence.costs", LL_OPR | LL_AUD | LL_CON, LL_OPR | LL_AUD, "查看商业来源的费用（用数机构只看本机构的）", "see what commercial sources cost (a consumer its own)") \
    X("financing.read", LL_CON | LL_APP | LL_CLI | LL_OPR | LL_AUD, LL_OPR | LL_AUD, "查看融资需求与贷款办理（金融机构：对本机构开放的、本机构的）", \
      "see financings and loan cases (an institution what is open to it, and its own)")                      \
    X("financing.act", LL_CON | LL_OPR, LL_OPR, "抢单、邀请、指派融资需求", "take up, invite and assign financings") \
    X("loan_case.act", LL_CON | LL_APP, 0, "办理本机构的贷款（每一步由谁办，以流程中该步的规定为准）",       \
      "take steps of one's own loan cases (each step is for whom the workflow names)")                       \
    X("loan_case.report", LL_CLI, 0, "回报本机构贷款办理的进展（须签名）", "report what became of one's own loan cases, signed") \
    X("model.read", LL_CON | LL_APP | LL_CLI | LL_OPR | LL_AUD, LL_OPR | LL_AUD, "查看预审模型的名称、版本与状态（内容只有本机构可见）", \
      "see name, version and state of pre-check models (what is in them is the institution's alone)")        \
    X("model.table", LL_CON | LL_APP, 0, "查看本机构模型的内容", "see one's own institution's model")           \
    X("model.write", LL_CON, 0, "上传本机构的预审模型", "upload one's institution's model")                     \
    X("model.act", LL_CON | LL_APP, LL_CON | LL_APP, "启用、停用预审模型（每一步由谁办，以流程中该步的规定为准）",  \
      "take steps of a pre-check model (each step is for whom the workflow names)")                           \
    X("kit.read", LL_CON | LL_CLI | LL_OPR | LL_AUD, LL_OPR | LL_AUD, "查看建模数据期", "see the study of the model kit") \
    X("kit.query", LL_CON | LL_CLI, 0, "查询建模统计（只有汇总，记入存证日志）", "ask for statistics of the model kit (aggregates, journalled)") \
    X("kit.study", LL_OPR, 0, "开设建模数据期", "open a study of the model kit")                                 \
    X("precheck.run", LL_CON | LL_CLI, 0, "以本机构的模型预审企业（须企业授权，记入存证日志）",                  \
      "run one's institution's model on firms (with their consent, journalled)")                              \
    X("list.read", LL_SRC | LL_APP | LL_OPR | LL_AUD | LL_CON | LL_CLI, LL_OPR | LL_AUD, "查看奖惩名单与措施的反馈", \
      "see lists of reward and punishment, and what was done")                                               \
    X("list.entry", LL_SRC | LL_APP | LL_OPR | LL_AUD, LL_OPR | LL_AUD, "查看名单条目", "see entries of lists") \
    X("list.propose", LL_SRC, 0, "提出列入名单", "propose to put a subject on a list")                       \
    X("list.act", LL_SRC | LL_APP, LL_SRC | LL_APP, "决定列入、移出名单（每一步由谁办，以流程中该步的规定为准）", \
      "take steps of a list entry (each step is for whom the workflow names)")                               \
    X("list.check", LL_CLI | LL_CON | LL_SRC | LL_APP, 0, "办事前核查主体的奖惩措施，反馈执行情况",         \
      "check a subject before an act, and say what was done")                                                \
    X("repair.read", LL_SRC | LL_APP | LL_OPR | LL_AUD, LL_OPR | LL_AUD, "查看信用修复",                     \
      "see credit repairs")                                                                                  \
    X("repair.act", LL_SRC | LL_APP | LL_OPR, LL_SRC | LL_APP | LL_OPR,                                      \
      "办理信用修复（每一步由谁办，以流程中该步的规定为准）",                                                \
      "take steps of a credit repair (each step is for whom the workflow names)")                            \
    X("link.read", LL_OPR, LL_OPR, "查看记录关联与复核队列", "see linked records and the queue of pairs")      \
    X("link.decide", LL_OPR, LL_OPR, "决定记录是否同一主体，撤销决定",                                       \
      "decide whether records are of one subject, and undo it")                                              \
    X("link.acts", LL_OPR | LL_AUD, LL_OPR | LL_AUD, "查看谁作过哪些关联决定",                               \
      "see who decided what about links")                                                                    \
    X("portal", LL_POR, LL_POR, "知道登录者是谁", "know who signed in")                                      \
    X("me", LL_SUB, LL_SUB, "查看与自己有关的记录", "see what concerns oneself")                             \
    X("looks.read", LL_AUD, LL_AUD, "查看谁看过某一主体的数据", "see who looked at a subject's data")        \
    X("export.read", LL_CLI | LL_CON | LL_OPR | LL_AUD, LL_OPR | LL_AUD, "查看导出", "see exports")          \
    X("export.ask", LL_CLI | LL_CON, 0, "发起、取消、下载导出", "ask for exports, cancel and fetch them")    \
    X("webhook.read", LL_CLI | LL_CON | LL_OPR | LL_AUD, LL_OPR | LL_AUD, "查看推送订阅",                    \
      "see subscriptions")                                                                                   \
    X("webhook.write", LL_CLI | LL_CON, 0, "订阅、暂停、终止推送，重发死信",                                 \
      "subscribe, pause and end, send dead letters again")                                                   \
    X("report.read", LL_CLI | LL_CON | LL_OPR | LL_AUD, LL_OPR | LL_AUD, "查看出具过的报告", "see the reports that were issued") \
    X("watch.read", LL_CLI | LL_CON | LL_AUD, LL_AUD, "查看监测名单", "see the watch list")                   \
    X("watch.write", LL_CLI | LL_CON, 0, "登记、结束对主体的监测", "watch subjects, and end it")             \
    X("deed.read", LL_CLI | LL_CON | LL_AUD, LL_AUD, "查看协同账本中本机构为一方的单证", "see the deeds that one's organisation is a party of") \
    X("deed.act", LL_CLI, 0, "提交、签署、撤回协同账本的声明", "send, sign and withdraw statements of the collaboration ledger") \
    X("service.make", LL_CON, 0, "由本机构的授权建立、停用服务", "make and end services from one's grants")  \
    X("service.call", LL_CLI | LL_CON, 0, "调用共享接口", "call shared services") \
    X("upward.read", LL_SRC | LL_OPR | LL_AUD, LL_SRC | LL_OPR | LL_AUD, "查看向上级平台上报的状况", "see how reporting upward stands") \
    X("upward.act", LL_OPR, LL_OPR, "立即上报、对账、重新上报", "report now, reconcile, send again")         \
    X("upward.returned", LL_SRC | LL_OPR, LL_OPR, "查看上级平台退回的记录", "see the records that the upper platform returned") \
    X("upward.deliver", LL_CLI, 0, "下级平台的系统上报数据", "a platform below reports its data")
