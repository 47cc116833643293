/* enterprise.h - the profile of an enterprise on the finance platform: filled from base resources, completed by the firm itself, registered.
 *
 * (1) What base resources know is never asked for and never stored a second time: enterprise_fields.csv says which item of which resource tells a field, the
 *     first that has a value counting; what is no longer shared is not read.
 * (2) The firm tells what they do not know: contact, and industry, persons, revenue and assets where they are silent. That is sealed at rest.
 * (3) Size class (size.h) and completeness are worked out whenever they are asked for.
 * (4) Who registers is the subject itself, signed in by the passkey that was bound to it at a counter or by its legal representative; an enterprise that
 *     the base resources do not know cannot register.  Registering, changing and closing are events of flow ENTERPRISE, in the journal. */
#ifndef LL_APPS_FINANCE_ENTERPRISE_H
#define LL_APPS_FINANCE_ENTERPRISE_H

#include "apps/finance/size.h"
#include "apps/finance/tbl/enterprise_fields.h"
#include "base/json.h"
#include "catalog/catalog.h"
#include "share/flow.h"
#include "share/marks.h"
#include "share/tables.h"

enum ll_enterprise_field {
#define X(id, name, zh, en, who, most) LL_ENT_##id,
    LL_ENTERPRISE_FIELDS(X)
#undef X
        LL_ENT_FIELDS
};
enum ll_enterprise_from { LL_ENT_FROM_NOBODY, LL_ENT_FROM_BASE, LL_ENT_FROM_FIRM };

/* Whether the legal representative is verified, by ENTERPRISE_REG's codes: nobody came forward; a natural person, by its own passkey, whom the registration names
 * today; somebody whom it does not name (any more). */
enum ll_enterprise_auth { LL_ENT_AUTH_NONE, LL_ENT_AUTH_DONE, LL_ENT_AUTH_FAILED };

struct ll_enterprise_env {
    struct ll_tables *tables;
    struct ll_marks *marks; /* NULL: nothing is withheld */
    struct ll_vault *vault;
    struct ll_keyring *keys; /* NULL: nobody asks whether the legal representative is verified */
    const struct ll_catalog *cat;
    struct ll_txn *tx;
    const struct ll_actor *actor; /* the subject */
    struct ll_arena *arena;
};

struct ll_enterprise_value {
    enum ll_enterprise_from from;
    struct ll_str text;
    const struct ll_resource *resource; /* of FROM_BASE */
    const struct ll_item *item;
    int64_t published_at;
};

struct ll_enterprise {
    const char *id; /* of the registration; NULL: none */
    enum ll_state state;
    int64_t registered_at, changed_at;
    struct ll_enterprise_value values[LL_ENT_FIELDS];
    struct ll_size_found size;
    size_t known; /* of LL_ENT_FIELDS */
    enum ll_enterprise_auth auth;
    int64_t auth_at; /* when somebody came forward as the legal representative; 0: nobody did */
};

/* What the firm tells, by field; p NULL: nothing. */
struct ll_enterprise_told {
    struct ll_str text[LL_ENT_FIELDS];
};

/* uscc: whole and valid; subject: its id (share/consent.h).  LL_NOTFOUND: no base resource knows the enterprise. */
int ll_enterprise_read(const struct ll_enterprise_env *env, const char *subject, struct ll_str uscc,
                       struct ll_enterprise *ret, struct ll_err *err) LL_MUST;
/* To be called before the transaction of the next two: makes or renews the key that seals what the firm tells. */
int ll_enterprise_prepare(struct ll_vault *vault, struct ll_err *err) LL_MUST;
/* Registers, registers again what was closed, or changes what the firm tells: all of it is what it now tells.  LL_INVALID names a field that is missing, is
 * no value, or is not the firm's to tell. */
int ll_enterprise_register(const struct ll_enterprise_env *env, const char *subject, struct ll_str uscc,
                           const struct ll_enterprise_told *told, struct ll_err *err) LL_MUST;
int ll_enterprise_close(const struct ll_enterprise_env *env, const char *subject, struct ll_err *err) LL_MUST;

/* Whether the base resources name this person (its subject's id) as the legal representative: numbers are compared as keyed hashes. */
int ll_enterprise_names(const struct ll_enterprise_env *env, struct ll_str uscc, const char *person,
                        bool *ret, struct ll_err *err) LL_MUST;

const char *ll_enterprise_field_name(enum ll_enterprise_field f);
/* Members of an object that is open; LL_NOTFOUND and the rest as reading a code table may fail. */
void ll_enterprise_put(const struct ll_enterprise_env *env, const struct ll_enterprise *e, struct ll_json *j);

#endif
