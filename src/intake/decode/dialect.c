/* dialect.c - which delimiter and quote make the records of a sample most alike; see dialect.h.
 *
 * Every candidate reads the sample.  Its score is the share of records that have the commonest number of cells, lessened for few
 * cells: a delimiter that cuts every line in ten beats one that cuts half of them in two. */
#include "intake/decode/dialect.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { SAMPLE_RECORDS = 1000, MOST_CELLS = 8192 };

struct trial {
    struct ll_csv_dialect d;
    double score;
    size_t records, cells; /* cells: the commonest number in a record */
    size_t alike;          /* records that have it */
    size_t open, stray,
        quoted; /* records with an open quote, text after a quote; cells quoted as they should be */
};

static const char delimiters[] = {',', '\t', ';', '|', '^', '\x01'};

/* The byte before the cell's first is its quote, when it was quoted and needed no undoing. */
static size_t quoted_cells(const struct ll_csv_record *r, char quote)
{
    size_t n = 0;

    for (size_t i = 0; i < r->n; i++) {
        bool inside = r->cells[i].p > r->raw.p && r->cells[i].p < r->raw.p + r->raw.n;
        n += inside && r->cells[i].p[-1] == quote;
    }
    return n;
}

static void judge(struct trial *t, const uint32_t *counts)
{
    for (size_t n = 1; n < MOST_CELLS; n++)
        if (counts[n] && counts[n] >= t->alike) {
            t->alike = counts[n];
            t->cells = n;
        }
    double share = t->records ? (double)t->alike / (double)t->records : 0;
    t->score = t->cells > 1 ? share * (1 - 0.5 / (double)t->cells) : 0;
}

static int try(struct trial *t, struct ll_str sample, bool whole, uint32_t *counts)
{
    struct ll_csv c = {0};
    struct ll_csv_record r = {0};
    int rc = 0;

    memset(counts, 0, MOST_CELLS * sizeof *counts);
    ll_csv_init(&c, sample.p, sample.n, t->d, whole);
    while (t->records < SAMPLE_RECORDS && (rc = ll_csv_next(&c, &r)) > 0) {
        if (r.raw.n == 0)
            continue;
        t->records++;
        t->open += (r.marks & LL_CSV_OPEN_QUOTE) != 0;
        t->stray += (r.marks & LL_CSV_STRAY) != 0;
        t->quoted += t->d.quote ? quoted_cells(&r, t->d.quote) : 0;
        counts[r.n < MOST_CELLS ? r.n : MOST_CELLS - 1]++;
    }
    /* A sample that is cut within its only record says as much as that part does. */
    if (rc >= 0 && t->records == 0 && !whole) {
        ll_csv_init(&c, sample.p, sample.n, t->d, true);
        rc = ll_csv_next(&c, &r);
        t->records = rc > 0;
        counts[rc > 0 && r.n < MOST_CELLS ? r.n : MOST_CELLS - 1] += rc > 0;
    }
    judge(t, counts);
    ll_csv_free(&c);
    ll_csv_record_free(&r);
    return rc < 0 ? rc : LL_OK;
}

/* Quotes that never end cells as quotes do are part of the text: text after a quote says so at once, a cell that stays open only when
 * many do (a few among many records are mistakes in those). */
static bool better_unquoted(const struct trial *with, const struct trial *without)
{
    size_t odd = with->open + with->stray;
    bool often = odd > 2 && odd * 20 > with->records;
    bool wrong = with->quoted <= odd && (often || (with->stray > 0 && with->open == 0));

    return wrong && without->score >= with->score && without->cells > 1;
}

static bool better_single(const struct trial *with, const struct trial *single)
{
    return with->quoted == 0 && single->quoted * 2 > single->records && single->open + single->stray == 0 &&
           single->score >= with->score;
}

static int best_quote(struct trial *best, struct ll_str sample, bool whole, uint32_t *counts)
{
    struct trial none = {.d = {best->d.delim, 0}}, single = {.d = {best->d.delim, '\''}};
    int rc;

    if ((rc = try(&none, sample, whole, counts)) < 0 || (rc = try(&single, sample, whole, counts)) < 0)
        return rc;
    if (better_unquoted(best, &none))
        *best = none;
    else if (better_single(best, &single))
        *best = single;
    return LL_OK;
}

static int search(struct ll_str sample, bool whole, const struct ll_source_opts *o, struct trial *best,
                  uint32_t *counts)
{
    char quote = o->quote >= 0 ? (char)o->quote : '"';
    int rc = LL_OK;

    *best = (struct trial){.d = {o->delim ? o->delim : ',', quote}, .score = -1};
    for (size_t i = 0; i < LL_COUNT(delimiters) && rc == LL_OK; i++) {
        struct trial t = {.d = {o->delim ? o->delim : delimiters[i], quote}};
        rc = try(&t, sample, whole, counts);
        if (t.score > best->score)
            *best = t;
        if (o->delim)
            break;
    }
    if (rc == LL_OK && o->quote < 0)
        rc = best_quote(best, sample, whole, counts);
    return rc;
}

/* Excel's own hint: a first line sep=X. */
static char sep_line(struct ll_str sample)
{
    if (sample.n < 6 || strncasecmp(sample.p, "sep=", 4) != 0)
        return 0;
    return sample.p[5] == '\r' || sample.p[5] == '\n' ? sample.p[4] : 0;
}

int ll_dialect_find(struct ll_str sample, bool whole, const struct ll_source_opts *opts,
                    struct ll_dialect *ret, struct ll_err *err)
{
    struct ll_source_opts o = *opts;
    uint32_t *counts = malloc(MOST_CELLS * sizeof *counts);
    struct trial best;
    char sep = sep_line(sample);

    if (!counts)
        return ll_fail(err, LL_NOMEM, "判断分隔符时内存不足", "out of memory finding the delimiter");
    if (!o.delim)
        o.delim = sep;
    int rc = search(sample, whole, &o, &best, counts);
    free(counts);
    if (rc < 0)
        return ll_fail(err, LL_NOMEM, "判断分隔符时内存不足", "out of memory finding the delimiter");
    *ret = (struct ll_dialect){best.d, sep != 0};
    return LL_OK;
}
