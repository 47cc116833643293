/* deed_statement.c - statements of the collaboration ledger as they are signed: read strictly; see deed.h.
 *
 * Members are a table: which act must have each, which may, and nothing else is taken. */
#include "apps/finance/deed.h"

#include "base/buf.h"
#include "crypto/base64.h"
#include "crypto/digest.h"
#include "crypto/strictjson.h"
#include "journal/canon.h"
#include "standard/convert.h"

#include <string.h>

#define ACT(id) (1u << LL_DEED_DO_##id)
#define ANY ((1u << LL_DEED_ACT_COUNT) - 1)
#define AT(member) offsetof(struct ll_deed_statement, member)

enum value { ID, HASH, PARTY, NOTE, DAY, TEXT, FEN, SEQ, KIND, REFERENCES, PARTS };

static const struct member {
    const char *name;
    unsigned must, may; /* acts */
    enum value value;
    size_t at;
} members[] = {
    {"act", ANY, 0, TEXT, 0}, /* read before the others */
    {"amount_fen", ACT(ISSUE), 0, FEN, AT(amount)},
    {"document", ANY, 0, ID, AT(document)},
    {"due", 0, ACT(ISSUE), DAY, AT(due)},
    {"financed_fen", ACT(FINANCE) | ACT(SECURE), 0, FEN, AT(financed)},
    {"financier", ACT(FINANCE) | ACT(SECURE), 0, PARTY, AT(financier)},
    {"holder", ACT(ISSUE), 0, PARTY, AT(holder)},
    {"kind", ACT(ISSUE), 0, KIND, AT(kind)},
    {"ledger", ANY, 0, NOTE, AT(ledger)},
    {"note", 0, ANY, NOTE, AT(note)},
    {"obligor", ACT(ISSUE), 0, PARTY, AT(obligor)},
    {"parts", ACT(DIVIDE), 0, PARTS, 0},
    {"prev", ANY & ~ACT(ISSUE), 0, HASH, AT(prev)},
    {"references", 0, ACT(ISSUE), REFERENCES, 0},
    {"secures", 0, ACT(ISSUE), ID, AT(secures)},
    {"seq", ANY, 0, SEQ, AT(seq)},
    {"to", ACT(TRANSFER), 0, PARTY, AT(to)},
};

void ll_deed_hash(struct ll_str payload, char out[LL_DEED_HASH + 1])
{
    struct ll_buf text = LL_BUF_INIT(LL_DEED_HASH + 2);
    unsigned char hash[LL_DIGEST];

    ll_digest(LL_SHA256, (struct ll_str[]){LL_STR("luling-statement/v1\n"), payload}, 2, hash);
    ll_base64_put(&text, LL_BASE64_URL, hash, sizeof hash);
    LL_ASSERT(text.n == LL_DEED_HASH); /* so short that memory is always there or the program stops */
    memcpy(out, text.p, LL_DEED_HASH + 1);
    ll_buf_free(&text);
}

/* --- values ---------------------------------------------------------------------------------------------------------------- */

static int wrong(const char *name, struct ll_err *err)
{
    return ll_fail(err, LL_INVALID, "声明中的 %s 缺少或有误",
                   "member %s of the statement is missing or wrong", name);
}

static bool clean(struct ll_str s, size_t max)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] < 0x20 || s.p[i] == 0x7f)
            return false;
    return s.n > 0 && s.n <= max;
}

static bool fits(enum value value, struct ll_str s)
{
    unsigned char bytes[LL_DIGEST];
    int32_t day;

    switch (value) {
    case ID:
        return s.n == LL_DEED_ID && ll_base64_exact(s, LL_BASE64_URL, bytes, 16);
    case HASH:
        return s.n == LL_DEED_HASH && ll_base64_exact(s, LL_BASE64_URL, bytes, LL_DIGEST);
    case PARTY:
        return clean(s, LL_DEED_PARTY) && !memchr(s.p, ' ', s.n);
    case NOTE:
        return clean(s, LL_DEED_NOTE);
    case DAY: /* one spelling: 2026-11-30 */
        return s.n == 10 && s.p[4] == '-' && s.p[7] == '-' && ll_cv_date(s, &day) == LL_CV_OK;
    default:
        return false;
    }
}

static bool read_fen(const json_t *v, int64_t *ret)
{
    *ret = json_integer_value(v);
    return json_is_integer(v) && *ret > 0 && *ret <= LL_DEED_AMOUNT_MAX;
}

