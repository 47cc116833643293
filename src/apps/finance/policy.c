/* policy.c - see policy.h. */
#include "apps/finance/policy_impl.h"
#include "apps/finance/tbl/policy_fields.h"

#include "catalog/pack.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_SHOWN = 64 };

#define WORD_OF(id, word, zh, en) word "|"
#define LL_POLICY_LEVEL_WORDS LL_POLICY_LEVELS(WORD_OF)
#define LL_POLICY_UNIT_WORDS LL_POLICY_UNITS(WORD_OF)

static const struct ll_form_field fields[] = {
#define X(name, type, must, most, words) {name, LL_FORM_##type, must, most, words},
    LL_POLICY_FIELDS(X)
#undef X
};
#define FIELDS LL_COUNT(fields)
_Static_assert(FIELDS <= LL_FORM_FIELDS_MAX, "a form of a policy has too many fields");
const struct ll_form_kind ll_policy_form = {fields, FIELDS};

static const char *const levels[] = {
#define X(id, word, zh, en) word,
    LL_POLICY_LEVELS(X)
#undef X
};
static const char *const units[] = {
#define X(id, word, zh, en) word,
    LL_POLICY_UNITS(X)
#undef X
};

/* ---- of a form ---- */

static int refuse(const struct ll_form_fault *fault, struct ll_err *err)
{
    ll_fail_texts(err, LL_INVALID, fault->text[LL_ZH], fault->text[LL_EN]);
    return err ? ll_fail_in(err, fault->field, fault->field) : LL_INVALID;
}

static int take_texts(struct ll_policy *p, const struct ll_form *form, const struct ll_form_owner *owner,
                      const struct ll_policy_origin *origin, struct ll_arena *arena, struct ll_err *err)
{
    const struct {
        const char **to, *field, *text; /* text: what is no field of the form */
    } texts[] = {{&p->name, NULL, owner->code},
                 {&p->organisation, NULL, owner->organisation},
                 {&p->department[LL_ZH], NULL, owner->title[LL_ZH]},
                 {&p->department[LL_EN], NULL, owner->title[owner->title[LL_EN] ? LL_EN : LL_ZH]},
                 {&p->basis, NULL, origin->basis},
                 {&p->source, NULL, origin->source},
                 {&p->title[LL_ZH], "title", NULL},
                 {&p->title[LL_EN], "title_en", NULL},
                 {&p->kind, "kind", NULL},
                 {&p->document, "document", NULL},
                 {&p->summary[LL_ZH], "summary", NULL},
                 {&p->summary[LL_EN], "summary_en", NULL},
                 {&p->benefit[LL_ZH], "benefit", NULL},
                 {&p->benefit[LL_EN], "benefit_en", NULL},
                 {&p->steps[LL_ZH], "steps", NULL},
                 {&p->steps[LL_EN], "steps_en", NULL},
                 {&p->materials[LL_ZH], "materials", NULL},
                 {&p->materials[LL_EN], "materials_en", NULL},
                 {&p->link, "link", NULL},
                 {&p->from, "from", NULL},
                 {&p->until, "until", NULL},
                 {&p->contact, "contact", NULL},
                 {&p->phone, "phone", NULL},
                 {&p->products, "products", NULL},
                 {&p->target.regions, "region", NULL},
                 {&p->target.industries, "target_industry", NULL}};

    for (size_t i = 0; i < LL_COUNT(texts); i++)
        if (!(*texts[i].to = ll_arena_dup(arena, texts[i].field ? ll_form_text(form, texts[i].field)
                                                                : ll_str(texts[i].text))))
            return ll_no_memory(err);
    return LL_OK;
}

