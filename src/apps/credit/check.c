/* check.c - see check.h. */
#include "apps/credit/check.h"

#include "apps/credit/publicity.h"
#include "base/clock.h"
#include "base/log.h"
#include "share/admin.h"
#include "share/marks.h"
#include "share/subject.h"
#include "share/workdays.h"
#include "standard/convert.h"

#include <jansson.h>
#include <string.h>

enum { RECORDS = 200, VALUE_MAX = 64, WORDS_MAX = 8192 };

/* That the subject is on a list. */
struct member {
    const struct ll_credit_list *list;
    const struct ll_listing *entry; /* by a document; NULL: by rule */
    int32_t since, until;           /* LL_PUBLIC_NO_DAY: not known, without end */
    bool disputed;
};

struct checking {
    const struct ll_listing_env *env;
    const struct ll_credit_rules *rules;
    const struct ll_subject *subject;
    bool agency;              /* whoever asks is told what is for agencies */
    struct ll_grants *grants; /* of everybody, as of now */
    enum ll_scheme scheme;    /* whom it is about */
    struct ll_str value;
    bool told[LL_CREDIT_LISTS_MAX]; /* which lists whoever asks may be told, by their place in the rules */
    int32_t today;
    struct member *members;
    size_t n;
};

/* --- what may be told ---------------------------------------------------------------------------------------------------------- */

/* Whether a grant lets it look at what the list follows from: in force, by query or verification, the item of the rule given as it is, and consented to where it asks for that. */
static int covers(const struct checking *c, const struct ll_grant *g, const struct ll_credit_list *l,
                  struct ll_err *err)
{
    const struct ll_consent_env env = {c->env->tx, c->env->keys, c->env->cat, c->env->actor, c->env->arena};
    const struct ll_str item = ll_str(l->item);
    const struct ll_grant_item *granted = l->item[0] ? ll_grant_item_of(g, item) : NULL;
    const struct ll_resource *r = ll_catalog_resource(c->env->cat, ll_str(g->resource));
    const struct ll_item *of = r && l->item[0] ? ll_resource_item(r, item) : NULL;
    const struct ll_consent_use use = {.scheme = c->scheme,
                                       .value = c->value,
                                       .organisation = g->organisation,
                                       .purpose = g->purpose,
                                       .resource = g->resource,
                                       .items = &item,
                                       .n_items = l->item[0] ? 1 : 0,
                                       .now = ll_now_ms()};
    struct ll_consent_used used;
    int rc;

    if (!ll_grant_in_force(g, use.now) || !(ll_grant_modes(g) & (LL_USE_QUERY | LL_USE_VERIFY)) ||
        (l->item[0] && (!granted || !of || (of->grade >= LL_GRADE_SEALED && !granted->plain))))
        return 0;
    if (!g->consent)
        return 1;
    rc = ll_consent_covers(&env, &use, &used, err);
    return rc == LL_DENIED ? 0 : rc < 0 ? rc : 1;
}

/* Public lists are told to everybody; those for agencies also to who has a grant for what they follow from. */
static int may_tell(const struct checking *c, const struct ll_credit_list *l, struct ll_err *err)
{
    size_t n = 0;
    int rc = !l->agencies || c->agency;
    const struct ll_grant *const *list = rc || !l->resource[0]
                                             ? NULL
                                             : ll_grants_of(c->grants, ll_str(c->env->actor->organisation),
                                                            ll_str(l->resource), &n);

    for (size_t i = 0; rc == 0 && i < n; i++)
        rc = covers(c, list[i], l, err);
    return rc;
}

static int choose_lists(struct checking *c, struct ll_err *err)
{
    for (size_t i = 0; i < c->rules->n_lists; i++) {
        int rc = may_tell(c, &c->rules->lists[i], err);
        if (rc < 0)
            return rc;
        c->told[i] = rc;
    }
    return LL_OK;
}

/* --- by rule --------------------------------------------------------------------------------------------------------------- */

/* The value of an item in a record as text: of a code its code. */
static const char *value_of(const json_t *record, const char *item, char out[VALUE_MAX])
{
    const json_t *v = json_object_get(record, item);

    if (json_is_object(v))
        v = json_object_get(v, "code");
    if (json_is_string(v))
        return json_string_value(v);
    if (!json_is_integer(v))
        return "";
    snprintf(out, VALUE_MAX, "%lld", (long long)json_integer_value(v));
    return out;
}