static int read_text(const json_t *o, const char *name, enum value value, struct ll_arena *arena,
                     const char **ret, struct ll_err *err)
{
    struct ll_str s = ll_json_member(o, name);

    if (!s.p || !fits(value, s))
        return wrong(name, err);
    *ret = ll_arena_dup(arena, s);
    return *ret ? LL_OK : ll_no_memory(err);
}

static int read_references(const json_t *list, struct ll_arena *arena, struct ll_deed_statement *s,
                           struct ll_err *err)
{
    size_t n = json_array_size(list);
    int rc = LL_OK;

    if (!n || n > LL_DEED_REFS)
        return wrong("references", err);
    for (size_t i = 0; rc == LL_OK && i < n; i++) {
        const json_t *o = json_array_get(list, i);
        struct ll_str number = ll_json_member(o, "number");
        if (json_object_size(o) != 2 || !ll_deed_ref_find(ll_json_member(o, "type"), &s->refs[i].type) ||
            number.n > LL_DEED_NUMBER)
            return wrong("references", err);
        rc = read_text(o, "number", NOTE, arena, &s->refs[i].number, err);
    }
    s->n_refs = n;
    return rc;
}

static int read_parts(const json_t *list, struct ll_arena *arena, struct ll_deed_statement *s,
                      struct ll_err *err)
{
    size_t n = json_array_size(list);
    int rc = LL_OK;

    if (n < 2 || n > LL_DEED_PARTS)
        return wrong("parts", err);
    for (size_t i = 0; rc == LL_OK && i < n; i++) {
        const json_t *o = json_array_get(list, i);
        if (json_object_size(o) != 2 || !read_fen(json_object_get(o, "amount_fen"), &s->parts[i].amount))
            return wrong("parts", err);
        rc = read_text(o, "document", ID, arena, &s->parts[i].document, err);
    }
    s->n_parts = n;
    return rc;
}

static int read_member(const json_t *o, const struct member *m, struct ll_arena *arena,
                       struct ll_deed_statement *s, struct ll_err *err)
{
    const json_t *v = json_object_get(o, m->name);
    void *at = (char *)s + m->at;

    switch (m->value) {
    case TEXT:
        return LL_OK;
    case FEN:
        return read_fen(v, at) ? LL_OK : wrong(m->name, err);
    case SEQ:
        s->seq = json_integer_value(v);
        return json_is_integer(v) && s->seq > 0 ? LL_OK : wrong(m->name, err);
    case KIND:
        return ll_deed_kind_find(ll_json_member(o, m->name), &s->kind) ? LL_OK : wrong(m->name, err);
    case REFERENCES:
        return read_references(v, arena, s, err);
    case PARTS:
        return read_parts(v, arena, s, err);
    default:
        return read_text(o, m->name, m->value, arena, at, err);
    }
}

/* --- the statement --------------------------------------------------------------------------------------------------------- */

static int read_members(const json_t *o, struct ll_arena *arena, struct ll_deed_statement *s,
                        struct ll_err *err)
{
    size_t known = 0;
    int rc = LL_OK;

    if (!ll_deed_act_find(ll_json_member(o, "act"), &s->act))
        return wrong("act", err);
    for (size_t i = 0; rc == LL_OK && i < LL_COUNT(members); i++) {
        const struct member *m = &members[i];
        bool there = json_object_get(o, m->name) != NULL;
        if (there ? !((m->must | m->may) >> s->act & 1) : m->must >> s->act & 1)
            return wrong(m->name, err);
        known += there;
        if (there)
            rc = read_member(o, m, arena, s, err);
    }
    return rc < 0 || known == json_object_size(o) ? rc
                                                  : ll_fail(err, LL_INVALID, "声明中有不认识的成员",
                                                            "the statement has a member that is not known");
}

int ll_deed_read(struct ll_str payload, struct ll_arena *arena, struct ll_deed_statement *ret,
                 struct ll_err *err)
{
    json_t *o = NULL;
    int rc;

    *ret = (struct ll_deed_statement){.seq = 0};
    if ((rc = ll_json_load(payload, LL_DEED_STATEMENT_MAX, "statement", &o, err)) < 0 ||
        (rc = ll_canon_check(payload, err)) < 0 || (rc = read_members(o, arena, ret, err)) < 0)
        goto done;
    ll_deed_hash(payload, ret->id);
done:
    json_decref(o);
    return rc;
}
