/* sink.c - the side file of refused rows, and the texts of their reasons. */
#include "intake/sift.h"

#include "base/json.h"
#include "catalog/segschema.h"
#include "crypto/base64.h"
#include "crypto/random.h"
#include "intake/data.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* A row's cells are kept up to ROW_MAX bytes in all and CELL_MAX each; the inbox has the rest.  JSON escapes make up to six bytes of one,
 * and LL_SINK_LINE bounds the line for whoever reads it back. */
enum { FLUSH_AT = 1 << 20, CELL_MAX = 64 << 10, ROW_MAX = 2 << 20 };

static int open_cells(struct ll_sink *s, struct ll_vault *vault, struct ll_err *err)
{
    struct ll_str resource = ll_str(s->resource->name);
    int rc = ll_cell_open(vault, resource, LL_STR(LL_QUARANTINE_ITEM), &s->cell, err);

    return rc < 0 || !ll_key_sealed(s->resource) ? rc
                                                 : ll_cell_open(vault, resource, LL_STR(""), &s->key, err);
}

static void free_sink(struct ll_sink *s)
{
    if (s->fd >= 0)
        close(s->fd);
    s->fd = -1;
    s->cell = ll_cell_close(s->cell);
    s->key = ll_cell_close(s->key);
    ll_buf_free(&s->buf);
    ll_buf_wipe(&s->plain);
    ll_buf_free(&s->sealed);
}

int ll_sink_open(struct ll_sink *s, const char *path, struct ll_vault *vault, const struct ll_resource *r,
                 struct ll_err *err)
{
    int rc;

    *s = (struct ll_sink){.fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640),
                          .resource = r,
                          .fix_batch = -1,
                          .fix_row = -1};
    s->buf = LL_BUF_INIT(FLUSH_AT + (size_t)LL_SINK_LINE * 3);
    s->plain = s->sealed = LL_BUF_INIT((size_t)LL_SINK_LINE * 2);
    if (s->fd < 0)
        return ll_fail_errno(err, LL_IO, "无法写入 %s", "cannot write %s", path);
    if (vault && (rc = open_cells(s, vault, err)) < 0) {
        free_sink(s);
        return rc;
    }
    return LL_OK;
}

const char *ll_sink_columns(bool sealed)
{
    return sealed ? "row, line, codes, \"key\", from_hex(index) AS " LL_KEY_COLUMN
                    ", from_base64(sealed) AS " LL_SEALED_PREFIX LL_QUARANTINE_ITEM ", fix_batch, fix_row"
                  : "row, line, codes, zh, en, \"key\", cells, \"each\", fix_batch, fix_row";
}

static int flush(struct ll_sink *s, struct ll_err *err)
{
    size_t done = 0;

    if (s->buf.failed)
        return ll_fail(err, LL_NOMEM, "隔离区缓冲内存不足", "out of memory for the quarantine");
    while (done < s->buf.n) {
        ssize_t n = write(s->fd, s->buf.p + done, s->buf.n - done);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return ll_fail_errno(err, LL_IO, "无法写入隔离区文件", "cannot write the quarantine file");
        done += (size_t)n;
    }
    ll_buf_clear(&s->buf);
    return LL_OK;
}

int ll_sink_close(struct ll_sink *s, struct ll_err *err)
{
    int rc = s->fd >= 0 ? flush(s, err) : LL_OK;

    free_sink(s);
    return rc;
}

static void put_codes(struct ll_json *j, const struct ll_reason *reasons, size_t n)
{
    ll_json_key(j, "codes");
    ll_json_arr(j);
    for (size_t i = 0; i < n; i++) {
        char code[128];
        const struct ll_reason *r = &reasons[i];
        snprintf(code, sizeof code, "%s%s%s", r->item ? r->item : "", r->item ? ":" : "",
                 ll_fault_code(r->fault));
        ll_json_z(j, code);
    }
    ll_json_end_arr(j);
}

static void put_text(struct ll_json *j, const char *key, enum ll_lang lang, const struct ll_reason *reasons,
                     size_t n)
{
    struct ll_buf text = LL_BUF_INIT(1 << 20);

    for (size_t i = 0; i < n; i++) {
        const struct ll_reason *r = &reasons[i];
        bool zh = lang == LL_ZH;
        if (i)
            ll_buf_z(&text, zh ? "；" : "; ");
        ll_fault_text(&text, r->fault, lang, ll_str(zh ? r->title_zh : r->title_en), r->value,
                      zh ? r->detail_zh : r->detail_en);
    }
    ll_json_ks(j, key, ll_buf_view(&text));
    ll_buf_free(&text);
}

