/* webhook.c - subscriptions as rows of the control database: made, listed, paused, ended (webhook.h). */
#include "share/webhook_impl.h"

#include "base/clock.h"
#include "crypto/random.h"
#include "store/rows.h"

#include <stdio.h>
#include <string.h>

enum { KINDS_TEXT = 48 };

static const struct {
    const char *word, *title[2];
} states[] = {
#define X(id, word, zh, en) {word, {zh, en}},
    LL_WEBHOOK_STATES(X)
#undef X
};

static const struct {
    const char *word;
    unsigned bit;
} kinds[] = {{"changes", LL_WEBHOOK_CHANGES},
             {"corrections", LL_WEBHOOK_CORRECTIONS},
             {"watch", LL_WEBHOOK_WATCH},
             {"cases", LL_WEBHOOK_CASES}};

const char *ll_webhook_state_word(enum ll_webhook_state s)
{
    return states[s].word;
}

const char *ll_webhook_state_title(enum ll_webhook_state s, enum ll_lang lang)
{
    return states[s].title[lang == LL_EN];
}

int ll_webhook_kinds_parse(struct ll_str words, unsigned *ret, struct ll_err *err)
{
    struct ll_str word;

    *ret = 0;
    while (words.n) {
        unsigned bit = 0;
        ll_str_cut(words, ' ', &word, &words);
        for (size_t i = 0; i < LL_COUNT(kinds); i++)
            if (ll_str_is(word, kinds[i].word))
                bit = kinds[i].bit;
        if (word.n && !bit)
            return ll_fail(err, LL_USAGE, "“%.*s”不是可订阅的事件；可选 changes、corrections、watch、cases",
                           "'%.*s' is no kind of event; there are changes, corrections, watch and cases",
                           LL_STR_ARG(word));
        *ret |= bit;
    }
    return *ret ? LL_OK
                : ll_fail(err, LL_USAGE, "请写明订阅哪些事件：changes、corrections、watch、cases",
                          "say what to be told of: changes, corrections, watch, cases");
}

static void kinds_text(unsigned bits, char out[KINDS_TEXT])
{
    size_t n = 0;

    out[0] = 0;
    for (size_t i = 0; i < LL_COUNT(kinds); i++)
        if (bits & kinds[i].bit)
            n += (size_t)snprintf(out + n, KINDS_TEXT - n, "%s%s", n ? " " : "", kinds[i].word);
}

/* --- making ------------------------------------------------------------------------------------------------------------------ */

static bool host_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
}

/* "name:port" or "[v6]:port", without a user; in the one spelling that is signed: small letters, and no port where it is 443. */
static bool host_fits(struct ll_str authority)
{
    struct ll_str host, port = {NULL, 0};
    int64_t n = 0;

    if (authority.n && authority.p[0] == '[') {
        const char *end = memchr(authority.p, ']', authority.n);
        if (!end)
            return false;
        host = (struct ll_str){authority.p + 1, (size_t)(end - authority.p) - 1};
        port = (struct ll_str){end + 1, authority.n - host.n - 2};
        if (port.n && port.p[0] != ':')
            return false;
        port = port.n ? (struct ll_str){port.p + 1, port.n - 1} : port;
        unsigned char addr[16];
        return host.n && ll_address_parse(host, addr) &&
               (!port.p || !port.n || (ll_str_i64(port, 1, 65535, &n) && n != 443));
    }
    bool has_port = ll_str_cut(authority, ':', &host, &port);
    for (size_t i = 0; i < host.n; i++)
        if (!host_char(host.p[i]))
            return false;
    return host.n && host.n <= 253 && (!has_port || (ll_str_i64(port, 1, 65535, &n) && n != 443));
}

