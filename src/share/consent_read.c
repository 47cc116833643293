/* consent_read.c - consents as they are shown, and their signatures verified once more. */
#include "share/consent_impl.h"

#include "base/clock.h"
#include "crypto/base64.h"
#include "crypto/strictjson.h"
#include "store/rows.h"

#include <string.h>

#define COLUMNS                                                                                                                        \
    "c.id, c.subject, s.scheme, s.mask, s.title, c.organisation, c.purpose, c.text, c.reason, c.kind, c.state, c.from_at, c.until_at," \
    " c.uses, c.used, c.status_index, c.made_at, c.withdrawn_at FROM consent c JOIN consent_subject s ON s.id = c.subject"

static void take_row(struct ll_stmt *s, struct ll_arena *a, struct ll_consent *c, bool *nomem)
{
    *c = (struct ll_consent){.id = ll_col_dup(s, 0, a, nomem),
                             .subject = ll_col_dup(s, 1, a, nomem),
                             .scheme = ll_col_dup(s, 2, a, nomem),
                             .mask = ll_col_dup(s, 3, a, nomem),
                             .title = ll_col_dup(s, 4, a, nomem),
                             .organisation = ll_col_dup(s, 5, a, nomem),
                             .purpose = ll_col_dup(s, 6, a, nomem),
                             .text = ll_col_dup(s, 7, a, nomem),
                             .reason = ll_col_dup(s, 8, a, nomem),
                             .kind = ll_str_is(ll_col_text(s, 9), ll_consent_kind_word(LL_CONSENT_PASSKEY))
                                         ? LL_CONSENT_PASSKEY
                                         : LL_CONSENT_IN_PERSON,
                             .withdrawn = ll_str_is(ll_col_text(s, 10), "withdrawn"),
                             .from_at = ll_col_int(s, 11),
                             .until_at = ll_col_int(s, 12),
                             .uses = ll_col_int(s, 13),
                             .used = ll_col_int(s, 14),
                             .status_index = ll_col_int(s, 15),
                             .made_at = ll_col_int(s, 16),
                             .withdrawn_at = ll_col_int(s, 17)};
}

int ll_consent_get(const struct ll_consent_env *env, const char *id, struct ll_consent *ret,
                   struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    bool nomem = false;
    int rc = ll_sql(env->tx, "SELECT " COLUMNS " WHERE c.id = $1", &s, err);

    if (rc < 0)
        return rc;
    ll_bind_z(s, 1, id);
    rc = ll_step(s, err);
    if (rc == 1) {
        take_row(s, env->arena, ret, &nomem);
        rc = nomem ? ll_no_memory(err) : LL_OK;
    } else if (rc == 0) {
        rc = ll_fail(err, LL_NOTFOUND, "没有授权 %s", "no consent %s", id);
    }
    ll_stmt_done(s);
    return rc;
}

/* --- lists -------------------------------------------------------------------------------------------------------------- */

#define FITS                                                                                                 \
    " WHERE ($1 IS NULL OR c.organisation = $1) AND ($2 IS NULL OR c.subject = $2)"                          \
    " AND ($3 IS NULL OR c.state = $3)"

static int read_row(struct ll_stmt *s, struct ll_arena *arena, void *row, struct ll_err *err)
{
    bool nomem = false;

    take_row(s, arena, row, &nomem);
    return nomem ? ll_no_memory(err) : LL_OK;
}

static const struct ll_row_form form = {NULL, 0, sizeof(struct ll_consent), read_row};
static const struct ll_row_order order_list[] = {{"made", "c.made_at"},    {"organisation", "c.organisation"},
                                                 {"purpose", "c.purpose"}, {"state", "c.state"},
                                                 {"until", "c.until_at"},  {"used", "c.used"}};
static const struct ll_row_orders orders = {order_list, LL_COUNT(order_list), "c.made_at DESC", "c.id"};

static int subject_of(const struct ll_consent_env *env, const struct ll_consent_who *who,
                      char subject[LL_CONSENT_SUBJECT], struct ll_err *err)
{
    char canon[LL_ID_MAX];
    size_t n;

    if (ll_id_check(who->scheme, who->value, canon, &n) != LL_IDF_OK)
        return ll_fail(err, LL_INVALID, "授权人标识无效", "the subject's identifier is not valid");
    return ll_consent_subject_id(env->keys, who->scheme, (struct ll_str){canon, n}, subject, err);
}

