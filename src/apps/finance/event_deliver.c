/* event_deliver.c - see event_deliver.h. */
#include "apps/finance/event_deliver.h"

#include "apps/finance/product.h"
#include "base/clock.h"
#include "share/consent.h"
#include "share/workdays.h"
#include "standard/ident.h"
#include "store/vault.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { DELIVERY_MAX = 64 << 20, KEY_TEXT = 2 * LL_BLIND + 1, REGION_AT = 2, REGION_CHARS = 6 };
static const int64_t day_ms = 86400000;

/* Up to where each source was delivered. */
struct mark {
    int64_t event, flow, product;
};

struct delivering {
    struct ll_data *data;
    struct ll_keyring *keys;
    struct ll_catalog *cat;
    struct ll_arena *arena;
    struct ll_cell *cell;
    struct ll_txn *tx;
    struct mark mark;
    struct ll_buf bytes;
    struct ll_json j;
    int64_t n;
};

/* ---- one line ---- */

static int put_firm(struct delivering *w, struct ll_str subject, struct ll_err *err)
{
    unsigned char blind[LL_BLIND];
    char text[KEY_TEXT];
    int rc;

    if (!subject.n) {
        ll_json_kz(&w->j, "firm_key", NULL);
        return LL_OK;
    }
    if ((rc = ll_cell_blind(w->cell, &subject, 1, blind, err)) < 0)
        return rc;
    for (size_t i = 0; i < LL_BLIND; i++)
        snprintf(text + 2 * i, 3, "%02x", blind[i]);
    ll_json_kz(&w->j, "firm_key", text);
    return LL_OK;
}

static void put_when(struct delivering *w, char letter, int64_t seq, int64_t at, const char *kind)
{
    char no[24], day[LL_TIME_TEXT];

    snprintf(no, sizeof no, "%c%" PRId64, letter, seq);
    ll_time_text((int64_t)ll_workday_of(at) * day_ms, day);
    ll_json_kz(&w->j, "event_no", no);
    ll_json_ki(&w->j, "event_ms", at);
    ll_json_ks(&w->j, "event_day", (struct ll_str){day, 10});
    ll_json_kz(&w->j, "event_kind", kind);
}

static void put_text(struct delivering *w, const char *key, struct ll_stmt *s, int column)
{
    if (ll_col_null(s, column))
        ll_json_kz(&w->j, key, NULL);
    else
        ll_json_ks(&w->j, key, ll_col_text(s, column));
}

/* fen as yuan, without a floating point in between */
static void put_yuan(struct delivering *w, const char *key, struct ll_stmt *s, int column)
{
    enum { FEN = 100 };
    char text[32];

    if (ll_col_null(s, column)) {
        ll_json_kz(&w->j, key, NULL);
        return;
    }
    snprintf(text, sizeof text, "%" PRId64 ".%02" PRId64, ll_col_int(s, column) / FEN,
             ll_col_int(s, column) % FEN);
    ll_json_kz(&w->j, key, text);
}

static const char *known_kind(const struct ll_catalog *cat, struct ll_arena *arena, struct ll_str kind)
{
    const struct ll_codeset *kinds = ll_catalog_codeset(cat, LL_STR("FIN_EVENT_KIND"));

    return kinds && ll_codeset_by_code(kinds, kind) ? ll_arena_dup(arena, kind) : "other";
}

/* ---- the three sources ---- */

static const char events_sql[] =
    "SELECT seq, at, kind, financing, loan_case, subject, organisation, product, amount, CAST(rate AS TEXT), term_months, reason,"
    " first_loan, renewal, region, industry, size FROM finance_event WHERE seq > $1 ORDER BY seq LIMIT $2";

static int put_event(struct delivering *w, struct ll_stmt *s, struct ll_err *err)
{
    static const struct {
        const char *key;
        int column;
    } texts[] = {{"event_financing", 3}, {"event_case", 4},    {"handling_organisation", 6},
                 {"event_product", 7},   {"event_reason", 11}, {"event_region", 14},
                 {"event_industry", 15}, {"event_size", 16}};
    int rc;

    ll_json_obj(&w->j);
    put_when(w, 'F', ll_col_int(s, 0), ll_col_int(s, 1), known_kind(w->cat, w->arena, ll_col_text(s, 2)));
    rc = put_firm(w, ll_col_text(s, 5), err);
    for (size_t i = 0; i < LL_COUNT(texts); i++)
        put_text(w, texts[i].key, s, texts[i].column);
    put_yuan(w, "event_amount", s, 8);
    put_text(w, "event_rate", s, 9);
    put_text(w, "term_months", s, 10);
    ll_json_kz(&w->j, "first_loan", ll_col_int(s, 12) ? "Y" : "N");
    ll_json_kz(&w->j, "renewed_without_repayment", ll_col_int(s, 13) ? "Y" : "N");
    ll_json_end_obj(&w->j);
    w->mark.event = ll_col_int(s, 0);
    return rc;
}

