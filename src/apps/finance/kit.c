/* kit.c - cells and bins of one indicator (kit.h, promises 1 to 3). */
#include "apps/finance/kit_impl.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static int too_few(struct ll_err *err)
{
    return ll_fail(err, LL_INVALID, "企业太少：每格至少 %d 家，区分好坏时好、坏各至少 %d 家",
                   "too few firms: a cell has %d at least, of good and bad %d each where they are told apart",
                   LL_KIT_CELL, LL_KIT_CELL);
}

/* What a cell has to have: of firms, or of good, bad and the rest. */
struct need {
    bool outcome, others; /* others: there are firms of neither */
};

static bool enough(const struct ll_kit_bin *b, struct need n)
{
    if (!n.outcome)
        return b->firms >= LL_KIT_CELL;
    return b->good >= LL_KIT_CELL && b->bad >= LL_KIT_CELL && (!n.others || b->out >= LL_KIT_CELL);
}

static void count(struct ll_kit_bin *b, const signed char *outcome, size_t firm)
{
    b->firms++;
    if (outcome) {
        b->good += outcome[firm] == LL_KIT_GOOD;
        b->bad += outcome[firm] == LL_KIT_BAD;
        b->out += outcome[firm] == LL_KIT_OUT;
    }
}

/* b takes in the other; ranges: it lies above. */
static void join(struct ll_kit_bin *b, const struct ll_kit_bin *other)
{
    b->firms += other->firms;
    b->good += other->good;
    b->bad += other->bad;
    b->out += other->out;
    b->missing |= other->missing;
    b->other |= other->other;
    for (size_t i = 0; i < other->n_codes && b->n_codes < LL_KIT_CODES; i++)
        b->codes[b->n_codes++] = other->codes[i];
}

static bool only_missing(const struct ll_kit_bin *b)
{
    return b->missing && !b->has_from && !b->has_to;
}

void ll_kit_join(struct ll_kit_bins *bins, size_t at, size_t with)
{
    size_t low = at < with ? at : with, high = at < with ? with : at;

    join(&bins->list[low], &bins->list[high]);
    if (!only_missing(&bins->list[high])) {
        bins->list[low].has_to = bins->list[high].has_to;
        bins->list[low].to = bins->list[high].to;
    }
    memmove(&bins->list[high], &bins->list[high + 1], (bins->n - high - 1) * sizeof *bins->list);
    bins->n--;
}

/* ---- ranges ---- */

static int by_number(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return x < y ? -1 : x > y;
}

/* Three digits: of no firm in particular. */
static double rounded(double x)
{
    double unit = x == 0 ? 1 : pow(10, floor(log10(fabs(x))) - 2);

    return nearbyint(x / unit) * unit;
}

static size_t edges_of(double *sorted, size_t n, double *edges)
{
    size_t n_edges = 0;

    qsort(sorted, n, sizeof *sorted, by_number);
    for (size_t q = 1; q < LL_KIT_BASE && n; q++) {
        double edge = rounded(sorted[q * n / LL_KIT_BASE]);
        if (!n_edges || edge > edges[n_edges - 1])
            edges[n_edges++] = edge;
    }
    return n_edges;
}

/* Ranges between the edges, with what lies in them; firms without a value in the one behind the last. */
static void fill(const struct ll_kit_column *c, const signed char *outcome, const double *edges,
                 size_t n_edges, struct ll_kit_bin *cells)
{
    for (size_t i = 0; i <= n_edges; i++)
        cells[i] = (struct ll_kit_bin){.has_from = i > 0,
                                       .from = i ? edges[i - 1] : 0,
                                       .has_to = i < n_edges,
                                       .to = i < n_edges ? edges[i] : 0};
    cells[n_edges + 1] = (struct ll_kit_bin){.missing = true};
    for (size_t f = 0; f < c->n; f++) {
        size_t low = 0, high = n_edges;
        while (!isnan(c->numbers[f]) && low < high) {
            size_t middle = (low + high) / 2;
            if (c->numbers[f] < edges[middle])
                high = middle;
            else
                low = middle + 1;
        }
        count(&cells[isnan(c->numbers[f]) ? n_edges + 1 : low], outcome, f);
    }
}

