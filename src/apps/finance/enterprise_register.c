/* enterprise_register.c - what the firm tells of itself: checked, sealed, kept; the steps of flow ENTERPRISE. */
#include "apps/finance/enterprise_impl.h"

#include "base/clock.h"
#include "crypto/base64.h"
#include "crypto/random.h"
#include "standard/convert.h"

#include <jansson.h>
#include <string.h>

enum { TOLD_MAX = 64 << 10 };
#define SEALED_AS "finance_enterprise" /* as which values are sealed (vault.h) */
#define SEALED_ITEM "told"
static const int64_t most_number = INT64_C(1000000000000000);

int ll_enterprise_prepare(struct ll_vault *vault, struct ll_err *err)
{
    return ll_vault_prepare(vault, SEALED_AS, err);
}

/* ---- the row ---- */

static int open_told(const struct ll_enterprise_env *env, struct ll_str sealed, struct ll_enterprise *e,
                     struct ll_err *err)
{
    struct ll_buf bytes = LL_BUF_INIT(TOLD_MAX), plain = LL_BUF_INIT(TOLD_MAX);
    struct ll_cell *cell = NULL;
    json_t *told = NULL;
    int rc = ll_base64_get(sealed, LL_BASE64_STD, &bytes, err);

    if (rc == LL_OK &&
        (rc = ll_cell_open(env->vault, LL_STR(SEALED_AS), LL_STR(SEALED_ITEM), &cell, err)) == LL_OK &&
        (rc = ll_cell_unseal(cell, ll_buf_view(&bytes), &plain, err)) == LL_OK)
        told = json_loadb(plain.p, plain.n, 0, NULL);
    for (size_t f = 0; rc == LL_OK && f < LL_ENT_FIELDS; f++) {
        struct ll_enterprise_value *v = &e->values[f];
        const char *text = json_string_value(json_object_get(told, ll_enterprise_fields[f].name));
        if (!text || v->from != LL_ENT_FROM_NOBODY)
            continue;
        v->from = LL_ENT_FROM_FIRM;
        v->text = ll_str(ll_arena_dup(env->arena, ll_str(text)));
        rc = v->text.p ? LL_OK : ll_no_memory(err);
    }
    json_decref(told);
    ll_cell_close(cell);
    ll_buf_free(&bytes);
    ll_buf_wipe(&plain);
    return rc;
}

int ll_enterprise_row(const struct ll_enterprise_env *env, const char *subject, struct ll_enterprise *e,
                      struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    bool nomem = false;
    int rc = ll_sql(
        env->tx,
        "SELECT id, state, sealed, registered_at, changed_at FROM finance_enterprise WHERE subject = $1", &s,
        err);

    if (rc < 0)
        return rc;
    ll_bind_z(s, 1, subject);
    if ((rc = ll_step(s, err)) > 0) {
        e->id = ll_col_dup(s, 0, env->arena, &nomem);
        e->state = ll_state_parse(LL_FLOW_ENTERPRISE, ll_col_text(s, 1));
        e->registered_at = ll_col_int(s, 3);
        e->changed_at = ll_col_int(s, 4);
        rc = nomem ? ll_no_memory(err) : open_told(env, ll_col_text(s, 2), e, err);
    }
    ll_stmt_done(s);
    return rc < 0 ? rc : LL_OK;
}

/* ---- what the firm tells ---- */

static int wrong(size_t f, const char *zh, const char *en, struct ll_err *err)
{
    const struct ll_enterprise_about *about = &ll_enterprise_fields[f];

    return ll_fail(err, LL_INVALID, "%s%s%.0s%.0s", "%.0s%.0s%s %s", about->title[LL_ZH], zh,
                   about->title[LL_EN], en);
}

static bool is_mobile(struct ll_str s)
{
    bool fine = s.n == 11 && s.p[0] == '1' && s.p[1] >= '3';

    for (size_t i = 0; i < s.n; i++)
        fine = fine && s.p[i] >= '0' && s.p[i] <= '9';
    return fine;
}

static int check_value(const struct ll_enterprise_env *env, size_t f, struct ll_str text, struct ll_err *err)
{
    const struct ll_enterprise_about *about = &ll_enterprise_fields[f];
    const struct ll_codeset *industries = ll_catalog_codeset(env->cat, LL_STR("INDUSTRY"));
    int64_t n;

    if (about->who == LL_ENT_BASE)
        return wrong(f, "由基础数据填写，不用填", "is told by base resources, not by the firm", err);
    if (about->most ? ll_utf8_count(text) > about->most : !ll_str_i64(text, 0, most_number, &n))
        return wrong(f, about->most ? "过长" : "应为不小于 0 的整数",
                     about->most ? "is too long" : "is a whole number from 0", err);
    if (f == LL_ENT_MOBILE && !is_mobile(text))
        return wrong(f, "应为 11 位手机号码", "is a mobile number of 11 digits", err);
    if (f == LL_ENT_INDUSTRY && (!industries || !ll_codeset_by_code(industries, text)))
        return wrong(f, "不是行业代码（如 C13）", "is no code of an industry (C13)", err);
    return LL_OK;
}

static int check_told(const struct ll_enterprise_env *env, const struct ll_enterprise_told *told,
                      struct ll_err *err)
{
    int rc = LL_OK;

    for (size_t f = 0; f < LL_ENT_FIELDS && rc == LL_OK; f++) {
        if (told->text[f].n)
            rc = check_value(env, f, told->text[f], err);
        else if (ll_enterprise_fields[f].who == LL_ENT_FIRM)
            rc = wrong(f, "没有填写", "is missing", err);
    }
    return rc;
}

