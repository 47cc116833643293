/* entries.c - see entries.h. */
#include "share/entries.h"

#include "base/clock.h"
#include "crypto/base64.h"
#include "journal/browse.h"
#include "journal/canon.h"

#include <inttypes.h>
#include <string.h>

enum {
    BUNDLES = 64,       /* of an answer: 16384 entries */
    LOOKS_AT_ONCE = 64, /* entries of a subject */
    ROUNDS = 32
};

/* Members of a payload that a line of the list tells, in its order; short texts, none of them a subject. */
enum { ORGANISATION };
static const char *const told[] = {"organisation", "client", "account", "officer", "resource", "mode",
                                   "condition",    "act",    "flow",    "grant",   "object",   "consent",
                                   "pack",         "batch",  "export",  "number",  "kind",     "key"};

struct list {
    const struct ll_entries_query *q;
    struct ll_json *j;
    size_t n;
};

static void put_head(struct ll_json *j, uint64_t index, const struct ll_entry *e)
{
    char when[LL_TIME_TEXT];

    ll_json_ki(j, "index", (int64_t)index);
    ll_json_kz(j, "at", ll_time_text(e->time_ms, when));
    ll_json_kz(j, "type", ll_entry_type_name(e->type));
    ll_json_kz(j, "type_title", ll_entry_type_title(e->type, LL_ZH));
    ll_json_kz(j, "type_title_en", ll_entry_type_title(e->type, LL_EN));
}

/* open: in the entry itself; kept, erased: beside it; sealed: not for this reader. */
static const char *state_of(const struct ll_entry *e, bool contents, struct ll_str sealed)
{
    return !ll_entry_type_sealed(e->type) ? "open"
           : !contents                    ? "sealed"
           : sealed.n >= LL_SALT          ? "kept"
                                          : "erased";
}

/* Texts alone; a value keeps its quotes. */
static void put_about(struct ll_json *j, const struct ll_str *m)
{
    ll_json_key(j, "about");
    ll_json_obj(j);
    for (size_t i = 0; i < LL_COUNT(told); i++)
        if (m[i].n > 2 && m[i].p[0] == '"') {
            ll_json_key(j, told[i]);
            ll_json_raw(j, m[i]);
        }
    ll_json_end_obj(j);
}

static bool is_organisation(struct ll_str quoted, struct ll_str want)
{
    return quoted.p && quoted.n == want.n + 2 && memcmp(quoted.p + 1, want.p, want.n) == 0;
}

static int put_entry(void *ctx, uint64_t index, const struct ll_entry *e, struct ll_str text,
                     struct ll_str sealed, struct ll_err *err)
{
    struct list *l = ctx;
    struct ll_str m[LL_COUNT(told)] = {{NULL, 0}}, body = e->data;

    (void)text;
    (void)err;
    if (l->q->typed && e->type != l->q->type)
        return 1;
    if (ll_entry_type_sealed(e->type))
        body = l->q->contents && sealed.n > LL_SALT ? (struct ll_str){sealed.p + LL_SALT, sealed.n - LL_SALT}
                                                    : LL_STR("");
    if (body.n && !ll_canon_members(body, told, LL_COUNT(told), m))
        memset(m, 0, sizeof m); /* verification tells of it (journal/check.h) */
    if (l->q->organisation.n && !is_organisation(m[ORGANISATION], l->q->organisation))
        return 1;
    ll_json_obj(l->j);
    put_head(l->j, index, e);
    ll_json_kz(l->j, "contents", state_of(e, l->q->contents, sealed));
    put_about(l->j, m);
    ll_json_end_obj(l->j);
    return ++l->n < l->q->limit;
}

static int put_newest(const struct ll_entries *of, struct list *l, uint64_t *next, struct ll_err *err)
{
    const struct ll_browse b = {.before = (uint64_t)l->q->before,
                                .from_ms = l->q->from_ms,
                                .to_ms = l->q->to_ms,
                                .payloads = l->q->contents,
                                .bundles = BUNDLES,
                                .entry = put_entry,
                                .ctx = l};

    return ll_journal_browse(of->journal, &b, next, err);
}

/* --- of a subject ---------------------------------------------------------------------------------------------------- */

