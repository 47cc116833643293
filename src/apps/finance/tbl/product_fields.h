/* product_fields.h - what an institution fills in of a product: column of products.csv, type (form.h), must, most (characters; of numbers the greatest; of lists how many), code table or words.
 *
 * DECIMAL and COUNT stand in pairs, the lower first.  CODES: of a code table, some beginning of a code for industries; WORDS: of the list. */
#define LL_PRODUCT_FIELDS(X)                                                                        \
    X("title", TEXT, true, 60, NULL)                                                                \
    X("title_en", TEXT, false, 120, NULL)                                                           \
    X("kind", WORD, true, 20, LL_PRODUCT_KIND_WORDS)                                                 \
    X("amount_min", DECIMAL, true, 10000000, NULL)                                                  \
    X("amount_max", DECIMAL, true, 10000000, NULL)                                                  \
    X("rate_min", DECIMAL, true, 36, NULL)                                                          \
    X("rate_max", DECIMAL, true, 36, NULL)                                                          \
    X("term_min", COUNT, true, 480, NULL)                                                           \
    X("term_max", COUNT, true, 480, NULL)                                                           \
    X("guarantee", CODES, false, 20, "LOAN_GUARANTEE_STAT")                                         \
    X("repayment", WORDS, false, 4, "instalment|principal|interest|end")                            \
    X("region", CODES, false, 32, "REGION")                                                         \
    X("target_size", WORDS, false, 4, "micro|small|medium|large")                                   \
    X("target_industry", CODES, false, 32, "INDUSTRY")                                              \
    X("first_loan", FLAG, false, 1, NULL)                                                           \
    X("online", FLAG, false, 1, NULL)                                                               \
    X("days", DAY_COUNT, false, 365, NULL)                                                          \
    X("materials", TEXT, false, 1000, NULL)                                                         \
    X("materials_en", TEXT, false, 2000, NULL)
