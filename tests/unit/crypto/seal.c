/* aead and seal: the vectors of NIST and RFC 8998; a byte changed anywhere does not open. */
#include "hex.h"

#include "crypto/aead_impl.h"
#include "crypto/digest.h"
#include "crypto/random.h"
#include "crypto/seal.h"

static const char K32[] = "0123456789abcdef0123456789abcdef";

static struct ll_aead *aead(enum ll_aead_alg alg)
{
    struct ll_err err;
    struct ll_aead *a = NULL;

    assert_ok(ll_aead_new(alg, ll_str(K32), &a, &err));
    return a;
}

/* RFC 8998, A.1 */
static void test_sm4_gcm_of_rfc_8998(void **state)
{
    struct bytes key = hex("0123456789abcdeffedcba9876543210"), iv = hex("00001234567800000000abcd"),
                 about = hex("feedfacedeadbeeffeedfacedeadbeefabaddad2"),
                 plain = hex("aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbccccccccccccccccdddddddddddddddd"
                             "eeeeeeeeeeeeeeeeffffffffffffffffeeeeeeeeeeeeeeeeaaaaaaaaaaaaaaaa");
    static const char cipher_text[] = "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
                                      "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d";
    unsigned char out[64], tag[LL_AEAD_TAG], back[64];
    EVP_CIPHER *cipher = EVP_CIPHER_fetch(NULL, "SM4-ECB", NULL);
    struct ll_aead_job job = {cipher, key.p, iv.p, view(&about), plain.p, out, plain.n, true, tag};

    (void)state;
    assert_int_equal(ll_gcm_sm4(&job), 1);
    assert_hex(out, sizeof out, cipher_text);
    assert_hex(tag, sizeof tag, "83de3541e4c2b58177e065a9bf7b62ec");
    job.in = out;
    job.out = back;
    job.seal = false;
    assert_int_equal(ll_gcm_sm4(&job), 1);
    assert_memory_equal(back, plain.p, sizeof back);
    tag[15] ^= 1;
    assert_int_equal(ll_gcm_sm4(&job), 0);
    EVP_CIPHER_free(cipher);
}

/* The GCM specification (McGrew and Viega), test cases 13 to 16 of which: AES-256. */
static void test_aes_gcm_of_the_specification(void **state)
{
    struct bytes key = hex("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308"),
                 iv = hex("cafebabefacedbaddecaf888"),
                 about = hex("feedfacedeadbeeffeedfacedeadbeefabaddad2"),
                 plain = hex("d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
                             "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39");
    unsigned char out[60], tag[LL_AEAD_TAG];
    EVP_CIPHER *cipher = EVP_CIPHER_fetch(NULL, "AES-256-GCM", NULL);
    const struct ll_aead_job job = {cipher, key.p, iv.p, view(&about), plain.p, out, plain.n, true, tag};

    (void)state;
    assert_int_equal(ll_gcm_aes(&job), 1);
    assert_hex(out, sizeof out,
               "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
               "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662");
    assert_hex(tag, sizeof tag, "76fc6ece0f4e1768cddf8853bb2d551b");
    EVP_CIPHER_free(cipher);
}

static void test_what_was_changed_does_not_open(void **state)
{
    struct ll_err err;

    (void)state;
    for (int alg = LL_AES256_GCM; alg <= LL_SM4_GCM; alg++) {
        struct ll_aead *a = aead((enum ll_aead_alg)alg);
        struct ll_buf sealed = LL_BUF_INIT(1000), plain = LL_BUF_INIT(1000);
        ll_buf_z(&plain, "before ");
        assert_ok(ll_aead_seal(a, LL_STR("phone"), LL_STR("13800138000"), &sealed, &err));
        assert_int_equal(sealed.n, 11 + LL_AEAD_MORE);
        assert_ok(ll_aead_open(a, LL_STR("phone"), ll_buf_view(&sealed), &plain, &err));
        assert_str(ll_buf_view(&plain), "before 13800138000");
        assert_int_equal(ll_aead_open(a, LL_STR("other"), ll_buf_view(&sealed), &plain, &err), LL_INVALID);
        for (size_t i = 0; i < sealed.n; i++) {
            sealed.p[i] ^= 0x40;
            assert_int_equal(ll_aead_open(a, LL_STR("phone"), ll_buf_view(&sealed), &plain, &err),
                             LL_INVALID);
            sealed.p[i] ^= 0x40;
        }
        for (size_t n = 0; n < sealed.n; n++)
            assert_int_equal(ll_aead_open(a, LL_STR("phone"), (struct ll_str){sealed.p, n}, &plain, &err),
                             LL_INVALID);
        assert_str(ll_buf_view(&plain), "before 13800138000");
        ll_buf_free(&sealed);
        ll_buf_free(&plain);
        ll_aead_free(a);
    }
}

static void test_lengths_around_a_block(void **state)
{
    struct ll_err err;
    char text[100];

    (void)state;
    memset(text, 'x', sizeof text);
    for (int alg = LL_AES256_GCM; alg <= LL_SM4_GCM; alg++) {
        struct ll_aead *a = aead((enum ll_aead_alg)alg);
        for (size_t n = 0; n <= sizeof text; n++) {
            struct ll_buf sealed = LL_BUF_INIT(1000), plain = LL_BUF_INIT(1000);
            assert_ok(ll_aead_seal(a, (struct ll_str){text, n}, (struct ll_str){text, n}, &sealed, &err));
            assert_ok(ll_aead_open(a, (struct ll_str){text, n}, ll_buf_view(&sealed), &plain, &err));
            assert_int_equal(plain.n, n);
            ll_buf_free(&sealed);
            ll_buf_free(&plain);
        }
        ll_aead_free(a);
    }
}

