/* gateway.c - opens the gateway and the calls that pass it (gateway.h). */
#include "share/gateway_impl.h"

#include "base/clock.h"
#include "base/fs.h"
#include "crypto/keyring.h"
#include "crypto/random.h"
#include "share/throttle.h"

#include <stdlib.h>
#include <string.h>

enum { ATTEMPT_NAMES = 1 << 16, SLOWED_NAMES = 4096 };

static const struct {
    const char *word, *zh, *en;
} conditions[] = {
#define X(id, word, zh, en) {word, zh, en},
    LL_GATE_CONDITIONS(X)
#undef X
};

static const char *const value_words[] = {
#define X(id, word, zh, en) word,
    LL_VALUE_STATES(X)
#undef X
};

/* Days after which a resource of an update cycle (code table UPDATE_CYCLE) counts as late: the cycle and a margin for delivering; a rule
 * of our own.  Irregular ones are never late. */
static const struct {
    const char *cycle;
    int64_t days;
} cycles[] = {{"1", 2}, {"2", 3}, {"3", 10}, {"4", 40}, {"5", 105}, {"6", 200}, {"7", 400}};

const char *ll_value_state_word(enum ll_value_state s)
{
    return value_words[s];
}

const char *ll_gate_condition_word(enum ll_gate_condition c)
{
    return conditions[c].word;
}

/* --- the gateway ---------------------------------------------------------------------------------------------------- */

int ll_gateway_open(const struct ll_gateway_opts *o, struct ll_gateway **ret, struct ll_err *err)
{
    struct ll_gateway *g = calloc(1, sizeof *g);
    char dir[LL_PATH];
    int rc;

    if (!g)
        return ll_no_memory(err);
    g->o = *o;
    if ((rc = ll_path(dir, err, "%s/journal", o->data_dir)) < 0 ||
        (rc = ll_keyring_secret(ll_journaling_keys(o->journaling), LL_FOR_PSEUDONYM, g->pseudonym_key, err)) <
            0 ||
        (rc = ll_ledger_open(o->store, ll_journaling_journal(o->journaling), dir, &g->ledger, err)) < 0 ||
        (rc = ll_looktree_open(o->store, ll_journaling_journal(o->journaling), g->ledger, o->looks_commit_s,
                               &g->looktree, err)) < 0 ||
        (rc = ll_grants_open(o->store, &g->grants, err)) < 0 ||
        (rc = ll_meter_open(o->store, &g->meter, err)) < 0 ||
        (rc = ll_marks_open(o->store, o->vault, &g->marks, err)) < 0 ||
        (rc = ll_anomalies_open(o->store, &o->anomaly, &g->anomalies, err)) < 0 ||
        (rc = ll_throttle_new(SLOWED_NAMES, &g->slowed, err)) < 0 ||
        (rc = ll_throttle_new(ATTEMPT_NAMES, &g->attempts, err)) < 0) {
        ll_gateway_close(g);
        return rc;
    }
    ll_ledger_watch(g->ledger, ll_anomalies_entry, ll_anomalies_round, g->anomalies);
    *ret = g;
    return LL_OK;
}

struct ll_gateway *ll_gateway_close(struct ll_gateway *g)
{
    if (!g)
        return NULL;
    ll_looktree_close(g->looktree);
    ll_ledger_close(g->ledger);
    ll_grants_close(g->grants);
    ll_meter_close(g->meter);
    ll_marks_close(g->marks);
    ll_anomalies_close(g->anomalies); /* after the ledger, which tells it */
    ll_throttle_free(g->slowed);
    ll_throttle_free(g->attempts);
    ll_wipe(g->pseudonym_key, sizeof g->pseudonym_key);
    free(g);
    return NULL;
}

struct ll_ledger *ll_gateway_ledger(struct ll_gateway *g)
{
    return g->ledger;
}

struct ll_grants_live *ll_gateway_grants(struct ll_gateway *g)
{
    return g->grants;
}

struct ll_marks *ll_gateway_marks(struct ll_gateway *g)
{
    return g->marks;
}

int ll_gateway_pseudonym(struct ll_gateway *g, const char *scheme, struct ll_str value,
                         char out[LL_PSEUDONYM_TEXT], struct ll_err *err)
{
    return ll_pseudonym((struct ll_str){(const char *)g->pseudonym_key, sizeof g->pseudonym_key},
                        ll_str(scheme), value, out, err);
}

/* --- refusing ------------------------------------------------------------------------------------------------------- */

