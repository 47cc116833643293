/* time_limits.h - time limits in working days: those that the platform keeps, and the rules that they were taken from.
 *
 * Limits: name, working days, days before the end at which the one who must act is reminded, zh, en, basis, taken from.
 * Rules:  scope, instrument, in force since, step, days (0: none stated), unit, basis, source.
 *
 * `quoted`: the text or a reprint of it was read.  `recalled` and `recalled-unverified`: from memory of the act, to be confirmed before
 * anybody relies on it; therefore the limits are settings of a site, not law in our code. */
#define LL_TIME_LIMITS(X)                                                                                    \
    X(PRECHECK, 2, 1, "合规审查", "compliance check", "quoted", "SX")                                        \
    X(REVIEW, 10, 3, "提供方答复", "the provider's answer", "quoted", "GZ, SD; NATION-2025 recalled")        \
    X(EXTENSION, 10, 3, "延期后答复", "the answer after an extension", "own", "as long again as the first, once") \
    X(SUPPLY, 20, 5, "开通或挂接资源", "opening the service", "recalled-unverified", "NATION-2025")          \
    X(OBJECTION, 10, 3, "疑义校核答复", "the answer to an objection", "recalled", "NATION-2016")             \
    X(CORRECTION, 5, 2, "在源头更正", "the correction at the source", "own", "half of the answer to an objection") \
    X(APPEAL, 10, 3, "申请协调", "the appeal", "own", "as long as the answer that it is against")            \
    X(MEDIATION, 10, 3, "协调", "mediation", "own", "as long as the answer that it is about")                \
    X(REPAIR_ACCEPT, 3, 1, "信用修复受理并推送认定部门", "taking a credit repair up", "recalled", "REPAIR-22") \
    X(REPAIR_REVIEW, 10, 3, "信用修复审核", "the review of a credit repair", "recalled", "REPAIR-22")        \
    X(REPAIR_EXTENSION, 10, 3, "信用修复延长审核", "the extended review of a credit repair", "recalled", "REPAIR-22") \
    X(LISTED, 10, 3, "责任部门回应清单", "the answer to the supply-demand list", "own", "as long as a review") \
    X(PROMISED, 20, 5, "按承诺提供", "supply after a promise that names no day", "own", "as long as opening a service") \
    X(LOAN_OFFER, 5, 2, "企业对抢单、邀请、指派的答复", "the firm's answer to an institution that would handle it", "own", "a working week") \
    X(LOAN_ACCEPT, 2, 1, "金融机构受理", "taking a loan case up", "reconstruction", "loan_status_flow") \
    X(LOAN_START, 5, 2, "开始尽调", "beginning due diligence", "own", "a working week")                     \
    X(LOAN_DECIDE, 10, 3, "尽调并决定", "due diligence and the decision", "own", "as long as a provider's answer") \
    X(COMPLAINT_ACCEPT, 3, 1, "投诉受理并转办", "taking a complaint up and forwarding it", "own", "part of the days of the answer") \
    X(COMPLAINT_ANSWER, 10, 3, "答复投诉", "the answer to a complaint", "recalled", "CBIRC-2020-3") \
    X(COMPLAINT_EXTENSION, 10, 3, "情况复杂，延长答复", "the answer to a complex complaint, extended once", "recalled", "CBIRC-2020-3") \
    X(COMPLAINT_APPEAL, 10, 3, "评价或请平台调解", "rating, or asking the platform to mediate", "own", "as long as the answer that it is about") \
    X(COMPLAINT_MEDIATION, 10, 3, "投诉调解", "the mediation of a complaint", "own", "as long as the answer that it is about")

