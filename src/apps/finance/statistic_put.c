/* statistic_put.c - figures as answers and files have them (statistic.h). */
#include "apps/finance/product.h"
#include "apps/finance/size.h"
#include "apps/finance/statistic.h"
#include "crypto/digest.h"

#include "base/clock.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { NAME = 200, HASH_TEXT = 2 * LL_DIGEST + 1 };
static const char REGIONS[] = "REGION", KINDS[] = "FIN_EVENT_KIND"; /* code tables */

static const struct {
    const char *word, *title[2];
} dimensions[] = {
#define X(id, word, key, zh, en) {word, {zh, en}},
    LL_STAT_DIMENSIONS(X)
#undef X
};

static const struct {
    const char *word, *title[2];
} stages[] = {
#define X(name, zh, en) {#name, {zh, en}},
    LL_STAT_FUNNEL(X)
#undef X
};

static const struct band {
    const char *word;
    int64_t below;
    const char *title[2];
} bands[] = {
#define X(word, below, zh, en) {word, below, {zh, en}},
    LL_STAT_BANDS(X)
#undef X
};

/* ---- names of keys ---- */

static const char *code_title(const struct ll_catalog *cat, const char *table, const char *key,
                              enum ll_lang lang)
{
    const struct ll_codeset *codes = ll_catalog_codeset(cat, ll_str(table));
    const struct ll_code *c = codes ? ll_codeset_by_code(codes, ll_str(key)) : NULL;

    if (!c)
        return NULL;
    return lang == LL_EN && c->title_en.n ? c->title_en.p : c->title.p;
}

static const char *size_title(const char *key, enum ll_lang lang)
{
    for (enum ll_size s = LL_SIZE_MICRO; s <= LL_SIZE_LARGE; s++)
        if (strcmp(key, ll_size_word(s)) == 0)
            return ll_size_title(s, lang);
    return NULL;
}

static const char *organisation_title(const struct ll_catalog *cat, const char *key, enum ll_lang lang)
{
    const struct ll_organisation *o = ll_catalog_organisation(cat, ll_str(key));

    return !o ? NULL : lang == LL_EN && o->name_en ? o->name_en : o->name;
}

/* NULL: as the key stands. */
static const char *title_of(const struct ll_stat_names *names, enum ll_stat_by by, const char *key,
                            enum ll_lang lang)
{
    const struct ll_product *p = NULL;

    if (!key[0])
        return lang == LL_ZH ? "未知" : "not known";
    switch (by) {
    case LL_STAT_REGION:
        return code_title(names->cat, REGIONS, key, lang);
    case LL_STAT_INDUSTRY:
        return code_title(names->cat, "INDUSTRY", key, lang);
    case LL_STAT_SIZE:
        return size_title(key, lang);
    case LL_STAT_INSTITUTION:
        return organisation_title(names->cat, key, lang);
    case LL_STAT_PRODUCT:
        p = names->products ? ll_product_find(names->products, ll_str(key)) : NULL;
        return p ? p->title[lang] : NULL;
    default:
        return NULL;
    }
}

/* ---- JSON ---- */

static void put_number(struct ll_json *j, const char *key, int64_t n)
{
    ll_json_key(j, key);
    if (n < 0)
        ll_json_null(j);
    else
        ll_json_int(j, n);
}

static void put_figures(struct ll_json *j, const struct ll_stat_row *r)
{
    const bool held = r->held_back;

#define X(name, ...) put_number(j, #name, held ? -1 : r->name);
    LL_STAT_COUNTS(X)
#undef X
    ll_json_kn(j, "rate", held ? (double)NAN : r->rate);
    put_number(j, "days_median", held ? -1 : r->days_mid);
    put_number(j, "days_p90", held ? -1 : r->days_p90);
    ll_json_kb(j, "held_back", held);
}

static void put_funnel(struct ll_json *j, const struct ll_stat_row *r)
{
    const int64_t reached[] = {
#define X(name, ...) r->f_##name,
        LL_STAT_FUNNEL(X)
#undef X
    };

    ll_json_key(j, "funnel");
    ll_json_arr(j);
    for (size_t i = 0; i < LL_COUNT(stages); i++) {
        ll_json_obj(j);
        ll_json_kz(j, "stage", stages[i].word);
        ll_json_kz(j, "title", stages[i].title[LL_ZH]);
        ll_json_kz(j, "title_en", stages[i].title[LL_EN]);
        put_number(j, "financings", r->held_back ? -1 : reached[i]);
        ll_json_end_obj(j);
    }
    ll_json_end_arr(j);
}

