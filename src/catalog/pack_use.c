/* pack_use.c - tables of a pack that the use itself reads (report_sections.csv, ...): their form is checked with the rest of the pack, and they
 * are kept as they stand, loaded and replaced together with it. */
#include "catalog/pack_reader.h"

#include "catalog/tbl/pack_columns.h"

#include <string.h>

#define X(id, name_, kind_, need_, argument_) {name_, LL_CELL_##kind_, LL_NEED_##need_, argument_},
static const struct ll_pack_column sections[] = {LL_SECTION_COLUMNS(X)};
#undef X

static const struct {
    const char *file;
    const struct ll_pack_column *columns;
    size_t n;
} uses[] = {{"report_sections.csv", sections, LL_COUNT(sections)}};

int ll_pr_uses(struct ll_pr *pr)
{
    struct ll_pack *p = pr->pack;

    if (!(p->uses = ll_arena_array(pr->arena, LL_COUNT(uses), sizeof *p->uses)))
        return ll_pr_nomem(pr);
    for (size_t i = 0; i < LL_COUNT(uses); i++) {
        const struct ll_pack_file *f = ll_pr_file(pr, uses[i].file);
        struct ll_pack_table t;
        int rc;
        if (!f)
            continue;
        if ((rc = ll_pr_table(pr, uses[i].file, uses[i].columns, uses[i].n, &t)) < 0)
            return rc;
        struct ll_pack_file *kept = &p->uses[p->n_uses++];
        *kept = (struct ll_pack_file){uses[i].file, {ll_arena_dup(pr->arena, f->text), f->text.n}};
        if (!kept->text.p)
            return ll_pr_nomem(pr);
    }
    return LL_OK;
}

int ll_pack_use(struct ll_txn *tx, const char *pack, const char *name, struct ll_arena *arena,
                struct ll_str *ret, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    bool nomem = false;
    int rc = ll_sql(tx, "SELECT text FROM pack_use WHERE pack = $1 AND name = $2", &s, err);

    if (rc < 0)
        return rc;
    ll_bind_z(s, 1, pack);
    ll_bind_z(s, 2, name);
    if ((rc = ll_step(s, err)) > 0) {
        const char *text = ll_col_dup(s, 0, arena, &nomem);
        *ret = ll_str(text);
    } else if (rc == 0) {
        rc = ll_fail(err, LL_NOTFOUND, "没有装载场景包 %s（缺少 %s）：先执行 luling pack load",
                     "pack %s is not loaded (%s is missing): run luling pack load", pack, name);
    }
    ll_stmt_done(s);
    return rc < 0 ? rc : nomem ? ll_no_memory(err) : LL_OK;
}
