/* httpsig.c - see httpsig.h.  Reading the fields, and what a profile asks; the base is httpsig_base.c. */
#include "crypto/httpsig_impl.h"

#include "crypto/base64.h"
#include "crypto/random.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define TIME_MAX INT64_C(100000000000)

static int malformed(struct ll_err *err, const char *field)
{
    return ll_fail(err, LL_INVALID, "%s 的格式不对", "%s is malformed", field);
}

/* --- the list ------------------------------------------------------------------------------------------------------- */

/* Only the shapes that this file knows: "name" and "name";req. */
static bool take_component(struct ll_httpsig *h, struct ll_sf *s)
{
    struct ll_sf_value v;
    struct ll_sf_param p;
    size_t n = 0;
    const char *from = s->p;

    if (h->n == HTTPSIG_COMPONENTS || !ll_sf_value(s, &v) || v.type != LL_SF_STRING || !v.text.n ||
        memchr(v.text.p, '\\', v.text.n) || !ll_sf_params(s, &p, 1, &n))
        return false;
    for (size_t i = 0; i < v.text.n; i++)
        if (v.text.p[i] >= 'A' && v.text.p[i] <= 'Z')
            return false;
    if (n && (!ll_str_is(p.name, "req") || p.value.type != LL_SF_TRUE))
        return false;
    struct component c = {v.text, {from, (size_t)(s->p - from)}, n != 0};
    for (size_t i = 0; i < h->n; i++)
        if (ll_str_eq(h->components[i].name, c.name) && h->components[i].req == c.req)
            return false;
    h->components[h->n++] = c;
    return true;
}

static bool take_components(struct ll_httpsig *h, struct ll_sf *s)
{
    if (!ll_sf_take(s, '('))
        return false;
    for (;;) {
        bool blank = false;
        while (ll_sf_take(s, ' '))
            blank = true;
        if (ll_sf_take(s, ')'))
            return true;
        if ((h->n && !blank) || !take_component(h, s))
            return false;
    }
}

/* A text parameter that needs no undoing; an integer that is a time. */
static bool take_param(struct ll_httpsig_params *out, const struct ll_sf_param *p)
{
    const struct {
        const char *name;
        struct ll_str *text;
        int64_t *time;
    } known[] = {
        {"created", NULL, &out->created}, {"expires", NULL, &out->expires}, {"nonce", &out->nonce, NULL},
        {"keyid", &out->keyid, NULL},     {"tag", &out->tag, NULL},         {"alg", &out->alg, NULL},
    };

    for (size_t i = 0; i < LL_COUNT(known); i++) {
        if (!ll_str_is(p->name, known[i].name))
            continue;
        if (known[i].time) {
            *known[i].time = p->value.integer;
            return p->value.type == LL_SF_INTEGER && p->value.integer >= 0 && p->value.integer <= TIME_MAX;
        }
        *known[i].text = p->value.text;
        return p->value.type == LL_SF_STRING &&
               !(p->value.text.n && memchr(p->value.text.p, '\\', p->value.text.n));
    }
    return true; /* covered by the signature like all others, and without a meaning to us */
}

/* RFC 9421, 2.3: the value is the list in its strict form, whatever blanks the field had. */
static void put_list(struct ll_httpsig *h, const struct ll_sf_param *params, size_t n)
{
    struct ll_buf *out = &h->list_text;

    ll_buf_c(out, '(');
    for (size_t i = 0; i < h->n; i++)
        ll_buf_printf(out, "%s\"" LL_STR_FMT "\"%s", i ? " " : "", LL_STR_ARG(h->components[i].name),
                      h->components[i].req ? ";req" : "");
    ll_buf_c(out, ')');
    for (size_t i = 0; i < n; i++) {
        ll_buf_printf(out, ";" LL_STR_FMT, LL_STR_ARG(params[i].name));
        if (params[i].value.type != LL_SF_TRUE)
            ll_buf_printf(out, "=" LL_STR_FMT, LL_STR_ARG(params[i].value.raw));
    }
    h->list = ll_buf_view(out);
}

bool ll_httpsig_list(struct ll_httpsig *h, struct ll_sf *s)
{
    struct ll_sf_param params[HTTPSIG_PARAMS];
    size_t n = 0;

    h->n = 0;
    h->params = (struct ll_httpsig_params){.created = -1, .expires = -1};
    ll_buf_clear(&h->list_text);
    if (!take_components(h, s) || !ll_sf_params(s, params, HTTPSIG_PARAMS, &n))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!take_param(&h->params, &params[i]))
            return false;
    put_list(h, params, n);
    return !h->list_text.failed;
}

