/* orgcode.c - organisation codes, GB 11714-1997: 8 characters and a check character, modulus 11.
 *
 * The characters' values run to 35 but the modulus is 11, so the check does not tell characters whose values differ by 11, 22 or
 * 33 (0 and B, 1 and C, ...).  That is the standard's doing; the tests state exactly what is caught. */
#include "standard/ident_impl.h"

static const uint8_t WEIGHT[8] = {3, 7, 9, 10, 5, 8, 4, 2};

enum { NOT_HERE = 0x80 };

/* Of '0' to 'Z'. */
static const uint8_t VALUE['Z' - '0' + 1] = {
    0,        1,        2,  3,  4,  5,  6,  7,  8,  9,  NOT_HERE, NOT_HERE, NOT_HERE, NOT_HERE, NOT_HERE,
    NOT_HERE, NOT_HERE, 10, 11, 12, 13, 14, 15, 16, 17, 18,       19,       20,       21,       22,
    23,       24,       25, 26, 27, 28, 29, 30, 31, 32, 33,       34,       35,
};

char ll_orgcode_check_char(const char body[8])
{
    unsigned sum = 0, seen = 0;

    for (int i = 0; i < 8; i++) {
        unsigned c = (unsigned char)(body[i] - '0'), v = c < sizeof VALUE ? VALUE[c] : (unsigned)NOT_HERE;
        seen |= v;
        sum += v * WEIGHT[i];
    }
    if (seen & NOT_HERE)
        return 0;
    return "0X987654321"[sum % 11];
}

static enum ll_id_fault check(char canon[LL_ID_MAX], size_t *n)
{
    if (*n != 9)
        return LL_IDF_LENGTH;
    char want = ll_orgcode_check_char(canon);
    if (!want || !(ll_id_digit(canon[8]) || canon[8] == 'X'))
        return LL_IDF_CHARSET;
    return canon[8] == want ? LL_IDF_OK : LL_IDF_CHECK;
}

static size_t parts(const char *canon, struct ll_id_part *p)
{
    ll_id_part_set(&p[0], "本体代码", "body", canon, 8);
    ll_id_part_set(&p[1], "校验码", "check", canon + 8, 1);
    return 2;
}

static void detail(enum ll_id_fault fault, const char *canon, char out[LL_ID_MAX])
{
    if (fault == LL_IDF_CHECK)
        out[0] = ll_orgcode_check_char(canon);
}

const struct ll_id_ops ll_orgcode_ops = {9, check, parts, detail};
