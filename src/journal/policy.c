/* policy.c - see policy.h.  Witnesses and groups are members of one list; a member is met when it cosigned, or when enough of those
 * that name it as their group are met.  Members stand above the groups they belong to, so one walk down the list settles all. */
#include "journal/policy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NO_GROUP = -1, URL_MAX = 512 };

struct member {
    char name[LL_NOTE_NAME], url[URL_MAX];
    bool witness;
    struct ll_vkey key; /* of a witness */
    unsigned need;      /* of a group: how many of its members */
    int group;          /* the one it belongs to */
};

struct ll_policy {
    struct ll_vkey log[LL_POLICY_LOGS];
    size_t n_logs;
    struct member member[LL_POLICY_MEMBERS];
    size_t n_members;
    int quorum; /* member, or NO_GROUP */
    bool quorum_said;
};

/* Words of one line. */
struct words {
    struct ll_str at[LL_POLICY_MEMBERS + 3];
    size_t n;
    unsigned line;
};

static int wrong(const struct words *w, struct ll_err *err, const char *zh, const char *en)
{
    return ll_fail(err, LL_INVALID, "策略第 %u 行：%.0s%s", "line %u of the policy: %s%.0s", w->line, en, zh);
}

static bool split_words(struct ll_str line, struct words *w)
{
    w->n = 0;
    for (size_t i = 0; i < line.n;) {
        size_t from = i;
        while (i < line.n && line.p[i] != ' ' && line.p[i] != '\t')
            i++;
        if (i > from && w->n == LL_COUNT(w->at))
            return false;
        if (i > from)
            w->at[w->n++] = (struct ll_str){line.p + from, i - from};
        i += i < line.n;
    }
    return true;
}

static int find(const struct ll_policy *p, struct ll_str name)
{
    for (size_t i = 0; i < p->n_members; i++)
        if (ll_str_is(name, p->member[i].name))
            return (int)i;
    return NO_GROUP;
}

static int take_log(struct ll_policy *p, const struct words *w, struct ll_err *err)
{
    int rc;

    if (w->n < 2 || w->n > 3)
        return wrong(w, err, "写法是 log <公钥> [网址]", "write: log <vkey> [<url>]");
    if (p->n_logs == LL_POLICY_LOGS)
        return wrong(w, err, "日志过多", "too many logs");
    if ((rc = ll_vkey_parse(&p->log[p->n_logs], w->at[1], err)) < 0)
        return rc;
    if (p->log[p->n_logs].type == LL_NOTE_COSIGNATURE) {
        ll_vkey_free(&p->log[p->n_logs]);
        return wrong(w, err, "这是见证者的公钥，不是日志的", "this is the key of a witness, not of a log");
    }
    p->n_logs++;
    return LL_OK;
}

/* The next free member, under its name. */
static int new_member(struct ll_policy *p, const struct words *w, struct member **ret, struct ll_err *err)
{
    struct member *m = &p->member[p->n_members];

    if (p->n_members == LL_POLICY_MEMBERS)
        return wrong(w, err, "见证者和组过多", "too many witnesses and groups");
    if (w->at[1].n >= LL_NOTE_NAME || ll_str_is(w->at[1], "none"))
        return wrong(w, err, "名称不可用", "the name cannot be used");
    if (find(p, w->at[1]) != NO_GROUP)
        return wrong(w, err, "名称已经用过", "the name is taken");
    *m = (struct member){.group = NO_GROUP};
    memcpy(m->name, w->at[1].p, w->at[1].n);
    *ret = m;
    return LL_OK;
}

static int take_witness(struct ll_policy *p, const struct words *w, struct ll_err *err)
{
    struct member *m = NULL;
    int rc;

    if (w->n < 3 || w->n > 4 || (w->n == 4 && w->at[3].n >= URL_MAX))
        return wrong(w, err, "写法是 witness <名称> <公钥> [网址]", "write: witness <name> <vkey> [<url>]");
    if ((rc = new_member(p, w, &m, err)) < 0 || (rc = ll_vkey_parse(&m->key, w->at[2], err)) < 0)
        return rc;
    m->witness = true;
    p->n_members++;
    if (m->key.type != LL_NOTE_COSIGNATURE)
        return wrong(w, err, "这不是见证者的公钥（类型 04）", "this is not the key of a witness (type 04)");
    for (size_t i = 0; i + 1 < p->n_members; i++)
        if (p->member[i].witness && ll_key_same(p->member[i].key.key, m->key.key))
            return wrong(w, err, "同一把公钥已属于另一个见证者",
                         "the key already belongs to another witness");
    if (w->n == 4)
        memcpy(m->url, w->at[3].p, w->at[3].n);
    return LL_OK;
}

