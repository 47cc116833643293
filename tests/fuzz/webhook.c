/* webhook: an address that is taken is https with a host and fits what is signed; an answer has the challenge or has not. */
#include "share/webhook.h"

#include "base/err.h"

#include <string.h>

static void split(struct ll_str text)
{
    struct ll_webhook_url url;

    if (ll_webhook_url_split(text, &url, NULL) < 0)
        return;
    LL_ASSERT(text.n <= LL_WEBHOOK_URL_MAX && memcmp(text.p, "https://", 8) == 0);
    LL_ASSERT(url.authority.n && url.path.n && url.path.p[0] == '/');
    LL_ASSERT(!memchr(url.authority.p, '@', url.authority.n) &&
              !memchr(url.authority.p, '/', url.authority.n));
    LL_ASSERT(!url.query.p || memchr(text.p, '?', text.n));
}

/* First line: an address; the rest: an answer. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ll_str head, rest;
    unsigned kinds;

    ll_str_cut((struct ll_str){(const char *)data, size}, '\n', &head, &rest);
    split(head);
    if (ll_webhook_answers(rest, "c0ffee"))
        LL_ASSERT(memmem(rest.p, rest.n, "challenge", 9) || memchr(rest.p, '\\', rest.n));
    (void)!ll_webhook_kinds_parse(head, &kinds, NULL);
    return 0;
}
