/* journal.c - what the evidence log takes and gives: durable entries a second, one call an entry, with writers that sleep on each and with
 * writers that do not; the time of a proof; entries checked a second.
 *
 * usage: bench_journal FOLDER [SECONDS [WRITERS [ENTRIES]]]     5 seconds, 64 writers, a log of 10 000 000 entries for the proofs
 *
 * The folder must be on the disk that counts: entries are synced to it.  It is removed and made anew. */
#include "journal/journal.h"
#include "base/clock.h"
#include "base/fs.h"
#include "crypto/random.h"
#include "journal/check.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { WRITERS_MAX = 1024, BATCH = 1000, PROOFS = 2000, DEEP = 32 };

static struct ll_err err;
static struct ll_vkey log_key, sm2_key;
static const char *folder;
static struct ll_journal *journal;
static atomic_bool stop;

static void check(int rc)
{
    if (rc >= 0)
        return;
    fprintf(stderr, "%s\n", err.en);
    exit(1);
}

static void open_journal(void)
{
    struct ll_journal_opts o = LL_JOURNAL_OPTS_INIT;

    o.dir = folder;
    o.log = &log_key;
    o.sm2 = &sm2_key;
    check(ll_journal_open(&o, &journal, &err));
}

static void make_keys(void)
{
    struct ll_key *k = NULL;

    check(ll_key_generate(LL_ED25519, &k, &err));
    check(ll_vkey_make(&log_key, "bench.example/journal", LL_NOTE_ED25519, k, &err));
    check(ll_key_generate(LL_SM2, &k, &err));
    check(ll_vkey_make(&sm2_key, "bench.example/journal", LL_NOTE_SM2, k, &err));
}

/* About as much as a call has to say: who, what for, which items, whose. */
static size_t payload(char *out, size_t room, unsigned long i)
{
    return (size_t)snprintf(
        out, room,
        "{\"client\":\"bank-%lu\",\"grant\":\"g-20261124-%05lu\",\"items\":[\"uscc\",\"name\",\"capital\"],\"purpose\":"
        "\"credit\",\"rows\":1,\"subject\":\"0123456789abcdef0123456789abcdef0123456789a\"}",
        i % 40, i % 10000);
}

struct writer {
    pthread_t thread;
    unsigned long number, done;
    uint64_t slowest;
};

static void *write_on(void *ctx)
{
    struct writer *w = ctx;
    struct ll_err mine;
    struct ll_receipt r;
    char text[300];

    while (!atomic_load(&stop)) {
        size_t n = payload(text, sizeof text, w->number * 1000003 + w->done);
        uint64_t began = ll_mono_us();
        if (ll_journal_append(journal, LL_ENTRY_CALL, (struct ll_str){text, n}, &r, &mine) < 0) {
            fprintf(stderr, "%s\n", mine.en);
            exit(1);
        }
        uint64_t took = ll_mono_us() - began;
        w->slowest = took > w->slowest ? took : w->slowest;
        w->done++;
    }
    return NULL;
}

static double cpu_seconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void bench_append(double seconds, unsigned writers)
{
    static struct writer w[WRITERS_MAX];
    struct ll_journal_status s;
    unsigned long done = 0;
    uint64_t slowest = 0, began = ll_mono_us();
    double cpu = cpu_seconds();

    for (unsigned i = 0; i < writers; i++) {
        w[i].number = i;
        if (pthread_create(&w[i].thread, NULL, write_on, &w[i]) != 0)
            abort();
    }
    while (ll_mono_us() - began < (uint64_t)(seconds * 1e6))
        nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
    atomic_store(&stop, true);
    for (unsigned i = 0; i < writers; i++) {
        pthread_join(w[i].thread, NULL);
        done += w[i].done;
        slowest = w[i].slowest > slowest ? w[i].slowest : slowest;
    }
    double took = (double)(ll_mono_us() - began) / 1e6;
    ll_journal_status(journal, &s);
    printf(
        "append: %.0f durable entries/s with %u writers, %.1f entries a group, %.1f us of processor an entry, slowest %.1f ms\n",
        (double)done / took, writers, (double)done / (double)s.groups,
        (cpu_seconds() - cpu) * 1e6 / (double)done, (double)slowest / 1e3);
    fflush(stdout);
}

/* As the gateway does: nobody sleeps on an entry, each writer has up to DEEP of them under way. */
struct stream {
    pthread_t thread;
    unsigned long number, sent;
    atomic_ulong done;
    sem_t room;
};

static void one_durable(void *ctx, int rc, const struct ll_receipt *r, const struct ll_err *why)
{
    struct stream *s = ctx;

    (void)r;
    if (rc < 0) {
        fprintf(stderr, "%s\n", why->en);
        exit(1);
    }
    atomic_fetch_add(&s->done, 1);
    sem_post(&s->room);
}

