/* settle.c - see settle.h. */
#include "apps/rural/settle.h"

#include "base/clock.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { MICRO = 1000000, MICRO_DIGITS = 6, WHOLE_DIGITS = 24 };

/* ---- numbers ---- */

bool ll_micro_of(struct ll_str text, ll_i128 *ret)
{
    bool minus = text.n && text.p[0] == '-';
    ll_i128 v = 0;
    int whole = 0, part = -1;

    for (size_t i = minus; i < text.n; i++) {
        char c = text.p[i];
        if (c == '.' && part < 0) {
            part = 0;
            continue;
        }
        if (c < '0' || c > '9' || (part < 0 && ++whole > WHOLE_DIGITS))
            return false;
        if (part < MICRO_DIGITS)
            v = v * 10 + (c - '0');
        if (part >= 0)
            part++;
    }
    for (int i = part < 0 ? 0 : part; i < MICRO_DIGITS; i++)
        v *= 10;
    *ret = minus ? -v : v;
    return whole > 0;
}

static ll_i128 rounded(ll_i128 v, ll_i128 by)
{
    return v < 0 ? -((-v + by / 2) / by) : (v + by / 2) / by;
}

/* Millionths with so many decimals; -1: as many as there are. */
static const char *number_text(ll_i128 v, int decimals, struct ll_arena *arena)
{
    ll_i128 unit = MICRO;
    char part[MICRO_DIGITS + 2] = "";
    int n = MICRO_DIGITS;

    if (decimals >= 0) {
        for (int i = 0; i < decimals; i++)
            unit /= 10;
        v = rounded(v, unit) * unit;
    }
    uint64_t whole = (uint64_t)((v < 0 ? -v : v) / MICRO), rest = (uint64_t)((v < 0 ? -v : v) % MICRO);
    for (int i = MICRO_DIGITS; i > 0; i--, rest /= 10)
        part[i] = (char)('0' + rest % 10);
    part[0] = '.';
    while (decimals < 0 && n > 0 && part[n] == '0')
        n--;
    if (decimals >= 0)
        n = decimals;
    return ll_arena_printf(arena, "%s%" PRIu64 "%.*s", v < 0 ? "-" : "", whole, n ? n + 1 : 0, part);
}

const char *ll_rural_number(const struct ll_rural_item *item, const struct ll_rural_source *source, ll_i128 v,
                            struct ll_arena *arena)
{
    bool factor = source->times != 1 || source->divided != 1;

    return number_text(factor ? rounded(v * source->times, source->divided) : v, item->decimals, arena);
}

struct ll_str ll_rural_shown(const struct ll_rural_item *item, const struct ll_rural_source *source,
                             struct ll_str value, struct ll_arena *arena)
{
    bool number = (item->number && source->combine != LL_RURAL_LIST) || source->combine == LL_RURAL_COUNT;
    const char *text;
    ll_i128 n;

    if (!number || !ll_micro_of(value, &n))
        return value.p ? value : LL_STR("");
    text = ll_rural_number(item, source, n, arena);
    return text ? ll_str(text) : (struct ll_str){NULL, 0};
}

/* ---- days ---- */

bool ll_rural_day(struct ll_str text, int32_t *ret)
{
    int64_t y, m = 12, d = 31;
    bool month = text.n == 6, whole = text.n >= 10 && text.p[4] == '-' && text.p[7] == '-';

    if ((text.n != 4 && !month && !whole) || !ll_str_i64((struct ll_str){text.p, 4}, 1, 9999, &y) ||
        (month && !ll_str_i64((struct ll_str){text.p + 4, 2}, 1, 12, &m)))
        return false;
    if (whole && (!ll_str_i64((struct ll_str){text.p + 5, 2}, 1, 12, &m) ||
                  !ll_str_i64((struct ll_str){text.p + 8, 2}, 1, 31, &d)))
        return false;
    *ret = month ? ll_days_from_civil((int)(m == 12 ? y + 1 : y), (unsigned)(m == 12 ? 1 : m + 1), 1) - 1
                 : ll_days_from_civil((int)y, (unsigned)m, (unsigned)d);
    return true;
}

/* ---- values ---- */

