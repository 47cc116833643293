/* bundle_states.h - what becomes of reports that were asked for together: name, word, zh, en.
 *
 *   queued -> running -> ready -> expired;  queued, running, ready -> cancelled (files are removed at once);  running -> failed */
#define LL_BUNDLE_STATES(X)                                                                                  \
    X(QUEUED, "queued", "排队", "queued")                                                                    \
    X(RUNNING, "running", "出具中", "being issued")                                                          \
    X(READY, "ready", "可下载", "ready")                                                                     \
    X(FAILED, "failed", "失败", "failed")                                                                    \
    X(CANCELLED, "cancelled", "已取消", "cancelled")                                                         \
    X(EXPIRED, "expired", "已过期", "expired")
