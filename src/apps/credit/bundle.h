/* bundle.h - credit reports of many subjects for one consumer: a list is handed in, the reports are issued behind the server, and a ZIP of them with an
 * index is fetched.
 *
 * (1) Each subject is asked about as by POST /v1/reports/credit: its grants, quotas, limits and consents at the moment when its turn comes, an entry of each
 *     look, a numbered, journalled, signed report.  What is refused is a line of the index, with the condition and the reason.
 * (2) A handful at a time is issued, its bytes are on the disk, and then its rows are one transaction: after a crash the work goes on behind the last
 *     one, and at most one handful a worker is issued a second time.  The list, the reports and the ZIP lie sealed.
 * (3) Bundles take turns, a slice each: a short list does not wait for a long one.
 * (4) The ZIP can be fetched until it expires (setting export_keep_h).  A report whose subject has withdrawn its consent since, or whose records were corrected,
 *     disputed or are no longer shared, is taken out before the file is handed out, and the index says so.
 * (5) An organisation has at most `export_jobs` bundles under way; a list has at most LL_BUNDLE_SUBJECTS rows.
 *
 *   DATA/bundles/<id>/list    what was handed in     DATA/bundles/<id>/part-<row>   reports of a handful      DATA/bundles/<id>/zip   when it is ready */
#ifndef LL_APPS_CREDIT_BUNDLE_H
#define LL_APPS_CREDIT_BUNDLE_H

#include "apps/credit/report.h"
#include "apps/credit/tbl/bundle_states.h"
#include "intake/decode/bytes.h"
#include "share/serving.h"

#define X(name, ...) LL_BUNDLE_##name,
enum ll_bundle_state { LL_BUNDLE_STATES(X) LL_BUNDLE_STATE_COUNT };
#undef X

enum {
    LL_BUNDLE_ID = 24,
    LL_BUNDLE_SUBJECTS = 10000,
    LL_BUNDLE_SUBJECT = 64,
    LL_BUNDLE_REFERENCE = 64,
    LL_BUNDLE_ATTEMPTS = 5,
    LL_BUNDLE_SHOWN = 200 /* refused rows that are told at once */
};

/* --- the list (bundle_list.c) ------------------------------------------------------------------------------------------- */

/* Lines "subject TAB reference LF". */
struct ll_bundle_list {
    struct ll_buf text;
    size_t n;
};
void ll_bundle_list_init(struct ll_bundle_list *l);
/* LL_INVALID: a subject that is empty, too long, or there twice is told with its row. */
int ll_bundle_list_add(struct ll_bundle_list *l, uint64_t row, struct ll_str subject, struct ll_str reference,
                       struct ll_err *err) LL_MUST;
/* CSV: column subject (主体标识), and may have reference (客户编号); or subjects alone, one a line. */
int ll_bundle_list_csv(struct ll_bundle_list *l, struct ll_str csv, struct ll_err *err) LL_MUST;
/* Refused when it is empty, or names a subject twice. */
int ll_bundle_list_done(const struct ll_bundle_list *l, struct ll_err *err) LL_MUST;

/* --- asked for, told (bundle.c) ----------------------------------------------------------------------------------------- */

/* Results live in the arena they were asked with. */
struct ll_bundle {
    const char *id, *organisation, *client, *account, *officer, *purpose, *remote, *lang, *format, *state,
        *sha256, *error_zh, *error_en;
    int64_t subjects, issued, refused, attempts, bytes; /* bytes -1: not known yet */
    int64_t created_at, changed_at, expires_at;         /* expires_at -1: not ready */
};
struct ll_bundle_ask {
    const struct ll_actor *actor;
    const char *remote, *purpose, *officer; /* purpose, officer: NULL: none */
    enum ll_issue_format format;
    enum ll_lang lang;
    const struct ll_bundle_list *list;
};
/* LL_TOOMANY: the organisation has as many under way as it may. */
int ll_bundle_ask(struct ll_data *d, const struct ll_bundle_ask *ask, char id[LL_BUNDLE_ID],
                  struct ll_err *err) LL_MUST;
int ll_bundle_get(struct ll_txn *tx, const char *id, struct ll_arena *arena, struct ll_bundle *ret,
                  struct ll_err *err) LL_MUST;
struct ll_bundle_query {
    const char *organisation, *sort; /* NULL: any, newest first */
    size_t offset, limit;
};
int ll_bundle_page(struct ll_txn *tx, const struct ll_bundle_query *q, struct ll_arena *arena,
                   struct ll_bundle **ret, size_t *ret_n, int64_t *ret_total, struct ll_err *err) LL_MUST;
void ll_bundle_put(struct ll_json *j, const struct ll_bundle *b);
/* The same with the first rows that were refused, by row and reason. */
int ll_bundle_put_whole(struct ll_txn *tx, struct ll_json *j, const struct ll_bundle *b,
                        struct ll_err *err) LL_MUST;
/* LL_CONFLICT: there is nothing left to cancel.  Reports that were issued stay issued. */
int ll_bundle_cancel(struct ll_data *d, const char *id, const struct ll_actor *by,
                     struct ll_err *err) LL_MUST;
/* Opens the ZIP for one who fetches it, and notes that it was.  LL_CONFLICT: not ready, or made anew for promise (4). */
int ll_bundle_open(struct ll_data *d, const struct ll_bundle *b, const struct ll_actor *by,
                   struct ll_bytes *ret, struct ll_err *err) LL_MUST;

/* --- made (bundle_run.c) ------------------------------------------------------------------------------------------------ */

/* Everything borrowed. */
struct ll_bundling {
    struct ll_gateway *g;
    struct ll_access *access;
    struct ll_data *d;
    struct ll_issuer *issuer;
    struct ll_tables *tables;
    struct ll_catalog_live *catalog;
    const char *origin;
    bool (*stop)(void *ctx); /* the server ends: leave off */
    void *ctx;
};
/* At the start: folders that belong to no bundle go. */
int ll_bundle_recover(struct ll_data *d, struct ll_err *err) LL_MUST;
int ll_bundle_expire(struct ll_data *d, int64_t now, struct ll_err *err) LL_MUST;
/* A slice of the one whose turn it is.  1: there may be more to do; 0: nothing waits. */
int ll_bundle_round(const struct ll_bundling *b, struct ll_err *err) LL_MUST;

#endif
