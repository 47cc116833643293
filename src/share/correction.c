/* correction.c - finds whom a change concerns and writes the pages (correction.h). */
#include "share/correction_impl.h"

#include "base/clock.h"
#include "crypto/base64.h"
#include "intake/differ.h"
#include "share/lookrow.h"
#include "share/subject_impl.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    SHOWN_LATE_MS = 1000,
    ONE_BY_ONE = 1000,
    PAGE = 200,
    PAGE_MAX = 4 << 20,
    GRANTS = 64,
    CHANGED_MAX = 1000000
};

/* --- what changed -------------------------------------------------------------------------------------------------------------- */

void ll_changed_free(struct ll_changed_list *l)
{
    free(l->list);
    ll_buf_free(&l->keys);
    ll_arena_free(l->scratch);
}

static bool make_room(struct ll_changed_list *l)
{
    size_t more = l->room ? l->room * 2 : 1024;
    void *p;

    if (l->n < l->room)
        return true;
    if (!(p = realloc(l->list, more * sizeof *l->list)))
        return false;
    l->list = p;
    l->room = more;
    return true;
}

int ll_changed_add(struct ll_changed_list *l, const struct ll_str *key, const struct gate_who *who, bool gone,
                   struct ll_err *err)
{
    struct ll_gate gate = {.g = l->g, .resource = l->resource};
    const struct ll_look look = {.key = key, .n_key = l->resource->n_key};
    struct ll_json j;

    if (l->n >= CHANGED_MAX) { /* too many to name: everybody is told to take all of it anew */
        l->over = true;
        return LL_OK;
    }
    if (!make_room(l))
        return ll_no_memory(err);
    struct ll_changed *c = &l->list[l->n];
    *c = (struct ll_changed){.key = l->keys.n, .gone = gone};
    ll_json_init(&j, &l->keys);
    ll_json_arr(&j);
    for (size_t i = 0; i < look.n_key; i++)
        ll_json_str(&j, key[i]);
    ll_json_end_arr(&j);
    c->n_key = l->keys.n - c->key;
    if (l->keys.failed)
        return ll_no_memory(err);
    int rc = ll_gate_subject(&gate, &look, who, c->subject, err);
    l->n += rc == LL_OK;
    return rc;
}

/* As a call notes it (gateway_changes.c). */
static int one_row(void *ctx, const struct ll_lake_value *items, int64_t row, bool gone, struct ll_err *err)
{
    struct ll_changed_list *l = ctx;
    const struct ll_resource *r = l->resource;
    struct gate_who who = {NULL, {NULL, 0}};
    struct ll_str *key;

    (void)row;
    ll_arena_reset(l->scratch);
    if (!(key = ll_arena_array(l->scratch, r->n_key + 1, sizeof *key)))
        return ll_no_memory(err);
    for (size_t i = 0; i < r->n_key; i++) {
        const struct ll_lake_value *v = &items[r->key[i] - r->items];
        const char *text = v->kind == LL_LV_INT ? ll_arena_printf(l->scratch, "%" PRId64, v->i)
                                                : ll_arena_dup(l->scratch, v->s);
        if (!text)
            return ll_no_memory(err);
        key[i] = v->kind == LL_LV_INT ? ll_str(text) : (struct ll_str){text, v->s.n};
    }
    for (size_t i = 0; i < r->n_items && !who.name; i++)
        if (r->items[i].role == LL_ROLE_SUBJECT && items[i].kind == LL_LV_TEXT && items[i].s.n)
            who = (struct gate_who){ll_subject_id_type(&r->items[i], items[i].s), items[i].s};
    return ll_changed_add(l, key, &who, gone, err);
}

int ll_changed_of(struct ll_changed_list *l, struct ll_data *d, const struct ll_batch *b, bool withdrawn,
                  struct ll_err *err)
{
    struct ll_arena *arena = ll_arena_new(0);
    struct ll_batch *live = NULL;
    size_t n = 0;
    int rc = arena ? LL_OK : ll_no_memory(err);

    if (rc == LL_OK && withdrawn)
        rc = ll_batch_rows(d, l->resource, b, -1, CHANGED_MAX + 1, one_row, l, err);
    else if (rc == LL_OK && (rc = ll_batch_live(d, b->resource, b->version, b->published_at - 1, NULL, arena,
                                                &live, &n, err)) == LL_OK)
        rc = ll_batch_differs(d, l->resource, b, live, n, one_row, l, err);
    ll_arena_free(arena);
    return rc;
}

