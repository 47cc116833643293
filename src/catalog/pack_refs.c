/* pack_refs.c - what a name in a pack refers to, and what to say when it refers to nothing. */
#include "catalog/pack_reader.h"

#include "catalog/name.h"

#include <string.h>

int ll_pr_nomem(struct ll_pr *pr)
{
    return ll_fail(pr->err, LL_NOMEM, "读取场景包时内存不足", "out of memory reading the pack");
}

const struct ll_pack_file *ll_pr_file(const struct ll_pr *pr, const char *path)
{
    for (size_t i = 0; i < pr->n_files; i++)
        if (strcmp(pr->files[i].path, path) == 0)
            return &pr->files[i];
    return NULL;
}

int ll_pr_table(struct ll_pr *pr, const char *file, const struct ll_pack_column *columns, size_t n_columns,
                struct ll_pack_table *t)
{
    const struct ll_pack_file *f = ll_pr_file(pr, file);

    *t = (struct ll_pack_table){.file = file, .columns = columns, .n_columns = n_columns};
    if (!f)
        return LL_OK;
    return ll_pack_table_read(t, file, f->text, columns, n_columns, pr->arena, pr->ps) < 0 ? ll_pr_nomem(pr)
                                                                                           : LL_OK;
}

unsigned ll_pr_count(const char *cell, unsigned otherwise)
{
    int64_t v;

    return cell && ll_str_i64(ll_str(cell), 0, UINT32_MAX, &v) ? (unsigned)v : otherwise;
}

bool ll_pr_yes(const char *cell)
{
    return cell && cell[0] == 'Y';
}

const char *ll_pr_taken(const struct ll_pr *pr, const char *pack_of_known)
{
    bool own = pr->pack->info.name && pack_of_known && strcmp(pack_of_known, pr->pack->info.name) == 0;

    return own ? NULL : pack_of_known;
}

/* What kind of thing is looked for.  Both texts get both words; "%.0s" takes the other language's and prints nothing. */
struct kind {
    const char *zh, *en;
};

static void unknown(struct ll_pr *pr, struct ll_place at, struct kind kind, const char *name,
                    struct ll_str nearest)
{
    if (pr->incomplete)
        return;
    if (nearest.n)
        ll_problem_error(pr->ps, at, "没有%s%.0s“%s”，是否应为“%.*s”？",
                         "there is no %.0s%s '%s'; did you mean '%.*s'?", kind.zh, kind.en, name,
                         LL_STR_ARG(nearest));
    else
        ll_problem_error(pr->ps, at, "没有%s%.0s“%s”", "there is no %.0s%s '%s'", kind.zh, kind.en, name);
}

static void not_needed(struct ll_pr *pr, struct ll_place at, struct kind kind, const char *name,
                       const char *pack)
{
    ll_problem_error(pr->ps, at, "%s%.0s“%s”在场景包 %s 中；请在 pack.json 的 needs 中写上 %s",
                     "%.0s%s '%s' is in pack %s; add %s to needs in pack.json", kind.zh, kind.en, name, pack,
                     pack);
}

/* known: what the catalogue has under that name, in pack `pack`.  True when this pack may refer to it. */
static bool reachable(struct ll_pr *pr, const char *pack, struct ll_place at, struct kind kind,
                      const char *name)
{
    if (ll_index_find(&pr->needed, ll_str(pack)))
        return true;
    not_needed(pr, at, kind, name, pack);
    return false;
}

/* The nearest of this pack's names and of `n` known ones of needed packs. */
struct near_known {
    struct ll_pr *pr;
    struct ll_near near;
};

static void try_known(struct near_known *k, const char *name, const char *pack)
{
    if (ll_index_find(&k->pr->needed, ll_str(pack)))
        ll_near_try(&k->near, ll_str(name));
}

static struct near_known near_start(struct ll_pr *pr, const struct ll_index *own, const char *name)
{
    struct near_known k = {pr, ll_near_start(ll_str(name))};

    for (size_t i = 0; i < own->cap; i++)
        if (own->slots[i].value)
            ll_near_try(&k.near, own->slots[i].key);
    return k;
}

const struct ll_element *ll_pr_element(struct ll_pr *pr, const char *name, struct ll_place at)
{
    static const struct kind kind = {"数据元", "element"};
    const struct ll_element *e = ll_index_find(&pr->elements, ll_str(name));
    size_t n = 0;

    if (e)
        return e;
    e = pr->known ? ll_catalog_element(pr->known, ll_str(name)) : NULL;
    if (e && ll_pr_taken(pr, e->pack))
        return reachable(pr, e->pack, at, kind, name) ? e : NULL;
    struct near_known k = near_start(pr, &pr->elements, name);
    const struct ll_element *const *list = pr->known ? ll_catalog_elements(pr->known, &n) : NULL;
    for (size_t i = 0; i < n; i++)
        try_known(&k, list[i]->name, list[i]->pack);
    unknown(pr, at, kind, name, k.near.best);
    return NULL;
}

const struct ll_organisation *ll_pr_organisation(struct ll_pr *pr, const char *code, struct ll_place at)
{
    static const struct kind kind = {"机构", "organisation"};
    const struct ll_organisation *o = ll_index_find(&pr->organisations, ll_str(code));

    if (o)
        return o;
    o = pr->known ? ll_catalog_organisation(pr->known, ll_str(code)) : NULL;
    if (o && ll_pr_taken(pr, o->pack))
        return reachable(pr, o->pack, at, kind, code) ? o : NULL;
    unknown(pr, at, kind, code, ll_index_nearest(&pr->organisations, ll_str(code)));
    return NULL;
}

