/* repair.c - see repair.h. */
#include "apps/credit/repair.h"

#include "apps/credit/publicity_find.h"
#include "base/clock.h"
#include "share/attachment.h"
#include "share/record.h"
#include "share/recordname.h"
#include "share/subject.h"
#include "share/withheld.h"
#include "share/workdays.h"
#include "standard/convert.h"
#include "store/rows.h"

#include <stdio.h>
#include <string.h>

enum { STATEMENT_MIN = 4, RULING_MIN = 4, RULING_MAX = 100, PARTS_MAX = 16, KEY_MAX = 480, DAY_TEXT = 16 };

#define COLUMNS                                                                                                                     \
    "r.id, r.subject, s.title, s.mask, r.provider, r.resource, r.record, r.level, r.decided_day, r.earliest, r.latest,"             \
    " r.statement, r.commitment, r.decision, r.answer, r.legal_basis, r.state, r.due_at, r.created_at, r.changed_at, r.decided_at," \
    " r.ground, r.court, r.ruling, r.ruled_day"
#define FROM " FROM repair r JOIN consent_subject s ON s.id = r.subject"

struct ll_flow_object ll_repair_object(const struct ll_repair *r)
{
    return (struct ll_flow_object){.flow = LL_FLOW_REPAIR,
                                   .id = r->id,
                                   .state = r->state,
                                   .provider = r->provider,
                                   .subject = r->subject,
                                   .facts = r->ground == LL_REPAIR_REORGANISED ? LL_FACT_REORGANISED
                                                                               : LL_FACT_FULFILLED};
}

static const struct {
    const char *word, *zh, *en;
} grounds[] = {[LL_REPAIR_FULFILLED] = {"fulfilled", "义务履行完毕", "the duties were fulfilled"},
               [LL_REPAIR_REORGANISED] = {"reorganised", "破产重整、和解",
                                          "reorganisation or settlement in bankruptcy"}};

const char *ll_repair_ground_word(enum ll_repair_ground g)
{
    return grounds[g].word;
}

const char *ll_repair_ground_title(enum ll_repair_ground g, enum ll_lang lang)
{
    return lang == LL_ZH ? grounds[g].zh : grounds[g].en;
}

enum ll_repair_ground ll_repair_ground_parse(struct ll_str word)
{
    unsigned g = 0;

    while (g < LL_REPAIR_GROUNDS && !ll_str_is(word, grounds[g].word))
        g++;
    return (enum ll_repair_ground)g;
}

/* --- what may be repaired ------------------------------------------------------------------------------------------------ */

/* The record in question, and what the rules make of it. */
struct fault {
    const struct ll_resource *resource;
    const struct ll_public_kind *kind;
    struct ll_buf record; /* its key, as the record writes it */
    struct ll_public_show show;
    int32_t decided;
    char tag[LL_PSEUDONYM_TEXT]; /* names the record in the table without telling it */
};

static int judge(const struct ll_repair_env *env, const struct ll_public_rules *rules, struct fault *f,
                 struct ll_table *t, struct ll_err *err)
{
    struct ll_public_facts facts;
    struct ll_buf name = LL_BUF_INIT(KEY_MAX * 2);
    struct ll_json j;

    ll_public_facts_of(f->kind, f->resource, t, &facts);
    f->decided = facts.decided;
    ll_public_by_rule(rules, f->kind, &facts, ll_workday_of(ll_now_ms()), &f->show);
    f->show.level = ll_arena_dup(env->arena, ll_str(f->show.level));
    ll_json_init(&j, &f->record);
    ll_record_put_key(f->resource, t, false, &j);
    ll_buf_printf(&name, "%s\n", f->resource->name);
    ll_buf_str(&name, ll_buf_view(&f->record));
    int rc = !f->show.level || name.failed || f->record.failed
                 ? ll_fail(err, LL_TOOBIG, "主键过长", "the key is too long")
                 : ll_gateway_pseudonym(env->gateway, "repair", ll_buf_view(&name), f->tag, err);
    ll_buf_free(&name);
    return rc;
}

static int no_record(const struct ll_repair_ask *ask, struct ll_err *err)
{
    return ll_fail(err, LL_NOTFOUND, "%s 中没有属于您的这条记录", "there is no such record of yours in %s",
                   ask->resource);
}

