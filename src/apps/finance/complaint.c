/* complaint.c - complaints made, found again and listed (complaint.h). */
#include "apps/finance/complaint_impl.h"

#include "apps/finance/institution.h"
#include "base/clock.h"
#include "crypto/random.h"
#include "standard/codes.h"
#include "store/rows.h"

#include <string.h>

enum { DAY_MS = 86400000, NAME_MIN = 1, TEXT_MIN = 4 };

/* ---- rows ---- */

#define COLUMNS                                                                                                      \
    "id, subject, kind, organisation, product, loan_case, answer, mediation, refusal, rating_words, rating, due_at," \
    " created_at, changed_at, accepted_at, answered_at, reopened_at, state"

static int read_rest(struct ll_stmt *s, struct ll_arena *arena, void *row, struct ll_err *err)
{
    struct ll_complaint *c = row;

    (void)arena, (void)err;
    c->state = ll_state_parse(LL_FLOW_COMPLAINT, ll_col_text(s, 17));
    return LL_OK;
}

#define COLUMN(kind, member) LL_ROW(kind, ll_complaint, member)
static const struct ll_row_column columns[] = {
    COLUMN(TEXT, id),        COLUMN(TEXT, subject),      COLUMN(TEXT, kind),       COLUMN(TEXT, organisation),
    COLUMN(TEXT, product),   COLUMN(TEXT, loan_case),    COLUMN(TEXT, answer),     COLUMN(TEXT, mediation),
    COLUMN(TEXT, refusal),   COLUMN(TEXT, rating_words), COLUMN(OR_NONE, rating),  COLUMN(INT, due_at),
    COLUMN(INT, created_at), COLUMN(INT, changed_at),    COLUMN(INT, accepted_at), COLUMN(INT, answered_at),
    COLUMN(INT, reopened_at)};
static const struct ll_row_form form = {columns, LL_COUNT(columns), sizeof(struct ll_complaint), read_rest};

static int no_such(const char *id, struct ll_err *err)
{
    return ll_fail(err, LL_NOTFOUND, "没有编号为 %.32s 的投诉", "there is no complaint %.32s", id);
}

int ll_complaint_get(const struct ll_complaint_env *env, const char *id, struct ll_complaint *ret,
                     struct ll_err *err)
{
    int rc = ll_row_get(env->tx, &form, "SELECT " COLUMNS " FROM complaint WHERE id = $1", id, env->arena,
                        ret, err);

    return rc == 0 ? no_such(id, err) : rc < 0 ? rc : LL_OK;
}

static const struct ll_row_order order_list[] = {{"created", "created_at"}, {"changed", "changed_at"},
                                                 {"due", "due_at"},         {"kind", "kind"},
                                                 {"state", "state"},        {"organisation", "organisation"}};
static const struct ll_row_orders orders = {order_list, LL_COUNT(order_list), "created_at DESC", "id"};

int ll_complaint_list(const struct ll_complaint_env *env, const struct ll_complaint_query *q,
                      struct ll_complaint **ret, size_t *ret_n, int64_t *ret_total, struct ll_err *err)
{
#define FITS                                                                                                 \
    " FROM complaint WHERE ($1 IS NULL OR subject = $1) AND ($2 IS NULL OR organisation = $2)"               \
    " AND ($3 IS NULL OR kind = $3) AND ($4 IS NULL OR state = $4) AND ($5 = 0 OR due_at < $5)"              \
    " AND ($6 = 0 OR accepted_at IS NOT NULL)"
    const struct ll_row_arg args[] = {
        LL_ARG_Z(q->subject), LL_ARG_Z(q->organisation),           LL_ARG_Z(q->kind),
        LL_ARG_Z(q->state),   LL_ARG_I(q->late ? ll_now_ms() : 0), LL_ARG_I(q->forwarded)};
    const struct ll_row_page page = LL_ROW_PAGE(COLUMNS, FITS, orders, args, q);
    void *list = NULL;
    int rc = ll_row_list(env->tx, &form, &page, env->arena, &list, ret_n, ret_total, err);

