/* sdjwt_claims.c - disclosures in their places (RFC 9901, 7.1).
 *
 * The claims are walked once, from the outside in; a disclosed value is walked, too, since it may hold digests of its own.  Every
 * digest seen is remembered, so that none counts twice; at the end every disclosure must have been used. */
#include "crypto/sdjwt_impl.h"

#include "crypto/strictjson.h"

#include <string.h>

enum { DEPTH = 16, DIGESTS_MAX = 1024, DISCLOSURE_JSON_MAX = 32768 };

struct disclosure {
    char digest[LL_SDJWT_DIGEST];
    json_t *list; /* [salt, name, value] or [salt, value] */
    bool used;
};

struct unfolding {
    struct disclosure d[LL_SDJWT_DISCLOSURES];
    size_t n;
    json_t *seen; /* every digest of the claims, as names of an object */
    int rc;       /* why a walk ended early; LL_OK: memory ran out */
    struct ll_err *err;
};

static json_t *wrong(struct unfolding *u, const char *what)
{
    u->rc = ll_fail(u->err, LL_INVALID, "凭证的选择性披露有误：%s",
                    "the credential's disclosures are wrong: %s", what);
    return NULL;
}

/* --- disclosures ---------------------------------------------------------------------------------------------------- */

static bool well_formed(const json_t *list)
{
    size_t n = json_array_size(list);
    struct ll_str name = {json_string_value(json_array_get(list, 1)),
                          json_string_length(json_array_get(list, 1))};

    if (!json_is_string(json_array_get(list, 0)))
        return false;
    return n == 2 || (n == 3 && name.p && !ll_str_is(name, "_sd") && !ll_str_is(name, "..."));
}

static int read_one(struct ll_str text, struct disclosure *d, struct ll_err *err)
{
    struct ll_buf json = LL_BUF_INIT(DISCLOSURE_JSON_MAX);
    int rc = ll_base64_get(text, LL_BASE64_URL, &json, err);

    if (rc < 0)
        return rc;
    if (!memchr(json.p, 0, json.n))
        d->list = json_loadb(json.p, json.n, JSON_REJECT_DUPLICATES, NULL);
    ll_buf_free(&json);
    ll_sdjwt_digest(text, d->digest);
    return json_is_array(d->list) && well_formed(d->list)
               ? LL_OK
               : ll_fail(err, LL_INVALID, "凭证中有无法读取的披露项",
                         "a disclosure of the credential cannot be read");
}

static int read_all(const struct ll_sdjwt_parts *p, struct unfolding *u, struct ll_err *err)
{
    int rc = LL_OK;

    for (; rc == LL_OK && u->n < p->n; u->n++) {
        rc = read_one(p->disclosures[u->n], &u->d[u->n], err);
        for (size_t i = 0; rc == LL_OK && i < u->n; i++)
            if (strcmp(u->d[i].digest, u->d[u->n].digest) == 0)
                rc = ll_fail(err, LL_INVALID, "凭证中有重复的披露项",
                             "the credential discloses something twice");
    }
    return rc;
}

/* The disclosure of a digest, or NULL: the holder keeps it back.  false: the digest is no text, or stood there before. */
static bool look_up(struct unfolding *u, const json_t *digest, size_t elements, struct disclosure **ret)
{
    const char *text = json_string_value(digest);

    *ret = NULL;
    if (!text || json_object_get(u->seen, text) || json_object_size(u->seen) >= DIGESTS_MAX ||
        json_object_set_new(u->seen, text, json_true()) != 0)
        return false;
    for (size_t i = 0; i < u->n && !*ret; i++)
        if (strcmp(u->d[i].digest, text) == 0)
            *ret = &u->d[i];
    if (*ret)
        (*ret)->used = true;
    return !*ret || json_array_size((*ret)->list) == elements;
}

/* --- walking -------------------------------------------------------------------------------------------------------- */

static json_t *unfold(struct unfolding *u, json_t *v, unsigned depth);

/* One digest of an object's _sd. */
static bool put_member(struct unfolding *u, json_t *out, const json_t *digest, unsigned depth)
{
    struct disclosure *d;

    if (!look_up(u, digest, 3, &d))
        return wrong(u, "_sd") != NULL;
    if (!d)
        return true;
    const char *name = json_string_value(json_array_get(d->list, 1));
    json_t *v = json_object_get(out, name) ? wrong(u, name)
                                           : unfold(u, json_array_get(d->list, 2), depth + 1);
    return v && json_object_set_new(out, name, v) == 0;
}

