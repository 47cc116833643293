/* register.c - see register.h. */
#include "apps/rural/register.h"

#include "share/record.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { MERGES_MAX = 64, HOUSEHOLDS_MAX = 32 };

#define X(id, item) item,
static const char *const register_items[] = {LL_REGISTER_ITEMS(X)};
static const char *const membership_items[] = {LL_MEMBERSHIP_ITEMS(X)};
static const char *const change_items[] = {LL_CHANGE_ITEMS(X)};
#undef X

/* A service table and where the items of the register stand in it. */
struct source {
    struct ll_table *table;
    int at[LL_RURAL_COLUMNS_MAX];
    size_t n;
};

struct merge {
    struct ll_str from, day, to;
};

struct ll_register {
    const struct ll_rural *r;
    struct ll_arena *arena;
    struct source households, members, changes;
    struct ll_str asked[HOUSEHOLDS_MAX]; /* whose merges are known */
    size_t n_asked;
    struct merge merges[MERGES_MAX];
    size_t n_merges;
};

/* ---- rows as facts ---- */

size_t ll_membership_facts(const struct ll_str *row, struct ll_place_fact out[2])
{
    struct ll_str state = row[LL_MEMBERSHIP_STATE], until = row[LL_MEMBERSHIP_UNTIL];

    out[0] = (struct ll_place_fact){row[LL_MEMBERSHIP_SINCE], LL_PLACE_ROW, row[LL_MEMBERSHIP_HOUSEHOLD]};
    if (!until.n && (!state.n || ll_str_is(state, "1")))
        return 1;
    if (!until.n)
        until = row[LL_MEMBERSHIP_REPORTED].n ? row[LL_MEMBERSHIP_REPORTED] : row[LL_MEMBERSHIP_SINCE];
    out[1] = (struct ll_place_fact){until, ll_str_is(state, "2") ? LL_PLACE_DEATH : LL_PLACE_END,
                                    row[LL_MEMBERSHIP_HOUSEHOLD]};
    return 2;
}

/* Which kind of fact a change is of the person it names: word, fact. */
static const struct {
    const char *word;
    enum ll_place_kind kind;
} change_kinds[] = {{"split", LL_PLACE_TO}, {"merge", LL_PLACE_TO},    {"move", LL_PLACE_TO},
                    {"join", LL_PLACE_TO},  {"death", LL_PLACE_DEATH}, {"leave", LL_PLACE_LEAVE}};

size_t ll_change_fact(const struct ll_str *row, struct ll_place_fact *out)
{
    for (size_t i = 0; i < LL_COUNT(change_kinds); i++)
        if (row[LL_CHANGE_ID].n && ll_str_is(row[LL_CHANGE_KIND], change_kinds[i].word)) {
            *out = (struct ll_place_fact){row[LL_CHANGE_DAY], change_kinds[i].kind, row[LL_CHANGE_TO]};
            return out->kind != LL_PLACE_TO || out->to.n;
        }
    return 0;
}

bool ll_change_merges(const struct ll_str *row)
{
    return !row[LL_CHANGE_ID].n && row[LL_CHANGE_FROM].n && row[LL_CHANGE_TO].n &&
           ll_str_is(row[LL_CHANGE_KIND], "merge") && !ll_str_eq(row[LL_CHANGE_FROM], row[LL_CHANGE_TO]);
}

/* ---- tables ---- */

static int open_source(struct ll_register *g, const char *resource, const char *const *items, size_t n,
                       struct source *s, struct ll_err *err)
{
    int rc = ll_tables_take(g->r->tables, resource, &s->table, err);

    s->n = n;
    for (size_t i = 0; i < n && rc == LL_OK; i++)
        s->at[i] = ll_table_column(s->table, items[i]);
    return rc;
}

int ll_register_open(const struct ll_rural *r, struct ll_arena *arena, struct ll_register **ret,
                     struct ll_err *err)
{
    struct ll_register *g = ll_arena_alloc(arena, sizeof *g);
    int rc;

