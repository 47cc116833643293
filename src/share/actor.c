/* actor.c - see actor.h. */
#include "share/actor.h"

#include "base/buf.h"

#include "share/tbl/permissions.h"

#include <stdio.h>
#include <string.h>

static const struct {
    const char *name, *zh, *en;
    bool administrator;
} duties[] = {
#define X(id, name, zh, en, administrator) {name, zh, en, administrator},
    LL_DUTIES(X)
#undef X
};

const struct ll_permission ll_permissions[] = {
#define X(name, may, any, zh, en) {name, may, any, zh, en},
    LL_PERMISSIONS(X)
#undef X
};
const size_t ll_permission_count = LL_COUNT(ll_permissions);

const struct ll_permission *ll_permission_find(const char *name)
{
    for (size_t i = 0; i < ll_permission_count; i++)
        if (strcmp(ll_permissions[i].name, name) == 0)
            return &ll_permissions[i];
    return NULL;
}

/* What an actor is, as bits of the permission table. */
static unsigned bits_of(const struct ll_actor *a)
{
    return LL_MAY_ANYONE | (a->account ? LL_MAY_ACCOUNT | a->roles : 0u) | (a->client ? LL_MAY_CLIENT : 0u) |
           (a->subject ? LL_MAY_SUBJECT : 0u) | (a->portal ? LL_MAY_PORTAL : 0u);
}

bool ll_may(const struct ll_actor *a, const struct ll_permission *p)
{
    return (bits_of(a) & p->may) != 0;
}

static void list_titles(unsigned may, enum ll_lang lang, char *out, size_t n)
{
    size_t at = 0;

    out[0] = 0;
    for (unsigned i = 0; i < LL_DUTY_COUNT; i++)
        if (may & 1u << i)
            at += (size_t)snprintf(out + at, at < n ? n - at : 0, "%s%s",
                                   !at             ? ""
                                   : lang == LL_ZH ? "、"
                                                   : ", ",
                                   ll_duty_title(i, lang));
    if (may & LL_MAY_CLIENT && !at)
        snprintf(out, n, "%s", lang == LL_ZH ? "已登记的系统" : "a registered system");
    if (may & LL_MAY_SUBJECT && !at)
        snprintf(out, n, "%s",
                 lang == LL_ZH ? "主体本人（以通行密钥登录）" : "the subject, signed in by its passkey");
    if (may & LL_MAY_PORTAL && !at)
        snprintf(out, n, "%s",
                 lang == LL_ZH ? "门户，以授权码换得的令牌" : "a portal, with the token of a code");
}

int ll_may_or_fail(const struct ll_actor *a, const struct ll_permission *p, struct ll_err *err)
{
    char zh[256], en[256];

    if (ll_may(a, p))
        return LL_OK;
    if (!a->account && !a->client && !a->subject && !a->portal)
        return ll_fail(err, LL_SIGNIN, "请先登录", "sign in first");
    list_titles(p->may, LL_ZH, zh, sizeof(zh));
    list_titles(p->may, LL_EN, en, sizeof(en));
    ll_fail(err, LL_DENIED, "无权%s：需要的职责是%s", "not permitted to %s: it takes one of %s", p->zh, zh);
    if (err) /* the two languages take different words here */
        snprintf(err->en, sizeof(err->en), "not permitted to %s: it takes the duty of %s", p->en, en);
    return LL_DENIED;
}

bool ll_may_all(const struct ll_actor *a, const struct ll_permission *p)
{
    return (bits_of(a) & p->any_organisation) != 0;
}

int ll_may_for(const struct ll_actor *a, const struct ll_permission *p, const char *organisation,
               struct ll_err *err)
{
    int rc = ll_may_or_fail(a, p, err);

    if (rc < 0 || ll_may_all(a, p))
        return rc;
    if (a->organisation && strcmp(a->organisation, organisation) == 0)
        return LL_OK;
    return ll_fail(err, LL_DENIED, "只能处理本机构（%s）的事项，这一项属于 %s",
                   "only what belongs to one's own organisation (%s); this belongs to %s",
                   a->organisation ? a->organisation : "-", organisation);
}

const char *ll_duty_name(unsigned at)
{
    return at < LL_DUTY_COUNT ? duties[at].name : NULL;
}

const char *ll_duty_title(unsigned at, enum ll_lang lang)
{
    return at < LL_DUTY_COUNT ? (lang == LL_ZH ? duties[at].zh : duties[at].en) : NULL;
}

int ll_duties_check(unsigned roles, struct ll_err *err)
{
    unsigned admin = roles & LL_DUTIES_ADMIN;

    if (!admin || roles == (admin & -admin))
        return LL_OK;
    return ll_fail(
        err, LL_INVALID, "系统管理员、安全管理员、审计员互斥，也不能兼任其他职责",
        "system administrator, security administrator and auditor exclude each other and every other duty");
}

int ll_duties_parse(struct ll_str words, unsigned *ret, struct ll_err *err)
{
    unsigned roles = 0;
    struct ll_str word;

    while (words.n) {
        unsigned at = 0;
        ll_str_cut(words, ',', &word, &words);
        word = ll_str_trim(word);
        while (at < LL_DUTY_COUNT && !ll_str_is(word, duties[at].name))
            at++;
        if (at == LL_DUTY_COUNT)
            return ll_fail(err, LL_USAGE, "没有职责 %.*s", "there is no duty %.*s", LL_STR_ARG(word));
        roles |= 1u << at;
    }
    *ret = roles;
    return ll_duties_check(roles, err);
}
