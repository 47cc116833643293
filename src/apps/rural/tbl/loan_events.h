/* loan_events.h - what is recorded of a household's loan: name, word, after which events it may come, that it has an amount, days overdue, zh, en. */
#define LL_AFTER(id) (1u << LL_LOAN_##id)
#define LL_LOAN_EVENTS(X)                                                                                    \
    X(APPLIED, "applied", 0, true, false, "申请", "applied for")                                             \
    X(REFUSED, "refused", LL_AFTER(APPLIED), false, false, "拒绝", "refused")                                \
    X(GRANTED, "granted", LL_AFTER(APPLIED), true, false, "授信", "granted")                                 \
    X(LENT, "lent", LL_AFTER(GRANTED) | LL_AFTER(LENT) | LL_AFTER(REPAID), true, false, "放款", "lent")      \
    X(REPAID, "repaid", LL_AFTER(LENT) | LL_AFTER(REPAID) | LL_AFTER(OVERDUE), true, false, "还款", "repaid") \
    X(OVERDUE, "overdue", LL_AFTER(LENT) | LL_AFTER(REPAID) | LL_AFTER(OVERDUE), true, true, "逾期", "overdue") \
    X(SETTLED, "settled", LL_AFTER(LENT) | LL_AFTER(REPAID) | LL_AFTER(OVERDUE), false, false, "结清", "settled")
