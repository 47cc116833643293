/* link_sql.c - see link_sql.h. */
#include "apps/credit/link_sql.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Replaces $v, $l, $r of a template. */
static void fill(struct ll_buf *sql, const char *format, char name, const char *with, char second,
                 const char *with2)
{
    for (const char *p = format; *p; p++)
        if (p[0] == '$' && p[1] == name)
            ll_buf_z(sql, with), p++;
        else if (p[0] == '$' && second && p[1] == second)
            ll_buf_z(sql, with2), p++;
        else
            ll_buf_c(sql, *p);
}

static void number(struct ll_buf *sql, double v)
{
    ll_buf_printf(sql, "CAST(%.17g AS DOUBLE)", v);
}

/* ---- records ---- */

size_t ll_link_columns(const struct ll_link_model *m, const char **names)
{
    size_t n = 0;

    names[n++] = m->id;
    for (size_t f = 0; f < m->n_fields; f++)
        for (size_t k = 0; k < m->fields[f].n_from; k++)
            names[n++] = m->fields[f].from[k];
    for (size_t i = 0; i < m->n_ids; i++)
        names[n++] = m->ids[i].from;
    return n;
}

static void raw_text(struct ll_buf *sql, const struct ll_link_field *f, const char *const *actual)
{
    ll_buf_z(sql, f->n_from > 1 ? "concat_ws(' '" : "CAST(");
    for (size_t k = 0; k < f->n_from; k++) {
        ll_buf_z(sql, f->n_from > 1 ? ", CAST(" : "");
        ll_buf_sql_name(sql, ll_str(actual[k]));
        ll_buf_z(sql, " AS VARCHAR)");
    }
    ll_buf_z(sql, f->n_from > 1 ? ")" : "");
}

/* An identifier of the wanted schemes that passes its checks; several columns may hold one. */
static void id_column(struct ll_buf *sql, const struct ll_link_model *m, const char *const *actual,
                      const char *name, unsigned schemes)
{
    bool any = false;

    ll_buf_z(sql, ", coalesce(");
    for (size_t i = 0; i < m->n_ids; i++) {
        if (!(schemes >> m->ids[i].scheme & 1))
            continue;
        ll_buf_printf(sql, "%sll_id_key('%s', CAST(", any ? ", " : "", ll_scheme_name(m->ids[i].scheme));
        ll_buf_sql_name(sql, ll_str(actual[i]));
        ll_buf_z(sql, " AS VARCHAR))");
        any = true;
    }
    ll_buf_printf(sql, "%s) AS %s", any ? "" : "CAST(NULL AS VARCHAR)", name);
}

void ll_link_sql_clean(struct ll_buf *sql, const struct ll_link_model *m, const char *source,
                       const char *const *actual)
{
    size_t at = 1;

    ll_buf_z(sql, "SELECT row_number() OVER () AS rid, CAST(");
    ll_buf_sql_name(sql, ll_str(actual[0]));
    ll_buf_z(sql, " AS VARCHAR) AS id");
    for (size_t f = 0; f < m->n_fields; f++) {
        struct ll_buf raw = LL_BUF_INIT(1 << 16);
        raw_text(&raw, &m->fields[f], actual + at);
        ll_buf_z(sql, ", nullif(");
        fill(sql, ll_link_clean_sql[m->fields[f].clean], 'v', raw.p ? raw.p : "NULL", 0, NULL);
        ll_buf_printf(sql, ", '') AS f%zu", f);
        sql->failed |= raw.failed;
        ll_buf_free(&raw);
        at += m->fields[f].n_from;
    }
    id_column(sql, m, actual + at, "x_org", 1u << LL_ID_USCC | 1u << LL_ID_ORG_CODE);
    id_column(sql, m, actual + at, "x_reg", 1u << LL_ID_REG_NO);
    id_column(sql, m, actual + at, "x_person", 1u << LL_ID_RESIDENT_ID);
    ll_buf_printf(sql, " FROM (%s)", source);
}

