/* export_states.h - what becomes of an export: name, word, zh, en.
 *
 *   queued -> running -> journalling -> ready -> expired
 *   queued, running -> cancelled;  running -> failed;  ready -> cancelled (the file is removed at once) */
#define LL_EXPORT_STATES(X)                                                                                  \
    X(QUEUED, "queued", "排队", "queued")                                                                    \
    X(RUNNING, "running", "生成中", "being made")                                                            \
    X(JOURNALLING, "journalling", "存证中", "being journalled")                                              \
    X(READY, "ready", "可下载", "ready")                                                                     \
    X(FAILED, "failed", "失败", "failed")                                                                    \
    X(CANCELLED, "cancelled", "已取消", "cancelled")                                                         \
    X(EXPIRED, "expired", "已过期", "expired")
