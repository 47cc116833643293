/* key: the vectors of RFC 8032, RFC 6979 and GB/T 32918.5; what is no key is refused, and so is what is no signature. */
#include "hex.h"
#include "pem.h"

#include "crypto/key.h"

static const struct vector {
    enum ll_alg alg;
    const char *secret, *public, *msg, *sig;
} vectors[] = {
    /* RFC 8032, section 7.1, tests 1 and 2 */
    {LL_ED25519, "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
     "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595b"
     "be24655141438e7a100b"},
    {LL_ED25519, "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
     "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "r",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb430"
     "2aeeb00d291612bb0c00"},
    /* RFC 6979, A.2.5, with SHA-256 */
    {LL_ES256, "C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721",
     "0460FED4BA255A9D31C961EB74C6356D68C049B8923B61FA6CE669622E60F29FB6"
     "7903FE1008B8BC99A41AE9E95628BC64F2F1B20C2D7E9F5177A3C294D4462299",
     "sample",
     "EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716"
     "F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8"},
    {LL_ES256, "C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721",
     "0460FED4BA255A9D31C961EB74C6356D68C049B8923B61FA6CE669622E60F29FB6"
     "7903FE1008B8BC99A41AE9E95628BC64F2F1B20C2D7E9F5177A3C294D4462299",
     "test",
     "F1ABB023518351CD71D881567B1EA663ED3EFCF6C5132B354F28D3B0B7D38367"
     "019F4113742A2B14BD25926B49C649155F267E60D3814B4C0CC84250E46F0083"},
    /* GB/T 32918.5-2017, A.2 */
    {LL_SM2, "3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8",
     "0409F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020"
     "CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13",
     "message digest",
     "F5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3"
     "B1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA"},
};

static struct ll_key *private_key(const struct vector *v)
{
    struct ll_err err;
    struct ll_key *k = NULL;
    struct bytes secret = hex(v->secret);

    assert_ok(ll_key_from_private(v->alg, view(&secret), &k, &err));
    return k;
}

static struct ll_key *public_key(const struct vector *v)
{
    struct ll_err err;
    struct ll_key *k = NULL;
    struct bytes raw = hex(v->public);

    assert_ok(ll_key_from_public(v->alg, view(&raw), &k, &err));
    return k;
}

static void test_vectors_verify(void **state)
{
    struct ll_err err;

    (void)state;
    for (size_t i = 0; i < LL_COUNT(vectors); i++) {
        const struct vector *v = &vectors[i];
        struct ll_key *k = public_key(v);
        struct bytes sig = hex(v->sig);
        assert_ok(ll_verify(k, ll_str(v->msg), view(&sig), &err));
        assert_int_equal(ll_verify(k, LL_STR("another"), view(&sig), NULL), LL_INVALID);
        for (size_t at = 0; at < sig.n; at++) {
            sig.p[at] ^= 1;
            assert_int_equal(ll_verify(k, ll_str(v->msg), view(&sig), NULL), LL_INVALID);
            sig.p[at] ^= 1;
        }
        assert_int_equal(ll_verify(k, ll_str(v->msg), (struct ll_str){(char *)sig.p, 63}, NULL), LL_INVALID);
        assert_int_equal(ll_verify(k, ll_str(v->msg), LL_STR(""), NULL), LL_INVALID);
        ll_key_free(k);
    }
}

static void test_a_private_key_has_the_public_one_of_the_standard(void **state)
{
    struct ll_err err;

    (void)state;
    for (size_t i = 0; i < LL_COUNT(vectors); i++) {
        const struct vector *v = &vectors[i];
        struct ll_key *k = private_key(v), *p = public_key(v);
        unsigned char raw[LL_KEY_PUBLIC], sig[LL_SIGNATURE];
        size_t n = ll_key_public(k, raw);
        assert_hex(raw, n, v->public);
        assert_true(ll_key_same(k, p));
        assert_true(ll_key_is_private(k) && !ll_key_is_private(p));
        assert_ok(ll_key_secret(k, raw, &err));
        assert_hex(raw, (size_t)LL_KEY_SECRET, v->secret);
        assert_int_equal(ll_key_secret(p, raw, &err), LL_INVALID);
        assert_ok(ll_sign(k, ll_str(v->msg), sig, &err));
        assert_ok(ll_verify(p, ll_str(v->msg), (struct ll_str){(char *)sig, sizeof sig}, &err));
        if (v->alg == LL_ED25519) /* the only one that gives the same bytes every time */
            assert_hex(sig, sizeof sig, v->sig);
        assert_int_equal(ll_sign(p, ll_str(v->msg), sig, &err), LL_INVALID);
        ll_key_free(k);
        ll_key_free(p);
    }
}

