/* rating.c - rates every household of the newest roll-up, and tells one household why (rating.h). */
#include "apps/rural/rating_impl.h"

#include "apps/rural/register.h"
#include "base/clock.h"
#include "base/fs.h"

#include <stdio.h>
#include <string.h>

int ll_rating_key(struct ll_data *d, struct ll_str household, unsigned char key[LL_BLIND], struct ll_err *err)
{
    struct ll_cell *cell = NULL;
    int rc = ll_cell_open(ll_data_vault(d), LL_STR(LL_RURAL_REGISTER), LL_STR(""), &cell, err);

    if (rc == LL_OK)
        rc = ll_cell_blind(cell, &household, 1, key, err);
    ll_cell_close(cell);
    return rc;
}

/* ---- all of them ---- */

struct rating {
    struct ll_cell *key;
    struct ll_rating_file *file;
    const struct ll_marked *marks;
    size_t n, at; /* both lists are in the order of the key */
};

static int rate_one(void *ctx, const struct ll_household *h, struct ll_err *err)
{
    struct rating *k = ctx;
    unsigned char key[LL_BLIND];
    const struct ll_marked *m = NULL;
    int rc = ll_cell_blind(k->key, &h->no, 1, key, err);

    if (rc < 0)
        return rc;
    while (k->at < k->n && memcmp(k->marks[k->at].key, key, sizeof key) < 0)
        k->at++;
    if (k->at < k->n && memcmp(k->marks[k->at].key, key, sizeof key) == 0)
        m = &k->marks[k->at];
    return ll_rating_file_add(k->file, key, h, m, err);
}

static int newest_rollup(struct ll_data *d, const struct ll_rural_list *list, struct ll_arena *arena,
                         struct ll_rollup *ret, struct ll_err *err)
{
    struct ll_rollup *runs = NULL;
    size_t n = 0;
    int rc = ll_rollup_list(d, arena, &runs, &n, err);

    for (size_t i = 0; i < n && rc == LL_OK; i++)
        if (strcmp(runs[i].list, list->name) == 0) {
            *ret = runs[i];
            return LL_OK;
        }
    return rc < 0 ? rc
                  : ll_fail(err, LL_NOTFOUND, "还没有汇总：请先运行 luling rural rollup",
                            "nothing has been rolled up yet: run luling rural rollup first");
}

static int rate_all(struct ll_data *d, const struct ll_rural_card *card, const struct ll_rollup *rollup,
                    struct rating *k, const char *path, struct ll_arena *arena, struct ll_rating *run,
                    struct ll_err *err)
{
    struct ll_rollup_reader *reader = NULL;
    int rc;

    if ((rc = ll_rollup_open(d, rollup, card->list, &reader, err)) == LL_OK &&
        (rc = ll_cell_open(ll_data_vault(d), LL_STR(LL_RURAL_REGISTER), LL_STR(""), &k->key, err)) == LL_OK &&
        (rc = ll_rating_file_open(d, card, path, arena, &k->file, err)) == LL_OK) {
        rc = ll_rollup_each(reader, LL_STR(""), rate_one, k, err);
        rc = ll_rating_file_end(k->file, run, rc, err);
    }
    ll_cell_close(k->key);
    ll_rollup_close(reader);
    return rc;
}

int ll_rating_run(struct ll_data *d, const struct ll_catalog *cat, const struct ll_rural_card *card,
                  struct ll_marks *marks, struct ll_arena *arena, struct ll_rating *ret, struct ll_err *err)
{
    struct ll_rating run = {.card = card->name, .sha256 = card->sha256, .made_at = ll_now_ms()};
    char path[LL_PATH], whole[LL_PATH], folder[LL_PATH];
    struct ll_marked *marked = NULL;
    struct rating k = {.n = 0};
    struct ll_rollup rollup;
    int rc;

    ll_data_new_id(run.id);
    if ((rc = newest_rollup(d, card->list, arena, &rollup, err)) < 0 ||
        (rc = ll_rating_marks(d, cat, card->list, marks, arena, &marked, &k.n, err)) < 0 ||
        (rc = ll_data_path(d, folder, err, "ratings")) < 0 || (rc = ll_fs_mkdirs(folder, err)) < 0 ||
        (rc = ll_path(path, err, "%s/.%s.tmp", folder, run.id)) < 0 ||
        (rc = ll_path(whole, err, "%s/%s.db", folder, run.id)) < 0)
        return rc;
    k.marks = marked;
    run.day = rollup.day;
    snprintf(run.rollup, sizeof run.rollup, "%s", rollup.id);
    if ((rc = rate_all(d, card, &rollup, &k, path, arena, &run, err)) == LL_OK &&
        (rc = ll_fs_move(path, whole, err)) == LL_OK)
        *ret = run;
    return rc;
}

/* ---- why ---- */

