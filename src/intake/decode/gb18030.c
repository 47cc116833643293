/* gb18030.c - see gb18030.h.  Calling iconv for every character of a large file costs more than all the rest of the decoding, so the
 * 23 940 two-byte places are asked for once.  Four-byte characters are rare and go to iconv one by one. */
#include "intake/decode/gb18030.h"

#include <iconv.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { LEADS = 0xfe - 0x81 + 1, TRAILS = 0xfe - 0x40 + 1 };

struct ll_gb18030 {
    iconv_t cd;
    uint32_t two[LEADS][TRAILS]; /* 0: no character there; a few lie beyond U+FFFF */
};

static uint32_t ask(iconv_t cd, const unsigned char *p, size_t n)
{
    char in[4];
    unsigned char out[8];
    char *from = in, *to = (char *)out;
    size_t left = n, room = sizeof out;

    memcpy(in, p, n);
    iconv(cd, NULL, NULL, NULL, NULL);
    if (iconv(cd, &from, &left, &to, &room) == (size_t)-1 || left || room != sizeof out - 4)
        return 0;
    return (uint32_t)out[0] << 24 | (uint32_t)out[1] << 16 | (uint32_t)out[2] << 8 | out[3];
}

int ll_gb18030_open(struct ll_gb18030 **ret, struct ll_err *err)
{
    struct ll_gb18030 *g = calloc(1, sizeof *g);

    if (!g)
        return ll_fail(err, LL_NOMEM, "解码 GB18030 时内存不足", "out of memory decoding GB18030");
    g->cd = iconv_open("UTF-32BE", "GB18030");
    if ((intptr_t)g->cd == -1) {
        free(g);
        return ll_fail(err, LL_FAIL, "本机的 C 语言库不支持 GB18030（缺 gconv 模块）",
                       "this machine's C library lacks GB18030 (its gconv modules)");
    }
    for (unsigned lead = 0; lead < LEADS; lead++)
        for (unsigned trail = 0; trail < TRAILS; trail++) {
            unsigned char c[2] = {(unsigned char)(0x81 + lead), (unsigned char)(0x40 + trail)};
            g->two[lead][trail] = c[1] == 0x7f ? 0 : ask(g->cd, c, 2);
        }
    *ret = g;
    return LL_OK;
}

struct ll_gb18030 *ll_gb18030_close(struct ll_gb18030 *g)
{
    if (g)
        iconv_close(g->cd);
    free(g);
    return NULL;
}

size_t ll_gb18030_form(const unsigned char *p, size_t n)
{
    if (p[0] < 0x80)
        return 1;
    if (p[0] == 0x80 || p[0] == 0xff || n < 2)
        return 0;
    if (p[1] >= 0x40 && p[1] != 0x7f && p[1] != 0xff)
        return 2;
    bool four = p[1] >= 0x30 && p[1] <= 0x39 && n >= 4 && p[2] >= 0x81 && p[2] <= 0xfe && p[3] >= 0x30 &&
                p[3] <= 0x39;
    return four ? 4 : 0;
}

/* Whether the bytes could begin a sequence that is cut off by the end. */
static bool cut_off(const unsigned char *p, size_t n)
{
    if (p[0] <= 0x80 || p[0] == 0xff || n >= 4)
        return false;
    if (n >= 2 && (p[1] < 0x30 || p[1] > 0x39))
        return false;
    return n < 3 || (p[2] >= 0x81 && p[2] <= 0xfe);
}

size_t ll_gb18030_next(const struct ll_gb18030 *g, struct ll_str s, uint32_t *cp, bool *short_by)
{
    const unsigned char *p = (const unsigned char *)s.p;
    size_t n = ll_gb18030_form(p, s.n);

    *short_by = n == 0 && cut_off(p, s.n);
    switch (n) {
    case 1:
        *cp = p[0];
        return 1;
    case 2:
        *cp = g->two[p[0] - 0x81][p[1] - 0x40];
        return *cp ? 2 : 0;
    case 4:
        *cp = ask(g->cd, p, 4);
        return *cp ? 4 : 0;
    default:
        return 0;
    }
}
