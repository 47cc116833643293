/* actor.h - who acts: an account (a person) or a client (a system), always of one organisation.
 *
 * Handlers and commands make one from a session, a token or an option; domain functions ask it what it may do and never look
 * further.  Nobody at all is LL_ACTOR_NOBODY: it holds no role and belongs to no organisation. */
#ifndef LL_SHARE_ACTOR_H
#define LL_SHARE_ACTOR_H

#include "base/err.h"
#include "base/str.h"
#include "share/tbl/duties.h"

#define X(name, ...) LL_DUTY_AT_##name,
enum ll_duty_at { LL_DUTIES(X) LL_DUTY_COUNT };
#undef X
#define X(name, ...) LL_DUTY_##name = 1u << LL_DUTY_AT_##name,
enum ll_duty { LL_DUTIES(X) };
#undef X
enum { LL_DUTIES_ADMIN = LL_DUTY_SYSADMIN | LL_DUTY_SECADMIN | LL_DUTY_AUDITOR };

/* Who may use a permission beside roles. */
enum {
    LL_MAY_ANYONE = 1u << 16,
    LL_MAY_ACCOUNT = 1u << 17,
    LL_MAY_CLIENT = 1u << 18,
    LL_MAY_SUBJECT = 1u << 19,
    LL_MAY_PORTAL = 1u << 20
};

/* The signature of a client's request, as an entry of the journal refers to it (http/signing.h). */
struct ll_signature {
    const char *keyid;
    const char *base;    /* SHA-256 in hex of what was signed */
    const char *value;   /* the field Signature */
    const char *zh, *en; /* why it does not count; NULL: it does */
    bool sm2;
};

struct ll_actor {
    const char *account, *client; /* at most one; NULL, NULL is nobody */
    const char *organisation;     /* code in the catalogue */
    unsigned roles;               /* of an account */
    const char *
        approval; /* evidence of the passkey with which the account confirmed this one act (share/approval.h); NULL */
    const char
        *subject; /* neither: a subject of data, by its own passkey (share/consent.h); of no organisation */
    bool by_representative; /* an enterprise, by a passkey that was bound to its legal representative */
    const char *delegate,
        *delegate_title; /* who acts for `subject`: a person to whom it delegates (share/delegate.h); NULL: it itself */
    const char *
        portal; /* neither: another portal, with what one subject let it know (http/oidc.h); of no organisation */
    bool must_sign;                       /* a client whose calls count only signed */
    const struct ll_signature *signature; /* of this request; NULL: it has none */
};

struct ll_permission {
    const char *name;
    unsigned may;              /* LL_DUTY_... and LL_MAY_... bits */
    unsigned any_organisation; /* the roles that it does not confine to their own organisation */
    const char *zh, *en;
};

extern const struct ll_permission ll_permissions[];
extern const size_t ll_permission_count;

const struct ll_permission *ll_permission_find(const char *name); /* NULL: none of this name */
bool ll_may(const struct ll_actor *a, const struct ll_permission *p);
/* LL_OK, or LL_DENIED that names the duty that would be needed. */
int ll_may_or_fail(const struct ll_actor *a, const struct ll_permission *p, struct ll_err *err) LL_MUST;
bool ll_may_all(const struct ll_actor *a, const struct ll_permission *p); /* for any organisation */
/* The same for something that belongs to an organisation. */
int ll_may_for(const struct ll_actor *a, const struct ll_permission *p, const char *organisation,
               struct ll_err *err) LL_MUST;

const char *ll_duty_name(unsigned at);
const char *ll_duty_title(unsigned at, enum ll_lang lang);
/* "source_steward,approver" to bits; LL_USAGE names the word that is none, LL_INVALID a pair that excludes each other. */
int ll_duties_parse(struct ll_str words, unsigned *ret, struct ll_err *err) LL_MUST;
int ll_duties_check(unsigned roles, struct ll_err *err) LL_MUST;

#endif