static void test_new_keys_sign_and_only_theirs_verify(void **state)
{
    struct ll_err err;
    struct ll_buf pem = LL_BUF_INIT(4096);

    (void)state;
    for (int alg = 0; alg < LL_ALG_COUNT; alg++) {
        struct ll_key *k = NULL, *other = NULL, *again = NULL;
        unsigned char sig[LL_SIGNATURE];
        struct ll_str s = {(char *)sig, sizeof sig};
        assert_ok(ll_key_generate((enum ll_alg)alg, &k, &err));
        assert_ok(ll_key_generate((enum ll_alg)alg, &other, &err));
        assert_false(ll_key_same(k, other));
        assert_ok(ll_sign(k, LL_STR("text"), sig, &err));
        assert_ok(ll_verify(k, LL_STR("text"), s, &err));
        assert_int_equal(ll_verify(other, LL_STR("text"), s, NULL), LL_INVALID);
        ll_buf_clear(&pem);
        assert_ok(ll_key_public_pem(k, &pem, &err));
        assert_ok(ll_key_from_pem(ll_buf_view(&pem), &again, &err));
        assert_true(ll_key_same(k, again) && !ll_key_is_private(again));
        assert_ok(ll_verify(again, LL_STR("text"), s, &err));
        ll_key_free(again);
        ll_key_free(other);
        ll_key_free(k);
    }
    ll_buf_free(&pem);
}

static struct ll_key *from_pem(const char *pem)
{
    struct ll_err err;
    struct ll_key *k = NULL;

    assert_ok(ll_key_from_pem(ll_str(pem), &k, &err));
    return k;
}

static void test_pem_files_of_openssl(void **state)
{
    static const struct {
        const char *secret, *public;
        enum ll_alg alg;
    } pairs[] = {{pem_p256, pem_p256_public_compressed, LL_ES256}, {pem_sm2, pem_sm2_public, LL_SM2}};

    (void)state;
    for (size_t i = 0; i < LL_COUNT(pairs); i++) {
        struct ll_key *k = from_pem(pairs[i].secret), *p = from_pem(pairs[i].public);
        assert_int_equal(ll_key_alg(k), pairs[i].alg);
        assert_true(ll_key_is_private(k) && !ll_key_is_private(p));
        assert_true(ll_key_same(k, p));
        ll_key_free(k);
        ll_key_free(p);
    }
    struct ll_key *ed = from_pem("-----BEGIN PRIVATE KEY-----\n"
                                 "MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n"
                                 "-----END PRIVATE KEY-----\n");
    struct ll_key *want = private_key(&vectors[0]);
    assert_true(ll_key_same(ed, want));
    ll_key_free(ed);
    ll_key_free(want);
}

static void test_other_files_are_refused(void **state)
{
    static const char *const bad[] = {pem_encrypted, pem_p384, "", "-----BEGIN PRIVATE KEY-----\n",
                                      "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"};
    struct ll_key *k = NULL;

    (void)state;
    for (size_t i = 0; i < LL_COUNT(bad); i++)
        assert_int_equal(ll_key_from_pem(ll_str(bad[i]), &k, NULL), LL_INVALID);
    assert_null(k);
}

