/* rating_impl.h - between rating.c, which leads, rating_marks.c, which reads what committees decided, and rating_file.c. */
#ifndef LL_APPS_RURAL_RATING_IMPL_H
#define LL_APPS_RURAL_RATING_IMPL_H

#include "apps/rural/rating.h"
#include "store/vault.h"

/* The newest published mark of a household. */
struct ll_marked {
    unsigned char key[LL_BLIND];
    enum ll_review_mark mark;
    const char *reasons, *reviewed_on, *round;
};
/* All of them in the order of the key; in arena. */
int ll_rating_marks(struct ll_data *d, const struct ll_catalog *cat, const struct ll_rural_list *list,
                    struct ll_marks *marks, struct ll_arena *arena, struct ll_marked **ret, size_t *ret_n,
                    struct ll_err *err) LL_MUST;

struct ll_rating_file;
int ll_rating_file_open(struct ll_data *d, const struct ll_rural_card *card, const char *path,
                        struct ll_arena *arena, struct ll_rating_file **ret, struct ll_err *err) LL_MUST;
/* By rising key; m NULL: not reviewed. */
int ll_rating_file_add(struct ll_rating_file *f, const unsigned char key[LL_BLIND],
                       const struct ll_household *h, const struct ll_marked *m, struct ll_err *err) LL_MUST;
/* Seals the file with what is known of the run, or removes it where rc says that something failed; frees f. */
int ll_rating_file_end(struct ll_rating_file *f, struct ll_rating *run, int rc, struct ll_err *err) LL_MUST;

#endif
