/* monitor.c - see monitor.h. */
#include "share/monitor.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/ticker.h"
#include "share/consent_impl.h"
#include "share/objecting.h"
#include "share/recordname.h"
#include "share/watch_impl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EVERY_MS = 500, VALUE_MAX = 256 };

struct ll_monitor {
    struct ll_gateway *g;
    struct ll_data *d;
    struct ll_ticker *ticker;
    bool complained;
};

/* Something that happened; texts in the step's arena. */
struct happened {
    int64_t seq, at;
    const char *resource, *what,
        *act; /* resource: of a list its name; what: batch, objection, record or subject */
    int64_t version;
};

/* One step: what is gathered, and where it is written. */
struct step {
    struct ll_gateway *g;
    struct ll_data *d;
    struct ll_catalog *cat;
    struct ll_arena *arena;
    struct happened h;
    struct ll_watch_listing listing;
    struct ll_watch_changes c;
};

/* --- gathering ------------------------------------------------------------------------------------------------------------- */

/* Whether any organisation may be told values of the resource. */
static int wants_values(struct step *s, struct ll_err *err)
{
    struct ll_grants *grants = NULL;
    int rc = ll_grants_current(s->g->grants, &grants, err);

    for (size_t i = 0; rc == LL_OK && i < ll_grants_count(grants) && !s->c.wants_values; i++) {
        const struct ll_grant *g = ll_grants_at(grants, i);
        s->c.wants_values = strcmp(g->resource, s->h.resource) == 0 &&
                            (ll_grant_modes(g) & LL_USE_SUBSCRIBE) && (ll_grant_modes(g) & LL_USE_CHANGES) &&
                            !g->consent;
    }
    ll_grants_unref(grants);
    return rc;
}

/* 1: somebody watches subjects of the resource. */
static int watched(struct ll_store *st, const char *resource, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    struct ll_txn *tx = NULL;
    int rc = ll_txn_begin(st, false, &tx, err);

    if (rc == LL_OK &&
        (rc = ll_sql(tx, "SELECT 1 FROM watch_cover WHERE resource = $1 LIMIT 1", &s, err)) == LL_OK) {
        ll_bind_z(s, 1, resource);
        rc = ll_step(s, err);
    }
    ll_stmt_done(s);
    ll_txn_end(tx);
    return rc;
}

static int of_batch(struct step *s, struct ll_err *err)
{
    bool withdrawn = strcmp(s->h.act, "withdrawn") == 0;
    struct ll_batch b;
    int rc = watched(s->g->o.store, s->h.resource, err);

    if (rc <= 0 || s->h.version != (int64_t)s->c.resource->version)
        return rc < 0 ? rc : LL_OK;
    s->c.batch = s->h.what;
    if ((rc = wants_values(s, err)) < 0 || (rc = ll_batch_get(s->d, s->h.what, s->arena, &b, err)) < 0)
        return rc;
    return ll_watch_changes_of(s->g, s->d, &b, withdrawn, &s->c, err);
}

static enum ll_watch_act act_of(const char *word)
{
    for (unsigned a = 0; a < LL_WATCH_ACT_COUNT; a++)
        if (strcmp(word, ll_watch_act_word((enum ll_watch_act)a)) == 0)
            return (enum ll_watch_act)a;
    return LL_WATCH_CHANGED;
}

/* A record by its name, if it is there. */
static int of_record(struct step *s, const char *record, struct ll_err *err)
{
    struct ll_changed_list l = {
        .g = s->g, .resource = s->c.resource, .keys = LL_BUF_INIT(1 << 20), .scratch = ll_arena_new(0)};
    int rc = !record     ? LL_OK
             : l.scratch ? ll_changed_record(s->g, record, s->arena, &l, err)
                         : ll_no_memory(err);

    for (size_t i = 0; i < l.n && rc == LL_OK; i++)
        rc = ll_watch_changes_add(&s->c, l.list[i].subject, act_of(s->h.act),
                                  (struct ll_str){l.keys.p + l.list[i].key, l.list[i].n_key}, err);
    ll_changed_free(&l);
    return rc;
}

static int of_doubt(struct step *s, struct ll_err *err)
{
    struct ll_objection o = {0};
    struct ll_txn *tx = NULL;
    int rc = ll_txn_begin(s->g->o.store, false, &tx, err);

    if (rc == LL_OK)
        rc = ll_objection_get(tx, s->g->o.vault, s->h.what, s->arena, &o, err);
    ll_txn_end(tx);
    return rc < 0 ? rc : of_record(s, o.record, err);
}

