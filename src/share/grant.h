/* grant.h - the permission that came of an application: what an organisation may take of a resource, for what, how, how much and until
 * when.  Rows of access_grant; grants.h holds them in memory for the gateway. */
#ifndef LL_SHARE_GRANT_H
#define LL_SHARE_GRANT_H

#include "share/flow.h"
#include "share/tbl/use_modes.h"

#define X(name, ...) LL_USE_AT_##name,
enum ll_use_mode_at { LL_USE_MODES(X) LL_USE_MODE_COUNT };
#undef X
#define X(name, ...) LL_USE_##name = 1u << LL_USE_AT_##name,
enum ll_use_mode { LL_USE_MODES(X) };
#undef X

/* An address, IPv4 as ::ffff:a.b.c.d, and how many of its bits count. */
struct ll_network {
    unsigned char addr[16];
    unsigned bits;
};

struct ll_grant_item {
    const char *name;
    bool plain; /* an item of grade 3 or 4 is masked unless the grant says plain */
};

struct ll_grant {
    const char *id, *organisation, *resource, *provider, *application; /* application may be NULL */
    const char *purpose, *scenario, *legal_basis;                      /* scenario may be NULL */
    unsigned version;
    enum ll_state state;         /* LL_STATE_ACTIVE, SUSPENDED, REVOKED, EXPIRED */
    unsigned modes;              /* enum ll_use_mode */
    struct ll_grant_item *items; /* in the order of the resource */
    size_t n_items;
    int64_t per_second, per_day, total; /* calls; 0: no limit */
    int64_t from_at, until_at;          /* ms; [from, until) */
    struct ll_network *networks;        /* n_networks 0: any address */
    size_t n_networks;
    bool consent;   /* the subject must have consented */
    bool must_sign; /* every call must be signed by a key of the client */
    /* The terms of a resource that was bought (licence.h). */
    bool licensed;
    unsigned licence_modes;
    const char *licence_scenarios;
    int64_t licence_from_at, licence_until_at;
    int64_t created_at, changed_at;
    uint64_t revision; /* another one with every change, unique among all grants */
};

enum { LL_GRANT_ITEMS_MAX = 2000, LL_GRANT_NETWORKS_MAX = 256, LL_GRANT_PURPOSE_MAX = 500 };

/* Texts of the columns: "uscc =phone" (= marks plain), "query verify", "10.0.0.0/8 2001:db8::/32".  Arrays in arena. */
int ll_grant_items_parse(struct ll_str text, struct ll_arena *arena, struct ll_grant_item **ret,
                         size_t *ret_n, struct ll_err *err) LL_MUST;
void ll_grant_items_text(const struct ll_grant_item *items, size_t n, struct ll_buf *out);
/* Words divided by blanks or commas. */
int ll_use_modes_parse(struct ll_str text, unsigned *ret, struct ll_err *err) LL_MUST;
void ll_use_modes_text(unsigned modes, struct ll_buf *out);
const char *ll_use_mode_word(unsigned at);
const char *ll_use_mode_title(unsigned at, enum ll_lang lang);
/* One network; without /bits the whole address counts.  Bits beyond the prefix must be 0. */
int ll_network_parse(struct ll_str text, struct ll_network *ret, struct ll_err *err) LL_MUST;
int ll_networks_parse(struct ll_str text, struct ll_arena *arena, struct ll_network **ret, size_t *ret_n,
                      struct ll_err *err) LL_MUST;
void ll_networks_text(const struct ll_network *list, size_t n, struct ll_buf *out);
/* An address alone, as a connection or a forwarded header has it. */
bool ll_address_parse(struct ll_str text, unsigned char ret[16]);
bool ll_network_has(const struct ll_network *net, const unsigned char addr[16]);

/* Writes a new grant, state active; g->id and the times of writing are made here.  id may be NULL. */
int ll_grant_create(struct ll_txn *tx, const struct ll_grant *g, const struct ll_actor *actor,
                    char id[LL_FLOW_ID_TEXT], struct ll_err *err) LL_MUST;
/* Takes a step of flow GRANT.  until_at: the new end for "renew", otherwise 0. */
int ll_grant_act(struct ll_txn *tx, const char *id, const struct ll_flow_act *act, int64_t until_at,
                 struct ll_err *err) LL_MUST;
/* Marks expired what is past its end; *ret_n: how many. */
int ll_grant_expire(struct ll_txn *tx, int64_t now, size_t *ret_n, struct ll_err *err) LL_MUST;

int ll_grant_get(struct ll_txn *tx, const char *id, struct ll_arena *arena, struct ll_grant *ret,
                 struct ll_err *err) LL_MUST;
struct ll_grant_query {
    const char *organisation, *provider, *resource, *application, *state; /* NULL: any */
    const char *either; /* grants that this organisation holds or provides; NULL: any */
    const char *sort;   /* as the route says it; NULL: newest first */
    size_t offset, limit;
};
int ll_grant_list(struct ll_txn *tx, const struct ll_grant_query *q, struct ll_arena *arena,
                  struct ll_grant **ret, size_t *ret_n, int64_t *ret_total, struct ll_err *err) LL_MUST;

struct ll_flow_object ll_grant_object(const struct ll_grant *g);
/* The fields of a grant into an object that is open. */
void ll_grant_put(struct ll_json *j, const struct ll_grant *g);
/* {"id", "organisation", ...}; actor not NULL: with what it may do now. */
void ll_grant_json(struct ll_json *j, const struct ll_grant *g, const struct ll_actor *actor);

/* Why a use that a grant would have to cover is refused; the words that the gateway journals and answers. */
enum ll_grant_refusal {
    LL_GRANT_COVERS,
    LL_GRANT_NOT_YET,
    LL_GRANT_ENDED,
    LL_GRANT_SUSPENDED,
    LL_GRANT_REVOKED,
    LL_GRANT_LICENCE_OVER,
    LL_GRANT_LICENCE_USE,
    LL_GRANT_MODE,
    LL_GRANT_PURPOSE,
    LL_GRANT_NETWORK,
    LL_GRANT_ITEM
};
struct ll_grant_use {
    int64_t now;
    enum ll_use_mode mode;
    struct ll_str purpose;      /* as the call states it; n 0: it states none, the grant's stands */
    const unsigned char *addr;  /* 16 bytes; NULL: not known, which no list of networks has */
    const struct ll_str *items; /* n_items 0: all that are granted */
    size_t n_items;
};
/* The first condition that fails, in the order of the enum; pure and without allocation.  *ret_item (may be NULL): the item. */
enum ll_grant_refusal ll_grant_covers(const struct ll_grant *g, const struct ll_grant_use *use,
                                      struct ll_str *ret_item);
/* Active, and within its time and that of the resource's licence. */
bool ll_grant_in_force(const struct ll_grant *g, int64_t now);
/* Those of its modes that the resource's licence has as well: what it may be used in while it is in force. */
unsigned ll_grant_modes(const struct ll_grant *g);
const struct ll_grant_item *ll_grant_item_of(const struct ll_grant *g, struct ll_str name);
const char *ll_grant_refusal_word(enum ll_grant_refusal r);
int ll_grant_refuse(enum ll_grant_refusal r, const struct ll_grant *g, struct ll_str item,
                    struct ll_err *err);

#endif
