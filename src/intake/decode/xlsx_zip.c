/* xlsx_zip.c - see xlsx_zip.h. */
#include "intake/decode/xlsx_zip.h"

#include "crypto/random.h"
#include "intake/decode/xlsx_tail.h"

#include <stdlib.h>
#include <string.h>
#include <zip.h>

struct ll_xlsx_zip {
    zip_t *archive;
    uint64_t inflated; /* by all parts together */
};

struct ll_xlsx_part {
    struct ll_xlsx_zip *zip;
    zip_file_t *file;
    uint64_t limit, packed, inflated;
    char name[LL_PATH];
};

static bool same_name(const char *a, const char *b)
{
    for (;; a++, b++) {
        char x = *a == '\\' ? '/' : *a, y = *b == '\\' ? '/' : *b;
        if (x >= 'A' && x <= 'Z')
            x = (char)(x + 32);
        if (y >= 'A' && y <= 'Z')
            y = (char)(y + 32);
        if (x != y)
            return false;
        if (!x)
            return true;
    }
}

static zip_int64_t locate(zip_t *archive, const char *name)
{
    zip_int64_t at = zip_name_locate(archive, name, 0);
    zip_int64_t n = zip_get_num_entries(archive, 0);

    for (zip_int64_t i = 0; at < 0 && i < n; i++) {
        const char *own = zip_get_name(archive, (zip_uint64_t)i, 0);
        if (own && same_name(own[0] == '/' ? own + 1 : own, name))
            at = i;
    }
    return at;
}

static int find_workbook(zip_t *archive, struct ll_err *err)
{
    if (locate(archive, "_rels/.rels") < 0 && locate(archive, "xl/workbook.xml") < 0)
        return ll_fail(err, LL_INVALID, "压缩包中没有工作簿；请提交 .xlsx 文件本身",
                       "a ZIP file that holds no workbook; deliver the .xlsx file itself");
    return LL_OK;
}

/* --- the file, as the ZIP library reads it ----------------------------------------------------------------------- */

enum { AHEAD = LL_FRAME }; /* the library reads by few bytes, and a frame is opened whole */

struct reading {
    const struct ll_bytes *file;
    int64_t at;    /* where the library stands */
    int64_t ahead; /* offset of what was read ahead; n bytes of it */
    size_t n;
    zip_error_t error;
    char bytes[AHEAD];
};

static zip_int64_t read_some(struct reading *k, char *out, size_t n)
{
    if (k->at < k->ahead || k->at >= k->ahead + (int64_t)k->n) {
        k->ahead = k->at - k->at % AHEAD;
        if (ll_bytes_read(k->file, k->bytes, AHEAD, k->ahead, &k->n, NULL) < 0) {
            k->n = 0;
            zip_error_set(&k->error, ZIP_ER_READ, 0);
            return -1;
        }
    }
    size_t within = (size_t)(k->at - k->ahead), have = within < k->n ? k->n - within : 0;
    size_t part = have < n ? have : n;
    memcpy(out, k->bytes + within, part);
    k->at += (int64_t)part;
    return (zip_int64_t)part;
}

static zip_int64_t read_all(struct reading *k, char *out, zip_uint64_t n)
{
    zip_uint64_t done = 0;
    zip_int64_t part = 1;

    while (done < n && part > 0)
        if ((part = read_some(k, out + done, n - done)) > 0)
            done += (zip_uint64_t)part;
    return part < 0 ? -1 : (zip_int64_t)done;
}

static zip_int64_t seek_to(struct reading *k, void *data, zip_uint64_t n)
{
    zip_int64_t at = zip_source_seek_compute_offset((zip_uint64_t)k->at, (zip_uint64_t)k->file->size, data, n,
                                                    &k->error);

    if (at < 0)
        return -1;
    k->at = at;
    return 0;
}

static zip_int64_t tell_stat(const struct reading *k, zip_stat_t *st)
{
    zip_stat_init(st);
    st->valid = ZIP_STAT_SIZE;
    st->size = (zip_uint64_t)k->file->size;
    return sizeof *st;
}

