/* financing_fit.c - see financing_fit.h. */
#include "apps/finance/financing_fit.h"
#include "apps/finance/repay.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_MAX = 200 };
#define FEN_OF_WAN 1e6      /* products are in 万元 */
#define RATE_OF_PERCENT 1e4 /* and in percent a year */

static const struct {
    const char *word, *title[2];
} terms[LL_FIT_TERM_COUNT] = {
#define X(id, word, zh, en) {word, {zh, en}},
    LL_FIT_TERMS(X)
#undef X
};

static bool listed(const char *list, const char *word)
{
    struct ll_str rest = ll_str(list), one;

    while (rest.n) {
        ll_str_cut(rest, '|', &one, &rest);
        if (ll_str_is(one, word))
            return true;
    }
    return false;
}

static bool fits_term(const struct ll_product *p, const struct ll_financing_wish *w, enum ll_fit_term term)
{
    switch (term) {
    case LL_FIT_AMOUNT:
        return (double)w->amount >= p->amount_min * FEN_OF_WAN &&
               (double)w->amount <= p->amount_max * FEN_OF_WAN;
    case LL_FIT_TERM:
        return w->term >= p->term_min && w->term <= p->term_max;
    case LL_FIT_RATE:
        return w->rate_most < 0 || p->rate_min * RATE_OF_PERCENT <= (double)w->rate_most + 0.5;
    case LL_FIT_GUARANTEE:
        return p->kind == LL_PRODUCT_GUARANTEE || !p->guarantee[0] ||
               listed(p->guarantee, w->guarantee ? w->guarantee : "D");
    case LL_FIT_REPAYMENT:
        return !w->repayment || !p->repayment[0] || listed(p->repayment, w->repayment);
    case LL_FIT_TERM_COUNT:
        break;
    }
    return true;
}

static int by_count(size_t a, size_t b)
{
    return a < b ? -1 : a > b;
}

static int by_order(const void *x, const void *y)
{
    const struct ll_financing_fit *a = x, *b = y;
    const struct ll_product *p = a->match.product, *q = b->match.product;
    int c = by_count(a->match.misses + a->missed, b->match.misses + b->missed);

    if (!c)
        c = by_count(a->match.unknown, b->match.unknown);
    if (!c && p->rate_min != q->rate_min)
        return p->rate_min < q->rate_min ? -1 : 1;
    return c ? c : strcmp(p->name, q->name);
}

int ll_financing_fit(const struct ll_products *all, const struct ll_feature_value *values,
                     const struct ll_financing_wish *wish, struct ll_arena *arena,
                     struct ll_financing_fit *ret, struct ll_err *err)
{
    struct ll_product_match *list = ll_arena_array(arena, all->n, sizeof *list);

    if (!list)
        return ll_no_memory(err);
    ll_products_match(all, values, list);
    for (size_t i = 0; i < all->n; i++) {
        ret[i] = (struct ll_financing_fit){.match = list[i]};
        for (unsigned t = 0; t < LL_FIT_TERM_COUNT; t++) {
            ret[i].fits[t] = fits_term(list[i].product, wish, (enum ll_fit_term)t);
            ret[i].missed += !ret[i].fits[t];
        }
    }
    qsort(ret, all->n, sizeof *ret, by_order);
    return LL_OK;
}

const char *ll_financing_fit_word(const struct ll_financing_fit *f)
{
    return f->match.misses + f->missed ? "miss" : f->match.unknown ? "unknown" : "pass";
}

/* What the product offers, in words. */
static void words_of(const struct ll_product *p, enum ll_fit_term term, enum ll_lang lang, char out[TEXT_MAX])
{
    const bool zh = lang == LL_ZH;

    switch (term) {
    case LL_FIT_AMOUNT:
        snprintf(out, TEXT_MAX,
                 zh ? "产品额度 %g 至 %g 万元" : "the product goes from %g to %g ten thousand yuan",
                 p->amount_min, p->amount_max);
        break;
    case LL_FIT_TERM:
        snprintf(out, TEXT_MAX, zh ? "产品期限 %lld 至 %lld 个月" : "the product runs %lld to %lld months",
                 (long long)p->term_min, (long long)p->term_max);
        break;
    case LL_FIT_RATE:
        snprintf(out, TEXT_MAX, zh ? "产品年利率 %g%% 至 %g%%" : "the product's rate is %g%% to %g%% a year",
                 p->rate_min, p->rate_max);
        break;
    case LL_FIT_GUARANTEE:
        snprintf(out, TEXT_MAX, "%s",
                 !p->guarantee[0] ? (zh ? "不限担保方式" : "any guarantee")
                 : listed(p->guarantee, "D")
                     ? (zh ? "可以信用方式" : "unsecured is possible")
                     : (zh ? "需要产品所列的担保" : "one of the product's guarantees is needed"));
        break;
    case LL_FIT_REPAYMENT:
        snprintf(out, TEXT_MAX, "%s",
                 p->repayment[0] ? (zh ? "按产品所列的还款方式" : "one of the product's ways to repay")
                                 : (zh ? "不限还款方式" : "any way to repay"));
        break;
    case LL_FIT_TERM_COUNT:
        break;
    }
}

void ll_financing_fit_put(struct ll_json *j, const char *key, const struct ll_financing_fit *f)
{
    char text[TEXT_MAX] = "";

    ll_json_key(j, key);
    ll_json_arr(j);
    for (unsigned t = 0; t < LL_FIT_TERM_COUNT; t++) {
        ll_json_obj(j);
        ll_json_kz(j, "term", terms[t].word);
        ll_json_kz(j, "title", terms[t].title[LL_ZH]);
        ll_json_kz(j, "title_en", terms[t].title[LL_EN]);
        ll_json_kb(j, "fits", f->fits[t]);
        words_of(f->match.product, (enum ll_fit_term)t, LL_ZH, text);
        ll_json_kz(j, "text", text);
        words_of(f->match.product, (enum ll_fit_term)t, LL_EN, text);
        ll_json_kz(j, "text_en", text);
        ll_json_end_obj(j);
    }
    ll_json_end_arr(j);
}
