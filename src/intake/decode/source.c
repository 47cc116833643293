/* source.c - see source.h.  A delivery is unpacked, then decoded to UTF-8, then given to the backend of its format; each step that is
 * not needed is left out, and each reads what the one before it wrote. */
#include "intake/decode/source.h"

#include "intake/decode/backend.h"
#include "intake/decode/charset.h"
#include "intake/decode/columns.h"
#include "intake/decode/detect.h"
#include "intake/decode/spool.h"
#include "intake/decode/unpack.h"
#include "intake/decode/window.h"

#include <stdlib.h>
#include <string.h>

enum { HEAD_BYTES = 256 << 10, SOURCE_MAGIC = 0x6c6c7372 };

struct ll_source {
    unsigned magic;
    struct ll_arena *arena;
    struct ll_source_info info;
    struct ll_source_opts opts;
    const struct ll_decode_backend *backend;
    void *impl;
    struct ll_bytes received; /* the delivery as received */
    struct ll_spool unpacked, decoded;
    struct ll_decode_input in; /* what the last step left */
};

/* What is known of the file while it is opened. */
struct opening {
    struct ll_source *s;
    const char *file_name;
    char head[HEAD_BYTES], tail[HEAD_BYTES];
    size_t n_head, n_tail;
    struct ll_err *err;
};

static struct ll_str head_of(const struct opening *o)
{
    return (struct ll_str){o->head, o->n_head};
}

static struct ll_str after_bom(const struct opening *o)
{
    size_t skip = (size_t)o->s->in.offset;

    return (struct ll_str){o->head + skip, o->n_head - skip};
}

/* Takes a file for the next step and reads its ends. */
static int look_at(struct opening *o, const struct ll_bytes *file)
{
    struct ll_decode_input *in = &o->s->in;
    int rc;

    in->file = file;
    in->offset = 0;
    in->size = file->size;
    if (in->size == 0)
        return ll_fail(o->err, LL_INVALID, "文件是空的（0 字节）", "the file is empty (0 bytes)");
    int64_t tail = in->size > HEAD_BYTES ? in->size - HEAD_BYTES : 0;
    if ((rc = ll_bytes_read(file, o->head, HEAD_BYTES, 0, &o->n_head, o->err)) < 0)
        return rc;
    return ll_bytes_read(file, o->tail, HEAD_BYTES, tail, &o->n_tail, o->err);
}

static bool is_secret(const struct ll_source *s)
{
    return s->received.frames != NULL;
}

static int unpack(struct opening *o)
{
    struct ll_source *s = o->s;
    int rc;

    s->info.compression = ll_compression(head_of(o));
    if (!s->info.compression)
        return LL_OK;
    if ((rc = ll_spool_create(&s->unpacked, s->in.work_dir, is_secret(s), o->err)) < 0 ||
        (rc = ll_unpack(s->in.file, s->info.compression, &s->opts, &s->unpacked, o->err)) < 0 ||
        (rc = look_at(o, &s->unpacked.file)) < 0)
        return rc;
    if (ll_compression(head_of(o)))
        return ll_fail(o->err, LL_INVALID, "文件被压缩了两次，请只压缩一次再交付",
                       "the file is packed twice: pack it once and deliver that");
    return LL_OK;
}

/* A file may begin with a long stretch of ASCII (codes, numbers): the first bytes that are not decide. */
static int vote_beyond_head(struct opening *o, struct ll_charset_votes *v)
{
    struct ll_window w;
    int rc = LL_OK;
    size_t at = 0;

    ll_window_init(&w, o->s->in.file, (int64_t)o->n_head, o->s->in.size);
    while (!w.last && (rc = ll_window_more(&w, w.n, o->err)) == LL_OK) {
        uint64_t word;
        for (at = 0; w.n - at >= 8; at += 8) {
            memcpy(&word, w.p + at, 8);
            if (word & 0x8080808080808080u)
                break;
        }
        while (at < w.n && (unsigned char)w.p[at] < 0x80)
            at++;
        if (at == w.n)
            continue;
        size_t from = at;
        while (from && w.p[from - 1] != '\n' && at - from < HEAD_BYTES)
            from--;
        size_t n = w.n - from < HEAD_BYTES ? w.n - from : HEAD_BYTES;
        ll_charset_vote(v, (struct ll_str){w.p + from, n}, true, from + n == w.n && w.last);
        break;
    }
    ll_window_free(&w);
    return rc;
}

