/* version.h - what organisations write and the platform publishes (products, policies): each change is a new version of a form (form.h).
 *
 * (1) A version moves by the flow of its kind: drafted and submitted by a steward of the organisation, published by somebody of the platform who had no part in it.
 * (2) Of one code one version at most is open (draft or submitted), and one at most is published; publishing supersedes the one before.
 * (3) What a version says changes while it is a draft only.  What was published stays as it was.
 * (4) What kinds have of their own (struct ll_version_kind) is a table, the form, who may write, and what a form makes; all else is the same. */
#ifndef LL_APPS_FINANCE_VERSION_H
#define LL_APPS_FINANCE_VERSION_H

#include "apps/finance/institution.h"
#include "apps/finance/product_form.h"

enum { LL_VERSION_NOTE = 500 };

struct ll_version {
    const char *id, *code, *organisation, *title, *title_en, *note,
        *text;                                             /* title: of the organisation; text: the form */
    int64_t version, created_at, changed_at, published_at; /* published_at: -1 */
    enum ll_state state;
};
struct ll_version_query {
    const char *organisation, *state,
        *code; /* NULL: any; state NULL: what is neither superseded nor discarded */
    size_t offset, limit;
    const char *sort; /* NULL: what waits first, then what changed last */
};

struct ll_version_sql {
    const char *get, *published, *page, *count, *next, *add, *step, *change;
};
struct ll_version_kind {
    enum ll_flow flow;
    char letter;        /* of ids */
    const char *prefix; /* of codes that are made */
    const char *owner;  /* members of answers: "institution"; with _en its English title */
    const char *member; /* what a version makes: "product" */
    const struct ll_form_kind *form;
    struct ll_version_sql sql;
    bool knows_products; /* names of products in a form are checked */
    /* Whether the actor's organisation may begin one; NULL: it may. */
    int (*may)(const struct ll_market_env *env, struct ll_err *err);
    /* Whether what is whole goes to the platform, and from it to everybody; NULL: it does. */
    int (*ready)(const struct ll_market_env *env, const struct ll_version *v, struct ll_err *err);
    /* Writes the object that a form without faults makes. */
    int (*put)(struct ll_json *j, const struct ll_market_env *env, const struct ll_form *form,
               const struct ll_form_owner *owner, struct ll_err *err);
};

/* LL_NOTFOUND: no such version. */
int ll_version_get(const struct ll_version_kind *k, const struct ll_market_env *env, const char *id,
                   struct ll_version *ret, struct ll_err *err) LL_MUST;
/* The published version of the same code; 0: none. */
int ll_version_published(const struct ll_version_kind *k, const struct ll_market_env *env, const char *code,
                         struct ll_version *ret, struct ll_err *err) LL_MUST;
int ll_versions_list(const struct ll_version_kind *k, const struct ll_market_env *env,
                     const struct ll_version_query *q, struct ll_version **ret, size_t *ret_n,
                     int64_t *ret_total, struct ll_err *err) LL_MUST;
/* Those that a statement of LL_VERSION_SHOWN picks: at most `most`. */
int ll_versions_shown(struct ll_txn *tx, const struct ll_version_kind *k, const char *sql, size_t most,
                      struct ll_arena *arena, struct ll_version **ret, size_t *ret_n,
                      struct ll_err *err) LL_MUST;
/* A draft of something new of the actor's organisation, or of the next version of `code`. */
int ll_version_add(const struct ll_version_kind *k, const struct ll_market_env *env, const char *code,
                   const struct ll_form *form, const char *note, char id[LL_FLOW_ID_TEXT],
                   struct ll_err *err) LL_MUST;
/* What the draft says from now on. */
int ll_version_change(const struct ll_version_kind *k, const struct ll_market_env *env, const char *id,
                      const struct ll_form *form, const char *note, struct ll_err *err) LL_MUST;