struct ll_resource *ll_pr_own_resource(const struct ll_pr *pr, struct ll_str name)
{
    return (struct ll_resource *)ll_index_find(&pr->resources,
                                               name); /* ours: the index alone promises const */
}

const struct ll_resource *ll_pr_resource(struct ll_pr *pr, const char *name, struct ll_place at)
{
    static const struct kind kind = {"数据资源", "resource"};
    const struct ll_resource *r = ll_index_find(&pr->resources, ll_str(name));

    if (r)
        return r;
    r = pr->known ? ll_catalog_resource(pr->known, ll_str(name)) : NULL;
    if (r && ll_pr_taken(pr, r->pack))
        return reachable(pr, r->pack, at, kind, name) ? r : NULL;
    unknown(pr, at, kind, name, ll_index_nearest(&pr->resources, ll_str(name)));
    return NULL;
}

const struct ll_resource *ll_pr_resource_there(struct ll_pr *pr, const char *name)
{
    const struct ll_resource *r = ll_index_find(&pr->resources, ll_str(name));

    return !r && pr->known ? ll_catalog_resource(pr->known, ll_str(name)) : r;
}

/* The parts of a known code table that other packs than this one provide. */
static size_t other_parts(const struct ll_pr *pr, const struct ll_codes *known)
{
    size_t n = 0;

    for (size_t i = 0; known && i < known->n_parts; i++)
        n += ll_pr_taken(pr, known->parts[i].pack) != NULL;
    return n;
}

static const struct ll_codes *known_codes(const struct ll_pr *pr, const char *table)
{
    return pr->known ? ll_catalog_codes(pr->known, ll_str(table)) : NULL;
}

bool ll_pr_code_table(struct ll_pr *pr, const char *table, struct ll_place at)
{
    static const struct kind kind = {"代码表", "code table"};
    const struct ll_pr_codes *c = ll_index_find(&pr->tables, ll_str(table));
    const struct ll_codes *known = known_codes(pr, table);
    size_t n = 0;

    if (c && c->table)
        return true;
    if (other_parts(pr, known))
        return reachable(pr, known->parts[0].pack, at, kind, table);
    struct near_known k = near_start(pr, &pr->tables, table);
    const struct ll_codes *const *list = pr->known ? ll_catalog_code_tables(pr->known, &n) : NULL;
    for (size_t i = 0; i < n; i++)
        try_known(&k, list[i]->name, list[i]->parts[0].pack);
    unknown(pr, at, kind, table, k.near.best);
    return false;
}

struct ll_pr_codes *ll_pr_codes(struct ll_pr *pr, const char *table)
{
    struct ll_pr_codes *there = (struct ll_pr_codes *)ll_index_find(&pr->tables, ll_str(table)); /* ours */
    struct ll_pr_codes *made;

    if (there)
        return there;
    made = ll_arena_alloc(pr->arena, sizeof *made);
    char *name = ll_arena_dup(pr->arena, ll_str(table));
    if (!made || !name)
        return NULL;
    ll_index_init(&made->own, pr->arena);
    ll_index_init(&made->others, pr->arena);
    return ll_index_add(&pr->tables, ll_str(name), made) < 0 ? NULL : made;
}

/* The table as other packs provide it, when an earlier load of this pack is mixed into the known one. */
static int index_others(struct ll_pr *pr, struct ll_pr_codes *c, const struct ll_codes *known)
{
    for (size_t p = 0; p < known->n_parts; p++) {
        const struct ll_codes_part *part = &known->parts[p];
        if (!ll_pr_taken(pr, part->pack))
            continue;
        for (size_t i = part->first; i < part->first + part->n; i++) {
            const struct ll_code *code = ll_codeset_at(known->set, i);
            if (ll_index_add(&c->others, code->code, code) < 0)
                return LL_NOMEM;
        }
    }
    return LL_OK;
}

bool ll_pr_code_elsewhere(struct ll_pr *pr, const char *table, struct ll_str code)
{
    const struct ll_codes *known = known_codes(pr, table);
    size_t others = other_parts(pr, known);

    if (!others)
        return false;
    if (others == known->n_parts)
        return ll_codeset_by_code(known->set, code) != NULL;
    struct ll_pr_codes *c = ll_pr_codes(pr, table);
    if (!c || (!c->others.n && index_others(pr, c, known) < 0))
        return false; /* out of memory: the arena is full and the next step says so */
    return ll_index_find(&c->others, code) != NULL;
}

bool ll_pr_code(struct ll_pr *pr, const char *table, const char *code, struct ll_place at)
{
    const struct ll_pr_codes *c = ll_index_find(&pr->tables, ll_str(table));

    if (c && ll_index_find(&c->own, ll_str(code)))
        return true;
    if (ll_pr_code_elsewhere(pr, table, ll_str(code)))
        return true;
    if (pr->incomplete)
        return false;
    if ((c && c->table) || other_parts(pr, known_codes(pr, table)))
        ll_problem_error(pr->ps, at, "代码表 %s 中没有“%s”", "code table %s has no '%s'", table, code);
    else
        ll_problem_error(pr->ps, at,
                         "没有代码表 %s，无法核对“%s”；请在 needs 中写上含有它的场景包（一般是 core）",
                         "there is no code table %s to check '%s' against; add the pack that has it (usually "
                         "core) to needs",
                         table, code);
    return false;
}