int ll_webhook_url_split(struct ll_str url, struct ll_webhook_url *ret, struct ll_err *err)
{
    static const struct ll_str scheme = {"https://", 8};
    struct ll_str rest = {url.p + scheme.n, url.n - scheme.n}, path;
    bool ok = url.n > scheme.n && url.n <= LL_WEBHOOK_URL_MAX && ll_str_starts(url, scheme);
    size_t at = 0;

    for (size_t i = 0; ok && i < url.n; i++)
        ok = url.p[i] > ' ' && url.p[i] < 0x7f && !strchr("\"<>\\^`{|}#", url.p[i]);
    if (ok) {
        while (at < rest.n && rest.p[at] != '/' && rest.p[at] != '?')
            at++;
        ret->authority = (struct ll_str){rest.p, at};
        path = (struct ll_str){rest.p + at, rest.n - at};
        ok = host_fits(ret->authority) && (!path.n || path.p[0] == '/');
    }
    if (!ok)
        return ll_fail(
            err, LL_USAGE,
            "接收地址须是 https 网址，如 https://bank.example.cn/hooks?x=1：主机名小写，不写 443 端口，不含用户名与 #",
            "the endpoint must be an https address such as https://bank.example.cn/hooks?x=1: small letters, no port 443, no user, no #");
    if (!ll_str_cut(path, '?', &ret->path, &ret->query))
        ret->query = (struct ll_str){NULL, 0};
    if (!ret->path.n)
        ret->path = LL_STR("/");
    return LL_OK;
}

static int check_room(struct ll_txn *tx, const char *organisation, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int64_t n = 0;
    int rc = ll_sql(tx, "SELECT count(*) FROM subscription WHERE organisation = $1 AND state <> 'ended'", &s,
                    err);

    if (rc < 0)
        return rc;
    ll_bind_z(s, 1, organisation);
    if ((rc = ll_step(s, err)) > 0)
        n = ll_col_int(s, 0);
    ll_stmt_done(s);
    return rc < 0                 ? rc
           : n >= LL_WEBHOOK_MOST ? ll_fail(err, LL_TOOBIG, "一个机构至多 %d 个订阅",
                                            "at most %d subscriptions an organisation", LL_WEBHOOK_MOST)
                                  : LL_OK;
}

int ll_webhook_add(struct ll_txn *tx, const struct ll_webhook_new *w, char id[LL_WEBHOOK_ID],
                   struct ll_err *err)
{
    char challenge[LL_TOKEN_TEXT], kinds_[KINDS_TEXT];
    struct ll_webhook_url url;
    int64_t now = ll_now_ms();
    int rc;

    if ((rc = ll_webhook_url_split(ll_str(w->url), &url, err)) < 0 ||
        (rc = check_room(tx, w->actor->organisation, err)) < 0 || (rc = ll_random_id('W', id, err)) < 0 ||
        (rc = ll_random_token(challenge, err)) < 0)
        return rc;
    kinds_text(w->kinds, kinds_);
    return ll_exec(
        tx, err,
        "INSERT INTO subscription (id, organisation, client, account, url, kinds, resource, state, challenge,"
        " cursor, created_at, changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, 'pending', $8,"
        " (SELECT coalesce(max(seq), 0) FROM outbox), $9, $9)",
        "zzzzzzzzi", id, w->actor->organisation, w->actor->client, w->actor->account, w->url, kinds_,
        w->resource, challenge, now);
}

/* --- reading -------------------------------------------------------------------------------------------------------------------- */

#define COLUMNS                                                                                              \
    "id, organisation, client, account, url, resource, challenge, error_zh, error_en, state, kinds, cursor," \
    " attempts, dead, status, next_at, created_at, changed_at, delivered_at, missed, dead_pruned"

static enum ll_webhook_state state_of(struct ll_str word)
{
    for (unsigned i = 0; i < LL_WEBHOOK_STATE_COUNT; i++)
        if (ll_str_is(word, states[i].word))
            return (enum ll_webhook_state)i;
    return LL_WEBHOOK_ENDED;
}

static int read_words(struct ll_stmt *s, struct ll_arena *arena, void *row, struct ll_err *err)
{
    struct ll_webhook *w = row;
    struct ll_err ignored;

    (void)arena, (void)err;
    w->state = state_of(ll_col_text(s, 9));
    if (ll_webhook_kinds_parse(ll_col_text(s, 10), &w->kinds, &ignored) < 0)
        w->kinds = 0;
    return LL_OK;
}

