/* entry_state.c - what became of entries: their delivery says, and the quarantine of its batch says why a row was refused. */
#include "apps/collect/entry.h"

#include "base/clock.h"
#include "base/json.h"
#include "intake/delivery.h"
#include "intake/quarantine.h"
#include "store/rows.h"

#include <string.h>

struct entry {
    const char *id, *delivery;
    int64_t row, sent_at;
    const char *state;
    const char *each; /* reasons as the quarantine has them; NULL */
    const char *error_zh, *error_en;
};

static const struct ll_row_column columns[] = {LL_ROW(TEXT, entry, id), LL_ROW(TEXT, entry, delivery),
                                               LL_ROW(INT, entry, row), LL_ROW(INT, entry, sent_at)};
static const struct ll_row_form rows = {columns, LL_COUNT(columns), sizeof(struct entry), NULL};

static int read_entries(const struct ll_collecting *c, struct entry **ret, size_t *ret_n, struct ll_err *err)
{
    const struct ll_row_arg args[] = {LL_ARG_Z(c->actor->account), LL_ARG_Z(c->areas.resource->name),
                                      LL_ARG_Z(c->area)};
    const struct ll_row_page p = {
        .sql =
            "SELECT id, delivery, row, sent_at FROM collect_entry WHERE account = $1 AND resource = $2 AND area = $3"
            " ORDER BY sent_at DESC, delivery, row LIMIT $4 OFFSET $5",
        .args = args,
        .n_args = LL_COUNT(args),
        .limit = LL_ENTRIES_SHOWN};
    struct ll_txn *tx = NULL;
    void *list = NULL;
    int rc = ll_txn_begin(ll_data_store(c->d), false, &tx, err);

    if (rc == LL_OK)
        rc = ll_row_list(tx, &rows, &p, c->arena, &list, ret_n, NULL, err);
    ll_txn_end(tx);
    *ret = list;
    return rc;
}

/* ---- those of one delivery ---- */

struct telling {
    const struct ll_collecting *c;
    struct entry *list;
    size_t n;
};

static int take_refused(void *ctx, const struct ll_refused *r, struct ll_err *err)
{
    struct telling *k = ctx;

    for (size_t i = 0; i < k->n; i++) {
        struct entry *e = &k->list[i];
        if (e->row != r->row)
            continue;
        e->state = r->closed ? "corrected" : "refused";
        if (r->each.p && !(e->each = ll_arena_dup(k->c->arena, r->each)))
            return ll_fail(err, LL_NOMEM, "内存不足", "out of memory");
    }
    return LL_OK;
}

static int tell(struct telling *k, struct ll_err *err)
{
    struct ll_delivery v;
    int rc = ll_delivery_get(k->c->d, k->list[0].delivery, k->c->arena, &v, err);

    if (rc < 0)
        return rc;
    bool failed = strcmp(v.state, "failed") == 0 || strcmp(v.state, "withdrawn") == 0;
    const char *state = strcmp(v.state, "published") == 0 ? "accepted"
                        : failed                          ? "refused"
                        : strcmp(v.state, "waiting") == 0 ? "held"
                                                          : "waiting";
    for (size_t i = 0; i < k->n; i++) {
        k->list[i].state = state;
        k->list[i].error_zh = failed ? v.error_zh : NULL;
        k->list[i].error_en = failed ? v.error_en : NULL;
    }
    if (failed || !v.batch || v.quarantined <= 0)
        return LL_OK;
    return ll_quarantine_each(k->c->d, v.batch, false, 0, -1, take_refused, k, err);
}

/* ---- writing ---- */

/* The header under which the item is entered. */
static void put_fields(const struct ll_collecting *c, const json_t *items, struct ll_json *j)
{
    ll_json_key(j, "fields");
    ll_json_arr(j);
    for (size_t i = 0; i < json_array_size(items); i++) {
        const char *name = json_string_value(json_array_get(items, i));
        const struct ll_field *f = name ? ll_form_field(&c->form, name) : NULL;
        if (f)
            ll_json_z(j, f->title);
    }
    ll_json_end_arr(j);
}

static void put_reason(const struct ll_collecting *c, const char *zh, const char *en, const json_t *items,
                       struct ll_json *j)
{
    ll_json_obj(j);
    ll_json_kz(j, "zh", zh ? zh : "");
    ll_json_kz(j, "en", en ? en : "");
    put_fields(c, items, j);
    ll_json_end_obj(j);
}

static void put_entry(const struct ll_collecting *c, const struct entry *e, struct ll_json *j)
{
    json_t *each = e->each ? json_loads(e->each, 0, NULL) : NULL;
    char when[LL_TIME_TEXT];

    ll_json_obj(j);
    ll_json_kz(j, "id", e->id);
    ll_json_kz(j, "state", e->state);
    ll_json_kz(j, "delivery", e->delivery);
    ll_json_kz(j, "sent_at", ll_time_text(e->sent_at, when));
    ll_json_key(j, "reasons");
    ll_json_arr(j);
    if (e->error_zh)
        put_reason(c, e->error_zh, e->error_en, NULL, j);
    for (size_t i = 0; i < json_array_size(each); i++) {
        const json_t *r = json_array_get(each, i);
        put_reason(c, json_string_value(json_object_get(r, "zh")),
                   json_string_value(json_object_get(r, "en")), json_object_get(r, "items"), j);
    }
    ll_json_end_arr(j);
    ll_json_end_obj(j);
    json_decref(each);
}

int ll_collect_states(const struct ll_collecting *c, struct ll_json *j, struct ll_err *err)
{
    struct entry *list = NULL;
    size_t n = 0;
    int rc = read_entries(c, &list, &n, err);

    for (size_t i = 0, end; rc == LL_OK && i < n; i = end) {
        for (end = i + 1; end < n && strcmp(list[end].delivery, list[i].delivery) == 0;)
            end++;
        struct telling k = {c, list + i, end - i};
        rc = tell(&k, err);
        for (size_t e = i; rc == LL_OK && e < end; e++)
            put_entry(c, &list[e], j);
    }
    return rc;
}
