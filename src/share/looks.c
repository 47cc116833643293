/* looks.c - see looks.h. */
#include "share/looks.h"

#include "base/clock.h"
#include "crypto/base64.h"
#include "share/delay.h"
#include "share/gateway_impl.h"

#include <inttypes.h>
#include <jansson.h>

/* Members of a payload that are shown as they are; what people typed among them. */
static const char *const shown[] = {"client",  "officer", "account",   "batch",
                                    "purpose", "mode",    "condition", "grant"};

static void put_text(struct ll_json *j, const json_t *payload, const char *name)
{
    const json_t *v = json_object_get(payload, name);

    if (json_is_string(v))
        ll_json_ks(j, name, (struct ll_str){json_string_value(v), json_string_length(v)});
}

static void put_items(struct ll_json *j, const json_t *payload)
{
    const json_t *list = json_object_get(payload, "items");

    ll_json_key(j, "items");
    ll_json_arr(j);
    for (size_t i = 0; i < json_array_size(list); i++)
        ll_json_z(j, json_string_value(json_array_get(list, i)));
    ll_json_end_arr(j);
}

static void put_who(struct ll_json *j, const struct ll_catalog *cat, const json_t *payload)
{
    const char *code = json_string_value(json_object_get(payload, "organisation"));
    const char *name = json_string_value(json_object_get(payload, "resource"));
    const struct ll_organisation *o = code ? ll_catalog_organisation(cat, ll_str(code)) : NULL;
    const struct ll_resource *r = name ? ll_catalog_resource(cat, ll_str(name)) : NULL;

    ll_json_kz(j, "organisation", code);
    ll_json_kz(j, "organisation_name", o ? o->name : code);
    ll_json_kz(j, "resource", name);
    ll_json_kz(j, "resource_title", r ? r->title : name);
}

/* What keeps looks back, or did. */
struct delays {
    struct ll_arena *arena;
    struct ll_delay *list;
    size_t n, withheld;
    bool all;
};

static void put_delayed(struct ll_json *j, const struct ll_delay *d)
{
    char when[LL_TIME_TEXT];

    if (!d)
        return;
    ll_json_key(j, "delayed");
    ll_json_obj(j);
    ll_json_kz(j, "id", d->id);
    ll_json_kz(j, "matter", d->matter);
    ll_json_kz(j, "legal_basis", d->legal_basis);
    ll_json_kz(j, "reason", d->reason);
    ll_json_kz(j, "until", ll_time_text(d->until_at, when));
    ll_json_end_obj(j);
}

static int put_look(struct ll_json *j, const struct ll_catalog *cat, struct delays *delays, int64_t index,
                    struct ll_str text, struct ll_str sealed, struct ll_err *err)
{
    struct ll_entry e;
    struct ll_str body;
    char when[LL_TIME_TEXT];
    struct ll_buf b64 = LL_BUF_INIT(LL_SEALED_MAX * 2);
    int rc = ll_entry_parse(text, &e, err);

    if (rc < 0 || (rc = ll_entry_unseal(&e, sealed, &body, err)) < 0)
        return rc;
    json_t *payload = json_loadb(body.p, body.n, 0, NULL);
    if (!payload)
        return ll_fail(err, LL_INVALID, "第 %" PRId64 " 条的内容不是 JSON",
                       "the payload of entry %" PRId64 " is no JSON", index);
    const struct ll_delay *delay = ll_delay_of(
        delays->list, delays->n, ll_str(json_string_value(json_object_get(payload, "organisation"))),
        e.time_ms);
    if (delay && !delays->all && ll_delay_holds(delay, ll_now_ms())) {
        delays->withheld++;
        json_decref(payload);
        return LL_OK;
    }
    ll_base64_put(&b64, LL_BASE64_STD, sealed.p, sealed.n);
    ll_json_obj(j);
    ll_json_ki(j, "entry", index);
    ll_json_kz(j, "at", ll_time_text(e.time_ms, when));
    ll_json_kz(j, "kind", ll_entry_type_name(e.type));
    put_who(j, cat, payload);
    for (size_t i = 0; i < LL_COUNT(shown); i++)
        put_text(j, payload, shown[i]);
    put_items(j, payload);
    ll_json_ks(j, "sealed", ll_buf_view(&b64));
    put_delayed(j, delay);
    ll_json_end_obj(j);
    ll_buf_free(&b64);
    json_decref(payload);
    return LL_OK;
}

static int put_entries(struct ll_gateway *g, const struct ll_catalog *cat, struct delays *delays,
                       const int64_t *list, size_t n, struct ll_json *j, struct ll_err *err)
{
    struct ll_buf entry = LL_BUF_INIT(LL_ENTRY_MAX + 1), sealed = LL_BUF_INIT(LL_SEALED_MAX + 1);
    int rc = LL_OK;

    for (size_t i = 0; rc == LL_OK && i < n; i++) {
        ll_buf_clear(&entry);
        ll_buf_clear(&sealed);
        rc = ll_journal_entry(ll_journaling_journal(g->o.journaling), (uint64_t)list[i], &entry, &sealed,
                              err);
        if (rc == LL_OK)
            rc = put_look(j, cat, delays, list[i], ll_buf_view(&entry), ll_buf_view(&sealed), err);
    }
    ll_buf_free(&entry);
    ll_buf_free(&sealed);
    return rc;
}

static int find(struct ll_gateway *g, const struct ll_looks_query *q, struct delays *delays, int64_t *list,
                size_t *n, int64_t *total, int64_t *read, struct ll_err *err)
{
    char subject[LL_PSEUDONYM_TEXT];
    struct ll_txn *tx = NULL;
    int rc = ll_gateway_pseudonym(g, q->scheme, q->value, subject, err);

    if (rc < 0 || (rc = ll_ledger_catch_up(g->ledger, err)) < 0 ||
        (rc = ll_txn_begin(g->o.store, false, &tx, err)) < 0)
        return rc;
    if ((rc = ll_looks_of(tx, subject, q->before, list, q->limit, n, total, err)) == LL_OK &&
        (rc = ll_delay_list(tx, subject, delays->arena, &delays->list, &delays->n, err)) == LL_OK)
        rc = ll_ledger_read(tx, read, err);
    ll_txn_end(tx);
    return rc;
}

int ll_looks_put(struct ll_gateway *g, const struct ll_looks_query *q, struct ll_json *j, struct ll_err *err)
{
    int64_t list[LL_LOOKS_MAX], total = 0, read = 0;
    struct delays delays = {.arena = ll_arena_new(0), .all = q->all};
    struct ll_catalog *cat = NULL;
    size_t n = 0;
    int rc = delays.arena ? LL_OK : ll_no_memory(err);

    LL_ASSERT(q->limit <= LL_LOOKS_MAX);
    if (rc < 0 || (rc = find(g, q, &delays, list, &n, &total, &read, err)) < 0 ||
        (rc = ll_catalog_live_get(g->o.catalog, false, &cat, err)) < 0) {
        ll_arena_free(delays.arena);
        return rc;
    }
    ll_json_obj(j);
    ll_json_key(j, "items");
    ll_json_arr(j);
    rc = put_entries(g, cat, &delays, list, n, j, err);
    ll_json_end_arr(j);
    ll_json_ki(j, "total", total);
    ll_json_ki(j, "entries", read);
    if (delays.withheld)
        ll_json_ki(j, "withheld", (int64_t)delays.withheld);
    ll_json_end_obj(j);
    ll_catalog_unref(cat);
    ll_arena_free(delays.arena);
    return rc;
}
