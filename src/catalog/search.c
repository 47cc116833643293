/* search.c - see search.h.
 *
 * The index finds names and ranks them (bm25; a word in the title weighs most); the facets are counted over the snapshot, where a
 * few thousand resources are nothing.  A facet's own choice does not narrow its own counts, so that one can see what another
 * choice would give. */
#include "catalog/search.h"

#include "catalog/index.h"
#include "catalog/region.h"
#include "catalog/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LIMIT = 20, WORDS_MAX = 4 << 20, QUERY_MAX = 64 << 10, FACET_VALUES_MAX = 64 };

#define X(id, name, zh, en, table) {name, {zh, en}, table},
static const struct {
    const char *name, *title[2], *table;
} facets[] = {LL_FACETS(X)};
#undef X

bool ll_facet_parse(struct ll_str s, enum ll_facet *ret)
{
    for (size_t i = 0; i < LL_FACET_COUNT; i++)
        if (ll_str_is(s, facets[i].name)) {
            *ret = (enum ll_facet)i;
            return true;
        }
    return false;
}

const char *ll_facet_name(enum ll_facet f)
{
    return facets[f].name;
}

const char *ll_facet_title(enum ll_facet f, enum ll_lang lang)
{
    return facets[f].title[lang];
}

static int nomem(struct ll_err *err)
{
    return ll_fail(err, LL_NOMEM, "查询目录时内存不足", "out of memory searching the catalogue");
}

/* --- the index ------------------------------------------------------------------------------------------------- */

static void words_of(struct ll_buf *out, const char *z)
{
    if (z)
        ll_words_index(ll_str(z), out);
}

static void words_of_items(struct ll_buf *out, const struct ll_resource *r)
{
    for (size_t i = 0; i < r->n_items; i++) {
        words_of(out, r->items[i].title);
        words_of(out, r->items[i].title_en);
        words_of(out, r->items[i].name);
    }
}

static int index_one(struct ll_txn *tx, const struct ll_resource *r, struct ll_buf words[3],
                     struct ll_err *err)
{
    for (int i = 0; i < 3; i++)
        ll_buf_clear(&words[i]);
    words_of(&words[0], r->title);
    words_of(&words[0], r->title_en);
    words_of(&words[1], r->keywords);
    words_of(&words[1], r->scenario);
    words_of(&words[1], r->provider_name);
    words_of(&words[2], r->summary);
    words_of(&words[2], r->summary_en);
    words_of(&words[2], r->name);
    words_of(&words[2], r->code);
    words_of(&words[2], r->legal_basis);
    words_of_items(&words[2], r);
    if (words[0].failed || words[1].failed || words[2].failed)
        return nomem(err);
    return ll_exec(tx, err, "INSERT INTO catalogue_fts (name, title, keywords, body) VALUES ($1, $2, $3, $4)",
                   "zsss", r->name, ll_buf_view(&words[0]), ll_buf_view(&words[1]), ll_buf_view(&words[2]));
}

int ll_search_index(struct ll_txn *tx, const struct ll_catalog *cat, struct ll_err *err)
{
    struct ll_buf words[3] = {LL_BUF_INIT(WORDS_MAX), LL_BUF_INIT(WORDS_MAX), LL_BUF_INIT(WORDS_MAX)};
    size_t n;
    const struct ll_resource *const *list = ll_catalog_resources(cat, &n);
    int rc = ll_exec(tx, err, "DELETE FROM catalogue_fts", "");

    for (size_t i = 0; i < n && rc == LL_OK; i++)
        rc = index_one(tx, list[i], words, err);
    for (int i = 0; i < 3; i++)
        ll_buf_free(&words[i]);
    return rc;
}

/* --- candidates ------------------------------------------------------------------------------------------------- */

struct searching {
    struct ll_store *st;
    const struct ll_catalog *cat;
    const struct ll_search *q;
    struct ll_arena *arena;
    struct ll_search_result *ret;
    struct ll_err *err;
    struct ll_search_hit *found; /* before the facets narrow it */
    size_t n_found;
    struct ll_index counted[LL_FACET_COUNT]; /* value -> struct ll_facet_value */
};

