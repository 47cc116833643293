/* watch_raise.c - what happened meets the watch list, both in the order of subjects, and becomes events (watch.h, promises 4 and 5). */
#include "share/watch_impl.h"

#include "base/clock.h"
#include "crypto/base64.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    ONE_BY_ONE = 1000,
    AT_ONCE = 50000, /* events of a transaction: other writers wait for no more */
    BODY_MAX = 1 << 20
};

/* A grant as events need it. */
struct view {
    const struct ll_grant *grant;
    bool in_force, tells, shows_key; /* tells: values */
    uint64_t rules;
    bool *granted; /* by item of the resource */
    struct gate_item *items;
    size_t n_items;
};

/* A page that fills, of one organisation. */
struct page {
    const char *organisation;
    int64_t seq, first; /* seq 0: none is open */
    size_t n;
    enum ll_watch_level level;
    char last[LL_PSEUDONYM_TEXT];
    struct ll_buf subjects;
};

struct raising {
    struct ll_gateway *g;
    struct ll_txn *tx;
    const struct ll_catalog *cat;
    struct ll_watch_changes *c;
    struct ll_grants *grants;
    struct ll_arena *arena;
    struct ll_cell *cell;
    struct view **views;
    size_t n_views, view_room;
    struct page **pages;
    size_t n_pages, page_room;
    int64_t now;
    bool marked; /* something is to be said of records of the resource (marks.h) */
    size_t raised;
};

/* A registration that meets a change. */
struct met {
    struct page *page; /* of its organisation */
    int64_t watch;     /* 0: everybody's of the organisation */
    const struct view *view;
};

/* --- grants --------------------------------------------------------------------------------------------------------------- */

static bool push(struct ll_arena *arena, void ***list, size_t n, size_t *room, void *one)
{
    if (n == *room) {
        size_t more = *room ? *room * 2 : 16;
        void **fresh = ll_arena_array(arena, more, sizeof *fresh);
        if (!fresh)
            return false;
        if (n)
            memcpy(fresh, *list, n * sizeof *fresh);
        *list = fresh;
        *room = more;
    }
    (*list)[n] = one;
    return true;
}

static bool plain(const struct ll_item *item, const struct ll_grant_item *granted)
{
    return granted && (item->grade < LL_GRADE_SEALED || granted->plain);
}

static void judge_rules(const struct raising *t, struct view *v)
{
    for (size_t i = 0; i < t->c->rules.n; i++) {
        const struct ll_watch_rule *r = &t->c->rules.list[i];
        const struct ll_item *item = r->item[0] ? ll_resource_item(t->c->resource, ll_str(r->item)) : NULL;
        if (!r->item[0] || (item && plain(item, ll_grant_item_of(v->grant, ll_str(item->name)))))
            v->rules |= UINT64_C(1) << i;
    }
}

static int judge_items(struct raising *t, struct view *v, struct ll_err *err)
{
    const struct ll_resource *r = t->c->resource;

    v->granted = ll_arena_array(t->arena, r->n_items + 1, sizeof *v->granted);
    v->items = ll_arena_array(t->arena, r->n_items + 1, sizeof *v->items);
    if (!v->granted || !v->items)
        return ll_no_memory(err);
    for (size_t i = 0; i < r->n_items; i++) {
        const struct ll_grant_item *granted = ll_grant_item_of(v->grant, ll_str(r->items[i].name));
        if (!(v->granted[i] = granted != NULL))
            continue;
        const char *present = ll_arena_printf(t->arena,
                                              "\"%s\":{\"status\":\"%s\",\"value\":", r->items[i].name,
                                              ll_value_state_word(LL_VALUE_PRESENT));
        if (!present)
            return ll_no_memory(err);
        v->items[v->n_items++] = (struct gate_item){&r->items[i], i, granted, ll_str(present)};
    }
    v->shows_key = true;
    for (size_t i = 0; i < r->n_key; i++)
        if (!plain(r->key[i], ll_grant_item_of(v->grant, ll_str(r->key[i]->name))))
            v->shows_key = false;
    return LL_OK;
}