int ll_policy_add(struct ll_policies *all, const struct ll_form *form, const struct ll_form_owner *owner,
                  const struct ll_policy_origin *origin, const struct ll_form_env *on, struct ll_err *err)
{
    struct ll_policy p = {.sample = origin->sample, .amount = NAN};
    struct ll_form_fault *faults;
    size_t n = 0;
    int rc = ll_form_check(form, on, &faults, &n, err);

    if (rc < 0)
        return rc;
    if (n)
        return refuse(faults, err);
    if (all->n == LL_POLICIES_MAX || ll_policy_find(all, ll_str(owner->code)))
        return ll_fail(err, LL_INVALID, "编码重复，或政策过多",
                       "its code stands twice, or there are too many");
    if ((rc = take_texts(&p, form, owner, origin, on->arena, err)) < 0)
        return rc;
    const struct ll_str level = ll_form_text(form, "level"), unit = ll_form_text(form, "unit"),
                        amount = ll_form_text(form, "amount");
    while (p.level + 1 < LL_POLICY_LEVEL_COUNT_ && !ll_str_is(level, levels[p.level]))
        p.level++;
    while (p.unit < LL_POLICY_UNIT_COUNT_ && !ll_str_is(unit, units[p.unit]))
        p.unit++;
    if (amount.n)
        p.amount = strtod(amount.p, NULL);
    all->list[all->n++] = p;
    return LL_OK;
}

static struct ll_target_reading rules_of(const struct ll_form_env *on, size_t n)
{
    return (struct ll_target_reading){
        .arena = on->arena, .set = on->set, .n_rules = n, .most = LL_POLICY_RULES_MAX};
}

int ll_policy_form_add(struct ll_policies *all, const struct ll_form *form, const struct ll_form_owner *owner,
                       const struct ll_form_env *on, size_t *n_rules, struct ll_err *err)
{
    const struct ll_policy_origin origin = {.basis = "own", .source = owner->title[LL_ZH]};
    struct ll_target_reading r = rules_of(on, *n_rules);
    struct ll_target_rule_cells *rules;
    const size_t before = all->n;
    int rc = ll_policy_add(all, form, owner, &origin, on, err);

    if (rc < 0)
        return rc;
    struct ll_target *t = &all->list[before].target;
    rc = ll_form_rule_cells(form, on->arena, &rules, err);
    for (size_t i = 0; i < form->n_rules && rc == LL_OK; i++)
        rc = ll_target_add(&r, t, rules[i].group, rules[i].cells, err);
    if (rc == LL_OK)
        rc = ll_target_add_scope(&r, t, origin.basis, err);
    if (rc == LL_OK)
        *n_rules = r.n_rules;
    else
        all->n = before;
    return rc;
}

/* ---- of the tables of packs ---- */

enum { POLICY = FIELDS, ORGANISATION, SAMPLE, BASIS, SOURCE, COLUMNS };
enum rule_column { R_POLICY, R_GROUP, R_CELLS, R_N = R_CELLS + LL_RULE_CELLS };
static const char *const rule_columns[R_N] = {"policy", "group", "indicator", "operator", "value", "basis"};

struct reading {
    struct ll_policies *all;
    struct ll_form_env on;
    struct ll_target_reading rules;
};

static int in_row(const char *file, struct ll_str name, int rc, struct ll_err *err)
{
    char where[2 * NAME_SHOWN];

    if (rc >= 0 || !err)
        return rc;
    snprintf(where, sizeof where, "%s, %.*s", file, (int)(name.n < NAME_SHOWN ? name.n : NAME_SHOWN), name.p);
    return ll_fail_in(err, where, where);
}

static int take(void *ctx, const char *pack, const struct ll_str *cells, struct ll_err *err)
{
    struct reading *r = ctx;
    const struct ll_organisation *of = ll_catalog_organisation(r->on.cat, cells[ORGANISATION]);
    struct ll_form form = {.kind = &ll_policy_form};
    int rc;

    (void)pack;
    if (!of)
        return in_row("policies.csv", cells[POLICY],
                      ll_fail(err, LL_INVALID, "organisation：没有这个单位",
                              "organisation: there is no such organisation"),
                      err);
    const char *name = ll_arena_dup(r->on.arena, cells[POLICY]),
               *basis = ll_arena_dup(r->on.arena, cells[BASIS]),
               *source = ll_arena_dup(r->on.arena, cells[SOURCE]);
    if (!name || !basis || !source)
        return ll_no_memory(err);
    memcpy(form.text, cells, FIELDS * sizeof *cells);
    const struct ll_form_owner owner = {
        .code = name, .organisation = of->code, .title = {of->name, of->name_en}};
    const struct ll_policy_origin origin = {
        .basis = basis, .source = source, .sample = ll_str_is(cells[SAMPLE], "Y")};
    rc = ll_policy_add(r->all, &form, &owner, &origin, &r->on, err);
    return in_row("policies.csv", cells[POLICY], rc, err);
}

