/* ident.c - identifiers: what the schemes share.  Each scheme's rules are in its own file.
 *
 * A value that is right as it stands, as nearly all are, is checked in place; only what fails is normalised, compared with the
 * words for nothing and the placeholders, and checked again. */
#include "standard/ident.h"

#include "standard/chars.h"
#include "standard/ident_impl.h"

static const struct ll_id_ops *const OPS[LL_ID_COUNT] = {
    [LL_ID_USCC] = &ll_uscc_ops,
    [LL_ID_RESIDENT_ID] = &ll_resident_ops,
    [LL_ID_ORG_CODE] = &ll_orgcode_ops,
    [LL_ID_REG_NO] = &ll_regno_ops,
};

struct name {
    const char *name, *title[2];
};

#define X(id, name, zh, en) {name, {zh, en}},
static const struct name SCHEMES[] = {LL_SCHEMES(X)};
static const struct name KINDS[] = {LL_KINDS(X)};
#undef X
#define X(id, zh, en) {NULL, {zh, en}},
static const struct name FAULTS[] = {LL_ID_FAULTS(X)};
#undef X

bool ll_id_province(unsigned two)
{
    /* GB/T 2260: one bit a number, ten numbers a word */
    static const uint16_t PROVINCES[10] = {
        [1] = 1 << 1 | 1 << 2 | 1 << 3 | 1 << 4 | 1 << 5,
        [2] = 1 << 1 | 1 << 2 | 1 << 3,
        [3] = 1 << 1 | 1 << 2 | 1 << 3 | 1 << 4 | 1 << 5 | 1 << 6 | 1 << 7,
        [4] = 1 << 1 | 1 << 2 | 1 << 3 | 1 << 4 | 1 << 5 | 1 << 6,
        [5] = 1 << 0 | 1 << 1 | 1 << 2 | 1 << 3 | 1 << 4,
        [6] = 1 << 1 | 1 << 2 | 1 << 3 | 1 << 4 | 1 << 5,
        [7] = 1 << 1,
        [8] = 1 << 1 | 1 << 2 | 1 << 3,
    };

    return two < 100 && PROVINCES[two / 10] >> two % 10 & 1;
}

/* ---- placeholders ---- */

static bool repeats(const char *s, size_t n, size_t period)
{
    return n > period && s[0] == s[period] && memcmp(s, s + period, n - period) == 0;
}

/* 1234567890123, 987654321098: each digit the next of the one before, or the previous. */
static bool counts(const char *s, size_t n)
{
    int step = (s[1] - s[0] + 10) % 10;

    if (n < 7 || (step != 1 && step != 9))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!ll_id_digit(s[i]) || (i && (s[i] - s[i - 1] + 10) % 10 != step))
            return false;
    return true;
}

/* A value made up to fill a cell: the body (all but the check character) is one character throughout, or, where it is long,
 * repeats two or three; or it counts up or down; or a credit code holds such an organisation code. */
static bool placeholder(enum ll_scheme scheme, const char *s, size_t n)
{
    if (s[0] == '0' && (n == 1 || repeats(s, n, 1)))
        return true;
    if (n >= 4 && s[0] == s[1] && repeats(s, n - 1, 1))
        return true;
    if (n >= 14 && (repeats(s, n - 1, 2) || repeats(s, n - 1, 3)))
        return true;
    if (n >= 8 && counts(s, n - 1))
        return true;
    return scheme == LL_ID_USCC && n == 18 && s[8] == s[9] && repeats(s + 8, 8, 1);
}

/* ---- checking ---- */

static bool born_in_some_century(const char *id18)
{
    unsigned century = ll_id_two(id18 + 6);

    return century >= 18 && century <= 20;
}

/* Resident numbers and credit codes are both 18 long and may both be digits.  Where both readings are right it is a person: a
 * credit code has two check characters, so that a person's number seldom passes for one, and people are far more.  Where both
 * are wrong it is what it looks like. */
static enum ll_scheme subject_scheme(const char *s, size_t n)
{
    if (n == 15)
        return LL_ID_RESIDENT_ID;
    if (n != 18 || !ll_id_digits(s, 17) || !(ll_id_digit(s[17]) || s[17] == 'X') || s[0] == '9')
        return LL_ID_USCC;