static void put_reasons(struct ll_json *j, const struct ll_stat *s, const struct ll_stat_names *names)
{
    ll_json_key(j, "reasons");
    ll_json_arr(j);
    for (size_t i = 0; i < s->n_reasons; i++) {
        ll_json_obj(j);
        ll_json_kz(j, "code", s->reasons[i].code);
        ll_json_kz(j, "title", code_title(names->cat, "FIN_REFUSAL_REASON", s->reasons[i].code, LL_ZH));
        ll_json_kz(j, "title_en", code_title(names->cat, "FIN_REFUSAL_REASON", s->reasons[i].code, LL_EN));
        ll_json_ki(j, "n", s->reasons[i].n);
        ll_json_end_obj(j);
    }
    ll_json_end_arr(j);
}

/* What it all rests on, as one hash: of the manifests' hashes, in their order. */
static void hash_of(const struct ll_stat_source *s, char text[HASH_TEXT])
{
    unsigned char hash[LL_DIGEST];
    struct ll_buf all = LL_BUF_INIT(8 << 20);

    for (size_t i = 0; i < s->batches.n; i++) {
        ll_buf_z(&all, s->batches.batches[i].manifest_sha256);
        ll_buf_c(&all, '\n');
    }
    ll_sha256(all.p, all.n, hash);
    for (size_t i = 0; i < LL_DIGEST; i++)
        snprintf(text + 2 * i, 3, "%02x", hash[i]);
    ll_buf_free(&all);
}

static void put_lineage(struct ll_json *j, const struct ll_stat_source *s)
{
    char text[HASH_TEXT];

    hash_of(s, text);
    ll_json_obj(j);
    ll_json_kz(j, "resource", s->resource ? s->resource->name : NULL);
    ll_json_kz(j, "title", s->resource ? s->resource->title : NULL);
    ll_json_kz(j, "title_en", s->resource ? s->resource->title_en : NULL);
    ll_json_kz(j, "sha256", s->batches.n ? text : NULL);
    ll_feature_put_rows(j, &s->batches);
    ll_json_end_obj(j);
}

/* The difference from a sum that is held back would tell it. */
static void put_more(struct ll_json *j, const char *key, int64_t more, bool held)
{
    ll_json_key(j, key);
    if (held)
        ll_json_null(j);
    else
        ll_json_int(j, more);
}

static void put_reported(struct ll_json *j, const char *key, const struct ll_stat_source *s, int64_t n,
                         int64_t fen, bool held)
{
    ll_json_key(j, key);
    ll_json_obj(j);
    ll_json_ki(j, "n", s->n);
    ll_json_ki(j, "fen", s->fen);
    put_more(j, "n_more", s->n - n, held);
    put_more(j, "fen_more", s->fen - fen, held);
    ll_json_end_obj(j);
}

void ll_stat_put_total(const struct ll_stat *s, struct ll_json *j)
{
    ll_json_key(j, "total");
    ll_json_obj(j);
    put_figures(j, &s->total);
    put_funnel(j, &s->total);
    ll_json_end_obj(j);
}

void ll_stat_put_rows(const struct ll_stat *s, const struct ll_stat_names *names, const char *key,
                      size_t most, struct ll_json *j)
{
    ll_json_key(j, key);
    ll_json_arr(j);
    for (size_t i = 0; i < s->n && i < most; i++) {
        ll_json_obj(j);
        ll_json_kz(j, "key", s->rows[i].key);
        ll_json_kz(j, "title", title_of(names, s->by, s->rows[i].key, LL_ZH));
        ll_json_kz(j, "title_en", title_of(names, s->by, s->rows[i].key, LL_EN));
        put_figures(j, &s->rows[i]);
        ll_json_end_obj(j);
    }
    ll_json_end_arr(j);
}

void ll_stat_put_hash(const struct ll_stat *s, struct ll_json *j)
{
    char text[HASH_TEXT];

    hash_of(&s->events, text);
    ll_json_kz(j, "sha256", s->events.batches.n ? text : NULL);
}

static const struct band *band_of(int64_t fen)
{
    size_t i = 0;

    while (fen >= bands[i].below)
        i++;
    return &bands[i];
}

void ll_stat_put_last(const struct ll_stat *s, const struct ll_stat_names *names, struct ll_json *j)
{
    char at[LL_TIME_TEXT];

    ll_json_key(j, "last");
    ll_json_arr(j);
    for (size_t i = 0; i < s->n_last; i++) {
        const struct ll_stat_event *e = &s->last[i];
        const struct band *b = e->fen < 0 ? NULL : band_of(e->fen);
        ll_json_obj(j);
        ll_json_kz(j, "at", ll_time_text(e->ms, at));
        ll_json_kz(j, "kind", e->kind);
        ll_json_kz(j, "kind_title", code_title(names->cat, KINDS, e->kind, LL_ZH));
        ll_json_kz(j, "kind_title_en", code_title(names->cat, KINDS, e->kind, LL_EN));
        ll_json_kz(j, "county", e->region[0] ? e->region : NULL);
        ll_json_kz(j, "county_title", code_title(names->cat, REGIONS, e->region, LL_ZH));
        ll_json_kz(j, "county_title_en", code_title(names->cat, REGIONS, e->region, LL_EN));
        ll_json_kz(j, "band", b ? b->word : NULL);
        ll_json_kz(j, "band_title", b ? b->title[LL_ZH] : NULL);
        ll_json_kz(j, "band_title_en", b ? b->title[LL_EN] : NULL);
        ll_json_end_obj(j);
    }
    ll_json_end_arr(j);
}

