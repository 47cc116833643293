/* deed_asset.c - see deed_asset.h. */
#include "apps/finance/deed_asset.h"

#include "base/json.h"
#include "crypto/base64.h"

#include <string.h>

static void text_of(const unsigned char hash[LL_DIGEST], char out[LL_DEED_HASH + 1])
{
    struct ll_buf text = LL_BUF_INIT(LL_DEED_HASH + 2);

    ll_base64_put(&text, LL_BASE64_URL, hash, LL_DIGEST);
    LL_ASSERT(text.n == LL_DEED_HASH);
    memcpy(out, text.p, LL_DEED_HASH + 1);
    ll_buf_free(&text);
}

/* Whether it is written in some places and left out in others: blanks, dashes, slashes, brackets, dots; other scripts stay. */
static bool passed_over(int32_t c)
{
    return (c < 0x80 && !(c >= '0' && c <= '9') && !(c >= 'A' && c <= 'Z')) || c == 0xA0 || c == 0xB7 ||
           (c >= 0x2000 && c <= 0x206F) || (c >= 0x3000 && c <= 0x303F) || c == 0xFEFF;
}

void ll_deed_asset_number(struct ll_str text, struct ll_buf *out)
{
    char utf8[4];
    int32_t c;
    bool began = false;

    for (size_t at = 0; (c = ll_utf8_next(text, &at)) >= 0;) {
        if (c >= 0xFF01 && c <= 0xFF5E) /* full-width */
            c -= 0xFF01 - 0x21;
        if (c >= 'a' && c <= 'z')
            c -= 'a' - 'A';
        if (passed_over(c) || (!began && c == '0'))
            continue;
        began = true;
        ll_buf_add(out, utf8, ll_utf8_put(utf8, (uint32_t)c));
    }
    if (!began)
        ll_buf_c(out, '0');
}

bool ll_deed_asset_tag(struct ll_str opening, struct ll_str identity, char out[LL_DEED_HASH + 1])
{
    unsigned char open[LL_DIGEST], hash[LL_DIGEST];

    if (!ll_base64_exact(opening, LL_BASE64_URL, open, sizeof open))
        return false;
    ll_digest(LL_SHA256,
              (struct ll_str[]){LL_STR("luling-asset/v1\n"), {(const char *)open, sizeof open}, identity}, 3,
              hash);
    text_of(hash, out);
    return true;
}

int ll_deed_asset_make(struct ll_str key, const struct ll_deed_reference *r, const char *holder,
                       const char *obligor, struct ll_arena *arena, struct ll_deed_asset *ret,
                       struct ll_err *err)
{
    struct ll_buf number = LL_BUF_INIT(4 * LL_DEED_NUMBER + 4), text = LL_BUF_INIT(4096);
    unsigned char open[LL_DIGEST];
    bool by_holder, by_obligor;
    struct ll_json j;

    (void)ll_deed_ref_of(r->type, LL_DEED_RECEIVABLE, &by_holder, &by_obligor);
    ll_deed_asset_number(ll_str(r->number), &number);
    ll_json_init(&j, &text);
    ll_json_obj(&j); /* in the order of the names */
    if (by_holder)
        ll_json_kz(&j, "holder", holder);
    ll_json_ks(&j, "number", ll_buf_view(&number));
    if (by_obligor)
        ll_json_kz(&j, "obligor", obligor);
    ll_json_kz(&j, "type", ll_deed_ref_word(r->type));
    ll_json_end_obj(&j);
    struct ll_str identity = ll_buf_view(&text);
    ll_hmac_parts(LL_SHA256, key, (struct ll_str[]){LL_STR("luling-asset-opening/v1\n"), identity}, 2, open);
    text_of(open, ret->opening);
    bool ok = !number.failed && !text.failed && (ret->identity = ll_arena_dup(arena, identity)) &&
              ll_deed_asset_tag(ll_str(ret->opening), identity, ret->tag);
    ll_buf_free(&number);
    ll_buf_free(&text);
    return ok ? LL_OK : ll_no_memory(err);
}
