/* base64.c - see base64.h. */
#include "crypto/base64.h"

#include <string.h>

#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

static const char alphabets[][65] = {
    [LL_BASE64_STD] = LETTERS "+/",
    [LL_BASE64_URL] = LETTERS "-_",
    [LL_BASE64_BARE] = LETTERS "+/",
};

/* 1 to 3 bytes at p as 4 letters at out; returns how many of them carry bits. */
static size_t put_group(const char *alphabet, const unsigned char *p, size_t n, char out[4])
{
    unsigned v = (unsigned)p[0] << 16 | (n > 1 ? (unsigned)p[1] << 8 : 0) | (n > 2 ? p[2] : 0);

    for (unsigned i = 0; i < 4; i++)
        out[i] = alphabet[v >> (18 - 6 * i) & 63];
    return n + 1;
}

void ll_base64_put(struct ll_buf *out, enum ll_base64 kind, const void *bytes, size_t n)
{
    const unsigned char *p = bytes;

    for (size_t i = 0; i < n; i += 3) {
        char group[4];
        size_t used = put_group(alphabets[kind], p + i, n - i < 3 ? n - i : 3, group);
        ll_buf_add(out, group, used);
        if (kind == LL_BASE64_STD)
            ll_buf_add(out, "==", 4 - used);
    }
    ll_buf_add(out, "", 0); /* an empty text is a text, too */
}

/* -1 for what is no letter of the alphabet. */
static int letter(enum ll_base64 kind, unsigned char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    if (c == (kind == LL_BASE64_URL ? '-' : '+'))
        return 62;
    return c == (kind == LL_BASE64_URL ? '_' : '/') ? 63 : -1;
}

/* Takes the padding off; false where there is too much, too little or any that should not be. */
static bool unpad(struct ll_str *text, enum ll_base64 kind)
{
    if (kind != LL_BASE64_STD)
        return text->n % 4 != 1;
    if (text->n % 4 != 0)
        return false;
    for (unsigned i = 0; i < 2 && text->n && text->p[text->n - 1] == '='; i++)
        text->n--;
    return text->n % 4 != 1;
}

static bool decode(struct ll_str text, enum ll_base64 kind, unsigned char *out)
{
    uint32_t bits = 0;
    unsigned have = 0;

    for (size_t i = 0; i < text.n; i++) {
        int v = letter(kind, (unsigned char)text.p[i]);
        if (v < 0)
            return false;
        bits = bits << 6 | (uint32_t)v;
        have += 6;
        if (have >= 8) {
            have -= 8;
            *out++ = (unsigned char)(bits >> have);
        }
    }
    return (bits & ((1u << have) - 1)) == 0;
}

int ll_base64_get(struct ll_str text, enum ll_base64 kind, struct ll_buf *out, struct ll_err *err)
{
    if (!unpad(&text, kind))
        return ll_fail(err, LL_INVALID, "不是 base64 文本", "not base64 text");
    size_t n = text.n / 4 * 3 + text.n % 4 * 3 / 4;
    if (n > out->ceiling - out->n)
        return ll_fail(err, LL_TOOBIG, "base64 内容超过上限", "base64 content over the limit");
    if (!ll_buf_reserve(out, n))
        return ll_no_memory(err);
    if (n && !decode(text, kind, (unsigned char *)out->p + out->n)) {
        out->p[out->n] = 0;
        return ll_fail(err, LL_INVALID, "不是 base64 文本", "not base64 text");
    }
    out->n += n;
    ll_buf_add(out, "", 0);
    return LL_OK;
}

bool ll_base64_exact(struct ll_str text, enum ll_base64 kind, void *out, size_t n)
{
    struct ll_buf b = LL_BUF_INIT(n);
    bool good = ll_base64_get(text, kind, &b, NULL) == LL_OK && b.n == n;

    if (good && n)
        memcpy(out, b.p, n);
    ll_buf_free(&b);
    return good;
}

void ll_hex_put(struct ll_buf *out, const void *bytes, size_t n)
{
    static const char digits[] = "0123456789abcdef";
    const unsigned char *p = bytes;

    for (size_t i = 0; i < n; i++)
        ll_buf_add(out, (char[]){digits[p[i] >> 4], digits[p[i] & 15]}, 2);
    ll_buf_add(out, "", 0);
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool ll_hex_exact(struct ll_str text, void *out, size_t n)
{
    unsigned char *p = out;

    if (text.n % 2 || text.n / 2 != n)
        return false;
    for (size_t i = 0; i < text.n; i++)
        if (hex_digit(text.p[i]) < 0)
            return false;
    for (size_t i = 0; i < n; i++)
        p[i] = (unsigned char)((unsigned)hex_digit(text.p[2 * i]) << 4 |
                               (unsigned)hex_digit(text.p[2 * i + 1]));
    return true;
}
