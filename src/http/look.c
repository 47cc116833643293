/* look.c - see look.h. */
#include "http/look.h"

#include "share/gateway.h"

#include <string.h>

int ll_look_note(struct ll_app *app, struct ll_request *rq, const char *scheme, struct ll_str value,
                 struct ll_err *err)
{
    char name[LL_PSEUDONYM_TEXT];
    int rc = ll_gateway_pseudonym(app->gateway, scheme, value, name, err);

    if (rc < 0)
        return rc;
    if (!rq->looked && !(rq->looked = ll_arena_array(rq->arena, LL_LOOK_SUBJECTS, sizeof *rq->looked)))
        return ll_no_memory(err);
    if (rq->n_looked == LL_LOOK_SUBJECTS)
        return ll_fail(err, LL_TOOBIG, "一次查看的主体超过 %d 个", "more than %d subjects at once",
                       LL_LOOK_SUBJECTS);
    if (!(rq->looked[rq->n_looked++] = ll_arena_dup(rq->arena, ll_str(name))))
        return ll_no_memory(err);
    return LL_OK;
}

int ll_look_into(struct ll_app *app, struct ll_request *rq, const char *scheme, struct ll_str value,
                 struct ll_err *err)
{
    char name[LL_PSEUDONYM_TEXT];
    int rc = ll_gateway_pseudonym(app->gateway, scheme, value, name, err);

    if (rc < 0)
        return rc;
    return (rq->looked_into = ll_arena_dup(rq->arena, ll_str(name))) ? LL_OK : ll_no_memory(err);
}

int ll_look_note_hits(struct ll_app *app, struct ll_request *rq, const struct ll_subject_hit *hits, size_t n,
                      struct ll_err *err)
{
    int rc = LL_OK;

    for (size_t i = 0; i < n && rc == LL_OK; i++)
        rc = ll_look_note(app, rq, hits[i].id.type, hits[i].id.value, err);
    return rc;
}

int ll_look_note_subject(struct ll_app *app, struct ll_request *rq, const struct ll_subject *s,
                         struct ll_err *err)
{
    int rc = ll_look_note_hits(app, rq, s->hits, s->n_hits, err);

    for (size_t i = 0; i < s->n_ids && rc == LL_OK; i++)
        rc = ll_look_note(app, rq, s->ids[i].type, s->ids[i].value, err);
    return rc;
}

/* What the address names openly: a resource or a batch; what may identify a person stands there by pseudonym only. */
static void put_named(const struct ll_request *rq, enum ll_scope scope, const char *key, struct ll_json *j)
{
    if (rq->route->scope == scope)
        ll_json_ks(j, key, rq->args[0].s);
}

static void put_said(struct ll_json *j, const char *key, const char *text)
{
    if (text)
        ll_json_kz(j, key, text);
}

/* Members in the order of their names: the form that the journal takes. */
int ll_look_entry(struct ll_request *rq, struct ll_err *err)
{
    struct ll_json j;

    rq->due.payload = LL_BUF_INIT(LL_ENTRY_MAX + 1);
    ll_json_init(&j, &rq->due.payload);
    ll_json_obj(&j);
    ll_json_kz(&j, "account", rq->actor.account);
    put_named(rq, LL_SCOPE_BATCH, "batch", &j);
    put_said(&j, "client", rq->actor.client);
    put_said(&j, "delegate", rq->acted_by);
    if (rq->looked_entry)
        ll_json_ki(&j, "entry", *rq->looked_entry);
    ll_json_kz(&j, "mode", rq->route->id);
    put_said(&j, "officer", rq->officer);
    ll_json_kz(&j, "organisation", rq->actor.organisation);
    put_said(&j, "pseudonym", rq->looked_into);
    put_said(&j, "purpose", rq->looked_for);
    put_named(rq, LL_SCOPE_RESOURCE, "resource", &j);
    put_said(&j, "searched", rq->looked_at);
    if (rq->n_looked) {
        ll_json_key(&j, "subjects");
        ll_json_arr(&j);
        for (size_t i = 0; i < rq->n_looked; i++)
            ll_json_z(&j, rq->looked[i]);
        ll_json_end_arr(&j);
    }
    ll_json_end_obj(&j);
    if (rq->due.payload.failed)
        return ll_no_memory(err);
    rq->due.type = LL_ENTRY_LOOK_UP;
    rq->due.set = true;
    return LL_OK;
}