static void *stream_on(void *ctx)
{
    struct stream *s = ctx;
    struct ll_err mine;
    char text[300];

    while (!atomic_load(&stop)) {
        while (sem_wait(&s->room) != 0) {
        }
        size_t n = payload(text, sizeof text, s->number * 1000003 + s->sent);
        if (ll_journal_append_later(journal, LL_ENTRY_CALL, (struct ll_str){text, n}, one_durable, s, &mine) <
            0) {
            fprintf(stderr, "%s\n", mine.en);
            exit(1);
        }
        s->sent++;
    }
    while (atomic_load(&s->done) < s->sent)
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    return NULL;
}

static void bench_later(double seconds, unsigned writers)
{
    static struct stream w[WRITERS_MAX];
    unsigned long done = 0;
    uint64_t began = ll_mono_us();
    double cpu = cpu_seconds();

    atomic_store(&stop, false);
    for (unsigned i = 0; i < writers; i++) {
        w[i].number = i;
        if (sem_init(&w[i].room, 0, DEEP) != 0 || pthread_create(&w[i].thread, NULL, stream_on, &w[i]) != 0)
            abort();
    }
    while (ll_mono_us() - began < (uint64_t)(seconds * 1e6))
        nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
    atomic_store(&stop, true);
    for (unsigned i = 0; i < writers; i++) {
        pthread_join(w[i].thread, NULL);
        done += w[i].sent;
        sem_destroy(&w[i].room);
    }
    double took = (double)(ll_mono_us() - began) / 1e6;
    printf("append, not waited for one by one: %.0f durable entries/s, %u writers with %d under way each, "
           "%.1f us of processor an entry\n",
           (double)done / took, writers, DEEP, (cpu_seconds() - cpu) * 1e6 / (double)done);
    fflush(stdout);
}

static void bench_bulk(unsigned long entries)
{
    static char text[BATCH][300];
    static struct ll_str payloads[BATCH];
    static struct ll_receipt r[BATCH];
    uint64_t began = ll_mono_us();
    unsigned long done = 0;

    for (; done < entries; done += BATCH) {
        for (unsigned i = 0; i < BATCH; i++)
            payloads[i] = (struct ll_str){text[i], payload(text[i], sizeof text[i], done + i)};
        check(ll_journal_append_all(journal, LL_ENTRY_CALL, payloads, BATCH, r, &err));
    }
    printf("bulk: %.0f durable entries/s, one writer, %d entries a call\n",
           (double)done / ((double)(ll_mono_us() - began) / 1e6), BATCH);
    fflush(stdout);
}

static int by_time(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return x < y ? -1 : x > y;
}

static void bench_proofs(void)
{
    static uint64_t took[PROOFS];
    struct ll_journal_status s;
    struct ll_buf out = LL_BUF_INIT(1 << 17);

    check(ll_journal_publish(journal, &err));
    ll_journal_status(journal, &s);
    for (unsigned i = 0; i < PROOFS; i++) {
        uint64_t pick;
        check(ll_random(&pick, sizeof pick, &err));
        ll_buf_clear(&out);
        uint64_t began = ll_mono_us();
        check(ll_journal_proof(journal, pick % s.size, &out, &err));
        took[i] = ll_mono_us() - began;
    }
    qsort(took, PROOFS, sizeof took[0], by_time);
    printf("proof: %llu entries, median %.3f ms, p99 %.3f ms\n", (unsigned long long)s.size,
           (double)took[PROOFS / 2] / 1e3, (double)took[PROOFS * 99 / 100] / 1e3);
    fflush(stdout);
    ll_buf_free(&out);
}

static void bench_check(void)
{
    struct ll_log_files f = ll_log_folder(folder);
    struct ll_log_checked checked;
    uint64_t began = ll_mono_us();

    check(ll_log_check(&f, NULL, folder, NULL, NULL, &checked, &err));
    printf("verify: %.0f entries/s, %llu entries, %llu problems\n",
           (double)checked.entries / ((double)(ll_mono_us() - began) / 1e6),
           (unsigned long long)checked.entries, (unsigned long long)checked.problems);
}

int main(int argc, char **argv)
{
    double seconds = argc > 2 ? strtod(argv[2], NULL) : 5;
    unsigned writers = argc > 3 ? (unsigned)strtoul(argv[3], NULL, 10) : 64;
    unsigned long entries = argc > 4 ? strtoul(argv[4], NULL, 10) : 10000000;

    if (argc < 2 || writers > WRITERS_MAX) {
        fprintf(stderr, "usage: bench_journal FOLDER [SECONDS [WRITERS [ENTRIES]]]\n");
        return 64;
    }
    folder = argv[1];
    make_keys();
    check(ll_fs_remove_tree(folder, &err));
    open_journal();
    bench_append(seconds, writers);
    bench_later(seconds, writers);
    bench_bulk(entries);
    bench_proofs();
    journal = ll_journal_close(journal);
    bench_check();
    ll_vkey_free(&log_key);
    ll_vkey_free(&sm2_key);
    return 0;
}