int ll_changed_record(struct ll_gateway *g, const char *record, struct ll_arena *arena,
                      struct ll_changed_list *l, struct ll_err *err)
{
    const struct ll_resource *r = l->resource;
    struct gate_who who = {NULL, {NULL, 0}};
    struct ll_table *t = NULL;
    struct ll_subject_id own;
    struct ll_str *key;
    size_t n;
    int rc;

    if (ll_key_parse(ll_str(record), arena, &key, &n, err) < 0 || n != r->n_key)
        return LL_OK; /* it names no record of the resource as it is now */
    if ((rc = ll_tables_take(g->o.tables, r->name, &t, err)) < 0)
        return rc;
    for (size_t i = 0; i < n && !who.name; i++)
        if (r->key[i]->role == LL_ROLE_SUBJECT)
            who = (struct gate_who){ll_subject_id_type(r->key[i], key[i]), key[i]};
    if ((rc = ll_table_find(t, key, n, err)) > 0) {
        if (!who.name && ll_subject_own_id(r, t, &own))
            who = (struct gate_who){own.type, own.value};
        rc = ll_changed_add(l, key, &who, false, err);
    }
    ll_tables_give(g->o.tables, t);
    return rc < 0 ? rc : LL_OK;
}

/* --- pages --------------------------------------------------------------------------------------------------------------------------- */

/* A page that fills, of one organisation. */
struct page {
    const char *organisation;
    struct ll_buf text;
    struct ll_json j;
    size_t n;
};

struct telling {
    struct ll_gateway *g;
    struct ll_txn *tx;
    const struct ll_notice *notice;
    const struct ll_changed_list *changed;
    struct ll_arena *arena, *scratch; /* scratch: of the subject at hand */
    struct page **pages;
    size_t n_pages, room;
    struct ll_cell *cell;
    struct {
        const char *grant;
        bool shows;
    } grants[GRANTS]; /* seen last */
    size_t n_grants;
};

static int write_page(struct telling *t, struct page *p, struct ll_err *err)
{
    struct ll_buf sealed = LL_BUF_INIT(PAGE_MAX * 2), b64 = LL_BUF_INIT(PAGE_MAX * 3);
    int rc = LL_OK;

    if (p->n)
        ll_json_end_arr(&p->j);
    else
        ll_buf_z(&p->text, "[]");
    if (p->text.failed)
        rc = ll_no_memory(err);
    if (rc == LL_OK && (rc = ll_cell_seal(t->cell, ll_buf_view(&p->text), &sealed, err)) == LL_OK) {
        ll_base64_put(&b64, LL_BASE64_STD, sealed.p, sealed.n);
        rc = b64.failed
                 ? ll_no_memory(err)
                 : ll_exec(t->tx, err,
                           "INSERT INTO correction (organisation, resource, act, batch, records, sealed, at)"
                           " VALUES ($1, $2, $3, $4, $5, $6, $7)",
                           "zzzzisi", p->organisation, t->notice->resource, t->notice->act, t->notice->batch,
                           (int64_t)p->n, ll_buf_view(&b64), t->notice->at);
    }
    ll_buf_free(&sealed);
    ll_buf_free(&b64);
    ll_buf_clear(&p->text);
    p->n = 0;
    return rc;
}

static struct page *page_of(struct telling *t, struct ll_str organisation)
{
    for (size_t i = 0; i < t->n_pages; i++)
        if (ll_str_is(organisation, t->pages[i]->organisation))
            return t->pages[i];
    if (t->n_pages == t->room) {
        size_t more = t->room ? t->room * 2 : 16;
        struct page **fresh = ll_arena_array(t->arena, more, sizeof *fresh);
        if (!fresh)
            return NULL;
        if (t->n_pages)
            memcpy(fresh, t->pages, t->n_pages * sizeof *fresh);
        t->pages = fresh;
        t->room = more;
    }
    struct page *p = ll_arena_alloc(t->arena, sizeof *p);
    if (!p || !(p->organisation = ll_arena_dup(t->arena, organisation)))
        return NULL;
    p->text = LL_BUF_INIT(PAGE_MAX);
    return t->pages[t->n_pages++] = p;
}

