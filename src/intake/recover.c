/* recover.c - after a start: what a crash left is removed or finished; and the service tables anew from the lake.
 *
 * (1) Nothing is touched that a living process holds: its lock (receiving: on the temporary file; a job: locks/<resource>) tells.
 * (2) Recovery may itself be cut short at any instant and run again. */
#include "intake/job.h"

#include "intake/publish.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

/* Takes locks/<resource>.  LL_BUSY: a job of another process runs. */
static int lock_resource(struct ll_data *d, const char *resource, int *ret_lock, struct ll_err *err)
{
    char path[LL_PATH];
    int rc = ll_data_path(d, path, err, "locks/%s", resource);

    return rc < 0 ? rc : ll_fs_lock(path, ret_lock, err);
}

/* ---- leftovers ---- */

/* Bytes that were still coming in when their receiver died; nobody was told that they are here. */
static int sweep_inbox(void *ctx, const char *name, struct ll_err *err)
{
    char path[LL_PATH];
    int fd, rc = LL_OK;

    if (!ll_str_ends(ll_str(name), LL_STR(".tmp")))
        return LL_OK;
    if ((rc = ll_data_path(ctx, path, err, "inbox/%s", name)) < 0)
        return rc;
    if ((fd = open(path, O_RDONLY | O_CLOEXEC)) < 0)
        return LL_OK; /* its receiver has just finished */
    if (flock(fd, LOCK_EX | LOCK_NB) == 0)
        rc = ll_fs_remove_tree(path, err);
    close(fd);
    return rc;
}

static int sweep_work(void *ctx, const char *name, struct ll_err *err)
{
    struct ll_data *d = ctx;
    struct ll_delivery v;
    struct ll_arena *arena = ll_arena_new(1 << 20);
    char path[LL_PATH], lock_path[LL_PATH];
    int lock = -1, rc = LL_OK;
    int pid;

    if (!arena)
        return ll_no_memory(err);
    if ((rc = ll_data_path(d, path, err, "work/%s", name)) < 0)
        goto done;
    if (sscanf(name, "spill-%d-", &pid) == 1 || sscanf(name, "download-%d-", &pid) == 1) {
        /* they belong to a running process as long as its number does */
        char proc[64];
        snprintf(proc, sizeof proc, "/proc/%d", pid);
        if (!ll_fs_exists(proc))
            rc = ll_fs_remove_tree(path, err);
        goto done;
    }
    if (ll_delivery_get(d, name, arena, &v, NULL) < 0 ||
        (rc = ll_data_path(d, lock_path, err, "locks/%s", v.resource)) < 0)
        goto done;
    if (ll_fs_lock(lock_path, &lock, NULL) == LL_OK)
        rc = ll_fs_remove_tree(path, err);
done:
    ll_fs_unlock(lock);
    ll_arena_free(arena);
    return rc;
}

/* Segment files that nobody lists, and a list that a withdrawal left outdated. */
static int sweep_service(void *ctx, const char *name, struct ll_err *err)
{
    struct ll_data *d = ctx;
    int lock = -1, rc = lock_resource(d, name, &lock, err);

    if (rc == LL_BUSY)
        return LL_OK;
    if (rc == LL_OK && (rc = ll_publish_mend(d, name, err)) == LL_OK)
        rc = ll_publish_sweep(d, name, err);
    ll_fs_unlock(lock);
    return rc;
}

static int sweep(struct ll_data *d, const char *part,
                 int (*one)(void *ctx, const char *name, struct ll_err *err), struct ll_err *err)
{
    char path[LL_PATH];
    int rc = ll_data_path(d, path, err, "%s", part);

    return rc < 0 ? rc : ll_fs_each(path, one, d, err);
}

/* ---- deliveries ---- */

static int carry_all(struct ll_data *d, const char *state, const struct ll_job_opts *o, unsigned *n,
                     struct ll_err *err)
{
    struct ll_arena *arena = ll_arena_new(0);
    struct ll_delivery *list = NULL;
    size_t count = 0;
    int64_t total = 0;
    int rc = arena ? ll_delivery_list(d, &(struct ll_delivery_filter){.state = state}, 0, 10000, arena, &list,
                                      &count, &total, err)
                   : ll_no_memory(err);

    for (size_t i = count; i-- > 0 && rc == LL_OK;) { /* oldest first */
        struct ll_err own = {0};
        int one = ll_job_run(d, list[i].id, o, &own);
        *n += one != LL_BUSY;
    }
    ll_arena_free(arena);
    return rc;
}

int ll_job_recover(struct ll_data *d, const struct ll_job_opts *o, unsigned *ret_n, struct ll_err *err)
{
    int rc;

    *ret_n = 0;
    if ((rc = sweep(d, "inbox", sweep_inbox, err)) < 0 || (rc = sweep(d, "work", sweep_work, err)) < 0 ||
        (rc = sweep(d, "service", sweep_service, err)) < 0 ||
        (rc = carry_all(d, "received", o, ret_n, err)) < 0)
        return rc;
    return carry_all(d, "sealed", o, ret_n, err);
}

/* ---- anew from the lake ---- */

static int rebuild_one(struct ll_data *d, const char *resource, struct ll_err *err)
{
    int lock = -1, rc = lock_resource(d, resource, &lock, err);

    if (rc == LL_OK)
        rc = ll_publish_shown(d, resource, err);
    ll_fs_unlock(lock);
    return rc;
}

int ll_job_rebuild(struct ll_data *d, const char *resource, unsigned *ret_n, struct ll_err *err)
{
    struct ll_catalog *cat = NULL;
    size_t n = 0;
    int rc = ll_data_catalog(d, &cat, err);

    *ret_n = 0;
    if (rc < 0)
        return rc;
    const struct ll_resource *const *all = ll_catalog_resources(cat, &n);
    for (size_t i = 0; i < n && rc == LL_OK; i++) {
        if (resource && strcmp(all[i]->name, resource) != 0)
            continue;
        rc = rebuild_one(d, all[i]->name, err);
        ++*ret_n;
    }
    if (rc == LL_OK && resource && *ret_n == 0)
        rc = ll_fail(err, LL_NOTFOUND, "没有名为 %s 的资源", "there is no resource named %s", resource);
    ll_catalog_unref(cat);
    return rc;
}
