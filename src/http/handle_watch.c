/* handle_watch.c - the watch list and its events over HTTP (share/watch.h). */
#include "http/consenting.h"
#include "journal/canon.h"
#include "routes.gen.h"
#include "share/watch.h"

/* A catalogue and a transaction for the length of one request. */
struct watching {
    struct ll_sharing s;
    struct ll_watch_env env;
};

static int begin(struct ll_app *app, struct ll_request *rq, bool write, struct watching *w,
                 struct ll_err *err)
{
    int rc = ll_sharing_open(app, write, &w->s, err);

    w->env = (struct ll_watch_env){
        .g = app->gateway, .tx = w->s.tx, .cat = w->s.cat, .actor = &rq->actor, .arena = rq->arena};
    return rc;
}

/* --- the watch list ------------------------------------------------------------------------------------------------------- */

static int show(struct watching *w, struct ll_request *rq, int64_t id, struct ll_err *err)
{
    const struct ll_watch_query q = {
        .organisation = rq->only ? rq->only : rq->actor.organisation, .id = id, .limit = 1};
    const struct ll_watch_query any = {.id = id, .limit = 1};
    struct ll_watch *list;
    int64_t total;
    size_t n;
    bool all = !rq->only && rq->route->scope == LL_SCOPE_LIST; /* an auditor */
    int rc = ll_watch_list(w->env.tx, all ? &any : &q, rq->arena, &list, &n, &total, err);

    if (rc < 0)
        return rc;
    return n ? ll_watch_json(&w->env, &list[0], true, &rq->json, err)
             : ll_fail(err, LL_NOTFOUND, "没有编号为 %lld 的监测", "there is no watch %lld", (long long)id);
}

static int read_new(struct ll_request *rq, struct ll_watch_new *n, struct ll_err *err)
{
    struct ll_body b;
    int rc;

    ll_body_open(&b, rq, err);
    const char *subject = ll_body_text(&b, "subject", 1, LL_ID_MAX - 1, true);
    n->purpose = ll_body_text(&b, "purpose", 2, LL_WATCH_PURPOSE, true);
    n->reference = ll_body_text(&b, "reference", 1, LL_WATCH_REFERENCE, false);
    const char *until = ll_body_text(&b, "until", 1, 10, false);
    if ((rc = ll_body_end(&b)) < 0 || (rc = ll_consenting_detect(subject, &n->who, err)) < 0)
        return rc;
    return ll_sharing_day_end("until", until, &n->until_at, err);
}

/* As it is written in registers: capitals, without blanks. */
static int canonical(struct ll_request *rq, struct ll_consent_who *who, struct ll_err *err)
{
    char canon[LL_ID_MAX];
    size_t n = 0;
    const char *kept = NULL;

    if (ll_id_detect(who->value, &who->scheme, canon, &n))
        kept = ll_arena_dup(rq->arena, (struct ll_str){canon, n});
    who->value = (struct ll_str){kept, n};
    return kept ? LL_OK : ll_no_memory(err);
}

int ll_h_watch_add(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_watch_new n = {.purpose = NULL};
    struct ll_watching *work = NULL;
    struct watching w;
    bool fresh = false;
    int64_t id = 0;
    int rc = ll_access_frozen(app->access, &rq->actor, NULL, err);

    if (rc < 0 || (rc = read_new(rq, &n, err)) < 0 || (rc = canonical(rq, &n.who, err)) < 0 ||
        (rc = begin(app, rq, true, &w, err)) < 0)
        return rc;
    if ((rc = ll_watch_begin(&w.env, &work, err)) == LL_OK &&
        (rc = ll_watch_add(work, &n, &id, &fresh, err)) == LL_OK &&
        (rc = ll_watch_done(work, err)) == LL_OK && (rc = show(&w, rq, id, err)) == LL_OK)
        rc = ll_sharing_commit(app, &w.s, err);
    ll_watch_close(work);
    ll_sharing_close(&w.s);
    rq->status = fresh ? 201 : 200;
    return rc;
}

