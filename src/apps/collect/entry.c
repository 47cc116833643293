/* entry.c - see entry.h: what is sent. */
#include "apps/collect/entry.h"

#include "apps/collect/duty.h"
#include "base/clock.h"
#include "base/json.h"
#include "crypto/random.h"
#include "intake/delivery.h"

#include <string.h>

enum { ID_LEAST = 16, ID_MOST = 64, VALUE_MAX = 4000, DELIVERY_MAX = 4 << 20 };

int ll_collecting_open(struct ll_data *d, const struct ll_catalog *cat, const struct ll_actor *actor,
                       struct ll_str resource, const char *area, struct ll_arena *arena,
                       struct ll_collecting *ret, struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    int rc = ll_txn_begin(ll_data_store(d), false, &tx, err);

    *ret = (struct ll_collecting){.d = d, .area = area, .actor = actor, .arena = arena};
    if (rc == LL_OK && (rc = ll_areas_of(tx, cat, resource, arena, &ret->areas, err)) == LL_OK)
        rc = ll_collect_may(tx, actor, ret->areas.resource->name, area, err);
    ll_txn_end(tx);
    if (rc == LL_OK && (rc = ll_form_make(arena, ret->areas.resource, &ret->form, err)) == LL_OK)
        rc = ll_known_read(d, &ret->areas, &ret->form, area, arena, &ret->known, err);
    return rc;
}

/* ---- the form ---- */

static void put_choices(const struct ll_collecting *c, const struct ll_field *f, struct ll_json *j)
{
    enum { MOST = 3000 };
    struct ll_buf b = LL_BUF_INIT(4096);
    size_t n = 0;

    ll_json_key(j, "choices");
    ll_json_arr(j);
    for (size_t i = 0; f->codes && i < ll_codeset_size(f->codes) && n < MOST; i++) {
        const struct ll_code *code = ll_codeset_at(f->codes, i);
        bool region = strcmp(ll_codeset_name(f->codes), "REGION") == 0;
        if (code->historical || (region && (code->code.n < 6 || memcmp(code->code.p, c->area, 6) != 0)))
            continue;
        ll_buf_clear(&b);
        ll_field_choice(&b, f, code);
        ll_json_str(j, ll_buf_view(&b));
        n++;
    }
    ll_json_end_arr(j);
    ll_buf_free(&b);
}

static void put_bound(struct ll_json *j, const char *name, struct ll_str bound)
{
    ll_json_key(j, name);
    if (bound.n)
        ll_json_str(j, bound);
    else
        ll_json_null(j);
}

static void put_range(const struct ll_field *f, struct ll_json *j)
{
    const struct ll_element *e = f->item->element;
    struct ll_str min = {NULL, 0}, max = {NULL, 0};

    if (f->plain && e->check && e->type != LL_TYPE_IDENTIFIER)
        (void)ll_range_split(e->check, &min, &max);
    put_bound(j, "min", min);
    put_bound(j, "max", max);
}

static void put_field(const struct ll_collecting *c, const struct ll_field *f, struct ll_json *j)
{
    const struct ll_element *e = f->item->element;
    bool fixed = strcmp(f->item->name, c->areas.item->name) == 0, label = false;

    for (size_t i = 0; i < c->areas.how.n_label; i++)
        label = label || strcmp(c->areas.how.label[i], f->item->name) == 0;
    ll_json_obj(j);
    ll_json_kz(j, "name", f->title);
    ll_json_kz(j, "title", f->item->title ? f->item->title : f->item->name);
    ll_json_kz(j, "title_en", f->item->title_en ? f->item->title_en : f->item->name);
    ll_json_kz(j, "type", ll_type_name(e->type));
    ll_json_kb(j, "required", f->required);
    ll_json_kb(j, "key", f->key);
    ll_json_kb(j, "fixed", fixed);
    ll_json_kb(j, "label", label);
    ll_json_kz(j, "unit", f->unit);
    ll_json_ki(j, "length", f->plain ? e->length : 0);
    ll_json_ki(j, "scale", e->scale);
    ll_json_kz(j, "format", f->plain && e->type == LL_TYPE_TEXT ? e->format : NULL);
    ll_json_kz(j, "scheme", f->identifier ? ll_scheme_name(f->scheme) : NULL);
    put_range(f, j);
    put_choices(c, f, j);
    ll_json_end_obj(j);
}

static void put_values(const struct ll_collecting *c, size_t row, struct ll_json *j)
{
    ll_json_obj(j);
    for (size_t i = 0; i < c->form.n; i++) {
        struct ll_str v = c->known.cells[row * c->form.n + i];
        if (v.p)
            ll_json_ks(j, c->form.fields[i].title, v);
    }
    ll_json_end_obj(j);
}

static void put_record(const struct ll_collecting *c, size_t row, struct ll_json *j)
{
    ll_json_obj(j);
    ll_json_kz(j, "version", c->known.version[row]);
    ll_json_key(j, "values");
    put_values(c, row, j);
    ll_json_end_obj(j);
}

