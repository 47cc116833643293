/* serving.c - see serving.h. */
#include "share/serving_impl.h"

#include "base/clock.h"
#include "crypto/random.h"
#include "intake/stored.h"
#include "share/shared_sql.h"
#include "share/viewdoubt.h"
#include "share/viewing.h"

#include <stdlib.h>
#include <string.h>

enum { STATEMENT = 512 };

/* --- opening ---------------------------------------------------------------------------------------------------------- */

/* What the service reads of a resource. */
int ll_serving_list_items(struct ll_serving *sv, const char *resource, struct ll_call *c, struct ll_err *err)
{
    const struct ll_service *s = sv->service;
    struct ll_str *items = ll_arena_array(sv->arena, s->n_items + 1, sizeof *items);
    size_t n = 0;

    for (size_t i = 0; items && i < s->n_items; i++) {
        const struct ll_service_item *it = &s->items[i];
        size_t k = 0;
        if (!it->resource || strcmp(it->resource, resource) != 0)
            continue;
        while (k < n && !ll_str_is(items[k], it->item))
            k++;
        if (k == n)
            items[n++] = ll_str(it->item);
    }
    c->items = items;
    c->n_items = n;
    return items ? LL_OK : ll_no_memory(err);
}

int ll_serving_make_room(struct ll_serving *sv, struct ll_err *err)
{
    size_t n = sv->service->n_resources + 1;

    sv->calls = ll_arena_array(sv->arena, n, sizeof *sv->calls);
    sv->gates = ll_arena_array(sv->arena, n, sizeof *sv->gates);
    sv->looked = ll_arena_array(sv->arena, n, sizeof *sv->looked);
    return sv->calls && sv->gates && sv->looked ? LL_OK : ll_no_memory(err);
}

static int open_one(struct ll_serving *sv, const char *resource, bool rows, struct ll_err *err)
{
    const struct ll_serving_call *call = sv->call;
    struct ll_call *c = &sv->calls[sv->n];
    int rc;

    *c = (struct ll_call){.actor = call->actor,
                          .mode = rows ? LL_USE_BATCH : LL_USE_QUERY,
                          .resource = ll_str(resource),
                          .purpose = call->purpose,
                          .officer = call->officer,
                          .addr = call->addr,
                          .keys = rows ? sv->service->row_limit : 1,
                          .until_us = call->until_us};
    if ((rc = ll_serving_list_items(sv, resource, c, err)) < 0)
        return rc;
    rc = ll_gate_open(sv->g, c, sv->arena, &sv->gates[sv->n], err);
    if (sv->gates[sv->n]) {
        if (ll_gate_condition(sv->gates[sv->n]))
            sv->refused = sv->gates[sv->n];
        sv->n++;
    }
    if (rc == LL_OK && rows && sv->gates[sv->n - 1]->grant->consent) {
        sv->refused = sv->gates[sv->n - 1];
        return ll_gate_refuse(sv->refused, LL_GATE_CONSENT, err);
    }
    return rc;
}

static int find_service(struct ll_serving *sv, bool rows, struct ll_err *err)
{
    const struct ll_service *s = ll_catalog_service(sv->cat, sv->call->service);

    if (!s || !s->callable)
        return ll_fail(err, LL_NOTFOUND, "没有服务 %.*s；按单个数据资源查询请用 /query",
                       "there is no service %.*s; a single resource is asked at /query",
                       LL_STR_ARG(sv->call->service));
    if (rows != (s->view != NULL))
        return ll_fail(err, LL_USAGE, "服务 %s 应以 %s 调用", "service %s is called at %s", s->name,
                       rows ? "/join" : "/rows");
    sv->service = s;
    return LL_OK;
}

int ll_serving_open(struct ll_gateway *g, const struct ll_serving_call *call, bool rows,
                    struct ll_arena *arena, struct ll_serving **ret, struct ll_err *err)
{
    struct ll_serving *sv = ll_arena_alloc(arena, sizeof *sv);
    int rc;