static int ask_index(struct searching *s, struct ll_txn *tx, struct ll_str match)
{
    struct ll_stmt *st = NULL;
    size_t most;
    int more, rc = ll_sql(tx,
                          "SELECT name, bm25(catalogue_fts, 0.0, 10.0, 4.0, 1.0) FROM catalogue_fts"
                          " WHERE catalogue_fts MATCH $1 ORDER BY 2, name",
                          &st, s->err);

    if (rc < 0)
        return rc;
    ll_catalog_resources(s->cat, &most);
    ll_bind_text(st, 1, match);
    while ((more = ll_step(st, s->err)) > 0) {
        /* a resource that the snapshot does not have yet is left out */
        const struct ll_resource *r = ll_catalog_resource(s->cat, ll_col_text(st, 0));
        char score[32];
        snprintf(score, sizeof score, "%.*s", LL_STR_ARG(ll_col_text(st, 1)));
        if (r && s->n_found < most)
            s->found[s->n_found++] = (struct ll_search_hit){r, -strtod(score, NULL)};
    }
    ll_stmt_done(st);
    return more < 0 ? more : LL_OK;
}

static int by_text(struct searching *s, struct ll_str text, bool any)
{
    struct ll_buf match = LL_BUF_INIT(QUERY_MAX);
    struct ll_txn *tx = NULL;
    int rc = LL_OK;

    ll_words_query(text, any, &match);
    if (match.failed)
        rc = nomem(s->err);
    else if (match.n)
        rc = ll_txn_begin(s->st, false, &tx, s->err);
    if (tx)
        rc = ask_index(s, tx, ll_buf_view(&match));
    ll_txn_end(tx);
    ll_buf_free(&match);
    return rc;
}

static int by_title(const void *a, const void *b)
{
    const struct ll_search_hit *x = a, *y = b;
    int c = strcmp(x->resource->title, y->resource->title);

    return c ? c : strcmp(x->resource->name, y->resource->name);
}

static int candidates(struct searching *s)
{
    size_t n;
    const struct ll_resource *const *list = ll_catalog_resources(s->cat, &n);
    struct ll_str text = ll_str_trim(s->q->text);

    s->found = ll_arena_array(s->arena, n, sizeof *s->found);
    if (!s->found)
        return nomem(s->err);
    if (text.n > LL_SEARCH_TEXT_MAX)
        text.n = LL_SEARCH_TEXT_MAX;
    if (text.n) {
        int rc = by_text(s, text, false);
        if (rc == LL_OK && !s->n_found) {
            rc = by_text(s, text, true);
            s->ret->relaxed = s->n_found > 0;
        }
        return rc;
    }
    for (size_t i = 0; i < n; i++)
        s->found[s->n_found++] = (struct ll_search_hit){list[i], 0};
    if (n)
        qsort(s->found, n, sizeof *s->found, by_title);
    return LL_OK;
}

/* --- facets ----------------------------------------------------------------------------------------------------- */

static const char *const grades[] = {"", "1", "2", "3", "4"};

/* The values a resource has in a facet; returns how many. */
static size_t values_of(const struct searching *s, const struct ll_resource *r, enum ll_facet f,
                        struct ll_str out[FACET_VALUES_MAX])
{
    const struct ll_organisation *o;
    struct ll_str rest;
    const char *one = NULL;
    size_t n = 0;

    switch (f) {
    case LL_FACET_PROVIDER:
        one = r->provider;
        break;
    case LL_FACET_REGION:
        o = ll_catalog_organisation(s->cat, ll_str(r->provider));
        one = o ? ll_organisation_region(s->cat, o) : NULL;
        break;
    case LL_FACET_SHARE_TYPE:
        one = r->share_type;
        break;
    case LL_FACET_OPEN:
        one = r->open;
        break;
    case LL_FACET_UPDATE_CYCLE:
        one = r->update_cycle;
        break;
    case LL_FACET_GRADE:
        one = r->grade < LL_COUNT(grades) ? grades[r->grade] : NULL;
        break;
    default:
        for (rest = ll_str(r->scenario); rest.n && n<FACET_VALUES_MAX; n += out[n].n> 0) {
            ll_str_cut(rest, '|', &out[n], &rest);
            out[n] = ll_str_trim(out[n]);
        }
        return n;
    }
    out[0] = ll_str(one);
    return one ? 1 : 0;
}

static bool chosen(const struct searching *s, enum ll_facet f, const struct ll_str *values, size_t n)
{
    struct ll_str only = s->q->only[f];

    for (size_t i = 0; i < n; i++)
        if (f == LL_FACET_REGION ? ll_region_within(values[i], only) : ll_str_eq(values[i], only))
            return true;
    return only.n == 0;
}

