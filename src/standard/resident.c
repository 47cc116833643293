/* resident.c - resident identity numbers, GB 11643-1999: region, date of birth, order code, check character by ISO 7064 MOD 11-2; and the
 * 15-digit form before it. */
#include "standard/ident_impl.h"

#include "base/clock.h"

/* Nobody born before has a number; a later year is a typing error for decades to come. */
enum { EARLIEST_YEAR = 1800, LATEST_YEAR = 2099 };

static const uint8_t WEIGHT[17] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};

static inline char check_char(const char *body)
{
    unsigned sum = 0;

    for (int i = 0; i < 17; i++)
        sum += (unsigned)(body[i] - '0') * WEIGHT[i];
    return "10X98765432"[sum % 11];
}

char ll_resident_check_char(const char body[17])
{
    if (!ll_id_digits(body, 17))
        return 0;
    return check_char(body);
}

static bool born(const char *yyyymmdd)
{
    int year = (int)(ll_id_two(yyyymmdd) * 100 + ll_id_two(yyyymmdd + 2));

    return year >= EARLIEST_YEAR && year <= LATEST_YEAR &&
           ll_civil_valid(year, ll_id_two(yyyymmdd + 4), ll_id_two(yyyymmdd + 6));
}

/* Order codes 996 to 999 were kept for centenarians when the 15 digits had no century. */
static const char *century(const char *id15)
{
    return memcmp(id15 + 12, "996", 3) >= 0 ? "18" : "19";
}

static void widen(const char *id15, char out[LL_ID_MAX])
{
    char w[19];

    memcpy(w, id15, 6);
    memcpy(w + 6, century(id15), 2);
    memcpy(w + 8, id15 + 6, 9);
    w[17] = check_char(w);
    w[18] = 0;
    memcpy(out, w, sizeof w);
}

static enum ll_id_fault check(char canon[LL_ID_MAX], size_t *n)
{
    bool old = *n == 15;

    if (!old && *n != 18)
        return LL_IDF_LENGTH;
    if (!ll_id_digits(canon, old ? 15 : 17) || (!old && !ll_id_digit(canon[17]) && canon[17] != 'X'))
        return LL_IDF_CHARSET;
    if (!ll_id_province(ll_id_two(canon)))
        return LL_IDF_REGION;
    if (old) {
        char wide[LL_ID_MAX];
        widen(canon, wide);
        if (!born(wide + 6))
            return LL_IDF_DATE;
        memcpy(canon, wide, 19);
        *n = 18;
        return LL_IDF_OK;
    }
    if (!born(canon + 6))
        return LL_IDF_DATE;
    return canon[17] == check_char(canon) ? LL_IDF_OK : LL_IDF_CHECK;
}

int ll_id_15to18(struct ll_str id15, char out[LL_ID_MAX])
{
    char canon[LL_ID_MAX] = {0};
    size_t n = id15.n;

    if (n != 15)
        return LL_INVALID;
    memcpy(canon, id15.p, n);
    if (check(canon, &n) != LL_IDF_OK)
        return LL_INVALID;
    memcpy(out, canon, LL_ID_MAX);
    return LL_OK;
}

static void date_text(const char *yyyymmdd, char out[LL_ID_MAX])
{
    snprintf(out, LL_ID_MAX, "%.4s-%.2s-%.2s", yyyymmdd, yyyymmdd + 4, yyyymmdd + 6);
}

static size_t parts(const char *canon, struct ll_id_part *p)
{
    ll_id_part_set(&p[0], "行政区划", "region", canon, 6);
    ll_id_part_set(&p[1], "出生日期", "date of birth", "", 0);
    date_text(canon + 6, p[1].value);
    ll_id_part_set(&p[2], "顺序码", "order code", canon + 14, 3);
    ll_id_part_set(&p[3], "性别", "sex", canon + 16, 1);
    if (ll_id_digit(canon[16])) {
        p[3].meaning_zh = (canon[16] - '0') % 2 ? "男" : "女";
        p[3].meaning_en = (canon[16] - '0') % 2 ? "male" : "female";
    }
    ll_id_part_set(&p[4], "校验码", "check", canon + 17, 1);
    return 5;
}

static void detail(enum ll_id_fault fault, const char *canon, char out[LL_ID_MAX])
{
    char wide[LL_ID_MAX];

    if (canon[15] == 0) { /* 15 digits: the century goes before the year */
        widen(canon, wide);
        canon = wide;
    }
    if (fault == LL_IDF_REGION)
        memcpy(out, canon, 6);
    else if (fault == LL_IDF_DATE)
        date_text(canon + 6, out);
    else if (fault == LL_IDF_CHECK)
        out[0] = ll_resident_check_char(canon);
}

const struct ll_id_ops ll_resident_ops = {18, check, parts, detail};
