/* err.h - how a failure travels: one code from a short table, and a sentence in both languages.
 *
 * A function that can fail returns int: LL_OK (0) or a negative enum ll_rc, and takes struct ll_err *
 * last.  A caller tests rc < 0 and names at most two or three codes.  Domain code fills err and never
 * logs; the handler or job that gives up logs once.  err may be NULL where nobody reads the text. */
#ifndef LL_BASE_ERR_H
#define LL_BASE_ERR_H

#include "base/tbl/errors.h"

#include <stdarg.h>

#define LL_MUST __attribute__((warn_unused_result))
#define LL_ERR_TEXT 768

#define LL_ENUM_(name, val, http, exit, zh, en) LL_##name = val,
enum ll_rc { LL_OK = 0, LL_ERRORS(LL_ENUM_) };
#undef LL_ENUM_

enum ll_lang { LL_ZH, LL_EN };

struct ll_err {
    enum ll_rc rc;
    char zh[LL_ERR_TEXT];
    char en[LL_ERR_TEXT];
};

/* Fills *err (if not NULL) from two printf formats that take the same arguments in the same
 * order, and returns rc.  A text longer than LL_ERR_TEXT is cut at a whole UTF-8 character. */
int ll_fail(struct ll_err *err, enum ll_rc rc, const char *zh, const char *en, ...)
    __attribute__((format(printf, 3, 5), format(printf, 4, 5)));
int ll_vfail(struct ll_err *err, enum ll_rc rc, const char *zh, const char *en, va_list ap)
    __attribute__((format(printf, 3, 0), format(printf, 4, 0)));
/* The same with ": strerror(errno)" added to both. */
int ll_fail_errno(struct ll_err *err, enum ll_rc rc, const char *zh, const char *en, ...)
    __attribute__((format(printf, 3, 5), format(printf, 4, 5)));
/* Two texts that are ready, for sentences whose languages take different words. */
int ll_fail_texts(struct ll_err *err, enum ll_rc rc, const char *zh, const char *en);
/* LL_NOMEM in the words that everybody uses. */
int ll_no_memory(struct ll_err *err);
/* Puts "context: " before the text that err already holds; returns err->rc. */
int ll_fail_in(struct ll_err *err, const char *zh_context, const char *en_context);

#ifdef __clang_analyzer__ /* cannot see that they return rc, and would walk on as if nothing had failed */
#define ll_fail(err, rc, ...) ((void)ll_fail(err, rc, __VA_ARGS__), (int)(rc))
#define ll_fail_errno(err, rc, ...) ((void)ll_fail_errno(err, rc, __VA_ARGS__), (int)(rc))
#define ll_fail_texts(err, rc, zh, en) ((void)ll_fail_texts(err, rc, zh, en), (int)(rc))
#define ll_no_memory(err) ((void)ll_no_memory(err), (int)LL_NOMEM)
#endif

const char *ll_err_text(const struct ll_err *err, enum ll_lang lang);
const char *ll_rc_name(int rc); /* "NOTFOUND"; "OK" for rc >= 0 */
int ll_rc_http(int rc);
int ll_rc_exit(int rc);

/* Stops the program when an invariant does not hold: a stale pointer or a broken promise must not run on. */
void ll_check_failed(const char *expr, const char *file, int line) __attribute__((noreturn));
#define LL_ASSERT(e) ((e) ? (void)0 : ll_check_failed(#e, __FILE__, __LINE__))
#define LL_CHECK(p, m) LL_ASSERT((p) != NULL && (p)->magic == (m))

#endif
