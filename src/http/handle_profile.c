/* handle_profile.c - a subject's timeline and its relations.  Who may see them, what is masked and what of it is journalled is as for its profile
 * (handle_share.c). */
#include "apps/credit/timeline.h"
#include "base/clock.h"
#include "http/look.h"
#include "http/sharing.h"
#include "http/write.h"
#include "routes.gen.h"
#include "share/marks.h"
#include "share/relations.h"
#include "share/workdays.h"

/* What packs declare, and the catalogue, for the length of one request. */
struct profiling {
    struct ll_sharing s;
    struct ll_profile_rules rules;
    const struct ll_resource *const *resources;
    size_t n_resources;
};

static int begin(struct ll_app *app, struct ll_request *rq, struct profiling *p, struct ll_err *err)
{
    int rc = ll_sharing_open(app, false, &p->s, err);

    if (rc < 0)
        return rc;
    p->resources = ll_catalog_resources(p->s.cat, &p->n_resources);
    if ((rc = ll_profile_rules_read(p->s.tx, p->s.cat, rq->arena, &p->rules, err)) < 0)
        ll_sharing_close(&p->s);
    return rc;
}

/* Who it is, as the profile says it, without the records. */
static void put_who(struct ll_request *rq, const struct ll_subject *s)
{
    ll_json_key(&rq->json, "names");
    ll_json_arr(&rq->json);
    for (size_t i = 0; i < s->n_names; i++)
        ll_json_str(&rq->json, s->names[i]);
    ll_json_end_arr(&rq->json);
    ll_json_key(&rq->json, "identifiers");
    ll_json_arr(&rq->json);
    for (size_t i = 0; i < s->n_ids; i++)
        ll_subject_put_id(&s->ids[i], true, &rq->json);
    ll_json_end_arr(&rq->json);
    ll_json_key(&rq->json, "candidates");
    ll_subject_put_hits(s->hits, s->n_hits, true, &rq->json);
}

/* --- timeline -------------------------------------------------------------------------------------------------------------- */

/* The rules of lists; none where the pack is not loaded. */
static int list_rules(struct profiling *p, struct ll_request *rq, struct ll_credit_rules *rules,
                      const struct ll_credit_rules **ret, struct ll_err *err)
{
    struct ll_err missing;
    int rc = ll_credit_rules_read(p->s.tx, rq->arena, rules, &missing);

    *ret = rc == LL_OK ? rules : NULL;
    if (rc < 0 && rc != LL_NOTFOUND)
        *err = missing;
    return rc == LL_NOTFOUND ? LL_OK : rc;
}

static int gather(struct ll_app *app, struct ll_request *rq, struct profiling *p, struct ll_timeline *t,
                  struct ll_subject **ret, struct ll_err *err)
{
    struct ll_credit_rules rules;
    struct ll_credit_timeline c = {.timeline = t, .today = ll_workday_of(ll_now_ms())};
    const struct ll_subject_opts o = {.mask = true,
                                      .marks = ll_marks_record,
                                      .marks_ctx = ll_gateway_marks(app->gateway),
                                      .withheld = true,
                                      .visit = ll_credit_timeline_visit,
                                      .visit_ctx = &c};
    const struct ll_listing_env env = {.tx = p->s.tx,
                                       .keys = ll_journaling_keys(app->journaling),
                                       .cat = p->s.cat,
                                       .rules = &rules,
                                       .actor = &rq->actor,
                                       .arena = rq->arena};
    int rc = list_rules(p, rq, &rules, &c.rules, err);

    if (rc < 0 ||
        (rc = ll_subject_profile(app->tables, p->resources, p->n_resources,
                                 ll_arg(rq, LL_P_SUBJECT_TIMELINE_ID)->s, &o, rq->arena, ret, err)) < 0)
        return rc;
    return ll_credit_timeline_decided(&c, &env, ll_data_vault(app->data), *ret, err);
}

