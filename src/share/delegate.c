/* delegate.c - see delegate.h. */
#include "share/delegate.h"

#include "base/clock.h"
#include "crypto/hash.h"
#include "crypto/random.h"
#include "store/rows.h"

#include <stdio.h>
#include <string.h>

enum { SCOPES_TEXT = 128 };

static const struct {
    const char *word, *title[2];
} scopes_table[] = {
#define X(id, word, zh, en) {word, {zh, en}},
    LL_DELEGATE_SCOPES(X)
#undef X
};

const char *ll_delegate_scope_word(enum ll_delegate_scope_at s)
{
    return scopes_table[s].word;
}

const char *ll_delegate_scope_title(enum ll_delegate_scope_at s, enum ll_lang lang)
{
    return scopes_table[s].title[lang];
}

/* 0: no scope of this word. */
static unsigned scope_of(struct ll_str word)
{
    for (unsigned i = 0; i < LL_DELEGATE_SCOPE_COUNT; i++)
        if (ll_str_is(word, scopes_table[i].word))
            return 1u << i;
    return 0;
}

int ll_delegate_scopes_read(const char *const *words, size_t n, unsigned *ret, struct ll_err *err)
{
    *ret = 0;
    for (size_t i = 0; i < n; i++) {
        unsigned bit = scope_of(ll_str(words[i]));
        if (!bit)
            return ll_fail(err, LL_USAGE, "没有委托事项 %.40s", "there is no scope %.40s", words[i]);
        *ret |= bit;
    }
    return *ret ? LL_OK
                : ll_fail(err, LL_USAGE, "须至少写明一项委托事项", "at least one scope has to be named");
}

static void scopes_text(unsigned scopes, char out[SCOPES_TEXT])
{
    size_t at = 0;

    out[0] = 0;
    for (unsigned i = 0; i < LL_DELEGATE_SCOPE_COUNT; i++)
        if (scopes & 1u << i)
            at += (size_t)snprintf(out + at, SCOPES_TEXT - at, "%s%s", at ? " " : "", scopes_table[i].word);
}

/* ---- rows ---- */

#define COLUMNS                                                                                              \
    "d.id, d.firm, d.person, s.title, s.mask, d.note, d.until_at, d.made_at, d.changed_at, d.kind, d.state, d.scopes"

static int read_rest(struct ll_stmt *s, struct ll_arena *arena, void *row, struct ll_err *err)
{
    struct ll_delegation *d = row;
    struct ll_str rest = ll_col_text(s, 11), one;

    (void)arena, (void)err;
    d->representative = ll_str_is(ll_col_text(s, 9), "legal_representative");
    d->state = ll_state_parse(LL_FLOW_DELEGATION, ll_col_text(s, 10));
    while (rest.n) {
        ll_str_cut(rest, ' ', &one, &rest);
        d->scopes |= scope_of(one);
    }
    return LL_OK;
}

static const struct ll_row_column columns[] = {
    LL_ROW(TEXT, ll_delegation, id),       LL_ROW(TEXT, ll_delegation, firm),
    LL_ROW(TEXT, ll_delegation, person),   LL_ROW(TEXT, ll_delegation, title),
    LL_ROW(TEXT, ll_delegation, mask),     LL_ROW(TEXT, ll_delegation, note),
    LL_ROW(INT, ll_delegation, until_at),  LL_ROW(INT, ll_delegation, made_at),
    LL_ROW(INT, ll_delegation, changed_at)};
static const struct ll_row_form form = {columns, LL_COUNT(columns), sizeof(struct ll_delegation), read_rest};

static int list(const struct ll_consent_env *env, const char *sql, const char *subject,
                struct ll_delegation **ret, size_t *ret_n, struct ll_err *err)
{
    const struct ll_row_arg args[] = {LL_ARG_Z(subject), LL_ARG_I(ll_now_ms())};
    const struct ll_row_page page = {
        .sql = sql, .args = args, .n_args = LL_COUNT(args), .limit = LL_DELEGATES_MOST};
    void *rows = NULL;
    int rc = ll_row_list(env->tx, &form, &page, env->arena, &rows, ret_n, NULL, err);

    *ret = rows;
    return rc;
}

int ll_delegates_of(const struct ll_consent_env *env, const char *firm, struct ll_delegation **ret,
                    size_t *ret_n, struct ll_err *err)
{
    return list(env,
                "SELECT " COLUMNS " FROM delegation d LEFT JOIN consent_subject s ON s.id = d.person"
                " WHERE d.firm = $1 AND (d.state <> 'invited' OR d.token_until > $2)"
                " ORDER BY d.made_at DESC, d.id LIMIT $3 OFFSET $4",
                firm, ret, ret_n, err);
}

int ll_delegates_for(const struct ll_consent_env *env, const char *person, struct ll_delegation **ret,
                     size_t *ret_n, struct ll_err *err)
{
    return list(env,
                "SELECT " COLUMNS " FROM delegation d JOIN consent_subject s ON s.id = d.firm"
                " WHERE d.person = $1 AND d.state = 'acting' AND d.until_at > $2"
                " ORDER BY d.made_at DESC, d.id LIMIT $3 OFFSET $4",
                person, ret, ret_n, err);
}

