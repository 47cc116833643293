/* element.h - the vocabulary of the unified standard: types, faults, quality dimensions, and the element itself. */
#ifndef LL_STANDARD_ELEMENT_H
#define LL_STANDARD_ELEMENT_H

#include "base/err.h"
#include "base/str.h"
#include "standard/tbl/faults.h"
#include "standard/tbl/types.h"

#define X(name, text, lake, segment) LL_TYPE_##name,
enum ll_type { LL_TYPES(X) LL_TYPE_COUNT };
#undef X
#define X(name, ...) LL_DIM_##name,
enum ll_dimension { LL_DIMENSIONS(X) LL_DIM_COUNT };
#undef X
#define X(name, ...) LL_FAULT_##name,
enum ll_fault { LL_FAULTS(X) LL_FAULT_COUNT };
#undef X

/* One data element.  Strings are borrowed from the catalogue that holds it; NULL where the pack leaves a cell empty. */
struct ll_element {
    const char *code, *name, *title, *title_en;
    enum ll_type type;
    unsigned precision, scale; /* decimal only */
    unsigned length;           /* most characters; 0: no limit */
    const char *format, *code_table, *check, *unit;
    unsigned grade;       /* 1 to 4 */
    const char *synonyms; /* headers under which sources write it, divided by '|' */
    const char *basis, *source;
    const char *pack;
};

const char *ll_type_name(enum ll_type t);
const char *ll_type_title(enum ll_type t, enum ll_lang lang); /* "日期", "a date": completes "is not ..." */
/* "decimal(18,2)" and the like; false when it is no type. */
bool ll_type_parse(struct ll_str s, enum ll_type *ret, unsigned *precision, unsigned *scale);
const char *ll_fault_code(enum ll_fault f);
/* What the fault of that code is called in a table of counts; NULL when there is none. */
const char *ll_fault_title(struct ll_str code, enum ll_lang lang);
enum ll_dimension ll_fault_dimension(enum ll_fault f);
const char *ll_dimension_name(enum ll_dimension d);
const char *ll_dimension_title(enum ll_dimension d, enum ll_lang lang);
bool ll_dimension_parse(struct ll_str s, enum ll_dimension *ret);

struct ll_buf;
/* The fault's text with {item}, {value} and {detail} filled in. */
void ll_fault_text(struct ll_buf *out, enum ll_fault f, enum ll_lang lang, struct ll_str item,
                   struct ll_str value, struct ll_str detail);

#endif
