/* export.h - everything that a grant gives of a resource, as one file: asked for, made behind the server, fetched, gone.
 *
 * (1) Items, masks, states of values and consents are those of a query (gateway.h).  A record whose subject has not consented is left
 *     out and counted by the reason; an export uses each consent once, and all of them in the transaction that ends its making.
 * (2) A file can be fetched once the journal has its rows and its hash, and who is in it; every fetch leaves an entry of its own.  Grant, freeze,
 *     network and the consents that it rests on are looked at again at every fetch.
 * (3) A job that a crash or a stop interrupts begins anew; one that died while it was being journalled looks for its entry first, so
 *     that none is there twice.  After LL_EXPORT_ATTEMPTS it is given up.
 * (4) Files lie sealed in DATA/exports (crypto/frames.h) until they expire; the state says so before the file goes.
 * (5) An organisation has at most `export_jobs` unfinished jobs; each record counts as a key in the grant's quotas, as in a batch.
 *
 *   DATA/exports/<id>.sealed     a file that is ready       DATA/exports/<id>.sealed.tmp   one that is being made
 *   DATA/work/export-<id>/       Parquet and XLSX while they are made, in the open: their writers need a file; removed at the end and
 *                                by the next start */
#ifndef LL_SHARE_EXPORT_H
#define LL_SHARE_EXPORT_H

#include "intake/decode/bytes.h"
#include "lake/rows.h"
#include "share/gateway.h"
#include "share/tbl/export_formats.h"
#include "share/tbl/export_states.h"

#define X(id, ...) LL_EXPORT_##id,
enum ll_export_format { LL_EXPORT_FORMATS(X) LL_EXPORT_FORMAT_COUNT };
enum ll_export_state { LL_EXPORT_STATES(X) LL_EXPORT_STATE_COUNT };
#undef X

enum { LL_EXPORT_ID = 24, LL_EXPORT_ATTEMPTS = 3, LL_EXPORT_ROWS_MAX = 5000000, LL_EXPORT_LEFT_OUT = 512 };

bool ll_export_format_find(struct ll_str word, enum ll_export_format *ret);
const char *ll_export_format_type(enum ll_export_format f);      /* media type */
const char *ll_export_format_extension(enum ll_export_format f); /* without the dot */
const char *ll_export_state_word(enum ll_export_state s);
const char *ll_export_state_title(enum ll_export_state s, enum ll_lang lang);

/* Results live in the arena they were asked with. */
struct ll_export {
    const char *id, *grant, *organisation, *client, *account, *officer, *resource, *items, *remote, *sha256;
    const char
        *service; /* made from the grant (made.h), by whose name it was asked for; NULL: by the resource's */
    const char *condition, *error_zh, *error_en;
    const char *left_out; /* {"consent_none": 3, ...} */
    enum ll_export_format format;
    enum ll_export_state state;
    int64_t attempts, expected, rows, bytes, entry, counted, mark; /* -1: not known yet */
    int64_t created_at, changed_at, settled_at, expires_at;
    int64_t service_version; /* 0: no service */
};

/* Queues one; call->mode must be EXPORT and call->keys 0.  *ret_gate as of ll_gate_open: on LL_DENIED and LL_TOOMANY it tells the
 * condition for the journal.  Close it. */
int ll_export_ask(struct ll_gateway *g, const struct ll_call *call, const char *remote,
                  enum ll_export_format format, struct ll_arena *arena, char id[LL_EXPORT_ID],
                  struct ll_gate **ret_gate, struct ll_err *err) LL_MUST;

int ll_export_get(struct ll_txn *tx, const char *id, struct ll_arena *arena, struct ll_export *ret,
                  struct ll_err *err) LL_MUST;
struct ll_export_query {
    const char *organisation, *state; /* NULL: any */
    const char *sort;                 /* as the route says it; NULL: newest first */
    size_t offset, limit;
};
int ll_export_list(struct ll_txn *tx, const struct ll_export_query *q, struct ll_arena *arena,
                   struct ll_export **ret, size_t *ret_n, int64_t *ret_total, struct ll_err *err) LL_MUST;
void ll_export_json(struct ll_json *j, const struct ll_export *e);
/* A job ends at its next thousand records; a file goes at once.  LL_CONFLICT: there is nothing left to cancel. */
int ll_export_cancel(struct ll_data *d, const char *id, struct ll_err *err) LL_MUST;

/* --- making (export_run.c) --------------------------------------------------------------------------------------------- */

struct ll_export_column {
    const char *name, *title, *sql; /* sql: type in Parquet */
};

/* What a writer of files is given: rows of text cells, one a column (JSON lines: the one cell is the line), and where bytes go. */
struct ll_export_plan {
    enum ll_export_format format;
    const struct ll_export_column *columns;
    size_t n_columns;
    const char *title;
    struct ll_rows *rows;
    struct ll_data *data;
    const char *scratch; /* a folder of its own, empty, for those who cannot write piece by piece */
    int (*put)(void *out, const void *p, size_t n, struct ll_err *err);
    void *out;
};

struct ll_export_work {
    int (*write)(const struct ll_export_plan *plan, struct ll_err *err); /* report/export_write.h */
    bool (*stop)(void *ctx);                                             /* the server ends: leave off */
    void *ctx;
};
/* The next job that waits, of an organisation that has none under way where there is one; claimed for the caller.  1, or 0: none. */
int ll_export_next(struct ll_gateway *g, char id[LL_EXPORT_ID], struct ll_err *err) LL_MUST;
/* Makes the file.  What the job failed for is in its row; < 0 only for what the next start may do better. */
int ll_export_run(struct ll_gateway *g, const char *id, const struct ll_export_work *w,
                  struct ll_err *err) LL_MUST;
/* At the start: what was under way waits again, files that belong to no export are removed. */
int ll_export_recover(struct ll_data *d, struct ll_err *err) LL_MUST;
/* Files that have expired go; *ret_n: how many. */
int ll_export_expire(struct ll_data *d, int64_t now, size_t *ret_n, struct ll_err *err) LL_MUST;

/* The call that an export stands for, as who asks; what it points to is the export's and the arena's. */
int ll_export_call(const struct ll_export *e, const struct ll_actor *actor, struct ll_arena *arena,
                   struct ll_call *ret, struct ll_err *err) LL_MUST;

/* --- fetching ---------------------------------------------------------------------------------------------------------- */

/* Opens the file for the one who asks, with the payload of the entry that must be durable before the first byte leaves; from and n say which
 * part.  LL_DENIED as of ll_gate_open (the gate tells for the journal); LL_CONFLICT: not ready; LL_NOTFOUND. */
int ll_export_open(struct ll_gateway *g, const struct ll_export *e, const struct ll_call *call,
                   struct ll_arena *arena, struct ll_bytes *ret, struct ll_gate **ret_gate,
                   struct ll_err *err) LL_MUST;
int ll_export_fetch_entry(const struct ll_export *e, const struct ll_call *call, int64_t from, int64_t n,
                          struct ll_buf *payload, struct ll_err *err) LL_MUST;

#endif