/* LL_INVALID: a form with faults is neither submitted nor published. */
int ll_version_act(const struct ll_version_kind *k, const struct ll_market_env *env, const char *id,
                   const struct ll_flow_act *act, struct ll_err *err) LL_MUST;
struct ll_flow_object ll_version_object(const struct ll_version_kind *k, const struct ll_version *v);
struct ll_form_owner ll_version_owner(const struct ll_version *v);

/* What a form comes to as it stands: its faults, in the env's arena. */
struct ll_version_checked {
    struct ll_form_env on;
    struct ll_form_fault *faults;
    size_t n;
};
int ll_version_check(const struct ll_version_kind *k, const struct ll_market_env *env,
                     const struct ll_form *form, struct ll_version_checked *ret, struct ll_err *err) LL_MUST;

/* Members of an object that is open: what a list has of it. */
int ll_version_put(struct ll_json *j, const struct ll_version_kind *k, const struct ll_market_env *env,
                   const struct ll_version *v, struct ll_err *err) LL_MUST;
/* key: what the version makes; null where its form has faults. */
int ll_version_put_made(struct ll_json *j, const char *key, const struct ll_version_kind *k,
                        const struct ll_market_env *env, const struct ll_version *v,
                        struct ll_err *err) LL_MUST;
/* The same of a form that nobody has kept. */
int ll_form_put_made(struct ll_json *j, const char *key, const struct ll_version_kind *k,
                     const struct ll_market_env *env, const struct ll_form *form,
                     const struct ll_form_owner *owner, struct ll_err *err) LL_MUST;

/* ---- the statements of a kind, by its table ---- */

#define LL_VERSION_COLUMNS                                                                                    \
    "p.id, p.code, p.organisation, o.name, o.name_en, p.note, p.form, p.version, p.created_at, p.changed_at," \
    " p.published_at, p.state"
#define LL_VERSION_FROM(table) " FROM " table " p JOIN organisation o ON o.code = p.organisation"
#define LL_VERSION_WHERE                                                                                          \
    " WHERE ($1 IS NULL OR p.organisation = $1) AND ($2 IS NULL OR p.state = $2) AND ($3 IS NULL OR p.code = $3)" \
    " AND ($2 IS NOT NULL OR $3 IS NOT NULL OR p.state NOT IN ('superseded', 'discarded'))"
/* What stands open to all; more: further joins. */
#define LL_VERSION_SHOWN(table, more)                                                                        \
    "SELECT " LL_VERSION_COLUMNS LL_VERSION_FROM(table) more                                                 \
        " WHERE p.state = 'published' ORDER BY p.code LIMIT $1 OFFSET $2"
#define LL_VERSION_SQL(table)                                                                                \
    {                                                                                                        \
        .get = "SELECT " LL_VERSION_COLUMNS LL_VERSION_FROM(table) " WHERE p.id = $1",                       \
        .published = "SELECT " LL_VERSION_COLUMNS LL_VERSION_FROM(                                           \
            table) " WHERE p.code = $1 AND p.state = 'published'",                                           \
        .page = "SELECT " LL_VERSION_COLUMNS LL_VERSION_FROM(table) LL_VERSION_WHERE,                        \
        .count = "SELECT count(*)" LL_VERSION_FROM(table) LL_VERSION_WHERE,                                  \
        .next = "SELECT max(version), max(state IN ('draft', 'submitted')) FROM " table                      \
                " WHERE code = $1 AND organisation = $2",                                                    \
        .add = "INSERT INTO " table                                                                          \
               " (id, code, version, organisation, state, form, note, title, created_at,"                    \
               " changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)",                               \
        .step = "UPDATE " table " SET state = $1, changed_at = $2, published_at ="                           \
                " CASE WHEN $1 = 'published' THEN $2 ELSE published_at END WHERE id = $3",                   \
        .change = "UPDATE " table " SET form = $1, note = $2, title = $3 WHERE id = $4"                      \
    }

#endif
