/* sift.c - see sift.h.  One instance, one thread. */
#include "intake/sift.h"

#include "base/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Faults that are counted and shown but do not keep a row from being published. */
#define WARNINGS ((uint32_t)1 << LL_FAULT_CODE_HISTORICAL)
enum { MAX_REASONS = 64, KEY_MAX = 4096, KEY_ITEMS = 32 };

struct ll_sift {
    const struct ll_plan *plan;
    struct ll_sift_stats *stats;
    struct ll_sink *sink;
    struct ll_buf *scratch; /* one a cell */
    struct ll_buf key;
    struct ll_key_order order;
    struct ll_err err;
};

/* ---- statistics ---- */

int ll_sift_stats_init(struct ll_sift_stats *s, struct ll_arena *arena, const struct ll_plan *p)
{
    *s = (struct ll_sift_stats){.n_items = p->n_cells, .n_rules = p->n_rules};
    s->items = ll_arena_array(arena, p->n_cells, sizeof *s->items);
    s->rules = ll_arena_array(arena, p->n_rules + 1, sizeof *s->rules);
    return s->items && s->rules ? LL_OK : LL_NOMEM;
}

static void add_tally(struct ll_tally *to, const struct ll_tally *from)
{
    size_t have = to->count < LL_EXAMPLES ? (size_t)to->count : LL_EXAMPLES;

    for (size_t i = 0; i < LL_EXAMPLES && from->example_row[i] && have < LL_EXAMPLES; i++, have++) {
        memcpy(to->example[have], from->example[i], LL_EXAMPLE_MAX);
        to->example_row[have] = from->example_row[i];
    }
    to->count += from->count;
}

void ll_sift_stats_add(struct ll_sift_stats *to, const struct ll_sift_stats *from)
{
    to->received += from->received;
    to->published += from->published;
    to->quarantined += from->quarantined;
    to->deletes += from->deletes;
    for (size_t i = 0; i < to->n_items; i++) {
        to->items[i].empty += from->items[i].empty;
        for (size_t f = 0; f < LL_FAULT_BITS; f++)
            add_tally(&to->items[i].fault[f], &from->items[i].fault[f]);
    }
    for (size_t i = 0; i < to->n_rules; i++)
        add_tally(&to->rules[i], &from->rules[i]);
    for (size_t f = 0; f < LL_FAULT_BITS; f++)
        add_tally(&to->rows[f], &from->rows[f]);
}

void ll_tally_add(struct ll_tally *t, struct ll_str value, uint64_t row)
{
    if (t->count < LL_EXAMPLES) {
        ll_mask(value, t->example[t->count], LL_EXAMPLE_MAX);
        t->example_row[t->count] = row;
    }
    t->count++;
}

/* ---- opening ---- */

int ll_sift_open(const struct ll_plan *plan, struct ll_sift_stats *stats, struct ll_sink *sink,
                 struct ll_sift **ret, struct ll_err *err)
{
    struct ll_sift *s = calloc(1, sizeof *s);

    if (!s || !(s->scratch = calloc(plan->n_cells, sizeof *s->scratch))) {
        free(s);
        return ll_no_memory(err);
    }
    s->plan = plan;
    s->stats = stats;
    s->sink = sink;
    for (size_t i = 0; i < plan->n_cells; i++)
        s->scratch[i] = LL_BUF_INIT((size_t)1 << 30);
    s->key = LL_BUF_INIT(KEY_MAX * 4);
    s->order.ordered = true;
    s->order.first = s->order.last = LL_BUF_INIT(KEY_MAX * 4);
    *ret = s;
    return LL_OK;
}

struct ll_sift *ll_sift_close(struct ll_sift *s)
{
    if (!s)
        return NULL;
    for (size_t i = 0; i < s->plan->n_cells; i++)
        ll_buf_free(&s->scratch[i]);
    ll_buf_free(&s->key);
    ll_buf_free(&s->order.first);
    ll_buf_free(&s->order.last);
    free(s->scratch);
    free(s);
    return NULL;
}

const struct ll_key_order *ll_sift_order(const struct ll_sift *s)
{
    return &s->order;
}

/* ---- keys ---- */

/* Numbers keep their order when written big-endian with the sign bit turned. */
static void put_ordered_int(struct ll_buf *out, int64_t v)
{
    uint64_t u = __builtin_bswap64((uint64_t)v ^ (uint64_t)1 << 63);

    ll_buf_add(out, &u, sizeof u);
}