/* --- the two fields ------------------------------------------------------------------------------------------------- */

/* Finds the one list with the tag: first a walk that counts, then the list again. */
static int find_list(struct ll_httpsig *h, const char *tag, struct ll_err *err)
{
    struct ll_sf s = ll_sf_of(ll_buf_view(&h->input)), found = {0};
    struct ll_str label = {0};
    unsigned matches = 0;

    do {
        struct ll_str name;
        struct ll_sf at;
        if (!ll_sf_key(&s, &name) || !ll_sf_take(&s, '='))
            return malformed(err, "Signature-Input");
        at = s;
        if (!ll_httpsig_list(h, &s))
            return malformed(err, "Signature-Input");
        if (!tag || ll_str_is(h->params.tag, tag)) {
            found = at;
            label = name;
            matches++;
        }
    } while (ll_sf_comma(&s));
    if (!ll_sf_at_end(&s))
        return malformed(err, "Signature-Input");
    if (matches == 0)
        return ll_fail(err, LL_NOTFOUND, "没有标签（tag）为 %s 的签名", "no signature with tag %s",
                       tag ? tag : "?");
    if (matches > 1)
        return ll_fail(err, LL_INVALID, "有多个签名，无法判断用哪个",
                       "several signatures; it is unclear which one counts");
    LL_ASSERT(ll_httpsig_list(h, &found));
    h->params.label = label;
    return LL_OK;
}

/* One member of a dictionary of byte sequences; n bytes exactly, or it is not there. */
static bool find_bytes(struct ll_str field, struct ll_str label, unsigned char *out, size_t n,
                       bool *well_formed)
{
    struct ll_sf s = ll_sf_of(field);
    unsigned found = 0;
    bool good = true;

    do {
        struct ll_str name;
        struct ll_sf_value v;
        struct ll_sf_param params[HTTPSIG_PARAMS];
        size_t n_params;
        if (!ll_sf_key(&s, &name) || !ll_sf_take(&s, '=') || !ll_sf_value(&s, &v) || v.type != LL_SF_BYTES ||
            !ll_sf_params(&s, params, HTTPSIG_PARAMS, &n_params))
            return *well_formed = false;
        if (ll_str_eq(name, label)) {
            found++;
            good = ll_base64_exact(v.text, LL_BASE64_STD, out, n);
        }
    } while (ll_sf_comma(&s));
    *well_formed = ll_sf_at_end(&s) && good && found <= 1;
    return *well_formed && found == 1;
}

static int parse(struct ll_httpsig *h, struct ll_str input, struct ll_str signature, const char *tag,
                 struct ll_err *err)
{
    bool well_formed;
    int rc;

    ll_buf_str(&h->input, input);
    if (h->input.failed)
        return ll_no_memory(err);
    if ((rc = find_list(h, tag, err)) < 0)
        return rc;
    return find_bytes(signature, h->params.label, h->sig, LL_SIGNATURE, &well_formed)
               ? LL_OK
               : malformed(err, "Signature");
}

int ll_httpsig_parse(struct ll_str input, struct ll_str signature, const char *tag, struct ll_httpsig **ret,
                     struct ll_err *err)
{
    if (input.n > LL_HTTPSIG_FIELD_MAX || signature.n > LL_HTTPSIG_FIELD_MAX)
        return ll_fail(err, LL_TOOBIG, "签名头超过 %d 字节", "a signature field over %d bytes",
                       (int)LL_HTTPSIG_FIELD_MAX);
    struct ll_httpsig *h = calloc(1, sizeof *h);
    if (!h)
        return ll_no_memory(err);
    h->magic = HTTPSIG_MAGIC;
    h->input = LL_BUF_INIT(LL_HTTPSIG_FIELD_MAX);
    h->list_text = LL_BUF_INIT(2 * LL_HTTPSIG_FIELD_MAX);
    int rc = parse(h, input, signature, tag, err);
    if (rc < 0)
        ll_httpsig_free(h);
    else
        *ret = h;
    return rc;
}

struct ll_httpsig *ll_httpsig_free(struct ll_httpsig *h)
{
    if (!h)
        return NULL;
    LL_CHECK(h, HTTPSIG_MAGIC);
    ll_buf_free(&h->input);
    ll_buf_free(&h->list_text);
    h->magic = 0;
    free(h);
    return NULL;
}