    char copy[LL_ID_MAX] = {0};
    memcpy(copy, s, n);
    if (ll_resident_ops.check(copy, &n) == LL_IDF_OK)
        return LL_ID_RESIDENT_ID;
    if (ll_uscc_ops.check(copy, &n) == LL_IDF_OK)
        return LL_ID_USCC;
    return ll_id_province(ll_id_two(s)) && born_in_some_century(s) ? LL_ID_RESIDENT_ID : LL_ID_USCC;
}

static const struct ll_id_ops *ops_of(enum ll_scheme *scheme, const char *s, size_t n)
{
    if (*scheme == LL_ID_SUBJECT_ID)
        *scheme = subject_scheme(s, n);
    return OPS[*scheme];
}

static bool joiner(uint32_t cp)
{
    return cp == '-' || (cp >= 0x2010 && cp <= 0x2015) || cp == 0x2212;
}

/* Upper case, half width, without blanks, hyphens and the apostrophe by which a spreadsheet marks text.  What does not fit
 * into canon is left out at a whole character; false then. */
static bool normalise(struct ll_str raw, char canon[LL_ID_MAX], size_t *n)
{
    size_t at = 0, len = 0;

    for (int32_t next; (next = ll_char_next(raw, &at)) != -1;) {
        uint32_t cp = ll_char_narrow(next < 0 ? 0xfffd : (uint32_t)next);
        char utf8[4];
        if (ll_char_class(cp) != LL_CHAR_VISIBLE || joiner(cp) || (cp == '\'' && len == 0))
            continue;
        if (cp >= 'a' && cp <= 'z')
            cp -= 'a' - 'A';
        size_t bytes = ll_utf8_put(utf8, cp);
        if (len + bytes >= LL_ID_MAX)
            break;
        memcpy(canon + len, utf8, bytes);
        len += bytes;
    }
    canon[len] = 0;
    *n = len;
    return at >= raw.n;
}

static enum ll_id_fault check_slowly(enum ll_scheme scheme, struct ll_str raw, char canon[LL_ID_MAX],
                                     size_t *n)
{
    bool whole = normalise(raw, canon, n);

    if (*n == 0 || ll_word_empty(ll_char_trim(raw)))
        return LL_IDF_EMPTY;
    const struct ll_id_ops *ops = ops_of(&scheme, canon, *n);
    if (placeholder(scheme, canon, *n))
        return LL_IDF_PLACEHOLDER;
    return whole ? ops->check(canon, n) : LL_IDF_LENGTH;
}

static bool right_as_it_stands(enum ll_scheme scheme, struct ll_str raw, char canon[LL_ID_MAX], size_t *n)
{
    return OPS[scheme]->check(canon, n) == LL_IDF_OK && !placeholder(scheme, raw.p, raw.n);
}

enum ll_id_fault ll_id_check(enum ll_scheme scheme, struct ll_str raw, char canon[LL_ID_MAX], size_t *n)
{
    enum ll_scheme first = scheme, second = scheme;

    LL_ASSERT(scheme < LL_ID_COUNT);
    if (raw.n == 0 || raw.n >= LL_ID_MAX)
        return check_slowly(scheme, raw, canon, n);
    memset(canon, 0, LL_ID_MAX);
    if (raw.n == 18) /* so that the compiler knows the length */
        memcpy(canon, raw.p, 18);
    else
        memcpy(canon, raw.p, raw.n);
    *n = raw.n;
    if (scheme == LL_ID_SUBJECT_ID) { /* no province's code starts with 9; see subject_scheme for the order */
        first = raw.p[0] == '9' ? LL_ID_USCC : LL_ID_RESIDENT_ID;
        second = LL_ID_USCC;
    }
    if (right_as_it_stands(first, raw, canon, n) ||
        (first != second && *n == raw.n && right_as_it_stands(second, raw, canon, n)))
        return LL_IDF_OK;
    return check_slowly(scheme, raw, canon, n);
}