static int take_rule(void *ctx, const char *pack, const struct ll_str *cells, struct ll_err *err)
{
    struct reading *r = ctx;
    struct ll_policy *p = (struct ll_policy *)ll_policy_find(r->all, cells[R_POLICY]); /* of our own list */
    int rc = p ? ll_target_add(&r->rules, &p->target, cells[R_GROUP], &cells[R_CELLS], err)
               : ll_fail(err, LL_INVALID, "没有这项政策", "there is no such policy");

    (void)pack;
    return in_row("policy_rules.csv", cells[R_POLICY], rc, err);
}

static int read_packs(struct ll_txn *tx, struct reading *r, struct ll_err *err)
{
    const char *columns[COLUMNS] = {[POLICY] = "policy",
                                    [ORGANISATION] = "organisation",
                                    [SAMPLE] = "sample",
                                    [BASIS] = "basis",
                                    [SOURCE] = "source"};
    int rc;

    for (size_t f = 0; f < FIELDS; f++)
        columns[f] = fields[f].name;
    if ((rc = ll_pack_use_each(tx, NULL, "policies.csv", columns, COLUMNS, take, r, err)) < 0 ||
        (rc = ll_pack_use_each(tx, NULL, "policy_rules.csv", rule_columns, R_N, take_rule, r, err)) < 0)
        return rc;
    for (size_t i = 0; i < r->all->n && rc == LL_OK; i++) {
        struct ll_policy *p = &r->all->list[i];
        rc = in_row("policies.csv", ll_str(p->name),
                    ll_target_add_scope(&r->rules, &p->target, p->basis, err), err);
    }
    return rc;
}

int ll_policies_read(struct ll_txn *tx, const struct ll_catalog *cat, struct ll_arena *arena,
                     const struct ll_policies **ret, struct ll_err *err)
{
    struct ll_policies *all = ll_arena_alloc(arena, sizeof *all);
    struct reading r = {.all = all, .on = {.cat = cat, .arena = arena}};
    int rc;

    if (!all || !(all->list = ll_arena_array(arena, LL_POLICIES_MAX, sizeof *all->list)))
        return ll_no_memory(err);
    if ((rc = ll_features_read(tx, cat, arena, &all->set, err)) < 0)
        return rc;
    r.on.set = all->set;
    r.rules = rules_of(&r.on, 0);
    if ((rc = read_packs(tx, &r, err)) < 0 ||
        (rc = ll_policies_published(tx, all, &r.on, &r.rules.n_rules, err)) < 0)
        return rc;
    *ret = all;
    return LL_OK;
}

/* ---- lists ---- */

const struct ll_policy *ll_policy_find(const struct ll_policies *all, struct ll_str name)
{
    for (size_t i = 0; i < all->n; i++)
        if (ll_str_is(name, all->list[i].name))
            return &all->list[i];
    return NULL;
}

int ll_policies_targets(const struct ll_policies *all, struct ll_arena *arena, struct ll_targets *ret,
                        struct ll_err *err)
{
    *ret = (struct ll_targets){
        .list = ll_arena_array(arena, all->n + 1, sizeof *ret->list), .n = all->n, .set = all->set};
    for (size_t i = 0; ret->list && i < all->n; i++)
        ret->list[i] = &all->list[i].target;
    return ret->list ? LL_OK : ll_no_memory(err);
}

enum ll_policy_time ll_policy_time(const struct ll_policy *p, const char *today)
{
    if (p->until[0] && strcmp(today, p->until) > 0)
        return LL_POLICY_IS_ENDED;
    return strcmp(today, p->from) < 0 ? LL_POLICY_IS_COMING : LL_POLICY_IS_OPEN;
}

static bool holds(const char *text, struct ll_str part)
{
    return memmem(text, strlen(text), part.p, part.n) != NULL;
}

