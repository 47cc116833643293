/* pack_services.c - services.csv and service_items.csv: named views over one or more resources.
 *
 * A service without a view answers by subject or key from each of its resources (its items are outputs that come from an item); one with
 * a view gives the rows of its SQL, which sees the items that the service declares and nothing else (intake/viewsql.h). */
#include "catalog/pack_reader.h"

#include "catalog/name.h"
#include "catalog/service.h"
#include "catalog/tbl/pack_columns.h"
#include "standard/convert.h"

#include <string.h>

#define X(id, name_, kind_, need_, argument_) COL_##id,
enum { LL_SERVICE_COLUMNS(X) COL_COUNT };
#undef X
#define X(id, name_, kind_, need_, argument_) ITEM_##id,
enum { LL_SERVICE_ITEM_COLUMNS(X) ITEM_COUNT };
#undef X
#define X(id, name_, kind_, need_, argument_) {name_, LL_CELL_##kind_, LL_NEED_##need_, argument_},
static const struct ll_pack_column columns[] = {LL_SERVICE_COLUMNS(X)};
static const struct ll_pack_column item_columns[] = {LL_SERVICE_ITEM_COLUMNS(X)};
#undef X

enum { ROWS = 100, TIME_MS = 2000 };

struct services {
    struct ll_pr *pr;
    struct ll_pack_table t, items;
    struct ll_index by_name; /* of this pack: name -> struct ll_service */
    const struct ll_pack_row *row;
    struct ll_service *s;
    struct ll_service_item *item;
};

static struct ll_place at(const struct services *k, size_t column)
{
    return ll_pack_table_at(&k->t, k->row, column);
}

static struct ll_place at_item(const struct services *k, size_t column)
{
    return ll_pack_table_at(&k->items, k->row, column);
}

/* --- services.csv --------------------------------------------------------------------------------------------------- */

static const struct ll_view *view_named(const struct services *k, const char *name)
{
    const struct ll_pack *p = k->pr->pack;

    for (size_t i = 0; i < p->n_views; i++)
        if (strcmp(p->views[i].name, name) == 0)
            return &p->views[i];
    return NULL;
}

/* Services are called under the same address as resources, so they share one name space. */
static void check_name(struct services *k, const char *name)
{
    struct ll_pr *pr = k->pr;
    const struct ll_service *there = pr->known ? ll_catalog_service(pr->known, ll_str(name)) : NULL;
    const struct ll_resource *r = pr->known ? ll_catalog_resource(pr->known, ll_str(name)) : NULL;

    if (there && ll_pr_taken(pr, there->pack))
        ll_problem_error(pr->ps, at(k, COL_NAME), "服务“%s”已在场景包 %s 中",
                         "service '%s' is already in pack %s", name, there->pack);
    else if (ll_index_find(&pr->resources, ll_str(name)) || (r && ll_pr_taken(pr, r->pack)))
        ll_problem_error(pr->ps, at(k, COL_NAME), "服务“%s”与数据资源同名，请换一个名称",
                         "service '%s' has the name of a resource; choose another", name);
}

static void check_view(struct services *k, const char *view)
{
    struct ll_near near = ll_near_start(ll_str(view));
    const struct ll_pack *p = k->pr->pack;

    if (view_named(k, view))
        return;
    for (size_t i = 0; i < p->n_views; i++)
        ll_near_try(&near, ll_str(p->views[i].name));
    ll_problem_error(k->pr->ps, at(k, COL_VIEW), "没有 views/%s.sql%s%.*s", "there is no views/%s.sql%s%.*s",
                     view, near.best.n ? " -> " : "", LL_STR_ARG(near.best));
}

