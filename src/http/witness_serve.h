/* witness_serve.h - `luling witness`: the witness protocol (C2SP tlog-witness) over HTTP, until SIGTERM or SIGINT.
 *
 *   POST /add-checkpoint                  GET /<hexadecimal SHA-256 of the origin>/checkpoint
 *
 * Plain HTTP on an address of the operator's choice: nothing it says is secret, and what it signs depends on signatures alone.  A reverse
 * proxy adds TLS where that is asked for. */
#ifndef LL_HTTP_WITNESS_SERVE_H
#define LL_HTTP_WITNESS_SERVE_H

#include "base/err.h"

struct ll_witness;

struct ll_witness_serve {
    struct ll_witness *witness;
    const char *address;
    unsigned port; /* 0: any free one */
    void (*ready)(void *ctx, const char *url);
    void *ctx;
};

int ll_witness_serve(const struct ll_witness_serve *o, struct ll_err *err) LL_MUST;

#endif
