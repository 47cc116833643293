/* qr.h - a QR code (ISO/IEC 18004) of a short text, by libqrencode: error correction M, the smallest version that holds it. */
#ifndef LL_REPORT_QR_H
#define LL_REPORT_QR_H

#include "base/arena.h"
#include "base/err.h"

enum { LL_QR_TEXT_MAX = 600, LL_QR_QUIET = 4 /* light modules that belong around it */ };

struct ll_qr {
    unsigned width;             /* modules a side, without the quiet zone */
    const unsigned char *cells; /* width * width, 1 is dark; in the arena */
};

int ll_qr_make(struct ll_arena *arena, struct ll_str text, struct ll_qr *ret, struct ll_err *err) LL_MUST;

#endif
