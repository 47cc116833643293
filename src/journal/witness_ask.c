/* witness_ask.c - the log's side of the witness protocol (C2SP tlog-witness): asks each witness of the policy to cosign the newest
 * checkpoint, and publishes it once the quorum has.
 *
 * A witness signs only what it has seen to be consistent with all it signed before.  We send the proof from the size that it has, which
 * it tells (409) when we do not know. */
#include "journal/journal_impl.h"

#include "base/log.h"
#include "crypto/base64.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { WITNESSES = 32, ANSWER_MAX = 16 << 10, TRIES = 3 };

/* One witness, from round to round. */
struct asked {
    struct ll_journal *j;
    struct ll_policy_witness who;
    uint64_t has; /* size that it cosigned last, as far as we know */
    /* of this round: */
    struct ll_str note;
    uint64_t size;
    struct ll_buf line; /* its cosignature */
    pthread_t thread;
    bool runs, complained;
};

static int put_request(struct asked *a, struct ll_buf *out, struct ll_err *err)
{
    struct ll_log_files f = ll_log_folder(a->j->o.dir);
    struct ll_tree *tree = NULL;
    struct ll_proof proof = {.n = 0};
    int rc = ll_tree_open(&f, LL_SHA256, a->size, &tree, err);

    if (rc < 0)
        return rc;
    struct ll_node_source src = ll_tree_source(tree);
    rc = ll_prove_consistency(&src, a->has, a->size, &proof, err);
    ll_tree_close(tree);
    ll_buf_printf(out, "old %" PRIu64 "\n", a->has);
    for (unsigned i = 0; i < proof.n; i++) {
        ll_base64_put(out, LL_BASE64_STD, proof.node[i].b, LL_DIGEST);
        ll_buf_c(out, '\n');
    }
    ll_buf_c(out, '\n');
    ll_buf_str(out, a->note);
    return rc == LL_OK && out->failed ? ll_no_memory(err) : rc;
}

/* Lines of signatures: the one of this witness, if it is over our text. */
static int take_lines(struct asked *a, struct ll_str lines, struct ll_err *err)
{
    struct ll_buf whole = LL_BUF_INIT(LL_NOTE_MAX);
    struct ll_note *note = malloc(sizeof *note);
    const struct ll_note_sig *sig = NULL;
    int rc = note ? ll_note_parse(a->note, note, err) : ll_no_memory(err);

    if (rc == LL_OK) {
        ll_buf_str(&whole, note->text);
        ll_buf_c(&whole, '\n');
        ll_buf_str(&whole, lines);
        rc = ll_note_parse(ll_buf_view(&whole), note, err);
    }
    if (rc == LL_OK && !(sig = ll_note_find(note, a->who.key)))
        rc = ll_fail(err, LL_INVALID, "见证者 %s 的回答中没有它的签名",
                     "the answer of witness %s lacks its signature", a->who.name);
    if (rc == LL_OK && (rc = ll_note_check(note, a->who.key, sig, NULL, err)) == LL_OK) {
        ll_buf_clear(&a->line);
        ll_note_put_sig(a->who.key, sig->blob, sig->n, &a->line);
    }
    free(note);
    ll_buf_free(&whole);
    return rc;
}

/* One request.  1: ask again, now that we know what it has. */
static int ask_once(struct asked *a, struct ll_err *err)
{
    struct ll_buf body = LL_BUF_INIT(LL_NOTE_MAX * 2), answer = LL_BUF_INIT(ANSWER_MAX);
    uint64_t has = 0;
    int status, rc = put_request(a, &body, err);

    if (rc == LL_OK) {
        status = a->j->o.post(a->j->o.post_ctx, a->who.url, ll_buf_view(&body), &answer, err);
        struct ll_str said = ll_buf_view(&answer);
        if (status < 0)
            rc = status;
        else if (status == 200 && (rc = take_lines(a, said, err)) == LL_OK)
            a->has = a->size;
        else if (status == 409 && ll_decimal(ll_str_trim(said), &has) && has <= a->size && has != a->has) {
            a->has = has;
            rc = 1;
        } else if (status != 200)
            rc = ll_fail(err, LL_FAIL, "见证者 %s 拒绝联署（%d）：%.*s",
                         "witness %s refuses to cosign (%d): %.*s", a->who.name, status,
                         (int)(said.n < 200 ? said.n : 200), said.p);
    }
    ll_buf_free(&body);
    ll_buf_free(&answer);
    return rc;
}

