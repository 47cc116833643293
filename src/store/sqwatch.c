/* sqwatch.c - whether a database in WAL mode has changed, read from the header of its WAL index.
 *
 * (1) Every commit writes a new header, both copies of it, before it returns (sqlite.org/walformat.html, 2.1): change counter,
 *     number of frames, checksum of the last frame, salts.  A commit that returned therefore shows in the 96 bytes.
 * (2) A header seen while it is written equals neither the old nor the new one; who compares asks once more than needed, never
 *     once less.
 * (3) The index is memory that all processes share; it lives as long as our connection, which holds the file open.
 *
 * The alternative, PRAGMA data_version, starts a read transaction: two locks of a file, a few microseconds at every call.  The memory
 * comes from the VFS (xShmMap) of a connection of our own; opening the file a second time would, when that is closed, drop
 * SQLite's locks on it (POSIX). */
#include "store/sqwatch.h"

#include "store/sq.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum {
    INDEX_REGION = 32768,
    INDEX_VERSION = 3007000,
    OPEN_WAIT_MS = 5000,
    WORDS = LL_COUNT(((struct ll_store_stamp *)0)->w)
};

struct sq_watch {
    char *path;
    pthread_mutex_t lock; /* of opening */
    atomic_bool opened;
    sqlite3 *db;
    const _Atomic uint64_t *header; /* NULL: this database cannot be watched */
    atomic_uint_fast64_t unknown;   /* makes every stamp of such a one different */
};

int ll_sq_watch_new(const char *path, struct sq_watch **ret, struct ll_err *err)
{
    struct sq_watch *w = calloc(1, sizeof *w);

    if (!w || !(w->path = strdup(path))) {
        free(w);
        return ll_no_memory(err);
    }
    pthread_mutex_init(&w->lock, NULL);
    *ret = w;
    return LL_OK;
}

void ll_sq_watch_close(struct sq_watch *w)
{
    if (!w)
        return;
    sqlite3_close(w->db);
    pthread_mutex_destroy(&w->lock);
    free(w->path);
    free(w);
}

/* The index's first region; a read has mapped it already, so this only looks it up. */
static const void *map_index(sqlite3 *db)
{
    volatile void *region = NULL;
    sqlite3_file *file = NULL;
    uint32_t version = 0;

    if (sqlite3_file_control(db, "main", SQLITE_FCNTL_FILE_POINTER, &file) != SQLITE_OK || !file ||
        !file->pMethods || file->pMethods->iVersion < 2 || !file->pMethods->xShmMap ||
        file->pMethods->xShmMap(file, 0, INDEX_REGION, 0, &region) != SQLITE_OK || !region)
        return NULL;
    memcpy(&version, (const void *)region, sizeof version);
    return version == INDEX_VERSION ? (const void *)region : NULL;
}

static void watch_open(struct sq_watch *w)
{
    int64_t tables;

    pthread_mutex_lock(&w->lock);
    if (!atomic_load(&w->opened)) {
        if (sqlite3_open_v2(w->path, &w->db, SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_READWRITE, NULL) ==
                SQLITE_OK &&
            sqlite3_busy_timeout(w->db, OPEN_WAIT_MS) == SQLITE_OK &&
            ll_sq_int(w->db, w->path, "SELECT count(*) FROM sqlite_schema", &tables, NULL) == LL_OK)
            w->header = map_index(w->db);
        atomic_store(&w->opened, true);
    }
    pthread_mutex_unlock(&w->lock);
}

void ll_sq_watch_stamp(struct sq_watch *w, struct ll_store_stamp *ret)
{
    if (!atomic_load_explicit(&w->opened, memory_order_acquire))
        watch_open(w);
    if (!w->header) {
        *ret = (struct ll_store_stamp){.w = {atomic_fetch_add(&w->unknown, 1) + 1}};
        return;
    }
    for (size_t i = 0; i < WORDS; i++)
        ret->w[i] = atomic_load_explicit(&w->header[i], memory_order_acquire);
}
