/* assets.h - the console's files and the API's description, compressed into the program by tools/embed.mjs. */
#ifndef LL_HTTP_ASSETS_H
#define LL_HTTP_ASSETS_H

#include <stdbool.h>
#include <stddef.h>

struct ll_asset {
    const char *name, *type, *etag;
    const unsigned char *gzip;
    size_t gzip_n;
    const unsigned char *brotli;
    size_t brotli_n;
    bool immutable; /* its name carries its hash */
};

extern const struct ll_asset ll_assets[];
extern const size_t ll_asset_count;

#endif