static int find_charset(struct opening *o, enum ll_charset *charset)
{
    struct ll_decode_input *in = &o->s->in;
    struct ll_charset_votes votes = {0};
    int rc = LL_OK;

    *charset = LL_UTF8;
    in->offset = (int64_t)ll_charset_bom(head_of(o), charset);
    o->s->info.bom = in->offset > 0;
    if (o->s->opts.charset) {
        if (!ll_charset_parse(ll_str(o->s->opts.charset), charset))
            return ll_fail(o->err, LL_USAGE, "不支持的字符编码 %s；可用 UTF-8、GB18030、UTF-16LE、UTF-16BE",
                           "unknown encoding %s; known are UTF-8, GB18030, UTF-16LE, UTF-16BE",
                           o->s->opts.charset);
        return LL_OK;
    }
    if (in->offset || ll_charset_utf16(head_of(o), charset))
        return LL_OK;
    ll_charset_vote(&votes, head_of(o), true, (int64_t)o->n_head == in->size);
    if (votes.utf8 + votes.gb18030 == 0)
        rc = vote_beyond_head(o, &votes);
    *charset = ll_charset_elected(&votes);
    return rc;
}

static int decode(struct opening *o)
{
    struct ll_source *s = o->s;
    enum ll_charset charset;
    int rc = find_charset(o, &charset);

    if (rc < 0)
        return rc;
    s->in.charset = charset;
    s->info.charset = ll_charset_name(charset);
    bool wide = charset == LL_UTF16LE || charset == LL_UTF16BE;
    if (!wide &&
        (rc = ll_detect_text(after_bom(o), o->err)) < 0) /* before a binary file is decoded for nothing */
        return rc;
    if (charset == LL_UTF8)
        return LL_OK;
    int64_t offset = s->in.offset;
    if ((rc = ll_spool_create(&s->decoded, s->in.work_dir, is_secret(s), o->err)) < 0 ||
        (rc = ll_charset_decode(s->in.file, offset, charset, &s->decoded, o->err)) < 0 ||
        (rc = look_at(o, &s->decoded.file)) < 0)
        return rc;
    ll_spool_remove(&s->unpacked); /* its bytes are in the decoded file now */
    return LL_OK;
}

static int choose_backend(struct opening *o)
{
    struct ll_source *s = o->s;
    bool xlsx;
    int rc = ll_detect_container(head_of(o), (struct ll_str){o->tail, o->n_tail}, &xlsx, o->err);

    if (rc < 0 || xlsx) {
        s->backend = &ll_decode_xlsx;
        s->info.charset = "UTF-8";
        return rc;
    }
    if ((rc = decode(o)) < 0)
        return rc;
    if ((rc = ll_detect_text(after_bom(o), o->err)) < 0)
        return rc;
    s->backend = ll_detect_json(after_bom(o), o->file_name) ? &ll_decode_json : &ll_decode_csv;
    return LL_OK;
}

static int read_sample(struct ll_source *s, struct ll_err *err)
{
    struct ll_rows *rows;
    int rc = s->backend->rows(s->impl, NULL, &rows, err);

    if (rc < 0)
        return rc;
    rc = ll_columns_sample(&s->info, s->arena, rows, err);
    rows->ops->close(rows);
    return rc;
}

static int describe(struct ll_source *s, struct ll_err *err)
{
    static const char *const formats[] = {"CSV", "JSON", "JSON Lines", "XLSX"};
    const char *packed = s->info.compression;
    const char *bom = s->info.bom ? " BOM" : "";
    const char *zh = s->info.text[LL_ZH], *en = s->info.text[LL_EN], *format = formats[s->info.format];

    s->info.text[LL_ZH] = ll_arena_printf(s->arena, "%s%s%s，%s%s，%s", packed ? packed : "",
                                          packed ? " 压缩的 " : "", format, s->info.charset, bom,
                                          zh ? zh : "");
    s->info.text[LL_EN] = ll_arena_printf(s->arena, "%s%s%s, %s%s, %s", format, packed ? " packed by " : "",
                                          packed ? packed : "", s->info.charset, bom, en ? en : "");
    if (!s->info.text[LL_ZH] || !s->info.text[LL_EN])
        return ll_fail(err, LL_NOMEM, "打开交付文件时内存不足", "out of memory opening the delivery");
    return LL_OK;
}

