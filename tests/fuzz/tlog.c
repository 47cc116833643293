/* tlog: notes, keys, checkpoints, proofs, policies, tile paths, bundles and entries from outside.  What is taken and can be written again
 * gives the same bytes. */
#include "base/err.h"
#include "journal/canon.h"
#include "journal/entry.h"
#include "journal/reader.h"
#include "journal/tlogproof.h"

#include <stdlib.h>
#include <string.h>

static void same(const struct ll_buf *made, struct ll_str text)
{
    LL_ASSERT(!made->failed && ll_str_eq(ll_buf_view(made), text));
}

static void try_note(struct ll_str s)
{
    struct ll_note *note = malloc(sizeof *note);

    if (note && ll_note_parse(s, note, NULL) == LL_OK) {
        LL_ASSERT(note->n_sigs > 0 && note->text.n < s.n && note->text.p == s.p);
        for (size_t i = 0; i < note->n_sigs; i++)
            LL_ASSERT(note->sig[i].name.n > 0 && note->sig[i].n <= LL_NOTE_BLOB);
    }
    free(note);
}

static void try_checkpoint(struct ll_str s)
{
    struct ll_checkpoint cp;
    struct ll_buf again = LL_BUF_INIT(1 << 20);
    char *origin;

    if (ll_checkpoint_parse(s, &cp, NULL) == LL_OK && !memchr(cp.origin.p, 0, cp.origin.n)) {
        LL_ASSERT((origin = strndup(cp.origin.p, cp.origin.n)) != NULL);
        ll_checkpoint_put(origin, cp.size, &cp.root, &again);
        ll_buf_str(&again, cp.rest);
        same(&again, s);
        free(origin);
    }
    ll_buf_free(&again);
}

static void try_proof(struct ll_str s)
{
    struct ll_tlogproof p;
    struct ll_buf again = LL_BUF_INIT(1 << 20);

    if (ll_tlogproof_parse(s, &p, NULL) == LL_OK && !p.extra.p) {
        ll_tlogproof_put(p.index, &p.path, p.note, &again);
        same(&again, s);
    }
    ll_buf_free(&again);
}

static void try_vkey(struct ll_str s)
{
    struct ll_vkey v;
    struct ll_buf again = LL_BUF_INIT(1 << 12);

    if (ll_vkey_parse(&v, s, NULL) == LL_OK) {
        ll_vkey_put(&v, &again);
        LL_ASSERT(!again.failed && again.n == s.n); /* the id may be in capitals */
        ll_vkey_free(&v);
    }
    ll_buf_free(&again);
}

static void try_bundles(struct ll_str s)
{
    struct ll_str rest = s, item;
    size_t n = 0;

    while (ll_bundle_next(&rest, &item, NULL) == 1)
        n += item.n + 2;
    LL_ASSERT(n + rest.n == s.n);
    rest = s;
    while (ll_payloads_next(&rest, &item, NULL) == 1)
        LL_ASSERT(item.n < s.n);
}

static void try_json(struct ll_str s)
{
    struct ll_buf out = LL_BUF_INIT(1 << 20);
    struct ll_entry e;
    struct ll_str unused;

    if (ll_canon_check(s, NULL) == LL_OK) {
        LL_ASSERT(ll_canon_put(s, &out, NULL) == LL_OK);
        same(&out, s);
    } else if (ll_canon_put(s, &out, NULL) == LL_OK) {
        LL_ASSERT(ll_canon_check(ll_buf_view(&out), NULL) == LL_OK);
    }
    if (ll_entry_parse(s, &e, NULL) == LL_OK && e.commit.p)
        LL_ASSERT(ll_entry_unseal(&e, s, &unused, NULL) == LL_INVALID);
    ll_buf_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ll_str s = {(const char *)data, size};
    struct ll_policy *policy = NULL;
    struct ll_checkpoint cp;
    struct ll_quorum q;
    struct ll_tile t;

    try_note(s);
    try_checkpoint(s);
    try_proof(s);
    try_vkey(s);
    try_bundles(s);
    try_json(s);
    (void)ll_tile_parse(s, &t);
    if (ll_policy_parse(s, &policy, NULL) == LL_OK)
        LL_ASSERT(ll_policy_check(policy, s, &cp, &q, NULL) < 0); /* a policy is no note */
    ll_policy_free(policy);
    return 0;
}
