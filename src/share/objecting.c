/* objecting.c - see objecting.h. */
#include "share/objecting.h"

#include "base/log.h"
#include "crypto/random.h"
#include "share/gateway_impl.h"
#include "share/recordname.h"
#include "share/subject_impl.h"

#include <string.h>

enum { REASON_MIN = 4, REASON_MAX = 2000, PARTS_MAX = 16, KEY_MAX = 480, STATE_MAX = 1 << 20, AT_ONCE = 100 };

/* --- the record as it is --------------------------------------------------------------------------------------------- */

/* What the record that t stands on, named by its key, says in these items (NULL: in all of them). */
static int state_of(struct ll_gateway *g, const struct ll_resource *r, struct ll_table *t, const char *items,
                    char out[LL_PSEUDONYM_TEXT], struct ll_err *err)
{
    struct ll_buf text = LL_BUF_INIT(STATE_MAX);
    struct ll_json j;

    ll_json_init(&j, &text);
    ll_json_arr(&j);
    ll_record_put_key(r, t, false, &j);
    for (size_t i = 0; i < r->n_items; i++)
        if (!items || ll_str_has_word(ll_str(items), ll_str(r->items[i].name)))
            ll_record_put_value(&r->items[i], ll_record_value(r, i, t), &j);
    ll_json_end_arr(&j);
    int rc = text.failed ? ll_fail(err, LL_TOOBIG, "记录过长", "the record is too long")
                         : ll_gateway_pseudonym(g, "objection", ll_buf_view(&text), out, err);
    ll_buf_wipe(&text);
    return rc;
}

/* --- adding ------------------------------------------------------------------------------------------------------------ */

static int check_text(const struct ll_objecting *w, const struct ll_resource *r, struct ll_err *err)
{
    size_t n = ll_utf8_count(ll_str(w->reason));

    if (w->n_key != r->n_key || w->n_key > PARTS_MAX)
        return ll_fail(err, LL_USAGE, "%s 的主键有 %zu 部分，收到 %zu 个",
                       "the key of %s has %zu parts, got %zu", r->name, r->n_key, w->n_key);
    for (size_t i = 0; i < w->n_items; i++)
        if (!ll_resource_item(r, ll_str(w->items[i])))
            return ll_fail(err, LL_INVALID, "没有信息项 %s", "there is no item %s", w->items[i]);
    return n >= REASON_MIN && n <= REASON_MAX
               ? LL_OK
               : ll_fail(err, LL_INVALID, "异议应有 %d 到 %d 个字符，说明错在哪里",
                         "the objection must have %d to %d characters and say what is wrong", REASON_MIN,
                         REASON_MAX);
}

static int no_record(const struct ll_objecting *w, struct ll_err *err)
{
    return ll_fail(err, LL_NOTFOUND, "%s 中没有属于您的这条记录", "there is no such record of yours in %s",
                   w->resource);
}

/* The items as words, in the order of the resource and each once. */
static void put_items(const struct ll_objecting *w, const struct ll_resource *r, struct ll_buf *out)
{
    for (size_t i = 0; i < r->n_items; i++)
        for (size_t k = 0; k < w->n_items; k++)
            if (strcmp(r->items[i].name, w->items[k]) == 0) {
                ll_buf_printf(out, "%s%s", out->n ? " " : "", w->items[k]);
                break;
            }
}

