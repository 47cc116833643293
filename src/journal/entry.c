/* entry.c - see entry.h. */
#include "journal/entry.h"

#include "base/clock.h"
#include "crypto/base64.h"
#include "crypto/digest.h"
#include "crypto/random.h"
#include "journal/canon.h"

#include <string.h>

#define DOMAIN "luling-payload/v1\n"

enum form { OPEN, SEALED };

static const struct type {
    const char *name;
    unsigned version;
    enum form form;
    const char *keys, *zh, *en;
} types[] = {
#define X(id, name, version, form, keys, zh, en) {name, version, form, keys, zh, en},
    LL_ENTRY_TYPES(X)
#undef X
};

const char *ll_entry_type_name(enum ll_entry_type t)
{
    return types[t].name;
}

const char *ll_entry_type_title(enum ll_entry_type t, enum ll_lang lang)
{
    return lang == LL_ZH ? types[t].zh : types[t].en;
}

bool ll_entry_type_sealed(enum ll_entry_type t)
{
    return types[t].form == SEALED;
}

bool ll_entry_type_find(struct ll_str name, enum ll_entry_type *ret)
{
    for (size_t i = 0; i < LL_COUNT(types); i++)
        if (ll_str_is(name, types[i].name)) {
            *ret = (enum ll_entry_type)i;
            return true;
        }
    return false;
}

static int check_payload(const struct type *t, struct ll_str payload, struct ll_err *err)
{
    struct ll_str keys = ll_str(t->keys), key, unused;
    int rc = ll_canon_check(payload, err);
    char name[64];

    while (rc == LL_OK && keys.n > 0) {
        ll_str_cut(keys, ' ', &key, &keys);
        LL_ASSERT(key.n < sizeof name);
        memcpy(name, key.p, key.n);
        name[key.n] = 0;
        if (!ll_canon_member(payload, name, &unused))
            rc = ll_fail(err, LL_INVALID, "%s 条目缺少“%s”", "an entry of type %s lacks '%s'", t->name, name);
    }
    return rc;
}

static void commit_to(struct ll_str salt, struct ll_str payload, unsigned char out[LL_DIGEST])
{
    ll_digest(LL_SHA256, (struct ll_str[]){LL_STR(DOMAIN), salt, payload}, 3, out);
}

static int seal(struct ll_str payload, struct ll_buf *entry, struct ll_buf *sealed, struct ll_err *err)
{
    unsigned char salt[LL_SALT], hash[LL_DIGEST];
    int rc = ll_salt(salt, sizeof salt, err);

    if (rc < 0)
        return rc;
    commit_to((struct ll_str){(const char *)salt, sizeof salt}, payload, hash);
    ll_buf_add(sealed, salt, sizeof salt);
    ll_buf_str(sealed, payload);
    ll_buf_z(entry, "{\"commit\":\"");
    ll_base64_put(entry, LL_BASE64_URL, hash, sizeof hash);
    ll_buf_c(entry, '"');
    return LL_OK;
}

int ll_entry_make(enum ll_entry_type type, struct ll_str payload, int64_t now_ms, struct ll_buf *entry,
                  struct ll_buf *sealed, struct ll_err *err)
{
    const struct type *t = &types[type];
    size_t from = entry->n;
    char time[LL_TIME_TEXT];
    int rc;

    if (payload.n > LL_ENTRY_MAX)
        return ll_fail(err, LL_TOOBIG, "条目超过 %d 字节", "an entry is larger than %d bytes", LL_ENTRY_MAX);
    if ((rc = check_payload(t, payload, err)) < 0)
        return rc;
    if (t->form == SEALED) {
        if ((rc = seal(payload, entry, sealed, err)) < 0)
            return rc;
    } else {
        ll_buf_z(entry, "{\"data\":");
        ll_buf_str(entry, payload);
    }
    ll_buf_z(entry, ",\"time\":\"");
    ll_buf_z(entry, ll_time_text(now_ms, time));
    ll_buf_z(entry, "\",\"type\":\"");
    ll_buf_z(entry, t->name);
    ll_buf_printf(entry, "\",\"v\":%u}", t->version);
    if (entry->failed || sealed->failed)
        return ll_no_memory(err);
    return entry->n - from <= LL_ENTRY_MAX ? LL_OK
                                           : ll_fail(err, LL_TOOBIG, "条目超过 %d 字节",
                                                     "an entry is larger than %d bytes", LL_ENTRY_MAX);
}

