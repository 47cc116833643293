/* product_kinds.h - kinds of products of the finance platform: id, word, zh, en. */
#define LL_PRODUCT_KINDS(X)                                                  \
    X(CREDIT, "credit", "信用贷", "Unsecured loan")                          \
    X(MORTGAGE, "mortgage", "抵押贷", "Mortgage loan")                       \
    X(PLEDGE, "pledge", "质押贷", "Pledge loan")                             \
    X(TAX, "tax", "税易贷（银税互动）", "Tax loan")                          \
    X(TECHNOLOGY, "technology", "科技贷", "Technology loan")                 \
    X(FARM, "farm", "涉农贷", "Agricultural loan")                           \
    X(CHAIN, "chain", "供应链融资", "Supply-chain finance")                  \
    X(FUND, "fund", "公积金贷", "Housing-fund loan")                         \
    X(FIRST, "first", "首贷", "First loan")                                  \
    X(GREEN, "green", "绿色贷", "Green loan")                                \
    X(GUARANTEE, "guarantee", "融资担保", "Credit guarantee")                \
    X(INSURANCE, "insurance", "保险", "Insurance")                           \
    X(LEASING, "leasing", "融资租赁", "Leasing")                             \
    X(POLICY, "policy", "政策资金与贴息", "Policy fund")
