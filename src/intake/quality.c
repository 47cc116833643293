/* quality.c - the numbers.  How they are shown is quality_page.c. */
#include "intake/quality.h"

#include "base/clock.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

unsigned ll_cycle_days(const char *update_cycle)
{
    /* UPDATE_CYCLE: 1 real time, 2 day, 3 week, 4 month, 5 quarter, 6 half year, 7 year; a day's grace is ours */
    static const unsigned days[] = {0, 2, 2, 8, 32, 93, 185, 367};
    int n = update_cycle ? atoi(update_cycle) : 0;

    return n > 0 && (size_t)n < LL_COUNT(days) ? days[n] : 0;
}

struct score {
    double checked, failed;
};

static bool has_check(const struct ll_plan_cell *c, enum ll_fault f)
{
    const struct ll_element *e = c->item->element;

    switch (f) {
    case LL_FAULT_REQUIRED:
        return c->item->required;
    case LL_FAULT_TYPE:
        return e->type != LL_TYPE_TEXT && e->type != LL_TYPE_CODE && e->type != LL_TYPE_IDENTIFIER;
    case LL_FAULT_LENGTH:
        return e->length > 0;
    case LL_FAULT_FORMAT:
        return e->format != NULL;
    case LL_FAULT_CODE:
    case LL_FAULT_CODE_HISTORICAL:
        return e->code_table != NULL;
    case LL_FAULT_IDENTIFIER:
        return e->type == LL_TYPE_IDENTIFIER;
    case LL_FAULT_RANGE:
        return c->has_min || c->has_max;
    case LL_FAULT_UNIQUE:
        return c->item->unique;
    case LL_FAULT_REFERENCE:
        return c->item->ref_resource != NULL;
    default:
        return false;
    }
}

static void score_item(const struct ll_quality_in *in, size_t i, struct score *dims)
{
    const struct ll_plan_cell *c = &in->plan->cells[i];
    const struct ll_item_stats *s = &in->stats->items[i];
    double rows = (double)in->stats->received;

    dims[LL_DIM_COMPLETENESS].checked += rows;
    dims[LL_DIM_COMPLETENESS].failed += (double)s->empty;
    for (unsigned f = 0; f < LL_FAULT_COUNT; f++) {
        if (f == LL_FAULT_REQUIRED || !has_check(c, (enum ll_fault)f))
            continue; /* an empty required cell is already counted as empty */
        dims[ll_fault_dimension((enum ll_fault)f)].checked += rows - (double)s->empty;
        dims[ll_fault_dimension((enum ll_fault)f)].failed += (double)s->fault[f].count;
    }
}

static void score_rows(const struct ll_quality_in *in, struct score *dims)
{
    double rows = (double)in->stats->received;

    dims[LL_DIM_CONFORMITY].checked += rows;
    for (unsigned f = LL_FAULT_DECODE_COLUMNS; f <= LL_FAULT_DECODE_JSON; f++)
        dims[LL_DIM_CONFORMITY].failed += (double)in->stats->rows[f].count;
    dims[LL_DIM_CONSISTENCY].checked += rows;
    dims[LL_DIM_CONSISTENCY].failed += (double)in->stats->rows[LL_FAULT_DUPLICATE].count;
    for (size_t i = 0; i < in->stats->n_rules; i++) {
        const struct ll_check *check = in->plan->rules[i].check; /* a format is scored with its item */
        if (!check)
            continue;
        dims[check->dimension].checked += rows;
        dims[check->dimension].failed += (double)in->stats->rules[i].count;
    }
}

static void score_delivery(const struct ll_quality_in *in, struct score *dims)
{
    unsigned cycle = ll_cycle_days(in->plan->resource->update_cycle);

    if (cycle && in->previous_at >= 0) {
        dims[LL_DIM_TIMELINESS].checked += 1;
        dims[LL_DIM_TIMELINESS].failed += in->received_at - in->previous_at > (int64_t)cycle * 86400000;
    }
    for (size_t i = 0; i < in->plan->n_cells; i++) {
        dims[LL_DIM_ACCESSIBILITY].checked += 1;
        dims[LL_DIM_ACCESSIBILITY].failed += in->plan->cells[i].column < 0 && !in->plan->cells[i].constant.p;
    }
}

