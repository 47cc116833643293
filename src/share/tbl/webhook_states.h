/* webhook_states.h - what becomes of a subscription: name, word, zh, en.
 *
 *   pending -> active      the endpoint answered the challenge
 *   active  -> paused      by hand, or after LL_WEBHOOK_DEAD_MOST dead letters without a delivery between them
 *   paused  -> pending     resumed: it proves itself again before anything is sent
 *   any     -> ended       taken back; the row stays, as what was told to whom is evidence */
#define LL_WEBHOOK_STATES(X)                                                                                 \
    X(PENDING, "pending", "待验证", "to be verified")                                                        \
    X(ACTIVE, "active", "有效", "active")                                                                    \
    X(PAUSED, "paused", "已暂停", "paused")                                                                  \
    X(ENDED, "ended", "已终止", "ended")
