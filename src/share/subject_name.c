/* subject_name.c - subjects by their name, and what an identifier is (subject.h). */
#include "share/subject_impl.h"

#include <stdlib.h>
#include <string.h>

static int no_memory(struct ll_err *err)
{
    return ll_fail(err, LL_NOMEM, "内存不足", "out of memory");
}

/* --- identifiers --------------------------------------------------------------------------------------------------- */

static bool scheme_of(const struct ll_item *item, enum ll_scheme *ret)
{
    return item->element->check && ll_scheme_parse(ll_str(item->element->check), ret);
}

const char *ll_subject_id_type(const struct ll_item *item, struct ll_str value)
{
    enum ll_scheme scheme;
    enum ll_kind kind;

    if (!scheme_of(item, &scheme))
        return item->element->name;
    if (scheme == LL_ID_SUBJECT_ID)
        scheme = ll_id_kind(scheme, value, &kind) && kind == LL_KIND_PERSON ? LL_ID_RESIDENT_ID : LL_ID_USCC;
    return ll_scheme_name(scheme);
}

bool ll_subject_item_holds(const struct ll_item *item, const char *type)
{
    enum ll_scheme scheme;

    if (!scheme_of(item, &scheme))
        return strcmp(item->element->name, type) == 0;
    if (scheme == LL_ID_SUBJECT_ID)
        return strcmp(type, ll_scheme_name(LL_ID_USCC)) == 0 ||
               strcmp(type, ll_scheme_name(LL_ID_RESIDENT_ID)) == 0;
    return strcmp(type, ll_scheme_name(scheme)) == 0;
}

bool ll_subject_own_id(const struct ll_resource *r, struct ll_table *t, struct ll_subject_id *ret)
{
    for (size_t i = 0; i < r->n_items; i++) {
        if (r->items[i].role != LL_ROLE_SUBJECT)
            continue;
        struct ll_seg_value v = ll_record_value(r, i, t);
        if (v.kind != LL_SV_TEXT || v.s.n == 0)
            continue;
        *ret = (struct ll_subject_id){ll_subject_id_type(&r->items[i], v.s), v.s, r->name, &r->items[i]};
        return true;
    }
    return false;
}

/* A credit code is also known by the organisation code inside it. */
bool ll_subject_owns(const struct ll_resource *r, struct ll_table *t, enum ll_scheme scheme,
                     struct ll_str value)
{
    const char *org = ll_scheme_name(LL_ID_ORG_CODE);
    char code[LL_ID_MAX];
    bool has_code = scheme == LL_ID_USCC && ll_id_org_code_of(value, code);

    for (size_t i = 0; i < r->n_items; i++) {
        struct ll_seg_value v = {.kind = LL_SV_NULL};
        if (r->items[i].role == LL_ROLE_SUBJECT)
            v = ll_record_value(r, i, t);
        if (v.kind != LL_SV_TEXT || v.s.n == 0)
            continue;
        const char *type = ll_subject_id_type(&r->items[i], v.s);
        if ((strcmp(type, ll_scheme_name(scheme)) == 0 && ll_str_eq(v.s, value)) ||
            (has_code && strcmp(type, org) == 0 && ll_str_is(v.s, code)))
            return true;
    }
    return false;
}

int ll_subject_of_record(struct ll_tables *ts, const struct ll_resource *r, const struct ll_str *key,
                         size_t n_key, struct ll_arena *arena, struct ll_subject_id *ret, struct ll_err *err)
{
    struct ll_table *t = NULL;
    int rc = ll_tables_take(ts, r->name, &t, err);

    if (rc == LL_OK && (rc = ll_table_find(t, key, n_key, err)) > 0 &&
        (rc = ll_subject_own_id(r, t, ret)) > 0) {
        ret->value.p = ll_arena_dup(arena, ret->value);
        rc = ret->value.p ? 1 : ll_no_memory(err);
    }
    ll_tables_give(ts, t);
    return rc;
}

/* --- names --------------------------------------------------------------------------------------------------------- */