bool ll_id_detect(struct ll_str raw, enum ll_scheme *ret, char canon[LL_ID_MAX], size_t *n)
{
    /* 15 digits: a resident number has a date in them, so it is asked first */
    static const enum ll_scheme ORDER[] = {LL_ID_RESIDENT_ID, LL_ID_USCC, LL_ID_REG_NO, LL_ID_ORG_CODE};

    for (size_t i = 0; i < LL_COUNT(ORDER); i++)
        if (ll_id_check(ORDER[i], raw, canon, n) == LL_IDF_OK) {
            *ret = ORDER[i];
            return true;
        }
    return false;
}

enum ll_id_fault ll_id_nearest(struct ll_str raw, enum ll_scheme *ret, char canon[LL_ID_MAX], size_t *n)
{
    static const enum ll_scheme ORDER[] = {LL_ID_USCC, LL_ID_RESIDENT_ID, LL_ID_ORG_CODE, LL_ID_REG_NO};
    enum ll_id_fault furthest = LL_IDF_OK;

    /* Faults are ordered by how late they are found. */
    for (size_t i = 0; i < LL_COUNT(ORDER); i++) {
        enum ll_id_fault fault = ll_id_check(ORDER[i], raw, canon, n);
        if (i == 0 || fault > furthest) {
            furthest = fault;
            *ret = ORDER[i];
        }
    }
    return ll_id_check(*ret, raw, canon, n);
}

/* ---- what a part says ---- */

static bool plain(struct ll_str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!ll_id_digit(s.p[i]) && !(s.p[i] >= 'A' && s.p[i] <= 'Z'))
            return false;
    return s.n > 0 && s.n < LL_ID_MAX;
}

size_t ll_id_parts(enum ll_scheme scheme, struct ll_str canon, struct ll_id_part parts[LL_ID_PARTS])
{
    char z[LL_ID_MAX] = {0};

    LL_ASSERT(scheme < LL_ID_COUNT);
    if (!plain(canon))
        return 0;
    memcpy(z, canon.p, canon.n);
    const struct ll_id_ops *ops = ops_of(&scheme, z, canon.n);
    return canon.n == ops->length ? ops->parts(z, parts) : 0;
}

bool ll_id_kind(enum ll_scheme scheme, struct ll_str canon, enum ll_kind *ret)
{
    char z[LL_ID_MAX] = {0};

    LL_ASSERT(scheme < LL_ID_COUNT);
    if (!plain(canon))
        return false;
    memcpy(z, canon.p, canon.n);
    const struct ll_id_ops *ops = ops_of(&scheme, z, canon.n);
    if (canon.n != ops->length)
        return false;
    enum ll_kind kind = scheme == LL_ID_RESIDENT_ID ? LL_KIND_PERSON
                        : scheme == LL_ID_USCC      ? ll_uscc_kind(z)
                                                    : LL_KIND_COUNT;
    if (kind != LL_KIND_COUNT)
        *ret = kind;
    return kind != LL_KIND_COUNT;
}

/* ---- explaining ---- */

static void explain_length(unsigned want, struct ll_str canon, enum ll_lang lang, char *out, size_t n)
{
    size_t have = ll_utf8_count(canon);
    bool cut = canon.n + 4 >= LL_ID_MAX; /* there may have been more than canon could hold */

    if (cut)
        snprintf(out, n, lang == LL_ZH ? "长度不对：应为 %u 位" : "wrong length: %u characters are needed",
                 want);
    else
        snprintf(out, n,
                 lang == LL_ZH ? "长度不对：应为 %u 位，实为 %zu 位"
                               : "wrong length: %u characters are needed, there are %zu",
                 want, have);
}

/* How each fault's detail is worded; NULL: the fault has none. */
static const char *const DETAILED[LL_IDF_COUNT][2] = {
    [LL_IDF_CATEGORY] = {"登记管理部门或机构类别代码 %s 不存在",
                         "unknown registration authority or category %s"},
    [LL_IDF_REGION] = {"行政区划代码 %s 不存在", "unknown region code %s"},
    [LL_IDF_DATE] = {"出生日期 %s 不存在", "impossible date of birth %s"},
    [LL_IDF_ORG_CHECK] = {"其中的组织机构代码校验位错误，应为 %s",
                          "wrong check character of the embedded organisation code: %s would fit"},
    [LL_IDF_CHECK] = {"校验位错误，应为 %s", "wrong check character: %s would fit"},
};

