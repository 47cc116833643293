/* deed: a statement as a party signs it, and the file of a deed, from whoever hands them over. */
#include "apps/finance/deed_file.h"

#include <stdlib.h>
#include <string.h>

/* What is read is within its bounds, has one hash, and the rules take it or refuse it. */
static void statement(struct ll_str text, struct ll_arena *arena)
{
    static struct ll_deed_statement s, again;
    const char *who[LL_DEED_ROLE_COUNT];
    struct ll_deed after, part;
    enum ll_deed_claim claim;
    struct ll_buf number = LL_BUF_INIT(4 * LL_DEED_NUMBER + 4);

    if (ll_deed_read(text, arena, &s, NULL) < 0)
        return;
    LL_ASSERT(ll_deed_read(text, arena, &again, NULL) == LL_OK && strcmp(s.id, again.id) == 0);
    LL_ASSERT(s.n_refs <= LL_DEED_REFS && s.n_parts <= LL_DEED_PARTS && s.seq > 0);
    for (size_t i = 0; i < s.n_refs; i++) {
        ll_buf_clear(&number);
        ll_deed_asset_number(ll_str(s.refs[i].number), &number);
        LL_ASSERT(number.n > 0 && !number.failed);
    }
    if (ll_deed_apply(NULL, &s, s.ledger, &after, &claim, NULL) == LL_OK)
        LL_ASSERT(ll_deed_signers(NULL, &s, who) == 1 && after.amount > 0 &&
                  after.state == LL_DEED_IS_ISSUED);
    after = (struct ll_deed){.document = s.document,
                             .root = s.document,
                             .state = LL_DEED_IS_CONFIRMED,
                             .amount = 1000000,
                             .seq = s.seq - 1,
                             .holder = "ORG-0",
                             .obligor = "ORG-1"};
    if (s.prev)
        memcpy(after.head, s.prev, sizeof after.head);
    struct ll_deed before = after;
    if (ll_deed_apply(&before, &s, s.ledger, &after, &claim, NULL) < 0)
        goto done;
    LL_ASSERT(after.financed <= after.amount && after.seq == s.seq);
    int64_t sum = 0;
    for (size_t i = 0; i < s.n_parts; i++) {
        ll_deed_part(&after, &s, i, &part);
        sum += part.amount;
    }
    LL_ASSERT(!s.n_parts || sum == before.amount);
done:
    ll_buf_free(&number);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    static const char keys[] =
        "log luling.test/journal+4ccc3ab4+AUArwqpJvxi5C7X3FcRl6NJen94V0aGUNVWYOOH4uRJc\nquorum none\n";
    struct ll_str text = {(const char *)p, n};
    struct ll_arena *arena = ll_arena_new(64 << 20);
    struct ll_policy *policy = NULL;
    struct ll_deed_checked v;

    statement(text, arena);
    if (ll_policy_parse(LL_STR(keys), &policy, NULL) == LL_OK &&
        ll_deed_file_verify(text, policy, NULL, NULL, arena, &v, NULL) == LL_OK)
        LL_ASSERT(v.encumbrance || v.deed.amount > 0);
    ll_policy_free(policy);
    ll_arena_free(arena);
    return 0;
}
