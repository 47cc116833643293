/* reading.c - see reading.h. */
#include "cli/reading.h"

void ll_reading_close(struct ll_reading *k)
{
    ll_tables_close(k->tables);
    ll_catalog_unref(k->catalog);
    ll_data_close(k->data);
}

int ll_reading_open(struct ll_cli *c, struct ll_reading *ret, struct ll_err *err)
{
    struct ll_tables_opts o = LL_TABLES_OPTS_INIT;
    struct ll_reading k = {0};
    int rc;

    o.data_dir = c->set->data_dir;
    if ((rc = ll_session_open(c, &k.data, err)) < 0)
        return rc;
    o.vault = ll_data_vault(k.data);
    if ((rc = ll_data_catalog(k.data, &k.catalog, err)) < 0 ||
        (rc = ll_tables_open(ll_data_store(k.data), &o, &k.tables, err)) < 0) {
        ll_reading_close(&k);
        return rc;
    }
    *ret = k;
    return LL_OK;
}
