/* feature_kept.c - see feature_kept.h. */
#include "apps/finance/feature_kept.h"

#include "apps/finance/feature_now.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PLACES = 4, SETS = LL_FEATURES_KEPT / PLACES, FIRM_CHARS = 24 };

struct place {
    char firm[FIRM_CHARS]; /* "": free */
    char *bytes;
    size_t n;
    uint64_t asked;
};

struct ll_feature_kept {
    pthread_mutex_t lock;
    char basis[LL_SHA256_HEX];
    uint64_t clock;
    struct place places[SETS][PLACES];
};

int ll_feature_kept_new(struct ll_feature_kept **ret, struct ll_err *err)
{
    struct ll_feature_kept *k = calloc(1, sizeof *k);

    if (!k)
        return ll_no_memory(err);
    pthread_mutex_init(&k->lock, NULL);
    *ret = k;
    return LL_OK;
}

static void let_go(struct place *p)
{
    if (p->bytes)
        explicit_bzero(p->bytes, p->n);
    free(p->bytes);
    *p = (struct place){.n = 0};
}

static void clear(struct ll_feature_kept *k)
{
    for (size_t i = 0; i < SETS; i++)
        for (size_t j = 0; j < PLACES; j++)
            let_go(&k->places[i][j]);
    k->basis[0] = 0;
}

struct ll_feature_kept *ll_feature_kept_free(struct ll_feature_kept *k)
{
    if (!k)
        return NULL;
    clear(k);
    pthread_mutex_destroy(&k->lock);
    free(k);
    return NULL;
}

void ll_feature_kept_clear(struct ll_feature_kept *k)
{
    pthread_mutex_lock(&k->lock);
    clear(k);
    pthread_mutex_unlock(&k->lock);
}

/* FNV-1a */
static struct place *places_of(struct ll_feature_kept *k, struct ll_str firm)
{
    uint64_t h = UINT64_C(14695981039346656037);

    for (size_t i = 0; i < firm.n; i++)
        h = (h ^ (unsigned char)firm.p[i]) * UINT64_C(1099511628211);
    return k->places[(h ^ h >> 32) % SETS];
}

static struct place *find(struct place *four, struct ll_str firm)
{
    for (size_t i = 0; i < PLACES; i++)
        if (four[i].firm[0] && ll_str_is(firm, four[i].firm))
            return &four[i];
    return NULL;
}

bool ll_feature_kept_get(struct ll_feature_kept *k, const char *basis, struct ll_str firm, struct ll_buf *out)
{
    struct place *p = NULL;

    pthread_mutex_lock(&k->lock);
    if (strcmp(k->basis, basis) == 0 && (p = find(places_of(k, firm), firm))) {
        p->asked = ++k->clock;
        ll_buf_add(out, p->bytes, p->n);
    }
    pthread_mutex_unlock(&k->lock);
    return p && !out->failed;
}

static struct place *oldest(struct place *four)
{
    struct place *p = four;

    for (size_t i = 1; i < PLACES; i++)
        if (four[i].asked < p->asked)
            p = &four[i];
    return p;
}

void ll_feature_kept_put(struct ll_feature_kept *k, const char *basis, struct ll_str firm,
                         struct ll_str bytes)
{
    char *copy = malloc(bytes.n + 1);

    if (!copy || firm.n >= FIRM_CHARS || !firm.n) { /* it is computed again, no more */
        free(copy);
        return;
    }
    if (bytes.n)
        memcpy(copy, bytes.p, bytes.n);
    pthread_mutex_lock(&k->lock);
    if (strcmp(k->basis, basis) != 0) {
        clear(k);
        snprintf(k->basis, sizeof k->basis, "%s", basis);
    }
    struct place *four = places_of(k, firm), *p = find(four, firm);
    if (!p)
        p = oldest(four);
    let_go(p);
    memcpy(p->firm, firm.p, firm.n);
    p->bytes = copy;
    p->n = bytes.n;
    p->asked = ++k->clock;
    pthread_mutex_unlock(&k->lock);
}

size_t ll_feature_kept_count(struct ll_feature_kept *k)
{
    size_t n = 0;

    pthread_mutex_lock(&k->lock);
    for (size_t i = 0; i < SETS * PLACES; i++)
        n += k->places[i / PLACES][i % PLACES].firm[0] != 0;
    pthread_mutex_unlock(&k->lock);
    return n;
}