void ll_collecting_put(const struct ll_collecting *c, struct ll_json *j)
{
    ll_json_kz(j, "resource", c->areas.resource->name);
    ll_json_kz(j, "title", c->areas.resource->title);
    ll_json_kz(j, "title_en", c->areas.resource->title_en);
    ll_json_ki(j, "resource_version", c->areas.resource->version);
    ll_json_kz(j, "area", c->area);
    ll_json_kz(j, "area_title", ll_area_title(&c->areas, ll_str(c->area), c->arena));
    ll_json_kb(j, "known", ll_known_may(&c->areas, &c->form));
    ll_json_key(j, "fields");
    ll_json_arr(j);
    for (size_t i = 0; i < c->form.n; i++)
        put_field(c, &c->form.fields[i], j);
    ll_json_end_arr(j);
    ll_json_key(j, "records");
    ll_json_arr(j);
    for (size_t i = 0; i < c->known.n; i++)
        put_record(c, i, j);
    ll_json_end_arr(j);
}

/* ---- sending ---- */

static const char *value_of(const json_t *entry, const char *title)
{
    return json_string_value(json_object_get(json_object_get(entry, "values"), title));
}

static int check_shape(const struct ll_collecting *c, const json_t *entry, size_t at, struct ll_err *err)
{
    const char *id = json_string_value(json_object_get(entry, "id")), *name;
    const json_t *values = json_object_get(entry, "values"), *base = json_object_get(entry, "base");
    size_t n = id ? strlen(id) : 0;
    json_t *v;

    if (n < ID_LEAST || n > ID_MOST || strspn(id, "0123456789abcdef-") != n)
        return ll_fail(err, LL_USAGE, "第 %zu 条的 id 应为 %d 到 %d 个十六进制字符或短横",
                       "entry %zu: id is %d to %d hexadecimal digits or dashes", at + 1, ID_LEAST, ID_MOST);
    if (!json_is_object(values) || (base && !json_is_null(base) && !json_is_string(base)) ||
        json_object_size(entry) > 3)
        return ll_fail(err, LL_USAGE, "第 %zu 条应只有 id、base、values",
                       "entry %zu has id, base and values only", at + 1);
    json_object_foreach((json_t *)values, name, v)
    {
        bool known = false;
        for (size_t i = 0; i < c->form.n; i++)
            known = known || strcmp(c->form.fields[i].title, name) == 0;
        if (!known || !json_is_string(v) || json_string_length(v) > VALUE_MAX ||
            strlen(json_string_value(v)) != json_string_length(v))
            return ll_fail(err, LL_USAGE, "第 %zu 条的“%s”不是表单中的列，或不是至多 %d 字节的文本",
                           "entry %zu: '%s' is no field of the form, or no text of at most %d bytes", at + 1,
                           name, VALUE_MAX);
    }
    return LL_OK;
}

/* The record that the entry is about: by the texts of its key; c->known.n: there is none. */
static size_t find_record(const struct ll_collecting *c, const json_t *entry)
{
    for (size_t row = 0; row < c->known.n; row++) {
        bool same = true, any = false;
        for (size_t i = 0; i < c->form.n && same; i++) {
            const struct ll_field *f = &c->form.fields[i];
            if (!f->key || strcmp(f->item->name, c->areas.item->name) == 0)
                continue;
            const char *v = value_of(entry, f->title);
            any = true;
            same = v && ll_str_is(c->known.cells[row * c->form.n + i], v);
        }
        if (same && any)
            return row;
    }
    return c->known.n;
}

static bool conflicts(const struct ll_collecting *c, const json_t *entry, size_t *row)
{
    const char *base = json_string_value(json_object_get(entry, "base"));

    *row = find_record(c, entry);
    return *row < c->known.n && (!base || strcmp(base, c->known.version[*row]) != 0);
}

static int is_there(struct ll_txn *tx, const struct ll_collecting *c, const char *id, bool *ret,
                    struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int rc = ll_sql(
        tx, "SELECT account = $2 AND resource = $3 AND area = $4 FROM collect_entry WHERE id = $1", &s, err);

    if (rc < 0)
        return rc;
    ll_bind_z(s, 1, id);
    ll_bind_z(s, 2, c->actor->account);
    ll_bind_z(s, 3, c->areas.resource->name);
    ll_bind_z(s, 4, c->area);
    rc = ll_step(s, err);
    *ret = rc > 0;
    if (rc > 0 && !ll_col_int(s, 0))
        rc = ll_fail(err, LL_CONFLICT, "条目编号 %s 已被别的条目使用", "entry id %s is another's", id);
    ll_stmt_done(s);
    return rc < 0 ? rc : LL_OK;
}

