/* wal.h - the write-ahead file: what makes entries durable.  Tiles follow later, from memory.
 *
 * (1) A group is one write and one fdatasync: its entries, and the size and roots of the tree with them.
 * (2) A group starts at a multiple of 4096 bytes and is hashed as a whole; blocks of a group that is durable are never written again.
 *     A write that was cut short at any byte, or whose blocks reached the disk in any order, is thus no group.
 * (3) A file's salt stands in each of its groups: what an earlier use left in a recycled file is no group of this one.
 * (4) Where a whole group lies behind one that is not whole, the file is damaged: that is never the end of a crash.
 * (5) The file grows in steps ahead of the groups and is recycled, so that a group changes no metadata of the file system. */
#ifndef LL_JOURNAL_WAL_H
#define LL_JOURNAL_WAL_H

#include "base/fs.h"
#include "journal/merkle.h"

enum { LL_WAL_BLOCK = 4096, LL_WAL_TREES = 2 /* SHA-256, SM3 */ };

/* Where the tree stands: how many entries, and the roots over them. */
struct ll_wal_state {
    uint64_t size;
    struct ll_node root[LL_WAL_TREES];
};

struct ll_wal;

/* A file that starts at `state`.  `spare`, where it is there, is made over into it.  Durable when it returns. */
int ll_wal_create(const char *path, const char *spare, const struct ll_wal_state *state, struct ll_wal **ret,
                  struct ll_err *err) LL_MUST;
struct ll_wal *ll_wal_close(struct ll_wal *w); /* NULL is fine; returns NULL */
uint64_t ll_wal_bytes(const struct ll_wal *w); /* of its groups */
const char *ll_wal_path(const struct ll_wal *w);

/* A group: begin, add its entries in order, commit.  LL_IO from commit: nothing is promised, *broken tells whether the file can still
 * be used (it cannot after a failed fdatasync, which says nothing about what is on the disk). */
void ll_wal_begin(struct ll_wal *w);
void ll_wal_add(struct ll_wal *w, struct ll_str entry, struct ll_str sealed);
int ll_wal_commit(struct ll_wal *w, const struct ll_wal_state *after, bool *broken,
                  struct ll_err *err) LL_MUST;

/* Reading, at start. */
struct ll_wal_group {
    struct ll_wal_state after;
    uint32_t count;
    struct ll_str body; /* of ll_wal_entry; borrowed until the next group */
};

struct ll_wal_reader;
int ll_wal_open(const char *path, struct ll_wal_reader **ret, struct ll_wal_state *start,
                struct ll_err *err) LL_MUST;
struct ll_wal_reader *ll_wal_reader_close(struct ll_wal_reader *r); /* NULL is fine; returns NULL */
/* 1: the next group; 0: there is none; LL_INVALID: rule (4). */
int ll_wal_next(struct ll_wal_reader *r, struct ll_wal_group *ret, struct ll_err *err) LL_MUST;
/* Cuts one entry off a group's body; false when nothing is left. */
bool ll_wal_entry(struct ll_str *body, struct ll_str *entry, struct ll_str *sealed);

#endif
