/* score_each.c - the subjects of a scorecard and their values, from the view of its service. */
#include "apps/credit/score_impl.h"

#include "share/viewing.h"
#include "standard/ident.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

enum { NUMBER_TEXT = 32 };

struct walk {
    const struct ll_scorecard *card;
    size_t subject, at[LL_SCORE_INDICATORS_MAX]; /* positions in a row */
    bool persons;
    uint64_t left_out;
    ll_score_fn *fn;
    void *ctx;
};

static struct ll_str text_of(const struct ll_lake_value *v, char number[NUMBER_TEXT])
{
    switch (v->kind) {
    case LL_LV_INT:
        return (struct ll_str){number, (size_t)snprintf(number, NUMBER_TEXT, "%" PRId64, v->i)};
    case LL_LV_NUM:
        return (struct ll_str){number, (size_t)snprintf(number, NUMBER_TEXT, "%.15g", v->num)};
    case LL_LV_TEXT:
        return v->s;
    default:
        return (struct ll_str){NULL, 0};
    }
}

static bool is_person(struct ll_str id)
{
    char canon[LL_ID_MAX];
    size_t n = 0;

    return ll_id_check(LL_ID_RESIDENT_ID, id, canon, &n) == LL_IDF_OK;
}

static int take(void *ctx, const struct ll_lake_value *row, size_t n, struct ll_err *err)
{
    struct walk *w = ctx;
    char numbers[LL_SCORE_INDICATORS_MAX][NUMBER_TEXT];
    struct ll_str values[LL_SCORE_INDICATORS_MAX];
    const struct ll_lake_value *id = &row[w->subject];

    (void)n;
    if (id->kind != LL_LV_TEXT || id->s.n == 0 || is_person(id->s) != w->persons) {
        w->left_out++;
        return LL_OK;
    }
    for (size_t i = 0; i < w->card->n; i++)
        values[i] = text_of(&row[w->at[i]], numbers[i]);
    return w->fn(w->ctx, id->s, values, err);
}

/* Position of an output among the columns of a row; the card was checked to name outputs. */
static size_t column_of(const struct ll_service *s, const char *name)
{
    size_t at = 0;

    for (size_t i = 0; i < s->n_items; i++)
        if (s->items[i].use == LL_SERVICE_OUTPUT) {
            if (strcmp(s->items[i].name, name) == 0)
                return at;
            at++;
        }
    return 0;
}

static int run_view(struct ll_data *d, const struct ll_catalog *cat, struct walk *w,
                    const struct ll_service *s, const char *as_of, struct ll_arena *arena, struct ll_err *err)
{
    const struct ll_view *view = NULL;
    struct ll_view_names names = ll_view_names_of(cat);
    struct ll_lake_param *params = NULL;
    struct ll_buf after = LL_BUF_INIT(256);
    size_t n = 0;
    json_t *given = json_pack("{s:s}", w->card->as_of, as_of);
    int rc = given ? ll_view_of(cat, s, &view, err) : ll_no_memory(err);

    if (rc == LL_OK)
        rc = ll_view_params(s, &names, given, 0, arena, &params, &n, err);
    ll_buf_z(&after, ") ORDER BY ");
    ll_buf_sql_name(&after, ll_str(w->card->subject));
    if (rc == LL_OK && after.failed)
        rc = ll_no_memory(err);
    if (rc == LL_OK) {
        struct ll_view_run v = {.asked = {.service = s, .sql = view->sql, .names = names, .data = d},
                                .before = "SELECT * FROM (",
                                .after = after.p,
                                .params = params,
                                .n_params = n};
        rc = ll_view_run(&v, take, w, err);
    }
    ll_buf_free(&after);
    json_decref(given);
    return rc;
}

int ll_score_each(struct ll_data *d, const struct ll_catalog *cat, const struct ll_scorecard *card,
                  const char *as_of, ll_score_fn *fn, void *ctx, uint64_t *left_out, struct ll_err *err)
{
    const struct ll_service *s = ll_catalog_service(cat, ll_str(card->service));
    struct walk w = {
        .card = card, .persons = strcmp(card->subject_kind, "person") == 0, .fn = fn, .ctx = ctx};
    struct ll_arena *arena = s ? ll_arena_new(0) : NULL;

    if (!arena)
        return s ? ll_no_memory(err)
                 : ll_fail(err, LL_NOTFOUND, "没有服务 %s", "there is no service %s", card->service);
    w.subject = column_of(s, card->subject);
    for (size_t i = 0; i < card->n; i++)
        w.at[i] = column_of(s, card->indicators[i].name);
    int rc = run_view(d, cat, &w, s, as_of, arena, err);
    *left_out = w.left_out;
    ll_arena_free(arena);
    return rc;
}
