/* deed_asset.h - what a deed rests on, so that the same invoice under two deeds is seen to be the same, and nobody else sees which it is.
 *
 *   identity   canonical JSON: {"number":...,"type":"invoice"} with "holder" and "obligor" where they belong to it (tbl/deed_words.h); the number
 *              as deed_asset.c makes all its spellings one, organisations by their credit code where they have one
 *   opening    HMAC-SHA256 by a key of the platform of "luling-asset-opening/v1\n" and the identity
 *   tag        SHA-256 of "luling-asset/v1\n", the opening's 32 bytes and the identity, in base64url
 *
 * (1) Tags stand in the journal.  Without the opening nobody can try which invoice a tag is.
 * (2) Who is refused because an invoice is encumbered is given its opening: with it and the identity, which they know, they see that the tag is this
 *     invoice's, that the journal had it, and nothing of by whom or how. */
#ifndef LL_APPS_FINANCE_DEED_ASSET_H
#define LL_APPS_FINANCE_DEED_ASSET_H

#include "apps/finance/deed.h"
#include "base/buf.h"
#include "crypto/digest.h"

struct ll_deed_asset {
    char tag[LL_DEED_HASH + 1], opening[LL_DEED_HASH + 1];
    const char *identity; /* canonical JSON */
};

/* One spelling of a number: full-width to half-width, small letters to capitals, no blanks or punctuation, no leading zeros.  Appended to out. */
void ll_deed_asset_number(struct ll_str text, struct ll_buf *out);
/* holder, obligor: as the identity has them. */
int ll_deed_asset_make(struct ll_str key, const struct ll_deed_reference *r, const char *holder,
                       const char *obligor, struct ll_arena *arena, struct ll_deed_asset *ret,
                       struct ll_err *err) LL_MUST;
/* The tag of an identity and its opening, by whoever checks. */
bool ll_deed_asset_tag(struct ll_str opening, struct ll_str identity, char out[LL_DEED_HASH + 1]);

#endif
