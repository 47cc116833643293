/* serving_impl.h - between serving.c (services that packs declare) and serving_subject.c (documents and answers about a subject). */
#ifndef LL_SHARE_SERVING_IMPL_H
#define LL_SHARE_SERVING_IMPL_H

#include "share/gateway_impl.h"
#include "share/serving.h"

struct ll_serving {
    struct ll_gateway *g;
    const struct ll_serving_call *call;
    struct ll_arena *arena;
    struct ll_catalog *cat;
    const struct ll_service *service;
    struct ll_call *calls; /* room for one a resource */
    struct ll_gate **gates;
    bool *looked; /* about a subject: what was asked of it was answered */
    size_t n;
    struct ll_gate *refused; /* the one that refused the call */
    bool answered;
    struct ll_gate *lacking; /* the first that is left out for want of a grant */
    struct ll_call lacking_call;
    struct ll_err lacking_err;
};

/* What the service reads of a resource. */
int ll_serving_list_items(struct ll_serving *sv, const char *resource, struct ll_call *c,
                          struct ll_err *err) LL_MUST;
int ll_serving_make_room(struct ll_serving *sv, struct ll_err *err) LL_MUST;
/* One transaction for the consents of all: there is one writer. */
void ll_serving_pass_uses(struct ll_serving *sv, size_t i);

#endif
