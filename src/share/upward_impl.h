/* upward_impl.h - what the parts of upward.h share: upward_cut.c makes messages, upward_file.c keeps them, upward_store.c has their rows,
 * upward_send.c sends and settles them, upward_days.c compares. */
#ifndef LL_SHARE_UPWARD_IMPL_H
#define LL_SHARE_UPWARD_IMPL_H

#include "share/marks.h"
#include "share/tables.h"
#include "share/upward.h"

struct ll_upward {
    struct ll_data *data;
    struct ll_store *store;
    struct ll_vault *vault;
    struct ll_tables *tables;
    struct ll_marks *marks;
    unsigned char secret[LL_RING_SECRET];
    size_t rows_max;
    int64_t keep_ms;
};

/* One stream while it is worked on. */
struct upward_stream {
    struct ll_upward *u;
    struct ll_arena *arena;
    struct ll_catalog *cat;
    struct ll_upward_layouts layouts;
    struct ll_upward_plan plan;
    int64_t id, change, row, phase, withheld, next;
    const char *pass; /* where a pass over all records stands: NULL none, "" at the first */
    unsigned char salt[LL_UPWARD_SALT];
    int lock;
};
int upward_stream_open(struct ll_upward *u, const char *name, struct upward_stream *ret,
                       struct ll_err *err) LL_MUST;
void upward_stream_close(struct upward_stream *s);
/* Its marks, in a transaction. */
int upward_stream_write(struct ll_txn *tx, const struct upward_stream *s, struct ll_err *err) LL_MUST;

enum { UPWARD_SENT, UPWARD_ACCEPTED, UPWARD_RETURNED, UPWARD_RESEND }; /* upward_record.state */
enum { UPWARD_BODY_SOFT = 8 << 20, UPWARD_BODY_MAX = 15 << 20, UPWARD_ROWS_FILE = 64 << 20 };

/* A row of a message, as its list has it. */
struct upward_row {
    struct ll_upward_hash key, content;
    bool gone;
    struct ll_str department, record; /* record: the key in our resource, a JSON array */
};
void upward_row_put(struct ll_buf *out, const struct upward_row *r);
bool upward_row_next(struct ll_str *rest, struct upward_row *ret);

/* part: "body" or "rows". */
int upward_file_write(const struct upward_stream *s, int64_t sequence, const char *part, struct ll_str text,
                      struct ll_err *err) LL_MUST;
int upward_file_read(const struct upward_stream *s, int64_t sequence, const char *part, size_t max,
                     struct ll_buf *out, struct ll_err *err) LL_MUST;
/* Messages that were answered before keep_ms. */
int upward_file_prune(struct upward_stream *s, struct ll_err *err) LL_MUST;

/* A message that is being made. */
struct upward_entry {
    struct ll_upward_hash key, content;
    bool gone;
};
struct upward_draft {
    const char *batch;
    struct upward_entry *list;
    size_t n, room, deletes;
    struct ll_buf body, rows;
};
/* Files, row, records and the stream's marks: all of it or nothing. */
int upward_draft_keep(struct upward_stream *s, struct upward_draft *d, struct ll_err *err) LL_MUST;
void upward_draft_free(struct upward_draft *d);
/* One step along the feed.  1: it moved, *ret_made whether a message came of it; 0: nothing to do. */
int upward_cut(struct upward_stream *s, bool *ret_made, struct ll_err *err) LL_MUST;
/* A message of deletions alone, by keys in the upper layout (texts by the plan's key columns). */
struct upward_surplus {
    struct ll_upward_hash key;
    const struct ll_str *texts;
};
int upward_cut_surplus(struct upward_stream *s, const struct upward_surplus *list, size_t n,
                       struct ll_err *err) LL_MUST;

#endif
