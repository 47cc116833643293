/* unpack.c - see unpack.h.  Both formats may hold several members one after another; what follows the last one must be zeros. */
#include "intake/decode/unpack.h"

#include "intake/decode/window.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

enum { IN_BYTES = 256 << 10, OUT_BYTES = 1 << 20 };
static const int64_t ratio_from = 64 << 20;

struct unpack {
    const struct ll_bytes *file;
    int64_t size, read; /* of the packed file */
    const struct ll_source_opts *opts;
    struct ll_spool *out;
    struct ll_err *err;
    char *in, *block;
    size_t n, at; /* in[at, n) is not yet unpacked */
};

static int truncated(struct unpack *u, const char *name)
{
    return ll_fail(u->err, LL_INVALID, "%s 压缩文件不完整，请重新压缩并交付",
                   "the %s file is truncated: pack and deliver it again", name);
}

static int damaged(struct unpack *u, const char *name, const char *why)
{
    return ll_fail(u->err, LL_INVALID, "%s 压缩文件已损坏（%s），请重新压缩并交付",
                   "the %s file is damaged (%s): pack and deliver it again", name, why ? why : "?");
}

/* Bytes in hand after the call: u->n > u->at, or the end of the file. */
static int refill(struct unpack *u)
{
    if (u->at < u->n)
        return LL_OK;
    int rc = ll_bytes_read(u->file, u->in, IN_BYTES, u->read, &u->n, u->err);
    u->at = 0;
    if (rc == LL_OK)
        u->read += (int64_t)u->n;
    return rc;
}

static int emit(struct unpack *u, size_t n)
{
    int64_t total = u->out->total + (int64_t)n;

    if (total > u->opts->max_unpacked)
        return ll_fail(u->err, LL_TOOBIG, "解压后超过 %lld MB 的上限，已停止",
                       "unpacks to more than the limit of %lld MB: stopped",
                       (long long)(u->opts->max_unpacked >> 20));
    if (total > ratio_from && total / u->opts->max_ratio > u->size)
        return ll_fail(
            u->err, LL_TOOBIG, "解压后超过压缩文件的 %u 倍，疑似压缩炸弹，已停止；请交付未压缩的文件",
            "unpacks to more than %u times its size, as a zip bomb does: stopped; deliver it unpacked",
            u->opts->max_ratio);
    return ll_spool_add(u->out, u->block, n, u->err);
}

/* After the last member only padding may come: anything else would be dropped silently. */
static int only_zeros(struct unpack *u, const char *name)
{
    for (;;) {
        for (; u->at < u->n; u->at++)
            if (u->in[u->at])
                return damaged(u, name, "bytes after the end");
        int rc = refill(u);
        if (rc < 0 || u->n == 0)
            return rc;
    }
}

static int gzip_member(struct unpack *u, z_stream *z)
{
    for (;;) {
        int rc = refill(u);
        if (rc < 0)
            return rc;
        if (u->n == 0)
            return truncated(u, "gzip");
        z->next_in = (unsigned char *)u->in + u->at;
        z->avail_in = (unsigned)(u->n - u->at);
        z->next_out = (unsigned char *)u->block;
        z->avail_out = OUT_BYTES;
        int zrc = inflate(z, Z_NO_FLUSH);
        u->at = u->n - z->avail_in;
        if (zrc != Z_OK && zrc != Z_STREAM_END && zrc != Z_BUF_ERROR)
            return damaged(u, "gzip", z->msg);
        rc = emit(u, OUT_BYTES - z->avail_out);
        if (rc < 0 || zrc == Z_STREAM_END)
            return rc;
    }
}

static int unpack_gzip(struct unpack *u)
{
    z_stream z = {0};
    int rc;

    if (inflateInit2(&z, 15 + 16) != Z_OK)
        return ll_fail(u->err, LL_NOMEM, "解压时内存不足", "out of memory unpacking");
    do {
        inflateReset(&z);
        rc = gzip_member(u, &z);
        if (rc == LL_OK)
            rc = refill(u);
    } while (rc == LL_OK && u->at < u->n && (unsigned char)u->in[u->at] == 0x1f);
    inflateEnd(&z);
    return rc < 0 ? rc : only_zeros(u, "gzip");
}

static int unpack_zstd(struct unpack *u)
{
    ZSTD_DStream *z = ZSTD_createDStream();
    size_t hint = 1;   /* 0 where a frame ends */
    bool more = false; /* zstd holds back what did not fit the block */
    int rc = z ? LL_OK : ll_fail(u->err, LL_NOMEM, "解压时内存不足", "out of memory unpacking");

    while (rc == LL_OK) {
        if (!more && (rc = refill(u)) < 0)
            break;
        if (!more && u->n == 0) {
            rc = hint ? truncated(u, "zstd") : LL_OK;
            break;
        }
        ZSTD_inBuffer in = {u->in, u->n, u->at};
        ZSTD_outBuffer out = {u->block, OUT_BYTES, 0};
        hint = ZSTD_decompressStream(z, &out, &in);
        u->at = in.pos;
        more = hint != 0 && out.pos == OUT_BYTES;
        rc = ZSTD_isError(hint) ? damaged(u, "zstd", ZSTD_getErrorName(hint)) : emit(u, out.pos);
    }
    ZSTD_freeDStream(z);
    return rc;
}

const char *ll_compression(struct ll_str head)
{
    if (ll_str_starts(head, LL_STR("\x1f\x8b")))
        return "gzip";
    if (ll_str_starts(head, LL_STR("\x28\xb5\x2f\xfd")))
        return "zstd";
    return NULL;
}

int ll_unpack(const struct ll_bytes *file, const char *compression, const struct ll_source_opts *opts,
              struct ll_spool *out, struct ll_err *err)
{
    struct unpack u = {.file = file, .size = file->size, .opts = opts, .out = out, .err = err};
    int rc;

    u.in = malloc(IN_BYTES);
    u.block = malloc(OUT_BYTES);
    if (!u.in || !u.block)
        rc = ll_fail(err, LL_NOMEM, "解压时内存不足", "out of memory unpacking");
    else
        rc = strcmp(compression, "gzip") == 0 ? unpack_gzip(&u) : unpack_zstd(&u);
    free(u.in);
    free(u.block);
    return rc < 0 ? rc : ll_spool_flush(out, err);
}