static int read_service(struct services *k)
{
    const char *const *cell = k->row->cell;
    struct ll_service *s = &k->pr->pack->services[k->pr->pack->n_services];
    int added;

    *s = (struct ll_service){.name = cell[COL_NAME],
                             .title = cell[COL_TITLE],
                             .title_en = cell[COL_TITLE_EN],
                             .summary = cell[COL_SUMMARY],
                             .summary_en = cell[COL_SUMMARY_EN],
                             .view = cell[COL_VIEW],
                             .pack = k->pr->pack->info.name,
                             .version = ll_pr_count(cell[COL_VERSION], 1),
                             .row_limit = ll_pr_count(cell[COL_ROW_LIMIT], ROWS),
                             .time_ms = ll_pr_count(cell[COL_TIME_LIMIT], TIME_MS),
                             .callable = !cell[COL_CALLABLE] || ll_pr_yes(cell[COL_CALLABLE])};
    if (s->view)
        check_view(k, s->view);
    if (!s->name)
        return LL_OK;
    check_name(k, s->name);
    if ((added = ll_index_add(&k->by_name, ll_str(s->name), s)) < 0)
        return ll_pr_nomem(k->pr);
    if (!added)
        ll_problem_error(k->pr->ps, at(k, COL_NAME), "服务“%s”重复", "service '%s' occurs twice", s->name);
    k->pr->pack->n_services += added > 0;
    return LL_OK;
}

/* --- service_items.csv ---------------------------------------------------------------------------------------------- */

static struct ll_service *service_of(struct services *k)
{
    const char *name = k->row->cell[ITEM_SERVICE];
    struct ll_service *s = name ? (struct ll_service *)ll_index_find(&k->by_name, ll_str(name))
                                : NULL; /* ours */
    struct ll_str near = name && !s ? ll_index_nearest(&k->by_name, ll_str(name)) : LL_STR("");

    if (name && !s)
        ll_problem_error(k->pr->ps, at_item(k, ITEM_SERVICE), "services.csv 中没有服务“%s”%s%.*s",
                         "services.csv has no service '%s'%s%.*s", name, near.n ? " -> " : "",
                         LL_STR_ARG(near));
    return s;
}

/* "resource.item" into the item it names; NULL when it is none, which is reported. */
static const struct ll_item *origin(struct services *k, const char *from)
{
    struct ll_str resource, item;
    bool dotted = ll_str_cut(ll_str(from), '.', &resource, &item) && item.n;
    char *name = dotted ? ll_arena_dup(k->pr->arena, resource) : NULL;
    const struct ll_resource *r = name ? ll_pr_resource(k->pr, name, at_item(k, ITEM_FROM)) : NULL;
    const struct ll_item *it = r ? ll_resource_item(r, item) : NULL;

    if (!dotted)
        ll_problem_error(k->pr->ps, at_item(k, ITEM_FROM), "应写成“数据资源.信息项”，如 firm.uscc",
                         "write resource.item, as firm.uscc");
    if (!r)
        return NULL;
    if (!it) {
        struct ll_near near = ll_near_start(item);
        for (size_t i = 0; i < r->n_items; i++)
            ll_near_try(&near, ll_str(r->items[i].name));
        ll_problem_error(k->pr->ps, at_item(k, ITEM_FROM), "数据资源 %s 没有信息项“%.*s”%s%.*s",
                         "resource %s has no item '%.*s'%s%.*s", r->name, LL_STR_ARG(item),
                         near.best.n ? " -> " : "", LL_STR_ARG(near.best));
        return NULL;
    }
    k->item->resource = r->name;
    k->item->item = it->name;
    return it;
}