static int of_withheld(struct step *s, struct ll_err *err)
{
    return of_record(s, ll_record_name_open(s->g->o.vault, s->h.resource, s->h.what, s->arena), err);
}

/* Rules of this list, of its kind, or of any. */
static void keep_rules_of(struct step *s)
{
    size_t n = 0;

    for (size_t i = 0; i < s->c.rules.n; i++) {
        const char *list = s->c.rules.list[i].list;
        if (strcmp(list, s->listing.name) == 0 || strcmp(list, s->listing.kind) == 0 ||
            strcmp(list, "every") == 0)
            s->c.rules.list[n++] = s->c.rules.list[i];
    }
    s->c.rules.n = n;
}

static int of_list(struct step *s, struct ll_err *err)
{
    struct ll_buf value = LL_BUF_INIT(VALUE_MAX);
    char subject[LL_PSEUDONYM_TEXT];
    enum ll_scheme scheme;
    struct ll_txn *tx = NULL;
    int rc = ll_txn_begin(s->g->o.store, false, &tx, err);

    if (rc == LL_OK && (rc = ll_watch_listing_find(tx, s->h.resource, s->arena, &s->listing, err)) > 0 &&
        (rc = ll_consent_subject_open(tx, ll_journaling_keys(s->g->o.journaling), s->h.what, &scheme, &value,
                                      err)) == LL_OK &&
        (rc = ll_gateway_pseudonym(s->g, ll_scheme_name(scheme), ll_buf_view(&value), subject, err)) ==
            LL_OK) {
        keep_rules_of(s);
        s->c.listing = &s->listing;
        rc = ll_watch_changes_add(&s->c, subject, act_of(s->h.act), LL_STR(""), err);
    }
    ll_txn_end(tx);
    ll_buf_free(&value);
    return rc < 0 ? rc : LL_OK;
}

/* --- sources ----------------------------------------------------------------------------------------------------------------- */

static const struct {
    const char *next; /* what comes after the mark */
    const char *mark, *place;
    bool list;
    int (*gather)(struct step *s, struct ll_err *err);
} sources[] = {
    {"SELECT seq, at, resource, batch, act, version FROM change_event WHERE seq > (SELECT change FROM watch_mark)"
     " ORDER BY seq LIMIT 1",
     "UPDATE watch_mark SET change = $1, subject = ''", "UPDATE watch_mark SET subject = $1", false,
     of_batch},
    {"SELECT f.seq, f.at, o.resource, o.id, CASE WHEN f.to_state IN ('settled', 'withdrawn') THEN 'settled' ELSE 'disputed' END,"
     " 0 FROM flow_event f JOIN objection o ON o.id = f.object WHERE f.flow = 'objection' AND f.seq >"
     " (SELECT flow FROM watch_mark) AND (f.from_state IS NULL OR f.to_state IN ('settled', 'withdrawn'))"
     " ORDER BY f.seq LIMIT 1",
     "UPDATE watch_mark SET flow = $1, subject = ''", "UPDATE watch_mark SET subject = $1", false, of_doubt},
    {"SELECT seq, at, resource, record, act, 0 FROM withheld WHERE seq > (SELECT withheld FROM watch_mark)"
     " ORDER BY seq LIMIT 1",
     "UPDATE watch_mark SET withheld = $1, subject = ''", "UPDATE watch_mark SET subject = $1", false,
     of_withheld},
    {"SELECT seq, at, list, subject, act, 0 FROM watch_signal WHERE seq > (SELECT signal FROM watch_mark)"
     " ORDER BY seq LIMIT 1",
     "UPDATE watch_mark SET signal = $1, subject = ''", "UPDATE watch_mark SET subject = $1", true, of_list},
};

/* 1: found, 0: nothing new. */
static int next(struct step *s, size_t of, struct ll_watch_place *place, struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    struct ll_stmt *q = NULL;
    bool nomem = false;
    int rc = ll_txn_begin(s->g->o.store, false, &tx, err);

    if (rc == LL_OK && (rc = ll_sql(tx, sources[of].next, &q, err)) == LL_OK && (rc = ll_step(q, err)) > 0)
        s->h = (struct happened){.seq = ll_col_int(q, 0),
                                 .at = ll_col_int(q, 1),
                                 .resource = ll_col_dup(q, 2, s->arena, &nomem),
                                 .what = ll_col_dup(q, 3, s->arena, &nomem),
                                 .act = ll_col_dup(q, 4, s->arena, &nomem),
                                 .version = ll_col_int(q, 5)};
    ll_stmt_done(q);
    if (rc > 0 && (rc = ll_sql(tx, "SELECT subject FROM watch_mark", &q, err)) == LL_OK) {
        if ((rc = ll_step(q, err)) > 0)
            snprintf(place->after, sizeof place->after, "%.*s", LL_STR_ARG(ll_col_text(q, 0)));
        ll_stmt_done(q);
    }
    if (rc > 0 && !nomem)
        rc = ll_watch_rules_read(tx, sources[of].list ? NULL : s->h.resource, s->arena, &s->c.rules, err) < 0
                 ? LL_FAIL
                 : 1;
    ll_txn_end(tx);
    return nomem ? ll_no_memory(err) : rc;
}

