/* timeline.c - see timeline.h. */
#include "apps/credit/timeline.h"

#include "apps/credit/publicity.h"
#include "apps/credit/repair.h"
#include "share/workdays.h"
#include "standard/convert.h"

#include <string.h>

enum { REPAIRS_MAX = 200 };

static const char *tone_of(const struct ll_credit_list *l, bool entry)
{
    bool good = strcmp(l->kind, "red") == 0;

    return good == entry ? "good" : entry ? "bad" : "plain";
}

static int add_list(struct ll_timeline *t, const struct ll_credit_list *l, bool entry, int32_t day,
                    struct ll_dated f, struct ll_err *err)
{
    f.kind = "list";
    f.day = day;
    f.what = entry ? "列入名单" : "移出名单";
    f.what_en = entry ? "put on a list" : "taken off a list";
    f.tone = tone_of(l, entry);
    f.basis = l->basis;
    f.note = l->title;
    f.note_en = l->title_en;
    return ll_timeline_add(t, &f, err);
}

/* --- by rule --------------------------------------------------------------------------------------------------------------- */

static struct ll_str value_of(const struct ll_resource *r, const char *name, struct ll_table *table)
{
    const struct ll_item *item = ll_resource_item(r, ll_str(name));
    struct ll_seg_value v = {.kind = LL_SV_NULL};

    if (item)
        v = ll_record_value(r, (size_t)(item - r->items), table);
    return v.kind == LL_SV_TEXT ? v.s : LL_STR("");
}

static bool meets(const struct ll_credit_list *l, const struct ll_resource *r, struct ll_table *table)
{
    struct ll_str rest = ll_str(l->values), one, value;

    if (!l->item[0])
        return true;
    value = value_of(r, l->item, table);
    while (rest.n) {
        ll_str_cut(rest, '|', &one, &rest);
        if (ll_str_eq(one, value))
            return true;
    }
    return false;
}

/* Of a rule that counts the latest record alone the others say nothing about a day, and are left to the facts of their own. */
static int by_rule(const struct ll_credit_timeline *c, const struct ll_credit_list *l,
                   const struct ll_subject_seen *seen, struct ll_table *table, struct ll_err *err)
{
    const struct ll_dated f = {.resource = seen->resource, .marks = seen->marks};
    int32_t since;
    int rc;

    if (!l->date_item[0] || l->latest_by[0] || (seen->marks & LL_RECORD_WITHHELD) ||
        !meets(l, seen->resource, table) ||
        ll_cv_date(value_of(seen->resource, l->date_item, table), &since) != LL_CV_OK || since > c->today)
        return LL_OK;
    if ((rc = add_list(c->timeline, l, true, since, f, err)) < 0 || !l->months)
        return rc;
    int32_t until = ll_public_months_later(since, (unsigned)l->months);
    return until < c->today ? add_list(c->timeline, l, false, until, f, err) : LL_OK;
}

int ll_credit_timeline_visit(void *ctx, const struct ll_subject *s, const struct ll_subject_seen *seen,
                             struct ll_table *table, struct ll_err *err)
{
    const struct ll_credit_timeline *c = ctx;
    int rc = ll_timeline_visit(c->timeline, s, seen, table, err);

    for (size_t i = 0; rc == LL_OK && c->rules && !seen->relation && i < c->rules->n_lists; i++)
        if (strcmp(c->rules->lists[i].resource, seen->resource->name) == 0)
            rc = by_rule(c, &c->rules->lists[i], seen, table, err);
    return rc;
}

/* --- by document ----------------------------------------------------------------------------------------------------------- */

static int add_entry(const struct ll_credit_timeline *c, const struct ll_listing *e, struct ll_err *err)
{
    const struct ll_credit_list *l = c->rules ? ll_credit_list_find(c->rules, e->list) : NULL;
    const struct ll_dated f = {0};
    int rc;

    if (!l || (rc = add_list(c->timeline, l, true, e->decided_day, f, err)) < 0)
        return l ? rc : LL_OK;
    if (e->state == LL_STATE_ENTRY_REMOVED)
        return add_list(c->timeline, l, false, ll_workday_of(e->changed_at), f, err);
    return e->until_day != LL_PUBLIC_NO_DAY && e->until_day < c->today
               ? add_list(c->timeline, l, false, e->until_day, f, err)
               : LL_OK;
}

static int add_repairs(const struct ll_credit_timeline *c, const struct ll_listing_env *env,
                       struct ll_vault *vault, const char *subject, struct ll_err *err)
{
    const struct ll_repair_env repairing = {
        .vault = vault, .cat = env->cat, .tx = env->tx, .actor = env->actor, .arena = env->arena};
    const struct ll_repair_query q = {.subject = subject, .limit = REPAIRS_MAX};
    struct ll_repair *list;
    int64_t total;
    size_t n;
    int rc = ll_repair_list(&repairing, &q, &list, &n, &total, err);

    for (size_t i = 0; rc == LL_OK && i < n; i++) {
        const struct ll_resource *r = ll_catalog_resource(env->cat, ll_str(list[i].resource));
        bool repaired = list[i].state == LL_STATE_REPAIRED || list[i].state == LL_STATE_REPAIR_PROVIDED;
        if (!r || !list[i].decided_at || (!repaired && list[i].state != LL_STATE_REPAIR_REVOKED))
            continue;
        const struct ll_dated f = {.day = ll_workday_of(list[i].decided_at),
                                   .kind = "repair",
                                   .what = repaired ? "信用修复" : "撤销信用修复",
                                   .what_en = repaired ? "repaired" : "repair revoked",
                                   .tone = repaired ? "good" : "bad",
                                   .basis = "own",
                                   .note = r->title,
                                   .note_en = r->title_en ? r->title_en : r->title};
        rc = ll_timeline_add(c->timeline, &f, err);
    }
    return rc;
}

static int of_identifier(const struct ll_credit_timeline *c, const struct ll_listing_env *env,
                         struct ll_vault *vault, enum ll_scheme scheme, struct ll_str value,
                         struct ll_err *err)
{
    const struct ll_consent_env consenting = {env->tx, env->keys, env->cat, env->actor, env->arena};
    const struct ll_consent_who who = {.scheme = scheme, .value = value};
    const char *subject = NULL;
    struct ll_listing *list;
    size_t n;
    int rc = ll_listings_ever(env, scheme, value, &list, &n, err);

    for (size_t i = 0; rc == LL_OK && i < n; i++)
        rc = add_entry(c, &list[i], err);
    if (rc < 0 || (rc = ll_consent_subject_known(&consenting, &who, false, &subject, err)) < 0)
        return rc;
    return add_repairs(c, env, vault, subject, err);
}

int ll_credit_timeline_decided(const struct ll_credit_timeline *t, const struct ll_listing_env *env,
                               struct ll_vault *vault, const struct ll_subject *s, struct ll_err *err)
{
    int rc = LL_OK;

    for (size_t i = 0; i < s->n_ids && rc == LL_OK; i++) {
        enum ll_scheme scheme;
        if (ll_scheme_parse(ll_str(s->ids[i].type), &scheme) &&
            (scheme == LL_ID_USCC || scheme == LL_ID_RESIDENT_ID))
            rc = of_identifier(t, env, vault, scheme, s->ids[i].value, err);
    }
    return rc;
}