static int look(const struct ll_repair_env *env, const struct ll_repair_ask *ask,
                const struct ll_public_rules *rules, struct fault *f, struct ll_err *err)
{
    struct ll_str key[PARTS_MAX];
    struct ll_table *t = NULL;
    int rc;

    if (ask->n_key != f->resource->n_key || ask->n_key > PARTS_MAX)
        return ll_fail(err, LL_USAGE, "%s 的主键有 %zu 部分，收到 %zu 个",
                       "the key of %s has %zu parts, got %zu", f->resource->name, f->resource->n_key,
                       ask->n_key);
    if ((rc = ll_tables_take_now(env->tables, f->resource->name, &t, err)) < 0)
        return rc;
    for (size_t i = 0; i < ask->n_key; i++)
        key[i] = ll_str(ask->key[i]);
    if ((rc = ll_table_find(t, key, ask->n_key, err)) >= 0)
        rc = rc > 0 && ll_subject_owns(f->resource, t, ask->scheme, ask->value) ? judge(env, rules, f, t, err)
                                                                                : no_record(ask, err);
    ll_tables_give(env->tables, t);
    return rc;
}

static const char *day_text(int32_t day, char out[DAY_TEXT])
{
    if (day == LL_PUBLIC_NO_DAY)
        return NULL;
    ll_date_text(day, out);
    return out;
}

/* Promise (4): all that a ruling is known by, and nothing of it without one. */
static int check_ruling(const struct ll_repair_ask *ask, struct ll_err *err)
{
    const char *texts[] = {ask->court, ask->ruling};
    bool wanted = ask->ground == LL_REPAIR_REORGANISED;

    for (size_t i = 0; i < LL_COUNT(texts); i++) {
        size_t n = texts[i] ? ll_utf8_count(ll_str(texts[i])) : 0;
        if (wanted ? n < RULING_MIN || n > RULING_MAX : n > 0)
            return ll_fail(
                err, LL_INVALID, "破产重整须写明法院和裁定书案号，各 %d 到 %d 个字符；其他情形不写",
                "reorganisation names the court and the number of its ruling, %d to %d characters each; "
                "nothing else does",
                RULING_MIN, RULING_MAX);
    }
    if (wanted == (ask->ruled_day == LL_PUBLIC_NO_DAY) ||
        (wanted && ask->ruled_day > ll_workday_of(ll_now_ms())))
        return ll_fail(err, LL_INVALID, "裁定日期应为破产重整裁定作出之日，不晚于今天",
                       "the day of the ruling is that on which it was made, today at the latest");
    return LL_OK;
}

/* Promise (1).  Promise (4): a reorganisation does not wait for the shortest time. */
static int check_fault(const struct fault *f, const struct ll_repair_ask *ask, struct ll_err *err)
{
    char day[DAY_TEXT];

    if (f->show.repair_from == LL_PUBLIC_NO_DAY || !f->show.level[0])
        return ll_fail(err, LL_INVALID, "这条记录没有认定日期或失信程度，请先联系认定部门补正",
                       "the record has no day of decision or degree: ask its source to complete it first");
    if (ask->ground != LL_REPAIR_REORGANISED && ll_workday_of(ll_now_ms()) < f->show.repair_from)
        return ll_fail(err, LL_INVALID, "最短公示期未满，%s 起可以申请修复",
                       "the shortest time of publicity is not over: repair may be asked for from %s on",
                       day_text(f->show.repair_from, day));
    return LL_OK;
}

static int check_texts(const struct ll_repair_ask *ask, struct ll_err *err)
{
    const char *texts[] = {ask->statement, ask->commitment};

    for (size_t i = 0; i < LL_COUNT(texts); i++) {
        size_t n = ll_utf8_count(ll_str(texts[i]));
        if (n < STATEMENT_MIN || n > LL_REPAIR_TEXT_MAX)
            return ll_fail(err, LL_INVALID, "整改说明和信用承诺各应有 %d 到 %d 个字符",
                           "the statement and the commitment must have %d to %d characters each",
                           STATEMENT_MIN, LL_REPAIR_TEXT_MAX);
    }
    return LL_OK;
}

