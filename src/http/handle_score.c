/* handle_score.c - public credit evaluation: scorecards with their evaluations, a subject's score item by item, what if, one's own. */
#include "apps/credit/score_run.h"
#include "http/consenting.h"
#include "http/look.h"
#include "http/sharing.h"
#include "routes.gen.h"
#include "standard/ident.h"

#include <math.h>
#include <string.h>

enum { RUNS_SHOWN = 20, CHANGE_MAX = 64 };

/* What a request about one subject works with. */
struct view {
    const struct ll_scorecard *card;
    struct ll_score_run run;
    struct ll_str values[LL_SCORE_INDICATORS_MAX];
};

static int put_runs(struct ll_app *app, struct ll_request *rq, const struct ll_scorecard *card,
                    struct ll_err *err)
{
    struct ll_score_run *runs = NULL;
    size_t n = 0, shown = 0;
    int rc = ll_score_runs(app->data, card->name, rq->arena, &runs, &n, err);

    ll_json_key(&rq->json, "runs");
    ll_json_arr(&rq->json);
    for (size_t i = 0; i < n && shown < RUNS_SHOWN && rc == LL_OK; i++)
        if (runs[i].version == card->version) {
            struct ll_score_shift shift = {.scores = NAN};
            ll_json_obj(&rq->json);
            ll_score_run_put(&rq->json, &runs[i]);
            /* against the one before it */
            for (size_t k = i + 1; k < n && rc == LL_OK && isnan(shift.scores); k++)
                if (runs[k].version == card->version)
                    rc = ll_score_compare(card, &runs[k], &runs[i], &shift, err);
            ll_json_key(&rq->json, "shift");
            ll_json_num(&rq->json, shift.scores);
            ll_json_end_obj(&rq->json);
            shown++;
        }
    ll_json_end_arr(&rq->json);
    return rc;
}

int ll_h_scorecards_list(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_scorecard *list = NULL;
    struct ll_sharing s;
    size_t n = 0;
    int rc = ll_sharing_open(app, false, &s, err);

    if (rc < 0)
        return rc;
    rc = ll_score_cards(s.tx, s.cat, rq->arena, &list, &n, err);
    ll_json_obj(&rq->json);
    ll_json_key(&rq->json, "items");
    ll_json_arr(&rq->json);
    for (size_t i = 0; i < n && rc == LL_OK; i++) {
        ll_json_obj(&rq->json);
        ll_scorecard_put(&rq->json, &list[i]);
        rc = put_runs(app, rq, &list[i], err);
        ll_json_end_obj(&rq->json);
    }
    ll_json_end_arr(&rq->json);
    ll_json_end_obj(&rq->json);
    ll_sharing_close(&s);
    return rc;
}

/* The newest evaluation by the newest version of a scorecard that was evaluated. */
static int newest(struct ll_app *app, const struct ll_scorecard *cards, size_t n, const char *name,
                  struct ll_arena *arena, struct view *v, struct ll_err *err)
{
    struct ll_score_run *runs = NULL;
    size_t n_runs = 0;
    int rc = ll_score_runs(app->data, name, arena, &runs, &n_runs, err);

    for (size_t r = 0; r < n_runs && rc == LL_OK; r++)
        for (size_t c = 0; c < n; c++)
            if (strcmp(cards[c].name, runs[r].card) == 0 && cards[c].version == runs[r].version) {
                v->card = &cards[c];
                v->run = runs[r];
                return LL_OK;
            }
    return rc < 0
               ? rc
               : ll_fail(
                     err, LL_NOTFOUND, "还没有按这张评分卡做过评价：请数据中心先运行 luling score run",
                     "nobody has been evaluated by this scorecard yet: the data centre runs luling score run");
}

static int find(struct ll_app *app, struct ll_sharing *s, const char *card, struct ll_str subject,
                struct ll_arena *arena, struct view *v, struct ll_err *err)
{
    struct ll_scorecard *list = NULL;
    const struct ll_str *values = NULL;
    size_t n = 0;
    int rc = ll_score_cards(s->tx, s->cat, arena, &list, &n, err);

    if (rc < 0 || (rc = newest(app, list, n, card, arena, v, err)) < 0 ||
        (rc = ll_score_values(app->data, &v->run, v->card, subject, arena, &values, err)) < 0)
        return rc;
    memcpy(v->values, values, v->card->n * sizeof *values);
    return LL_OK;
}

static int put(struct ll_request *rq, const struct view *v, struct ll_err *err)
{
    struct ll_scored s;
    int rc = ll_score_apply(v->card, v->values, &s, err);

    if (rc < 0)
        return rc;
    ll_json_obj(&rq->json);
    ll_json_kz(&rq->json, "run", v->run.id);
    ll_json_kz(&rq->json, "as_of", v->run.as_of);
    ll_scored_put(&rq->json, v->card, v->values, &s);
    ll_json_end_obj(&rq->json);
    return LL_OK;
}