int ll_delegate_representative(const struct ll_consent_env *env, const char *firm, struct ll_delegation *ret,
                               struct ll_err *err)
{
    return ll_row_get(env->tx, &form,
                      "SELECT " COLUMNS " FROM delegation d JOIN consent_subject s ON s.id = d.person"
                      " WHERE d.firm = $1 AND d.kind = 'legal_representative' AND d.state <> 'ended'"
                      " ORDER BY d.changed_at DESC, d.id LIMIT 1",
                      firm, env->arena, ret, err);
}

/* ---- steps ---- */

static struct ll_flow_object object_of(const struct ll_delegation *d, const char *subject)
{
    return (struct ll_flow_object){
        .flow = LL_FLOW_DELEGATION, .id = d->id, .state = d->state, .subject = subject};
}

static int check_new(const struct ll_consent_env *env, const struct ll_delegate_new *n, struct ll_err *err)
{
    const int64_t now = ll_now_ms(), far = now + (int64_t)LL_DELEGATE_DAYS * 86400000;
    struct ll_delegation *all = NULL;
    size_t count = 0, open = 0;
    int rc;

    if (!env->actor->by_representative || env->actor->delegate)
        return ll_fail(
            err, LL_DENIED, "须由法定代表人以其通行密钥登录后办理，经办人不能再委托",
            "this is for the legal representative, signed in by its own passkey; nobody delegates further");
    if (n->until_at <= now || n->until_at > far)
        return ll_fail(err, LL_INVALID, "委托期限须晚于今天，且不超过 %d 天",
                       "a delegation ends after today and within %d days", LL_DELEGATE_DAYS);
    if ((rc = ll_delegates_of(env, env->actor->subject, &all, &count, err)) < 0)
        return rc;
    for (size_t i = 0; i < count; i++)
        open += all[i].state == LL_STATE_INVITED || all[i].state == LL_STATE_ACTING;
    return open < LL_DELEGATES_MOST ? LL_OK
                                    : ll_fail(err, LL_TOOBIG, "同时有效的委托至多 %d 项",
                                              "there are at most %d delegations at once", LL_DELEGATES_MOST);
}

int ll_delegate_invite(const struct ll_consent_env *env, const struct ll_delegate_new *n,
                       struct ll_delegation *ret, const char **ret_token, struct ll_err *err)
{
    char id[LL_FLOW_ID_TEXT], token[LL_TOKEN_TEXT], hash[LL_SHA256_HEX], scopes[SCOPES_TEXT];
    const int64_t now = ll_now_ms();
    int rc = check_new(env, n, err);

    if (rc < 0 || (rc = ll_random_token(token, err)) < 0 || (rc = ll_hash_str(ll_str(token), hash, err)) < 0)
        return rc;
    ll_flow_new_id('V', id);
    scopes_text(n->scopes, scopes);
    *ret = (struct ll_delegation){.id = ll_arena_dup(env->arena, ll_str(id)),
                                  .firm = env->actor->subject,
                                  .note = n->note,
                                  .representative = n->representative,
                                  .scopes = n->scopes,
                                  .state = LL_STATE_INVITED,
                                  .until_at = n->until_at,
                                  .made_at = now,
                                  .changed_at = now};
    *ret_token = ll_arena_dup(env->arena, ll_str(token));
    if (!ret->id || !*ret_token)
        return ll_no_memory(err);
    const struct ll_flow_object o = object_of(ret, ret->firm);
    if ((rc = ll_exec(
             env->tx, err,
             "INSERT INTO delegation (id, kind, firm, state, note, scopes, until_at, token, token_until,"
             " made_at, changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10)",
             "zzzzzzizii", ret->id, n->representative ? "legal_representative" : "staff", ret->firm,
             ll_state_word(ret->state), n->note, scopes, n->until_at, hash, now + LL_DELEGATE_CODE_MS, now)) <
        0)
        return rc;
    const struct ll_flow_act act = {.action = "create", .actor = env->actor, .reason = scopes};
    return ll_flow_begin_as(env->tx, &o, &act, err);
}

int ll_delegate_open(const struct ll_consent_env *env, const char *token, struct ll_delegation *ret,
                     struct ll_err *err)
{
    char hash[LL_SHA256_HEX];
    int rc = ll_hash_str(ll_str(token), hash, err);

    if (rc == LL_OK)
        rc = ll_row_get(env->tx, &form,
                        "SELECT " COLUMNS
                        ", d.token_until FROM delegation d JOIN consent_subject s ON s.id = d.firm"
                        " WHERE d.token = $1 AND d.state = 'invited'",
                        hash, env->arena, ret, err);
    if (rc > 0 && ret->made_at + LL_DELEGATE_CODE_MS > ll_now_ms())
        return LL_OK;
    return rc < 0 ? rc
                  : ll_fail(err, LL_NOTFOUND, "没有这个邀请，或已用过、已过期，请企业重新发出",
                            "no such invitation, or it was used or has expired; ask the firm for another");
}

