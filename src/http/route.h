/* route.h - what a route is: a row of the table that tools/gen_routes.py makes from api/routes.json. */
#ifndef LL_HTTP_ROUTE_H
#define LL_HTTP_ROUTE_H

#include "base/err.h"
#include "base/str.h"

struct ll_app;
struct ll_request;

/* body_max of a route whose limit is the setting max_upload. */
#define LL_BODY_SETTING -1

enum ll_method { LL_GET, LL_POST, LL_PUT, LL_PATCH, LL_DELETE, LL_METHOD_COUNT };
enum ll_param_in { LL_IN_PATH, LL_IN_QUERY };
enum ll_param_type { LL_PT_TEXT, LL_PT_INT, LL_PT_BOOL, LL_PT_CHOICE, LL_PT_NAME, LL_PT_TIME };

struct ll_param {
    const char *name;
    enum ll_param_in in;
    enum ll_param_type type;
    int64_t min, max;           /* characters of a text, value of an int */
    const char *fallback;       /* NULL: none */
    const char *const *choices; /* NULL-terminated; type choice */
    bool required, multiple;
    bool secret; /* may identify a person: masked wherever it is logged */
};

/* What the first parameter names, and so which organisation a request is about.  LIST: the handler leaves out what is not for
 * rq->only. */
enum ll_scope { LL_SCOPE_NONE, LL_SCOPE_LIST, LL_SCOPE_RESOURCE, LL_SCOPE_DELIVERY, LL_SCOPE_BATCH };

/* What may demand that a request of a client is signed (RFC 9421), beside the client's registration, which holds for all routes
 * (http/signing.h).  GATE: the call opens a gate, which asks its grant; GRANTS: it concerns what is granted without naming one of the
 * grants, so any in force may; EXPORT: the first parameter names an export, whose grant may. */
enum ll_signs { LL_SIGNS_CLIENT, LL_SIGNS_GATE, LL_SIGNS_GRANTS, LL_SIGNS_EXPORT, LL_SIGNS_ALWAYS };

/* Decodes nothing, decides nothing about the domain: reads its parameters, makes one domain call, writes the answer. */
typedef int (*ll_handler)(struct ll_app *app, struct ll_request *rq, struct ll_err *err);

struct ll_route {
    const char *id;
    enum ll_method method;
    const char *path; /* "/v1/resources/{name}" */
    ll_handler handler;
    ll_handler begin; /* for a body that is streamed: runs when the headers are there and sets rq->sink */
    int64_t body_max; /* bytes, or LL_BODY_SETTING */
    bool any_query;   /* a page: its query is for its script */
    const char *perm; /* of share/tbl/permissions.h */
    enum ll_scope scope;
    enum ll_signs signs;
    bool look; /* shows data of subjects: what is answered stands in the journal first (look.h) */
    unsigned
        acts; /* 1 + enum ll_delegate_scope_at in which a person may use it for an enterprise (http/acting.h); 0: never */
    const struct ll_param *params;
    size_t n_params;
};

extern const struct ll_route ll_routes[];
extern const size_t ll_route_count;

const char *ll_method_name(enum ll_method m);

#endif
