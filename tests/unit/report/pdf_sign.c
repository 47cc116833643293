/* A signed PDF: every byte of it counts, other programs agree, and what is not ours is refused. */
#include "../test.h"

#include "base/clock.h"
#include "report/pdf.h"
#include "report/pdf_sign.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <unistd.h>

struct fixture {
    struct ll_arena *arena;
    struct ll_key *key;
    struct ll_cms_signer *signer;
    struct ll_buf pem, plain, file;
    struct ll_pdf_made made;
    struct ll_err err;
};

static const struct ll_cert_opts names = {"庐陵数据平台", "吉安市", 1790000000000, 2100000000000};

static void render(struct fixture *fx)
{
    const struct ll_doc_opts o = {.title = "报告", .number = "CR1"};
    static const char *const lines[] = {"电子签名"};
    struct ll_err err;
    struct ll_doc *d = ll_doc_new(fx->arena, &o);

    ll_doc_section(d, "一、基本信息");
    ll_doc_signature(d, lines, 1);
    assert_ok(ll_pdf_render(d, &fx->plain, &fx->made, &err));
}

static int open_fixture(void **state)
{
    struct fixture *fx = calloc(1, sizeof *fx);
    struct ll_err err;

    fx->arena = ll_arena_new(0);
    fx->pem = LL_BUF_INIT(1 << 16);
    fx->plain = fx->file = LL_BUF_INIT(8 << 20);
    assert_ok(ll_key_generate(LL_ES256, &fx->key, &err));
    assert_ok(ll_cert_issue(fx->key, &names, &fx->pem, &err));
    assert_ok(ll_cms_signer_open(fx->key, ll_buf_view(&fx->pem), &fx->signer, &err));
    render(fx);
    *state = fx;
    return 0;
}

static int close_fixture(void **state)
{
    struct fixture *fx = *state;

    ll_cms_signer_close(fx->signer);
    ll_key_free(fx->key);
    ll_buf_free(&fx->pem);
    ll_buf_free(&fx->plain);
    ll_buf_free(&fx->file);
    ll_arena_free(fx->arena);
    free(fx);
    return 0;
}

static void sign_with(struct fixture *fx, const struct ll_cms_signer *signer)
{
    const struct ll_pdf_sign_opts o = {.signer = signer,
                                       .mark = fx->made.signature,
                                       .reason = "出具",
                                       .name = "庐陵 🏮",
                                       .at = 1796000000000,
                                       .attachment = "receipt.txt",
                                       .attachment_title = "收据",
                                       .content = LL_STR("the receipt")};
    struct ll_err err;

    assert_ok(ll_pdf_sign(ll_buf_view(&fx->plain), &o, &fx->file, &err));
}

/* What pdfsig prints of the file; false where it is not installed. */
static bool pdfsig(const struct fixture *fx, char *text, size_t room)
{
    char path[] = "/tmp/luling-sign-XXXXXX", command[128];
    int fd = mkstemp(path);
    FILE *p;
    size_t n;

    assert_true(fd >= 0 && write(fd, fx->file.p, fx->file.n) == (ssize_t)fx->file.n);
    close(fd);
    snprintf(command, sizeof command, "pdfsig %s 2>/dev/null", path);
    p = popen(command, "r");
    assert_non_null(p);
    n = fread(text, 1, room - 1, p);
    text[n] = 0;
    pclose(p);
    unlink(path);
    return n > 0;
}

static void test_the_signature_covers_everything_and_keeps_the_first_bytes(void **state)
{
    struct fixture *fx = *state;
    struct ll_pdf_signed s;
    struct ll_err err;

    sign_with(fx, fx->signer);
    assert_memory_equal(fx->file.p, fx->plain.p, fx->plain.n);
    assert_ok(ll_pdf_verify(ll_buf_view(&fx->file), &s, &err));
    assert_int_equal(s.first.n, fx->plain.n);
    assert_str(s.attachment, "the receipt");
    assert_string_equal(s.cert.subject, "庐陵数据平台");
    assert_string_equal(s.cert.fingerprint, ll_cms_signer_info(fx->signer)->fingerprint);
}

/* The place of the signature is not under it: what can be changed there without breaking it changes nothing that was signed. */
static void test_a_changed_byte_is_refused_wherever_it_is(void **state)
{
    struct fixture *fx = *state;
    struct ll_pdf_signed s;
    size_t from, to;
    struct ll_err err;

    sign_with(fx, fx->signer);
    from = (size_t)((char *)memmem(fx->file.p, fx->file.n, "/Contents <", 11) - fx->file.p) + 11;
    to = (size_t)((char *)memchr(fx->file.p + from, '>', fx->file.n - from) - fx->file.p);
    for (size_t i = 0; i < fx->file.n; i += i < fx->plain.n ? 97 : 1) {
        char was = fx->file.p[i];
        fx->file.p[i] = was == '0' ? '1' : '0';
        bool accepted = ll_pdf_verify(ll_buf_view(&fx->file), &s, &err) == LL_OK;
        if (accepted && (i < from || i >= to))
            fail_msg("byte %zu may be changed", i);
        if (accepted)
            assert_string_equal(s.cert.fingerprint, ll_cms_signer_info(fx->signer)->fingerprint);
        fx->file.p[i] = was;
        i += i > from + 64 && i < to ? 12 : 0;
    }
    ll_buf_z(&fx->file, "\n% later");
    assert_int_equal(ll_pdf_verify(ll_buf_view(&fx->file), &s, &err), LL_INVALID);
}