/* Promise (3): the key is the subject's alone, and its parts are granted as they are. */
static bool grant_shows(const struct ll_resource *r, const struct ll_grant *g)
{
    for (size_t i = 0; i < r->n_key; i++) {
        const struct ll_grant_item *granted = ll_grant_item_of(g, ll_str(r->key[i]->name));
        if (!granted || r->key[i]->role != LL_ROLE_SUBJECT || (r->key[i]->grade >= 3 && !granted->plain))
            return false;
    }
    return true;
}

static int shows(struct telling *t, struct ll_str grant, bool *ret, struct ll_err *err)
{
    struct ll_grant g;
    const char *id;
    int rc;

    for (size_t i = 0; i < t->n_grants; i++)
        if (ll_str_is(grant, t->grants[i].grant)) {
            *ret = t->grants[i].shows;
            return LL_OK;
        }
    if (!(id = ll_arena_dup(t->arena, grant)))
        return ll_no_memory(err);
    *ret = false;
    if ((rc = ll_grant_get(t->tx, id, t->arena, &g, err)) == LL_NOTFOUND)
        return LL_OK;
    if (rc < 0)
        return rc;
    *ret = grant_shows(t->changed->resource, &g);
    if (t->n_grants < GRANTS) {
        t->grants[t->n_grants].grant = id;
        t->grants[t->n_grants++].shows = *ret;
    }
    return LL_OK;
}

static int tell(struct telling *t, const struct ll_recipient *r, const struct ll_changed *c,
                struct ll_err *err)
{
    struct page *p;
    bool key = false;
    int rc;

    if (r->at < t->notice->got_after || r->at > t->notice->got_before)
        return LL_OK;
    if (!(p = page_of(t, ll_str(r->organisation))))
        return ll_no_memory(err);
    if ((rc = shows(t, ll_str(r->grant), &key, err)) < 0)
        return rc;
    if (!p->n) {
        ll_json_init(&p->j, &p->text);
        ll_json_arr(&p->j);
    }
    ll_json_obj(&p->j);
    ll_json_ki(&p->j, "entry", r->entry);
    ll_json_kz(&p->j, "change", c->gone ? "deleted" : t->notice->change);
    if (key) {
        ll_json_key(&p->j, "key");
        ll_json_raw(&p->j, (struct ll_str){t->changed->keys.p + c->key, c->n_key});
    }
    ll_json_end_obj(&p->j);
    return ++p->n < PAGE ? LL_OK : write_page(t, p, err);
}

/* --- meeting the recipients ------------------------------------------------------------------------------------------------------------ */

static int by_subject(const void *a, const void *b)
{
    return strcmp(((const struct ll_changed *)a)->subject, ((const struct ll_changed *)b)->subject);
}

static int by_organisation(const void *a, const void *b)
{
    return strcmp(((const struct ll_recipient *)a)->organisation,
                  ((const struct ll_recipient *)b)->organisation);
}

/* All changes of one subject, to everybody who got something of it. */
static int tell_of(struct telling *t, struct ll_recipients *to, size_t from, size_t n, struct ll_err *err)
{
    int rc = LL_OK;

    if (to->n > 1)
        qsort(to->list, to->n, sizeof *to->list, by_organisation);
    for (size_t k = 0; k < to->n; k++)
        for (size_t i = from; rc == LL_OK && i < from + n; i++)
            rc = tell(t, &to->list[k], &t->changed->list[i], err);
    return rc;
}

/* How many changes from this one on are of the same subject. */
static size_t same_subject(const struct ll_changed_list *l, size_t from)
{
    size_t n = 1;

    while (from + n < l->n && strcmp(l->list[from].subject, l->list[from + n].subject) == 0)
        n++;
    return n;
}