/* From the lowest on, each as soon as it is large enough; what is left over goes to the last, firms without a value to the first where they are too few. */
static void settle(struct ll_kit_bins *bins, struct need need)
{
    const bool apart = bins->n > 1 && only_missing(&bins->list[bins->n - 1]);
    size_t n = bins->n - apart;

    for (size_t i = 0; i < n;) {
        if (i + 1 == n || enough(&bins->list[i], need)) {
            i++;
            continue;
        }
        ll_kit_join(bins, i, i + 1);
        n--;
    }
    if (n > 1 && !enough(&bins->list[n - 1], need))
        ll_kit_join(bins, n - 2, n - 1);
    if (apart && (!enough(&bins->list[bins->n - 1], need) || !enough(&bins->list[0], need)))
        ll_kit_join(bins, 0, bins->n - 1);
}

static int base_ranges(const struct ll_kit_column *c, const signed char *outcome, struct ll_arena *arena,
                       struct ll_kit_bins *ret, struct ll_err *err)
{
    double *sorted = ll_arena_array(arena, c->n + 1, sizeof *sorted), edges[LL_KIT_BASE];
    size_t n = 0;

    ret->list = ll_arena_array(arena, LL_KIT_BASE + 2, sizeof *ret->list);
    if (!sorted || !ret->list)
        return ll_no_memory(err);
    for (size_t f = 0; f < c->n; f++)
        if (!isnan(c->numbers[f]))
            sorted[n++] = c->numbers[f];
    n = edges_of(sorted, n, edges);
    fill(c, outcome, edges, n, ret->list);
    ret->n = n + 1 + (ret->list[n + 1].firms > 0);
    settle(ret, (struct need){.outcome = false});
    return LL_OK;
}

/* ---- codes ---- */

static int by_code(const void *a, const void *b)
{
    const struct ll_kit_bin *x = a, *y = b;

    return ll_str_cmp(x->codes[0], y->codes[0]);
}

static size_t cell_of(struct ll_kit_bins *all, struct ll_str code)
{
    for (size_t i = 1; i < all->n; i++)
        if (ll_str_eq(all->list[i].codes[0], code))
            return i;
    if (all->n == LL_KIT_CODES)
        return 0;
    all->list[all->n] = (struct ll_kit_bin){.n_codes = 1, .codes = {code}};
    return all->n++;
}

static size_t smallest(const struct ll_kit_bins *all)
{
    size_t at = 1;

    for (size_t i = 2; i < all->n; i++)
        if (all->list[i].firms < all->list[at].firms)
            at = i;
    return at;
}

/* The first is `other`: codes that are too few, firms without a value where they are, and whatever else it takes to be large enough. */
static void gather(struct ll_kit_bins *bins, struct need need)
{
    for (size_t i = 1; i < bins->n;)
        if (enough(&bins->list[i], need))
            i++;
        else
            ll_kit_join(bins, 0, i);
    while (bins->list[0].firms && !enough(&bins->list[0], need) && bins->n > 1)
        ll_kit_join(bins, 0, smallest(bins));
}

static int base_codes(const struct ll_kit_column *c, const signed char *outcome, struct ll_arena *arena,
                      struct ll_kit_bins *ret, struct ll_err *err)
{
    struct ll_kit_bin missing = {.missing = true};

    ret->list = ll_arena_array(arena, LL_KIT_CODES + 2, sizeof *ret->list);
    if (!ret->list)
        return ll_no_memory(err);
    ret->list[0] = (struct ll_kit_bin){.other = true};
    ret->n = 1;
    for (size_t f = 0; f < c->n; f++)
        count(c->codes[f].n ? &ret->list[cell_of(ret, c->codes[f])] : &missing, outcome, f);
    if (missing.firms)
        ret->list[ret->n++] = missing;
    gather(ret, (struct need){.outcome = false});
    return LL_OK;
}

/* `other` last where it has anybody, the rest by their codes. */
static void order_codes(struct ll_kit_bins *bins)
{
    struct ll_kit_bin other = bins->list[0];

    memmove(bins->list, bins->list + 1, --bins->n * sizeof *bins->list);
    if (bins->n > 1)
        qsort(bins->list, bins->n, sizeof *bins->list, by_code);
    if (other.firms)
        bins->list[bins->n++] = other;
}

