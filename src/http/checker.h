/* checker.h - carries lists of households to verify out behind the server (apps/rural/check_job.h), one list at a time, on every core. */
#ifndef LL_HTTP_CHECKER_H
#define LL_HTTP_CHECKER_H

#include "http/app.h"

struct ll_checker;

/* What it uses of app must outlive it. */
int ll_checker_open(struct ll_app *app, struct ll_checker **ret, struct ll_err *err) LL_MUST;
/* A list under way is left at its next block and waits for the next start; NULL is fine; returns NULL. */
struct ll_checker *ll_checker_close(struct ll_checker *c);
/* There is a list to carry out. */
void ll_checker_wake(struct ll_checker *c);

#endif
