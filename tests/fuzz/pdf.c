/* pdf: files that somebody hands in to be verified (PDFs, and pages with a receipt behind their end), or that are taken for ours: read within
 * their bytes, and what is accepted says what it is. */
#include "report/issue.h"
#include "report/pdf_read.h"
#include "report/pdf_sign.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ll_str text = {(const char *)data, size};
    struct ll_arena *arena = ll_arena_new(16 << 20);
    struct ll_pdf_file f;
    struct ll_pdf_signed s;
    struct ll_issue_checked checked;

    if (!arena)
        return 0;
    if (ll_pdf_open(text, arena, &f, NULL) == LL_OK) {
        struct ll_str dict, value;
        int64_t page;
        LL_ASSERT(f.size > 0 && f.root > 0);
        for (unsigned i = 0; i < 4 && ll_pdf_page(&f, i, &page); i++)
            LL_ASSERT(ll_pdf_dict(&f, page, &dict) && dict.p >= text.p && dict.p + dict.n <= text.p + text.n);
        if (ll_pdf_dict(&f, f.root, &dict) && ll_pdf_key(dict, "/Type", &value))
            LL_ASSERT(value.p >= dict.p && value.p + value.n <= dict.p + dict.n);
    }
    if (ll_pdf_verify(text, &s, NULL) == LL_OK)
        LL_ASSERT(s.first.n < size && s.cert.fingerprint[64] == 0);
    if (ll_issue_check(text, NULL, arena, &checked, NULL) == LL_OK)
        LL_ASSERT(checked.number && checked.kind && checked.purpose && !checked.proven);
    ll_arena_free(arena);
    return 0;
}
