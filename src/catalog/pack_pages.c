/* pack_pages.c - pages.json: pages of the console over the services of the pack (docs/packs.md, "pages.json").
 *
 * A fault is told with its place in the file: the path of keys is followed through the text, since a JSON parser forgets lines. */
#include "catalog/pack_reader.h"

#include "catalog/name.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

enum {
    FILE_MAX = 1 << 20,
    PATH_MAX_STEPS = 12,
    PATH_TEXT = 160,
    PAGES_MAX = 100,
    BLOCKS_MAX = 20,
    NAMES_MAX = 100
};

/* A step into the file: a member, or (key NULL) an element. */
struct step {
    const char *key;
    size_t at;
};

struct pages {
    struct ll_pr *pr;
    struct ll_str text;
    struct step path[PATH_MAX_STEPS];
    size_t depth;
    const struct ll_service *service; /* of the block */
    json_t *list, *blocks;            /* all pages, and the blocks of this one */
};

/* --- places --------------------------------------------------------------------------------------------------------- */

static const char *blank(const char *p, const char *end)
{
    while (p < end && strchr(" \t\r\n", *p))
        p++;
    return p;
}

static const char *after_text(const char *p, const char *end)
{
    for (p++; p < end && *p != '"'; p++)
        p += *p == '\\';
    return p < end ? p + 1 : end;
}

/* Behind the value at p; the text is known to be JSON. */
static const char *after_value(const char *p, const char *end)
{
    int depth = 0;

    do {
        if (*p == '"') {
            p = after_text(p, end);
            continue;
        }
        depth += *p == '{' || *p == '[';
        depth -= *p == '}' || *p == ']';
        p++;
    } while (p < end && (depth > 0 || !strchr(",]} \t\r\n", *p)));
    return p;
}

/* Where the member or element of the container at p begins; p itself when there is none. */
static const char *descend(const char *p, const char *end, const struct step *s)
{
    const char *start = p;

    p = blank(p + 1, end);
    for (size_t i = 0; p < end && *p != '}' && *p != ']'; i++) {
        struct ll_str name = {p + 1, 0};
        if (s->key) {
            name.n = (size_t)(after_text(p, end) - p) - 2;
            p = blank(after_text(p, end), end);
            p = blank(p + 1, end); /* the colon */
        }
        if (s->key ? ll_str_is(name, s->key) : i == s->at)
            return p;
        p = blank(after_value(p, end), end);
        if (p < end && *p == ',')
            p = blank(p + 1, end);
    }
    return start;
}

static struct ll_place here(const struct pages *k, const char *key)
{
    const char *end = k->text.p + k->text.n, *p = blank(k->text.p, end);
    struct ll_place place = {.file = "pages.json", .line = 1, .column = 1};
    char *name = ll_arena_alloc(k->pr->arena, PATH_TEXT);
    struct step last = {key, 0};
    size_t used = 0;

    for (size_t i = 0; i <= k->depth; i++) {
        const struct step *s = i < k->depth ? &k->path[i] : &last;
        if (i == k->depth && !key)
            break;
        p = descend(p, end, s);
        if (name && used < PATH_TEXT)
            used += (size_t)(s->key ? snprintf(name + used, PATH_TEXT - used, "%s%s", used ? "." : "", s->key)
                                    : snprintf(name + used, PATH_TEXT - used, "[%zu]", s->at));
    }
    for (const char *q = k->text.p; q < p; q++) {
        place.line += *q == '\n';
        place.column = *q == '\n' ? 1 : place.column + 1;
    }
    place.column_name = name && used ? name : NULL;
    return place;
}

static void enter(struct pages *k, const char *key, size_t at)
{
    LL_ASSERT(k->depth < PATH_MAX_STEPS);
    k->path[k->depth++] = (struct step){key, at};
}

/* --- single fields -------------------------------------------------------------------------------------------------- */