/* The key in a form whose byte order is the order of the sealed file: parts divided by a NUL, which text cannot hold. */
static void key_text(struct ll_sift *s, const struct ll_value *values)
{
    const struct ll_resource *r = s->plan->resource;

    ll_buf_clear(&s->key);
    for (size_t i = 0; i < r->n_key; i++) {
        size_t at = (size_t)(r->key[i] - r->items);
        enum ll_type t = r->key[i]->element->type;
        if (t == LL_TYPE_INTEGER || t == LL_TYPE_DATE || t == LL_TYPE_DATETIME || t == LL_TYPE_BOOLEAN)
            put_ordered_int(&s->key, values[at].i);
        else
            ll_buf_str(&s->key, values[at].text);
        ll_buf_c(&s->key, 0);
    }
}

static void watch_order(struct ll_sift *s, const struct ll_value *values)
{
    struct ll_key_order *o = &s->order;

    if (!o->ordered)
        return;
    key_text(s, values);
    if (!o->any)
        ll_buf_str(&o->first, ll_buf_view(&s->key));
    else if (ll_str_cmp(ll_buf_view(&o->last), ll_buf_view(&s->key)) >= 0)
        o->ordered = false;
    o->any = true;
    struct ll_buf was = o->last;
    o->last = s->key;
    s->key = was;
    o->ordered &= !o->last.failed;
}

/* ---- the pass's callbacks ---- */

static bool deletes(const struct ll_plan *p, const struct ll_row *row)
{
    static const char *const words[] = {"D", "d", "删除", "delete", "DELETE"};

    if (p->op_column < 0 || (size_t)p->op_column >= row->n)
        return false;
    struct ll_str op = ll_str_trim(row->cells[p->op_column]);
    for (size_t i = 0; i < LL_COUNT(words); i++)
        if (ll_str_is(op, words[i]))
            return true;
    return false;
}

static struct ll_str cell_of(const struct ll_row *row, int column)
{
    return column >= 0 && (size_t)column < row->n ? row->cells[column] : (struct ll_str){NULL, 0};
}

static void convert_fix(const struct ll_plan *p, const struct ll_row *row, struct ll_value *v)
{
    int64_t n;
    struct ll_str batch = cell_of(row, p->fix_batch_column),
                  number = ll_str_trim(cell_of(row, p->fix_row_column));
    bool given = batch.n > 0 && ll_str_i64(number, 1, INT64_MAX, &n);

    v[0] = (struct ll_value){.null = !given, .text = batch};
    v[1] = (struct ll_value){.null = !given, .i = given ? n : 0};
}

static void convert(void *ctx, const struct ll_row *row, struct ll_converted *out)
{
    struct ll_sift *s = ctx;
    const struct ll_plan *p = s->plan;
    uint32_t any = 0, in_key = 0;

    s->stats->received++;
    out->deleted = deletes(p, row);
    for (size_t i = 0; i < p->n_cells; i++) {
        const struct ll_plan_cell *c = &p->cells[i];
        uint32_t f = ll_plan_cell_value(c, cell_of(row, c->column), &s->scratch[i], &out->values[i]);
        if (s->scratch[i].failed && s->err.rc >= 0) /* the value is cut short */
            ll_no_memory(&s->err);
        if (out->deleted && !c->item->key) {
            /* a delete marker needs its key and nothing else */
            out->values[i].null = true;
            continue;
        }
        s->stats->items[i].empty += out->values[i].null;
        out->faults[i] = f;
        any |= f;
        if (c->item->key)
            in_key |= f & ~WARNINGS; /* what is published is watched */
    }
    if (p->fix_row_column >= 0)
        convert_fix(p, row, out->values + p->n_cells);
    out->faulty = any != 0;
    if (!in_key)
        watch_order(s, out->values);
    if (!(any & ~WARNINGS))
        s->stats->published++; /* taken back if a rule fails */
    s->stats->deletes += out->deleted && !(any & ~WARNINGS);
}

static struct ll_str range_detail(const struct ll_plan_cell *c)
{
    return ll_str(c->range_text ? c->range_text : "");
}

/* Fills a reason's detail: the length allowed, the code table, what is wrong with the identifier ... */
static void describe(struct ll_reason *r, const struct ll_plan_cell *c, struct ll_str raw, struct ll_buf *zh,
                     struct ll_buf *en)
{
    const struct ll_element *e = c->item->element;
    char text[256], canon[LL_ID_MAX];
    size_t n;

