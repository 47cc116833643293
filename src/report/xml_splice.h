/* xml_splice.h - changes an XML part of a workbook by cutting and inserting bytes, so that all the rest stays as its writer left it.
 *
 * The part is read once; for each element the caller hears where its tags stand, and notes what is to be cut and put in.  Names are told without
 * their prefix.  UTF-8 only; a document type declaration is refused; the depth is bounded. */
#ifndef LL_REPORT_XML_SPLICE_H
#define LL_REPORT_XML_SPLICE_H

#include "base/buf.h"
#include "base/err.h"

enum { LL_SPLICE_DEPTH = 64 };

struct ll_splice;

struct ll_tag {
    const char *name;   /* without prefix */
    const char *parent; /* "" for the root */
    unsigned depth;     /* 0: the root */
    const char **atts;  /* of a start; name, value, ..., NULL */
    size_t from, to;    /* of the tag itself */
    size_t begin;       /* of an end: where the element began */
    bool empty;         /* <name/>: start and end are told with the same place */
    struct ll_str text; /* of an end: what was written directly inside, entities undone (at most 64 KiB) */
};
struct ll_splice_ops {
    void (*start)(void *ctx, struct ll_splice *s, const struct ll_tag *t);
    void (*end)(void *ctx, struct ll_splice *s, const struct ll_tag *t);
};

/* Reads `part`, asks `ops`, and appends the changed text to out.  what: named in errors. */
int ll_splice_run(struct ll_str part, const char *what, const struct ll_splice_ops *ops, void *ctx,
                  struct ll_buf *out, struct ll_err *err) LL_MUST;

/* For the caller's functions. */
void ll_splice_cut(struct ll_splice *s, size_t from, size_t to);
void ll_splice_put(struct ll_splice *s, size_t at,
                   struct ll_str text);                  /* several at one place: in the order of the calls */
const char *ll_splice_prefix(const struct ll_splice *s); /* of the root element: "x:" or "" */
struct ll_str ll_splice_bytes(const struct ll_splice *s, size_t from, size_t to);

const char *ll_tag_att(const struct ll_tag *t, const char *name); /* without prefix; NULL: none */
void ll_xml_put(struct ll_buf *out, struct ll_str text);          /* escaped for text and attributes */

#endif
