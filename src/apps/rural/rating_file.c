/* rating_file.c - the file of a rating: one row a household, by whose grades and marks its village is counted (rating.h). */
#include "apps/rural/rating_impl.h"
#include "apps/rural/villages.h"

#include "base/clock.h"
#include "crypto/random.h"
#include "intake/runs.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RATING_AS "rural_rating" /* as which values are sealed */
#define RATING_ITEM "rating"
enum { VALUE_MAX = 1 << 16, META_MAX = 64 << 20 };
enum column { KEY, VILLAGE, GRADE, SEALED, COLUMNS };

struct ll_rating_file {
    struct ll_data *data;
    const struct ll_rural_card *card;
    struct ll_seg_build *build;
    struct ll_cell *cell;
    struct ll_buf plain, sealed, counts;
    struct ll_villages *villages; /* households, [grades], [marks] */
    uint64_t households, reviewed;
};

int ll_rating_file_open(struct ll_data *d, const struct ll_rural_card *card, const char *path,
                        struct ll_arena *arena, struct ll_rating_file **ret, struct ll_err *err)
{
    static const unsigned key[] = {KEY}, indexed[] = {VILLAGE};
    static const struct ll_seg_column columns[COLUMNS] = {
        {"ll_key", "BLOB"}, {"village_code", "TEXT"}, {"grade", "TEXT"}, {"ll_sealed_rating", "BLOB"}};
    const struct ll_seg_schema schema = {columns, COLUMNS, key, 1, indexed, 1};
    struct ll_rating_file *f = calloc(1, sizeof *f);
    int rc = f ? LL_OK : ll_no_memory(err);

    if (rc < 0)
        return rc;
    f->data = d;
    f->card = card;
    f->plain = f->sealed = LL_BUF_INIT(VALUE_MAX);
    f->counts = LL_BUF_INIT(META_MAX);
    const struct ll_village_part parts[] = {{1, false}, {card->n_grades, true}, {LL_MARK_COUNT, true}};
    if ((rc = ll_villages_new(parts, LL_COUNT(parts), arena, &f->villages, err)) == LL_OK &&
        (rc = ll_vault_prepare(ll_data_vault(d), RATING_AS, err)) == LL_OK &&
        (rc = ll_cell_open(ll_data_vault(d), LL_STR(RATING_AS), LL_STR(RATING_ITEM), &f->cell, err)) == LL_OK)
        rc = ll_seg_build_open(path, &schema, &f->build, err);
    if (rc < 0) {
        ll_cell_close(f->cell);
        free(f);
        return rc;
    }
    *ret = f;
    return LL_OK;
}

static void put_value(struct ll_rating_file *f, const struct ll_household *h, const struct ll_rural_scored *s,
                      const struct ll_marked *m)
{
    struct ll_json j;

    ll_json_init(&j, &f->plain);
    ll_json_obj(&j);
    ll_json_ki(&j, "score", s->score);
    ll_json_ki(&j, "cap", s->cap);
    ll_json_ki(&j, "row", (int64_t)s->row);
    ll_json_kz(&j, "mark", ll_review_mark_word(m ? m->mark : LL_MARK_NONE));
    ll_json_kz(&j, "reasons", m ? m->reasons : "");
    ll_json_kz(&j, "reviewed_on", m ? m->reviewed_on : "");
    ll_json_kz(&j, "round", m ? m->round : "");
    ll_json_key(&j, "bands");
    ll_json_arr(&j);
    for (size_t i = 0; i < f->card->n; i++)
        ll_json_int(&j, (int64_t)s->band[i]);
    ll_json_end_arr(&j);
    ll_json_key(&j, "values");
    ll_json_arr(&j);
    for (size_t i = 0; i < f->card->n; i++)
        ll_json_str(&j, ll_rural_indicator_value(f->card, h, i));
    ll_json_end_arr(&j);
    ll_json_end_obj(&j);
}

int ll_rating_file_add(struct ll_rating_file *f, const unsigned char key[LL_BLIND],
                       const struct ll_household *h, const struct ll_marked *m, struct ll_err *err)
{
    enum ll_review_mark mark = m ? m->mark : LL_MARK_NONE;
    struct ll_rural_scored s;
    uint64_t *counts;
    int rc;

    if ((rc = ll_villages_of(f->villages, h, &counts, err)) < 0)
        return rc;
    ll_rural_score(f->card, h, mark, &s);
    counts[0]++;
    counts[1 + s.grade]++;
    counts[1 + f->card->n_grades + mark]++;
    f->households++;
    f->reviewed += mark != LL_MARK_NONE;
    ll_buf_clear(&f->plain);
    ll_buf_clear(&f->sealed);
    put_value(f, h, &s, m);
    if ((rc = f->plain.failed ? ll_no_memory(err)
                              : ll_cell_seal(f->cell, ll_buf_view(&f->plain), &f->sealed, err)) < 0)
        return rc;
    struct ll_str grade = ll_str(f->card->grades[s.grade].name);
    ll_seg_blob(f->build, KEY, (const char *)key, LL_BLIND);
    ll_seg_text(f->build, VILLAGE, h->village_code.p, h->village_code.n);
    ll_seg_text(f->build, GRADE, grade.p, grade.n);
    ll_seg_blob(f->build, SEALED, f->sealed.p, f->sealed.n);
    return ll_seg_build_row(f->build, false, err);
}

