/* gateway_compare.c - "usable, not visible": whether values that the caller has agree with a record's (gateway.h, agree.h). */
#include "share/gateway_impl.h"

#include "share/agree.h"
#include "share/throttle.h"

#include <stdio.h>

/* How often a client may try one subject: ten at once, then ten an hour. */
static const struct ll_rate attempt_rate = {.per_1000_s = 3, .burst = 10};

/* --- one record ------------------------------------------------------------------------------------------------------ */

static const char *verdict(struct ll_gate *gate, const struct ll_asserted *c)
{
    const struct ll_resource *r = gate->resource;
    const struct ll_item *item = ll_resource_item(r, c->item);
    struct ll_seg_value v;

    if (!item || !ll_gate_granted(gate, c->item))
        return ll_value_state_word(LL_VALUE_NOT_GRANTED);
    v = ll_record_value(r, (size_t)(item - r->items), gate->table);
    if (v.kind == LL_SV_NULL)
        return ll_gate_missing(gate);
    const struct ll_agree what = {item->element, item->codes};
    return ll_agrees(&what, c->value, v) ? "match" : "mismatch";
}

/* "disputed": those of the items that are doubted at this moment, where there are any. */
static int put_disputed(struct ll_gate *gate, const struct ll_asserted *claims, size_t n, struct ll_json *j,
                        struct ll_err *err)
{
    const struct ll_resource *r = gate->resource;
    struct ll_buf key = LL_BUF_INIT(1 << 16);
    struct ll_json k;
    bool marked = false;
    size_t shown = 0;
    int rc = ll_marks_any(gate->g->marks, r->name, &marked, err);

    if (rc < 0 || !marked)
        return rc;
    ll_json_init(&k, &key);
    ll_record_put_key(r, gate->table, false, &k);
    for (size_t i = 0; i < n; i++) {
        const struct ll_item *item = ll_resource_item(r, claims[i].item);
        if (!ll_gate_granted(gate, claims[i].item) ||
            !ll_marks_disputed(gate->g->marks, r->name, ll_buf_view(&key), item->name))
            continue;
        if (shown++ == 0) {
            ll_json_key(j, "disputed");
            ll_json_arr(j);
        }
        ll_json_z(j, item->name);
    }
    if (shown)
        ll_json_end_arr(j);
    ll_buf_free(&key);
    return LL_OK;
}

/* Trying value after value would tell what may not be seen: attempts at a subject are few. */
int ll_gate_attempt(struct ll_gate *gate, struct ll_err *err)
{
    const struct ll_actor *who = gate->call->actor;
    char name[LL_PSEUDONYM_TEXT + 80];
    uint64_t wait;

    snprintf(name, sizeof name, "%.20s%s", gate->subjects[gate->n_subjects - 1],
             who->client ? who->client : who->account);
    wait = ll_throttle_take(gate->g->attempts, ll_str(name), attempt_rate);
    return wait ? ll_gate_refuse(gate, LL_GATE_ATTEMPTS, err) : LL_OK;
}

int ll_gate_compare(struct ll_gate *gate, const struct ll_look *look, const struct ll_asserted *claims,
                    size_t n, struct ll_json *j, struct ll_err *err)
{
    struct gate_who who;
    int found = ll_gate_seek(gate, look, &who, err), rc;

    if (found < 0)
        return found;
    if ((rc = ll_gate_note(gate, look, &who, err)) < 0 || (rc = ll_gate_attempt(gate, err)) < 0)
        return rc;
    ll_json_obj(j);
    ll_json_kz(j, "status", found ? "found" : ll_gate_missing(gate));
    if (found) {
        ll_json_key(j, "items");
        ll_json_obj(j);
        for (size_t i = 0; i < n; i++) {
            ll_json_key(j, ll_resource_item(gate->resource, claims[i].item)->name);
            ll_json_z(j, verdict(gate, &claims[i]));
        }
        ll_json_end_obj(j);
        gate->found++;
        if ((rc = put_disputed(gate, claims, n, j, err)) < 0 || (rc = ll_gate_give(gate, err)) < 0)
            return rc;
    }
    ll_json_end_obj(j);
    ll_table_rewind(gate->table);
    return LL_OK;
}
