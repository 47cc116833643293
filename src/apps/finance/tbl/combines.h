/* combines.h - how the records of a firm become the value of an indicator: id, word, whether the result is that of the value (otherwise it is a number). */
#define LL_COMBINES(X)                                                                                       \
    X(COUNT, "count", false)                                                                                 \
    X(DISTINCT, "distinct", false)                                                                           \
    X(SUM, "sum", false)                                                                                     \
    X(AVG, "avg", false)                                                                                     \
    X(ANY, "any", false)                                                                                     \
    X(MIN, "min", true)                                                                                      \
    X(MAX, "max", true)                                                                                      \
    X(LATEST, "latest", true)                                                                                \
    X(PREVIOUS, "previous", true)                                                                            \
    X(OF, "of", true)
