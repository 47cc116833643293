/* refusal.c - see refusal.h. */
#include "apps/finance/refusal.h"

#include "catalog/pack.h"

enum column { REASON, ADVICE, ADVICE_EN, COLUMNS };
static const char *const columns[COLUMNS] = {"reason", "advice", "advice_en"};

struct reading {
    const char *code;
    struct ll_arena *arena;
    struct ll_refusal_advice *ret;
};

static int take(void *ctx, const char *pack, const struct ll_str *cells, struct ll_err *err)
{
    struct reading *r = ctx;

    (void)pack;
    if (!ll_str_is(cells[REASON], r->code))
        return LL_OK;
    r->ret->text[LL_ZH] = ll_arena_dup(r->arena, cells[ADVICE]);
    r->ret->text[LL_EN] = ll_arena_dup(r->arena, cells[ADVICE_EN]);
    return r->ret->text[LL_ZH] && r->ret->text[LL_EN] ? LL_OK : ll_no_memory(err);
}

int ll_refusal_advice(struct ll_txn *tx, const char *code, struct ll_arena *arena,
                      struct ll_refusal_advice *ret, struct ll_err *err)
{
    struct reading r = {code, arena, ret};

    *ret = (struct ll_refusal_advice){{NULL, NULL}};
    return ll_pack_use_each(tx, NULL, "refusal_advice.csv", columns, COLUMNS, take, &r, err);
}
