/* codes.c - see codes.h.
 *
 * One hash table of keys.  A key is a string that some code answers to, and says which code answers to it as its code, as its
 * title, as a synonym and in normalised form; so that resolving a value that is written properly takes one probe. */
#include "standard/codes.h"

#include "standard/chars.h"

#include <string.h>

enum role { BY_CODE, BY_TITLE, BY_SYNONYM, BY_NORMAL, ROLES };
enum { NONE = 0, SEVERAL = INT32_MAX, NORMAL_MAX = 512 };

struct key {
    struct ll_str s;
    uint64_t hash;
    uint32_t code[ROLES]; /* number of the code + 1; NONE; SEVERAL */
};

struct ll_codeset {
    struct ll_arena *arena;
    const char *name;
    struct ll_code **codes;
    size_t n, cap;
    struct key *keys; /* open addressing, linear probing, at most half full */
    size_t n_keys, mask, longest;
};

struct ll_codeset *ll_codeset_new(struct ll_arena *arena, const char *name, size_t size_hint)
{
    size_t keys = 16;

    if (size_hint > UINT32_MAX / 8)
        return NULL;
    while (keys < size_hint * 4)
        keys *= 2;
    struct ll_codeset *cs = ll_arena_alloc(arena, sizeof *cs);
    if (!cs)
        return NULL;
    cs->arena = arena;
    cs->cap = size_hint ? size_hint : 8;
    cs->mask = keys - 1;
    cs->name = ll_arena_dup(arena, ll_str(name));
    cs->codes = ll_arena_array(arena, cs->cap, sizeof *cs->codes);
    cs->keys = ll_arena_array(arena, keys, sizeof *cs->keys);
    return cs->name && cs->codes && cs->keys ? cs : NULL;
}

/* The key, or the free slot where it would go. */
static struct key *slot(struct key *keys, size_t mask, uint64_t hash, struct ll_str s)
{
    size_t i = hash & mask;

    while (keys[i].s.p && (keys[i].hash != hash || !ll_str_eq(keys[i].s, s)))
        i = (i + 1) & mask;
    return &keys[i];
}

static bool grow_keys(struct ll_codeset *cs)
{
    size_t mask = cs->mask * 2 + 1;
    struct key *keys = ll_arena_array(cs->arena, mask + 1, sizeof *keys);

    if (!keys)
        return false;
    for (size_t i = 0; i <= cs->mask; i++)
        if (cs->keys[i].s.p)
            *slot(keys, mask, cs->keys[i].hash, cs->keys[i].s) = cs->keys[i];
    cs->keys = keys;
    cs->mask = mask;
    return true;
}

/* s must live in the arena, unless `copy`. */
static bool answer(struct ll_codeset *cs, struct ll_str s, enum role role, uint32_t code, bool copy)
{
    if (s.n == 0)
        return true;
    if (cs->n_keys * 2 > cs->mask && !grow_keys(cs))
        return false;
    uint64_t hash = ll_str_hash(s);
    struct key *k = slot(cs->keys, cs->mask, hash, s);
    if (!k->s.p) {
        if (copy && !(s.p = ll_arena_dup(cs->arena, s)))
            return false;
        *k = (struct key){.s = s, .hash = hash};
        cs->n_keys++;
        cs->longest = cs->longest > s.n ? cs->longest : s.n;
    }
    uint32_t *at = &k->code[role];
    *at = *at == NONE || *at == code ? code : SEVERAL;
    return true;
}

/* Half width and without blanks and invisible characters.  Empty when it does not fit. */
static struct ll_str normal(struct ll_str s, char out[NORMAL_MAX])
{
    size_t at = 0, n = 0;

    for (int32_t next; (next = ll_char_next(s, &at)) != -1;) {
        if (next < 0 || n + 4 > NORMAL_MAX)
            return (struct ll_str){out, 0};
        if (ll_char_class((uint32_t)next) == LL_CHAR_VISIBLE)
            n += ll_utf8_put(out + n, ll_char_narrow((uint32_t)next));
    }
    return (struct ll_str){out, n};
}

static bool answer_normal(struct ll_codeset *cs, struct ll_str s, uint32_t code)
{
    char buf[NORMAL_MAX];

    return answer(cs, normal(s, buf), BY_NORMAL, code, true);
}

static bool answer_synonyms(struct ll_codeset *cs, struct ll_str synonyms, uint32_t code)
{
    struct ll_str one;

    for (bool more = synonyms.n > 0; more;) {
        more = ll_str_cut(synonyms, '|', &one, &synonyms);
        if (!answer(cs, ll_str_trim(one), BY_SYNONYM, code, true))
            return false;
    }
    return true;
}

