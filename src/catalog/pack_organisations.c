/* pack_organisations.c - organisations.csv: who provides, runs, uses and supervises; in a tree, in the region hierarchy. */
#include "catalog/pack_reader.h"

#include "catalog/tbl/pack_columns.h"
#include "standard/ident.h"

#include <string.h>

#define X(id, name_, kind_, need_, argument_) COL_##id,
enum { LL_ORGANISATION_COLUMNS(X) COL_COUNT };
#undef X
#define X(id, name_, kind_, need_, argument_) {name_, LL_CELL_##kind_, LL_NEED_##need_, argument_},
static const struct ll_pack_column columns[] = {LL_ORGANISATION_COLUMNS(X)};
#undef X

enum { DEPTH_MAX = 32 };

static void fill(struct ll_pr *pr, struct ll_organisation *o, const struct ll_pack_row *row)
{
    *o = (struct ll_organisation){
        .code = row->cell[COL_CODE],
        .name = row->cell[COL_NAME],
        .name_en = row->cell[COL_NAME_EN],
        .region = row->cell[COL_REGION],
        .parent = row->cell[COL_PARENT],
        .role = row->cell[COL_ROLE],
        .uscc = row->cell[COL_USCC],
        .basis = row->cell[COL_BASIS],
        .pack = pr->pack->info.name,
    };
}

static int add(struct ll_pr *pr, const struct ll_organisation *o, struct ll_place at)
{
    if (!o->code)
        return LL_OK;
    int rc = ll_index_add(&pr->organisations, ll_str(o->code), o);
    if (rc < 0)
        return ll_pr_nomem(pr);
    if (rc == 0)
        ll_problem_error(pr->ps, at, "机构代码“%s”重复", "organisation code '%s' occurs twice", o->code);
    const struct ll_organisation *there = pr->known ? ll_catalog_organisation(pr->known, ll_str(o->code))
                                                    : NULL;
    if (there && ll_pr_taken(pr, there->pack))
        ll_problem_error(pr->ps, at, "机构代码“%s”已被场景包 %s 使用",
                         "organisation code '%s' is taken by pack %s", o->code, there->pack);
    return LL_OK;
}

static void check_uscc(struct ll_pr *pr, const struct ll_organisation *o, struct ll_place at)
{
    char canon[LL_ID_MAX], zh[256], en[256];
    size_t n;

    if (!o->uscc)
        return;
    enum ll_id_fault fault = ll_id_check(LL_ID_USCC, ll_str(o->uscc), canon, &n);
    if (fault == LL_IDF_OK)
        return;
    ll_id_explain(LL_ID_USCC, (struct ll_str){canon, n}, fault, LL_ZH, zh, sizeof zh);
    ll_id_explain(LL_ID_USCC, (struct ll_str){canon, n}, fault, LL_EN, en, sizeof en);
    ll_problem_error(pr->ps, at, "统一社会信用代码“%s”无效：%s%.0s", "credit code '%s' is not valid: %.0s%s",
                     o->uscc, zh, en);
}

static void check_parent(struct ll_pr *pr, const struct ll_organisation *o, struct ll_place at)
{
    const struct ll_organisation *up = o;

    if (!o->parent || !ll_pr_organisation(pr, o->parent, at))
        return;
    for (int depth = 0; up && up->parent && depth < DEPTH_MAX; depth++) {
        up = ll_index_find(&pr->organisations, ll_str(up->parent));
        if (up == o) {
            ll_problem_error(pr->ps, at, "机构“%s”经上级“%s”又回到自身",
                             "organisation '%s' comes back to itself through its parent '%s'", o->code,
                             o->parent);
            return;
        }
    }
}

int ll_pr_organisations(struct ll_pr *pr)
{
    struct ll_pack *p = pr->pack;
    struct ll_pack_table t;
    int rc = ll_pr_table(pr, "organisations.csv", columns, COL_COUNT, &t);

    if (rc < 0)
        return rc;
    p->organisations = ll_arena_array(pr->arena, t.n, sizeof *p->organisations);
    if (!p->organisations)
        return ll_pr_nomem(pr);
    for (size_t i = 0; i < t.n; i++) {
        const struct ll_pack_row *row = ll_pack_table_row(&t, i);
        struct ll_organisation *o = &p->organisations[p->n_organisations++];
        fill(pr, o, row);
        if ((rc = add(pr, o, ll_pack_table_at(&t, row, COL_CODE))) < 0)
            return rc;
    }
    for (size_t i = 0; i < t.n; i++) {
        const struct ll_pack_row *row = ll_pack_table_row(&t, i);
        const struct ll_organisation *o = &p->organisations[i];
        if (o->region)
            ll_pr_code(pr, "REGION", o->region, ll_pack_table_at(&t, row, COL_REGION));
        check_uscc(pr, o, ll_pack_table_at(&t, row, COL_USCC));
        check_parent(pr, o, ll_pack_table_at(&t, row, COL_PARENT));
    }
    return LL_OK;
}
