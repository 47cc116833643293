/* portal.c - see portal.h: addresses of portals, scopes, and what a subject can read of it. */
#include "share/portal.h"

#include "base/clock.h"
#include "share/admin.h"

#include <stdio.h>
#include <string.h>

enum { LISTED = 100 };

#define X(id, word, zh, en) {word, {zh, en}},
static const struct {
    const char *word, *title[2];
} scopes[] = {LL_PORTAL_SCOPES(X)};
#undef X

/* --- scopes ---------------------------------------------------------------------------------------------------------------- */

unsigned ll_portal_scopes(struct ll_str text)
{
    unsigned found = 0;
    struct ll_str one;

    while (text.n) {
        ll_str_cut(text, ' ', &one, &text);
        for (size_t i = 0; i < LL_COUNT(scopes); i++)
            if (ll_str_is(one, scopes[i].word))
                found |= 1u << i;
    }
    return found;
}

const char *ll_portal_scope_word(enum ll_portal_scope_at s)
{
    return scopes[s].word;
}

const char *ll_portal_scope_title(enum ll_portal_scope_at s, enum ll_lang lang)
{
    return scopes[s].title[lang];
}

void ll_portal_scopes_text(unsigned of, char out[64])
{
    size_t n = 0;

    out[0] = 0;
    for (size_t i = 0; i < LL_COUNT(scopes); i++)
        if (of >> i & 1)
            n += (size_t)snprintf(out + n, 64 - n, "%s%s", n ? " " : "", scopes[i].word);
}

/* --- addresses ------------------------------------------------------------------------------------------------------------- */

static bool at_this_machine(struct ll_str rest)
{
    static const char *const names[] = {"127.0.0.1", "localhost", "[::1]"};

    for (size_t i = 0; i < LL_COUNT(names); i++) {
        size_t n = strlen(names[i]);
        if (ll_str_starts(rest, ll_str(names[i])) && (rest.n == n || rest.p[n] == ':' || rest.p[n] == '/'))
            return true;
    }
    return false;
}

/* Printable ASCII without what ends an address or hides who is called. */
static bool plain(struct ll_str uri)
{
    for (size_t i = 0; i < uri.n; i++)
        if (uri.p[i] <= ' ' || uri.p[i] > '~' || strchr("\"<>\\^`{|}#@", uri.p[i]))
            return false;
    return true;
}

int ll_portal_uri_check(struct ll_str uri, struct ll_err *err)
{
    struct ll_str https = LL_STR("https://"), http = LL_STR("http://");
    struct ll_str rest = ll_str_starts(uri, https)  ? (struct ll_str){uri.p + https.n, uri.n - https.n}
                         : ll_str_starts(uri, http) ? (struct ll_str){uri.p + http.n, uri.n - http.n}
                                                    : (struct ll_str){NULL, 0};

    if (uri.n <= LL_PORTAL_URI && rest.n && rest.p[0] != '/' && rest.p[0] != ':' && plain(uri) &&
        (ll_str_starts(uri, https) || at_this_machine(rest)))
        return LL_OK;
    return ll_fail(
        err, LL_INVALID,
        "“%.*s”不能作为返回地址：须为 https://，不含 # 与 @，至多 %d 个字节（本机地址可为 http://）",
        "'%.*s' cannot be returned to: it takes https://, no # and no @, and %d bytes at most (http:// at the machine itself)",
        (int)(uri.n < LL_PORTAL_URI ? uri.n : LL_PORTAL_URI), uri.p, LL_PORTAL_URI);
}

static int insert_uris(struct ll_txn *tx, struct ll_str client, const struct ll_str *uris, size_t n,
                       struct ll_err *err)
{
    int rc = ll_exec(tx, err, "DELETE FROM portal_uri WHERE client = $1", "s", client);

    for (size_t i = 0; i < n && rc == LL_OK; i++)
        if ((rc = ll_portal_uri_check(uris[i], err)) == LL_OK)
            rc = ll_exec(tx, err,
                         "INSERT INTO portal_uri (client, uri) VALUES ($1, $2) ON CONFLICT DO NOTHING", "ss",
                         client, uris[i]);
    return rc;
}

static int find_client(struct ll_txn *tx, struct ll_str client, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int rc = ll_sql(tx, "SELECT 1 FROM client WHERE id = $1", &s, err);

    if (rc < 0)
        return rc;
    ll_bind_text(s, 1, client);
    if ((rc = ll_step(s, err)) == 0)
        rc = ll_fail(err, LL_NOTFOUND, "没有系统 %.*s", "there is no client %.*s", LL_STR_ARG(client));
    ll_stmt_done(s);
    return rc < 0 ? rc : LL_OK;
}

