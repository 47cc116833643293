/* infer_match.c - see infer_match.h.
 *
 * Name and values are weighed by how much each can say: any text is a good value of a text element, so there the name decides;
 * a check digit that is right ninety times out of a hundred is no accident, whatever the header says. */
#include "catalog/infer_match.h"

#include <string.h>

/* Shares below which a candidate is none, and at which values alone convince. */
static const double VALUES_LEAST = 0.5, HEADER_LEAST = 0.6, TEXT_HEADER_LEAST = 0.7, IDENTIFIER_SURE = 0.9,
                    CODES_SURE = 0.95;
enum { CODES_DISTINCT = 3, CODES_TABLE = 5 };

/* One spelling under which an element is known. */
struct spelling {
    const struct ll_element *element;
    const char *text;
    struct ll_header header;
};

struct ll_matcher {
    const struct ll_catalog *cat;
    struct ll_arena *arena;
    struct spelling *list;
    size_t n;
};

static size_t count_spellings(const struct ll_element *e)
{
    size_t n = 3; /* title, title_en, name */

    for (const char *p = e->synonyms; p && *p; p++)
        n += *p == '|';
    return e->synonyms ? n + 1 : n;
}

static int add(struct ll_matcher *m, const struct ll_element *e, struct ll_str text)
{
    struct spelling *s = &m->list[m->n];

    text = ll_str_trim(text);
    if (!text.n)
        return LL_OK;
    *s = (struct spelling){.element = e, .text = ll_arena_dup(m->arena, text)};
    ll_header_read(text, &s->header);
    m->n += s->header.n > 0;
    return s->text ? LL_OK : LL_NOMEM;
}

static int add_element(struct ll_matcher *m, const struct ll_element *e)
{
    struct ll_str one, rest = ll_str(e->synonyms);

    if (add(m, e, ll_str(e->title)) < 0 || add(m, e, ll_str(e->title_en)) < 0 ||
        add(m, e, ll_str(e->name)) < 0)
        return LL_NOMEM;
    while (rest.n) {
        ll_str_cut(rest, '|', &one, &rest);
        if (add(m, e, one) < 0)
            return LL_NOMEM;
    }
    return LL_OK;
}

int ll_matcher_new(const struct ll_catalog *cat, struct ll_arena *arena, struct ll_matcher **ret)
{
    size_t n, total = 0;
    const struct ll_element *const *list = ll_catalog_elements(cat, &n);
    struct ll_matcher *m = ll_arena_alloc(arena, sizeof *m);

    for (size_t i = 0; i < n; i++)
        total += count_spellings(list[i]);
    if (!m)
        return LL_NOMEM;
    *m = (struct ll_matcher){.cat = cat, .arena = arena};
    m->list = ll_arena_array(arena, total, sizeof *m->list);
    if (!m->list)
        return LL_NOMEM;
    for (size_t i = 0; i < n; i++)
        if (add_element(m, list[i]) < 0)
            return LL_NOMEM;
    *ret = m;
    return LL_OK;
}

/* Share of the values (each by how often it occurs) that a code table knows. */
static double codes_share(const struct ll_codeset *codes, const struct ll_stats *s)
{
    uint64_t hits = 0, all = 0;

    for (size_t i = 0; codes && i < s->values.cap; i++) {
        const struct ll_stats_value *v = s->values.slots[i].value;
        if (!v)
            continue;
        all += v->count;
        hits += ll_codeset_resolve(codes, v->text) ? v->count : 0;
    }
    return all ? (double)hits / (double)all : 0;
}

static double larger(double a, double b)
{
    return a > b ? a : b;
}

