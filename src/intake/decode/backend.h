/* backend.h - what a format gives to source.c: csv.c, json.c and xlsx.c export one table each. */
#ifndef LL_INTAKE_DECODE_BACKEND_H
#define LL_INTAKE_DECODE_BACKEND_H

#include "base/arena.h"
#include "intake/decode/bytes.h"
#include "intake/decode/charset.h"
#include "intake/decode/source.h"

/* What a backend's open gets: plain UTF-8 text (CSV, JSON) or the workbook as delivered (XLSX). */
struct ll_decode_input {
    const struct ll_bytes *file; /* owned by the source, outlives the backend */
    int64_t offset;              /* of the first byte after a BOM */
    int64_t size;                /* of its bytes */
    enum ll_charset charset;     /* of the delivery; unless it is UTF-8 the text has the marks of charset.h */
    const char *work_dir;        /* for temporary files of the backend's own; it removes them in close */
    const struct ll_source_opts *opts;
    struct ll_arena *arena; /* lives as long as the source; for names, sample and texts */
};

/* open fills in info: format, dialect or sheet, header_line, title_rows, names (columns.h), bytes and text (source.c puts
 * compression and charset in front of it, and reads the sample through rows).  Everything it returns through *ret is freed
 * by close.  scan and rows keep the promises of ll_source_scan and ll_source_rows; a range of NULL is all the rows. */
struct ll_decode_backend {
    int (*open)(const struct ll_decode_input *in, struct ll_source_info *info, void **ret,
                struct ll_err *err);
    int (*scan)(void *impl, unsigned max, struct ll_range *ranges, unsigned *ret_n, uint64_t *ret_rows,
                struct ll_err *err);
    int (*rows)(void *impl, const struct ll_range *range, struct ll_rows **ret, struct ll_err *err);
    void (*close)(void *impl); /* NULL is fine */
};

extern const struct ll_decode_backend ll_decode_csv, ll_decode_json, ll_decode_xlsx;

#endif
