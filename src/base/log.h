/* log.h - one line a event on standard error: time, level, area, message.  Never a secret, never an unmasked
 * identifier of a person: pass such values through ll_mask first. */
#ifndef LL_BASE_LOG_H
#define LL_BASE_LOG_H

#include "base/str.h"

enum ll_level { LL_DEBUG, LL_INFO, LL_WARN, LL_ERROR };

void ll_log_set_level(enum ll_level min);
void ll_log(enum ll_level level, const char *area, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Masks the middle of a value so that a person can recognise their own: keeps a third at the ends at most.
 * out is NUL-terminated and at most n bytes. */
char *ll_mask(struct ll_str value, char *out, size_t n);

#endif
