/* kept.h - an answer that many ask for at once and that costs something: worked out at most once in a while.
 *
 * Who asks within `keep_ms` after it was worked out gets the same bytes; after that one works it out anew, and the others get the last one meanwhile: they wait only
 * for the first of all, so that no number of them takes the server's threads.  A failure is told to who met it and not kept. */
#ifndef LL_HTTP_KEPT_H
#define LL_HTTP_KEPT_H

#include "http/request.h"

struct ll_app;
struct ll_kept;

int ll_kept_new(unsigned keep_ms, struct ll_kept **ret, struct ll_err *err) LL_MUST;
struct ll_kept *ll_kept_free(struct ll_kept *k); /* NULL is fine; returns NULL */

/* Answers rq with what is kept, or with what `make` writes through the writer it is given. */
typedef int ll_kept_make(struct ll_app *app, struct ll_request *rq, struct ll_json *j, struct ll_err *err);
int ll_kept_answer(struct ll_kept *k, ll_kept_make *make, struct ll_app *app, struct ll_request *rq,
                   struct ll_err *err) LL_MUST;
/* The same, and worked out anew when mark is not that of what is kept. */
int ll_kept_answer_of(struct ll_kept *k, uint64_t mark, ll_kept_make *make, struct ll_app *app,
                      struct ll_request *rq, struct ll_err *err) LL_MUST;

#endif
