/* review_marks.h - what a village's committee makes of a household: name, word (as code table RURAL_REVIEW_MARK and rural_grades.csv have it), zh, en. */
#define LL_REVIEW_MARKS(X)                                                                                   \
    X(NONE, "none", "未评议", "not reviewed")                                                                \
    X(WHITE, "white", "白名单", "white list")                                                                \
    X(GREY, "grey", "灰名单", "grey list")                                                                   \
    X(BLACK, "black", "不予授信", "not to be lent to")
