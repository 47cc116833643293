/* tls.c - see tls.h.
 *
 * A pair that was replaced stays in memory until every handshake that may have begun with it is over: the library keeps only pointers. */
#include "http/tls.h"

#include "base/clock.h"
#include "base/fs.h"
#include "base/log.h"

#include <gnutls/x509.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

enum { PEM_MAX = 1 << 20, CHAIN_MAX = 16, FILES = 3 };
enum file { CERTIFICATE, KEY, CLIENT_CA };

const char ll_tls_priorities[] =
    "SECURE128:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:-RSA:-SHA1:%SERVER_PRECEDENCE";

struct pair {
    struct pair *next; /* retired ones */
    uint64_t retired_us;
    gnutls_pcert_st chain[CHAIN_MAX];
    unsigned n;
    gnutls_privkey_t key;
    gnutls_x509_crt_t leaf;
};

/* What tells that a file changed. */
struct look {
    dev_t dev;
    ino_t ino;
    off_t size;
    struct timespec changed;
};

struct ll_tls {
    struct ll_tls_opts o;
    pthread_rwlock_t lock; /* of now and authorities */
    struct pair *now, *retired;
    gnutls_x509_trust_list_t authorities;
    struct look looks[FILES];
    struct ll_buf ca_pem;
};

/* The library asks for a certificate without saying on whose behalf. */
static struct ll_tls *_Atomic serving;

static int fail(struct ll_err *err, const char *path, int code)
{
    return ll_fail(err, LL_INVALID, "%s：%s", "%s: %s", path, gnutls_strerror(code));
}

/* --- a pair ------------------------------------------------------------------------------------------------------- */

static struct pair *pair_free(struct pair *p)
{
    if (!p)
        return NULL;
    for (unsigned i = 0; i < p->n; i++)
        gnutls_pcert_deinit(&p->chain[i]);
    gnutls_privkey_deinit(p->key);
    gnutls_x509_crt_deinit(p->leaf);
    free(p);
    return NULL;
}

static int read_chain(const struct ll_tls *t, struct pair *p, struct ll_err *err)
{
    struct ll_buf pem = LL_BUF_INIT(PEM_MAX);
    gnutls_x509_crt_t *list = NULL;
    unsigned n = 0, size = 0;
    int rc = ll_fs_read(t->o.certificate, PEM_MAX, &pem, err), code;
    gnutls_datum_t text = {(unsigned char *)pem.p, (unsigned)pem.n};

    if (rc == LL_OK && (code = gnutls_x509_crt_list_import2(&list, &n, &text, GNUTLS_X509_FMT_PEM, 0)) < 0)
        rc = fail(err, t->o.certificate, code);
    if (rc == LL_OK && n > CHAIN_MAX)
        rc = ll_fail(err, LL_TOOBIG, "%s 中的证书超过 %d 张", "%s has more than %d certificates",
                     t->o.certificate, CHAIN_MAX);
    size = n <= CHAIN_MAX ? n : 0;
    if (rc == LL_OK &&
        (code = gnutls_pcert_import_x509_list(p->chain, list, &size, GNUTLS_X509_CRT_LIST_SORT)) < 0)
        rc = fail(err, t->o.certificate, code);
    else
        p->n = rc == LL_OK ? size : 0;
    for (unsigned i = 0; i < n; i++)
        gnutls_x509_crt_deinit(list[i]);
    gnutls_free(list);
    ll_buf_free(&pem);
    if (rc == LL_OK && (code = gnutls_pcert_export_x509(&p->chain[0], &p->leaf)) < 0)
        rc = fail(err, t->o.certificate, code);
    return rc;
}

static int guarded(const char *path, struct ll_err *err)
{
    struct stat st;

    if (stat(path, &st) < 0)
        return ll_fail_errno(err, LL_IO, "无法读取 %s", "cannot read %s", path);
    if (st.st_mode & S_IRWXO)
        return ll_fail(err, LL_INVALID, "%s 人人可读，应 chmod o= 后再用",
                       "%s is open to everybody; chmod o= it", path);
    return LL_OK;
}