static bool copy_str(struct ll_arena *a, struct ll_str *s)
{
    if (s->p)
        s->p = ll_arena_dup(a, *s);
    else
        s->p = "";
    return s->p != NULL;
}

static struct ll_code *append(struct ll_codeset *cs, const struct ll_code *c)
{
    if (cs->n == cs->cap) {
        struct ll_code **more = ll_arena_array(cs->arena, cs->cap * 2, sizeof(struct ll_code *));
        if (!more)
            return NULL;
        memcpy(more, cs->codes, cs->n * sizeof(struct ll_code *));
        cs->codes = more;
        cs->cap *= 2;
    }
    struct ll_code *own = ll_arena_alloc(cs->arena, sizeof *own);
    if (!own)
        return NULL;
    *own = *c;
    if (!copy_str(cs->arena, &own->code) || !copy_str(cs->arena, &own->title) ||
        !copy_str(cs->arena, &own->title_en) || !copy_str(cs->arena, &own->parent))
        return NULL;
    cs->codes[cs->n++] = own;
    return own;
}

int ll_codeset_add(struct ll_codeset *cs, const struct ll_code *c, struct ll_str synonyms, struct ll_err *err)
{
    if (c->code.n == 0)
        return ll_fail(err, LL_INVALID, "代码表 %s：代码为空", "code table %s: a code is empty", cs->name);
    if (ll_codeset_by_code(cs, c->code))
        return ll_fail(err, LL_CONFLICT, "代码表 %s：代码 %.*s 重复", "code table %s: code %.*s occurs twice",
                       cs->name, LL_STR_ARG(c->code));
    struct ll_code *own = append(cs, c);
    uint32_t number = (uint32_t)cs->n;
    if (!own || !answer(cs, own->code, BY_CODE, number, false) ||
        !answer(cs, own->title, BY_TITLE, number, false) || !answer_synonyms(cs, synonyms, number) ||
        !answer_normal(cs, own->code, number) || !answer_normal(cs, own->title, number))
        return ll_fail(err, LL_NOMEM, "代码表 %s：内存不足", "code table %s: out of memory", cs->name);
    return LL_OK;
}

const char *ll_codeset_name(const struct ll_codeset *cs)
{
    return cs->name;
}

size_t ll_codeset_size(const struct ll_codeset *cs)
{
    return cs->n;
}

const struct ll_code *ll_codeset_at(const struct ll_codeset *cs, size_t i)
{
    LL_ASSERT(i < cs->n);
    return cs->codes[i];
}

static const struct key *look_up(const struct ll_codeset *cs, struct ll_str s)
{
    if (s.n == 0 || s.n > cs->longest)
        return NULL;
    const struct key *k = slot(cs->keys, cs->mask, ll_str_hash(s), s);
    return k->s.p ? k : NULL;
}

static const struct ll_code *code_of(const struct ll_codeset *cs, const struct key *k, enum role role)
{
    return k && k->code[role] != NONE && k->code[role] != SEVERAL ? cs->codes[k->code[role] - 1] : NULL;
}

const struct ll_code *ll_codeset_by_code(const struct ll_codeset *cs, struct ll_str code)
{
    return code_of(cs, look_up(cs, code), BY_CODE);
}

static const struct ll_code *first_answer(const struct ll_codeset *cs, const struct key *k)
{
    const struct ll_code *c = NULL;

    for (int role = BY_CODE; role < ROLES && !c; role++)
        c = code_of(cs, k, (enum role)role);
    return c;
}

/* "360802001 古南街道", as lists offer it where a title alone would not do: both must be of one code. */
static const struct ll_code *both(const struct ll_codeset *cs, struct ll_str raw)
{
    struct ll_str code, title;

    if (!ll_str_cut(raw, ' ', &code, &title))
        return NULL;
    const struct ll_code *c = ll_codeset_by_code(cs, code);
    return c && ll_str_eq(c->title, ll_str_trim(title)) ? c : NULL;
}

const struct ll_code *ll_codeset_resolve(const struct ll_codeset *cs, struct ll_str raw)
{
    const struct ll_code *c = first_answer(cs, look_up(cs, raw));
    char buf[NORMAL_MAX];

    if (!c)
        c = first_answer(cs, look_up(cs, normal(raw, buf)));
    return c ? c : both(cs, ll_str_trim(raw));
}
