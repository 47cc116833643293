/* words.c - see words.h. */
#include "catalog/words.h"

#include <string.h>

enum kind { KIND_NONE, KIND_HAN, KIND_WORD };
enum { RUN_MAX = 256 };

/* One run of characters of a kind; longer ones are cut, which a search by phrase survives. */
struct run {
    enum kind kind;
    size_t n;
    int32_t cp[RUN_MAX];
};

static int32_t fold(int32_t cp)
{
    if (cp >= 0xff01 && cp <= 0xff5e)
        cp -= 0xfee0;
    return cp >= 'A' && cp <= 'Z' ? cp + ('a' - 'A') : cp;
}

static enum kind kind_of(int32_t cp)
{
    if ((cp >= 'a' && cp <= 'z') || (cp >= '0' && cp <= '9') || (cp >= 0xc0 && cp < 0x250))
        return KIND_WORD;
    bool han = cp == 0x3007 || (cp >= 0x3400 && cp <= 0x9fff) || (cp >= 0xf900 && cp <= 0xfaff) ||
               (cp >= 0x20000 && cp <= 0x3ffff);
    return han ? KIND_HAN : KIND_NONE;
}

static bool next_run(struct ll_str text, size_t *at, struct run *r)
{
    r->n = 0;
    r->kind = KIND_NONE;
    while (r->n < RUN_MAX) {
        size_t before = *at;
        int32_t cp = ll_utf8_next(text, at);
        if (cp < 0)
            break;
        cp = fold(cp);
        enum kind kind = kind_of(cp);
        if (r->kind == KIND_NONE) {
            r->kind = kind;
        } else if (kind != r->kind) {
            *at = before;
            break;
        }
        if (kind != KIND_NONE)
            r->cp[r->n++] = cp;
    }
    return r->n > 0;
}

static void put(struct ll_buf *out, const int32_t *cp, size_t n)
{
    char utf8[4];

    for (size_t i = 0; i < n; i++)
        ll_buf_add(out, utf8, ll_utf8_put(utf8, (uint32_t)cp[i]));
}

void ll_words_index(struct ll_str text, struct ll_buf *out)
{
    struct run r;

    for (size_t at = 0; next_run(text, &at, &r);) {
        if (r.kind == KIND_WORD) {
            put(out, r.cp, r.n);
        } else {
            for (size_t i = 0; i + 1 < r.n; i++) {
                put(out, r.cp + i, 2);
                ll_buf_c(out, ' ');
            }
            put(out, r.cp + r.n - 1, 1);
        }
        ll_buf_c(out, ' ');
    }
}

static void operator(struct ll_buf *out, size_t start, bool any)
{
    if (out->n > start)
        ll_buf_z(out, any ? " OR " : " AND ");
}

/* "ab" * : whatever begins so. */
static void prefix(struct ll_buf *out, const struct run *r)
{
    ll_buf_c(out, '"');
    put(out, r->cp, r->n);
    ll_buf_z(out, "\" *");
}

static void pairs(struct ll_buf *out, const struct run *r, size_t start, bool any)
{
    if (!any) {
        operator(out, start, false);
        ll_buf_c(out, '"');
    }
    for (size_t i = 0; i + 1 < r->n; i++) {
        if (any) {
            operator(out, start, true);
            ll_buf_c(out, '"');
        } else if (i) {
            ll_buf_c(out, ' ');
        }
        put(out, r->cp + i, 2);
        if (any)
            ll_buf_c(out, '"');
    }
    if (!any)
        ll_buf_c(out, '"');
}

void ll_words_query(struct ll_str text, bool any, struct ll_buf *out)
{
    size_t start = out->n;
    struct run r;

    for (size_t at = 0; next_run(text, &at, &r);) {
        if (r.kind == KIND_HAN && r.n > 1) {
            pairs(out, &r, start, any);
        } else {
            operator(out, start, any);
            prefix(out, &r);
        }
    }
}