static int open_steps(struct opening *o)
{
    struct ll_source *s = o->s;
    int rc;

    if ((rc = look_at(o, &s->received)) < 0 || (rc = unpack(o)) < 0 || (rc = choose_backend(o)) < 0 ||
        (rc = s->backend->open(&s->in, &s->info, &s->impl, o->err)) < 0 || (rc = read_sample(s, o->err)) < 0)
        return rc;
    return describe(s, o->err);
}

static struct ll_source *new_source(const struct ll_source_opts *opts, const char *work_dir)
{
    struct ll_source *s = calloc(1, sizeof *s);

    if (!s)
        return NULL;
    s->magic = SOURCE_MAGIC;
    s->received = LL_BYTES_INIT;
    s->unpacked = s->decoded = LL_SPOOL_INIT;
    s->opts = opts ? *opts : LL_SOURCE_OPTS_INIT;
    s->arena = ll_arena_new((size_t)256 << 20);
    s->in.opts = &s->opts;
    s->in.arena = s->arena;
    s->in.work_dir = s->arena ? ll_arena_dup(s->arena, ll_str(work_dir)) : NULL;
    return s->in.work_dir ? s : ll_source_close(s);
}

int ll_source_take(struct ll_bytes *file, const char *file_name, const char *work_dir,
                   const struct ll_source_opts *opts, struct ll_source **ret, struct ll_err *err)
{
    struct ll_source *s = new_source(opts, work_dir);
    struct opening *o = malloc(sizeof *o);
    int rc;

    if (!s || !o) {
        rc = ll_fail(err, LL_NOMEM, "打开交付文件时内存不足", "out of memory opening the delivery");
        ll_bytes_close(file);
    } else {
        s->received = *file;
        *file = LL_BYTES_INIT;
        o->s = s;
        o->file_name = file_name;
        o->err = err;
        rc = open_steps(o);
    }
    free(o);
    if (rc < 0)
        ll_source_close(s);
    else
        *ret = s;
    return rc;
}

int ll_source_open(const char *path, const char *file_name, const char *work_dir,
                   const struct ll_source_opts *opts, struct ll_source **ret, struct ll_err *err)
{
    struct ll_bytes file = LL_BYTES_INIT;
    int rc = ll_bytes_open(&file, path, err);

    return rc < 0 ? rc : ll_source_take(&file, file_name, work_dir, opts, ret, err);
}

struct ll_source *ll_source_close(struct ll_source *s)
{
    if (!s)
        return NULL;
    LL_CHECK(s, SOURCE_MAGIC);
    if (s->impl)
        s->backend->close(s->impl);
    ll_spool_remove(&s->unpacked);
    ll_spool_remove(&s->decoded);
    ll_bytes_close(&s->received);
    ll_arena_free(s->arena);
    s->magic = 0;
    free(s);
    return NULL;
}

const struct ll_source_info *ll_source_info(const struct ll_source *s)
{
    LL_CHECK(s, SOURCE_MAGIC);
    return &s->info;
}

int ll_source_scan(struct ll_source *s, unsigned max, struct ll_range *ranges, unsigned *ret_n,
                   uint64_t *ret_rows, struct ll_err *err)
{
    LL_CHECK(s, SOURCE_MAGIC);
    return s->backend->scan(s->impl, max, ranges, ret_n, ret_rows, err);
}

int ll_source_rows(struct ll_source *s, const struct ll_range *range, struct ll_rows **ret,
                   struct ll_err *err)
{
    LL_CHECK(s, SOURCE_MAGIC);
    return s->backend->rows(s->impl, range, ret, err);
}