static int seal_told(const struct ll_enterprise_env *env, const struct ll_enterprise_told *told,
                     struct ll_buf *out, struct ll_err *err)
{
    struct ll_buf plain = LL_BUF_INIT(TOLD_MAX), sealed = LL_BUF_INIT(TOLD_MAX);
    struct ll_cell *cell = NULL;
    struct ll_json j;
    int rc;

    ll_json_init(&j, &plain);
    ll_json_obj(&j);
    for (size_t f = 0; f < LL_ENT_FIELDS; f++)
        if (told->text[f].n)
            ll_json_ks(&j, ll_enterprise_fields[f].name, told->text[f]);
    ll_json_end_obj(&j);
    rc = plain.failed ? ll_no_memory(err)
                      : ll_cell_open(env->vault, LL_STR(SEALED_AS), LL_STR(SEALED_ITEM), &cell, err);
    if (rc == LL_OK && (rc = ll_cell_seal(cell, ll_buf_view(&plain), &sealed, err)) == LL_OK &&
        (rc = ll_vault_used(env->tx, SEALED_AS, 1, err)) == LL_OK)
        ll_base64_put(out, LL_BASE64_STD, sealed.p, sealed.n);
    ll_cell_close(cell);
    ll_buf_wipe(&plain);
    ll_buf_free(&sealed);
    return rc == LL_OK && out->failed ? ll_no_memory(err) : rc;
}

/* ---- steps ---- */

static struct ll_flow_object object_of(const char *id, const char *subject, enum ll_state state)
{
    return (struct ll_flow_object){.flow = LL_FLOW_ENTERPRISE, .id = id, .state = state, .subject = subject};
}

static int put_row(const struct ll_enterprise_env *env, const struct ll_enterprise *e, const char *subject,
                   struct ll_str sealed, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int rc = ll_sql(
        env->tx,
        "INSERT INTO finance_enterprise (id, subject, state, sealed, registered_at, changed_at)"
        " VALUES ($1, $2, $3, $4, $5, $5) ON CONFLICT (subject) DO UPDATE SET state = excluded.state,"
        " sealed = excluded.sealed, changed_at = excluded.changed_at",
        &s, err);

    if (rc < 0)
        return rc;
    ll_bind_z(s, 1, e->id);
    ll_bind_z(s, 2, subject);
    ll_bind_z(s, 3, ll_state_word(e->state));
    ll_bind_text(s, 4, sealed);
    ll_bind_int(s, 5, ll_now_ms());
    rc = ll_step(s, err);
    ll_stmt_done(s);
    return rc < 0 ? rc : LL_OK;
}

/* The first event, or the step that tells anew. */
static int begin_or_change(const struct ll_enterprise_env *env, const char *subject, struct ll_enterprise *e,
                           char id[LL_FLOW_ID_TEXT], struct ll_err *err)
{
    const struct ll_flow_step *step = NULL;
    struct ll_flow_object o = object_of(e->id, subject, e->state);
    struct ll_flow_act act = {.action = "change", .actor = env->actor};
    int rc;

    if (!e->id) {
        ll_flow_new_id('E', id);
        e->id = id;
        e->state = LL_STATE_REGISTERED;
        o = object_of(id, subject, e->state);
        return ll_flow_begin(env->tx, &o, env->actor, err);
    }
    if (e->state == LL_STATE_ENTERPRISE_CLOSED)
        act.action = "register";
    if ((rc = ll_flow_take(env->tx, &o, &act, &step, err)) == LL_OK)
        e->state = step->to;
    return rc;
}

int ll_enterprise_register(const struct ll_enterprise_env *env, const char *subject, struct ll_str uscc,
                           const struct ll_enterprise_told *told, struct ll_err *err)
{
    struct ll_buf sealed = LL_BUF_INIT(TOLD_MAX);
    char id[LL_FLOW_ID_TEXT];
    struct ll_enterprise e;
    int rc = check_told(env, told, err);

    if (rc < 0 || (rc = ll_enterprise_read(env, subject, uscc, &e, err)) < 0)
        return rc;
    if ((rc = begin_or_change(env, subject, &e, id, err)) == LL_OK &&
        (rc = seal_told(env, told, &sealed, err)) == LL_OK)
        rc = put_row(env, &e, subject, ll_buf_view(&sealed), err);
    ll_buf_free(&sealed);
    return rc;
}

int ll_enterprise_close(const struct ll_enterprise_env *env, const char *subject, struct ll_err *err)
{
    struct ll_flow_act act = {.action = "close", .actor = env->actor};
    const struct ll_flow_step *step = NULL;
    struct ll_enterprise e = {.id = NULL};
    struct ll_stmt *s = NULL;
    int rc = ll_enterprise_row(env, subject, &e, err);

    if (rc < 0)
        return rc;
    if (!e.id)
        return ll_fail(err, LL_NOTFOUND, "还没有注册", "there is no registration");
    const struct ll_flow_object o = object_of(e.id, subject, e.state);
    if ((rc = ll_flow_take(env->tx, &o, &act, &step, err)) < 0 ||
        (rc = ll_sql(env->tx, "UPDATE finance_enterprise SET state = $1, changed_at = $2 WHERE id = $3", &s,
                     err)) < 0)
        return rc;
    ll_bind_z(s, 1, ll_state_word(step->to));
    ll_bind_int(s, 2, ll_now_ms());
    ll_bind_z(s, 3, e.id);
    rc = ll_step(s, err);
    ll_stmt_done(s);
    return rc < 0 ? rc : LL_OK;
}