/* Events of a stretch of subjects, and how far that is, in one transaction. */
static int write_stretch(struct step *s, size_t of, struct ll_watch_place *place, struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    int rc = ll_txn_begin(s->g->o.store, true, &tx, err);

    if (rc < 0)
        return rc;
    if ((rc = ll_watch_raise(s->g, tx, s->cat, &s->c, place, err)) == LL_OK)
        rc = place->more ? ll_exec(tx, err, sources[of].place, "z", place->after)
                         : ll_exec(tx, err, sources[of].mark, "i", s->h.seq);
    if (rc == LL_OK)
        rc = ll_txn_commit(tx, err);
    ll_txn_end(tx);
    ll_journaling_wake(s->g->o.journaling);
    return rc;
}

static int carry_out(struct step *s, size_t of, struct ll_watch_place *place, struct ll_err *err)
{
    int rc;

    if ((rc = ll_catalog_live_get(s->g->o.catalog, false, &s->cat, err)) < 0 ||
        (rc = ll_watch_changes_open(&s->c, (size_t)ll_data_settings(s->d)->watch_changes, err)) < 0)
        return rc;
    s->c.at = s->h.at;
    s->c.resource = sources[of].list ? NULL : ll_catalog_resource(s->cat, ll_str(s->h.resource));
    if ((sources[of].list || s->c.resource) && (rc = sources[of].gather(s, err)) < 0)
        return rc;
    if ((rc = ll_vault_prepare(s->g->o.vault, LL_WATCH_AS, err)) < 0)
        return rc;
    do
        rc = write_stretch(s, of, place, err);
    while (rc == LL_OK && place->more);
    return rc;
}

/* 1: there may be more. */
static int one_step(struct ll_gateway *g, struct ll_data *d, size_t of, struct ll_err *err)
{
    struct step s = {.g = g, .d = d, .arena = ll_arena_new(0)};
    struct ll_watch_place place = {.after = ""};
    int rc = s.arena ? next(&s, of, &place, err) : ll_no_memory(err);

    if (rc > 0 && (rc = carry_out(&s, of, &place, err)) == LL_OK)
        rc = 1;
    ll_watch_changes_free(&s.c);
    ll_catalog_unref(s.cat);
    ll_arena_free(s.arena);
    return rc;
}

int ll_monitor_catch_up(struct ll_gateway *g, struct ll_data *d, struct ll_err *err)
{
    int64_t n = 0;
    int rc = ll_watch_expire(g->o.store, ll_now_ms(), &n, err);

    for (size_t of = 0; rc >= 0 && of < LL_COUNT(sources); of++)
        while ((rc = one_step(g, d, of, err)) > 0)
            ;
    return rc;
}

/* --- the thread --------------------------------------------------------------------------------------------------------------- */

static unsigned round_of(void *ctx)
{
    struct ll_monitor *m = ctx;
    struct ll_err err;
    int rc = ll_monitor_catch_up(m->g, m->d, &err);

    if (rc < 0 && !m->complained)
        ll_log(LL_ERROR, "monitor", "%s", err.en);
    m->complained = rc < 0;
    return EVERY_MS;
}

int ll_monitor_open(struct ll_gateway *g, struct ll_data *d, struct ll_monitor **ret, struct ll_err *err)
{
    struct ll_monitor *m = calloc(1, sizeof *m);
    int rc;

    if (!m)
        return ll_no_memory(err);
    m->g = g;
    m->d = d;
    if ((rc = ll_ticker_open(round_of, m, &m->ticker, err)) < 0) {
        free(m);
        return rc;
    }
    *ret = m;
    return LL_OK;
}

struct ll_monitor *ll_monitor_close(struct ll_monitor *m)
{
    if (!m)
        return NULL;
    ll_ticker_close(m->ticker);
    free(m);
    return NULL;
}
