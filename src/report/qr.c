/* qr.c - see qr.h. */
#include "report/qr.h"

#include <errno.h>
#include <qrencode.h>
#include <string.h>

int ll_qr_make(struct ll_arena *arena, struct ll_str text, struct ll_qr *ret, struct ll_err *err)
{
    QRcode *code;
    unsigned char *cells;

    if (text.n == 0 || text.n > LL_QR_TEXT_MAX)
        return ll_fail(err, LL_TOOBIG, "二维码的内容应为 1 到 %d 字节", "a QR code takes 1 to %d bytes",
                       LL_QR_TEXT_MAX);
    code = QRcode_encodeData((int)text.n, (const unsigned char *)text.p, 0, QR_ECLEVEL_M);
    if (!code)
        return errno == ENOMEM ? ll_no_memory(err)
                               : ll_fail(err, LL_INTERNAL, "无法生成二维码", "the QR code cannot be made");
    size_t n = (size_t)code->width * (size_t)code->width;
    if ((cells = ll_arena_alloc(arena, n)))
        for (size_t i = 0; i < n; i++)
            cells[i] = code->data[i] & 1;
    *ret = (struct ll_qr){(unsigned)code->width, cells};
    QRcode_free(code);
    return cells ? LL_OK : ll_no_memory(err);
}