int ll_gate_refuse(struct ll_gate *gate, enum ll_gate_condition c, struct ll_err *err)
{
    gate->condition = conditions[c].word;
    return ll_fail(err,
                   c == LL_GATE_RATE || c == LL_GATE_ATTEMPTS || c == LL_GATE_EXPORTS ||
                           c == LL_GATE_THROTTLED
                       ? LL_TOOMANY
                       : LL_DENIED,
                   "%s%.0s", "%.0s%s", conditions[c].zh, conditions[c].en);
}

/* --- opening a call --------------------------------------------------------------------------------------------------- */

/* A name under which the organisation has no grant may be that of a service that it made (made.h): the call is then one of its resource. */
static int resolve(struct ll_gate *gate, struct ll_err *err)
{
    const struct ll_call *call = gate->call;
    struct ll_made *made = ll_arena_alloc(gate->arena, sizeof *made);
    struct ll_txn *tx = NULL;
    struct ll_str *items;
    size_t n = 0;
    int rc;

    if (ll_grants_of(gate->grants, ll_str(call->actor->organisation), call->resource, &n))
        return LL_OK;
    if (!made)
        return ll_no_memory(err);
    if ((rc = ll_txn_begin(gate->g->o.store, false, &tx, err)) == LL_OK)
        rc = ll_made_find(tx, call->actor->organisation, call->resource, gate->arena, made, err);
    ll_txn_end(tx);
    if (rc <= 0)
        return rc;
    if (!(items = ll_arena_array(gate->arena, made->service.n_items + 1, sizeof *items)))
        return ll_no_memory(err);
    for (size_t i = 0; i < made->service.n_items; i++)
        items[i] = ll_str(made->service.items[i].item);
    gate->of_made = *call;
    gate->of_made.resource = ll_str(made->service.resources[0]);
    if (!call->n_items) {
        gate->of_made.items = items;
        gate->of_made.n_items = made->service.n_items;
    }
    gate->made = made;
    gate->call = &gate->of_made;
    if (call->grant.n && !ll_str_is(call->grant, made->grant))
        return ll_gate_refuse(gate, LL_GATE_GRANT, err);
    gate->of_made.grant = ll_str(made->grant);
    return LL_OK;
}

/* The grant that was named or, of all there are, the first that covers the call; otherwise the one that comes nearest. */
static int choose_grant(struct ll_gate *gate, const struct ll_grant_use *use, struct ll_err *err)
{
    const struct ll_call *call = gate->call;
    enum ll_grant_refusal best = LL_GRANT_NOT_YET, r;
    struct ll_str item = {NULL, 0}, lacking = {NULL, 0};
    size_t n = 0;
    const struct ll_grant *const *list = ll_grants_of(gate->grants, ll_str(call->actor->organisation),
                                                      call->resource, &n);

    for (size_t i = 0; i < n; i++) {
        if (call->grant.n && !ll_str_is(call->grant, list[i]->id))
            continue;
        r = ll_grant_covers(list[i], use, &item);
        if (!gate->grant || r == LL_GRANT_COVERS || r > best) {
            gate->grant = list[i];
            best = r;
            lacking = item;
        }
        if (r == LL_GRANT_COVERS)
            return LL_OK;
    }
    if (!gate->grant)
        return ll_gate_refuse(gate, LL_GATE_GRANT, err);
    gate->condition = ll_grant_refusal_word(best);
    return ll_grant_refuse(best, gate->grant, lacking, err);
}

/* What was asked for, or everything that is granted, in the order of the resource. */
static int choose_items(struct ll_gate *gate, struct ll_err *err)
{
    const struct ll_resource *r = gate->resource;
    const struct ll_call *call = gate->call;
    size_t most = call->n_items ? call->n_items : r->n_items;

    if (!(gate->items = ll_arena_array(gate->arena, most + 1, sizeof *gate->items)))
        return ll_no_memory(err);
    for (size_t i = 0; i < most; i++) {
        const struct ll_item *item = call->n_items ? ll_resource_item(r, call->items[i]) : &r->items[i];
        if (!item) /* before the grant is asked, so that a misspelt name is told from one that is not granted */
            return ll_fail(err, LL_USAGE, "%s 没有信息项 %.*s", "%s has no item %.*s", r->name,
                           LL_STR_ARG(call->items[i]));
        gate->items[gate->n_items++] = (struct gate_item){.item = item, .at = (size_t)(item - r->items)};
    }
    return LL_OK;
}