static void test_what_is_no_key_is_refused(void **state)
{
    static const struct {
        enum ll_alg alg;
        const char *raw;
    } bad[] = {
        /* not on the curve */
        {LL_ES256, "0460FED4BA255A9D31C961EB74C6356D68C049B8923B61FA6CE669622E60F29FB6"
                   "7903FE1008B8BC99A41AE9E95628BC64F2F1B20C2D7E9F5177A3C294D446229A"},
        {LL_SM2, "0409F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020"
                 "CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD14"},
        /* a point of the other curve */
        {LL_SM2, "0460FED4BA255A9D31C961EB74C6356D68C049B8923B61FA6CE669622E60F29FB6"
                 "7903FE1008B8BC99A41AE9E95628BC64F2F1B20C2D7E9F5177A3C294D4462299"},
        /* compressed, infinity, hybrid */
        {LL_ES256, "0360FED4BA255A9D31C961EB74C6356D68C049B8923B61FA6CE669622E60F29FB6"},
        {LL_ES256, "00"},
        {LL_ES256, "0760FED4BA255A9D31C961EB74C6356D68C049B8923B61FA6CE669622E60F29FB6"
                   "7903FE1008B8BC99A41AE9E95628BC64F2F1B20C2D7E9F5177A3C294D4462299"},
        {LL_ED25519, "d75a98"},
    };
    static const struct {
        enum ll_alg alg;
        const char *secret;
    } secrets[] = {
        {LL_ES256, "0000000000000000000000000000000000000000000000000000000000000000"},
        {LL_ES256, "FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551"}, /* n */
        {LL_ES256, "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF"},
        {LL_SM2, "FFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54122"}, /* n-1 */
        {LL_SM2, "01"},
        {LL_ED25519, "01"},
    };
    struct ll_err err;
    struct ll_key *k = NULL;

    (void)state;
    for (size_t i = 0; i < LL_COUNT(bad); i++) {
        struct bytes raw = hex(bad[i].raw);
        assert_int_equal(ll_key_from_public(bad[i].alg, view(&raw), &k, &err), LL_INVALID);
    }
    for (size_t i = 0; i < LL_COUNT(secrets); i++) {
        struct bytes raw = hex(secrets[i].secret);
        assert_int_equal(ll_key_from_private(secrets[i].alg, view(&raw), &k, &err), LL_INVALID);
    }
    assert_int_equal(ll_key_from_public(LL_ES256, LL_STR(""), &k, &err), LL_INVALID);
    assert_null(k);
}

static void test_der_is_strict(void **state)
{
    static const char *const good[] = {"3006020101020102", "300702020080020101"};
    static const char *const bad[] = {
        "",
        "3006020101020102ff", /* something after it */
        "308106020101020102", /* a long form where a short one does */
        "300702020001020102", /* a number with a needless zero */
        "3006020181020102",   /* negative */
        "3006020101020202",   /* cut off */
        "300602010102010200",
        /* 33 bytes */
        "3026022101ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff020101",
    };
    unsigned char sig[LL_SIGNATURE];
    struct ll_err err;

    (void)state;
    for (size_t i = 0; i < LL_COUNT(good); i++) {
        struct bytes der = hex(good[i]);
        assert_ok(ll_sig_from_der(view(&der), sig, &err));
    }
    assert_int_equal(sig[31], 0x80);
    assert_int_equal(sig[63], 1);
    for (size_t i = 0; i < LL_COUNT(bad); i++) {
        struct bytes der = hex(bad[i]);
        if (ll_sig_from_der(view(&der), sig, &err) != LL_INVALID)
            fail_msg("%s was taken", bad[i]);
    }
}

static void test_names(void **state)
{
    enum ll_alg alg;

    (void)state;
    for (int i = 0; i < LL_ALG_COUNT; i++) {
        assert_true(ll_alg_find(ll_str(ll_alg_name((enum ll_alg)i)), &alg));
        assert_int_equal(alg, i);
    }
    assert_false(ll_alg_find(LL_STR("none"), &alg));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_vectors_verify),
        cmocka_unit_test(test_a_private_key_has_the_public_one_of_the_standard),
        cmocka_unit_test(test_new_keys_sign_and_only_theirs_verify),
        cmocka_unit_test(test_pem_files_of_openssl),
        cmocka_unit_test(test_other_files_are_refused),
        cmocka_unit_test(test_what_is_no_key_is_refused),
        cmocka_unit_test(test_der_is_strict),
        cmocka_unit_test(test_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
