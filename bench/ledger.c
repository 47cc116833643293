/* ledger.c - how many signed transfers a second the collaboration ledger verifies, decides and journals, beside how many bare signatures OpenSSL
 * verifies on as many threads.
 *
 * usage: bench_ledger FOLDER [TRANSFERS [THREADS [WRITERS]]]     20 000 transfers, 2 threads for the bare signatures, 128 writers
 *
 * A transfer has two Ed25519 signatures, of who gives and of who takes.  Writers sleep on the answer, as systems that call do; each moves deeds
 * of its own to and fro.  Everything is signed beforehand.  The ratio is of processor time, which tells the same on a machine that is busy.  The folder must be on the disk that counts; it is removed and made anew. */
#include "../tests/unit/apps/finance/deedkit.h"

#include "base/clock.h"
#include "base/fs.h"
#include "crypto/base64.h"

#include <openssl/evp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { WRITERS_MAX = 1024, BARE = 8000 };

static struct deedkit kit;

struct writer {
    pthread_t thread;
    struct ll_arena *arena;
    unsigned n;
    struct ll_str (*jws)[2]; /* of each transfer */
    unsigned *by;
};

static void fail(const char *what)
{
    fprintf(stderr, "%s\n", what);
    exit(1);
}

static double cpu_us(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static struct ll_str sign(struct writer *w, unsigned org, struct ll_str payload)
{
    struct ll_buf jws = LL_BUF_INIT(LL_DEED_JWS_MAX);

    kit_sign(&kit, org, payload, &jws);
    struct ll_str s = {ll_arena_dup(w->arena, ll_buf_view(&jws)), jws.n};
    ll_buf_free(&jws);
    return s;
}

/* A deed that is confirmed, and n transfers of it between two who take turns. */
static void prepare(struct writer *w, unsigned number, unsigned n)
{
    struct ll_buf text = LL_BUF_INIT(LL_DEED_STATEMENT_MAX);
    struct ll_deed_outcome out;
    struct ll_err err;
    char id[LL_DEED_ID + 1], invoice[32], head[LL_DEED_HASH + 1], tail[32];

    w->arena = ll_arena_new(0);
    w->jws = calloc(n, sizeof *w->jws);
    w->by = calloc(n, sizeof *w->by);
    w->n = n;
    kit_id(&kit, id);
    snprintf(invoice, sizeof invoice, "INV-%u", number);
    kit_issue(&text, id, "ORG-0", "ORG-1", invoice, 100000);
    if (kit_offer(&kit, ll_buf_view(&text), 0, -1, w->arena, &out, &err) < 0)
        fail(err.en);
    kit_act(&text, "confirm", id, "", "", out.statement, 2, "");
    if (kit_offer(&kit, ll_buf_view(&text), 1, -1, w->arena, &out, &err) < 0)
        fail(err.en);
    memcpy(head, out.statement, sizeof head);
    for (unsigned i = 0; i < n; i++) {
        unsigned from = i % 2 ? 4 : 0, to = i % 2 ? 0 : 4;
        snprintf(tail, sizeof tail, ",\"to\":\"ORG-%u\"", to);
        kit_act(&text, "transfer", id, "", "", head, 3 + i, tail);
        w->jws[i][0] = sign(w, from, ll_buf_view(&text));
        w->jws[i][1] = sign(w, to, ll_buf_view(&text));
        w->by[i] = from;
        ll_deed_hash(ll_buf_view(&text), head);
    }
    ll_buf_free(&text);
}

static void *write_on(void *ctx)
{
    struct writer *w = ctx;
    struct ll_arena *arena = ll_arena_new(8 << 20);
    struct ll_deed_outcome out;
    struct ll_err err;

    for (unsigned i = 0; i < w->n; i++) {
        if (ll_deeds_offer(kit.deeds, kit.org[w->by[i]], w->jws[i], 2, arena, &out, &err) < 0 || !out.entered)
            fail(err.en);
        ll_arena_reset(arena);
    }
    ll_arena_free(arena);
    return NULL;
}

static double transfers(unsigned total, unsigned writers)
{
    static struct writer w[WRITERS_MAX];
    struct ll_journal_status before, after;
    uint64_t began;
    double cpu;

    for (unsigned i = 0; i < writers; i++)
        prepare(&w[i], i, total / writers);
    ll_journal_status(kit.journal, &before);
    began = ll_mono_us();
    cpu = cpu_us();
    for (unsigned i = 0; i < writers; i++)
        if (pthread_create(&w[i].thread, NULL, write_on, &w[i]) != 0)
            abort();
    for (unsigned i = 0; i < writers; i++)
        pthread_join(w[i].thread, NULL);
    double took = (double)(ll_mono_us() - began) / 1e6;
    ll_journal_status(kit.journal, &after);
    cpu = (cpu_us() - cpu) / (double)(after.size - before.size);
    printf(
        "transfers: %.0f a second verified and journalled, two signatures each, %u writers, %.0f a group, %.0f us of processor each\n",
        (double)(after.size - before.size) / took, writers,
        (double)(after.size - before.size) / (double)(after.groups - before.groups), cpu);
    for (unsigned i = 0; i < writers; i++) {
        ll_arena_free(w[i].arena);
        free(w[i].jws);
        free(w[i].by);
    }
    return cpu;
}

/* --- the reference ----------------------------------------------------------------------------------------------------------- */

struct bare {
    EVP_PKEY *key;
    unsigned char sig[64];
    char text[600];
};

static void *verify_on(void *ctx)
{
    struct bare *b = ctx;

    for (unsigned i = 0; i < BARE; i++) {
        EVP_MD_CTX *md = EVP_MD_CTX_new();
        if (!md || EVP_DigestVerifyInit(md, NULL, NULL, NULL, b->key) != 1 ||
            EVP_DigestVerify(md, b->sig, sizeof b->sig, (unsigned char *)b->text, sizeof b->text) != 1)
            fail("OpenSSL refuses its own signature");
        EVP_MD_CTX_free(md);
    }
    return NULL;
}

static double bare(unsigned threads)
{
    struct bare b = {.key = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519")};
    EVP_MD_CTX *md = EVP_MD_CTX_new();
    size_t n = sizeof b.sig;
    pthread_t t[64];

    memset(b.text, 'x', sizeof b.text);
    if (!b.key || EVP_DigestSignInit(md, NULL, NULL, NULL, b.key) != 1 ||
        EVP_DigestSign(md, b.sig, &n, (unsigned char *)b.text, sizeof b.text) != 1)
        fail("OpenSSL cannot sign");
    EVP_MD_CTX_free(md);
    uint64_t began = ll_mono_us();
    double cpu = cpu_us();
    for (unsigned i = 0; i < threads; i++)
        if (pthread_create(&t[i], NULL, verify_on, &b) != 0)
            abort();
    for (unsigned i = 0; i < threads; i++)
        pthread_join(t[i], NULL);
    cpu = (cpu_us() - cpu) / ((double)BARE * threads);
    EVP_PKEY_free(b.key);
    printf("bare: %.0f Ed25519 signatures a second by OpenSSL, %u threads, %.0f us of processor each\n",
           (double)BARE * threads / ((double)(ll_mono_us() - began) / 1e6), threads, cpu);
    return cpu;
}

int main(int argc, char **argv)
{
    unsigned total = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : 20000,
             threads = argc > 3 ? (unsigned)strtoul(argv[3], NULL, 10) : 2,
             writers = argc > 4 ? (unsigned)strtoul(argv[4], NULL, 10) : 128;
    struct ll_err err;

    if (argc < 2 || !writers || writers > WRITERS_MAX || !threads || threads > 64 ||
        total / writers > LL_DEED_STEPS - 8) {
        fprintf(stderr, "usage: bench_ledger FOLDER [TRANSFERS [THREADS [WRITERS]]]\n");
        return 64;
    }
    if (ll_fs_remove_tree(argv[1], &err) < 0)
        fail(err.en);
    kit_open(&kit, argv[1], false);
    double before = bare(threads), each = transfers(total, writers), after = bare(threads);
    printf(
        "ratio: a transfer takes %.2f times the processor time that OpenSSL takes for its two signatures\n",
        each / (before + after));
    kit_close(&kit);
    return 0;
}
