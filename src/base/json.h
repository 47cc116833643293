/* json.h - writes JSON straight into a buffer, so that an answer is never built twice.
 * Commas and nesting are kept here; closing more than was opened stops the program.
 * Reading JSON is jansson's work. */
#ifndef LL_BASE_JSON_H
#define LL_BASE_JSON_H

#include "base/buf.h"

#define LL_JSON_DEPTH 32

struct ll_json {
    struct ll_buf *out;
    unsigned depth;
    bool comma[LL_JSON_DEPTH];
    bool after_key;
};

void ll_json_init(struct ll_json *j, struct ll_buf *out);
void ll_json_obj(struct ll_json *j);
void ll_json_end_obj(struct ll_json *j);
void ll_json_arr(struct ll_json *j);
void ll_json_end_arr(struct ll_json *j);
void ll_json_key(struct ll_json *j, const char *key);
void ll_json_str(struct ll_json *j, struct ll_str s);
void ll_json_z(struct ll_json *j, const char *z); /* NULL becomes null */
void ll_json_int(struct ll_json *j, int64_t v);
void ll_json_num(struct ll_json *j,
                 double v); /* shortest form that reads back the same; null for NaN and infinities */
void ll_json_bool(struct ll_json *j, bool v);
void ll_json_null(struct ll_json *j);
void ll_json_raw(struct ll_json *j, struct ll_str json); /* already JSON */
/* Already JSON, up to a value that follows: names that are written again and again are put together once. */
void ll_json_raw_key(struct ll_json *j, struct ll_str json);

/* Appends JSON of ours with its numbers as texts: a parser would make doubles of decimals; in quotes they keep every digit. */
void ll_json_quote_numbers(struct ll_str json, struct ll_buf *out);

/* key and value in one call, for the common shapes */
void ll_json_kz(struct ll_json *j, const char *key, const char *z);
void ll_json_ks(struct ll_json *j, const char *key, struct ll_str s);
void ll_json_ki(struct ll_json *j, const char *key, int64_t v);
void ll_json_kn(struct ll_json *j, const char *key, double v);
void ll_json_kb(struct ll_json *j, const char *key, bool v);

#endif
