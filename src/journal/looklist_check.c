/* looklist_check.c - a subject's list of looks as a file, checked without anybody's help (looklist.h). */
#include "journal/looklist.h"

#include "crypto/base64.h"
#include "journal/canon.h"
#include "journal/tlogproof.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

/* One page while it is checked. */
struct page {
    const json_t *doc;
    const struct ll_policy *policy;
    ll_look_fn *show;
    void *ctx;
    struct ll_look_head head; /* as far as the chain goes */
    uint64_t total, last;     /* looks that the commitment has; the entry of the look before, and one more */
    struct ll_node root;
    struct ll_looklist_checked *ret;
    struct ll_err *err;
};

static int malformed(struct page *p, const char *what)
{
    return ll_fail(p->err, LL_INVALID, "不是查看清单：%s 缺少或有误",
                   "this is no list of looks: %s is missing or wrong", what);
}

static struct ll_str text_of(const json_t *o, const char *name)
{
    const json_t *v = json_object_get(o, name);

    return (struct ll_str){json_string_value(v), json_string_length(v)};
}

static bool number_of(const json_t *o, const char *name, uint64_t *ret)
{
    const json_t *v = json_object_get(o, name);

    if (!json_is_integer(v) || json_integer_value(v) < 0)
        return false;
    *ret = (uint64_t)json_integer_value(v);
    return true;
}

static bool hash_of(const json_t *o, const char *name, struct ll_node *ret)
{
    struct ll_str text = text_of(o, name);

    return text.p && ll_base64_exact(text, LL_BASE64_URL, ret->b, sizeof ret->b);
}

/* --- the entry of the journal that has the root ---------------------------------------------------------------------- */

static int read_commitment(struct page *p, struct ll_str data)
{
    static const char *const members[] = {"entries", "root"};
    struct ll_str v[LL_COUNT(members)];
    int64_t entries;

    if (!ll_canon_members(data, members, LL_COUNT(members), v) || !v[0].p || !v[1].p ||
        !ll_str_i64(v[0], 0, INT64_MAX, &entries) || v[1].n < 2 ||
        !ll_base64_exact((struct ll_str){v[1].p + 1, v[1].n - 2}, LL_BASE64_URL, p->root.b, sizeof p->root.b))
        return malformed(p, "commitment.entry.data");
    p->ret->entries = (uint64_t)entries;
    return LL_OK;
}

static int check_commitment(struct page *p)
{
    const json_t *c = json_object_get(p->doc, "commitment");
    struct ll_str entry = text_of(c, "entry"), proof = text_of(c, "proof");
    struct ll_tlogproof *parsed;
    struct ll_checkpoint cp;
    struct ll_entry e;
    int rc;

    if (!entry.p || !proof.p)
        return malformed(p, "commitment");
    if (!(parsed = malloc(sizeof *parsed)))
        return ll_no_memory(p->err);
    if ((rc = ll_tlogproof_parse(proof, parsed, p->err)) == LL_OK &&
        (rc = ll_tlogproof_verify(parsed, entry, p->policy, &cp, p->err)) == LL_OK &&
        (rc = ll_entry_parse(entry, &e, p->err)) == LL_OK) {
        p->ret->index = parsed->index;
        p->ret->committed_ms = e.time_ms;
        rc = e.type == LL_ENTRY_LOOKS ? read_commitment(p, e.data) : malformed(p, "commitment.entry");
    }
    free(parsed);
    return rc;
}

/* --- one look --------------------------------------------------------------------------------------------------------- */

/* Is the subject among those that the payload names? */
static bool names(struct ll_str payload, const char *subject)
{
    struct ll_str list, part;

    if (!ll_canon_member(payload, "subjects", &list) || list.n < 2)
        return false;
    for (list = (struct ll_str){list.p + 1, list.n - 2}; list.n;) {
        ll_str_cut(list, ',', &part, &list);
        if (part.n >= 2 && ll_str_is((struct ll_str){part.p + 1, part.n - 2}, subject))
            return true;
    }
    return false;
}

static int look_wrong(struct page *p, const char *zh, const char *en)
{
    return ll_fail(p->err, LL_INVALID, "第 %" PRIu64 " 次查看：%s%.0s", "look %" PRIu64 ": %.0s%s",
                   p->head.looks + 1, zh, en);
}

