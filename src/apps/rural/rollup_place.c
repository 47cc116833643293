/* rollup_place.c - who is in which household on the day: nearly everybody has one row in the register and nothing changed, which the engine says by
 * itself; those to whom something happened (table odd) go through place.h one by one, as when a single household is read. */
#include "apps/rural/rollup_impl.h"

#include "apps/rural/register.h"
#include "crypto/random.h"
#include "intake/stored.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { EXPRESSION = 4096, PLACED_AT_ONCE = 2000, PLACED_MAX = 512 << 20 };

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

/* As text, as reading a single record gives it; NULL where there is none. */
static void put_text(struct ll_buf *sql, const struct ll_resource *r, const struct ll_item *item)
{
    struct ll_buf value = LL_BUF_INIT(EXPRESSION);

    ll_stored_opened(&value, r, item);
    sql->failed |= value.failed;
    ll_buf_z(sql, "nullif(");
    if (ll_item_sealed(item))
        ll_buf_str(sql, ll_buf_view(&value));
    else
        ll_stored_text(sql, item->element, value.p ? value.p : "NULL");
    ll_buf_z(sql, ", '')");
    ll_buf_free(&value);
}

/* , <item as text> AS <name> */
static void item(struct ll_buf *sql, const struct ll_resource *r, const char *name)
{
    const struct ll_item *it = ll_resource_item(r, ll_str(name));

    ll_buf_z(sql, ", ");
    if (it)
        put_text(sql, r, it);
    else
        ll_buf_z(sql, "CAST(NULL AS VARCHAR)");
    ll_buf_printf(sql, " AS %s", name);
}

/* <more> is a list of expressions over the items. */
static int make_table(struct ll_rollup_work *w, const char *table, const char *name, const char *const *items,
                      size_t n, const char *more, struct ll_err *err)
{
    const struct ll_resource *r = resource(w, name);
    struct ll_buf sql = LL_BUF_INIT(LL_ROLLUP_SQL), rows = LL_BUF_INIT(LL_ROLLUP_SQL);
    int64_t newest = 0, delivered;
    int rc = r ? ll_rollup_rows_sql(w, r, &rows, &newest, &delivered, err)
               : ll_fail(err, LL_NOTFOUND, "目录中没有数据资源 %s：先装载场景包 rural",
                         "resource %s is not catalogued: load pack rural", name);

    if (rc == LL_OK) {
        ll_buf_printf(&sql, "CREATE TABLE %s AS SELECT *, %s FROM (SELECT 0 AS zero", table, more);
        for (size_t i = 0; i < n; i++)
            if (newest)
                item(&sql, r, items[i]);
            else
                ll_buf_printf(&sql, ", CAST(NULL AS VARCHAR) AS %s", items[i]);
        ll_buf_z(&sql, newest ? " FROM " : " LIMIT 0");
        ll_buf_str(&sql, ll_buf_view(&rows));
        ll_buf_c(&sql, ')');
        sql.failed |= rows.failed;
        rc = ll_rollup_exec(w, &sql, err);
    }
    ll_buf_free(&rows);
    ll_buf_free(&sql);
    return rc;
}

#define X(id, name) name,
static const char *const register_items[] = {LL_REGISTER_ITEMS(X)};
static const char *const change_items[] = {LL_CHANGE_ITEMS(X)};
#undef X
/* Of a member only what says where he is and how he stands. */
static const char *const membership_items[] = {"household_no", "resident_id", "member_since", "member_until",
                                               "member_state", "reported_on", "kinship",      "birth_date"};

static int run(struct ll_rollup_work *w, const char *text, struct ll_err *err)
{
    return ll_lake_exec(w->c, text, err);
}

static int make_tables(struct ll_rollup_work *w, struct ll_err *err)
{
    static const char numbers[] = "hash(resident_id) AS p, hash(household_no) AS hn";
    int rc;

    if ((rc = make_table(w, "reg", LL_RURAL_REGISTER, register_items, LL_REGISTER_N,
                         "ll_blind('" LL_RURAL_REGISTER "', '', household_no) AS k", err)) < 0 ||
        (rc = make_table(w, "mem", LL_RURAL_MEMBERS, membership_items, LL_COUNT(membership_items), numbers,
                         err)) < 0 ||
        (rc = make_table(w, "chg", LL_RURAL_CHANGES, change_items, LL_CHANGE_N, "hash(resident_id) AS p",
                         err)) < 0 ||
        (rc = run(
             w,
             "CREATE TABLE hh AS SELECT row_number() OVER (ORDER BY k) - 1 AS h, k, hash(household_no) AS hn, hash(head_id) AS hp,"
             " household_no AS no, head_name, village_code, village_name FROM reg",
             err)) < 0)
        return rc;
    return run(w, "DROP TABLE reg", err);
}

/* ---- those to whom something happened ---- */

