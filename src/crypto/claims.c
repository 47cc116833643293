/* claims.c - see claims.h. */
#include "crypto/claims.h"

#include "crypto/strictjson.h"

#include <inttypes.h>

enum kind { TEXT, AUDIENCE, TIME };

static const struct {
    const char *name;
    enum kind kind;
} rows[] = {
#define X(id, name, kind) {name, kind},
    LL_CLAIMS(X)
#undef X
};

/* Seconds that multiplied by 1000 are still a number. */
#define TIME_MAX INT64_C(100000000000)

static int wrong(struct ll_err *err, size_t at)
{
    return ll_fail(err, LL_INVALID, "令牌的 %s 不符合要求", "the token's %s is not as it should be",
                   rows[at].name);
}

static int check_text(const json_t *v, const struct ll_claims_want *want, size_t at, struct ll_claims *ret,
                      struct ll_err *err)
{
    if (!json_is_string(v) || !json_string_length(v) || json_string_length(v) > LL_CLAIM_TEXT_MAX)
        return wrong(err, at);
    ret->text[at] = (struct ll_str){json_string_value(v), json_string_length(v)};
    return want->text[at] && !ll_str_is(ret->text[at], want->text[at]) ? wrong(err, at) : LL_OK;
}

static bool ours(const json_t *v, const struct ll_claims_want *want)
{
    for (const char *const *a = want->audiences; json_is_string(v) && *a; a++)
        if (ll_str_is((struct ll_str){json_string_value(v), json_string_length(v)}, *a))
            return true;
    return false;
}

static int check_audience(const json_t *v, const struct ll_claims_want *want, size_t at, struct ll_err *err)
{
    bool found = !want->audiences || ours(v, want);

    if (json_is_array(v) && json_array_size(v) > LL_AUDIENCES_MAX)
        return wrong(err, at);
    for (size_t i = 0; !found && i < json_array_size(v); i++)
        found = ours(json_array_get(v, i), want);
    return found ? LL_OK : wrong(err, at);
}

static int check_time(const json_t *v, size_t at, struct ll_claims *ret, struct ll_err *err)
{
    if (!json_is_integer(v) || json_integer_value(v) < 0 || json_integer_value(v) > TIME_MAX)
        return wrong(err, at);
    ret->time[at] = json_integer_value(v);
    return LL_OK;
}

static int check_now(const struct ll_claims *c, const struct ll_claims_want *want, struct ll_err *err)
{
    int64_t now = want->now_s, skew = want->skew_s, life = want->max_life_s;
    int64_t exp = c->time[LL_CLAIM_AT_EXP], nbf = c->time[LL_CLAIM_AT_NBF], iat = c->time[LL_CLAIM_AT_IAT];

    if (exp >= 0 && exp + skew <= now)
        return ll_fail(err, LL_INVALID, "令牌已在 %" PRId64 " 秒前过期",
                       "the token expired %" PRId64 " seconds ago", now - exp);
    if (nbf > now + skew || iat > now + skew)
        return ll_fail(err, LL_INVALID, "令牌的时间在将来；请核对时钟",
                       "the token's time lies ahead; check the clocks");
    if (life && ((exp >= 0 && exp > now + life + skew) || (iat >= 0 && iat + life + skew < now)))
        return ll_fail(err, LL_INVALID, "令牌的有效期超过 %" PRId64 " 秒",
                       "the token lives longer than %" PRId64 " seconds", life);
    return exp >= 0 && iat > exp ? wrong(err, LL_CLAIM_AT_EXP) : LL_OK;
}

int ll_claims_check(const json_t *claims, const struct ll_claims_want *want, struct ll_claims *ret,
                    struct ll_err *err)
{
    int rc = LL_OK;

    *ret = (struct ll_claims){0};
    for (size_t at = 0; rc == LL_OK && at < LL_CLAIM_COUNT; at++) {
        const json_t *v = json_object_get(claims, rows[at].name);
        ret->time[at] = -1;
        if (!v)
            rc = want->must & 1u << at
                     ? ll_fail(err, LL_INVALID, "令牌没有 %s", "the token has no %s", rows[at].name)
                     : LL_OK;
        else if (rows[at].kind == TEXT)
            rc = check_text(v, want, at, ret, err);
        else if (rows[at].kind == AUDIENCE)
            rc = check_audience(v, want, at, err);
        else
            rc = check_time(v, at, ret, err);
    }
    return rc < 0 ? rc : check_now(ret, want, err);
}