/* What is shown of it leads to the link. */
static int check_shown(struct page *p, const json_t *look, const struct ll_node *link,
                       struct ll_look_shown *shown)
{
    struct ll_str text = text_of(look, "text"), sealed64 = text_of(look, "sealed");
    struct ll_buf sealed = LL_BUF_INIT(LL_SEALED_MAX + 1);
    struct ll_node leaf, made;
    int rc;

    if (!sealed64.p || !number_of(look, "entry", &shown->entry))
        return malformed(p, "looks");
    if ((rc = ll_entry_parse(text, &shown->parsed, p->err)) < 0 ||
        (rc = ll_base64_get(sealed64, LL_BASE64_STD, &sealed, p->err)) < 0 ||
        (rc = ll_entry_unseal(&shown->parsed, ll_buf_view(&sealed), &shown->payload, p->err)) < 0) {
        ll_buf_free(&sealed);
        return rc;
    }
    ll_merkle_leaf(LL_SHA256, text, &leaf);
    ll_look_link((struct ll_str){sealed.p, LL_SALT}, shown->entry, &leaf, &made);
    if (!ll_node_eq(&made, link))
        rc = look_wrong(p, "内容或编号与清单中的环节不符",
                        "its contents or number do not fit its link of the chain");
    else if (!names(shown->payload, p->ret->subject))
        rc = look_wrong(p, "内容不涉及这一主体", "its contents do not name this subject");
    else if (shown->entry < p->last || shown->entry >= p->ret->entries)
        rc = look_wrong(p, "顺序不对，或晚于承诺", "it is out of order, or later than the commitment");
    p->last = shown->entry + 1;
    if (rc == LL_OK && p->show)
        p->show(p->ctx, shown);
    ll_buf_free(&sealed);
    return rc;
}

static int check_look(struct page *p, const json_t *look)
{
    struct ll_look_shown shown = {.nth = p->head.looks + 1};
    struct ll_node link;
    int rc = LL_OK;

    if (!hash_of(look, "link", &link))
        return malformed(p, "looks");
    if (text_of(look, "text").p) {
        rc = check_shown(p, look, &link, &shown);
        p->ret->shown += rc == LL_OK;
    } else {
        shown.why = text_of(look, "why").p;
        if (!shown.why)
            return malformed(p, "looks");
        if (p->show)
            p->show(p->ctx, &shown);
    }
    ll_look_add(&p->head, &link);
    return rc;
}

/* --- the tree ----------------------------------------------------------------------------------------------------------- */

static bool read_siblings(const json_t *list, struct ll_node out[LL_LOOK_HEIGHT])
{
    uint64_t at, next = 0;

    memset(out, 0, LL_LOOK_HEIGHT * sizeof *out);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *s = json_array_get(list, i);
        if (!number_of(s, "at", &at) || at < next || at >= LL_LOOK_HEIGHT || !hash_of(s, "hash", &out[at]))
            return false;
        next = at + 1;
    }
    return json_is_array(list);
}

/* Who else is in the place; in all likelihood nobody. */
static bool read_others(const json_t *list, struct ll_look_head *h, size_t room, size_t *n)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *o = json_array_get(list, i);
        if (*n == room || !ll_look_subject(text_of(o, "subject"), h[*n].subject) ||
            !number_of(o, "looks", &h[*n].looks) || h[*n].looks == 0 || !hash_of(o, "head", &h[*n].head))
            return false;
        ++*n;
    }
    return json_is_array(list);
}

static int check_tree(struct page *p)
{
    enum { MOST = 8 };
    const json_t *tree = json_object_get(p->doc, "tree");
    struct ll_node sibling[LL_LOOK_HEIGHT], node, child;
    struct ll_look_head place[MOST + 1];
    size_t n = 0;

    if (p->head.looks > 0)
        place[n++] = p->head;
    if (!read_siblings(json_object_get(tree, "siblings"), sibling) ||
        !read_others(json_object_get(tree, "others"), place, MOST + 1, &n))
        return malformed(p, "tree");
    qsort(place, n, sizeof *place, ll_look_order);
    for (size_t i = 0; i < n; i++) /* each once, and all of one place */
        if ((i > 0 && ll_look_order(&place[i - 1], &place[i]) >= 0) ||
            memcmp(place[i].subject, p->head.subject, LL_LOOK_HEIGHT / 8) != 0 ||
            (p->head.looks == 0 && ll_look_order(&place[i], &p->head) == 0))
            return malformed(p, "tree.others");
    ll_look_node(place, n, LL_LOOK_HEIGHT, &node);
    for (unsigned i = 0; i < LL_LOOK_HEIGHT; i++) {
        unsigned d = LL_LOOK_HEIGHT - 1 - i;
        child = node;
        if (p->head.subject[d / 8] >> (7 - d % 8) & 1)
            ll_look_join(&sibling[i], &child, &node);
        else
            ll_look_join(&child, &sibling[i], &node);
    }
    return ll_node_eq(&node, &p->root)
               ? LL_OK
               : ll_fail(p->err, LL_INVALID,
                         "清单与日志中的承诺不符：有查看被略去、调换或增添，或者这是别人的清单",
                         "the list is not the one that the journal commits to: a look was left out, moved or "
                         "added, or it is somebody else's list");
}

