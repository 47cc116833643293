/* delivery.h - what a department sends: received once, then carried by a job through decode, check, seal and publish.
 *
 * States (column delivery.state):
 *   received     the bytes are durable; nothing else has happened
 *   sealed       the batch lies in the lake, immutable, and is not yet visible
 *   waiting      sealed, but it would delete or change more of the resource than its limit: a person confirms or refuses
 *   published    visible
 *   failed       refused as a whole, nothing was applied; error says why; the same bytes may be sent again
 *   withdrawn    was published, and is no longer
 * Stages tell how far a running job is: receive, decode, check, sort, seal, publish, done. */
#ifndef LL_INTAKE_DELIVERY_H
#define LL_INTAKE_DELIVERY_H

#include "intake/data.h"

struct ll_delivery {
    const char *id, *resource, *sha256, *file_name, *mode, *state, *stage, *batch, *error_zh, *error_en,
        *detail;
    const char
        *area; /* for which it was collected: rows of others are refused; NULL: it is a department's own */
    int64_t bytes, received_at, updated_at, received, published, quarantined,
        version; /* counts -1: not known yet */
    int error_rc;
    bool confirmed;
};

/* ---- receiving ---- */

struct ll_receive;

/* mode: NULL takes the resource's own.  LL_NOTFOUND when there is no such resource.  file_name is kept for people, never used as a path. */
int ll_receive_open(struct ll_data *d, const char *resource, const char *mode, const char *file_name,
                    struct ll_receive **ret, struct ll_err *err) LL_MUST;
/* What comes is collected for this area only (collected.h); before ll_receive_done. */
void ll_receive_area(struct ll_receive *r, const char *area);
/* Appends bytes; LL_TOOBIG over max_upload. */
int ll_receive_add(struct ll_receive *r, const void *p, size_t n, struct ll_err *err) LL_MUST;
/* Makes the bytes durable and the delivery known.  The same bytes for the same resource are the same delivery: *again tells, and id is the
 * first one's. */
int ll_receive_done(struct ll_receive *r, char id[LL_ID_TEXT], bool *again, struct ll_err *err) LL_MUST;
void ll_receive_abort(struct ll_receive *r); /* NULL is fine */

/* The whole of a file ("-": standard input). */
int ll_receive_file(struct ll_data *d, const char *resource, const char *mode, const char *path,
                    char id[LL_ID_TEXT], bool *again, struct ll_err *err) LL_MUST;

/* ---- looking ---- */

/* Strings are copied into arena. */
int ll_delivery_get(struct ll_data *d, const char *id, struct ll_arena *arena, struct ll_delivery *ret,
                    struct ll_err *err) LL_MUST;
/* Which deliveries: each NULL for any. */
struct ll_delivery_filter {
    const char *resource, *state;
    const char *provider; /* organisation of the resource */
    const char *sort;     /* NULL: the newest first */
};
int ll_delivery_list(struct ll_data *d, const struct ll_delivery_filter *which, int64_t offset, int64_t limit,
                     struct ll_arena *arena, struct ll_delivery **ret, size_t *ret_n, int64_t *ret_total,
                     struct ll_err *err) LL_MUST;
struct ll_json;
void ll_delivery_json(struct ll_json *j, const struct ll_delivery *v);

/* ---- for the job ---- */
int ll_delivery_stage(struct ll_data *d, const char *id, const char *stage, struct ll_err *err) LL_MUST;
int ll_delivery_fail(struct ll_data *d, const char *id, const struct ll_err *why, struct ll_err *err) LL_MUST;

#endif
