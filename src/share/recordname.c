/* recordname.c - see recordname.h. */
#include "share/recordname.h"

#include "crypto/base64.h"
#include "crypto/random.h"

enum { RECORD_MAX = 500 };

#define SEALED "sealed:"
#define SEALED_ITEM "ll_objection" /* no item begins with ll_ */

static int seal_record(struct ll_vault *v, const struct ll_resource *r, const char *record,
                       struct ll_buf *out, struct ll_err *err)
{
    struct ll_buf sealed = LL_BUF_INIT(RECORD_MAX * 2);
    struct ll_cell *c = NULL;
    bool known = false;
    int rc = ll_vault_knows(v, r->name, &known, err);

    if (rc == LL_OK && !known) /* making its first key here would wait for the transaction that we are in */
        rc = ll_fail(err, LL_INVALID, "数据资源 %s 还没有记录", "resource %s has no records yet", r->name);
    if (rc == LL_OK && (rc = ll_cell_open(v, ll_str(r->name), LL_STR(SEALED_ITEM), &c, err)) == LL_OK &&
        (rc = ll_cell_seal(c, ll_str(record), &sealed, err)) == LL_OK) {
        ll_buf_z(out, SEALED);
        ll_base64_put(out, LL_BASE64_STD, sealed.p, sealed.n);
        rc = out->failed ? ll_no_memory(err) : LL_OK;
    }
    ll_cell_close(c);
    ll_buf_free(&sealed);
    return rc;
}

int ll_record_name_keep(struct ll_vault *v, const struct ll_resource *r, const char *record,
                        struct ll_buf *out, struct ll_err *err)
{
    if (record && ll_key_sealed(r))
        return seal_record(v, r, record, out, err);
    ll_buf_z(out, record ? record : "");
    return out->failed ? ll_no_memory(err) : LL_OK;
}

const char *ll_record_name_open(struct ll_vault *v, const char *resource, const char *stored,
                                struct ll_arena *arena)
{
    struct ll_buf sealed = LL_BUF_INIT(RECORD_MAX * 4), text = LL_BUF_INIT(RECORD_MAX * 4);
    struct ll_str rest = ll_str(stored);
    struct ll_cell *c = NULL;
    const char *shown = stored;

    if (!v || !stored || !ll_str_starts(rest, LL_STR(SEALED)))
        return stored;
    rest = (struct ll_str){rest.p + sizeof SEALED - 1, rest.n - (sizeof SEALED - 1)};
    if (ll_base64_get(rest, LL_BASE64_STD, &sealed, NULL) == LL_OK &&
        ll_cell_open(v, ll_str(resource), LL_STR(SEALED_ITEM), &c, NULL) == LL_OK &&
        ll_cell_unseal(c, ll_buf_view(&sealed), &text, NULL) == LL_OK)
        shown = ll_arena_dup(arena, ll_buf_view(&text));
    ll_cell_close(c);
    ll_buf_free(&sealed);
    ll_buf_wipe(&text);
    return shown ? shown : stored;
}
