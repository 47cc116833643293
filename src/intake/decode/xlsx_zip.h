/* xlsx_zip.h - the package around a workbook: named parts inside a ZIP file, inflated under limits.
 *
 * (1) A file that is cut off or damaged is refused as such.  (What other kinds of file there are is detect.h's to say.)
 * (2) No part inflates beyond its limit, beyond LL_XLSX_RATIO times its packed size, or beyond LL_XLSX_TOTAL together with all others,
 *     whatever the ZIP directory claims.
 * Not thread-safe: one package, one thread at a time. */
#ifndef LL_INTAKE_XLSX_ZIP_H
#define LL_INTAKE_XLSX_ZIP_H

#include "base/fs.h"
#include "intake/decode/bytes.h"

#define LL_XLSX_META_MAX ((uint64_t)64 << 20) /* workbook, relationships, styles */
#define LL_XLSX_STRINGS_MAX                                                                                  \
    ((uint64_t)4 << 30) /* the shared strings part; what is kept of it has a limit of its own */
#define LL_XLSX_SHEET_MAX ((uint64_t)8 << 30)
#define LL_XLSX_TOTAL ((uint64_t)32 << 30) /* over the life of one package, every pass counted */
/* Real sheets pack 8 to 40 times, one long text repeated in every cell over 200; deflate can reach 1032. */
#define LL_XLSX_RATIO 500
#define LL_XLSX_RATIO_FROM ((uint64_t)32 << 20) /* the ratio counts from this size on */

struct ll_xlsx_zip;
struct ll_xlsx_part;

/* file is borrowed. */
int ll_xlsx_zip_open(struct ll_xlsx_zip **ret, const struct ll_bytes *file, struct ll_err *err) LL_MUST;
struct ll_xlsx_zip *ll_xlsx_zip_close(struct ll_xlsx_zip *z); /* NULL is fine; returns NULL */

/* Part names are compared without case and with '\' taken for '/', as some writers make them.  LL_NOTFOUND when there is none. */
int ll_xlsx_part_open(struct ll_xlsx_part **ret, struct ll_xlsx_zip *z, const char *name, uint64_t limit,
                      struct ll_err *err) LL_MUST;
struct ll_xlsx_part *ll_xlsx_part_close(struct ll_xlsx_part *p); /* NULL is fine; returns NULL */
const char *ll_xlsx_part_name(const struct ll_xlsx_part *p);
/* Bytes read, 0 at the end, < 0 on failure. */
int64_t ll_xlsx_part_read(struct ll_xlsx_part *p, void *buf, size_t n, struct ll_err *err);

/* The name of the part that `target` means in the relationships of part `base`: absolute, or relative with . and .. */
int ll_xlsx_part_resolve(char out[LL_PATH], const char *base, const char *target, struct ll_err *err) LL_MUST;

#endif
