/* listing.c - see listing.h. */
#include "apps/credit/listing.h"

#include "apps/credit/publicity.h"
#include "base/clock.h"
#include "standard/convert.h"
#include "store/rows.h"

#include <string.h>

enum { TEXT_MIN = 2, TEXT_MAX = 1000, OF_SUBJECT = 64 };

#define COLUMNS                                                                                                          \
    "e.id, e.list, e.subject, s.title, s.mask, e.provider, e.document, e.reason, e.legal_basis, e.answer, e.exit_basis," \
    " e.decided_day, e.until_day, e.state, e.created_at, e.changed_at"
#define FROM " FROM list_entry e JOIN consent_subject s ON s.id = e.subject"

struct ll_flow_object ll_listing_object(const struct ll_listing *l)
{
    return (struct ll_flow_object){
        .flow = LL_FLOW_LISTING, .id = l->id, .state = l->state, .provider = l->provider};
}

/* --- adding ---------------------------------------------------------------------------------------------------------------- */

static int check_draft(const struct ll_listing_env *env, const struct ll_listing_draft *d, struct ll_err *err)
{
    const struct ll_credit_list *l = ll_credit_list_find(env->rules, d->list);
    const char *texts[] = {d->document, d->reason};

    if (!l)
        return ll_fail(err, LL_INVALID, "没有名单 %s", "there is no list %s", d->list);
    if (l->resource[0])
        return ll_fail(err, LL_INVALID, "名单“%s”按规则列入和移出，不能由文书列入",
                       "list %s follows from a rule; nobody is put on it by a document", d->list);
    for (size_t i = 0; i < LL_COUNT(texts); i++) {
        size_t n = ll_utf8_count(ll_str(texts[i]));
        if (n < TEXT_MIN || n > TEXT_MAX)
            return ll_fail(err, LL_INVALID, "决定文书和事由各应有 %d 到 %d 个字符",
                           "document and reason must have %d to %d characters each", TEXT_MIN, TEXT_MAX);
    }
    if (!ll_flow_names_rule(d->legal_basis))
        return ll_fail(err, LL_INVALID, "必须写明法律、法规或规章依据的名称，如《…》",
                       "the legal basis must be named by its title in 《》");
    return d->until_day == LL_PUBLIC_NO_DAY || d->until_day >= d->decided_day
               ? LL_OK
               : ll_fail(err, LL_INVALID, "截止日早于认定日", "it ends before it was decided");
}

int ll_listing_add(const struct ll_listing_env *env, const struct ll_listing_draft *d,
                   char id[LL_FLOW_ID_TEXT], struct ll_err *err)
{
    const struct ll_consent_env consenting = {env->tx, env->keys, env->cat, env->actor, env->arena};
    const char *subject = NULL;
    int64_t now = ll_now_ms();
    struct ll_err broken;
    int rc = check_draft(env, d, err);

    if (rc < 0 || (rc = ll_consent_subject_known(&consenting, &d->who, true, &subject, err)) < 0)
        return rc;
    ll_flow_new_id('L', id);
    rc = ll_exec(
        env->tx, &broken,
        "INSERT INTO list_entry (id, list, subject, provider, document, reason, legal_basis, decided_day, until_day, state,"
        " created_at, changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, nullif($9, $10), $11, $12, $12)",
        "zzzzzzziiizi", id, d->list, subject, env->actor->organisation, d->document, d->reason,
        d->legal_basis, (int64_t)d->decided_day, (int64_t)d->until_day, (int64_t)LL_PUBLIC_NO_DAY,
        ll_state_word(LL_STATE_ENTRY_PROPOSED), now);
    if (rc == LL_CONFLICT)
        return ll_fail(err, LL_CONFLICT, "该主体已在这一名单中，或正待决定",
                       "the subject is on this list already, or about to be");
    if (rc < 0) {
        *err = broken;
        return rc;
    }
    const struct ll_flow_object o = {.flow = LL_FLOW_LISTING,
                                     .id = id,
                                     .state = LL_STATE_ENTRY_PROPOSED,
                                     .provider = env->actor->organisation};
    return ll_flow_begin(env->tx, &o, env->actor, err);
}

