/* json_split.h - finds where the values of a JSON text begin and end, a window at a time, without understanding them. */
#ifndef LL_INTAKE_DECODE_JSON_SPLIT_H
#define LL_INTAKE_DECODE_JSON_SPLIT_H

#include "base/str.h"

/* LINES: a value a line.  ARRAY: the elements of one array.  STREAM: values one after another, over any number of lines. */
enum ll_json_shape { LL_JSON_LINES, LL_JSON_ARRAY, LL_JSON_STREAM };

/* What may come next.  For LINES and STREAM it is always LL_JSON_VALUE. */
enum ll_json_next { LL_JSON_OPEN, LL_JSON_FIRST, LL_JSON_VALUE, LL_JSON_COMMA, LL_JSON_END };

struct ll_json_split {
    enum ll_json_shape shape;
    enum ll_json_next next;
    size_t max_record;
    unsigned wrapped; /* ARRAY: objects around it (json_wrap.h), which what follows it must close */
    uint64_t line;    /* of the next byte */
    bool in_long;     /* LINES: within a line that was too long */
};

enum ll_json_found {
    LL_JSON_GOT,    /* *value is one value */
    LL_JSON_NEED,   /* more of the text is needed */
    LL_JSON_DONE,   /* the text ends, as it should */
    LL_JSON_BROKEN, /* no value can be found here or after: *value is the rest of the window */
    LL_JSON_LONG    /* LINES: a line over max_record, *value is its start */
};

/* Looks at [*p, end) and moves *p past what was found.  last: end is the end of the text.  *line: where the value starts. */
enum ll_json_found ll_json_split(struct ll_json_split *s, const char **p, const char *end, bool last,
                                 struct ll_str *value, uint64_t *line);

/* The byte after the value that starts at p, or NULL when it does not end before `end`. */
const char *ll_json_value_end(const char *p, const char *end);

#endif