void ll_link_sql_frequencies(struct ll_buf *sql, const struct ll_link_model *m, size_t f)
{
    ll_buf_printf(
        sql, "SELECT v, -log2(count(*) / sum(count(*)) OVER ()) AS w FROM (SELECT f%zu AS v FROM link_s0", f);
    if (!m->dedupe)
        ll_buf_printf(sql, " UNION ALL SELECT f%zu FROM link_s1", f);
    ll_buf_z(sql, ") WHERE v IS NOT NULL GROUP BY v");
}

static void key_part(struct ll_buf *sql, const struct ll_link_key *k)
{
    if (!k->from)
        ll_buf_printf(sql, "s.f%zu", k->field);
    else if (k->length)
        ll_buf_printf(sql, "nullif(substr(s.f%zu, %d, %u), '')", k->field, k->from, k->length);
    else
        ll_buf_printf(sql, "nullif(substr(s.f%zu, %d), '')", k->field, k->from);
}

static void key_hash(struct ll_buf *sql, const struct ll_link_rule *r, size_t i)
{
    ll_buf_z(sql, ", CASE WHEN ");
    for (size_t k = 0; k < r->n; k++) {
        ll_buf_z(sql, k ? " AND " : "");
        key_part(sql, &r->keys[k]);
        ll_buf_z(sql, " IS NOT NULL");
    }
    ll_buf_z(sql, " THEN hash(");
    for (size_t k = 0; k < r->n; k++) {
        ll_buf_z(sql, k ? ", " : "");
        key_part(sql, &r->keys[k]);
    }
    ll_buf_printf(sql, ") END AS k%zu", i);
}

void ll_link_sql_prepare(struct ll_buf *sql, const struct ll_link_model *m, unsigned side)
{
    ll_buf_z(sql, "SELECT s.*");
    for (size_t f = 0; f < m->n_fields; f++) {
        if (m->fields[f].numeric && m->fields[f].takes == LL_LINK_TAKES_DATE)
            ll_buf_printf(
                sql,
                ", CAST(date_diff('day', DATE '1970-01-01', TRY_CAST(s.f%zu AS DATE)) AS DOUBLE) AS n%zu", f,
                f);
        else if (m->fields[f].numeric)
            ll_buf_printf(sql, ", TRY_CAST(s.f%zu AS DOUBLE) AS n%zu", f, f);
        if (m->fields[f].tf)
            ll_buf_printf(sql, ", t%zu.w AS t%zu", f, f);
    }
    for (size_t i = 0; i < m->n_rules; i++)
        key_hash(sql, &m->rules[i], i);
    ll_buf_printf(sql, " FROM link_s%u s", side);
    for (size_t f = 0; f < m->n_fields; f++)
        if (m->fields[f].tf)
            ll_buf_printf(sql, " LEFT JOIN link_t%zu t%zu ON t%zu.v = s.f%zu", f, f, f, f);
}

/* ---- pairs ---- */

void ll_link_sql_pairs(struct ll_buf *sql, const struct ll_link_model *m, size_t rule, bool training)
{
    ll_buf_printf(sql, " FROM link_p0 l JOIN link_p%u r ON l.k%zu = r.k%zu", m->dedupe ? 0 : 1, rule, rule);
    if (m->dedupe)
        ll_buf_z(sql, " AND l.rid < r.rid");
    for (size_t i = 0; i < rule && !training; i++)
        if (m->rules[i].use)
            ll_buf_printf(sql, " AND (l.k%zu = r.k%zu) IS NOT TRUE", i, i);
    if (!m->n_ids)
        return;
    ll_buf_z(sql, " AND (l.x_org IS NULL OR r.x_org IS NULL) AND (l.x_person IS NULL OR r.x_person IS NULL)"
                  " AND (l.x_reg = r.x_reg) IS NOT TRUE");
}