    if (!g)
        return ll_no_memory(err);
    g->r = r;
    g->arena = arena;
    if ((rc = open_source(g, LL_RURAL_REGISTER, register_items, LL_REGISTER_N, &g->households, err)) < 0 ||
        (rc = open_source(g, LL_RURAL_MEMBERS, membership_items, LL_MEMBERSHIP_N, &g->members, err)) < 0 ||
        (rc = open_source(g, LL_RURAL_CHANGES, change_items, LL_CHANGE_N, &g->changes, err)) < 0) {
        ll_register_close(g);
        return rc;
    }
    *ret = g;
    return LL_OK;
}

void ll_register_close(struct ll_register *g)
{
    if (!g)
        return;
    ll_tables_give(g->r->tables, g->households.table);
    ll_tables_give(g->r->tables, g->members.table);
    ll_tables_give(g->r->tables, g->changes.table);
}

/* The record that the table stands on, as texts in the arena. */
static int read_row(struct ll_register *g, const struct source *s, struct ll_str *row, struct ll_err *err)
{
    for (size_t i = 0; i < s->n; i++) {
        struct ll_seg_value v = {.kind = LL_SV_NULL};
        if (s->at[i] >= 0)
            v = ll_table_get(s->table, (size_t)s->at[i]);
        row[i] = (struct ll_str){NULL, 0};
        if (v.kind == LL_SV_TEXT && v.s.n) {
            row[i] = (struct ll_str){ll_arena_dup(g->arena, v.s), v.s.n};
            if (!row[i].p)
                return ll_no_memory(err);
        }
    }
    return LL_OK;
}

typedef int row_fn(struct ll_register *g, void *ctx, const struct ll_str *row, struct ll_err *err);

/* Every record whose column has the value; fn must not ask the same table. */
static int each(struct ll_register *g, struct source *s, const char *column, struct ll_str value, row_fn *fn,
                void *ctx, struct ll_err *err)
{
    struct ll_str row[LL_RURAL_COLUMNS_MAX] = {0};
    int rc = ll_table_scan_by(s->table, column, value, false, err), more = 0;

    for (size_t n = 0; rc == LL_OK && (more = ll_table_next(s->table, err)) > 0; n++) {
        if (n == LL_HOUSEHOLD_RECORDS_MAX) {
            ll_table_rewind(s->table);
            return ll_fail(err, LL_TOOBIG, "户籍信息中同一户或同一人的记录超过 %d 条",
                           "the register has more than %d records of one household or person",
                           LL_HOUSEHOLD_RECORDS_MAX);
        }
        if ((rc = read_row(g, s, row, err)) == LL_OK)
            rc = fn(g, ctx, row, err);
    }
    if (rc < 0)
        ll_table_rewind(s->table);
    return more < 0 ? more : rc;
}

int ll_register_find(struct ll_register *g, struct ll_str no, struct ll_household *ret, struct ll_err *err)
{
    struct ll_str row[LL_RURAL_COLUMNS_MAX] = {0};
    int rc = ll_table_columns(g->households.table) ? ll_table_find(g->households.table, &no, 1, err) : 0;

    if (rc <= 0)
        return rc;
    if ((rc = read_row(g, &g->households, row, err)) < 0)
        return rc;
    ret->no = row[LL_REGISTER_NO];
    ret->head_id = row[LL_REGISTER_HEAD_ID];
    ret->head_name = row[LL_REGISTER_HEAD_NAME];
    ret->village_code = row[LL_REGISTER_VILLAGE];
    ret->village_name = row[LL_REGISTER_VILLAGE_NAME];
    ret->address = row[LL_REGISTER_ADDRESS];
    ret->register_date = row[LL_REGISTER_SINCE];
    return 1;
}

/* ---- where a person is ---- */

struct person {
    struct ll_place_fact facts[LL_PLACE_FACTS_MAX];
    size_t n;
    struct ll_str household;          /* whose kinship is wanted */
    struct ll_household_member *says; /* filled from his rows; NULL: not wanted */
    struct ll_str kin_since;
};