static int move(const struct ll_consent_env *env, struct ll_delegation *d, const char *subject,
                const char *action, struct ll_err *err)
{
    const struct ll_flow_object o = object_of(d, subject);
    const struct ll_flow_act act = {.action = action, .actor = env->actor};
    const struct ll_flow_step *step = NULL;
    int rc = ll_flow_take(env->tx, &o, &act, &step, err);

    if (rc < 0)
        return rc;
    d->state = step->to;
    d->changed_at = ll_now_ms();
    return ll_exec(
        env->tx, err,
        "UPDATE delegation SET state = $2, person = coalesce(person, $3), token = NULL, changed_at = $4"
        " WHERE id = $1",
        "zzzi", d->id, ll_state_word(d->state), d->person, d->changed_at);
}

int ll_delegate_take(const struct ll_consent_env *env, struct ll_delegation *d, bool fits, struct ll_err *err)
{
    struct ll_consent_self self;
    int rc = ll_consent_subject(env, env->actor->subject, &self, err);

    if (rc < 0)
        return rc;
    if (self.scheme != LL_ID_RESIDENT_ID)
        return ll_fail(err, LL_DENIED, "须由自然人以本人的通行密钥登录后接受",
                       "a natural person takes it, signed in by its own passkey");
    d->person = env->actor->subject;
    return move(env, d, d->person, d->representative && !fits ? "mismatch" : "take", err);
}

int ll_delegate_end(const struct ll_consent_env *env, const char *id, struct ll_err *err)
{
    struct ll_delegation d;
    int rc = ll_row_get(env->tx, &form,
                        "SELECT " COLUMNS " FROM delegation d LEFT JOIN consent_subject s ON s.id = d.person"
                        " WHERE d.id = $1",
                        id, env->arena, &d, err);
    const char *self = env->actor->subject;

    if (rc < 0)
        return rc;
    if (rc == 0 || (strcmp(d.firm, self) != 0 && (!d.person || strcmp(d.person, self) != 0)))
        return ll_fail(err, LL_NOTFOUND, "没有委托 %s", "there is no delegation %s", id);
    return move(env, &d, self, "end", err);
}

int ll_delegate_acts(struct ll_txn *tx, const char *person, const char *id, enum ll_delegate_scope_at scope,
                     struct ll_arena *arena, struct ll_delegation *ret, struct ll_err *err)
{
    int rc = ll_row_get(tx, &form,
                        "SELECT " COLUMNS " FROM delegation d JOIN consent_subject s ON s.id = d.person"
                        " WHERE d.id = $1",
                        id, arena, ret, err);

    if (rc < 0)
        return rc;
    if (rc == 0 || strcmp(ret->person, person) != 0 || ret->representative || ret->state != LL_STATE_ACTING ||
        ret->until_at <= ll_now_ms())
        return ll_fail(err, LL_DENIED, "没有这项委托，或已终止、已到期",
                       "there is no such delegation, or it has ended");
    if (!(ret->scopes & 1u << scope))
        return ll_fail(err, LL_DENIED, "委托事项不包括“%s”%.0s", "the delegation does not cover: %.0s%s",
                       scopes_table[scope].title[LL_ZH], scopes_table[scope].title[LL_EN]);
    return LL_OK;
}

/* ---- told ---- */

void ll_delegation_put(struct ll_json *j, const struct ll_delegation *d)
{
    char at[LL_TIME_TEXT];

    ll_json_obj(j);
    ll_json_kz(j, "id", d->id);
    ll_json_kz(j, "kind", d->representative ? "legal_representative" : "staff");
    ll_state_put(j, d->state);
    ll_json_kb(j, "acts", d->state == LL_STATE_ACTING && d->until_at > ll_now_ms() && !d->representative);
    ll_json_kz(j, "title", d->title);
    ll_json_kz(j, "subject", d->mask);
    ll_json_kz(j, "note", d->note);
    ll_json_key(j, "scopes");
    ll_json_arr(j);
    for (unsigned i = 0; i < LL_DELEGATE_SCOPE_COUNT; i++)
        if (d->scopes & 1u << i) {
            ll_json_obj(j);
            ll_json_kz(j, "scope", scopes_table[i].word);
            ll_json_kz(j, "title", scopes_table[i].title[LL_ZH]);
            ll_json_kz(j, "title_en", scopes_table[i].title[LL_EN]);
            ll_json_end_obj(j);
        }
    ll_json_end_arr(j);
    ll_json_kz(j, "until", ll_time_text(d->until_at, at));
    ll_json_kz(j, "made_at", ll_time_text(d->made_at, at));
    ll_json_kz(j, "changed_at", ll_time_text(d->changed_at, at));
    ll_json_end_obj(j);
}