static void test_poppler_finds_the_signature_valid(void **state)
{
    struct fixture *fx = *state;
    char text[8192];

    sign_with(fx, fx->signer);
    if (!pdfsig(fx, text, sizeof text))
        skip();
    assert_non_null(strstr(text, "Signature is Valid"));
    assert_non_null(strstr(text, "Total document signed"));
    assert_non_null(strstr(text, "ETSI.CAdES.detached"));
    fx->file.p[fx->plain.n / 2] ^= 1;
    assert_true(pdfsig(fx, text, sizeof text));
    assert_null(strstr(text, "Signature is Valid"));
}

/* A key and a certificate that the operator brought. */
static void test_an_rsa_key_from_elsewhere_signs_too(void **state)
{
    struct fixture *fx = *state;
    struct ll_cms_signer *signer = NULL;
    EVP_PKEY *rsa = EVP_RSA_gen(2048);
    X509 *cert = X509_new();
    BIO *key_pem = BIO_new(BIO_s_mem()), *cert_pem = BIO_new(BIO_s_mem());
    struct ll_pdf_signed s;
    char *k, *c, text[8192];
    struct ll_err err;

    X509_set_version(cert, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(cert), 7);
    X509_gmtime_adj(X509_getm_notBefore(cert), 0);
    X509_gmtime_adj(X509_getm_notAfter(cert), 86400);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(cert), "CN", MBSTRING_UTF8, (const unsigned char *)"RSA",
                               -1, -1, 0);
    X509_set_issuer_name(cert, X509_get_subject_name(cert));
    X509_set_pubkey(cert, rsa);
    assert_true(X509_sign(cert, rsa, EVP_sha256()) > 0);
    PEM_write_bio_PrivateKey(key_pem, rsa, NULL, NULL, 0, NULL, NULL);
    PEM_write_bio_X509(cert_pem, cert);
    struct ll_str key = {NULL, (size_t)BIO_get_mem_data(key_pem, &k)},
                  chain = {NULL, (size_t)BIO_get_mem_data(cert_pem, &c)};
    key.p = k;
    chain.p = c;
    assert_int_equal(ll_cms_signer_open_pem(key, ll_buf_view(&fx->pem), &signer, &err),
                     LL_INVALID); /* no pair */
    assert_int_equal(ll_cms_signer_open_pem(LL_STR("x"), chain, &signer, &err), LL_INVALID);
    assert_ok(ll_cms_signer_open_pem(key, chain, &signer, &err));
    sign_with(fx, signer);
    assert_ok(ll_pdf_verify(ll_buf_view(&fx->file), &s, &err));
    if (pdfsig(fx, text, sizeof text))
        assert_non_null(strstr(text, "Signature is Valid"));
    ll_cms_signer_close(signer);
    BIO_free(key_pem);
    BIO_free(cert_pem);
    X509_free(cert);
    EVP_PKEY_free(rsa);
}

static void test_what_is_not_ours_is_refused(void **state)
{
    static const char *const files[] = {
        "", "%PDF-1.4\n", "%PDF-1.4\nstartxref\n9\n%%EOF\n",
        "%PDF-1.4\nxref\n0 1\n0000000000 65535 f \ntrailer\n<< /Size 1 >>\nstartxref\n9\n%%EOF\n"};
    struct fixture *fx = *state;
    struct ll_pdf_sign_opts o = {.signer = fx->signer};
    struct ll_pdf_signed s;
    struct ll_err err;

    for (size_t i = 0; i < LL_COUNT(files); i++) {
        assert_int_equal(ll_pdf_sign(ll_str(files[i]), &o, &fx->file, &err), LL_INVALID);
        assert_int_equal(ll_pdf_verify(ll_str(files[i]), &s, &err), LL_INVALID);
    }
    assert_int_equal(ll_pdf_verify(ll_buf_view(&fx->plain), &s, &err), LL_INVALID); /* not signed */
    sign_with(fx, fx->signer);
    assert_int_equal(ll_pdf_sign(ll_buf_view(&fx->file), &o, &fx->plain, &err),
                     LL_INVALID); /* signed already */
}

static void test_ed25519_keys_get_no_certificate(void **state)
{
    struct fixture *fx = *state;
    struct ll_key *key = NULL;
    struct ll_err err;

    assert_ok(ll_key_generate(LL_ED25519, &key, &err));
    assert_int_equal(ll_cert_issue(key, &names, &fx->pem, &err), LL_INVALID);
    ll_key_free(key);
}

#define WITH(test) cmocka_unit_test_setup_teardown(test, open_fixture, close_fixture)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH(test_the_signature_covers_everything_and_keeps_the_first_bytes),
        WITH(test_a_changed_byte_is_refused_wherever_it_is),
        WITH(test_poppler_finds_the_signature_valid),
        WITH(test_an_rsa_key_from_elsewhere_signs_too),
        WITH(test_what_is_not_ours_is_refused),
        WITH(test_ed25519_keys_get_no_certificate),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
