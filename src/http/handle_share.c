/* handle_share.c - records and subjects.  Identifiers of natural persons are always masked: looks at plain ones belong to grants. */
#include "http/app.h"
#include "http/consenting.h"
#include "http/look.h"
#include "http/request.h"
#include "http/write.h"
#include "intake/history.h"
#include "routes.gen.h"
#include "share/subject.h"

/* Whose record it is; one that is nobody's, or is not there any more, is noted by its key. */
static int note_record(struct ll_app *app, struct ll_request *rq, const struct ll_resource *r,
                       const struct ll_arg *key, struct ll_err *err)
{
    struct ll_subject_id id;
    struct ll_buf text = LL_BUF_INIT(1 << 16);
    int rc = ll_subject_of_record(app->tables, r, key->all, key->n, rq->arena, &id, err);

    if (rc > 0)
        return ll_look_note(app, rq, id.type, id.value, err);
    for (size_t i = 0; rc == LL_OK && i < key->n; i++) {
        ll_buf_str(&text, key->all[i]);
        ll_buf_c(&text, 0);
    }
    if (rc == LL_OK)
        rc = text.failed ? ll_no_memory(err) : ll_look_note(app, rq, r->name, ll_buf_view(&text), err);
    ll_buf_free(&text);
    return rc;
}

/* The resource that a record's address names, with its key checked; cat is the caller's to give back. */
static int find_resource(struct ll_app *app, struct ll_str name, size_t n_key, struct ll_catalog **cat,
                         const struct ll_resource **ret, struct ll_err *err)
{
    int rc = ll_catalog_live_get(app->catalog, false, cat, err);

    if (rc < 0)
        return rc;
    if (!(*ret = ll_catalog_resource(*cat, name)))
        rc = ll_fail(err, LL_NOTFOUND, "没有数据资源 %s", "there is no resource %s", name.p);
    else if (n_key != (*ret)->n_key)
        rc = ll_fail(err, LL_USAGE, "%s 的主键有 %zu 部分，收到 %zu 个",
                     "the key of %s has %zu parts, got %zu", (*ret)->name, (*ret)->n_key, n_key);
    if (rc < 0)
        *cat = ll_catalog_unref(*cat);
    return rc;
}

int ll_h_record_show(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const struct ll_arg *name = ll_arg(rq, LL_P_RECORD_SHOW_NAME), *key = ll_arg(rq, LL_P_RECORD_SHOW_KEY);
    const struct ll_resource *r;
    struct ll_catalog *cat;
    int rc = find_resource(app, name->s, key->n, &cat, &r, err);

    if (rc < 0)
        return rc;
    if ((rc = ll_record_json(app->tables, r, key->all, key->n, true, &rq->out, err)) == 0)
        rc = ll_fail(err, LL_NOTFOUND, "没有这条记录", "there is no such record");
    if (rc > 0)
        rc = note_record(app, rq, r, key, err);
    ll_catalog_unref(cat);
    return rc < 0 ? rc : LL_OK;
}

static int write_past(struct ll_app *app, struct ll_request *rq, const struct ll_resource *r,
                      struct ll_err *err)
{
    const struct ll_arg *key = ll_arg(rq, LL_P_RECORD_HISTORY_KEY),
                        *as_of = ll_arg(rq, LL_P_RECORD_HISTORY_AS_OF);
    struct ll_json *j = &rq->json;
    int rc;

    ll_json_obj(j);
    ll_json_kz(j, "resource", r->name);
    ll_json_key(j, "key");
    ll_json_arr(j);
    for (size_t i = 0; i < key->n; i++)
        ll_record_put_text(r->key[i], key->all[i], true, j);
    ll_json_end_arr(j);
    ll_json_kz(j, "as_of", as_of->given ? as_of->s.p : NULL);
    ll_json_key(j, "shown");
    if (!as_of->given)
        ll_json_null(j);
    else if ((rc = ll_history_as_of(app->data, r, key->all, key->n, as_of->i, true, j, err)) < 0)
        return rc;
    ll_json_key(j, "versions");
    if ((rc = ll_history_json(app->data, r, key->all, key->n, true, j, err)) < 0)
        return rc;
    ll_json_end_obj(j);
    return LL_OK;
}

