/* sharing.h - what the handlers of demands, applications and grants have in common. */
#ifndef LL_HTTP_SHARING_H
#define LL_HTTP_SHARING_H

#include "http/app.h"
#include "http/body.h"
#include "share/flow.h"

/* A catalogue and a transaction for the length of one request. */
struct ll_sharing {
    struct ll_catalog *cat;
    struct ll_txn *tx;
};
int ll_sharing_open(struct ll_app *app, bool write, struct ll_sharing *ret, struct ll_err *err) LL_MUST;
void ll_sharing_close(struct ll_sharing *s);
/* Commits, and lets the journal have what happened. */
int ll_sharing_commit(struct ll_app *app, struct ll_sharing *s, struct ll_err *err) LL_MUST;

/* Writes one matter that goes through steps, as an object. */
typedef int ll_sharing_show_fn(struct ll_app *app, struct ll_sharing *s, struct ll_request *rq,
                               const char *id, struct ll_err *err);
int ll_sharing_show(struct ll_app *app, struct ll_request *rq, const char *id, ll_sharing_show_fn *show,
                    struct ll_err *err) LL_MUST;
typedef int ll_sharing_step_fn(struct ll_app *app, struct ll_sharing *s, struct ll_request *rq,
                               const char *id, const struct ll_flow_act *act, struct ll_err *err);
/* The step that the body asks for and nothing else: taken, shown and kept together. */
int ll_sharing_step(struct ll_app *app, struct ll_request *rq, const char *id, ll_sharing_step_fn *step,
                    ll_sharing_show_fn *show, struct ll_err *err) LL_MUST;
/* {"action", "reason", "legal_basis"} and what the caller reads beside them before ll_body_end. */
void ll_sharing_act(struct ll_body *b, const struct ll_request *rq, struct ll_flow_act *ret);
/* Whether the request may see what these organisations have between them; either may be NULL. */
bool ll_sharing_sees(const struct ll_request *rq, const char *applicant, const char *provider);
int ll_sharing_history(struct ll_txn *tx, struct ll_request *rq, enum ll_flow flow, const char *id,
                       struct ll_err *err) LL_MUST;
/* The same for the subject whose matter it is: what happened, but not which person it was. */
int ll_sharing_progress(struct ll_txn *tx, struct ll_request *rq, enum ll_flow flow, const char *id,
                        struct ll_err *err) LL_MUST;
/* {"total", "offset", "limit", "items": [ : what every page of a list begins with; and its end. */
void ll_sharing_page(struct ll_request *rq, int64_t total, int64_t offset, int64_t limit);
void ll_sharing_page_end(struct ll_request *rq);

/* The end in China of the day that the body's member `name` gave; 0 when it gave none. */
int ll_sharing_day_end(const char *name, const char *text, int64_t *ret, struct ll_err *err) LL_MUST;

#endif