int ll_consent_list(const struct ll_consent_env *env, const struct ll_consent_query *q,
                    struct ll_consent **ret, size_t *ret_n, int64_t *ret_total, struct ll_err *err)
{
    enum { LIMIT_MAX = 1000 };
    char subject[LL_CONSENT_SUBJECT];
    const struct ll_row_arg args[] = {LL_ARG_Z(q->organisation), LL_ARG_Z(q->who ? subject : NULL),
                                      LL_ARG_Z(q->state)};
    const struct ll_row_page page = {.sql = "SELECT " COLUMNS FITS,
                                     .count = "SELECT count(*) FROM consent c" FITS,
                                     .orders = &orders,
                                     .sort = q->sort,
                                     .args = args,
                                     .n_args = LL_COUNT(args),
                                     .limit = q->limit && q->limit < LIMIT_MAX ? q->limit : LIMIT_MAX,
                                     .offset = q->offset};
    void *list = NULL;
    int rc = q->who ? subject_of(env, q->who, subject, err) : LL_OK;

    if (rc == LL_OK)
        rc = ll_row_list(env->tx, &form, &page, env->arena, &list, ret_n, ret_total, err);
    *ret = list;
    return rc;
}

/* --- JSON --------------------------------------------------------------------------------------------------------------- */

static void put_ms(struct ll_json *j, const char *key, int64_t ms)
{
    char text[LL_TIME_TEXT];

    ll_json_kz(j, key, ms ? ll_time_text(ms, text) : NULL);
}

/* Rows come by resource. */
static int put_items(const struct ll_consent_env *env, const char *id, struct ll_json *j, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    struct ll_buf open = LL_BUF_INIT(1024); /* the resource whose list is open */
    int rc = ll_sql(env->tx,
                    "SELECT resource, item FROM consent_item WHERE consent = $1 ORDER BY resource, item", &s,
                    err);

    if (rc < 0)
        return rc;
    ll_bind_z(s, 1, id);
    ll_json_key(j, "items");
    ll_json_arr(j);
    while ((rc = ll_step(s, err)) == 1) {
        if (!open.n || !ll_str_eq(ll_buf_view(&open), ll_col_text(s, 0))) {
            if (open.n) {
                ll_json_end_arr(j);
                ll_json_end_obj(j);
            }
            ll_buf_clear(&open);
            ll_buf_str(&open, ll_col_text(s, 0));
            ll_json_obj(j);
            ll_json_ks(j, "resource", ll_buf_view(&open));
            ll_json_key(j, "items");
            ll_json_arr(j);
        }
        ll_json_str(j, ll_col_text(s, 1));
    }
    if (open.n) {
        ll_json_end_arr(j);
        ll_json_end_obj(j);
    }
    ll_json_end_arr(j);
    ll_stmt_done(s);
    ll_buf_free(&open);
    return rc < 0 ? rc : LL_OK;
}

int ll_consent_json(const struct ll_consent_env *env, const struct ll_consent *c, struct ll_json *j,
                    struct ll_err *err)
{
    ll_json_obj(j);
    ll_json_kz(j, "id", c->id);
    ll_json_kz(j, "kind", ll_consent_kind_word(c->kind));
    ll_json_kz(j, "kind_title", ll_consent_kind_title(c->kind, LL_ZH));
    ll_json_kz(j, "kind_title_en", ll_consent_kind_title(c->kind, LL_EN));
    ll_json_ki(j, "strength", ll_consent_kind_strength(c->kind));
    ll_json_kz(j, "proves", ll_consent_kind_proves(c->kind, LL_ZH));
    ll_json_kz(j, "proves_en", ll_consent_kind_proves(c->kind, LL_EN));
    ll_json_kz(j, "state", c->withdrawn ? "withdrawn" : "active");
    ll_json_kz(j, "subject", c->mask);
    ll_json_kz(j, "subject_scheme", c->scheme);
    ll_json_kz(j, "subject_title", c->title);
    ll_json_kz(j, "organisation", c->organisation);
    ll_json_kz(j, "purpose", c->purpose);
    put_ms(j, "from", c->from_at);
    put_ms(j, "until", c->until_at);
    ll_json_ki(j, "uses", c->uses);
    ll_json_ki(j, "used", c->used);
    put_ms(j, "made_at", c->made_at);
    put_ms(j, "withdrawn_at", c->withdrawn_at);
    ll_json_kz(j, "reason", c->reason);
    ll_json_kz(j, "text", c->text);
    int rc = put_items(env, c->id, j, err);
    ll_json_end_obj(j);
    return rc;
}