static int put_meta(struct ll_rating_file *f, struct ll_rating *run, struct ll_err *err)
{
    struct ll_json j;
    char numbers[3][32];
    int rc = LL_OK;

    ll_json_init(&j, &f->counts);
    ll_villages_put(f->villages, &j);
    snprintf(numbers[0], sizeof numbers[0], "%" PRId64, run->made_at);
    snprintf(numbers[1], sizeof numbers[1], "%" PRIu64, f->households);
    snprintf(numbers[2], sizeof numbers[2], "%" PRIu64, f->reviewed);
    if (f->counts.failed)
        return ll_no_memory(err);
    const char *const pairs[][2] = {{"card", run->card},      {"sha256", run->sha256},
                                    {"rollup", run->rollup},  {"day", run->day},
                                    {"made_at", numbers[0]},  {"households", numbers[1]},
                                    {"reviewed", numbers[2]}, {"villages", f->counts.p}};
    for (size_t i = 0; i < LL_COUNT(pairs) && rc == LL_OK; i++)
        rc = ll_seg_build_meta(f->build, pairs[i][0], pairs[i][1], err);
    run->households = f->households;
    run->reviewed = f->reviewed;
    return rc;
}

static int count_sealed(struct ll_rating_file *f, uint64_t rows, struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    int rc = ll_txn_begin(ll_data_store(f->data), true, &tx, err);

    if (rc == LL_OK && (rc = ll_vault_used(tx, RATING_AS, (int64_t)rows, err)) == LL_OK)
        rc = ll_txn_commit(tx, err);
    ll_txn_end(tx);
    return rc;
}

int ll_rating_file_end(struct ll_rating_file *f, struct ll_rating *run, int rc, struct ll_err *err)
{
    uint64_t rows = 0;

    if (rc == LL_OK)
        rc = put_meta(f, run, err);
    if (rc == LL_OK && (rc = ll_seg_build_seal(f->build, &rows, err)) == LL_OK)
        rc = count_sealed(f, rows, err);
    else
        ll_seg_build_abort(f->build);
    ll_cell_close(f->cell);
    ll_buf_wipe(&f->plain);
    ll_buf_free(&f->sealed);
    ll_buf_free(&f->counts);
    free(f);
    return rc;
}

/* ---- runs ---- */

struct listing {
    const struct ll_rural_card *card;
    struct ll_arena *arena;
    struct ll_rating *list;
    size_t n;
};

static int read_run(struct ll_seg *seg, const char *id, struct ll_arena *arena, struct ll_rating *r,
                    struct ll_err *err)
{
    const char **texts[] = {&r->card, &r->sha256, &r->day, &r->villages};
    static const char *const names[] = {"card", "sha256", "day", "villages"};

    *r = (struct ll_rating){.made_at = strtoll(ll_seg_meta(seg, "made_at"), NULL, 10),
                            .households = strtoull(ll_seg_meta(seg, "households"), NULL, 10),
                            .reviewed = strtoull(ll_seg_meta(seg, "reviewed"), NULL, 10)};
    snprintf(r->id, sizeof r->id, "%s", id);
    snprintf(r->rollup, sizeof r->rollup, "%s", ll_seg_meta(seg, "rollup"));
    for (size_t i = 0; i < LL_COUNT(names); i++)
        if (!(*texts[i] = ll_arena_dup(arena, ll_str(ll_seg_meta(seg, names[i])))))
            return ll_no_memory(err);
    return LL_OK;
}

static int list_one(void *ctx, const char *id, struct ll_seg *seg, struct ll_err *err)
{
    struct listing *l = ctx;
    struct ll_rating *r = &l->list[l->n];
    int rc = read_run(seg, id, l->arena, r, err);

    l->n += rc == LL_OK &&
            (!l->card || (strcmp(r->card, l->card->name) == 0 && strcmp(r->sha256, l->card->sha256) == 0));
    return rc;
}

static int newest_first(const void *a, const void *b)
{
    const struct ll_rating *x = a, *y = b;

    if (x->made_at != y->made_at)
        return x->made_at > y->made_at ? -1 : 1;
    return -strcmp(x->id, y->id);
}