/* Few changes: each subject is looked up. */
static int meet_one_by_one(struct telling *t, struct ll_err *err)
{
    struct ll_recipients to = {.arena = t->scratch};
    int rc = LL_OK;

    for (size_t i = 0, n; rc == LL_OK && i < t->changed->n; i += n) {
        struct ll_stmt *s = NULL;
        n = same_subject(t->changed, i);
        if ((rc = ll_sql(t->tx, "SELECT entries FROM look WHERE subject = $1", &s, err)) < 0)
            return rc;
        ll_bind_z(s, 1, t->changed->list[i].subject);
        while ((rc = ll_step(s, err)) > 0 &&
               (rc = ll_recipients_add(&to, t->tx, t->notice->resource, ll_col_text(s, 0), err)) == LL_OK)
            ;
        ll_stmt_done(s);
        if (rc == LL_OK)
            rc = tell_of(t, &to, i, n, err);
        ll_arena_reset(t->scratch);
        to = (struct ll_recipients){.arena = t->scratch};
    }
    return rc;
}

/* Many: both in the order of subjects, passed over once. */
static int meet_in_order(struct telling *t, struct ll_err *err)
{
    const struct ll_changed_list *l = t->changed;
    struct ll_recipients to = {.arena = t->scratch};
    struct ll_stmt *s = NULL;
    size_t at = 0;
    int rc = ll_sql(t->tx, "SELECT subject, entries FROM look ORDER BY subject", &s, err);

    while (rc >= 0 && at < l->n && (rc = ll_step(s, err)) > 0) {
        struct ll_str subject = ll_col_text(s, 0);
        while (rc >= 0 && at < l->n && ll_str_cmp(ll_str(l->list[at].subject), subject) < 0) {
            size_t n = same_subject(l, at);
            rc = tell_of(t, &to, at, n, err);
            ll_arena_reset(t->scratch);
            to = (struct ll_recipients){.arena = t->scratch};
            at += n;
        }
        if (rc >= 0 && at < l->n && ll_str_is(subject, l->list[at].subject))
            rc = ll_recipients_add(&to, t->tx, t->notice->resource, ll_col_text(s, 1), err);
    }
    if (rc >= 0 && at < l->n)
        rc = tell_of(t, &to, at, same_subject(l, at), err);
    ll_stmt_done(s);
    return rc < 0 ? rc : LL_OK;
}

/* Of the resource as a whole: everybody who ever got something of it. */
static int meet_all(struct telling *t, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int rc = ll_sql(t->tx, "SELECT DISTINCT organisation FROM look_entry WHERE resource = $1", &s, err);

    if (rc < 0)
        return rc;
    ll_bind_z(s, 1, t->notice->resource);
    while ((rc = ll_step(s, err)) > 0)
        if (!page_of(t, ll_col_text(s, 0))) {
            rc = ll_no_memory(err);
            break;
        }
    ll_stmt_done(s);
    for (size_t i = 0; rc == LL_OK && i < t->n_pages; i++)
        rc = write_page(t, t->pages[i], err);
    return rc;
}

static int meet(struct telling *t, struct ll_err *err)
{
    const struct ll_changed_list *l = t->changed;
    int rc;

    if (t->notice->whole || l->over)
        return meet_all(t, err);
    rc = l->n <= ONE_BY_ONE ? meet_one_by_one(t, err) : meet_in_order(t, err);
    for (size_t i = 0; rc == LL_OK && i < t->n_pages; i++)
        if (t->pages[i]->n)
            rc = write_page(t, t->pages[i], err);
    return rc;
}

int ll_correction_tell(struct ll_gateway *g, struct ll_txn *tx, const struct ll_notice *notice,
                       struct ll_changed_list *changed, struct ll_err *err)
{
    struct telling t = {.g = g,
                        .tx = tx,
                        .notice = notice,
                        .changed = changed,
                        .arena = ll_arena_new(0),
                        .scratch = ll_arena_new(0)};
    bool any = changed->n || notice->whole || changed->over;
    int rc = t.arena && t.scratch ? LL_OK : ll_no_memory(err);

    if (changed->n)
        qsort(changed->list, changed->n, sizeof *changed->list, by_subject);
    if (rc == LL_OK && any && notice->corrects)
        rc = ll_correction_reports(tx, notice, changed, err);
    if (rc == LL_OK && any &&
        (rc = ll_cell_open(g->o.vault, ll_str(LL_CORRECTIONS_AS), LL_STR("page"), &t.cell, err)) == LL_OK)
        rc = meet(&t, err);
    for (size_t i = 0; i < t.n_pages; i++)
        ll_buf_free(&t.pages[i]->text);
    ll_cell_close(t.cell);
    ll_arena_free(t.scratch);
    ll_arena_free(t.arena);
    return rc;
}