/* --- verifying once more ------------------------------------------------------------------------------------------------ */

int ll_consent_evidence(const struct ll_consent_env *env, const char *id, const char *act, struct ll_buf *out,
                        struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int rc = ll_sql(env->tx, "SELECT evidence FROM consent_evidence WHERE consent = $1 AND act = $2", &s,
                    err);

    if (rc < 0)
        return rc;
    ll_bind_z(s, 1, id);
    ll_bind_z(s, 2, act);
    rc = ll_step(s, err);
    if (rc == 1)
        ll_buf_str(out, ll_col_text(s, 0));
    else if (rc == 0)
        rc = ll_fail(err, LL_NOTFOUND, "授权 %s 没有签署材料", "consent %s has no evidence", id);
    ll_stmt_done(s);
    return rc < 0 ? rc : out->failed ? ll_no_memory(err) : LL_OK;
}

static int evidence_of(const struct ll_consent_env *env, const char *id, json_t **ret, struct ll_err *err)
{
    struct ll_buf text = LL_BUF_INIT(EVIDENCE_MAX);
    int rc = ll_consent_evidence(env, id, "given", &text, err);

    if (rc == LL_OK)
        rc = ll_json_load(ll_buf_view(&text), EVIDENCE_MAX, "evidence", ret, err);
    ll_buf_free(&text);
    return rc;
}

enum { PART_CLIENT, PART_AUTH, PART_SIGNATURE, PART_COSE, PARTS };

static int check_parts(const json_t *e, const struct ll_webauthn_want *site, struct ll_buf part[PARTS],
                       struct ll_err *err)
{
    static const char *const names[PARTS] = {"client_data", "auth_data", "signature", "cose"};
    unsigned char nonce[LL_NONCE], challenge[LL_DIGEST];
    struct ll_webauthn_want want = *site;
    struct ll_webauthn_seen seen;

    if (!ll_base64_exact(ll_json_member(e, "nonce"), LL_BASE64_URL, nonce, LL_NONCE))
        return ll_fail(err, LL_INVALID, "这份授权没有授权人的签名",
                       "this consent has no signature of the subject");
    for (size_t i = 0; i < PARTS; i++) {
        int rc = ll_base64_get(ll_json_member(e, names[i]), LL_BASE64_URL, &part[i], err);
        if (rc < 0)
            return rc;
    }
    ll_approval_challenge(nonce, ll_json_member(e, "text"), challenge);
    want.challenge = (struct ll_str){(const char *)challenge, sizeof challenge};
    want.need_uv = true;
    const struct ll_webauthn_known known = {ll_buf_view(&part[PART_COSE]), 0,
                                            json_is_true(json_object_get(e, "backup"))};
    const struct ll_webauthn_use use = {ll_buf_view(&part[PART_CLIENT]), ll_buf_view(&part[PART_AUTH]),
                                        ll_buf_view(&part[PART_SIGNATURE])};
    return ll_webauthn_verify(&want, &known, &use, &seen, err);
}

int ll_consent_verify(const struct ll_consent_env *env, const char *id, const struct ll_webauthn_want *site,
                      struct ll_err *err)
{
    struct ll_buf part[PARTS];
    struct ll_consent c;
    json_t *e = NULL;
    int rc = ll_consent_get(env, id, &c, err);

    if (rc < 0 || (rc = evidence_of(env, id, &e, err)) < 0)
        return rc;
    for (size_t i = 0; i < PARTS; i++)
        part[i] = LL_BUF_INIT(EVIDENCE_MAX);
    rc = check_parts(e, site, part, err);
    if (rc == LL_OK && !ll_json_is(e, "text", c.text))
        rc = ll_fail(err, LL_INVALID, "签署的文本不是授权书的文本",
                     "what was signed is not the text of the consent");
    for (size_t i = 0; i < PARTS; i++)
        ll_buf_free(&part[i]);
    json_decref(e);
    return rc;
}
