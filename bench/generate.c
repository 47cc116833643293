/* generate.c - writes the delivery that the benchmarks take in: made-up firms in the shape of an enterprise registration.
 *
 *     generate ROWS sorted|shuffled [BAD_PERCENT [FIRST [STEP [SALT]]]]
 *
 * 12 columns: 2 identifiers, 4 typed items (2 dates, an amount, a whole number), 3 codes, 3 texts; about 180 bytes a row.  BAD_PERCENT of the
 * credit codes have a wrong check character.  Row i describes firm FIRST + i * STEP, so that deliveries can overlap; SALT
 * gives a firm other values.  The same arguments give the same bytes. */
#include "standard/ident.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const regions[] = {"360802", "360803", "360821", "360822", "360823", "360824", "360825",
                                      "360826", "360827", "360828", "360829", "360830", "360881"};
static const char *const industries[] = {"A01", "B06", "C13", "C26", "C39", "D44", "E47",
                                         "F51", "F52", "G54", "I65", "J66", "K70", "L72"};
static const char *const types[] = {"1110", "1130", "1150", "2130", "4330", "9500"};
static const char alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";

/* splitmix64: a row's values follow from its number alone. */
static uint64_t mixed(uint64_t x)
{
    x += 0x9e3779b97f4a7c15u;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}

static int value_of(char c)
{
    return (int)(strchr(alphabet, c) - alphabet);
}

/* 91 + 360800 + eight digits + both check characters (GB 11714, GB 32100). */
static void credit_code(uint64_t firm, char out[19])
{
    static const int org_weights[] = {3, 7, 9, 10, 5, 8, 4, 2};
    static const int weights[] = {1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28};
    int sum = 0;

    snprintf(out, 19, "91360800%08llu", (unsigned long long)(10000000 + firm % 90000000));
    for (int i = 0; i < 8; i++)
        sum += (out[8 + i] - '0') * org_weights[i];
    int check = 11 - sum % 11;
    out[16] = check == 10 ? 'X' : check == 11 ? '0' : (char)('0' + check);
    sum = 0;
    for (int i = 0; i < 17; i++)
        sum += value_of(out[i]) * weights[i];
    out[17] = alphabet[(31 - sum % 31) % 31];
    out[18] = 0;
}

static void resident_id(uint64_t x, char out[19])
{
    static const int weights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    int sum = 0;

    snprintf(out, 19, "%s%04d%02d%02d%03d", regions[x % 13], (int)(1950 + x / 13 % 50),
             (int)(1 + x / 700 % 12), (int)(1 + x / 9000 % 28), (int)(1 + x / 270000 % 899));
    for (int i = 0; i < 17; i++)
        sum += (out[i] - '0') * weights[i];
    out[17] = "10X98765432"[sum % 11];
    out[18] = 0;
}

static void row(uint64_t firm, unsigned bad, uint64_t salt)
{
    uint64_t x = mixed(firm ^ salt << 40);
    char code[19], person[19];

    credit_code(firm, code);
    resident_id(x >> 3, person);
    if (x % 100 < bad)
        code[17] = code[17] == '0' ? '1' : '0';
    printf(
        "%s,样例%llu号商贸有限公司,张样%u,%s,%d-%02d-%02d,%d/%d/%d,%u.%02u万元,%u,%s,%s,%s,江西省吉安市样例路%u号样例大厦%u室\n",
        code, (unsigned long long)firm, (unsigned)(x % 1000), person, (int)(1980 + x / 7 % 40),
        (int)(1 + x / 300 % 12), (int)(1 + x / 4000 % 28), (int)(2020 + x / 11 % 5), (int)(1 + x / 60 % 12),
        (int)(1 + x / 800 % 28), (unsigned)(x / 13 % 100000), (unsigned)(x / 17 % 100),
        (unsigned)(x / 19 % 5000), regions[x / 23 % 13], industries[x / 29 % 14], types[x / 31 % 6],
        (unsigned)(x / 37 % 2000), (unsigned)(x / 41 % 3000));
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        fputs("usage: generate ROWS sorted|shuffled [BAD_PERCENT [FIRST [STEP [SALT]]]]\n", stderr);
        return 64;
    }
    uint64_t rows = strtoull(argv[1], NULL, 10), first = argc > 4 ? strtoull(argv[4], NULL, 10) : 0;
    uint64_t step = argc > 5 ? strtoull(argv[5], NULL, 10) : 1, stride = 1,
             salt = argc > 6 ? strtoull(argv[6], NULL, 10) : 0;
    unsigned bad = argc > 3 ? (unsigned)strtoul(argv[3], NULL, 10) : 2;

    if (strcmp(argv[2], "shuffled") == 0)
        for (stride = 7368787;
             rows % stride == 0;) /* a prime that does not divide the count visits every row once */
            stride += 2;
    static char buffer[1 << 20];
    setvbuf(stdout, buffer, _IOFBF, sizeof buffer);
    puts(
        "统一社会信用代码,企业名称,法定代表人,法定代表人证件号,成立日期,核准日期,注册资本,从业人数,行政区划,行业代码,企业类型,住所");
    for (uint64_t i = 0; i < rows; i++)
        row(first + i * stride % rows * step, bad, salt);
    return ferror(stdout) || fflush(stdout) ? 1 : 0;
}
