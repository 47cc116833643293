/* handle_rural_review.c - reviews of villages: rounds are opened and closed by rural credit officers, households marked by the committee's members. */
#include "apps/rural/review.h"
#include "http/look.h"
#include "http/rural_view.h"
#include "routes.gen.h"

#include "base/clock.h"
#include "catalog/region.h"
#include "intake/delivery.h"
#include "standard/convert.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    VILLAGE = 12,
    LISTED_MAX = 20000,
    DELIVERY_MAX = 64 << 20,
    NO_MAX = 40,
    REASON_MAX = 8,
    DAY_TEXT = 16
};

static int put_round(struct ll_rural_view *k, struct ll_request *rq, const char *id, struct ll_err *err)
{
    struct ll_round r;
    int rc = ll_round_get(k->s.tx, id, rq->arena, &r, err);

    if (rc < 0)
        return rc;
    ll_json_obj(&rq->json);
    ll_round_put(&rq->json, &r);
    ll_json_end_obj(&rq->json);
    return LL_OK;
}

int ll_h_rural_rounds(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    bool leads = (rq->actor.roles & (LL_DUTY_OPERATOR | LL_DUTY_RURAL_OFFICER)) != 0;
    struct ll_round *list = NULL;
    struct ll_rural_view k;
    size_t n = 0;
    int rc = ll_rural_view_open(app, rq, false, &k, err);

    if (rc < 0)
        return rc;
    rc = ll_round_list(k.s.tx, leads ? NULL : rq->actor.account, rq->arena, &list, &n, err);
    ll_json_obj(&rq->json);
    ll_json_key(&rq->json, "items");
    ll_json_arr(&rq->json);
    for (size_t i = 0; i < n && rc == LL_OK; i++) {
        bool member = false;
        rc = ll_round_is_member(k.s.tx, list[i].id, rq->actor.account, &member, err);
        if (rc < 0 || (!member && !ll_rural_reaches(&k.reach, ll_str(list[i].village))))
            continue;
        ll_json_obj(&rq->json);
        ll_round_put(&rq->json, &list[i]);
        ll_json_kb(&rq->json, "member", member);
        ll_json_end_obj(&rq->json);
    }
    ll_json_end_arr(&rq->json);
    ll_json_end_obj(&rq->json);
    ll_rural_view_close(&k);
    return rc;
}

/* ---- opening ---- */

/* As the newest roll-up calls it; "" where that knows no such village. */
static const char *village_name(const struct ll_rural_view *k, struct ll_request *rq, const char *code)
{
    json_t *villages = k->run.id[0] ? json_loads(k->run.villages, 0, NULL) : NULL;
    const char *name = "";

    for (size_t i = 0; i < json_array_size(villages); i++) {
        const json_t *v = json_array_get(villages, i);
        const char *one = json_string_value(json_array_get(v, 0));
        if (one && strcmp(one, code) == 0)
            name = ll_arena_dup(rq->arena, ll_str(json_string_value(json_array_get(v, 1))));
    }
    json_decref(villages);
    return name;
}

int ll_h_rural_round_add(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_round_draft d = {.village = NULL};
    char id[LL_RURAL_ID];
    struct ll_rural_view k;
    struct ll_body b;
    int rc;

    ll_body_open(&b, rq, err);
    d.village = ll_body_text(&b, "village", VILLAGE, VILLAGE, true);
    d.title = ll_body_text(&b, "title", 2, LL_ROUND_TITLE_MAX, true);
    d.n = ll_body_texts(&b, "members", LL_ROUND_MEMBERS_MAX, 64, &d.members);
    if ((rc = ll_body_end(&b)) < 0 || (rc = ll_rural_view_open(app, rq, true, &k, err)) < 0)
        return rc;
    d.village_name = village_name(&k, rq, d.village);
    if (!d.village_name)
        rc = ll_no_memory(err);
    else if (!d.village_name[0])
        rc = ll_fail(err, LL_INVALID, "最近一次汇总中没有村 %s", "the newest roll-up has no village %s",
                     d.village);
    if (rc == LL_OK && (rc = ll_rural_must_reach(&k.reach, ll_str(d.village), err)) == LL_OK &&
        (rc = ll_round_add(k.s.tx, &rq->actor, &d, id, err)) == LL_OK &&
        (rc = put_round(&k, rq, id, err)) == LL_OK)
        rc = ll_sharing_commit(app, &k.s, err);
    ll_rural_view_close(&k);
    rq->status = 201;
    return rc;
}

/* ---- the households of a round ---- */

struct listed {
    const char *no, *head, *key;
    int64_t members;
};
struct listing {
    struct ll_app *app;
    struct ll_arena *arena;
    struct listed *list;
    size_t n;
};