    switch (r->fault) {
    case LL_FAULT_TYPE:
        r->detail_zh = ll_str(ll_type_title(e->type, LL_ZH));
        r->detail_en = ll_str(ll_type_title(e->type, LL_EN));
        return;
    case LL_FAULT_LENGTH:
        ll_buf_printf(zh, "%u", e->length);
        r->detail_zh = r->detail_en = ll_buf_view(zh);
        return;
    case LL_FAULT_CODE:
        r->detail_zh = r->detail_en = ll_str(e->code_table);
        return;
    case LL_FAULT_RANGE:
        r->detail_zh = r->detail_en = range_detail(c);
        return;
    case LL_FAULT_IDENTIFIER: {
        enum ll_id_fault f = ll_id_check(c->scheme, raw, canon, &n);
        ll_id_explain(c->scheme, (struct ll_str){canon, n}, f, LL_ZH, text, sizeof text);
        ll_buf_z(zh, text);
        ll_id_explain(c->scheme, (struct ll_str){canon, n}, f, LL_EN, text, sizeof text);
        ll_buf_z(en, text);
        r->detail_zh = ll_buf_view(zh);
        r->detail_en = ll_buf_view(en);
        return;
    }
    default:
        return;
    }
}

struct reasons {
    struct ll_reason list[MAX_REASONS];
    struct ll_buf zh[MAX_REASONS], en[MAX_REASONS];
    size_t n;
};

static struct ll_reason *add_reason(struct reasons *rs, enum ll_fault f, const struct ll_item *item)
{
    if (rs->n == MAX_REASONS)
        return NULL;
    struct ll_reason *r = &rs->list[rs->n];
    rs->zh[rs->n] = rs->en[rs->n] = LL_BUF_INIT(4096);
    *r = (struct ll_reason){.fault = f};
    if (item) {
        r->item = item->name;
        r->title_zh = item->title ? item->title : item->name;
        r->title_en = item->title_en ? item->title_en : item->name;
    }
    rs->n++;
    return r;
}

static void free_reasons(struct reasons *rs)
{
    for (size_t i = 0; i < rs->n; i++) {
        ll_buf_free(&rs->zh[i]);
        ll_buf_free(&rs->en[i]);
    }
}

static struct ll_str shown(struct ll_str raw)
{
    if (raw.n > 200)
        raw.n = 200;
    while (raw.n && ll_utf8_bad(raw) < raw.n && raw.n - ll_utf8_bad(raw) < 4)
        raw.n--;
    return raw;
}

/* The quality report lies in the control database: it says nothing of a sealed item's values. */
static struct ll_str example(const struct ll_item *item, struct ll_str raw)
{
    return ll_item_sealed(item) ? LL_STR("") : raw;
}

static void cell_reasons(struct ll_sift *s, const struct ll_row *row, const uint32_t *faults,
                         struct reasons *rs)
{
    for (size_t i = 0; i < s->plan->n_cells; i++) {
        const struct ll_plan_cell *c = &s->plan->cells[i];
        struct ll_str raw = cell_of(row, c->column);
        for (uint32_t left = faults[i]; left; left &= left - 1) {
            enum ll_fault f = (enum ll_fault)__builtin_ctz(left);
            ll_tally_add(&s->stats->items[i].fault[f], example(c->item, raw), row->number);
            struct ll_reason *r = add_reason(rs, f, c->item);
            if (!r)
                continue;
            r->value = shown(raw);
            describe(r, c, raw, &rs->zh[rs->n - 1], &rs->en[rs->n - 1]);
        }
    }
}

static bool refuses(const struct ll_plan_rule *rule)
{
    return rule->item || rule->check->severity == LL_SEV_ERROR;
}

static void format_reason(struct ll_sift *s, const struct ll_row *row, const struct ll_item *item,
                          struct reasons *rs)
{
    size_t at = (size_t)(item - s->plan->resource->items);
    struct ll_str raw = cell_of(row, s->plan->cells[at].column);
    struct ll_reason *r = add_reason(rs, LL_FAULT_FORMAT, item);

    ll_tally_add(&s->stats->items[at].fault[LL_FAULT_FORMAT], example(item, raw), row->number);
    if (r)
        r->value = shown(raw);
}

