/* note.h - signed notes (C2SP signed-note): a text, and below it signatures by named keys.
 *
 *   <text, ends with a line end>
 *   <empty line>
 *   — <name> <base64 of key id (4 bytes) and signature>        one line a signature
 *
 * (1) The text is cut off at the last empty line; it is UTF-8 without control characters but line ends.
 * (2) A signature of an unknown key (name and id) is passed over; one of a known key that does not verify refuses the whole note.
 * (3) A key is written as a vkey: <name>+<id, 8 hexadecimal digits>+<base64 of type byte and public key>. */
#ifndef LL_JOURNAL_NOTE_H
#define LL_JOURNAL_NOTE_H

#include "base/buf.h"
#include "base/err.h"
#include "crypto/key.h"

enum {
    LL_NOTE_MAX = 64 << 10, /* bytes of a note */
    LL_NOTE_SIGS = 64,      /* signatures of a note */
    LL_NOTE_NAME = 256,     /* bytes of a key's name */
    LL_NOTE_BLOB = 4 + 8 + LL_SIGNATURE
};

/* The type byte tells what is signed and how. */
enum ll_note_type {
    LL_NOTE_ED25519 = 0x01,     /* the text */
    LL_NOTE_COSIGNATURE = 0x04, /* Ed25519 of "cosignature/v1", a time, the text (C2SP tlog-cosignature) */
    LL_NOTE_SM2 = 0xff /* ours: SM2 with SM3 of the text; the key id is made over "sm2-sm3/v1" and the key */
};

struct ll_note_sig {
    struct ll_str name;
    unsigned char id[4];
    unsigned char blob[LL_NOTE_BLOB]; /* what follows the id, the first n bytes of it */
    size_t n;                         /* 0 when it is longer than any signature that we know */
};

struct ll_note {
    struct ll_str text; /* borrowed from what was parsed, as the names are */
    struct ll_note_sig sig[LL_NOTE_SIGS];
    size_t n_sigs;
};

/* LL_INVALID says what is not as it should be. */
int ll_note_parse(struct ll_str note, struct ll_note *ret, struct ll_err *err) LL_MUST;

/* A key that a note is checked with, or, with its private half, signed with. */
struct ll_vkey {
    char name[LL_NOTE_NAME];
    enum ll_note_type type;
    unsigned char id[4];
    const struct ll_key *key;
    struct ll_key *own; /* the same, where it is the vkey's own */
};

/* LL_INVALID: the name has a blank or a plus sign, or the key does not fit the type.  The key is borrowed. */
int ll_vkey_borrow(struct ll_vkey *ret, const char *name, enum ll_note_type type, const struct ll_key *key,
                   struct ll_err *err) LL_MUST;
/* The same, and takes the key over, also on failure. */
int ll_vkey_make(struct ll_vkey *ret, const char *name, enum ll_note_type type, struct ll_key *key,
                 struct ll_err *err) LL_MUST;
int ll_vkey_parse(struct ll_vkey *ret, struct ll_str text, struct ll_err *err) LL_MUST;
void ll_vkey_put(const struct ll_vkey *v, struct ll_buf *out);
void ll_vkey_free(struct ll_vkey *v); /* fine for one that is borrowed, or zeroed */

/* Appends the line of a signature; `seconds` counts for cosignatures only. */
int ll_note_sign(const struct ll_vkey *v, struct ll_str text, int64_t seconds, struct ll_buf *out,
                 struct ll_err *err) LL_MUST;
/* As ll_note_sign, over a signature that was made before. */
void ll_note_put_sig(const struct ll_vkey *v, const void *blob, size_t n, struct ll_buf *out);

/* The signature that v made: NULL when there is none.  *ret_rc is LL_INVALID when there is one that does not verify. */
const struct ll_note_sig *ll_note_find(const struct ll_note *note, const struct ll_vkey *v);
int ll_note_check(const struct ll_note *note, const struct ll_vkey *v, const struct ll_note_sig *sig,
                  int64_t *ret_seconds, struct ll_err *err) LL_MUST;
/* Rule (2) for n keys; LL_INVALID as well when none of them signed.  good[i], where asked for, tells who did. */
int ll_note_verify(const struct ll_note *note, const struct ll_vkey *keys, size_t n, bool *good,
                   struct ll_err *err) LL_MUST;

#endif
