/* demand_match.c - which resources may meet a demand, and why.
 *
 * The catalogue's search finds whatever has some of the words.  A score is made of three parts, of which only those count that the
 * demand states: how much of its title the resource's own words cover (pairs of characters, as the index has them; a word that few of
 * the resources found have says more than one that many have), how many of the wanted items it has, and whether it is meant for
 * the scenario. */
#include "share/demand.h"

#include "catalog/search.h"
#include "catalog/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WEIGHT_TEXT = 50, WEIGHT_ITEMS = 30, WEIGHT_SCENARIO = 20, FOUND_MAX = 100, WORDS_MAX = 1 << 20 };
/* What a title's word counts: RARE divided by the number of resources that have it; NOWHERE where none has, which may be a word of
 * importance or the end of one and the beginning of the next. */
enum { RARE = 1000, NOWHERE = 400, TITLE_WORDS_MAX = 256 };

struct title_word {
    struct ll_str text;
    int found_in;
};

struct matching {
    const struct ll_demand *d;
    struct ll_arena *arena;
    struct ll_err *err;
    struct ll_buf title, own; /* words: of the demand, of a resource */
    struct title_word words[TITLE_WORDS_MAX];
    size_t n_words;
    struct ll_candidate *list;
    size_t n;
};

static bool next_word(struct ll_str *text, struct ll_str *ret)
{
    static const char gaps[2] = {' ', ','};
    size_t at = 0, end;

    while (at < text->n && memchr(gaps, text->p[at], sizeof gaps))
        at++;
    for (end = at; end < text->n && !memchr(gaps, text->p[end], sizeof gaps); end++)
        ;
    *ret = (struct ll_str){text->p + at, end - at};
    *text = (struct ll_str){text->p + end, text->n - end};
    return ret->n > 0;
}

/* Pairs and words that say something: a single character ends a run, and its pair says it already. */
static bool counts(struct ll_str word)
{
    return ll_utf8_count(word) > 1;
}

static bool has_word(struct ll_str words, struct ll_str word)
{
    struct ll_str w;

    while (next_word(&words, &w))
        if (ll_str_eq(w, word))
            return true;
    return false;
}

static void add_words(struct ll_buf *out, const char *z)
{
    if (z)
        ll_words_index(ll_str(z), out);
}

static void words_of(struct matching *m, const struct ll_resource *r)
{
    ll_buf_clear(&m->own);
    add_words(&m->own, r->title);
    add_words(&m->own, r->title_en);
    add_words(&m->own, r->keywords);
    add_words(&m->own, r->summary);
    for (size_t i = 0; i < r->n_items; i++)
        add_words(&m->own, r->items[i].title);
}

static void split_title(struct matching *m)
{
    struct ll_str rest = ll_buf_view(&m->title), word;

    while (m->n_words < TITLE_WORDS_MAX && next_word(&rest, &word))
        if (counts(word))
            m->words[m->n_words++] = (struct title_word){.text = word};
}

static void count_words(struct matching *m, const struct ll_resource *r)
{
    words_of(m, r);
    for (size_t i = 0; i < m->n_words; i++)
        m->words[i].found_in += has_word(ll_buf_view(&m->own), m->words[i].text);
}

/* Percent of the title that the resource has, by what its words count. */
static int text_share(const struct matching *m)
{
    int all = 0, there = 0;

    for (size_t i = 0; i < m->n_words; i++) {
        const struct title_word *w = &m->words[i];
        int weight = w->found_in ? RARE / w->found_in : NOWHERE;
        all += weight;
        there += w->found_in && has_word(ll_buf_view(&m->own), w->text) ? weight : 0;
    }
    return all ? there * 100 / all : 0;
}

static bool is_item(const struct ll_item *item, struct ll_str word)
{
    const struct ll_element *e = item->element;

    return ll_str_is(word, item->name) || (item->title && ll_str_is(word, item->title)) ||
           (e && (ll_str_eq(word, ll_str(e->name)) || ll_str_eq(word, ll_str(e->title)) ||
                  ll_str_eq(word, ll_str(e->code))));
}

static bool has_item(const struct ll_resource *r, struct ll_str word)
{
    for (size_t i = 0; i < r->n_items; i++)
        if (is_item(&r->items[i], word))
            return true;
    return false;
}

struct items_share {
    int all, there;
    struct ll_buf missing;
};

static void share_items(const struct ll_demand *d, const struct ll_resource *r, struct items_share *s)
{
    struct ll_str rest = ll_str(d->items), word;

    s->all = s->there = 0;
    ll_buf_clear(&s->missing);
    while (next_word(&rest, &word)) {
        bool there = has_item(r, word);
        s->all++;
        s->there += there;
        if (!there) {
            ll_buf_z(&s->missing, s->missing.n ? " " : "");
            ll_buf_str(&s->missing, word);
        }
    }
}

static bool has_scenario(const struct ll_resource *r, const char *scenario)
{
    struct ll_str rest = ll_str(r->scenario), head;

    while (rest.n) {
        ll_str_cut(rest, '|', &head, &rest);
        if (ll_str_is(ll_str_trim(head), scenario))
            return true;
    }
    return false;
}

