/* reading.h - what a command that reads published records opens. */
#ifndef LL_CLI_READING_H
#define LL_CLI_READING_H

#include "cli/session.h"
#include "share/tables.h"

enum { LL_RECORD_TEXT_MAX = 64 << 20 };

struct ll_reading {
    struct ll_data *data;
    struct ll_catalog *catalog;
    struct ll_tables *tables;
};
int ll_reading_open(struct ll_cli *c, struct ll_reading *ret, struct ll_err *err) LL_MUST;
void ll_reading_close(struct ll_reading *k);

#endif
