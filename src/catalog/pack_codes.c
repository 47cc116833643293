/* pack_codes.c - codes/NAME.csv: codes, their parents, and which of them are no longer in use. */
#include "catalog/pack_reader.h"

#include "catalog/name.h"
#include "catalog/tbl/pack_columns.h"

#include <string.h>

#define X(id, name_, kind_, need_, argument_) COL_##id,
enum { LL_CODE_COLUMNS(X) COL_COUNT };
#undef X
#define X(id, name_, kind_, need_, argument_) {name_, LL_CELL_##kind_, LL_NEED_##need_, argument_},
static const struct ll_pack_column columns[] = {LL_CODE_COLUMNS(X)};
#undef X

enum { CODE_MAX = 64, DEPTH_MAX = 32 };

/* One table while it is read. */
struct table {
    struct ll_pr *pr;
    struct ll_pr_codes *codes;
    struct ll_pack_table t;
};

static void fill(struct ll_code_row *c, const struct ll_pack_row *row)
{
    *c = (struct ll_code_row){
        .code = row->cell[COL_CODE],
        .title = row->cell[COL_TITLE],
        .title_en = row->cell[COL_TITLE_EN],
        .parent = row->cell[COL_PARENT],
        .synonyms = row->cell[COL_SYNONYMS],
        .basis = row->cell[COL_BASIS],
        .source = row->cell[COL_SOURCE],
        .historical = row->cell[COL_STATUS] && strcmp(row->cell[COL_STATUS], "historical") == 0,
    };
}

static int add(struct table *tb, const struct ll_pack_row *row)
{
    struct ll_pr *pr = tb->pr;
    struct ll_code_table *table = tb->codes->table;
    struct ll_code_row *c = &table->rows[table->n];
    struct ll_place at = ll_pack_table_at(&tb->t, row, COL_CODE);

    fill(c, row);
    if (!c->code || !c->title)
        return LL_OK;
    if (ll_utf8_count(ll_str(c->code)) > CODE_MAX) {
        ll_problem_error(pr->ps, at, "代码超过 %d 个字符", "the code is longer than %d characters", CODE_MAX);
        return LL_OK;
    }
    int rc = ll_index_add(&tb->codes->own, ll_str(c->code), c);
    if (rc < 0)
        return ll_pr_nomem(pr);
    if (rc == 0)
        ll_problem_error(pr->ps, at, "代码“%s”重复", "code '%s' occurs twice", c->code);
    else if (ll_pr_code_elsewhere(pr, table->name, ll_str(c->code)))
        ll_problem_error(pr->ps, at, "代码“%s”已在另一场景包的代码表 %s 中",
                         "code '%s' is already in table %s of another pack", c->code, table->name);
    else
        table->n++;
    return LL_OK;
}

static const struct ll_code_row *own_parent(const struct table *tb, const struct ll_code_row *c)
{
    return c->parent ? ll_index_find(&tb->codes->own, ll_str(c->parent)) : NULL;
}

static void check_parent(struct table *tb, const struct ll_pack_row *row)
{
    struct ll_pr *pr = tb->pr;
    const char *code = row->cell[COL_CODE], *parent = row->cell[COL_PARENT];
    struct ll_place at = ll_pack_table_at(&tb->t, row, COL_PARENT);
    const struct ll_code_row *c = code ? ll_index_find(&tb->codes->own, ll_str(code)) : NULL;

    if (!parent || !c)
        return;
    const struct ll_code_row *up = own_parent(tb, c);
    if (!up && !pr->incomplete && !ll_pr_code_elsewhere(pr, tb->codes->table->name, ll_str(parent)))
        ll_problem_error(pr->ps, at, "上级“%s”不在本代码表中", "parent '%s' is not in this code table",
                         parent);
    int depth = 1;
    while (up && up != c && depth++ < DEPTH_MAX)
        up = own_parent(tb, up);
    if (up == c)
        ll_problem_error(pr->ps, at, "代码“%s”经上级“%s”又回到自身",
                         "code '%s' comes back to itself through its parent '%s'", code, parent);
    else if (up)
        ll_problem_error(pr->ps, at, "代码“%s”的上级超过 %d 层", "code '%s' has more than %d levels above it",
                         code, DEPTH_MAX);
}

