/* link_sql.h - a linkage model as statements of the engine: cleaned records, pairs, levels, weights.
 *
 * Tables, by side 0 and 1 (a table against itself has only side 0, which is then both):
 *   link_s<side>  rid, id, f<i> the cleaned fields, x_org, x_reg, x_person the canonical identifiers
 *   link_p<side>  the same with n<i> numbers and days, t<i> -log2 of the value's frequency, k<i> the hash of rule i's key
 * In a pair the sides are l and r.  Of a field only its place in the model stands in names, so that no text of a model becomes SQL except
 * as a quoted column or literal. */
#ifndef LL_APPS_CREDIT_LINK_SQL_H
#define LL_APPS_CREDIT_LINK_SQL_H

#include "apps/credit/link_em.h"

/* SELECT of link_s: source is SQL of a table with the columns that actual[] names, in the order of ll_link_columns. */
void ll_link_sql_clean(struct ll_buf *sql, const struct ll_link_model *m, const char *source,
                       const char *const *actual);
/* The columns a model reads: id, fields, identifiers; returns how many.  names has room for LL_LINK_COLUMNS. */
enum { LL_LINK_COLUMNS = 1 + LL_LINK_FIELDS * LL_LINK_FROMS + LL_LINK_IDS };
size_t ll_link_columns(const struct ll_link_model *m, const char **names);

/* SELECT of link_p from link_s and the tables link_t<i> (v, w). */
void ll_link_sql_prepare(struct ll_buf *sql, const struct ll_link_model *m, unsigned side);
/* SELECT of link_t<field>. */
void ll_link_sql_frequencies(struct ll_buf *sql, const struct ll_link_model *m, size_t field);

/* "FROM link_p0 l JOIN link_p1 r ON ..." of a rule: pairs that no earlier rule (of those used alike) made, and whose identifiers neither
 * agree, which is settled, nor contradict each other.  training: one rule alone. */
void ll_link_sql_pairs(struct ll_buf *sql, const struct ll_link_model *m, size_t rule, bool training);
/* Rows a, b (rids), via of pairs whose identifiers agree. */
void ll_link_sql_exact(struct ll_buf *sql, const struct ll_link_model *m);

/* The level of a comparison of l and r, or what it is worth, or how much of that comes of the value's own frequency. */
void ll_link_sql_level(struct ll_buf *sql, const struct ll_link_model *m, size_t comparison);
void ll_link_sql_weight(struct ll_buf *sql, const struct ll_link_model *m, const struct ll_link_params *p,
                        size_t comparison);
void ll_link_sql_adjustment(struct ll_buf *sql, const struct ll_link_model *m, const struct ll_link_params *p,
                            size_t comparison);
bool ll_link_adjusts(const struct ll_link_comparison *c); /* has a level with tf */

#endif