static bool says(const struct ll_policy *p, struct ll_str part)
{
    const char *const texts[] = {p->title[LL_ZH],      p->title[LL_EN],   p->department[LL_ZH],
                                 p->department[LL_EN], p->document,       p->summary[LL_ZH],
                                 p->summary[LL_EN],    p->benefit[LL_ZH], p->benefit[LL_EN]};

    for (size_t i = 0; i < LL_COUNT(texts); i++)
        if (holds(texts[i], part))
            return true;
    return false;
}

static bool suits(const struct ll_policy *p, const struct ll_policy_query *q)
{
    return (!q->q.n || says(p, q->q)) && (!q->kind.n || ll_str_is(q->kind, p->kind)) &&
           (!q->organisation.n || ll_str_is(q->organisation, p->organisation)) &&
           (q->level < 0 || q->level == (int)p->level) &&
           ll_target_lists(p->target.regions, q->region, true) &&
           ll_target_lists(p->target.industries, q->industry, true) &&
           (!q->product.n || (p->products[0] && ll_target_lists(p->products, q->product, false))) &&
           (!q->open || ll_policy_time(p, q->today) == LL_POLICY_IS_OPEN);
}

/* Without a last day it ends after all others. */
static int by_end(const struct ll_policy *a, const struct ll_policy *b)
{
    if (!a->until[0] || !b->until[0])
        return !a->until[0] - !b->until[0];
    return strcmp(a->until, b->until);
}

struct ordering {
    const char *by, *today;
    bool down;
};

/* By name among equals, so that pages do not overlap. */
static int by_order(const void *x, const void *y, void *ctx)
{
    const struct ll_policy *a = *(const struct ll_policy *const *)x, *b = *(const struct ll_policy *const *)y;
    const struct ordering *o = ctx;
    int c;

    if (!o->by)
        c = (int)ll_policy_time(a, o->today) - (int)ll_policy_time(b, o->today);
    else
        c = strcmp(o->by, "title") == 0   ? strcmp(a->title[LL_ZH], b->title[LL_ZH])
            : strcmp(o->by, "kind") == 0  ? strcmp(a->kind, b->kind)
            : strcmp(o->by, "level") == 0 ? (int)a->level - (int)b->level
                                          : by_end(a, b);
    if (o->down)
        c = -c;
    if (!c)
        c = by_end(a, b);
    return c ? c : strcmp(a->name, b->name);
}

size_t ll_policies_filter(const struct ll_policies *all, const struct ll_policy_query *q,
                          const struct ll_policy **ret)
{
    struct ordering o = {.by = q->sort ? q->sort + (q->sort[0] == '-') : NULL,
                         .today = q->today,
                         .down = q->sort && q->sort[0] == '-'};
    size_t n = 0;

    for (size_t i = 0; i < all->n; i++)
        if (suits(&all->list[i], q))
            ret[n++] = &all->list[i];
    if (n)
        qsort_r(ret, n, sizeof *ret, by_order, &o);
    return n;
}

/* ---- for one firm ---- */

static int by_count(size_t a, size_t b)
{
    return a < b ? -1 : a > b;
}

static int by_fit(const void *x, const void *y)
{
    const struct ll_policy_match *a = x, *b = y;
    int c = by_count(a->met.misses, b->met.misses);

    if (!c)
        c = by_count(a->met.unknown, b->met.unknown);
    if (!c)
        c = by_end(a->policy, b->policy);
    return c ? c : strcmp(a->policy->name, b->policy->name);
}

size_t ll_policies_match(const struct ll_policies *all, const char *today,
                         const struct ll_feature_value *values, struct ll_policy_match *ret)
{
    size_t n = 0;

    for (size_t i = 0; i < all->n; i++)
        if (ll_policy_time(&all->list[i], today) == LL_POLICY_IS_OPEN)
            ret[n++] = (struct ll_policy_match){.policy = &all->list[i],
                                                .met = ll_target_meet(&all->list[i].target, values)};
    if (n)
        qsort(ret, n, sizeof *ret, by_fit);
    return n;
}
