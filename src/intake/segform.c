/* segform.c - see segform.h. */
#include "intake/segform.h"

#include "catalog/segschema.h"
#include "intake/stored.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

static bool has_column(const struct ll_seg *s, const char *prefix, const char *item)
{
    size_t n = strlen(prefix);

    for (size_t i = 0; i < ll_seg_columns(s); i++)
        if (strncmp(ll_seg_column_name(s, i), prefix, n) == 0 &&
            strcmp(ll_seg_column_name(s, i) + n, item) == 0)
            return true;
    return false;
}

/* An item that the file lacks altogether was added since. */
static bool same_form(const struct ll_seg *s, const struct ll_resource *r)
{
    if (has_column(s, "", LL_KEY_COLUMN) != ll_key_sealed(r))
        return false;
    for (size_t i = 0; i < r->n_items; i++)
        if (has_column(s, ll_item_sealed(&r->items[i]) ? "" : LL_SEALED_PREFIX, r->items[i].name))
            return false;
    return true;
}

/* The parts of a segment are alike: the first tells. */
static int check_segment(struct ll_data *d, const struct ll_resource *r, struct ll_str parts, bool *ret,
                         struct ll_err *err)
{
    json_t *list = json_loadb(parts.p, parts.n, 0, NULL);
    const char *file = json_string_value(json_object_get(json_array_get(list, 0), "file"));
    struct ll_seg *s = NULL;
    char path[LL_PATH];
    int rc = LL_OK;

    if (file && (rc = ll_data_path(d, path, err, "service/%s/%s", r->name, file)) == LL_OK &&
        (rc = ll_seg_open(path, &s, err)) == LL_OK)
        *ret = same_form(s, r);
    ll_seg_close(s);
    json_decref(list);
    return rc;
}

static int check_all(struct ll_data *d, const struct ll_resource *r, bool *ret, struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    struct ll_stmt *s = NULL;
    int more = 0, rc = ll_txn_begin(ll_data_store(d), false, &tx, err);

    if (rc == LL_OK && (rc = ll_sql(tx, "SELECT parts FROM segment WHERE resource = $1 AND version = $2", &s,
                                    err)) == LL_OK) {
        ll_bind_z(s, 1, r->name);
        ll_bind_int(s, 2, r->version);
        while (rc == LL_OK && *ret && (more = ll_step(s, err)) > 0)
            rc = check_segment(d, r, ll_col_text(s, 0), ret, err);
    }
    ll_stmt_done(s);
    ll_txn_end(tx);
    return rc < 0 ? rc : more < 0 ? more : LL_OK;
}

int ll_segform_is_current(struct ll_data *d, const struct ll_resource *r, bool *ret, struct ll_err *err)
{
    bool wanted = false;
    int rc = ll_stored_wanted(d, r, &wanted, err);

    *ret = true;
    return rc < 0 || !wanted ? rc : check_all(d, r, ret, err);
}