static int view_of(struct raising *t, struct ll_str grant, const struct view **ret, struct ll_err *err)
{
    const struct ll_grant *g = ll_grants_by_id(t->grants, grant);
    struct view *v;
    int rc = LL_OK;

    for (size_t i = 0; i < t->n_views; i++)
        if (t->views[i]->grant == g) {
            *ret = t->views[i];
            return LL_OK;
        }
    if (!(v = ll_arena_alloc(t->arena, sizeof *v)))
        return ll_no_memory(err);
    *v = (struct view){.grant = g};
    if (g) {
        v->in_force = (ll_grant_modes(g) & LL_USE_SUBSCRIBE) && ll_grant_in_force(g, t->now);
        v->tells = (ll_grant_modes(g) & LL_USE_CHANGES) && !g->consent;
        if (t->c->resource) {
            judge_rules(t, v);
            rc = judge_items(t, v, err);
        }
    }
    if (rc == LL_OK && !push(t->arena, (void ***)&t->views, t->n_views, &t->view_room, v))
        rc = ll_no_memory(err);
    t->n_views += rc == LL_OK;
    *ret = v;
    return rc;
}

/* --- pages ---------------------------------------------------------------------------------------------------------------- */

static int open_page(struct raising *t, struct page *p, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int rc = ll_sql(t->tx,
                    "INSERT INTO watch_page (act, organisation, resource, batch, records, subjects, at)"
                    " VALUES ('raised', $1, $2, $3, 0, '', $4) RETURNING seq",
                    &s, err);

    if (rc < 0)
        return rc;
    ll_bind_z(s, 1, p->organisation);
    ll_bind_z(s, 2, t->c->resource ? t->c->resource->name : NULL);
    ll_bind_z(s, 3, t->c->batch);
    ll_bind_int(s, 4, t->c->at);
    if ((rc = ll_step(s, err)) > 0) {
        p->seq = ll_col_int(s, 0);
        rc = ll_step(s, err);
    }
    ll_stmt_done(s);
    p->first = 0;
    p->n = 0;
    p->level = LL_WATCH_BLUE;
    p->last[0] = 0;
    return rc;
}

static int close_page(struct raising *t, struct page *p, struct ll_err *err)
{
    int rc;

    if (!p->seq)
        return LL_OK;
    rc = p->subjects.failed
             ? ll_no_memory(err)
             : ll_exec(
                   t->tx, err,
                   "UPDATE watch_page SET first = $2, records = $3, level = $4, subjects = $5 WHERE seq = $1",
                   "iiiis", p->seq, p->first, (int64_t)p->n, (int64_t)p->level,
                   p->subjects.n ? ll_buf_view(&p->subjects) : LL_STR(""));
    ll_buf_clear(&p->subjects);
    p->seq = 0;
    return rc;
}

/* Where events of the organisation go; it is opened when there is one. */
static int page_of(struct raising *t, struct ll_str organisation, struct page **ret, struct ll_err *err)
{
    struct page *p = NULL;

    for (size_t i = 0; i < t->n_pages && !p; i++)
        if (ll_str_is(organisation, t->pages[i]->organisation))
            p = t->pages[i];
    if (!p) {
        if (!(p = ll_arena_alloc(t->arena, sizeof *p)))
            return ll_no_memory(err);
        *p = (struct page){.organisation = ll_arena_dup(t->arena, organisation),
                           .subjects = LL_BUF_INIT(LL_ENTRY_MAX)};
        if (!p->organisation || !push(t->arena, (void ***)&t->pages, t->n_pages, &t->page_room, p))
            return ll_no_memory(err);
        t->n_pages++;
    }
    *ret = p;
    return LL_OK;
}

static void name_subject(struct page *p, const char *subject)
{
    if (strcmp(p->last, subject) == 0)
        return;
    ll_buf_printf(&p->subjects, "%s\"%s\"", p->subjects.n ? "," : "", subject);
    memcpy(p->last, subject, sizeof p->last);
}

/* --- events --------------------------------------------------------------------------------------------------------------- */

/* Whether anything that the grant gives is concerned; of what did not change item by item everything is. */
static bool concerns(const struct raising *t, const struct view *v, const struct ll_watch_change *c)
{
    if (!t->c->resource || c->act != LL_WATCH_CHANGED || !c->differs)
        return true;
    for (size_t i = 0; i < t->c->resource->n_items; i++)
        if (v->granted[i] && t->c->bytes.p[c->differs + i] == '1')
            return true;
    return false;
}

