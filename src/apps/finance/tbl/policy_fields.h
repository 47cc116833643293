/* policy_fields.h - what a department fills in of a policy, and a row of policies.csv says: column, type (form.h), must, most (characters; of numbers the greatest; of lists
 * how many), code table or words. */
#define LL_POLICY_FIELDS(X)                                                                         \
    X("title", TEXT, true, 80, NULL)                                                                \
    X("title_en", TEXT, false, 160, NULL)                                                           \
    X("kind", CODE, true, 8, "FIN_POLICY_KIND")                                                     \
    X("document", TEXT, false, 60, NULL)                                                            \
    X("level", WORD, true, 10, LL_POLICY_LEVEL_WORDS)                                               \
    X("summary", TEXT, true, 600, NULL)                                                             \
    X("summary_en", TEXT, false, 1200, NULL)                                                        \
    X("benefit", TEXT, true, 300, NULL)                                                             \
    X("benefit_en", TEXT, false, 600, NULL)                                                         \
    X("amount", DECIMAL, false, 10000000, NULL)                                                     \
    X("unit", WORD, false, 10, LL_POLICY_UNIT_WORDS)                                                \
    X("region", CODES, false, 32, "REGION")                                                         \
    X("target_industry", CODES, false, 32, "INDUSTRY")                                              \
    X("steps", LINES, true, 12, NULL)                                                               \
    X("steps_en", LINES, false, 12, NULL)                                                           \
    X("materials", LINES, false, 16, NULL)                                                          \
    X("materials_en", LINES, false, 16, NULL)                                                       \
    X("link", LINK, false, 200, NULL)                                                               \
    X("from", DAY, true, 10, NULL)                                                                  \
    X("until", DAY, false, 10, NULL)                                                                \
    X("contact", TEXT, true, 60, NULL)                                                              \
    X("phone", TEXT, false, 30, NULL)                                                               \
    X("products", NAMES, false, 20, NULL)
