/* asking.h - what the handlers have in common that answer under grants through share/serving.h. */
#ifndef LL_HTTP_ASKING_H
#define LL_HTTP_ASKING_H

#include "apps/rural/household.h"
#include "http/app.h"
#include "http/body.h"
#include "share/serving.h"

/* "purpose" and "officer" of the body, who asks and from where. */
void ll_asking_read(struct ll_body *b, struct ll_request *rq, struct ll_serving_call *c,
                    unsigned char addr[16]);
/* Entries of the looks are durable, or due, before the answer leaves; so is that of a refusal.  Returns rc, or why there is no entry. */
int ll_asking_enter(struct ll_request *rq, struct ll_serving *sv, int rc, struct ll_err *err) LL_MUST;
/* first and second of two words, the first unless text says otherwise. */
int ll_asking_choice(const char *text, const char *name, const char *first, const char *second,
                     bool *ret_second, struct ll_err *err) LL_MUST;

/* What rural households are read with, for the length of a request. */
struct ll_asking_rural {
    struct ll_catalog *cat;
    struct ll_rural r;
};
int ll_asking_rural(struct ll_app *app, struct ll_request *rq, struct ll_asking_rural *ret,
                    struct ll_err *err) LL_MUST;
void ll_asking_rural_end(struct ll_asking_rural *k);

#endif
