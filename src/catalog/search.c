/* search.c - see search.h.
 *
 * The index finds names and ranks them (bm25; a word in the title weighs most); facets are counted and pages cut over the snapshot's
 * columns (browse.h).  A facet's own choice does not narrow its own counts, so that one can see what another choice would give. */
#include "catalog/browse.h"
#include "catalog/catalog_build.h"
#include "catalog/region.h"
#include "catalog/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LIMIT = 20, WORDS_MAX = 4 << 20, QUERY_MAX = 64 << 10 };

#define X(id, name, zh, en, table) {name, {zh, en}},
static const struct {
    const char *name, *title[2];
} facets[] = {LL_FACETS(X)};
#undef X
#define X(id, name, field, zh, en) [LL_SORT_##id] = name,
static const char *const sorts[] = {LL_SORTS(X)};
#undef X

bool ll_search_sort_parse(struct ll_str s, enum ll_search_sort *ret, bool *descending)
{
    *descending = s.n && s.p[0] == '-';
    if (*descending)
        s = (struct ll_str){s.p + 1, s.n - 1};
    for (size_t i = LL_SORT_BEST + 1; i < LL_SORT_COUNT; i++)
        if (ll_str_is(s, sorts[i])) {
            *ret = (enum ll_search_sort)i;
            return true;
        }
    return false;
}

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
    struct ll_search_hit *found; /* of a text, best first */
    uint32_t *positions;         /* theirs */
    size_t n_found;

    bool *chosen[LL_FACET_COUNT]; /* by value: whether the choice takes it; NULL: anything goes */
    enum ll_facet narrowed[LL_FACET_COUNT];
    size_t n_narrowed;
    size_t *counts[LL_FACET_COUNT]; /* by value */
    uint64_t *passes;               /* by position, a bit */
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
        if (r && s->n_found < most && ll_browse_position(s->cat, r, &s->positions[s->n_found]))
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

static int by_words(struct searching *s, struct ll_str text)
{
    size_t n;

    ll_catalog_resources(s->cat, &n);
    s->found = ll_arena_array(s->arena, n, sizeof *s->found);
    s->positions = ll_arena_array(s->arena, n, sizeof *s->positions);
    if (!s->found || !s->positions)
        return nomem(s->err);
    if (text.n > LL_SEARCH_TEXT_MAX)
        text.n = LL_SEARCH_TEXT_MAX;
    int rc = by_text(s, text, false);
    if (rc == LL_OK && !s->n_found) {
        rc = by_text(s, text, true);
        s->ret->relaxed = s->n_found > 0;
    }
    return rc;
}

/* --- facets ----------------------------------------------------------------------------------------------------- */

static int choose(struct searching *s, enum ll_facet f)
{
    const struct ll_browse_facet *of = ll_browse_facet(s->cat->browse, f);
    struct ll_str only = s->q->only[f];

    if (!(s->counts[f] = ll_arena_array(s->arena, of->n_values + 1, sizeof(size_t))))
        return nomem(s->err);
    if (!only.n)
        return LL_OK;
    if (!(s->chosen[f] = ll_arena_array(s->arena, of->n_values + 1, sizeof(bool))))
        return nomem(s->err);
    s->narrowed[s->n_narrowed++] = f;
    for (size_t i = 0; i < of->n_values; i++) {
        struct ll_str value = ll_str(of->values[i].value);
        s->chosen[f][i] = f == LL_FACET_REGION ? ll_region_within(value, only) : ll_str_eq(value, only);
    }
    return LL_OK;
}

static bool takes(const struct searching *s, enum ll_facet f, uint32_t at)
{
    const struct ll_browse_facet *of = ll_browse_facet(s->cat->browse, f);

    for (uint32_t k = of->start[at]; k < of->start[at + 1]; k++)
        if (s->chosen[f][of->ids[k]])
            return true;
    return false;
}

static void count(struct searching *s, enum ll_facet f, uint32_t at)
{
    const struct ll_browse_facet *of = ll_browse_facet(s->cat->browse, f);

    for (uint32_t k = of->start[at]; k < of->start[at + 1]; k++)
        s->counts[f][of->ids[k]]++;
}

/* Counts a candidate where it counts: in every facet when it passes all, in the one that it fails when it fails one only. */
static void weigh(struct searching *s, uint32_t at)
{
    enum ll_facet which = LL_FACET_COUNT;
    int failed = 0;

    for (size_t k = 0; k < s->n_narrowed && failed < 2; k++)
        if (!takes(s, s->narrowed[k], at)) {
            failed++;
            which = s->narrowed[k];
        }
    if (failed == 1)
        count(s, which, at);
    if (failed)
        return;
    for (int f = 0; f < LL_FACET_COUNT; f++)
        count(s, (enum ll_facet)f, at);
    s->passes[at / 64] |= UINT64_C(1) << (at % 64);
    s->ret->total++;
}