#define COLUMN(kind, member) LL_ROW(kind, ll_webhook, member)
static const struct ll_row_column columns[] = {COLUMN(TEXT, id),
                                               COLUMN(TEXT, organisation),
                                               COLUMN(TEXT, client),
                                               COLUMN(TEXT, account),
                                               COLUMN(TEXT, url),
                                               COLUMN(TEXT, resource),
                                               COLUMN(TEXT, challenge),
                                               COLUMN(TEXT, error_zh),
                                               COLUMN(TEXT, error_en),
                                               LL_ROW_OTHER,
                                               LL_ROW_OTHER,
                                               COLUMN(OR_NONE, cursor),
                                               COLUMN(OR_NONE, attempts),
                                               COLUMN(OR_NONE, dead),
                                               COLUMN(OR_NONE, status),
                                               COLUMN(OR_NONE, next_at),
                                               COLUMN(OR_NONE, created_at),
                                               COLUMN(OR_NONE, changed_at),
                                               COLUMN(OR_NONE, delivered_at),
                                               COLUMN(INT, missed),
                                               COLUMN(INT, dead_pruned)};
static const struct ll_row_form rows = {columns, LL_COUNT(columns), sizeof(struct ll_webhook), read_words};

int ll_webhook_get(struct ll_txn *tx, const char *id, struct ll_arena *arena, struct ll_webhook *ret,
                   struct ll_err *err)
{
    int rc = ll_row_get(tx, &rows, "SELECT " COLUMNS " FROM subscription WHERE id = $1", id, arena, ret, err);

    return rc ? (rc < 0 ? rc : LL_OK)
              : ll_fail(err, LL_NOTFOUND, "没有编号为 %s 的订阅", "there is no subscription %s", id);
}

#define WHERE " FROM subscription WHERE ($1 IS NULL OR organisation = $1) AND ($2 IS NULL OR state = $2)"

static const struct ll_row_order order_list[] = {{"created", "created_at"},
                                                 {"url", "url"},
                                                 {"state", "state"},
                                                 {"resource", "resource"},
                                                 {"delivered", "delivered_at"}};
static const struct ll_row_orders orders = {order_list, LL_COUNT(order_list), "created_at DESC", "id"};

int ll_webhook_list(struct ll_txn *tx, const struct ll_webhook_query *q, struct ll_arena *arena,
                    struct ll_webhook **ret, size_t *ret_n, int64_t *ret_total, struct ll_err *err)
{
    const struct ll_row_arg args[] = {LL_ARG_Z(q->organisation), LL_ARG_Z(q->state)};
    const struct ll_row_page page = LL_ROW_PAGE(COLUMNS, WHERE, orders, args, q);
    void *list = NULL;
    int rc = ll_row_list(tx, &rows, &page, arena, &list, ret_n, ret_total, err);

    *ret = list;
    return rc;
}

static void put_time(struct ll_json *j, const char *key, int64_t at)
{
    char when[LL_TIME_TEXT];

    ll_json_kz(j, key, at > 0 ? ll_time_text(at, when) : NULL);
}

static void put_status(struct ll_json *j, int64_t status)
{
    ll_json_key(j, "status");
    if (status < 0)
        ll_json_null(j);
    else
        ll_json_int(j, status);
}

static void put_error(struct ll_json *j, const char *zh, const char *en)
{
    ll_json_key(j, "error");
    if (!en) {
        ll_json_null(j);
        return;
    }
    ll_json_obj(j);
    ll_json_kz(j, "zh", zh);
    ll_json_kz(j, "en", en);
    ll_json_end_obj(j);
}

void ll_webhook_json(struct ll_json *j, const struct ll_webhook *w)
{
    ll_json_obj(j);
    ll_json_kz(j, "id", w->id);
    ll_json_kz(j, "organisation", w->organisation);
    ll_json_kz(j, "client", w->client);
    ll_json_kz(j, "account", w->account);
    ll_json_kz(j, "url", w->url);
    ll_json_kz(j, "resource", w->resource);
    ll_json_key(j, "events");
    ll_json_arr(j);
    for (size_t i = 0; i < LL_COUNT(kinds); i++)
        if (w->kinds & kinds[i].bit)
            ll_json_z(j, kinds[i].word);
    ll_json_end_arr(j);
    ll_json_kz(j, "state", states[w->state].word);
    ll_json_ki(j, "cursor", w->cursor);
    ll_json_ki(j, "attempts", w->attempts);
    put_status(j, w->status);
    put_error(j, w->error_zh, w->error_en);
    put_time(j, "next_at", w->next_at);
    put_time(j, "delivered_at", w->delivered_at);
    put_time(j, "created_at", w->created_at);
    put_time(j, "changed_at", w->changed_at);
    ll_json_key(j, "pruned");
    ll_json_obj(j);
    ll_json_ki(j, "events", w->missed);
    ll_json_ki(j, "dead_letters", w->dead_pruned);
    ll_json_end_obj(j);
    ll_json_end_obj(j);
}