/* What only parameters have, and what each use needs. */
static void check_use(struct services *k)
{
    static const size_t of_parameters[] = {ITEM_REQUIRED, ITEM_DEFAULT, ITEM_MIN, ITEM_MAX};
    const char *const *cell = k->row->cell;
    bool parameter = k->item->use == LL_SERVICE_PARAMETER;

    for (size_t i = 0; i < LL_COUNT(of_parameters) && !parameter; i++)
        if (cell[of_parameters[i]])
            ll_problem_error(k->pr->ps, at_item(k, of_parameters[i]),
                             "只有 use 为 parameter 的行可以填，请留空",
                             "only a row of use parameter may have it; leave it empty");
    if (!k->s->view && k->item->use != LL_SERVICE_OUTPUT)
        ll_problem_error(k->pr->ps, at_item(k, ITEM_USE), "没有视图的服务只有 output",
                         "a service without a view has only outputs");
    if ((!k->s->view || k->item->use == LL_SERVICE_INPUT) && !cell[ITEM_FROM])
        ll_problem_error(k->pr->ps, at_item(k, ITEM_FROM), "要写明来自哪个信息项，如 firm.uscc",
                         "say which item it comes from, as firm.uscc");
    if (parameter && cell[ITEM_FROM])
        ll_problem_error(k->pr->ps, at_item(k, ITEM_FROM), "参数不来自信息项，请改填 element",
                         "a parameter comes from no item; name its element instead");
    if (!cell[ITEM_FROM] && !cell[ITEM_ELEMENT])
        ll_problem_error(k->pr->ps, at_item(k, ITEM_ELEMENT), "要写明数据元，它决定类型、代码与级别",
                         "name its element, which tells type, codes and grade");
    if (cell[ITEM_FROM] && cell[ITEM_ELEMENT])
        ll_problem_error(k->pr->ps, at_item(k, ITEM_ELEMENT), "from 已决定数据元，请留空",
                         "`from` tells the element; leave it empty");
}

static bool fits(const struct ll_element *e, struct ll_str v)
{
    ll_i128 number;
    int64_t i;
    int32_t days;
    bool yes;

    switch (e->type) {
    case LL_TYPE_INTEGER:
        return ll_cv_integer(v, &i) == LL_CV_OK;
    case LL_TYPE_DECIMAL:
        return ll_cv_decimal(v, e->scale, &number) == LL_CV_OK;
    case LL_TYPE_DATE:
        return ll_cv_date(v, &days) == LL_CV_OK;
    case LL_TYPE_DATETIME:
        return ll_cv_datetime(v, &i) == LL_CV_OK;
    case LL_TYPE_BOOLEAN:
        return ll_cv_boolean(v, &yes) == LL_CV_OK;
    default:
        return true;
    }
}

static void check_values(struct services *k, const struct ll_element *e)
{
    static const size_t of[] = {ITEM_DEFAULT, ITEM_MIN, ITEM_MAX};
    bool ordered = e->type != LL_TYPE_TEXT && e->type != LL_TYPE_CODE && e->type != LL_TYPE_IDENTIFIER &&
                   e->type != LL_TYPE_BOOLEAN;

    for (size_t i = 0; i < LL_COUNT(of); i++) {
        const char *v = k->row->cell[of[i]];
        if (v && !fits(e, ll_str(v)))
            ll_problem_error(k->pr->ps, at_item(k, of[i]), "“%s”不是数据元 %s（%s）的值",
                             "'%s' is no value of element %s (%s)", v, e->name, ll_type_name(e->type));
        else if (v && of[i] != ITEM_DEFAULT && !ordered)
            ll_problem_error(k->pr->ps, at_item(k, of[i]), "只有数与日期有上下限，请留空",
                             "only numbers and dates have bounds; leave it empty");
    }
}

static const struct ll_element *fill(struct services *k)
{
    const char *const *cell = k->row->cell;
    struct ll_service_item *it = k->item;
    const struct ll_item *from = cell[ITEM_FROM] ? origin(k, cell[ITEM_FROM]) : NULL;
    const struct ll_element *e = from ? from->element
                                 : cell[ITEM_ELEMENT]
                                     ? ll_pr_element(k->pr, cell[ITEM_ELEMENT], at_item(k, ITEM_ELEMENT))
                                     : NULL;
    const char *title = from && from->title ? from->title : e ? e->title : NULL;
    const char *title_en = from && from->title ? from->title_en : e ? e->title_en : NULL;

    it->name = cell[ITEM_NAME] ? cell[ITEM_NAME] : from ? from->name : NULL;
    it->element = e ? e->name : NULL;
    it->title = cell[ITEM_TITLE] ? cell[ITEM_TITLE] : title;
    it->title_en = cell[ITEM_TITLE_EN] ? cell[ITEM_TITLE_EN] : title_en;
    it->rests_on = cell[ITEM_RESTS_ON];
    it->required = ll_pr_yes(cell[ITEM_REQUIRED]);
    it->fallback = cell[ITEM_DEFAULT];
    it->low = cell[ITEM_MIN];
    it->high = cell[ITEM_MAX];
    return e;
}

