/* decode.h - from the bytes of a request line to typed values.  Pure functions over outside bytes (fuzzed).
 *
 * (1) A path is cut at '/' before it is decoded, so %2F never makes a segment.
 * (2) Every decoded value is valid UTF-8 without NUL; anything else is LL_USAGE with the parameter's name.
 * (3) What the table does not list is refused and the known names are told: a misspelt filter must not widen a search. */
#ifndef LL_HTTP_DECODE_H
#define LL_HTTP_DECODE_H

#include "base/arena.h"
#include "http/route.h"

enum { LL_ARGS_MAX = 16, LL_ARG_LIST_MAX = 16 };

/* One parameter's value.  Not given and without default: s.p is NULL and n is 0. */
struct ll_arg {
    bool given;
    struct ll_str s;          /* NUL-terminated in the arena */
    int64_t i;                /* int; bool 0 or 1; choice: its place in the list; time: ms since 1970 */
    const struct ll_str *all; /* every value of a `multiple` parameter, n of them */
    size_t n;
};

struct ll_match {
    const struct ll_route *route; /* NULL when none has this path and method */
    unsigned allowed;             /* bit m set: some route has this path with method m */
    struct ll_str segments[LL_ARGS_MAX];
    size_t n_segments; /* raw values of the path's {parameters}, in order */
};

/* path: as in the request line, without the query. */
void ll_route_match(const struct ll_route *routes, size_t n, enum ll_method m, struct ll_str path,
                    struct ll_match *ret);
/* %XX undone, and '+' to a blank when `form`; LL_USAGE for what (2) forbids.  `what` names the value in the error. */
int ll_url_decode(struct ll_arena *a, struct ll_str raw, bool form, const char *what, struct ll_str *ret,
                  struct ll_err *err) LL_MUST;
/* Fills args[route->n_params] from the match and the query (without '?'). */
int ll_args_decode(struct ll_arena *a, const struct ll_match *m, struct ll_str query, struct ll_arg *args,
                   struct ll_err *err) LL_MUST;
/* The route's path with its values as they may be logged: secret ones masked.  At most n bytes, NUL-terminated. */
char *ll_path_for_log(const struct ll_route *route, const struct ll_arg *args, char *out, size_t n);

#endif
