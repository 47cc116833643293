/* fixture.h - a journal in a folder of its own, with keys. */
#ifndef LL_TESTS_UNIT_JOURNAL_FIXTURE_H
#define LL_TESTS_UNIT_JOURNAL_FIXTURE_H

#include "../test.h"

#include "base/fs.h"
#include "journal/check.h"
#include "journal/journal.h"
#include "journal/tlogproof.h"

#define ORIGIN "hub.example/journal"

struct fixture {
    char base[32], dir[LL_PATH];
    struct ll_vkey log, sm2;
    struct ll_policy *policy;
    struct ll_journal_opts o;
    struct ll_journal *j;
    struct ll_err err;
};

void fixture_open(struct fixture *fx); /* folder, keys and an open journal */
void fixture_close(struct fixture *fx);
void fixture_start(struct fixture *fx); /* opens the journal of the folder (again) */
void fixture_stop(struct fixture *fx);
/* n entries of 300 bytes or so, one call each. */
void fixture_append(struct fixture *fx, unsigned n, struct ll_receipt *last);
/* Shows that the entry of the receipt is in the journal: proof, checkpoint's signature, bytes. */
void fixture_assert_proved(struct fixture *fx, const struct ll_receipt *r);
/* Problems that the check of the folder finds; the first one's name is put into what[]. */
uint64_t fixture_check(struct fixture *fx, char *what, size_t n);
/* A second folder with the same content. */
void fixture_copy_folder(const struct fixture *fx, const char *to);

#endif
