/* xlsx_mark_impl.h - what the parts of the marking share: xlsx_mark.c (the package), mark_sheet.c (rows, colours), mark_comments.c (comments and
 * their shapes), mark_parts.c (styles, list of sheets, relationships). */
#ifndef LL_REPORT_XLSX_MARK_IMPL_H
#define LL_REPORT_XLSX_MARK_IMPL_H

#include "base/fs.h"
#include "report/xlsx_mark.h"
#include "report/xml_splice.h"

/* By these what we put in is known again, whatever program saved the file since. */
#define MARK_AUTHOR "庐陵核查"
#define MARK_COMMENT "【核查】"
#define MARK_RULE "\"luling\"=\"luling\""
#define ROW_COLOUR "FFFFF3CE"
#define CELL_COLOUR "FFFFB9AE"

enum { MARK_PART = 128 << 20 }; /* most bytes of a part that we write */

#define REL_TYPE "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"

/* A relationship that a part must have: found, or added. */
struct mark_rel {
    const char *type;           /* its last part: "comments" */
    const char *target;         /* of one that is added */
    const char *add_id;         /* and its id */
    char id[64], part[LL_PATH]; /* as found, or added; part resolved */
    bool found;
};
/* rels: the relationships part of `base`; "" makes one. */
int ll_mark_rels(struct ll_str rels, const char *base, struct mark_rel *wanted, size_t n, struct ll_buf *out,
                 struct ll_err *err) LL_MUST;
int ll_mark_types(struct ll_str types, const char *const (*parts)[2], size_t n, struct ll_buf *out,
                  struct ll_err *err) LL_MUST;
/* dxf[0] of rows, dxf[1] of cells. */
int ll_mark_styles(struct ll_str styles, size_t dxf[2], struct ll_buf *out, struct ll_err *err) LL_MUST;
/* rid: relationship of the sheet that is added. */
int ll_mark_book(struct ll_str book, const char *name, const char *rid, struct ll_buf *out,
                 struct ll_err *err) LL_MUST;
void ll_mark_summary(const struct ll_xlsx_marks *m, struct ll_buf *out);

int ll_mark_sheet(struct ll_str sheet, const struct ll_xlsx_marks *m, const size_t dxf[2], const char *vml_id,
                  struct ll_buf *out, struct ll_err *err) LL_MUST;
/* Cells whose comment of an earlier time went. */
struct ll_mark_gone {
    struct ll_xlsx_fault *list;
    size_t n, cap;
};
/* Either part may be "": it is made. */
int ll_mark_comments(struct ll_str comments, const struct ll_xlsx_marks *m, struct ll_mark_gone *gone,
                     struct ll_buf *out, struct ll_err *err) LL_MUST;
int ll_mark_shapes(struct ll_str vml, const struct ll_xlsx_marks *m, const struct ll_mark_gone *gone,
                   struct ll_buf *out, struct ll_err *err) LL_MUST;

/* The fault at the cell; NULL: none that is commented. */
const struct ll_xlsx_fault *ll_mark_at(const struct ll_xlsx_marks *m, uint32_t row, uint32_t column);

#endif