/* Members that nobody knows are mistakes. */
static void check_members(struct pages *k, json_t *o, const char *const *known, size_t n)
{
    const char *key;
    json_t *v;

    json_object_foreach(o, key, v)
    {
        struct ll_near near = ll_near_start(ll_str(key));
        bool found = false;
        for (size_t i = 0; i < n && !found; i++) {
            found = strcmp(known[i], key) == 0;
            ll_near_try(&near, ll_str(known[i]));
        }
        if (!found)
            ll_problem_error(k->pr->ps, here(k, key), "没有这一项“%s”%s%.*s", "there is no member '%s'%s%.*s",
                             key, near.best.n ? " -> " : "", LL_STR_ARG(near.best));
    }
}

static const char *text(struct pages *k, json_t *o, const char *key, bool required)
{
    json_t *v = json_object_get(o, key);

    if (!v && !required)
        return NULL;
    if (!json_is_string(v) || !json_string_length(v) || json_string_length(v) > 400) {
        ll_problem_error(k->pr->ps, here(k, v ? key : NULL), "%s 应为 1 到 400 字节的文本",
                         "%s must be a text of 1 to 400 bytes", key);
        return NULL;
    }
    return json_string_value(v);
}

static void title(struct pages *k, json_t *o)
{
    static const char *const known[] = {"zh", "en"};
    json_t *t = json_object_get(o, "title");

    if (!json_is_object(t)) {
        ll_problem_error(k->pr->ps, here(k, t ? "title" : NULL), "title 应为 {\"zh\": …, \"en\": …}",
                         "title must be {\"zh\": ..., \"en\": ...}");
        return;
    }
    enter(k, "title", 0);
    check_members(k, t, known, LL_COUNT(known));
    (void)text(k, t, "zh", true);
    (void)text(k, t, "en", true);
    k->depth--;
}

static bool one_of(struct pages *k, const char *key, const char *value, const char *const *words, size_t n)
{
    char list[200] = "";

    for (size_t i = 0; value && i < n; i++) {
        if (strcmp(words[i], value) == 0)
            return true;
        snprintf(list + strlen(list), sizeof list - strlen(list), "%s%s", i ? "|" : "", words[i]);
    }
    if (value)
        ll_problem_error(k->pr->ps, here(k, key), "“%s”应为 %s", "'%s' must be %s", value, list);
    return false;
}

static const char *name_of(struct pages *k, json_t *o)
{
    const char *name = text(k, o, "name", true);

    if (name && ll_name_check(ll_str(name)) != LL_NAME_OK) {
        ll_problem_error(
            k->pr->ps, here(k, "name"),
            "“%s”不能作名称：小写字母开头，只含小写字母、数字和下划线，且不是 SQL 关键字",
            "'%s' is no name: small letters, digits and underscores, a letter first, and no SQL keyword",
            name);
        return NULL;
    }
    return name;
}

static bool output(const struct pages *k, const char *name)
{
    return k->service && ll_service_item(k->service, LL_SERVICE_OUTPUT, ll_str(name));
}

static bool parameter(const struct pages *k, const char *name)
{
    return k->service && ll_service_item(k->service, LL_SERVICE_PARAMETER, ll_str(name));
}

static void unknown_column(struct pages *k, const char *key, const char *name)
{
    struct ll_near near = ll_near_start(ll_str(name));

    for (size_t i = 0; i < k->service->n_items; i++)
        if (k->service->items[i].name)
            ll_near_try(&near, ll_str(k->service->items[i].name));
    ll_problem_error(k->pr->ps, here(k, key), "服务 %s 没有“%s”%s%.*s", "service %s has no '%s'%s%.*s",
                     k->service->name, name, near.best.n ? " -> " : "", LL_STR_ARG(near.best));
}

/* A column; nothing is said of it while the service is not known. */
static void column(struct pages *k, json_t *o, const char *key, bool required)
{
    const char *name = text(k, o, key, required);

    if (name && k->service && !output(k, name))
        unknown_column(k, key, name);
}

