/* pagefile.h - appends pages to a file of SQLite's format (sqlite.org/fileformat2.html), in big sequential writes.
 *
 * SQLite itself makes the file, its header and schema; this writes the pages that follow, and at the end the roots that SQLite laid out
 * and the count of pages in the header. */
#ifndef LL_STORE_PAGEFILE_H
#define LL_STORE_PAGEFILE_H

#include "base/err.h"
#include "base/str.h"

#include <sqlite3.h>

enum { LL_PAGE_SIZE = 16384 };

struct ll_pagefile {
    int fd;
    const char *path; /* borrowed */
    uint32_t next;    /* number of the next page */
    uint32_t first;   /* of those in buffer */
    uint8_t *buffer;
    int rc; /* the first failure; told again by each call after it */
};

/* path: a file that SQLite has made with LL_PAGE_SIZE and closed. */
int ll_pagefile_open(struct ll_pagefile *f, const char *path, struct ll_err *err) LL_MUST;
/* The number that the next page appended will have; after: the one after page n. */
uint32_t ll_pagefile_after(uint32_t n);
int ll_pagefile_append(struct ll_pagefile *f, const uint8_t *page, uint32_t *ret_number,
                       struct ll_err *err) LL_MUST;
/* Writes a page that SQLite laid out. */
int ll_pagefile_put(struct ll_pagefile *f, uint32_t number, const uint8_t *page, struct ll_err *err) LL_MUST;
/* Writes what is buffered and the count of pages. */
int ll_pagefile_finish(struct ll_pagefile *f, struct ll_err *err) LL_MUST;
void ll_pagefile_close(struct ll_pagefile *f); /* also when it was never opened (all zero) */

#endif