/* The identifier as the evaluation has it, noted as looked at. */
static int subject_of(struct ll_app *app, struct ll_request *rq, struct ll_str raw, char canon[LL_ID_MAX],
                      struct ll_str *ret, struct ll_err *err)
{
    enum ll_scheme scheme;
    size_t n = 0;

    if (!ll_id_detect(raw, &scheme, canon, &n))
        return ll_fail(err, LL_USAGE, "这不是有效的主体标识", "this is no valid identifier of a subject");
    *ret = (struct ll_str){canon, n};
    return ll_look_note(app, rq, ll_scheme_name(scheme), *ret, err);
}

int ll_h_score_show(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    char canon[LL_ID_MAX];
    struct ll_str subject;
    struct ll_sharing s;
    struct view v;
    int rc = subject_of(app, rq, ll_arg(rq, LL_P_SCORE_SHOW_ID)->s, canon, &subject, err);

    if (rc < 0 || (rc = ll_sharing_open(app, false, &s, err)) < 0)
        return rc;
    if ((rc = find(app, &s, ll_arg(rq, LL_P_SCORE_SHOW_SCORECARD)->s.p, subject, rq->arena, &v, err)) ==
        LL_OK)
        rc = put(rq, &v, err);
    ll_sharing_close(&s);
    return rc;
}

/* {"indicator": "text" or null, ...} */
static int change(struct ll_request *rq, const json_t *changes, struct view *v, struct ll_err *err)
{
    const char *name;
    json_t *value;
    int rc = LL_OK;

    json_object_foreach((json_t *)changes, name, value)
    {
        const char *text = json_is_string(value) ? json_string_value(value) : "";
        if (!(json_is_string(value) || json_is_null(value)) || strlen(text) > CHANGE_MAX)
            return ll_fail(err, LL_USAGE, "changes.%.48s 应为文本或 null",
                           "changes.%.48s takes a text or null", name);
        const char *kept = ll_arena_dup(rq->arena, ll_str(text));
        if (!kept)
            return ll_no_memory(err);
        if ((rc = ll_score_change(v->card, v->values, ll_str(name), ll_str(kept), err)) < 0)
            return rc;
    }
    return rc;
}

int ll_h_score_what_if(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    char canon[LL_ID_MAX];
    struct ll_str subject;
    struct ll_sharing s;
    struct ll_body b;
    struct view v;
    int rc, looked;

    ll_body_open(&b, rq, err);
    const char *card = ll_body_text(&b, "scorecard", 1, 48, true);
    json_t *changes = json_deep_copy(ll_body_any(&b, "changes", true));
    rc = ll_body_end(&b);
    if (rc == LL_OK && !json_is_object(changes))
        rc = ll_fail(err, LL_USAGE, "changes 应为对象：指标与它的新值",
                     "changes must be an object: indicators and their new values");
    looked = rc == LL_OK ? subject_of(app, rq, ll_arg(rq, LL_P_SCORE_WHAT_IF_ID)->s, canon, &subject, err)
                         : rc;
    if (looked == LL_OK && (rc = ll_sharing_open(app, false, &s, err)) == LL_OK) {
        if ((rc = find(app, &s, card, subject, rq->arena, &v, err)) == LL_OK &&
            (rc = change(rq, changes, &v, err)) == LL_OK)
            rc = put(rq, &v, err);
        ll_sharing_close(&s);
    }
    json_decref(changes);
    return looked < 0 ? looked : rc;
}

/* One's own, by every scorecard that one was evaluated by. */
int ll_h_me_scores(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_scorecard *list = NULL;
    struct ll_consent_self me;
    struct ll_consenting c;
    size_t n = 0;
    int rc = ll_consenting_self(app, rq, false, &c, &me, err);

    if (rc < 0)
        return rc;
    rc = ll_score_cards(c.s.tx, c.s.cat, rq->arena, &list, &n, err);
    ll_json_obj(&rq->json);
    ll_json_key(&rq->json, "items");
    ll_json_arr(&rq->json);
    for (size_t i = 0; i < n && rc == LL_OK; i++) {
        struct view v;
        if (i > 0 && strcmp(list[i].name, list[i - 1].name) == 0)
            continue; /* versions stand together */
        rc = find(app, &c.s, list[i].name, me.value, rq->arena, &v, err);
        if (rc == LL_OK)
            rc = put(rq, &v, err);
        else if (rc == LL_NOTFOUND || rc == LL_CONFLICT)
            rc = LL_OK; /* not evaluated, or by rules that were changed since */
    }
    ll_json_end_arr(&rq->json);
    ll_json_end_obj(&rq->json);
    ll_consenting_close(&c);
    return rc;
}
