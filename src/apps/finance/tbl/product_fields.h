/* product_fields.h - what an institution fills in of a product: id, column of products.csv, kind, must, most (characters; of numbers the greatest; of lists how many), code table or words, zh, en.
 *
 * DECIMAL and COUNT stand in pairs, the lower first.  CODES: of a code table, some beginning of a code for industries; WORDS: of the list. */
#define LL_PRODUCT_FIELDS(X)                                                                                      \
    X(TITLE, "title", TEXT, true, 60, NULL, "产品名称", "name")                                                   \
    X(TITLE_EN, "title_en", TEXT, false, 120, NULL, "英文名称", "English name")                                   \
    X(KIND, "kind", WORD, true, 1, LL_PRODUCT_KIND_WORDS, "种类", "kind")                                         \
    X(AMOUNT_MIN, "amount_min", DECIMAL, true, 10000000, NULL, "最低额度（万元）", "least amount")                \
    X(AMOUNT_MAX, "amount_max", DECIMAL, true, 10000000, NULL, "最高额度（万元）", "greatest amount")             \
    X(RATE_MIN, "rate_min", DECIMAL, true, 36, NULL, "利率下限（%/年）", "lowest rate")                           \
    X(RATE_MAX, "rate_max", DECIMAL, true, 36, NULL, "利率上限（%/年）", "highest rate")                          \
    X(TERM_MIN, "term_min", COUNT, true, 480, NULL, "最短期限（月）", "shortest term")                            \
    X(TERM_MAX, "term_max", COUNT, true, 480, NULL, "最长期限（月）", "longest term")                             \
    X(GUARANTEE, "guarantee", CODES, false, 20, "LOAN_GUARANTEE_STAT", "担保方式", "guarantee")                   \
    X(REPAYMENT, "repayment", WORDS, false, 4, "instalment|principal|interest|end", "还款方式", "repayment")      \
    X(REGION, "region", CODES, false, 32, "REGION", "适用区域", "regions")                                        \
    X(SIZE, "target_size", WORDS, false, 4, "micro|small|medium|large", "适用规模", "sizes")                      \
    X(INDUSTRY, "target_industry", CODES, false, 32, "INDUSTRY", "适用行业", "industries")                        \
    X(FIRST_LOAN, "first_loan", FLAG, false, 1, NULL, "支持首贷", "first-time borrowers")                         \
    X(ONLINE, "online", FLAG, false, 1, NULL, "线上办理", "online")                                               \
    X(DAYS, "days", DAY_COUNT, false, 365, NULL, "承诺放款（工作日）", "working days until payout")               \
    X(MATERIALS, "materials", TEXT, false, 1000, NULL, "申请材料", "materials")                                   \
    X(MATERIALS_EN, "materials_en", TEXT, false, 2000, NULL, "申请材料（英文）", "materials in English")
