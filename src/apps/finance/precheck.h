/* precheck.h - pre-checks (可用不可见): an institution's own model runs here over indicators that the institution does not see.
 *
 * (1) A model is the institution's secret. Its table is sealed by a data key of that institution's own (vault.h, "precheck/ORGANISATION"); only accounts of the
 *     institution read it back.  Everybody else, the platform's staff included, sees name, version, counts, state and a commitment:
 *     SHA-256("luling-model/v1\n" salt[32] table), whose salt is the institution's, so that nobody finds a small table by trying.  Every step has it in the journal.
 * (2) A version is activated by another person of the institution than who uploaded it; the one before it retires.  Versions do not change.
 * (3) A run needs the firm's consent to that institution for purpose LL_PRECHECK_PURPOSE over every item that the model's indicators read; it is counted as one use.
 * (4) What comes back is result, limits and the model's own reason codes, never a value, never points.  It is sealed as the model is; the firm is told by whom and when,
 *     and the reasons in words where the institution gave words.
 * (5) Runs are counted before anything is computed (LL_PROBE_...), whatever becomes of them.
 * (6) A firm may ask itself how an institution's open model sees it: nobody but the firm is told. */
#ifndef LL_APPS_FINANCE_PRECHECK_H
#define LL_APPS_FINANCE_PRECHECK_H

#include "apps/finance/model.h"
#include "share/consent.h"
#include "share/flow.h"
#include "store/vault.h"

/* Ours (`own`; docs/internals/finance.md, "Probing", says what they do and what they cannot). Most runs of one version on one firm a day; versions of one shape (the same table but for its numbers) on one firm in LL_PROBE_DAYS; versions at all. */
enum { LL_PROBE_DAILY = 3, LL_PROBE_DAYS = 30, LL_PROBE_SHAPE = 3, LL_PROBE_ANY = 6 };
#define LL_PRECHECK_PURPOSE "贷前预审"
enum { LL_PRECHECK_FIRMS = 100, LL_PRECHECK_NAME = 48, LL_PRECHECK_TITLE = 100, LL_PRECHECK_MODELS = 500 };

struct ll_precheck_env {
    struct ll_vault *vault;
    struct ll_keyring *keys;
    const struct ll_catalog *cat;
    struct ll_txn *tx;
    const struct ll_actor *actor;
    struct ll_arena *arena;
};

struct ll_precheck_model {
    const char *id, *organisation, *name, *title, *kind, *product, *sha256, *shape;
    enum ll_state state;
    bool open; /* firms may try it themselves */
    int64_t version, indicators, rows, runs, made_at, changed_at;
};
struct ll_precheck_new {
    const char *name, *title, *product; /* product: NULL */
    bool open;
    struct ll_str csv;
};

/* To be called before the transaction of ll_precheck_add and of runs: makes or renews the institution's data key. */
int ll_precheck_prepare(struct ll_vault *vault, const char *organisation, struct ll_err *err) LL_MUST;
/* The next version of its name.  faults: what is wrong with the table; LL_INVALID names the first. */
int ll_precheck_add(const struct ll_precheck_env *env, const struct ll_precheck_new *n,
                    struct ll_precheck_model *ret, struct ll_model_faults *faults,
                    struct ll_err *err) LL_MUST;
/* Reads.  LL_NOTFOUND, of another institution's too unless the actor sees all. */
int ll_precheck_get(const struct ll_precheck_env *env, const char *id, struct ll_precheck_model *ret,
                    struct ll_err *err) LL_MUST;
/* organisation NULL: of all; the newest first. */
int ll_precheck_list(const struct ll_precheck_env *env, const char *organisation, size_t offset, size_t limit,
                     struct ll_precheck_model **ret, size_t *ret_n, int64_t *ret_total,
                     struct ll_err *err) LL_MUST;
int ll_precheck_act(const struct ll_precheck_env *env, const char *id, const struct ll_flow_act *act,
                    struct ll_err *err) LL_MUST;
struct ll_flow_object ll_precheck_object(const struct ll_precheck_model *m);
/* The table and the salt (64 hex digits), for the institution alone: LL_NOTFOUND for anybody else. */
int ll_precheck_table(const struct ll_precheck_env *env, const struct ll_precheck_model *m,
                      struct ll_buf *csv, char salt[65], struct ll_err *err) LL_MUST;
void ll_precheck_model_put(struct ll_json *j, const struct ll_precheck_model *m);
/* "needs": [{"resource", "items"}]: what a consent has to cover. */
int ll_precheck_put_needs(const struct ll_precheck_env *env, const struct ll_precheck_model *m,
                          struct ll_json *j, struct ll_err *err) LL_MUST;

/* ---- running ---- */

enum ll_precheck_refusal {
    LL_PRECHECK_DONE,
    LL_PRECHECK_NO_CONSENT,
    LL_PRECHECK_UNKNOWN,
    LL_PRECHECK_TOO_OFTEN,
    LL_PRECHECK_PROBING
};
struct ll_precheck_firm {
    struct ll_str uscc; /* whole and valid */
    enum ll_precheck_refusal refused;
    const char *subject; /* its id; NULL: never seen */
    int64_t run;
    bool found;
    struct ll_model_scored scored;
};
struct ll_precheck_run {
    struct ll_precheck_model model;
    const struct ll_feature_set *set;
    const struct ll_model *table;
    struct ll_as_of as_of;
    const char *officer; /* NULL */
    bool own;            /* the firm itself asks */
    struct ll_precheck_firm *firms;
    size_t n;
};
/* Opens the active model of the institution by its name; or, for a firm, the one that a product is checked by.  LL_NOTFOUND. */
int ll_precheck_open(const struct ll_precheck_env *env, const char *organisation, struct ll_str name,
                     struct ll_precheck_run *run, struct ll_err *err) LL_MUST;
int ll_precheck_open_product(const struct ll_precheck_env *env, struct ll_str product,
                             struct ll_precheck_run *run, struct ll_err *err) LL_MUST;
/* The resources that the model rests on; ret: LL_FEATURE_GROUPS_MAX of them. */
size_t ll_precheck_resources(const struct ll_precheck_run *run, const char **ret);
/* Writes: consent, limits, the count. Each firm's `refused` says what came of it. */
int ll_precheck_admit(const struct ll_precheck_env *env, struct ll_precheck_run *run,
                      struct ll_err *err) LL_MUST;
/* Pure: what the model makes of the firm. */
void ll_precheck_score(struct ll_precheck_run *run, struct ll_precheck_firm *f,
                       const struct ll_feature_value *values);
/* Writes: what came of it, sealed. */
int ll_precheck_keep(const struct ll_precheck_env *env, const struct ll_precheck_run *run,
                     struct ll_err *err) LL_MUST;
/* An object: of one firm, for who asked. */
void ll_precheck_firm_put(struct ll_json *j, const struct ll_precheck_run *run,
                          const struct ll_precheck_firm *f);

/* Reads: the institution's newest runs; what was run about a subject, with the reasons in words. */
int ll_precheck_put_runs(const struct ll_precheck_env *env, const char *organisation, size_t limit,
                         struct ll_json *j, struct ll_err *err) LL_MUST;
int ll_precheck_put_mine(const struct ll_precheck_env *env, const char *subject, struct ll_json *j,
                         struct ll_err *err) LL_MUST;
/* Open models that firms may try: {"product", "organisation", "organisation_name", "title"}. */
int ll_precheck_put_open(const struct ll_precheck_env *env, struct ll_json *j, struct ll_err *err) LL_MUST;

#endif
