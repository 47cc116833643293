/* compliance.c - the check of an application's form, row by row of tbl/compliance.h. */
#include "share/tbl/compliance.h"
#include "share/application.h"

#include "base/clock.h"
#include "share/licence.h"

#include <stdio.h>
#include <string.h>

enum {
    FINDINGS_MAX = 400,
    PURPOSE_MIN = 4,
    GRADE_SENSITIVE = 3,
    YEARS_MAX_DAYS = 3 * 366,
    DAY_MS = 86400000
};
enum severity { ERROR_, WARNING_ };
#define UNSHARED "3"    /* code table SHARE_TYPE: 不予共享 */
#define CONDITIONAL "2" /* 有条件共享 */

struct checking {
    struct ll_txn *tx;
    const struct ll_catalog *cat;
    const struct ll_application *a;
    struct ll_arena *arena;
    struct ll_err *err;
    struct ll_finding *list;
    size_t n;
    unsigned at; /* row of the table that is being checked */
    int rc;
};

static const struct row {
    const char *name;
    enum severity severity;
    const char *zh, *en;
} rows[] = {
#define ERROR ERROR_
#define WARNING WARNING_
#define X(name, severity, zh, en, basis) {#name, severity, zh, en},
    LL_COMPLIANCE(X)
#undef X
#undef ERROR
#undef WARNING
};

/* The row's message with its one %s filled. */
static const char *message(struct ll_arena *arena, const char *format, const char *about)
{
    const char *at = strstr(format, "%s");

    return ll_arena_printf(arena, "%.*s%s%s", (int)(at - format), format, about, at + 2);
}

static void found(struct checking *c, const char *about)
{
    const struct row *r = &rows[c->at];

    if (c->n == FINDINGS_MAX)
        return;
    struct ll_finding f = {.check = r->name,
                           .error = r->severity == ERROR_,
                           .zh = message(c->arena, r->zh, about),
                           .en = message(c->arena, r->en, about)};
    if (!f.zh || !f.en)
        c->rc = ll_no_memory(c->err);
    else
        c->list[c->n++] = f;
}

static const struct ll_resource *resource_of(const struct checking *c, size_t i)
{
    const struct ll_application_resource *r = &c->a->resources[i];

    return r->version ? ll_catalog_resource_version(c->cat, ll_str(r->resource), r->version)
                      : ll_catalog_resource(c->cat, ll_str(r->resource));
}

/* Calls fn for every resource that the catalogue has. */
static void each_resource(struct checking *c, void (*fn)(struct checking *c, const struct ll_resource *r,
                                                         const struct ll_application_resource *asked))
{
    for (size_t i = 0; i < c->a->n_resources; i++) {
        const struct ll_resource *r = resource_of(c, i);
        if (r)
            fn(c, r, &c->a->resources[i]);
    }
}

static bool shared_as(const struct ll_resource *r, const char *type)
{
    return r->share_type && strcmp(r->share_type, type) == 0;
}

/* --- the checks ------------------------------------------------------------------------------------------------------ */

static void check_organisation_known(struct checking *c)
{
    if (!ll_catalog_organisation(c->cat, ll_str(c->a->organisation)))
        found(c, c->a->organisation ? c->a->organisation : "-");
}

static void check_purpose_stated(struct checking *c)
{
    if (ll_utf8_count(ll_str_trim(ll_str(c->a->purpose))) < PURPOSE_MIN)
        found(c, c->a->purpose ? c->a->purpose : "");
}

static void check_basis_named(struct checking *c)
{
    if (!ll_flow_names_rule(c->a->legal_basis))
        found(c, c->a->legal_basis ? c->a->legal_basis : "");
}

static void check_resource_known(struct checking *c)
{
    if (!c->a->n_resources)
        found(c, "-");
    for (size_t i = 0; i < c->a->n_resources; i++)
        if (!resource_of(c, i))
            found(c, c->a->resources[i].resource);
}

static void shareable(struct checking *c, const struct ll_resource *r,
                      const struct ll_application_resource *asked)
{
    (void)asked;
    if (shared_as(r, UNSHARED))
        found(c, r->name);
}

static void check_shareable(struct checking *c)
{
    each_resource(c, shareable);
}

static void not_own(struct checking *c, const struct ll_resource *r,
                    const struct ll_application_resource *asked)
{
    (void)asked;
    if (c->a->organisation && strcmp(r->provider, c->a->organisation) == 0)
        found(c, r->name);
}

static void check_not_own(struct checking *c)
{
    each_resource(c, not_own);
}

static void name_item(struct checking *c, const struct ll_resource *r, const char *item)
{
    const char *name = ll_arena_printf(c->arena, "%s.%s", r->name, item);

    if (name)
        found(c, name);
    else
        c->rc = ll_no_memory(c->err);
}

static void item_known(struct checking *c, const struct ll_resource *r,
                       const struct ll_application_resource *asked)
{
    for (size_t i = 0; i < asked->n_items; i++)
        if (!ll_resource_item(r, ll_str(asked->items[i].name)))
            name_item(c, r, asked->items[i].name);
}

static void check_item_known(struct checking *c)
{
    each_resource(c, item_known);
}

