/* issuer.c - the key and certificate that documents are signed with (issue.h). */
#include "report/issue_impl.h"

#include "base/clock.h"
#include "base/fs.h"
#include "crypto/random.h"

#include <stdlib.h>

enum { CERT_DAYS = 3650 };

static const int64_t DAY_MS = 86400000;

/* --- the platform's own --------------------------------------------------------------------------------------------- */

/* DATA/certificates/document-<key id>.pem: made at the key's first use, and kept, so that it has one fingerprint. */
static int own_certificate(const struct ll_settings *set, struct ll_keyring *keys,
                           const struct ll_key **ret_key, struct ll_buf *out, struct ll_err *err)
{
    char id[LL_RING_ID], dir[LL_PATH], path[LL_PATH];
    int64_t now = ll_now_ms();
    const struct ll_cert_opts o = {set->report_issuer, NULL, now - now % DAY_MS, now + CERT_DAYS * DAY_MS};
    int rc = ll_keyring_signer(keys, LL_FOR_DOCUMENT, ret_key, id, err);

    if (rc < 0 || (rc = ll_path(dir, err, "%s/certificates", set->data_dir)) < 0 ||
        (rc = ll_path(path, err, "%s/document-%s.pem", dir, id)) < 0)
        return rc;
    if (ll_fs_exists(path))
        return ll_fs_read(path, LL_CERT_PEM_MAX, out, err);
    if ((rc = ll_cert_issue(*ret_key, &o, out, err)) < 0 || (rc = ll_fs_mkdirs(dir, err)) < 0)
        return rc;
    return ll_fs_write_atomic(path, ll_buf_view(out), err);
}

static bool installed(const struct ll_settings *set)
{
    return set->report_certificate[0] || set->report_key[0];
}

static int read_installed(const struct ll_settings *set, struct ll_buf *chain, struct ll_err *err)
{
    if (!set->report_certificate[0] || !set->report_key[0])
        return ll_fail(err, LL_USAGE, "report_certificate 与 report_key 须同时给出",
                       "give report_certificate and report_key together");
    return ll_fs_read(set->report_certificate, LL_CERT_PEM_MAX, chain, err);
}

int ll_issuer_certificate(const struct ll_settings *set, struct ll_keyring *keys, struct ll_buf *out,
                          struct ll_err *err)
{
    const struct ll_key *key;

    return installed(set) ? read_installed(set, out, err) : own_certificate(set, keys, &key, out, err);
}

static int open_signer(struct ll_issuer *i, struct ll_err *err)
{
    struct ll_buf chain = LL_BUF_INIT(LL_CERT_PEM_MAX * 2), pem = LL_BUF_INIT(LL_CERT_PEM_MAX * 2);
    const struct ll_settings *set = i->o.set;
    const struct ll_key *key = NULL;
    int rc;

    if (!installed(set)) {
        if ((rc = own_certificate(set, ll_journaling_keys(i->o.journaling), &key, &chain, err)) == LL_OK)
            rc = ll_cms_signer_open(key, ll_buf_view(&chain), &i->signer, err);
    } else if ((rc = read_installed(set, &chain, err)) == LL_OK && ll_buf_reserve(&pem, LL_CERT_PEM_MAX) &&
               (rc = ll_fs_read(set->report_key, LL_CERT_PEM_MAX, &pem, err)) == LL_OK) {
        rc = ll_cms_signer_open_pem(ll_buf_view(&pem), ll_buf_view(&chain), &i->signer, err);
    }
    ll_buf_wipe(&pem);
    ll_buf_free(&chain);
    if (rc == LL_OK && !i->signer)
        rc = ll_no_memory(err);
    return rc;
}

int ll_issuer_open(const struct ll_issuer_opts *o, struct ll_issuer **ret, struct ll_err *err)
{
    struct ll_issuer *i = calloc(1, sizeof *i);
    int rc;

    if (!i)
        return ll_no_memory(err);
    i->o = *o;
    if ((rc = ll_keyring_secret(ll_journaling_keys(o->journaling), LL_FOR_PSEUDONYM, i->pseudonym_key, err)) <
            0 ||
        (rc = open_signer(i, err)) < 0) {
        ll_issuer_close(i);
        return rc;
    }
    *ret = i;
    return LL_OK;
}

struct ll_issuer *ll_issuer_close(struct ll_issuer *i)
{
    if (!i)
        return NULL;
    ll_cms_signer_close(i->signer);
    ll_wipe(i->pseudonym_key, sizeof i->pseudonym_key);
    free(i);
    return NULL;
}

const char *ll_issuer_name(const struct ll_issuer *i)
{
    return i->o.set->report_issuer;
}

const struct ll_cert_info *ll_issuer_cert(const struct ll_issuer *i)
{
    return ll_cms_signer_info(i->signer);
}
