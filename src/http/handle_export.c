/* handle_export.c - exports over HTTP: asked for, shown, cancelled, and fetched whole or in parts. */
#include "http/body.h"
#include "http/download.h"
#include "http/exporter.h"
#include "http/sharing.h"
#include "routes.gen.h"
#include "share/export.h"

#include <string.h>

/* --- asking -------------------------------------------------------------------------------------------------------------- */

static int find(struct ll_app *app, struct ll_request *rq, const char *id, struct ll_export *ret,
                struct ll_err *err)
{
    struct ll_sharing s;
    int rc = ll_sharing_open(app, false, &s, err);

    if (rc < 0)
        return rc;
    rc = ll_export_get(s.tx, id, rq->arena, ret, err);
    ll_sharing_close(&s);
    if (rc == LL_OK && rq->only && strcmp(rq->only, ret->organisation) != 0)
        return ll_fail(err, LL_NOTFOUND, "没有编号为 %s 的导出", "there is no export %s", id);
    return rc;
}

static int show(struct ll_app *app, struct ll_request *rq, const char *id, struct ll_err *err)
{
    struct ll_export e;
    int rc = find(app, rq, id, &e, err);

    if (rc == LL_OK)
        ll_export_json(&rq->json, &e);
    return rc;
}

/* A refusal is a call that failed: its entry is due before the answer. */
static int refused(struct ll_gate *gate, struct ll_request *rq, int rc, struct ll_err *err)
{
    struct ll_err entry_err;

    if (!gate || !ll_gate_condition(gate))
        return rc;
    rq->condition = ll_gate_condition(gate);
    rq->wait_ms = ll_gate_wait_ms(gate);
    rq->due.payload = LL_BUF_INIT(LL_ENTRY_MAX + 1);
    int entry_rc = ll_gate_entry(gate, &rq->due.type, &rq->due.payload, &entry_err);
    rq->due.set = entry_rc == LL_OK;
    if (entry_rc < 0)
        *err = entry_err;
    return entry_rc < 0 ? entry_rc : rc;
}

static int ask(struct ll_app *app, struct ll_request *rq, const struct ll_call *call,
               enum ll_export_format format, struct ll_err *err)
{
    struct ll_gate *gate = NULL;
    char id[LL_EXPORT_ID];
    int rc = ll_export_ask(app->gateway, call, rq->remote, format, rq->arena, id, &gate, err);

    if (rc < 0)
        rc = refused(gate, rq, rc, err);
    ll_gate_close(gate);
    if (rc < 0)
        return rc;
    ll_exporter_wake(app->exporter);
    rq->status = 202;
    rq->location = ll_arena_printf(rq->arena, "/v1/exports/%s", id);
    return rq->location ? show(app, rq, id, err) : ll_no_memory(err);
}

static struct ll_str *texts_of(struct ll_request *rq, const char *const *list, size_t n)
{
    struct ll_str *out = ll_arena_array(rq->arena, n + 1, sizeof *out);

    for (size_t i = 0; out && i < n; i++)
        out[i] = ll_str(list[i]);
    return out;
}

int ll_h_export_ask(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_call call = {.actor = &rq->actor, .mode = LL_USE_EXPORT, .resource = ll_arg(rq, 0)->s};
    enum ll_export_format format = LL_EXPORT_CSV;
    const char *const *items = NULL;
    unsigned char addr[16];
    struct ll_body b;
    int rc;

    ll_body_open(&b, rq, err);
    const char *word = ll_body_text(&b, "format", 1, 16, true);
    call.grant = ll_str(ll_body_text(&b, "grant", 1, LL_FLOW_ID_TEXT, false));
    call.purpose = ll_str(ll_body_text(&b, "purpose", 1, LL_GRANT_PURPOSE_MAX, false));
    call.officer = ll_str(ll_body_text(&b, "officer", 1, LL_OFFICER_MAX, false));
    call.n_items = ll_body_texts(&b, "items", LL_GRANT_ITEMS_MAX, 100, &items);
    call.items = texts_of(rq, items, call.n_items);
    if (b.rc >= 0 && !ll_export_format_find(ll_str(word), &format))
        b.rc = ll_fail(err, LL_USAGE, "format 应为 csv、jsonl、parquet 或 xlsx",
                       "format must be csv, jsonl, parquet or xlsx");
    if ((rc = ll_body_end(&b)) < 0)
        return rc;
    if (!call.items)
        return ll_no_memory(err);
    if (ll_address_parse(ll_str(rq->remote), addr))
        call.addr = addr;
    return ask(app, rq, &call, format, err);
}

