/* kit_pair.c - two indicators at once: a table whose every cell is large enough, and how they go together (kit.h, promise 4). */
#include "apps/finance/kit_impl.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- the table ---- */

static bool in_bin(const struct ll_kit_column *c, const struct ll_kit_bin *b, size_t firm)
{
    if (c->feature->code) {
        for (size_t i = 0; i < b->n_codes; i++)
            if (c->codes[firm].n && ll_str_eq(b->codes[i], c->codes[firm]))
                return true;
        return c->codes[firm].n == 0 && b->missing;
    }
    if (isnan(c->numbers[firm]))
        return b->missing;
    return (b->has_from || b->has_to || !b->missing) && (!b->has_from || c->numbers[firm] >= b->from) &&
           (!b->has_to || c->numbers[firm] < b->to);
}

/* Codes beyond those that are told apart are in `other`. */
static size_t place(const struct ll_kit_column *c, const struct ll_kit_bins *bins, size_t firm)
{
    size_t other = 0;

    for (size_t i = 0; i < bins->n; i++) {
        if (in_bin(c, &bins->list[i], firm))
            return i;
        if (bins->list[i].other)
            other = i;
    }
    return other;
}

/* Groups of one side: as many quantiles as a table has, or that many codes. */
static int group(const struct ll_kit_column *c, struct ll_arena *arena, struct ll_kit_bins *ret,
                 struct ll_err *err)
{
    int rc = ll_kit_base(c, NULL, arena, ret, err);

    if (rc < 0)
        return rc;
    if (!c->feature->code)
        ll_kit_quantiles(ret, LL_KIT_CROSS);
    while (c->feature->code && ret->n > LL_KIT_CROSS + 1) {
        size_t a = 0, b = 1;
        for (size_t i = 2; i < ret->n; i++) { /* the two smallest */
            size_t *larger = ret->list[a].firms > ret->list[b].firms ? &a : &b;
            if (ret->list[i].firms < ret->list[*larger].firms)
                *larger = i;
        }
        ll_kit_join(ret, a, b);
    }
    return LL_OK;
}

static void add_row(struct ll_kit_cross *x, size_t to, size_t from)
{
    const size_t low = to < from ? to : from, high = to < from ? from : to, n = x->b.n;

    for (size_t k = 0; k < n; k++)
        x->cells[low * n + k] += x->cells[high * n + k];
    memmove(&x->cells[high * n], &x->cells[(high + 1) * n], (x->a.n - high - 1) * n * sizeof *x->cells);
    ll_kit_join(&x->a, low, high);
}

static void add_column(struct ll_kit_cross *x, size_t to, size_t from)
{
    const size_t low = to < from ? to : from, high = to < from ? from : to, n = x->b.n;
    size_t at = 0;

    for (size_t i = 0; i < x->a.n; i++)
        x->cells[i * n + low] += x->cells[i * n + high];
    for (size_t i = 0; i < x->a.n; i++)
        for (size_t k = 0; k < n; k++)
            if (k != high)
                x->cells[at++] = x->cells[i * n + k];
    ll_kit_join(&x->b, low, high);
}

/* A range goes to the one beside it, a code or the lack of a value to the smallest other. */
static size_t partner(const struct ll_kit_bins *bins, bool code, size_t at)
{
    const bool missing = !code && bins->list[at].missing && !bins->list[at].has_from &&
                         !bins->list[at].has_to;
    size_t best = at ? at - 1 : 1;

    if (!code && !missing)
        return best;
    if (missing)
        return 0;
    for (size_t i = 0; i < bins->n; i++)
        if (i != at && bins->list[i].firms < bins->list[best].firms)
            best = i;
    return best;
}

static void merge(struct ll_kit_cross *x, bool code_a, bool code_b, size_t row, size_t column)
{
    if (x->a.n > 1 && (x->a.n >= x->b.n || x->b.n == 1))
        add_row(x, row, partner(&x->a, code_a, row));
    else
        add_column(x, column, partner(&x->b, code_b, column));
}

int ll_kit_cross(const struct ll_kit_column *a, const struct ll_kit_column *b, struct ll_arena *arena,
                 struct ll_kit_cross *ret, struct ll_err *err)
{
    int rc;

