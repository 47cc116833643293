/* gateway_compare.c - "usable, not visible": whether values that the caller has agree with a record's (gateway.h).
 *
 * A claim is brought to the form of its item before it is compared, in the ways in which deliveries are, so that 2023年5月1日 agrees with
 * 2023-05-01 and a full-width letter with its half. */
#include "share/gateway_impl.h"

#include "share/throttle.h"
#include "standard/convert.h"

#include <stdio.h>
#include <string.h>

enum { CLAIM_MAX = 4096, NUMBER_TEXT = 48 };

/* How often a client may try one subject: ten at once, then ten an hour. */
static const struct ll_rate attempt_rate = {.per_1000_s = 3, .burst = 10};

/* --- one value ------------------------------------------------------------------------------------------------------- */

typedef enum ll_cv convert_fn(struct ll_str raw, struct ll_buf *scratch, struct ll_str *out);

static bool text_agrees(struct ll_str claim, struct ll_str value)
{
    static convert_fn *const ways[] = {ll_cv_text, ll_cv_narrow, ll_cv_company, ll_cv_phone, ll_cv_address};
    struct ll_buf scratch = LL_BUF_INIT(CLAIM_MAX * 2);
    struct ll_str out;
    bool agrees = ll_str_eq(claim, value);

    for (size_t i = 0; !agrees && i < LL_COUNT(ways); i++)
        agrees = ways[i](claim, &scratch, &out) == LL_CV_OK && ll_str_eq(out, value);
    ll_buf_free(&scratch);
    return agrees;
}

static bool identifier_agrees(const struct ll_item *item, struct ll_str claim, struct ll_str value)
{
    enum ll_scheme scheme;
    char canon[LL_ID_MAX];
    size_t n = 0;

    if (!item->element->check || !ll_scheme_parse(ll_str(item->element->check), &scheme))
        return text_agrees(claim, value);
    return ll_id_check(scheme, claim, canon, &n) == LL_IDF_OK && n == value.n &&
           memcmp(canon, value.p, n) == 0;
}

static bool code_agrees(const struct ll_item *item, struct ll_str claim, struct ll_str value)
{
    const struct ll_code *code = item->codes ? ll_codeset_by_code(item->codes, value) : NULL;

    return text_agrees(claim, value) || (code && text_agrees(claim, code->title));
}

static bool decimal_agrees(const struct ll_item *item, struct ll_str claim, struct ll_str value)
{
    ll_i128 a, b;

    return ll_cv_decimal(claim, item->element->scale, &a) == LL_CV_OK &&
           ll_cv_decimal(value, item->element->scale, &b) == LL_CV_OK && a == b;
}

static bool date_agrees(struct ll_str claim, struct ll_str value)
{
    int32_t days;
    char text[16];

    return ll_cv_date(claim, &days) == LL_CV_OK &&
           ll_str_eq((struct ll_str){text, ll_date_text(days, text)}, value);
}

static bool datetime_agrees(struct ll_str claim, struct ll_str value)
{
    int64_t a, b;

    return ll_cv_datetime(claim, &a) == LL_CV_OK && ll_cv_datetime(value, &b) == LL_CV_OK && a == b;
}

static bool number_agrees(const struct ll_item *item, struct ll_str claim, int64_t value)
{
    int64_t n;
    bool yes;

    if (item->element->type == LL_TYPE_BOOLEAN)
        return ll_cv_boolean(claim, &yes) == LL_CV_OK && yes == (value != 0);
    return ll_cv_integer(claim, &n) == LL_CV_OK && n == value;
}

static bool agrees(const struct ll_item *item, struct ll_str claim, struct ll_seg_value v)
{
    if (v.kind == LL_SV_INT)
        return number_agrees(item, claim, v.i);
    switch (item->element->type) {
    case LL_TYPE_IDENTIFIER:
        return identifier_agrees(item, claim, v.s);
    case LL_TYPE_CODE:
        return code_agrees(item, claim, v.s);
    case LL_TYPE_DECIMAL:
        return decimal_agrees(item, claim, v.s);
    case LL_TYPE_DATE:
        return date_agrees(claim, v.s);
    case LL_TYPE_DATETIME:
        return datetime_agrees(claim, v.s);
    default:
        return text_agrees(claim, v.s);
    }
}

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
    return agrees(item, c->value, v) ? "match" : "mismatch";
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
static int check_attempts(struct ll_gate *gate, struct ll_err *err)
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
    if ((rc = ll_gate_note(gate, look, &who, err)) < 0 || (rc = check_attempts(gate, err)) < 0)
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
