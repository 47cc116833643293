/* watch.c - the watch list: registered under grants and consents, made anew, ended (watch.h, promises 1 to 3). */
#include "share/watch_impl.h"

#include "base/clock.h"
#include "base/log.h"
#include "share/subject_impl.h"

#include <stdlib.h>
#include <string.h>

enum { GRANTS = 500, EXPIRED_AT_ONCE = 10000, MASK_MAX = 64 };

struct names {
    const char *word, *title[2];
};
#define X(id, word, zh, en) {word, {zh, en}},
static const struct names levels[] = {LL_WATCH_LEVELS(X)};
static const struct names acts[] = {LL_WATCH_ACTS(X)};
#undef X

const char *ll_watch_level_word(enum ll_watch_level l)
{
    return levels[l].word;
}

const char *ll_watch_level_title(enum ll_watch_level l, enum ll_lang lang)
{
    return levels[l].title[lang == LL_EN];
}

const char *ll_watch_act_word(enum ll_watch_act a)
{
    return acts[a].word;
}

const char *ll_watch_act_title(enum ll_watch_act a, enum ll_lang lang)
{
    return acts[a].title[lang == LL_EN];
}

bool ll_watch_level_parse(struct ll_str word, enum ll_watch_level *ret)
{
    for (unsigned i = 0; i < LL_WATCH_LEVEL_COUNT; i++)
        if (ll_str_is(word, levels[i].word)) {
            *ret = (enum ll_watch_level)i;
            return true;
        }
    return false;
}

/* --- one stretch of work -------------------------------------------------------------------------------------------------- */

/* Subjects of one kind of act, until the page of it is written. */
struct noted {
    const char *act;
    struct ll_buf subjects;
    size_t n;
};
enum { ADDED, ENDED, NOTED_COUNT };

struct ll_watching {
    struct ll_watch_env env;
    struct ll_grants *grants;
    const struct ll_grant **
        usable; /* in force, with mode subscribe, of resources that are there; those that may be told values first */
    const struct ll_resource **resources;
    size_t n;
    int64_t now;
    const char *purpose;
    struct noted noted[NOTED_COUNT];
};

static int choose(struct ll_watching *w, struct ll_err *err)
{
    const char *organisation = w->env.actor->organisation;

    if (!(w->usable = ll_arena_array(w->env.arena, GRANTS, sizeof *w->usable)) ||
        !(w->resources = ll_arena_array(w->env.arena, GRANTS, sizeof *w->resources)))
        return ll_no_memory(err);
    for (int told = 1; told >= 0; told--)
        for (size_t i = 0; i < ll_grants_count(w->grants) && w->n < GRANTS; i++) {
            const struct ll_grant *g = ll_grants_at(w->grants, i);
            const struct ll_resource *r;
            if (!(ll_grant_modes(g) & LL_USE_SUBSCRIBE) || !!(ll_grant_modes(g) & LL_USE_CHANGES) != told ||
                strcmp(g->organisation, organisation) != 0 || !ll_grant_in_force(g, w->now) ||
                !(r = ll_catalog_resource(w->env.cat, ll_str(g->resource))))
                continue;
            w->resources[w->n] = r;
            w->usable[w->n++] = g;
        }
    return LL_OK;
}

int ll_watch_begin(const struct ll_watch_env *env, struct ll_watching **ret, struct ll_err *err)
{
    struct ll_watching *w = calloc(1, sizeof *w);
    int rc;

    if (!w)
        return ll_no_memory(err);
    w->env = *env;
    w->now = ll_now_ms();
    w->noted[ADDED] = (struct noted){.act = "added", .subjects = LL_BUF_INIT(LL_ENTRY_MAX)};
    w->noted[ENDED] = (struct noted){.act = "ended", .subjects = LL_BUF_INIT(LL_ENTRY_MAX)};
    if ((rc = ll_grants_current(ll_gateway_grants(env->g), &w->grants, err)) < 0 ||
        (rc = choose(w, err)) < 0) {
        ll_watch_close(w);
        return rc;
    }
    *ret = w;
    return LL_OK;
}

void ll_watch_close(struct ll_watching *w)
{
    if (!w)
        return;
    for (size_t i = 0; i < NOTED_COUNT; i++)
        ll_buf_free(&w->noted[i].subjects);
    ll_grants_unref(w->grants);
    free(w);
}

