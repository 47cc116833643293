/* rollup_place.c - who is in which household on the day: nearly everybody has one row in the register and nothing changed, which the engine says by
 * itself; those to whom something happened go through place.h one by one, as when a single household is read. */
#include "apps/rural/rollup_impl.h"

#include "apps/rural/register.h"
#include "crypto/random.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { PLACED_AT_ONCE = 2000, PLACED_MAX = 512 << 20 };

struct merge {
    struct ll_str from, day, to;
};

/* The persons to whom something happened, one after the other. */
struct placing {
    struct ll_rollup_work *w;
    struct merge *merges; /* sorted */
    size_t n_merges, room;
    int64_t person;         /* number in table odd; -1: none yet */
    struct ll_arena *arena; /* of the person */
    struct ll_place_fact facts[LL_PLACE_FACTS_MAX];
    size_t n;
    struct ll_buf placed; /* lines of "person,household": the engine reads while this is written */
};

/* ---- tables of the engine ---- */

static const struct ll_resource *resource(const struct ll_rollup_work *w, const char *name)
{
    return ll_catalog_resource(w->cat, ll_str(name));
}

/* , <item as text> AS <name> */
static void item(struct ll_buf *sql, const struct ll_resource *r, const char *name)
{
    const struct ll_item *it = ll_resource_item(r, ll_str(name));

    ll_buf_z(sql, ", ");
    if (it)
        ll_rollup_text(sql, r, it);
    else
        ll_buf_z(sql, "CAST(NULL AS VARCHAR)");
    ll_buf_printf(sql, " AS %s", name);
}

static int make_table(struct ll_rollup_work *w, const char *table, const char *name, const char *const *items,
                      size_t n, struct ll_err *err)
{
    const struct ll_resource *r = resource(w, name);
    struct ll_buf sql = LL_BUF_INIT(LL_ROLLUP_SQL), rows = LL_BUF_INIT(LL_ROLLUP_SQL);
    int64_t newest = 0;
    int rc = r ? ll_rollup_rows_sql(w, r, &rows, &newest, err)
               : ll_fail(err, LL_NOTFOUND, "目录中没有数据资源 %s：先装载场景包 rural",
                         "resource %s is not catalogued: load pack rural", name);

    if (rc == LL_OK) {
        ll_buf_printf(&sql, "CREATE TABLE %s AS SELECT 0 AS zero", table);
        for (size_t i = 0; i < n; i++)
            if (newest)
                item(&sql, r, items[i]);
            else
                ll_buf_printf(&sql, ", CAST(NULL AS VARCHAR) AS %s", items[i]);
        ll_buf_z(&sql, newest ? " FROM " : " LIMIT 0");
        ll_buf_str(&sql, ll_buf_view(&rows));
        sql.failed |= rows.failed;
        rc = ll_rollup_exec(w, &sql, err);
    }
    ll_buf_free(&rows);
    ll_buf_free(&sql);
    return rc;
}

#define X(id, name) name,
static const char *const register_items[] = {LL_REGISTER_ITEMS(X)};
static const char *const membership_items[] = {LL_MEMBERSHIP_ITEMS(X)};
static const char *const change_items[] = {LL_CHANGE_ITEMS(X)};
#undef X

static int run(struct ll_rollup_work *w, const char *text, struct ll_err *err)
{
    return ll_lake_exec(w->c, text, err);
}

static int make_tables(struct ll_rollup_work *w, struct ll_err *err)
{
    int rc;

    if ((rc = make_table(w, "reg", LL_RURAL_REGISTER, register_items, LL_REGISTER_N, err)) < 0 ||
        (rc = make_table(w, "mem", LL_RURAL_MEMBERS, membership_items, LL_MEMBERSHIP_N, err)) < 0 ||
        (rc = make_table(w, "chg", LL_RURAL_CHANGES, change_items, LL_CHANGE_N, err)) < 0 ||
        (rc = run(
             w,
             "CREATE TABLE hh AS SELECT row_number() OVER (ORDER BY k) - 1 AS h, * FROM (SELECT ll_blind('" LL_RURAL_REGISTER
             "', '', household_no) AS k, hash(household_no) AS hn, hash(head_id) AS hp, household_no AS no, head_id, head_name,"
             " village_code, village_name FROM reg)",
             err)) < 0 ||
        (rc = run(w, "DROP TABLE reg", err)) < 0)
        return rc;
    /* rh, rs: the row that describes the person, the latest; of equal starts that of the greater number */
    return run(
        w,
        "CREATE TABLE per AS SELECT hash(resident_id) AS p, count(*) AS rows, arg_max(hash(household_no), member_since || chr(31)"
        " || household_no) AS rh, max(member_since) AS rs, any_value(resident_id) AS id, arg_max(birth_date, member_since ||"
        " chr(31) || household_no) AS birth, any_value(household_no) AS no, any_value(member_state) AS state,"
        " any_value(member_until) AS until FROM mem GROUP BY resident_id",
        err);
}