static void names(struct pages *k, json_t *o, const char *key, bool required, bool parameters, bool outputs)
{
    json_t *list = json_object_get(o, key), *v;
    size_t i;

    if (!list && !required)
        return;
    if (!json_is_array(list) || !json_array_size(list) || json_array_size(list) > NAMES_MAX) {
        ll_problem_error(k->pr->ps, here(k, list ? key : NULL), "%s 应为 1 到 %d 个名称的数组",
                         "%s must be an array of 1 to %d names", key, NAMES_MAX);
        return;
    }
    enter(k, key, 0);
    json_array_foreach(list, i, v)
    {
        const char *name = json_string_value(v);
        enter(k, NULL, i);
        if (!name)
            ll_problem_error(k->pr->ps, here(k, NULL), "应为文本", "must be a text");
        else if (k->service && !(outputs && output(k, name)) && !(parameters && parameter(k, name)))
            unknown_column(k, NULL, name);
        k->depth--;
    }
    k->depth--;
}

/* A name that one of the list must have. */
static void refers(struct pages *k, json_t *o, const char *key, json_t *list)
{
    const char *name = text(k, o, key, true), *other;
    struct ll_near near = ll_near_start(ll_str(name));
    bool found = false;
    json_t *v;
    size_t i;

    json_array_foreach(list, i, v)
    {
        if (name && (other = json_string_value(json_object_get(v, "name")))) {
            found = found || strcmp(name, other) == 0;
            ll_near_try(&near, ll_str(other));
        }
    }
    if (name && !found)
        ll_problem_error(k->pr->ps, here(k, key), "没有“%s”%s%.*s", "there is no '%s'%s%.*s", name,
                         near.best.n ? " -> " : "", LL_STR_ARG(near.best));
}

static void whole(struct pages *k, json_t *o, const char *key, int64_t low, int64_t high)
{
    json_t *v = json_object_get(o, key);

    if (v && (!json_is_integer(v) || json_integer_value(v) < low || json_integer_value(v) > high))
        ll_problem_error(k->pr->ps, here(k, key), "%s 应为 %lld 到 %lld 的整数",
                         "%s must be a whole number from %lld to %lld", key, (long long)low, (long long)high);
}

/* --- blocks --------------------------------------------------------------------------------------------------------- */

static void links(struct pages *k, json_t *o)
{
    static const char *const known[] = {"column", "page", "with"};
    json_t *list = json_object_get(o, "links"), *l, *v;
    const char *key;
    size_t i;

    enter(k, "links", 0);
    if (list && !json_is_array(list))
        ll_problem_error(k->pr->ps, here(k, NULL), "links 应为数组", "links must be an array");
    json_array_foreach(list, i, l)
    {
        enter(k, NULL, i);
        check_members(k, l, known, LL_COUNT(known));
        column(k, l, "column", true);
        refers(k, l, "page", k->list);
        enter(k, "with", 0);
        json_object_foreach(json_object_get(l, "with"), key, v)
        {
            if (!json_is_string(v) || (k->service && !output(k, json_string_value(v))))
                ll_problem_error(k->pr->ps, here(k, key), "应为本列表的一列",
                                 "must be a column of this list");
        }
        k->depth -= 2;
    }
    k->depth--;
}

static void sort(struct pages *k, json_t *o)
{
    const char *by = text(k, o, "sort", false);

    if (by && k->service && !output(k, by + (by[0] == '-')))
        unknown_column(k, "sort", by + (by[0] == '-'));
}

static void list_block(struct pages *k, json_t *o)
{
    names(k, o, "columns", false, false, true);
    names(k, o, "filters", false, true, true);
    sort(k, o);
    whole(k, o, "page_size", 1, 200);
    links(k, o);
}

static void detail_block(struct pages *k, json_t *o)
{
    names(k, o, "columns", false, false, true);
    names(k, o, "by", true, true, true);
}

static void form_block(struct pages *k, json_t *o)
{
    names(k, o, "fields", true, true, false);
    refers(k, o, "opens", k->blocks);
}

