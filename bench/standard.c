/* standard.c - what one cell costs: nanoseconds a call of the functions that every cell goes through.
 *
 * usage: bench_standard [MILLIONS]       calls of each, 2 million unless told
 *
 * Inputs are rotated, so that a branch predictor does not learn one value by heart. */
#include "base/clock.h"
#include "base/err.h"
#include "standard/codes.h"
#include "standard/convert.h"
#include "standard/ident.h"

#include <stdio.h>
#include <stdlib.h>

enum { VALUES = 8 };

struct bench {
    const char *name;
    unsigned (*call)(struct ll_str raw); /* its result is summed, so that no call is left out */
    struct ll_str values[VALUES];
};

static struct ll_buf scratch = {.ceiling = 1 << 16};
static const struct ll_codeset *regions;

static unsigned identifier(enum ll_scheme scheme, struct ll_str raw)
{
    char canon[LL_ID_MAX];
    size_t n;

    return ll_id_check(scheme, raw, canon, &n) + (unsigned)n;
}

static unsigned uscc(struct ll_str raw)
{
    return identifier(LL_ID_USCC, raw);
}

static unsigned resident(struct ll_str raw)
{
    return identifier(LL_ID_RESIDENT_ID, raw);
}

static unsigned subject(struct ll_str raw)
{
    return identifier(LL_ID_SUBJECT_ID, raw);
}

static unsigned regno(struct ll_str raw)
{
    return identifier(LL_ID_REG_NO, raw);
}

static unsigned text(struct ll_str raw)
{
    struct ll_str out;

    return ll_cv_text(raw, &scratch, &out) + (unsigned)out.n;
}

static unsigned date(struct ll_str raw)
{
    int32_t days = 0;

    return ll_cv_date(raw, &days) + (unsigned)days;
}

static unsigned decimal(struct ll_str raw)
{
    ll_i128 v = 0;

    return ll_cv_decimal(raw, 2, &v) + (unsigned)v;
}

static unsigned amount(struct ll_str raw)
{
    char currency[4];
    ll_i128 v = 0;

    return ll_cv_amount(raw, LL_STR("万元"), 2, &v, currency) + (unsigned)v;
}

static unsigned code(struct ll_str raw)
{
    const struct ll_code *c = ll_codeset_resolve(regions, raw);

    return c ? (unsigned)c->code.n : 0;
}

#define S(z)                                                                                                 \
    {                                                                                                        \
        z, sizeof(z) - 1                                                                                     \
    }