/* The reasons, in both languages. */
static bool explain(struct matching *m, struct ll_candidate *c, int text, const struct items_share *items,
                    int scenario)
{
    struct ll_buf zh = LL_BUF_INIT(8192), en = LL_BUF_INIT(8192);
    struct ll_str missing = ll_buf_view(&items->missing);

    ll_buf_printf(&zh, "名称、关键词等符合 %d%%", text);
    ll_buf_printf(&en, "has %d%% of what the title says", text);
    if (items->all) {
        ll_buf_printf(&zh, "；需要的 %d 个信息项有 %d 个", items->all, items->there);
        ll_buf_printf(&en, "; has %d of the %d items wanted", items->there, items->all);
        if (missing.n) {
            ll_buf_printf(&zh, "，缺 %.*s", LL_STR_ARG(missing));
            ll_buf_printf(&en, ", lacks %.*s", LL_STR_ARG(missing));
        }
    }
    if (scenario >= 0) {
        ll_buf_printf(&zh, "；%s“%s”", scenario ? "用于场景" : "未列明用于场景", m->d->scenario);
        ll_buf_printf(&en, "; %s scenario '%s'", scenario ? "meant for" : "not said to be for",
                      m->d->scenario);
    }
    c->zh = ll_arena_dup(m->arena, ll_buf_view(&zh));
    c->en = ll_arena_dup(m->arena, ll_buf_view(&en));
    ll_buf_free(&zh);
    ll_buf_free(&en);
    return c->zh && c->en;
}

static int weigh(struct matching *m, const struct ll_resource *r)
{
    struct items_share items = {.missing = LL_BUF_INIT(4096)};
    struct ll_candidate c = {.resource = r};

    words_of(m, r);
    share_items(m->d, r, &items);
    int text = text_share(m), got = text * WEIGHT_TEXT, weight = WEIGHT_TEXT, scenario = -1;
    if (items.all) {
        got += items.there * 100 / items.all * WEIGHT_ITEMS;
        weight += WEIGHT_ITEMS;
    }
    if (m->d->scenario && m->d->scenario[0]) {
        scenario = has_scenario(r, m->d->scenario);
        got += scenario * 100 * WEIGHT_SCENARIO;
        weight += WEIGHT_SCENARIO;
    }
    c.score = got / weight;
    bool failed = m->own.failed || items.missing.failed || !explain(m, &c, text, &items, scenario);
    ll_buf_free(&items.missing);
    if (failed)
        return ll_no_memory(m->err);
    if (c.score >= LL_MATCH_SHOWN)
        m->list[m->n++] = c;
    return LL_OK;
}

static int by_score(const void *a, const void *b)
{
    const struct ll_candidate *x = a, *y = b;

    return x->score != y->score ? y->score - x->score : strcmp(x->resource->name, y->resource->name);
}

static int weigh_all(struct matching *m, const struct ll_search_result *found)
{
    int rc = LL_OK;

    for (size_t i = 0; i < found->n_hits; i++)
        count_words(m, found->hits[i].resource);
    for (size_t i = 0; rc == LL_OK && i < found->n_hits; i++)
        rc = weigh(m, found->hits[i].resource);
    return rc;
}

/* Resources that have some word of the demand. */
static int look(struct matching *m, struct ll_store *st, const struct ll_catalog *cat, struct ll_err *err)
{
    const char *text = ll_arena_printf(m->arena, "%s %s", m->d->title, m->d->items);
    struct ll_search q = {.text = ll_str(text), .limit = FOUND_MAX};
    struct ll_search_result found = {0};
    int rc = text ? ll_catalog_search(st, cat, &q, m->arena, &found, err) : ll_no_memory(err);

    if (rc == LL_OK && !found.n_hits) {
        q.text = ll_str(m->d->what);
        rc = ll_catalog_search(st, cat, &q, m->arena, &found, err);
    }
    return rc < 0 ? rc : weigh_all(m, &found);
}

int ll_demand_candidates(struct ll_store *st, const struct ll_catalog *cat, const struct ll_demand *d,
                         struct ll_arena *arena, struct ll_candidate **ret, size_t *ret_n, struct ll_err *err)
{
    struct matching m = {.d = d,
                         .arena = arena,
                         .err = err,
                         .title = LL_BUF_INIT(WORDS_MAX),
                         .own = LL_BUF_INIT(WORDS_MAX),
                         .list = ll_arena_array(arena, FOUND_MAX, sizeof *m.list)};
    int rc = m.list ? LL_OK : ll_no_memory(err);

    add_words(&m.title, d->title);
    split_title(&m);
    if (rc == LL_OK)
        rc = look(&m, st, cat, err);
    ll_buf_free(&m.title);
    ll_buf_free(&m.own);
    if (rc < 0)
        return rc;
    qsort(m.list, m.n, sizeof *m.list, by_score);
    *ret = m.list;
    *ret_n = m.n < LL_CANDIDATES_MAX ? m.n : LL_CANDIDATES_MAX;
    return LL_OK;
}
