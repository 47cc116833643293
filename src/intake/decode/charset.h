/* charset.h - which encoding a text is in, and its way to UTF-8.
 *
 * A byte that the encoding does not allow is not replaced while decoding: it becomes a mark, two bytes that are never valid UTF-8
 * (0xF8 | b >> 6, 0x80 | b & 0x3F), so that the reader of rows finds it as it finds any broken UTF-8, can name the byte, and
 * can give the row's own bytes back.  A line of valid UTF-8 inside a GB18030 text is marked whole: two exports were
 * pasted together, and read as GB18030 it would come out as other characters without any error. */
#ifndef LL_INTAKE_DECODE_CHARSET_H
#define LL_INTAKE_DECODE_CHARSET_H

#include "intake/decode/spool.h"

enum ll_charset { LL_UTF8, LL_GB18030, LL_UTF16LE, LL_UTF16BE, LL_CHARSET_COUNT };

const char *ll_charset_name(enum ll_charset c);
/* By name, whatever the case; GBK, GB2312 and CP936 are read as the GB18030 that contains them. */
bool ll_charset_parse(struct ll_str s, enum ll_charset *ret);

/* The BOM that text starts with: its length and, when there is one, the encoding. */
size_t ll_charset_bom(struct ll_str text, enum ll_charset *ret);
/* UTF-16 without a BOM, by where its zero bytes lie. */
bool ll_charset_utf16(struct ll_str sample, enum ll_charset *ret);

/* Votes of lines: add samples of text that is not UTF-16, then ask. */
struct ll_charset_votes {
    size_t utf8, gb18030, ascii;
};
/* whole_start, whole_end: the sample does not start or end within a line. */
void ll_charset_vote(struct ll_charset_votes *v, struct ll_str sample, bool whole_start, bool whole_end);
enum ll_charset ll_charset_elected(const struct ll_charset_votes *v);

/* Decodes [from, to) of a file to UTF-8 with marks. */
int ll_charset_decode(const struct ll_bytes *file, int64_t from, enum ll_charset c, struct ll_spool *out,
                      struct ll_err *err) LL_MUST;

/* What can be said and shown of records that are not valid UTF-8 after decoding.  One per reader. */
struct ll_lossy {
    enum ll_charset
        file;   /* the file's encoding; LL_UTF8 means that the records' bytes are the source's own */
    bool other; /* the record at hand is readable in the encoding that the file is not in */
    struct ll_gb18030 *gb;
};

/* Looks at a record: what is wrong with it, in both languages. */
void ll_lossy_explain(struct ll_lossy *l, struct ll_str record, struct ll_buf *zh, struct ll_buf *en);
/* Appends the text of a part of that record: right where `other` holds, otherwise with U+FFFD for what cannot be read. */
void ll_lossy_add(struct ll_lossy *l, struct ll_str part, struct ll_buf *out);
void ll_lossy_free(struct ll_lossy *l);

#endif