/* Rounded to six digits, down: 100 % is said only when nothing failed. */
static double share(struct score s)
{
    return s.checked > 0 ? floor((s.checked - s.failed) / s.checked * 1e6) / 1e6 : 1;
}

static void put_scores(struct ll_json *j, const struct score *dims, bool only_checked)
{
    ll_json_key(j, "dimensions");
    ll_json_obj(j);
    for (unsigned d = 0; d < LL_DIM_COUNT; d++) {
        if (dims[d].checked > 0)
            ll_json_kn(j, ll_dimension_name((enum ll_dimension)d), share(dims[d]));
        else if (!only_checked) {
            ll_json_key(j, ll_dimension_name((enum ll_dimension)d));
            ll_json_null(j);
        }
    }
    ll_json_end_obj(j);
}

static void put_tally(struct ll_json *j, const struct ll_tally *t)
{
    ll_json_ki(j, "count", (int64_t)t->count);
    ll_json_key(j, "examples");
    ll_json_arr(j);
    for (size_t i = 0; i < LL_EXAMPLES && i < t->count && t->example_row[i]; i++) {
        ll_json_obj(j);
        ll_json_ki(j, "row", (int64_t)t->example_row[i]);
        ll_json_kz(j, "value", t->example[i]);
        ll_json_end_obj(j);
    }
    ll_json_end_arr(j);
}

static void put_faults(struct ll_json *j, const struct ll_tally *faults)
{
    ll_json_key(j, "faults");
    ll_json_arr(j);
    for (unsigned f = 0; f < LL_FAULT_COUNT; f++) {
        if (!faults[f].count)
            continue;
        ll_json_obj(j);
        ll_json_kz(j, "code", ll_fault_code((enum ll_fault)f));
        ll_json_kz(j, "dimension", ll_dimension_name(ll_fault_dimension((enum ll_fault)f)));
        put_tally(j, &faults[f]);
        ll_json_end_obj(j);
    }
    ll_json_end_arr(j);
}

static void put_items(struct ll_json *j, const struct ll_quality_in *in)
{
    ll_json_key(j, "items");
    ll_json_arr(j);
    for (size_t i = 0; i < in->plan->n_cells; i++) {
        const struct ll_item *item = in->plan->cells[i].item;
        struct score dims[LL_DIM_COUNT] = {0};
        score_item(in, i, dims);
        ll_json_obj(j);
        ll_json_kz(j, "item", item->name);
        ll_json_kz(j, "title", item->title);
        ll_json_kz(j, "title_en", item->title_en);
        ll_json_ki(j, "empty", (int64_t)in->stats->items[i].empty);
        put_scores(j, dims, true);
        put_faults(j, in->stats->items[i].fault);
        ll_json_end_obj(j);
    }
    ll_json_end_arr(j);
}

static void put_rules(struct ll_json *j, const struct ll_quality_in *in)
{
    ll_json_key(j, "rules");
    ll_json_arr(j);
    for (size_t i = 0; i < in->stats->n_rules; i++) {
        const struct ll_check *check = in->plan->rules[i].check;
        if (!check || !in->stats->rules[i].count)
            continue;
        ll_json_obj(j);
        ll_json_kz(j, "name", check->name);
        ll_json_kz(j, "zh", check->message);
        ll_json_kz(j, "en", check->message_en);
        ll_json_kz(j, "severity", check->severity == LL_SEV_WARNING ? "warning" : "error");
        put_tally(j, &in->stats->rules[i]);
        ll_json_end_obj(j);
    }
    ll_json_end_arr(j);
}

void ll_quality_json(struct ll_json *j, const struct ll_quality_in *in)
{
    struct score dims[LL_DIM_COUNT] = {0};

    for (size_t i = 0; i < in->plan->n_cells; i++)
        score_item(in, i, dims);
    score_rows(in, dims);
    score_delivery(in, dims);
    ll_json_obj(j);
    ll_json_ki(j, "received", (int64_t)in->stats->received);
    ll_json_ki(j, "published", (int64_t)in->stats->published);
    ll_json_ki(j, "quarantined", (int64_t)in->stats->quarantined);
    ll_json_kz(j, "unused_columns", in->plan->unused);
    put_scores(j, dims, false);
    put_items(j, in);
    put_rules(j, in);
    ll_json_key(j, "rows");
    ll_json_obj(j);
    put_faults(j, in->stats->rows);
    ll_json_end_obj(j);
    ll_json_end_obj(j);
}
