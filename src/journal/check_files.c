/* check_files.c - what lies in a journal's folder beside what outsiders read: partial tiles of earlier sizes, and write-ahead files. */
#include "journal/check_impl.h"
#include "journal/wal.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { WAL_NAME = 20 };

struct walk {
    struct ll_log_check *c;
    enum ll_digest_alg alg;
    char at[LL_PATH]; /* below the tree's folder: "tile/0" */
    int depth;
};

static int told(struct ll_log_check *c, const char *what, int rc, const struct ll_err *err)
{
    if (rc != LL_INVALID && rc != LL_NOTFOUND)
        return rc;
    ll_log_problem(c, what, err);
    return LL_OK;
}

/* A partial tile must be the beginning of what the tile is now. */
static int compare_partial(struct walk *w, const char *name, const struct ll_tile *t, struct ll_err *err)
{
    struct ll_buf part = LL_BUF_INIT(LL_PAYLOADS_MAX), now = LL_BUF_INIT(LL_PAYLOADS_MAX);
    struct ll_tile grown = {t->level, t->n, ll_tile_width(t->level, t->n, w->c->size)};
    size_t at = 0;
    int rc;

    if (grown.width <= t->width) /* it is what the pass compared, or not published yet */
        return LL_OK;
    rc = ll_tile_read(&w->c->f, w->alg, t, &part, err);
    /* a later one that cannot be read was told before */
    if (rc == LL_OK && ll_tile_read(&w->c->f, w->alg, &grown, &now, NULL) == LL_OK) {
        while (at < part.n && at < now.n && part.p[at] == now.p[at])
            at++;
        if (at < part.n)
            rc = ll_fail(err, LL_INVALID, "第 %zu 字节与后来的瓦片不符",
                         "byte %zu differs from the later tile", at);
    }
    w->c->ret->files++;
    ll_buf_free(&part);
    ll_buf_free(&now);
    return told(w->c, name, rc, err);
}

static int visit(void *ctx, const char *name, struct ll_err *err);

static int visit_folder(struct walk *w, const char *full, const char *name, struct ll_err *err)
{
    struct walk below = *w;
    int rc = ll_path(below.at, err, "%s/%s", w->at, name);

    below.depth++;
    return rc < 0 || below.depth > 12 ? rc : ll_fs_each(full, visit, &below, err);
}

static int visit(void *ctx, const char *name, struct ll_err *err)
{
    struct walk *w = ctx;
    char full[LL_PATH], path[LL_PATH], shown[LL_PATH];
    struct ll_tile t;
    struct stat st;
    int rc;

    if ((rc = ll_path(path, err, "%s/%s", w->at, name)) < 0 ||
        (rc = ll_path(shown, err, "%s%s", ll_tree_prefix(w->alg), path)) < 0 ||
        (rc = ll_path(full, err, "%s/%s", w->c->dir, shown)) < 0)
        return rc;
    if (lstat(full, &st) < 0) /* the publisher of a running journal was quicker */
        return LL_OK;
    if (S_ISDIR(st.st_mode))
        return visit_folder(w, full, name, err);
    if (ll_str_ends(ll_str(name), LL_STR(".tmp")))
        return LL_OK;
    if (!ll_tile_parse(ll_str(path), &t)) {
        ll_fail(err, LL_INVALID, "这不是日志的文件", "this is no file of a journal");
        ll_log_problem(w->c, shown, err);
        return LL_OK;
    }
    return t.width < LL_TILE_WIDTH ? compare_partial(w, shown, &t, err) : LL_OK;
}

static int walk_tree(struct ll_log_check *c, enum ll_digest_alg alg, struct ll_err *err)
{
    struct walk w = {.c = c, .alg = alg, .at = "tile"};
    char dir[LL_PATH];
    int rc = ll_path(dir, err, "%s/%stile", c->dir, ll_tree_prefix(alg));

    if (rc == LL_OK)
        rc = ll_fs_each(dir, visit, &w, err);
    return rc == LL_NOTFOUND ? LL_OK : rc;
}

struct wals {
    struct ll_log_check *c;
    uint64_t end; /* of the tree after the last group seen */
    bool any;
};

static int read_groups(struct wals *ws, const char *path, const char *shown, struct ll_err *err)
{
    struct ll_wal_reader *r = NULL;
    struct ll_wal_state start;
    struct ll_wal_group g;
    int rc = ll_wal_open(path, &r, &start, err);

    if (rc < 0)
        return rc;
    if (ws->any && start.size != ws->end) {
        ll_fail(err, LL_INVALID, "始于第 %" PRIu64 " 条，而之前的文件止于第 %" PRIu64 " 条",
                "it starts at entry %" PRIu64 ", but the file before it ends at %" PRIu64, start.size,
                ws->end);
        ll_log_problem(ws->c, shown, err);
    }
    ws->any = true;
    ws->end = start.size;
    while ((rc = ll_wal_next(r, &g, err)) > 0)
        ws->end = g.after.size;
    ll_wal_reader_close(r);
    return rc;
}

static int look_at_wal(void *ctx, const char *name, struct ll_err *err)
{
    struct wals *ws = ctx;
    char path[LL_PATH], shown[LL_PATH];
    int rc;

    if (strlen(name) != WAL_NAME || strspn(name, "0123456789") != WAL_NAME)
        return LL_OK;
    if ((rc = ll_path(shown, err, "wal/%s", name)) < 0 ||
        (rc = ll_path(path, err, "%s/%s", ws->c->dir, shown)) < 0)
        return rc;
    ws->c->ret->files++;
    return told(ws->c, shown, read_groups(ws, path, shown, err), err);
}

static int check_wals(struct ll_log_check *c, struct ll_err *err)
{
    struct wals ws = {.c = c};
    char dir[LL_PATH];
    int rc = ll_path(dir, err, "%s/wal", c->dir);

    if (rc < 0)
        return rc;
    rc = ll_fs_each(dir, look_at_wal, &ws, err);
    if (rc == LL_OK && ws.any && ws.end < c->size) {
        ll_fail(err, LL_INVALID, "只到第 %" PRIu64 " 条，而已为 %" PRIu64 " 条签名：文件结尾被破坏",
                "they end at entry %" PRIu64 ", but %" PRIu64 " are signed for: the end is damaged", ws.end,
                c->size);
        ll_log_problem(c, "wal", err);
    }
    return rc == LL_NOTFOUND ? LL_OK : rc;
}

int ll_log_check_files(struct ll_log_check *c, struct ll_err *err)
{
    int rc = walk_tree(c, LL_SHA256, err);

    if (rc == LL_OK)
        rc = walk_tree(c, LL_SM3, err);
    return rc == LL_OK ? check_wals(c, err) : rc;
}