static int check_open(const struct ll_repair_env *env, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int64_t n = 0;
    int rc = ll_sql(
        env->tx,
        "SELECT count(*) FROM repair WHERE subject = $1 AND state NOT IN ('repaired', 'provided', 'refused', 'withdrawn', 'revoked')",
        &s, err);

    if (rc < 0)
        return rc;
    ll_bind_z(s, 1, env->actor->subject);
    if ((rc = ll_step(s, err)) > 0)
        n = ll_col_int(s, 0);
    ll_stmt_done(s);
    return rc < 0                   ? rc
           : n < LL_REPAIR_OPEN_MAX ? LL_OK
                                    : ll_fail(err, LL_TOOMANY, "未办结的修复申请已有 %d 件",
                                              "%d repairs are open already", LL_REPAIR_OPEN_MAX);
}

/* --- adding ---------------------------------------------------------------------------------------------------------------- */

static int insert(const struct ll_repair_env *env, const struct ll_repair_ask *ask, const struct fault *f,
                  const char *id, struct ll_err *err)
{
    struct ll_buf record = LL_BUF_INIT(KEY_MAX * 4);
    struct ll_err broken;
    int64_t now = ll_now_ms();
    int rc = ll_record_name_keep(env->vault, f->resource, f->record.p, &record, err);

    if (rc < 0)
        return rc;
    rc = ll_exec(
        env->tx, &broken,
        "INSERT INTO repair (id, subject, provider, resource, record, tag, level, decided_day, earliest, latest, statement,"
        " commitment, state, due_at, created_at, changed_at, ground, court, ruling, ruled_day) VALUES ($1, $2, $3, $4, $5, $6, $7,"
        " $8, $9, nullif($10, $11), $12, $13, $14, NULL, $15, $15, $16, $17, $18, nullif($19, $11))",
        "zzzzzzziiiizzzizzzi", id, env->actor->subject, f->resource->provider, f->resource->name, record.p,
        f->tag, f->show.level, (int64_t)f->decided, (int64_t)f->show.repair_from, (int64_t)f->show.until,
        (int64_t)LL_PUBLIC_NO_DAY, ask->statement, ask->commitment, ll_state_word(LL_STATE_REPAIR_DRAFT), now,
        ll_repair_ground_word(ask->ground), ask->court, ask->ruling, (int64_t)ask->ruled_day);
    ll_buf_free(&record);
    if (rc == LL_CONFLICT)
        return ll_fail(err, LL_CONFLICT, "这条记录的修复正在办理或者已经修复",
                       "the repair of this record is under way or done already");
    if (rc < 0)
        *err = broken;
    return rc;
}

static int add(const struct ll_repair_env *env, const struct ll_repair_ask *ask, struct fault *f,
               const struct ll_public_rules *rules, char id[LL_FLOW_ID_TEXT], struct ll_err *err)
{
    int rc;

    if ((rc = look(env, ask, rules, f, err)) < 0 || (rc = check_fault(f, ask, err)) < 0 ||
        (rc = check_open(env, err)) < 0)
        return rc;
    ll_flow_new_id('R', id);
    if ((rc = insert(env, ask, f, id, err)) < 0)
        return rc;
    const struct ll_flow_object o = {.flow = LL_FLOW_REPAIR,
                                     .id = id,
                                     .state = LL_STATE_REPAIR_DRAFT,
                                     .provider = f->resource->provider,
                                     .subject = env->actor->subject};
    return ll_flow_begin(env->tx, &o, env->actor, err);
}

int ll_repair_add(const struct ll_repair_env *env, const struct ll_repair_ask *ask, char id[LL_FLOW_ID_TEXT],
                  struct ll_err *err)
{
    struct fault f = {.resource = ll_catalog_resource(env->cat, ll_str(ask->resource)),
                      .record = LL_BUF_INIT(KEY_MAX)};
    struct ll_public_rules rules;
    int rc = f.resource ? check_texts(ask, err) : no_record(ask, err);

    if (rc < 0 || (rc = check_ruling(ask, err)) < 0 ||
        (rc = ll_public_rules_read(env->tx, env->arena, &rules, err)) < 0)
        return rc;
    f.kind = ll_public_kind_find(&rules, ll_str(f.resource->name));
    rc = f.kind && f.kind->level[0] ? add(env, ask, &f, &rules, id, err)
                                    : ll_fail(err, LL_INVALID, "%s 不是失信信息，无须修复",
                                              "%s holds no faults that could be repaired", f.resource->name);
    ll_buf_free(&f.record);
    return rc;
}

