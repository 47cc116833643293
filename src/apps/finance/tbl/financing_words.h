/* financing_words.h - words of financings and loan cases.
 *
 * Modes: id, word, zh, en.  Ways (how an institution came to handle a financing): id, word, zh, en.  Pass-ons (what the firm wants after a refusal): id, word, zh, en.
 * Case codes: state of flow LOAN_CASE, its code in the platform's table of states (reconstruction).  Terms: id, word, zh, en. */
#define LL_FINANCING_MODES(X)                                       \
    X(DIRECT, "direct", "直选产品", "a chosen product")             \
    X(OPEN, "open", "抢单", "open to several institutions")         \
    X(MATCHED, "matched", "平台匹配", "matched by the platform")

#define LL_CASE_WAYS(X)                                             \
    X(DIRECT, "direct", "直选", "chosen when it was published")     \
    X(APPLIED, "applied", "企业申请", "applied for by the firm")    \
    X(TAKEN, "taken", "抢单", "taken up by the institution")        \
    X(INVITED, "invited", "机构邀请", "invited by the institution") \
    X(ASSIGNED, "assigned", "平台指派", "assigned by the platform") \
    X(NEXT, "next", "被拒绝后转下一家", "handed on after a refusal") \
    X(GUARANTEE, "guarantee", "转担保机构", "handed on to a guarantor")

#define LL_PASS_ONS(X)                                              \
    X(NO, "no", "不转", "not handed on")                            \
    X(NEXT, "next", "转下一家", "to the next institution")          \
    X(GUARANTEE, "guarantee", "转下一家，最后转担保机构", "to the next institution, and to a guarantor in the end")

#define LL_CASE_CODES(X)     \
    X(CASE_DRAFT, "00")      \
    X(CASE_APPLIED, "10")    \
    X(CASE_ACCEPTED, "20")   \
    X(CASE_DILIGENCE, "30")  \
    X(CASE_REFUSED, "31")    \
    X(CASE_GRANTED, "40")    \
    X(CASE_LAPSED, "41")     \
    X(CASE_DRAWN, "50")      \
    X(CASE_REPAYING, "60")   \
    X(CASE_SETTLED, "70")    \
    X(CASE_OVERDUE, "80")    \
    X(CASE_BAD, "81")        \
    X(CASE_WITHDRAWN, "99")

#define LL_FIT_TERMS(X)                        \
    X(AMOUNT, "amount", "金额", "amount")      \
    X(TERM, "term", "期限", "term")            \
    X(RATE, "rate", "利率", "rate")            \
    X(GUARANTEE, "guarantee", "担保", "guarantee") \
    X(REPAYMENT, "repayment", "还款方式", "repayment")
