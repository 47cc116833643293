/* watch_change.c - what happened, gathered in memory before it meets the watch list: each record with its subject, the rules that apply, and what of it changed. */
#include "share/watch_impl.h"

#include "intake/differ.h"
#include "share/subject_impl.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BYTES_MAX = 1 << 30, VALUES_MAX = 128 << 20, NUMBER_TEXT = 24 };

int ll_watch_changes_open(struct ll_watch_changes *c, size_t most, struct ll_err *err)
{
    c->most = most;
    c->bytes = LL_BUF_INIT(BYTES_MAX);
    ll_buf_c(&c->bytes, 0); /* so that no offset is 0 */
    c->scratch = ll_arena_new(16 << 20);
    return c->scratch && !c->bytes.failed ? LL_OK : ll_no_memory(err);
}

void ll_watch_changes_free(struct ll_watch_changes *c)
{
    free(c->list);
    ll_buf_free(&c->bytes);
    ll_arena_free(c->scratch);
}

static struct ll_watch_change *room_for(struct ll_watch_changes *c)
{
    size_t more = c->room ? c->room * 2 : 1024;
    void *p;

    if (c->n == c->room) {
        if (!(p = realloc(c->list, more * sizeof *c->list)))
            return NULL;
        c->list = p;
        c->room = more;
    }
    c->list[c->n] = (struct ll_watch_change){.act = LL_WATCH_CHANGED};
    return &c->list[c->n];
}

static size_t keep(struct ll_watch_changes *c, struct ll_str s)
{
    size_t at = c->bytes.n;

    ll_buf_str(&c->bytes, s);
    return at;
}

/* Rules without an item; those with one are asked of the record. */
static uint64_t rules_for(const struct ll_watch_changes *c, enum ll_watch_act act)
{
    uint64_t bits = 0;

    for (size_t i = 0; i < c->rules.n; i++)
        if (c->rules.list[i].acts[act] && !c->rules.list[i].item[0])
            bits |= UINT64_C(1) << i;
    return bits;
}

int ll_watch_changes_add(struct ll_watch_changes *c, const char *subject, enum ll_watch_act act,
                         struct ll_str key, struct ll_err *err)
{
    struct ll_watch_change *one;

    if (c->n >= c->most) {
        c->over = true;
        return LL_OK;
    }
    if (!(one = room_for(c)))
        return ll_no_memory(err);
    memcpy(one->subject, subject, LL_PSEUDONYM_TEXT);
    one->act = act;
    one->rules = rules_for(c, act);
    one->key = keep(c, key);
    one->n_key = key.n;
    c->n++;
    return c->bytes.failed ? ll_no_memory(err) : LL_OK;
}

/* --- values --------------------------------------------------------------------------------------------------------------- */

/* 'n', 'i' and eight bytes, or 't', four bytes of length and the text. */
static void keep_value(struct ll_buf *b, const struct ll_lake_value *v)
{
    uint32_t n = (uint32_t)v->s.n;

    if (v->kind == LL_LV_INT) {
        ll_buf_c(b, 'i');
        ll_buf_add(b, &v->i, sizeof v->i);
    } else if (v->kind == LL_LV_TEXT && v->s.n <= UINT32_MAX) {
        ll_buf_c(b, 't');
        ll_buf_add(b, &n, sizeof n);
        ll_buf_str(b, v->s);
    } else {
        ll_buf_c(b, 'n');
    }
}

struct ll_seg_value ll_watch_value(const struct ll_watch_changes *c, const struct ll_watch_change *of,
                                   size_t at)
{
    const char *p = c->bytes.p + of->values;
    struct ll_seg_value v = {.kind = LL_SV_NULL};

    for (size_t i = 0; i <= at; i++) {
        uint32_t n = 0;
        v = (struct ll_seg_value){.kind = LL_SV_NULL};
        if (*p == 'i') {
            v.kind = LL_SV_INT;
            memcpy(&v.i, p + 1, sizeof v.i);
            p += 1 + sizeof v.i;
        } else if (*p == 't') {
            memcpy(&n, p + 1, sizeof n);
            v.kind = LL_SV_TEXT;
            v.s = (struct ll_str){p + 1 + sizeof n, n};
            p += 1 + sizeof n + n;
        } else {
            p++;
        }
    }
    return v;
}

/* --- a batch -------------------------------------------------------------------------------------------------------------- */

struct gathering {
    struct ll_gateway *g;
    struct ll_watch_changes *c;
    bool marked; /* something is to be said of records of the resource (marks.h) */
};

static struct ll_str text_of(const struct ll_lake_value *v, char number[NUMBER_TEXT])
{
    if (v->kind == LL_LV_TEXT)
        return v->s;
    if (v->kind != LL_LV_INT)
        return LL_STR("");
    snprintf(number, NUMBER_TEXT, "%" PRId64, v->i);
    return ll_str(number);
}

