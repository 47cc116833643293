/* watch_events.c - events of the watch list as its organisation reads them: what is told is what may be told at the moment of reading (watch.h, promises 3, 5 and 6). */
#include "share/watch_impl.h"

#include "base/clock.h"
#include "crypto/base64.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BODY_MAX = 4 << 20 };

struct telling {
    const struct ll_watch_env *env;
    struct ll_grants *grants;
    struct ll_watch_rules rules;
    struct ll_cell *cell;
    struct ll_json *j;
};

/* --- what was kept sealed --------------------------------------------------------------------------------------------------- */

static int open_body(struct telling *t, struct ll_str b64, json_t **ret, struct ll_err *err)
{
    struct ll_buf sealed = LL_BUF_INIT(BODY_MAX), text = LL_BUF_INIT(BODY_MAX);
    int rc = ll_base64_get(b64, LL_BASE64_STD, &sealed, err);

    if (rc == LL_OK && !t->cell)
        rc = ll_cell_open(t->env->g->o.vault, ll_str(LL_WATCH_AS), LL_STR("event"), &t->cell, err);
    if (rc == LL_OK && (rc = ll_cell_unseal(t->cell, ll_buf_view(&sealed), &text, err)) == LL_OK &&
        !(*ret = json_loadb(text.p, text.n, 0, NULL)))
        rc = ll_fail(err, LL_INTERNAL, "监测事件的内容无法识别", "what an event says cannot be read");
    ll_buf_free(&sealed);
    ll_buf_free(&text);
    return rc;
}

static void put_json(struct ll_json *j, const char *name, const json_t *value)
{
    char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);

    ll_json_key(j, name);
    if (text)
        ll_json_raw(j, ll_str(text));
    else
        ll_json_null(j);
    free(text);
}

/* Not what is no longer shared, nor under a grant that is over. */
static bool may_tell(struct telling *t, struct ll_stmt *s, const json_t *key, struct ll_err *err)
{
    const struct ll_grant *g = ll_grants_by_id(t->grants, ll_col_text(s, 4));
    const char *resource = ll_arena_dup(t->env->arena, ll_col_text(s, 3));
    struct ll_marks *marks = ll_gateway_marks(t->env->g);
    bool any = false, withheld = false;
    char *text = json_dumps(key, JSON_COMPACT);

    if (!g || !ll_grant_in_force(g, ll_now_ms()) || !(ll_grant_modes(g) & LL_USE_SUBSCRIBE) || !text ||
        !resource || ll_marks_any(marks, resource, &any, err) < 0) {
        free(text);
        return false;
    }
    withheld = any && ll_marks_withheld(marks, resource, ll_str(text));
    free(text);
    return !withheld;
}

/* "items": which of those that are granted changed; "values", and "key" where the grant shows it. */
static int put_told(struct telling *t, struct ll_stmt *s, struct ll_err *err)
{
    struct ll_err ignored;
    json_t *body = NULL;
    const char *name;
    json_t *value;
    int rc;

    if (ll_col_null(s, 10)) {
        ll_json_kz(t->j, "told", "call");
        return LL_OK;
    }
    if ((rc = open_body(t, ll_col_text(s, 10), &body, err)) < 0)
        return rc;
    bool may = may_tell(t, s, json_object_get(body, "key"), &ignored);
    ll_json_kz(t->j, "told", may ? "values" : "no_longer");
    if (may) {
        json_t *values = json_object_get(body, "values");
        if (json_is_true(json_object_get(body, "shown")))
            put_json(t->j, "key", json_object_get(body, "key"));
        ll_json_key(t->j, "items");
        ll_json_arr(t->j);
        json_object_foreach(values, name, value) ll_json_z(t->j, name);
        ll_json_end_arr(t->j);
        put_json(t->j, "values", values);
    }
    json_decref(body);
    return LL_OK;
}

/* --- one event -------------------------------------------------------------------------------------------------------------- */

static void put_or_null(struct ll_json *j, const char *name, struct ll_stmt *s, int at)
{
    ll_json_key(j, name);
    if (ll_col_null(s, at))
        ll_json_null(j);
    else
        ll_json_str(j, ll_col_text(s, at));
}

static void put_rule(struct telling *t, struct ll_str name)
{
    const struct ll_watch_rule *r = NULL;

    for (size_t i = 0; name.n && i < t->rules.n && !r; i++)
        if (ll_str_is(name, t->rules.list[i].name))
            r = &t->rules.list[i];
    ll_json_kz(t->j, "title", r ? r->title : NULL);
    ll_json_kz(t->j, "title_en", r ? r->title_en : NULL);
}

