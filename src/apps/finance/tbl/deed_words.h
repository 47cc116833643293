/* deed_words.h - the words of the collaboration ledger: id, word in statements and answers, zh, en. */
#define LL_DEED_KINDS(X)                                                                                     \
    X(RECEIVABLE, "receivable", "应收账款", "receivable")                                                    \
    X(ORDER, "order", "订单", "order")                                                                       \
    X(WAREHOUSE_RECEIPT, "warehouse_receipt", "仓单", "warehouse receipt")                                   \
    X(GUARANTEE, "guarantee", "保证", "guarantee")                                                           \
    X(PLEDGE, "pledge", "质押", "pledge")

/* Each says as well whether it is the end. */
#define LL_DEED_STATES(X)                                                                                    \
    X(NONE, "none", false, "未开立", "not issued")                                                           \
    X(ISSUED, "issued", false, "已开立，待确认", "issued, to be confirmed")                                  \
    X(CONFIRMED, "confirmed", false, "已确认", "confirmed")                                                  \
    X(FINANCED, "financed", false, "已融资", "financed")                                                     \
    X(PLEDGED, "pledged", false, "已质押", "pledged")                                                        \
    X(SPLIT, "split", true, "已拆分", "split")                                                               \
    X(SETTLED, "settled", true, "已结清", "settled")                                                         \
    X(VOID, "void", true, "已作废", "void")

#define LL_DEED_ACTS(X)                                                                                      \
    X(ISSUE, "issue", "开立", "issue")                                                                       \
    X(CONFIRM, "confirm", "确认", "confirm")                                                                 \
    X(TRANSFER, "transfer", "转让", "transfer")                                                              \
    X(DIVIDE, "split", "拆分", "split")                                                                      \
    X(FINANCE, "finance", "融资", "finance")                                                                 \
    X(SECURE, "pledge", "出质", "pledge")                                                                    \
    X(RELEASE, "release", "解除", "release")                                                                 \
    X(SETTLE, "settle", "结清", "settle")                                                                    \
    X(CANCEL, "void", "作废", "void")

/* Who takes part, in the order in which their signatures stand. */
#define LL_DEED_ROLES(X)                                                                                     \
    X(HOLDER, "holder", "持有人", "holder")                                                                  \
    X(OBLIGOR, "obligor", "义务人", "obligor")                                                               \
    X(FINANCIER, "financier", "资金方", "financier")                                                         \
    X(NEXT, "to", "受让人", "transferee")

/* What a deed is about, outside the ledger: id, word, kinds that may name it, whether the holder and the obligor are part of what makes it unique, zh,
 * en.  An invoice is its seller's, whoever it is said to be addressed to; a receipt is its warehouse's. */
#define LL_DEED_REFERENCES(X)                                                                                \
    X(INVOICE, "invoice", LL_R | LL_O, true, false, "发票", "invoice")                                       \
    X(CONTRACT, "contract", LL_R | LL_O | LL_G, true, true, "合同", "contract")                              \
    X(RECEIPT, "receipt", LL_W, false, true, "仓单编号", "receipt number")                                   \
    X(CERTIFICATE, "certificate", LL_P, false, true, "权属证书", "certificate of title")
