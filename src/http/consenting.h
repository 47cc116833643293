/* consenting.h - what the handlers of consents have in common. */
#ifndef LL_HTTP_CONSENTING_H
#define LL_HTTP_CONSENTING_H

#include "http/sharing.h"
#include "share/consent.h"

/* Catalogue, transaction, keys and address for the length of one request. */
struct ll_consenting {
    struct ll_sharing s;
    struct ll_consent_env env;
    const struct ll_site *site;
};
int ll_consenting_open(struct ll_app *app, struct ll_request *rq, bool write, struct ll_consenting *ret,
                       struct ll_err *err) LL_MUST;
void ll_consenting_close(struct ll_consenting *c);
/* The same for a request of a subject itself (permission me), with who that is; on failure nothing is open. */
int ll_consenting_self(struct ll_app *app, struct ll_request *rq, bool write, struct ll_consenting *c,
                       struct ll_consent_self *ret, struct ll_err *err) LL_MUST;

/* The body's "subject" (a credit code or resident number) and "subject_title". */
int ll_consenting_who(struct ll_body *b, struct ll_consent_who *ret, struct ll_err *err) LL_MUST;
int ll_consenting_detect(const char *text, struct ll_consent_who *ret, struct ll_err *err) LL_MUST;

#endif
