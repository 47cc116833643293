/* check_file.h - a list of households to verify as a table, and what came of it as another.
 *
 * In: the first line names the columns: 户号 (household) or 公民身份号码 (subject), and items by code, name or title; each further line is a household, an
 * empty cell no claim.  Out: a line for each claim. */
#ifndef LL_HTTP_CHECK_FILE_H
#define LL_HTTP_CHECK_FILE_H

#include "apps/rural/check.h"
#include "http/app.h"
#include "http/request.h"

enum { LL_CHECK_FILE_ROWS = 1000 };

struct ll_check_file {
    struct ll_check_ask *asks;
    uint64_t *lines;
    size_t n;
};

/* In arena.  LL_USAGE says in which line and column. */
int ll_check_file_read(struct ll_str csv, const struct ll_rural_list *list, struct ll_arena *arena,
                       struct ll_check_file *ret, struct ll_err *err) LL_MUST;
int ll_check_file_reply(struct ll_app *app, struct ll_request *rq, const struct ll_check_file *f,
                        const struct ll_checked *all, enum ll_lang lang, bool xlsx,
                        struct ll_err *err) LL_MUST;

#endif