static bool has_value(const struct ll_credit_list *l, const json_t *record)
{
    struct ll_str rest = ll_str(l->values), one;
    char buf[VALUE_MAX];
    const char *value;

    if (!l->item[0])
        return true;
    value = value_of(record, l->item, buf);
    while (rest.n) {
        ll_str_cut(rest, '|', &one, &rest);
        if (ll_str_is(one, value))
            return true;
    }
    return false;
}

/* From and to when the record holds the subject on the list; false when that is over or still to come. */
static bool in_time(const struct checking *c, const struct ll_credit_list *l, const json_t *record,
                    struct member *m)
{
    char buf[VALUE_MAX];

    m->since = m->until = LL_PUBLIC_NO_DAY;
    if (!l->date_item[0])
        return true;
    if (ll_cv_date(ll_str(value_of(record, l->date_item, buf)), &m->since) != LL_CV_OK)
        return true;
    if (l->months)
        m->until = ll_public_months_later(m->since, (unsigned)l->months);
    return m->since <= c->today && (m->until == LL_PUBLIC_NO_DAY || c->today <= m->until);
}

static const struct ll_subject_group *group_of(const struct checking *c, const struct ll_credit_list *l)
{
    for (size_t i = 0; i < c->subject->n_groups; i++)
        if (strcmp(c->subject->groups[i].resource->name, l->resource) == 0)
            return &c->subject->groups[i];
    return NULL;
}

/* Only the latest counts where the rule says so: greatest as texts of one length, as years are. */
static int pick_latest(const struct ll_subject_group *g, const char *item, json_t **records)
{
    char best[VALUE_MAX] = "", buf[VALUE_MAX];
    int at = -1;

    for (size_t i = 0; i < g->n; i++) {
        const char *value = g->records[i].relation ? "" : value_of(records[i], item, buf);
        if (strcmp(value, best) > 0) {
            snprintf(best, sizeof best, "%s", value);
            at = (int)i;
        }
    }
    return at;
}

static void by_records(struct checking *c, const struct ll_credit_list *l, const struct ll_subject_group *g,
                       json_t **records)
{
    int only = l->latest_by[0] ? pick_latest(g, l->latest_by, records) : -1;
    struct member m = {.list = l};

    for (size_t i = 0; i < g->n; i++) {
        if (g->records[i].relation || (l->latest_by[0] && (int)i != only))
            continue;
        if (!has_value(l, records[i]) || !in_time(c, l, records[i], &m))
            continue;
        m.disputed = g->records[i].marks & LL_RECORD_DISPUTED;
        c->members[c->n++] = m;
        return; /* one is enough to be on it */
    }
}

static int by_rule(struct checking *c, const struct ll_credit_list *l, struct ll_err *err)
{
    const struct ll_subject_group *g = group_of(c, l);
    json_t **records;
    int rc = LL_OK;

    if (!g || !g->n)
        return LL_OK;
    if (!(records = ll_arena_array(c->env->arena, g->n, sizeof *records)))
        return ll_no_memory(err);
    for (size_t i = 0; i < g->n && rc == LL_OK; i++)
        if (!(records[i] = json_loadb(g->records[i].body.p, g->records[i].body.n, 0, NULL)))
            rc = ll_no_memory(err);
    if (rc == LL_OK)
        by_records(c, l, g, records);
    for (size_t i = 0; i < g->n; i++)
        json_decref(records[i]);
    return rc;
}

/* --- by document ----------------------------------------------------------------------------------------------------------- */