static const struct bench BENCHES[] = {
    {"identifier: credit code",
     uscc,
     {S("91360825162230132G"), S("91100000100003962T"), S("9152000071430580XT"), S("91360000625912173B"),
      S("914403001922038216"), S("91230500MA1B3N1N2M"), S("91110108551385082Q"), S("913600006124469438")}},
    {"identifier: resident number",
     resident,
     {S("11010519491231002X"), S("440524188001010014"), S("36080219850101000X"), S("360881199912310007"),
      S("11010519491231002X"), S("440524188001010014"), S("36080219850101000X"), S("360881199912310007")}},
    {"identifier: subject, both kinds",
     subject,
     {S("91360825162230132G"), S("11010519491231002X"), S("9152000071430580XT"), S("440524188001010014"),
      S("914403001922038216"), S("36080219850101000X"), S("91110108551385082Q"), S("360881199912310007")}},
    {"identifier: registration number",
     regno,
     {S("110108012660422"), S("440301103097413"), S("330100400015575"), S("100000000003965"),
      S("520000000005018"), S("440301103448669"), S("330203000030639"), S("330200600002522")}},
    {"identifier: wrong check character",
     uscc,
     {S("91360825162230132H"), S("91100000100003962U"), S("9152000071430580XU"), S("91360000625912173C"),
      S("914403001922038217"), S("91230500MA1B3N1N2N"), S("91110108551385082R"), S("913600006124469439")}},
    {"text: Chinese, 12 to 20 characters",
     text,
     {S("吉安市吉州区井冈山大道二十八号"), S("江西省吉安市永丰县恩江东路2号"), S("永丰县五金交电化工公司"),
      S("中国农业银行股份有限公司安福县支行"), S("江西铜业股份有限公司贵溪冶炼厂"),
      S("吉安市市政工程公司第三项目经理部"), S("庐陵（吉安）科技有限责任公司"),
      S("泰和县澄江镇白凤大道东侧")}},
    {"text: ASCII, 18 bytes",
     text,
     {S("91360825162230132G"), S("91100000100003962T"), S("9152000071430580XT"), S("91360000625912173B"),
      S("914403001922038216"), S("91230500MA1B3N1N2M"), S("91110108551385082Q"), S("913600006124469438")}},
    {"text: to be cleaned",
     text,
     {S(" 吉安市吉州区"), S("吉安市  吉州区"), S("吉安市　吉州区"), S("吉安市吉州区 "), S(" 吉安市吉州区"),
      S("吉安市  吉州区"), S("吉安市　吉州区"), S("吉安市吉州区 ")}},
    {"date: 2023-05-01",
     date,
     {S("2023-05-01"), S("1980-01-01"), S("1999-12-31"), S("2024-02-29"), S("2011-06-15"), S("2012-12-25"),
      S("2019-03-08"), S("2001-10-10")}},
    {"date: other spellings",
     date,
     {S("2023/5/1"), S("20230501"), S("2023年5月1日"), S("45047"), S("2023.5.1"), S("2023-05-01 00:00:00"),
      S("2023/12/31"), S("19800101")}},
    {"decimal: 1,234.50",
     decimal,
     {S("1,234.50"), S("12.5"), S("100"), S("-7.25"), S("2,048.7000"), S("0.3"), S("99999.99"), S("18")}},
    {"amount: 46.7000(万元人民币)",
     amount,
     {S("46.7000(万元人民币)"), S("2,000(万元人民币)"), S("1万人民币"), S("98(万美元)"), S("100万元"),
      S("1,000(万港币)"), S("30(万元人民币)"), S("62.9万人民币")}},
    {"amount: a figure alone",
     amount,
     {S("100"), S("12.5"), S("2,048.70"), S("30"), S("1"), S("500"), S("8000"), S("3.2")}},
    {"code: by code and by title, of 40 000",
     code,
     {S("360802001"), S("第12345街道"), S("360839999"), S("第39999街道"), S("360800000"), S("第7街道"),
      S("360811111"), S("第20000街道")}},
};
#undef S

static int make_regions(struct ll_arena *arena, struct ll_err *err)
{
    enum { CODES = 40000 };
    struct ll_codeset *cs = ll_codeset_new(arena, "REGION", CODES);
    char number[16], title[32];
    int rc = cs ? LL_OK : ll_fail(err, LL_NOMEM, "内存不足", "out of memory");

    for (int i = 0; i < CODES && rc == LL_OK; i++) {
        snprintf(number, sizeof number, "%09d", 360800000 + i);
        snprintf(title, sizeof title, "第%d街道", i);
        struct ll_code c = {.code = ll_str(number), .title = ll_str(title)};
        rc = ll_codeset_add(cs, &c, LL_STR(""), err);
    }
    regions = cs;
    return rc;
}

static void run(const struct bench *b, size_t calls, unsigned *sum)
{
    uint64_t best = UINT64_MAX;

    for (int round = 0; round < 5; round++) {
        uint64_t began = ll_mono_us();
        for (size_t i = 0; i < calls / 5; i++)
            *sum += b->call(b->values[i % VALUES]);
        uint64_t took = ll_mono_us() - began;
        best = took < best ? took : best;
    }
    printf("%7.1f ns  %s\n", (double)best * 1000.0 / ((double)calls / 5), b->name);
}

int main(int argc, char **argv)
{
    struct ll_arena *arena = ll_arena_new(0);
    int64_t millions = 2;
    struct ll_err err = {0};
    unsigned sum = 0;

    if (argc > 1 && !ll_str_i64(ll_str(argv[1]), 1, 1000, &millions)) {
        fprintf(stderr, "usage: bench_standard [MILLIONS]\n");
        return 2;
    }
    if (!arena || make_regions(arena, &err) < 0) {
        fprintf(stderr, "%s\n", ll_err_text(&err, LL_EN));
        return 1;
    }
    for (size_t i = 0; i < LL_COUNT(BENCHES); i++)
        run(&BENCHES[i], (size_t)millions * 1000000, &sum);
    ll_buf_free(&scratch);
    ll_arena_free(arena);
    return sum == 0; /* never: the sum is what keeps the calls from being left out */
}