static int write_noted(struct ll_watching *w, struct noted *n, struct ll_err *err)
{
    const struct ll_watch_page p = {.act = n->act,
                                    .organisation = w->env.actor->organisation,
                                    .account = w->env.actor->account,
                                    .client = w->env.actor->client,
                                    .purpose = w->purpose,
                                    .n = n->n,
                                    .level = LL_WATCH_LEVEL_COUNT,
                                    .at = w->now,
                                    .subjects = ll_buf_view(&n->subjects)};
    int rc = n->subjects.failed ? ll_no_memory(err) : n->n ? ll_watch_page_add(w->env.tx, &p, err) : LL_OK;

    ll_buf_clear(&n->subjects);
    n->n = 0;
    return rc;
}

static int note(struct ll_watching *w, size_t of, const char *subject, struct ll_err *err)
{
    struct noted *n = &w->noted[of];

    ll_buf_printf(&n->subjects, "%s\"%s\"", n->n ? "," : "", subject);
    return ++n->n < LL_WATCH_PAGE ? LL_OK : write_noted(w, n, err);
}

int ll_watch_done(struct ll_watching *w, struct ll_err *err)
{
    int rc = LL_OK;

    for (size_t i = 0; i < NOTED_COUNT && rc == LL_OK; i++)
        rc = write_noted(w, &w->noted[i], err);
    return rc;
}

/* --- what covers a subject ---------------------------------------------------------------------------------------------------- */

static bool holds(const struct ll_resource *r, const char *type)
{
    for (size_t i = 0; i < r->n_items; i++)
        if (r->items[i].role == LL_ROLE_SUBJECT && ll_subject_item_holds(&r->items[i], type))
            return true;
    return false;
}

static int consent_end(struct ll_txn *tx, const char *id, int64_t *ret, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int rc = ll_sql(tx, "SELECT until_at FROM consent WHERE id = $1", &s, err);

    if (rc < 0)
        return rc;
    ll_bind_z(s, 1, id);
    if ((rc = ll_step(s, err)) > 0)
        *ret = ll_col_int(s, 0);
    ll_stmt_done(s);
    return rc < 0 ? rc : LL_OK;
}

/* Whether the subject has consented to all that the grant gives; nothing is counted, as an event under such a grant has no value in it.  1, 0 (*err says why). */
static int consented(struct ll_watching *w, const struct ll_grant *g, const struct ll_consent_who *who,
                     struct ll_consent_used *used, int64_t *until, struct ll_err *err)
{
    struct ll_str *items = ll_arena_array(w->env.arena, g->n_items + 1, sizeof *items);
    const struct ll_consent_env env = {.tx = w->env.tx,
                                       .keys = ll_journaling_keys(w->env.g->o.journaling),
                                       .catalog = w->env.cat,
                                       .actor = w->env.actor,
                                       .arena = w->env.arena};
    const struct ll_consent_use use = {.scheme = who->scheme,
                                       .value = who->value,
                                       .organisation = g->organisation,
                                       .purpose = g->purpose,
                                       .resource = g->resource,
                                       .items = items,
                                       .n_items = g->n_items,
                                       .now = w->now};
    int rc;

    if (!items)
        return ll_no_memory(err);
    for (size_t i = 0; i < g->n_items; i++)
        items[i] = ll_str(g->items[i].name);
    if ((rc = ll_consent_covers(&env, &use, used, err)) == LL_DENIED)
        return 0;
    return rc < 0 || (rc = consent_end(w->env.tx, used->id, until, err)) < 0 ? rc : 1;
}

/* What covers a subject, and until when; the end of the whole grows with it. */
struct cover {
    size_t at; /* of the grant */
    char consent[LL_CONSENT_ID];
    int64_t until;
};
struct covering {
    const char *subject;
    const struct ll_consent_who *who;
    int64_t asked, until;
    struct cover *list;
    size_t n;
};

static bool has_resource(const struct ll_watching *w, const struct covering *c, size_t at)
{
    for (size_t i = 0; i < c->n; i++)
        if (w->resources[c->list[i].at] == w->resources[at])
            return true;
    return false;
}

static int cover(struct ll_watching *w, struct covering *c, size_t at, struct ll_err *err)
{
    const struct ll_grant *g = w->usable[at];
    struct ll_consent_used used = {.id = ""};
    int64_t end = INT64_MAX;
    int rc;

    if (has_resource(w, c, at) || !holds(w->resources[at], ll_scheme_name(c->who->scheme)))
        return LL_OK;
    if (g->consent && (rc = consented(w, g, c->who, &used, &end, err)) <= 0)
        return rc;
    struct cover *one = &c->list[c->n++];
    *one = (struct cover){.at = at, .until = end < c->asked ? end : c->asked};
    memcpy(one->consent, used.id, sizeof one->consent);
    end = one->until < g->until_at ? one->until : g->until_at;
    c->until = end > c->until ? end : c->until;
    return LL_OK;
}