double ll_values_fit(const struct ll_element *e, const struct ll_codeset *codes, const struct ll_stats *s)
{
    enum ll_scheme scheme;
    uint64_t there = s->rows - s->nulls;

    if (!there)
        return 0.6; /* nothing is said against it */
    switch (e->type) {
    case LL_TYPE_INTEGER:
        return ll_stats_share(s, s->looks[LL_LOOK_INTEGER]);
    case LL_TYPE_DECIMAL:
        return larger(ll_stats_share(s, s->looks[LL_LOOK_DECIMAL]),
                      e->unit ? ll_stats_share(s, s->looks[LL_LOOK_AMOUNT] + s->looks[LL_LOOK_DECIMAL]) : 0);
    case LL_TYPE_DATE:
        return ll_stats_share(s, s->looks[LL_LOOK_DATE]);
    case LL_TYPE_DATETIME:
        return larger(ll_stats_share(s, s->looks[LL_LOOK_DATE]),
                      ll_stats_share(s, s->looks[LL_LOOK_DATETIME]));
    case LL_TYPE_BOOLEAN:
        return ll_stats_share(s, s->looks[LL_LOOK_BOOLEAN]);
    case LL_TYPE_CODE:
        return codes_share(codes, s);
    case LL_TYPE_IDENTIFIER:
        return e->check && ll_scheme_parse(ll_str(e->check), &scheme) ? ll_stats_share(s, s->schemes[scheme])
                                                                      : 0;
    default:
        return e->length && s->max_chars > e->length ? 0.3 : 1;
    }
}

/* What the values can say for an element of its type: from nothing (any text is a text) to everything. */
static double telling(const struct ll_element *e)
{
    switch (e->type) {
    case LL_TYPE_IDENTIFIER:
        return 0.5;
    case LL_TYPE_CODE:
    case LL_TYPE_DATE:
    case LL_TYPE_DATETIME:
        return 0.3;
    case LL_TYPE_TEXT:
        return 0.1;
    default:
        return 0.2;
    }
}

/* Values that convince without a name: identifiers, and codes that are more than a few digits could be by chance. */
static bool convincing(const struct ll_element *e, const struct ll_codeset *codes, const struct ll_stats *s,
                       double values)
{
    bool digits = s->looks[LL_LOOK_INTEGER] * 2 > s->rows - s->nulls;

    if (e->type == LL_TYPE_IDENTIFIER)
        return values >= IDENTIFIER_SURE;
    return e->type == LL_TYPE_CODE && codes && !digits && values >= CODES_SURE &&
           s->distinct >= CODES_DISTINCT && ll_codeset_size(codes) >= CODES_TABLE;
}

static void weigh(struct ll_matcher *m, const struct ll_element *e, double header, const char *known_as,
                  const struct ll_stats *s, struct ll_match *best)
{
    const struct ll_codeset *codes = e->code_table ? ll_catalog_codeset(m->cat, ll_str(e->code_table)) : NULL;
    double most = telling(e) + (1 - telling(e)) * header; /* if every value fitted */

    if (most <= best->score)
        return;
    double values = ll_values_fit(e, codes, s);
    double least = e->type == LL_TYPE_TEXT ? TEXT_HEADER_LEAST : HEADER_LEAST;
    bool named = header >= least && values >= VALUES_LEAST;
    if (!named && !(values > 0 && convincing(e, codes, s, values)))
        return;
    double score = telling(e) * values + (1 - telling(e)) * header;
    if (score > best->score)
        *best = (struct ll_match){e, header, values, score, known_as};
}

int ll_matcher_best(struct ll_matcher *m, const struct ll_header *header, const struct ll_stats *stats,
                    struct ll_match *ret)
{
    *ret = (struct ll_match){0};
    for (size_t i = 0; i < m->n;) {
        const struct ll_element *e = m->list[i].element;
        double best = 0;
        const char *known_as = NULL;
        for (; i < m->n && m->list[i].element == e; i++) {
            double alike = ll_header_alike(header, &m->list[i].header);
            if (alike > best) {
                best = alike;
                known_as = m->list[i].text;
            }
        }
        weigh(m, e, best, known_as, stats, ret);
    }
    return LL_OK;
}
