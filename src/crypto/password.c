/* password.c - see password.h.  The string is taken apart here and not by libargon2, which would allocate whatever it asks for. */
#include "crypto/password.h"

#include "crypto/base64.h"
#include "crypto/random.h"

#include <argon2.h>
#include <stdio.h>
#include <string.h>

enum { SALT = 16, HASH = 32, SALT_MAX = 48, HASH_MIN = 16, HASH_MAX = 64 };

struct phc {
    struct ll_argon2_cost cost;
    unsigned char salt[SALT_MAX], hash[HASH_MAX];
    size_t salt_n, hash_n;
};

bool ll_argon2_bounded(struct ll_argon2_cost c)
{
    return c.passes >= 1 && c.passes <= LL_ARGON2_MAX_PASSES && c.lanes >= 1 &&
           c.lanes <= LL_ARGON2_MAX_LANES && c.kib >= 8 * c.lanes && c.kib <= LL_ARGON2_MAX_KIB;
}

int ll_argon2(struct ll_str secret, struct ll_str salt, struct ll_argon2_cost cost, unsigned char *out,
              size_t n, struct ll_err *err)
{
    if (secret.n > LL_PASSWORD_MAX)
        return ll_fail(err, LL_TOOBIG, "口令超过 %d 字节", "a password over %d bytes", (int)LL_PASSWORD_MAX);
    if (!ll_argon2_bounded(cost))
        return ll_fail(err, LL_INVALID, "Argon2 参数超出范围", "Argon2 parameters out of range");
    int code = argon2id_hash_raw(cost.passes, cost.kib, cost.lanes, secret.p, secret.n, salt.p, salt.n, out,
                                 n);
    if (code == ARGON2_MEMORY_ALLOCATION_ERROR)
        return ll_no_memory(err);
    return code == ARGON2_OK ? LL_OK
                             : ll_fail(err, LL_INVALID, "Argon2 拒绝：%s", "Argon2 refuses: %s",
                                       argon2_error_message(code));
}

/* --- the string ----------------------------------------------------------------------------------------------------- */

/* "m=19456" of "m=19456,t=2": the number, and rest moves past it. */
static bool take_number(struct ll_str *rest, const char *name, int64_t max, uint32_t *ret)
{
    struct ll_str part, value;
    int64_t v;

    ll_str_cut(*rest, ',', &part, rest);
    if (!ll_str_starts(part, ll_str(name)))
        return false;
    value = (struct ll_str){part.p + 2, part.n - 2};
    if (!value.n || value.p[0] == '0' || value.p[0] == '-' || !ll_str_i64(value, 1, max, &v))
        return false;
    *ret = (uint32_t)v;
    return true;
}

static bool take_bytes(struct ll_str text, unsigned char *out, size_t min, size_t max, size_t *ret_n)
{
    size_t n = text.n * 3 / 4;

    if (n < min || n > max || !ll_base64_exact(text, LL_BASE64_BARE, out, n))
        return false;
    *ret_n = n;
    return true;
}

static bool parse(struct ll_str s, struct phc *out)
{
    struct ll_str costs, salt;

    if (!ll_str_starts(s, LL_STR("$argon2id$v=19$")))
        return false;
    s.p += strlen("$argon2id$v=19$");
    s.n -= strlen("$argon2id$v=19$");
    return ll_str_cut(s, '$', &costs, &s) && ll_str_cut(s, '$', &salt, &s) &&
           take_number(&costs, "m=", LL_ARGON2_MAX_KIB, &out->cost.kib) &&
           take_number(&costs, "t=", LL_ARGON2_MAX_PASSES, &out->cost.passes) &&
           take_number(&costs, "p=", LL_ARGON2_MAX_LANES, &out->cost.lanes) && costs.n == 0 &&
           ll_argon2_bounded(out->cost) && take_bytes(salt, out->salt, 8, SALT_MAX, &out->salt_n) &&
           take_bytes(s, out->hash, HASH_MIN, HASH_MAX, &out->hash_n);
}

static int print(const struct phc *h, char out[LL_PASSWORD_TEXT], struct ll_err *err)
{
    struct ll_buf b = LL_BUF_INIT(LL_PASSWORD_TEXT - 1);

    ll_buf_printf(&b, "$argon2id$v=19$m=%u,t=%u,p=%u$", h->cost.kib, h->cost.passes, h->cost.lanes);
    ll_base64_put(&b, LL_BASE64_BARE, h->salt, h->salt_n);
    ll_buf_c(&b, '$');
    ll_base64_put(&b, LL_BASE64_BARE, h->hash, h->hash_n);
    int rc = b.failed ? ll_no_memory(err) : LL_OK;
    if (rc == LL_OK)
        memcpy(out, b.p, b.n + 1);
    ll_buf_wipe(&b);
    return rc;
}

/* --- passwords ------------------------------------------------------------------------------------------------------ */

static struct ll_str bytes(const unsigned char *p, size_t n)
{
    return (struct ll_str){(const char *)p, n};
}

int ll_password_hash(struct ll_str password, struct ll_argon2_cost cost, char out[LL_PASSWORD_TEXT],
                     struct ll_err *err)
{
    struct phc h = {.cost = cost, .salt_n = SALT, .hash_n = HASH};
    int rc = ll_random(h.salt, SALT, err);

    if (rc == LL_OK)
        rc = ll_argon2(password, bytes(h.salt, SALT), cost, h.hash, HASH, err);
    if (rc == LL_OK)
        rc = print(&h, out, err);
    ll_wipe(&h, sizeof h);
    return rc;
}

static int wrong(struct ll_err *err)
{
    return ll_fail(err, LL_SIGNIN, "口令不对", "wrong password");
}

int ll_password_verify(struct ll_str password, struct ll_str phc, struct ll_err *err)
{
    struct phc h = {0};
    unsigned char got[HASH_MAX];

    if (!parse(phc, &h))
        return ll_fail(err, LL_INVALID, "不是 Argon2id 口令散列", "not an Argon2id password hash");
    int rc = ll_argon2(password, bytes(h.salt, h.salt_n), h.cost, got, h.hash_n, err);
    if (rc == LL_OK && !ll_equal_ct(got, h.hash, h.hash_n))
        rc = wrong(err);
    ll_wipe(got, sizeof got);
    ll_wipe(&h, sizeof h);
    return rc;
}

int ll_password_refuse(struct ll_str password, struct ll_err *err)
{
    static const unsigned char salt[SALT] = {1};
    unsigned char unused[HASH];
    int rc = ll_argon2(password, bytes(salt, SALT), LL_COST_LOGIN, unused, HASH, err);

    return rc < 0 ? rc : wrong(err);
}

bool ll_password_stale(struct ll_str phc, struct ll_argon2_cost cost)
{
    struct phc h = {0};

    return !parse(phc, &h) || h.cost.kib != cost.kib || h.cost.passes != cost.passes ||
           h.cost.lanes != cost.lanes;
}
