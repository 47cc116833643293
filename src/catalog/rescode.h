/* rescode.h - the code of a catalogue entry: 类 (1 digit) 项 (2) 目 (3) 细目 (free) "/" 顺序码, e.g. 3081001/00001.
 * Guide for compiling government information resource catalogues (发改高技〔2017〕1272号): levels and lengths are quoted, the
 * numbering of 项 is recalled. */
#ifndef LL_CATALOG_RESCODE_H
#define LL_CATALOG_RESCODE_H

#include "base/err.h"
#include "base/str.h"

struct ll_rescode {
    struct ll_str class_, group, section, detail,
        number; /* 类 项 目 细目 顺序码; they point into the text parsed */
};

/* false when s is no resource code; *bad is then the offset of what is wrong. */
bool ll_rescode_parse(struct ll_str s, struct ll_rescode *ret, size_t *bad);
/* What 类 and 项 mean; NULL where the guide gives no name. */
const char *ll_rescode_class_title(const struct ll_rescode *c, enum ll_lang lang);
const char *ll_rescode_group_title(const struct ll_rescode *c, enum ll_lang lang);

#endif
