/* gateway_entry.c - a call as the journal has it, and what an answer says of itself (gateway.h). */
#include "share/gateway_impl.h"

#include "base/clock.h"

/* The service made from the grant that was called, or whose earlier call is carried on. */
static void put_service(const struct ll_gate *gate, struct ll_json *j)
{
    const struct ll_service *made = gate->made ? &gate->made->service : NULL;
    const char *name = made ? made->name : gate->call->service;

    if (!name)
        return;
    ll_json_kz(j, "service", name);
    ll_json_ki(j, "service_version", made ? made->version : gate->call->service_version);
}

void ll_gate_put(const struct ll_gate *gate, struct ll_json *j)
{
    char when[LL_TIME_TEXT];
    int64_t newest = ll_table_newest(gate->table);

    put_service(gate, j);
    ll_json_kz(j, "resource", gate->resource->name);
    ll_json_ki(j, "version", gate->resource->version);
    ll_json_kz(j, "grant", gate->grant->id);
    ll_json_kz(j, "purpose", gate->grant->purpose);
    ll_json_key(j, "source");
    ll_json_obj(j);
    ll_json_kz(j, "organisation", gate->resource->provider);
    ll_json_kz(j, "published_at", newest ? ll_time_text(newest, when) : NULL);
    ll_json_kb(j, "late", gate->late);
    ll_json_end_obj(j);
}

static void put_texts(struct ll_json *j, const char *key, const char *const *list, size_t n)
{
    ll_json_key(j, key);
    ll_json_arr(j);
    for (size_t i = 0; i < n; i++)
        ll_json_z(j, list[i]);
    ll_json_end_arr(j);
}

static void put_subjects(const struct ll_gate *gate, struct ll_json *j)
{
    ll_json_key(j, "subjects");
    ll_json_arr(j);
    for (size_t i = 0; i < gate->n_subjects; i++)
        ll_json_z(j, gate->subjects[i]);
    ll_json_end_arr(j);
}

/* Left out where all of them were. */
static void put_given(const struct ll_gate *gate, struct ll_json *j)
{
    if (gate->n_given == gate->n_subjects)
        return;
    ll_json_key(j, "given");
    ll_json_arr(j);
    for (size_t i = 0; i < gate->n_given; i++)
        ll_json_int(j, gate->given[i]);
    ll_json_end_arr(j);
}

static void put_items(const struct ll_gate *gate, struct ll_json *j)
{
    ll_json_key(j, "items");
    ll_json_arr(j);
    for (size_t i = 0; i < gate->n_items; i++)
        if (gate->items[i].granted)
            ll_json_z(j, gate->items[i].item->name);
    ll_json_end_arr(j);
}

static void put_text(struct ll_json *j, const char *key, struct ll_str text)
{
    if (text.n)
        ll_json_ks(j, key, text);
}

void ll_gate_put_signature(const struct ll_actor *actor, struct ll_json *j)
{
    const struct ll_signature *s = actor->signature;

    if (!s || s->zh)
        return;
    ll_json_key(j, "signature");
    ll_json_obj(j);
    ll_json_kz(j, "base", s->base);
    ll_json_kz(j, "keyid", s->keyid);
    ll_json_kz(j, "value", s->value);
    ll_json_end_obj(j);
}

/* Members in the order of their names: the form that the journal takes. */
static void put_payload(const struct ll_gate *gate, struct ll_json *j)
{
    const struct ll_call *call = gate->call;
    bool answered = !gate->condition;

    ll_json_obj(j);
    ll_json_kz(j, "client", call->actor->client ? call->actor->client : call->actor->account);
    if (!answered)
        ll_json_kz(j, "condition", gate->condition);
    if (gate->n_consents && answered)
        put_texts(j, "consents", gate->consents, gate->n_consents);
    if (answered)
        ll_json_ki(j, "found", (int64_t)gate->found);
    if (answered && gate->found)
        put_given(gate, j);
    if (gate->grant)
        ll_json_kz(j, "grant", gate->grant->id);
    if (answered)
        put_items(gate, j);
    ll_json_ki(j, "keys", (int64_t)(answered ? gate->keys : call->keys));
    ll_json_kz(j, "mode", ll_use_mode_word((unsigned)__builtin_ctz((unsigned)call->mode)));
    put_text(j, "officer", call->officer);
    ll_json_kz(j, "organisation", call->actor->organisation);
    ll_json_kz(j, "purpose", gate->grant ? gate->grant->purpose : "");
    ll_json_ks(j, "resource", call->resource);
    put_service(gate, j);
    ll_gate_put_signature(call->actor, j);
    if (gate->n_subjects)
        put_subjects(gate, j);
    ll_json_end_obj(j);
}

int ll_gate_entry(struct ll_gate *gate, enum ll_entry_type *ret_type, struct ll_buf *payload,
                  struct ll_err *err)
{
    struct ll_json j;
    int rc = LL_OK;

    if (gate->uses && !gate->condition)
        rc = ll_txn_commit(gate->uses, err);
    ll_txn_end(gate->uses);
    gate->uses = NULL;
    if (rc < 0)
        return rc;
    *ret_type = gate->condition                     ? LL_ENTRY_REFUSAL
                : gate->call->mode == LL_USE_EXPORT ? LL_ENTRY_EXPORT
                                                    : LL_ENTRY_CALL;
    ll_json_init(&j, payload);
    put_payload(gate, &j);
    return payload->failed ? ll_no_memory(err) : LL_OK;
}