int ll_kit_base(const struct ll_kit_column *c, const signed char *outcome, struct ll_arena *arena,
                struct ll_kit_bins *ret, struct ll_err *err)
{
    const bool code = c->feature->code;
    struct need need = {.outcome = outcome != NULL};
    int rc;

    *ret = (struct ll_kit_bins){.iv = NAN};
    rc = code ? base_codes(c, outcome, arena, ret, err) : base_ranges(c, outcome, arena, ret, err);
    if (rc < 0)
        return rc;
    for (size_t i = 0; i < ret->n; i++)
        need.others |= ret->list[i].out > 0;
    if (outcome && code)
        gather(ret, need);
    else if (outcome)
        settle(ret, need);
    if (code)
        order_codes(ret);
    for (size_t i = 0; i < ret->n; i++)
        if (!enough(&ret->list[i], need))
            return too_few(err);
    return ret->n ? LL_OK : too_few(err);
}

/* ---- bins ---- */

/* Ranges at the front; behind them may be the one of firms without a value. */
static size_t ranges_of(const struct ll_kit_bins *b)
{
    return b->n > 1 && only_missing(&b->list[b->n - 1]) ? b->n - 1 : b->n;
}

/* Joins neighbours until each holds its share of the firms. */
void ll_kit_quantiles(struct ll_kit_bins *b, size_t bins)
{
    size_t n = ranges_of(b);
    int64_t all = 0, before = 0;

    for (size_t i = 0; i < n; i++)
        all += b->list[i].firms;
    for (size_t i = 0, bin = 1; i + 1 < n;) {
        int64_t share = all * (int64_t)bin / (int64_t)bins;
        if (bin < bins && before + b->list[i].firms >= share) {
            before += b->list[i++].firms;
            bin++;
            continue;
        }
        ll_kit_join(b, i, i + 1);
        n--;
    }
}

/* The same by equal widths between the lowest and the highest edge: the base edge nearest to each. */
static void widths(struct ll_kit_bins *b, size_t bins)
{
    size_t n = ranges_of(b);
    double low, high;

    if (n < 2)
        return;
    low = b->list[0].to;
    high = b->list[n - 1].from;
    for (size_t i = 0; i + 1 < n;) {
        double width = (high - low) / (double)(bins > 2 ? bins - 2 : 1);
        bool wanted = false;
        for (size_t k = 0; k + 1 < bins && !wanted; k++) {
            double target = low + width * (double)k;
            double here = fabs(b->list[i].to - target);
            wanted = (i + 2 >= n || here <= fabs(b->list[i + 1].to - target)) &&
                     (!b->list[i].has_from || here < fabs(b->list[i].from - target) || i == 0);
        }
        if (wanted) {
            i++;
            continue;
        }
        ll_kit_join(b, i, i + 1);
        n--;
    }
}

void ll_kit_sum(struct ll_kit_bins *b, bool outcome)
{
    for (size_t i = 0; i < b->n; i++) {
        b->firms += b->list[i].firms;
        b->good += b->list[i].good;
        b->bad += b->list[i].bad;
        b->out += b->list[i].out;
    }
    b->iv = outcome ? 0 : NAN;
    for (size_t i = 0; i < b->n; i++) {
        struct ll_kit_bin *x = &b->list[i];
        double good = outcome ? (double)x->good / (double)b->good : 0,
               bad = outcome ? (double)x->bad / (double)b->bad : 0;
        x->woe = outcome ? log(good / bad) : NAN;
        if (outcome)
            b->iv += (good - bad) * x->woe;
    }
}

int ll_kit_bin(const struct ll_kit_column *c, const signed char *outcome, enum ll_kit_method method,
               size_t bins, struct ll_arena *arena, struct ll_kit_bins *ret, struct ll_err *err)
{
    int rc = ll_kit_base(c, outcome, arena, ret, err);

    if (rc < 0)
        return rc;
    if (!c->feature->code) {
        if (method == LL_KIT_QUANTILE)
            ll_kit_quantiles(ret, bins);
        else
            widths(ret, bins);
    }
    ll_kit_sum(ret, outcome != NULL);
    return LL_OK;
}