const struct ll_httpsig_params *ll_httpsig_params(const struct ll_httpsig *h)
{
    return &h->params;
}

bool ll_httpsig_covers(const struct ll_httpsig *h, const char *component)
{
    struct ll_str name, rest;
    bool req = ll_str_cut(ll_str(component), ';', &name, &rest);

    for (size_t i = 0; i < h->n; i++)
        if (h->components[i].req == req && ll_str_eq(h->components[i].name, name))
            return true;
    return false;
}

/* --- the profile ---------------------------------------------------------------------------------------------------- */

enum { LIFE_S = 60, SKEW_S = 10 };

static const char *const request_components[] = {"@method", "@target-uri", "content-digest", "authorization",
                                                 NULL};
static const char *const bodiless_components[] = {"@method", "@target-uri", "authorization", NULL};
static const char *const response_components[] = {"@method;req", "@target-uri;req", "content-digest;req",
                                                  "@status",     "content-digest",  NULL};

const struct ll_httpsig_profile ll_httpsig_request = {"fapi-2-request", request_components, LIFE_S, SKEW_S};
const struct ll_httpsig_profile ll_httpsig_request_without_body = {"fapi-2-request", bodiless_components,
                                                                   LIFE_S, SKEW_S};
const struct ll_httpsig_profile ll_httpsig_response = {"fapi-2-response", response_components, LIFE_S,
                                                       SKEW_S};

static int check_time(const struct ll_httpsig_params *s, const struct ll_httpsig_profile *p, int64_t now,
                      struct ll_err *err)
{
    if (s->created < 0 || s->expires < 0)
        return ll_fail(err, LL_INVALID, "签名没有 created 和 expires",
                       "the signature lacks created and expires");
    if (s->expires < s->created || s->expires - s->created > p->life_s)
        return ll_fail(err, LL_INVALID, "签名的有效期须在 %u 秒以内", "a signature lives %u seconds at most",
                       p->life_s);
    if (s->created > now + p->skew_s)
        return ll_fail(err, LL_INVALID, "签名的时间在将来；请核对时钟",
                       "the signature's time lies ahead; check the clocks");
    if (s->expires + p->skew_s <= now)
        return ll_fail(err, LL_INVALID, "签名已在 %" PRId64 " 秒前过期",
                       "the signature expired %" PRId64 " seconds ago", now - s->expires);
    return LL_OK;
}

int ll_httpsig_check(const struct ll_httpsig *h, const struct ll_httpsig_profile *p, int64_t now_s,
                     struct ll_err *err)
{
    const struct ll_httpsig_params *s = &h->params;

    LL_CHECK(h, HTTPSIG_MAGIC);
    if (!ll_str_is(s->tag, p->tag))
        return ll_fail(err, LL_INVALID, "签名的 tag 须为 %s", "the signature's tag must be %s", p->tag);
    if (!s->keyid.n || !s->nonce.n)
        return ll_fail(err, LL_INVALID, "签名没有 keyid 或 nonce", "the signature lacks keyid or nonce");
    for (const char *const *c = p->components; *c; c++)
        if (!ll_httpsig_covers(h, *c))
            return ll_fail(err, LL_INVALID, "签名没有覆盖 %s", "the signature does not cover %s", *c);
    return check_time(s, p, now_s, err);
}

/* --- Content-Digest ------------------------------------------------------------------------------------------------- */

int ll_content_digest_check(struct ll_str field, const unsigned char sha256[LL_DIGEST], struct ll_err *err)
{
    unsigned char said[LL_DIGEST];
    bool well_formed;

    if (field.n > LL_HTTPSIG_FIELD_MAX ||
        !find_bytes(field, LL_STR("sha-256"), said, LL_DIGEST, &well_formed))
        return ll_fail(err, LL_INVALID, "Content-Digest 须有 sha-256", "Content-Digest must have sha-256");
    return ll_equal_ct(said, sha256, LL_DIGEST) ? LL_OK
                                                : ll_fail(err, LL_INVALID, "正文与 Content-Digest 不符",
                                                          "the body is not that of Content-Digest");
}

void ll_content_digest_put(struct ll_buf *out, const unsigned char sha256[LL_DIGEST])
{
    ll_buf_z(out, "sha-256=:");
    ll_base64_put(out, LL_BASE64_STD, sha256, LL_DIGEST);
    ll_buf_c(out, ':');
}