int ll_rating_list(struct ll_data *d, const struct ll_rural_card *card, struct ll_arena *arena,
                   struct ll_rating **ret, size_t *ret_n, struct ll_err *err)
{
    struct listing l = {card, arena, ll_arena_array(arena, LL_RUNS_MAX + 1, sizeof *l.list), 0};
    int rc = l.list ? ll_runs_each(d, "ratings", list_one, &l, err) : ll_no_memory(err);

    if (l.n)
        qsort(l.list, l.n, sizeof *l.list, newest_first);
    *ret = l.list;
    *ret_n = l.n;
    return rc;
}

/* ---- one household ---- */

static struct ll_str text_of(const json_t *v, struct ll_arena *arena)
{
    struct ll_str s = {json_string_value(v), json_string_length(v)};

    s.p = s.n ? ll_arena_dup(arena, s) : NULL;
    return s.p ? s : (struct ll_str){NULL, 0};
}

static int damaged(struct ll_err *err)
{
    return ll_fail(err, LL_IO, "评级文件中的一户损坏", "a household in the rating's file is damaged");
}

static int read_value(struct ll_str json, struct ll_arena *arena, struct ll_rated *ret, struct ll_err *err)
{
    const struct ll_rural_card *c = ret->card;
    json_t *v = json_loadb(json.p, json.n, 0, NULL);
    const json_t *bands = json_object_get(v, "bands"), *values = json_object_get(v, "values");
    struct ll_str mark = text_of(json_object_get(v, "mark"), arena);
    bool bad = !ll_review_mark_of(mark, &ret->mark) || json_array_size(bands) != c->n;

    ret->scored.score = (int)json_integer_value(json_object_get(v, "score"));
    ret->scored.cap = (int)json_integer_value(json_object_get(v, "cap"));
    ret->scored.row = (size_t)json_integer_value(json_object_get(v, "row"));
    ret->reasons = text_of(json_object_get(v, "reasons"), arena);
    ret->reviewed_on = text_of(json_object_get(v, "reviewed_on"), arena);
    ret->round = text_of(json_object_get(v, "round"), arena);
    bad = bad || ret->scored.row >= c->n_rows;
    for (size_t i = 0; i < c->n && !bad; i++) {
        ret->scored.band[i] = (size_t)json_integer_value(json_array_get(bands, i));
        ret->value[i] = text_of(json_array_get(values, i), arena);
        bad = ret->scored.band[i] >= c->indicators[i].n;
    }
    if (!bad)
        ret->scored.grade = c->rows[ret->scored.row].grade;
    json_decref(v);
    return bad ? damaged(err) : LL_OK;
}

static int find(struct ll_data *d, struct ll_seg *seg, struct ll_str household, struct ll_arena *arena,
                struct ll_rated *ret, struct ll_err *err)
{
    unsigned char index[LL_BLIND];
    struct ll_str key = {(const char *)index, sizeof index};
    struct ll_buf plain = LL_BUF_INIT(VALUE_MAX);
    struct ll_cell *cell = NULL;
    bool deleted;
    int rc = ll_rating_key(d, household, index, err);

    if (rc == LL_OK && (rc = ll_seg_find(seg, &key, 1, &deleted, err)) > 0) {
        rc = ll_cell_open(ll_data_vault(d), LL_STR(RATING_AS), LL_STR(RATING_ITEM), &cell, err);
        if (rc == LL_OK && (rc = ll_cell_unseal(cell, ll_seg_get(seg, SEALED).s, &plain, err)) == LL_OK)
            rc = read_value(ll_buf_view(&plain), arena, ret, err);
        rc = rc == LL_OK ? 1 : rc;
    }
    ll_cell_close(cell);
    ll_buf_wipe(&plain);
    return rc;
}

int ll_rating_of(struct ll_data *d, const struct ll_rural_card *card, struct ll_str household,
                 struct ll_arena *arena, struct ll_rated *ret, struct ll_err *err)
{
    struct ll_rating *runs = NULL;
    struct ll_seg *seg = NULL;
    char path[LL_PATH];
    size_t n = 0;
    int rc = ll_rating_list(d, card, arena, &runs, &n, err);

    if (rc < 0 || !n)
        return rc;
    *ret = (struct ll_rated){.card = card, .at = runs[0].made_at, .day = runs[0].day};
    if ((rc = ll_data_path(d, path, err, "ratings/%s.db", runs[0].id)) == LL_OK &&
        (rc = ll_seg_open(path, &seg, err)) == LL_OK)
        rc = find(d, seg, household, arena, ret, err);
    ll_seg_close(seg);
    return rc;
}
