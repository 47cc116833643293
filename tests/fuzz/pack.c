/* A pack from anyone: the input is its files, each after a line "=== PATH".  Whatever they hold, reading ends with a pack or with
 * problems that have a place and both texts; a pack that is read makes a catalogue, goes through JSON and differs in nothing
 * from itself. */
#include "base/err.h"
#include "catalog/pack_diff.h"

#include <stdlib.h>
#include <string.h>

enum { FILES_MAX = 32, PATH_MAX_BYTES = 64 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct input {
    struct ll_pack_file list[FILES_MAX];
    char paths[FILES_MAX][PATH_MAX_BYTES];
    size_t n;
};

static const struct ll_str mark = {"=== ", 4};

/* The reader trusts the folder scan for what a path looks like. */
static bool path_ok(struct ll_str path)
{
    if (ll_str_is(path, "pack.json") || ll_str_is(path, "pages.json") ||
        (ll_str_ends(path, LL_STR(".csv")) && path.n > 4 && !memchr(path.p, '/', path.n)))
        return true;
    return (ll_str_starts(path, LL_STR("codes/")) && ll_str_ends(path, LL_STR(".csv")) && path.n > 10) ||
           (ll_str_starts(path, LL_STR("mappings/")) && ll_str_ends(path, LL_STR(".csv")) && path.n > 13) ||
           (ll_str_starts(path, LL_STR("views/")) && ll_str_ends(path, LL_STR(".sql")) && path.n > 10);
}

static void add_file(struct input *in, struct ll_str path, struct ll_str text)
{
    if (path.n == 0 || in->n == FILES_MAX || path.n >= PATH_MAX_BYTES || memchr(path.p, 0, path.n) ||
        !path_ok(path))
        return;
    memcpy(in->paths[in->n], path.p, path.n);
    in->paths[in->n][path.n] = 0;
    in->list[in->n] = (struct ll_pack_file){in->paths[in->n], text};
    in->n++;
}

static void split(struct input *in, struct ll_str s)
{
    struct ll_str line, path = {0}, rest = s;
    const char *start = s.p;

    while (rest.n) {
        ll_str_cut(rest, '\n', &line, &rest);
        if (!ll_str_starts(line, mark))
            continue;
        add_file(in, path, (struct ll_str){start, (size_t)(line.p - start)});
        path = (struct ll_str){line.p + mark.n, line.n - mark.n};
        start = rest.p;
    }
    add_file(in, path, (struct ll_str){start, (size_t)(s.p + s.n - start)});
}

static void check_problems(const struct ll_problems *ps)
{
    for (size_t i = 0; i < ll_problems_kept(ps); i++) {
        const struct ll_problem *p = ll_problems_at(ps, i);
        LL_ASSERT(p->at.file && p->zh[0] && p->en[0]);
    }
}

static void check_pack(struct ll_pack *p)
{
    const struct ll_pack *list[] = {p};
    struct ll_catalog *cat = NULL;
    struct ll_pack *loaded = NULL;
    struct ll_diff *d = NULL;
    struct ll_err err;

    LL_ASSERT(ll_catalog_of_packs(NULL, list, 1, &cat, &err) == LL_OK);
    LL_ASSERT(ll_pack_loaded(cat, ll_str(p->info.name), &loaded, &err) == LL_OK);
    LL_ASSERT(ll_pack_diff(loaded, p, cat, &d, &err) == LL_OK);
    LL_ASSERT(d->n == 0);
    ll_diff_free(d);
    ll_pack_free(loaded);
    ll_catalog_unref(cat);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input in = {.n = 0};
    struct ll_problems *ps = ll_problems_new(100);
    struct ll_pack *p = NULL;
    struct ll_err err;

    LL_ASSERT(ps != NULL);
    split(&in, (struct ll_str){(const char *)data, size});
    int rc = ll_pack_parse(in.list, in.n, NULL, NULL, ps, &p, &err);
    LL_ASSERT((rc == LL_OK) == (p != NULL));
    LL_ASSERT(rc == LL_OK || (rc == LL_INVALID && ll_problems_errors(ps) > 0));
    check_problems(ps);
    if (p)
        check_pack(p);
    ll_pack_free(p);
    ll_problems_free(ps);
    return 0;
}