int ll_listing_act(const struct ll_listing_env *env, const char *id, const struct ll_flow_act *act,
                   struct ll_err *err)
{
    const struct ll_flow_step *step = NULL;
    struct ll_listing l;
    int rc = ll_listing_get(env, id, &l, err);

    if (rc < 0)
        return rc;
    const struct ll_flow_object o = ll_listing_object(&l);
    if ((rc = ll_flow_take(env->tx, &o, act, &step, err)) < 0 || step->to == l.state)
        return rc;
    return ll_exec(
        env->tx, err,
        "UPDATE list_entry SET state = $1, answer = coalesce($2, answer), exit_basis = coalesce($3, exit_basis),"
        " changed_at = $4 WHERE id = $5",
        "zzziz", ll_state_word(step->to), act->reason, act->legal_basis, ll_now_ms(), id);
}

/* --- reading --------------------------------------------------------------------------------------------------------------- */

static int read_rest(struct ll_stmt *s, struct ll_arena *arena, void *row, struct ll_err *err)
{
    struct ll_listing *l = row;

    (void)arena;
    l->decided_day = (int32_t)ll_col_int(s, 11);
    l->until_day = ll_col_null(s, 12) ? LL_PUBLIC_NO_DAY : (int32_t)ll_col_int(s, 12);
    l->state = ll_state_parse(LL_FLOW_LISTING, ll_col_text(s, 13));
    return l->state < LL_STATE_COUNT ? LL_OK
                                     : ll_fail(err, LL_INTERNAL, "名单条目 %s 的状态无法识别",
                                               "list entry %s has an unknown state", l->id);
}

#define COLUMN(kind, member) LL_ROW(kind, ll_listing, member)
static const struct ll_row_column columns[] = {COLUMN(TEXT, id),
                                               COLUMN(TEXT, list),
                                               COLUMN(TEXT, subject),
                                               COLUMN(TEXT, subject_title),
                                               COLUMN(TEXT, subject_mask),
                                               COLUMN(TEXT, provider),
                                               COLUMN(TEXT, document),
                                               COLUMN(TEXT, reason),
                                               COLUMN(TEXT, legal_basis),
                                               COLUMN(TEXT, answer),
                                               COLUMN(TEXT, exit_basis),
                                               LL_ROW_OTHER,
                                               LL_ROW_OTHER,
                                               LL_ROW_OTHER,
                                               COLUMN(INT, created_at),
                                               COLUMN(INT, changed_at)};
static const struct ll_row_form rows = {columns, LL_COUNT(columns), sizeof(struct ll_listing), read_rest};

int ll_listing_get(const struct ll_listing_env *env, const char *id, struct ll_listing *ret,
                   struct ll_err *err)
{
    int rc = ll_row_get(env->tx, &rows, "SELECT " COLUMNS FROM " WHERE e.id = $1", id, env->arena, ret, err);

    if (rc == 0)
        return ll_fail(err, LL_NOTFOUND, "没有编号为 %s 的名单条目", "there is no list entry %s", id);
    return rc < 0 ? rc : LL_OK;
}

#define FITS                                                                                                 \
    FROM                                                                                                     \
        " WHERE ($1 IS NULL OR e.provider = $1) AND ($2 IS NULL OR e.list = $2) AND ($3 IS NULL OR e.state = $3)"

static const struct ll_row_order order_list[] = {
    {"created", "e.created_at"}, {"list", "e.list"}, {"state", "e.state"}, {"decided", "e.decided_day"}};
static const struct ll_row_orders orders = {order_list, LL_COUNT(order_list), "e.created_at DESC", "e.id"};

int ll_listing_list(const struct ll_listing_env *env, const struct ll_listing_query *q,
                    struct ll_listing **ret, size_t *ret_n, int64_t *ret_total, struct ll_err *err)
{
    const struct ll_row_arg args[] = {LL_ARG_Z(q->provider), LL_ARG_Z(q->list), LL_ARG_Z(q->state)};
    const struct ll_row_page page = LL_ROW_PAGE(COLUMNS, FITS, orders, args, q);
    void *list = NULL;
    int rc = ll_row_list(env->tx, &rows, &page, env->arena, &list, ret_n, ret_total, err);

