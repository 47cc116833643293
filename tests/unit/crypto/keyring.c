/* keyring: keys come back after a restart, rotate with overlap, and lie sealed on the disk. */
#include "hex.h"

#include "base/fs.h"
#include "crypto/keyring.h"
#include "crypto/random.h"

#include <pthread.h>
#include <sys/stat.h>
#include <unistd.h>

struct fixture {
    char dir[64], data[80], secret[96], file[96];
};

static int setup(void **state)
{
    struct fixture *fx = calloc(1, sizeof *fx);

    strcpy(fx->dir, "/tmp/luling-keyring-XXXXXX");
    if (!mkdtemp(fx->dir))
        return -1;
    snprintf(fx->data, sizeof fx->data, "%s/data", fx->dir);
    snprintf(fx->secret, sizeof fx->secret, "%s/data.secret", fx->dir);
    snprintf(fx->file, sizeof fx->file, "%s/keys.sealed", fx->data);
    unsetenv("CREDENTIALS_DIRECTORY");
    unsetenv("LULING_NOW");
    *state = fx;
    return ll_fs_mkdirs(fx->data, NULL);
}

static int teardown(void **state)
{
    struct fixture *fx = *state;
    int rc = ll_fs_remove_tree(fx->dir, NULL);

    unsetenv("CREDENTIALS_DIRECTORY");
    unsetenv("LULING_NOW");
    free(fx);
    return rc;
}

static struct ll_keyring *ring_open(struct fixture *fx, const char *passphrase_file)
{
    struct ll_err err;
    struct ll_keyring *r = NULL;
    const struct ll_keyring_opts o = {fx->data, passphrase_file};

    assert_ok(ll_keyring_open(&r, &o, &err));
    return r;
}

static int ring_try(struct fixture *fx, const char *passphrase_file)
{
    struct ll_keyring *r = NULL;
    const struct ll_keyring_opts o = {fx->data, passphrase_file};
    int rc = ll_keyring_open(&r, &o, NULL);

    ll_keyring_close(r);
    return rc;
}

