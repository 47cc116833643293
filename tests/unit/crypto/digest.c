/* digest: the vectors of FIPS 180-4, GB/T 32905 and RFC 4231; threads have contexts of their own. */
#include "hex.h"

#include "crypto/digest.h"

#include <pthread.h>

static void test_vectors(void **state)
{
    unsigned char out[LL_DIGEST];

    (void)state;
    ll_sha256("", 0, out);
    assert_hex(out, 32, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    ll_sha256("abc", 3, out);
    assert_hex(out, 32, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    ll_sm3("abc", 3, out);
    assert_hex(out, 32, "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
    /* a leaf of a Merkle tree (RFC 6962): the parts are hashed as one text */
    ll_digest(LL_SHA256, (struct ll_str[]){{"\0", 1}, {NULL, 0}}, 2, out);
    assert_hex(out, 32, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
    ll_digest(LL_SM3, (struct ll_str[]){{"a", 1}, {"bc", 2}}, 2, out);
    assert_hex(out, 32, "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
}

static void test_hmac_vectors_of_rfc_4231(void **state)
{
    unsigned char out[LL_DIGEST];
    char longer[131];

    (void)state;
    ll_hmac_sha256(LL_STR("\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b"),
                   LL_STR("Hi There"), out);
    assert_hex(out, 32, "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    ll_hmac_sha256(LL_STR("Jefe"), LL_STR("what do ya want for nothing?"), out);
    assert_hex(out, 32, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    memset(longer, 0xaa, sizeof longer);
    ll_hmac_sha256((struct ll_str){longer, sizeof longer},
                   LL_STR("Test Using Larger Than Block-Size Key - Hash Key First"), out);
    assert_hex(out, 32, "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

static void *hash_much(void *unused)
{
    unsigned char a[LL_DIGEST], b[LL_DIGEST];

    for (unsigned i = 0; i < 1000; i++) {
        ll_sha256(&i, sizeof i, a);
        ll_digest(LL_SHA256, (struct ll_str[]){{(char *)&i, 2}, {(char *)&i + 2, 2}}, 2, b);
        ll_sm3(a, sizeof a, a);
        ll_sm3(b, sizeof b, b);
        if (memcmp(a, b, sizeof a) != 0)
            return unused;
    }
    return NULL;
}

static void test_threads_do_not_meet(void **state)
{
    pthread_t threads[4];
    int wrong = 1;

    (void)state;
    for (size_t i = 0; i < LL_COUNT(threads); i++)
        assert_int_equal(pthread_create(&threads[i], NULL, hash_much, &wrong), 0);
    for (size_t i = 0; i < LL_COUNT(threads); i++) {
        void *got = &wrong;
        assert_int_equal(pthread_join(threads[i], &got), 0);
        assert_null(got);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_vectors),
        cmocka_unit_test(test_hmac_vectors_of_rfc_4231),
        cmocka_unit_test(test_threads_do_not_meet),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
