/* link_kinds.h - how the values of two records are compared, and how a field's text is cleaned before.
 *
 * LL_LINK_KINDS: name, word, what is measured (SQL of one field: $l and $r are the two sides; NULL: the condition is written by
 * link_sql.c), sign (+1: the more the better, -1: the less the better, 0: no measure), takes text or numbers, zh, en (%g is `at`). */
#define LL_LINK_KINDS(X)                                                                                     \
    X(EXACT, "exact", NULL, 0, TEXT, "完全一致", "equal")                                                    \
    X(NAMES, "names_alike", "ll_names_alike($l, $r)", 1, TEXT, "名称相似度不低于 %g", "names alike, %g or more") \
    X(TOKENS, "tokens_alike", "ll_tokens_alike($l, $r)", 1, TEXT, "词组重合度不低于 %g", "words in common, %g or more") \
    X(EDITS, "edits", "ll_edits($l, $r)", -1, TEXT, "相差不超过 %g 个字符", "at most %g characters apart")   \
    X(NUMBER, "number", "abs($l - $r)", -1, NUMBER, "数值相差不超过 %g", "numbers at most %g apart")         \
    X(RATIO, "ratio", "abs($l - $r) / greatest(abs($l), abs($r), 1e-9)", -1, NUMBER, "数值相差比例不超过 %g", \
      "numbers at most the share %g apart")                                                                  \
    X(DAYS, "days", "abs($l - $r)", -1, DATE, "日期相差不超过 %g 天", "dates at most %g days apart")         \
    X(PREFIX, "prefix", NULL, 0, TEXT, "前 %g 个字符一致", "the first %g characters equal")                  \
    X(SWAPPED, "swapped", NULL, 0, TEXT, "两项互换后一致", "equal when the two fields are swapped")

/* LL_LINK_CLEANS: name, word, SQL of the cleaned text ($v is the raw text), zh. */
#define LL_LINK_CLEANS(X)                                                                                    \
    X(TEXT, "text", "lower(trim(regexp_replace($v, '\\s+', ' ', 'g')))")                                     \
    X(LETTERS, "letters", "trim(regexp_replace(regexp_replace(lower($v), '[^\\p{L}\\p{N}]+', ' ', 'g'), '\\s+', ' ', 'g'))") \
    X(TIGHT, "tight", "regexp_replace(lower($v), '[^\\p{L}\\p{N}]+', '', 'g')")                              \
    X(DIGITS, "digits", "regexp_replace($v, '[^0-9]+', '', 'g')")                                            \
    X(COMPANY, "company", "ll_company_core($v)")                                                             \
    X(DATE, "date", ("coalesce(CAST(CAST(coalesce(try_strptime(trim($v), ['%Y-%m-%d', '%Y/%m/%d', '%Y%m%d', '%Y.%m.%d', '%Y年%m月%d日'])," \
      " NULL) AS DATE) AS VARCHAR), trim($v))"))                                                             \
    X(NUMBER, "number", "trim($v)")