/* rh, rs: the row that describes the person, the latest; of equal starts that of the greater number */
static const char odd_sql[] =
    "CREATE TABLE odd AS SELECT row_number() OVER () AS i, p, id FROM (SELECT p, min(id) AS id FROM (SELECT p, any_value(resident_id) AS id"
    " FROM mem GROUP BY p HAVING count(*) > 1 UNION ALL SELECT p, resident_id FROM mem WHERE member_until IS NOT NULL OR"
    " coalesce(member_state, '1') <> '1' UNION ALL SELECT p, resident_id FROM chg WHERE resident_id IS NOT NULL"
    " UNION ALL SELECT p, resident_id FROM mem WHERE household_no IN (SELECT from_household FROM chg WHERE resident_id IS NULL AND"
    " from_household IS NOT NULL)) GROUP BY p);"
    "CREATE TABLE oddrow AS SELECT mem.* FROM mem SEMI JOIN odd ON odd.p = mem.p;"
    "CREATE TABLE per AS SELECT p, arg_max(household_no, member_since || chr(31) || household_no) AS rh, max(member_since) AS rs,"
    " arg_max(birth_date, member_since || chr(31) || household_no) AS birth FROM oddrow GROUP BY p;"
    "CREATE TABLE kin AS SELECT p, hn, arg_max(kinship, member_since) AS kinship FROM oddrow GROUP BY ALL;"
    "CREATE TABLE placed (p UBIGINT, hn UBIGINT)";

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
    "SELECT odd.i, kind, a, b, c, d, e, f FROM (SELECT p, 0 AS kind, household_no AS a, resident_id AS b,"
    " member_since AS c, member_until AS d, member_state AS e, reported_on AS f FROM oddrow UNION ALL SELECT p, 1,"
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

/* ---- into memory ---- */

static int take_home(void *ctx, const struct ll_lake_value *row, size_t n, struct ll_err *err)
{
    struct ll_rollup_work *w = ctx;
    struct ll_str texts[LL_ROLLUP_TEXTS];

    (void)n;
    for (size_t i = 0; i < LL_ROLLUP_TEXTS; i++)
        texts[i] = row[i + 3].kind == LL_LV_TEXT ? row[i + 3].s : LL_STR("");
    return ll_rollup_people_home(w->people, (size_t)row[0].i, (uint64_t)row[1].i, row[2].s, texts, err);
}

/* In order: kinship, birth, number. */
static int take_person(void *ctx, const struct ll_lake_value *row, size_t n, struct ll_err *err)
{
    struct ll_rollup_work *w = ctx;
    const struct ll_rollup_person who = {.home = (uint32_t)row[0].i,
                                         .id = (uint64_t)row[1].i,
                                         .row = (uint64_t)row[2].i,
                                         .head = row[3].kind == LL_LV_INT && row[3].i};

    (void)n;
    return ll_rollup_people_person(w->people, &who, row[4].s, row[5].kind == LL_LV_INT && row[5].i, err);
}

static int take_people(struct ll_rollup_work *w, struct ll_err *err)
{
    static const char order[] =
        "coalesce(kinship, '9') || coalesce(birth, '') || coalesce(id, ''), kinship = '0'";
    struct ll_buf sql = LL_BUF_INIT(LL_ROLLUP_SQL);
    int rc = ll_lake_each(w->c, "SELECT h, hn, k, no, head_name, village_code, village_name FROM hh",
                          take_home, w, err);

    if (rc < 0)
        return rc;
    ll_buf_printf(
        &sql,
        "CREATE TABLE who AS SELECT h, p, row, head, %s FROM (SELECT hh.h, mem.p, hash(mem.household_no || chr(31) || mem.member_since) AS row,"
        " mem.p = hh.hp AS head, mem.kinship, mem.birth_date AS birth, mem.resident_id AS id FROM mem ANTI JOIN odd ON odd.p ="
        " mem.p JOIN hh ON hh.hn = mem.hn WHERE mem.member_since <= '%s' UNION ALL SELECT hh.h, placed.p, hash(per.rh || chr(31)"
        " || per.rs), placed.p = hh.hp, kin.kinship, per.birth, odd.id FROM placed JOIN hh ON hh.hn = placed.hn JOIN odd ON"
        " odd.p = placed.p LEFT JOIN per ON per.p = placed.p LEFT JOIN kin ON kin.p = placed.p AND kin.hn = placed.hn)",
        order, w->day);
    rc = ll_rollup_exec(w, &sql, err);
    ll_buf_free(&sql);
    if (rc < 0 || (rc = run(w, "DROP TABLE mem; DROP TABLE hh", err)) < 0 ||
        (rc = ll_lake_each(w->c, "SELECT * FROM who", take_person, w, err)) < 0)
        return rc;
    return ll_rollup_people_done(w->people, err);
}

int ll_rollup_place(struct ll_rollup_work *w, struct ll_err *err)
{
    struct ll_lake *lake = NULL;
    int64_t homes = 0, persons = 0;
    int rc = ll_rollup_engine(w, &lake, err);

    if (rc == LL_OK && (rc = ll_lake_connect(lake, &w->c, err)) == LL_OK &&
        (rc = make_tables(w, err)) == LL_OK && (rc = run(w, odd_sql, err)) == LL_OK &&
        (rc = place_others(w, err)) == LL_OK &&
        (rc = ll_lake_int(w->c, "SELECT count(*) FROM hh", &homes, err)) == LL_OK &&
        (rc = ll_lake_int(w->c, "SELECT (SELECT count(*) FROM mem) + (SELECT count(*) FROM chg)", &persons,
                          err)) == LL_OK &&
        (rc = ll_rollup_people_new((size_t)homes, (size_t)persons, &w->people, err)) == LL_OK)
        rc = take_people(w, err);
    w->c = ll_lake_disconnect(w->c);
    ll_lake_close(lake);
    return rc;
}
