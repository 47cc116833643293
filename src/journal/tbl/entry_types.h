/* entry_types.h - what may stand in the journal: id, name in the entry, version, form, keys its payload must have, title zh, title en.
 *
 * OPEN: the payload stands in the entry, for every reader of the journal.  SEALED: the entry has a salted commitment and the payload
 * lies beside the journal, where it can be erased.  A type that comes to mean something else gets a higher version; rows stay. */
#define LL_ENTRY_TYPES(X)                                                                                    \
    X(BATCH_SEALED, "batch-sealed", 1, OPEN, "batch manifest resource rows", "批次封存", "batch sealed")     \
    X(BATCH_WITHDRAWN, "batch-withdrawn", 1, OPEN, "batch resource", "批次撤回", "batch withdrawn")          \
    X(PACK_LOADED, "pack-loaded", 1, OPEN, "pack sha256 version", "场景包装载", "pack loaded")               \
    X(GRANT, "grant", 1, SEALED, "act grant", "授权", "grant")                                               \
    X(CONSENT, "consent", 1, SEALED, "act consent", "同意", "consent")                                       \
    X(CALL, "call", 1, SEALED, "", "调用", "call")                                                           \
    X(REFUSAL, "refusal", 1, SEALED, "", "拒绝", "refusal")                                                  \
    X(EXPORT, "export", 1, SEALED, "", "导出", "export")                                                     \
    X(LOOK_UP, "look-up", 1, SEALED, "", "工作人员查询", "staff look-up")                                    \
    X(LOOKS, "looks", 1, OPEN, "entries looks root subjects", "查看清单承诺", "commitment to all lists of looks") \
    X(ADMINISTRATION, "administration", 1, SEALED, "act", "管理操作", "administration")                      \
    X(KEY_CHANGE, "key-change", 1, OPEN, "act key", "密钥变更", "key change")                                \
    X(REPORT, "report", 1, SEALED, "", "报告出具", "report issued")                                          \
    X(ERASURE, "erasure", 1, OPEN, "index reason", "内容删除", "payload erased") \
    X(LEDGER_STEP, "ledger-step", 1, OPEN, "step", "协同账本的一步", "step of the collaboration ledger")
