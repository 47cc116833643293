/* check_file.h - what came of a list of households (apps/rural/check_list.h) as a file for people. */
#ifndef LL_HTTP_CHECK_FILE_H
#define LL_HTTP_CHECK_FILE_H

#include "apps/rural/check_job.h"
#include "http/app.h"
#include "http/request.h"

enum { LL_CHECK_FILE_ROWS = 1000 };

struct ll_check_answer {
    struct ll_str packed;
    const struct ll_rural_list *list;
    enum ll_lang lang;
    bool xlsx;
};
/* CSV, or a workbook; of a->packed. */
int ll_check_file_reply(struct ll_app *app, struct ll_request *rq, const struct ll_check_answer *a,
                        struct ll_err *err) LL_MUST;
/* The same of a list that was carried out behind the server, however long: a->packed is not looked at. */
int ll_check_job_reply(struct ll_app *app, struct ll_request *rq, const struct ll_check_job *job,
                       const struct ll_check_answer *a, struct ll_err *err) LL_MUST;

#endif