static const struct ll_watch_rule *rule_of(const struct raising *t, const struct view *v,
                                           const struct ll_watch_change *c)
{
    uint64_t bits = c ? c->rules & (t->c->resource ? v->rules : UINT64_MAX) : 0;

    for (size_t i = 0; i < t->c->rules.n; i++)
        if (bits & (UINT64_C(1) << i))
            return &t->c->rules.list[i]; /* the gravest first */
    return NULL;
}

/* {"key", "shown", "items": [...], "values": {...}}: what is kept sealed of an event under a grant that may be told. */
static void put_body(const struct raising *t, const struct view *v, const struct ll_watch_change *c,
                     struct ll_buf *out)
{
    struct ll_str key = {t->c->bytes.p + c->key, c->n_key};
    struct ll_json j;

    ll_json_init(&j, out);
    ll_json_obj(&j);
    ll_json_key(&j, "key");
    ll_json_raw(&j, key);
    ll_json_kb(&j, "shown", v->shows_key);
    ll_json_key(&j, "values");
    ll_json_obj(&j);
    for (size_t i = 0; c->values && i < v->n_items; i++) {
        const struct gate_item *it = &v->items[i];
        if (c->act == LL_WATCH_CHANGED && c->differs && t->c->bytes.p[c->differs + it->at] != '1')
            continue;
        ll_gate_put_item(
            it, ll_watch_value(t->c, c, it->at),
            t->marked && ll_marks_disputed(t->g->marks, t->c->resource->name, key, it->item->name), &j);
    }
    ll_json_end_obj(&j);
    ll_json_end_obj(&j);
}

/* As base64 in *out; nothing where the grant is told no more than that a call will tell. */
static int seal_body(struct raising *t, const struct view *v, const struct ll_watch_change *c,
                     struct ll_buf *out, struct ll_err *err)
{
    struct ll_buf text = LL_BUF_INIT(BODY_MAX), sealed = LL_BUF_INIT(BODY_MAX * 2);
    int rc = LL_OK;

    if (!v->tells || !c || !c->n_key || !t->c->resource)
        return LL_OK;
    put_body(t, v, c, &text);
    if (!text.failed) /* one that is too long says no more than any other */
        rc = ll_cell_seal(t->cell, ll_buf_view(&text), &sealed, err);
    if (rc == LL_OK && sealed.n)
        ll_base64_put(out, LL_BASE64_STD, sealed.p, sealed.n);
    ll_buf_free(&text);
    ll_buf_free(&sealed);
    return rc < 0 ? rc : out->failed ? ll_no_memory(err) : LL_OK;
}

static int insert(struct raising *t, const struct met *m, const struct ll_watch_change *c,
                  struct ll_str sealed, int64_t *ret, struct ll_err *err)
{
    const struct page *p = m->page;
    const struct ll_watch_rule *rule = rule_of(t, m->view, c);
    enum ll_watch_level level = rule ? rule->level : LL_WATCH_BLUE;
    struct ll_stmt *s = NULL;
    int rc = ll_sql(
        t->tx,
        "INSERT INTO watch_event (page, organisation, watch, resource, access_grant, list, act, level, rule, batch,"
        " sealed, at) VALUES ($1, $2, nullif($3, 0), $4, $5, $6, $7, $8, $9, $10, $11, $12) RETURNING seq",
        &s, err);

    if (rc < 0)
        return rc;
    ll_bind_int(s, 1, p->seq);
    ll_bind_z(s, 2, p->organisation);
    ll_bind_int(s, 3, m->watch);
    ll_bind_z(s, 4, t->c->resource ? t->c->resource->name : NULL);
    ll_bind_z(s, 5, t->c->resource && m->view->grant ? m->view->grant->id : NULL);
    ll_bind_z(s, 6, t->c->listing ? t->c->listing->name : NULL);
    ll_bind_z(s, 7, ll_watch_act_word(c ? c->act : LL_WATCH_WHOLE));
    ll_bind_int(s, 8, level);
    ll_bind_z(s, 9, rule ? rule->name : NULL);
    ll_bind_z(s, 10, t->c->batch);
    ll_bind_text(s, 11, sealed);
    ll_bind_int(s, 12, t->c->at);
    if ((rc = ll_step(s, err)) > 0) {
        *ret = ll_col_int(s, 0);
        rc = ll_step(s, err);
    }
    ll_stmt_done(s);
    return rc;
}