int ll_portal_set_uris(struct ll_store *st, const struct ll_actor *by, struct ll_str client,
                       const struct ll_str *uris, size_t n, struct ll_err *err)
{
    const struct ll_admin_note note = {
        .act = LL_ADMIN_CLIENT_PORTAL, .object = client, .detail = n ? uris[0] : LL_STR("none")};
    struct ll_txn *tx = NULL;
    int rc = ll_txn_begin(st, true, &tx, err);

    if (n > LL_PORTAL_URIS)
        rc = ll_fail(err, LL_TOOBIG, "返回地址至多 %d 个", "there are at most %d addresses to return to",
                     LL_PORTAL_URIS);
    if (rc == LL_OK && (rc = find_client(tx, client, err)) == LL_OK &&
        (rc = insert_uris(tx, client, uris, n, err)) == LL_OK &&
        (rc = ll_admin_note(tx, by, &note, err)) == LL_OK)
        rc = ll_txn_commit(tx, err);
    ll_txn_end(tx);
    return rc;
}

int ll_portal_put_uris(struct ll_txn *tx, struct ll_str client, struct ll_json *j, const char *key,
                       struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int rc = ll_sql(tx, "SELECT uri FROM portal_uri WHERE client = $1 ORDER BY uri", &s, err);

    if (rc < 0)
        return rc;
    ll_json_key(j, key);
    ll_json_arr(j);
    ll_bind_text(s, 1, client);
    while ((rc = ll_step(s, err)) > 0)
        ll_json_str(j, ll_col_text(s, 0));
    ll_stmt_done(s);
    ll_json_end_arr(j);
    return rc;
}

int ll_portal_known(struct ll_txn *tx, struct ll_arena *arena, struct ll_portal_ask *ask, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    bool nomem = false;
    int rc = ll_sql(tx,
                    "SELECT c.organisation, c.title FROM client c JOIN portal_uri p ON p.client = c.id"
                    " WHERE c.id = $1 AND c.state = 'active' AND p.uri = $2",
                    &s, err);

    if (rc < 0)
        return rc;
    ll_bind_z(s, 1, ask->client);
    ll_bind_z(s, 2, ask->redirect);
    if ((rc = ll_step(s, err)) > 0) {
        ask->organisation = ll_col_dup(s, 0, arena, &nomem);
        ask->title = ll_col_dup(s, 1, arena, &nomem);
        rc = nomem ? ll_no_memory(err) : LL_OK;
    } else if (rc == 0) {
        rc = ll_fail(
            err, LL_NOTFOUND, "没有这样的门户，或返回地址没有登记：请从门户重新进入",
            "there is no such portal, or the address to return to is not registered: come from the portal again");
    }
    ll_stmt_done(s);
    return rc;
}

/* --- what a subject can read of it ----------------------------------------------------------------------------------------- */

int ll_portal_note(struct ll_txn *tx, const struct ll_portal_ask *ask, const char *subject,
                   const char *pseudonym, struct ll_err *err)
{
    char words[64];
    int64_t now = ll_now_ms();

    ll_portal_scopes_text(ask->scopes, words);
    const struct ll_admin_note note = {.act = LL_ADMIN_PORTAL_ENTERED,
                                       .object = ll_str(ask->client),
                                       .of = ll_str(pseudonym),
                                       .detail = ll_str(words)};
    int rc = ll_exec(tx, err,
                     "INSERT INTO portal_entry (subject, client, scopes, times, first_at, last_at)"
                     " VALUES ($1, $2, $3, 1, $4, $4) ON CONFLICT (subject, client) DO UPDATE"
                     " SET scopes = excluded.scopes, times = times + 1, last_at = excluded.last_at",
                     "zzzi", subject, ask->client, words, now);

    return rc < 0 ? rc : ll_admin_note(tx, NULL, &note, err);
}

static void put_entry(struct ll_stmt *s, struct ll_json *j)
{
    char at[LL_TIME_TEXT];

    ll_json_obj(j);
    ll_json_ks(j, "portal", ll_col_text(s, 0));
    ll_json_ks(j, "organisation", ll_col_text(s, 1));
    ll_json_ks(j, "scopes", ll_col_text(s, 2));
    ll_json_ki(j, "times", ll_col_int(s, 3));
    ll_json_kz(j, "first_at", ll_time_text(ll_col_int(s, 4), at));
    ll_json_kz(j, "last_at", ll_time_text(ll_col_int(s, 5), at));
    ll_json_end_obj(j);
}

int ll_portal_put_list(struct ll_txn *tx, const char *subject, struct ll_json *j, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int rc = ll_sql(
        tx,
        "SELECT c.title, c.organisation, e.scopes, e.times, e.first_at, e.last_at FROM portal_entry e"
        " JOIN client c ON c.id = e.client WHERE e.subject = $1 ORDER BY e.last_at DESC, e.client LIMIT $2",
        &s, err);

    if (rc < 0)
        return rc;
    ll_bind_z(s, 1, subject);
    ll_bind_int(s, 2, LISTED);
    ll_json_key(j, "items");
    ll_json_arr(j);
    while ((rc = ll_step(s, err)) > 0)
        put_entry(s, j);
    ll_stmt_done(s);
    ll_json_end_arr(j);
    return rc;
}