/* --- acts --------------------------------------------------------------------------------------------------------------------------- */

static const struct {
    const char *act, *sql;
} acts[] = {
    {"pause",
     "UPDATE subscription SET state = 'paused', changed_at = $2 WHERE id = $1 AND state IN ('pending', 'active')"},
    {"resume",
     "UPDATE subscription SET state = 'pending', attempts = 0, dead = 0, next_at = 0, changed_at = $2 WHERE id = $1"
     " AND state = 'paused'"},
    {"end", "UPDATE subscription SET state = 'ended', changed_at = $2 WHERE id = $1 AND state <> 'ended'"},
};

int ll_webhook_act(struct ll_txn *tx, const char *id, struct ll_str act, struct ll_err *err)
{
    int rc;

    for (size_t i = 0; i < LL_COUNT(acts); i++)
        if (ll_str_is(act, acts[i].act)) {
            if ((rc = ll_exec(tx, err, acts[i].sql, "zi", id, ll_now_ms())) < 0)
                return rc;
            return ll_txn_changes(tx) ? LL_OK
                                      : ll_fail(err, LL_CONFLICT, "订阅 %s 现在的状态不能 %s",
                                                "subscription %s cannot %s in its state", id, acts[i].act);
        }
    return ll_fail(err, LL_USAGE, "动作应为 pause、resume 或 end", "the act must be pause, resume or end");
}

/* --- dead letters ------------------------------------------------------------------------------------------------------------------- */

enum { DEAD_SHOWN = 1000 };

int ll_webhook_dead(struct ll_txn *tx, const char *id, struct ll_arena *arena, struct ll_dead_letter **ret,
                    size_t *ret_n, struct ll_err *err)
{
    struct ll_dead_letter *list = ll_arena_array(arena, DEAD_SHOWN, sizeof *list);
    struct ll_stmt *s = NULL;
    bool nomem = !list;
    size_t n = 0;
    int more = 0, rc = ll_sql(tx,
                              "SELECT event, at, attempts, status, error_zh, error_en, again FROM dead_letter"
                              " WHERE subscription = $1 ORDER BY event LIMIT 1000",
                              &s, err);

    if (rc < 0)
        return rc;
    ll_bind_z(s, 1, id);
    while (!nomem && n < DEAD_SHOWN && (more = ll_step(s, err)) > 0) {
        list[n++] = (struct ll_dead_letter){.event = ll_col_int(s, 0),
                                            .at = ll_col_int(s, 1),
                                            .attempts = ll_col_int(s, 2),
                                            .status = ll_col_null(s, 3) ? -1 : ll_col_int(s, 3),
                                            .error_zh = ll_col_dup(s, 4, arena, &nomem),
                                            .error_en = ll_col_dup(s, 5, arena, &nomem),
                                            .again = ll_col_int(s, 6) != 0};
    }
    ll_stmt_done(s);
    *ret = list;
    *ret_n = n;
    return more < 0 ? more : nomem ? ll_no_memory(err) : LL_OK;
}

void ll_dead_letter_json(struct ll_json *j, const struct ll_dead_letter *d)
{
    ll_json_obj(j);
    ll_json_ki(j, "event", d->event);
    put_time(j, "at", d->at);
    ll_json_ki(j, "attempts", d->attempts);
    put_status(j, d->status);
    put_error(j, d->error_zh, d->error_en);
    ll_json_kb(j, "again", d->again);
    ll_json_end_obj(j);
}

int ll_webhook_redeliver(struct ll_txn *tx, const char *id, int64_t event, int64_t *ret_n, struct ll_err *err)
{
    int rc = ll_exec(
        tx, err,
        "UPDATE dead_letter SET again = 1, next_at = 0 WHERE subscription = $1 AND ($2 = 0 OR event = $2)",
        "zi", id, event);

    if (rc < 0)
        return rc;
    *ret_n = ll_txn_changes(tx);
    return *ret_n ? LL_OK
                  : ll_fail(err, LL_NOTFOUND, "订阅 %s 没有这样的死信",
                            "subscription %s has no such dead letter", id);
}
