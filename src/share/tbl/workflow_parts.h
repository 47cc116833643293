/* workflow_parts.h - in what part somebody takes a step: name, word, duty, whose organisation, zh, en.
 *
 * The duty is a row of tbl/duties.h (0: none).  APPLICANT: the organisation that asks; PROVIDER: the one that provides; ANY: either of them or
 * neither; CLIENT: not an account but a system of the one that provides.  SUBJECT is nobody's account: the subject of the data itself, signed in by its passkey.  SYSTEM is the program itself. */
#define LL_FLOW_PARTS(X)                                                                                     \
    X(APPLICANT, "applicant", LL_DUTY_CONSUMER_STEWARD, APPLICANT, "申请方专员", "the applicant's steward")  \
    X(ENDORSER, "endorser", LL_DUTY_APPROVER, APPLICANT, "申请方审批员", "the applicant's approver")         \
    X(PROVIDER, "provider", LL_DUTY_SOURCE_STEWARD, PROVIDER, "提供方专员", "the provider's steward")        \
    X(DECIDER, "decider", LL_DUTY_APPROVER, PROVIDER, "提供方审批员", "the provider's approver")             \
    X(OPERATOR, "operator", LL_DUTY_OPERATOR, ANY, "平台运营员", "a platform operator")                      \
    X(SECURITY, "security", LL_DUTY_SECADMIN, ANY, "安全管理员", "a security administrator")                 \
    X(AUDIT, "audit", LL_DUTY_AUDITOR, ANY, "审计员", "an auditor")                                          \
    X(LENDER, "lender", LL_DUTY_CONSUMER_STEWARD, PROVIDER, "金融机构经办", "the institution's officer")    \
    X(LENDER_DECIDER, "lender_decider", LL_DUTY_APPROVER, PROVIDER, "金融机构审批员", "the institution's approver") \
    X(LENDER_SYSTEM, "lender_system", 0, CLIENT, "金融机构的系统", "the institution's system")               \
    X(ISSUER, "issuer", LL_DUTY_SOURCE_STEWARD, APPLICANT, "发布部门专员", "the publishing department's steward") \
    X(SUBJECT, "subject", 0, SUBJECT, "主体本人", "the subject itself")                                      \
    X(SYSTEM, "system", 0, ANY, "平台", "the platform")
