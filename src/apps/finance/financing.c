/* financing.c - financings read and listed, their words, and how products matched them (financing.h). */
#include "apps/finance/financing.h"

#include "store/rows.h"

#include <stdio.h>
#include <string.h>

static const struct {
    const char *word, *title[2];
} modes[LL_MODE_COUNT] = {
#define X(id, word, zh, en) {word, {zh, en}},
    LL_FINANCING_MODES(X)
#undef X
};
static const char *const passes[LL_PASS_COUNT] = {
#define X(id, word, zh, en) word,
    LL_PASS_ONS(X)
#undef X
};

const char *ll_financing_mode_word(enum ll_financing_mode m)
{
    return modes[m].word;
}

const char *ll_financing_mode_title(enum ll_financing_mode m, enum ll_lang lang)
{
    return modes[m].title[lang];
}

enum ll_financing_mode ll_financing_mode_parse(struct ll_str word)
{
    unsigned m = 0;

    while (m < LL_MODE_COUNT && !ll_str_is(word, modes[m].word))
        m++;
    return (enum ll_financing_mode)m;
}

const char *ll_pass_on_word(enum ll_pass_on p)
{
    return passes[p];
}

enum ll_pass_on ll_pass_on_parse(struct ll_str word)
{
    unsigned p = 0;

    while (p < LL_PASS_COUNT && !ll_str_is(word, passes[p]))
        p++;
    return (enum ll_pass_on)p;
}

/* --- rates ------------------------------------------------------------------------------------------------------------ */

enum { RATE_DECIMALS = 4, RATE_UNIT = 10000, RATE_MOST = 36 };

static bool digits(struct ll_str s, size_t most)
{
    bool fine = s.n > 0 && s.n <= most;

    for (size_t i = 0; i < s.n && fine; i++)
        fine = s.p[i] >= '0' && s.p[i] <= '9';
    return fine;
}

int ll_rate_read(const char *name, const char *text, int64_t *ret, struct ll_err *err)
{
    struct ll_str whole, rest;
    int64_t value = 0;
    bool point = ll_str_cut(ll_str(text), '.', &whole, &rest);

    if (!digits(whole, 2) || (point && !digits(rest, RATE_DECIMALS)))
        return ll_fail(err, LL_USAGE, "%s 应为年利率（%%），如 4.35，至多四位小数",
                       "%s is a rate in percent a year, such as 4.35, with four decimals at most", name);
    for (size_t i = 0; i < whole.n; i++)
        value = value * 10 + (whole.p[i] - '0');
    for (size_t i = 0; i < RATE_DECIMALS; i++)
        value = value * 10 + (point && i < rest.n ? rest.p[i] - '0' : 0);
    if (value > (int64_t)RATE_MOST * RATE_UNIT)
        return ll_fail(err, LL_INVALID, "%s 不能超过 %d%%", "%s is %d%% at most", name, RATE_MOST);
    *ret = value;
    return LL_OK;
}

const char *ll_rate_text(int64_t rate, char out[LL_RATE_TEXT])
{
    int n = snprintf(out, LL_RATE_TEXT, "%lld.%04lld", (long long)(rate / RATE_UNIT),
                     (long long)(rate % RATE_UNIT));

    while (n > 0 && out[n - 1] == '0' && out[n - 3] != '.')
        out[--n] = 0;
    return out;
}

/* --- reading ---------------------------------------------------------------------------------------------------------- */

#define LIVE                                                                                                 \
    "('draft', 'applied', 'accepted', 'due_diligence', 'granted', 'drawn', 'repaying', 'overdue', 'bad', 'settled')"
#define COLUMNS                                                                                                          \
    "f.id, f.subject, s.title, f.purpose, f.guarantee, f.repayment, f.product, m.title, m.title_en, f.renews, f.region," \
    " f.industry, f.size, f.amount, f.term, f.rate_most, f.first_known, f.renewal_known, f.first_loan, f.open_most,"     \
    " f.open_until, (SELECT count(*) FROM loan_case c WHERE c.financing = f.id AND c.state IN " LIVE "),"                \
    " (SELECT count(*) FROM loan_case c WHERE c.financing = f.id AND c.state = 'draft'), f.created_at, f.published_at,"  \
    " f.changed_at, f.state, f.mode, f.pass_on"
#define FROM                                                                                                 \
    " FROM financing f JOIN consent_subject s ON s.id = f.subject"                                           \
    " LEFT JOIN financing_match m ON m.financing = f.id AND m.product = f.product"
enum { C_STATE = 26, C_MODE, C_PASS };