static void test_a_blind_index_tells_items_apart(void **state)
{
    unsigned char a[LL_BLIND], b[LL_BLIND], c[LL_BLIND];

    (void)state;
    ll_blind_index(ll_str(K32), LL_STR("phone"), LL_STR("13800138000"), a);
    ll_blind_index(ll_str(K32), LL_STR("phone"), LL_STR("13800138000"), b);
    ll_blind_index(ll_str(K32), LL_STR("phone1"), LL_STR("3800138000"), c);
    assert_memory_equal(a, b, sizeof a);
    assert_memory_not_equal(a, c, sizeof a);
}

/* RFC 5869, A.1 and A.3 */
static void test_hkdf_of_rfc_5869(void **state)
{
    struct bytes ikm = hex("0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b"),
                 salt = hex("000102030405060708090a0b0c"), info = hex("f0f1f2f3f4f5f6f7f8f9");
    unsigned char out[42];

    (void)state;
    ll_hkdf_sha256(view(&ikm), view(&salt), view(&info), out, sizeof out);
    assert_hex(out, sizeof out,
               "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
    ll_hkdf_sha256(view(&ikm), LL_STR(""), LL_STR(""), out, sizeof out);
    assert_hex(out, sizeof out,
               "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8");
}

static void seal_and_change(struct ll_seal_secret secret, size_t step)
{
    struct ll_err err;
    struct ll_buf file = LL_BUF_INIT(10000), content = LL_BUF_INIT(10000);
    const struct ll_seal_secret wrong = {LL_STR("another secret of some 32 bytes!"), secret.random};

    assert_ok(ll_file_seal(&secret, LL_STR("the content"), &file, &err));
    assert_ok(ll_file_unseal(&secret, ll_buf_view(&file), &content, &err));
    assert_str(ll_buf_view(&content), "the content");
    assert_int_equal(ll_file_unseal(&wrong, ll_buf_view(&file), &content, &err), LL_SIGNIN);
    assert_int_equal(ll_file_unseal(&(struct ll_seal_secret){secret.bytes, !secret.random},
                                    ll_buf_view(&file), &content, &err),
                     LL_SIGNIN);
    for (size_t i = 0; i < file.n; i += step) {
        file.p[i] ^= 1;
        if (ll_file_unseal(&secret, ll_buf_view(&file), &content, &err) == LL_OK)
            fail_msg("opened with byte %zu changed", i);
        file.p[i] ^= 1;
    }
    for (size_t n = 0; n < file.n; n += step)
        assert_true(ll_file_unseal(&secret, (struct ll_str){file.p, n}, &content, &err) < 0);
    assert_str(ll_buf_view(&content), "the content");
    ll_buf_free(&file);
    ll_buf_free(&content);
}

static void test_a_sealed_file_opens_by_its_secret_alone(void **state)
{
    (void)state;
    seal_and_change((struct ll_seal_secret){ll_str(K32), true}, 1);
    seal_and_change((struct ll_seal_secret){LL_STR("correct horse battery staple"), false}, 23);
}

static void test_a_head_that_asks_too_much_is_refused(void **state)
{
    static const char *const bad[] = {
        "luling sealed file v1\nkdf argon2id m=4294967295,t=3,p=1 AAAAAAAAAAAAAAAAAAAAAA==\naead aes-256-gcm\n\nAAAA\n",
        "luling sealed file v1\nkdf argon2id m=65536,t=999,p=1 AAAAAAAAAAAAAAAAAAAAAA==\naead aes-256-gcm\n\nAAAA\n",
        "luling sealed file v2\nkdf hkdf-sha256 AAAAAAAAAAAAAAAAAAAAAA==\naead aes-256-gcm\n\nAAAA\n",
        "luling sealed file v1\nkdf hkdf-sha256 AAAAAAAAAAAAAAAAAAAAAA==\naead none\n\nAAAA\n",
        "luling sealed file v1\n",
        "",
    };
    struct ll_err err;
    struct ll_buf content = LL_BUF_INIT(100);
    const struct ll_seal_secret secret = {LL_STR("x"), false};

    (void)state;
    for (size_t i = 0; i < LL_COUNT(bad); i++)
        assert_int_equal(ll_file_unseal(&secret, ll_str(bad[i]), &content, &err), LL_INVALID);
    ll_buf_free(&content);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sm4_gcm_of_rfc_8998),
        cmocka_unit_test(test_aes_gcm_of_the_specification),
        cmocka_unit_test(test_what_was_changed_does_not_open),
        cmocka_unit_test(test_lengths_around_a_block),
        cmocka_unit_test(test_a_blind_index_tells_items_apart),
        cmocka_unit_test(test_hkdf_of_rfc_5869),
        cmocka_unit_test(test_a_sealed_file_opens_by_its_secret_alone),
        cmocka_unit_test(test_a_head_that_asks_too_much_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