static zip_int64_t command(void *ctx, void *data, zip_uint64_t n, zip_source_cmd_t cmd)
{
    struct reading *k = ctx;

    switch (cmd) {
    case ZIP_SOURCE_OPEN:
        k->at = 0;
        return 0;
    case ZIP_SOURCE_READ:
        return read_all(k, data, n);
    case ZIP_SOURCE_CLOSE:
        return 0;
    case ZIP_SOURCE_STAT:
        return tell_stat(k, data);
    case ZIP_SOURCE_ERROR:
        return zip_error_to_data(&k->error, data, n);
    case ZIP_SOURCE_SEEK:
        return seek_to(k, data, n);
    case ZIP_SOURCE_TELL:
        return k->at;
    case ZIP_SOURCE_SUPPORTS:
        return zip_source_make_command_bitmap(ZIP_SOURCE_OPEN, ZIP_SOURCE_READ, ZIP_SOURCE_CLOSE,
                                              ZIP_SOURCE_STAT, ZIP_SOURCE_ERROR, ZIP_SOURCE_FREE,
                                              ZIP_SOURCE_SEEK, ZIP_SOURCE_TELL, -1);
    case ZIP_SOURCE_FREE:
        ll_wipe(k, sizeof *k);
        free(k);
        return 0;
    default:
        zip_error_set(&k->error, ZIP_ER_OPNOTSUPP, 0);
        return -1;
    }
}

static zip_t *open_archive(const struct ll_bytes *file, zip_error_t *why)
{
    struct reading *k = calloc(1, sizeof *k);
    zip_source_t *source;
    zip_t *archive;

    zip_error_init(why);
    if (!k) {
        zip_error_set(why, ZIP_ER_MEMORY, 0);
        return NULL;
    }
    k->file = file;
    zip_error_init(&k->error);
    if (!(source = zip_source_function_create(command, k, why))) {
        free(k);
        return NULL;
    }
    if (!(archive = zip_open_from_source(source, ZIP_RDONLY, why)))
        zip_source_free(source); /* and with it k */
    return archive;
}

int ll_xlsx_zip_open(struct ll_xlsx_zip **ret, const struct ll_bytes *file, struct ll_err *err)
{
    int rc = ll_xlsx_tail_check(file, err);
    zip_error_t why;

    if (rc < 0)
        return rc;
    zip_t *archive = open_archive(file, &why);
    if (!archive)
        rc = ll_fail(err, zip_error_code_zip(&why) == ZIP_ER_MEMORY ? LL_NOMEM : LL_INVALID,
                     "工作簿已损坏，无法解压（%s）", "the workbook is damaged and cannot be unpacked (%s)",
                     zip_error_strerror(&why));
    zip_error_fini(&why);
    if (rc < 0)
        return rc;
    struct ll_xlsx_zip *z = calloc(1, sizeof *z);
    if (!z)
        rc = ll_fail(err, LL_NOMEM, "内存不足", "out of memory");
    else
        rc = find_workbook(archive, err);
    if (rc < 0) {
        zip_discard(archive);
        free(z);
        return rc;
    }
    z->archive = archive;
    *ret = z;
    return LL_OK;
}

struct ll_xlsx_zip *ll_xlsx_zip_close(struct ll_xlsx_zip *z)
{
    if (z)
        zip_discard(z->archive);
    free(z);
    return NULL;
}

static int damaged(const struct ll_xlsx_part *p, const char *why, struct ll_err *err)
{
    return ll_fail(err, LL_INVALID, "工作簿的 %s 已损坏（%s）；请用 Excel 或 WPS 打开并重新保存",
                   "part %s of the workbook is damaged (%s); open it in Excel or WPS and save it again",
                   p->name, why);
}

static int open_entry(struct ll_xlsx_part *p, zip_uint64_t at, struct ll_err *err)
{
    zip_stat_t st;

    if (zip_stat_index(p->zip->archive, at, 0, &st) < 0)
        return damaged(p, zip_strerror(p->zip->archive), err);
    if ((st.valid & ZIP_STAT_ENCRYPTION_METHOD) && st.encryption_method != ZIP_EM_NONE)
        return ll_fail(err, LL_INVALID, "压缩包已加密；请取消密码后再提交",
                       "the ZIP file is encrypted; remove the password and deliver it again");
    p->packed = st.valid & ZIP_STAT_COMP_SIZE ? st.comp_size : 0;
    p->file = zip_fopen_index(p->zip->archive, at, 0);
    return p->file ? LL_OK : damaged(p, zip_strerror(p->zip->archive), err);
}