/* A synonym that is another code's title, code or synonym could only be guessed at. */
static int check_synonyms(struct table *tb, const struct ll_pack_row *row, struct ll_index *spellings)
{
    struct ll_str one, rest = ll_str(row->cell[COL_SYNONYMS]);

    while (rest.n) {
        ll_str_cut(rest, '|', &one, &rest);
        one = ll_str_trim(one);
        if (!one.n)
            continue;
        int rc = ll_index_add(spellings, one, row);
        if (rc < 0)
            return ll_pr_nomem(tb->pr);
        const struct ll_code_row *same = ll_index_find(&tb->codes->own, one);
        bool other = same && row->cell[COL_CODE] && strcmp(same->code, row->cell[COL_CODE]) != 0;
        if ((rc == 0 && ll_index_find(spellings, one) != row) || other)
            ll_problem_warning(tb->pr->ps, ll_pack_table_at(&tb->t, row, COL_SYNONYMS),
                               "别名“%.*s”也指别的代码，解析时不会采用",
                               "synonym '%.*s' also means another code and will not be used",
                               LL_STR_ARG(one));
    }
    return LL_OK;
}

static int check_rows(struct table *tb)
{
    struct ll_index spellings;
    int rc = LL_OK;

    ll_index_init(&spellings, tb->pr->arena);
    for (size_t i = 0; i < tb->t.n && rc == LL_OK; i++) {
        const struct ll_pack_row *row = ll_pack_table_row(&tb->t, i);
        check_parent(tb, row);
        if (row->cell[COL_SYNONYMS])
            rc = check_synonyms(tb, row, &spellings);
    }
    return rc;
}

static int read_table(struct ll_pr *pr, const char *path, struct ll_code_table *table)
{
    struct table tb = {.pr = pr, .codes = ll_pr_codes(pr, table->name)};
    int rc;

    if (!tb.codes)
        return ll_pr_nomem(pr);
    if ((rc = ll_pr_table(pr, path, columns, COL_COUNT, &tb.t)) < 0)
        return rc;
    tb.codes->table = table;
    table->rows = ll_arena_array(pr->arena, tb.t.n, sizeof *table->rows);
    if (!table->rows)
        return ll_pr_nomem(pr);
    for (size_t i = 0; i < tb.t.n; i++)
        if ((rc = add(&tb, ll_pack_table_row(&tb.t, i))) < 0)
            return rc;
    return check_rows(&tb);
}

/* "codes/SEX.csv" -> SEX */
static char *table_name(struct ll_pr *pr, const char *path)
{
    struct ll_str name = ll_str(path + strlen("codes/"));

    name.n -= strlen(".csv");
    return ll_arena_dup(pr->arena, name);
}

int ll_pr_code_tables(struct ll_pr *pr)
{
    struct ll_pack *p = pr->pack;
    int rc = LL_OK;

    p->tables = ll_arena_array(pr->arena, pr->n_files, sizeof *p->tables);
    if (!p->tables)
        return ll_pr_nomem(pr);
    for (size_t i = 0; i < pr->n_files && rc == LL_OK; i++) {
        const char *path = pr->files[i].path;
        if (!ll_str_starts(ll_str(path), LL_STR("codes/")))
            continue;
        struct ll_code_table *table = &p->tables[p->n_tables];
        table->name = table_name(pr, path);
        if (!table->name)
            return ll_pr_nomem(pr);
        if (!ll_table_name_ok(ll_str(table->name))) {
            ll_problem_error(pr->ps, (struct ll_place){.file = path},
                             "代码表的文件名应为大写字母、数字和下划线，如 codes/SEX.csv",
                             "the file of a code table is named in capital letters, digits and underscores, "
                             "like codes/SEX.csv");
            continue;
        }
        p->n_tables++;
        rc = read_table(pr, path, table);
    }
    return rc;
}