/* --- seeing and cancelling -------------------------------------------------------------------------------------------------- */

int ll_h_exports_list(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const struct ll_arg *state = ll_arg(rq, LL_P_EXPORTS_LIST_STATE);
    const struct ll_export_query q = {.organisation = rq->only,
                                      .state = state->given ? state->s.p : NULL,
                                      .sort = ll_arg(rq, LL_P_EXPORTS_LIST_SORT)->s.p,
                                      .offset = (size_t)ll_arg(rq, LL_P_EXPORTS_LIST_OFFSET)->i,
                                      .limit = (size_t)ll_arg(rq, LL_P_EXPORTS_LIST_LIMIT)->i};
    struct ll_sharing s;
    struct ll_export *list;
    int64_t total;
    size_t n;
    int rc = ll_sharing_open(app, false, &s, err);

    if (rc < 0)
        return rc;
    if ((rc = ll_export_list(s.tx, &q, rq->arena, &list, &n, &total, err)) == LL_OK) {
        ll_sharing_page(rq, total, (int64_t)q.offset, (int64_t)q.limit);
        for (size_t i = 0; i < n; i++)
            ll_export_json(&rq->json, &list[i]);
        ll_sharing_page_end(rq);
    }
    ll_sharing_close(&s);
    return rc;
}

int ll_h_export_show(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    return show(app, rq, ll_arg(rq, LL_P_EXPORT_SHOW_ID)->s.p, err);
}

int ll_h_export_cancel(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const char *id = ll_arg(rq, LL_P_EXPORT_CANCEL_ID)->s.p;
    struct ll_export e;
    int rc = find(app, rq, id, &e, err);

    if (rc < 0 || (rc = ll_export_cancel(app->data, id, err)) < 0)
        return rc;
    return show(app, rq, id, err);
}

/* --- fetching -------------------------------------------------------------------------------------------------------------------- */

/* Takes the bytes. */
static int send(struct ll_request *rq, const struct ll_export *e, const struct ll_call *call,
                const struct ll_download *f, struct ll_bytes *bytes, const struct ll_range *part,
                struct ll_err *err)
{
    int rc = ll_download_send(rq, f, bytes, part, err);

    if (rc < 0)
        return rc;
    rq->due.type = LL_ENTRY_EXPORT;
    rq->due.payload = LL_BUF_INIT(LL_ENTRY_MAX + 1);
    rc = ll_export_fetch_entry(e, call, part->from, part->n, &rq->due.payload, err);
    rq->due.set = rc == LL_OK;
    return rc;
}

static int fetch(struct ll_app *app, struct ll_request *rq, const struct ll_export *e, struct ll_err *err)
{
    struct ll_bytes bytes = LL_BYTES_INIT;
    struct ll_range part;
    bool wanted = false;
    struct ll_gate *gate = NULL;
    unsigned char addr[16];
    struct ll_call call;
    int rc = ll_export_call(e, &rq->actor, rq->arena, &call, err);

    if (rc < 0)
        return rc;
    if (ll_address_parse(ll_str(rq->remote), addr))
        call.addr = addr;
    rc = ll_export_open(app->gateway, e, &call, rq->arena, &bytes, &gate, err);
    if (rc < 0)
        rc = refused(gate, rq, rc, err);
    ll_gate_close(gate);
    if (rc < 0)
        return rc;
    const struct ll_download f = {
        e->sha256,
        ll_arena_printf(rq->arena, "%s-%s.%s", e->resource, e->id, ll_export_format_extension(e->format)),
        ll_export_format_type(e->format), e->bytes};
    rc = f.name ? ll_download_part(rq, &f, &part, &wanted, err) : ll_no_memory(err);
    if (rc == LL_OK && wanted)
        return send(rq, e, &call, &f, &bytes, &part, err);
    ll_bytes_close(&bytes); /* nothing of the file leaves, so nothing is journalled */
    return rc;
}

int ll_h_export_file(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_export e;
    int rc = find(app, rq, ll_arg(rq, LL_P_EXPORT_FILE_ID)->s.p, &e, err);

    return rc < 0 ? rc : fetch(app, rq, &e, err);
}
