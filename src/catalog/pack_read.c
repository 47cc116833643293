/* pack_read.c - a pack from a folder or from memory: the steps in order, each of which reports all it finds. */
#include "catalog/pack_files.h"
#include "catalog/pack_reader.h"

#include <stdlib.h>
#include <string.h>

/* A step may refer to what the steps before it have read. */
static int (*const steps[])(struct ll_pr *) = {
    ll_pr_about,    ll_pr_code_tables,     ll_pr_elements, ll_pr_organisations, ll_pr_resources,
    ll_pr_items,    ll_pr_resources_whole, ll_pr_mappings, ll_pr_checks,        ll_pr_views,
    ll_pr_services, ll_pr_lone_views,      ll_pr_pages,    ll_pr_uses,
};

static void init_indexes(struct ll_pr *pr)
{
    ll_index_init(&pr->needed, pr->arena);
    ll_index_init(&pr->tables, pr->arena);
    ll_index_init(&pr->elements, pr->arena);
    ll_index_init(&pr->element_codes, pr->arena);
    ll_index_init(&pr->organisations, pr->arena);
    ll_index_init(&pr->resources, pr->arena);
}

static int keep_hash(struct ll_pr *pr)
{
    char hex[65];
    int rc = ll_pack_files_hash(pr->files, pr->n_files, hex, pr->err);

    if (rc < 0)
        return rc;
    pr->pack->info.sha256 = ll_arena_dup(pr->arena, ll_str(hex));
    return pr->pack->info.sha256 ? LL_OK : ll_pr_nomem(pr);
}

/* A folder cannot hold two files of one name; what comes from memory can. */
static int check_paths(struct ll_pr *pr)
{
    struct ll_index paths;
    int added = 1;

    ll_index_init(&paths, pr->arena);
    for (size_t i = 0; i < pr->n_files && added >= 0; i++) {
        const struct ll_pack_file *f = &pr->files[i];
        added = ll_index_add(&paths, ll_str(f->path), f);
        if (added == 0)
            ll_problem_error(pr->ps, (struct ll_place){.file = f->path}, "文件重复",
                             "the file is there twice");
    }
    return added < 0 ? ll_pr_nomem(pr) : LL_OK;
}

static int run(struct ll_pr *pr)
{
    int rc = keep_hash(pr);

    init_indexes(pr);
    if (rc == LL_OK)
        rc = check_paths(pr);
    for (size_t i = 0; i < LL_COUNT(steps) && rc == LL_OK; i++)
        rc = steps[i](pr);
    ll_problems_sort(pr->ps);
    if (rc == LL_OK && ll_problems_out_of_memory(pr->ps))
        rc = ll_pr_nomem(pr);
    if (rc == LL_OK && ll_problems_errors(pr->ps))
        rc = ll_problems_fail(pr->ps, pr->err);
    return rc;
}

struct ll_pack *ll_pack_free(struct ll_pack *p)
{
    if (!p)
        return NULL;
    ll_catalog_unref(p->known);
    ll_arena_free(p->arena);
    free(p);
    return NULL;
}

static struct ll_pack *new_pack(struct ll_catalog *known)
{
    struct ll_pack *p = calloc(1, sizeof *p);

    if (!p)
        return NULL;
    p->arena = ll_arena_new(0);
    if (!p->arena)
        return ll_pack_free(p);
    p->known = known ? ll_catalog_ref(known) : NULL;
    return p;
}

int ll_pack_parse(const struct ll_pack_file *files, size_t n, struct ll_catalog *known,
                  const struct ll_pack_hooks *hooks, struct ll_problems *ps, struct ll_pack **ret,
                  struct ll_err *err)
{
    struct ll_pr pr = {.known = known, .hooks = hooks, .ps = ps, .files = files, .n_files = n, .err = err};

    pr.pack = new_pack(known);
    if (!pr.pack)
        return ll_pr_nomem(&pr);
    pr.arena = pr.pack->arena;
    int rc = run(&pr);
    if (rc < 0)
        ll_pack_free(pr.pack);
    else
        *ret = pr.pack;
    return rc;
}

int ll_pack_read(const char *dir, struct ll_catalog *known, const struct ll_pack_hooks *hooks,
                 struct ll_problems *ps, struct ll_pack **ret, struct ll_err *err)
{
    struct ll_pack_files files;
    int rc = ll_pack_files_read(dir, ps, &files, err);

    if (rc < 0)
        return rc;
    rc = ll_pack_parse(files.list, files.n, known, hooks, ps, ret, err);
    ll_pack_files_free(&files);
    return rc;
}