int ll_h_watch_load(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const struct ll_arg *until = ll_arg(rq, LL_P_WATCH_LOAD_UNTIL);
    struct ll_watch_file f = {.purpose = ll_arg(rq, LL_P_WATCH_LOAD_PURPOSE)->s.p, .text = rq->body};
    struct ll_catalog *cat = NULL;
    int rc = ll_access_frozen(app->access, &rq->actor, NULL, err);

    if (rc < 0 ||
        (rc = ll_sharing_day_end("until", until->given ? until->s.p : NULL, &f.until_at, err)) < 0 ||
        (rc = ll_catalog_live_get(app->catalog, false, &cat, err)) < 0)
        return rc;
    ll_json_obj(&rq->json);
    rc = ll_watch_load(app->gateway, cat, &rq->actor, &f, &rq->json, err);
    ll_json_end_obj(&rq->json);
    ll_catalog_unref(cat);
    ll_journaling_wake(app->journaling);
    return rc;
}

int ll_h_watch_act(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    int64_t id = ll_arg(rq, LL_P_WATCH_ACT_ID)->i;
    struct ll_watching *work = NULL;
    struct watching w;
    struct ll_body b;
    int rc;

    ll_body_open(&b, rq, err);
    const char *action = ll_body_text(&b, "action", 1, 16, true);
    if ((rc = ll_body_end(&b)) < 0)
        return rc;
    if (!ll_str_is(ll_str(action), "end"))
        return ll_fail(err, LL_USAGE, "action 应为 end", "action is end");
    if ((rc = begin(app, rq, true, &w, err)) < 0)
        return rc;
    if ((rc = ll_watch_begin(&w.env, &work, err)) == LL_OK && (rc = ll_watch_end(work, id, err)) == LL_OK &&
        (rc = ll_watch_done(work, err)) == LL_OK && (rc = show(&w, rq, id, err)) == LL_OK)
        rc = ll_sharing_commit(app, &w.s, err);
    ll_watch_close(work);
    ll_sharing_close(&w.s);
    return rc;
}

static const char *given(const struct ll_arg *a)
{
    return a->given ? a->s.p : NULL;
}

/* What is asked for by identifier is looked up by pseudonym. */
static int find_subject(struct ll_app *app, struct ll_request *rq, const struct ll_arg *a, const char **ret,
                        struct ll_err *err)
{
    struct ll_consent_who who = {.title = NULL};
    char name[LL_PSEUDONYM_TEXT];
    int rc;

    *ret = NULL;
    if (!a->given)
        return LL_OK;
    if ((rc = ll_consenting_detect(a->s.p, &who, err)) < 0 || (rc = canonical(rq, &who, err)) < 0 ||
        (rc = ll_gateway_pseudonym(app->gateway, ll_scheme_name(who.scheme), who.value, name, err)) < 0)
        return rc;
    return (*ret = ll_arena_dup(rq->arena, ll_str(name))) ? LL_OK : ll_no_memory(err);
}

static int put_page(struct watching *w, struct ll_request *rq, const struct ll_watch_query *q, bool own,
                    struct ll_err *err)
{
    struct ll_watch *list;
    int64_t total;
    size_t n;
    int rc = ll_watch_list(w->env.tx, q, rq->arena, &list, &n, &total, err);

    if (rc < 0)
        return rc;
    ll_sharing_page(rq, total, (int64_t)q->offset, (int64_t)q->limit);
    for (size_t i = 0; i < n && rc == LL_OK; i++)
        rc = ll_watch_json(&w->env, &list[i], own, &rq->json, err);
    ll_sharing_page_end(rq);
    return rc;
}

int ll_h_watches_list(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_watch_query q = {.organisation = rq->only,
                               .state = given(ll_arg(rq, LL_P_WATCHES_LIST_STATE)),
                               .level = given(ll_arg(rq, LL_P_WATCHES_LIST_LEVEL)),
                               .reference = given(ll_arg(rq, LL_P_WATCHES_LIST_REFERENCE)),
                               .offset = (size_t)ll_arg(rq, LL_P_WATCHES_LIST_OFFSET)->i,
                               .limit = (size_t)ll_arg(rq, LL_P_WATCHES_LIST_LIMIT)->i};
    struct watching w;
    int rc = find_subject(app, rq, ll_arg(rq, LL_P_WATCHES_LIST_SUBJECT), &q.subject, err);

    if (rc < 0 || (rc = begin(app, rq, false, &w, err)) < 0)
        return rc;
    rc = put_page(&w, rq, &q, true, err);
    ll_sharing_close(&w.s);
    return rc;
}