void ll_stat_put(const struct ll_stat *s, const struct ll_stat_names *names, bool batches, struct ll_json *j)
{
    char at[LL_TIME_TEXT];

    ll_json_kz(j, "as_of", ll_time_text(s->as_of.ms, at));
    ll_json_kz(j, "day", s->as_of.day);
    ll_json_kz(j, "by", dimensions[s->by].word);
    ll_stat_put_total(s, j);
    put_reasons(j, s, names);
    ll_stat_put_rows(s, names, "rows", s->n, j);
    if (!batches)
        return;
    ll_json_key(j, "reported");
    ll_json_obj(j);
    put_reported(j, "granted", &s->reported_grants, s->total.granted, s->total.granted_fen,
                 s->total.held_back);
    put_reported(j, "lent", &s->reported_loans, s->total.lent, s->total.lent_fen, s->total.held_back);
    ll_json_end_obj(j);
    ll_json_key(j, "sources");
    ll_json_arr(j);
    put_lineage(j, &s->events);
    put_lineage(j, &s->reported_grants);
    put_lineage(j, &s->reported_loans);
    ll_json_end_arr(j);
}

/* ---- as a table ---- */

enum {
    BEFORE = 2, /* key and title */
    AFTER = 3,  /* rate, days */
#define X(...) +1
    COUNTS = 0 LL_STAT_COUNTS(X),
#undef X
    COLUMNS = BEFORE + COUNTS + AFTER
};

static const char *const count_titles[][2] = {
#define X(name, sql, zh, en) {zh, en},
    LL_STAT_COUNTS(X)
#undef X
};
static const char *const after_titles[AFTER][2] = {
    {"加权平均利率（%）", "weighted rate (percent)"},
    {"需求到放款天数（中位）", "days from demand to loan (median)"},
    {"需求到放款天数（九成以内）", "days from demand to loan (nine of ten)"}};

static int put_table_row(const struct ll_stat_row *r, const char *title, ll_stat_row_fn *put, void *ctx,
                         struct ll_err *err)
{
    const int64_t counts[] = {
#define X(name, ...) r->name,
        LL_STAT_COUNTS(X)
#undef X
    };
    char text[COLUMNS][32];
    struct ll_str cells[COLUMNS];

    memset(text, 0, sizeof text);
    for (size_t i = 0; i < COUNTS && !r->held_back; i++)
        snprintf(text[BEFORE + i], sizeof text[0], "%" PRId64, counts[i]);
    if (!r->held_back && !isnan(r->rate))
        snprintf(text[BEFORE + COUNTS], sizeof text[0], "%.4f", r->rate);
    if (!r->held_back && r->days_mid >= 0)
        snprintf(text[BEFORE + COUNTS + 1], sizeof text[0], "%" PRId64, r->days_mid);
    if (!r->held_back && r->days_p90 >= 0)
        snprintf(text[BEFORE + COUNTS + 2], sizeof text[0], "%" PRId64, r->days_p90);
    for (size_t i = 0; i < COLUMNS; i++)
        cells[i] = ll_str(text[i]);
    cells[0] = ll_str(r->key);
    cells[1] = ll_str(title);
    return put(ctx, cells, COLUMNS, err);
}

int ll_stat_rows(const struct ll_stat *s, const struct ll_stat_names *names, enum ll_lang lang,
                 ll_stat_row_fn *put, void *ctx, struct ll_err *err)
{
    struct ll_str cells[COLUMNS] = {ll_str(lang == LL_ZH ? "代码" : "code"),
                                    ll_str(dimensions[s->by].title[lang])};
    int rc;

    for (size_t i = 0; i < COUNTS; i++)
        cells[BEFORE + i] = ll_str(count_titles[i][lang]);
    for (size_t i = 0; i < AFTER; i++)
        cells[BEFORE + COUNTS + i] = ll_str(after_titles[i][lang]);
    rc = put(ctx, cells, COLUMNS, err);
    for (size_t i = 0; rc == LL_OK && i < s->n; i++) {
        const char *title = title_of(names, s->by, s->rows[i].key, lang);
        rc = put_table_row(&s->rows[i], title ? title : s->rows[i].key, put, ctx, err);
    }
    return rc < 0 ? rc : put_table_row(&s->total, lang == LL_ZH ? "合计" : "in all", put, ctx, err);
}