    *ret = sv;
    if (!sv)
        return ll_no_memory(err);
    *sv = (struct ll_serving){.g = g, .call = call, .arena = arena};
    if ((rc = ll_catalog_live_get(g->o.catalog, false, &sv->cat, err)) < 0 ||
        (rc = find_service(sv, rows, err)) < 0 || (rc = ll_serving_make_room(sv, err)) < 0)
        return rc;
    for (size_t i = 0; i < sv->service->n_resources && rc == LL_OK; i++)
        rc = open_one(sv, sv->service->resources[i], rows, err);
    return rc;
}

/* One transaction for the consents of all: there is one writer. */
void ll_serving_pass_uses(struct ll_serving *sv, size_t i)
{
    if (i + 1 == sv->n)
        return;
    sv->gates[i + 1]->uses = sv->gates[i]->uses;
    sv->gates[i]->uses = NULL;
}

void ll_serving_close(struct ll_serving *sv)
{
    if (!sv)
        return;
    for (size_t i = 0; i < sv->n; i++) {
        if (!sv->answered) /* every quota gets its keys back */
            ll_gate_charge(sv->gates[i], 0);
        ll_gate_close(sv->gates[i]);
    }
    ll_gate_close(sv->lacking);
    ll_catalog_unref(sv->cat);
}

const char *ll_serving_condition(const struct ll_serving *sv)
{
    return sv->refused ? ll_gate_condition(sv->refused) : NULL;
}

uint64_t ll_serving_wait_ms(const struct ll_serving *sv)
{
    return sv->refused ? ll_gate_wait_ms(sv->refused) : 0;
}

static void put_about(const struct ll_serving *sv, struct ll_json *j)
{
    ll_json_kz(j, "service", sv->service->name);
    ll_json_ki(j, "version", sv->service->version);
}

/* --- joined ----------------------------------------------------------------------------------------------------------- */

int ll_serving_join(struct ll_serving *sv, const struct ll_look *look, struct ll_json *j, struct ll_err *err)
{
    int rc = LL_OK;

    put_about(sv, j);
    ll_json_key(j, "parts");
    ll_json_arr(j);
    for (size_t i = 0; i < sv->n && rc == LL_OK; i++) {
        ll_json_obj(j);
        ll_gate_put(sv->gates[i], j);
        ll_json_key(j, "result");
        rc = ll_gate_look(sv->gates[i], look, false, j, err);
        if (rc == LL_OK)
            ll_json_end_obj(j);
        ll_serving_pass_uses(sv, i);
    }
    if (rc == LL_OK)
        ll_json_end_arr(j);
    sv->answered = rc == LL_OK;
    return rc;
}

/* --- rows of a view --------------------------------------------------------------------------------------------------- */

static struct ll_gate *gate_of(const struct ll_serving *sv, const char *resource)
{
    for (size_t i = 0; i < sv->n; i++)
        if (strcmp(sv->gates[i]->resource->name, resource) == 0)
            return sv->gates[i];
    return NULL;
}

static enum ll_view_sight sight_of(const struct ll_serving *sv, const struct ll_resource *r,
                                   const struct ll_item *item)
{
    const struct ll_gate *gate = gate_of(sv, r->name);
    const struct ll_grant_item *granted = gate ? ll_grant_item_of(gate->grant, ll_str(item->name)) : NULL;

    return granted && (item->grade < LL_GRADE_SEALED || granted->plain) ? LL_SIGHT_PLAIN : LL_SIGHT_MASKED;
}

static enum ll_view_sight sight(void *ctx, const struct ll_resource *r, const struct ll_item *item)
{
    return sight_of(ctx, r, item);
}

struct writing {
    struct ll_serving *sv;
    struct ll_json *j;
    struct ll_view_doubts *doubts;
    size_t rows, limit;
    bool more;
};

/* What is no longer shared is as good as not there for a view, too. */
static int shared_rows(void *ctx, const struct ll_resource *r, struct ll_buf *sql, struct ll_err *err)
{
    const struct ll_serving *sv = ctx;

    return ll_shared_rows_sql(sv->g->marks, r, sv->arena, sql, err);
}

