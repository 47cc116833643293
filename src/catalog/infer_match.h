/* infer_match.h - which element of the catalogue a column is most likely to be. */
#ifndef LL_CATALOG_INFER_MATCH_H
#define LL_CATALOG_INFER_MATCH_H

#include "catalog/catalog.h"
#include "catalog/header.h"
#include "catalog/infer_stats.h"

/* The elements of a catalogue with their titles and synonyms read as headers; made once for all columns. */
struct ll_matcher;

struct ll_match {
    const struct ll_element *element; /* NULL: nothing fits */
    double header, values, score;     /* 0 to 1 each */
    const char *known_as;             /* the title or synonym that the header is like */
};

int ll_matcher_new(const struct ll_catalog *cat, struct ll_arena *arena, struct ll_matcher **ret);
/* The best fit for a column. */
int ll_matcher_best(struct ll_matcher *m, const struct ll_header *header, const struct ll_stats *stats,
                    struct ll_match *ret);
/* How well the values are values of e: 0 to 1. */
double ll_values_fit(const struct ll_element *e, const struct ll_codeset *codes, const struct ll_stats *s);

#endif
