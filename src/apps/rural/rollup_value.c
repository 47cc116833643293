/* rollup_value.c - a household as one value of the roll-up's file, and back; the file's layout is rollup.h's secret.
 *
 * Length and bytes of number, head's name and village's name; count of members; of each item its state, how many values, and of each of those its
 * source, three marks, value, day and number of records.  Numbers are in groups of seven bits, the lowest first. */
#include "apps/rural/rollup_impl.h"

#include "base/clock.h"

enum { MARK_FRESH = 1, MARK_DIFFERS = 2, MARK_DISPUTED = 4 };

static void put_item(struct ll_buf *out, const struct ll_household_item *x)
{
    ll_buf_c(out, (char)x->state);
    ll_buf_c(out, (char)x->n);
    for (size_t i = 0; i < x->n; i++) {
        const struct ll_household_value *v = &x->values[i];
        ll_buf_c(out, (char)(v->source - x->item->sources));
        ll_buf_c(out, (char)((v->fresh ? MARK_FRESH : 0) | (v->differs ? MARK_DIFFERS : 0) |
                             (v->disputed ? MARK_DISPUTED : 0)));
        ll_packed_put_text(out, v->value);
        ll_packed_put_text(out, v->day);
        ll_packed_put_number(out, v->records);
    }
}

void ll_rollup_put_household(struct ll_buf *out, const struct ll_household *h)
{
    ll_packed_put_text(out, h->no);
    ll_packed_put_text(out, h->head_name);
    ll_packed_put_text(out, h->village_name);
    ll_packed_put_number(out, h->n_members);
    for (size_t i = 0; i < h->n_items; i++)
        put_item(out, &h->items[i]);
}

static int get_item(const int64_t *newest, struct ll_packed *b, const struct ll_rural_list *list,
                    struct ll_household_item *x, struct ll_arena *arena, struct ll_err *err)
{
    uint64_t state = ll_packed_number(b), n = ll_packed_number(b);

    if (b->bad || state >= LL_RURAL_STATE_COUNT || n > x->item->n_sources)
        b->bad = true;
    if (b->bad)
        return LL_OK;
    x->state = (enum ll_rural_state)state;
    if (n && !(x->values = ll_arena_array(arena, n, sizeof *x->values)))
        return ll_no_memory(err);
    for (x->n = 0; x->n < n && !b->bad; x->n++) {
        struct ll_household_value *v = &x->values[x->n];
        uint64_t source = ll_packed_number(b), marks = ll_packed_number(b);
        if ((b->bad = b->bad || source >= x->item->n_sources))
            break;
        v->source = &x->item->sources[source];
        v->fresh = marks & MARK_FRESH;
        v->differs = marks & MARK_DIFFERS;
        v->disputed = marks & MARK_DISPUTED;
        v->value = ll_packed_text(b);
        v->day = ll_packed_text(b);
        v->records = ll_packed_number(b);
        v->published_at = newest[v->source - list->sources];
        if (!ll_rural_day(v->day, &v->on))
            v->on = v->published_at ? ll_local_day(v->published_at) : 0;
    }
    return LL_OK;
}

int ll_rollup_get_household(struct ll_str bytes, const struct ll_rural_list *list, const int64_t *newest,
                            struct ll_household *h, struct ll_arena *arena, struct ll_err *err)
{
    struct ll_packed b = {(const unsigned char *)bytes.p, (const unsigned char *)bytes.p + bytes.n, false};
    int rc = LL_OK;

    if (!(h->items = ll_arena_array(arena, list->n, sizeof *h->items)))
        return ll_no_memory(err);
    h->list = list;
    h->no = ll_packed_text(&b);
    h->head_name = ll_packed_text(&b);
    h->village_name = ll_packed_text(&b);
    h->n_members = ll_packed_number(&b);
    for (h->n_items = 0; h->n_items < list->n && rc == LL_OK && !b.bad; h->n_items++) {
        h->items[h->n_items].item = &list->items[h->n_items];
        rc = get_item(newest, &b, list, &h->items[h->n_items], arena, err);
    }
    return rc == LL_OK && b.bad
               ? ll_fail(err, LL_IO, "汇总文件中的一户损坏", "a household in the roll-up is damaged")
               : rc;
}
