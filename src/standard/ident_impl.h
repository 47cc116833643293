/* ident_impl.h - what the schemes of ident.h have in common.  For src/standard alone.
 *
 * A scheme's functions get the canonical form or what comes nearest to it: s.n bytes and a NUL after them. */
#ifndef LL_STANDARD_IDENT_IMPL_H
#define LL_STANDARD_IDENT_IMPL_H

#include "standard/ident.h"

#include <stdio.h>
#include <string.h>

struct ll_id_ops {
    unsigned length; /* of the canonical form */
    /* The first fault in the order of LL_ID_FAULTS; EMPTY and PLACEHOLDER were looked for already.  May rewrite canon into
     * an equal identifier (15 digits to 18). */
    enum ll_id_fault (*check)(char canon[LL_ID_MAX], size_t *n);
    size_t (*parts)(const char *canon, struct ll_id_part *parts); /* canon has `length` characters */
    /* What the explanation quotes: the faulty part, or the check character that would fit.  Leaves value as it is for faults
     * that have no such detail. */
    void (*detail)(enum ll_id_fault fault, const char *canon, char value[LL_ID_MAX]);
};

extern const struct ll_id_ops ll_uscc_ops, ll_resident_ops, ll_orgcode_ops, ll_regno_ops;

/* The check character that belongs to a body; 0 when the body holds a character that the scheme has not. */
char ll_uscc_check_char(const char body[17]);
char ll_resident_check_char(const char body[17]);
char ll_orgcode_check_char(const char body[8]);
char ll_regno_check_char(const char body[14]);

enum ll_kind ll_uscc_kind(const char *canon); /* LL_KIND_COUNT: the category tells none */

static inline bool ll_id_digit(char c)
{
    return c >= '0' && c <= '9';
}

static inline bool ll_id_digits(const char *p, size_t n)
{
    unsigned bad = 0;

    for (size_t i = 0; i < n; i++)
        bad |= (unsigned char)(p[i] - '0') > 9;
    return !bad;
}

static inline unsigned ll_id_two(const char *p)
{
    return (unsigned)(p[0] - '0') * 10 + (unsigned)(p[1] - '0');
}

/* Whether two digits are a province of GB/T 2260 (81, 82, 83: the residence permits of Hong Kong, Macao and Taiwan).  The county
 * is not asked: codes that are no longer in use are right in old numbers. */
bool ll_id_province(unsigned two);
/* The registration authorities' regions: a province, or 10 for the national authority (100000). */
static inline bool ll_id_authority_region(unsigned two)
{
    return two == 10 || ll_id_province(two);
}

static inline void ll_id_part_set(struct ll_id_part *p, const char *zh, const char *en, const char *value,
                                  size_t n)
{
    *p = (struct ll_id_part){.zh = zh, .en = en};
    memcpy(p->value, value, n);
}

#endif