/* Promise (1).  record: its key, as the record itself writes it. */
static int look(struct ll_gateway *g, const struct ll_resource *r, const struct ll_objecting *w,
                const char *items, struct ll_buf *record, char was[LL_PSEUDONYM_TEXT], struct ll_err *err)
{
    struct ll_str key[PARTS_MAX];
    struct ll_table *t = NULL;
    char own[LL_ID_MAX * 4];
    struct ll_json j;
    int rc = ll_tables_take_now(g->o.tables, r->name, &t, err);

    ll_mask(w->value, own, sizeof own);
    for (size_t i = 0; i < w->n_key; i++)
        key[i] = strcmp(w->key[i], own) == 0 ? w->value : ll_str(w->key[i]);
    if (rc == LL_OK && (rc = ll_table_find(t, key, w->n_key, err)) >= 0)
        rc = rc > 0 && ll_subject_owns(r, t, w->scheme, w->value) ? state_of(g, r, t, items, was, err)
                                                                  : no_record(w, err);
    if (rc == LL_OK) {
        ll_json_init(&j, record);
        ll_record_put_key(r, t, false, &j);
        rc = record->failed ? ll_fail(err, LL_TOOBIG, "主键过长", "the key is too long") : LL_OK;
    }
    ll_tables_give(g->o.tables, t);
    return rc;
}

/* `was` is the same only for the same items of the same record, so that no stored key need be opened. */
static int check_open(struct ll_txn *tx, const struct ll_objecting *w, const char *was, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int64_t same = 0, open = 0;
    int rc = ll_sql(
        tx,
        "SELECT count(*), coalesce(sum(was = $2 AND resource = $3), 0) FROM objection WHERE subject = $1"
        " AND state NOT IN ('settled', 'withdrawn')",
        &s, err);

    if (rc < 0)
        return rc;
    ll_bind_z(s, 1, w->subject);
    ll_bind_z(s, 2, was);
    ll_bind_z(s, 3, w->resource);
    if ((rc = ll_step(s, err)) > 0) {
        open = ll_col_int(s, 0);
        same = ll_col_int(s, 1);
    }
    ll_stmt_done(s);
    if (rc < 0)
        return rc;
    if (same)
        return ll_fail(err, LL_CONFLICT, "对这条记录的异议正在办理",
                       "an objection to this record is open already");
    return open < LL_OBJECTING_OPEN_MAX
               ? LL_OK
               : ll_fail(err, LL_TOOMANY, "未办结的异议已有 %d 件，请等待办结",
                         "%d objections are open already: wait until some of them end",
                         LL_OBJECTING_OPEN_MAX);
}

int ll_objecting_add(struct ll_gateway *g, struct ll_txn *tx, const struct ll_catalog *cat,
                     const struct ll_objecting *what, const struct ll_actor *actor, char id[LL_FLOW_ID_TEXT],
                     struct ll_err *err)
{
    const struct ll_resource *r = ll_catalog_resource(cat, ll_str(what->resource));
    struct ll_buf record = LL_BUF_INIT(KEY_MAX), items = LL_BUF_INIT(4096);
    struct ll_objection draft = {.subject = what->subject, .resource = what->resource, .doubt = what->reason};
    char was[LL_PSEUDONYM_TEXT];
    int rc = r ? check_text(what, r, err) : no_record(what, err);

    if (rc == LL_OK) {
        put_items(what, r, &items);
        draft.item = items.n ? items.p : NULL;
        rc = items.failed ? ll_no_memory(err) : look(g, r, what, draft.item, &record, was, err);
    }
    draft.record = record.p;
    if (rc == LL_OK && (rc = check_open(tx, what, was, err)) == LL_OK)
        rc = ll_objection_begin(tx, g->o.vault, r, &draft, was, actor, id, err);
    ll_buf_free(&record);
    ll_buf_free(&items);
    return rc;
}

/* --- settling ---------------------------------------------------------------------------------------------------------- */

/* An objection that was found right. */
struct awaited {
    const char *id, *resource, *record, *items, *was;
    int64_t change; /* the resource's newest change */
};

/* Where a withdrawal's segments are not listed anew yet, what shows is not what holds: they come in a later round. */
static const char next_awaited[] =
    "SELECT id, resource, record, item, was, change FROM (SELECT o.id, o.resource, o.record, o.item, o.was, o.checked,"
    " coalesce((SELECT max(c.seq) FROM change_event c WHERE c.resource = o.resource), 0) AS change FROM objection o"
    " WHERE o.state = 'to_be_corrected' AND o.was IS NOT NULL"
    " AND NOT EXISTS (SELECT 1 FROM segment s WHERE s.resource = o.resource AND s.built_at = 0))"
    " WHERE checked < change LIMIT 100";