static uint64_t rules_of(const struct ll_watch_changes *c, enum ll_watch_act act,
                         const struct ll_lake_value *items)
{
    uint64_t bits = rules_for(c, act);
    char number[NUMBER_TEXT];

    for (size_t i = 0; i < c->rules.n; i++) {
        const struct ll_watch_rule *r = &c->rules.list[i];
        const struct ll_item *item = r->item[0] ? ll_resource_item(c->resource, ll_str(r->item)) : NULL;
        if (!item || !r->acts[act])
            continue;
        struct ll_str value = text_of(&items[item - c->resource->items], number);
        if (value.n && ll_watch_rule_has(r, value))
            bits |= UINT64_C(1) << i;
    }
    return bits;
}

/* Whose record it is: the first identifier of a subject; without any, nobody can watch it. */
static int subject_of(struct gathering *s, const struct ll_lake_value *items, char out[LL_PSEUDONYM_TEXT],
                      struct ll_err *err)
{
    const struct ll_resource *r = s->c->resource;

    out[0] = 0;
    for (size_t i = 0; i < r->n_items; i++)
        if (r->items[i].role == LL_ROLE_SUBJECT && items[i].kind == LL_LV_TEXT && items[i].s.n)
            return ll_gateway_pseudonym(s->g, ll_subject_id_type(&r->items[i], items[i].s), items[i].s, out,
                                        err);
    return LL_OK;
}

static size_t keep_key(struct ll_watch_changes *c, const struct ll_lake_value *items)
{
    const struct ll_resource *r = c->resource;
    size_t at = c->bytes.n;
    char number[NUMBER_TEXT];
    struct ll_json j;

    ll_json_init(&j, &c->bytes);
    ll_json_arr(&j);
    for (size_t i = 0; i < r->n_key; i++)
        ll_json_str(&j, text_of(&items[r->key[i] - r->items], number));
    ll_json_end_arr(&j);
    return at;
}

static int gather(struct gathering *s, const struct ll_lake_value *items, enum ll_watch_act act,
                  struct ll_str differs, struct ll_err *err)
{
    struct ll_watch_changes *c = s->c;
    struct ll_watch_change *one;
    int rc;

    if (c->n >= c->most) {
        c->over = true;
        return LL_OK;
    }
    if (!(one = room_for(c)))
        return ll_no_memory(err);
    if ((rc = subject_of(s, items, one->subject, err)) < 0 || !one->subject[0])
        return rc;
    one->act = act;
    one->key = keep_key(c, items);
    one->n_key = c->bytes.n - one->key;
    if (c->bytes.failed)
        return ll_no_memory(err);
    if (s->marked &&
        ll_marks_withheld(s->g->marks, c->resource->name, (struct ll_str){c->bytes.p + one->key, one->n_key}))
        return LL_OK;
    one->rules = rules_of(c, act, items);
    if (differs.n == c->resource->n_items)
        one->differs = keep(c, differs);
    if (c->wants_values && act != LL_WATCH_DELETED && c->bytes.n < VALUES_MAX) {
        one->values = c->bytes.n;
        for (size_t i = 0; i < c->resource->n_items; i++)
            keep_value(&c->bytes, &items[i]);
    }
    c->n++;
    return c->bytes.failed ? ll_no_memory(err) : LL_OK;
}

static int one_effect(void *ctx, const struct ll_lake_value *items, enum ll_effect what,
                      struct ll_str differs, struct ll_err *err)
{
    static const enum ll_watch_act acts[] = {[LL_EFFECT_NEW] = LL_WATCH_NEW,
                                             [LL_EFFECT_CHANGED] = LL_WATCH_CHANGED,
                                             [LL_EFFECT_GONE] = LL_WATCH_DELETED};

    return gather(ctx, items, acts[what], differs, err);
}

/* Of a batch that was taken back: what holds now is for a call to tell. */
static int one_withdrawn(void *ctx, const struct ll_lake_value *items, int64_t row, bool gone,
                         struct ll_err *err)
{
    struct gathering *s = ctx;
    bool wanted = s->c->wants_values;
    int rc;

    (void)row, (void)gone;
    s->c->wants_values = false;
    rc = gather(s, items, LL_WATCH_WITHDRAWN, LL_STR(""), err);
    s->c->wants_values = wanted;
    return rc;
}

int ll_watch_changes_of(struct ll_gateway *g, struct ll_data *d, const struct ll_batch *b, bool withdrawn,
                        struct ll_watch_changes *c, struct ll_err *err)
{
    struct gathering s = {g, c, false};
    struct ll_arena *arena = ll_arena_new(0);
    struct ll_batch *live = NULL;
    size_t n = 0;
    int rc = arena ? ll_marks_any(g->marks, c->resource->name, &s.marked, err) : ll_no_memory(err);

    if (rc == LL_OK && withdrawn)
        rc = ll_batch_rows(d, c->resource, b, -1, c->most + 1, one_withdrawn, &s, err);
    else if (rc == LL_OK && (rc = ll_batch_live(d, b->resource, b->version, b->published_at - 1, NULL, arena,
                                                &live, &n, err)) == LL_OK)
        rc = ll_batch_effects(d, c->resource, b, live, n, one_effect, &s, err);
    ll_arena_free(arena);
    return rc;
}