/* A rule speaks of the items that its predicate names, in the order of the resource. */
static bool names_item(const char *predicate, const char *item)
{
    static const char word[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
    size_t n = strlen(item);

    for (const char *p = strstr(predicate, item); p; p = strstr(p + 1, item))
        if ((p == predicate || !strchr(word, p[-1])) && (!p[n] || !strchr(word, p[n])))
            return true;
    return false;
}

static void put_items(struct ll_json *j, const struct ll_resource *r, const struct ll_reason *reason)
{
    ll_json_key(j, "items");
    ll_json_arr(j);
    if (reason->item)
        ll_json_z(j, reason->item);
    for (size_t i = 0; reason->check && i < r->n_items; i++)
        if (names_item(reason->check->predicate, r->items[i].name))
            ll_json_z(j, r->items[i].name);
    for (size_t i = 0; reason->fault == LL_FAULT_DUPLICATE && !reason->item && i < r->n_key; i++)
        ll_json_z(j, r->key[i]->name);
    ll_json_end_arr(j);
}

static void put_each(struct ll_json *j, const struct ll_resource *r, const struct ll_reason *reasons,
                     size_t n)
{
    ll_json_key(j, "each");
    ll_json_arr(j);
    for (size_t i = 0; i < n; i++) {
        ll_json_obj(j);
        ll_json_kz(j, "code", ll_fault_code(reasons[i].fault));
        put_text(j, "zh", LL_ZH, &reasons[i], 1);
        put_text(j, "en", LL_EN, &reasons[i], 1);
        put_items(j, r, &reasons[i]);
        ll_json_end_obj(j);
    }
    ll_json_end_arr(j);
}

static void put_cells(struct ll_json *j, const struct ll_row *row)
{
    size_t fair = row->n ? ROW_MAX / row->n : CELL_MAX, most = fair < CELL_MAX ? fair : CELL_MAX;

    ll_json_key(j, "cells");
    ll_json_arr(j);
    for (size_t i = 0; i < row->n; i++) {
        struct ll_str c = row->cells[i];
        if (c.n > most)
            c.n = most;
        if (c.p)
            ll_json_str(j, c);
        else
            ll_json_null(j);
    }
    ll_json_end_arr(j);
}

/* Parts joined as the engine joins them (fixes.c). */
static void put_key(struct ll_json *j, const struct ll_sink *s, const struct ll_str *key)
{
    struct ll_buf text = LL_BUF_INIT(1 << 20);

    ll_json_key(j, "key");
    for (size_t i = 0; key && !s->key && i < s->resource->n_key; i++) {
        if (i)
            ll_buf_c(&text, '|');
        ll_buf_str(&text, key[i]);
    }
    if (key && !s->key)
        ll_json_str(j, ll_buf_view(&text));
    else
        ll_json_null(j);
    ll_buf_free(&text);
}

static int put_index(struct ll_json *j, struct ll_sink *s, const struct ll_str *key, struct ll_err *err)
{
    unsigned char index[LL_BLIND];
    struct ll_buf hex = LL_BUF_INIT(LL_BLIND * 2 + 1);
    int rc;

    if (!key || !s->key)
        return LL_OK;
    if ((rc = ll_cell_blind(s->key, key, s->resource->n_key, index, err)) < 0)
        return rc;
    ll_hex_put(&hex, index, sizeof index);
    ll_json_ks(j, "index", ll_buf_view(&hex));
    ll_buf_free(&hex);
    return LL_OK;
}

static void put_told(struct ll_json *j, const struct ll_resource *r, const struct ll_row *row,
                     const struct ll_reason *reasons, size_t n)
{
    put_text(j, "zh", LL_ZH, reasons, n);
    put_text(j, "en", LL_EN, reasons, n);
    put_cells(j, row);
    put_each(j, r, reasons, n);
}

/* What of an earlier batch the row was to mend: it is mended once this one is (fixes.c). */
static void put_fix(struct ll_json *j, const struct ll_sink *s, const struct ll_row *row)
{
    int64_t number;

    if (s->fix_batch < 0 || s->fix_row < 0 || (size_t)s->fix_batch >= row->n || (size_t)s->fix_row >= row->n)
        return;
    struct ll_str batch = ll_str_trim(row->cells[s->fix_batch]);
    if (!batch.n || batch.n >= LL_ID_TEXT ||
        !ll_str_i64(ll_str_trim(row->cells[s->fix_row]), 1, INT64_MAX, &number))
        return;
    ll_json_ks(j, "fix_batch", batch);
    ll_json_ki(j, "fix_row", number);
}

static int put_sealed(struct ll_json *j, struct ll_sink *s, const struct ll_row *row,
                      const struct ll_reason *reasons, size_t n, struct ll_err *err)
{
    struct ll_json inner;
    int rc;

    ll_buf_clear(&s->plain);
    ll_buf_clear(&s->sealed);
    ll_json_init(&inner, &s->plain);
    ll_json_obj(&inner);
    put_told(&inner, s->resource, row, reasons, n);
    ll_json_end_obj(&inner);
    if (s->plain.failed)
        return ll_no_memory(err);
    if ((rc = ll_cell_seal(s->cell, ll_buf_view(&s->plain), &s->sealed, err)) < 0)
        return rc;
    ll_buf_clear(&s->plain);
    ll_base64_put(&s->plain, LL_BASE64_STD, s->sealed.p, s->sealed.n);
    ll_json_ks(j, "sealed", ll_buf_view(&s->plain));
    return s->plain.failed ? ll_no_memory(err) : LL_OK;
}

int ll_sink_row(struct ll_sink *s, const struct ll_row *row, const struct ll_str *key,
                const struct ll_reason *reasons, size_t n, struct ll_err *err)
{
    struct ll_json j;
    int rc = LL_OK;

    ll_json_init(&j, &s->buf);
    ll_json_obj(&j);
    ll_json_ki(&j, "row", (int64_t)row->number);
    ll_json_ki(&j, "line", (int64_t)row->line);
    put_codes(&j, reasons, n);
    put_key(&j, s, key);
    put_fix(&j, s, row);
    if (!s->cell)
        put_told(&j, s->resource, row, reasons, n);
    else if ((rc = put_index(&j, s, key, err)) == LL_OK)
        rc = put_sealed(&j, s, row, reasons, n, err);
    ll_json_end_obj(&j);
    ll_buf_c(&s->buf, '\n');
    s->rows++;
    if (rc < 0)
        return rc;
    return s->buf.n >= FLUSH_AT || s->buf.failed ? flush(s, err) : LL_OK;
}
