/* fixture.h - a small whole pack in memory that each test bends as it needs. */
#ifndef LL_TESTS_UNIT_CATALOG_FIXTURE_H
#define LL_TESTS_UNIT_CATALOG_FIXTURE_H

#include "../test.h"

#include "catalog/pack.h"

enum { FILES_MAX = 24 };

/* Files sorted by path, their texts owned. */
struct files {
    struct ll_pack_file list[FILES_MAX];
    size_t n;
};

void files_start(struct files *f); /* nothing */
void files_good(struct files *f);  /* the small pack "permits", which needs nothing */
void files_put(struct files *f, const char *path, const char *text); /* adds or replaces */
void files_drop(struct files *f, const char *path);
/* Replaces the first `from` in a file, which must be there. */
void files_edit(struct files *f, const char *path, const char *from, const char *to);
void files_free(struct files *f);

/* Reads it; the problems as text (in English, owned by the caller) in *ret_text when not NULL. */
int files_parse(const struct files *f, struct ll_catalog *known, const struct ll_pack_hooks *hooks,
                struct ll_pack **ret, char **ret_text);
/* Reads it and fails the test when it has an error. */
struct ll_pack *files_pack(const struct files *f, struct ll_catalog *known);

/* A store in a fresh temporary folder. */
struct scratch {
    char dir[64];
    struct ll_store *st;
};
void scratch_open(struct scratch *s);
void scratch_close(struct scratch *s);
/* Loads into the store what f holds, read against what the store has; `breaks` (English text, owned by the caller) may be NULL. */
int scratch_load(struct scratch *s, const struct files *f, struct ll_load_result *result, char **breaks,
                 struct ll_err *err);
struct ll_catalog *scratch_catalog(struct scratch *s);

#endif