/* Where the authority is that registered the firm: its credit code says it. */
static int put_registry(struct delivering *w, const char *subject, struct ll_err *err)
{
    const struct ll_consent_env env = {.tx = w->tx, .keys = w->keys, .catalog = w->cat, .arena = w->arena};
    struct ll_consent_self self = {.value = {NULL, 0}};
    int rc = w->keys ? ll_consent_subject(&env, subject, &self, err) : LL_OK;

    if (rc == LL_OK && self.scheme == LL_ID_USCC && self.value.n >= REGION_AT + REGION_CHARS)
        ll_json_ks(&w->j, "event_region", (struct ll_str){self.value.p + REGION_AT, REGION_CHARS});
    return rc;
}

static const char flows_sql[] =
    "SELECT f.seq, f.at, CASE WHEN f.to_state = 'closed' THEN 'deregistered' ELSE 'registered' END, e.subject FROM flow_event f"
    " JOIN finance_enterprise e ON e.id = f.object WHERE f.flow = 'enterprise' AND f.action <> 'change' AND f.seq > $1"
    " ORDER BY f.seq LIMIT $2";

static int put_flow(struct delivering *w, struct ll_stmt *s, struct ll_err *err)
{
    const char *subject = ll_arena_dup(w->arena, ll_col_text(s, 3)),
               *kind = ll_arena_dup(w->arena, ll_col_text(s, 2));
    int rc;

    if (!subject || !kind)
        return ll_no_memory(err);
    ll_json_obj(&w->j);
    put_when(w, 'E', ll_col_int(s, 0), ll_col_int(s, 1), kind);
    if ((rc = put_firm(w, ll_str(subject), err)) == LL_OK)
        rc = put_registry(w, subject, err);
    ll_json_end_obj(&w->j);
    w->mark.flow = ll_col_int(s, 0);
    return rc;
}

static const char products_sql[] =
    "SELECT seq, at, kind, organisation, product FROM finance_product_event WHERE seq > $1 ORDER BY seq LIMIT $2";

static int put_product(struct delivering *w, struct ll_stmt *s, struct ll_err *err)
{
    const char *kind = ll_arena_dup(w->arena, ll_col_text(s, 2));

    if (!kind)
        return ll_no_memory(err);
    ll_json_obj(&w->j);
    put_when(w, 'P', ll_col_int(s, 0), ll_col_int(s, 1), kind);
    put_text(w, "handling_organisation", s, 3);
    put_text(w, "event_product", s, 4);
    ll_json_end_obj(&w->j);
    w->mark.product = ll_col_int(s, 0);
    return LL_OK;
}

static int put_source(struct delivering *w, const char *sql, int64_t after,
                      int (*put)(struct delivering *, struct ll_stmt *, struct ll_err *), struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int more = 0, rc = ll_sql(w->tx, sql, &s, err);

    if (rc < 0)
        return rc;
    ll_bind_int(s, 1, after);
    ll_bind_int(s, 2, LL_EVENTS_AT_ONCE - w->n);
    while (rc == LL_OK && w->n < LL_EVENTS_AT_ONCE && (more = ll_step(s, err)) > 0) {
        rc = put(w, s, err);
        w->n++;
    }
    ll_stmt_done(s);
    return rc < 0 ? rc : more < 0 ? more : LL_OK;
}

/* ---- products that came or went ---- */

static const char listed_sql[] =
    "INSERT INTO finance_product_event (at, kind, organisation, product) SELECT $1, 'product_listed', $2, $3 WHERE coalesce((SELECT kind"
    " FROM finance_product_event WHERE product = $3 ORDER BY seq DESC LIMIT 1), '') <> 'product_listed'";

static int note_ended(struct ll_txn *tx, const struct ll_products *all, int64_t now, struct ll_arena *arena,
                      struct ll_err *err)
{
    const char *gone[LL_PRODUCTS_MAX];
    struct ll_stmt *s = NULL;
    bool nomem = false;
    size_t n = 0;
    int rc = ll_sql(tx,
                    "SELECT product FROM finance_product_event e WHERE kind = 'product_listed' AND NOT EXISTS"
                    " (SELECT 1 FROM finance_product_event o WHERE o.product = e.product AND o.seq > e.seq)",
                    &s, err);

    while (rc >= 0 && n < LL_COUNT(gone) && (rc = ll_step(s, err)) > 0)
        if (!all || !ll_product_find(all, ll_col_text(s, 0)))
            gone[n++] = ll_col_dup(s, 0, arena, &nomem);
    ll_stmt_done(s);
    if (nomem)
        return ll_no_memory(err);
    for (size_t i = 0; rc >= 0 && i < n; i++)
        rc = ll_exec(tx, err,
                     "INSERT INTO finance_product_event (at, kind, product) VALUES ($1, 'product_ended', $2)",
                     "iz", now, gone[i]);
    return rc < 0 ? rc : LL_OK;
}

