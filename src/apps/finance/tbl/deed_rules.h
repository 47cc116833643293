/* deed_rules.h - the state machine of the collaboration ledger: kinds, state before, act, state after, who must sign, what becomes of the claim.
 *
 * What is not here cannot be done.  TAKE: the deed lays claim to everything it refers to, and is refused where another deed has; FREE: the claim is
 * given up, if the deed is not a part of another.  Amounts are the rules of deed_rule.c. */
#define LL_DEED_RULES(X)                                                                                     \
    X(LL_R, NONE, ISSUE, ISSUED, LL_BY_HOLDER, NOTHING)                                                      \
    X(LL_O | LL_W | LL_G | LL_P, NONE, ISSUE, ISSUED, LL_BY_OBLIGOR, NOTHING)                                \
    X(LL_R, ISSUED, CONFIRM, CONFIRMED, LL_BY_OBLIGOR, NOTHING)                                              \
    X(LL_O | LL_W | LL_G, ISSUED, CONFIRM, CONFIRMED, LL_BY_HOLDER, NOTHING)                                 \
    X(LL_P, ISSUED, CONFIRM, CONFIRMED, LL_BY_HOLDER, TAKE)                                                  \
    X(LL_R | LL_O | LL_W, CONFIRMED, TRANSFER, CONFIRMED, LL_BY_HOLDER | LL_BY_NEXT, TAKE)                   \
    X(LL_R | LL_W, CONFIRMED, DIVIDE, SPLIT, LL_BY_HOLDER, TAKE)                                             \
    X(LL_R | LL_O | LL_W, CONFIRMED, FINANCE, FINANCED, LL_BY_HOLDER | LL_BY_FINANCIER, TAKE)                \
    X(LL_R | LL_O | LL_W, CONFIRMED, SECURE, PLEDGED, LL_BY_HOLDER | LL_BY_FINANCIER, TAKE)                  \
    X(LL_R | LL_O | LL_W, FINANCED, RELEASE, CONFIRMED, LL_BY_FINANCIER, NOTHING)                            \
    X(LL_R | LL_O | LL_W, PLEDGED, RELEASE, CONFIRMED, LL_BY_FINANCIER, NOTHING)                             \
    X(LL_R | LL_G | LL_P, CONFIRMED, SETTLE, SETTLED, LL_BY_HOLDER, NOTHING)                                 \
    X(LL_O | LL_W, CONFIRMED, SETTLE, SETTLED, LL_BY_HOLDER | LL_BY_OBLIGOR, NOTHING)                        \
    X(LL_R | LL_O | LL_W, FINANCED, SETTLE, SETTLED, LL_BY_HOLDER | LL_BY_FINANCIER, NOTHING)                \
    X(LL_R | LL_O | LL_W, PLEDGED, SETTLE, SETTLED, LL_BY_HOLDER | LL_BY_FINANCIER, NOTHING)                 \
    X(LL_R, ISSUED, CANCEL, VOID, LL_BY_HOLDER, NOTHING)                                                     \
    X(LL_O | LL_W | LL_G | LL_P, ISSUED, CANCEL, VOID, LL_BY_OBLIGOR, NOTHING)                               \
    X(LL_R | LL_O | LL_W | LL_G | LL_P, CONFIRMED, CANCEL, VOID, LL_BY_HOLDER | LL_BY_OBLIGOR, FREE)
