/* known.c - see known.h. */
#include "apps/collect/known.h"

#include "crypto/hash.h"
#include "crypto/random.h"
#include "intake/batch.h"
#include "intake/stored.h"

#include <string.h>

bool ll_known_may(const struct ll_areas *a, const struct ll_form *form)
{
    for (size_t i = 0; i < form->n; i++)
        if (!form->fields[i].plain || !ll_collected_shows(&a->how, form->fields[i].item->name))
            return false;
    return true;
}

struct reading {
    const struct ll_form *form;
    struct ll_arena *arena;
    struct ll_str *cells;
    const char **version;
    size_t n;
};

/* A code as the form offers it; anything else as it is stored. */
static int text_of(struct reading *k, const struct ll_field *f, struct ll_str value, struct ll_str *ret,
                   struct ll_err *err)
{
    const struct ll_code *code = f->codes ? ll_codeset_by_code(f->codes, value) : NULL;
    struct ll_buf b = LL_BUF_INIT(1 << 16);

    if (code)
        ll_field_choice(&b, f, code);
    else
        ll_buf_str(&b, value);
    const char *text = b.failed ? NULL : ll_arena_dup(k->arena, ll_buf_view(&b));
    ll_buf_free(&b);
    if (!text)
        return ll_fail(err, LL_NOMEM, "内存不足", "out of memory");
    *ret = ll_str(text);
    return LL_OK;
}

static int take(void *ctx, const struct ll_lake_value *row, size_t n, struct ll_err *err)
{
    struct reading *k = ctx;
    struct ll_str *cells = k->cells + k->n * k->form->n;
    struct ll_hash *hash = NULL;
    char hex[LL_SHA256_HEX];
    int rc = LL_OK;

    (void)n;
    if (k->n == LL_KNOWN_MAX)
        return ll_fail(err, LL_TOOBIG, "这个区域的记录超过 %d 条", "this area has more than %d records",
                       LL_KNOWN_MAX);
    if ((rc = ll_hash_open(&hash, err)) < 0)
        return rc;
    for (size_t i = 0; i < k->form->n && rc == LL_OK; i++) {
        cells[i] = (struct ll_str){NULL, 0};
        ll_hash_add(hash, row[i].kind == LL_LV_TEXT ? "+" : "-", 1);
        if (row[i].kind != LL_LV_TEXT)
            continue;
        ll_hash_add(hash, row[i].s.p, row[i].s.n);
        ll_hash_add(hash, "", 1);
        rc = text_of(k, &k->form->fields[i], row[i].s, &cells[i], err);
    }
    ll_hash_hex(hash, hex);
    hex[32] = 0;
    if (rc == LL_OK && !(k->version[k->n++] = ll_arena_dup(k->arena, ll_str(hex))))
        rc = ll_fail(err, LL_NOMEM, "内存不足", "out of memory");
    return rc;
}

/* In the unit that the form asks for: 12000 元 is 1.2 万元 there. */
static void put_amount(struct ll_buf *sql, const struct ll_field *f, const char *name)
{
    unsigned power = 0, own = 0;

    if (f->unit)
        (void)ll_unit_parse(ll_str(f->unit), &power);
    if (f->item->element->unit)
        (void)ll_unit_parse(ll_str(f->item->element->unit), &own);
    if (power <= own) {
        ll_stored_text(sql, f->item->element, name);
        return;
    }
    ll_buf_printf(
        sql,
        "rtrim(rtrim(CAST(CAST(%s AS DECIMAL(28,4)) * CAST(1e-%u AS DECIMAL(9,8)) AS VARCHAR), '0'), '.')",
        name, power - own);
}

static void put_field(struct ll_buf *sql, const struct ll_field *f)
{
    struct ll_buf name = LL_BUF_INIT(1024);
    enum ll_type t = f->item->element->type;

    ll_buf_sql_name(&name, ll_str(f->item->name));
    if (t == LL_TYPE_DECIMAL || t == LL_TYPE_INTEGER)
        put_amount(sql, f, name.p);
    else if (t == LL_TYPE_BOOLEAN)
        ll_buf_printf(sql, "CASE WHEN %s THEN '是' WHEN NOT %s THEN '否' END", name.p, name.p);
    else
        ll_stored_text(sql, f->item->element, name.p);
    ll_buf_free(&name);
}

static int make_sql(struct ll_data *d, const struct ll_areas *a, const struct ll_form *form, const char *area,
                    struct ll_arena *arena, struct ll_buf *sql, struct ll_err *err)
{
    struct ll_batch *live = NULL;
    struct ll_buf current = LL_BUF_INIT(8 << 20);
    size_t n = 0;
    int rc = ll_batch_live(d, a->resource->name, a->resource->version, -1, NULL, arena, &live, &n, err);

    if (rc < 0 || n == 0)
        return rc;
    rc = ll_batch_current_sql(d, a->resource, live, n, &current, err);
    for (size_t i = 0; i < form->n; i++) {
        ll_buf_z(sql, i ? ", " : "SELECT ");
        put_field(sql, &form->fields[i]);
    }
    ll_buf_z(sql, " FROM (SELECT ");
    ll_stored_items(sql, a->resource);
    ll_buf_printf(sql, " FROM (%s) WHERE ", current.p ? current.p : "");
    ll_stored_value(sql, a->resource, a->item);
    ll_buf_z(sql, " = ");
    ll_buf_sql(sql, ll_str(area));
    ll_buf_z(sql, ") ORDER BY ");
    for (size_t i = 0; i < a->resource->n_key; i++) {
        ll_buf_z(sql, i ? ", " : "");
        ll_buf_sql_name(sql, ll_str(a->resource->key[i]->name));
    }
    ll_buf_free(&current);
    return rc < 0 ? rc : sql->failed ? ll_no_memory(err) : 1;
}

int ll_known_read(struct ll_data *d, const struct ll_areas *a, const struct ll_form *form, const char *area,
                  struct ll_arena *arena, struct ll_known *ret, struct ll_err *err)
{
    struct reading k = {.form = form, .arena = arena};
    struct ll_buf sql = LL_BUF_INIT(16 << 20);
    struct ll_lake_conn *c = NULL;
    struct ll_lake *lake = NULL;
    int rc;

    *ret = (struct ll_known){.n = 0};
    if (!ll_known_may(a, form))
        return LL_OK;
    if ((rc = make_sql(d, a, form, area, arena, &sql, err)) <= 0)
        goto done;
    k.cells = ll_arena_array(arena, (size_t)LL_KNOWN_MAX * form->n, sizeof *k.cells);
    k.version = ll_arena_array(arena, LL_KNOWN_MAX, sizeof *k.version);
    rc = k.cells && k.version ? ll_data_lake(d, &lake, err) : ll_no_memory(err);
    if (rc == LL_OK && (rc = ll_lake_connect(lake, &c, err)) == LL_OK)
        rc = ll_lake_each(c, sql.p, take, &k, err);
    *ret = (struct ll_known){k.cells, k.version, k.n};
done:
    ll_lake_disconnect(c);
    ll_buf_wipe(&sql);
    return rc;
}
