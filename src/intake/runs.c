/* runs.c - see runs.h. */
#include "intake/runs.h"

#include "base/fs.h"

#include <stdio.h>

struct walk {
    struct ll_data *data;
    const char *folder;
    ll_runs_fn *fn;
    void *ctx;
    size_t n;
};

static int one(void *ctx, const char *name, struct ll_err *err)
{
    struct walk *w = ctx;
    struct ll_str file = ll_str(name);
    struct ll_seg *seg = NULL;
    char path[LL_PATH], id[LL_ID_TEXT];
    int rc;

    if (name[0] == '.' || !ll_str_ends(file, LL_STR(".db")) || file.n - 3 >= sizeof id || w->n == LL_RUNS_MAX)
        return LL_OK;
    snprintf(id, sizeof id, "%.*s", (int)(file.n - 3), name);
    if ((rc = ll_data_path(w->data, path, err, "%s/%s", w->folder, name)) < 0 ||
        (rc = ll_seg_open(path, &seg, err)) < 0)
        return rc == LL_NOTFOUND ? LL_OK : rc; /* removed since its name was read */
    w->n++;
    rc = w->fn(w->ctx, id, seg, err);
    ll_seg_close(seg);
    return rc;
}

int ll_runs_each(struct ll_data *d, const char *folder, ll_runs_fn *fn, void *ctx, struct ll_err *err)
{
    struct walk w = {d, folder, fn, ctx, 0};
    char path[LL_PATH];
    int rc = ll_data_path(d, path, err, "%s", folder);

    return rc < 0 || !ll_fs_exists(path) ? rc : ll_fs_each(path, one, &w, err);
}
