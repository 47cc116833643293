/* entries.h - the journal's entries, newest first, for those who oversee: found by type, organisation, time or subject.
 *
 * (1) The list is read from the journal itself (journal/browse.h), some thousands of entries an answer at most; an answer that ends
 *     earlier than the journal says where to go on.
 * (2) What sealed entries commit to is for the auditor: without `contents` neither is anything of it told, nor can it be searched by.
 * (3) A subject is named by its pseudonym; its entries are those of table `look`, which follows from the journal (ledger.h). */
#ifndef LL_SHARE_ENTRIES_H
#define LL_SHARE_ENTRIES_H

#include "base/json.h"
#include "journal/journal.h"
#include "share/ledger.h"

struct ll_entries {
    struct ll_store *st;
    struct ll_journal *journal;
    struct ll_ledger *ledger;
};

struct ll_entries_query {
    bool contents; /* the reader may see what sealed entries commit to */
    bool typed;
    enum ll_entry_type type;    /* where typed */
    struct ll_str organisation; /* n 0: any; needs contents */
    const char *subject;        /* pseudonym; NULL: any; needs contents */
    int64_t from_ms, to_ms;     /* both within */
    int64_t before;             /* entries below it; INT64_MAX: from the newest */
    size_t limit;
};

/* {"items":[...], "size", "next"}: next is the `before` of the next answer, null when there is no more. */
int ll_entries_put(const struct ll_entries *of, const struct ll_entries_query *q, struct ll_json *j,
                   struct ll_err *err) LL_MUST;
/* {"index", "type", ..., "sealed"}: salt and payload of one entry in base64, null where it has none (any more). */
int ll_entry_contents_put(const struct ll_entries *of, uint64_t index, struct ll_json *j,
                          struct ll_err *err) LL_MUST;

#endif