    *ret = list;
    return rc;
#undef FITS
}

static int sealed_of(const struct ll_complaint_env *env, const char *id, const char *sql, const char *item,
                     const char **texts, size_t n, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int rc = ll_sql(env->tx, sql, &s, err);

    if (rc < 0)
        return rc;
    ll_bind_z(s, 1, id);
    if ((rc = ll_step(s, err)) > 0)
        rc = ll_complaint_unseal(env, item, ll_col_text(s, 0), texts, n, err);
    else if (rc == 0)
        rc = no_such(id, err);
    ll_stmt_done(s);
    return rc;
}

int ll_complaint_told_of(const struct ll_complaint_env *env, const char *id, struct ll_complaint_told *ret,
                         struct ll_err *err)
{
    const char *texts[2] = {NULL, NULL};
    int rc = sealed_of(env, id, "SELECT told FROM complaint WHERE id = $1", "told", texts, 2, err);

    *ret = (struct ll_complaint_told){texts[0], texts[1]};
    return rc;
}

int ll_complaint_contact_of(const struct ll_complaint_env *env, const char *id,
                            struct ll_complaint_contact *ret, struct ll_err *err)
{
    const char *texts[2] = {NULL, NULL};
    int rc = sealed_of(env, id, "SELECT contact FROM complaint WHERE id = $1", "contact", texts, 2, err);

    *ret = (struct ll_complaint_contact){texts[0], texts[1]};
    return rc;
}

/* ---- by number and code ---- */

struct door {
    char hash[LL_COMPLAINT_HASH];
    int64_t tries, since;
};

/* 1; 0: no such number, or one of a subject, which signs in. */
static int read_door(struct ll_txn *tx, const char *id, struct door *d, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int rc = ll_sql(tx, "SELECT code_hash, tries, tries_at FROM complaint WHERE id = $1 AND subject IS NULL",
                    &s, err);

    if (rc < 0)
        return rc;
    ll_bind_z(s, 1, id);
    if ((rc = ll_step(s, err)) > 0) {
        struct ll_str hash = ll_col_text(s, 0);
        if (hash.n == sizeof d->hash - 1)
            memcpy(d->hash, hash.p, hash.n);
        d->tries = ll_col_int(s, 1);
        d->since = ll_col_int(s, 2);
    }
    ll_stmt_done(s);
    return rc;
}

/* Counted from the first wrong one on, for a day. */
static int count_try(struct ll_txn *tx, const char *id, const struct door *d, int64_t now, struct ll_err *err)
{
    const bool anew = now - d->since >= DAY_MS;

    return ll_exec(tx, err, "UPDATE complaint SET tries = $1, tries_at = $2 WHERE id = $3", "iiz",
                   anew ? 1 : d->tries + 1, anew ? now : d->since, id);
}

int ll_complaint_open(const struct ll_complaint_env *env, const char *id, const char *code,
                      struct ll_complaint *ret, struct ll_err *err)
{
    struct door d = {.tries = 0};
    char hash[LL_COMPLAINT_HASH];
    int64_t now = ll_now_ms();
    int known = read_door(env->tx, id, &d, err), rc = LL_OK;

    if (known < 0)
        return known;
    if (d.tries >= LL_COMPLAINT_TRIES && now - d.since < DAY_MS)
        return ll_fail(err, LL_TOOMANY, "这个编号的查询码试错过多，请一天后再试",
                       "too many wrong codes of this number; try again in a day");
    ll_complaint_code_hash(id, code, hash);
    if (ll_equal_ct(hash, d.hash, LL_COMPLAINT_HASH) && known)
        return ll_complaint_get(env, id, ret, err);
    if (known)
        rc = count_try(env->tx, id, &d, now, err);
    return rc < 0 ? rc : ll_fail(err, LL_NOTFOUND, "编号或查询码不对", "the number or the code is another");
}

/* ---- adding ---- */