static int read_key(const struct ll_tls *t, struct pair *p, struct ll_err *err)
{
    struct ll_buf pem = LL_BUF_INIT(PEM_MAX);
    int rc = guarded(t->o.key, err), code;

    if (rc < 0 || (rc = ll_fs_read(t->o.key, PEM_MAX, &pem, err)) < 0)
        goto done;
    gnutls_datum_t text = {(unsigned char *)pem.p, (unsigned)pem.n};
    if ((code = gnutls_privkey_init(&p->key)) < 0 ||
        (code = gnutls_privkey_import_x509_raw(p->key, &text, GNUTLS_X509_FMT_PEM, NULL, 0)) < 0)
        rc = code == GNUTLS_E_DECRYPTION_FAILED
                 ? ll_fail(err, LL_INVALID, "%s 由口令加密，应为未加密的私钥，由文件权限保护",
                           "%s is encrypted; it must be plain and guarded by its mode", t->o.key)
                 : fail(err, t->o.key, code);
done:
    if (pem.p)
        explicit_bzero(pem.p, pem.n);
    ll_buf_free(&pem);
    return rc;
}

/* Does the key belong to the certificate? */
static int check_fit(const struct ll_tls *t, struct pair *p, struct ll_err *err)
{
    unsigned char a[32], b[32];
    size_t na = sizeof a, nb = sizeof b;
    gnutls_pubkey_t public = NULL;
    int code;

    if ((code = gnutls_pubkey_init(&public)) == 0 &&
        (code = gnutls_pubkey_import_privkey(public, p->key, 0, 0)) == 0 &&
        (code = gnutls_pubkey_get_key_id(public, GNUTLS_KEYID_USE_SHA256, a, &na)) == 0)
        code = gnutls_x509_crt_get_key_id(p->leaf, GNUTLS_KEYID_USE_SHA256, b, &nb);
    gnutls_pubkey_deinit(public);
    if (code < 0)
        return fail(err, t->o.key, code);
    if (na != nb || memcmp(a, b, na) != 0)
        return ll_fail(err, LL_INVALID, "%s 不是 %s 的私钥", "%s is not the key of %s", t->o.key,
                       t->o.certificate);
    if (gnutls_x509_crt_get_expiration_time(p->leaf) < ll_now_ms() / 1000)
        return ll_fail(err, LL_INVALID, "%s 中的证书已过期", "the certificate in %s has ended",
                       t->o.certificate);
    return LL_OK;
}

static int pair_read(const struct ll_tls *t, struct pair **ret, struct ll_err *err)
{
    struct pair *p = calloc(1, sizeof *p);
    int rc = p ? read_chain(t, p, err) : ll_no_memory(err);

    if (rc < 0 || (rc = read_key(t, p, err)) < 0 || (rc = check_fit(t, p, err)) < 0)
        pair_free(p);
    else
        *ret = p;
    return rc;
}

static void tell_pair(const struct pair *p)
{
    char name[256] = "", until[LL_TIME_TEXT];
    size_t n = sizeof name;

    (void)gnutls_x509_crt_get_dn(p->leaf, name, &n);
    ll_log(LL_INFO, "tls", "serving the certificate of %s, valid until %s", name,
           ll_time_text((int64_t)gnutls_x509_crt_get_expiration_time(p->leaf) * 1000, until));
}

/* --- authorities --------------------------------------------------------------------------------------------------- */

static int authorities_read(const struct ll_tls *t, gnutls_x509_trust_list_t *ret, struct ll_buf *pem,
                            struct ll_err *err)
{
    gnutls_x509_trust_list_t list = NULL;
    int rc = ll_fs_read(t->o.client_ca, PEM_MAX, pem, err), n;

    if (rc < 0)
        return rc;
    gnutls_datum_t text = {(unsigned char *)pem->p, (unsigned)pem->n};
    if (gnutls_x509_trust_list_init(&list, 0) < 0)
        return ll_no_memory(err);
    n = gnutls_x509_trust_list_add_trust_mem(list, &text, NULL, GNUTLS_X509_FMT_PEM, 0, 0);
    ll_buf_c(pem, 0); /* the daemon takes it as a string */
    if (n > 0 && !pem->failed) {
        *ret = list;
        return LL_OK;
    }
    gnutls_x509_trust_list_deinit(list, 1);
    return ll_fail(err, LL_INVALID, "%s 中没有证书", "there is no certificate in %s", t->o.client_ca);
}