static int list_one(void *ctx, const struct ll_household *h, struct ll_err *err)
{
    struct listing *l = ctx;
    char key[LL_RURAL_KEY];
    int rc = ll_rural_key(l->app->data, h->no, key, err);

    if (rc == LL_OK && l->n == LISTED_MAX)
        rc = ll_fail(err, LL_TOOBIG, "一村超过 %d 户", "a village has more than %d households", LISTED_MAX);
    if (rc < 0)
        return rc;
    struct listed *x = &l->list[l->n++];
    *x = (struct listed){ll_arena_dup(l->arena, h->no), ll_arena_dup(l->arena, h->head_name),
                         ll_arena_dup(l->arena, ll_str(key)), (int64_t)h->n_members};
    return x->no && x->head && x->key ? LL_OK : ll_no_memory(err);
}

static int by_number(const void *a, const void *b)
{
    return strcmp(((const struct listed *)a)->no, ((const struct listed *)b)->no);
}

static int each_household(struct ll_app *app, const struct ll_rural_view *k, const char *village,
                          ll_rollup_fn *fn, void *ctx, struct ll_err *err)
{
    struct ll_rollup_reader *reader = NULL;
    int rc = k->run.id[0] ? ll_rollup_open(app->data, &k->run, k->r.list, &reader, err)
                          : ll_rural_no_run(err);

    if (rc == LL_OK)
        rc = ll_rollup_each(reader, ll_str(village), fn, ctx, err);
    ll_rollup_close(reader);
    return rc;
}

static void put_reasons(struct ll_json *j, const char *reasons)
{
    struct ll_str rest = ll_str(reasons), one;

    ll_json_key(j, "reasons");
    ll_json_arr(j);
    while (rest.n) {
        ll_str_cut(rest, '|', &one, &rest);
        ll_json_str(j, one);
    }
    ll_json_end_arr(j);
}

/* A member's own mark, how many members judged, and, once the round is closed, what it came to. */
static void put_listed(const struct ll_rural_view *k, struct ll_request *rq, const struct ll_round *round,
                       const struct listed *x, const struct ll_round_vote *all, size_t n_all)
{
    char reasons[LL_ROUND_REASONS_TEXT];
    struct ll_json *j = &rq->json;
    size_t n = 0;
    const struct ll_round_vote *votes = ll_round_votes_of(all, n_all, x->key, &n), *mine = NULL;

    for (size_t i = 0; i < n; i++)
        if (rq->actor.account && strcmp(votes[i].account, rq->actor.account) == 0)
            mine = &votes[i];
    ll_json_obj(j);
    ll_json_kz(j, "household_no", x->no);
    ll_json_kz(j, "head_name", x->head);
    ll_json_ki(j, "members", x->members);
    ll_json_ki(j, "voted", (int64_t)n);
    ll_json_kz(j, "mine", mine ? mine->mark : NULL);
    put_reasons(j, mine ? mine->reasons : "");
    ll_json_kz(j, "outcome",
               round->closed_at && k->card
                   ? ll_review_mark_word(ll_round_decide(k->card, (size_t)round->members, votes, n, reasons))
                   : NULL);
    ll_json_end_obj(j);
}

static void put_reason_codes(const struct ll_rural_view *k, struct ll_json *j)
{
    const struct ll_codeset *table = ll_catalog_codeset(k->s.cat, LL_STR("RURAL_REVIEW_REASON"));

    ll_json_key(j, "reason_codes");
    ll_json_arr(j);
    for (size_t i = 0; table && i < ll_codeset_size(table); i++) {
        const struct ll_code *c = ll_codeset_at(table, i);
        ll_json_obj(j);
        ll_json_ks(j, "code", c->code);
        ll_json_ks(j, "title", c->title);
        ll_json_ks(j, "title_en", c->title_en.n ? c->title_en : c->title);
        ll_json_end_obj(j);
    }
    ll_json_end_arr(j);
}

/* Who is a member sees the village, and so does whoever may see its households anyway. */
static int may_see(struct ll_rural_view *k, const struct ll_request *rq, const struct ll_round *r,
                   struct ll_err *err)
{
    bool member = false;
    int rc = ll_round_is_member(k->s.tx, r->id, rq->actor.account, &member, err);

    return rc < 0 || member ? rc : ll_rural_must_reach(&k->reach, ll_str(r->village), err);
}

