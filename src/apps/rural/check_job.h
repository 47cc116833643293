/* check_job.h - a long list of households to verify (check_list.h), carried out behind the server: handed in, left, come back to, fetched.
 *
 * (1) Each household is asked under the grants and consents of the moment at which it is, as in a call (check.h), with entries of the journal of their own.
 * (2) It is asked block by block.  What came of a block can be fetched once its entries are durable; a block that is kept is not asked again, so that
 *     a stop or a crash asks one block twice at most.  After LL_CHECK_JOB_ATTEMPTS the list is given up.
 * (3) What refuses a call (no grant, quota, freeze) ends the list there, with what was answered until then.
 * (4) List and answers lie sealed, block by block, in DATA/rural-checks/<id>; what was claimed goes as soon as its block is answered, all of it when
 *     the list expires, and the state says so before the files go.
 * (5) An organisation has at most `export_jobs` unfinished lists. */
#ifndef LL_APPS_RURAL_CHECK_JOB_H
#define LL_APPS_RURAL_CHECK_JOB_H

#include "apps/rural/check_list.h"

#define LL_CHECK_JOB_STATES(X)                                                                               \
    X(QUEUED, "queued")                                                                                      \
    X(RUNNING, "running")                                                                                    \
    X(READY, "ready")                                                                                        \
    X(FAILED, "failed")                                                                                      \
    X(CANCELLED, "cancelled")                                                                                \
    X(EXPIRED, "expired")

enum { LL_CHECK_JOB_ID = 24, LL_CHECK_JOB_ATTEMPTS = 3, LL_CHECK_BLOCK = 1000 };

/* Texts live in the arena they were asked with. */
struct ll_check_job {
    const char *id, *organisation, *account, *client, *officer, *purpose, *remote, *state, *counts,
        *condition, *error_zh, *error_en;
    int64_t households, claims, done, attempts, created_at, changed_at, ended_at, expires_at;
};

struct ll_check_job_ask {
    const struct ll_actor *actor;
    struct ll_str officer, purpose; /* n 0: none */
    const char *remote;
};
/* LL_TOOMANY: the organisation has too many that are not done. */
int ll_check_job_ask(struct ll_data *d, const struct ll_check_job_ask *ask, const struct ll_check_list *list,
                     char id[LL_CHECK_JOB_ID], struct ll_err *err) LL_MUST;
int ll_check_job_get(struct ll_txn *tx, const char *id, struct ll_arena *arena, struct ll_check_job *ret,
                     struct ll_err *err) LL_MUST;
/* organisation NULL: of all; the newest first. */
int ll_check_job_list(struct ll_txn *tx, const char *organisation, size_t offset, size_t limit,
                      struct ll_arena *arena, struct ll_check_job **ret, size_t *ret_n, int64_t *ret_total,
                      struct ll_err *err) LL_MUST;
void ll_check_job_put(struct ll_json *j, const struct ll_check_job *job);
/* What is not answered yet is left; what is stays to be fetched.  LL_CONFLICT: it has ended. */
int ll_check_job_cancel(struct ll_data *d, const char *id, struct ll_err *err) LL_MUST;

/* What there is of the answers, block by block, as check_told.c packed them. */
typedef int ll_check_job_told_fn(void *ctx, struct ll_str packed, struct ll_err *err);
int ll_check_job_told(struct ll_data *d, const struct ll_check_job *job, ll_check_job_told_fn *fn, void *ctx,
                      struct ll_err *err) LL_MUST;

/* ---- carrying them out (check_job_run.c) ---- */

struct ll_check_job_env {
    struct ll_gateway *g;
    struct ll_catalog_live *catalog;
    struct ll_tables *tables;
    struct ll_access *access;
    struct ll_journaling *journaling;
    struct ll_data *data;
    unsigned threads;
    bool (*stop)(void *ctx); /* the server ends: leave off */
    void *ctx;
};
/* The oldest that waits, claimed for the caller: 1, or 0: none. */
int ll_check_job_next(struct ll_data *d, char id[LL_CHECK_JOB_ID], struct ll_err *err) LL_MUST;
/* What it failed for is in its row; < 0 only for what the next start may do better. */
int ll_check_job_run(const struct ll_check_job_env *env, const char *id, struct ll_err *err) LL_MUST;
/* At the start: what was under way waits again. */
int ll_check_job_recover(struct ll_data *d, struct ll_err *err) LL_MUST;
/* Lists that have expired go. */
int ll_check_job_expire(struct ll_data *d, int64_t now, struct ll_err *err) LL_MUST;

#endif
