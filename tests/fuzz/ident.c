/* ident: whatever the bytes, the canonical form is UTF-8 and NUL-terminated; an accepted number is accepted again as its canonical form,
 * taken apart, explained and converted there and back. */
#include "standard/ident.h"

#include <string.h>

static void check_accepted(enum ll_scheme scheme, struct ll_str canon)
{
    struct ll_id_part parts[LL_ID_PARTS];
    char again[LL_ID_MAX], org[LL_ID_MAX];
    enum ll_scheme found;
    enum ll_kind kind;
    size_t n;

    LL_ASSERT(ll_id_check(scheme, canon, again, &n) == LL_IDF_OK);
    LL_ASSERT(n == canon.n && memcmp(again, canon.p, n + 1) == 0);
    LL_ASSERT(ll_id_parts(scheme, canon, parts) >= 2);
    LL_ASSERT(ll_id_detect(canon, &found, again, &n));
    ll_id_kind(scheme, canon, &kind);
    if (ll_id_org_code_of(canon, org)) {
        LL_ASSERT(ll_id_uscc_from_org_code(ll_str(org), (struct ll_str){canon.p, 2},
                                           (struct ll_str){canon.p + 2, 6}, again) == LL_OK);
        LL_ASSERT(ll_str_is(canon, again));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char canon[LL_ID_MAX], text[256], shorter[8];
    struct ll_id_part parts[LL_ID_PARTS];
    size_t n;

    if (size < 1)
        return 0;
    enum ll_scheme scheme = (enum ll_scheme)(data[0] % LL_ID_COUNT);
    struct ll_str raw = {(const char *)data + 1, size - 1};
    enum ll_id_fault fault = ll_id_check(scheme, raw, canon, &n);
    struct ll_str s = {canon, n};
    LL_ASSERT(n < LL_ID_MAX && canon[n] == 0 && ll_utf8_bad(s) == n);
    if (fault == LL_IDF_OK)
        check_accepted(scheme, s);
    for (int f = 0; f < LL_IDF_COUNT; f++)
        for (int lang = LL_ZH; lang <= LL_EN; lang++) {
            ll_id_explain(scheme, s, (enum ll_id_fault)f, (enum ll_lang)lang, text, sizeof text);
            LL_ASSERT(text[0] && ll_utf8_bad(ll_str(text)) == strlen(text));
            ll_id_explain(scheme, raw, (enum ll_id_fault)f, (enum ll_lang)lang, shorter, sizeof shorter);
        }
    for (size_t i = 0, k = ll_id_parts(scheme, s, parts); i < k; i++)
        LL_ASSERT(ll_utf8_bad(ll_str(parts[i].value)) == strlen(parts[i].value));
    ll_id_parts(scheme, raw, parts);
    ll_id_15to18(raw, canon);
    return 0;
}
