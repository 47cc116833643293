/* workflow_states.h - every state that a matter may be in (a demand, an application, a grant, ..., a loan case), and every step between two states.
 *
 * States: flow, name, word, end (nothing leads out), limit (row of tbl/time_limits.h that runs while it lasts), zh, en, basis.
 * Steps:  flow, from, action, to, parts (who may, tbl/workflow_parts.h), when (facts that must hold), needs, zh, en, basis.
 *
 * Facts: ALWAYS; CONDITIONAL and UNCONDITIONAL by the catalogue's share type; LINKED: every resource has published records;
 * UNLINKED; BY_ORGANISATION and BY_SUBJECT: who raised it; FULFILLED and REORGANISED: the ground of a repair; ABOUT_INSTITUTION and ABOUT_PLATFORM: against whom a complaint is.  Needs: REASON, BASIS (the reason names a rule of law), OTHER (a person who has no part in asking: nobody approves
 * their own).
 *
 * Basis: what is said of the rule.  `reconstruction` states come from practice put together (no official list of states was to be
 * had); `quoted` ones from a text that was read (a county policy of 2024, "SX": 2 working days for the review of form, unconditional
 * sharing granted at once, refusal with reason and basis, mediation by the data authority when the departments do not agree);
 * `recalled` ones from memory of the named act; `own` ones are ours, needed to make the others complete. */
#define LL_FLOWS(X)                                                                                          \
    X(DEMAND, "demand", "需求", "demand")                                                                    \
    X(APPLICATION, "application", "申请", "application")                                                     \
    X(GRANT, "grant", "授权", "grant")                                                                       \
    X(OBJECTION, "objection", "疑义校核", "objection")                                                       \
    X(REPAIR, "repair", "信用修复", "credit repair")                                                         \
    X(LISTING, "listing", "名单条目", "list entry")                                                          \
    X(ANOMALY, "anomaly", "异常", "anomaly")                                                                 \
    X(DELAY, "delay", "延迟告知", "delayed disclosure")                                                      \
    X(ENTERPRISE, "enterprise", "企业注册", "registration of an enterprise")                                 \
    X(DELEGATION, "delegation", "企业委托经办", "delegation by an enterprise") \
    X(FINANCING, "financing", "融资需求", "financing") \
    X(LOAN_CASE, "loan_case", "贷款办理", "loan case") \
    X(MODEL, "model", "预审模型", "pre-check model") \
    X(INSTITUTION, "institution", "金融机构", "financial institution") \
    X(PRODUCT, "product", "金融产品版本", "version of a product") \
    X(COMPLAINT, "complaint", "投诉", "complaint") \
    X(POLICY, "policy", "政策版本", "version of a policy")