static int show(struct ll_app *app, struct ll_request *rq, struct ll_rural_view *k, struct ll_err *err)
{
    int64_t offset = ll_arg(rq, LL_P_RURAL_ROUND_OFFSET)->i, limit = ll_arg(rq, LL_P_RURAL_ROUND_LIMIT)->i;
    struct listing l = {app, rq->arena, ll_arena_array(rq->arena, LISTED_MAX, sizeof *l.list), 0};
    struct ll_round_vote *votes = NULL;
    struct ll_round r;
    size_t n = 0;
    int rc = l.list ? ll_round_get(k->s.tx, ll_arg(rq, LL_P_RURAL_ROUND_ID)->s.p, rq->arena, &r, err)
                    : ll_no_memory(err);

    if (rc < 0 || (rc = may_see(k, rq, &r, err)) < 0 ||
        (rc = ll_round_votes(k->s.tx, r.id, rq->arena, &votes, &n, err)) < 0 ||
        (rc = each_household(app, k, r.village, list_one, &l, err)) < 0)
        return rc;
    qsort(l.list, l.n, sizeof *l.list, by_number);
    ll_json_obj(&rq->json);
    ll_json_key(&rq->json, "round");
    ll_json_obj(&rq->json);
    ll_round_put(&rq->json, &r);
    ll_json_end_obj(&rq->json);
    put_reason_codes(k, &rq->json);
    ll_json_ki(&rq->json, "total", (int64_t)l.n);
    ll_json_ki(&rq->json, "offset", offset);
    ll_json_ki(&rq->json, "limit", limit);
    ll_json_key(&rq->json, "items");
    ll_json_arr(&rq->json);
    for (int64_t i = offset; i < (int64_t)l.n && i < offset + limit && rc == LL_OK; i++) {
        rc = ll_look_note(app, rq, "household_no", ll_str(l.list[i].no), err);
        put_listed(k, rq, &r, &l.list[i], votes, n);
    }
    ll_json_end_arr(&rq->json);
    ll_json_end_obj(&rq->json);
    return rc;
}

int ll_h_rural_round(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_rural_view k;
    int rc = ll_rural_view_open(app, rq, false, &k, err);

    if (rc < 0)
        return rc;
    rc = show(app, rq, &k, err);
    ll_rural_view_close(&k);
    return rc;
}

/* ---- marking ---- */

/* That the household is one of the round's village, by the newest roll-up. */
static int in_village(struct ll_app *app, const struct ll_rural_view *k, struct ll_request *rq,
                      const char *round, struct ll_str no, struct ll_err *err)
{
    struct ll_rollup_reader *reader = NULL;
    struct ll_household *h = NULL;
    struct ll_round r;
    int rc = ll_round_get(k->s.tx, round, rq->arena, &r, err);

    if (rc < 0)
        return rc;
    rc = k->run.id[0] ? ll_rollup_open(app->data, &k->run, k->r.list, &reader, err) : ll_rural_no_run(err);
    if (rc == LL_OK)
        rc = ll_rollup_household(reader, no, rq->arena, &h, err);
    if (rc >= 0 && (!h || !ll_str_is(h->village_code, r.village)))
        rc = ll_fail(err, LL_NOTFOUND, "本轮评议的村中没有户 %.*s",
                     "the round's village has no household %.*s", LL_STR_ARG(no));
    ll_rollup_close(reader);
    return rc < 0 ? rc : LL_OK;
}

int ll_h_rural_round_mark(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const char *id = ll_arg(rq, LL_P_RURAL_ROUND_MARK_ID)->s.p;
    const char *const *reasons = NULL;
    enum ll_review_mark mark;
    char key[LL_RURAL_KEY];
    struct ll_rural_view k;
    struct ll_body b;
    int rc;

    ll_body_open(&b, rq, err);
    struct ll_str no = ll_str(ll_body_text(&b, "household", 1, NO_MAX, true)),
                  word = ll_str(ll_body_text(&b, "mark", 1, 8, true));
    size_t n = ll_body_texts(&b, "reasons", LL_ROUND_REASONS_MAX, REASON_MAX, &reasons);
    if ((rc = ll_body_end(&b)) < 0)
        return rc;
    if (!ll_review_mark_of(word, &mark) || mark == LL_MARK_NONE)
        return ll_fail(err, LL_USAGE, "mark 应为 white、grey 或 black", "mark takes white, grey or black");
    if ((rc = ll_rural_view_open(app, rq, true, &k, err)) < 0)
        return rc;
    if ((rc = in_village(app, &k, rq, id, no, err)) == LL_OK &&
        (rc = ll_rural_key(app->data, no, key, err)) == LL_OK &&
        (rc = ll_round_mark(k.s.tx, k.s.cat, &rq->actor, id, key, mark, reasons, n, err)) == LL_OK)
        rc = ll_sharing_commit(app, &k.s, err);
    ll_rural_view_close(&k);
    rq->status = 204;
    return rc;
}

/* ---- closing ---- */

