/* deed_verify.c - checks the file of a deed, or a refusal's proof, with nothing but the keys that sign the journal; see deed_file.h. */
#include "apps/finance/deed_file.h"

#include "crypto/jwk.h"
#include "crypto/strictjson.h"
#include "journal/canon.h"
#include "journal/tlogproof.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { KEYS = 256 };

struct known {
    char kid[LL_THUMBPRINT];
    struct ll_key *key;
};

struct checking {
    const json_t *doc;
    const struct ll_policy *policy;
    ll_deed_file_fn *show;
    void *ctx;
    struct ll_arena *arena;
    struct ll_deed_checked *ret;
    struct ll_err *err;
    struct known keys[KEYS];
    size_t n_keys;
    const char *ledger;
    struct ll_deed now; /* as far as the steps go */
    const struct ll_deed_statement *last;
    bool there;
};

static int malformed(struct checking *c, const char *what)
{
    return ll_fail(c->err, LL_INVALID, "不是单证文件：%s 缺少或有误",
                   "this is no file of a deed: %s is missing or wrong", what);
}

static const char *text_of(struct checking *c, const json_t *o, const char *name)
{
    struct ll_str s = ll_json_member(o, name);

    return s.p ? ll_arena_dup(c->arena, s) : NULL;
}

/* --- keys ------------------------------------------------------------------------------------------------------------------ */

/* A key is what its numbers are: its name is made anew. */
static int read_keys(struct checking *c)
{
    const json_t *list = json_object_get(c->doc, "keys");
    int rc = LL_OK;

    if (!json_is_array(list) || json_array_size(list) > KEYS)
        return malformed(c, "keys");
    for (size_t i = 0; rc == LL_OK && i < json_array_size(list); i++)
        if ((rc = ll_jwk_read(json_array_get(list, i), LL_JWK_PUBLIC, &c->keys[c->n_keys].key, c->err)) ==
            LL_OK) {
            ll_jwk_thumbprint(c->keys[c->n_keys].key, c->keys[c->n_keys].kid);
            c->n_keys++;
        }
    return rc;
}

static int verify_signature(struct checking *c, const struct ll_deed_signature *sig)
{
    for (size_t i = 0; i < c->n_keys; i++)
        if (strcmp(c->keys[i].kid, sig->kid) == 0)
            return ll_deed_verify(sig->jws, c->keys[i].key, c->err);
    return ll_fail(c->err, LL_INVALID, "文件中没有公钥 %s", "the file has no public key %s", sig->kid);
}

/* --- the journal ----------------------------------------------------------------------------------------------------------- */

static int check_proof(struct checking *c, const json_t *o, struct ll_entry *ret, uint64_t *ret_index)
{
    struct ll_str entry = ll_json_member(o, "entry"), proof = ll_json_member(o, "proof");
    struct ll_tlogproof *parsed;
    struct ll_checkpoint cp;
    int rc;

    if (!entry.p || !proof.p)
        return malformed(c, "entry, proof");
    if (!(parsed = malloc(sizeof *parsed)))
        return ll_no_memory(c->err);
    if ((rc = ll_tlogproof_parse(proof, parsed, c->err)) == LL_OK &&
        (rc = ll_tlogproof_verify(parsed, entry, c->policy, &cp, c->err)) == LL_OK &&
        (rc = ll_entry_parse(entry, ret, c->err)) == LL_OK) {
        *ret_index = parsed->index;
        if (ret->type != LL_ENTRY_LEDGER_STEP)
            rc = malformed(c, "entry");
        else if (c->ledger && !ll_str_is(cp.origin, c->ledger))
            rc = ll_fail(c->err, LL_INVALID, "证明出自另一份日志 %.*s",
                         "the proof is of another journal, %.*s", LL_STR_ARG(cp.origin));
        else if (!c->ledger && !(c->ret->ledger = ll_arena_dup(c->arena, cp.origin)))
            rc = ll_no_memory(c->err);
    }
    free(parsed);
    return rc;
}

/* --- a step ---------------------------------------------------------------------------------------------------------------- */

static int step_wrong(struct checking *c, const char *zh, const char *en)
{
    return ll_fail(c->err, LL_INVALID, "第 %zu 步：%s%.0s", "step %zu: %.0s%s", c->ret->steps + 1, zh, en);
}

