/* objection.c - see objection.h. */
#include "share/objection.h"

#include "base/clock.h"
#include "share/recordname.h"
#include "store/rows.h"

#include <string.h>

enum { DOUBT_MIN = 4, DOUBT_MAX = 2000, RECORD_MAX = 500 };

#define COLUMNS                                                                                                           \
    "o.id, o.organisation, o.provider, o.resource, o.record, o.item, o.doubt, o.answer, o.state, o.due_at, o.created_at," \
    " o.changed_at, o.subject, s.title, s.mask, o.decision, o.decided_at"
#define FROM " FROM objection o LEFT JOIN consent_subject s ON s.id = o.subject"

struct ll_flow_object ll_objection_object(const struct ll_objection *o)
{
    return (struct ll_flow_object){.flow = LL_FLOW_OBJECTION,
                                   .id = o->id,
                                   .state = o->state,
                                   .applicant = o->organisation,
                                   .provider = o->provider,
                                   .subject = o->subject,
                                   .facts = o->subject ? LL_FACT_BY_SUBJECT : LL_FACT_BY_ORGANISATION};
}

/* --- raising ------------------------------------------------------------------------------------------------------------ */

static int check_grant(struct ll_txn *tx, const char *organisation, const char *resource, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int rc = ll_sql(tx, "SELECT 1 FROM access_grant WHERE organisation = $1 AND resource = $2 LIMIT 1", &s,
                    err);

    if (rc < 0)
        return rc;
    ll_bind_z(s, 1, organisation);
    ll_bind_z(s, 2, resource);
    rc = ll_step(s, err);
    ll_stmt_done(s);
    return rc < 0   ? rc
           : rc > 0 ? LL_OK
                    : ll_fail(err, LL_DENIED, "没有使用过数据资源 %s 的机构不能对它提出疑义",
                              "who was never granted resource %s cannot doubt it", resource);
}

static int check_draft(const struct ll_catalog *cat, const struct ll_objection *draft,
                       const struct ll_actor *actor, const struct ll_resource **ret, struct ll_err *err)
{
    size_t n = ll_utf8_count(ll_str(draft->doubt));

    if (!actor->account || !(actor->roles & LL_DUTY_CONSUMER_STEWARD) || !actor->organisation)
        return ll_fail(err, LL_DENIED, "只有用数专员可以提出疑义",
                       "only a consumer steward can raise a doubt");
    if (!(*ret = ll_catalog_resource(cat, ll_str(draft->resource))))
        return ll_fail(err, LL_INVALID, "目录中没有数据资源 %s", "the catalogue has no resource %s",
                       draft->resource);
    if (draft->item && !ll_resource_item(*ret, ll_str(draft->item)))
        return ll_fail(err, LL_INVALID, "没有信息项 %s", "there is no item %s", draft->item);
    if (n < DOUBT_MIN || n > DOUBT_MAX || (draft->record && strlen(draft->record) > RECORD_MAX))
        return ll_fail(err, LL_INVALID, "疑义应有 %d 到 %d 个字符，说明错在哪里",
                       "the doubt must have %d to %d characters and say what is wrong", DOUBT_MIN, DOUBT_MAX);
    return LL_OK;
}

/* --- adding --------------------------------------------------------------------------------------------------------- */

int ll_objection_begin(struct ll_txn *tx, struct ll_vault *v, const struct ll_resource *r,
                       const struct ll_objection *draft, const char *was, const struct ll_actor *actor,
                       char id[LL_FLOW_ID_TEXT], struct ll_err *err)
{
    struct ll_buf record = LL_BUF_INIT(RECORD_MAX * 4);
    struct ll_objection o = *draft;
    int64_t now = ll_now_ms();
    int rc = ll_record_name_keep(v, r, draft->record, &record, err);

    ll_flow_new_id('O', id);
    o.id = id;
    o.provider = r->provider;
    o.state = LL_STATE_QUALITY_FEEDBACK;
    const struct ll_flow_object object = ll_objection_object(&o);
    if (rc == LL_OK)
        rc = ll_exec(
            tx, err,
            "INSERT INTO objection (id, organisation, subject, provider, resource, record, item, doubt, was, state, due_at,"
            " created_at, changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12)",
            "zzzzzzzzzzii", id, o.organisation, o.subject, o.provider, r->name,
            draft->record ? record.p : NULL, o.item, o.doubt, was, ll_state_word(o.state),
            ll_flow_due(o.state, now), now);
    ll_buf_free(&record);
    return rc < 0 ? rc : ll_flow_begin(tx, &object, actor, err);
}

