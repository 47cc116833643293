/* product_put.c - products and their rules as answers have them (product.h). */
#include "apps/finance/product_impl.h"
#include "apps/finance/repay.h"
#include "apps/finance/size.h"

#include <string.h>

enum { SAID_MAX = 1 << 20 };

static const struct {
    const char *word, *title[2];
} kinds[] = {
#define X(id, word, zh, en) {word, {zh, en}},
    LL_PRODUCT_KINDS(X)
#undef X
};

/* ---- lists of codes ---- */

static void put_named(struct ll_json *j, struct ll_str code, const char *zh, const char *en)
{
    ll_json_obj(j);
    ll_json_ks(j, "code", code);
    ll_json_kz(j, "title", zh);
    ll_json_kz(j, "title_en", en);
    ll_json_end_obj(j);
}

static void put_repayment(struct ll_json *j, struct ll_str word)
{
    for (size_t i = 0; i < LL_REPAY_COUNT; i++)
        if (ll_str_is(word, ll_repay_titles[i].word))
            put_named(j, word, ll_repay_titles[i].title[LL_ZH], ll_repay_titles[i].title[LL_EN]);
}

static void put_size(struct ll_json *j, struct ll_str word)
{
    for (enum ll_size s = LL_SIZE_MICRO; s <= LL_SIZE_LARGE; s++)
        if (ll_str_is(word, ll_size_word(s)))
            put_named(j, word, ll_size_title(s, LL_ZH), ll_size_title(s, LL_EN));
}

static void put_list(struct ll_json *j, const char *key, const char *list,
                     void (*put)(struct ll_json *, struct ll_str))
{
    struct ll_str rest = ll_str(list), one;

    ll_json_key(j, key);
    ll_json_arr(j);
    while (rest.n) {
        ll_str_cut(rest, '|', &one, &rest);
        put(j, one);
    }
    ll_json_end_arr(j);
}

/* ---- a product ---- */

static void put_product(struct ll_json *j, const struct ll_catalog *cat, const struct ll_product *p)
{
    ll_json_kz(j, "code", p->name);
    ll_json_kz(j, "title", p->title[LL_ZH]);
    ll_json_kz(j, "title_en", p->title[LL_EN]);
    ll_json_kz(j, "institution", p->institution[LL_ZH]);
    ll_json_kz(j, "institution_en", p->institution[LL_EN]);
    ll_json_kz(j, "organisation", p->organisation[0] ? p->organisation : NULL);
    ll_json_kz(j, "kind", kinds[p->kind].word);
    ll_json_kz(j, "kind_title", kinds[p->kind].title[LL_ZH]);
    ll_json_kz(j, "kind_title_en", kinds[p->kind].title[LL_EN]);
    ll_json_kn(j, "amount_min", p->amount_min);
    ll_json_kn(j, "amount_max", p->amount_max);
    ll_json_kn(j, "rate_min", p->rate_min);
    ll_json_kn(j, "rate_max", p->rate_max);
    ll_json_ki(j, "term_min", p->term_min);
    ll_json_ki(j, "term_max", p->term_max);
    ll_target_put_codes(j, "guarantee", p->guarantee, ll_catalog_codeset(cat, LL_STR("LOAN_GUARANTEE_STAT")));
    put_list(j, "repayment", p->repayment, put_repayment);
    put_list(j, "sizes", p->sizes, put_size);
    ll_target_put_scope(j, cat, &p->target);
    ll_json_kb(j, "first_loan", p->first_loan);
    ll_json_kb(j, "online", p->online);
    ll_json_key(j, "days");
    if (p->days)
        ll_json_int(j, p->days);
    else
        ll_json_null(j);
    ll_json_kb(j, "sample", p->sample);
}

void ll_product_put(struct ll_json *j, const struct ll_catalog *cat, const struct ll_product *p)
{
    if (p->said.n)
        ll_json_raw(j, p->said);
    else
        put_product(j, cat, p);
}

int ll_product_put_whole(struct ll_json *j, const struct ll_catalog *cat, const struct ll_product *p,
                         struct ll_err *err)
{
    ll_product_put(j, cat, p);
    ll_json_kz(j, "materials", p->materials[LL_ZH][0] ? p->materials[LL_ZH] : NULL);
    ll_json_kz(j, "materials_en", p->materials[LL_EN][0] ? p->materials[LL_EN] : NULL);
    ll_json_kz(j, "basis", p->basis);
    ll_json_kz(j, "source", p->source);
    return ll_target_put(j, &p->target, err);
}

/* ---- once ---- */

/* The members of the object that j wrote, without its braces. */
static int keep_members(struct ll_json *j, struct ll_arena *arena, struct ll_str *ret, struct ll_err *err)
{
    ll_json_end_obj(j);
    if (j->out->failed)
        return ll_no_memory(err);
    *ret = (struct ll_str){j->out->p + 1, j->out->n - 2};
    return (ret->p = ll_arena_dup(arena, *ret)) ? LL_OK : ll_no_memory(err);
}

static void begin(struct ll_json *j, struct ll_buf *out)
{
    ll_buf_clear(out);
    ll_json_init(j, out);
    ll_json_obj(j);
}

static int say(struct ll_product *p, const struct ll_catalog *cat, struct ll_buf *out, struct ll_arena *arena,
               struct ll_err *err)
{
    struct ll_json j;
    int rc;

    begin(&j, out);
    put_product(&j, cat, p);
    rc = keep_members(&j, arena, &p->said, err);
    for (size_t g = 0; g < p->target.n_groups; g++)
        for (size_t i = 0; i < p->target.groups[g].n && rc == LL_OK; i++) {
            begin(&j, out);
            if ((rc = ll_rule_put(&j, &p->target.groups[g].rules[i], err)) == LL_OK)
                rc = keep_members(&j, arena, &p->target.groups[g].rules[i].said, err);
        }
    return rc;
}

int ll_products_say(struct ll_products *all, const struct ll_catalog *cat, struct ll_arena *arena,
                    struct ll_err *err)
{
    struct ll_buf out = LL_BUF_INIT(SAID_MAX);
    int rc = LL_OK;

    for (size_t i = 0; i < all->n && rc == LL_OK; i++)
        rc = say(&all->list[i], cat, &out, arena, err);
    ll_buf_free(&out);
    return rc;
}