/* --- steps ----------------------------------------------------------------------------------------------------------------- */

static int count_proofs(struct ll_txn *tx, const char *id, int64_t *ret, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int rc = ll_sql(tx, "SELECT count(*) FROM attachment WHERE scene = $1", &s, err);

    if (rc < 0)
        return rc;
    ll_bind_z(s, 1, id);
    if ((rc = ll_step(s, err)) > 0)
        *ret = ll_col_int(s, 0);
    ll_stmt_done(s);
    return rc < 0 ? rc : LL_OK;
}

static int on_submit(const struct ll_repair_env *env, const struct ll_repair *r,
                     const struct ll_flow_act *act, struct ll_err *err)
{
    int64_t n = 0;
    int rc = count_proofs(env->tx, r->id, &n, err);

    (void)act;
    return rc < 0  ? rc
           : n > 0 ? LL_OK
                   : ll_fail(err, LL_INVALID, "请先上传义务履行完毕的证明材料",
                             "add what proves that the duties were fulfilled first");
}

/* Promise (3).  Who stopped its publicity before has done so for another reason, which stands. */
static int on_repair(const struct ll_repair_env *env, const struct ll_repair *r,
                     const struct ll_flow_act *act, struct ll_err *err)
{
    const struct ll_resource *resource = ll_catalog_resource(env->cat, ll_str(r->resource));
    const struct ll_public_stop stop = {.resource = r->resource,
                                        .record = r->record,
                                        .since = ll_workday_of(ll_now_ms()),
                                        .reason = "信用修复",
                                        .document = r->id};
    struct ll_err stopped;
    int rc;

    if (!resource)
        return ll_fail(err, LL_CONFLICT, "目录中已没有数据资源 %s", "resource %s left the catalogue",
                       r->resource);
    rc = ll_public_stop(env->tx, &stop, act->actor, NULL, &stopped);
    if (rc < 0 && rc != LL_CONFLICT) {
        *err = stopped;
        return rc;
    }
    return ll_withhold(env->tx, env->vault, resource, r->record, r->id, err);
}

static int on_revoke(const struct ll_repair_env *env, const struct ll_repair *r,
                     const struct ll_flow_act *act, struct ll_err *err)
{
    struct ll_err lifted;
    int rc = ll_public_lift(env->tx, r->resource, r->record, ll_workday_of(ll_now_ms()), "撤销信用修复",
                            r->id, act->actor, &lifted);

    if (rc < 0 && rc != LL_NOTFOUND) {
        *err = lifted;
        return rc;
    }
    return ll_withhold_end(env->tx, r->id, err);
}

/* What follows of a step, in its transaction. */
static const struct {
    const char *action;
    bool decides;
    int (*then)(const struct ll_repair_env *env, const struct ll_repair *r, const struct ll_flow_act *act,
                struct ll_err *err);
} follows[] = {{"submit", false, on_submit}, {"repair", true, on_repair}, {"provide", true, on_repair},
               {"confirm", true, NULL},      {"refuse", true, NULL},      {"revoke", true, on_revoke}};

static int enter(const struct ll_repair_env *env, const struct ll_repair *r, const struct ll_flow_step *step,
                 const struct ll_flow_act *act, bool decides, struct ll_err *err)
{
    int64_t now = ll_now_ms();

    if (step->to == r->state)
        return LL_OK;
    return ll_exec(
        env->tx, err,
        "UPDATE repair SET state = $1, due_at = nullif($2, 0), changed_at = $3, decision = coalesce($4, decision),"
        " decided_at = coalesce(nullif($5, 0), decided_at), answer = coalesce($6, answer), legal_basis = coalesce($7, legal_basis)"
        " WHERE id = $8",
        "ziizizzz", ll_state_word(step->to), ll_flow_due(step->to, now), now, decides ? step->action : NULL,
        decides ? now : 0, act->reason, act->legal_basis, r->id);
}

int ll_repair_act(const struct ll_repair_env *env, const char *id, const struct ll_flow_act *act,
                  struct ll_err *err)
{
    const struct ll_flow_step *step = NULL;
    struct ll_repair r;
    bool decides = false;
    int rc = ll_repair_get(env, id, &r, err);

