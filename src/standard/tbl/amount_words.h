/* amount_words.h - the single characters that amounts are written with: character, kind, value.  A NUMERAL's value is its digit;
 * the others' is the power of ten by which they multiply.  Financial numerals (壹), ordinary ones (一) and traditional forms. */
#define LL_AMOUNT_WORDS(X)                                                                                   \
    X(U'零', NUMERAL, 0) X(U'〇', NUMERAL, 0) X(U'○', NUMERAL, 0) X(U'壹', NUMERAL, 1)                       \
    X(U'一', NUMERAL, 1) X(U'贰', NUMERAL, 2) X(U'二', NUMERAL, 2) X(U'两', NUMERAL, 2)                      \
    X(U'貳', NUMERAL, 2) X(U'兩', NUMERAL, 2) X(U'叁', NUMERAL, 3) X(U'三', NUMERAL, 3)                      \
    X(U'參', NUMERAL, 3) X(U'肆', NUMERAL, 4) X(U'四', NUMERAL, 4) X(U'伍', NUMERAL, 5)                      \
    X(U'五', NUMERAL, 5) X(U'陆', NUMERAL, 6) X(U'六', NUMERAL, 6) X(U'陸', NUMERAL, 6)                      \
    X(U'柒', NUMERAL, 7) X(U'七', NUMERAL, 7) X(U'捌', NUMERAL, 8) X(U'八', NUMERAL, 8)                      \
    X(U'玖', NUMERAL, 9) X(U'九', NUMERAL, 9)                                                                \
    X(U'千', SMALL, 3) X(U'百', SMALL, 2) X(U'十', SMALL, 1) X(U'仟', SMALL, 3)                              \
    X(U'佰', SMALL, 2) X(U'拾', SMALL, 1)                                                                    \
    X(U'万', BIG, 4) X(U'亿', BIG, 8) X(U'萬', BIG, 4) X(U'億', BIG, 8)                                      \
    X(U'元', YUAN, 0) X(U'圆', YUAN, 0) X(U'圓', YUAN, 0)                                                    \
    X(U'角', PART, -1) X(U'分', PART, -2)                                                                    \
    X(U'整', WHOLE, 0) X(U'正', WHOLE, 0)                                                                    \
    X(U'(', OPEN, 0)                                                                                         \
    X(U')', CLOSE, 0)                                                                                        \
    X(U':', COLON, 0)                                                                                        \
    X(U'-', MINUS, 0) X(U'负', MINUS, 0) X(0x2212, MINUS, 0)                                                 \
    X(U'+', PLUS, 0)
