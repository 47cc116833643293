/* correction_read.c - the pages of corrections, for the organisation that they are about (correction.h). */
#include "share/correction_impl.h"

#include "base/clock.h"
#include "crypto/base64.h"

#include <inttypes.h>
#include <stdio.h>

enum { PAGE_MAX = 4 << 20 };

static int unseal(struct ll_cell *cell, struct ll_str b64, struct ll_buf *out, struct ll_err *err)
{
    struct ll_buf sealed = LL_BUF_INIT(PAGE_MAX * 2);
    int rc = ll_base64_get(b64, LL_BASE64_STD, &sealed, err);

    if (rc == LL_OK)
        rc = ll_cell_unseal(cell, ll_buf_view(&sealed), out, err);
    ll_buf_free(&sealed);
    return rc;
}

static int put_page(struct ll_cell *cell, struct ll_stmt *s, struct ll_json *j, struct ll_err *err)
{
    struct ll_buf text = LL_BUF_INIT(PAGE_MAX);
    char when[LL_TIME_TEXT];
    int rc = unseal(cell, ll_col_text(s, 5), &text, err);

    if (rc == LL_OK) {
        ll_json_obj(j);
        ll_json_ki(j, "page", ll_col_int(s, 0));
        ll_json_ks(j, "resource", ll_col_text(s, 1));
        ll_json_ks(j, "act", ll_col_text(s, 2));
        ll_json_key(j, "batch");
        if (ll_col_null(s, 3))
            ll_json_null(j);
        else
            ll_json_str(j, ll_col_text(s, 3));
        ll_json_kz(j, "at", ll_time_text(ll_col_int(s, 6), when));
        ll_json_kb(j, "whole", ll_col_int(s, 4) == 0);
        ll_json_key(j, "records");
        ll_json_raw(j, ll_buf_view(&text));
        ll_json_end_obj(j);
    }
    ll_buf_free(&text);
    return rc;
}

int ll_corrections_put(struct ll_gateway *g, struct ll_txn *tx, const char *organisation,
                       struct ll_str cursor, size_t most, struct ll_json *j, size_t *ret_n,
                       struct ll_err *err)
{
    struct ll_cell *cell = NULL;
    struct ll_stmt *s = NULL;
    char text[24];
    int64_t after = 0;
    size_t n = 0;
    int more = 0, rc;

    *ret_n = 0;
    if (cursor.n && !ll_str_i64(cursor, 0, INT64_MAX - 1, &after))
        return ll_fail(err, LL_USAGE, "游标不是本接口给出的", "the cursor is not one that this service gave");
    rc = ll_sql(
        tx,
        "SELECT seq, resource, act, batch, records, sealed, at FROM correction WHERE organisation = $1 AND seq > $2"
        " ORDER BY seq LIMIT $3",
        &s, err);
    if (rc == LL_OK) {
        ll_bind_z(s, 1, organisation);
        ll_bind_int(s, 2, after);
        ll_bind_int(s, 3, (int64_t)most + 1);
        ll_json_key(j, "items");
        ll_json_arr(j);
        while (rc == LL_OK && (more = ll_step(s, err)) > 0 && n++ < most) {
            after = ll_col_int(s, 0);
            *ret_n += (size_t)ll_col_int(s, 4);
            if (cell || (rc = ll_cell_open(g->o.vault, ll_str(LL_CORRECTIONS_AS), LL_STR("page"), &cell,
                                           err)) == LL_OK)
                rc = put_page(cell, s, j, err);
        }
        ll_json_end_arr(j);
        snprintf(text, sizeof text, "%" PRId64, after);
        ll_json_kz(j, "cursor", text);
        ll_json_kb(j, "more", more > 0);
    }
    ll_stmt_done(s);
    ll_cell_close(cell);
    return more < 0 ? more : rc;
}
