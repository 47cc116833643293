/* agree.h - whether a value that somebody claims is the one that is there: "usable, not visible".
 *
 * A claim is brought to the form of its element before it is compared, in the ways in which deliveries are, so that 2023年5月1日 agrees with
 * 2023-05-01 and a full-width letter with its half. */
#ifndef LL_SHARE_AGREE_H
#define LL_SHARE_AGREE_H

#include "catalog/model.h"
#include "store/segment.h"

/* Of what the values are. */
struct ll_agree {
    const struct ll_element *element;
    const struct ll_codeset *codes; /* NULL: it has none */
};

bool ll_agrees(const struct ll_agree *a, struct ll_str claim, struct ll_seg_value v);

#endif