static int find_covers(struct ll_watching *w, struct covering *c, struct ll_err *err)
{
    int rc = LL_OK;

    *err = (struct ll_err){0};
    if (!(c->list = ll_arena_array(w->env.arena, w->n + 1, sizeof *c->list)))
        return ll_no_memory(err);
    for (size_t i = 0; i < w->n && rc == LL_OK; i++)
        rc = cover(w, c, i, err);
    if (rc < 0)
        return rc;
    if (c->n)
        return c->until > w->now
                   ? LL_OK
                   : ll_fail(err, LL_INVALID, "监测的到期日已过", "the last day of watching is over");
    return err->zh[0]
               ? LL_DENIED /* a consent was missing: it says why */
               : ll_fail(
                     err, LL_DENIED,
                     "本机构没有可用于监测该主体的授权：须有含“推送订阅”方式、且以这种标识记录主体的资源",
                     "no grant lets the organisation watch this subject: it takes one with mode subscribe for a "
                     "resource that holds such identifiers");
}

static int write_covers(struct ll_watching *w, const struct covering *c, int64_t id, struct ll_err *err)
{
    int rc = ll_exec(w->env.tx, err, "DELETE FROM watch_cover WHERE watch = $1", "i", id);

    for (size_t i = 0; i < c->n && rc == LL_OK; i++) {
        const struct cover *one = &c->list[i];
        const struct ll_grant *g = w->usable[one->at];
        rc = ll_exec(
            w->env.tx, err,
            "INSERT INTO watch_cover (resource, subject, organisation, watch, access_grant, consent, until_at)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7)",
            "zzzizzi", g->resource, c->subject, g->organisation, id, g->id,
            one->consent[0] ? one->consent : NULL, one->until);
    }
    return rc;
}

/* --- adding ----------------------------------------------------------------------------------------------------------------------- */

/* The open registration of the subject; 0: there is none. */
static int open_one(struct ll_watching *w, const char *subject, int64_t *ret, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int rc = ll_sql(w->env.tx,
                    "SELECT id FROM watch WHERE organisation = $1 AND subject = $2 AND state = 'active'", &s,
                    err);

    *ret = 0;
    if (rc < 0)
        return rc;
    ll_bind_z(s, 1, w->env.actor->organisation);
    ll_bind_z(s, 2, subject);
    if ((rc = ll_step(s, err)) > 0)
        *ret = ll_col_int(s, 0);
    ll_stmt_done(s);
    return rc < 0 ? rc : LL_OK;
}

static int check_room(struct ll_watching *w, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int64_t n = 0;
    int rc = ll_sql(w->env.tx, "SELECT n FROM watch_count WHERE organisation = $1 AND state = 'active'", &s,
                    err);

    if (rc < 0)
        return rc;
    ll_bind_z(s, 1, w->env.actor->organisation);
    if ((rc = ll_step(s, err)) > 0)
        n = ll_col_int(s, 0);
    ll_stmt_done(s);
    return rc < 0               ? rc
           : n >= LL_WATCH_MOST ? ll_fail(err, LL_TOOBIG, "一个机构至多监测 %d 个主体",
                                          "at most %d watched subjects an organisation", LL_WATCH_MOST)
                                : LL_OK;
}

static int insert(struct ll_watching *w, const struct ll_watch_new *n, const struct covering *c, int64_t *ret,
                  struct ll_err *err)
{
    const struct ll_actor *a = w->env.actor;
    char mask[MASK_MAX];
    struct ll_stmt *s = NULL;
    int rc = check_room(w, err);

    if (rc < 0 ||
        (rc = ll_sql(
             w->env.tx,
             "INSERT INTO watch (organisation, subject, mask, reference, purpose, until_at, state, account,"
             " client, made_at) VALUES ($1, $2, $3, $4, $5, $6, 'active', $7, $8, $9) RETURNING id",
             &s, err)) < 0)
        return rc;
    ll_bind_z(s, 1, a->organisation);
    ll_bind_z(s, 2, c->subject);
    ll_bind_z(s, 3, ll_mask(n->who.value, mask, sizeof mask));
    ll_bind_z(s, 4, n->reference);
    ll_bind_z(s, 5, n->purpose);
    ll_bind_int(s, 6, c->until);
    ll_bind_z(s, 7, a->account);
    ll_bind_z(s, 8, a->client);
    ll_bind_int(s, 9, w->now);
    if ((rc = ll_step(s, err)) > 0) {
        *ret = ll_col_int(s, 0);
        rc = ll_step(s, err);
    }
    ll_stmt_done(s);
    return rc;
}