int ll_xlsx_part_open(struct ll_xlsx_part **ret, struct ll_xlsx_zip *z, const char *name, uint64_t limit,
                      struct ll_err *err)
{
    zip_int64_t at = locate(z->archive, name);

    if (at < 0)
        return ll_fail(err, LL_NOTFOUND, "工作簿中没有 %s", "the workbook has no part %s", name);
    struct ll_xlsx_part *p = calloc(1, sizeof *p);
    if (!p)
        return ll_fail(err, LL_NOMEM, "内存不足", "out of memory");
    p->zip = z;
    p->limit = limit;
    int rc = ll_path(p->name, err, "%s", name);
    if (rc == LL_OK)
        rc = open_entry(p, (zip_uint64_t)at, err);
    if (rc < 0) {
        free(p);
        return rc;
    }
    *ret = p;
    return LL_OK;
}

struct ll_xlsx_part *ll_xlsx_part_close(struct ll_xlsx_part *p)
{
    if (p && p->file)
        zip_fclose(p->file);
    free(p);
    return NULL;
}

const char *ll_xlsx_part_name(const struct ll_xlsx_part *p)
{
    return p->name;
}

static int check_limits(const struct ll_xlsx_part *p, struct ll_err *err)
{
    if (p->inflated > p->limit)
        return ll_fail(err, LL_TOOBIG, "工作簿的 %s 解压后超过 %llu MiB",
                       "part %s of the workbook unpacks to over %llu MiB", p->name,
                       (unsigned long long)(p->limit >> 20));
    if (p->inflated > LL_XLSX_RATIO_FROM && p->inflated / LL_XLSX_RATIO > p->packed)
        return ll_fail(
            err, LL_TOOBIG, "工作簿的 %s 压缩比超过 %d，疑似压缩炸弹，已拒绝",
            "part %s of the workbook unpacks to over %d times its size, as a ZIP bomb does; refused", p->name,
            LL_XLSX_RATIO);
    if (p->zip->inflated > LL_XLSX_TOTAL)
        return ll_fail(err, LL_TOOBIG, "工作簿解压总量超过 %d GiB",
                       "the workbook unpacks to over %d GiB in all", (int)(LL_XLSX_TOTAL >> 30));
    return LL_OK;
}

int64_t ll_xlsx_part_read(struct ll_xlsx_part *p, void *buf, size_t n, struct ll_err *err)
{
    zip_int64_t got = zip_fread(p->file, buf, n);

    if (got < 0)
        return damaged(p, zip_file_strerror(p->file), err);
    p->inflated += (uint64_t)got;
    p->zip->inflated += (uint64_t)got;
    int rc = check_limits(p, err);
    return rc < 0 ? rc : got;
}

static int hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Appends one segment of a path to out, undoing %20 and the like. */
static size_t add_segment(char *out, size_t n, struct ll_str s)
{
    if (n && n < LL_PATH - 1)
        out[n++] = '/';
    for (size_t i = 0; i < s.n && n < LL_PATH - 1; i++) {
        bool escaped = s.p[i] == '%' && i + 2 < s.n && hex(s.p[i + 1]) >= 0 && hex(s.p[i + 2]) >= 0;
        out[n++] = escaped ? (char)(hex(s.p[i + 1]) << 4 | hex(s.p[i + 2])) : s.p[i];
        i += escaped ? 2 : 0;
    }
    return n;
}

int ll_xlsx_part_resolve(char out[LL_PATH], const char *base, const char *target, struct ll_err *err)
{
    const char *slash = strrchr(base, '/');
    bool absolute = target[0] == '/' || target[0] == '\\';
    size_t n = !absolute && slash ? (size_t)(slash - base) : 0;

    if (n + strlen(target) + 2 > LL_PATH)
        return ll_fail(err, LL_INVALID, "工作簿中的部件名过长", "a part name in the workbook is too long");
    memcpy(out, base, n);
    for (const char *p = target; *p;) {
        size_t len = strcspn(p, "/\\");
        struct ll_str segment = {p, len};
        p += len + (p[len] != 0);
        if (ll_str_is(segment, "..")) {
            const char *cut = n ? memrchr(out, '/', n) : NULL;
            n = cut ? (size_t)(cut - out) : 0;
        } else if (segment.n && !ll_str_is(segment, ".")) {
            n = add_segment(out, n, segment);
        }
    }
    out[n] = 0;
    return LL_OK;
}
