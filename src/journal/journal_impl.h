/* journal_impl.h - what the parts of the journal share: sequencer.c makes entries durable, publish.c writes tiles and checkpoints,
 * recover.c finds both again, witness_ask.c collects cosignatures, journal.c holds them together. */
#ifndef LL_JOURNAL_JOURNAL_IMPL_H
#define LL_JOURNAL_JOURNAL_IMPL_H

#include "journal/journal.h"
#include "journal/tiler.h"

#include <pthread.h>
#include <stdatomic.h>

#define LL_JOURNAL_MAGIC 0x1a4e0a01u

/* What one caller waits for. */
struct ll_request {
    struct ll_request *next;
    size_t n;
    struct ll_record **record;            /* taken over once durable */
    struct ll_node (*leaf)[LL_WAL_TREES]; /* of each */
    size_t bytes;
    uint64_t first, tree_size; /* the answer */
    int rc;
    struct ll_err *err;
    void (*later)(struct ll_request *r); /* nobody sleeps: called at the end, and r is its own to free */
};

/* A tree that is durable, and the log's own signature over its checkpoint. */
struct ll_signed {
    struct ll_wal_state state;
    struct ll_buf line; /* of the note */
};

/* A write-ahead file that gets no more groups. */
struct ll_old_wal {
    struct ll_old_wal *next;
    char path[LL_PATH];
    uint64_t end; /* size of the tree after its last group */
};

struct ll_journal {
    unsigned magic;
    struct ll_journal_opts o;
    struct ll_vkey shadow; /* the SM2 key under the name of the shadow tree */
    int lock_fd;
    pthread_t sequencer, publisher, asker;
    bool sequencing, publishing, asking; /* which threads run */

    pthread_mutex_t lock; /* of everything below but what belongs to one thread */
    pthread_cond_t work, room, publish, published_now, ask;
    bool stop;

    struct ll_request *head, *tail; /* callers that wait for the next group */
    size_t queued, queued_bytes;
    bool idle, publisher_idle; /* they sleep, and want a signal */
    uint32_t gen;              /* number of the group that takes up callers */
    _Atomic uint32_t
        done[2]; /* last group finished, even and odd: callers sleep on the word of their group */

    struct ll_signed newest;
    struct ll_chunk *first, *last; /* not yet in tiles; the last one still fills */
    uint64_t size, pending, groups;
    struct ll_old_wal *old;
    bool broken; /* fdatasync failed: nothing more is promised until the next start */
    bool
        scrub; /* a payload is being erased: the next group ends its write-ahead file, and that is removed, not recycled */
    uint64_t wal_first; /* the first entry of the present write-ahead file */

    uint64_t published; /* size of `latest` on disk */
    int64_t published_ms;
    uint64_t wanted; /* somebody waits for this size to be published */
    uint64_t rounds; /* publications tried, so that who waits sees one that failed after it asked */
    int publish_rc;
    struct ll_err publish_err;

    /* the sequencer's */
    struct ll_edge edge[LL_WAL_TREES];
    struct ll_wal *wal;
    struct ll_chunk *reserve;
    size_t reserved;
    size_t last_group;
    /* the publisher's */
    struct ll_tiler *tiler;
    pthread_mutex_t tiles; /* held while tiles are written: erasing rewrites one */
};

void *ll_sequencer_run(void *j);
void *ll_publisher_run(void *j);
void *ll_asker_run(void *j);

/* Signs a state as the log; the line replaces what `ret` had. */
int ll_signed_make(const struct ll_journal *j, const struct ll_wal_state *state, struct ll_signed *ret,
                   struct ll_err *err) LL_MUST;
/* Room for n more entries in memory, so that taking them in once they are durable cannot fail. */
int ll_journal_reserve(struct ll_journal *j, size_t n, struct ll_err *err) LL_MUST;
/* Durable entries go to the chunks; needs the lock.  Takes the record. */
void ll_journal_keep(struct ll_journal *j, struct ll_record *record, const struct ll_node leaf[LL_WAL_TREES]);
/* Begins the next write-ahead file; the present one becomes old. */
int ll_journal_rotate(struct ll_journal *j, struct ll_err *err) LL_MUST;
int ll_wal_name(const struct ll_journal *j, uint64_t first, char out[LL_PATH], struct ll_err *err) LL_MUST;
int ll_journal_write_tiles(struct ll_journal *j, uint64_t size, struct ll_err *err) LL_MUST;
/* One publication of `newest`; needs nothing locked. */
int ll_journal_publish_once(struct ll_journal *j, struct ll_err *err) LL_MUST;
int ll_journal_recover(struct ll_journal *j, struct ll_err *err) LL_MUST;
/* Waits until that size is published, or a publication fails. */
int ll_journal_await(struct ll_journal *j, uint64_t size, struct ll_err *err) LL_MUST;

#endif
