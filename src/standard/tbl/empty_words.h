/* empty_words.h - what stands in a cell when there is nothing to say.  Compared whole; ASCII letters in either case. */
#define LL_EMPTY_WORDS(X)                                                                                    \
    X("-") X("--") X("---") X("－") X("—") X("——") X("/") X("\\") X("N/A") X("#N/A") X("NULL") X("(NULL)")   \
    X("[NULL]") X("<NULL>") X("\\N") X("NIL") X("NONE") X("NAN") X("无") X("暂无") X("空") X("不详")         \
    X("未知") X("未填") X("未填写") X("未提供")
