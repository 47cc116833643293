/* describe_impl.h - between the parts of describe.h: describe.c finds what an organisation may call and writes the document, describe_paths.c its
 * operations, describe_schemas.c what they answer. */
#ifndef LL_SHARE_DESCRIBE_IMPL_H
#define LL_SHARE_DESCRIBE_IMPL_H

#include "share/describe.h"
#include "share/gateway_impl.h"

enum { LL_DESCRIBE_ID_TEXT = 128 };

struct ll_describing {
    struct ll_gateway *g;
    struct ll_arena *arena;
    struct ll_grants *grants;
    struct ll_catalog *cat;
    const char *organisation;
    int64_t now, day;
    struct ll_txn *tx;    /* usage is read in it */
    struct ll_made *made; /* services of its own, that are not ended */
    size_t n_made;
    struct ll_json *j;
    struct ll_err *err;
};

/* A name to call: a resource with the grants that there are for it, or what was made from one grant. */
struct ll_granted {
    const struct ll_resource *r;
    const struct ll_grant *const *grants; /* holding or not */
    size_t n;
    const struct ll_grant *one; /* of a made service: grants points here */
    const struct ll_made *made; /* NULL: the resource itself */
    unsigned modes;
    const char *name, *title, *title_en;
};

/* One value as it is described: of a resource's item or of a service. */
struct ll_described {
    const char *name, *title, *title_en;
    const struct ll_element *element;
    bool masked;
};

/* An object with one property an item that is granted: how(d, value) writes it. */
void ll_describe_items(const struct ll_describing *d, const struct ll_granted *k,
                       void (*how)(const struct ll_describing *, const struct ll_described *));
/* What an output of a service is; false: nothing that could be described. */
bool ll_describe_output(const struct ll_describing *d, const struct ll_service *s,
                        const struct ll_service_item *it, struct ll_described *ret);

void ll_describe_titles(struct ll_json *j, const char *title, const char *title_en);
/* Members of "paths". */
int ll_describe_paths(const struct ll_describing *d, const struct ll_granted *k) LL_MUST;
void ll_describe_service_path(const struct ll_describing *d, const struct ll_service *s);
/* Members of "schemas". */
int ll_describe_schemas(const struct ll_describing *d, const struct ll_granted *k) LL_MUST;
void ll_describe_service_schemas(const struct ll_describing *d, const struct ll_service *s);

#endif