/* Whether the caller gets the output masked. */
static bool hidden(const struct ll_serving *sv, const struct ll_service_item *it)
{
    const struct ll_gate *gate = it->resource ? gate_of(sv, it->resource) : NULL;
    const struct ll_item *item = gate ? ll_resource_item(gate->resource, ll_str(it->item)) : NULL;
    const struct ll_element *e = ll_catalog_element(sv->cat, ll_str(it->element));

    if (item)
        return sight_of(sv, gate->resource, item) == LL_SIGHT_MASKED;
    return !e || e->grade >= LL_GRADE_SEALED;
}

/* The identifier that an output of role subject shows, plainly: the row is about it. */
static int note_subject(struct ll_serving *sv, const struct ll_service_item *it,
                        const struct ll_lake_value *v, struct ll_err *err)
{
    const struct ll_gate *gate = it->resource ? gate_of(sv, it->resource) : NULL;
    const struct ll_item *item = gate ? ll_resource_item(gate->resource, ll_str(it->item)) : NULL;
    struct ll_look none = {.n_key = 0};
    struct gate_who who;
    int rc = LL_OK;

    if (!item || item->role != LL_ROLE_SUBJECT || v->kind != LL_LV_TEXT || hidden(sv, it))
        return LL_OK;
    who = (struct gate_who){item->element->check ? item->element->check : item->element->name, v->s};
    for (size_t i = 0; i < sv->n && rc == LL_OK; i++)
        rc = ll_gate_note(sv->gates[i], &none, &who, err);
    return rc;
}

static int one_row(void *ctx, const struct ll_lake_value *row, size_t n, struct ll_err *err)
{
    struct writing *w = ctx;
    const struct ll_service *s = w->sv->service;
    size_t at = 0;
    int rc;

    if (w->rows == w->limit) {
        w->more = true;
        return LL_OK;
    }
    if ((rc = ll_view_doubts_row(w->doubts, row, n, err)) < 0)
        return rc;
    w->rows++;
    ll_json_obj(w->j);
    for (size_t i = 0; i < s->n_items && at < n && rc == LL_OK; i++) {
        const struct ll_service_item *it = &s->items[i];
        if (it->use != LL_SERVICE_OUTPUT)
            continue;
        ll_json_key(w->j, it->name);
        ll_view_put_value(w->sv->cat, it, &row[at], hidden(w->sv, it), ll_view_doubts_of(w->doubts, at),
                          w->j);
        rc = note_subject(w->sv, it, &row[at++], err);
    }
    ll_json_end_obj(w->j);
    return rc;
}

static bool hidden_output(void *ctx, const struct ll_service_item *it)
{
    return hidden(ctx, it);
}

static int find_doubts(struct ll_serving *sv, struct ll_view_doubts **ret, struct ll_err *err)
{
    const struct ll_service *s = sv->service;
    const struct ll_service_item **columns = ll_arena_array(sv->arena, s->n_items + 1, sizeof *columns);
    struct ll_view_doubts_ask ask = {.marks = sv->g->marks,
                                     .cat = sv->cat,
                                     .service = s,
                                     .columns = columns,
                                     .hidden = hidden_output,
                                     .ctx = sv};

    if (!columns)
        return ll_no_memory(err);
    for (size_t i = 0; i < s->n_items; i++)
        if (s->items[i].use == LL_SERVICE_OUTPUT)
            columns[ask.n++] = &s->items[i];
    return ll_view_doubts(&ask, sv->arena, ret, err);
}

static void put_columns(const struct ll_serving *sv, struct ll_json *j)
{
    const struct ll_service *s = sv->service;

    ll_json_key(j, "columns");
    ll_json_arr(j);
    for (size_t i = 0; i < s->n_items; i++) {
        const struct ll_element *e = ll_catalog_element(sv->cat, ll_str(s->items[i].element));
        if (s->items[i].use != LL_SERVICE_OUTPUT || !e)
            continue;
        ll_json_obj(j);
        ll_json_kz(j, "name", s->items[i].name);
        ll_json_kz(j, "title", s->items[i].title);
        ll_json_kz(j, "title_en", s->items[i].title_en);
        ll_json_kz(j, "type", ll_type_name(e->type));
        ll_json_kb(j, "masked", hidden(sv, &s->items[i]));
        ll_json_end_obj(j);
    }
    ll_json_end_arr(j);
}

