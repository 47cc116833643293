/* xlsx_kit.h - makes workbooks from XML by hand, reads them as a delivery is read, and shows what was read as one text. */
#ifndef LL_TESTS_UNIT_INTAKE_XLSX_KIT_H
#define LL_TESTS_UNIT_INTAKE_XLSX_KIT_H

#include "base/fs.h"
#include "intake/decode/source.h"
#include "test.h"

struct kit_part {
    const char *name, *content;
};

/* A workbook's parts; what is NULL is left out or replaced by the plainest that works. */
struct kit_book {
    const char *sheet;   /* what stands inside <worksheet> */
    const char *strings; /* inside <sst> */
    const char *styles;  /* inside <styleSheet> */
    const char *props;   /* attributes of <workbookPr> */
};

struct kit {
    char dir[64], path[LL_PATH];
    struct ll_source *source;
    struct ll_source_info info; /* of the source that is open */
    struct ll_buf text;
    struct ll_err err;
};

int kit_setup(void **state);
int kit_teardown(void **state);

void kit_zip(struct kit *k, const struct kit_part *parts, size_t n);
void kit_file(struct kit *k, const void *bytes, size_t n);
void kit_book(struct kit *k, const struct kit_book *b);
void kit_sheet(struct kit *k, const char *sheet); /* kit_book with only that */

/* Opens k->path; opts NULL for the usual ones. */
int kit_open(struct kit *k, const struct ll_source_opts *opts);
void kit_close(struct kit *k);
/* Every row as "LINE: a|b|-" with "!CODE detail" behind a faulty one, "-" for a missing cell, one line each; checks that the scan counted
 * as many. */
int kit_rows(struct kit *k);
/* The header ("a|b|c") on a line of its own, then the rows. */
int kit_read(struct kit *k, const struct ll_source_opts *opts);

#define assert_reads(k, opts, want)                                                                          \
    do {                                                                                                     \
        int rc_ = kit_read(k, opts);                                                                         \
        if (rc_ < 0)                                                                                         \
            fail_msg("%s: %s", ll_rc_name(rc_), (k)->err.en);                                                \
        if (strcmp((k)->text.p, want) != 0)                                                                  \
            fail_msg("got\n%s\nwant\n%s", (k)->text.p, want);                                                \
    } while (0)
#define assert_refused(k, rc, words)                                                                         \
    do {                                                                                                     \
        int rc_ = kit_read(k, NULL);                                                                         \
        if (rc_ != (rc) || !strstr((k)->err.en, words))                                                      \
            fail_msg("got %s: %s", ll_rc_name(rc_), (k)->err.en);                                            \
        assert_true((k)->err.zh[0] != 0);                                                                    \
    } while (0)

#endif
