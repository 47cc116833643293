/* product_put.c - products and their rules as answers have them (product.h). */
#include "apps/finance/product_impl.h"
#include "apps/finance/repay.h"
#include "apps/finance/size.h"

#include <string.h>

enum { TEXT_MAX = 8000, SAID_MAX = 1 << 20 };

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
    if (zh)
        ll_json_kz(j, "title", zh);
    else
        ll_json_ks(j, "title", code);
    ll_json_kz(j, "title_en", en);
    ll_json_end_obj(j);
}

static void put_repayment(struct ll_json *j, const void *ctx, struct ll_str word)
{
    (void)ctx;
    for (size_t i = 0; i < LL_REPAY_COUNT; i++)
        if (ll_str_is(word, ll_repay_titles[i].word))
            put_named(j, word, ll_repay_titles[i].title[LL_ZH], ll_repay_titles[i].title[LL_EN]);
}

static void put_size(struct ll_json *j, const void *ctx, struct ll_str word)
{
    (void)ctx;
    for (enum ll_size s = LL_SIZE_MICRO; s <= LL_SIZE_LARGE; s++)
        if (ll_str_is(word, ll_size_word(s)))
            put_named(j, word, ll_size_title(s, LL_ZH), ll_size_title(s, LL_EN));
}

static void put_code(struct ll_json *j, const void *ctx, struct ll_str code)
{
    const struct ll_code *c = ctx ? ll_codeset_by_code(ctx, code) : NULL;

    put_named(j, code, c ? c->title.p : NULL, c && c->title_en.n ? c->title_en.p : NULL);
}

static void put_list(struct ll_json *j, const char *key, const char *list,
                     void (*put)(struct ll_json *, const void *, struct ll_str), const void *ctx)
{
    struct ll_str rest = ll_str(list), one;

    ll_json_key(j, key);
    ll_json_arr(j);
    while (rest.n) {
        ll_str_cut(rest, '|', &one, &rest);
        put(j, ctx, one);
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
    put_list(j, "guarantee", p->guarantee, put_code, ll_catalog_codeset(cat, LL_STR("LOAN_GUARANTEE_STAT")));
    put_list(j, "repayment", p->repayment, put_repayment, NULL);
    put_list(j, "regions", p->regions, put_code, ll_catalog_codeset(cat, LL_STR("REGION")));
    put_list(j, "sizes", p->sizes, put_size, NULL);
    put_list(j, "industries", p->industries, put_code, ll_catalog_codeset(cat, LL_STR("INDUSTRY")));
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

static int put_rule(struct ll_json *j, const struct ll_rule *r, struct ll_err *err)
{
    struct ll_buf text[] = {LL_BUF_INIT(TEXT_MAX), LL_BUF_INIT(TEXT_MAX)};
    bool failed;

    for (enum ll_lang lang = LL_ZH; lang <= LL_EN; lang++)
        ll_rule_text(r, lang, &text[lang]);
    failed = text[LL_ZH].failed || text[LL_EN].failed;
    ll_json_kz(j, "indicator", r->indicator);
    ll_json_kz(j, "operator", ll_rule_operator_word(r->op));
    ll_json_kz(j, "value", r->value);
    ll_json_kz(j, "unit", r->feature->unit[0] ? r->feature->unit : NULL);
    ll_json_kz(j, "unit_en", r->feature->unit[0] ? ll_unit_en(r->feature->unit, 2) : NULL);
    ll_json_ks(j, "text", ll_buf_view(&text[LL_ZH]));
    ll_json_ks(j, "text_en", ll_buf_view(&text[LL_EN]));
    ll_json_kz(j, "basis", r->basis);
    ll_buf_free(&text[LL_ZH]);
    ll_buf_free(&text[LL_EN]);
    return failed ? ll_no_memory(err) : LL_OK;
}

int ll_rule_put(struct ll_json *j, const struct ll_rule *r, struct ll_err *err)
{
    if (!r->said.n)
        return put_rule(j, r, err);
    ll_json_raw(j, r->said);
    return LL_OK;
}

int ll_product_put_whole(struct ll_json *j, const struct ll_catalog *cat, const struct ll_product *p,
                         struct ll_err *err)
{
    int rc = LL_OK;

    ll_product_put(j, cat, p);
    ll_json_kz(j, "materials", p->materials[LL_ZH][0] ? p->materials[LL_ZH] : NULL);
    ll_json_kz(j, "materials_en", p->materials[LL_EN][0] ? p->materials[LL_EN] : NULL);
    ll_json_kz(j, "basis", p->basis);
    ll_json_kz(j, "source", p->source);
    ll_json_key(j, "groups");
    ll_json_arr(j);
    for (size_t g = 0; g < p->n_groups && rc == LL_OK; g++) {
        ll_json_arr(j);
        for (size_t i = 0; i < p->groups[g].n && rc == LL_OK; i++) {
            ll_json_obj(j);
            rc = ll_rule_put(j, &p->groups[g].rules[i], err);
            ll_json_end_obj(j);
        }
        ll_json_end_arr(j);
    }
    ll_json_end_arr(j);
    return rc;
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
    for (size_t g = 0; g < p->n_groups; g++)
        for (size_t i = 0; i < p->groups[g].n && rc == LL_OK; i++) {
            begin(&j, out);
            if ((rc = put_rule(&j, &p->groups[g].rules[i], err)) == LL_OK)
                rc = keep_members(&j, arena, &p->groups[g].rules[i].said, err);
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