static void put_sources(const struct ll_serving *sv, struct ll_json *j)
{
    ll_json_key(j, "sources");
    ll_json_arr(j);
    for (size_t i = 0; i < sv->n; i++) {
        ll_json_obj(j);
        ll_gate_put(sv->gates[i], j);
        ll_json_end_obj(j);
    }
    ll_json_end_arr(j);
}

/* Rows count as keys: what a view gives away is paid for like look-ups one by one. */
static void charge(struct ll_serving *sv, size_t rows)
{
    for (size_t i = 0; i < sv->n; i++) {
        sv->gates[i]->found = rows;
        ll_gate_charge(sv->gates[i], rows ? rows : 1);
    }
}

int ll_serving_rows(struct ll_serving *sv, const struct ll_serving_rows *r, struct ll_json *j,
                    struct ll_err *err)
{
    struct ll_view_run run = {.asked = {.service = sv->service,
                                        .names = ll_view_names_of(sv->cat),
                                        .sight = sight,
                                        .sight_ctx = sv,
                                        .rows = shared_rows,
                                        .data = sv->g->o.data},
                              .before = "SELECT * FROM (",
                              .until_us = ll_mono_us() + sv->service->time_ms * UINT64_C(1000)};
    struct writing w = {.sv = sv, .j = j};
    const struct ll_view *view = NULL;
    struct ll_lake_param *params = NULL;
    int rc = ll_view_of(sv->cat, sv->service, &view, err);

    w.limit = r->limit && r->limit < sv->service->row_limit ? r->limit : sv->service->row_limit;
    run.after = ll_arena_printf(sv->arena, ") LIMIT %zu OFFSET %zu", w.limit + 1, r->offset);
    if (rc == LL_OK)
        rc = ll_view_params(sv->service, &run.asked.names, r->parameters, 0, sv->arena, &params,
                            &run.n_params, err);
    if (rc < 0 || (rc = find_doubts(sv, &w.doubts, err)) < 0)
        return rc;
    if (!run.after)
        return ll_no_memory(err);
    run.asked.sql = view->sql;
    run.params = params;
    put_about(sv, j);
    put_sources(sv, j);
    put_columns(sv, j);
    ll_json_key(j, "rows");
    ll_json_arr(j);
    if ((rc = ll_view_run(&run, one_row, &w, err)) < 0)
        return rc;
    ll_json_end_arr(j);
    ll_json_kb(j, "more", w.more);
    charge(sv, w.rows);
    sv->answered = true;
    return LL_OK;
}

/* --- the journal ------------------------------------------------------------------------------------------------------ */

static int write_entry(struct ll_serving *sv, struct ll_gate *gate, struct ll_err *err)
{
    struct ll_buf payload = LL_BUF_INIT(LL_ENTRY_MAX + 1);
    struct ll_receipt receipt;
    enum ll_entry_type type;
    int rc = ll_gate_entry(gate, &type, &payload, err);

    if (rc == LL_OK)
        rc = ll_journal_append(ll_journaling_journal(sv->g->o.journaling), type, ll_buf_view(&payload),
                               &receipt, err);
    ll_buf_free(&payload);
    return rc;
}

int ll_serving_entry(struct ll_serving *sv, enum ll_entry_type *ret_type, struct ll_buf *payload,
                     struct ll_err *err)
{
    int rc = LL_OK;

    if (sv->refused)
        return ll_gate_entry(sv->refused, ret_type, payload, err);
    for (size_t i = 0; i + 1 < sv->n && rc == LL_OK; i++)
        rc = write_entry(sv, sv->gates[i], err);
    return rc < 0 ? rc : ll_gate_entry(sv->gates[sv->n - 1], ret_type, payload, err);
}