/* --- pages ---------------------------------------------------------------------------------------------------------------- */

/* Where the page begins: at the beginning of the chain, or where the one before ended. */
static int check_start(struct page *p, bool first, const char *subject)
{
    const json_t *from = json_object_get(p->doc, "from");
    struct ll_str name = text_of(p->doc, "subject");
    struct ll_look_head h;

    if (!ll_str_is(text_of(p->doc, "format"), "luling-looks/v1"))
        return malformed(p, "format");
    if (!ll_look_subject(name, h.subject) || !number_of(p->doc, "total", &p->total))
        return malformed(p, "subject");
    ll_look_start(&h);
    if ((subject && !ll_str_is(name, subject)) || (!first && !ll_str_is(name, p->ret->subject)))
        return ll_fail(p->err, LL_INVALID, "这是主体 %.*s 的清单", "this is the list of subject %.*s",
                       LL_STR_ARG(name));
    struct ll_node start = h.head;
    if (!number_of(from, "looks", &h.looks) || !hash_of(from, "head", &h.head))
        return malformed(p, "from");
    if (first && (h.looks > 0 || ll_node_eq(&h.head, &start))) {
        memcpy(p->ret->subject, name.p, name.n + 1);
        p->ret->first = h.looks + 1;
        p->head = h;
        return LL_OK;
    }
    return !first && h.looks == p->head.looks && ll_node_eq(&h.head, &p->head.head)
               ? LL_OK
               : ll_fail(p->err, LL_INVALID, "清单的这一页没有接上前一页",
                         "this page of the list does not follow the one before");
}

static int check_page(struct page *p, bool first, const char *subject)
{
    const json_t *looks = json_object_get(p->doc, "looks");
    int rc = check_start(p, first, subject);

    if (rc == LL_OK)
        rc = check_commitment(p);
    if (rc == LL_OK && !json_is_array(looks))
        rc = malformed(p, "looks");
    for (size_t i = 0; rc == LL_OK && i < json_array_size(looks); i++)
        rc = check_look(p, json_array_get(looks, i));
    if (rc == LL_OK && p->head.looks > p->total)
        rc = malformed(p, "total");
    return rc == LL_OK && p->head.looks == p->total ? check_tree(p) : rc;
}

int ll_looklist_verify(struct ll_str text, const struct ll_policy *policy, const char *subject,
                       ll_look_fn *show, void *ctx, struct ll_looklist_checked *ret, struct ll_err *err)
{
    struct page p = {.policy = policy, .show = show, .ctx = ctx, .ret = ret, .err = err};
    json_error_t at;
    bool first = true;
    int rc = LL_OK;

    *ret = (struct ll_looklist_checked){.first = 0};
    for (text = ll_str_trim(text); rc == LL_OK && (first || text.n); first = false) {
        json_t *doc = json_loadb(text.p, text.n, JSON_DISABLE_EOF_CHECK | JSON_REJECT_DUPLICATES, &at);
        if (!doc)
            return ll_fail(err, LL_INVALID, "不是 JSON：第 %d 行 %s", "no JSON: line %d, %s", at.line,
                           at.text);
        p.doc = doc;
        rc = check_page(&p, first, subject);
        json_decref(doc);
        text = ll_str_trim((struct ll_str){text.p + at.position, text.n - (size_t)at.position});
    }
    if (rc < 0)
        return rc;
    ret->looks = p.head.looks;
    ret->whole = ret->first == 1;
    return p.head.looks == p.total
               ? LL_OK
               : ll_fail(err, LL_INVALID,
                         "清单不完整：有 %" PRIu64 " 次中的 %" PRIu64
                         " 次；取余下各页（after=…），接在后面一起核对",
                         "the list goes on: of %" PRIu64 " looks it has %" PRIu64
                         "; fetch the other pages (after=...), put them behind and check them together",
                         p.total, p.head.looks);
}
