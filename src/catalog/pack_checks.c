/* pack_checks.c - checks.csv and views/NAME.sql: the rules over a row, and the services and analyses of the pack. */
#include "catalog/pack_reader.h"

#include "catalog/name.h"
#include "catalog/tbl/pack_columns.h"

#include <string.h>

#define X(id, name_, kind_, need_, argument_) COL_##id,
enum { LL_CHECK_COLUMNS(X) COL_COUNT };
#undef X
#define X(id, name_, kind_, need_, argument_) {name_, LL_CELL_##kind_, LL_NEED_##need_, argument_},
static const struct ll_pack_column columns[] = {LL_CHECK_COLUMNS(X)};
#undef X

struct checks {
    struct ll_pr *pr;
    struct ll_pack_table t;
    const struct ll_pack_row *row;
};

static struct ll_place at(const struct checks *ck, size_t column)
{
    return ll_pack_table_at(&ck->t, ck->row, column);
}

/* What can be told without an engine: one expression, its quotes and brackets closed, no comment that would swallow what the
 * program puts after it. */
static const char *shape_fault(const char *sql)
{
    int depth = 0;
    char quote = 0;

    for (const char *p = sql; *p; p++) {
        if (quote) {
            quote = *p == quote ? 0 : quote;
        } else if (*p == '\'' || *p == '"') {
            quote = *p;
        } else if (*p == '(') {
            depth++;
        } else if (*p == ')') {
            if (--depth < 0)
                return ")";
        } else if (*p == ';' || (*p == '-' && p[1] == '-') || (*p == '/' && p[1] == '*')) {
            return *p == ';' ? ";" : *p == '-' ? "--" : "/*";
        }
    }
    return quote ? (quote == '"' ? "\"" : "'") : depth ? "(" : NULL;
}

static int check_predicate(struct checks *ck, const struct ll_resource *r, const char *sql)
{
    const struct ll_pack_hooks *h = ck->pr->hooks;
    struct ll_err why;
    const char *fault = shape_fault(sql);

    if (strlen(sql) > LL_PACK_PREDICATE_MAX) {
        ll_problem_error(ck->pr->ps, at(ck, COL_PREDICATE), "条件超过 %d 字节",
                         "the predicate is longer than %d bytes", LL_PACK_PREDICATE_MAX);
        return LL_OK;
    }
    if (fault) {
        ll_problem_error(ck->pr->ps, at(ck, COL_PREDICATE), "条件中的 %s 没有配对，或不允许出现",
                         "%s in the predicate has no counterpart, or is not allowed", fault);
        return LL_OK;
    }
    for (size_t i = 0; r && i < r->n_items; i++)
        if (!r->items[i].element) /* reported; nothing can be said of a rule over it */
            return LL_OK;
    if (!r || !h || !h->predicate)
        return LL_OK;
    int rc = h->predicate(h->ctx, r, sql, &why);
    if (rc == LL_INVALID) {
        ll_problem_error(ck->pr->ps, at(ck, COL_PREDICATE), "%s%.0s", "%.0s%s", why.zh, why.en);
        return LL_OK;
    }
    if (rc < 0 && ck->pr->err)
        *ck->pr->err = why;
    return rc;
}

static int make_room(struct checks *ck)
{
    struct ll_pack *p = ck->pr->pack;

    for (size_t i = 0; i < ck->t.n; i++) {
        struct ll_resource *r = ll_pr_own_resource(ck->pr,
                                                   ll_str(ll_pack_table_row(&ck->t, i)->cell[COL_RESOURCE]));
        if (r)
            r->n_checks++;
    }
    for (size_t i = 0; i < p->n_resources; i++) {
        struct ll_resource *r = &p->resources[i];
        r->checks = ll_arena_array(ck->pr->arena, r->n_checks, sizeof *r->checks);
        r->n_checks = 0;
        if (!r->checks)
            return ll_pr_nomem(ck->pr);
    }
    return LL_OK;
}

static void check_name(const struct checks *ck, const struct ll_resource *r, const char *name)
{
    for (size_t i = 0; i + 1 < r->n_checks; i++)
        if (r->checks[i].name && strcmp(r->checks[i].name, name) == 0) {
            ll_problem_error(ck->pr->ps, at(ck, COL_NAME), "规则“%s”在数据资源 %s 中重复",
                             "check '%s' occurs twice in resource %s", name, r->name);
            return;
        }
}

static int read_one(struct checks *ck)
{
    const char *const *cell = ck->row->cell;
    struct ll_resource *r = ll_pr_own_resource(ck->pr, ll_str(cell[COL_RESOURCE]));
    struct ll_str near = {0};

    if (r) {
        struct ll_check *c = &r->checks[r->n_checks++];
        *c = (struct ll_check){.name = cell[COL_NAME],
                               .predicate = cell[COL_PREDICATE],
                               .message = cell[COL_MESSAGE],
                               .message_en = cell[COL_MESSAGE_EN],
                               .severity = cell[COL_SEVERITY] && cell[COL_SEVERITY][0] == 'w' ? LL_SEV_WARNING
                                                                                              : LL_SEV_ERROR,
                               .dimension = LL_DIM_CONSISTENCY};
        if (cell[COL_DIMENSION])
            (void)ll_dimension_parse(ll_str(cell[COL_DIMENSION]), &c->dimension);
        if (c->name)
            check_name(ck, r, c->name);
    } else if (cell[COL_RESOURCE]) {
        near = ll_index_nearest(&ck->pr->resources, ll_str(cell[COL_RESOURCE]));
        ll_problem_error(ck->pr->ps, at(ck, COL_RESOURCE), "本场景包没有数据资源“%s”%s%.*s",
                         "this pack has no resource '%s'%s%.*s", cell[COL_RESOURCE], near.n ? " -> " : "",
                         LL_STR_ARG(near));
    }
    return cell[COL_PREDICATE] ? check_predicate(ck, r, cell[COL_PREDICATE]) : LL_OK;
}

