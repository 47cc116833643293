/* json: our reader of one object takes what jansson takes and refuses what jansson refuses, but for numbers too large for a machine (which we
 * keep as text), nesting (which we bound lower) and \u0000 in a key (RFC 8259 allows it); strings come out the same. */
#include "base/err.h"
#include "intake/decode/json_value.h"

#include <jansson.h>
#include <string.h>

struct check {
    const json_t *root;
};

/* Top-level strings only: deeper paths are ambiguous where keys hold dots. */
static int take(void *ctx, struct ll_str path, struct ll_str value)
{
    const struct check *c = ctx;

    LL_ASSERT(ll_utf8_bad(path) == path.n && (!value.p || ll_utf8_bad(value) == value.n));
    if (!c->root || memchr(path.p ? path.p : "", '.', path.n) || memchr(path.p ? path.p : "", 0, path.n))
        return LL_OK;
    const json_t *v = json_object_getn(c->root, path.p ? path.p : "", path.n);
    LL_ASSERT(v);
    return LL_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ll_str s = {(const char *)data, size};
    struct ll_json_value v;
    json_error_t why;

    if (size == 0 || ll_utf8_bad(s) < size)
        return 0;
    json_t *root = json_loadb(s.p, s.n, JSON_ALLOW_NUL | JSON_DECODE_ANY, &why);
    struct check c = {json_is_object(root) ? root : NULL};
    ll_json_value_init(&v);
    v.cell = take;
    v.ctx = &c;
    int rc = ll_json_read(&v, s);
    LL_ASSERT(rc == LL_OK || rc == LL_INVALID);
    if (rc == LL_OK && !root)
        LL_ASSERT(json_error_code(&why) == json_error_numeric_overflow ||
                  json_error_code(&why) == json_error_null_byte_in_key);
    if (rc == LL_INVALID && c.root && !memchr(s.p, 0, s.n)) /* jansson passes over a NUL between tokens */
        LL_ASSERT(strcmp(v.en, "nested too deeply") == 0);
    LL_ASSERT(rc == LL_OK || (v.zh && v.en && v.at <= s.n));
    ll_json_value_free(&v);
    json_decref(root);
    return 0;
}
