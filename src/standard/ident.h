/* ident.h - identifiers: check, canonical form, and what each part of one says.
 *
 *   uscc         统一社会信用代码, GB 32100-2015: 18 characters, embeds an organisation code (GB 11714)
 *   resident_id  公民身份号码, GB 11643-1999: 18 digits, or 15 (converted)
 *   org_code     组织机构代码, GB 11714-1997: 9 characters, hyphen optional
 *   reg_no       工商注册号: 15 digits, check digit by ISO 7064 MOD 11,10
 *   subject_id   any of uscc and resident_id, told by its form
 *
 * Pure functions over bytes; no allocation; safe from any thread. */
#ifndef LL_STANDARD_IDENT_H
#define LL_STANDARD_IDENT_H

#include "base/err.h"
#include "base/str.h"

#define LL_SCHEMES(X)                                                                                        \
    X(USCC, "uscc", "统一社会信用代码", "unified social credit code")                                        \
    X(RESIDENT_ID, "resident_id", "公民身份号码", "resident identity number")                                \
    X(ORG_CODE, "org_code", "组织机构代码", "organisation code")                                             \
    X(REG_NO, "reg_no", "注册号", "registration number")                                                     \
    X(SUBJECT_ID, "subject_id", "主体标识", "subject identifier")
#define X(name, ...) LL_ID_##name,
enum ll_scheme { LL_SCHEMES(X) LL_ID_COUNT };
#undef X

/* Why an identifier is refused: name, zh, en.  The first that applies is reported. */
#define LL_ID_FAULTS(X)                                                                                      \
    X(OK, "有效", "valid")                                                                                   \
    X(EMPTY, "为空", "empty")                                                                                \
    X(PLACEHOLDER, "是占位值", "a placeholder, not an identifier")                                           \
    X(LENGTH, "长度不对", "wrong length")                                                                    \
    X(CHARSET, "含有不允许的字符", "holds a character that is not allowed")                                  \
    X(CATEGORY, "登记管理部门或机构类别代码不存在", "unknown registration authority or category")            \
    X(REGION, "行政区划代码不存在", "unknown region code")                                                   \
    X(DATE, "出生日期不存在", "impossible date of birth")                                                    \
    X(ORG_CHECK, "其中的组织机构代码校验位错误", "wrong check character of the embedded organisation code")  \
    X(CHECK, "校验位错误", "wrong check character")
#define X(name, ...) LL_IDF_##name,
enum ll_id_fault { LL_ID_FAULTS(X) LL_IDF_COUNT };
#undef X

/* The six kinds of subject (design: 主体). */
#define LL_KINDS(X)                                                                                          \
    X(ENTERPRISE, "enterprise", "企业", "enterprise")                                                        \
    X(INSTITUTION, "institution", "机关事业单位", "public institution")                                      \
    X(SOCIAL, "social", "社会组织", "social organisation")                                                   \
    X(PERSON, "person", "自然人", "natural person")                                                          \
    X(HOUSEHOLD, "household", "农户", "household")                                                           \
    X(TRADER, "trader", "个体工商户", "sole trader")
#define X(name, ...) LL_KIND_##name,
enum ll_kind { LL_KINDS(X) LL_KIND_COUNT };
#undef X

#define LL_ID_MAX 24

/* Checks raw and writes its canonical form (upper case, half width, no blanks or hyphen; 15-digit resident numbers become 18
 * digits) to canon, NUL-terminated; *n its length.  On a fault canon holds what could be normalised, for showing.
 * The fast path of bulk checking: about 50 ns. */
enum ll_id_fault ll_id_check(enum ll_scheme scheme, struct ll_str raw, char canon[LL_ID_MAX], size_t *n);

/* One part of an identifier, e.g. {"登记机关行政区划", "region", "360802", "吉州区"}; meaning NULL when not known. */
struct ll_id_part {
    const char *zh, *en;
    char value[LL_ID_MAX];
    const char *meaning_zh, *meaning_en;
};
enum { LL_ID_PARTS = 8 };
/* Parts of a canonical identifier (valid or not, as far as they can be read); returns how many.  Region names are the caller's
 * to look up in table REGION: the part named "region" has no meaning text. */
size_t ll_id_parts(enum ll_scheme scheme, struct ll_str canon, struct ll_id_part parts[LL_ID_PARTS]);
/* What is wrong, with the expected check character where that is the fault. */
void ll_id_explain(enum ll_scheme scheme, struct ll_str canon, enum ll_id_fault fault, enum ll_lang lang,
                   char *out, size_t n);

bool ll_scheme_parse(struct ll_str s, enum ll_scheme *ret);
const char *ll_scheme_name(enum ll_scheme s);
const char *ll_scheme_title(enum ll_scheme s, enum ll_lang lang);
const char *ll_id_fault_text(enum ll_id_fault f, enum ll_lang lang);
bool ll_kind_parse(struct ll_str s, enum ll_kind *ret);
const char *ll_kind_name(enum ll_kind k);
const char *ll_kind_title(enum ll_kind k, enum ll_lang lang);
/* The kind that a canonical identifier tells; false when it tells none (reg_no, org_code). */
bool ll_id_kind(enum ll_scheme scheme, struct ll_str canon, enum ll_kind *ret);
/* Which scheme a canonical or raw value has by its form and check; false when none fits. */
bool ll_id_detect(struct ll_str raw, enum ll_scheme *ret, char canon[LL_ID_MAX], size_t *n);
/* For a value that ll_id_detect knows not: the scheme whose checks it passes furthest is what was meant; its fault. */
enum ll_id_fault ll_id_nearest(struct ll_str raw, enum ll_scheme *ret, char canon[LL_ID_MAX], size_t *n);

/* 15 to 18 digits: "19" after digit 6 ("18" for order codes 996 to 999), check character appended.  LL_INVALID otherwise. */
int ll_id_15to18(struct ll_str id15, char out[LL_ID_MAX]);
/* The USCC that embeds an organisation code: needs what the code does not hold (authority and category, region). */
int ll_id_uscc_from_org_code(struct ll_str org_code, struct ll_str authority_category, struct ll_str region6,
                             char out[LL_ID_MAX]);
bool ll_id_org_code_of(struct ll_str uscc, char out[LL_ID_MAX]);

#endif