static struct ll_str present_of(struct ll_gate *gate, const struct ll_item *item)
{
    const char *text = ll_arena_printf(gate->arena, "\"%s\":{\"status\":\"%s\",\"value\":", item->name,
                                       ll_value_state_word(LL_VALUE_PRESENT));

    return ll_str(text); /* names are words: nothing in them needs an escape */
}

const struct ll_grant_item *ll_gate_granted(const struct ll_gate *gate, struct ll_str item)
{
    return gate->made && !ll_made_has(gate->made, item) ? NULL : ll_grant_item_of(gate->grant, item);
}

/* Without a list, what is not granted is not there; with one, it is answered as such. */
static int bind_items(struct ll_gate *gate, struct ll_err *err)
{
    size_t n = 0;

    for (size_t i = 0; i < gate->n_items; i++) {
        struct gate_item it = gate->items[i];
        struct ll_str name = ll_str(it.item->name);
        it.granted = ll_gate_granted(gate, name);
        if (!it.granted && gate->made && !gate->call->partial) {
            gate->condition = ll_grant_refusal_word(LL_GRANT_ITEM);
            return ll_grant_refuse(LL_GRANT_ITEM, gate->grant, name, err);
        }
        if (it.granted && !(it.present = present_of(gate, it.item)).n)
            return ll_no_memory(err);
        if (it.granted || gate->call->n_items)
            gate->items[n++] = it;
    }
    gate->n_items = n;
    return LL_OK;
}

/* With a flag open there is a fraction of the rate left, counted by keys, so that batches are no way around it. */
static int check_slowed(struct ll_gate *gate, struct ll_err *err)
{
    const struct ll_gateway_opts *o = &gate->g->o;
    const struct ll_actor *who = gate->call->actor;
    int64_t per_second = gate->grant->per_second, rate;
    int rc = ll_access_throttled(o->access, who, err);

    if (rc <= 0)
        return rc;
    rate = per_second ? per_second * 10 * o->slow_percent : (int64_t)o->slow_rate * 1000 / 60;
    rate = rate < 1 ? 1 : rate > UINT32_MAX ? UINT32_MAX : rate;
    const struct ll_rate left = {.per_1000_s = (uint32_t)rate, .burst = (uint32_t)(rate / 1000 + 1)};
    if (gate->call->keys)
        gate->wait_ms = ll_throttle_take_all(gate->g->slowed, ll_str(who->client), left, gate->call->keys);
    return gate->wait_ms ? ll_gate_refuse(gate, LL_GATE_THROTTLED, err) : LL_OK;
}

static const enum ll_gate_condition quotas[] = {[LL_METER_RATE] = LL_GATE_RATE,
                                                [LL_METER_DAY] = LL_GATE_QUOTA_DAY,
                                                [LL_METER_TOTAL] = LL_GATE_QUOTA_TOTAL};

int ll_gate_reserve(struct ll_gate *gate, size_t keys, struct ll_err *err)
{
    enum ll_meter_answer answer = LL_METER_OK;
    int rc = ll_meter_reserve(gate->g->meter, gate->grant, keys, ll_now_ms(), &answer, err);

    if (rc == LL_OK && answer != LL_METER_OK)
        return ll_gate_refuse(gate, quotas[answer], err);
    gate->keys += rc == LL_OK ? keys : 0;
    return rc;
}

static int check_quota(struct ll_gate *gate, struct ll_err *err)
{
    enum ll_meter_answer answer = LL_METER_OK;
    uint64_t wait = 0;

    if (!gate->call->keys)
        return LL_OK;
    int rc = ll_meter_take(gate->g->meter, gate->grant, gate->call->keys, ll_now_ms(), &answer, &wait, err);

    gate->wait_ms = wait;
    if (rc == LL_OK && answer != LL_METER_OK)
        rc = ll_gate_refuse(gate, quotas[answer], err);
    gate->keys = rc == LL_OK ? gate->call->keys : 0;
    return rc;
}

static void learn_late(struct ll_gate *gate)
{
    int64_t newest = ll_table_newest(gate->table);

    for (size_t i = 0; i < LL_COUNT(cycles) && gate->resource->update_cycle && newest; i++)
        if (strcmp(gate->resource->update_cycle, cycles[i].cycle) == 0)
            gate->late = ll_now_ms() - newest > cycles[i].days * INT64_C(86400000);
}