void ll_link_sql_exact(struct ll_buf *sql, const struct ll_link_model *m)
{
    static const char *const ids[] = {"org", "reg", "person"};

    ll_buf_z(sql, "SELECT a, b, min(via) AS via FROM (");
    for (size_t i = 0; i < LL_COUNT(ids); i++) {
        ll_buf_printf(
            sql,
            "%sSELECT l.rid AS a, r.rid AS b, '%s' AS via FROM link_s0 l JOIN link_s%u r ON l.x_%s = r.x_%s",
            i ? " UNION ALL " : "", ids[i], m->dedupe ? 0 : 1, ids[i], ids[i]);
        if (m->dedupe)
            ll_buf_z(sql, " AND l.rid < r.rid");
        /* where both have an organisation code that decides: registration numbers were given again */
        if (strcmp(ids[i], "reg") == 0)
            ll_buf_z(sql, " AND (l.x_org IS NULL OR r.x_org IS NULL)");
    }
    ll_buf_z(sql, ") GROUP BY a, b");
}

/* ---- comparisons ---- */

typedef void leaf_fn(struct ll_buf *sql, const struct ll_link_model *m, const struct ll_link_params *p,
                     size_t c, int level);

static const struct ll_link_level *level_of(const struct ll_link_comparison *c, int level)
{
    return level > 0 ? &c->levels[c->n - (size_t)level] : NULL;
}

static void leaf_level(struct ll_buf *sql, const struct ll_link_model *m, const struct ll_link_params *p,
                       size_t c, int level)
{
    (void)m, (void)p, (void)c;
    ll_buf_printf(sql, "%d", level);
}

static void leaf_adjustment(struct ll_buf *sql, const struct ll_link_model *m, const struct ll_link_params *p,
                            size_t c, int level)
{
    const struct ll_link_level *l = level_of(&m->comparisons[c], level);

    number(sql, l && l->tf ? log2(p->u[c][level]) : 0);
    if (l && l->tf)
        ll_buf_printf(sql, " + l.t%zu", l->fields[0]);
}

static void leaf_weight(struct ll_buf *sql, const struct ll_link_model *m, const struct ll_link_params *p,
                        size_t c, int level)
{
    const struct ll_link_level *l = level_of(&m->comparisons[c], level);

    number(sql, ll_link_weight(p, c, level) + (l && l->tf ? log2(p->u[c][level]) : 0));
    if (l && l->tf)
        ll_buf_printf(sql, " + l.t%zu", l->fields[0]);
}

static void measure(struct ll_buf *sql, const struct ll_link_level *l, size_t f)
{
    const struct ll_link_kind_info *k = &ll_link_kinds[l->kind];
    char left[24], right[24], column = k->takes == LL_LINK_TAKES_TEXT ? 'f' : 'n';

    snprintf(left, sizeof left, "l.%c%zu", column, l->fields[f]);
    snprintf(right, sizeof right, "r.%c%zu", column, l->fields[f]);
    fill(sql, k->measure, 'l', left, 'r', right);
}

static void condition(struct ll_buf *sql, const struct ll_link_level *l)
{
    if (l->kind == LL_LINK_SWAPPED) {
        ll_buf_printf(sql, "l.f%zu = r.f%zu AND l.f%zu = r.f%zu", l->fields[0], l->fields[1], l->fields[1],
                      l->fields[0]);
        return;
    }
    for (size_t f = 0; f < l->n_fields; f++) {
        ll_buf_z(sql, f ? " AND " : "");
        if (l->kind == LL_LINK_EXACT) {
            ll_buf_printf(sql, "l.f%zu = r.f%zu", l->fields[f], l->fields[f]);
        } else if (l->kind == LL_LINK_PREFIX) {
            ll_buf_printf(sql, "left(l.f%zu, %d) = left(r.f%zu, %d)", l->fields[f], (int)l->at, l->fields[f],
                          (int)l->at);
        } else {
            measure(sql, l, f);
            ll_buf_z(sql, ll_link_kinds[l->kind].sign > 0 ? " >= " : " <= ");
            number(sql, l->at);
        }
    }
}

