/* folder.h - a whole data folder with a small pack: what the tests of jobs start from.
 *
 * Resource `firm` (snapshot, change limit 30 %): code (key), name (required), staff (integer), licence (unique).
 * Resource `visit` (increment): visit_no (key), firm (refers to firm.code), day. */
#ifndef LL_TESTS_UNIT_INTAKE_FOLDER_H
#define LL_TESTS_UNIT_INTAKE_FOLDER_H

#include "../test.h"

#include "catalog/pack.h"
#include "intake/batch.h"
#include "intake/delivery.h"
#include "intake/job.h"
#include "intake/publish.h"

#define FIRM "code,name,staff,licence\n"
#define FIRM_OP "code,name,staff,licence,_op\n"
#define VISIT "visit_no,firm,day\n"

struct folder {
    char dir[64];
    struct ll_config *config;
    struct ll_data *d;
    struct ll_arena *arena;
    struct ll_err err; /* of the last job */
    bool mounted;
};

int folder_open(void **state); /* set-up: a fresh folder with the pack loaded */
/* The same on a small disk of its own; *state is NULL where the test may not mount one. */
int folder_open_on_small_disk(void **state);
int folder_close(void **state);
/* Closes and opens the same folder, as a new process would. */
void folder_again(struct folder *f);

/* Loads another version of the pack.  items: further rows of items.csv, may be ""; version: of the resource firm. */
void folder_pack(struct folder *f, const char *pack_version, unsigned firm_version, const char *items);

/* The same with further rows of any table. */
struct folder_tables {
    const char *version;
    unsigned firm_version;
    const char *elements, *items, *resources; /* "" for none */
};
void folder_load(struct folder *f, const struct folder_tables *t);
/* Loads a pack of the test's own on top. */
void folder_add(struct folder *f, const struct ll_pack_file *files, size_t n);

/* Receives text; the id lives in f->arena. */
const char *folder_receive(struct folder *f, const char *resource, const char *mode, const char *text);
int folder_run(struct folder *f, const char *id, bool confirm);
/* Receives and runs; the job must end with `want`. */
const char *folder_take(struct folder *f, const char *resource, const char *mode, const char *text, int want);

const struct ll_resource *folder_resource(struct folder *f, const char *name);
struct ll_batch folder_batch(struct folder *f, const char *id);
const char *folder_state(struct folder *f, const char *delivery);
/* The records that readers see now, in key order: values joined by '|', records by ' '; an absent value is empty. */
const char *folder_shows(struct folder *f, const char *resource);
size_t folder_segments(struct folder *f, const char *resource);
/* Changes the control database behind the program's back, to build the state that a crash leaves. */
void folder_sql(struct folder *f, const char *sql);
int64_t folder_int(struct folder *f, const char *sql);
/* DATA/<fmt> */
const char *folder_path(struct folder *f, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void folder_write(const char *path, const char *text);
/* How many names a folder of DATA holds; 0 when it is not there. */
size_t folder_count(struct folder *f, const char *part);

#endif
