/* pdf_read.h - as much of a PDF as signing one of ours takes: the last cross-reference table, its trailer, dictionaries of objects. */
#ifndef LL_REPORT_PDF_READ_H
#define LL_REPORT_PDF_READ_H

#include "base/arena.h"
#include "base/err.h"

struct ll_pdf_file {
    struct ll_str all;
    int64_t xref;       /* offset of the table */
    int64_t *offsets;   /* by object number; 0: free */
    int64_t size;       /* how many */
    int64_t root, info; /* object numbers; info 0: none */
};

/* LL_INVALID for anything but a file with one classic table that lists all of its objects. */
int ll_pdf_open(struct ll_str all, struct ll_arena *arena, struct ll_pdf_file *ret,
                struct ll_err *err) LL_MUST;
/* What stands between << and >> of the object's dictionary. */
bool ll_pdf_dict(const struct ll_pdf_file *f, int64_t object, struct ll_str *ret);
/* The value of a key of the dictionary itself (not of one within): what follows its name, up to the next key. */
bool ll_pdf_key(struct ll_str dict, const char *key, struct ll_str *ret);
bool ll_pdf_ref(struct ll_str value, int64_t *ret); /* "12 0 R" */
/* Object number of a page, from 0. */
bool ll_pdf_page(const struct ll_pdf_file *f, unsigned page, int64_t *ret);

#endif