struct search {
    struct ll_tables *ts;
    struct ll_str name;
    enum ll_subject_match match;
    size_t limit;
    struct ll_arena *arena;
    struct ll_subject_hit *hits; /* room for limit */
    size_t n;
};

static bool is_known(const struct search *s, const struct ll_subject_id *id)
{
    for (size_t i = 0; i < s->n; i++)
        if (strcmp(s->hits[i].id.type, id->type) == 0 && ll_str_eq(s->hits[i].id.value, id->value))
            return true;
    return false;
}

static bool keep(struct search *s, struct ll_str text, struct ll_str *ret)
{
    *ret = (struct ll_str){ll_arena_dup(s->arena, text), text.n};
    return ret->p != NULL;
}

static int add_hit(struct search *s, const struct ll_resource *r, size_t at, struct ll_table *t,
                   struct ll_err *err)
{
    struct ll_subject_hit hit = {.resource = r};
    struct ll_seg_value name = ll_record_value(r, at, t);

    if (!ll_subject_own_id(r, t, &hit.id) || name.kind != LL_SV_TEXT || is_known(s, &hit.id))
        return LL_OK;
    if (!keep(s, name.s, &hit.name) || !keep(s, hit.id.value, &hit.id.value))
        return no_memory(err);
    s->hits[s->n++] = hit;
    return LL_OK;
}

/* A subject has many records in one resource; reading stops after some multiple of the limit, lest a common prefix cost all. */
static int search_column(struct search *s, const struct ll_resource *r, size_t at, struct ll_table *t,
                         struct ll_err *err)
{
    size_t left = s->limit * 8;
    int rc = ll_table_scan_by(t, r->items[at].name, s->name, s->match == LL_NAME_STARTS, err);

    while (rc >= 0 && s->n < s->limit && left-- > 0 && (rc = ll_table_next(t, err)) > 0)
        rc = add_hit(s, r, at, t, err);
    ll_table_rewind(t);
    return rc < 0 ? rc : LL_OK;
}

static int search_resource(struct search *s, const struct ll_resource *r, struct ll_err *err)
{
    struct ll_table *t = NULL;
    int rc = LL_OK;

    for (size_t i = 0; rc == LL_OK && i < r->n_items; i++)
        if (r->items[i].role == LL_ROLE_SUBJECT_NAME &&
            (t || (rc = ll_tables_take(s->ts, r->name, &t, err)) == LL_OK))
            rc = search_column(s, r, i, t, err);
    ll_tables_give(s->ts, t);
    return rc;
}

int ll_subject_by_name(struct ll_tables *ts, const struct ll_resource *const *resources, size_t n,
                       struct ll_str name, enum ll_subject_match match, size_t limit, struct ll_arena *arena,
                       struct ll_subject_hit **ret, size_t *ret_n, struct ll_err *err)
{
    struct search s = {.ts = ts, .name = name, .match = match, .limit = limit, .arena = arena};
    int rc = LL_OK;

    if (!(s.hits = ll_arena_array(arena, limit + 1, sizeof *s.hits)))
        return no_memory(err);
    for (size_t i = 0; rc == LL_OK && i < n && s.n < limit; i++)
        rc = search_resource(&s, resources[i], err);
    *ret = s.hits;
    *ret_n = s.n;
    return rc;
}

static int by_name(const void *a, const void *b)
{
    const struct ll_subject_hit *x = a, *y = b;
    int order = ll_str_cmp(x->name, y->name);

    return order ? order : ll_str_cmp(x->id.value, y->id.value);
}

int ll_subject_search(struct ll_tables *ts, const struct ll_resource *const *resources, size_t n,
                      struct ll_str prefix, size_t limit, struct ll_arena *arena, struct ll_subject_hit **ret,
                      size_t *ret_n, struct ll_err *err)
{
    int rc = ll_subject_by_name(ts, resources, n, prefix, LL_NAME_STARTS, limit, arena, ret, ret_n, err);

    if (rc == LL_OK)
        qsort(*ret, *ret_n, sizeof **ret, by_name);
    return rc;
}
