/* upward.h - reporting to the platform above: records go up in the upper layout, as sequence-numbered messages, and what became of each is known.
 *
 * (1) What goes up is what differs from what was last sent of a record: changes are followed by the feed of batches, and a message that is
 *     made again after a crash has the same effect.
 * (2) A message is durable, sealed, before it is sent; the upper platform takes each sequence number once.
 * (3) A record is known by state: sent, accepted, returned.  What comes back is a row for its department, which stays open until the record
 *     was accepted.
 * (4) One process at a time works on a data folder's messages (locks/upward; LL_BUSY). */
#ifndef LL_SHARE_UPWARD_H
#define LL_SHARE_UPWARD_H

#include "base/json.h"
#include "crypto/keyring.h"
#include "intake/data.h"
#include "share/actor.h"
#include "share/tables.h"
#include "share/upward_layout.h"

struct ll_upward;
struct ll_upward_opts {
    struct ll_data *data;
    struct ll_keyring *keys;
};
/* Both must outlive it. */
int ll_upward_open(const struct ll_upward_opts *o, struct ll_upward **ret, struct ll_err *err) LL_MUST;
struct ll_upward *ll_upward_close(struct ll_upward *u); /* NULL is fine; returns NULL */

/* How the upper platform is reached (http/upward_link.h). */
struct ll_upward_request {
    const char *method, *target; /* path and query */
    struct ll_str body;          /* p NULL: none */
    bool slow;                   /* the answer may take minutes */
};
struct ll_upward_link {
    void *ctx;
    /* LL_OK: there is an answer, whatever its status. */
    int (*call)(void *ctx, const struct ll_upward_request *q, unsigned *status, struct ll_buf *answer,
                struct ll_err *err);
};

/* What a round did, and whether something is still to come. */
struct ll_upward_done {
    int64_t made, sent, settled, accepted, returned;
    int64_t open; /* messages without an answer yet */
    bool more;    /* there is something to do at once */
};
/* Makes, sends and settles what it can of one stream.  A failure to reach the upper platform is LL_IO, and noted at the stream. */
int ll_upward_round(struct ll_upward *u, const struct ll_upward_link *link, const char *stream,
                    struct ll_upward_done *ret, struct ll_err *err) LL_MUST;

struct ll_upward_check {
    int64_t days, wrong;                 /* days that were compared, and that differ */
    int64_t missing, surplus, different; /* records: not above, only above, not the same above */
    int64_t foreign;                     /* records above that came by none of our messages */
    struct ll_upward_hash own, upper;    /* over everything */
    int64_t own_rows, upper_rows;
};
/* Compares counts and hashes of every day with the upper platform, names what differs and has it sent again.  LL_BUSY while messages are open. */
int ll_upward_reconcile(struct ll_upward *u, const struct ll_upward_link *link, const char *stream,
                        const struct ll_actor *by, struct ll_upward_check *ret, struct ll_err *err) LL_MUST;
/* What came back goes up once more although nothing of it changed: the fault was the upper platform's.  *ret_n: records. */
int ll_upward_resend(struct ll_upward *u, const char *stream, const struct ll_actor *by, int64_t *ret_n,
                     struct ll_err *err) LL_MUST;

/* --- looking (upward_read.c) ----------------------------------------------------------------------------------------------- */

/* {"items": [...]}: every stream with its counts. */
int ll_upward_streams_json(struct ll_store *st, struct ll_json *j, struct ll_err *err) LL_MUST;
struct ll_upward_page {
    const char *stream;
    int64_t offset, limit;
};
/* "total" and "items" into an object that is open. */
int ll_upward_messages_json(struct ll_store *st, const struct ll_upward_page *p, struct ll_json *j,
                            struct ll_err *err) LL_MUST;
int ll_upward_days_json(struct ll_store *st, const char *stream, struct ll_json *j,
                        struct ll_err *err) LL_MUST;
/* Returned rows; only: the organisation that sees its own and those of its resources; NULL: all. */
struct ll_upward_returned {
    const char *stream, *resource, *department, *record, *codes, *zh, *en;
    int64_t sequence, returned_at, closed_at; /* closed_at -1: open */
};
typedef int ll_upward_returned_fn(void *ctx, const struct ll_upward_returned *r, struct ll_err *err);
int ll_upward_returned_each(struct ll_store *st, struct ll_vault *v, const struct ll_upward_page *p,
                            bool open, const char *only, ll_upward_returned_fn *fn, void *ctx,
                            int64_t *ret_total, struct ll_err *err) LL_MUST;
/* Rows that are open as a file to correct and deliver again: the resource's items as they are now, then number, row and reason. */
typedef int ll_upward_line_fn(void *ctx, const struct ll_str *cells, size_t n, struct ll_err *err);
int ll_upward_returned_lines(struct ll_data *d, struct ll_tables *tables, const struct ll_resource *r,
                             const char *stream, const char *only, enum ll_lang lang, ll_upward_line_fn *fn,
                             void *ctx, struct ll_err *err) LL_MUST;
/* The resource that a stream reports, and the names of all streams in arena. */
int ll_upward_stream_resource(struct ll_store *st, const char *stream, struct ll_arena *arena,
                              const char **ret, struct ll_err *err) LL_MUST;
int ll_upward_stream_names(struct ll_store *st, struct ll_arena *arena, const char *const **ret,
                           size_t *ret_n, struct ll_err *err) LL_MUST;

/* A token and the seconds that it holds, at most a day, of an answer of the token endpoint (RFC 6749, 5.1); false: there is none that fits a header (RFC 6750, 2.1).
 * ret_life_s: 0 where the answer does not say. */
bool ll_upward_token(struct ll_str answer, char *token, size_t size, int64_t *ret_life_s);

#endif