/* Reads and verifies the signatures; all are of one statement. */
static int read_signatures(struct checking *c, const json_t *list, struct ll_deed_signature *sig,
                           size_t *ret_n, struct ll_str *payload)
{
    struct ll_str other;
    int rc = LL_OK;

    *payload = (struct ll_str){NULL, 0};
    *ret_n = json_array_size(list);
    if (!*ret_n || *ret_n > LL_DEED_ROLE_COUNT)
        return malformed(c, "signatures");
    for (size_t i = 0; i < *ret_n; i++) {
        const json_t *o = json_array_get(list, i);
        sig[i].organisation = text_of(c, o, "organisation");
        sig[i].jws = ll_json_member(o, "jws");
        if (!sig[i].organisation || !sig[i].jws.p)
            return malformed(c, "signatures");
        if ((rc = ll_deed_open(sig[i].jws, c->arena, sig[i].kid, &other, c->err)) < 0 ||
            (rc = verify_signature(c, &sig[i])) < 0)
            return rc;
        if (i && !ll_str_eq(*payload, other))
            return step_wrong(c, "各签名不是同一份声明", "its signatures are not of one statement");
        *payload = other;
    }
    return rc;
}

/* The chain goes from a deed that was split to the part that the next step is about. */
static bool go_on(struct checking *c, const struct ll_deed_statement *s)
{
    struct ll_deed part;

    if (!c->there || strcmp(c->now.document, s->document) == 0)
        return true;
    for (size_t i = 0; c->last && c->now.state == LL_DEED_IS_SPLIT && i < c->last->n_parts; i++)
        if (strcmp(c->last->parts[i].document, s->document) == 0) {
            ll_deed_part(&c->now, c->last, i, &part);
            c->now = part;
            return true;
        }
    return false;
}

/* Exactly those whose signatures the table asks for. */
static bool signed_by(struct checking *c, const struct ll_deed_statement *s,
                      const struct ll_deed_signature *sig, size_t n)
{
    const char *who[LL_DEED_ROLE_COUNT];
    size_t must = ll_deed_signers(c->there ? &c->now : NULL, s, who);
    bool ok = must == n;

    for (size_t i = 0; ok && i < n; i++)
        ok = strcmp(who[i], sig[i].organisation) == 0;
    return ok;
}

static int check_entry(struct checking *c, const json_t *o, const struct ll_deed_signature *sig, size_t n,
                       struct ll_deed_file_step *step)
{
    char hash[LL_DEED_HASH + 1];
    struct ll_entry e = {.version = 0}; /* the analyzer does not see that it is set */
    struct ll_str said;
    int rc = check_proof(c, o, &e, &step->entry);

    if (rc < 0)
        return rc;
    ll_deed_step_hash(sig, n, hash);
    if (!ll_canon_member(e.data, "step", &said) || said.n != LL_DEED_HASH + 2 ||
        memcmp(said.p + 1, hash, LL_DEED_HASH) != 0)
        return step_wrong(c, "与存证日志的条目不符", "it is not what the journal's entry is of");
    if (c->ret->steps && step->entry <= c->ret->entry)
        return step_wrong(c, "存证的先后不对", "its entry is not behind that of the step before");
    step->time_ms = e.time_ms;
    return LL_OK;
}

static int check_step(struct checking *c, const json_t *o)
{
    struct ll_deed_statement *s = ll_arena_alloc(c->arena, sizeof *s);
    struct ll_deed_signature sig[LL_DEED_ROLE_COUNT];
    struct ll_deed_file_step step = {.s = s};
    enum ll_deed_claim claim;
    struct ll_str payload;
    struct ll_deed after;
    size_t n;
    int rc;

    if (!s)
        return ll_no_memory(c->err);
    if ((rc = read_signatures(c, json_object_get(o, "signatures"), sig, &n, &payload)) < 0 ||
        (rc = ll_deed_read(payload, c->arena, s, c->err)) < 0)
        return rc;
    if (!go_on(c, s))
        return step_wrong(c, "属于另一份单证", "it is of another deed");
    if (!signed_by(c, s, sig, n))
        return step_wrong(c, "签署者不是须签署的各方", "it is not signed by those who must sign it");
    if ((rc = ll_deed_apply(c->there ? &c->now : NULL, s, c->ledger, &after, &claim, c->err)) < 0 ||
        (rc = check_entry(c, o, sig, n, &step)) < 0)
        return rc;
    c->now = after;
    c->there = true;
    c->last = s;
    c->ret->steps++;
    c->ret->signatures += n;
    c->ret->entry = step.entry;
    c->ret->time_ms = step.time_ms;
    step.n_signers = n;
    for (size_t i = 0; i < n; i++)
        step.signers[i] = sig[i].organisation;
    if (c->show)
        c->show(c->ctx, &step);
    return LL_OK;
}

