/* write_log: appends to the journal in DIR from several threads until it is killed.  Each acknowledged entry is told on standard output:
 * its index, the size of the tree and the leaf's hash.  The key is kept beside DIR, so that the next run goes on with it.
 *
 * usage: write_log DIR KEYFILE THREADS */
#include "journal/journal.h"

#include "base/fs.h"
#include "crypto/base64.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static struct ll_err err;
static struct ll_journal *journal;

static void check(int rc, const struct ll_err *why)
{
    if (rc >= 0)
        return;
    fprintf(stderr, "%s\n", why->en);
    exit(1);
}

static void *append(void *ctx)
{
    struct ll_err mine;
    struct ll_receipt r;
    char payload[200];

    for (unsigned long i = 0;; i++) {
        struct ll_buf line = LL_BUF_INIT(256);
        int n = snprintf(payload, sizeof payload, "{\"i\":%lu,\"writer\":\"%p\"}", i, ctx);
        check(ll_journal_append(journal, LL_ENTRY_CALL, (struct ll_str){payload, (size_t)n}, &r, &mine),
              &mine);
        ll_buf_printf(&line, "%llu %llu ", (unsigned long long)r.index, (unsigned long long)r.tree_size);
        ll_hex_put(&line, r.leaf, sizeof r.leaf);
        ll_buf_c(&line, '\n');
        if (line.failed ||
            write(STDOUT_FILENO, line.p, line.n) != (ssize_t)line.n) /* one write: whole lines */
            exit(1);
        ll_buf_free(&line);
    }
    return NULL;
}

static void read_key(const char *path, struct ll_vkey *ret)
{
    struct ll_buf text = LL_BUF_INIT(1 << 17);
    unsigned char secret[LL_KEY_SECRET];
    struct ll_key *k = NULL;

    if (!ll_fs_exists(path)) {
        check(ll_key_generate(LL_ED25519, &k, &err), &err);
        check(ll_key_secret(k, secret, &err), &err);
        check(ll_fs_write_atomic(path, (struct ll_str){(const char *)secret, sizeof secret}, &err), &err);
        ll_key_free(k);
    }
    check(ll_fs_read(path, sizeof secret, &text, &err), &err);
    check(ll_key_from_private(LL_ED25519, ll_buf_view(&text), &k, &err), &err);
    check(ll_vkey_make(ret, "hub.example/journal", LL_NOTE_ED25519, k, &err), &err);
    ll_buf_free(&text);
}

int main(int argc, char **argv)
{
    struct ll_journal_opts o = LL_JOURNAL_OPTS_INIT;
    struct ll_vkey log;
    unsigned threads = argc > 3 ? (unsigned)strtoul(argv[3], NULL, 10) : 0;
    pthread_t t;

    if (threads == 0)
        return 64;
    read_key(argv[2], &log);
    o.dir = argv[1];
    o.log = &log;
    o.publish_ms = 20;
    o.wal_max = 1 << 20; /* many files, so that a kill comes between any two steps of their change */
    check(ll_journal_open(&o, &journal, &err), &err);
    for (unsigned i = 1; i < threads; i++)
        if (pthread_create(&t, NULL, append, &log + i) != 0)
            return 1;
    append(NULL);
    return 0;
}