static void check_reason(struct ll_sift *s, const struct ll_row *row, size_t rule, struct reasons *rs)
{
    const struct ll_check *check = s->plan->rules[rule].check;
    struct ll_reason *r = add_reason(rs, LL_FAULT_RULE, NULL);

    ll_tally_add(&s->stats->rules[rule], LL_STR(""), row->number);
    if (!r)
        return;
    r->check = check;
    r->detail_zh = ll_str(check->message);
    r->detail_en = ll_str(check->message_en);
}

/* Adds the reasons of the rules that do not hold; says whether one of them refuses the row. */
static bool rule_reasons(struct ll_sift *s, const struct ll_row *row, const bool *holds, struct reasons *rs)
{
    bool refused = false;

    for (size_t i = 0; i < s->plan->n_rules; i++) {
        if (holds[i])
            continue;
        refused |= refuses(&s->plan->rules[i]);
        if (s->plan->rules[i].item)
            format_reason(s, row, s->plan->rules[i].item, rs);
        else
            check_reason(s, row, i, rs);
    }
    return refused;
}

/* The key's items as text, when every one was good: tells later which refused rows a new delivery mends.  Its bytes are in `bytes`. */
static bool clean_key(struct ll_sift *s, const struct ll_row *row, const uint32_t *faults,
                      struct ll_str *parts, struct ll_buf *bytes)
{
    const struct ll_resource *r = s->plan->resource;
    size_t ends[KEY_ITEMS], from = 0;

    if (r->n_key > KEY_ITEMS)
        return false;
    for (size_t i = 0; i < r->n_key; i++) {
        size_t at = (size_t)(r->key[i] - r->items);
        struct ll_buf scratch = LL_BUF_INIT(KEY_MAX);
        struct ll_value v = {0};
        if (faults[at] & ~WARNINGS)
            return false;
        ll_plan_cell_value(&s->plan->cells[at], cell_of(row, s->plan->cells[at].column), &scratch, &v);
        ll_plan_value_text(bytes, &s->plan->columns[at], &v);
        ll_buf_free(&scratch);
        ends[i] = bytes->n;
    }
    for (size_t i = 0; i < r->n_key; from = ends[i++])
        parts[i] = (struct ll_str){bytes->p ? bytes->p + from : "", ends[i] - from};
    return !bytes->failed;
}

static bool admit(void *ctx, const struct ll_row *row, const uint32_t *faults, bool deleted,
                  const bool *rules_hold)
{
    struct ll_sift *s = ctx;
    struct reasons rs = {.n = 0};
    struct ll_buf key = LL_BUF_INIT(KEY_MAX * 4);
    uint32_t any = 0;

    for (size_t i = 0; i < s->plan->n_cells; i++)
        any |= faults[i];
    cell_reasons(s, row, faults, &rs);
    bool refused = !deleted && rule_reasons(s, row, rules_hold, &rs);
    bool counted = !(any & ~WARNINGS); /* convert() counted it as published */
    if (any & ~WARNINGS)
        refused = true;
    if (refused) {
        s->stats->published -= counted;
        s->stats->quarantined++;
        struct ll_str parts[KEY_ITEMS];
        bool clean = clean_key(s, row, faults, parts, &key);
        if (ll_sink_row(s->sink, row, clean ? parts : NULL, rs.list, rs.n, &s->err) < 0)
            LL_ASSERT(s->err.rc < 0);
    }
    ll_buf_free(&key);
    free_reasons(&rs);
    return !refused;
}

static void undecoded(void *ctx, const struct ll_row *row)
{
    struct ll_sift *s = ctx;
    struct ll_reason r = {.fault = (enum ll_fault)row->fault,
                          .detail_zh = ll_str(row->detail_zh ? row->detail_zh : ""),
                          .detail_en = ll_str(row->detail_en ? row->detail_en : "")};

    s->stats->received++;
    s->stats->quarantined++;
    ll_tally_add(&s->stats->rows[row->fault],
                 ll_resource_sealed(s->plan->resource) ? LL_STR("") : r.detail_zh, row->number);
    if (ll_sink_row(s->sink, row, NULL, &r, 1, &s->err) < 0)
        LL_ASSERT(s->err.rc < 0);
}

static int failed(void *ctx, struct ll_err *err)
{
    struct ll_sift *s = ctx;

    if (s->err.rc < 0 && err)
        *err = s->err;
    return s->err.rc < 0 ? (int)s->err.rc : LL_OK;
}

const struct ll_pass_ops *ll_sift_ops(void)
{
    static const struct ll_pass_ops ops = {convert, admit, undecoded, failed};

    return &ops;
}