struct closing {
    struct ll_app *app;
    const struct ll_rural_view *k;
    const struct ll_resource *resource;
    struct ll_round round;
    struct ll_round_vote *votes;
    size_t n;
    struct ll_round_outcome outcome;
    char day[DAY_TEXT];
};

static int decide_one(void *ctx, const struct ll_household *h, struct ll_err *err)
{
    struct closing *c = ctx;
    char key[LL_RURAL_KEY];
    size_t n = 0;
    int rc = ll_rural_key(c->app->data, h->no, key, err);

    if (rc < 0)
        return rc;
    const struct ll_round_vote *votes = ll_round_votes_of(c->votes, c->n, key, &n);
    return ll_round_outcome_add(&c->outcome, &c->round, c->k->card, c->resource, h, votes, n, c->day, err);
}

static int deliver(const struct closing *c, const struct ll_buf *bytes, char delivery[LL_ID_TEXT],
                   struct ll_err *err)
{
    struct ll_receive *r = NULL;
    bool again = false;
    char name[64];
    int rc;

    snprintf(name, sizeof name, "review-%.20s.json", c->round.id);
    if ((rc = ll_receive_open(c->app->data, c->resource->name, "increment", name, &r, err)) < 0)
        return rc;
    if ((rc = ll_receive_add(r, bytes->p, bytes->n, err)) < 0) {
        ll_receive_abort(r);
        return rc;
    }
    return ll_receive_done(r, delivery, &again, err);
}

static int decide_all(struct closing *c, char delivery[LL_ID_TEXT], struct ll_err *err)
{
    struct ll_buf bytes = LL_BUF_INIT(DELIVERY_MAX);
    struct ll_json j;
    int rc;

    ll_json_init(&j, &bytes);
    c->outcome.j = &j;
    ll_json_arr(&j);
    rc = each_household(c->app, c->k, c->round.village, decide_one, c, err);
    ll_json_end_arr(&j);
    if (rc == LL_OK && bytes.failed)
        rc = ll_no_memory(err);
    if (rc == LL_OK && c->outcome.counts[LL_MARK_WHITE] + c->outcome.counts[LL_MARK_GREY] +
                               c->outcome.counts[LL_MARK_BLACK] >
                           0)
        rc = deliver(c, &bytes, delivery, err);
    c->outcome.j = NULL;
    ll_buf_free(&bytes);
    return rc;
}

static int read_round(struct ll_request *rq, struct ll_rural_view *k, struct closing *c, struct ll_err *err)
{
    int rc = ll_round_get(k->s.tx, ll_arg(rq, LL_P_RURAL_ROUND_CLOSE_ID)->s.p, rq->arena, &c->round, err);

    if (rc < 0 || (rc = ll_rural_must_reach(&k->reach, ll_str(c->round.village), err)) < 0 ||
        (rc = ll_round_votes(k->s.tx, c->round.id, rq->arena, &c->votes, &c->n, err)) < 0)
        return rc;
    if (!k->card)
        return ll_rural_no_card(err);
    if (c->round.closed_at)
        return ll_fail(err, LL_CONFLICT, "评议轮次 %s 已经结束", "round %s is closed", c->round.id);
    c->resource = ll_catalog_resource(k->s.cat, LL_STR(LL_REVIEW_RESOURCE));
    return c->resource ? LL_OK
                       : ll_fail(err, LL_NOTFOUND, "目录中没有数据资源 %s", "resource %s is not catalogued",
                                 LL_REVIEW_RESOURCE);
}

/* The delivery comes first: should the program die before the round is closed, closing it again makes the same delivery. */
int ll_h_rural_round_close(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    char delivery[LL_ID_TEXT] = "";
    struct ll_rural_view k;
    struct closing c = {.app = app, .k = &k};
    int rc = ll_rural_view_open(app, rq, false, &k, err);

    if (rc < 0)
        return rc;
    c.day[ll_date_text(ll_today(), c.day)] = 0;
    rc = read_round(rq, &k, &c, err);
    ll_txn_end(k.s.tx); /* receiving has a transaction of its own */
    k.s.tx = NULL;
    if (rc == LL_OK && (rc = decide_all(&c, delivery, err)) == LL_OK &&
        (rc = ll_txn_begin(ll_data_store(app->data), true, &k.s.tx, err)) == LL_OK &&
        (rc = ll_round_close(k.s.tx, &rq->actor, c.round.id, delivery[0] ? delivery : NULL, &c.outcome,
                             err)) == LL_OK &&
        (rc = put_round(&k, rq, c.round.id, err)) == LL_OK)
        rc = ll_sharing_commit(app, &k.s, err);
    if (rc == LL_OK && delivery[0])
        rc = ll_runner_submit(app->runner, delivery, c.resource->name, false, err);
    ll_rural_view_close(&k);
    return rc;
}