static void test_keys_come_back(void **state)
{
    struct fixture *fx = *state;
    struct ll_err err;
    struct ll_keyring *r = ring_open(fx, NULL);
    const struct ll_key *k = NULL, *again = NULL;
    char id[LL_RING_ID], id2[LL_RING_ID];
    unsigned char a[LL_RING_SECRET], b[LL_RING_SECRET], sig[LL_SIGNATURE];
    struct stat st;

    assert_string_equal(ll_keyring_made_secret(r), fx->secret);
    assert_int_equal(stat(fx->secret, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(ll_keyring_count(r), 0);
    assert_ok(ll_keyring_signer(r, LL_FOR_JOURNAL, &k, id, &err));
    assert_ok(ll_keyring_secret(r, LL_FOR_INDEX, a, &err));
    assert_ok(ll_sign(k, LL_STR("text"), sig, &err));
    ll_keyring_close(r);

    r = ring_open(fx, NULL);
    assert_null(ll_keyring_made_secret(r));
    assert_int_equal(ll_keyring_count(r), 2);
    assert_ok(ll_keyring_signer(r, LL_FOR_JOURNAL, &again, id2, &err));
    assert_ok(ll_keyring_secret(r, LL_FOR_INDEX, b, &err));
    assert_string_equal(id, id2);
    assert_memory_equal(a, b, sizeof a);
    assert_ok(ll_verify(again, LL_STR("text"), (struct ll_str){(char *)sig, sizeof sig}, &err));
    assert_int_equal(stat(fx->file, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    ll_keyring_close(r);
}

static void test_nothing_readable_lies_on_the_disk(void **state)
{
    struct fixture *fx = *state;
    struct ll_err err;
    struct ll_keyring *r = ring_open(fx, NULL);
    struct ll_buf file = LL_BUF_INIT(1 << 20), text = LL_BUF_INIT(1000);
    unsigned char a[LL_RING_SECRET];

    assert_ok(ll_keyring_secret(r, LL_FOR_ITEM, a, &err));
    assert_ok(ll_fs_read(fx->file, 100000, &file, &err));
    ll_base64_put(&text, LL_BASE64_URL, a, sizeof a);
    assert_null(strstr(file.p, text.p));
    assert_null(strstr(file.p, "item"));
    assert_null(memmem(file.p, file.n, a, sizeof a));
    ll_buf_free(&text);
    ll_buf_free(&file);
    ll_keyring_close(r);
}

static void test_rotation_overlaps(void **state)
{
    struct fixture *fx = *state;
    struct ll_err err;
    const struct ll_key *old = NULL, *fresh = NULL;
    char id[LL_RING_ID], id2[LL_RING_ID];
    unsigned char sig[LL_SIGNATURE];
    struct ll_ring_key k;

    setenv("LULING_NOW", "1000000", 1);
    struct ll_keyring *r = ring_open(fx, NULL);
    assert_ok(ll_keyring_signer(r, LL_FOR_CREDENTIAL, &old, id, &err));
    assert_ok(ll_sign(old, LL_STR("text"), sig, &err));
    assert_ok(ll_keyring_rotate(r, LL_FOR_CREDENTIAL, 60, &err));
    assert_ok(ll_keyring_signer(r, LL_FOR_CREDENTIAL, &fresh, id2, &err));
    assert_string_not_equal(id, id2);
    assert_false(ll_key_same(old, fresh));

    setenv("LULING_NOW", "1059999", 1);
    assert_ok(ll_keyring_find(r, ll_str(id), &k, &err));
    assert_int_equal(k.state, LL_RING_RETIRING);
    assert_false(ll_key_is_private(k.key)); /* an old key signs nothing new */
    assert_ok(ll_verify(k.key, LL_STR("text"), (struct ll_str){(char *)sig, sizeof sig}, &err));

    setenv("LULING_NOW", "1060000", 1);
    assert_ok(ll_keyring_find(r, ll_str(id), &k, &err));
    assert_int_equal(k.state, LL_RING_RETIRED);
    assert_ok(
        ll_keyring_rotate(r, LL_FOR_CREDENTIAL, 60, &err)); /* writes the file: the first private half goes */
    ll_keyring_close(r);
    r = ring_open(fx, NULL);
    assert_int_equal(ll_keyring_count(r), 3);
    assert_ok(ll_keyring_find(r, ll_str(id), &k, &err));
    assert_int_equal(k.state, LL_RING_RETIRED);
    assert_ok(ll_verify(k.key, LL_STR("text"), (struct ll_str){(char *)sig, sizeof sig}, &err));
    assert_int_equal(ll_keyring_find(r, LL_STR("0000000000000000"), &k, &err), LL_NOTFOUND);
    ll_keyring_close(r);
}

static void test_sealed_values_open_after_rotation(void **state)
{
    struct fixture *fx = *state;
    struct ll_err err;
    struct ll_keyring *r = ring_open(fx, NULL), *other = ring_open(fx, NULL);
    struct ll_buf a = LL_BUF_INIT(1000), b = LL_BUF_INIT(1000), plain = LL_BUF_INIT(1000);

    assert_ok(
        ll_keyring_seal(r, LL_FOR_ITEM, LL_AES256_GCM, LL_STR("batch 1"), LL_STR("data key"), &a, &err));
    assert_ok(ll_keyring_rotate(r, LL_FOR_ITEM, 1, &err));
    assert_ok(
        ll_keyring_seal(r, LL_FOR_ITEM, LL_SM4_GCM, LL_STR("batch 2"), LL_STR(" and another"), &b, &err));
    assert_memory_not_equal(a.p, b.p, 8);
    /* `other` was opened before either key was made, as by another process */
    assert_ok(ll_keyring_unseal(other, LL_STR("batch 1"), ll_buf_view(&a), &plain, &err));
    assert_ok(ll_keyring_unseal(other, LL_STR("batch 2"), ll_buf_view(&b), &plain, &err));
    assert_str(ll_buf_view(&plain), "data key and another");
    assert_int_equal(ll_keyring_unseal(r, LL_STR("batch 2"), ll_buf_view(&a), &plain, &err), LL_INVALID);
    a.p[0] ^= 1;
    assert_int_equal(ll_keyring_unseal(r, LL_STR("batch 1"), ll_buf_view(&a), &plain, &err), LL_NOTFOUND);
    assert_int_equal(ll_keyring_unseal(r, LL_STR(""), LL_STR("short"), &plain, &err), LL_INVALID);
    ll_buf_free(&a);
    ll_buf_free(&b);
    ll_buf_free(&plain);
    ll_keyring_close(other);
    ll_keyring_close(r);
}

static void test_two_who_need_a_key_get_the_same(void **state)
{
    struct fixture *fx = *state;
    struct ll_err err;
    struct ll_keyring *r = ring_open(fx, NULL), *other = ring_open(fx, NULL);
    unsigned char a[LL_RING_SECRET], b[LL_RING_SECRET];

    assert_ok(ll_keyring_secret(r, LL_FOR_PSEUDONYM, a, &err));
    assert_ok(ll_keyring_secret(other, LL_FOR_PSEUDONYM, b, &err));
    assert_memory_equal(a, b, sizeof a);
    assert_int_equal(ll_keyring_rotate(r, LL_FOR_PSEUDONYM, 60, &err), LL_INVALID);
    assert_int_equal(ll_keyring_rotate(r, LL_FOR_JOURNAL, 60, &err), LL_INVALID);
    ll_keyring_close(other);
    ll_keyring_close(r);
}

static void test_the_secret_is_looked_for_in_order(void **state)
{
    struct fixture *fx = *state;
    struct ll_err err;
    char setting[96], credential[96];
    unsigned char a[LL_RING_SECRET], b[LL_RING_SECRET];

    snprintf(setting, sizeof setting, "%s/passphrase", fx->dir);
    snprintf(credential, sizeof credential, "%s/luling-passphrase", fx->dir);
    assert_ok(ll_fs_write_secret(setting, LL_STR("one passphrase\n"), &err));
    struct ll_keyring *r = ring_open(fx, setting);
    assert_null(ll_keyring_made_secret(r));
    assert_ok(ll_keyring_secret(r, LL_FOR_ITEM, a, &err));
    ll_keyring_close(r);
    assert_false(ll_fs_exists(fx->secret));

    assert_int_equal(ring_try(fx, NULL), LL_NOTFOUND); /* there are keys: no new secret is made */
    assert_ok(ll_fs_write_secret(credential, LL_STR("one passphrase"), &err));
    setenv("CREDENTIALS_DIRECTORY", fx->dir, 1);
    r = ring_open(fx, NULL);
    assert_ok(ll_keyring_secret(r, LL_FOR_ITEM, b, &err));
    assert_memory_equal(a, b, sizeof a);
    ll_keyring_close(r);
    assert_ok(ll_fs_write_secret(credential, LL_STR("another"), &err));
    assert_int_equal(ring_try(fx, NULL), LL_SIGNIN);
    assert_int_equal(chmod(setting, 0644), 0);
    assert_int_equal(ring_try(fx, setting), LL_INVALID);
    assert_ok(ll_fs_write_secret(setting, LL_STR("\n"), &err));
    assert_int_equal(ring_try(fx, setting), LL_INVALID);
}

static void test_a_damaged_file_is_told_and_kept(void **state)
{
    struct fixture *fx = *state;
    struct ll_err err;
    struct ll_keyring *r = ring_open(fx, NULL);
    struct ll_buf file = LL_BUF_INIT(1 << 20), after = LL_BUF_INIT(1 << 20);
    unsigned char a[LL_RING_SECRET];

    assert_ok(ll_keyring_secret(r, LL_FOR_ITEM, a, &err));
    ll_keyring_close(r);
    assert_ok(ll_fs_read(fx->file, 100000, &file, &err));
    file.p[file.n - 9] ^= 2;
    assert_ok(ll_fs_write_atomic(fx->file, ll_buf_view(&file), &err));
    assert_true(ring_try(fx, NULL) < 0);
    assert_ok(ll_fs_read(fx->file, 100000, &after, &err));
    assert_true(ll_str_eq(ll_buf_view(&file), ll_buf_view(&after)));
    ll_buf_free(&file);
    ll_buf_free(&after);
}

struct worker {
    struct ll_keyring *r;
    unsigned char index[LL_RING_SECRET];
    int failures;
};

static void *work(void *arg)
{
    struct worker *w = arg;
    const struct ll_key *k = NULL;
    char id[LL_RING_ID];
    struct ll_ring_key found;

    for (unsigned i = 0; i < 20; i++) {
        struct ll_buf sealed = LL_BUF_INIT(1000), plain = LL_BUF_INIT(1000);
        w->failures += ll_keyring_secret(w->r, LL_FOR_INDEX, w->index, NULL) < 0;
        w->failures += ll_keyring_signer(w->r, LL_FOR_ANSWER, &k, id, NULL) < 0 || !ll_key_is_private(k);
        w->failures += ll_keyring_find(w->r, ll_str(id), &found, NULL) < 0 || found.state == LL_RING_RETIRED;
        w->failures += ll_keyring_seal(w->r, LL_FOR_ITEM, LL_AES256_GCM, LL_STR("a"), LL_STR("b"), &sealed,
                                       NULL) < 0;
        if (i % 7 == 0)
            w->failures += ll_keyring_rotate(w->r, i % 2 ? LL_FOR_ITEM : LL_FOR_ANSWER, 60, NULL) < 0;
        w->failures += ll_keyring_unseal(w->r, LL_STR("a"), ll_buf_view(&sealed), &plain, NULL) < 0;
        ll_buf_free(&sealed);
        ll_buf_free(&plain);
    }
    return NULL;
}

static void test_threads_share_a_keyring(void **state)
{
    struct ll_keyring *r = ring_open(*state, NULL);
    struct worker workers[4];
    pthread_t threads[LL_COUNT(workers)];

    for (size_t i = 0; i < LL_COUNT(workers); i++) {
        workers[i] = (struct worker){.r = r};
        assert_int_equal(pthread_create(&threads[i], NULL, work, &workers[i]), 0);
    }
    for (size_t i = 0; i < LL_COUNT(workers); i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        assert_int_equal(workers[i].failures, 0);
        assert_memory_equal(workers[i].index, workers[0].index, LL_RING_SECRET);
    }
    assert_int_equal(ll_keyring_count(r), 3 + 4 * 3); /* index, answer, item; three rotations a thread */
    ll_keyring_close(r);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(test_keys_come_back),
        T(test_nothing_readable_lies_on_the_disk),
        T(test_rotation_overlaps),
        T(test_sealed_values_open_after_rotation),
        T(test_two_who_need_a_key_get_the_same),
        T(test_the_secret_is_looked_for_in_order),
        T(test_a_damaged_file_is_told_and_kept),
        T(test_threads_share_a_keyring),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