static void check_item_name(struct services *k)
{
    const struct ll_service *s = k->s;
    const struct ll_service_item *mine = k->item;

    if (!mine->name) {
        if (!k->row->cell[ITEM_FROM])
            ll_problem_error(k->pr->ps, at_item(k, ITEM_NAME), "要有名称", "it needs a name");
        return;
    }
    if (!s->view && mine->item && strcmp(mine->name, mine->item) != 0)
        ll_problem_error(k->pr->ps, at_item(k, ITEM_NAME), "没有视图的服务不改名，请留空",
                         "a service without a view does not rename; leave it empty");
    for (const struct ll_service_item *o = s->items; o < mine; o++)
        if (o->name && strcmp(o->name, mine->name) == 0 && o->use == mine->use &&
            (s->view ? o->use != LL_SERVICE_INPUT
                     : ll_str_is(ll_str(o->resource), mine->resource ? mine->resource : ""))) {
            ll_problem_error(k->pr->ps, at_item(k, ITEM_NAME), "“%s”在服务 %s 中重复",
                             "'%s' occurs twice in service %s", mine->name, s->name);
            return;
        }
}

static void read_item(struct services *k)
{
    const char *use = k->row->cell[ITEM_USE];
    const struct ll_element *e;

    if (!(k->s = service_of(k)))
        return;
    k->item = &k->s->items[k->s->n_items++];
    if (use && !ll_service_use_parse(ll_str(use), &k->item->use))
        return; /* reported by the table */
    e = fill(k);
    check_use(k);
    check_item_name(k);
    if (e && k->item->use == LL_SERVICE_PARAMETER)
        check_values(k, e);
}

/* --- the whole ------------------------------------------------------------------------------------------------------ */

static int make_room(struct services *k)
{
    struct ll_pack *p = k->pr->pack;

    for (size_t i = 0; i < k->items.n; i++) {
        k->row = ll_pack_table_row(&k->items, i);
        const char *name = k->row->cell[ITEM_SERVICE];
        struct ll_service *s = name ? (struct ll_service *)ll_index_find(&k->by_name, ll_str(name)) : NULL;
        if (s)
            s->n_items++;
    }
    for (size_t i = 0; i < p->n_services; i++) {
        struct ll_service *s = &p->services[i];
        if (s->n_items > LL_SERVICE_ITEMS_MAX)
            ll_problem_error(k->pr->ps, (struct ll_place){.file = "service_items.csv"}, "服务 %s 超过 %d 行",
                             "service %s has more than %d rows", s->name, LL_SERVICE_ITEMS_MAX);
        s->items = ll_arena_array(k->pr->arena, s->n_items + 1, sizeof *s->items);
        s->n_items = 0;
        if (!s->items)
            return ll_pr_nomem(k->pr);
    }
    return LL_OK;
}

/* Where the rows of a service begin, so that what is wrong with the whole is said there. */
static struct ll_place place_of(const struct services *k, const struct ll_service *s, const char *item)
{
    for (size_t i = 0; i < k->items.n; i++) {
        const struct ll_pack_row *row = ll_pack_table_row(&k->items, i);
        const char *name = row->cell[ITEM_NAME], *from = row->cell[ITEM_FROM];
        struct ll_str tail = ll_str(from), head;
        if (!name && from)
            ll_str_cut(ll_str(from), '.', &head, &tail);
        if (row->cell[ITEM_SERVICE] && strcmp(row->cell[ITEM_SERVICE], s->name) == 0 &&
            (!item || (name ? strcmp(name, item) == 0 : ll_str_is(tail, item))))
            return ll_pack_table_at(&k->items, row, ITEM_NAME);
    }
    return (struct ll_place){.file = "services.csv", .column_name = s->name};
}