    if (rc < 0)
        return rc;
    const struct ll_flow_object o = ll_repair_object(&r);
    if ((rc = ll_flow_take(env->tx, &o, act, &step, err)) < 0)
        return rc;
    for (size_t i = 0; i < LL_COUNT(follows) && rc == LL_OK; i++)
        if (strcmp(follows[i].action, step->action) == 0) {
            decides = follows[i].decides;
            rc = follows[i].then ? follows[i].then(env, &r, act, err) : LL_OK;
        }
    return rc < 0 ? rc : enter(env, &r, step, act, decides, err);
}

/* --- reading --------------------------------------------------------------------------------------------------------------- */

static int read_rest(struct ll_stmt *s, struct ll_arena *arena, void *row, struct ll_err *err)
{
    struct ll_repair *r = row;

    (void)arena;
    r->decided_day = (int32_t)ll_col_int(s, 8);
    r->earliest = (int32_t)ll_col_int(s, 9);
    r->latest = ll_col_null(s, 10) ? LL_PUBLIC_NO_DAY : (int32_t)ll_col_int(s, 10);
    r->state = ll_state_parse(LL_FLOW_REPAIR, ll_col_text(s, 16));
    r->ground = ll_repair_ground_parse(ll_col_text(s, 21));
    r->ruled_day = ll_col_null(s, 24) ? LL_PUBLIC_NO_DAY : (int32_t)ll_col_int(s, 24);
    return r->state < LL_STATE_COUNT && r->ground < LL_REPAIR_GROUNDS
               ? LL_OK
               : ll_fail(err, LL_INTERNAL, "修复 %s 的状态无法识别", "repair %s has an unknown state", r->id);
}

#define COLUMN(kind, member) LL_ROW(kind, ll_repair, member)
static const struct ll_row_column columns[] = {COLUMN(TEXT, id),
                                               COLUMN(TEXT, subject),
                                               COLUMN(TEXT, subject_title),
                                               COLUMN(TEXT, subject_mask),
                                               COLUMN(TEXT, provider),
                                               COLUMN(TEXT, resource),
                                               COLUMN(TEXT, record),
                                               COLUMN(TEXT, level),
                                               LL_ROW_OTHER,
                                               LL_ROW_OTHER,
                                               LL_ROW_OTHER,
                                               COLUMN(TEXT, statement),
                                               COLUMN(TEXT, commitment),
                                               COLUMN(TEXT, decision),
                                               COLUMN(TEXT, answer),
                                               COLUMN(TEXT, legal_basis),
                                               LL_ROW_OTHER,
                                               COLUMN(INT, due_at),
                                               COLUMN(INT, created_at),
                                               COLUMN(INT, changed_at),
                                               COLUMN(INT, decided_at),
                                               LL_ROW_OTHER,
                                               COLUMN(TEXT, court),
                                               COLUMN(TEXT, ruling),
                                               LL_ROW_OTHER};
static const struct ll_row_form rows = {columns, LL_COUNT(columns), sizeof(struct ll_repair), read_rest};

static void open_name(const struct ll_repair_env *env, struct ll_repair *r)
{
    r->record = ll_record_name_open(env->vault, r->resource, r->record, env->arena);
}

int ll_repair_get(const struct ll_repair_env *env, const char *id, struct ll_repair *ret, struct ll_err *err)
{
    int rc = ll_row_get(env->tx, &rows, "SELECT " COLUMNS FROM " WHERE r.id = $1", id, env->arena, ret, err);

    if (rc == 0)
        return ll_fail(err, LL_NOTFOUND, "没有编号为 %s 的修复申请", "there is no repair %s", id);
    if (rc > 0)
        open_name(env, ret);
    return rc < 0 ? rc : LL_OK;
}

/* A draft is nobody's business but the subject's. */
#define FITS                                                                                                         \
    FROM                                                                                                             \
        " WHERE ($1 IS NULL OR r.subject = $1) AND ($2 IS NULL OR r.provider = $2) AND ($3 IS NULL OR r.state = $3)" \
        " AND ($1 IS NOT NULL OR r.state <> 'draft')"

static const struct ll_row_order order_list[] = {
    {"created", "r.created_at"}, {"resource", "r.resource"}, {"state", "r.state"}, {"due", "r.due_at"}};
static const struct ll_row_orders orders = {order_list, LL_COUNT(order_list), "r.created_at DESC", "r.id"};

