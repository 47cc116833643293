/* pages.h - pages that packs declare (docs/packs.md, "pages.json"): which a person may see, and the rows and sums that a block shows.
 *
 * (1) A page is for the duties that it names, and for whoever may look at the records of every resource behind it (permission record.read).
 * (2) Nothing of grades 3 and 4 is shown, and identifiers of natural persons show their ends; both before the SQL sees them.
 * (3) Sorting, filtering, paging and sums are the engine's; names come from the page and the service, values are bound. */
#ifndef LL_SHARE_PAGES_H
#define LL_SHARE_PAGES_H

#include "base/json.h"
#include "intake/data.h"
#include "share/actor.h"

#include <jansson.h>

enum { LL_PAGE_ROWS_MAX = 200, LL_PAGE_EXPORT_MAX = 500 };

/* {"items": [...], "total"}: what the actor may see. */
int ll_pages_put(const struct ll_catalog *cat, const struct ll_actor *actor, struct ll_json *j,
                 struct ll_err *err) LL_MUST;

struct ll_page_ask {
    const struct ll_actor *actor;
    struct ll_str pack, page, block;
    const json_t *parameters, *filters; /* objects; NULL: none */
    struct ll_str sort;                 /* "column", "-column"; n 0: the block's */
    size_t limit, offset;
    struct ll_marks *marks; /* what is doubted (marks.h); NULL: it is not said */
};

struct ll_page_block;
/* The block and its service; LL_NOTFOUND, or LL_DENIED as for records. */
int ll_page_open(struct ll_data *d, const struct ll_catalog *cat, const struct ll_page_ask *ask,
                 struct ll_arena *arena, struct ll_page_block **ret, struct ll_err *err) LL_MUST;
void ll_page_close(struct ll_page_block *b); /* NULL is fine */
bool ll_page_is_chart(const struct ll_page_block *b);
/* Columns in order: title and, of each row, the text of its value (a code's title with it).  The last one says what of the row is disputed. */
size_t ll_page_columns(const struct ll_page_block *b);
const char *ll_page_column_title(const struct ll_page_block *b, size_t at, enum ll_lang lang);

/* who: a subject that the row shows, plainly (NULL scheme: nobody). */
struct ll_page_sink {
    int (*subject)(void *ctx, const char *scheme, struct ll_str value, struct ll_err *err);
    int (*row)(void *ctx, const struct ll_str *cells, size_t n, struct ll_err *err); /* NULL: JSON into j */
    void *ctx;
};
/* With j: "columns", "rows", "total", "offset", "limit" into an object that is open; without, rows to sink->row as text. */
int ll_page_run(struct ll_page_block *b, const struct ll_page_sink *sink, struct ll_json *j,
                struct ll_err *err) LL_MUST;

#endif