#define LL_TIME_RULES(X)                                                                                     \
    X("NATION-2025", "政务数据共享条例（国务院令第809号）", "2025-08-01", "提供部门答复共享申请（有条件）", 10, "工作日", "recalled", \
      "只读到第1至5条；条例规定申请、答复的流程及时限")                                                      \
    X("NATION-2025", "政务数据共享条例（国务院令第809号）", "2025-08-01", "同意共享后完成共享", 20, "工作日", "recalled-unverified", "同上") \
    X("NATION-2025", "政务数据共享条例（国务院令第809号）", "2025-08-01", "无条件共享类答复", 1, "工作日", "recalled-unverified", "同上") \
    X("NATION-2016", "政务信息资源共享管理暂行办法（国发〔2016〕51号）", "2016-09-05", "有条件共享：提供部门答复", 10, "工作日", "recalled", \
      "与山东省2020年办法数字相同")                                                                          \
    X("NATION-2016", "政务信息资源共享管理暂行办法（国发〔2016〕51号）", "2016-09-05", "疑义校核：提供部门答复", 10, "工作日", "recalled", "") \
    X("CREDIT-BUREAU", "征信业管理条例（国务院令第631号）第二十五条", "2013-03-15", "异议核查和处理，其间标注存在异议", 20, "日", "quoted", \
      "对征信机构的要求；本平台的10个工作日在其之内")                                                        \
    X("REPAIR-22", "国办发〔2025〕22号", "2025-06", "信用修复：收到申请后推送认定部门", 3, "工作日", "recalled", \
      "http://www.cf0099.com/hyzx/202506/27/13482.html（转载有乱码，只见3、10工作日的片段）")                \
    X("REPAIR-22", "国办发〔2025〕22号", "2025-06", "信用修复：自受理之日起办理反馈", 10, "工作日（复杂的可延长10）", "recalled", "同上") \
    X("SX", "县级政策（sxgp.gov.cn，省份未核对）", "2024", "主管部门符合性审查", 2, "工作日", "quoted",      \
      "https://www.sxgp.gov.cn/xxgk/zcwd/202403/t20240306_1942963.shtml")                                    \
    X("SX", "县级政策（sxgp.gov.cn，省份未核对）", "2024", "有条件共享，已挂接资源：提供部门答复", 5, "工作日", "quoted", "同上") \
    X("SX", "县级政策（sxgp.gov.cn，省份未核对）", "2024", "有条件共享，未挂接资源：发布数据并答复", 10, "工作日", "quoted", "同上") \
    X("GZ", "贵州省政府数据共享开放条例", "2020-12-01", "提供部门答复共享申请", 10, "工作日", "quoted", "https://weikao.com/ti/597369") \
    X("GZ", "贵州省政府数据共享开放条例", "2020-12-01", "开放申请：不能立即答复的", 15, "工作日（可延长15）", "quoted", "同上") \
    X("SD", "山东省电子政务和政务数据管理办法", "2020-02-01", "有条件共享：答复", 10, "工作日", "quoted",    \
      "http://big5.www.gov.cn/gate/big5/www.gov.cn/xinwen/2020-01/02/content_5465993.htm")                   \
    X("JX", "江西省公共数据管理办法（省政府令第254号）", "2022-03-01", "共享、开放申请答复", 0, "", "not found", \
      "https://www.gov.cn/zhengce/2022-01/12/content_5719301.htm（46条，只读到第1至5条）")                   \
    X("JX", "江西省数据应用条例", "2024-03-01", "", 0, "", "not found", "https://huataizx.com/rx-news-details-293.html") \
    X("CBIRC-2020-3", "银行业保险业消费投诉处理管理办法（银保监会令2020年第3号）", "2020-03-01", "消费投诉：事实清楚、争议简单的，作出处理决定并告知", 15, "日", "recalled", \
      "未核对原文；本平台折为10个工作日，各地可改设置") \
    X("CBIRC-2020-3", "银行业保险业消费投诉处理管理办法（银保监会令2020年第3号）", "2020-03-01", "消费投诉：情况复杂的，可以延长至", 30, "日", "recalled", "同上；延长折为再10个工作日") \
    X("CBIRC-2020-3", "银行业保险业消费投诉处理管理办法（银保监会令2020年第3号）", "2020-03-01", "消费投诉：情况特别复杂的，合计不超过", 60, "日", "recalled", "同上；本平台只延长一次，不采用这一档")