#define COLUMNS                                                                                                            \
    "SELECT e.seq, e.at, e.watch, e.resource, e.access_grant, e.list, e.act, e.level, e.rule, e.batch, e.sealed, w.mask,"  \
    " w.reference, p.journal FROM watch_event e JOIN watch_page p ON p.seq = e.page LEFT JOIN watch w ON w.id = e.watch"   \
    " WHERE e.organisation = $1 AND p.journal >= 0 AND (w.why IS NULL OR w.why <> 'consent') AND ($2 = 0 OR e.watch = $2)" \
    " AND ($3 < 0 OR e.level = $3)"

static int put_event(struct telling *t, struct ll_stmt *s, struct ll_err *err)
{
    struct ll_json *j = t->j;
    char when[LL_TIME_TEXT];
    int64_t level = ll_col_int(s, 7);
    int rc;

    ll_json_obj(j);
    ll_json_ki(j, "event", ll_col_int(s, 0));
    ll_json_kz(j, "at", ll_time_text(ll_col_int(s, 1), when));
    if (ll_col_null(s, 2))
        ll_json_kz(j, "watch", NULL);
    else
        ll_json_ki(j, "watch", ll_col_int(s, 2));
    put_or_null(j, "subject", s, 11);
    put_or_null(j, "reference", s, 12);
    ll_json_ks(j, "act", ll_col_text(s, 6));
    ll_json_kz(j, "level",
               ll_watch_level_word(level >= 0 && level < LL_WATCH_LEVEL_COUNT ? (enum ll_watch_level)level
                                                                              : LL_WATCH_BLUE));
    put_or_null(j, "rule", s, 8);
    put_rule(t, ll_col_text(s, 8));
    put_or_null(j, "resource", s, 3);
    put_or_null(j, "list", s, 5);
    put_or_null(j, "batch", s, 9);
    ll_json_ki(j, "entry", ll_col_int(s, 13));
    rc = put_told(t, s, err);
    ll_json_end_obj(j);
    return rc;
}

static int read_cursor(const struct ll_watch_feed *f, int64_t *ret, struct ll_err *err)
{
    *ret = f->newest ? INT64_MAX : 0;
    if (!f->cursor.n || ll_str_i64(f->cursor, 0, INT64_MAX - 1, ret))
        return LL_OK;
    return ll_fail(err, LL_USAGE, "游标不是本接口给出的", "the cursor is not one that this service gave");
}

static int put_events(struct telling *t, const struct ll_watch_feed *f, int64_t *at, bool *more,
                      size_t *ret_n, struct ll_err *err)
{
    enum ll_watch_level level = LL_WATCH_LEVEL_COUNT;
    struct ll_stmt *s = NULL;
    int rc, step = 0;

    if (f->level && !ll_watch_level_parse(ll_str(f->level), &level))
        return ll_fail(err, LL_USAGE, "没有预警等级 %s", "there is no level %s", f->level);
    rc = ll_sql(t->env->tx,
                f->newest ? COLUMNS " AND e.seq < $4 ORDER BY e.seq DESC LIMIT $5"
                          : COLUMNS " AND e.seq > $4 ORDER BY e.seq LIMIT $5",
                &s, err);
    if (rc < 0)
        return rc;
    ll_bind_z(s, 1, f->organisation);
    ll_bind_int(s, 2, f->watch);
    ll_bind_int(s, 3, f->level ? (int64_t)level : -1);
    ll_bind_int(s, 4, *at);
    ll_bind_int(s, 5, (int64_t)f->limit + 1);
    while (rc == LL_OK && (step = ll_step(s, err)) > 0) {
        if ((*more = *ret_n == f->limit))
            break;
        *at = ll_col_int(s, 0);
        ++*ret_n;
        rc = put_event(t, s, err);
    }
    ll_stmt_done(s);
    return rc < 0 ? rc : step < 0 ? step : LL_OK;
}

int ll_watch_events_put(const struct ll_watch_env *env, const struct ll_watch_feed *f, struct ll_json *j,
                        size_t *ret_n, struct ll_err *err)
{
    struct telling t = {.env = env, .j = j};
    bool more = false;
    char text[24];
    int64_t at;
    int rc = read_cursor(f, &at, err);

    *ret_n = 0;
    if (rc < 0 || (rc = ll_watch_rules_read(env->tx, "*", env->arena, &t.rules, err)) < 0 ||
        (rc = ll_grants_current(ll_gateway_grants(env->g), &t.grants, err)) < 0)
        return rc;
    ll_json_key(j, "items");
    ll_json_arr(j);
    rc = put_events(&t, f, &at, &more, ret_n, err);
    ll_json_end_arr(j);
    snprintf(text, sizeof text, "%" PRId64, at == INT64_MAX ? 0 : at);
    ll_json_kz(j, "cursor", text);
    ll_json_kb(j, "more", more);
    ll_cell_close(t.cell);
    ll_grants_unref(t.grants);
    return rc;
}