/* A text without its quotes; escapes do not occur in ours. */
static bool unquote(struct ll_str *v)
{
    if (!v->p || v->n < 2 || v->p[0] != '"')
        return false;
    *v = (struct ll_str){v->p + 1, v->n - 2};
    return true;
}

static bool parse_time(struct ll_str text, int64_t *ret)
{
    char z[LL_TIME_TEXT], again[LL_TIME_TEXT];

    if (text.n >= sizeof z)
        return false;
    memcpy(z, text.p, text.n);
    z[text.n] = 0;
    return ll_time_parse(z, ret) && strcmp(ll_time_text(*ret, again), z) == 0;
}

enum { M_TYPE, M_TIME, M_V, M_COMMIT, M_DATA, MEMBERS };

int ll_entry_parse(struct ll_str text, struct ll_entry *ret, struct ll_err *err)
{
    static const char *const names[MEMBERS] = {"type", "time", "v", "commit", "data"};
    struct ll_str m[MEMBERS];
    struct ll_entry e = {0};
    int64_t v = 0;

    if (text.n > LL_ENTRY_MAX || !ll_canon_members(text, names, MEMBERS, m) || !unquote(&m[M_TYPE]) ||
        !unquote(&m[M_TIME]) || !m[M_V].p)
        return ll_fail(err, LL_INVALID, "不是日志条目", "not an entry of a journal");
    if (!ll_entry_type_find(m[M_TYPE], &e.type) || !ll_str_i64(m[M_V], 1, types[e.type].version, &v))
        return ll_fail(err, LL_INVALID, "不认识的条目类型 %.*s 第 %.*s 版",
                       "unknown type of entry %.*s, version %.*s", LL_STR_ARG(m[M_TYPE]), LL_STR_ARG(m[M_V]));
    e.version = (unsigned)v;
    e.data = m[M_DATA];
    e.commit = m[M_COMMIT];
    if (!(types[e.type].form == SEALED ? unquote(&e.commit) : e.data.p != NULL) ||
        !parse_time(m[M_TIME], &e.time_ms))
        return ll_fail(err, LL_INVALID, "条目没有内容或时间", "the entry lacks its content or its time");
    *ret = e;
    return LL_OK;
}

int ll_entry_unseal(const struct ll_entry *e, struct ll_str sealed, struct ll_str *ret, struct ll_err *err)
{
    unsigned char want[LL_DIGEST], have[LL_DIGEST];
    struct ll_str salt = {sealed.p, LL_SALT};

    if (sealed.n < LL_SALT || !ll_base64_exact(e->commit, LL_BASE64_URL, want, sizeof want))
        return ll_fail(err, LL_INVALID, "没有可核对的内容",
                       "there is nothing to compare with the commitment");
    *ret = (struct ll_str){sealed.p + LL_SALT, sealed.n - LL_SALT};
    commit_to(salt, *ret, have);
    return memcmp(want, have, sizeof want) == 0
               ? LL_OK
               : ll_fail(err, LL_INVALID, "内容与条目的承诺不符",
                         "the payload is not the one that the entry commits to");
}

int ll_pseudonym(struct ll_str key, struct ll_str scheme, struct ll_str value, char out[LL_PSEUDONYM_TEXT],
                 struct ll_err *err)
{
    struct ll_buf text = LL_BUF_INIT(LL_PSEUDONYM_TEXT);
    unsigned char what[LL_DIGEST], code[LL_DIGEST];

    ll_digest(LL_SHA256, (struct ll_str[]){LL_STR("luling-subject/v1\n"), scheme, LL_STR("\n"), value}, 4,
              what);
    ll_hmac_sha256(key, (struct ll_str){(const char *)what, sizeof what}, code);
    ll_base64_put(&text, LL_BASE64_URL, code, sizeof code);
    if (!text.failed)
        memcpy(out, text.p, LL_PSEUDONYM_TEXT);
    int rc = text.failed ? ll_no_memory(err) : LL_OK;
    ll_buf_free(&text);
    return rc;
}