static void *ask(void *ctx)
{
    struct asked *a = ctx;
    struct ll_err err;
    int rc = 1;

    for (unsigned i = 0; i < TRIES && rc == 1; i++)
        rc = ask_once(a, &err);
    if (rc < 0 && !a->complained)
        ll_log(LL_WARN, "journal", "%s", err.en);
    a->complained = rc < 0;
    return NULL;
}

/* All at once, so that one that does not answer delays nobody's signature. */
static void ask_all(struct asked *a, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        ll_buf_clear(&a[i].line);
        a[i].runs = pthread_create(&a[i].thread, NULL, ask, &a[i]) == 0;
    }
    for (size_t i = 0; i < n; i++)
        if (a[i].runs)
            pthread_join(a[i].thread, NULL);
}

static int publish_cosigned(struct ll_journal *j, struct ll_str note, const struct asked *a, size_t n,
                            struct ll_err *err)
{
    struct ll_buf whole = LL_BUF_INIT(LL_NOTE_MAX);
    struct ll_quorum quorum;
    struct ll_checkpoint cp;
    int rc;

    ll_buf_str(&whole, note);
    for (size_t i = 0; i < n; i++)
        ll_buf_str(&whole, ll_buf_view(&a[i].line));
    rc = whole.failed ? ll_no_memory(err)
                      : ll_policy_check(j->o.witnesses, ll_buf_view(&whole), &cp, &quorum, err);
    if (rc == LL_OK && quorum.met)
        rc = ll_log_write(j->o.dir, "checkpoint", ll_buf_view(&whole), err);
    ll_buf_free(&whole);
    return rc;
}

static void round_of(struct ll_journal *j, struct asked *a, size_t n)
{
    struct ll_buf note = LL_BUF_INIT(LL_NOTE_MAX);
    struct ll_err err;
    uint64_t size = 0;
    int rc = ll_journal_peek(j->o.dir, &note, &size, &err);

    if (rc == LL_OK) {
        for (size_t i = 0; i < n; i++) {
            a[i].note = ll_buf_view(&note);
            a[i].size = size;
        }
        ask_all(a, n);
        rc = publish_cosigned(j, ll_buf_view(&note), a, n, &err);
    }
    if (rc < 0)
        ll_log(LL_ERROR, "journal", "%s", err.en);
    ll_buf_free(&note);
}

/* Sleeps for a round's time, or until the end. */
static bool next_round(struct ll_journal *j)
{
    struct timespec until;

    clock_gettime(CLOCK_MONOTONIC, &until);
    int64_t ns = until.tv_nsec + (int64_t)j->o.witness_ms * 1000000;
    until.tv_sec += ns / 1000000000;
    until.tv_nsec = ns % 1000000000;
    pthread_mutex_lock(&j->lock);
    while (!j->stop && pthread_cond_timedwait(&j->ask, &j->lock, &until) == 0)
        ;
    bool go_on = !j->stop;
    pthread_mutex_unlock(&j->lock);
    return go_on;
}

void *ll_asker_run(void *ctx)
{
    struct ll_journal *j = ctx;
    struct asked *a = calloc(WITNESSES, sizeof *a);
    struct ll_policy_witness who;
    size_t n = 0;

    if (!a) {
        ll_log(LL_ERROR, "journal", "out of memory: no witness is asked");
        return NULL;
    }
    for (size_t i = 0; n < WITNESSES && ll_policy_witness(j->o.witnesses, i, &who); i++)
        if (who.url)
            a[n++] = (struct asked){.j = j, .who = who, .line = LL_BUF_INIT(ANSWER_MAX)};
    do
        round_of(j, a, n);
    while (next_round(j));
    for (size_t i = 0; i < n; i++)
        ll_buf_free(&a[i].line);
    free(a);
    return NULL;
}
