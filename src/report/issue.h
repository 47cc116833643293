/* issue.h - documents that the platform answers for: numbered, in the journal, signed, and found again by whoever was handed one.
 *
 * (1) Nothing is handed out before its entry "report" is durable in the journal.  The entry has the hash and length of the document as it was
 *     rendered, the batches that it was made from, the purpose, who asked, the fingerprint of the certificate; the subject by pseudonym.
 * (2) The document carries its receipt: the entry, what it commits to, and the proof that leads to a signed checkpoint.  A PDF has it attached and
 *     under its signature, a page in a comment behind its end, JSON as its last member.  The rendered bytes stand at the beginning, unchanged.
 *     Signed by the platform's certificate are a PDF (PAdES) and JSON (member "signature": CMS, detached, over the rendered bytes).
 * (3) The number alone shows nothing of a person; the code beside it on the document does (the store keeps its hash only).
 * (4) A document is stale when the records that it was made from are no longer the same: its sources are read again and compared, and a correction
 *     marks it.
 *
 * Which records a document shows, and how, is its maker's business (apps/); an issuer may be shared by threads. */
#ifndef LL_REPORT_ISSUE_H
#define LL_REPORT_ISSUE_H

#include "base/config.h"
#include "catalog/catalog.h"
#include "journal/policy.h"
#include "report/pdf_sign.h"
#include "share/actor.h"
#include "share/journaling.h"
#include "share/subject.h"

enum {
    LL_ISSUE_NUMBER = 24, /* CR20261130-7K3M9QX2 and a NUL */
    LL_ISSUE_CODE = 20,   /* 7K3M-9QX2-4DTZ-PW0B and a NUL */
    LL_ISSUE_PURPOSE_MAX = 200,
    LL_ISSUE_AT_ONCE = 64,
    LL_ISSUE_SOURCES = 200,
    LL_REPORT_RECORDS = 200, /* of a resource, at most, in one document */
    LL_ISSUE_BYTES = 16 << 20
};
enum ll_issue_format { LL_ISSUE_PDF, LL_ISSUE_HTML, LL_ISSUE_JSON };
const char *ll_issue_format_word(enum ll_issue_format f); /* pdf, html, json: also how the file's name ends */
const char *ll_issue_format_type(enum ll_issue_format f); /* its media type */
bool ll_issue_format_signs(enum ll_issue_format f);       /* by the platform's certificate */

struct ll_issuer;
struct ll_issuer_opts {
    const struct ll_settings *set;
    struct ll_store *store;
    struct ll_journaling *journaling;
};
/* Everything in opts is borrowed until it is closed.  Makes the platform's certificate where none is installed. */
int ll_issuer_open(const struct ll_issuer_opts *o, struct ll_issuer **ret, struct ll_err *err) LL_MUST;
struct ll_issuer *ll_issuer_close(struct ll_issuer *i); /* NULL is fine; returns NULL */
const char *ll_issuer_name(const struct ll_issuer *i);  /* setting report_issuer */
const struct ll_cert_info *ll_issuer_cert(const struct ll_issuer *i);
/* The certificate that documents are signed with, as PEM; made where none is installed. */
int ll_issuer_certificate(const struct ll_settings *set, struct ll_keyring *keys, struct ll_buf *out,
                          struct ll_err *err) LL_MUST;

/* A new number and code.  prefix: two letters of the kind. */
int ll_issue_number(const char *prefix, int64_t at, char number[LL_ISSUE_NUMBER], char code[LL_ISSUE_CODE],
                    struct ll_err *err) LL_MUST;

/* The records of one resource that a document was made from. */
struct ll_issue_source {
    const char *resource;
    int64_t batch; /* number of the newest */
    size_t records;
    unsigned char hash[LL_DIGEST]; /* of all that was shown, whatever the order */
    const char *items;             /* those that were read, divided by blanks; NULL: all */
};
void ll_issue_source_of(const struct ll_subject_group *g, struct ll_issue_source *ret);