static void put_line(const struct ll_collecting *c, const json_t *entry, struct ll_json *j)
{
    ll_json_obj(j);
    for (size_t i = 0; i < c->form.n; i++) {
        const struct ll_field *f = &c->form.fields[i];
        const char *v = strcmp(f->item->name, c->areas.item->name) == 0 ? c->area : value_of(entry, f->title);
        ll_json_kz(j, f->title, v && v[0] ? v : NULL);
    }
    ll_json_end_obj(j);
}

static void put_state(const struct ll_collecting *c, const char *id, const char *state, size_t record,
                      struct ll_json *j)
{
    ll_json_obj(j);
    ll_json_kz(j, "id", id);
    ll_json_kz(j, "state", state);
    ll_json_key(j, "current");
    if (record < c->known.n)
        put_record(c, record, j);
    else
        ll_json_null(j);
    ll_json_end_obj(j);
}

struct batch {
    const char *ids[LL_ENTRIES_MAX];
    size_t n;
    struct ll_buf bytes;
    struct ll_json lines;
};

static int take_entry(const struct ll_collecting *c, struct ll_txn *tx, const json_t *entry, struct batch *b,
                      struct ll_json *j, struct ll_err *err)
{
    const char *id = json_string_value(json_object_get(entry, "id"));
    size_t row = c->known.n;
    bool there = false;
    int rc = is_there(tx, c, id, &there, err);

    for (size_t i = 0; i < b->n; i++)
        there = there || strcmp(b->ids[i], id) == 0;
    if (rc < 0)
        return rc;
    if (!there && conflicts(c, entry, &row)) {
        put_state(c, id, "conflict", row, j);
        return LL_OK;
    }
    if (!there) {
        b->ids[b->n++] = id;
        put_line(c, entry, &b->lines);
    }
    put_state(c, id, "waiting", c->known.n, j);
    return LL_OK;
}

static int insert_entries(const struct ll_collecting *c, const struct batch *b, const char *delivery,
                          struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    int64_t now = ll_now_ms();
    int rc = ll_txn_begin(ll_data_store(c->d), true, &tx, err);

    for (size_t i = 0; rc == LL_OK && i < b->n; i++)
        rc = ll_exec(
            tx, err,
            "INSERT INTO collect_entry (id, resource, area, account, delivery, row, sent_at) SELECT $1, $2, $3, $4, $5, $6, $7"
            " WHERE NOT EXISTS (SELECT 1 FROM collect_entry WHERE id = $1)",
            "zzzzzii", b->ids[i], c->areas.resource->name, c->area, c->actor->account, delivery,
            (int64_t)i + 1, now);
    if (rc == LL_OK)
        rc = ll_txn_commit(tx, err);
    ll_txn_end(tx);
    return rc;
}

/* Promise (1): should the program die between the two, the device sends the same entries again, and a record is the same however often it comes. */
static int deliver(const struct ll_collecting *c, struct batch *b, char delivery[LL_ID_TEXT],
                   struct ll_err *err)
{
    struct ll_receive *r = NULL;
    char name[64];
    bool again;
    int rc;

    ll_json_end_arr(&b->lines);
    if (b->bytes.failed)
        return ll_fail(err, LL_TOOBIG, "一次采集的内容过多", "too much was collected at once");
    snprintf(name, sizeof name, "collect-%s.json", c->area);
    if ((rc = ll_receive_open(c->d, c->areas.resource->name, "increment", name, &r, err)) < 0)
        return rc;
    ll_receive_area(r, c->area);
    if ((rc = ll_receive_add(r, b->bytes.p, b->bytes.n, err)) < 0) {
        ll_receive_abort(r);
        return rc;
    }
    if ((rc = ll_receive_done(r, delivery, &again, err)) < 0)
        return rc;
    return insert_entries(c, b, delivery, err);
}

int ll_collect_deliver(const struct ll_collecting *c, const json_t *entries, char delivery[LL_ID_TEXT],
                       struct ll_json *j, struct ll_err *err)
{
    struct batch b = {.bytes = LL_BUF_INIT(DELIVERY_MAX)};
    struct ll_txn *tx = NULL;
    size_t n = json_array_size(entries);
    int rc = json_is_array(entries) && n && n <= LL_ENTRIES_MAX
                 ? LL_OK
                 : ll_fail(err, LL_USAGE, "entries 应有 1 到 %d 条", "entries holds 1 to %d", LL_ENTRIES_MAX);

    delivery[0] = 0;
    for (size_t i = 0; rc == LL_OK && i < n; i++)
        rc = check_shape(c, json_array_get(entries, i), i, err);
    ll_json_init(&b.lines, &b.bytes);
    ll_json_arr(&b.lines);
    if (rc == LL_OK)
        rc = ll_txn_begin(ll_data_store(c->d), false, &tx, err);
    for (size_t i = 0; rc == LL_OK && i < n; i++)
        rc = take_entry(c, tx, json_array_get(entries, i), &b, j, err);
    ll_txn_end(tx);
    if (rc == LL_OK && b.n)
        rc = deliver(c, &b, delivery, err);
    ll_buf_wipe(&b.bytes);
    return rc;
}
