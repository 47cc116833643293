/* rating_marks.c - what committees made of the households, as it is published: one statement over resource rural_review. */
#include "apps/rural/rating_impl.h"

#include "apps/rural/register.h"
#include "apps/rural/rollup_impl.h"
#include "intake/stored.h"

#include <string.h>

enum { MARKS_MAX = 4000000, ROOM = 1024, EXPRESSION = 4096 };

static const char *const items[] = {"household_no", "review_mark", "review_reasons", "reviewed_on",
                                    "review_round"};
enum column { KEY, MARK, REASONS, DAY, ROUND, COLUMNS };

struct taking {
    struct ll_arena *arena;
    struct ll_marked *list;
    size_t n, room;
};

static int grow(struct taking *t, struct ll_err *err)
{
    size_t room = t->room ? 2 * t->room : ROOM;
    struct ll_marked *more = room > MARKS_MAX ? NULL : ll_arena_array(t->arena, room, sizeof *more);

    if (!more)
        return room > MARKS_MAX
                   ? ll_fail(err, LL_TOOBIG, "评议结果超过 %d 条", "more than %d marks", MARKS_MAX)
                   : ll_no_memory(err);
    if (t->n)
        memcpy(more, t->list, t->n * sizeof *more);
    t->list = more;
    t->room = room;
    return LL_OK;
}

static const char *text(struct taking *t, const struct ll_lake_value *v)
{
    return v->kind == LL_LV_TEXT && v->s.n ? ll_arena_dup(t->arena, v->s) : "";
}

static int take(void *ctx, const struct ll_lake_value *row, size_t n, struct ll_err *err)
{
    struct taking *t = ctx;
    int rc = t->n == t->room ? grow(t, err) : LL_OK;

    (void)n;
    if (rc < 0 || row[KEY].s.n != LL_BLIND)
        return rc;
    struct ll_marked *m = &t->list[t->n];
    memcpy(m->key, row[KEY].s.p, LL_BLIND);
    if (row[MARK].kind != LL_LV_TEXT || !ll_review_mark_of(row[MARK].s, &m->mark))
        return LL_OK;
    m->reasons = text(t, &row[REASONS]);
    m->reviewed_on = text(t, &row[DAY]);
    m->round = text(t, &row[ROUND]);
    t->n++;
    return m->reasons && m->reviewed_on && m->round ? LL_OK : ll_no_memory(err);
}

/* An item as text; NULL where there is none. */
static void put_text(struct ll_buf *sql, const struct ll_resource *r, const struct ll_item *item)
{
    struct ll_buf value = LL_BUF_INIT(EXPRESSION);

    ll_stored_value(&value, r, item);
    sql->failed |= value.failed;
    ll_buf_z(sql, "nullif(");
    ll_stored_text(sql, item->element, value.p ? value.p : "NULL");
    ll_buf_z(sql, ", '')");
    ll_buf_free(&value);
}

static int statement(struct ll_rollup_work *w, const struct ll_resource *r, struct ll_buf *sql, bool *any,
                     struct ll_err *err)
{
    struct ll_buf rows = LL_BUF_INIT(LL_ROLLUP_SQL);
    int64_t newest = 0, delivered = 0;
    int rc = ll_rollup_rows_sql(w, r, &rows, &newest, &delivered, err);

    *any = newest > 0;
    ll_buf_z(sql, "SELECT ll_blind('" LL_RURAL_REGISTER "', '', c0) AS k, c1, c2, c3, c4 FROM (SELECT ");
    for (size_t i = 0; i < LL_COUNT(items) && rc == LL_OK; i++) {
        const struct ll_item *item = ll_resource_item(r, ll_str(items[i]));
        if (!item)
            rc = ll_fail(err, LL_INVALID, "数据资源 %s 没有信息项 %s", "resource %s has no item %s", r->name,
                         items[i]);
        else
            put_text(sql, r, item);
        ll_buf_printf(sql, " AS c%zu%s", i, i + 1 < LL_COUNT(items) ? ", " : " FROM ");
    }
    ll_buf_str(sql, ll_buf_view(&rows));
    ll_buf_z(sql, ") WHERE c0 IS NOT NULL ORDER BY k");
    if (rc == LL_OK && (rows.failed || sql->failed))
        rc = ll_no_memory(err);
    ll_buf_free(&rows);
    return rc;
}

int ll_rating_marks(struct ll_data *d, const struct ll_catalog *cat, const struct ll_rural_list *list,
                    struct ll_marks *marks, struct ll_arena *arena, struct ll_marked **ret, size_t *ret_n,
                    struct ll_err *err)
{
    const struct ll_resource *r = ll_catalog_resource(cat, LL_STR(LL_REVIEW_RESOURCE));
    struct ll_rollup_work *w = ll_arena_alloc(arena, sizeof *w);
    struct ll_buf sql = LL_BUF_INIT(LL_ROLLUP_SQL);
    struct taking t = {.arena = arena};
    struct ll_lake *lake = NULL;
    struct ll_lake_conn *c = NULL;
    bool any = false;
    int rc = w ? LL_OK : ll_no_memory(err);

    if (rc == LL_OK && r) {
        *w = (struct ll_rollup_work){
            .data = d, .cat = cat, .list = list, .marks = marks, .arena = arena, .threads = 1};
        rc = statement(w, r, &sql, &any, err);
        if (rc == LL_OK && any && (rc = ll_rollup_engine(w, &lake, err)) == LL_OK &&
            (rc = ll_lake_connect(lake, &c, err)) == LL_OK)
            rc = ll_lake_each(c, sql.p, take, &t, err);
        ll_lake_disconnect(c);
        ll_lake_close(lake);
    }
    ll_buf_free(&sql);
    *ret = t.list;
    *ret_n = t.n;
    return rc;
}
