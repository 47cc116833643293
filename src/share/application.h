/* application.h - an organisation asks for resources; the platform checks the form, the source decides, grants come of it.
 *
 * (1) One submission is a scene: resources of any number of sources for one purpose.  It becomes one application for each source
 *     and share type, so that a source decides once for all of its resources, and each application has a state and a time limit.
 * (2) What fails a check of tbl/compliance.h with severity ERROR is not stored.
 * (3) Unconditional sharing is granted when the form is passed; no source is asked.
 * (4) An application that becomes `granted` has a grant for each of its resources, written in the same transaction.
 * (5) Approved resources whose records are published are opened at once; others when their source says so. */
#ifndef LL_SHARE_APPLICATION_H
#define LL_SHARE_APPLICATION_H

#include "catalog/catalog.h"
#include "share/attachment.h"
#include "share/grant.h"

struct ll_application_resource {
    const char *resource;
    unsigned version;            /* 0 in a draft: the current one */
    struct ll_grant_item *items; /* n_items 0: all */
    size_t n_items;
};

struct ll_application {
    const char *id, *scene, *organisation, *provider, *demand; /* demand may be NULL */
    const char *title, *purpose, *scenario, *legal_basis;      /* scenario may be NULL */
    unsigned modes;
    int64_t per_second, per_day, total, from_at, until_at;
    struct ll_network *networks;
    size_t n_networks;
    bool consent, unconditional, must_sign;
    enum ll_state state;
    int64_t due_at; /* 0: no time limit runs */
    int64_t created_at, changed_at;
    struct ll_application_resource *resources;
    size_t n_resources;
};

enum { LL_APPLICATION_RESOURCES_MAX = 100 };

/* --- the check of form ---------------------------------------------------------------------------------------------- */

struct ll_finding {
    const char *check;
    bool error;
    const char *zh, *en;
};
/* Everything that is to be said of it; in arena.  a->id NULL: not stored yet. */
int ll_application_check(struct ll_txn *tx, const struct ll_catalog *cat, const struct ll_application *a,
                         struct ll_arena *arena, struct ll_finding **ret, size_t *ret_n,
                         struct ll_err *err) LL_MUST;

/* --- from submission to grant ----------------------------------------------------------------------------------------- */

/* Stores a draft as the applications of a new scene, each in state draft.  draft: title, demand, purpose, scenario, legal_basis, modes,
 * quotas, period, networks, consent, resources; the rest is made here.  LL_INVALID with the first error of the check. */
int ll_application_create(struct ll_txn *tx, const struct ll_catalog *cat, const struct ll_application *draft,
                          const struct ll_actor *actor, char scene[LL_FLOW_ID_TEXT],
                          struct ll_err *err) LL_MUST;
/* Takes a step of flow APPLICATION.  id: an application, or a scene: then every application of it for which the actor can, and at
 * least one. */
int ll_application_act(struct ll_txn *tx, const struct ll_catalog *cat, const char *id,
                       const struct ll_flow_act *act, struct ll_err *err) LL_MUST;

struct ll_application_query {
    const char *organisation, *provider, *scene, *state; /* NULL: any */
    const char *either; /* that this organisation made or decides; NULL: any */
    const char *sort;   /* as the route says it; NULL: newest first */
    size_t offset, limit;
};
int ll_application_get(struct ll_txn *tx, const char *id, struct ll_arena *arena, struct ll_application *ret,
                       struct ll_err *err) LL_MUST;
int ll_application_list(struct ll_txn *tx, const struct ll_application_query *q, struct ll_arena *arena,
                        struct ll_application **ret, size_t *ret_n, int64_t *ret_total,
                        struct ll_err *err) LL_MUST;

struct ll_flow_object ll_application_object(const struct ll_application *a);
/* The fields of an application into an object that is open. */
void ll_application_put(struct ll_json *j, const struct ll_application *a);
/* key: [{"check", "severity", "message", "message_en"}] */
void ll_findings_put(struct ll_json *j, const char *key, const struct ll_finding *list, size_t n);

#endif