int ll_repair_list(const struct ll_repair_env *env, const struct ll_repair_query *q, struct ll_repair **ret,
                   size_t *ret_n, int64_t *ret_total, struct ll_err *err)
{
    const struct ll_row_arg args[] = {LL_ARG_Z(q->subject), LL_ARG_Z(q->provider), LL_ARG_Z(q->state)};
    const struct ll_row_page page = LL_ROW_PAGE(COLUMNS, FITS, orders, args, q);
    void *list = NULL;
    int rc = ll_row_list(env->tx, &rows, &page, env->arena, &list, ret_n, ret_total, err);

    if (rc < 0)
        return rc;
    *ret = list;
    for (size_t i = 0; i < *ret_n; i++)
        open_name(env, &(*ret)[i]);
    return LL_OK;
}

/* --- writing --------------------------------------------------------------------------------------------------------------- */

static void put_time(struct ll_json *j, const char *key, int64_t ms)
{
    char text[LL_TIME_TEXT];

    ll_json_kz(j, key, ms ? ll_time_text(ms, text) : NULL);
}

static void put_level(const struct ll_repair_env *env, const char *code, struct ll_json *j)
{
    const struct ll_codeset *levels = ll_catalog_codeset(env->cat, LL_STR("DISHONESTY_LEVEL"));
    const struct ll_code *c = levels ? ll_codeset_by_code(levels, ll_str(code)) : NULL;

    ll_json_kz(j, "level", code);
    ll_json_key(j, "level_title");
    ll_json_str(j, c ? c->title : ll_str(code));
    ll_json_key(j, "level_title_en");
    ll_json_str(j, c && c->title_en.n ? c->title_en : ll_str(code));
}

static int put_key(const struct ll_repair_env *env, const char *record, struct ll_json *j, struct ll_err *err)
{
    struct ll_str *key;
    size_t n;
    int rc = ll_key_parse(ll_str(record), env->arena, &key, &n, err);

    if (rc < 0)
        return rc;
    ll_json_key(j, "key");
    ll_json_arr(j);
    for (size_t i = 0; i < n; i++)
        ll_json_str(j, key[i]);
    ll_json_end_arr(j);
    return LL_OK;
}

int ll_repair_put(const struct ll_repair_env *env, const struct ll_repair *r, struct ll_json *j,
                  struct ll_err *err)
{
    const struct ll_resource *resource = ll_catalog_resource(env->cat, ll_str(r->resource));
    char day[DAY_TEXT];
    int rc;

    ll_json_kz(j, "id", r->id);
    ll_json_kz(j, "subject", r->subject_mask);
    ll_json_kz(j, "subject_title", r->subject_title);
    ll_json_kz(j, "resource", r->resource);
    ll_json_kz(j, "resource_title", resource ? resource->title : r->resource);
    ll_json_kz(j, "resource_title_en", resource ? resource->title_en : NULL);
    ll_json_kz(j, "provider", r->provider);
    ll_json_kz(j, "provider_name", resource ? resource->provider_name : NULL);
    if ((rc = put_key(env, r->record, j, err)) < 0)
        return rc;
    put_level(env, r->level, j);
    ll_json_kz(j, "decided_on", day_text(r->decided_day, day));
    ll_json_kz(j, "earliest", day_text(r->earliest, day));
    ll_json_kz(j, "latest", day_text(r->latest, day));
    ll_json_kz(j, "statement", r->statement);
    ll_json_kz(j, "commitment", r->commitment);
    ll_json_kz(j, "ground", ll_repair_ground_word(r->ground));
    ll_json_kz(j, "ground_title", ll_repair_ground_title(r->ground, LL_ZH));
    ll_json_kz(j, "ground_title_en", ll_repair_ground_title(r->ground, LL_EN));
    ll_json_kz(j, "court", r->court);
    ll_json_kz(j, "ruling", r->ruling);
    ll_json_kz(j, "ruled_on", day_text(r->ruled_day, day));
    ll_state_put(j, r->state);
    put_time(j, "due", r->due_at);
    put_time(j, "created_at", r->created_at);
    put_time(j, "changed_at", r->changed_at);
    put_time(j, "decided_at", r->decided_at);
    ll_json_kz(j, "decision", r->decision);
    ll_json_kz(j, "answer", r->answer);
    ll_json_kz(j, "legal_basis", r->legal_basis);
    return ll_attachments_put(env->tx, r->id, j, "attachments", env->arena, err);
}