int ll_objection_add(struct ll_txn *tx, struct ll_vault *v, const struct ll_catalog *cat,
                     const struct ll_objection *draft, const struct ll_actor *actor, char id[LL_FLOW_ID_TEXT],
                     struct ll_err *err)
{
    struct ll_objection o = *draft;
    const struct ll_resource *r = NULL;
    int rc;

    o.organisation = actor->organisation;
    if ((rc = check_draft(cat, draft, actor, &r, err)) < 0 ||
        (rc = check_grant(tx, actor->organisation, r->name, err)) < 0)
        return rc;
    return ll_objection_begin(tx, v, r, &o, NULL, actor, id, err);
}

/* --- steps -------------------------------------------------------------------------------------------------------------- */

/* What the source or the platform finds is a decision, and its reason the answer. */
static int enter(struct ll_txn *tx, const struct ll_objection *o, const struct ll_flow_step *step,
                 const char *reason, struct ll_err *err)
{
    const unsigned deciders = 1u << LL_PART_PROVIDER | 1u << LL_PART_DECIDER | 1u << LL_PART_OPERATOR;
    bool decides = step->parts & deciders;
    int64_t now = ll_now_ms();

    if (step->to == o->state)
        return LL_OK;
    return ll_exec(
        tx, err,
        "UPDATE objection SET state = $1, due_at = nullif($2, 0), answer = coalesce($3, answer), changed_at = $4,"
        " decision = coalesce($5, decision), decided_at = coalesce(nullif($6, 0), decided_at), checked = -1 WHERE id = $7",
        "ziziziz", ll_state_word(step->to), ll_flow_due(step->to, now), decides ? reason : NULL, now,
        decides ? step->action : NULL, decides ? now : 0, o->id);
}

int ll_objection_act(struct ll_txn *tx, const char *id, const struct ll_flow_act *act, struct ll_err *err)
{
    struct ll_arena *arena = ll_arena_new(0);
    const struct ll_flow_step *step = NULL;
    struct ll_objection o;
    int rc = arena ? ll_objection_get(tx, NULL, id, arena, &o, err) : ll_no_memory(err);

    if (rc == LL_OK) {
        const struct ll_flow_object object = ll_objection_object(&o);
        if ((rc = ll_flow_take(tx, &object, act, &step, err)) == LL_OK)
            rc = enter(tx, &o, step, act->reason, err);
    }
    ll_arena_free(arena);
    return rc;
}

/* --- reading ------------------------------------------------------------------------------------------------------------ */

static int read_rest(struct ll_stmt *s, struct ll_arena *arena, void *row, struct ll_err *err)
{
    struct ll_objection *o = row;

    (void)arena;
    o->state = ll_state_parse(LL_FLOW_OBJECTION, ll_col_text(s, 8));
    return o->state < LL_STATE_COUNT ? LL_OK
                                     : ll_fail(err, LL_INTERNAL, "疑义 %s 的状态无法识别",
                                               "objection %s has an unknown state", o->id);
}