static int read_awaited(struct ll_gateway *g, struct ll_arena *arena, struct awaited *list, size_t *n,
                        struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    struct ll_stmt *s = NULL;
    bool nomem = false;
    int rc = ll_txn_begin(g->o.store, false, &tx, err);

    if (rc == LL_OK)
        rc = ll_sql(tx, next_awaited, &s, err);
    for (*n = 0; *n < AT_ONCE && rc >= 0 && (rc = ll_step(s, err)) > 0; ++*n)
        list[*n] = (struct awaited){ll_col_dup(s, 0, arena, &nomem), ll_col_dup(s, 1, arena, &nomem),
                                    ll_col_dup(s, 2, arena, &nomem), ll_col_dup(s, 3, arena, &nomem),
                                    ll_col_dup(s, 4, arena, &nomem), ll_col_int(s, 5)};
    ll_stmt_done(s);
    ll_txn_end(tx);
    for (size_t i = 0; i < *n && !nomem; i++)
        list[i].record = ll_record_name_open(g->o.vault, list[i].resource, list[i].record, arena);
    return nomem ? ll_no_memory(err) : rc < 0 ? rc : LL_OK;
}

/* 1: it no longer says what was objected to.  0: it does, or cannot be compared, since the resource has another shape now. */
static int corrected(struct ll_gateway *g, const struct ll_resource *r, const struct awaited *a,
                     struct ll_arena *arena, struct ll_err *err)
{
    char now[LL_PSEUDONYM_TEXT];
    struct ll_table *t = NULL;
    struct ll_str *key;
    size_t n;
    int rc;

    if (!r || ll_key_parse(ll_str(a->record), arena, &key, &n, NULL) < 0 || n != r->n_key)
        return 0;
    if ((rc = ll_tables_take_now(g->o.tables, r->name, &t, err)) < 0)
        return rc;
    rc = ll_table_find(t, key, n, err);
    if (rc == 0)
        rc = 1;
    else if (rc > 0 && (rc = state_of(g, r, t, a->items, now, err)) == LL_OK)
        rc = strcmp(now, a->was) != 0;
    ll_tables_give(g->o.tables, t);
    return rc;
}

static int settle(struct ll_gateway *g, const struct ll_catalog *cat, const struct awaited *a,
                  struct ll_arena *arena, struct ll_err *err)
{
    const struct ll_flow_act act = {.action = "corrected"};
    struct ll_txn *tx = NULL;
    int rc = corrected(g, ll_catalog_resource(cat, ll_str(a->resource)), a, arena, err), done = rc;

    if (rc < 0 || (rc = ll_txn_begin(g->o.store, true, &tx, err)) < 0)
        return rc;
    rc = done ? ll_objection_act(tx, a->id, &act, err)
              : ll_exec(tx, err, "UPDATE objection SET checked = $1 WHERE id = $2", "iz", a->change, a->id);
    if (rc == LL_OK)
        rc = ll_txn_commit(tx, err);
    ll_txn_end(tx);
    return rc == LL_CONFLICT ? LL_OK : rc; /* somebody was quicker */
}

int ll_objecting_settle(struct ll_gateway *g, struct ll_err *err)
{
    struct ll_arena *arena = ll_arena_new(0);
    struct ll_catalog *cat = NULL;
    struct awaited *list = arena ? ll_arena_array(arena, AT_ONCE, sizeof *list) : NULL;
    size_t n = 0;
    int rc = list ? read_awaited(g, arena, list, &n, err) : ll_no_memory(err);

    if (rc == LL_OK && n)
        rc = ll_catalog_live_get(g->o.catalog, false, &cat, err);
    for (size_t i = 0; i < n && rc == LL_OK; i++)
        rc = settle(g, cat, &list[i], arena, err);
    ll_catalog_unref(cat);
    ll_arena_free(arena);
    return rc;
}