static bool is_phone(const char *text)
{
    size_t digits = 0, n = strlen(text);

    for (const char *p = text; *p; p++) {
        digits += *p >= '0' && *p <= '9';
        if (!strchr("0123456789+- ()", *p))
            return false;
    }
    return digits >= 7 && digits <= 15 && n <= 24;
}

static int check_text(const char *name, const char *text, size_t least, size_t most, struct ll_err *err)
{
    size_t n = text ? ll_utf8_count(ll_str(text)) : 0;

    return n >= least && n <= most ? LL_OK
                                   : ll_fail(err, LL_INVALID, "%s：应有 %zu 到 %zu 个字符",
                                             "%s: %zu to %zu characters", name, least, most);
}

static int check_words(const struct ll_complaint_env *env, const struct ll_complaint_new *n,
                       struct ll_err *err)
{
    const struct ll_codeset *kinds = ll_catalog_codeset(env->cat, LL_STR(LL_COMPLAINT_KINDS));
    int rc;

    if (!kinds || !ll_codeset_by_code(kinds, ll_str(n->kind)))
        return ll_fail(err, LL_INVALID, "kind：没有投诉类别 %.8s", "kind: there is no kind %.8s", n->kind);
    if ((rc = check_text("text", n->told.text, TEXT_MIN, LL_COMPLAINT_TEXT, err)) < 0 ||
        (rc = check_text("wish", n->told.wish, 0, LL_COMPLAINT_WISH, err)) < 0 ||
        (rc = check_text("name", n->contact.name, NAME_MIN, LL_COMPLAINT_NAME, err)) < 0)
        return rc;
    return n->contact.phone && is_phone(n->contact.phone)
               ? LL_OK
               : ll_fail(err, LL_INVALID, "phone：请填写能联系到您的电话号码",
                         "phone: a telephone number by which you can be reached");
}

static bool has_product(const struct ll_complaint_env *env, const char *organisation, const char *product)
{
    for (size_t i = 0; env->products && i < env->products->n; i++) {
        const struct ll_product *p = &env->products->list[i];
        if (strcmp(p->organisation, organisation) == 0 && (!product || strcmp(p->name, product) == 0))
            return true;
    }
    return false;
}

int ll_complaint_about(const struct ll_complaint_env *env, const char *organisation, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int rc;

    if (!ll_catalog_organisation(env->cat, ll_str(organisation)))
        return 0;
    if (has_product(env, organisation, NULL))
        return 1;
    if ((rc = ll_sql(env->tx,
                     "SELECT 1 FROM finance_institution WHERE organisation = $1 AND state <> 'proposed'", &s,
                     err)) < 0)
        return rc;
    ll_bind_z(s, 1, organisation);
    rc = ll_step(s, err);
    ll_stmt_done(s);
    return rc;
}

/* A loan case is the subject's own, and its institution's. */
static int check_case(const struct ll_complaint_env *env, const struct ll_complaint_new *n,
                      struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int rc = ll_sql(env->tx, "SELECT 1 FROM loan_case WHERE id = $1 AND subject = $2 AND organisation = $3",
                    &s, err);

    if (rc < 0)
        return rc;
    ll_bind_z(s, 1, n->loan_case);
    ll_bind_z(s, 2, env->actor->subject);
    ll_bind_z(s, 3, n->organisation);
    rc = ll_step(s, err);
    ll_stmt_done(s);
    return rc != 0 ? (rc > 0 ? LL_OK : rc)
                   : ll_fail(err, LL_INVALID, "loan_case：没有您在这家机构的这件贷款办理",
                             "loan_case: no such loan case of yours at this institution");
}

static int check_about(const struct ll_complaint_env *env, const struct ll_complaint_new *n,
                       struct ll_err *err)
{
    int rc;