#define LL_FLOW_STATES(X)                                                                                    \
    X(DEMAND, OPEN, "open", false, NONE, "待匹配", "to be matched", "own")                                   \
    X(DEMAND, MATCHED, "matched", false, NONE, "已匹配", "matched", "own")                                   \
    X(DEMAND, UNMET, "unmet", false, NONE, "未满足", "unmet", "own")                                         \
    X(DEMAND, LISTED, "listed", false, LISTED, "已列入供需对接清单", "on the supply-demand list", "reconstruction") \
    X(DEMAND, PROMISED, "promised", false, PROMISED, "责任部门已承诺", "promised by its source", "own")      \
    X(DEMAND, SUPPLIED, "supplied", false, NONE, "已提供", "supplied", "own")                                \
    X(DEMAND, DECLINED, "declined", false, NONE, "不予提供", "declined", "own")                              \
    X(DEMAND, SETTLED, "settled", true, NONE, "已解决", "settled", "own")                                    \
    X(DEMAND, WITHDRAWN, "withdrawn", true, NONE, "已撤回", "withdrawn", "own")                              \
    X(APPLICATION, DRAFT, "draft", false, NONE, "草稿", "draft", "reconstruction; fields recalled from 政务数据共享条例") \
    X(APPLICATION, SUBMITTED, "submitted", false, NONE, "已提交", "submitted", "reconstruction")             \
    X(APPLICATION, PRECHECK, "precheck", false, PRECHECK, "合规审查", "compliance check", "reconstruction; time limit quoted (SX)") \
    X(APPLICATION, RETURNED, "returned", false, NONE, "退回补正", "returned", "reconstruction")              \
    X(APPLICATION, PROVIDER_REVIEW, "provider_review", false, REVIEW, "提供方审核", "the provider's review", "reconstruction") \
    X(APPLICATION, EXTENDED, "extended", false, EXTENSION, "延期", "extended", "reconstruction")             \
    X(APPLICATION, APPROVED, "approved", false, SUPPLY, "已同意，待开通", "approved, to be opened", "reconstruction") \
    X(APPLICATION, GRANTED, "granted", true, NONE, "已授权", "granted", "reconstruction")                    \
    X(APPLICATION, REJECTED, "rejected", false, NONE, "不同意", "rejected", "quoted (SX)")                   \
    X(APPLICATION, DISPUTE, "dispute", false, NONE, "争议协调", "in dispute", "reconstruction")              \
    X(APPLICATION, CLOSED, "closed", true, NONE, "已终结", "closed", "reconstruction")                       \
    X(APPLICATION, CANCELLED, "cancelled", true, NONE, "已取消", "cancelled", "reconstruction")              \
    X(GRANT, ACTIVE, "active", false, NONE, "生效", "active", "reconstruction (GRANTED)")                    \
    X(GRANT, SUSPENDED, "suspended", false, NONE, "暂停", "suspended", "reconstruction")                     \
    X(GRANT, REVOKED, "revoked", true, NONE, "已收回", "revoked", "reconstruction")                          \
    X(GRANT, EXPIRED, "expired", false, NONE, "到期", "expired", "reconstruction")                           \
    X(OBJECTION, QUALITY_FEEDBACK, "quality_feedback", false, OBJECTION, "疑义登记", "doubt registered", "reconstruction") \
    X(OBJECTION, PROVIDER_CORRECT, "provider_correct", false, NONE, "提供方已更正", "corrected by the provider", "reconstruction") \
    X(OBJECTION, TO_BE_CORRECTED, "to_be_corrected", false, CORRECTION, "认定有误，待源头更正", "found wrong, to be corrected at the source", "own") \
    X(OBJECTION, UPHELD, "upheld", false, APPEAL, "提供方维持原值", "upheld by the provider", "own")         \
    X(OBJECTION, MEDIATION, "mediation", false, MEDIATION, "争议协调", "in mediation", "own")                \
    X(OBJECTION, SETTLED_OBJECTION, "settled", true, NONE, "已办结", "settled", "own")                       \
    X(OBJECTION, DROPPED, "withdrawn", true, NONE, "已撤回", "withdrawn", "own")                              \
    X(REPAIR, REPAIR_DRAFT, "draft", false, NONE, "草稿，待提交", "draft", "own")                            \
    X(REPAIR, REPAIR_SUBMITTED, "submitted", false, REPAIR_ACCEPT, "已提交，待受理", "submitted, to be taken up", "reconstruction; time limit recalled") \
    X(REPAIR, REPAIR_RETURNED, "returned", false, NONE, "退回补正", "returned", "own")                       \
    X(REPAIR, REPAIR_REVIEW, "review", false, REPAIR_REVIEW, "认定部门审核", "reviewed by who recognised it", "quoted (谁认定、谁修复); time limit recalled") \
    X(REPAIR, REPAIR_EXTENDED, "extended", false, REPAIR_EXTENSION, "延长审核", "review extended", "recalled") \
    X(REPAIR, REPAIRED, "repaired", false, NONE, "已修复", "repaired", "quoted")                             \
    X(REPAIR, REPAIR_PROVIDED, "provided", false, NONE, "已暂时修复（重整）", "repaired provisionally (reorganisation)", "quoted") \
    X(REPAIR, REPAIR_REFUSED, "refused", true, NONE, "不予修复", "refused", "own")                           \
    X(REPAIR, REPAIR_WITHDRAWN, "withdrawn", true, NONE, "已撤回", "withdrawn", "own")                       \
    X(REPAIR, REPAIR_REVOKED, "revoked", true, NONE, "已撤销修复", "revoked", "recalled-unverified")         \
    X(LISTING, ENTRY_PROPOSED, "proposed", false, NONE, "待决定列入", "proposed", "own")                     \
    X(LISTING, ENTRY_IN_FORCE, "in_force", false, NONE, "已列入", "on the list", "own")                      \
    X(LISTING, ENTRY_DROPPED, "dropped", true, NONE, "不予列入", "not put on the list", "own")               \
    X(LISTING, ENTRY_REMOVED, "removed", true, NONE, "已移出", "taken off the list", "own")                  \
    X(ANOMALY, RAISED, "raised", false, NONE, "待处置，已限速", "raised, slowed down", "own")                \
    X(ANOMALY, KEPT, "kept", false, NONE, "维持限速", "kept slowed down", "own")                             \
    X(ANOMALY, DISMISSED, "dismissed", true, NONE, "已解除", "dismissed", "own")                             \
    X(ANOMALY, FROZEN_CLIENT, "frozen", true, NONE, "已冻结", "frozen", "own")                               \
    X(DELAY, PROPOSED, "proposed", false, NONE, "待审计员同意", "waits for the auditor", "own")              \
    X(DELAY, IN_FORCE, "in_force", false, NONE, "已生效", "in force", "own")                                 \
    X(DELAY, REFUSED_DELAY, "refused", true, NONE, "不同意", "refused", "own")                               \
    X(DELAY, LIFTED, "lifted", true, NONE, "已解除", "lifted", "own")                                        \
    X(ENTERPRISE, REGISTERED, "registered", false, NONE, "已注册", "registered", "own")                      \
    X(ENTERPRISE, ENTERPRISE_CLOSED, "closed", false, NONE, "已注销注册", "registration closed", "own")     \
    X(DELEGATION, INVITED, "invited", false, NONE, "已邀请，待接受", "invited", "own")                       \
    X(DELEGATION, ACTING, "acting", false, NONE, "有效", "in force", "own")                                  \
    X(DELEGATION, MISMATCHED, "mismatched", true, NONE, "与登记不符", "not whom the registration names", "own") \
    X(DELEGATION, DELEGATION_ENDED, "ended", true, NONE, "已终止", "ended", "own") \
    X(FINANCING, FINANCING_DRAFT, "draft", false, NONE, "草稿", "draft", "own") \
    X(FINANCING, FINANCING_PUBLISHED, "published", false, NONE, "已发布", "published", "own") \
    X(FINANCING, FINANCING_MET, "met", true, NONE, "已获放款", "met: a loan was drawn", "own") \
    X(FINANCING, FINANCING_CLOSED, "closed", true, NONE, "已到期关闭", "closed: its time is over", "own") \
    X(FINANCING, FINANCING_WITHDRAWN, "withdrawn", true, NONE, "已撤回", "withdrawn", "own") \
    X(LOAN_CASE, CASE_DRAFT, "draft", false, LOAN_OFFER, "待企业申请", "waits for the firm to apply", "reconstruction") \
    X(LOAN_CASE, CASE_APPLIED, "applied", false, LOAN_ACCEPT, "已申请", "applied", "reconstruction") \
    X(LOAN_CASE, CASE_ACCEPTED, "accepted", false, LOAN_START, "已受理", "accepted", "reconstruction") \
    X(LOAN_CASE, CASE_DILIGENCE, "due_diligence", false, LOAN_DECIDE, "尽调中", "due diligence", "reconstruction") \
    X(LOAN_CASE, CASE_REFUSED, "refused", true, NONE, "已拒绝", "refused", "reconstruction") \
    X(LOAN_CASE, CASE_GRANTED, "granted", false, NONE, "已授信", "granted", "reconstruction") \
    X(LOAN_CASE, CASE_LAPSED, "lapsed", true, NONE, "授信失效", "grant lapsed", "reconstruction") \
    X(LOAN_CASE, CASE_DRAWN, "drawn", false, NONE, "已放款", "drawn", "reconstruction") \
    X(LOAN_CASE, CASE_REPAYING, "repaying", false, NONE, "还款中", "being repaid", "reconstruction") \
    X(LOAN_CASE, CASE_SETTLED, "settled", true, NONE, "已结清", "settled", "reconstruction") \
    X(LOAN_CASE, CASE_OVERDUE, "overdue", false, NONE, "逾期", "overdue", "reconstruction") \
    X(LOAN_CASE, CASE_BAD, "bad", false, NONE, "不良（代偿或核销）", "bad (paid by a guarantor or written off)", "reconstruction") \
    X(LOAN_CASE, CASE_WITHDRAWN, "withdrawn", true, NONE, "已撤回", "withdrawn", "reconstruction") \
    X(MODEL, MODEL_PROPOSED, "proposed", false, NONE, "待本机构另一人启用", "waits for another person of the institution", "own") \
    X(MODEL, MODEL_ACTIVE, "active", false, NONE, "启用", "active", "own") \
    X(MODEL, MODEL_RETIRED, "retired", true, NONE, "停用", "retired", "own") \
    X(INSTITUTION, INSTITUTION_PROPOSED, "proposed", false, NONE, "待审核", "proposed", "own") \
    X(INSTITUTION, INSTITUTION_LISTED, "listed", false, NONE, "已上线", "listed", "reconstruction") \
    X(INSTITUTION, INSTITUTION_SUSPENDED, "suspended", false, NONE, "已暂停", "suspended", "reconstruction") \
    X(INSTITUTION, INSTITUTION_DELISTED, "delisted", false, NONE, "已下线", "delisted", "own") \
    X(PRODUCT, PRODUCT_DRAFT, "draft", false, NONE, "草稿", "draft", "reconstruction") \
    X(PRODUCT, PRODUCT_SUBMITTED, "submitted", false, NONE, "待审", "submitted", "reconstruction") \
    X(PRODUCT, PRODUCT_PUBLISHED, "published", false, NONE, "上架", "published", "reconstruction") \
    X(PRODUCT, PRODUCT_SUPERSEDED, "superseded", true, NONE, "已被新版本取代", "superseded", "own") \
    X(PRODUCT, PRODUCT_TAKEN_DOWN, "taken_down", true, NONE, "下架", "taken down", "reconstruction") \
    X(PRODUCT, PRODUCT_DISCARDED, "discarded", true, NONE, "已放弃", "discarded", "own") \
    X(COMPLAINT, COMPLAINT_RECEIVED, "received", false, COMPLAINT_ACCEPT, "已收到，待受理", "received, to be taken up", "own") \
    X(COMPLAINT, COMPLAINT_WITH_INSTITUTION, "with_institution", false, COMPLAINT_ANSWER, "金融机构处理中", "with the institution", "own; time limit recalled") \
    X(COMPLAINT, COMPLAINT_EXTENDED, "extended", false, COMPLAINT_EXTENSION, "情况复杂，延长处理", "complex, extended", "recalled") \
    X(COMPLAINT, COMPLAINT_WITH_PLATFORM, "with_platform", false, COMPLAINT_ANSWER, "平台处理中", "with the platform", "own; time limit recalled") \
    X(COMPLAINT, COMPLAINT_ANSWERED, "answered", false, COMPLAINT_APPEAL, "已答复，待评价", "answered, to be rated", "own") \
    X(COMPLAINT, COMPLAINT_MEDIATION, "mediation", false, COMPLAINT_MEDIATION, "不满意，平台调解中", "reopened, the platform mediates", "own") \
    X(COMPLAINT, COMPLAINT_MEDIATED, "mediated", false, COMPLAINT_APPEAL, "已调解，待评价", "mediated, to be rated", "own") \
    X(COMPLAINT, COMPLAINT_CLOSED, "closed", true, NONE, "已办结", "closed", "own") \
    X(COMPLAINT, COMPLAINT_REJECTED, "rejected", true, NONE, "不予受理", "not taken up", "own") \
    X(COMPLAINT, COMPLAINT_WITHDRAWN, "withdrawn", true, NONE, "已撤回", "withdrawn", "own") \
    X(POLICY, POLICY_DRAFT, "draft", false, NONE, "草稿", "draft", "own") \
    X(POLICY, POLICY_SUBMITTED, "submitted", false, NONE, "待审", "submitted", "own") \
    X(POLICY, POLICY_PUBLISHED, "published", false, NONE, "已发布", "published", "own") \
    X(POLICY, POLICY_SUPERSEDED, "superseded", true, NONE, "已被新版本取代", "superseded", "own") \
    X(POLICY, POLICY_TAKEN_DOWN, "taken_down", true, NONE, "已撤下", "taken down", "own") \
    X(POLICY, POLICY_DISCARDED, "discarded", true, NONE, "已放弃", "discarded", "own")

