/* err.c - see err.h. */
#include "base/err.h"

#include "base/str.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#undef ll_fail /* the analyser's versions, see err.h */
#undef ll_fail_errno
#undef ll_fail_texts
#undef ll_no_memory

struct rc_row {
    int rc;
    const char *name;
    int http, exit;
};

static const struct rc_row rc_rows[] = {
#define ROW(name, val, http, exit, zh, en) {val, #name, http, exit},
    LL_ERRORS(ROW)
#undef ROW
};

static const struct rc_row *rc_find(int rc)
{
    for (size_t i = 0; i < LL_COUNT(rc_rows); i++)
        if (rc_rows[i].rc == rc)
            return &rc_rows[i];
    return &rc_rows[0];
}

/* vsnprintf cuts at a byte; a cut character would make the whole text invalid UTF-8. */
static void cut_whole(char *text)
{
    struct ll_str s = ll_str(text);
    size_t bad = ll_utf8_bad(s);

    if (bad < s.n && s.n - bad < 4)
        text[bad] = 0;
}

static void fill(char *out, const char *fmt, va_list ap)
{
    vsnprintf(out, LL_ERR_TEXT, fmt, ap);
    cut_whole(out);
}

int ll_vfail(struct ll_err *err, enum ll_rc rc, const char *zh, const char *en, va_list ap)
{
    va_list again;

    if (!err)
        return rc;
    err->rc = rc;
    va_copy(again, ap);
    fill(err->zh, zh, again);
    va_end(again);
    fill(err->en, en, ap);
    return rc;
}

int ll_fail(struct ll_err *err, enum ll_rc rc, const char *zh, const char *en, ...)
{
    va_list ap;

    va_start(ap, en);
    ll_vfail(err, rc, zh, en, ap);
    va_end(ap);
    return rc;
}

int ll_fail_texts(struct ll_err *err, enum ll_rc rc, const char *zh, const char *en)
{
    if (!err)
        return rc;
    ll_fail(err, rc, "%s", "%s", zh);
    snprintf(err->en, LL_ERR_TEXT, "%s", en);
    cut_whole(err->en);
    return rc;
}

static void append(char *text, const char *more)
{
    size_t n = strlen(text);

    snprintf(text + n, LL_ERR_TEXT - n, ": %s", more);
    cut_whole(text);
}

int ll_fail_errno(struct ll_err *err, enum ll_rc rc, const char *zh, const char *en, ...)
{
    const char *why = strerror(errno);
    va_list ap;

    if (!err)
        return rc;
    va_start(ap, en);
    ll_vfail(err, rc, zh, en, ap);
    va_end(ap);
    append(err->zh, why);
    append(err->en, why);
    return rc;
}

static void prefix(char *text, const char *context)
{
    char old[LL_ERR_TEXT];

    memcpy(old, text, sizeof old);
    snprintf(text, LL_ERR_TEXT, "%s: ", context);
    size_t n = strlen(text);
    snprintf(text + n, LL_ERR_TEXT - n, "%s", old);
    cut_whole(text);
}

int ll_no_memory(struct ll_err *err)
{
    return ll_fail(err, LL_NOMEM, "内存不足", "out of memory");
}

int ll_fail_in(struct ll_err *err, const char *zh_context, const char *en_context)
{
    if (!err)
        return LL_FAIL;
    prefix(err->zh, zh_context);
    prefix(err->en, en_context);
    return err->rc;
}

const char *ll_err_text(const struct ll_err *err, enum ll_lang lang)
{
    return lang == LL_ZH ? err->zh : err->en;
}

const char *ll_rc_name(int rc)
{
    return rc >= 0 ? "OK" : rc_find(rc)->name;
}

int ll_rc_http(int rc)
{
    return rc >= 0 ? 200 : rc_find(rc)->http;
}

int ll_rc_exit(int rc)
{
    return rc >= 0 ? 0 : rc_find(rc)->exit;
}

void ll_check_failed(const char *expr, const char *file, int line)
{
    fprintf(stderr, "luling: %s:%d: invariant does not hold: %s\n", file, line, expr);
    abort();
}