/* The latest of his rows describes him; how he is related to the head, the latest that is of the household. */
static void describe(struct person *p, const struct ll_str *row)
{
    struct ll_household_member *m = p->says;
    struct ll_str since = row[LL_MEMBERSHIP_SINCE], household = row[LL_MEMBERSHIP_HOUSEHOLD];
    int order = ll_str_cmp(since, m->row_since);

    if (ll_str_eq(household, p->household) && ll_str_cmp(since, p->kin_since) >= 0) {
        m->kinship = row[LL_MEMBERSHIP_KINSHIP];
        p->kin_since = since;
    }
    if (m->row_household.n && (order < 0 || (order == 0 && ll_str_cmp(household, m->row_household) < 0)))
        return;
    m->name = row[LL_MEMBERSHIP_NAME];
    m->sex = row[LL_MEMBERSHIP_SEX];
    m->birth_date = row[LL_MEMBERSHIP_BIRTH];
    m->row_since = since;
    m->row_household = household;
}

static int too_many(struct ll_err *err)
{
    return ll_fail(err, LL_TOOBIG, "一个人的户籍记录与变动超过 %d 条",
                   "a person has more than %d records and changes in the register", LL_PLACE_FACTS_MAX);
}

static int add_membership(struct ll_register *g, void *ctx, const struct ll_str *row, struct ll_err *err)
{
    struct person *p = ctx;

    (void)g;
    if (p->n + 2 > LL_PLACE_FACTS_MAX)
        return too_many(err);
    p->n += ll_membership_facts(row, p->facts + p->n);
    if (p->says)
        describe(p, row);
    return LL_OK;
}

static int add_change(struct ll_register *g, void *ctx, const struct ll_str *row, struct ll_err *err)
{
    struct person *p = ctx;

    (void)g;
    if (p->n + 1 > LL_PLACE_FACTS_MAX)
        return too_many(err);
    p->n += ll_change_fact(row, p->facts + p->n);
    return LL_OK;
}

static int add_merge(struct ll_register *g, void *ctx, const struct ll_str *row, struct ll_err *err)
{
    (void)ctx;
    if (!ll_change_merges(row))
        return LL_OK;
    if (g->n_merges == MERGES_MAX)
        return ll_fail(err, LL_TOOBIG, "相关的并户变动超过 %d 条",
                       "there are more than %d merges of households to follow", MERGES_MAX);
    g->merges[g->n_merges++] = (struct merge){row[LL_CHANGE_FROM], row[LL_CHANGE_DAY], row[LL_CHANGE_TO]};
    return LL_OK;
}

static int learn_merges(struct ll_register *g, struct ll_str household, struct ll_err *err)
{
    for (size_t i = 0; i < g->n_asked; i++)
        if (ll_str_eq(g->asked[i], household))
            return LL_OK;
    if (g->n_asked == HOUSEHOLDS_MAX)
        return ll_fail(err, LL_TOOBIG, "相关的户超过 %d 个", "there are more than %d households to follow",
                       HOUSEHOLDS_MAX);
    g->asked[g->n_asked++] = household;
    return each(g, &g->changes, change_items[LL_CHANGE_FROM], household, add_merge, NULL, err);
}

static int merge_of(void *ctx, struct ll_str household, struct ll_str from, bool strictly, struct ll_str *day,
                    struct ll_str *to, struct ll_err *err)
{
    struct ll_register *g = ctx;
    const struct merge *best = NULL;
    int rc = learn_merges(g, household, err);

    for (size_t i = 0; i < g->n_merges && rc == LL_OK; i++) {
        const struct merge *m = &g->merges[i];
        int order = best ? ll_str_cmp(m->day, best->day) : -1;
        if (ll_str_eq(m->from, household) && ll_str_cmp(m->day, from) >= strictly &&
            (order < 0 || (order == 0 && ll_str_cmp(m->to, best->to) > 0)))
            best = m;
    }
    if (rc < 0 || !best)
        return rc;
    *day = best->day;
    *to = best->to;
    return 1;
}

static int place(struct ll_register *g, struct person *p, struct ll_str id, struct ll_str day,
                 struct ll_place *ret, struct ll_err *err)
{
    int rc = each(g, &g->members, membership_items[LL_MEMBERSHIP_ID], id, add_membership, p, err);

