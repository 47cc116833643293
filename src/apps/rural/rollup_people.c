/* rollup_people.c - see rollup_people.h. */
#include "apps/rural/rollup_people.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_LONGEST = UINT16_MAX };
#define ARENA_MAX ((size_t)16 << 30)
#define NOBODY UINT32_MAX

struct number {
    uint64_t no;
    uint32_t home; /* NOBODY: an empty place */
};

/* A person until all are in. */
struct arrival {
    struct ll_rollup_person who;
    const char *order;
    uint32_t n;
    bool as_head; /* his kinship is a head's */
};

struct ll_rollup_people {
    struct ll_arena *arena, *arriving;
    struct ll_rollup_home *homes;
    struct number *numbers; /* open addressing, by the hash itself */
    struct ll_rollup_person *persons;
    struct arrival *arrivals;
    size_t n_homes, n_persons, room, numbers_mask, persons_mask;
};

struct ll_str ll_rollup_home_text(const struct ll_rollup_home *h, size_t which)
{
    const char *p = h->texts;

    for (size_t i = 0; i < which; i++)
        p += h->n[i];
    return (struct ll_str){p, h->n[which]};
}

/* A power of two that half of it leaves empty. */
static size_t places(size_t n)
{
    size_t room = 16;

    while (room < n * 2)
        room *= 2;
    return room;
}

int ll_rollup_people_new(size_t homes, size_t persons, struct ll_rollup_people **ret, struct ll_err *err)
{
    struct ll_rollup_people *p = calloc(1, sizeof *p);

    if (!p)
        return ll_no_memory(err);
    p->numbers_mask = places(homes) - 1;
    p->persons_mask = places(persons) - 1;
    p->n_homes = homes;
    p->room = persons;
    p->arena = ll_arena_new(ARENA_MAX);
    p->arriving = ll_arena_new(ARENA_MAX);
    if (!p->arena || !p->arriving || !(p->homes = ll_arena_array(p->arena, homes + 1, sizeof *p->homes)) ||
        !(p->numbers = ll_arena_array(p->arena, p->numbers_mask + 1, sizeof *p->numbers)) ||
        !(p->persons = ll_arena_array(p->arena, p->persons_mask + 1, sizeof *p->persons)) ||
        !(p->arrivals = ll_arena_array(p->arriving, persons + 1, sizeof *p->arrivals))) {
        ll_rollup_people_free(p);
        return ll_no_memory(err);
    }
    for (size_t i = 0; i <= p->numbers_mask; i++)
        p->numbers[i].home = NOBODY;
    for (size_t i = 0; i <= p->persons_mask; i++)
        p->persons[i].home = NOBODY;
    *ret = p;
    return LL_OK;
}

struct ll_rollup_people *ll_rollup_people_free(struct ll_rollup_people *p)
{
    if (p) {
        ll_arena_free(p->arena);
        ll_arena_free(p->arriving);
        free(p);
    }
    return NULL;
}

int ll_rollup_people_home(struct ll_rollup_people *p, size_t at, uint64_t no, struct ll_str key,
                          const struct ll_str texts[LL_ROLLUP_TEXTS], struct ll_err *err)
{
    struct ll_rollup_home *h = &p->homes[at];
    size_t all = 0, place = no & p->numbers_mask;
    char *copy;

    LL_ASSERT(at < p->n_homes && key.n == sizeof h->key);
    for (size_t i = 0; i < LL_ROLLUP_TEXTS; i++) {
        h->n[i] = (uint16_t)(texts[i].n < TEXT_LONGEST ? texts[i].n : TEXT_LONGEST);
        all += h->n[i];
    }
    if (!(copy = ll_arena_alloc(p->arena, all + 1)))
        return ll_no_memory(err);
    h->texts = copy;
    for (size_t i = 0; i < LL_ROLLUP_TEXTS; copy += h->n[i], i++)
        if (h->n[i])
            memcpy(copy, texts[i].p, h->n[i]);
    memcpy(h->key, key.p, sizeof h->key);
    while (p->numbers[place].home != NOBODY)
        place = (place + 1) & p->numbers_mask;
    p->numbers[place] = (struct number){no, (uint32_t)at};
    return LL_OK;
}

int ll_rollup_people_person(struct ll_rollup_people *p, const struct ll_rollup_person *who,
                            struct ll_str order, bool as_head, struct ll_err *err)
{
    struct arrival *a = &p->arrivals[p->n_persons];
    char *copy = ll_arena_alloc(p->arriving, order.n + 1);

    LL_ASSERT(p->n_persons < p->room && who->home < p->n_homes);
    if (!copy)
        return ll_no_memory(err);
    if (order.n)
        memcpy(copy, order.p, order.n);
    *a = (struct arrival){*who, copy, (uint32_t)order.n, as_head};
    p->n_persons++;
    return LL_OK;
}

/* Household by household, the head first. */
static int by_order(const void *a, const void *b)
{
    const struct arrival *x = a, *y = b;

    if (x->who.home != y->who.home)
        return x->who.home < y->who.home ? -1 : 1;
    if (x->who.head != y->who.head)
        return x->who.head ? -1 : 1;
    return ll_str_cmp((struct ll_str){x->order, x->n}, (struct ll_str){y->order, y->n});
}

int ll_rollup_people_done(struct ll_rollup_people *p, struct ll_err *err)
{
    qsort(p->arrivals, p->n_persons, sizeof *p->arrivals, by_order);
    for (size_t i = 0; i < p->n_persons; i++) {
        struct arrival *a = &p->arrivals[i];
        struct ll_rollup_home *h = &p->homes[a->who.home];
        size_t place = a->who.id & p->persons_mask;
        if (h->members == UCHAR_MAX)
            return ll_fail(err, LL_TOOBIG, "一户的成员超过 %d 人", "a household has more than %d members",
                           UCHAR_MAX);
        a->who.rank = (unsigned char)h->members;
        a->who.head = a->who.head || (!h->members && a->as_head);
        h->members++;
        while (p->persons[place].home != NOBODY)
            place = (place + 1) & p->persons_mask;
        p->persons[place] = a->who;
    }
    p->arriving = ll_arena_free(p->arriving);
    p->arrivals = NULL;
    return LL_OK;
}

size_t ll_rollup_homes(const struct ll_rollup_people *p)
{
    return p->n_homes;
}

size_t ll_rollup_persons(const struct ll_rollup_people *p)
{
    return p->n_persons;
}

const struct ll_rollup_home *ll_rollup_home(const struct ll_rollup_people *p, size_t at)
{
    return &p->homes[at];
}

bool ll_rollup_home_of(const struct ll_rollup_people *p, uint64_t no, uint32_t *ret)
{
    for (size_t i = no & p->numbers_mask; p->numbers[i].home != NOBODY; i = (i + 1) & p->numbers_mask)
        if (p->numbers[i].no == no) {
            *ret = p->numbers[i].home;
            return true;
        }
    return false;
}

const struct ll_rollup_person *ll_rollup_person_of(const struct ll_rollup_people *p, uint64_t id)
{
    for (size_t i = id & p->persons_mask; p->persons[i].home != NOBODY; i = (i + 1) & p->persons_mask)
        if (p->persons[i].id == id)
            return &p->persons[i];
    return NULL;
}