    if (!n->organisation)
        return n->product || n->loan_case
                   ? ll_fail(err, LL_INVALID, "organisation：产品和办理须写明是哪家机构的",
                             "organisation: a product or a loan case is of an institution")
                   : LL_OK;
    if ((rc = ll_complaint_about(env, n->organisation, err)) < 0)
        return rc;
    if (rc == 0)
        return ll_fail(err, LL_INVALID, "organisation：%.40s 不是本平台的金融机构",
                       "organisation: %.40s is no financial institution of this platform", n->organisation);
    if (n->product && !has_product(env, n->organisation, n->product))
        return ll_fail(err, LL_INVALID, "product：这家机构没有产品 %.64s",
                       "product: this institution has no product %.64s", n->product);
    return n->loan_case ? check_case(env, n, err) : LL_OK;
}

static int check_many(const struct ll_complaint_env *env, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int64_t open = 0;
    int rc = ll_sql(
        env->tx,
        "SELECT count(*) FROM complaint WHERE subject = $1 AND state NOT IN ('closed', 'rejected',"
        " 'withdrawn')",
        &s, err);

    if (rc < 0)
        return rc;
    ll_bind_z(s, 1, env->actor->subject);
    if ((rc = ll_step(s, err)) > 0)
        open = ll_col_int(s, 0);
    ll_stmt_done(s);
    if (rc < 0)
        return rc;
    return open < LL_COMPLAINT_OPEN
               ? LL_OK
               : ll_fail(err, LL_TOOMANY, "您还有 %d 件投诉没有办结，请等它们办结",
                         "%d complaints of yours are open; wait until they end", LL_COMPLAINT_OPEN);
}

static int put_row(const struct ll_complaint_env *env, const struct ll_complaint_new *n,
                   const struct ll_complaint *c, const char *code_hash, struct ll_err *err)
{
    const char *contact[] = {n->contact.name, n->contact.phone}, *told[] = {n->told.text, n->told.wish};
    struct ll_buf sealed_contact = LL_BUF_INIT(LL_COMPLAINT_SEALED),
                  sealed_told = LL_BUF_INIT(LL_COMPLAINT_SEALED);
    int64_t now = ll_now_ms();
    int rc;

    if ((rc = ll_complaint_seal(env, "contact", contact, LL_COUNT(contact), &sealed_contact, err)) == LL_OK &&
        (rc = ll_complaint_seal(env, "told", told, LL_COUNT(told), &sealed_told, err)) == LL_OK)
        rc = ll_exec(
            env->tx, err,
            "INSERT INTO complaint (id, subject, code_hash, kind, organisation, product, loan_case, contact,"
            " told, state, due_at, created_at, changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10,"
            " $11, $12, $12)",
            "zzzzzzzzzzii", c->id, c->subject, code_hash, n->kind, n->organisation, n->product, n->loan_case,
            sealed_contact.p, sealed_told.p, ll_state_word(c->state),
            ll_complaint_due(env->settings, c->state, now), now);
    ll_buf_free(&sealed_contact);
    ll_buf_free(&sealed_told);
    return rc;
}

int ll_complaint_add(const struct ll_complaint_env *env, const struct ll_complaint_new *n,
                     char id[LL_FLOW_ID_TEXT], char code[LL_COMPLAINT_CODE], struct ll_err *err)
{
    struct ll_complaint c = {.id = id,
                             .subject = env->actor->subject,
                             .organisation = n->organisation,
                             .state = LL_STATE_COMPLAINT_RECEIVED};
    char hash[LL_COMPLAINT_HASH];
    int rc;

    code[0] = 0;
    if ((rc = check_words(env, n, err)) < 0 || (rc = check_about(env, n, err)) < 0 ||
        (c.subject && (rc = check_many(env, err)) < 0) ||
        (!c.subject && (rc = ll_complaint_code_new(code, err)) < 0))
        return rc;
    ll_flow_new_id('T', id);
    ll_complaint_code_hash(id, code, hash);
    const struct ll_flow_object o = ll_complaint_object(&c);
    const struct ll_actor anybody = {.subject = id};
    if ((rc = put_row(env, n, &c, c.subject ? NULL : hash, err)) < 0)
        return rc;
    return ll_flow_begin(env->tx, &o, c.subject ? env->actor : &anybody, err);
}