static bool put_digests(struct unfolding *u, json_t *out, const json_t *list, unsigned depth)
{
    bool good = json_is_array(list) || wrong(u, "_sd");

    for (size_t i = 0; good && i < json_array_size(list); i++)
        good = put_member(u, out, json_array_get(list, i), depth);
    return good;
}

/* Members as they are first, so that a disclosed name that is there already is noticed. */
static json_t *unfold_object(struct unfolding *u, json_t *o, unsigned depth)
{
    const json_t *digests = json_object_get(o, "_sd");
    json_t *out = json_object();
    const char *name;
    json_t *v;
    bool good = out != NULL;

    json_object_foreach(o, name, v)
    {
        if (strcmp(name, "_sd") == 0 || (depth == 0 && strcmp(name, "_sd_alg") == 0))
            continue;
        json_t *inner = strcmp(name, "...") == 0 ? wrong(u, "...") : unfold(u, v, depth + 1);
        good = inner && json_object_set_new(out, name, inner) == 0;
        if (!good)
            break;
    }
    if (good && (!digests || put_digests(u, out, digests, depth)))
        return out;
    json_decref(out);
    return NULL;
}

/* {"...": digest} stands for an element; one that is kept back is left out.  1: put, 0: left out or wrong by *good. */
static json_t *unfold_element(struct unfolding *u, json_t *v, unsigned depth, bool *left_out)
{
    const json_t *digest = json_object_get(v, "...");
    struct disclosure *d;

    *left_out = false;
    if (!digest)
        return unfold(u, v, depth + 1);
    if (json_object_size(v) != 1 || !look_up(u, digest, 2, &d))
        return wrong(u, "...");
    *left_out = d == NULL;
    return d ? unfold(u, json_array_get(d->list, 1), depth + 1) : NULL;
}

static json_t *unfold_array(struct unfolding *u, const json_t *list, unsigned depth)
{
    json_t *out = json_array(), *v;
    bool good = out != NULL, left_out = false;
    size_t i;

    json_array_foreach(list, i, v)
    {
        json_t *inner = unfold_element(u, v, depth, &left_out);
        if (!inner && left_out)
            continue;
        good = inner && json_array_append_new(out, inner) == 0;
        if (!good)
            break;
    }
    if (good)
        return out;
    json_decref(out);
    return NULL;
}

static json_t *unfold(struct unfolding *u, json_t *v, unsigned depth)
{
    if (depth > DEPTH)
        return wrong(u, "depth");
    if (json_is_object(v))
        return unfold_object(u, v, depth);
    if (json_is_array(v))
        return unfold_array(u, v, depth);
    return json_deep_copy(v);
}

static int check_all_used(const struct unfolding *u, struct ll_err *err)
{
    for (size_t i = 0; i < u->n; i++)
        if (!u->d[i].used)
            return ll_fail(err, LL_INVALID, "凭证中有不属于它的披露项",
                           "a disclosure does not belong to the credential");
    return LL_OK;
}

int ll_sdjwt_unfold(const json_t *claims, const struct ll_sdjwt_parts *p, json_t **ret, struct ll_err *err)
{
    struct unfolding u = {.seen = json_object(), .err = err};
    const json_t *alg = json_object_get(claims, "_sd_alg");
    json_t *out = NULL;
    int rc = LL_OK;

    if (alg && !ll_json_is(claims, "_sd_alg", "sha-256"))
        rc = ll_fail(err, LL_INVALID, "凭证的散列算法须为 sha-256", "a credential's hash must be sha-256");
    if (rc == LL_OK && (rc = read_all(p, &u, err)) == LL_OK) {
        json_t *own = json_deep_copy(claims); /* jansson walks no constant object */
        out = own ? unfold(&u, own, 0) : NULL;
        json_decref(own);
        if (out)
            rc = check_all_used(&u, err);
        else
            rc = u.rc < 0 ? u.rc : ll_no_memory(err);
    }
    for (size_t i = 0; i < LL_SDJWT_DISCLOSURES; i++)
        json_decref(u.d[i].list);
    json_decref(u.seen);
    if (rc < 0)
        json_decref(out);
    else
        *ret = out;
    return rc;
}
