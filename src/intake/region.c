/* region.c - a hash from (parent, title) to the code; an address is followed level by level, longest name first. */
#include "intake/region.h"

#include <string.h>

enum { LONGEST_NAME = 20 /* characters */, COUNTY_CODE = 6 /* digits */ };

struct entry {
    struct ll_str parent, title, code; /* parent empty: found without one */
    bool many;                         /* several regions share the title: a guess, so none */
};

struct ll_regions {
    struct entry *slots;
    size_t mask;
};

static uint64_t key_hash(struct ll_str parent, struct ll_str title)
{
    return ll_str_hash(parent) * 31 + ll_str_hash(title);
}

static struct entry *slot_of(const struct ll_regions *r, struct ll_str parent, struct ll_str title)
{
    size_t i = key_hash(parent, title) & r->mask;

    while (r->slots[i].code.p &&
           !(ll_str_eq(r->slots[i].parent, parent) && ll_str_eq(r->slots[i].title, title)))
        i = (i + 1) & r->mask;
    return &r->slots[i];
}

static void insert(struct ll_regions *r, struct ll_str parent, struct ll_str title, struct ll_str code)
{
    struct entry *e = slot_of(r, parent, title);

    if (e->code.p) {
        e->many |= !ll_str_eq(e->code, code);
        return;
    }
    *e = (struct entry){parent, title, code, false};
}

/* Under every region above it: 江西省井冈山市 leaves the city out. */
static void insert_below(struct ll_regions *r, const struct ll_codeset *codes, const struct ll_code *c)
{
    const struct ll_code *above = c;

    for (int level = 0; level < 2 && above && above->parent.n; level++) {
        insert(r, above->parent, c->title, c->code);
        above = ll_codeset_by_code(codes, above->parent);
    }
}

struct ll_regions *ll_regions_new(struct ll_arena *arena, const struct ll_codeset *codes)
{
    struct ll_regions *r = ll_arena_alloc(arena, sizeof *r);
    size_t n = 0, size = 1024;

    for (size_t i = 0; i < ll_codeset_size(codes); i++)
        n += ll_codeset_at(codes, i)->code.n <= COUNTY_CODE;
    while (size < n * 6)
        size *= 2;
    if (!r || !(r->slots = ll_arena_array(arena, size, sizeof *r->slots)))
        return NULL;
    r->mask = size - 1;
    for (size_t i = 0; i < ll_codeset_size(codes); i++) {
        const struct ll_code *c = ll_codeset_at(codes, i);
        if (c->code.n > COUNTY_CODE || c->historical)
            continue;
        insert_below(r, codes, c);
        insert(r, LL_STR(""), c->title, c->code);
    }
    return r;
}

/* The child of `parent` whose title the address begins with, longest first; moves *address past it. */
static struct ll_str step(const struct ll_regions *r, struct ll_str parent, struct ll_str *address)
{
    size_t ends[LONGEST_NAME], n = 0, at = 0;

    while (n < LONGEST_NAME && ll_utf8_next(*address, &at) >= 0)
        ends[n++] = at;
    for (; n >= 2; n--) {
        struct entry *e = slot_of(r, parent, (struct ll_str){address->p, ends[n - 1]});
        if (!e->code.p || e->many)
            continue;
        address->p += ends[n - 1];
        address->n -= ends[n - 1];
        return e->code;
    }
    return (struct ll_str){NULL, 0};
}

struct ll_str ll_regions_of_address(const struct ll_regions *r, struct ll_str address)
{
    struct ll_str found = {NULL, 0}, next = step(r, LL_STR(""), &address);

    while (next.p) {
        found = next;
        next = step(r, found, &address);
    }
    return found;
}
