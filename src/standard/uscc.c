/* uscc.c - unified social credit codes, GB 32100-2015: authority, category, region, an embedded organisation code (GB 11714), and a check
 * character modulo 31.
 *
 * The modulus is a prime as large as the character set and no two neighbouring weights are equal, so that every change of one
 * character and every swap of neighbours is caught. */
#include "standard/ident_impl.h"

#include "standard/tbl/uscc_authority.h"

enum { NOT_HERE = 0xff };

static const char CHARSET[] = "0123456789ABCDEFGHJKLMNPQRTUWXY"; /* no I, O, S, V, Z */
static const uint8_t WEIGHT[17] = {1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28};

/* Of '0' to 'Z': the value in CHARSET. */
static const uint8_t VALUE['Z' - '0' + 1] = {
    0,        1,        2,        3,        4,        5,        6,  7,  8,  9,        NOT_HERE,
    NOT_HERE, NOT_HERE, NOT_HERE, NOT_HERE, NOT_HERE, NOT_HERE, 10, 11, 12, 13,       14,
    15,       16,       17,       NOT_HERE, 18,       19,       20, 21, 22, NOT_HERE, 23,
    24,       25,       NOT_HERE, 26,       27,       NOT_HERE, 28, 29, 30, NOT_HERE,
};

struct category {
    char first, second;
    uint8_t kind;
    const char *zh, *en;
};

#define X(name, a, b, kind, basis, zh, en) CATEGORY_##name,
enum { NO_CATEGORY, LL_USCC_CATEGORIES(X) };
#undef X
#define X(name, a, b, kind, basis, zh, en) [CATEGORY_##name] = {a, b, LL_KIND_##kind, zh, en},
static const struct category CATEGORIES[] = {[NO_CATEGORY] = {.kind = LL_KIND_COUNT}, LL_USCC_CATEGORIES(X)};
#undef X
#define X(name, a, b, kind, basis, zh, en) [a - '0'][b - '0'] = CATEGORY_##name,
static const uint8_t CATEGORY_OF['Z' - '0' + 1][10] = {LL_USCC_CATEGORIES(X)};
#undef X

static inline unsigned value(char c)
{
    return (unsigned char)(c - '0') <= 'Z' - '0' ? VALUE[(unsigned char)(c - '0')] : (unsigned)NOT_HERE;
}

static unsigned category(const char *s)
{
    unsigned a = (unsigned char)(s[0] - '0');

    return a <= 'Z' - '0' && ll_id_digit(s[1]) ? CATEGORY_OF[a][s[1] - '0'] : (unsigned)NO_CATEGORY;
}

char ll_uscc_check_char(const char body[17])
{
    unsigned sum = 0, seen = 0;

    for (int i = 0; i < 17; i++) {
        unsigned v = value(body[i]);
        seen |= v;
        sum += v * WEIGHT[i];
    }
    if (seen & 0x80)
        return 0;
    return CHARSET[(31 - sum % 31) % 31];
}

enum ll_kind ll_uscc_kind(const char *canon)
{
    return (enum ll_kind)CATEGORIES[category(canon)].kind;
}

static bool region(const char *s)
{
    unsigned two = ll_id_two(s);

    return ll_id_authority_region(two) || two == 99; /* 99: no region, used by authorities that have none */
}

static enum ll_id_fault check(char canon[LL_ID_MAX], size_t *n)
{
    if (*n != 18)
        return LL_IDF_LENGTH;
    char want = ll_uscc_check_char(canon);
    if (!want || value(canon[17]) == NOT_HERE || !ll_id_digits(canon + 2, 6))
        return LL_IDF_CHARSET;
    if (category(canon) == NO_CATEGORY)
        return LL_IDF_CATEGORY;
    if (!region(canon + 2))
        return LL_IDF_REGION;
    if (canon[16] != ll_orgcode_check_char(canon + 8))
        return LL_IDF_ORG_CHECK;
    return canon[17] == want ? LL_IDF_OK : LL_IDF_CHECK;
}

static void authority(struct ll_id_part *p, char c)
{
    static const struct {
        char c;
        const char *zh, *en;
    } AUTHORITIES[] = {
#define X(c, zh, en) {c, zh, en},
        LL_USCC_AUTHORITIES(X)
#undef X
    };

    ll_id_part_set(p, "登记管理部门", "registration authority", &c, 1);
    for (size_t i = 0; i < LL_COUNT(AUTHORITIES); i++)
        if (AUTHORITIES[i].c == c) {
            p->meaning_zh = AUTHORITIES[i].zh;
            p->meaning_en = AUTHORITIES[i].en;
        }
}

static size_t parts(const char *canon, struct ll_id_part *p)
{
    const struct category *c = &CATEGORIES[category(canon)];

    authority(&p[0], canon[0]);
    ll_id_part_set(&p[1], "机构类别", "organisation category", canon + 1, 1);
    p[1].meaning_zh = c->zh;
    p[1].meaning_en = c->en;
    ll_id_part_set(&p[2], "登记机关行政区划", "region", canon + 2, 6);
    ll_id_part_set(&p[3], "主体标识码（组织机构代码）", "organisation code", canon + 8, 9);
    ll_id_part_set(&p[4], "校验码", "check", canon + 17, 1);
    return 5;
}

static void detail(enum ll_id_fault fault, const char *canon, char out[LL_ID_MAX])
{
    if (fault == LL_IDF_CATEGORY)
        memcpy(out, canon, 2);
    else if (fault == LL_IDF_REGION)
        memcpy(out, canon + 2, 6);
    else if (fault == LL_IDF_ORG_CHECK)
        out[0] = ll_orgcode_check_char(canon + 8);
    else if (fault == LL_IDF_CHECK)
        out[0] = ll_uscc_check_char(canon);
}

const struct ll_id_ops ll_uscc_ops = {18, check, parts, detail};
