/* redistributions.h - what a consumer may do with what came from a commercial source: id, word, zh, en. */
#define LL_REDISTRIBUTIONS(X)                                                                                \
    X(FORBIDDEN, "forbidden", "只限本机构使用，不得提供给他人", "for the consumer's own use only")           \
    X(DERIVED, "derived", "只可提供加工后的结果", "results that were made from it may be passed on")         \
    X(ALLOWED, "allowed", "可以提供给他人", "may be passed on")