static void put_items(struct ll_request *rq, const struct profiling *p, const struct ll_timeline *t)
{
    ll_json_key(&rq->json, "items");
    ll_json_obj(&rq->json);
    for (size_t i = 0; i < p->n_resources; i++) {
        bool there = false;
        for (size_t f = 0; f < t->n && !there; f++)
            there = t->facts[f].resource == p->resources[i] && t->facts[f].record.n;
        if (!there)
            continue;
        ll_json_key(&rq->json, p->resources[i]->name);
        ll_write_items(&rq->json, p->resources[i]);
    }
    ll_json_end_obj(&rq->json);
}

int ll_h_subject_timeline(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const struct ll_timeline_query q = {.kind = ll_arg(rq, LL_P_SUBJECT_TIMELINE_KIND)->given
                                                    ? ll_arg(rq, LL_P_SUBJECT_TIMELINE_KIND)->s
                                                    : LL_STR(""),
                                        .offset = (size_t)ll_arg(rq, LL_P_SUBJECT_TIMELINE_OFFSET)->i,
                                        .limit = (size_t)ll_arg(rq, LL_P_SUBJECT_TIMELINE_LIMIT)->i};
    struct profiling p;
    struct ll_subject *s;
    int rc = begin(app, rq, &p, err);

    if (rc < 0)
        return rc;
    struct ll_timeline t = {.rules = &p.rules,
                            .arena = rq->arena,
                            .mask = true,
                            .related = ll_arg(rq, LL_P_SUBJECT_TIMELINE_RELATED)->i != 0};
    if ((rc = gather(app, rq, &p, &t, &s, err)) == LL_OK) {
        for (size_t i = 0; i < s->n_groups; i++)
            t.more = t.more || s->groups[i].more;
        ll_json_obj(&rq->json);
        put_who(rq, s);
        ll_timeline_put(&t, &q, &rq->json);
        put_items(rq, &p, &t);
        ll_json_end_obj(&rq->json);
        rc = ll_look_note_subject(app, rq, s, err);
    }
    ll_sharing_close(&p.s);
    return rc;
}

/* --- relations ------------------------------------------------------------------------------------------------------------- */

static const struct ll_relations nobody = {0};

/* Whoever stands in the graph was looked at. */
static int note(struct ll_app *app, struct ll_request *rq, const struct ll_subject *s,
                const struct ll_relations *g, struct ll_err *err)
{
    int rc = ll_look_note_subject(app, rq, s, err);

    for (size_t i = 1; i < g->n_nodes && rc == LL_OK; i++)
        rc = ll_look_note(app, rq, g->nodes[i].id.type, g->nodes[i].id.value, err);
    return rc;
}

int ll_h_subject_relations(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_relations_opts o = LL_RELATIONS_OPTS_INIT;
    const struct ll_subject_opts who = {.mask = true};
    struct ll_relations *g = NULL;
    struct ll_subject *s;
    struct profiling p;
    int rc = begin(app, rq, &p, err);

    if (rc < 0)
        return rc;
    o.depth = (unsigned)ll_arg(rq, LL_P_SUBJECT_RELATIONS_DEPTH)->i;
    o.fan = (unsigned)ll_arg(rq, LL_P_SUBJECT_RELATIONS_FAN)->i;
    o.mask = o.persons =
        true; /* persons are named by masked identifiers, and lie on the way for who may look at subjects at all */
    if ((rc = ll_subject_profile(app->tables, p.resources, p.n_resources,
                                 ll_arg(rq, LL_P_SUBJECT_RELATIONS_ID)->s, &who, rq->arena, &s, err)) ==
            LL_OK &&
        s->n_ids && !s->n_hits)
        rc = ll_relations_walk(app->tables, &p.rules, s, &o, rq->arena, &g, err);
    if (rc == LL_OK) {
        ll_json_obj(&rq->json);
        put_who(rq, s);
        ll_relations_put(g ? g : &nobody, &rq->json);
        ll_json_end_obj(&rq->json);
        rc = note(app, rq, s, g ? g : &nobody, err);
    }
    ll_sharing_close(&p.s);
    return rc;
}