#define COLUMN(kind, member) LL_ROW(kind, ll_objection, member)
static const struct ll_row_column columns[] = {
    COLUMN(TEXT, id),       COLUMN(TEXT, organisation),  COLUMN(TEXT, provider),     COLUMN(TEXT, resource),
    COLUMN(TEXT, record),   COLUMN(TEXT, item),          COLUMN(TEXT, doubt),        COLUMN(TEXT, answer),
    LL_ROW_OTHER,           COLUMN(INT, due_at),         COLUMN(INT, created_at),    COLUMN(INT, changed_at),
    COLUMN(TEXT, subject),  COLUMN(TEXT, subject_title), COLUMN(TEXT, subject_mask), COLUMN(TEXT, decision),
    COLUMN(INT, decided_at)};
static const struct ll_row_form rows = {columns, LL_COUNT(columns), sizeof(struct ll_objection), read_rest};

int ll_objection_get(struct ll_txn *tx, struct ll_vault *v, const char *id, struct ll_arena *arena,
                     struct ll_objection *ret, struct ll_err *err)
{
    int rc = ll_row_get(tx, &rows, "SELECT " COLUMNS FROM " WHERE o.id = $1", id, arena, ret, err);

    if (rc == 0)
        return ll_fail(err, LL_NOTFOUND, "没有编号为 %s 的疑义", "there is no objection %s", id);
    if (rc > 0)
        ret->record = ll_record_name_open(v, ret->resource, ret->record, arena);
    return rc < 0 ? rc : LL_OK;
}

#define FITS                                                                                                 \
    FROM " WHERE ($1 IS NULL OR o.resource = $1) AND ($2 IS NULL OR o.state = $2)"                           \
         " AND ($3 IS NULL OR o.organisation = $3 OR o.provider = $3) AND ($4 IS NULL OR o.subject = $4)"

static const struct ll_row_order order_list[] = {
    {"created", "o.created_at"}, {"resource", "o.resource"}, {"state", "o.state"}, {"due", "o.due_at"}};
static const struct ll_row_orders orders = {order_list, LL_COUNT(order_list), "o.created_at DESC", "o.id"};

int ll_objection_list(struct ll_txn *tx, struct ll_vault *v, const struct ll_objection_query *q,
                      struct ll_arena *arena, struct ll_objection **ret, size_t *ret_n, int64_t *ret_total,
                      struct ll_err *err)
{
    const struct ll_row_arg args[] = {LL_ARG_Z(q->resource), LL_ARG_Z(q->state), LL_ARG_Z(q->either),
                                      LL_ARG_Z(q->subject)};
    const struct ll_row_page page = LL_ROW_PAGE(COLUMNS, FITS, orders, args, q);
    void *list = NULL;
    int rc = ll_row_list(tx, &rows, &page, arena, &list, ret_n, ret_total, err);

    if (rc < 0)
        return rc;
    *ret = list;
    for (size_t i = 0; i < *ret_n; i++)
        (*ret)[i].record = ll_record_name_open(v, (*ret)[i].resource, (*ret)[i].record, arena);
    return LL_OK;
}

static void put_time(struct ll_json *j, const char *key, int64_t ms)
{
    char text[LL_TIME_TEXT];

    ll_json_kz(j, key, ms ? ll_time_text(ms, text) : NULL);
}

void ll_objection_put(struct ll_json *j, const struct ll_objection *o)
{
    ll_json_kz(j, "id", o->id);
    ll_json_kz(j, "organisation", o->organisation);
    ll_json_kz(j, "subject", o->subject_mask);
    ll_json_kz(j, "subject_title", o->subject_title);
    ll_json_kz(j, "provider", o->provider);
    ll_json_kz(j, "resource", o->resource);
    ll_json_kz(j, "record", o->record);
    ll_json_kz(j, "item", o->item);
    ll_json_kz(j, "doubt", o->doubt);
    ll_json_kz(j, "answer", o->answer);
    ll_json_kz(j, "decision", o->decision);
    put_time(j, "decided_at", o->decided_at);
    ll_state_put(j, o->state);
    put_time(j, "due_at", o->due_at);
    put_time(j, "created_at", o->created_at);
    put_time(j, "changed_at", o->changed_at);
}
