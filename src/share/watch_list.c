/* watch_list.c - the watch list as it is told: to its organisation, to auditors, and to the subject (watch.h). */
#include "share/watch_impl.h"

#include "base/clock.h"
#include "store/rows.h"

#define COLUMN(kind, member) LL_ROW(kind, ll_watch, member)
static const char *word_of(struct ll_stmt *s, int at)
{
    int64_t l = ll_col_null(s, at) ? -1 : ll_col_int(s, at);

    return l >= 0 && l < LL_WATCH_LEVEL_COUNT ? ll_watch_level_word((enum ll_watch_level)l) : NULL;
}

static int read_level(struct ll_stmt *s, struct ll_arena *arena, void *row, struct ll_err *err)
{
    (void)arena, (void)err;
    ((struct ll_watch *)row)->level = word_of(s, 12);
    return LL_OK;
}

static const struct ll_row_column columns[] = {
    COLUMN(INT, id),       COLUMN(TEXT, organisation), COLUMN(TEXT, mask),   COLUMN(TEXT, reference),
    COLUMN(TEXT, purpose), COLUMN(TEXT, state),        COLUMN(TEXT, why),    COLUMN(TEXT, account),
    COLUMN(TEXT, client),  COLUMN(INT, until_at),      COLUMN(INT, made_at), COLUMN(OR_NONE, ended_at),
    LL_ROW_OTHER,          COLUMN(OR_NONE, event_at)};
static const struct ll_row_form rows = {columns, LL_COUNT(columns), sizeof(struct ll_watch), read_level};

/* The gravest level counts for a month, so that lesser events do not hide it. */
#define COLUMNS                                                                                                           \
    "SELECT id, organisation, mask, reference, purpose, state, why, account, client, until_at, made_at, ended_at,"        \
    " (SELECT min(level) FROM watch_event e WHERE e.watch = watch.id AND e.at >= $7), (SELECT max(at) FROM watch_event e" \
    " WHERE e.watch = watch.id)"
/* What is asked for by something that has an index comes first; a million rows are not passed over for one. */
#define REST                                                                                                                    \
    " AND ($1 IS NULL OR organisation = $1) AND ($2 IS NULL OR state = $2) AND ($3 < 0 OR id IN (SELECT watch FROM watch_event" \
    " WHERE ($1 IS NULL OR organisation = $1) AND level = $3 AND at >= $7)) AND ($4 IS NULL OR reference = $4)"                 \
    " AND ($5 IS NULL OR subject = $5) AND ($6 = 0 OR id = $6)"
#define QUERY(first)                                                                                         \
    {                                                                                                        \
        COLUMNS " FROM watch WHERE " first REST " ORDER BY id DESC LIMIT $8 OFFSET $9",                      \
            "SELECT count(*) FROM watch WHERE " first REST                                                   \
    }
enum { BY_ID, BY_SUBJECT, BY_REFERENCE, BY_LEVEL, BY_ORGANISATION, BY_NOTHING };
static const struct {
    const char *list, *count;
} queries[] = {
    [BY_ID] = QUERY("id = $6"),
    [BY_SUBJECT] = QUERY("subject = $5"),
    [BY_REFERENCE] = QUERY("reference = $4"),
    [BY_LEVEL] = QUERY(
        "id IN (SELECT watch FROM watch_event WHERE organisation = $1 AND level = $3 AND at >= $7)"),
    [BY_ORGANISATION] = QUERY("organisation = $1"),
    [BY_NOTHING] = QUERY("1 = 1"),
};
/* Of a whole list the count is kept (triggers of schema step 37). */
#define COUNTED                                                                                                          \
    "SELECT coalesce(sum(n), 0) FROM watch_count WHERE ($1 IS NULL OR organisation = $1) AND ($2 IS NULL OR state = $2)" \
    " AND $3 < 0 AND $4 IS NULL AND $5 IS NULL AND $6 = 0 AND $7 > 0"