struct ll_issue {
    const char *number, *code, *kind, *purpose;
    enum ll_issue_format format;
    const struct ll_actor *actor; /* who asked */
    const char *grant;            /* under which a consumer was given it; NULL: none */
    int64_t at;
    const struct ll_subject *subject;
    const struct ll_issue_source *sources;
    size_t n_sources;
    struct ll_buf
        body; /* rendered, JSON without its last brace; ll_issue_all puts what is handed out in its place */
    struct ll_pdf_place mark; /* format PDF */
    uint64_t entry;           /* set by ll_issue_all: in the journal */
};
/* At most LL_ISSUE_AT_ONCE of them under one wait.  All, or none is handed out. */
int ll_issue_all(struct ll_issuer *i, struct ll_issue *list, size_t n, struct ll_err *err) LL_MUST;

/* --- later ---------------------------------------------------------------------------------------------------------- */

struct ll_issued {
    const char *number, *kind, *format, *purpose, *organisation, *account, *sha256, *certificate;
    int64_t bytes, issued_at, withdrawn_at, entry;
    int64_t stale_at;   /* when a record that it was made from was corrected; 0: none was */
    const char *reason; /* of the withdrawal; NULL */
};
int ll_issued_get(struct ll_txn *tx, const char *number, struct ll_arena *arena, struct ll_issued *ret,
                  struct ll_err *err) LL_MUST;
struct ll_issued_query {
    const char *organisation; /* NULL: any */
    const char *state;        /* valid, stale, withdrawn; NULL: any */
    const char *sort;         /* as the route says it; NULL: newest first */
    size_t offset, limit;
};
/* Newest first. */
int ll_issued_list(struct ll_txn *tx, const struct ll_issued_query *q, struct ll_arena *arena,
                   struct ll_issued **ret, size_t *ret_n, int64_t *ret_total, struct ll_err *err) LL_MUST;
/* Is this the code that stands on it? */
int ll_issued_code(struct ll_txn *tx, const char *number, struct ll_str code, bool *ret,
                   struct ll_err *err) LL_MUST;
/* Whom it is about, as the identifier that it was asked by, in arena. */
int ll_issued_subject(struct ll_issuer *i, struct ll_txn *tx, const char *number, struct ll_arena *arena,
                      struct ll_str *ret, struct ll_err *err) LL_MUST;
struct ll_issued_source {
    const char *resource, *items; /* items NULL: all */
    unsigned char hash[LL_DIGEST];
};
/* What it was made from; in arena, at most LL_ISSUE_SOURCES. */
int ll_issued_sources(struct ll_txn *tx, const char *number, struct ll_arena *arena,
                      const struct ll_issued_source **ret, size_t *ret_n, struct ll_err *err) LL_MUST;
struct ll_issued_now {
    const struct ll_subject *subject; /* as it is now */
    const char *const *stale;         /* names of the resources whose records are not those any more */
    size_t n_stale;
};
struct ll_marks;
/* Reads the sources again, without what is no longer shared (marks); in arena. */
int ll_issued_compare(struct ll_issuer *i, struct ll_txn *tx, struct ll_tables *ts, struct ll_marks *marks,
                      const struct ll_catalog *cat, const char *number, struct ll_arena *arena,
                      struct ll_issued_now *ret, struct ll_err *err) LL_MUST;

/* The entry that says so is in the journal when it returns.  LL_CONFLICT: it was withdrawn before. */
int ll_issued_withdraw(struct ll_issuer *i, const char *number, const struct ll_actor *actor,
                       const char *reason, struct ll_err *err) LL_MUST;

/* A file by itself, without the platform. */
struct ll_issue_checked {
    const char *number, *kind, *purpose; /* in arena */
    int64_t at;
    enum ll_issue_format format;
    struct ll_cert_info cert; /* of a format that signs */
    uint64_t index;
    bool proven; /* the journal's proof was there and holds; its origin: */
    const char *origin;
};
/* policy: whose signatures on checkpoints count; NULL: the journal's part is not checked.  LL_INVALID says what does not hold. */
int ll_issue_check(struct ll_str file, const struct ll_policy *policy, struct ll_arena *arena,
                   struct ll_issue_checked *ret, struct ll_err *err) LL_MUST;

#endif