static void name_value(const struct searching *s, enum ll_facet f, struct ll_facet_value *v)
{
    struct ll_str value = ll_str(v->value);
    const struct ll_codeset *set = facets[f].table ? ll_catalog_codeset(s->cat, ll_str(facets[f].table))
                                                   : NULL;
    const struct ll_code *code = set ? ll_codeset_by_code(set, value) : NULL;
    const struct ll_organisation *o;

    v->title[LL_ZH] = v->title[LL_EN] = v->value;
    if (f == LL_FACET_PROVIDER && (o = ll_catalog_organisation(s->cat, value)) != NULL) {
        v->title[LL_ZH] = o->name;
        v->title[LL_EN] = o->name_en ? o->name_en : o->name;
    } else if (code) {
        char *zh = ll_arena_dup(s->arena, code->title);
        char *en = code->title_en.n ? ll_arena_dup(s->arena, code->title_en) : zh;
        v->title[LL_ZH] = zh ? zh : v->value;
        v->title[LL_EN] = en ? en : v->value;
    }
}

static int count(struct searching *s, enum ll_facet f, struct ll_str value)
{
    struct ll_facet_value *there = (struct ll_facet_value *)ll_index_find(&s->counted[f],
                                                                          value); /* made below */

    if (there) {
        there->count++;
        return LL_OK;
    }
    struct ll_facet_value *v = ll_arena_alloc(s->arena, sizeof *v);
    if (!v || !(v->value = ll_arena_dup(s->arena, value)))
        return LL_NOMEM;
    v->count = 1;
    name_value(s, f, v);
    return ll_index_add(&s->counted[f], ll_str(v->value), v) < 0 ? LL_NOMEM : LL_OK;
}

/* Counts a candidate where it counts: in every facet when it passes all, in the one that it fails when it fails one only. */
static int weigh(struct searching *s, const struct ll_search_hit *hit, bool *passes)
{
    struct ll_str values[LL_FACET_COUNT][FACET_VALUES_MAX];
    size_t n[LL_FACET_COUNT];
    int failed = 0, which = -1;

    for (int f = 0; f < LL_FACET_COUNT; f++) {
        n[f] = values_of(s, hit->resource, (enum ll_facet)f, values[f]);
        if (!chosen(s, (enum ll_facet)f, values[f], n[f])) {
            failed++;
            which = f;
        }
    }
    *passes = failed == 0;
    for (int f = 0; f < LL_FACET_COUNT && failed <= 1; f++)
        for (size_t i = 0; i < n[f] && (failed == 0 || f == which); i++)
            if (count(s, (enum ll_facet)f, values[f][i]) < 0)
                return nomem(s->err);
    return LL_OK;
}

static int by_count(const void *a, const void *b)
{
    const struct ll_facet_value *x = a, *y = b;

    if (x->count != y->count)
        return x->count > y->count ? -1 : 1;
    return strcmp(x->value, y->value);
}

static int list_facets(struct searching *s)
{
    for (int f = 0; f < LL_FACET_COUNT; f++) {
        const struct ll_index *ix = &s->counted[f];
        struct ll_facet_value *list = ll_arena_array(s->arena, ix->n, sizeof *list);
        size_t n = 0;
        if (!list)
            return nomem(s->err);
        for (size_t i = 0; i < ix->cap; i++)
            if (ix->slots[i].value)
                list[n++] = *(const struct ll_facet_value *)ix->slots[i].value;
        if (n)
            qsort(list, n, sizeof *list, by_count);
        s->ret->facets[f].values = list;
        s->ret->facets[f].n = n;
    }
    return LL_OK;
}

static int narrow(struct searching *s)
{
    size_t limit = s->q->limit ? s->q->limit : LIMIT;
    int rc;

    if (limit > LL_SEARCH_LIMIT_MAX)
        limit = LL_SEARCH_LIMIT_MAX;
    s->ret->hits = ll_arena_array(s->arena, limit, sizeof *s->ret->hits);
    if (!s->ret->hits)
        return nomem(s->err);
    for (int f = 0; f < LL_FACET_COUNT; f++)
        ll_index_init(&s->counted[f], s->arena);
    for (size_t i = 0; i < s->n_found; i++) {
        bool passes;
        if ((rc = weigh(s, &s->found[i], &passes)) < 0)
            return rc;
        if (!passes)
            continue;
        if (s->ret->total++ >= s->q->offset && s->ret->n_hits < limit)
            s->ret->hits[s->ret->n_hits++] = s->found[i];
    }
    return list_facets(s);
}

int ll_catalog_search(struct ll_store *st, const struct ll_catalog *cat, const struct ll_search *q,
                      struct ll_arena *arena, struct ll_search_result *ret, struct ll_err *err)
{
    struct searching s = {.st = st, .cat = cat, .q = q, .arena = arena, .ret = ret, .err = err};

    *ret = (struct ll_search_result){0};
    int rc = candidates(&s);
    return rc < 0 ? rc : narrow(&s);
}
