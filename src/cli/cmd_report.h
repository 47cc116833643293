/* cmd_report.h - what the commands about reports open. */
#ifndef LL_CLI_CMD_REPORT_H
#define LL_CLI_CMD_REPORT_H

#include "apps/credit/report.h"
#include "cli/session.h"

struct ll_reporting {
    struct ll_data *data;
    struct ll_catalog *catalog;
    struct ll_journaling *journaling;
    struct ll_credit credit;
    char origin[256];
};
/* LL_BUSY: a server has the journal. */
int ll_reporting_open(struct ll_cli *c, struct ll_reporting *k, struct ll_err *err) LL_MUST;
void ll_reporting_close(struct ll_reporting *k);
const char *ll_reporting_by(const struct ll_reporting *k, const struct ll_actor *actor);
/* What was issued, and into which file. */
int ll_reporting_put(struct ll_cli *c, const struct ll_issue *x, const char *path,
                     struct ll_err *err) LL_MUST;

#endif