int64_t ll_rated_limit(const struct ll_rated *r)
{
    return r->card->rows[r->scored.row].limit;
}

const char *ll_rated_grade(const struct ll_rated *r)
{
    return r->card->grades[r->scored.grade].name;
}

const char *ll_review_reasons_text(const struct ll_catalog *cat, struct ll_str codes, enum ll_lang lang,
                                   struct ll_arena *arena)
{
    const struct ll_codeset *table = ll_catalog_codeset(cat, LL_STR("RURAL_REVIEW_REASON"));
    struct ll_buf out = LL_BUF_INIT(1 << 14);
    struct ll_str rest = codes, one;
    const char *ret = NULL;

    while (rest.n) {
        ll_str_cut(rest, '|', &one, &rest);
        const struct ll_code *c = table ? ll_codeset_by_code(table, one) : NULL;
        ll_buf_z(&out, !out.n ? "" : lang == LL_ZH ? "；" : "; ");
        ll_buf_str(&out, !c ? one : lang == LL_EN && c->title_en.n ? c->title_en : c->title);
    }
    if (!out.failed)
        ret = ll_arena_dup(arena, ll_buf_view(&out));
    ll_buf_free(&out);
    return ret;
}

static void put_null(struct ll_json *j, const char *key)
{
    ll_json_key(j, key);
    ll_json_null(j);
}

static void put_why(struct ll_json *j, const struct ll_rated *r, size_t i)
{
    const struct ll_rural_indicator *x = &r->card->indicators[i];
    const struct ll_rural_band *b = &x->bands[r->scored.band[i]];
    const struct ll_code *code = x->item->codes ? ll_codeset_by_code(x->item->codes, r->value[i]) : NULL;

    if (r->value[i].n)
        ll_json_ks(j, "value", code ? code->title : r->value[i]);
    else
        put_null(j, "value");
    ll_json_kz(j, "what", b->what[LL_ZH]);
    ll_json_kz(j, "what_en", b->what[LL_EN]);
    ll_json_kn(j, "points", x->weight * b->points / (double)LL_CARD_POINTS);
    if (b->cap == LL_CARD_NO_CAP)
        put_null(j, "cap");
    else
        ll_json_ki(j, "cap", b->cap);
}

static void put_indicator(struct ll_json *j, const struct ll_rated *r, size_t i)
{
    static const char *const untold[] = {"value", "what", "what_en", "points", "cap"};
    const struct ll_rural_indicator *x = &r->card->indicators[i];

    ll_json_obj(j);
    ll_json_kz(j, "indicator", x->name);
    ll_json_kz(j, "title", x->title[LL_ZH]);
    ll_json_kz(j, "title_en", x->title[LL_EN]);
    ll_json_kz(j, "item", x->item->code);
    ll_json_kz(j, "unit", x->item->unit);
    if (!r->hidden[i])
        put_why(j, r, i);
    for (size_t k = 0; r->hidden[i] && k < LL_COUNT(untold); k++)
        put_null(j, untold[k]);
    ll_json_ki(j, "of", x->weight);
    ll_json_kz(j, "basis", x->basis);
    ll_json_end_obj(j);
}

void ll_rated_put(struct ll_json *j, const struct ll_rated *r)
{
    const struct ll_rural_card *c = r->card;
    char at[LL_TIME_TEXT];

    ll_json_kz(j, "card", c->name);
    ll_json_kz(j, "card_title", c->title[LL_ZH]);
    ll_json_kz(j, "card_title_en", c->title[LL_EN]);
    ll_json_kz(j, "basis", c->basis);
    ll_json_kz(j, "grade", ll_rated_grade(r));
    ll_json_kz(j, "grade_title", c->grades[r->scored.grade].title[LL_ZH]);
    ll_json_kz(j, "grade_title_en", c->grades[r->scored.grade].title[LL_EN]);
    ll_json_kn(j, "score", r->scored.score / (double)LL_CARD_POINTS);
    ll_json_ki(j, "from", c->rows[r->scored.row].from);
    ll_json_ki(j, "limit_yuan", ll_rated_limit(r));
    ll_json_kz(j, "mark", ll_review_mark_word(r->mark));
    ll_json_kz(j, "mark_title", ll_review_mark_title(r->mark, LL_ZH));
    ll_json_kz(j, "mark_title_en", ll_review_mark_title(r->mark, LL_EN));
    ll_json_kz(j, "reviewed_on", r->reviewed_on.n ? r->reviewed_on.p : NULL);
    ll_json_kz(j, "rated_at", ll_time_text(r->at, at));
    ll_json_kz(j, "day", r->day);
    ll_json_key(j, "indicators");
    ll_json_arr(j);
    for (size_t i = 0; i < c->n; i++)
        put_indicator(j, r, i);
    ll_json_end_arr(j);
}