/* c NULL: the resource as a whole. */
static int raise_one(struct raising *t, const struct met *m, const struct ll_watch_change *c,
                     struct ll_err *err)
{
    struct ll_buf sealed = LL_BUF_INIT(BODY_MAX * 3);
    struct page *p = m->page;
    int64_t seq = 0;
    int rc;

    if (c && !concerns(t, m->view, c))
        return LL_OK;
    rc = p->seq ? LL_OK : open_page(t, p, err);
    if (rc == LL_OK && (rc = seal_body(t, m->view, c, &sealed, err)) == LL_OK &&
        (rc = insert(t, m, c, sealed.n ? ll_buf_view(&sealed) : (struct ll_str){NULL, 0}, &seq, err)) ==
            LL_OK) {
        const struct ll_watch_rule *rule = rule_of(t, m->view, c);
        enum ll_watch_level level = rule ? rule->level : LL_WATCH_BLUE;
        p->first = p->first ? p->first : seq;
        p->level = level < p->level ? level : p->level;
        if (c)
            name_subject(p, c->subject);
        t->raised++;
        if (++p->n == LL_WATCH_PAGE)
            rc = close_page(t, p, err);
    }
    ll_buf_free(&sealed);
    return rc;
}

/* --- meeting the watch list -------------------------------------------------------------------------------------------------- */

#define COVER                                                                                                \
    "SELECT subject, organisation, watch, access_grant FROM watch_cover WHERE resource = $1 AND until_at > $2"
enum { C_SUBJECT, C_ORGANISATION, C_WATCH, C_GRANT };

/* A row of watch_cover with the change of its subject. */
static int meet(struct raising *t, struct ll_stmt *s, const struct ll_watch_change *c, struct ll_err *err)
{
    const struct view *v = NULL;
    struct page *p = NULL;
    int rc = view_of(t, ll_col_text(s, C_GRANT), &v, err);

    if (rc < 0 || !v->in_force || (rc = page_of(t, ll_col_text(s, C_ORGANISATION), &p, err)) < 0)
        return rc;
    const struct met m = {p, ll_col_int(s, C_WATCH), v};
    return raise_one(t, &m, c, err);
}

static int by_subject(const void *a, const void *b)
{
    const struct ll_watch_change *x = a, *y = b;
    int c = strcmp(x->subject, y->subject);

    return c ? c : x->key < y->key ? -1 : x->key > y->key;
}

/* Few changes: each subject is looked up. */
static int meet_one_by_one(struct raising *t, size_t at, struct ll_err *err)
{
    int rc = LL_OK;

    for (size_t i = at; rc == LL_OK && i < t->c->n; i++) {
        struct ll_stmt *s = NULL;
        if ((rc = ll_sql(t->tx, COVER " AND subject = $3 ORDER BY organisation", &s, err)) < 0)
            return rc;
        ll_bind_z(s, 1, t->c->resource->name);
        ll_bind_int(s, 2, t->now);
        ll_bind_z(s, 3, t->c->list[i].subject);
        while ((rc = ll_step(s, err)) > 0 && (rc = meet(t, s, &t->c->list[i], err)) == LL_OK)
            ;
        ll_stmt_done(s);
    }
    return rc;
}

/* Many: both in the order of subjects, passed over once; a subject's events are of one transaction. */
static int meet_in_order(struct raising *t, size_t at, struct ll_watch_place *place, struct ll_err *err)
{
    const struct ll_watch_change *list = t->c->list;
    struct ll_stmt *s = NULL;
    size_t n = t->c->n;

    LL_ASSERT(list && at < n);
    int rc = ll_sql(t->tx, COVER " AND subject >= $3 ORDER BY subject, organisation", &s, err);

    if (rc < 0)
        return rc;
    ll_bind_z(s, 1, t->c->resource->name);
    ll_bind_int(s, 2, t->now);
    ll_bind_z(s, 3, list[at].subject);
    while (at < n && (rc = ll_step(s, err)) > 0) {
        struct ll_str subject = ll_col_text(s, C_SUBJECT);
        size_t before = at;
        while (at < n && ll_str_cmp(ll_str(list[at].subject), subject) < 0)
            at++;
        if (at > before && t->raised >= AT_ONCE) {
            memcpy(place->after, list[at - 1].subject, sizeof place->after);
            place->more = at < n;
            break;
        }
        for (size_t i = at; rc >= 0 && i < n && ll_str_is(ll_col_text(s, C_SUBJECT), list[i].subject); i++)
            rc = meet(t, s, &list[i], err);
        if (rc < 0)
            break;
    }
    ll_stmt_done(s);
    return rc < 0 ? rc : LL_OK;
}