/* --- changes ------------------------------------------------------------------------------------------------------- */

static void look_at(const struct ll_tls *t, struct look out[FILES])
{
    const char *paths[FILES] = {t->o.certificate, t->o.key, t->o.client_ca};
    struct stat st;

    memset(out, 0, FILES * sizeof *out);
    for (size_t i = 0; i < FILES; i++)
        if (paths[i] && paths[i][0] && stat(paths[i], &st) == 0) {
            out[i].dev = st.st_dev;
            out[i].ino = st.st_ino;
            out[i].size = st.st_size;
            out[i].changed = st.st_mtim;
        }
}

/* A pair without readers is freed; returns what stays. */
static struct pair *sweep(struct pair *list, uint64_t before_us)
{
    struct pair *keep = NULL, *next;

    for (; list; list = next) {
        next = list->next;
        if (list->retired_us < before_us) {
            pair_free(list);
            continue;
        }
        list->next = keep;
        keep = list;
    }
    return keep;
}

static void take_pair(struct ll_tls *t, struct pair *fresh)
{
    struct pair *old;

    pthread_rwlock_wrlock(&t->lock);
    old = t->now;
    t->now = fresh;
    pthread_rwlock_unlock(&t->lock);
    tell_pair(fresh);
    if (!old)
        return;
    old->retired_us = ll_mono_us();
    old->next = t->retired;
    t->retired = old;
}

static void refresh_authorities(struct ll_tls *t)
{
    gnutls_x509_trust_list_t fresh = NULL, old;
    struct ll_buf pem = LL_BUF_INIT(PEM_MAX + 1);
    struct ll_err err;

    if (authorities_read(t, &fresh, &pem, &err) < 0) {
        ll_log(LL_ERROR, "tls", "the authorities of clients stay as they are: %s", err.en);
    } else {
        pthread_rwlock_wrlock(&t->lock);
        old = t->authorities;
        t->authorities = fresh;
        pthread_rwlock_unlock(&t->lock);
        gnutls_x509_trust_list_deinit(old, 1);
    }
    ll_buf_free(&pem);
}

void ll_tls_refresh(struct ll_tls *t, bool now)
{
    uint64_t kept_us = (uint64_t)t->o.keep_s * 1000000, mono = ll_mono_us();
    struct look looks[FILES];
    struct pair *fresh = NULL;
    struct ll_err err;

    t->retired = sweep(t->retired, mono > kept_us ? mono - kept_us : 0);
    look_at(t, looks);
    if (now || memcmp(looks, t->looks, 2 * sizeof *looks) != 0) {
        if (pair_read(t, &fresh, &err) < 0)
            ll_log(LL_ERROR, "tls", "the certificate stays as it is: %s", err.en);
        else
            take_pair(t, fresh);
    }
    if (t->authorities && (now || memcmp(&looks[CLIENT_CA], &t->looks[CLIENT_CA], sizeof *looks) != 0))
        refresh_authorities(t);
    memcpy(t->looks, looks, sizeof looks);
}

/* --- opening ------------------------------------------------------------------------------------------------------- */

static int open_all(struct ll_tls *t, struct ll_err *err)
{
    struct ll_tls *none = NULL;
    struct pair *first = NULL;
    int rc;

    look_at(t, t->looks);
    if ((rc = pair_read(t, &first, err)) < 0)
        return rc;
    take_pair(t, first);
    if (t->o.client_ca && t->o.client_ca[0] &&
        (rc = authorities_read(t, &t->authorities, &t->ca_pem, err)) < 0)
        return rc;
    return atomic_compare_exchange_strong(&serving, &none, t)
               ? LL_OK
               : ll_fail(err, LL_BUSY, "本进程已有一个 HTTPS 服务", "this process serves HTTPS already");
}

int ll_tls_open(const struct ll_tls_opts *o, struct ll_tls **ret, struct ll_err *err)
{
    struct ll_tls *t = calloc(1, sizeof *t);
    int rc;

    if (!t)
        return ll_no_memory(err);
    t->o = *o;
    t->ca_pem = LL_BUF_INIT(PEM_MAX + 1);
    pthread_rwlock_init(&t->lock, NULL);
    if ((rc = open_all(t, err)) < 0)
        ll_tls_close(t);
    else
        *ret = t;
    return rc;
}