int ll_serving_entries(struct ll_serving *sv, struct ll_arena *arena, struct ll_str *list, size_t most,
                       size_t *n, struct ll_err *err)
{
    struct ll_buf payload = LL_BUF_INIT(LL_ENTRY_MAX + 1);
    enum ll_entry_type type;
    int rc = LL_OK;

    LL_ASSERT(!sv->refused && *n + sv->n <= most);
    for (size_t i = 0; i < sv->n && rc == LL_OK; i++) {
        ll_buf_clear(&payload);
        if ((rc = ll_gate_entry(sv->gates[i], &type, &payload, err)) < 0)
            break;
        list[*n] = (struct ll_str){ll_arena_dup(arena, ll_buf_view(&payload)), payload.n};
        rc = list[*n].p ? LL_OK : ll_no_memory(err);
        ++*n;
    }
    ll_buf_free(&payload);
    return rc;
}

int ll_serving_settle(struct ll_serving *sv, struct ll_err *err)
{
    int rc = LL_OK;

    for (size_t i = 0; i < sv->n && rc == LL_OK; i++)
        rc = write_entry(sv, sv->gates[i], err);
    return rc;
}

/* --- several calls at once -------------------------------------------------------------------------------------------- */

static int add_gate(struct ll_gate *gate, struct ll_serving_due *due, struct ll_err *err)
{
    struct ll_buf *payload = &due->payloads[due->n];
    int rc;

    *payload = LL_BUF_INIT(LL_ENTRY_MAX + 1);
    if ((rc = ll_gate_entry(gate, &due->types[due->n], payload, err)) < 0)
        ll_buf_free(payload);
    else
        due->n++;
    return rc;
}

int ll_serving_add_due(struct ll_serving *sv, struct ll_serving_due *due, struct ll_err *err)
{
    int rc = LL_OK;

    if (!due->payloads) {
        due->payloads = calloc(LL_SERVING_DUE, sizeof *due->payloads);
        due->types = calloc(LL_SERVING_DUE, sizeof *due->types);
    }
    if (!due->payloads || !due->types)
        return ll_no_memory(err);
    if (due->n + sv->n > LL_SERVING_DUE && (rc = ll_serving_write_due(sv->g, due, err)) < 0)
        return rc;
    if (sv->refused)
        return add_gate(sv->refused, due, err);
    for (size_t i = 0; i < sv->n && rc == LL_OK; i++)
        rc = add_gate(sv->gates[i], due, err);
    return rc;
}

static int write_type(struct ll_gateway *g, const struct ll_serving_due *due, enum ll_entry_type type,
                      struct ll_err *err)
{
    struct ll_str *views = calloc(due->n + 1, sizeof *views);
    struct ll_receipt *receipts = calloc(due->n + 1, sizeof *receipts);
    size_t n = 0;
    int rc = views && receipts ? LL_OK : ll_no_memory(err);

    for (size_t i = 0; rc == LL_OK && i < due->n; i++)
        if (due->types[i] == type)
            views[n++] = ll_buf_view(&due->payloads[i]);
    if (rc == LL_OK && n)
        rc = ll_journal_append_all(ll_journaling_journal(g->o.journaling), type, views, n, receipts, err);
    free(views);
    free(receipts);
    return rc;
}

int ll_serving_write_due(struct ll_gateway *g, struct ll_serving_due *due, struct ll_err *err)
{
    int rc = write_type(g, due, LL_ENTRY_CALL, err);

    if (rc == LL_OK)
        rc = write_type(g, due, LL_ENTRY_REFUSAL, err);
    for (size_t i = 0; i < due->n; i++)
        ll_buf_free(&due->payloads[i]);
    due->n = 0;
    return rc;
}

void ll_serving_free_due(struct ll_serving_due *due)
{
    for (size_t i = 0; i < due->n; i++)
        ll_buf_free(&due->payloads[i]);
    free(due->payloads);
    free(due->types);
    *due = (struct ll_serving_due){.n = 0};
}