/* Nothing narrows the list: the counts are those of the snapshot. */
static void take_all(struct searching *s, size_t n)
{
    for (int f = 0; f < LL_FACET_COUNT; f++) {
        const struct ll_browse_facet *of = ll_browse_facet(s->cat->browse, (enum ll_facet)f);
        for (size_t i = 0; i < of->n_values; i++)
            s->counts[f][i] = of->values[i].count;
    }
    memset(s->passes, 0xff, (n + 63) / 64 * sizeof *s->passes);
    s->ret->total = n;
}

static int count_all(struct searching *s, bool words)
{
    size_t n;
    int rc = LL_OK;

    ll_catalog_resources(s->cat, &n);
    if (!(s->passes = ll_arena_array(s->arena, n / 64 + 1, sizeof *s->passes)))
        return nomem(s->err);
    for (int f = 0; f < LL_FACET_COUNT && rc == LL_OK; f++)
        rc = choose(s, (enum ll_facet)f);
    if (rc < 0)
        return rc;
    if (words)
        for (size_t i = 0; i < s->n_found; i++)
            weigh(s, s->positions[i]);
    else if (!s->n_narrowed)
        take_all(s, n);
    else
        for (size_t i = 0; i < n; i++)
            weigh(s, (uint32_t)i);
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
        const struct ll_browse_facet *of = ll_browse_facet(s->cat->browse, (enum ll_facet)f);
        struct ll_facet_value *list = ll_arena_array(s->arena, of->n_values + 1, sizeof *list);
        size_t n = 0;
        if (!list)
            return nomem(s->err);
        for (size_t i = 0; i < of->n_values; i++)
            if (s->counts[f][i]) {
                list[n] = of->values[i];
                list[n++].count = s->counts[f][i];
            }
        if (n)
            qsort(list, n, sizeof *list, by_count);
        s->ret->facets[f].values = list;
        s->ret->facets[f].n = n;
    }
    return LL_OK;
}

/* --- the page --------------------------------------------------------------------------------------------------- */

static bool passes(const struct searching *s, uint32_t at)
{
    return s->passes[at / 64] >> (at % 64) & 1;
}

static int cut_page(struct searching *s, bool words)
{
    const struct ll_search *q = s->q;
    bool best = words && q->sort == LL_SORT_BEST, down = q->descending && q->sort != LL_SORT_BEST;
    size_t limit = q->limit ? q->limit : LIMIT, n, skip = q->offset;
    const struct ll_resource *const *list = ll_catalog_resources(s->cat, &n);
    const uint32_t *order = s->positions;
    int rc = LL_OK;

    if (best)
        n = s->n_found;
    else
        rc = ll_browse_order(s->cat->browse, s->cat, q->sort == LL_SORT_BEST ? LL_SORT_TITLE : q->sort,
                             &order, s->err);
    limit = limit < LL_SEARCH_LIMIT_MAX ? limit : LL_SEARCH_LIMIT_MAX;
    if (rc == LL_OK && !(s->ret->hits = ll_arena_array(s->arena, limit, sizeof *s->ret->hits)))
        rc = nomem(s->err);
    for (size_t i = 0; rc == LL_OK && i < n && s->ret->n_hits < limit; i++) {
        size_t k = down ? n - 1 - i : i;
        if (!passes(s, order[k]) || (skip && skip--))
            continue;
        s->ret->hits[s->ret->n_hits++] = best ? s->found[k] : (struct ll_search_hit){list[order[k]], 0};
    }
    return rc;
}

int ll_catalog_search(struct ll_store *st, const struct ll_catalog *cat, const struct ll_search *q,
                      struct ll_arena *arena, struct ll_search_result *ret, struct ll_err *err)
{
    struct searching s = {.st = st, .cat = cat, .q = q, .arena = arena, .ret = ret, .err = err};
    struct ll_str text = ll_str_trim(q->text);
    int rc = ll_browse_ready(cat->browse, cat, err);

    *ret = (struct ll_search_result){0};
    if (rc == LL_OK && text.n)
        rc = by_words(&s, text);
    if (rc < 0 || (rc = count_all(&s, text.n > 0)) < 0 || (rc = cut_page(&s, text.n > 0)) < 0)
        return rc;
    return list_facets(&s);
}
