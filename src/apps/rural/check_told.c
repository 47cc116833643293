/* check_told.c - what came of a list of households (check_list.h): packed while it is kept, a line for each claim when it is read.
 *
 * A household: line, number, status, kind of consent and one (0: none), how many claims; a claim: code, result, whether it was compared (1) and agreed (2),
 * provider, day, publication in milliseconds. */
#include "apps/rural/check_list.h"
#include "apps/rural/packed.h"
#include "base/clock.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { COMPARED = 1, AGREES = 2 };

#define X(id, word, zh, en) {word, {zh, en}},
static const struct {
    const char *word, *title[2];
} statuses[] = {LL_CHECK_STATUSES(X)};
#undef X
#define X(id, zh, en) {zh, en},
static const char *const titles[LL_CHECK_TOLD_N][2] = {LL_CHECK_TOLD_COLUMNS(X)};
#undef X

void ll_check_counts_add(struct ll_check_counts *to, const struct ll_check_counts *more)
{
    for (size_t i = 0; i < LL_CHECK_STATUS_COUNT; i++)
        to->status[i] += more->status[i];
    for (size_t i = 0; i < LL_CHECK_RESULT_COUNT; i++)
        to->result[i] += more->result[i];
}

void ll_check_counts_put(struct ll_json *j, const struct ll_check_counts *c)
{
    ll_json_obj(j);
    for (size_t i = 0; i < LL_CHECK_STATUS_COUNT; i++)
        ll_json_ki(j, statuses[i].word, (int64_t)c->status[i]);
    for (size_t i = 0; i < LL_CHECK_RESULT_COUNT; i++)
        ll_json_ki(j, ll_check_result_word((enum ll_check_result)i), (int64_t)c->result[i]);
    ll_json_end_obj(j);
}

/* ---- packing ---- */

static void pack_claim(struct ll_buf *out, const struct ll_rural_item *item, const struct ll_check_item *x)
{
    ll_packed_put_text(out, ll_str(item->code));
    if (!x)
        return;
    ll_packed_put_number(out, x->result);
    ll_packed_put_number(out, (x->compared ? COMPARED : 0) | (x->agrees ? AGREES : 0));
    ll_packed_put_text(out, x->source ? ll_str(x->source->resource->provider_name) : LL_STR(""));
    ll_packed_put_text(out, x->day);
    ll_packed_put_number(out, x->published_at > 0 ? (uint64_t)x->published_at : 0);
}

static enum ll_check_status status_of(const struct ll_checked *c)
{
    if (c->condition)
        return strcmp(c->condition, ll_gate_condition_word(LL_GATE_ATTEMPTS)) == 0 ? LL_CHECK_LIMITED
                                                                                   : LL_CHECK_REFUSED;
    return c->found ? LL_CHECK_CHECKED : LL_CHECK_NOT_FOUND;
}

void ll_check_told_pack(struct ll_buf *out, uint64_t line, const struct ll_check_ask *ask,
                        const struct ll_checked *c)
{
    enum ll_check_status status = status_of(c);

    ll_packed_put_number(out, line);
    ll_packed_put_text(out, ask->household);
    ll_packed_put_number(out, status);
    ll_packed_put_number(out, c->said.consented ? (uint64_t)c->said.kind + 1 : 0);
    ll_packed_put_number(out, ask->n);
    for (size_t k = 0; k < ask->n; k++)
        pack_claim(out, ask->claims[k].item, status == LL_CHECK_CHECKED ? &c->items[k] : NULL);
}

/* ---- reading ---- */

void ll_check_told_titles(enum ll_lang lang, struct ll_str ret[LL_CHECK_TOLD_N])
{
    for (size_t i = 0; i < LL_CHECK_TOLD_N; i++)
        ret[i] = ll_str(titles[i][lang]);
}

struct telling {
    const struct ll_rural_list *list;
    enum ll_lang lang;
    ll_check_told_fn *fn;
    void *ctx;
    struct ll_check_counts *counts;
    struct ll_packed b;
};

