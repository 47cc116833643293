/* deed_rule.c - what may follow what in the collaboration ledger, and who must sign it; see deed.h. */
#include "apps/finance/deed.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define LL_R (1u << LL_DEED_RECEIVABLE)
#define LL_O (1u << LL_DEED_ORDER)
#define LL_W (1u << LL_DEED_WAREHOUSE_RECEIPT)
#define LL_G (1u << LL_DEED_GUARANTEE)
#define LL_P (1u << LL_DEED_PLEDGE)
#define LL_BY_HOLDER (1u << LL_DEED_OF_HOLDER)
#define LL_BY_OBLIGOR (1u << LL_DEED_OF_OBLIGOR)
#define LL_BY_FINANCIER (1u << LL_DEED_OF_FINANCIER)
#define LL_BY_NEXT (1u << LL_DEED_OF_NEXT)

#include "apps/finance/tbl/deed_rules.h"

static const struct ll_deed_rule rules[] = {
#define X(kinds, from, act, to, signers, claim)                                                              \
    {kinds, signers, LL_DEED_IS_##from, LL_DEED_IS_##to, LL_DEED_DO_##act, LL_CLAIM_##claim},
    LL_DEED_RULES(X)
#undef X
};

bool ll_deed_rule(size_t i, struct ll_deed_rule *ret)
{
    if (i >= LL_COUNT(rules))
        return false;
    *ret = rules[i];
    return true;
}

static const struct ll_deed_rule *find(enum ll_deed_kind kind, enum ll_deed_state from, enum ll_deed_act act)
{
    for (size_t i = 0; i < LL_COUNT(rules); i++)
        if (rules[i].act == act && rules[i].from == from && rules[i].kinds >> kind & 1)
            return &rules[i];
    return NULL;
}

/* --- words ----------------------------------------------------------------------------------------------------------------- */

struct word {
    const char *word, *zh, *en;
};
#define X(id, word, zh, en) {word, zh, en},
static const struct word kinds[] = {LL_DEED_KINDS(X)}, acts[] = {LL_DEED_ACTS(X)},
                         roles[] = {LL_DEED_ROLES(X)};
#undef X
#define X(id, word, ends, zh, en) {word, zh, en},
static const struct word states[] = {LL_DEED_STATES(X)};
#undef X
#define X(id, word, ends, zh, en) ends,
static const bool state_ends[] = {LL_DEED_STATES(X)};
#undef X
static const struct ref {
    const char *word;
    unsigned kinds;
    bool holder, obligor;
} refs[] = {
#define X(id, word, kinds, holder, obligor, zh, en) {word, kinds, holder, obligor},
    LL_DEED_REFERENCES(X)
#undef X
};

static bool find_word(const struct word *list, size_t n, struct ll_str word, size_t *ret)
{
    for (size_t i = 0; i < n; i++)
        if (ll_str_is(word, list[i].word)) {
            *ret = i;
            return true;
        }
    return false;
}

#define WORDS(name, type, list)                                                                              \
    const char *ll_deed_##name##_word(enum type v)                                                           \
    {                                                                                                        \
        return (list)[v].word;                                                                               \
    }                                                                                                        \
    const char *ll_deed_##name##_title(enum type v, enum ll_lang lang)                                       \
    {                                                                                                        \
        return lang == LL_ZH ? (list)[v].zh : (list)[v].en;                                                  \
    }                                                                                                        \
    bool ll_deed_##name##_find(struct ll_str word, enum type *ret)                                           \
    {                                                                                                        \
        size_t at;                                                                                           \
                                                                                                             \
        if (!find_word(list, LL_COUNT(list), word, &at))                                                     \
            return false;                                                                                    \
        *ret = (enum type)at;                                                                                \
        return true;                                                                                         \
    }
WORDS(kind, ll_deed_kind, kinds)
WORDS(state, ll_deed_state, states)
WORDS(act, ll_deed_act, acts)

bool ll_deed_state_ends(enum ll_deed_state s)
{
    return state_ends[s];
}

const char *ll_deed_role_word(enum ll_deed_role r)
{
    return roles[r].word;
}

const char *ll_deed_ref_word(enum ll_deed_ref r)
{
    return refs[r].word;
}

bool ll_deed_ref_find(struct ll_str word, enum ll_deed_ref *ret)
{
    for (size_t i = 0; i < LL_COUNT(refs); i++)
        if (ll_str_is(word, refs[i].word)) {
            *ret = (enum ll_deed_ref)i;
            return true;
        }
    return false;
}

bool ll_deed_ref_of(enum ll_deed_ref r, enum ll_deed_kind k, bool *ret_holder, bool *ret_obligor)
{
    *ret_holder = refs[r].holder;
    *ret_obligor = refs[r].obligor;
    return refs[r].kinds >> k & 1;
}

/* --- parties --------------------------------------------------------------------------------------------------------------- */

static bool same(const char *a, const char *b)
{
    return a && b && strcmp(a, b) == 0;
}

bool ll_deed_has(const struct ll_deed *d, const char *organisation)
{
    return same(d->holder, organisation) || same(d->obligor, organisation) ||
           same(d->financier, organisation);
}

static const char *party(const struct ll_deed *before, const struct ll_deed_statement *s,
                         enum ll_deed_role role)
{
    switch (role) {
    case LL_DEED_OF_HOLDER:
        return before ? before->holder : s->holder;
    case LL_DEED_OF_OBLIGOR:
        return before ? before->obligor : s->obligor;
    case LL_DEED_OF_FINANCIER:
        return s->financier ? s->financier : before ? before->financier : NULL;
    case LL_DEED_OF_NEXT:
        return s->to;
    case LL_DEED_ROLE_COUNT:
        break;
    }
    return NULL;
}

size_t ll_deed_signers(const struct ll_deed *before, const struct ll_deed_statement *s,
                       const char *ret[LL_DEED_ROLE_COUNT])
{
    const struct ll_deed_rule *r = find(before ? before->kind : s->kind,
                                        before ? before->state : LL_DEED_IS_NONE, s->act);
    size_t n = 0;

    for (unsigned role = 0; r && role < LL_DEED_ROLE_COUNT; role++) {
        const char *who = r->signers >> role & 1 ? party(before, s, role) : NULL;
        bool there = !who;
        for (size_t i = 0; i < n; i++)
            there |= same(ret[i], who);
        if (!there)
            ret[n++] = who;
    }
    return n;
}

/* --- amounts --------------------------------------------------------------------------------------------------------------- */

static int check_issue(const struct ll_deed_statement *s, struct ll_err *err)
{
    bool unused;

    if (same(s->holder, s->obligor))
        return ll_fail(err, LL_INVALID, "holder 与 obligor 不能是同一机构",
                       "holder and obligor cannot be one organisation");
    if (s->kind == LL_DEED_RECEIVABLE && !s->due)
        return ll_fail(err, LL_INVALID, "应收账款须有到期日 due", "a receivable has a date it is due");
    if (s->secures && s->kind != LL_DEED_GUARANTEE && s->kind != LL_DEED_PLEDGE)
        return ll_fail(err, LL_INVALID, "只有保证与质押才担保别的单证（secures）",
                       "only guarantees and pledges secure another deed");
    if (!s->n_refs && s->kind != LL_DEED_GUARANTEE)
        return ll_fail(err, LL_INVALID, "references 至少有一项：所据的发票、合同、仓单编号或权属证书",
                       "references names what the deed rests on: an invoice, contract, receipt or title");
    for (size_t i = 0; i < s->n_refs; i++)
        if (!ll_deed_ref_of(s->refs[i].type, s->kind, &unused, &unused))
            return ll_fail(err, LL_INVALID, "这类单证不能以 %s 为依据",
                           "a deed of this kind cannot rest on a reference of type %s",
                           ll_deed_ref_word(s->refs[i].type));
    return LL_OK;
}

static int check_split(const struct ll_deed *before, const struct ll_deed_statement *s, struct ll_err *err)
{
    int64_t sum = 0; /* 64 parts of at most 10^15: no overflow */

    for (size_t i = 0; i < s->n_parts; i++) {
        sum += s->parts[i].amount;
        if (same(s->parts[i].document, s->document))
            return ll_fail(err, LL_INVALID, "拆分后的单证须用新编号", "a part takes an id of its own");
        for (size_t k = 0; k < i; k++)
            if (same(s->parts[i].document, s->parts[k].document))
                return ll_fail(err, LL_INVALID, "parts 中编号重复：%s", "parts names %s twice",
                               s->parts[i].document);
    }
    return sum == before->amount
               ? LL_OK
               : ll_fail(err, LL_INVALID, "拆分前后金额须相等：拆出 %" PRId64 " 分，原为 %" PRId64 " 分",
                         "the parts must have the amount together: they have %" PRId64 " fen of %" PRId64,
                         sum, before->amount);
}

static int check_financier(const struct ll_deed *before, const struct ll_deed_statement *s,
                           struct ll_err *err)
{
    if (same(s->financier, before->holder) || same(s->financier, before->obligor))
        return ll_fail(err, LL_INVALID, "资金方不能是持有人或义务人",
                       "the financier can be neither holder nor obligor");
    return s->financed <= before->amount
               ? LL_OK
               : ll_fail(err, LL_INVALID, "融资 %" PRId64 " 分，超过单证金额 %" PRId64 " 分",
                         "%" PRId64 " fen are financed on a deed of %" PRId64, s->financed, before->amount);
}

static int check_act(const struct ll_deed *before, const struct ll_deed_statement *s, struct ll_err *err)
{
    if (!before)
        return check_issue(s, err);
    switch (s->act) {
    case LL_DEED_DO_DIVIDE:
        return check_split(before, s, err);
    case LL_DEED_DO_FINANCE:
    case LL_DEED_DO_SECURE:
        return check_financier(before, s, err);
    case LL_DEED_DO_TRANSFER:
        return !same(s->to, before->holder) && !same(s->to, before->obligor)
                   ? LL_OK
                   : ll_fail(err, LL_INVALID, "受让人不能是持有人或义务人",
                             "the transferee can be neither holder nor obligor");
    default:
        return LL_OK;
    }
}

/* --- one step -------------------------------------------------------------------------------------------------------------- */

static int check_place(const struct ll_deed *before, const struct ll_deed_statement *s, const char *ledger,
                       struct ll_err *err)
{
    if (!same(s->ledger, ledger))
        return ll_fail(err, LL_INVALID, "这份声明属于账本 %s，不是 %s",
                       "the statement is for ledger %s, not %s", s->ledger, ledger);
    if (!before)
        return s->act == LL_DEED_DO_ISSUE && s->seq == 1
                   ? LL_OK
                   : ll_fail(err, LL_NOTFOUND, "没有单证 %s", "there is no deed %s", s->document);
    LL_ASSERT(same(before->document, s->document));
    if (s->act == LL_DEED_DO_ISSUE)
        return ll_fail(err, LL_CONFLICT, "编号 %s 已用过", "the id %s is taken", s->document);
    if (s->seq != before->seq + 1 || !same(s->prev, before->head))
        return ll_fail(err, LL_CONFLICT, "单证已到第 %" PRId64 " 步，这份声明接不上：请按现状重新签署",
                       "the deed is at step %" PRId64 " and the statement does not follow it: sign anew",
                       before->seq);
    return LL_OK;
}

static void advance(const struct ll_deed *before, const struct ll_deed_statement *s,
                    const struct ll_deed_rule *r, struct ll_deed *after)
{
    if (before)
        *after = *before;
    else
        *after = (struct ll_deed){.document = s->document,
                                  .root = s->document,
                                  .kind = s->kind,
                                  .amount = s->amount,
                                  .holder = s->holder,
                                  .obligor = s->obligor,
                                  .due = s->due,
                                  .secures = s->secures};
    after->state = r->to;
    after->seq = s->seq;
    memcpy(after->head, s->id, sizeof after->head);
    if (s->to)
        after->holder = s->to;
    if (s->financier) {
        after->financier = s->financier;
        after->financed = s->financed;
    } else if (s->act == LL_DEED_DO_RELEASE || s->act == LL_DEED_DO_SETTLE) {
        after->financier = NULL;
        after->financed = 0;
    }
}

/* The languages put it in another order. */
static int not_allowed(enum ll_deed_kind kind, enum ll_deed_state state, enum ll_deed_act act,
                       struct ll_err *err)
{
    char zh[256], en[256];

    snprintf(zh, sizeof zh, "%s%s，不能%s", ll_deed_kind_title(kind, LL_ZH),
             ll_deed_state_title(state, LL_ZH), ll_deed_act_title(act, LL_ZH));
    snprintf(en, sizeof en, "a deed of kind %s that is %s does not take the act %s", ll_deed_kind_word(kind),
             ll_deed_state_word(state), ll_deed_act_word(act));
    return ll_fail_texts(err, LL_CONFLICT, zh, en);
}

int ll_deed_apply(const struct ll_deed *before, const struct ll_deed_statement *s, const char *ledger,
                  struct ll_deed *after, enum ll_deed_claim *ret_claim, struct ll_err *err)
{
    enum ll_deed_kind kind = before ? before->kind : s->kind;
    enum ll_deed_state state = before ? before->state : LL_DEED_IS_NONE;
    const struct ll_deed_rule *r = find(kind, state, s->act);
    int rc = check_place(before, s, ledger, err);

    if (rc == LL_OK && !r)
        rc = not_allowed(kind, state, s->act, err);
    if (rc == LL_OK && before && r->claim == LL_CLAIM_TAKE && before->seq >= LL_DEED_STEPS)
        rc = ll_fail(err, LL_TOOBIG, "单证已有 %d 步，只能结清或作废",
                     "a deed of %d steps is settled or void, no more", (int)LL_DEED_STEPS);
    if (rc < 0 || (rc = check_act(before, s, err)) < 0)
        return rc;
    advance(before, s, r, after);
    *ret_claim = r->claim;
    return LL_OK;
}

void ll_deed_part(const struct ll_deed *after, const struct ll_deed_statement *s, size_t i,
                  struct ll_deed *ret)
{
    *ret = *after;
    ret->document = s->parts[i].document;
    ret->parent = after->document;
    ret->amount = s->parts[i].amount;
    ret->state = LL_DEED_IS_CONFIRMED;
}