    if (rc == LL_OK)
        *ret = list;
    return rc;
}

static int of_subject(const struct ll_listing_env *env, enum ll_scheme scheme, struct ll_str value,
                      const char *sql, int32_t day, struct ll_listing **ret, size_t *ret_n,
                      struct ll_err *err)
{
    const struct ll_consent_env consenting = {env->tx, env->keys, env->cat, env->actor, env->arena};
    const struct ll_consent_who who = {.scheme = scheme, .value = value};
    const char *subject = NULL;
    void *list = NULL;
    int rc = ll_consent_subject_known(&consenting, &who, false, &subject, err);

    *ret_n = 0;
    if (rc < 0)
        return rc;
    const struct ll_row_arg args[] = {LL_ARG_Z(subject), LL_ARG_I(day)};
    const struct ll_row_page page = {.sql = sql, .args = args, .n_args = LL_COUNT(args), .limit = OF_SUBJECT};
    if ((rc = ll_row_list(env->tx, &rows, &page, env->arena, &list, ret_n, NULL, err)) == LL_OK)
        *ret = list;
    return rc;
}

int ll_listings_of(const struct ll_listing_env *env, enum ll_scheme scheme, struct ll_str value, int32_t day,
                   struct ll_listing **ret, size_t *ret_n, struct ll_err *err)
{
    return of_subject(
        env, scheme, value,
        "SELECT " COLUMNS FROM " WHERE e.subject = $1 AND e.state = 'in_force' AND e.decided_day <= $2"
        " AND (e.until_day IS NULL OR e.until_day >= $2) ORDER BY e.decided_day LIMIT $3 OFFSET $4",
        day, ret, ret_n, err);
}

int ll_listings_ever(const struct ll_listing_env *env, enum ll_scheme scheme, struct ll_str value,
                     struct ll_listing **ret, size_t *ret_n, struct ll_err *err)
{
    return of_subject(env, scheme, value,
                      "SELECT " COLUMNS FROM
                      " WHERE e.subject = $1 AND e.state IN ('in_force', 'removed') AND $2 = 0"
                      " ORDER BY e.decided_day DESC LIMIT $3 OFFSET $4",
                      0, ret, ret_n, err);
}

/* --- writing --------------------------------------------------------------------------------------------------------------- */

static void put_day(struct ll_json *j, const char *key, int32_t day)
{
    char text[16];

    if (day == LL_PUBLIC_NO_DAY) {
        ll_json_kz(j, key, NULL);
        return;
    }
    ll_json_ks(j, key, (struct ll_str){text, ll_date_text(day, text)});
}

void ll_listing_put(const struct ll_listing_env *env, const struct ll_listing *l, struct ll_json *j)
{
    const struct ll_credit_list *list = ll_credit_list_find(env->rules, l->list);
    char at[LL_TIME_TEXT];

    ll_json_kz(j, "id", l->id);
    ll_json_kz(j, "list", l->list);
    ll_json_kz(j, "list_title", list ? list->title : l->list);
    ll_json_kz(j, "list_title_en", list ? list->title_en : l->list);
    ll_json_kz(j, "kind", list ? list->kind : NULL);
    ll_json_kz(j, "subject", l->subject_mask);
    ll_json_kz(j, "subject_title", l->subject_title);
    ll_json_kz(j, "provider", l->provider);
    ll_json_kz(j, "document", l->document);
    ll_json_kz(j, "reason", l->reason);
    ll_json_kz(j, "legal_basis", l->legal_basis);
    ll_json_kz(j, "answer", l->answer);
    ll_json_kz(j, "exit_basis", l->exit_basis);
    put_day(j, "decided_on", l->decided_day);
    put_day(j, "until", l->until_day);
    ll_state_put(j, l->state);
    ll_json_kz(j, "created_at", ll_time_text(l->created_at, at));
    ll_json_kz(j, "changed_at", ll_time_text(l->changed_at, at));
}