    if (rc == LL_OK)
        rc = each(g, &g->changes, change_items[LL_CHANGE_ID], id, add_change, p, err);
    return rc < 0 ? rc : ll_place_of(p->facts, p->n, day, merge_of, g, ret, err);
}

int ll_register_place(struct ll_register *g, struct ll_str id, struct ll_str day, struct ll_place *ret,
                      struct ll_err *err)
{
    struct person p = {.n = 0};

    return place(g, &p, id, day, ret, err);
}

/* ---- who is in a household ---- */

struct candidates {
    struct ll_household *h;
    struct ll_str households[HOUSEHOLDS_MAX]; /* it, and those that became part of it */
    size_t n_households;
};

static struct ll_household_member *member_of(struct ll_household *h, struct ll_str id, struct ll_err *err)
{
    for (size_t i = 0; i < h->n_members; i++)
        if (ll_str_eq(h->members[i].id, id))
            return &h->members[i];
    if (h->n_members == LL_HOUSEHOLD_MEMBERS_MAX) {
        ll_fail(err, LL_TOOBIG, "一户的成员超过 %d 人", "a household has more than %d members",
                LL_HOUSEHOLD_MEMBERS_MAX);
        return NULL;
    }
    h->members[h->n_members] = (struct ll_household_member){.id = id};
    return &h->members[h->n_members++];
}

static int add_row(struct ll_register *g, void *ctx, const struct ll_str *row, struct ll_err *err)
{
    struct candidates *c = ctx;

    (void)g;
    return member_of(c->h, row[LL_MEMBERSHIP_ID], err) ? LL_OK : LL_TOOBIG;
}

static int add_arrival(struct ll_register *g, void *ctx, const struct ll_str *row, struct ll_err *err)
{
    struct candidates *c = ctx;

    (void)g;
    if (ll_change_merges(row) && c->n_households < HOUSEHOLDS_MAX) {
        for (size_t i = 0; i < c->n_households; i++)
            if (ll_str_eq(c->households[i], row[LL_CHANGE_FROM]))
                return LL_OK;
        c->households[c->n_households++] = row[LL_CHANGE_FROM];
    }
    if (!row[LL_CHANGE_ID].n)
        return LL_OK;
    return member_of(c->h, row[LL_CHANGE_ID], err) ? LL_OK : LL_TOOBIG;
}

/* Everybody who was ever said to be in the household, or in one that became part of it. */
static int collect(struct ll_register *g, struct ll_household *h, struct ll_err *err)
{
    struct candidates c = {.h = h, .households = {h->no}, .n_households = 1};
    int rc = LL_OK;

    for (size_t i = 0; i < c.n_households && rc == LL_OK; i++) {
        rc = each(g, &g->members, membership_items[LL_MEMBERSHIP_HOUSEHOLD], c.households[i], add_row, &c,
                  err);
        if (rc == LL_OK)
            rc = each(g, &g->changes, change_items[LL_CHANGE_TO], c.households[i], add_arrival, &c, err);
    }
    return rc;
}

int ll_register_members(struct ll_register *g, struct ll_household *h, struct ll_err *err)
{
    size_t kept = 0;
    int rc;

    if (!(h->members = ll_arena_array(g->arena, LL_HOUSEHOLD_MEMBERS_MAX, sizeof *h->members)))
        return ll_no_memory(err);
    rc = collect(g, h, err);
    for (size_t i = 0; i < h->n_members && rc == LL_OK; i++) {
        struct ll_household_member m = {.id = h->members[i].id};
        struct person p = {.household = h->no, .says = &m};
        struct ll_place at;
        rc = place(g, &p, m.id, ll_str(h->day), &at, err);
        if (rc == LL_OK && ll_str_eq(at.household, h->no)) {
            m.since = at.since;
            m.head = ll_str_eq(m.id, h->head_id);
            h->members[kept++] = m;
        }
    }
    h->n_members = kept;
    return rc;
}

void ll_member_order(const struct ll_household_member *m, struct ll_buf *out)
{
    ll_buf_c(out, m->head ? '0' : '1');
    ll_buf_str(out, m->kinship.n ? m->kinship : LL_STR("9"));
    ll_buf_str(out, m->birth_date);
    ll_buf_str(out, m->id);
}