static void chart_block(struct pages *k, json_t *o)
{
    static const char *const charts[] = {"bar", "line", "pie", "number"}, *const functions[] = {"count",
                                                                                                "sum", "avg",
                                                                                                "min", "max"};
    static const char *const known[] = {"column", "function"};
    const char *chart = text(k, o, "chart", true), *function;
    json_t *y = json_object_get(o, "y");

    one_of(k, "chart", chart, charts, LL_COUNT(charts));
    column(k, o, "x", !chart || strcmp(chart, "number") != 0);
    column(k, o, "series", false);
    whole(k, o, "top", 1, 100);
    if (!json_is_object(y)) {
        ll_problem_error(k->pr->ps, here(k, y ? "y" : NULL), "y 应为 {\"function\": …, \"column\": …}",
                         "y must be {\"function\": ..., \"column\": ...}");
        return;
    }
    enter(k, "y", 0);
    check_members(k, y, known, LL_COUNT(known));
    function = text(k, y, "function", true);
    one_of(k, "function", function, functions, LL_COUNT(functions));
    column(k, y, "column", function && strcmp(function, "count") != 0);
    k->depth--;
}

static const struct {
    const char *kind;
    void (*check)(struct pages *k, json_t *o);
    const char *members[12];
} kinds[] = {
    {"list",
     list_block,
     {"name", "kind", "title", "service", "columns", "filters", "sort", "page_size", "links"}},
    {"detail", detail_block, {"name", "kind", "title", "service", "columns", "by"}},
    {"form", form_block, {"name", "kind", "title", "service", "fields", "opens"}},
    {"chart", chart_block, {"name", "kind", "title", "service", "chart", "x", "series", "y", "top"}},
};

/* A service of this pack that has a view. */
static const struct ll_service *service_of(struct pages *k, json_t *o)
{
    const char *name = text(k, o, "service", true);
    const struct ll_pack *p = k->pr->pack;
    struct ll_near near = ll_near_start(ll_str(name));

    for (size_t i = 0; name && i < p->n_services; i++) {
        if (strcmp(p->services[i].name, name) == 0 && p->services[i].view)
            return &p->services[i];
        ll_near_try(&near, ll_str(p->services[i].name));
    }
    if (name)
        ll_problem_error(k->pr->ps, here(k, "service"), "本场景包没有带视图的服务“%s”%s%.*s",
                         "this pack has no service with a view '%s'%s%.*s", name, near.best.n ? " -> " : "",
                         LL_STR_ARG(near.best));
    return NULL;
}

static void block(struct pages *k, json_t *o)
{
    static const char *const words[] = {"list", "detail", "form", "chart"};
    const char *kind = text(k, o, "kind", true);
    size_t n = 0;

    (void)name_of(k, o);
    title(k, o);
    k->service = service_of(k, o);
    if (!one_of(k, "kind", kind, words, LL_COUNT(words)))
        return;
    for (size_t i = 0; i < LL_COUNT(kinds); i++) {
        if (strcmp(kinds[i].kind, kind) != 0)
            continue;
        while (n < LL_COUNT(kinds[i].members) && kinds[i].members[n])
            n++;
        check_members(k, o, kinds[i].members, n);
        kinds[i].check(k, o);
    }
}

static void unique(struct pages *k, json_t *list, size_t i)
{
    const char *mine = json_string_value(json_object_get(json_array_get(list, i), "name"));

    for (size_t o = 0; mine && o < i; o++) {
        const char *other = json_string_value(json_object_get(json_array_get(list, o), "name"));
        if (other && strcmp(mine, other) == 0)
            ll_problem_error(k->pr->ps, here(k, "name"), "名称“%s”重复", "the name '%s' occurs twice", mine);
    }
}

/* --- pages ---------------------------------------------------------------------------------------------------------- */

static void duties(struct pages *k, json_t *o)
{
    static const char *const words[] = {"source_steward", "operator"};
    json_t *list = json_object_get(o, "duties"), *v;
    size_t i;

    if (!json_is_array(list) || !json_array_size(list)) {
        ll_problem_error(k->pr->ps, here(k, list ? "duties" : NULL), "duties 应为职责的数组：谁可以看这一页",
                         "duties must be an array of duties: who may see the page");
        return;
    }
    enter(k, "duties", 0);
    json_array_foreach(list, i, v)
    {
        enter(k, NULL, i);
        if (!json_is_string(v))
            ll_problem_error(k->pr->ps, here(k, NULL), "应为文本", "must be a text");
        else
            one_of(k, NULL, json_string_value(v), words, LL_COUNT(words));
        k->depth--;
    }
    k->depth--;
}

