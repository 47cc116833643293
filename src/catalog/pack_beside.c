/* pack_beside.c - a pack together with the packs that it needs, which lie beside it: DIR/../NAME. */
#include "catalog/pack.h"

#include "base/fs.h"

#include <jansson.h>
#include <string.h>

enum { DEPTH_MAX = 16, ABOUT_MAX = 1 << 20 };

struct beside {
    struct ll_catalog *cat; /* known so far: a reference; NULL: nothing */
    const struct ll_pack_hooks *hooks;
    struct ll_problems *ps; /* of the pack that was asked for */
    struct ll_err *err;
};

/* The names in `needs`; NULL when pack.json cannot be read, which reading the pack itself will report. */
static json_t *needs_of(const char *dir)
{
    char path[LL_PATH];
    struct ll_buf text = LL_BUF_INIT(ABOUT_MAX + 65536);
    json_t *root = NULL, *needs = NULL;

    if (ll_path(path, NULL, "%s/pack.json", dir) == LL_OK &&
        ll_fs_read(path, ABOUT_MAX, &text, NULL) == LL_OK)
        root = json_loadb(ll_buf_view(&text).p, text.n, 0, NULL);
    if (json_is_array(json_object_get(root, "needs")))
        needs = json_incref(json_object_get(root, "needs"));
    json_decref(root);
    ll_buf_free(&text);
    return needs;
}

static int read_needs(struct beside *b, const char *dir, int depth);

static int add_to_known(struct beside *b, struct ll_pack *p)
{
    const struct ll_pack *list[] = {p};
    struct ll_catalog *wider = NULL;
    int rc = ll_catalog_of_packs(b->cat, list, 1, &wider, b->err);

    if (rc < 0)
        return rc;
    ll_catalog_unref(b->cat);
    b->cat = wider;
    return LL_OK;
}

static int read_one(struct beside *b, const char *name, const char *dir, int depth)
{
    struct ll_problems *ps = ll_problems_new(1);
    struct ll_pack *p = NULL;
    struct ll_err why;
    int rc = ps ? read_needs(b, dir, depth + 1) : ll_fail(b->err, LL_NOMEM, "内存不足", "out of memory");

    if (rc == LL_OK) {
        rc = ll_pack_read(dir, b->cat, b->hooks, ps, &p, &why);
        if (rc == LL_OK)
            rc = add_to_known(b, p);
        else if (rc == LL_INVALID)
            ll_problem_error(b->ps, (struct ll_place){.file = "pack.json", .column_name = "needs"},
                             "需要的场景包 %s（%s）有错误：%s%.0s",
                             "the needed pack %s (%s) has errors: %.0s%s", name, dir, why.zh, why.en);
        else if (b->err)
            *b->err = why;
    }
    ll_pack_free(p);
    ll_problems_free(ps);
    return rc == LL_INVALID ? LL_OK : rc;
}

/* Packs that `dir` needs and that are not known yet; deepest first.  What is not found is reported when `dir` itself is read. */
static int read_needs(struct beside *b, const char *dir, int depth)
{
    json_t *needs = depth < DEPTH_MAX ? needs_of(dir) : NULL, *each;
    char other[LL_PATH], about[LL_PATH];
    size_t i;
    int rc = LL_OK;

    json_array_foreach(needs, i, each)
    {
        const char *name = json_string_value(each);
        bool there = name && b->cat && ll_catalog_pack(b->cat, ll_str(name));
        if (rc < 0 || !name || there || strchr(name, '/'))
            continue;
        if (ll_path(other, NULL, "%s/../%s", dir, name) == LL_OK &&
            ll_path(about, NULL, "%s/pack.json", other) == LL_OK && ll_fs_exists(about))
            rc = read_one(b, name, other, depth);
    }
    json_decref(needs);
    return rc;
}

int ll_pack_read_beside(const char *dir, struct ll_catalog *known, const struct ll_pack_hooks *hooks,
                        struct ll_problems *ps, struct ll_pack **ret, struct ll_catalog **ret_known,
                        struct ll_err *err)
{
    struct beside b = {.cat = known ? ll_catalog_ref(known) : NULL, .hooks = hooks, .ps = ps, .err = err};
    int rc = read_needs(&b, dir, 0);

    if (rc == LL_OK)
        rc = ll_pack_read(dir, b.cat, hooks, ps, ret, err);
    if (rc == LL_OK)
        *ret_known = b.cat;
    else
        ll_catalog_unref(b.cat);
    return rc;
}