void ll_id_explain(enum ll_scheme scheme, struct ll_str canon, enum ll_id_fault fault, enum ll_lang lang,
                   char *out, size_t n)
{
    char z[LL_ID_MAX] = {0}, value[LL_ID_MAX] = {0};

    LL_ASSERT(scheme < LL_ID_COUNT && fault < LL_IDF_COUNT);
    memcpy(z, canon.p, canon.n < LL_ID_MAX - 1 ? canon.n : LL_ID_MAX - 1);
    const struct ll_id_ops *ops = ops_of(&scheme, z, strlen(z));
    if (fault == LL_IDF_LENGTH) {
        explain_length(ops->length, canon, lang, out, n);
        return;
    }
    if (DETAILED[fault][lang] && plain(canon) && (canon.n == ops->length || canon.n == 15))
        ops->detail(fault, z, value);
    if (value[0])
        snprintf(out, n, DETAILED[fault][lang], value);
    else
        snprintf(out, n, "%s", ll_id_fault_text(fault, lang));
}

/* ---- conversions ---- */

bool ll_id_org_code_of(struct ll_str uscc, char out[LL_ID_MAX])
{
    char canon[LL_ID_MAX];
    size_t n;

    if (ll_id_check(LL_ID_USCC, uscc, canon, &n) != LL_IDF_OK)
        return false;
    memset(out, 0, LL_ID_MAX);
    memcpy(out, canon + 8, 9);
    return true;
}

int ll_id_uscc_from_org_code(struct ll_str org_code, struct ll_str authority_category, struct ll_str region6,
                             char out[LL_ID_MAX])
{
    char org[LL_ID_MAX], code[LL_ID_MAX] = {0}, canon[LL_ID_MAX];
    size_t n;

    if (ll_id_check(LL_ID_ORG_CODE, org_code, org, &n) != LL_IDF_OK || authority_category.n != 2 ||
        region6.n != 6)
        return LL_INVALID;
    memcpy(code, authority_category.p, 2);
    memcpy(code + 2, region6.p, 6);
    memcpy(code + 8, org, 9);
    if (!(code[17] = ll_uscc_check_char(code)))
        return LL_INVALID;
    if (ll_id_check(LL_ID_USCC, (struct ll_str){code, 18}, canon, &n) != LL_IDF_OK)
        return LL_INVALID;
    memcpy(out, canon, LL_ID_MAX);
    return LL_OK;
}

/* ---- names ---- */

static bool find(const struct name *names, size_t count, struct ll_str s, size_t *ret)
{
    for (size_t i = 0; i < count; i++)
        if (ll_str_is(s, names[i].name)) {
            *ret = i;
            return true;
        }
    return false;
}

bool ll_scheme_parse(struct ll_str s, enum ll_scheme *ret)
{
    size_t i;

    if (!find(SCHEMES, LL_COUNT(SCHEMES), s, &i))
        return false;
    *ret = (enum ll_scheme)i;
    return true;
}

bool ll_kind_parse(struct ll_str s, enum ll_kind *ret)
{
    size_t i;

    if (!find(KINDS, LL_COUNT(KINDS), s, &i))
        return false;
    *ret = (enum ll_kind)i;
    return true;
}

const char *ll_scheme_name(enum ll_scheme s)
{
    LL_ASSERT(s < LL_ID_COUNT);
    return SCHEMES[s].name;
}

const char *ll_scheme_title(enum ll_scheme s, enum ll_lang lang)
{
    LL_ASSERT(s < LL_ID_COUNT);
    return SCHEMES[s].title[lang];
}

const char *ll_id_fault_text(enum ll_id_fault f, enum ll_lang lang)
{
    LL_ASSERT(f < LL_IDF_COUNT);
    return FAULTS[f].title[lang];
}

const char *ll_kind_name(enum ll_kind k)
{
    LL_ASSERT(k < LL_KIND_COUNT);
    return KINDS[k].name;
}

const char *ll_kind_title(enum ll_kind k, enum ll_lang lang)
{
    LL_ASSERT(k < LL_KIND_COUNT);
    return KINDS[k].title[lang];
}
