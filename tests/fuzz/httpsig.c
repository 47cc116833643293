/* httpsig: the three signature fields from outside.  Lines: Signature-Input, Signature, Content-Digest, then a field's value. */
#include "crypto/httpsig.h"

#include <string.h>

static struct ll_str field(void *ctx, struct ll_str name, size_t nth)
{
    return nth == 0 && !ll_str_starts(name, LL_STR("x-none")) ? *(struct ll_str *)ctx
                                                              : (struct ll_str){NULL, 0};
}

static struct ll_http_message message(struct ll_str *value)
{
    return (struct ll_http_message){.method = LL_STR("POST"),
                                    .scheme = LL_STR("https"),
                                    .authority = LL_STR("hub.example"),
                                    .path = LL_STR("/a"),
                                    .query = LL_STR("b=c"),
                                    .field = field,
                                    .ctx = value};
}

/* The last line of a base is the list that was parsed, in its strict form: it parses again and makes the same base. */
static void check_again(const struct ll_http_message *m, struct ll_str base)
{
    struct ll_buf input = LL_BUF_INIT(2 * LL_HTTPSIG_BASE_MAX), signature = LL_BUF_INIT(200),
                  second = LL_BUF_INIT(LL_HTTPSIG_BASE_MAX);
    const char *line = memrchr(base.p, '\n', base.n);
    const char *list = (line ? line + 1 : base.p) + strlen("\"@signature-params\": ");
    struct ll_httpsig *h = NULL;

    ll_buf_z(&input, "s=");
    ll_buf_add(&input, list, (size_t)(base.p + base.n - list));
    ll_buf_z(&signature, "s=:");
    for (unsigned i = 0; i < 86; i++)
        ll_buf_c(&signature, 'A');
    ll_buf_z(&signature, "==:");
    if (input.n <= LL_HTTPSIG_FIELD_MAX) {
        LL_ASSERT(ll_httpsig_parse(ll_buf_view(&input), ll_buf_view(&signature), NULL, &h, NULL) == LL_OK);
        LL_ASSERT(ll_httpsig_base(h, m, &second, NULL) == LL_OK && ll_str_eq(ll_buf_view(&second), base));
    }
    ll_httpsig_free(h);
    ll_buf_free(&input);
    ll_buf_free(&signature);
    ll_buf_free(&second);
}

static void check(const struct ll_httpsig *h, struct ll_str value)
{
    const struct ll_http_message m = message(&value);
    struct ll_buf base = LL_BUF_INIT(LL_HTTPSIG_BASE_MAX);
    int rc = ll_httpsig_base(h, &m, &base, NULL);

    LL_ASSERT(rc == LL_OK || rc == LL_INVALID || rc == LL_TOOBIG);
    if (rc == LL_OK)
        check_again(&m, ll_buf_view(&base));
    ll_buf_free(&base);
    rc = ll_httpsig_check(h, &ll_httpsig_request, 1618884473, NULL);
    LL_ASSERT(rc == LL_INVALID || (rc == LL_OK && ll_httpsig_covers(h, "@method")));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const unsigned char digest[LL_DIGEST];
    struct ll_str input, signature, content, value;
    struct ll_httpsig *h = NULL;

    ll_str_cut((struct ll_str){(const char *)data, size}, '\n', &input, &value);
    ll_str_cut(value, '\n', &signature, &value);
    ll_str_cut(value, '\n', &content, &value);
    int rc = ll_content_digest_check(content, digest, NULL);
    LL_ASSERT(rc == LL_OK || rc == LL_INVALID);
    if (ll_httpsig_parse(input, signature, NULL, &h, NULL) == LL_OK)
        check(h, value);
    ll_httpsig_free(h);
    return 0;
}
