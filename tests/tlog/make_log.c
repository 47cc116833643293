/* make_log: makes a journal for programs that are not ours: DIR with ENTRIES entries, and DIR/<index>.proof of the first, the middle and
 * the last one.  Prints the key. */
#include "journal/journal.h"

#include "base/fs.h"

#include <stdio.h>
#include <stdlib.h>

static struct ll_err err;

static void check(int rc)
{
    if (rc >= 0)
        return;
    fprintf(stderr, "%s\n", err.en);
    exit(1);
}

static void write_proof(struct ll_journal *j, const char *dir, uint64_t index)
{
    struct ll_buf text = LL_BUF_INIT(1 << 17);
    char path[LL_PATH];

    check(ll_journal_proof(j, index, &text, &err));
    check(ll_path(path, &err, "%s/%llu.proof", dir, (unsigned long long)index));
    check(ll_fs_write_atomic(path, ll_buf_view(&text), &err));
    ll_buf_free(&text);
}

int main(int argc, char **argv)
{
    struct ll_journal_opts o = LL_JOURNAL_OPTS_INIT;
    struct ll_journal *j = NULL;
    struct ll_key *k = NULL;
    struct ll_vkey log, sm2;
    struct ll_receipt r;
    struct ll_buf text = LL_BUF_INIT(4096);
    unsigned long n = argc > 2 ? strtoul(argv[2], NULL, 10) : 0;

    if (n == 0)
        return 64;
    check(ll_key_generate(LL_ED25519, &k, &err));
    check(ll_vkey_make(&log, "hub.example/journal", LL_NOTE_ED25519, k, &err));
    check(ll_key_generate(LL_SM2, &k, &err));
    check(ll_vkey_make(&sm2, "hub.example/journal", LL_NOTE_SM2, k, &err));
    o.dir = argv[1];
    o.log = &log;
    o.sm2 = &sm2;
    check(ll_journal_open(&o, &j, &err));
    for (unsigned long i = 0; i < n; i++) {
        char payload[64];
        int len = snprintf(payload, sizeof payload, "{\"n\":%lu}", i);
        check(ll_journal_append(j, LL_ENTRY_CALL, (struct ll_str){payload, (size_t)len}, &r, &err));
    }
    check(ll_journal_publish(j, &err));
    write_proof(j, argv[1], 0);
    write_proof(j, argv[1], n / 2);
    write_proof(j, argv[1], n - 1);
    ll_journal_close(j);
    ll_vkey_put(&log, &text);
    printf("%s\n", text.p);
    ll_buf_free(&text);
    ll_vkey_free(&log);
    ll_vkey_free(&sm2);
    return 0;
}