int ll_h_record_history(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const struct ll_resource *r;
    struct ll_catalog *cat;
    int rc = find_resource(app, ll_arg(rq, LL_P_RECORD_HISTORY_NAME)->s,
                           ll_arg(rq, LL_P_RECORD_HISTORY_KEY)->n, &cat, &r, err);

    if (rc < 0)
        return rc;
    if ((rc = write_past(app, rq, r, err)) == LL_OK)
        rc = note_record(app, rq, r, ll_arg(rq, LL_P_RECORD_HISTORY_KEY), err);
    ll_catalog_unref(cat);
    return rc;
}

int ll_h_subjects_search(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    size_t n, n_hits, limit = (size_t)ll_arg(rq, LL_P_SUBJECTS_SEARCH_LIMIT)->i;
    const struct ll_resource *const *resources;
    struct ll_subject_hit *hits;
    struct ll_catalog *cat;
    int rc = ll_catalog_live_get(app->catalog, false, &cat, err);

    if (rc < 0)
        return rc;
    resources = ll_catalog_resources(cat, &n);
    rc = ll_subject_search(app->tables, resources, n, ll_arg(rq, LL_P_SUBJECTS_SEARCH_NAME)->s, limit,
                           rq->arena, &hits, &n_hits, err);
    if (rc >= 0) {
        ll_json_obj(&rq->json);
        ll_json_key(&rq->json, "items");
        ll_subject_put_hits(hits, n_hits, true, &rq->json);
        ll_json_end_obj(&rq->json);
        rc = ll_look_note_hits(app, rq, hits, n_hits, err);
    }
    ll_catalog_unref(cat);
    return rc;
}

/* The items of every resource that has records of the subject, so that a page can name what it shows. */
static void write_items(struct ll_json *j, const struct ll_subject *s)
{
    ll_json_key(j, "items");
    ll_json_obj(j);
    for (size_t i = 0; i < s->n_groups; i++) {
        ll_json_key(j, s->groups[i].resource->name);
        ll_write_items(j, s->groups[i].resource);
    }
    ll_json_end_obj(j);
}

static int show_profile(struct ll_app *app, struct ll_request *rq, struct ll_str who, unsigned records,
                        struct ll_err *err)
{
    struct ll_subject_opts o = {.max_records = records, .mask = true};
    const struct ll_resource *const *resources;
    struct ll_subject *subject;
    struct ll_catalog *cat;
    size_t n;
    int rc = ll_catalog_live_get(app->catalog, false, &cat, err);

    if (rc < 0)
        return rc;
    resources = ll_catalog_resources(cat, &n);
    rc = ll_subject_profile(app->tables, resources, n, who, &o, rq->arena, &subject, err);
    if (rc >= 0) {
        ll_json_obj(&rq->json);
        ll_json_key(&rq->json, "subject");
        ll_subject_put(subject, &rq->json);
        write_items(&rq->json, subject);
        ll_json_end_obj(&rq->json);
        rc = ll_look_note_subject(app, rq, subject, err);
    }
    ll_catalog_unref(cat);
    return rc;
}

int ll_h_subject_show(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    return show_profile(app, rq, ll_arg(rq, LL_P_SUBJECT_SHOW_ID)->s,
                        (unsigned)ll_arg(rq, LL_P_SUBJECT_SHOW_RECORDS)->i, err);
}

/* A subject's own look is a look like any other: it stands in its list, and nobody can take it for somebody else's. */
int ll_h_me_records(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_consent_self me = {.mask = NULL};
    struct ll_consenting c;
    int rc = ll_consenting_open(app, rq, false, &c, err);

    if (rc < 0)
        return rc;
    rc = ll_consent_subject(&c.env, rq->actor.subject, &me, err);
    ll_consenting_close(&c); /* what was read lives in the request's arena */
    return rc < 0 ? rc
                  : show_profile(app, rq, me.value, (unsigned)ll_arg(rq, LL_P_ME_RECORDS_RECORDS)->i, err);
}
