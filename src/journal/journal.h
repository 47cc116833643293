/* journal.h - the evidence log of one data folder: entries in, receipts and proofs out.  Formats are those of C2SP (tile.h, note.h,
 * checkpoint.h, tlogproof.h).
 *
 * (1) ll_journal_append returns after its entry is durable, and so are the tree's size and roots with it, and the checkpoint over
 *     them is signed.  One write, one fdatasync and one signature serve everyone who waits at that moment.
 * (2) Nothing is signed that a crash could take back: no checkpoint ever seen is inconsistent with a later one.
 * (3) When something cannot be written, appending fails (LL_IO) and the caller must let nothing out.
 * (4) Tiles are written from memory soon after; a checkpoint is published (dir/checkpoint) when everything below it can be read.
 *     With a witness policy that happens when its quorum has cosigned; dir/latest is the newest one, cosigned or not.
 * (5) One process has a journal open; anybody may read its folder meanwhile.
 *
 *   dir/wal/<first entry>      write-ahead files (wal.h)        dir/tile/  dir/sm3/tile/   (tile.h)
 *   dir/checkpoint, dir/latest, dir/sm3/checkpoint              dir/lock
 *
 * Threads share it freely. */
#ifndef LL_JOURNAL_JOURNAL_H
#define LL_JOURNAL_JOURNAL_H

#include "journal/entry.h"
#include "journal/policy.h"

struct ll_journal;

/* Hands a request of the witness protocol to a witness: body to <url>/add-checkpoint.  Returns the HTTP status and appends the answer's
 * body; negative when there was no answer. */
typedef int ll_witness_post_fn(void *ctx, const char *url, struct ll_str body, struct ll_buf *answer,
                               struct ll_err *err);

struct ll_journal_opts {
    const char *dir;
    const struct ll_vkey *log; /* Ed25519 with its private half; its name is the log's origin */
    const struct ll_vkey *sm2; /* NULL: no second signature and no signed shadow tree */
    unsigned publish_ms;       /* tiles and checkpoint follow the entries by so much at most */
    uint64_t wal_max;          /* bytes of a write-ahead file after which the next one begins */
    uint64_t pending_max; /* bytes that wait for tiles: beyond it callers wait, or fail when tiles fail */
    const struct ll_policy *witnesses; /* NULL: nobody needs to cosign */
    ll_witness_post_fn *post;
    void *post_ctx;
    unsigned witness_ms; /* how often cosignatures are asked for */
};
#define LL_JOURNAL_OPTS_INIT                                                                                 \
    {                                                                                                        \
        .publish_ms = 200, .wal_max = 64 << 20, .pending_max = 256 << 20, .witness_ms = 1000                 \
    }

/* Everything in opts is borrowed until ll_journal_close.  Makes the folder where it is missing; otherwise checks it and takes in what the
 * write-ahead files have.  LL_BUSY: another process has it; LL_INVALID: it is damaged, or a key does not fit. */
int ll_journal_open(const struct ll_journal_opts *o, struct ll_journal **ret, struct ll_err *err) LL_MUST;
struct ll_journal *ll_journal_close(struct ll_journal *j); /* NULL is fine; returns NULL */

struct ll_receipt {
    uint64_t index, tree_size;
    unsigned char leaf[LL_DIGEST];
};

/* payload: canonical JSON (canon.h). */
int ll_journal_append(struct ll_journal *j, enum ll_entry_type type, struct ll_str payload,
                      struct ll_receipt *ret, struct ll_err *err) LL_MUST;
/* Several entries of one type under one wait; they stand side by side. */
int ll_journal_append_all(struct ll_journal *j, enum ll_entry_type type, const struct ll_str *payloads,
                          size_t n, struct ll_receipt *ret, struct ll_err *err) LL_MUST;

/* The same without waiting, for servers whose threads have better to do: `done` is called exactly once, by the journal's own thread, when
 * the entry is durable (rc LL_OK) or cannot become so (receipt NULL).  It must be quick and must not call the journal.  When this returns
 * < 0 it is never called. */
typedef void ll_durable_fn(void *ctx, int rc, const struct ll_receipt *receipt, const struct ll_err *err);
int ll_journal_append_later(struct ll_journal *j, enum ll_entry_type type, struct ll_str payload,
                            ll_durable_fn *done, void *ctx, struct ll_err *err) LL_MUST;

/* Appends the tlog-proof of an entry.  LL_BUSY when its checkpoint still waits for witnesses. */
int ll_journal_proof(struct ll_journal *j, uint64_t index, struct ll_buf *out, struct ll_err *err) LL_MUST;
/* The entry, and the payload it commits to where that is kept (payload may be NULL). */
int ll_journal_entry(struct ll_journal *j, uint64_t index, struct ll_buf *entry, struct ll_buf *payload,
                     struct ll_err *err) LL_MUST;
/* What is published of it, from the newest entry on (browse.h). */
struct ll_browse;
int ll_journal_browse(struct ll_journal *j, const struct ll_browse *b, uint64_t *ret_next,
                      struct ll_err *err) LL_MUST;
/* A file for GET /journal/<path>: checkpoint, policy, tile/..., sm3/....  LL_NOTFOUND for all else, payloads among it.  *ret_type is its media
 * type, *ret_fixed tells that it never changes. */
int ll_journal_file(struct ll_journal *j, struct ll_str path, struct ll_buf *out, const char **ret_type,
                    bool *ret_fixed, struct ll_err *err) LL_MUST;
/* Removes a sealed entry's payload from tiles and write-ahead files for good, after an entry that says so. */
int ll_journal_erase(struct ll_journal *j, uint64_t index, struct ll_str reason, struct ll_receipt *ret,
                     struct ll_err *err) LL_MUST;
/* Tiles and checkpoint for everything appended so far, now. */
int ll_journal_publish(struct ll_journal *j, struct ll_err *err) LL_MUST;

struct ll_journal_status {
    uint64_t size, published, groups; /* groups committed since it was opened */
    uint64_t pending;                 /* bytes that wait to get into tiles */
    int64_t published_ms;             /* when; 0: not since it was opened */
};
void ll_journal_status(struct ll_journal *j, struct ll_journal_status *ret);
const char *ll_journal_origin(const struct ll_journal *j);

/* Of a folder that this process has not opened: `latest` as it is signed, not checked.  LL_NOTFOUND when there is no journal. */
int ll_journal_peek(const char *dir, struct ll_buf *note, uint64_t *ret_size, struct ll_err *err) LL_MUST;
/* The proof of an entry of such a folder. */
int ll_log_proof(const char *dir, uint64_t index, struct ll_buf *out, struct ll_err *err) LL_MUST;

#endif