static int take_value(const struct ll_rural_item *item, const struct ll_rural_source *s,
                      const struct ll_rural_given *g, int32_t today, struct ll_arena *arena,
                      struct ll_household_value *v, struct ll_err *err)
{
    *v = (struct ll_household_value){.source = s,
                                     .value = ll_rural_shown(item, s, g->value, arena),
                                     .day = g->day,
                                     .published_at = g->published_at,
                                     .batch = g->batch,
                                     .records = g->records,
                                     .disputed = g->disputed};
    if (!v->value.p)
        return ll_no_memory(err);
    if (!ll_rural_day(g->day, &v->on))
        v->on = g->published_at ? ll_local_day(g->published_at) : today;
    if (v->on > today)
        v->on = today;
    v->fresh = !s->fresh || today - v->on <= (int32_t)s->fresh;
    return LL_OK;
}

/* The one that counts comes first. */
static int by_worth(const void *a, const void *b)
{
    const struct ll_household_value *x = a, *y = b;

    if (x->fresh != y->fresh)
        return x->fresh ? -1 : 1;
    if (x->source->precedence != y->source->precedence)
        return x->source->precedence < y->source->precedence ? -1 : 1;
    if (x->on != y->on)
        return x->on > y->on ? -1 : 1;
    return x->source < y->source ? -1 : 1;
}

static bool differ(const struct ll_rural_item *item, struct ll_str a, struct ll_str b)
{
    ll_i128 x, y;

    if (ll_str_eq(a, b))
        return false;
    if (!item->number || !ll_micro_of(a, &x) || !ll_micro_of(b, &y))
        return true;
    ll_i128 apart = x > y ? x - y : y - x, most = x > y ? x : y;
    return apart * 100 > (most < 0 ? -most : most) * item->tolerance;
}

static enum ll_rural_state state_with(const struct ll_household_item *x)
{
    const struct ll_household_value *first = &x->values[0];

    if (first->disputed)
        return LL_RURAL_DISPUTED;
    if (!first->fresh)
        return LL_RURAL_OUT_OF_DATE;
    for (size_t i = 1; i < x->n; i++)
        if (x->values[i].fresh && x->values[i].differs)
            return LL_RURAL_CONFLICTING;
    return LL_RURAL_PRESENT;
}

static enum ll_rural_state state_without(const struct ll_rural_item *item, const struct ll_rural_given *given,
                                         int32_t today)
{
    bool connected = false, shown = false, late = true;

    for (size_t i = 0; i < item->n_sources; i++) {
        const struct ll_rural_source *s = &item->sources[i];
        shown = shown || given[i].shown || !s->resource;
        if (!given[i].shown || !given[i].newest)
            continue;
        connected = true;
        late = late && s->fresh && today - ll_local_day(given[i].newest) > (int32_t)s->fresh;
    }
    if (!shown)
        return LL_RURAL_NOT_GRANTED;
    return !connected ? LL_RURAL_NOT_CONNECTED : late ? LL_RURAL_SOURCE_LATE : LL_RURAL_ABSENT;
}

int ll_rural_settle(const struct ll_rural_item *item, const struct ll_rural_given *given, int32_t today,
                    struct ll_arena *arena, struct ll_household_item *ret, struct ll_err *err)
{
    size_t any = 0;
    int rc = LL_OK;

    *ret = (struct ll_household_item){.item = item};
    for (size_t i = 0; i < item->n_sources; i++) {
        any += given[i].shown && given[i].any;
        if (given[i].shown && given[i].newest > ret->newest)
            ret->newest = given[i].newest;
    }
    if (!any) {
        ret->state = state_without(item, given, today);
        return LL_OK;
    }
    if (!(ret->values = ll_arena_array(arena, any, sizeof *ret->values)))
        return ll_no_memory(err);
    for (size_t i = 0; i < item->n_sources && rc == LL_OK; i++)
        if (given[i].shown && given[i].any)
            rc = take_value(item, &item->sources[i], &given[i], today, arena, &ret->values[ret->n++], err);
    qsort(ret->values, ret->n, sizeof *ret->values, by_worth);
    for (size_t i = 1; i < ret->n; i++)
        ret->values[i].differs = differ(item, ret->values[0].value, ret->values[i].value);
    if (rc == LL_OK)
        ret->state = state_with(ret);
    return rc;
}