static int put_one(const struct ll_entries *of, struct list *l, uint64_t index, struct ll_err *err)
{
    struct ll_buf text = LL_BUF_INIT(LL_ENTRY_MAX + 1), sealed = LL_BUF_INIT(LL_SEALED_MAX + 1);
    struct ll_entry e;
    int rc = ll_journal_entry(of->journal, index, &text, &sealed, err);

    if (rc == LL_OK && (rc = ll_entry_parse(ll_buf_view(&text), &e, err)) == LL_OK)
        rc = e.time_ms < l->q->from_ms || e.time_ms > l->q->to_ms
                 ? 1
                 : put_entry(l, index, &e, ll_buf_view(&text), ll_buf_view(&sealed), err);
    ll_buf_free(&text);
    ll_buf_free(&sealed);
    return rc;
}

static int looks_below(const struct ll_entries *of, const char *subject, int64_t before, int64_t *list,
                       size_t *n, struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    int64_t total = 0;
    int rc = ll_txn_begin(of->st, false, &tx, err);

    if (rc == LL_OK)
        rc = ll_looks_of(tx, subject, before, list, LOOKS_AT_ONCE, n, &total, err);
    ll_txn_end(tx);
    return rc;
}

static int put_subject(const struct ll_entries *of, struct list *l, uint64_t *next, struct ll_err *err)
{
    int64_t list[LOOKS_AT_ONCE] = {0}, before = l->q->before;
    size_t n = LOOKS_AT_ONCE;
    int rc = 1;

    for (size_t round = 0; rc > 0 && n == LOOKS_AT_ONCE && round < ROUNDS; round++) {
        if ((rc = looks_below(of, l->q->subject, before, list, &n, err)) < 0)
            break;
        rc = 1;
        for (size_t i = 0; rc > 0 && i < n; i++) {
            rc = put_one(of, l, (uint64_t)list[i], err);
            before = list[i];
        }
    }
    *next = rc == 0 || n == LOOKS_AT_ONCE ? (uint64_t)before : 0;
    return rc < 0 ? rc : LL_OK;
}

/* --- */

int ll_entries_put(const struct ll_entries *of, const struct ll_entries_query *q, struct ll_json *j,
                   struct ll_err *err)
{
    struct list l = {.q = q, .j = j};
    struct ll_journal_status now;
    uint64_t next = 0;
    int rc = q->subject ? ll_ledger_catch_up(of->ledger, err) : ll_journal_publish(of->journal, err);

    LL_ASSERT(q->contents || (!q->organisation.n && !q->subject));
    if (rc < 0)
        return rc;
    ll_journal_status(of->journal, &now);
    ll_json_obj(j);
    ll_json_key(j, "items");
    ll_json_arr(j);
    rc = q->subject ? put_subject(of, &l, &next, err) : put_newest(of, &l, &next, err);
    ll_json_end_arr(j);
    ll_json_ki(j, "size", (int64_t)now.published);
    ll_json_key(j, "next");
    if (next)
        ll_json_int(j, (int64_t)next);
    else
        ll_json_null(j);
    ll_json_end_obj(j);
    return rc;
}

int ll_entry_contents_put(const struct ll_entries *of, uint64_t index, struct ll_json *j, struct ll_err *err)
{
    struct ll_buf text = LL_BUF_INIT(LL_ENTRY_MAX + 1), sealed = LL_BUF_INIT(LL_SEALED_MAX + 1),
                  b64 = LL_BUF_INIT(LL_SEALED_MAX * 2);
    struct ll_entry e;
    int rc = ll_journal_entry(of->journal, index, &text, &sealed, err);

    if (rc == LL_OK && (rc = ll_entry_parse(ll_buf_view(&text), &e, err)) == LL_OK) {
        ll_base64_put(&b64, LL_BASE64_STD, sealed.p, sealed.n);
        ll_json_obj(j);
        put_head(j, index, &e);
        ll_json_kz(j, "contents", state_of(&e, true, ll_buf_view(&sealed)));
        ll_json_key(j, "sealed");
        if (sealed.n && ll_entry_type_sealed(e.type))
            ll_json_str(j, ll_buf_view(&b64));
        else
            ll_json_null(j);
        ll_json_end_obj(j);
        rc = b64.failed ? ll_no_memory(err) : LL_OK;
    }
    ll_buf_free(&text);
    ll_buf_free(&sealed);
    ll_buf_free(&b64);
    return rc;
}