    *ret = (struct ll_kit_cross){.cells = NULL};
    if ((rc = group(a, arena, &ret->a, err)) < 0 || (rc = group(b, arena, &ret->b, err)) < 0)
        return rc;
    LL_ASSERT(ret->a.n && ret->b.n); /* ll_kit_base has one cell at least */
    ret->cells = ll_arena_array(arena, ret->a.n * ret->b.n, sizeof *ret->cells);
    if (!ret->cells)
        return ll_no_memory(err);
    for (size_t f = 0; f < a->n; f++)
        ret->cells[place(a, &ret->a, f) * ret->b.n + place(b, &ret->b, f)]++;
    for (;;) {
        size_t at = 0;
        for (size_t i = 1; i < ret->a.n * ret->b.n; i++)
            if (ret->cells[i] < ret->cells[at])
                at = i;
        if (ret->cells[at] >= LL_KIT_CELL)
            break;
        if (ret->a.n * ret->b.n == 1)
            return ll_fail(err, LL_INVALID, "企业太少", "too few firms");
        merge(ret, a->feature->code, b->feature->code, at / ret->b.n, at % ret->b.n);
    }
    ll_kit_sum(&ret->a, false);
    ll_kit_sum(&ret->b, false);
    return LL_OK;
}

/* ---- correlation ---- */

static double pearson(const double *x, const double *y, size_t n)
{
    double mx = 0, my = 0, xx = 0, yy = 0, xy = 0;

    for (size_t i = 0; i < n; i++) {
        mx += x[i] / (double)n;
        my += y[i] / (double)n;
    }
    for (size_t i = 0; i < n; i++) {
        xx += (x[i] - mx) * (x[i] - mx);
        yy += (y[i] - my) * (y[i] - my);
        xy += (x[i] - mx) * (y[i] - my);
    }
    return xx > 0 && yy > 0 ? nearbyint(xy / sqrt(xx * yy) * 100) / 100 : NAN;
}

struct ranked {
    double value;
    size_t at;
};

static int by_value(const void *a, const void *b)
{
    double x = ((const struct ranked *)a)->value, y = ((const struct ranked *)b)->value;

    return x < y ? -1 : x > y;
}

/* Values become ranks, equal ones the mean of theirs. */
static void rank(double *x, size_t n, struct ranked *work)
{
    for (size_t i = 0; i < n; i++)
        work[i] = (struct ranked){x[i], i};
    qsort(work, n, sizeof *work, by_value);
    for (size_t i = 0, end; i < n; i = end) {
        for (end = i + 1; end < n && work[end].value == work[i].value; end++)
            ;
        for (size_t k = i; k < end; k++)
            x[work[k].at] = (double)(i + end - 1) / 2;
    }
}

int ll_kit_correlate(const struct ll_kit_column *a, const struct ll_kit_column *b, struct ll_arena *arena,
                     struct ll_kit_correlation *ret, struct ll_err *err)
{
    double *x = ll_arena_array(arena, a->n + 1, sizeof *x), *y = ll_arena_array(arena, a->n + 1, sizeof *y);
    struct ranked *work = ll_arena_array(arena, a->n + 1, sizeof *work);
    size_t n = 0;

    if (!x || !y || !work)
        return ll_no_memory(err);
    if (a->feature->code || b->feature->code)
        return ll_fail(err, LL_INVALID, "相关系数只对数值指标计算", "a correlation is of numbers");
    for (size_t f = 0; f < a->n; f++)
        if (!isnan(a->numbers[f]) && !isnan(b->numbers[f])) {
            x[n] = a->numbers[f];
            y[n++] = b->numbers[f];
        }
    if (n < LL_KIT_PAIRS)
        return ll_fail(err, LL_INVALID, "两个指标都有值的企业不足 %d 家", "fewer than %d firms have both",
                       LL_KIT_PAIRS);
    ret->firms = (int64_t)(n / 10 * 10);
    ret->pearson = pearson(x, y, n);
    rank(x, n, work);
    rank(y, n, work);
    ret->spearman = pearson(x, y, n);
    return LL_OK;
}