/* Compares the products of now with those that were known; what differs becomes an event. */
static int note_products(struct delivering *w, struct ll_err *err)
{
    const struct ll_products *all = NULL;
    const int64_t now = ll_now_ms();
    struct ll_txn *tx = NULL;
    int rc = ll_txn_begin(ll_data_store(w->data), true, &tx, err);

    if (rc == LL_OK && (rc = ll_products_read(tx, w->cat, w->arena, &all, err)) == LL_NOTFOUND) {
        all = NULL; /* no pack has any */
        rc = LL_OK;
    }
    for (size_t i = 0; rc == LL_OK && all && i < all->n; i++)
        rc = ll_exec(tx, err, listed_sql, "izz", now,
                     all->list[i].organisation[0] ? all->list[i].organisation : NULL, all->list[i].name);
    if (rc == LL_OK && (rc = note_ended(tx, all, now, w->arena, err)) == LL_OK)
        rc = ll_txn_commit(tx, err);
    ll_txn_end(tx);
    return rc;
}

/* ---- the delivery ---- */

static int read_mark(struct ll_txn *tx, struct mark *ret, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int rc = ll_sql(tx, "SELECT event, flow, product FROM finance_delivered", &s, err);

    if (rc < 0)
        return rc;
    if ((rc = ll_step(s, err)) > 0)
        *ret = (struct mark){ll_col_int(s, 0), ll_col_int(s, 1), ll_col_int(s, 2)};
    ll_stmt_done(s);
    return rc < 0 ? rc : LL_OK;
}

static int gather(struct delivering *w, struct ll_err *err)
{
    int rc = ll_txn_begin(ll_data_store(w->data), false, &w->tx, err);

    ll_json_init(&w->j, &w->bytes);
    ll_json_arr(&w->j);
    if (rc == LL_OK && (rc = read_mark(w->tx, &w->mark, err)) == LL_OK &&
        (rc = put_source(w, products_sql, w->mark.product, put_product, err)) == LL_OK &&
        (rc = put_source(w, flows_sql, w->mark.flow, put_flow, err)) == LL_OK)
        rc = put_source(w, events_sql, w->mark.event, put_event, err);
    ll_json_end_arr(&w->j);
    ll_txn_end(w->tx);
    return rc == LL_OK && w->bytes.failed
               ? ll_fail(err, LL_TOOBIG, "一次交付的事件过多", "too many events at once")
               : rc;
}

static int send(struct delivering *w, struct ll_event_delivered *ret, struct ll_err *err)
{
    struct ll_receive *r = NULL;
    struct ll_txn *tx = NULL;
    bool again = false;
    int rc = ll_receive_open(w->data, LL_EVENT_RESOURCE, "increment", "events.json", &r, err);

    if (rc < 0)
        return rc;
    if ((rc = ll_receive_add(r, w->bytes.p, w->bytes.n, err)) < 0) {
        ll_receive_abort(r);
        return rc;
    }
    if ((rc = ll_receive_done(r, ret->delivery, &again, err)) < 0 ||
        (rc = ll_txn_begin(ll_data_store(w->data), true, &tx, err)) < 0)
        return rc;
    if ((rc = ll_exec(
             tx, err,
             "UPDATE finance_delivered SET event = CASE WHEN event < $1 THEN $1 ELSE event END,"
             " flow = CASE WHEN flow < $2 THEN $2 ELSE flow END, product = CASE WHEN product < $3 THEN $3 ELSE product END,"
             " delivery = $4, at = $5",
             "iiizi", w->mark.event, w->mark.flow, w->mark.product, ret->delivery, ll_now_ms())) == LL_OK)
        rc = ll_txn_commit(tx, err);
    ll_txn_end(tx);
    return rc;
}

int ll_event_deliver(struct ll_data *d, struct ll_keyring *keys, struct ll_event_delivered *ret,
                     struct ll_err *err)
{
    struct delivering w = {
        .data = d, .keys = keys, .bytes = LL_BUF_INIT(DELIVERY_MAX), .arena = ll_arena_new(0)};
    int rc = w.arena ? ll_data_catalog(d, &w.cat, err) : ll_no_memory(err);

    *ret = (struct ll_event_delivered){.events = 0};
    if (rc == LL_OK && !ll_catalog_resource(w.cat, LL_STR(LL_EVENT_RESOURCE)))
        rc = ll_fail(err, LL_NOTFOUND, "没有数据资源 %s：先装载场景包 finance",
                     "there is no resource %s: load pack finance", LL_EVENT_RESOURCE);
    if (rc == LL_OK && (rc = ll_vault_prepare(ll_data_vault(d), LL_EVENT_RESOURCE, err)) == LL_OK &&
        (rc = ll_cell_open(ll_data_vault(d), LL_STR(LL_EVENT_RESOURCE), LL_STR("firm_key"), &w.cell, err)) ==
            LL_OK &&
        (rc = note_products(&w, err)) == LL_OK && (rc = gather(&w, err)) == LL_OK && w.n)
        rc = send(&w, ret, err);
    ret->events = w.n;
    ret->more = w.n == LL_EVENTS_AT_ONCE;
    ll_cell_close(w.cell);
    ll_buf_free(&w.bytes);
    ll_catalog_unref(w.cat);
    ll_arena_free(w.arena);
    return rc;
}