static int read_rest(struct ll_stmt *s, struct ll_arena *arena, void *row, struct ll_err *err)
{
    struct ll_financing *f = row;

    (void)arena;
    f->state = ll_state_parse(LL_FLOW_FINANCING, ll_col_text(s, C_STATE));
    f->mode = ll_financing_mode_parse(ll_col_text(s, C_MODE));
    f->pass_on = ll_pass_on_parse(ll_col_text(s, C_PASS));
    return f->state < LL_STATE_COUNT && f->mode < LL_MODE_COUNT && f->pass_on < LL_PASS_COUNT
               ? LL_OK
               : ll_fail(err, LL_INTERNAL, "融资需求 %s 的状态无法识别", "financing %s has an unknown state",
                         f->id);
}

#define COLUMN(kind, member) LL_ROW(kind, ll_financing, member)
static const struct ll_row_column columns[] = {COLUMN(TEXT, id),
                                               COLUMN(TEXT, subject),
                                               COLUMN(TEXT, subject_title),
                                               COLUMN(TEXT, purpose),
                                               COLUMN(TEXT, guarantee),
                                               COLUMN(TEXT, repayment),
                                               COLUMN(TEXT, product),
                                               COLUMN(TEXT, product_title[0]),
                                               COLUMN(TEXT, product_title[1]),
                                               COLUMN(TEXT, renews),
                                               COLUMN(TEXT, region),
                                               COLUMN(TEXT, industry),
                                               COLUMN(TEXT, size),
                                               COLUMN(INT, amount),
                                               COLUMN(INT, term),
                                               COLUMN(OR_NONE, rate_most),
                                               COLUMN(OR_NONE, first_known),
                                               COLUMN(OR_NONE, renewal_known),
                                               COLUMN(FLAG, first_loan),
                                               COLUMN(INT, open_most),
                                               COLUMN(INT, open_until),
                                               COLUMN(INT, taken),
                                               COLUMN(INT, waits),
                                               COLUMN(INT, created_at),
                                               COLUMN(INT, published_at),
                                               COLUMN(INT, changed_at),
                                               LL_ROW_OTHER,
                                               LL_ROW_OTHER,
                                               LL_ROW_OTHER};
static const struct ll_row_form rows = {columns, LL_COUNT(columns), sizeof(struct ll_financing), read_rest};

int ll_financing_get(const struct ll_deal_env *env, const char *id, struct ll_financing *ret,
                     struct ll_err *err)
{
    int rc = ll_row_get(env->tx, &rows, "SELECT " COLUMNS FROM " WHERE f.id = $1", id, env->arena, ret, err);

    if (rc == 0)
        return ll_fail(err, LL_NOTFOUND, "没有编号为 %s 的融资需求", "there is no financing %s", id);
    return rc < 0 ? rc : LL_OK;
}

/* Promise (2). */
#define OPEN_TO(organisation, now)                                                                           \
    " (EXISTS (SELECT 1 FROM loan_case c WHERE c.financing = f.id AND c.organisation = " organisation ")"    \
    " OR (f.state = 'published' AND f.open_until > " now                                                     \
    " AND ((f.mode = 'open' AND EXISTS (SELECT 1 FROM financing_match o"                                     \
    " WHERE o.financing = f.id AND o.organisation = " organisation                                           \
    ")) OR (f.mode = 'matched' AND EXISTS (SELECT 1 FROM"                                                    \
    " financing_match o WHERE o.financing = f.id AND o.organisation = " organisation                         \
    " AND o.result <> 'miss')))))"
#define FITS                                                                                                                         \
    FROM " WHERE ($1 IS NULL OR f.subject = $1) AND ($1 IS NOT NULL OR f.state <> 'draft') AND ($2 IS NULL OR" OPEN_TO(              \
        "$2",                                                                                                                        \
        "$7") ") AND ($3 IS NULL OR f.state = $3) AND ($4 IS NULL OR f.mode = $4)"                                                   \
              " AND ($5 IS NULL OR substr(f.region, 1, length($5)) = $5) AND ($6 IS NULL OR substr(f.industry, 1, length($6)) = $6)" \
              " AND $7 > 0"

static const struct ll_row_order order_list[] = {
    {"published", "f.published_at"}, {"amount", "f.amount"}, {"term", "f.term"}, {"region", "f.region"},
    {"industry", "f.industry"},      {"state", "f.state"},   {"mode", "f.mode"}};
static const struct ll_row_orders orders = {order_list, LL_COUNT(order_list),
                                            "coalesce(f.published_at, f.created_at) DESC", "f.id"};

int ll_financing_list(const struct ll_deal_env *env, const struct ll_financing_query *q,
                      struct ll_financing **ret, size_t *ret_n, int64_t *ret_total, struct ll_err *err)
{
    const struct ll_row_arg args[] = {LL_ARG_Z(q->subject), LL_ARG_Z(q->organisation), LL_ARG_Z(q->state),
                                      LL_ARG_Z(q->mode),    LL_ARG_Z(q->region),       LL_ARG_Z(q->industry),
                                      LL_ARG_I(q->now)};
    const struct ll_row_page page = LL_ROW_PAGE(COLUMNS, FITS, orders, args, q);
    void *list = NULL;
    int rc = ll_row_list(env->tx, &rows, &page, env->arena, &list, ret_n, ret_total, err);

