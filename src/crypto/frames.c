/* frames.c - see frames.h. */
#include "crypto/frames.h"

#include "crypto/random.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ON_DISK = LL_FRAME + LL_AEAD_MORE, ABOUT_MORE = 9 };

/* What a frame is about. */
struct about {
    char bytes[LL_FRAMES_HEAD + ABOUT_MORE];
    size_t head;
};

static int about_init(struct about *a, struct ll_str head, struct ll_err *err)
{
    if (head.n > LL_FRAMES_HEAD)
        return ll_fail(err, LL_TOOBIG, "密封文件的头过长", "the head of a sealed file is too long");
    memcpy(a->bytes, head.p, head.n);
    a->head = head.n;
    return LL_OK;
}

static struct ll_str about_frame(struct about *a, uint64_t frame, bool last)
{
    char *p = a->bytes + a->head;

    for (int i = 0; i < 8; i++)
        p[i] = (char)(frame >> (56 - 8 * i));
    p[8] = (char)last;
    return (struct ll_str){a->bytes, a->head + ABOUT_MORE};
}

/* --- writing ------------------------------------------------------------------------------------------------------- */

struct ll_framer {
    int fd;
    const struct ll_aead *key;
    struct about about;
    uint64_t frame;
    size_t n; /* in plain */
    char plain[LL_FRAME];
    struct ll_buf sealed;
};

static int put(int fd, struct ll_str s, struct ll_err *err)
{
    while (s.n) {
        ssize_t n = write(fd, s.p, s.n);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return ll_fail_errno(err, LL_IO, "写密封文件失败", "cannot write a sealed file");
        s.p += n;
        s.n -= (size_t)n;
    }
    return LL_OK;
}

int ll_framer_open(int fd, const struct ll_aead *key, struct ll_str head, struct ll_framer **ret,
                   struct ll_err *err)
{
    struct ll_framer *f = calloc(1, sizeof *f);
    int rc;

    if (!f)
        return ll_no_memory(err);
    f->fd = fd;
    f->key = key;
    f->sealed = LL_BUF_INIT(ON_DISK + 64);
    if ((rc = about_init(&f->about, head, err)) < 0 || (rc = put(fd, head, err)) < 0) {
        ll_framer_close(f);
        return rc;
    }
    *ret = f;
    return LL_OK;
}

static int put_frame(struct ll_framer *f, bool last, struct ll_err *err)
{
    struct ll_str about = about_frame(&f->about, f->frame++, last);
    int rc;

    ll_buf_clear(&f->sealed);
    if ((rc = ll_aead_seal(f->key, about, (struct ll_str){f->plain, f->n}, &f->sealed, err)) < 0)
        return rc;
    f->n = 0;
    return put(f->fd, ll_buf_view(&f->sealed), err);
}

int ll_framer_add(struct ll_framer *f, const void *p, size_t n, struct ll_err *err)
{
    const char *from = p;
    int rc;

    while (n) {
        size_t part = n < LL_FRAME - f->n ? n : LL_FRAME - f->n;
        memcpy(f->plain + f->n, from, part);
        f->n += part;
        from += part;
        n -= part;
        if (f->n == LL_FRAME && (rc = put_frame(f, false, err)) < 0)
            return rc;
    }
    return LL_OK;
}

int ll_framer_end(struct ll_framer *f, struct ll_err *err)
{
    return put_frame(f, true, err);
}

struct ll_framer *ll_framer_close(struct ll_framer *f)
{
    if (!f)
        return NULL;
    ll_buf_free(&f->sealed);
    ll_wipe(f->plain, sizeof f->plain);
    free(f);
    return NULL;
}

/* --- reading ------------------------------------------------------------------------------------------------------- */

struct ll_frames {
    int fd;
    const struct ll_aead *key;
    struct about about;
    uint64_t last; /* number of the last frame */
    int64_t size;
};

/* A frame's bytes as they lie on the disk, and opened; one reader's own. */
struct frame {
    struct about about;
    char sealed[ON_DISK];
    struct ll_buf plain;
};

static int damaged(struct ll_err *err)
{
    return ll_fail(err, LL_INVALID, "密封文件不完整或已被改动", "a sealed file is cut off or was changed");
}

