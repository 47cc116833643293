/* issue.c - hands documents out (issue.h): number, entry, receipt, signature, row, in this order. */
#include "report/issue_impl.h"

#include "base/clock.h"
#include "crypto/base64.h"
#include "crypto/hash.h"
#include "crypto/random.h"
#include "journal/tlogproof.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- numbers -------------------------------------------------------------------------------------------------------- */

/* Crockford's letters: none that is taken for another when it is read aloud or typed off paper. */
static const char letters[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

int ll_issue_number(const char *prefix, int64_t at, char number[LL_ISSUE_NUMBER], char code[LL_ISSUE_CODE],
                    struct ll_err *err)
{
    unsigned char random[24];
    char tail[9] = "";
    unsigned m, d;
    int y, rc = ll_random(random, sizeof random, err);

    if (rc < 0)
        return rc;
    ll_civil_from_days(ll_local_day(at), &y, &m, &d);
    for (size_t i = 0; i < 8; i++)
        tail[i] = letters[random[i] & 31];
    snprintf(number, LL_ISSUE_NUMBER, "%.2s%04u%02u%02u-%s", prefix, (unsigned)y % 10000, m % 100, d % 100,
             tail);
    for (size_t i = 0, n = 0; i < 16; i++) {
        if (i && i % 4 == 0)
            code[n++] = '-';
        code[n++] = letters[random[8 + i] & 31];
        code[n] = 0;
    }
    return LL_OK;
}

/* --- formats -------------------------------------------------------------------------------------------------------- */

static const struct {
    const char *word, *type;
    bool signs;
} formats[] = {[LL_ISSUE_PDF] = {"pdf", "application/pdf", true},
               [LL_ISSUE_HTML] = {"html", "text/html; charset=utf-8", false},
               [LL_ISSUE_JSON] = {"json", "application/json", true}};

const char *ll_issue_format_word(enum ll_issue_format f)
{
    return formats[f].word;
}

const char *ll_issue_format_type(enum ll_issue_format f)
{
    return formats[f].type;
}

bool ll_issue_format_signs(enum ll_issue_format f)
{
    return formats[f].signs;
}

/* --- sources -------------------------------------------------------------------------------------------------------- */

static int by_bytes(const void *a, const void *b)
{
    return memcmp(a, b, LL_DIGEST);
}

/* Merging segments changes the order in which records come, and nothing else: hashes of records are hashed in their own order. */
void ll_issue_source_of(const struct ll_subject_group *g, struct ll_issue_source *ret)
{
    unsigned char(*all)[LL_DIGEST] = calloc(g->n + 1, LL_DIGEST);

    *ret = (struct ll_issue_source){.resource = g->resource->name, .batch = g->batch, .records = g->total};
    LL_ASSERT(all); /* a few kilobytes */
    for (size_t i = 0; i < g->n; i++) {
        const struct ll_str parts[] = {g->records[i].key, LL_STR("\n"), g->records[i].body};
        ll_digest(LL_SHA256, parts, LL_COUNT(parts), all[i]);
    }
    qsort(all, g->n, LL_DIGEST, by_bytes);
    snprintf((char *)all[g->n], LL_DIGEST, "%zu", g->total);
    ll_sha256(all, (g->n + 1) * LL_DIGEST, ret->hash);
    free(all);
}

/* --- the entry ------------------------------------------------------------------------------------------------------ */

static int put_subjects(const struct ll_issuer *i, const struct ll_subject *s, struct ll_json *j,
                        struct ll_err *err)
{
    struct ll_str key = {(const char *)i->pseudonym_key, sizeof i->pseudonym_key};
    char name[LL_PSEUDONYM_TEXT];
    int rc = LL_OK;

    ll_json_key(j, "subjects");
    ll_json_arr(j);
    for (size_t at = 0; at < s->n_ids && rc == LL_OK; at++)
        if ((rc = ll_pseudonym(key, ll_str(s->ids[at].type), s->ids[at].value, name, err)) == LL_OK)
            ll_json_z(j, name);
    ll_json_end_arr(j);
    return rc;
}

static void put_batches(const struct ll_issue *x, struct ll_json *j)
{
    ll_json_key(j, "batches");
    ll_json_arr(j);
    for (size_t at = 0; at < x->n_sources; at++)
        if (x->sources[at].records) {
            char text[160];
            snprintf(text, sizeof text, "%.120s/%lld", x->sources[at].resource,
                     (long long)x->sources[at].batch);
            ll_json_z(j, text);
        }
    ll_json_end_arr(j);
}

/* Members in the order of their names: the form that the journal takes. */
static int payload(const struct ll_issuer *i, const struct ll_issue *x, const char *sha256,
                   struct ll_buf *out, struct ll_err *err)
{
    struct ll_json j;
    int rc;

    ll_json_init(&j, out);
    ll_json_obj(&j);
    if (x->actor->account || x->actor->client)
        ll_json_kz(&j, "account", x->actor->account ? x->actor->account : x->actor->client);
    put_batches(x, &j);
    ll_json_ki(&j, "bytes", (int64_t)x->body.n);
    if (ll_issue_format_signs(x->format))
        ll_json_kz(&j, "certificate", ll_issuer_cert(i)->fingerprint);
    ll_json_kz(&j, "format", ll_issue_format_word(x->format));
    if (x->grant)
        ll_json_kz(&j, "grant", x->grant);
    ll_json_kz(&j, "kind", x->kind);
    ll_json_kz(&j, "number", x->number);
    if (x->actor->organisation)
        ll_json_kz(&j, "organisation", x->actor->organisation);
    ll_json_kz(&j, "purpose", x->purpose);
    ll_json_kz(&j, "sha256", sha256);
    rc = put_subjects(i, x->subject, &j, err);
    ll_json_end_obj(&j);
    return rc == LL_OK && out->failed ? ll_no_memory(err) : rc;
}

/* --- the receipt ----------------------------------------------------------------------------------------------------- */

static void put_line(struct ll_buf *out, const char *name, const struct ll_buf *bytes)
{
    ll_buf_z(out, name);
    ll_base64_put(out, LL_BASE64_STD, bytes->p, bytes->n);
    ll_buf_c(out, '\n');
}

static int receipt(struct ll_issuer *i, uint64_t index, struct ll_buf *out, struct ll_err *err)
{
    struct ll_buf entry = LL_BUF_INIT(LL_ENTRY_MAX + 1), sealed = LL_BUF_INIT(LL_SEALED_MAX + 1),
                  proof = LL_BUF_INIT(LL_TLOGPROOF_MAX);
    struct ll_journal *j = ll_journaling_journal(i->o.journaling);
    int rc = ll_journal_entry(j, index, &entry, &sealed, err);

    if (rc == LL_OK && (rc = ll_journal_proof(j, index, &proof, err)) == LL_BUSY) {
        ll_buf_clear(&proof); /* witnesses are slow: the journal is asked later */
        rc = LL_OK;
    }
    ll_buf_z(out, LL_RECEIPT_MAGIC);
    put_line(out, "entry ", &entry);
    put_line(out, "sealed ", &sealed);
    ll_buf_c(out, '\n');
    ll_buf_str(out, ll_buf_view(&proof));
    ll_buf_free(&entry);
    ll_buf_free(&sealed);
    ll_buf_free(&proof);
    return rc == LL_OK && out->failed ? ll_no_memory(err) : rc;
}

/* Signs, or appends; what is handed out takes the place of the body. */
static int finish(struct ll_issuer *i, struct ll_issue *x, struct ll_err *err)
{
    struct ll_buf text = LL_BUF_INIT(LL_RECEIPT_MAX), out = LL_BUF_INIT(LL_ISSUE_BYTES + LL_RECEIPT_MAX);
    int rc = receipt(i, x->entry, &text, err);

    if (rc == LL_OK && x->format == LL_ISSUE_PDF) {
        const struct ll_pdf_sign_opts o = {.signer = i->signer,
                                           .mark = x->mark,
                                           .reason = x->purpose,
                                           .name = ll_issuer_name(i),
                                           .at = x->at,
                                           .attachment = LL_RECEIPT_NAME,
                                           .attachment_title = "存证收据",
                                           .content = ll_buf_view(&text)};
        rc = ll_pdf_sign(ll_buf_view(&x->body), &o, &out, err);
    } else if (rc == LL_OK && x->format == LL_ISSUE_JSON) {
        rc = ll_issue_json_seal(i->signer, ll_buf_view(&x->body), ll_buf_view(&text), &out, err);
    } else if (rc == LL_OK) {
        ll_buf_str(&out, ll_buf_view(&x->body));
        ll_buf_z(&out, LL_RECEIPT_OPEN);
        ll_buf_str(&out, ll_buf_view(&text));
        ll_buf_z(&out, LL_RECEIPT_CLOSE);
        rc = out.failed ? ll_no_memory(err) : LL_OK;
    }
    ll_buf_free(&text);
    if (rc < 0) {
        ll_buf_free(&out);
        return rc;
    }
    ll_buf_free(&x->body);
    x->body = out;
    return LL_OK;
}

/* --- the row --------------------------------------------------------------------------------------------------------- */

static int add_sources(struct ll_txn *tx, const struct ll_issue *x, struct ll_err *err)
{
    int rc = LL_OK;

    for (size_t at = 0; at < x->n_sources && rc == LL_OK; at++) {
        struct ll_buf hex = LL_BUF_INIT(2 * LL_DIGEST + 1);
        ll_hex_put(&hex, x->sources[at].hash, LL_DIGEST);
        rc = hex.failed
                 ? ll_no_memory(err)
                 : ll_exec(tx, err,
                           "INSERT INTO report_source (report, resource, batch, records, sha256, items)"
                           " VALUES ($1, $2, $3, $4, $5, $6)",
                           "zziisz", x->number, x->sources[at].resource, x->sources[at].batch,
                           (int64_t)x->sources[at].records, ll_buf_view(&hex), x->sources[at].items);
        ll_buf_free(&hex);
    }
    return rc;
}

/* By pseudonym: a correction finds the document by whom it is about (share/correction.h). */
static int add_subjects(struct ll_issuer *i, struct ll_txn *tx, const struct ll_issue *x, struct ll_err *err)
{
    struct ll_str key = {(const char *)i->pseudonym_key, sizeof i->pseudonym_key};
    char name[LL_PSEUDONYM_TEXT];
    int rc = LL_OK;

    for (size_t at = 0; at < x->subject->n_ids && rc == LL_OK; at++)
        if ((rc = ll_pseudonym(key, ll_str(x->subject->ids[at].type), x->subject->ids[at].value, name,
                               err)) == LL_OK)
            rc = ll_exec(
                tx, err,
                "INSERT INTO report_subject (report, subject) VALUES ($1, $2) ON CONFLICT DO NOTHING", "zz",
                x->number, name);
    return rc;
}

static int add_row(struct ll_issuer *i, struct ll_txn *tx, const struct ll_issue *x, const char *sha256,
                   int64_t bytes, struct ll_err *err)
{
    struct ll_buf sealed = LL_BUF_INIT(1024), text = LL_BUF_INIT(2048);
    char code[LL_SHA256_HEX];
    int rc = ll_keyring_seal(ll_journaling_keys(i->o.journaling), LL_FOR_ITEM, LL_AES256_GCM,
                             ll_str(x->number), x->subject->ids[0].value, &sealed, err);

    if (rc == LL_OK)
        rc = ll_hash_str(ll_str(x->code), code, err);
    if (rc == LL_OK) {
        ll_base64_put(&text, LL_BASE64_URL, sealed.p, sealed.n);
        rc = ll_exec(
            tx, err,
            "INSERT INTO report (number, kind, format, code, subject, sha256, bytes, purpose, organisation,"
            " account, access_grant, certificate, issued_at, journal)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
            "zzzzszizzzzzii", x->number, x->kind, ll_issue_format_word(x->format), code, ll_buf_view(&text),
            sha256, bytes, x->purpose, x->actor->organisation,
            x->actor->account ? x->actor->account : x->actor->client, x->grant,
            ll_issuer_cert(i)->fingerprint, x->at, (int64_t)x->entry);
    }
    ll_buf_free(&sealed);
    ll_buf_free(&text);
    if (rc == LL_OK)
        rc = add_subjects(i, tx, x, err);
    return rc < 0 ? rc : add_sources(tx, x, err);
}

/* --- all of it ------------------------------------------------------------------------------------------------------- */

struct issuing {
    char sha256[LL_ISSUE_AT_ONCE][LL_SHA256_HEX];
    int64_t bytes[LL_ISSUE_AT_ONCE];
    struct ll_buf payloads[LL_ISSUE_AT_ONCE];
    struct ll_str views[LL_ISSUE_AT_ONCE];
    struct ll_receipt receipts[LL_ISSUE_AT_ONCE];
};

static int enter(struct ll_issuer *i, struct issuing *s, struct ll_issue *list, size_t n, struct ll_err *err)
{
    struct ll_journal *j = ll_journaling_journal(i->o.journaling);
    int rc = LL_OK;

    for (size_t at = 0; at < n && rc == LL_OK; at++) {
        LL_ASSERT(list[at].subject->n_ids > 0);
        s->bytes[at] = (int64_t)list[at].body.n;
        s->payloads[at] = LL_BUF_INIT(LL_ENTRY_MAX);
        if ((rc = ll_hash_str(ll_buf_view(&list[at].body), s->sha256[at], err)) == LL_OK)
            rc = payload(i, &list[at], s->sha256[at], &s->payloads[at], err);
        s->views[at] = ll_buf_view(&s->payloads[at]);
    }
    if (rc == LL_OK)
        rc = ll_journal_append_all(j, LL_ENTRY_REPORT, s->views, n, s->receipts, err);
    if (rc == LL_OK) /* receipts take the checkpoint over it: not in a while, now */
        rc = ll_journal_publish(j, err);
    for (size_t at = 0; at < n; at++)
        ll_buf_free(&s->payloads[at]);
    return rc;
}

static int keep(struct ll_issuer *i, const struct issuing *s, const struct ll_issue *list, size_t n,
                struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    int rc = ll_txn_begin(i->o.store, true, &tx, err);

    for (size_t at = 0; at < n && rc == LL_OK; at++)
        rc = add_row(i, tx, &list[at], s->sha256[at], s->bytes[at], err);
    if (rc == LL_OK)
        rc = ll_txn_commit(tx, err);
    ll_txn_end(tx);
    return rc;
}

int ll_issue_all(struct ll_issuer *i, struct ll_issue *list, size_t n, struct ll_err *err)
{
    struct issuing *s = calloc(1, sizeof *s);
    int rc = s ? LL_OK : ll_no_memory(err);

    LL_ASSERT(n <= LL_ISSUE_AT_ONCE);
    if (rc == LL_OK && n)
        rc = enter(i, s, list, n, err);
    for (size_t at = 0; at < n && rc == LL_OK; at++) {
        list[at].entry = s->receipts[at].index;
        rc = finish(i, &list[at], err);
    }
    if (rc == LL_OK && n)
        rc = keep(i, s, list, n, err);
    free(s);
    return rc;
}