/* A signature that is there must hold; there must be one where the client's registration says so, and where its grant does. */
static int check_signature(struct ll_gate *gate, bool must, struct ll_err *err)
{
    const struct ll_signature *s = gate->call->actor->signature;

    if (!s)
        return must && !gate->call->was_signed ? ll_gate_refuse(gate, LL_GATE_SIGNATURE, err) : LL_OK;
    if (!s->zh)
        return LL_OK;
    gate->condition = conditions[LL_GATE_SIGNATURE].word;
    return ll_fail(err, LL_DENIED, "签名无效：%s%.0s", "the signature does not count: %.0s%s", s->zh, s->en);
}

/* Whoever has no grant does not learn whether there is such a resource. */
static int find_resource(struct ll_gate *gate, struct ll_err *err)
{
    const struct ll_call *call = gate->call;
    size_t n = 0;

    (void)ll_grants_of(gate->grants, ll_str(call->actor->organisation), call->resource, &n);
    gate->resource = n ? ll_catalog_resource(gate->cat, call->resource) : NULL;
    return gate->resource ? LL_OK : ll_gate_refuse(gate, LL_GATE_GRANT, err);
}

/* What is asked of a grant. */
static int check_grant(struct ll_gate *gate, struct ll_err *err)
{
    const struct ll_call *call = gate->call;
    struct ll_grant_use use = {
        .now = ll_now_ms(), .mode = call->mode, .purpose = call->purpose, .addr = call->addr};
    int rc;

    if (!call->partial) {
        use.items = call->items;
        use.n_items = call->n_items;
    }
    if ((rc = choose_grant(gate, &use, err)) < 0)
        return rc;
    return check_signature(gate, gate->grant->must_sign, err);
}

static int admit(struct ll_gate *gate, struct ll_err *err)
{
    struct ll_gateway *g = gate->g;
    int rc;

    if ((rc = check_signature(gate, gate->call->actor->must_sign, err)) < 0 ||
        (rc = ll_grants_current(g->grants, &gate->grants, err)) < 0 || (rc = resolve(gate, err)) < 0)
        return rc;
    if ((rc = ll_access_frozen(g->o.access, gate->call->actor, gate->call->resource.p, err)) == LL_DENIED)
        gate->condition = conditions[LL_GATE_FROZEN].word;
    if (rc < 0 || (rc = ll_catalog_live_get(g->o.catalog, false, &gate->cat, err)) < 0 ||
        (rc = find_resource(gate, err)) < 0 || (rc = choose_items(gate, err)) < 0 ||
        (rc = check_grant(gate, err)) < 0 || (rc = bind_items(gate, err)) < 0 ||
        (rc = check_slowed(gate, err)) < 0 || (rc = check_quota(gate, err)) < 0 ||
        (rc = ll_tables_take(g->o.tables, gate->resource->name, &gate->table, err)) < 0)
        return rc;
    learn_late(gate);
    return LL_OK;
}

int ll_gate_open(struct ll_gateway *g, const struct ll_call *call, struct ll_arena *arena,
                 struct ll_gate **ret, struct ll_err *err)
{
    struct ll_gate *gate = ll_arena_alloc(arena, sizeof *gate);

    *ret = gate;
    if (!gate)
        return ll_no_memory(err);
    *gate = (struct ll_gate){.g = g, .call = call, .arena = arena};
    return admit(gate, err);
}

void ll_gate_charge(struct ll_gate *gate, size_t keys)
{
    if (keys < gate->keys)
        ll_meter_give_back(gate->g->meter, gate->grant, gate->keys - keys);
    gate->keys = keys;
}

void ll_gate_close(struct ll_gate *gate)
{
    if (!gate)
        return;
    if (gate->condition)
        ll_gate_charge(gate, 0);
    ll_anomalies_call(gate->g->anomalies, gate->call->actor, &gate->trail);
    ll_txn_end(gate->uses);
    ll_tables_give(gate->g->o.tables, gate->table);
    ll_grants_unref(gate->grants);
    ll_catalog_unref(gate->cat);
}

uint64_t ll_gate_wait_ms(const struct ll_gate *gate)
{
    return gate->wait_ms;
}

const char *ll_gate_condition(const struct ll_gate *gate)
{
    return gate->condition;
}

const struct ll_grant *ll_gate_grant(const struct ll_gate *gate)
{
    return gate->grant;
}

const struct ll_resource *ll_gate_resource(const struct ll_gate *gate)
{
    return gate->resource;
}