#define LL_FLOW_STEPS(X)                                                                                     \
    X(DEMAND, OPEN, "match", MATCHED, SYSTEM, ALWAYS, 0, "匹配", "match", "own")                             \
    X(DEMAND, OPEN, "miss", UNMET, SYSTEM, ALWAYS, 0, "列为未满足", "find nothing", "own")                   \
    X(DEMAND, OPEN, "withdraw", WITHDRAWN, APPLICANT | OPERATOR, ALWAYS, 0, "撤回", "withdraw", "own")       \
    X(DEMAND, MATCHED, "match", MATCHED, SYSTEM, ALWAYS, 0, "重新匹配", "match again", "own")                \
    X(DEMAND, MATCHED, "miss", UNMET, SYSTEM, ALWAYS, 0, "列为未满足", "find nothing", "own")                \
    X(DEMAND, MATCHED, "accept", SETTLED, APPLICANT | OPERATOR, ALWAYS, 0, "采纳", "accept", "own")          \
    X(DEMAND, MATCHED, "reject", UNMET, APPLICANT | OPERATOR, ALWAYS, REASON, "候选都不适用", "say that none fits", "own") \
    X(DEMAND, MATCHED, "withdraw", WITHDRAWN, APPLICANT | OPERATOR, ALWAYS, 0, "撤回", "withdraw", "own")    \
    X(DEMAND, UNMET, "match", MATCHED, SYSTEM, ALWAYS, 0, "匹配", "match", "own")                            \
    X(DEMAND, UNMET, "miss", UNMET, SYSTEM, ALWAYS, 0, "仍未满足", "find nothing still", "own")              \
    X(DEMAND, UNMET, "publish", LISTED, OPERATOR, ALWAYS, 0, "列入供需对接清单", "put on the list", "reconstruction") \
    X(DEMAND, UNMET, "withdraw", WITHDRAWN, APPLICANT | OPERATOR, ALWAYS, 0, "撤回", "withdraw", "own")      \
    X(DEMAND, LISTED, "assign", LISTED, OPERATOR, ALWAYS, 0, "指定责任部门", "name the source responsible", "own") \
    X(DEMAND, LISTED, "remind", LISTED, SYSTEM, ALWAYS, 0, "催办", "remind", "own")                          \
    X(DEMAND, LISTED, "escalate", LISTED, SYSTEM, ALWAYS, 0, "超期上报", "escalate", "own")                      \
    X(DEMAND, LISTED, "promise", PROMISED, PROVIDER | DECIDER, ALWAYS, 0, "承诺", "promise", "own")          \
    X(DEMAND, LISTED, "decline", DECLINED, DECIDER, ALWAYS, REASON | BASIS, "不予提供", "decline", "own")    \
    X(DEMAND, LISTED, "supply", SUPPLIED, PROVIDER | OPERATOR, ALWAYS, 0, "提供", "supply", "own")           \
    X(DEMAND, LISTED, "withdraw", WITHDRAWN, APPLICANT | OPERATOR, ALWAYS, 0, "撤回", "withdraw", "own")     \
    X(DEMAND, PROMISED, "progress", PROMISED, PROVIDER | DECIDER | OPERATOR, ALWAYS, REASON, "报告进展", "report progress", "own") \
    X(DEMAND, PROMISED, "remind", PROMISED, SYSTEM, ALWAYS, 0, "催办", "remind", "own")                      \
    X(DEMAND, PROMISED, "escalate", PROMISED, SYSTEM, ALWAYS, 0, "超期上报", "escalate", "own")                  \
    X(DEMAND, PROMISED, "supply", SUPPLIED, PROVIDER | OPERATOR, ALWAYS, 0, "提供", "supply", "own")         \
    X(DEMAND, PROMISED, "decline", DECLINED, DECIDER, ALWAYS, REASON | BASIS, "不予提供", "decline", "own")  \
    X(DEMAND, PROMISED, "withdraw", WITHDRAWN, APPLICANT | OPERATOR, ALWAYS, 0, "撤回", "withdraw", "own")   \
    X(DEMAND, SUPPLIED, "accept", SETTLED, APPLICANT | OPERATOR, ALWAYS, 0, "确认", "accept", "own")         \
    X(DEMAND, SUPPLIED, "reject", UNMET, APPLICANT, ALWAYS, REASON, "仍不满足", "say that it does not do", "own") \
    X(DEMAND, DECLINED, "appeal", LISTED, APPLICANT | OPERATOR, ALWAYS, REASON, "申请协调", "appeal", "own") \
    X(DEMAND, DECLINED, "accept", SETTLED, APPLICANT | OPERATOR, ALWAYS, 0, "接受", "accept", "own")         \
    X(APPLICATION, DRAFT, "submit", SUBMITTED, APPLICANT, ALWAYS, 0, "提交", "submit", "reconstruction")     \
    X(APPLICATION, DRAFT, "cancel", CANCELLED, APPLICANT, ALWAYS, 0, "取消", "cancel", "reconstruction")     \
    X(APPLICATION, SUBMITTED, "endorse", PRECHECK, ENDORSER, ALWAYS, OTHER, "部门内审核通过", "endorse", "reconstruction") \
    X(APPLICATION, SUBMITTED, "return", RETURNED, ENDORSER, ALWAYS, REASON | OTHER, "退回", "return", "reconstruction") \
    X(APPLICATION, SUBMITTED, "cancel", CANCELLED, APPLICANT, ALWAYS, 0, "取消", "cancel", "reconstruction") \
    X(APPLICATION, PRECHECK, "pass", GRANTED, OPERATOR, UNCONDITIONAL, OTHER, "通过（无条件共享直接授权）", "pass (unconditional: granted at once)", "quoted (SX)") \
    X(APPLICATION, PRECHECK, "pass", PROVIDER_REVIEW, OPERATOR, CONDITIONAL, OTHER, "通过", "pass", "quoted (SX)") \
    X(APPLICATION, PRECHECK, "return", RETURNED, OPERATOR, ALWAYS, REASON | OTHER, "退回", "return", "reconstruction") \
    X(APPLICATION, PRECHECK, "remind", PRECHECK, SYSTEM, ALWAYS, 0, "催办", "remind", "own")                 \
    X(APPLICATION, PRECHECK, "escalate", PRECHECK, SYSTEM, ALWAYS, 0, "超期上报", "escalate", "own")         \
    X(APPLICATION, PRECHECK, "cancel", CANCELLED, APPLICANT, ALWAYS, 0, "取消", "cancel", "own")             \
    X(APPLICATION, RETURNED, "submit", SUBMITTED, APPLICANT, ALWAYS, 0, "补正后提交", "submit again", "own") \
    X(APPLICATION, RETURNED, "cancel", CANCELLED, APPLICANT, ALWAYS, 0, "取消", "cancel", "own")             \
    X(APPLICATION, PROVIDER_REVIEW, "approve", APPROVED, DECIDER, ALWAYS, OTHER, "同意", "approve", "reconstruction") \
    X(APPLICATION, PROVIDER_REVIEW, "refuse", REJECTED, DECIDER, ALWAYS, REASON | BASIS | OTHER, "不同意", "refuse", "quoted (SX)") \
    X(APPLICATION, PROVIDER_REVIEW, "extend", EXTENDED, DECIDER, ALWAYS, REASON | OTHER, "延期", "extend", "reconstruction") \
    X(APPLICATION, PROVIDER_REVIEW, "remind", PROVIDER_REVIEW, SYSTEM, ALWAYS, 0, "催办", "remind", "own")   \
    X(APPLICATION, PROVIDER_REVIEW, "escalate", PROVIDER_REVIEW, SYSTEM, ALWAYS, 0, "超期上报", "escalate", "own") \
    X(APPLICATION, PROVIDER_REVIEW, "cancel", CANCELLED, APPLICANT, ALWAYS, 0, "取消", "cancel", "own")      \
    X(APPLICATION, EXTENDED, "approve", APPROVED, DECIDER, ALWAYS, OTHER, "同意", "approve", "reconstruction") \
    X(APPLICATION, EXTENDED, "refuse", REJECTED, DECIDER, ALWAYS, REASON | BASIS | OTHER, "不同意", "refuse", "quoted (SX)") \
    X(APPLICATION, EXTENDED, "remind", EXTENDED, SYSTEM, ALWAYS, 0, "催办", "remind", "own")                 \
    X(APPLICATION, EXTENDED, "escalate", EXTENDED, SYSTEM, ALWAYS, 0, "超期上报", "escalate", "own")         \
    X(APPLICATION, EXTENDED, "cancel", CANCELLED, APPLICANT, ALWAYS, 0, "取消", "cancel", "own")             \
    X(APPLICATION, APPROVED, "open", GRANTED, SYSTEM, LINKED, 0, "开通", "open", "reconstruction")           \
    X(APPLICATION, APPROVED, "open", GRANTED, PROVIDER | DECIDER | OPERATOR, ALWAYS, 0, "开通", "open", "reconstruction") \
    X(APPLICATION, APPROVED, "remind", APPROVED, SYSTEM, ALWAYS, 0, "催办", "remind", "own")                 \
    X(APPLICATION, APPROVED, "escalate", APPROVED, SYSTEM, ALWAYS, 0, "超期上报", "escalate", "own")         \
    X(APPLICATION, APPROVED, "cancel", CANCELLED, APPLICANT, ALWAYS, 0, "取消", "cancel", "own")             \
    X(APPLICATION, REJECTED, "appeal", DISPUTE, APPLICANT, ALWAYS, REASON, "申请协调", "appeal", "quoted (SX)") \
    X(APPLICATION, REJECTED, "accept", CLOSED, APPLICANT, ALWAYS, 0, "接受", "accept", "own")                \
    X(APPLICATION, DISPUTE, "overturn", APPROVED, OPERATOR, ALWAYS, REASON | BASIS | OTHER, "协调后同意共享", "overturn the refusal", "reconstruction") \
    X(APPLICATION, DISPUTE, "uphold", CLOSED, OPERATOR, ALWAYS, REASON | BASIS | OTHER, "维持不同意", "uphold the refusal", "reconstruction") \
    X(APPLICATION, DISPUTE, "accept", CLOSED, APPLICANT, ALWAYS, 0, "撤回协调申请", "withdraw the appeal", "own") \
    X(GRANT, ACTIVE, "suspend", SUSPENDED, DECIDER | OPERATOR | SECURITY, ALWAYS, REASON, "暂停", "suspend", "reconstruction") \
    X(GRANT, ACTIVE, "revoke", REVOKED, DECIDER | OPERATOR | SECURITY, ALWAYS, REASON, "收回", "revoke", "reconstruction") \
    X(GRANT, ACTIVE, "give_up", REVOKED, APPLICANT, ALWAYS, 0, "放弃", "give up", "own")                     \
    X(GRANT, ACTIVE, "renew", ACTIVE, DECIDER, ALWAYS, OTHER, "续期", "renew", "own")                        \
    X(GRANT, ACTIVE, "expire", EXPIRED, SYSTEM, ALWAYS, 0, "到期", "expire", "reconstruction")               \
    X(GRANT, SUSPENDED, "resume", ACTIVE, DECIDER | OPERATOR | SECURITY, ALWAYS, REASON, "恢复", "resume", "reconstruction") \
    X(GRANT, SUSPENDED, "revoke", REVOKED, DECIDER | OPERATOR | SECURITY, ALWAYS, REASON, "收回", "revoke", "reconstruction") \
    X(GRANT, SUSPENDED, "give_up", REVOKED, APPLICANT, ALWAYS, 0, "放弃", "give up", "own")                  \
    X(GRANT, SUSPENDED, "expire", EXPIRED, SYSTEM, ALWAYS, 0, "到期", "expire", "reconstruction")            \
    X(GRANT, EXPIRED, "renew", ACTIVE, DECIDER, ALWAYS, OTHER, "续期", "renew", "own")                       \
    X(OBJECTION, QUALITY_FEEDBACK, "correct", PROVIDER_CORRECT, PROVIDER | DECIDER, BY_ORGANISATION, REASON, "更正", "correct", "reconstruction") \
    X(OBJECTION, QUALITY_FEEDBACK, "correct", TO_BE_CORRECTED, PROVIDER | DECIDER, BY_SUBJECT, REASON, "认定有误", "find it wrong", "own") \
    X(OBJECTION, QUALITY_FEEDBACK, "uphold", UPHELD, PROVIDER | DECIDER, ALWAYS, REASON, "维持", "uphold", "own") \
    X(OBJECTION, QUALITY_FEEDBACK, "remind", QUALITY_FEEDBACK, SYSTEM, ALWAYS, 0, "催办", "remind", "own")   \
    X(OBJECTION, QUALITY_FEEDBACK, "escalate", QUALITY_FEEDBACK, SYSTEM, ALWAYS, 0, "超期上报", "escalate", "own") \
    X(OBJECTION, QUALITY_FEEDBACK, "withdraw", DROPPED, APPLICANT | SUBJECT, ALWAYS, 0, "撤回", "withdraw", "own") \
    X(OBJECTION, PROVIDER_CORRECT, "accept", SETTLED_OBJECTION, APPLICANT, ALWAYS, 0, "确认", "accept", "own") \
    X(OBJECTION, PROVIDER_CORRECT, "reopen", QUALITY_FEEDBACK, APPLICANT, ALWAYS, REASON, "仍有疑义", "reopen", "own") \
    X(OBJECTION, TO_BE_CORRECTED, "corrected", SETTLED_OBJECTION, SYSTEM, ALWAYS, 0, "已在源头更正，办结", "corrected at the source", "own") \
    X(OBJECTION, TO_BE_CORRECTED, "remind", TO_BE_CORRECTED, SYSTEM, ALWAYS, 0, "催办", "remind", "own")     \
    X(OBJECTION, TO_BE_CORRECTED, "escalate", TO_BE_CORRECTED, SYSTEM, ALWAYS, 0, "超期上报", "escalate", "own") \
    X(OBJECTION, UPHELD, "accept", SETTLED_OBJECTION, APPLICANT | SUBJECT, ALWAYS, 0, "接受", "accept", "own") \
    X(OBJECTION, UPHELD, "appeal", MEDIATION, APPLICANT | SUBJECT, ALWAYS, REASON, "申请协调", "appeal", "own") \
    X(OBJECTION, UPHELD, "lapse", SETTLED_OBJECTION, SYSTEM, ALWAYS, 0, "期满未申请协调，办结", "end: no appeal in time", "own") \
    X(OBJECTION, MEDIATION, "correct", QUALITY_FEEDBACK, OPERATOR, BY_ORGANISATION, REASON, "责成更正", "order a correction", "own") \
    X(OBJECTION, MEDIATION, "correct", TO_BE_CORRECTED, OPERATOR, BY_SUBJECT, REASON, "责成更正", "order a correction", "own") \
    X(OBJECTION, MEDIATION, "uphold", SETTLED_OBJECTION, OPERATOR, ALWAYS, REASON, "维持", "uphold", "own")  \
    X(OBJECTION, MEDIATION, "remind", MEDIATION, SYSTEM, ALWAYS, 0, "催办", "remind", "own")                 \
    X(OBJECTION, MEDIATION, "escalate", MEDIATION, SYSTEM, ALWAYS, 0, "超期上报", "escalate", "own")         \
    X(REPAIR, REPAIR_DRAFT, "submit", REPAIR_SUBMITTED, SUBJECT, ALWAYS, 0, "提交", "submit", "own")         \
    X(REPAIR, REPAIR_DRAFT, "withdraw", REPAIR_WITHDRAWN, SUBJECT, ALWAYS, 0, "撤回", "withdraw", "own")     \
    X(REPAIR, REPAIR_SUBMITTED, "accept", REPAIR_REVIEW, OPERATOR, ALWAYS, 0, "受理并推送认定部门", "take up and pass on", "quoted") \
    X(REPAIR, REPAIR_SUBMITTED, "return", REPAIR_RETURNED, OPERATOR, ALWAYS, REASON, "退回补正", "return", "own") \
    X(REPAIR, REPAIR_SUBMITTED, "withdraw", REPAIR_WITHDRAWN, SUBJECT, ALWAYS, 0, "撤回", "withdraw", "own") \
    X(REPAIR, REPAIR_SUBMITTED, "remind", REPAIR_SUBMITTED, SYSTEM, ALWAYS, 0, "催办", "remind", "own")      \
    X(REPAIR, REPAIR_SUBMITTED, "escalate", REPAIR_SUBMITTED, SYSTEM, ALWAYS, 0, "超期上报", "escalate", "own") \
    X(REPAIR, REPAIR_RETURNED, "submit", REPAIR_SUBMITTED, SUBJECT, ALWAYS, 0, "补正后提交", "submit again", "own") \
    X(REPAIR, REPAIR_RETURNED, "withdraw", REPAIR_WITHDRAWN, SUBJECT, ALWAYS, 0, "撤回", "withdraw", "own")  \
    X(REPAIR, REPAIR_REVIEW, "repair", REPAIRED, PROVIDER | DECIDER, FULFILLED, REASON, "同意修复", "repair", "quoted") \
    X(REPAIR, REPAIR_REVIEW, "provide", REPAIR_PROVIDED, PROVIDER | DECIDER, REORGANISED, REASON, "凭裁定暂时修复", "repair provisionally on the ruling", "quoted") \
    X(REPAIR, REPAIR_REVIEW, "refuse", REPAIR_REFUSED, PROVIDER | DECIDER, ALWAYS, REASON | BASIS, "不予修复", "refuse", "own") \
    X(REPAIR, REPAIR_REVIEW, "extend", REPAIR_EXTENDED, PROVIDER | DECIDER, ALWAYS, REASON, "延长办理", "extend", "recalled") \
    X(REPAIR, REPAIR_REVIEW, "withdraw", REPAIR_WITHDRAWN, SUBJECT, ALWAYS, 0, "撤回", "withdraw", "own")    \
    X(REPAIR, REPAIR_REVIEW, "remind", REPAIR_REVIEW, SYSTEM, ALWAYS, 0, "催办", "remind", "own")            \
    X(REPAIR, REPAIR_REVIEW, "escalate", REPAIR_REVIEW, SYSTEM, ALWAYS, 0, "超期上报", "escalate", "own")    \
    X(REPAIR, REPAIR_EXTENDED, "repair", REPAIRED, PROVIDER | DECIDER, FULFILLED, REASON, "同意修复", "repair", "quoted") \
    X(REPAIR, REPAIR_EXTENDED, "provide", REPAIR_PROVIDED, PROVIDER | DECIDER, REORGANISED, REASON, "凭裁定暂时修复", "repair provisionally on the ruling", "quoted") \
    X(REPAIR, REPAIR_EXTENDED, "refuse", REPAIR_REFUSED, PROVIDER | DECIDER, ALWAYS, REASON | BASIS, "不予修复", "refuse", "own") \
    X(REPAIR, REPAIR_EXTENDED, "withdraw", REPAIR_WITHDRAWN, SUBJECT, ALWAYS, 0, "撤回", "withdraw", "own")  \
    X(REPAIR, REPAIR_EXTENDED, "remind", REPAIR_EXTENDED, SYSTEM, ALWAYS, 0, "催办", "remind", "own")        \
    X(REPAIR, REPAIR_EXTENDED, "escalate", REPAIR_EXTENDED, SYSTEM, ALWAYS, 0, "超期上报", "escalate", "own") \
    X(REPAIR, REPAIR_PROVIDED, "confirm", REPAIRED, PROVIDER | DECIDER, ALWAYS, REASON, "重整计划执行完毕，确认修复", "confirm: the plan was carried out", "reconstruction") \
    X(REPAIR, REPAIR_PROVIDED, "revoke", REPAIR_REVOKED, PROVIDER | DECIDER | OPERATOR, ALWAYS, REASON | BASIS, "撤销暂时修复", "revoke", "recalled-unverified") \
    X(REPAIR, REPAIRED, "revoke", REPAIR_REVOKED, DECIDER | OPERATOR, ALWAYS, REASON | BASIS, "撤销修复", "revoke", "recalled-unverified") \
    X(LISTING, ENTRY_PROPOSED, "enter", ENTRY_IN_FORCE, DECIDER, ALWAYS, OTHER, "决定列入", "put on the list", "own") \
    X(LISTING, ENTRY_PROPOSED, "drop", ENTRY_DROPPED, PROVIDER | DECIDER, ALWAYS, REASON, "不予列入", "drop", "own") \
    X(LISTING, ENTRY_IN_FORCE, "remove", ENTRY_REMOVED, DECIDER, ALWAYS, REASON | BASIS, "决定移出", "take off the list", "own") \
    X(ANOMALY, RAISED, "dismiss", DISMISSED, SECURITY, ALWAYS, REASON, "解除", "dismiss", "own")             \
    X(ANOMALY, RAISED, "keep", KEPT, SECURITY, ALWAYS, REASON, "维持限速", "keep slowed down", "own")        \
    X(ANOMALY, RAISED, "freeze", FROZEN_CLIENT, SECURITY, ALWAYS, REASON, "冻结", "freeze", "own")           \
    X(ANOMALY, KEPT, "dismiss", DISMISSED, SECURITY, ALWAYS, REASON, "解除", "dismiss", "own")               \
    X(ANOMALY, KEPT, "freeze", FROZEN_CLIENT, SECURITY, ALWAYS, REASON, "冻结", "freeze", "own")             \
    X(DELAY, PROPOSED, "agree", IN_FORCE, AUDIT, ALWAYS, OTHER, "同意", "agree", "own")                      \
    X(DELAY, PROPOSED, "refuse", REFUSED_DELAY, AUDIT, ALWAYS, REASON, "不同意", "refuse", "own")            \
    X(DELAY, PROPOSED, "lift", LIFTED, SECURITY, ALWAYS, REASON, "撤回", "take back", "own")                 \
    X(DELAY, IN_FORCE, "lift", LIFTED, SECURITY | AUDIT, ALWAYS, REASON, "解除", "lift", "own") \
    X(ENTERPRISE, REGISTERED, "change", REGISTERED, SUBJECT, ALWAYS, 0, "修改", "change", "own")             \
    X(ENTERPRISE, REGISTERED, "close", ENTERPRISE_CLOSED, SUBJECT, ALWAYS, 0, "注销注册", "close", "own")    \
    X(ENTERPRISE, ENTERPRISE_CLOSED, "register", REGISTERED, SUBJECT, ALWAYS, 0, "重新注册", "register again", "own") \
    X(DELEGATION, INVITED, "take", ACTING, SUBJECT, ALWAYS, 0, "接受", "take it", "own")                     \
    X(DELEGATION, INVITED, "mismatch", MISMATCHED, SUBJECT, ALWAYS, 0, "接受者不是登记的法定代表人", "be somebody else than the registration names", "own") \
    X(DELEGATION, INVITED, "end", DELEGATION_ENDED, SUBJECT, ALWAYS, 0, "撤销邀请", "take back", "own")      \
    X(DELEGATION, ACTING, "end", DELEGATION_ENDED, SUBJECT, ALWAYS, 0, "终止", "end", "own") \
    X(FINANCING, FINANCING_DRAFT, "change", FINANCING_DRAFT, SUBJECT, ALWAYS, 0, "修改", "change", "own") \
    X(FINANCING, FINANCING_DRAFT, "publish", FINANCING_PUBLISHED, SUBJECT, ALWAYS, 0, "发布", "publish", "own") \
    X(FINANCING, FINANCING_DRAFT, "withdraw", FINANCING_WITHDRAWN, SUBJECT, ALWAYS, 0, "撤回", "withdraw", "own") \
    X(FINANCING, FINANCING_PUBLISHED, "apply", FINANCING_PUBLISHED, SUBJECT, ALWAYS, 0, "向一个产品申请", "apply for a product", "own") \
    X(FINANCING, FINANCING_PUBLISHED, "pass_on", FINANCING_PUBLISHED, SUBJECT, ALWAYS, 0, "改为转下一家或不转", "say whether a refusal is handed on", "own") \
    X(FINANCING, FINANCING_PUBLISHED, "assign", FINANCING_PUBLISHED, OPERATOR, ALWAYS, REASON, "指派", "assign", "own") \
    X(FINANCING, FINANCING_PUBLISHED, "meet", FINANCING_MET, SYSTEM, ALWAYS, 0, "已获放款，办结", "met: a loan was drawn", "own") \
    X(FINANCING, FINANCING_PUBLISHED, "lapse", FINANCING_CLOSED, SYSTEM, ALWAYS, 0, "到期关闭", "close: its time is over", "own") \
    X(FINANCING, FINANCING_PUBLISHED, "withdraw", FINANCING_WITHDRAWN, SUBJECT, ALWAYS, 0, "撤回", "withdraw", "own") \
    X(LOAN_CASE, CASE_DRAFT, "apply", CASE_APPLIED, SUBJECT, ALWAYS, 0, "同意由其办理", "apply", "reconstruction") \
    X(LOAN_CASE, CASE_DRAFT, "hand_on", CASE_APPLIED, SYSTEM, ALWAYS, 0, "按企业意愿转来", "hand on as the firm wished", "own") \
    X(LOAN_CASE, CASE_DRAFT, "withdraw", CASE_WITHDRAWN, SUBJECT | LENDER, ALWAYS, 0, "撤回", "withdraw", "reconstruction") \
    X(LOAN_CASE, CASE_DRAFT, "lapse", CASE_WITHDRAWN, SYSTEM, ALWAYS, 0, "企业逾期未同意", "the firm did not agree in time", "own") \
    X(LOAN_CASE, CASE_DRAFT, "drop", CASE_WITHDRAWN, SYSTEM, ALWAYS, 0, "需求已办结，撤回", "end with the financing", "own") \
    X(LOAN_CASE, CASE_APPLIED, "accept", CASE_ACCEPTED, LENDER | LENDER_SYSTEM, ALWAYS, 0, "受理", "accept", "reconstruction") \
    X(LOAN_CASE, CASE_APPLIED, "refuse", CASE_REFUSED, LENDER | LENDER_DECIDER | LENDER_SYSTEM, ALWAYS, 0, "拒绝", "refuse", "reconstruction") \
    X(LOAN_CASE, CASE_APPLIED, "withdraw", CASE_WITHDRAWN, SUBJECT, ALWAYS, 0, "撤回", "withdraw", "reconstruction") \
    X(LOAN_CASE, CASE_APPLIED, "drop", CASE_WITHDRAWN, SYSTEM, ALWAYS, 0, "需求已办结，撤回", "end with the financing", "own") \
    X(LOAN_CASE, CASE_APPLIED, "remind", CASE_APPLIED, SYSTEM, ALWAYS, 0, "催办", "remind", "own") \
    X(LOAN_CASE, CASE_APPLIED, "escalate", CASE_APPLIED, SYSTEM, ALWAYS, 0, "超期上报", "escalate", "own") \
    X(LOAN_CASE, CASE_ACCEPTED, "investigate", CASE_DILIGENCE, LENDER | LENDER_SYSTEM, ALWAYS, 0, "开始尽调", "begin due diligence", "reconstruction") \
    X(LOAN_CASE, CASE_ACCEPTED, "grant", CASE_GRANTED, LENDER_DECIDER | LENDER_SYSTEM, ALWAYS, OTHER, "授信", "grant", "reconstruction") \
    X(LOAN_CASE, CASE_ACCEPTED, "refuse", CASE_REFUSED, LENDER | LENDER_DECIDER | LENDER_SYSTEM, ALWAYS, 0, "拒绝", "refuse", "reconstruction") \
    X(LOAN_CASE, CASE_ACCEPTED, "withdraw", CASE_WITHDRAWN, SUBJECT, ALWAYS, 0, "撤回", "withdraw", "own") \
    X(LOAN_CASE, CASE_ACCEPTED, "drop", CASE_WITHDRAWN, SYSTEM, ALWAYS, 0, "需求已办结，撤回", "end with the financing", "own") \
    X(LOAN_CASE, CASE_ACCEPTED, "remind", CASE_ACCEPTED, SYSTEM, ALWAYS, 0, "催办", "remind", "own") \
    X(LOAN_CASE, CASE_ACCEPTED, "escalate", CASE_ACCEPTED, SYSTEM, ALWAYS, 0, "超期上报", "escalate", "own") \
    X(LOAN_CASE, CASE_DILIGENCE, "grant", CASE_GRANTED, LENDER_DECIDER | LENDER_SYSTEM, ALWAYS, OTHER, "授信", "grant", "reconstruction") \
    X(LOAN_CASE, CASE_DILIGENCE, "refuse", CASE_REFUSED, LENDER | LENDER_DECIDER | LENDER_SYSTEM, ALWAYS, 0, "拒绝", "refuse", "reconstruction") \
    X(LOAN_CASE, CASE_DILIGENCE, "withdraw", CASE_WITHDRAWN, SUBJECT, ALWAYS, 0, "撤回", "withdraw", "own") \
    X(LOAN_CASE, CASE_DILIGENCE, "drop", CASE_WITHDRAWN, SYSTEM, ALWAYS, 0, "需求已办结，撤回", "end with the financing", "own") \
    X(LOAN_CASE, CASE_DILIGENCE, "remind", CASE_DILIGENCE, SYSTEM, ALWAYS, 0, "催办", "remind", "own") \
    X(LOAN_CASE, CASE_DILIGENCE, "escalate", CASE_DILIGENCE, SYSTEM, ALWAYS, 0, "超期上报", "escalate", "own") \
    X(LOAN_CASE, CASE_GRANTED, "draw", CASE_DRAWN, LENDER | LENDER_SYSTEM, ALWAYS, 0, "放款", "draw", "reconstruction") \
    X(LOAN_CASE, CASE_GRANTED, "lapse", CASE_LAPSED, SYSTEM, ALWAYS, 0, "授信期满失效", "lapse", "reconstruction") \
    X(LOAN_CASE, CASE_GRANTED, "withdraw", CASE_WITHDRAWN, SUBJECT, ALWAYS, 0, "不再需要", "withdraw", "own") \
    X(LOAN_CASE, CASE_GRANTED, "drop", CASE_WITHDRAWN, SYSTEM, ALWAYS, 0, "需求已办结，撤回", "end with the financing", "own") \
    X(LOAN_CASE, CASE_DRAWN, "draw", CASE_DRAWN, LENDER | LENDER_SYSTEM, UNDRAWN, 0, "再次放款", "draw again", "own") \
    X(LOAN_CASE, CASE_DRAWN, "repay", CASE_REPAYING, LENDER | LENDER_SYSTEM, ALWAYS, 0, "还款", "repay", "reconstruction") \
    X(LOAN_CASE, CASE_DRAWN, "settle", CASE_SETTLED, LENDER | LENDER_SYSTEM, ALWAYS, 0, "结清", "settle", "reconstruction") \
    X(LOAN_CASE, CASE_DRAWN, "overdue", CASE_OVERDUE, LENDER | LENDER_SYSTEM, ALWAYS, 0, "逾期", "overdue", "reconstruction") \
    X(LOAN_CASE, CASE_REPAYING, "draw", CASE_REPAYING, LENDER | LENDER_SYSTEM, UNDRAWN, 0, "再次放款", "draw again", "own") \
    X(LOAN_CASE, CASE_REPAYING, "repay", CASE_REPAYING, LENDER | LENDER_SYSTEM, ALWAYS, 0, "还款", "repay", "reconstruction") \
    X(LOAN_CASE, CASE_REPAYING, "settle", CASE_SETTLED, LENDER | LENDER_SYSTEM, ALWAYS, 0, "结清", "settle", "reconstruction") \
    X(LOAN_CASE, CASE_REPAYING, "overdue", CASE_OVERDUE, LENDER | LENDER_SYSTEM, ALWAYS, 0, "逾期", "overdue", "reconstruction") \
    X(LOAN_CASE, CASE_OVERDUE, "repay", CASE_OVERDUE, LENDER | LENDER_SYSTEM, ALWAYS, 0, "还款", "repay", "own") \
    X(LOAN_CASE, CASE_OVERDUE, "overdue", CASE_OVERDUE, LENDER | LENDER_SYSTEM, ALWAYS, 0, "更新逾期天数", "overdue", "own") \
    X(LOAN_CASE, CASE_OVERDUE, "cure", CASE_REPAYING, LENDER | LENDER_SYSTEM, ALWAYS, 0, "恢复正常", "cure", "reconstruction") \
    X(LOAN_CASE, CASE_OVERDUE, "settle", CASE_SETTLED, LENDER | LENDER_SYSTEM, ALWAYS, 0, "结清", "settle", "reconstruction") \
    X(LOAN_CASE, CASE_OVERDUE, "bad", CASE_BAD, LENDER_DECIDER | LENDER_SYSTEM, ALWAYS, REASON, "转为不良", "bad", "reconstruction") \
    X(LOAN_CASE, CASE_BAD, "repay", CASE_BAD, LENDER | LENDER_SYSTEM, ALWAYS, 0, "追回", "recover", "own") \
    X(LOAN_CASE, CASE_BAD, "settle", CASE_SETTLED, LENDER_DECIDER | LENDER_SYSTEM, ALWAYS, 0, "结清", "settle", "reconstruction") \
    X(MODEL, MODEL_PROPOSED, "activate", MODEL_ACTIVE, ENDORSER, ALWAYS, OTHER, "启用", "activate", "own") \
    X(MODEL, MODEL_PROPOSED, "retire", MODEL_RETIRED, APPLICANT | ENDORSER, ALWAYS, 0, "不用", "drop", "own") \
    X(MODEL, MODEL_ACTIVE, "retire", MODEL_RETIRED, APPLICANT | ENDORSER, ALWAYS, 0, "停用", "retire", "own") \
    X(MODEL, MODEL_ACTIVE, "supersede", MODEL_RETIRED, SYSTEM, ALWAYS, 0, "由新版本取代", "be superseded", "own") \
    X(INSTITUTION, INSTITUTION_PROPOSED, "change", INSTITUTION_PROPOSED, APPLICANT, ALWAYS, 0, "修改", "change", "own") \
    X(INSTITUTION, INSTITUTION_PROPOSED, "list", INSTITUTION_LISTED, OPERATOR, ALWAYS, OTHER, "审核通过，上线", "list", "own") \
    X(INSTITUTION, INSTITUTION_PROPOSED, "refuse", INSTITUTION_DELISTED, OPERATOR, ALWAYS, REASON, "不予上线", "refuse", "own") \
    X(INSTITUTION, INSTITUTION_LISTED, "change", INSTITUTION_LISTED, APPLICANT, ALWAYS, 0, "修改", "change", "own") \
    X(INSTITUTION, INSTITUTION_LISTED, "ask", INSTITUTION_LISTED, APPLICANT, ALWAYS, 0, "申请变更类型、许可证号或上级机构", "ask to change kind, licence or parent", "own") \
    X(INSTITUTION, INSTITUTION_LISTED, "approve", INSTITUTION_LISTED, OPERATOR, ASKED, OTHER, "同意变更", "approve the change", "own") \
    X(INSTITUTION, INSTITUTION_LISTED, "reject", INSTITUTION_LISTED, OPERATOR, ASKED, REASON, "不予变更", "reject the change", "own") \
    X(INSTITUTION, INSTITUTION_LISTED, "retract", INSTITUTION_LISTED, APPLICANT, ASKED, 0, "撤回变更申请", "take back the change", "own") \
    X(INSTITUTION, INSTITUTION_LISTED, "suspend", INSTITUTION_SUSPENDED, OPERATOR, ALWAYS, REASON, "暂停", "suspend", "own") \
    X(INSTITUTION, INSTITUTION_LISTED, "leave", INSTITUTION_DELISTED, APPLICANT, ALWAYS, 0, "自行下线", "leave", "own") \
    X(INSTITUTION, INSTITUTION_LISTED, "delist", INSTITUTION_DELISTED, OPERATOR, ALWAYS, REASON, "下线", "delist", "own") \
    X(INSTITUTION, INSTITUTION_SUSPENDED, "change", INSTITUTION_SUSPENDED, APPLICANT, ALWAYS, 0, "修改", "change", "own") \
    X(INSTITUTION, INSTITUTION_SUSPENDED, "ask", INSTITUTION_SUSPENDED, APPLICANT, ALWAYS, 0, "申请变更类型、许可证号或上级机构", "ask to change kind, licence or parent", "own") \
    X(INSTITUTION, INSTITUTION_SUSPENDED, "approve", INSTITUTION_SUSPENDED, OPERATOR, ASKED, OTHER, "同意变更", "approve the change", "own") \
    X(INSTITUTION, INSTITUTION_SUSPENDED, "reject", INSTITUTION_SUSPENDED, OPERATOR, ASKED, REASON, "不予变更", "reject the change", "own") \
    X(INSTITUTION, INSTITUTION_SUSPENDED, "retract", INSTITUTION_SUSPENDED, APPLICANT, ASKED, 0, "撤回变更申请", "take back the change", "own") \
    X(INSTITUTION, INSTITUTION_SUSPENDED, "resume", INSTITUTION_LISTED, OPERATOR, ALWAYS, REASON, "恢复", "resume", "own") \
    X(INSTITUTION, INSTITUTION_SUSPENDED, "delist", INSTITUTION_DELISTED, OPERATOR, ALWAYS, REASON, "下线", "delist", "own") \
    X(INSTITUTION, INSTITUTION_DELISTED, "propose", INSTITUTION_PROPOSED, APPLICANT, ALWAYS, 0, "重新提出", "propose anew", "own") \
    X(PRODUCT, PRODUCT_DRAFT, "change", PRODUCT_DRAFT, APPLICANT, ALWAYS, 0, "修改", "change", "own") \
    X(PRODUCT, PRODUCT_DRAFT, "submit", PRODUCT_SUBMITTED, APPLICANT, ALWAYS, 0, "提交审核", "submit", "own") \
    X(PRODUCT, PRODUCT_DRAFT, "discard", PRODUCT_DISCARDED, APPLICANT, ALWAYS, 0, "放弃草稿", "discard", "own") \
    X(PRODUCT, PRODUCT_SUBMITTED, "withdraw", PRODUCT_DRAFT, APPLICANT, ALWAYS, 0, "撤回修改", "take back to the draft", "own") \
    X(PRODUCT, PRODUCT_SUBMITTED, "publish", PRODUCT_PUBLISHED, OPERATOR, ALWAYS, OTHER, "审核通过，上架", "publish", "own") \
    X(PRODUCT, PRODUCT_SUBMITTED, "return", PRODUCT_DRAFT, OPERATOR, ALWAYS, REASON, "退回修改", "return", "own") \
    X(PRODUCT, PRODUCT_PUBLISHED, "supersede", PRODUCT_SUPERSEDED, SYSTEM, ALWAYS, 0, "由新版本取代", "supersede", "own") \
    X(PRODUCT, PRODUCT_PUBLISHED, "take_down", PRODUCT_TAKEN_DOWN, APPLICANT, ALWAYS, 0, "下架", "take down", "own") \
    X(PRODUCT, PRODUCT_PUBLISHED, "take_down", PRODUCT_TAKEN_DOWN, OPERATOR, ALWAYS, REASON, "下架", "take down", "own") \
    X(COMPLAINT, COMPLAINT_RECEIVED, "forward", COMPLAINT_WITH_INSTITUTION, OPERATOR, ABOUT_INSTITUTION, 0, "受理并转金融机构", "take up and forward", "own") \
    X(COMPLAINT, COMPLAINT_RECEIVED, "take_up", COMPLAINT_WITH_PLATFORM, OPERATOR, ABOUT_PLATFORM, 0, "受理", "take up", "own") \
    X(COMPLAINT, COMPLAINT_RECEIVED, "reject", COMPLAINT_REJECTED, OPERATOR, ALWAYS, REASON | BASIS, "不予受理", "not take up", "own") \
    X(COMPLAINT, COMPLAINT_RECEIVED, "withdraw", COMPLAINT_WITHDRAWN, SUBJECT, ALWAYS, 0, "撤回", "withdraw", "own") \
    X(COMPLAINT, COMPLAINT_RECEIVED, "remind", COMPLAINT_RECEIVED, SYSTEM, ALWAYS, 0, "催办", "remind", "own") \
    X(COMPLAINT, COMPLAINT_RECEIVED, "escalate", COMPLAINT_RECEIVED, SYSTEM, ALWAYS, 0, "超期上报", "escalate", "own") \
    X(COMPLAINT, COMPLAINT_WITH_INSTITUTION, "answer", COMPLAINT_ANSWERED, LENDER, ALWAYS, REASON, "答复投诉人", "answer", "recalled") \
    X(COMPLAINT, COMPLAINT_WITH_INSTITUTION, "extend", COMPLAINT_EXTENDED, LENDER, ALWAYS, REASON, "延长处理", "extend", "recalled") \
    X(COMPLAINT, COMPLAINT_WITH_INSTITUTION, "withdraw", COMPLAINT_WITHDRAWN, SUBJECT, ALWAYS, 0, "撤回", "withdraw", "own") \
    X(COMPLAINT, COMPLAINT_WITH_INSTITUTION, "remind", COMPLAINT_WITH_INSTITUTION, SYSTEM, ALWAYS, 0, "催办", "remind", "own") \
    X(COMPLAINT, COMPLAINT_WITH_INSTITUTION, "escalate", COMPLAINT_WITH_INSTITUTION, SYSTEM, ALWAYS, 0, "超期上报", "escalate", "own") \
    X(COMPLAINT, COMPLAINT_EXTENDED, "answer", COMPLAINT_ANSWERED, LENDER, ALWAYS, REASON, "答复投诉人", "answer", "recalled") \
    X(COMPLAINT, COMPLAINT_EXTENDED, "withdraw", COMPLAINT_WITHDRAWN, SUBJECT, ALWAYS, 0, "撤回", "withdraw", "own") \
    X(COMPLAINT, COMPLAINT_EXTENDED, "remind", COMPLAINT_EXTENDED, SYSTEM, ALWAYS, 0, "催办", "remind", "own") \
    X(COMPLAINT, COMPLAINT_EXTENDED, "escalate", COMPLAINT_EXTENDED, SYSTEM, ALWAYS, 0, "超期上报", "escalate", "own") \
    X(COMPLAINT, COMPLAINT_WITH_PLATFORM, "answer", COMPLAINT_ANSWERED, OPERATOR, ALWAYS, REASON, "答复投诉人", "answer", "own") \
    X(COMPLAINT, COMPLAINT_WITH_PLATFORM, "withdraw", COMPLAINT_WITHDRAWN, SUBJECT, ALWAYS, 0, "撤回", "withdraw", "own") \
    X(COMPLAINT, COMPLAINT_WITH_PLATFORM, "remind", COMPLAINT_WITH_PLATFORM, SYSTEM, ALWAYS, 0, "催办", "remind", "own") \
    X(COMPLAINT, COMPLAINT_WITH_PLATFORM, "escalate", COMPLAINT_WITH_PLATFORM, SYSTEM, ALWAYS, 0, "超期上报", "escalate", "own") \
    X(COMPLAINT, COMPLAINT_ANSWERED, "rate", COMPLAINT_CLOSED, SUBJECT, ALWAYS, 0, "评价并办结", "rate and close", "own") \
    X(COMPLAINT, COMPLAINT_ANSWERED, "reopen", COMPLAINT_MEDIATION, SUBJECT, ALWAYS, REASON, "不满意，请平台调解", "reopen: ask the platform to mediate", "own") \
    X(COMPLAINT, COMPLAINT_ANSWERED, "lapse", COMPLAINT_CLOSED, SYSTEM, ALWAYS, 0, "期满未评价，办结", "close: nobody reopened in time", "own") \
    X(COMPLAINT, COMPLAINT_MEDIATION, "mediate", COMPLAINT_MEDIATED, OPERATOR, ALWAYS, REASON, "作出调解意见", "mediate", "own") \
    X(COMPLAINT, COMPLAINT_MEDIATION, "withdraw", COMPLAINT_WITHDRAWN, SUBJECT, ALWAYS, 0, "撤回", "withdraw", "own") \
    X(COMPLAINT, COMPLAINT_MEDIATION, "remind", COMPLAINT_MEDIATION, SYSTEM, ALWAYS, 0, "催办", "remind", "own") \
    X(COMPLAINT, COMPLAINT_MEDIATION, "escalate", COMPLAINT_MEDIATION, SYSTEM, ALWAYS, 0, "超期上报", "escalate", "own") \
    X(COMPLAINT, COMPLAINT_MEDIATED, "rate", COMPLAINT_CLOSED, SUBJECT, ALWAYS, 0, "评价并办结", "rate and close", "own") \
    X(COMPLAINT, COMPLAINT_MEDIATED, "lapse", COMPLAINT_CLOSED, SYSTEM, ALWAYS, 0, "期满未评价，办结", "close: not rated in time", "own") \
    X(POLICY, POLICY_DRAFT, "change", POLICY_DRAFT, ISSUER, ALWAYS, 0, "修改", "change", "own") \
    X(POLICY, POLICY_DRAFT, "submit", POLICY_SUBMITTED, ISSUER, ALWAYS, 0, "提交审核", "submit", "own") \
    X(POLICY, POLICY_DRAFT, "discard", POLICY_DISCARDED, ISSUER, ALWAYS, 0, "放弃草稿", "discard", "own") \
    X(POLICY, POLICY_SUBMITTED, "withdraw", POLICY_DRAFT, ISSUER, ALWAYS, 0, "撤回修改", "take back to the draft", "own") \
    X(POLICY, POLICY_SUBMITTED, "publish", POLICY_PUBLISHED, OPERATOR, ALWAYS, OTHER, "审核通过，发布", "publish", "own") \
    X(POLICY, POLICY_SUBMITTED, "return", POLICY_DRAFT, OPERATOR, ALWAYS, REASON, "退回修改", "return", "own") \
    X(POLICY, POLICY_PUBLISHED, "supersede", POLICY_SUPERSEDED, SYSTEM, ALWAYS, 0, "由新版本取代", "supersede", "own") \
    X(POLICY, POLICY_PUBLISHED, "take_down", POLICY_TAKEN_DOWN, ISSUER, ALWAYS, 0, "撤下", "take down", "own") \
    X(POLICY, POLICY_PUBLISHED, "take_down", POLICY_TAKEN_DOWN, OPERATOR, ALWAYS, REASON, "撤下", "take down", "own")