static const int64_t MONTH_MS = INT64_C(30) * 86400000;

static size_t query_for(const struct ll_watch_query *q)
{
    return q->id                         ? BY_ID
           : q->subject                  ? BY_SUBJECT
           : q->reference                ? BY_REFERENCE
           : q->level && q->organisation ? BY_LEVEL
           : q->organisation             ? BY_ORGANISATION
                                         : BY_NOTHING;
}

int ll_watch_list(struct ll_txn *tx, const struct ll_watch_query *q, struct ll_arena *arena,
                  struct ll_watch **ret, size_t *ret_n, int64_t *ret_total, struct ll_err *err)
{
    enum ll_watch_level level = LL_WATCH_LEVEL_COUNT;
    size_t by = query_for(q);
    void *list = NULL;

    if (q->level && !ll_watch_level_parse(ll_str(q->level), &level))
        return ll_fail(err, LL_USAGE, "没有预警等级 %s", "there is no level %s", q->level);
    const struct ll_row_arg args[] = {
        LL_ARG_Z(q->organisation),       LL_ARG_Z(q->state),   LL_ARG_I(q->level ? (int64_t)level : -1),
        LL_ARG_Z(q->reference),          LL_ARG_Z(q->subject), LL_ARG_I(q->id),
        LL_ARG_I(ll_now_ms() - MONTH_MS)};
    const struct ll_row_page page = {.sql = queries[by].list,
                                     .count = by >= BY_ORGANISATION && !q->level ? COUNTED
                                                                                 : queries[by].count,
                                     .args = args,
                                     .n_args = LL_COUNT(args),
                                     .limit = q->limit,
                                     .offset = q->offset};
    int rc = ll_row_list(tx, &rows, &page, arena, &list, ret_n, ret_total, err);

    *ret = list;
    return rc;
}

int ll_watch_status(struct ll_txn *tx, struct ll_watch_status *ret, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int rc = ll_sql(
        tx,
        "SELECT (SELECT coalesce(sum(n), 0) FROM watch_count WHERE state = 'active'),"
        " (SELECT coalesce(sum(n), 0) FROM watch_count WHERE state = 'ended'),"
        " (SELECT count(*) FROM watch_event),"
        " (SELECT count(*) FROM change_event WHERE seq > m.change) + (SELECT count(*) FROM withheld WHERE seq > m.withheld)"
        " + (SELECT count(*) FROM watch_signal WHERE seq > m.signal),"
        " (SELECT count(*) FROM watch_page WHERE journal IS NULL OR journal < 0), (SELECT n FROM watch_pruned) FROM watch_mark m",
        &s, err);

    if (rc == LL_OK && (rc = ll_step(s, err)) > 0)
        *ret = (struct ll_watch_status){ll_col_int(s, 0), ll_col_int(s, 1), ll_col_int(s, 2),
                                        ll_col_int(s, 3), ll_col_int(s, 4), ll_col_int(s, 5)};
    ll_stmt_done(s);
    return rc < 0 ? rc : LL_OK;
}

#define EVENT(kind, member) LL_ROW(kind, ll_watch_event, member)
static const struct ll_row_column event_columns[] = {
    EVENT(INT, seq),       EVENT(INT, at),    EVENT(INT, watch), EVENT(INT, level), EVENT(TEXT, organisation),
    EVENT(TEXT, resource), EVENT(TEXT, list), EVENT(TEXT, act),  EVENT(TEXT, rule), EVENT(TEXT, mask)};
static const struct ll_row_form event_rows = {event_columns, LL_COUNT(event_columns),
                                              sizeof(struct ll_watch_event), NULL};