/* --- the two kinds of file ------------------------------------------------------------------------------------------------- */

/* A part that nobody has touched has no step of its own. */
static bool end_on(struct checking *c, const char *document)
{
    const struct ll_deed_statement s = {.document = document};

    return c->there && go_on(c, &s);
}

static int check_deed(struct checking *c)
{
    const json_t *steps = json_object_get(c->doc, "steps");
    const char *document = text_of(c, c->doc, "document"), *state = text_of(c, c->doc, "state"),
               *holder = text_of(c, c->doc, "holder");
    int rc;

    c->ledger = c->ret->ledger = text_of(c, c->doc, "ledger");
    if (!c->ledger || !document || !state || !holder || !json_is_array(steps) ||
        json_array_size(steps) > 2 * LL_DEED_STEPS)
        return malformed(c, "ledger, document, state, holder, steps");
    if ((rc = read_keys(c)) < 0)
        return rc;
    for (size_t i = 0; rc == LL_OK && i < json_array_size(steps); i++)
        rc = check_step(c, json_array_get(steps, i));
    if (rc < 0)
        return rc;
    if (!end_on(c, document) || strcmp(ll_deed_state_word(c->now.state), state) != 0 ||
        strcmp(c->now.holder, holder) != 0)
        return ll_fail(c->err, LL_INVALID, "文件所写的状态或持有人与各步推得的不符",
                       "the state or holder that the file names is not what its steps lead to");
    c->ret->deed = c->now;
    return LL_OK;
}

static bool lists(struct ll_str assets, const char *tag)
{
    struct ll_str part;

    if (assets.n < 2)
        return false;
    for (assets = (struct ll_str){assets.p + 1, assets.n - 2}; assets.n;) {
        ll_str_cut(assets, ',', &part, &assets);
        if (part.n >= 2 && ll_str_is((struct ll_str){part.p + 1, part.n - 2}, tag))
            return true;
    }
    return false;
}

static int check_encumbrance(struct checking *c)
{
    char *identity = json_dumps(json_object_get(c->doc, "identity"), JSON_COMPACT | JSON_SORT_KEYS),
         tag[LL_DEED_HASH + 1];
    struct ll_str assets;
    struct ll_entry e = {.version = 0}; /* the analyzer does not see that it is set */
    int rc = LL_OK;

    c->ret->encumbrance = true;
    if (!identity || !ll_deed_asset_tag(ll_json_member(c->doc, "opening"), ll_str(identity), tag) ||
        !ll_json_is(c->doc, "asset", tag))
        rc = ll_fail(c->err, LL_INVALID, "asset 不是所述资产的标记", "asset is not the tag of what is named");
    else if ((rc = check_proof(c, c->doc, &e, &c->ret->entry)) == LL_OK &&
             (!ll_canon_member(e.data, "assets", &assets) || !lists(assets, tag)))
        rc = ll_fail(c->err, LL_INVALID, "存证条目没有这一标记", "the journal's entry does not have the tag");
    if (rc == LL_OK) {
        c->ret->time_ms = e.time_ms;
        c->ret->asset = ll_arena_dup(c->arena, ll_str(tag));
        c->ret->identity = ll_arena_dup(c->arena, ll_str(identity));
        rc = c->ret->asset && c->ret->identity ? LL_OK : ll_no_memory(c->err);
    }
    free(identity);
    return rc;
}

int ll_deed_file_verify(struct ll_str text, const struct ll_policy *policy, ll_deed_file_fn *show, void *ctx,
                        struct ll_arena *arena, struct ll_deed_checked *ret, struct ll_err *err)
{
    struct checking *c = calloc(1, sizeof *c);
    json_t *doc = NULL;
    int rc = c ? ll_json_load(text, LL_DEED_FILE_MAX, "deed", &doc, err) : ll_no_memory(err);

    *ret = (struct ll_deed_checked){.steps = 0};
    if (rc == LL_OK) {
        *c = (struct checking){
            .doc = doc, .policy = policy, .show = show, .ctx = ctx, .arena = arena, .ret = ret, .err = err};
        if (ll_json_is(doc, "format", "luling-deed/v1"))
            rc = check_deed(c);
        else if (ll_json_is(doc, "format", "luling-encumbrance/v1"))
            rc = check_encumbrance(c);
        else
            rc = malformed(c, "format");
    }
    for (size_t i = 0; c && i < c->n_keys; i++)
        ll_key_free(c->keys[i].key);
    json_decref(doc);
    free(c);
    return rc;
}