int ll_h_watch_show(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct watching w;
    int rc = begin(app, rq, false, &w, err);

    if (rc < 0)
        return rc;
    rc = show(&w, rq, ll_arg(rq, LL_P_WATCH_SHOW_ID)->i, err);
    ll_sharing_close(&w.s);
    return rc;
}

int ll_h_watch_rules(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_sharing s;
    int rc = ll_sharing_open(app, false, &s, err);

    if (rc < 0)
        return rc;
    ll_json_obj(&rq->json);
    rc = ll_watch_rules_put(s.tx, &rq->json, err);
    ll_json_end_obj(&rq->json);
    ll_sharing_close(&s);
    return rc;
}

/* --- the subject's own view -------------------------------------------------------------------------------------------------- */

int ll_h_me_watches(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_watch_query q = {.offset = (size_t)ll_arg(rq, LL_P_ME_WATCHES_OFFSET)->i,
                               .limit = (size_t)ll_arg(rq, LL_P_ME_WATCHES_LIMIT)->i};
    char name[LL_PSEUDONYM_TEXT];
    struct ll_consent_self me;
    struct ll_consenting c;
    int rc = ll_consenting_self(app, rq, false, &c, &me, err);

    if (rc < 0)
        return rc;
    struct watching w = {
        .env = {.g = app->gateway, .tx = c.s.tx, .cat = c.s.cat, .actor = &rq->actor, .arena = rq->arena}};
    q.subject = name;
    if ((rc = ll_gateway_pseudonym(app->gateway, ll_scheme_name(me.scheme), me.value, name, err)) == LL_OK)
        rc = put_page(&w, rq, &q, false, err);
    ll_consenting_close(&c);
    return rc;
}

/* --- events ------------------------------------------------------------------------------------------------------------------ */

/* Reading events is a call: they may have values in them. */
static int events_due(struct ll_request *rq, size_t found, struct ll_err *err)
{
    struct ll_buf plain = LL_BUF_INIT(LL_ENTRY_MAX);
    struct ll_json j;

    ll_json_init(&j, &plain);
    ll_json_obj(&j);
    ll_json_kz(&j, "client", rq->actor.client ? rq->actor.client : rq->actor.account);
    ll_json_ki(&j, "found", (int64_t)found);
    ll_json_kz(&j, "mode", "watch-events");
    ll_json_kz(&j, "organisation", rq->actor.organisation);
    ll_gate_put_signature(&rq->actor, &j);
    ll_json_end_obj(&j);
    rq->due.type = LL_ENTRY_CALL;
    rq->due.payload = LL_BUF_INIT(LL_ENTRY_MAX + 1);
    int rc = plain.failed ? ll_no_memory(err) : ll_canon_put(ll_buf_view(&plain), &rq->due.payload, err);
    rq->due.set = rc == LL_OK;
    ll_buf_free(&plain);
    return rc;
}

int ll_h_watch_events(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const struct ll_watch_feed f = {.organisation = rq->actor.organisation,
                                    .cursor = ll_arg(rq, LL_P_WATCH_EVENTS_CURSOR)->s,
                                    .newest = ll_str_is(ll_arg(rq, LL_P_WATCH_EVENTS_ORDER)->s, "newest"),
                                    .watch = ll_arg(rq, LL_P_WATCH_EVENTS_WATCH)->i,
                                    .level = given(ll_arg(rq, LL_P_WATCH_EVENTS_LEVEL)),
                                    .limit = (size_t)ll_arg(rq, LL_P_WATCH_EVENTS_LIMIT)->i};
    struct watching w;
    size_t n = 0;
    int rc = ll_access_frozen(app->access, &rq->actor, NULL, err);

    if (rc < 0 || (rc = begin(app, rq, false, &w, err)) < 0)
        return rc;
    ll_json_obj(&rq->json);
    rc = ll_watch_events_put(&w.env, &f, &rq->json, &n, err);
    ll_json_end_obj(&rq->json);
    ll_sharing_close(&w.s);
    return rc < 0 ? rc : events_due(rq, n, err);
}