int ll_watch_event_list(struct ll_txn *tx, const char *organisation, size_t limit, struct ll_arena *arena,
                        struct ll_watch_event **ret, size_t *ret_n, struct ll_err *err)
{
    const struct ll_row_arg args[] = {LL_ARG_Z(organisation)};
    const struct ll_row_page page = {
        .sql =
            "SELECT e.seq, e.at, e.watch, e.level, e.organisation, e.resource, e.list, e.act, e.rule, w.mask FROM watch_event e"
            " LEFT JOIN watch w ON w.id = e.watch WHERE ($1 IS NULL OR e.organisation = $1) ORDER BY e.seq DESC"
            " LIMIT $2 OFFSET $3",
        .args = args,
        .n_args = LL_COUNT(args),
        .limit = limit};
    void *list = NULL;
    int rc = ll_row_list(tx, &event_rows, &page, arena, &list, ret_n, NULL, err);

    *ret = list;
    return rc;
}

/* "covers": what it is told of, and whether that holds at this moment. */
static int put_covers(const struct ll_watch_env *env, const struct ll_watch *w, struct ll_json *j,
                      bool *ret_any, struct ll_err *err)
{
    struct ll_grants *grants = NULL;
    struct ll_stmt *s = NULL;
    int64_t now = ll_now_ms();
    int rc = ll_grants_current(ll_gateway_grants(env->g), &grants, err);

    if (rc == LL_OK)
        rc = ll_sql(
            env->tx,
            "SELECT resource, access_grant, consent, until_at FROM watch_cover WHERE watch = $1 ORDER BY resource",
            &s, err);
    ll_json_key(j, "covers");
    ll_json_arr(j);
    if (rc == LL_OK)
        ll_bind_int(s, 1, w->id);
    while (rc == LL_OK && (rc = ll_step(s, err)) > 0) {
        const struct ll_grant *g = ll_grants_by_id(grants, ll_col_text(s, 1));
        bool holds = g && (ll_grant_modes(g) & LL_USE_SUBSCRIBE) && ll_grant_in_force(g, now) &&
                     ll_col_int(s, 3) > now;
        ll_json_obj(j);
        ll_json_ks(j, "resource", ll_col_text(s, 0));
        ll_json_ks(j, "grant", ll_col_text(s, 1));
        ll_json_kz(j, "consent", ll_col_null(s, 2) ? NULL : ll_arena_dup(env->arena, ll_col_text(s, 2)));
        ll_json_kz(j, "tells", g && (ll_grant_modes(g) & LL_USE_CHANGES) && !g->consent ? "values" : "call");
        ll_json_kb(j, "holds", holds);
        ll_json_end_obj(j);
        *ret_any = *ret_any || holds;
        rc = LL_OK;
    }
    ll_json_end_arr(j);
    ll_stmt_done(s);
    ll_grants_unref(grants);
    return rc < 0 ? rc : LL_OK;
}

static void put_time(struct ll_json *j, const char *name, int64_t at)
{
    char when[LL_TIME_TEXT];

    ll_json_kz(j, name, at > 0 ? ll_time_text(at, when) : NULL);
}

int ll_watch_json(const struct ll_watch_env *env, const struct ll_watch *w, bool own, struct ll_json *j,
                  struct ll_err *err)
{
    bool any = false;
    int rc;

    ll_json_obj(j);
    ll_json_ki(j, "id", w->id);
    ll_json_kz(j, "organisation", w->organisation);
    ll_json_kz(j, "subject", w->mask);
    if (own)
        ll_json_kz(j, "reference", w->reference);
    ll_json_kz(j, "purpose", w->purpose);
    ll_json_kz(j, "state", w->state);
    ll_json_kz(j, "why", w->why);
    put_time(j, "until", w->until_at);
    put_time(j, "made_at", w->made_at);
    put_time(j, "ended_at", w->ended_at);
    if (own) {
        ll_json_kz(j, "level", w->level);
        ll_json_kz(j, "by", w->client ? w->client : w->account);
    }
    put_time(j, "event_at", w->event_at);
    rc = put_covers(env, w, j, &any, err);
    ll_json_kb(j, "holds", any);
    ll_json_end_obj(j);
    return rc;
}