/* --- everybody, and lists ---------------------------------------------------------------------------------------------------------- */

static int meet_all(struct raising *t, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int rc = ll_sql(
        t->tx,
        "SELECT NULL, organisation, 0, max(access_grant) FROM watch_cover WHERE resource = $1 AND until_at > $2"
        " GROUP BY organisation ORDER BY organisation",
        &s, err);

    if (rc < 0)
        return rc;
    ll_bind_z(s, 1, t->c->resource->name);
    ll_bind_int(s, 2, t->now);
    while ((rc = ll_step(s, err)) > 0 && (rc = meet(t, s, NULL, err)) == LL_OK)
        ;
    ll_stmt_done(s);
    return rc;
}

/* A list is told to whoever watches its subject under any grant that is in force; one that is for agencies, to agencies. */
static int meet_listed(struct raising *t, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    char last[64] = "";
    int rc = ll_sql(
        t->tx,
        "SELECT w.subject, w.organisation, w.id, c.access_grant FROM watch w JOIN watch_cover c ON c.watch = w.id"
        " WHERE w.subject = $1 AND w.state = 'active' AND c.until_at > $2 ORDER BY w.organisation",
        &s, err);

    if (rc < 0)
        return rc;
    ll_bind_z(s, 1, t->c->list[0].subject);
    ll_bind_int(s, 2, t->now);
    while ((rc = ll_step(s, err)) > 0) {
        struct ll_str code = ll_col_text(s, C_ORGANISATION);
        const struct ll_organisation *o = ll_catalog_organisation(t->cat, code);
        size_t before = t->raised;
        if (ll_str_is(code, last) || (t->c->listing->agencies && (!o || strcmp(o->role, "consumer") == 0)))
            continue;
        if ((rc = meet(t, s, &t->c->list[0], err)) < 0)
            break;
        if (t->raised > before)
            snprintf(last, sizeof last, "%.*s", LL_STR_ARG(code));
    }
    ll_stmt_done(s);
    return rc < 0 ? rc : LL_OK;
}

static int meet_what_happened(struct raising *t, struct ll_watch_place *place, struct ll_err *err)
{
    size_t at = 0;

    if (t->c->over)
        return meet_all(t, err);
    if (!t->c->n)
        return LL_OK;
    if (t->c->listing)
        return meet_listed(t, err);
    while (at < t->c->n && place->after[0] && strcmp(t->c->list[at].subject, place->after) <= 0)
        at++;
    place->more = false;
    if (at == t->c->n)
        return LL_OK;
    return t->c->n <= ONE_BY_ONE ? meet_one_by_one(t, at, err) : meet_in_order(t, at, place, err);
}

int ll_watch_raise(struct ll_gateway *g, struct ll_txn *tx, const struct ll_catalog *cat,
                   struct ll_watch_changes *c, struct ll_watch_place *place, struct ll_err *err)
{
    struct raising t = {.g = g, .tx = tx, .cat = cat, .c = c, .arena = ll_arena_new(0), .now = ll_now_ms()};
    int rc = t.arena ? ll_grants_current(g->grants, &t.grants, err) : ll_no_memory(err);

    if (c->n)
        qsort(c->list, c->n, sizeof *c->list, by_subject);
    if (rc == LL_OK && c->resource)
        rc = ll_marks_any(g->marks, c->resource->name, &t.marked, err);
    if (rc == LL_OK && (c->n || c->over) &&
        (rc = ll_cell_open(g->o.vault, ll_str(LL_WATCH_AS), LL_STR("event"), &t.cell, err)) == LL_OK)
        rc = meet_what_happened(&t, place, err);
    for (size_t i = 0; i < t.n_pages; i++) {
        if (rc == LL_OK)
            rc = close_page(&t, t.pages[i], err);
        ll_buf_free(&t.pages[i]->subjects);
    }
    ll_cell_close(t.cell);
    ll_grants_unref(t.grants);
    ll_arena_free(t.arena);
    return rc;
}