static int read_frame(const struct ll_frames *f, uint64_t frame, struct frame *to, struct ll_err *err)
{
    off_t at = (off_t)(f->about.head + frame * ON_DISK);
    size_t have = 0;

    while (have < sizeof to->sealed) {
        ssize_t n = pread(f->fd, to->sealed + have, sizeof to->sealed - have, at + (off_t)have);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return ll_fail_errno(err, LL_IO, "读取密封文件失败", "cannot read a sealed file");
        if (n == 0)
            break;
        have += (size_t)n;
    }
    ll_buf_clear(&to->plain);
    int rc = ll_aead_open(f->key, about_frame(&to->about, frame, frame == f->last),
                          (struct ll_str){to->sealed, have}, &to->plain, err);
    return rc == LL_INVALID ? damaged(err) : rc;
}

static struct frame *frame_new(const struct ll_frames *f)
{
    struct frame *to = malloc(sizeof *to);

    if (to) {
        to->about = f->about;
        to->plain = LL_BUF_INIT(LL_FRAME + 64);
    }
    return to;
}

static void frame_free(struct frame *to)
{
    if (to)
        ll_buf_wipe(&to->plain);
    free(to);
}

static int check_head(const struct ll_frames *f, struct ll_str head, struct ll_err *err)
{
    char found[LL_FRAMES_HEAD];

    return pread(f->fd, found, head.n, 0) == (ssize_t)head.n && memcmp(found, head.p, head.n) == 0
               ? LL_OK
               : damaged(err);
}

static int check_end(struct ll_frames *f, struct ll_err *err)
{
    struct frame *to = frame_new(f);
    struct stat st;
    int rc = LL_OK;

    if (!to)
        return ll_no_memory(err);
    if (fstat(f->fd, &st) < 0)
        rc = ll_fail_errno(err, LL_IO, "读取密封文件失败", "cannot read a sealed file");
    else if (st.st_size < (off_t)f->about.head + LL_AEAD_MORE)
        rc = damaged(err);
    if (rc == LL_OK) {
        uint64_t body = (uint64_t)st.st_size - f->about.head;
        f->last = (body - LL_AEAD_MORE) / ON_DISK;
        rc = read_frame(f, f->last, to, err);
        f->size = (int64_t)(f->last * LL_FRAME + to->plain.n);
    }
    frame_free(to);
    return rc;
}

int ll_frames_open(int fd, const struct ll_aead *key, struct ll_str head, struct ll_frames **ret,
                   struct ll_err *err)
{
    struct ll_frames *f = calloc(1, sizeof *f);
    int rc;

    if (!f)
        return ll_no_memory(err);
    f->fd = fd;
    f->key = key;
    if ((rc = about_init(&f->about, head, err)) < 0 || (rc = check_head(f, head, err)) < 0 ||
        (rc = check_end(f, err)) < 0) {
        ll_frames_close(f);
        return rc;
    }
    *ret = f;
    return LL_OK;
}

int64_t ll_frames_size(const struct ll_frames *f)
{
    return f->size;
}

int ll_frames_read(const struct ll_frames *f, void *p, size_t n, int64_t offset, size_t *ret_n,
                   struct ll_err *err)
{
    struct frame *to = frame_new(f);
    char *out = p;
    int rc = to ? LL_OK : ll_no_memory(err);

    *ret_n = 0;
    if (offset >= f->size)
        n = 0;
    else if ((int64_t)n > f->size - offset)
        n = (size_t)(f->size - offset);
    while (rc == LL_OK && n) {
        size_t within = (size_t)(offset % LL_FRAME);
        if ((rc = read_frame(f, (uint64_t)offset / LL_FRAME, to, err)) < 0)
            break;
        size_t part = to->plain.n > within ? to->plain.n - within : 0;
        part = part < n ? part : n;
        if (!part) /* a frame that is no whole one stands in the middle */
            rc = damaged(err);
        else
            memcpy(out + *ret_n, to->plain.p + within, part);
        *ret_n += part;
        offset += (int64_t)part;
        n -= part;
    }
    frame_free(to);
    return rc;
}

struct ll_frames *ll_frames_close(struct ll_frames *f)
{
    free(f);
    return NULL;
}
