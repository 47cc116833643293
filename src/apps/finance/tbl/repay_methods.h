/* repay_methods.h - ways to repay a loan: id, word, code of table REPAY_METHOD (JR/T 0135 6.19, reconstruction), title zh, title en. */
#define LL_REPAY_METHODS(X)                                                                \
    X(INSTALMENT, "instalment", "1", "等额本息", "equal instalments")                      \
    X(PRINCIPAL, "principal", "2", "等额本金", "equal principal")                          \
    X(INTEREST, "interest", "3", "按期付息到期还本", "interest by month, principal at the end") \
    X(END, "end", "4", "到期一次还本付息", "principal and interest at the end")
