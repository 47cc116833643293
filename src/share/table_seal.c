/* table_seal.c - sealed values of a service table: opened when a record is given out, and found by their blind indexes (table.h).
 *
 * All of a record's sealed values are opened before anybody reads it, so that one that does not open is an error and never a value that
 * seems to be missing. */
#include "share/table_impl.h"

#include "crypto/random.h"

#include <stdio.h>
#include <string.h>

static int cell_of(struct ll_table *t, const char *item, struct ll_cell **cell, struct ll_err *err)
{
    if (*cell)
        return LL_OK;
    if (!t->vault)
        return ll_fail(err, LL_IO, "资源 %s 有加密的信息项，而这里没有密钥",
                       "resource %s has sealed items, and there are no keys here", t->resource);
    return ll_cell_open(t->vault, ll_str(t->resource), ll_str(item), cell, err);
}

/* --- opening ------------------------------------------------------------------------------------------------------- */

static int open_value(struct ll_table *t, struct table_column *c, struct ll_str sealed, struct ll_err *err)
{
    int rc = cell_of(t, c->name, &c->cell, err);

    c->at = t->opened.n;
    c->opened.kind = LL_SV_TEXT;
    if (rc == LL_OK && (rc = ll_cell_unseal(c->cell, sealed, &t->opened, err)) == LL_OK)
        c->opened.s.n = t->opened.n - c->at;
    return rc;
}

/* The buffer may have moved while it grew. */
static void place_values(struct ll_table *t)
{
    for (size_t i = 0; i < t->n_columns; i++) {
        struct table_column *c = &t->columns[i];
        if (!t->segment->sealed[i] || c->opened.kind == LL_SV_NULL)
            continue;
        c->opened = ll_seg_value_of((struct ll_str){t->opened.p ? t->opened.p + c->at : "", c->opened.s.n},
                                    c->kind);
    }
}

int ll_table_open_row(struct ll_table *t, struct ll_err *err)
{
    int rc = LL_OK;

    if (!t->segment->any_sealed)
        return LL_OK;
    ll_buf_clear(&t->opened);
    for (size_t i = 0; i < t->n_columns && rc == LL_OK; i++) {
        if (!t->segment->sealed[i])
            continue;
        struct ll_seg_value v = ll_seg_get(t->reader, t->segment->map[i] - 1);
        t->columns[i].opened = (struct ll_seg_value){.kind = LL_SV_NULL};
        if (v.kind != LL_SV_NULL)
            rc = open_value(t, &t->columns[i], v.s, err);
    }
    if (rc == LL_OK)
        place_values(t);
    return rc;
}

/* --- finding ------------------------------------------------------------------------------------------------------- */

/* A number is indexed in its digits alone, whatever zeros were written before them. */
static struct ll_str canonical(struct ll_str text, enum ll_seg_kind kind, char digits[24])
{
    struct ll_seg_value v = ll_seg_value_of(text, kind);

    if (v.kind != LL_SV_INT)
        return text;
    return (struct ll_str){digits, (size_t)snprintf(digits, 24, "%lld", (long long)v.i)};
}

static int blind_key(struct ll_table *t, const struct ll_str *key, struct ll_err *err)
{
    char digits[LL_TABLE_KEY][24];
    struct ll_str parts[LL_TABLE_KEY];
    int rc = cell_of(t, "", &t->key_cell, err);

    for (size_t i = 0; i < t->n_key; i++)
        parts[i] = canonical(key[i], t->columns[t->key[i]].kind, digits[i]);
    return rc < 0 ? rc : ll_cell_blind(t->key_cell, parts, t->n_key, t->index, err);
}

int ll_table_file_key(struct ll_table *t, const struct ll_str *key, size_t n_key, struct ll_str *out,
                      size_t *ret_n, struct ll_err *err)
{
    int rc = LL_OK;

    if (n_key != t->n_key)
        return ll_fail(err, LL_USAGE, "数据资源 %s 的主键有 %zu 部分，给出了 %zu 部分",
                       "the key of resource %s has %zu parts, %zu were given", t->resource, t->n_key, n_key);
    *ret_n = t->key_sealed ? 1 : n_key;
    if (!t->key_sealed)
        memcpy(out, key, n_key * sizeof *key);
    else if ((rc = blind_key(t, key, err)) == LL_OK)
        out[0] = (struct ll_str){(const char *)t->index, sizeof t->index};
    return rc;
}

int ll_table_blind(struct ll_table *t, struct ll_err *err)
{
    char digits[24];
    int rc, at = ll_table_column(t, t->column);

    if (t->has_blind || at < 0)
        return LL_OK;
    struct ll_str value = canonical(ll_buf_view(&t->value), t->columns[at].kind, digits);
    if ((rc = cell_of(t, t->columns[at].name, &t->columns[at].cell, err)) == LL_OK)
        rc = ll_cell_blind(t->columns[at].cell, &value, 1, t->blind, err);
    t->has_blind = rc == LL_OK;
    return rc;
}