static bool take_need(struct ll_str text, size_t members, unsigned *ret)
{
    int64_t k = 0;

    if (ll_str_is(text, "all"))
        *ret = (unsigned)members;
    else if (ll_str_is(text, "any"))
        *ret = 1;
    else if (ll_str_i64(text, 1, (int64_t)members, &k))
        *ret = (unsigned)k;
    else
        return false;
    return true;
}

static int take_group(struct ll_policy *p, const struct words *w, struct ll_err *err)
{
    struct member *m = NULL;
    int rc;

    if (w->n < 4)
        return wrong(w, err, "写法是 group <名称> all|any|<k> <成员>...",
                     "write: group <name> all|any|<k> <member>...");
    if ((rc = new_member(p, w, &m, err)) < 0)
        return rc;
    if (!take_need(w->at[2], w->n - 3, &m->need))
        return wrong(w, err, "应为 all、any 或不大于成员数的数",
                     "all, any or a number not above that of the members");
    for (size_t i = 3; i < w->n; i++) {
        int at = find(p, w->at[i]);
        if (at == NO_GROUP)
            return wrong(w, err, "成员必须先定义", "a member is not defined above");
        if (p->member[at].group != NO_GROUP)
            return wrong(w, err, "一个名称只能属于一个组", "a member belongs to a group already");
        p->member[at].group = (int)p->n_members;
    }
    p->n_members++;
    return LL_OK;
}

static int take_quorum(struct ll_policy *p, const struct words *w, struct ll_err *err)
{
    if (w->n != 2 || p->quorum_said)
        return wrong(w, err, "写法是 quorum <名称>|none，只写一次", "write once: quorum <name>|none");
    p->quorum_said = true;
    p->quorum = find(p, w->at[1]);
    if (p->quorum == NO_GROUP && !ll_str_is(w->at[1], "none"))
        return wrong(w, err, "没有这个见证者或组", "no such witness or group");
    return LL_OK;
}

static const struct {
    const char *word;
    int (*take)(struct ll_policy *p, const struct words *w, struct ll_err *err);
} keywords[] = {{"log", take_log}, {"witness", take_witness}, {"group", take_group}, {"quorum", take_quorum}};

static int take_line(struct ll_policy *p, struct ll_str line, struct words *w, struct ll_err *err)
{
    if (!split_words(line, w))
        return wrong(w, err, "词过多", "too many words");
    if (w->n == 0 || w->at[0].p[0] == '#')
        return LL_OK;
    for (size_t i = 0; i < LL_COUNT(keywords); i++)
        if (ll_str_is(w->at[0], keywords[i].word))
            return keywords[i].take(p, w, err);
    return wrong(w, err, "应以 log、witness、group 或 quorum 开头",
                 "a line starts with log, witness, group or quorum");
}

int ll_policy_parse(struct ll_str text, struct ll_policy **ret, struct ll_err *err)
{
    struct ll_policy *p;
    struct words w = {.line = 0};
    int rc = LL_OK;

    if (text.n > LL_POLICY_MAX)
        return ll_fail(err, LL_TOOBIG, "策略超过 %d 字节", "the policy is larger than %d bytes",
                       LL_POLICY_MAX);
    if (!(p = calloc(1, sizeof *p)))
        return ll_no_memory(err);
    p->quorum = NO_GROUP;
    while (text.n > 0 && rc == LL_OK) {
        struct ll_str line;
        ll_str_cut(text, '\n', &line, &text);
        w.line++;
        rc = take_line(p, ll_str_trim(line), &w, err);
    }
    if (rc == LL_OK && p->n_logs == 0)
        rc = ll_fail(err, LL_INVALID, "策略没有 log 行", "the policy has no log line");
    if (rc == LL_OK && !p->quorum_said)
        rc = ll_fail(err, LL_INVALID, "策略没有 quorum 行", "the policy has no quorum line");
    if (rc < 0)
        ll_policy_free(p);
    else
        *ret = p;
    return rc;
}