/* How many levels from i on measure the same thing with ever weaker demands: they share one measurement. */
static size_t run_from(const struct ll_link_comparison *c, size_t i)
{
    const struct ll_link_level *first = &c->levels[i];
    size_t n = 1;

    if (!ll_link_kinds[first->kind].sign || first->n_fields != 1)
        return 1;
    while (i + n < c->n && c->levels[i + n].kind == first->kind && c->levels[i + n].n_fields == 1 &&
           c->levels[i + n].fields[0] == first->fields[0])
        n++;
    return n;
}

/* The last levels of a comparison as one measurement: [leaf 0, leaf 1, ...][1 + steps]. */
static void last_run(struct ll_buf *sql, const struct ll_link_model *m, const struct ll_link_params *p,
                     size_t c, size_t from, leaf_fn *leaf)
{
    const struct ll_link_comparison *cmp = &m->comparisons[c];
    int sign = ll_link_kinds[cmp->levels[from].kind].sign;

    ll_buf_z(sql, " ELSE [");
    for (int level = 0; level <= (int)(cmp->n - from); level++) {
        ll_buf_z(sql, level ? ", " : "");
        leaf(sql, m, p, c, level);
    }
    ll_buf_z(sql, sign > 0 ? "][1 + coalesce(ll_steps(" : "][1 + coalesce(ll_steps(-(");
    measure(sql, &cmp->levels[from], 0);
    ll_buf_z(sql, sign > 0 ? "" : ")");
    for (size_t i = from; i < cmp->n; i++) {
        ll_buf_z(sql, ", ");
        number(sql, sign * cmp->levels[i].at);
    }
    ll_buf_z(sql, "), 0)]");
}

/* Whether the fields have nothing to compare: each is empty on one side. */
static void nothing(struct ll_buf *sql, const struct ll_link_comparison *c)
{
    bool seen[LL_LINK_FIELDS] = {false}, any = false;

    for (size_t i = 0; i < c->n; i++)
        for (size_t f = 0; f < c->levels[i].n_fields; f++) {
            size_t field = c->levels[i].fields[f];
            if (!seen[field])
                ll_buf_printf(sql, "%s(l.f%zu IS NULL OR r.f%zu IS NULL)", any ? " AND " : "", field, field);
            seen[field] = any = true;
        }
}

static void put_case(struct ll_buf *sql, const struct ll_link_model *m, const struct ll_link_params *p,
                     size_t c, leaf_fn *leaf)
{
    const struct ll_link_comparison *cmp = &m->comparisons[c];
    size_t i = 0;

    ll_buf_z(sql, "CASE WHEN ");
    nothing(sql, cmp);
    ll_buf_z(sql, " THEN ");
    leaf(sql, m, p, c, -1);
    for (; i < cmp->n && !(run_from(cmp, i) > 1 && i + run_from(cmp, i) == cmp->n); i++) {
        ll_buf_z(sql, " WHEN ");
        condition(sql, &cmp->levels[i]);
        ll_buf_z(sql, " THEN ");
        leaf(sql, m, p, c, (int)(cmp->n - i));
    }
    if (i < cmp->n) {
        last_run(sql, m, p, c, i, leaf);
    } else {
        ll_buf_z(sql, " ELSE ");
        leaf(sql, m, p, c, 0);
    }
    ll_buf_z(sql, " END");
}

void ll_link_sql_level(struct ll_buf *sql, const struct ll_link_model *m, size_t c)
{
    put_case(sql, m, NULL, c, leaf_level);
}

void ll_link_sql_weight(struct ll_buf *sql, const struct ll_link_model *m, const struct ll_link_params *p,
                        size_t c)
{
    put_case(sql, m, p, c, leaf_weight);
}

void ll_link_sql_adjustment(struct ll_buf *sql, const struct ll_link_model *m, const struct ll_link_params *p,
                            size_t c)
{
    put_case(sql, m, p, c, leaf_adjustment);
}

bool ll_link_adjusts(const struct ll_link_comparison *c)
{
    for (size_t i = 0; i < c->n; i++)
        if (c->levels[i].tf)
            return true;
    return false;
}