    *ret = list;
    return rc;
}

int ll_financing_open_to(const struct ll_deal_env *env, const char *id, const char *organisation, int64_t now,
                         struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int rc = ll_sql(env->tx, "SELECT 1 FROM financing f WHERE f.id = $1 AND" OPEN_TO("$2", "$3"), &s, err);

    if (rc < 0)
        return rc;
    ll_bind_z(s, 1, id);
    ll_bind_z(s, 2, organisation);
    ll_bind_int(s, 3, now);
    rc = ll_step(s, err);
    ll_stmt_done(s);
    return rc;
}

/* --- how products matched ------------------------------------------------------------------------------------------------- */

#define M_COLUMNS "place, misses, unknown, product, kind, title, title_en, organisation, result"
#define M_COLUMN(kind, member) LL_ROW(kind, ll_financing_product, member)
static const struct ll_row_column product_columns[] = {
    M_COLUMN(INT, place),     M_COLUMN(INT, misses),        M_COLUMN(INT, unknown),
    M_COLUMN(TEXT, product),  M_COLUMN(TEXT, kind),         M_COLUMN(TEXT, title),
    M_COLUMN(TEXT, title_en), M_COLUMN(TEXT, organisation), M_COLUMN(TEXT, result)};
static const struct ll_row_form product_rows = {product_columns, LL_COUNT(product_columns),
                                                sizeof(struct ll_financing_product), NULL};

int ll_financing_products(const struct ll_deal_env *env, const char *id, const char *organisation,
                          size_t limit, struct ll_financing_product **ret, size_t *ret_n, struct ll_err *err)
{
    const struct ll_row_arg args[] = {LL_ARG_Z(id), LL_ARG_Z(organisation)};
    const struct ll_row_page page = {
        .sql = "SELECT " M_COLUMNS
               " FROM financing_match WHERE financing = $1 AND ($2 IS NULL OR organisation = $2)"
               " ORDER BY place LIMIT $3 OFFSET $4",
        .args = args,
        .n_args = LL_COUNT(args),
        .limit = limit};
    void *list = NULL;
    int rc = ll_row_list(env->tx, &product_rows, &page, env->arena, &list, ret_n, NULL, err);

    *ret = list;
    return rc;
}

static int one_product(const struct ll_deal_env *env, const char *sql, const char *id, const char *word,
                       struct ll_financing_product *ret, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int rc = ll_sql(env->tx, sql, &s, err);

    if (rc < 0)
        return rc;
    ll_bind_z(s, 1, id);
    ll_bind_z(s, 2, word);
    if ((rc = ll_step(s, err)) > 0 && (rc = ll_row_read(&product_rows, s, env->arena, ret, err)) == LL_OK)
        rc = 1;
    ll_stmt_done(s);
    return rc;
}

int ll_financing_product(const struct ll_deal_env *env, const char *id, const char *product,
                         struct ll_financing_product *ret, struct ll_err *err)
{
    return one_product(env,
                       "SELECT " M_COLUMNS " FROM financing_match WHERE financing = $1 AND product = $2"
                       " ORDER BY place LIMIT 1",
                       id, product, ret, err);
}

/* Promise (4): loans of which nothing is missed, in the kept order, of whoever has not handled it; then, where the firm said so, a guarantor. */
int ll_financing_next(const struct ll_deal_env *env, const struct ll_financing *f,
                      struct ll_financing_product *ret, struct ll_err *err)
{
#define NOT_YET                                                                                                   \
    " FROM financing_match m WHERE financing = $1 AND result <> 'miss' AND NOT EXISTS (SELECT 1 FROM loan_case c" \
    " WHERE c.financing = m.financing AND c.organisation = m.organisation)"
    int rc =
        f->pass_on == LL_PASS_NO
            ? 0
            : one_product(
                  env,
                  "SELECT " M_COLUMNS NOT_YET
                  " AND kind NOT IN ('guarantee', 'insurance', 'policy') AND $2 = '' ORDER BY place LIMIT 1",
                  f->id, "", ret, err);

    if (rc == 0 && f->pass_on == LL_PASS_GUARANTEE)
        rc = one_product(env, "SELECT " M_COLUMNS NOT_YET " AND kind = $2 ORDER BY place LIMIT 1", f->id,
                         "guarantee", ret, err);
#undef NOT_YET
    return rc;
}

struct ll_flow_object ll_financing_object(const struct ll_financing *f)
{
    return (struct ll_flow_object){
        .flow = LL_FLOW_FINANCING, .id = f->id, .state = f->state, .subject = f->subject};
}