/* What is sensitive or tells something of a natural person: grades 3 and 4, and names where subjects are, or may be, natural persons. */
static bool personal(const struct ll_resource *r, const struct ll_item *item)
{
    static const char *const kinds[] = {"person", "household", "trader", "any"};
    bool persons = false;

    for (size_t i = 0; i < LL_COUNT(kinds) && r->subject_kind; i++)
        persons = persons || strcmp(kinds[i], r->subject_kind) == 0;
    return item->grade >= LL_GRADE_SEALED || (persons && item->role == LL_ROLE_SUBJECT_NAME);
}

static const struct ll_item *subject_of(const struct ll_resource *r)
{
    for (size_t i = 0; i < r->n_items; i++)
        if (r->items[i].role == LL_ROLE_SUBJECT)
            return &r->items[i];
    return NULL;
}

static bool gives_subject(const struct ll_service *s, const struct ll_resource *r)
{
    for (size_t i = 0; i < s->n_items; i++) {
        const struct ll_service_item *it = &s->items[i];
        const struct ll_item *item = it->use == LL_SERVICE_OUTPUT && it->resource &&
                                             strcmp(it->resource, r->name) == 0
                                         ? ll_resource_item(r, ll_str(it->item))
                                         : NULL;
        if (item && item->role == LL_ROLE_SUBJECT)
            return true;
    }
    return false;
}

/* Who was looked at stands in the journal by the identifiers in a view's rows (share/serving.h): rows about persons need theirs. */
static void check_trace(struct services *k, const struct ll_service *s)
{
    for (size_t i = 0; s->view && i < s->n_items; i++) {
        const struct ll_service_item *it = &s->items[i];
        struct ll_place place = place_of(k, s, it->name);
        const struct ll_resource *r = it->use == LL_SERVICE_OUTPUT && it->resource
                                          ? ll_pr_resource(k->pr, it->resource, place)
                                          : NULL;
        const struct ll_item *item = r ? ll_resource_item(r, ll_str(it->item)) : NULL, *id;
        if (!item || !personal(r, item) || gives_subject(s, r))
            continue;
        if ((id = subject_of(r)))
            ll_problem_error(
                k->pr->ps, place,
                "%s.%s 是敏感或个人信息，但视图没有给出主体标识，存证日志记不下查看了谁；请加一行 output，from 为 %s.%s",
                "%s.%s is sensitive or personal, but the view gives no identifier of the subject, so that the journal cannot say who was "
                "looked at; add an output with from %s.%s",
                r->name, item->name, r->name, id->name);
        else
            ll_problem_error(
                k->pr->ps, place,
                "%s.%s 是敏感或个人信息，而 %s 没有角色为 subject 的信息项，存证日志记不下查看了谁；请不要给出它",
                "%s.%s is sensitive or personal, and %s has no item of role subject, so that the journal cannot say who was looked at; leave it out",
                r->name, item->name, r->name);
    }
}

/* "resource.item" among what the service declares. */
static bool declares(const struct ll_service *s, struct ll_str name)
{
    struct ll_str resource, item;

    ll_str_cut(name, '.', &resource, &item);
    for (size_t i = 0; i < s->n_items; i++)
        if (s->items[i].resource && ll_str_is(resource, s->items[i].resource) &&
            ll_str_is(item, s->items[i].item))
            return true;
    return false;
}

static void check_rests_on(struct services *k, const struct ll_service *s, const struct ll_service_item *it,
                           struct ll_place place)
{
    struct ll_str rest = ll_str(it->rests_on), word;

    while (rest.n) {
        ll_str_cut(rest, ' ', &word, &rest);
        if (word.n && !declares(s, word))
            ll_problem_error(
                k->pr->ps, place,
                "rests_on 中的“%.*s”不是服务 %s 声明的信息项；写成“数据资源.信息项”，多个以空格分开",
                "'%.*s' of rests_on is no item that service %s declares; write resource.item, divided by blanks",
                LL_STR_ARG(word), s->name);
    }
}