struct ll_policy *ll_policy_free(struct ll_policy *p)
{
    if (!p)
        return NULL;
    for (size_t i = 0; i < p->n_logs; i++)
        ll_vkey_free(&p->log[i]);
    for (size_t i = 0; i < p->n_members; i++)
        if (p->member[i].witness)
            ll_vkey_free(&p->member[i].key);
    free(p);
    return NULL;
}

/* What the keys of one type say of a checkpoint: are there any of its origin, and did one of them sign? */
struct vouching {
    bool named, signed_by;
};

/* The log that the text is of: its origin is the name of some keys.  Of each type that the policy has for it one must have signed; while
 * keys change there are two of a type. */
static int check_log(const struct ll_policy *p, const struct ll_note *note, const struct ll_checkpoint *cp,
                     struct ll_err *err)
{
    struct vouching plain = {0}, sm2 = {0};

    for (size_t i = 0; i < p->n_logs; i++) {
        const struct ll_vkey *key = &p->log[i];
        struct vouching *v = key->type == LL_NOTE_SM2 ? &sm2 : &plain;
        if (!ll_str_is(cp->origin, key->name))
            continue;
        const struct ll_note_sig *sig = ll_note_find(note, key);
        int rc = sig ? ll_note_check(note, key, sig, NULL, err) : LL_OK;
        if (rc < 0)
            return rc;
        v->signed_by |= sig != NULL;
        v->named = true;
    }
    if (!plain.named && !sm2.named)
        return ll_fail(err, LL_INVALID, "策略中没有日志“%.*s”", "the policy has no log '%.*s'",
                       LL_STR_ARG(cp->origin));
    return plain.signed_by == plain.named && sm2.signed_by == sm2.named
               ? LL_OK
               : ll_fail(err, LL_INVALID, "没有日志“%.*s”自己的签名", "log '%.*s' has not signed it",
                         LL_STR_ARG(cp->origin));
}

static int count(const struct ll_policy *p, const struct ll_note *note, struct ll_quorum *q,
                 struct ll_err *err)
{
    unsigned met[LL_POLICY_MEMBERS] = {0};

    for (size_t i = 0; i < p->n_members; i++) {
        const struct member *m = &p->member[i];
        bool is_met = !m->witness && met[i] >= m->need;
        q->witnesses += m->witness;
        const struct ll_note_sig *sig = m->witness ? ll_note_find(note, &m->key) : NULL;
        if (sig) {
            int64_t when = 0;
            int rc = ll_note_check(note, &m->key, sig, &when, err);
            if (rc < 0)
                return rc;
            is_met = true;
            q->cosigned++;
            q->newest = when > q->newest ? when : q->newest;
        }
        if (is_met && m->group != NO_GROUP)
            met[m->group]++;
        if (is_met && (int)i == p->quorum)
            q->met = true;
    }
    return LL_OK;
}

int ll_policy_check(const struct ll_policy *p, struct ll_str note, struct ll_checkpoint *ret,
                    struct ll_quorum *quorum, struct ll_err *err)
{
    struct ll_quorum q = {.met = p->quorum == NO_GROUP};
    struct ll_note *parsed = malloc(sizeof *parsed);
    int rc;

    if (!parsed)
        return ll_no_memory(err);
    if ((rc = ll_note_parse(note, parsed, err)) == LL_OK &&
        (rc = ll_checkpoint_parse(parsed->text, ret, err)) == LL_OK &&
        (rc = check_log(p, parsed, ret, err)) == LL_OK)
        rc = count(p, parsed, &q, err);
    free(parsed);
    if (rc == LL_OK && quorum)
        *quorum = q;
    if (rc == LL_OK && !q.met && !quorum)
        rc = ll_fail(err, LL_INVALID, "见证者的联署不够：%u 个中有 %u 个",
                     "not witnessed as the policy asks: %u witnesses, %u have cosigned", q.witnesses,
                     q.cosigned);
    return rc;
}

bool ll_policy_witness(const struct ll_policy *p, size_t i, struct ll_policy_witness *ret)
{
    for (size_t k = 0; k < p->n_members; k++) {
        const struct member *m = &p->member[k];
        if (!m->witness || i-- > 0)
            continue;
        *ret = (struct ll_policy_witness){m->name, &m->key, m->url[0] ? m->url : NULL};
        return true;
    }
    return false;
}

const struct ll_vkey *ll_policy_log(const struct ll_policy *p, size_t i)
{
    return i < p->n_logs ? &p->log[i] : NULL;
}
