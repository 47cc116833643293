/* verify.c - see verify.h. */
#include "intake/verify.h"

#include "crypto/hash.h"
#include "intake/batch.h"
#include "intake/delivery.h"
#include "intake/inbox.h"
#include "intake/manifest.h"

#include <string.h>

enum { AT_ONCE = 1000 };

struct run {
    struct ll_data *d;
    const char *resource;
    ll_verify_fn *fn;
    void *ctx;
    struct ll_verified *ret;
};

static void found(struct run *r, const char *what, const struct ll_err *problem)
{
    r->ret->problems++;
    r->fn(r->ctx, what, problem);
}

static int check_batch(struct run *r, const struct ll_batch *b, struct ll_arena *arena, struct ll_err *err)
{
    struct ll_manifest m;
    char dir[LL_PATH];
    int rc;

    if ((rc = ll_data_path(r->d, dir, err, "lake/%s/%s", b->resource, b->id)) < 0)
        return rc;
    if ((rc = ll_manifest_read(dir, arena, &m, err)) < 0)
        return rc;
    if (strcmp(m.sha256, b->manifest_sha256) != 0)
        return ll_fail(err, LL_INVALID, "批次 %s 的清单已被改动", "the manifest of batch %s was changed",
                       b->id);
    return ll_manifest_verify(dir, err);
}

static int check_batches(struct run *r, struct ll_err *err)
{
    struct ll_batch *list = NULL;
    size_t n = 1;
    int64_t total;
    int rc = LL_OK;

    for (int64_t offset = 0; n && rc == LL_OK; offset += AT_ONCE) {
        struct ll_arena *arena = ll_arena_new(0);
        rc = arena ? ll_batch_list(r->d, r->resource, offset, AT_ONCE, arena, &list, &n, &total, err)
                   : ll_no_memory(err);
        for (size_t i = 0; i < n && rc == LL_OK; i++) {
            struct ll_err problem = {0};
            r->ret->batches++;
            if (check_batch(r, &list[i], arena, &problem) < 0)
                found(r, list[i].id, &problem);
        }
        ll_arena_free(arena);
    }
    return rc;
}

static int check_delivery(struct run *r, const struct ll_delivery *v, struct ll_err *err)
{
    char sha[LL_SHA256_HEX];
    int rc = ll_inbox_hash(r->d, v->resource, v->sha256, sha, err);

    if (rc == LL_NOTFOUND)
        return ll_fail(err, LL_INVALID, "交付 %s 的原始文件不见了", "the bytes of delivery %s are missing",
                       v->id);
    if (rc < 0 && rc != LL_INVALID)
        return rc;
    if (rc == LL_INVALID || strcmp(sha, v->sha256) != 0)
        return ll_fail(err, LL_INVALID, "交付 %s 的原始文件已被改动", "the bytes of delivery %s were changed",
                       v->id);
    return LL_OK;
}

static int check_deliveries(struct run *r, struct ll_err *err)
{
    struct ll_delivery *list = NULL;
    size_t n = 1;
    int64_t total;
    int rc = LL_OK;

    for (int64_t offset = 0; n && rc == LL_OK; offset += AT_ONCE) {
        struct ll_arena *arena = ll_arena_new(0);
        rc = arena ? ll_delivery_list(r->d, &(struct ll_delivery_filter){.resource = r->resource}, offset,
                                      AT_ONCE, arena, &list, &n, &total, err)
                   : ll_no_memory(err);
        for (size_t i = 0; i < n && rc == LL_OK; i++) {
            struct ll_err problem = {0};
            r->ret->deliveries++;
            if (check_delivery(r, &list[i], &problem) < 0)
                found(r, list[i].id, &problem);
        }
        ll_arena_free(arena);
    }
    return rc;
}

/* ---- folders that no batch explains ---- */

struct folders {
    struct run *r;
    const char *resource;
};

/* One that a job is about to record has a delivery. */
static int check_folder(void *ctx, const char *name, struct ll_err *err)
{
    struct folders *f = ctx;
    struct ll_arena *arena = ll_arena_new(0);
    struct ll_err problem = {0};
    struct ll_delivery v;
    int rc = arena ? ll_delivery_get(f->r->d, name, arena, &v, err) : ll_no_memory(err);

    ll_arena_free(arena);
    if (rc != LL_NOTFOUND)
        return rc;
    (void)ll_fail(&problem, LL_INVALID, "控制库中没有 lake/%s/%s 这个批次",
                  "lake/%s/%s is a batch that the control database does not know", f->resource, name);
    found(f->r, name, &problem);
    return LL_OK;
}

static int check_resource_folder(void *ctx, const char *name, struct ll_err *err)
{
    struct folders f = {ctx, name};
    char dir[LL_PATH];
    int rc;

    if (f.r->resource && strcmp(f.r->resource, name) != 0)
        return LL_OK;
    if ((rc = ll_data_path(f.r->d, dir, err, "lake/%s", name)) < 0)
        return rc;
    return ll_fs_each(dir, check_folder, &f, err);
}

static int check_folders(struct run *r, struct ll_err *err)
{
    char dir[LL_PATH];
    int rc = ll_data_path(r->d, dir, err, "lake");

    return rc < 0 ? rc : ll_fs_each(dir, check_resource_folder, r, err);
}

int ll_data_verify(struct ll_data *d, const char *resource, ll_verify_fn *fn, void *ctx,
                   struct ll_verified *ret, struct ll_err *err)
{
    struct run r = {d, resource, fn, ctx, ret};
    int rc;

    *ret = (struct ll_verified){0};
    if ((rc = check_batches(&r, err)) < 0 || (rc = check_folders(&r, err)) < 0)
        return rc;
    return check_deliveries(&r, err);
}