/* The cells of a claim that was answered. */
static void read_result(struct telling *t, struct ll_str *cells, char published[LL_TIME_TEXT])
{
    static const struct ll_str words[2][2] = {{{"否", 3}, {"no", 2}}, {{"是", 3}, {"yes", 3}}};
    uint64_t result = ll_packed_number(&t->b), marks = ll_packed_number(&t->b), at;

    cells[LL_CHECK_TOLD_PROVIDER] = ll_packed_text(&t->b);
    cells[LL_CHECK_TOLD_AS_OF] = ll_packed_text(&t->b);
    at = ll_packed_number(&t->b);
    if (t->b.bad || result >= LL_CHECK_RESULT_COUNT || at > INT64_MAX) {
        t->b.bad = true;
        return;
    }
    if (t->counts)
        t->counts->result[result]++;
    cells[LL_CHECK_TOLD_RESULT] = ll_str(ll_check_result_title((enum ll_check_result)result, t->lang));
    if (marks & COMPARED)
        cells[LL_CHECK_TOLD_AGREES] = words[(marks & AGREES) != 0][t->lang];
    if (at)
        cells[LL_CHECK_TOLD_PUBLISHED] = ll_str(ll_time_text((int64_t)at, published));
}

static int read_household(struct telling *t, struct ll_err *err)
{
    struct ll_str cells[LL_CHECK_TOLD_N] = {{NULL, 0}};
    uint64_t line = ll_packed_number(&t->b), status, kind, n;
    char number[24], published[LL_TIME_TEXT];
    int rc = LL_OK;

    snprintf(number, sizeof number, "%" PRIu64, line);
    cells[LL_CHECK_TOLD_LINE] = ll_str(number);
    cells[LL_CHECK_TOLD_HOUSEHOLD] = ll_packed_text(&t->b);
    status = ll_packed_number(&t->b);
    kind = ll_packed_number(&t->b);
    n = ll_packed_number(&t->b);
    if ((t->b.bad = t->b.bad || status >= LL_CHECK_STATUS_COUNT || kind > LL_CONSENT_KIND_COUNT))
        return LL_OK;
    if (t->counts)
        t->counts->status[status]++;
    cells[LL_CHECK_TOLD_STATUS] = ll_str(statuses[status].title[t->lang]);
    if (kind)
        cells[LL_CHECK_TOLD_CONSENT] = ll_str(
            ll_consent_kind_title((enum ll_consent_kind)(kind - 1), t->lang));
    for (uint64_t i = 0; i < n && rc == LL_OK && !t->b.bad; i++) {
        struct ll_str code = ll_packed_text(&t->b);
        const struct ll_rural_item *item = ll_rural_item(t->list, code);
        for (size_t c = LL_CHECK_TOLD_CODE; c < LL_CHECK_TOLD_N; c++)
            cells[c] = (struct ll_str){NULL, 0};
        cells[LL_CHECK_TOLD_CODE] = code;
        cells[LL_CHECK_TOLD_ITEM] = item ? ll_str(item->title[t->lang]) : code;
        if (status == LL_CHECK_CHECKED)
            read_result(t, cells, published);
        if (!t->b.bad && t->fn)
            rc = t->fn(t->ctx, cells, LL_CHECK_TOLD_N, err);
    }
    return rc;
}

int ll_check_told_each(struct ll_str packed, const struct ll_rural_list *list, enum ll_lang lang,
                       ll_check_told_fn *fn, void *ctx, struct ll_check_counts *counts, struct ll_err *err)
{
    struct telling t = {list, lang, fn, ctx, counts, ll_packed_of(packed)};
    int rc = LL_OK;

    while (rc == LL_OK && !t.b.bad && t.b.p < t.b.end)
        rc = read_household(&t, err);
    return rc == LL_OK && t.b.bad
               ? ll_fail(err, LL_INVALID, "核查结果损坏", "the results of the list are damaged")
               : rc;
}
