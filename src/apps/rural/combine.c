/* combine.c - see combine.h.
 *
 * Records come in any order and give the same result: of equal days the greater text is the latest, lists are sorted.  One household and the roll-up of
 * all of them both come through here. */
#include "apps/rural/combine.h"

#include "base/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DAY_LENGTH = 10 };

void ll_rural_since(const struct ll_rural_source *s, int32_t today, char *out, size_t size)
{
    int y;
    unsigned m, d;

    ll_civil_from_days(today - (int32_t)s->within, &y, &m, &d);
    if (s->within)
        snprintf(out, size, "%04d-%02u-%02u", y, m, d);
    else
        snprintf(out, size, "%s", "");
}

bool ll_rural_counts(const struct ll_rural_source *s, struct ll_str only, struct ll_str day,
                     struct ll_str upto, struct ll_str since)
{
    ll_i128 is, least;

    if (s->only && !s->only_above && !ll_str_is(only, s->only_value))
        return false;
    if (s->only_above && s->only &&
        !(ll_micro_of(only, &is) && ll_micro_of(ll_str(s->only_value), &least) && is > least))
        return false;
    if (day.n && ll_str_cmp((struct ll_str){day.p, day.n < DAY_LENGTH ? day.n : DAY_LENGTH}, upto) > 0)
        return false;
    return !since.n || (day.n && ll_str_cmp(day, since) >= 0);
}

static void note(struct ll_rural_given *g, const struct ll_rural_seen *seen)
{
    g->any = true;
    g->records++;
    g->disputed = g->disputed || seen->disputed;
    if (seen->published_at > g->published_at)
        g->published_at = seen->published_at;
    if (seen->batch > g->batch)
        g->batch = seen->batch;
    if (ll_str_cmp(seen->day, g->day) > 0)
        g->day = seen->day;
}

static void forget(struct ll_rural_sum *sum)
{
    struct ll_rural_given *g = &sum->given;

    *g = (struct ll_rural_given){.shown = g->shown, .newest = g->newest};
    sum->total = 0;
    sum->n = 0;
}

static int list(struct ll_rural_sum *sum, const struct ll_rural_seen *seen, struct ll_arena *arena,
                struct ll_err *err)
{
    if (sum->n == sum->room) {
        size_t room = sum->room ? sum->room * 4 : 8;
        struct ll_rural_part *parts = ll_arena_array(arena, room, sizeof *parts);
        if (!parts)
            return ll_no_memory(err);
        if (sum->n)
            memcpy(parts, sum->parts, sum->n * sizeof *parts);
        sum->parts = parts;
        sum->room = room;
    }
    sum->parts[sum->n++] = (struct ll_rural_part){seen->order, seen->value, seen->day};
    return LL_OK;
}

/* Whether a is the greater value of the source's item. */
static bool greater(const struct ll_rural_source *s, struct ll_str a, struct ll_str b)
{
    enum ll_type t = s->from->element->type;
    ll_i128 x, y;

    if ((t == LL_TYPE_INTEGER || t == LL_TYPE_DECIMAL) && ll_micro_of(a, &x) && ll_micro_of(b, &y))
        return x > y;
    return ll_str_cmp(a, b) > 0;
}

int ll_rural_sum_add(struct ll_rural_sum *sum, const struct ll_rural_source *s,
                     const struct ll_rural_seen *seen, struct ll_arena *arena, struct ll_err *err)
{
    struct ll_rural_given *g = &sum->given;
    int order = ll_str_cmp(seen->day, g->day);
    bool first = !g->any;
    ll_i128 v = 0;

    if (ll_rural_combines_latest(s->combine) && !first) {
        if (order < 0)
            return LL_OK;
        if (order > 0)
            forget(sum);
    }
    switch (s->combine) {
    case LL_RURAL_LATEST:
        if (first || order > 0 || (order == 0 && ll_str_cmp(seen->value, g->value) > 0))
            g->value = seen->value;
        break;
    case LL_RURAL_MAX:
    case LL_RURAL_MIN:
        if (first || greater(s, seen->value, g->value) == (s->combine == LL_RURAL_MAX))
            g->value = seen->value;
        break;
    case LL_RURAL_SUM:
    case LL_RURAL_LATEST_SUM:
        if (!ll_micro_of(seen->value, &v))
            return LL_OK;
        sum->total += v;
        break;
    case LL_RURAL_ANY:
    case LL_RURAL_LATEST_ANY:
        sum->total = sum->total || ll_str_is(seen->value, "true");
        break;
    case LL_RURAL_LIST:
    case LL_RURAL_LATEST_LIST:
        if (list(sum, seen, arena, err) < 0)
            return LL_NOMEM;
        break;
    case LL_RURAL_COUNT:
        break;
    }
    note(g, seen);
    return LL_OK;
}

static int by_order(const void *a, const void *b)
{
    const struct ll_rural_part *x = a, *y = b;
    int order = ll_str_cmp(x->order, y->order);

    return order ? order : ll_str_cmp(x->value, y->value);
}

static int join(struct ll_rural_sum *sum, struct ll_arena *arena, struct ll_err *err)
{
    struct ll_buf text = LL_BUF_INIT(LL_RURAL_LIST_TEXT * 2);
    const char *kept;

    qsort(sum->parts, sum->n, sizeof *sum->parts, by_order);
    for (size_t i = 0; i < sum->n; i++) {
        if (i && by_order(&sum->parts[i - 1], &sum->parts[i]) == 0)
            continue;
        if (text.n + sum->parts[i].value.n > LL_RURAL_LIST_TEXT)
            break;
        if (text.n)
            ll_buf_z(&text, LL_RURAL_BETWEEN);
        ll_buf_str(&text, sum->parts[i].value);
    }
    kept = text.failed ? NULL : ll_arena_dup(arena, ll_buf_view(&text));
    sum->given.value = (struct ll_str){kept, text.n};
    ll_buf_free(&text);
    return kept ? LL_OK : ll_no_memory(err);
}

/* A number as text that ll_micro_of reads back. */
static int write_micro(struct ll_rural_sum *sum, struct ll_arena *arena, struct ll_err *err)
{
    static const struct ll_rural_item plain = {.decimals = 6};
    static const struct ll_rural_source one = {.times = 1, .divided = 1};
    const char *text = ll_rural_number(&plain, &one, sum->total, arena);

    sum->given.value = ll_str(text);
    return text ? LL_OK : ll_no_memory(err);
}

int ll_rural_sum_end(struct ll_rural_sum *sum, const struct ll_rural_source *s, struct ll_arena *arena,
                     struct ll_err *err)
{
    const char *count;

    if (!sum->given.any)
        return LL_OK;
    switch (s->combine) {
    case LL_RURAL_SUM:
    case LL_RURAL_LATEST_SUM:
        return write_micro(sum, arena, err);
    case LL_RURAL_ANY:
    case LL_RURAL_LATEST_ANY:
        sum->given.value = sum->total ? LL_STR("true") : LL_STR("false");
        return LL_OK;
    case LL_RURAL_LIST:
    case LL_RURAL_LATEST_LIST:
        return join(sum, arena, err);
    case LL_RURAL_COUNT:
        if (!(count = ll_arena_printf(arena, "%zu", sum->given.records)))
            return ll_no_memory(err);
        sum->given.value = ll_str(count);
        return LL_OK;
    default:
        return LL_OK;
    }
}
