/* strsort.c - see strsort.h.
 *
 * Quicksort in three parts, looking at seven bytes of each text at a time (multikey quicksort with cached words): what compares
 * equal is sorted further by its next seven bytes, so that long common beginnings are read once, not at every comparison.
 *
 * A word holds seven bytes and, in its lowest byte, how many of them are the text's (8: it goes on): a text that ends sorts before one that
 * goes on with NUL bytes, and equal words of ended texts are equal texts.  The place in the order is then the last word. */
#include "store/strsort.h"

enum { BYTES = 7, SMALL = 12 };

struct sort {
    struct ll_str (*key_of)(const void *ctx, uint32_t at);
    const void *ctx;
    uint64_t random; /* pivots are drawn, so that no order of input is a bad one */
};

static void load(const struct sort *s, struct ll_strref *refs, size_t n, size_t depth)
{
    for (size_t i = 0; i < n; i++) {
        struct ll_str key = s->key_of(s->ctx, refs[i].at);
        size_t left = key.n - depth, take = left < BYTES ? left : BYTES;
        uint64_t word = 0;
        for (size_t b = 0; b < take; b++)
            word |= (uint64_t)(uint8_t)key.p[depth + b] << (56 - 8 * b);
        refs[i].word = word | (left > BYTES ? BYTES + 1 : left);
    }
}

static void load_places(struct ll_strref *refs, size_t n)
{
    for (size_t i = 0; i < n; i++)
        refs[i].word = refs[i].at;
}

static uint64_t draw(struct sort *s, const struct ll_strref *refs, size_t n)
{
    s->random = s->random * 6364136223846793005u + 1442695040888963407u;
    return refs[(s->random >> 33) % n].word;
}

static uint64_t median(uint64_t a, uint64_t b, uint64_t c)
{
    if (a > b)
        return median(b, a, c);
    return c < a ? a : c > b ? b : c;
}

static void swap(struct ll_strref *a, struct ll_strref *b)
{
    struct ll_strref t = *a;

    *a = *b;
    *b = t;
}

/* refs becomes [less | equal | greater] than a drawn word; the bounds of the equal ones. */
static void partition(struct sort *s, struct ll_strref *refs, size_t n, size_t *ret_low, size_t *ret_high)
{
    uint64_t pivot = median(draw(s, refs, n), draw(s, refs, n), draw(s, refs, n));
    size_t low = 0, at = 0, high = n;

    while (at < high) {
        if (refs[at].word < pivot)
            swap(&refs[low++], &refs[at++]);
        else if (refs[at].word > pivot)
            swap(&refs[at], &refs[--high]);
        else
            at++;
    }
    *ret_low = low;
    *ret_high = high;
}

static void sort_words(struct sort *s, struct ll_strref *refs, size_t n, size_t depth, bool places);

static bool all_equal(const struct ll_strref *refs, size_t n)
{
    for (size_t i = 1; i < n; i++)
        if (refs[i].word != refs[0].word)
            return false;
    return true;
}

/* A run of equal words: by what comes after, or, where the texts end, by their places.  What all have in common is passed in a
 * loop: recursion would be as deep as equal texts are long. */
static void sort_equal(struct sort *s, struct ll_strref *refs, size_t n, size_t depth)
{
    if (n < 2)
        return;
    while ((refs[0].word & 0xff) > BYTES) {
        depth += BYTES;
        load(s, refs, n, depth);
        if (!all_equal(refs, n)) {
            sort_words(s, refs, n, depth, false);
            return;
        }
    }
    load_places(refs, n);
    sort_words(s, refs, n, depth, true);
}

static void sort_small(struct sort *s, struct ll_strref *refs, size_t n, size_t depth, bool places)
{
    for (size_t i = 1; i < n; i++)
        for (size_t j = i; j > 0 && refs[j].word < refs[j - 1].word; j--)
            swap(&refs[j], &refs[j - 1]);
    for (size_t from = 0, to; !places && from < n; from = to) {
        for (to = from + 1; to < n && refs[to].word == refs[from].word; to++)
            ;
        sort_equal(s, refs + from, to - from, depth);
    }
}

static void sort_words(struct sort *s, struct ll_strref *refs, size_t n, size_t depth, bool places)
{
    size_t low, high;

    if (n <= SMALL) {
        sort_small(s, refs, n, depth, places);
        return;
    }
    partition(s, refs, n, &low, &high);
    sort_words(s, refs, low, depth, places);
    sort_words(s, refs + high, n - high, depth, places);
    if (!places)
        sort_equal(s, refs + low, high - low, depth);
}

void ll_strsort(struct ll_strref *refs, size_t n, struct ll_str (*key_of)(const void *ctx, uint32_t at),
                const void *ctx)
{
    struct sort s = {.key_of = key_of, .ctx = ctx, .random = 1};

    load(&s, refs, n, 0);
    sort_words(&s, refs, n, 0, false);
}
