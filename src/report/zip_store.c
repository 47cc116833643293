/* zip_store.c - see zip_store.h (APPNOTE.TXT 6.3, sections 4.3 and 4.4: method 0, general purpose bit 11 for names in UTF-8). */
#include "report/zip_store.h"

#include "base/clock.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum {
    LOCAL = 0x04034b50,
    CENTRAL = 0x02014b50,
    THE_END = 0x06054b50,
    VERSION = 20,
    NAME_UTF8 = 1 << 11,
    NAME_MAX_ = 500,
    MADE_BY_UNIX = 3 << 8,
    MODE = 0100600
};
static const uint64_t SIZE_MAX_ = 0xfffffffe;

struct ll_zip_store {
    int (*put)(void *ctx, const void *p, size_t n, struct ll_err *err);
    void *ctx;
    uint64_t n_bytes;
    uint32_t moment; /* date and time as DOS has them */
    unsigned n;
    struct ll_buf central;
};

static void put_16(struct ll_buf *b, unsigned v)
{
    const char bytes[] = {(char)(v & 0xff), (char)(v >> 8 & 0xff)};

    ll_buf_add(b, bytes, sizeof bytes);
}

static void put_32(struct ll_buf *b, uint64_t v)
{
    put_16(b, (unsigned)(v & 0xffff));
    put_16(b, (unsigned)(v >> 16 & 0xffff));
}

/* The time in China, which is what a file's time is read as. */
static uint32_t dos_moment(int64_t at)
{
    static const int64_t CHINA_MS = INT64_C(8) * 3600000, DAY_MS = 86400000;
    unsigned m, d, second = (unsigned)((at + CHINA_MS) % DAY_MS / 1000);
    int y;

    ll_civil_from_days((int32_t)((at + CHINA_MS) / DAY_MS), &y, &m, &d);
    if (y < 1980)
        return 1 << 21 | 1 << 16;
    return (uint32_t)(y - 1980) << 25 | m << 21 | d << 16 | second / 3600 << 11 | second / 60 % 60 << 5 |
           second % 60 / 2;
}

int ll_zip_store_open(int (*put)(void *ctx, const void *p, size_t n, struct ll_err *err), void *ctx,
                      int64_t at, struct ll_zip_store **ret, struct ll_err *err)
{
    struct ll_zip_store *z = calloc(1, sizeof *z);

    if (!z)
        return ll_no_memory(err);
    *z = (struct ll_zip_store){
        .put = put, .ctx = ctx, .moment = dos_moment(at), .central = LL_BUF_INIT(64 << 20)};
    *ret = z;
    return LL_OK;
}

static int emit(struct ll_zip_store *z, struct ll_str bytes, struct ll_err *err)
{
    z->n_bytes += bytes.n;
    return z->put(z->ctx, bytes.p, bytes.n, err);
}

/* What the local header and the one in the directory have in common. */
static void put_common(const struct ll_zip_store *z, uint32_t crc, size_t name, size_t size,
                       struct ll_buf *out)
{
    put_16(out, VERSION);
    put_16(out, NAME_UTF8);
    put_16(out, 0); /* stored */
    put_32(out, z->moment);
    put_32(out, crc);
    put_32(out, size);
    put_32(out, size);
    put_16(out, (unsigned)name);
    put_16(out, 0); /* no further fields */
}

static void put_central(struct ll_zip_store *z, uint32_t crc, struct ll_str name, size_t size)
{
    put_32(&z->central, CENTRAL);
    put_16(&z->central, VERSION | MADE_BY_UNIX);
    put_common(z, crc, name.n, size, &z->central);
    put_16(&z->central, 0); /* no comment */
    put_16(&z->central, 0); /* the first disk */
    put_16(&z->central, 0);
    put_32(&z->central, (uint64_t)MODE << 16);
    put_32(&z->central, z->n_bytes);
    ll_buf_str(&z->central, name);
}

int ll_zip_store_add(struct ll_zip_store *z, const char *name, struct ll_str content, struct ll_err *err)
{
    struct ll_buf head = LL_BUF_INIT(NAME_MAX_ + 64);
    struct ll_str called = ll_str(name);
    int rc;

    if (called.n > NAME_MAX_ || z->n == LL_ZIP_ENTRIES ||
        z->n_bytes + content.n + z->central.n + 4096 > SIZE_MAX_)
        return ll_fail(err, LL_TOOBIG, "压缩包至多 %d 个文件、4 GiB",
                       "a ZIP file has at most %d files and 4 GiB", LL_ZIP_ENTRIES);
    uint32_t crc = (uint32_t)crc32(0, (const Bytef *)content.p, (uInt)content.n);
    put_central(z, crc, called, content.n);
    put_32(&head, LOCAL);
    put_common(z, crc, called.n, content.n, &head);
    ll_buf_str(&head, called);
    z->n++;
    rc = head.failed || z->central.failed ? ll_no_memory(err) : emit(z, ll_buf_view(&head), err);
    ll_buf_free(&head);
    return rc < 0 ? rc : emit(z, content, err);
}

int ll_zip_store_end(struct ll_zip_store *z, struct ll_err *err)
{
    uint64_t from = z->n_bytes, size = z->central.n;

    put_32(&z->central, THE_END);
    put_16(&z->central, 0); /* one disk */
    put_16(&z->central, 0);
    put_16(&z->central, z->n);
    put_16(&z->central, z->n);
    put_32(&z->central, size);
    put_32(&z->central, from);
    put_16(&z->central, 0); /* no comment */
    return z->central.failed ? ll_no_memory(err) : emit(z, ll_buf_view(&z->central), err);
}

struct ll_zip_store *ll_zip_store_close(struct ll_zip_store *z)
{
    if (z)
        ll_buf_free(&z->central);
    free(z);
    return NULL;
}
