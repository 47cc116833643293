/* purposes.h - what the platform's own keys are for: id, name, kind, may be rotated, zh, en.
 *
 * Kind: an algorithm of key.h, or SECRET (32 random bytes).  A key that may not be rotated is one that others have built on: a log is its
 * key, an index or a pseudonym made with another key finds nothing any more. */
#define LL_PURPOSES(X)                                                                                       \
    X(JOURNAL, "journal", LL_ED25519, false, "签署存证日志的检查点", "signs the journal's checkpoints")      \
    X(JOURNAL_SM2, "journal-sm2", LL_SM2, false, "以 SM2 签署存证日志的检查点", "signs the journal's checkpoints with SM2") \
    X(CREDENTIAL, "credential", LL_ES256, true, "签发授权凭证与状态列表", "issues consent credentials and status lists") \
    X(ANSWER, "answer", LL_ED25519, true, "签署应答与推送", "signs answers and webhooks")                    \
    X(ANSWER_SM2, "answer-sm2", LL_SM2, true, "以 SM2 签署应答与推送", "signs answers and webhooks with SM2") \
    X(DOCUMENT, "document", LL_ES256, true, "签署报告等文书（PDF）", "signs documents such as reports (PDF)") \
    X(ITEM, "item", LL_PURPOSE_SECRET, true, "加密三、四级信息项", "encrypts items of grades 3 and 4")       \
    X(INDEX, "index", LL_PURPOSE_SECRET, false, "查找加密的信息项", "finds encrypted items")                 \
    X(PSEUDONYM, "pseudonym", LL_PURPOSE_SECRET, false, "日志中自然人的化名", "pseudonyms of natural persons in the journal") \
    X(WITNESS, "witness", LL_ED25519, false, "作为见证者联署其他日志的检查点", "cosigns the checkpoints of other logs, as their witness") \
    X(UPWARD, "upward", LL_ED25519, true, "向上级平台上报时证明身份、签署请求", "proves who reports to the upper platform, and signs what is sent")
