/* figures.h - what a catalogue card tells of a resource: how many records it shows now, since when, how good they are.
 *
 * Counting reads a whole table, so it is done behind the requests, and again only when the resource's list of segments has changed;
 * a request gets the newest figures there are, at once. */
#ifndef LL_HTTP_FIGURES_H
#define LL_HTTP_FIGURES_H

#include "base/err.h"
#include "base/str.h"

struct ll_data;
struct ll_figures;
struct ll_tables;

struct ll_figure {
    int64_t records;      /* -1: not counted yet */
    int64_t published_at; /* of the newest batch; 0: nothing is published */
    double quality;       /* mean of the dimensions of that batch; < 0: not known */
};

int ll_figures_open(struct ll_data *d, struct ll_tables *tables, struct ll_figures **ret,
                    struct ll_err *err) LL_MUST;
struct ll_figures *ll_figures_close(struct ll_figures *f); /* NULL is fine; returns NULL */
struct ll_figure ll_figures_get(struct ll_figures *f, const char *resource);
/* Everything that is counted or waits to be: resource names live as long as f. */
struct ll_arena;
struct ll_figure_of {
    const char *resource;
    struct ll_figure figure;
};
int ll_figures_all(struct ll_figures *f, struct ll_arena *arena, struct ll_figure_of **ret, size_t *ret_n,
                   struct ll_err *err) LL_MUST;
/* The mean of the dimensions that a quality report (JSON text, may be NULL) scores; -1 when it scores none. */
double ll_quality_mean(const char *quality);

#endif
