/* regno.c - the 15-digit registration number of the former administrations for industry and commerce (GS 15-2006, recalled): 6 digits of
 * the registering authority, 8 in sequence, a check digit by ISO 7064 MOD 11,10. */
#include "standard/ident_impl.h"

char ll_regno_check_char(const char body[14])
{
    unsigned p = 10;

    if (!ll_id_digits(body, 14))
        return 0;
    for (int i = 0; i < 14; i++) { /* S = (P + a) mod 10, with 10 for 0; P = 2S mod 11 */
        unsigned s = p + (unsigned)(body[i] - '0');
        s -= s > 10 ? 10 : 0;
        p = s * 2 - (s > 5 ? 11 : 0);
    }
    return (char)('0' + (11 - p) % 10);
}

static enum ll_id_fault check(char canon[LL_ID_MAX], size_t *n)
{
    if (*n != 15)
        return LL_IDF_LENGTH;
    if (!ll_id_digits(canon, 15))
        return LL_IDF_CHARSET;
    if (!ll_id_authority_region(ll_id_two(canon)))
        return LL_IDF_REGION;
    return canon[14] == ll_regno_check_char(canon) ? LL_IDF_OK : LL_IDF_CHECK;
}

/* The first digit of the sequence says what was registered (recalled). */
static void subject(struct ll_id_part *p, char c)
{
    ll_id_part_set(p, "市场主体类型", "subject type", &c, 1);
    if (!ll_id_digit(c))
        return;
    p->meaning_zh = c <= '3' ? "内资企业" : c <= '5' ? "外资企业" : "个体工商户";
    p->meaning_en = c <= '3' ? "domestic enterprise" : c <= '5' ? "foreign-funded enterprise" : "sole trader";
}

static size_t parts(const char *canon, struct ll_id_part *p)
{
    ll_id_part_set(&p[0], "登记机关行政区划", "region", canon, 6);
    subject(&p[1], canon[6]);
    ll_id_part_set(&p[2], "顺序码", "sequence", canon + 6, 8);
    ll_id_part_set(&p[3], "校验码", "check", canon + 14, 1);
    return 4;
}

static void detail(enum ll_id_fault fault, const char *canon, char out[LL_ID_MAX])
{
    if (fault == LL_IDF_REGION)
        memcpy(out, canon, 6);
    else if (fault == LL_IDF_CHECK)
        out[0] = ll_regno_check_char(canon);
}

const struct ll_id_ops ll_regno_ops = {15, check, parts, detail};