int ll_watch_add(struct ll_watching *w, const struct ll_watch_new *n, int64_t *ret_id, bool *ret_fresh,
                 struct ll_err *err)
{
    char subject[LL_PSEUDONYM_TEXT];
    struct covering c = {.subject = subject, .who = &n->who, .asked = n->until_at ? n->until_at : INT64_MAX};
    int rc;

    w->purpose = n->purpose;
    if ((rc = ll_gateway_pseudonym(w->env.g, ll_scheme_name(n->who.scheme), n->who.value, subject, err)) <
            0 ||
        (rc = find_covers(w, &c, err)) < 0 || (rc = open_one(w, subject, ret_id, err)) < 0)
        return rc;
    *ret_fresh = *ret_id == 0;
    rc = *ret_fresh ? insert(w, n, &c, ret_id, err)
                    : ll_exec(w->env.tx, err,
                              "UPDATE watch SET reference = $2, purpose = $3, until_at = $4 WHERE id = $1",
                              "izzi", *ret_id, n->reference, n->purpose, c.until);
    if (rc == LL_OK && (rc = write_covers(w, &c, *ret_id, err)) == LL_OK)
        rc = note(w, ADDED, subject, err);
    return rc;
}

/* --- ending ----------------------------------------------------------------------------------------------------------------------- */

int ll_watch_end(struct ll_watching *w, int64_t id, struct ll_err *err)
{
    char subject[LL_PSEUDONYM_TEXT] = "";
    struct ll_stmt *s = NULL;
    bool active = false;
    int rc = ll_sql(w->env.tx, "SELECT subject, state FROM watch WHERE id = $1 AND organisation = $2", &s,
                    err);

    if (rc < 0)
        return rc;
    ll_bind_int(s, 1, id);
    ll_bind_z(s, 2, w->env.actor->organisation);
    if ((rc = ll_step(s, err)) > 0) {
        struct ll_str text = ll_col_text(s, 0);
        memcpy(subject, text.p, text.n < sizeof subject ? text.n : sizeof subject - 1);
        active = ll_str_is(ll_col_text(s, 1), "active");
    }
    ll_stmt_done(s);
    if (rc < 0)
        return rc;
    if (!subject[0])
        return ll_fail(err, LL_NOTFOUND, "没有编号为 %lld 的监测", "there is no watch %lld", (long long)id);
    if (!active)
        return ll_fail(err, LL_CONFLICT, "这一监测已经结束", "this watch has ended already");
    if ((rc = ll_exec(w->env.tx, err,
                      "UPDATE watch SET state = 'ended', why = 'hand', ended_at = $2 WHERE id = $1", "ii", id,
                      w->now)) < 0)
        return rc;
    return note(w, ENDED, subject, err);
}

int ll_watch_expire(struct ll_store *st, int64_t now, int64_t *ret_n, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    struct ll_txn *tx = NULL;
    int rc = ll_txn_begin(st, false, &tx, err);

    *ret_n = 0;
    if (rc == LL_OK &&
        (rc = ll_sql(tx, "SELECT 1 FROM watch WHERE state = 'active' AND until_at <= $1 LIMIT 1", &s, err)) ==
            LL_OK) {
        ll_bind_int(s, 1, now);
        rc = ll_step(s, err);
    }
    ll_stmt_done(s);
    ll_txn_end(tx);
    tx = NULL;
    if (rc <= 0 || (rc = ll_txn_begin(st, true, &tx, err)) < 0)
        return rc;
    rc = ll_exec(
        tx, err,
        "UPDATE watch SET state = 'ended', why = 'expired', ended_at = $1 WHERE id IN (SELECT id FROM watch"
        " WHERE state = 'active' AND until_at <= $1 ORDER BY until_at LIMIT $2)",
        "ii", now, (int64_t)EXPIRED_AT_ONCE);
    if (rc == LL_OK) {
        *ret_n = ll_txn_changes(tx);
        rc = ll_txn_commit(tx, err);
    }
    ll_txn_end(tx);
    return rc;
}