static void plain_consent(struct checking *c, const struct ll_resource *r,
                          const struct ll_application_resource *asked)
{
    for (size_t i = 0; !c->a->consent && i < asked->n_items; i++) {
        const struct ll_item *item = ll_resource_item(r, ll_str(asked->items[i].name));
        if (item && asked->items[i].plain && item->grade >= GRADE_SENSITIVE)
            name_item(c, r, item->name);
    }
}

static void check_plain_consent(struct checking *c)
{
    each_resource(c, plain_consent);
}

static void licence_covers(struct checking *c, const struct ll_resource *r,
                           const struct ll_application_resource *asked)
{
    struct ll_licence l;
    int got = ll_licence_get(c->tx, r->name, c->arena, &l, c->err);

    (void)asked;
    if (got < 0)
        c->rc = got;
    else if (got && ((c->a->modes & ~l.modes) || !ll_licence_for(l.scenarios, c->a->scenario) ||
                     c->a->from_at < l.from_at || c->a->until_at > l.until_at))
        found(c, r->name);
}

static void check_licence_covers(struct checking *c)
{
    each_resource(c, licence_covers);
}

static void check_mode_stated(struct checking *c)
{
    if (!c->a->modes)
        found(c, "");
}

static void check_period(struct checking *c)
{
    int64_t from = c->a->from_at, until = c->a->until_at;
    char a[LL_TIME_TEXT], b[LL_TIME_TEXT];

    if (from < until && until - from <= (int64_t)YEARS_MAX_DAYS * DAY_MS && (c->a->id || until > ll_now_ms()))
        return;
    const char *text = ll_arena_printf(c->arena, "%.10s .. %.10s", ll_time_text(from, a),
                                       ll_time_text(until, b));
    if (text)
        found(c, text);
    else
        c->rc = ll_no_memory(c->err);
}

static void check_volume(struct checking *c)
{
    if (c->a->per_day <= 0)
        found(c, "");
}

static void already_granted(struct checking *c, const struct ll_resource *r,
                            const struct ll_application_resource *asked)
{
    const struct ll_grant_query q = {
        .organisation = c->a->organisation, .resource = r->name, .state = "active", .limit = 1};
    struct ll_grant *list;
    int64_t total;
    size_t n;

    (void)asked;
    int rc = ll_grant_list(c->tx, &q, c->arena, &list, &n, &total, c->err);
    if (rc < 0)
        c->rc = rc;
    else if (n && (!list[0].application || !c->a->id || strcmp(list[0].application, c->a->id) != 0))
        found(c, list[0].id);
}

static void check_already_granted(struct checking *c)
{
    each_resource(c, already_granted);
}

static void everything(struct checking *c, const struct ll_resource *r,
                       const struct ll_application_resource *asked)
{
    if (!asked->n_items || asked->n_items == r->n_items)
        found(c, r->name);
}

static void check_everything(struct checking *c)
{
    each_resource(c, everything);
}

static void sensitive_export(struct checking *c, const struct ll_resource *r,
                             const struct ll_application_resource *asked)
{
    for (size_t i = 0; i < r->n_items; i++) {
        bool wanted = !asked->n_items;
        for (size_t k = 0; k < asked->n_items; k++)
            wanted |= strcmp(asked->items[k].name, r->items[i].name) == 0;
        if (wanted && r->items[i].grade >= GRADE_SENSITIVE) {
            found(c, r->name);
            return;
        }
    }
}

static void check_sensitive_export(struct checking *c)
{
    if (c->a->modes & (LL_USE_EXPORT | LL_USE_SUBSCRIBE))
        each_resource(c, sensitive_export);
}

static void check_open_network(struct checking *c)
{
    if (!c->a->n_networks)
        found(c, "");
}

static void check_no_attachment(struct checking *c)
{
    struct ll_attachment *list;
    bool conditional = false;
    size_t n = 0;
    int rc = c->a->scene ? ll_attachment_list(c->tx, c->a->scene, c->arena, &list, &n, c->err) : LL_OK;

    if (rc < 0)
        c->rc = rc;
    for (size_t i = 0; i < c->a->n_resources; i++) {
        const struct ll_resource *r = resource_of(c, i);
        conditional |= r && shared_as(r, CONDITIONAL);
    }
    if (conditional && !n)
        found(c, "");
}

static void (*const checks[])(struct checking *c) = {
#define X(name, ...) check_##name,
    LL_COMPLIANCE(X)
#undef X
};

int ll_application_check(struct ll_txn *tx, const struct ll_catalog *cat, const struct ll_application *a,
                         struct ll_arena *arena, struct ll_finding **ret, size_t *ret_n, struct ll_err *err)
{
    struct checking c = {.tx = tx, .cat = cat, .a = a, .arena = arena, .err = err};

    if (!(c.list = ll_arena_array(arena, FINDINGS_MAX, sizeof *c.list)))
        return ll_no_memory(err);
    for (c.at = 0; c.at < LL_COUNT(checks) && c.rc == LL_OK; c.at++)
        checks[c.at](&c);
    *ret = c.list;
    *ret_n = c.n;
    return c.rc;
}