int ll_pr_checks(struct ll_pr *pr)
{
    struct checks ck = {.pr = pr};
    int rc = ll_pr_table(pr, "checks.csv", columns, COL_COUNT, &ck.t);

    if (rc < 0 || (rc = make_room(&ck)) < 0)
        return rc;
    for (size_t i = 0; i < ck.t.n && rc == LL_OK; i++) {
        ck.row = ll_pack_table_row(&ck.t, i);
        rc = read_one(&ck);
    }
    return rc;
}

/* Views live in one name space with resources, because both are tables to whoever asks. */
static void check_view_name(struct ll_pr *pr, const char *name, struct ll_place place)
{
    const struct ll_view *there = pr->known ? ll_catalog_view(pr->known, ll_str(name)) : NULL;
    const struct ll_resource *r = pr->known ? ll_catalog_resource(pr->known, ll_str(name)) : NULL;

    if (ll_name_check(ll_str(name)) != LL_NAME_OK)
        ll_problem_error(pr->ps, place,
                         "视图名“%s”应以小写字母开头，只含小写字母、数字和下划线，且不是 SQL 关键字",
                         "view name '%s' must start with a small letter, hold only small letters, digits and "
                         "underscores, and be no SQL keyword",
                         name);
    else if (there && ll_pr_taken(pr, there->pack))
        ll_problem_error(pr->ps, place, "视图“%s”已在场景包 %s 中", "view '%s' is already in pack %s", name,
                         there->pack);
    else if (ll_index_find(&pr->resources, ll_str(name)) || (r && ll_pr_taken(pr, r->pack)))
        ll_problem_error(pr->ps, place, "视图“%s”与数据资源同名", "view '%s' has the name of a resource",
                         name);
}

static int read_view(struct ll_pr *pr, const struct ll_pack_file *f, struct ll_view *v)
{
    struct ll_place place = {.file = f->path};
    struct ll_str name = ll_str(f->path + strlen("views/"));
    size_t bad = ll_utf8_bad(f->text);

    name.n -= strlen(".sql");
    *v = (struct ll_view){.name = ll_arena_dup(pr->arena, name),
                          .sql = ll_arena_dup(pr->arena, f->text),
                          .pack = pr->pack->info.name};
    if (!v->name || !v->sql)
        return ll_pr_nomem(pr);
    check_view_name(pr, v->name, place);
    if (bad < f->text.n || memchr(f->text.p, 0, f->text.n))
        ll_problem_error(pr->ps, place, "不是 UTF-8 编码的文本", "not UTF-8 text");
    else if (!ll_str_trim(f->text).n)
        ll_problem_error(pr->ps, place, "视图是空的", "the view is empty");
    return LL_OK;
}

static bool has_service(const struct ll_pack *p, const char *view)
{
    for (size_t i = 0; i < p->n_services; i++)
        if (p->services[i].view && strcmp(p->services[i].view, view) == 0)
            return true;
    return false;
}

/* A view with services is tried with them (pack_services.c): they tell its parameters and what it may see. */
int ll_pr_lone_views(struct ll_pr *pr)
{
    const struct ll_pack_hooks *h = pr->hooks;
    const struct ll_pack *p = pr->pack;
    int rc = LL_OK;

    for (size_t i = 0; h && h->view && i < p->n_views && rc == LL_OK; i++) {
        const struct ll_view *v = &p->views[i];
        struct ll_view_fault fault = {0};
        struct ll_err why;
        if (has_service(p, v->name) || !ll_str_trim(ll_str(v->sql)).n)
            continue;
        rc = h->view(h->ctx, p, v, &fault, &why);
        struct ll_place place = {.file = ll_arena_printf(pr->arena, "views/%s.sql", v->name),
                                 .line = fault.line,
                                 .column = fault.column};
        if (rc == LL_INVALID)
            ll_problem_error(pr->ps, place, "%s%.0s", "%.0s%s", why.zh, why.en);
        else if (rc < 0 && pr->err)
            *pr->err = why;
        rc = rc == LL_INVALID ? LL_OK : rc;
    }
    return rc;
}

int ll_pr_views(struct ll_pr *pr)
{
    struct ll_pack *p = pr->pack;
    int rc = LL_OK;

    p->views = ll_arena_array(pr->arena, pr->n_files, sizeof *p->views);
    if (!p->views)
        return ll_pr_nomem(pr);
    for (size_t i = 0; i < pr->n_files && rc == LL_OK; i++)
        if (ll_str_starts(ll_str(pr->files[i].path), LL_STR("views/")))
            rc = read_view(pr, &pr->files[i], &p->views[p->n_views++]);
    return rc;
}
