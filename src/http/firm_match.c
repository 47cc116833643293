/* firm_match.c - see firm_match.h. */
#include "http/firm_match.h"

#include "base/clock.h"
#include "http/consenting.h"
#include "http/look.h"
#include "http/sharing.h"
#include "standard/ident.h"

void ll_firm_match_page(const struct ll_firm_match *m, int64_t total)
{
    ll_sharing_page(m->rq, total, m->offset, m->limit);
}

void ll_firm_match_end(const struct ll_firm_match *m)
{
    struct ll_json *j = &m->rq->json;
    char at[LL_TIME_TEXT];

    ll_json_end_arr(j);
    ll_json_kz(j, "as_of", ll_time_text(m->told.as_of.ms, at));
    ll_json_kz(j, "day", m->told.as_of.day);
    ll_json_kz(j, "from", ll_feature_from_word(&m->told));
    ll_json_end_obj(j);
}

/* By the values of today; the look is in the journal.  uscc: valid. */
static int match(struct ll_app *app, struct ll_firm_match *m, struct ll_str uscc, ll_features_fn *put,
                 struct ll_err *err)
{
    int rc = ll_products_live_get(app->products, &m->held, err);

    if (rc < 0)
        return rc;
    rc = ll_feature_now(app->features, m->held->all->set, uscc, m->rq->arena, put, m, &m->told, err);
    if (rc == LL_OK && !m->told.found)
        rc = ll_fail(err, LL_NOTFOUND, "基础数据中没有这家企业", "no base resource knows this firm");
    if (rc == LL_OK)
        rc = ll_look_note(app, m->rq, ll_scheme_name(LL_ID_USCC), uscc, err);
    ll_products_let_go(m->held);
    return rc;
}

int ll_firm_match_of(struct ll_app *app, struct ll_firm_match *m, struct ll_str uscc, ll_features_fn *put,
                     struct ll_err *err)
{
    char canon[LL_ID_MAX];
    size_t n = 0;

    if (ll_id_check(LL_ID_USCC, uscc, canon, &n) != LL_IDF_OK)
        return ll_fail(err, LL_USAGE, "统一社会信用代码不正确", "this is no valid credit code");
    return match(app, m, (struct ll_str){canon, n}, put, err);
}

int ll_firm_match_own(struct ll_app *app, struct ll_firm_match *m, const char *const none[2],
                      ll_features_fn *put, struct ll_err *err)
{
    struct ll_consent_self me;
    struct ll_consenting c;
    struct ll_str uscc = LL_STR("");
    int rc = ll_consenting_self(app, m->rq, false, &c, &me, err);

    if (rc < 0)
        return rc;
    if (me.scheme != LL_ID_USCC)
        rc = ll_fail_texts(err, LL_NOTFOUND, none[LL_ZH], none[LL_EN]);
    else if (!(uscc.p = ll_arena_dup(m->rq->arena, me.value)))
        rc = ll_no_memory(err);
    uscc.n = me.value.n;
    ll_consenting_close(&c);
    return rc < 0 ? rc : match(app, m, uscc, put, err);
}