/* ---- those to whom nothing happened ---- */

static int place_most(struct ll_rollup_work *w, struct ll_err *err)
{
    struct ll_buf sql = LL_BUF_INIT(LL_ROLLUP_SQL);

    ll_buf_printf(
        &sql,
        "CREATE TABLE odd AS SELECT row_number() OVER () AS i, p FROM (SELECT p FROM per WHERE rows > 1 OR until IS NOT"
        " NULL OR coalesce(state, '1') <> '1' UNION SELECT hash(resident_id) FROM chg WHERE resident_id IS NOT NULL"
        " UNION SELECT p FROM per WHERE no IN (SELECT from_household FROM chg WHERE resident_id IS NULL AND"
        " from_household IS NOT NULL));"
        "CREATE TABLE placed AS SELECT p, hash(no) AS hn FROM per WHERE rs <= '%s' AND p NOT IN (SELECT p FROM odd)",
        w->day);
    int rc = ll_rollup_exec(w, &sql, err);
    ll_buf_free(&sql);
    return rc;
}

/* ---- the others ---- */

static int by_household(const void *a, const void *b)
{
    const struct merge *x = a, *y = b;
    int order = ll_str_cmp(x->from, y->from);

    if (order == 0)
        order = ll_str_cmp(x->day, y->day);
    return order ? order : ll_str_cmp(y->to, x->to); /* of the same day the greater number first */
}

static struct ll_str kept(struct ll_arena *arena, const struct ll_lake_value *v)
{
    return v->kind == LL_LV_TEXT ? (struct ll_str){ll_arena_dup(arena, v->s), v->s.n}
                                 : (struct ll_str){NULL, 0};
}

static int take_merge(void *ctx, const struct ll_lake_value *row, size_t n, struct ll_err *err)
{
    struct placing *g = ctx;
    struct ll_arena *arena = g->w->arena;

    (void)n;
    if (g->n_merges == g->room) {
        size_t room = g->room ? g->room * 2 : 1024;
        struct merge *more = ll_arena_array(arena, room, sizeof *more);
        if (!more)
            return ll_no_memory(err);
        if (g->n_merges)
            memcpy(more, g->merges, g->n_merges * sizeof *more);
        g->merges = more;
        g->room = room;
    }
    g->merges[g->n_merges++] = (struct merge){kept(arena, &row[0]), kept(arena, &row[1]),
                                              kept(arena, &row[2])};
    return LL_OK;
}

static int merge_of(void *ctx, struct ll_str household, struct ll_str from, bool strictly, struct ll_str *day,
                    struct ll_str *to, struct ll_err *err)
{
    const struct placing *g = ctx;
    size_t low = 0, high = g->n_merges;

    (void)err;
    while (low < high) { /* the first that is not before what is looked for */
        size_t mid = low + (high - low) / 2;
        int order = ll_str_cmp(g->merges[mid].from, household);
        if (order == 0)
            order = ll_str_cmp(g->merges[mid].day, from) >= strictly ? 1 : -1;
        if (order < 0)
            low = mid + 1;
        else
            high = mid;
    }
    if (low == g->n_merges || !ll_str_eq(g->merges[low].from, household))
        return 0;
    *day = g->merges[low].day;
    *to = g->merges[low].to;
    return 1;
}

static int place_person(struct placing *g, struct ll_err *err)
{
    struct ll_place p;
    int rc = g->n ? ll_place_of(g->facts, g->n, ll_str(g->w->day), merge_of, g, &p, err) : LL_OK;

    if (rc == LL_OK && g->n && p.household.n) {
        ll_buf_printf(&g->placed, "(%" PRId64 ", ", g->person);
        ll_buf_sql(&g->placed, p.household);
        ll_buf_z(&g->placed, ")\n");
    }
    ll_arena_reset(g->arena);
    g->n = 0;
    return rc == LL_OK && g->placed.failed ? ll_no_memory(err) : rc;
}

/* Person, then the columns of a row of the register (0) or of a change (1). */
static int take_fact(void *ctx, const struct ll_lake_value *row, size_t n, struct ll_err *err)
{
    struct placing *g = ctx;
    struct ll_str cells[LL_RURAL_COLUMNS_MAX] = {{NULL, 0}};
    int rc = LL_OK;

    if (row[0].i != g->person) {
        rc = place_person(g, err);
        g->person = row[0].i;
    }
    if (rc < 0)
        return rc;
    if (g->n + 2 > LL_PLACE_FACTS_MAX)
        return ll_fail(err, LL_TOOBIG, "一个人的户籍记录与变动超过 %d 条",
                       "a person has more than %d records and changes in the register", LL_PLACE_FACTS_MAX);
    for (size_t i = 2; i < n && i - 2 < LL_RURAL_COLUMNS_MAX;
         i++) /* facts_sql has them in the order of register.h */
        cells[i - 2] = kept(g->arena, &row[i]);
    g->n += row[1].i ? ll_change_fact(cells, g->facts + g->n) : ll_membership_facts(cells, g->facts + g->n);
    return LL_OK;
}

