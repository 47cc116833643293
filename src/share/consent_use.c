/* consent_use.c - does a consent cover this use?  One query for the subject's consents to the organisation, one for each item of those
 * that pass all else; the best are asked first. */
#include "share/consent_impl.h"

#include <string.h>

static const char *const refusals[] = {
    "consent_none",    "consent_purpose", "consent_withdrawn",
    "consent_not_yet", "consent_ended",   "consent_used_up",
    "consent_weak",    "consent_item",    "ok",
};

static const struct {
    const char *word;
    unsigned strength;
    const char *title[2], *proves[2];
} kinds[] = {
#define X(id, word, strength, zh, en, proves_zh, proves_en)                                                  \
    {word, strength, {zh, en}, {proves_zh, proves_en}},
    LL_CONSENT_KINDS(X)
#undef X
};

const char *ll_consent_kind_word(enum ll_consent_kind k)
{
    return kinds[k].word;
}

const char *ll_consent_kind_title(enum ll_consent_kind k, enum ll_lang lang)
{
    return kinds[k].title[lang == LL_EN];
}

const char *ll_consent_kind_proves(enum ll_consent_kind k, enum ll_lang lang)
{
    return kinds[k].proves[lang == LL_EN];
}

unsigned ll_consent_kind_strength(enum ll_consent_kind k)
{
    return kinds[k].strength;
}

const char *ll_consent_refusal_word(enum ll_consent_refusal r)
{
    return refusals[r];
}

static enum ll_consent_kind kind_of(struct ll_str word)
{
    return ll_str_is(word, kinds[LL_CONSENT_PASSKEY].word) ? LL_CONSENT_PASSKEY : LL_CONSENT_IN_PERSON;
}

static const char CANDIDATES[] =
    "SELECT id, kind, purpose, state, from_at, until_at, uses, used FROM consent"
    " WHERE subject = $1 AND organisation = $2 ORDER BY kind DESC, made_at DESC LIMIT 200";
enum { C_ID, C_KIND, C_PURPOSE, C_STATE, C_FROM, C_UNTIL, C_USES, C_USED };

/* All but the items. */
static enum ll_consent_refusal judge(struct ll_stmt *s, const struct ll_consent_use *u)
{
    if (!ll_str_is(ll_col_text(s, C_PURPOSE), u->purpose))
        return LL_CONSENT_OTHER_PURPOSE;
    if (!ll_str_is(ll_col_text(s, C_STATE), "active"))
        return LL_CONSENT_WITHDRAWN;
    if (u->now < ll_col_int(s, C_FROM))
        return LL_CONSENT_NOT_YET;
    if (u->now >= ll_col_int(s, C_UNTIL))
        return LL_CONSENT_ENDED;
    if (ll_col_int(s, C_USES) && ll_col_int(s, C_USED) >= ll_col_int(s, C_USES))
        return LL_CONSENT_USED_UP;
    return kinds[kind_of(ll_col_text(s, C_KIND))].strength < u->strength ? LL_CONSENT_TOO_WEAK
                                                                         : LL_CONSENT_COVERS;
}

/* 1: every item; 0: one is missing. */
static int has_items(struct ll_txn *tx, const char *id, const struct ll_consent_use *u, struct ll_err *err)
{
    int rc = 1;

    for (size_t i = 0; rc == 1 && i < u->n_items; i++) {
        struct ll_stmt *s = NULL;
        if ((rc = ll_sql(tx, "SELECT 1 FROM consent_item WHERE consent = $1 AND resource = $2 AND item = $3",
                         &s, err)) < 0)
            return rc;
        ll_bind_z(s, 1, id);
        ll_bind_z(s, 2, u->resource);
        ll_bind_text(s, 3, u->items[i]);
        rc = ll_step(s, err);
        ll_stmt_done(s);
    }
    return rc;
}

static void remember(struct ll_consent_used *ret, struct ll_stmt *s, enum ll_consent_refusal why)
{
    struct ll_str id = ll_col_text(s, C_ID);

    if (ret->why >= why && ret->id[0])
        return;
    ret->why = why;
    ret->kind = kind_of(ll_col_text(s, C_KIND));
    memcpy(ret->id, id.p, id.n < LL_CONSENT_ID ? id.n : LL_CONSENT_ID - 1);
    ret->id[id.n < LL_CONSENT_ID ? id.n : LL_CONSENT_ID - 1] = 0;
}

static int search(struct ll_txn *tx, const char *subject, const struct ll_consent_use *u,
                  struct ll_consent_used *ret, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int rc = ll_sql(tx, CANDIDATES, &s, err);

    if (rc < 0)
        return rc;
    ll_bind_z(s, 1, subject);
    ll_bind_z(s, 2, u->organisation);
    while (ret->why != LL_CONSENT_COVERS && (rc = ll_step(s, err)) == 1) {
        enum ll_consent_refusal why = judge(s, u);
        if (why == LL_CONSENT_COVERS) {
            char id[LL_CONSENT_ID] = "";
            struct ll_str text = ll_col_text(s, C_ID);
            memcpy(id, text.p, text.n < LL_CONSENT_ID ? text.n : LL_CONSENT_ID - 1);
            int all = has_items(tx, id, u, err);
            if (all < 0) {
                rc = all;
                break;
            }
            why = all ? LL_CONSENT_COVERS : LL_CONSENT_OTHER_ITEM;
        }
        remember(ret, s, why);
    }
    ll_stmt_done(s);
    return rc < 0 ? rc : LL_OK;
}

static int refuse(enum ll_consent_refusal why, struct ll_err *err)
{
    static const char *const zh[] = {
        "授权人没有向该机构授权",
        "授权的用途不是这一个",
        "授权已经撤回",
        "授权尚未生效",
        "授权已经到期",
        "授权的次数已经用完",
        "需要授权人以通行密钥签署的授权",
        "授权没有覆盖所查的信息项",
    };
    static const char *const en[] = {
        "the subject has not consented to this organisation",
        "the consent is for another purpose",
        "the consent is withdrawn",
        "the consent does not hold yet",
        "the consent has ended",
        "the consent's uses are used up",
        "a consent signed by the subject's passkey is needed",
        "the consent does not cover an item that was asked for",
    };

    return ll_fail(err, LL_DENIED, "%s%.0s", "%.0s%s", zh[why], en[why]);
}

int ll_consent_covers(const struct ll_consent_env *env, const struct ll_consent_use *use,
                      struct ll_consent_used *ret, struct ll_err *err)
{
    char subject[LL_CONSENT_SUBJECT];
    int rc;

    *ret = (struct ll_consent_used){.why = LL_CONSENT_NONE};
    if ((rc = ll_consent_subject_id(env->keys, use->scheme, use->value, subject, err)) < 0 ||
        (rc = search(env->tx, subject, use, ret, err)) < 0)
        return rc;
    return ret->why == LL_CONSENT_COVERS ? LL_OK : refuse(ret->why, err);
}

int ll_consent_use(const struct ll_consent_env *env, const struct ll_consent_use *use,
                   struct ll_consent_used *ret, struct ll_err *err)
{
    int rc = ll_consent_covers(env, use, ret, err);

    return rc < 0 ? rc
                  : ll_exec(env->tx, err, "UPDATE consent SET used = used + 1 WHERE id = $1", "z", ret->id);
}