static int by_documents(struct checking *c, const struct ll_check_ask *ask, struct ll_err *err)
{
    struct ll_listing *list;
    size_t n;
    int rc = ll_listings_of(c->env, ask->scheme, ask->value, c->today, &list, &n, err);

    for (size_t i = 0; rc == LL_OK && i < n; i++) {
        const struct ll_credit_list *l = ll_credit_list_find(c->rules, list[i].list);
        bool there = !l || !c->told[l - c->rules->lists];
        for (size_t k = 0; k < c->n && !there; k++)
            there = c->members[k].list == l && c->members[k].entry;
        if (!there && c->n < LL_CREDIT_LISTS_MAX * 2)
            c->members[c->n++] = (struct member){
                .list = l, .entry = &list[i], .since = list[i].decided_day, .until = list[i].until_day};
    }
    return rc;
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

static void put_list(struct ll_json *j, const struct ll_credit_list *l)
{
    ll_json_kz(j, "list", l->name);
    ll_json_kz(j, "title", l->title);
    ll_json_kz(j, "title_en", l->title_en);
}

static void put_members(const struct checking *c, struct ll_json *j)
{
    ll_json_key(j, "listed");
    ll_json_arr(j);
    for (size_t i = 0; i < c->n; i++) {
        const struct member *m = &c->members[i];
        ll_json_obj(j);
        put_list(j, m->list);
        ll_json_kz(j, "kind", m->list->kind);
        ll_json_kz(j, "authority", m->list->authority);
        ll_json_kz(j, "legal_basis", m->entry ? m->entry->legal_basis : m->list->legal_basis);
        ll_json_kz(j, "basis", m->list->basis);
        ll_json_kz(j, "by", m->entry ? "document" : "rule");
        ll_json_kz(j, "document", m->entry ? m->entry->document : NULL);
        ll_json_kz(j, "resource", m->entry ? NULL : m->list->resource);
        put_day(j, "since", m->since);
        put_day(j, "until", m->until);
        ll_json_kb(j, "disputed", m->disputed);
        ll_json_end_obj(j);
    }
    ll_json_end_arr(j);
}

static bool in_force(const struct checking *c, const struct ll_credit_measure *m)
{
    for (size_t i = 0; i < c->n; i++)
        if (ll_credit_goes_with(c->rules, c->members[i].list, m))
            return true;
    return false;
}

static void put_measures(const struct checking *c, struct ll_json *j)
{
    ll_json_key(j, "measures");
    ll_json_arr(j);
    for (size_t k = 0; k < c->rules->n_measures; k++) {
        const struct ll_credit_measure *m = &c->rules->measures[k];
        if (!in_force(c, m))
            continue;
        ll_json_obj(j);
        ll_json_kz(j, "measure", m->name);
        ll_json_kz(j, "title", m->title);
        ll_json_kz(j, "title_en", m->title_en);
        ll_json_kz(j, "kind", m->kind);
        ll_json_kz(j, "class", m->grade);
        ll_json_kz(j, "legal_basis", m->legal_basis);
        ll_json_kz(j, "basis", m->basis);
        ll_json_key(j, "lists");
        ll_json_arr(j);
        for (size_t i = 0; i < c->n; i++)
            if (ll_credit_goes_with(c->rules, c->members[i].list, m))
                ll_json_z(j, c->members[i].list->name);
        ll_json_end_arr(j);
        ll_json_end_obj(j);
    }
    ll_json_end_arr(j);
}

/* Promise (3). */
static int put_unanswered(const struct checking *c, struct ll_tables *tables, struct ll_json *j,
                          struct ll_err *err)
{
    int rc = LL_OK;

    ll_json_key(j, "unanswered");
    ll_json_arr(j);
    for (size_t i = 0; i < c->rules->n_lists && rc == LL_OK; i++) {
        const struct ll_credit_list *l = &c->rules->lists[i];
        const struct ll_resource *r = ll_catalog_resource(c->env->cat, ll_str(l->resource));
        struct ll_table *t = NULL;
        const char *why = "not_connected";
        if (!l->resource[0] || !c->told[i])
            continue;
        if (r) {
            if ((rc = ll_tables_take(tables, r->name, &t, err)) < 0)
                break;
            why = ll_table_newest(t) ? NULL : "no_data";
            ll_tables_give(tables, t);
        }
        if (!why)
            continue;
        ll_json_obj(j);
        put_list(j, l);
        ll_json_kz(j, "why", why);
        ll_json_end_obj(j);
    }
    ll_json_end_arr(j);
    return rc;
}

/* --- the check ------------------------------------------------------------------------------------------------------------- */

static int keep(const struct checking *c, const struct ll_check_ask *ask, const char *id, struct ll_err *err)
{
    const struct ll_actor *a = c->env->actor;
    struct ll_buf lists = LL_BUF_INIT(WORDS_MAX), measures = LL_BUF_INIT(WORDS_MAX);
    int rc;

    for (size_t i = 0; i < c->n; i++)
        ll_buf_printf(&lists, "%s%s", lists.n ? " " : "", c->members[i].list->name);
    for (size_t k = 0; k < c->rules->n_measures; k++)
        if (in_force(c, &c->rules->measures[k]))
            ll_buf_printf(&measures, "%s%s", measures.n ? " " : "", c->rules->measures[k].name);
    rc =
        lists.failed || measures.failed
            ? ll_no_memory(err)
            : ll_exec(
                  c->env->tx, err,
                  "INSERT INTO credit_check (id, organisation, account, client, officer, matter, lists, measures, at)"
                  " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
                  "zzzzzzzzi", id, a->organisation, a->account, a->client, ask->officer, ask->matter,
                  lists.n ? lists.p : "", measures.n ? measures.p : "", ll_now_ms());
    ll_buf_free(&lists);
    ll_buf_free(&measures);
    return rc;
}

/* The resources that rules read, each once. */
static int profile(struct checking *c, struct ll_tables *tables, struct ll_marks *marks, struct ll_str value,
                   struct ll_subject **ret, struct ll_err *err)
{
    struct ll_subject_opts o = {
        .max_records = RECORDS, .mask = true, .marks = ll_marks_record, .marks_ctx = marks};
    const struct ll_resource **list = ll_arena_array(c->env->arena, c->rules->n_lists + 1, sizeof *list);
    size_t n = 0;

    if (!list)
        return ll_no_memory(err);
    for (size_t i = 0; i < c->rules->n_lists; i++) {
        const struct ll_resource *r = ll_catalog_resource(c->env->cat, ll_str(c->rules->lists[i].resource));
        bool known = !r;
        for (size_t k = 0; k < n && !known; k++)
            known = list[k] == r;
        if (!known)
            list[n++] = r;
    }
    return ll_subject_profile(tables, list, n, value, &o, c->env->arena, ret, err);
}

static bool is_agency(const struct ll_listing_env *env)
{
    const struct ll_organisation *o = ll_catalog_organisation(env->cat, ll_str(env->actor->organisation));

    return o && strcmp(o->role, "consumer") != 0;
}

static int answer(struct checking *c, struct ll_tables *tables, struct ll_marks *marks,
                  const struct ll_check_ask *ask, struct ll_json *j, struct ll_err *err)
{
    struct ll_subject *s = NULL;
    char id[LL_FLOW_ID_TEXT], masked[LL_ID_MAX * 4], at[LL_TIME_TEXT];
    int rc;

    if (!(c->members = ll_arena_array(c->env->arena, LL_CREDIT_LISTS_MAX * 3, sizeof *c->members)))
        return ll_no_memory(err);
    if ((rc = profile(c, tables, marks, ask->value, &s, err)) < 0)
        return rc;
    c->subject = s;
    for (size_t i = 0; i < c->rules->n_lists && rc == LL_OK; i++)
        if (c->rules->lists[i].resource[0] && c->told[i])
            rc = by_rule(c, &c->rules->lists[i], err);
    if (rc < 0 || (rc = by_documents(c, ask, err)) < 0)
        return rc;
    ll_flow_new_id('K', id);
    if ((rc = keep(c, ask, id, err)) < 0)
        return rc;
    ll_json_kz(j, "check", id);
    ll_json_kz(j, "subject", ll_mask(ask->value, masked, sizeof masked));
    ll_json_kz(j, "matter", ask->matter);
    ll_json_kz(j, "at", ll_time_text(ll_now_ms(), at));
    put_members(c, j);
    put_measures(c, j);
    return put_unanswered(c, tables, j, err);
}

int ll_check(const struct ll_listing_env *env, struct ll_tables *tables, struct ll_gateway *gateway,
             const struct ll_check_ask *ask, struct ll_json *j, struct ll_err *err)
{
    struct checking c = {.env = env,
                         .rules = env->rules,
                         .agency = is_agency(env),
                         .scheme = ask->scheme,
                         .value = ask->value,
                         .today = ll_workday_of(ll_now_ms())};
    int rc = ll_grants_current(ll_gateway_grants(gateway), &c.grants, err);

    if (rc == LL_OK)
        rc = choose_lists(&c, err);
    ll_grants_unref(c.grants);
    return rc < 0 ? rc : answer(&c, tables, ll_gateway_marks(gateway), ask, j, err);
}

/* --- what was done --------------------------------------------------------------------------------------------------------- */

static int check_report(const struct ll_listing_env *env, const char *check, const char *measure,
                        struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    bool there = false;
    int rc = ll_sql(env->tx, "SELECT measures FROM credit_check WHERE id = $1 AND organisation = $2", &s,
                    err);

    if (rc < 0)
        return rc;
    ll_bind_z(s, 1, check);
    ll_bind_z(s, 2, env->actor->organisation);
    if ((rc = ll_step(s, err)) > 0)
        there = ll_str_has_word(ll_col_text(s, 0), ll_str(measure));
    ll_stmt_done(s);
    if (rc == 0)
        return ll_fail(err, LL_NOTFOUND, "本机构没有编号为 %s 的核查", "one's organisation made no check %s",
                       check);
    return rc < 0  ? rc
           : there ? LL_OK
                   : ll_fail(err, LL_INVALID, "核查 %s 的答复中没有措施 %s",
                             "measure %s was not in the answer of check %s", check, measure);
}

int ll_check_report(const struct ll_listing_env *env, const char *check, const char *measure, bool taken,
                    const char *note, struct ll_err *err)
{
    const struct ll_admin_note done = {.act = LL_ADMIN_MEASURE_REPORTED,
                                       .object = ll_str(check),
                                       .of = ll_str(measure),
                                       .detail = ll_str(taken ? "taken" : "not taken")};
    struct ll_err twice;
    int rc = check_report(env, check, measure, err);

    if (rc < 0)
        return rc;
    rc = ll_exec(env->tx, &twice,
                 "INSERT INTO credit_measure_report (credit_check, measure, taken, note, account, client, at)"
                 " VALUES ($1, $2, $3, $4, $5, $6, $7)",
                 "zzizzzi", check, measure, (int64_t)taken, note, env->actor->account, env->actor->client,
                 ll_now_ms());
    if (rc == LL_CONFLICT)
        return ll_fail(err, LL_CONFLICT, "这项措施已经反馈", "this measure was reported already");
    if (rc < 0) {
        *err = twice;
        return rc;
    }
    return ll_admin_note(env->tx, env->actor, &done, err);
}

/* The measures of each check are words: a row for each of them. */
static const char statistics[] =
    "WITH RECURSIVE words(id, organisation, word, rest) AS (SELECT id, organisation, '', measures || ' ' FROM credit_check"
    " WHERE measures <> '' AND ($1 IS NULL OR organisation = $1)"
    " UNION ALL SELECT id, organisation, substr(rest, 1, instr(rest, ' ') - 1), substr(rest, instr(rest, ' ') + 1) FROM words WHERE rest <> '')"
    " SELECT w.word, w.organisation, count(*), coalesce(sum(r.taken = 1), 0), coalesce(sum(r.taken = 0), 0) FROM words w"
    " LEFT JOIN credit_measure_report r ON r.credit_check = w.id AND r.measure = w.word WHERE w.word <> ''"
    " GROUP BY w.word, w.organisation ORDER BY count(*) DESC, w.word, w.organisation LIMIT 1000";

int ll_check_statistics(struct ll_txn *tx, const char *organisation, struct ll_json *j, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int rc = ll_sql(tx, statistics, &s, err);

    if (rc < 0)
        return rc;
    ll_bind_z(s, 1, organisation);
    ll_json_key(j, "items");
    ll_json_arr(j);
    while ((rc = ll_step(s, err)) > 0) {
        int64_t n = ll_col_int(s, 2), taken = ll_col_int(s, 3), not_taken = ll_col_int(s, 4);
        ll_json_obj(j);
        ll_json_ks(j, "measure", ll_col_text(s, 0));
        ll_json_ks(j, "organisation", ll_col_text(s, 1));
        ll_json_ki(j, "in_force", n);
        ll_json_ki(j, "taken", taken);
        ll_json_ki(j, "not_taken", not_taken);
        ll_json_ki(j, "not_reported", n - taken - not_taken);
        ll_json_end_obj(j);
    }
    ll_stmt_done(s);
    ll_json_end_arr(j);
    return rc < 0 ? rc : LL_OK;
}