static const char facts_sql[] =
    "SELECT odd.i, kind, a, b, c, d, e, f FROM (SELECT hash(resident_id) AS p, 0 AS kind, household_no AS a, resident_id AS b,"
    " member_since AS c, member_until AS d, member_state AS e, reported_on AS f FROM mem UNION ALL SELECT hash(resident_id), 1,"
    " household_change_date, household_change, from_household, to_household, resident_id, NULL FROM chg WHERE resident_id IS NOT NULL)"
    " JOIN odd USING (p) ORDER BY odd.i";

/* The lines into the engine, so many at once. */
static int put_placed(struct placing *g, struct ll_err *err)
{
    struct ll_buf sql = LL_BUF_INIT(LL_ROLLUP_SQL);
    struct ll_str rest = ll_buf_view(&g->placed), line;
    int rc = LL_OK;

    while (rc == LL_OK && rest.n) {
        ll_buf_z(&sql, "INSERT INTO placed SELECT odd.p, hash(v.no) FROM (VALUES ");
        for (int i = 0; i < PLACED_AT_ONCE && rest.n; i++) {
            ll_str_cut(rest, '\n', &line, &rest);
            ll_buf_z(&sql, i ? ", " : "");
            ll_buf_str(&sql, line);
        }
        ll_buf_z(&sql, ") v(i, no) JOIN odd ON odd.i = v.i");
        rc = ll_rollup_exec(g->w, &sql, err);
    }
    ll_buf_free(&sql);
    return rc;
}

/* As the register's items: what is not asked for is empty. */
static int place_others(struct ll_rollup_work *w, struct ll_err *err)
{
    struct placing g = {.w = w, .person = -1, .arena = ll_arena_new(0), .placed = LL_BUF_INIT(PLACED_MAX)};
    int rc = g.arena ? LL_OK : ll_no_memory(err);

    if (rc == LL_OK)
        rc = ll_lake_each(
            w->c,
            "SELECT from_household, household_change_date, to_household FROM chg WHERE resident_id IS NULL AND"
            " household_change = 'merge' AND from_household IS NOT NULL AND to_household IS NOT NULL AND"
            " from_household <> to_household",
            take_merge, &g, err);
    if (g.n_merges)
        qsort(g.merges, g.n_merges, sizeof *g.merges, by_household);
    if (rc == LL_OK)
        rc = ll_lake_each(w->c, facts_sql, take_fact, &g, err);
    if (rc == LL_OK && (rc = place_person(&g, err)) == LL_OK)
        rc = put_placed(&g, err);
    ll_buf_wipe(&g.placed);
    ll_arena_free(g.arena);
    return rc;
}

/* ---- members ---- */

/* o: where they stand in lists (ll_member_order). */
static const char members_sql[] =
    "CREATE TABLE m AS SELECT h, p, rh, rs, head, (CASE WHEN head THEN '0' ELSE '1' END) || coalesce(kinship, '9') || coalesce(birth, '')"
    " || coalesce(id, '') AS o FROM (SELECT h, p, rh, rs, kinship, birth, id, is_head OR (NOT bool_or(is_head) OVER (PARTITION BY h)"
    " AND coalesce(kinship, '9') = '0' AND row_number() OVER (PARTITION BY h ORDER BY coalesce(kinship, '9'), birth, id) = 1) AS head"
    " FROM (SELECT hh.h, placed.p, per.id, per.birth, per.rh, per.rs, placed.p = hh.hp AS is_head, kin.kinship FROM placed JOIN hh ON hh.hn = placed.hn"
    " LEFT JOIN per ON per.p = placed.p LEFT JOIN (SELECT hash(resident_id) AS p, hash(household_no) AS hn, arg_max(kinship, member_since)"
    " AS kinship FROM mem GROUP BY ALL) kin ON kin.p = placed.p AND kin.hn = placed.hn));"
    "CREATE TABLE counts AS SELECT h, count(*) AS members FROM m GROUP BY h;"
    "DROP TABLE mem; DROP TABLE chg; DROP TABLE per; DROP TABLE odd; DROP TABLE placed";

int ll_rollup_place(struct ll_rollup_work *w, struct ll_err *err)
{
    int64_t households = 0, members = 0;
    int rc;

    if ((rc = make_tables(w, err)) < 0 || (rc = place_most(w, err)) < 0 || (rc = place_others(w, err)) < 0 ||
        (rc = run(w, members_sql, err)) < 0 ||
        (rc = ll_lake_int(w->c, "SELECT count(*) FROM hh", &households, err)) < 0 ||
        (rc = ll_lake_int(w->c, "SELECT count(*) FROM m", &members, err)) < 0)
        return rc;
    w->households = (uint64_t)households;
    w->members = (uint64_t)members;
    return LL_OK;
}