static int keep(struct pages *k, const char *name, json_t *o)
{
    struct ll_pack *p = k->pr->pack;
    char *body = json_dumps(o, JSON_COMPACT);
    struct ll_page *page = &p->pages[p->n_pages];

    *page = (struct ll_page){.key = ll_arena_printf(k->pr->arena, "%s/%s", p->info.name, name),
                             .pack = p->info.name,
                             .name = ll_arena_dup(k->pr->arena, ll_str(name)),
                             .body = body ? ll_arena_dup(k->pr->arena, ll_str(body)) : NULL};
    free(body);
    p->n_pages++;
    return page->key && page->name && page->body ? LL_OK : ll_pr_nomem(k->pr);
}

static int page(struct pages *k, json_t *o)
{
    static const char *const known[] = {"name", "title", "description", "duties", "blocks"};
    json_t *blocks = json_object_get(o, "blocks"), *b;
    const char *name;
    size_t i;

    check_members(k, o, known, LL_COUNT(known));
    name = name_of(k, o);
    title(k, o);
    duties(k, o);
    if (!json_is_array(blocks) || !json_array_size(blocks) || json_array_size(blocks) > BLOCKS_MAX)
        ll_problem_error(k->pr->ps, here(k, blocks ? "blocks" : NULL), "blocks 应为 1 到 %d 项的数组",
                         "blocks must be an array of 1 to %d", BLOCKS_MAX);
    k->blocks = blocks;
    enter(k, "blocks", 0);
    json_array_foreach(blocks, i, b)
    {
        if (i == BLOCKS_MAX)
            break;
        enter(k, NULL, i);
        block(k, b);
        unique(k, blocks, i);
        k->depth--;
    }
    k->depth--;
    return name ? keep(k, name, o) : LL_OK;
}

static int read_pages(struct pages *k, json_t *root)
{
    static const char *const known[] = {"pages"};
    json_t *list = json_object_get(root, "pages"), *o;
    int rc = LL_OK;
    size_t i;

    check_members(k, root, known, LL_COUNT(known));
    if (!json_is_array(list) || json_array_size(list) > PAGES_MAX) {
        ll_problem_error(k->pr->ps, here(k, list ? "pages" : NULL), "pages 应为至多 %d 项的数组",
                         "pages must be an array of at most %d", PAGES_MAX);
        return LL_OK;
    }
    if (!(k->pr->pack->pages = ll_arena_array(k->pr->arena, json_array_size(list) + 1,
                                              sizeof *k->pr->pack->pages)))
        return ll_pr_nomem(k->pr);
    k->list = list;
    enter(k, "pages", 0);
    json_array_foreach(list, i, o)
    {
        if (rc < 0)
            break;
        enter(k, NULL, i);
        rc = page(k, o);
        unique(k, list, i);
        k->depth--;
    }
    k->depth--;
    return rc;
}

int ll_pr_pages(struct ll_pr *pr)
{
    const struct ll_pack_file *f = ll_pr_file(pr, "pages.json");
    struct pages k = {.pr = pr};
    json_error_t why;
    json_t *root;
    int rc = LL_OK;

    if (!f)
        return LL_OK;
    if (f->text.n > FILE_MAX) {
        ll_problem_error(pr->ps, (struct ll_place){.file = "pages.json"}, "文件超过 1 MiB",
                         "the file is over 1 MiB");
        return LL_OK;
    }
    k.text = f->text;
    root = json_loadb(f->text.p, f->text.n, JSON_REJECT_DUPLICATES, &why);
    if (!root)
        ll_problem_error(pr->ps,
                         (struct ll_place){.file = "pages.json",
                                           .line = (uint64_t)(why.line > 0 ? why.line : 0),
                                           .column = (unsigned)(why.column > 0 ? why.column : 0)},
                         "JSON 写法有误：%s", "the JSON is not well-formed: %s", why.text);
    else if (!json_is_object(root))
        ll_problem_error(pr->ps, (struct ll_place){.file = "pages.json", .line = 1},
                         "应为对象 {\"pages\": […]}", "it must be an object {\"pages\": [...]}");
    else
        rc = read_pages(&k, root);
    json_decref(root);
    return rc;
}
