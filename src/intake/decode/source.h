/* source.h - one delivered file, opened: what it is, what its columns are, and readers over its rows.
 *
 * (1) What the file is follows from its content; its name is only a hint, and an option only overrides what was found.
 * (2) Every record of the file is a row of exactly one range, or one of the lines above the data that `info` names;
 *     only blank lines are neither.  A record that cannot be decoded is a row too, with its fault.
 * (3) Memory is bounded by the readers' chunks and max_record, whatever the file's size; nothing is mapped.
 * (4) After ll_source_scan the source is read-only: any number of threads may read its ranges at once.
 *
 * What is unpacked or decoded to UTF-8 first lies in work_dir and goes when the source is closed. */
#ifndef LL_INTAKE_DECODE_SOURCE_H
#define LL_INTAKE_DECODE_SOURCE_H

#include "base/csv.h"
#include "lake/rows.h"

enum ll_format { LL_FORMAT_CSV, LL_FORMAT_JSON_ARRAY, LL_FORMAT_JSON_LINES, LL_FORMAT_XLSX };

enum {
    LL_SOURCE_QUOTE_FIND = -1,
    LL_SOURCE_HEADER_FIND = 0,
    LL_SOURCE_HEADER_NONE = -1,
    LL_SOURCE_SAMPLE = 100,  /* most rows in info.sample */
    LL_SOURCE_RAW = 64 << 10 /* most bytes of a faulty row's raw text */
};

struct ll_source_opts {
    const char *charset; /* "UTF-8", "GB18030", "UTF-16LE", "UTF-16BE"; NULL: find out */
    char delim;          /* 0: find out */
    int quote;           /* LL_SOURCE_QUOTE_FIND, 0 for none, or the byte */
    int header; /* LL_SOURCE_HEADER_FIND, LL_SOURCE_HEADER_NONE, or the line (XLSX: row) it stands on */
    const char *sheet; /* XLSX: name, or "#2"; NULL: the visible sheet with most cells */
    size_t max_record; /* bytes of one record */
    size_t max_columns;
    int64_t max_unpacked; /* bytes that a compressed delivery may become */
    unsigned max_ratio;   /* and how many times its own size, once it is over 64 MiB */
};
#define LL_SOURCE_OPTS_INIT                                                                                  \
    ((struct ll_source_opts){.quote = LL_SOURCE_QUOTE_FIND,                                                  \
                             .header = LL_SOURCE_HEADER_FIND,                                                \
                             .max_record = (size_t)16 << 20,                                                 \
                             .max_columns = 4096,                                                            \
                             .max_unpacked = (int64_t)256 << 30,                                             \
                             .max_ratio = 300})

/* What a workbook of ours says of itself (xlsx_form.h); resource NULL: the delivery is none. */
struct ll_source_form {
    const char *resource, *area; /* area NULL: for any */
    int64_t version;
};

/* What was found.  Strings and arrays live as long as the source. */
struct ll_source_info {
    enum ll_format format;
    const char *compression; /* "gzip", "zstd" or NULL */
    const char *charset;     /* "UTF-8", "GB18030", "UTF-16LE", "UTF-16BE" */
    bool bom;
    struct ll_csv_dialect dialect; /* CSV only */
    const char *sheet;             /* XLSX only */
    struct ll_source_form form;    /* XLSX only */
    uint64_t header_line;          /* line or sheet row of the (last) header row; 0: there is none */
    unsigned title_rows;           /* records above the header that are neither header nor data */
    const struct ll_str
        *names; /* columns, UTF-8, trimmed; an empty one is named "#3" by its position, from 1 */
    size_t n_columns;
    const struct ll_str *const *sample; /* n_sample rows of n_columns cells, for proposals and previews */
    size_t n_sample;
    int64_t bytes;       /* of the decoded text (CSV, JSON) or the file (XLSX) */
    const char *text[2]; /* one line for log and manifest, by enum ll_lang */
};

/* A contiguous part of the rows.  offset and length are the format's own: bytes of the decoded text for CSV and JSON. */
struct ll_range {
    int64_t offset, length;
    uint64_t first_row;  /* number of its first row in the delivery, from 1 */
    uint64_t first_line; /* physical line (XLSX: sheet row) at offset, from 1 */
    uint64_t rows;       /* 0 only in the single range of a delivery without rows */
};

struct ll_source;

/* Sealed bytes (bytes.h) are never written open: what is unpacked or decoded of them goes sealed into work_dir.
 *
 * file_name: as the department called it; may be NULL.  Refusals (empty, binary, a format we do not take, a bomb, too many
 * columns) are LL_INVALID or LL_TOOBIG with what to send instead.  On success *ret belongs to the caller. */
int ll_source_open(const char *path, const char *file_name, const char *work_dir,
                   const struct ll_source_opts *opts, struct ll_source **ret, struct ll_err *err) LL_MUST;
/* Takes the open file, on failure, too. */
struct ll_bytes;
int ll_source_take(struct ll_bytes *file, const char *file_name, const char *work_dir,
                   const struct ll_source_opts *opts, struct ll_source **ret, struct ll_err *err) LL_MUST;
struct ll_source *ll_source_close(struct ll_source *s); /* NULL is fine; returns NULL */
const struct ll_source_info *ll_source_info(const struct ll_source *s);

enum { LL_COLUMN_NONE = -1, LL_COLUMN_TWICE = -2 };
/* Index of the column of that name ("#3" is the third), LL_COLUMN_NONE, or LL_COLUMN_TWICE when the header repeats it. */
int ll_source_column(const struct ll_source_info *info, struct ll_str name);

/* One sequential pass: counts the rows and cuts them into at most `max` contiguous ranges of about equal size, at record
 * boundaries.  At least one range comes back. */
int ll_source_scan(struct ll_source *s, unsigned max, struct ll_range *ranges, unsigned *ret_n,
                   uint64_t *ret_rows, struct ll_err *err) LL_MUST;

/* A reader over one range.  A whole row has n_columns cells.  A faulty one has: all the cells found, when their number is what is
 * wrong (DECODE_COLUMNS) and in XLSX always; otherwise one cell, the raw text, lossily decoded and cut at LL_SOURCE_RAW. */
int ll_source_rows(struct ll_source *s, const struct ll_range *range, struct ll_rows **ret,
                   struct ll_err *err) LL_MUST;

#endif
