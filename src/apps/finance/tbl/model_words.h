/* model_words.h - the words of an institution's model (model.h): what a firm comes to; the columns of its table. */
#define LL_MODEL_RESULTS(X)                                 \
    X(PASS, "pass", "通过", "pass")                         \
    X(REFER, "refer", "转人工", "refer to a person")        \
    X(DECLINE, "decline", "不通过", "decline")

#define LL_MODEL_COLUMNS(X) \
    X(ROW, "row")             \
    X(RULE, "rule")           \
    X(INDICATOR, "indicator") \
    X(IS, "is")               \
    X(FROM, "from")           \
    X(TO, "to")               \
    X(VALUE, "value")         \
    X(POINTS, "points")       \
    X(RESULT, "result")       \
    X(LIMIT_MIN, "limit_min") \
    X(LIMIT_MAX, "limit_max") \
    X(REASON, "reason")       \
    X(WORDS, "words")         \
    X(WORDS_EN, "words_en")
