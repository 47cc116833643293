/* internal.h - what the lake's own files share; nobody else includes it. */
#ifndef LL_LAKE_INTERNAL_H
#define LL_LAKE_INTERNAL_H

#include "base/buf.h"
#include "base/fs.h"
#include "lake/lake.h"

#include <duckdb.h>
#include <pthread.h>

/* In the library that we use, and younger than the header (docs/dependencies.md): assigns without checking UTF-8 a second time. */
void duckdb_unsafe_vector_assign_string_element_len(duckdb_vector vector, idx_t index, const char *str,
                                                    idx_t n);

enum { LL_LAKE_PASSES = 1024, LL_LAKE_SOURCES = 64 };
#define LL_LAKE_MAGIC 0x1a4e0001u

struct ll_pass;
struct ll_lake_source;

struct ll_lake {
    unsigned magic;
    duckdb_database db;
    char temp_dir[LL_PATH];
    /* Running passes by number: SQL names a pass by its place here. */
    pthread_mutex_t lock;
    struct ll_pass *passes[LL_LAKE_PASSES];
    struct ll_lake_source *sources[LL_LAKE_SOURCES]; /* the same for source.c */
    /* Statements that must end in time (deadline.c). */
    pthread_mutex_t time_lock;
    pthread_cond_t time_wake;
    struct ll_deadline *deadlines;
    pthread_t watcher;
    bool watching, closing;
};

/* A statement that runs; its memory is its caller's until ll_deadline_end. */
struct ll_deadline {
    struct ll_deadline *next;
    duckdb_connection c;
    uint64_t until_us; /* ll_mono_us; 0: it may take for ever */
    bool over;         /* it was interrupted */
};
void ll_deadlines_init(struct ll_lake *lake);
void ll_deadlines_close(struct ll_lake *lake);
int ll_deadline_begin(struct ll_lake *lake, duckdb_connection c, uint64_t until_us, struct ll_deadline *d,
                      struct ll_err *err) LL_MUST;
/* Whether its time was over; always called after a beginning that succeeded. */
bool ll_deadline_end(struct ll_lake *lake, struct ll_deadline *d);

#define LL_LAKE_CONN_MAGIC 0x1a4e0005u

struct ll_lake_conn {
    unsigned magic;
    struct ll_lake *lake;
    duckdb_connection c;
};

/* Makes a failure of ours from the engine's text. */
int ll_lake_fail(struct ll_err *err, const char *text);
/* The rows of a finished result to fn; the result stays its owner's. */
int ll_lake_result_rows(duckdb_result *result, ll_lake_fn *fn, void *ctx, struct ll_err *err);
/* Registers the table and scalar functions of pass.c and functions.c. */
int ll_pass_register(struct ll_lake *lake, duckdb_connection c, struct ll_err *err);
int ll_source_register(struct ll_lake *lake, duckdb_connection c, struct ll_err *err);
int ll_functions_register(duckdb_connection c, struct ll_err *err);
int ll_match_functions_register(duckdb_connection c, struct ll_err *err);
int ll_seal_functions_register(struct ll_vault *vault, duckdb_connection c, struct ll_err *err);
/* A text argument of a scalar function of ours. */
struct ll_str ll_lake_text_at(duckdb_vector v, size_t row);
void ll_lake_set_null(duckdb_vector out, size_t row);
/* Whether an argument of the row is NULL, whose bytes may be anything; the result is NULL then.  The engine sees to this for constants only
 * and calls for every other row. */
bool ll_lake_null_row(duckdb_data_chunk in, duckdb_vector out, size_t row);
/* What a function of ours says through the engine, so that ll_lake_fail finds code and both texts again. */
void ll_lake_put_error(struct ll_buf *out, const struct ll_err *err);

#endif