/* A value that is doubted must be told as such (share/viewdoubt.h): what a view computes says what it rests on. */
static void check_lineage(struct services *k, const struct ll_service *s)
{
    for (size_t i = 0; i < s->n_items; i++) {
        const struct ll_service_item *it = &s->items[i];
        struct ll_place place = place_of(k, s, it->name);
        if (it->rests_on && (!s->view || it->use != LL_SERVICE_OUTPUT))
            ll_problem_error(k->pr->ps, place, "只有视图的 output 写 rests_on，请留空",
                             "only outputs of a view have rests_on; leave it empty");
        else if (it->rests_on)
            check_rests_on(k, s, it, place);
        else if (s->view && it->use == LL_SERVICE_OUTPUT && !it->resource)
            ll_problem_error(
                k->pr->ps, place,
                "“%s”由视图计算，要在 rests_on 写明依据哪些信息项，否则它们被提出异议时看不出这个值存疑",
                "'%s' is computed by the view: say in rests_on which items it rests on, so that it is told as disputed when one of them is",
                it->name);
    }
}

static int try_view(struct services *k, const struct ll_service *s)
{
    const struct ll_pack_hooks *h = k->pr->hooks;
    const struct ll_view *v = s->view ? view_named(k, s->view) : NULL;
    struct ll_view_fault fault = {0};
    struct ll_err why;
    int rc;

    if (!v || !h || !h->service || ll_problems_errors(k->pr->ps))
        return LL_OK; /* what is wrong already would be told a second time */
    if ((rc = h->service(h->ctx, k->pr->pack, s, v, &fault, &why)) == LL_INVALID) {
        struct ll_place place = {.file = ll_arena_printf(k->pr->arena, "views/%s.sql", v->name),
                                 .line = fault.line,
                                 .column = fault.column};
        ll_problem_error(k->pr->ps, fault.item ? place_of(k, s, fault.item) : place, "%s%.0s", "%.0s%s",
                         why.zh, why.en);
        return LL_OK;
    }
    if (rc < 0 && k->pr->err)
        *k->pr->err = why;
    return rc;
}

static int check_whole(struct services *k, struct ll_service *s)
{
    size_t outputs = 0;
    int rc = ll_service_collect(s, k->pr->arena, k->pr->err);

    for (size_t i = 0; i < s->n_items; i++)
        outputs += s->items[i].use == LL_SERVICE_OUTPUT;
    if (!outputs)
        ll_problem_error(k->pr->ps, place_of(k, s, NULL), "服务 %s 没有 output，什么也不给出",
                         "service %s has no output", s->name);
    if (s->n_resources > LL_SERVICE_RESOURCES_MAX)
        ll_problem_error(k->pr->ps, place_of(k, s, NULL), "服务 %s 涉及的数据资源超过 %d 个",
                         "service %s is over more than %d resources", s->name, LL_SERVICE_RESOURCES_MAX);
    if (rc == LL_OK && outputs && !s->n_resources)
        ll_problem_error(k->pr->ps, place_of(k, s, NULL), "服务 %s 没有读取任何信息项",
                         "service %s reads no item", s->name);
    if (rc == LL_OK) {
        check_trace(k, s);
        check_lineage(k, s);
    }
    return rc < 0 ? rc : try_view(k, s);
}

int ll_pr_services(struct ll_pr *pr)
{
    struct services k = {.pr = pr};
    int rc = ll_pr_table(pr, "services.csv", columns, COL_COUNT, &k.t);

    if (rc == LL_OK)
        rc = ll_pr_table(pr, "service_items.csv", item_columns, ITEM_COUNT, &k.items);
    if (rc < 0)
        return rc;
    ll_index_init(&k.by_name, pr->arena);
    if (!(pr->pack->services = ll_arena_array(pr->arena, k.t.n + 1, sizeof *pr->pack->services)))
        return ll_pr_nomem(pr);
    for (size_t i = 0; i < k.t.n && rc == LL_OK; i++) {
        k.row = ll_pack_table_row(&k.t, i);
        rc = read_service(&k);
    }
    if (rc == LL_OK)
        rc = make_room(&k);
    for (size_t i = 0; i < k.items.n && rc == LL_OK; i++) {
        k.row = ll_pack_table_row(&k.items, i);
        read_item(&k);
    }
    for (size_t i = 0; i < pr->pack->n_services && rc == LL_OK; i++)
        rc = check_whole(&k, &pr->pack->services[i]);
    return rc;
}
