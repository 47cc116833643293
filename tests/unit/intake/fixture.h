/* fixture.h - a small resource made by hand, a folder, an engine: what the tests of intake start from. */
#ifndef LL_TESTS_UNIT_INTAKE_FIXTURE_H
#define LL_TESTS_UNIT_INTAKE_FIXTURE_H

#include "../test.h"

#include "base/fs.h"
#include "intake/seal.h"

struct fixture {
    char dir[64];
    struct ll_arena *arena;
    struct ll_lake *lake;
    struct ll_resource resource;
    struct ll_codeset *regions;
};

/* Resource `firm`: uscc (key, subject), name (required, at most 20 characters), founded (date up to today), capital (decimal(18,2) in yuan),
 * region (code), staff (integer 0..), phone (format), and a check "staff is 0 when capital is 0". */
int fixture_open(void **state);
int fixture_close(void **state);

/* Seals `text` as a delivery called name; fails the test on error unless want < 0. */
struct ll_sealed fixture_seal(struct fixture *fx, const char *name, const char *text, size_t n,
                              unsigned threads, int want, struct ll_err *err);
/* One integer from SQL; {out} in it stands for the folder of the last seal. */
int64_t fixture_ask(struct fixture *fx, const char *sql);
/* The first value of the first row as text, in a static buffer. */
const char *fixture_text(struct fixture *fx, const char *sql);

#endif
