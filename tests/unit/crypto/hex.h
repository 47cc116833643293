/* hex.h - bytes as vectors write them. */
#ifndef LL_TESTS_UNIT_CRYPTO_HEX_H
#define LL_TESTS_UNIT_CRYPTO_HEX_H

#include "../test.h"

#include "crypto/base64.h"

struct bytes {
    unsigned char p[2048];
    size_t n;
};

/* White space between the digits is passed over. */
static inline struct bytes hex(const char *text)
{
    char digits[4096];
    size_t n = 0;
    struct bytes b = {.n = 0};

    for (; *text; text++)
        if (*text != ' ' && *text != '\n') {
            assert_true(n < sizeof digits);
            digits[n++] = *text;
        }
    b.n = n / 2;
    assert_true(ll_hex_exact((struct ll_str){digits, n}, b.p, b.n));
    return b;
}

static inline struct ll_str view(const struct bytes *b)
{
    return (struct ll_str){(const char *)b->p, b->n};
}

#define assert_hex(got, len, text)                                                                           \
    do {                                                                                                     \
        struct bytes want_ = hex(text);                                                                      \
        assert_int_equal((len), want_.n);                                                                    \
        assert_memory_equal((got), want_.p, want_.n);                                                        \
    } while (0)

#endif
