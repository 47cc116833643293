/* infer_key.c - what tells the records of a file apart.
 *
 * A sample of a real delivery has faults, repeated rows among them, so a key need not be perfect in it; and a column that happens to
 * have no repeats (a name, an amount) is no key for that.  So the columns are ranked by how much they are made to identify, and the
 * fewest that nearly always tell rows apart are taken, the highest ranked first. */
#include "catalog/infer_parts.h"

#include <stdlib.h>
#include <string.h>

enum { PARTS_MAX = 3, CANDIDATES = 9, KEY_CHARS = 64, STRONG = 6 };
static const double NEARLY_UNIQUE = 0.98, EMPTY_AT_MOST = 0.02;

struct candidate {
    size_t column;
    int points;
};

struct keys {
    struct ll_inferring *in;
    struct candidate list[CANDIDATES];
    size_t n;
    uint64_t *scratch; /* a value a row */
};

/* How much a column is made to tell records apart. */
static int points(const struct ll_inferring *in, size_t i)
{
    const struct ll_guess *g = &in->inf->columns[i];
    const struct ll_header *h = &in->columns[i].header;
    int sum = 0;

    sum += g->role == LL_ROLE_SUBJECT ? STRONG : 0;
    sum += ll_header_ends(h, "no") || ll_header_ends(h, "uscc") || ll_header_ends(h, "resident_id")
               ? STRONG + 2
               : 0;
    sum += ll_header_has(h, "year") || ll_header_has(h, "month") || ll_header_has(h, "valid") ? 4 : 0;
    switch (g->element->type) {
    case LL_TYPE_IDENTIFIER:
        return g->role == LL_ROLE_RELATED ? sum - STRONG : sum + 2;
    case LL_TYPE_CODE:
        return sum + 2;
    case LL_TYPE_DATE:
    case LL_TYPE_DATETIME:
    case LL_TYPE_INTEGER:
        return sum - 2;
    default:
        return sum;
    }
}

static bool may_be_part(const struct ll_inferring *in, size_t i)
{
    const struct ll_stats *s = &in->columns[i].stats;
    enum ll_type t = in->inf->columns[i].element->type;

    return t != LL_TYPE_DECIMAL && t != LL_TYPE_BOOLEAN && s->max_chars <= KEY_CHARS && s->distinct > 1 &&
           (double)s->nulls <= EMPTY_AT_MOST * (double)s->rows;
}

/* Keeps the list in order of points, then of position in the file. */
static void consider(struct keys *k, size_t column)
{
    struct candidate c = {column, points(k->in, column)};
    size_t at = k->n;

    while (at > 0 && k->list[at - 1].points < c.points)
        at--;
    if (at == CANDIDATES)
        return;
    size_t last = k->n < CANDIDATES ? k->n++ : CANDIDATES - 1;
    memmove(&k->list[at + 1], &k->list[at], (last - at) * sizeof *k->list);
    k->list[at] = c;
}

static int by_value(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return (x > y) - (x < y);
}

/* Share of the rows that the parts tell from all others. */
static double uniqueness(const struct keys *k, const size_t *parts, size_t n)
{
    size_t rows = (size_t)k->in->inf->rows, distinct = 0;

    memset(k->scratch, 0, rows * sizeof *k->scratch);
    for (size_t p = 0; p < n; p++)
        for (size_t i = 0; i < rows; i++)
            k->scratch[i] = k->scratch[i] * 0x9e3779b97f4a7c15u ^
                            k->in->columns[k->list[parts[p]].column].stats.hashes[i];
    qsort(k->scratch, rows, sizeof *k->scratch, by_value);
    for (size_t i = 0; i < rows; i++)
        distinct += i == 0 || k->scratch[i] != k->scratch[i - 1];
    return rows ? (double)distinct / (double)rows : 0;
}

/* The next set of n candidates after `parts`, so that sets of high rank come first; false after the last. */
static bool next_set(size_t *parts, size_t n, size_t of)
{
    for (size_t p = n; p-- > 0;)
        if (parts[p] + (n - p) < of) {
            parts[p]++;
            for (size_t q = p + 1; q < n; q++)
                parts[q] = parts[q - 1] + 1;
            return true;
        }
    return false;
}

/* The first set of n, one of them of at least `least` points, that tells rows apart; 0 when there is none. */
static double find_set(const struct keys *k, size_t n, int least, double share, size_t parts[PARTS_MAX])
{
    if (n > k->n)
        return 0;
    for (size_t p = 0; p < n; p++)
        parts[p] = p;
    do {
        if (k->list[parts[0]].points < least)
            return 0;
        double unique = uniqueness(k, parts, n);
        if (unique >= share)
            return unique;
    } while (next_set(parts, n, k->n));
    return 0;
}

/* From what is most certain to what is least. */
static const struct {
    size_t parts;
    int least;
    double share;
} attempts[] = {
    {1, STRONG, 1},
    {1, STRONG, NEARLY_UNIQUE},
    {2, STRONG, NEARLY_UNIQUE},
    {3, STRONG, NEARLY_UNIQUE},
    {1, 0, 1},
    {2, 0, 1},
};

static void say(struct ll_inference *inf, const char *zh, const char *en)
{
    inf->key_reason[LL_ZH] = zh;
    inf->key_reason[LL_EN] = en;
}

static void take(struct keys *k, const size_t *parts, size_t n, double unique)
{
    struct ll_inference *inf = k->in->inf;

    for (size_t p = 0; p < n; p++)
        inf->columns[k->list[parts[p]].column].key = (unsigned)p + 1;
    if (unique < 1)
        say(inf, "在样本中几乎没有重复；重复的行将被隔离",
            "hardly ever repeated in the sample; repeated rows will be quarantined");
    else if (n == 1)
        say(inf, "这一列在样本中没有重复", "this column never repeats in the sample");
    else
        say(inf, "这几列合起来在样本中没有重复", "these columns together never repeat in the sample");
}

static void choose(struct keys *k)
{
    size_t parts[PARTS_MAX] = {0};

    for (size_t i = 0; i < LL_COUNT(attempts); i++) {
        double unique = find_set(k, attempts[i].parts, attempts[i].least, attempts[i].share, parts);
        if (unique > 0) {
            take(k, parts, attempts[i].parts, unique);
            return;
        }
    }
    say(k->in->inf, "样本中没有几列能区分所有的行；请在 items.csv 的 key 列指定",
        "no few columns tell all rows of the sample apart; settle it in column key of items.csv");
}

int ll_infer_key(struct ll_inferring *in)
{
    struct keys k = {.in = in};

    if (in->inf->rows < 2) {
        say(in->inf, "样本不足两行，无法判断主键；请在 items.csv 的 key 列指定",
            "the sample has fewer than two rows; settle the key in column key of items.csv");
        return LL_OK;
    }
    k.scratch = malloc((size_t)in->inf->rows * sizeof *k.scratch);
    if (!k.scratch)
        return ll_inferring_nomem(in);
    for (size_t i = 0; i < in->inf->n; i++)
        if (may_be_part(in, i))
            consider(&k, i);
    choose(&k);
    free(k.scratch);
    return LL_OK;
}
