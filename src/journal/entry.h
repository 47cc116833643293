/* entry.h - one entry of the journal: canonical JSON (canon.h) of a type of tbl/entry_types.h, at most 65535 bytes.
 *
 *   {"data":{...},"time":"2026-11-24T08:15:30.123Z","type":"batch-sealed","v":1}          an open type
 *   {"commit":"<base64url>","time":"...","type":"call","v":1}                               a sealed type
 *
 * (1) commit = SHA-256("luling-payload/v1\n" || salt || payload), the salt 16 unpredictable bytes of this entry alone.  Whoever is given
 *     salt and payload can check them against the journal; once both are erased the entry says nothing, and every proof still holds.
 * (2) Natural persons appear in payloads by pseudonym only: HMAC-SHA256 with a key of the platform, so that nobody else can try
 *     the few billion numbers there are. */
#ifndef LL_JOURNAL_ENTRY_H
#define LL_JOURNAL_ENTRY_H

#include "base/buf.h"
#include "base/err.h"
#include "journal/tbl/entry_types.h"

#define X(id, ...) LL_ENTRY_##id,
enum ll_entry_type { LL_ENTRY_TYPES(X) LL_ENTRY_TYPE_COUNT };
#undef X

enum { LL_ENTRY_MAX = 65535, LL_SALT = 16, LL_SEALED_MAX = LL_SALT + LL_ENTRY_MAX, LL_PSEUDONYM_TEXT = 44 };

const char *ll_entry_type_name(enum ll_entry_type t);
bool ll_entry_type_find(struct ll_str name, enum ll_entry_type *ret);
const char *ll_entry_type_title(enum ll_entry_type t, enum ll_lang lang);
bool ll_entry_type_sealed(enum ll_entry_type t);

/* Appends the entry to `entry` and, for a sealed type, salt and payload to `sealed`.  LL_INVALID: the payload is no canonical JSON
 * object or lacks a key of its type; LL_TOOBIG. */
int ll_entry_make(enum ll_entry_type type, struct ll_str payload, int64_t now_ms, struct ll_buf *entry,
                  struct ll_buf *sealed, struct ll_err *err) LL_MUST;

struct ll_entry {
    enum ll_entry_type type;
    unsigned version;
    int64_t time_ms;
    struct ll_str data, commit; /* one of them, borrowed; commit without quotes */
};

/* LL_INVALID for anything that ll_entry_make does not write. */
int ll_entry_parse(struct ll_str text, struct ll_entry *ret, struct ll_err *err) LL_MUST;
/* Are these the salt and payload that the entry commits to?  *ret is the payload, borrowed. */
int ll_entry_unseal(const struct ll_entry *e, struct ll_str sealed, struct ll_str *ret,
                    struct ll_err *err) LL_MUST;

/* What stands for a person in a payload: the same for the same scheme ("resident_id") and value under the same key. */
int ll_pseudonym(struct ll_str key, struct ll_str scheme, struct ll_str value, char out[LL_PSEUDONYM_TEXT],
                 struct ll_err *err) LL_MUST;

#endif