struct ll_tls *ll_tls_close(struct ll_tls *t)
{
    struct ll_tls *own = t;

    if (!t)
        return NULL;
    atomic_compare_exchange_strong(&serving, &own, NULL);
    sweep(t->retired, UINT64_MAX);
    pair_free(t->now);
    if (t->authorities)
        gnutls_x509_trust_list_deinit(t->authorities, 1);
    ll_buf_free(&t->ca_pem);
    pthread_rwlock_destroy(&t->lock);
    free(t);
    return NULL;
}

/* --- asking -------------------------------------------------------------------------------------------------------- */

const char *ll_tls_client_ca(const struct ll_tls *t)
{
    return t->authorities ? t->ca_pem.p : NULL;
}

int ll_tls_certificate(gnutls_session_t session, const struct gnutls_cert_retr_st *info,
                       gnutls_pcert_st **chain, unsigned *n, gnutls_ocsp_data_st **ocsp, unsigned *n_ocsp,
                       gnutls_privkey_t *key, unsigned *flags)
{
    struct ll_tls *t = atomic_load(&serving);

    (void)session, (void)info;
    if (!t)
        return -1;
    pthread_rwlock_rdlock(&t->lock);
    *chain = t->now->chain;
    *n = t->now->n;
    *key = t->now->key;
    pthread_rwlock_unlock(&t->lock);
    *ocsp = NULL;
    *n_ocsp = 0;
    *flags = 0;
    return 0;
}

bool ll_tls_named(struct ll_tls *t, struct ll_str host)
{
    char name[256];
    bool yes;

    if (host.n > 2 && host.p[0] == '[' && host.p[host.n - 1] == ']')
        host = (struct ll_str){host.p + 1, host.n - 2};
    if (!host.n || host.n >= sizeof name)
        return false;
    memcpy(name, host.p, host.n);
    name[host.n] = 0;
    pthread_rwlock_rdlock(&t->lock);
    yes = gnutls_x509_crt_check_hostname(t->now->leaf, name) != 0;
    pthread_rwlock_unlock(&t->lock);
    return yes;
}

/* The certificates that came, as objects; the count, or < 0. */
static int peers_of(gnutls_session_t session, gnutls_x509_crt_t list[CHAIN_MAX])
{
    unsigned n = 0;
    const gnutls_datum_t *raw = gnutls_certificate_get_peers(session, &n);

    if (!raw || n == 0)
        return 0;
    if (n > CHAIN_MAX)
        return -1;
    for (unsigned i = 0; i < n; i++)
        if (gnutls_x509_crt_init(&list[i]) < 0 ||
            gnutls_x509_crt_import(list[i], &raw[i], GNUTLS_X509_FMT_DER) < 0) {
            for (unsigned k = 0; k <= i; k++)
                gnutls_x509_crt_deinit(list[k]);
            return -1;
        }
    return (int)n;
}

enum ll_shown ll_tls_shown(struct ll_tls *t, gnutls_session_t session)
{
    gnutls_typed_vdata_st purpose = {.type = GNUTLS_DT_KEY_PURPOSE_OID,
                                     .data = (unsigned char *)GNUTLS_KP_TLS_WWW_CLIENT};
    gnutls_x509_crt_t list[CHAIN_MAX] = {NULL};
    unsigned status = 0;
    int n, code;

    if (!t->authorities)
        return LL_SHOWN_NOT_ASKED;
    if ((n = peers_of(session, list)) <= 0)
        return n < 0 ? LL_SHOWN_BAD : LL_SHOWN_NONE;
    pthread_rwlock_rdlock(&t->lock);
    code = gnutls_x509_trust_list_verify_crt2(t->authorities, list, (unsigned)n, &purpose, 1, 0, &status,
                                              NULL);
    pthread_rwlock_unlock(&t->lock);
    for (int i = 0; i < n; i++)
        gnutls_x509_crt_deinit(list[i]);
    return code == 0 && status == 0 ? LL_SHOWN_GOOD : LL_SHOWN_BAD;
}
