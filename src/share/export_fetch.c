/* export_fetch.c - opens the file of an export for who fetches it: everything is asked again, as for a call (export.h, promise 2). */
#include "share/export_impl.h"

#include "base/clock.h"
#include "intake/sealed.h"
#include "journal/canon.h"

int ll_export_call(const struct ll_export *e, const struct ll_actor *actor, struct ll_arena *arena,
                   struct ll_call *ret, struct ll_err *err)
{
    struct ll_str rest = ll_str(e->items), head;
    struct ll_str *items = ll_arena_array(arena, LL_GRANT_ITEMS_MAX, sizeof *items);
    size_t n = 0;

    if (!items)
        return ll_no_memory(err);
    while (rest.n && n < LL_GRANT_ITEMS_MAX) {
        ll_str_cut(rest, ' ', &head, &rest);
        if (!(items[n].p = ll_arena_dup(arena, head)))
            return ll_no_memory(err);
        items[n++].n = head.n;
    }
    *ret = (struct ll_call){.actor = actor,
                            .mode = LL_USE_EXPORT,
                            .resource = ll_str(e->resource),
                            .grant = ll_str(e->grant),
                            .officer = ll_str(e->officer),
                            .service = e->service,
                            .service_version = e->service_version,
                            .items = items,
                            .n_items = n};
    return LL_OK;
}

/* A consent that ended since the file was made may have been one of those it rests on: it is then to be made anew. */
static int check_consents(struct ll_gate *gate, const struct ll_export *e, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    struct ll_txn *tx = NULL;
    int rc = ll_txn_begin(gate->g->o.store, false, &tx, err);

    if (rc == LL_OK &&
        (rc = ll_sql(tx,
                     "SELECT 1 FROM consent WHERE organisation = $1 AND purpose = $2 AND (withdrawn_at >= $3"
                     " OR (until_at > $3 AND until_at <= $4)) LIMIT 1",
                     &s, err)) == LL_OK) {
        ll_bind_z(s, 1, e->organisation);
        ll_bind_z(s, 2, gate->grant->purpose);
        ll_bind_int(s, 3, e->settled_at);
        ll_bind_int(s, 4, ll_now_ms());
        rc = ll_step(s, err);
    }
    ll_stmt_done(s);
    ll_txn_end(tx);
    return rc > 0 ? ll_gate_refuse(gate, LL_GATE_CONSENT, err) : rc;
}

/* What stopped being shared since then may be in the file. */
static int check_withheld(struct ll_gate *gate, const struct ll_export *e, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    struct ll_txn *tx = NULL;
    int rc = ll_txn_begin(gate->g->o.store, false, &tx, err);

    if (rc == LL_OK &&
        (rc = ll_sql(tx,
                     "SELECT 1 FROM withheld WHERE resource = $1 AND act = 'withheld' AND at >= $2 LIMIT 1",
                     &s, err)) == LL_OK) {
        ll_bind_z(s, 1, e->resource);
        ll_bind_int(s, 2, e->created_at);
        rc = ll_step(s, err);
    }
    ll_stmt_done(s);
    ll_txn_end(tx);
    return rc > 0 ? ll_gate_refuse(gate, LL_GATE_WITHHELD, err) : rc;
}

static int open_sealed(struct ll_data *d, const struct ll_export *e, struct ll_bytes *ret, struct ll_err *err)
{
    char path[LL_PATH];
    int rc = ll_export_path(d, e->id, "sealed", path, err);

    if (rc < 0)
        return rc;
    if ((rc = ll_sealed_open(d, LL_EXPORT_SEALED_AS, path, ret, err)) == LL_OK && ret->size != e->bytes)
        rc = ll_fail(err, LL_INVALID, "导出的文件不是当初生成的那一份",
                     "the file is not the one that the export made");
    if (rc < 0)
        ll_bytes_close(ret);
    return rc;
}

int ll_export_open(struct ll_gateway *g, const struct ll_export *e, const struct ll_call *call,
                   struct ll_arena *arena, struct ll_bytes *ret, struct ll_gate **ret_gate,
                   struct ll_err *err)
{
    int rc;

    *ret = LL_BYTES_INIT;
    if (e->state != LL_EXPORT_READY || e->expires_at <= ll_now_ms())
        return ll_fail(err, LL_CONFLICT, "导出 %s 没有可下载的文件：%s", "export %s has no file to fetch: %s",
                       e->id, ll_export_state_word(e->state));
    if ((rc = ll_gate_open(g, call, arena, ret_gate, err)) < 0)
        return rc;
    if ((*ret_gate)->grant->consent && (rc = check_consents(*ret_gate, e, err)) < 0)
        return rc;
    if ((rc = check_withheld(*ret_gate, e, err)) < 0)
        return rc;
    return open_sealed(g->o.data, e, ret, err);
}

int ll_export_fetch_entry(const struct ll_export *e, const struct ll_call *call, int64_t from, int64_t n,
                          struct ll_buf *payload, struct ll_err *err)
{
    struct ll_buf plain = LL_BUF_INIT(LL_ENTRY_MAX);
    struct ll_json j;

    ll_json_init(&j, &plain);
    ll_json_obj(&j);
    ll_json_kz(&j, "act", "fetch");
    ll_json_ki(&j, "bytes", n);
    ll_json_kz(&j, "client", call->actor->client ? call->actor->client : call->actor->account);
    ll_json_kz(&j, "export", e->id);
    ll_json_kz(&j, "file", e->sha256);
    ll_json_ki(&j, "from", from);
    ll_json_kz(&j, "grant", e->grant);
    ll_json_kz(&j, "mode", "export");
    ll_json_kz(&j, "organisation", call->actor->organisation);
    ll_json_kz(&j, "resource", e->resource);
    ll_export_put_service(e, &j);
    ll_gate_put_signature(call->actor, &j);
    ll_json_end_obj(&j);
    int rc = plain.failed ? ll_no_memory(err) : ll_canon_put(ll_buf_view(&plain), payload, err);
    ll_buf_free(&plain);
    return rc;
}
